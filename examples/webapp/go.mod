module github.com/portcullis-iam/portcullis/examples/webapp

go 1.25.0

require (
	github.com/coreos/go-oidc/v3 v3.21.0
	github.com/go-jose/go-jose/v4 v4.1.4
	github.com/portcullis-iam/portcullis v0.0.0
)

require (
	github.com/tidwall/gjson v1.20.1 // indirect
	github.com/tidwall/match v1.1.1 // indirect
	github.com/tidwall/pretty v1.2.0 // indirect
	golang.org/x/oauth2 v0.36.0 // indirect
)

replace github.com/portcullis-iam/portcullis => ../..

package apigateway_test

import (
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate/apigateway"
)

func BenchmarkAuthorizeIAM(b *testing.B) {
	api := newAPI(b, statement(allow, everybody))
	user := caller(b, owner, statement(allow, ""))
	r := &apigateway.Request{Method: getPets}
	b.ReportAllocs()
	for b.Loop() {
		if !api.AuthorizeIAM(user, r).Allowed() {
			b.Fatal("denied")
		}
	}
}

// The output is one that API Gateway has cached.
func BenchmarkAuthorizeLambda(b *testing.B) {
	api := newAPI(b, statement(allow, everybody))
	out, err := api.ParseOutput(output(statement(allow, "")))
	if err != nil {
		b.Fatal(err)
	}
	invoke := func() (*apigateway.Output, error) { return out, nil }
	r := &apigateway.Request{Method: getPets}
	b.ReportAllocs()
	for b.Loop() {
		if !api.AuthorizeLambda(r, invoke).Allowed() {
			b.Fatal("denied")
		}
	}
}

func BenchmarkParseOutput(b *testing.B) {
	api := newAPI(b, "")
	text := output(statement(allow, ""))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := api.ParseOutput(text); err != nil {
			b.Fatal(err)
		}
	}
}

package federation_test

import (
	"encoding/json"
	"fmt"
	"log"

	"github.com/portcullis-iam/portcullis/principal/federation"
)

// The claims are those of a token that was verified before, for example with
// the Claims method of an IDToken of github.com/coreos/go-oidc.
func ExampleNewWebIdentity() {
	const payload = `{"iss": "https://token.actions.githubusercontent.com", "aud": "sts.amazonaws.com",
		"sub": "repo:birds/nest:ref:refs/heads/main", "repository": "birds/nest", "run_attempt": "1"}`
	var claims map[string]any
	if err := json.Unmarshal([]byte(payload), &claims); err != nil {
		log.Fatal(err)
	}
	identity, err := federation.NewWebIdentity("https://token.actions.githubusercontent.com", claims)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(identity.Caller("aws", "111122223333"))
	for key, value := range identity.TrustKeys().All() {
		_, stays := identity.SessionKeys().Lookup(key)
		fmt.Println(key, "=", value, stays)
	}

	// Output:
	// arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com
	// token.actions.githubusercontent.com:aud = sts.amazonaws.com true
	// token.actions.githubusercontent.com:oaud = sts.amazonaws.com false
	// token.actions.githubusercontent.com:sub = repo:birds/nest:ref:refs/heads/main true
	// token.actions.githubusercontent.com:repository = birds/nest false
}

// Session tags come in a claim of their own.
func ExampleNewWebIdentity_sessionTags() {
	identity, err := federation.NewWebIdentity("https://login.example.com", map[string]any{
		"sub": "wren",
		"https://aws.amazon.com/tags": map[string]any{
			"principal_tags":      map[string]any{"team": []any{"birds"}},
			"transitive_tag_keys": []any{"team"},
		},
		"https://aws.amazon.com/source_identity": "wren",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(identity.Tags, identity.TransitiveTagKeys, identity.SourceIdentity)

	// A claim of the wrong type is told.
	_, err = federation.NewWebIdentity("https://login.example.com", map[string]any{"sub": []any{"wren", "owl"}})
	fmt.Println(err)

	// Output:
	// map[team:birds] [team] wren
	// federation: "sub": a text should be here, not a list
}

// The assertion is what a SAML library hands over once it has verified it.
func ExampleNewSAMLIdentity() {
	const provider = "arn:aws:iam::111122223333:saml-provider/Corporate"
	identity, err := federation.NewSAMLIdentity(federation.SAMLAssertion{
		Issuer: "https://login.example.com/saml", Recipient: "https://signin.aws.amazon.com/saml",
		NameID: "wren", NameIDFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
		Attributes: map[string][]string{
			"https://aws.amazon.com/SAML/Attributes/Role":              {"arn:aws:iam::111122223333:role/staff," + provider},
			"https://aws.amazon.com/SAML/Attributes/RoleSessionName":   {"wren"},
			"https://aws.amazon.com/SAML/Attributes/PrincipalTag:team": {"birds"},
			"urn:oid:1.3.6.1.4.1.5923.1.1.1.1":                         {"staff"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(identity.RoleSessionName, identity.Roles[0].RoleARN, identity.Tags)
	for key, value := range identity.TrustKeys(provider).All() {
		fmt.Println(key, "=", value)
	}

	// Output:
	// wren arn:aws:iam::111122223333:role/staff map[team:birds]
	// saml:aud = https://signin.aws.amazon.com/saml
	// saml:iss = https://login.example.com/saml
	// saml:edupersonaffiliation = [staff]
	// saml:sub = wren
	// saml:sub_type = persistent
	// saml:namequalifier = +kVO66uMrdo8Eurw3qcFnv/DLdE=
	// saml:doc = 111122223333/Corporate
}

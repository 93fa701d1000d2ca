package federation_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/principal/federation"
)

// FuzzClaims: whatever a token holds, no panic, and only condition keys of its own
// provider come out, of bounded size.
func FuzzClaims(f *testing.F) {
	for _, seed := range []struct{ issuer, claims string }{
		{"https://token.actions.githubusercontent.com", `{"aud": "sts.amazonaws.com", "sub": "repo:a/b:ref:refs/heads/main", "actor_id": 12}`},
		{"https://cognito-identity.amazonaws.com", `{"aud": "pool", "sub": "id", "amr": ["authenticated"]}`},
		{"https://accounts.google.com", `{"iss": "accounts.google.com", "azp": "a", "aud": ["a", "b"], "google/organization_number": 1e3}`},
		{"https://login.example.com", `{"https://aws.amazon.com/tags": {"principal_tags": {"a": ["1"], "A": "2"}, "transitive_tag_keys": ["a"]}, "https://aws.amazon.com/tags/principal_tags/b": null}`},
		{"https://login.example.com/${aws:username}", `{"sub": {"a": [[[[]]]]}, "aud": [null, 1, true, {}], "iss": []}`},
		{"https://a.b:1", `null`},
	} {
		f.Add(seed.issuer, seed.claims)
	}
	f.Fuzz(func(t *testing.T, issuer, text string) {
		var claims map[string]any
		if json.Unmarshal([]byte(text), &claims) != nil {
			return
		}
		w, err := federation.NewWebIdentity(issuer, claims)
		if err != nil {
			var all federation.ClaimErrors
			if w != nil || !errors.As(err, &all) || len(all) == 0 || err.Error() == "" {
				t.Fatalf("%v, %T", w, err)
			}
			return
		}
		for _, keys := range []*condition.Context{w.TrustKeys(), w.SessionKeys()} {
			for key, value := range keys.All() {
				if !strings.HasPrefix(key, w.Provider+":") || condition.ClassOf(key) != condition.SessionKey {
					t.Errorf("%q is not a key of %q", key, w.Provider)
				}
				if len(value.String()) > 260*4100 {
					t.Errorf("%q has %d bytes", key, len(value.String()))
				}
			}
		}
		for key := range w.SessionKeys().All() {
			if _, found := w.TrustKeys().Lookup(key); !found {
				t.Errorf("the session has %q, which the trust policy did not see", key)
			}
		}
	})
}

// FuzzSAML: whatever an assertion holds, no panic, and only saml: keys.
func FuzzSAML(f *testing.F) {
	f.Add("https://login.example.com", "wren", attributes+"Role", samlRole+","+samlProvider)
	f.Add("", "", attributes+"PrincipalTag:", ",")
	f.Add("x", "y", "urn:oid:2.5.4.3", "\xff")
	f.Fuzz(func(t *testing.T, issuer, name, attribute, value string) {
		s, err := federation.NewSAMLIdentity(federation.SAMLAssertion{
			Issuer: issuer, Recipient: issuer, NameID: name, NameIDFormat: value, Attributes: map[string][]string{attribute: {value}, value: {attribute, name}},
		})
		if err != nil {
			return
		}
		for key := range s.TrustKeys(samlProvider).All() {
			if !strings.HasPrefix(key, "saml:") {
				t.Errorf("%q", key)
			}
		}
	})
}

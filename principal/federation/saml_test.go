package federation_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/principal/federation"
)

const (
	attributes   = "https://aws.amazon.com/SAML/Attributes/"
	samlRole     = "arn:aws:iam::111122223333:role/service/deploy"
	samlProvider = "arn:aws:iam::111122223333:saml-provider/Corporate"
)

func assertion() federation.SAMLAssertion {
	return federation.SAMLAssertion{
		Issuer: "https://login.example.com/saml", Recipient: "https://signin.aws.amazon.com/saml", NameID: "wren",
		NameIDFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:transient", Attributes: map[string][]string{},
	}
}

func TestNewSAMLIdentity(t *testing.T) {
	t.Parallel()
	a := assertion()
	a.SessionNotOnOrAfter = time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC)
	a.Attributes = map[string][]string{
		attributes + "Role":              {samlRole + "," + samlProvider, " " + samlProvider + " , arn:aws:iam::111122223333:role/audit "},
		attributes + "RoleSessionName":   {"wren@example.com"},
		attributes + "SessionDuration":   {"7200"},
		attributes + "PrincipalTag:team": {"birds"}, attributes + "PrincipalTag:floor": {""},
		attributes + "TransitiveTagKeys":   {"team", "floor"},
		attributes + "SourceIdentity":      {"wren"},
		"urn:oid:1.3.6.1.4.1.5923.1.1.1.1": {"staff", "birds"}, "urn:oid:1.3.6.1.4.1.5923.1.1.1.6": {"wren@example.com"},
		"urn:oid:1.3.6.1.4.1.5923.1.2.1.4": {"Birds Ltd"}, "cn": {"Wren"},
		"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname": {"Wren"},
		"http://schemas.xmlsoap.org/claims/CommonName":                  {"wren"},
		"favouriteColour":                   {"blue"},
		"urn:oid:0.9.2342.19200300.100.1.1": {"w1"}, "uid": {"ignored: the URN comes first"},
	}
	s, err := federation.NewSAMLIdentity(a)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "trust", keysIn(s.TrustKeys(samlProvider)), []string{
		"saml:aud = https://signin.aws.amazon.com/saml", "saml:cn = [Wren]", "saml:commonName = wren", "saml:doc = 111122223333/Corporate",
		"saml:eduorglegalname = [Birds Ltd]", "saml:edupersonaffiliation = [staff birds]", "saml:edupersonprincipalname = wren@example.com",
		"saml:iss = https://login.example.com/saml", "saml:namequalifier = " + federation.NameQualifier(a.Issuer, samlProvider),
		"saml:sub = wren", "saml:sub_type = transient", "saml:surname = Wren", "saml:uid = w1",
	})
	same(t, "session", keysIn(s.SessionKeys(samlProvider)), []string{
		"saml:namequalifier = " + federation.NameQualifier(a.Issuer, samlProvider), "saml:sub = wren", "saml:sub_type = transient",
	})
	if want := []federation.RolePair{{RoleARN: samlRole, ProviderARN: samlProvider}, {RoleARN: "arn:aws:iam::111122223333:role/audit", ProviderARN: samlProvider}}; !slices.Equal(s.Roles, want) {
		t.Errorf("the roles are %v", s.Roles)
	}
	if s.RoleSessionName != "wren@example.com" || s.SessionDuration != 2*time.Hour || s.SourceIdentity != "wren" || !s.SessionNotOnOrAfter.Equal(a.SessionNotOnOrAfter) ||
		!maps.Equal(s.Tags, map[string]string{"team": "birds", "floor": ""}) || !slices.Equal(s.TransitiveTagKeys, []string{"team", "floor"}) {
		t.Errorf("%+v", s)
	}
	for key := range s.TrustKeys(samlProvider).All() {
		if condition.ClassOf(key) != condition.SessionKey {
			t.Errorf("%s does not follow from a session", key)
		}
	}

	other := assertion()
	other.NameIDFormat = "https://example.com/format"
	if s, err = federation.NewSAMLIdentity(other); err != nil || s.SubjectType != "https://example.com/format" || s.Tags != nil {
		t.Errorf("%+v, %v", s, err)
	}
}

// The hash is the one that the AWS STS API Reference describes; this one was
// computed with other tools:
//
//	printf 'https://example.com/saml123456789012/MySAMLIdP' | openssl sha1 -binary | base64
func TestNameQualifier(t *testing.T) {
	t.Parallel()
	if got := federation.NameQualifier("https://example.com/saml", "arn:aws:iam::123456789012:saml-provider/MySAMLIdP"); got != "1uAJanUnBc2XeUkHURMht+xam2c=" {
		t.Error(got)
	}
	for _, wrong := range []string{"", "MySAMLIdP", samlRole, "accounts.google.com"} {
		if got := federation.NameQualifier("https://example.com/saml", wrong); got != "" {
			t.Errorf("%q has %s", wrong, got)
		}
	}
}

func TestSAMLErrors(t *testing.T) {
	t.Parallel()
	const prefix = `federation: "https://aws.amazon.com/SAML/Attributes/`
	set := func(name string, values ...string) func(*federation.SAMLAssertion) {
		return func(a *federation.SAMLAssertion) { a.Attributes[name] = values }
	}
	const pair = `Role": it holds the ARN of a role and that of a SAML provider, with a comma between them`
	for _, test := range []struct {
		name   string
		change func(*federation.SAMLAssertion)
		want   string
	}{
		{"nothing", func(a *federation.SAMLAssertion) { *a = federation.SAMLAssertion{} },
			"federation: \"Issuer\": it is missing\nfederation: \"NameID\": it is missing\nfederation: \"Recipient\": it is missing"},
		{"long name", func(a *federation.SAMLAssertion) { a.NameID = strings.Repeat("x", 4097) }, `federation: "NameID": it has 4097 bytes; at most 4096 are taken`},
		{"role alone", set(attributes+"Role", samlRole), prefix + pair},
		{"role with an OpenID Connect provider", set(attributes+"Role", samlRole+",arn:aws:iam::111122223333:oidc-provider/example.com"), prefix + pair},
		{"two roles", set(attributes+"Role", samlRole+","+samlRole), prefix + pair},
		{"three", set(attributes+"Role", samlRole+","+samlProvider+","+samlProvider), ""},
		{"two session names", set(attributes+"RoleSessionName", "a", "b"), prefix + `RoleSessionName": it has one value`},
		{"two source identities", set(attributes+"SourceIdentity", "a", "b"), prefix + `SourceIdentity": it has one value`},
		{"no value of a tag", set(attributes + "PrincipalTag:a"), prefix + `PrincipalTag:a": it has one value`},
		{"two values of a tag", set(attributes+"PrincipalTag:a", "1", "2"), prefix + `PrincipalTag:a": it has one value`},
		{"duration that is none", set(attributes+"SessionDuration", "1h"), prefix + `SessionDuration": it is a number of seconds from 900 to 43200`},
		{"duration of 899", set(attributes+"SessionDuration", "899"), prefix + `SessionDuration": it is a number of seconds from 900 to 43200`},
		{"duration of 43201", set(attributes+"SessionDuration", "43201"), prefix + `SessionDuration": it is a number of seconds from 900 to 43200`},
		{"two values of a single-valued key", set("uid", "1", "2"), `federation: "uid": it has one value`},
		{"long value", set("cn", strings.Repeat("x", 4097)), `federation: "cn": a value has 4097 bytes; at most 4096 are taken`},
		{"many values", set("cn", slices.Repeat([]string{"x"}, 257)...), `federation: "cn": it has 257 values; at most 256 are taken`},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := assertion()
			test.change(&a)
			s, err := federation.NewSAMLIdentity(a)
			if test.want == "" { // the name of a provider takes a comma
				if err != nil {
					t.Error(err)
				}
				return
			}
			if s != nil || err == nil || err.Error() != test.want {
				t.Errorf("got\n\t%v\nwant\n\t%s", err, test.want)
			}
		})
	}
}

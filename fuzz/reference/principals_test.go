package reference

import "testing"

// TestPrincipals: 1.4 and 11.4: whom a Deny for a principal hits. The callers
// may do everything but for it.
func TestPrincipals(t *testing.T) {
	tests := []struct {
		element, caller string
		hits            bool
	}{
		{`"Principal":"*"`, "anonymous", true},
		{`"Principal":{"AWS":"*"}`, "sns.amazonaws.com", true},
		{`"Principal":{"AWS":"*"}`, saml, true},
		{`"Principal":{"AWS":["x","*"]}`, wren, true},
		{`"Principal":{"Service":"*"}`, "sns.amazonaws.com", false},
		{`"Principal":{"Federated":"*"}`, saml, false},
		{`"Principal":{"CanonicalUser":"*"}`, wren, false},
		{`"Principal":{"AWS":"210987654321"}`, wren, true},
		{`"Principal":{"AWS":"210987654321"}`, deploy, true},
		{`"Principal":{"AWS":"210987654321"}`, kiosk, true},
		{`"Principal":{"AWS":"210987654321"}`, root, true},
		{`"Principal":{"AWS":"210987654321"}`, saml, false},
		{`"Principal":{"AWS":"210987654321"}`, "anonymous", false},
		{`"Principal":{"AWS":"arn:aws:iam::210987654321:root"}`, wren, true},
		{`"Principal":{"AWS":"arn:aws-cn:iam::210987654321:root"}`, wren, false},
		{`"Principal":{"AWS":"210987654321"}`, "arn:aws-cn:iam::210987654321:user/wren", true},
		{`"Principal":{"AWS":"345678901234"}`, wren, false},
		{`"Principal":{"AWS":"arn:aws:iam::210987654321:user/wren"}`, wren, true},
		{`"Principal":{"AWS":"arn:aws:iam::210987654321:user/Wren"}`, wren, false},
		{`"Principal":{"AWS":"arn:aws:iam::210987654321:user/team/wren"}`, wren, false},
		{`"Principal":{"AWS":"arn:aws:iam::210987654321:user/wr*"}`, wren, false},
		{`"Principal":{"AWS":"arn:aws:iam::210987654321:user/team/kiosk"}`, kiosk, true}, // issuer by name
		{`"Principal":{"AWS":"arn:aws:iam::345678901234:user/kiosk"}`, kiosk, false},
		{`"Principal":{"AWS":"arn:aws:sts::210987654321:federated-user/kiosk"}`, kiosk, true},
		{`"Principal":{"AWS":"arn:aws:iam::210987654321:role/deploy"}`, deployS, true},
		{`"Principal":{"AWS":"arn:aws:iam::210987654321:role/a/b/deploy"}`, deployS, true},
		{`"Principal":{"AWS":"arn:aws:iam::210987654321:role/deploy"}`, deploy, true},
		{`"Principal":{"AWS":"arn:aws-cn:iam::210987654321:role/deploy"}`, deployS, false},
		{`"Principal":{"AWS":"arn:aws:iam::345678901234:role/deploy"}`, deployS, false},
		{`"Principal":{"AWS":"arn:aws:iam::210987654321:role/Deploy"}`, deployS, false},
		{`"Principal":{"AWS":"arn:aws:iam::210987654321:role/deploy*"}`, deployS, false},
		{`"Principal":{"AWS":"arn:aws:iam::210987654321:user/deploy"}`, deployS, false},
		{`"Principal":{"AWS":"arn:aws:sts::210987654321:assumed-role/deploy/s1"}`, deployS, true},
		{`"Principal":{"AWS":"arn:aws:sts::210987654321:assumed-role/deploy/s2"}`, deployS, false},
		{`"Principal":{"AWS":"arn:aws:sts::210987654321:assumed-role/deploy/s1"}`, deploy, false},
		{`"Principal":{"AWS":"arn:aws:iam::210987654321:saml-provider/corp"}`, saml, false},
		{`"Principal":{"Federated":"arn:aws:iam::210987654321:saml-provider/corp"}`, saml, true},
		{`"Principal":{"Federated":"accounts.google.com"}`, "accounts.google.com", true},
		{`"Principal":{"Service":"accounts.google.com"}`, "accounts.google.com", false},
		{`"Principal":{"Service":"sns.amazonaws.com"}`, "sns.amazonaws.com", true},
		{`"Principal":{"Service":"sns.amazonaws.com"}`, "sns.eu-west-1.amazonaws.com", false},
		{`"Principal":{"Federated":"sns.amazonaws.com"}`, "sns.amazonaws.com", false},
		{`"Principal":[]`, wren, false},
		{`"Principal":{}`, wren, false},
		// NotPrincipal.
		{`"NotPrincipal":{"AWS":"arn:aws:iam::210987654321:user/wren"}`, wren, true},
		{`"NotPrincipal":{"AWS":["arn:aws:iam::210987654321:user/wren","210987654321"]}`, wren, false},
		{`"NotPrincipal":{"AWS":["arn:aws:sts::210987654321:assumed-role/deploy/s1","210987654321"]}`, deployS, true},
		{`"NotPrincipal":{"AWS":["arn:aws:iam::210987654321:role/deploy","210987654321"]}`, deploy, false},
		{`"NotPrincipal":{"AWS":["arn:aws:iam::210987654321:role/deploy","210987654321"]}`, deployS, true},
		{`"NotPrincipal":{"AWS":["arn:aws:sts::210987654321:federated-user/kiosk","210987654321"]}`, kiosk, true},
		{`"NotPrincipal":{"AWS":["arn:aws:sts::210987654321:federated-user/kiosk","210987654321","arn:aws:iam::210987654321:user/kiosk"]}`, kiosk, false},
		{`"NotPrincipal":{"AWS":"210987654321"}`, root, false},
		{`"NotPrincipal":{"AWS":"210987654321"}`, "anonymous", true},
		{`"NotPrincipal":{"AWS":"*"}`, "anonymous", false},
		{`"NotPrincipal":{"Service":"sns.amazonaws.com"}`, "sns.amazonaws.com", false},
		{`"NotPrincipal":{"Service":"*"}`, "sns.amazonaws.com", true},
		{`"NotPrincipal":{"Federated":"arn:aws:iam::210987654321:saml-provider/corp"}`, saml, false},
		{`"NotPrincipal":[]`, wren, false},
	}
	for _, test := range tests {
		// The endpoint policy says the same, so that the caller is not spared
		// because of the layer.
		a := ask{
			principal: test.caller, identity: allowAll, session: allowAll,
			policy:   `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},{"Effect":"Deny",` + test.element + `,"Action":"*","Resource":"*"}]}`,
			endpoint: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},{"Effect":"Deny",` + test.element + `,"Action":"*","Resource":"*"}]}`,
		}
		if test.caller[:7] == "arn:aws" && test.caller[7] == '-' {
			a.resource = "arn:aws-cn:s3:::quarry/a"
		}
		got := a.decide(t)
		want := allowed
		if test.hits {
			want = explicitlyDenied
		}
		if got.Decision != want {
			t.Errorf("%s on %s: %+v, want %s", test.element, test.caller, got, want)
		}
		if test.hits && (len(got.Denies) != 2 || got.Denies[0] != layerEndpoint || got.Denies[1] != layerResource) {
			t.Errorf("%s on %s: denies %q", test.element, test.caller, got.Denies)
		}
	}
}

// TestNotPrincipalAndBoundaries: 11.4 AMB-17.
func TestNotPrincipalAndBoundaries(t *testing.T) {
	deny := policyFor("Deny", `"NotPrincipal":{"AWS":["arn:aws:iam::210987654321:role/aws-service-role/forge.amazonaws.com/Forge","arn:aws:iam::210987654321:user/kiosk","210987654321"]}`)
	allow := policyFor("Allow", `"NotPrincipal":{"AWS":"arn:aws:iam::210987654321:user/robin"}`)
	runAsks(t, []askTest{
		{"role with boundary", ask{principal: deploy, identity: allowAll, boundary: allowAll, policy: policyFor("Deny", `"NotPrincipal":{"AWS":["210987654321","arn:aws:iam::210987654321:role/deploy"]}`)}, explicitlyDenied, layerResource, ""},
		{"empty boundary is still one", ask{principal: deploy, identity: allowAll, boundary: allowNothing, policy: policyFor("Deny", `"NotPrincipal":{"AWS":["210987654321","arn:aws:iam::210987654321:role/deploy"]}`)}, explicitlyDenied, layerResource, ""},
		{"no boundary", ask{principal: deploy, identity: allowAll, policy: policyFor("Deny", `"NotPrincipal":{"AWS":["210987654321","arn:aws:iam::210987654321:role/deploy"]}`)}, allowed, layerIdentity, ""},
		{"a linked role has none", ask{principal: linked, identity: allowAll, boundary: allowAll, policy: deny}, allowed, layerIdentity, ""},
		{"a root user has none", ask{principal: root, boundary: allowAll, policy: deny}, allowed, layerIdentity, ""},
		{"Allow grants as *", ask{policy: allow, boundary: allowNothing}, allowed, layerResource, "NotPrincipal"},
		{"Allow grants to anonymous", ask{principal: "anonymous", policy: allow}, allowed, layerResource, "NotPrincipal"},
		{"Allow, listed", ask{principal: "arn:aws:iam::210987654321:user/robin", policy: allow}, implicitlyDenied, layerIdentity, ""},
		{"Allow, * listed", ask{principal: "anonymous", policy: policyFor("Allow", `"NotPrincipal":"*"`)}, implicitlyDenied, layerResource, ""},
		{"Allow across accounts", ask{account: other, identity: allowAll, policy: allow}, allowed, layerIdentity, "NotPrincipal"},
	})
}

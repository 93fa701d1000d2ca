package reference

import (
	"strings"
	"testing"
)

// TestTable53 runs the rows of table 5.3, each with identity, boundary and
// session silent in turn: which of them the grant does without.
func TestTable53(t *testing.T) {
	rows := []struct {
		element, caller, grant                           string
		withoutIdentity, withoutBoundary, withoutSession bool
	}{
		{`"Principal":{"AWS":"arn:aws:iam::210987654321:user/wren"}`, wren, "user ARN", true, true, true},
		{`"Principal":{"AWS":"arn:aws:iam::210987654321:user/kiosk"}`, kiosk, "user ARN to federated session", true, false, false},
		{`"Principal":{"AWS":"arn:aws:sts::210987654321:federated-user/kiosk"}`, kiosk, "federated session ARN", true, true, true},
		{`"Principal":{"AWS":"arn:aws:iam::210987654321:role/deploy"}`, deployS, "role ARN", true, false, false},
		{`"Principal":{"AWS":"arn:aws:iam::210987654321:role/deploy"}`, deploy, "role ARN", true, false, false},
		{`"Principal":{"AWS":"arn:aws:sts::210987654321:assumed-role/deploy/s1"}`, deployS, "session ARN", true, true, true},
		{`"Principal":"*"`, wren, "*", true, true, true},
		{`"Principal":{"AWS":"*"}`, deployS, "*", true, true, true},
		{`"Principal":"*"`, kiosk, "*", true, true, true},
		{`"Principal":{"AWS":"210987654321"}`, wren, "", false, false, true},
		{`"Principal":{"AWS":"210987654321"}`, deployS, "", false, false, false},
		{`"Principal":{"AWS":"210987654321"}`, kiosk, "", false, false, false},
	}
	for _, row := range rows {
		policy := policyFor("Allow", row.element)
		check := func(silent string, a ask, lets bool) {
			t.Helper()
			a.principal, a.policy = row.caller, policy
			got := a.decide(t)
			want := Verdict{ID: t.Name(), Decision: allowed, Layer: layerResource, Grant: row.grant}
			if !lets {
				want = Verdict{ID: t.Name(), Decision: implicitlyDenied, Layer: silent}
			}
			if got.Decision != want.Decision || got.Layer != want.Layer || got.Grant != want.Grant {
				t.Errorf("%s to %s, %s silent: %+v, want %+v", row.element, row.caller, silent, got, want)
			}
		}
		check(layerIdentity, ask{boundary: allowAll, session: allowAll}, row.withoutIdentity)
		if row.withoutIdentity {
			check(layerBoundary, ask{boundary: allowNothing, session: allowAll}, row.withoutBoundary)
			check(layerSession, ask{boundary: allowAll, session: allowNothing}, row.withoutSession)
		}
	}
	runAsks(t, []askTest{
		{"account to root", ask{principal: root, action: "kms:Decrypt", resource: "arn:aws:kms:r:210987654321:key/1", policy: policyFor("Allow", `"Principal":{"AWS":"210987654321"}`)}, allowed, layerResource, "account to root"},
		{"service", ask{principal: "sns.amazonaws.com", policy: policyFor("Allow", `"Principal":{"Service":"sns.amazonaws.com"}`)}, allowed, layerResource, "service"},
		{"provider", ask{principal: saml, policy: policyFor("Allow", `"Principal":{"Federated":"arn:aws:iam::210987654321:saml-provider/corp"}`)}, allowed, layerResource, "federated provider"},
		{"anonymous", ask{principal: "anonymous", policy: allowEverybody}, allowed, layerResource, "anonymous *"},
		{"account and identity", ask{identity: allowAll, policy: policyFor("Allow", `"Principal":{"AWS":"210987654321"}`)}, allowed, layerIdentity, ""},
		{"role without session policy", ask{principal: deployS, policy: policyFor("Allow", `"Principal":{"AWS":"arn:aws:iam::210987654321:role/deploy"}`)}, allowed, layerResource, "role ARN"},
		{"user to federated without session policy", ask{principal: kiosk, identity: allowAll, policy: policyFor("Allow", `"Principal":{"AWS":"arn:aws:iam::210987654321:user/kiosk"}`)}, implicitlyDenied, layerSession, ""},
		{"issuer by principalIssuer", ask{principal: kiosk, issuer: wren, session: allowAll, policy: policyFor("Allow", `"Principal":{"AWS":"arn:aws:iam::210987654321:user/wren"}`)}, allowed, layerResource, "user ARN to federated session"},
		{"issuer replaces the name", ask{principal: kiosk, issuer: wren, session: allowAll, policy: policyFor("Allow", `"Principal":{"AWS":"arn:aws:iam::210987654321:user/kiosk"}`)}, implicitlyDenied, layerIdentity, ""},
	})
}

// TestOrder: 5.1, 5.5 and 11.5.
func TestOrder(t *testing.T) {
	account := policyFor("Allow", `"Principal":{"AWS":"210987654321"}`)
	runAsks(t, []askTest{
		{"nothing", ask{}, implicitlyDenied, layerIdentity, ""},
		{"root by default", ask{principal: root}, allowed, layerIdentity, ""},
		{"root and SCP", ask{principal: root, scps: allowNothing}, implicitlyDenied, layerServiceControl, ""},
		{"root and endpoint", ask{principal: root, endpoint: allowNothing}, implicitlyDenied, layerEndpoint, ""},
		{"SCP before endpoint", ask{identity: allowAll, scps: allowNothing, endpoint: allowNothing}, implicitlyDenied, layerServiceControl, ""},
		{"SCP before a * grant", ask{policy: allowEverybody, scps: allowNothing}, implicitlyDenied, layerServiceControl, ""},
		{"endpoint before a * grant", ask{principal: "anonymous", policy: allowEverybody, endpoint: allowNothing}, implicitlyDenied, layerEndpoint, ""},
		{"endpoint for the account", ask{identity: allowAll, endpoint: account}, allowed, layerIdentity, ""},
		{"endpoint grants nothing", ask{endpoint: allowEverybody}, implicitlyDenied, layerIdentity, ""},
		{"boundary", ask{identity: allowAll, boundary: allowNothing}, implicitlyDenied, layerBoundary, ""},
		{"session", ask{principal: deploy, identity: allowAll, session: allowNothing}, implicitlyDenied, layerSession, ""},
		{"boundaries are a union", ask{identity: allowAll, boundary: allowNothing + "," + allowAll}, allowed, layerIdentity, ""},
		{"sessions are a union", ask{principal: deploy, identity: allowAll, session: allowNothing + "," + allowAll}, allowed, layerIdentity, ""},
		{"RCP full access", ask{identity: allowAll, rcps: rcpFullAccess}, allowed, layerIdentity, ""},
		{"RCP and root", ask{principal: root, rcps: denyS3}, explicitlyDenied, layerResourceControl, ""},
		{"RCP and anonymous", ask{principal: "anonymous", policy: allowEverybody, rcps: denyS3}, explicitlyDenied, layerResourceControl, ""},
		{"RCP and service", ask{principal: "sns.amazonaws.com", policy: allowEverybody, rcps: denyS3}, explicitlyDenied, layerResourceControl, ""},
		// Across accounts.
		{"no resource policy", ask{account: other, identity: allowAll}, implicitlyDenied, layerResource, ""},
		{"both sides", ask{account: other, identity: allowAll, policy: account}, allowed, layerIdentity, "account"},
		{"own side silent", ask{account: other, policy: allowEverybody}, implicitlyDenied, layerIdentity, ""},
		{"own boundary silent", ask{account: other, identity: allowAll, boundary: allowNothing, policy: allowEverybody}, implicitlyDenied, layerBoundary, ""},
		{"own session silent", ask{principal: deployS, account: other, identity: allowAll, session: allowNothing, policy: allowEverybody}, implicitlyDenied, layerSession, ""},
		{"root", ask{principal: root, account: other, policy: account}, allowed, layerResource, "account to root"},
		{"root, silent", ask{principal: root, account: other}, implicitlyDenied, layerResource, ""},
		{"federated without session policy", ask{principal: kiosk, account: other, identity: allowAll, policy: policyFor("Allow", `"Principal":{"AWS":"`+kiosk+`"}`)}, implicitlyDenied, layerSession, ""},
		{"federated with one", ask{principal: kiosk, account: other, identity: allowAll, session: allowAll, policy: policyFor("Allow", `"Principal":{"AWS":"`+kiosk+`"}`)}, allowed, layerIdentity, "federated session ARN"},
		// Partitions.
		{"other partition", ask{resource: "arn:aws-cn:s3:::quarry/a", identity: allowAll, policy: allowEverybody}, implicitlyDenied, layerPartition, ""},
		{"other partition, denied", ask{resource: "arn:aws-cn:s3:::quarry/a", identity: denyAll}, explicitlyDenied, layerIdentity, ""},
		{"other partition, service", ask{principal: "sns.amazonaws.com", resource: "arn:aws-cn:s3:::quarry/a", policy: allowEverybody}, allowed, layerResource, "*"},
		{"no partition in *", ask{principal: "arn:aws-cn:iam::210987654321:user/wren", resource: "*", identity: allowAll}, allowed, layerIdentity, ""},
	})
}

// TestAllDenies: AMB-20: the first in evaluation order is named, all are listed.
func TestAllDenies(t *testing.T) {
	a := ask{
		principal: deployS, identity: denyAll, boundary: denyAll, session: denyAll, policy: denyEverybody,
		scps: allowNothing + "," + denyAll, rcps: denyS3, endpoint: denyEverybody,
	}
	got := a.decide(t)
	const want = "rcp,scp,vpc endpoint,resource,identity,boundary,session"
	if strings.Join(got.Denies, ",") != want || got.Decision != explicitlyDenied || got.Layer != layerResourceControl {
		t.Errorf("%+v", got)
	}
	a.action, a.resource = "sts:GetCallerIdentity", "*"
	got = a.decide(t)
	if strings.Join(got.Denies, ",") != strings.TrimPrefix(want, "rcp,") || got.Decision != allowed {
		t.Errorf("%+v", got)
	}
}

// TestLevels: 5.1, 11.5: SCP levels intersect, policies of a level add up;
// Denies of any RCP level count.
func TestLevels(t *testing.T) {
	const request = `"request":{"principal":"` + wren + `","action":"s3:GetObject","resource":"*"},"identityPolicies":[` + allowAll + `]`
	for levels, want := range map[string]string{
		`"scps":[]`: allowed,
		`"scps":[{"policies":[` + allowAll + `]},{"policies":[` + allowAll + `]}]`:                      allowed,
		`"scps":[{"policies":[` + allowAll + `]},{"policies":[` + allowNothing + `]}]`:                  implicitlyDenied,
		`"scps":[{"policies":[` + allowNothing + `,` + allowAll + `]},{"policies":[` + allowAll + `]}]`: allowed,
		`"scps":[{"policies":[` + allowAll + `,` + denyAll + `]}]`:                                      explicitlyDenied,
		`"scps":[{}]`: implicitlyDenied,
		`"rcps":[{"policies":[]},{"policies":[` + denyS3 + `]}]`:        explicitlyDenied,
		`"rcps":[{"policies":[]},{"policies":[` + rcpFullAccess + `]}]`: allowed,
	} {
		if got := Decide([]byte(`{` + request + `,` + levels + `}`)); got.Decision != want {
			t.Errorf("%s: %+v, want %s", levels, got, want)
		}
	}
}

// TestStatementsWithoutEffect: 5.1, 1.7, 11.1 Empty lists: what matches only
// in part, or has an empty list, has no effect.
func TestStatementsWithoutEffect(t *testing.T) {
	for _, statement := range []string{
		`"Action":[],"Resource":"*"`, `"NotAction":[],"Resource":"*"`, `"Action":"*","Resource":[]`,
		`"Action":"*","NotResource":[]`, `"NotAction":"s3:*","Resource":"*"`, `"Action":"*","NotResource":"*"`,
		`"Action":"*","Resource":"*","Condition":{"StringEquals":{"k":"a"}}`,
	} {
		for _, effect := range []string{"Allow", "Deny"} {
			document := `{"Version":"2012-10-17","Statement":[{"Effect":"` + effect + `",` + statement + `}]}`
			if got := (ask{identity: document}).decide(t); got.Decision != implicitlyDenied {
				t.Errorf("%s: %+v", document, got)
			}
		}
	}
}

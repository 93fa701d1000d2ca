package fuzz_test

import (
	"testing"

	"github.com/portcullis-iam/portcullis/internal/neutral"
)

// The tests of this file state one rule each, in its name, as neutral cases
// through the whole engine, so that whoever breaks the rule reads which one it
// was.

// A step is one question with its answer. Members of the case that are left out
// here get the defaults of [step.line]: alice asks s3:GetObject on an object of
// her own account, and her identity policy allows everything.
type step struct {
	name string
	// request replaces members of the request, members those of the case; both
	// are JSON members that end in a comma.
	request, members string
	want             string
}

const (
	allowAll   = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`
	denyAll    = `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}`
	allowOther = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ec2:*","Resource":"*"}}`
	identity   = `"identityPolicies":[` + allowAll + `],`
	alice      = `"principal":"arn:aws:iam::111111111111:user/alice",`
	session    = `"principal":"arn:aws:sts::111111111111:assumed-role/deploy/s1","principalIssuer":"arn:aws:iam::111111111111:role/deploy",`
)

func (s step) line() string {
	request := s.request
	if request == "" {
		request = alice
	}
	members := s.members
	if members == "" {
		members = identity
	}
	return `{"id":"` + s.name + `",` + members + `"request":{` + request +
		`"action":"s3:GetObject","resource":"arn:aws:s3:::reports/2026/jan.csv","resourceAccount":"111111111111"}}`
}

func ruled(t *testing.T, steps []step) {
	t.Helper()
	for _, s := range steps {
		if got := neutral.Run([]byte(s.line())); got.Decision != s.want {
			t.Errorf("%s: %s, want %s\n%s", s.name, got.Decision, s.want, s.line())
		}
	}
}

// with is an identity policy that allows everything under a condition.
func with(condition string) string {
	return `"identityPolicies":[{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":` + condition + `}}],`
}

// on is an identity policy that allows everything on what the element says.
func on(version, element string) string {
	return `"identityPolicies":[{"Version":"` + version + `","Statement":{"Effect":"Allow","Action":"*",` + element + `}}],`
}

// granting is a resource policy that allows everything to a principal.
func granting(principal string) string {
	return `"resourcePolicy":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":` + principal + `,"Action":"*","Resource":"*"}},`
}

// SEMANTICS 5.1: a Deny in any applicable policy is final.
func TestBoundaryDenyIsExplicit(t *testing.T) {
	ruled(t, []step{
		{"boundary denies", "", identity + `"permissionsBoundaries":[` + denyAll + `],`, explicitlyDenied},
		{"boundary denies and allows", "", identity + `"permissionsBoundaries":[` + allowAll + `,` + denyAll + `],`, explicitlyDenied},
		{"boundary denies what the resource grants", "", granting(`"*"`) + `"permissionsBoundaries":[` + denyAll + `],`, explicitlyDenied},
		{"boundary is silent", "", identity + `"permissionsBoundaries":[` + allowOther + `],`, implicitlyDenied},
		{"boundary allows", "", identity + `"permissionsBoundaries":[` + allowAll + `],`, allowed},
		{"root has no boundary", `"principal":"arn:aws:iam::111111111111:root",`, `"permissionsBoundaries":[` + denyAll + `],`, allowed},
	})
}

// The same for the other layers that only take away.
func TestDenyOfAControlIsExplicit(t *testing.T) {
	denyEverybody := `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}}`
	ruled(t, []step{
		{"scp", "", identity + `"scps":[{"orgIdentifier":"r","policies":[` + allowAll + `,` + denyAll + `]}],`, explicitlyDenied},
		{"rcp", "", identity + `"rcps":[{"orgIdentifier":"r","policies":[` + denyEverybody + `]}],`, explicitlyDenied},
		{"session", session, identity + `"sessionPolicies":[` + allowAll + `,` + denyAll + `],`, explicitlyDenied},
		{"endpoint", "", identity + `"vpcEndpointPolicies":[` + denyEverybody + `],`, explicitlyDenied},
		{"resource", "", identity + `"resourcePolicy":` + denyEverybody + `,`, explicitlyDenied},
		{"identity", "", `"identityPolicies":[` + allowAll + `,` + denyAll + `],`, explicitlyDenied},
	})
}

// SEMANTICS 2.1: with a negated operator the values are joined by NOR.
func TestNegatedOperatorsAreNor(t *testing.T) {
	asked := func(value string) string { return alice + `"context":{"aws:PrincipalTag/team":` + value + `},` }
	ruled(t, []step{
		{"the first", asked(`"a"`), with(`{"StringNotEquals":{"aws:PrincipalTag/team":["a","b"]}}`), implicitlyDenied},
		{"the second", asked(`"b"`), with(`{"StringNotEquals":{"aws:PrincipalTag/team":["a","b"]}}`), implicitlyDenied},
		{"neither", asked(`"c"`), with(`{"StringNotEquals":{"aws:PrincipalTag/team":["a","b"]}}`), allowed},
		{"like", asked(`"ab"`), with(`{"StringNotLike":{"aws:PrincipalTag/team":["x*","a*"]}}`), implicitlyDenied},
		{"numbers", asked(`"2"`), with(`{"NumericNotEquals":{"aws:PrincipalTag/team":["1","2.0"]}}`), implicitlyDenied},
		{"addresses", asked(`"10.0.0.1"`), with(`{"NotIpAddress":{"aws:PrincipalTag/team":["192.0.2.0/24","10.0.0.0/8"]}}`), implicitlyDenied},
		{"arns", asked(`"arn:aws:iam::1:role/x"`), with(`{"ArnNotLike":{"aws:PrincipalTag/team":["arn:aws:iam::*:role/y","arn:aws:iam::*:role/*"]}}`), implicitlyDenied},
		{"no key", "", with(`{"StringNotEquals":{"aws:PrincipalTag/team":["a","b"]}}`), allowed},
	})
}

// SEMANTICS 2.5: ForAllValues is true, and ForAnyValue false, where there is no
// value.
func TestForAllValuesIsTrueOnAnEmptyList(t *testing.T) {
	asked := func(value string) string { return alice + `"context":{"aws:TagKeys":` + value + `},` }
	all, some := with(`{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}}`), with(`{"ForAnyValue:StringEquals":{"aws:TagKeys":["a","b"]}}`)
	ruled(t, []step{
		{"all of an empty list", asked(`[]`), all, allowed},
		{"all of a list of empty strings", asked(`["",""]`), all, allowed},
		{"all without the key", "", all, allowed},
		{"all of some", asked(`["a"]`), all, allowed},
		{"all but one", asked(`["a","c"]`), all, implicitlyDenied},
		{"none of an empty list", asked(`[]`), with(`{"ForAllValues:StringNotEquals":{"aws:TagKeys":["a"]}}`), allowed},
		{"any of an empty list", asked(`[]`), some, implicitlyDenied},
		{"any without the key", "", some, implicitlyDenied},
		{"any of some", asked(`["c","b"]`), some, allowed},
	})
}

// SEMANTICS 1.6 and 11.2: a slash is not special to a wildcard.
func TestStarCrossesSlashes(t *testing.T) {
	ruled(t, []step{
		{"in a resource", "", on("2012-10-17", `"Resource":"arn:aws:s3:::reports*csv"`), allowed},
		{"at its end", "", on("2012-10-17", `"Resource":"arn:aws:s3:::rep*"`), allowed},
		{"in front", "", on("2012-10-17", `"Resource":"arn:aws:s3:::*/jan.csv"`), allowed},
		{"a question mark too", "", on("2012-10-17", `"Resource":"arn:aws:s3:::reports?2026?jan.csv"`), allowed},
		{"among others", "", on("2012-10-17", `"Resource":"arn:aws:s3:::r*s*2*6?jan*"`), allowed},
		{"in a condition", alice + `"context":{"s3:prefix":"home/alice/x"},`, with(`{"StringLike":{"s3:prefix":"home*x"}}`), allowed},
		{"in an ARN of a condition", alice + `"context":{"aws:PrincipalArn":"arn:aws:iam::1:role/a/b/c"},`, with(`{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::1:role/*c"}}`), allowed},
		{"but not the end", "", on("2012-10-17", `"Resource":"arn:aws:s3:::reports*jan"`), implicitlyDenied},
	})
}

// SEMANTICS 1.2 and AMB-1: variables work with Version 2012-10-17 alone.
func TestVariablesAreTextIn2008(t *testing.T) {
	asked := alice + `"context":{"aws:username":"2026","aws:PrincipalTag/team":"${aws:username}"},`
	variable := `"Resource":"arn:aws:s3:::reports/${aws:username}/*"`
	compared := `"Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"${aws:username}"}}`
	ruled(t, []step{
		{"2012 in a resource", asked, on("2012-10-17", variable), allowed},
		{"2008 in a resource", asked, on("2008-10-17", variable), implicitlyDenied},
		{"no version in a resource", asked, `"identityPolicies":[{"Statement":{"Effect":"Allow","Action":"*",` + variable + `}}],`, implicitlyDenied},
		{"2012 in a condition", asked, on("2012-10-17", compared), implicitlyDenied},
		{"2008 in a condition", asked, on("2008-10-17", compared), allowed},
		{"2008 leaves wildcards", asked, on("2008-10-17", `"Resource":"arn:aws:s3:::reports/*"`), allowed},
		{"a Deny in 2008", asked, `"identityPolicies":[` + allowAll + `,{"Version":"2008-10-17","Statement":{"Effect":"Deny","Action":"*",` + variable + `}}],`, allowed},
	})
}

// SEMANTICS 5.3: who is named how makes up for which silence.
func TestSessionGrantBypassesBoundary(t *testing.T) {
	silent := `"permissionsBoundaries":[` + allowOther + `],"sessionPolicies":[` + allowOther + `],`
	federated := `"principal":"arn:aws:sts::111111111111:federated-user/kiosk","principalIssuer":"arn:aws:iam::111111111111:user/alice",`
	ruled(t, []step{
		{"the session's ARN", session, granting(`{"AWS":"arn:aws:sts::111111111111:assumed-role/deploy/s1"}`) + silent, allowed},
		{"another session's ARN", session, granting(`{"AWS":"arn:aws:sts::111111111111:assumed-role/deploy/s2"}`) + silent, implicitlyDenied},
		{"everybody", session, granting(`"*"`) + silent, allowed},
		{"the role's ARN", session, granting(`{"AWS":"arn:aws:iam::111111111111:role/deploy"}`) + silent, implicitlyDenied},
		{"the role's ARN without a boundary", session, granting(`{"AWS":"arn:aws:iam::111111111111:role/deploy"}`), allowed},
		{"the account", session, granting(`{"AWS":"111111111111"}`), implicitlyDenied},
		{"the user's ARN", "", granting(`{"AWS":"arn:aws:iam::111111111111:user/alice"}`) + `"permissionsBoundaries":[` + allowOther + `],`, allowed},
		{"the federated user's ARN", federated, granting(`{"AWS":"arn:aws:sts::111111111111:federated-user/kiosk"}`) + silent, allowed},
		{"its issuing user's ARN", federated, granting(`{"AWS":"arn:aws:iam::111111111111:user/alice"}`) + silent, implicitlyDenied},
	})
	across := `"principal":"arn:aws:sts::222222222222:assumed-role/deploy/s1",`
	ruled(t, []step{{"across accounts nothing is made up for", across, granting(`{"AWS":"arn:aws:sts::222222222222:assumed-role/deploy/s1"}`) + identity + silent, implicitlyDenied}})
}

// SEMANTICS 5.1: policies of a level add up, levels intersect.
func TestSCPLevelsIntersect(t *testing.T) {
	level := func(id, policies string) string {
		return `{"orgIdentifier":"` + id + `","policies":[` + policies + `]}`
	}
	scps := func(levels string) string { return identity + `"scps":[` + levels + `],` }
	ruled(t, []step{
		{"all levels allow", "", scps(level("r", allowAll) + `,` + level("ou", allowAll) + `,` + level("a", allowAll)), allowed},
		{"the root does not", "", scps(level("r", allowOther) + `,` + level("ou", allowAll) + `,` + level("a", allowAll)), implicitlyDenied},
		{"the unit does not", "", scps(level("r", allowAll) + `,` + level("ou", allowOther) + `,` + level("a", allowAll)), implicitlyDenied},
		{"the account does not", "", scps(level("r", allowAll) + `,` + level("ou", allowAll) + `,` + level("a", allowOther)), implicitlyDenied},
		{"a level is empty", "", scps(level("r", allowAll) + `,` + level("ou", "") + `,` + level("a", allowAll)), implicitlyDenied},
		{"policies of a level add up", "", scps(level("r", allowOther+`,`+allowAll)), allowed},
		{"no levels", "", identity + `"scps":[],`, allowed},
	})
}

// SEMANTICS AMB-12: an entry with an unresolved variable matches nothing, so that
// NotResource applies.
func TestUnresolvedVariableInNotResource(t *testing.T) {
	entry := `"arn:aws:s3:::${aws:PrincipalTag/nobody}/*"`
	ruled(t, []step{
		{"Allow with NotResource", "", on("2012-10-17", `"NotResource":`+entry), allowed},
		{"Deny with NotResource", "", `"identityPolicies":[` + allowAll + `,{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","NotResource":` + entry + `}}],`, explicitlyDenied},
		{"beside an entry that matches", "", on("2012-10-17", `"NotResource":[`+entry+`,"arn:aws:s3:::reports/*"]`), implicitlyDenied},
		{"Allow with Resource", "", on("2012-10-17", `"Resource":`+entry), implicitlyDenied},
		{"Deny with Resource", "", `"identityPolicies":[` + allowAll + `,{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":` + entry + `}}],`, allowed},
		{"a default resolves it", "", on("2012-10-17", `"NotResource":"arn:aws:s3:::${aws:PrincipalTag/nobody, 'reports'}/*"`), implicitlyDenied},
	})
}

// SEMANTICS 11.2 and 11.4: where the case of letters matters.
func TestLetterCaseMatters(t *testing.T) {
	ruled(t, []step{
		{"of resources", "", on("2012-10-17", `"Resource":"arn:aws:s3:::Reports/*"`), implicitlyDenied},
		{"of principals", "", granting(`{"AWS":"arn:aws:iam::111111111111:user/Alice"}`), implicitlyDenied},
		{"of values", alice + `"context":{"aws:PrincipalTag/team":"A"},`, with(`{"StringEquals":{"aws:PrincipalTag/team":"a"}}`), implicitlyDenied},
		{"of patterns", alice + `"context":{"aws:PrincipalTag/team":"Ab"},`, with(`{"StringLike":{"aws:PrincipalTag/team":"a*"}}`), implicitlyDenied},
		{"but not of these", alice + `"context":{"AWS:principaltag/TEAM":"A"},`, with(`{"stringequalsIGNOREcase":{"aws:PrincipalTag/team":"a"}}`), allowed},
	})
}

// TestNegatedListsCannotBeSplit: what NotAction, NotResource and negated
// operators list are not alternatives, and several statements allow more.
func TestNegatedListsCannotBeSplit(t *testing.T) {
	statement := func(element string) string {
		return `{"Effect":"Allow","Action":"*","Resource":"*",` + element + `}`
	}
	both := func(statements string) string {
		return `"identityPolicies":[{"Version":"2012-10-17","Statement":[` + statements + `]}],`
	}
	ruled(t, []step{
		{"NotAction", "", both(`{"Effect":"Allow","NotAction":["s3:Get*","s3:Put*"],"Resource":"*"}`), implicitlyDenied},
		{"NotAction in two", "", both(`{"Effect":"Allow","NotAction":"s3:Get*","Resource":"*"},{"Effect":"Allow","NotAction":"s3:Put*","Resource":"*"}`), allowed},
		{"NotResource", "", both(`{"Effect":"Allow","Action":"*","NotResource":["arn:aws:s3:::reports/*","arn:aws:s3:::x"]}`), implicitlyDenied},
		{"NotResource in two", "", both(`{"Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::reports/*"},{"Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::x"}`), allowed},
		{"negated values", alice + `"context":{"aws:username":"a"},`, both(statement(`"Condition":{"StringNotEquals":{"aws:username":["a","b"]}}`)), implicitlyDenied},
		{"negated values in two", alice + `"context":{"aws:username":"a"},`, both(statement(`"Condition":{"StringNotEquals":{"aws:username":"a"}}`) + `,` + statement(`"Condition":{"StringNotEquals":{"aws:username":"b"}}`)), allowed},
	})
}

package evaluate

import (
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
)

// TestResourcePolicyMakesUpForSilence goes through table 5.3 of the semantics:
// whom the resource policy names decides which of the caller's own policies may
// be silent, in one account.
func TestResourcePolicyMakesUpForSilence(t *testing.T) {
	t.Parallel()
	granted := verdict{Allowed, ResourcePolicy, "", "Grant"}
	stops := func(layer Layer) verdict { return verdict{outcome: ImplicitlyDenied, layer: layer} }
	none := verdict{} // the caller has no such policies
	const narrowed = `{"ArnEquals": {"aws:PrincipalArn": "` + sessionRole + `"}}`
	table := []struct {
		name                      string
		caller, issuer, principal string
		when                      string
		// One layer is silent, the others allow.
		identity, boundary, session verdict
		// All are silent.
		all verdict
	}{
		{name: "user ARN", caller: alice, principal: aws(alice),
			identity: granted, boundary: granted, session: none, all: granted},
		{name: "user ARN, federated user", caller: guest, issuer: alice, principal: aws(alice),
			identity: granted, boundary: stops(PermissionsBoundary), session: stops(SessionPolicy), all: stops(PermissionsBoundary)},
		{name: "federated user ARN", caller: guest, issuer: alice, principal: aws(guest),
			identity: granted, boundary: granted, session: granted, all: granted},
		{name: "role ARN", caller: session, issuer: sessionRole, principal: aws(sessionRole),
			identity: granted, boundary: stops(PermissionsBoundary), session: stops(SessionPolicy), all: stops(PermissionsBoundary)},
		{name: "role ARN of another path", caller: session, principal: aws("arn:aws:iam::111122223333:role/app"),
			identity: granted, boundary: stops(PermissionsBoundary), session: stops(SessionPolicy), all: stops(PermissionsBoundary)},
		{name: "role ARN, bare role", caller: sessionRole, principal: aws(sessionRole),
			identity: granted, boundary: stops(PermissionsBoundary), session: stops(SessionPolicy), all: stops(PermissionsBoundary)},
		{name: "session ARN", caller: session, issuer: sessionRole, principal: aws(session),
			identity: granted, boundary: granted, session: granted, all: granted},
		{name: "everybody, user", caller: alice, principal: everybody,
			identity: granted, boundary: granted, session: none, all: granted},
		{name: "everybody, session", caller: session, principal: aws("*"),
			identity: granted, boundary: granted, session: granted, all: granted},
		{name: "everybody who is the role", caller: session, principal: everybody, when: narrowed,
			identity: granted, boundary: granted, session: granted, all: granted},
		{name: "everybody, federated user", caller: guest, principal: everybody,
			identity: granted, boundary: granted, session: granted, all: granted},
		{name: "account id, user", caller: alice, principal: ownAccount,
			identity: stops(IdentityPolicy), boundary: stops(PermissionsBoundary), session: none, all: stops(IdentityPolicy)},
		{name: "root ARN, session", caller: session, principal: aws(root),
			identity: stops(IdentityPolicy), boundary: stops(PermissionsBoundary), session: stops(SessionPolicy), all: stops(IdentityPolicy)},
		{name: "account id, federated user", caller: guest, principal: ownAccount,
			identity: stops(IdentityPolicy), boundary: stops(PermissionsBoundary), session: stops(SessionPolicy), all: stops(IdentityPolicy)},
		{name: "root ARN, root", caller: root, principal: aws(root),
			identity: none, boundary: none, session: none, all: granted},
		{name: "service", caller: notifier, principal: `{"Service": "sns.amazonaws.com"}`,
			identity: none, boundary: none, session: none, all: granted},
		{name: "another user", caller: alice, principal: aws("arn:aws:iam::111122223333:user/bob"),
			identity: stops(IdentityPolicy), boundary: stops(PermissionsBoundary), session: none, all: stops(IdentityPolicy)},
		{name: "user, but in another path", caller: alice, principal: aws("arn:aws:iam::111122223333:user/alice"),
			identity: stops(IdentityPolicy), boundary: stops(PermissionsBoundary), session: none, all: stops(IdentityPolicy)},
		{name: "another session", caller: session, principal: aws("arn:aws:sts::111122223333:assumed-role/app/walk"),
			identity: stops(IdentityPolicy), boundary: stops(PermissionsBoundary), session: stops(SessionPolicy), all: stops(IdentityPolicy)},
		{name: "role ARN in another letter case", caller: session, principal: aws("arn:aws:iam::111122223333:role/APP"),
			identity: stops(IdentityPolicy), boundary: stops(PermissionsBoundary), session: stops(SessionPolicy), all: stops(IdentityPolicy)},
		{name: "more than one, the greatest counts", caller: session, principal: `{"AWS": ["111122223333", "` + session + `"]}`,
			identity: granted, boundary: granted, session: granted, all: granted},
	}
	grant := `{"Sid": "Grant", "Effect": "Allow", "Action": "sqs:*", "Resource": "*"}`
	for _, row := range table {
		t.Run(row.name, func(t *testing.T) {
			ask := func(identity, boundary, session string, want verdict) {
				t.Helper()
				statement := to(row.principal, grant)
				if row.when != "" {
					statement = only(row.when, statement)
				}
				s := scene{caller: row.caller, issuer: row.issuer, resourcePolicy: statement, context: new(condition.Context),
					identity: []string{identity}, boundary: []string{boundary}, session: []string{session}}
				s.context.Set("aws:PrincipalArn", condition.String(sessionRole))
				s.wants(t, want)
			}
			for _, column := range []struct {
				identity, boundary, session string
				want                        verdict
			}{
				{other, yes, yes, row.identity}, {yes, other, yes, row.boundary}, {yes, yes, other, row.session}, {other, other, other, row.all},
			} {
				want := column.want
				if want != none {
					// Where the identity-based policy allows, and the resource
					// policy does not reach as far as the caller itself, the
					// former is named.
					if want == granted && column.identity == yes && row.all != granted {
						want = verdict{Allowed, IdentityPolicy, "", "Yes"}
					}
					ask(column.identity, column.boundary, column.session, want)
				}
			}
			// Deny wins in whatever layer, over every grant.
			s := scene{caller: row.caller, issuer: row.issuer, resourcePolicy: to(row.principal, grant) + "," + to(everybody, no)}
			s.wants(t, verdict{ExplicitlyDenied, ResourcePolicy, "", "No"})
		})
	}
}

// TestFederatedUserWithoutSessionPolicy has what a resource policy of its own
// account gives to its session or to everybody, and nothing else.
func TestFederatedUserWithoutSessionPolicy(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		principal string
		want      verdict
	}{
		{aws(guest), verdict{Allowed, ResourcePolicy, "", "Yes"}},
		{everybody, verdict{Allowed, ResourcePolicy, "", "Yes"}},
		{aws(alice), verdict{ImplicitlyDenied, SessionPolicy, "", ""}},
		{ownAccount, verdict{ImplicitlyDenied, SessionPolicy, "", ""}},
	} {
		scene{caller: guest, issuer: alice, identity: []string{yes}, resourcePolicy: to(row.principal, yes)}.wants(t, row.want)
		scene{caller: guest, issuer: alice, identity: []string{yes}, resourcePolicy: to(row.principal, yes), resource: otherQueue}.
			wants(t, verdict{ImplicitlyDenied, SessionPolicy, "", ""})
	}
}

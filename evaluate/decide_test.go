package evaluate

import (
	"testing"

	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// What a layer is to a kind of caller.
const (
	ignored    = iota // nothing in it counts
	mustAllow         // denies, and has to allow
	deniesOnly        // denies, and need not allow
)

// TestWhatAppliesToWhom goes through every cell of table 5.2 of the semantics.
// For the management account the table is a matter of who makes the
// [principal.Principal]: it has no levels.
func TestWhatAppliesToWhom(t *testing.T) {
	t.Parallel()
	layers := [...]Layer{ServiceControlPolicy, VPCEndpointPolicy, ResourcePolicy, IdentityPolicy, PermissionsBoundary, SessionPolicy, ResourceControlPolicy}
	table := []struct {
		name, caller, issuer string
		// principal names the caller, no more closely than the caller's account
		// where there is one.
		principal string
		cells     [len(layers)]int
		grants    Layer // where the decision names what allowed it
	}{
		//                                                       SCP        endpoint   resource    identity   boundary   session    RCP
		{"IAM user", alice, "", ownAccount, [...]int{mustAllow, mustAllow, deniesOnly, mustAllow, mustAllow, ignored, deniesOnly}, IdentityPolicy},
		{"role session", session, sessionRole, ownAccount, [...]int{mustAllow, mustAllow, deniesOnly, mustAllow, mustAllow, mustAllow, deniesOnly}, IdentityPolicy},
		{"bare role", sessionRole, "", ownAccount, [...]int{mustAllow, mustAllow, deniesOnly, mustAllow, mustAllow, mustAllow, deniesOnly}, IdentityPolicy},
		{"federated user", guest, alice, ownAccount, [...]int{mustAllow, mustAllow, deniesOnly, mustAllow, mustAllow, mustAllow, deniesOnly}, IdentityPolicy},
		{"root user", root, "", `{"Service": "nobody"}`, [...]int{mustAllow, mustAllow, deniesOnly, ignored, ignored, ignored, deniesOnly}, IdentityPolicy},
		{"service-linked role", linked, linkedRole, ownAccount, [...]int{ignored, mustAllow, deniesOnly, mustAllow, ignored, ignored, ignored}, IdentityPolicy},
		{"service principal", notifier, "", `{"Service": "sns.amazonaws.com"}`, [...]int{ignored, mustAllow, mustAllow, ignored, ignored, ignored, deniesOnly}, ResourcePolicy},
		{"identity provider", provider, "", `{"Federated": "accounts.google.com"}`, [...]int{ignored, mustAllow, mustAllow, ignored, ignored, ignored, deniesOnly}, ResourcePolicy},
		{"anonymous caller", principal.AnonymousCaller, "", everybody, [...]int{ignored, mustAllow, mustAllow, ignored, ignored, ignored, deniesOnly}, ResourcePolicy},
	}
	const fullControl = `{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}`
	for _, row := range table {
		// build is the row's caller with a policy in every layer, applicable or
		// not: "allows" in those that the test names, silent in the others.
		build := func(allows func(Layer) bool) scene {
			pick := func(layer Layer) []string {
				if allows(layer) {
					return []string{yes}
				}
				return []string{other}
			}
			s := scene{caller: row.caller, issuer: row.issuer, account: account,
				serviceControl: pick(ServiceControlPolicy), identity: pick(IdentityPolicy), boundary: pick(PermissionsBoundary), session: pick(SessionPolicy),
				resourceControl: []string{fullControl}}
			s.endpoint = []string{to(everybody, pick(VPCEndpointPolicy)[0])}
			s.resourcePolicy = to(row.principal, pick(ResourcePolicy)[0])
			return s
		}
		addDeny := func(s *scene, layer Layer) {
			switch layer {
			case ServiceControlPolicy:
				s.serviceControl[0] += "," + no
			case VPCEndpointPolicy:
				s.endpoint[0] += "," + to(everybody, no)
			case ResourcePolicy:
				s.resourcePolicy += "," + to(everybody, no)
			case IdentityPolicy:
				s.identity[0] += "," + no
			case PermissionsBoundary:
				s.boundary[0] += "," + no
			case SessionPolicy:
				s.session[0] += "," + no
			case ResourceControlPolicy:
				s.resourceControl[0] += "," + to(everybody, no)
			}
		}
		level := func(layer Layer) string {
			if layer == ServiceControlPolicy || layer == ResourceControlPolicy {
				return levelNames[0]
			}
			return ""
		}
		everywhere := func(Layer) bool { return true }
		allowed := verdict{outcome: Allowed, layer: row.grants, sid: "Yes"}
		if row.caller == root {
			allowed.sid = "" // by its power over the account
		}
		t.Run(row.name, func(t *testing.T) {
			build(everywhere).wants(t, allowed)
			for at, layer := range layers {
				cell := row.cells[at]
				t.Run(layer.String(), func(t *testing.T) {
					// A Deny in this layer, Allows in all.
					s := build(everywhere)
					addDeny(&s, layer)
					want := verdict{ExplicitlyDenied, layer, level(layer), "No"}
					if cell == ignored {
						want = allowed
					}
					s.wants(t, want)

					// Silence in this layer, Allows in all others.
					want = allowed
					if cell == mustAllow {
						want = verdict{ImplicitlyDenied, layer, level(layer), ""}
					}
					build(func(l Layer) bool { return l != layer }).wants(t, want)

					// An Allow in this layer, silence in all others: no help but
					// where this is the only layer that is needed.
					want = allowed
					for other, needed := range row.cells {
						if needed == mustAllow && layers[other] != layer {
							want = verdict{ImplicitlyDenied, layers[other], level(layers[other]), ""}
							break
						}
					}
					if want.outcome == Allowed {
						t.Fatal("the table has a caller that needs one layer only")
					}
					build(func(l Layer) bool { return l == layer }).wants(t, want)

					// The same without an endpoint, where one layer may do.
					s = build(func(l Layer) bool { return l == layer })
					s.endpoint = nil
					want = allowed
					for other, needed := range row.cells {
						if needed == mustAllow && layers[other] != layer && layers[other] != VPCEndpointPolicy {
							want = verdict{ImplicitlyDenied, layers[other], level(layers[other]), ""}
							break
						}
					}
					s.wants(t, want)
				})
			}
		})
	}
}

// TestNoPoliciesOfAKind: no levels and no policies do not apply, except the
// session policy of a federated user, who must have one.
func TestNoPoliciesOfAKind(t *testing.T) {
	t.Parallel()
	scene{identity: []string{yes}}.wants(t, verdict{Allowed, IdentityPolicy, "", "Yes"})
	scene{caller: session, identity: []string{yes}}.wants(t, verdict{Allowed, IdentityPolicy, "", "Yes"})
	scene{caller: guest, identity: []string{yes}}.wants(t, verdict{ImplicitlyDenied, SessionPolicy, "", ""})
	scene{caller: guest, identity: []string{yes}, session: []string{yes}}.wants(t, verdict{Allowed, IdentityPolicy, "", "Yes"})
	scene{caller: root}.wants(t, verdict{Allowed, IdentityPolicy, "", ""})
	scene{caller: root, resourcePolicy: to(aws(root), yes)}.wants(t, verdict{Allowed, ResourcePolicy, "", "Yes"})
	scene{caller: alice}.wants(t, verdict{ImplicitlyDenied, IdentityPolicy, "", ""})
	scene{caller: notifier}.wants(t, verdict{ImplicitlyDenied, ResourcePolicy, "", ""})
	scene{identity: []string{yes}, boundary: []string{""}}.wants(t, verdict{ImplicitlyDenied, PermissionsBoundary, "", ""})
	scene{identity: []string{yes}, endpoint: []string{""}}.wants(t, verdict{ImplicitlyDenied, VPCEndpointPolicy, "", ""})
	scene{identity: []string{yes}, serviceControl: []string{""}}.wants(t, verdict{ImplicitlyDenied, ServiceControlPolicy, "r-1", ""})
	scene{identity: []string{yes}, resourceControl: []string{""}}.wants(t, verdict{Allowed, IdentityPolicy, "", "Yes"})
}

// TestPoliciesThatMustAllow: trust and key policies must allow even in one
// account; naming the account leaves it to the caller's own policies.
//
// Source: SEMANTICS 5.4.
func TestPoliciesThatMustAllow(t *testing.T) {
	t.Parallel()
	const (
		key      = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
		assume   = `{"Sid": "Assume", "Effect": "Allow", "Action": "sts:AssumeRole"}`
		own      = `{"Sid": "Own", "Effect": "Allow", "Action": ["sts:AssumeRole", "kms:Decrypt"], "Resource": "*"}`
		decrypt  = `{"Sid": "Decrypt", "Effect": "Allow", "Action": "kms:*", "Resource": "*"}`
		noOne    = `{"Sid": "Nobody", "Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*"}`
		byTrust  = "sts:AssumeRole"
		byKey    = "kms:Decrypt"
		ownRole  = sessionRole
		farRole  = "arn:aws:iam::444455556666:role/app"
		noPolicy = ""
	)
	missing := verdict{ImplicitlyDenied, ResourcePolicy, "", ""}
	for _, row := range []struct {
		name string
		scene
		want verdict
	}{
		{"no trust policy", scene{action: byTrust, resource: ownRole, identity: []string{own}, resourcePolicy: noPolicy}, missing},
		{"trust in the user", scene{action: byTrust, resource: ownRole, resourcePolicy: to(aws(alice), assume)}, verdict{Allowed, ResourcePolicy, "", "Assume"}},
		{"trust in the account alone", scene{action: byTrust, resource: ownRole, resourcePolicy: to(ownAccount, assume)}, verdict{ImplicitlyDenied, IdentityPolicy, "", ""}},
		{"trust in the account", scene{action: byTrust, resource: ownRole, identity: []string{own}, resourcePolicy: to(ownAccount, assume)}, verdict{Allowed, IdentityPolicy, "", "Own"}},
		{"trust in another", scene{action: byTrust, resource: ownRole, identity: []string{own}, resourcePolicy: to(aws(guest), assume)}, missing},
		{"a role and itself", scene{caller: session, issuer: sessionRole, action: byTrust, resource: ownRole, identity: []string{own}, resourcePolicy: to(aws(alice), assume)}, missing},
		{"trust from afar", scene{action: byTrust, resource: farRole, identity: []string{own}, resourcePolicy: to(aws(alice), assume)}, verdict{Allowed, IdentityPolicy, "", "Own"}},
		{"trust from afar alone", scene{action: byTrust, resource: farRole, resourcePolicy: to(aws(alice), assume)}, verdict{ImplicitlyDenied, IdentityPolicy, "", ""}},
		{"trust in a service", scene{caller: notifier, action: byTrust, resource: ownRole, resourcePolicy: to(`{"Service": "sns.amazonaws.com"}`, assume)}, verdict{Allowed, ResourcePolicy, "", "Assume"}},

		{"no key policy", scene{action: byKey, resource: key, identity: []string{own}, resourcePolicy: noPolicy}, missing},
		{"no key policy, root", scene{caller: root, action: byKey, resource: key, resourcePolicy: noPolicy}, missing},
		{"key policy without the account, root", scene{caller: root, action: byKey, resource: key, resourcePolicy: to(aws(alice), decrypt)}, missing},
		{"key policy with the account, root", scene{caller: root, action: byKey, resource: key, resourcePolicy: to(aws(root), decrypt)}, verdict{Allowed, ResourcePolicy, "", "Decrypt"}},
		{"key policy with the account", scene{action: byKey, resource: key, identity: []string{own}, resourcePolicy: to(aws(root), decrypt)}, verdict{Allowed, IdentityPolicy, "", "Own"}},
		{"key policy with the account alone", scene{action: byKey, resource: key, resourcePolicy: to(aws(root), decrypt)}, verdict{ImplicitlyDenied, IdentityPolicy, "", ""}},
		{"key policy with the user", scene{action: byKey, resource: key, resourcePolicy: to(aws(alice), decrypt)}, verdict{Allowed, ResourcePolicy, "", "Decrypt"}},
		{"key policy with the user, own Deny", scene{action: byKey, resource: key, identity: []string{noOne}, resourcePolicy: to(aws(alice), decrypt)}, verdict{ExplicitlyDenied, IdentityPolicy, "", "Nobody"}},
	} {
		t.Run(row.name, func(t *testing.T) { row.scene.wants(t, row.want) })
	}
}

// TestAcrossAccounts: both sides must allow, and nothing that the resource's
// side gives makes up for the caller's own silence.
//
// Source: SEMANTICS 5.5.
func TestAcrossAccounts(t *testing.T) {
	t.Parallel()
	here, there := []string{yes}, to(everybody, yes)
	for _, row := range []struct {
		name string
		scene
		want verdict
	}{
		{"both sides", scene{identity: here, resourcePolicy: there}, verdict{Allowed, IdentityPolicy, "", "Yes"}},
		{"both sides, by account", scene{identity: here, resourcePolicy: to(ownAccount, yes)}, verdict{Allowed, IdentityPolicy, "", "Yes"}},
		{"here only", scene{identity: here}, verdict{ImplicitlyDenied, ResourcePolicy, "", ""}},
		{"here, and another there", scene{identity: here, resourcePolicy: to(aws(otherAccount), yes)}, verdict{ImplicitlyDenied, ResourcePolicy, "", ""}},
		{"there only", scene{resourcePolicy: to(aws(alice), yes)}, verdict{ImplicitlyDenied, IdentityPolicy, "", ""}},
		{"boundary silent", scene{identity: here, boundary: []string{other}, resourcePolicy: to(aws(alice), yes)}, verdict{ImplicitlyDenied, PermissionsBoundary, "", ""}},
		{"session silent", scene{caller: session, identity: here, session: []string{other}, resourcePolicy: to(aws(session), yes)}, verdict{ImplicitlyDenied, SessionPolicy, "", ""}},
		{"role named, identity silent", scene{caller: session, identity: []string{other}, resourcePolicy: to(aws(sessionRole), yes)}, verdict{ImplicitlyDenied, IdentityPolicy, "", ""}},
		{"own control policy silent", scene{identity: here, serviceControl: []string{yes, other}, resourcePolicy: there}, verdict{ImplicitlyDenied, ServiceControlPolicy, "ou-1", ""}},
		{"denied there", scene{identity: here, resourcePolicy: there + "," + to(ownAccount, no)}, verdict{ExplicitlyDenied, ResourcePolicy, "", "No"}},
		{"denied here", scene{identity: []string{yes + "," + no}, resourcePolicy: there}, verdict{ExplicitlyDenied, IdentityPolicy, "", "No"}},
		{"controlled there", scene{identity: here, resourcePolicy: there, resourceControl: []string{to(everybody, no)}}, verdict{ExplicitlyDenied, ResourceControlPolicy, "r-1", "No"}},
		{"root", scene{caller: root, resourcePolicy: to(ownAccount, yes)}, verdict{Allowed, ResourcePolicy, "", "Yes"}},
		{"root without a policy there", scene{caller: root}, verdict{ImplicitlyDenied, ResourcePolicy, "", ""}},
		{"a service belongs to no account", scene{caller: notifier, resourcePolicy: to(`{"Service": "sns.amazonaws.com"}`, yes)}, verdict{Allowed, ResourcePolicy, "", "Yes"}},
		{"anonymous", scene{caller: principal.AnonymousCaller, resourcePolicy: there}, verdict{Allowed, ResourcePolicy, "", "Yes"}},
		{"anonymous, account named", scene{caller: principal.AnonymousCaller, resourcePolicy: to(ownAccount, yes)}, verdict{ImplicitlyDenied, ResourcePolicy, "", ""}},
	} {
		row.resource = otherQueue
		t.Run(row.name, func(t *testing.T) { row.scene.wants(t, row.want) })
	}
}

// TestPartitions: a principal of another partition is never allowed, and a Deny
// is still explicit.
func TestPartitions(t *testing.T) {
	t.Parallel()
	const queueInChina = "arn:aws-cn:sqs:cn-north-1:111122223333:jobs"
	s := scene{identity: []string{yes}, resource: queueInChina, resourcePolicy: to(everybody, yes)}
	s.wants(t, verdict{outcome: ImplicitlyDenied, layer: ServiceRule})
	if rule := s.decide(t).Rule(); rule != otherPartition {
		t.Errorf("the rule is %q", rule)
	}
	s.caller = root
	s.wants(t, verdict{outcome: ImplicitlyDenied, layer: ServiceRule})
	s.caller, s.identity = alice, []string{yes + "," + no}
	s.wants(t, verdict{ExplicitlyDenied, IdentityPolicy, "", "No"})
	s.caller = notifier // belongs to no partition
	s.wants(t, verdict{Allowed, ResourcePolicy, "", "Yes"})
	scene{caller: "arn:aws-cn:iam::111122223333:user/alice", identity: []string{yes}, resource: queueInChina}.wants(t, verdict{Allowed, IdentityPolicy, "", "Yes"})
	scene{caller: "arn:aws-cn:iam::111122223333:user/alice", identity: []string{yes}, resource: "*"}.wants(t, verdict{Allowed, IdentityPolicy, "", "Yes"})
}

// TestOrderOfLayers: the first layer in evaluation order is the one that a
// decision names. Each step takes the reason before it away.
//
// Source: SEMANTICS 11.5, "Order" and AMB-20.
func TestOrderOfLayers(t *testing.T) {
	t.Parallel()
	// The account is named, which leaves everything to the caller's policies.
	const toSession, nobody = `{"AWS": "111122223333"}`, `{"AWS": "444455556666"}`
	both := yes + "," + no
	s := scene{caller: session, issuer: sessionRole, resource: otherQueue,
		resourceControl: []string{"", to(everybody, no)}, serviceControl: []string{both, both}, endpoint: []string{to(everybody, yes) + "," + to(everybody, no)},
		resourcePolicy: to(toSession, yes) + "," + to(toSession, no), identity: []string{both}, boundary: []string{both}, session: []string{both}}
	for _, step := range []struct {
		want verdict
		then func()
	}{
		{verdict{ExplicitlyDenied, ResourceControlPolicy, "ou-1", "No"}, func() { s.resourceControl = nil }},
		{verdict{ExplicitlyDenied, ServiceControlPolicy, "r-1", "No"}, func() { s.serviceControl[0] = yes }},
		{verdict{ExplicitlyDenied, ServiceControlPolicy, "ou-1", "No"}, func() { s.serviceControl[1] = yes }},
		{verdict{ExplicitlyDenied, VPCEndpointPolicy, "", "No"}, func() { s.endpoint[0] = to(everybody, yes) }},
		{verdict{ExplicitlyDenied, ResourcePolicy, "", "No"}, func() { s.resourcePolicy = to(toSession, yes) }},
		{verdict{ExplicitlyDenied, IdentityPolicy, "", "No"}, func() { s.identity[0] = yes }},
		{verdict{ExplicitlyDenied, PermissionsBoundary, "", "No"}, func() { s.boundary[0] = yes }},
		{verdict{ExplicitlyDenied, SessionPolicy, "", "No"}, func() {
			s.serviceControl, s.endpoint, s.resourcePolicy = []string{other, other}, []string{to(everybody, other)}, to(nobody, yes)
			s.identity, s.boundary, s.session = []string{other}, []string{other}, []string{other}
		}},
		{verdict{ImplicitlyDenied, ServiceControlPolicy, "r-1", ""}, func() { s.serviceControl[0] = yes }},
		{verdict{ImplicitlyDenied, ServiceControlPolicy, "ou-1", ""}, func() { s.serviceControl[1] = yes }},
		{verdict{ImplicitlyDenied, VPCEndpointPolicy, "", ""}, func() { s.endpoint[0] = to(everybody, yes) }},
		{verdict{ImplicitlyDenied, ResourcePolicy, "", ""}, func() { s.resourcePolicy = to(toSession, yes) }},
		{verdict{ImplicitlyDenied, IdentityPolicy, "", ""}, func() { s.identity[0] = yes }},
		{verdict{ImplicitlyDenied, PermissionsBoundary, "", ""}, func() { s.boundary[0] = yes }},
		{verdict{ImplicitlyDenied, SessionPolicy, "", ""}, func() { s.session[0] = yes }},
		{verdict{Allowed, IdentityPolicy, "", "Yes"}, func() {}},
	} {
		s.wants(t, step.want)
		step.then()
	}
}

// TestLevels: policies of a level add up, levels intersect, and a Deny at any
// level wins.
func TestLevels(t *testing.T) {
	t.Parallel()
	scene{identity: []string{yes}, serviceControl: []string{yes, other + "," + yes, yes}}.wants(t, verdict{Allowed, IdentityPolicy, "", "Yes"})
	scene{identity: []string{yes}, serviceControl: []string{yes, yes, other}}.wants(t, verdict{ImplicitlyDenied, ServiceControlPolicy, "account", ""})
	scene{identity: []string{yes}, serviceControl: []string{other, yes, yes + "," + no}}.wants(t, verdict{ExplicitlyDenied, ServiceControlPolicy, "account", "No"})

	// Two policies of one level.
	s := scene{identity: []string{yes}}
	p := s.principal(t)
	p.ServiceControlLevels = []principal.Level{{OrgIdentifier: "r-1", Policies: attached(t, policy.ServiceControl, principal.ServiceControl, []string{other, yes})}}
	e, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	if got := e.Evaluate(s.request(t)); !got.Allowed() {
		t.Errorf("the policies of a level do not add up: %v", got)
	}
	// A level without policies allows nothing.
	p.ServiceControlLevels = append(p.ServiceControlLevels, principal.Level{OrgIdentifier: "ou-1"})
	if e, err = New(p); err != nil {
		t.Fatal(err)
	}
	if got := verdictOf(e.Evaluate(s.request(t))); got != (verdict{ImplicitlyDenied, ServiceControlPolicy, "ou-1", ""}) {
		t.Errorf("a level without policies: %+v", got)
	}
}

// TestEndpointPoliciesAddUp: no grant of the resource policy and no root user
// gets around them, and they grant nothing.
func TestEndpointPoliciesAddUp(t *testing.T) {
	t.Parallel()
	stopped := verdict{ImplicitlyDenied, VPCEndpointPolicy, "", ""}
	scene{identity: []string{yes}, endpoint: []string{to(everybody, other), to(ownAccount, yes)}}.wants(t, verdict{Allowed, IdentityPolicy, "", "Yes"})
	scene{identity: []string{yes}, endpoint: []string{to(everybody, other), to(aws(otherAccount), yes)}}.wants(t, stopped)
	scene{caller: root, endpoint: []string{to(everybody, other)}}.wants(t, stopped)
	scene{resourcePolicy: to(aws(alice), yes), endpoint: []string{to(everybody, other)}}.wants(t, stopped)
	scene{endpoint: []string{to(everybody, yes)}}.wants(t, verdict{ImplicitlyDenied, IdentityPolicy, "", ""})
}

// TestNotPrincipal: with Allow as "*" for those not listed; with Deny everybody
// of whom not every identity is listed, and everybody with a boundary.
//
// Source: SEMANTICS 11.4, AMB-17.
func TestNotPrincipal(t *testing.T) {
	t.Parallel()
	except := func(list, statement string) string {
		return `{"NotPrincipal": ` + list + "," + statement[1:]
	}
	const bob, aliceAll = `{"AWS": "arn:aws:iam::111122223333:user/bob"}`, `{"AWS": ["` + alice + `", "111122223333"]}`
	denied := verdict{ExplicitlyDenied, ResourcePolicy, "", "No"}
	own := verdict{Allowed, IdentityPolicy, "", "Yes"}
	scene{resourcePolicy: except(bob, yes)}.wants(t, verdict{Allowed, ResourcePolicy, "", "Yes"})
	scene{resourcePolicy: except(aws(alice), yes)}.wants(t, verdict{ImplicitlyDenied, IdentityPolicy, "", ""})
	scene{resourcePolicy: except(ownAccount, yes)}.wants(t, verdict{ImplicitlyDenied, IdentityPolicy, "", ""})
	scene{resourcePolicy: except(everybody, yes)}.wants(t, verdict{ImplicitlyDenied, IdentityPolicy, "", ""})
	scene{identity: []string{yes}, resourcePolicy: except(bob, no)}.wants(t, denied)
	scene{identity: []string{yes}, resourcePolicy: except(aws(alice), no)}.wants(t, denied)
	scene{identity: []string{yes}, resourcePolicy: except(aliceAll, no)}.wants(t, own)
	scene{identity: []string{yes}, boundary: []string{yes}, resourcePolicy: except(aliceAll, no)}.wants(t, denied)
	scene{caller: notifier, resourcePolicy: to(everybody, yes) + "," + except(aliceAll, no)}.wants(t, denied)
	scene{caller: notifier, resourcePolicy: to(everybody, yes) + "," + except(`{"Service": "sns.amazonaws.com"}`, no)}.wants(t, verdict{Allowed, ResourcePolicy, "", "Yes"})
}

// TestActionsOnEverything: an action on "*" belongs to the caller's account,
// and only the entry "*" speaks of it.
func TestActionsOnEverything(t *testing.T) {
	t.Parallel()
	const list = `{"Sid": "List", "Effect": "Allow", "Action": "sqs:ListQueues", "Resource": `
	s := scene{action: "sqs:ListQueues", resource: "*", identity: []string{list + `"*"}`}}
	s.wants(t, verdict{Allowed, IdentityPolicy, "", "List"})
	s.identity[0] = list + `"arn:aws:sqs:*"}`
	s.wants(t, verdict{ImplicitlyDenied, IdentityPolicy, "", ""})
	s.identity[0] = `{"Sid": "Except", "Effect": "Allow", "Action": "sqs:ListQueues", "NotResource": "arn:aws:sqs:*"}`
	s.wants(t, verdict{Allowed, IdentityPolicy, "", "Except"})
	s.resourceControl = []string{`{"Sid": "Control", "Effect": "Deny", "Principal": "*", "Action": "sqs:ListQueues", "Resource": "*"}`}
	s.wants(t, verdict{ExplicitlyDenied, ResourceControlPolicy, "r-1", "Control"})
}

// TestStatementsStandAlone: no combination of statements that fit in part, and
// their order does not matter.
func TestStatementsStandAlone(t *testing.T) {
	t.Parallel()
	const (
		otherPlace = `{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:*:*:other"}`
		empty      = `{"Effect": "Deny", "Action": [], "Resource": "*"}`
	)
	scene{identity: []string{other + "," + otherPlace}}.wants(t, verdict{ImplicitlyDenied, IdentityPolicy, "", ""})
	scene{identity: []string{no + "," + yes}}.wants(t, verdict{ExplicitlyDenied, IdentityPolicy, "", "No"})
	scene{identity: []string{yes + "," + no}}.wants(t, verdict{ExplicitlyDenied, IdentityPolicy, "", "No"})
	scene{identity: []string{yes, no}}.wants(t, verdict{ExplicitlyDenied, IdentityPolicy, "", "No"})
	scene{identity: []string{empty + "," + yes}}.wants(t, verdict{Allowed, IdentityPolicy, "", "Yes"})
}

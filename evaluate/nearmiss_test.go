package evaluate

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// TestNearMisses: what would have to change, and nothing where no change of the
// request would do.
func TestNearMisses(t *testing.T) {
	t.Parallel()
	const (
		secure = `{"Bool": {"aws:SecureTransport": "true"}}`
		region = `{"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}`
		both   = `{"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"aws:RequestedRegion": "eu-west-1"}}`
		byTag  = `{"StringEquals": {"aws:PrincipalTag/team": "birds"}}`
	)
	facts := new(condition.Context)
	facts.Set("aws:PrincipalTag/team", condition.String("fish"))
	for _, row := range []struct {
		name  string
		facts *condition.Context
		scene
		want []string
	}{
		{"a missing key", nil, scene{identity: []string{only(secure, yes)}}, []string{`Allowed if aws:SecureTransport were there, as "true"`, "Allowed if an identity-based policy allowed it"}},
		{"a wrong value", nil, scene{context: with("aws:RequestedRegion", "us-east-1"), identity: []string{only(region, yes)}}, []string{`Allowed if aws:RequestedRegion were "eu-west-1"`, "Allowed if an identity-based policy allowed it"}},
		{"several keys together", nil, scene{identity: []string{only(both, yes)}},
			[]string{`Allowed if aws:SecureTransport were there, as "true" and aws:RequestedRegion were there, as "eu-west-1"`, "Allowed if an identity-based policy allowed it"}},
		{"one of several keys", nil, scene{context: with("aws:SecureTransport", "true"), identity: []string{only(both, yes)}},
			[]string{`Allowed if aws:RequestedRegion were there, as "eu-west-1"`, "Allowed if an identity-based policy allowed it"}},
		{"a key of the principal", facts, scene{identity: []string{only(byTag, yes)}}, []string{`Allowed if aws:PrincipalTag/team were "birds"`, "Allowed if an identity-based policy allowed it"}},
		{"a key that must go", nil, scene{context: with("aws:RequestedRegion", "us-east-1"), identity: []string{only(`{"Null": {"aws:RequestedRegion": "true"}}`, yes)}},
			[]string{"Allowed if aws:RequestedRegion were absent", "Allowed if an identity-based policy allowed it"}},
		{"a Deny with a condition", nil, scene{context: with("aws:SecureTransport", "false"), identity: []string{yes, only(`{"Bool": {"aws:SecureTransport": "false"}}`, no)}},
			[]string{`Allowed if aws:SecureTransport were "another value"`, "Allowed if aws:SecureTransport were absent"}},
		{"a Deny without a condition", nil, scene{identity: []string{yes, no}}, nil},
		{"a Deny that another key lifts does not help without an Allow", nil, scene{identity: []string{only(secure, no)}}, []string{"Allowed if an identity-based policy allowed it"}},
		{"an Allow with a condition", nil, scene{context: with("aws:SecureTransport", "true"), identity: []string{only(secure, yes)}},
			[]string{`ImplicitlyDenied if aws:SecureTransport were "another value"`, "ImplicitlyDenied if aws:SecureTransport were absent"}},
		{"an Allow without a condition", nil, scene{identity: []string{yes}}, nil},
		{"a Deny that would apply", nil, scene{identity: []string{yes, only(region, no)}}, []string{`ExplicitlyDenied if aws:RequestedRegion were there, as "eu-west-1"`}},
		{"a list", nil, scene{context: withList("aws:TagKeys", "cost"), identity: []string{only(`{"ForAllValues:StringEquals": {"aws:TagKeys": "team"}}`, yes)}},
			[]string{"Allowed if aws:TagKeys were []", "Allowed if aws:TagKeys were absent", "Allowed if an identity-based policy allowed it"}},
		{"a list that is missing", nil, scene{identity: []string{only(`{"ForAnyValue:StringEquals": {"aws:TagKeys": "team"}}`, yes)}},
			[]string{`Allowed if aws:TagKeys were there, as ["team"]`, "Allowed if an identity-based policy allowed it"}},
		{"a variable in the resource", nil, scene{action: "s3:GetObject", resource: logFile, account: account, identity: []string{ownLogs}},
			[]string{`Allowed if aws:PrincipalTag/team were there, as "birds"`, "Allowed if an identity-based policy allowed it"}},
		{"a number", nil, scene{context: with("s3:max-keys", "100"), identity: []string{only(`{"NumericLessThanEquals": {"s3:max-keys": "10"}}`, yes)}},
			[]string{`Allowed if s3:max-keys were "9"`, "Allowed if an identity-based policy allowed it"}},
		{"who asks is no change", nil, scene{identity: []string{only(`{"StringEquals": {"aws:username": "bob"}}`, yes)}}, []string{"Allowed if an identity-based policy allowed it"}},
		{"another resource is no change", nil, scene{identity: []string{only(secure, strings.Replace(yes, `"*"`, `"arn:aws:sqs:*:*:other"`, 1))}}, []string{"Allowed if an identity-based policy allowed it"}},

		{"the other account's side", nil, scene{identity: []string{yes}, resource: otherQueue}, []string{"Allowed if a resource-based policy allowed it"}},
		{"the own side", nil, scene{resource: otherQueue, resourcePolicy: to(aws(alice), yes)}, []string{"Allowed if an identity-based policy allowed it"}},
		{"both sides", nil, scene{resource: otherQueue}, []string{"Allowed if a resource-based policy allowed it and an identity-based policy allowed it"}},
		{"a level of the organization", nil, scene{identity: []string{yes}, serviceControl: []string{yes, other}}, []string{"Allowed if a service control policy at ou-1 allowed it"}},
		{"boundary, session and endpoint", nil, scene{caller: session, issuer: sessionRole, identity: []string{yes}, boundary: []string{other}, session: []string{other}, endpoint: []string{to(everybody, other)}},
			[]string{"Allowed if a VPC endpoint policy allowed it and a permissions boundary allowed it and a session policy allowed it"}},
		{"a federated user's session policy", nil, scene{caller: guest, identity: []string{yes}}, []string{"Allowed if a session policy allowed it"}},
		{"a trust policy", nil, scene{action: "sts:AssumeRole", resource: plainRole, identity: []string{everythingAllowed}}, []string{"Allowed if a role trust policy allowed it"}},
		{"a service", nil, scene{caller: notifier}, []string{"Allowed if a resource-based policy allowed it"}},
		{"anybody", nil, scene{caller: "anonymous"}, []string{"Allowed if a resource-based policy allowed it"}},
		{"a rule of the service", nil, scene{action: "iam:DeletePolicy", resource: awsPolicy, account: account, identity: []string{everythingAllowed}}, nil},
		{"another partition", nil, scene{identity: []string{yes}, resource: "arn:aws-cn:sqs:cn-north-1:111122223333:jobs"}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := row.scene.principal(t)
			p.Facts = row.facts
			e, err := New(p)
			if err != nil {
				t.Fatal(err)
			}
			r := row.scene.request(t)
			x := e.Explain(r)
			var got []string
			for _, near := range x.NearMisses() {
				got = append(got, near.String())
				if near.Decision.Allowed() == x.Decision.Allowed() {
					t.Errorf("%v does not flip %v", near, x.Decision)
				}
				confirm(t, e, r, near)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("%v (-want +got):\n%s", x.Decision, diff)
			}
		})
	}
}

// confirm applies a near miss, if it is one of the request's own keys, and asks
// the engine.
func confirm(t tester, e *Evaluator, r *Request, near NearMiss) {
	t.Helper()
	context := new(condition.Context)
	if r.Context != nil {
		context = r.Context.Clone()
	}
	all := near.Apply(context)
	if own := !slices.ContainsFunc(near.Changes, func(c Change) bool { return !c.InRequest }); own != all {
		t.Errorf("%v: applied %v, own %v", near, all, own)
	}
	if !all {
		return
	}
	changed := *r
	changed.Context = context
	if got := e.Evaluate(&changed); got != near.Decision {
		t.Errorf("%v, but Evaluate says %v", near, got)
	}
}

// TestChangesSayWhatTheyChange: the parts of changes.
func TestChangesSayWhatTheyChange(t *testing.T) {
	t.Parallel()
	facts := new(condition.Context)
	facts.Set("aws:PrincipalTag/team", condition.String("fish"))
	s := scene{context: with("aws:SecureTransport", "false"), serviceControl: []string{yes, other},
		identity: []string{only(`{"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"aws:PrincipalTag/team": "birds", "aws:RequestedRegion": "eu-west-1"}}`, yes)}}
	p := s.principal(t)
	p.Facts = facts
	e, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	r := s.request(t)
	near := e.Explain(r).NearMisses()
	if len(near) != 1 || len(near[0].Changes) != 2 {
		t.Fatalf("%v", near)
	}
	if c := near[0].Changes[0]; c.Layer != ServiceControlPolicy || c.OrgIdentifier != "ou-1" || c.Key != "" || c.InRequest {
		t.Errorf("%+v", c)
	}
	if c := near[0].Changes[1]; c.Layer != IdentityPolicy || c.OrgIdentifier != "" {
		t.Errorf("%+v", c)
	}
	s.serviceControl = nil
	p = s.principal(t)
	p.Facts = facts
	if e, err = New(p); err != nil {
		t.Fatal(err)
	}
	near = e.Explain(r).NearMisses()
	if len(near) != 2 || len(near[0].Changes) != 3 {
		t.Fatalf("%v", near)
	}
	want := map[string][3]any{"aws:SecureTransport": {"false", "true", true}, "aws:PrincipalTag/team": {"fish", "birds", false}, "aws:RequestedRegion": {"invalid", "eu-west-1", true}}
	for _, c := range near[0].Changes {
		if got := [3]any{c.From.String(), c.To.String(), c.InRequest}; got != want[c.Key] || c.Layer != NoLayer {
			t.Errorf("%s: %v, want %v", c.Key, got, want[c.Key])
		}
	}
	given := s.context.Clone()
	if near[0].Apply(given) {
		t.Error("a tag of the principal was set in the request")
	}
	if value, _ := given.Lookup("aws:SecureTransport"); value.Text() != "true" || given.Len() != 2 {
		t.Errorf("applied: %v", given)
	}
	if facts.Len() != 1 {
		t.Error("the principal was changed")
	}
}

// TestSessionTokenIsNoNearMiss: credentials of GetSessionToken are another
// caller, which a key does not make.
func TestSessionTokenIsNoNearMiss(t *testing.T) {
	t.Parallel()
	const temporary = `{"Null": {"aws:TokenIssueTime": "false"}}`
	facts := new(condition.Context)
	facts.MarkSessionKnown()
	s := scene{action: "iam:ListUsers", resource: "*", identity: []string{only(temporary, everythingAllowed)}}
	p := s.principal(t)
	p.Facts = facts
	e, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, near := range e.Explain(s.request(t)).NearMisses() {
		for _, change := range near.Changes {
			if change.Key != "" {
				t.Errorf("%v, but then no IAM action is allowed", near)
			}
		}
	}
}

// TestEveryNearMissFlips: of drawn questions, in which keys are looked at again
// and again.
func TestEveryNearMissFlips(t *testing.T) {
	t.Parallel()
	offered := 0
	rapid.Check(t, func(t *rapid.T) {
		s := soundScene(t)
		for _, key := range soundKeys {
			if rapid.Bool().Draw(t, "present") {
				s.context.Set(key, condition.String(rapid.SampledFrom(soundTexts).Draw(t, "text")))
			}
		}
		e, r := s.evaluator(t), s.request(t)
		x := e.Explain(r)
		for _, near := range x.NearMisses() {
			offered++
			if near.Decision.Allowed() == x.Decision.Allowed() || near.Decision.Outcome == Undetermined {
				t.Fatalf("%v does not flip %v", near, x.Decision)
			}
			confirm(t, e, r, near)
		}
		if x.String() == "" || x.Summary() == "" {
			t.Fatal("no words")
		}
		if _, err := x.MarshalJSON(); err != nil {
			t.Fatal(err)
		}
	})
	if offered < 30 {
		t.Errorf("%d near misses", offered)
	}
}

// TestLayerNearMissIsThatPolicy: the change of a layer is what the policy with
// that statement would do.
func TestLayerNearMissIsThatPolicy(t *testing.T) {
	t.Parallel()
	s := scene{resource: otherQueue, boundary: []string{other}}
	near := s.evaluator(t).Explain(s.request(t)).NearMisses()
	if len(near) != 1 || len(near[0].Changes) != 3 {
		t.Fatalf("%v", near)
	}
	s.identity, s.boundary[0], s.resourcePolicy = []string{yes}, other+","+yes, to(aws(alice), yes)
	if d := s.decide(t); d.Outcome != near[0].Decision.Outcome || d.Layer != near[0].Decision.Layer {
		t.Errorf("%v, but with these policies it is %v", near[0], d)
	}
	if by, found := near[0].Decision.Statement(); !found || by.Effect() != policy.Allow || by.Source() != (principal.Source{}) || by.String() == "" {
		t.Errorf("decided by %v", by)
	}
}

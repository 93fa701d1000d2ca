package evaluate

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// A trace is what tests want to know of a [LayerTrace]: statements by Sid.
type trace struct {
	Layer                  Layer
	Level                  string
	Denies, Allows, Unsure []string
	Needed                 bool
	Grant                  Grant
}

func tracesOf(x Explanation) []trace {
	var traces []trace
	sids := func(refs []StatementRef) (names []string) {
		for _, ref := range refs {
			names = append(names, ref.Sid())
		}
		return names
	}
	for _, l := range x.Layers {
		traces = append(traces, trace{l.Layer, l.OrgIdentifier, sids(l.Denies), sids(l.Allows), sids(l.Unsure), l.Needed, l.Grant})
	}
	return traces
}

// TestExplainShowsEveryLayer: all layers that take part, in order, with all
// statements that apply, where Evaluate stops at the first.
func TestExplainShowsEveryLayer(t *testing.T) {
	t.Parallel()
	s := scene{caller: session, issuer: sessionRole, context: new(condition.Context),
		serviceControl:  []string{yes + "," + other + "," + no, yes},
		resourceControl: []string{"", to(everybody, no)},
		endpoint:        []string{to(everybody, yes) + "," + to(aws(otherAccount), no)},
		resourcePolicy:  to(ownAccount, yes) + "," + to(aws(alice), no) + "," + to(aws(sessionRole), `{"Sid": "Role", "Effect": "Allow", "Action": "*", "Resource": "*"}`),
		identity:        []string{other, yes + "," + only(`{"Bool": {"test:u": "true"}}`, `{"Sid": "Perhaps", "Effect": "Deny", "Action": "*", "Resource": "*"}`)},
		boundary:        []string{other},
		session:         []string{no + "," + yes}}
	s.context.SetUnknown("test:u")
	got := s.evaluator(t).Explain(s.request(t))
	want := []trace{
		{Layer: ResourceControlPolicy, Level: "r-1"},
		{Layer: ResourceControlPolicy, Level: "ou-1", Denies: []string{"No"}},
		{Layer: ServiceControlPolicy, Level: "r-1", Denies: []string{"No"}, Allows: []string{"Yes"}, Needed: true},
		{Layer: ServiceControlPolicy, Level: "ou-1", Allows: []string{"Yes"}, Needed: true},
		{Layer: VPCEndpointPolicy, Allows: []string{"Yes"}, Needed: true},
		{Layer: ResourcePolicy, Allows: []string{"Yes", "Role"}, Grant: IssuerGrant},
		{Layer: IdentityPolicy, Allows: []string{"Yes"}, Unsure: []string{"Perhaps"}, Needed: true},
		{Layer: PermissionsBoundary, Needed: true},
		{Layer: SessionPolicy, Denies: []string{"No"}, Allows: []string{"Yes"}, Needed: true},
	}
	if diff := cmp.Diff(want, tracesOf(got)); diff != "" {
		t.Error("layers (-want +got):\n" + diff)
	}
	if v := verdictOf(got.Decision); v != (verdict{ExplicitlyDenied, ResourceControlPolicy, "ou-1", "No"}) {
		t.Errorf("decision: %+v", v)
	}
	if got.Principal != session || got.Action != send || got.Resource != queue {
		t.Errorf("asked: %q %q %q", got.Principal, got.Action, got.Resource)
	}
	if !slices.Equal(got.UnknownKeys(), []string{"test:u"}) || got.MissingKeys() != nil {
		t.Errorf("unknown %q, missing %q", got.UnknownKeys(), got.MissingKeys())
	}
}

// TestExplainShowsLayersThatTakePart: which layers there are depends on the
// caller, the accounts and the service.
func TestExplainShowsLayersThatTakePart(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		scene
		want []trace
	}{
		{"user", scene{}, []trace{{Layer: IdentityPolicy, Needed: true}}},
		{"user across accounts", scene{resource: otherQueue}, []trace{{Layer: ResourcePolicy, Needed: true}, {Layer: IdentityPolicy, Needed: true}}},
		{"federated user without a session policy", scene{caller: guest}, []trace{{Layer: IdentityPolicy, Needed: true}, {Layer: SessionPolicy, Needed: true}}},
		{"root", scene{caller: root, identity: []string{yes}, boundary: []string{yes}}, nil},
		{"service", scene{caller: notifier, identity: []string{yes}, serviceControl: []string{yes}}, []trace{{Layer: ResourcePolicy, Needed: true}}},
		{"service-linked role", scene{caller: linked, issuer: linkedRole, boundary: []string{yes}, serviceControl: []string{no}, resourceControl: []string{to(everybody, no)}}, []trace{{Layer: IdentityPolicy, Needed: true}}},
		{"key", scene{action: "kms:Decrypt", resource: kmsKey}, []trace{{Layer: ResourcePolicy, Needed: true}, {Layer: IdentityPolicy, Needed: true}}},
		{"beyond resource control", scene{action: "kms:RetireGrant", resource: kmsKey, resourceControl: []string{to(everybody, everythingOf("kms"))}}, []trace{{Layer: ResourcePolicy, Needed: true}, {Layer: IdentityPolicy, Needed: true}}},
		{"the owner repairs", scene{caller: root, action: "s3:PutBucketPolicy", resource: bucket, account: account, resourcePolicy: to(everybody, everythingDenied)}, []trace{{Layer: ResourcePolicy}}},
		{"somebody else may not", scene{action: "s3:PutBucketPolicy", resource: bucket, account: account, resourcePolicy: to(everybody, everythingDenied)},
			[]trace{{Layer: ResourcePolicy, Denies: []string{"None"}}, {Layer: IdentityPolicy, Needed: true}}},
		{"everybody", scene{resourcePolicy: to(everybody, yes)}, []trace{{Layer: ResourcePolicy, Allows: []string{"Yes"}, Grant: DirectGrant}, {Layer: IdentityPolicy, Needed: true}}},
		{"somebody else", scene{resourcePolicy: to(aws(session), yes)}, []trace{{Layer: ResourcePolicy}, {Layer: IdentityPolicy, Needed: true}}},
		{"the account", scene{resourcePolicy: to(ownAccount, yes)}, []trace{{Layer: ResourcePolicy, Allows: []string{"Yes"}, Grant: AccountGrant}, {Layer: IdentityPolicy, Needed: true}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, tracesOf(row.scene.evaluator(t).Explain(row.scene.request(t)))); diff != "" {
				t.Error("layers (-want +got):\n" + diff)
			}
		})
	}
}

// everythingOf denies all of a service.
func everythingOf(prefix string) string {
	return `{"Sid": "None", "Effect": "Deny", "Action": "` + prefix + `:*", "Resource": "*"}`
}

// TestMissingKeys: each once, as first spelled, from conditions and variables
// of statements about the action and the resource, and of no others.
func TestMissingKeys(t *testing.T) {
	t.Parallel()
	s := scene{context: new(condition.Context), identity: []string{
		only(`{"StringEquals": {"test:There": "x", "test:First": "x"}, "Bool": {"aws:SecureTransport": "true"}}`, yes),
		only(`{"StringEquals": {"TEST:FIRST": "${test:InValue}", "aws:PrincipalTag/Team": "x"}}`, no),
		`{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:*:${test:InResource, 'x'}"}`,
		`{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sns:eu-west-1:*:${test:OfAnotherService}"}`,
		only(`{"StringEquals": {"test:OfAnotherAction": "x"}}`, other),
		only(`{"StringEquals": {"test:OfAnotherResource": "x"}}`, `{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::*"}`),
		only(`{"StringEquals": {"test:Unknown": "x", "test:first": "y"}}`, yes),
	},
		resourcePolicy: only(`{"StringEquals": {"test:OfAnotherCaller": "x"}}`, to(aws(session), yes)) + "," + only(`{"StringLike": {"test:OfEverybody": "x"}}`, to(everybody, yes)),
		serviceControl: []string{yes, only(`{"Null": {"test:Control": "false"}}`, yes)}}
	s.context.Set("test:there", condition.String("x"))
	s.context.SetUnknown("test:unknown")
	got := s.evaluator(t).Explain(s.request(t))
	want := []string{"test:Control", "test:OfEverybody",
		// Deny statements are looked at first.
		"TEST:FIRST", "test:InValue", "aws:PrincipalTag/Team", "aws:SecureTransport", "test:InResource"}
	if diff := cmp.Diff(want, got.MissingKeys()); diff != "" {
		t.Error("missing keys (-want +got):\n" + diff)
	}
	if diff := cmp.Diff([]string{"test:Unknown"}, got.UnknownKeys()); diff != "" {
		t.Error("unknown keys (-want +got):\n" + diff)
	}
	// A variable in a resource may be what is unknown.
	s.context.SetUnknown("test:InResource")
	got = s.evaluator(t).Explain(s.request(t))
	if slices.Contains(got.MissingKeys(), "test:InResource") || !slices.Contains(got.UnknownKeys(), "test:InResource") {
		t.Errorf("missing %q, unknown %q", got.MissingKeys(), got.UnknownKeys())
	}
}

// TestDerivedKeysAreNotMissing: what follows from the principal and the
// resource is there, whatever the context says.
func TestDerivedKeysAreNotMissing(t *testing.T) {
	t.Parallel()
	s := scene{context: new(condition.Context), identity: []string{only(`{"StringEquals": {"aws:ResourceAccount": "111122223333", "aws:username": "alice", "aws:PrincipalTag/team": "birds"}}`, yes)}}
	p := s.principal(t)
	p.Facts = new(condition.Context)
	p.Facts.Set("aws:username", condition.String("alice"))
	s.context.SetTag("aws:PrincipalTag", "team", condition.String("birds")) // pretended
	s.context.Set("aws:ResourceAccount", condition.String(otherAccount))    // likewise
	e, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	got := e.Explain(s.request(t))
	if !slices.Equal(got.MissingKeys(), []string{"aws:PrincipalTag/team"}) || got.Decision.Outcome != ImplicitlyDenied {
		t.Errorf("%v, missing %q", got.Decision, got.MissingKeys())
	}
	p.Facts.SetTag("aws:PrincipalTag", "team", condition.String("birds"))
	if got = e.Explain(s.request(t)); got.MissingKeys() != nil || !got.Decision.Allowed() {
		t.Errorf("%v, missing %q", got.Decision, got.MissingKeys())
	}
	// The facts of the resource's side win over the account of the request.
	facts := new(condition.Context)
	facts.Set("aws:ResourceAccount", condition.String(otherAccount))
	r := s.request(t)
	if r.Resource, err = NewResource(&principal.Resource{Facts: facts}); err != nil {
		t.Fatal(err)
	}
	if got := e.Evaluate(r); got.Outcome != ImplicitlyDenied {
		t.Errorf("%v", got)
	}
}

// TestDecisionStrings: a decision in one line, in the words of AWS.
func TestDecisionStrings(t *testing.T) {
	t.Parallel()
	unknown := new(condition.Context)
	unknown.SetUnknown("test:u")
	const perhaps = `{"Bool": {"test:u": "true"}}`
	for _, row := range []struct {
		scene
		want string
	}{
		{scene{identity: []string{yes}}, `Allowed by an identity-based policy: statement "Yes" (1:41) of managed policy p1`},
		{scene{identity: []string{`{"Effect": "Allow", "Action": "*", "Resource": "*"}`}}, `Allowed by an identity-based policy: statement 1 (1:41) of managed policy p1`},
		{scene{identity: []string{yes}, serviceControl: []string{yes, other + "," + no}}, `ExplicitlyDenied by statement "No" (1:123) of service control policy p2 at ou-1`},
		{scene{identity: []string{yes}, serviceControl: []string{yes, other}}, `ImplicitlyDenied: no service control policy allows it at ou-1`},
		{scene{identity: []string{yes}, resourceControl: []string{to(everybody, no)}}, `ExplicitlyDenied by statement "No" (1:41) of resource control policy p1 at r-1`},
		{scene{}, `ImplicitlyDenied: no identity-based policy allows it`},
		{scene{identity: []string{yes}, boundary: []string{other}}, `ImplicitlyDenied: no permissions boundary allows it`},
		{scene{caller: root}, `Allowed: nothing denies it to the root user`},
		{scene{resourcePolicy: to(everybody, yes)}, `Allowed by statement "Yes" (1:41) of an unnamed resource-based policy`},
		{scene{identity: []string{yes}, endpoint: []string{to(everybody, no)}}, `ExplicitlyDenied by statement "No" (1:41) of VPC endpoint policy p1`},
		{scene{identity: []string{only(perhaps, yes)}, context: unknown}, `Undetermined by an identity-based policy: statement "Yes" (1:41) of managed policy p1`},
		{scene{resourcePolicy: only(perhaps, to(everybody, yes)), context: unknown}, `Undetermined: an identity-based policy may be needed`},
		{scene{action: "sts:AssumeRole", resource: plainRole}, `ImplicitlyDenied: no role trust policy allows it`},
		{scene{action: "sts:AssumeRole", resource: plainRole, resourcePolicy: to(everybody, `{"Effect": "Allow", "Action": "*"}`)}, `Allowed by statement 1 (1:41) of an unnamed trust policy`},
		{scene{action: "sts:GetCallerIdentity", resource: "*"}, `Allowed by a rule of the service: AWS STS API Reference: GetCallerIdentity (no permissions are required)`},
		{scene{resource: "arn:aws-cn:sqs:cn-north-1:111122223333:jobs", identity: []string{yes}}, `ImplicitlyDenied by a rule of the service: IAM User Guide: Cross-account policy evaluation logic (a principal of another partition)`},
	} {
		if got := row.scene.decide(t).String(); got != row.want {
			t.Errorf("got  %s\nwant %s", got, row.want)
		}
	}
	if got := (Decision{}).String(); got != "ImplicitlyDenied" {
		t.Errorf("the zero Decision is %q", got)
	}
}

// TestExplanationString: the decision and what stands in the way, a tree of
// layers, statements and what kept them from applying, and the keys.
func TestExplanationString(t *testing.T) {
	t.Parallel()
	s := scene{caller: session, issuer: sessionRole, context: new(condition.Context),
		serviceControl:  []string{yes, other + "," + yes + "," + no},
		resourceControl: []string{""},
		resourcePolicy:  to(aws(sessionRole), yes),
		identity:        []string{only(`{"StringEquals": {"test:m": "x"}}`, yes), only(`{"Bool": {"test:u": "true", "test:v": "true"}}`, yes)},
		session:         []string{other}}
	s.context.SetUnknown("test:u")
	s.context.SetUnknown("test:v")
	const want = `ExplicitlyDenied by statement "No" (1:203) of service control policy p2 at ou-1
  User: arn:aws:sts::111122223333:assumed-role/app/run is not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs:eu-west-1:111122223333:jobs with an explicit deny in a service control policy
  in the way: statement "No" (1:203) of service control policy p2 at ou-1 denies it
  in the way: no session policy allows it: its one Allow statement is not about "sqs:SendMessage"; the resource-based policy names the role and not this session of it, which does not make up for this
  ├─ resource control policy at r-1: says nothing
  ├─ service control policy at r-1: allowed
  │  └─ statement "Yes" (1:41) of p1 allows it
  │     ├─ Action "sqs:SendMessage": yes
  │     └─ Resource "*": yes
  ├─ service control policy at ou-1: denied (2 of 3 statements about the action)
  │  ├─ statement "No" (1:203) of p2 denies it
  │  │  ├─ Action "sqs:SendMessage": yes
  │  │  └─ Resource "*": yes
  │  └─ statement "Yes" (1:123) of p2 allows it
  │     ├─ Action "sqs:SendMessage": yes
  │     └─ Resource "*": yes
  ├─ resource-based policy: allowed to the role or issuing user
  │  └─ statement "Yes" (1:41) of an unnamed policy allows it
  │     ├─ Principal "arn:aws:iam::111122223333:role/service/app": yes
  │     ├─ Action "sqs:SendMessage": yes
  │     └─ Resource "*": yes
  ├─ identity-based policy: not known
  │  ├─ statement "Yes" (1:41) of managed policy p1 does not allow it
  │  │  └─ StringEquals test:m "x": no, the key is missing
  │  └─ statement "Yes" (1:41) of managed policy p2 may allow it
  │     ├─ Bool test:u "true": not known, the key is unknown
  │     └─ Bool test:v "true": not known, the key is unknown
  └─ session policy: nothing allows it (0 of 1 statement about the action)
  keys that statements look at and the request does not have: test:m
  unknown keys: test:u, test:v`
	if diff := cmp.Diff(want, s.evaluator(t).Explain(s.request(t)).String()); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
}

// TestNames: every constant has words of its own, and a number that is none of
// them does not panic.
func TestNames(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for o := ImplicitlyDenied; o <= Undetermined; o++ {
		names[o.String()] = true
	}
	for l := NoLayer; l < layerCount; l++ {
		names[l.String()] = true
	}
	for g := NoGrant; g <= DirectGrant; g++ {
		names[g.String()] = true
	}
	if want := 4 + int(layerCount) + 4; len(names) != want || names[""] {
		t.Errorf("%d names, want %d: %v", len(names), want, names)
	}
	for got, want := range map[string]string{
		Outcome(99).String(): "Outcome(unknown)", Layer(99).String(): "unknown layer", Grant(99).String(): "unknown grant",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestStatementRef: a statement is found again in its policy.
func TestStatementRef(t *testing.T) {
	t.Parallel()
	s := scene{identity: []string{other, other + ",\n" + no}}
	d := s.decide(t)
	ref, found := d.Statement()
	if !found {
		t.Fatal("no statement")
	}
	start, end := ref.Span()
	if ref.Index() != 1 || ref.Sid() != "No" || ref.Effect() != policy.Deny || ref.Source().Name != "p2" || ref.Policy().Len() != 2 ||
		start.String() != "2:1" || end.String() != "2:78" {
		t.Errorf("%v: index %d, %v to %v", ref, ref.Index(), start, end)
	}
	if _, found := (Decision{Outcome: Allowed}).Statement(); found {
		t.Error("a decision by nothing has a statement")
	}
	if d.Rule() != "" || d.OrgIdentifier() != "" {
		t.Errorf("rule %q, level %q", d.Rule(), d.OrgIdentifier())
	}
}

// TestStatementWithoutPlace: documents that are built in code have no
// positions.
func TestStatementWithoutPlace(t *testing.T) {
	t.Parallel()
	everything := &policy.Strings{Values: []policy.Text{{Value: "*"}}}
	built, err := policy.Compile(&policy.Document{Kind: policy.IdentityBased, Statements: []policy.Statement{{
		Effect: policy.Allow, Action: everything, Resource: everything}}})
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(&principal.Principal{Identity: identified(t, alice, ""), IdentityPolicies: []principal.Attachment{{Policy: built}}})
	if err != nil {
		t.Fatal(err)
	}
	s := scene{}
	if got, want := e.Evaluate(s.request(t)).String(), "Allowed by an identity-based policy: statement 1 of an unnamed policy"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	matched := e.Explain(s.request(t)).EvaluationResult().MatchedStatements
	if want := []MatchedStatement{{SourcePolicyType: "none"}}; !slices.Equal(matched, want) {
		t.Errorf("got %+v, want %+v", matched, want)
	}
}

// TestWordsForDecisions: what tells apart the words for layers and sources that
// go together or do not.
func TestWordsForDecisions(t *testing.T) {
	t.Parallel()
	attachment := principal.Attachment{Policy: loaded(t, policy.ResourceBased, to(everybody, yes)),
		Source: principal.Source{Type: principal.CustomerManaged, Name: "shared", AttachedTo: "jobs"}}
	side, err := NewResource(&principal.Resource{Policy: &attachment})
	if err != nil {
		t.Fatal(err)
	}
	s := scene{}
	e, r := s.evaluator(t), s.request(t)
	r.Resource = side
	decision := e.Evaluate(r)
	for _, row := range []struct{ got, want string }{
		{decision.String(), `Allowed by a resource-based policy: statement "Yes" (1:41) of managed policy shared attached to jobs`},
		{e.Explain(r).Layers[0].String(), `resource-based policy: allowed by statement "Yes" (1:41) of managed policy shared attached to jobs, which names the caller`},
		{Decision{Outcome: Undetermined, Layer: ResourcePolicy}.String(), "Undetermined: a resource-based policy may be needed"},
		{Decision{Outcome: Undetermined, Layer: SessionPolicy}.String(), "Undetermined: a session policy may be needed"},
		{(Undetermined + 1).String(), "Outcome(unknown)"},
		{layerCount.String(), "unknown layer"},
		// A level is named once, and a source only as far as it says more.
		{layerOf(t, principal.Source{Type: principal.ServiceControl, Name: "p-1", AttachedTo: "ou-1"}), `service control policy at ou-1: allowed by statement "Yes" (1:41) of p-1`},
		{layerOf(t, principal.Source{Type: principal.ServiceControl, Name: "p-1", AttachedTo: "ou-2"}), `service control policy at ou-1: allowed by statement "Yes" (1:41) of p-1 attached to ou-2`},
		{layerOf(t, principal.Source{Type: principal.ServiceControl, AttachedTo: "ou-1"}), `service control policy at ou-1: allowed by statement "Yes" (1:41) of an unnamed policy`},
		// A line of keys only if there are some.
		{Explanation{}.String(), "ImplicitlyDenied"},
		// A grant is told only if there is a statement that grants.
		{LayerTrace{Layer: ResourcePolicy, Grant: DirectGrant}.String(), "resource-based policy: says nothing"},
	} {
		if row.got != row.want {
			t.Errorf("got  %s\nwant %s", row.got, row.want)
		}
	}
}

// layerOf gives the line for a service control policy at ou-1.
func layerOf(t *testing.T, source principal.Source) string {
	t.Helper()
	attachment := principal.Attachment{Policy: loaded(t, policy.ServiceControl, yes), Source: source}
	return LayerTrace{Layer: ServiceControlPolicy, OrgIdentifier: "ou-1", Allows: []StatementRef{{&attachment, 0}}}.String()
}

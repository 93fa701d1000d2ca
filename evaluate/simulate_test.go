package evaluate

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// TestMatchedStatementNames: the simulator has words of its own for where a
// policy came from.
func TestMatchedStatementNames(t *testing.T) {
	t.Parallel()
	attachment := func(kind policy.Kind, source principal.Source) principal.Attachment {
		return principal.Attachment{Policy: loaded(t, kind, yes), Source: source}
	}
	for _, row := range []struct {
		source       principal.Source
		id, typeName string
	}{
		{principal.Source{}, "", "none"},
		{principal.Source{Name: "p1"}, "p1", "none"},
		{principal.Source{Type: principal.UserInline, Name: "send", AttachedTo: alice}, "user_alice_send", "user"},
		{principal.Source{Type: principal.GroupInline, Name: "send", AttachedTo: "arn:aws:iam::111122223333:group/staff/writers"}, "group_writers_send", "group"},
		{principal.Source{Type: principal.RoleInline, Name: "send", AttachedTo: sessionRole}, "role_app_send", "role"},
		{principal.Source{Type: principal.RoleInline, Name: "send", AttachedTo: "app"}, "role_app_send", "role"},
		{principal.Source{Type: principal.CustomerManaged, Name: "Send", ARN: ownPolicy}, "Send", "user-managed"},
		{principal.Source{Type: principal.AWSManaged, Name: "AmazonSQSFullAccess", ARN: "arn:aws:iam::aws:policy/AmazonSQSFullAccess"}, "AmazonSQSFullAccess", "aws-managed"},
	} {
		e, err := New(&principal.Principal{Identity: identified(t, alice, ""), IdentityPolicies: []principal.Attachment{attachment(policy.IdentityBased, row.source)}})
		if err != nil {
			t.Fatal(err)
		}
		s := scene{}
		result := e.Explain(s.request(t)).EvaluationResult()
		want := []MatchedStatement{{row.id, row.typeName, TextPosition{1, 42}, TextPosition{1, 120}}}
		if diff := cmp.Diff(want, result.MatchedStatements); diff != "" {
			t.Errorf("%v (-want +got):\n%s", row.source, diff)
		}
	}

	// The types that stand in other layers.
	s := scene{caller: session, issuer: sessionRole, identity: []string{yes}, boundary: []string{yes}, session: []string{yes}, serviceControl: []string{yes},
		endpoint: []string{to(everybody, yes)}, resourcePolicy: to(ownAccount, yes), resourceControl: []string{""}}
	var got [][2]string
	for _, matched := range s.evaluator(t).Explain(s.request(t)).EvaluationResult().MatchedStatements {
		got = append(got, [2]string{matched.SourcePolicyId, matched.SourcePolicyType})
	}
	want := [][2]string{{"p1", "none"}, {"p1", "none"}, {"ResourcePolicy", "resource"}, {"p1", "user-managed"}, {"p1", "user-managed"}, {"p1", "none"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("matched (-want +got):\n" + diff)
	}
	trust := scene{action: "sts:AssumeRole", resource: plainRole, resourcePolicy: to(everybody, `{"Effect": "Allow", "Action": "*"}`)}
	matched := trust.evaluator(t).Explain(trust.request(t)).EvaluationResult().MatchedStatements
	if len(matched) != 1 || matched[0].SourcePolicyId != "ResourcePolicy" || matched[0].SourcePolicyType != "resource" {
		t.Errorf("trust policy: %+v", matched)
	}
}

// TestMatchedStatementPositions: as the simulator counts, a statement starts
// behind its opening brace and ends behind its closing one.
func TestMatchedStatementPositions(t *testing.T) {
	t.Parallel()
	const text = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "sqs:*",
      "Resource": "*"
    }, {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
  ]
}`
	compiled, err := policy.Load(policy.IdentityBased, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(&principal.Principal{Identity: identified(t, alice, ""), IdentityPolicies: []principal.Attachment{{Policy: compiled}}})
	if err != nil {
		t.Fatal(err)
	}
	s := scene{}
	want := []MatchedStatement{
		{"", "none", TextPosition{4, 6}, TextPosition{8, 6}},
		{"", "none", TextPosition{8, 9}, TextPosition{8, 73}},
	}
	if diff := cmp.Diff(want, e.Explain(s.request(t)).EvaluationResult().MatchedStatements); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
}

// TestEvaluationResultDecisions: the three words of the simulator, and what
// each layer says.
func TestEvaluationResultDecisions(t *testing.T) {
	t.Parallel()
	unknown := new(condition.Context)
	unknown.SetUnknown("test:u")
	allowed, explicit, implicit := "allowed", "explicitDeny", "implicitDeny"
	organizations := func(allowed bool) *OrganizationsDecisionDetail { return &OrganizationsDecisionDetail{allowed} }
	for _, row := range []struct {
		name string
		scene
		decision      string
		details       map[string]string
		organizations *OrganizationsDecisionDetail
		boundary      *PermissionsBoundaryDecisionDetail
		missing       []string
	}{
		{name: "allowed", scene: scene{identity: []string{yes}}, decision: allowed, details: map[string]string{"IAM Policy": allowed}},
		{name: "silent", decision: implicit, details: map[string]string{"IAM Policy": implicit}},
		{name: "denied", scene: scene{identity: []string{yes + "," + no}}, decision: explicit, details: map[string]string{"IAM Policy": explicit}},
		{name: "perhaps", scene: scene{identity: []string{only(`{"Bool": {"test:u": "true", "test:m": "true"}}`, yes), only(`{"Bool": {"test:u": "true"}}`, yes)}, context: unknown}, decision: implicit,
			details: map[string]string{"IAM Policy": implicit}, missing: []string{"test:m", "test:u"}},
		{name: "boundary allows", scene: scene{identity: []string{yes}, boundary: []string{yes}}, decision: allowed,
			details: map[string]string{"IAM Policy": allowed, "Permissions Boundary Policy": allowed}, boundary: &PermissionsBoundaryDecisionDetail{true}},
		{name: "boundary silent", scene: scene{identity: []string{yes}, boundary: []string{other}}, decision: implicit,
			details: map[string]string{"IAM Policy": allowed, "Permissions Boundary Policy": implicit}, boundary: &PermissionsBoundaryDecisionDetail{false}},
		{name: "boundary denies", scene: scene{identity: []string{yes}, boundary: []string{yes + "," + no}}, decision: explicit,
			details: map[string]string{"IAM Policy": allowed, "Permissions Boundary Policy": explicit}, boundary: &PermissionsBoundaryDecisionDetail{false}},
		{name: "all levels allow", scene: scene{identity: []string{yes}, serviceControl: []string{yes, yes}}, decision: allowed,
			details: map[string]string{"IAM Policy": allowed}, organizations: organizations(true)},
		{name: "a level before the last is silent", scene: scene{identity: []string{yes}, serviceControl: []string{other, yes}}, decision: implicit,
			details: map[string]string{"IAM Policy": allowed}, organizations: organizations(false)},
		{name: "a level denies", scene: scene{identity: []string{yes}, serviceControl: []string{yes, yes + "," + no}}, decision: explicit,
			details: map[string]string{"IAM Policy": allowed}, organizations: organizations(false)},
		{name: "resource policy", scene: scene{resourcePolicy: to(aws(alice), yes)}, decision: allowed,
			details: map[string]string{"IAM Policy": implicit, "Resource Policy": allowed}},
		{name: "the other account is silent", scene: scene{identity: []string{yes}, resource: otherQueue}, decision: implicit,
			details: map[string]string{"IAM Policy": allowed, "Resource Policy": implicit}},
		{name: "RCP denies", scene: scene{identity: []string{yes}, resourceControl: []string{"", to(everybody, no)}}, decision: explicit,
			details: map[string]string{"IAM Policy": allowed, "Resource Control Policy": explicit}},
		{name: "RCP is silent", scene: scene{identity: []string{yes}, resourceControl: []string{""}}, decision: allowed,
			details: map[string]string{"IAM Policy": allowed}},
		{name: "endpoint and session", scene: scene{caller: session, identity: []string{yes}, session: []string{other}, endpoint: []string{to(everybody, yes)}}, decision: implicit,
			details: map[string]string{"IAM Policy": allowed, "Session Policy": implicit, "VPC Endpoint Policy": allowed}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := row.scene.evaluator(t).Explain(row.scene.request(t)).EvaluationResult()
			if got.EvalDecision != row.decision || got.EvalActionName != send || got.EvalResourceName != orElse(row.resource, queue) {
				t.Errorf("%s %s on %s", got.EvalDecision, got.EvalActionName, got.EvalResourceName)
			}
			if diff := cmp.Diff(row.details, got.EvalDecisionDetails); diff != "" {
				t.Error("details (-want +got):\n" + diff)
			}
			if diff := cmp.Diff(row.organizations, got.OrganizationsDecisionDetail); diff != "" {
				t.Error("organizations (-want +got):\n" + diff)
			}
			if diff := cmp.Diff(row.boundary, got.PermissionsBoundaryDecisionDetail); diff != "" {
				t.Error("boundary (-want +got):\n" + diff)
			}
			if !slices.Equal(got.MissingContextValues, row.missing) {
				t.Errorf("missing %q, want %q", got.MissingContextValues, row.missing)
			}
		})
	}
}

// TestDenyListsOnlyDenies: of a request that is denied explicitly, the Deny
// statements of all layers are listed, and no others.
func TestDenyListsOnlyDenies(t *testing.T) {
	t.Parallel()
	s := scene{identity: []string{yes, yes + "," + no}, boundary: []string{no + "," + no}, serviceControl: []string{yes}, resourcePolicy: to(everybody, yes)}
	s.boundary[0] = no + "," + yes
	result := s.evaluator(t).Explain(s.request(t)).EvaluationResult()
	var got []TextPosition
	for _, matched := range result.MatchedStatements {
		got = append(got, matched.StartPosition)
	}
	if want := []TextPosition{{1, 41 + len(yes) + 1 + 1}, {1, 42}}; !slices.Equal(got, want) {
		t.Errorf("%+v", result.MatchedStatements)
	}
}

// TestEvaluationResultJSON: names and shape are those of the IAM API.
func TestEvaluationResultJSON(t *testing.T) {
	t.Parallel()
	s := scene{identity: []string{only(`{"Bool": {"aws:SecureTransport": "true"}}`, yes), yes}, boundary: []string{other}, serviceControl: []string{yes},
		context: new(condition.Context)}
	marshal := func(result EvaluationResult) string {
		text, err := json.MarshalIndent(result, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	const want = `{
  "EvalActionName": "sqs:SendMessage",
  "EvalResourceName": "arn:aws:sqs:eu-west-1:111122223333:jobs",
  "EvalDecision": "implicitDeny",
  "MatchedStatements": [
    {
      "SourcePolicyId": "p1",
      "SourcePolicyType": "none",
      "StartPosition": {
        "Line": 1,
        "Column": 42
      },
      "EndPosition": {
        "Line": 1,
        "Column": 120
      }
    },
    {
      "SourcePolicyId": "p2",
      "SourcePolicyType": "user-managed",
      "StartPosition": {
        "Line": 1,
        "Column": 42
      },
      "EndPosition": {
        "Line": 1,
        "Column": 120
      }
    }
  ],
  "MissingContextValues": [
    "aws:SecureTransport"
  ],
  "OrganizationsDecisionDetail": {
    "AllowedByOrganizations": true
  },
  "PermissionsBoundaryDecisionDetail": {
    "AllowedByPermissionsBoundary": false
  },
  "EvalDecisionDetails": {
    "IAM Policy": "allowed",
    "Permissions Boundary Policy": "implicitDeny"
  }
}`
	if diff := cmp.Diff(want, marshal(s.evaluator(t).Explain(s.request(t)).EvaluationResult())); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
	// What is not there is left out, but for the lists.
	const least = `{
  "EvalActionName": "",
  "EvalResourceName": "",
  "EvalDecision": "implicitDeny",
  "MatchedStatements": [],
  "MissingContextValues": []
}`
	if diff := cmp.Diff(least, marshal((Explanation{}).EvaluationResult())); diff != "" {
		t.Error("the zero Explanation (-want +got):\n" + diff)
	}
}

package principal

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/portcullis-iam/portcullis/policy"
)

func TestSession(t *testing.T) {
	d := buildTestDirectory(t)
	yes := true
	p, err := d.Session("arn:aws:iam::222222222222:role/service/checkout", SessionFacts{
		SessionName: "run", Policies: []string{readBucket}, PolicyARNs: []string{"arn:aws:iam::222222222222:policy/P", "arn:aws:iam::aws:policy/SecurityAudit"},
		Tags:           map[string]string{"Team": "birds", "ticket": "7"},
		SourceIdentity: "wren", FederatedProvider: "accounts.google.com", MultiFactorAuthPresent: &yes,
		TokenIssueTime: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "identity", p.Identity, Identity{Kind: Role, ARN: "arn:aws:sts::222222222222:assumed-role/checkout/run", Partition: "aws", AccountID: "222222222222",
		Name: "checkout", Session: "run", IssuerARN: "arn:aws:iam::222222222222:role/service/checkout", IssuerName: "checkout"})
	diff(t, "session policies", sourcesOf(p.SessionPolicies), []string{
		"session policy of session run of role checkout",
		"session policy P (arn:aws:iam::222222222222:policy/P) of session run of role checkout",
		"session policy SecurityAudit (arn:aws:iam::aws:policy/SecurityAudit) of session run of role checkout",
	})
	for _, a := range p.SessionPolicies {
		if a.Policy.Kind() != policy.Session {
			t.Errorf("%s is a %s", a.Source, a.Policy.Kind())
		}
	}
	got := strings.Join(factsIn(p.Facts), "\n")
	for _, want := range []string{"aws:userid = AROACHECKOUT:run", "aws:PrincipalTag/stage = prod", "aws:PrincipalTag/ticket = 7",
		"aws:SourceIdentity = wren", "aws:FederatedProvider = accounts.google.com", "aws:MultiFactorAuthPresent = true", "aws:TokenIssueTime = 2026-01-02T03:04:05Z"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if v, _ := p.Facts.Lookup("aws:PrincipalTag/TEAM"); v.Text() != "birds" {
		t.Errorf("the session tag does not win: %v", v)
	}

	p, err = d.FederatedUser("arn:aws:iam::222222222222:user/ops/wren", SessionFacts{SessionName: "lobby", Tags: map[string]string{"team": "visitors"}})
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "federated user", p.Identity, Identity{Kind: FederatedUser, ARN: "arn:aws:sts::222222222222:federated-user/lobby", Partition: "aws", AccountID: "222222222222",
		Name: "lobby", IssuerARN: "arn:aws:iam::222222222222:user/ops/wren", IssuerName: "wren"})
	diff(t, "its policies", sourcesOf(p.IdentityPolicies), []string{"inline policy read of group engineers"})
	if v, _ := p.Facts.Lookup("aws:PrincipalTag/Team"); v.Text() != "visitors" {
		t.Errorf("the session tag does not win: %v", v)
	}
	if v, _ := p.Facts.Lookup("aws:userid"); v.Text() != "222222222222:lobby" {
		t.Errorf("aws:userid = %v", v)
	}
}

// The facts of a session come in one order, whatever that of the map of its
// tags is.
func TestSessionTagsComeInOrder(t *testing.T) {
	d := buildTestDirectory(t)
	tags := make(map[string]string)
	for key := 'a'; key <= 'z'; key++ {
		tags[string(key)] = "x"
	}
	p, err := d.Session("arn:aws:iam::222222222222:role/service/checkout", SessionFacts{SessionName: "run", Tags: tags})
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for key := range p.Facts.All() {
		if tag, ok := strings.CutPrefix(key, "aws:PrincipalTag/"); ok && len(tag) == 1 {
			got.WriteString(tag)
		}
	}
	if want := "abcdefghijklmnopqrstuvwxyz"; got.String() != want {
		t.Errorf("got %s, want %s", got.String(), want)
	}
}

// The ARN of a session says what that of its role and SessionName say.
func TestSessionByItsARN(t *testing.T) {
	d := buildTestDirectory(t)
	const session = "arn:aws:sts::222222222222:assumed-role/checkout/run"
	want, err := d.Session("arn:aws:iam::222222222222:role/service/checkout", SessionFacts{SessionName: "run", Policies: []string{readBucket}})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "run"} {
		p, err := d.Session(session, SessionFacts{SessionName: name, Policies: []string{readBucket}})
		if err != nil {
			t.Fatal(err)
		}
		diff(t, "identity", p.Identity, want.Identity)
		diff(t, "facts", factsIn(p.Facts), factsIn(want.Facts))
		diff(t, "policies", sourcesOf(p.IdentityPolicies), sourcesOf(want.IdentityPolicies))
		diff(t, "session policies", sourcesOf(p.SessionPolicies), sourcesOf(want.SessionPolicies))
	}
}

func TestSessionErrors(t *testing.T) {
	d := buildTestDirectory(t)
	const role = "arn:aws:iam::222222222222:role/service/checkout"
	for _, test := range []struct {
		name   string
		issuer string
		facts  SessionFacts
		want   any
	}{
		{"no name", role, SessionFacts{}, new(*SessionError)},
		{"name with a slash", role, SessionFacts{SessionName: "a/b"}, new(*SessionError)},
		{"policy with errors", role, SessionFacts{SessionName: "run", Policies: []string{`{}`}}, new(policy.Errors)},
		{"incomplete ARN", role, SessionFacts{SessionName: "run", Policies: []string{`{"Statement":{"Effect":"Allow","Action":"sqs:*","Resource":"arn:aws:sqs"}}`}}, new(policy.Errors)},
		{"policy that is not there", role, SessionFacts{SessionName: "run", PolicyARNs: []string{"arn:aws:iam::222222222222:policy/Gone"}}, new(*SessionError)},
		{"policy of another partition", role, SessionFacts{SessionName: "run", PolicyARNs: []string{"arn:aws-cn:iam::aws:policy/SecurityAudit"}}, new(*SessionError)},
		{"policy by name", role, SessionFacts{SessionName: "run", PolicyARNs: []string{"SecurityAudit"}}, new(*SessionError)},
		{"tag twice", role, SessionFacts{SessionName: "run", Tags: map[string]string{"a": "", "A": ""}}, new(*SessionError)},
		{"user", "arn:aws:iam::222222222222:user/kiosk", SessionFacts{SessionName: "run"}, new(*IdentityError)},
		{"another session", "arn:aws:sts::222222222222:assumed-role/checkout/i-1", SessionFacts{SessionName: "run"}, new(*SessionError)},
		{"session in other letters", "arn:aws:sts::222222222222:assumed-role/checkout/run", SessionFacts{SessionName: "Run"}, new(*SessionError)},
		{"session of a role that is not there", "arn:aws:sts::222222222222:assumed-role/gone/i-1", SessionFacts{}, new(*NotFoundError)},
		{"session of a role in other letters", "arn:aws:sts::222222222222:assumed-role/Checkout/i-1", SessionFacts{}, new(*NotFoundError)},
		{"nobody", "", SessionFacts{SessionName: "run"}, new(*IdentityError)},
		{"not there", "arn:aws:iam::222222222222:role/gone", SessionFacts{SessionName: "run"}, new(*NotFoundError)},
	} {
		t.Run(test.name, func(t *testing.T) {
			if p, err := d.Session(test.issuer, test.facts); p != nil || !errors.As(err, test.want) || err.Error() == "" {
				t.Errorf("got %v", err)
			}
		})
	}
	var failure *IdentityError
	if _, err := d.FederatedUser(role, SessionFacts{SessionName: "run"}); !errors.As(err, &failure) {
		t.Errorf("a role is no user: %v", err)
	}
}

package principal

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/portcullis-iam/portcullis/condition"
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

// The facts of derived sessions: inherited tags, the age of MFA, keys of their
// own, and that there are no others.
func TestDerivedFacts(t *testing.T) {
	d := buildTestDirectory(t)
	const role = "arn:aws:iam::222222222222:role/service/checkout"
	age := 90*time.Second + 999*time.Millisecond
	keys := new(condition.Context)
	keys.Set("accounts.google.com:sub", condition.String("7"))
	managed, err := d.SessionPolicy("arn:aws:iam::222222222222:policy/P")
	if err != nil {
		t.Fatal(err)
	}
	facts := SessionFacts{
		SessionName: "run", Tags: map[string]string{"ticket": "7"}, InheritedTags: map[string]string{"Stage": "test"}, TransitiveTagKeys: []string{"ticket"},
		MultiFactorAuthAge: &age, Keys: keys, Complete: true, Compiled: []Attachment{managed, {Policy: managed.Policy, Source: Source{Type: SessionPolicy, AttachedTo: "elsewhere"}}},
	}
	p, err := d.Session(role, facts)
	if err != nil {
		t.Fatal(err)
	}
	forged := new(condition.Context)
	for _, key := range []string{"aws:SourceIdentity", "accounts.google.com:sub", "www.amazon.com:user_id", "aws:SourceIp"} {
		forged.Set(key, condition.String("forged"))
	}
	view := condition.View{Supplied: forged, Principal: p.Facts}
	for key, want := range map[string]string{
		"aws:PrincipalTag/ticket": "7", "aws:PrincipalTag/stage": "test", "aws:MultiFactorAuthAge": "90", "accounts.google.com:sub": "7",
		"aws:SourceIdentity": "", "www.amazon.com:user_id": "", "aws:SourceIp": "forged",
	} {
		if got, _ := view.Lookup(key); got.Text() != want && got.String() != want {
			t.Errorf("%s is %v, want %q", key, got, want)
		}
	}
	diff(t, "session policies", sourcesOf(p.SessionPolicies), []string{
		"session policy P (arn:aws:iam::222222222222:policy/P) of session run of role checkout", "session policy of elsewhere"})
	keys.Set("accounts.google.com:sub", condition.String("8"))
	if got, _ := p.Facts.Lookup("accounts.google.com:sub"); got.Text() != "7" {
		t.Error("the keys were not copied")
	}

	// The session of a principal that is there shares its policies.
	base, err := d.Principal(role)
	if err != nil {
		t.Fatal(err)
	}
	shared, err := d.SessionOf(base, facts)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "identity", shared.Identity, p.Identity)
	diff(t, "policies", sourcesOf(shared.IdentityPolicies), sourcesOf(p.IdentityPolicies))
	diff(t, "boundaries", sourcesOf(shared.PermissionsBoundaries), sourcesOf(p.PermissionsBoundaries))
	if len(shared.IdentityPolicies) > 0 && &shared.IdentityPolicies[0] != &base.IdentityPolicies[0] {
		t.Error("the policies are copies")
	}
	user, err := d.Principal("arn:aws:iam::222222222222:user/ops/wren")
	if err != nil {
		t.Fatal(err)
	}
	if guest, err := d.SessionOf(user, SessionFacts{SessionName: "lobby"}); err != nil || guest.Identity.Kind != FederatedUser {
		t.Errorf("%v, %v", guest, err)
	}

	for name, wrong := range map[string]SessionFacts{
		"tag inherited and set": {SessionName: "run", Tags: map[string]string{"a": ""}, InheritedTags: map[string]string{"A": ""}},
		"key of the principal":  {SessionName: "run", Keys: contextWith("aws:PrincipalArn")},
		"key of the request":    {SessionName: "run", Keys: contextWith("aws:SourceIp")},
		"key of the resource":   {SessionName: "run", Keys: contextWith("aws:ResourceAccount")},
		"key that has a field":  {SessionName: "run", Keys: contextWith("AWS:multifactorauthpresent")},
	} {
		var failure *SessionError
		if p, err := d.Session(role, wrong); p != nil || !errors.As(err, &failure) || err.Error() == "" {
			t.Errorf("%s: %v, %v", name, p, err)
		}
	}
	for _, nobody := range []*Principal{nil, new(Principal)} {
		var failure *IdentityError
		if p, err := d.SessionOf(nobody, SessionFacts{SessionName: "run"}); p != nil || !errors.As(err, &failure) {
			t.Errorf("nobody: %v, %v", p, err)
		}
	}
	for _, missing := range []string{"arn:aws:iam::222222222222:policy/Gone", "", "SecurityAudit"} {
		if _, err := d.SessionPolicy(missing); err == nil || !strings.HasSuffix(err.Error(), "has no document in the directory") {
			t.Errorf("%q: %v", missing, err)
		}
	}
}

func contextWith(key string) *condition.Context {
	c := new(condition.Context)
	c.Set(key, condition.String("x"))
	return c
}

// A root user can make a session for somebody too, which has all that its
// session policies leave.
func TestFederatedUserOfRoot(t *testing.T) {
	d := buildTestDirectory(t)
	const root = "arn:aws:iam::222222222222:root"
	p, err := d.FederatedUser(root, SessionFacts{SessionName: "wren", Policies: []string{readBucket}})
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "identity", p.Identity, Identity{Kind: FederatedUser, ARN: "arn:aws:sts::222222222222:federated-user/wren", Partition: "aws", AccountID: "222222222222",
		Name: "wren", IssuerARN: root})
	diff(t, "policies", sourcesOf(p.IdentityPolicies), []string{"policy of what the root user may do attached to " + root})
	if got, _ := p.Facts.Lookup("aws:userid"); got.Text() != "222222222222:wren" {
		t.Errorf("aws:userid is %v", got)
	}
	if _, err := d.Session(root, SessionFacts{SessionName: "wren"}); err == nil {
		t.Error("the root user is no role")
	}
}

func TestMaxSessionDuration(t *testing.T) {
	build := func(seconds int) (*Directory, error) {
		b := NewBuilder()
		b.AddAccount(AccountDetails{AccountID: "111111111111", Users: []UserDetail{{Name: "wren"}},
			Roles: []RoleDetail{{Name: "long", MaxSessionDuration: seconds}, {Name: "usual"}}})
		return b.Build()
	}
	d, err := build(43200)
	if err != nil {
		t.Fatal(err)
	}
	for role, want := range map[string]time.Duration{
		"arn:aws:iam::111111111111:role/long": 12 * time.Hour, "arn:aws:iam::111111111111:role/usual": time.Hour,
		"arn:aws:iam::111111111111:role/gone": 0, "arn:aws:iam::111111111111:user/wren": 0,
	} {
		if got := d.MaxSessionDuration(role); got != want {
			t.Errorf("%s: %v, want %v", role, got, want)
		}
	}
	for _, seconds := range []int{-1, 1, 3599, 43201} {
		if _, err := build(seconds); err == nil || !strings.Contains(err.Error(), "MaxSessionDuration is from 3600 to 43200 seconds") {
			t.Errorf("%d: %v", seconds, err)
		}
	}
	load := func(value string) (*Directory, error) {
		b := NewBuilder()
		b.LoadAccountDetails("account.json", []byte(`{"RoleDetailList": [{"RoleName": "long", "Arn": "arn:aws:iam::111111111111:role/long", "MaxSessionDuration": `+value+`}]}`))
		return b.Build()
	}
	if d, err = load("7200"); err != nil || d.MaxSessionDuration("arn:aws:iam::111111111111:role/long") != 2*time.Hour {
		t.Errorf("%v, %v", d, err)
	}
	if d, err = load("null"); err != nil || d.MaxSessionDuration("arn:aws:iam::111111111111:role/long") != time.Hour {
		t.Errorf("%v, %v", d, err)
	}
	for _, wrong := range []string{`"7200"`, "3600.5", "1e30", "[]"} {
		if _, err := load(wrong); err == nil || !strings.Contains(err.Error(), "a whole number of seconds should be here") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}

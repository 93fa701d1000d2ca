package sts_test

import (
	"errors"
	"maps"
	"testing"
	"time"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate/sts"
	"github.com/portcullis-iam/portcullis/principal"
	"github.com/portcullis-iam/portcullis/principal/federation"
)

// Transitive tags and the source identity go through a chain of roles; other
// tags do not.
func TestRoleChaining(t *testing.T) {
	t.Parallel()
	w := newWorld()
	// The second role wants the inherited tag, which its trust policy sees as a
	// tag of the principal.
	w.role("audit").Trust = statements(trust(aws(deploy), `{"StringEquals": {"aws:PrincipalTag/cost": "42", "aws:PrincipalTag/Stage": "prod", "aws:SourceIdentity": "wren"}}`,
		"sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"))
	s := w.build(t)
	first := assume(t, s, sts.AssumeRoleInput{
		Tags: map[string]string{"cost": "42", "ticket": "7"}, TransitiveTagKeys: []string{"COST"}, SourceIdentity: "wren",
	})
	if want := map[string]string{"cost": "42", "ticket": "7"}; !maps.Equal(first.Tags, want) {
		t.Errorf("the tags are %v", first.Tags)
	}
	if want := map[string]string{"cost": "42"}; !maps.Equal(first.TransitiveTags, want) {
		t.Errorf("the transitive tags are %v", first.TransitiveTags)
	}

	second, err := s.AssumeRole(first, sts.AssumeRoleInput{RoleARN: audit, RoleSessionName: "look", Tags: map[string]string{"floor": "2"}, TransitiveTagKeys: []string{"floor"}})
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]string{"cost": "42", "floor": "2"}; !maps.Equal(second.Tags, want) || !maps.Equal(second.TransitiveTags, want) {
		t.Errorf("the tags are %v, %v", second.Tags, second.TransitiveTags)
	}
	for key, want := range map[string]string{
		"aws:PrincipalTag/cost": "42", "aws:PrincipalTag/floor": "2", "aws:PrincipalTag/ticket": "absent", "aws:PrincipalTag/Stage": "absent",
		"aws:SourceIdentity": "wren", "aws:PrincipalArn": audit, "aws:userid": "AROAAUDIT:look", "aws:MultiFactorAuthPresent": "false",
	} {
		if got := fact(second, key); got != want {
			t.Errorf("%s is %s, want %s", key, got, want)
		}
	}
	// The source identity was not passed again, but needs permission again.
	var actions []string
	for _, step := range second.Steps {
		actions = append(actions, step.Action)
	}
	if want := []string{"sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"}; !equal(actions, want) {
		t.Errorf("asked %v", actions)
	}

	const prefix = "sts: AssumeRole: "
	for _, test := range []struct {
		name string
		in   sts.AssumeRoleInput
		want string
	}{
		{"nothing", sts.AssumeRoleInput{}, "allowed"},
		{"inherited transitive tag set again", sts.AssumeRoleInput{Tags: map[string]string{"Cost": "42"}}, prefix + `Tags: the tag "Cost" is inherited from the caller's session, which cannot be set again`},
		{"tag that is not transitive set again", sts.AssumeRoleInput{Tags: map[string]string{"ticket": "8"}}, "allowed"},
		{"inherited tag named as transitive", sts.AssumeRoleInput{TransitiveTagKeys: []string{"cost"}}, prefix + `TransitiveTagKeys: "cost" is not the key of one of the Tags`},
		{"source identity passed again", sts.AssumeRoleInput{SourceIdentity: "wren"}, "allowed"},
		{"source identity changed", sts.AssumeRoleInput{SourceIdentity: "owl"}, prefix + `SourceIdentity: the caller's session has the source identity "wren", which cannot be changed`},
		{"an hour", sts.AssumeRoleInput{DurationSeconds: 3600}, "allowed"},
		{"over an hour", sts.AssumeRoleInput{DurationSeconds: 3601}, prefix + "DurationSeconds: 3601 seconds are not between 900 and 3600, the most for a role that another role assumes"},
		{"MFA device", sts.AssumeRoleInput{SerialNumber: device}, prefix + "SerialNumber: a role session has no MFA device"},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := test.in
			in.RoleARN, in.RoleSessionName = audit, "look"
			_, err := s.AssumeRole(first, in)
			sameText(t, err, test.want)
		})
	}

	// Tags are counted together.
	most := make(map[string]string)
	for at := range 50 {
		most[string(rune('a'+at%26))+string(rune('a'+at/26))] = "x"
	}
	_, err = s.AssumeRole(first, sts.AssumeRoleInput{RoleARN: audit, RoleSessionName: "look", Tags: most})
	sameText(t, err, prefix+"Tags: the session would have 51 tags; 50 are taken, of which 1 are inherited")

	// Only the role's policies count in the end.
	if got := may(t, second.Evaluator(), "s3:PutObject", report, home, nil); !got.Allowed() {
		t.Error(got)
	}
	if got := may(t, second.Evaluator(), "sqs:SendMessage", message, home, nil); got.Allowed() {
		t.Error(got)
	}
}

func equal(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for at := range a {
		if a[at] != b[at] {
			return false
		}
	}
	return true
}

// A source identity that is carried along needs permission in the next role.
func TestCarriedSourceIdentityNeedsPermission(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.role("audit").Trust = statements(trust(aws(deploy), "", "sts:AssumeRole"))
	s := w.build(t)
	if _, err := s.AssumeRole(assume(t, s, sts.AssumeRoleInput{}), sts.AssumeRoleInput{RoleARN: audit, RoleSessionName: "look"}); err != nil {
		t.Fatal(err)
	}
	_, err := s.AssumeRole(assume(t, s, sts.AssumeRoleInput{SourceIdentity: "wren"}), sts.AssumeRoleInput{RoleARN: audit, RoleSessionName: "look"})
	sameText(t, err, "sts: AssumeRole: arn:aws:sts::111122223333:assumed-role/deploy/nightly may not sts:SetSourceIdentity on "+audit+": the role's side refuses: ImplicitlyDenied: no role trust policy allows it")
}

// Credentials end.
func TestExpiration(t *testing.T) {
	t.Parallel()
	s := newWorld().build(t)
	session := assume(t, s, sts.AssumeRoleInput{DurationSeconds: 1800})
	if !session.IssuedAt.Equal(moment) || !session.Expiration.Equal(moment.Add(30*time.Minute)) {
		t.Errorf("from %v to %v", session.IssuedAt, session.Expiration)
	}
	if usual := assume(t, s, sts.AssumeRoleInput{}); !usual.Expiration.Equal(moment.Add(time.Hour)) {
		t.Errorf("without a duration it lasts until %v", usual.Expiration)
	}
	last, over := session.Expiration.Add(-time.Second), session.Expiration
	if session.Expired(last) || !session.Expired(over) {
		t.Error("it ends at another moment")
	}
	if got := may(t, session.EvaluatorAt(last), "s3:GetObject", report, home, nil); !got.Allowed() {
		t.Error(got)
	}
	if got := may(t, session.EvaluatorAt(over), "s3:GetObject", report, home, nil); got.Allowed() {
		t.Error(got)
	}
	late := s.WithClock(func() time.Time { return over })
	_, err := late.AssumeRole(session, sts.AssumeRoleInput{RoleARN: audit, RoleSessionName: "look"})
	sameText(t, err, "sts: AssumeRole: caller: the credentials expired at 2026-11-24T09:30:00Z")
	var failure *sts.InputError
	if !errors.As(err, &failure) || failure.Code != sts.ExpiredToken {
		t.Errorf("%v", failure)
	}
}

// Long-term credentials have no condition keys of a session, whatever a request
// says.
func TestLongTermCredentialsHaveNoSession(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.home.Users[0].Inline = inline(`{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}`,
		`{"Effect": "Allow", "Action": "sqs:*", "Resource": "*", "Condition": {"Null": {"aws:TokenIssueTime": "false"}}}`)
	s := w.build(t)
	forged := new(condition.Context)
	forged.Set("AWS:multifactorauthpresent", condition.Bool(true))
	forged.Set("aws:TokenIssueTime", condition.Time(moment))
	user := callerOf(t, s, wren).Evaluator()
	for action, resource := range map[string]string{"s3:GetObject": report, "sqs:SendMessage": message} {
		if got := may(t, user, action, resource, home, forged); got.Allowed() {
			t.Errorf("%s: %v", action, got)
		}
	}
	// A code that comes with one call counts for that call alone.
	w.role("deploy").Trust = statements(trust(aws(wren), `{"NumericLessThan": {"aws:MultiFactorAuthAge": "1"}}`, "sts:AssumeRole"))
	s = w.build(t)
	caller, in := callerOf(t, s, wren), sts.AssumeRoleInput{RoleARN: deploy, RoleSessionName: "nightly"}
	for range 2 {
		in.SerialNumber = device
		if _, err := s.AssumeRole(caller, in); err != nil {
			t.Error(err)
		}
		in.SerialNumber = ""
		if _, err := s.AssumeRole(caller, in); len(refusedBy(err)) != 1 {
			t.Errorf("without a code: %v", err)
		}
	}
	// The evaluator of the directory knows nothing of credentials, and takes it.
	open, err := s.Snapshot().Evaluator(wren)
	if err != nil {
		t.Fatal(err)
	}
	if got := may(t, open, "s3:GetObject", report, home, forged); !got.Allowed() {
		t.Error(got)
	}
}

// A zero STS knows nobody, and none of its operations panics.
func TestZeroSTS(t *testing.T) {
	t.Parallel()
	user := callerOf(t, newWorld().build(t), wren)
	for _, zero := range []*sts.STS{nil, new(sts.STS), sts.New(nil), new(sts.STS).WithClock(nil)} {
		var errs []error
		note := func(_ any, err error) { errs = append(errs, err) }
		note(zero.AssumeRole(nil, sts.AssumeRoleInput{}))
		note(zero.AssumeRole(user, sts.AssumeRoleInput{RoleARN: deploy, RoleSessionName: "nightly"}))
		note(zero.AssumeRoleWithWebIdentity(sts.WebIdentityInput{RoleARN: deploy, RoleSessionName: "nightly", Identity: webIdentity(t, githubIssuer, nil)}))
		note(zero.AssumeRoleWithSAML(sts.SAMLInput{Identity: new(federation.SAMLIdentity), PrincipalARN: idp, RoleARN: deploy}))
		note(zero.AssumeServiceRole(sts.ServiceRoleInput{Service: lambda, RoleARN: deploy, RoleSessionName: "nightly"}))
		note(zero.LambdaFunction(deploy, "arn:aws:lambda:eu-west-1:111122223333:function:orders", nil))
		note(zero.GetFederationToken(nil, sts.FederationTokenInput{}))
		note(zero.GetSessionToken(nil, sts.SessionTokenInput{}))
		note(zero.Caller(wren))
		note(zero.State(deploy, principal.SessionFacts{SessionName: "nightly"}))
		for at, err := range errs {
			if err == nil {
				t.Errorf("call %d succeeds", at)
			}
		}
		if zero.Snapshot() == nil {
			t.Error("there is no snapshot")
		}
	}
	if _, err := newWorld().build(t).WithClock(nil).AssumeRole(user, sts.AssumeRoleInput{RoleARN: deploy, RoleSessionName: "nightly"}); err != nil {
		t.Error(err)
	}
}

// What MFA means for sessions, those made from it, and time that passes.
func TestMFA(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.role("deploy").Trust = statements(trust(aws(wren), `{"Bool": {"aws:MultiFactorAuthPresent": "true"}, "NumericLessThan": {"aws:MultiFactorAuthAge": "600"}}`, "sts:AssumeRole"))
	w.role("audit").Trust = statements(trust(aws(deploy), `{"Bool": {"aws:MultiFactorAuthPresent": "false"}}`, "sts:AssumeRole"))
	s := w.build(t)
	at := func(after time.Duration) *sts.STS {
		return s.WithClock(func() time.Time { return moment.Add(after) })
	}
	user := callerOf(t, s, wren)
	in := sts.AssumeRoleInput{RoleARN: deploy, RoleSessionName: "nightly"}

	bare, err := s.GetSessionToken(user, sts.SessionTokenInput{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.AssumeRole(bare, in)
	sameText(t, err, refused+"sts:AssumeRole on "+deploy+": the role's side refuses: ImplicitlyDenied: no role trust policy allows it")
	// A code with the call counts for more than its absence before.
	in.SerialNumber = device
	if _, err := s.AssumeRole(bare, in); err != nil {
		t.Error(err)
	}
	in.SerialNumber = ""

	proved, err := s.GetSessionToken(user, sts.SessionTokenInput{SerialNumber: device})
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "0", "aws:TokenIssueTime": "2026-11-24T09:00:00Z",
		"aws:username": "wren", "aws:userid": "AIDAWREN", "aws:PrincipalArn": wren, "aws:PrincipalTag/team": "birds", "aws:SourceIdentity": "absent"} {
		if got := fact(proved, key); got != want {
			t.Errorf("%s is %s, want %s", key, got, want)
		}
	}
	session, err := at(599*time.Second).AssumeRole(proved, in)
	if err != nil {
		t.Fatal(err)
	}
	if got := fact(session, "aws:MultiFactorAuthAge"); got != "599" {
		t.Errorf("the age is %s", got)
	}
	if _, err := at(600*time.Second).AssumeRole(proved, in); len(refusedBy(err)) != 1 {
		t.Errorf("the code is too old: %v", err)
	}
	// The age grows with the session.
	view := func(after time.Duration) string {
		facts := session.EvaluatorAt(moment.Add(after)).Principal().Facts
		value, _ := facts.Lookup("aws:MultiFactorAuthAge")
		return value.String()
	}
	if got := view(time.Hour); got != "3600" {
		t.Errorf("after an hour the age is %s", got)
	}
	if got := view(-time.Hour); got != "0" {
		t.Errorf("before it began the age is %s", got)
	}
	// The next role in a chain has no MFA behind it.
	next, err := at(599*time.Second).AssumeRole(session, sts.AssumeRoleInput{RoleARN: audit, RoleSessionName: "look"})
	if err == nil {
		t.Fatalf("the trust policy wants no MFA, and the caller has it: %v", next)
	}
	w.role("audit").Trust = statements(trust(aws(deploy), "", "sts:AssumeRole"))
	s = w.build(t)
	if next, err = at(599*time.Second).AssumeRole(session, sts.AssumeRoleInput{RoleARN: audit, RoleSessionName: "look"}); err != nil {
		t.Fatal(err)
	}
	if present, age := fact(next, "aws:MultiFactorAuthPresent"), fact(next, "aws:MultiFactorAuthAge"); present != "false" || age != "absent" {
		t.Errorf("MFA present %s, age %s", present, age)
	}
}

// A session that was stated passes on what was stated.
func TestState(t *testing.T) {
	t.Parallel()
	s := newWorld().build(t)
	yes, age := true, 10*time.Second
	stated, err := s.State("arn:aws:sts::111122223333:assumed-role/deploy/nightly", principal.SessionFacts{
		Tags: map[string]string{"cost": "42", "ticket": "7"}, TransitiveTagKeys: []string{"cost"}, InheritedTags: map[string]string{"floor": "2"},
		SourceIdentity: "wren", TokenIssueTime: moment, MultiFactorAuthPresent: &yes, MultiFactorAuthAge: &age,
	})
	if err != nil {
		t.Fatal(err)
	}
	if stated.Operation != "" || len(stated.Steps) != 0 || !stated.Expiration.IsZero() || stated.Expired(moment.Add(1e6*time.Hour)) {
		t.Errorf("%+v", stated)
	}
	next, err := s.AssumeRole(stated, sts.AssumeRoleInput{RoleARN: audit, RoleSessionName: "look"})
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]string{"cost": "42", "floor": "2"}; !maps.Equal(next.Tags, want) || next.SourceIdentity != "wren" {
		t.Errorf("%v, %q", next.Tags, next.SourceIdentity)
	}
	facts := stated.EvaluatorAt(moment.Add(time.Minute)).Principal().Facts
	if got, _ := facts.Lookup("aws:MultiFactorAuthAge"); got.String() != "70" {
		t.Errorf("the age is %v", got)
	}
	// What is not stated is left to the request, as ever.
	unstated := new(condition.Context)
	unstated.Set("aws:FederatedProvider", condition.String("accounts.google.com"))
	seen := condition.View{Supplied: unstated, Principal: stated.Principal.Facts}
	if got, _ := seen.Lookup("aws:FederatedProvider"); got.String() != "accounts.google.com" {
		t.Errorf("aws:FederatedProvider is %v", got)
	}
	guest, err := s.State(wren, principal.SessionFacts{SessionName: "guest"})
	if err != nil || guest.Principal.Identity.Kind != principal.FederatedUser {
		t.Errorf("%v, %v", guest, err)
	}
	for _, wrong := range []string{"", "nobody:", "lambda.amazonaws.com", "arn:aws:iam::111122223333:role/gone"} {
		if _, err := s.State(wrong, principal.SessionFacts{SessionName: "nightly"}); err == nil {
			t.Errorf("%q has a session", wrong)
		}
	}
}

func TestCaller(t *testing.T) {
	t.Parallel()
	s := newWorld().build(t)
	for _, test := range []struct {
		caller string
		want   any
	}{
		{wren, &sts.LongTerm{}}, {root, &sts.LongTerm{}}, {lambda, &sts.LongTerm{}}, {deploy, &sts.Session{}},
		{"arn:aws:sts::111122223333:assumed-role/deploy/x1", &sts.Session{}}, {"arn:aws:sts::111122223333:federated-user/wren", &sts.Session{}},
		{github, "sts: Caller: caller: the users of an identity provider do not sign calls: they come with AssumeRoleWithSAML or AssumeRoleWithWebIdentity"},
		{principal.AnonymousCaller, "sts: Caller: caller: nobody has signed the call"},
		{"arn:aws:iam::111122223333:user/gone", `principal: "arn:aws:iam::111122223333:user/gone" is not in the directory`},
		{"", `principal: caller "": a caller must be given: an ARN, the name of a service, or "anonymous"`},
	} {
		caller, err := s.Caller(test.caller)
		switch want := test.want.(type) {
		case string:
			sameText(t, err, want)
			if caller != nil {
				t.Errorf("%s: %v", test.caller, caller)
			}
		case *sts.LongTerm:
			if got, ok := caller.(*sts.LongTerm); !ok || err != nil || got.Evaluator().Principal().Identity.String() != test.caller {
				t.Errorf("%s: %v, %v", test.caller, caller, err)
			}
		default:
			if got, ok := caller.(*sts.Session); !ok || err != nil || got.Principal.Identity.String() != test.caller {
				t.Errorf("%s: %v, %v", test.caller, caller, err)
			}
		}
	}
}

package sts_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/sts"
	"github.com/portcullis-iam/portcullis/principal"
	"pgregory.net/rapid"
)

// drawStatement draws a statement about S3 and SQS.
func drawStatement(t *rapid.T) string {
	effect := rapid.SampledFrom([]string{"Allow", "Allow", "Allow", "Deny"}).Draw(t, "effect")
	action := rapid.SampledFrom([]string{"*", "s3:*", "s3:Get*", "s3:PutObject", "sqs:*", "sqs:SendMessage"}).Draw(t, "action")
	resource := rapid.SampledFrom([]string{"*", report, bucket + "/*", message, bucket + "/${aws:PrincipalTag/team}/*"}).Draw(t, "resource")
	text := fmt.Sprintf(`{"Effect": %q, "Action": %q, "Resource": %q`, effect, action, resource)
	return text + rapid.SampledFrom([]string{"", "", `, "Condition": {"StringEquals": {"aws:PrincipalTag/team": "birds"}}`,
		`, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}`, `, "Condition": {"StringEquals": {"aws:SourceIdentity": "wren"}}`,
		`, "Condition": {"StringLike": {"accounts.google.com:sub": "*"}}`, `, "Condition": {"Null": {"aws:TokenIssueTime": "false"}}`}).Draw(t, "condition") + "}"
}

func drawStatements(t *rapid.T, label string) []string {
	return rapid.SliceOfN(rapid.Custom(drawStatement), 1, 4).Draw(t, label)
}

// drawContext draws what a request may claim, true or forged.
func drawContext(t *rapid.T) *condition.Context {
	c := new(condition.Context)
	for _, key := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{
		"aws:PrincipalTag/team", "aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge", "aws:SourceIdentity", "aws:TokenIssueTime", "accounts.google.com:sub", "aws:PrincipalArn",
		"aws:userid", "aws:FederatedProvider", "saml:sub", "lambda:SourceFunctionArn", "aws:PrincipalTag/Stage", "AWS:SOURCEIDENTITY", "ec2:SourceInstanceArn",
	}), func(key string) string { return key }).Draw(t, "keys") {
		c.Set(key, condition.String(rapid.SampledFrom([]string{"birds", "true", "wren", "2026-11-24T09:00:00Z", "0"}).Draw(t, key)))
	}
	return c
}

var questions = [][2]string{{"s3:GetObject", report}, {"s3:GetObject", bucket + "/birds/x"}, {"s3:PutObject", report}, {"sqs:SendMessage", message}, {"sqs:DeleteQueue", message}, {"iam:GetUser", wren}}

func drawInput(t *rapid.T) sts.AssumeRoleInput {
	in := sts.AssumeRoleInput{RoleARN: deploy, RoleSessionName: "nightly"}
	if rapid.Bool().Draw(t, "tagged") {
		in.Tags = map[string]string{"Team": rapid.SampledFrom([]string{"birds", "fish"}).Draw(t, "team")}
	}
	if rapid.Bool().Draw(t, "identified") {
		in.SourceIdentity = "wren"
	}
	if rapid.Bool().Draw(t, "proved") {
		in.SerialNumber = device
	}
	return in
}

// A derived session may do exactly what its role, with the condition keys of the
// session, and its session policies both allow: never more than the role.
func TestSessionNeverExceedsItsRole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		w.role("deploy").Inline = inline(drawStatements(t, "role")...)
		s := w.build(t)
		in := drawInput(t)
		whole := assume(t, s, in)
		in.Policy = statements(drawStatements(t, "session policy")...)
		narrowed := assume(t, s, in)

		// The session policy alone: as the policy of a role with the same keys.
		w.role("deploy").Inline = []principal.NamedDocument{{Name: "own", Document: in.Policy}}
		in.Policy = ""
		alone := assume(t, w.build(t), in)
		for _, question := range questions {
			context := drawContext(t)
			got := may(t, narrowed.Evaluator(), question[0], question[1], home, context).Allowed()
			role := may(t, whole.Evaluator(), question[0], question[1], home, context).Allowed()
			policy := may(t, alone.Evaluator(), question[0], question[1], home, context).Allowed()
			if got != (role && policy) {
				t.Fatalf("%v: the session may %v, the role %v, the session policy %v", question, got, role, policy)
			}
		}
	})
}

// What a request claims about the session changes no decision.
func TestSessionKeysCannotBeForged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		w.role("deploy").Inline = inline(drawStatements(t, "role")...)
		session := assume(t, w.build(t), drawInput(t))
		for _, question := range questions {
			honest := may(t, session.Evaluator(), question[0], question[1], home, nil)
			if forged := may(t, session.Evaluator(), question[0], question[1], home, drawContext(t)); forged.String() != honest.String() {
				t.Fatalf("%v: %v, and with forged keys %v", question, honest, forged)
			}
		}
	})
}

// What the context of a call claims about its parameters changes no decision of a
// step.
func TestStepsCannotBeForged(t *testing.T) {
	t.Parallel()
	keys := []string{"sts:ExternalId", "sts:RoleSessionName", "sts:SourceIdentity", "aws:RequestTag/team", "aws:SourceIdentity", "aws:MultiFactorAuthPresent", "accounts.google.com:sub", "aws:PrincipalTag/team"}
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		key := rapid.SampledFrom(keys).Draw(t, "key")
		value := rapid.SampledFrom([]string{"birds", "wren", "nightly", "true"}).Draw(t, "value")
		w.role("deploy").Trust = statements(trust(aws(wren), fmt.Sprintf(`{"StringEquals": {%q: %q}}`, key, value), "sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"))
		s := w.build(t)
		in := drawInput(t)
		_, honest := s.AssumeRole(callerOf(t, s, wren), in)
		in.Context = new(condition.Context)
		for _, forged := range keys {
			in.Context.Set(forged, condition.String(value))
		}
		if _, forged := s.AssumeRole(callerOf(t, s, wren), in); fmt.Sprint(forged) != fmt.Sprint(honest) {
			t.Fatalf("%v, and with forged keys %v", honest, forged)
		}
	})
}

// The evaluator of a derived session decides as one made from scratch of the same
// principal.
func TestSharedEvaluatorAgrees(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		w.role("deploy").Inline = inline(drawStatements(t, "role")...)
		in := drawInput(t)
		if rapid.Bool().Draw(t, "narrowed") {
			in.Policy = statements(drawStatements(t, "session policy")...)
		}
		session := assume(t, w.build(t), in)
		scratch, err := evaluate.New(session.Principal)
		if err != nil {
			t.Fatal(err)
		}
		for _, question := range questions {
			shared := may(t, session.Evaluator(), question[0], question[1], home, nil)
			if alone := may(t, scratch, question[0], question[1], home, nil); alone.String() != shared.String() {
				t.Fatalf("%v: %v, from scratch %v", question, shared, alone)
			}
		}
	})
}

// Many goroutines derive sessions of the same roles at the same time.
func TestConcurrently(t *testing.T) {
	t.Parallel()
	s := newWorld().build(t)
	user := callerOf(t, s, wren)
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for round := range 50 {
				policy := ""
				if round%2 == 0 {
					policy = statements(allow("s3:*", "*"), allow(fmt.Sprintf("sqs:A%d", round%7), "*"))
				}
				first, err := s.AssumeRole(user, sts.AssumeRoleInput{RoleARN: deploy, RoleSessionName: fmt.Sprint("worker", worker), Policy: policy, SourceIdentity: "wren",
					Tags: map[string]string{"round": fmt.Sprint(round)}, TransitiveTagKeys: []string{"round"}, PolicyARNs: []string{"arn:aws:iam::aws:policy/AdministratorAccess"}})
				if err != nil {
					t.Error(err)
					return
				}
				second, err := s.AssumeRole(first, sts.AssumeRoleInput{RoleARN: audit, RoleSessionName: "look"})
				if err != nil || second.Tags["round"] != fmt.Sprint(round) {
					t.Errorf("%v, %v", second, err)
					return
				}
				if got := may(t, first.Evaluator(), "s3:GetObject", report, home, nil); !got.Allowed() {
					t.Error(got)
				}
				for _, step := range first.Steps {
					_ = step.Explain()
				}
			}
		})
	}
	all.Wait()
}

// The cache of session policies forgets, and what it forgets is compiled again.
func TestManySessionPolicies(t *testing.T) {
	t.Parallel()
	s := newWorld().build(t)
	for round := range 2 {
		for at := range 2500 {
			session := assume(t, s, sts.AssumeRoleInput{Policy: statements(allow(fmt.Sprintf("sqs:A%d", at), "*"))})
			if got := may(t, session.Evaluator(), fmt.Sprintf("sqs:A%d", at), message, home, nil); !got.Allowed() {
				t.Fatalf("%d, %d: %v", round, at, got)
			}
			if at == 1030 { // a policy of the generation before
				again := assume(t, s, sts.AssumeRoleInput{Policy: statements(allow("sqs:A1010", "*"))})
				if got := may(t, again.Evaluator(), "sqs:A1010", message, home, nil); !got.Allowed() {
					t.Fatal(got)
				}
			}
			if got := may(t, session.Evaluator(), fmt.Sprintf("sqs:A%d", at+1), message, home, nil); got.Allowed() {
				t.Fatalf("%d, %d: %v", round, at, got)
			}
		}
	}
}

// Inputs and earlier sessions may be changed by who made them without harm.
func TestSessionsShareNothingWithTheirInput(t *testing.T) {
	t.Parallel()
	s := newWorld().build(t)
	tags, transitive := map[string]string{"cost": "42"}, []string{"cost"}
	session := assume(t, s, sts.AssumeRoleInput{Tags: tags, TransitiveTagKeys: transitive})
	tags["cost"], transitive[0] = "0", "x"
	if session.Tags["cost"] != "42" || session.TransitiveTags["cost"] != "42" || fact(session, "aws:PrincipalTag/cost") != "42" {
		t.Errorf("%v, %v", session.Tags, session.TransitiveTags)
	}
	if got := session.Steps[0].Explain(); !got.Decision.Allowed() {
		t.Error(got.Decision)
	}
}

// Without a snapshot there is nobody, and without a clock it is now.
func TestNew(t *testing.T) {
	t.Parallel()
	if _, err := sts.New(nil).Caller(wren); err == nil {
		t.Error("the empty directory knows wren")
	}
	before := time.Now().Add(-time.Second)
	s := sts.New(newWorld().build(t).Snapshot())
	if session := assume(t, s, sts.AssumeRoleInput{}); session.IssuedAt.Before(before.Truncate(time.Second)) || session.IssuedAt.After(time.Now()) {
		t.Errorf("issued at %v", session.IssuedAt)
	}
	if got := (sts.Step{}).Explain(); got.Principal != "" {
		t.Errorf("%+v", got)
	}
	if (sts.Step{}).Allowed() || (&sts.RefusedError{}).Error() == "" {
		t.Error("the zero Step is allowed")
	}
}

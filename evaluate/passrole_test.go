package evaluate_test

import (
	"errors"
	"fmt"
	"log"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/principal"
)

const passAccount = "arn:aws:iam::111122223333:"

// passDirectory has users who may pass roles in different ways, and roles that
// trust services in different ways.
func passDirectory(t testing.TB) *principal.Directory {
	user := func(name, document string) principal.UserDetail {
		return principal.UserDetail{Name: name, Inline: []principal.NamedDocument{{Name: "pass", Document: document}}}
	}
	trust := func(condition string) string {
		return `{"Statement": {"Sid": "Trust", "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"},
			"Action": "sts:AssumeRole"` + condition + `}}`
	}
	b := principal.NewBuilder()
	b.AddAccount(principal.AccountDetails{
		AccountID: "111122223333",
		Users: []principal.UserDetail{
			user("wren", `{"Statement": [{"Sid": "ToLambda", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "`+passAccount+`role/app/*",
				"Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}}]}`),
			user("lark", `{"Statement": [{"Sid": "Nests", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "*",
				"Condition": {"ArnLike": {"iam:AssociatedResourceArn": "arn:aws:lambda:*:*:function:nest-*"}}}]}`),
			user("robin", `{"Statement": [{"Sid": "NotDelete", "Effect": "Allow", "NotAction": "iam:Delete*", "Resource": "*"}]}`),
			user("finch", `{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"},
				{"Sid": "NoPass", "Effect": "Deny", "Action": "iam:PassRole", "Resource": "`+passAccount+`role/app/*"}]}`),
			user("crow", `{"Statement": [{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}]}`),
			user("tit", `{"Statement": [{"Sid": "Tagged", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "*",
				"Condition": {"StringEquals": {"aws:ResourceTag/team": "birds"}}}]}`),
			user("jay", `{"Statement": [{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*",
				"Condition": {"StringEquals": {"aws:ResourceTag/nest": "birds"}}}]}`),
			user("owl", `{"Statement": [{"Sid": "Night", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "*",
				"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}]}`),
		},
		Roles: []principal.RoleDetail{
			{Name: "resize", Path: "/app/", Trust: trust(""), Tags: map[string]string{"team": "birds"}},
			{Name: "guarded", Path: "/app/", Trust: trust(`, "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"},
				"ArnLike": {"aws:SourceArn": "arn:aws:lambda:*:111122223333:function:nest-*"}}`)},
			{Name: "untrusting", Path: "/app/"},
		},
	})
	b.AddAccount(principal.AccountDetails{AccountID: "444455556666", Roles: []principal.RoleDetail{{Name: "theirs", Trust: trust("")}},
		Users: []principal.UserDetail{{Name: "stork", Inline: []principal.NamedDocument{{Name: "all", Document: `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`}}}}})
	directory, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return directory
}

func TestPassRole(t *testing.T) {
	directory := passDirectory(t)
	const (
		lambda, ec2       = "lambda.amazonaws.com", "ec2.amazonaws.com"
		resize, guarded   = passAccount + "role/app/resize", passAccount + "role/app/guarded"
		nest, other       = "arn:aws:lambda:eu-west-1:111122223333:function:nest-1", "arn:aws:lambda:eu-west-1:111122223333:function:other"
		implicit          = "ImplicitlyDenied: no identity-based policy allows it"
		trusted, distrust = `Allowed by statement "Trust" (1:15) of trust policy of role `, "ImplicitlyDenied: no role trust policy allows it"
	)
	by := func(outcome, sid, place, user string) string {
		return outcome + ` an identity-based policy: statement "` + sid + `" (` + place + `) of inline policy pass of user ` + user
	}
	night := new(condition.Context)
	night.Set("aws:SourceIp", condition.String("192.0.2.1"))
	forged := new(condition.Context)
	forged.Set("iam:PassedToService", condition.String(lambda))
	forged.Set("iam:AssociatedResourceArn", condition.String(nest))
	tagged := new(condition.Context)
	tagged.Set("aws:ResourceTag/nest", condition.String("birds"))
	fromOther := new(condition.Context)
	fromOther.Set("aws:SourceAccount", condition.String("444455556666"))
	fromOther.Set("aws:SourceArn", condition.String(nest))
	for _, one := range []struct {
		name           string
		question       evaluate.PassRoleQuestion
		refusal        evaluate.PassRoleRefusal
		decision       string
		trust          string
		allowed, works bool
	}{
		{"service named", evaluate.PassRoleQuestion{Caller: passAccount + "user/wren", Role: resize, Service: lambda},
			0, by("Allowed by", "ToLambda", "1:16", "wren"), trusted + "resize", true, true},
		{"another service", evaluate.PassRoleQuestion{Caller: passAccount + "user/wren", Role: resize, Service: ec2},
			0, implicit, distrust, false, false},
		{"the context does not forge the service", evaluate.PassRoleQuestion{Caller: passAccount + "user/wren", Role: resize, Service: ec2, Context: forged},
			0, implicit, distrust, false, false},
		{"passed in vain", evaluate.PassRoleQuestion{Caller: passAccount + "user/robin", Role: resize, Service: ec2},
			0, by("Allowed by", "NotDelete", "1:16", "robin"), distrust, true, false},
		{"NotAction grants it", evaluate.PassRoleQuestion{Caller: passAccount + "user/robin", Role: resize, Service: lambda},
			0, by("Allowed by", "NotDelete", "1:16", "robin"), trusted + "resize", true, true},
		{"associated resource", evaluate.PassRoleQuestion{Caller: passAccount + "user/lark", Role: resize, Service: lambda, AssociatedResource: nest},
			0, by("Allowed by", "Nests", "1:16", "lark"), trusted + "resize", true, true},
		{"another associated resource", evaluate.PassRoleQuestion{Caller: passAccount + "user/lark", Role: resize, Service: lambda, AssociatedResource: other},
			0, implicit, trusted + "resize", false, false},
		{"no associated resource", evaluate.PassRoleQuestion{Caller: passAccount + "user/lark", Role: resize, Service: lambda, Context: forged},
			0, implicit, trusted + "resize", false, false},
		{"explicit deny", evaluate.PassRoleQuestion{Caller: passAccount + "user/finch", Role: resize, Service: lambda},
			0, by("ExplicitlyDenied by", "NoPass", "2:5", "finch"), trusted + "resize", false, false},
		{"no permission", evaluate.PassRoleQuestion{Caller: passAccount + "user/crow", Role: resize, Service: lambda},
			0, implicit, trusted + "resize", false, false},
		{"the call's context counts", evaluate.PassRoleQuestion{Caller: passAccount + "user/owl", Role: resize, Service: lambda, Context: night},
			0, by("Allowed by", "Night", "1:16", "owl"), trusted + "resize", true, true},
		{"a tag is no ground", evaluate.PassRoleQuestion{Caller: passAccount + "user/tit", Role: resize, Service: lambda},
			0, by("Undetermined by", "Tagged", "1:16", "tit"), trusted + "resize", false, false},
		{"a tag that the context forges", evaluate.PassRoleQuestion{Caller: passAccount + "user/jay", Role: resize, Service: lambda, Context: tagged},
			0, implicit, trusted + "resize", false, false},
		{"a tag that is not there", evaluate.PassRoleQuestion{Caller: passAccount + "user/jay", Role: resize, Service: lambda},
			0, implicit, trusted + "resize", false, false},
		{"root user", evaluate.PassRoleQuestion{Caller: passAccount + "root", Role: resize, Service: lambda},
			0, "Allowed: nothing denies it to the root user", trusted + "resize", true, true},
		{"role of another account", evaluate.PassRoleQuestion{Caller: "arn:aws:iam::444455556666:user/stork", Role: resize, Service: lambda},
			evaluate.RoleOfAnotherAccount, "ImplicitlyDenied", trusted + "resize", false, false},
		{"a service passes no roles", evaluate.PassRoleQuestion{Caller: ec2, Role: resize, Service: lambda},
			evaluate.CallerWithoutAccount, "ImplicitlyDenied", trusted + "resize", false, false},
		{"trust guards against the confused deputy", evaluate.PassRoleQuestion{Caller: passAccount + "user/robin", Role: guarded, Service: lambda, AssociatedResource: nest},
			0, by("Allowed by", "NotDelete", "1:16", "robin"), trusted + "guarded", true, true},
		{"trust wants another resource", evaluate.PassRoleQuestion{Caller: passAccount + "user/robin", Role: guarded, Service: lambda, AssociatedResource: other},
			0, by("Allowed by", "NotDelete", "1:16", "robin"), distrust, true, false},
		{"trust hangs on the resource", evaluate.PassRoleQuestion{Caller: passAccount + "user/robin", Role: guarded, Service: lambda},
			0, by("Allowed by", "NotDelete", "1:16", "robin"), `Undetermined by statement "Trust" (1:15) of trust policy of role guarded`, true, false},
		{"another context of the service", evaluate.PassRoleQuestion{Caller: passAccount + "user/robin", Role: guarded, Service: lambda, ServiceContext: fromOther},
			0, by("Allowed by", "NotDelete", "1:16", "robin"), distrust, true, false},
		{"no trust policy", evaluate.PassRoleQuestion{Caller: passAccount + "user/robin", Role: passAccount + "role/app/untrusting", Service: lambda},
			0, by("Allowed by", "NotDelete", "1:16", "robin"), distrust, true, false},
	} {
		t.Run(one.name, func(t *testing.T) {
			got, err := evaluate.PassRole(directory, one.question)
			if err != nil {
				t.Fatal(err)
			}
			if got.Refusal != one.refusal || got.Decision.String() != one.decision || got.Trust.String() != one.trust {
				t.Errorf("got  %v\nwant %v\n%s\n%s", got, one.refusal, one.decision, one.trust)
			}
			if got.Allowed() != one.allowed || got.Works() != one.works {
				t.Errorf("Allowed %v, Works %v; want %v, %v", got.Allowed(), got.Works(), one.allowed, one.works)
			}
		})
	}
	if forged.Len() != 2 || night.Len() != 1 {
		t.Error("PassRole changed the context of the question")
	}
}

// A session may pass what its session policies leave of what its role may.
func TestPassRoleOfASession(t *testing.T) {
	b := principal.NewBuilder()
	b.AddAccount(principal.AccountDetails{AccountID: "111122223333", Roles: []principal.RoleDetail{{Name: "ci", Trust: `{"Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}}`,
		Inline: []principal.NamedDocument{{Name: "pass", Document: `{"Statement": {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}}`}}}}})
	directory, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	const role, session = passAccount + "role/ci", "arn:aws:sts::111122223333:assumed-role/ci/42"
	narrow, err := directory.Session(role, principal.SessionFacts{SessionName: "42", Policies: []string{`{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}`}})
	if err != nil {
		t.Fatal(err)
	}
	evaluator, err := evaluate.New(narrow)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		question evaluate.PassRoleQuestion
		want     string
	}{
		{evaluate.PassRoleQuestion{Caller: session}, session + " passes " + role + ": Allowed by an identity-based policy: statement 1 (1:15) of inline policy pass of role ci"},
		{evaluate.PassRoleQuestion{Evaluator: evaluator}, session + " passes " + role + ": ImplicitlyDenied: no session policy allows it"},
		{evaluate.PassRoleQuestion{Evaluator: evaluator, Caller: session}, session + " passes " + role + ": ImplicitlyDenied: no session policy allows it"},
		{evaluate.PassRoleQuestion{Evaluator: new(evaluate.Evaluator)}, " passes " + role + ": Refused: the caller belongs to no account"},
	} {
		one.question.Role, one.question.Service = role, "lambda.amazonaws.com"
		got, err := evaluate.PassRole(directory, one.question)
		if text, _, _ := strings.Cut(got.String(), "\n"); err != nil || text != one.want {
			t.Errorf("got  %s, %v\nwant %s", text, err, one.want)
		}
	}
	var noIdentity *principal.IdentityError
	got, err := evaluate.PassRole(directory, evaluate.PassRoleQuestion{Evaluator: evaluator, Caller: role, Role: role, Service: "lambda.amazonaws.com"})
	if !errors.As(err, &noIdentity) || got.Allowed() {
		t.Errorf("the evaluator of another: %v, %v", got, err)
	}
}

func TestPassRoleErrors(t *testing.T) {
	directory := passDirectory(t)
	const caller, role, service = passAccount + "user/robin", passAccount + "role/app/resize", "lambda.amazonaws.com"
	var noIdentity *principal.IdentityError
	var notFound *principal.NotFoundError
	for _, one := range []struct {
		name     string
		question evaluate.PassRoleQuestion
		target   any
	}{
		{"zero", evaluate.PassRoleQuestion{}, &noIdentity},
		{"a user is no role", evaluate.PassRoleQuestion{Caller: caller, Role: caller, Service: service}, &noIdentity},
		{"a role is no service", evaluate.PassRoleQuestion{Caller: caller, Role: role, Service: role}, &noIdentity},
		{"no service", evaluate.PassRoleQuestion{Caller: caller, Role: role}, &noIdentity},
		{"no caller", evaluate.PassRoleQuestion{Role: role, Service: service}, &noIdentity},
		{"unknown caller", evaluate.PassRoleQuestion{Caller: passAccount + "user/dodo", Role: role, Service: service}, &notFound},
		{"unknown role", evaluate.PassRoleQuestion{Caller: caller, Role: passAccount + "role/resize", Service: service}, &notFound},
	} {
		got, err := evaluate.PassRole(directory, one.question)
		if !errors.As(err, one.target) || got.Allowed() || got.Works() {
			t.Errorf("%s: %v, %v", one.name, got, err)
		}
	}
	if got, err := evaluate.PassRole(nil, evaluate.PassRoleQuestion{Caller: caller, Role: role, Service: service}); !errors.As(err, &notFound) || got.Allowed() {
		t.Errorf("no directory: %v, %v", got, err)
	}
	for refusal := range evaluate.CallerWithoutAccount + 1 {
		if refusal.String() == "unknown refusal" {
			t.Errorf("refusal %d has no words", refusal)
		}
	}
}

// Handing a role to a service needs two things: the caller may pass the role,
// and the role trusts the service.
func ExamplePassRole() {
	b := principal.NewBuilder()
	b.AddAccount(principal.AccountDetails{
		AccountID: "111122223333",
		Users: []principal.UserDetail{{Name: "wren", Inline: []principal.NamedDocument{{Name: "deploy", Document: `{
  "Statement": {"Sid": "ToLambda", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/resize",
    "Condition": {"StringEquals": {"iam:PassedToService": ["lambda.amazonaws.com", "ec2.amazonaws.com"]}}}}`}}}},
		Roles: []principal.RoleDetail{{Name: "resize", Trust: `{
  "Statement": {"Sid": "Lambda", "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}}`}},
	})
	directory, err := b.Build()
	if err != nil {
		log.Fatal(err)
	}
	for _, service := range []string{"lambda.amazonaws.com", "ec2.amazonaws.com"} {
		answer, err := evaluate.PassRole(directory, evaluate.PassRoleQuestion{
			Caller: "arn:aws:iam::111122223333:user/wren", Role: "arn:aws:iam::111122223333:role/resize", Service: service})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(service, answer.Allowed(), answer.Trusted(), answer.Works())
	}
	// Output:
	// lambda.amazonaws.com true true true
	// ec2.amazonaws.com true false false
}

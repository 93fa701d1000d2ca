package sts_test

import (
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/sts"
	"github.com/portcullis-iam/portcullis/principal"
	"github.com/portcullis-iam/portcullis/principal/federation"
)

// example is a directory for the examples: a partner's role, one for a Lambda
// function, one for jobs at GitHub.
func example() *sts.STS {
	b := principal.NewBuilder()
	b.AddAccount(principal.AccountDetails{
		AccountID: "111122223333",
		Users: []principal.UserDetail{{Name: "wren", ID: "AIDAWREN", Inline: []principal.NamedDocument{{Name: "partner", Document: `{
  "Statement": {"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"], "Resource": "arn:aws:iam::444455556666:role/partner"}}`}}}},
		Roles: []principal.RoleDetail{
			{Name: "orders", ID: "AROAORDERS",
				Trust: `{"Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}}`,
				Inline: []principal.NamedDocument{{Name: "table", Document: `{
  "Statement": {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"}}`}}},
			{Name: "ci", ID: "AROACI", Trust: `{"Statement": {"Effect": "Allow",
  "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
  "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {
    "StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"},
    "StringLike": {"token.actions.githubusercontent.com:sub": "repo:birds/nest:*"}}}}`},
		},
	})
	b.AddAccount(principal.AccountDetails{
		AccountID: "444455556666",
		Roles: []principal.RoleDetail{{Name: "partner", ID: "AROAPARTNER", Trust: `{
  "Statement": {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": ["sts:AssumeRole", "sts:TagSession"],
                "Condition": {"StringEquals": {"sts:ExternalId": "nest-42"}}}}`,
			Inline: []principal.NamedDocument{{Name: "reports", Document: `{
  "Version": "2012-10-17",
  "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::reports/${aws:PrincipalTag/customer}/*"}}`}}}},
	})
	directory, err := b.Build()
	if err != nil {
		log.Fatal(err)
	}
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	return sts.New(evaluate.NewSnapshot(directory)).WithClock(func() time.Time { return noon })
}

// A user of one account becomes a session of a role of another: both sides must
// allow each step, and the session policy narrows what comes out.
func ExampleSTS_AssumeRole() {
	security := example()
	wren, err := security.Caller("arn:aws:iam::111122223333:user/wren")
	if err != nil {
		log.Fatal(err)
	}
	session, err := security.AssumeRole(wren, sts.AssumeRoleInput{
		RoleARN: "arn:aws:iam::444455556666:role/partner", RoleSessionName: "monthly", ExternalID: "nest-42",
		Tags:   map[string]string{"customer": "birds"},
		Policy: `{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}`,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(session.Principal.Identity, "until", session.Expiration.Format(time.TimeOnly))
	for _, step := range session.Steps {
		fmt.Println(step)
	}
	for _, question := range [][2]string{{"s3:GetObject", "birds/may.csv"}, {"s3:GetObject", "cats/may.csv"}, {"s3:PutObject", "birds/may.csv"}} {
		request, err := evaluate.NewRequest(question[0], "arn:aws:s3:::reports/"+question[1], "444455556666")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(question[0], question[1], session.Evaluator().Evaluate(request))
	}

	// Output:
	// arn:aws:sts::444455556666:assumed-role/partner/monthly until 13:00:00
	// sts:AssumeRole: Allowed by an identity-based policy: statement 1 (2:16) of inline policy partner of user wren
	// sts:TagSession: Allowed by an identity-based policy: statement 1 (2:16) of inline policy partner of user wren
	// s3:GetObject birds/may.csv Allowed by an identity-based policy: statement 1 (3:16) of inline policy reports of role partner
	// s3:GetObject cats/may.csv ImplicitlyDenied: no identity-based policy allows it
	// s3:PutObject birds/may.csv ImplicitlyDenied: no session policy allows it
}

// The error tells which action was refused, by which side, and why.
func ExampleRefusedError() {
	security := example()
	wren, err := security.Caller("arn:aws:iam::111122223333:user/wren")
	if err != nil {
		log.Fatal(err)
	}
	_, err = security.AssumeRole(wren, sts.AssumeRoleInput{
		RoleARN: "arn:aws:iam::444455556666:role/partner", RoleSessionName: "monthly", ExternalID: "nest-41",
	})
	var refused *sts.RefusedError
	if errors.As(err, &refused) {
		for _, step := range refused.Refused() {
			fmt.Println(step.Action, "is refused by", step.Side())
			fmt.Println(step.Decision)
		}
	}

	// Output:
	// sts:AssumeRole is refused by the role's side
	// ImplicitlyDenied: no role trust policy allows it
}

// All that is wrong with the parameters is told at once.
func ExampleInputErrors() {
	security := example()
	wren, err := security.Caller("arn:aws:iam::111122223333:user/wren")
	if err != nil {
		log.Fatal(err)
	}
	_, err = security.AssumeRole(wren, sts.AssumeRoleInput{
		RoleARN: "arn:aws:iam::444455556666:role/partner", RoleSessionName: "once a month", DurationSeconds: 60,
	})
	fmt.Println(err)

	// Output:
	// sts: AssumeRole: RoleSessionName: "once a month" has a character that is no letter, digit or one of _+=,.@-
	// sts: AssumeRole: DurationSeconds: 60 seconds are not between 900 and 3600, the MaxSessionDuration of the role
}

// A job at GitHub comes with a token. Verify it first: this package and package
// federation do not.
func ExampleSTS_AssumeRoleWithWebIdentity() {
	security := example()
	for _, subject := range []string{"repo:birds/nest:ref:refs/heads/main", "repo:cats/nest:ref:refs/heads/main"} {
		identity, err := federation.NewWebIdentity("https://token.actions.githubusercontent.com", map[string]any{
			"aud": "sts.amazonaws.com", "sub": subject,
		})
		if err != nil {
			log.Fatal(err)
		}
		session, err := security.AssumeRoleWithWebIdentity(sts.WebIdentityInput{
			RoleARN: "arn:aws:iam::111122223333:role/ci", RoleSessionName: "build", Identity: identity,
		})
		if err != nil {
			fmt.Println(err)
			continue
		}
		subject, _ := session.Principal.Facts.Lookup("token.actions.githubusercontent.com:sub")
		fmt.Println(session.Principal.Identity, "of", subject)
	}

	// Output:
	// arn:aws:sts::111122223333:assumed-role/ci/build of repo:birds/nest:ref:refs/heads/main
	// sts: AssumeRoleWithWebIdentity: arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com may not sts:AssumeRoleWithWebIdentity on arn:aws:iam::111122223333:role/ci: the role's side refuses: ImplicitlyDenied: no role trust policy allows it
}

// A Lambda function acts in the session of its execution role.
func ExampleSTS_LambdaFunction() {
	security := example()
	session, err := security.LambdaFunction("arn:aws:iam::111122223333:role/orders",
		"arn:aws:lambda:eu-west-1:111122223333:function:get-order", nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(session.Principal.Identity)
	for _, question := range [][2]string{{"dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"}, {"ec2:RunInstances", "*"}} {
		request, err := evaluate.NewRequest(question[0], question[1], "111122223333")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(question[0], session.Evaluator().Evaluate(request).Outcome)
	}

	// Output:
	// arn:aws:sts::111122223333:assumed-role/orders/get-order
	// dynamodb:GetItem Allowed
	// ec2:RunInstances ImplicitlyDenied
}

// A user makes temporary credentials of its own with an MFA code, and a session
// for somebody else who may do less.
func ExampleSTS_GetSessionToken() {
	security := example()
	wren, err := security.Caller("arn:aws:iam::111122223333:user/wren")
	if err != nil {
		log.Fatal(err)
	}
	session, err := security.GetSessionToken(wren, sts.SessionTokenInput{SerialNumber: "arn:aws:iam::111122223333:mfa/wren"})
	if err != nil {
		log.Fatal(err)
	}
	present, _ := session.Principal.Facts.Lookup("aws:MultiFactorAuthPresent")
	fmt.Println(session.Principal.Identity, "with MFA:", present)

	_, err = security.GetFederationToken(wren, sts.FederationTokenInput{Name: "guest"})
	fmt.Println(err)

	// Output:
	// arn:aws:iam::111122223333:user/wren with MFA: true
	// sts: GetFederationToken: arn:aws:iam::111122223333:user/wren may not sts:GetFederationToken on arn:aws:sts::111122223333:federated-user/guest: the caller's side refuses: ImplicitlyDenied: no identity-based policy allows it
}

// What follows from a session cannot be claimed by a request.
func ExampleSession_Evaluator() {
	security := example()
	session, err := security.LambdaFunction("arn:aws:iam::111122223333:role/orders",
		"arn:aws:lambda:eu-west-1:111122223333:function:get-order", nil)
	if err != nil {
		log.Fatal(err)
	}
	claimed := new(condition.Context)
	claimed.Set("lambda:SourceFunctionArn", condition.String("arn:aws:lambda:eu-west-1:111122223333:function:delete-order"))
	claimed.Set("aws:SourceIdentity", condition.String("root"))
	view := condition.View{Supplied: claimed, Principal: session.Principal.Facts}
	for _, key := range []string{"lambda:SourceFunctionArn", "aws:SourceIdentity"} {
		if value, found := view.Lookup(key); found {
			fmt.Println(key, "is", value)
		} else {
			fmt.Println(key, "is absent")
		}
	}

	// Output:
	// lambda:SourceFunctionArn is arn:aws:lambda:eu-west-1:111122223333:function:get-order
	// aws:SourceIdentity is absent
}

package apigateway_test

import (
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/sts"
	"github.com/portcullis-iam/portcullis/principal"
)

// Behind a method there is often a Lambda function: its policy says who may
// invoke it, and it acts under its execution role.
//
// Source: AWS Lambda Developer Guide, "Viewing resource-based IAM policies in
// Lambda" and "Defining Lambda function permissions with an execution role".
func TestFunctionBehindAMethod(t *testing.T) {
	const (
		function = "arn:aws:lambda:eu-west-1:111122223333:function:pets"
		role     = "arn:aws:iam::111122223333:role/pets"
		table    = "arn:aws:dynamodb:eu-west-1:111122223333:table/pets"
	)
	b := principal.NewBuilder()
	invoke := []principal.NamedDocument{{Name: "invoke", Document: `{"Statement": {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}}`}}
	b.AddAccount(principal.AccountDetails{AccountID: owner,
		Users: []principal.UserDetail{{Name: "wren"}},
		Roles: []principal.RoleDetail{{Name: "pets", Trust: `{"Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}}`,
			Inline: []principal.NamedDocument{{Name: "pets", Document: `{"Statement": [
				{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "` + table + `", "Condition": {"ArnEquals": {"lambda:SourceFunctionArn": "` + function + `"}}},
				{"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}]}`}}}}})
	b.AddAccount(principal.AccountDetails{AccountID: partner,
		Users: []principal.UserDetail{{Name: "stork", Inline: invoke}, {Name: "heron"}, {Name: "crane", Inline: invoke}}})
	b.AddResource(principal.ResourceDetail{ARN: function, Document: `{"Version": "2012-10-17", "Statement": [
		{"Sid": "api", "Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "lambda:InvokeFunction", "Resource": "` + function + `",
			"Condition": {"ArnLike": {"aws:SourceArn": "` + apiARN + `/*/GET/pets/*"}}},
		{"Sid": "bucket", "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "lambda:InvokeFunction", "Resource": "` + function + `",
			"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}, "ArnLike": {"aws:SourceArn": "arn:aws:s3:::pets"}}},
		{"Sid": "skill", "Effect": "Allow", "Principal": {"Service": "alexa-appkit.amazon.com"}, "Action": "lambda:InvokeFunction", "Resource": "` + function + `",
			"Condition": {"StringEquals": {"lambda:EventSourceToken": "skill-7"}}},
		{"Sid": "organization", "Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": "` + function + `",
			"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-birds"}}},
		{"Sid": "partner", "Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::444455556666:user/stork", "arn:aws:iam::444455556666:user/heron"]},
			"Action": "lambda:InvokeFunction", "Resource": "` + function + `"}]}`})
	directory, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		name, caller string
		keys         map[string]string
		want         bool
	}{
		{"API", "apigateway.amazonaws.com", map[string]string{"aws:SourceArn": getPets.ARN()}, true},
		{"another method", "apigateway.amazonaws.com", map[string]string{"aws:SourceArn": apiARN + "/prod/POST/pets/7"}, false},
		{"another service", "events.amazonaws.com", map[string]string{"aws:SourceArn": getPets.ARN()}, false},
		{"bucket", "s3.amazonaws.com", map[string]string{"aws:SourceArn": "arn:aws:s3:::pets", "aws:SourceAccount": owner}, true},
		{"bucket of another account", "s3.amazonaws.com", map[string]string{"aws:SourceArn": "arn:aws:s3:::pets", "aws:SourceAccount": partner}, false},
		{"bucket of nobody", "s3.amazonaws.com", map[string]string{"aws:SourceArn": "arn:aws:s3:::pets"}, false},
		{"skill", "alexa-appkit.amazon.com", map[string]string{"lambda:EventSourceToken": "skill-7"}, true},
		{"another skill", "alexa-appkit.amazon.com", map[string]string{"lambda:EventSourceToken": "skill-8"}, false},
		{"a forged organization", "arn:aws:iam::111122223333:user/wren", map[string]string{"aws:PrincipalOrgID": "o-birds"}, false},
		{"partner, both sides", "arn:aws:iam::444455556666:user/stork", nil, true},
		{"partner, its side is silent", "arn:aws:iam::444455556666:user/heron", nil, false},
		{"partner, the function is silent", "arn:aws:iam::444455556666:user/crane", nil, false},
	} {
		context := new(condition.Context)
		for key, value := range one.keys {
			context.Set(key, condition.String(value))
		}
		got, err := evaluate.Ask(directory, one.caller, "lambda:InvokeFunction", function, context)
		if err != nil || got.Allowed() != one.want {
			t.Errorf("%s: %v, %v", one.name, got, err)
		}
	}

	session, err := sts.New(evaluate.NewSnapshot(directory)).LambdaFunction(role, function, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := session.Principal.Identity.ARN; got != "arn:aws:sts::111122223333:assumed-role/pets/pets" {
		t.Errorf("the function acts as %s", got)
	}
	for _, one := range []struct {
		action, resource string
		want             bool
	}{
		{"dynamodb:GetItem", table, true}, {"dynamodb:PutItem", table, false}, {"logs:PutLogEvents", "*", true}, {"ec2:RunInstances", "*", false},
	} {
		r, err := evaluate.NewRequest(one.action, one.resource, owner)
		if err != nil {
			t.Fatal(err)
		}
		if got := session.Evaluator().Evaluate(r); got.Allowed() != one.want {
			t.Errorf("%s: %v", one.action, got)
		}
	}
}

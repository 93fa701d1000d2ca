// Quickstart tells on one screen what the library is for: it loads an account
// as "aws iam get-account-authorization-details" prints it, puts it under an
// organization, and asks who may do what, and why.
package main

import (
	_ "embed"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/principal"
)

const (
	account = "111122223333"
	home    = "eu-west-1"

	wren   = "arn:aws:iam::111122223333:user/wren"
	ada    = "arn:aws:iam::111122223333:user/ada"
	role   = "arn:aws:iam::111122223333:role/service/orders-report"
	lambda = "lambda.amazonaws.com"
	ec2    = "ec2.amazonaws.com"

	// A session of the role: the role as Lambda has assumed it.
	session = "arn:aws:sts::111122223333:assumed-role/orders-report/nightly"

	table    = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
	function = "arn:aws:lambda:eu-west-1:111122223333:function:orders-report"
	stranger = "arn:aws:lambda:eu-west-1:111122223333:function:billing-report"
	logs     = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/orders-report:log-stream:1"
	machine  = "arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b2c3d4e5f"
	faraway  = "arn:aws:ec2:us-east-1:111122223333:instance/i-0a1b2c3d4e5f"
	newUser  = "arn:aws:iam::111122223333:user/intern"
)

//go:embed account.json
var accountDetails []byte

//go:embed guardrail.json
var guardrail string

// A question is a request in short. Its Region is part of the context: it is
// the value of aws:RequestedRegion.
type question struct {
	caller, action, resource, region string
}

// A chapter is a lesson and the questions that show it.
type chapter struct {
	lesson    string
	questions []question
}

var story = []chapter{
	{"When you attach a policy to a user, the user is the implicit principal.\n" +
		"wren is in the group engineers, which has an inline policy and an AWS managed one:", []question{
		{wren, "lambda:UpdateFunctionCode", function, home},
		{wren, "lambda:UpdateFunctionCode", stranger, home},
		{wren, "dynamodb:Query", table, home},
	}},
	{"When you attach a permission policy to a role, the principal in the role's trust policy\n" +
		"gets the permissions. The trust policy of orders-report decides who that is:", []question{
		{lambda, "sts:AssumeRole", role, home},
		{ec2, "sts:AssumeRole", role, home},
		{wren, "sts:AssumeRole", role, home},
	}},
	{"Lambda has assumed the role. Its policies ReadDynamoDB and WriteCloudWatch say what for:", []question{
		{session, "dynamodb:GetItem", table, home},
		{session, "logs:PutLogEvents", logs, home},
		{session, "dynamodb:PutItem", table, home},
		{session, "ec2:RunInstances", machine, home},
	}},
	{"ada is an administrator, within her permissions boundary and her organization:", []question{
		{ada, "ec2:RunInstances", machine, home},
		{ada, "iam:CreateUser", newUser, home},
		{ada, "ec2:RunInstances", faraway, "us-east-1"},
	}},
}

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

func run(out io.Writer) error {
	directory, err := load()
	if err != nil {
		return err
	}
	for _, chapter := range story {
		fmt.Fprintln(out, chapter.lesson)
		for _, q := range chapter.questions {
			decision, err := ask(directory, q)
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "  %-16s  %s: %s on %s\n", decision.Outcome, shortName(q.caller), q.action, shortResource(q.resource))
			fmt.Fprintf(out, "  %-16s  %s\n", "", reason(decision))
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintln(out, "(4:15) is line and column in the text of the policy. No network, no server, no AWS account.")
	return nil
}

// load makes the directory: everything that is known, parsed and compiled
// once. AWS managed policies that are attached come with the library.
func load() (*principal.Directory, error) {
	builder := principal.NewBuilder()
	builder.LoadAccountDetails("account.json", accountDetails)
	builder.SetOrganization(principal.Organization{
		ID:                "o-exampleorg",
		ManagementAccount: "999988887777",
		Root: principal.OrganizationNode{
			ID:                     "r-root",
			ServiceControlPolicies: []string{principal.FullAWSAccess, "RegionGuardrail"},
			Accounts: []principal.OrganizationAccount{
				{ID: account, ServiceControlPolicies: []string{principal.FullAWSAccess}},
			},
		},
		ServiceControlPolicies: []principal.NamedDocument{{Name: "RegionGuardrail", Document: guardrail}},
	})
	return builder.Build()
}

// ask decides one question. A service would keep the evaluator of a caller, and
// a request to fill again, which decide in well under a microsecond.
func ask(directory *principal.Directory, q question) (evaluate.Decision, error) {
	var context condition.Context
	context.Set("aws:RequestedRegion", condition.String(q.region))
	return evaluate.Ask(directory, q.caller, q.action, q.resource, &context)
}

// reason says what decided, in fewer words than Decision.String, which gives
// the ARNs too.
func reason(decision evaluate.Decision) string {
	statement, found := decision.Statement()
	if !found {
		_, text, _ := strings.Cut(decision.String(), ": ")
		return text
	}
	name := statement.Sid()
	if name == "" {
		name = fmt.Sprintf("statement %d", statement.Index()+1)
	}
	start, _ := statement.Span()
	source := statement.Source()
	policy := strings.TrimSpace(source.Type.String() + " " + source.Name)
	return fmt.Sprintf("%s (%s) in %s of %s", name, start, policy, shortName(source.AttachedTo))
}

// shortName is the last part of an ARN or path, which tells the callers of
// this story apart.
func shortName(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

// shortResource is the end of an ARN and, abroad, its Region.
func shortResource(resource string) string {
	parts := strings.SplitN(resource, ":", 6)
	if region := parts[3]; region != "" && region != home {
		return parts[5] + " in " + region
	}
	return parts[5]
}

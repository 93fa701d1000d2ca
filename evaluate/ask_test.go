package evaluate_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/principal"
)

// askDirectory has a user who may read a bucket from an office, and assume a
// role, which trusts the account but not everybody in it.
func askDirectory() *principal.Builder {
	b := principal.NewBuilder()
	b.AddAccount(principal.AccountDetails{
		AccountID: "111122223333",
		Users: []principal.UserDetail{{Name: "wren", Inline: []principal.NamedDocument{{Name: "read", Document: `{"Statement": [
			{"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}},
			{"Sid": "List", "Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}`}}}},
		Roles: []principal.RoleDetail{{Name: "deploy", Trust: `{"Statement":
			{"Sid": "Trust", "Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}}`}},
	})
	b.AddResource(principal.ResourceDetail{ARN: "arn:aws:s3:::nests", AccountID: "111122223333",
		Document: `{"Statement": {"Sid": "Eggs", "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "arn:aws:s3:::nests/eggs"}}`})
	return b
}

func TestAsk(t *testing.T) {
	directory, err := askDirectory().Build()
	if err != nil {
		t.Fatal(err)
	}
	const wren, deploy = "arn:aws:iam::111122223333:user/wren", "arn:aws:iam::111122223333:role/deploy"
	office := new(condition.Context)
	office.Set("aws:SourceIp", condition.String("192.0.2.7"))
	for _, ask := range []struct {
		caller, action, resource string
		context                  *condition.Context
		want                     string
	}{
		{wren, "s3:GetObject", "arn:aws:s3:::nests/1", office,
			`Allowed by an identity-based policy: statement "Read" (2:4) of inline policy read of user wren`},
		{wren, "s3:GetObject", "arn:aws:s3:::nests/1", nil, "ImplicitlyDenied: no identity-based policy allows it"},
		{wren, "s3:GetObject", "arn:aws:s3:::nests/eggs", office,
			`ExplicitlyDenied by statement "Eggs" (1:15) of resource-based policy of arn:aws:s3:::nests`},
		{wren, "s3:ListAllMyBuckets", "*", nil,
			`Allowed by an identity-based policy: statement "List" (3:4) of inline policy read of user wren`},
		{"ec2.amazonaws.com", "sts:AssumeRole", deploy, nil, `Allowed by statement "Trust" (2:4) of trust policy of role deploy`},
		{wren, "sts:AssumeRole", deploy, nil, "ImplicitlyDenied: no role trust policy allows it"},
		{wren, "sts:TagSession", "arn:aws:iam::111122223333:role/gone", nil, "ImplicitlyDenied: no role trust policy allows it"},
		{"ec2.amazonaws.com", "s3:GetObject", "arn:aws:s3:::nests/1", nil, "ImplicitlyDenied: no resource-based policy allows it"},
		{"arn:aws:iam::111122223333:root", "s3:GetObject", "arn:aws:s3:::nests/1", nil, "Allowed: nothing denies it to the root user"},
	} {
		got, err := evaluate.Ask(directory, ask.caller, ask.action, ask.resource, ask.context)
		if err != nil || got.String() != ask.want {
			t.Errorf("%s: %s on %s: %v, %v\nwant %s", ask.caller, ask.action, ask.resource, got, err, ask.want)
		}
	}
	for _, ask := range []struct {
		caller, action, resource string
		want                     any
	}{
		{"wren:", "s3:GetObject", "*", new(*principal.IdentityError)},
		{"arn:aws:iam::111122223333:user/finch", "s3:GetObject", "*", new(*principal.NotFoundError)},
		{wren, "s3:GetObject", "arn:aws:s3:::unknown/1", new(*principal.ResourceError)},
		{wren, "s3:*", "*", new(*evaluate.RequestError)},
	} {
		if got, err := evaluate.Ask(directory, ask.caller, ask.action, ask.resource, nil); !errors.As(err, ask.want) || got != (evaluate.Decision{}) {
			t.Errorf("%s: %s on %s: %v, %v", ask.caller, ask.action, ask.resource, got, err)
		}
	}
}

// TestAskSeesTheControlPoliciesOfTheCaller: "*" belongs to the caller's
// account, whose resource control policies count.
func TestAskSeesTheControlPoliciesOfTheCaller(t *testing.T) {
	b := askDirectory()
	b.SetOrganization(principal.Organization{
		ID: "o-nests", ManagementAccount: "999988887777",
		Root: principal.OrganizationNode{ID: "r-nests", ResourceControlPolicies: []string{"nothing"},
			Accounts: []principal.OrganizationAccount{{ID: "111122223333"}}},
		ResourceControlPolicies: []principal.NamedDocument{{Name: "nothing", Document: `{"Statement":
			{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}`}},
	})
	directory, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	got, err := evaluate.Ask(directory, "arn:aws:iam::111122223333:user/wren", "s3:ListAllMyBuckets", "*", nil)
	const want = "ExplicitlyDenied by statement 1 (2:4) of resource control policy nothing attached to r-nests"
	if err != nil || got.String() != want {
		t.Errorf("got %v, %v\nwant %s", got, err, want)
	}
}

// TestSizeOfDecision: a Decision is returned by value.
func TestSizeOfDecision(t *testing.T) {
	if size := reflect.TypeFor[evaluate.Decision]().Size(); size > 32 {
		t.Errorf("%d bytes", size)
	}
}

// A question that comes alone, as in a test of least privilege.
func ExampleAsk() {
	directory, err := askDirectory().Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	decision, err := evaluate.Ask(directory, "ec2.amazonaws.com", "sts:AssumeRole", "arn:aws:iam::111122223333:role/deploy", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(decision)
	// Output: Allowed by statement "Trust" (2:4) of trust policy of role deploy
}

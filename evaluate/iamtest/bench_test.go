package iamtest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate/iamtest"
	"github.com/portcullis-iam/portcullis/principal"
)

// manyPolicies is a role with 20 managed policies of ten statements each, as
// teams write them: four actions on two resources, some with conditions.
func manyPolicies(tb testing.TB) (*principal.Directory, string, iamtest.Rules) {
	tb.Helper()
	services := []struct{ actions, arn string }{
		{"dynamodb:GetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/%s-*"},
		{"s3:GetObject s3:PutObject s3:DeleteObject", "arn:aws:s3:::%s/*"},
		{"sqs:SendMessage sqs:ReceiveMessage sqs:DeleteMessage", "arn:aws:sqs:eu-west-1:111122223333:%s"},
		{"sns:Publish", "arn:aws:sns:*:111122223333:%s-*"},
		{"logs:CreateLogStream logs:PutLogEvents", "arn:aws:logs:*:111122223333:log-group:/aws/lambda/%s:*"},
		{"lambda:InvokeFunction lambda:Get*", "arn:aws:lambda:eu-west-1:111122223333:function:%s-*"},
		{"kms:Decrypt kms:GenerateDataKey", "arn:aws:kms:eu-west-1:111122223333:key/%s"},
		{"secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:%s-*"},
		{"ec2:Describe* ec2:StartInstances ec2:StopInstances", "*"},
		{"states:StartExecution states:Describe*", "arn:aws:states:eu-west-1:111122223333:stateMachine:%s"},
	}
	account := principal.AccountDetails{AccountID: "111122223333"}
	role := principal.RoleDetail{Name: "app"}
	var rules iamtest.Rules
	for number := range 20 {
		var statements []string
		for at, one := range services {
			resource, condition := one.arn, ""
			if strings.Contains(resource, "%s") {
				resource = fmt.Sprintf(one.arn, fmt.Sprintf("team%d", number))
			}
			actions := strings.Fields(one.actions)
			rule := iamtest.On(resource, actions...)
			if at%4 == 3 {
				condition = `,"Condition":{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}`
				rule = rule.If("aws:RequestedRegion")
			}
			rules = append(rules, rule)
			statements = append(statements, fmt.Sprintf(`{"Sid":"S%d","Effect":"Allow","Action":["%s"],"Resource":"%s"%s}`,
				at, strings.Join(actions, `","`), resource, condition))
		}
		name := fmt.Sprint("policy-", number)
		account.Policies = append(account.Policies, principal.ManagedPolicyDetail{Name: name, File: name + ".json",
			Document: `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",\n") + `]}`})
		role.Attached = append(role.Attached, "arn:aws:iam::111122223333:policy/"+name)
	}
	account.Roles = append(account.Roles, role)
	b := principal.NewBuilder()
	b.AddAccount(account)
	d, err := b.Build()
	if err != nil {
		tb.Fatal(err)
	}
	return d, "arn:aws:iam::111122223333:role/app", rules
}

// BenchmarkOnlyAllows asks what a role with 20 policies may do, of all actions
// of the catalogue, and finds what the rules say.
func BenchmarkOnlyAllows(b *testing.B) {
	directory, role, rules := manyPolicies(b)
	for b.Loop() {
		// A new one keeps nothing from the time before.
		iamtest.New(b, directory).OnlyAllows(role, rules)
	}
}

// BenchmarkOnlyAllowsManaged asks about a role with twenty of AWS's policies,
// ReadOnlyAccess among them, with one rule for everything.
func BenchmarkOnlyAllowsManaged(b *testing.B) {
	account := principal.AccountDetails{AccountID: "111122223333", Roles: []principal.RoleDetail{{Name: "app"}}}
	for _, name := range []string{
		"ReadOnlyAccess", "PowerUserAccess", "SecurityAudit", "AmazonS3FullAccess", "AmazonDynamoDBFullAccess", "AmazonEC2FullAccess",
		"AWSLambda_FullAccess", "AmazonSQSFullAccess", "AmazonSNSFullAccess", "CloudWatchFullAccess", "CloudWatchLogsFullAccess",
		"AmazonRDSFullAccess", "AmazonVPCFullAccess", "AWSKeyManagementServicePowerUser", "AmazonECS_FullAccess", "AmazonKinesisFullAccess",
		"AmazonRoute53FullAccess", "AWSStepFunctionsFullAccess", "SecretsManagerReadWrite", "AmazonSSMFullAccess",
	} {
		account.Roles[0].Attached = append(account.Roles[0].Attached, "arn:aws:iam::aws:policy/"+name)
	}
	builder := principal.NewBuilder()
	builder.AddAccount(account)
	directory, err := builder.Build()
	if err != nil || len(directory.Problems()) > 0 {
		b.Fatal(err, directory.Problems())
	}
	rules := iamtest.Rules{iamtest.On("*", "*")}
	for b.Loop() {
		f := new(fake)
		iamtest.New(f, directory).OnlyAllows("arn:aws:iam::111122223333:role/app", rules)
		if f.text.Len() == 0 {
			b.Fatal("everything is allowed")
		}
	}
}

// BenchmarkOnlyAllowsBuckets asks about a role that reads one bucket, in an
// account of a thousand with policies.
func BenchmarkOnlyAllowsBuckets(b *testing.B) {
	builder := principal.NewBuilder()
	builder.AddRole("111122223333", principal.RoleDetail{Name: "app", Inline: []principal.NamedDocument{{Name: "read",
		Document: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket-7/*"}]}`}}})
	for number := range 1000 {
		bucket := fmt.Sprint("arn:aws:s3:::bucket-", number)
		builder.AddResource(principal.ResourceDetail{ARN: bucket, AccountID: "111122223333", Document: `{"Version":"2012-10-17","Statement":[` +
			`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/other"},"Action":["s3:GetObject","s3:PutObject"],"Resource":"` + bucket + `/*"},` +
			`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"` + bucket + `/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`})
	}
	directory, err := builder.Build()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		iamtest.New(b, directory).OnlyAllows("arn:aws:iam::111122223333:role/app", iamtest.Rules{
			iamtest.On("arn:aws:s3:::bucket-7/*", "s3:GetObject").Given(iamtest.With("aws:SecureTransport", true))})
	}
}

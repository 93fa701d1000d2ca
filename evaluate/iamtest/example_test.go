package iamtest_test

import (
	"fmt"
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate/iamtest"
	"github.com/portcullis-iam/portcullis/principal"
)

// A printer stands for the *testing.T of a test, and prints what is reported to
// it.
type printer struct{ testing.TB }

func (printer) Helper() {}

func (printer) Logf(format string, arguments ...any) { fmt.Printf(format+"\n", arguments...) }

func (printer) Errorf(format string, arguments ...any) { fmt.Printf(format+"\n", arguments...) }

func (printer) Fatalf(format string, arguments ...any) { fmt.Printf(format+"\n", arguments...) }

// What a test says when a role cannot do what it should.
func ExampleTester_Allowed() {
	iam := iamtest.Load(printer{}, "testdata/account.json")
	iam.Allowed("arn:aws:iam::111122223333:role/report", "dynamodb:Query", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders")
	iam.Allowed("arn:aws:iam::111122223333:role/report", "dynamodb:PutItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders")
	// Output:
	// dynamodb:PutItem should be allowed, and is not
	//   principal: arn:aws:iam::111122223333:role/report
	//   action:    dynamodb:PutItem
	//   resource:  arn:aws:dynamodb:eu-west-1:111122223333:table/orders
	//   decision:  ImplicitlyDenied: no identity-based policy allows it
	//     User: arn:aws:iam::111122223333:role/report is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:eu-west-1:111122223333:table/orders because no identity-based policy allows the dynamodb:PutItem action
	//     in the way: no identity-based policy allows it: statement "ReadOrders" (4:11) of inline policy report of role report would, but its Action "dynamodb:GetItem", "dynamodb:Query" is not "dynamodb:PutItem"
	//     └─ identity-based policy: nothing allows it (0 of 4 statements about the action)
}

// A Deny statement is named by its Sid or by its place. This prints nothing, since
// it is as it should be.
func ExampleTester_DeniedBy() {
	iam := iamtest.Load(printer{}, "testdata/account.json")
	const secret = "arn:aws:s3:::reports/secret/plans.csv"
	iam.DeniedBy("arn:aws:iam::111122223333:role/report", "s3:GetObject", secret, "NoSecrets")
	iam.DeniedBy("arn:aws:iam::111122223333:role/report", "s3:GetObject", secret, "testdata/account.json:22")
	// Output:
}

// A role is to read one table and write one sort of metrics, and may do more.
func ExampleTester_OnlyAllows() {
	iamtest.Load(printer{}, "testdata/account.json").OnlyAllows("arn:aws:iam::111122223333:role/report", iamtest.Rules{
		iamtest.On("arn:aws:dynamodb:eu-west-1:111122223333:table/orders", "dynamodb:GetItem", "dynamodb:Query"),
		iamtest.On("*", "cloudwatch:PutMetricData").If("cloudwatch:namespace"),
	})
	// Output:
	// arn:aws:iam::111122223333:role/report may do something else than it should:
	//   too much, by testdata/account.json:21:11: statement "ReadReports" of inline policy report of role report
	//     + s3:Get* on arn:aws:s3:::reports/*
	//   too much, by testdata/account.json:29:9: statement "TrustReport" of trust policy of role wide
	//     + sts:AssumeRole on arn:aws:iam::111122223333:role/wide
	//   narrow these statements, or add to the rules what is meant: iamtest.On(resource, actions…)
}

// A snapshot is written once, kept beside the test, and compared afterwards.
func ExampleTester_Snapshot() {
	iamtest.Load(printer{}, "testdata/account.json").Snapshot("arn:aws:iam::111122223333:role/report", "testdata/before.golden")
	// Output:
	// the permissions of arn:aws:iam::111122223333:role/report are not those of testdata/before.golden (+ gained, - lost):
	//   [cloudwatch Write]
	//   + cloudwatch:PutMetricData on * if StringEquals cloudwatch:namespace "Orders"
	//       by testdata/account.json:19:11: statement "WriteMetrics" of inline policy report of role report
	//   [dynamodb Read]
	//   + dynamodb:Query on arn:aws:dynamodb:eu-west-1:111122223333:table/orders
	//       by testdata/account.json:17:11: statement "ReadOrders" of inline policy report of role report
	//   - dynamodb:Scan on arn:aws:dynamodb:eu-west-1:111122223333:table/orders
	//   [s3 Read]
	//   + s3:Get* on arn:aws:s3:::reports/* except arn:aws:s3:::reports/secret/*
	//       by testdata/account.json:21:11: statement "ReadReports" of inline policy report of role report
	//   [sqs Write]
	//   - sqs:SendMessage on *
	//   [sts Write]
	//   + sts:AssumeRole on arn:aws:iam::111122223333:role/wide
	//       by testdata/account.json:29:9: statement "TrustReport" of trust policy of role wide
	// If this is as it should be, run the test with -update.
}

// What a role may do, for a report of one's own.
func ExamplePermissions() {
	directory, err := principal.LoadFiles("testdata/account.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	permissions, err := iamtest.Permissions(directory, "arn:aws:iam::111122223333:role/wide")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range permissions {
		fmt.Println(p.Action.AccessLevel(), p.Action, "on", p.Resource)
	}
	// Output:
	// Read dynamodb:GetItem on arn:aws:dynamodb:*:*:table/orders*
	// Write kms:Decrypt on *
	// Write s3:PutObject on arn:aws:s3:::home/birds/*
}

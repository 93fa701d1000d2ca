package portcullis_test

import (
	"fmt"
	"log"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// Ask one question about an account. The README shows this program.
func Example() {
	directory, err := principal.LoadFiles("examples/quickstart/account.json")
	if err != nil {
		log.Fatal(err)
	}
	decision, err := evaluate.Ask(directory, "arn:aws:iam::111122223333:user/wren",
		"dynamodb:Query", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(decision)

	// Output: Allowed by an identity-based policy: statement "ReadOnlyActionsGroup1" (1:38) of AWS managed policy ReadOnlyAccess (arn:aws:iam::aws:policy/ReadOnlyAccess) attached to group engineers
}

// Decide from policies in hand.
func Example_policiesInHand() {
	reports, err := policy.Load(policy.IdentityBased, []byte(`{
	  "Version": "2012-10-17",
	  "Statement": [{
	    "Sid": "ReadReports", "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::reports/*",
	    "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
	  }]
	}`))
	if err != nil {
		log.Fatal(err) // every mistake in the document, with line and column
	}
	wren, err := principal.Identify("arn:aws:iam::111122223333:user/wren", "")
	if err != nil {
		log.Fatal(err)
	}
	evaluator, err := evaluate.New(&principal.Principal{
		Identity:         wren,
		IdentityPolicies: []principal.Attachment{{Policy: reports}},
		Facts:            principal.FactsOf(wren), // aws:username, aws:PrincipalArn, …
	})
	if err != nil {
		log.Fatal(err)
	}
	request, err := evaluate.NewRequest("s3:GetObject", "arn:aws:s3:::reports/may.csv", "111122223333")
	if err != nil {
		log.Fatal(err)
	}
	request.Context.Set("aws:SourceIp", condition.String("192.0.2.7"))
	fmt.Println(evaluator.Evaluate(request))

	// Output: Allowed by an identity-based policy: statement "ReadReports" (3:18) of an unnamed policy
}

// Load an account from the output of aws iam get-account-authorization-details
// and ask what the session of a role may do. The directory knows the policies
// of the role and all condition keys that follow from who asks.
func Example_loadAccount() {
	directory, err := principal.LoadFiles("examples/quickstart/account.json")
	if err != nil {
		log.Fatal(err)
	}
	for _, problem := range directory.Problems() {
		fmt.Println(problem) // a policy or group that is referred to and not there
	}
	session, err := directory.Principal("arn:aws:sts::111122223333:assumed-role/orders-report/nightly")
	if err != nil {
		log.Fatal(err)
	}
	evaluator, err := evaluate.New(session)
	if err != nil {
		log.Fatal(err)
	}
	for _, action := range []string{"dynamodb:GetItem", "dynamodb:PutItem"} {
		request, err := evaluate.NewRequest(action, "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", "")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(action, evaluator.Evaluate(request).Outcome)
	}

	// Output:
	// dynamodb:GetItem Allowed
	// dynamodb:PutItem ImplicitlyDenied
}

// Ask who may assume a role. What comes with the resource, here the trust
// policy, is found by the directory as well.
func Example_trustPolicy() {
	const role = "arn:aws:iam::111122223333:role/service/orders-report"
	directory, err := principal.LoadFiles("examples/quickstart/account.json")
	if err != nil {
		log.Fatal(err)
	}
	for _, service := range []string{"lambda.amazonaws.com", "ec2.amazonaws.com"} {
		decision, err := evaluate.Ask(directory, service, "sts:AssumeRole", role, nil)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s: %s\n", service, decision)
	}

	// Output:
	// lambda.amazonaws.com: Allowed by statement "TrustLambda" (4:11) of trust policy of role orders-report
	// ec2.amazonaws.com: ImplicitlyDenied: no role trust policy allows it
}

// Test least privilege: a role may do what it needs and nothing else. In a
// test, report with t.Errorf what is printed here; the text of a decision says
// which statement is to blame.
func Example_leastPrivilege() {
	directory, err := principal.LoadFiles("examples/quickstart/account.json")
	if err != nil {
		log.Fatal(err)
	}
	const (
		role  = "arn:aws:iam::111122223333:role/service/orders-report"
		table = "arn:aws:dynamodb:eu-west-1:111122223333:table/"
	)
	expected := []struct {
		action, resource string
		allowed          bool
	}{
		{"dynamodb:GetItem", table + "orders", true},
		{"dynamodb:Scan", table + "orders", false}, // a finding: reports need no scans
		{"dynamodb:GetItem", table + "customers", false},
		{"dynamodb:DeleteTable", table + "orders", false},
		{"iam:PassRole", role, false},
	}
	for _, want := range expected {
		got, err := evaluate.Ask(directory, role, want.action, want.resource, nil)
		if err != nil {
			log.Fatal(err)
		}
		if got.Allowed() != want.allowed {
			fmt.Printf("%s on %s: %s\n", want.action, want.resource, got)
		}
	}

	// Output: dynamodb:Scan on arn:aws:dynamodb:eu-west-1:111122223333:table/orders: Allowed by an identity-based policy: statement "ReadOrders" (4:15) of managed policy ReadDynamoDB (arn:aws:iam::111122223333:policy/ReadDynamoDB) attached to role orders-report
}

// Explain a decision: what every layer says, and which condition keys were
// looked for and not there.
func Example_explain() {
	directory, err := principal.LoadFiles("examples/quickstart/account.json")
	if err != nil {
		log.Fatal(err)
	}
	session, err := directory.Principal("arn:aws:sts::111122223333:assumed-role/orders-report/nightly")
	if err != nil {
		log.Fatal(err)
	}
	evaluator, err := evaluate.New(session)
	if err != nil {
		log.Fatal(err)
	}
	request, err := evaluate.NewRequest("cloudwatch:PutMetricData", "*", "")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(evaluator.Explain(request))

	request.Context.Set("cloudwatch:namespace", condition.String("Orders"))
	explanation := evaluator.Explain(request)
	for _, layer := range explanation.Layers {
		for _, statement := range layer.Allows {
			start, end := statement.Span()
			fmt.Printf("%s: %s of %s, %s to %s\n", layer.Layer, statement.Sid(), statement.Source().Name, start, end)
		}
	}

	// Output:
	// ImplicitlyDenied: no identity-based policy allows it
	//   User: arn:aws:sts::111122223333:assumed-role/orders-report/nightly is not authorized to perform: cloudwatch:PutMetricData on resource: * because no identity-based policy allows the cloudwatch:PutMetricData action
	//   in the way: no identity-based policy allows it: statement "WriteMetrics" (10:15) of managed policy WriteCloudWatch (arn:aws:iam::111122223333:policy/WriteCloudWatch) attached to role orders-report would, but StringEquals cloudwatch:namespace "Orders" does not hold, the key is missing
	//   └─ identity-based policy: nothing allows it (1 of 3 statements about the action)
	//      └─ statement "WriteMetrics" (10:15) of managed policy WriteCloudWatch (arn:aws:iam::111122223333:policy/WriteCloudWatch) attached to role orders-report does not allow it [examples/quickstart/account.json:131:15]
	//         └─ StringEquals cloudwatch:namespace "Orders": no, the key is missing
	//   keys that statements look at and the request does not have: cloudwatch:namespace
	// identity-based policy: WriteMetrics of WriteCloudWatch, 10:15 to 16:16
}

package evaluate_test

import (
	"encoding/json"
	"fmt"
	"log"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// attach compiles a policy for the examples.
func attach(kind policy.Kind, from principal.Source, text string) principal.Attachment {
	compiled, err := policy.Load(kind, []byte(text))
	if err != nil {
		log.Fatal(err) // every mistake in the document, with line and column
	}
	return principal.Attachment{Policy: compiled, Source: from}
}

// wren is an IAM user who may read reports.
func wren() *principal.Principal {
	identity, err := principal.Identify("arn:aws:iam::111122223333:user/wren", "")
	if err != nil {
		log.Fatal(err)
	}
	return &principal.Principal{
		Identity: identity,
		IdentityPolicies: []principal.Attachment{
			attach(policy.IdentityBased, principal.Source{Type: principal.UserInline, Name: "reports", AttachedTo: identity.ARN}, `{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*",
     "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
    {"Sid": "NotPay", "Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::reports/pay/*"}
  ]
}`)},
	}
}

// An evaluator is made once for a principal and answers any number of requests.
func ExampleNew() {
	evaluator, err := evaluate.New(wren())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(evaluator.Principal().Identity)

	// A policy that was compiled for another use is refused.
	mistaken := wren()
	mistaken.SessionPolicies = mistaken.IdentityPolicies
	_, err = evaluate.New(mistaken)
	fmt.Println(err)

	// Output:
	// arn:aws:iam::111122223333:user/wren
	// evaluate: inline policy reports of user wren was compiled as an identity-based policy and cannot serve as a session policy
}

// One Request and its context serve for many questions.
func ExampleEvaluator_Evaluate() {
	evaluator, err := evaluate.New(wren())
	if err != nil {
		log.Fatal(err)
	}
	request := evaluate.Request{Context: new(condition.Context)}
	for _, object := range []string{"reports/may.csv", "reports/pay/may.csv", "photos/cat.png"} {
		request.Context.Reset()
		request.Context.Set("aws:SecureTransport", condition.Bool(true))
		// The ARN of a bucket does not tell whose it is.
		if err := request.Set("s3:GetObject", "arn:aws:s3:::"+object, "111122223333"); err != nil {
			log.Fatal(err)
		}
		decision := evaluator.Evaluate(&request)
		fmt.Println(object, decision.Allowed(), decision.Outcome)
		if statement, found := decision.Statement(); found {
			fmt.Println("  because of", statement)
		}
	}

	// Output:
	// reports/may.csv true Allowed
	//   because of statement "Read" (4:5) of inline policy reports of user wren
	// reports/pay/may.csv false ExplicitlyDenied
	//   because of statement "NotPay" (6:5) of inline policy reports of user wren
	// photos/cat.png false ImplicitlyDenied
}

// Ask before everything is known: a decision that hangs on an unknown key is
// Undetermined.
func ExampleEvaluator_Evaluate_unknown() {
	evaluator, err := evaluate.New(wren())
	if err != nil {
		log.Fatal(err)
	}
	request := evaluate.Request{Context: new(condition.Context)}
	request.Context.SetUnknown("aws:SecureTransport")
	for _, object := range []string{"reports/may.csv", "reports/pay/may.csv"} {
		if err := request.Set("s3:GetObject", "arn:aws:s3:::"+object, "111122223333"); err != nil {
			log.Fatal(err)
		}
		fmt.Println(object, evaluator.Evaluate(&request).Outcome, evaluator.Explain(&request).UnknownKeys())
	}

	// Output:
	// reports/may.csv Undetermined [aws:SecureTransport]
	// reports/pay/may.csv ExplicitlyDenied [aws:SecureTransport]
}

// Explain tells what every layer says, and which keys were looked for and not
// there.
func ExampleEvaluator_Explain() {
	wren := wren()
	wren.ServiceControlLevels = []principal.Level{{OrgIdentifier: "r-1a2b", Policies: []principal.Attachment{
		attach(policy.ServiceControl, principal.Source{Type: principal.ServiceControl, Name: "FullAWSAccess"},
			`{"Version": "2012-10-17", "Statement": {"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}}`),
	}}}
	evaluator, err := evaluate.New(wren)
	if err != nil {
		log.Fatal(err)
	}
	request, err := evaluate.NewRequest("s3:GetObject", "arn:aws:s3:::reports/may.csv", "111122223333")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(evaluator.Explain(request))

	// Output:
	// ImplicitlyDenied: no identity-based policy allows it
	//   User: arn:aws:iam::111122223333:user/wren is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::reports/may.csv because no identity-based policy allows the s3:GetObject action
	//   in the way: no identity-based policy allows it: statement "Read" (4:5) of inline policy reports of user wren would, but Bool aws:SecureTransport "true" does not hold, the key is missing
	//   ├─ service control policy at r-1a2b: allowed
	//   │  └─ statement "All" (1:40) of FullAWSAccess allows it
	//   │     ├─ Action "*": yes
	//   │     └─ Resource "*": yes
	//   └─ identity-based policy: nothing allows it
	//      ├─ statement "NotPay" (6:5) of inline policy reports of user wren does not deny it
	//      │  └─ Resource "arn:aws:s3:::reports/pay/*": no
	//      └─ statement "Read" (4:5) of inline policy reports of user wren does not allow it
	//         └─ Bool aws:SecureTransport "true": no, the key is missing
	//   keys that statements look at and the request does not have: aws:SecureTransport
}

// A bucket of another account: its policy must allow, and so must the policies
// of the caller.
func ExampleNewResource() {
	bucketPolicy := attach(policy.ResourceBased, principal.Source{Type: principal.ResourcePolicy, AttachedTo: "arn:aws:s3:::reports"},
		`{"Version": "2012-10-17", "Statement": {"Sid": "Partner", "Effect": "Allow",
		  "Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}}`)
	bucket, err := evaluate.NewResource(&principal.Resource{ARN: "arn:aws:s3:::reports/may.csv", AccountID: "444455556666", Policy: &bucketPolicy})
	if err != nil {
		log.Fatal(err)
	}
	nobody := wren()
	nobody.IdentityPolicies = nil
	for _, caller := range []*principal.Principal{wren(), nobody} {
		evaluator, err := evaluate.New(caller)
		if err != nil {
			log.Fatal(err)
		}
		request := evaluate.Request{Context: new(condition.Context)}
		request.Context.Set("aws:SecureTransport", condition.Bool(true))
		if err := request.SetFor("s3:GetObject", bucket); err != nil {
			log.Fatal(err)
		}
		fmt.Println(evaluator.Evaluate(&request))

		// Without its policy the bucket allows nobody from outside.
		request.Resource = nil
		fmt.Println(evaluator.Evaluate(&request))
	}

	// Output:
	// Allowed by an identity-based policy: statement "Read" (4:5) of inline policy reports of user wren
	// ImplicitlyDenied: no resource-based policy allows it
	// ImplicitlyDenied: no identity-based policy allows it
	// ImplicitlyDenied: no resource-based policy allows it
}

// SetFor asks about a resource together with what comes with it.
func ExampleRequest_SetFor() {
	queuePolicy := attach(policy.ResourceBased, principal.Source{Type: principal.ResourcePolicy, AttachedTo: "queue jobs"},
		`{"Version": "2012-10-17", "Statement": {"Sid": "Wren", "Effect": "Allow",
		  "Principal": {"AWS": "arn:aws:iam::111122223333:user/wren"}, "Action": "sqs:SendMessage", "Resource": "*"}}`)
	queue, err := evaluate.NewResource(&principal.Resource{
		ARN: "arn:aws:sqs:eu-west-1:111122223333:jobs", AccountID: "111122223333", Policy: &queuePolicy})
	if err != nil {
		log.Fatal(err)
	}
	evaluator, err := evaluate.New(wren())
	if err != nil {
		log.Fatal(err)
	}
	var request evaluate.Request
	for _, action := range []string{"sqs:SendMessage", "sqs:DeleteQueue"} {
		if err := request.SetFor(action, queue); err != nil {
			log.Fatal(err)
		}
		fmt.Println(request.Action(), evaluator.Evaluate(&request))
	}

	// Output:
	// sqs:SendMessage Allowed by statement "Wren" (1:40) of resource-based policy of queue jobs
	// sqs:DeleteQueue ImplicitlyDenied: no identity-based policy allows it
}

// The policies of a VPC endpoint filter what comes through it, and grant
// nothing.
func ExampleNewEndpoint() {
	endpoint, err := evaluate.NewEndpoint([]principal.Attachment{
		attach(policy.VPCEndpoint, principal.Source{Type: principal.EndpointPolicy, AttachedTo: "vpce-1a2b3c4d"},
			`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::photos/*"}}`),
	})
	if err != nil {
		log.Fatal(err)
	}
	evaluator, err := evaluate.New(wren())
	if err != nil {
		log.Fatal(err)
	}
	request, err := evaluate.NewRequest("s3:GetObject", "arn:aws:s3:::reports/may.csv", "111122223333")
	if err != nil {
		log.Fatal(err)
	}
	request.Context.Set("aws:SecureTransport", condition.Bool(true))
	fmt.Println(evaluator.Evaluate(request).Outcome)
	request.Endpoint = endpoint
	fmt.Println(evaluator.Evaluate(request))

	// Output:
	// Allowed
	// ImplicitlyDenied: no VPC endpoint policy allows it
}

// The answer of the IAM policy simulator, for programs that read that already.
func ExampleExplanation_EvaluationResult() {
	evaluator, err := evaluate.New(wren())
	if err != nil {
		log.Fatal(err)
	}
	request, err := evaluate.NewRequest("s3:GetObject", "arn:aws:s3:::reports/pay/may.csv", "111122223333")
	if err != nil {
		log.Fatal(err)
	}
	text, err := json.MarshalIndent(evaluator.Explain(request).EvaluationResult(), "", " ")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(text))

	// Output:
	// {
	//  "EvalActionName": "s3:GetObject",
	//  "EvalResourceName": "arn:aws:s3:::reports/pay/may.csv",
	//  "EvalDecision": "explicitDeny",
	//  "MatchedStatements": [
	//   {
	//    "SourcePolicyId": "user_wren_reports",
	//    "SourcePolicyType": "user",
	//    "StartPosition": {
	//     "Line": 6,
	//     "Column": 6
	//    },
	//    "EndPosition": {
	//     "Line": 6,
	//     "Column": 100
	//    }
	//   }
	//  ],
	//  "MissingContextValues": [
	//   "aws:SecureTransport"
	//  ],
	//  "EvalDecisionDetails": {
	//   "IAM Policy": "explicitDeny"
	//  }
	// }
}

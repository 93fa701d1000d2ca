package catalog_test

import (
	"fmt"

	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/policy/catalog"
)

// What a pattern in a policy means.
func ExampleExpand() {
	for _, action := range catalog.Expand("sqs:*tag*") {
		fmt.Println(action, "-", action.AccessLevel())
	}
	// Output:
	// sqs:ListQueueTags - Read
	// sqs:TagQueue - Tagging
	// sqs:UntagQueue - Tagging
}

// What an action does, on what, and which conditions can be put on it.
func ExampleLookupAction() {
	action, ok := catalog.LookupAction("iam:passrole")
	if !ok {
		fmt.Println("AWS documents no such action")
		return
	}
	fmt.Printf("%s of %s\n%s\n", action, action.Service().Name(), action.Description())
	for taken := range action.ResourceTypes() {
		fmt.Println("on", taken.Type().ARNFormat())
	}
	for key := range action.ConditionKeys() {
		fmt.Println("if", key, "of type", key.Type())
	}
	// Output:
	// iam:PassRole of AWS Identity and Access Management (IAM)
	// Grants permission to pass a role to a service
	// on arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}
	// if iam:AssociatedResourceArn of type Arn
	// if iam:PassedToService of type String
}

// What may be asked on a resource.
func ExampleActionsOn() {
	const stream = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/stream/2026-11-24T08:00:00.000"
	fmt.Println(catalog.ResourceTypesOf(stream))
	for _, action := range catalog.ActionsOn(stream) {
		fmt.Println(action)
	}
	// Output:
	// [dynamodb stream]
	// dynamodb:DeleteResourcePolicy
	// dynamodb:DescribeStream
	// dynamodb:GetRecords
	// dynamodb:GetResourcePolicy
	// dynamodb:GetShardIterator
	// dynamodb:ListTagsOfResource
	// dynamodb:PutResourcePolicy
	// dynamodb:TagResource
	// dynamodb:UntagResource
}

// A key of a family has the type of the family.
func ExampleLookupConditionKey() {
	for _, name := range []string{"aws:requesttag/team", "aws:TagKeys", "aws:CurrentTime"} {
		key, _ := catalog.LookupConditionKey(name)
		fmt.Println(key, key.Type(), key.Multivalued())
	}
	// Output:
	// aws:RequestTag/${TagKey} String false
	// aws:TagKeys String true
	// aws:CurrentTime Date false
}

// What is probably misspelt in a policy.
func ExampleCheck() {
	document, err := policy.Parse(policy.IdentityBased, []byte(`{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": ["s3:GetObjects", "s3:List*"],
    "Resource": "*",
    "Condition": {"StringEquals": {"aws:TagKeys": "team"}}
  }
}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, finding := range catalog.Check(document) {
		fmt.Println(finding.String())
	}
	// Output:
	// ERROR 5:16: Statement.Action[0]: AWS documents no action "s3:GetObjects" of Amazon S3: correct it (INVALID_ACTION)
	// ERROR 7:36: Statement.Condition.StringEquals["aws:TagKeys"]: "aws:TagKeys" can have several values: write ForAnyValue:StringEquals or ForAllValues:StringEquals (MISSING_QUALIFIER)
}

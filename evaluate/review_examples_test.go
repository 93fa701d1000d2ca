package evaluate_test

import (
	"context"
	"fmt"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/principal"
)

// office is a small account: alice and the role backup may read reports from
// the office, bob may not; the bucket's own policy lets carol in.
func office() (*principal.Directory, error) {
	const read = `{"Version": "2012-10-17", "Statement": {"Sid": "FromTheOffice", "Effect": "Allow", "Action": "s3:GetObject",
		"Resource": "arn:aws:s3:::reports/*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}}`
	b := principal.NewBuilder()
	b.AddUser("111111111111", principal.UserDetail{Name: "alice", Inline: []principal.NamedDocument{{Name: "read", Document: read}}})
	b.AddUser("111111111111", principal.UserDetail{Name: "bob"})
	b.AddUser("111111111111", principal.UserDetail{Name: "carol"})
	b.AddRole("111111111111", principal.RoleDetail{Name: "backup", Inline: []principal.NamedDocument{{Name: "read", Document: read}}})
	b.AddResource(principal.ResourceDetail{ARN: "arn:aws:s3:::reports", AccountID: "111111111111", Document: `{"Statement": {"Effect": "Allow",
		"Principal": {"AWS": "arn:aws:iam::111111111111:user/carol"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}}`})
	return b.Build()
}

// Who can read the reports, from the office and from somewhere?
func ExampleReview_WhoCan() {
	directory, err := office()
	if err != nil {
		fmt.Println(err)
		return
	}
	review, err := evaluate.NewReview(directory)
	if err != nil {
		fmt.Println(err)
		return
	}
	inside, somewhere := new(condition.Context), new(condition.Context)
	inside.Set("aws:SourceIp", condition.String("203.0.113.7"))
	somewhere.SetUnknown("aws:SourceIp")
	for _, where := range []*condition.Context{inside, somewhere} {
		answer, err := review.WhoCan(context.Background(), evaluate.Question{
			Action: "s3:GetObject", Resource: "arn:aws:s3:::reports/2026.csv", Context: where,
		}, evaluate.Options{})
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, access := range answer.Allowed {
			fmt.Println(access.Caller, "can, by the", access.Decision.Layer)
		}
		for _, access := range answer.Undetermined {
			fmt.Println(access.Caller, "perhaps")
		}
	}
	// Output:
	// arn:aws:iam::111111111111:role/backup can, by the identity-based policy
	// arn:aws:iam::111111111111:user/alice can, by the identity-based policy
	// arn:aws:iam::111111111111:user/carol can, by the resource-based policy
	// arn:aws:iam::111111111111:user/carol can, by the resource-based policy
	// arn:aws:iam::111111111111:role/backup perhaps
	// arn:aws:iam::111111111111:user/alice perhaps
}

// What of a list of actions can alice do with the reports?
func ExampleReview_WhatCan() {
	directory, err := office()
	if err != nil {
		fmt.Println(err)
		return
	}
	review, err := evaluate.NewReview(directory)
	if err != nil {
		fmt.Println(err)
		return
	}
	inside := new(condition.Context)
	inside.Set("aws:SourceIp", condition.String("203.0.113.7"))
	decisions, err := review.WhatCan(context.Background(), "arn:aws:iam::111111111111:user/alice",
		[]string{"s3:GetObject", "s3:PutObject", "s3:DeleteObject"},
		evaluate.Question{Resource: "arn:aws:s3:::reports/2026.csv", Context: inside})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, one := range decisions {
		fmt.Println(one.Action, one.Decision.Outcome)
	}
	// Output:
	// s3:GetObject Allowed
	// s3:PutObject ImplicitlyDenied
	// s3:DeleteObject ImplicitlyDenied
}

// The same with an evaluator and a request in hand.
func ExampleEvaluator_Can() {
	directory, err := office()
	if err != nil {
		fmt.Println(err)
		return
	}
	carol, err := directory.Principal("arn:aws:iam::111111111111:user/carol")
	if err != nil {
		fmt.Println(err)
		return
	}
	reports, err := directory.Resource("arn:aws:s3:::reports/2026.csv", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	evaluator, err := evaluate.New(carol)
	if err != nil {
		fmt.Println(err)
		return
	}
	resource, err := evaluate.NewResource(reports)
	if err != nil {
		fmt.Println(err)
		return
	}
	var request evaluate.Request
	if err := request.SetFor("s3:GetObject", resource); err != nil {
		fmt.Println(err)
		return
	}
	decisions, err := evaluator.Can(context.Background(), &request, []string{"s3:GetObject", "s3:PutObject"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, one := range decisions {
		fmt.Println(one.Action, one.Decision.Allowed())
	}
	// Output:
	// s3:GetObject true
	// s3:PutObject false
}

// A service decides with the snapshot in force, while another goroutine
// replaces it. What has not changed is not compiled again.
func ExampleStore() {
	directory, err := office()
	if err != nil {
		fmt.Println(err)
		return
	}
	store := evaluate.NewStore(directory)

	request, err := evaluate.NewRequest("s3:GetObject", "arn:aws:s3:::reports/2026.csv", "111111111111")
	if err != nil {
		fmt.Println(err)
		return
	}
	decide := func(caller string) {
		decision, err := store.Load().Decide(caller, request)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(caller, decision.Outcome)
	}
	decide("arn:aws:iam::111111111111:user/bob")

	b := principal.NewBuilder()
	b.Reuse(store.Load().Directory())
	b.AddUser("111111111111", principal.UserDetail{Name: "bob", Inline: []principal.NamedDocument{{Name: "read", Document: `{"Version": "2012-10-17",
		"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::reports/*"}}`}}})
	next, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	store.Swap(next)
	decide("arn:aws:iam::111111111111:user/bob")
	// Output:
	// arn:aws:iam::111111111111:user/bob ImplicitlyDenied
	// arn:aws:iam::111111111111:user/bob Allowed
}

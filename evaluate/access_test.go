package evaluate_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/fuzz/generate"
)

// TestWhatCanIsAskingEach holds WhatCan against one request after another.
func TestWhatCanIsAskingEach(t *testing.T) {
	t.Parallel()
	actions := []string{"s3:GetObject", "S3:getobject", "sts:AssumeRole", "ec2:DescribeInstances", "s3:PutObject", "sqs:SendMessage",
		"dynamodb:Query", "kms:Decrypt", "s3:ListAllMyBuckets", "sts:GetCallerIdentity", "iam:CreateUser"}
	outcomes := map[evaluate.Outcome]int{}
	for seed := range uint64(60) {
		described := generate.DirectoryFromSeed(seed)
		d := generatedDirectory(t, described)
		r := review(t, d)
		random := rand.New(rand.NewPCG(seed, 2))
		for _, generated := range described.Questions(seed, 6) {
			if _, err := d.Principal(generated.Principal); err != nil {
				continue // a federated user of another name than its issuer
			}
			q := evaluate.Question{Resource: generated.Resource, Context: generatedContext(generated.Context, func() bool { return random.IntN(8) == 0 })}
			if _, err := d.Resource(q.Resource, ""); err != nil && q.Resource != "*" {
				q.Account = described.Accounts[0].ID
			}
			list := append([]string{generated.Action}, actions...)
			got, err := r.WhatCan(t.Context(), generated.Principal, list, q)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != len(list) {
				t.Fatalf("%d decisions about %d actions", len(got), len(list))
			}
			for at, action := range list {
				q.Action = action
				who := askEverybody(t, d, q, []string{generated.Principal})
				want := evaluate.ImplicitlyDenied
				for _, access := range who.Allowed {
					if access.Caller == generated.Principal {
						want = evaluate.Allowed
					}
				}
				for _, access := range who.Undetermined {
					if access.Caller == generated.Principal {
						want = evaluate.Undetermined
					}
				}
				outcome := got[at].Decision.Outcome
				outcomes[outcome]++
				if outcome == evaluate.ExplicitlyDenied {
					outcome = evaluate.ImplicitlyDenied // neither is in the answer
				}
				if got[at].Action != action || outcome != want {
					t.Errorf("directory %d: %s, %s on %s: %v, want %v", seed, generated.Principal, action, q.Resource, got[at], want)
				}
			}
		}
	}
	if outcomes[evaluate.Allowed] < 60 || outcomes[evaluate.ExplicitlyDenied] < 10 || outcomes[evaluate.Undetermined] < 10 {
		t.Errorf("too few decisions to compare: %v", outcomes)
	}
}

func TestCan(t *testing.T) {
	t.Parallel()
	d := crowd(t, 3)
	someone, err := d.Principal("arn:aws:iam::111111111111:user/user-00000")
	if err != nil {
		t.Fatal(err)
	}
	e, err := evaluate.New(someone)
	if err != nil {
		t.Fatal(err)
	}
	request, err := evaluate.NewRequest("s3:PutObject", "arn:aws:s3:::reports/2026.csv", "111111111111")
	if err != nil {
		t.Fatal(err)
	}
	decisions, err := e.Can(t.Context(), request, []string{"s3:PutObject", "s3:GetObject", "s3:GetObject", "ec2:RunInstances"})
	if err != nil {
		t.Fatal(err)
	}
	want := []bool{false, true, true, false}
	for at := range want {
		if len(decisions) != len(want) || decisions[at].Decision.Allowed() != want[at] {
			t.Fatalf("decisions are %v, want %v", decisions, want)
		}
	}
	if request.Action() != "s3:PutObject" {
		t.Errorf("the request now asks for %s", request.Action())
	}
	if decisions, err := e.Can(t.Context(), request, nil); err != nil || len(decisions) != 0 {
		t.Errorf("no actions: %v, %v", decisions, err)
	}

	var malformed *evaluate.RequestError
	if decisions, err := e.Can(t.Context(), request, []string{"s3:GetObject", "s3:Get*"}); decisions != nil || !errors.As(err, &malformed) {
		t.Errorf("an action with a wildcard: %v, %v; want no decisions and a RequestError", decisions, err)
	}
	for _, unset := range []*evaluate.Request{nil, {}} {
		if decisions, err := e.Can(t.Context(), unset, []string{"s3:GetObject"}); decisions != nil || !errors.As(err, &malformed) {
			t.Errorf("a request that was not set: %v, %v; want no decisions and a RequestError", decisions, err)
		}
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if decisions, err := e.Can(cancelled, request, []string{"s3:GetObject"}); decisions != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v, %v", decisions, err)
	}
	if decisions, err := review(t, d).WhatCan(cancelled, someone.Identity.ARN, []string{"s3:GetObject"}, crowdQuestion()); decisions != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("WhatCan, cancelled: %v, %v", decisions, err)
	}
}

package evaluate

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// TestSharedByGoroutines: one Evaluator, Resource, Endpoint and one request
// that nobody changes serve many goroutines at a time, and decide as for one.
// The race detector looks on.
func TestSharedByGoroutines(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	for number := range 200 { // enough for an index
		fmt.Fprintf(&many, `{"Sid": "Allow%d", "Effect": "Allow", "Action": ["sqs:Send*", "sqs:Get%d"], "Resource": "arn:aws:sqs:*:*:${test:owner}-%d-*"},`, number, number, number)
		fmt.Fprintf(&many, `{"Sid": "Deny%d", "Effect": "Deny", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:*:*:*-%d-secret", "Condition": {"StringLike": {"aws:RequestTag/team": "b*d"}}},`, number, number)
	}
	many.WriteString(other)
	s := scene{caller: session, issuer: sessionRole, identity: []string{many.String()}, boundary: []string{everythingAllowed}, session: []string{everythingAllowed},
		serviceControl: []string{everythingAllowed}, endpoint: []string{to(everybody, everythingAllowed)}, resourceControl: []string{""}, context: new(condition.Context)}
	s.context.Set("test:owner", condition.String("alice"))
	s.context.SetTag("aws:RequestTag", "team", condition.String("bird"))
	e := s.evaluator(t)
	shared := s.request(t)
	resource, err := NewResource(&principal.Resource{Policy: &principal.Attachment{Policy: loaded(t, policy.ResourceBased,
		to(aws(session), `{"Sid": "Grant", "Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:*:*:*-1-*"}`))}})
	if err != nil {
		t.Fatal(err)
	}
	shared.Resource = resource
	name := func(number int) string {
		return fmt.Sprintf("arn:aws:sqs:eu-west-1:111122223333:%s-%d-%s", [...]string{"alice", "bob"}[number%2], number/4%200, [...]string{"open", "secret"}[number/2%2])
	}
	if err := shared.Set(send, name(4), ""); err != nil {
		t.Fatal(err)
	}

	const questions = 400
	decisions := make([]Decision, questions)
	outcomes := map[Outcome]int{}
	own := Request{Context: shared.Context, Resource: resource, Endpoint: shared.Endpoint}
	for number := range decisions {
		if err := own.Set(send, name(number), ""); err != nil {
			t.Fatal(err)
		}
		decisions[number] = e.Evaluate(&own)
		outcomes[decisions[number].Outcome]++
	}
	if outcomes[Allowed] == 0 || outcomes[ExplicitlyDenied] == 0 || outcomes[ImplicitlyDenied] == 0 {
		t.Fatalf("the questions are too much alike: %v", outcomes)
	}
	alone, explained := e.Evaluate(shared), e.Explain(shared).String()

	var group sync.WaitGroup
	for number := range 16 {
		group.Go(func() {
			mine := Request{Context: shared.Context, Resource: resource, Endpoint: shared.Endpoint}
			for step := range questions {
				at := (step*7 + number*31) % questions
				if err := mine.Set(send, name(at), ""); err != nil {
					t.Error(err)
					return
				}
				if got := e.Evaluate(&mine); got != decisions[at] {
					t.Errorf("%s: %v among others, %v alone", name(at), got, decisions[at])
					return
				}
				if got := e.Evaluate(shared); got != alone {
					t.Errorf("the shared request: %v among others, %v alone", got, alone)
					return
				}
			}
			if got := e.Explain(shared).String(); got != explained {
				t.Errorf("explained among others:\n%s\nalone:\n%s", got, explained)
			}
		})
	}
	group.Wait()
}

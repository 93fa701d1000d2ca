package fuzz_test

import (
	"sync"
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/fuzz/generate"
	"github.com/portcullis-iam/portcullis/internal/neutral"
)

// TestConcurrentDecisionsAreTheSequentialOnes lets goroutines decide the same
// questions in different orders with shared evaluators, resources, endpoints and
// contexts; only the request, which is for one goroutine, is each one's own.
func TestConcurrentDecisionsAreTheSequentialOnes(t *testing.T) {
	t.Parallel()
	type prepared struct {
		c        generate.Case
		decoded  *neutral.Case
		question *neutral.Question
		decision evaluate.Decision
		text     string
	}
	var all []prepared
	for seed := range uint64(budget(1600)) {
		c := generate.FromSeed(seed)
		decoded, err := neutral.Decode(c.JSON())
		if err != nil {
			continue
		}
		question, err := decoded.Prepare()
		if err != nil {
			continue
		}
		all = append(all, prepared{c, decoded, question, question.Evaluator.Evaluate(question.Request), question.Evaluator.Explain(question.Request).String()})
	}
	if len(all) < 40 {
		t.Fatalf("%d questions", len(all))
	}
	const goroutines = 8
	var group sync.WaitGroup
	for number := range goroutines {
		group.Go(func() {
			var own evaluate.Request
			for step := range all {
				// Every odd goroutine goes backwards, and each begins elsewhere.
				at := (step + number*len(all)/goroutines) % len(all)
				if number%2 == 1 {
					at = len(all) - 1 - at
				}
				p := &all[at]
				own.Context, own.Resource, own.Endpoint = p.decoded.Context, p.question.Request.Resource, p.question.Request.Endpoint
				if err := own.Set(p.decoded.Action, p.decoded.Resource.ARN, p.decoded.Account); err != nil {
					t.Errorf("%v\n%s", err, p.c.JSON())
					continue
				}
				if got := p.question.Evaluator.Evaluate(&own); got != p.decision {
					t.Errorf("%v among others, %v alone\n%s", got, p.decision, p.c.JSON())
				}
				if got := p.question.Evaluator.Explain(&own).String(); got != p.text {
					t.Errorf("among others:\n%s\nalone:\n%s\n%s", got, p.text, p.c.JSON())
				}
			}
		})
	}
	group.Wait()
}

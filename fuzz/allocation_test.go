package fuzz_test

import (
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/fuzz/generate"
	"github.com/portcullis-iam/portcullis/internal/neutral"
)

// TestDecisionsAllocateNothing sets a request and decides it, for generated
// questions. The work of a decision is bounded by the size of its input; memory
// is not part of it.
func TestDecisionsAllocateNothing(t *testing.T) {
	decided := 0
	for seed := range uint64(budget(1000)) {
		line := generate.FromSeed(seed).JSON()
		c, err := neutral.Decode(line)
		if err != nil {
			continue
		}
		question, err := c.Prepare()
		if err != nil {
			continue
		}
		decided++
		var decision evaluate.Decision
		if count := testing.AllocsPerRun(3, func() {
			if err := question.Request.Set(c.Action, c.Resource.ARN, c.Account); err != nil {
				t.Error(err)
			}
			decision = question.Evaluator.Evaluate(question.Request)
		}); count != 0 {
			t.Fatalf("seed %d: %v allocations for %v\n%s", seed, count, decision, line)
		}
	}
	if decided < 40 {
		t.Errorf("%d decisions", decided)
	}
}

package fuzz_test

import (
	"testing"

	"github.com/portcullis-iam/portcullis/fuzz/generate"
)

// TestOrderIsIrrelevant shuffles what has an order in JSON and none in IAM.
func TestOrderIsIrrelevant(t *testing.T) {
	const seed = 17
	for name, order := range map[string]struct {
		share   float64 // of the questions that have something to shuffle
		shuffle func(generate.Case) generate.Case
	}{
		"statements": {0.3, func(c generate.Case) generate.Case { return c.ShuffleStatements(seed) }},
		"policies":   {0.15, func(c generate.Case) generate.Case { return c.ShufflePolicies(seed) }},
		"values":     {0.3, func(c generate.Case) generate.Case { return c.ShuffleValues(seed) }},
		"map keys":   {0.9, func(c generate.Case) generate.Case { return c.ShuffleKeyOrder(seed) }},
		"all of it": {0.9, func(c generate.Case) generate.Case {
			return c.ShuffleStatements(seed).ShufflePolicies(seed).ShuffleValues(seed).ShuffleKeyOrder(seed)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, 1500, order.share, unchanged(order.shuffle))
		})
	}
}

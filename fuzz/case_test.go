package fuzz_test

import (
	"testing"

	"github.com/portcullis-iam/portcullis/fuzz/generate"
)

// TestLetterCaseIsIrrelevantWhereItIsDefinedSo changes capital into small
// letters and back where SEMANTICS 11.1 to 11.3 say that it does not matter.
// Where it does matter is in TestLetterCaseMatters.
func TestLetterCaseIsIrrelevantWhereItIsDefinedSo(t *testing.T) {
	const seed = 23
	for name, letters := range map[string]struct {
		share float64
		flip  func(generate.Case) generate.Case
	}{
		"actions":               {0.9, func(c generate.Case) generate.Case { return c.FlipActionCase(seed) }},
		"condition keys":        {0.5, func(c generate.Case) generate.Case { return c.FlipKeyCase(seed) }},
		"operators":             {0.5, func(c generate.Case) generate.Case { return c.FlipOperatorCase(seed) }},
		"names of variables":    {0.05, func(c generate.Case) generate.Case { return c.FlipVariableCase(seed) }},
		"all of them, and more": {0.9, func(c generate.Case) generate.Case { return c.FlipCase(seed).FlipCase(seed + 1) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, 1500, letters.share, unchanged(letters.flip))
		})
	}
}

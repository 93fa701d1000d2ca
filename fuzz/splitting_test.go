package fuzz_test

import (
	"testing"

	"github.com/portcullis-iam/portcullis/fuzz/generate"
)

// TestSplittingAStatementChangesNothing makes several statements of one, or one
// of several, where what is listed are alternatives.
func TestSplittingAStatementChangesNothing(t *testing.T) {
	for name, way := range map[string]struct {
		share  float64
		change func(generate.Case) generate.Case
	}{
		"by actions":    {0.3, generate.Case.SplitActions},
		"by resources":  {0.3, generate.Case.SplitResources},
		"by principals": {0.05, generate.Case.SplitPrincipals},
		"by values":     {0.05, generate.Case.SplitValues},
		"by all": {0.5, func(c generate.Case) generate.Case {
			return c.SplitActions().SplitResources().SplitPrincipals().SplitValues()
		}},
		"and merging it back": {0.1, func(c generate.Case) generate.Case { return c.SplitActions().SplitResources().MergeStatements() }},
		"the other way round": {0.005, generate.Case.MergeStatements},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, 1500, way.share, unchanged(way.change))
		})
	}
}

// TestAListOfOneIsTheValue writes single values as lists and the other way
// round, everywhere in documents.
func TestAListOfOneIsTheValue(t *testing.T) {
	t.Parallel()
	check(t, 1500, 0.9, unchanged(generate.Case.ScalarToList))
	check(t, 1500, 0.9, unchanged(generate.Case.ListToScalar))
}

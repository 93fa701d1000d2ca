package policy

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/portcullis-iam/portcullis/internal/fold"
)

// TestNames: a small set and a big one, which are made differently, agree.
func TestNames(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		// The Kelvin sign and the long s fold to ASCII in Unicode, not here;
		// @ and ` differ in the same bit as letters do.
		few, many := newNames(0), newNames(fewNames+1)
		for _, name := range rapid.SliceOf(rapid.StringOf(rapid.SampledFrom([]rune("aAkK\u212AsSſzZ@`[{")))).Draw(t, "names") {
			earlier, again := few.add(name)
			earlierOfMany, againOfMany := many.add(name)
			if earlier != earlierOfMany || again != againOfMany {
				t.Fatalf("%q: %q %v, %q %v", name, earlier, again, earlierOfMany, againOfMany)
			}
			if again && fold.Text(earlier) != fold.Text(name) {
				t.Fatalf("%q is taken for %q", name, earlier)
			}
		}
	})
}

// TestDuplicatesAmongMany finds a key again among more than are compared one
// by one.
func TestDuplicatesAmongMany(t *testing.T) {
	t.Parallel()
	d := &Document{Kind: IdentityBased, Statements: []Statement{{Effect: Allow, Action: StringsOf("*"), Resource: StringsOf("*")}}}
	operator := ConditionOperator{Name: Text{Value: "StringEquals"}}
	for i := range 100 {
		operator.Keys = append(operator.Keys, ConditionKey{Key: Text{Value: fmt.Sprintf("aws:PrincipalTag/T%d", i)}})
	}
	d.Statements[0].Condition = []ConditionOperator{operator}
	if err := d.Check(); err != nil {
		t.Fatal(err)
	}
	operator.Keys[99].Key.Value = "aws:principaltag/t50"
	want := `Statement[0].Condition.StringEquals["aws:principaltag/t50"]: the key "aws:principaltag/t50" is the same as "aws:PrincipalTag/T50", since letter case does not count: keep one (DUPLICATE_KEYS_WITH_DIFFERENT_CASE)`
	if err := d.Check(); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

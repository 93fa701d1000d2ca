package generate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/portcullis-iam/portcullis/fuzz/generate"
	"github.com/portcullis-iam/portcullis/fuzz/reference"
)

// sameMeaning are the transformations that must not change a decision.
var sameMeaning = map[string]func(generate.Case, uint64) generate.Case{
	"ShuffleStatements": generate.Case.ShuffleStatements,
	"ShufflePolicies":   generate.Case.ShufflePolicies,
	"ShuffleValues":     generate.Case.ShuffleValues,
	"ShuffleKeyOrder":   generate.Case.ShuffleKeyOrder,
	"FlipActionCase":    generate.Case.FlipActionCase,
	"FlipKeyCase":       generate.Case.FlipKeyCase,
	"FlipOperatorCase":  generate.Case.FlipOperatorCase,
	"FlipVariableCase":  generate.Case.FlipVariableCase,
	"FlipCase":          generate.Case.FlipCase,
	"ScalarToList":      func(c generate.Case, _ uint64) generate.Case { return c.ScalarToList() },
	"ListToScalar":      func(c generate.Case, _ uint64) generate.Case { return c.ListToScalar() },
	"SplitActions":      func(c generate.Case, _ uint64) generate.Case { return c.SplitActions() },
	"SplitResources":    func(c generate.Case, _ uint64) generate.Case { return c.SplitResources() },
	"SplitPrincipals":   func(c generate.Case, _ uint64) generate.Case { return c.SplitPrincipals() },
	"SplitValues":       func(c generate.Case, _ uint64) generate.Case { return c.SplitValues() },
	"MergeStatements":   func(c generate.Case, _ uint64) generate.Case { return c.MergeStatements() },
	"split and merge": func(c generate.Case, _ uint64) generate.Case {
		return c.SplitActions().SplitResources().MergeStatements()
	},
}

func TestTransformationsKeepTheMeaning(t *testing.T) {
	t.Parallel()
	for name, transform := range sameMeaning {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed := 0
			for seed := range uint64(600) {
				c := generate.FromSeed(seed)
				before := c.JSON()
				after := transform(c, seed)
				if string(c.JSON()) != string(before) {
					t.Fatalf("seed %d: the case itself was changed", seed)
				}
				line := after.JSON()
				if err := checkCase(line, c.Labels.Broken != ""); err != nil {
					t.Fatalf("seed %d: %v\n%s", seed, err, line)
				}
				if string(line) != string(before) {
					changed++
				}
				first, second := reference.Decide(before), reference.Decide(line)
				if first.Decision != second.Decision {
					t.Fatalf("seed %d: %s %s became %s %s\n%s\n%s", seed, first.Decision, first.Layer, second.Decision, second.Layer, before, line)
				}
			}
			// Few cases hold statements that can be merged before anything was split.
			if changed < 12 && (name != "MergeStatements" || changed == 0) {
				t.Errorf("only %d of 600 cases were changed", changed)
			}
		})
	}
}

func TestMergeUndoesSplit(t *testing.T) {
	t.Parallel()
	statement := generate.Statement{
		Effect:   "Allow",
		Action:   &generate.Strings{Values: []string{"s3:GetObject", "s3:PutObject"}},
		Resource: &generate.Strings{Values: []string{"arn:aws:s3:::a/*", "arn:aws:s3:::b/*"}},
	}
	c := generate.Case{IdentityPolicies: []generate.Document{{Version: "2012-10-17", Statements: []generate.Statement{statement}}}}
	split := c.SplitActions().SplitResources()
	if got := len(split.IdentityPolicies[0].Statements); got != 4 {
		t.Fatalf("split into %d statements", got)
	}
	if diff := cmp.Diff(string(c.JSON()), string(split.MergeStatements().JSON())); diff != "" {
		t.Error(diff)
	}
}

func TestSplitLeavesNegationsAlone(t *testing.T) {
	t.Parallel()
	two := &generate.Strings{Values: []string{"s3:GetObject", "s3:PutObject"}}
	values := []generate.Scalar{{Text: "a"}, {Text: "b"}}
	for _, name := range []string{"StringNotEquals", "ForAllValues:StringEquals", "ForAnyValue:StringNotLike", "forallvalues:null", "ForAllValues:StringEqualsIfExists"} {
		statement := generate.Statement{Effect: "Allow", NotAction: two, NotResource: &generate.Strings{Values: []string{"arn:aws:s3:::a", "arn:aws:s3:::b"}},
			Condition: &generate.Condition{Operators: []generate.OperatorBlock{{Name: name, Keys: []generate.KeyTest{{Key: "k", Values: values}}}}}}
		c := generate.Case{IdentityPolicies: []generate.Document{{Statements: []generate.Statement{statement}}}}
		if diff := cmp.Diff(c, c.SplitActions().SplitResources().SplitValues()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for _, name := range []string{"StringEquals", "ForAnyValue:StringLike", "NumericLessThanIfExists", "null"} {
		statement := generate.Statement{Condition: &generate.Condition{Operators: []generate.OperatorBlock{{Name: name, Keys: []generate.KeyTest{{Key: "k", Values: values}}}}}}
		c := generate.Case{IdentityPolicies: []generate.Document{{Statements: []generate.Statement{statement}}}}
		if got := len(c.SplitValues().IdentityPolicies[0].Statements); got != 2 {
			t.Errorf("%s: split into %d statements", name, got)
		}
	}
}

func TestAddDenyNeverAllows(t *testing.T) {
	t.Parallel()
	effective := map[generate.Layer]int{}
	for seed := range uint64(900) {
		c := generate.FromSeed(seed)
		first := reference.Decide(c.JSON())
		for _, layer := range generate.Layers() {
			changed, ok := c.AddDeny(layer, c.Broad(layer, "Deny"))
			if !ok {
				continue
			}
			second := reference.Decide(changed.JSON())
			if first.Decision != "Allowed" && second.Decision != first.Decision && second.Decision != "ExplicitlyDenied" {
				t.Fatalf("seed %d: a Deny in layer %s turned %s into %s\n%s", seed, layer, first.Decision, second.Decision, changed.JSON())
			}
			if first.Decision == "Allowed" && second.Decision == "ExplicitlyDenied" {
				effective[layer]++
			}
		}
	}
	for _, layer := range generate.Layers() {
		if effective[layer] < 12 {
			t.Errorf("a Deny in layer %s denied only %d allowed cases", layer, effective[layer])
		}
	}
}

func TestAddAllowNeverDenies(t *testing.T) {
	t.Parallel()
	effective := 0
	for seed := range uint64(900) {
		c := generate.FromSeed(seed)
		first := reference.Decide(c.JSON())
		for _, layer := range generate.Layers() {
			changed, ok := c.AddAllow(layer, c.Broad(layer, "Allow"))
			if !ok {
				continue
			}
			second := reference.Decide(changed.JSON())
			if second.Decision != first.Decision && (first.Decision != "ImplicitlyDenied" || second.Decision != "Allowed") {
				t.Fatalf("seed %d: an Allow in layer %s turned %s into %s\n%s", seed, layer, first.Decision, second.Decision, changed.JSON())
			}
			if second.Decision != first.Decision {
				effective++
			}
		}
	}
	if effective < 30 {
		t.Errorf("an Allow changed only %d cases", effective)
	}
}

// TestRemoveStatement: without an Allow nothing that was not allowed becomes allowed, and without a Deny nothing that
// was allowed becomes denied.
func TestRemoveStatement(t *testing.T) {
	t.Parallel()
	effective := 0
	for seed := range uint64(700) {
		c := generate.FromSeed(seed)
		first := reference.Decide(c.JSON())
		if first.Decision == "Error" {
			continue
		}
		for _, place := range c.Places() {
			effect := c.At(place).Effect
			changed := c.RemoveStatement(place)
			if len(changed.Places()) != len(c.Places())-1 {
				t.Fatalf("seed %d: %v removed more or less than one statement", seed, place)
			}
			second := reference.Decide(changed.JSON())
			if second.Decision == first.Decision {
				continue
			}
			effective++
			if effect == "Allow" && (first.Decision != "Allowed" || second.Decision != "ImplicitlyDenied") || effect == "Deny" && first.Decision != "ExplicitlyDenied" {
				t.Fatalf("seed %d: without an %s at %v, %s became %s\n%s", seed, effect, place, first.Decision, second.Decision, c.JSON())
			}
		}
	}
	if effective < 100 {
		t.Errorf("only %d statements mattered", effective)
	}
}

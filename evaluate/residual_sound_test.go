package evaluate

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/portcullis-iam/portcullis/condition"
)

// The keys of drawn questions about what a residual settles, their operators and
// values, and what the keys may turn out to be.
var (
	soundKeys      = []string{"test:a", "test:b", "test:c"}
	soundOperators = []string{"StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase",
		"StringEqualsIfExists", "StringNotLikeIfExists", "ForAnyValue:StringEquals", "ForAllValues:StringLike", "ForAnyValue:StringNotLike", "ForAllValues:StringNotEquals", "Null"}
	soundValues = []string{"x", "y", "xy", "x*", "*y", "X", "?", "z", "", "${test:a}", "${test:b}", "${test:c}", "x${test:b}", "${test:a}y", "${test:a, 'x'}", "${test:b}${test:c}", "${test:known}", "${test:c}*"}
	soundTexts  = []string{"x", "y", "xy", "X", "z", "", "xx", "yx", "XY", "w"}
)

// soundDomain are values of all forms. Small as it is, it has counterexamples to
// whatever was wrong so far.
func soundDomain(unknown condition.Value) (values []condition.Value) {
	absent, single, list := unknown.Possible()
	if absent {
		values = append(values, condition.Value{})
	}
	if content, known := unknown.IfPresent(); known {
		return append(values, content)
	}
	for at, text := range soundTexts {
		if single {
			values = append(values, condition.String(text))
		}
		if list {
			values = append(values, condition.List(text), condition.List(text, soundTexts[(at+1)%len(soundTexts)]), condition.List(text, soundTexts[(at+3)%len(soundTexts)]))
		}
	}
	return values
}

// soundScene draws a question whose statements look at the same keys again and
// again, also as variables.
func soundScene(t *rapid.T) *scene {
	s := &scene{context: new(condition.Context)}
	s.resource = rapid.SampledFrom([]string{queue, "arn:aws:sqs:eu-west-1:111122223333:xy", "arn:aws:sqs:eu-west-1:111122223333:x"}).Draw(t, "resource")
	s.context.Set("test:known", condition.String(rapid.SampledFrom(soundTexts).Draw(t, "known")))
	statements := func(label string) string {
		var all []string
		for range rapid.IntRange(1, 3).Draw(t, label) {
			resource := `"Resource": "*"`
			if rapid.IntRange(0, 3).Draw(t, "element") == 0 {
				resource = rapid.SampledFrom([]string{`"Resource"`, `"NotResource"`}).Draw(t, "name") + `: "arn:aws:sqs:eu-west-1:*:` + rapid.SampledFrom(soundValues).Draw(t, "pattern") + `"`
			}
			one := `{"Effect": "` + rapid.SampledFrom([]string{"Allow", "Allow", "Deny"}).Draw(t, "effect") + `", "Action": "sqs:*", ` + resource + "}"
			conditions := map[string]map[string]string{}
			for range rapid.IntRange(0, 2).Draw(t, "tests") {
				operator := rapid.SampledFrom(soundOperators).Draw(t, "operator")
				value := `["` + strings.Join(rapid.SliceOfN(rapid.SampledFrom(soundValues), 1, 2).Draw(t, "values"), `", "`) + `"]`
				if operator == "Null" {
					value = `"true"`
				}
				if conditions[operator] == nil {
					conditions[operator] = map[string]string{}
				}
				conditions[operator][rapid.SampledFrom(append([]string{"test:known"}, soundKeys...)).Draw(t, "key")] = value
			}
			var operators []string
			for _, operator := range slices.Sorted(maps.Keys(conditions)) {
				var pairs []string
				for _, key := range slices.Sorted(maps.Keys(conditions[operator])) {
					pairs = append(pairs, `"`+key+`": `+conditions[operator][key])
				}
				operators = append(operators, `"`+operator+`": {`+strings.Join(pairs, ", ")+`}`)
			}
			if len(operators) > 0 {
				one = only("{"+strings.Join(operators, ", ")+"}", one)
			}
			all = append(all, one)
		}
		return strings.Join(all, ",")
	}
	s.identity = []string{statements("identity")}
	if rapid.IntRange(0, 2).Draw(t, "bounded") == 0 {
		s.boundary = []string{statements("boundary")}
	}
	return s
}

// TestResidualIsSound: no value that the keys can have belies what a residual
// settles, nor its condition, and each example is what it says.
func TestResidualIsSound(t *testing.T) {
	t.Parallel()
	undetermined, settled, bothWays := 0, 0, 0
	check := func(t *rapid.T) {
		s := soundScene(t)
		unknown := map[string]condition.Value{}
		for _, key := range soundKeys {
			unknown[key] = rapid.SampledFrom([]condition.Value{condition.UnknownValue(), condition.UnknownSingle(), condition.UnknownSingle(), condition.Perhaps(condition.UnknownSingle()),
				condition.UnknownList(), condition.Perhaps(condition.UnknownList()), condition.Perhaps(condition.String("x")), condition.Perhaps(condition.List("x", "y")),
				condition.String("x"), condition.List("x")}).Draw(t, key)
			s.context.Set(key, unknown[key])
		}
		e, r := s.evaluator(t), s.request(t)
		x := e.Explain(r)
		if x.Decision != e.Evaluate(r) {
			t.Fatalf("Explain decides %v, Evaluate %v", x.Decision, e.Evaluate(r))
		}
		residual := x.Residual()
		if x.Decision.Outcome == Undetermined {
			undetermined++
			switch {
			case residual.Decision.Outcome != Undetermined:
				settled++
			case residual.Allowed != nil && residual.Denied != nil:
				bothWays++
			}
		}
		changed := *r
		changed.Context = r.Context.Clone()
		if err := changed.Set(r.Action(), r.ResourceName(), ""); err != nil {
			t.Fatal(err)
		}
		for _, example := range []*Example{residual.Allowed, residual.Denied} {
			if example == nil {
				continue
			}
			r.Context.CopyTo(changed.Context)
			for _, assigned := range example.Values {
				changed.Context.Set(assigned.Key, assigned.Value)
			}
			if got := e.Evaluate(&changed); got != example.Decision {
				t.Fatalf("%v, but Evaluate says %v", example, got)
			}
		}
		for _, a := range soundDomain(unknown[soundKeys[0]]) {
			for _, b := range soundDomain(unknown[soundKeys[1]]) {
				for _, c := range soundDomain(unknown[soundKeys[2]]) {
					changed.Context.Set(soundKeys[0], a)
					changed.Context.Set(soundKeys[1], b)
					changed.Context.Set(soundKeys[2], c)
					got := e.Evaluate(&changed)
					switch outcome := residual.Decision.Outcome; {
					case outcome == Undetermined:
					case got.Outcome != outcome && !(outcome == ImplicitlyDenied && got.Outcome == ExplicitlyDenied):
						t.Fatalf("%v settled as %v, but with a %v, b %v, c %v it is %v\n%v", x.Decision, residual.Decision, a, b, c, got, x)
					}
				}
			}
		}
		if residual.Decision.Outcome != Undetermined {
			return
		}
		for range 30 {
			for _, key := range soundKeys {
				changed.Context.Set(key, rapid.SampledFrom(soundDomain(unknown[key])).Draw(t, "value"))
			}
			got := e.Evaluate(&changed)
			if truth := residual.Condition.Evaluate(changed.Context); truth != truthOf(got.Allowed()) {
				t.Fatalf("the condition %v is %v, but it is %v with %v", residual.Condition, truth, got, changed.Context)
			}
		}
	}
	rapid.Check(t, check)
	t.Logf("undetermined %d, settled %d, both ways %d", undetermined, settled, bothWays)
}

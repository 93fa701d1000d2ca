package condition_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/portcullis-iam/portcullis/condition"
)

// equalTests tells whether tests are the same in all words.
func equalTests(a, b []condition.Test) bool {
	return slices.EqualFunc(a, b, func(x, y condition.Test) bool {
		return x.Operator == y.Operator && x.Key == y.Key && slices.Equal(x.Values, y.Values)
	})
}

// What Tests gives back is compiled to a block that answers like the first, with
// keys known and unknown, and that gives the same tests again.
func TestTestsGiveTheBlockAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawTheme(t)
		tests := rapid.SliceOfN(rapid.Custom(h.test), 1, 3).Draw(t, "tests")
		given := rapid.Bool().Draw(t, "variables")
		block := condition.Compile(tests, given)
		back, variables := block.Tests()
		if len(back) != len(tests) || variables != given {
			t.Fatalf("%d tests, variables %v, of %d, %v", len(back), variables, len(tests), given)
		}
		for at := range back {
			if back[at].Operator != tests[at].Operator || back[at].Key != tests[at].Key {
				t.Fatalf("test %d is %v, was %v", at, back[at], tests[at])
			}
		}
		again := condition.Compile(back, variables)
		if twice, _ := again.Tests(); !equalTests(back, twice) {
			t.Fatalf("%v became %v, then %v", tests, back, twice)
		}
		for range 4 {
			view := h.context(t).view()
			if rapid.IntRange(0, 3).Draw(t, "unknown") == 0 {
				view.Supplied.Set(rapid.SampledFrom(propertyKeys).Draw(t, "key"), drawUnknown(t, h))
			}
			if got, want := again.Evaluate(view), block.Evaluate(view); got != want {
				t.Fatalf("%v gives %v, but %v gives %v, on %v", tests, want, back, got, view.Supplied)
			}
		}
	})
}

// TestTests: how values are given back.
func TestTests(t *testing.T) {
	for _, row := range []struct {
		variables bool
		test      condition.Test
		want      []string
	}{
		{true, test("StringEquals", "k", "a", "b"), []string{"a", "b"}},
		{true, test("StringEquals", "k", "${$}{k}", "*"), []string{"${$}{k}", "*"}},
		{true, test("StringEquals", "k", "${}"), []string{"${$}{}"}},
		{false, test("StringEquals", "k", "${k}"), []string{"${k}"}},
		{true, test("StringEquals", "k", "${k}"), []string{"${k}"}},
		{true, test("StringLike", "k", "${*}", "a", "b*"), []string{"${*}", "a", "b*"}},
		{false, test("StringLike", "k", "${*}"), []string{"${*}"}},
		{true, test("StringEquals", "k", "x", "${k}-${other, 'y'}", "a"), []string{"x", "a", "${k}-${other, 'y'}"}},
		{true, test("StringEquals", "k", "9", "8", "7", "6", "5", "4", "3", "2", "1", "1"), []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}},
		{true, test("StringEqualsIgnoreCase", "k", "A"), []string{"A"}},
		{true, test("ArnLike", "k", "arn:aws:iam::*:role/x*", "nonsense"), []string{"arn:aws:iam::*:role/x*"}},
		{true, test("ArnLike", "k", "nonsense"), []string{"nonsense"}},
		{true, test("NumericEquals", "k", "+01.50", "x", "-0"), []string{"1.5", "0"}},
		{true, test("NumericEquals", "k", "x"), []string{"x"}},
		{true, test("DateEquals", "k", "2024", "2024-01-01T01:00:00.5+01:00"), []string{"2024-01-01T00:00:00Z", "2024-01-01T00:00:00.5Z"}},
		{true, test("DateEquals", "k", "2024-01-01", "99999999999999999999.5"), []string{"2024-01-01T00:00:00Z", "99999999999999999999.5"}},
		{true, test("DateEquals", "k", "-0.00000000012"), []string{"-0.00000000012"}},
		{true, test("IpAddress", "k", "10.1.2.3/8", "2001:DB8::/32", "10.0.0.1", "x"), []string{"10.1.2.3/8", "2001:db8::/32", "10.0.0.1"}},
		{true, test("Bool", "k", "TRUE", "${k}", "1"), []string{"true", "${k}"}},
		{true, test("Bool", "k", "false", "true"), []string{"true", "false"}},
		{true, test("Null", "k", "False"), []string{"false"}},
		{true, test("Null", "k", "maybe"), nil},
		{true, test("BinaryEquals", "k", "YQ==", "Y"), []string{"YQ=="}},
		{true, test("StringEquals", "k"), nil},
		{true, condition.Test{Key: "k", Values: []string{"x"}}, []string{"x"}},
	} {
		tests, _ := condition.Compile([]condition.Test{row.test}, row.variables).Tests()
		if !slices.Equal(tests[0].Values, row.want) {
			t.Errorf("%v is given back as %q, want %q", row.test, tests[0].Values, row.want)
		}
	}
	if tests, variables := (*condition.Block)(nil).Tests(); tests != nil || variables {
		t.Errorf("the nil Block has %v, %v", tests, variables)
	}
	if traces := (*condition.Block)(nil).Trace(new(condition.View)); traces != nil {
		t.Errorf("the nil Block has the traces %v", traces)
	}
}

// A trace has for every test what that test comes to alone, all of them together
// are what the block comes to, and a test whose variables are resolved comes to
// the same with what these are, unless that is Unknown: more may be known of texts.
func TestTraceAgreesWithEvaluate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawTheme(t)
		tests := rapid.SliceOfN(rapid.Custom(h.test), 1, 3).Draw(t, "tests")
		variables := rapid.IntRange(0, 4).Draw(t, "variables") > 0
		view := h.context(t).view()
		if rapid.Bool().Draw(t, "unknown") {
			view.Supplied.Set(rapid.SampledFrom(propertyKeys).Draw(t, "key"), drawUnknown(t, h))
		}
		block := condition.Compile(tests, variables)
		traces := block.Trace(view)
		if len(traces) != len(tests) {
			t.Fatalf("%d traces of %d tests", len(traces), len(tests))
		}
		together := condition.True
		for at, trace := range traces {
			alone := condition.Compile(tests[at:at+1], variables).Evaluate(view)
			if trace.Result != alone {
				t.Fatalf("%v is %v, its trace %v", tests[at], alone, trace)
			}
			together = together.And(trace.Result)
			if value, _ := view.Lookup(tests[at].Key); value.String() != trace.Value.String() {
				t.Fatalf("%v is about %v, its trace %v", tests[at], value, trace)
			}
			if trace.String() == "" || trace.Reason() == "" {
				t.Fatalf("%v has no words", trace)
			}
			if trace.Resolved == nil || len(trace.Missing)+len(trace.Unknown) > 0 {
				continue
			}
			resolved := trace.Test
			resolved.Values = trace.Resolved
			if got := condition.Compile([]condition.Test{resolved}, true).Evaluate(view); alone != condition.Unknown && got != alone {
				t.Fatalf("%v is %v, resolved as %q it is %v", tests[at], alone, trace.Resolved, got)
			}
		}
		if got := block.Evaluate(view); got != together {
			t.Fatalf("%v is %v, its traces together %v", tests, got, together)
		}
	})
}

// TestTraceString: what is said of a test.
func TestTraceString(t *testing.T) {
	given := new(condition.Context)
	given.Set("text", condition.String("fish"))
	given.Set("number", condition.Int(17))
	given.Set("list", condition.List("a", "b"))
	given.Set("none", condition.List())
	given.Set("long", condition.String(strings.Repeat("x", 300)))
	given.Set("star", condition.String("a*"))
	given.Set("dollar", condition.String("a$"))
	given.SetUnknown("unknown")
	given.Set("single", condition.UnknownSingle())
	given.Set("perhaps", condition.Perhaps(condition.String("fish")))
	view := condition.View{Supplied: given}
	for _, row := range []struct {
		test condition.Test
		want string
	}{
		{test("StringEquals", "text", "birds"), `StringEquals text "birds": no, it is "fish"`},
		{test("StringEquals", "Text", "birds", "fish"), `StringEquals Text "birds" or "fish": yes, it is "fish"`},
		{test("StringEquals", "text", "1", "2", "3", "4", "5", "6"), `StringEquals text "1" or "2" or "3" or "4" or 2 others: no, it is "fish"`},
		{test("StringEquals", "text", "1", "2", "3", "4", "5"), `StringEquals text "1" or "2" or "3" or "4" or "5": no, it is "fish"`},
		{test("StringEquals", "text"), `StringEquals text []: no, it is "fish"`},
		{test("StringEquals", "absent", "x"), `StringEquals absent "x": no, the key is missing`},
		{test("StringEqualsIfExists", "absent", "x"), `StringEqualsIfExists absent "x": yes, the key is missing, which StringEqualsIfExists accepts`},
		{test("StringNotEquals", "absent", "x"), `StringNotEquals absent "x": yes, the key is missing, which StringNotEquals accepts`},
		{test("ForAllValues:StringEquals", "absent", "x"), `ForAllValues:StringEquals absent "x": yes, the key is missing, which ForAllValues:StringEquals accepts`},
		{test("Null", "absent", "true"), `Null absent "true": yes, the key is missing`},
		{test("Null", "absent", "false"), `Null absent "false": no, the key is missing`},
		{test("Null", "list", "false"), `Null list "false": yes, it is the list ["a", "b"]`},
		{test("Null", "none", "false"), `Null none "false": no, it is the list []`},
		{test("NumericEquals", "number", "16"), `NumericEquals number "16": no, it is "17"`},
		{test("NumericEquals", "text", "16"), `NumericEquals text "16": no, it is "fish", which is not a number`},
		{test("DateEquals", "text", "16"), `DateEquals text "1970-01-01T00:00:16Z": no, it is "fish", which is not a date`},
		{test("IpAddress", "text", "10.0.0.0/8"), `IpAddress text "10.0.0.0/8": no, it is "fish", which is not an IP address`},
		{test("NotIpAddress", "text", "10.0.0.0/8"), `NotIpAddress text "10.0.0.0/8": yes, it is "fish", which is not an IP address`},
		{test("Bool", "text", "true"), `Bool text "true": no, it is "fish", which is not true or false`},
		{test("BinaryEquals", "text", "YQ=="), `BinaryEquals text "YQ==": no, it is "fish"`},
		{test("ArnLike", "text", "arn:*:*:*:*:*"), `ArnLike text "arn:*:*:*:*:*": no, it is "fish", which is not an ARN`},
		{test("StringEquals", "list", "a"), `StringEquals list "a": no, it is the list ["a", "b"], which only operators with ForAllValues or ForAnyValue compare`},
		{test("ForAnyValue:StringEquals", "list", "c"), `ForAnyValue:StringEquals list "c": no, it is the list ["a", "b"]`},
		{test("StringEquals", "text", "${text}"), `StringEquals text "${text}", which is "fish": yes, it is "fish"`},
		{test("StringLike", "text", "${star}*"), `StringLike text "${star}*", which is "a${*}*": no, it is "fish"`},
		{test("StringEquals", "text", "${star}"), `StringEquals text "${star}", which is "a*": no, it is "fish"`},
		{test("StringEquals", "text", "${dollar}{x}"), `StringEquals text "${dollar}{x}", which is "a${$}{x}": no, it is "fish"`},
		{test("StringEquals", "text", "${absent}"), `StringEquals text "${absent}": no, absent is missing`},
		{test("StringEquals", "text", "${absent}-${list}"), `StringEquals text "${absent}-${list}": no, absent and list are missing`},
		{test("StringEquals", "absent", "${absent}"), `StringEquals absent "${absent}": no, the key is missing`},
		{test("StringEquals", "text", "${unknown}"), `StringEquals text "${unknown}": not known, unknown is unknown`},
		{test("StringEquals", "text", "${unknown}-${single}"), `StringEquals text "${unknown}-${single}": not known, unknown and single are unknown`},
		{test("StringEquals", "unknown", "x"), `StringEquals unknown "x": not known, the key is unknown`},
		{test("StringEquals", "single", "x"), `StringEquals single "x": not known, the key is an unknown value`},
		{test("StringEquals", "perhaps", "fish"), `StringEquals perhaps "fish": not known, the key is absent or fish`},
		{test("StringEquals", "unknown", "${text}"), `StringEquals unknown "${text}", which is "fish": not known, the key is unknown`},
	} {
		got := condition.Compile([]condition.Test{row.test}, true).Trace(&view)[0].String()
		if got != row.want {
			t.Errorf("got  %s\nwant %s", got, row.want)
		}
	}
	long := condition.Compile([]condition.Test{test("StringEquals", "long", strings.Repeat("y", 300))}, true).Trace(&view)[0].String()
	if len(long) > 300 {
		t.Errorf("%d bytes: %s", len(long), long)
	}
}

// TestSubstitute: the text of a template, and the keys that it lacks.
func TestSubstitute(t *testing.T) {
	given := new(condition.Context)
	given.Set("k", condition.String("v"))
	given.Set("wild", condition.String("*?"))
	given.Set("variable", condition.String("${k}"))
	given.Set("dollar", condition.String("$"))
	given.Set("list", condition.List("v"))
	given.SetUnknown("u")
	given.Set("l", condition.UnknownList())
	view := condition.View{Supplied: given}
	for _, row := range []struct {
		text             string
		wildcards        bool
		want             string
		missing, unknown []string
	}{
		{"a${k}b", true, "avb", nil, nil},
		{"${k}*?", true, "v*?", nil, nil},
		{"${k}*?", false, "v*?", nil, nil},
		{"${wild}*", true, "${*}${?}*", nil, nil},
		{"${wild}*", false, "*?*", nil, nil},
		{"${variable}", true, "${$}{k}", nil, nil},
		{"${dollar}{k}", true, "${$}{k}", nil, nil},
		{"${$}{k}", false, "${$}{k}", nil, nil},
		{"${absent, 'x*'}", true, "x${*}", nil, nil},
		{"${absent}-${list, 'x'}", true, "${absent}-${list, 'x'}", []string{"absent", "list"}, nil},
		{"${u}-${l}-${U}", true, "${u}-${l}-${U}", []string{"l"}, []string{"u"}},
	} {
		text, missing, unknown := condition.ParseTemplate(row.text, row.wildcards).Substitute(&view, row.wildcards)
		if text != row.want || !slices.Equal(missing, row.missing) || !slices.Equal(unknown, row.unknown) {
			t.Errorf("%s: %q, %q, %q; want %q, %q, %q", row.text, text, missing, unknown, row.want, row.missing, row.unknown)
		}
	}
}

// drawUnknown gives an unknown value of any sort.
func drawUnknown(t *rapid.T, h theme) condition.Value {
	content := func() condition.Value {
		if rapid.Bool().Draw(t, "list") {
			return condition.List(rapid.SliceOfN(rapid.Custom(h.text), 0, 3).Draw(t, "values")...)
		}
		return rapid.OneOf(rapid.Map(rapid.Custom(h.text), condition.String), rapid.Custom(drawTyped)).Draw(t, "value")
	}
	switch rapid.IntRange(0, 5).Draw(t, "sort") {
	case 0:
		return condition.UnknownValue()
	case 1:
		return condition.UnknownSingle()
	case 2:
		return condition.UnknownList()
	case 3:
		return condition.Perhaps(condition.UnknownSingle())
	case 4:
		return condition.Perhaps(condition.UnknownList())
	}
	return condition.Perhaps(content())
}

// settle gives a value that an unknown one may turn out to be.
func settle(t *rapid.T, h theme, unknown condition.Value) condition.Value {
	absent, single, list := unknown.Possible()
	if absent && rapid.IntRange(0, 2).Draw(t, "absent") == 0 {
		return condition.Value{}
	}
	if content, known := unknown.IfPresent(); known {
		return content
	}
	if single && (!list || rapid.Bool().Draw(t, "single")) {
		return rapid.OneOf(rapid.Map(rapid.Custom(h.text), condition.String), rapid.Custom(drawTyped)).Draw(t, "value")
	}
	return condition.List(rapid.SliceOfN(rapid.Custom(h.text), 0, 3).Draw(t, "values")...)
}

// Whatever sort of unknown values keys have: an answer other than Unknown stays
// what it was for everything that they may turn out to be.
func TestEverySortOfUnknownIsSound(t *testing.T) {
	seen := map[condition.Truth]int{}
	for range 10 {
		rapid.Check(t, func(t *rapid.T) {
			h := drawTheme(t)
			tests := rapid.SliceOfN(rapid.Custom(h.test), 1, 2).Draw(t, "tests")
			block := condition.Compile(tests, true)
			view := h.context(t).view()
			unknown := map[string]condition.Value{}
			for _, key := range rapid.SliceOfNDistinct(rapid.SampledFrom(propertyKeys), 1, 2, rapid.ID[string]).Draw(t, "unknown") {
				unknown[key] = drawUnknown(t, h)
				view.Supplied.Set(key, unknown[key])
			}
			before := block.Evaluate(view)
			seen[before]++
			if before == condition.Unknown {
				if len(block.UnknownKeys(view, nil)) == 0 {
					t.Fatal("unknown, but hangs on no key")
				}
				return
			}
			for range 3 {
				settled := view.Clone()
				for key, value := range unknown {
					settled.Override(key, settle(t, h, value))
				}
				if after := block.Evaluate(&settled); after != before {
					t.Fatalf("%v: %v with %v unknown, %v on %v", tests, before, unknown, after, settled.Supplied)
				}
			}
		})
	}
	for truth := condition.False; truth <= condition.Unknown; truth++ {
		if seen[truth] < 20 {
			t.Errorf("%v was seen %d times", truth, seen[truth])
		}
	}
}

// TestUnknownOperators: what is known of a key that is unknown, for all operators.
func TestUnknownOperators(t *testing.T) {
	const f, y, u = condition.False, condition.True, condition.Unknown
	fish := condition.String("fish")
	for _, row := range []struct {
		test                                         condition.Test
		value, single, list, pSingle, pFish, pNoList condition.Truth
	}{
		{test("StringEquals", "k", "fish"), u, u, f, u, u, f},
		{test("StringEquals", "k", "birds"), u, u, f, u, f, f},
		{test("StringNotEquals", "k", "fish"), u, u, f, u, u, u},
		{test("StringNotEquals", "k", "birds"), u, u, f, u, y, u},
		{test("StringEqualsIfExists", "k", "fish"), u, u, f, u, y, u},
		{test("StringNotEqualsIfExists", "k", "fish"), u, u, f, u, u, u},
		{test("ForAnyValue:StringEquals", "k", "fish"), u, u, u, u, u, f},
		{test("ForAllValues:StringEquals", "k", "fish"), u, u, u, u, y, y},
		{test("ForAnyValue:StringNotEquals", "k", "fish"), u, u, u, u, f, f},
		{test("ForAllValues:StringNotEquals", "k", "fish"), u, u, u, u, u, y},
		{test("Null", "k", "true"), u, f, u, u, u, y},
		{test("Null", "k", "false"), u, y, u, u, u, f},
		{test("Null", "k", "true", "false"), y, y, y, y, y, y},
		{test("Null", "k", "x"), f, f, f, f, f, f},
		{test("ForAllValues:Null", "k", "true"), y, y, y, y, y, y},
		{test("ForAnyValue:Null", "k", "true"), f, f, f, f, f, f},
		{test("StringEquals", "k"), f, f, f, f, f, f},
		{test("StringNotEquals", "k"), f, f, f, f, f, f},
		{test("StringEqualsIfExists", "k"), u, f, f, u, u, u},
		{test("ForAllValues:StringEquals", "k"), u, f, f, u, u, u},
		{test("NumericEquals", "k", "x"), f, f, f, f, f, f},
		{test("NumericNotEquals", "k", "x"), u, y, f, y, y, u},
		{test("ForAllValues:NumericNotEquals", "k", "x"), y, y, y, y, y, y},
		{test("ForAnyValue:NumericEquals", "k", "x"), f, f, f, f, f, f},
	} {
		for _, one := range []struct {
			value condition.Value
			want  condition.Truth
		}{
			{condition.UnknownValue(), row.value}, {condition.UnknownSingle(), row.single}, {condition.UnknownList(), row.list},
			{condition.Perhaps(condition.UnknownSingle()), row.pSingle}, {condition.Perhaps(fish), row.pFish}, {condition.Perhaps(condition.List()), row.pNoList},
		} {
			given := new(condition.Context)
			given.Set("k", one.value)
			if got := condition.Compile([]condition.Test{row.test}, true).Evaluate(&condition.View{Supplied: given}); got != one.want {
				t.Errorf("%v on %v is %v, want %v", row.test, one.value, got, one.want)
			}
		}
	}
}

// TestUnknownValues: what an unknown value may be, and its words.
func TestUnknownValues(t *testing.T) {
	for _, row := range []struct {
		value                condition.Value
		absent, single, list bool
		content              string // "" if not known
		words                string
	}{
		{condition.UnknownValue(), true, true, true, "", "unknown"},
		{condition.UnknownSingle(), false, true, false, "", "an unknown value"},
		{condition.UnknownList(), false, false, true, "", "an unknown list"},
		{condition.Perhaps(condition.UnknownValue()), true, true, true, "", "unknown"},
		{condition.Perhaps(condition.UnknownSingle()), true, true, false, "", "absent or an unknown value"},
		{condition.Perhaps(condition.UnknownList()), true, false, true, "", "absent or an unknown list"},
		{condition.Perhaps(condition.String("a")), true, true, false, "a", "absent or a"},
		{condition.Perhaps(condition.Perhaps(condition.String("a"))), true, true, false, "a", "absent or a"},
		{condition.Perhaps(condition.Int(7)), true, true, false, "7", "absent or 7"},
		{condition.Perhaps(condition.List("a", "b")), true, false, true, `[a b]`, `absent or [a b]`},
		{condition.String("a"), false, true, false, "a", "a"},
		{condition.List("a"), false, false, true, `[a]`, `[a]`},
		{condition.Value{}, true, false, false, "invalid", "invalid"},
		{condition.Perhaps(condition.Value{}), true, false, false, "invalid", "invalid"},
	} {
		absent, single, list := row.value.Possible()
		if absent != row.absent || single != row.single || list != row.list {
			t.Errorf("%v may be absent %v, single %v, a list %v", row.value, absent, single, list)
		}
		content, known := row.value.IfPresent()
		if known != (row.content != "") || known && content.String() != row.content {
			t.Errorf("%v is, if it is there, %v, %v", row.value, content, known)
		}
		if got := row.value.String(); got != row.words {
			t.Errorf("%q, want %q", got, row.words)
		}
		if unknown := row.value.Kind() == condition.KindUnknown; unknown && (row.value.IsList() || row.value.Text() != "" || row.value.Values() != nil) {
			t.Errorf("%v: list %v, text %q, values %q", row.value, row.value.IsList(), row.value.Text(), row.value.Values())
		}
	}
}

// TestOverride: a value that is put into a view is found there, whoever answers
// for the key, and the contexts of a clone are its own.
func TestOverride(t *testing.T) {
	keys := []string{"aws:PrincipalArn", "aws:PrincipalTag/a", "aws:ResourceAccount", "aws:ResourceTag/a", "aws:SourceIdentity", "aws:SourceIp"}
	derived := func(mark func(*condition.Context), keys ...string) *condition.Context {
		c := new(condition.Context)
		for _, key := range keys {
			c.Set(key, condition.String("derived"))
		}
		mark(c)
		return c
	}
	nothing := func(*condition.Context) {}
	for name, row := range map[string]struct {
		view condition.View
		own  []bool // of keys: the request answers
	}{
		"nothing":  {condition.View{}, []bool{true, true, true, true, true, true}},
		"supplied": {condition.View{Supplied: derived(nothing, keys...)}, []bool{true, true, true, true, true, true}},
		"derived, empty": {condition.View{Supplied: derived(nothing, keys...), Principal: new(condition.Context), Resource: new(condition.Context)},
			[]bool{false, false, false, true, true, true}},
		"derived": {condition.View{Principal: derived(nothing, keys...), Resource: derived(nothing, keys...)},
			[]bool{false, false, false, false, false, false}},
		"derived, all known": {condition.View{Supplied: derived(nothing, keys...), Principal: derived((*condition.Context).MarkSessionKnown), Resource: derived((*condition.Context).MarkTagsKnown)},
			[]bool{false, false, false, false, false, true}},
	} {
		for at, key := range keys {
			if got := row.view.FromRequest(key); got != row.own[at] {
				t.Errorf("%s: %s is from the request: %v", name, key, got)
			}
			before, found := row.view.Lookup(key)
			changed := row.view.Clone()
			for _, value := range []condition.Value{condition.String("other"), condition.List("a"), condition.UnknownValue(), {}, condition.String("again")} {
				changed.Override(key, value)
				got, present := changed.Lookup(key)
				if present != (value.Kind() != condition.KindInvalid) || got.String() != value.String() {
					t.Errorf("%s: %s was set to %v and is %v, %v", name, key, value, got, present)
				}
			}
			if after, still := row.view.Lookup(key); still != found || after.String() != before.String() {
				t.Errorf("%s: %s was changed by a clone, from %v to %v", name, key, before, after)
			}
		}
	}
}

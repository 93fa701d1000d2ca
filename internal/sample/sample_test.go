package sample_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/sample"
)

func test(operator string, values ...string) condition.Test {
	o, err := condition.ParseOperator(operator)
	if err != nil {
		panic(err) // a mistake in the test itself
	}
	return condition.Test{Operator: o, Key: "k", Values: values}
}

// outcomes are those of tests under a value, a letter each.
func outcomes(tests []condition.Test, value condition.Value) string {
	var context condition.Context
	context.Set("k", value)
	var letters strings.Builder
	for _, one := range tests {
		letters.WriteByte('a' + byte(condition.Compile([]condition.Test{one}, true).Evaluate(&condition.View{Supplied: &context})))
	}
	return letters.String()
}

// TestValues: what is proposed for each type. Which of the values lead to the same
// outcomes is no matter, so that only their outcomes are compared.
func TestValues(t *testing.T) {
	for _, row := range []struct {
		name     string
		tests    []condition.Test
		list     bool
		outcomes []string // those that there must be, sorted: b holds, a does not
		complete bool
	}{
		{"nothing", nil, false, []string{""}, true},
		{"texts", []condition.Test{test("StringEquals", "x"), test("StringEquals", "x", "y")}, false, []string{"aa", "ab", "bb"}, true},
		{"patterns that overlap", []condition.Test{test("StringLike", "a*"), test("StringLike", "*b")}, false, []string{"aa", "ab", "ba", "bb"}, true},
		{"patterns that exclude each other", []condition.Test{test("StringLike", "a*"), test("StringLike", "b*")}, false, []string{"aa", "ab", "ba"}, true},
		{"a pattern that always matches", []condition.Test{test("StringLike", "*"), test("StringNotLike", "**")}, false, []string{"ba"}, true},
		{"a pattern within another", []condition.Test{test("StringLike", "a*"), test("StringLike", "a?c")}, false, []string{"aa", "ba", "bb"}, true},
		{"letter case", []condition.Test{test("StringEquals", "k"), test("StringEqualsIgnoreCase", "K")}, false, []string{"aa", "ab", "bb"}, true},
		{"escapes", []condition.Test{test("StringLike", "${*}"), test("StringLike", "?")}, false, []string{"aa", "ab", "bb"}, true},
		{"variable", []condition.Test{test("StringEquals", "${other}")}, false, []string{"a"}, false},
		{"text that is not UTF-8", []condition.Test{test("StringEquals", "\xff")}, false, []string{"a"}, false},
		{"ARNs", []condition.Test{test("ArnLike", "arn:aws:iam::*:role/a*"), test("ArnLike", "arn:*:*:*:1:*")}, false, []string{"aa", "ab", "ba", "bb"}, true},
		{"ARN and text", []condition.Test{test("ArnLike", "*:*:*:*:*:*"), test("StringLike", "*:*:*:*:*:*")}, false, []string{"aa", "ab", "bb"}, true},
		{"numbers", []condition.Test{test("NumericLessThan", "10"), test("NumericGreaterThan", "5"), test("NumericEquals", "7.5")}, false, []string{"aaa", "aba", "baa", "bba", "bbb"}, true},
		{"numbers side by side", []condition.Test{test("NumericGreaterThan", "1"), test("NumericLessThan", "1.0000000001")}, false, []string{"aa", "ab", "ba", "bb"}, true},
		{"a number too long", []condition.Test{test("NumericLessThan", "1"+strings.Repeat("0", 2000))}, false, []string{"a"}, false},
		{"dates", []condition.Test{test("DateLessThan", "2026-01-01T00:00:00Z"), test("DateGreaterThan", "2025-01-01T00:00:00.5Z")}, false, []string{"aa", "ab", "ba", "bb"}, true},
		{"dates of no calendar", []condition.Test{test("DateLessThan", "99999999999999999999")}, false, []string{"a", "b"}, true},
		{"addresses", []condition.Test{test("IpAddress", "10.0.0.0/8"), test("IpAddress", "10.1.2.3"), test("NotIpAddress", "2001:db8::/32")}, false, []string{"aaa", "aab", "bab", "bbb"}, true},
		{"all addresses", []condition.Test{test("IpAddress", "0.0.0.0/0"), test("IpAddress", "::/0")}, false, []string{"aa", "ab", "ba"}, true},
		{"truth values", []condition.Test{test("Bool", "true"), test("Bool", "false")}, false, []string{"aa", "ab", "ba"}, true},
		{"bytes", []condition.Test{test("BinaryEquals", "YQ==")}, false, []string{"a", "b"}, true},
		{"null", []condition.Test{test("Null", "true")}, false, []string{"a"}, true},
		{"several types", []condition.Test{test("NumericLessThan", "5"), test("StringEquals", "x")}, false, []string{"aa", "ab", "ba"}, false},

		{"list", []condition.Test{test("ForAnyValue:StringEquals", "x"), test("ForAllValues:StringEquals", "x")}, true, []string{"aa", "ab", "ba", "bb"}, true},
		{"list under a plain operator", []condition.Test{test("StringEquals", "x"), test("StringNotEquals", "x")}, true, []string{"aa"}, true},
		{"list and null", []condition.Test{test("Null", "true"), test("ForAnyValue:StringLike", "*")}, true, []string{"ab", "ba"}, true},
		{"list of numbers", []condition.Test{test("ForAnyValue:NumericLessThan", "1"), test("ForAnyValue:NumericGreaterThan", "2")}, true, []string{"aa", "ab", "ba", "bb"}, true},
		{"an empty text among others", []condition.Test{test("ForAllValues:StringEquals", "x"), test("ForAnyValue:StringEquals", "x"), test("ForAnyValue:StringEquals", "")}, true,
			[]string{"aaa", "aab", "aba", "abb", "baa", "bba"}, true},
	} {
		values, complete, _ := sample.Values(sample.Question{Key: "k", Tests: row.tests, Single: !row.list, List: row.list})
		var got []string
		for _, value := range values {
			if value.IsList() != row.list {
				t.Errorf("%s: %v is proposed", row.name, value)
			}
			got = append(got, outcomes(row.tests, value))
		}
		slices.Sort(got)
		if diff := cmp.Diff(row.outcomes, got); diff != "" || complete != row.complete {
			t.Errorf("%s: complete %v, want %v; outcomes (-want +got):\n%s\n%v", row.name, complete, row.complete, diff, values)
		}
	}
}

// TestTexts: texts that matter besides are among the values, whatever the tests
// say of them.
func TestTexts(t *testing.T) {
	values, complete, _ := sample.Values(sample.Question{Key: "k", Tests: []condition.Test{test("StringLike", "a*")}, Texts: []string{"ax", "ay", "b", "ax", "a"}, Single: true})
	texts, others := map[string]int{}, map[string]bool{}
	for _, value := range values {
		switch value.Text() {
		case "ax", "ay", "a", "b":
			texts[value.Text()]++
		default:
			others[outcomes([]condition.Test{test("StringLike", "a*")}, value)] = true
		}
	}
	if diff := cmp.Diff(map[string]int{"ax": 1, "ay": 1, "a": 1, "b": 1}, texts); diff != "" {
		t.Error("texts (-want +got):\n" + diff)
	}
	// Beside them there is a value for each outcome that is none of them.
	if !complete || !others["a"] || !others["b"] {
		t.Errorf("complete %v: %v", complete, values)
	}
	// Numbers that are none of the texts are not looked for.
	if _, complete, _ = sample.Values(sample.Question{Key: "k", Tests: []condition.Test{test("NumericEquals", "5")}, Texts: []string{"5"}, Single: true}); complete {
		t.Error("a number in another spelling is taken not to matter")
	}
	if _, complete, _ = sample.Values(sample.Question{Key: "k", Texts: []string{"x"}, Single: true}); !complete {
		t.Error("texts alone are not complete")
	}
	if values, complete, _ := sample.Values(sample.Question{Key: "k"}); values != nil || !complete {
		t.Errorf("of a key that is never there: %v, %v", values, complete)
	}
}

// TestMark: questions are told apart by all that matters.
func TestMark(t *testing.T) {
	marks := map[string]int{}
	for at, q := range []sample.Question{
		{}, {Key: "k"}, {Key: "k", Single: true}, {Key: "k", List: true}, {Key: "k", Single: true, List: true},
		{Key: "k", Texts: []string{"a", "b"}}, {Key: "k", Texts: []string{"ab"}}, {Key: "k", Texts: []string{"a"}},
		{Key: "k", Tests: []condition.Test{test("StringEquals", "a", "b")}}, {Key: "k", Tests: []condition.Test{test("StringEquals", "ab")}},
		{Key: "k", Tests: []condition.Test{test("StringLike", "a", "b")}}, {Key: "k", Tests: []condition.Test{test("StringLike", "a"), test("StringLike", "b")}},
		{Key: "k", Tests: []condition.Test{test("StringLike", "a")}, Texts: []string{"b"}},
	} {
		if other, found := marks[q.Mark()]; found {
			t.Errorf("questions %d and %d have one mark, %q", other, at, q.Mark())
		}
		marks[q.Mark()] = at
	}
}

// A family is operators with values and texts that fit them.
type family struct {
	operators []string
	values    []string
	texts     []string
}

// all gives all texts of up to some letters.
func all(letters string, length int) []string {
	texts := []string{""}
	for from, n := 0, 0; n < length; n++ {
		to := len(texts)
		for ; from < to; from++ {
			for _, letter := range letters {
				texts = append(texts, texts[from]+string(letter))
			}
		}
	}
	return texts
}

// between gives texts of numbers.
func between(from, to, step float64) (texts []string) {
	for x := from; x <= to; x += step {
		texts = append(texts, strconv.FormatFloat(x, 'f', -1, 64))
	}
	return texts
}

func families() []family {
	arns := []string{"arn:", "x", ""}
	for _, account := range []string{"", "1", "2", "12"} {
		for _, resource := range []string{"", "a", "b", "a:b", "ab", "a/b", "role/a", "ü"} {
			arns = append(arns, "arn:aws:iam::"+account+":"+resource, "arn:cn:s3:x:"+account+":"+resource, "brn:aws:iam::"+account+":"+resource)
		}
	}
	addresses := []string{"0.0.0.0", "0.0.0.1", "9.255.255.255", "10.0.0.0", "10.0.0.1", "10.0.0.127", "10.0.0.128", "10.0.0.255", "10.0.1.0", "10.255.255.255", "11.0.0.0", "255.255.255.255",
		"::", "::1", "::ffff:10.0.0.1", "2001:db8::", "2001:db8::ffff", "2001:db9::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "no", ""}
	var dates []string
	for seconds := int64(1767225590); seconds <= 1767225610; seconds++ {
		for _, fraction := range []string{"", ".25", ".5", ".500000001"} {
			dates = append(dates, strconv.FormatInt(seconds, 10)+fraction)
		}
	}
	dates = append(dates, "2026-01-01T00:00:00Z", "-1", "1969-12-31T23:59:59.5Z", "99999999999999999999", "99999999999999999998.5", "-99999999999999999999", "no", "")
	return []family{
		{[]string{"StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"},
			[]string{"", "a", "A", "b", "ab", "a*", "*a", "*", "?", "a?", "??*", "*ab*", "a*b*a", "${*}", "*${*}", "${?}a", "${$}{a}", "K", "k", "\u212a", "ab*ba", "?a*", "b*b"},
			append(all("abA*", 6), all("kK\u212a?a", 3)...)},
		{[]string{"ArnEquals", "ArnLike", "ArnNotLike", "ArnNotEquals", "StringLike"},
			[]string{"arn:aws:iam::1:a", "arn:aws:iam::*:a", "arn:aws:iam::?:*", "arn:*:*:*:*:*", "*:*:*:*:*:*b", "arn:aws:iam::*", "arn:aws:iam::1*:a*b", "*", "x", "arn:aws:*:*:*:role/${*}", "arn:aws:iam::1?:*", "a*:aws:iam:*:*:*"},
			arns},
		{[]string{"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"},
			[]string{"0", "1", "-1", "1.5", "1.25", "2", "10", "99999999999999999999", "no", "-0.5"},
			append(between(-3, 12, 0.125), "99999999999999999999", "99999999999999999998", "100000000000000000000", "no", "", "-99999999999999999999")},
		{[]string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"},
			[]string{"2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z", "1767225605", "2025-12-31T23:59:59Z", "99999999999999999999", "1969-12-31T23:59:59.5Z", "no", "1767225600.0000000001"},
			dates},
		{[]string{"IpAddress", "NotIpAddress"},
			[]string{"10.0.0.0/8", "10.0.0.1", "10.0.0.0/25", "0.0.0.0/0", "::/0", "2001:db8::/32", "::1", "255.255.255.255", "::ffff:10.0.0.1", "::ffff:0:0/96", "no", "10.0.0.77/24"},
			addresses},
		{[]string{"Bool"}, []string{"true", "false", "no"}, []string{"true", "false", "TRUE", "no", "", "1"}},
		{[]string{"BinaryEquals"}, []string{"YQ==", "YWI=", "no!"}, []string{"YQ==", "YWI=", "YWJj", "no!", ""}},
		{[]string{"Null"}, []string{"true", "false", "no"}, []string{"true", "x", ""}},
	}
}

// TestCompleteMeansComplete: of drawn tests, no value of a large pool leads to
// outcomes that none of the proposed values leads to, where these are said to be
// complete.
func TestCompleteMeansComplete(t *testing.T) {
	drawn := families()
	checked := map[string]int{}
	check := func(t *rapid.T) {
		f := drawn[rapid.IntRange(0, len(drawn)-1).Draw(t, "family")]
		var tests []condition.Test
		for range rapid.IntRange(1, 4).Draw(t, "tests") {
			qualifier := rapid.SampledFrom([]string{"", "", "ForAnyValue:", "ForAllValues:"}).Draw(t, "qualifier")
			tests = append(tests, test(qualifier+rapid.SampledFrom(f.operators).Draw(t, "operator"), rapid.SliceOfN(rapid.SampledFrom(f.values), 0, 3).Draw(t, "values")...))
		}
		tests, _ = condition.Compile(tests, true).Tests()
		q := sample.Question{Key: "k", Tests: tests, Single: rapid.Bool().Draw(t, "single"), List: rapid.Bool().Draw(t, "list")}
		values, complete, _ := sample.Values(q)
		if !complete {
			return
		}
		checked[f.operators[0]]++
		led := map[string]condition.Value{}
		for _, value := range values {
			led[outcomes(tests, value)] = value
		}
		pool := func(value condition.Value) {
			if found := outcomes(tests, value); led[found].Kind() == condition.KindInvalid {
				t.Fatalf("%v: %v leads to %s, and none of %v does", tests, value, found, values)
			}
		}
		// Drawing some of the pool for lists keeps this short.
		few := rapid.SliceOfN(rapid.SampledFrom(f.texts), 3, 3).Draw(t, "few")
		if q.Single {
			for at := rapid.IntRange(0, 2).Draw(t, "from"); at < len(f.texts); at += 1 + len(f.texts)/400 {
				pool(condition.String(f.texts[at]))
			}
		}
		if q.List {
			pool(condition.List())
			for chosen := range 8 {
				var list []string
				for at, text := range few {
					if chosen&(1<<at) != 0 {
						list = append(list, text)
					}
				}
				pool(condition.List(list...))
				pool(condition.List(append(list, "")...))
			}
		}
	}
	for range 10 {
		rapid.Check(t, check)
	}
	for _, f := range drawn {
		if checked[f.operators[0]] == 0 {
			t.Errorf("of %s no question was complete", f.operators[0])
		}
	}
}

// TestHostileTests: questions that somebody made to take long are answered in
// milliseconds, with whatever was found.
func TestHostileTests(t *testing.T) {
	many := func(count int, value func(at int) string) (tests []condition.Test) {
		for at := range count {
			tests = append(tests, test("StringLike", value(at)))
		}
		return tests
	}
	letters := func(from, count int) string {
		runes := make([]rune, count)
		for at := range runes {
			runes[at] = rune(0x4e00 + from + at)
		}
		return string(runes)
	}
	for name, tests := range map[string][]condition.Test{
		"stars":                  many(20, func(at int) string { return strings.Repeat("*a", 50+at) + "…" }),
		"stars and letters":      many(20, func(at int) string { return strings.Repeat("*a*b", 30) + string(rune('a'+at)) }),
		"long":                   many(3, func(at int) string { return strings.Repeat("x", 100_000+at) }),
		"just short enough":      many(4, func(at int) string { return strings.Repeat("x", 1000) + strconv.Itoa(at) }),
		"many letters":           many(8, func(at int) string { return letters(at*500, 500) }),
		"many letters and stars": many(8, func(at int) string { return "*" + letters(at*400, 400) + "*" }),
		"question marks":         many(6, func(at int) string { return "*a" + strings.Repeat("?", 15+at) }),
		"many patterns":          many(1000, func(at int) string { return "*" + strconv.Itoa(at) + "*" }),
		"many values":            {test("StringLike", strings.Split(strings.Repeat("*abc*,", 800)+"*", ",")...)},
		"long numbers":           {test("NumericLessThan", strings.Repeat("9", 900), strings.Repeat("8", 900)+"."+strings.Repeat("1", 90)), test("NumericGreaterThan", "0."+strings.Repeat("0", 900)+"1")},
		"many numbers":           {test("NumericLessThan", between(0, 2000, 1)...)},
		"many addresses": {test("IpAddress", func() (list []string) {
			list = make([]string, 2000)
			for at := range list {
				list[at] = fmt.Sprintf("10.%d.%d.0/24", at/250, at%250)
			}
			return list
		}()...)},
		"many lists": {test("ForAnyValue:StringLike", "*a*"), test("ForAnyValue:StringLike", "*b*"), test("ForAnyValue:StringLike", "*c*"), test("ForAllValues:StringLike", "*d*"), test("ForAllValues:StringLike", "*e*")},
	} {
		start := time.Now()
		values, _, _ := sample.Values(sample.Question{Key: "k", Tests: tests, Single: true, List: true})
		if took := time.Since(start); took > 500*time.Millisecond {
			t.Errorf("%s took %v", name, took)
		} else {
			t.Logf("%s: %d values in %v", name, len(values), took)
		}
		if len(values) == 0 {
			t.Errorf("%s: no values", name)
		}
	}
}

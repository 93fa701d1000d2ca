package condition_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/portcullis-iam/portcullis/condition"
)

var propertyKeys = []string{"k", "other", "aws:requesttag/team", "list"}

var operandPieces = []string{
	"", "a", "A", "b", "é", "É", "ſ", "K", "\u212A", "*", "?", ":", "arn:", "arn:aws:iam::", "1", "x/y", "${k}", "${K}", "${other}", "${list}", "${none}",
	"${aws:RequestTag/Team}", "${*}", "${?}", "${$}", "${none, 'a'}", "${k, 'a:*'}", "${list, 'a'}", "${none, 'x} y'}", "${", "}", "${}", "${k,'a'}", ", '", "'",
}

// A theme makes operators, their values and the context fit together often
// enough to match.
type theme struct {
	operators []string
	texts     []string
}

var themes = []theme{
	{[]string{"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"}, []string{
		"0", "-0", "+0", "00", "0.0", "1", "01", "+1", "-1", "1.0", "1.5", "1.50", "-1.5", "1.45", "10", "9", "10abc", "1.", ".5", "0.5", "1e3", "",
		"123456789012345678", "1234567890123456789", "-1234567890123456789", "1234567890123456789.5", "99999999999999999999", "-99999999999999999999", "99999999999999999998",
	}},
	{[]string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"}, []string{
		"2024", "2024-01", "2024-01-01", "2024.0", "2024-02-29", "2023-02-29", "1970-01-01T00:33:44Z", "2024-01-01T00:00", "2024-01-01T01:00+01:00", "2023-12-31T23:30:00.000-00:30",
		"2024-02-29T12:00:00.5Z", "2024-02-29T13:00:00.50+01:00", "2024-02-29T12:00", "1709208000", "1709208000.5", "-0.5", "-0.0000000001", "1969-12-31T23:59:59.5Z",
		"1969-12-31T23:59:59.9999999999Z", "-0.00000000012", "1969-12-31T23:59:59.99999999988Z", "1969-12-31T23:59:59.99999999985Z", "-1", "-1.000000001", "0",
		"99999999999999999999", "99999999999999999999.5", "-99999999999999999999.5", "-99999999999999999999", "2024-13-01", "2024-1-1", "2024-04-31", "2024-04-30", "2024-01-01T24:00Z",
		"2024-01-01T00:60Z", "2024-01-01T00:00:60Z", "2024-01-01t00:00:00z", "2024-01-01T00:00:00.Z", "2024-01-01T00Z", "2024-01-01Z", "0000", "9999-12-31T23:59:59Z", "1900-02-29", "2000-02-29", "",
	}},
	{[]string{"IpAddress", "NotIpAddress"}, []string{
		"10.0.0.1", "10.0.0.0/8", "10.255.0.1", "11.0.0.1", "10.0.0.01", "010.0.0.1", "10.0.0", "10.0.0.1.", "10.0.0.256", "0.0.0.0/0", "10.0.0.1/32", "10.0.0.1/33", "10.0.0.1/", "10.0.0.1/08",
		"::/0", "::1", "::1/128", "::1/129", "::", "::ffff:10.0.0.1", "::ffff:0:0/96", "fe80::1%eth0", "2001:db8::/32", "2001:DB8:0:0::1", "2001:db8:0:0:0:0:0:1", "1::2::3", "1:2:3:4:5:6:7:8::",
		"1:2:3:4:5:6:7::", "1:2:3:4:5:6:10.0.0.1", "::10.0.0.1", ":1", "1:", "12345::", "g::", "",
	}},
	{[]string{"BinaryEquals"}, []string{"YQ==", "YQ=", "YR==", "Y\nQ==", "YQ==\r\n", "YQ==YQ==", "YWI=", "YWJ=", "YWJj", "+/+/", "-_-_", "Y", "=", "", "YWJjZA=="}},
	{[]string{"Bool"}, []string{"true", "TRUE", "True", "false", "FALSE", "falſe", "1", "", "${k}", "tr${e}", "${none, 'true'}", "${other}", "${*}", "true${other}", "fal${none, 'se'}"}},
	{[]string{"Null"}, []string{"true", "TRUE", "false", "", "null", "${k}"}},
	{[]string{"ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"}, []string{
		"arn:aws:iam::1:user/a", "arn:aws:iam::1:user/a:b", "arn:aws:iam:::", "*:*:*:*:*:*", "a?n:*:*:*:*:*", "b*:*:*:*:*:*", "arn:*:i?m::*:user/*", "arn:aws:iam::1:*", "arn:aws:iam::*:*", "arn:aws:iam::*", "arn:aws:*",
		"*", "a:b:c:d:e:f", "arn:aws:iam", "arn:aws:iam::${k}", "${k}", "${k}:x", "arn:aws:iam::${other}:user/*", "arn:aws:iam::${none, '1'}:user/${other}", "arn:aws:${none, 'iam:'}*:*:user/?",
		"arn:aws:iam::1:user/${*}", "arn:aws:iam::1:user/*", "arn:${*}:iam::1:user/*", "arn:aws:iam::${?}*:user/a", "1", "1:user/a", "arn", "arn:aws:iam::1:user/é", "arn:aws:iam::1:user/?", "",
	}},
	{[]string{"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"}, []string{
		"", "a", "A", "b", "aé", "AÉ", "s", "ſ", "k", "\u212A", "*", "?", "a*", "*a", "a*b", "a*b*", "??", "x/y", "x/*", "${k}", "${K}", "${other}", "${list}", "${none}", "${aws:RequestTag/Team}",
		"${*}", "${?}", "${$}", "${none, 'a'}", "${k, 'a:*'}", "${list, 'a'}", "${none, 'x} y'}", "${", "}", "${}", "${k,'a'}", "x${none, 'É'}", "${other}*", "*${other}?", "$", "${k", "${k, 'a", "${k, 'a' }",
	}},
}

func (h theme) operand(t *rapid.T) string {
	if rapid.IntRange(0, 3).Draw(t, "joined") > 0 {
		return rapid.SampledFrom(h.texts).Draw(t, "text")
	}
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(operandPieces), 0, 5).Draw(t, "pieces"), "")
}

var valuePieces = []string{"a", "A", "b", "é", "É", "s", "ſ", "k", "\u212A", "*", "?", ":", "arn:", "arn:aws:iam::", "1", "x/y", "$", "${k}", "true"}

func (h theme) text(t *rapid.T) string {
	if rapid.IntRange(0, 3).Draw(t, "joined") > 0 {
		return rapid.SampledFrom(h.texts).Draw(t, "text")
	}
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(valuePieces), 0, 4).Draw(t, "pieces"), "")
}

func (h theme) context(t *rapid.T) readableContext {
	c := readableContext{}
	for _, key := range propertyKeys {
		switch rapid.IntRange(0, 3).Draw(t, "presence") {
		case 0:
		case 1:
			c[key] = readableValue{texts: rapid.SliceOfN(rapid.Custom(h.text), 0, 3).Draw(t, "list"), isList: true}
		default:
			c[key] = readableValue{texts: []string{h.text(t)}}
		}
	}
	return c
}

func (h theme) operator(t *rapid.T) condition.Operator {
	name := rapid.SampledFrom(h.operators).Draw(t, "operator")
	if name != "Null" && rapid.IntRange(0, 3).Draw(t, "suffix") == 0 {
		name += "IfExists"
	}
	o, err := condition.ParseOperator(rapid.SampledFrom([]string{"", "", "ForAllValues:", "ForAnyValue:"}).Draw(t, "qualifier") + name)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (h theme) test(t *rapid.T) condition.Test {
	return condition.Test{
		Operator: h.operator(t),
		Key:      rapid.SampledFrom(append([]string{"K", "k", "k", "aws:RequestTag/TEAM", "none"}, propertyKeys...)).Draw(t, "key"),
		Values:   rapid.OneOf(rapid.SliceOfN(rapid.Custom(h.operand), 0, 3), rapid.SliceOfN(rapid.Custom(h.operand), 9, 12)).Draw(t, "values"),
	}
}

func drawTheme(t *rapid.T) theme { return rapid.SampledFrom(themes).Draw(t, "theme") }

// The compiled block and the readable evaluator agree.
func agree(t *rapid.T) {
	h := drawTheme(t)
	tests := rapid.SliceOfN(rapid.Custom(h.test), 0, 3).Draw(t, "tests")
	variables := rapid.IntRange(0, 4).Draw(t, "variables") > 0
	c := h.context(t)
	got := condition.Compile(tests, variables).Evaluate(c.view())
	want := condition.False
	if readableHolds(tests, variables, c) {
		want = condition.True
	}
	if got != want {
		t.Fatalf("%v with variables %v on %v: got %v, want %v", tests, variables, c, got, want)
	}
}

func TestAgreesWithReference(t *testing.T) { rapid.Check(t, agree) }

func FuzzAgreesWithReference(f *testing.F) { f.Fuzz(rapid.MakeFuzz(agree)) }

// An answer other than Unknown stays the same whatever the unknown keys turn
// out to be.
func TestUnknownIsSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawTheme(t)
		tests := rapid.SliceOfN(rapid.Custom(h.test), 1, 2).Draw(t, "tests")
		c := h.context(t)
		view := c.view()
		unknown := rapid.SliceOfNDistinct(rapid.SampledFrom(propertyKeys), 1, 2, rapid.ID[string]).Draw(t, "unknown")
		for _, key := range unknown {
			view.Supplied.SetUnknown(key)
		}
		block := condition.Compile(tests, true)
		before := block.Evaluate(view)
		if before == condition.Unknown {
			hangsOn := block.UnknownKeys(view, nil)
			if len(hangsOn) == 0 {
				t.Fatalf("unknown, but hangs on no key")
			}
			return
		}
		if after := block.Evaluate(c.view()); after != before {
			t.Fatalf("%v on %v: %v with %q unknown, %v when known", tests, c, before, unknown, after)
		}
	})
}

// Without unknown keys there is no unknown answer, and with an unknown key that
// no test uses nothing changes.
func TestUnusedUnknownChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawTheme(t)
		tests := rapid.SliceOfN(rapid.Custom(h.test), 1, 3).Draw(t, "tests")
		view := h.context(t).view()
		block := condition.Compile(tests, true)
		before := block.Evaluate(view)
		view.Supplied.SetUnknown("unused")
		if after := block.Evaluate(view); before == condition.Unknown || after != before {
			t.Fatalf("%v, then %v", before, after)
		}
	})
}

func drawTyped(t *rapid.T) condition.Value {
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 0:
		return condition.Bool(rapid.Bool().Draw(t, "bool"))
	case 1:
		return condition.Int(rapid.OneOf(rapid.Int64(), rapid.Int64Range(-3, 3), rapid.Int64Range(1000, 9999)).Draw(t, "int"))
	case 2:
		return condition.Time(time.Unix(
			rapid.OneOf(rapid.Int64(), rapid.Int64Range(-2, 2), rapid.Int64Range(0, 4e9)).Draw(t, "seconds"),
			rapid.SampledFrom([]int64{0, 0, 1, 500_000_000, 999_999_999}).Draw(t, "nanoseconds")))
	case 3:
		bytes := rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "address")
		if rapid.Bool().Draw(t, "four") {
			return condition.Addr(netip.AddrFrom4([4]byte(bytes)))
		}
		return condition.Addr(netip.AddrFrom16([16]byte(bytes)))
	case 4:
		return condition.Binary(rapid.SliceOfN(rapid.Byte(), 0, 5).Draw(t, "bytes"))
	}
	return condition.Number(rapid.SampledFrom(themes[0].texts).Draw(t, "number"))
}

// A typed value means what its text means, to every operator.
func TestTypedValueMeansItsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawTheme(t)
		value := drawTyped(t)
		operand := rapid.SampledFrom([]string{value.Text(), h.operand(t), drawTyped(t).Text(), "*", "${k}", "x${k}", "${none}"}).Draw(t, "operand")
		one := condition.Test{Operator: h.operator(t), Key: "k", Values: []string{operand}}
		if rapid.Bool().Draw(t, "two") {
			one.Values = append(one.Values, drawTyped(t).Text())
		}
		block := condition.Compile([]condition.Test{one}, true)
		var typed, text condition.Context
		typed.Set("k", value)
		text.Set("k", condition.String(value.Text()))
		got, want := block.Evaluate(&condition.View{Supplied: &typed}), block.Evaluate(&condition.View{Supplied: &text})
		if got != want {
			t.Fatalf("%v with %v %v: %v, as text %v", one, value.Kind(), value, got, want)
		}
	})
}

// A negated operator without qualifier on a key with a single value, or
// without the key, is the negation of the positive one.
func TestNegation(t *testing.T) {
	pairs := map[string]string{
		"StringEquals": "StringNotEquals", "StringEqualsIgnoreCase": "StringNotEqualsIgnoreCase", "StringLike": "StringNotLike",
		"NumericEquals": "NumericNotEquals", "DateEquals": "DateNotEquals", "IpAddress": "NotIpAddress", "ArnEquals": "ArnNotEquals", "ArnLike": "ArnNotLike",
	}
	rapid.Check(t, func(t *rapid.T) {
		positive := rapid.SampledFrom(slices.Sorted(func(yield func(string) bool) {
			for name := range pairs {
				if !yield(name) {
					return
				}
			}
		})).Draw(t, "operator")
		h := drawTheme(t)
		values := rapid.SliceOfN(rapid.Custom(h.operand), 1, 3).Draw(t, "values")
		c := h.context(t)
		if c["k"].isList {
			delete(c, "k")
		}
		evaluate := func(name string) condition.Truth {
			return condition.Compile([]condition.Test{test(name, "k", values...)}, true).Evaluate(c.view())
		}
		if a, b := evaluate(positive), evaluate(pairs[positive]); a != b.Not() {
			t.Fatalf("%s %v, %s %v", positive, a, pairs[positive], b)
		}
	})
}

// The order of tests, of values in a policy and the case of keys and operators
// change nothing.
func TestOrderAndCaseDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawTheme(t)
		tests := rapid.SliceOfN(rapid.Custom(h.test), 1, 3).Draw(t, "tests")
		view := h.context(t).view()
		other := make([]condition.Test, 0, len(tests))
		for _, one := range tests {
			o, err := condition.ParseOperator(strings.ToUpper(one.Operator.String()))
			if err != nil || o != one.Operator {
				t.Fatalf("%v: %v, %v", one.Operator, o, err)
			}
			values := slices.Clone(one.Values)
			slices.Reverse(values)
			other = append(other, condition.Test{Operator: o, Key: strings.ToUpper(one.Key), Values: values})
		}
		slices.Reverse(other)
		a, b := condition.Compile(tests, true).Evaluate(view), condition.Compile(other, true).Evaluate(view)
		if a != b {
			t.Fatalf("%v gives %v, %v gives %v", tests, a, other, b)
		}
	})
}

// A Context behaves like a map with keys in lower case and a list of them.
func TestContextIsAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.Custom(func(t *rapid.T) string {
			return rapid.SampledFrom([]string{"", "a", "A/", "a:b", "aws:principaltag", "AWS:PrincipalTag/"}).Draw(t, "family") +
				rapid.StringMatching(`[a-cA-C@\x60/]{0,2}`).Draw(t, "rest")
		})
		var c condition.Context
		model, order := map[string]string{}, []string{}
		t.Repeat(map[string]func(*rapid.T){
			"set": func(t *rapid.T) {
				k, value := key.Draw(t, "key"), rapid.StringN(0, 2, -1).Draw(t, "value")
				if family, tag, tagged := strings.Cut(k, "/"); tagged && rapid.Bool().Draw(t, "apart") {
					c.SetTag(family, tag, condition.String(value))
				} else {
					c.Set(k, condition.String(value))
				}
				if folded := asciiLower(k); !slices.Contains(order, folded) {
					order = append(order, folded)
				}
				model[asciiLower(k)] = value
			},
			"delete": func(t *rapid.T) {
				k := key.Draw(t, "key")
				c.Delete(k)
				delete(model, asciiLower(k))
				order = slices.DeleteFunc(order, func(other string) bool { return other == asciiLower(k) })
			},
			"reset": func(t *rapid.T) {
				if rapid.IntRange(0, 20).Draw(t, "rarely") == 0 {
					c.Reset()
					clear(model)
					order = order[:0]
				}
			},
			"": func(t *rapid.T) {
				if c.Len() != len(model) {
					t.Fatalf("Len is %d, want %d", c.Len(), len(model))
				}
				seen := []string{}
				for k, value := range c.All() {
					seen = append(seen, asciiLower(k))
					if value.Text() != model[asciiLower(k)] {
						t.Fatalf("%q is %q, want %q", k, value, model[asciiLower(k)])
					}
				}
				if !slices.Equal(seen, order) {
					t.Fatalf("keys are %q, want %q", seen, order)
				}
				k := key.Draw(t, "looked up")
				value, found := c.Lookup(k)
				want, wanted := model[asciiLower(k)]
				if found != wanted || value.Text() != want {
					t.Fatalf("%q is %q, %v; want %q, %v", k, value, found, want, wanted)
				}
			},
		})
	})
}

func asciiLower(text string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, text)
}

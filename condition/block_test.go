package condition_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/portcullis-iam/portcullis/condition"
)

func TestUnknownKeys(t *testing.T) {
	const maybe = condition.Unknown
	for _, one := range []struct {
		tests []condition.Test
		want  condition.Truth
		hangs []string
	}{
		{[]condition.Test{test("StringEquals", "U", "a")}, maybe, []string{"U"}},
		{[]condition.Test{test("StringNotEquals", "U", "a")}, maybe, []string{"U"}},
		{[]condition.Test{test("StringEquals", "U", "a"), test("StringEquals", "known", "b")}, no, []string{"U"}},
		{[]condition.Test{test("StringEquals", "U", "a"), test("StringEquals", "known", "a")}, maybe, []string{"U"}},
		{[]condition.Test{test("StringEquals", "known", "${U}")}, maybe, []string{"U"}},
		{[]condition.Test{test("StringEquals", "known", "${U}", "a")}, yes, []string{"U"}},
		{[]condition.Test{test("StringNotEquals", "known", "${U}", "a")}, no, []string{"U"}},
		{[]condition.Test{test("StringLike", "known", "${U}*", "b")}, maybe, []string{"U"}},
		{[]condition.Test{test("StringLike", "known", "${U}${none}")}, no, []string{"U"}},
		{[]condition.Test{test("ArnLike", "known", "arn:${U}")}, no, []string{"U"}}, // "a" is no ARN
		{[]condition.Test{test("ArnLike", "arn", "arn:aws:s3:::${U}")}, maybe, []string{"U"}},
		{[]condition.Test{test("ArnNotLike", "arn", "arn:aws:s3:::${U}")}, maybe, []string{"U"}},
		{[]condition.Test{test("ArnLike", "arn", "arn:aws:s3:::${U}", "arn:*:s3:::x")}, yes, []string{"U"}},
		{[]condition.Test{test("ArnLike", "arn", "arn:aws:s3:::${U}${none}")}, no, []string{"U"}},
		{[]condition.Test{test("Bool", "known", "${U}")}, no, []string{"U"}},
		{[]condition.Test{test("Bool", "flag", "${U}")}, maybe, []string{"U"}},
		{[]condition.Test{test("Bool", "flag", "${U}", "TRUE")}, yes, []string{"U"}},
		{[]condition.Test{test("Bool", "flag", "${U}", "${flag}")}, yes, []string{"U"}},
		{[]condition.Test{test("Bool", "flag", "${U}", "${none}")}, maybe, []string{"U"}},
		{[]condition.Test{test("Bool", "flag", "${U}${none}")}, no, []string{"U"}},
		{[]condition.Test{test("NumericEquals", "U", "x")}, no, []string{"U"}},
		{[]condition.Test{test("NumericNotEquals", "U", "x")}, maybe, []string{"U"}}, // a list would make it false
		{[]condition.Test{test("ForAllValues:NumericNotEquals", "U", "x")}, yes, []string{"U"}},
		{[]condition.Test{test("ForAllValues:NumericEquals", "U", "x")}, maybe, []string{"U"}}, // absent would make it true
		{[]condition.Test{test("ForAllValues:NumericEquals", "U")}, maybe, []string{"U"}},
		{[]condition.Test{test("ForAnyValue:NumericEqualsIfExists", "U", "x")}, maybe, []string{"U"}},
		{[]condition.Test{test("StringEquals", "U")}, no, []string{"U"}},
		{[]condition.Test{test("StringEqualsIfExists", "U")}, maybe, []string{"U"}},
		{[]condition.Test{test("Null", "U", "true")}, maybe, []string{"U"}},
		{[]condition.Test{test("Null", "U", "true", "false")}, yes, []string{"U"}},
		{[]condition.Test{test("Null", "U", "x")}, no, []string{"U"}},
		{[]condition.Test{test("ForAllValues:Null", "U", "x")}, yes, []string{"U"}},
		{[]condition.Test{test("ForAnyValue:StringEquals", "list", "${U}", "b")}, yes, []string{"U"}},
		{[]condition.Test{test("ForAllValues:StringEquals", "list", "${U}", "b")}, maybe, []string{"U"}},
		{[]condition.Test{test("StringEquals", "known", "a")}, yes, nil},
	} {
		var c condition.Context
		c.Set("known", condition.String("a"))
		c.Set("arn", condition.String("arn:aws:s3:::x"))
		c.Set("flag", condition.Bool(true))
		c.Set("list", condition.List("a", "b"))
		c.SetUnknown("u")
		view := &condition.View{Supplied: &c}
		block := condition.Compile(one.tests, true)
		if got := block.Evaluate(view); got != one.want {
			t.Errorf("%v: got %v, want %v", one.tests, got, one.want)
		}
		if diff := cmp.Diff(one.hangs, block.UnknownKeys(view, nil)); diff != "" {
			t.Errorf("%v: unknown keys (-want +got)\n%s", one.tests, diff)
		}
	}
}

// A positive test is known not to hold, even for a key of which nothing is
// known, if none of its values can match anything.
func TestValuesThatMatchNothing(t *testing.T) {
	var c condition.Context
	c.SetUnknown("u")
	view := &condition.View{Supplied: &c}
	for operator, operands := range map[string][]string{
		"ArnLike": {"", "x", "*", "arn:*", "arn:aws:s3::x", "a:b:c:d:e:f", "a:b:c:d:e:*", "a:*:c:d:e:f", ":*:b:c:d:e:f", "arn:aws:s3::*", "arn:${*}", "x${*}", "arn:${*}*", "a:b:c:d:e:${*}"},
		"Bool":    {"", "x", "${*}", "${true", "true${$}"}, "BinaryEquals": {"Y", "=", "-_-_"}, "NumericEquals": {"", "1.", "${u}"}, "DateEquals": {"", "2024-13", "${u}"}, "IpAddress": {"", "10.0.0.0/33", "${u}"},
	} {
		for _, operand := range operands {
			if got := condition.Compile([]condition.Test{test(operator, "u", operand)}, true).Evaluate(view); got != condition.False {
				t.Errorf("%s %q: %v", operator, operand, got)
			}
		}
	}
	for operator, operand := range map[string]string{"ArnLike": "*:*:*:*:*:*", "ArnEquals": "arn:aws:s3:::${*}", "Bool": "${u}", "BinaryEquals": "", "StringEquals": "", "StringLike": "${*}"} {
		if got := condition.Compile([]condition.Test{test(operator, "u", operand)}, true).Evaluate(view); got != condition.Unknown {
			t.Errorf("%s %q: %v", operator, operand, got)
		}
	}
}

func TestBlockLen(t *testing.T) {
	for _, operators := range [][]string{{"StringEquals"}, {"StringEquals", "StringEquals"}, {"Null", "Bool", "ArnLike"}} {
		var tests []condition.Test
		for _, operator := range operators {
			tests = append(tests, test(operator, "k", "a"))
		}
		if got := condition.Compile(tests, true).Len(); got != len(tests) {
			t.Errorf("%v: %d tests", operators, got)
		}
	}
}

func TestNilBlock(t *testing.T) {
	block := condition.Compile(nil, true)
	if block != nil {
		t.Error("no tests give a block")
	}
	if block.Evaluate(&condition.View{}) != condition.True || block.Len() != 0 || block.Keys() != nil || block.MissingKeys(&condition.View{}, nil) != nil {
		t.Error("the nil block is not true, or has keys")
	}
}

func TestMissingKeys(t *testing.T) {
	block := condition.Compile([]condition.Test{
		test("StringLike", "s3:prefix", "home/${aws:username}/*", "${aws:PrincipalTag/team, 'none'}"),
		test("ForAnyValue:StringEquals", "aws:TagKeys", "a"),
		test("ArnLike", "AWS:SourceArn", "arn:aws:s3:::${s3:bucket}*", "arn:*:s3:::x"),
		test("Bool", "aws:SecureTransport", "${flag}"),
		test("StringEquals", "aws:sourcearn", "${S3:Prefix}"),
		test("Null", "u", "true"),
	}, true)
	var c condition.Context
	c.Set("AWS:Username", condition.String("wren"))
	c.SetUnknown("U")
	view := &condition.View{Supplied: &c}
	if diff := cmp.Diff([]string{"s3:prefix", "aws:username", "aws:PrincipalTag/team", "aws:TagKeys", "AWS:SourceArn", "s3:bucket",
		"aws:SecureTransport", "flag", "u"}, block.Keys()); diff != "" {
		t.Errorf("keys (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"S3:bucket", "s3:prefix", "aws:PrincipalTag/team", "aws:TagKeys", "AWS:SourceArn",
		"aws:SecureTransport", "flag"}, block.MissingKeys(view, []string{"S3:bucket"})); diff != "" {
		t.Errorf("missing keys (-want +got)\n%s", diff)
	}
}

// What a Block was compiled from may be used for something else afterwards.
func TestCompileKeepsNoSlice(t *testing.T) {
	for _, operator := range []string{"StringEquals", "StringLike"} {
		one := test(operator, "k", "a", "b")
		block := condition.Compile([]condition.Test{one}, true)
		one.Values[0], one.Values[1] = "x", "y"
		var c condition.Context
		c.Set("k", condition.String("b"))
		if block.Evaluate(&condition.View{Supplied: &c}) != condition.True {
			t.Errorf("%s: the block changed", operator)
		}
	}
}

func TestEvaluateDoesNotAllocate(t *testing.T) {
	view := benchmarkView()
	evaluate := func(name string, tests []condition.Test, view *condition.View) {
		block := condition.Compile(tests, true)
		if allocated := testing.AllocsPerRun(100, func() { block.Evaluate(view) }); allocated != 0 {
			t.Errorf("%s: %v allocations", name, allocated)
		}
	}
	for _, shape := range shapes {
		evaluate(shape.name, shape.tests, view)
	}
	evaluate("an ARN with five variables", []condition.Test{test("ArnLike", "aws:PrincipalArn", "arn:aws:${a, '1'}:${a, '2'}:${a, '3'}:${a, '4'}${a, '5'}*")}, view)
	evaluate("a truth value that is none", []condition.Test{test("Bool", "aws:SecureTransport", "${aws:PrincipalArn}${aws:PrincipalArn}")}, view)
	// Every operator with every kind of value, sensible or not.
	c, err := condition.FromMap(map[string]any{
		"text": "203.0.113.77", "date": "2026-10-01T08:30:00.123456789123Z", "number": "-1234567890123456789012.5", "base64": "YWJj\nZGVm", "bool": "TRUE",
		"arn": "arn:aws:iam::1:user/x", "wrong": "2026-13-01T::fe80%1=", "list": []string{"1", "true", "10.0.0.1", "2024", "YQ==", "arn:aws:iam::1:user/x"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for key, value := range benchmarkView().Supplied.All() {
		c.Set(key, value)
	}
	c.Set("binary", condition.Binary([]byte("some bytes")))
	view = &condition.View{Supplied: c}
	operands := []string{"203.0.113.0/24", "2001:db8::/32", "2026-10-01T08:30:00.123456789124Z", "-1.5", "12345678901234567890", "YWJjZGVm", "true", "arn:aws:iam::${number}:*", "arn:*:iam::*:*",
		"${arn}", "x${text}?${base64}*", "${text}${date}${number}${base64}${bool}", "${list}", "a*b?c"}
	for _, name := range condition.Operators() {
		for _, qualifier := range []string{"", "ForAnyValue:"} {
			for key := range c.All() {
				evaluate(qualifier+name+" on "+key, []condition.Test{test(qualifier+name, key, operands...)}, view)
			}
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	view := benchmarkView()
	blocks := make([]*condition.Block, len(shapes))
	for at, shape := range shapes {
		blocks[at] = condition.Compile(shape.tests, true)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 100 {
				for at, block := range blocks {
					if block.Evaluate(view) != condition.True {
						t.Errorf("%s does not hold", shapes[at].name)
					}
				}
			}
		})
	}
	group.Wait()
}

func TestTruth(t *testing.T) {
	all := []condition.Truth{condition.False, condition.True, condition.Unknown}
	names := fmt.Sprint(all, condition.True.Not(), condition.False.Not(), condition.Unknown.Not())
	if want := "[false true unknown] false true unknown"; names != want {
		t.Errorf("got %s, want %s", names, want)
	}
	// And is the lesser, Or the greater, in the order false, unknown, true.
	rank := map[condition.Truth]int{condition.False: 0, condition.Unknown: 1, condition.True: 2}
	for _, a := range all {
		for _, b := range all {
			if rank[a.And(b)] != min(rank[a], rank[b]) || rank[a.Or(b)] != max(rank[a], rank[b]) {
				t.Errorf("%v and %v: And %v, Or %v", a, b, a.And(b), a.Or(b))
			}
		}
	}
}

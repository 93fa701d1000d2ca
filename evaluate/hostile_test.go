package evaluate

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/portcullis-iam/portcullis/condition"
)

// tooLong is far more than anything asked of an explanation should take, also on
// a machine that does other things.
const tooLong = time.Second

// hostile are scenes that somebody made to take long to explain.
func hostile() map[string]scene {
	unknown := func(count int) *condition.Context {
		c := new(condition.Context)
		for at := range count {
			c.SetUnknown("test:k" + strconv.Itoa(at))
		}
		return c
	}
	repeat := func(count int, statement func(at int) string) []string {
		var statements []string
		for at := range count {
			statements = append(statements, statement(at))
		}
		return []string{strings.Join(statements, ",")}
	}
	key := func(at int) string { return "test:k" + strconv.Itoa(at) }
	texts := new(condition.Context)
	for at := range 20 {
		texts.Set("test:text"+strconv.Itoa(at), condition.String(strings.Repeat("abc/", 35)+strconv.Itoa(at)))
	}
	texts.SetUnknown("test:k0")
	long := new(condition.Context)
	long.SetUnknown("test:k0")
	for at := range 50 {
		long.Set("test:text"+strconv.Itoa(at), condition.String(strings.Repeat("a", 60_000)))
	}
	return map[string]scene{
		"a hundred unknown keys, one statement each": {context: unknown(100), identity: repeat(100, func(at int) string {
			return only(`{"StringEquals": {"`+key(at)+`": "x"}}`, yes)
		})},
		"a hundred unknown keys, all needed": {context: unknown(100), identity: repeat(1, func(int) string {
			var tests []string
			for at := range 100 {
				tests = append(tests, `"`+key(at)+`": "x`+strconv.Itoa(at)+`"`)
			}
			return only(`{"StringEquals": {`+strings.Join(tests, ",")+`}}`, yes)
		})},
		"a hundred unknown keys, denied by each": {context: unknown(100), identity: append([]string{yes}, repeat(100, func(at int) string {
			return only(`{"StringEquals": {"`+key(at)+`": ["x", "y", "z"]}}`, no)
		})...)},
		"a contradiction over many keys": {context: unknown(30), identity: repeat(60, func(at int) string {
			return only(`{"StringEquals": {"`+key(at%30)+`": "x", "`+key((at+1)%30)+`": "y"}, "StringNotEquals": {"`+key((at+2)%30)+`": "x"}}`, yes)
		}), boundary: []string{only(`{"StringEquals": {"test:k0": "x"}, "StringNotEquals": {"test:k1": "y"}}`, yes) + "," + only(`{"StringEquals": {"test:k0": "y"}, "StringNotEquals": {"test:k1": "x"}}`, yes)}},
		"patterns of one key": {context: unknown(1), identity: repeat(200, func(at int) string {
			return only(`{"StringLike": {"test:k0": "*a*`+strings.Repeat("b*", at%20)+strconv.Itoa(at)+`*"}}`, yes)
		})},
		"stars": {context: unknown(2), identity: repeat(30, func(at int) string {
			return only(`{"StringLike": {"test:k0": "`+strings.Repeat("*a", 100)+`", "test:k1": "`+strings.Repeat("a*", 100+at)+`"}}`, yes)
		})},
		"variables in long texts": {context: texts, identity: repeat(100, func(at int) string {
			return only(`{"StringLike": {"test:text`+strconv.Itoa(at%20)+`": "*${test:k0}*`+strconv.Itoa(at)+`*"}}`, yes)
		})},
		"variables in very long texts": {context: long, identity: repeat(50, func(at int) string {
			return only(`{"StringLike": {"test:text`+strconv.Itoa(at)+`": "*${test:k0}*b"}}`, yes)
		})},
		"variables in long resources": {context: unknown(1), resource: "arn:aws:s3:::logs/" + strings.Repeat("ab/", 45), account: account, action: "s3:GetObject", identity: repeat(100, func(at int) string {
			return `{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::logs/*${test:k0}*` + strconv.Itoa(at) + `"}`
		})},
		"many variables in one value": {context: unknown(20), resource: "arn:aws:s3:::logs/" + strings.Repeat("a", 100), account: account, action: "s3:GetObject", identity: repeat(1, func(int) string {
			pattern := ""
			for at := range 20 {
				pattern += "${" + key(at) + "}a"
			}
			return `{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::logs/` + pattern + `"}`
		})},
		"a thousand values": {context: unknown(3), identity: repeat(10, func(at int) string {
			var values []string
			for n := range 1000 {
				values = append(values, `"`+strconv.Itoa(n*(at+1))+`"`)
			}
			return only(`{"NumericEquals": {"`+key(at%3)+`": [`+strings.Join(values, ",")+`]}}`, yes)
		})},
		"a thousand statements": {context: unknown(5), identity: repeat(1000, func(at int) string {
			return only(`{"StringEquals": {"`+key(at%5)+`": "x`+strconv.Itoa(at)+`"}, "StringNotEquals": {"`+key((at+1)%5)+`": "y`+strconv.Itoa(at)+`"}}`, []string{yes, no}[at%2])
		})},
		"keys that are lists": {context: func() *condition.Context {
			c := new(condition.Context)
			for at := range 10 {
				c.Set(key(at), condition.UnknownList())
			}
			return c
		}(), identity: repeat(40, func(at int) string {
			return only(`{"ForAnyValue:StringLike": {"`+key(at%10)+`": "*`+strconv.Itoa(at)+`*"}, "ForAllValues:StringLike": {"`+key((at+1)%10)+`": "*`+strconv.Itoa(at)+`*"}}`, yes)
		})},
		"nothing unknown, much missing": {context: new(condition.Context), identity: repeat(200, func(at int) string {
			return only(`{"StringEquals": {"`+key(at%50)+`": "x`+strconv.Itoa(at)+`"}, "StringLike": {"`+key((at+1)%50)+`": "*a*b*`+strconv.Itoa(at)+`"}}`, yes)
		})},
		"nothing unknown, variables missing": {context: new(condition.Context), resource: "arn:aws:s3:::logs/" + strings.Repeat("ab/", 45), account: account, action: "s3:GetObject", identity: repeat(100, func(at int) string {
			return `{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::logs/*${` + key(at%40) + `}*` + strconv.Itoa(at) + `"}`
		})},
	}
}

// TestHostileExplanations: whatever the policies, all of an explanation is there in
// bounded time.
func TestHostileExplanations(t *testing.T) {
	for name, s := range hostile() {
		e, r := s.evaluator(t), s.request(t)
		decision := e.Evaluate(r)
		x := e.Explain(r)
		if x.Decision != decision {
			t.Errorf("%s: Explain decides %v, Evaluate %v", name, x.Decision, decision)
		}
		report := fmt.Sprintf("%s, %s:", name, decision.Outcome)
		for what, do := range map[string]func(){
			"Residual": func() { x.Residual() }, "NearMisses": func() { x.NearMisses() }, "String": func() { _ = x.String() },
			"Blockers": func() { x.Blockers() }, "JSON": func() { _, _ = x.MarshalJSON() },
			"residual String": func() { _ = x.Residual().String() },
		} {
			start := time.Now()
			do()
			took := time.Since(start)
			if took > tooLong {
				t.Errorf("%s: %s took %v", name, what, took)
			}
			if took > 20*time.Millisecond {
				report += fmt.Sprintf(" %s %v", what, took.Round(time.Millisecond))
			}
		}
		t.Log(report)
	}
}

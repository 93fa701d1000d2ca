package policy_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/portcullis-iam/portcullis/policy"
)

// statement puts JSON for some elements into a document.
func statement(elements string) string {
	return `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", ` + elements + `}]}`
}

// TestHostile gives texts that were made to hurt. Each has an error with a
// position, or parses, in a time that no one notices.
func TestHostile(t *testing.T) {
	const (
		megabyte = 1_000_000
		star     = `"Action": "*", "Resource": "*"`
		// budget is a hundred times what the slowest one takes: it is for what
		// is not linear, and must not fail on a machine that is busy.
		budget = 10 * time.Second
	)
	many := func(n int, format string) string {
		var text strings.Builder
		for i := range n {
			if i > 0 {
				text.WriteByte(',')
			}
			fmt.Fprintf(&text, format, i)
		}
		return text.String()
	}
	for _, tt := range []struct {
		name string
		text string
		want policy.Code // empty: it parses
	}{
		{"brackets", strings.Repeat("[", 10*megabyte), policy.DocumentTooLarge},
		{"brackets within bounds", strings.Repeat("[", megabyte), policy.NestingTooDeep},
		{"objects", strings.Repeat(`{"a":`, 2*megabyte), policy.DocumentTooLarge},
		{"objects within bounds", strings.Repeat(`{"a":`, megabyte/5), policy.NestingTooDeep},
		{"deep in an element", statement(star + `, "x": ` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000)), policy.NestingTooDeep},
		{"as deep as allowed", statement(star + `, "x": ` + strings.Repeat("[", 29) + strings.Repeat("]", 29)), policy.InvalidPolicyElement},
		{"stars", statement(`"Action": "s3:` + strings.Repeat("*", megabyte) + `", "Resource": "*"`), ""},
		{"stars in a resource", statement(`"Action": "*", "Resource": "arn:` + strings.Repeat("*", megabyte) + `"`), ""},
		{"variables", statement(`"Action": "*", "Resource": "arn:` + strings.Repeat("${", megabyte/2) + `"`), ""},
		{"variables with defaults", statement(`"Action": "*", "Resource": "arn:` + strings.Repeat("${a, '", megabyte/6) + `}"`), ""},
		{"number", statement(star + `, "Condition": {"NumericEquals": {"a": ` + strings.Repeat("9", 10_000) + `}}`), ""},
		{"fraction", statement(star + `, "Condition": {"NumericEquals": {"a": 0.` + strings.Repeat("9", 10_000) + `e-9999999999}}`), ""},
		{"number as an element", statement(star + `, "Sid": ` + strings.Repeat("9", 10_000)), policy.DataTypeMismatch},
		{"NUL in a string", "{\"Id\": \"a\x00\"}", policy.JSONSyntaxError},
		{"NUL outside", "{\"Id\": \x00}", policy.JSONSyntaxError},
		{"NUL escaped", `{"Id": "\u0000", "Statement": []}`, ""},
		{"NUL behind the document", "{\"Statement\": []}\x00", policy.JSONSyntaxError},
		{"only NUL", "\x00", policy.JSONSyntaxError},
		{"byte order mark", "\uFEFF{\"Statement\": []}", policy.JSONSyntaxError},
		{"UTF-16", "\xFF\xFE{\x00}\x00", policy.InvalidUnicode},
		{"invalid UTF-8", "{\"Id\": \"\xff\"}", policy.InvalidUnicode},
		{"overlong UTF-8", "{\"Id\": \"\xc0\xaf\"}", policy.InvalidUnicode},
		{"surrogate in UTF-8", "{\"Id\": \"\xed\xa0\x80\"}", policy.InvalidUnicode},
		{"cut UTF-8", "{\"Id\": \"\xe2\x82", policy.InvalidUnicode},
		{"high surrogate", `{"Id": "\ud83d"}`, policy.InvalidUnicode},
		{"low surrogate", `{"Id": "\udc00\ud83d"}`, policy.InvalidUnicode},
		{"two high surrogates", `{"Id": "\ud83d\ud83d"}`, policy.InvalidUnicode},
		{"surrogate pair", `{"Id": "\ud83d\uDE00", "Statement": []}`, ""},
		{"line comment", "{\n// all of it\n\"Statement\": []}", policy.JSONSyntaxError},
		{"block comment", `{"Statement": /* none */ []}`, policy.JSONSyntaxError},
		{"comment behind", `{"Statement": []} // done`, policy.JSONSyntaxError},
		{"trailing comma in an object", `{"Statement": [], }`, policy.JSONSyntaxError},
		{"trailing comma in an array", `{"Statement": [{},]}`, policy.JSONSyntaxError},
		{"only a comma", `{"Statement": [,]}`, policy.JSONSyntaxError},
		{"two documents", `{"Statement": []} {"Statement": []}`, policy.JSONSyntaxError},
		{"cut off", `{"Statement": [{"Effect": "All`, policy.JSONSyntaxError},
		{"single quotes", `{'Statement': []}`, policy.JSONSyntaxError},
		{"no quotes", `{Statement: []}`, policy.JSONSyntaxError},
		{"leading zero", `{"Id": 01}`, policy.JSONSyntaxError},
		{"NaN", `{"Id": NaN}`, policy.JSONSyntaxError},
		{"line break in a string", "{\"Id\": \"a\nb\"}", policy.JSONSyntaxError},
		{"unknown escape", `{"Id": "\d"}`, policy.JSONSyntaxError},
		{"percent-encoded", `%7B%22Statement%22%3A%5B%5D%7D`, policy.JSONSyntaxError},
		{"YAML", "Statement:\n- Effect: Allow\n", policy.JSONSyntaxError},
		{"unknown elements", `{"Statement": [], ` + many(80_000, `"a%d": 1`) + `}`, policy.InvalidPolicyElement},
		{"elements again", `{"Statement": [], ` + `"Statement": []` + strings.Repeat(`,"Statement":[]`, 50_000) + `}`, policy.DuplicateKey},
		{"statements", `{"Statement": [` + `{}` + strings.Repeat(`,{}`, 300_000) + `]}`, policy.MissingEffect},
		{"statements without faults", `{"Statement": [{"Effect": "Deny", "Action": [], "Resource": []}` + strings.Repeat(`,{"Effect":"Deny","Action":[],"Resource":[]}`, policy.MaxStatements) + `]}`, policy.TooManyStatements},
		{"as many statements as allowed", `{"Statement": [{"Effect": "Deny", "Action": [], "Resource": []}` + strings.Repeat(`,{"Effect":"Deny","Action":[],"Resource":[]}`, policy.MaxStatements-1) + `]}`, ""},
		{"numbers for actions", statement(`"Action": [` + many(150_000, "%d") + `], "Resource": "*"`), policy.DataTypeMismatch},
		{"empty actions", statement(`"Action": [""` + strings.Repeat(`,""`, 300_000) + `], "Resource": "*"`), policy.InvalidActionFormat},
		{"condition keys", statement(star + `, "Condition": {"StringEquals": {` + many(60_000, `"a:%d": []`) + `}}`), ""},
		{"unknown operators", statement(star + `, "Condition": {` + many(80_000, `"a%d": {}`) + `}`), policy.InvalidConditionOperator},
		{"condition values", statement(star + `, "Condition": {"StringEquals": {"a:b": [1` + strings.Repeat(`,1`, 400_000) + `]}}`), ""},
		{"principal types", `{"Statement": {"Principal": {` + many(80_000, `"a%d": []`) + `}}}`, policy.MissingEffect},
		{"principals again", `{"Statement": {"Principal": {"AWS": []` + strings.Repeat(`,"AWS":[]`, 100_000) + `}}}`, policy.MissingEffect},
		{"line feeds", strings.Repeat("\n", megabyte) + "]", policy.JSONSyntaxError},
		{"escapes", statement(star + `, "Sid": "` + strings.Repeat(`\u0061`, megabyte/6) + `"`), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			kind := policy.IdentityBased
			if strings.Contains(tt.name, "principal") {
				kind = policy.ResourceBased
			}
			start := time.Now()
			d, err := policy.Parse(kind, []byte(tt.text))
			if d != nil {
				d.Validate()
			}
			if took := time.Since(start); took > budget {
				t.Errorf("took %v", took)
			}
			if tt.want == "" {
				if err != nil {
					t.Errorf("got %v, want no error", err)
				}
				return
			}
			var first *policy.Error
			if !errors.As(err, &first) {
				t.Fatalf("got %v, want an error", err)
			}
			if first.Code != tt.want {
				t.Errorf("got %v, want %s", first, tt.want)
			}
			if !first.Position.IsValid() || int(first.Position.Offset) > len(tt.text) {
				t.Errorf("position %v is not in the text", first.Position)
			}
			if len(first.Error()) > 300 {
				t.Errorf("the message has %d bytes", len(first.Error()))
			}
		})
	}
}

// TestSyntaxPlaces says where a text stops being JSON, and what the error
// advises.
func TestSyntaxPlaces(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, place, message string }{
		{`{"a": [1,]}`, "1:9", "remove it"},
		{"{\"é\": [1\n, }", "2:1", "remove it"},
		{`{"a": 1 // x`, "1:9", "no comments"},
		{`{# x`, "1:2", "no comments"},
		{`{"a" 1}`, "1:6", "colon"},
		{`{"a" /* x */: 1}`, "1:6", "no comments"},
		{`{"a": 1 "b": 2}`, "1:9", "comma"},
		{`{"a": [1}`, "1:9", `']'`},
		{`{"a": (}`, "1:7", `'('`},
		{`{"a": 'x'}`, "1:7", "double quotes"},
		{`{“a”: 1}`, "1:2", "straight quotes"},
		{`{"a": "x}`, "1:7", "closing quote"},
		{`{"a": tru}`, "1:7", "double quotes"},
		{`{"a": -}`, "1:7", "digit"},
		{`{"a": 1.}`, "1:8", "digit"},
		{`{"a": 1e+}`, "1:8", "digit"},
		{`{"a": 00}`, "1:7", "leading zeros"},
		{`{"a": "\u12"}`, "1:8", "hexadecimal"},
		{"{\"a\": \"\t\"}", "1:8", `\t`},
		{"{\"a\": \"\x01\"}", "1:8", `\u0001`},
		{`{"a": 1`, "1:8", "too early"},
		{`{"a"`, "1:5", "too early"},
		{`{"a": 1, "b`, "1:10", "closing quote"},
		{`{"a": 1, `, "1:10", "too early"},
		{`{"a": 1, 2}`, "1:10", "a name in double quotes"},
		{`{"a": 1, // x`, "1:10", "no comments"},
		{"{\"a\": \x00}", "1:7", "a NUL character"},
		{`{`, "1:2", "too early"},
		{`{"a":`, "1:6", "too early"},
		{`{"a": "\`, "1:9", "too early"},
		{`{"a": :}`, "1:7", "value is missing"},
		{`{}}`, "1:3", "remove what follows"},
		{strings.Repeat("[", policy.MaxDepth+1), "1:33", "a policy needs six levels"},
		{"{\"a\": \"\xff\"}", "1:8", "0xFF"},
		{"\xff", "1:1", "0xFF"},
	} {
		_, err := policy.Parse(policy.IdentityBased, []byte(tt.text))
		var first *policy.Error
		if !errors.As(err, &first) {
			t.Errorf("%q: got %v, want an error", tt.text, err)
			continue
		}
		if first.Position.String() != tt.place || !strings.Contains(first.Message, tt.message) {
			t.Errorf("%q: got %v, want one at %s with %q", tt.text, first, tt.place, tt.message)
		}
	}
}

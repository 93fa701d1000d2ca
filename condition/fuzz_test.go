package condition_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// What ParseJSON takes, encoding/json reads alike; and what it refuses is
// refused for a reason.
func FuzzParseJSON(f *testing.F) {
	for _, text := range []string{
		`{}`, `{"a": "b", "c": [1, true, "x"], "d": 1.50}`, `{"a": null}`, `{"a": {"b": 1}}`, `{"a": [[1]]}`, `{"a": 1, "A": 2}`, `{"a": "\ud83d\ude00\ud800"}`, `[`, `{"a":"\u00`, "{\"\xff\": 1}", `{"a" 1}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := condition.ParseJSON(text)
		var oracle map[string]any
		decoder := json.NewDecoder(strings.NewReader(string(text)))
		decoder.UseNumber()
		oracleErr := decoder.Decode(&oracle)
		if err != nil {
			if len(err.Error()) == 0 {
				t.Fatal("an error without text")
			}
			for _, value := range oracle {
				switch value.(type) {
				case nil, map[string]any:
					return
				}
			}
			if oracleErr == nil && json.Valid(text) && utf8.Valid(text) && oracle != nil {
				want, mapErr := condition.FromMap(oracle)
				if mapErr == nil && want.Len() > 0 && !duplicates(text) && !strings.Contains(strings.ToLower(string(text)), `\ud`) {
					t.Fatalf("%q is refused: %v", text, err)
				}
			}
			return
		}
		if oracleErr != nil {
			t.Fatalf("%q is taken, but %v", text, oracleErr)
		}
		want, mapErr := condition.FromMap(oracle)
		if mapErr != nil || want.Len() != c.Len() {
			t.Fatalf("%q: %d keys, want %d, %v", text, c.Len(), want.Len(), mapErr)
		}
		for key, value := range want.All() {
			got, found := c.Lookup(key)
			if !found || got.String() != value.String() || got.Kind() != value.Kind() {
				t.Fatalf("%q: %q is %v, %v; want %v", text, key, got, found, value)
			}
		}
	})
}

// duplicates tells whether the object has a key twice, which a map hides.
func duplicates(text []byte) bool {
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	seen, depth, isKey := map[string]bool{}, 0, false
	for {
		token, err := decoder.Token()
		if err != nil {
			return false
		}
		switch token := token.(type) {
		case json.Delim:
			if token == '{' || token == '[' {
				depth++
			} else {
				depth--
			}
			isKey = depth == 1
			continue
		case string:
			if depth == 1 && isKey {
				if seen[asciiLower(token)] {
					return true
				}
				seen[asciiLower(token)] = true
				isKey = false
				continue
			}
		}
		isKey = depth == 1
	}
}

func FuzzParseEntries(f *testing.F) {
	f.Add([]byte(`[{"ContextKeyName": "a", "ContextKeyValues": ["1"], "ContextKeyType": "numeric"}]`))
	f.Add([]byte(`[{"ContextKeyName": "a", "ContextKeyValues": ["1"], "ContextKeyType": "ipList"}, 1]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := condition.ParseEntries(text)
		var entries []condition.Entry
		oracleErr := json.Unmarshal(text, &entries)
		if err != nil {
			return
		}
		want, wantErr := condition.FromEntries(entries)
		if oracleErr != nil || wantErr != nil || want.Len() != c.Len() {
			t.Fatalf("%q is taken, but %v, %v", text, oracleErr, wantErr)
		}
	})
}

// The tokens of a template make up its text again, variables as they stand in
// it, and only what is a variable by the readable rule is one.
func FuzzTemplate(f *testing.F) {
	for _, text := range []string{"", "a*${k}?", "${*}${?}${$}", "${k, 'x}y'}${", "${k,'x'}${}", "${${k}}", "${k, 'x'y}${j}", "${, 'x'}", "${a, 'b', 'c'}"} {
		f.Add(text, true)
		f.Add(text, false)
	}
	f.Fuzz(func(t *testing.T, text string, wildcards bool) {
		template := condition.ParseTemplate(text, wildcards)
		keys := template.Keys()
		rest, variables := text, 0
		for _, token := range template.Tokens() {
			name, _, hasFallback, size := readableVariable(rest)
			escaped := size > 0 && !hasFallback && (name == "*" || name == "?" || name == "$")
			switch token.Kind {
			case wildcard.Variable:
				if size == 0 || escaped || int(token.Index) != variables || keys[variables] != name {
					t.Fatalf("%q: variable %d at %q", text, token.Index, rest)
				}
				variables++
				rest = rest[size:]
			case wildcard.Any, wildcard.One:
				if !wildcards || rest == "" {
					t.Fatalf("%q: a wildcard at %q", text, rest)
				}
				if token.Kind == wildcard.Any {
					rest = strings.TrimLeft(rest, "*") // neighbours are merged
				} else {
					rest = strings.TrimPrefix(rest, "?")
				}
			default:
				if escaped {
					if token.Text != name {
						t.Fatalf("%q: literal %q at %q", text, token.Text, rest)
					}
					rest = rest[size:]
					continue
				}
				if !strings.HasPrefix(rest, token.Text) || token.Text == "" || (wildcards && strings.ContainsAny(token.Text, "*?")) {
					t.Fatalf("%q: literal %q at %q", text, token.Text, rest)
				}
				for at := range token.Text {
					if _, _, _, size := readableVariable(rest[at:]); size > 0 {
						t.Fatalf("%q: a variable within the literal %q", text, token.Text)
					}
				}
				rest = rest[len(token.Text):]
			}
		}
		if rest != "" || variables != len(keys) {
			t.Fatalf("%q: %q is left, %d of %d variables", text, rest, variables, len(keys))
		}
	})
}

func FuzzParseOperator(f *testing.F) {
	f.Add("ForAllValues:StringNotLikeIfExists")
	f.Add("nullIFEXISTS")
	f.Fuzz(func(t *testing.T, name string) {
		o, err := condition.ParseOperator(name)
		if err == nil && !strings.EqualFold(o.String(), name) {
			t.Fatalf("%q is %v", name, o)
		}
		if err != nil && o != (condition.Operator{}) {
			t.Fatalf("%q is %v and %v", name, o, err)
		}
	})
}

package policy

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// TestSyntaxAgrees compares checkSyntax with encoding/json on texts that are
// JSON or nearly so. What encoding/json takes and this does not is bad Unicode
// and depth, each with its own code.
func TestSyntaxAgrees(t *testing.T) {
	t.Parallel()
	piece := rapid.SampledFrom([]string{"{", "}", "[", "]", ",", ":", `"a"`, `""`, "1", "0", "-", ".", "e", "E+2", "true", "false", "null", " ", "\n",
		`"\n"`, `"\u12aF"`, `"\ud83d\ude00"`, `"\ud800"`, `"`, `\`, "\x00", "\xff", "é", `{"a":1}`, `[1,-2.5e3]`, `"a":`, `, "b":`, "/", strings.Repeat("[", 20), strings.Repeat("]", 20)})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(piece, 0, 10).Draw(t, "pieces"), "")
		_, fault := checkSyntax(text)
		valid := json.Valid([]byte(text))
		switch {
		case fault == nil && !valid:
			t.Fatalf("%q is taken for JSON", text)
		case fault == nil || !valid:
		case fault.code == NestingTooDeep:
			if strings.Count(text, "[")+strings.Count(text, "{") <= MaxDepth {
				t.Fatalf("%q is not too deep", text)
			}
		case fault.code == InvalidUnicode:
			if utf8.ValidString(text) && !strings.Contains(text, `\ud800`) {
				t.Fatalf("%q is good Unicode", text)
			}
		default:
			t.Fatalf("%q is JSON, but %+v", text, *fault)
		}
		if fault != nil && (fault.offset < 0 || fault.offset > len(text) || fault.message == "") {
			t.Fatalf("%q: %+v", text, *fault)
		}
	})
}

func TestFacts(t *testing.T) {
	t.Parallel()
	got, fault := checkSyntax("{\n\"é😀\": [{\"a\": {}}, {}, [{}]],\n\"b\": {\"c\": {}}}\n")
	if want := (facts{lineFeeds: 3, continuations: 4, innerObjects: 3}); fault != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, fault, want)
	}
}

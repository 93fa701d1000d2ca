package principal

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tidwall/gjson"
	"pgregory.net/rapid"
)

func TestScanJSON(t *testing.T) {
	good := []string{
		`{}`, `[]`, `{"a":1}`, ` { "a" : [ 1 , -0.5e+3 , "x\u00e9\n" , true , false , null , { } ] } `, `"\ud83d\ude00"`, `0`, `-1`, `[[],[]]`,
		strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth),
	}
	for _, text := range good {
		end, err := scanJSON(text, 0)
		if err != nil || strings.TrimSpace(text[end:]) != "" {
			t.Errorf("%s: end %d, %+v", text, end, err)
		}
	}
	bad := []struct {
		text, message string
		offset        int
	}{
		{``, "ends where a value", 0},
		{`{"a":1,}`, "comma stands before the closing brace", 7},
		{`[1,]`, "remove the comma", 3},
		{`{"a":1`, "ends inside", 6},
		{`{"a" 1}`, "colon", 5},
		{`{"a":1 "b":2}`, "a comma or the closing", 7},
		{`[1}`, "a comma or the closing", 2},
		{`{'a':1}`, "double quotation marks", 1},
		{`['a']`, "JSON has double quotation marks only", 1},
		{`[// x` + "\n1]", "no comments", 1},
		{`{/* x */}`, "no comments", 1},
		{"\uFEFF{}", "byte order mark", 0},
		{"[\xff]", "nor UTF-8", 1},
		{"\"\xff\"", "not UTF-8", 1},
		{`"\ud800"`, "without its second half", 1},
		{`"\udc00"`, "without its first half", 1},
		{`"\ud800\ud800"`, "without its second half", 1},
		{`"\x"`, "a backslash must", 1},
		{`"\u12g4"`, "a backslash must", 1},
		{`"\`, "a backslash must", 1},
		{"\"a\nb\"", "control character", 2},
		{`"abc`, "not closed", 0},
		{`01`, "not a number", 0},
		{`1.`, "not a number", 0},
		{`-`, "not a number", 0},
		{`1e`, "not a number", 0},
		{`tru`, "no value", 0},
		{`NaN`, "no value", 0},
		{`}`, "closes nothing", 0},
		{strings.Repeat("[", maxDepth+1), "nests deeper", maxDepth},
		{strings.Repeat(`{"a":`, 100000), "nests deeper", maxDepth * 5},
	}
	for _, test := range bad {
		if _, err := scanJSON(test.text, 0); err == nil || err.offset != test.offset || !strings.Contains(err.message, test.message) {
			t.Errorf("%.40s: got %+v, want %q at %d", test.text, err, test.message, test.offset)
		}
	}
}

// The scan is as strict as gjson.Valid, and stricter only about UTF-8, lone
// surrogates and depth.
func TestScanJSONLikeValid(t *testing.T) {
	piece := rapid.SampledFrom([]string{"{", "}", "[", "]", ",", ":", `"`, `"a"`, `\`, `\u00e9`, `\ud800`, "1", "0", "-", ".", "e", "true", "null", " ", "\n", "é", "\xff", "\x00", "/"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), "")
		end, err := scanJSON(text, 0)
		ok := err == nil && skipSpace(text, end) == len(text)
		if ok && !gjson.Valid(text) {
			t.Fatalf("%q passes the scan and is not valid", text)
		}
		if !ok && gjson.Valid(text) && utf8.ValidString(text) && !strings.Contains(text, `\ud800`) {
			t.Fatalf("%q is valid and does not pass the scan: %+v", text, err)
		}
	})
}

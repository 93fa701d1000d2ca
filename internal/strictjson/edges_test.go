package strictjson

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// TestEscapedCodeUnits goes through \uXXXX around the bounds of the surrogates
// and in between, alone and before the bounds of the low surrogates, in both
// cases of hexadecimal digits.
func TestEscapedCodeUnits(t *testing.T) {
	units := []int{0xD7FF, 0xD800, 0xD801, 0xDBFE, 0xDBFF, 0xDC00, 0xDC01, 0xDFFE, 0xDFFF, 0xE000, 0xE001, 0xFFFF}
	for unit := 0; unit < 0x10000; unit += 0x3B {
		units = append(units, unit)
	}
	for _, unit := range units {
		high, low := unit >= 0xD800 && unit <= 0xDBFF, unit >= 0xDC00 && unit <= 0xDFFF
		for _, format := range []string{`"\u%04x"`, `"\u%04X"`} {
			text := fmt.Sprintf(format, unit)
			if fault := Check(text, 1); (fault == nil) == (high || low) || fault != nil && (fault.Code != Unicode || fault.Offset != 1) {
				t.Fatalf("%s: %+v", text, fault)
			}
		}
		for _, second := range []int{0xDBFF, 0xDC00, 0xDFFF, 0xE000} {
			text := fmt.Sprintf(`"\u%04x\u%04x"`, unit, second)
			pair := high && (second == 0xDC00 || second == 0xDFFF)
			plain := !high && !low && second == 0xE000
			if fault := Check(text, 1); (fault == nil) != (pair || plain) {
				t.Fatalf("%s: %+v", text, fault)
			}
		}
	}
}

// TestEveryByteInEveryPlace puts each byte where it could be taken for another,
// and lets encoding/json judge.
func TestEveryByteInEveryPlace(t *testing.T) {
	for _, frame := range []string{
		"%s", `"%s"`, `"a%sb"`, `"\%s"`, `"\u%s000"`, `"\u000%s"`, `"\u0%s`, "1%s", "1%s5", "-%s", "0%s", "1.%s", "1e%s", "1e+%s", "1%s+5", "[1%s]", "[%s]", "[1,%s]",
		`{"a"%s1}`, `{%s:1}`, `{"a":1%s}`, `{"a":1,%s}`, `{"a":%s}`, "tru%s", "%strue", "true%s", "%s[]", "[]%s", `"a"%s`, `{"a":[1%s`, `{%s`, `{"a"%s`, `[%s`,
	} {
		for b := range 256 {
			text := strings.Replace(frame, "%s", string([]byte{byte(b)}), 1)
			want := json.Valid([]byte(text))
			if b >= 0x80 {
				want = false // a byte alone is not UTF-8
			}
			if fault := Check(text, 8); (fault == nil) != want {
				t.Errorf("%q: %+v", text, fault)
			} else if fault != nil && (fault.Offset < 0 || fault.Offset > len(text) || fault.Message == "" || fault.Code == 0) {
				t.Errorf("%q: %+v", text, fault)
			}
		}
	}
}

// TestNextGivesTheEnd, or the place of the fault.
func TestNextGivesTheEnd(t *testing.T) {
	for text, want := range map[string]struct {
		end int
		ok  bool
	}{
		`  {"a": [1]} x`: {12, true},
		`"a""b"`:         {3, true},
		"1 2":            {1, true},
		"[1, ]":          {2, false},
		`["\x"]`:         {2, false},
		"":               {0, false},
		"// 1":           {0, false},
		`"\ufffd"`:       {3 + 5, true},
	} {
		end, fault := Next(text, 0, 8)
		if end != want.end || (fault == nil) != want.ok || fault != nil && fault.Offset != end {
			t.Errorf("%q ends at %d (%+v), want %d", text, end, fault, want.end)
		}
	}
}

// TestHints: faults that people make come with what to do.
func TestHints(t *testing.T) {
	for text, want := range map[string]string{
		"\xff\xfe{":        "UTF-16",
		"\xfe\xff{":        "UTF-16",
		"\ufeff{}":         "byte order mark",
		"%7B%7D":           "percent-encoded",
		"%7b%7d":           "percent-encoded",
		"'a'":              ": JSON takes double quotes",
		"“a”":              ": JSON takes straight quotes",
		"”a”":              ": JSON takes straight quotes",
		"A":                `'A': put it in double quotes`,
		"Z":                `'Z': put it in double quotes`,
		"a":                `'a': put it in double quotes`,
		"z":                `'z': put it in double quotes`,
		"_":                `'_': put it in double quotes`,
		"$":                `'$': put it in double quotes`,
		"*":                `'*': put it in double quotes`,
		"{a:1}":            `not 'a': put it in double quotes`,
		"\"a\nb\"":         "ends at its line",
		"\"a\rb\"":         "ends at its line",
		"\"a\tb\"":         `a tab: write it as \t`,
		"\"a\x00b\"":       "NUL",
		"\"a\x1fb\"":       `0x1F: write it as \u001f`,
		`"\x"`:             `before 'x'`,
		`"\`:               "ends too early",
		"\x00":             "a NUL character",
		"\x80":             "the byte 0x80",
		"[1] // a comment": "no comments",
		"[/* a */ 1]":      "no comments",
		"{# a\n}":          "no comments",
		"":                 "empty",
		"]":                "a value is missing before ']'",
		"}":                "a value is missing before '}'",
		",":                "a value is missing before ','",
		":":                "a value is missing before ':'",
		`"\u00`:            "four hexadecimal digits",
		`"\u0041`:          "no closing quote",
		"[1}":              "closed by ']', not by '}'",
		`{"a":1]`:          "closed by '}', not by ']'",
		"[1 2]":            "of an array, not '2'",
		`{"a" 1}`:          "between a name and its value, not '1'",
	} {
		fault := Check(text, 8)
		if fault == nil || !strings.Contains(fault.Message, want) {
			t.Errorf("%q: %+v, want %q", text, fault, want)
		}
	}
	if fault := Check("\"\ufffd\"", 1); fault != nil {
		t.Errorf("the replacement character itself: %+v", fault)
	}
	for _, text := range []string{"@", "[", "`", "{", "~"} {
		if fault := Check(text, 8); fault == nil || strings.Contains(fault.Message, "double quotes") && text != "{" {
			t.Errorf("%q: %+v", text, fault)
		}
	}
}

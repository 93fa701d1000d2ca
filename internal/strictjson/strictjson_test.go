package strictjson

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		text    string
		code    Code
		offset  int
		message string
	}{
		{``, Syntax, 0, "empty"},
		{`{"a":1,}`, Syntax, 6, "comma"},
		{`[1 2]`, Syntax, 3, "comma"},
		{"{ // c\n}", Syntax, 2, "comments"},
		{"\uFEFF{}", Syntax, 0, "byte order mark"},
		{`"` + "\xff" + `"`, Unicode, 1, "UTF-8"},
		{`"\ud800"`, Unicode, 1, "surrogate"},
		{`"\udc00\ud800"`, Unicode, 1, "surrogate"},
		{`{} x`, Syntax, 3, "ends"},
		{`[01]`, Syntax, 1, "leading zeros"},
		{`{'a':1}`, Syntax, 1, "double quotes"},
		{"\"a\x00\"", Syntax, 2, "NUL"},
		{`[[[`, Depth, 2, "deeper"},
		{strings.Repeat("[", 10_000_000), Depth, 2, "deeper"},
		{`{"a"`, Syntax, 4, "too early"},
		{`nul`, Syntax, 0, "quotes"},
	} {
		fault := Check(c.text, 2)
		if fault == nil || fault.Code != c.code || fault.Offset != c.offset || !strings.Contains(fault.Message, c.message) {
			t.Errorf("%.20q: %+v, want code %d at %d with %q", c.text, fault, c.code, c.offset, c.message)
		}
	}
}

func TestFacts(t *testing.T) {
	got, fault := Inspect("{\n\"é😀\": [{\"a\": {}}, {}, [{}]],\n\"b\": {\"c\": {}}}\n", MaxDepth)
	if want := (Facts{LineFeeds: 3, Continuations: 4, InnerObjects: 3}); fault != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, fault, want)
	}
	if got, fault = Inspect("[\n", MaxDepth); fault == nil || got != (Facts{}) {
		t.Errorf("got %+v, %v, want a fault and no facts", got, fault)
	}
}

func TestIsNumber(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, "0": true, "-1.5e+3": true, "1 ": false, " 1": false, "01": false, "+1": false, "1x": false, "-": false, "NaN": false, `"1"`: false,
	} {
		if got := IsNumber(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestPlace(t *testing.T) {
	for text, want := range map[string]Place{
		"": {1, 1}, "a": {1, 2}, "é😀": {1, 3}, "a\n": {2, 1}, "\n\r\nab": {3, 3},
	} {
		if got := Start.Behind(text); got != want {
			t.Errorf("behind %q: %v, want %v", text, got, want)
		}
	}
}

func TestNextReadsOneValueAfterTheOther(t *testing.T) {
	text := " {\"a\":1}\n[2] "
	end, fault := Next(text, 0, 8)
	if fault != nil || text[:end] != ` {"a":1}` {
		t.Fatalf("first value ends at %d: %v", end, fault)
	}
	if end, fault = Next(text, end, 8); fault != nil || text[end:] != " " {
		t.Fatalf("second value ends at %d: %v", end, fault)
	}
	if _, fault = Next("[]\uFEFF[]", 2, 8); fault == nil || fault.Offset != 2 {
		t.Fatalf("a byte order mark in the middle: %+v", fault)
	}
}

// TestAgreesWithTheStandardLibrary: apart from depth and Unicode, JSON is what
// encoding/json takes for JSON.
func TestAgreesWithTheStandardLibrary(t *testing.T) {
	pieces := rapid.SampledFrom([]string{"{", "}", "[", "]", ",", ":", `"a"`, `"\u00e9"`, `"\n"`, `"\x"`, "1", "-0", "01", "1.5e3", "1e", "true", "false", "null", "tru", " ", "\n", "\t", "é", "\x01",
		"-", ".", "E+2", `"\u12aF"`, `"\ud83d\ude00"`, `"\ud800"`, `"`, `\`, "\x00", "\xff", `{"a":1}`, `[1,-2.5e3]`, `"a":`, `, "b":`, "/", "[[[", "]]]"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(pieces, 0, 12).Draw(t, "pieces"), "")
		const depth = 4
		fault := Check(text, depth)
		valid := json.Valid([]byte(text))
		switch {
		case fault == nil && !valid:
			t.Fatalf("%q is taken for JSON", text)
		case fault == nil || !valid:
		case fault.Code == Depth:
			if strings.Count(text, "[")+strings.Count(text, "{") <= depth {
				t.Fatalf("%q is not too deep", text)
			}
		case fault.Code == Unicode:
			if utf8.ValidString(text) && !strings.Contains(text, `\ud800`) {
				t.Fatalf("%q is good Unicode", text)
			}
		default:
			t.Fatalf("%q is JSON, but %+v", text, *fault)
		}
		if fault != nil && (fault.Offset < 0 || fault.Offset > len(text) || fault.Message == "") {
			t.Fatalf("%q: %+v", text, *fault)
		}
	})
}

func FuzzCheck(f *testing.F) {
	for _, seed := range []string{`{"a":[1,"x\u00e9",true,null,-1.5e+3]}`, `[`, `{"a":1,}`, `"\ud83d\ude00"`, "\xff"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fault := Check(string(data), MaxDepth)
		valid := json.Valid(data) && utf8.Valid(data)
		switch {
		case fault == nil && !valid:
			t.Fatalf("%q is taken for JSON", data)
		case fault != nil && (fault.Offset < 0 || fault.Offset > len(data) || fault.Message == ""):
			t.Fatalf("%q: a fault without place or words: %+v", data, fault)
		case fault != nil && fault.Code == Syntax && valid:
			t.Fatalf("%q is JSON, but: %+v", data, fault)
		}
	})
}

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

func TestNextReadsOneValueAfterTheOther(t *testing.T) {
	text := " {\"a\":1}\n[2] "
	end, fault := Next(text, 0, 8)
	if fault != nil || text[:end] != ` {"a":1}` {
		t.Fatalf("first value ends at %d: %v", end, fault)
	}
	if end, fault = Next(text, end, 8); fault != nil || text[end:] != " " {
		t.Fatalf("second value ends at %d: %v", end, fault)
	}
}

// TestAgreesWithTheStandardLibrary: apart from depth and Unicode, JSON is what
// encoding/json takes for JSON.
func TestAgreesWithTheStandardLibrary(t *testing.T) {
	pieces := rapid.SampledFrom([]string{"{", "}", "[", "]", ",", ":", `"a"`, `"\u00e9"`, `"\n"`, `"\x"`, "1", "-0", "01", "1.5e3", "1e", "true", "null", "tru", " ", "\n", "\t", "é", "\x01"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(pieces, 0, 12).Draw(t, "pieces"), "")
		fault := Check(text, MaxDepth)
		if valid := json.Valid([]byte(text)); valid != (fault == nil) {
			t.Fatalf("%q: encoding/json says %v, Check says %+v", text, valid, fault)
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

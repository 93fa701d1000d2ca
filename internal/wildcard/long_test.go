package wildcard

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestLongParts: what stands between two stars is looked for in blocks of 64
// code points if it is long, so its length decides which way it goes.
func TestLongParts(t *testing.T) {
	a := func(count int) string { return strings.Repeat("a", count) }
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"*?" + a(62) + "b*", a(100) + "b", true}, // 64 code points
		{"*?" + a(62) + "b*", a(100), false},
		{"*?" + a(63) + "b*", a(100) + "b", true}, // 65: the first block fits before the second does
		{"*?" + a(63) + "b*", a(100) + "c", false},
		{"*?" + a(126) + "b*", a(200) + "b", true}, // 128
		{"*?" + a(127) + "b*", a(200) + "b", true}, // 129
		// Only the first place of the first window fits the first block.
		{"*" + a(63) + "?d*", a(63) + "cx" + strings.Repeat("b", 5000) + a(63) + "cd", true},
		{"*" + a(63) + "?d*", a(63) + "cx" + strings.Repeat("b", 5000) + a(63) + "ce", false},
		// The match begins in one window and ends in the next, or begins the next.
		{"*?" + a(62) + "b*", strings.Repeat("c", 4095) + a(63) + "b", true},
		{"*?" + a(62) + "b*", strings.Repeat("c", 4095) + a(62) + "cb", false},
		{"*?" + a(127) + "b*", strings.Repeat("c", 4090) + a(128) + "b", true},
		{"*?" + a(127) + "b*", strings.Repeat("c", 4096) + a(128) + "b", true},
		{"*?" + a(127) + "b*", strings.Repeat("c", 8191) + a(128) + "b", true},
		// Code points on both sides of the end of ASCII.
		{"*?" + a(20) + "\x7f\u0080é*", "x" + a(20) + "\x7f\u0080é", true},
		{"*?" + a(20) + "\x7f\u0080é*", "x" + a(20) + "\x7f\u0081é", false},
		// A byte that is not UTF-8 is not the replacement character.
		{"*?" + a(20) + "\ufffd*", "x" + a(20) + "\xff", false},
		{"*?" + a(20) + "\ufffd*", "x" + a(20) + "\xffx" + a(20) + "\ufffd", true},
		{"*?\ufffd*", "x\xff", false},
		{"*?" + a(20) + "\ufffd*", "x" + a(20) + "\ufffd", true},
		// The beginning and the end of a pattern must not overlap.
		{"ab*c*ba", "aba", false},
		{"ab*c*ba", "abcba", true},
	} {
		pattern := Compile(c.pattern)
		if got := pattern.Match(c.text); got != c.want {
			t.Errorf("%q on %q: %v", c.pattern, c.text, got)
		}
		if got := MatchTokens(Wildcards(nil, c.pattern), nil, c.text); got != c.want {
			t.Errorf("the tokens of %q on %q: %v", c.pattern, c.text, got)
		}
		for _, text := range []string{c.text, strings.ToUpper(c.text)} {
			if strings.ContainsFunc(c.text, func(r rune) bool { return r >= utf8.RuneSelf }) {
				continue
			}
			if got := pattern.MatchFold(text); got != c.want {
				t.Errorf("%q on %q but for case: %v", c.pattern, text, got)
			}
			upper := Compile(strings.ToUpper(c.pattern))
			if got := upper.MatchFold(text); got != c.want {
				t.Errorf("%q on %q but for case: %v", upper.Text(), text, got)
			}
		}
	}
}

// TestValuesThatAreNotUTF8 are compared byte by byte, however long the part is
// that they stand in.
func TestValuesThatAreNotUTF8(t *testing.T) {
	for _, literal := range []string{"a", strings.Repeat("a", 20)} {
		tokens := []Token{{Kind: Any}, {Kind: One}, {Kind: Literal, Text: literal}, {Kind: Variable}, {Kind: Any}}
		for value, want := range map[string]bool{"\xc3": true, "\xc3\xa9": true, "\xff": false, "": true} {
			if got := MatchTokens(tokens, []string{value}, "x"+literal+"é"); got != want {
				t.Errorf("%d characters and %q: %v", len(literal), value, got)
			}
		}
	}
}

package message

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestQuote(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{
		{"", 3, `""`},
		{"abc", 3, `"abc"`},
		{"abcd", 3, `"abc"…`},
		{"aéé", 4, `"aé"…`},
		{"a\nb\"", 9, `"a\nb\""`},
		{strings.Repeat("\x80", 9), 4, `""…`},
	} {
		if got := Quote(c.text, c.limit); got != c.want {
			t.Errorf("Quote(%q, %d) = %s, want %s", c.text, c.limit, got, c.want)
		}
	}
}

// TestQuoteIsOneShortLine: whatever the text, what is shown of it is short, on
// one line, and UTF-8.
func TestQuoteIsOneShortLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOf(rapid.Byte()).Draw(t, "text"))
		limit := rapid.IntRange(0, 40).Draw(t, "limit")
		got := Quote(text, limit)
		if len(got) > 10*limit+len(`""…`) || strings.ContainsAny(got, "\n\r\x00\x1b") || !utf8.ValidString(got) {
			t.Fatalf("%q becomes %q", text, got)
		}
	})
}

func TestLines(t *testing.T) {
	errorsOf := func(count int) []error {
		all := make([]error, count)
		for at := range all {
			all[at] = errors.New("x")
		}
		return all
	}
	ten := strings.TrimSuffix(strings.Repeat("x\n", 10), "\n")
	for count, want := range map[int]string{0: "", 1: "x", 2: "x\nx", 10: ten, 11: ten + "\nand 1 more error", 100: ten + "\nand 90 more errors"} {
		if got := Lines(errorsOf(count)); got != want {
			t.Errorf("%d errors: %q, want %q", count, got, want)
		}
		if got := Unwrap(errorsOf(count)); len(got) != count {
			t.Errorf("%d errors are unwrapped to %d", count, len(got))
		}
	}
}

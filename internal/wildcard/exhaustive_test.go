package wildcard

import (
	"strings"
	"testing"
)

// words gives every text of at most max of the characters.
func words(characters []string, max int) []string {
	all := []string{""}
	for begin := 0; max > 0; max-- {
		end := len(all)
		for _, shorter := range all[begin:end] {
			for _, c := range characters {
				all = append(all, shorter+c)
			}
		}
		begin = end
	}
	return all
}

// TestSmallPatterns compares every small pattern on every small text with the
// definition of the wildcards, in all forms that a pattern has.
func TestSmallPatterns(t *testing.T) {
	texts := words([]string{"a", "B", "b", "é", "\x80"}, 4)
	lowered := make([]string, len(texts))
	for at, text := range texts {
		lowered[at] = asciiLower(text)
	}
	for _, pattern := range words([]string{"a", "B", "*", "?"}, 4) {
		compiled, tokens := Compile(pattern), Wildcards(nil, pattern)
		folded := asciiLower(pattern)
		for at, text := range texts {
			want := slowMatch(pattern, text)
			if compiled.Match(text) != want {
				t.Fatalf("%q matches %q: want %v", pattern, text, want)
			}
			if Match(pattern, text) != want {
				t.Fatalf("%q matches %q without compiling: want %v", pattern, text, want)
			}
			if MatchTokens(tokens, nil, text) != want {
				t.Fatalf("the tokens of %q match %q: want %v", pattern, text, want)
			}
			if want := slowMatch(folded, lowered[at]); compiled.MatchFold(text) != want {
				t.Fatalf("%q matches %q but for case: want %v", pattern, text, want)
			}
			if want && (!strings.HasPrefix(text, compiled.Prefix()) || !strings.HasSuffix(text, compiled.Suffix())) {
				t.Fatalf("%q matches %q without its prefix or suffix", pattern, text)
			}
		}
	}
}

func TestPatternsSayWhatTheyAre(t *testing.T) {
	long := strings.Repeat("x", offsetLimit)
	for pattern, want := range map[string]struct {
		text, prefix, suffix string
		literal              bool
	}{
		"":                {"", "", "", true},
		"ab":              {"ab", "ab", "", true},
		"*":               {"*", "", "", false},
		"ab*":             {"ab*", "ab", "", false},
		"*ab":             {"*ab", "", "ab", false},
		"a*b":             {"a*b", "a", "b", false},
		"a?b":             {"a?b", "a", "b", false},
		"?":               {"?", "", "", false},
		"ab*cd?ef*gh":     {"ab*cd?ef*gh", "ab", "gh", false},
		"a***b":           {"a*b", "a", "b", false},
		"**":              {"*", "", "", false},
		"**a**b**":        {"*a*b*", "", "", false},
		long + "*y":       {long + "*y", long, "y", false},
		long + "x*y":      {long + "x*y", "", "", false},
		"a*" + long + "*": {"a*" + long + "*", "", "", false},
		long + "x":        {long + "x", long + "x", "", true},
	} {
		p := Compile(pattern)
		if p.Text() != want.text || p.Prefix() != want.prefix || p.Suffix() != want.suffix || p.Literal() != want.literal {
			t.Errorf("%.20q (%d bytes): text %.20q, prefix %.20q, suffix %.20q, literal %v", pattern, len(pattern), p.Text(), p.Prefix(), p.Suffix(), p.Literal())
		}
		if text := strings.ReplaceAll(pattern, "?", "*"); !p.Match(strings.ReplaceAll(text, "*", "z")) || p.Match("-"+text+"-") && p.Prefix()+p.Suffix() != "" {
			t.Errorf("%.20q (%d bytes) does not match what it should", pattern, len(pattern))
		}
	}
}

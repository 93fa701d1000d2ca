package wildcard

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gobwas/glob"
	"pgregory.net/rapid"
)

// slowMatch is the definition of the two wildcards, read off aloud.
func slowMatch(pattern, text string) bool {
	if pattern == "" {
		return text == ""
	}
	switch pattern[0] {
	case '*':
		if slowMatch(pattern[1:], text) {
			return true
		}
		if text == "" {
			return false
		}
		_, n := utf8.DecodeRuneInString(text)
		return slowMatch(pattern, text[n:])
	case '?':
		if text == "" {
			return false
		}
		_, n := utf8.DecodeRuneInString(text)
		return slowMatch(pattern[1:], text[n:])
	}
	return text != "" && pattern[0] == text[0] && slowMatch(pattern[1:], text[1:])
}

// slowResource is SEMANTICS 11.2, "colons", read off aloud: every wildcard
// knows whether it may pass a colon.
func slowResource(pattern, text string) bool {
	if pattern == "*" {
		return true
	}
	if strings.HasPrefix(text, "arn:") && strings.Count(text, ":") >= 5 {
		return slowWritten(pattern, text) || slowCompleted(pattern, text)
	}
	return false
}

func slowCompleted(pattern, text string) bool {
	missing := 5 - strings.Count(pattern, ":")
	return missing > 0 && slowWritten(pattern+strings.Repeat(":*", missing), text)
}

func slowWritten(pattern, text string) bool {
	segments := strings.SplitN(pattern, ":", 6)
	complete := len(segments) == 6 && func() bool {
		account := segments[4]
		digits := len(account) == 12 && strings.Trim(account, "0123456789") == ""
		return account == "" || account == "aws" || digits || strings.ContainsAny(account, "*?")
	}()
	type piece struct {
		char  byte
		colon bool // may match a colon
	}
	var pieces []piece
	for number, segment := range segments {
		if number > 0 {
			pieces = append(pieces, piece{':', false})
		}
		for at := range len(segment) {
			free := number == 5 || !complete && segment[at] == '*' && at == len(segment)-1
			pieces = append(pieces, piece{segment[at], free})
		}
	}
	var match func(pieces []piece, text string) bool
	match = func(pieces []piece, text string) bool {
		if len(pieces) == 0 {
			return text == ""
		}
		n := 0
		if text != "" {
			_, n = utf8.DecodeRuneInString(text)
		}
		switch p := pieces[0]; p.char {
		case '*':
			return match(pieces[1:], text) || n > 0 && (p.colon || text[0] != ':') && match(pieces, text[n:])
		case '?':
			return n > 0 && (p.colon || text[0] != ':') && match(pieces[1:], text[n:])
		default:
			return text != "" && text[0] == p.char && match(pieces[1:], text[1:])
		}
	}
	return match(pieces, text)
}

func word(alphabet string, max int) *rapid.Generator[string] {
	return rapid.StringOfN(rapid.RuneFrom([]rune(alphabet)), -1, max, -1)
}

// globOf writes an IAM pattern for gobwas/glob, whose special characters are
// escaped.
func globOf(pattern string) string {
	return strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `{`, `\{`, `}`, `\}`, `,`, `\,`, `!`, `\!`).Replace(pattern)
}

// TestMatchersAgree holds every form of the matcher against the definition and
// against gobwas/glob, which shares nothing with either.
func TestMatchersAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := word("ab*?é:[!", 9).Draw(t, "pattern")
		text := word("abé:[!", 9).Draw(t, "text")
		want := slowMatch(pattern, text)
		compiled := Compile(pattern)
		if got := compiled.Match(text); got != want {
			t.Errorf("Compile(%q).Match(%q) = %v, want %v", pattern, text, got, want)
		}
		if got := Match(pattern, text); got != want {
			t.Errorf("Match(%q, %q) = %v, want %v", pattern, text, got, want)
		}
		if got := MatchTokens(Wildcards(nil, pattern), nil, text); got != want {
			t.Errorf("MatchTokens(%q, %q) = %v, want %v", pattern, text, got, want)
		}
		if got := glob.MustCompile(globOf(pattern)).Match(text); got != want {
			t.Errorf("glob %q on %q = %v, want %v", pattern, text, got, want)
		}
		if want && !(strings.HasPrefix(text, compiled.Prefix()) && strings.HasSuffix(text, compiled.Suffix())) {
			t.Errorf("Compile(%q) matches %q without its prefix %q or suffix %q", pattern, text, compiled.Prefix(), compiled.Suffix())
		}
	})
}

func TestMatchFold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := word("abABkK*?:é", 8).Draw(t, "pattern")
		text := word("abABkK\u212a:é", 8).Draw(t, "text")
		want := slowMatch(asciiLower(pattern), asciiLower(text))
		compiled := Compile(pattern)
		if got := compiled.MatchFold(text); got != want {
			t.Errorf("Compile(%q).MatchFold(%q) = %v, want %v", pattern, text, got, want)
		}
	})
}

func asciiLower(text string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	}, text)
}

func TestResourcesAgree(t *testing.T) {
	segment := word("ab*?", 3)
	account := rapid.OneOf(segment, rapid.SampledFrom([]string{"", "aws", "123456789012", "12345678901", "*", "a*"}))
	rapid.Check(t, func(t *rapid.T) {
		parts := []string{"arn"}
		for number := range rapid.IntRange(0, 6).Draw(t, "segments") {
			if number == 3 {
				parts = append(parts, account.Draw(t, "account"))
			} else {
				parts = append(parts, segment.Draw(t, "segment"))
			}
		}
		pattern := strings.Join(parts, ":")
		if !strings.HasPrefix(pattern, "arn:") {
			pattern = "arn:*"
		}
		text := "arn:" + fill(t, strings.TrimPrefix(pattern, "arn:"))
		for strings.Count(text, ":") < 5 {
			text += ":" + word("ab", 1).Draw(t, "more")
		}
		resource := CompileResource(pattern, AlwaysComplete)
		name, ok := CutName(text)
		if !ok {
			t.Fatalf("CutName(%q) failed", text)
		}
		want := slowResource(pattern, text)
		if got := resource.Match(&name, nil); got != want {
			t.Errorf("%q matches %q: %v, want %v", pattern, text, got, want)
		}
		tokens := CompileResourceTokens(Wildcards(nil, pattern), nil, AlwaysComplete)
		if got := tokens.Match(&name, nil); got != want {
			t.Errorf("tokens of %q match %q: %v, want %v", pattern, text, got, want)
		}
		if want && !(strings.HasPrefix(text, resource.Prefix()) && strings.HasSuffix(text, resource.Suffix())) {
			t.Errorf("%q matches %q without its prefix %q or suffix %q", pattern, text, resource.Prefix(), resource.Suffix())
		}
	})
}

// fill replaces wildcards by short text that now and then holds a colon, and
// now and then spoils a character.
func fill(t *rapid.T, pattern string) string {
	var text strings.Builder
	for at := range len(pattern) {
		switch c := pattern[at]; {
		case c == '*':
			text.WriteString(word("ab:", 3).Draw(t, "run"))
		case c == '?':
			text.WriteString(rapid.SampledFrom([]string{"a", "b", ":", "é", ""}).Draw(t, "one"))
		case rapid.IntRange(0, 40).Draw(t, "spoil") == 0:
			text.WriteByte('x')
		default:
			text.WriteByte(c)
		}
	}
	return text.String()
}

func TestVariablesAreLiteral(t *testing.T) {
	tokens := []Token{{Kind: Literal, Text: "arn:aws:s3:::b/"}, {Kind: Variable, Index: 0}, {Kind: Literal, Text: "/"}, {Kind: Any}}
	resource := CompileResourceTokens(tokens, nil, AlwaysComplete)
	for _, c := range []struct {
		value, text string
		want        bool
	}{
		{"wren", "arn:aws:s3:::b/wren/x", true},
		{"wren", "arn:aws:s3:::b/wrens/x", false},
		{"*", "arn:aws:s3:::b/wren/x", false},
		{"*", "arn:aws:s3:::b/*/x", true},
		{"?", "arn:aws:s3:::b/a/x", false},
		{"", "arn:aws:s3:::b//x", true},
	} {
		name, _ := CutName(c.text)
		if got := resource.Match(&name, []string{c.value}); got != c.want {
			t.Errorf("value %q on %q: %v, want %v", c.value, c.text, got, c.want)
		}
	}
}

func TestCompletion(t *testing.T) {
	for _, c := range []struct {
		pattern    string
		completion Completion
		text       string
		want       bool
	}{
		{"arn:aws:sqs", AlwaysComplete, "arn:aws:sqs:eu-west-1:123456789012:q", true},
		{"arn:aws:sqs", CompleteWithStar, "arn:aws:sqs:eu-west-1:123456789012:q", false},
		{"arn:*:sqs", CompleteWithStar, "arn:aws:sqs:eu-west-1:123456789012:q", true},
		{"arn:*:sqs", CompleteFinalStar, "arn:aws:sqs:eu-west-1:123456789012:q", false},
		{"arn:aws:sqs:eu*", CompleteFinalStar, "arn:aws:sqs:eu-west-1:123456789012:q", true},
		{"arn:aws:sqs:*", MatchNothing, "arn:aws:sqs:eu-west-1:123456789012:q", false},
		{"arn:aws:sqs:*", NeverComplete, "arn:aws:sqs:eu-west-1:123456789012:q", true},
		{"arn:aws:sqs:eu-*", NeverComplete, "arn:aws:sqs:eu-west-1:123456789012:q", true},
		{"arn:aws:sqs:eu-*-1", NeverComplete, "arn:aws:sqs:eu-west-1:123456789012:q", false},
	} {
		resource := CompileResource(c.pattern, c.completion)
		name, _ := CutName(c.text)
		if got := resource.Match(&name, nil); got != c.want {
			t.Errorf("%q (%d) on %q: %v, want %v", c.pattern, c.completion, c.text, got, c.want)
		}
	}
}

func TestStarIsMatchedByStarAlone(t *testing.T) {
	name, ok := CutName("*")
	if !ok || !name.All() {
		t.Fatal(`"*" is a name`)
	}
	for pattern, want := range map[string]bool{"*": true, "arn:*": false, "arn:aws:s3:::*": false} {
		resource := CompileResource(pattern, AlwaysComplete)
		if got := resource.Match(&name, nil); got != want {
			t.Errorf("%q on *: %v, want %v", pattern, got, want)
		}
	}
}

// TestMatchingAllocatesNothing also covers the patterns that ruin matchers
// that backtrack over every star.
func TestMatchingAllocatesNothing(t *testing.T) {
	long := strings.Repeat("a", 2000)
	for _, pattern := range []string{"*", "a*", "*a", "a*a", "*a*a*a*a*a*a*a*a*b", "*" + strings.Repeat("a?", 200) + "b?", strings.Repeat("*", 1000) + "b"} {
		compiled, tokens := Compile(pattern), Wildcards(nil, pattern)
		if n := testing.AllocsPerRun(10, func() {
			compiled.Match(long)
			compiled.MatchFold(long)
			MatchTokens(tokens, nil, long)
		}); n != 0 {
			t.Errorf("%.20q: %v allocations", pattern, n)
		}
	}
}

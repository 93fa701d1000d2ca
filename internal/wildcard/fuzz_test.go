package wildcard

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// A piece is one byte of a pattern for the plain matcher.
type piece struct {
	char byte
	wild bool // '*' or '?' as a wildcard
	free bool // the wildcard may match a colon
}

// plainMatch is the definition of the wildcards as a table of which rest of the
// pattern fits which rest of the text, so that it takes as many steps as the
// table has fields, whatever the pattern.
func plainMatch(pattern []piece, text string) bool {
	fits := make([]bool, len(text)+1) // the rest of the pattern behind the piece
	fits[len(text)] = true
	for number := len(pattern) - 1; number >= 0; number-- {
		p := pattern[number]
		here := make([]bool, len(text)+1)
		for at := len(text); at >= 0; at-- {
			takes := at < len(text) && (p.free || text[at] != ':')
			next := at + 1
			if at < len(text) && p.wild {
				_, size := utf8.DecodeRuneInString(text[at:])
				next = at + size
			}
			switch {
			case !p.wild:
				here[at] = at < len(text) && text[at] == p.char && fits[next]
			case p.char == '?':
				here[at] = takes && fits[next]
			default:
				here[at] = fits[at] || takes && here[next]
			}
		}
		fits = here
	}
	return fits[0]
}

func literalPieces(text string) (pieces []piece) {
	for at := range len(text) {
		pieces = append(pieces, piece{char: text[at]})
	}
	return pieces
}

func patternPieces(text string) []piece {
	pieces := literalPieces(text)
	for at := range pieces {
		pieces[at].wild = pieces[at].char == '*' || pieces[at].char == '?'
		pieces[at].free = true
	}
	return pieces
}

// foldASCII is text with small letters for capital ones, of which only ASCII has
// any here.
func foldASCII(text string) string {
	folded := []byte(text)
	for at, c := range folded {
		if 'A' <= c && c <= 'Z' {
			folded[at] = c + ('a' - 'A')
		}
	}
	return string(folded)
}

// bounded cuts what would make the table of the plain matcher too large to be
// worth a fuzzer's time, and makes a pattern valid UTF-8, as every policy is.
func bounded(text string, valid bool) string {
	text = text[:min(len(text), 400)]
	if valid {
		return strings.ToValidUTF8(text, "\uFFFD")
	}
	return text
}

// FuzzMatch holds every form of the matcher against the plain one, on any text,
// valid UTF-8 or not; and the value of a variable against its text as literals.
func FuzzMatch(f *testing.F) {
	for _, seed := range [][3]string{
		{"", "", ""}, {"*", "", "x"}, {"a*b?c", "aXXbYc", "*"}, {"*a*a*a*a*a*b", strings.Repeat("a", 60), "aa"}, {"arn:aws:s3:::*/raw/*.csv", "arn:aws:s3:::b/raw/x.csv", "raw"},
		{"?", "é", "é"}, {"??", "é", ""}, {"*\u212a", "k\u212a", "K"}, {"s3:Get*", "S3:gEToBJECT", "?"}, {"***?***", "😀", "😀"}, {"a**", "a\xff\xc3", "\n"}, {"*?*?*?", "\xe2\x84", "*"}, {"*ab*abab*", "abaabab", "ab"},
		{strings.Repeat("*a", 100) + "b", strings.Repeat("a", 200), ""}, {strings.Repeat("a?", 100), strings.Repeat("a", 200), ""},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, pattern, text, value string) {
		pattern, text, value = bounded(pattern, true), bounded(text, false), bounded(value, true)
		want := plainMatch(patternPieces(pattern), text)
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
		if want && !(strings.HasPrefix(text, compiled.Prefix()) && strings.HasSuffix(text, compiled.Suffix())) {
			t.Errorf("%q matches %q without its prefix %q or suffix %q", pattern, text, compiled.Prefix(), compiled.Suffix())
		}
		if got, want := compiled.MatchFold(text), plainMatch(patternPieces(foldASCII(pattern)), foldASCII(text)); got != want {
			t.Errorf("Compile(%q).MatchFold(%q) = %v, want %v", pattern, text, got, want)
		}

		tokens := append(Wildcards(nil, pattern), Token{Kind: Variable})
		tokens = append(tokens, Wildcards(nil, pattern)...)
		pieces := append(patternPieces(pattern), literalPieces(value)...)
		pieces = append(pieces, patternPieces(pattern)...)
		if got, want := MatchTokens(tokens, []string{value}, text), plainMatch(pieces, text); got != want {
			t.Errorf("%q, then the value %q, then %q again, on %q: %v, want %v", pattern, value, pattern, text, got, want)
		}
	})
}

// resourcePieces is SEMANTICS 11.2, "colons": which wildcards of a pattern may
// match a colon.
func resourcePieces(pattern string) (pieces []piece) {
	segments := strings.SplitN(pattern, ":", 6)
	complete := false
	if len(segments) == 6 {
		account := segments[4]
		digits := len(account) == 12 && strings.Trim(account, "0123456789") == ""
		complete = account == "" || account == "aws" || digits || strings.ContainsAny(account, "*?")
	}
	for number, segment := range segments {
		if number > 0 {
			pieces = append(pieces, piece{char: ':'})
		}
		for at, p := range patternPieces(segment) {
			p.free = number == 5 || !complete && p.char == '*' && at == len(segment)-1
			pieces = append(pieces, p)
		}
	}
	return pieces
}

// FuzzResource holds patterns of resources against the plain matcher.
func FuzzResource(f *testing.F) {
	for _, seed := range [][2]string{
		{"*", "arn:aws:s3:::b"}, {"arn:aws:s3:::b/*", "arn:aws:s3:::b/k"}, {"arn:aws:logs:*:log-group:g*", "arn:aws:logs:eu-west-1:111111111111:log-group:g:x"}, {"arn:aws:ec2:*", "arn:aws:ec2:r:a:i/1"},
		{"arn:*:*:*:*:*", "arn:aws:s3:::"}, {"arn:aws:sqs", "arn:aws:sqs:r:a:q"}, {"arn:a*:s3::aws:?", "arn:aws:s3::aws::"}, {"arn:aws:s3:::*:*", "arn:aws:s3:::é:\xff"}, {"arn:*x*:y*", "arn:ax:b:y:z:w:v"}, {"arn:**:a*b*", "arn:a:b:c:d:e:f"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		pattern, text = bounded(pattern, true), bounded(text, false)
		name, ok := CutName(text)
		if !ok || !strings.HasPrefix(pattern, "arn:") && pattern != "*" {
			return
		}
		want := pattern == "*"
		if !want && !name.All() {
			want = plainMatch(resourcePieces(pattern), text)
			if missing := 5 - strings.Count(pattern, ":"); missing > 0 {
				want = want || plainMatch(resourcePieces(pattern+strings.Repeat(":*", missing)), text)
			}
		}
		resource := CompileResource(pattern, AlwaysComplete)
		if got := resource.Match(&name, nil); got != want {
			t.Errorf("%q matches %q: %v, want %v", pattern, text, got, want)
		}
		if pattern == "*" {
			return
		}
		tokens := CompileResourceTokens(Wildcards(nil, pattern), nil, AlwaysComplete)
		if got := tokens.Match(&name, nil); got != want {
			t.Errorf("tokens of %q match %q: %v, want %v", pattern, text, got, want)
		}
	})
}

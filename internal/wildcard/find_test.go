package wildcard

import (
	"strconv"
	"strings"
	"testing"

	"github.com/gobwas/glob"
	"pgregory.net/rapid"
)

// tableMatch decides by filling a table over the code points of both, which is
// slow, needs memory, and cannot go wrong.
func tableMatch(pattern, text []rune) bool {
	row := make([]bool, len(text)+1) // whether pattern[:i] matches text[:j]
	row[0] = true
	for _, p := range pattern {
		next := make([]bool, len(text)+1)
		next[0] = p == '*' && row[0]
		for j, r := range text {
			switch p {
			case '*':
				next[j+1] = next[j] || row[j+1]
			case '?':
				next[j+1] = row[j]
			default:
				next[j+1] = row[j] && p == r
			}
		}
		row = next
	}
	return row[len(text)]
}

// TestLongPartsAgree makes parts that are too long to be tried place by place,
// also longer than a block and at the ends of windows.
func TestLongPartsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]string{"a?", "ab?", "?", "aé?", "abcdefgh?", "日?a"}).Draw(t, "unit")
		body := strings.Repeat(unit, rapid.IntRange(5, 80).Draw(t, "times")) + rapid.SampledFrom([]string{"", "b", "é", "?b", "ca"}).Draw(t, "end")
		pattern := rapid.SampledFrom([]string{"*", "x*", ""}).Draw(t, "before") + body + rapid.SampledFrom([]string{"*", "*y", ""}).Draw(t, "behind")
		padding := strings.Repeat(rapid.SampledFrom([]string{"a", "b", "é", "ab", ""}).Draw(t, "padding"), rapid.SampledFrom([]int{0, 1, 63, 64, 65, 4000, 4095, 4096, 4097}).Draw(t, "pads"))
		filled := strings.NewReplacer("?", rapid.SampledFrom([]string{"a", "b", "é", "😀"}).Draw(t, "fill")).Replace(body)
		text := rapid.SampledFrom([]string{"", "x"}).Draw(t, "first") + padding + filled + rapid.SampledFrom([]string{"", "y", "ay"}).Draw(t, "last")
		if rapid.Bool().Draw(t, "spoil") && filled != "" {
			at := rapid.IntRange(0, len([]rune(text))-1).Draw(t, "at")
			runes := []rune(text)
			runes[at] = 'z'
			text = string(runes)
		}
		want := tableMatch([]rune(pattern), []rune(text))
		compiled := Compile(pattern)
		if got := compiled.Match(text); got != want {
			t.Errorf("Compile(%q).Match(%q) = %v, want %v", pattern, text, got, want)
		}
		if got := MatchTokens(Wildcards(nil, pattern), nil, text); got != want {
			t.Errorf("MatchTokens(%q, %q) = %v, want %v", pattern, text, got, want)
		}
		if got := compiled.MatchFold(strings.ToUpper(text)); got != tableMatch([]rune(asciiLower(pattern)), []rune(asciiLower(strings.ToUpper(text)))) {
			t.Errorf("Compile(%q).MatchFold(%q) = %v", pattern, strings.ToUpper(text), got)
		}
		// The same with the literal text as the values of variables.
		var tokens []Token
		var values []string
		for _, token := range Wildcards(nil, pattern) {
			if token.Kind == Literal {
				values = append(values, token.Text)
				token = Token{Kind: Variable, Index: int32(len(values) - 1)}
			}
			tokens = append(tokens, token)
		}
		if got := MatchTokens(tokens, values, text); got != want {
			t.Errorf("MatchTokens with the values of %q on %q = %v, want %v", pattern, text, got, want)
		}
	})
}

// TestInvalidTextIsMatchedByteByByte: values and texts need not be UTF-8.
func TestInvalidTextIsMatchedByteByByte(t *testing.T) {
	long := strings.Repeat("a?", 20)
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"*" + long + "*", "\xff" + strings.Repeat("a\xfe", 20), true},
		{"*" + long + "b", "\xff" + strings.Repeat("a\xfe", 20) + "b", true},
		{"*" + long + "b", "\xff" + strings.Repeat("a\xfe", 20) + "c", false},
		{"?", "\xff", true},
		{"??", "\xff", false},
	} {
		compiled := Compile(c.pattern)
		if got := compiled.Match(c.text); got != c.want {
			t.Errorf("%q on %q: %v, want %v", c.pattern, c.text, got, c.want)
		}
	}
	tokens := []Token{{Kind: Any}, {Kind: Variable}, {Kind: One}, {Kind: Literal, Text: strings.Repeat("a", 20)}}
	if !MatchTokens(tokens, []string{"\xff"}, "b\xffx"+strings.Repeat("a", 20)) {
		t.Error("a value that is not UTF-8 is not found")
	}
}

// BenchmarkHostile runs the patterns that ruin matchers which try again and
// again: doubling the text must double the time.
func BenchmarkHostile(b *testing.B) {
	for name, pattern := range map[string]string{
		"stars":     "*a*a*a*a*a*a*a*a*b",
		"questions": "*" + strings.Repeat("a?", 1000) + "b?",
		"any":       "*" + strings.Repeat("?", 1000) + "b?*",
		"middle":    "*" + strings.Repeat("a?", 1000) + "b?*",
		"infix":     "*a*b*",
	} {
		compiled := Compile(pattern)
		for _, size := range []int{1 << 10, 1 << 12, 1 << 14, 1 << 16} {
			text := strings.Repeat("a", size)
			b.Run(name+"/"+strconv.Itoa(size), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					compiled.Match(text)
				}
			})
		}
	}
}

// BenchmarkShapes runs gobwas/glob beside the package on the shapes that real
// policies have: matching, compiling, and what a compiled pattern costs. It is
// why gobwas/glob judges the package in tests and does not do its work.
func BenchmarkShapes(b *testing.B) {
	const text = "arn:aws:s3:::acme-prod-zulu-0001/2024/09/late/report-17.csv"
	for name, pattern := range map[string]string{
		"exact":        text,
		"prefix":       "arn:aws:s3:::acme-prod-zulu-0001/*",
		"suffix":       "*/report-17.csv",
		"prefixsuffix": "arn:aws:s3:::acme-prod-*.csv",
		"twostars":     "arn:aws:s3:::acme-prod-zulu-0001/*/late/*.csv",
		"fourstars":    "arn:aws:s3:::*-zulu-*/*/late/*.csv",
		"question":     "arn:aws:s3:::acme-prod-zulu-????/*",
	} {
		own, other := Compile(pattern), glob.MustCompile(globOf(pattern))
		b.Run(name+"/match/own", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				own.Match(text)
			}
		})
		b.Run(name+"/match/gobwas", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				other.Match(text)
			}
		})
		b.Run(name+"/compile/own", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Compile(pattern)
			}
		})
		b.Run(name+"/compile/gobwas", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				glob.MustCompile(globOf(pattern))
			}
		})
	}
}

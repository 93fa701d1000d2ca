package wildcard

import (
	"slices"
	"strings"
	"testing"
)

// templateTokens cuts a pattern in which each '$' is a variable.
func templateTokens(pattern string) []Token {
	var tokens []Token
	for index, text := range strings.Split(pattern, "$") {
		if index > 0 {
			tokens = append(tokens, Token{Kind: Variable, Index: int32(index - 1)})
		}
		tokens = Wildcards(tokens, text)
	}
	return tokens
}

// TestWhatResourcesRequire: an index looks for names by what every match must
// have. What is said must be so, and worth saying.
func TestWhatResourcesRequire(t *testing.T) {
	type requirement struct {
		prefix, suffix, tailPrefix, tailSuffix string
		tailLiterals                           []string
		literal, everything                    bool
	}
	for pattern, want := range map[string]requirement{
		"*":                        {everything: true},
		"arn:aws:s3:::b/k":         {prefix: "arn:aws:s3:::b/k", tailPrefix: "b/k", tailSuffix: "b/k", tailLiterals: []string{"b/k"}, literal: true},
		"arn:aws:s3:::b/*":         {prefix: "arn:aws:s3:::b/", tailPrefix: "b/", tailLiterals: []string{"b/"}},
		"arn:aws:s3:::*":           {prefix: "arn:aws:s3:::"},
		"arn:aws:s3:::b/*x?yz**/k": {prefix: "arn:aws:s3:::b/", suffix: "/k", tailPrefix: "b/", tailSuffix: "/k", tailLiterals: []string{"b/", "x", "yz", "/k"}},
		"arn:aws:s3:::":            {prefix: "arn:aws:s3:::", literal: true},
		"arn:aws:sqs:*:*:q":        {prefix: "arn:aws:sqs:", suffix: ":q", tailPrefix: "q", tailSuffix: "q", tailLiterals: []string{"q"}},
		"arn:aws:sqs:*:*:q*r":      {prefix: "arn:aws:sqs:", suffix: "r", tailPrefix: "q", tailSuffix: "r", tailLiterals: []string{"q", "r"}},
		"arn:aws:sqs:??:*:*":       {prefix: "arn:aws:sqs:"},
		"arn:aws:sqs":              {prefix: ""},
		"arn:aws:sqs:eu:12:q":      {prefix: "arn:aws:sqs:eu:12:q"},
		"arn:aws:s3:::b/$/k":       {prefix: "arn:aws:s3:::b/", tailPrefix: "b/"},
		"arn:aws:s3:::b$":          {prefix: "arn:aws:s3:::b", tailPrefix: "b"},
		"arn:aws:s3:::$":           {prefix: "arn:aws:s3:::"},
		"arn:aws:sqs:$:*:q-$":      {prefix: "arn:aws:sqs:", tailPrefix: "q-"},
		"arn:aws:sqs:$:*:*-q$":     {prefix: "arn:aws:sqs:"},
		"arn:$":                    {prefix: "arn:"},
	} {
		var r Resource
		if strings.Contains(pattern, "$") {
			r = CompileResourceTokens(templateTokens(pattern), pattern, MatchNothing)
			if MatchNothingCompletes := r.Variables() == nil; MatchNothingCompletes != (strings.Count(pattern, ":") < 5) {
				t.Errorf("%q has the variables %v", pattern, r.Variables())
			}
			r = CompileResourceTokens(templateTokens(pattern), pattern, NeverComplete)
			if r.Variables() != pattern {
				t.Errorf("%q has the variables %v", pattern, r.Variables())
			}
		} else {
			r = CompileResource(pattern, NeverComplete)
			if r.Variables() != nil {
				t.Errorf("%q has the variables %v", pattern, r.Variables())
			}
		}
		got := requirement{r.Prefix(), r.Suffix(), r.TailPrefix(), r.TailSuffix(), slices.Collect(r.TailLiterals()), r.Literal(), r.Everything()}
		if pattern == "arn:aws:sqs" {
			got.prefix = "" // may be anything that the pattern begins with
		}
		if got.prefix != want.prefix || got.suffix != want.suffix || got.tailPrefix != want.tailPrefix || got.tailSuffix != want.tailSuffix ||
			!slices.Equal(got.tailLiterals, want.tailLiterals) || got.literal != want.literal || got.everything != want.everything {
			t.Errorf("%q requires %+v, want %+v", pattern, got, want)
		}
		for literal := range r.TailLiterals() {
			if literal != want.tailLiterals[0] {
				t.Errorf("%q goes on after the first literal", pattern)
			}
			break
		}
	}
}

// TestAccountsThatCompleteAnARN: where the account is neither empty, "aws",
// twelve digits, nor holds a wildcard, the ARN is not complete, and a star at
// the end of a part runs on over colons.
func TestAccountsThatCompleteAnARN(t *testing.T) {
	for account, complete := range map[string]bool{
		"": true, "aws": true, "000000000000": true, "999999999999": true, "123456789012": true, "1*": true, "?": true,
		"AWS": false, "12345678901": false, "1234567890123": false, "/23456789012": false, ":": true,
		"12345678901:": false, "12345678901a": false, "a23456789012": false, "1": false, "aw": false,
	} {
		pattern := "arn:aws:s*:r:" + account + ":x"
		text := "arn:aws:s3:extra:r:" + strings.NewReplacer("*", "2", "?", "2").Replace(account) + ":x"
		name, ok := CutName(text)
		if !ok {
			t.Fatalf("%q is no name", text)
		}
		constant := CompileResource(pattern, NeverComplete)
		if constant.Match(&name, nil) == complete {
			t.Errorf("%q on %q: %v", pattern, text, complete)
		}
		tokens := CompileResourceTokens(Wildcards(nil, pattern), nil, NeverComplete)
		if tokens.Match(&name, nil) == complete {
			t.Errorf("the tokens of %q on %q: %v", pattern, text, complete)
		}
	}
}

func TestVariablesInTheHead(t *testing.T) {
	for _, c := range []struct {
		pattern, value, text string
		want                 bool
	}{
		{"arn:aws:sqs:$:111111111111:q", "eu", "arn:aws:sqs:eu:111111111111:q", true},
		{"arn:aws:sqs:$:111111111111:q", "eu", "arn:aws:sqs:us:111111111111:q", false},
		{"arn:aws:sqs:$:111111111111:q", "eu", "arn:aws:sqs:eu:111111111112:q", false},
		{"arn:aws:sqs:$:111111111111:q", "eu", "arn:aws:sqs:eu:111111111111:r", false},
		{"arn:aws:sqs:$:111111111111:q", "e:u", "arn:aws:sqs:e:u:111111111111:q", false},
		{"arn:aws:sqs:eu:$:q", "1", "arn:aws:sqs:eu:1:q", true}, // a variable completes
		{"arn:aws:s*:eu:$:q", "1", "arn:aws:s3:x:eu:1:q", false},
		{"arn:aws:s*:eu:1:$", "q", "arn:aws:s3:x:eu:1:q", true}, // the account does not
		{"arn:aws:sqs:eu:$:a:b?c*", "1", "arn:aws:sqs:eu:1:a:b:c:d", true},
		{"arn:aws:sqs:eu:1:$", "a:b", "arn:aws:sqs:eu:1:a:b", true},
		{"arn:aws:sqs:$:q", "eu", "arn:aws:sqs:eu:q:x:y", false},
		{"arn:aws:$:q*", "s3", "arn:aws:s3:q::x", true},
		{"arn:aws:$:q*", "s:3", "arn:aws:s:3:q:x", false},
		{"arn:aws:$:q*", ":", "arn:aws:::q:x", false},
		{"arn:$:?:q*", "aws", "arn:aws:é:q::x", true},
		{"arn:$:?:q*", "aws", "arn:aws:::q:x", false},
		{"arn:$:??*:q*", "aws", "arn:aws:s:q:q:x", false},
	} {
		r := CompileResourceTokens(templateTokens(c.pattern), nil, NeverComplete)
		name, ok := CutName(c.text)
		if !ok {
			t.Fatalf("%q is no name", c.text)
		}
		if got := r.Match(&name, []string{c.value}); got != c.want {
			t.Errorf("%q with %q on %q: %v, want %v", c.pattern, c.value, c.text, got, c.want)
		}
	}
}

func TestSegments(t *testing.T) {
	name, ok := CutName("arn:p:s:r:a:x:y")
	if !ok || name.All() {
		t.Fatal("not a name")
	}
	for number, want := range []string{"arn", "p", "s", "r", "a", "x:y"} {
		if got := name.Segment(number); got != want {
			t.Errorf("segment %d is %q, want %q", number, got, want)
		}
	}
	star, _ := CutName("*")
	for number := range 6 {
		if got := star.Segment(number); got != "" {
			t.Errorf("segment %d of the name * is %q", number, got)
		}
	}
	var cut [5]int
	if !Colons(":a::b:c:d", &cut) || cut != [5]int{0, 2, 3, 5, 7} {
		t.Errorf("colons at %v", cut)
	}
	for _, text := range []string{"", "arn", "arn:p:s:r:a", "xrn:p:s:r:a:x", "**"} {
		if _, ok := CutName(text); ok {
			t.Errorf("%q is a name", text)
		}
	}
}

// TestIncompleteAndUnusualPatterns: patterns that are compared as written, by
// the matcher that knows segments, and heads full of wildcards.
func TestIncompleteAndUnusualPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		// The account "1" makes these incomplete.
		{"arn:a*:b:c:1:d", "arn:a:b:c:1:d", true},
		{"arn:a*:b:c:1:d", "arn:ax:y:b:c:1:d", true},
		{"arn:a*b:b:c:1:d", "arn:ab:b:c:1:d", true},
		{"arn:a*b:b:c:1:d", "arn:axb:b:c:1:d", true},
		{"arn:a*b:b:c:1:d", "arn:a:b:b:c:1:d", false},
		{"arn:a:b:c:1:d?", "arn:a:b:c:1:d", false},
		{"arn:a:b:c:1:d?", "arn:a:b:c:1:de", true},
		{"arn:a:b:c:1:*??", "arn:a:b:c:1:d", false},
		{"arn:a:b:c:1:*??", "arn:a:b:c:1:de", true},
		{"arn:a:b:c:1:*é", "arn:a:b:c:1:éé", true},
		{"arn:a?:b:c:1:d", "arn:a::b:c:1:d", false},
		{"arn:a?:b:c:1:d", "arn:aé:b:c:1:d", true},
		{"arn:a*:b*d:c:1:d", "arn:a:bd:c:1:d", true},
		{"arn:a*:b*d:c:1:d", "arn:ax:y:bd:c:1:d", true},
		{"arn:a?:b:c:1:d?", "arn:ax:b:c:1:d", false},
		{"arn:a?:b:c:1:d?", "arn:ax:b:c:1:de", true},
		{"arn:a?:b:c:1:*??", "arn:ax:b:c:1:d", false},
		{"arn:a?:b:c:1:*??", "arn:ax:b:c:1:de", true},
		// Complete, with wildcards in the head.
		{"arn:aws:s**:*:*:a**b", "arn:aws:s3:r:1:ab", true},
		{"arn:aws:**:r:1*:a", "arn:aws:s3:r:12:a", true},
		{"arn:aws:**:r:1*:a", "arn:aws:s3:r:21:a", false},
		{"*:aws:s3:::x", "arn:aws:s3:::x", true},
		{"a?n:aws:s3:r:*:x", "arn:aws:s3:r:1:x", true},
		{"a?n:aws:s3:r:*:x", "arn:aws:s3:s:1:x", false},
	} {
		for _, completion := range []Completion{NeverComplete, MatchNothing, AlwaysComplete} { // all have six parts
			r := CompileResource(c.pattern, completion)
			name, ok := CutName(c.text)
			if !ok {
				t.Fatalf("%q is no name", c.text)
			}
			if got := r.Match(&name, nil); got != c.want {
				t.Errorf("%q (%d) on %q: %v, want %v", c.pattern, completion, c.text, got, c.want)
			}
		}
	}
}

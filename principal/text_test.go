package principal

import (
	"errors"
	"strings"
	"testing"
)

func TestCompactJSON(t *testing.T) {
	for text, want := range map[string]string{
		"{ \"a\" :\t[ 1 ,\r\n2 ] }":        `{"a":[1,2]}`,
		`{"a b": "c	d"}`:                   `{"a b":"c	d"}`,
		`{"a\" b" : "c\\" , "d" : "\\\""}`: `{"a\" b":"c\\","d":"\\\""}`,
		`"ends in \`:                       `"ends in \`,
		`a \ b`:                            `a\b`,
		`\" x "y z"`:                       `\" x "yz"`,
		"":                                 "",
	} {
		if got := compactJSON(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestSameDocument(t *testing.T) {
	base := document{name: "n", text: `{"a": 1}`}
	for name, c := range map[string]struct {
		other document
		want  bool
	}{
		"itself":      {base, true},
		"white space": {document{name: "n", text: `{ "a":1 }`}, true},
		"name":        {document{name: "m", text: `{"a": 1}`}, false},
		"text":        {document{name: "n", text: `{"a": 2}`}, false},
	} {
		if got := base.same(c.other); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	managed := policyRecord{arn: "a", version: "v1", document: base}
	for name, c := range map[string]struct {
		other policyRecord
		want  bool
	}{
		"itself":   {managed, true},
		"arn":      {policyRecord{arn: "b", version: "v1", document: base}, false},
		"version":  {policyRecord{arn: "a", version: "v2", document: base}, false},
		"document": {policyRecord{arn: "a", version: "v1"}, false},
	} {
		if got := managed.same(&c.other); got != c.want {
			t.Errorf("policy, %s: %v", name, got)
		}
	}
}

func TestSameResource(t *testing.T) {
	entry := func(account, text string, tags ...tag) *resourceEntry {
		return &resourceEntry{account: account, document: document{text: text}, tags: tags}
	}
	base := entry("1", "{}", tag{"k", "v"}, tag{"l", "w"})
	for name, c := range map[string]struct {
		other *resourceEntry
		want  bool
	}{
		"itself":    {entry("1", "{}", tag{"k", "v"}, tag{"l", "w"}), true},
		"account":   {entry("2", "{}", tag{"k", "v"}, tag{"l", "w"}), false},
		"document":  {entry("1", "[]", tag{"k", "v"}, tag{"l", "w"}), false},
		"tag":       {entry("1", "{}", tag{"k", "v"}, tag{"l", "x"}), false},
		"fewer":     {entry("1", "{}", tag{"k", "v"}), false},
		"more tags": {entry("1", "{}", tag{"k", "v"}, tag{"l", "w"}, tag{"m", "x"}), false},
	} {
		if got := base.same(c.other); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestSortedTags(t *testing.T) {
	tags := []tag{{"b", "1"}, {"C", "2"}, {"a", "3"}, {"Z", "4"}, {"y", "5"}}
	if twice, ok := sortedTags(tags); !ok || twice != "" {
		t.Errorf("%q is there twice", twice)
	}
	var keys []string
	for _, one := range tags {
		keys = append(keys, one.key)
	}
	if got := strings.Join(keys, ""); got != "abCyZ" {
		t.Errorf("the order is %s", got)
	}
	if twice, ok := sortedTags([]tag{{"key", ""}, {"a", ""}, {"Key", ""}, {"b", ""}}); ok || twice != "key" {
		t.Errorf("%q (%v) is there twice, want key", twice, ok)
	}
}

func TestValidNamesAndPaths(t *testing.T) {
	for name, want := range map[string]bool{
		"": false, "azAZ09_+=,.@-": true, "a b": false, "a/b": false, "é": false,
		"`": false, "{": false, "[": false, ":": false, "a*": false, "_": true, "a:": false,
	} {
		if got := validName(name); got != want {
			t.Errorf("the name %q is valid: %v", name, got)
		}
	}
	for path, want := range map[string]bool{
		"": false, "/": true, "/a/": true, "/a/b/": true, "/a": false, "a/": false, "a": false,
		"/!~/": true, "/ /": false, "/\x7f/": false, "/a b/": false, "/é/": false, "//": true,
	} {
		if got := validPath(path); got != want {
			t.Errorf("the path %q is valid: %v", path, got)
		}
	}
}

func TestHexDigits(t *testing.T) {
	const digits = "0123456789abcdef"
	for c := range 256 {
		want := strings.IndexByte(digits, byte(c))
		if 'A' <= c && c <= 'F' {
			want = c - 'A' + 10
		}
		if got, ok := hexDigit(byte(c)); ok != (want >= 0) || ok && got != want {
			t.Errorf("%q is %d (%v), want %d", byte(c), got, ok, want)
		}
	}
	for text, want := range map[string]int{"": 0, "x": 0, " \t\r\nx ": 4, "\v": 0, " ": 1} {
		if got := skipSpace(text, 0); got != want {
			t.Errorf("%q begins at %d, want %d", text, got, want)
		}
	}
}

func TestVersionNumbers(t *testing.T) {
	for version, want := range map[string]int{"v1": 1, "v10": 10, "": 0, "v": 0, "x": 0, "7": 7} {
		if got := versionNumber(version); got != want {
			t.Errorf("%q is version %d, want %d", version, got, want)
		}
	}
}

// TestProblemsSayWhatFollows: every problem names who has it, what is missing
// and what it does to decisions.
func TestProblemsSayWhatFollows(t *testing.T) {
	const user, missing = "arn:aws:iam::111111111111:user/wren", "missing-one"
	for code, want := range map[ProblemCode][]string{
		MissingPolicy:         {"principal: user wren", missing, "attached", "grants nothing"},
		MissingGroup:          {"principal: user wren", missing, "group", "grants nothing"},
		MissingBoundary:       {"principal: user wren", missing, "boundary", "nothing is allowed"},
		MissingDefaultVersion: {"principal: user wren", "default", "grants nothing"},
		MissingControlPolicy:  {"principal: user wren", missing, "control policy", "denies everything"},
		EmptyControlLevel:     {"principal: user wren", "no service control policy", "nothing is allowed"},
		EmptyControlLevel + 1: {"principal: user wren", "unknown problem", missing},
	} {
		text := (&Problem{Code: code, Entity: user, Reference: missing}).Error()
		for _, part := range want {
			if !strings.Contains(text, part) {
				t.Errorf("problem %d: %q does not say %q", code, text, part)
			}
		}
	}
	for entity, want := range map[string]string{
		"arn:aws:iam::111111111111:group/g":          "group g",
		"arn:aws:iam::111111111111:role/p/r":         "role r",
		"arn:aws:sts::111111111111:assumed-role/r/s": "session s of role r",
		"arn:aws:iam::111111111111:policy/p":         "arn:aws:iam::111111111111:policy/p",
		"ou-1":                                       "ou-1",
	} {
		if got := describe(entity); got != want {
			t.Errorf("%q is described as %q, want %q", entity, got, want)
		}
	}
}

func TestTextOfErrors(t *testing.T) {
	cause := errors.New("the cause")
	for want, err := range map[string]error{
		`principal: resource "r": no good: the cause`:               &ResourceError{Resource: "r", Reason: "no good", Err: cause},
		`principal: caller "c" with issuer "i": no good: the cause`: &IdentityError{Caller: "c", Issuer: "i", Reason: "no good", Err: cause},
		`principal: caller "c": no good`:                            &IdentityError{Caller: "c", Reason: "no good"},
		`principal: resource "r": no good`:                          &ResourceError{Resource: "r", Reason: "no good"},
		"the details of account 111111111111 end with a page that is not the last one, in f.json: get the next page with the Marker \"m\"":   &IncompleteError{AccountID: "111111111111", File: "f.json", Marker: "m"},
		"the details end with a page that is not the last one: get the rest with --starting-token \"t\", or all at once without --max-items": &IncompleteError{NextToken: "t"},
		"the details end with a page that is not the last one: get the next page too":                                                        &IncompleteError{},
	} {
		if got := err.Error(); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
	if err := (&ResourceError{Err: cause}); !errors.Is(err, cause) {
		t.Error("a ResourceError hides its cause")
	}
	if err := (&SessionError{Err: cause}); !errors.Is(err, cause) || !strings.Contains(err.Error(), "the cause") {
		t.Error("a SessionError hides its cause")
	}
}

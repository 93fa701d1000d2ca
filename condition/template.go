package condition

import (
	"strings"

	"github.com/portcullis-iam/portcullis/internal/fold"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// A Template is text with policy variables, as it stands in a condition value
// or in a Resource element of a policy of Version 2012-10-17:
//
//	${aws:username}               the value of a condition key
//	${aws:PrincipalTag/team, 'x'} with a default for when the key is absent
//	${*} ${?} ${$}                these characters, literally
//
// A variable is "${", a name that is not empty up to "}" or ", '", optionally
// a default up to the next "'", and "}". Names may hold spaces, since tag keys
// do. Every other "${" is ordinary text. What is substituted is literal: never
// a wildcard, never again a variable.
//
// A Template is immutable and safe for concurrent use. It refers to the text
// it was parsed from.
//
// Source: IAM User Guide, "IAM policy elements: Variables and tags".
type Template struct {
	text      string
	tokens    []wildcard.Token
	variables []variable
}

// A variable is a key to be substituted.
type variable struct {
	key         key
	fallback    string
	hasFallback bool
}

// ParseTemplate takes text apart; there is no wrong text. With wildcards,
// the characters * and ? outside of variables are tokens of their own, else
// they are ordinary text.
func ParseTemplate(text string, wildcards bool) *Template {
	t := &Template{text: text}
	plain := 0 // where the ordinary text begins that is not yet a token
	flush := func(end int) {
		switch {
		case plain == end:
		case wildcards:
			t.tokens = wildcard.Wildcards(t.tokens, text[plain:end])
		default:
			t.tokens = append(t.tokens, wildcard.Token{Kind: wildcard.Literal, Text: text[plain:end]})
		}
	}
	r := variableReader{text: text, brace: -1, comma: -1, quote: -1}
	for at := 0; ; {
		begin := strings.Index(text[at:], "${")
		if begin < 0 {
			break
		}
		begin += at
		name, fallback, hasFallback, end := r.read(begin)
		if end == 0 {
			at = begin + len("${")
			continue
		}
		flush(begin)
		at, plain = end, end
		if !hasFallback && (name == "*" || name == "?" || name == "$") {
			t.tokens = append(t.tokens, wildcard.Token{Kind: wildcard.Literal, Text: name})
			continue
		}
		t.tokens = append(t.tokens, wildcard.Token{Kind: wildcard.Variable, Index: int32(len(t.variables))})
		t.variables = append(t.variables, variable{key: makeKey(name), fallback: fallback, hasFallback: hasFallback})
	}
	flush(len(text))
	t.tokens, t.variables = exact(t.tokens), exact(t.variables)
	return t
}

// A variableReader reads the variables of a text, which must be asked for in
// ascending order. It remembers where the next brace, comma and quote stand, so
// that it goes over the text once, also where a million "${" wait for one brace.
type variableReader struct {
	text                string
	brace, comma, quote int
}

// next gives the offset of the first mark at or after from, the length of the
// text if there is none. cached is what it gave last.
func (r *variableReader) next(cached *int, mark string, from int) int {
	if *cached < from {
		*cached = len(r.text)
		if at := strings.Index(r.text[from:], mark); at >= 0 {
			*cached = from + at
		}
	}
	return *cached
}

// read reads the variable whose "${" stands at begin; end is the offset behind
// it, 0 if there is none.
func (r *variableReader) read(begin int) (name, fallback string, hasFallback bool, end int) {
	const open, commaQuote = "${", ", '"
	from := begin + len(open)
	brace := r.next(&r.brace, "}", from)
	if brace == len(r.text) {
		return "", "", false, 0
	}
	if comma := r.next(&r.comma, commaQuote, from); comma+len(commaQuote) <= brace {
		// The brace may stand within the default.
		quote := r.next(&r.quote, "'", comma+len(commaQuote))
		if comma == from || quote == len(r.text) || !strings.HasPrefix(r.text[quote+1:], "}") {
			return "", "", false, 0
		}
		return r.text[from:comma], r.text[comma+len(commaQuote) : quote], true, quote + len("'}")
	}
	if brace == from {
		return "", "", false, 0
	}
	return r.text[from:brace], "", false, brace + len("}")
}

// Text is the text that the template was parsed from.
func (t *Template) Text() string { return t.text }

// Tokens are the pieces of the text in order: Literal, Any, One, and Variable,
// whose Index is the place of its value in what [Template.Resolve] gives. The
// result must not be modified.
func (t *Template) Tokens() []wildcard.Token { return t.tokens }

// VariableCount is the number of values that [Template.Resolve] appends.
func (t *Template) VariableCount() int { return len(t.variables) }

// Keys are the keys of the variables, in order, as they are spelled.
func (t *Template) Keys() []string {
	keys := make([]string, 0, len(t.variables))
	for at := range t.variables {
		keys = append(keys, t.variables[at].key.text)
	}
	return keys
}

// AbsentKeys appends to keys those of the variables that v does not have,
// defaults or not, which are not in keys already (but for case).
func (t *Template) AbsentKeys(v *View, keys []string) []string {
	for at := range t.variables {
		if k := &t.variables[at].key; v.find(k) == nil {
			keys = appendKey(keys, k.text)
		}
	}
	return keys
}

// UnknownKeys appends to keys those of the variables that are unknown in v and
// not in keys already (but for case).
func (t *Template) UnknownKeys(v *View, keys []string) []string {
	for at := range t.variables {
		k := &t.variables[at].key
		if value := v.find(k); value != nil && value.form > asList {
			keys = appendKey(keys, k.text)
		}
	}
	return keys
}

// Resolve appends the values of the variables to values, which may be the
// beginning of an array on the caller's stack. It is False if one of them has
// no value, so that the text matches nothing; Unknown if that hangs on an
// unknown key; else True.
//
// A key has a value for a variable if it is single-valued, also if that is
// empty. A list is no value, and a default does not help it: the default is for
// absent keys.
//
// It allocates if values is too small, or to give a value its text that was not
// made from text.
func (t *Template) Resolve(v *View, values []string) ([]string, Truth) {
	result := True
	for at := range t.variables {
		text, resolved := t.variables[at].resolve(v)
		if resolved == False {
			return values, False
		}
		if resolved == Unknown {
			result = Unknown
		}
		values = append(values, text)
	}
	return values, result
}

func (r *variable) resolve(v *View) (string, Truth) {
	value := v.find(&r.key)
	switch {
	case value == nil:
		return r.fallback, truthOf(r.hasFallback)
	case value.form == asText:
		return value.text, True
	case value.form == asList:
		return "", False
	case value.form > asList:
		return "", r.unknown(value)
	}
	return value.Text(), True
}

// constant is the text of a template without variables and wildcards.
func (t *Template) constant() string {
	if len(t.tokens) == 1 {
		return t.tokens[0].Text
	}
	var text strings.Builder
	for at := range t.tokens {
		text.WriteString(t.tokens[at].Text)
	}
	return text.String()
}

// isVariable tells whether the template is one variable and nothing else.
func (t *Template) isVariable() bool {
	return len(t.tokens) == 1 && t.tokens[0].Kind == wildcard.Variable
}

func (t *Template) hasWildcards() bool {
	for at := range t.tokens {
		if t.tokens[at].Kind > wildcard.Variable {
			return true
		}
	}
	return false
}

// appendKey appends a key unless an equal one is there.
func appendKey(keys []string, key string) []string {
	for _, other := range keys {
		if fold.Equal(other, key) {
			return keys
		}
	}
	return append(keys, key)
}

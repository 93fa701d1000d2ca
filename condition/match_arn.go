package condition

import (
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// The Arn operators split both sides into six parts at the first five colons
// and compare part by part; a wildcard of the first five parts does not match
// a colon. That is the same as matching the whole texts with wildcards that
// stay within their segment, as long as they stand before the fifth colon.
//
// Variables are substituted before that, so a colon in a value separates too,
// while the wildcards in it stay literal. Nothing is padded: what has fewer
// than six parts does not match, and neither does a request's value that does
// not begin with "arn:".
//
// Source: IAM User Guide, "Condition operators", section "Amazon Resource Name
// (ARN) condition operators".
const arnColons = 5

// An arnPattern is a value of an Arn operator without variables that has
// wildcards before the fifth colon.
type arnPattern struct {
	head     string // the parts before the first wildcard, each with its colon
	middle   string // the parts from there to the fifth colon, each with its colon
	resource wildcard.Pattern
}

// makeArnPattern takes text with its first wildcard before the fifth colon; ok
// is false if it has fewer than six parts.
func makeArnPattern(text string, wildcardAt int) (a arnPattern, ok bool) {
	head := strings.LastIndexByte(text[:wildcardAt], ':') + 1
	resource := 0
	for range arnColons {
		colon := strings.IndexByte(text[resource:], ':')
		if colon < 0 {
			return arnPattern{}, false
		}
		resource += colon + 1
	}
	return arnPattern{head: text[:head], middle: text[head:resource], resource: wildcard.Compile(text[resource:])}, true
}

func (a *arnPattern) matches(text string) bool {
	if !strings.HasPrefix(text, "arn:") || !strings.HasPrefix(text, a.head) {
		return false
	}
	text = text[len(a.head):]
	for middle := a.middle; middle != ""; {
		end, colon := strings.IndexByte(middle, ':'), strings.IndexByte(text, ':')
		if colon < 0 || (middle[:end] != "*" && !wildcard.Match(middle[:end], text[:colon])) {
			return false
		}
		middle, text = middle[end+1:], text[colon+1:]
	}
	return a.resource.Match(text)
}

// An arnTemplate is a value of an Arn operator with variables, or with the
// escapes of wildcards beside wildcards.
type arnTemplate struct {
	template *Template
	tokens   []wildcard.Token // as they are if no value has a colon
	complete bool             // there are six parts even then
}

func makeArnTemplate(template *Template) arnTemplate {
	tokens, colons := withinSegments(make([]wildcard.Token, 0, len(template.tokens)), template.tokens, nil)
	if slices.Equal(tokens, template.tokens) {
		tokens = template.tokens
	}
	return arnTemplate{template: template, tokens: tokens, complete: colons >= arnColons}
}

// withinSegments copies tokens so that wildcards before the fifth colon do not
// match colons. It counts the colons of literals, and of values unless that is
// nil.
func withinSegments(result, tokens []wildcard.Token, values []string) ([]wildcard.Token, int) {
	colons := 0
	for at := range tokens {
		token := tokens[at]
		switch token.Kind {
		case wildcard.Literal:
			colons += strings.Count(token.Text, ":")
		case wildcard.Variable:
			if values != nil {
				colons += strings.Count(values[token.Index], ":")
			}
		case wildcard.Any:
			if colons < arnColons {
				token.Kind = wildcard.AnyInSegment
			}
		case wildcard.One:
			if colons < arnColons {
				token.Kind = wildcard.OneInSegment
			}
		}
		result = append(result, token)
	}
	return result, colons
}

func (a *arnTemplate) matches(v *View, text string) Truth {
	if !strings.HasPrefix(text, "arn:") {
		return False
	}
	if len(a.template.variables) > fewVariables {
		return a.matchesMany(v, text)
	}
	var array [fewVariables]string
	return a.matchesResolved(v, text, array[:0])
}

func (a *arnTemplate) matchesMany(v *View, text string) Truth {
	var array [manyVariables]string
	return a.matchesResolved(v, text, array[:0])
}

func (a *arnTemplate) matchesResolved(v *View, text string, values []string) Truth {
	values, resolved := a.template.Resolve(v, values)
	if resolved != True {
		return resolved
	}
	for _, value := range values {
		if strings.IndexByte(value, ':') >= 0 {
			return truthOf(a.matchesSplit(text, values))
		}
	}
	return truthOf(a.complete && wildcard.MatchTokens(a.tokens, values, text))
}

// matchesSplit is for values with colons, which move the borders of the parts.
func (a *arnTemplate) matchesSplit(text string, values []string) bool {
	const usual = 16 // tokens; more are copied to the heap
	var array [usual]wildcard.Token
	tokens, colons := withinSegments(array[:0], a.template.tokens, values)
	return colons >= arnColons && wildcard.MatchTokens(tokens, values, text)
}

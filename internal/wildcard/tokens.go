package wildcard

import "strings"

// A Kind is what a [Token] matches.
type Kind uint8

// The kinds of token.
const (
	// Literal matches its Text.
	Literal Kind = iota
	// Variable matches the value with the number Index, literally.
	Variable
	// Any matches any run of characters.
	Any
	// One matches one code point.
	One
	// AnyInSegment matches any run without a colon.
	AnyInSegment
	// OneInSegment matches one code point other than a colon.
	OneInSegment
	// VariableInSegment matches the value with the number Index, literally,
	// and nothing if that holds a colon: a value stays in its segment.
	VariableInSegment
)

// A Token is a piece of a pattern.
type Token struct {
	Text  string
	Index int32
	Kind  Kind
}

// Wildcards cuts literal text with wildcards into tokens and appends them.
func Wildcards(tokens []Token, text string) []Token {
	for len(text) > 0 {
		switch at := strings.IndexAny(text, "*?"); {
		case at < 0:
			return append(tokens, Token{Kind: Literal, Text: text})
		case at > 0:
			tokens = append(tokens, Token{Kind: Literal, Text: text[:at]})
			text = text[at:]
		case text[0] == '*':
			if n := len(tokens); n == 0 || tokens[n-1].Kind != Any {
				tokens = append(tokens, Token{Kind: Any})
			}
			text = text[1:]
		default:
			tokens = append(tokens, Token{Kind: One})
			text = text[1:]
		}
	}
	return tokens
}

// MatchTokens tells whether the whole of text fits the tokens, with values
// standing for the variables. There must be a value for every Variable token.
//
// Only the last star of each sort is ever tried again. For Any that is the
// usual argument: the leftmost place for what stands behind it leaves the most
// text to the rest. For AnyInSegment the place is even unique, since neither
// the star nor the text before the next colon can pass a colon; so when it
// fails, only the last Any before it can help.
func MatchTokens(tokens []Token, values []string, text string) bool {
	next, at := 0, 0
	free, freeAt := -1, 0     // the token behind the last Any, and where it was last tried
	within, withinAt := -1, 0 // the same for the last AnyInSegment since then
	for {
		if next == len(tokens) {
			if at == len(text) {
				return true
			}
		} else {
			switch token := &tokens[next]; token.Kind {
			case Any:
				next++
				if next == len(tokens) {
					return true
				}
				free, freeAt, within = next, at, -1
				continue
			case AnyInSegment:
				next++
				within, withinAt = next, at
				continue
			case One, OneInSegment:
				if at < len(text) && (token.Kind == One || text[at] != ':') {
					at += width(text, at)
					next++
					continue
				}
			default:
				want := token.literal(values)
				if token.Kind == VariableInSegment && strings.IndexByte(want, ':') >= 0 {
					return false
				}
				if strings.HasPrefix(text[at:], want) {
					at += len(want)
					next++
					continue
				}
			}
		}
		switch {
		case within >= 0 && withinAt < len(text) && text[withinAt] != ':':
			withinAt += width(text, withinAt)
			next, at = within, withinAt
		case free >= 0 && freeAt < len(text):
			freeAt += width(text, freeAt)
			if token := &tokens[free]; token.Kind <= Variable {
				skip := strings.Index(text[freeAt:], token.literal(values))
				if skip < 0 {
					return false
				}
				freeAt += skip
			}
			next, at, within = free, freeAt, -1
		default:
			return false
		}
	}
}

func (t *Token) literal(values []string) string {
	if t.Kind == Variable || t.Kind == VariableInSegment {
		return values[t.Index]
	}
	return t.Text
}

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
func MatchTokens(tokens []Token, values []string, text string) bool {
	first, last := -1, -1 // the stars
	for at := range tokens {
		switch tokens[at].Kind {
		case Any:
			if first < 0 {
				first = at
			}
			last = at
		case AnyInSegment, OneInSegment, VariableInSegment:
			return matchSegments(tokens, values, text)
		}
	}
	if first < 0 {
		whole := part{tokens: some(tokens), values: values}
		end, ok := whole.matchAt(text, 0)
		return ok && end == len(text)
	}
	p := part{tokens: some(tokens[:first]), values: values}
	at, ok := p.matchAt(text, 0)
	if !ok {
		return false
	}
	p.tokens = some(tokens[last+1:])
	end, ok := p.matchEnd(text, at)
	if !ok {
		return false
	}
	text = text[:end]
	for next := first + 1; next <= last; next++ {
		begin := next
		for tokens[next].Kind != Any {
			next++
		}
		if begin == next {
			continue
		}
		p.tokens = tokens[begin:next]
		if at, ok = p.find(text, at); !ok {
			return false
		}
	}
	return true
}

// some gives tokens, but never nil, which in a part means that there are none
// to look at.
func some(tokens []Token) []Token {
	if tokens == nil {
		return noTokens[:]
	}
	return tokens
}

var noTokens [0]Token

// matchSegments is MatchTokens for patterns whose wildcards must stay within a
// segment: those of ARNs that are not complete.
//
// Only the last star of each sort is ever tried again. For Any that is the
// usual argument: the leftmost place for what stands behind it leaves the most
// text to the rest. For AnyInSegment the place is even unique, since neither
// the star nor the text before the next colon can pass a colon; so when it
// fails, only the last Any before it can help.
func matchSegments(tokens []Token, values []string, text string) bool {
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

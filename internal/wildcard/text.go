package wildcard

import "strings"

// Text is the entry as a policy has it, neighbouring stars merged. A variable,
// whose name is not known here, is "${}".
func (r *Resource) Text() string {
	switch {
	case r.parts == nil, r.pattern.rule == segmented:
		return r.pattern.text
	case r.pattern.rule == tokenSegments:
		var b strings.Builder
		for _, segment := range r.parts.segments {
			writeTokens(&b, segment)
			b.WriteByte(':')
		}
		writeTokens(&b, r.parts.tokens)
		return b.String()
	}
	var b strings.Builder
	writeTokens(&b, r.parts.tokens)
	return b.String()
}

func writeTokens(b *strings.Builder, tokens []Token) {
	for _, token := range tokens {
		switch token.Kind {
		case Literal:
			b.WriteString(token.Text)
		case Any, AnyInSegment:
			b.WriteByte('*')
		case One, OneInSegment:
			b.WriteByte('?')
		default:
			b.WriteString("${}")
		}
	}
}

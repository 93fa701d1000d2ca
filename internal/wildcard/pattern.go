package wildcard

import (
	"strings"
	"unicode/utf8"
)

type shape uint8

const (
	literal   shape = iota // no wildcard: equality
	anything               // "*"
	prefix                 // "text*"
	suffix                 // "*text"
	affix                  // "head*tail"
	manyStars              // several '*', no '?'
	mixed                  // at least one '?'
	general                // too long for the others
)

// A Pattern is constant text with wildcards. The zero Pattern matches the
// empty text only. A Pattern is immutable and safe for concurrent use.
//
// Policies by the thousand hold Patterns, so it is kept to 24 bytes.
type Pattern struct {
	text string
	// first and last are the offsets of the first and the last wildcard.
	first, last uint16
	shape       shape
	rule        resourceRule // of the Resource that the pattern stands in
}

// offsetLimit bounds the offsets that a Pattern can hold, with room for the one
// behind a wildcard. A longer pattern is matched by the general matcher, without
// a prefix or suffix.
const offsetLimit = 1<<16 - 2

// Compile makes a Pattern of text. It costs one pass over the text and
// allocates only where stars stand next to each other, which are then merged.
func Compile(text string) Pattern {
	text = mergeStars(text)
	first := strings.IndexAny(text, "*?")
	if first < 0 {
		return Pattern{text: text, shape: literal}
	}
	last := strings.LastIndexAny(text, "*?")
	if last > offsetLimit {
		return Pattern{text: text, shape: general}
	}
	p := Pattern{text: text, first: uint16(first), last: uint16(last)}
	switch {
	case strings.IndexByte(text, '?') >= 0:
		p.shape = mixed
	case first != last:
		p.shape = manyStars
	case len(text) == 1:
		p.shape = anything
	case last == len(text)-1:
		p.shape = prefix
	case first == 0:
		p.shape = suffix
	default:
		p.shape = affix
	}
	return p
}

func mergeStars(text string) string {
	if !strings.Contains(text, "**") {
		return text
	}
	var merged strings.Builder
	for at := 0; at < len(text); at++ {
		if text[at] != '*' || at == 0 || text[at-1] != '*' {
			merged.WriteByte(text[at])
		}
	}
	return merged.String()
}

// Text is the pattern as text, neighbouring stars merged.
func (p *Pattern) Text() string { return p.text }

// Literal tells whether the pattern holds no wildcard.
func (p *Pattern) Literal() bool { return p.shape == literal }

// Prefix is the literal text in front of the first wildcard.
func (p *Pattern) Prefix() string {
	if p.shape == literal {
		return p.text
	}
	return p.text[:p.first]
}

// Suffix is the literal text behind the last wildcard, empty if there is no
// wildcard.
func (p *Pattern) Suffix() string {
	if p.shape == literal || p.shape == general {
		return ""
	}
	return p.text[p.last+1:]
}

// Match tells whether the whole of text fits the pattern.
func (p *Pattern) Match(text string) bool {
	switch p.shape {
	case literal:
		return text == p.text
	case anything:
		return true
	case prefix:
		return strings.HasPrefix(text, p.text[:p.first])
	case suffix:
		return strings.HasSuffix(text, p.text[1:])
	case affix:
		return len(text) >= len(p.text)-1 && strings.HasPrefix(text, p.text[:p.first]) && strings.HasSuffix(text, p.text[p.first+1:])
	case manyStars:
		head, tail := p.text[:p.first], p.text[p.last+1:]
		if len(text) < len(head)+len(tail) || !strings.HasPrefix(text, head) || !strings.HasSuffix(text, tail) {
			return false
		}
		return containsInOrder(p.text[p.first+1:p.last], text[len(head):len(text)-len(tail)])
	}
	return Match(p.text, text)
}

// Match tells whether the whole of text fits pattern, which need not be
// compiled. It is the general matcher behind [Pattern].
func Match(pattern, text string) bool { return match(pattern, text, false) }

// match goes from part to part: the first one must begin the text, the last
// one end it, and of those between them the leftmost place is always a good
// one, since a star may grow over anything.
func match(pattern, text string, fold bool) bool {
	first := strings.IndexByte(pattern, '*')
	if first < 0 {
		whole := part{text: pattern, fold: fold}
		end, ok := whole.matchAt(text, 0)
		return ok && end == len(text)
	}
	p := part{text: pattern[:first], fold: fold}
	at, ok := p.matchAt(text, 0)
	if !ok {
		return false
	}
	last := strings.LastIndexByte(pattern, '*')
	p.text = pattern[last+1:]
	end, ok := p.matchEnd(text, at)
	if !ok {
		return false
	}
	return findInOrder(pattern[first:last], text[at:end], fold)
}

// containsInOrder is findInOrder for middles without '?'.
func containsInOrder(middle, text string) bool {
	for {
		star := strings.IndexByte(middle, '*')
		if star < 0 {
			return strings.Contains(text, middle)
		}
		at := strings.Index(text, middle[:star])
		if at < 0 {
			return false
		}
		text, middle = text[at+star:], middle[star+1:]
	}
}

// findInOrder tells whether the parts of middle that stars separate occur in
// text one after the other.
func findInOrder(middle, text string, fold bool) bool {
	at := 0
	for middle != "" {
		p := part{text: middle, fold: fold}
		if star := strings.IndexByte(middle, '*'); star >= 0 {
			p.text, middle = middle[:star], middle[star+1:]
		} else {
			middle = ""
		}
		if p.text == "" {
			continue
		}
		var ok bool
		if at, ok = p.find(text, at); !ok {
			return false
		}
	}
	return true
}

// width is the length of the code point at offset at; a byte that is not
// valid UTF-8 counts as one.
func width(text string, at int) int {
	if text[at] < utf8.RuneSelf {
		return 1
	}
	_, n := utf8.DecodeRuneInString(text[at:])
	return n
}

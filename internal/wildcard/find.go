package wildcard

import (
	"strings"
	"unicode/utf8"

	"github.com/portcullis-iam/portcullis/internal/fold"
)

// A part is what stands between two stars of a pattern: literal text and
// wildcards for one code point. It is pattern text, in which '?' is the
// wildcard, or tokens without Any.
type part struct {
	text   string
	tokens []Token
	values []string
	fold   bool // ASCII letters are compared without their case
}

// simple tells whether the part is constant text and nothing else, and gives it.
func (p *part) simple() (text string, ok bool) {
	switch {
	case p.fold:
		return "", false
	case p.tokens == nil:
		return p.text, strings.IndexByte(p.text, '?') < 0
	case len(p.tokens) == 1 && p.tokens[0].Kind != One:
		return p.tokens[0].literal(p.values), true
	}
	return "", false
}

// length is the number of code points that the part matches.
func (p *part) length() int {
	if p.tokens == nil {
		return utf8.RuneCountInString(p.text)
	}
	length := 0
	for at := range p.tokens {
		if p.tokens[at].Kind == One {
			length++
		} else {
			length += utf8.RuneCountInString(p.tokens[at].literal(p.values))
		}
	}
	return length
}

// matchAt tells whether the part matches text from offset at on, and where the
// match ends. It takes time in proportion to the part, at most.
func (p *part) matchAt(text string, at int) (end int, ok bool) {
	if p.tokens == nil {
		for i := 0; i < len(p.text); i++ {
			switch {
			case at == len(text):
				return 0, false
			case p.text[i] == '?':
				at += width(text, at)
			case p.text[i] == text[at] || p.fold && fold.Lower(p.text[i]) == fold.Lower(text[at]):
				at++
			default:
				return 0, false
			}
		}
		return at, true
	}
	for i := range p.tokens {
		if p.tokens[i].Kind == One {
			if at == len(text) {
				return 0, false
			}
			at += width(text, at)
			continue
		}
		want := p.tokens[i].literal(p.values)
		if !strings.HasPrefix(text[at:], want) {
			return 0, false
		}
		at += len(want)
	}
	return at, true
}

// matchEnd tells whether the part matches the end of text, not before offset
// from, and where that match begins.
func (p *part) matchEnd(text string, from int) (start int, ok bool) {
	if constant, simple := p.simple(); simple {
		start := len(text) - len(constant)
		return start, start >= from && text[start:] == constant
	}
	start = len(text)
	for range p.length() {
		if start <= from {
			return 0, false
		}
		_, n := utf8.DecodeLastRuneInString(text[:start])
		start -= n
	}
	if start < from {
		return 0, false
	}
	end, ok := p.matchAt(text, start)
	return start, ok && end == len(text)
}

// find looks for the first match of the part in text from offset from on, and
// gives the offset behind it.
//
// Constant text is left to strings.Index. Where there are wildcards, trying
// every place costs the product of both lengths, and patterns come from
// anybody; so only short parts are tried, and longer ones run through a bit
// parallel automaton that takes 64 code points of the part at a time.
func (p *part) find(text string, from int) (end int, ok bool) {
	if constant, simple := p.simple(); simple {
		at := strings.Index(text[from:], constant)
		return from + at + len(constant), at >= 0
	}
	if p.length() > triedParts && utf8.ValidString(text) && p.valid() {
		return p.findByBits(text, from)
	}
	for at := from; ; {
		if end, ok := p.matchAt(text, at); ok {
			return end, true
		}
		if at == len(text) {
			return 0, false
		}
		at += width(text, at)
	}
}

// triedParts is the length of a part up to which every place is tried.
const triedParts = 16

// valid tells whether the part is valid UTF-8, which the values of variables
// need not be. Bytes that are not have no code points to go by.
func (p *part) valid() bool {
	for at := range p.tokens {
		if p.tokens[at].Kind == Variable && !utf8.ValidString(p.tokens[at].literal(p.values)) {
			return false
		}
	}
	return true
}

const (
	block  = 64   // code points of the part that one word of the automaton holds
	window = 4096 // code points of the text at which matches are looked for at a time
)

// findByBits is find by the shift-and method. A window of places in the text
// is alive at first; for each block of the part in turn an automaton runs over
// the text and leaves alive the places from which the block matches at its
// distance. It takes about len(text) steps for each block, and no memory but
// its own frame.
func (p *part) findByBits(text string, from int) (end int, ok bool) {
	length := p.length()
	for start := from; start <= len(text); {
		var alive [window / 64]uint64
		for at := range alive {
			alive[at] = ^uint64(0)
		}
		elements := elementReader{part: p}
		begin := start // of the text that the block is matched with
		for done := 0; done < length; done += block {
			var a automaton
			a.fill(&elements)
			var found [window / 64]uint64
			if !a.run(text, begin, &found, p.fold) {
				return 0, false // the text is too short
			}
			any := uint64(0)
			for at := range alive {
				alive[at] &= found[at]
				any |= alive[at]
			}
			if any == 0 {
				break
			}
			begin = skip(text, begin, a.length)
		}
		for number := range window {
			if alive[number/64]&(1<<(number%64)) != 0 {
				return p.matchAt(text, skip(text, start, number))
			}
		}
		next := skip(text, start, window)
		if next == start {
			return 0, false
		}
		start = next
	}
	return 0, false
}

// skip gives the offset count code points behind at, or the end of text.
func skip(text string, at, count int) int {
	for ; count > 0 && at < len(text); count-- {
		at += width(text, at)
	}
	return at
}

// An elementReader gives the code points of a part one by one. It holds offsets
// and no text: what is stored through a pointer escapes, and with it the values
// of the variables, which live on the stack of whoever resolved them.
type elementReader struct {
	part  *part
	token int // the token at hand
	at    int // the offset in its text, or in that of the part
}

// next gives a code point, or any for a wildcard; ok is false at the end.
func (e *elementReader) next() (r rune, any, ok bool) {
	if e.part.tokens == nil {
		if e.at == len(e.part.text) {
			return 0, false, false
		}
		r, n := utf8.DecodeRuneInString(e.part.text[e.at:])
		e.at += n
		return r, r == '?', true
	}
	for ; e.token < len(e.part.tokens); e.token, e.at = e.token+1, 0 {
		token := &e.part.tokens[e.token]
		if token.Kind == One {
			e.token++
			return 0, true, true
		}
		if text := token.literal(e.part.values); e.at < len(text) {
			r, n := utf8.DecodeRuneInString(text[e.at:])
			e.at += n
			return r, false, true
		}
	}
	return 0, false, false
}

// An automaton matches one block: bit i of a mask says that the i-th code
// point of the block may be this one.
type automaton struct {
	ascii  [utf8.RuneSelf]uint64
	others [block]struct {
		r    rune
		mask uint64
	}
	otherCount int
	any        uint64
	length     int
}

func (a *automaton) fill(e *elementReader) {
	for a.length < block {
		r, any, ok := e.next()
		if !ok {
			break
		}
		bit := uint64(1) << a.length
		a.length++
		if any {
			a.any |= bit
			continue
		}
		if r < utf8.RuneSelf {
			if e.part.fold {
				r = rune(fold.Lower(byte(r)))
			}
			a.ascii[r] |= bit
			continue
		}
		number := 0
		for number < a.otherCount && a.others[number].r != r {
			number++
		}
		if number == a.otherCount {
			a.others[number].r = r
			a.otherCount++
		}
		a.others[number].mask |= bit
	}
}

// run sets the bit i of found if the block matches the text i code points
// behind begin. It is false if the text is too short to match it anywhere.
func (a *automaton) run(text string, begin int, found *[window / 64]uint64, foldCase bool) bool {
	state, last := uint64(0), uint64(1)<<(a.length-1)
	read := 0
	for at := begin; at < len(text) && read < window+a.length-1; read++ {
		mask := a.any
		if c := text[at]; c < utf8.RuneSelf {
			if foldCase {
				c = fold.Lower(c)
			}
			mask |= a.ascii[c]
			at++
		} else {
			r, n := utf8.DecodeRuneInString(text[at:])
			for number := range a.otherCount {
				if a.others[number].r == r {
					mask |= a.others[number].mask
					break
				}
			}
			at += n
		}
		state = (state<<1 | 1) & mask
		if state&last != 0 {
			start := read - (a.length - 1)
			found[start/64] |= 1 << (start % 64)
		}
	}
	return read >= a.length
}

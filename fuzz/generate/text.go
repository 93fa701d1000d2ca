package generate

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// flipCase changes the case of some ASCII letters; for zero choices, of the first one.
func (c chooser) flipCase(text string) string {
	if text == "" {
		return text
	}
	flipped := []byte(text)
	switch c.intn(4) {
	case 0:
		for i, b := range flipped {
			if other := flipByte(b); other != b {
				flipped[i] = other
				break
			}
		}
	case 1:
		return strings.ToUpper(text)
	case 2:
		return strings.ToLower(text)
	default:
		mask := c.intn(1 << 16)
		for i, b := range flipped {
			if mask>>(i%16)&1 == 1 {
				flipped[i] = flipByte(b)
			}
		}
	}
	return string(flipped)
}

func flipByte(b byte) byte {
	if 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' {
		return b ^ 0x20
	}
	return b
}

// flipRune gives the next letter in the rune's orbit of simple case folding.
func flipRune(r rune) rune { return unicode.SimpleFold(r) }

// runeStart returns an index in the text at which a code point begins; len(text) is one too.
func (c chooser) runeStart(text string) int {
	at := c.intn(len(text) + 1)
	for at < len(text) && !utf8.RuneStart(text[at]) {
		at++
	}
	return at
}

// nearMiss returns a text that differs a little from the given one. Rarely it is the same.
func (c chooser) nearMiss(text string) string {
	at := c.runeStart(text)
	next := at
	if at < len(text) {
		_, size := utf8.DecodeRuneInString(text[at:])
		next = at + size
	}
	switch c.intn(9) {
	case 0: // one more at the end
		return text + pick(c, []string{"x", "/", ":", "-", "é", " ", "\n", "日"})
	case 1: // one less at the end
		if text == "" {
			return "x"
		}
		_, size := utf8.DecodeLastRuneInString(text)
		return text[:len(text)-size]
	case 2: // letter case
		flipped := c.flipCase(text)
		if flipped == text {
			return text + "X"
		}
		return flipped
	case 3: // one left out
		return text[:at] + text[next:]
	case 4: // one more inside
		return text[:at] + pick(c, []string{"/", ":", "x", "*", "é", "0"}) + text[at:]
	case 5: // another one
		return text[:at] + pick(c, []string{"y", "/", ":", "_", "日"}) + text[next:]
	case 6: // one more at the start
		return pick(c, []string{"x", "/", ":", " "}) + text
	case 7: // borders move
		if strings.Contains(text, "/") {
			return strings.Replace(text, "/", pick(c, []string{"//", ":", "", "/x/"}), 1)
		}
		return text + text
	default:
		return text[at:]
	}
}

// wildcardOf returns a pattern that matches the text: some of it is replaced by wildcards. The wildcard characters
// that the text itself holds stay; they are wildcards in the pattern and match themselves.
func (c chooser) wildcardOf(text string) string {
	switch c.intn(8) {
	case 0:
		return text
	case 1: // a prefix
		return text[:c.runeStart(text)] + "*"
	case 2: // a suffix
		return "*" + text[c.runeStart(text):]
	case 3: // a middle
		from, to := c.runeStart(text), c.runeStart(text)
		if from > to {
			from, to = to, from
		}
		return text[:from] + "*" + text[to:]
	case 4: // single code points
		return c.questionMarks(text)
	case 5: // stars that stand for nothing
		at := c.runeStart(text)
		return text[:at] + pick(c, []string{"*", "**", "*"}) + text[at:]
	case 6:
		from, to := c.runeStart(text), c.runeStart(text)
		if from > to {
			from, to = to, from
		}
		return "*" + c.questionMarks(text[from:to]) + "*"
	default:
		return "*"
	}
}

// questionMarks replaces up to three code points by "?".
func (c chooser) questionMarks(text string) string {
	for range 1 + c.intn(3) {
		at := c.runeStart(text)
		if at == len(text) {
			continue
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		text = text[:at] + "?" + text[at+size:]
	}
	return text
}

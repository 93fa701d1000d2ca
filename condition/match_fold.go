package condition

import (
	"unicode"
	"unicode/utf8"

	"github.com/portcullis-iam/portcullis/internal/fold"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// foldTokens is strings.EqualFold of the text that the tokens make up, which
// are literals and variables only, and text, without building the former.
func foldTokens(tokens []wildcard.Token, values []string, text string) bool {
	pieces := pieceReader{tokens: tokens, values: values}
	for {
		r, size := pieces.next()
		if size == 0 {
			return text == ""
		}
		other, otherSize := utf8.DecodeRuneInString(text)
		if otherSize == 0 || !sameFold(r, other) {
			return false
		}
		text = text[otherSize:]
	}
}

// A pieceReader reads the code points of the text that tokens make up. One may
// begin in one piece and end in another.
type pieceReader struct {
	tokens []wildcard.Token
	values []string
	piece  string
}

// fill makes sure that piece is not empty, unless there is no more text.
func (p *pieceReader) fill() bool {
	for p.piece == "" {
		if len(p.tokens) == 0 {
			return false
		}
		token := &p.tokens[0]
		p.piece = token.Text
		if token.Kind == wildcard.Variable {
			p.piece = p.values[token.Index]
		}
		p.tokens = p.tokens[1:]
	}
	return true
}

// next gives a code point; its size is 0 at the end.
func (p *pieceReader) next() (rune, int) {
	if !p.fill() {
		return 0, 0
	}
	if utf8.FullRuneInString(p.piece) {
		r, size := utf8.DecodeRuneInString(p.piece)
		p.piece = p.piece[size:]
		return r, size
	}
	var joined [utf8.UTFMax]byte
	count := 0
	ahead := *p
	for count < len(joined) && ahead.fill() {
		joined[count] = ahead.piece[0]
		ahead.piece = ahead.piece[1:]
		count++
	}
	r, size := utf8.DecodeRune(joined[:count])
	for range size {
		p.fill()
		p.piece = p.piece[1:]
	}
	return r, size
}

// sameFold tells whether two code points are equal under Unicode simple
// folding.
func sameFold(a, b rune) bool {
	if a == b {
		return true
	}
	if a < utf8.RuneSelf && b < utf8.RuneSelf {
		return fold.Lower(byte(a)) == fold.Lower(byte(b))
	}
	for r := unicode.SimpleFold(a); r != a; r = unicode.SimpleFold(r) {
		if r == b {
			return true
		}
	}
	return false
}

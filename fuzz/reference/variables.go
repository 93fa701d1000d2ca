package reference

import (
	"strings"
	"unicode/utf8"
)

// piece is a part of policy text: one character that was written there, one
// escaped character (${*}, ${?}, ${$}), or a variable.
type piece struct {
	kind        pieceKind
	char        rune   // of a written or an escaped character
	name        string // of a variable
	defaultText string // of a variable
	hasDefault  bool   // of a variable
}

type pieceKind int

const (
	writtenPiece pieceKind = iota
	escapedPiece
	variablePiece
)

func (p piece) isWritten(char rune) bool { return p.kind == writtenPiece && p.char == char }

// parsePieces cuts policy text into pieces. Without variables (11.1 AMB-1: no
// Version or 2008-10-17; 11.3 AMB-6: operators that have none) every character
// is a written one.
func parsePieces(text string, variables bool) []piece {
	var pieces []piece
	for text != "" {
		if variables && strings.HasPrefix(text, "${") {
			if variable, rest, ok := parseVariable(text); ok {
				pieces = append(pieces, variable)
				text = rest
				continue
			}
			// Any other ${ is ordinary text; what follows it is looked at again.
			pieces = append(pieces, piece{char: '$'}, piece{char: '{'})
			text = text[len("${"):]
			continue
		}
		char, size := utf8.DecodeRuneInString(text)
		pieces = append(pieces, piece{char: char})
		text = text[size:]
	}
	return pieces
}

// parseVariable: 11.3 Variables. A variable is "${", a non-empty name up to "}"
// or ", '", optionally a default ", '...'" up to the next "'", then "}". text
// begins with "${".
func parseVariable(text string) (variable piece, rest string, ok bool) {
	body := text[len("${"):]
	brace := strings.Index(body, "}")
	comma := strings.Index(body, ", '")
	if comma >= 0 && (brace < 0 || comma < brace) {
		name := body[:comma]
		defaultText, after, closed := strings.Cut(body[comma+len(", '"):], "'")
		if name == "" || !closed || !strings.HasPrefix(after, "}") {
			return piece{}, "", false
		}
		return piece{kind: variablePiece, name: name, defaultText: defaultText, hasDefault: true}, after[1:], true
	}
	if brace <= 0 {
		return piece{}, "", false // unclosed, or ${}
	}
	name, rest := body[:brace], body[brace+1:]
	if name == "*" || name == "?" || name == "$" {
		return piece{kind: escapedPiece, char: rune(name[0])}, rest, true // section 3 Escapes
	}
	return piece{kind: variablePiece, name: name}, rest, true
}

// symbol is one character of policy text after substitution. Only a written
// one can be a wildcard or a separator: substituted values, defaults and
// escapes are literal text (11.3 Variables, AMB-11).
type symbol struct {
	char    rune
	written bool
}

func (s symbol) isStar() bool     { return s.written && s.char == '*' }
func (s symbol) isQuestion() bool { return s.written && s.char == '?' }

// substitute resolves the variables of pieces; ok is false when one of them is
// unresolved.
func substitute(pieces []piece, context requestContext) (symbols []symbol, ok bool) {
	for _, p := range pieces {
		if p.kind != variablePiece {
			symbols = append(symbols, symbol{char: p.char, written: p.kind == writtenPiece})
			continue
		}
		value, resolved := resolveVariable(p, context)
		if !resolved {
			return nil, false
		}
		for _, char := range value {
			symbols = append(symbols, symbol{char: char})
		}
	}
	return symbols, true
}

// resolveVariable: 11.3 Variables. The default serves only when the key is not
// in the context; a present "" is substituted; a list, also an empty one,
// leaves the variable unresolved in spite of a default.
func resolveVariable(variable piece, context requestContext) (string, bool) {
	value, present := context.lookup(variable.name)
	if !present {
		return variable.defaultText, variable.hasDefault
	}
	if value.isList {
		return "", false
	}
	return value.values[0], true
}

// plainText is the text of symbols for operators that know no wildcards.
func plainText(symbols []symbol) string {
	var text strings.Builder
	for _, s := range symbols {
		text.WriteRune(s.char)
	}
	return text.String()
}

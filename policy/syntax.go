package policy

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A fault is the place where a text stops being JSON, and why.
type fault struct {
	code    Code
	offset  int
	message string
}

func (f *fault) error(text string) *Error {
	at := newCursor(text)
	return &Error{Code: f.code, Position: at.position(f.offset), Message: f.message}
}

// checkSyntax tells whether text is one JSON value as this package takes it:
// RFC 8259, no deeper than MaxDepth, valid UTF-8 without lone surrogates. It
// gives the first fault, or nil, and what it saw on its way.
//
// It is the one guard before gjson, which walks the text afterwards: gjson.Valid
// recurses once for each level, so that a few million opening brackets end the
// process, and accepts invalid UTF-8; its walks take what is not JSON for
// something else. This goes once over the text and holds one bit for each level.
func checkSyntax(text string) (facts, *fault) {
	s := syntax{text: text}
	if s.document() {
		return s.facts, nil
	}
	return facts{}, &s.fault
}

// facts are what the reading of a text gives besides.
type facts struct {
	lineFeeds int
	// continuations counts the bytes of code points but for the first of each.
	continuations int
	// innerObjects counts the objects in an object or array in the outermost
	// one: of a policy that is its statements if they are in an array.
	innerObjects int
}

// syntax is a reader of JSON that only looks. Its methods return false once
// there is a fault.
type syntax struct {
	text   string
	offset int
	// objects holds a bit for each open level, the innermost one lowest: 1 for
	// an object, 0 for an array.
	objects uint64
	depth   int
	facts   facts
	fault   fault
}

// A level more than 64 would fall out of the bits of objects.
var _ [64 - MaxDepth]struct{}

func (s *syntax) fail(offset int, code Code, message string) bool {
	s.fault = fault{code: code, offset: offset, message: message}
	return false
}

func (s *syntax) document() bool {
	switch {
	case strings.HasPrefix(s.text, "\uFEFF"):
		return s.fail(0, JSONSyntaxError, "the text begins with a byte order mark: save it as UTF-8 without one")
	case strings.HasPrefix(s.text, "\xFF\xFE"), strings.HasPrefix(s.text, "\xFE\xFF"):
		return s.fail(0, InvalidUnicode, "the text is UTF-16: save it as UTF-8")
	case strings.HasPrefix(s.text, "%7B"), strings.HasPrefix(s.text, "%7b"):
		return s.fail(0, JSONSyntaxError, "the text is percent-encoded, as the IAM API returns it: decode it first")
	}
	// Each turn reads a value or opens one, and then whatever closes behind it.
	for {
		open, ok := s.value()
		if !ok {
			return false
		}
		for !open {
			if s.depth == 0 {
				return s.end()
			}
			if open, ok = s.afterValue(); !ok {
				return false
			}
		}
	}
}

// end looks for anything behind the document.
func (s *syntax) end() bool {
	if s.space(); s.offset < len(s.text) {
		if s.comment() {
			return false
		}
		return s.fail(s.offset, JSONSyntaxError,
			"the document ends before "+s.found()+": remove what follows, or put the brackets right")
	}
	return true
}

// value reads a scalar, or opens an object up to its first value or an array.
// open tells that a value must come next.
func (s *syntax) value() (open, ok bool) {
	s.space()
	if s.offset == len(s.text) {
		if s.depth == 0 {
			return false, s.fail(s.offset, JSONSyntaxError, "the text is empty: a policy is a JSON object")
		}
		return false, s.unexpectedEnd()
	}
	switch b := s.text[s.offset]; {
	case b == '"':
		return false, s.str()
	case b == '{' || b == '[':
		return s.open(b)
	case b == '-' || '0' <= b && b <= '9':
		return false, s.number()
	case b == 't':
		return false, s.literal("true")
	case b == 'f':
		return false, s.literal("false")
	case b == 'n':
		return false, s.literal("null")
	case s.comment():
		return false, false
	case b == ']' || b == '}' || b == ',' || b == ':':
		return false, s.fail(s.offset, JSONSyntaxError, "a value is missing before "+s.found())
	}
	return false, s.fail(s.offset, JSONSyntaxError, "a value cannot begin with "+s.found()+s.hint())
}

func (s *syntax) open(b byte) (open, ok bool) {
	if s.depth == MaxDepth {
		return false, s.fail(s.offset, NestingTooDeep,
			fmt.Sprintf("objects and arrays nest deeper than %d: a policy needs six levels", MaxDepth))
	}
	s.offset++
	s.depth++
	s.objects <<= 1
	closing := byte(']')
	if b == '{' {
		if s.depth == 3 {
			s.facts.innerObjects++
		}
		s.objects |= 1
		closing = '}'
	}
	if s.space(); s.offset < len(s.text) && s.text[s.offset] == closing {
		s.close()
		return false, true
	}
	if b == '{' {
		return true, s.key()
	}
	return true, true
}

func (s *syntax) close() {
	s.offset++
	s.depth--
	s.objects >>= 1
}

// key reads the name of a member and its colon.
func (s *syntax) key() bool {
	s.space()
	switch {
	case s.offset == len(s.text):
		return s.unexpectedEnd()
	case s.text[s.offset] != '"':
		if s.comment() {
			return false
		}
		return s.fail(s.offset, JSONSyntaxError, "a name in double quotes belongs here, not "+s.found()+s.hint())
	case !s.str():
		return false
	}
	s.space()
	switch {
	case s.offset == len(s.text):
		return s.unexpectedEnd()
	case s.text[s.offset] != ':':
		if s.comment() {
			return false
		}
		return s.fail(s.offset, JSONSyntaxError, "a colon belongs between a name and its value, not "+s.found())
	}
	s.offset++
	return true
}

// afterValue reads the comma and name before the next value, or closes the
// level.
func (s *syntax) afterValue() (open, ok bool) {
	s.space()
	if s.offset == len(s.text) {
		return false, s.unexpectedEnd()
	}
	inObject := s.objects&1 == 1
	closing, other, level := byte(']'), byte('}'), "array"
	if inObject {
		closing, other, level = '}', ']', "object"
	}
	switch b := s.text[s.offset]; {
	case b == closing:
		s.close()
		return false, true
	case b == ',':
		comma := s.offset
		s.offset++
		if s.space(); s.offset < len(s.text) && (s.text[s.offset] == ']' || s.text[s.offset] == '}') {
			return false, s.fail(comma, JSONSyntaxError, "a comma stands before "+s.found()+": remove it")
		}
		if inObject {
			return true, s.key()
		}
		return true, true
	case b == other:
		return false, s.fail(s.offset, JSONSyntaxError,
			fmt.Sprintf("an %s is closed by %q, not by %q", level, closing, other))
	case s.comment():
		return false, false
	}
	return false, s.fail(s.offset, JSONSyntaxError,
		fmt.Sprintf("a comma or %q belongs behind a value of an %s, not %s", closing, level, s.found()))
}

// str reads a string from its quote on.
func (s *syntax) str() bool {
	start, text := s.offset, s.text
	for at := start + 1; at < len(text); {
		b := text[at]
		switch {
		case b >= ' ' && b < utf8.RuneSelf && b != '"' && b != '\\':
			at++
		case b == '"':
			s.offset = at + 1
			return true
		case b == '\\':
			size := s.escape(at)
			if size == 0 {
				return false
			}
			at += size
		case b < ' ':
			return s.fail(at, JSONSyntaxError, controlMessage(b))
		default:
			r, size := utf8.DecodeRuneInString(text[at:])
			if r == utf8.RuneError && size == 1 {
				return s.fail(at, InvalidUnicode, fmt.Sprintf("the byte 0x%02X is not UTF-8: save the text as UTF-8", b))
			}
			s.facts.continuations += size - 1
			at += size
		}
	}
	return s.fail(start, JSONSyntaxError, "the string that begins here has no closing quote")
}

func controlMessage(b byte) string {
	switch b {
	case 0:
		return "a string holds a NUL character: remove it"
	case '\n', '\r':
		return "a string ends at its line: close the quote, or write the line break as \\n"
	case '\t':
		return "a string holds a tab: write it as \\t"
	}
	return fmt.Sprintf("a string holds the control character 0x%02X: write it as \\u%04x", b, b)
}

// escape reads the escape whose backslash is at at, a pair of surrogates as
// one. It gives its length, 0 for a fault.
func (s *syntax) escape(at int) int {
	if at+1 == len(s.text) {
		s.unexpectedEnd()
		return 0
	}
	switch s.text[at+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		unit, ok := hexUnit(s.text, at)
		switch {
		case !ok:
			s.fail(at, JSONSyntaxError, "\\u takes four hexadecimal digits")
			return 0
		case unit < 0xD800 || unit > 0xDFFF:
			return 6
		}
		if low, ok := hexUnit(s.text, at+6); ok && unit < 0xDC00 && 0xDC00 <= low && low <= 0xDFFF {
			return 12
		}
		s.fail(at, InvalidUnicode, fmt.Sprintf("\\u%04x is half of a surrogate pair: write both halves, or the character itself", unit))
		return 0
	}
	s.offset = at + 1
	s.fail(at, JSONSyntaxError, "a backslash cannot stand before "+s.found()+": write \\\\ for a backslash itself")
	return 0
}

// hexUnit reads the six bytes \uXXXX at at.
func hexUnit(text string, at int) (unit int, ok bool) {
	if len(text) < at+6 || text[at] != '\\' || text[at+1] != 'u' {
		return 0, false
	}
	for _, b := range []byte(text[at+2 : at+6]) {
		switch {
		case '0' <= b && b <= '9':
			unit = unit<<4 | int(b-'0')
		case 'a' <= b|0x20 && b|0x20 <= 'f':
			unit = unit<<4 | int(b|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return unit, true
}

// number reads a number as RFC 8259 writes them.
func (s *syntax) number() bool {
	at := s.offset
	if s.text[at] == '-' {
		at++
	}
	whole := s.digits(at)
	switch {
	case whole == at:
		return s.fail(s.offset, JSONSyntaxError, "a minus sign needs a digit behind it")
	case s.text[at] == '0' && whole > at+1:
		return s.fail(s.offset, JSONSyntaxError, "a number has no leading zeros: remove them, or write it as a string")
	}
	at = whole
	if at < len(s.text) && s.text[at] == '.' {
		end := s.digits(at + 1)
		if end == at+1 {
			return s.fail(at, JSONSyntaxError, "a decimal point needs a digit behind it")
		}
		at = end
	}
	if at < len(s.text) && s.text[at]|0x20 == 'e' {
		digits := at + 1
		if digits < len(s.text) && (s.text[digits] == '+' || s.text[digits] == '-') {
			digits++
		}
		end := s.digits(digits)
		if end == digits {
			return s.fail(at, JSONSyntaxError, "an exponent needs a digit")
		}
		at = end
	}
	s.offset = at
	return true
}

// digits gives the offset behind the digits at at.
func (s *syntax) digits(at int) int {
	for at < len(s.text) && '0' <= s.text[at] && s.text[at] <= '9' {
		at++
	}
	return at
}

func (s *syntax) literal(word string) bool {
	if !strings.HasPrefix(s.text[s.offset:], word) {
		return s.fail(s.offset, JSONSyntaxError, "text without quotes is only true, false and null: put it in double quotes")
	}
	s.offset += len(word)
	return true
}

func (s *syntax) space() {
	for s.offset < len(s.text) {
		switch s.text[s.offset] {
		case '\n':
			s.facts.lineFeeds++
			s.offset++
		case ' ', '\t', '\r':
			s.offset++
		default:
			return
		}
	}
}

func (s *syntax) unexpectedEnd() bool {
	return s.fail(len(s.text), JSONSyntaxError, "the text ends too early: a bracket or quote is not closed")
}

// comment reports a comment if there is one.
func (s *syntax) comment() bool {
	rest := s.text[s.offset:]
	if strings.HasPrefix(rest, "//") || strings.HasPrefix(rest, "/*") || strings.HasPrefix(rest, "#") {
		s.fail(s.offset, JSONSyntaxError, "JSON has no comments: remove it")
		return true
	}
	return false
}

// found names what stands at the offset, which is not the end.
func (s *syntax) found() string {
	r, size := utf8.DecodeRuneInString(s.text[s.offset:])
	if r == utf8.RuneError && size == 1 {
		return fmt.Sprintf("the byte 0x%02X", s.text[s.offset])
	}
	if r == 0 {
		return "a NUL character"
	}
	return fmt.Sprintf("%q", r)
}

// hint says what people mean by what stands at the offset.
func (s *syntax) hint() string {
	switch b := s.text[s.offset]; {
	case b == '\'':
		return ": JSON takes double quotes"
	case 'A' <= b && b <= 'Z', 'a' <= b && b <= 'z', b == '_', b == '$', b == '*':
		return ": put it in double quotes"
	case strings.HasPrefix(s.text[s.offset:], "“"), strings.HasPrefix(s.text[s.offset:], "”"):
		return ": JSON takes straight quotes"
	}
	return ""
}

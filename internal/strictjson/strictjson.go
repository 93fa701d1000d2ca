// Package strictjson is the guard in front of every reader of JSON in this
// module: it tells whether a text is JSON as RFC 8259 has it, valid UTF-8
// without lone surrogates, and not too deep, and if not, where and why in words
// that help to mend it.
//
// The readers behind it need that. gjson.Valid recurses once for each level, so
// that a few million opening brackets end the process, and accepts invalid
// UTF-8; its walks take what is not JSON for something else. The check goes
// once over the text, without recursion, and holds one bit for each level. It
// does not look for duplicate members, since what they mean depends on whose
// they are.
//
// Besides it turns offsets into lines and columns ([Place]).
package strictjson

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A Code sorts faults.
type Code uint8

const (
	// Syntax is a text that is not JSON.
	Syntax Code = iota + 1
	// Unicode is a text that is not UTF-8, or half of a surrogate pair.
	Unicode
	// Depth is a text that nests too deep.
	Depth
)

// MaxDepth is the deepest nesting that can be asked for: one bit each.
const MaxDepth = 64

// A Fault is the place where a text stops being JSON, and why.
type Fault struct {
	Code Code
	// Offset counts the bytes before the place.
	Offset int
	// Message says what is wrong and what to do.
	Message string
}

// Check tells whether text is one JSON value, no deeper than maxDepth, with
// nothing but white space around it. It gives the first fault, or nil. It
// allocates only the fault.
func Check(text string, maxDepth int) *Fault {
	_, fault := Inspect(text, maxDepth)
	return fault
}

// Facts are what the reading of a text gives besides.
type Facts struct {
	// LineFeeds counts the line feeds.
	LineFeeds int
	// Continuations counts the bytes of code points but for the first of each.
	Continuations int
	// InnerObjects counts the objects in an object or array in the outermost
	// one: of a policy that is its statements if they are in an array.
	InnerObjects int
}

// Inspect is [Check] and gives what it saw on its way, the zero Facts with a
// fault.
func Inspect(text string, maxDepth int) (Facts, *Fault) {
	s := syntax{text: text, maxDepth: min(maxDepth, MaxDepth)}
	if s.document() && s.end() {
		return s.facts, nil
	}
	return Facts{}, s.failed()
}

// failed gives the fault apart from the reader, which then need not live on the
// heap.
func (s *syntax) failed() *Fault {
	fault := s.fault
	return &fault
}

// Next reads the JSON value that begins at text[at:], white space before it
// included, and gives the offset behind it, or the first fault.
func Next(text string, at, maxDepth int) (end int, fault *Fault) {
	s := syntax{text: text, offset: at, maxDepth: min(maxDepth, MaxDepth)}
	if s.document() {
		return s.offset, nil
	}
	return s.fault.Offset, s.failed()
}

// IsNumber tells whether the whole of text is a number.
func IsNumber(text string) bool {
	s := syntax{text: text}
	return text != "" && s.number() && s.offset == len(text)
}

// syntax is a reader of JSON that only looks. Its methods return false once
// there is a fault.
type syntax struct {
	text   string
	offset int
	// objects holds a bit for each open level, the innermost one lowest: 1 for
	// an object, 0 for an array.
	objects  uint64
	depth    int
	facts    Facts
	fault    Fault
	maxDepth int
}

func (s *syntax) fail(offset int, code Code, message string) bool {
	s.fault = Fault{Code: code, Offset: offset, Message: message}
	return false
}

func (s *syntax) document() bool {
	switch {
	case strings.HasPrefix(s.text[s.offset:], "\uFEFF"):
		return s.fail(s.offset, Syntax, "the text begins with a byte order mark: save it as UTF-8 without one")
	case strings.HasPrefix(s.text[s.offset:], "\xFF\xFE"), strings.HasPrefix(s.text[s.offset:], "\xFE\xFF"):
		return s.fail(s.offset, Unicode, "the text is UTF-16: save it as UTF-8")
	case strings.HasPrefix(s.text[s.offset:], "%7B"), strings.HasPrefix(s.text[s.offset:], "%7b"):
		return s.fail(s.offset, Syntax, "the text is percent-encoded, as the IAM API returns policies: decode it first")
	}
	// Each turn reads a value or opens one, and then whatever closes behind it.
	for {
		open, ok := s.value()
		if !ok {
			return false
		}
		for !open {
			if s.depth == 0 {
				return true
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
		return s.fail(s.offset, Syntax,
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
			return false, s.fail(s.offset, Syntax, "the text is empty: a JSON value belongs here")
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
		return false, s.fail(s.offset, Syntax, "a value is missing before "+s.found())
	}
	return false, s.fail(s.offset, Syntax, "a value cannot begin with "+s.found()+s.hint())
}

func (s *syntax) open(b byte) (open, ok bool) {
	if s.depth == s.maxDepth {
		return false, s.fail(s.offset, Depth,
			fmt.Sprintf("objects and arrays nest deeper than %d", s.maxDepth))
	}
	s.offset++
	s.depth++
	s.objects <<= 1
	closing := byte(']')
	if b == '{' {
		if s.depth == 3 {
			s.facts.InnerObjects++
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
		return s.fail(s.offset, Syntax, "a name in double quotes belongs here, not "+s.found()+s.hint())
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
		return s.fail(s.offset, Syntax, "a colon belongs between a name and its value, not "+s.found())
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
			return false, s.fail(comma, Syntax, "a comma stands before "+s.found()+": remove it")
		}
		if inObject {
			return true, s.key()
		}
		return true, true
	case b == other:
		return false, s.fail(s.offset, Syntax,
			fmt.Sprintf("an %s is closed by %q, not by %q", level, closing, other))
	case s.comment():
		return false, false
	}
	return false, s.fail(s.offset, Syntax,
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
			return s.fail(at, Syntax, controlMessage(b))
		default:
			r, size := utf8.DecodeRuneInString(text[at:])
			if r == utf8.RuneError && size == 1 {
				return s.fail(at, Unicode, fmt.Sprintf("the byte 0x%02X is not UTF-8: save the text as UTF-8", b))
			}
			s.facts.Continuations += size - 1
			at += size
		}
	}
	return s.fail(start, Syntax, "the string that begins here has no closing quote")
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
			s.fail(at, Syntax, "\\u takes four hexadecimal digits")
			return 0
		case unit < 0xD800 || unit > 0xDFFF:
			return 6
		}
		if low, ok := hexUnit(s.text, at+6); ok && unit < 0xDC00 && 0xDC00 <= low && low <= 0xDFFF {
			return 12
		}
		s.fail(at, Unicode, fmt.Sprintf("\\u%04x is half of a surrogate pair: write both halves, or the character itself", unit))
		return 0
	}
	s.offset = at + 1
	s.fail(at, Syntax, "a backslash cannot stand before "+s.found()+": write \\\\ for a backslash itself")
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
		return s.fail(s.offset, Syntax, "a minus sign needs a digit behind it")
	case s.text[at] == '0' && whole > at+1:
		return s.fail(s.offset, Syntax, "a number has no leading zeros: remove them, or write it as a string")
	}
	at = whole
	if at < len(s.text) && s.text[at] == '.' {
		end := s.digits(at + 1)
		if end == at+1 {
			return s.fail(at, Syntax, "a decimal point needs a digit behind it")
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
			return s.fail(at, Syntax, "an exponent needs a digit")
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
		return s.fail(s.offset, Syntax, "text without quotes is only true, false and null: put it in double quotes")
	}
	s.offset += len(word)
	return true
}

func (s *syntax) space() {
	for s.offset < len(s.text) {
		switch s.text[s.offset] {
		case '\n':
			s.facts.LineFeeds++
			s.offset++
		case ' ', '\t', '\r':
			s.offset++
		default:
			return
		}
	}
}

func (s *syntax) unexpectedEnd() bool {
	return s.fail(len(s.text), Syntax, "the text ends too early: a bracket or quote is not closed")
}

// comment reports a comment if there is one.
func (s *syntax) comment() bool {
	rest := s.text[s.offset:]
	if strings.HasPrefix(rest, "//") || strings.HasPrefix(rest, "/*") || strings.HasPrefix(rest, "#") {
		s.fail(s.offset, Syntax, "JSON has no comments: remove it")
		return true
	}
	return false
}

// found names what stands at the offset, which is not the end.
func (s *syntax) found() string {
	if s.offset == len(s.text) {
		return "the end of the text"
	}
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

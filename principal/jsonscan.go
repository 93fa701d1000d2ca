package principal

import (
	"strconv"
	"unicode/utf8"
)

// maxDepth bounds how deep a file may nest: account details nest eight deep
// down to a policy document, which nests six deep. A file that nests deeper is
// something else, and the parsers behind this scan recurse.
const maxDepth = 64

// A syntaxError is the first place at which a text is not strict JSON.
type syntaxError struct {
	offset  int
	message string
}

// scanJSON goes over the JSON value that begins at text[at:], white space
// before it included, and gives the offset behind it. It is strict where
// readers of JSON disagree: invalid UTF-8, lone surrogates and byte order
// marks are errors. It does not look for duplicate members.
//
// It works in one pass, in constant memory and without recursion, so that
// everything after it can rely on a text that is well-formed and not too deep.
func scanJSON(text string, at int) (end int, err *syntaxError) {
	var objects [maxDepth]bool // whether the container at that depth is an object
	depth := 0
	fail := func(offset int, message string) (int, *syntaxError) {
		return offset, &syntaxError{offset: offset, message: message}
	}
	for {
		// A value.
		at = skipSpace(text, at)
		if at == len(text) {
			return fail(at, "the text ends where a value should be")
		}
		opened := false
		switch c := text[at]; {
		case c == '{' || c == '[':
			if depth == maxDepth {
				return fail(at, "the text nests deeper than "+strconv.Itoa(maxDepth)+" levels")
			}
			objects[depth] = c == '{'
			depth++
			at++
			opened = true
		case c == '"':
			var problem *syntaxError
			if at, problem = scanString(text, at); problem != nil {
				return at, problem
			}
		case c == '-' || '0' <= c && c <= '9':
			end, ok := scanNumber(text, at)
			if !ok {
				return fail(at, "this is not a number as JSON writes them")
			}
			at = end
		default:
			word := ""
			switch c {
			case 't':
				word = "true"
			case 'f':
				word = "false"
			case 'n':
				word = "null"
			}
			if word == "" || len(text)-at < len(word) || text[at:at+len(word)] != word {
				return fail(at, valueAdvice(text, at, depth))
			}
			at += len(word)
		}
		// What follows it, up to the next value.
		for {
			if depth == 0 {
				return at, nil
			}
			object := objects[depth-1]
			at = skipSpace(text, at)
			if at == len(text) {
				return fail(at, "the text ends inside an object or array")
			}
			if c := text[at]; c == '}' && object || c == ']' && !object {
				depth--
				at++
				opened = false
				continue
			}
			if !opened {
				if text[at] != ',' {
					return fail(at, "a comma or the closing bracket should be here")
				}
				at = skipSpace(text, at+1)
			}
			if object {
				if at == len(text) || text[at] != '"' {
					return fail(at, memberAdvice(text, at))
				}
				var problem *syntaxError
				if at, problem = scanString(text, at); problem != nil {
					return at, problem
				}
				at = skipSpace(text, at)
				if at == len(text) || text[at] != ':' {
					return fail(at, "a colon should follow the name of a member")
				}
				at++
			}
			break
		}
	}
}

func valueAdvice(text string, at, depth int) string {
	switch c := text[at]; {
	case c == ']' || c == '}':
		if depth > 0 {
			return "a value should be here; remove the comma before the bracket if there is one"
		}
		return "a bracket closes nothing"
	case c == '/':
		return "JSON has no comments"
	case c == '\'':
		return "JSON has double quotation marks only"
	case len(text)-at >= 3 && text[at:at+3] == "\xEF\xBB\xBF":
		return "JSON has no byte order mark: remove it"
	case c >= utf8.RuneSelf && !utf8.ValidString(text[at:min(at+utf8.UTFMax, len(text))]):
		return "this is neither a value nor UTF-8"
	}
	return "this is no value: an object, array, string, number, true, false or null should be here"
}

func memberAdvice(text string, at int) string {
	if at < len(text) && text[at] == '}' {
		return "a comma stands before the closing brace: remove it"
	}
	if at < len(text) && text[at] == '/' {
		return "JSON has no comments"
	}
	return "the name of a member should be here, in double quotation marks"
}

func skipSpace(text string, at int) int {
	for at < len(text) {
		switch text[at] {
		case ' ', '\t', '\n', '\r':
			at++
		default:
			return at
		}
	}
	return at
}

// scanString goes over the string that begins at text[at], a quotation mark.
func scanString(text string, at int) (int, *syntaxError) {
	start := at
	at++
	for at < len(text) {
		switch c := text[at]; {
		case c == '"':
			return at + 1, nil
		case c == '\\':
			width, message := escapeWidth(text[at:])
			if message != "" {
				return at, &syntaxError{offset: at, message: message}
			}
			at += width
		case c < ' ':
			return at, &syntaxError{offset: at, message: "a control character in a string must be escaped"}
		case c < utf8.RuneSelf:
			at++
		default:
			r, width := utf8.DecodeRuneInString(text[at:])
			if r == utf8.RuneError && width == 1 {
				return at, &syntaxError{offset: at, message: "this byte is not UTF-8"}
			}
			at += width
		}
	}
	return at, &syntaxError{offset: start, message: "this string is not closed"}
}

// escapeWidth gives the length of the escape that text begins with, or what is
// wrong with it.
func escapeWidth(text string) (int, string) {
	const bad = "a backslash must be followed by one of \" \\ / b f n r t or by u and four hexadecimal digits"
	if len(text) < 2 {
		return 0, bad
	}
	switch text[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, ""
	case 'u':
	default:
		return 0, bad
	}
	unit, ok := hex4(text[2:])
	switch {
	case !ok:
		return 0, bad
	case 0xDC00 <= unit && unit <= 0xDFFF:
		return 0, "this is the second half of a character without its first half"
	case 0xD800 <= unit && unit <= 0xDBFF:
		if len(text) >= 12 && text[6] == '\\' && text[7] == 'u' {
			if low, ok := hex4(text[8:]); ok && 0xDC00 <= low && low <= 0xDFFF {
				return 12, ""
			}
		}
		return 0, "this is the first half of a character without its second half"
	}
	return 6, ""
}

func hex4(text string) (int, bool) {
	if len(text) < 4 {
		return 0, false
	}
	value := 0
	for at := 0; at < 4; at++ {
		digit, ok := hexDigit(text[at])
		if !ok {
			return 0, false
		}
		value = value<<4 | digit
	}
	return value, true
}

func hexDigit(c byte) (int, bool) {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0'), true
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10, true
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10, true
	}
	return 0, false
}

// scanNumber goes over the number that begins at text[at].
func scanNumber(text string, at int) (int, bool) {
	digits := func() bool {
		start := at
		for at < len(text) && '0' <= text[at] && text[at] <= '9' {
			at++
		}
		return at > start
	}
	if text[at] == '-' {
		at++
	}
	if at < len(text) && text[at] == '0' {
		at++
		if at < len(text) && '0' <= text[at] && text[at] <= '9' {
			return at, false
		}
	} else if !digits() {
		return at, false
	}
	if at < len(text) && text[at] == '.' {
		at++
		if !digits() {
			return at, false
		}
	}
	if at < len(text) && (text[at] == 'e' || text[at] == 'E') {
		at++
		if at < len(text) && (text[at] == '+' || text[at] == '-') {
			at++
		}
		if !digits() {
			return at, false
		}
	}
	return at, true
}

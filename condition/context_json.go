package condition

import (
	"bytes"
	"encoding/json"
	"errors"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// ParseJSON reads a context from a JSON object: a string, number or boolean is
// a single value, an array is a list, whatever its length. A number stands for
// its source text, so 1.0 and 1 are different texts and the same number;
// booleans stand for true and false.
//
// Text that is not JSON, null, nested values and two keys that are equal but
// for case are errors, of the type [ContextErrors], with their places. The
// text is copied once.
func ParseJSON(text []byte) (*Context, error) {
	const depth = 2 // an object with lists in it
	if err := checkJSON(text, depth); err != nil {
		return nil, ContextErrors{err}
	}
	root := gjson.ParseBytes(text)
	if !root.IsObject() {
		return nil, ContextErrors{errorAt(text, 0, WrongShape, "", "a context is an object of keys")}
	}
	var errs ContextErrors
	c := new(Context)
	root.ForEach(func(name, item gjson.Result) bool {
		key := name.Str
		if c.Len() == MaxKeys {
			errs.add(errorAt(text, name.Index, TooManyKeys, key, ""))
			return false
		}
		value, wrong, reason := valueOfJSON(item)
		if reason != 0 {
			return errs.add(errorAt(text, wrong, reason, key, ""))
		}
		if reason = c.add(key, value); reason != 0 {
			return errs.add(errorAt(text, name.Index, reason, key, ""))
		}
		return true
	})
	if len(errs) > 0 {
		return nil, errs
	}
	return c, nil
}

// valueOfJSON gives the value of a context key; if there is a reason against
// it, wrong is the offset of what is wrong.
func valueOfJSON(item gjson.Result) (value Value, wrong int, reason ContextReason) {
	if !item.IsArray() {
		value, reason = scalarOfJSON(item)
		return value, item.Index, reason
	}
	texts := []string{}
	item.ForEach(func(_, element gjson.Result) bool {
		var single Value
		single, reason = scalarOfJSON(element)
		texts = append(texts, single.Text())
		wrong = element.Index
		return reason == 0
	})
	return List(texts...), wrong, reason
}

func scalarOfJSON(item gjson.Result) (Value, ContextReason) {
	switch item.Type {
	case gjson.String:
		return String(item.Str), 0
	case gjson.Number:
		return Number(item.Raw), 0
	case gjson.True:
		return Bool(true), 0
	case gjson.False:
		return Bool(false), 0
	case gjson.Null:
		return Value{}, NullValue
	}
	return Value{}, NestedValue
}

// checkJSON checks all that gjson does not: size, depth (its validator
// recurses without limit), UTF-8 and lone surrogates; and then that it is
// JSON. Deeper nesting than depth is reported as what it means in a context.
func checkJSON(text []byte, depth int) *ContextError {
	if len(text) > MaxContextBytes {
		return &ContextError{Reason: TooLarge}
	}
	if !utf8.Valid(text) {
		at := 0
		for at < len(text) {
			r, size := utf8.DecodeRune(text[at:])
			if r == utf8.RuneError && size == 1 {
				break
			}
			at += size
		}
		return errorAt(text, at, InvalidUnicode, "", "not UTF-8")
	}
	open, tooDeep := 0, -1
	for at := 0; at < len(text); at++ {
		switch text[at] {
		case '"':
			end, lone := skipString(text, at)
			if lone >= 0 {
				return errorAt(text, lone, InvalidUnicode, "", "half of a surrogate pair")
			}
			at = end
		case '{', '[':
			if open++; open > depth && tooDeep < 0 {
				tooDeep = at
			}
		case '}', ']':
			open--
		}
	}
	if tooDeep >= 0 {
		return errorAt(text, tooDeep, NestedValue, "", "")
	}
	if gjson.ValidBytes(text) {
		return nil
	}
	var raw json.RawMessage
	var syntax *json.SyntaxError
	if err := json.Unmarshal(text, &raw); errors.As(err, &syntax) { // it knows the place
		return errorAt(text, int(syntax.Offset)-1, NotJSON, "", syntax.Error())
	}
	return errorAt(text, 0, NotJSON, "", "")
}

// skipString gives the offset of the quote that closes the string which begins
// at offset at, or the end of text; lone is the offset of an escape that is
// half of a surrogate pair, or -1.
func skipString(text []byte, at int) (end, lone int) {
	for at++; at < len(text) && text[at] != '"'; at++ {
		if text[at] != '\\' {
			continue
		}
		unit, ok := escapedUnit(text[at:])
		switch {
		case !ok:
			at++ // another escape
		case unit < 0xD800 || unit > 0xDFFF:
			at += len(`u0000`)
		default:
			second, ok := escapedUnit(text[min(at+len(`\u0000`), len(text)):])
			if unit >= 0xDC00 || !ok || second < 0xDC00 || second > 0xDFFF {
				return at, at
			}
			at += len(`u0000\u0000`)
		}
	}
	return at, -1
}

// escapedUnit reads the UTF-16 unit of an escape \uXXXX.
func escapedUnit(text []byte) (unit int, ok bool) {
	if len(text) < len(`\u0000`) || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	for _, c := range text[2:6] {
		digit, ok := hexDigit(c)
		if !ok {
			return 0, false
		}
		unit = unit<<4 | int(digit)
	}
	return unit, true
}

func errorAt(text []byte, offset int, reason ContextReason, key, detail string) *ContextError {
	before := text[:max(0, min(offset, len(text)))]
	line := bytes.LastIndexByte(before, '\n') + 1
	return &ContextError{
		Reason: reason, Key: key, Detail: detail,
		Line: bytes.Count(before, []byte{'\n'}) + 1, Column: utf8.RuneCount(before[line:]) + 1,
	}
}

package condition

import (
	"github.com/tidwall/gjson"

	"github.com/portcullis-iam/portcullis/internal/strictjson"
)

// ParseJSON reads a context from a JSON object: a string, number or boolean is
// a single value, an array is a list, whatever its length. A number stands for
// its source text, so 1.0 and 1 are different texts and the same number;
// booleans stand for true and false.
//
// Text that is not JSON, null, nested values and two keys that are equal but
// for case are errors, of the type [ContextErrors], with their places. The
// text is copied once.
func ParseJSON(data []byte) (*Context, error) {
	const depth = 2 // an object with lists in it
	text, err := checkJSON(data, depth)
	if err != nil {
		return nil, ContextErrors{err}
	}
	root := gjson.Parse(text)
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

// checkJSON gives the text as a string if it is JSON that is small and shallow
// enough. Deeper nesting than depth is reported as what it means in a context.
func checkJSON(text []byte, depth int) (string, *ContextError) {
	if len(text) > MaxContextBytes {
		return "", &ContextError{Reason: TooLarge}
	}
	json := string(text)
	fault := strictjson.Check(json, depth)
	if fault == nil {
		return json, nil
	}
	reason, detail := NotJSON, fault.Message
	switch fault.Code {
	case strictjson.Depth:
		reason, detail = NestedValue, ""
	case strictjson.Unicode:
		reason = InvalidUnicode
	}
	return "", errorAt(json, fault.Offset, reason, "", detail)
}

func errorAt(text string, offset int, reason ContextReason, key, detail string) *ContextError {
	at := strictjson.Start.Behind(text[:offset])
	return &ContextError{Reason: reason, Key: key, Detail: detail, Line: int(at.Line), Column: int(at.Column)}
}

package condition

import (
	"strings"

	"github.com/tidwall/gjson"
)

// An Entry is a context key as the simulator APIs of IAM take it.
//
// Source: IAM API Reference, "ContextEntry".
type Entry struct {
	// ContextKeyName is the key.
	ContextKeyName string
	// ContextKeyValues are its values as text.
	ContextKeyValues []string
	// ContextKeyType is string, numeric, boolean, ip, binary or date, or one
	// of these with List behind it.
	ContextKeyType string
}

// entryTypes tells what parses for the types of context entries. The name of
// the list type has entryListSuffix behind it.
var entryTypes = [...]struct {
	name   string
	single func(text string) Value
	parses func(text string) bool
}{
	{"string", String, func(string) bool { return true }},
	{"numeric", Number, func(text string) bool { _, ok := parseDecimal(text); return ok }},
	{"boolean", String, func(text string) bool { return parseBool(text) != 0 }},
	{"ip", String, func(text string) bool { _, ok := parseAddress(text); return ok }},
	{"binary", String, isBase64},
	{"date", String, func(text string) bool { _, ok := parseInstant(text); return ok }},
}

const entryListSuffix = "List"

// FromEntries makes a context of the entries that SimulatePrincipalPolicy and
// SimulateCustomPolicy take. The type decides whether the key is single-valued
// or a list; a single-valued type needs exactly one value. Values must parse
// for their type, and are kept as they are written, since the String operators
// compare that text. Types are compared exactly.
//
// The error is of the type [ContextErrors] and says which entry is wrong.
func FromEntries(entries []Entry) (*Context, error) {
	c, errs := fromEntries(entries)
	if err := errs.orNil(); err != nil {
		return nil, err
	}
	return c, nil
}

func fromEntries(entries []Entry) (*Context, ContextErrors) {
	if len(entries) > MaxKeys {
		return nil, ContextErrors{{Reason: TooManyKeys}}
	}
	var errs ContextErrors
	c := new(Context)
	for at := range entries {
		e := &entries[at]
		value, reason, detail := e.value()
		if reason == 0 && e.ContextKeyName == "" {
			reason, detail = InvalidEntry, "ContextKeyName is missing"
		}
		if reason == 0 {
			reason = c.add(e.ContextKeyName, value)
		}
		if reason != 0 && !errs.add(&ContextError{Reason: reason, Detail: detail, Key: e.ContextKeyName, Entry: at + 1}) {
			break
		}
	}
	return c, errs
}

func (e *Entry) value() (value Value, reason ContextReason, detail string) {
	name, isList := strings.CutSuffix(e.ContextKeyType, entryListSuffix)
	for at := range entryTypes {
		t := &entryTypes[at]
		if t.name != name {
			continue
		}
		for _, text := range e.ContextKeyValues {
			if !t.parses(text) {
				return Value{}, InvalidEntryValue, quote(text) + " as " + e.ContextKeyType
			}
		}
		switch {
		case isList:
			return List(append([]string(nil), e.ContextKeyValues...)...), 0, ""
		case len(e.ContextKeyValues) != 1:
			return Value{}, WrongValueCount, e.ContextKeyType
		}
		return t.single(e.ContextKeyValues[0]), 0, ""
	}
	return Value{}, UnknownEntryType, quote(e.ContextKeyType)
}

// ParseEntries reads context entries from a JSON array of objects with the
// members ContextKeyName, ContextKeyValues (an array of strings) and
// ContextKeyType, as the AWS CLI takes them. Errors are as those of
// [ParseJSON] and [FromEntries], with the place of the entry.
func ParseEntries(data []byte) (*Context, error) {
	const depth = 3 // an array of objects with a list in it
	text, err := checkJSON(data, depth)
	if err != nil {
		return nil, ContextErrors{err}
	}
	root := gjson.Parse(text)
	if !root.IsArray() {
		return nil, ContextErrors{errorAt(text, 0, WrongShape, "", "context entries are an array of objects")}
	}
	var errs ContextErrors
	var entries []Entry
	var places []int
	root.ForEach(func(_, item gjson.Result) bool {
		if len(entries) == MaxKeys {
			errs.add(errorAt(text, item.Index, TooManyKeys, "", ""))
			return false
		}
		e, wrong, detail := entryOfJSON(item)
		entries, places = append(entries, e), append(places, item.Index)
		if detail == "" {
			return true
		}
		err := errorAt(text, wrong, InvalidEntry, e.ContextKeyName, detail)
		err.Entry = len(entries)
		return errs.add(err)
	})
	if len(errs) > 0 {
		return nil, errs
	}
	c, errs := fromEntries(entries)
	for _, err := range errs {
		place := errorAt(text, places[err.Entry-1], 0, "", "")
		err.Line, err.Column = place.Line, place.Column
	}
	if err := errs.orNil(); err != nil {
		return nil, err
	}
	return c, nil
}

// entryOfJSON reads an entry; detail says what is wrong with it, and where.
func entryOfJSON(item gjson.Result) (e Entry, wrong int, detail string) {
	if !item.IsObject() {
		return Entry{}, item.Index, "an entry is an object"
	}
	const name, values, keyType = "ContextKeyName", "ContextKeyValues", "ContextKeyType"
	seen := map[string]bool{}
	item.ForEach(func(member, value gjson.Result) bool {
		wrong = value.Index
		isString := value.Type == gjson.String
		switch {
		case seen[member.Str]:
			wrong, detail = member.Index, quote(member.Str)+" is there twice"
		case member.Str == name && isString:
			e.ContextKeyName = value.Str
		case member.Str == keyType && isString:
			e.ContextKeyType = value.Str
		case member.Str == name || member.Str == keyType:
			detail = member.Str + " is a string"
		case member.Str == values && value.IsArray():
			e.ContextKeyValues, wrong, detail = stringsOfJSON(value)
		case member.Str == values:
			detail = values + " is an array of strings"
		default:
			wrong, detail = member.Index, "unknown member "+quote(member.Str)
		}
		seen[member.Str] = true
		return detail == ""
	})
	for _, member := range [...]string{name, keyType, values} {
		if detail == "" && !seen[member] {
			wrong, detail = item.Index, member+" is missing"
		}
	}
	return e, wrong, detail
}

func stringsOfJSON(list gjson.Result) (texts []string, wrong int, detail string) {
	list.ForEach(func(_, element gjson.Result) bool {
		if element.Type != gjson.String {
			wrong, detail = element.Index, "ContextKeyValues is an array of strings"
			return false
		}
		texts = append(texts, element.Str)
		return true
	})
	return texts, wrong, detail
}

package reference

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// jsonKind is one of the six kinds of JSON value.
type jsonKind int

const (
	jsonNull jsonKind = iota
	jsonBoolean
	jsonNumber
	jsonString
	jsonArray
	jsonObject
)

func (k jsonKind) String() string {
	return [...]string{"null", "a Boolean", "a number", "a string", "an array", "an object"}[k]
}

// jsonValue is a JSON value that has lost nothing: a number is its source
// text, and an object is the list of its members in order, duplicates
// included.
type jsonValue struct {
	kind    jsonKind
	text    string       // of a string, a number ("1.0"), a Boolean ("true")
	items   []jsonValue  // of an array
	members []jsonMember // of an object
}

type jsonMember struct {
	name  string
	value jsonValue
}

// isScalar reports whether the value is a string, a number or a Boolean.
func (v jsonValue) isScalar() bool {
	return v.kind == jsonString || v.kind == jsonNumber || v.kind == jsonBoolean
}

// decodeJSON reads one JSON value that is alone in text (1.1: JSON, UTF-8).
func decodeJSON(text []byte) (jsonValue, error) {
	if !utf8.Valid(text) {
		return jsonValue{}, errors.New("not JSON: not UTF-8")
	}
	// The decoder reads tokens one at a time and is easier about commas than
	// JSON is; Valid is exact.
	if !json.Valid(text) {
		return jsonValue{}, errors.New("not JSON")
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return decodeValue(decoder)
}

func decodeValue(decoder *json.Decoder) (jsonValue, error) {
	token, err := decoder.Token()
	if err != nil {
		return jsonValue{}, err
	}
	switch token := token.(type) {
	case nil:
		return jsonValue{kind: jsonNull}, nil
	case bool:
		return jsonValue{kind: jsonBoolean, text: fmt.Sprint(token)}, nil
	case json.Number:
		return jsonValue{kind: jsonNumber, text: token.String()}, nil
	case string:
		return jsonValue{kind: jsonString, text: token}, nil
	case json.Delim:
		if token == '[' {
			return decodeArray(decoder)
		}
		return decodeObject(decoder)
	}
	return jsonValue{}, fmt.Errorf("not JSON: unexpected %v", token)
}

func decodeArray(decoder *json.Decoder) (jsonValue, error) {
	array := jsonValue{kind: jsonArray}
	for decoder.More() {
		item, err := decodeValue(decoder)
		if err != nil {
			return jsonValue{}, err
		}
		array.items = append(array.items, item)
	}
	_, err := decoder.Token() // the closing bracket
	return array, err
}

func decodeObject(decoder *json.Decoder) (jsonValue, error) {
	object := jsonValue{kind: jsonObject}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return jsonValue{}, err
		}
		value, err := decodeValue(decoder)
		if err != nil {
			return jsonValue{}, err
		}
		object.members = append(object.members, jsonMember{name: name.(string), value: value})
	}
	_, err := decoder.Token() // the closing brace
	return object, err
}

// member returns the member called name, which must not occur twice.
func (v jsonValue) member(name string) (value jsonValue, found bool, err error) {
	for _, member := range v.members {
		if member.name != name {
			continue
		}
		if found {
			return jsonValue{}, false, fmt.Errorf("%q occurs twice", name)
		}
		value, found = member.value, true
	}
	return value, found, nil
}

// foldASCII puts the letters A to Z in lower case and leaves the rest: the
// case-insensitivity of actions, condition keys, variable names (11.2, AMB-2)
// and operator names (11.1, AMB-3).
func foldASCII(text string) string {
	folded := []byte(text)
	for i, b := range folded {
		if 'A' <= b && b <= 'Z' {
			folded[i] = b - 'A' + 'a'
		}
	}
	return string(folded)
}

// Package jsonread reads JSON of which the members are known, for the loaders
// of the packages below evaluate: it finds members by their names, and collects
// what is wrong with its place.
//
// A text goes through the guard of package strictjson first, so it is JSON, not
// too deep, and valid Unicode before anything walks over it. Two members of the
// same name, and a member whose name is right but for letter case, are always
// faults: what another reader takes from such a text could be something else.
package jsonread

import (
	"slices"
	"strconv"

	"github.com/tidwall/gjson"

	"github.com/portcullis-iam/portcullis/internal/fold"
	"github.com/portcullis-iam/portcullis/internal/message"
	"github.com/portcullis-iam/portcullis/internal/strictjson"
	"github.com/portcullis-iam/portcullis/policy"
)

// MaxFaults bounds how many faults are collected. Nobody reads more, and a
// hostile text could hold one for each of its bytes.
const MaxFaults = 100

// A Code tells faults apart. Its values are those of the error codes of package
// principal.
type Code string

// The codes that a Reader reports itself.
const (
	Syntax     Code = "JSON_SYNTAX_ERROR"
	TooLarge   Code = "FILE_TOO_LARGE"
	WrongType  Code = "DATA_TYPE_MISMATCH"
	Missing    Code = "MISSING_MEMBER"
	Duplicate  Code = "DUPLICATE_MEMBER"
	Misspelled Code = "MISSPELLED_MEMBER"
	Unknown    Code = "UNKNOWN_MEMBER"
)

// A Fault is one thing that is wrong with a text.
type Fault struct {
	Code     Code
	Position policy.Position
	// Path leads to it from the top of the text.
	Path    string
	Message string
	// Err is the reason below, or nil.
	Err error
}

// A Reader reads one text.
type Reader struct {
	// Faults are those found so far, in the order in which they were found.
	Faults []Fault

	text string
	root gjson.Result
}

// Open makes a Reader of a text of at most maxBytes that nests at most maxDepth
// deep. It is false, with the fault in the Reader, if there is nothing to read.
// The text is copied.
func Open(text []byte, maxBytes, maxDepth int) (*Reader, bool) {
	r := new(Reader)
	if len(text) > maxBytes {
		r.Faults = []Fault{{Code: TooLarge, Message: "the text has more than " + strconv.Itoa(maxBytes) + " bytes"}}
		return r, false
	}
	r.text = string(text)
	if fault := strictjson.Check(r.text, maxDepth); fault != nil {
		r.fail(fault.Offset, "", Syntax, fault.Message, nil)
		return r, false
	}
	r.root = gjson.Parse(r.text)
	r.root.Index = len(r.text) - len(trimLeft(r.text)) // 0 would be taken for unknown
	return r, true
}

func trimLeft(text string) string {
	at := 0
	for at < len(text) && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r') {
		at++
	}
	return text[at:]
}

// Root is the outermost value.
func (r *Reader) Root() gjson.Result { return r.root }

// Fail adds a fault at a value.
func (r *Reader) Fail(v gjson.Result, path string, code Code, message string, cause error) {
	r.fail(v.Index, path, code, message, cause)
}

func (r *Reader) fail(offset int, path string, code Code, message string, cause error) {
	if len(r.Faults) < MaxFaults {
		r.Faults = append(r.Faults, Fault{code, r.position(offset), path, message, cause})
	}
}

// Position is the place where a value begins.
func (r *Reader) Position(v gjson.Result) policy.Position { return r.position(v.Index) }

func (r *Reader) position(offset int) policy.Position {
	offset = min(max(offset, 0), len(r.text))
	place := strictjson.Start.Behind(r.text[:offset])
	return policy.Position{Offset: int32(offset), Line: place.Line, Column: place.Column}
}

// Members finds the members of an object by their names. Those that are not
// there, or null, do not exist in the result. Other members are a fault if the
// object is closed, and otherwise ignored. It is false if the object has a
// fault, but for an unknown member.
func (r *Reader) Members(v gjson.Result, path string, closed bool, names ...string) ([]gjson.Result, bool) {
	if !v.IsObject() {
		r.Fail(v, path, WrongType, "a JSON object should be here", nil)
		return nil, false
	}
	found := make([]gjson.Result, len(names))
	seen := make([]bool, len(names))
	ok := true
	v.ForEach(func(key, value gjson.Result) bool {
		text := key.String()
		at := slices.IndexFunc(names, func(name string) bool { return fold.Equal(text, name) })
		switch {
		case at < 0:
			if closed {
				r.Fail(key, Join(path, text), Unknown, "there is no member "+message.Quote(text, message.Enough)+" here", nil)
			}
			return len(r.Faults) < MaxFaults
		case text != names[at]:
			r.Fail(key, Join(path, text), Misspelled, "write "+message.Quote(text, message.Enough)+" as "+names[at]+": letter case counts", nil)
			ok = false
			return true
		case seen[at]:
			r.Fail(key, Join(path, text), Duplicate, "the member "+text+" is there twice", nil)
			ok = false
		}
		seen[at] = true
		if value.Type != gjson.Null {
			found[at] = value
		}
		return true
	})
	return found, ok
}

// Map goes over the members of an object whose names are not known, which may
// be absent. A name that is there twice is a fault, and the second is not given.
func (r *Reader) Map(v gjson.Result, path string, each func(key string, v gjson.Result, path string)) {
	if !v.Exists() {
		return
	}
	if !v.IsObject() {
		r.Fail(v, path, WrongType, "a JSON object should be here", nil)
		return
	}
	seen := make(map[string]bool)
	v.ForEach(func(key, value gjson.Result) bool {
		name := key.String()
		if seen[name] {
			r.Fail(key, Join(path, name), Duplicate, "the member "+message.Quote(name, message.Enough)+" is there twice", nil)
			return len(r.Faults) < MaxFaults
		}
		seen[name] = true
		each(name, value, Join(path, name))
		return len(r.Faults) < MaxFaults
	})
}

// List goes over an array, which may be absent.
func (r *Reader) List(v gjson.Result, path string, each func(v gjson.Result, path string)) {
	if !v.Exists() {
		return
	}
	if !v.IsArray() {
		r.Fail(v, path, WrongType, "a JSON array should be here", nil)
		return
	}
	at := 0
	v.ForEach(func(_, value gjson.Result) bool {
		each(value, path+"["+strconv.Itoa(at)+"]")
		at++
		return len(r.Faults) < MaxFaults
	})
}

// Text reads a string, "" if it is absent.
func (r *Reader) Text(v gjson.Result, path string) string {
	if v.Exists() && v.Type != gjson.String {
		r.Fail(v, path, WrongType, "a string should be here", nil)
		return ""
	}
	return v.String()
}

// Required reads a string that must be there and not be empty. The object is
// where it is missing.
func (r *Reader) Required(object, v gjson.Result, path, name string) (string, bool) {
	path = Join(path, name)
	if !v.Exists() {
		r.Fail(object, path, Missing, name+" is missing", nil)
		return "", false
	}
	if v.Type != gjson.String {
		r.Fail(v, path, WrongType, "a string should be here", nil)
		return "", false
	}
	text := v.String()
	if text == "" {
		r.Fail(v, path, Missing, name+" is empty", nil)
	}
	return text, text != ""
}

// Bool reads true or false, false if it is absent.
func (r *Reader) Bool(v gjson.Result, path string) bool {
	if v.Exists() && v.Type != gjson.True && v.Type != gjson.False {
		r.Fail(v, path, WrongType, "true or false should be here", nil)
	}
	return v.Type == gjson.True
}

// Join puts a name behind a path.
func Join(path, name string) string {
	if len(name) > message.Enough {
		name = message.Quote(name, message.Enough)
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

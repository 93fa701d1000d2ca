package condition

import (
	"strconv"
	"strings"

	"github.com/portcullis-iam/portcullis/internal/message"
)

// A ContextReason is why something is not a context.
type ContextReason uint8

// The reasons.
const (
	// TooLarge: the text has more than [MaxContextBytes] bytes.
	TooLarge ContextReason = iota + 1
	// TooManyKeys: there are more than [MaxKeys] keys.
	TooManyKeys
	// NotJSON: the text is not JSON, as RFC 8259 has it.
	NotJSON
	// InvalidUnicode: the text is not UTF-8, or escapes half of a surrogate
	// pair.
	InvalidUnicode
	// WrongShape: the JSON is not an object of keys, or not an array of
	// context entries.
	WrongShape
	// DuplicateKey: two keys are equal but for case.
	DuplicateKey
	// NullValue: a value is null.
	NullValue
	// NestedValue: a value is an object, or a list within a list.
	NestedValue
	// UnsupportedType: a value is of a Go type that stands for nothing in a
	// context.
	UnsupportedType
	// UnknownEntryType: the type of a context entry is not one that exists.
	UnknownEntryType
	// WrongValueCount: a context entry of a single-valued type has not exactly
	// one value.
	WrongValueCount
	// InvalidEntryValue: a value of a context entry does not parse for its
	// type.
	InvalidEntryValue
	// InvalidEntry: a context entry lacks a member, or has one that is unknown
	// or double.
	InvalidEntry
)

var contextReasons = [...]string{
	TooLarge:          "the context is larger than " + maxContextText + " bytes",
	TooManyKeys:       "there are more than " + maxKeysText + " keys",
	NotJSON:           "not JSON",
	InvalidUnicode:    "not valid Unicode",
	WrongShape:        "unexpected JSON",
	DuplicateKey:      "the key is there already; keys do not differ by case alone",
	NullValue:         "null is no value; leave the key out to make it absent",
	NestedValue:       "a value is a string, number or boolean, or one list of them",
	UnsupportedType:   "no value of this type",
	UnknownEntryType:  "unknown context key type",
	WrongValueCount:   "a single-valued type takes exactly one value",
	InvalidEntryValue: "the value does not parse for the type",
	InvalidEntry:      "not a context entry",
}

// String is the reason as a phrase.
func (r ContextReason) String() string {
	if int(r) < len(contextReasons) && contextReasons[r] != "" {
		return contextReasons[r]
	}
	return "unknown reason"
}

// A ContextError is one thing that is wrong with a context.
type ContextError struct {
	// Reason is what is wrong.
	Reason ContextReason
	// Detail says more, or is empty.
	Detail string
	// Key is the context key that it is about, empty if about none.
	Key string
	// Entry is the number of the context entry, from 1; 0 if there are none.
	Entry int
	// Line and Column, from 1 and in characters, are where in the text; 0 if
	// there is no text.
	Line, Column int
}

// Error gives "line:column: key: reason (detail)", without the parts that are
// not known; with an entry, "line:column: entry 2: key: …".
func (e *ContextError) Error() string {
	var text strings.Builder
	if e.Line > 0 {
		text.WriteString(strconv.Itoa(e.Line) + ":" + strconv.Itoa(e.Column) + ": ")
	}
	if e.Entry > 0 {
		text.WriteString("entry " + strconv.Itoa(e.Entry) + ": ")
	}
	if e.Key != "" {
		text.WriteString("key " + quote(e.Key) + ": ")
	}
	text.WriteString(e.Reason.String())
	if e.Detail != "" {
		text.WriteString(" (" + e.Detail + ")")
	}
	return text.String()
}

// ContextErrors are all things that are wrong with a context, at most
// [MaxErrors], in the order of the input. errors.As finds the first
// [*ContextError] in them.
type ContextErrors []*ContextError

// Error gives the first ten errors, one a line, and the number of the others.
func (e ContextErrors) Error() string { return message.Lines(e) }

// Unwrap gives the errors one by one, as errors.Is and errors.As want them.
func (e ContextErrors) Unwrap() []error { return message.Unwrap(e) }

// Bounds of what is read from text and maps. AWS itself allows 50 tags and
// some kilobytes in a request; the bounds leave room for everything that
// arises from honest use and keep hostile input cheap.
const (
	// MaxContextBytes is how large the text of a context may be.
	MaxContextBytes = 1 << 20
	// MaxKeys is how many keys a context that is read may have. It bounds the
	// work that keys with equal hashes can cause.
	MaxKeys = 4096
	// MaxErrors is how many errors are collected before reading stops.
	MaxErrors = 100

	maxContextText = "1048576"
	maxKeysText    = "4096"
)

// add collects an error and tells whether there is room for more.
func (e *ContextErrors) add(one *ContextError) bool {
	*e = append(*e, one)
	return len(*e) < MaxErrors
}

// orNil is the errors as an error, nil if there are none.
func (e ContextErrors) orNil() error {
	if len(e) == 0 {
		return nil
	}
	return e
}

// quote repeats a text in a message.
func quote(text string) string { return message.Quote(text, message.Enough) }

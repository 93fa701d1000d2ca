package condition

import (
	"encoding/base64"
	"net/netip"
	"time"
	"unsafe"
)

// A Kind is the type of a [Value].
type Kind uint8

// The kinds of value. The zero Kind belongs to the zero Value, which is no
// value.
const (
	// KindInvalid is the kind of the zero Value.
	KindInvalid Kind = iota
	// KindString is text.
	KindString
	// KindBool is true or false.
	KindBool
	// KindNumber is a decimal number.
	KindNumber
	// KindTime is a point in time.
	KindTime
	// KindAddr is an IP address.
	KindAddr
	// KindBinary is a sequence of bytes.
	KindBinary
	// KindList is a list of texts: what a multivalued key has.
	KindList
	// KindUnknown is a key of which nothing is known yet.
	KindUnknown
)

var kindNames = [...]string{"invalid", "string", "bool", "number", "time", "address", "binary", "list", "unknown"}

// String names the kind.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "invalid"
}

// A form says which fields of a Value hold it.
type form uint8

const (
	asNothing form = iota
	asText         // text
	asInteger      // high
	asTrue
	asFalse
	asTime     // seconds in high, nanoseconds in low
	asAddress4 // high, in its upper half
	asAddress6 // high and low
	asList     // list
	asUnknown  // the bits of high say what it may be
	asPerhaps  // absent, or what text says, or list if high is isList
	asAbsent   // see Context.SetAbsent
)

// A Value is what a condition key has in a context: one typed value, or a list
// of texts. A typed value means exactly what its [Value.Text] means, only that
// an operator of its type need not parse it.
//
// The zero Value is not a value; setting it in a [Context] is the same as
// deleting the key. Values are immutable and safe for concurrent use. They are
// 64 bytes and meant to be passed by value.
type Value struct {
	text      string
	list      []string
	high, low uint64
	kind      Kind
	form      form
}

// String is a single value that is text. Operators of other types parse it
// when they meet it, without allocation.
func String(text string) Value { return Value{text: text, kind: KindString, form: asText} }

// Bool is a single truth value, with the text "true" or "false".
func Bool(truth bool) Value {
	if truth {
		return Value{kind: KindBool, form: asTrue}
	}
	return Value{kind: KindBool, form: asFalse}
}

// Int is a single whole number.
func Int(number int64) Value { return Value{high: uint64(number), kind: KindNumber, form: asInteger} }

// Number is a single decimal number as text, [+-]digits[.digits], of any
// length. Text that is not a number is kept, and equals no number.
func Number(text string) Value { return Value{text: text, kind: KindNumber, form: asText} }

// Time is a single point in time, to the nanosecond. Its text is in UTC as RFC
// 3339 has it, with a fraction only if it has one; outside the years 0 to 9999
// it is the seconds since 1970.
func Time(at time.Time) Value {
	seconds, nanoseconds := at.Unix(), at.Nanosecond()
	if seconds < -mostSeconds || seconds > mostSeconds {
		return Value{text: string(appendTime(nil, seconds, int32(nanoseconds))), kind: KindTime, form: asText}
	}
	return Value{high: uint64(seconds), low: uint64(nanoseconds), kind: KindTime, form: asTime}
}

// Addr is a single IP address. IPv4-mapped IPv6 addresses are IPv6, as for
// AWS. The zero Addr, and addresses with a zone, which are no addresses to the
// operator IpAddress, become the String of their text.
func Addr(address netip.Addr) Value {
	switch {
	case !address.IsValid() || address.Zone() != "":
		return String(address.String())
	case address.Is4():
		return Value{high: fromBytes4(address.As4()), kind: KindAddr, form: asAddress4}
	}
	a := fromBytes16(address.As16())
	return Value{high: a.high, low: a.low, kind: KindAddr, form: asAddress6}
}

// Binary is a single sequence of bytes. It is kept, and has as its text, in
// standard base64 with padding; that costs one allocation.
func Binary(data []byte) Value {
	return Value{text: base64.StdEncoding.EncodeToString(data), kind: KindBinary, form: asText}
}

// List is a multivalued key: a list whatever its length, also of no values. It
// keeps values, which must not be modified afterwards.
func List(values ...string) Value { return Value{list: values, kind: KindList, form: asList} }

// Kind is the type of the value.
func (v Value) Kind() Kind { return v.kind }

// IsList tells whether the value is a list, which is a matter of its kind and
// not of its length.
func (v Value) IsList() bool { return v.kind == KindList }

// Text is the text of a single value, which policies compare. It allocates
// unless the value was made from text. It is empty for lists, unknown and
// invalid values.
func (v Value) Text() string {
	if v.form <= asText {
		return v.text
	}
	return string(v.appendText(nil))
}

// Values are the texts of a list, or the text of a single value as a list of
// one. The result must not be modified. It is nil for unknown and invalid
// values.
func (v Value) Values() []string {
	switch v.kind {
	case KindList:
		return v.list
	case KindInvalid, KindUnknown:
		return nil
	}
	return []string{v.Text()}
}

// String is the text of a single value, or the values of a list in brackets,
// for people to read.
func (v Value) String() string {
	switch v.kind {
	case KindInvalid:
		return v.kind.String()
	case KindUnknown:
		return v.describeUnknown()
	case KindList:
		text := []byte{'['}
		for at, value := range v.list {
			if at > 0 {
				text = append(text, ' ')
			}
			text = append(text, value...)
		}
		return string(append(text, ']'))
	}
	return v.Text()
}

// textBuffer is room for the text of every value whose form is not asText: the
// longest are addresses (45 bytes) and times (30).
type textBuffer [48]byte

// appendText appends the text of a single value that was not made from text.
func (v *Value) appendText(buffer []byte) []byte {
	switch v.form {
	case asInteger:
		return appendInt(buffer, int64(v.high))
	case asTrue:
		return append(buffer, "true"...)
	case asFalse:
		return append(buffer, "false"...)
	case asTime:
		return appendTime(buffer, int64(v.high), int32(v.low))
	case asAddress4, asAddress6:
		return address{high: v.high, low: v.low, four: v.form == asAddress4}.append(buffer)
	}
	return buffer
}

// textIn is the text of a single value; where it must be made, it is made in
// buffer, and lives as long as that is not changed.
func (v *Value) textIn(buffer []byte) string {
	if v.form == asText {
		return v.text
	}
	return viewText(v.appendText(buffer))
}

// viewText is the text in buffer without a copy. It must not outlive the next
// change of buffer, so it only ever goes down the stack.
func viewText(buffer []byte) string { return unsafe.String(unsafe.SliceData(buffer), len(buffer)) }

// hasText tells whether a set operator finds something in the value: a text
// that is not empty.
func (v *Value) hasText() bool {
	switch v.form {
	case asText:
		return v.text != ""
	case asList:
		for _, text := range v.list {
			if text != "" {
				return true
			}
		}
		return false
	}
	return true
}

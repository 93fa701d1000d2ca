package condition

import "strconv"

// A decimal is a number of any length, taken apart into substrings of its
// text. There is no leading zero in integer and no trailing zero in fraction,
// so equal numbers have equal parts, but for the sign of zero.
type decimal struct {
	integer, fraction string
	whole             int64 // the number, if small
	negative, small   bool
}

// smallDigits is how many digits certainly fit into an int64.
const smallDigits = 18

// parseDecimal reads [+-]digits[.digits].
func parseDecimal(text string) (d decimal, ok bool) {
	if text == "" {
		return decimal{}, false
	}
	if text[0] == '+' || text[0] == '-' {
		d.negative = text[0] == '-'
		text = text[1:]
	}
	end := digitsAt(text, 0)
	if end == 0 {
		return decimal{}, false
	}
	integer, fraction := text[:end], ""
	if end < len(text) {
		if text[end] != '.' || end+1 == len(text) || digitsAt(text, end+1) != len(text) {
			return decimal{}, false
		}
		fraction = trimZeros(text[end+1:])
	}
	for integer != "" && integer[0] == '0' {
		integer = integer[1:]
	}
	d.integer, d.fraction = integer, fraction
	if fraction == "" && len(integer) <= smallDigits {
		d.small = true
		for at := 0; at < len(integer); at++ {
			d.whole = d.whole*10 + int64(integer[at]-'0')
		}
		if d.negative {
			d.whole = -d.whole
		}
	}
	return d, true
}

// trimZeros cuts the zeros off that end a fraction.
func trimZeros(digits string) string {
	for digits != "" && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	return digits
}

// digitsAt gives the end of the run of digits that begins at offset at.
func digitsAt(text string, at int) int {
	for at < len(text) && '0' <= text[at] && text[at] <= '9' {
		at++
	}
	return at
}

func (d *decimal) compare(other *decimal) int {
	switch {
	case d.small && other.small:
		return compare(d.whole, other.whole)
	case d.negative != other.negative:
		if d.negative {
			return -1
		}
		return 1
	case d.negative:
		return -compareDigits(d.integer, d.fraction, other.integer, other.fraction)
	}
	return compareDigits(d.integer, d.fraction, other.integer, other.fraction)
}

func compareDigits(integer, fraction, otherInteger, otherFraction string) int {
	if len(integer) != len(otherInteger) {
		return compare(int64(len(integer)), int64(len(otherInteger)))
	}
	if integer != otherInteger {
		return compare(integer, otherInteger)
	}
	return compare(fraction, otherFraction)
}

// compare is cmp.Compare for types without NaN. For strings that calls
// strings.Compare, which lets its arguments escape.
func compare[T int64 | string](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func appendInt(buffer []byte, number int64) []byte { return strconv.AppendInt(buffer, number, 10) }

// A relation is what a Numeric or Date operator asks of two values.
type relation uint8

const (
	equal relation = iota
	less
	lessOrEqual
	greater
	greaterOrEqual
)

// holds tells whether values that compare as order (negative, zero or positive)
// are in the relation.
func (r relation) holds(order int) bool {
	switch r {
	case less:
		return order < 0
	case lessOrEqual:
		return order <= 0
	case greater:
		return order > 0
	case greaterOrEqual:
		return order >= 0
	}
	return order == 0
}

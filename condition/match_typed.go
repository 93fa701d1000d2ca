package condition

import (
	"github.com/portcullis-iam/portcullis/internal/fold"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// matchTyped compares a value by its type; one of another type, by what its
// text means.
func (c *clause) matchTyped(v *View, value *Value) Truth {
	switch c.matcher {
	case matchAddress, matchAddresses:
		return truthOf(c.matchAddress(value))
	case matchBool, matchBoolMixed:
		return c.matchBool(v, value)
	case matchNumber, matchNumbers:
		return truthOf(c.matchNumber(value))
	case matchDate, matchDates:
		return truthOf(c.matchDate(value))
	case matchBinary:
		return truthOf(c.matchBinary(value))
	}
	return False
}

func (c *clause) matchAddress(value *Value) bool {
	a := address{high: value.high, low: value.low, four: value.form == asAddress4}
	if value.form != asAddress4 && value.form != asAddress6 {
		if value.form != asText { // no other type looks like an address
			return false
		}
		var ok bool
		if a, ok = parseAddress(value.text); !ok {
			return false
		}
	}
	if c.matcher == matchAddress {
		return c.more.(*addressRange).contains(a)
	}
	ranges := c.more.([]addressRange)
	for at := range ranges {
		if ranges[at].contains(a) {
			return true
		}
	}
	return false
}

func (c *clause) matchBool(v *View, value *Value) Truth {
	want := uint8(0)
	switch value.form {
	case asTrue:
		want = wantsTrue
	case asFalse:
		want = wantsFalse
	case asText:
		want = parseBool(value.text)
	}
	switch {
	case want == 0:
		return False
	case c.wanted&want != 0:
		return True
	case c.matcher != matchBoolMixed:
		return False
	}
	result := False
	for _, template := range c.more.([]*Template) {
		switch template.isBool(v, want) {
		case True:
			return True
		case Unknown:
			result = Unknown
		}
	}
	return result
}

// parseBool gives wantsTrue or wantsFalse, 0 for other text. Case is that of
// ASCII: Unicode would take U+017F for an s.
func parseBool(text string) uint8 {
	switch {
	case fold.Equal(text, "true"):
		return wantsTrue
	case fold.Equal(text, "false"):
		return wantsFalse
	}
	return 0
}

// isBool tells whether the template comes out as the truth value.
func (t *Template) isBool(v *View, want uint8) Truth {
	var array [fewVariables]string
	values, resolved := t.Resolve(v, array[:0])
	if resolved != True {
		return resolved
	}
	var buffer [len("false")]byte
	text := buffer[:0]
	for at := range t.tokens {
		piece := t.tokens[at].Text
		if t.tokens[at].Kind == wildcard.Variable {
			piece = values[t.tokens[at].Index]
		}
		if len(text)+len(piece) > len(buffer) {
			return False
		}
		text = append(text, piece...)
	}
	return truthOf(parseBool(viewText(text)) == want)
}

func (c *clause) matchNumber(value *Value) bool {
	if value.form == asInteger {
		if d := (decimal{whole: int64(value.high), small: true}); c.wanted&allSmall != 0 {
			return c.holdsNumber(&d)
		}
	}
	var buffer textBuffer
	d, ok := parseDecimal(value.textIn(buffer[:0]))
	return ok && c.holdsNumber(&d)
}

func (c *clause) holdsNumber(d *decimal) bool {
	if c.matcher == matchNumber {
		return c.relation.holds(d.compare(c.more.(*decimal)))
	}
	operands := c.more.([]decimal)
	for at := range operands {
		if c.relation.holds(d.compare(&operands[at])) {
			return true
		}
	}
	return false
}

func (c *clause) matchDate(value *Value) bool {
	if value.form == asTime {
		i := instant{seconds: int64(value.high), nanoseconds: int32(value.low)}
		return c.holdsDate(&i)
	}
	var buffer textBuffer
	i, ok := parseInstant(value.textIn(buffer[:0]))
	return ok && c.holdsDate(&i)
}

func (c *clause) holdsDate(i *instant) bool {
	if c.matcher == matchDate {
		return c.relation.holds(i.compare(c.more.(*instant)))
	}
	operands := c.more.([]instant)
	for at := range operands {
		if c.relation.holds(i.compare(&operands[at])) {
			return true
		}
	}
	return false
}

func (c *clause) matchBinary(value *Value) bool {
	var buffer textBuffer
	text := value.textIn(buffer[:0])
	for _, operand := range c.more.([]string) {
		if sameBytes(operand, text) {
			return true
		}
	}
	return false
}

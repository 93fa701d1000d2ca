package condition

import (
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// match tells whether a single value of the key matches one of the policy's
// values. Everything it calls is called statically, so that the buffers for
// texts and for the values of variables stay on the stack.
func (c *clause) match(v *View, value *Value) Truth {
	if c.matcher >= matchBool {
		return c.matchTyped(v, value)
	}
	if value.form == asText {
		return c.matchText(v, value.stored())
	}
	return c.matchFormatted(v, value)
}

// matchFormatted compares the text of a value that was not made from text.
func (c *clause) matchFormatted(v *View, value *Value) Truth {
	var buffer textBuffer
	return c.matchText(v, value.textIn(buffer[:0]))
}

func (c *clause) matchText(v *View, text string) Truth {
	switch c.matcher {
	case matchOneText:
		return truthOf(text == c.text)
	case matchVariable:
		return c.more.(*Template).equals(v, text)
	case matchTexts:
		for _, other := range c.more.([]string) {
			if text == other {
				return True
			}
		}
	case matchSorted:
		_, found := slices.BinarySearch(c.more.([]string), text)
		return truthOf(found)
	case matchPattern:
		return truthOf(c.more.(*wildcard.Pattern).Match(text))
	case matchPatterns:
		patterns := c.more.([]wildcard.Pattern)
		for at := range patterns {
			if patterns[at].Match(text) {
				return True
			}
		}
	case matchOneFold:
		return truthOf(strings.EqualFold(text, c.text))
	case matchArn:
		return truthOf(c.more.(*arnPattern).matches(text))
	case matchMixed:
		return c.more.(*mixed).match(v, text)
	}
	return False
}

// A mixed holds values of several sorts, one of which must match.
type mixed struct {
	constants []string
	patterns  []wildcard.Pattern
	arns      []arnPattern
	templates []*Template
	arnForms  []arnTemplate
	fold      bool // constants and templates ignore case
}

func (m *mixed) match(v *View, text string) Truth {
	for _, constant := range m.constants {
		if constant == text || (m.fold && strings.EqualFold(constant, text)) {
			return True
		}
	}
	for at := range m.patterns {
		if m.patterns[at].Match(text) {
			return True
		}
	}
	for at := range m.arns {
		if m.arns[at].matches(text) {
			return True
		}
	}
	result := False
	for _, template := range m.templates {
		switch template.matches(v, text, m.fold) {
		case True:
			return True
		case Unknown:
			result = Unknown
		}
	}
	for at := range m.arnForms {
		switch m.arnForms[at].matches(v, text) {
		case True:
			return True
		case Unknown:
			result = Unknown
		}
	}
	return result
}

// equals compares text with the value of a template that is one variable.
func (t *Template) equals(v *View, text string) Truth {
	variable := &t.variables[0]
	value := v.find(&variable.key)
	switch {
	case value == nil:
		return truthOf(variable.hasFallback && variable.fallback == text)
	case value.form == asText:
		return truthOf(value.stored() == text)
	case value.form == asList:
		return False
	case value.form == asUnknown:
		return Unknown
	}
	return value.equalsText(text)
}

// equalsText compares the text of a value that was not made from text.
func (v *Value) equalsText(text string) Truth {
	var buffer textBuffer
	return truthOf(string(v.appendText(buffer[:0])) == text)
}

// Real policies have one or two variables in a value. Beyond fewVariables, a
// stack frame of its own holds more of them, beyond manyVariables a slice.
const (
	fewVariables  = 4
	manyVariables = 64
)

// matches compares text with the template.
func (t *Template) matches(v *View, text string, fold bool) Truth {
	if len(t.variables) > fewVariables {
		return t.matchesMany(v, text, fold)
	}
	var array [fewVariables]string
	return t.matchesResolved(v, text, fold, array[:0])
}

func (t *Template) matchesMany(v *View, text string, fold bool) Truth {
	var array [manyVariables]string
	return t.matchesResolved(v, text, fold, array[:0])
}

func (t *Template) matchesResolved(v *View, text string, fold bool, values []string) Truth {
	values, resolved := t.Resolve(v, values)
	switch {
	case resolved != True:
		return resolved
	case fold:
		return truthOf(foldTokens(t.tokens, values, text))
	}
	return truthOf(wildcard.MatchTokens(t.tokens, values, text))
}

func (c *clause) matchTyped(v *View, value *Value) Truth {
	switch c.matcher {
	case matchAddress:
		return c.matchAddress(value)
	case matchBool, matchBoolMixed:
		return c.matchBool(v, value)
	case matchNumber:
		return c.matchNumber(value)
	case matchDate:
		return c.matchDate(value)
	}
	return c.matchBinary(value)
}

func (c *clause) matchAddress(value *Value) Truth {
	a := address{high: value.high, low: value.low, four: value.form == asAddress4}
	if value.form != asAddress4 && value.form != asAddress6 {
		if value.form != asText { // no other type looks like an address
			return False
		}
		var ok bool
		if a, ok = parseAddress(value.stored()); !ok {
			return False
		}
	}
	ranges := c.more.([]addressRange)
	for at := range ranges {
		if ranges[at].contains(a) {
			return True
		}
	}
	return False
}

func (c *clause) matchBool(v *View, value *Value) Truth {
	want := uint8(0)
	switch value.form {
	case asTrue:
		want = wantsTrue
	case asFalse:
		want = wantsFalse
	case asText:
		want = parseBool(value.stored())
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
	case equalFold(text, "true"):
		return wantsTrue
	case equalFold(text, "false"):
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

func (c *clause) matchNumber(value *Value) Truth {
	if value.form == asInteger {
		// Only operands that do not fit a word need the digits.
		d := decimal{whole: int64(value.high), small: true}
		operands := c.more.([]decimal)
		for at := range operands {
			if !operands[at].small {
				return c.matchNumberText(value)
			}
			if c.relation.holds(d.compare(&operands[at])) {
				return True
			}
		}
		return False
	}
	return c.matchNumberText(value)
}

func (c *clause) matchNumberText(value *Value) Truth {
	var buffer textBuffer
	text := value.textIn(buffer[:0])
	d, ok := parseDecimal(text)
	if !ok {
		return False
	}
	operands := c.more.([]decimal)
	for at := range operands {
		if c.relation.holds(d.compare(&operands[at])) {
			return True
		}
	}
	return False
}

func (c *clause) matchDate(value *Value) Truth {
	i := instant{seconds: int64(value.high), nanoseconds: int32(value.low)}
	if value.form != asTime {
		var buffer textBuffer
		var ok bool
		if i, ok = parseInstant(value.textIn(buffer[:0])); !ok {
			return False
		}
	}
	operands := c.more.([]instant)
	for at := range operands {
		if c.relation.holds(i.compare(&operands[at])) {
			return True
		}
	}
	return False
}

func (c *clause) matchBinary(value *Value) Truth {
	var buffer textBuffer
	text := value.textIn(buffer[:0])
	for _, operand := range c.more.([]string) {
		if sameBytes(operand, text) {
			return True
		}
	}
	return False
}

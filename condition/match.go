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
	if c.matcher >= matchAddress {
		return c.matchTyped(v, value)
	}
	if value.form == asText {
		return c.matchText(v, value.text)
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
		return truthOf(value.text == text)
	case value.form == asList:
		return False
	case value.form > asList:
		return variable.unknown(value)
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

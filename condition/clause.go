package condition

// A matcher says how a clause compares one value of the key with the policy's
// values. The fields that it uses are given behind it.
type matcher uint8

const (
	matchNothing  matcher = iota // no value of the policy can match
	matchOneText                 // text
	matchVariable                // more: *Template of one variable
	matchTexts                   // more: []string, few
	matchSorted                  // more: []string, sorted
	matchPattern                 // more: *wildcard.Pattern
	matchPatterns                // more: []wildcard.Pattern
	matchOneFold                 // text
	matchArn                     // more: *arnPattern
	matchMixed                   // more: *mixed

	// The matchers below want a value of their type, not its text.

	matchAddress   // more: *addressRange
	matchAddresses // more: []addressRange
	matchBool      // wanted
	matchBoolMixed // wanted, more: []*Template
	matchNumber    // more: *decimal; wanted
	matchNumbers   // more: []decimal; wanted
	matchDate      // more: *instant
	matchDates     // more: []instant
	matchBinary    // more: []string
	matchNull      // wanted
)

// The bits of wanted.
const (
	wantsTrue  = 1 << iota // for Bool and Null
	wantsFalse             // likewise
	allSmall               // for numbers: all of them are small
)

// A clause is one operator with one key and its values. It is kept small,
// since accounts hold them by the hundred thousand.
type clause struct {
	key      key
	text     string
	more     any
	position uint32 // where it stood among the tests of the block
	operator Operator
	matcher  matcher
	relation relation
	wanted   uint8
	flags    flag
}

type flag uint8

const (
	isNegated    flag = 1 << iota
	isPlain           // no qualifier, not Null, and the policy has values
	trueIfAbsent      // what a plain clause is when the key is absent
	emptyList         // the policy has no values
	hasVariables      // policy variables work in the values
)

// holds tells whether the clause holds, value being that of its key, nil if it
// is absent. It follows the order of the rules for one key: Null, IfExists, the
// empty list of the policy, set operators, plain operators. For a plain clause
// the first three come down to what it is when the key is absent.
func (c *clause) holds(v *View, value *Value) Truth {
	if c.flags&isPlain == 0 {
		return c.evaluateOther(v, value)
	}
	if value == nil {
		return truthOf(c.flags&trueIfAbsent != 0)
	}
	if value.form >= asList {
		if value.form != asList {
			return c.unknown(v, value)
		}
		// A list never satisfies a plain operator, nor a negated one, so that
		// neither an Allow nor a Deny fires.
		return False
	}
	matched := c.match(v, value)
	if c.flags&isNegated != 0 {
		return matched.Not()
	}
	return matched
}

func (c *clause) evaluateOther(v *View, value *Value) Truth {
	switch {
	case value != nil && value.form > asList:
		return c.unknown(v, value)
	case c.matcher == matchNull:
		return c.evaluateNull(value)
	case value == nil && c.operator.ifExists:
		return True
	case c.flags&emptyList != 0:
		return truthOf(value == nil && c.operator.qualifier == ForAllValues)
	case value == nil || !value.hasText():
		return truthOf(c.operator.qualifier == ForAllValues)
	}
	return c.evaluateSet(v, value)
}

// evaluateNull: a key is null that is absent, or a list without any value that
// is not empty.
func (c *clause) evaluateNull(value *Value) Truth {
	switch c.operator.qualifier {
	case ForAllValues:
		return True
	case ForAnyValue:
		return False
	}
	if value == nil || (value.form == asList && !value.hasText()) {
		return truthOf(c.wanted&wantsTrue != 0)
	}
	return truthOf(c.wanted&wantsFalse != 0)
}

// evaluateSet asks every value of the key. A single value is a list of one.
//
//	ForAllValues: every value matches; negated: none does.
//	ForAnyValue: one matches; negated: one does not.
func (c *clause) evaluateSet(v *View, value *Value) Truth {
	stop := True // the truth of one value that decides for all
	if c.operator.qualifier == ForAllValues {
		stop = False
	}
	if value.form != asList {
		return c.one(v, value)
	}
	result := stop.Not()
	for _, text := range value.list {
		single := Value{text: text, kind: KindString, form: asText}
		switch got := c.one(v, &single); got {
		case stop:
			return stop
		case Unknown:
			result = Unknown
		}
	}
	return result
}

func (c *clause) one(v *View, value *Value) Truth {
	matched := c.match(v, value)
	if c.flags&isNegated != 0 {
		return matched.Not()
	}
	return matched
}

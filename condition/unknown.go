package condition

// The bits say what an unknown value may turn out to be.
const (
	maybeAbsent = 1 << iota
	maybeSingle
	maybeList
)

// isList is what high is in a value of the form asPerhaps that may be a list.
const isList = 1

// UnknownValue is the value of a key of which nothing is known yet: neither
// whether it is present, nor whether it is a list, nor with what. See
// [Context.SetUnknown]. What hangs on such a key is [Unknown].
func UnknownValue() Value {
	return Value{kind: KindUnknown, form: asUnknown, high: maybeAbsent | maybeSingle | maybeList}
}

// UnknownSingle is the value of a key that is present with one value, which is
// not known yet.
func UnknownSingle() Value { return Value{kind: KindUnknown, form: asUnknown, high: maybeSingle} }

// UnknownList is the value of a key that is present as a list, whose values are
// not known yet; there may be none.
func UnknownList() Value { return Value{kind: KindUnknown, form: asUnknown, high: maybeList} }

// Perhaps is the value of a key of which it is not known yet whether it is
// present: if it is, its value is the given one, which may be unknown in its
// turn. Perhaps of UnknownSingle is a single-valued key of which nothing else is
// known. Of the zero Value it is the zero Value.
func Perhaps(value Value) Value {
	switch value.form {
	case asNothing, asPerhaps, asAbsent:
		return value
	case asUnknown:
		value.high |= maybeAbsent
		return value
	case asList:
		return Value{kind: KindUnknown, form: asPerhaps, list: value.list, high: isList}
	}
	return Value{kind: KindUnknown, form: asPerhaps, text: value.Text()}
}

// Possible tells what an unknown value may turn out to be: no value, one value,
// a list. For a value that is known it tells what that is.
func (v Value) Possible() (absent, single, list bool) {
	switch v.form {
	case asNothing, asAbsent:
		return true, false, false
	case asUnknown:
		return v.high&maybeAbsent != 0, v.high&maybeSingle != 0, v.high&maybeList != 0
	case asPerhaps:
		return true, v.high != isList, v.high == isList
	}
	return false, v.form != asList, v.form == asList
}

// IfPresent is the value that a key made by [Perhaps] has if it is present, and
// whether that is known. Of a value that is not unknown it is the value itself.
func (v Value) IfPresent() (Value, bool) {
	switch {
	case v.form == asPerhaps && v.high == isList:
		return List(v.list...), true
	case v.form == asPerhaps:
		return String(v.text), true
	}
	return v, v.form != asUnknown
}

func (v *Value) describeUnknown() string {
	if content, known := v.IfPresent(); known {
		return "absent or " + content.String()
	}
	switch v.high {
	case maybeSingle:
		return "an unknown value"
	case maybeList:
		return "an unknown list"
	case maybeAbsent | maybeSingle:
		return "absent or an unknown value"
	case maybeAbsent | maybeList:
		return "absent or an unknown list"
	}
	return KindUnknown.String()
}

// unknown is the truth of a clause whose key is unknown: what holds for
// everything that the value may be, and for nothing, is known nevertheless.
func (c *clause) unknown(v *View, value *Value) Truth {
	var all agreement
	absent, single, list := value.Possible()
	content, known := value.IfPresent()
	if absent {
		all.add(c.holds(v, nil))
	}
	switch {
	case known:
		all.add(c.holds(v, &content))
		return all.truth
	case c.matcher == matchNull && c.operator.qualifier == NoQualifier:
		all.addIf(single, truthOf(c.wanted&wantsFalse != 0))
		all.addIf(list, truthOf(c.wanted&wantsFalse != 0))
		all.addIf(list, truthOf(c.wanted&wantsTrue != 0)) // an empty one
		return all.truth
	}
	all.addIf(single, c.anySingle())
	all.addIf(list, c.anyList())
	return all.truth
}

// anySingle is the truth of a clause whose key is present with one value.
func (c *clause) anySingle() Truth {
	switch {
	case c.operator.qualifier != NoQualifier:
		return c.anyList() // a list of one, or of nothing if it is ""
	case c.flags&emptyList != 0:
		return False
	case c.matcher == matchNothing:
		return truthOf(c.flags&isNegated != 0)
	}
	return Unknown
}

// anyList is the truth of a clause whose key is present as a list.
func (c *clause) anyList() Truth {
	switch {
	case c.matcher == matchNull:
		return truthOf(c.operator.qualifier == ForAllValues)
	case c.operator.qualifier == NoQualifier || c.flags&emptyList != 0:
		return False
	case c.matcher != matchNothing:
		return Unknown
	case c.operator.qualifier == ForAllValues && c.flags&isNegated != 0:
		return True // no value matches, and none need be there
	case c.operator.qualifier == ForAnyValue && c.flags&isNegated == 0:
		return False
	}
	return Unknown
}

// An agreement is the truth that several cases have in common.
type agreement struct {
	truth Truth
	any   bool
}

func (a *agreement) add(truth Truth) {
	if a.any && a.truth != truth {
		truth = Unknown
	}
	a.truth, a.any = truth, true
}

func (a *agreement) addIf(possible bool, truth Truth) {
	if possible {
		a.add(truth)
	}
}

// unknown tells what a variable whose key is unknown comes to: to False if it
// has no value in any case, else to Unknown.
func (r *variable) unknown(value *Value) Truth {
	absent, single, _ := value.Possible()
	if single || absent && r.hasFallback {
		return Unknown
	}
	return False
}

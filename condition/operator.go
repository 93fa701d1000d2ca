package condition

import (
	"strings"

	"github.com/portcullis-iam/portcullis/internal/fold"
)

// A Qualifier is the set operator in front of a condition operator.
type Qualifier uint8

// The qualifiers.
const (
	// NoQualifier: the key has one value.
	NoQualifier Qualifier = iota
	// ForAllValues: every value of the key must match, and there may be none.
	ForAllValues
	// ForAnyValue: one value of the key must match.
	ForAnyValue
)

// String is the qualifier as policies have it, empty for none.
func (q Qualifier) String() string {
	switch q {
	case ForAllValues:
		return "ForAllValues"
	case ForAnyValue:
		return "ForAnyValue"
	}
	return ""
}

// A ValueType is the type that an operator takes values for.
type ValueType uint8

// The types of operators.
const (
	StringType ValueType = iota + 1
	NumericType
	DateType
	BoolType
	BinaryType
	AddressType
	ArnType
	NullType
)

var valueTypeNames = [...]string{"", "String", "Numeric", "Date", "Bool", "Binary", "IpAddress", "Arn", "Null"}

// String names the type as the names of its operators begin.
func (t ValueType) String() string {
	if int(t) < len(valueTypeNames) {
		return valueTypeNames[t]
	}
	return ""
}

// An operatorRow is all there is to an operator. compile makes the clause's
// matcher of the policy's values; it drops those that do not parse, and does
// not look at negated.
type operatorRow struct {
	name      string
	valueType ValueType
	negated   bool
	relation  relation
	compile   func(c *clause, values []string, variables bool)
}

// operatorTable holds the operators. A new one is a row here, and a file of
// tests.
//
// Source: IAM User Guide, "Condition operators".
var operatorTable = [...]operatorRow{
	{}, // the zero Operator
	{"StringEquals", StringType, false, equal, compileEquals},
	{"StringNotEquals", StringType, true, equal, compileEquals},
	{"StringEqualsIgnoreCase", StringType, false, equal, compileEqualsIgnoreCase},
	{"StringNotEqualsIgnoreCase", StringType, true, equal, compileEqualsIgnoreCase},
	{"StringLike", StringType, false, equal, compileLike},
	{"StringNotLike", StringType, true, equal, compileLike},
	{"NumericEquals", NumericType, false, equal, compileNumeric},
	{"NumericNotEquals", NumericType, true, equal, compileNumeric},
	{"NumericLessThan", NumericType, false, less, compileNumeric},
	{"NumericLessThanEquals", NumericType, false, lessOrEqual, compileNumeric},
	{"NumericGreaterThan", NumericType, false, greater, compileNumeric},
	{"NumericGreaterThanEquals", NumericType, false, greaterOrEqual, compileNumeric},
	{"DateEquals", DateType, false, equal, compileDate},
	{"DateNotEquals", DateType, true, equal, compileDate},
	{"DateLessThan", DateType, false, less, compileDate},
	{"DateLessThanEquals", DateType, false, lessOrEqual, compileDate},
	{"DateGreaterThan", DateType, false, greater, compileDate},
	{"DateGreaterThanEquals", DateType, false, greaterOrEqual, compileDate},
	{"Bool", BoolType, false, equal, compileBool},
	{"BinaryEquals", BinaryType, false, equal, compileBinary},
	{"IpAddress", AddressType, false, equal, compileAddress},
	{"NotIpAddress", AddressType, true, equal, compileAddress},
	{"ArnEquals", ArnType, false, equal, compileArn},
	{"ArnLike", ArnType, false, equal, compileArn},
	{"ArnNotEquals", ArnType, true, equal, compileArn},
	{"ArnNotLike", ArnType, true, equal, compileArn},
	{"Null", NullType, false, equal, compileNull},
}

// An Operator is a condition operator with its qualifier and its suffix:
// ForAllValues:StringNotLikeIfExists. Operators are comparable; the zero
// Operator is none, has an empty name, and never matches.
type Operator struct {
	base      uint8 // index into operatorTable
	qualifier Qualifier
	ifExists  bool
}

// ParseOperator reads the name of an operator, in any letter case. The error
// is an [*OperatorError].
//
// The documentation does not say whether case matters; all its examples use
// the canonical spelling, which [Operator.String] gives.
func ParseOperator(name string) (Operator, error) {
	const suffix = "IfExists"
	var o Operator
	rest := name
	if prefix, behind, found := strings.Cut(rest, ":"); found {
		switch {
		case fold.Equal(prefix, "ForAllValues"):
			o.qualifier = ForAllValues
		case fold.Equal(prefix, "ForAnyValue"):
			o.qualifier = ForAnyValue
		default:
			return Operator{}, &OperatorError{Name: name, Reason: UnknownOperator}
		}
		rest = behind
	}
	if fold.HasSuffix(rest, suffix) {
		o.ifExists, rest = true, rest[:len(rest)-len(suffix)]
	}
	for at := 1; at < len(operatorTable); at++ {
		if fold.Equal(rest, operatorTable[at].name) {
			o.base = uint8(at)
		}
	}
	switch {
	case o.base == 0:
		return Operator{}, &OperatorError{Name: name, Reason: UnknownOperator}
	case o.ifExists && o.Type() == NullType:
		return Operator{}, &OperatorError{Name: name, Reason: NullIfExists}
	}
	return o, nil
}

// Operators gives the canonical names of all operators, without qualifiers and
// suffix, in the order of the documentation.
func Operators() []string {
	names := make([]string, 0, len(operatorTable)-1)
	for at := 1; at < len(operatorTable); at++ {
		names = append(names, operatorTable[at].name)
	}
	return names
}

// String is the canonical spelling, for example
// "ForAllValues:StringNotLikeIfExists".
func (o Operator) String() string {
	name := o.Base()
	if o.qualifier != NoQualifier {
		name = o.qualifier.String() + ":" + name
	}
	if o.ifExists {
		name += "IfExists"
	}
	return name
}

// Base is the canonical name without qualifier and suffix.
func (o Operator) Base() string { return operatorTable[o.base].name }

// Qualifier is the set operator in front.
func (o Operator) Qualifier() Qualifier { return o.qualifier }

// IfExists tells whether an absent key makes the operator true.
func (o Operator) IfExists() bool { return o.ifExists }

// Negated tells whether the operator holds when no value matches: the
// operators with Not in their name.
func (o Operator) Negated() bool { return operatorTable[o.base].negated }

// Type is the type of the values that the operator compares; 0 for the zero
// Operator.
func (o Operator) Type() ValueType { return operatorTable[o.base].valueType }

// TakesVariables tells whether policy variables in the operator's values are
// substituted: those of the String, Arn and Bool operators.
//
// Source: IAM User Guide, "IAM policy elements: Variables and tags". That page
// does not list Bool, while "Condition operators" does.
func (o Operator) TakesVariables() bool {
	switch o.Type() {
	case StringType, ArnType, BoolType:
		return true
	}
	return false
}

// An OperatorReason is why a text is not the name of an operator.
type OperatorReason uint8

// The reasons.
const (
	// UnknownOperator: there is no such operator or qualifier.
	UnknownOperator OperatorReason = iota + 1
	// NullIfExists: Null cannot take the suffix IfExists.
	NullIfExists
)

// String is the reason as it stands in the text of an error.
func (r OperatorReason) String() string {
	if r == NullIfExists {
		return "Null cannot take IfExists, since it is itself a test for existence"
	}
	return "unknown condition operator"
}

// An OperatorError is what [ParseOperator] fails with.
type OperatorError struct {
	// Name is the text that was to be an operator.
	Name string
	// Reason is what is wrong with it.
	Reason OperatorReason
}

// Error names the text, shortened if it is long, and the reason.
func (e *OperatorError) Error() string {
	return "condition: operator " + quote(e.Name) + ": " + e.Reason.String()
}

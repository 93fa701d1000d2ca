package policy

import (
	"net/netip"
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/fold"
)

func (v *validator) condition() {
	s := v.statement
	if s.Condition != nil && len(s.Condition) == 0 {
		v.add(EmptyObjectCondition, s.ConditionPosition, v.place.element(elementCondition), "Condition is empty and always true: remove it")
	}
	for i := range s.Condition {
		if v.report.full() {
			return
		}
		written := &s.Condition[i]
		operator, err := written.Operator()
		if err != nil {
			continue // Check reports it
		}
		v.operator(written, operator)
		for j := range written.Keys {
			if v.report.full() {
				return
			}
			v.conditionKey(operator, &written.Keys[j], v.place.key(written.Name.Value, written.Keys[j].Key.Value))
		}
	}
}

func (v *validator) operator(written *ConditionOperator, operator condition.Operator) {
	at, path := written.Name.Position, v.place.operator(written.Name.Value)
	if canonical := operator.String(); written.Name.Value != canonical {
		v.add(OperatorSpelling, at, path, "AWS writes the operator %q: do the same", canonical)
	}
	if len(written.Keys) == 0 {
		v.add(EmptyObjectCondition, at, path, "the operator compares nothing and is always true: remove it")
	}
	if operator.Type() == condition.NullType && operator.Qualifier() != condition.NoQualifier {
		v.add(NullWithQualifier, at, path, `Null with a set operator does not depend on the key: write "Null"`)
	}
}

func (v *validator) conditionKey(operator condition.Operator, key *ConditionKey, path string) {
	name := key.Key.Value
	if prefix, rest, _ := strings.Cut(name, ":"); prefix == "" || rest == "" {
		v.add(InvalidConditionKeyFormat, key.Key.Position, path, "%s is not a context key: write prefix:name", quote(name))
	}
	for _, family := range [...]string{"aws:PrincipalTag", "aws:RequestTag", "aws:ResourceTag"} {
		if fold.Equal(strings.TrimSuffix(name, "/"), family) {
			v.add(MissingTagKeyInCondition, key.Key.Position, path, "%s names no tag: write %s/name", quote(name), family)
		}
	}
	if len(key.Values) == 0 {
		v.noValues(operator, key, path)
	}
	boolean := operator.Type() == condition.BoolType || operator.Type() == condition.NullType
	if boolean && len(key.Values) > 1 {
		v.add(InvalidConditionMultipleBoolean, key.Position, path, "%s compares with one value: keep one of true and false", operator.Base())
	}
	for i := range key.Values {
		if v.report.full() {
			return
		}
		at := path
		if !key.Single || len(key.Values) != 1 {
			at = index(path, i)
		}
		v.conditionValue(operator, &key.Values[i], at)
	}
	for i := range key.Values {
		if key.Values[i].Type != key.Values[0].Type {
			v.add(InvalidConditionDataType, key.Position, path, "the values have several JSON types: write all in quotes")
			break
		}
	}
}

// noValues reports a key with an empty list.
func (v *validator) noValues(operator condition.Operator, key *ConditionKey, path string) {
	switch {
	case operator.IfExists():
		v.add(EmptyArrayConditionIfExists, key.Position, path, `without values this is true exactly when the key is absent: write "Null" with true`)
	case operator.Qualifier() == condition.ForAllValues:
		v.add(EmptyArrayConditionForAllValues, key.Position, path, `without values this is true exactly when the key is absent: write "Null" with true`)
	case operator.Qualifier() == condition.ForAnyValue:
		v.add(EmptyArrayConditionForAnyValue, key.Position, path, "without values this is never true: add a value")
	default:
		v.add(EmptyArrayCondition, key.Position, path, "without values this is never true: add a value")
	}
}

// conditionValue looks at one value: its variables first, since a value with
// variables that work cannot be read yet.
func (v *validator) conditionValue(operator condition.Operator, value *ConditionValue, path string) {
	if hasVariable(value.Value) && v.document.Variables() {
		switch operator.Type() {
		case condition.StringType, condition.ArnType:
		default:
			v.add(InvalidVariableForOperator, value.Position, path, "%s is not documented to take policy variables: write the value, or use a String operator", operator.Base())
			return
		}
	}
	variables := v.variables(value.Value, value.Position, path)
	switch operator.Type() {
	case condition.StringType:
		if !strings.HasSuffix(operator.Base(), "Like") && hasWildcard(value.Value, v.document.Variables()) {
			v.add(WildcardWithoutLikeOperator, value.Position, path, "the wildcard of %s is an ordinary character under %s: use a Like operator if it is meant as one", quote(value.Value), operator.Base())
		}
	case condition.ArnType:
		if _, complete := splitARN(value.Value, v.document.Variables()); !complete && !variables {
			v.add(TypeMismatch, value.Position, path, "%s is not an ARN of six parts and matches nothing: correct it", quote(value.Value))
		}
	case condition.NumericType:
		v.unreadable(operator, value, path, TypeMismatchNumber, "number")
	case condition.DateType:
		v.unreadable(operator, value, path, TypeMismatchDate, "date such as 2026-10-01T12:00:00Z")
	case condition.BinaryType:
		v.unreadable(operator, value, path, TypeMismatchString, "base64 text")
	case condition.BoolType, condition.NullType:
		if !fold.Equal(value.Value, "true") && !fold.Equal(value.Value, "false") {
			v.add(TypeMismatchBoolean, value.Position, path, "%s is neither true nor false and matches nothing: correct it", quote(value.Value))
		}
	case condition.AddressType:
		v.address(operator, value, path)
	}
}

// hasWildcard tells whether text has a * or ? outside of policy variables.
func hasWildcard(text string, variables bool) bool {
	for from := 0; variables; {
		one, ok := nextVariable(text, from)
		if !ok {
			text = text[from:]
			break
		}
		ordinary := one.start
		if one.problem != "" {
			ordinary = one.end
		}
		if strings.ContainsAny(text[from:ordinary], "*?") {
			return true
		}
		from = one.end
	}
	return strings.ContainsAny(text, "*?")
}

// unreadable reports a value that the operator cannot read.
func (v *validator) unreadable(operator condition.Operator, value *ConditionValue, path string, code Code, want string) {
	if !parses(operator.Type(), value.Value) {
		v.add(code, value.Position, path, "%s is not a %s and matches nothing: correct it", quote(value.Value), want)
	}
}

// parses tells whether a value can be read as a type. The operators themselves
// say so, since a value that cannot be read does not even equal itself.
func parses(valueType condition.ValueType, text string) bool {
	name := ""
	switch valueType {
	case condition.NumericType:
		name = "NumericEquals"
	case condition.DateType:
		name = "DateEquals"
	case condition.BinaryType:
		name = "BinaryEquals"
	case condition.AddressType:
		name = "IpAddress"
	}
	operator, err := condition.ParseOperator(name)
	if err != nil {
		return false
	}
	const key = "a:b"
	var supplied condition.Context
	supplied.Set(key, condition.String(text))
	block := condition.Compile([]condition.Test{{Operator: operator, Key: key, Values: []string{text}}}, false)
	return block.Evaluate(&condition.View{Supplied: &supplied}) == condition.True
}

func (v *validator) address(operator condition.Operator, value *ConditionValue, path string) {
	// The network behind a slash; in front of it the operator reads what it
	// would read in a request.
	prefix, err := netip.ParsePrefix(value.Value)
	head, _, _ := strings.Cut(value.Value, "/")
	if err != nil && strings.Contains(value.Value, "/") || !parses(operator.Type(), head) {
		v.add(TypeMismatchIPRange, value.Position, path, "%s is not an IP address or CIDR range and matches nothing: correct it", quote(value.Value))
		return
	}
	if err == nil && prefix.Masked() != prefix {
		v.add(ImproveIPRange, value.Position, path, "the bits of %s behind the prefix do not count: write %s", quote(value.Value), prefix.Masked())
	}
}

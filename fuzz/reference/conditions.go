package reference

import (
	"fmt"
	"strings"
)

// condition is one operator with one key: all of them must hold (2.1).
type condition struct {
	operator operator
	key      string
	values   []string
}

// parseConditions: 1.7 and 11.1. An empty Condition object or operator object
// adds nothing and so is true.
func (s *statement) parseConditions(object jsonValue) error {
	block, found, _ := object.member("Condition")
	if !found {
		return nil
	}
	if err := checkNoDuplicates("Condition", block); err != nil {
		return err
	}
	for _, member := range block.members {
		op, err := parseOperator(member.name)
		if err != nil {
			return err
		}
		if err := checkNoDuplicates(member.name, member.value); err != nil {
			return err
		}
		for _, key := range member.value.members {
			values, err := conditionValues(key.value)
			if err != nil {
				return fmt.Errorf("condition key %q: %w", key.name, err)
			}
			s.conditions = append(s.conditions, condition{operator: op, key: key.name, values: values})
		}
	}
	return nil
}

// checkNoDuplicates: operators, or keys under one operator, that are equal but
// for case in one object are a hard error (11.1).
func checkNoDuplicates(what string, object jsonValue) error {
	if object.kind != jsonObject {
		return fmt.Errorf("%s is %v", what, object.kind)
	}
	seen := map[string]bool{}
	for _, member := range object.members {
		folded := foldASCII(member.name)
		if seen[folded] {
			return fmt.Errorf("%s holds %q twice", what, member.name)
		}
		seen[folded] = true
	}
	return nil
}

// conditionValues: strings, numbers and Booleans, alone or in a list (1.1);
// several types for one key are a soft finding (11.1).
func conditionValues(value jsonValue) ([]string, error) {
	items := value.items
	if value.kind != jsonArray {
		items = []jsonValue{value}
	}
	values := []string{}
	for _, item := range items {
		if !item.isScalar() {
			return nil, fmt.Errorf("the value is %v", item.kind)
		}
		values = append(values, item.text)
	}
	return values, nil
}

// matchConditions: all operators and all keys must hold (2.1).
func (s statement) matchConditions(context requestContext) bool {
	for _, c := range s.conditions {
		if !c.holds(context, s.variables) {
			return false
		}
	}
	return true
}

// holds: 11.3 Order of the rules for one key.
func (c condition) holds(context requestContext, variables bool) bool {
	value, present := context.lookup(c.key)
	switch {
	case c.operator.base == "null": // (1)
		return c.nullHolds(value, present)
	case c.operator.ifExists && !present: // (2)
		return true
	case len(c.values) == 0: // (3)
		return (c.operator.ifExists || c.operator.set == forAllValues) && !present
	case c.operator.set != "": // (4)
		return c.setHolds(value, present, context, variables)
	}
	return c.plainHolds(value, present, context, variables) // (5)
}

// nullHolds: 11.3 Null, and 2.5 for Null under a set operator.
func (c condition) nullHolds(value contextValue, present bool) bool {
	switch c.operator.set {
	case forAllValues:
		return true
	case forAnyValue:
		return false
	}
	absent := !present || value.isList && hasNoNonEmpty(value.values)
	for _, wanted := range c.values {
		wantsAbsent, parses := parseBool(wanted)
		if parses && wantsAbsent == absent {
			return true
		}
	}
	return false
}

// hasNoNonEmpty: a list without any non-empty value (11.3 Null, Empty strings).
func hasNoNonEmpty(values []string) bool {
	for _, value := range values {
		if value != "" {
			return false
		}
	}
	return true
}

// setHolds: 2.5, with 11.3 AMB-7 (a single value is a list of one) and Empty
// strings (a list of nothing but empty strings is empty).
func (c condition) setHolds(value contextValue, present bool, context requestContext, variables bool) bool {
	empty := !present || hasNoNonEmpty(value.values)
	if c.operator.set == forAllValues {
		for _, r := range value.values {
			if !empty && !c.oneHolds(r, context, variables) {
				return false
			}
		}
		return true
	}
	for _, r := range value.values {
		if !empty && c.oneHolds(r, context, variables) {
			return true
		}
	}
	return false
}

// plainHolds: 2.2 for an absent key, 11.3 AMB-7 for a list.
func (c condition) plainHolds(value contextValue, present bool, context requestContext, variables bool) bool {
	if !present {
		return c.operator.negated
	}
	if value.isList {
		return false
	}
	return c.oneHolds(value.values[0], context, variables)
}

// oneHolds compares one request value: OR over the policy values, NOR for a
// negated operator (2.1).
func (c condition) oneHolds(request string, context requestContext, variables bool) bool {
	matches := false
	for _, policy := range c.values {
		matches = matches || c.operator.pairMatches(request, policy, context, variables)
	}
	return matches != c.operator.negated
}

const (
	forAllValues = "forallvalues"
	forAnyValue  = "foranyvalue"
)

// operator is the name of a condition operator, taken apart.
type operator struct {
	set      string // "", forAllValues, forAnyValue
	base     string // of operatorBases, in lower case, or "null"
	negated  bool
	ifExists bool
}

// parseOperator: Qualifier:OperatorIfExists (2.3), in any letter case (11.1
// AMB-3). Unknown operators and NullIfExists are hard errors.
func parseOperator(name string) (operator, error) {
	var op operator
	rest := foldASCII(name)
	if set, after, found := strings.Cut(rest, ":"); found {
		if set != forAllValues && set != forAnyValue {
			return op, fmt.Errorf("unknown condition operator %q", name)
		}
		op.set, rest = set, after
	}
	if rest == "null" {
		op.base = rest
		return op, nil
	}
	rest, op.ifExists = strings.CutSuffix(rest, "ifexists")
	if base, negated := negatedOperators[rest]; negated {
		op.base, op.negated = base, true
		return op, nil
	}
	if _, known := operatorBases[rest]; !known {
		return op, fmt.Errorf("unknown condition operator %q", name)
	}
	op.base = rest
	return op, nil
}

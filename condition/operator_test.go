package condition_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
)

func TestParseOperator(t *testing.T) {
	for _, one := range []struct {
		name, canonical, base string
		qualifier             condition.Qualifier
		ifExists, negated     bool
		valueType             condition.ValueType
	}{
		{"StringEquals", "StringEquals", "StringEquals", condition.NoQualifier, false, false, condition.StringType},
		{"stringnotlikeifexists", "StringNotLikeIfExists", "StringNotLike", condition.NoQualifier, true, true, condition.StringType},
		{"FORALLVALUES:STRINGNOTLIKEIFEXISTS", "ForAllValues:StringNotLikeIfExists", "StringNotLike", condition.ForAllValues, true, true, condition.StringType},
		{"foranyvalue:ArnLike", "ForAnyValue:ArnLike", "ArnLike", condition.ForAnyValue, false, false, condition.ArnType},
		{"NumericLessThanEqualsIfExists", "NumericLessThanEqualsIfExists", "NumericLessThanEquals", condition.NoQualifier, true, false, condition.NumericType},
		{"DateNotEquals", "DateNotEquals", "DateNotEquals", condition.NoQualifier, false, true, condition.DateType},
		{"NotIpAddress", "NotIpAddress", "NotIpAddress", condition.NoQualifier, false, true, condition.AddressType},
		{"BoolIfExists", "BoolIfExists", "Bool", condition.NoQualifier, true, false, condition.BoolType},
		{"BinaryEquals", "BinaryEquals", "BinaryEquals", condition.NoQualifier, false, false, condition.BinaryType},
		{"null", "Null", "Null", condition.NoQualifier, false, false, condition.NullType},
		{"ForAllValues:Null", "ForAllValues:Null", "Null", condition.ForAllValues, false, false, condition.NullType},
	} {
		o, err := condition.ParseOperator(one.name)
		if err != nil {
			t.Errorf("%s: %v", one.name, err)
			continue
		}
		if o.String() != one.canonical || o.Base() != one.base || o.Qualifier() != one.qualifier || o.IfExists() != one.ifExists ||
			o.Negated() != one.negated || o.Type() != one.valueType {
			t.Errorf("%s: %v, base %s, qualifier %q, IfExists %v, negated %v, type %v", one.name, o, o.Base(), o.Qualifier(), o.IfExists(), o.Negated(), o.Type())
		}
	}
}

func TestParseOperatorErrors(t *testing.T) {
	for _, one := range []struct {
		name   string
		reason condition.OperatorReason
	}{
		{"", condition.UnknownOperator},
		{"StringEqual", condition.UnknownOperator},
		{"IfExists", condition.UnknownOperator},
		{"StringEqualsIfExistsIfExists", condition.UnknownOperator},
		{"StringEquals ", condition.UnknownOperator},
		{"ForAllValues:", condition.UnknownOperator},
		{"ForAllValues:ForAnyValue:StringEquals", condition.UnknownOperator},
		{"ForSomeValues:StringEquals", condition.UnknownOperator},
		{":StringEquals", condition.UnknownOperator},
		{"BinaryNotEquals", condition.UnknownOperator},
		{"NullIfExists", condition.NullIfExists},
		{"nullIFEXISTS", condition.NullIfExists},
		{"ForAnyValue:NullIfExists", condition.NullIfExists},
		{strings.Repeat("x", 10_000), condition.UnknownOperator},
		{strings.Repeat("x", 10_000) + "IfExists", condition.UnknownOperator},
	} {
		o, err := condition.ParseOperator(one.name)
		var typed *condition.OperatorError
		if !errors.As(err, &typed) || typed.Reason != one.reason || typed.Name != one.name {
			t.Errorf("%.40q: error %v", one.name, err)
			continue
		}
		if o != (condition.Operator{}) || len(err.Error()) > 400 {
			t.Errorf("%.40q: operator %v, message of %d bytes", one.name, o, len(err.Error()))
		}
	}
}

func TestOperatorErrorText(t *testing.T) {
	for name, text := range map[string]string{
		"StringEqual":  `condition: operator "StringEqual": unknown condition operator`,
		"NullIfExists": `condition: operator "NullIfExists": Null cannot take IfExists, since it is itself a test for existence`,
	} {
		if _, err := condition.ParseOperator(name); err == nil || err.Error() != text {
			t.Errorf("%s: %v", name, err)
		}
	}
	if name := (condition.NullType + 1).String(); name != "" {
		t.Errorf("a type that does not exist is %q", name)
	}
}

func TestOperators(t *testing.T) {
	names := condition.Operators()
	if len(names) != 27 {
		t.Errorf("%d operators, want 27", len(names))
	}
	for _, name := range names {
		for _, prefix := range []string{"", "ForAllValues:", "ForAnyValue:"} {
			for _, suffix := range []string{"", "IfExists"} {
				o, err := condition.ParseOperator(prefix + name + suffix)
				if name == "Null" && suffix != "" {
					if err == nil {
						t.Errorf("%s%s%s parses", prefix, name, suffix)
					}
					continue
				}
				if err != nil || o.String() != prefix+name+suffix {
					t.Errorf("%s%s%s: %v, %v", prefix, name, suffix, o, err)
				}
				if o.Negated() != strings.Contains(name, "Not") {
					t.Errorf("%s: negated is %v", name, o.Negated())
				}
				family := o.Type().String()
				if !strings.Contains(name, family) {
					t.Errorf("%s: type %s", name, family)
				}
				if wants := family == "String" || family == "Arn" || family == "Bool"; o.TakesVariables() != wants {
					t.Errorf("%s: takes variables: %v", name, o.TakesVariables())
				}
			}
		}
	}
}

func TestZeroOperator(t *testing.T) {
	var zero condition.Operator
	if zero.String() != "" || zero.Base() != "" || zero.Type() != 0 || zero.TakesVariables() || zero.Negated() {
		t.Errorf("zero Operator is %q of type %v", zero, zero.Type())
	}
	view := benchmarkView()
	view.Supplied.SetUnknown("unknown")
	view.Supplied.Set("list", condition.List("eu-central-1"))
	for _, values := range [][]string{nil, {"eu-central-1"}} {
		for _, key := range []string{"aws:RequestedRegion", "absent", "unknown", "list"} {
			block := condition.Compile([]condition.Test{{Key: key, Values: values}}, true)
			if got := block.Evaluate(view); got != condition.False {
				t.Errorf("%s, values %q: %v", key, values, got)
			}
		}
	}
}

package evaluate

import (
	"encoding/json"
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/internal/message"
)

// An Expression is what a decision hangs on: conditions on keys that are not
// known yet, joined by and, or and not. Exactly one of its fields is set; the
// zero Expression always holds. It can be read, marshalled as JSON, and
// evaluated once the keys are known. It is immutable and safe for any number of
// goroutines.
type Expression struct {
	// All holds if all of these do, Any if one does.
	All, Any []Expression
	// Not holds if this does not.
	Not *Expression
	// Test is one test of a Condition, with the variables substituted whose
	// keys are known.
	Test *condition.Test
	// Resource is what has to match the resource of the request.
	Resource *ResourceTest
	// Never is an expression that does not hold.
	Never bool

	// What the leaves were made from.
	block     *condition.Block
	statement *compiled.Statement
	asked     *asked
}

// A ResourceTest is a Resource or NotResource element that cannot be matched
// yet, because variables in it are unknown.
type ResourceTest struct {
	// Resource is the one of the request.
	Resource string
	// Entries are the values of the element, with the variables substituted
	// whose keys are known.
	Entries []string
	// Except says that the element is NotResource: no entry may match.
	Except bool
}

// always and never are the constant expressions.
var (
	always = Expression{}
	never  = Expression{Never: true}
)

// IsConstant tells whether the expression holds always or never.
func (x Expression) IsConstant() bool {
	return x.All == nil && x.Any == nil && x.Not == nil && x.Test == nil && x.Resource == nil
}

// allOf joins expressions that must all hold.
func allOf(parts []Expression) Expression {
	var kept distinct
	for _, part := range parts {
		switch {
		case part.Never:
			return never
		case part.All != nil:
			kept.add(part.All...)
		case !part.IsConstant():
			kept.add(part)
		}
	}
	switch len(kept.parts) {
	case 0:
		return always
	case 1:
		return kept.parts[0]
	}
	return Expression{All: kept.parts}
}

// anyOf joins expressions of which one must hold.
func anyOf(parts []Expression) Expression {
	var kept distinct
	for _, part := range parts {
		switch {
		case part.Never:
		case part.IsConstant():
			return always
		case part.Any != nil:
			kept.add(part.Any...)
		default:
			kept.add(part)
		}
	}
	switch len(kept.parts) {
	case 0:
		return never
	case 1:
		return kept.parts[0]
	}
	return Expression{Any: kept.parts}
}

// distinct are expressions of which each is there once.
type distinct struct {
	parts []Expression
	seen  map[string]bool // what they are in whole
}

func (d *distinct) add(parts ...Expression) {
	for _, part := range parts {
		if len(d.parts) == 0 {
			d.seen = map[string]bool{}
		}
		if text := part.whole(); !d.seen[text] {
			d.seen[text] = true
			d.parts = append(d.parts, part)
		}
	}
}

func notOf(part Expression) Expression {
	switch {
	case part.Never:
		return always
	case part.IsConstant():
		return never
	case part.Not != nil:
		return *part.Not
	}
	return Expression{Not: &part}
}

// whole is the expression with nothing shortened.
func (x Expression) whole() string {
	text, err := json.Marshal(x)
	if err != nil {
		return ""
	}
	return string(text)
}

// Evaluate tells whether the expression holds under the values that a context
// has for the keys that it asks about. Keys that the context does not have are
// absent; those that are unknown leave it Unknown. What was known when the
// question was asked stays as it was.
func (x Expression) Evaluate(keys *condition.Context) condition.Truth {
	if x.asked == nil {
		return x.evaluate(new(condition.View))
	}
	view := x.asked.inquiry().search.query.View.Clone()
	for _, key := range x.Keys() {
		value, _ := keys.Lookup(key)
		view.Override(key, value)
	}
	return x.evaluate(&view)
}

func (x *Expression) evaluate(view *condition.View) condition.Truth {
	switch {
	case x.Never:
		return condition.False
	case x.Not != nil:
		return x.Not.evaluate(view).Not()
	case x.block != nil:
		return x.block.Evaluate(view)
	case x.statement != nil:
		query := x.asked.inquiry().search.query
		query.View = *view
		return x.statement.MatchesResource(&query)
	case x.Any != nil:
		holds := condition.False
		for at := range x.Any {
			holds = holds.Or(x.Any[at].evaluate(view))
		}
		return holds
	}
	holds := condition.True
	for at := range x.All {
		holds = holds.And(x.All[at].evaluate(view))
	}
	return holds
}

// Keys are the keys that the expression asks about, once each but for case.
func (x Expression) Keys() (keys []string) {
	view := condition.View{}
	if x.asked != nil {
		view = x.asked.inquiry().search.query.View
	}
	x.keys(&view, &keys)
	return keys
}

func (x *Expression) keys(view *condition.View, keys *[]string) {
	switch {
	case x.Not != nil:
		x.Not.keys(view, keys)
	case x.block != nil:
		*keys = x.block.UnknownKeys(view, *keys)
	case x.statement != nil:
		for at := range x.statement.Resources {
			if template := x.statement.Resources[at].Template(); template != nil {
				*keys = template.UnknownKeys(view, *keys)
			}
		}
	}
	for at := range x.All {
		x.All[at].keys(view, keys)
	}
	for at := range x.Any {
		x.Any[at].keys(view, keys)
	}
}

// String is the expression in words:
//
//	Bool aws:SecureTransport "true" and not (StringEquals aws:RequestedRegion "us-east-1" or "us-west-2")
func (x Expression) String() string { return x.text(false) }

func (x *Expression) text(inner bool) string {
	join := func(parts []Expression, word string) string {
		texts := make([]string, len(parts))
		for at := range parts {
			texts[at] = parts[at].text(true)
		}
		text := strings.Join(texts, word)
		if inner {
			return "(" + text + ")"
		}
		return text
	}
	switch {
	case x.Never:
		return "never"
	case x.All != nil:
		return join(x.All, " and ")
	case x.Any != nil:
		return join(x.Any, " or ")
	case x.Not != nil:
		return "not " + x.Not.text(true)
	case x.Test != nil:
		if inner {
			return "(" + x.Test.String() + ")"
		}
		return x.Test.String()
	case x.Resource != nil:
		return x.Resource.String()
	}
	return "always"
}

// String says what must match what.
func (r ResourceTest) String() string {
	text := "Resource "
	if r.Except {
		text = "NotResource "
	}
	return "(" + text + listQuoted(r.Entries) + " matches " + message.Quote(r.Resource, message.Enough) + ")"
}

// MarshalJSON writes the expression as an object with one member: all, any, not,
// test, resource, or constant.
func (x Expression) MarshalJSON() ([]byte, error) {
	switch {
	case x.All != nil:
		return json.Marshal(map[string]any{"all": x.All})
	case x.Any != nil:
		return json.Marshal(map[string]any{"any": x.Any})
	case x.Not != nil:
		return json.Marshal(map[string]any{"not": x.Not})
	case x.Test != nil:
		values := x.Test.Values
		if values == nil {
			values = []string{}
		}
		return json.Marshal(map[string]any{"test": map[string]any{"operator": x.Test.Operator.String(), "key": x.Test.Key, "values": values}})
	case x.Resource != nil:
		element := "resource"
		if x.Resource.Except {
			element = "notResource"
		}
		return json.Marshal(map[string]any{element: map[string]any{"entries": x.Resource.Entries, "matches": x.Resource.Resource}})
	}
	return json.Marshal(map[string]any{"constant": !x.Never})
}

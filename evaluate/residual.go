package evaluate

import (
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/internal/message"
)

// A Residual is what is left of a question when the keys are taken out that are
// known: on which of the unknown ones the decision hangs, and how.
type Residual struct {
	// Decision is that of [Evaluator.Evaluate]; or, where that is Undetermined
	// and the decision turns out to be the same for all values that the unknown
	// keys can have, that one.
	Decision Decision
	// Keys are the unknown keys that the condition asks about.
	Keys []string
	// Condition holds exactly if the request is allowed.
	Condition Expression
	// Allowed and Denied are values of the unknown keys under which the request
	// is allowed, and under which it is not; each was tried with the engine.
	// Nil if the decision is not Undetermined, or if none was found among the
	// values that were tried, which is rare.
	Allowed, Denied *Example
}

// An Example is what unknown keys may turn out to be, and what follows.
type Example struct {
	// Values are those of the keys that were needed for a decision; the others
	// may have any.
	Values []Assignment
	// Decision is what the engine decides then.
	Decision Decision
}

// An Assignment is a key with a value; the zero Value stands for an absent key.
type Assignment struct {
	Key   string
	Value condition.Value
}

// String is "key = value" or "key is absent".
func (a Assignment) String() string {
	if a.Value.Kind() == condition.KindInvalid {
		return a.Key + " is absent"
	}
	return a.Key + " = " + shownValue(a.Value)
}

func shownValue(value condition.Value) string {
	if value.IsList() {
		return "[" + strings.Join(quoteAll(value.Values()), ", ") + "]"
	}
	return message.Quote(value.Text(), message.Enough)
}

func quoteAll(texts []string) []string {
	quoted := make([]string, len(texts))
	for at, text := range texts {
		quoted[at] = message.Quote(text, message.Enough)
	}
	return quoted
}

// Residual tells what the decision hangs on. A decision that is not Undetermined
// hangs on nothing.
//
// [Evaluator.Evaluate] takes each look at an unknown key for itself, and so may
// call a decision Undetermined that is not: a Deny for team "a" and another for
// all other teams deny whatever the team is. Residual tries values for the keys,
// enough to tell all outcomes of their conditions apart where these are not too
// many, and is right about that. It costs up to some milliseconds.
func (x Explanation) Residual() Residual {
	residual := Residual{Decision: x.Decision, Condition: never}
	switch {
	case x.Decision.Outcome == Allowed:
		residual.Condition = always
		return residual
	case x.Decision.Outcome != Undetermined || x.asked == nil:
		return residual
	}
	t := x.trial()
	t.mayApply()
	search := assignments{trial: t, keys: t.unknownKeys(), exhaustive: true}
	search.run(0)
	switch {
	case search.exhaustive && search.allowed != nil && search.denied == nil:
		residual.Decision, residual.Condition = search.first[Allowed], always
		return residual
	case search.exhaustive && search.allowed == nil && search.denied != nil:
		residual.Decision = search.first[ImplicitlyDenied]
		if !search.seen[ImplicitlyDenied] {
			residual.Decision = search.first[ExplicitlyDenied]
		}
		return residual
	}
	residual.Allowed, residual.Denied = search.allowed, search.denied
	residual.Condition = x.condition()
	residual.Condition.asked = x.asked
	residual.Keys = residual.Condition.Keys()
	return residual
}

// String tells the decision, what it hangs on, and how it can go:
//
//	Undetermined: allowed exactly if Bool aws:SecureTransport "true"
//	  allowed with aws:SecureTransport = "true"
//	  ImplicitlyDenied with aws:SecureTransport is absent
func (r Residual) String() string {
	if r.Decision.Outcome != Undetermined {
		return r.Decision.String()
	}
	text := "Undetermined: allowed exactly if " + r.Condition.String()
	for _, example := range []*Example{r.Allowed, r.Denied} {
		if example != nil {
			text += "\n  " + example.String()
		}
	}
	return text
}

// String tells the values and the outcome.
func (e Example) String() string {
	texts := make([]string, len(e.Values))
	for at, value := range e.Values {
		texts[at] = value.String()
	}
	return e.Decision.Outcome.String() + " with " + strings.Join(texts, ", ")
}

// condition is the condition under which the request is allowed: no Deny that is
// not known to apply does, and each layer that is needed allows. It follows the
// order of the decision, see [inquiry.allow].
func (x *Explanation) condition() Expression {
	var parts []Expression
	for at := range x.Layers {
		for _, said := range x.Layers[at].unsure() {
			if said.statement.Flags.Has(compiled.Deny) {
				parts = append(parts, notOf(said.expression()))
			}
		}
	}
	var granting *LayerTrace
	for at := range x.Layers {
		layer := &x.Layers[at]
		if layer.Layer == ResourcePolicy && x.asked.inquiry().sameAccount {
			granting = layer
		}
		if !layer.Needed {
			continue
		}
		allows := layer.expressions(NoGrant)
		if granting != nil && layer.Layer > ResourcePolicy {
			want := DirectGrant
			if layer.Layer == IdentityPolicy {
				want = IssuerGrant
			}
			allows = append(allows, granting.expressions(want)...)
		}
		parts = append(parts, anyOf(allows))
	}
	return allOf(parts)
}

// expressions are the conditions of the Allow statements of a layer that give at
// least a grant.
func (l *LayerTrace) expressions(least Grant) (parts []Expression) {
	for _, s := range l.Statements() {
		if !s.statement.Flags.Has(compiled.Deny) && s.Applies != condition.False && s.Grant >= least {
			parts = append(parts, s.expression())
		}
	}
	return parts
}

// expression is the condition under which a statement applies that may.
func (t *StatementTrace) expression() Expression {
	if t.Applies == condition.True {
		return always
	}
	var parts []Expression
	if t.Resource == condition.Unknown {
		test := &ResourceTest{Resource: t.asked.request.name.Text, Except: t.statement.Flags.Has(compiled.NotResource)}
		for _, element := range t.Elements() {
			for _, entry := range element.Entries {
				if strings.HasSuffix(element.Name, "Resource") && entry.Matches == condition.Unknown {
					test.Entries = append(test.Entries, entry.Text)
				}
			}
		}
		parts = append(parts, Expression{Resource: test, statement: t.statement, asked: t.asked})
	}
	if t.Condition != condition.Unknown {
		return allOf(parts)
	}
	tests, variables := t.statement.Condition.Tests()
	for at, trace := range t.Tests() {
		if trace.Result != condition.Unknown {
			continue
		}
		shown := trace.Test
		if trace.Resolved != nil {
			shown.Values = trace.Resolved
		}
		parts = append(parts, Expression{Test: &shown, block: condition.Compile(tests[at:at+1], variables), asked: t.asked})
	}
	return allOf(parts)
}

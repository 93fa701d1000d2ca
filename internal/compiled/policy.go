package compiled

import (
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// A Policy is a compiled policy document. The zero Policy has no statements
// and decides nothing.
type Policy struct {
	statements []Statement
	kind       uint8
}

// New makes a Policy of statements, which it keeps. kind is the number of the
// policy.Kind it was compiled for.
func New(kind uint8, statements []Statement) *Policy {
	return &Policy{statements: statements, kind: kind}
}

// Statements are the statements in the order of the document. They must not
// be changed.
func (p *Policy) Statements() []Statement { return p.statements }

// Kind is the number of the policy.Kind.
func (p *Policy) Kind() uint8 { return p.kind }

// A Place is a line and a column, both from 1; the zero Place is none.
type Place struct{ Line, Column int32 }

// A Statement is a compiled statement. Policies by the thousand hold them, so
// it is kept to 96 bytes.
type Statement struct {
	// Sid is the statement id, "" if there is none.
	Sid string
	// Actions holds the entries of Action, or of NotAction.
	Actions []Action
	// Resources holds the entries of Resource, or of NotResource.
	Resources []Resource
	// Principals holds Principal or NotPrincipal; nil where the kind of policy
	// has none.
	Principals *Principals
	// Condition is nil where there is none.
	Condition *condition.Block
	// Start is where the statement begins.
	Start Place

	endLine   int32
	endColumn [3]uint8 // of a text of at most 2^20 bytes

	// Flags say how the fields are meant.
	Flags Flags
}

// End is the place behind the last character of the statement.
func (s *Statement) End() Place {
	return Place{s.endLine, int32(s.endColumn[0]) | int32(s.endColumn[1])<<8 | int32(s.endColumn[2])<<16}
}

// SetEnd says where the statement ends.
func (s *Statement) SetEnd(at Place) {
	s.endLine, s.endColumn = at.Line, [3]uint8{uint8(at.Column), uint8(at.Column >> 8), uint8(at.Column >> 16)}
}

// Flags say how the fields of a Statement are meant.
type Flags uint8

// The flags.
const (
	// Deny: the effect is Deny, not Allow.
	Deny Flags = 1 << iota
	// NotAction: Actions are excepted.
	NotAction
	// NotResource: Resources are excepted.
	NotResource
	// NotPrincipal: Principals are excepted.
	NotPrincipal
	// OwnResource: there is neither Resource nor NotResource, and the
	// statement covers the resource that the policy is attached to.
	OwnResource
	// NoEffect: a list of the statement is empty, so it never applies.
	NoEffect
)

// Has tells whether all of the given flags are set.
func (f Flags) Has(want Flags) bool { return f&want == want }

// A Query is a request as statements see it. It is filled once for a decision
// and not changed while that is made.
type Query struct {
	// Action is the requested action, in whatever letter case.
	Action string
	// Name is the requested resource.
	Name *wildcard.Name
	// View is where conditions and policy variables look up their keys.
	View condition.View
	// Caller is who asks.
	Caller *Caller
}

// Applies tells whether the statement applies to the query, leaving aside its
// principals: action, resource and condition. The order is that of cost.
func (s *Statement) Applies(q *Query) condition.Truth {
	if s.Flags.Has(NoEffect) || !s.MatchesAction(q.Action) {
		return condition.False
	}
	resource := s.MatchesResource(q)
	if resource == condition.False || s.Condition == nil {
		return resource
	}
	return min3(resource, s.Condition.Evaluate(&q.View))
}

// MatchesAction tells whether the statement speaks of the action, in whatever
// letter case.
func (s *Statement) MatchesAction(action string) bool {
	for at := range s.Actions {
		if s.Actions[at].Match(action) {
			return !s.Flags.Has(NotAction)
		}
	}
	return s.Flags.Has(NotAction)
}

// MatchesResource tells whether the statement speaks of the resource of q.
func (s *Statement) MatchesResource(q *Query) condition.Truth {
	if s.Flags.Has(OwnResource) {
		return condition.True
	}
	found := condition.False
	for at := range s.Resources {
		switch s.Resources[at].Match(q) {
		case condition.True:
			found = condition.True
		case condition.Unknown:
			if found == condition.False {
				found = condition.Unknown
			}
		}
		if found == condition.True {
			break
		}
	}
	if s.Flags.Has(NotResource) {
		return not3(found)
	}
	return found
}

// min3 is the conjunction of Kleene's logic.
func min3(a, b condition.Truth) condition.Truth {
	switch {
	case a == condition.False || b == condition.False:
		return condition.False
	case a == condition.Unknown || b == condition.Unknown:
		return condition.Unknown
	}
	return condition.True
}

func not3(a condition.Truth) condition.Truth {
	switch a {
	case condition.False:
		return condition.True
	case condition.True:
		return condition.False
	}
	return condition.Unknown
}

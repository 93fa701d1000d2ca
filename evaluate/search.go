package evaluate

import (
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/compiled"
)

// A search asks the statements of a set about one query. Whoever runs through
// the set, the plain scan or an index, hands it the statements that speak of
// the action and the resource; it looks at principals and conditions, and says
// when it has seen enough.
type search struct {
	query compiled.Query
	// action and service are the hashes of the query's action and its prefix.
	action, service uint64
	// actionNumber and serviceNumber are what table knows of them; indexes
	// that share the table need not look again.
	actionNumber, serviceNumber int32
	table                       *actionTable
	// index is the one that is being searched.
	index *index
	goal  goal

	// tail is the resource behind its fifth colon, ending its last bytes as
	// [endingOf] gives them.
	tail   string
	ending uint64
	// signature is that of the tail; 0 until it is needed.
	signature uint64

	// What has been found: for the goals anyStatement and anyHit in applies
	// and by, for the goal greatestGrant in certain, by, atMost and perhaps.
	applies         condition.Truth
	certain, atMost compiled.Grant
	by, perhaps     *member
	marked          numberSet // for the goal everyStatement: their numbers
	// number is that of the member considered, found are those that apply, for
	// the goal everyApplying.
	number int32
	found  *[]finding
}

// A finding is a statement that applies, or may, by its number in the set.
type finding struct {
	number  int32
	applies condition.Truth
}

// A goal is what a search looks for.
type goal uint8

const (
	// anyStatement: whether a statement applies, principals left aside.
	anyStatement goal = iota
	// anyHit: whether a Deny applies that is about the caller.
	anyHit
	// greatestGrant: the greatest grant of the Allows that apply.
	greatestGrant
	// everyApplying: which statements apply or may. Of statements with a
	// Principal element it takes those that are about the caller.
	everyApplying
	// everyStatement: which statements speak of the action and the resource,
	// principals and conditions left aside. The levels of the members are
	// their numbers.
	everyStatement
)

// consider takes a statement that speaks of the action, and of the resource
// with the given truth, which is not False. It tells whether the search is
// over.
func (f *search) consider(m *member, resource condition.Truth) (done bool) {
	if f.goal == everyStatement {
		f.marked.add(m.level)
		return false
	}
	gives := compiled.NoGrant
	if m.statement.Principals != nil {
		switch f.goal {
		case anyHit:
			if !hits(m.statement, f.query.Caller) {
				return false
			}
		case greatestGrant:
			if gives = grants(m.statement, f.query.Caller); gives <= f.certain {
				return false
			}
		case everyApplying:
			if !speaksTo(m.statement, f.query.Caller) {
				return false
			}
		}
	}
	applies := resource
	if m.statement.Condition != nil {
		switch m.statement.Condition.Evaluate(&f.query.View) {
		case condition.False:
			return false
		case condition.Unknown:
			applies = condition.Unknown
		}
	}
	if f.goal == greatestGrant {
		return f.grant(m, gives, applies)
	}
	if f.goal == everyApplying {
		*f.found = append(*f.found, finding{f.number, applies})
		return false
	}
	if f.applies == condition.False || applies == condition.True {
		f.applies, f.by = applies, m
	}
	return applies == condition.True
}

func (f *search) grant(m *member, gives compiled.Grant, applies condition.Truth) (done bool) {
	if gives > f.atMost {
		f.atMost, f.perhaps = gives, m
	}
	if applies == condition.True && gives > f.certain {
		f.certain, f.by = gives, m
	}
	return f.certain == compiled.DirectGrant
}

// A granted is what the statements of a set that name principals give the
// caller: for certain, and at most, if unknown keys turn out well.
type granted struct {
	certain, atMost compiled.Grant
	by, perhaps     *member
}

// truth tells whether the grant is at least want.
func (g *granted) truth(want compiled.Grant) condition.Truth {
	switch {
	case g.certain >= want:
		return condition.True
	case g.atMost >= want:
		return condition.Unknown
	}
	return condition.False
}

// grants tells what an Allow gives the caller if it applies.
func grants(s *compiled.Statement, caller *compiled.Caller) compiled.Grant {
	switch {
	case s.Principals == nil:
		return compiled.NoGrant
	case !s.Flags.Has(compiled.NotPrincipal):
		return s.Principals.Grant(caller)
	case s.Principals.Passes(caller):
		return compiled.DirectGrant // as by "*"
	}
	return compiled.NoGrant
}

// speaksTo tells whether a statement is about the caller.
func speaksTo(s *compiled.Statement, caller *compiled.Caller) bool {
	if s.Flags.Has(compiled.Deny) {
		return hits(s, caller)
	}
	return grants(s, caller) != compiled.NoGrant
}

// hits tells whether a Deny is about the caller.
func hits(s *compiled.Statement, caller *compiled.Caller) bool {
	switch {
	case s.Principals == nil:
		return true
	case s.Flags.Has(compiled.NotPrincipal):
		return s.Principals.Hits(caller)
	}
	return s.Principals.Grant(caller) != compiled.NoGrant
}

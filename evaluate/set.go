package evaluate

import (
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/principal"
)

// A member is a statement of a set and where it stands.
type member struct {
	statement  *compiled.Statement
	attachment *principal.Attachment
	index      int32 // of the statement in its policy
	level      int32 // of the organization, from 0 at the root; 0 elsewhere
}

// A set is the statements of one effect of one layer.
type set struct {
	members []member
}

// sets are the statements of a layer, those that deny apart from those that
// allow: which comes first is not a matter of their order in a policy.
type sets struct {
	deny, allow set
}

// add appends the statements of a policy. Those that can never apply are left
// out.
func (s *sets) add(attachment *principal.Attachment, level int) {
	statements := (*compiled.Policy)(attachment.Policy).Statements()
	for at := range statements {
		statement := &statements[at]
		if statement.Flags.Has(compiled.NoEffect) {
			continue
		}
		into := &s.allow
		if statement.Flags.Has(compiled.Deny) {
			into = &s.deny
		}
		into.members = append(into.members, member{statement, attachment, int32(at), int32(level)})
	}
}

// find looks for a statement that applies to the query, leaving principals
// aside. It gives the first one that does, with True; else the first of which
// that is not known, with Unknown; else nil.
func (s *set) find(q *compiled.Query) (condition.Truth, *member) {
	var unknown *member
	for at := range s.members {
		switch s.members[at].statement.Applies(q) {
		case condition.True:
			return condition.True, &s.members[at]
		case condition.Unknown:
			if unknown == nil {
				unknown = &s.members[at]
			}
		}
	}
	if unknown != nil {
		return condition.Unknown, unknown
	}
	return condition.False, nil
}

// findHit is find for statements that deny and name principals.
func (s *set) findHit(q *compiled.Query) (condition.Truth, *member) {
	var unknown *member
	for at := range s.members {
		m := &s.members[at]
		if !hits(m.statement, q.Caller) {
			continue
		}
		switch m.statement.Applies(q) {
		case condition.True:
			return condition.True, m
		case condition.Unknown:
			if unknown == nil {
				unknown = m
			}
		}
	}
	if unknown != nil {
		return condition.Unknown, unknown
	}
	return condition.False, nil
}

// A granted is what the statements of a set that name principals give the
// caller: for certain, and at most, if unknown keys turn out well.
type granted struct {
	certain, atMost compiled.Grant
	by, maybeBy     *member
}

// grant looks for the greatest grant among the statements that apply.
func (s *set) grant(q *compiled.Query) granted {
	var g granted
	for at := range s.members {
		m := &s.members[at]
		gives := grants(m.statement, q.Caller)
		if gives <= g.certain {
			continue
		}
		switch m.statement.Applies(q) {
		case condition.True:
			g.certain, g.by = gives, m
			if gives > g.atMost {
				g.atMost, g.maybeBy = gives, m
			}
			if gives == compiled.DirectGrant {
				return g
			}
		case condition.Unknown:
			if gives > g.atMost {
				g.atMost, g.maybeBy = gives, m
			}
		}
	}
	return g
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

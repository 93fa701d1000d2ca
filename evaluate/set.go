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

// A set is the statements of one effect of one layer. A small set is scanned;
// a larger one has an index, which finds the same statements.
type set struct {
	members []member
	index   *index
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

// finish makes sets ready once everything is added: the large ones get an
// index. The indexes share one table of actions, so that a decision looks its
// action up once.
func finish(how indexing, layers ...*set) {
	var table *actionTable
	for _, s := range layers {
		if s.wantsIndex(how) {
			if table == nil {
				table = new(actionTable)
			}
			for at := range s.members {
				table.add(s.members[at].statement)
			}
		}
	}
	if table == nil {
		return
	}
	table.seal()
	for _, s := range layers {
		if s.wantsIndex(how) {
			s.index = newIndex(s.members, table)
		}
	}
}

func (s *set) wantsIndex(how indexing) bool {
	switch how {
	case neverIndex:
		return false
	case alwaysIndex:
		return len(s.members) > 0
	}
	entries := 0
	for at := range s.members {
		statement := s.members[at].statement
		entries += len(statement.Actions) + len(statement.Resources)
		if entries > scanLimit {
			return true
		}
	}
	return false
}

// scanLimit is the number of actions and resources together up to which a scan
// is quicker than an index: half of all statements of AWS's own policies have
// two actions and one resource.
const scanLimit = 24

// indexing says which sets get an index. Tests hold the three against each
// other; users get the zero value.
type indexing uint8

const (
	indexLarge indexing = iota
	alwaysIndex
	neverIndex
)

// run hands the search every statement that speaks of its action and resource,
// until it has seen enough.
func (s *set) run(f *search) {
	if s.index != nil {
		s.index.run(f)
		return
	}
	for at := range s.members {
		m := &s.members[at]
		if !m.statement.MatchesAction(f.query.Action) {
			continue
		}
		f.number = int32(at)
		if resource := m.statement.MatchesResource(&f.query); resource != condition.False && f.consider(m, resource) {
			return
		}
	}
}

// speaking appends the numbers of the members that speak of the action of a
// search, whatever their resources, in their order.
func (s *set) speaking(f *search, numbers []int32) []int32 {
	if s.index != nil {
		return s.index.speaking(f, numbers)
	}
	for at := range s.members {
		if s.members[at].statement.MatchesAction(f.query.Action) {
			numbers = append(numbers, int32(at))
		}
	}
	return numbers
}

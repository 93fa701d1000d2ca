package evaluate

import (
	"cmp"
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/internal/fold"
)

// nearest are the Allow statements that speak of the action, those first that
// come nearest to applying.
func (l *LayerTrace) nearest() []StatementTrace {
	var allowing []StatementTrace
	for _, s := range l.Statements() {
		if !s.statement.Flags.Has(compiled.Deny) {
			allowing = append(allowing, s)
		}
	}
	slices.SortStableFunc(allowing, func(a, b StatementTrace) int { return cmp.Compare(a.distance(), b.distance()) })
	return allowing
}

// distance orders statements by how far they are from applying. A statement
// about the resource is nearer than one about another, whatever else it lacks;
// then one about the caller is.
func (t *StatementTrace) distance() (distance int) {
	for at, truth := range [...]condition.Truth{t.Principal, t.Resource} {
		if truth == condition.False {
			distance += 1 << (20 + at)
		}
	}
	if t.Condition == condition.False {
		for _, test := range t.Tests() {
			if test.Result == condition.False {
				distance++
			}
		}
	}
	return distance
}

// allowCount is how many Allow statements the layer has.
func (l *LayerTrace) allowCount() int {
	apart := *l
	apart.denies = nil
	return apart.Total()
}

// nearAction is an Allow statement which does not speak of the action, but would
// apply if it did: its NotAction leaves the action out, or its Action is spelt
// nearly like it. It is nil if there is none.
func (l *LayerTrace) nearAction() *StatementTrace {
	if l.allows == nil {
		return nil
	}
	for at := range l.allows.members {
		m := &l.allows.members[at]
		if int(m.level) != l.depth || !nearlyNames(m.statement, l.asked.request.action) {
			continue
		}
		if s := l.asked.statement(m); s.Applies == condition.True {
			s.Applies = condition.False
			return &s
		}
	}
	return nil
}

func nearlyNames(s *compiled.Statement, action string) bool {
	if s.Flags.Has(compiled.NotAction) {
		return true
	}
	for at := range s.Actions {
		if isMisspelt(s.Actions[at].Pattern().Text(), action) {
			return true
		}
	}
	return false
}

// The bounds of what counts as a slip of the pen.
const (
	longestSpelt = 80 // bytes of an action
	mostSlips    = 2  // letters too many, too few, or wrong
)

// isMisspelt tells whether two actions of one service differ in a letter or two.
func isMisspelt(text, action string) bool {
	colon := strings.IndexByte(action, ':')
	if len(text) > longestSpelt || len(action) > longestSpelt || strings.ContainsAny(text, "*?") ||
		!fold.HasPrefix(text, action[:colon+1]) || max(len(text), len(action))-min(len(text), len(action)) > mostSlips {
		return false
	}
	a, b := strings.ToLower(text[colon+1:]), strings.ToLower(action[colon+1:])
	// slips[at] is how many it takes from the part of a so far to b[:at].
	slips := make([]int, len(b)+1)
	for at := range slips {
		slips[at] = at
	}
	for i := range len(a) {
		diagonal := slips[0]
		slips[0]++
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = slips[j+1]
			slips[j+1] = min(replaced, slips[j+1]+1, slips[j]+1)
		}
	}
	return slips[len(b)] <= mostSlips && len(b) > 2*mostSlips
}

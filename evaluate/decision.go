package evaluate

import (
	"strconv"

	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// A Decision is the answer to a request. It is plain data; making one
// allocates nothing. The zero Decision is an implicit denial.
type Decision struct {
	// Outcome is the answer.
	Outcome Outcome
	// Layer is the one that decided: the first that denies explicitly, in
	// evaluation order; else the first that is needed and does not allow; or,
	// of an allowed request, the one that grants.
	Layer Layer

	statement  int32
	attachment *principal.Attachment
	// detail is the level of the organization, or the source of a rule.
	detail *string
}

// OrgIdentifier is the level of the organization that decided, where Layer is
// that of control policies; else it is "".
func (d Decision) OrgIdentifier() string {
	if d.detail == nil || d.Layer != ServiceControlPolicy && d.Layer != ResourceControlPolicy {
		return ""
	}
	return *d.detail
}

// Rule is the AWS page of the rule that decided, where Layer is ServiceRule;
// else it is "".
func (d Decision) Rule() string {
	if d.detail == nil || d.Layer != ServiceRule {
		return ""
	}
	return *d.detail
}

// Allowed tells whether the request may be carried out. It is false for
// Undetermined.
func (d Decision) Allowed() bool { return d.Outcome == Allowed }

// Statement names the deciding statement. It tells whether there is one: an
// implicit denial has none, and root's power over its account neither.
func (d Decision) Statement() (StatementRef, bool) {
	if d.attachment == nil {
		return StatementRef{}, false
	}
	return StatementRef{d.attachment, int(d.statement)}, true
}

// String says what was decided, by what, and where that stands:
//
//	ExplicitlyDenied by a service control policy: statement "NoEC2" (4:5) of service control policy p-1 attached to o-1
func (d Decision) String() string {
	text := d.Outcome.String()
	statement, found := d.Statement()
	switch {
	case d.Layer == NoLayer:
		return text
	case found:
		text += " by " + article(d.Layer.String()) + ": " + statement.String()
	case d.Layer == ServiceRule:
		text += " by a " + d.Layer.String() + ": " + d.Rule()
	case d.Outcome == Allowed:
		text += ": nothing denies it to the root user"
	default:
		text += ": no " + d.Layer.String() + " allows it"
	}
	if level := d.OrgIdentifier(); level != "" {
		text += " at " + level
	}
	return text
}

func article(noun string) string {
	switch noun[0] {
	case 'a', 'e', 'i', 'o', 'u':
		return "an " + noun
	}
	return "a " + noun
}

// A StatementRef names one statement of one policy of one attachment.
type StatementRef struct {
	attachment *principal.Attachment
	index      int
}

// Policy is the compiled policy that the statement stands in.
func (s StatementRef) Policy() *policy.Policy { return s.attachment.Policy }

// Source is where the policy came from.
func (s StatementRef) Source() principal.Source { return s.attachment.Source }

// Index is the number of the statement in its policy, from 0.
func (s StatementRef) Index() int { return s.index }

// Sid is the statement's id, "" if it has none.
func (s StatementRef) Sid() string { return s.attachment.Policy.Sid(s.index) }

// Effect is the statement's effect.
func (s StatementRef) Effect() policy.Effect { return s.attachment.Policy.Effect(s.index) }

// Span tells where the statement begins and where it ends. Both are zero if
// the document was built in code.
func (s StatementRef) Span() (start, end policy.Position) { return s.attachment.Policy.Span(s.index) }

// String names the statement by its id, or by its number from 1, with its
// place and its policy.
func (s StatementRef) String() string {
	text := "statement "
	if sid := s.Sid(); sid != "" {
		text += strconv.Quote(sid)
	} else {
		text += strconv.Itoa(s.index + 1)
	}
	if start, _ := s.Span(); start.IsValid() {
		text += " (" + start.String() + ")"
	}
	return text + " of " + s.Source().String()
}

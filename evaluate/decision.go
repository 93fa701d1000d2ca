package evaluate

import (
	"strconv"

	"github.com/portcullis-iam/portcullis/internal/message"
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

	// A struct of at most four words stays in registers on its way up.

	by *member // the deciding statement
	// detail is the level of the organization, the source of a rule, or
	// trustPolicy.
	detail *string
}

// trustPolicy is the detail of decisions by the resource's policy where that
// is the trust policy of a role.
var trustPolicy = policy.RoleTrust.String()

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
// implicit denial has none, and root's power over its account neither. Where
// several statements of the layer decide alike, it is one of them, always the
// same for an evaluator and a request; [Evaluator.Explain] lists all.
func (d Decision) Statement() (StatementRef, bool) {
	if d.by == nil {
		return StatementRef{}, false
	}
	return StatementRef{d.by.attachment, int(d.by.index)}, true
}

// String says what was decided, by what, and where that stands:
//
//	ExplicitlyDenied by statement "NoEC2" (4:5) of service control policy p-1 attached to o-1
//	Allowed by an identity-based policy: statement 1 (3:5) of inline policy queue of role checkout
//	ImplicitlyDenied: no role trust policy allows it
//
// The words for what does not allow are those of AWS.
//
// Source: IAM User Guide, "Troubleshoot access denied error messages".
func (d Decision) String() string {
	text := d.Outcome.String()
	statement, found := d.Statement()
	level := d.OrgIdentifier()
	switch {
	case d.Layer == NoLayer:
		return text
	case found:
		source := statement.Source()
		text += " by "
		if !named(source, d.Layer) {
			text += article(layerName(d.Layer, d.detail == &trustPolicy)) + ": "
		}
		text += statement.String()
		if source.AttachedTo == level {
			return text
		}
	case d.Layer == ServiceRule:
		text += " by a " + d.Layer.String() + ": " + d.Rule()
	case d.Outcome == Allowed:
		text += ": nothing denies it to the root user"
	case d.Outcome == Undetermined:
		text += ": " + article(layerName(d.Layer, d.detail == &trustPolicy)) + " may be needed"
	default:
		text += ": no " + layerName(d.Layer, d.detail == &trustPolicy) + " allows it"
	}
	if level != "" {
		text += " at " + level
	}
	return text
}

// layerName names a layer, that of the resource's policy by the policy which is
// asked.
func layerName(layer Layer, trust bool) string {
	if layer == ResourcePolicy && trust {
		return trustPolicy
	}
	return layer.String()
}

// named tells whether the words for a source say the layer already.
func named(source principal.Source, layer Layer) bool {
	return source.Type.String() == layer.String() || source.Type == principal.TrustPolicy && layer == ResourcePolicy
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

// Span tells where the statement begins and where it ends, in its document:
// line 1, column 1 is the document's first character, wherever that stands in a
// file, since policies of the same text are one. Both are zero if the document
// was built in code.
func (s StatementRef) Span() (start, end policy.Position) { return s.attachment.Policy.Span(s.index) }

// String names the statement by its id, or by its number from 1, with its
// place and its policy.
func (s StatementRef) String() string { return s.statementText() + " of " + s.Source().String() }

func (s StatementRef) statementText() string {
	text := "statement "
	if sid := s.Sid(); sid != "" {
		text += message.Quote(sid, message.Enough)
	} else {
		text += strconv.Itoa(s.index + 1)
	}
	if start, _ := s.Span(); start.IsValid() {
		text += " (" + start.String() + ")"
	}
	return text
}

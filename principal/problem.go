package principal

import "strings"

// A ProblemCode says what is wrong with a reference.
type ProblemCode uint8

// The problems that a directory can have without being unusable.
const (
	// MissingPolicy is a managed policy that is attached to a user, group or
	// role while its document is not known. It grants nothing.
	MissingPolicy ProblemCode = iota + 1
	// MissingGroup is a group that a user belongs to and that is not there. It
	// grants nothing.
	MissingGroup
	// MissingBoundary is a permissions boundary whose document is not known.
	// It may deny anything, so it counts as one that denies everything.
	MissingBoundary
	// MissingDefaultVersion is a managed policy none of whose versions is the
	// default one, the one in force. It is treated as one without a document.
	MissingDefaultVersion
	// MissingControlPolicy is a control policy that is attached to the root, a
	// unit or an account of the organization while its document is not known. It
	// may deny anything, so it counts as one that denies everything.
	MissingControlPolicy
	// EmptyControlLevel is a root, unit or account of an organization with
	// service control policies to which none is attached: nothing is allowed
	// below it. AWS always keeps at least one attached.
	EmptyControlLevel
)

var problemCodeNames = [...]string{
	MissingPolicy: "missing policy", MissingGroup: "missing group", MissingBoundary: "missing permissions boundary",
	MissingDefaultVersion: "missing default version", MissingControlPolicy: "missing control policy",
	EmptyControlLevel: "no service control policy",
}

// String names the code in a few words.
func (c ProblemCode) String() string {
	if int(c) < len(problemCodeNames) && problemCodeNames[c] != "" {
		return problemCodeNames[c]
	}
	return "unknown problem"
}

// A Problem is a reference that leads nowhere. A directory with problems works;
// what is missing never grants, and what only restricts, a boundary or a control
// policy, allows nothing while it is missing. But a Deny in a policy or group
// that is missing is missing too. A Problem is comparable, and its pointer is an
// error, for those who want to stop.
type Problem struct {
	// Code is the sort of problem.
	Code ProblemCode
	// Entity is the ARN of the user, group, role or policy that has the
	// problem, or the id of the root, unit or account.
	Entity string
	// Reference is what is missing: the ARN of a policy, the name of a group,
	// the id of a control policy.
	Reference string
}

// Error says what is missing, to whom, and what follows from it.
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString("principal: ")
	b.WriteString(describe(p.Entity))
	switch p.Code {
	case MissingPolicy:
		b.WriteString(" has the policy " + quote(p.Reference) + " attached, whose document is not in the directory: it grants nothing")
	case MissingGroup:
		b.WriteString(" belongs to the group " + quote(p.Reference) + ", which is not in the directory: it grants nothing")
	case MissingBoundary:
		b.WriteString(" has the permissions boundary " + quote(p.Reference) + ", whose document is not in the directory: nothing is allowed")
	case MissingDefaultVersion:
		b.WriteString(" has no version that is the default one: it grants nothing")
	case MissingControlPolicy:
		b.WriteString(" has the control policy " + quote(p.Reference) + " attached, whose document is not in the organization: it denies everything")
	case EmptyControlLevel:
		b.WriteString(" has no service control policy attached: nothing is allowed below it")
	default:
		b.WriteString(": " + p.Code.String() + " " + quote(p.Reference))
	}
	return b.String()
}

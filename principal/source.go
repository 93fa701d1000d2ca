package principal

import (
	"strings"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/policy"
)

// A SourceType says in which capacity a policy takes part in a decision.
type SourceType uint8

// The ways in which a policy can reach a decision. The zero SourceType is
// Unnamed.
const (
	// Unnamed is a policy of which only the text is known.
	Unnamed SourceType = iota
	// UserInline is a policy embedded in a user.
	UserInline
	// GroupInline is a policy embedded in a group.
	GroupInline
	// RoleInline is a policy embedded in a role.
	RoleInline
	// CustomerManaged is a managed policy of the account.
	CustomerManaged
	// AWSManaged is a managed policy that AWS maintains.
	AWSManaged
	// Boundary is a managed policy, the account's or AWS's, that serves as the
	// permissions boundary of a user or role.
	Boundary
	// SessionPolicy is a policy passed when a session was made: a document, or
	// a managed policy, which then has an ARN.
	SessionPolicy
	// ServiceControl is a service control policy of an organization.
	ServiceControl
	// ResourceControl is a resource control policy of an organization.
	ResourceControl
	// ResourcePolicy is the policy of a resource, such as a bucket or a key.
	ResourcePolicy
	// TrustPolicy is the trust policy of a role.
	TrustPolicy
	// EndpointPolicy is the policy of a VPC endpoint.
	EndpointPolicy
)

var sourceTypeNames = [...]string{
	Unnamed:    "policy",
	UserInline: "inline policy", GroupInline: "inline policy", RoleInline: "inline policy",
	CustomerManaged: "managed policy", AWSManaged: "AWS managed policy",
	Boundary: "permissions boundary", SessionPolicy: "session policy",
	ServiceControl: "service control policy", ResourceControl: "resource control policy",
	ResourcePolicy: "resource-based policy", TrustPolicy: "trust policy", EndpointPolicy: "VPC endpoint policy",
}

// String names the type in words, the way the IAM User Guide does.
func (t SourceType) String() string {
	if int(t) < len(sourceTypeNames) {
		return sourceTypeNames[t]
	}
	return "unknown policy"
}

// A Source says where a policy came from: which policy it is, what it is
// attached to, and where its document stands. It is comparable; the zero Source
// is a policy of which nothing is known but its text.
//
// Positions in a policy that it is the source of are those in the text of the
// document, whose first character is at line 1, column 1, and not those in the
// file that holds it: documents of the same text share one compiled policy. For
// a document that stands in a file as a JSON object, lines of the file follow
// from Position; evaluate.StatementRef.Location does that sum.
type Source struct {
	// Type is the capacity in which the policy takes part.
	Type SourceType
	// Name is the name of the policy, or the id of a control policy; "" for
	// policies without one, such as trust policies.
	Name string
	// ARN is the ARN of a managed policy, else "".
	ARN string
	// AttachedTo is the ARN of the user, group, role or resource that the
	// policy is attached to, or the id of the root, organizational unit,
	// account or endpoint.
	AttachedTo string
	// Version is the version of a managed policy that is in force, such as
	// "v3", if known.
	Version string
	// File is the name of the file that the document stands in, as it was given
	// to [Load] or with the document. It is "" for documents that were given in
	// code without a file, and for those of package managed.
	File string
	// Position is where in the file the document begins, its opening brace or
	// quotation mark. It is zero if File is "".
	Position policy.Position
	// Encoded says that the document stands in the file as a JSON string, plain
	// or percent-encoded. Then only its beginning can be told.
	Encoded bool
}

// String says where the policy came from in words that fit into a sentence:
//
//	managed policy ReadDynamoDB (arn:aws:iam::111111111111:policy/ReadDynamoDB) attached to group engineers
//	inline policy sessions of role checkout
//	trust policy of role checkout
//	an unnamed policy
func (s Source) String() string {
	var b strings.Builder
	if s.Name == "" && s.ARN == "" && s.AttachedTo == "" {
		b.WriteString("an unnamed ")
	}
	b.WriteString(s.Type.String())
	if s.Name != "" {
		b.WriteByte(' ')
		b.WriteString(s.Name)
	}
	if s.ARN != "" {
		b.WriteString(" (")
		b.WriteString(s.ARN)
		b.WriteByte(')')
	}
	if s.AttachedTo == "" {
		return b.String()
	}
	switch s.Type {
	case CustomerManaged, AWSManaged, ServiceControl, ResourceControl, Unnamed:
		b.WriteString(" attached to ")
	default:
		b.WriteString(" of ")
	}
	b.WriteString(describe(s.AttachedTo))
	return b.String()
}

// describe shortens the ARN of a user, group, role or session to what it is
// and its name. Other texts stay as they are.
func describe(text string) string {
	entity, err := arn.ParseEntity(text)
	if err != nil {
		return text
	}
	switch entity.Kind {
	case arn.User, arn.Group, arn.Role:
		return entity.Kind.String() + " " + entity.Name
	case arn.AssumedRole:
		return "session " + entity.Session + " of role " + entity.Name
	}
	return text
}

package policy

// A Kind says what a document is used as, and with that which elements it may
// hold. The language is one; the same text can be a good identity-based policy
// and a bad trust policy, so whoever parses a document names its kind.
//
// The zero Kind is not valid: Parse and Check refuse it.
//
// Source: IAM User Guide, "Policies and permissions in AWS Identity and Access
// Management" and "IAM JSON policy elements reference".
type Kind uint8

const (
	// IdentityBased is a managed or inline policy of a user, group or role.
	// It names no principal and needs a resource.
	IdentityBased Kind = iota + 1
	// PermissionsBoundary is a managed policy that bounds what identity-based
	// policies can give. It is written like an identity-based policy.
	PermissionsBoundary
	// Session is a policy passed to an operation that makes a session. It is
	// written like an identity-based policy, but takes complete ARNs only.
	Session
	// ResourceBased is the policy of a resource: a bucket policy, a key
	// policy, a queue policy. It names principals, and may leave out the
	// resource where the service attaches it to one.
	ResourceBased
	// RoleTrust is the policy that says who may assume a role. It names
	// principals, and never a resource.
	RoleTrust
	// ServiceControl is a service control policy (SCP) of AWS Organizations.
	// It is written like an identity-based policy.
	ServiceControl
	// ResourceControl is a resource control policy (RCP) of AWS Organizations.
	// It denies, to the principal "*", and nothing else; RCPFullAWSAccess is
	// the one exception.
	ResourceControl
	// VPCEndpoint is the policy of a VPC endpoint. It names principals and
	// resources.
	VPCEndpoint
)

// kindNames holds the words of AWS for each kind, indexed by it.
var kindNames = [...]string{
	IdentityBased:       "identity-based policy",
	PermissionsBoundary: "permissions boundary",
	Session:             "session policy",
	ResourceBased:       "resource-based policy",
	RoleTrust:           "role trust policy",
	ServiceControl:      "service control policy",
	ResourceControl:     "resource control policy",
	VPCEndpoint:         "VPC endpoint policy",
}

// String gives the words of AWS for the kind, "role trust policy" for
// RoleTrust, and "unknown kind of policy" for one that does not exist.
func (k Kind) String() string {
	if !k.valid() {
		return "unknown kind of policy"
	}
	return kindNames[k]
}

// withArticle gives the words of AWS behind "a" or "an".
func (k Kind) withArticle() string {
	if k == IdentityBased {
		return "an " + k.String()
	}
	return "a " + k.String()
}

func (k Kind) valid() bool { return k >= IdentityBased && k <= VPCEndpoint }

// namesPrincipal tells whether statements of the kind must name a principal.
// In the other kinds they must not.
func (k Kind) namesPrincipal() bool {
	return k == ResourceBased || k == RoleTrust || k == ResourceControl || k == VPCEndpoint
}

package principal

import (
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/policy"
)

// A Principal is who asks, with everything that its own side brings to a
// decision: the policies of each kind that apply to it, each with the place
// where it came from, and what is known about it as condition keys.
//
// [Directory.Principal] and its siblings make one; code that has the policies
// in hand fills in the fields itself. Once handed to an evaluator it must not
// change; reading is safe for any number of goroutines. Principals of one
// directory share slices and compiled policies, so treat both as read-only.
//
// The zero Principal is nobody and may do nothing.
type Principal struct {
	// Identity is the caller.
	Identity Identity
	// IdentityPolicies are all that are attached to the caller: of a user also
	// those of its groups, of a session those of its role or issuing user.
	IdentityPolicies []Attachment
	// PermissionsBoundaries limit the caller to what their union allows. None
	// means no limit. A boundary whose document is not known is a policy that
	// allows nothing.
	PermissionsBoundaries []Attachment
	// SessionPolicies limit a session to what their union allows. None means
	// that none was passed.
	SessionPolicies []Attachment
	// ServiceControlLevels are the service control policies from the root of
	// the organization down to the account. None means that they do not apply.
	ServiceControlLevels []Level
	// Facts are the condition keys that follow from who asks, such as
	// aws:PrincipalArn and aws:PrincipalTag/…. They win over what a request
	// brings along. If nil, nothing is derived, and the context of the request
	// answers for these keys too. [FactsOf] makes them without a directory.
	Facts *condition.Context
	// Problems are the dangling references that concern this principal, for
	// example a policy that is attached but whose document is not known. They
	// grant nothing; yet a document that is not there may also have denied.
	Problems []*Problem
}

// An Attachment is a compiled policy and the place where it came from.
type Attachment struct {
	// Policy is the compiled document, shared by all who have the same text.
	Policy *policy.Policy
	// Source says where it came from.
	Source Source
}

// A Level is one level of the organization (the root, an organizational unit
// or an account) with the control policies attached to it. Policies of a level
// add up, levels intersect.
//
// Source: AWS Organizations User Guide, "SCP evaluation" and "RCP evaluation".
type Level struct {
	// OrgIdentifier is the id of the root, unit or account.
	OrgIdentifier string
	// Policies are those attached directly to it.
	Policies []Attachment
}

// A Resource is what is asked for, with everything that its side brings to a
// decision. [Directory.Resource] makes one; the rules of sharing are those of
// [Principal].
type Resource struct {
	// ARN is the resource as it was asked about, or "*".
	ARN string
	// AccountID is the account that owns it.
	AccountID string
	// Policy is the resource's own policy, for a role its trust policy, nil if
	// it has none.
	Policy *Attachment
	// ControlLevels are the resource control policies from the root of the
	// organization down to the account that owns the resource. None means that
	// they do not apply. RCPFullAWSAccess is implied at each level.
	ControlLevels []Level
	// Facts are the condition keys that follow from the resource, such as
	// aws:ResourceAccount and aws:ResourceTag/…. If nil, nothing is derived.
	Facts *condition.Context
}

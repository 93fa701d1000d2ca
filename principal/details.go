package principal

// AccountDetails is an account, as code builds it. It mirrors the answer of the
// IAM operation GetAccountAuthorizationDetails; what a decision does not depend
// on is left out.
type AccountDetails struct {
	// AccountID is the id of the account: twelve digits.
	AccountID string
	// Partition is the one that the account is in: "aws" if empty, or aws-cn,
	// aws-us-gov, …
	Partition string
	// Users, Groups and Roles are those of the account.
	Users  []UserDetail
	Groups []GroupDetail
	Roles  []RoleDetail
	// Policies are the customer-managed policies of the account. Those of AWS
	// need not be given.
	Policies []ManagedPolicyDetail
}

// A NamedDocument is a policy document under the name that it has as an inline
// policy, or as a control policy of an organization.
type NamedDocument struct {
	// Name is the name of the policy.
	Name string
	// Document is the text of the document: JSON.
	Document string
	// File is the name of the file of which Document is all the text, "" for
	// none. It stands in errors and in the [Source] of the policy.
	File string
}

// A UserDetail is an IAM user. Only the Name is required.
type UserDetail struct {
	// Name is the user's name.
	Name string
	// Path is the user's path, with a slash at both ends; "/" if empty.
	Path string
	// ID is the unique id, AIDA…, which is the value of aws:userid. Without it
	// that condition key is unknown.
	ID string
	// Groups are the names of the groups that the user belongs to.
	Groups []string
	// Inline are the policies embedded in the user.
	Inline []NamedDocument
	// Attached are the ARNs of the managed policies attached to the user.
	Attached []string
	// Boundary is the ARN of the managed policy that is the user's permissions
	// boundary, "" for none.
	Boundary string
	// Tags are the user's tags. Keys must differ by more than letter case.
	Tags map[string]string
}

// A GroupDetail is an IAM user group. Only the Name is required. Its fields are
// those of [UserDetail].
type GroupDetail struct {
	Name, Path, ID string
	Inline         []NamedDocument
	Attached       []string
}

// A RoleDetail is an IAM role. Only the Name is required. Its fields are those
// of [UserDetail], but for Trust.
type RoleDetail struct {
	Name, Path, ID string
	// Trust is the text of the trust policy (AssumeRolePolicyDocument). A role
	// without one can be assumed by nobody.
	Trust string
	// TrustFile is the name of the file of which Trust is all the text, "" for
	// none; see [NamedDocument].
	TrustFile string
	Inline    []NamedDocument
	Attached  []string
	Boundary  string
	Tags      map[string]string
	// MaxSessionDuration is how many seconds a session of the role may last, from
	// 3600 to 43200; 0 means 3600. GetAccountAuthorizationDetails does not tell
	// it, GetRole does.
	MaxSessionDuration int
}

// A ManagedPolicyDetail is a customer-managed policy with the version that is
// in force.
type ManagedPolicyDetail struct {
	// Name is the name of the policy.
	Name string
	// Path is its path, with a slash at both ends; "/" if empty.
	Path string
	// Version is the id of the default version, such as "v3"; optional.
	Version string
	// Document is the text of that version. Without it the policy has no
	// default version, which is a [Problem].
	Document string
	// File is the name of the file of which Document is all the text, "" for
	// none; see [NamedDocument].
	File string
}

// A ResourceDetail is a resource that has a policy of its own or tags: a
// bucket, a key, a queue. Roles with their trust policies belong to
// [AccountDetails]; a role of an account that is not in the directory can be
// given here too.
type ResourceDetail struct {
	// ARN is the ARN of the resource that the policy is attached to: of the
	// bucket, not of its objects.
	ARN string
	// AccountID is the account that owns the resource. It may be left empty
	// where the ARN says it.
	AccountID string
	// Document is the text of the policy, "" if the resource has none.
	Document string
	// File is the name of the file of which Document is all the text, "" for
	// none; see [NamedDocument].
	File string
	// Tags are the tags of the resource: they are known, so that a tag which
	// is not among them is absent.
	Tags map[string]string
}

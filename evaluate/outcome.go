package evaluate

// An Outcome is what a decision comes to. The zero Outcome denies.
type Outcome uint8

const (
	// ImplicitlyDenied means that something needed does not allow the request,
	// and no Deny statement applies to it.
	ImplicitlyDenied Outcome = iota
	// ExplicitlyDenied means that a Deny statement applies to the request.
	ExplicitlyDenied
	// Allowed means that the request may be carried out.
	Allowed
	// Undetermined means that the outcome hangs on context keys that the
	// request declares to be unknown. Like the denials it is no permission.
	Undetermined
)

var outcomeNames = [...]string{
	ImplicitlyDenied: "ImplicitlyDenied", ExplicitlyDenied: "ExplicitlyDenied",
	Allowed: "Allowed", Undetermined: "Undetermined",
}

// String names the outcome as the constants of this package do, which is also
// how the neutral case format does it.
func (o Outcome) String() string {
	if int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return "Outcome(unknown)"
}

// A Layer is a type of policy in its place in the decision. Layers are ordered
// as they are looked at.
type Layer uint8

const (
	// NoLayer is the layer of a zero Decision.
	NoLayer Layer = iota
	// ServiceRule is not a type of policy but a rule of the service itself,
	// such as that nobody changes an AWS-managed policy.
	ServiceRule
	// ResourceControlPolicy is the layer of RCPs.
	ResourceControlPolicy
	// ServiceControlPolicy is the layer of SCPs.
	ServiceControlPolicy
	// VPCEndpointPolicy is the layer of the VPC endpoint's policies.
	VPCEndpointPolicy
	// ResourcePolicy is the layer of the resource-based policy, which for the
	// operations that assume a role is its trust policy.
	ResourcePolicy
	// IdentityPolicy is the layer of identity-based policies. It also stands
	// for the root user's power over its account.
	IdentityPolicy
	// PermissionsBoundary is the layer of the permissions boundary.
	PermissionsBoundary
	// SessionPolicy is the layer of session policies.
	SessionPolicy

	layerCount
)

var layerNames = [...]string{
	NoLayer: "no layer", ServiceRule: "rule of the service",
	ResourceControlPolicy: "resource control policy", ServiceControlPolicy: "service control policy",
	VPCEndpointPolicy: "VPC endpoint policy", ResourcePolicy: "resource-based policy",
	IdentityPolicy: "identity-based policy", PermissionsBoundary: "permissions boundary",
	SessionPolicy: "session policy",
}

// String gives the words that AWS uses in its access denied messages.
//
// Source: IAM User Guide, "Troubleshoot access denied error messages".
func (l Layer) String() string {
	if int(l) < len(layerNames) {
		return layerNames[l]
	}
	return "unknown layer"
}

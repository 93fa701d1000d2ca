// Package cognito decides what Amazon Cognito decides between a user who has
// signed in, or a guest, and the session of a role: which role an identity pool
// gives, with which session tags and which limits, and whether the trust policy
// of the role lets it.
//
//	token of a login ──► Pool.ChooseRole ──► Choice
//	                          │
//	                          ▼
//	   Pool.GetCredentialsForIdentity ──► Credentials with an *sts.Session   (enhanced flow)
//	   Pool.AssumeRoleWithClassicFlow ──► Credentials with an *sts.Session   (basic flow)
//
// A user pool and an identity pool are different things. A user pool signs users
// in and issues tokens; what groups put into them is [GroupClaims]. An identity
// pool takes tokens, of a user pool or of another provider, and hands out
// credentials; that is [Pool], which [Load] reads from the answers of the API.
//
// Nothing here reads a token or verifies a signature: the claims must come from
// a library that has verified them. What is not understood gives nobody a role.
//
// Source: Amazon Cognito Developer Guide, "Identity pools authentication flow",
// "Using role-based access control", "Using attributes for access control", "IAM
// roles" and "Role trust and permissions"; Amazon Cognito Federated Identities
// API Reference, "SetIdentityPoolRoles", "RoleMapping" and "MappingRule".
package cognito

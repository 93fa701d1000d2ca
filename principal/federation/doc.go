// Package federation turns what an identity provider says of a user into
// condition keys: the claims of an OpenID Connect token into keys such as
// token.actions.githubusercontent.com:sub, the attributes of a SAML assertion
// into keys such as saml:sub.
//
// # This package verifies nothing
//
// It takes the claims for true. Who calls it must have verified the token
// before: its signature against the keys of the issuer, its expiry, and that it
// is meant for this audience; and of an assertion its signature, conditions and
// recipient. Use a well-kept library for that, such as
// github.com/coreos/go-oidc or github.com/golang-jwt/jwt for tokens and
// github.com/russellhaering/gosaml2 for assertions. To hand claims of an
// unverified token to this package is to let anybody be anybody.
//
// # What becomes of claims
//
// Some keys are seen only by the trust policy of the role that is being
// assumed ([WebIdentity.TrustKeys], [SAMLIdentity.TrustKeys]), some stay with
// the session ([WebIdentity.SessionKeys], [SAMLIdentity.SessionKeys]). Claims
// that AWS has no key for are left out, so that no policy can hang on them.
// Session tags and the source identity come out of claims too.
//
// Source: IAM User Guide, "IAM and AWS STS condition context keys", sections
// "Available keys for AWS OIDC federation" and "Available keys for SAML-based
// AWS STS federation"; "Pass session tags in AWS STS"; "Configure SAML
// assertions for the authentication response".
package federation

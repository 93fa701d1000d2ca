package cognito

import "strings"

// A Pool is an identity pool: what it knows of its login providers, and which
// roles it gives. Its fields are those of the API. A Pool that nobody changes is
// safe for any number of goroutines. The zero Pool gives nobody anything.
//
// [Load] makes one; one that is built in code should pass [Pool.Check].
//
// Source: Amazon Cognito Federated Identities API Reference,
// "DescribeIdentityPool" and "GetIdentityPoolRoles".
type Pool struct {
	// ID is the id of the pool, REGION:UUID. It is the audience of its tokens.
	ID string
	// AccountID is the account of the pool: twelve digits. Partition is the one
	// that the account is in, "aws" if empty.
	AccountID, Partition string
	// AllowUnauthenticated lets guests in: identities without a login.
	AllowUnauthenticated bool
	// AllowClassicFlow lets applications take a token of the pool and ask for
	// any role with it; see [Pool.AssumeRoleWithClassicFlow].
	AllowClassicFlow bool
	// AuthenticatedRole and UnauthenticatedRole are the ARNs of the default
	// roles, "" for none.
	AuthenticatedRole, UnauthenticatedRole string
	// Providers are the login providers. A login with another provider is
	// refused.
	Providers []Provider
	// RoleMappings say how the role of a login is chosen, under the name of its
	// provider; of a user pool that is NAME:CLIENT-ID. A provider without one
	// gives the default role.
	RoleMappings map[string]RoleMapping
	// PrincipalTags are the attributes for access control, under the name of
	// the provider.
	PrincipalTags map[string]TagMapping
}

// partition is the partition of the pool.
func (p *Pool) partition() string {
	if p.Partition == "" {
		return "aws"
	}
	return p.Partition
}

// A Provider is a login provider of a pool.
type Provider struct {
	// Name is the name under which logins come: the host of the issuer
	// ("accounts.google.com"), host and path of a user pool
	// ("cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"), the ARN of a
	// SAML provider, or the name of a developer provider.
	Name string
	// ARN is that of the provider in IAM, "" if it has none.
	ARN string
	// ClientIDs are the audiences that tokens of the provider may be for. Nil
	// leaves that to whoever verified the token: IAM keeps those of OpenID
	// Connect providers, and SAML has none.
	ClientIDs []string
}

// A MappingType says where the role of a login comes from.
type MappingType string

const (
	// TokenMapping takes the role that a user pool has put into the token.
	TokenMapping MappingType = "Token"
	// RulesMapping takes the role of the first rule that matches.
	RulesMapping MappingType = "Rules"
)

// A RoleResolution says what becomes of a login for which a mapping gives no
// role. Anything but AuthenticatedRoleResolution denies.
type RoleResolution string

const (
	// AuthenticatedRoleResolution gives the default authenticated role.
	AuthenticatedRoleResolution RoleResolution = "AuthenticatedRole"
	// DenyResolution gives none.
	DenyResolution RoleResolution = "Deny"
)

// A MatchType says how a rule compares a claim with its value. Letter case
// counts in all of them.
type MatchType string

const (
	// Equals wants the claim to be the value.
	Equals MatchType = "Equals"
	// Contains wants the value somewhere in the claim.
	Contains MatchType = "Contains"
	// StartsWith wants the claim to begin with the value.
	StartsWith MatchType = "StartsWith"
	// NotEqual wants the claim to be there and to be something else.
	NotEqual MatchType = "NotEqual"
)

// MaxRules is how many rules a provider can have.
//
// Source: Amazon Cognito Developer Guide, "Using role-based access control".
const MaxRules = 25

// A RoleMapping says how the role of a login is chosen. The zero RoleMapping
// gives none.
//
// Source: Amazon Cognito Federated Identities API Reference, "RoleMapping".
type RoleMapping struct {
	// Type says where the role comes from.
	Type MappingType
	// AmbiguousRoleResolution says what to do if nothing comes from there.
	AmbiguousRoleResolution RoleResolution
	// Rules are those of a RulesMapping, in the order in which they are tried.
	Rules []MappingRule
}

// A MappingRule gives a role to logins with a certain claim.
//
// Source: Amazon Cognito Federated Identities API Reference, "MappingRule".
type MappingRule struct {
	// Claim is the name of the claim in the token.
	Claim string
	// MatchType says how the claim is compared with Value.
	MatchType MatchType
	Value     string
	// RoleARN is the role.
	RoleARN string
}

// matches tells whether a claim with this text fits the rule.
func (r *MappingRule) matches(text string) bool {
	switch r.MatchType {
	case Equals:
		return text == r.Value
	case Contains:
		return strings.Contains(text, r.Value)
	case StartsWith:
		return strings.HasPrefix(text, r.Value)
	case NotEqual:
		return text != r.Value
	}
	return false
}

// A TagMapping says which claims of a login become session tags: attributes for
// access control.
//
// Source: Amazon Cognito Developer Guide, "Using attributes for access control";
// Amazon Cognito Federated Identities API Reference,
// "SetPrincipalTagAttributeMap".
type TagMapping struct {
	// UseDefaults takes the default mapping of the provider, and not Tags: the
	// tags client and username, from the audience and the subject.
	UseDefaults bool
	// Tags maps the key of each tag to the name of a claim.
	Tags map[string]string
}

// The claims of SAML that the default mapping takes.
//
// Source: Amazon Cognito Developer Guide, "Default provider mappings".
const (
	samlNameIdentifier = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier"
	samlName           = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"
)

// of gives the mapping for a provider.
func (t TagMapping) of(provider *Provider) map[string]string {
	switch {
	case !t.UseDefaults:
		return t.Tags
	case strings.Contains(provider.Name, ":saml-provider/"):
		return map[string]string{"client": samlNameIdentifier, "username": samlName}
	case provider.Name == "www.amazon.com":
		return map[string]string{"client": "aud", "username": "user_id"}
	}
	return map[string]string{"client": "aud", "username": "sub"}
}

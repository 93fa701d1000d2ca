package cognito

import (
	"maps"
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/principal/federation"
)

// Issuer is the issuer of the tokens of identity pools. Trust policies name it
// without its scheme: cognito-identity.amazonaws.com.
const Issuer = "https://cognito-identity.amazonaws.com"

// tagsClaim is the claim that session tags stand in.
//
// Source: IAM User Guide, "Pass session tags in AWS STS", section "Passing
// session tags using AssumeRoleWithWebIdentity".
const tagsClaim = "https://aws.amazon.com/tags"

// GetOpenIDToken gives what the token says that the pool issues for an identity:
// its audience is the pool, its subject the identity, and amr says whether it is
// authenticated, and with which provider. The attributes for access control of
// the provider are in it as session tags; claims that the login does not have
// make no tags. A nil login is a guest.
//
// The identity is what GetId gave: an id REGION:UUID in the pool's Region. That
// it belongs to this login is for the caller to know, as Cognito does.
//
// The error is a [*RefusedError]: the pool does not take the login, or its claims
// make no session tags, with the [federation.ClaimErrors] below.
//
// Source: Amazon Cognito Federated Identities API Reference, "GetOpenIdToken";
// Amazon Cognito Developer Guide, "Role trust and permissions" and "Using
// attributes for access control".
func (p *Pool) GetOpenIDToken(identityID string, login *Login) (*federation.WebIdentity, error) {
	return p.token("GetOpenIdToken", p.ID, identityID, login)
}

// token makes the token; its audience is that of the pool, but for a test of the
// trust policy.
func (p *Pool) token(operation, audience, identityID string, login *Login) (*federation.WebIdentity, error) {
	fail := func(reason Reason) (*federation.WebIdentity, error) {
		return nil, &RefusedError{Operation: operation, Choice: refuse(reason)}
	}
	if region, _, _ := strings.Cut(p.ID, ":"); !isIdentity(p.ID, region) || !isIdentity(identityID, region) {
		return fail(NotAnIdentity)
	}
	claims := map[string]any{"aud": audience, "sub": identityID, "amr": []string{"unauthenticated"}}
	if login == nil {
		if !p.AllowUnauthenticated {
			return fail(GuestsNotAllowed)
		}
	} else {
		from, reason := p.provider(login)
		if from == nil {
			return fail(reason)
		}
		claims["amr"] = []string{"authenticated", from.Name}
		if tags := p.tags(from, login); len(tags) > 0 {
			claims[tagsClaim] = map[string]any{"principal_tags": tags}
		}
	}
	identity, err := federation.NewWebIdentity(Issuer, claims)
	if err != nil {
		return nil, &RefusedError{Operation: operation, Choice: refuse(0), Err: err}
	}
	return identity, nil
}

// tags gives the session tags of a login, each as the list of one that the claim
// holds.
func (p *Pool) tags(from *Provider, login *Login) map[string]any {
	var mapping map[string]string
	for _, key := range from.keys(login) {
		if found, ok := p.PrincipalTags[key]; ok {
			mapping = found.of(from)
			break
		}
	}
	tags := make(map[string]any, len(mapping))
	for _, key := range slices.Sorted(maps.Keys(mapping)) {
		if text, ok := claimText(login.Claims, mapping[key]); ok {
			tags[key] = []any{text}
		}
	}
	return tags
}

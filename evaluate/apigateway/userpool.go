package apigateway

import (
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/internal/message"
)

// A UserPoolAuthorizer says which tokens of Cognito user pools a method takes.
// The zero UserPoolAuthorizer takes none.
//
// Source: API Gateway Developer Guide, "Control access to REST APIs using Amazon
// Cognito user pools as an authorizer".
type UserPoolAuthorizer struct {
	// Issuers are the user pools, as in the claim iss of their tokens:
	// "https://cognito-idp.REGION.amazonaws.com/POOL-ID".
	Issuers []string
	// Scopes are the OAuth scopes of the method. If there are any, the token
	// must be an access token that has one of them. If not, it must be an
	// identity token.
	Scopes []string
}

// A TokenError says why a token is not one for a method.
type TokenError struct {
	// Claim is the one that is to blame, "" if there are no claims at all.
	Claim string
	// Reason completes the sentence "the token …".
	Reason string
}

// Error says why.
func (e *TokenError) Error() string { return "apigateway: the token " + e.Reason }

// Check tells whether the claims are those of a token that the authorizer takes.
// That the token is genuine and in date must have been verified before. The
// error is a [*TokenError].
func (u *UserPoolAuthorizer) Check(claims map[string]any) error {
	if len(claims) == 0 {
		return &TokenError{Reason: "is missing"}
	}
	issuer, _ := claims["iss"].(string)
	if u == nil || issuer == "" || !slices.Contains(u.Issuers, issuer) {
		return &TokenError{Claim: "iss", Reason: "is not from a user pool of the authorizer: its issuer is " + quote(issuer)}
	}
	use, _ := claims["token_use"].(string)
	if len(u.Scopes) == 0 {
		if use != "id" {
			return &TokenError{Claim: "token_use", Reason: "is no identity token, which a method without scopes needs"}
		}
		return nil
	}
	if use != "access" {
		return &TokenError{Claim: "token_use", Reason: "is no access token, which a method with scopes needs"}
	}
	granted, _ := claims["scope"].(string)
	for _, scope := range strings.Fields(granted) {
		if slices.Contains(u.Scopes, scope) {
			return nil
		}
	}
	return &TokenError{Claim: "scope", Reason: "has none of the scopes of the method"}
}

func quote(text string) string { return message.Quote(text, message.Enough) }

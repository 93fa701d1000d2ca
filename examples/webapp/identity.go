package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/apigateway"
	"github.com/portcullis-iam/portcullis/evaluate/cognito"
	"github.com/portcullis-iam/portcullis/evaluate/sts"
	"github.com/portcullis-iam/portcullis/principal"
)

var (
	//go:embed cognito/identity-pool.json
	poolFile []byte
	//go:embed cognito/identity-pool-roles.json
	poolRolesFile []byte
	//go:embed cognito/principal-tags.json
	poolTagsFile []byte
)

func loadIdentityPool() (*cognito.Pool, error) {
	return cognito.Load(account, "aws",
		principal.File{Name: "identity-pool.json", Text: poolFile},
		principal.File{Name: "identity-pool-roles.json", Text: poolRolesFile},
		principal.File{Name: "principal-tags.json", Text: poolTagsFile},
	)
}

// maxToken bounds a token, before anything looks into it.
const maxToken = 8 << 10

var (
	errTooLong = errors.New("the token is too long")
	// The user pool whose ID tokens are taken: another check of the claims, after
	// that of the signature.
	authorizer = apigateway.UserPoolAuthorizer{Issuers: []string{issuer}}
)

// newVerifier makes what verifies tokens: the signature with the keys of the
// user pool, the issuer, the audience and the dates. "none" is no algorithm that
// it takes, nor is any with a shared key.
func newVerifier(keysURL string) *oidc.IDTokenVerifier {
	client := &http.Client{Timeout: 10 * time.Second}
	keys := oidc.NewRemoteKeySet(oidc.ClientContext(context.Background(), client), keysURL)
	return oidc.NewVerifier(issuer, keys, &oidc.Config{ClientID: clientID, SupportedSigningAlgs: []string{oidc.RS256, oidc.ES256}})
}

// A person is somebody who has signed in, or a guest. It is safe for any number
// of goroutines.
type person struct {
	name       string         // of the user; "guest"
	login      *cognito.Login // nil for a guest
	identityID string         // in the identity pool
	until      time.Time      // the end of the token

	became atomic.Pointer[became]
}

// became is what a person has become under the policies of one snapshot.
type became struct {
	snapshot    *evaluate.Snapshot
	credentials *cognito.Credentials
	err         error
}

// verify makes a person of an ID token.
func (a *app) verify(ctx context.Context, token string) (*person, error) {
	if len(token) > maxToken {
		return nil, errTooLong
	}
	verified, err := a.verifier.Verify(ctx, token)
	if err != nil {
		return nil, err
	}
	var claims map[string]any
	if err := verified.Claims(&claims); err != nil {
		return nil, err
	}
	if err := authorizer.Check(claims); err != nil {
		return nil, err
	}
	name, _ := claims["cognito:username"].(string)
	return &person{
		name:       name,
		login:      &cognito.Login{Provider: userPoolName, Claims: claims},
		identityID: identityOf(issuer + " " + verified.Subject),
		until:      verified.Expiry,
	}, nil
}

// guest makes a person who has not signed in.
func (a *app) guest() *person {
	return &person{name: "guest", identityID: identityOf(rand.Text()), until: time.Now().Add(tokenLife)}
}

// identityOf is the id that an identity pool gives to a user: the same for the
// same user, and without meaning. Cognito draws it and remembers it.
func identityOf(who string) string {
	h := sha256.Sum256([]byte(who))
	h[6], h[8] = h[6]&0x0f|0x40, h[8]&0x3f|0x80 // as a random UUID has them
	return fmt.Sprintf("%s:%x-%x-%x-%x-%x", region, h[0:4], h[4:6], h[6:8], h[8:10], h[10:16])
}

// credentials gives the session that a person acts in: the identity pool chooses
// the role, and its trust policy must agree. It is asked again when the policies
// have changed, as AWS would decide by the new ones, and when the session has
// expired.
func (a *app) credentials(p *person) (*cognito.Credentials, *evaluate.Snapshot, error) {
	security := a.security()
	now := time.Now()
	is := p.became.Load()
	if is == nil || is.snapshot != security.Snapshot() || is.err == nil && is.credentials.Session.Expired(now) {
		is = &became{snapshot: security.Snapshot()}
		is.credentials, is.err = a.pool.GetCredentialsForIdentity(security, cognito.CredentialsInput{IdentityID: p.identityID, Login: p.login})
		p.became.Store(is)
	}
	return is.credentials, is.snapshot, is.err
}

// security gives the token service over the policies in force.
func (a *app) security() *sts.STS {
	snapshot := a.policies.Store().Load()
	if kept := a.kept.Load(); kept != nil && kept.Snapshot() == snapshot {
		return kept
	}
	made := sts.New(snapshot)
	a.kept.Store(made)
	return made
}

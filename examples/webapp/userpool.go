package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	_ "embed"
	"encoding/json"
	"maps"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/portcullis-iam/portcullis/evaluate/cognito"
	"github.com/portcullis-iam/portcullis/principal"
)

// The user pool, as its tokens name it. The program does not talk to
// amazonaws.com: it has a user pool of its own, with keys that it makes when it
// starts, and fetches the keys of the pool from itself. For a real one, give the
// verifier the address https://ISSUER/.well-known/jwks.json.
const (
	userPoolName = "cognito-idp." + region + ".amazonaws.com/eu-west-1_ShopUsers"
	issuer       = "https://" + userPoolName
	clientID     = "shop-website"
	tokenLife    = time.Hour
)

var (
	//go:embed cognito/users.json
	usersFile []byte
	//go:embed cognito/user-pool-groups.json
	groupsFile []byte
)

// A user is a member of the user pool.
type user struct {
	Name   string   `json:"name"`
	Sub    string   `json:"sub"`
	Team   string   `json:"team"`
	Groups []string `json:"groups"`
	Alg    string   `json:"alg"` // of the tokens; Cognito's are all RS256
}

// A userPool is an OpenID Connect issuer: it signs ID tokens for its users and
// shows the keys to verify them with. It stands in for Amazon Cognito and asks
// for no password; nothing else here is make-believe.
type userPool struct {
	users  []user
	groups map[string]cognito.Group
	keys   map[string]jose.JSONWebKey // by algorithm
	clock  func() time.Time
}

func newUserPool() (*userPool, error) {
	p := &userPool{groups: map[string]cognito.Group{}, keys: map[string]jose.JSONWebKey{}, clock: time.Now}
	if err := json.Unmarshal(usersFile, &p.users); err != nil {
		return nil, err
	}
	groups, err := cognito.LoadGroups(principal.File{Name: "user-pool-groups.json", Text: groupsFile})
	if err != nil {
		return nil, err
	}
	for _, group := range groups {
		p.groups[group.Name] = group
	}
	one, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	for alg, key := range map[string]crypto.Signer{"RS256": one, "ES256": other} {
		p.keys[alg] = jose.JSONWebKey{Key: key, KeyID: "shop-" + alg, Algorithm: alg, Use: "sig"}
	}
	return p, nil
}

// claims are those of the ID token of a user.
func (p *userPool) claims(u user) map[string]any {
	var groups []cognito.Group
	for _, name := range u.Groups {
		groups = append(groups, p.groups[name])
	}
	now := p.clock()
	claims := map[string]any{
		"iss": issuer, "aud": clientID, "sub": u.Sub, "token_use": "id",
		"iat": now.Unix(), "exp": now.Add(tokenLife).Unix(),
		"cognito:username": u.Name, "custom:team": u.Team,
	}
	maps.Copy(claims, cognito.GroupClaims(groups))
	return claims
}

// sign signs a token with the pool's key for an algorithm.
func (p *userPool) sign(alg string, claims map[string]any) (string, error) {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(alg), Key: p.keys[alg]}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", err
	}
	return jwt.Signed(signer).Claims(claims).Serialize()
}

// user finds a user by name.
func (p *userPool) user(name string) (user, bool) {
	for _, u := range p.users {
		if u.Name == name {
			return u, true
		}
	}
	return user{}, false
}

// serveToken signs a user in: POST user=NAME.
func (p *userPool) serveToken(w http.ResponseWriter, r *http.Request) {
	u, found := p.user(r.PostFormValue("user"))
	if !found {
		http.Error(w, "there is no such user", http.StatusBadRequest)
		return
	}
	token, err := p.sign(u.Alg, p.claims(u))
	if err != nil {
		http.Error(w, "the token cannot be signed", http.StatusInternalServerError)
		return
	}
	answer(w, map[string]string{"id_token": token})
}

// serveKeys shows the public keys.
func (p *userPool) serveKeys(w http.ResponseWriter, _ *http.Request) {
	var set jose.JSONWebKeySet
	for _, key := range p.keys {
		set.Keys = append(set.Keys, key.Public())
	}
	answer(w, set)
}

// answer writes JSON that no cache keeps.
func answer(w http.ResponseWriter, what any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_ = json.NewEncoder(w).Encode(what) // the client may have gone
}

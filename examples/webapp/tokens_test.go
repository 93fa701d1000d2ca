package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// signed signs claims with a key of the test's own.
func signed(t testing.TB, alg jose.SignatureAlgorithm, key any, options *jose.SignerOptions, claims map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, options)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// bearer calls a route of the server with a token and gives the status.
func bearer(t testing.TB, s *Server, authorization ...string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/prod/catalog", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header["Authorization"] = authorization
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode
}

// badTokens are tokens that are not good, each but for one reason, by that
// reason.
func badTokens(t testing.TB, s *Server) map[string]string {
	t.Helper()
	pool := s.app.users
	ada, _ := pool.user("ada")
	wren, _ := pool.user("wren")
	claims := func(pairs ...any) map[string]any {
		c := pool.claims(ada)
		for at := 0; at < len(pairs); at += 2 {
			if pairs[at+1] == nil {
				delete(c, pairs[at].(string))
			} else {
				c[pairs[at].(string)] = pairs[at+1]
			}
		}
		return c
	}
	genuine := func(alg string, c map[string]any) string {
		token, err := pool.sign(alg, c)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	otherRSA, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	otherEC, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	options := (&jose.SignerOptions{}).WithType("JWT")
	part := func(what any) string {
		text, err := json.Marshal(what)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(text)
	}
	good := genuine("RS256", claims())
	parts := strings.Split(good, ".")
	ours := pool.keys["RS256"]
	public := ours.Public()
	der, err := x509.MarshalPKIXPublicKey(public.Key)
	if err != nil {
		t.Fatal(err)
	}
	publicJSON, err := json.Marshal(public)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	// A clerk who writes the group of managers into the token.
	promoted := pool.claims(wren)
	maps.Copy(promoted, map[string]any{"cognito:groups": []string{"managers"}, "cognito:preferred_role": "arn:aws:iam::111122223333:role/managers"})
	wrens := strings.Split(genuine("ES256", pool.claims(wren)), ".")
	last := len(parts[2]) - 1

	bad := map[string]string{
		"forged, under the name of our key":      signed(t, jose.RS256, jose.JSONWebKey{Key: otherRSA, KeyID: "shop-RS256"}, options, claims()),
		"forged, under a name of its own":        signed(t, jose.RS256, jose.JSONWebKey{Key: otherRSA, KeyID: "mine"}, options, claims()),
		"forged, without a name":                 signed(t, jose.RS256, otherRSA, options, claims()),
		"forged, elliptic":                       signed(t, jose.ES256, jose.JSONWebKey{Key: otherEC, KeyID: "shop-ES256"}, options, claims()),
		"forged, with the key in it":             signed(t, jose.RS256, jose.JSONWebKey{Key: otherRSA, KeyID: "shop-RS256"}, &jose.SignerOptions{EmbedJWK: true}, claims()),
		"forged, with the address of the key":    signed(t, jose.RS256, otherRSA, (&jose.SignerOptions{}).WithHeader("jku", "https://evil.example/keys"), claims()),
		"forged, with the address of a chain":    signed(t, jose.RS256, otherRSA, (&jose.SignerOptions{}).WithHeader("x5u", "https://evil.example/chain"), claims()),
		"forged, under a path for a name":        signed(t, jose.RS256, jose.JSONWebKey{Key: otherRSA, KeyID: "../../../../dev/null"}, options, claims()),
		"signed with nothing as a secret":        signed(t, jose.HS256, jose.JSONWebKey{Key: make([]byte, 32), KeyID: "../../../../dev/null"}, options, claims()),
		"signed with our public key as a secret": signed(t, jose.HS256, jose.JSONWebKey{Key: der, KeyID: "shop-RS256"}, options, claims()),
		"signed with the text of our public key": signed(t, jose.HS256, jose.JSONWebKey{Key: publicJSON, KeyID: "shop-RS256"}, options, claims()),
		"a good key and another algorithm":       part(map[string]string{"alg": "ES256", "kid": "shop-RS256"}) + "." + parts[1] + "." + parts[2],
		"RS512, which is not offered":            signed(t, jose.RS512, jose.JSONWebKey{Key: pool.keys["RS256"].Key, KeyID: "shop-RS256"}, options, claims()),
		"expired":                                genuine("RS256", claims("exp", now.Add(-time.Minute).Unix(), "iat", now.Add(-time.Hour).Unix())),
		"expired long ago":                       genuine("ES256", claims("exp", 1)),
		"expired a second ago":                   genuine("RS256", claims("exp", now.Unix()-1)),
		"with an end that is no time":            genuine("RS256", claims("exp", "tomorrow")),
		"without an end":                         genuine("RS256", claims("exp", nil)),
		"not yet good":                           genuine("RS256", claims("nbf", now.Add(time.Hour).Unix())),
		"for another audience":                   genuine("RS256", claims("aud", "another-website")),
		"for a list of other audiences":          genuine("RS256", claims("aud", []string{"another-website", clientID + "x", ""})),
		"for no audience":                        genuine("RS256", claims("aud", nil)),
		"of another issuer":                      genuine("RS256", claims("iss", "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other")),
		"of an issuer that begins like ours":     genuine("RS256", claims("iss", issuer+"/x")),
		"of our issuer with a slash":             genuine("RS256", claims("iss", issuer+"/")),
		"of no issuer":                           genuine("RS256", claims("iss", nil)),
		"an access token":                        genuine("RS256", claims("token_use", "access")),
		"without a use":                          genuine("RS256", claims("token_use", nil)),
		"another payload under the signature":    wrens[0] + "." + part(promoted) + "." + wrens[2],
		"the signature of another token":         parts[0] + "." + parts[1] + "." + wrens[2],
		"without its signature":                  parts[0] + "." + parts[1] + ".",
		"without its last part":                  parts[0] + "." + parts[1],
		"with a bit turned":                      parts[0] + "." + parts[1] + "." + turn(parts[2], last/2),
		"with a part more":                       good + ".x",
		"twice":                                  good + good,
		"oversized, and signed":                  genuine("RS256", claims("padding", strings.Repeat("x", 2*maxToken))),
		"oversized nonsense":                     strings.Repeat("a", maxToken+1),
		"nonsense":                               "nonsense",
		"dots":                                   "..",
		"nothing":                                "",
		"not base64":                             "{}.{}.{}",
		"encrypted":                              "a.b.c.d.e",
		"nesting":                                base64.RawURLEncoding.EncodeToString([]byte(strings.Repeat("[", 2000))) + ".e30.x",
	}
	for _, none := range []string{"none", "None", "NONE", "nOnE", ""} {
		header := part(map[string]string{"alg": none, "typ": "JWT"})
		bad["alg "+none] = header + "." + parts[1] + "."
		bad["alg "+none+", with a signature"] = header + "." + parts[1] + "." + parts[2]
	}
	return bad
}

// turn changes one character of a text.
func turn(text string, at int) string {
	other := "A"
	if text[at] == 'A' {
		other = "B"
	}
	return text[:at] + other + text[at+1:]
}

// None of the bad tokens is let in, by itself or with the help of a good cookie,
// and the good ones are.
func TestTokens(t *testing.T) {
	var log lockedBuffer
	s := start(t, Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	for _, name := range []string{"ada", "wren"} {
		u, _ := s.app.users.user(name)
		token, err := s.app.users.sign(u.Alg, s.app.users.claims(u))
		if err != nil {
			t.Fatal(err)
		}
		if status := bearer(t, s, "Bearer "+token); status != 200 {
			t.Errorf("the token of %s: status %d", name, status)
		}
		if status := bearer(t, s, "bearer "+token); status != 200 {
			t.Errorf("the scheme in small letters: status %d", status)
		}
		for what, header := range map[string][]string{
			"another scheme": {"Basic " + token}, "no scheme": {token}, "two headers": {"Bearer " + token, "Bearer " + token},
			"two tokens": {"Bearer " + token + ", Bearer " + token}, "two tokens, one word": {"Bearer " + token + " " + token}, "two schemes": {"Bearer Bearer " + token}, "an empty header": {""},
		} {
			if status := bearer(t, s, header...); status != 401 {
				t.Errorf("%s: status %d", what, status)
			}
		}
	}
	client := signIn(t, s, "ada")
	bad := badTokens(t, s)
	for why, token := range bad {
		if status := bearer(t, s, "Bearer "+token); status != 401 {
			t.Errorf("a token %s: status %d", why, status)
		}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/prod/catalog", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		response, err := client.http.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != 401 {
			t.Errorf("a token %s, with a good cookie: status %d", why, response.StatusCode)
		}
	}
	// The log tells that they were refused, and has no part of them in it.
	text := log.String()
	if got := strings.Count(text, "status=401"); got < 2*len(bad) {
		t.Errorf("%d refusals in the log, of %d", got, 2*len(bad))
	}
	for why, token := range bad {
		for _, part := range strings.Split(token, ".") {
			if len(part) > 10 && strings.Contains(text, part) {
				t.Errorf("a part of a token %s stands in the log", why)
			}
		}
	}
	// So long that the server does not even take the header.
	if status := bearer(t, s, "Bearer "+strings.Repeat("a", 200<<10)); status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("a token of 200 kB: status %d", status)
	}
	if status, err := client.do(t.Context(), "GET /prod/catalog", nil); err != nil || status != 200 {
		t.Errorf("the cookie alone: status %d, %v", status, err)
	}
}

// A token that ends while a visit goes on ends the visit.
func TestVisitEndsWithTheToken(t *testing.T) {
	s := start(t, Options{})
	s.app.users.clock = func() time.Time { return time.Now().Add(-tokenLife + 2*time.Second) }
	client := signIn(t, s, "ada")
	if status, err := client.do(t.Context(), "GET /prod/catalog", nil); err != nil || status != 200 {
		t.Errorf("before the end: status %d, %v", status, err)
	}
	time.Sleep(2100 * time.Millisecond)
	if status, err := client.do(t.Context(), "GET /prod/catalog", nil); err != nil || status != 401 {
		t.Errorf("behind the end: status %d, %v", status, err)
	}
}

// A lockedBuffer is a buffer for several goroutines.
type lockedBuffer struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.all.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.all.String()
}

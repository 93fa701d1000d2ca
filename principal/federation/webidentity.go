package federation

import "github.com/portcullis-iam/portcullis/condition"

// A WebIdentity is what AWS STS reads out of a token of an OpenID Connect
// provider, or out of an access token of Login with Amazon or Facebook.
// [NewWebIdentity] makes one. It is immutable and safe for any number of
// goroutines; the zero WebIdentity says nothing.
type WebIdentity struct {
	// Provider is the issuer without its scheme, which the condition keys begin
	// with: token.actions.githubusercontent.com.
	Provider string
	// Subject is the claim sub.
	Subject string
	// Audience is the claim azp, or else aud if that is a single one. It is the
	// value of the key …:aud.
	Audience string
	// TokenAudiences are the claim aud, the value of the key …:oaud.
	TokenAudiences []string
	// Tags are the session tags in the claim https://aws.amazon.com/tags, nil if
	// there are none, and TransitiveTagKeys those of them that are transitive.
	Tags              map[string]string
	TransitiveTagKeys []string
	// SourceIdentity is the claim https://aws.amazon.com/source_identity.
	SourceIdentity string

	trust, session condition.Context
}

// NewWebIdentity reads the claims of a verified token. The issuer is the claim
// iss as the verification knows it, a URL (https://accounts.google.com) of
// https://HOST or https://HOST/PATH: a host in small ASCII letters with a dot,
// without a port; in the path no colon, no empty part, no "..", nothing that is
// more than a letter in a pattern; at the end a slash may stand. If the claims
// have an iss, it must be the same text. Google's tokens may leave out the
// scheme. The claims are as encoding/json decodes them into an any; []string and
// json.Number will do too. They are not changed or kept.
//
// The claims that condition keys exist for must be of the right type: a text
// where a text belongs (of the claims that single providers have, a number or
// a Boolean stands for its JSON text), a list of texts where AWS takes lists, at
// most 4,096 bytes each. Everything that is
// wrong is in the [ClaimErrors]. Other claims are ignored, whatever they hold.
//
// A claim that is "" or null counts as not there. Of a token with several
// audiences and no azp, Audience and the key …:aud are absent, for it is not
// known which of them is meant; …:oaud is a list then.
//
// THE SIGNATURE IS NOT VERIFIED: see the package.
func NewWebIdentity(issuer string, claims map[string]any) (*WebIdentity, error) {
	w := new(WebIdentity)
	r := reader{claims: claims}
	w.Provider = r.provider(issuer)
	w.trust.Grow(2 + len(commonClaims)) // aud, oaud
	w.session.Grow(len(commonClaims))   // aud, but not email
	w.TokenAudiences = r.list("aud")
	w.Audience = r.text("azp")
	if w.Audience == "" && len(w.TokenAudiences) == 1 {
		w.Audience = w.TokenAudiences[0]
	}
	w.set("aud", w.Audience, true)
	switch len(w.TokenAudiences) {
	case 0:
	case 1:
		w.set("oaud", w.TokenAudiences[0], false)
	default:
		w.trust.Set(w.Provider+":oaud", condition.List(w.TokenAudiences...))
	}
	for _, row := range commonClaims {
		r.take(w, row)
	}
	stays := w.Provider == "www.amazon.com" || w.Provider == "graph.facebook.com"
	for _, claim := range claimsOf(w.Provider) {
		w.set(claim, r.scalar(claim), stays)
	}
	w.Subject = r.text("sub")
	w.Tags, w.TransitiveTagKeys = r.tags()
	w.SourceIdentity = r.text(sourceIdentityClaim)
	if len(r.errors) > 0 {
		return nil, r.sorted()
	}
	return w, nil
}

// set sets a condition key, unless the value is empty.
func (w *WebIdentity) set(claim, value string, stays bool) {
	if value != "" {
		w.put(claim, condition.String(value), stays)
	}
}

func (w *WebIdentity) put(claim string, value condition.Value, stays bool) {
	key := w.Provider + ":" + claim
	w.trust.Set(key, value)
	if stays {
		w.session.Set(key, value)
	}
}

// Caller is who makes the call in the eyes of the trust policy: the ARN of the
// OpenID Connect provider in the account, or the bare name of those providers
// that need none (accounts.google.com, www.amazon.com, graph.facebook.com,
// cognito-identity.amazonaws.com).
func (w *WebIdentity) Caller(partition, account string) string {
	if isBare(w.Provider) {
		return w.Provider
	}
	return "arn:" + partition + ":iam::" + account + ":oidc-provider/" + w.Provider
}

// TrustKeys are the condition keys that the trust policy sees. The context must
// not be changed.
func (w *WebIdentity) TrustKeys() *condition.Context { return &w.trust }

// SessionKeys are the condition keys that stay with the session: aud, sub and
// amr, and what stands for them at Amazon and Facebook. The context must not be
// changed.
func (w *WebIdentity) SessionKeys() *condition.Context { return &w.session }

package federation

import (
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/condition"
)

// The attributes that AWS reads itself.
//
// Source: IAM User Guide, "Configure SAML assertions for the authentication
// response".
const (
	awsAttributes    = "https://aws.amazon.com/SAML/Attributes/"
	roleAttribute    = awsAttributes + "Role"
	nameAttribute    = awsAttributes + "RoleSessionName"
	lastsAttribute   = awsAttributes + "SessionDuration"
	tagAttribute     = awsAttributes + "PrincipalTag:"
	passedAttribute  = awsAttributes + "TransitiveTagKeys"
	sourceAttribute  = awsAttributes + "SourceIdentity"
	persistentPrefix = "urn:oasis:names:tc:SAML:2.0:nameid-format:"
)

// A SAMLAssertion is what a SAML library hands over of a verified assertion.
type SAMLAssertion struct {
	// Issuer is the text of the element Issuer.
	Issuer string
	// Recipient is the attribute of SubjectConfirmationData: the URL that the
	// response was sent to.
	Recipient string
	// NameID is the text of the element NameID of the subject, NameIDFormat its
	// attribute Format.
	NameID, NameIDFormat string
	// SessionNotOnOrAfter is the attribute of AuthnStatement, zero if it is not
	// there.
	SessionNotOnOrAfter time.Time
	// Attributes are the values of each attribute under its Name.
	Attributes map[string][]string
}

// A RolePair is a role together with the SAML provider whose users may assume
// it: one value of the attribute
// https://aws.amazon.com/SAML/Attributes/Role.
type RolePair struct{ RoleARN, ProviderARN string }

// A SAMLIdentity is what AWS STS reads out of a SAML assertion.
// [NewSAMLIdentity] makes one. It is immutable and safe for any number of
// goroutines; the zero SAMLIdentity says nothing.
type SAMLIdentity struct {
	// Issuer, Recipient and Subject are those of the assertion.
	Issuer, Recipient, Subject string
	// SubjectType is the format of the name: "persistent", "transient", or the
	// URI of another.
	SubjectType string
	// RoleSessionName is the attribute of that name; AWS STS takes 2 to 64
	// characters.
	RoleSessionName string
	// Roles are the pairs of the attribute Role.
	Roles []RolePair
	// SessionDuration is the attribute of that name, 0 if it is not there. It is
	// how long the console keeps the user; AssumeRoleWithSAML goes by its own
	// parameter.
	SessionDuration time.Duration
	// SessionNotOnOrAfter is that of the assertion.
	SessionNotOnOrAfter time.Time
	// Tags are the session tags (attributes PrincipalTag:…), nil if there are
	// none, and TransitiveTagKeys those of them that are transitive.
	Tags              map[string]string
	TransitiveTagKeys []string
	// SourceIdentity is the attribute of that name.
	SourceIdentity string

	trust condition.Context
}

// NewSAMLIdentity reads a verified assertion. Everything that is wrong with it
// is in the [ClaimErrors]; attributes that AWS has no key for are ignored. Those
// that it has a key for are known by their URN, URI or friendly name.
//
// THE SIGNATURE IS NOT VERIFIED: see the package.
func NewSAMLIdentity(assertion SAMLAssertion) (*SAMLIdentity, error) {
	s := &SAMLIdentity{
		Issuer: assertion.Issuer, Recipient: assertion.Recipient, Subject: assertion.NameID,
		SubjectType:         strings.TrimPrefix(assertion.NameIDFormat, persistentPrefix),
		SessionNotOnOrAfter: assertion.SessionNotOnOrAfter,
	}
	r := attributes{values: assertion.Attributes}
	for _, required := range [...]struct{ name, value string }{
		{"Issuer", s.Issuer}, {"Recipient", s.Recipient}, {"NameID", s.Subject}, {"NameIDFormat", s.SubjectType},
	} {
		switch {
		case required.value == "" && required.name != "NameIDFormat":
			r.fail(required.name, "it is missing")
		case len(required.value) > longestClaim:
			r.fail(required.name, fmt.Sprintf("it has %d bytes; at most %d are taken", len(required.value), longestClaim))
		}
	}
	s.trust.Set("saml:aud", condition.String(s.Recipient))
	s.trust.Set("saml:iss", condition.String(s.Issuer))

	s.RoleSessionName = r.one(nameAttribute)
	s.SourceIdentity = r.one(sourceAttribute)
	if seconds := r.one(lastsAttribute); seconds != "" {
		count, err := strconv.Atoi(seconds)
		if err != nil || count < 900 || count > 43200 {
			r.fail(lastsAttribute, "it is a number of seconds from 900 to 43200")
		}
		s.SessionDuration = time.Duration(count) * time.Second
	}
	for _, value := range r.list(roleAttribute) {
		if pair, ok := rolePair(value); ok {
			s.Roles = append(s.Roles, pair)
		} else {
			r.fail(roleAttribute, "it holds the ARN of a role and that of a SAML provider, with a comma between them")
		}
	}
	s.TransitiveTagKeys = r.list(passedAttribute)
	for name := range r.values {
		if key, found := strings.CutPrefix(name, tagAttribute); found {
			if s.Tags == nil {
				s.Tags = make(map[string]string)
			}
			if s.Tags[key] = r.one(name); len(r.values[name]) == 0 {
				r.fail(name, "it has one value")
			}
		}
	}
	for at := range samlKeys {
		samlKeys[at].set(s, &r)
	}
	if len(r.errors) > 0 {
		return nil, r.sorted()
	}
	return s, nil
}

// attributes reads attributes and collects what is wrong with them.
type attributes struct {
	values map[string][]string
	reader
}

func (r *attributes) list(name string) []string {
	values := r.values[name]
	if len(values) > mostValues {
		r.fail(name, fmt.Sprintf("it has %d values; at most %d are taken", len(values), mostValues))
		return nil
	}
	for _, value := range values {
		if len(value) > longestClaim {
			r.fail(name, fmt.Sprintf("a value has %d bytes; at most %d are taken", len(value), longestClaim))
			return nil
		}
	}
	return slices.Clone(values)
}

// one reads an attribute of one value, "" if it is not there.
func (r *attributes) one(name string) string {
	switch values := r.list(name); len(values) {
	case 0:
		return ""
	case 1:
		return values[0]
	}
	r.fail(name, "it has one value")
	return ""
}

// rolePair reads a role and a provider, in whatever order.
func rolePair(text string) (RolePair, bool) {
	first, second, found := strings.Cut(text, ",")
	first, second = strings.TrimSpace(first), strings.TrimSpace(second)
	a, err := arn.ParseEntity(first)
	b, err2 := arn.ParseEntity(second)
	switch {
	case !found || err != nil || err2 != nil:
	case a.Kind == arn.Role && b.Kind == arn.SAMLProvider:
		return RolePair{first, second}, true
	case a.Kind == arn.SAMLProvider && b.Kind == arn.Role:
		return RolePair{second, first}, true
	}
	return RolePair{}, false
}

// TrustKeys are the condition keys that the trust policy sees when the
// assertion is presented for a provider, named by its ARN. The context is the
// caller's.
func (s *SAMLIdentity) TrustKeys(providerARN string) *condition.Context {
	keys := s.trust.Clone()
	s.addSession(keys, providerARN)
	if provider, err := arn.ParseEntity(providerARN); err == nil {
		keys.Set("saml:doc", condition.String(provider.AccountID+"/"+provider.Name))
	}
	return keys
}

// SessionKeys are the keys that stay with the session: saml:sub,
// saml:sub_type and saml:namequalifier. The context is the caller's.
func (s *SAMLIdentity) SessionKeys(providerARN string) *condition.Context {
	keys := new(condition.Context)
	s.addSession(keys, providerARN)
	return keys
}

func (s *SAMLIdentity) addSession(keys *condition.Context, providerARN string) {
	if s.Subject != "" {
		keys.Set("saml:sub", condition.String(s.Subject))
	}
	if s.SubjectType != "" {
		keys.Set("saml:sub_type", condition.String(s.SubjectType))
	}
	if hash := NameQualifier(s.Issuer, providerARN); hash != "" {
		keys.Set("saml:namequalifier", condition.String(hash))
	}
}

// NameQualifier is the value of saml:namequalifier: the SHA-1 hash, in base64, of
// the issuer, the account and the friendly name of the provider with a slash in
// front. Together with the subject it tells users apart. It is "" if the ARN is
// not that of a SAML provider.
//
// Source: AWS STS API Reference, "AssumeRoleWithSAML", NameQualifier.
func NameQualifier(issuer, providerARN string) string {
	provider, err := arn.ParseEntity(providerARN)
	if err != nil || provider.Kind != arn.SAMLProvider {
		return ""
	}
	sum := sha1.Sum([]byte(issuer + provider.AccountID + "/" + provider.Name))
	return base64.StdEncoding.EncodeToString(sum[:])
}

package sts

import (
	"slices"
	"time"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/principal"
	"github.com/portcullis-iam/portcullis/principal/federation"
)

// A WebIdentityInput holds the parameters of [STS.AssumeRoleWithWebIdentity].
//
// Source: AWS STS API Reference, "AssumeRoleWithWebIdentity".
type WebIdentityInput struct {
	// RoleARN, RoleSessionName, DurationSeconds, Policy and PolicyARNs are as in
	// [AssumeRoleInput].
	RoleARN         string
	RoleSessionName string
	DurationSeconds int
	Policy          string
	PolicyARNs      []string
	// Identity is what the verified token says. Session tags and a source
	// identity come out of it too.
	Identity *federation.WebIdentity
	// ClientIDs are the audiences that the OpenID Connect provider was
	// registered with in IAM. The audience of the token must be one of them; nil
	// leaves that to the trust policy.
	ClientIDs []string
	// Context and Endpoint are as in [AssumeRoleInput].
	Context  *condition.Context
	Endpoint *evaluate.Endpoint
}

// AssumeRoleWithWebIdentity lets the user of an OpenID Connect provider, or of
// Cognito, Google, Amazon or Facebook, become a session of a role. The call is
// not signed: the provider is the caller, and only the trust policy and
// resource control policies are asked. The provider is the one of the token's
// issuer in the account of the role.
//
// The errors are those of [STS.AssumeRole].
func (s *STS) AssumeRoleWithWebIdentity(in WebIdentityInput) (*Session, error) {
	c := s.open("AssumeRoleWithWebIdentity")
	identity := in.Identity
	if identity == nil || identity.Provider == "" {
		c.fail("WebIdentityToken", InvalidIdentityToken, "there is no token")
		return nil, c.err()
	}
	if in.ClientIDs != nil && !slices.Contains(in.ClientIDs, identity.Audience) {
		c.fail("WebIdentityToken", InvalidIdentityToken, "the provider was not registered for the audience "+quote(identity.Audience))
	}
	c.sessionName(in.RoleSessionName)
	return c.assumeFederated(&federated{
		roleARN: in.RoleARN, sessionName: in.RoleSessionName, seconds: in.DurationSeconds, policy: in.Policy, policyARNs: in.PolicyARNs,
		caller:    func(partition, account string) string { return identity.Caller(partition, account) },
		trustKeys: identity.TrustKeys(), sessionKeys: identity.SessionKeys(),
		tags: identity.Tags, transitive: identity.TransitiveTagKeys, sourceIdentity: identity.SourceIdentity, isOpenID: true,
		context: in.Context, endpoint: in.Endpoint,
	})
}

// A SAMLInput holds the parameters of [STS.AssumeRoleWithSAML].
//
// Source: AWS STS API Reference, "AssumeRoleWithSAML".
type SAMLInput struct {
	// RoleARN, DurationSeconds, Policy and PolicyARNs are as in
	// [AssumeRoleInput]. The session also ends when the assertion says.
	RoleARN         string
	DurationSeconds int
	Policy          string
	PolicyARNs      []string
	// PrincipalARN is the ARN of the SAML provider, which must be in the account
	// of the role.
	PrincipalARN string
	// Identity is what the verified assertion says: who the user is, the name of
	// the session, the roles that may be assumed, session tags, a source
	// identity.
	Identity *federation.SAMLIdentity
	// Context and Endpoint are as in [AssumeRoleInput].
	Context  *condition.Context
	Endpoint *evaluate.Endpoint
}

// AssumeRoleWithSAML lets the user of a SAML identity provider become a session
// of a role that the assertion names together with the provider. As with
// [STS.AssumeRoleWithWebIdentity] the provider is the caller.
func (s *STS) AssumeRoleWithSAML(in SAMLInput) (*Session, error) {
	c := s.open("AssumeRoleWithSAML")
	identity := in.Identity
	if identity == nil {
		c.fail("SAMLAssertion", InvalidIdentityToken, "there is no assertion")
		return nil, c.err()
	}
	provider, err := arn.ParseEntity(in.PrincipalARN)
	if err != nil || provider.Kind != arn.SAMLProvider {
		c.fail("PrincipalArn", ValidationError, quote(in.PrincipalARN)+" is not the ARN of a SAML provider")
		return nil, c.err()
	}
	if role, err := arn.Parse(in.RoleARN); err != nil || provider.AccountID != role.AccountID || provider.Partition != role.Partition {
		c.fail("PrincipalArn", ValidationError, "the SAML provider is of another account than the role")
	}
	if !slices.Contains(identity.Roles, federation.RolePair{RoleARN: in.RoleARN, ProviderARN: in.PrincipalARN}) {
		c.fail("SAMLAssertion", InvalidIdentityToken, "the assertion does not name the role together with the provider")
	}
	until := identity.SessionNotOnOrAfter.Truncate(time.Second) // as c.now
	if !until.IsZero() && !c.now.Before(until) {
		c.fail("SAMLAssertion", ExpiredToken, "the session of the assertion ended at "+until.Format(time.RFC3339))
	}
	c.text("RoleSessionName", identity.RoleSessionName, shortestName, longestSessionName, nameAlphabet)
	return c.assumeFederated(&federated{
		roleARN: in.RoleARN, sessionName: identity.RoleSessionName, seconds: in.DurationSeconds, policy: in.Policy, policyARNs: in.PolicyARNs,
		caller:    func(string, string) string { return in.PrincipalARN },
		trustKeys: identity.TrustKeys(in.PrincipalARN), sessionKeys: identity.SessionKeys(in.PrincipalARN),
		tags: identity.Tags, transitive: identity.TransitiveTagKeys, sourceIdentity: identity.SourceIdentity,
		context: in.Context, endpoint: in.Endpoint, until: until,
	})
}

// federated is what the unsigned operations have in common.
type federated struct {
	roleARN, sessionName string
	seconds              int
	policy               string
	policyARNs           []string
	// caller gives the provider in the account of the role.
	caller                 func(partition, account string) string
	trustKeys, sessionKeys *condition.Context
	tags                   map[string]string
	transitive             []string
	sourceIdentity         string
	isOpenID               bool
	context                *condition.Context
	endpoint               *evaluate.Endpoint
	until                  time.Time // the end of the provider's session, or zero
}

// assumeFederated lets the user of an identity provider become a session of a
// role.
func (c *call) assumeFederated(in *federated) (*Session, error) {
	role, err := c.role(in.roleARN)
	if err != nil {
		return nil, err
	}
	account := role.identity.AccountID
	duration := c.duration(in.seconds, usualSession, role.longest, "the MaxSessionDuration of the role")
	policies := c.policies(c.sts, in.policy, in.policyARNs, &role.identity)
	keys := c.tags(in.tags, in.transitive, nil)
	c.sourceIdentity(in.sourceIdentity)
	if err := c.err(); err != nil {
		return nil, err
	}
	caller := in.caller(role.identity.Partition, account)
	if c.evaluator, err = c.sts.snapshot.Evaluator(caller); err != nil {
		return nil, err
	}

	c.contextOf(in.context, in.trustKeys.Len()+2+tagKeys(in.tags))
	add(c.context, in.trustKeys)
	c.context.Set("sts:RoleSessionName", condition.String(in.sessionName))
	if in.sourceIdentity != "" {
		c.context.Set("sts:SourceIdentity", condition.String(in.sourceIdentity))
	}
	c.sessionTags(keys, in.tags, in.transitive)
	c.on(role.resource, in.endpoint)
	c.expect(len(in.tags) > 0, in.sourceIdentity != "")
	c.ask("sts:"+c.operation, in.roleARN, account)
	if len(in.tags) > 0 {
		c.ask("sts:TagSession", in.roleARN, account)
	}
	if in.sourceIdentity != "" {
		c.ask("sts:SetSourceIdentity", in.roleARN, account)
	}
	if err := c.answer(); err != nil {
		return nil, err
	}

	facts := principal.SessionFacts{
		SessionName: in.sessionName, Compiled: policies, Tags: in.tags, TransitiveTagKeys: in.transitive,
		SourceIdentity: in.sourceIdentity, Keys: in.sessionKeys,
	}
	if in.isOpenID {
		facts.FederatedProvider = caller
	}
	if !in.until.IsZero() && in.until.Before(c.now.Add(duration)) {
		duration = in.until.Sub(c.now)
	}
	return c.become(role, facts, duration)
}

package sts

import (
	"time"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/principal"
)

// An AssumeRoleInput holds the parameters of [STS.AssumeRole].
//
// Source: AWS STS API Reference, "AssumeRole".
type AssumeRoleInput struct {
	// RoleARN is the ARN of the role to assume, with its path.
	RoleARN string
	// RoleSessionName is the name of the session: 2 to 64 of letters, digits
	// and _+=,.@-.
	RoleSessionName string
	// ExternalID is the value of sts:ExternalId, 2 to 1,224 of letters, digits
	// and _+=,.@:/-; "" if none is passed.
	ExternalID string
	// DurationSeconds is how long the session lasts: from 900 to the
	// MaxSessionDuration of the role, and at most 3,600 if the caller is the
	// session of a role itself. 0 means 3,600.
	DurationSeconds int
	// Policy is the text of an inline session policy, "" for none. PolicyARNs
	// are the ARNs of at most ten managed policies, of the role's account or of
	// AWS. They have at most 2,048 characters together.
	Policy     string
	PolicyARNs []string
	// Tags are the session tags, at most 50. They ask for sts:TagSession.
	Tags map[string]string
	// TransitiveTagKeys are the keys of those Tags that the next session in the
	// chain inherits.
	TransitiveTagKeys []string
	// SourceIdentity is what aws:SourceIdentity becomes, 2 to 64 of letters,
	// digits and _+=,.@-. It asks for sts:SetSourceIdentity. A caller that has
	// a source identity passes it on without being told, which asks for the
	// same, and cannot change it.
	SourceIdentity string
	// SerialNumber is the MFA device of the caller whose code was given with
	// the call, and was right; "" if none was.
	SerialNumber string
	// ProvidedContexts are what trusted context providers say of the user. They
	// ask for sts:SetContext.
	ProvidedContexts []ProvidedContext
	// Context holds what else is known of the call: aws:SourceIp,
	// aws:SourceArn, …. Keys that follow from the parameters, from the caller or
	// from its session are taken from those, whatever stands here. It is not
	// changed; nil means that there are none.
	Context *condition.Context
	// Endpoint is the VPC endpoint that the call comes through, nil for none.
	Endpoint *evaluate.Endpoint
}

// A ProvidedContext is an assertion of a trusted context provider, verified by
// the caller of the library.
//
// Source: AWS STS API Reference, "ProvidedContext".
type ProvidedContext struct {
	// ProviderARN is the provider, such as
	// arn:aws:iam::aws:contextProvider/IdentityCenter.
	ProviderARN string
	// Context is what the assertion says, the keys of sts:RequestContext/….
	Context map[string]string
}

// AssumeRole lets a caller become a session of a role: the caller's policies and
// the role's trust policy must allow sts:AssumeRole, and besides, as the
// parameters ask, sts:TagSession, sts:SetSourceIdentity and sts:SetContext.
// Which of both must allow what is up to the trust policy and the accounts, as
// package evaluate decides. A role that assumes itself is no exception: its
// trust policy must say so.
//
// Where the documentation is silent: tags that are inherited, and not passed
// again, ask for nothing; a source identity that is carried along asks for
// sts:SetSourceIdentity. An MFA code counts for the session that it was given
// for, and for the first role that a user assumes with credentials of
// [STS.GetSessionToken], not for further roles in a chain. The limit of the packed
// size of session policies and tags is not known.
//
// The errors are [InputErrors] if the parameters are not what AWS STS takes, a
// [*principal.NotFoundError] if the role is not in the directory, and a
// [*RefusedError] if policies do not allow it. There is no session then.
//
// Once the role is ready, deriving a session without new session policies costs
// a few microseconds.
func (s *STS) AssumeRole(caller Caller, in AssumeRoleInput) (*Session, error) {
	c := s.open("AssumeRole")
	c.signedBy(caller)
	return c.assumeRole(&in, nil)
}

// assumeRole is AssumeRole of a caller that is noted; the session gets the keys.
func (c *call) assumeRole(in *AssumeRoleInput, sessionKeys *condition.Context) (*Session, error) {
	who := c.identity()
	role, err := c.role(in.RoleARN)
	if err != nil {
		return nil, err
	}
	account := role.identity.AccountID
	longest, limit := role.longest, "the MaxSessionDuration of the role"
	if who.Kind == principal.Role && longest > chainedSession {
		longest, limit = chainedSession, "the most for a role that another role assumes"
	}
	c.sessionName(in.RoleSessionName)
	if in.ExternalID != "" {
		c.text("ExternalId", in.ExternalID, shortestName, longestExternalID, "+=,.@:/-")
	}
	duration := c.duration(in.DurationSeconds, usualSession, longest, limit)
	policies := c.policies(c.sts, in.Policy, in.PolicyARNs, &role.identity)
	keys := c.tags(in.Tags, in.TransitiveTagKeys, c.inherited())
	c.sourceIdentity(in.SourceIdentity)
	identity := c.passedOn()
	if in.SourceIdentity != "" {
		if identity != "" && identity != in.SourceIdentity {
			c.fail("SourceIdentity", InvalidParameterValue, "the caller's session has the source identity "+quote(identity)+", which cannot be changed")
		}
		identity = in.SourceIdentity
	}
	c.serial(in.SerialNumber, who)
	c.providedContexts(in.ProvidedContexts)
	if err := c.err(); err != nil {
		return nil, err
	}

	mfa := in.SerialNumber != ""
	c.contextOf(in.Context, 3+tagKeys(in.Tags)+len(in.ProvidedContexts))
	if mfa {
		if err := c.withMFA(); err != nil {
			return nil, err
		}
	}
	c.context.Set("sts:RoleSessionName", condition.String(in.RoleSessionName))
	if in.ExternalID != "" {
		c.context.Set("sts:ExternalId", condition.String(in.ExternalID))
	}
	if in.SourceIdentity != "" {
		c.context.Set("sts:SourceIdentity", condition.String(in.SourceIdentity))
	}
	c.sessionTags(keys, in.Tags, in.TransitiveTagKeys)
	for _, one := range in.ProvidedContexts {
		for key, value := range one.Context {
			c.context.SetTag("sts:RequestContext", key, condition.String(value))
		}
	}
	if len(in.ProvidedContexts) > 0 {
		c.context.Set("sts:RequestContextProviders", condition.List(providersOf(in.ProvidedContexts)...))
	}

	c.on(role.resource, in.Endpoint)
	c.expect(len(in.Tags) > 0, identity != "", len(in.ProvidedContexts) > 0)
	c.ask("sts:AssumeRole", in.RoleARN, account)
	if len(in.Tags) > 0 {
		c.ask("sts:TagSession", in.RoleARN, account)
	}
	if identity != "" {
		c.ask("sts:SetSourceIdentity", in.RoleARN, account)
	}
	if len(in.ProvidedContexts) > 0 {
		c.ask("sts:SetContext", in.RoleARN, account)
	}
	if err := c.answer(); err != nil {
		return nil, err
	}

	facts := principal.SessionFacts{
		SessionName: in.RoleSessionName, Compiled: policies, Tags: in.Tags, TransitiveTagKeys: in.TransitiveTagKeys,
		InheritedTags: c.inherited(), SourceIdentity: identity, Keys: sessionKeys,
	}
	since := time.Duration(0)
	if c.caller != nil && !mfa && who.Kind != principal.Role && !c.caller.mfaAt.IsZero() {
		// The code that made the user's own temporary credentials.
		mfa, since = true, c.now.Sub(c.caller.mfaAt)
	}
	facts.MultiFactorAuthPresent = &mfa
	if mfa {
		facts.MultiFactorAuthAge = &since
	}
	return c.become(role, facts, duration)
}

func (c *call) providedContexts(provided []ProvidedContext) {
	if len(provided) > mostContexts {
		c.fail("ProvidedContexts", ValidationError, "there are more than five")
		return
	}
	for _, one := range provided {
		if _, err := arn.Parse(one.ProviderARN); err != nil {
			c.failBecause("ProvidedContexts", ValidationError, "a context provider is named by its ARN", err)
		}
	}
}

func providersOf(provided []ProvidedContext) []string {
	arns := make([]string, len(provided))
	for at, one := range provided {
		arns[at] = one.ProviderARN
	}
	return arns
}

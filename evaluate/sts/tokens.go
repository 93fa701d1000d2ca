package sts

import (
	"time"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/principal"
)

// A FederationTokenInput holds the parameters of [STS.GetFederationToken].
//
// Source: AWS STS API Reference, "GetFederationToken".
type FederationTokenInput struct {
	// Name is the name of the federated user: 2 to 32 of letters, digits and
	// _+=,.@-.
	Name string
	// DurationSeconds is how long the session lasts: from 900 to 129,600, of a
	// root user at most 3,600, which a longer one is shortened to. 0 means 43,200.
	DurationSeconds int
	// Policy and PolicyARNs are as in [AssumeRoleInput]. Without any the session
	// has only what resource-based policies give it.
	Policy     string
	PolicyARNs []string
	// Tags are the session tags. They ask for sts:TagSession.
	Tags map[string]string
	// Context and Endpoint are as in [AssumeRoleInput].
	Context  *condition.Context
	Endpoint *evaluate.Endpoint
}

// GetFederationToken lets an IAM user or a root user make a session for somebody
// else, who may do what both the session policies and the user's own allow. The
// user's policies must allow sts:GetFederationToken on the ARN of the federated
// user.
//
// The errors are [InputErrors] and [*RefusedError], as with [STS.AssumeRole].
func (s *STS) GetFederationToken(caller Caller, in FederationTokenInput) (*Session, error) {
	c := s.open("GetFederationToken")
	c.signedBy(caller)
	who := c.identity()
	c.hasAccount(who)
	c.text("Name", in.Name, shortestName, longestUserName, nameAlphabet)
	duration := c.tokenDuration(in.DurationSeconds, who)
	policies := c.policies(c.sts, in.Policy, in.PolicyARNs, &who)
	keys := c.tags(in.Tags, nil, nil)
	if err := c.err(); err != nil {
		return nil, err
	}
	c.contextOf(in.Context, tagKeys(in.Tags))
	c.sessionTags(keys, in.Tags, nil)
	c.on(nil, in.Endpoint)
	federatedUser := "arn:" + who.Partition + ":sts::" + who.AccountID + ":federated-user/" + in.Name
	if err := c.ownSide(federatedUser, who.AccountID); err != nil {
		return nil, err
	}
	c.ask("sts:GetFederationToken", federatedUser, who.AccountID)
	if len(in.Tags) > 0 {
		c.ask("sts:TagSession", federatedUser, who.AccountID)
	}
	if err := c.answer(); err != nil {
		return nil, err
	}
	facts := principal.SessionFacts{
		SessionName: in.Name, Compiled: policies, Tags: in.Tags, TokenIssueTime: c.now, Complete: true,
	}
	someone, err := c.sts.snapshot.Directory().SessionOf(c.evaluator.Principal(), facts)
	if err != nil {
		return nil, err
	}
	evaluator, err := c.evaluator.WithPrincipal(someone)
	if err != nil {
		return nil, err
	}
	made := &Session{Principal: someone, evaluator: evaluator, Expiration: c.now.Add(duration)}
	made.state(facts)
	made.Operation, made.Steps = c.operation, c.steps
	return made, nil
}

// hasAccount refuses callers of no account. Those that have one, but are neither
// user nor root user, are refused by a rule of AWS STS that package evaluate
// knows.
func (c *call) hasAccount(who principal.Identity) {
	if who.Kind != 0 && !who.HasAccountSide() {
		c.fail("caller", AccessDenied, "a "+who.Kind.String()+" cannot call it")
	}
}

// ownSide lets the control policies of the caller's own account take part.
func (c *call) ownSide(resource, account string) error {
	if account == "" { // nobody; what follows is refused
		return nil
	}
	side, err := c.sts.snapshot.Resource(resource, account)
	if err == nil {
		c.request.Resource = side
	}
	return err
}

// tokenDuration is how long temporary credentials of a user last. Those of root
// users are cut short.
func (c *call) tokenDuration(seconds int, who principal.Identity) time.Duration {
	duration := c.duration(seconds, usualToken, longestToken, "36 hours")
	if who.Kind == principal.Root {
		return min(duration, rootToken)
	}
	return duration
}

// A SessionTokenInput holds the parameters of [STS.GetSessionToken].
//
// Source: AWS STS API Reference, "GetSessionToken".
type SessionTokenInput struct {
	// DurationSeconds is how long the session lasts: from 900 to 129,600, of a
	// root user at most 3,600, which a longer one is shortened to. 0 means 43,200.
	DurationSeconds int
	// SerialNumber is as in [AssumeRoleInput].
	SerialNumber string
	// Context and Endpoint are as in [AssumeRoleInput].
	Context  *condition.Context
	Endpoint *evaluate.Endpoint
}

// GetSessionToken gives an IAM user or a root user temporary credentials of its
// own: the same principal, of which it is known whether an MFA code was given.
// With them it may call IAM only if there was one, and of AWS STS only AssumeRole
// and GetCallerIdentity. No permission is needed.
func (s *STS) GetSessionToken(caller Caller, in SessionTokenInput) (*Session, error) {
	c := s.open("GetSessionToken")
	c.signedBy(caller)
	who := c.identity()
	c.hasAccount(who)
	duration := c.tokenDuration(in.DurationSeconds, who)
	c.serial(in.SerialNumber, who)
	if err := c.err(); err != nil {
		return nil, err
	}
	mfa := in.SerialNumber != ""
	c.contextOf(in.Context, 0)
	if mfa {
		if err := c.withMFA(); err != nil {
			return nil, err
		}
	}
	c.on(nil, in.Endpoint)
	c.ask("sts:GetSessionToken", "*", who.AccountID)
	if err := c.answer(); err != nil {
		return nil, err
	}
	someone := *c.evaluator.Principal()
	someone.Facts = someone.Facts.Clone()
	someone.Facts.Set("aws:TokenIssueTime", condition.Time(c.now))
	setMFA(someone.Facts, mfa)
	someone.Facts.MarkSessionKnown()
	evaluator, err := c.evaluator.WithPrincipal(&someone)
	if err != nil {
		return nil, err
	}
	made := &Session{
		Operation: c.operation, Principal: &someone, IssuedAt: c.now, Expiration: c.now.Add(duration), Steps: c.steps, evaluator: evaluator,
	}
	if mfa {
		made.mfaAt = c.now
	}
	return made, nil
}

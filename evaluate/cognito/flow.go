package cognito

import (
	"errors"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate/sts"
	"github.com/portcullis-iam/portcullis/principal/federation"
)

// SessionName is the name of the sessions that the enhanced flow makes.
const SessionName = "CognitoIdentityCredentials"

// Credentials are what an identity has become: the session of a role, and how it
// came to it.
type Credentials struct {
	// Choice is which role, and why.
	Choice Choice
	// Identity is the token of the pool that the role was assumed with.
	Identity *federation.WebIdentity
	// ScopedDown says that the session policies of guests limit the session.
	ScopedDown bool
	// Session is the session. Its Steps are the decisions that made it:
	// sts:AssumeRoleWithWebIdentity, and sts:TagSession if there are tags.
	Session *sts.Session
}

// A RefusedError says why an identity has got no credentials.
type RefusedError struct {
	// Operation is what was called, such as "GetCredentialsForIdentity".
	Operation string
	// Choice says why there is no role; or, if it has one, which role it was
	// that could not be assumed.
	Choice Choice
	// Err is why the role could not be assumed: an [*sts.RefusedError] with the
	// decisions, [sts.InputErrors], or a [*principal.NotFoundError]; or
	// [federation.ClaimErrors] for claims that make no session tags. It is nil
	// if there was no role.
	Err error
}

// Error says why in a sentence.
func (e *RefusedError) Error() string {
	text := "cognito: " + e.Operation + ": "
	switch {
	case e.Err == nil:
		return text + e.Choice.String()
	case e.Choice.OK():
		return text + e.Choice.String() + ", but: " + e.Err.Error()
	}
	return text + e.Err.Error()
}

// Unwrap gives the reason below, if there is one.
func (e *RefusedError) Unwrap() error { return e.Err }

// A CredentialsInput holds the parameters of [Pool.GetCredentialsForIdentity].
type CredentialsInput struct {
	// IdentityID is what GetId gave: an id REGION:UUID in the pool's Region.
	IdentityID string
	// Login is the user, nil for a guest.
	Login *Login
	// CustomRoleARN is the role that the user asks for, "" for none.
	CustomRoleARN string
	// Context holds what else is known of the call to AWS STS, which Cognito
	// makes. Nil means nothing.
	Context *condition.Context
}

// GetCredentialsForIdentity is the enhanced flow: the pool chooses the role, and
// Cognito assumes it for the identity. The trust policy of the role must allow
// sts:AssumeRoleWithWebIdentity to cognito-identity.amazonaws.com, under the
// condition keys aud, sub and amr of that name, and sts:TagSession if the login
// has attributes for access control. Sessions of guests are limited by
// [GuestSessionPolicy] and [GuestManagedPolicyARN].
//
// The error is a [*RefusedError]. Besides what [STS.AssumeRoleWithWebIdentity]
// costs, it costs some microseconds.
//
// Source: Amazon Cognito Developer Guide, "Identity pools authentication flow".
//
// [STS.AssumeRoleWithWebIdentity]: github.com/portcullis-iam/portcullis/evaluate/sts.STS.AssumeRoleWithWebIdentity
func (p *Pool) GetCredentialsForIdentity(security *sts.STS, in CredentialsInput) (*Credentials, error) {
	const operation = "GetCredentialsForIdentity"
	choice := p.ChooseRole(in.Login, in.CustomRoleARN)
	if !choice.OK() {
		return nil, &RefusedError{Operation: operation, Choice: choice}
	}
	identity, err := p.token(operation, p.ID, in.IdentityID, in.Login)
	if err != nil {
		return nil, err
	}
	call := sts.WebIdentityInput{RoleARN: choice.RoleARN, RoleSessionName: SessionName, Identity: identity, Context: in.Context}
	guest := in.Login == nil
	if guest {
		call.Policy, call.PolicyARNs = guestPolicies(p.partition())
	}
	session, err := security.AssumeRoleWithWebIdentity(call)
	if err != nil {
		return nil, &RefusedError{Operation: operation, Choice: choice, Err: err}
	}
	return &Credentials{Choice: choice, Identity: identity, ScopedDown: guest, Session: session}, nil
}

// A ClassicInput holds the parameters of [Pool.AssumeRoleWithClassicFlow].
type ClassicInput struct {
	// IdentityID and Login are as in [CredentialsInput].
	IdentityID string
	Login      *Login
	// RoleARN, RoleSessionName, DurationSeconds, Policy, PolicyARNs and Context
	// are what the application passes to AWS STS; see
	// [sts.WebIdentityInput].
	RoleARN         string
	RoleSessionName string
	DurationSeconds int
	Policy          string
	PolicyARNs      []string
	Context         *condition.Context
}

// AssumeRoleWithClassicFlow is the basic flow: the application gets a token of
// the pool ([Pool.GetOpenIDToken]) and assumes with it whatever role trusts it.
// No role mapping takes part, and guests are not limited. The pool must allow
// the flow.
//
// The role may be one of another account. Its trust policy must then hold a
// condition on the audience: one that would take the token of any pool is
// refused.
//
// The error is a [*RefusedError].
//
// Source: Amazon Cognito Developer Guide, "Identity pools authentication flow",
// section "Basic (classic) authentication flow".
func (p *Pool) AssumeRoleWithClassicFlow(security *sts.STS, in ClassicInput) (*Credentials, error) {
	const operation = "AssumeRoleWithWebIdentity"
	if !p.AllowClassicFlow {
		return nil, &RefusedError{Operation: "GetOpenIdToken", Choice: refuse(ClassicFlowNotAllowed)}
	}
	identity, err := p.GetOpenIDToken(in.IdentityID, in.Login)
	if err != nil {
		return nil, err
	}
	call := sts.WebIdentityInput{
		RoleARN: in.RoleARN, RoleSessionName: in.RoleSessionName, DurationSeconds: in.DurationSeconds,
		Policy: in.Policy, PolicyARNs: in.PolicyARNs, Identity: identity, Context: in.Context,
	}
	choice := Choice{RoleARN: in.RoleARN, Reason: RoleOfApplication, Rule: -1}
	session, err := security.AssumeRoleWithWebIdentity(call)
	if err != nil {
		return nil, &RefusedError{Operation: operation, Choice: choice, Err: err}
	}
	if role, err := arn.ParseEntity(in.RoleARN); err != nil || role.AccountID != p.AccountID || role.Partition != p.partition() {
		if call.Identity, err = p.token(operation, otherPool, in.IdentityID, in.Login); err != nil {
			return nil, err
		}
		var refused *sts.RefusedError
		if _, err := security.AssumeRoleWithWebIdentity(call); !errors.As(err, &refused) {
			return nil, &RefusedError{Operation: operation,
				Choice: Choice{Reason: AudienceNotChecked, Rule: -1, Refused: in.RoleARN}}
		}
	}
	return &Credentials{Choice: choice, Identity: identity, Session: session}, nil
}

// otherPool is an audience that no pool has: an id has a colon. A trust policy
// that takes it looks at no audience.
const otherPool = "no-identity-pool"

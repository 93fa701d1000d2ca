package evaluate

import (
	"strings"

	"github.com/portcullis-iam/portcullis/internal/fold"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// WithPrincipal makes an Evaluator for a principal whose identity policies,
// boundary and service control policies are those of e's, such as a session of
// the role that e was made for, a federated user whose session the user made that
// e was made for, or the same caller with other condition keys. It
// shares what was made ready of these, and makes ready only the session
// policies. If the principal has others, it is [New].
//
// The result and the error are those of New, for much less: without session
// policies it costs one allocation.
func (e *Evaluator) WithPrincipal(p *principal.Principal) (*Evaluator, error) {
	if e.principal == nil || p == nil {
		return New(p)
	}
	was, is := &e.principal.Identity, &p.Identity
	if was.Kind != is.Kind && !(was.Kind == principal.User && is.Kind == principal.FederatedUser) || was.ServiceLinked != is.ServiceLinked || was.AccountID != is.AccountID || was.Partition != is.Partition ||
		!shares(e.principal.IdentityPolicies, p.IdentityPolicies) || !shares(e.principal.PermissionsBoundaries, p.PermissionsBoundaries) ||
		!shares(e.principal.ServiceControlLevels, p.ServiceControlLevels) || (e.facts == nil) != (p.Facts == nil) {
		return New(p)
	}
	made := *e
	made.principal, made.facts, made.caller, made.token = p, p.Facts, callerOf(*is), tokenOf(p)
	made.caller.Bounded = e.caller.Bounded
	made.session = sets{}
	applies := (is.Kind == principal.Role || is.Kind == principal.FederatedUser) && !is.ServiceLinked
	for at := range p.SessionPolicies {
		if err := checkKind(SessionPolicy, &p.SessionPolicies[at], policy.Session); err != nil {
			return nil, err
		}
		if applies {
			made.session.add(&p.SessionPolicies[at], 0)
		}
	}
	made.scopedDown = applies && len(p.SessionPolicies) > 0
	made.needsSession = is.Kind == principal.FederatedUser && !made.scopedDown
	finish(indexLarge, &made.session.deny, &made.session.allow)
	return &made, nil
}

// shares tells whether two slices are one.
func shares[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// A sessionToken says of an IAM user or a root user that it comes with temporary
// credentials of GetSessionToken. Condition keys tell: aws:TokenIssueTime, and
// aws:MultiFactorAuthPresent of those made with an MFA code.
type sessionToken uint8

const (
	noToken sessionToken = iota
	tokenWithoutMFA
	tokenWithMFA
)

var sessionTokenRule = "IAM User Guide: Compare AWS STS credentials (GetSessionToken)"

func tokenOf(p *principal.Principal) sessionToken {
	if p.Identity.Kind != principal.User && p.Identity.Kind != principal.Root {
		return noToken
	}
	if _, temporary := p.Facts.Lookup("aws:TokenIssueTime"); !temporary {
		return noToken
	}
	if mfa, found := p.Facts.Lookup("aws:MultiFactorAuthPresent"); found && fold.Equal(mfa.Text(), "true") {
		return tokenWithMFA
	}
	return tokenWithoutMFA
}

// amend adds what such credentials may never do: of AWS STS everything but
// AssumeRole, with what belongs to it, and GetCallerIdentity; and without MFA
// everything of IAM.
//
// Source: IAM User Guide, "Compare AWS STS credentials".
func (t sessionToken) amend(ruled ruling, action string) ruling {
	if t == noToken {
		return ruled
	}
	service, name, _ := strings.Cut(action, ":")
	switch {
	case fold.Equal(service, "iam") && t == tokenWithoutMFA:
		return neverAllowed
	case fold.Equal(service, "sts"):
		for _, may := range [...]string{"AssumeRole", "TagSession", "SetSourceIdentity", "SetContext", "GetCallerIdentity"} {
			if fold.Equal(name, may) {
				return ruled
			}
		}
		return ruled&^alwaysAllowed | neverAllowed
	}
	return ruled
}

package evaluate

import (
	"slices"

	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// WithPrincipal makes an Evaluator for a principal whose identity policies,
// boundary and service control policies are those of e's, such as a session of
// the role that e was made for, a federated user whose session the user made that
// e was made for, or the same caller with other condition keys. It
// shares what was made ready of these, and of the session policies if they are
// the same compiled ones; others it makes ready. If the principal has others, it is [New].
//
// The result and the error are those of New, for much less: without session
// policies it costs one allocation, with the same ones a few.
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
	if samePolicies(e.principal.SessionPolicies, p.SessionPolicies) && applies && e.scopedDown == made.scopedDown {
		made.session.deny.index = e.session.deny.index.about(made.session.deny.members)
		made.session.allow.index = e.session.allow.index.about(made.session.allow.members)
	} else {
		finish(indexLarge, &made.session.deny, &made.session.allow)
	}
	return &made, nil
}

// samePolicies tells whether the attachments have the same compiled policies,
// wherever these came from.
func samePolicies(a, b []principal.Attachment) bool {
	return slices.EqualFunc(a, b, func(x, y principal.Attachment) bool { return x.Policy == y.Policy })
}

// shares tells whether two slices are one.
func shares[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

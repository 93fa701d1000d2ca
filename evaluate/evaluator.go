package evaluate

import (
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// An Evaluator answers what one principal may do. Making one sorts the
// principal's policies into layers and costs time linear in the number of
// their statements; it shares the compiled policies and copies none.
//
// An Evaluator is immutable and safe for any number of goroutines. The zero
// Evaluator denies everything.
type Evaluator struct {
	principal *principal.Principal
	caller    compiled.Caller
	facts     *condition.Context
	// ownAccount is what follows from the resource of a request on "*" that
	// names no account: it belongs to the caller's.
	ownAccount condition.Context

	decides        bool // false for the zero Evaluator and for nobody
	accountSide    bool // the caller has policies of its own
	controlled     bool // resource control policies apply to the caller
	token          sessionToken
	identity       sets
	boundary       sets
	session        sets
	serviceControl sets  // its allow is unused: levels are looked at one by one
	levels         []set // what the SCPs of each level of the organization allow

	bounded      bool // a permissions boundary applies
	scopedDown   bool // a session policy applies
	needsSession bool // a federated user to whom none was passed
}

// New makes an Evaluator for a principal. What does not apply to its kind of
// caller is left aside: an IAM user's session policies, every policy of its
// own that a service has, and so on.
//
// The error is a [*LayerError], if a policy was compiled for another use than
// the one it is put to here. A policy compiled as identity-based serves as a
// boundary too, and the other way round. The zero Principal, and nil, is nobody: its
// evaluator denies everything, also what a resource grants to everybody.
//
// The principal must not change afterwards.
//
// Source: IAM User Guide, "Policy evaluation logic", and SEMANTICS 5.2.
func New(p *principal.Principal) (*Evaluator, error) { return newEvaluator(p, indexLarge) }

func newEvaluator(p *principal.Principal, how indexing) (*Evaluator, error) {
	if p == nil {
		p = new(principal.Principal)
	}
	id := p.Identity
	e := &Evaluator{principal: p, facts: p.Facts, decides: id.Kind != 0, accountSide: id.HasAccountSide(), controlled: !id.ServiceLinked}
	e.caller = callerOf(id)
	e.token = tokenOf(p)
	if e.facts != nil && e.accountSide {
		e.ownAccount.Set("aws:ResourceAccount", condition.String(id.AccountID))
	}

	layers := []struct {
		into     *sets
		layer    Layer
		policies []principal.Attachment
		applies  bool
		kinds    []policy.Kind
	}{
		{&e.identity, IdentityPolicy, p.IdentityPolicies, e.accountSide && id.Kind != principal.Root,
			[]policy.Kind{policy.IdentityBased, policy.PermissionsBoundary}},
		{&e.boundary, PermissionsBoundary, p.PermissionsBoundaries, e.accountSide && id.Kind != principal.Root && !id.ServiceLinked,
			[]policy.Kind{policy.PermissionsBoundary, policy.IdentityBased}},
		{&e.session, SessionPolicy, p.SessionPolicies, (id.Kind == principal.Role || id.Kind == principal.FederatedUser) && !id.ServiceLinked,
			[]policy.Kind{policy.Session}},
	}
	for _, l := range layers {
		for at := range l.policies {
			if err := checkKind(l.layer, &l.policies[at], l.kinds...); err != nil {
				return nil, err
			}
			if l.applies {
				l.into.add(&l.policies[at], 0)
			}
		}
		applies := l.applies && len(l.policies) > 0
		switch l.layer {
		case PermissionsBoundary:
			e.bounded = applies
		case SessionPolicy:
			e.scopedDown = applies
		}
	}
	e.needsSession = id.Kind == principal.FederatedUser && !e.scopedDown
	e.caller.Bounded = e.bounded

	for depth := range p.ServiceControlLevels {
		from := &p.ServiceControlLevels[depth]
		var here sets
		for at := range from.Policies {
			if err := checkKind(ServiceControlPolicy, &from.Policies[at], policy.ServiceControl); err != nil {
				return nil, err
			}
			here.add(&from.Policies[at], depth)
		}
		if e.accountSide && !id.ServiceLinked {
			e.serviceControl.deny.members = append(e.serviceControl.deny.members, here.deny.members...)
			e.levels = append(e.levels, here.allow)
		}
	}
	large := []*set{&e.serviceControl.deny, &e.identity.deny, &e.identity.allow,
		&e.boundary.deny, &e.boundary.allow, &e.session.deny, &e.session.allow}
	for at := range e.levels {
		large = append(large, &e.levels[at])
	}
	finish(how, large...)
	return e, nil
}

// Principal is the principal that the evaluator was made for. It must not be
// changed.
func (e *Evaluator) Principal() *principal.Principal { return e.principal }

func callerOf(id principal.Identity) compiled.Caller {
	caller := compiled.Caller{ARN: id.ARN, Partition: id.Partition, AccountID: id.AccountID, Issuer: id.IssuerName}
	switch id.Kind {
	case principal.User:
		caller.Kind = compiled.User
	case principal.Role:
		caller.Kind = compiled.RoleSession
		if id.Session == "" {
			caller.ARN = "" // a session of the role whose ARN is not known
		}
	case principal.FederatedUser:
		caller.Kind = compiled.FederatedUser
	case principal.Root:
		caller.Kind = compiled.Root
	case principal.Service:
		caller.Kind = compiled.Service
	case principal.FederatedProvider:
		caller.Kind = compiled.FederatedProvider
	}
	return caller
}

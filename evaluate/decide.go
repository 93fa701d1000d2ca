package evaluate

import (
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
	"github.com/portcullis-iam/portcullis/policy"
)

// Evaluate decides a request. It allocates nothing, takes no lock and parses
// no policy, and stops as soon as precedence lets it. It never panics: a
// request that was not set, or whose Set failed, is denied.
//
// If some context keys are declared unknown, the decision is Undetermined
// where it hangs on them. A request that would be denied either way is denied,
// although it may then not be known whether explicitly.
//
// Its cost is that of the statements that could apply.
func (e *Evaluator) Evaluate(r *Request) Decision {
	var c inquiry
	if !c.open(e, r) {
		return Decision{}
	}
	if c.ruling.has(alwaysAllowed) {
		return c.ruled(Allowed, alwaysAllowed)
	}
	denied, unsure := c.explicitDeny()
	if denied.Outcome == ExplicitlyDenied {
		return denied
	}
	decision := c.allow()
	if decision.Outcome == Allowed && unsure {
		denied.Outcome = Undetermined
		return denied
	}
	return decision
}

// An inquiry is one request in front of one evaluator: everything that the
// stages of the decision look at.
type inquiry struct {
	evaluator *Evaluator
	request   *Request
	query     compiled.Query
	ruling    ruling

	// sameAccount: the resource belongs to the caller's account.
	sameAccount bool
	// resourcePolicy is the policy of the resource that this action asks; nil
	// if there is none.
	resourcePolicy *sets
	// control are the resource control policies that apply, or nil.
	control *sets
	// endpoint is nil if the request does not come through one.
	endpoint *sets
}

// open fills the inquiry. It is false for a request that asks nothing.
func (c *inquiry) open(e *Evaluator, r *Request) bool {
	if r == nil || !r.ready || e.principal == nil {
		return false
	}
	c.evaluator, c.request = e, r
	c.query.Action, c.query.Name, c.query.Caller = r.action, r.name, &e.caller
	c.query.View.Supplied, c.query.View.Principal = r.Context, e.facts
	if r.special {
		c.ruling = serviceRuling(r.action, &r.name, e.caller.Kind)
		if c.ruling.has(asksForEverything) {
			c.query.Name, _ = wildcard.CutName("*")
		}
	}
	c.sameAccount = e.accountSide && (r.account == "" || r.account == e.caller.AccountID)
	if side := r.Resource; side != nil {
		c.query.View.Resource = side.resource.Facts
		asked := policy.ResourceBased
		if c.ruling.has(trustPolicyIsAsked) {
			asked = policy.RoleTrust
		}
		if side.kind == asked {
			c.resourcePolicy = &side.policy
		}
		if e.controlled && !c.ruling.has(beyondResourceControl) {
			c.control = &side.control
		}
	} else if e.facts != nil {
		c.query.View.Resource = &r.facts
	}
	if r.Endpoint != nil && r.Endpoint.count > 0 {
		c.endpoint = &r.Endpoint.policies
	}
	return true
}

// denyLayer gives the Deny statements of a layer that apply to this caller and
// action, or nil. This is table 5.2 of the semantics.
func (c *inquiry) denyLayer(layer Layer) *set {
	e := c.evaluator
	switch layer {
	case ResourceControlPolicy:
		if c.control != nil {
			return &c.control.deny
		}
	case ServiceControlPolicy:
		return &e.serviceControl.deny
	case VPCEndpointPolicy:
		if c.endpoint != nil {
			return &c.endpoint.deny
		}
	case ResourcePolicy:
		if c.resourcePolicy != nil && !(c.ruling.has(ownerRepairs) && c.sameAccount) {
			return &c.resourcePolicy.deny
		}
	case IdentityPolicy:
		return &e.identity.deny
	case PermissionsBoundary:
		return &e.boundary.deny
	case SessionPolicy:
		return &e.session.deny
	}
	return nil
}

// explicitDeny is the first stage: a Deny that applies, in any layer, is
// final. unsure says that one may apply, and the decision then names it.
//
// Source: SEMANTICS 5.1, step 1.
func (c *inquiry) explicitDeny() (denied Decision, unsure bool) {
	for layer := ResourceControlPolicy; layer <= SessionPolicy; layer++ {
		denies := c.denyLayer(layer)
		if denies == nil || len(denies.members) == 0 {
			continue
		}
		switch applies, by := c.ask(denies, anyHit); applies {
		case condition.True:
			return c.decided(ExplicitlyDenied, layer, by), false
		case condition.Unknown:
			if !unsure {
				denied, unsure = c.decided(ImplicitlyDenied, layer, by), true
			}
		}
	}
	return denied, unsure
}

// allow is the second stage: everything that is needed must allow. It goes
// through the layers in the order of SEMANTICS 11.5 and names the first one
// that does not.
func (c *inquiry) allow() Decision {
	e := c.evaluator
	if c.ruling.has(neverAllowed) {
		return c.ruled(ImplicitlyDenied, neverAllowed)
	}
	if e.accountSide && !c.request.name.All() && c.request.name.Segment(1) != e.caller.Partition {
		return Decision{Outcome: ImplicitlyDenied, Layer: ServiceRule, Rule: otherPartition}
	}
	var short shortfall

	// Resource control policies are not asked: they deny or do nothing, since
	// RCPFullAWSAccess is implied at every level.
	for at := range e.levels {
		if applies, by := c.find(&e.levels[at].allow); applies != condition.True {
			refused := c.decided(ImplicitlyDenied, ServiceControlPolicy, by)
			refused.OrgIdentifier = e.levels[at].identifier
			if short.of(applies, refused) {
				return refused
			}
		}
	}
	if c.endpoint != nil {
		g := c.grant(&c.endpoint.allow)
		if applies := g.truth(compiled.AccountGrant); applies != condition.True {
			if refused := c.decided(ImplicitlyDenied, VPCEndpointPolicy, g.maybeBy); short.of(applies, refused) {
				return refused
			}
		}
	}

	var g granted
	if c.resourcePolicy != nil {
		g = c.grant(&c.resourcePolicy.allow)
	}
	if !e.accountSide || !c.sameAccount || c.ruling.has(resourcePolicyDecides) {
		if applies := g.truth(compiled.AccountGrant); applies != condition.True {
			if refused := c.decided(ImplicitlyDenied, ResourcePolicy, g.maybeBy); short.of(applies, refused) {
				return refused
			}
		}
	}
	if !e.accountSide || c.sameAccount && g.certain == compiled.DirectGrant {
		return short.or(c.decided(Allowed, ResourcePolicy, g.by))
	}
	if e.caller.Kind == compiled.Root {
		if g.by != nil {
			return short.or(c.decided(Allowed, ResourcePolicy, g.by))
		}
		return short.or(c.decided(Allowed, IdentityPolicy, nil))
	}

	// Table 5.3: what the resource policy gives may stand in for what the
	// caller's own policies do not allow, in one account only.
	direct, issuer := condition.False, condition.False
	if c.sameAccount {
		direct, issuer = g.truth(compiled.DirectGrant), g.truth(compiled.IssuerGrant)
	}
	identity, by := c.find(&e.identity.allow)
	if applies := or(identity, issuer); applies != condition.True {
		if refused := c.decided(ImplicitlyDenied, IdentityPolicy, by); short.of(applies, refused) {
			return refused
		}
	}
	if e.bounded {
		boundary, by := c.find(&e.boundary.allow)
		if applies := or(boundary, direct); applies != condition.True {
			if refused := c.decided(ImplicitlyDenied, PermissionsBoundary, by); short.of(applies, refused) {
				return refused
			}
		}
	}
	if e.scopedDown || e.needsSession {
		session, by := c.find(&e.session.allow)
		if applies := or(session, direct); applies != condition.True {
			if refused := c.decided(ImplicitlyDenied, SessionPolicy, by); short.of(applies, refused) {
				return refused
			}
		}
	}
	if identity == condition.True {
		return short.or(c.decided(Allowed, IdentityPolicy, by))
	}
	return short.or(c.decided(Allowed, ResourcePolicy, g.by))
}

const otherPartition = "IAM User Guide: Cross-account policy evaluation logic (a principal of another partition)"

// A shortfall remembers the first layer that is needed and that is not known
// to allow.
type shortfall struct {
	found bool
	first Decision
}

// of records that a layer does not allow for certain. It tells whether it
// surely does not, which settles the decision.
func (s *shortfall) of(applies condition.Truth, refused Decision) bool {
	if applies == condition.False {
		return true
	}
	if !s.found {
		refused.Outcome = Undetermined
		s.found, s.first = true, refused
	}
	return false
}

// or gives the decision if nothing fell short.
func (s *shortfall) or(allowed Decision) Decision {
	if s.found {
		return s.first
	}
	return allowed
}

// find tells whether a statement of the set applies, principals left aside,
// and names it: the one that does, or else the first that may.
func (c *inquiry) find(s *set) (condition.Truth, *member) {
	return c.ask(s, anyStatement)
}

func (c *inquiry) ask(s *set, goal goal) (condition.Truth, *member) {
	if len(s.members) == 0 {
		return condition.False, nil
	}
	f := search{query: &c.query, action: c.request.actionHash, service: c.request.serviceHash, goal: goal}
	s.run(&f)
	return f.applies, f.by
}

// grant looks for the greatest grant among the statements that apply.
func (c *inquiry) grant(s *set) granted {
	f := search{query: &c.query, action: c.request.actionHash, service: c.request.serviceHash, goal: greatestGrant}
	s.run(&f)
	return f.granted
}

// or is the disjunction of Kleene's logic.
func or(a, b condition.Truth) condition.Truth {
	switch {
	case a == condition.True || b == condition.True:
		return condition.True
	case a == condition.Unknown || b == condition.Unknown:
		return condition.Unknown
	}
	return condition.False
}

func (c *inquiry) decided(outcome Outcome, layer Layer, by *member) Decision {
	d := Decision{Outcome: outcome, Layer: layer}
	if by == nil {
		return d
	}
	d.attachment, d.statement = by.attachment, by.index
	switch layer {
	case ServiceControlPolicy:
		d.OrgIdentifier = c.evaluator.principal.ServiceControlLevels[by.level].OrgIdentifier
	case ResourceControlPolicy:
		d.OrgIdentifier = c.request.Resource.levels[by.level]
	}
	return d
}

// ruled is the decision by a rule of the service.
func (c *inquiry) ruled(outcome Outcome, by ruling) Decision {
	return Decision{Outcome: outcome, Layer: ServiceRule, Rule: ruleSource(c.request.action, &c.request.name, c.evaluator.caller.Kind, by)}
}

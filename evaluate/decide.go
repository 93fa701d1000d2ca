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
// although it may then not be known whether explicitly. Each look at an unknown
// key is taken for itself, so a request whose conditions look at one key twice
// may be Undetermined although every value would lead to the same outcome;
// what is Allowed or denied is so for every value.
//
// Its cost is that of the statements that could apply.
func (e *Evaluator) Evaluate(r *Request) Decision {
	var c inquiry
	if !c.open(e, r) {
		return Decision{}
	}
	return c.decide()
}

// decide goes through the stages of the decision.
func (c *inquiry) decide() Decision {
	if c.ruling.has(alwaysAllowed) {
		return c.ruled(Allowed, alwaysAllowed)
	}
	if c.explicitDeny() {
		return c.denied
	}
	decision := c.allow()
	if c.deniedPerhaps && decision.Outcome == Allowed {
		return c.denied
	}
	return decision
}

// An inquiry is one request in front of one evaluator: everything that the
// stages of the decision look at.
type inquiry struct {
	evaluator *Evaluator
	request   *Request
	search    search
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

	// denied is the explicit denial, or what may be one.
	denied        Decision
	deniedPerhaps bool
	// short is the first layer that is needed and not known to allow.
	short   Decision
	unknown bool // there is one
}

// open fills the inquiry. It is false for a request that asks nothing.
func (c *inquiry) open(e *Evaluator, r *Request) bool {
	if r == nil || !r.ready || e == nil || !e.decides {
		return false
	}
	c.evaluator, c.request = e, r
	f := &c.search
	f.query.Action, f.query.Name, f.query.Caller = r.action, &r.name, &e.caller
	f.query.View.Supplied, f.query.View.Principal = r.Context, e.facts
	f.action, f.service, f.tail, f.ending = r.actionHash, r.serviceHash, r.tail, r.ending
	if r.special {
		c.ruling = e.token.amend(serviceRuling(r.action, &r.name, e.caller.Kind), r.action)
		if c.ruling.has(asksForEverything) {
			f.query.Name = &everything
		}
	}
	c.sameAccount = e.accountSide && (r.account == "" || r.account == e.caller.AccountID)
	if e.facts != nil {
		f.query.View.Resource = r.derived()
		if r.account == "" {
			f.query.View.Resource = &e.ownAccount
		}
	}
	if r.Resource != nil && !c.openResource(r.Resource) {
		return false
	}
	if r.Endpoint != nil && r.Endpoint.count > 0 {
		c.endpoint = &r.Endpoint.policies
	}
	return true
}

// openResource fills in the resource's side. It is false if that is a zero
// Resource, or belongs to another account than the request says, or to another
// role or key: their policies need not name the resource that they speak of.
func (c *inquiry) openResource(side *Resource) bool {
	if side.resource == nil {
		return false
	}
	account := c.request.account
	if account == "" && c.evaluator.accountSide {
		account = c.evaluator.caller.AccountID // an action on "*"
	}
	if owner := side.resource.AccountID; owner != "" && account != "" && owner != account {
		return false
	}
	if of := side.resource.ARN; of != "" && of != c.request.name.Text && side.kind != 0 && c.ruling.has(resourcePolicyDecides) {
		return false
	}
	if side.resource.Facts != nil {
		c.search.query.View.Resource = side.resource.Facts
	}
	asked := policy.ResourceBased
	if c.ruling.has(trustPolicyIsAsked) {
		asked = policy.RoleTrust
	}
	if side.kind == asked {
		c.resourcePolicy = &side.policy
	}
	if c.evaluator.controlled && !c.ruling.has(beyondResourceControl) {
		c.control = &side.control
	}
	return true
}

// everything is the name that actions without resource types are asked on.
var everything, _ = wildcard.CutName("*")

// explicitDeny is the first stage: a Deny that applies, in any layer, is
// final. Which layers apply to whom (table 5.2 of the semantics) has been
// sorted out before: those that do not are empty.
//
// Source: SEMANTICS 5.1, step 1.
func (c *inquiry) explicitDeny() bool {
	e := c.evaluator
	return c.control != nil && c.denies(ResourceControlPolicy, &c.control.deny) ||
		c.denies(ServiceControlPolicy, &e.serviceControl.deny) ||
		c.endpoint != nil && c.denies(VPCEndpointPolicy, &c.endpoint.deny) ||
		c.resourcePolicy != nil && !c.ownerRepairs() && c.denies(ResourcePolicy, &c.resourcePolicy.deny) ||
		c.denies(IdentityPolicy, &e.identity.deny) ||
		c.denies(PermissionsBoundary, &e.boundary.deny) ||
		c.denies(SessionPolicy, &e.session.deny)
}

// ownerRepairs tells whether the Deny statements of the resource's policy are
// lifted for the owner.
func (c *inquiry) ownerRepairs() bool { return c.ruling.has(ownerRepairs) && c.sameAccount }

// denies looks for a Deny that applies, and notes the first that may.
func (c *inquiry) denies(layer Layer, s *set) bool {
	if len(s.members) == 0 {
		return false
	}
	applies, by := c.ask(s, anyHit)
	switch {
	case applies == condition.True:
		c.denied = c.decided(ExplicitlyDenied, layer, by)
		return true
	case applies == condition.Unknown && !c.deniedPerhaps:
		c.denied, c.deniedPerhaps = c.decided(Undetermined, layer, by), true
	}
	return false
}

// allow is the second stage: everything that is needed must allow. It goes
// through the layers in the order of SEMANTICS 11.5 and names the first one
// that does not.
func (c *inquiry) allow() Decision {
	e := c.evaluator
	if c.ruling.has(neverAllowed) {
		return c.ruled(ImplicitlyDenied, neverAllowed)
	}
	if c.ofAnotherPartition() {
		return Decision{Outcome: ImplicitlyDenied, Layer: ServiceRule, detail: &otherPartition}
	}

	// Resource control policies are not asked: they deny or do nothing, since
	// RCPFullAWSAccess is implied at every level.
	for at := range e.levels {
		applies, by := c.ask(&e.levels[at], anyStatement)
		if applies != condition.True && c.fallsShort(applies, ServiceControlPolicy, by) {
			return Decision{Layer: ServiceControlPolicy, detail: &e.principal.ServiceControlLevels[at].OrgIdentifier}
		}
	}
	if c.endpoint != nil {
		g := c.grant(&c.endpoint.allow)
		if applies := g.truth(compiled.AccountGrant); applies != condition.True && c.fallsShort(applies, VPCEndpointPolicy, g.perhaps) {
			return Decision{Layer: VPCEndpointPolicy}
		}
	}

	var g granted
	if c.resourcePolicy != nil {
		g = c.grant(&c.resourcePolicy.allow)
	}
	if !e.accountSide || !c.sameAccount || c.ruling.has(resourcePolicyDecides) {
		if applies := g.truth(compiled.AccountGrant); applies != condition.True && c.fallsShort(applies, ResourcePolicy, g.perhaps) {
			return c.decided(ImplicitlyDenied, ResourcePolicy, nil)
		}
	}
	if !e.accountSide || c.sameAccount && g.certain == compiled.DirectGrant {
		return c.allowed(ResourcePolicy, g.by)
	}
	if e.caller.Kind == compiled.Root {
		if g.by != nil {
			return c.allowed(ResourcePolicy, g.by)
		}
		return c.allowed(IdentityPolicy, nil)
	}

	// Table 5.3: what the resource policy gives may stand in for what the
	// caller's own policies do not allow, in one account only.
	direct, issuer := condition.False, condition.False
	if c.sameAccount {
		direct, issuer = g.truth(compiled.DirectGrant), g.truth(compiled.IssuerGrant)
	}
	identity, by := c.ask(&e.identity.allow, anyStatement)
	if applies := or(identity, issuer); applies != condition.True && c.fallsShort(applies, IdentityPolicy, by) {
		return Decision{Layer: IdentityPolicy}
	}
	if e.bounded {
		boundary, by := c.ask(&e.boundary.allow, anyStatement)
		if applies := or(boundary, direct); applies != condition.True && c.fallsShort(applies, PermissionsBoundary, by) {
			return Decision{Layer: PermissionsBoundary}
		}
	}
	if e.scopedDown || e.needsSession {
		session, by := c.ask(&e.session.allow, anyStatement)
		if applies := or(session, direct); applies != condition.True && c.fallsShort(applies, SessionPolicy, by) {
			return Decision{Layer: SessionPolicy}
		}
	}
	if identity == condition.True {
		return c.allowed(IdentityPolicy, by)
	}
	return c.allowed(ResourcePolicy, g.by)
}

// ofAnotherPartition tells whether the resource is in another partition than the
// caller, whom nothing there ever allows anything.
func (c *inquiry) ofAnotherPartition() bool {
	e := c.evaluator
	return e.accountSide && !c.request.name.All() && c.request.name.Segment(1) != e.caller.Partition
}

var otherPartition = "IAM User Guide: Cross-account policy evaluation logic (a principal of another partition)"

// ask looks for a statement of the set that applies, and names it: the one
// that does, or else one that may.
func (c *inquiry) ask(s *set, goal goal) (condition.Truth, *member) {
	f := &c.search
	f.goal, f.applies, f.by = goal, condition.False, nil
	s.run(f)
	return f.applies, f.by
}

// grant looks for the greatest grant among the statements that apply.
func (c *inquiry) grant(s *set) granted {
	f := &c.search
	f.goal, f.certain, f.atMost, f.by, f.perhaps = greatestGrant, compiled.NoGrant, compiled.NoGrant, nil, nil
	s.run(f)
	return granted{f.certain, f.atMost, f.by, f.perhaps}
}

// fallsShort notes that a layer which is needed does not allow for certain. It
// tells whether it surely does not, which settles the decision.
func (c *inquiry) fallsShort(applies condition.Truth, layer Layer, perhaps *member) bool {
	if applies == condition.False {
		return true
	}
	if !c.unknown {
		c.unknown, c.short = true, c.decided(Undetermined, layer, perhaps)
	}
	return false
}

// allowed is the decision if everything that is needed allows; it is
// Undetermined if that is not certain.
func (c *inquiry) allowed(layer Layer, by *member) Decision {
	if c.unknown {
		return c.short
	}
	return c.decided(Allowed, layer, by)
}

// decided is a decision by a statement, or by none if by is nil.
func (c *inquiry) decided(outcome Outcome, layer Layer, by *member) Decision {
	return Decision{Outcome: outcome, Layer: layer, by: by, detail: c.detail(layer, by)}
}

func (c *inquiry) detail(layer Layer, by *member) *string {
	switch {
	case layer == ResourcePolicy && c.ruling.has(trustPolicyIsAsked):
		return &trustPolicy
	case by == nil:
	case layer == ServiceControlPolicy:
		return &c.evaluator.principal.ServiceControlLevels[by.level].OrgIdentifier
	case layer == ResourceControlPolicy:
		return &c.request.Resource.resource.ControlLevels[by.level].OrgIdentifier
	}
	return nil
}

// ruled is the decision by a rule of the service.
func (c *inquiry) ruled(outcome Outcome, by ruling) Decision {
	source := ruleSource(c.request.action, &c.request.name, c.evaluator.caller.Kind, by)
	if source == nil {
		source = &sessionTokenRule
	}
	return Decision{Outcome: outcome, Layer: ServiceRule, detail: source}
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

package evaluate

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/compiled"
)

// An Explanation is a decision with everything that went into it: what every
// layer says, every statement that speaks of the action, and what stands in the
// way. It remembers what was asked, so its methods can be called later, whatever
// has become of the request since.
//
// An Explanation is not changed by its methods and is safe for any number of
// goroutines. The zero Explanation is that of a request that asks nothing.
type Explanation struct {
	// Decision is what [Evaluator.Evaluate] decides.
	Decision Decision
	// Principal, Action and Resource are what was asked.
	Principal, Action, Resource string
	// Layers are the layers that take part, in evaluation order; each level of
	// the organization is one of its own.
	Layers []LayerTrace

	asked   *asked
	refusal string // why the request was not decided, if it was not
}

// asked is what was asked, apart from the request, which may be used again.
type asked struct {
	evaluator *Evaluator
	request   Request
	supplied  condition.Context

	once   sync.Once
	opened *inquiry

	layers [fewLayers]LayerTrace // for so many layers none need be allocated
}

// fewLayers is how many layers there are without an organization, mostly.
const fewLayers = 2

// remember copies the request.
func (e *Evaluator) remember(r *Request) *asked {
	a := new(asked)
	a.evaluator, a.request = e, *r
	if r.Context != nil {
		r.Context.CopyTo(&a.supplied)
		a.request.Context = &a.supplied
	}
	return a
}

// inquiry is about the copy of the request. It must not be changed. Most
// explanations are not asked for more than is in them, so that it is only opened
// when it is needed.
func (a *asked) inquiry() *inquiry {
	a.once.Do(func() {
		if a.request.own(); a.request.account != "" {
			a.request.facts.Set(resourceAccount, condition.String(a.request.account))
		}
		a.opened = new(inquiry)
		a.opened.open(a.evaluator, &a.request)
	})
	return a.opened
}

// A LayerTrace is what one layer says.
type LayerTrace struct {
	// Layer is the layer, OrgIdentifier the level of the organization where it
	// has levels.
	Layer         Layer
	OrgIdentifier string
	// Denies are its Deny statements that apply, in the order of policies and
	// statements.
	Denies []StatementRef
	// Allows are its Allow statements that apply, likewise. In the layer of
	// the resource policy they are about the caller.
	Allows []StatementRef
	// Unsure are statements of which it is not known whether they apply,
	// because keys are unknown.
	Unsure []StatementRef
	// Needed tells whether the layer must allow the request. The layer of the
	// resource policy is not needed in one account, where it may grant what
	// the layers behind it do not.
	Needed bool
	// Grant says how far what the resource policy allows makes up for what the
	// caller's own policies do not allow. It is NoGrant in other layers.
	Grant Grant

	trust bool // of the resource's policy: it is the trust policy of a role

	// Where the statements are, for what is worked out when it is asked for.
	asked          *asked
	denies, allows *set // nil if there are none
	depth          int  // the level of their members
}

// Explain decides a request as [Evaluator.Evaluate] does and tells what went into
// it: here the statements that apply, in every layer. What else there is to know
// (the statements that do not apply and why, near misses, words) is worked out
// when it is asked for, and costs some hundred nanoseconds for each statement
// that speaks of the action. Explain itself costs some five to fifteen times what
// Evaluate does, most of it for a copy of the request.
func (e *Evaluator) Explain(r *Request) Explanation {
	var c inquiry
	if !c.open(e, r) {
		return Explanation{refusal: e.refusal(r)}
	}
	a := e.remember(r)
	explanation := Explanation{
		Decision: c.decide(), Principal: e.principal.Identity.String(), Action: r.action, Resource: r.name.Text, asked: a,
	}
	layers := a.layers[:0]
	if count := len(e.levels); count > 0 || c.control != nil || c.endpoint != nil {
		layers = make([]LayerTrace, 0, count+c.controlLevels()+5)
	}
	if c.control != nil {
		for depth := range c.controlLevels() {
			layers = c.layer(layers, LayerTrace{Layer: ResourceControlPolicy, OrgIdentifier: r.Resource.resource.ControlLevels[depth].OrgIdentifier, denies: &c.control.deny, depth: depth})
		}
	}
	for depth := range e.levels {
		level := &e.principal.ServiceControlLevels[depth]
		layers = c.layer(layers, LayerTrace{Layer: ServiceControlPolicy, OrgIdentifier: level.OrgIdentifier, Needed: true, denies: &e.serviceControl.deny, allows: &e.levels[depth], depth: depth})
	}
	if c.endpoint != nil {
		layers = c.layer(layers, LayerTrace{Layer: VPCEndpointPolicy, Needed: true, denies: &c.endpoint.deny, allows: &c.endpoint.allow})
	}
	resource := LayerTrace{Layer: ResourcePolicy, Needed: !e.accountSide || !c.sameAccount || c.ruling.has(resourcePolicyDecides), trust: c.ruling.has(trustPolicyIsAsked)}
	if c.resourcePolicy != nil {
		resource.denies, resource.allows = &c.resourcePolicy.deny, &c.resourcePolicy.allow
		if c.ownerRepairs() {
			resource.denies = nil
		}
	}
	if c.resourcePolicy != nil || resource.Needed {
		layers = c.layer(layers, resource)
	}
	if e.accountSide && e.caller.Kind != compiled.Root {
		layers = c.layer(layers, LayerTrace{Layer: IdentityPolicy, Needed: true, denies: &e.identity.deny, allows: &e.identity.allow})
		if e.bounded {
			layers = c.layer(layers, LayerTrace{Layer: PermissionsBoundary, Needed: true, denies: &e.boundary.deny, allows: &e.boundary.allow})
		}
		if e.scopedDown || e.needsSession {
			layers = c.layer(layers, LayerTrace{Layer: SessionPolicy, Needed: true, denies: &e.session.deny, allows: &e.session.allow})
		}
	}
	for at := range layers {
		layers[at].asked = a
	}
	explanation.Layers = layers
	return explanation
}

// controlLevels is how many levels the resource control policies have.
func (c *inquiry) controlLevels() int {
	if c.control == nil {
		return 0
	}
	return len(c.request.Resource.resource.ControlLevels)
}

// layer looks for the statements of a layer that apply, and appends it.
func (c *inquiry) layer(layers []LayerTrace, trace LayerTrace) []LayerTrace {
	query := &c.search.query
	for _, found := range c.applying(trace.denies) {
		m := &trace.denies.members[found.number]
		switch {
		case int(m.level) != trace.depth:
		case found.applies == condition.True:
			trace.Denies = append(trace.Denies, StatementRef{m.attachment, int(m.index)})
		default:
			trace.Unsure = append(trace.Unsure, StatementRef{m.attachment, int(m.index)})
		}
	}
	for _, found := range c.applying(trace.allows) {
		m := &trace.allows.members[found.number]
		switch {
		case int(m.level) != trace.depth:
		case found.applies == condition.True:
			trace.Allows = append(trace.Allows, StatementRef{m.attachment, int(m.index)})
			if trace.Layer == ResourcePolicy {
				trace.Grant = max(trace.Grant, Grant(grants(m.statement, query.Caller)))
			}
		default:
			trace.Unsure = append(trace.Unsure, StatementRef{m.attachment, int(m.index)})
		}
	}
	return append(layers, trace)
}

// applying gives the statements of a set that apply or may, each once, in their
// order. They are valid until it is called again.
func (c *inquiry) applying(s *set) []finding {
	if s == nil || len(s.members) == 0 {
		return nil
	}
	f := &c.search
	if f.found == nil {
		f.found = new([]finding)
	}
	f.goal, *f.found = everyApplying, (*f.found)[:0]
	s.run(f)
	found := *f.found
	if s.index == nil || len(found) < 2 {
		return found
	}
	// An index may come upon a statement by several of its resources.
	slices.SortFunc(found, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(a.applies, b.applies)) // True before Unknown
	})
	return slices.CompactFunc(found, func(a, b finding) bool { return a.number == b.number })
}

// Total is how many statements the layer has.
func (l LayerTrace) Total() (total int) {
	for _, s := range [...]*set{l.denies, l.allows} {
		if s == nil {
			continue
		}
		for at := range s.members {
			if int(s.members[at].level) == l.depth {
				total++
			}
		}
	}
	return total
}

// Statements are all statements of the layer that speak of the action, whether
// they apply or not, those that deny before those that allow.
func (l LayerTrace) Statements() (statements []StatementTrace) {
	if l.asked == nil {
		return nil
	}
	search := l.asked.inquiry().search // a copy, since looking for statements changes it
	for _, s := range [...]*set{l.denies, l.allows} {
		if s == nil {
			continue
		}
		for _, number := range s.speaking(&search, nil) {
			if m := &s.members[number]; int(m.level) == l.depth {
				statements = append(statements, l.asked.statement(m))
			}
		}
	}
	return statements
}

// MissingKeys are the condition keys that statements about this action and
// resource look at, in conditions or policy variables, and that are not there. A
// decision may come out differently when they are supplied.
func (x Explanation) MissingKeys() (missing []string) {
	x.keys(func(view *condition.View, template *condition.Template, block *condition.Block) {
		if template != nil {
			missing = template.AbsentKeys(view, missing)
		} else {
			missing = block.MissingKeys(view, missing)
		}
	})
	return missing
}

// UnknownKeys are the keys that such statements look at and that were declared
// unknown.
func (x Explanation) UnknownKeys() (unknown []string) {
	x.keys(func(view *condition.View, template *condition.Template, block *condition.Block) {
		if template != nil {
			unknown = template.UnknownKeys(view, unknown)
		} else {
			unknown = block.UnknownKeys(view, unknown)
		}
	})
	return unknown
}

// keys hands out the templates and the conditions of the statements about the
// caller, and about the resource at all.
func (x *Explanation) keys(look func(*condition.View, *condition.Template, *condition.Block)) {
	if x.asked == nil {
		return
	}
	query := &x.asked.inquiry().search.query
	for at := range x.Layers {
		for _, said := range x.Layers[at].Statements() {
			if said.Principal == condition.False {
				continue
			}
			for r := range said.statement.Resources {
				resource := &said.statement.Resources[r]
				if template := resource.Template(); template != nil && strings.HasPrefix(query.Name.Text, resource.Pattern.Prefix()) {
					look(&query.View, template, nil)
				}
			}
			if said.Resource != condition.False && said.statement.Condition != nil {
				look(&query.View, nil, said.statement.Condition)
			}
		}
	}
}

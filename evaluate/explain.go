package evaluate

import (
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/principal"
)

// An Explanation is a decision with everything that went into it. It is made
// for people and for tests that ask why; it costs a walk over all statements.
type Explanation struct {
	// Decision is what [Evaluator.Evaluate] decides.
	Decision Decision
	// Principal, Action and Resource are what was asked.
	Principal, Action, Resource string
	// Layers are the layers that take part, in evaluation order; each level of
	// the organization is one of its own.
	Layers []LayerTrace
	// MissingKeys are the condition keys that statements about this action and
	// resource look at, in conditions or policy variables, and that are not
	// there. A decision may come out differently when they are supplied.
	MissingKeys []string
	// UnknownKeys are those of them that were declared unknown.
	UnknownKeys []string
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
}

// A Grant is what a resource policy gives its caller. The more specific the
// principal that it names, the fewer of the caller's own policies must agree,
// in one account; across accounts all of them must.
//
// Source: IAM User Guide, "Policy evaluation for requests within a single
// account".
type Grant uint8

// The grants, each greater than the one before it.
const (
	// NoGrant: the policy does not allow the request to the caller.
	NoGrant = Grant(compiled.NoGrant)
	// AccountGrant: it names the account, which decides by its own policies.
	AccountGrant = Grant(compiled.AccountGrant)
	// IssuerGrant: it names the role or the issuing user, so that identity-based
	// policies need not allow; boundary and session policies must.
	IssuerGrant = Grant(compiled.IssuerGrant)
	// DirectGrant: it names the caller itself or everybody. Nothing else need
	// allow.
	DirectGrant = Grant(compiled.DirectGrant)
)

// String says whom the policy names.
func (g Grant) String() string {
	switch g {
	case NoGrant:
		return "nobody"
	case AccountGrant:
		return "the account"
	case IssuerGrant:
		return "the role or issuing user"
	case DirectGrant:
		return "the caller"
	}
	return "unknown grant"
}

// Explain decides a request as [Evaluator.Evaluate] does and tells everything
// that went into it.
func (e *Evaluator) Explain(r *Request) Explanation {
	explanation := Explanation{Decision: e.Evaluate(r)}
	var c inquiry
	if !c.open(e, r) {
		return explanation
	}
	explanation.Principal = e.principal.Identity.String()
	explanation.Action, explanation.Resource = r.action, r.name.Text

	t := tracer{inquiry: &c, into: &explanation}
	if c.control != nil {
		for depth := range r.Resource.resource.ControlLevels {
			t.layer(LayerTrace{Layer: ResourceControlPolicy, OrgIdentifier: r.Resource.resource.ControlLevels[depth].OrgIdentifier}, &c.control.deny, nil, depth)
		}
	}
	for depth := range e.levels {
		level := &e.principal.ServiceControlLevels[depth]
		t.layer(LayerTrace{Layer: ServiceControlPolicy, OrgIdentifier: level.OrgIdentifier, Needed: true}, &e.serviceControl.deny, &e.levels[depth], depth)
	}
	if c.endpoint != nil {
		t.layer(LayerTrace{Layer: VPCEndpointPolicy, Needed: true}, &c.endpoint.deny, &c.endpoint.allow, 0)
	}
	trust := c.ruling.has(trustPolicyIsAsked)
	resourceNeeded := !e.accountSide || !c.sameAccount || c.ruling.has(resourcePolicyDecides)
	if c.resourcePolicy != nil {
		denies := &c.resourcePolicy.deny
		if c.ownerRepairs() {
			denies = nil
		}
		t.layer(LayerTrace{Layer: ResourcePolicy, Needed: resourceNeeded, trust: trust}, denies, &c.resourcePolicy.allow, 0)
	} else if resourceNeeded {
		t.layer(LayerTrace{Layer: ResourcePolicy, Needed: true, trust: trust}, nil, nil, 0)
	}
	if e.accountSide && e.caller.Kind != compiled.Root {
		t.layer(LayerTrace{Layer: IdentityPolicy, Needed: true}, &e.identity.deny, &e.identity.allow, 0)
		if e.bounded {
			t.layer(LayerTrace{Layer: PermissionsBoundary, Needed: true}, &e.boundary.deny, &e.boundary.allow, 0)
		}
		if e.scopedDown || e.needsSession {
			t.layer(LayerTrace{Layer: SessionPolicy, Needed: true}, &e.session.deny, &e.session.allow, 0)
		}
	}
	return explanation
}

// A tracer collects what the layers say.
type tracer struct {
	inquiry *inquiry
	into    *Explanation
}

func (t *tracer) layer(trace LayerTrace, denies, allows *set, depth int) {
	if denies != nil {
		t.members(&trace, denies, depth)
	}
	if allows != nil {
		t.members(&trace, allows, depth)
		if trace.Layer == ResourcePolicy {
			trace.Grant = Grant(t.inquiry.grant(allows).certain)
		}
	}
	t.into.Layers = append(t.into.Layers, trace)
}

func (t *tracer) members(trace *LayerTrace, s *set, depth int) {
	query := &t.inquiry.search.query
	for at := range s.members {
		m := &s.members[at]
		if int(m.level) != depth {
			continue
		}
		denies := m.statement.Flags.Has(compiled.Deny)
		if denies && !hits(m.statement, query.Caller) || !denies && m.statement.Principals != nil && grants(m.statement, query.Caller) == compiled.NoGrant {
			continue
		}
		if !m.statement.MatchesAction(query.Action) {
			continue
		}
		t.keys(m.statement)
		ref := StatementRef{m.attachment, int(m.index)}
		switch applies := m.statement.Applies(query); {
		case applies == condition.Unknown:
			trace.Unsure = append(trace.Unsure, ref)
		case applies == condition.True && denies:
			trace.Denies = append(trace.Denies, ref)
		case applies == condition.True:
			trace.Allows = append(trace.Allows, ref)
		}
	}
}

// keys notes the keys that a statement looks at and that are not there, if the
// statement is about the resource at all.
func (t *tracer) keys(s *compiled.Statement) {
	query, into := &t.inquiry.search.query, t.into
	for at := range s.Resources {
		if template := s.Resources[at].Template(); template != nil && strings.HasPrefix(query.Name.Text, s.Resources[at].Pattern.Prefix()) {
			into.MissingKeys = template.AbsentKeys(&query.View, into.MissingKeys)
			into.UnknownKeys = template.UnknownKeys(&query.View, into.UnknownKeys)
		}
	}
	if s.MatchesResource(query) != condition.False {
		into.MissingKeys = s.Condition.MissingKeys(&query.View, into.MissingKeys)
		into.UnknownKeys = s.Condition.UnknownKeys(&query.View, into.UnknownKeys)
	}
}

// String tells the decision in one line, and what each layer says in one line
// each.
func (x Explanation) String() string {
	var b strings.Builder
	b.WriteString(x.Decision.String())
	for _, layer := range x.Layers {
		b.WriteString("\n  ")
		b.WriteString(layer.String())
	}
	if len(x.MissingKeys) > 0 {
		b.WriteString("\n  keys that statements look at and the request does not have: ")
		b.WriteString(strings.Join(x.MissingKeys, ", "))
	}
	if len(x.UnknownKeys) > 0 {
		b.WriteString("\n  unknown keys: ")
		b.WriteString(strings.Join(x.UnknownKeys, ", "))
	}
	return b.String()
}

// String tells what the layer says in one line.
func (l LayerTrace) String() string {
	text := layerName(l.Layer, l.trust)
	if l.OrgIdentifier != "" {
		text += " at " + l.OrgIdentifier
	}
	text += ": "
	said := 0
	say := func(verb string, refs []StatementRef) {
		for _, ref := range refs {
			if said > 0 {
				text += "; "
			}
			said++
			text += verb + " by " + ref.statement() + " of " + l.source(ref)
		}
	}
	say("denied", l.Denies)
	say("allowed", l.Allows)
	say("perhaps decided", l.Unsure)
	switch {
	case said > 0 && l.Grant != NoGrant:
		return text + ", which names " + l.Grant.String()
	case said > 0:
		return text
	case l.Needed:
		return text + "nothing allows it"
	}
	return text + "says nothing"
}

// source says where a statement of the layer came from, without repeating what
// the line says already: the type of policy and the level.
func (l LayerTrace) source(ref StatementRef) string {
	source := ref.Source()
	if !named(source, l.Layer) {
		return source.String()
	}
	if source.AttachedTo == l.OrgIdentifier {
		source.AttachedTo = ""
	}
	if source.Name == "" && source.ARN == "" && source.AttachedTo == "" {
		return principal.Source{}.String()
	}
	return strings.TrimPrefix(strings.TrimPrefix(source.String(), source.Type.String()+" "), "of ")
}

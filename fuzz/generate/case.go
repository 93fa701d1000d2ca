package generate

import "slices"

// Case is one authorization question. Documents of a layer that is nil are left out of the JSON; a layer that is
// empty but not nil is written as an empty list. The zero value is no valid question, because it has no request.
type Case struct {
	ID      string
	Request Request

	IdentityPolicies      []Document
	PermissionsBoundaries []Document
	SessionPolicies       []Document
	ResourcePolicy        *Document
	SCPs                  []Level
	RCPs                  []Level
	VPCEndpointPolicies   []Document

	// Labels say what the generator meant. They are not part of the JSON, and transformations keep them.
	Labels Labels
}

// Labels name the scenario that a question was made for; [Tally] counts them.
type Labels struct {
	// Caller is the kind of caller, for example "role session" or "anonymous".
	Caller string
	// Service is the row of service rules, for example "sts trust" or "ordinary".
	Service string
	// Relation is the relation of the accounts, for example "same account".
	Relation string
	// Aim is the outcome that the documents were biased to.
	Aim string
	// Broken names the deliberate hard error, and is empty where there is none.
	Broken string
}

// Request is what is asked. PrincipalIssuer and ResourceAccount are left out of the JSON when they are empty.
type Request struct {
	Principal       string
	PrincipalIssuer string
	Action          string
	Resource        string
	ResourceAccount string
	Context         []ContextEntry
}

// ContextEntry is one context key with its value.
type ContextEntry struct {
	Key   string
	Value Value
	// Raw, if not empty, is the JSON that is written as the value. It is meant for values that must be refused.
	Raw string
}

// Value is a value in a request's context: one scalar, or a list of any length.
type Value struct {
	List  bool
	Items []Scalar
}

// Scalar is a string, or with Bare a JSON number or Boolean, which Text spells.
type Scalar struct {
	Text string
	Bare bool
}

// Level is one level of an organization: the root, an organizational unit or the account.
type Level struct {
	Identifier string
	Policies   []Document
}

// Layer names a kind of policy that takes part in a decision.
type Layer string

// The layers, in the order of the neutral case format.
const (
	LayerIdentity Layer = "identity"
	LayerBoundary Layer = "boundary"
	LayerSession  Layer = "session"
	LayerResource Layer = "resource"
	LayerSCP      Layer = "scp"
	LayerRCP      Layer = "rcp"
	LayerEndpoint Layer = "endpoint"
)

// Layers returns all layers, in the order of the neutral case format.
func Layers() []Layer {
	return []Layer{LayerIdentity, LayerBoundary, LayerSession, LayerResource, LayerSCP, LayerRCP, LayerEndpoint}
}

// Documents returns pointers to all documents of a layer, level by level for the organization's layers. Changing what
// they point to changes the case.
func (c *Case) Documents(layer Layer) []*Document {
	var found []*Document
	add := func(documents []Document) {
		for i := range documents {
			found = append(found, &documents[i])
		}
	}
	switch layer {
	case LayerIdentity:
		add(c.IdentityPolicies)
	case LayerBoundary:
		add(c.PermissionsBoundaries)
	case LayerSession:
		add(c.SessionPolicies)
	case LayerResource:
		if c.ResourcePolicy != nil {
			found = append(found, c.ResourcePolicy)
		}
	case LayerSCP:
		for i := range c.SCPs {
			add(c.SCPs[i].Policies)
		}
	case LayerRCP:
		for i := range c.RCPs {
			add(c.RCPs[i].Policies)
		}
	case LayerEndpoint:
		add(c.VPCEndpointPolicies)
	}
	return found
}

// AllDocuments returns pointers to the documents of all layers.
func (c *Case) AllDocuments() []*Document {
	var found []*Document
	for _, layer := range Layers() {
		found = append(found, c.Documents(layer)...)
	}
	return found
}

// Clone returns a deep copy.
func (c Case) Clone() Case {
	c.Request.Context = slices.Clone(c.Request.Context)
	for i := range c.Request.Context {
		c.Request.Context[i].Value.Items = slices.Clone(c.Request.Context[i].Value.Items)
	}
	c.IdentityPolicies = cloneDocuments(c.IdentityPolicies)
	c.PermissionsBoundaries = cloneDocuments(c.PermissionsBoundaries)
	c.SessionPolicies = cloneDocuments(c.SessionPolicies)
	c.VPCEndpointPolicies = cloneDocuments(c.VPCEndpointPolicies)
	if c.ResourcePolicy != nil {
		document := c.ResourcePolicy.Clone()
		c.ResourcePolicy = &document
	}
	c.SCPs = cloneLevels(c.SCPs)
	c.RCPs = cloneLevels(c.RCPs)
	return c
}

func cloneDocuments(documents []Document) []Document {
	documents = slices.Clone(documents)
	for i := range documents {
		documents[i] = documents[i].Clone()
	}
	return documents
}

func cloneLevels(levels []Level) []Level {
	levels = slices.Clone(levels)
	for i := range levels {
		levels[i].Policies = cloneDocuments(levels[i].Policies)
	}
	return levels
}

// String returns the JSON of the case.
func (c Case) String() string { return string(c.JSON()) }

// GoString returns the JSON of the case, so that failing properties print something that can be fed to a runner.
func (c Case) GoString() string { return string(c.JSON()) }

package generate

import (
	"slices"
	"strings"
)

// The functions of this file change what a question means, in a way that can only help or only hinder.

// Place is where a statement stands: the index of its document among [Case.Documents] of a layer, and its index there.
type Place struct {
	Layer     Layer
	Document  int
	Statement int
}

// Places returns the places of all statements of documents that are not overridden.
func (c *Case) Places() []Place {
	var places []Place
	for _, layer := range Layers() {
		for i, document := range c.Documents(layer) {
			if document.Raw != "" {
				continue
			}
			for j := range document.Statements {
				places = append(places, Place{layer, i, j})
			}
		}
	}
	return places
}

// At returns the statement at a place, which must be one of [Case.Places]. Changing it changes the case.
func (c *Case) At(place Place) *Statement {
	return &c.Documents(place.Layer)[place.Document].Statements[place.Statement]
}

// RemoveStatement returns a copy without one statement. A document may be left without statements.
func (c Case) RemoveStatement(place Place) Case {
	copied := c.Clone()
	document := copied.Documents(place.Layer)[place.Document]
	document.Statements = slices.Delete(document.Statements, place.Statement, place.Statement+1)
	return copied
}

// isTrustAction says whether the resource policy of a question about the action is a role's trust policy.
func isTrustAction(action string) bool {
	return slices.ContainsFunc(trustActions, func(trust string) bool { return strings.EqualFold(trust, action) })
}

// Broad returns a document for a layer that allows or denies everything that the question is about, to everybody. In a
// layer of RCPs the Deny names the service of the request's action, since a bare "*" is refused there, and the Allow
// is RCPFullAWSAccess.
func (c Case) Broad(layer Layer, effect string) Document {
	s := Statement{Effect: effect, Action: one("*"), Resource: one("*")}
	switch layer {
	case LayerResource:
		s.Principal = everyone()
		if isTrustAction(c.Request.Action) {
			s.Resource = nil
		}
	case LayerEndpoint:
		s.Principal = everyone()
	case LayerRCP:
		s.Principal = everyone()
		if service, _, _ := strings.Cut(c.Request.Action, ":"); effect == "Deny" {
			s.Action = one(service + ":*")
		}
	}
	return Document{Version: currentVersion, Statements: []Statement{s}}
}

// AddDeny returns a copy with one more document, whose statements should all be Denies, in a layer. Where the layer
// has no level or document yet it gets one, which may hinder by itself (a boundary that is not there restricts
// nothing). A resource policy that is there takes over the statements, under its own Version. ok is false, and the
// copy unchanged, if that resource policy is overridden by Raw.
func (c Case) AddDeny(layer Layer, document Document) (changed Case, ok bool) {
	copied := c.Clone()
	switch layer {
	case LayerSCP:
		if len(copied.SCPs) == 0 {
			copied.SCPs = []Level{{Identifier: "r-root", Policies: []Document{fullAccess(kindSCP)}}}
		}
		last := &copied.SCPs[len(copied.SCPs)-1]
		last.Policies = append(last.Policies, document.Clone())
	case LayerRCP:
		if len(copied.RCPs) == 0 {
			copied.RCPs = []Level{{Identifier: "r-root"}}
		}
		last := &copied.RCPs[len(copied.RCPs)-1]
		last.Policies = append(last.Policies, document.Clone())
	default:
		return copied.addDocument(layer, document)
	}
	return copied, true
}

// AddAllow returns a copy with one more document, whose statements should all be Allows, in a layer, and in every
// level of it. ok is false, and the copy unchanged, where that could hinder: in a layer of boundaries, session
// policies, SCPs or VPC endpoint policies that is empty, and in RCPs, which may hold no further Allow.
func (c Case) AddAllow(layer Layer, document Document) (changed Case, ok bool) {
	copied := c.Clone()
	switch layer {
	case LayerRCP:
		return copied, false
	case LayerSCP:
		for i := range copied.SCPs {
			copied.SCPs[i].Policies = append(copied.SCPs[i].Policies, document.Clone())
		}
		return copied, len(copied.SCPs) > 0
	case LayerBoundary, LayerSession, LayerEndpoint:
		if len(copied.Documents(layer)) == 0 {
			return copied, false
		}
	}
	return copied.addDocument(layer, document)
}

// addDocument adds a document to a layer without levels. The case is changed.
func (c Case) addDocument(layer Layer, document Document) (changed Case, ok bool) {
	document = document.Clone()
	switch layer {
	case LayerIdentity:
		c.IdentityPolicies = append(c.IdentityPolicies, document)
	case LayerBoundary:
		c.PermissionsBoundaries = append(c.PermissionsBoundaries, document)
	case LayerSession:
		c.SessionPolicies = append(c.SessionPolicies, document)
	case LayerEndpoint:
		c.VPCEndpointPolicies = append(c.VPCEndpointPolicies, document)
	case LayerResource:
		switch {
		case c.ResourcePolicy == nil:
			c.ResourcePolicy = &document
		case c.ResourcePolicy.Raw != "":
			return c, false
		default:
			c.ResourcePolicy.Statements = append(c.ResourcePolicy.Statements, document.Statements...)
		}
	}
	return c, true
}

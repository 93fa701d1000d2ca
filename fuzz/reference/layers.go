package reference

// The names of the layers, as Verdict gives them.
const (
	layerService         = "service"
	layerPartition       = "partition"
	layerResourceControl = "rcp"
	layerServiceControl  = "scp"
	layerEndpoint        = "vpc endpoint"
	layerResource        = "resource"
	layerIdentity        = "identity"
	layerBoundary        = "boundary"
	layerSession         = "session"
)

// The next functions are table 5.2, with 11.1 (a policy that applies to nobody
// of this kind is ignored) and 11.4 (callers without an account side).

// hasIdentityPolicies: all but root users and callers without account side.
func (q question) hasIdentityPolicies() bool {
	return q.caller.hasAccountSide() && q.caller.kind != rootCaller
}

// takesBoundary: IAM users, roles that are not service-linked, federated users.
func (q question) takesBoundary() bool {
	return q.hasIdentityPolicies() && !q.caller.serviceLinked
}

// takesSessionPolicies: as boundaries, but not IAM users.
func (q question) takesSessionPolicies() bool {
	return q.takesBoundary() && q.caller.kind != userCaller
}

// takesServiceControl: the account side; service-linked roles are exempt.
func (q question) takesServiceControl() bool {
	return q.caller.hasAccountSide() && !q.caller.serviceLinked
}

// takesResourceControl: everybody but service-linked roles.
func (q question) takesResourceControl() bool {
	return !q.caller.serviceLinked && !q.isExemptFromResourceControl()
}

// hasBoundary: a boundary was given that applies; an empty list is none (11.1).
func (q question) hasBoundary() bool {
	return q.takesBoundary() && len(q.permissionsBoundary) > 0
}

// isSameAccount: FORMAT.md: the account of the principal equals that of the
// resource. 11.4: the notion does not apply to callers without account side.
func (q question) isSameAccount() bool {
	return q.caller.hasAccountSide() && q.caller.account == q.resourceAccount
}

// isOtherPartition: 5.5 Principal of another partition: never.
func (q question) isOtherPartition() bool {
	return q.caller.hasAccountSide() && q.resource != "*" &&
		arnPart(q.resource, partPartition) != q.caller.partition
}

// denyingLayers lists every layer in which a Deny that applies matches, in the
// order of 11.5.
func (q question) denyingLayers() []string {
	var layers []string
	add := func(layer string, applies bool, documents []document) {
		if applies && q.anyDeny(documents) {
			layers = append(layers, layer)
		}
	}
	add(layerResourceControl, q.takesResourceControl(), allLevels(q.resourceControl))
	add(layerServiceControl, q.takesServiceControl(), allLevels(q.serviceControl))
	add(layerEndpoint, true, q.endpointPolicies)
	add(layerResource, !q.isRootRepairingBucketPolicy(), q.resourcePolicies())
	add(layerIdentity, q.hasIdentityPolicies(), q.identityPolicies)
	add(layerBoundary, q.takesBoundary(), q.permissionsBoundary)
	add(layerSession, q.takesSessionPolicies(), q.sessionPolicies)
	return layers
}

func allLevels(levels [][]document) []document {
	var all []document
	for _, level := range levels {
		all = append(all, level...)
	}
	return all
}

func (q question) resourcePolicies() []document {
	if q.resourcePolicy == nil {
		return nil
	}
	return []document{*q.resourcePolicy}
}

func (q question) anyDeny(documents []document) bool {
	for _, d := range documents {
		for _, s := range d.statements {
			if s.deny && s.applies(q) && s.denyHits(q) {
				return true
			}
		}
	}
	return false
}

// anyAllow: policies of one type add up (5.1), statements are independent.
func (q question) anyAllow(documents []document) bool {
	for _, d := range documents {
		for _, s := range d.statements {
			if s.deny || !s.applies(q) {
				continue
			}
			if !s.hasPrincipal || len(s.allowRows(q.caller)) > 0 {
				return true
			}
		}
	}
	return false
}

// serviceControlAllows: 5.1: every level must allow; FullAWSAccess is not
// implied, and no levels at all means that they do not apply (11.5).
func (q question) serviceControlAllows() bool {
	if !q.takesServiceControl() {
		return true
	}
	for _, level := range q.serviceControl {
		if !q.anyAllow(level) {
			return false
		}
	}
	return true
}

// endpointAllows: 11.5: if given, their union must allow.
func (q question) endpointAllows() bool {
	return len(q.endpointPolicies) == 0 || q.anyAllow(q.endpointPolicies)
}

// identityAllows: 5.1. The root user is allowed by default.
func (q question) identityAllows() bool {
	if q.caller.kind == rootCaller {
		return true
	}
	return q.hasIdentityPolicies() && q.anyAllow(q.identityPolicies)
}

// boundaryAllows: 5.1, if attached.
func (q question) boundaryAllows() bool {
	return !q.hasBoundary() || q.anyAllow(q.permissionsBoundary)
}

// sessionAllows: 5.1, 5.3. A role session without a session policy behaves as
// if one allowed everything; a federated user without one has nothing (11.5).
func (q question) sessionAllows() bool {
	if !q.takesSessionPolicies() {
		return true
	}
	if len(q.sessionPolicies) == 0 {
		return q.caller.kind != federatedUserCaller
	}
	return q.anyAllow(q.sessionPolicies)
}

// resourceGrants lists the rows of 5.3 by which the resource policy grants, in
// the order of grantRows.
func (q question) resourceGrants() []grantRow {
	names := map[string]bool{}
	for _, d := range q.resourcePolicies() {
		for _, s := range d.statements {
			if s.deny || !s.applies(q) {
				continue
			}
			for name := range s.allowRows(q.caller) {
				names[name] = true
			}
		}
	}
	var rows []grantRow
	for _, row := range grantRows {
		if names[row.name] {
			rows = append(rows, row)
		}
	}
	return rows
}

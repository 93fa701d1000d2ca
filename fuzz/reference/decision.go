package reference

import "fmt"

// The decisions of FORMAT.md.
const (
	allowed          = "Allowed"
	explicitlyDenied = "ExplicitlyDenied"
	implicitlyDenied = "ImplicitlyDenied"
	refused          = "Error"
)

// Verdict is the answer to one neutral case.
type Verdict struct {
	// ID is the case's own id, "" where it has none.
	ID string

	// Decision is Allowed, ExplicitlyDenied, ImplicitlyDenied or Error.
	Decision string

	// Error says why the case was refused, when Decision is Error.
	Error string

	// Layer is the layer that decided. For an explicit deny it is the first
	// denying one in the order of 11.5: rcp, scp, vpc endpoint, resource,
	// identity, boundary, session. For an implicit deny it is the first
	// missing one: service (a rule of section 12), partition (5.5), then the
	// same order. For an allow it is identity where the caller's own side was
	// needed, resource where a resource policy was enough, and service for the
	// two actions of section 12 that nothing denies. Empty for an Error.
	Layer string

	// Grant is the row of table 5.3 that applied, for an allow that needed a
	// statement of a resource policy, else "".
	Grant string

	// Denies lists every layer in which a Deny that applies matches, in the
	// order of 11.5, also when the decision is to allow nevertheless.
	Denies []string
}

// Decide answers one neutral case, one JSON object as testdata/cases/FORMAT.md
// describes it. It never panics; whatever must be refused gets the decision
// Error. It is safe for concurrent use.
func Decide(line []byte) Verdict {
	object, err := decodeJSON(line)
	if err != nil {
		return Verdict{Decision: refused, Error: err.Error()}
	}
	if object.kind != jsonObject {
		return Verdict{Decision: refused, Error: fmt.Sprintf("a case is an object, not %v", object.kind)}
	}
	id, _, _ := object.member("id")
	for _, name := range []string{"id", "expect"} {
		if _, _, err := optionalString(object, name); err != nil {
			return Verdict{ID: id.text, Decision: refused, Error: err.Error()}
		}
	}
	q, err := parseQuestion(object)
	if err != nil {
		return Verdict{ID: id.text, Decision: refused, Error: err.Error()}
	}
	verdict := q.decide()
	verdict.ID = id.text
	return verdict
}

// decide: 5.1 and 11.5, in order.
func (q question) decide() Verdict {
	denies := q.denyingLayers()
	verdict := q.decideWithDenies(denies)
	verdict.Denies = denies
	return verdict
}

func (q question) decideWithDenies(denies []string) Verdict {
	// 12 STS: allowed whatever any policy says, explicit denies included.
	if q.isAllowedInSpiteOfDenies() {
		return Verdict{Decision: allowed, Layer: layerService}
	}
	// 5.1: an explicit deny of any type is final. AMB-20: the first is named.
	if len(denies) > 0 {
		return Verdict{Decision: explicitlyDenied, Layer: denies[0]}
	}
	for _, rule := range serviceRules {
		if rule.denies(q) {
			return missing(layerService)
		}
	}
	if q.isOtherPartition() {
		return missing(layerPartition)
	}
	// RCPs come first in 11.5, but RCPFullAWSAccess is implied at every level,
	// so that they never deny implicitly.
	if !q.serviceControlAllows() {
		return missing(layerServiceControl)
	}
	if !q.endpointAllows() {
		return missing(layerEndpoint)
	}
	switch {
	case !q.caller.hasAccountSide():
		return q.decideWithoutAccountSide()
	case !q.isSameAccount():
		return q.decideAcrossAccounts()
	}
	return q.decideInOneAccount()
}

func missing(layer string) Verdict { return Verdict{Decision: implicitlyDenied, Layer: layer} }

// decideWithoutAccountSide: 11.4: the resource policy must allow.
func (q question) decideWithoutAccountSide() Verdict {
	grants := q.resourceGrants()
	if len(grants) == 0 {
		return missing(layerResource)
	}
	return Verdict{Decision: allowed, Layer: layerResource, Grant: grants[0].name}
}

// decideAcrossAccounts: 5.5 and AMB-18: both sides, always. The side of a root
// user allows by default.
func (q question) decideAcrossAccounts() Verdict {
	grants := q.resourceGrants()
	if len(grants) == 0 {
		return missing(layerResource)
	}
	if layer := q.missingOfOwnSide(); layer != "" {
		return missing(layer)
	}
	layer := layerIdentity
	if q.caller.kind == rootCaller {
		layer = layerResource
	}
	return Verdict{Decision: allowed, Layer: layer, Grant: grants[0].name}
}

// missingOfOwnSide is the first of identity, boundary and session that does
// not allow, or "".
func (q question) missingOfOwnSide() string {
	switch {
	case !q.identityAllows():
		return layerIdentity
	case !q.boundaryAllows():
		return layerBoundary
	case !q.sessionAllows():
		return layerSession
	}
	return ""
}

// decideInOneAccount: 5.1, table 5.3 and 5.4: a grant of the resource policy
// that its row lets through, or else identity, boundary and session; for trust
// and key policies (5.4) the latter only beside a grant.
func (q question) decideInOneAccount() Verdict {
	grants := q.resourceGrants()
	for _, row := range grants {
		if q.missingOfRow(row) == "" && row.withoutIdentity {
			return Verdict{Decision: allowed, Layer: layerResource, Grant: row.name}
		}
	}
	if q.mustResourcePolicyAllow() && len(grants) == 0 {
		return missing(layerResource)
	}
	if q.missingOfOwnSide() == "" {
		verdict := Verdict{Decision: allowed, Layer: layerIdentity}
		if q.mustResourcePolicyAllow() {
			verdict.Grant = grants[0].name
		}
		return verdict
	}
	// Where a row does without the identity policy, that is not what is missing.
	if len(grants) > 0 {
		return missing(q.missingOfRow(grants[0]))
	}
	return missing(q.missingOfOwnSide())
}

// missingOfRow is the first of identity, boundary and session that is needed
// in spite of the grant and does not allow, or "" (table 5.3).
func (q question) missingOfRow(row grantRow) string {
	switch {
	case !row.withoutIdentity && !q.identityAllows():
		return layerIdentity
	case !row.withoutBoundary && !q.boundaryAllows():
		return layerBoundary
	case !row.withoutSession && !q.sessionAllows():
		return layerSession
	}
	return ""
}

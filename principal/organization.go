package principal

import (
	"strings"

	"github.com/portcullis-iam/portcullis/arn"
)

// An Organization is a tree of accounts in AWS Organizations with the control
// policies attached to it.
//
// Source: AWS Organizations User Guide, "Terminology and concepts".
type Organization struct {
	// ID is the id of the organization: o-…
	ID string
	// ManagementAccount is the id of the management account, which no control
	// policy restricts.
	ManagementAccount string
	// Root is the root of the tree.
	Root OrganizationNode
	// ServiceControlPolicies and ResourceControlPolicies are the documents of
	// the policies that nodes and accounts refer to by name. FullAWSAccess and
	// RCPFullAWSAccess need not be here.
	ServiceControlPolicies  []NamedDocument
	ResourceControlPolicies []NamedDocument
}

// An OrganizationNode is the root or an organizational unit.
type OrganizationNode struct {
	// ID is the id of the root (r-…) or of the unit (ou-…).
	ID string
	// ServiceControlPolicies and ResourceControlPolicies are the names of the
	// policies attached to the node; one without a document is a [Problem] and
	// denies everything below. FullAWSAccess is not implied:
	// where service control policies are in use at all, a node without any
	// allows nothing. RCPFullAWSAccess is implied.
	ServiceControlPolicies  []string
	ResourceControlPolicies []string
	// Units are the organizational units directly below.
	Units []OrganizationNode
	// Accounts are the accounts directly below.
	Accounts []OrganizationAccount
}

// An OrganizationAccount is an account as a leaf of the tree.
type OrganizationAccount struct {
	// ID is the id of the account.
	ID string
	// ServiceControlPolicies and ResourceControlPolicies are the names of the
	// policies attached to the account itself; see [OrganizationNode].
	ServiceControlPolicies  []string
	ResourceControlPolicies []string
}

// maxUnitDepth is how deep organizational units nest below the root.
//
// Source: AWS Organizations User Guide, "Quotas for AWS Organizations".
const maxUnitDepth = 5

// FullAWSAccess is the name of the service control policy of AWS that allows
// everything. It is attached everywhere until somebody takes it away.
const FullAWSAccess = "FullAWSAccess"

// RCPFullAWSAccess is the name of the resource control policy of AWS that
// allows everything. It is attached everywhere and cannot be taken away, so
// naming it changes nothing.
const RCPFullAWSAccess = "RCPFullAWSAccess"

const (
	fullAccessDocument    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	rcpFullAccessDocument = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`

	// What stands in for a control policy whose document is missing. A control
	// policy grants nothing and is attached for what it denies, and nobody knows
	// what that is.
	missingDocument    = `{"Version":"2012-10-17","Statement":[{"Sid":"DocumentIsMissing","Effect":"Deny","Action":"*","Resource":"*"}]}`
	rcpMissingDocument = `{"Version":"2012-10-17","Statement":[{"Sid":"DocumentIsMissing","Effect":"Deny","Principal":"*","Action":"*:*","Resource":"*"}]}`
)

// membership is what an account's place in the organization means for it.
type membership struct {
	organization string
	path         string // o-…/r-…/ou-…/
	// The levels from the root to the account. Both are nil for the management
	// account.
	serviceControl, resourceControl []Level
}

// organizer builds the memberships of an organization.
type organizer struct {
	building *building
	source   *Organization
	service  map[string]Attachment // by name
	resource map[string]Attachment
	// inUse tells whether service control policies are in use: whether any is
	// attached anywhere.
	inUse   bool
	seen    map[string]bool // ids of nodes and accounts
	members map[string]*membership
}

// organize gives the memberships by account id.
func (b *building) organize(source *Organization) map[string]*membership {
	o := &organizer{building: b, source: source, seen: make(map[string]bool), members: make(map[string]*membership)}
	if !strings.HasPrefix(source.ID, "o-") {
		o.fail(source.ID, "the id of an organization begins with o-")
	}
	if !arn.IsAccountID(source.ManagementAccount) {
		o.fail(source.ManagementAccount, "the id of the management account has twelve digits")
	}
	if !strings.HasPrefix(source.Root.ID, "r-") {
		o.fail(source.Root.ID, "the id of a root begins with r-")
	}
	o.service = o.documents(source.ServiceControlPolicies, ServiceControl, FullAWSAccess, fullAccessDocument)
	o.resource = o.documents(source.ResourceControlPolicies, ResourceControl, RCPFullAWSAccess, rcpFullAccessDocument)
	o.inUse = usesServiceControl(&source.Root, 0)
	o.node(&source.Root, source.ID+"/", nil, nil, 0)
	if o.members[source.ManagementAccount] == nil {
		// Where it stands does not matter, as no policy restricts it.
		o.members[source.ManagementAccount] = &membership{organization: source.ID, path: source.ID + "/" + source.Root.ID + "/"}
	}
	return o.members
}

func (o *organizer) fail(entity, message string) {
	o.building.report.add(place{}, InvalidOrganization, quote(entity), message, nil)
}

func (o *organizer) documents(named []NamedDocument, use SourceType, standard, text string) map[string]Attachment {
	byName := make(map[string]Attachment, len(named)+1)
	for _, one := range named {
		if one.Name == "" {
			o.fail("", "a "+use.String()+" has no name")
			continue
		}
		if _, twice := byName[one.Name]; twice {
			o.building.report.add(place{}, Conflict, use.String()+" "+one.Name, "the policy is there twice", nil)
			continue
		}
		source := Source{Type: use, Name: one.Name}.at(one.document())
		compiled := o.building.compile(source, one.document())
		byName[one.Name] = Attachment{Policy: compiled, Source: source}
	}
	if _, given := byName[standard]; !given {
		source := Source{Type: use, Name: standard}
		byName[standard] = Attachment{Policy: o.building.compile(source, document{name: standard, text: text}), Source: source}
	}
	return byName
}

func usesServiceControl(node *OrganizationNode, depth int) bool {
	if len(node.ServiceControlPolicies) > 0 {
		return true
	}
	for at := range node.Accounts {
		if len(node.Accounts[at].ServiceControlPolicies) > 0 {
			return true
		}
	}
	if depth == maxUnitDepth {
		return false
	}
	for at := range node.Units {
		if usesServiceControl(&node.Units[at], depth+1) {
			return true
		}
	}
	return false
}

// node adds the accounts of a node and of the units below it. The path and the
// levels are those of the node above.
func (o *organizer) node(node *OrganizationNode, path string, service, resource []Level, depth int) {
	switch {
	case depth > maxUnitDepth:
		o.fail(node.ID, "organizational units nest at most five deep")
		return
	case o.seen[node.ID]:
		o.fail(node.ID, "the unit is there twice")
		return
	case depth > 0 && !strings.HasPrefix(node.ID, "ou-"):
		o.fail(node.ID, "the id of an organizational unit begins with ou-")
		return
	}
	o.seen[node.ID] = true
	path += node.ID + "/"
	service, resource = o.levels(node.ID, node.ServiceControlPolicies, node.ResourceControlPolicies, service, resource)
	for at := range node.Accounts {
		account := &node.Accounts[at]
		switch {
		case !arn.IsAccountID(account.ID):
			o.fail(account.ID, "an account id has twelve digits")
			continue
		case o.seen[account.ID]:
			o.fail(account.ID, "the account is there twice")
			continue
		}
		o.seen[account.ID] = true
		m := &membership{organization: o.source.ID, path: path}
		if account.ID != o.source.ManagementAccount {
			m.serviceControl, m.resourceControl = o.levels(account.ID, account.ServiceControlPolicies, account.ResourceControlPolicies, service, resource)
		}
		o.members[account.ID] = m
	}
	for at := range node.Units {
		o.node(&node.Units[at], path, service, resource, depth+1)
	}
}

// levels adds the level of a node or account below those above it.
func (o *organizer) levels(id string, serviceNames, resourceNames []string, service, resource []Level) (s, r []Level) {
	if o.inUse {
		if len(serviceNames) == 0 {
			o.building.problem(EmptyControlLevel, id, "")
		}
		service = o.level(id, serviceNames, ServiceControl, service)
	}
	// A level without policies allows everything, as RCPFullAWSAccess is
	// implied, so it need not be there.
	if len(resourceNames) > 0 {
		resource = o.level(id, resourceNames, ResourceControl, resource)
	}
	return service, resource
}

func (o *organizer) level(id string, names []string, use SourceType, above []Level) []Level {
	documents, standIn := o.service, missingDocument
	if use == ResourceControl {
		documents, standIn = o.resource, rcpMissingDocument
	}
	level := Level{OrgIdentifier: id}
	for _, name := range names {
		attached, ok := documents[name]
		if !ok {
			o.building.problem(MissingControlPolicy, id, name)
			source := Source{Type: use, Name: name}
			attached = Attachment{Policy: o.building.compile(source, document{text: standIn}), Source: source}
		}
		attached.Source.AttachedTo = id
		level.Policies = append(level.Policies, attached)
	}
	levels := make([]Level, len(above), len(above)+1)
	copy(levels, above)
	return append(levels, level)
}

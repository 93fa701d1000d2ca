package generate

import "strings"

// builder holds a question that is being made.
type builder struct {
	chooser
	made   Case
	caller caller
	rows   []string
	kinds  []string

	service string
	// requiresResource is true where nothing is allowed without a resource policy.
	requiresResource bool
	resourceKind     documentKind
	// bucketAccount is the account of the resource, whether or not the request says so.
	bucketAccount string
	// version is the Version of the document that is being made.
	version string
	// absent lists the keys that the request's context must not get.
	absent []string
}

// The aims, as Labels name them.
const (
	aimAllowed  = "allowed"
	aimExplicit = "explicit deny"
	aimImplicit = "implicit deny"
	aimAnything = "anything"
)

var (
	allServiceRows = ServiceRows()
	allCallerKinds = CallerKinds()
)

// build makes one question.
func build(choices chooser) Case {
	b := builder{chooser: choices, rows: allServiceRows, kinds: allCallerKinds}
	b.made.Request.Context = make([]ContextEntry, 0, 8)
	b.scenario()
	p := b.plan()
	b.carryOut(p)
	b.finish()
	if b.chance(3) {
		b.breakSomething()
	}
	return b.made
}

// layerPlan says how the documents of a layer are made.
type layerPlan struct {
	present bool
	// allow says whether the layer should allow.
	allow want
	// deny says that it should hold a Deny that applies.
	deny bool
	// direct says that an Allow of a resource policy should name the caller rather than its account.
	direct bool
}

// plan is one layerPlan for each layer, in the order of Layers.
type plan [7]layerPlan

const (
	atIdentity = iota
	atBoundary
	atSession
	atResource
	atSCP
	atRCP
	atEndpoint
)

// applicable says which layers apply to the caller.
func (b *builder) applicable() [7]bool {
	c := &b.caller
	return [7]bool{
		atIdentity: c.hasPolicies(),
		atBoundary: c.hasPolicies(),
		atSession:  c.takesSession(),
		atResource: true,
		atSCP:      c.accountSide && c.kind != callerServiceLinked,
		atRCP:      c.kind != callerServiceLinked && b.service != serviceRetireGrant,
		atEndpoint: true,
	}
}

// plan chooses which layers there are and what each is aimed at.
func (b *builder) plan() plan {
	var p plan
	applies := b.applicable()
	sameAccount := b.caller.accountSide && b.caller.account == b.bucketAccount
	shares := [7]int{atIdentity: 95, atBoundary: 30, atSession: 34, atResource: 58, atSCP: 32, atRCP: 27, atEndpoint: 22}
	if b.caller.isFederated() {
		shares[atSession] = 84
	}
	switch {
	case !sameAccount || b.requiresResource:
		shares[atResource] = 94
	case b.caller.isFederated():
		shares[atResource] = 84
	}
	for i := range p {
		share := shares[i]
		if !applies[i] {
			share = 9
		}
		p[i].present = b.chance(share)
		p[i].direct = b.chance(b.directShare())
		if !p[i].present && i == atIdentity && applies[i] {
			p[i].allow = wantMiss
		}
	}

	aim := b.weighted(47, 20, 26, 7)
	b.made.Labels.Aim = [...]string{aimAllowed, aimExplicit, aimImplicit, aimAnything}[aim]
	if sameAccount && !b.requiresResource && p[atResource].present {
		b.planBypass(&p, applies)
	}
	switch aim {
	case 1:
		target := b.denyTarget(applies)
		p[target].present, p[target].deny = true, true
		if b.chance(12) {
			p[b.intn(len(p))].deny = true
		}
		if b.chance(40) {
			p[b.intn(len(p))].allow = wantMiss
		}
	case 2:
		target := b.silentTarget(applies)
		p[target].present, p[target].allow = true, wantMiss
		if sameAccount && target != atResource && target != atSCP && target != atEndpoint && !b.requiresResource {
			// The resource policy must not let the caller pass.
			p[atResource].allow = wantMiss
			if b.chance(45) {
				p[atResource].allow, p[atResource].direct = wantMatch, false
			}
		}
	case 3:
		for i := range p {
			if b.chance(50) {
				p[i].allow = wantAny
			}
		}
	}
	return p
}

// directShare is the percentage of grants that should name the caller rather than its account.
func (b *builder) directShare() int {
	if b.caller.isFederated() {
		return 88
	}
	return 50
}

// planBypass sometimes lets the resource policy alone grant, so that the rows of the grant table are met.
func (b *builder) planBypass(p *plan, applies [7]bool) {
	weights := [...]int{45, 30, 25}
	if b.caller.isFederated() {
		weights = [...]int{68, 7, 25}
	}
	switch b.weighted(weights[:]...) {
	case 0: // both grant
	case 1: // the resource policy is silent
		p[atResource].allow = wantMiss
	default:
		p[atResource].direct = b.chance(85)
		for _, layer := range [...]int{atIdentity, atBoundary, atSession} {
			if applies[layer] && p[layer].present && b.chance(50) {
				p[layer].allow = wantMiss
			}
		}
	}
}

// denyTarget chooses the layer whose Deny should decide.
func (b *builder) denyTarget(applies [7]bool) int {
	weights := [7]int{18, 14, 20, 22, 14, 14, 14}
	for i := range weights {
		if !applies[i] {
			weights[i] = 0
		}
	}
	return b.weighted(weights[:]...)
}

// silentTarget chooses the layer that should not allow. RCPs always allow.
func (b *builder) silentTarget(applies [7]bool) int {
	weights := [7]int{16, 22, 24, 22, 22, 0, 18}
	for i := range weights {
		if !applies[i] {
			weights[i] = 0
		}
	}
	return b.weighted(weights[:]...)
}

// carryOut makes the documents.
func (b *builder) carryOut(p plan) {
	made := &b.made
	kinds := [...]documentKind{kindIdentity, kindBoundary, kindSession}
	lists := [...]*[]Document{&made.IdentityPolicies, &made.PermissionsBoundaries, &made.SessionPolicies}
	for i, list := range lists {
		if p[i].present {
			*list = b.documents(kinds[i], p[i])
		} else if b.chance(6) {
			*list = []Document{}
		}
	}
	if p[atResource].present {
		document := b.document(b.resourceKind, p[atResource], true)
		made.ResourcePolicy = &document
	}
	if p[atSCP].present {
		made.SCPs = b.levels(kindSCP, p[atSCP])
	} else if b.chance(5) {
		made.SCPs = []Level{}
	}
	if p[atRCP].present {
		made.RCPs = b.levels(kindRCP, p[atRCP])
	} else if b.chance(5) {
		made.RCPs = []Level{}
	}
	if p[atEndpoint].present {
		made.VPCEndpointPolicies = b.documents(kindEndpoint, p[atEndpoint])
	} else if b.chance(5) {
		made.VPCEndpointPolicies = []Document{}
	}
}

// documents makes the documents of a layer that is a union.
func (b *builder) documents(kind documentKind, p layerPlan) []Document {
	count := 1 + b.weighted(72, 21, 7)
	documents := make([]Document, 0, count)
	deciding := b.intn(count)
	for i := range count {
		part := p
		if i != deciding {
			part.deny = false
			if b.chance(60) {
				part.allow = wantMiss
			}
		}
		documents = append(documents, b.document(kind, part, i == deciding))
	}
	return documents
}

// levels makes the levels of an organization.
func (b *builder) levels(kind documentKind, p layerPlan) []Level {
	names := [...]string{"r-root", "ou-root-one", "ou-root-two", "111111111111"}
	count := 1 + b.weighted(45, 35, 15, 5)
	deciding := b.intn(count)
	levels := make([]Level, 0, count)
	for i := range count {
		part := p
		if i != deciding {
			part.deny, part.allow = false, wantMatch
		}
		level := Level{Identifier: names[i]}
		if part.allow == wantMatch && b.chance(50) || kind == kindRCP && b.chance(60) {
			level.Policies = append(level.Policies, fullAccess(kind))
		}
		if len(level.Policies) == 0 || part.deny || b.chance(40) {
			level.Policies = append(level.Policies, b.document(kind, part, true))
		}
		if b.chance(50) && len(level.Policies) > 1 {
			level.Policies[0], level.Policies[1] = level.Policies[1], level.Policies[0]
		}
		if part.allow == wantMiss && kind == kindSCP && b.chance(8) {
			level.Policies = []Document{}
		}
		levels = append(levels, level)
	}
	return levels
}

// fullAccess is FullAWSAccess or RCPFullAWSAccess.
func fullAccess(kind documentKind) Document {
	s := Statement{Effect: "Allow", Action: one("*"), Resource: one("*")}
	if kind == kindRCP {
		s.Principal = everyone()
	}
	return Document{Version: currentVersion, Statements: []Statement{s}}
}

// document makes a document of a layer. Only the deciding document holds the statements that are aimed for; others hold
// what misses.
func (b *builder) document(kind documentKind, p layerPlan, deciding bool) Document {
	d := Document{Version: currentVersion}
	switch b.weighted(82, 8, 10) {
	case 1:
		d.Version = earlierVersion
	case 2:
		d.Version = ""
	}
	b.version = d.Version
	d.Spaced = b.chance(8)
	d.Escaped = b.chance(3)
	if b.chance(8) {
		d.KeyOrder = uint32(1 + b.intn(1<<16))
	}
	if b.chance(7) {
		id := pick(b.chooser, []string{"", "Policy1", "an id"})
		d.ID = &id
	}
	d.Statements = make([]Statement, 0, 4)
	if kind != kindRCP {
		switch {
		case p.allow == wantMatch && deciding:
			d.Statements = append(d.Statements, b.allow(kind, p))
		case p.allow == wantAny:
			d.Statements = append(d.Statements, b.statement(kind, "Allow", wantAny))
		case b.chance(85):
			d.Statements = append(d.Statements, b.statement(kind, "Allow", wantMiss))
		}
	}
	if p.deny && deciding {
		d.Statements = append(d.Statements, b.statement(kind, "Deny", wantMatch))
	}
	for range b.weighted(52, 34, 14) {
		effect := "Deny"
		if kind != kindRCP && b.chance(55) {
			effect = "Allow"
		}
		d.Statements = append(d.Statements, b.statement(kind, effect, wantMiss))
	}
	if len(d.Statements) > 1 {
		i, j := b.intn(len(d.Statements)), b.intn(len(d.Statements))
		d.Statements[i], d.Statements[j] = d.Statements[j], d.Statements[i]
	}
	d.Object = b.chance(25)
	return d
}

// allow makes an Allow that should apply: a broad one, or one that is derived from the request.
func (b *builder) allow(kind documentKind, p layerPlan) Statement {
	broad := 38
	if kind == kindResource || kind == kindTrust {
		broad = 12
	}
	if !b.chance(broad) {
		s := b.statement(kind, "Allow", wantMatch)
		b.redirect(&s, kind, p)
		return s
	}
	s := Statement{Effect: "Allow", Action: one("*"), Resource: one("*")}
	if kind == kindTrust {
		s.Resource = nil
	}
	if kind.hasPrincipal() {
		b.principals(&s, kind, wantMatch)
		b.redirect(&s, kind, p)
	}
	return s
}

// redirect makes an Allow of a resource policy name the account only, where it should not be a direct grant.
func (b *builder) redirect(s *Statement, kind documentKind, p layerPlan) {
	if kind != kindResource && kind != kindTrust && kind != kindKey || !b.caller.accountSide || s.Principal == nil {
		return
	}
	c := &b.caller
	account := "arn:" + c.partition + ":iam::" + c.account + ":root"
	switch {
	case !p.direct && b.chance(70):
		s.Principal = &Principal{Groups: []PrincipalGroup{{"AWS", Strings{Values: []string{account}, Scalar: true}}}}
	case p.direct && s.NotPrincipal == nil && c.kind != callerRoot && (!s.Principal.Everyone || c.isFederated()) && b.chance(85):
		group, identifier := b.identity()
		if c.kind != callerUser && c.kind != callerRole && b.chance(60) {
			identifier = c.entity()
		}
		s.Principal = &Principal{Groups: []PrincipalGroup{{group, Strings{Values: []string{identifier}, Scalar: true}}}}
	}
}

// finish adds what does not depend on the documents.
func (b *builder) finish() {
	request := &b.made.Request
	if b.chance(30) {
		if _, known := b.lookup("aws:PrincipalArn"); !known && b.caller.accountSide {
			b.setContext("aws:PrincipalArn", Value{Items: []Scalar{{Text: b.caller.principal}}})
		}
	}
	if b.chance(10) {
		for i := range request.Context {
			if b.chance(50) {
				request.Context[i].Key = b.flipCase(request.Context[i].Key)
			}
		}
	}
	if b.chance(3) && request.Resource != "*" {
		parts := strings.SplitN(request.Resource, ":", 6)
		parts[5] = b.nearMiss(parts[5])
		request.Resource = strings.Join(parts, ":")
	}
	if b.chance(2) {
		service, name, _ := strings.Cut(request.Action, ":")
		request.Action = strings.NewReplacer("*", "", "?", "").Replace(b.nearAction(service, name))
	}
}

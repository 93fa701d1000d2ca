package principal

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/policy/managed"
)

// Build looks everything up, compiles the policies and gives the directory. The
// error is [Errors], and the directory is nil then. The Builder can be used
// further: what is added later counts in the next Build.
//
// The cost is linear in what was added, most of it for compiling policies; each
// text is compiled once for each kind of policy that it serves as, or not at all
// if [Builder.Reuse] gave a directory that has it.
func (b *Builder) Build() (*Directory, error) {
	work := &building{
		directory: &Directory{
			entities:  make(map[string]*entity, len(b.entities)),
			byName:    make(map[roleOrUser]*entity, len(b.entities)),
			policies:  make(map[string]*managedPolicy, len(b.policies)),
			resources: make(map[string]*resourceEntry, len(b.resources)),
			compiled:  make(map[textKey]*policy.Policy),
		},
		report:   report{errors: slices.Clone(b.report.errors)},
		compiled: make(map[compileKey]compileResult),
		problems: make(map[Problem]*Problem),
		reused:   b.reused,
	}
	b.checkPages(&work.report)
	d := work.directory
	d.nothing = work.compile(Source{Type: Boundary}, document{text: missingDocument})
	work.managedPolicies(b.policies)
	work.people(b.entities)
	work.registerResources(b.resources)
	if b.organization != nil {
		d.members = work.organize(b.organization)
	}
	if err := work.report.err(); err != nil {
		return nil, err
	}
	work.finish()
	return d, nil
}

// building is the state of one Build.
type building struct {
	directory *Directory
	report    report
	compiled  map[compileKey]compileResult
	groups    map[nameKey]*entity
	problems  map[Problem]*Problem
	reused    map[textKey]*policy.Policy // of the directory before, or nil
}

// A compileKey finds a compiled policy by what it was compiled from.
type compileKey struct {
	kind policy.Kind
	text string
}

type compileResult struct {
	policy *policy.Policy
	err    error
}

// kind gives the kind of document that policies of the type are.
func (t SourceType) kind() policy.Kind {
	switch t {
	case Boundary:
		return policy.PermissionsBoundary
	case SessionPolicy:
		return policy.Session
	case ServiceControl:
		return policy.ServiceControl
	case ResourceControl:
		return policy.ResourceControl
	case ResourcePolicy:
		return policy.ResourceBased
	case TrustPolicy:
		return policy.RoleTrust
	case EndpointPolicy:
		return policy.VPCEndpoint
	}
	return policy.IdentityBased
}

// compile gives the compiled policy of a document, the same one for the same
// text. If the document has errors it reports them and gives nil: there will be
// no directory.
func (w *building) compile(source Source, d document) *policy.Policy {
	key := compileKey{source.Type.kind(), d.text}
	result, ok := w.compiled[key]
	if !ok {
		result.policy, result.err = w.load(key)
		w.compiled[key] = result
	}
	if result.err != nil {
		w.report.add(d.at, InvalidDocument, source.String(), "this is not a valid "+key.kind.String(), result.err)
	}
	return result.policy
}

// problem gives the problem, and remembers it for [Directory.Problems].
func (w *building) problem(code ProblemCode, entity, reference string) *Problem {
	p := Problem{Code: code, Entity: entity, Reference: reference}
	kept, ok := w.problems[p]
	if !ok {
		kept = &p
		w.problems[p] = kept
	}
	return kept
}

// managedPolicies takes the managed policies in, one for each ARN.
func (w *building) managedPolicies(records []*policyRecord) {
	byName := make(map[nameKey]*policyRecord, len(records))
	var order []nameKey
	for _, r := range records {
		key := keyOf(r.account, r.name)
		if r.account == "aws" {
			key = nameKey{"aws", r.arn}
		}
		other, ok := byName[key]
		switch {
		case !ok:
			byName[key] = r
			order = append(order, key)
		case r.same(other):
		case r.account == "aws" && versionNumber(r.version) != versionNumber(other.version):
			// Two accounts were asked at different times, and AWS changed the
			// policy between. It changes in all accounts at once.
			if versionNumber(r.version) > versionNumber(other.version) {
				byName[key] = r
			}
		default:
			w.conflict(r.at, r.arn, other.at)
		}
	}
	for _, key := range order {
		r := byName[key]
		if r.document.text == "" {
			w.problem(MissingDefaultVersion, r.arn, "")
			w.directory.policies[r.arn] = nil // or AWS's own document would stand in for it
			continue
		}
		source := Source{Type: managedType(r.account), Name: r.name, ARN: r.arn, Version: r.version}.at(r.document)
		w.directory.policies[r.arn] = &managedPolicy{
			source: source,
			text:   strings.Clone(r.document.text),
			policy: w.compile(source, r.document),
		}
	}
}

func managedType(account string) SourceType {
	if account == "aws" {
		return AWSManaged
	}
	return CustomerManaged
}

// versionNumber gives the number of a version "v12", 0 if it is none.
func versionNumber(version string) int {
	number, err := strconv.Atoi(strings.TrimPrefix(version, "v"))
	if err != nil {
		return 0
	}
	return number
}

func (w *building) conflict(at place, entity string, other place) {
	if w.report.full() {
		return // finding the place costs time
	}
	message := "this is defined twice, with different content"
	if other.file != nil {
		message += "; the first time at " + other.file.name + ":" + other.file.position(other.offset).String()
	}
	w.report.add(at, Conflict, entity, message, nil)
}

// find gives a managed policy of the partition by its ARN: one of those given,
// else one that AWS maintains, else nil.
func (w *building) find(partition, policyARN string) *managedPolicy {
	d := w.directory
	if !strings.HasPrefix(policyARN, "arn:"+partition+":") {
		return nil
	}
	if found, ok := d.policies[policyARN]; ok {
		return found
	}
	// Other partitions have policies of the same names whose documents may
	// differ. What is not known must not grant.
	if !strings.HasPrefix(policyARN, "arn:aws:iam::aws:policy/") {
		return nil
	}
	found := loadManaged(policyARN)
	if found != nil {
		found.policy = w.compile(found.source, document{text: found.text})
		d.policies[policyARN] = found
	}
	return found
}

// loadManaged gives an AWS-managed policy of the partition aws, not compiled,
// or nil.
func loadManaged(policyARN string) *managedPolicy {
	entry, ok := managed.Lookup(policyARN)
	if !ok {
		return nil
	}
	text, err := entry.JSON()
	if err != nil {
		return nil
	}
	return &managedPolicy{
		source: Source{Type: AWSManaged, Name: entry.Name, ARN: policyARN, Version: entry.VersionID},
		text:   string(text),
	}
}

// people takes the groups, users and roles in.
func (w *building) people(records []*record) {
	type key struct {
		kind arn.EntityKind
		nameKey
	}
	known := make(map[key]*record, len(records))
	unique := make([]*record, 0, len(records))
	for _, r := range records {
		k := key{r.kind, keyOf(r.account, r.name)}
		other, twice := known[k]
		switch {
		case !twice:
			known[k] = r
			unique = append(unique, r)
		case !r.same(other):
			w.conflict(r.at, r.arn, other.at)
		}
	}
	w.groups = make(map[nameKey]*entity)
	for _, r := range unique {
		if r.kind == arn.Group {
			w.groups[keyOf(r.account, r.name)] = w.entity(r)
		}
	}
	for _, r := range unique {
		if r.kind == arn.Group {
			continue
		}
		e := w.entity(r)
		w.directory.entities[e.arn] = e
		w.directory.byName[roleOrUser{e.kind, keyOf(e.account, e.name)}] = e
	}
}

// entity looks up what a record refers to.
func (w *building) entity(r *record) *entity {
	e := &entity{
		kind: r.kind, arn: r.arn, partition: r.partition, account: r.account, name: r.name, id: r.id, tags: r.tags, maxSession: r.maxSession,
	}
	inline := UserInline
	switch r.kind {
	case arn.Group:
		inline = GroupInline
	case arn.Role:
		inline = RoleInline
	}
	for _, d := range r.inline {
		source := Source{Type: inline, Name: d.name, AttachedTo: r.arn}.at(d)
		e.inline = append(e.inline, Attachment{Policy: w.compile(source, d.or(r.at)), Source: source})
	}
	for _, policyARN := range r.attached {
		found := w.find(r.partition, policyARN)
		if found == nil {
			e.problems = append(e.problems, w.problem(MissingPolicy, r.arn, policyARN))
			continue
		}
		e.attached = append(e.attached, found)
	}
	joined := make(map[*entity]bool, len(r.groups))
	for _, name := range r.groups {
		group, ok := w.groups[keyOf(r.account, name)]
		if !ok || group.partition != r.partition {
			e.problems = append(e.problems, w.problem(MissingGroup, r.arn, name))
			continue
		}
		if !joined[group] {
			joined[group] = true
			e.groups = append(e.groups, group)
		}
	}
	if r.boundary != "" {
		e.boundary = []Attachment{w.boundary(e, r)}
	}
	if r.trust.text != "" {
		source := Source{Type: TrustPolicy, AttachedTo: r.arn}.at(r.trust)
		e.trust = &Attachment{Policy: w.compile(source, r.trust.or(r.at)), Source: source}
	}
	e.inline, e.attached, e.problems = slices.Clip(e.inline), slices.Clip(e.attached), slices.Clip(e.problems)
	return e
}

// boundary compiles a managed policy a second time, as a boundary. If it is not
// there everything is denied, as nobody knows what the boundary would allow, nor
// what it would deny: a resource that grants to its user directly asks for the
// latter only.
func (w *building) boundary(e *entity, r *record) Attachment {
	found := w.find(r.partition, r.boundary)
	if found == nil {
		e.problems = append(e.problems, w.problem(MissingBoundary, r.arn, r.boundary))
		return Attachment{Policy: w.directory.nothing, Source: Source{Type: Boundary, ARN: r.boundary, AttachedTo: r.arn}}
	}
	source := found.source
	source.Type, source.AttachedTo = Boundary, r.arn
	if found.policy == nil {
		return Attachment{Source: source} // its errors are reported
	}
	return Attachment{Policy: w.compile(source, document{text: found.text, at: r.at}), Source: source}
}

// or gives the document with a place in a file: its own, or the one given.
func (d document) or(at place) document {
	d.at = d.at.or(at)
	return d
}

// finish sorts what the directory lists.
func (w *building) finish() {
	d := w.directory
	accounts := make(map[string]bool)
	for name, e := range d.entities {
		d.principals = append(d.principals, name)
		accounts[e.account] = true
	}
	for _, group := range w.groups {
		accounts[group.account] = true
	}
	for policyARN, p := range d.policies {
		if account := accountOf(policyARN); account != "" && p != nil {
			accounts[account] = true
		}
	}
	for account := range d.members {
		accounts[account] = true
	}
	for account := range accounts {
		d.accounts = append(d.accounts, account)
	}
	slices.Sort(d.principals)
	slices.Sort(d.accounts)
	for _, p := range w.problems {
		d.problems = append(d.problems, p)
	}
	slices.SortFunc(d.problems, func(a, b *Problem) int {
		return cmp.Or(strings.Compare(a.Entity, b.Entity), int(a.Code)-int(b.Code), strings.Compare(a.Reference, b.Reference))
	})
}

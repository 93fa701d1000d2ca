package principal

import (
	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/policy"
)

// A Builder gathers accounts, resources and the organization and makes a
// [Directory] of them. Its methods take plain structs and can be called in any
// order, because nothing is looked up before [Builder.Build]; faults are kept
// until then too, so that all of them come out at once.
//
// The zero Builder is ready to use. A Builder is for one goroutine.
type Builder struct {
	files        []*file
	pages        []page
	entities     []*record
	policies     []*policyRecord
	resources    []ResourceDetail
	organization *Organization
	reused       map[textKey]*policy.Policy
	report       report
}

// NewBuilder gives an empty Builder.
func NewBuilder() *Builder { return new(Builder) }

// AddAccount adds an account, or more of an account that was added before.
func (b *Builder) AddAccount(account AccountDetails) {
	partition := account.Partition
	if partition == "" {
		partition = "aws"
	}
	if !arn.IsAccountID(account.AccountID) {
		b.report.add(place{}, InvalidAccount, quote(account.AccountID), "an account id has twelve digits", nil)
		return
	}
	c := coded{builder: b, partition: partition, account: account.AccountID}
	for _, user := range account.Users {
		c.add(arn.User, user.Name, user.Path, record{
			id: user.ID, groups: user.Groups, inline: documentsOf(user.Inline), attached: user.Attached,
			boundary: user.Boundary, tags: tagsOf(user.Tags),
		})
	}
	for _, group := range account.Groups {
		c.add(arn.Group, group.Name, group.Path, record{
			id: group.ID, inline: documentsOf(group.Inline), attached: group.Attached,
		})
	}
	for _, role := range account.Roles {
		c.add(arn.Role, role.Name, role.Path, record{
			id: role.ID, trust: document{text: role.Trust, at: wholeFile(role.TrustFile, role.Trust)}, inline: documentsOf(role.Inline), attached: role.Attached,
			boundary: role.Boundary, tags: tagsOf(role.Tags), maxSession: role.MaxSessionDuration,
		})
	}
	for _, policy := range account.Policies {
		text, ok := c.arn(arn.ManagedPolicy, "policy", policy.Name, policy.Path)
		if !ok {
			continue
		}
		b.policies = append(b.policies, &policyRecord{
			arn: text, account: c.account, name: policy.Name, version: policy.Version,
			document: document{name: policy.Name, text: policy.Document, at: wholeFile(policy.File, policy.Document)},
		})
	}
}

// AddUser adds a user to an account of the partition aws.
func (b *Builder) AddUser(accountID string, user UserDetail) {
	b.AddAccount(AccountDetails{AccountID: accountID, Users: []UserDetail{user}})
}

// AddGroup adds a group to an account of the partition aws.
func (b *Builder) AddGroup(accountID string, group GroupDetail) {
	b.AddAccount(AccountDetails{AccountID: accountID, Groups: []GroupDetail{group}})
}

// AddRole adds a role to an account of the partition aws.
func (b *Builder) AddRole(accountID string, role RoleDetail) {
	b.AddAccount(AccountDetails{AccountID: accountID, Roles: []RoleDetail{role}})
}

// AddManagedPolicy adds a customer-managed policy to an account of the
// partition aws.
func (b *Builder) AddManagedPolicy(accountID string, policy ManagedPolicyDetail) {
	b.AddAccount(AccountDetails{AccountID: accountID, Policies: []ManagedPolicyDetail{policy}})
}

// AddResource adds a resource with its policy and tags.
func (b *Builder) AddResource(resource ResourceDetail) {
	b.resources = append(b.resources, resource)
}

// SetOrganization says which organization the accounts are in. Without it they
// are in none, and no control policies apply. The last call counts. The
// organization must not change before Build.
func (b *Builder) SetOrganization(organization Organization) {
	b.organization = &organization
}

// coded turns what was built in code into records.
type coded struct {
	builder            *Builder
	partition, account string
}

func (c coded) add(kind arn.EntityKind, name, path string, r record) {
	text, ok := c.arn(kind, kind.String(), name, path)
	if !ok {
		return
	}
	if path == "" {
		path = "/"
	}
	r.kind, r.arn, r.partition, r.account, r.name, r.path = kind, text, c.partition, c.account, name, path
	c.builder.addRecord(&r)
}

// arn gives the ARN of an entity, and false with an error reported if its name
// or path is none.
func (c coded) arn(kind arn.EntityKind, word, name, path string) (string, bool) {
	if path == "" {
		path = "/"
	}
	text := "arn:" + c.partition + ":iam::" + c.account + ":" + word + path + name
	switch entity, err := arn.ParseEntity(text); {
	case !validName(name):
		c.builder.report.add(place{}, InvalidName, word+" "+quote(name)+" of account "+c.account,
			"a name has letters, digits and _+=,.@- only", nil)
	case !validPath(path):
		c.builder.report.add(place{}, InvalidName, text, "the path "+quote(path)+" must begin and end with a slash", nil)
	case err != nil || entity.Kind != kind:
		c.builder.report.add(place{}, InvalidARN, text, "the partition "+quote(c.partition)+" makes no ARN", err)
	default:
		return text, true
	}
	return "", false
}

func documentsOf(named []NamedDocument) []document {
	if len(named) == 0 {
		return nil
	}
	list := make([]document, len(named))
	for at, one := range named {
		list[at] = one.document()
	}
	return list
}

func (n NamedDocument) document() document {
	return document{name: n.Name, text: n.Document, at: wholeFile(n.File, n.Document)}
}

// addRecord takes a record whose ARN and name are checked, and checks the rest
// that needs no other record.
func (b *Builder) addRecord(r *record) {
	if twice, ok := sortedTags(r.tags); !ok {
		b.report.add(r.at, InvalidName, r.arn, "the tag key "+quote(twice)+" is there twice; tag keys ignore letter case", nil)
		return
	}
	if r.maxSession != 0 && (r.maxSession < defaultMaxSession || r.maxSession > 12*defaultMaxSession) {
		b.report.add(r.at, InvalidName, r.arn, "MaxSessionDuration is from 3600 to 43200 seconds", nil)
	}
	for _, attached := range r.attached {
		b.checkPolicyARN(r, attached)
	}
	if r.boundary != "" {
		b.checkPolicyARN(r, r.boundary)
	}
	seen := make(map[string]bool, len(r.inline))
	for _, inline := range r.inline {
		if !validName(inline.name) {
			b.report.add(inline.at.or(r.at), InvalidName, r.arn, "an inline policy is named "+quote(inline.name)+
				"; a name has letters, digits and _+=,.@- only", nil)
		}
		if seen[inline.name] {
			b.report.add(inline.at.or(r.at), Conflict, r.arn, "two inline policies are named "+quote(inline.name), nil)
		}
		seen[inline.name] = true
	}
	b.entities = append(b.entities, r)
}

func (b *Builder) checkPolicyARN(r *record, text string) {
	entity, err := arn.ParseEntity(text)
	switch {
	case err != nil:
		b.report.add(r.at, InvalidARN, r.arn, "a managed policy is named by its ARN", err)
	case entity.Kind != arn.ManagedPolicy:
		b.report.add(r.at, InvalidARN, r.arn, "a managed policy is attached by its ARN; "+quote(text)+" is that of a "+entity.Kind.String(), nil)
	case entity.AccountID != r.account && entity.AccountID != "aws":
		b.report.add(r.at, InvalidARN, r.arn, "the managed policy "+quote(text)+" is of another account: IAM attaches none such", nil)
	}
}

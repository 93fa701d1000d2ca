package generate

import (
	"math/rand/v2"
	"strings"
)

// DirectoryFromSeed returns the directory that belongs to the seed: one to three accounts, usually in an organization,
// and some resources. All references in it resolve.
func DirectoryFromSeed(seed uint64) Directory {
	m := directoryMaker{builder: builder{chooser: chooser{seededSource{rand.NewPCG(seed, 0xd1b54a32d192ed03)}}, rows: allServiceRows, kinds: allCallerKinds}}
	return m.make()
}

// directoryMaker makes the documents of a directory with one builder, so that all their conditions speak about one
// context.
type directoryMaker struct {
	builder
	directory Directory
}

func (m *directoryMaker) make() Directory {
	count := 1 + m.weighted(30, 50, 20)
	for _, id := range accounts[:count] {
		m.directory.Accounts = append(m.directory.Accounts, m.skeleton(id))
	}
	m.resources()
	for i := range m.directory.Accounts {
		m.policies(&m.directory.Accounts[i])
	}
	if m.chance(80) {
		m.organization()
	}
	m.splitContext()
	return m.directory
}

// skeleton makes the entities of an account without their policies.
func (m *directoryMaker) skeleton(id string) Account {
	account := Account{ID: id}
	iam := "arn:aws:iam::" + id + ":"
	entity := func(kind, prefix, path, name string) Entity {
		return Entity{Path: path, Name: name, UniqueID: prefix + strings.ToUpper(strings.NewReplacer(".", "0", "+", "1", "=", "2", ",", "3", "@", "4", "-", "5", "_", "6").Replace(name)) + id, ARN: iam + kind + path + name}
	}
	for _, name := range userNames[:1+m.intn(len(userNames))] {
		account.Users = append(account.Users, User{Entity: entity("user", "AIDA", pick(m.chooser, paths), name)})
	}
	for _, name := range []string{"admins", "Readers", "everybody"}[:m.intn(4)] {
		account.Groups = append(account.Groups, Group{entity("group", "AGPA", pick(m.chooser, paths), name)})
	}
	for _, name := range roleNames[:1+m.intn(len(roleNames))] {
		account.Roles = append(account.Roles, Role{Entity: entity("role", "AROA", pick(m.chooser, paths), name)})
	}
	if m.chance(40) {
		account.Roles = append(account.Roles, Role{Entity: entity("role", "AROA", "/aws-service-role/cloudtrail.amazonaws.com/", "AWSServiceRoleForTrail")})
	}
	for i := range account.Users {
		for _, group := range account.Groups {
			if m.chance(40) {
				account.Users[i].Groups = append(account.Users[i].Groups, group.Name)
			}
		}
	}
	return account
}

func (m *directoryMaker) resources() {
	for _, account := range m.directory.Accounts {
		for _, offered := range ordinaryOfferings {
			if !offered.bare && m.chance(35) && !strings.Contains(offered.resource, ":iam:") {
				m.directory.Resources = append(m.directory.Resources, Resource{ARN: m.fill(offered.resource, "aws", regions[0], account.ID), Account: account.ID})
			}
		}
	}
	// A bucket's name does not tell its account, so each may be there once.
	seen := map[string]bool{}
	kept := m.directory.Resources[:0]
	for _, resource := range m.directory.Resources {
		if !seen[resource.ARN] {
			seen[resource.ARN] = true
			kept = append(kept, resource)
		}
	}
	m.directory.Resources = kept
	for i := range m.directory.Resources {
		resource := &m.directory.Resources[i]
		m.aim()
		m.made.Request.Resource, m.made.Request.Action = resource.ARN, m.actionOn(resource.ARN)
		if m.chance(70) {
			document := m.document(kindResource, m.layer(), true)
			resource.Policy = &document
		}
	}
}

// aim points the builder at a caller and a request of the directory.
func (m *directoryMaker) aim() {
	question := m.anyQuestion()
	request := &m.made.Request
	request.Principal, request.Action, request.Resource = question.Principal, question.Action, question.Resource
	parts := strings.SplitN(question.Principal, ":", 6)
	m.service, m.bucketAccount = serviceOrdinary, ""
	if len(parts) < 6 {
		m.caller = caller{kind: callerService, principal: question.Principal}
		if question.Principal == "anonymous" {
			m.caller.kind = callerAnonymous
		}
		return
	}
	c := caller{principal: question.Principal, partition: "aws", account: parts[4], accountSide: true, path: "/"}
	kind, name, _ := strings.Cut(parts[5], "/")
	switch kind {
	case "root":
		c.kind = callerRoot
	case "user":
		c.kind = callerUser
	case "role":
		c.kind = callerRole
	case "federated-user":
		c.kind, name = callerFederated, question.Issuer
	default:
		c.kind = callerRoleSession
		name, _, _ = strings.Cut(name, "/")
	}
	if cut := strings.LastIndexByte(name, '/'); cut >= 0 {
		c.path, name = "/"+name[:cut+1], name[cut+1:]
	}
	c.name = name
	m.caller = c
}

// layer says what the next document is aimed at.
func (m *directoryMaker) layer() layerPlan {
	p := layerPlan{present: true, direct: m.chance(50), deny: m.chance(8)}
	if m.chance(20) {
		p.allow = wantAny
	}
	return p
}

func (m *directoryMaker) aimedDocument(kind documentKind) Document {
	m.aim()
	return m.document(kind, m.layer(), true)
}

// policies gives an account its managed policies, and its entities theirs.
func (m *directoryMaker) policies(account *Account) {
	for _, name := range []string{"Base", "Extra", "Fence", "ReadOnlyAccess"}[:1+m.intn(4)] {
		if name == "ReadOnlyAccess" {
			account.Policies = append(account.Policies, m.readOnlyAccess())
			continue
		}
		path := pick(m.chooser, paths)
		policy := ManagedPolicy{Path: path, Name: name, UniqueID: "ANPA" + strings.ToUpper(name) + account.ID, ARN: "arn:aws:iam::" + account.ID + ":policy" + path + name}
		for version := range 1 + m.weighted(60, 25, 15) {
			policy.Versions = append(policy.Versions, PolicyVersion{ID: "v" + string(rune('1'+version)), Document: m.aimedDocument(kindIdentity)})
		}
		policy.DefaultVersion = pick(m.chooser, policy.Versions).ID
		account.Policies = append(account.Policies, policy)
	}
	attach := func(e *Entity, boundary bool) {
		for i := range m.weighted(35, 50, 15) {
			e.Inline = append(e.Inline, InlinePolicy{Name: "inline" + string(rune('1'+i)), Document: m.aimedDocument(kindIdentity)})
		}
		for _, policy := range account.Policies {
			if m.chance(40) {
				e.Attached = append(e.Attached, policy.ARN)
			}
		}
		if boundary && m.chance(22) {
			e.Boundary = pick(m.chooser, account.Policies).ARN
		}
	}
	for i := range account.Users {
		attach(&account.Users[i].Entity, true)
	}
	for i := range account.Groups {
		attach(&account.Groups[i].Entity, false)
	}
	for i := range account.Roles {
		role := &account.Roles[i]
		attach(&role.Entity, !strings.HasPrefix(role.Path, "/aws-service-role/"))
		m.aim()
		m.made.Request.Action, m.made.Request.Resource = "sts:AssumeRole", role.ARN
		role.Trust = m.document(kindTrust, m.layer(), true)
	}
}

// readOnlyAccess returns the policy that AWS manages: one and the same in all accounts.
func (m *directoryMaker) readOnlyAccess() ManagedPolicy {
	const arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
	for _, account := range m.directory.Accounts {
		for _, policy := range account.Policies {
			if policy.ARN == arn {
				return policy
			}
		}
	}
	versions := []PolicyVersion{{"v1", m.aimedDocument(kindIdentity)}, {"v2", m.aimedDocument(kindIdentity)}}
	return ManagedPolicy{Path: "/", Name: "ReadOnlyAccess", UniqueID: "ANPAREADONLYACCESS", ARN: arn, DefaultVersion: "v2", Versions: versions}
}

// organization puts all accounts into a tree; the last of several may be left outside.
func (m *directoryMaker) organization() {
	level := func(kind documentKind) []Document {
		documents := []Document{}
		if kind == kindRCP || m.chance(75) {
			documents = append(documents, fullAccess(kind))
		}
		if len(documents) == 0 || m.chance(30) {
			documents = append(documents, m.aimedDocument(kind))
		}
		return documents
	}
	unit := func(id string) Unit { return Unit{ID: id, SCPs: level(kindSCP), RCPs: level(kindRCP)} }
	organization := &Organization{ID: "o-a1b2c3d4e5", Management: m.directory.Accounts[0].ID, Root: unit("r-ab12")}
	if m.chance(50) {
		organization.Management = "999999999999"
	}
	team := unit("ou-ab12-team0001")
	deep := unit("ou-ab12-deep0001")
	for i, account := range m.directory.Accounts {
		if i > 0 && m.chance(15) {
			continue
		}
		member := MemberAccount{ID: account.ID, SCPs: level(kindSCP), RCPs: level(kindRCP)}
		switch m.intn(3) {
		case 0:
			organization.Root.Accounts = append(organization.Root.Accounts, member)
		case 1:
			team.Accounts = append(team.Accounts, member)
		default:
			deep.Accounts = append(deep.Accounts, member)
		}
	}
	team.Units = []Unit{deep}
	organization.Root.Units = []Unit{team}
	m.directory.Organization = organization
}

// isDerivedKey says whether a context key is one that [Directory.Flatten] may fill in.
func isDerivedKey(key string) bool {
	key = strings.ToLower(key)
	switch key {
	case "aws:username", "aws:userid", "aws:principalarn", "aws:principaltype", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "aws:resourceaccount", "aws:resourceorgid":
		return true
	}
	return strings.HasPrefix(key, "aws:principaltag/") || strings.HasPrefix(key, "aws:resourcetag/")
}

// splitContext turns the tags that conditions ask about into tags of principals and resources, and keeps the rest of
// the context for the questions.
func (m *directoryMaker) splitContext() {
	var principalTags, resourceTags []Tag
	for _, entry := range m.made.Request.Context {
		tag := Tag{}
		if len(entry.Value.Items) == 1 && !entry.Value.List {
			tag.Value = entry.Value.Items[0].Text
		}
		switch {
		case !isDerivedKey(entry.Key):
			m.directory.Context = append(m.directory.Context, entry)
		case strings.HasPrefix(entry.Key, "aws:PrincipalTag/"):
			tag.Key = strings.TrimPrefix(entry.Key, "aws:PrincipalTag/")
			principalTags = append(principalTags, tag)
		case strings.HasPrefix(entry.Key, "aws:ResourceTag/"):
			tag.Key = strings.TrimPrefix(entry.Key, "aws:ResourceTag/")
			resourceTags = append(resourceTags, tag)
		}
	}
	some := func(tags []Tag) []Tag {
		var chosen []Tag
		for _, tag := range tags {
			if m.chance(65) {
				chosen = append(chosen, tag)
			}
		}
		return chosen
	}
	for i := range m.directory.Accounts {
		account := &m.directory.Accounts[i]
		for j := range account.Users {
			account.Users[j].Tags = some(principalTags)
		}
		for j := range account.Roles {
			account.Roles[j].Tags = some(principalTags)
		}
	}
	for i := range m.directory.Resources {
		m.directory.Resources[i].Tags = some(resourceTags)
	}
}

// actionOn returns an ordinary action that fits a resource.
func (m *directoryMaker) actionOn(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	for _, offered := range ordinaryOfferings {
		if strings.HasSuffix(offered.resource, ":"+parts[5]) && strings.HasPrefix(offered.action, parts[2]+":") {
			return offered.action
		}
	}
	return parts[2] + ":GetObject"
}

// anyQuestion draws a principal of the directory, and a resource of it or "*".
func (m *directoryMaker) anyQuestion() Question {
	account := pick(m.chooser, m.directory.Accounts)
	sts := "arn:aws:sts::" + account.ID + ":"
	var q Question
	switch m.weighted(40, 25, 10, 10, 8, 5, 2) {
	case 0:
		q.Principal = pick(m.chooser, account.Users).ARN
	case 1:
		q.Principal = sts + "assumed-role/" + pick(m.chooser, account.Roles).Name + "/" + pick(m.chooser, sessionNames)
	case 2:
		q.Principal = pick(m.chooser, account.Roles).ARN
	case 3:
		q.Principal, q.Issuer = sts+"federated-user/kiosk", pick(m.chooser, account.Users).Name
	case 4:
		q.Principal = "arn:aws:iam::" + account.ID + ":root"
	case 5:
		q.Principal = pick(m.chooser, services)
	default:
		q.Principal = "anonymous"
	}
	switch {
	case m.chance(12):
		q.Action, q.Resource = "sts:AssumeRole", pick(m.chooser, pick(m.chooser, m.directory.Accounts).Roles).ARN
	case len(m.directory.Resources) > 0 && m.chance(80):
		q.Resource = pick(m.chooser, m.directory.Resources).ARN
		q.Action = m.actionOn(q.Resource)
	case strings.HasPrefix(q.Principal, "arn:"):
		q.Action, q.Resource = "ec2:DescribeInstances", "*"
	default: // a service or nobody owns no "*"
		q.Action, q.Resource = "sqs:SendMessage", "arn:aws:sqs:us-east-1:"+account.ID+":inbox"
	}
	return q
}

// Questions returns questions about the directory; the same seed gives the same ones. Supplied context keys that are
// derived as well are supplied only where [Directory.Flatten] has a value for them that must win.
func (d Directory) Questions(seed uint64, count int) []Question {
	m := directoryMaker{builder: builder{chooser: chooser{seededSource{rand.NewPCG(seed, 0x94d049bb133111eb)}}}, directory: d}
	questions := make([]Question, 0, count)
	for range count {
		q := m.anyQuestion()
		for _, entry := range d.Context {
			if !m.chance(6) {
				q.Context = append(q.Context, entry)
			}
		}
		if m.chance(10) && strings.HasPrefix(q.Principal, "arn:") {
			q.Context = append(q.Context, ContextEntry{Key: pick(m.chooser, []string{"aws:PrincipalAccount", "AWS:PrincipalARN", "aws:principaltype"}), Value: Value{Items: []Scalar{{Text: "forged"}}}})
		}
		m.session(&q)
		questions = append(questions, q)
	}
	return questions
}

// session gives sessions their tags and policies.
func (m *directoryMaker) session(q *Question) {
	federated := q.Issuer != ""
	if !federated && !strings.Contains(q.Principal, ":assumed-role/") {
		return
	}
	if m.chance(30) {
		q.SessionTags = []Tag{{pick(m.chooser, []string{"team", "Team", "part"}), pick(m.chooser, plainWords)}}
	}
	if federated && m.chance(85) || m.chance(25) {
		m.made.Request = Request{Principal: q.Principal, Action: q.Action, Resource: q.Resource}
		s := Statement{Effect: "Allow", Action: one("*"), Resource: one("*")}
		if m.chance(50) {
			s.Action = one(m.actionPattern(kindSession, m.chance(80)))
		}
		q.SessionPolicies = []Document{{Version: currentVersion, Statements: []Statement{s}}}
	}
}

// Dangle returns a copy in which one reference names something that is not there, and says so in Dangling: a group of
// a user, an attached policy, a boundary, or the default version of a policy. The accounts and their lists are copied;
// documents are shared.
func (d Directory) Dangle(seed uint64) Directory {
	choices := chooser{seededSource{rand.NewPCG(seed, 0xbf58476d1ce4e5b9)}}
	d.Accounts = append([]Account{}, d.Accounts...)
	account := &d.Accounts[choices.intn(len(d.Accounts))]
	account.Users = append([]User{}, account.Users...)
	account.Policies = append([]ManagedPolicy{}, account.Policies...)
	user := &account.Users[choices.intn(len(account.Users))]
	missing := "arn:aws:iam::" + account.ID + ":policy/Missing"
	switch choices.intn(4) {
	case 0:
		user.Groups = append(append([]string{}, user.Groups...), "missing")
		d.Dangling = "group of " + user.ARN
	case 1:
		user.Attached = append(append([]string{}, user.Attached...), missing)
		d.Dangling = "attached policy of " + user.ARN
	case 2:
		user.Boundary = missing
		d.Dangling = "boundary of " + user.ARN
	default:
		policy := &account.Policies[choices.intn(len(account.Policies))]
		policy.DefaultVersion = "v9"
		user.Attached = append(append([]string{}, user.Attached...), policy.ARN)
		d.Dangling = "default version of " + policy.ARN
	}
	return d
}

package generate

import (
	"fmt"
	"strings"
)

// Question is a question about a [Directory].
type Question struct {
	// Principal is the ARN of a user, a role, an assumed-role session, a federated-user session or a root user, or the
	// name of a service, or "anonymous".
	Principal string
	// Issuer is the name of the user behind a federated-user session.
	Issuer string
	Action string
	// Resource is an ARN or "*".
	Resource string
	// Context holds what the request brings. Derived keys win over it.
	Context []ContextEntry
	// SessionPolicies and SessionTags are those of a role session or a federated-user session.
	SessionPolicies []Document
	SessionTags     []Tag
}

// UnknownError says that a directory lacks what a question or one of its own references names.
type UnknownError struct {
	// Kind is "user", "role", "group", "policy", "default version" or "account".
	Kind string
	Name string
}

// Error names what is missing.
func (e *UnknownError) Error() string { return fmt.Sprintf("unknown %s %q", e.Kind, e.Name) }

// Flatten resolves a question: it collects the policies that apply to the principal and the resource, fills in the
// derived context keys, and returns the neutral case. A principal or a reference that the directory does not have
// gives an [*UnknownError]. The code is meant to be obvious, not fast.
func (d Directory) Flatten(q Question) (Case, error) {
	f := flattening{directory: d, question: q}
	f.made.Request = Request{Principal: q.Principal, Action: q.Action, Resource: q.Resource, Context: []ContextEntry{}}
	if err := f.principal(); err != nil {
		return Case{}, err
	}
	f.resource()
	f.organization()
	f.context()
	f.made.ID = "directory"
	return f.made.Clone(), nil
}

// flattening holds what is known about the question so far.
type flattening struct {
	directory     Directory
	question      Question
	made          Case
	account       string // of the caller; empty for services and anonymous callers
	serviceLinked bool
	derived       []ContextEntry
}

func (f *flattening) derive(key, value string) {
	f.derived = append(f.derived, ContextEntry{Key: key, Value: Value{Items: []Scalar{{Text: value}}}})
}

// principal finds the caller and its policies (SEMANTICS 5.2), and derives the keys of the table in section 6.
func (f *flattening) principal() error {
	q := f.question
	parts := strings.SplitN(q.Principal, ":", 6)
	if len(parts) < 6 {
		switch q.Principal {
		case "anonymous":
			f.derive("aws:PrincipalType", "Anonymous")
			f.derive("aws:PrincipalAccount", "anonymous")
			f.derive("aws:userid", "anonymous")
		case "accounts.google.com", "www.amazon.com", "graph.facebook.com", "cognito-identity.amazonaws.com":
		default: // a service
			f.derive("aws:userid", q.Principal)
		}
		return nil
	}
	f.account = parts[4]
	f.derive("aws:PrincipalAccount", f.account)
	account, found := f.directory.account(f.account)
	if !found {
		return &UnknownError{"account", f.account}
	}
	kind, name, _ := strings.Cut(parts[5], "/")
	switch kind {
	case "root":
		f.derive("aws:PrincipalArn", q.Principal)
		f.derive("aws:PrincipalType", "Account")
		f.derive("aws:userid", f.account)
		return nil
	case "user":
		user, found := account.user(func(u User) bool { return u.ARN == q.Principal })
		if !found {
			return &UnknownError{"user", q.Principal}
		}
		f.derive("aws:PrincipalArn", user.ARN)
		f.derive("aws:PrincipalType", "User")
		f.derive("aws:userid", user.UniqueID)
		f.derive("aws:username", user.Name)
		f.tags(user.Tags, nil)
		return f.userPolicies(account, user)
	case "federated-user":
		user, found := account.user(func(u User) bool { return u.Name == q.Issuer })
		if !found {
			return &UnknownError{"user", q.Issuer}
		}
		f.made.Request.PrincipalIssuer = user.ARN
		f.made.SessionPolicies = q.SessionPolicies
		f.derive("aws:PrincipalArn", q.Principal)
		f.derive("aws:PrincipalType", "FederatedUser")
		f.derive("aws:userid", f.account+":"+name)
		f.tags(user.Tags, q.SessionTags) // STS API Reference, "GetFederationToken": session tags override those of the user
		return f.userPolicies(account, user)
	}
	role, session, err := findRole(account, q.Principal, kind, name)
	if err != nil {
		return err
	}
	f.serviceLinked = strings.HasPrefix(role.Path, "/aws-service-role/")
	if session != "" {
		f.made.Request.PrincipalIssuer = role.ARN
		f.derive("aws:userid", role.UniqueID+":"+session)
	}
	f.made.SessionPolicies = q.SessionPolicies
	f.derive("aws:PrincipalArn", role.ARN)
	f.derive("aws:PrincipalType", "AssumedRole")
	f.tags(role.Tags, q.SessionTags)
	f.made.IdentityPolicies, f.made.PermissionsBoundaries, err = entityPolicies(account, role.Entity)
	return err
}

// findRole finds the role that is or is behind the principal.
func findRole(account Account, principal, kind, name string) (Role, string, error) {
	roleName, session := "", ""
	if kind == "assumed-role" {
		roleName, session, _ = strings.Cut(name, "/")
	}
	for _, role := range account.Roles {
		if session != "" && role.Name == roleName || role.ARN == principal {
			return role, session, nil
		}
	}
	return Role{}, "", &UnknownError{"role", principal}
}

// tags derives aws:PrincipalTag keys; session tags win, whatever the letter case of their keys.
func (f *flattening) tags(own, session []Tag) {
	for _, tag := range session {
		f.derive("aws:PrincipalTag/"+tag.Key, tag.Value)
	}
	for _, tag := range own {
		covered := false
		for _, other := range session {
			covered = covered || strings.EqualFold(tag.Key, other.Key)
		}
		if !covered {
			f.derive("aws:PrincipalTag/"+tag.Key, tag.Value)
		}
	}
}

// userPolicies collects what a user has by itself and through its groups.
func (f *flattening) userPolicies(account Account, user User) error {
	var err error
	f.made.IdentityPolicies, f.made.PermissionsBoundaries, err = entityPolicies(account, user.Entity)
	if err != nil {
		return err
	}
	for _, name := range user.Groups {
		found := false
		for _, group := range account.Groups {
			if group.Name != name {
				continue
			}
			found = true
			documents, _, err := entityPolicies(account, group.Entity)
			if err != nil {
				return err
			}
			f.made.IdentityPolicies = append(f.made.IdentityPolicies, documents...)
		}
		if !found {
			return &UnknownError{"group", name}
		}
	}
	return nil
}

// entityPolicies returns the inline and attached policies of an entity, and its boundary.
func entityPolicies(account Account, entity Entity) (identity, boundary []Document, err error) {
	for _, inline := range entity.Inline {
		identity = append(identity, inline.Document)
	}
	for _, arn := range entity.Attached {
		document, err := account.managed(arn)
		if err != nil {
			return nil, nil, err
		}
		identity = append(identity, document)
	}
	if entity.Boundary != "" {
		document, err := account.managed(entity.Boundary)
		if err != nil {
			return nil, nil, err
		}
		boundary = []Document{document}
	}
	return identity, boundary, nil
}

func (d Directory) account(id string) (Account, bool) {
	for _, account := range d.Accounts {
		if account.ID == id {
			return account, true
		}
	}
	return Account{}, false
}

func (a Account) user(is func(User) bool) (User, bool) {
	for _, user := range a.Users {
		if is(user) {
			return user, true
		}
	}
	return User{}, false
}

// managed returns the document in force of a managed policy.
func (a Account) managed(arn string) (Document, error) {
	for _, policy := range a.Policies {
		if policy.ARN != arn {
			continue
		}
		document, found := policy.defaultDocument()
		if !found {
			return Document{}, &UnknownError{"default version", arn}
		}
		return document, nil
	}
	return Document{}, &UnknownError{"policy", arn}
}

// resource finds the resource's account, its policy and its tags.
func (f *flattening) resource() {
	request := &f.made.Request
	if parts := strings.SplitN(request.Resource, ":", 6); len(parts) == 6 {
		request.ResourceAccount = parts[4]
	} else {
		request.ResourceAccount = f.account
	}
	for _, resource := range f.directory.Resources {
		if resource.ARN != request.Resource {
			continue
		}
		request.ResourceAccount = resource.Account
		f.made.ResourcePolicy = resource.Policy
		for _, tag := range resource.Tags {
			f.derive("aws:ResourceTag/"+tag.Key, tag.Value)
		}
	}
	if isTrustAction(request.Action) {
		f.made.ResourcePolicy = nil
		for _, account := range f.directory.Accounts {
			for _, role := range account.Roles {
				if role.ARN == request.Resource {
					trust := role.Trust
					f.made.ResourcePolicy = &trust
				}
			}
		}
	}
	if request.ResourceAccount != "" {
		f.derive("aws:ResourceAccount", request.ResourceAccount)
	}
}

// organization collects SCPs and RCPs, and derives the keys about organizations. SCPs are those of the caller's
// account, RCPs those of the resource's; the management account and service-linked roles are exempt.
func (f *flattening) organization() {
	organization := f.directory.Organization
	if organization == nil {
		return
	}
	if path, member, found := organization.find(f.account); found {
		f.derive("aws:PrincipalOrgID", organization.ID)
		f.derived = append(f.derived, ContextEntry{Key: "aws:PrincipalOrgPaths", Value: Value{List: true, Items: []Scalar{{Text: orgPath(organization.ID, path)}}}})
		if f.account != organization.Management && !f.serviceLinked {
			f.made.SCPs = levelsOf(path, member, func(u Unit) []Document { return u.SCPs }, member.SCPs)
		}
	}
	owner := f.made.Request.ResourceAccount
	if path, member, found := organization.find(owner); found {
		f.derive("aws:ResourceOrgID", organization.ID)
		if owner != organization.Management && !f.serviceLinked {
			f.made.RCPs = levelsOf(path, member, func(u Unit) []Document { return u.RCPs }, member.RCPs)
		}
	}
}

// find returns the units from the root to an account.
func (o *Organization) find(account string) ([]Unit, MemberAccount, bool) {
	return o.Root.find(account)
}

func (u Unit) find(account string) ([]Unit, MemberAccount, bool) {
	for _, member := range u.Accounts {
		if member.ID == account {
			return []Unit{u}, member, true
		}
	}
	for _, child := range u.Units {
		if path, member, found := child.find(account); found {
			return append([]Unit{u}, path...), member, true
		}
	}
	return nil, MemberAccount{}, false
}

// orgPath writes an aws:PrincipalOrgPaths value: o-x/r-y/ou-z/.
func orgPath(id string, path []Unit) string {
	text := id + "/"
	for _, unit := range path {
		text += unit.ID + "/"
	}
	return text
}

func levelsOf(path []Unit, member MemberAccount, policies func(Unit) []Document, own []Document) []Level {
	var levels []Level
	for _, unit := range path {
		levels = append(levels, Level{Identifier: unit.ID, Policies: append([]Document{}, policies(unit)...)})
	}
	return append(levels, Level{Identifier: member.ID, Policies: append([]Document{}, own...)})
}

// context puts the derived keys in and leaves out what was supplied under their names.
func (f *flattening) context() {
	request := &f.made.Request
	for _, supplied := range f.question.Context {
		covered := false
		for _, derived := range f.derived {
			covered = covered || strings.EqualFold(derived.Key, supplied.Key)
		}
		if !covered {
			request.Context = append(request.Context, supplied)
		}
	}
	request.Context = append(request.Context, f.derived...)
}

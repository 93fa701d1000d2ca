package principal

import (
	"iter"
	"maps"
	"slices"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/policy"
)

// A Directory is an immutable snapshot of accounts, of resources that have
// policies, and of the organization. [Load] and [Builder.Build] make one. To
// follow changes, build another, which can take over the compiled policies of
// this one ([Builder.Reuse]), and swap the pointer.
//
// It is safe for any number of goroutines. The zero Directory is empty: it
// knows no users and roles, but finds services and root users like any other.
type Directory struct {
	entities   map[string]*entity // users and roles by ARN
	byName     map[roleOrUser]*entity
	policies   map[string]*managedPolicy // by ARN
	resources  map[string]*resourceEntry // by ARN
	members    map[string]*membership    // by account
	nothing    *policy.Policy            // stands in for a boundary that is not there
	compiled   map[textKey]*policy.Policy
	principals []string
	accounts   []string
	problems   []*Problem
}

// roleOrUser finds a role or user by account and name.
type roleOrUser struct {
	kind arn.EntityKind
	nameKey
}

// An entity is a user, group or role with everything that it refers to.
type entity struct {
	kind      arn.EntityKind
	arn       string
	partition string
	account   string
	name      string
	id        string
	tags      []tag
	inline    []Attachment
	attached  []*managedPolicy
	groups    []*entity    // of a user
	boundary  []Attachment // none or one
	trust     *Attachment
	problems  []*Problem // its own
	// maxSession is how many seconds a session of a role may last, 0 if not told.
	maxSession int
}

// all gives the policies and problems of a user or role together with those of
// its groups. They are put together when asked for: a small file can hold many
// users in groups with many policies, and an Attachment is large beside the
// pointer to the policy that it attaches.
func (e *entity) all() ([]Attachment, []*Problem) {
	count := len(e.inline) + len(e.attached)
	for _, group := range e.groups {
		count += len(group.inline) + len(group.attached)
	}
	policies, problems := e.appendTo(slices.Grow([]Attachment(nil), count)), e.problems
	for at, group := range e.groups {
		policies = group.appendTo(policies)
		if at == 0 {
			problems = slices.Clone(problems)
		}
		problems = append(problems, group.problems...)
	}
	return policies, slices.Clip(problems)
}

// appendTo appends the entity's own policies.
func (e *entity) appendTo(policies []Attachment) []Attachment {
	policies = append(policies, e.inline...)
	for _, managed := range e.attached {
		source := managed.source
		source.AttachedTo = e.arn
		policies = append(policies, Attachment{Policy: managed.policy, Source: source})
	}
	return policies
}

// A managedPolicy is a managed policy with its default version. The text is
// kept because it may yet serve as a session policy, which is compiled in
// another way.
type managedPolicy struct {
	source Source
	text   string
	policy *policy.Policy
}

// Principals gives the ARNs of all users and roles, sorted.
func (d *Directory) Principals() iter.Seq[string] { return slices.Values(d.principals) }

// Resources gives the ARNs of all resources that were registered with an own
// policy or with tags, sorted. Sorting them costs some microseconds for a hundred.
// The roles, whose trust policies are policies of resources too, are among the
// Principals.
func (d *Directory) Resources() iter.Seq[string] {
	return slices.Values(slices.Sorted(maps.Keys(d.resources)))
}

// Accounts gives the ids of all accounts that are known from their details or
// from the organization, sorted.
func (d *Directory) Accounts() iter.Seq[string] { return slices.Values(d.accounts) }

// Problems are all references that lead nowhere, sorted by whom they concern.
// They never grant. Without any it is nil. The slice is the caller's.
func (d *Directory) Problems() []*Problem { return slices.Clone(d.problems) }

// A NotFoundError says that a caller is not in the directory. Nothing is known
// of what it may do, so there is no principal to decide about.
type NotFoundError struct {
	// Caller is who was asked about, or the role or user behind a session.
	Caller string
	// Similar is the ARN of the user or role of the same account and name that
	// is in the directory, if there is one: with another path, letter case or
	// partition.
	Similar string
}

// Error says who is not there, and whom the directory has instead.
func (e *NotFoundError) Error() string {
	text := "principal: " + quote(e.Caller) + " is not in the directory"
	if e.Similar != "" {
		text += ", which has " + quote(e.Similar)
	}
	return text
}

package generate

import (
	"encoding/json"
	"fmt"
)

// Directory is what is known about some accounts: their users, groups, roles and managed policies, the organization
// they belong to, and resources with policies. It is meant for tests of whole loaders: [Account.AuthorizationDetails]
// gives the JSON that a loader reads, and [Directory.Flatten] gives the neutral case that its answer is compared with.
type Directory struct {
	Accounts     []Account
	Organization *Organization
	Resources    []Resource
	// Context is the request context that the conditions of the documents were made with. It holds no derived keys.
	Context []ContextEntry
	// Dangling describes the reference that [Directory.Dangle] broke; it is empty in a sound directory.
	Dangling string
}

// Account is one account, as IAM's GetAccountAuthorizationDetails describes it.
type Account struct {
	ID       string
	Users    []User
	Groups   []Group
	Roles    []Role
	Policies []ManagedPolicy
}

// Entity is what users, groups and roles have in common.
type Entity struct {
	Path     string
	Name     string
	UniqueID string
	ARN      string
	Inline   []InlinePolicy
	// Attached are ARNs of managed policies.
	Attached []string
	// Boundary is the ARN of the managed policy that is the permissions boundary, or empty. Groups have none.
	Boundary string
	// Tags are unique by key, whatever the letter case. Groups have none.
	Tags []Tag
}

// User is an IAM user with the names of its groups.
type User struct {
	Entity
	Groups []string
}

// Group is an IAM group.
type Group struct{ Entity }

// Role is an IAM role with its trust policy.
type Role struct {
	Entity
	Trust Document
}

// InlinePolicy is a policy that is part of a user, group or role.
type InlinePolicy struct {
	Name     string
	Document Document
}

// ManagedPolicy is a managed policy with its versions, of which only the default one is in force.
type ManagedPolicy struct {
	Path           string
	Name           string
	UniqueID       string
	ARN            string
	DefaultVersion string
	Versions       []PolicyVersion
}

// PolicyVersion is one version of a managed policy.
type PolicyVersion struct {
	ID       string
	Document Document
}

// Tag is a tag of a principal, a session or a resource.
type Tag struct{ Key, Value string }

// Organization is a tree of units. SCPs and RCPs of an account that is not in the tree do not exist.
type Organization struct {
	ID         string
	Management string
	Root       Unit
}

// Unit is the root or an organizational unit of an organization.
type Unit struct {
	ID       string
	SCPs     []Document
	RCPs     []Document
	Units    []Unit
	Accounts []MemberAccount
}

// MemberAccount is an account of an organization with the policies that are attached to it directly.
type MemberAccount struct {
	ID   string
	SCPs []Document
	RCPs []Document
}

// Resource is a resource that has a policy or tags.
type Resource struct {
	ARN     string
	Account string
	Policy  *Document
	Tags    []Tag
}

// defaultDocument returns the document of the default version, and false if no version is the default one.
func (p ManagedPolicy) defaultDocument() (Document, bool) {
	for _, version := range p.Versions {
		if version.ID == p.DefaultVersion {
			return version.Document, true
		}
	}
	return Document{}, false
}

// The next types are the shape of GetAccountAuthorizationDetails as command-line tools print it (IAM API Reference,
// "GetAccountAuthorizationDetails"; documents are JSON objects there).
type (
	detailsPolicy struct {
		PolicyName     string
		PolicyDocument json.RawMessage
	}
	detailsAttached struct {
		PolicyName string
		PolicyArn  string
	}
	detailsBoundary struct {
		PermissionsBoundaryType string
		PermissionsBoundaryArn  string
	}
	detailsUser struct {
		Path, UserName, UserId, Arn, CreateDate string
		UserPolicyList                          []detailsPolicy `json:",omitempty"`
		GroupList                               []string
		AttachedManagedPolicies                 []detailsAttached
		PermissionsBoundary                     *detailsBoundary `json:",omitempty"`
		Tags                                    []Tag            `json:",omitempty"`
	}
	detailsGroup struct {
		Path, GroupName, GroupId, Arn, CreateDate string
		GroupPolicyList                           []detailsPolicy
		AttachedManagedPolicies                   []detailsAttached
	}
	detailsRole struct {
		Path, RoleName, RoleId, Arn, CreateDate string
		AssumeRolePolicyDocument                json.RawMessage
		InstanceProfileList                     []struct{}
		RolePolicyList                          []detailsPolicy
		AttachedManagedPolicies                 []detailsAttached
		PermissionsBoundary                     *detailsBoundary `json:",omitempty"`
		Tags                                    []Tag            `json:",omitempty"`
	}
	detailsVersion struct {
		Document         json.RawMessage
		VersionId        string
		IsDefaultVersion bool
		CreateDate       string
	}
	detailsManaged struct {
		PolicyName, PolicyId, Arn, Path, DefaultVersionId string
		IsAttachable                                      bool
		CreateDate                                        string
		PolicyVersionList                                 []detailsVersion
	}
	details struct {
		UserDetailList  []detailsUser
		GroupDetailList []detailsGroup
		RoleDetailList  []detailsRole
		Policies        []detailsManaged
	}
)

const created = "2026-01-01T00:00:00+00:00"

// AuthorizationDetails returns the account as JSON in the shape of GetAccountAuthorizationDetails, documents as JSON
// objects. Statements and documents that are overridden by Raw must be valid JSON; otherwise an error is returned.
func (a Account) AuthorizationDetails() ([]byte, error) {
	all := details{UserDetailList: []detailsUser{}, GroupDetailList: []detailsGroup{}, RoleDetailList: []detailsRole{}, Policies: []detailsManaged{}}
	for _, user := range a.Users {
		groups := append([]string{}, user.Groups...)
		all.UserDetailList = append(all.UserDetailList, detailsUser{user.Path, user.Name, user.UniqueID, user.ARN, created, inlineDetails(user.Inline), groups, a.attachedDetails(user.Attached), boundaryDetails(user.Boundary), user.Tags})
	}
	for _, group := range a.Groups {
		all.GroupDetailList = append(all.GroupDetailList, detailsGroup{group.Path, group.Name, group.UniqueID, group.ARN, created, inlineDetails(group.Inline), a.attachedDetails(group.Attached)})
	}
	for _, role := range a.Roles {
		all.RoleDetailList = append(all.RoleDetailList, detailsRole{role.Path, role.Name, role.UniqueID, role.ARN, created, role.Trust.JSON(), []struct{}{}, inlineDetails(role.Inline), a.attachedDetails(role.Attached), boundaryDetails(role.Boundary), role.Tags})
	}
	for _, policy := range a.Policies {
		managed := detailsManaged{policy.Name, policy.UniqueID, policy.ARN, policy.Path, policy.DefaultVersion, true, created, nil}
		for _, version := range policy.Versions {
			managed.PolicyVersionList = append(managed.PolicyVersionList, detailsVersion{version.Document.JSON(), version.ID, version.ID == policy.DefaultVersion, created})
		}
		all.Policies = append(all.Policies, managed)
	}
	text, err := json.Marshal(all)
	if err != nil {
		return nil, fmt.Errorf("authorization details of account %s: %w", a.ID, err)
	}
	return text, nil
}

func inlineDetails(policies []InlinePolicy) []detailsPolicy {
	list := []detailsPolicy{}
	for _, policy := range policies {
		list = append(list, detailsPolicy{policy.Name, policy.Document.JSON()})
	}
	return list
}

func (a Account) attachedDetails(arns []string) []detailsAttached {
	list := []detailsAttached{}
	for _, arn := range arns {
		name := "Unknown"
		for _, policy := range a.Policies {
			if policy.ARN == arn {
				name = policy.Name
			}
		}
		list = append(list, detailsAttached{name, arn})
	}
	return list
}

func boundaryDetails(arn string) *detailsBoundary {
	if arn == "" {
		return nil
	}
	return &detailsBoundary{"Policy", arn}
}

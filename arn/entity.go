package arn

import (
	"strings"

	"github.com/portcullis-iam/portcullis/internal/fold"
)

// An EntityKind says what an IAM or STS ARN names.
type EntityKind uint8

// The kinds of entity that take part in decisions. The zero EntityKind is
// none of them.
const (
	// AccountRoot is an account and its root user:
	// arn:aws:iam::ACCOUNT:root.
	AccountRoot EntityKind = iota + 1
	// User is an IAM user: arn:aws:iam::ACCOUNT:user/PATH/NAME.
	User
	// Group is an IAM user group: arn:aws:iam::ACCOUNT:group/PATH/NAME.
	Group
	// Role is an IAM role: arn:aws:iam::ACCOUNT:role/PATH/NAME.
	Role
	// ManagedPolicy is a customer-managed or AWS-managed policy:
	// arn:aws:iam::ACCOUNT:policy/PATH/NAME, where ACCOUNT may be "aws".
	ManagedPolicy
	// SAMLProvider is a SAML identity provider:
	// arn:aws:iam::ACCOUNT:saml-provider/NAME.
	SAMLProvider
	// OIDCProvider is an OpenID Connect identity provider, whose name is the
	// host and path of its issuer: arn:aws:iam::ACCOUNT:oidc-provider/HOST/PATH.
	OIDCProvider
	// AssumedRole is one session of a role:
	// arn:aws:sts::ACCOUNT:assumed-role/ROLENAME/SESSION.
	AssumedRole
	// FederatedUser is a session that GetFederationToken made:
	// arn:aws:sts::ACCOUNT:federated-user/NAME.
	FederatedUser
)

var entityNames = [...]string{
	AccountRoot: "account root", User: "user", Group: "group", Role: "role", ManagedPolicy: "policy",
	SAMLProvider: "SAML provider", OIDCProvider: "OIDC provider",
	AssumedRole: "assumed-role session", FederatedUser: "federated-user session",
}

// String names the kind in words, "unknown entity" for one that does not exist.
func (k EntityKind) String() string {
	if int(k) < len(entityNames) && entityNames[k] != "" {
		return entityNames[k]
	}
	return "unknown entity"
}

// An Entity is what an ARN of IAM or STS names.
type Entity struct {
	// Kind is what it is.
	Kind EntityKind
	// Partition and AccountID are those of the ARN.
	Partition, AccountID string
	// Path is the path of a user, group, role or policy, with a slash at both
	// ends: "/" when there is none. It is empty for the other kinds.
	Path string
	// Name is the last part: the user, the role (also of a session), the
	// provider. It is empty for AccountRoot. Names of users, groups and roles
	// are unique in their account whatever their path and letter case.
	Name string
	// Session is the name of the session of an AssumedRole.
	Session string
}

// ParseEntity reads the ARN of an IAM or STS entity. The account must be
// twelve digits, or "aws" for a managed policy, the name must not be empty, and
// that of a session holds no slash. It allocates nothing but its error, which is a [*ParseError].
//
// Source: IAM User Guide, "IAM identifiers".
func ParseEntity(text string) (Entity, error) {
	a, err := Parse(text)
	if err != nil {
		return Entity{}, err
	}
	fail := func(reason string) (Entity, error) { return Entity{}, &ParseError{Text: text, Reason: reason} }
	e := Entity{Partition: a.Partition, AccountID: a.AccountID}
	kind, rest, slashed := strings.Cut(a.Resource, "/")
	switch {
	case a.Partition == "":
		return fail("has no partition")
	case a.Region != "":
		return fail("has a Region, which entities of IAM and STS do not have")
	case !IsAccountID(a.AccountID) && (a.AccountID != "aws" || kind != "policy"):
		return fail("has no account of twelve digits")
	case a.Service == "iam" && a.Resource == "root":
		e.Kind = AccountRoot
		return e, nil
	case a.Service == "iam" && kind == "user":
		e.Kind = User
	case a.Service == "iam" && kind == "group":
		e.Kind = Group
	case a.Service == "iam" && kind == "role":
		e.Kind = Role
	case a.Service == "iam" && kind == "policy":
		e.Kind = ManagedPolicy
	case a.Service == "iam" && kind == "saml-provider":
		e.Kind, e.Name = SAMLProvider, rest
	case a.Service == "iam" && kind == "oidc-provider":
		e.Kind, e.Name = OIDCProvider, rest
	case a.Service == "sts" && kind == "assumed-role":
		e.Kind = AssumedRole
		e.Name, e.Session, _ = strings.Cut(rest, "/")
		if e.Session == "" {
			return fail("names no session behind the role")
		}
	case a.Service == "sts" && kind == "federated-user":
		e.Kind, e.Name = FederatedUser, rest
	default:
		return fail("is not the ARN of a user, group, role, session, policy or identity provider")
	}
	if !slashed {
		return fail("names nobody: it has no slash")
	}
	switch e.Kind {
	case User, Group, Role, ManagedPolicy:
		slash := strings.LastIndexByte(rest, '/')
		e.Name = rest[slash+1:]
		// The path shares the slash behind the word "user", "role", …
		e.Path = a.Resource[len(kind) : len(kind)+slash+2]
	}
	if e.Name == "" {
		return fail("names nobody: its last part is empty")
	}
	// A role is often written with its path by mistake, and another role may bear
	// the name that the path begins with.
	if strings.IndexByte(e.Session, '/') >= 0 || e.Kind == FederatedUser && strings.IndexByte(e.Name, '/') >= 0 {
		return fail("has a slash in the name of the session; the role of a session stands without its path")
	}
	return e, nil
}

// SameName tells whether two names of users, groups, roles or policies are the
// same name to IAM, which does not distinguish letter case: an account cannot
// have both "wren" and "Wren".
func SameName(a, b string) bool { return fold.Equal(a, b) }

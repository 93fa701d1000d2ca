package principal

import (
	"strings"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/internal/message"
)

// A Kind says what sort of caller makes a request.
type Kind uint8

// The kinds of caller. The zero Kind is none of them.
const (
	// User is an IAM user with credentials of its own.
	User Kind = iota + 1
	// Role is a session of a role, whoever assumed it; or a role named by its
	// own ARN, which stands for a session whose ARN is not known.
	Role
	// FederatedUser is a session that GetFederationToken made for an IAM user.
	FederatedUser
	// Root is the root user of an account.
	Root
	// Service is an AWS service that acts with its own service principal.
	Service
	// FederatedProvider is an identity provider, SAML or OpenID Connect, on
	// whose word somebody asks for a session: the caller of
	// AssumeRoleWithSAML and AssumeRoleWithWebIdentity.
	FederatedProvider
	// Anonymous is a caller without a signature.
	Anonymous
)

var kindNames = [...]string{
	User: "IAM user", Role: "role session", FederatedUser: "federated user", Root: "root user",
	Service: "service principal", FederatedProvider: "identity provider", Anonymous: "anonymous caller",
}

// String names the kind in words, "unknown caller" for one that does not exist.
func (k Kind) String() string {
	if int(k) < len(kindNames) && kindNames[k] != "" {
		return kindNames[k]
	}
	return "unknown caller"
}

// AnonymousCaller is how [Identify] and [Directory.Principal] spell a caller
// without a signature.
const AnonymousCaller = "anonymous"

// An Identity is who makes a request: a small comparable value, made by
// [Identify]. It says nothing of what the caller may do; that is [Principal].
//
// The zero Identity is nobody: no policy matches it and its Kind is no kind.
type Identity struct {
	// Kind is the sort of caller.
	Kind Kind
	// ARN is the caller as it was asked about: the ARN of a user, role,
	// session, root user or identity provider; the bare name of a service or
	// of one of the four providers that have no ARN; "" for Anonymous.
	ARN string
	// Partition and AccountID are those of the ARN, "" where it is a bare name.
	Partition, AccountID string
	// Name is the name of the user, role, federated user or identity provider,
	// "" for the others.
	Name string
	// Session is the name of the role session, "" for a bare role ARN.
	Session string
	// IssuerARN is the ARN, with its path, of the role behind a session or of
	// the user behind a federated user. It is "" where the path is not known.
	IssuerARN string
	// IssuerName is the name of the role or of the issuing user. It is known
	// also where IssuerARN is not.
	IssuerName string
	// ServiceLinked tells a session of a service-linked role: one whose path
	// is /aws-service-role/.
	ServiceLinked bool
}

// HasAccountSide tells whether the caller belongs to an account whose policies
// apply to it: users, roles, federated users and root users do. Services,
// identity providers and anonymous callers have no identity policies,
// boundaries, session policies and service control policies, although a
// provider's ARN names an account.
func (i Identity) HasAccountSide() bool {
	return i.Kind >= User && i.Kind <= Root
}

// String is the ARN or name of the caller, "anonymous" for a caller without a
// signature.
func (i Identity) String() string {
	if i.Kind == Anonymous {
		return AnonymousCaller
	}
	return i.ARN
}

// serviceLinkedPath begins the path of every service-linked role.
//
// Source: IAM User Guide, "Service-linked roles".
const serviceLinkedPath = "/aws-service-role/"

// isBareProvider tells the identity providers that have no ARN.
//
// Source: IAM User Guide, "AWS JSON policy elements: Principal".
func isBareProvider(name string) bool {
	switch name {
	case "accounts.google.com", "www.amazon.com", "graph.facebook.com", "cognito-identity.amazonaws.com":
		return true
	}
	return false
}

// Identify reads who a caller is.
//
// The caller is the ARN of an IAM user, a role, the session of a role
// (assumed-role), a federated user, the root user of an account, or a SAML or
// OpenID Connect identity provider; or the name of an AWS service
// (lambda.amazonaws.com) or of one of the providers that have no ARN
// (accounts.google.com, www.amazon.com, graph.facebook.com,
// cognito-identity.amazonaws.com); or "anonymous". Any other name without a
// colon is taken for a service.
//
// The issuer is optional. Behind the session of a role it is the ARN of that
// role, which tells its path; behind a federated user it is the ARN of the IAM
// user who called GetFederationToken. Without it the session
// assumed-role/NAME/… belongs to the role NAME, whose path is unknown, and
// federated-user/NAME to the user NAME. An issuer must be of the same account
// and partition, and a role must bear exactly the name that the session has:
// names that differ in letter case cannot both exist in an account, but policies
// compare them exactly. Other callers have no issuer; of a bare role it may be
// the role itself.
//
// Anything else is an [*IdentityError]. Identify allocates nothing but that.
//
// Source: IAM User Guide, "IAM identifiers" and "AWS JSON policy elements:
// Principal".
func Identify(caller, issuer string) (Identity, error) {
	if strings.IndexByte(caller, ':') >= 0 {
		return identifyARN(caller, issuer)
	}
	fail := func(reason string) (Identity, error) {
		return Identity{}, &IdentityError{Caller: caller, Issuer: issuer, Reason: reason}
	}
	switch {
	case caller == "":
		return fail("a caller must be given: an ARN, the name of a service, or \"anonymous\"")
	case issuer != "":
		return fail("only sessions of roles and federated users have an issuer")
	case caller == AnonymousCaller:
		return Identity{Kind: Anonymous}, nil
	case isBareProvider(caller):
		return Identity{Kind: FederatedProvider, ARN: caller, Name: caller}, nil
	}
	return Identity{Kind: Service, ARN: caller}, nil
}

func identifyARN(caller, issuer string) (Identity, error) {
	fail := func(reason string, cause error) (Identity, error) {
		return Identity{}, &IdentityError{Caller: caller, Issuer: issuer, Reason: reason, Err: cause}
	}
	entity, err := arn.ParseEntity(caller)
	if err != nil {
		return fail("the caller is no principal", err)
	}
	id := Identity{ARN: caller, Partition: entity.Partition, AccountID: entity.AccountID, Name: entity.Name}
	issuerKind := arn.EntityKind(0)
	switch entity.Kind {
	case arn.User:
		id.Kind = User
	case arn.AccountRoot:
		id.Kind = Root
	case arn.SAMLProvider, arn.OIDCProvider:
		id.Kind = FederatedProvider
	case arn.Role:
		id.Kind, id.IssuerARN, id.IssuerName = Role, caller, entity.Name
		id.ServiceLinked = strings.HasPrefix(entity.Path, serviceLinkedPath)
		issuerKind = arn.Role
	case arn.AssumedRole:
		id.Kind, id.Session, id.IssuerName = Role, entity.Session, entity.Name
		issuerKind = arn.Role
	case arn.FederatedUser:
		id.Kind, id.IssuerName = FederatedUser, entity.Name
		issuerKind = arn.User
	default:
		return fail("the ARN of a "+entity.Kind.String()+" is not a principal: it cannot make requests", nil)
	}
	if issuer == "" {
		return id, nil
	}
	if issuerKind == 0 {
		return fail("only sessions of roles and federated users have an issuer", nil)
	}
	behind, err := arn.ParseEntity(issuer)
	switch {
	case err != nil:
		return fail("the issuer is no principal", err)
	case behind.Kind != issuerKind:
		return fail("the issuer must be the ARN of a "+issuerKind.String()+", not of a "+behind.Kind.String(), nil)
	case behind.AccountID != entity.AccountID || behind.Partition != entity.Partition:
		return fail("the issuer is of another account or partition than the caller", nil)
	case issuerKind == arn.Role && behind.Name != entity.Name:
		return fail("the issuer is another role than the one that the session names", nil)
	case entity.Kind == arn.Role && behind.Path != entity.Path:
		return fail("the issuer of a bare role can only be that role", nil)
	}
	id.IssuerARN, id.IssuerName = issuer, behind.Name
	if issuerKind == arn.Role {
		id.ServiceLinked = strings.HasPrefix(behind.Path, serviceLinkedPath)
	}
	return id, nil
}

// An IdentityError tells why a text does not say who a caller is.
type IdentityError struct {
	// Caller and Issuer are what was given.
	Caller, Issuer string
	// Reason is one sentence that says what is wrong.
	Reason string
	// Err is the reason below that one, an [*arn.ParseError], or nil.
	Err error
}

// Error names the caller, the issuer if the reason is in it, and the reason.
func (e *IdentityError) Error() string {
	text := "principal: caller " + quote(e.Caller)
	if e.Issuer != "" {
		text += " with issuer " + quote(e.Issuer)
	}
	text += ": " + e.Reason
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the [*arn.ParseError] below, if there is one.
func (e *IdentityError) Unwrap() error { return e.Err }

// quote repeats a text in a message.
func quote(text string) string { return message.Quote(text, message.Enough) }

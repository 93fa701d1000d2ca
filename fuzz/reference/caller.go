package reference

import (
	"fmt"
	"strings"
)

// callerKind is who may ask (FORMAT.md Principals, 5.2).
type callerKind int

const (
	userCaller          callerKind = iota // an IAM user
	roleCaller                            // a role session, or a bare role ARN
	federatedUserCaller                   // a session of GetFederationToken
	rootCaller                            // the root user of an account
	serviceCaller                         // a service principal
	providerCaller                        // a SAML or OIDC provider
	anonymousCaller                       // an unsigned request
)

// caller is the principal of the request.
type caller struct {
	kind      callerKind
	text      string // the ARN or the bare name
	partition string // "" for bare names
	account   string // "" for bare names

	roleName      string // of a role caller
	isSession     bool   // of a role caller: it has a session ARN
	serviceLinked bool   // of a role caller
	issuingUser   string // of a federated user: the name of the user behind it
}

// bareProviders are the federated providers without ARN (11.4).
var bareProviders = []string{
	"accounts.google.com", "www.amazon.com", "graph.facebook.com", "cognito-identity.amazonaws.com",
}

// parseCaller reads principal and principalIssuer (FORMAT.md Principals). An
// empty issuer is none.
func parseCaller(principal, issuer string) (caller, error) {
	c, err := parsePrincipalOfRequest(principal)
	if err != nil || issuer == "" {
		return c, err
	}
	return withIssuer(c, issuer)
}

func parsePrincipalOfRequest(principal string) (caller, error) {
	if strings.HasPrefix(principal, "arn:") {
		return parseCallerARN(principal)
	}
	if principal == "" || strings.Contains(principal, ":") {
		return caller{}, fmt.Errorf("principal %q is neither an ARN nor a name", principal)
	}
	if principal == "anonymous" {
		return caller{kind: anonymousCaller, text: principal}, nil
	}
	for _, provider := range bareProviders {
		if principal == provider {
			return caller{kind: providerCaller, text: principal}, nil
		}
	}
	// Any other bare name is a service (11.4).
	return caller{kind: serviceCaller, text: principal}, nil
}

// parseCallerARN accepts the forms of section 6 that can ask.
func parseCallerARN(arn string) (caller, error) {
	refused := fmt.Errorf("principal %q is not the ARN of a user, role, session, root user or provider", arn)
	resource := arnPart(arn, partResource)
	c := caller{text: arn, partition: arnPart(arn, partPartition), account: arnPart(arn, partAccount)}
	if c.partition == "" || arnPart(arn, partRegion) != "" || !isAccountID(c.account) {
		return caller{}, refused
	}
	kind, rest, _ := strings.Cut(resource, "/")
	name := rest[strings.LastIndex(rest, "/")+1:]
	switch arnPart(arn, partService) + " " + kind {
	case "iam root":
		c.kind = rootCaller
		if resource != "root" {
			return caller{}, refused
		}
		return c, nil
	case "iam user":
		c.kind = userCaller
	case "iam role":
		c.kind = roleCaller
		c.roleName = name
		c.serviceLinked = isServiceLinkedRolePath(rest)
	case "iam saml-provider", "iam oidc-provider":
		c.kind = providerCaller
		name = rest // HOST[/PATH]
	case "sts assumed-role":
		c.kind = roleCaller
		c.isSession = true
		c.roleName, name, _ = strings.Cut(rest, "/")
		if c.roleName == "" || strings.Contains(name, "/") {
			return caller{}, refused
		}
	case "sts federated-user":
		c.kind = federatedUserCaller
		c.issuingUser = rest // FORMAT.md: without principalIssuer it belongs to the user NAME
		if strings.Contains(rest, "/") {
			return caller{}, refused
		}
	default:
		return caller{}, refused
	}
	if name == "" {
		return caller{}, refused
	}
	return c, nil
}

// isServiceLinkedRolePath: a service-linked role is one whose role ARN has the
// path /aws-service-role/ (11.4). rest is what follows "role/".
func isServiceLinkedRolePath(rest string) bool {
	return strings.HasPrefix(rest, "aws-service-role/")
}

// withIssuer adds the role behind a session or the user behind a federated
// user; it must be of the same account and partition, and a session's role
// must bear the name that the session ARN holds.
func withIssuer(c caller, issuer string) (caller, error) {
	refused := fmt.Errorf("principalIssuer %q cannot be behind %q", issuer, c.text)
	behind, err := parsePrincipalOfRequest(issuer)
	if err != nil || behind.partition != c.partition || behind.account != c.account {
		return caller{}, refused
	}
	switch {
	case c.kind == roleCaller && c.isSession &&
		behind.kind == roleCaller && !behind.isSession && behind.roleName == c.roleName:
		c.serviceLinked = behind.serviceLinked
		return c, nil
	case c.kind == federatedUserCaller && behind.kind == userCaller:
		c.issuingUser = behind.text[strings.LastIndex(behind.text, "/")+1:]
		return c, nil
	}
	return caller{}, refused
}

// hasAccountSide: 11.4 Callers without an account side are service principals,
// anonymous callers and federated providers.
func (c caller) hasAccountSide() bool {
	switch c.kind {
	case serviceCaller, providerCaller, anonymousCaller:
		return false
	}
	return true
}

// identityClass says what kind of identity of a caller it is.
type identityClass int

const (
	userIdentity identityClass = iota
	roleIdentity
	sessionIdentity
	federatedSessionIdentity
	issuingUserIdentity
	accountIdentity
	serviceIdentity
	providerIdentity
	anonymousIdentity
)

// identity is one of the identities that a caller has: itself, its role or
// issuing user, its account (11.4 AMB-17).
type identity struct {
	class     identityClass
	text      string // the ARN or name, for those compared as a whole
	partition string
	account   string
	name      string // of a role or an issuing user
}

// identities lists the identities of the caller (11.4, FORMAT.md Principals).
func (c caller) identities() []identity {
	account := identity{class: accountIdentity, partition: c.partition, account: c.account}
	switch c.kind {
	case userCaller:
		return []identity{{class: userIdentity, text: c.text}, account}
	case roleCaller:
		role := identity{class: roleIdentity, partition: c.partition, account: c.account, name: c.roleName}
		if !c.isSession {
			// A bare role ARN is a session without a session ARN.
			return []identity{role, account}
		}
		return []identity{{class: sessionIdentity, text: c.text}, role, account}
	case federatedUserCaller:
		user := identity{class: issuingUserIdentity, partition: c.partition, account: c.account, name: c.issuingUser}
		return []identity{{class: federatedSessionIdentity, text: c.text}, user, account}
	case rootCaller:
		return []identity{account}
	case serviceCaller:
		return []identity{{class: serviceIdentity, text: c.text}}
	case providerCaller:
		return []identity{{class: providerIdentity, text: c.text}}
	}
	// An anonymous caller has one identity, which only "*" lists.
	return []identity{{class: anonymousIdentity}}
}

package compiled

import (
	"strings"

	"github.com/portcullis-iam/portcullis/arn"
)

// A CallerKind says what a caller is to the Principal element.
type CallerKind uint8

// The kinds of caller.
const (
	Anonymous CallerKind = iota
	User
	RoleSession
	FederatedUser
	Root
	Service
	FederatedProvider
)

// A Caller is who asks, as the Principal element sees it.
type Caller struct {
	Kind CallerKind
	// ARN is the caller itself: a user, a session, root, a provider's ARN or
	// bare name, the name of a service. It is "" for anonymous callers, and
	// for a role that is asked about without a session.
	ARN string
	// Partition and AccountID are those of callers with an account side.
	Partition, AccountID string
	// Issuer is the name of the role behind a session, or of the user behind
	// a federated user.
	Issuer string
	// Bounded says that the caller has a permissions boundary: its own, its
	// role's or its issuing user's.
	Bounded bool
}

// A Grant is what an Allow in a resource-based policy gives its caller: the
// more specific the principal it names, the fewer of the caller's own policies
// must agree in one account. Greater grants include smaller ones.
//
// Source: IAM User Guide, "Policy evaluation for requests within a single
// account"; SEMANTICS 5.3.
type Grant uint8

// The grants.
const (
	// NoGrant: the statement is not about the caller.
	NoGrant Grant = iota
	// AccountGrant: the account is named, so its own policies decide.
	AccountGrant
	// IssuerGrant: the role or the issuing user is named. The identity-based
	// policies need not allow; boundary and session policies must.
	IssuerGrant
	// DirectGrant: the caller itself or everybody is named, and nothing else
	// need allow.
	DirectGrant
)

// Principals is a compiled Principal or NotPrincipal element.
type Principals struct {
	// Everyone: "*", or {"AWS": "*"}.
	Everyone bool
	// Entries are the principals that are not "*".
	Entries []Principal
}

// A PrincipalForm says how a [Principal] is matched.
type PrincipalForm uint8

// The forms.
const (
	// Exactly: by the whole text, as an AWS principal.
	Exactly PrincipalForm = iota
	// Account: an account id, or the ARN of its root.
	Account
	// RoleARN: a role and its sessions, by account and name.
	RoleARN
	// UserARN: a user by the whole text, its federated sessions by account and
	// name.
	UserARN
	// ServiceName: a service, by its exact name.
	ServiceName
	// Provider: an identity provider, by its ARN or bare name.
	Provider
	// Nobody: unique ids, canonical ids, and "*" where it means nothing.
	Nobody
)

// A Principal is one value of a Principal element.
type Principal struct {
	Text string
	// Partition, AccountID and Name are taken from Text where Form needs
	// them. An account that is given by its id alone has no partition.
	Partition, AccountID, Name string
	Form                       PrincipalForm
}

// Add compiles one value under a type of principal: "AWS", "Service",
// "Federated" or "CanonicalUser".
func (p *Principals) Add(kind, text string) {
	switch {
	case kind == "AWS" && text == "*":
		p.Everyone = true
	case kind == "AWS":
		p.Entries = append(p.Entries, awsPrincipal(text))
	case kind == "Service" && text != "*":
		p.Entries = append(p.Entries, Principal{Text: text, Form: ServiceName})
	case kind == "Federated" && text != "*":
		p.Entries = append(p.Entries, Principal{Text: text, Form: Provider})
	default:
		p.Entries = append(p.Entries, Principal{Text: text, Form: Nobody})
	}
}

func awsPrincipal(text string) Principal {
	if arn.IsAccountID(text) {
		return Principal{Text: text, AccountID: text, Form: Account}
	}
	entity, err := arn.ParseEntity(text)
	if err != nil {
		if strings.HasPrefix(text, "arn:") {
			return Principal{Text: text, Form: Exactly}
		}
		return Principal{Text: text, Form: Nobody}
	}
	compiled := Principal{Text: text, Partition: entity.Partition, AccountID: entity.AccountID, Name: entity.Name}
	switch entity.Kind {
	case arn.AccountRoot:
		compiled.Form = Account
	case arn.Role:
		compiled.Form = RoleARN
	case arn.User:
		compiled.Form = UserARN
	case arn.AssumedRole, arn.FederatedUser:
		compiled.Form = Exactly
	default: // groups and policies cannot be principals; providers stand under Federated
		compiled.Form = Nobody
	}
	return compiled
}

// Grant tells what a Principal element that names these gives the caller.
func (p *Principals) Grant(c *Caller) Grant {
	if p.Everyone {
		return DirectGrant
	}
	best := NoGrant
	for at := range p.Entries {
		best = max(best, p.Entries[at].grant(c))
		if best == DirectGrant {
			break
		}
	}
	return best
}

func (p *Principal) grant(c *Caller) Grant {
	switch c.Kind {
	case Service:
		if p.Form == ServiceName && p.Text == c.ARN {
			return DirectGrant
		}
		return NoGrant
	case FederatedProvider:
		if p.Form == Provider && p.Text == c.ARN {
			return DirectGrant
		}
		return NoGrant
	case Anonymous:
		return NoGrant
	}
	switch p.Form {
	case Exactly:
		if p.Text == c.ARN {
			return DirectGrant
		}
	case UserARN:
		if c.Kind == User && p.Text == c.ARN {
			return DirectGrant
		}
		if c.Kind == FederatedUser && p.isIssuer(c) {
			return IssuerGrant
		}
	case RoleARN:
		if c.Kind == RoleSession && p.isIssuer(c) {
			return IssuerGrant
		}
	case Account:
		if p.isAccount(c) {
			if c.Kind == Root {
				return DirectGrant
			}
			return AccountGrant
		}
	}
	return NoGrant
}

func (p *Principal) isIssuer(c *Caller) bool {
	return p.AccountID == c.AccountID && p.Partition == c.Partition && p.Name == c.Issuer
}

func (p *Principal) isAccount(c *Caller) bool {
	return p.AccountID == c.AccountID && (p.Partition == "" || p.Partition == c.Partition)
}

// Hits tells whether a Deny with a NotPrincipal element that names these hits
// the caller. It spares one only if everything that the caller is stands in
// the list, and never one with a permissions boundary. "*" in the list spares
// everybody.
//
// Source: IAM User Guide, "AWS JSON policy elements: NotPrincipal".
func (p *Principals) Hits(c *Caller) bool {
	if p.Everyone {
		return false
	}
	if c.Bounded {
		return true
	}
	itself, issuer, account := p.listed(c)
	switch c.Kind {
	case Anonymous:
		return true
	case User:
		return !itself || !account
	case RoleSession:
		return !itself && c.ARN != "" || !issuer || !account
	case FederatedUser:
		return !itself || !issuer || !account
	case Root:
		return !account
	}
	return !itself
}

// Passes tells whether an Allow with a NotPrincipal element that names these
// is about the caller: nothing that the caller is may stand in the list.
func (p *Principals) Passes(c *Caller) bool {
	itself, issuer, account := p.listed(c)
	return !p.Everyone && !itself && !issuer && !account
}

// listed tells which identities of the caller the entries name: itself, the
// role or user behind it, its account.
func (p *Principals) listed(c *Caller) (itself, issuer, account bool) {
	for at := range p.Entries {
		entry := &p.Entries[at]
		switch entry.grant(c) {
		case AccountGrant:
			account = true
		case IssuerGrant:
			issuer = true
		case DirectGrant:
			if entry.Form == Account {
				account = true
			} else {
				itself = true
			}
		}
	}
	return itself, issuer, account
}

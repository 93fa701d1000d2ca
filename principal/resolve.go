package principal

import (
	"strings"

	"github.com/portcullis-iam/portcullis/arn"
)

// Principal finds a caller, written as for [Identify]: the policies that apply
// to it and the condition keys that follow from it.
//
// A user or role is found by its exact ARN. The session of a role is found by
// the account and the name of the role, a federated user by the account and
// the name of the user who bears the same name; where they have other names,
// use [Directory.FederatedUser]. Letter case counts, as it does where policies
// name a principal. Of a session nothing is stated but its name,
// so it has no session policies, and what else is true of it (aws:SourceIdentity,
// aws:TokenIssueTime, …) is left to the context of the request; to state more,
// use [Directory.Session]. Root users, services, identity providers and
// anonymous callers need not be in the directory.
//
// The error is an [*IdentityError] if the text says nobody, and a
// [*NotFoundError] if the directory does not have who it says. Each call gives
// a new Principal; it costs a few small allocations, so keep the Principal for
// as long as the directory counts.
func (d *Directory) Principal(caller string) (*Principal, error) {
	id, err := Identify(caller, "")
	if err != nil {
		return nil, err
	}
	e, err := d.behind(&id)
	if err != nil {
		return nil, err
	}
	return d.principalOf(id, e, nil), nil
}

// behind finds the user or role behind a caller, nil if it needs none, and
// completes the identity with what that tells.
func (d *Directory) behind(id *Identity) (*entity, error) {
	var e *entity
	switch {
	case id.Kind == User || id.Kind == Role && id.Session == "":
		e = d.entities[id.ARN]
	case id.Kind == Role:
		e = d.named(arn.Role, id)
	case id.Kind == FederatedUser:
		e = d.named(arn.User, id)
	default:
		return nil, nil
	}
	if e == nil {
		return nil, d.notFound(*id)
	}
	if id.Kind != User {
		id.IssuerARN, id.IssuerName = e.arn, e.name
		id.ServiceLinked = id.Kind == Role && e.serviceLinked()
	}
	return e, nil
}

func (d *Directory) named(kind arn.EntityKind, id *Identity) *entity {
	e := d.byName[roleOrUser{kind, keyOf(id.AccountID, id.IssuerName)}]
	if e == nil || e.partition != id.Partition || e.name != id.IssuerName {
		return nil
	}
	return e
}

func (d *Directory) notFound(id Identity) error {
	kind, name := arn.Role, id.Name
	if id.Kind != Role {
		kind = arn.User
	}
	failure := &NotFoundError{Caller: id.ARN}
	if similar := d.byName[roleOrUser{kind, keyOf(id.AccountID, name)}]; similar != nil {
		failure.Similar = similar.arn
	}
	return failure
}

func (e *entity) serviceLinked() bool {
	parsed, err := arn.ParseEntity(e.arn)
	return err == nil && strings.HasPrefix(parsed.Path, serviceLinkedPath)
}

// principalOf puts a Principal together.
func (d *Directory) principalOf(id Identity, e *entity, session *SessionFacts) *Principal {
	p := &Principal{Identity: id, Facts: d.factsOf(id, e, session)}
	if e != nil {
		p.IdentityPolicies, p.Problems = e.all()
		p.PermissionsBoundaries = e.boundary
	}
	// Neither the management account, whose levels are nil, nor service-linked
	// roles are restricted.
	//
	// Source: AWS Organizations User Guide, "Service control policies (SCPs)",
	// on tasks and entities not restricted by SCPs.
	if m := d.members[id.AccountID]; m != nil && id.HasAccountSide() && !id.ServiceLinked {
		p.ServiceControlLevels = m.serviceControl
	}
	return p
}

// isOIDC tells the ARN of an OpenID Connect provider.
func isOIDC(text string) bool {
	entity, err := arn.ParseEntity(text)
	return err == nil && entity.Kind == arn.OIDCProvider
}

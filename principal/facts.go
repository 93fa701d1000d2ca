package principal

import (
	"time"

	"github.com/portcullis-iam/portcullis/condition"
)

// What aws:PrincipalType says of the kinds of caller.
//
// Source: IAM User Guide, "AWS global condition context keys".
var principalTypes = [...]string{
	User: "User", Role: "AssumedRole", FederatedUser: "FederatedUser", Root: "Account", Anonymous: "Anonymous",
	Service: "", FederatedProvider: "", // documented for neither
}

// How many condition keys follow from an identity, how many more from its
// organization, and how many from a session, but for its tags and further keys:
// what to make room for.
const (
	identityFacts     = 5
	organizationFacts = 2
	sessionFacts      = 4
)

// FactsOf gives the condition keys that follow from an identity alone, for code
// that has the policies in hand and fills in a [Principal] without a
// [Directory]: aws:PrincipalArn, aws:PrincipalAccount, aws:PrincipalType,
// aws:username and the like. The context is new; the caller may add to it what
// else it knows, such as tags (SetTag of "aws:PrincipalTag"),
// aws:PrincipalOrgID, or aws:userid.
//
// What it does not have counts as absent, whatever the request brings along: so
// the principal has no tags and no organization unless they are added. A key
// that must have a value which the identity does not tell is unknown:
// aws:userid of a user or role, and aws:PrincipalArn of a session whose role
// was not given to [Identify]; a decision that hangs on it is undetermined. Of
// the zero Identity nothing is known, and the context is empty.
//
// Source: IAM User Guide, "AWS global condition context keys".
func FactsOf(identity Identity) *condition.Context {
	return new(Directory).factsOf(identity, nil, nil)
}

// factsOf gives the condition keys that follow from who asks. The entity is the
// user or role behind the caller, nil if it has none or is not known; the
// session is what is stated about it, nil if nothing is.
//
// Keys that the caller does not have stay absent: Facts win over the context
// of the request, so it cannot supply them. Where a key must be there but its
// value is not known, as aws:userid of a role without its unique id, it is
// unknown.
//
// Source: IAM User Guide, "AWS global condition context keys" and "IAM policy
// elements: Variables and tags" (where the values of aws:userid stand).
func (d *Directory) factsOf(id Identity, e *entity, session *SessionFacts) *condition.Context {
	c := new(condition.Context)
	if id.Kind < User || id.Kind > Anonymous {
		return c
	}
	count := identityFacts
	m := d.members[id.AccountID]
	if m != nil {
		count += organizationFacts
	}
	if e != nil {
		count += len(e.tags)
	}
	if session != nil {
		count += sessionFacts + len(session.Tags) + len(session.InheritedTags) + session.Keys.Len()
	}
	c.Grow(count)
	if kind := principalTypes[id.Kind]; kind != "" {
		c.Set("aws:PrincipalType", condition.String(kind))
	}
	switch id.Kind {
	case Anonymous:
		c.Set("aws:PrincipalAccount", condition.String("anonymous"))
		c.Set("aws:userid", condition.String("anonymous"))
		return c
	case Service:
		c.Set("aws:PrincipalIsAWSService", condition.Bool(true))
		c.Set("aws:PrincipalServiceName", condition.String(id.ARN))
		c.Set("aws:PrincipalServiceNamesList", condition.List(id.ARN))
		c.Set("aws:userid", condition.String(id.ARN))
		return c
	case FederatedProvider:
		// AssumeRoleWithSAML and AssumeRoleWithWebIdentity are not signed, so
		// nothing is known but the provider.
		if isBareProvider(id.ARN) || isOIDC(id.ARN) {
			c.Set("aws:FederatedProvider", condition.String(id.ARN))
		}
		return c
	}
	c.Set("aws:PrincipalAccount", condition.String(id.AccountID))
	c.Set("aws:PrincipalIsAWSService", condition.Bool(false))
	if m != nil {
		c.Set("aws:PrincipalOrgID", condition.String(m.organization))
		c.Set("aws:PrincipalOrgPaths", condition.List(m.path))
	}
	uniqueID := ""
	if e != nil {
		uniqueID = e.id
	}
	switch id.Kind {
	case Root:
		c.Set("aws:PrincipalArn", condition.String(id.ARN))
		c.Set("aws:userid", condition.String(id.AccountID))
	case User:
		c.Set("aws:PrincipalArn", condition.String(id.ARN))
		c.Set("aws:username", condition.String(id.Name))
		if uniqueID != "" {
			c.Set("aws:userid", condition.String(uniqueID))
		} else {
			c.SetUnknown("aws:userid")
		}
	case FederatedUser:
		c.Set("aws:PrincipalArn", condition.String(id.ARN))
		c.Set("aws:userid", condition.String(id.AccountID+":"+id.Name))
	case Role:
		if id.IssuerARN != "" {
			c.Set("aws:PrincipalArn", condition.String(id.IssuerARN))
		} else {
			c.SetUnknown("aws:PrincipalArn")
		}
		if uniqueID != "" && id.Session != "" {
			c.Set("aws:userid", condition.String(uniqueID+":"+id.Session))
		} else {
			c.SetUnknown("aws:userid")
		}
	}
	if e != nil {
		for _, t := range e.tags {
			c.SetTag("aws:PrincipalTag", t.key, condition.String(t.value))
		}
	}
	if session != nil {
		session.add(c)
	}
	return c
}

// add sets what is stated about a session. Session tags win over the tags of
// the role or user, whatever the letter case of their keys.
//
// Source: IAM User Guide, "Pass session tags in AWS STS".
func (s *SessionFacts) add(c *condition.Context) {
	for _, t := range s.sorted {
		c.SetTag("aws:PrincipalTag", t.key, condition.String(t.value))
	}
	if s.SourceIdentity != "" {
		c.Set("aws:SourceIdentity", condition.String(s.SourceIdentity))
	}
	if s.FederatedProvider != "" {
		c.Set("aws:FederatedProvider", condition.String(s.FederatedProvider))
	}
	if s.MultiFactorAuthPresent != nil {
		c.Set("aws:MultiFactorAuthPresent", condition.Bool(*s.MultiFactorAuthPresent))
	}
	if s.MultiFactorAuthAge != nil {
		c.Set("aws:MultiFactorAuthAge", condition.Int(int64(*s.MultiFactorAuthAge/time.Second)))
	}
	if !s.TokenIssueTime.IsZero() {
		c.Set("aws:TokenIssueTime", condition.Time(s.TokenIssueTime))
	}
	for key, value := range s.Keys.All() {
		c.Set(key, value)
	}
	if s.Complete {
		c.MarkSessionKnown()
	}
}

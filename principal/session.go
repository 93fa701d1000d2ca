package principal

import (
	"slices"
	"time"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/fold"
	"github.com/portcullis-iam/portcullis/policy"
)

// SessionFacts is what is stated about the session of a role or of a federated
// user. Stating is not proving: whether the trust policy would have let anybody
// make the session is not asked here. Package evaluate/sts derives sessions
// through the policies that allow it.
//
// Only SessionName is required, and not even that where the ARN of the session
// says it. The optional facts that are not stated are left
// to the context of the request, unless Complete says that there are no others;
// but for tags, of which the session then has those of its role or user alone.
//
// Source: IAM User Guide, "AWS global condition context keys", properties of
// the role session; AWS STS API Reference, "AssumeRole" and
// "GetFederationToken".
type SessionFacts struct {
	// SessionName is the name of the role session, or of the federated user. It
	// may be left empty if [Directory.Session] is asked about the ARN of a
	// session, which holds it.
	SessionName string
	// Policies are the texts of the policies passed to make the session.
	Policies []string
	// PolicyARNs are the ARNs of managed policies passed to make it.
	PolicyARNs []string
	// Compiled are session policies that were compiled before, as
	// [policy.Session], such as those of [Directory.SessionPolicy]. They add to
	// Policies and PolicyARNs. Where their Source does not say what they are
	// attached to, it is completed.
	Compiled []Attachment
	// Tags are the session tags. They win over tags of the role or user with
	// the same key, whatever its letter case.
	Tags map[string]string
	// InheritedTags are the transitive tags that the session has from the
	// session before it in a chain of roles. They are session tags like Tags; no
	// key can be in both.
	InheritedTags map[string]string
	// TransitiveTagKeys are the keys of those Tags that the next session in the
	// chain inherits. No condition key tells them.
	TransitiveTagKeys []string
	// SourceIdentity is the value of aws:SourceIdentity, "" if not stated.
	SourceIdentity string
	// FederatedProvider is the value of aws:FederatedProvider, "" if not
	// stated.
	FederatedProvider string
	// MultiFactorAuthPresent is the value of aws:MultiFactorAuthPresent, nil if
	// not stated.
	MultiFactorAuthPresent *bool
	// MultiFactorAuthAge is the value of aws:MultiFactorAuthAge, in whole
	// seconds, nil if not stated.
	MultiFactorAuthAge *time.Duration
	// TokenIssueTime is the value of aws:TokenIssueTime. The zero time is one
	// not stated.
	TokenIssueTime time.Time
	// Keys are further condition keys of the session: what an identity provider
	// said of the user (accounts.google.com:sub, saml:sub), or the service that
	// made the session (lambda:SourceFunctionArn). Only keys of the class
	// [condition.SessionKey] may be there, and none that a field above is the
	// value of. It is copied; nil means none.
	Keys *condition.Context
	// Complete says that all facts of the session are stated. Condition keys of
	// a session that are not among them are absent, whatever the context of a
	// request says, so that none can be forged.
	Complete bool

	sorted []tag // Tags and InheritedTags, once they are checked
}

// A SessionError says why a session cannot be stated.
type SessionError struct {
	// Issuer is the ARN that was given: of the role or user, or of the session.
	Issuer string
	// Session is the name of the session.
	Session string
	// Message is a sentence that says what is wrong.
	Message string
	// Err is the reason below, such as [policy.Errors], or nil.
	Err error
}

// Error names the session and what is wrong, and the reason below.
func (e *SessionError) Error() string {
	text := "principal: "
	if e.Issuer != "" || e.Session != "" {
		text += "session " + quote(e.Session) + " of " + quote(e.Issuer) + ": "
	}
	text += e.Message
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the reason below, if there is one.
func (e *SessionError) Unwrap() error { return e.Err }

// Session gives the principal of a session of a role: the role's policies and
// boundary, the session policies, and the facts.
//
// The role is named by its ARN, or by that of the session itself
// (assumed-role/ROLE/SESSION), which also says the SessionName.
//
// The error is an [*IdentityError] if roleOrSession is the ARN of neither, a
// [*NotFoundError] if the role is not in the directory, and a [*SessionError]
// for facts that are none: no good name, or another one than in the ARN, a
// policy with errors (which are in it), a policy ARN without a document (AWS
// STS refuses to make such a session), a tag key that is there twice.
//
// The session policies are compiled in each call.
func (d *Directory) Session(roleOrSession string, facts SessionFacts) (*Principal, error) {
	return d.session(roleOrSession, Role, facts, nil)
}

// SessionOf is [Directory.Session] of a role whose principal is there already,
// as [Directory.Principal] made it of the role's ARN, or
// [Directory.FederatedUser] of a user. The session shares its policies, which
// costs much less. A nil issuer is nobody, who has no sessions.
func (d *Directory) SessionOf(issuer *Principal, facts SessionFacts) (*Principal, error) {
	if issuer == nil {
		issuer = new(Principal)
	}
	kind := FederatedUser
	if issuer.Identity.Kind == Role {
		kind = Role
	}
	return d.session(issuer.Identity.ARN, kind, facts, issuer)
}

// defaultMaxSession is how many seconds a session of a role may last if nobody
// said otherwise.
//
// Source: AWS STS API Reference, "AssumeRole", DurationSeconds.
const defaultMaxSession = 3600

// MaxSessionDuration is how long a session of a role may last: what was given for
// the role, or else one hour. It is 0 if the role is not in the directory.
func (d *Directory) MaxSessionDuration(roleARN string) time.Duration {
	e := d.entities[roleARN]
	switch {
	case e == nil || e.kind != arn.Role:
		return 0
	case e.maxSession == 0:
		return defaultMaxSession * time.Second
	}
	return time.Duration(e.maxSession) * time.Second
}

// FederatedUser gives the principal of a federated user: a session that an IAM
// user made with GetFederationToken, under a name of its own. Without session
// policies it may do next to nothing. A root user can make one too. Errors and
// cost are those of [Directory.Session].
func (d *Directory) FederatedUser(userARN string, facts SessionFacts) (*Principal, error) {
	return d.session(userARN, FederatedUser, facts, nil)
}

// session puts the principal of a session together. It shares the policies of
// base, unless that is nil.
func (d *Directory) session(issuer string, kind Kind, facts SessionFacts, base *Principal) (*Principal, error) {
	issuerKind, word := User, "user"
	if kind == Role {
		issuerKind, word = Role, "role"
	}
	var id Identity
	var err error
	if base != nil {
		id = base.Identity
	} else if id, err = Identify(issuer, ""); err != nil {
		return nil, err
	}
	byRoot := kind == FederatedUser && id.Kind == Root
	if id.Kind != issuerKind && !byRoot {
		return nil, &IdentityError{Caller: issuer, Reason: "the ARN of a " + word + " should be here"}
	}
	if facts.SessionName == "" {
		facts.SessionName = id.Session
	}
	fail := func(message string, err error) (*Principal, error) {
		return nil, &SessionError{Issuer: issuer, Session: facts.SessionName, Message: message, Err: err}
	}
	switch {
	case id.Session != "" && facts.SessionName != id.Session:
		return fail("the ARN is that of another session than SessionName says", nil)
	case !validName(facts.SessionName):
		return fail("the name of a session has letters, digits and _+=,.@- only", nil)
	}
	e, err := d.behind(&id)
	if err != nil {
		return nil, err
	}
	sessionARN := "arn:" + id.Partition + ":sts::" + id.AccountID + ":"
	if kind == Role {
		sessionARN += "assumed-role/" + e.name + "/" + facts.SessionName
	} else {
		sessionARN += "federated-user/" + facts.SessionName
	}
	if base != nil && kind == Role {
		// What Identify would say, without parsing.
		id = Identity{
			Kind: Role, ARN: sessionARN, Partition: id.Partition, AccountID: id.AccountID, Name: e.name, Session: facts.SessionName,
			IssuerARN: e.arn, IssuerName: e.name, ServiceLinked: id.ServiceLinked,
		}
	} else {
		behind := ""
		if e != nil {
			behind = e.arn
		}
		if id, err = Identify(sessionARN, behind); err != nil {
			return nil, err
		}
	}
	facts.sorted = append(tagsOf(facts.Tags), tagsOf(facts.InheritedTags)...)
	if twice, ok := sortedTags(facts.sorted); !ok {
		return fail("the tag key "+quote(twice)+" is there twice; tag keys ignore letter case", nil)
	}
	for key := range facts.Keys.All() {
		if condition.ClassOf(key) != condition.SessionKey {
			return fail("the condition key "+quote(key)+" does not follow from a session", nil)
		}
		if slices.ContainsFunc(stated[:], func(other string) bool { return fold.Equal(key, other) }) {
			return fail("the condition key "+quote(key)+" is stated by a field of its own", nil)
		}
	}
	var p *Principal
	if byRoot {
		// A user might have the name of the session; it is not its issuer.
		id.IssuerARN, id.IssuerName = issuer, ""
		all, err := policy.Load(policy.IdentityBased, []byte(fullAccessDocument))
		if err != nil {
			return fail("the root user has no policy", err)
		}
		p = d.principalOf(id, nil, &facts)
		p.IdentityPolicies = []Attachment{{Policy: all, Source: Source{Name: "of what the root user may do", AttachedTo: issuer}}}
	} else if base == nil {
		p = d.principalOf(id, e, &facts)
	} else {
		p = &Principal{
			Identity: id, Facts: d.factsOf(id, e, &facts), IdentityPolicies: base.IdentityPolicies,
			PermissionsBoundaries: base.PermissionsBoundaries, ServiceControlLevels: base.ServiceControlLevels, Problems: base.Problems,
		}
	}
	p.SessionPolicies = slices.Grow(p.SessionPolicies, len(facts.Policies)+len(facts.PolicyARNs)+len(facts.Compiled))
	for _, text := range facts.Policies {
		compiled, err := policy.Load(policy.Session, []byte(text))
		if err != nil {
			return fail("a session policy has errors", err)
		}
		p.SessionPolicies = append(p.SessionPolicies, Attachment{Policy: compiled, Source: Source{Type: SessionPolicy}})
	}
	for _, policyARN := range facts.PolicyARNs {
		attached, err := d.SessionPolicy(policyARN)
		if err != nil {
			err := err.(*SessionError)
			return fail(err.Message, err.Err)
		}
		p.SessionPolicies = append(p.SessionPolicies, attached)
	}
	p.SessionPolicies = append(p.SessionPolicies, facts.Compiled...)
	for at := range p.SessionPolicies {
		if source := &p.SessionPolicies[at].Source; source.AttachedTo == "" {
			source.AttachedTo = sessionARN
		}
	}
	return p, nil
}

// stated are the condition keys of sessions that SessionFacts has fields for.
var stated = [...]string{"aws:SourceIdentity", "aws:FederatedProvider", "aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge", "aws:TokenIssueTime"}

// SessionPolicy compiles a managed policy of the directory, or one of AWS, as a
// session policy. Whoever makes many sessions with it keeps the result and
// states it as [SessionFacts.Compiled]. The error is a [*SessionError] without a
// session: there is no such policy, or it cannot be a session policy.
func (d *Directory) SessionPolicy(policyARN string) (Attachment, error) {
	found := d.managed(policyARN)
	if found == nil {
		return Attachment{}, &SessionError{Message: "the session policy " + quote(policyARN) + " has no document in the directory"}
	}
	compiled, err := policy.Load(policy.Session, []byte(found.text))
	if err != nil {
		return Attachment{}, &SessionError{Message: "the session policy " + quote(policyARN) + " has errors", Err: err}
	}
	source := found.source
	source.Type, source.AttachedTo = SessionPolicy, ""
	return Attachment{Policy: compiled, Source: source}, nil
}

// managed finds a managed policy: one of the directory, or one of AWS.
func (d *Directory) managed(policyARN string) *managedPolicy {
	if found, ok := d.policies[policyARN]; ok {
		return found
	}
	if entity, err := arn.ParseEntity(policyARN); err == nil && entity.Partition == "aws" && entity.AccountID == "aws" {
		return loadManaged(policyARN)
	}
	return nil
}

package principal

import (
	"time"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/policy"
)

// SessionFacts is what is stated about the session of a role or of a federated
// user. Stating is not proving: whether the trust policy would have let anybody
// make the session is not asked.
//
// Only SessionName is required, and not even that where the ARN of the session
// says it. The optional facts that are not stated are left
// to the context of the request, but for tags, of which the session then has
// those of its role or user alone.
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
	// Tags are the session tags. They win over tags of the role or user with
	// the same key, whatever its letter case.
	Tags map[string]string
	// SourceIdentity is the value of aws:SourceIdentity, "" if not stated.
	SourceIdentity string
	// FederatedProvider is the value of aws:FederatedProvider, "" if not
	// stated.
	FederatedProvider string
	// MultiFactorAuthPresent is the value of aws:MultiFactorAuthPresent, nil if
	// not stated.
	MultiFactorAuthPresent *bool
	// TokenIssueTime is the value of aws:TokenIssueTime. The zero time is one
	// not stated.
	TokenIssueTime time.Time
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
	text := "principal: session " + quote(e.Session) + " of " + quote(e.Issuer) + ": " + e.Message
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
	return d.session(roleOrSession, Role, facts)
}

// FederatedUser gives the principal of a federated user: a session that the
// user made with GetFederationToken, under a name of its own. Without session
// policies it may do next to nothing. Errors and cost are those of
// [Directory.Session].
func (d *Directory) FederatedUser(userARN string, facts SessionFacts) (*Principal, error) {
	return d.session(userARN, FederatedUser, facts)
}

func (d *Directory) session(issuer string, kind Kind, facts SessionFacts) (*Principal, error) {
	issuerKind, word := User, "user"
	if kind == Role {
		issuerKind, word = Role, "role"
	}
	id, err := Identify(issuer, "")
	if err != nil {
		return nil, err
	}
	if id.Kind != issuerKind {
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
	if id, err = Identify(sessionARN, e.arn); err != nil {
		return nil, err
	}
	if twice, ok := sortedTags(tagsOf(facts.Tags)); !ok {
		return fail("the tag key "+quote(twice)+" is there twice; tag keys ignore letter case", nil)
	}
	p := d.principalOf(id, e, &facts)
	for _, text := range facts.Policies {
		compiled, err := policy.Load(policy.Session, []byte(text))
		if err != nil {
			return fail("a session policy has errors", err)
		}
		p.SessionPolicies = append(p.SessionPolicies, Attachment{
			Policy: compiled, Source: Source{Type: SessionPolicy, AttachedTo: sessionARN},
		})
	}
	for _, policyARN := range facts.PolicyARNs {
		found := d.managed(policyARN)
		if found == nil {
			return fail("the session policy "+quote(policyARN)+" has no document in the directory", nil)
		}
		compiled, err := policy.Load(policy.Session, []byte(found.text))
		if err != nil {
			return fail("the session policy "+quote(policyARN)+" has errors", err)
		}
		source := found.source
		source.Type, source.AttachedTo = SessionPolicy, sessionARN
		p.SessionPolicies = append(p.SessionPolicies, Attachment{Policy: compiled, Source: source})
	}
	return p, nil
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

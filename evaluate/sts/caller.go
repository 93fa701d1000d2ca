package sts

import (
	"sync/atomic"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/principal"
)

// A Caller signs calls to AWS STS with its credentials: a [*Session], or a
// [*LongTerm]. No other type can be one.
type Caller interface {
	// Evaluator decides what the caller may do. It is never nil.
	Evaluator() *evaluate.Evaluator
	// session is nil for long-term credentials.
	session() *Session
}

// A LongTerm is a caller whose credentials do not expire: an IAM user or a root
// user with an access key, or an AWS service. The condition keys of temporary
// credentials, such as aws:TokenIssueTime and aws:MultiFactorAuthPresent, are
// absent from its requests. [STS.Caller] makes one; the zero LongTerm is nobody
// and may do nothing. It is immutable.
//
// Source: IAM User Guide, "AWS global condition context keys",
// aws:MultiFactorAuthPresent.
type LongTerm struct {
	evaluator *evaluate.Evaluator
	// proved is that of calls which come with an MFA code, once there was one.
	proved atomic.Pointer[evaluate.Evaluator]
}

// Evaluator decides what the caller may do.
func (l *LongTerm) Evaluator() *evaluate.Evaluator {
	if l == nil || l.evaluator == nil {
		return new(evaluate.Evaluator)
	}
	return l.evaluator
}

func (l *LongTerm) session() *Session { return nil }

// Caller finds a caller by its ARN or name, written as for
// [principal.Identify]. Users, root users and services are [*LongTerm]s. The
// session of a role or of a federated user, and a role named by its own ARN, is
// a [*Session] of which nothing is stated but its name; use [STS.State] to state
// more, or derive it.
//
// Finding one that was asked about before costs about a microsecond.
//
// The errors are those of [principal.Directory.Principal], and an [*InputError]
// for callers who cannot sign: identity providers, whose users come with
// AssumeRoleWithSAML and AssumeRoleWithWebIdentity, and anonymous callers.
func (s *STS) Caller(caller string) (Caller, error) {
	identity, err := principal.Identify(caller, "")
	if err != nil {
		return nil, err
	}
	switch identity.Kind {
	case principal.FederatedProvider:
		return nil, &InputError{Operation: "Caller", Field: "caller", Code: AccessDenied,
			Message: "the users of an identity provider do not sign calls: they come with AssumeRoleWithSAML or AssumeRoleWithWebIdentity"}
	case principal.Anonymous:
		return nil, &InputError{Operation: "Caller", Field: "caller", Code: AccessDenied, Message: "nobody has signed the call"}
	}
	evaluator, err := s.Snapshot().Evaluator(caller)
	if err != nil {
		return nil, err
	}
	if identity.Kind == principal.Role || identity.Kind == principal.FederatedUser {
		return &Session{Principal: evaluator.Principal(), evaluator: evaluator}, nil
	}
	someone := *evaluator.Principal()
	someone.Facts = someone.Facts.Clone()
	someone.Facts.MarkSessionKnown() // nothing is known of a session, since there is none
	if evaluator, err = evaluator.WithPrincipal(&someone); err != nil {
		return nil, err
	}
	return &LongTerm{evaluator: evaluator}, nil
}

// State gives a session that was made elsewhere: that of the role or session
// that an ARN names, or of the federated user. Nothing is proved: no trust
// policy is asked. The facts and the errors are those of
// [principal.Directory.Session] and, where the ARN is of a user,
// [principal.Directory.FederatedUser].
//
// Tags that the session passes on to the next are those of the facts whose keys
// are in TransitiveTagKeys, and the InheritedTags.
func (s *STS) State(roleOrSession string, facts principal.SessionFacts) (*Session, error) {
	directory := s.Snapshot().Directory()
	identity, err := principal.Identify(roleOrSession, "")
	if err != nil {
		return nil, err
	}
	sessionOf := directory.Session
	if identity.Kind != principal.Role {
		sessionOf = directory.FederatedUser
	}
	someone, err := sessionOf(roleOrSession, facts)
	if err != nil {
		return nil, err
	}
	evaluator, err := evaluate.New(someone)
	if err != nil {
		return nil, err
	}
	stated := &Session{Principal: someone, evaluator: evaluator}
	stated.state(facts)
	return stated, nil
}

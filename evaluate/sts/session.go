package sts

import (
	"time"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/principal"
)

// A Session is what temporary credentials stand for. Its fields are to be read
// only; it is safe for any number of goroutines. The zero Session is nobody and
// may do nothing.
type Session struct {
	// Operation is the operation of AWS STS that made the session, such as
	// "AssumeRole"; "" if it was stated, by [STS.State] or [STS.Caller].
	Operation string
	// Principal is who the caller has become.
	Principal *principal.Principal
	// IssuedAt is the value of aws:TokenIssueTime. Expiration is when the
	// credentials end. Both are zero if they are not known.
	IssuedAt, Expiration time.Time
	// SourceIdentity is the value of aws:SourceIdentity, "" if none is set. No
	// session made from this one can change it.
	SourceIdentity string
	// Tags are the session tags, those that were inherited among them. The tags
	// of the role are not here; aws:PrincipalTag has all of them.
	Tags map[string]string
	// TransitiveTags are those of them that the next session inherits.
	TransitiveTags map[string]string
	// Steps are the decisions that let the session be made, all allowed, in the
	// order in which they were asked.
	Steps []Step

	evaluator *evaluate.Evaluator
	// mfaAt is when the MFA code was given, zero if none was.
	mfaAt time.Time
}

// Evaluator decides further requests of the session, with its condition keys.
// It does not know of time: it also decides once the session has expired, and
// aws:MultiFactorAuthAge is what it was when the session was made; use
// [Session.EvaluatorAt] where that matters. It costs nothing.
func (s *Session) Evaluator() *evaluate.Evaluator {
	if s == nil || s.evaluator == nil {
		return new(evaluate.Evaluator)
	}
	return s.evaluator
}

// EvaluatorAt decides the requests that the session makes at a moment. Once the
// session has expired it denies everything. If the session has an MFA code
// behind it, aws:MultiFactorAuthAge has grown since it was made; that
// costs about a microsecond, otherwise it costs nothing.
func (s *Session) EvaluatorAt(now time.Time) *evaluate.Evaluator {
	if s == nil || s.Expired(now) {
		return new(evaluate.Evaluator)
	}
	if s.mfaAt.IsZero() {
		return s.Evaluator()
	}
	someone := *s.Principal
	someone.Facts = someone.Facts.Clone()
	someone.Facts.Set("aws:MultiFactorAuthAge", condition.Int(int64(max(now.Sub(s.mfaAt), 0)/time.Second)))
	evaluator, err := s.Evaluator().WithPrincipal(&someone)
	if err != nil { // it was made of the same policies before
		return new(evaluate.Evaluator)
	}
	return evaluator
}

// Expired tells whether the credentials have ended at a moment. Those whose end
// is not known never have.
func (s *Session) Expired(now time.Time) bool {
	return !s.Expiration.IsZero() && !now.Before(s.Expiration)
}

// session never is nil, lest a nil *Session be taken for long-term credentials.
func (s *Session) session() *Session {
	if s == nil {
		return new(Session)
	}
	return s
}

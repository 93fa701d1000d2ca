package sts

import (
	"maps"
	"time"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/internal/fold"
	"github.com/portcullis-iam/portcullis/principal"
)

// A call is one call of an operation: who calls, what is asked of the policies,
// and what they answered.
type call struct {
	checker
	sts       *STS
	now       time.Time
	evaluator *evaluate.Evaluator // of the caller
	caller    *Session            // nil for long-term credentials and providers
	longTerm  *LongTerm           // nil for others
	context   *condition.Context
	request   evaluate.Request
	steps     []Step
	refused   bool
}

// open begins a call. Its time has whole seconds, as aws:TokenIssueTime has.
func (s *STS) open(operation string) *call {
	s = s.orEmpty()
	return &call{checker: checker{operation: operation}, sts: s, now: s.clock().UTC().Truncate(time.Second)}
}

// signedBy notes who signed the call.
func (c *call) signedBy(caller Caller) {
	if caller == nil {
		c.fail("caller", AccessDenied, "nobody has signed the call")
		c.evaluator = new(evaluate.Evaluator)
		return
	}
	c.caller = caller.session()
	c.longTerm, _ = caller.(*LongTerm)
	switch {
	case c.caller == nil:
		c.evaluator = caller.Evaluator()
	case c.caller.Expired(c.now):
		c.fail("caller", ExpiredToken, "the credentials expired at "+c.caller.Expiration.Format(time.RFC3339))
		c.evaluator = new(evaluate.Evaluator)
	default:
		c.evaluator = c.caller.EvaluatorAt(c.now)
	}
}

// identity is who calls, nobody if that is not known.
func (c *call) identity() principal.Identity {
	if p := c.evaluator.Principal(); p != nil {
		return p.Identity
	}
	return principal.Identity{}
}

// withMFA lets the policies know of the caller that an MFA code came with the
// call, whatever its credentials say of themselves.
func (c *call) withMFA() error {
	if c.longTerm != nil {
		if proved := c.longTerm.proved.Load(); proved != nil {
			c.evaluator = proved
			return nil
		}
	}
	someone := *c.evaluator.Principal()
	someone.Facts = someone.Facts.Clone()
	setMFA(someone.Facts, true)
	evaluator, err := c.evaluator.WithPrincipal(&someone)
	if err != nil {
		return err
	}
	c.evaluator = evaluator
	if c.longTerm != nil {
		c.longTerm.proved.Store(evaluator)
	}
	return nil
}

// setMFA sets the condition keys of credentials that were just made.
func setMFA(facts *condition.Context, present bool) {
	facts.Set("aws:MultiFactorAuthPresent", condition.Bool(present))
	if present {
		facts.Set("aws:MultiFactorAuthAge", condition.Int(0))
	}
}

// contextOf begins the context of the call, with room for so many keys more than
// are supplied. What is supplied counts only for keys that do not follow from the
// parameters or from the session of the caller.
func (c *call) contextOf(supplied *condition.Context, more int) {
	c.context = new(condition.Context)
	c.context.Grow(supplied.Len() + more)
	for key, value := range supplied.All() {
		if !follows(key) {
			c.context.Set(key, value)
		}
	}
}

// follows tells the condition keys that are known from the call itself.
func follows(key string) bool {
	return condition.ClassOf(key) == condition.SessionKey || fold.HasPrefix(key, "sts:") ||
		fold.HasPrefix(key, "aws:RequestTag/") || fold.Equal(key, "aws:TagKeys")
}

// tagKeys is how many condition keys tags that are passed make.
func tagKeys(tags map[string]string) int {
	if len(tags) == 0 {
		return 0
	}
	return len(tags) + 2 // aws:TagKeys, sts:TransitiveTagKeys
}

// sessionTags sets the condition keys of tags that are passed.
func (c *call) sessionTags(keys []string, tags map[string]string, transitive []string) {
	for _, key := range keys {
		c.context.SetTag("aws:RequestTag", key, condition.String(tags[key]))
	}
	if len(keys) > 0 {
		c.context.Set("aws:TagKeys", condition.List(keys...))
	}
	if len(transitive) > 0 {
		c.context.Set("sts:TransitiveTagKeys", condition.List(transitive...))
	}
}

// add copies condition keys.
func add(into, from *condition.Context) {
	for key, value := range from.All() {
		into.Set(key, value)
	}
}

// on says which resource is asked about; side may be nil.
func (c *call) on(side *evaluate.Resource, endpoint *evaluate.Endpoint) {
	c.request.Context, c.request.Resource, c.request.Endpoint = c.context, side, endpoint
}

// expect makes room for a step, and for each of the others that is called for.
func (c *call) expect(others ...bool) {
	count := 1
	for _, other := range others {
		if other {
			count++
		}
	}
	c.steps = make([]Step, 0, count)
}

// ask decides one step.
func (c *call) ask(action, resource, account string) {
	step := Step{
		Caller: c.identity().String(), Action: action, Resource: resource,
		evaluator: c.evaluator, account: account, resource: c.request.Resource, endpoint: c.request.Endpoint, context: c.context,
	}
	// What does not parse is denied.
	if c.request.Set(action, resource, account) == nil {
		step.Decision = c.evaluator.Evaluate(&c.request)
	}
	c.refused = c.refused || !step.Decision.Allowed()
	c.steps = append(c.steps, step)
}

// answer is the error if any step was refused.
func (c *call) answer() error {
	if c.refused {
		return &RefusedError{Operation: c.operation, Steps: c.steps}
	}
	return nil
}

// inherited are the tags that the caller's session passes on.
func (c *call) inherited() map[string]string {
	if c.caller == nil {
		return nil
	}
	return c.caller.TransitiveTags
}

// passedOn is the source identity that the caller's session has.
func (c *call) passedOn() string {
	if c.caller == nil {
		return ""
	}
	return c.caller.SourceIdentity
}

// become makes the session of a role.
func (c *call) become(r *role, facts principal.SessionFacts, duration time.Duration) (*Session, error) {
	facts.TokenIssueTime, facts.Complete = c.now, true
	someone, err := c.sts.snapshot.Directory().SessionOf(r.evaluator.Principal(), facts)
	if err != nil {
		return nil, err
	}
	evaluator, err := r.evaluatorOf(someone)
	if err != nil {
		return nil, err
	}
	made := &Session{Principal: someone, evaluator: evaluator, Expiration: c.now.Add(duration)}
	made.state(facts)
	made.Operation, made.Steps = c.operation, c.steps
	return made, nil
}

// state fills in what facts say.
func (s *Session) state(facts principal.SessionFacts) {
	s.IssuedAt, s.SourceIdentity = facts.TokenIssueTime, facts.SourceIdentity
	if len(facts.Tags)+len(facts.InheritedTags) > 0 {
		if s.Tags = maps.Clone(facts.Tags); s.Tags == nil {
			s.Tags = make(map[string]string, len(facts.InheritedTags))
		}
		maps.Copy(s.Tags, facts.InheritedTags)
	}
	if count := len(facts.InheritedTags) + len(facts.TransitiveTagKeys); count > 0 {
		s.TransitiveTags = make(map[string]string, count)
		maps.Copy(s.TransitiveTags, facts.InheritedTags)
		for key, value := range facts.Tags {
			for _, transitive := range facts.TransitiveTagKeys {
				if fold.Equal(key, transitive) {
					s.TransitiveTags[key] = value
				}
			}
		}
	}
	if facts.MultiFactorAuthPresent != nil && *facts.MultiFactorAuthPresent && facts.MultiFactorAuthAge != nil && !s.IssuedAt.IsZero() {
		s.mfaAt = s.IssuedAt.Add(-*facts.MultiFactorAuthAge)
	}
}

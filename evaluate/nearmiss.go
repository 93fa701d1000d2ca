package evaluate

import (
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/internal/fold"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// A NearMiss is a small change with which the decision would be the other one:
// allowed where it is denied, or denied where it is allowed. The engine has
// decided the changed question; what is offered is a fact.
type NearMiss struct {
	// Changes are what would have to be different, all of them together.
	Changes []Change
	// Decision is what it comes to then.
	Decision Decision
}

// A Change is one difference: a condition key with another value, or a layer
// that allows.
type Change struct {
	// Key is the condition key that would have to be different, "" if none is.
	Key string
	// From is the value that it has, To the one that it would have; the zero
	// Value stands for an absent key.
	From, To condition.Value
	// InRequest says that the key is the request's own. Another follows from the
	// principal or the resource, such as a tag.
	InRequest bool
	// Layer is the layer that would have to allow the request, OrgIdentifier
	// its level of the organization. It is NoLayer if Key is set.
	Layer         Layer
	OrgIdentifier string

	trust bool
}

// String says what would have to be: aws:MultiFactorAuthPresent were "true", a
// resource-based policy allowed it.
func (c Change) String() string {
	switch {
	case c.Layer != NoLayer:
		text := article(layerName(c.Layer, c.trust))
		if c.OrgIdentifier != "" {
			text += " at " + c.OrgIdentifier
		}
		return text + " allowed it"
	case c.To.Kind() == condition.KindInvalid:
		return c.Key + " were absent"
	case c.From.Kind() == condition.KindInvalid:
		return c.Key + " were there, as " + shownValue(c.To)
	}
	return c.Key + " were " + shownValue(c.To)
}

// String says what would come of what: Allowed if aws:SecureTransport were there,
// as "true".
func (n NearMiss) String() string {
	texts := make([]string, len(n.Changes))
	for at, change := range n.Changes {
		texts[at] = change.String()
	}
	return n.Decision.Outcome.String() + " if " + strings.Join(texts, " and ")
}

// Apply makes the changes of condition keys in a context, which should be that
// of the request. It tells whether those were all: what follows from the
// principal or the resource, and what a layer allows, is not in the context of a
// request.
func (n NearMiss) Apply(context *condition.Context) (all bool) {
	all = true
	for _, change := range n.Changes {
		if change.InRequest {
			context.Set(change.Key, change.To)
		} else {
			all = false
		}
	}
	return all
}

// The bounds of [Explanation.NearMisses].
const (
	mostNearMisses = 12
	mostTriedKeys  = 40
)

// NearMisses tells what would have to change for the decision to be the other
// one: one condition key, several together where one is not enough, or the
// layers that do not allow, such as the resource's side in another account. A
// key is offered with one value that would do, of which there may be more; the
// keys that say who asks and which account owns the resource are not, since that
// would be another question, but tags are. If the decision is Undetermined, see
// [Explanation.Residual] instead; there are none then.
//
// Not everything that would help is found: other actions, resources and callers
// are not tried, nor are changes of the policies but for one more Allow. What is
// found holds. It costs up to some milliseconds.
func (x Explanation) NearMisses() []NearMiss {
	if x.asked == nil || x.Decision.Outcome == Undetermined {
		return nil
	}
	search := nearMisses{explanation: &x, trial: x.trial()}
	search.trial.nearStatements()
	search.keys = search.changeable()
	search.singles()
	if len(search.found) == 0 {
		search.several()
	}
	if !x.Decision.Allowed() {
		search.layers()
	}
	return search.found
}

type nearMisses struct {
	explanation *Explanation
	trial       *trial
	keys        []string
	found       []NearMiss
}

// flips tells whether a decision is the other one.
func (s *nearMisses) flips(d Decision) bool {
	return d.Outcome != Undetermined && d.Allowed() != s.explanation.Decision.Allowed()
}

func (s *nearMisses) offer(d Decision, changes ...Change) {
	if len(s.found) < mostNearMisses {
		s.found = append(s.found, NearMiss{Changes: changes, Decision: d})
	}
}

// nearStatements leaves the statements about the resource: others do not come to
// apply by a condition key.
func (t *trial) nearStatements() {
	t.statements = slices.DeleteFunc(t.statements, func(s StatementTrace) bool {
		if s.Resource != condition.False {
			return false
		}
		for at := range s.statement.Resources {
			if s.statement.Resources[at].Template() != nil {
				return false
			}
		}
		return true
	})
}

// changeable are the keys that the statements look at and that could have other
// values without this being another question.
func (s *nearMisses) changeable() (keys []string) {
	all := []string{}
	for at := range s.trial.statements {
		statement := s.trial.statements[at].statement
		for r := range statement.Resources {
			if template := statement.Resources[r].Template(); template != nil {
				all = append(all, template.Keys()...)
			}
		}
		if statement.Condition != nil {
			all = append(all, statement.Condition.Keys()...)
		}
	}
	for _, key := range all {
		class := condition.ClassOf(key)
		fixed := class == condition.ResourceKey || class == condition.PrincipalKey && !fold.HasPrefix(key, "aws:PrincipalTag/") ||
			s.tellsCredentials(key)
		if fixed || len(keys) == mostTriedKeys || slices.ContainsFunc(keys, func(other string) bool { return fold.Equal(other, key) }) {
			continue
		}
		keys = append(keys, key)
	}
	return keys
}

// tellsCredentials tells whether a key says of a user that it comes with other
// credentials, those of GetSessionToken, which may do less whatever policies say.
func (s *nearMisses) tellsCredentials(key string) bool {
	c := s.explanation.asked.inquiry()
	return (c.evaluator.caller.Kind == compiled.User || c.evaluator.caller.Kind == compiled.Root) && !c.search.query.View.FromRequest(key) &&
		(fold.Equal(key, "aws:TokenIssueTime") || fold.Equal(key, "aws:MultiFactorAuthPresent"))
}

// alternatives are other values of a key than it has. Lists are only tried where
// the key has one or a set operator looks at it, single values where another
// does.
func (s *nearMisses) alternatives(key string, now condition.Value) []condition.Value {
	kind := condition.UnknownSingle()
	if now.IsList() {
		kind = condition.UnknownList()
	} else if now.Kind() == condition.KindInvalid {
		plain, set := false, false
		for _, test := range s.trial.tests(key) {
			if test.Operator.Qualifier() == condition.NoQualifier {
				plain = true
			} else {
				set = true
			}
		}
		if set && !plain {
			kind = condition.UnknownList()
		}
	}
	values := slices.Clone(s.trial.propose(key, kind).values)
	if now.Kind() != condition.KindInvalid {
		values = append(values, condition.Value{})
	}
	return values
}

func (s *nearMisses) change(key string, from, to condition.Value) Change {
	return Change{Key: key, From: from, To: to, InRequest: s.explanation.asked.inquiry().search.query.View.FromRequest(key)}
}

// singles tries one key at a time. Of each key it offers one value, and that it
// be absent.
func (s *nearMisses) singles() {
	for _, key := range s.keys {
		now := s.trial.current(key)
		values := s.alternatives(key, now)
		another := false
		for _, value := range values {
			absent := value.Kind() == condition.KindInvalid
			if s.trial.budget <= 0 || another && !absent {
				continue
			}
			s.trial.view().Override(key, value)
			if d := s.trial.decide(); s.flips(d) {
				s.offer(d, s.change(key, now, value))
				another = true
			}
		}
		s.trial.view().Override(key, now)
	}
}

// several looks for keys that have to change together: all of them are taken to
// be unknown, and values looked for under which the decision is the other one;
// those that turn out not to be needed then go back to what they were.
func (s *nearMisses) several() {
	if len(s.keys) < 2 {
		return
	}
	before := make([]condition.Value, len(s.keys))
	for at, key := range s.keys {
		before[at] = s.trial.current(key)
		kind := condition.Perhaps(condition.UnknownSingle())
		if before[at].IsList() {
			kind = condition.Perhaps(condition.UnknownList())
		} else if before[at].Kind() == condition.KindInvalid {
			kind = condition.UnknownValue()
		}
		s.trial.view().Override(key, kind)
	}
	search := assignments{trial: s.trial, keys: s.keys, exhaustive: true}
	search.run(0)
	found := search.denied
	if !s.explanation.Decision.Allowed() {
		found = search.allowed
	}
	for at, key := range s.keys {
		s.trial.view().Override(key, before[at])
	}
	if found == nil {
		return
	}
	var changed []Assignment
	for _, assigned := range found.Values {
		s.trial.view().Override(assigned.Key, assigned.Value)
		changed = append(changed, assigned)
	}
	if !s.flips(s.trial.decide()) {
		changed = nil // it hung on a key that was left unknown
	}
	original := func(key string) condition.Value { return before[slices.Index(s.keys, key)] }
	for at := 0; at < len(changed); {
		key := changed[at].Key
		s.trial.view().Override(key, original(key))
		if s.flips(s.trial.decide()) {
			changed = slices.Delete(changed, at, at+1)
			continue
		}
		s.trial.view().Override(key, changed[at].Value)
		at++
	}
	if d := s.trial.decide(); len(changed) > 0 && s.flips(d) {
		changes := make([]Change, len(changed))
		for at, assigned := range changed {
			changes[at] = s.change(assigned.Key, original(assigned.Key), assigned.Value)
		}
		s.offer(d, changes...)
	}
	for at, key := range s.keys {
		s.trial.view().Override(key, before[at])
	}
}

// layers tries what one more Allow in every layer that does not allow would do:
// across accounts that is the side that is missing.
func (s *nearMisses) layers() {
	var changes []Change
	for _, blocker := range s.explanation.Blockers() {
		if blocker.Outcome != ImplicitlyDenied || blocker.layer == nil {
			return // nothing that is added makes up for it
		}
		changes = append(changes, Change{Layer: blocker.Layer, OrgIdentifier: blocker.OrgIdentifier, trust: blocker.layer.trust})
	}
	if len(changes) == 0 {
		return
	}
	if d, ok := s.trial.decideWith(changes); ok && s.flips(d) {
		s.offer(d, changes...)
	}
}

// decideWith decides with one more Allow in each of some layers.
func (t *trial) decideWith(changes []Change) (Decision, bool) {
	c := t.inquiry
	evaluator := *c.evaluator
	c.evaluator = &evaluator
	evaluator.levels = slices.Clone(evaluator.levels)
	for _, change := range changes {
		switch change.Layer {
		case ServiceControlPolicy:
			for at := range evaluator.levels {
				if evaluator.principal.ServiceControlLevels[at].OrgIdentifier == change.OrgIdentifier {
					evaluator.levels[at] = c.allowing(evaluator.levels[at], policy.ServiceControl)
				}
			}
		case VPCEndpointPolicy:
			c.endpoint = &sets{deny: c.endpoint.deny, allow: c.allowing(c.endpoint.allow, policy.VPCEndpoint)}
		case ResourcePolicy:
			if c.resourcePolicy == nil {
				c.resourcePolicy = new(sets)
			}
			kind := policy.ResourceBased
			if change.trust {
				kind = policy.RoleTrust
			}
			c.resourcePolicy = &sets{deny: c.resourcePolicy.deny, allow: c.allowing(c.resourcePolicy.allow, kind)}
		case IdentityPolicy:
			evaluator.identity.allow = c.allowing(evaluator.identity.allow, policy.IdentityBased)
		case PermissionsBoundary:
			evaluator.boundary.allow = c.allowing(evaluator.boundary.allow, policy.PermissionsBoundary)
		case SessionPolicy:
			evaluator.session.allow = c.allowing(evaluator.session.allow, policy.Session)
		default:
			return Decision{}, false
		}
	}
	return c.again(), true
}

// allowing gives a set with one more statement, which allows the action to the
// caller.
func (c *inquiry) allowing(s set, kind policy.Kind) set {
	statement := policy.Statement{Effect: policy.Allow, Action: policy.StringsOf(c.search.query.Action)}
	if kind != policy.RoleTrust {
		statement.Resource = policy.StringsOf("*")
	}
	switch kind {
	case policy.ResourceBased, policy.RoleTrust, policy.VPCEndpoint:
		statement.Principal = c.callerAsPrincipal()
	}
	made, err := policy.Compile(&policy.Document{Kind: kind, Version: policy.Text{Value: policy.Version2012}, Statements: []policy.Statement{statement}})
	if err != nil {
		return s
	}
	attachment := &principal.Attachment{Policy: made}
	one := (*compiled.Policy)(made).Statements()
	return set{members: append(slices.Clone(s.members), member{&one[0], attachment, 0, 0})}
}

// callerAsPrincipal names the caller as a policy would: a session by its role,
// as roles are trusted.
func (c *inquiry) callerAsPrincipal() *policy.Principals {
	id := c.evaluator.principal.Identity
	entry := policy.PrincipalEntry{Type: policy.PrincipalAWS}
	switch id.Kind {
	case principal.Anonymous:
		return &policy.Principals{Everyone: true}
	case principal.Service:
		entry.Type = policy.PrincipalService
	case principal.FederatedProvider:
		entry.Type = policy.PrincipalFederated
	}
	name := id.ARN
	if id.Kind == principal.Role && id.IssuerARN != "" {
		name = id.IssuerARN
	}
	entry.Values = *policy.StringsOf(name)
	return &policy.Principals{Entries: []policy.PrincipalEntry{entry}}
}

// Package explained holds explanations against the reference evaluator: that
// they agree with the decision, that every near miss flips it, and that what is
// said with keys unknown stays true whatever they turn out to be.
package explained

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/fuzz/generate"
	"github.com/portcullis-iam/portcullis/fuzz/reference"
	"github.com/portcullis-iam/portcullis/internal/neutral"
)

// Counts are what was looked at.
type Counts struct {
	// Questions were explained; Denied of them were denied, and of these
	// NearMissed had a near miss. NearMisses were offered in all.
	Questions, Denied, NearMissed, NearMisses int
	// Partial questions had unknown keys. Evaluate left Undetermined of them
	// undetermined, and Residual settled Settled of those. Of the rest BothWays
	// had examples of both outcomes, and OneWay did not.
	Partial, Undetermined, Settled, BothWays, OneWay int
}

// Add adds the counts of another.
func (c *Counts) Add(other Counts) {
	c.Questions += other.Questions
	c.Denied += other.Denied
	c.NearMissed += other.NearMissed
	c.NearMisses += other.NearMisses
	c.Partial += other.Partial
	c.Undetermined += other.Undetermined
	c.Settled += other.Settled
	c.BothWays += other.BothWays
	c.OneWay += other.OneWay
}

// String is a line for each thing counted.
func (c Counts) String() string {
	share := func(part, whole int) string {
		return fmt.Sprintf("%d (%.2f %%)", part, 100*float64(part)/float64(max(whole, 1)))
	}
	return fmt.Sprintf("explained %d, denied %s, with a near miss %s of these, near misses %d\n", c.Questions, share(c.Denied, c.Questions), share(c.NearMissed, c.Denied), c.NearMisses) +
		fmt.Sprintf("with unknown keys %d, undetermined %s, settled %s of these; of the rest both ways %s, not shown to go both ways %s",
			c.Partial, share(c.Undetermined, c.Partial), share(c.Settled, c.Undetermined), share(c.BothWays, c.Undetermined-c.Settled), share(c.OneWay, c.Undetermined-c.Settled))
}

// Check explains a question, which the seed makes choices about, and gives the
// first thing that is wrong. A question that must be refused is passed over.
func Check(seed uint64, c generate.Case) (counts Counts, err error) {
	question, err := prepare(c)
	if err != nil {
		return counts, nil
	}
	counts.Questions = 1
	x := question.Evaluator.Explain(question.Request)
	if err := agrees(c, question, x); err != nil {
		return counts, fmt.Errorf("%w\n%v", err, x)
	}
	if !x.Decision.Allowed() {
		counts.Denied = 1
	}
	for _, near := range x.NearMisses() {
		counts.NearMisses++
		if err := flips(c, x, near); err != nil {
			return counts, fmt.Errorf("%w\n%v", err, x)
		}
	}
	if counts.NearMisses > 0 {
		counts.NearMissed = counts.Denied
	}
	return counts, partial(seed, c, &counts)
}

func prepare(c generate.Case) (*neutral.Question, error) {
	decoded, err := neutral.Decode(c.JSON())
	if err != nil {
		return nil, err
	}
	return decoded.Prepare()
}

// agrees holds an explanation against the decisions of the engine and of the
// reference.
func agrees(c generate.Case, question *neutral.Question, x evaluate.Explanation) error {
	decision := question.Evaluator.Evaluate(question.Request)
	if x.Decision != decision {
		return fmt.Errorf("the engine decides %v and explains %v", decision, x.Decision)
	}
	if want := reference.Decide(c.JSON()).Decision; want != decision.Outcome.String() {
		return fmt.Errorf("the reference says %s", want)
	}
	blockers := x.Blockers()
	if x.Decision.Allowed() != (len(blockers) == 0) {
		return fmt.Errorf("%d things in the way", len(blockers))
	}
	for at, blocker := range blockers {
		if at == 0 && (blocker.Layer != decision.Layer || blocker.Outcome != decision.Outcome || blocker.OrgIdentifier != decision.OrgIdentifier()) {
			return fmt.Errorf("first in the way is %v", blocker)
		}
		if at > 0 && blocker.Outcome == evaluate.ExplicitlyDenied && blockers[at-1].Outcome != evaluate.ExplicitlyDenied {
			return fmt.Errorf("%v is out of order", blocker)
		}
	}
	if (x.AccessDenied() == "") != decision.Allowed() {
		return fmt.Errorf("AWS would say %q", x.AccessDenied())
	}
	return nil
}

// flips makes the changes of a near miss in the question and asks the reference.
func flips(c generate.Case, x evaluate.Explanation, near evaluate.NearMiss) error {
	changed := c.Clone()
	for _, change := range near.Changes {
		if change.Layer == evaluate.NoLayer {
			set(&changed, change.Key, change.To)
		} else {
			allow(&changed, change)
		}
	}
	got := reference.Decide(changed.JSON()).Decision
	if (got == evaluate.Allowed.String()) == x.Decision.Allowed() || got != near.Decision.Outcome.String() {
		return fmt.Errorf("%v: the reference says %s to\n%s", near, got, changed.JSON())
	}
	return nil
}

// set gives a key of the question another value.
func set(c *generate.Case, key string, value condition.Value) {
	kept := c.Request.Context[:0]
	for _, entry := range c.Request.Context {
		if !strings.EqualFold(entry.Key, key) {
			kept = append(kept, entry)
		}
	}
	c.Request.Context = kept
	if value.Kind() == condition.KindInvalid {
		return
	}
	entry := generate.ContextEntry{Key: key, Value: generate.Value{List: value.IsList()}}
	for _, text := range value.Values() {
		entry.Value.Items = append(entry.Value.Items, generate.Scalar{Text: text})
	}
	c.Request.Context = append(c.Request.Context, entry)
}

// allow adds an Allow to a layer of the question.
func allow(c *generate.Case, change evaluate.Change) {
	statement := generate.Statement{Effect: "Allow", Action: &generate.Strings{Values: []string{c.Request.Action}}, Resource: &generate.Strings{Values: []string{"*"}}}
	document := func() generate.Document {
		return generate.Document{Version: "2012-10-17", Statements: []generate.Statement{statement}}
	}
	everyone := func() { statement.Principal = callerOf(c) }
	switch change.Layer {
	case evaluate.ServiceControlPolicy:
		for at := range c.SCPs {
			if c.SCPs[at].Identifier == change.OrgIdentifier {
				c.SCPs[at].Policies = append(c.SCPs[at].Policies, document())
			}
		}
	case evaluate.VPCEndpointPolicy:
		everyone()
		c.VPCEndpointPolicies = append(c.VPCEndpointPolicies, document())
	case evaluate.ResourcePolicy:
		everyone()
		if neutral.AsksTrustPolicy(c.Request.Action) {
			statement.Resource = nil
		}
		made := document()
		if c.ResourcePolicy != nil {
			made.Statements = append(made.Statements, c.ResourcePolicy.Statements...)
			made.Version = c.ResourcePolicy.Version
		}
		c.ResourcePolicy = &made
	case evaluate.IdentityPolicy:
		c.IdentityPolicies = append(c.IdentityPolicies, document())
	case evaluate.PermissionsBoundary:
		c.PermissionsBoundaries = append(c.PermissionsBoundaries, document())
	case evaluate.SessionPolicy:
		c.SessionPolicies = append(c.SessionPolicies, document())
	}
}

func callerOf(c *generate.Case) *generate.Principal {
	name, group := c.Request.Principal, "AWS"
	switch {
	case name == "anonymous":
		return &generate.Principal{Everyone: true}
	case strings.Contains(name, ":assumed-role/"):
		parts := strings.SplitN(name, ":", 6)
		name = strings.Join([]string{parts[0], parts[1], "iam", "", parts[4], "role/" + strings.Split(parts[5], "/")[1]}, ":")
	case strings.Contains(name, "-provider/"), name == "accounts.google.com", name == "www.amazon.com", name == "graph.facebook.com", name == "cognito-identity.amazonaws.com":
		group = "Federated"
	case !strings.HasPrefix(name, "arn:"):
		group = "Service"
	}
	return &generate.Principal{Groups: []generate.PrincipalGroup{{Type: group, Values: generate.Strings{Values: []string{name}}}}}
}

// mostUnknown is how many keys of a question are made unknown at most.
const mostUnknown = 3

// partial makes some of the keys that the statements look at unknown, and holds
// what is said then against what the reference says of values for them.
func partial(seed uint64, c generate.Case, counts *Counts) error {
	random := rand.New(rand.NewPCG(seed, 0))
	question, err := prepare(c)
	if err != nil {
		return nil
	}
	known := question.Evaluator.Explain(question.Request)
	keys := append([]string(nil), known.MissingKeys()...)
	for _, entry := range c.Request.Context {
		keys = append(keys, entry.Key)
	}
	random.Shuffle(len(keys), func(a, b int) { keys[a], keys[b] = keys[b], keys[a] })
	keys = keys[:min(len(keys), 1+random.IntN(mostUnknown))]
	if len(keys) == 0 {
		return nil
	}
	counts.Partial = 1
	unknown := map[string]condition.Value{}
	for _, key := range keys {
		value, present := question.Request.Context.Lookup(key)
		switch random.IntN(4) {
		case 0:
			if present {
				unknown[key] = condition.Perhaps(value)
				break
			}
			fallthrough
		case 1:
			unknown[key] = condition.Perhaps(condition.UnknownSingle())
			if value.IsList() {
				unknown[key] = condition.Perhaps(condition.UnknownList())
			}
		default:
			unknown[key] = condition.UnknownValue()
		}
		question.Request.Context.Set(key, unknown[key])
	}
	x := question.Evaluator.Explain(question.Request)
	if decision := question.Evaluator.Evaluate(question.Request); decision != x.Decision {
		return fmt.Errorf("with %v unknown Evaluate says %v, Explain says %v", unknown, decision, x.Decision)
	}
	residual := x.Residual()
	if x.Decision.Outcome != evaluate.Undetermined && residual.Decision != x.Decision {
		return fmt.Errorf("%v became %v", x.Decision, residual.Decision)
	}
	if x.Decision.Outcome == evaluate.Undetermined {
		counts.Undetermined = 1
		switch {
		case residual.Decision.Outcome != evaluate.Undetermined:
			counts.Settled = 1
		case residual.Allowed != nil && residual.Denied != nil:
			counts.BothWays = 1
		default:
			counts.OneWay = 1
		}
		for _, example := range []*evaluate.Example{residual.Allowed, residual.Denied} {
			if example == nil {
				continue
			}
			changed := c.Clone()
			for _, key := range keys {
				set(&changed, key, condition.Value{})
			}
			for _, assigned := range example.Values {
				set(&changed, assigned.Key, assigned.Value)
			}
			if got := reference.Decide(changed.JSON()).Decision; got != example.Decision.Outcome.String() && !leftOpen(x, example) {
				return fmt.Errorf("%v: the reference says %s to\n%s\n%v", example, got, changed.JSON(), residual)
			}
		}
	}
	for range 6 {
		if err := holds(random, c, unknown, keys, residual); err != nil {
			return fmt.Errorf("%w\n%v\n%v", err, residual, x)
		}
	}
	return nil
}

// leftOpen tells whether an example leaves a key out that statements look at,
// which may then have any value: whether it is denied explicitly may hang on that.
func leftOpen(x evaluate.Explanation, example *evaluate.Example) bool {
	if example.Decision.Allowed() {
		return false
	}
	for _, key := range x.UnknownKeys() {
		given := slices.ContainsFunc(example.Values, func(a evaluate.Assignment) bool { return strings.EqualFold(a.Key, key) })
		if !given {
			return true
		}
	}
	return false
}

// holds gives the unknown keys values and holds what was said against what the
// reference says.
func holds(random *rand.Rand, c generate.Case, unknown map[string]condition.Value, keys []string, residual evaluate.Residual) error {
	changed := c.Clone()
	var given condition.Context
	for _, key := range keys {
		value := draw(random, c, unknown[key], key)
		set(&changed, key, value)
		given.Set(key, value)
	}
	got := reference.Decide(changed.JSON()).Decision
	if got == "Error" {
		return nil
	}
	allowed := got == evaluate.Allowed.String()
	switch residual.Decision.Outcome {
	case evaluate.Allowed:
		if !allowed {
			return fmt.Errorf("%v, but the reference says %s to\n%s", residual.Decision, got, changed.JSON())
		}
	case evaluate.ImplicitlyDenied:
		if allowed {
			return fmt.Errorf("%v, but the reference says %s to\n%s", residual.Decision, got, changed.JSON())
		}
	case evaluate.ExplicitlyDenied:
		if got != evaluate.ExplicitlyDenied.String() {
			return fmt.Errorf("%v, but the reference says %s to\n%s", residual.Decision, got, changed.JSON())
		}
	}
	want := condition.False
	if allowed {
		want = condition.True
	}
	if truth := residual.Condition.Evaluate(&given); truth != want {
		return fmt.Errorf("the condition is %v, the reference says %s to\n%s", truth, got, changed.JSON())
	}
	return nil
}

// draw gives a value that an unknown one may turn out to be, with a liking for
// what the question has elsewhere.
func draw(random *rand.Rand, c generate.Case, unknown condition.Value, key string) condition.Value {
	absent, single, _ := unknown.Possible()
	if absent && random.IntN(4) == 0 {
		return condition.Value{}
	}
	if content, known := unknown.IfPresent(); known {
		return content
	}
	text := func() string {
		var pool []string
		for _, document := range c.AllDocuments() {
			for _, statement := range document.Statements {
				if statement.Condition == nil {
					continue
				}
				for _, operator := range statement.Condition.Operators {
					for _, test := range operator.Keys {
						for _, value := range test.Values {
							pool = append(pool, strings.NewReplacer("*", "", "?", "x").Replace(value.Text))
						}
					}
				}
			}
		}
		for _, entry := range c.Request.Context {
			for _, item := range entry.Value.Items {
				pool = append(pool, item.Text)
			}
		}
		pool = append(pool, "", "true", "false", "17", "2026-01-01T00:00:00Z", "10.1.2.3", "something else")
		return pool[random.IntN(len(pool))]
	}
	if single && random.IntN(3) > 0 {
		return condition.String(text())
	}
	if _, _, list := unknown.Possible(); !list {
		return condition.String(text())
	}
	values := make([]string, random.IntN(3))
	for at := range values {
		values[at] = text()
	}
	return condition.List(values...)
}

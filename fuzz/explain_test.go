package fuzz_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/fuzz/generate"
	"github.com/portcullis-iam/portcullis/policy"
)

// implied is the decision that follows from what the layers of an explanation
// say, by a rule that shares nothing with the engine: any Deny denies; else
// every layer that is needed must allow, and in one account a grant of the
// resource policy makes up for layers behind it.
func implied(c generate.Case, x evaluate.Explanation) (outcome evaluate.Outcome, layer evaluate.Layer) {
	for _, said := range x.Layers {
		if len(said.Denies) > 0 {
			return evaluate.ExplicitlyDenied, said.Layer
		}
	}
	grant := evaluate.NoGrant
	for _, said := range x.Layers {
		allows := len(said.Allows) > 0
		switch said.Layer {
		case evaluate.ResourcePolicy:
			if isSameAccount(c) {
				grant = said.Grant
			}
		case evaluate.IdentityPolicy:
			allows = allows || grant >= evaluate.IssuerGrant
		case evaluate.PermissionsBoundary, evaluate.SessionPolicy:
			allows = allows || grant == evaluate.DirectGrant
		}
		if said.Needed && !allows {
			return evaluate.ImplicitlyDenied, said.Layer
		}
	}
	return evaluate.Allowed, evaluate.NoLayer
}

// TestExplanationImpliesTheDecision: what Explain says the layers said leads to
// the decision that Evaluate gives.
func TestExplanationImpliesTheDecision(t *testing.T) {
	t.Parallel()
	check(t, 6000, 0.9, explained)
}

func explained(c generate.Case) error {
	question, err := prepare(c)
	if err != nil {
		return errVacuous
	}
	decision := question.Evaluator.Evaluate(question.Request)
	x := question.Evaluator.Explain(question.Request)
	if x.Decision != decision {
		return fmt.Errorf("Evaluate says %v, Explain says %v", decision, x.Decision)
	}
	if err := consistent(c, x); err != nil {
		return fmt.Errorf("%w\n%v", err, x)
	}
	outcome, layer := implied(c, x)
	switch {
	case decision.Layer == evaluate.ServiceRule:
		// A rule of a service decides against the policies; which of them
		// deny all the same is told.
		if decision.Outcome == evaluate.ImplicitlyDenied && outcome == evaluate.ExplicitlyDenied {
			return fmt.Errorf("a Deny applies and a rule of the service was named:\n%v", x)
		}
	case decision.Outcome != outcome || outcome != evaluate.Allowed && decision.Layer != layer:
		return fmt.Errorf("what the layers say implies %v by %v:\n%v", outcome, layer, x)
	}
	return nil
}

// consistent looks at the explanation without asking what follows from it.
func consistent(c generate.Case, x evaluate.Explanation) error {
	last := evaluate.NoLayer
	for _, said := range x.Layers {
		if said.Layer < last {
			return fmt.Errorf("%v stands behind %v", said.Layer, last)
		}
		last = said.Layer
		for effect, refs := range map[policy.Effect][]evaluate.StatementRef{policy.Deny: said.Denies, policy.Allow: said.Allows} {
			for _, ref := range refs {
				if ref.Effect() != effect {
					return fmt.Errorf("%v is among the %s statements", ref, effect)
				}
			}
		}
		if len(said.Unsure) > 0 {
			return fmt.Errorf("%v is not sure although every key is known", said.Layer)
		}
		if (said.Grant != evaluate.NoGrant) != (said.Layer == evaluate.ResourcePolicy && len(said.Allows) > 0) {
			return fmt.Errorf("%v with %d Allows names %v", said.Layer, len(said.Allows), said.Grant)
		}
	}
	if by, found := x.Decision.Statement(); found {
		listed := slices.ContainsFunc(x.Layers, func(said evaluate.LayerTrace) bool {
			refs := said.Allows
			if x.Decision.Outcome == evaluate.ExplicitlyDenied {
				refs = said.Denies
			}
			return said.Layer == x.Decision.Layer && slices.Contains(refs, by)
		})
		if !listed {
			return fmt.Errorf("%v decided and is not listed in its layer", by)
		}
	} else if x.Decision.Outcome == evaluate.ExplicitlyDenied {
		return fmt.Errorf("an explicit denial names no statement")
	}
	for _, key := range x.MissingKeys() {
		for _, entry := range c.Request.Context {
			if strings.EqualFold(entry.Key, key) {
				return fmt.Errorf("%s is there and is called missing", key)
			}
		}
	}
	if len(x.UnknownKeys()) > 0 {
		return fmt.Errorf("unknown keys %v although none was declared so", x.UnknownKeys())
	}
	return nil
}

// TestMissingKeysAreAllThatCouldMatter: a key that no statement asks about, and
// that is therefore not called missing, changes nothing when it is supplied.
func TestMissingKeysAreAllThatCouldMatter(t *testing.T) {
	t.Parallel()
	check(t, 1000, 0.2, func(c generate.Case) error {
		question, err := prepare(c)
		if err != nil {
			return errVacuous
		}
		x := question.Evaluator.Explain(question.Request)
		said := false
		for _, key := range []string{"aws:SourceIp", "aws:username", "aws:PrincipalTag/team", "app:Flags", "app:Sizes", "app:Token", "aws:CurrentTime", "aws:PrincipalArn", "aws:TagKeys", "aws:MultiFactorAuthPresent"} {
			known := slices.ContainsFunc(c.Request.Context, func(entry generate.ContextEntry) bool { return strings.EqualFold(entry.Key, key) })
			missing := slices.ContainsFunc(x.MissingKeys(), func(name string) bool { return strings.EqualFold(name, key) })
			if known || missing {
				continue
			}
			said = true
			for _, value := range []generate.Value{{Items: []generate.Scalar{{Text: "alpha"}}}, {Items: []generate.Scalar{{Text: "1"}}}, {List: true}} {
				changed := c.Clone()
				changed.Request.Context = append(changed.Request.Context, generate.ContextEntry{Key: key, Value: value})
				if after := ask(changed); after.outcome != x.Decision.Outcome.String() {
					return fmt.Errorf("%v became %v with %s, which was not called missing:\n%v", x.Decision, after, key, x)
				}
			}
		}
		if !said {
			return errVacuous
		}
		return nil
	})
}

package fuzz_test

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/fuzz/generate"
	"github.com/portcullis-iam/portcullis/internal/neutral"
	"pgregory.net/rapid"
)

var questions = flag.Int("questions", 0, "how many questions each property is asked; 0 is its own budget")

// budget is the number of questions to ask where full is the usual one.
func budget(full int) int {
	if *questions > 0 {
		return *questions
	}
	if testing.Short() {
		full /= 5
	}
	if raceDetector {
		full /= 8
	}
	return max(full, 50)
}

// A property says what is wrong with the engine's behaviour around a question,
// nil if nothing is.
type property func(c generate.Case) error

// errVacuous is what a property gives for questions that it says nothing about.
var errVacuous = errors.New("the property says nothing about this question")

// check asks a property about seeded questions, and about questions that rapid
// draws and shrinks. Of what is wrong the first thing is reported, about a
// smaller question if there is one. At least a share of the questions, from 0 to
// 1, must be ones that the property says something about.
func check(t *testing.T, full int, share float64, holds property) {
	t.Helper()
	count := uint64(budget(full))
	var said atomic.Int64
	each(count, func(seed uint64) bool {
		c := generate.FromSeed(seed)
		err := holds(c)
		if err == nil {
			said.Add(1)
			return true
		}
		if errors.Is(err, errVacuous) {
			return true
		}
		c, err = smallest(c, err, holds)
		t.Errorf("seed %d: %v\n%s", seed, err, c.JSON())
		return false
	})
	got := float64(said.Load()) / float64(count)
	share -= 4 * math.Sqrt(share/float64(count)) // what chance alone takes away in a small run
	if got < share && !t.Failed() {
		t.Errorf("the property says something about %.1f %% of the questions, want %.1f %%", 100*got, 100*share)
	}
	if t.Failed() {
		return
	}
	cases := generate.Cases()
	rapid.Check(t, func(t *rapid.T) {
		c := cases.Draw(t, "case")
		if err := holds(c); err != nil && !errors.Is(err, errVacuous) {
			t.Fatalf("%v\n%s", err, c.JSON())
		}
	})
}

// each calls do for the seeds from 0 on, on all processors, until one call gives
// false.
func each(count uint64, do func(seed uint64) bool) {
	var next atomic.Uint64
	var failed atomic.Bool
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for !failed.Load() {
				seed := next.Add(1) - 1
				if seed >= count {
					return
				}
				if !do(seed) {
					failed.Store(true)
				}
			}
		})
	}
	group.Wait()
}

// smallest takes away what can be taken away from a question while the property
// still fails: whole layers, documents, statements, conditions, context keys.
func smallest(c generate.Case, failure error, holds property) (generate.Case, error) {
	for {
		shrunk := false
		for _, smaller := range smallerCases(c) {
			if err := holds(smaller); err != nil && !errors.Is(err, errVacuous) {
				c, failure, shrunk = smaller, err, true
				break
			}
		}
		if !shrunk {
			return c, failure
		}
	}
}

func smallerCases(c generate.Case) []generate.Case {
	var all []generate.Case
	add := func(change func(c *generate.Case)) {
		copied := c.Clone()
		change(&copied)
		all = append(all, copied)
	}
	for _, layer := range generate.Layers() {
		if hasLayer(c, layer) {
			add(func(c *generate.Case) { takeOut(c, layer) })
		}
	}
	for i := range c.SCPs {
		add(func(c *generate.Case) { c.SCPs = append(c.SCPs[:i:i], c.SCPs[i+1:]...) })
	}
	for _, list := range []func(*generate.Case) *[]generate.Document{
		func(c *generate.Case) *[]generate.Document { return &c.IdentityPolicies },
		func(c *generate.Case) *[]generate.Document { return &c.PermissionsBoundaries },
		func(c *generate.Case) *[]generate.Document { return &c.SessionPolicies },
		func(c *generate.Case) *[]generate.Document { return &c.VPCEndpointPolicies },
	} {
		if count := len(*list(&c)); count > 1 {
			for i := range count {
				add(func(c *generate.Case) { *list(c) = append((*list(c))[:i:i], (*list(c))[i+1:]...) })
			}
		}
	}
	for _, place := range c.Places() {
		all = append(all, c.RemoveStatement(place))
		if c.At(place).Condition != nil {
			add(func(c *generate.Case) { c.At(place).Condition = nil })
		}
	}
	for i := range c.Request.Context {
		add(func(c *generate.Case) {
			c.Request.Context = append(c.Request.Context[:i:i], c.Request.Context[i+1:]...)
		})
	}
	return all
}

// hasLayer tells whether a layer has documents or levels.
func hasLayer(c generate.Case, layer generate.Layer) bool {
	switch layer {
	case generate.LayerSCP:
		return len(c.SCPs) > 0
	case generate.LayerRCP:
		return len(c.RCPs) > 0
	}
	return len(c.Documents(layer)) > 0
}

// takeOut takes a layer out of a question.
func takeOut(c *generate.Case, layer generate.Layer) {
	switch layer {
	case generate.LayerIdentity:
		c.IdentityPolicies = nil
	case generate.LayerBoundary:
		c.PermissionsBoundaries = nil
	case generate.LayerSession:
		c.SessionPolicies = nil
	case generate.LayerResource:
		c.ResourcePolicy = nil
	case generate.LayerSCP:
		c.SCPs = nil
	case generate.LayerRCP:
		c.RCPs = nil
	case generate.LayerEndpoint:
		c.VPCEndpointPolicies = nil
	}
}

// An answer is what the engine says to a question.
type answer struct {
	// outcome is one of the words of the neutral format, "Error" without its reason.
	outcome string
	// layer decided, if the outcome is no error.
	layer evaluate.Layer
	// reason is that of an error.
	reason string
}

const (
	allowed          = "Allowed"
	explicitlyDenied = "ExplicitlyDenied"
	implicitlyDenied = "ImplicitlyDenied"
	refused          = "Error"
)

// String names the outcome and what it comes from.
func (a answer) String() string {
	if a.outcome == refused {
		return a.outcome + " (" + a.reason + ")"
	}
	return fmt.Sprintf("%s (%s)", a.outcome, a.layer)
}

// same tells whether two answers say the same. The reasons of errors may differ:
// which of two mistakes is met first is a matter of order.
func (a answer) same(b answer) bool { return a.outcome == b.outcome && a.layer == b.layer }

// ask has the engine decide.
func ask(c generate.Case) answer {
	question, err := prepare(c)
	if err != nil {
		return answer{outcome: refused, reason: err.Error()}
	}
	decision := question.Evaluator.Evaluate(question.Request)
	return answer{outcome: decision.Outcome.String(), layer: decision.Layer}
}

func prepare(c generate.Case) (*neutral.Question, error) {
	decoded, err := neutral.Decode(c.JSON())
	if err != nil {
		return nil, err
	}
	return decoded.Prepare()
}

// unchanged is the property that a change of a question changes no answer.
func unchanged(change func(c generate.Case) generate.Case) property {
	return func(c generate.Case) error {
		changed := change(c)
		if string(changed.JSON()) == string(c.JSON()) {
			return errVacuous
		}
		before, after := ask(c), ask(changed)
		if !before.same(after) {
			return fmt.Errorf("%v became %v in\n%s", before, after, changed.JSON())
		}
		return nil
	}
}

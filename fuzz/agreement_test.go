package fuzz_test

import (
	"fmt"
	"math"
	"sync"
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/fuzz/generate"
	"github.com/portcullis-iam/portcullis/fuzz/reference"
)

// layersOfReference are the words of the reference evaluator for the engine's
// layers. A principal of another partition is a rule to the engine and a layer
// to the reference.
var layersOfReference = map[string]evaluate.Layer{
	"service": evaluate.ServiceRule, "partition": evaluate.ServiceRule, "rcp": evaluate.ResourceControlPolicy, "scp": evaluate.ServiceControlPolicy,
	"vpc endpoint": evaluate.VPCEndpointPolicy, "resource": evaluate.ResourcePolicy, "identity": evaluate.IdentityPolicy,
	"boundary": evaluate.PermissionsBoundary, "session": evaluate.SessionPolicy,
}

// grantsOfReference are the rows of the reference's grant table, and how far the
// engine says that they reach.
var grantsOfReference = map[string]evaluate.Grant{
	"user ARN": evaluate.DirectGrant, "session ARN": evaluate.DirectGrant, "federated session ARN": evaluate.DirectGrant, "*": evaluate.DirectGrant,
	"role ARN": evaluate.IssuerGrant, "user ARN to federated session": evaluate.IssuerGrant, "account": evaluate.AccountGrant,
}

// agrees holds the engine's decision, the layer of a denial and the reach of a
// grant against the reference's.
func agrees(c generate.Case, verdict reference.Verdict) error {
	question, err := prepare(c)
	if err != nil {
		if verdict.Decision != refused {
			return fmt.Errorf("the engine refuses (%v), the reference says %s", err, verdict.Decision)
		}
		return nil
	}
	decision := question.Evaluator.Evaluate(question.Request)
	if decision.Outcome.String() != verdict.Decision {
		return fmt.Errorf("the engine says %v, the reference %s %s", decision, verdict.Decision, verdict.Error)
	}
	// Which of two sides that both suffice is named is a matter of taste, so
	// the layer of an allowed request is not compared.
	if decision.Outcome != evaluate.Allowed && decision.Layer != layersOfReference[verdict.Layer] {
		return fmt.Errorf("the engine says %v, the reference names the layer %s", decision, verdict.Layer)
	}
	if want, known := grantsOfReference[verdict.Grant]; known {
		for _, layer := range question.Evaluator.Explain(question.Request).Layers {
			if layer.Layer == evaluate.ResourcePolicy && layer.Grant != want {
				return fmt.Errorf("the resource policy names %v, the reference says %s", layer.Grant, verdict.Grant)
			}
		}
	}
	return nil
}

// TestEngineAgreesWithReference asks both the same questions, and looks at what
// was asked: no decision, deciding layer, operator, row of the grant table, kind
// of caller or service rule may be so rare that a mistake in it would be missed.
func TestEngineAgreesWithReference(t *testing.T) {
	t.Parallel()
	count := uint64(budget(20_000))
	var total generate.Tally
	var lock sync.Mutex
	each(count, func(seed uint64) bool {
		c := generate.FromSeed(seed)
		verdict := reference.Decide(c.JSON())
		err := agrees(c, verdict)
		if err != nil {
			c, err = smallest(c, err, func(c generate.Case) error { return agrees(c, reference.Decide(c.JSON())) })
			t.Errorf("seed %d: %v\n%s", seed, err, c.JSON())
		}
		lock.Lock()
		defer lock.Unlock()
		total.Add(c, generate.Outcome{Decision: verdict.Decision, Layer: verdict.Layer, Grant: verdict.Grant, Denies: verdict.Denies})
		return err == nil
	})
	if t.Failed() {
		return
	}
	total.RequireInputs()
	total.Require(generate.FeatureDecision, allowed, explicitlyDenied, implicitlyDenied, refused)
	total.Require(generate.FeatureExplicit, "rcp", "scp", "vpc endpoint", "resource", "identity", "boundary", "session")
	total.Require(generate.FeatureImplicit, "service", "partition", "scp", "vpc endpoint", "resource", "identity", "boundary", "session")
	total.Require(generate.FeatureAllow, "service", "resource", "identity")
	for row := range grantsOfReference {
		total.Require(generate.FeatureGrant, row)
	}
	total.Require(generate.FeatureGrant, "account to root", "service", "federated provider", "anonymous *")
	// One in a hundred, less what chance alone takes away in a smaller run.
	share := 0.01
	if count < 20_000 {
		share = max(0, share-4*math.Sqrt(share/float64(count)))
	}
	for _, starved := range total.Starved(share) {
		t.Errorf("starved: %s", starved)
	}
	if t.Failed() || testing.Verbose() {
		t.Log(total.String())
	}
}

// TestEngineAgreesWithReferenceOnDrawnQuestions does the same with questions
// that rapid draws, for the sake of its shrinking.
func TestEngineAgreesWithReferenceOnDrawnQuestions(t *testing.T) {
	t.Parallel()
	check(t, 100, 1, func(c generate.Case) error { return agrees(c, reference.Decide(c.JSON())) })
}

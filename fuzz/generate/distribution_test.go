package generate_test

import (
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/portcullis-iam/portcullis/fuzz/generate"
	"github.com/portcullis-iam/portcullis/fuzz/reference"
)

// tallied runs seeds 0 to count-1 through the reference evaluator.
func tallied(t *testing.T, count uint64) *generate.Tally {
	var total generate.Tally
	var lock sync.Mutex
	var group sync.WaitGroup
	workers := uint64(runtime.GOMAXPROCS(0))
	for worker := range workers {
		group.Go(func() {
			var tally generate.Tally
			for seed := worker; seed < count; seed += workers {
				c := generate.FromSeed(seed)
				verdict := reference.Decide(c.JSON())
				tally.Add(c, generate.Outcome{Decision: verdict.Decision, Layer: verdict.Layer, Grant: verdict.Grant, Denies: verdict.Denies})
				if c.Labels.Broken != "" && verdict.Decision != "Error" {
					t.Errorf("seed %d: %q was not refused\n%s", seed, c.Labels.Broken, c.JSON())
				}
				if c.Labels.Broken == "" && verdict.Decision == "Error" && !strings.Contains(verdict.Error, "incomplete ARN") {
					t.Errorf("seed %d: refused although nothing is broken: %s", seed, verdict.Error)
				}
			}
			lock.Lock()
			defer lock.Unlock()
			total.Merge(&tally)
		})
	}
	group.Wait()
	return &total
}

// TestDistribution holds the generator to what a differential run needs: no class may be so rare that a mistake in it
// would be missed.
func TestDistribution(t *testing.T) {
	t.Parallel()
	count := uint64(20_000)
	if raceDetector {
		count = 5_000 // ten times slower there, and still enough to tell 1 %
	}
	tally := tallied(t, count)
	tally.RequireInputs()
	// The words are the reference evaluator's. RCPs never deny implicitly, because RCPFullAWSAccess is implied.
	tally.Require(generate.FeatureExplicit, "identity", "boundary", "session", "resource", "scp", "rcp", "vpc endpoint")
	tally.Require(generate.FeatureImplicit, "identity", "boundary", "session", "resource", "scp", "vpc endpoint", "service", "partition")
	tally.Require(generate.FeatureAllow, "identity", "resource", "service")
	tally.Require(generate.FeatureGrant, "user ARN", "user ARN to federated session", "federated session ARN", "role ARN", "session ARN", "*", "account", "account to root", "service", "federated provider", "anonymous *")
	tally.Require(generate.FeatureVariables, "resource", "condition")
	for _, starved := range tally.Starved(0.01) {
		t.Errorf("starved: %s", starved)
	}
	for decision, bounds := range map[string][2]float64{"Allowed": {0.25, 0.42}, "ExplicitlyDenied": {0.15, 0.30}, "ImplicitlyDenied": {0.30, 0.50}, "Error": {0.02, 0.05}} {
		if share := tally.Share(generate.FeatureDecision, decision); share < bounds[0] || share > bounds[1] {
			t.Errorf("%s: %.2f %%, want %.0f to %.0f %%", decision, 100*share, 100*bounds[0], 100*bounds[1])
		}
	}
	if t.Failed() {
		t.Log(tally.String())
	}
}

func TestTally(t *testing.T) {
	t.Parallel()
	var first, second generate.Tally
	c := generate.FromBytes(nil)
	first.Add(c, generate.Outcome{Decision: "Allowed", Layer: "identity", Grant: "*"})
	first.Add(c, generate.Outcome{Decision: "ExplicitlyDenied", Layer: "scp", Denies: []string{"scp", "rcp"}})
	second.Add(c, generate.Outcome{Decision: "ExplicitlyDenied", Layer: "scp", Denies: []string{"scp"}})
	second.Add(c, generate.Outcome{Decision: "ImplicitlyDenied", Layer: "boundary"})
	first.Merge(&second)
	for _, want := range []struct {
		feature, class string
		share          float64
	}{
		{generate.FeatureDecision, "ExplicitlyDenied", 0.5},
		{generate.FeatureDenies, "scp", 0.5},
		{generate.FeatureDenies, "rcp", 0.25},
		{generate.FeatureImplicit, "boundary", 0.25},
		{generate.FeatureGrant, "*", 0.25},
		{generate.FeatureGrant, "account", 0},
		{generate.FeatureCaller, "user", 1},
	} {
		if got := first.Share(want.feature, want.class); got != want.share {
			t.Errorf("%s, %s: %v, want %v", want.feature, want.class, got, want.share)
		}
	}
	first.Require(generate.FeatureDenies, "scp", "rcp", "identity")
	if got := first.Starved(0.3); len(got) != 2 || !strings.Contains(got[0], "identity") || !strings.Contains(got[1], "rcp") {
		t.Errorf("starved: %q", got)
	}
	if table := first.String(); !strings.Contains(table, "4 cases") || !strings.Contains(table, "ExplicitlyDenied") {
		t.Errorf("table:\n%s", table)
	}
}

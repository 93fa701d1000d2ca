package explained_test

import (
	"testing"

	"github.com/portcullis-iam/portcullis/fuzz/explained"
	"github.com/portcullis-iam/portcullis/fuzz/generate"
)

// TestExplanations explains generated questions.
func TestExplanations(t *testing.T) {
	t.Parallel()
	const questions = 3000
	var total explained.Counts
	failed := 0
	for seed := uint64(0); seed < questions && failed < 3; seed++ {
		c := generate.FromSeed(seed)
		counts, err := explained.Check(seed, c)
		if total.Add(counts); err != nil {
			failed++
			t.Errorf("seed %d: %v\n%s", seed, err, c.JSON())
		}
	}
	// Fewer would mean that the test looks at nothing.
	if total.Denied < questions/4 || total.NearMissed < total.Denied/3 || total.Undetermined < questions/10 || total.Settled == 0 {
		t.Errorf("little was looked at:\n%v", total)
	}
	// What is called undetermined can nearly always be shown to go both ways.
	if open := total.Undetermined - total.Settled; total.BothWays < open*98/100 {
		t.Errorf("%d of %d undetermined decisions were shown to go both ways:\n%v", total.BothWays, open, total)
	}
}

// FuzzExplanation explains questions that the fuzzer makes.
func FuzzExplanation(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed, []byte{byte(seed), 7, 31, byte(3 * seed), 0, 255})
	}
	f.Fuzz(func(t *testing.T, seed uint64, data []byte) {
		c := generate.FromBytes(data)
		if _, err := explained.Check(seed, c); err != nil {
			t.Fatalf("%v\n%s", err, c.JSON())
		}
	})
}

package evaluate

import (
	"fmt"
	"testing"

	"github.com/portcullis-iam/portcullis/internal/workload"
)

// BenchmarkExplain explains the prepared requests that BenchmarkEvaluate decides.
func BenchmarkExplain(b *testing.B) {
	for _, size := range workload.Sizes() {
		set, err := workload.Generate(workload.ProfileS3, size)
		if err != nil {
			b.Fatal(err)
		}
		e := workloadEvaluator(b, set, indexLarge)
		for at := range set.Named {
			r := workloadRequest(b, &set.Named[at])
			b.Run(fmt.Sprintf("%s/%s", size, set.Named[at].Name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					e.Explain(r)
				}
				b.ReportMetric(float64(statementsOf(e.Explain(r))), "statements")
			})
		}
	}
}

func statementsOf(x Explanation) (count int) {
	for at := range x.Layers {
		count += len(x.Layers[at].Statements())
	}
	return count
}

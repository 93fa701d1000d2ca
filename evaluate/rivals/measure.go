package main

import (
	"runtime"
	"slices"
	"time"
)

// sample is what one repetition of something cost.
type sample struct {
	nanoseconds float64 // CPU time of the process, which includes collecting garbage
	bytes       float64
	allocations float64
}

// measure runs f times times and returns the cost of one. The collector runs
// before, so that no engine pays for the garbage of another.
func measure(times int, f func()) sample {
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := cpuTime()
	for range times {
		f()
	}
	used := cpuTime() - start
	runtime.ReadMemStats(&after)
	n := float64(times)
	return sample{
		nanoseconds: float64(used) / n,
		bytes:       float64(after.TotalAlloc-before.TotalAlloc) / n,
		allocations: float64(after.Mallocs-before.Mallocs) / n,
	}
}

// calibrate returns how often f must run to take about target. It also warms
// whatever an engine fills lazily.
func calibrate(target time.Duration, f func()) int {
	const enough = 10 // a run of a tenth of the target is long enough to extrapolate from
	for times := 1; ; times *= 4 {
		start := cpuTime()
		for range times {
			f()
		}
		if used := cpuTime() - start; used*enough >= target {
			return max(1, int(float64(times)*float64(target)/float64(used)))
		}
	}
}

// inTurn returns a function that makes one of the decisions at each call, the
// next at the next.
func inTurn(decisions []Decide) func() {
	next := 0
	return func() {
		decisions[next]()
		if next++; next == len(decisions) {
			next = 0
		}
	}
}

// figures sums up the samples of one engine in one row.
type figures struct {
	median, minimum    float64 // nanoseconds
	bytes, allocations float64 // medians
}

func summarize(samples []sample) figures {
	by := func(field func(sample) float64) []float64 {
		out := make([]float64, len(samples))
		for i, s := range samples {
			out[i] = field(s)
		}
		slices.Sort(out)
		return out
	}
	nanoseconds := by(func(s sample) float64 { return s.nanoseconds })
	return figures{
		median:      median(nanoseconds),
		minimum:     nanoseconds[0],
		bytes:       median(by(func(s sample) float64 { return s.bytes })),
		allocations: median(by(func(s sample) float64 { return s.allocations })),
	}
}

// median returns the middle of a sorted list that is not empty.
func median(sorted []float64) float64 {
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

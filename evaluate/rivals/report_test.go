package main

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/portcullis-iam/portcullis/internal/workload"
)

var errBroken = errors.New("does not compile")

func TestReport(t *testing.T) {
	line := func(row, engine string, median float64) result {
		return result{size: workload.W2, row: row, engine: engine, figures: figures{median: median, minimum: median / 2, bytes: 16, allocations: 1}}
	}
	got := report("HEADER\n", &results{
		decide:  []result{line("allow", portcullisName, 200), line("allow", "snail", 5000), line("mix", "snail", 2e6)},
		compile: []result{line("", portcullisName, 20e3), line("", "snail", 30e3)},
	})
	for _, want := range []string{
		"HEADER\n",
		"| W2 | allow | portcullis | 200 ns (100 ns) | 1.0 | 16 | 1 |\n",
		"| W2 | allow | snail | 5.0 µs (2.5 µs) | 25 | 16 | 1 |\n",
		"| W2 | mix | snail | 2.00 ms (1.00 ms) | – | 16 | 1 |\n", // no portcullis in that row
		"| W2 | snail | 30.0 µs (15.0 µs) | 1.5 | 16 | 1 |\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the report lacks %q:\n%s", want, got)
		}
	}
}

func TestHeader(t *testing.T) {
	got := header([]string{"-rounds", "3"}, time.Date(2025, 3, 4, 5, 6, 7, 0, time.UTC))
	for _, want := range []string{"Date: 2025-03-04.", "`go run . -rounds 3`", "Go: go1."} {
		if !strings.Contains(got, want) {
			t.Errorf("the header lacks %q: %s", want, got)
		}
	}
	if got := processorIn("processor\t: 0\nmodel name\t: Abacus 9: the second\n"); got != "Abacus 9: the second" {
		t.Errorf("processor %q", got)
	}
	if got := processorIn("Features : fp asimd\n"); got != "unknown processor" {
		t.Errorf("processor %q", got)
	}
}

func TestSummarize(t *testing.T) {
	got := summarize([]sample{{30, 8, 1}, {10, 16, 3}, {20, 24, 2}, {40, 32, 4}})
	if want := (figures{median: 25, minimum: 10, bytes: 20, allocations: 2.5}); got != want {
		t.Errorf("%+v, expected %+v", got, want)
	}
	if got := summarize([]sample{{7, 1, 1}}); got.median != 7 || got.minimum != 7 {
		t.Errorf("of one sample: %+v", got)
	}
}

var sink []byte

// The counters must see what a decision allocates, and nothing when it does not.
func TestMeasure(t *testing.T) {
	if got := measure(1000, func() { sink = make([]byte, 64) }); got.allocations < 0.99 || got.allocations > 1.1 || got.bytes < 63 || got.bytes > 80 {
		t.Errorf("one allocation of 64 bytes: %+v", got)
	}
	if got := measure(1000, func() {}); got.allocations > 0.1 || got.bytes > 16 {
		t.Errorf("no allocation: %+v", got)
	}
}

func TestCalibrate(t *testing.T) {
	work := func() {
		for start := cpuTime(); cpuTime()-start < time.Millisecond; {
		}
	}
	if times := calibrate(20*time.Millisecond, work); times < 10 || times > 21 {
		t.Errorf("%d times of a millisecond make 20 ms", times)
	}
	if times := calibrate(time.Microsecond, work); times != 1 {
		t.Errorf("%d times, expected once for what takes longer than a sample", times)
	}
}

func TestInTurn(t *testing.T) {
	var got []int
	var decisions []Decide
	for i := range 3 {
		decisions = append(decisions, func() string { got = append(got, i); return "" })
	}
	next := inTurn(decisions)
	for range 5 {
		next()
	}
	if want := []int{0, 1, 2, 0, 1}; !slices.Equal(got, want) {
		t.Errorf("%v, expected %v", got, want)
	}
}

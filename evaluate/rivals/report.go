package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/portcullis-iam/portcullis/internal/workload"
)

// header says where, when and how the figures came about.
func header(arguments []string, at time.Time) string {
	command := strings.Join(append([]string{"go run ."}, arguments...), " ")
	return fmt.Sprintf("Machine: %s, %s/%s, one core of %d. Go: %s. Date: %s. Command: `%s`.\n",
		processor(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), at.Format(time.DateOnly), command)
}

// processor returns the model of the CPU where the system tells it.
func processor() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown processor"
	}
	return processorIn(string(info))
}

func processorIn(cpuinfo string) string {
	for line := range strings.Lines(cpuinfo) {
		key, value, _ := strings.Cut(line, ":")
		if strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown processor"
}

// report writes the tables.
func report(header string, r *results) string {
	var b strings.Builder
	b.WriteString(header)
	fmt.Fprintf(&b, "\nOne decision: CPU time, median (minimum); times %s by medians; memory, median.\n\n", portcullisName)
	fmt.Fprintf(&b, "| workload | row | engine | CPU time | x %s | B/op | allocs/op |\n|---|---|---|---:|---:|---:|---:|\n", portcullisName)
	for _, line := range r.decide {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", line.size, line.row, line.engine,
			times(line.figures), ratio(line, r.decide), memory(line.figures))
	}
	b.WriteString("\nParse and compile, per policy document (W1: 1 statement, others: 10): CPU time, median (minimum).\n\n")
	fmt.Fprintf(&b, "| workload | engine | CPU time | x %s | B | allocs |\n|---|---|---:|---:|---:|---:|\n", portcullisName)
	for _, line := range r.compile {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", line.size, line.engine,
			times(line.figures), ratio(line, r.compile), memory(line.figures))
	}
	return b.String()
}

func times(f figures) string { return fmt.Sprintf("%s (%s)", duration(f.median), duration(f.minimum)) }

func memory(f figures) string { return fmt.Sprintf("%.0f | %.0f", f.bytes, f.allocations) }

// duration writes nanoseconds with three or four digits.
func duration(nanoseconds float64) string {
	switch {
	case nanoseconds < 1e3:
		return fmt.Sprintf("%.0f ns", nanoseconds)
	case nanoseconds < 1e6:
		return fmt.Sprintf("%.1f µs", nanoseconds/1e3)
	}
	return fmt.Sprintf("%.2f ms", nanoseconds/1e6)
}

// ratio compares a line with the line of portcullis in the same row; it is a dash
// where portcullis was not measured.
func ratio(line result, all []result) string {
	ours, ok := find(all, line.size, line.row, portcullisName)
	if !ok || ours.median == 0 {
		return "–"
	}
	r := line.figures.median / ours.median
	if r < 10 {
		return fmt.Sprintf("%.1f", r)
	}
	return fmt.Sprintf("%.0f", r)
}

func find(all []result, size workload.Size, row, engine string) (figures, bool) {
	for _, r := range all {
		if r.size == size && r.row == row && r.engine == engine {
			return r.figures, true
		}
	}
	return figures{}, false
}

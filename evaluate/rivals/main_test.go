package main

import (
	"strings"
	"testing"
	"time"

	"github.com/portcullis-iam/portcullis/internal/workload"
)

// The whole program on the smallest workload: every engine has a line in every
// row that there is.
func TestRun(t *testing.T) {
	o, err := parseOptions([]string{"-rounds", "2", "-time", "1ms", "-workloads", "W1"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := run(o, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	rows := len(rowNames()) - 1 // W1 has no explicit deny
	if got, want := len(r.decide), rows*len(engines()); got != want {
		t.Errorf("%d lines of decisions, expected %d", got, want)
	}
	if got, want := len(r.compile), len(engines()); got != want {
		t.Errorf("%d lines of compiling, expected %d", got, want)
	}
	for _, line := range append(r.decide, r.compile...) {
		if line.figures.median <= 0 || line.figures.minimum > line.figures.median {
			t.Errorf("%s %s %s: median %v, minimum %v", line.size, line.row, line.engine, line.figures.median, line.figures.minimum)
		}
	}
}

func TestRunReportsCompileErrors(t *testing.T) {
	broken := Engine{Name: "broken", Compile: func([][]byte) (Prepare, error) { return nil, errBroken }}
	o := options{rounds: 1, sample: time.Millisecond, sizes: []workload.Size{workload.W1}, engines: []Engine{broken}, rows: rowNames()}
	if _, err := run(o, t.Logf); err == nil || !strings.Contains(err.Error(), "broken") {
		t.Errorf("error %v, expected one that names the engine", err)
	}
}

func TestParseOptions(t *testing.T) {
	o, err := parseOptions([]string{"-workloads", "W3,W1", "-engines", "cedar,naive", "-rows", "mix"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range o.engines {
		name, _, _ := strings.Cut(e.Name, " ")
		got = append(got, name)
	}
	if strings.Join(got, " ") != "naive cedar-go cedar-go" {
		t.Errorf("engines %v", got)
	}
	if len(o.sizes) != 2 || o.sizes[0] != workload.W1 || o.sizes[1] != workload.W3 {
		t.Errorf("workloads %v", o.sizes)
	}
	if len(o.rows) != 1 || o.rows[0] != rowMix {
		t.Errorf("rows %v", o.rows)
	}
	for _, arguments := range [][]string{
		{"-workloads", "W5"}, {"-engines", "nobody"}, {"-rows", "mixed"}, {"-rounds", "0"}, {"-time", "0s"}, {"W1"},
	} {
		if _, err := parseOptions(arguments); err == nil {
			t.Errorf("%v: no error", arguments)
		}
	}
}

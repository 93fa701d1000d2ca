package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
)

// An equivalent is a line of the file of mutants that change nothing.
type equivalent struct {
	line   int
	pkg    string
	reason string
	used   bool
}

// readEquivalents reads the file, by key of the mutant.
func readEquivalents(path string) (map[string]*equivalent, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	defer file.Close()
	all := map[string]*equivalent{}
	lines := bufio.NewScanner(file)
	for number := 1; lines.Scan(); number++ {
		text := lines.Text()
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		fields := strings.Split(text, "\t")
		if len(fields) != 6 || fields[5] == "" {
			return nil, fmt.Errorf("%s:%d: want package, function, operator, original, occurrence and reason, separated by tabs", path, number)
		}
		key := strings.Join(fields[:5], "\t")
		if all[key] != nil {
			return nil, fmt.Errorf("%s:%d: the same mutant as in line %d", path, number, all[key].line)
		}
		all[key] = &equivalent{line: number, pkg: fields[0], reason: fields[5]}
	}
	return all, lines.Err()
}

type tally struct {
	mutants, equivalent, notCompiled      int
	killed, timedOut, survived, uncovered int
	elsewhere                             int // killed, but not by the tests of the package itself
}

// score is the killed part of the mutants that change something, in percent.
func (t *tally) score() float64 {
	killed := t.killed + t.timedOut
	if all := killed + t.survived + t.uncovered; all > 0 {
		return 100 * float64(killed) / float64(all)
	}
	return 100
}

// report prints what became of the mutants, and tells whether every package has
// the minimum.
func report(o *options, mutants []*mutant, equivalents map[string]*equivalent, skipped []string, binaries []*binary) bool {
	tallies := map[string]*tally{}
	var left []*mutant
	var wrong []string
	for _, m := range mutants {
		t := tallies[m.pkg]
		if t == nil {
			t = new(tally)
			tallies[m.pkg] = t
		}
		t.mutants++
		known := equivalents[m.key()]
		if known != nil {
			known.used = true
		}
		switch m.result {
		case notCompiled:
			t.notCompiled++
			continue
		case killed, timedOut:
			if known != nil {
				wrong = append(wrong, fmt.Sprintf("line %d is not equivalent, %s kills it: %s", known.line, m.by, m))
			}
			if pkg, _, _ := strings.Cut(m.by, "."); pkg != m.pkg {
				t.elsewhere++
			}
			if m.result == timedOut {
				t.timedOut++
			} else {
				t.killed++
			}
			continue
		}
		if known != nil {
			t.equivalent++
			continue
		}
		if m.result == survived {
			t.survived++
		} else {
			t.uncovered++
		}
		left = append(left, m)
	}

	ok := true
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "package\tmutants\tequivalent\tkilled\ttimed out\tsurvived\tnot covered\tscore\tkilled elsewhere\tdo not compile\t")
	total := new(tally)
	row := func(name string, t *tally) {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%.1f %%\t%d\t%d\t\n", name, t.mutants, t.equivalent, t.killed, t.timedOut, t.survived, t.uncovered, t.score(), t.elsewhere, t.notCompiled)
	}
	for _, folder := range o.packages {
		name := strings.Trim(folder, "/")
		t := tallies[name]
		if t == nil {
			continue
		}
		row(name, t)
		ok = ok && t.score() >= o.minimum
		total.mutants += t.mutants
		total.equivalent += t.equivalent
		total.killed += t.killed
		total.timedOut += t.timedOut
		total.survived += t.survived
		total.uncovered += t.uncovered
		total.elsewhere += t.elsewhere
		total.notCompiled += t.notCompiled
	}
	row("all", total)
	table.Flush()
	for _, m := range left {
		fmt.Printf("\n%s\n  %s\n  %s\n", resultNames[m.result], m, m.line)
	}
	if len(skipped) > 0 {
		fmt.Printf("\nTests left out, since they fail with no mutant on:\n")
		for _, name := range skipped {
			fmt.Println("  " + name)
		}
	}
	if o.slow > 0 {
		fmt.Printf("\nTests left out, since they take longer than %s:\n", o.slow)
		for _, b := range binaries {
			for _, t := range b.tests {
				if t.took > o.slow {
					fmt.Printf("  %s: %s (%.1fs)\n", b.pkg, t.name, t.took.Seconds())
				}
			}
		}
	}
	if o.sample == 0 && o.run == 0 && o.operators == nil {
		for key, known := range equivalents {
			if !known.used && tallies[known.pkg] != nil {
				wrong = append(wrong, fmt.Sprintf("line %d names no mutant: %s", known.line, key))
			}
		}
	}
	slices.Sort(wrong)
	if len(wrong) > 0 {
		fmt.Printf("\nIn the file of equivalent mutants:\n")
		for _, text := range wrong {
			fmt.Println("  " + text)
		}
	}
	return ok
}

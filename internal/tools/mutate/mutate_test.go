package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const sampleCode = `package sample

// Grade has a fast path that changes nothing.
func Grade(points, bonus int, sick bool) (string, bool) {
	total := points + bonus
	if total == 0 && bonus == 0 {
		return "", false
	}
	if total >= 10 || sick {
		total = 10
	}
	for at := 0; at < 3; at++ {
		if at == 2 {
			continue
		}
	}
	if total < 5 {
		return "low", true
	}
	return "high", true
}

func unused(flags uint8) bool { return flags&4 != 0 }
`

const sampleTest = `package sample

import "testing"

func TestGrade(t *testing.T) {
	for points, want := range map[int]string{1: "low", 4: "low", 5: "high", 9: "high", 12: "high"} {
		if got, ok := Grade(points, 0, false); got != want || !ok {
			t.Error(points, got)
		}
	}
	if got, _ := Grade(1, 0, true); got != "high" {
		t.Error(got)
	}
	if got, _ := Grade(3, 2, false); got != "high" {
		t.Error(got)
	}
	if got, ok := Grade(0, 0, false); got != "" || ok {
		t.Error(got)
	}
}

func TestBroken(t *testing.T) { t.Error("always") }
`

// TestMutate goes through a module from its copy to the results.
func TestMutate(t *testing.T) {
	root := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module "+modulePath+"\n\ngo 1.25\n")
	write("sample/sample.go", sampleCode)
	write("sample/sample_test.go", sampleTest)
	o := &options{root: root, packages: []string{"sample"}, timeout: 2 * time.Second, jobs: 2, seed: 1, checks: 1}

	folder := t.TempDir()
	module, err := copyModule(root, folder)
	if err != nil {
		t.Fatal(err)
	}
	mutants, sources, err := module.findMutants(o.packages)
	if err != nil {
		t.Fatal(err)
	}
	binaries, broken, err := module.build(o, mutants, sources)
	if err != nil || len(broken) > 0 {
		t.Fatal(err, broken)
	}
	skipped, err := reach(o, folder, binaries, len(mutants))
	if err != nil {
		t.Fatal(err)
	}
	if len(skipped) != 1 || skipped[0] != "sample: TestBroken" {
		t.Errorf("left out: %v", skipped)
	}
	chosen := choose(o, mutants)
	runAll(o, binaries, chosen)

	got := map[string]string{}
	for _, m := range chosen {
		got[m.operator+" "+m.original+" => "+m.mutated] = resultNames[m.result]
	}
	for mutant, want := range map[string]string{
		"arithmetic points + bonus => points - bonus":                "killed",
		"logic total == 0 && bonus == 0 => total == 0 || bonus == 0": "killed",
		"negate total == 0 => total != 0":                            "killed",
		"negate false => true":                                       "killed",
		"logic total >= 10 || sick => total >= 10 && sick":           "killed",
		"boundary total >= 10 => total > 10":                         "survived",
		"delete total = 10 => nothing":                               "killed",
		"number 10 => 10+1":                                          "survived",
		"arithmetic at++ => at--":                                    "timed out",
		"boundary at < 3 => at <= 3":                                 "survived",
		"delete continue => nothing":                                 "survived",
		"negate total < 5 => total >= 5":                             "killed",
		"boundary total < 5 => total <= 5":                           "killed",
		`zero "low" => the zero value`:                               "killed",
		"negate flags&4 != 0 => flags&4 == 0":                        "not covered",
		"arithmetic flags&4 => flags | 4":                            "not covered",
	} {
		if got[mutant] != want {
			t.Errorf("%s: %q, want %q", mutant, got[mutant], want)
		}
	}
	if t.Failed() {
		for mutant, result := range got {
			t.Log(result, mutant)
		}
	}

	var known strings.Builder
	known.WriteString("# a comment\n\n")
	left := 0
	for _, m := range chosen {
		if m.result == survived || m.result == uncovered {
			left++
			known.WriteString(m.key() + "\tit changes nothing\n")
		}
	}
	write("equivalent.txt", known.String())
	equivalents, err := readEquivalents(filepath.Join(root, "equivalent.txt"))
	if err != nil || len(equivalents) != left {
		t.Errorf("%d equivalent mutants, want %d (%v)", len(equivalents), left, err)
	}
	o.minimum = 100
	if !report(o, chosen, equivalents, skipped, binaries) {
		t.Error("equivalent mutants count")
	}
	if report(o, chosen, nil, skipped, binaries) {
		t.Error("survivors do not count")
	}
	write("equivalent.txt", "sample\tGrade\tnumber\t0\t1\t\n")
	if _, err := readEquivalents(filepath.Join(root, "equivalent.txt")); err == nil {
		t.Error("a line without a reason is accepted")
	}
}

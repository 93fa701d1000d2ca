package main

import (
	"flag"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the output to testdata/output.txt")

// TestOutput compares what the program prints with testdata/output.txt.
func TestOutput(t *testing.T) {
	const golden = "testdata/output.txt"
	var out strings.Builder
	if err := run(&out); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("the output is not that of %s (-want +got); if it should be, run go test with -update:\n%s", golden, diff)
	}
}

// TestOneScreen keeps the story to what fits on one screen.
func TestOneScreen(t *testing.T) {
	const height, width = 45, 100
	var out strings.Builder
	if err := run(&out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) > height {
		t.Errorf("%d lines, more than %d", len(lines), height)
	}
	for _, line := range lines {
		if n := utf8.RuneCountInString(line); n > width {
			t.Errorf("%d columns, more than %d: %s", n, width, line)
		}
	}
}

// TestNothingDangles proves that the account file is whole.
func TestNothingDangles(t *testing.T) {
	directory, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range directory.Problems() {
		t.Error(problem)
	}
}

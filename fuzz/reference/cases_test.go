package reference

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// TestCases runs the documented cases and the rulings: every line must be
// decided as it expects, and no line may be missing.
func TestCases(t *testing.T) {
	for _, file := range []struct {
		name  string
		cases int
	}{
		{"documented.jsonl", 391},
		{"rulings.jsonl", 83},
	} {
		t.Run(file.name, func(t *testing.T) {
			if count := runCases(t, file.name); count != file.cases {
				t.Errorf("%d of %d cases decided as expected", count, file.cases)
			}
		})
	}
}

func runCases(t *testing.T, name string) (asExpected int) {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "testdata", "cases", name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var expectation struct{ ID, Expect, Why string }
		if err := json.Unmarshal(lines.Bytes(), &expectation); err != nil {
			t.Fatal(err)
		}
		verdict := Decide(lines.Bytes())
		if verdict.Decision != expectation.Expect || verdict.ID != expectation.ID {
			t.Errorf("%s: %+v, want %s: %s", expectation.ID, verdict, expectation.Expect, expectation.Why)
			continue
		}
		asExpected++
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return asExpected
}

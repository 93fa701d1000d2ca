package neutral

import (
	"bufio"
	"os"
	"testing"
)

// TestCases decides the worked cases of the AWS documentation and the rulings
// of the semantics, from the project's own copy.
func TestCases(t *testing.T) {
	for file, count := range map[string]int{"documented.jsonl": 391, "rulings.jsonl": 83} {
		f, err := os.Open("../../fuzz/testdata/cases/" + file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		read := 0
		for lines.Scan() {
			read++
			if answer := Run(lines.Bytes()); !answer.AsExpected() || answer.ID == "" {
				t.Errorf("%s: %s, want %s", answer.ID, answer.Decision, answer.Expect)
			}
		}
		if err := lines.Err(); err != nil || read != count {
			t.Errorf("%s: %d cases read, want %d (%v)", file, read, count, err)
		}
	}
}

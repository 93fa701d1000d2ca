package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/internal/neutral"
)

// TestWorkedCases checks the worked cases of the AWS documentation and the
// rulings, as the README says.
func TestWorkedCases(t *testing.T) {
	status, stdout, stderr := invoke("", "-cases", casesDir+"documented.jsonl", casesDir+"rulings.jsonl", "-check")
	const want = "documented.jsonl: 391 of 391\nrulings.jsonl: 83 of 83\n"
	if status != statusYes || stdout != want || stderr != "" {
		t.Errorf("status %d, standard error: %s\nstandard output: %s", status, stderr, stdout)
	}
}

// TestAnswers sees that each case gets one line, in order, of the form that
// FORMAT.md describes.
func TestAnswers(t *testing.T) {
	f, err := os.ReadFile(casesDir + "rulings.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	status, stdout, stderr := invoke(string(f), "-cases", "-")
	if status != statusYes || stderr != "" {
		t.Fatalf("status %d, standard error: %s", status, stderr)
	}
	answers := bufio.NewScanner(strings.NewReader(stdout))
	for line := range strings.Lines(string(f)) {
		var asked struct{ ID, Expect string }
		if err := json.Unmarshal([]byte(line), &asked); err != nil {
			t.Fatal(err)
		}
		if !answers.Scan() {
			t.Fatalf("no answer to %s", asked.ID)
		}
		var answer map[string]string
		if err := json.Unmarshal(answers.Bytes(), &answer); err != nil {
			t.Fatalf("%s: %v", answers.Text(), err)
		}
		decision, _, _ := strings.Cut(answer["decision"], ":") // without the text of an error
		if len(answer) != 2 || answer["id"] != asked.ID || decision != asked.Expect {
			t.Errorf("%s: got %s, want %s", asked.ID, answers.Text(), asked.Expect)
		}
	}
	if answers.Scan() {
		t.Errorf("an answer to nothing: %s", answers.Text())
	}
}

// caseLine is a case that is allowed.
func caseLine(id, expect string) string {
	return fmt.Sprintf(`{"id":%q,"request":{"principal":"arn:aws:iam::111122223333:user/wren","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","resourceAccount":"111122223333"},"identityPolicies":[{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}],"expect":%q}`, id, expect)
}

// TestBadLines sees that a bad line gets an Error and the rest their answers.
func TestBadLines(t *testing.T) {
	const allowed = "Allowed"
	operator := strings.Replace(caseLine("operator", allowed), `"Resource":"*"`, `"Resource":"*","Condition":{"StringSimilar":{"a:b":"<c>"}}`, 1)
	lines := []struct{ line, id, decision string }{
		{caseLine("first", allowed), "first", allowed},
		{"", "", ""},
		{" \t\r", "", ""},
		{"{", "", "Error: "},
		{"no JSON\x00", "", "Error: "},
		{strings.Repeat("[", 100_000), "", "Error: "},
		{`{"id":"nothing asked"}`, "nothing asked", "Error: "},
		{operator, "operator", `Error: identityPolicies[0]: 1:`},
		{caseLine("carriage return", allowed) + "\r", "carriage return", allowed},
		{caseLine("blanks around", allowed) + "  ", "blanks around", allowed},
		{strings.Replace(caseLine("long", allowed), `{"id"`, `{"why":"`+strings.Repeat("x", 3<<20)+`","id"`, 1), "long", allowed},
		{caseLine("last, without an end of line", allowed), "last, without an end of line", allowed},
	}
	var input strings.Builder
	for at, l := range lines {
		if at > 0 {
			input.WriteByte('\n')
		}
		input.WriteString(l.line)
	}
	status, stdout, stderr := invoke(input.String(), "-cases", "-")
	if status != statusYes || stderr != "" {
		t.Errorf("status %d, standard error: %s", status, stderr)
	}
	answers := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
	for _, l := range lines {
		if l.decision == "" { // blank lines get no answer
			continue
		}
		if len(answers) == 0 {
			t.Fatalf("no answer to %.50s", l.line)
		}
		var answer neutral.Answer
		if err := json.Unmarshal([]byte(answers[0]), &answer); err != nil {
			t.Fatal(err)
		}
		if answer.ID != l.id || !strings.HasPrefix(answer.Decision, l.decision) {
			t.Errorf("%.50s: got %s, want %s…", l.line, answers[0], l.decision)
		}
		answers = answers[1:]
	}
	if len(answers) > 0 {
		t.Errorf("answers to nothing: %q", answers)
	}
}

// TestDifferences sees that -check tells cases that differ, with their lines.
func TestDifferences(t *testing.T) {
	input := strings.Join([]string{
		caseLine("right", "Allowed"), "", caseLine("wrong", "ExplicitlyDenied"), "}", caseLine("open", ""),
	}, "\n") + "\n"
	status, stdout, stderr := invoke(input, "-check", "-cases", "-")
	lines := strings.Split(stdout, "\n")
	want := []string{
		`standard input:3: "wrong": "Allowed", expected ExplicitlyDenied`,
		`standard input:4: "": "Error: `,
		`standard input:5: "open": "Allowed", expected nothing`,
		`standard input: 1 of 4`,
	}
	if status != statusNo || stderr != "" || len(lines) != len(want)+1 {
		t.Fatalf("status %d, standard error: %q, standard output:\n%s", status, stderr, stdout)
	}
	for at, beginning := range want {
		if !strings.HasPrefix(lines[at], beginning) {
			t.Errorf("got  %s\nwant %s…", lines[at], beginning)
		}
	}
}

// TestSeveralFiles sees that a file that is not there does not hide the others.
func TestSeveralFiles(t *testing.T) {
	status, stdout, stderr := invoke("", "-check", "-cases", "testdata/nowhere.jsonl", casesDir+"rulings.jsonl")
	if status != statusBad || stdout != "rulings.jsonl: 83 of 83\n" || !strings.Contains(stderr, "nowhere.jsonl") {
		t.Errorf("status %d, standard error: %q, standard output:\n%s", status, stderr, stdout)
	}
}

// TestLongLines sees that a line over the limit is an Error, and that the next
// one is read from its start, also where the limit falls on the edge of the
// reader's buffer.
func TestLongLines(t *testing.T) {
	for _, length := range []int{1000, 1001, 1 << 16, 1<<16 + 1, 200_000} {
		const limit = 1000
		input := strings.Repeat("x", length) + "\n" + caseLine("next", "Allowed")
		var got []string
		err := eachCase(strings.NewReader(input), limit, func(line int, answer neutral.Answer) {
			got = append(got, fmt.Sprintf("%d %s %.20s", line, answer.ID, answer.Decision))
		})
		if err != nil || len(got) != 2 || !strings.HasPrefix(got[0], "1  Error: ") || got[1] != "2 next Allowed" {
			t.Errorf("%d bytes: %q, %v", length, got, err)
		}
	}
	got := 0
	err := eachCase(strings.NewReader(strings.Repeat("x", 2000)), 1000, func(int, neutral.Answer) { got++ })
	if err != nil || got != 1 {
		t.Errorf("a long line at the end: %d answers, %v", got, err)
	}
}

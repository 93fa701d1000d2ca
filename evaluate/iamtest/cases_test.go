package iamtest

import (
	"fmt"
	"strings"
	"testing"
)

// TestBrokenCases tells that a line that is no case says what is wrong with it,
// and that a case must expect something.
func TestBrokenCases(t *testing.T) {
	const request = `"request": {"principal": "arn:aws:iam::111122223333:user/wren", "action": "sqs:SendMessage", "resource": "arn:aws:sqs:eu-west-1:111122223333:nest"}`
	for _, test := range []struct{ name, line, want string }{
		{"not JSON", `allow wren`, "cases.jsonl:7: this is no case: "},
		{"nothing expected", `{"id": "a", ` + request + `}`, `cases.jsonl:7: case "a" expects nothing: give it "expect"`},
		{"another decision", `{"id": "a", "expect": "Allowed", ` + request + `}`, `cases.jsonl:7: case "a": sqs:SendMessage should be Allowed, and is not`},
		{"as expected", `{"id": "a", "expect": "ImplicitlyDenied", ` + request + `}`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := new(recorder)
			newCase("cases.jsonl", 7, []byte(test.line)).check(r)
			if test.want == "" && r.text != "" || !strings.Contains(r.text, test.want) {
				t.Errorf("reported %q, want %q", r.text, test.want)
			}
		})
	}
}

// TestNamesOfCases tells how subtests are named.
func TestNamesOfCases(t *testing.T) {
	for _, test := range []struct{ line, want string }{
		{`{"expect": "Allowed", "request": {"principal": "arn:aws:sts::111122223333:assumed-role/app/run 1", "action": "s3:GetObject", "resource": "arn:aws:s3:::nest/a/b c\"d"}}`,
			"session_run_1_of_role_app/s3:GetObject/nest_a_b_cd"},
		{`nonsense`, "line_7"},
	} {
		if got := newCase("cases.jsonl", 7, []byte(test.line)).name; got != test.want {
			t.Errorf("%s is named %q, want %q", test.line, got, test.want)
		}
	}
}

// A recorder is a test that keeps what is reported to it.
type recorder struct {
	testing.TB
	text string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, arguments ...any) {
	r.text += fmt.Sprintf(format, arguments...)
}

package evaluate_test

import (
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// TestLocation tells where statements stand in the files that they came from.
func TestLocation(t *testing.T) {
	const text = "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"*\"},\n" +
		"  {\"Effect\": \"Allow\", \"Action\": \"s3:PutObject\", \"Resource\": \"*\"}]}"
	compiled, err := policy.Load(policy.IdentityBased, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	document, err := policy.Parse(policy.IdentityBased, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for at := range document.Statements {
		document.Statements[at].Start, document.Statements[at].End = policy.Position{}, policy.Position{}
	}
	built, err := policy.Compile(document)
	if err != nil {
		t.Fatal(err)
	}
	at := policy.Position{Offset: 900, Line: 12, Column: 20}
	for _, test := range []struct {
		name          string
		policy        *policy.Policy
		source        principal.Source
		first, second string
	}{
		{"an object in a file", compiled, principal.Source{File: "account.json", Position: at}, "account.json:12:35", "account.json:13:3"},
		{"a whole file", compiled, principal.Source{File: "read.json", Position: policy.Position{Line: 1, Column: 1}}, "read.json:1:16", "read.json:2:3"},
		{"a string in a file", compiled, principal.Source{File: "account.json", Position: at, Encoded: true}, "account.json:12:20", "account.json:12:20"},
		{"no position in the document", built, principal.Source{File: "account.json", Position: at}, "account.json:12:20", "account.json:12:20"},
		{"no position in the file", compiled, principal.Source{File: "account.json"}, "account.json", "account.json"},
		{"no file", compiled, principal.Source{}, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			who, err := principal.Identify("arn:aws:iam::111122223333:user/wren", "")
			if err != nil {
				t.Fatal(err)
			}
			e, err := evaluate.New(&principal.Principal{Identity: who, IdentityPolicies: []principal.Attachment{{Policy: test.policy, Source: test.source}}})
			if err != nil {
				t.Fatal(err)
			}
			for action, want := range map[string]string{"s3:GetObject": test.first, "s3:PutObject": test.second} {
				request, err := evaluate.NewRequest(action, "arn:aws:s3:::reports/may", "111122223333")
				if err != nil {
					t.Fatal(err)
				}
				statement, found := e.Evaluate(request).Statement()
				if got := statement.Location(); !found || got.String() != want || got.Position.Offset != 0 {
					t.Errorf("%s: decided at %q (%+v), want %q", action, got, got, want)
				}
			}
		})
	}
	if got := (evaluate.StatementRef{}).Location(); got != (evaluate.Location{}) {
		t.Errorf("the zero StatementRef is at %v", got)
	}
}

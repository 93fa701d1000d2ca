package evaluate_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// TestLocationInFiles tells where a statement stands in files as people have
// them: what stands at the place must be the statement.
func TestLocationInFiles(t *testing.T) {
	const (
		one      = `{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}`
		document = `{"Version": "2012-10-17", "Statement": [` + one + `]}`
	)
	account := func(user, document string) string {
		return `{"UserDetailList": [{"UserName": "` + user + `", "Arn": "arn:aws:iam::111122223333:user/` + user + `", "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": ` + document + `}]}]}`
	}
	lines := strings.NewReplacer(", ", ",\n\t", "[{", "[\n\t{").Replace
	for _, test := range []struct {
		name   string
		files  []string // users wren, then kit
		begins string   // what stands at the place of the statement
	}{
		{"one line", []string{account("wren", document)}, one},
		{"minified", []string{strings.ReplaceAll(account("wren", document), " ", "")}, strings.ReplaceAll(one, " ", "")},
		{"many lines", []string{lines(account("wren", document))}, lines(one)},
		{"CRLF", []string{strings.ReplaceAll(lines(account("wren", document)), "\n", "\r\n")}, strings.ReplaceAll(lines(one), "\n", "\r\n")},
		{"CR", []string{strings.ReplaceAll(lines(account("wren", document)), "\n", "\r")}, strings.ReplaceAll(lines(one), "\n", "\r")},
		{"several bytes in front", []string{account("wren", strings.Replace(document, `"Statement"`, `"Id": "é😀ö", "Statement"`, 1))}, one},
		{"several bytes before the document", []string{strings.Replace(account("wren", document), `"UserPolicyList"`, `"Tags": [{"Key": "team", "Value": "é😀ö"}], "UserPolicyList"`, 1)}, one},
		{"a string", []string{account("wren", strconv.Quote(document))}, strconv.Quote(document)},
		{"a percent-encoded string", []string{account("wren", strconv.Quote(url.PathEscape(document)))}, `"%7B`},
		{"the second page", []string{`{"RoleDetailList": []}` + "\n" + account("wren", document)}, one},
		{"two files", []string{account("wren", document), "\n\n" + account("kit", document)}, one},
	} {
		t.Run(test.name, func(t *testing.T) {
			var files []string
			for at, text := range test.files {
				file := filepath.Join(t.TempDir(), strconv.Itoa(at)+".json")
				if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
				files = append(files, file)
			}
			directory, err := principal.LoadFiles(files...)
			if err != nil {
				t.Fatal(err)
			}
			for at, user := range []string{"wren", "kit"}[:len(files)] {
				decision, err := evaluate.Ask(directory, "arn:aws:iam::111122223333:user/"+user, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:nest", nil)
				if err != nil {
					t.Fatal(err)
				}
				statement, found := decision.Statement()
				place := statement.Location()
				if !found || place.File != files[at] {
					t.Fatalf("%v is at %v, want %s", decision, place, files[at])
				}
				if got := textAt(test.files[at], place.Position); !strings.HasPrefix(got, test.begins) {
					t.Errorf("%s: there stands %.80q, want %.80q", place, got, test.begins)
				}
			}
		})
	}
}

// textAt gives what stands at a place: a line ends with LF, and a column is a code
// point.
func textAt(text string, at policy.Position) string {
	for line := int32(1); line < at.Line; line++ {
		_, text, _ = strings.Cut(text, "\n")
	}
	runes := []rune(text)
	return string(runes[min(len(runes), int(at.Column)-1):])
}

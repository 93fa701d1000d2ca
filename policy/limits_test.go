package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/portcullis-iam/portcullis/policy"
)

// TestMaxDocumentBytes: a text of so many bytes is read, and one with another
// byte is not.
func TestMaxDocumentBytes(t *testing.T) {
	t.Parallel()
	text := `{"Statement": []}` + strings.Repeat(" ", policy.MaxDocumentBytes)
	if _, err := policy.Parse(policy.IdentityBased, []byte(text[:policy.MaxDocumentBytes])); err != nil {
		t.Error(err)
	}
	_, err := policy.Parse(policy.IdentityBased, []byte(text[:policy.MaxDocumentBytes+1]))
	const want = "1:1048577: the document has 1048577 bytes, more than the 1048576 that are read (DOCUMENT_TOO_LARGE)"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestMaxStatements: so many statements are read, and of more the first one is
// reported, once.
func TestMaxStatements(t *testing.T) {
	t.Parallel()
	document := func(count int) []byte {
		all := strings.Repeat(`,{"Effect":"Deny","Action":[],"Resource":[]}`, count)
		return []byte(`{"Statement":[` + all[1:] + `]}`)
	}
	if d, err := policy.Parse(policy.IdentityBased, document(policy.MaxStatements)); err != nil || len(d.Statements) != policy.MaxStatements {
		t.Error(err)
	}
	_, err := policy.Parse(policy.IdentityBased, document(policy.MaxStatements+3))
	if diff := cmp.Diff([]string{"Statement[4096] TOO_MANY_STATEMENTS"}, brief(err)); diff != "" {
		t.Errorf("errors differ (-want +got):\n%s", diff)
	}
}

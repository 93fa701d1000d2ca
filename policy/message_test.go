package policy_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/policy"
)

// TestMessages has the advice of the errors that say different things under one
// code.
func TestMessages(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind policy.Kind
		text string
		want string
	}{
		{policy.IdentityBased, `"x"`, `a policy document is an object, and this is a string: if it holds a document, take that out first`},
		{policy.IdentityBased, `{"Statement": "x"}`, `an object or an array of objects belongs here, not a string`},
		{policy.IdentityBased, `{"Statement": -1}`, `an object or an array of objects belongs here, not a number`},
		{policy.IdentityBased, `{"Statement": true}`, `an object or an array of objects belongs here, not a Boolean`},
		{policy.IdentityBased, `{"Statement": false}`, `an object or an array of objects belongs here, not a Boolean`},
		{policy.IdentityBased, `{"Statement": null}`, `an object or an array of objects belongs here, not null`},
		{policy.IdentityBased, `{"Statement": [], "Id": {}}`, `a string belongs here, not an object`},
		{policy.IdentityBased, `{"Statement": [], "Id": []}`, `a string belongs here, not an array`},

		{policy.IdentityBased, `{"Effect": "Deny", "Statement": []}`, `Effect is an element of a statement, not of the document: move it into Statement`},
		{policy.IdentityBased, `{"Statement": {"Id": "x"}}`, `Id is an element of the document, not of a statement: move it out`},
		{policy.IdentityBased, `{"Statement": [], "version": ""}`, `"version" is not an element of a policy document: write Version`},
		{policy.IdentityBased, `{"Statement": [], "Versions": ""}`, `"Versions" is not an element of a policy document: write Version`},
		{policy.IdentityBased, `{"Statement": [], "effect": ""}`, `"effect" is not an element of a policy document: remove it`},
		{policy.IdentityBased, `{"Statement": {"ACTION": []}}`, `"ACTION" is not an element of a statement: write Action`},
		{policy.IdentityBased, `{"Statement": {"conditions": {}}}`, `"conditions" is not an element of a statement: write Condition`},
		{policy.IdentityBased, `{"Statement": {"version": ""}}`, `"version" is not an element of a statement: remove it`},

		{policy.IdentityBased, `{"Statement": {"Principal": "*"}}`, `an identity-based policy takes no Principal: it applies to whom it is attached to; remove it`},
		{policy.Session, `{"Statement": {"NotPrincipal": "*"}}`, `a session policy takes no NotPrincipal: it applies to whom it is attached to; remove it`},
		{policy.VPCEndpoint, `{"Statement": {}}`, `a statement of a VPC endpoint policy needs Principal: say to whom it applies`},
	} {
		_, err := policy.Parse(tt.kind, []byte(tt.text))
		var all policy.Errors
		errors.As(err, &all)
		var messages []string
		for _, one := range all {
			messages = append(messages, one.Message)
		}
		if !strings.Contains("\n"+strings.Join(messages, "\n")+"\n", "\n"+tt.want+"\n") {
			t.Errorf("%s: got %q, want %q", tt.text, messages, tt.want)
		}
	}
}

// TestSixtyBytesAreShown, in a message and in a path; in a path longer names
// are no words either.
func TestSixtyBytesAreShown(t *testing.T) {
	t.Parallel()
	const shown = 60
	fits := strings.Repeat("x", shown)
	for _, tt := range []struct{ name, path, message string }{
		{fits, "." + fits, `"` + fits + `" is not`},
		{fits + "x", `["` + fits + `"…]`, `"` + fits + `"… is not`},
	} {
		_, err := policy.Parse(policy.IdentityBased, []byte(statement(`"Action": "*", "Resource": "*", "`+tt.name+`": 1`)))
		var first *policy.Error
		if !errors.As(err, &first) || first.Path != "Statement[0]"+tt.path || !strings.HasPrefix(first.Message, tt.message) {
			t.Errorf("%d bytes: got %v", len(tt.name), err)
		}
	}
}

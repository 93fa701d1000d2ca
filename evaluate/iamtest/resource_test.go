package iamtest_test

import (
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate/iamtest"
	"github.com/portcullis-iam/portcullis/principal"
)

// TestResourcePolicies tells that what the policy of a resource grants is found
// where the resource is named, and that the keys it looks at are unknown.
func TestResourcePolicies(t *testing.T) {
	const app = "arn:aws:iam::111122223333:role/app"
	b := principal.NewBuilder()
	b.AddRole("111122223333", principal.RoleDetail{Name: "app", Inline: []principal.NamedDocument{{Name: "read", File: "read.json",
		Document: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::nest/*"}]}`}}})
	b.AddResource(principal.ResourceDetail{ARN: "arn:aws:s3:::nest", AccountID: "111122223333", File: "nest.json", Document: `{"Version":"2012-10-17","Statement":[
  {"Sid":"AppWrites","Effect":"Allow","Principal":{"AWS":"` + app + `"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::nest/*"},
  {"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::nest/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`})
	directory, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	rules := iamtest.Rules{iamtest.On("arn:aws:s3:::nest/*", "s3:GetObject").If("aws:SecureTransport")}
	for _, test := range []struct {
		name    string
		rules   iamtest.Rules
		options []iamtest.Option
		want    []string // in the report, nothing if there is none
	}{
		{"both are found", rules, nil, []string{"nest.json:2:3", "s3:PutObject on arn:aws:s3:::nest/*", "aws:SecureTransport"}},
		{"the resource is an option", nil, []iamtest.Option{iamtest.Resources("arn:aws:s3:::nest")}, []string{"nest.json:2:3", "read.json:1:38"}},
		{"both are listed", append(rules, iamtest.On("arn:aws:s3:::nest/*", "s3:PutObject").If("aws:SecureTransport")), nil, nil},
		{"over TLS", iamtest.Rules{iamtest.On("arn:aws:s3:::nest/*", "s3:GetObject", "s3:PutObject")},
			[]iamtest.Option{iamtest.With("aws:SecureTransport", true)}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := reported(func(t testing.TB) { iamtest.New(t, directory).OnlyAllows(app, test.rules, test.options...) })
			if len(test.want) == 0 && got != "" {
				t.Errorf("reported:\n%s", got)
			}
			for _, part := range test.want {
				if !strings.Contains(got, part) {
					t.Errorf("%q is missing in:\n%s", part, got)
				}
			}
		})
	}
}

package principal

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/portcullis-iam/portcullis/policy"
)

// TestFilePosition holds the positions of a file, asked for in any order,
// against counting from the start of the text.
func TestFilePosition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "\n", "é", "😀", strings.Repeat("x", 1000), strings.Repeat("\nö", 700)}), 0, 40).Draw(t, "text"), "")
		f := &file{text: text}
		for _, offset := range rapid.SliceOfN(rapid.IntRange(0, len(text)+1), 1, 20).Draw(t, "offsets") {
			before := text[:min(offset, len(text))]
			line := strings.LastIndexByte(before, '\n') + 1
			column := int32(1)
			for _, b := range []byte(before[line:]) {
				if b < 0x80 || b >= 0xC0 { // the first byte of a code point
					column++
				}
			}
			want := policy.Position{Offset: int32(len(before)), Line: int32(1 + strings.Count(before, "\n")), Column: column}
			if got := f.position(offset); got != want {
				t.Fatalf("offset %d is at %+v, want %+v", offset, got, want)
			}
		}
	})
}

// placedAccount has a document in each of the three encodings. What stands at a
// place begins with the text beside its name below.
const placedAccount = `{"RoleDetailList": [{
  "RoleName": "app", "Arn": "arn:aws:iam::111111111111:role/app",
  "AssumeRolePolicyDocument": {"Statement": {"Sid": "é", "Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}},
  "RolePolicyList": [
    {"PolicyName": "plain", "PolicyDocument": "{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}}"},
    {"PolicyName": "encoded", "PolicyDocument": "%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22sqs%3A%2A%22%2C%22Resource%22%3A%22%2A%22%7D%7D"}
  ],
  "AttachedManagedPolicies": [{"PolicyArn": "arn:aws:iam::111111111111:policy/Base"}, {"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
  "PermissionsBoundary": {"PermissionsBoundaryArn": "arn:aws:iam::111111111111:policy/Base"}
}]}
{"Policies": [{"PolicyName": "Base", "Arn": "arn:aws:iam::111111111111:policy/Base", "PolicyVersionList": [
  {"VersionId": "v1", "IsDefaultVersion": true, "Document": {
    "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}}]}]}
`

// TestPlaces tells where the documents of a file and of code stand.
func TestPlaces(t *testing.T) {
	const text = `{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}`
	b := NewBuilder()
	b.LoadAccountDetails("account.json", []byte(placedAccount))
	b.AddUser("111111111111", UserDetail{Name: "wren", Inline: []NamedDocument{{Name: "own", Document: text, File: "own.json"}, {Name: "coded", Document: text}},
		Attached: []string{"arn:aws:iam::111111111111:policy/Filed"}})
	b.AddManagedPolicy("111111111111", ManagedPolicyDetail{Name: "Filed", Document: text, File: "filed.json"})
	trust := `{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}`
	b.AddRole("111111111111", RoleDetail{Name: "job", Trust: trust, TrustFile: "trust.json"})
	b.AddResource(ResourceDetail{ARN: "arn:aws:s3:::reports", AccountID: "111111111111", File: "bucket.json",
		Document: `{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}`})
	b.SetOrganization(Organization{ID: "o-1", ManagementAccount: "999999999999",
		Root: OrganizationNode{ID: "r-1", ServiceControlPolicies: []string{FullAWSAccess, "guard"},
			Accounts: []OrganizationAccount{{ID: "111111111111", ServiceControlPolicies: []string{FullAWSAccess}}}},
		ServiceControlPolicies: []NamedDocument{{Name: "guard", Document: text, File: "guard.json"}}})
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	see := func(attachments ...Attachment) {
		for _, a := range attachments {
			s := a.Source
			line := s.Name + " " + s.Type.String() + ": " + s.File + ":" + s.Position.String()
			if s.Encoded {
				line += " encoded"
			}
			got = append(got, line)
		}
	}
	for _, caller := range []string{"role/app", "user/wren"} {
		p, err := d.Principal("arn:aws:iam::111111111111:" + caller)
		if err != nil {
			t.Fatal(err)
		}
		see(p.IdentityPolicies...)
		see(p.PermissionsBoundaries...)
		if caller == "user/wren" {
			see(p.ServiceControlLevels[0].Policies...)
		}
	}
	for _, resource := range []string{"arn:aws:iam::111111111111:role/app", "arn:aws:iam::111111111111:role/job", "arn:aws:s3:::reports/may"} {
		r, err := d.Resource(resource, "")
		if err != nil {
			t.Fatal(err)
		}
		see(*r.Policy)
	}
	diff(t, "places", got, []string{
		"plain inline policy: account.json:5:47 encoded",
		"encoded inline policy: account.json:6:49 encoded",
		"Base managed policy: account.json:12:61",
		"ReadOnlyAccess AWS managed policy: :-",
		"Base permissions boundary: account.json:12:61",
		"own inline policy: own.json:1:1",
		"coded inline policy: :-",
		"Filed managed policy: filed.json:1:1",
		"FullAWSAccess service control policy: :-",
		"guard service control policy: guard.json:1:1",
		" trust policy: account.json:3:31",
		" trust policy: trust.json:1:1",
		" resource-based policy: bucket.json:1:1",
	})
}

// TestErrorsTellTheFileOfCodedDocuments tells that a fault in a document that is
// a whole file is reported with its place there.
func TestErrorsTellTheFileOfCodedDocuments(t *testing.T) {
	b := NewBuilder()
	b.AddUser("111111111111", UserDetail{Name: "wren", Inline: []NamedDocument{{Name: "own", File: "policies/own.json",
		Document: "{\n  \"Statement\": {\"Effect\": \"Perhaps\", \"Action\": \"s3:*\", \"Resource\": \"*\"}}"}}})
	_, err := b.Build()
	var fault *Error
	if !errors.As(err, &fault) {
		t.Fatalf("got %v", err)
	}
	if fault.File != "policies/own.json" || !strings.Contains(err.Error(), "\n\tpolicies/own.json:2:") {
		t.Errorf("the error does not tell the place: %v", err)
	}
}

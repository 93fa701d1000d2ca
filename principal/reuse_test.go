package principal

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/policy"
)

func allow(action string) string {
	return fmt.Sprintf(`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": %q, "Resource": "*"}}`, action)
}

// reusable is an account with a policy in each capacity; the inline policy of
// alice is the one given.
func reusable(t *testing.T, previous *Directory, inline string) *Directory {
	t.Helper()
	trust := `{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}`
	b := NewBuilder()
	b.Reuse(previous)
	b.AddAccount(AccountDetails{
		AccountID: "111111111111",
		Users: []UserDetail{{Name: "alice", Groups: []string{"all"}, Inline: []NamedDocument{{Name: "mine", Document: inline}},
			Attached: []string{"arn:aws:iam::111111111111:policy/Base"}, Boundary: "arn:aws:iam::111111111111:policy/Base"}},
		Groups:   []GroupDetail{{Name: "all", Inline: []NamedDocument{{Name: "ours", Document: allow("sqs:*")}}}},
		Roles:    []RoleDetail{{Name: "deploy", Trust: trust, Attached: []string{"arn:aws:iam::aws:policy/ReadOnlyAccess"}}},
		Policies: []ManagedPolicyDetail{{Name: "Base", Document: allow("s3:*")}},
	})
	b.AddResource(ResourceDetail{ARN: "arn:aws:s3:::bucket", AccountID: "111111111111",
		Document: `{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}`})
	b.SetOrganization(Organization{ID: "o-1", ManagementAccount: "999999999999",
		Root: OrganizationNode{ID: "r-1", ServiceControlPolicies: []string{FullAWSAccess, "guard"}, Accounts: []OrganizationAccount{
			{ID: "111111111111", ServiceControlPolicies: []string{FullAWSAccess}}}},
		ServiceControlPolicies: []NamedDocument{{Name: "guard", Document: allow("ec2:*")}}})
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// policiesOf lists the compiled policies of a directory by where they are.
func policiesOf(t *testing.T, d *Directory) map[string]*policy.Policy {
	t.Helper()
	found := make(map[string]*policy.Policy)
	note := func(attachments ...Attachment) {
		for _, a := range attachments {
			found[a.Source.String()] = a.Policy
		}
	}
	for caller := range d.Principals() {
		p, err := d.Principal(caller)
		if err != nil {
			t.Fatal(err)
		}
		note(p.IdentityPolicies...)
		note(p.PermissionsBoundaries...)
		for _, level := range p.ServiceControlLevels {
			note(level.Policies...)
		}
	}
	for _, name := range []string{"arn:aws:s3:::bucket", "arn:aws:iam::111111111111:role/deploy"} {
		r, err := d.Resource(name, "")
		if err != nil {
			t.Fatal(err)
		}
		note(*r.Policy)
	}
	return found
}

func TestReuse(t *testing.T) {
	t.Parallel()
	first := reusable(t, nil, allow("iam:GetUser"))
	before := policiesOf(t, first)
	if len(before) != 10 {
		t.Fatalf("the directory shows %d policies, want 10: %v", len(before), slices.Sorted(maps.Keys(before)))
	}
	same := policiesOf(t, reusable(t, first, allow("iam:GetUser")))
	for where, policy := range before {
		if same[where] != policy {
			t.Errorf("%s was compiled again although it has not changed", where)
		}
	}
	cold := policiesOf(t, reusable(t, nil, allow("iam:GetUser")))
	for where, policy := range before {
		if cold[where] == policy {
			t.Errorf("%s was taken from a directory that nobody gave", where)
		}
	}

	second := reusable(t, first, allow("iam:GetRole"))
	changed := policiesOf(t, second)
	const inline = "inline policy mine of user alice"
	for where, policy := range before {
		if (changed[where] == policy) != (where != inline) {
			t.Errorf("%s: taken over is %t", where, changed[where] == policy)
		}
	}
	// What the second does not have is not handed on to the third.
	third := policiesOf(t, reusable(t, second, allow("iam:GetUser")))
	if third[inline] == before[inline] {
		t.Errorf("%s is kept alive although no directory has it", inline)
	}
}

// TestReuseKind compiles a text anew for another kind of policy.
func TestReuseKind(t *testing.T) {
	t.Parallel()
	b := NewBuilder()
	b.AddRole("111111111111", RoleDetail{Name: "deploy", Inline: []NamedDocument{{Name: "text", Document: allow("s3:*")}}})
	first, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	b = NewBuilder()
	b.Reuse(first)
	b.AddRole("111111111111", RoleDetail{Name: "deploy", Trust: allow("s3:*")})
	var failures Errors
	if _, err := b.Build(); !errors.As(err, &failures) {
		t.Errorf("an identity-based policy serves as a trust policy: %v", err)
	}
	// Failing leaves no trace in the builder: the next build still reuses.
	b = NewBuilder()
	b.Reuse(new(Directory))
	b.Reuse(first)
	b.AddUser("111111111111", UserDetail{Name: "alice", Inline: []NamedDocument{{Name: "other", Document: allow("s3:*")}}})
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	was, err := first.Principal("arn:aws:iam::111111111111:role/deploy")
	if err != nil {
		t.Fatal(err)
	}
	is, err := d.Principal("arn:aws:iam::111111111111:user/alice")
	if err != nil {
		t.Fatal(err)
	}
	if was.IdentityPolicies[0].Policy != is.IdentityPolicies[0].Policy {
		t.Error("the same text under another name was compiled again")
	}
}

// TestReuseNothing: the last call counts, also if it offers nothing.
func TestReuseNothing(t *testing.T) {
	t.Parallel()
	first := reusable(t, nil, allow("iam:GetUser"))
	b := NewBuilder()
	b.Reuse(first)
	b.Reuse(nil)
	b.AddUser("111111111111", UserDetail{Name: "alice", Inline: []NamedDocument{{Name: "mine", Document: allow("iam:GetUser")}}})
	d := mustBuild(t, b)
	const alice = "arn:aws:iam::111111111111:user/alice"
	was, err := first.Principal(alice)
	if err != nil {
		t.Fatal(err)
	}
	is, err := d.Principal(alice)
	if err != nil {
		t.Fatal(err)
	}
	if was.IdentityPolicies[0].Source.Name != "mine" || was.IdentityPolicies[0].Policy == is.IdentityPolicies[0].Policy {
		t.Errorf("the policy was taken over: %v", was.IdentityPolicies[0].Source)
	}
}

// BenchmarkReload loads an account near the default quotas of which one policy
// has changed: cold, and with the compiled policies of the directory before.
func BenchmarkReload(b *testing.B) {
	text := generateAccount(fullAccount)
	previous, err := Load(File{Name: "account.json", Text: text})
	if err != nil {
		b.Fatal(err)
	}
	at := bytes.Index(text, []byte(`"s3:GetObject"`))
	changed := slices.Concat(text[:at], []byte(strings.Replace(`"s3:GetObject"`, "Object", "Bucket", 1)), text[at+len(`"s3:GetObject"`):])
	for _, reuse := range []bool{false, true} {
		b.Run(fmt.Sprintf("reuse=%t", reuse), func(b *testing.B) {
			b.SetBytes(int64(len(changed)))
			b.ReportAllocs()
			for b.Loop() {
				builder := NewBuilder()
				if reuse {
					builder.Reuse(previous)
				}
				builder.LoadAccountDetails("account.json", changed)
				if _, err := builder.Build(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

package iamtest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/portcullis-iam/portcullis/evaluate/iamtest"
	"github.com/portcullis-iam/portcullis/principal"
)

// TestPermissions: each permission is there once, with where and when it counts,
// and with the statement that gives it.
func TestPermissions(t *testing.T) {
	t.Parallel()
	const document = `{"Version": "2012-10-17", "Statement": [
{"Sid": "Notes", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::notes/*"},
{"Sid": "Private", "Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::notes/private/*"},
{"Sid": "Notes again", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::notes/a*"},
{"Sid": "Alarms", "Effect": "Allow", "Action": "sns:Publish", "Resource": "arn:aws:sns:*:111122223333:alarms", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}},
{"Sid": "Metrics", "Effect": "Allow", "Action": "cloudwatch:PutMetricData", "Resource": "*"}]}`
	b := principal.NewBuilder()
	b.AddUser("111122223333", principal.UserDetail{Name: "kit", Inline: []principal.NamedDocument{{Name: "work", Document: document, File: "work.json"}}})
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	const caller = "arn:aws:iam::111122223333:user/kit"
	type line struct{ Action, Resource, Condition, Except, By string }
	list := func(options ...iamtest.Option) (lines []line) {
		all, err := iamtest.Permissions(d, caller, options...)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range all {
			if (p.Condition == "") != (len(p.Keys) == 0) || p.OtherAccounts {
				t.Errorf("%+v", p)
			}
			lines = append(lines, line{p.Action.String(), p.Resource, p.Condition, p.Except, p.By})
		}
		return lines
	}
	const of = " of inline policy work of user kit"
	want := []line{
		{"cloudwatch:PutMetricData", "*", "", "", `work.json:6:1: statement "Metrics"` + of},
		{"s3:GetObject", "arn:aws:s3:::notes/*", "", "arn:aws:s3:::notes/private/*", `work.json:2:1: statement "Notes"` + of},
		{"sns:Publish", "arn:aws:sns:*:111122223333:alarms", `Bool aws:MultiFactorAuthPresent "true"`, "", `work.json:5:1: statement "Alarms"` + of},
	}
	if diff := cmp.Diff(want, list()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want[2].Condition = ""
	if diff := cmp.Diff(want, list(iamtest.With("aws:MultiFactorAuthPresent", true))); diff != "" {
		t.Errorf("with MFA (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[:2], list(iamtest.Absent("aws:MultiFactorAuthPresent"))); diff != "" {
		t.Errorf("without MFA (-want +got):\n%s", diff)
	}
	if all, err := iamtest.Permissions(d, "arn:aws:iam::111122223333:user/Kit"); err == nil || all != nil {
		t.Errorf("of nobody: %v, error %v", all, err)
	}
	if all, err := iamtest.Permissions(d, caller, iamtest.With("a:b", struct{}{})); err == nil || all != nil {
		t.Errorf("with a value that is none: %v, error %v", all, err)
	}
}

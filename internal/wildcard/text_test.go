package wildcard_test

import (
	"testing"

	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// TestResourceText tells that an entry gives back what it was compiled from.
func TestResourceText(t *testing.T) {
	for _, text := range []string{
		"*", "arn:aws:s3:::reports/*", "arn:aws:s3:::reports", "arn:*:sqs:*:111122223333:a?b*", "arn:aws:ec2:*", "arn:aws:*", "arn:a*s:s3",
	} {
		entry := wildcard.CompileResource(text, wildcard.AlwaysComplete)
		if got := entry.Text(); got != text {
			t.Errorf("%q gives back %q", text, got)
		}
	}
	merged := wildcard.CompileResource("arn:aws:s3:::**", wildcard.AlwaysComplete)
	if got := merged.Text(); got != "arn:aws:s3:::*" {
		t.Errorf("stars are not merged: %q", got)
	}
	for _, head := range []string{"arn:aws:s3::", "arn:*:s3::", "arn:aws"} {
		tokens := append(wildcard.Wildcards(nil, head+":home/"), wildcard.Token{Kind: wildcard.Variable}, wildcard.Token{Kind: wildcard.Any})
		entry := wildcard.CompileResourceTokens(tokens, "variables", wildcard.AlwaysComplete)
		if got, want := entry.Text(), head+":home/${}*"; got != want {
			t.Errorf("a template gives back %q, want %q", got, want)
		}
	}
	variable := []wildcard.Token{{Kind: wildcard.Literal, Text: "arn:aws:s3:"}, {Kind: wildcard.Variable}, {Kind: wildcard.Literal, Text: "::b"}}
	entry := wildcard.CompileResourceTokens(variable, "variables", wildcard.AlwaysComplete)
	if got := entry.Text(); got != "arn:aws:s3:${}::b" {
		t.Errorf("a template gives back %q", got)
	}
}

package arn

import (
	"strings"

	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// A Pattern matches ARNs as an entry of a Resource element does. The zero
// Pattern matches nothing. A Pattern is immutable and safe for concurrent use.
//
// A '*' is any run of characters, also an empty one, and a '?' is exactly one
// Unicode code point. Everything after the pattern's fifth colon is one text
// in which they match anything, colons and slashes included; before it they
// do not match a colon, so that "arn:aws:s3:*:*:x" speaks of six parts and not
// of any text that happens to fit. One exception keeps short patterns useful:
// in a pattern that is not a complete ARN, a '*' at the end of a part may run
// on over colons, as in "arn:aws:ec2:*". A pattern is complete when it has six
// parts and its account is empty, "aws", twelve digits, or holds a wildcard.
//
// In the text that is matched '*' and '?' are ordinary characters.
//
// Source: IAM User Guide, "IAM JSON policy elements: Resource" and "Identify
// AWS resources with Amazon Resource Names (ARNs)".
type Pattern struct {
	text     string
	resource wildcard.Resource
}

// CompilePattern compiles text, which must be "*" or begin with "arn:". An
// ARN with fewer than six parts is compared as written and besides completed
// by '*' in every missing part, as in identity-based policies. Policy
// variables are ordinary text here; package policy knows them.
//
// The error is a [*ParseError].
func CompilePattern(text string) (Pattern, error) {
	if text != "*" && !strings.HasPrefix(text, "arn:") {
		return Pattern{}, &ParseError{Text: text, Reason: `is neither "*" nor begins with "arn:"`}
	}
	return Pattern{text: text, resource: wildcard.CompileResource(text, wildcard.AlwaysComplete)}, nil
}

// Match tells whether text is an ARN of at least six parts that fits the
// pattern. The text "*" stands for the resource of an action that has no
// resource types; only the pattern "*" matches it. Match allocates nothing.
func (p Pattern) Match(text string) bool {
	name, ok := wildcard.CutName(text)
	return ok && p.resource.Match(&name, nil)
}

// String is the pattern as it was written.
func (p Pattern) String() string { return p.text }

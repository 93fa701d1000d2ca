package arn

import (
	"strings"

	"github.com/portcullis-iam/portcullis/internal/message"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// An ARN is an Amazon Resource Name taken apart. Its fields are substrings of
// the text that was parsed, so parsing allocates nothing.
//
// The fields are those of the ARN type of the AWS SDK for Go, in the same
// order, so a value of either type converts to the other.
//
// The zero ARN is not a valid ARN; its String is ":::::" behind "arn", which
// no policy matches but a pattern of wildcards.
type ARN struct {
	// Partition is the group of Regions: aws, aws-cn, aws-us-gov, …
	Partition string
	// Service is the namespace of the service: s3, iam, …
	Service string
	// Region is the Region code, empty for resources that have none.
	Region string
	// AccountID is the twelve-digit account, "aws" for what AWS itself owns,
	// or empty where the service leaves it out, as Amazon S3 does.
	AccountID string
	// Resource is everything after the fifth colon, colons and slashes
	// included.
	Resource string
}

// Parse takes an ARN apart. It wants the prefix "arn:" and at least five
// colons, and nothing else: whether a service, Region or account exists is
// not its concern, and wildcards are ordinary characters.
//
// The error is a [*ParseError].
func Parse(text string) (ARN, error) {
	var cut [5]int
	if !strings.HasPrefix(text, "arn:") {
		return ARN{}, &ParseError{Text: text, Reason: `does not begin with "arn:"`}
	}
	if !wildcard.Colons(text, &cut) {
		return ARN{}, &ParseError{Text: text, Reason: "has fewer than six parts separated by colons"}
	}
	return ARN{
		Partition: text[cut[0]+1 : cut[1]],
		Service:   text[cut[1]+1 : cut[2]],
		Region:    text[cut[2]+1 : cut[3]],
		AccountID: text[cut[3]+1 : cut[4]],
		Resource:  text[cut[4]+1:],
	}, nil
}

// String joins the parts to the text of the ARN.
func (a ARN) String() string {
	return strings.Join([]string{"arn", a.Partition, a.Service, a.Region, a.AccountID, a.Resource}, ":")
}

// IsAccountID tells whether text is an AWS account id: exactly twelve digits.
func IsAccountID(text string) bool {
	if len(text) != 12 {
		return false
	}
	for at := 0; at < len(text); at++ {
		if text[at] < '0' || text[at] > '9' {
			return false
		}
	}
	return true
}

// A ParseError tells why a text is not the kind of ARN that was asked for.
type ParseError struct {
	// Text is what was parsed.
	Text string
	// Reason completes the sentence "TEXT …".
	Reason string
}

// Error names the text, shortened if it is long, and what is wrong with it.
func (e *ParseError) Error() string {
	return "arn: " + message.Quote(e.Text, message.Enough) + " " + e.Reason
}

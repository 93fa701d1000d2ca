package sts

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/internal/fold"
	"github.com/portcullis-iam/portcullis/internal/message"
	"github.com/portcullis-iam/portcullis/principal"
)

// The bounds of parameters, in characters where nothing else is said.
//
// Source: AWS STS API Reference, "AssumeRole", "AssumeRoleWithSAML",
// "AssumeRoleWithWebIdentity", "GetFederationToken" and "GetSessionToken"; IAM
// User Guide, "IAM and AWS STS quotas".
const (
	shortestName       = 2
	longestSessionName = 64
	longestUserName    = 32 // of a federated user
	longestExternalID  = 1224
	shortestSerial     = 9
	longestSerial      = 256

	mostTags        = 50
	longestTagKey   = 128
	longestTagValue = 256

	longestPolicies = 2048 // inline policy and ARNs together
	mostPolicyARNs  = 10
	mostContexts    = 5

	shortestSession = 15 * time.Minute
	usualSession    = time.Hour
	chainedSession  = time.Hour // the longest of a role that a role assumed
	usualToken      = 12 * time.Hour
	longestToken    = 36 * time.Hour
	rootToken       = time.Hour // the longest of a root user
)

// A checker collects what is wrong with the parameters of a call.
type checker struct {
	operation string
	errors    InputErrors
}

func (c *checker) fail(field string, code Code, message string) {
	c.errors = append(c.errors, &InputError{Operation: c.operation, Field: field, Code: code, Message: message})
}

func (c *checker) failBecause(field string, code Code, message string, err error) {
	c.errors = append(c.errors, &InputError{Operation: c.operation, Field: field, Code: code, Message: message, Err: err})
}

// err is nil if nothing is wrong.
func (c *checker) err() error {
	if len(c.errors) == 0 {
		return nil
	}
	return c.errors
}

func quote(text string) string { return message.Quote(text, message.Enough) }

// text checks the length and the alphabet of a parameter: letters, digits, '_'
// and the others given.
func (c *checker) text(field, text string, shortest, longest int, others string) {
	if length := utf8.RuneCountInString(text); length < shortest || length > longest {
		c.fail(field, ValidationError, fmt.Sprintf("it has %d characters; from %d to %d are taken", length, shortest, longest))
		return
	}
	for at := 0; at < len(text); at++ {
		switch b := text[at]; {
		case 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z', '0' <= b && b <= '9', b == '_':
		case strings.IndexByte(others, b) >= 0:
		default:
			c.fail(field, ValidationError, quote(text)+" has a character that is no letter, digit or one of _"+others)
			return
		}
	}
}

const nameAlphabet = "+=,.@-"

func (c *checker) sessionName(name string) {
	c.text("RoleSessionName", name, shortestName, longestSessionName, nameAlphabet)
}

func (c *checker) sourceIdentity(value string) {
	if value == "" {
		return
	}
	c.text("SourceIdentity", value, shortestName, longestSessionName, nameAlphabet)
	if fold.HasPrefix(value, "aws:") {
		c.fail("SourceIdentity", ValidationError, "it begins with aws:, which is kept for AWS")
	}
}

// duration gives how long a session lasts.
func (c *checker) duration(seconds int, usual, longest time.Duration, limit string) time.Duration {
	if seconds == 0 {
		return min(usual, longest)
	}
	if int64(seconds) < int64(shortestSession/time.Second) || int64(seconds) > int64(longest/time.Second) {
		c.fail("DurationSeconds", ValidationError,
			fmt.Sprintf("%d seconds are not between %d and %d, %s", seconds, int(shortestSession/time.Second), int(longest/time.Second), limit))
		return 0
	}
	return time.Duration(seconds) * time.Second
}

// tags checks session tags, and those that the next session inherits, against
// those that this session inherits. It gives the keys in order.
//
// Source: IAM User Guide, "Pass session tags in AWS STS", things to know about
// session tags and chaining roles with session tags.
func (c *checker) tags(tags map[string]string, transitive []string, inherited map[string]string) []string {
	if len(tags) == 0 && len(transitive) == 0 {
		return nil
	}
	if total := len(tags) + len(inherited); total > mostTags {
		text := fmt.Sprintf("the session would have %d tags; %d are taken", total, mostTags)
		if len(inherited) > 0 {
			text += fmt.Sprintf(", of which %d are inherited", len(inherited))
		}
		c.fail("Tags", ValidationError, text)
		return nil
	}
	keys := make([]string, 0, len(tags))
	for key := range tags {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int {
		if order := strings.Compare(fold.Text(a), fold.Text(b)); order != 0 {
			return order
		}
		return strings.Compare(a, b)
	})
	for at, key := range keys {
		if at > 0 && fold.Equal(keys[at-1], key) {
			c.fail("Tags", InvalidParameterValue, "the key "+quote(key)+" is there twice; tag keys ignore letter case")
		}
		c.tag(key, tags[key])
		if _, twice := lookFolded(inherited, key); twice {
			c.fail("Tags", InvalidParameterValue, "the tag "+quote(key)+" is inherited from the caller's session, which cannot be set again")
		}
	}
	for at, key := range transitive {
		if _, found := lookFolded(tags, key); !found {
			c.fail("TransitiveTagKeys", InvalidParameterValue, quote(key)+" is not the key of one of the Tags")
		}
		for _, other := range transitive[:at] {
			if fold.Equal(key, other) {
				c.fail("TransitiveTagKeys", InvalidParameterValue, "the key "+quote(key)+" is there twice")
			}
		}
		if at == mostTags {
			break // what follows is there twice, or no tag
		}
	}
	return keys
}

func (c *checker) tag(key, value string) {
	switch length := utf8.RuneCountInString(key); {
	case length == 0 || length > longestTagKey:
		c.fail("Tags", ValidationError, fmt.Sprintf("the key %s has %d characters; from 1 to %d are taken", quote(key), length, longestTagKey))
	case fold.HasPrefix(key, "aws:"):
		c.fail("Tags", ValidationError, "the key "+quote(key)+" begins with aws:, which is kept for AWS")
	case !isTagText(key):
		c.fail("Tags", ValidationError, "the key "+quote(key)+" has a character that is no letter, digit, space or one of _.:/=+-@")
	}
	switch length := utf8.RuneCountInString(value); {
	case length > longestTagValue:
		c.fail("Tags", ValidationError, fmt.Sprintf("the value of %s has %d characters; at most %d are taken", quote(key), length, longestTagValue))
	case !isTagText(value):
		c.fail("Tags", ValidationError, "the value of "+quote(key)+" has a character that is no letter, digit, space or one of _.:/=+-@")
	}
}

// isTagText tells texts of the alphabet of tags.
//
// Source: AWS STS API Reference, "Tag": [\p{L}\p{Z}\p{N}_.:/=+\-@].
func isTagText(text string) bool {
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf && strings.IndexByte("_.:/=+-@", byte(r)) >= 0:
		case unicode.IsLetter(r), unicode.IsNumber(r), unicode.Is(unicode.Z, r):
		default:
			return false
		}
	}
	return utf8.ValidString(text)
}

// lookFolded finds a tag whatever the letter case of its key.
func lookFolded(tags map[string]string, key string) (string, bool) {
	if value, found := tags[key]; found {
		return value, true
	}
	for other, value := range tags {
		if fold.Equal(other, key) {
			return value, true
		}
	}
	return "", false
}

// policies compiles session policies of the sessions of a role or user.
func (c *checker) policies(s *STS, inline string, policyARNs []string, of *principal.Identity) []principal.Attachment {
	if inline == "" && len(policyARNs) == 0 {
		return nil
	}
	if len(policyARNs) > mostPolicyARNs {
		c.fail("PolicyArns", ValidationError, fmt.Sprintf("there are %d policies; at most %d are taken", len(policyARNs), mostPolicyARNs))
		return nil
	}
	length := utf8.RuneCountInString(inline)
	for _, policyARN := range policyARNs {
		length += utf8.RuneCountInString(policyARN)
	}
	if length > longestPolicies {
		c.fail("Policy", PackedPolicyTooLarge, fmt.Sprintf("the session policies have %d characters; at most %d are taken", length, longestPolicies))
		return nil
	}
	attached := make([]principal.Attachment, 0, 1+len(policyARNs))
	if inline != "" {
		compiled, err := s.kept.policies.compile(inline)
		if err != nil {
			c.failBecause("Policy", MalformedPolicyDocument, "the session policy has errors", err)
		} else {
			attached = append(attached, principal.Attachment{Policy: compiled, Source: principal.Source{Type: principal.SessionPolicy}})
		}
	}
	for _, policyARN := range policyARNs {
		entity, err := arn.ParseEntity(policyARN)
		switch {
		case err != nil || entity.Kind != arn.ManagedPolicy:
			c.fail("PolicyArns", ValidationError, quote(policyARN)+" is not the ARN of a managed policy")
			continue
		case entity.AccountID != of.AccountID && entity.AccountID != "aws" || entity.Partition != of.Partition:
			c.fail("PolicyArns", ValidationError, quote(policyARN)+" is of another account than "+of.AccountID)
			continue
		}
		managed, err := s.managedPolicy(policyARN)
		if err != nil {
			c.failBecause("PolicyArns", ValidationError, quote(policyARN)+" cannot be a session policy", err)
			continue
		}
		attached = append(attached, managed)
	}
	return attached
}

// serial checks an MFA device.
func (c *checker) serial(number string, identity principal.Identity) {
	if number == "" {
		return
	}
	c.text("SerialNumber", number, shortestSerial, longestSerial, "+=/:,.@-")
	if identity.Kind != principal.User && identity.Kind != principal.Root {
		c.fail("SerialNumber", AccessDenied, "a "+identity.Kind.String()+" has no MFA device")
		return
	}
	if device, err := arn.Parse(number); err == nil && device.AccountID != identity.AccountID {
		c.fail("SerialNumber", AccessDenied, "the MFA device "+quote(number)+" is of another account than the caller")
	}
}

// Package workload makes the authorization workloads on which portcullis is
// measured and compared with other engines: plain IAM identity policies in JSON,
// and requests with the decision that is due under all of them together.
//
// A workload has a profile, which says how much of the IAM language it uses, and
// a size:
//
//	size  policies  statements  bytes of JSON (profile s3)
//	W1           1           1        131
//	W2          10         100     18,291
//	W3         100       1,000    177,324
//	W4       1,000      10,000  1,777,933
//
// W2 to W4 hold, among random Allow statements of which a fifth has one or two
// conditions: a conditional Deny at 40 % of the list, the Allow that it overrides
// at 30 %, and as the very last statement the only one that matches the request
// [RequestAllow]. So an engine that scans pays for the whole list, and an engine
// that stops early has no luck to count on. In W3 and W4 about 2 % of the other
// statements are conditional Deny statements too.
//
// Everything follows from one fixed seed through a generator of pseudorandom
// numbers that is part of this package. The bytes are therefore the same on every
// machine and for every version of Go, and a test pins their hashes: figures that
// were measured at different times are about the same policies.
package workload

import (
	"encoding/json"
	"fmt"
)

// Profile says how much of the IAM language a workload uses.
type Profile string

const (
	// ProfileS3 is what every engine in the comparison can express: actions of
	// Amazon S3, '*' as the only wildcard, and the condition operators
	// StringEquals, IpAddress and Bool.
	ProfileS3 Profile = "s3"
	// ProfileMulti has ten services, '?', the policy variable ${aws:username} in
	// resources, and also StringLike, ArnLike, Null, NumericLessThanEquals,
	// StringNotEqualsIfExists and ForAnyValue:StringEquals.
	ProfileMulti Profile = "multi"
)

// Size names the number of policies of a workload.
type Size string

// The sizes, smallest first. Their names sort in the same order.
const (
	W1 Size = "W1"
	W2 Size = "W2"
	W3 Size = "W3"
	W4 Size = "W4"
)

// Profiles returns all profiles.
func Profiles() []Profile { return []Profile{ProfileS3, ProfileMulti} }

// Sizes returns all sizes, smallest first.
func Sizes() []Size { return []Size{W1, W2, W3, W4} }

// The names of the requests in [Set.Named].
const (
	RequestAllow           = "allow"             // granted by the last statement only
	RequestExplicitDeny    = "explicit_deny"     // an Allow that a conditional Deny overrides; W1 has none
	RequestImplicitDeny    = "implicit_deny"     // a near miss of the statement that grants RequestAllow
	RequestImplicitDenyFar = "implicit_deny_far" // a bucket that no statement speaks of
)

// Set is one workload. It is not changed after [Generate], so any number of
// goroutines may read it.
type Set struct {
	Profile  Profile
	Size     Size
	Policies []Policy
	// Named holds the requests with the names RequestAllow to
	// RequestImplicitDenyFar, in that order.
	Named []Request
	// Mix holds 512 requests (W1: three) that are near random statements.
	Mix []Request
}

// Statements returns the number of statements in all policies together.
func (s *Set) Statements() int {
	n := 0
	for i := range s.Policies {
		n += len(s.Policies[i].Statement)
	}
	return n
}

// Documents returns the policies as JSON documents, in order. The bytes are newly
// made by each call.
func (s *Set) Documents() ([][]byte, error) {
	documents := make([][]byte, len(s.Policies))
	for i := range s.Policies {
		document, err := json.Marshal(&s.Policies[i])
		if err != nil {
			return nil, fmt.Errorf("policy %d of %s/%s: %w", i, s.Profile, s.Size, err)
		}
		documents[i] = document
	}
	return documents, nil
}

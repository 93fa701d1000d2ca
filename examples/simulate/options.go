package main

import (
	"errors"
	"flag"
	"io"
)

// options are what the command line says.
type options struct {
	accounts, actions, resources []string
	principal, resourceAccount   string
	whoCan, whoCanResource       string
	whatCan                      string
	context, unknown             []string
	contextFile, resourcePolicy  string
	sessionPolicies              []string
	explain, json                bool
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

// A once is a flag that may be given one time, and not with an empty value.
type once struct{ value *string }

func (o once) String() string { return "" }

func (o once) Set(value string) error {
	switch {
	case value == "":
		return errors.New("must not be empty")
	case *o.value != "":
		return errors.New("is given twice")
	}
	*o.value = value
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
	flags.Var(once{&o.whoCan}, "who-can", "")
	flags.Var(once{&o.whatCan}, "what-can", "")
	flags.Var(list{&o.context}, "context", "")
	flags.StringVar(&o.contextFile, "context-file", "", "")
	flags.Var(list{&o.unknown}, "unknown", "")
	flags.StringVar(&o.resourcePolicy, "resource-policy", "", "")
	flags.Var(list{&o.sessionPolicies}, "session-policy", "")
	flags.BoolVar(&o.explain, "explain", false, "")
	flags.BoolVar(&o.json, "json", false, "")
	flags.Var(list{&o.cases}, "cases", "")
	flags.BoolVar(&o.check, "check", false, "")
	return flags
}

// parseOptions reads the arguments. The first one without a flag that follows
// -who-can is the resource of that. Others are files, among which flags may
// stand: they belong to -cases, if that is there, and else to -account.
func parseOptions(args []string) (*options, error) {
	o := new(options)
	flags := newFlags(o)
	var files []string
	for len(args) > 0 {
		if err := flags.Parse(args); err != nil {
			return nil, err
		}
		if args = flags.Args(); len(args) == 0 {
			break
		}
		if o.whoCan != "" && o.whoCanResource == "" {
			o.whoCanResource = args[0]
		} else {
			files = append(files, args[0])
		}
		args = args[1:]
	}
	if len(o.cases) > 0 {
		o.cases = append(o.cases, files...)
	} else {
		o.accounts = append(o.accounts, files...)
	}
	return o, o.verify(flags)
}

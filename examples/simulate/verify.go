package main

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A mode is a flag that says what sort of question is asked, with the flags that
// go with it. Without any of them -principal is asked about.
type mode struct {
	name, others string
	why          map[string]string // why a flag does not go with it; "" for all others
}

var modes = []mode{
	{"cases", "check", map[string]string{"": "a case says everything itself"}},
	{"who-can", "account principal resource-account context context-file unknown resource-policy json", map[string]string{
		"what-can": "ask one after the other",
		"action":   "it names the action itself",
		"resource": "it names the resource itself",
		"explain":  "ask about one of the callers, with -principal",
		"":         "it asks about everybody",
	}},
	{"what-can", "account resource resource-account context context-file unknown resource-policy session-policy json", map[string]string{
		"principal": "it names the caller itself",
		"action":    "it asks about all actions",
		"explain":   "ask about one of the actions, with -principal and -action",
	}},
}

// verify tells what is missing or does not go together.
func (o *options) verify(flags *flag.FlagSet) error {
	given := make(map[string]bool)
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	chosen := slices.IndexFunc(modes, func(m mode) bool { return given[m.name] })
	if chosen >= 0 {
		if err := modes[chosen].goesWith(given); err != nil {
			return err
		}
	} else if err := o.verifyQuestion(); err != nil {
		return err
	}
	for _, pair := range o.context {
		if key, _, found := strings.Cut(pair, "="); !found || key == "" {
			return fmt.Errorf("-context %q must be KEY=VALUE", pair)
		}
	}
	for _, argument := range o.unknown {
		if _, _, err := parseUnknown(argument); err != nil {
			return err
		}
	}
	switch {
	case given["who-can"] && o.whoCanResource == "":
		return fmt.Errorf("-who-can %s: the resource is missing behind it: an ARN, or \"*\" for an action without resources", o.whoCan)
	case given["what-can"] && len(o.resources) == 0 && o.resourceAccount != "":
		return errors.New("-resource-account needs -resource")
	case given["what-can"] && len(o.resources) == 0 && o.resourcePolicy != "":
		return errors.New("-resource-policy needs -resource: of which resource is it?")
	}
	return nil
}

// goesWith tells whether all flags that are given go with the mode; the last
// that does not is the one that is named.
func (m *mode) goesWith(given map[string]bool) (err error) {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if name == m.name || slices.Contains(strings.Fields(m.others), name) {
			continue
		}
		why, known := m.why[name]
		if !known {
			why = m.why[""]
		}
		err = fmt.Errorf("-%s does not go with -%s", name, m.name)
		if why != "" {
			err = fmt.Errorf("%w: %s", err, why)
		}
	}
	return err
}

// verifyQuestion tells what is missing from a question about one caller.
func (o *options) verifyQuestion() error {
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
	return nil
}

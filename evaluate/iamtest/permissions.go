package iamtest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/policy/catalog"
	"github.com/portcullis-iam/portcullis/principal"
)

// A Permission is an action of the catalogue that a caller may do on some
// resources.
type Permission struct {
	Action catalog.Action
	// Resource is what stands in the policies: the entry of a Resource element,
	// "*" for everything or "* but …" for a NotResource element; or the ARN of a
	// role, for sts:AssumeRole.
	Resource string
	// OtherAccounts says that the resources are those of other accounts, which
	// must allow it too.
	OtherAccounts bool
	// Condition is what the permission hangs on, in words, "" if on nothing, and
	// Keys are the condition keys in it.
	Condition string
	Keys      []string
	// Except names the entries of Deny statements that take the permission away
	// on some of the resources, "" if none does.
	Except string
	// By is the statement that gives the permission, with its place if that is
	// known.
	By string
}

// Permissions finds out what a caller may do of all actions of the catalogue, for
// assertions and reports of one's own. The permissions come in the order of
// [catalog.Actions]; one that another one includes is left out, and so are those
// of actions that the catalogue does not have. What is asked,
// and what the options mean, is told at [Tester.OnlyAllows].
//
// The error is that of the option or of finding the caller.
func Permissions(directory *principal.Directory, caller string, options ...Option) ([]Permission, error) {
	asked := &subject{directory, evaluate.NewSnapshot(directory)}
	s, err := asked.newSurvey(caller, options)
	if err != nil {
		return nil, err
	}
	var all []finding
	keys := make(map[string][]string) // by the conditions
	s.run(s.setting.resources, func(p permission) {
		if s.isUnlisted(p.action) {
			return
		}
		f := findingOf(p)
		f.except = s.exceptions(p)
		all = append(all, f)
		keys[p.conditions] = p.keys
	})
	all = widest(all, false)
	slices.SortStableFunc(all, func(x, y finding) int { return cmp.Compare(x.action, y.action) })
	list := make([]Permission, len(all))
	for at, f := range all {
		action, _ := catalog.LookupAction(s.actions[f.action].name)
		list[at] = Permission{
			Action: action, Resource: f.label, OtherAccounts: f.elsewhere,
			Condition: strings.TrimPrefix(f.conditions, " if "), Keys: keys[f.conditions],
			Except: strings.TrimPrefix(f.except, " except "), By: f.by,
		}
	}
	return list, nil
}

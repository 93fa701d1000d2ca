package catalog

import (
	"strings"

	"github.com/portcullis-iam/portcullis/internal/wildcard"
	"github.com/portcullis-iam/portcullis/policy/catalog/internal/reference"
)

// Expand gives the actions that an entry of Action or NotAction matches, in the
// order of Actions: "s3:GetObject", "s3:Get*", "s?:*Tag*", "*". The pattern is
// matched with the whole name, prefix included, without regard to the case of
// ASCII letters; '*' is any run of characters and '?' exactly one. The result
// is nil if there is no such action, whether because of a misspelling or
// because AWS has an action that is not in the catalog.
//
// The cost is one match for each action of the service that the pattern names,
// or for each of all if it has a wildcard in front of the colon: some
// microseconds for "s3:Get*", some milliseconds at most. Matching is linear in
// the length of name and pattern, whatever the pattern is.
//
// Source: IAM User Guide, "IAM JSON policy elements: Action".
func Expand(pattern string) []Action {
	var expanded []Action
	compiled := wildcard.Compile(pattern)
	all := candidates(&compiled)
	if pattern == "*" {
		expanded = make([]Action, 0, len(all))
	}
	for i := range all {
		if compiled.MatchFold(all[i].Name) {
			expanded = append(expanded, Action{&all[i]})
		}
	}
	return expanded
}

// candidates gives the actions that a pattern may match: those of its service,
// if it names one.
func candidates(pattern *wildcard.Pattern) []reference.Action {
	prefix, _, found := strings.Cut(pattern.Prefix(), ":")
	if !found {
		return tables().Actions
	}
	service, _ := LookupService(prefix)
	return service.actions()
}

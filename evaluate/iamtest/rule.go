package iamtest

import (
	"slices"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/internal/fold"
	"github.com/portcullis-iam/portcullis/internal/message"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// Rules are what a caller may do, and all that it may do.
type Rules []Rule

// A Rule says that a caller may do some actions on a resource. [On] makes one;
// its methods give a changed copy. The zero Rule says nothing.
type Rule struct {
	resource string
	actions  []string
	keys     []string
	options  []Option
}

// On says that a caller may do actions on a resource.
//
// The resource is an ARN, in which '*' and '?' are wildcards as they are in a
// policy, or "*" for every resource and for actions without resource types. The
// caller may then do the actions on all that it matches, but on those in
// accounts that it names only: an ARN with another account's id is another one.
//
// The actions are names or patterns, "dynamodb:GetItem" or "dynamodb:Get*". Of a
// pattern those actions count that can be asked on the resource at all.
func On(resource string, actions ...string) Rule {
	return Rule{resource: resource, actions: slices.Clone(actions)}
}

// If says that the caller may do so only under conditions, which look at the
// given keys at least: it is neither denied, nor allowed whatever they are.
func (r Rule) If(keys ...string) Rule {
	r.keys = append(slices.Clone(r.keys), keys...)
	return r
}

// Given says that the caller may do so under conditions, and that these are met
// in a request of which the options state so much: it must be allowed then, and
// must not be allowed whatever the context.
func (r Rule) Given(options ...Option) Rule {
	r.options = append(slices.Clone(r.options), options...)
	return r
}

// String is the rule in one line.
func (r Rule) String() string {
	text := ""
	for at, action := range r.actions {
		if at > 0 {
			text += ", "
		}
		text += action
	}
	if len(r.actions) == 0 {
		text = "(no action)"
	}
	text += " on " + r.resource
	for at, key := range r.keys {
		text += map[bool]string{true: " if ", false: ", "}[at == 0] + key
	}
	if len(r.options) > 0 {
		text += " in a context"
	}
	return text
}

// A rule is a Rule made ready.
type rule struct {
	Rule
	pattern  pattern
	arns     arn.Pattern
	actions  []int32
	has      []bool // by the number of the action
	explicit []bool // by the number of the action: it is named without wildcards
}

func (r *rule) conditional() bool { return len(r.keys)+len(r.options) > 0 }

// newRule makes a rule ready. It gives a reason if that is none.
func newRule(u *universe, from Rule) (*rule, string) {
	r := &rule{Rule: from, pattern: newPattern(from.resource), has: make([]bool, len(u.actions)), explicit: make([]bool, len(u.actions))}
	if !r.pattern.everything {
		var err error
		if r.arns, err = arn.CompilePattern(from.resource); err != nil {
			return nil, err.Error()
		}
	}
	for _, text := range from.actions {
		entry := wildcard.Compile(text)
		found := false
		u.matching(&entry, func(action int32) {
			found = true
			if !r.has[action] {
				r.has[action] = true
				r.actions = append(r.actions, action)
			}
			r.explicit[action] = r.explicit[action] || entry.Literal()
		})
		if !found {
			return nil, "the catalogue has no action " + message.Quote(text, message.Enough)
		}
	}
	if len(from.actions) == 0 {
		return nil, "it names no action"
	}
	return r, ""
}

// speaksOf tells whether the rule is about an action on a resource.
func (r *rule) speaksOf(action int32, name string) bool {
	return r.has[action] && (r.pattern.everything || name != "*" && r.arns.Match(name))
}

// met tells whether a rule with keys speaks of a permission that hangs on keys.
func (r *rule) met(unknown []string) bool {
	for _, key := range r.keys {
		if !slices.ContainsFunc(unknown, func(one string) bool { return fold.Equal(one, key) }) {
			return false
		}
	}
	return true
}

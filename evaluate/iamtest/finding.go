package iamtest

import (
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/policy"
)

// A finding is a permission with what is said about it.
type finding struct {
	action     int32
	label      string
	name       string
	elsewhere  bool
	conditions string
	except     string // where Deny statements take it away, in a snapshot
	by         string // the statement that gives it, with its place
}

func findingOf(p permission) finding {
	return finding{
		action: p.action, label: p.spot.label, name: p.spot.name, elsewhere: p.spot.elsewhere,
		conditions: p.conditions, by: p.by,
	}
}

// allowedBy names the statement that decided.
func (s *survey) allowedBy(d evaluate.Decision) string {
	if by, found := d.Statement(); found {
		return s.told(by)
	}
	return "no statement: " + d.String()
}

// givenBy names the statement that would allow what is not determined.
func (s *survey) givenBy(x evaluate.Explanation) string {
	for _, layer := range x.Layers {
		if layer.Layer != evaluate.IdentityPolicy && layer.Layer != evaluate.ResourcePolicy {
			continue
		}
		for _, ref := range slices.Concat(layer.Allows, layer.Unsure) {
			if ref.Effect() == policy.Allow {
				return s.told(ref)
			}
		}
	}
	return s.allowedBy(x.Decision)
}

// told names a statement, once for all that it gives.
func (s *survey) told(ref evaluate.StatementRef) string {
	name, known := s.names[ref]
	if !known {
		name = told(ref)
		s.names[ref] = name
	}
	return name
}

// A label as something to match names with.
type matcher struct {
	everything bool
	arns       arn.Pattern
}

func matcherOf(label string) matcher {
	if label == "*" {
		return matcher{everything: true}
	}
	compiled, err := arn.CompilePattern(label)
	if err != nil {
		return matcher{}
	}
	return matcher{arns: compiled}
}

func (m *matcher) covers(name string) bool { return m.everything || m.arns.Match(name) }

// widest leaves those out that another one says already: of the same action, the
// same statement if that matters, and under the same conditions, about something
// that the other label matches.
func widest(all []finding, sameStatement bool) []finding {
	byAction := make(map[int32][]int, len(all))
	for at := range all {
		byAction[all[at].action] = append(byAction[all[at].action], at)
	}
	matchers := make(map[string]*matcher)
	drop := make([]bool, len(all))
	for _, same := range byAction {
		if len(same) == 1 {
			continue
		}
		for _, at := range same {
			one := &all[at]
			for _, by := range same {
				other := &all[by]
				if by == at || drop[by] || one.conditions != other.conditions || sameStatement && one.by != other.by {
					continue
				}
				if one.label == other.label {
					drop[at] = drop[at] || other.elsewhere == one.elsewhere && by < at || one.elsewhere && !other.elsewhere
					continue
				}
				if matchers[other.label] == nil {
					m := matcherOf(other.label)
					matchers[other.label] = &m
				}
				drop[at] = drop[at] || matchers[other.label].covers(one.name) && (!other.elsewhere || one.elsewhere)
			}
		}
	}
	kept := all[:0:0]
	for at := range all {
		if !drop[at] {
			kept = append(kept, all[at])
		}
	}
	return kept
}

// A line is findings that differ in their actions only.
type line struct {
	lineKey
	actions []int32
}

// A lineKey is what the findings of a line have in common.
type lineKey struct {
	label, conditions, except, by string
	elsewhere                     bool
	service                       int32
}

// lines puts findings together, in the order of their statements, labels and
// services.
func (s *survey) lines(all []finding) []line {
	at := make(map[lineKey]int)
	var lines []line
	for _, f := range all {
		k := lineKey{f.label, f.conditions, f.except, f.by, f.elsewhere, s.actions[f.action].service}
		number, known := at[k]
		if !known {
			number = len(lines)
			at[k] = number
			lines = append(lines, line{lineKey: k})
		}
		lines[number].actions = append(lines[number].actions, f.action)
	}
	for number := range lines {
		slices.Sort(lines[number].actions)
		lines[number].actions = slices.Compact(lines[number].actions)
	}
	return lines
}

// where says on what and under which conditions a line counts.
func (l *line) where() string {
	text := " on " + l.label
	if l.elsewhere {
		text += " in other accounts, where these allow it,"
	}
	return strings.TrimSuffix(text+l.conditions+l.except, ",")
}

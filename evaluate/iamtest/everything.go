package iamtest

import (
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// everything asks each action on an example of each type of resource that it
// takes, which finds what entries "*" allow.
func (s *survey) everything() {
	for number := range s.actions {
		if !s.mayAllow[number] || s.isUnlisted(int32(number)) {
			continue
		}
		action := int32(number)
		if len(s.actions[action].types) == 0 {
			if !s.see(action, s.star) && s.ask(action, s.star).Outcome == evaluate.Allowed {
				s.everybodys++
			}
			continue
		}
		for _, kind := range s.actions[action].types {
			given, partly := s.everywhere(action, s.probe(kind))
			for _, name := range otherNames {
				if given || !partly && !s.excepts {
					break
				}
				given, _ = s.everywhere(action, s.probeOf(probeKey{kind, s.home.account, name}))
			}
			for _, account := range s.strangers {
				if given || !s.mindsOwner {
					break
				}
				given, _ = s.everywhere(action, s.probeOf(probeKey{kind, account, strangeName}))
			}
		}
	}
}

// everywhere asks an action on an example of everything. It tells whether it is
// given, and else whether it is denied on some only.
func (s *survey) everywhere(action int32, at *spot) (given, partly bool) {
	if at == nil {
		return false, false
	}
	decision := s.ask(action, at)
	if !perhaps(decision) {
		return false, deniedPartly(decision)
	}
	label, ok := s.labelOf(action, at.name, decision)
	if !ok {
		return false, false // some other entry, which will be found by itself
	}
	if label != at.label {
		renamed := *at
		renamed.label = label
		at = &renamed
	}
	return s.judge(action, at, decision), false
}

// A probeKey says of which type an example is, in which account, and what stands
// for names.
type probeKey struct {
	kind          int32
	account, name string
}

// probe gives the example of a type in the account of the caller, nil if it can
// have none.
func (s *survey) probe(kind int32) *spot {
	if s.homes[kind] == nil {
		s.homes[kind] = new(spot)
		if at := s.probeOf(probeKey{kind, s.home.account, strangeName}); at != nil {
			s.homes[kind] = at
		}
	}
	if s.homes[kind].side == nil {
		return nil
	}
	return s.homes[kind]
}

func (s *survey) probeOf(key probeKey) *spot {
	known, found := s.probes[key]
	if !found {
		name := s.types[key.kind].example(s.home.partition, key.account, key.name)
		if key.account != s.home.account && s.ownerOpen(name) {
			known = s.elsewhere("*", name, key.account)
		} else {
			known = s.spot("*", name)
		}
		s.probes[key] = known
	}
	return known
}

// labelOf says which entry allows an action on an example of everything: "*", or
// everything but some. It is false if it is another entry.
func (s *survey) labelOf(action int32, name string, decision evaluate.Decision) (string, bool) {
	by, found := decision.Statement()
	if !found && decision.Outcome == evaluate.Allowed {
		return "*", true // the root user
	}
	if found {
		all := (*compiled.Policy)(by.Policy()).Statements()
		if at, known := s.byPolicy[&all[by.Index()]]; known && s.statements[at].grants {
			if label, ok := s.statements[at].wide(); ok {
				return label, true
			}
		}
	}
	cut, _ := wildcard.CutName(name)
	query := compiled.Query{Action: s.actions[action].name, Name: &cut, View: s.view}
	for at := range s.statements {
		one := &s.statements[at]
		if label, ok := one.wide(); ok && one.grants && one.MatchesAction(query.Action) && one.MatchesResource(&query) != condition.False {
			return label, true
		}
	}
	return "", false
}

// wide tells whether the statement is about everything, or everything but some.
func (s *statement) wide() (string, bool) {
	if s.Flags.Has(compiled.NotResource) {
		label := "* but"
		for at := range s.patterns {
			if at > 0 {
				label += ","
			}
			label += " " + s.patterns[at].text
		}
		return label, true
	}
	for at := range s.patterns {
		if s.patterns[at].everything {
			return "*", true
		}
	}
	return "", false
}

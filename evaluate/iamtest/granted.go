package iamtest

import (
	"strings"

	"github.com/portcullis-iam/portcullis/internal/compiled"
)

// given asks all actions on resources that were named, and on what they hold.
func (s *survey) given(resources []string, see func(int32, *spot) bool) {
	for _, name := range resources {
		granted := func(action int32) bool { return s.mayAllow[action] }
		if s.readResource(name) != nil {
			granted = func(int32) bool { return true }
		}
		texts := []string{name}
		if !strings.ContainsAny(name, "*?") {
			texts = append(texts, name+"/*", name+":*")
		}
		for _, text := range texts {
			p := newPattern(text)
			s.each(s.places(&p), granted, see)
		}
	}
	for name := range s.directory.Resources() {
		s.granted(name, see)
	}
	s.roles(see)
}

// granted asks what the policy of a resource may grant: the actions of its
// statements, on what these name, and on the resource and what it holds where
// they name everything.
func (s *survey) granted(name string, see func(int32, *spot) bool) {
	all := s.readResource(name)
	for at := range all {
		one := &all[at]
		if one.Flags.Has(compiled.Deny) || one.Flags.Has(compiled.NoEffect) {
			continue
		}
		var patterns []pattern
		everything := one.Flags.Has(compiled.NotResource) || one.Flags.Has(compiled.OwnResource)
		for number := range one.Resources {
			if p, ok := s.patternOf(&one.Resources[number]); ok && p.everything {
				everything = true
			} else if ok {
				patterns = append(patterns, p)
			}
		}
		if everything {
			patterns = append(patterns[:0], newPattern(name), newPattern(name+"/*"), newPattern(name+":*"))
		}
		for number := range patterns {
			s.each(s.places(&patterns[number]), func(action int32) bool { return one.MatchesAction(s.actions[action].name) }, see)
		}
	}
}

// readResource declares the keys unknown that the policy of a resource looks at,
// before anything is asked about it. It gives the statements of the policy, nil
// if there is none.
func (s *survey) readResource(name string) []compiled.Statement {
	found, err := s.directory.Resource(name, "")
	if err != nil || found.Policy == nil {
		return nil
	}
	all := (*compiled.Policy)(found.Policy.Policy).Statements()
	for at := range all {
		s.unknown(&all[at])
	}
	return all
}

// roles asks which roles of the directory the caller may assume, since trust
// policies may allow what its own do not.
func (s *survey) roles(see func(int32, *spot) bool) {
	assume, found := s.byName["sts:assumerole"]
	if !found {
		return
	}
	for name := range s.directory.Principals() {
		if !strings.Contains(name, ":role/") {
			continue
		}
		s.readResource(name)
		if at := s.spot(name, name); at != nil {
			see(assume, at)
		}
	}
}

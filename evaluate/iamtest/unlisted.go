package iamtest

import (
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// AWS has actions that the catalogue does not, and an entry of Action may be
// misspelt. An entry that matches nothing of the catalogue becomes an action of
// its own, so that what it allows is seen. Nothing is known of its resources.

// strangeAction stands for the wildcards in such an entry.
const strangeAction = "NobodyListedThis"

// addUnlisted adds an entry of Action that matches no action so far. The catalogue
// itself stays as it is.
func (s *survey) addUnlisted(entry *wildcard.Pattern) {
	prefix, _, named := strings.Cut(entry.Text(), ":")
	if !named {
		return
	}
	if s.unlisted == 0 {
		extended := *s.universe
		extended.actions = slices.Clone(s.actions)
		extended.services = slices.Clone(s.services)
		extended.unlisted, extended.listedServices = len(s.actions), len(s.services)
		s.universe = &extended
	}
	first := int32(len(s.actions))
	s.actions = append(s.actions, action{
		name: entry.Text(), service: int32(len(s.services)),
		asked: strings.NewReplacer("*", strangeAction, "?", "X").Replace(entry.Text()),
	})
	s.services = append(s.services, service{prefix, first, first + 1})
}

// isUnlisted tells whether the catalogue does not have an action.
func (u *universe) isUnlisted(action int32) bool { return u.unlisted > 0 && int(action) >= u.unlisted }

// askUnlisted asks about them.
func (s *survey) askUnlisted(see func(int32, *spot) bool) {
	if s.unlisted == 0 {
		return
	}
	for number := s.unlisted; number < len(s.actions); number++ {
		action := int32(number)
		for at := range s.statements {
			one := &s.statements[at]
			if !one.grants || !one.MatchesAction(s.actions[action].asked) {
				continue
			}
			if label, ok := one.wide(); ok {
				star := *s.star
				star.label = label
				see(action, &star)
				continue
			}
			for number := range one.patterns {
				if on := s.anything(&one.patterns[number]); on != nil {
					see(action, on)
				}
			}
		}
	}
}

// anything gives a spot that a pattern matches, of whatever type it may be.
func (s *survey) anything(p *pattern) *spot {
	if p.everything {
		return s.star
	}
	segment := func(at int, strange string, length int) string {
		text, _ := fill(p.head[at], "${Any}", strange, strange, length)
		return text
	}
	account := ""
	if len(p.head[3]) > 0 {
		account = segment(3, s.home.account, accountDigits)
	}
	name := "arn:" + segment(0, s.home.partition, 0) + ":" + segment(1, strangeService, 0) + ":" + segment(2, strangeRegion, 0) + ":" + account + ":" +
		strings.NewReplacer("*", strangeName, "?", "~").Replace(runesText(p.tail))
	if _, err := arn.Parse(name); err != nil {
		return nil
	}
	return s.spot(p.text, name)
}

// matchingUnlisted calls do for each unlisted action that an entry matches.
func (u *universe) matchingUnlisted(entry *wildcard.Pattern, do func(action int32)) {
	if u.unlisted == 0 {
		return
	}
	for number := u.unlisted; number < len(u.actions); number++ {
		if entry.MatchFold(u.actions[number].name) {
			do(int32(number))
		}
	}
}

package iamtest

import (
	"slices"
	"strconv"
	"strings"
)

// compress writes a list of actions of one service with patterns where these say
// the same: "s3:*" for all that are in question, such as all that can be asked on
// a resource, and else what words makes of them. Both lists are sorted.
func (u *universe) compress(list, among []int32) []string {
	if len(list) > 1 && len(list) == len(among) {
		return []string{u.services[u.actions[list[0]].service].prefix + ":*"}
	}
	return u.words(list, among)
}

// words writes "s3:Get*" for all that are in question and whose names begin with
// a word, and the others one by one.
func (u *universe) words(list, among []int32) []string {
	if len(list) > 0 && u.isUnlisted(list[0]) {
		return []string{u.actions[list[0]].name} // a service has one only
	}
	has := func(all []int32, prefix string) (count int) {
		for _, action := range all {
			if strings.HasPrefix(u.actions[action].name, prefix) {
				count++
			}
		}
		return count
	}
	var texts []string
	for at := 0; at < len(list); {
		prefix := firstWord(u.actions[list[at]].name)
		count := has(list, prefix)
		if count > 1 && count == has(among, prefix) {
			texts = append(texts, prefix+"*")
			for at < len(list) && strings.HasPrefix(u.actions[list[at]].name, prefix) {
				at++
			}
			continue
		}
		texts = append(texts, u.actions[list[at]].name)
		at++
	}
	return slices.Compact(texts)
}

// firstWord gives the name of an action up to the end of its first word: "s3:Get"
// of "s3:GetObject".
func firstWord(name string) string {
	for at := strings.IndexByte(name, ':') + 2; at < len(name); at++ {
		if 'A' <= name[at] && name[at] <= 'Z' {
			return name[:at]
		}
	}
	return name
}

// among gives the actions of a service that can be asked on what a label names,
// sorted.
func (s *survey) among(label string, of int32) []int32 {
	var list []int32
	p := newPattern(label)
	if p.everything || strings.HasPrefix(label, "* but ") {
		for action := s.services[of].first; action < s.services[of].end; action++ {
			list = append(list, action)
		}
		return list
	}
	for _, at := range s.places(&p) {
		for _, action := range s.types[at.kind].actions {
			if s.actions[action].service == of {
				list = append(list, action)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// shownActions is how many actions or patterns of one service a line of a
// failure shows.
const shownActions = 12

// enumerate writes texts in one line, the first ones if there are many.
func enumerate(texts []string) string {
	if len(texts) <= shownActions {
		return strings.Join(texts, ", ")
	}
	return strings.Join(texts[:shownActions], ", ") + " and " + strconv.Itoa(len(texts)-shownActions) + " more"
}

package iamtest

import (
	"strings"
	"sync"

	"github.com/portcullis-iam/portcullis/internal/fold"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
	"github.com/portcullis-iam/portcullis/policy/catalog"
)

// A universe is the catalogue in the form that asking about all of it needs:
// everything has a number.
type universe struct {
	actions  []action
	types    []resourceType
	services []service
	// typesOf holds the resource types by the service in their ARNs.
	typesOf map[string][]int32
	// byName finds the actions by their names, folded.
	byName map[string]int32
	// unlisted is the number of the first action that the catalogue does not have,
	// and listedServices how many services it has; 0 if there is none.
	unlisted, listedServices int
}

type action struct {
	name    string
	asked   string // in place of the name, if that has wildcards
	service int32
	level   catalog.AccessLevel
	types   []int32
}

type service struct {
	prefix     string
	first, end int32 // its actions
}

type resourceType struct {
	catalog.ResourceType
	head    [4]string // partition, service, region and account of the format
	tail    []rune
	begin   string  // what every tail begins with
	strange string  // a tail with names that nobody would give
	actions []int32 // those that take it
	// rivals are the tails of formats that may be narrower, so that an ARN of this
	// format may be of another type.
	rivals []wildcard.Pattern
}

// theUniverse is made when it is first needed, which takes some ten
// milliseconds, and never written to afterwards.
var theUniverse = sync.OnceValue(func() *universe {
	u := &universe{typesOf: make(map[string][]int32), byName: make(map[string]int32, catalog.CountActions())}
	numbers := make(map[catalog.ResourceType]int32)
	for s := range catalog.Services() {
		first := int32(len(u.actions))
		for t := range s.ResourceTypes() {
			numbers[t] = int32(len(u.types))
			u.addType(t)
		}
		for a := range s.Actions() {
			number := int32(len(u.actions))
			one := action{name: a.String(), asked: a.String(), service: int32(len(u.services)), level: a.AccessLevel()}
			for t := range a.ResourceTypes() {
				taken := numbers[t.Type()]
				one.types = append(one.types, taken)
				u.types[taken].actions = append(u.types[taken].actions, number)
			}
			u.byName[fold.Text(one.name)] = number
			u.actions = append(u.actions, one)
		}
		u.services = append(u.services, service{s.Prefix(), first, int32(len(u.actions))})
	}
	for _, types := range u.typesOf {
		for _, one := range types {
			for _, other := range types {
				if one != other && strings.HasPrefix(u.types[other].begin, u.types[one].begin) {
					u.types[one].rivals = append(u.types[one].rivals, wildcard.Compile(formatPattern(u.types[other].tail)))
				}
			}
		}
	}
	return u
})

func (u *universe) addType(t catalog.ResourceType) {
	one := resourceType{ResourceType: t}
	format := t.ARNFormat()
	var cut [5]int
	if wildcard.Colons(format, &cut) {
		for at := range one.head {
			one.head[at] = format[cut[at]+1 : cut[at+1]]
		}
		one.tail = formatRunes(format[cut[4]+1:])
		one.begin = literalRunes(one.tail)
		one.strange = strings.ReplaceAll(runesText(one.tail), "*", strangeName)
		u.typesOf[one.head[1]] = append(u.typesOf[one.head[1]], int32(len(u.types)))
	}
	u.types = append(u.types, one)
}

// matching calls do for each action that an entry of Action matches.
func (u *universe) matching(entry *wildcard.Pattern, do func(action int32)) {
	u.matchingUnlisted(entry, do)
	prefix, _, found := strings.Cut(entry.Prefix(), ":")
	if !found {
		for number := range u.actions {
			if u.isUnlisted(int32(number)) {
				break
			}
			if entry.MatchFold(u.actions[number].name) {
				do(int32(number))
			}
		}
		return
	}
	if entry.Literal() {
		if number, found := u.byName[fold.Text(entry.Text())]; found {
			do(number)
		}
		return
	}
	of, found := u.service(prefix)
	if !found {
		return
	}
	for number := of.first; number < of.end; number++ {
		if entry.MatchFold(u.actions[number].name) {
			do(number)
		}
	}
}

// service finds a service by its prefix.
func (u *universe) service(prefix string) (service, bool) {
	low, high := 0, len(u.services)
	if u.unlisted > 0 {
		high = u.listedServices
	}
	all := high
	prefix = fold.Text(prefix)
	for low < high {
		middle := (low + high) / 2
		if u.services[middle].prefix < prefix {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low < all && u.services[low].prefix == prefix {
		return u.services[low], true
	}
	return service{}, false
}

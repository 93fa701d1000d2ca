package evaluate

import (
	"slices"
	"sort"
	"strings"
	"sync/atomic"

	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/principal"
)

// A person is a user or role of the directory, or another caller that a
// question is about.
type person struct {
	name    string // its ARN, or as the caller is written
	caller  compiled.Caller
	indexed bool // its policies are in the index
	// identity and boundary are the numbers of its policies in the index.
	identity, boundary []int32
	profile            atomic.Pointer[profile] // made when first asked for
}

// A profile is what has been found out about a person.
type profile struct {
	principal *principal.Principal
	// evaluator lacks the statements that are in the index, if the person is.
	evaluator Evaluator
}

// profileOf finds out about somebody, once.
func (r *Review) profileOf(someone *person) (*profile, error) {
	if kept := someone.profile.Load(); kept != nil {
		return kept, nil
	}
	found, err := r.Directory().Principal(someone.name)
	if err != nil {
		return nil, err
	}
	apart := *found // without what is in the index, or the same for the account
	if someone.indexed {
		apart.IdentityPolicies, apart.ServiceControlLevels = nil, nil
	}
	// An index pays for somebody who is asked about often. Here everybody is,
	// a few times.
	made, err := newEvaluator(&apart, neverIndex)
	if err != nil {
		return nil, err
	}
	if someone.indexed {
		made.principal, made.boundary = found, sets{}
		if control := r.control[someone.caller.AccountID]; control != nil && !found.Identity.ServiceLinked {
			made.serviceControl, made.levels = control.serviceControl, control.levels
		}
	}
	someone.profile.CompareAndSwap(nil, &profile{found, *made})
	return someone.profile.Load(), nil
}

// find gives a user or role of the directory, or nil.
func (r *Review) find(name string) *person {
	at, found := sort.Find(len(r.people), func(at int) int { return strings.Compare(name, r.people[at].name) })
	if !found {
		return nil
	}
	return &r.people[at]
}

// others resolves the callers that a question is about besides the people of
// the directory, each once.
func (r *Review) others(names []string) ([]*person, error) {
	var others []*person
	for at, name := range names {
		if r.find(name) != nil || slices.Contains(names[:at], name) {
			continue
		}
		found, err := r.Directory().Principal(name)
		if err != nil {
			return nil, err
		}
		others = append(others, &person{name: name, caller: callerOf(found.Identity)})
	}
	return others, nil
}

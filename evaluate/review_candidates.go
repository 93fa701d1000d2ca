package evaluate

import (
	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/principal"
)

// candidates gives the people who may be allowed, if everything else agrees, in
// the order of their ARNs. Nobody else is: whoever has an account side is
// allowed by an identity-based policy, or by a policy of a resource in its own
// account that names it or everybody (SEMANTICS 5.3), or by a rule of the
// service that allows what no policy does.
//
// It notes in the question which statements speak of it.
func (r *Review) candidates(q *prepared) ([]*person, error) {
	anybody, err := New(&principal.Principal{Identity: principal.Identity{Kind: principal.User}})
	if err != nil {
		return nil, err
	}
	var c inquiry
	c.open(anybody, &q.request)
	q.statements = r.index.find(&c.search)

	chosen := newNumberSet(len(r.people))
	rules := c.ruling | serviceRuling(q.request.action, &q.request.name, compiled.RoleSession)
	if rules.has(alwaysAllowed) {
		for number := range r.people {
			chosen.add(int32(number))
		}
	} else {
		r.index.addHolders(chosen, q.statements)
		r.addNamed(chosen, q)
	}
	candidates := make([]*person, 0, chosen.count())
	for number := range chosen.all {
		candidates = append(candidates, &r.people[number])
	}
	return candidates, nil
}

// addNamed adds the people of the resource's account that its policy names
// where it speaks of the action. Those of other accounts need an identity-based
// policy besides.
func (r *Review) addNamed(people numberSet, q *prepared) {
	side := q.request.Resource
	if side == nil {
		return
	}
	for at := range side.policy.allow.members {
		statement := side.policy.allow.members[at].statement
		if !statement.MatchesAction(q.request.action) {
			continue
		}
		for _, number := range r.accounts[q.request.account] {
			if grants(statement, &r.people[number].caller) > compiled.AccountGrant {
				people.add(number)
			}
		}
	}
}

package evaluate

import (
	"fmt"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/policy"
)

// TestSetsWantAnIndex: large ones do, counted by actions and resources.
func TestSetsWantAnIndex(t *testing.T) {
	t.Parallel()
	const four = `{"Effect": "Allow", "Action": ["s3:Get", "s3:Put"], "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::c"]}`
	statements := func(fours int, more ...string) set {
		for range fours {
			more = append(more, four)
		}
		return set{members: membersOf(t, policy.IdentityBased, more...)}
	}
	for _, row := range []struct {
		name  string
		set   set
		large bool
	}{
		{"no statement", set{}, false},
		{"one", statements(1), false},
		{"as many as are scanned", statements(scanLimit / 4), false},
		{"one entry more", statements(scanLimit/4-1, `{"Effect": "Allow", "Action": ["s3:Get", "s3:Put"], "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::c", "arn:aws:s3:::d"]}`), true},
		{"many", statements(20), true},
	} {
		large, always, never := row.set.wantsIndex(indexLarge), row.set.wantsIndex(alwaysIndex), row.set.wantsIndex(neverIndex)
		if large != row.large || always != (len(row.set.members) > 0) || never {
			t.Errorf("%s: large %v, always %v, never %v", row.name, large, always, never)
		}
		sets := [2]set{row.set, statements(20)}
		finish(indexLarge, &sets[0], &sets[1])
		if (sets[0].index != nil) != row.large || sets[1].index == nil || row.large && sets[0].index.actions != sets[1].index.actions {
			t.Errorf("%s: finish makes the indexes %v and %v", row.name, sets[0].index, sets[1].index)
			continue
		}
		checkTable(t, sets[1].index.actions)
	}
}

// TestLargeLayersHaveAnIndex: all of them, of both effects.
func TestLargeLayersHaveAnIndex(t *testing.T) {
	t.Parallel()
	long := func(statement string) string {
		var texts []string
		for number := range scanLimit {
			texts = append(texts, fmt.Sprint("sqs:Do", number))
		}
		return strings.Replace(statement, `"sqs:SendMessage"`, list(append(texts, send)), 1)
	}
	both := long(yes) + "," + long(no)
	s := scene{caller: session, identity: []string{both}, boundary: []string{both}, session: []string{both}, serviceControl: []string{both, both},
		resourcePolicy: to(everybody, long(yes)) + "," + to(everybody, long(no)), resourceControl: []string{to(everybody, long(no))},
		endpoint: []string{to(everybody, long(yes)) + "," + to(everybody, long(no))}}
	e, r := s.evaluator(t), s.request(t)
	if len(e.levels) != 2 {
		t.Fatalf("%d levels", len(e.levels))
	}
	for name, s := range map[string]*set{
		"identity, deny": &e.identity.deny, "identity, allow": &e.identity.allow, "boundary, deny": &e.boundary.deny, "boundary, allow": &e.boundary.allow,
		"session, deny": &e.session.deny, "session, allow": &e.session.allow, "service control, deny": &e.serviceControl.deny,
		"first level": &e.levels[0], "second level": &e.levels[1], "resource control": &r.Resource.control.deny,
		"resource, deny": &r.Resource.policy.deny, "resource, allow": &r.Resource.policy.allow,
		"endpoint, deny": &r.Endpoint.policies.deny, "endpoint, allow": &r.Endpoint.policies.allow,
	} {
		if len(s.members) == 0 || s.index == nil {
			t.Errorf("%s: %d statements without an index", name, len(s.members))
		}
	}
}

// TestSearchGoesOn: a statement that is about somebody else does not end a
// search.
func TestSearchGoesOn(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		scene
		want verdict
	}{
		{"a Deny about somebody else first", scene{identity: []string{yes}, resourcePolicy: to(aws(session), no) + "," + to(aws(alice), no)}, verdict{ExplicitlyDenied, ResourcePolicy, "", "No"}},
		{"an Allow about somebody else first", scene{resourcePolicy: to(aws(session), yes) + "," + to(aws(alice), yes)}, verdict{Allowed, ResourcePolicy, "", "Yes"}},
		{"a smaller grant first", scene{resourcePolicy: to(ownAccount, yes) + "," + to(aws(alice), yes)}, verdict{Allowed, ResourcePolicy, "", "Yes"}},
		{"a Deny whose condition fails first", scene{identity: []string{yes + "," + only(`{"Null": {"test:k": "false"}}`, no) + "," + no}}, verdict{ExplicitlyDenied, IdentityPolicy, "", "No"}},
	} {
		t.Run(row.name, func(t *testing.T) { row.scene.wants(t, row.want) })
	}
}

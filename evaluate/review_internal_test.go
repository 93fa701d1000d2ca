package evaluate

import (
	"fmt"
	"testing"

	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// TestPeopleIndexShares: a policy that many have is there once, what is large
// has an index, and nobody keeps what the index holds.
func TestPeopleIndexShares(t *testing.T) {
	t.Parallel()
	b := principal.NewBuilder()
	var actions []string
	for number := range scanLimit {
		actions = append(actions, fmt.Sprint("sqs:Do", number))
	}
	b.AddManagedPolicy(account, principal.ManagedPolicyDetail{Name: "All", Document: `{"Statement": [{"Effect": "Allow", "Action": ` + list(actions) + `, "Resource": "*"},
		{"Effect": "Allow", "Action": [], "Resource": "*"}, {"Effect": "Deny", "Action": "sqs:Do3", "Resource": "*"}]}`})
	attached := []string{"arn:aws:iam::111122223333:policy/All"}
	for number := range 5 {
		b.AddUser(account, principal.UserDetail{Name: fmt.Sprint("user-", number), ID: "AIDA", Attached: attached, Boundary: attached[0]})
	}
	b.SetOrganization(principal.Organization{ID: "o-1", ManagementAccount: otherAccount, Root: principal.OrganizationNode{ID: "r-1",
		ServiceControlPolicies: []string{"FullAWSAccess"}, Accounts: []principal.OrganizationAccount{{ID: account, ServiceControlPolicies: []string{"FullAWSAccess"}}}}})
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewReview(d)
	if err != nil {
		t.Fatal(err)
	}
	// As a boundary it is compiled for another use.
	if ix := &r.index; len(ix.first) != 3 || len(ix.policyOf) != 4 || len(ix.statements.members) != 4 || len(ix.holders[0]) != 5 || len(ix.holders[1]) != 0 || ix.statements.index == nil {
		t.Errorf("the index is %+v, want two policies of two statements each, the first with five holders", ix)
	}
	answer, err := r.WhoCan(t.Context(), Question{Action: "sqs:Do1", Resource: "*"}, Options{})
	if err != nil || len(answer.Allowed) != 5 {
		t.Fatalf("%v, %v", answer, err)
	}
	for at := range r.people {
		kept := r.people[at].profile.Load()
		if e := &kept.evaluator; len(e.identity.allow.members)+len(e.boundary.allow.members) > 0 || len(e.levels) != 2 ||
			&e.levels[0] != &r.control[account].levels[0] {
			t.Errorf("%s keeps statements of its own", r.people[at].name)
		}
		if again, err := r.profileOf(&r.people[at]); again != kept || err != nil {
			t.Errorf("%s is found out about twice", r.people[at].name)
		}
	}
}

// TestControlOfServiceLinkedRoles: they do not stand for their account, be they
// first in it or alone.
func TestControlOfServiceLinkedRoles(t *testing.T) {
	t.Parallel()
	b := principal.NewBuilder()
	b.AddRole(account, principal.RoleDetail{Name: "AWSServiceRoleForSupport", Path: "/aws-service-role/support.amazonaws.com/", ID: "AROA"})
	b.AddRole(account, principal.RoleDetail{Name: "ordinary", ID: "AROA"})
	b.AddRole(otherAccount, principal.RoleDetail{Name: "AWSServiceRoleForSupport", Path: "/aws-service-role/support.amazonaws.com/", ID: "AROA"})
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewReview(d)
	if err != nil {
		t.Fatal(err)
	}
	if control := r.control[account]; control == nil || control.principal.Identity.ServiceLinked {
		t.Errorf("the first account has the evaluator %+v", control)
	}
	if control := r.control[otherAccount]; control != nil {
		t.Errorf("an account with a service-linked role alone has the evaluator %+v", control)
	}
}

// TestRelaxed: a statement without variables is the same one, the others lose
// what hangs on them.
func TestRelaxed(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		resources string
		same      bool
		want      []string // of the prefixes
	}{
		{`"Resource": "*"`, true, nil},
		{`"Resource": ["arn:aws:s3:::a", "arn:aws:s3:::b*"]`, true, nil},
		{`"NotResource": ["arn:aws:s3:::a", "arn:aws:s3:::b*"]`, true, nil},
		{`"Resource": ["arn:aws:s3:::${aws:username}", "arn:aws:s3:::b"]`, false, []string{"arn:aws:s3:::", "arn:aws:s3:::b"}},
		{`"Resource": ["arn:aws:s3:::b", "arn:aws:s3:::a${aws:username}"]`, false, []string{"arn:aws:s3:::b", "arn:aws:s3:::a"}},
		{`"NotResource": ["arn:aws:s3:::b", "arn:aws:s3:::${aws:username}"]`, false, []string{"arn:aws:s3:::b"}},
	} {
		statement := membersOf(t, policy.IdentityBased, `{"Effect": "Allow", "Action": "s3:Get", `+row.resources+`}`)[0].statement
		wider := relaxed(statement)
		if (wider == statement) != row.same {
			t.Errorf("%s: is the same one: %v", row.resources, wider == statement)
		}
		if row.same {
			continue
		}
		var got []string
		for at := range wider.Resources {
			got = append(got, wider.Resources[at].Pattern.Prefix())
			if wider.Resources[at].Pattern.Variables() != nil {
				t.Errorf("%s: variables are left", row.resources)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(row.want) || wider.Flags.Has(compiled.NotResource) != statement.Flags.Has(compiled.NotResource) {
			t.Errorf("%s: %q, want %q", row.resources, got, row.want)
		}
	}
}

// TestNumberSetBounds: a bit for each number and no more, and "before" means
// before.
func TestNumberSetBounds(t *testing.T) {
	t.Parallel()
	for bound, words := range map[int]int{0: 0, 1: 1, 63: 1, 64: 1, 65: 2, 128: 2} {
		if got := len(newNumberSet(bound)); got != words {
			t.Errorf("a set below %d takes %d words, want %d", bound, got, words)
		}
	}
	s := newNumberSet(10)
	s.add(3)
	s.add(5)
	for number := range s.between(0, 5) {
		if number != 3 {
			t.Errorf("%d is not between 0 and before 5", number)
		}
	}
}

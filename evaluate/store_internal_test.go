package evaluate

import (
	"testing"

	"github.com/portcullis-iam/portcullis/principal"
)

// TestRecentForgetsInGenerations: what was put or asked for within a generation
// is there, and what was not within two is not.
func TestRecentForgetsInGenerations(t *testing.T) {
	t.Parallel()
	var r recent[int, int]
	if _, found := r.get(0); found {
		t.Error("the empty one has something")
	}
	for key := range generationSize - 1 {
		if kept := r.put(key, key); kept != key {
			t.Fatalf("put gives %d for %d", kept, key)
		}
	}
	if kept := r.put(7, -7); kept != 7 {
		t.Errorf("put gives %d although there is one", kept)
	}
	if r.old.Load() != nil {
		t.Error("a generation ends before it is full")
	}
	r.put(generationSize-1, generationSize-1)
	if r.old.Load() == nil || r.young.Load().count.Load() != 0 {
		t.Error("a full generation does not become the old one")
	}
	for range 2 { // out of the old one, and where it returned to
		if kept, found := r.get(7); kept != 7 || !found {
			t.Errorf("7 is %d, %v", kept, found)
		}
	}
	if _, found := r.young.Load().entries.Load(7); !found {
		t.Error("what was asked for does not return to the young generation")
	}
	for key := range generationSize {
		r.put(-1-key, key)
	}
	if kept, found := r.get(7); kept != 7 || !found {
		t.Errorf("what was asked for is forgotten: %d, %v", kept, found)
	}
	if _, found := r.get(8); found {
		t.Error("what was not asked for is still there")
	}
}

// storeDirectory is an account with a user, a role and a bucket that lets only
// one session of the role in.
func storeDirectory(t *testing.T) *principal.Directory {
	t.Helper()
	const lists = `{"Statement": {"Effect": "Allow", "Action": ["sqs:ListQueues", "sqs:PurgeQueue"], "Resource": "*"}}`
	b := principal.NewBuilder()
	b.AddUser(account, principal.UserDetail{Name: "alice", ID: "AIDA", Inline: []principal.NamedDocument{{Name: "p", Document: lists}}})
	b.AddRole(account, principal.RoleDetail{Name: "app", ID: "AROA"})
	b.AddResource(principal.ResourceDetail{ARN: bucket, AccountID: account, Document: `{"Statement":
		{"Effect": "Allow", "Principal": {"AWS": "` + session + `"}, "Action": "s3:GetObject", "Resource": "` + bucket + `/*"}}`})
	b.SetOrganization(principal.Organization{ID: "o-1", ManagementAccount: otherAccount, Root: principal.OrganizationNode{ID: "r-1",
		ServiceControlPolicies: []string{"FullAWSAccess"}, Accounts: []principal.OrganizationAccount{
			{ID: account, ServiceControlPolicies: []string{"FullAWSAccess"}, ResourceControlPolicies: []string{"no-purge"}}}},
		ResourceControlPolicies: []principal.NamedDocument{{Name: "no-purge", Document: `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "sqs:PurgeQueue", "Resource": "*"}}`}}})
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestSnapshotDecidesForEachKindOfCaller, on what the directory knows and on
// "*", twice: made ready, and kept.
func TestSnapshotDecidesForEachKindOfCaller(t *testing.T) {
	t.Parallel()
	const person = "arn:aws:iam::111122223333:user/alice"
	s := NewSnapshot(storeDirectory(t))
	for range 2 {
		for _, row := range []struct {
			caller, action, resource string
			want                     Outcome
			layer                    Layer
		}{
			{person, "sqs:ListQueues", "*", Allowed, IdentityPolicy},
			{person, "sqs:PurgeQueue", "*", ExplicitlyDenied, ResourceControlPolicy},
			{person, "sqs:PurgeQueue", queue, ExplicitlyDenied, ResourceControlPolicy},
			{root, "sqs:ListQueues", "*", Allowed, IdentityPolicy},
			{session, "s3:GetObject", bucket + "/1", Allowed, ResourcePolicy},
			{"arn:aws:sts::111122223333:assumed-role/app/other", "s3:GetObject", bucket + "/1", ImplicitlyDenied, IdentityPolicy},
			{notifier, "sqs:ListQueues", "*", ImplicitlyDenied, ResourcePolicy},
			{principal.AnonymousCaller, "s3:GetObject", bucket + "/1", ImplicitlyDenied, ResourcePolicy},
		} {
			owner := account
			if row.resource == "*" {
				owner = ""
			}
			r, err := NewRequest(row.action, row.resource, owner)
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.Decide(row.caller, r)
			if err != nil || got.Outcome != row.want || got.Layer != row.layer {
				t.Errorf("%s, %s on %s: %v, %v; want %v by %v", row.caller, row.action, row.resource, got, err, row.want, row.layer)
			}
			if r.Resource != nil {
				t.Errorf("%s, %s on %s: the request has got a resource", row.caller, row.action, row.resource)
			}
		}
	}
	// A resource that the request has already takes part.
	own := scene{resourcePolicy: to(aws(person), yes)}
	if got, err := s.Decide(person, own.request(t)); err != nil || got.Outcome != Allowed || got.Layer != ResourcePolicy {
		t.Errorf("with a resource of the request: %v, %v", got, err)
	}
}

// TestSwapMakesPeopleReady: those that the previous snapshot was asked about.
// Sessions and root users are found out about anew.
func TestSwapMakesPeopleReady(t *testing.T) {
	t.Parallel()
	const person, role = "arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:role/app"
	s := NewStore(storeDirectory(t))
	asked := s.Load()
	for _, caller := range []string{person, session, root, notifier} {
		if _, err := asked.Evaluator(caller); err != nil {
			t.Fatal(err)
		}
	}
	ready := func(snapshot *Snapshot) map[string]bool {
		names := map[string]bool{}
		for name := range snapshot.people.Range {
			names[name.(string)] = true
		}
		return names
	}
	if names := ready(asked); len(names) != 2 || !names[person] || !names[role] {
		t.Errorf("the snapshot keeps %v for good, want the user, and the role behind the session", names)
	}
	if previous := s.Swap(storeDirectory(t)); previous != asked {
		t.Error("Swap gives another snapshot than the one that was in force")
	}
	if names := ready(s.Load()); len(names) != 2 || !names[person] || !names[role] {
		t.Errorf("after Swap %v are ready", names)
	}
	if kept, _ := s.Load().callers.get(session); kept != nil {
		t.Error("after Swap a session is ready")
	}
}

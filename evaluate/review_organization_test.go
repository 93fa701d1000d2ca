package evaluate_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/principal"
)

// The accounts of [smallOrganization].
const (
	first, second = "111111111111", "222222222222"
	userOf        = "arn:aws:iam::111111111111:user/"
	userOfSecond  = "arn:aws:iam::222222222222:user/"
)

// smallOrganization has two accounts in which everybody may list queues, but
// control policies keep those of the second from making queues, and resource
// control policies keep everybody from purging its queues. In the first there
// is also a user with a boundary, one who is only denied, a role that may send,
// and a bucket whose policy names a user.
func smallOrganization(t *testing.T) *principal.Directory {
	t.Helper()
	statements := func(text string) []principal.NamedDocument {
		return []principal.NamedDocument{{Name: "p", Document: `{"Version": "2012-10-17", "Statement": [` + text + `]}`}}
	}
	const queues = `{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}`
	b := principal.NewBuilder()
	for _, account := range []string{first, second} {
		b.AddUser(account, principal.UserDetail{Name: "alice", ID: "AIDA", Inline: statements(queues)})
		b.AddUser(account, principal.UserDetail{Name: "bob", ID: "AIDA"})
	}
	b.AddManagedPolicy(first, principal.ManagedPolicyDetail{Name: "List", Document: `{"Statement": [{"Effect": "Allow", "Action": "sqs:List*", "Resource": "*"},
		{"Effect": "Deny", "Action": "sqs:ListDeadLetterSourceQueues", "Resource": "*"}]}`})
	b.AddUser(first, principal.UserDetail{Name: "bounded", ID: "AIDA", Inline: statements(queues), Boundary: "arn:aws:iam::111111111111:policy/List"})
	b.AddUser(first, principal.UserDetail{Name: "denied", ID: "AIDA", Inline: statements(`{"Effect": "Deny", "Action": "*", "Resource": "*"}`)})
	b.AddUser(first, principal.UserDetail{Name: "empty", ID: "AIDA", Inline: statements(`{"Effect": "Allow", "NotAction": [], "Resource": "*"}`)})
	b.AddRole(first, principal.RoleDetail{Name: "sender", ID: "AROA", Inline: statements(queues)})
	b.AddResource(principal.ResourceDetail{ARN: "arn:aws:s3:::nests", AccountID: first, Document: `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Principal": {"AWS": ["` + userOf + `bob", "` + userOfSecond + `bob"]}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::nests/*"},
		{"Effect": "Allow", "Principal": {"AWS": "` + first + `"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::nests/*"},
		{"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::nests/*"}]}`})
	b.SetOrganization(principal.Organization{ID: "o-1", ManagementAccount: "999999999999", Root: principal.OrganizationNode{ID: "r-1",
		ServiceControlPolicies: []string{"FullAWSAccess"}, Accounts: []principal.OrganizationAccount{
			{ID: first, ServiceControlPolicies: []string{"FullAWSAccess"}},
			{ID: second, ServiceControlPolicies: []string{"FullAWSAccess", "no-queues"}, ResourceControlPolicies: []string{"no-purge"}}}},
		ServiceControlPolicies:  []principal.NamedDocument{{Name: "no-queues", Document: `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "sqs:CreateQueue", "Resource": "*"}}`}},
		ResourceControlPolicies: []principal.NamedDocument{{Name: "no-purge", Document: `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "sqs:PurgeQueue", "Resource": "*"}}`}}})
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// callersOf gives the callers of a list, sorted as they are.
func callersOf(list []evaluate.Access) (names []string) {
	for _, access := range list {
		names = append(names, access.Caller)
	}
	return names
}

// TestWhoCanInAnOrganization asks about everybody and some more, with the
// answer written out. Nobody has to be decided whom nothing could allow.
func TestWhoCanInAnOrganization(t *testing.T) {
	t.Parallel()
	d := smallOrganization(t)
	r := review(t, d)
	const root, session, sender = "arn:aws:iam::111111111111:root", "arn:aws:sts::111111111111:assumed-role/sender/run", "arn:aws:iam::111111111111:role/sender"
	const someQueue = "arn:aws:sqs:eu-west-1:111111111111:jobs"
	everybody := slices.Collect(d.Principals())
	users := slices.DeleteFunc(slices.Clone(everybody), func(name string) bool { return name == sender })
	for _, test := range []struct {
		name, action, resource, account string
		also                            []string
		want                            []string
		decided                         int
	}{
		{"everywhere", "sqs:ListQueues", "*", "", nil, []string{sender, userOf + "alice", userOf + "bounded", userOfSecond + "alice"}, 4},
		{"a service control policy denies", "sqs:CreateQueue", "*", "", nil, []string{sender, userOf + "alice"}, 4},
		{"a resource control policy denies", "sqs:PurgeQueue", "*", "", nil, []string{sender, userOf + "alice"}, 4},
		{"a boundary denies", "sqs:ListDeadLetterSourceQueues", "*", "", nil, []string{sender, userOf + "alice", userOfSecond + "alice"}, 4},
		{"what belongs to one account", "sqs:ListQueues", "*", second, nil, []string{userOfSecond + "alice"}, 4},
		{"one queue", "sqs:SendMessage", someQueue, "", nil, []string{sender, userOf + "alice"}, 4},
		{"the root user too", "sqs:SendMessage", someQueue, "", []string{root}, []string{sender, root, userOf + "alice"}, 5},
		{"each once", "sqs:SendMessage", someQueue, "", []string{session, root, userOf + "alice", "lambda.amazonaws.com", root, sender, session},
			[]string{sender, root, userOf + "alice", session}, 7},
		{"a service owns nothing", "sqs:ListQueues", "*", "", []string{"lambda.amazonaws.com", "arn:aws:iam::999999999999:root", session},
			[]string{sender, userOf + "alice", userOf + "bounded", userOfSecond + "alice", "arn:aws:iam::999999999999:root", session}, 7},
		{"named by the resource", "s3:GetObject", "arn:aws:s3:::nests/1", "", nil, []string{userOf + "bob"}, 1},
		{"everybody by the resource", "s3:PutObject", "arn:aws:s3:::nests/1", "", nil, []string{sender, userOf + "alice", userOf + "bob", userOf + "bounded", userOf + "empty"}, 6},
		{"nobody", "s3:DeleteObject", "arn:aws:s3:::nests/1", "", nil, nil, 0},
		{"by rule of the service", "sts:GetCallerIdentity", "*", "", nil, everybody, len(everybody)},
		{"by rule of the service, users", "sts:GetSessionToken", "*", "", nil, users, len(everybody)},
	} {
		q := evaluate.Question{Action: test.action, Resource: test.resource, Account: test.account}
		for _, workers := range []int{1, 3} {
			decided := -1
			answer, err := r.WhoCan(t.Context(), q, evaluate.Options{Workers: workers, Also: test.also, Progress: func(_, total int) { decided = total }})
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(test.want)
			if diff := cmp.Diff(test.want, callersOf(answer.Allowed)); diff != "" || len(answer.Undetermined) != 0 || decided != test.decided {
				t.Errorf("%s: %d decided, want %d (-want +got):\n%s", test.name, decided, test.decided, diff)
			}
			if diff := cmp.Diff(sentences(askEverybody(t, d, q, test.also)), sentences(answer)); diff != "" {
				t.Errorf("%s (-asking everybody, +WhoCan):\n%s", test.name, diff)
			}
		}
	}
}

// TestWhatCanInAnOrganization asks about one action and about none, in the
// account of whoever asks, and what is wrong with a question.
func TestWhatCanInAnOrganization(t *testing.T) {
	t.Parallel()
	r := review(t, smallOrganization(t))
	for _, test := range []struct {
		caller, resource string
		actions          []string
		want             []evaluate.Outcome
	}{
		{userOf + "alice", "*", []string{"sqs:CreateQueue"}, []evaluate.Outcome{evaluate.Allowed}},
		{userOfSecond + "alice", "*", []string{"sqs:CreateQueue", "sqs:ListQueues", "sqs:PurgeQueue"}, []evaluate.Outcome{evaluate.ExplicitlyDenied, evaluate.Allowed, evaluate.ExplicitlyDenied}},
		{userOf + "bob", "arn:aws:s3:::nests/1", []string{"s3:GetObject", "s3:DeleteObject"}, []evaluate.Outcome{evaluate.Allowed, evaluate.ImplicitlyDenied}},
		{userOf + "bob", "*", nil, nil},
	} {
		decisions, err := r.WhatCan(t.Context(), test.caller, test.actions, evaluate.Question{Resource: test.resource})
		if err != nil {
			t.Fatal(err)
		}
		var outcomes []evaluate.Outcome
		for _, one := range decisions {
			outcomes = append(outcomes, one.Decision.Outcome)
		}
		if !slices.Equal(outcomes, test.want) {
			t.Errorf("%s, %v on %s: %v, want %v", test.caller, test.actions, test.resource, outcomes, test.want)
		}
	}
	var notFound *principal.NotFoundError
	if _, err := r.WhatCan(t.Context(), userOf+"nobody", []string{"sqs:ListQueues"}, evaluate.Question{Resource: "*"}); !errors.As(err, &notFound) {
		t.Errorf("an unknown caller: %v", err)
	}
	var resource *principal.ResourceError
	if _, err := r.WhatCan(t.Context(), userOf+"alice", []string{"sqs:ListQueues"}, evaluate.Question{Resource: "jobs"}); !errors.As(err, &resource) {
		t.Errorf("a resource that is none: %v", err)
	}
}

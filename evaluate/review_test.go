package evaluate_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/fuzz/generate"
	"github.com/portcullis-iam/portcullis/principal"
)

// askEverybody is what WhoCan must say: everybody is asked, one by one.
func askEverybody(t *testing.T, d *principal.Directory, q evaluate.Question, also []string) *evaluate.Answer {
	t.Helper()
	answer := new(evaluate.Answer)
	everybody := append(slices.Collect(d.Principals()), also...)
	slices.Sort(everybody)
	for _, caller := range slices.Compact(everybody) {
		p, err := d.Principal(caller)
		if err != nil {
			t.Fatal(err)
		}
		e, err := evaluate.New(p)
		if err != nil {
			t.Fatal(err)
		}
		r := evaluate.Request{Context: q.Context, Endpoint: q.Endpoint}
		account := q.Account
		if q.Resource == "*" && account == "" {
			account = p.Identity.AccountID
		}
		if q.Resource == "*" && account == "" {
			err = r.Set(q.Action, q.Resource, "") // a service owns no "*"
		} else {
			var found *principal.Resource
			var side *evaluate.Resource
			if found, err = d.Resource(q.Resource, account); err != nil {
				t.Fatal(err)
			}
			if side, err = evaluate.NewResource(found); err != nil {
				t.Fatal(err)
			}
			err = r.SetFor(q.Action, side)
		}
		if err != nil {
			t.Fatal(err)
		}
		switch access := (evaluate.Access{Caller: caller, Decision: e.Evaluate(&r)}); access.Decision.Outcome {
		case evaluate.Allowed:
			answer.Allowed = append(answer.Allowed, access)
		case evaluate.Undetermined:
			answer.Undetermined = append(answer.Undetermined, access)
		}
	}
	return answer
}

// sentences writes an answer down, with what decided. Of several statements of
// one layer that apply an evaluator names one, and not always the same as
// another evaluator of the same principal.
func sentences(answer *evaluate.Answer) []string {
	var lines []string
	for _, list := range [][]evaluate.Access{answer.Allowed, answer.Undetermined} {
		for _, access := range list {
			by := ""
			if statement, found := access.Decision.Statement(); found {
				by = " by " + string(statement.Effect())
			}
			lines = append(lines, fmt.Sprint(access.Caller, ": ", access.Decision.Outcome, by, " of ", access.Decision.Layer, access.Decision.OrgIdentifier()))
		}
	}
	return lines
}

// TestWhoCanIsAskingEverybody holds WhoCan, with its index, against asking
// everybody in generated directories: users and roles, groups, boundaries,
// several accounts, an organization, policies of resources, unknown keys, root
// users, sessions and services.
func TestWhoCanIsAskingEverybody(t *testing.T) {
	t.Parallel()
	directories, questions := 250, 6
	if testing.Short() {
		directories = 60
	}
	allowed, undetermined, answers := 0, 0, 0
	for seed := range uint64(directories) {
		described := generate.DirectoryFromSeed(seed)
		d := generatedDirectory(t, described)
		review, err := evaluate.NewReview(d)
		if err != nil {
			t.Fatal(err)
		}
		random := rand.New(rand.NewPCG(seed, 1))
		also := []string{"anonymous", "lambda.amazonaws.com", "arn:aws:iam::999999999999:root"}
		for account := range d.Accounts() {
			also = append(also, "arn:aws:iam::"+account+":root")
		}
		for caller := range d.Principals() {
			if parts := strings.SplitN(caller, ":role/", 2); len(parts) == 2 {
				name := parts[1][strings.LastIndexByte(parts[1], '/')+1:]
				also = append(also, strings.Replace(parts[0], ":iam:", ":sts:", 1)+":assumed-role/"+name+"/i-1", caller)
			}
		}
		extra := []generate.Question{{Action: "sts:GetCallerIdentity", Resource: "*"}, {Action: "sts:GetSessionToken", Resource: "*"},
			{Action: "s3:ListAllMyBuckets", Resource: "*"}, {Action: "s3:ListAllMyBuckets", Resource: "arn:aws:s3:::reports"}}
		for _, generated := range append(described.Questions(seed, questions), extra[seed%uint64(len(extra))]) {
			q := evaluate.Question{Action: generated.Action, Resource: generated.Resource,
				Context: generatedContext(generated.Context, func() bool { return random.IntN(6) == 0 })}
			if _, err := d.Resource(q.Resource, ""); err != nil && (q.Resource != "*" || random.IntN(3) == 0) {
				q.Account = described.Accounts[random.IntN(len(described.Accounts))].ID
			}
			options := evaluate.Options{}
			if random.IntN(2) == 0 {
				options.Also = also
			}
			got, err := review.WhoCan(t.Context(), q, options)
			if err != nil {
				t.Fatalf("directory %d, %s on %s: %v", seed, q.Action, q.Resource, err)
			}
			want := askEverybody(t, d, q, options.Also)
			if difference := cmp.Diff(sentences(want), sentences(got)); difference != "" {
				t.Errorf("directory %d, %s on %s of %q (-asking everybody, +WhoCan):\n%s", seed, q.Action, q.Resource, q.Account, difference)
			}
			allowed, undetermined, answers = allowed+len(want.Allowed), undetermined+len(want.Undetermined), answers+1
		}
	}
	// The comparison says something only if there is something to compare.
	if allowed < answers/2 || undetermined < answers/10 {
		t.Errorf("of %d answers, %d allow and %d leave undetermined: too few to compare", answers, allowed, undetermined)
	}
}

// crowd is an account with a number of users, of whom every third may read the
// bucket and every fifth may if it is not known where the request comes from.
func crowd(t *testing.T, people int) *principal.Directory {
	t.Helper()
	b := principal.NewBuilder()
	b.AddManagedPolicy("111111111111", principal.ManagedPolicyDetail{Name: "Read", Document: `{"Version": "2012-10-17", "Statement":
		{"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::reports/*"}}`})
	b.AddManagedPolicy("111111111111", principal.ManagedPolicyDetail{Name: "ReadInside", Document: `{"Version": "2012-10-17", "Statement":
		{"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::reports/*", "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}}`})
	for number := range people {
		user := principal.UserDetail{Name: fmt.Sprintf("user-%05d", number), ID: "AIDA"}
		if number%3 == 0 {
			user.Attached = append(user.Attached, "arn:aws:iam::111111111111:policy/Read")
		}
		if number%5 == 0 {
			user.Attached = append(user.Attached, "arn:aws:iam::111111111111:policy/ReadInside")
		}
		b.AddUser("111111111111", user)
	}
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// crowdQuestion is the question that [crowd] is made for.
func crowdQuestion() evaluate.Question {
	q := evaluate.Question{Action: "s3:GetObject", Resource: "arn:aws:s3:::reports/2026.csv", Account: "111111111111", Context: new(condition.Context)}
	q.Context.SetUnknown("aws:SourceVpc")
	return q
}

func review(t *testing.T, d *principal.Directory) *evaluate.Review {
	t.Helper()
	r, err := evaluate.NewReview(d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWhoCanOrder(t *testing.T) {
	t.Parallel()
	const people = 5000
	r := review(t, crowd(t, people))
	for _, workers := range []int{0, 1, 2, 3, 16, 10000} {
		answer, err := r.WhoCan(t.Context(), crowdQuestion(), evaluate.Options{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		var allowed, undetermined []string
		for number := range people {
			switch name := fmt.Sprintf("arn:aws:iam::111111111111:user/user-%05d", number); {
			case number%3 == 0:
				allowed = append(allowed, name)
			case number%5 == 0:
				undetermined = append(undetermined, name)
			}
		}
		callers := func(list []evaluate.Access) (names []string) {
			for _, access := range list {
				names = append(names, access.Caller)
			}
			return names
		}
		if !slices.Equal(callers(answer.Allowed), allowed) || !slices.Equal(callers(answer.Undetermined), undetermined) {
			t.Errorf("%d workers: %d allowed and %d undetermined, want %d and %d, sorted", workers, len(answer.Allowed), len(answer.Undetermined), len(allowed), len(undetermined))
		}
	}
}

func TestWhoCanProgress(t *testing.T) {
	t.Parallel()
	const people = 15000
	r := review(t, crowd(t, people))
	candidates := 0
	for number := range people {
		if number%3 == 0 || number%5 == 0 {
			candidates++
		}
	}
	for _, workers := range []int{1, 2, 8} {
		var reports []int
		var running atomic.Int32
		options := evaluate.Options{Workers: workers, Progress: func(done, total int) {
			if running.Add(1) != 1 {
				t.Error("Progress is called by two goroutines at the same time")
			}
			if total != candidates {
				t.Errorf("total is %d, want %d", total, candidates)
			}
			reports = append(reports, done)
			running.Add(-1)
		}}
		if _, err := r.WhoCan(t.Context(), crowdQuestion(), options); err != nil {
			t.Fatal(err)
		}
		for at := 1; at < len(reports); at++ {
			if reports[at] <= reports[at-1] {
				t.Errorf("%d workers: progress goes from %d to %d", workers, reports[at-1], reports[at])
			}
		}
		if len(reports) < 3 || len(reports) > candidates/1024+1 || reports[len(reports)-1] != candidates {
			t.Errorf("%d workers: reports %v, want about one for every thousand of %d and one at the end", workers, reports, candidates)
		}
	}
	nobody := crowdQuestion()
	nobody.Action = "s3:PutObject"
	calls := 0
	if _, err := r.WhoCan(t.Context(), nobody, evaluate.Options{Progress: func(done, total int) {
		if calls++; done != 0 || total != 0 {
			t.Errorf("progress is %d of %d where nobody has to be decided", done, total)
		}
	}}); err != nil || calls != 1 {
		t.Errorf("%d reports, error %v; want one at the end", calls, err)
	}
}

func TestWhoCanCancelled(t *testing.T) {
	t.Parallel()
	r := review(t, crowd(t, 20000))
	before, cancel := context.WithCancel(t.Context())
	cancel()
	if answer, err := r.WhoCan(before, crowdQuestion(), evaluate.Options{}); answer != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v, %v; want no answer and context.Canceled", answer, err)
	}
	for _, workers := range []int{1, 2, 8} {
		during, cancel := context.WithCancel(t.Context())
		decided := 0
		answer, err := r.WhoCan(during, crowdQuestion(), evaluate.Options{Workers: workers, Progress: func(done, total int) {
			cancel()
			if decided = done; done > total/2 {
				t.Errorf("%d workers: %d of %d were decided although the context was cancelled long ago", workers, done, total)
			}
		}})
		if answer != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("%d workers: cancelled after %d: %v, %v; want no answer and context.Canceled", workers, decided, answer, err)
		}
		if decided == 0 {
			t.Errorf("%d workers: the context was never cancelled", workers)
		}
	}
	late, cancelLate := context.WithTimeoutCause(t.Context(), 0, errors.New("too late"))
	defer cancelLate()
	if answer, err := r.WhoCan(late, crowdQuestion(), evaluate.Options{}); answer != nil || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("after the deadline: %v, %v", answer, err)
	}
}

// TestWhoCanServiceLinked: neither boundaries nor service control policies
// touch a service-linked role, not even with a Deny.
func TestWhoCanServiceLinked(t *testing.T) {
	t.Parallel()
	const everything = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`
	const nothing = `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}`
	b := principal.NewBuilder()
	b.AddManagedPolicy("111111111111", principal.ManagedPolicyDetail{Name: "Nothing", Document: nothing})
	for name, path := range map[string]string{"ordinary": "/", "linked": "/aws-service-role/cloudtrail.amazonaws.com/"} {
		b.AddRole("111111111111", principal.RoleDetail{Name: name, Path: path, ID: "AROA",
			Inline: []principal.NamedDocument{{Name: "all", Document: everything}}, Boundary: "arn:aws:iam::111111111111:policy/Nothing"})
	}
	b.SetOrganization(principal.Organization{ID: "o-1", ManagementAccount: "999999999999", Root: principal.OrganizationNode{ID: "r-1",
		ServiceControlPolicies: []string{"nothing"}, Accounts: []principal.OrganizationAccount{{ID: "111111111111", ServiceControlPolicies: []string{"nothing"}}}},
		ServiceControlPolicies: []principal.NamedDocument{{Name: "nothing", Document: nothing}}})
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	q := evaluate.Question{Action: "ec2:DescribeInstances", Resource: "*"}
	answer, err := review(t, d).WhoCan(t.Context(), q, evaluate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if difference := cmp.Diff(sentences(askEverybody(t, d, q, nil)), sentences(answer)); difference != "" || len(answer.Allowed) != 1 {
		t.Errorf("%d are allowed, want the service-linked role alone (-asking everybody, +WhoCan):\n%s", len(answer.Allowed), difference)
	}
}

// TestWhoCanVariables: what a policy variable comes to depends on who asks, so
// the index must not rule anybody out by it.
func TestWhoCanVariables(t *testing.T) {
	t.Parallel()
	statement := func(text string) []principal.NamedDocument {
		return []principal.NamedDocument{{Name: "p", Document: `{"Version": "2012-10-17", "Statement": [` + text + `]}`}}
	}
	b := principal.NewBuilder()
	for _, name := range []string{"alice", "bob"} {
		b.AddUser("111111111111", principal.UserDetail{Name: name, ID: "AIDA", Tags: map[string]string{"team": "x"}, Inline: statement(
			`{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::homes/${aws:username}/*"},
			 {"Effect": "Allow", "Action": "s3:PutObject", "NotResource": "arn:aws:s3:::homes/${aws:username}/*"},
			 {"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "*"},
			 {"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::homes/${aws:username}/*"},
			 {"Effect": "Allow", "Action": "s3:RestoreObject", "Resource": "arn:aws:s3:*:${aws:PrincipalAccount}:homes/*"},
			 {"Effect": "Allow", "Action": "s3:GetObjectAcl", "Resource": "arn:aws:s3:::${aws:PrincipalTag/bucket, 'homes'}/*"}`)})
	}
	b.AddUser("111111111111", principal.UserDetail{Name: "carol", ID: "AIDA", Tags: map[string]string{"bucket": "vault"}, Inline: statement(
		`{"Effect": "Allow", "Action": "s3:GetObjectTagging", "NotResource": "arn:aws:s3:::${aws:PrincipalTag/bucket, 'homes'}/*"}`)})
	b.AddRole("111111111111", principal.RoleDetail{Name: "deploy", ID: "AROA", Inline: statement(
		`{"Effect": "Allow", "Action": "s3:PutObject", "NotResource": ["arn:aws:s3:::homes/${aws:username}/*", "arn:aws:s3:::logs/*"]}`)})
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	r := review(t, d)
	const users = "arn:aws:iam::111111111111:user/"
	const alice, bob, carol, deploy = users + "alice", users + "bob", users + "carol", "arn:aws:iam::111111111111:role/deploy"
	for _, test := range []struct {
		action, resource string
		want             []string
	}{
		{"s3:GetObject", "arn:aws:s3:::homes/alice/key", []string{alice}},
		{"s3:GetObject", "arn:aws:s3:::homes/carol/key", nil},
		{"s3:PutObject", "arn:aws:s3:::homes/alice/key", []string{deploy, bob}},
		{"s3:PutObject", "arn:aws:s3:::logs/key", []string{alice, bob}},
		{"s3:DeleteObject", "arn:aws:s3:::homes/bob/key", []string{alice}},
		{"s3:RestoreObject", "arn:aws:s3::111111111111:homes/key", []string{alice, bob}},
		{"s3:GetObjectAcl", "arn:aws:s3:::homes/key", []string{alice, bob}},
		{"s3:GetObjectTagging", "arn:aws:s3:::homes/key", []string{carol}},
		{"s3:GetObjectTagging", "arn:aws:s3:::vault/key", nil},
	} {
		q := evaluate.Question{Action: test.action, Resource: test.resource, Account: "111111111111"}
		answer, err := r.WhoCan(t.Context(), q, evaluate.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, access := range answer.Allowed {
			got = append(got, access.Caller)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s on %s: %v, want %v", test.action, test.resource, got, test.want)
		}
		if want := askEverybody(t, d, q, nil); len(want.Allowed) != len(test.want) {
			t.Errorf("%s on %s: asking everybody gives %v, want %v", test.action, test.resource, sentences(want), test.want)
		}
	}
}

func TestWhoCanErrors(t *testing.T) {
	t.Parallel()
	r := review(t, crowd(t, 3))
	good := crowdQuestion()
	for name, test := range map[string]struct {
		change func(q *evaluate.Question, o *evaluate.Options)
		want   any
	}{
		"wildcard in the action": {func(q *evaluate.Question, _ *evaluate.Options) { q.Action = "s3:*" }, new(*evaluate.RequestError)},
		"no action":              {func(q *evaluate.Question, _ *evaluate.Options) { q.Action = "" }, new(*evaluate.RequestError)},
		"no resource":            {func(q *evaluate.Question, _ *evaluate.Options) { q.Resource = "reports" }, new(*principal.ResourceError)},
		"no owner":               {func(q *evaluate.Question, _ *evaluate.Options) { q.Account = "" }, new(*principal.ResourceError)},
		"no caller":              {func(_ *evaluate.Question, o *evaluate.Options) { o.Also = []string{"a:b"} }, new(*principal.IdentityError)},
		"unknown caller": {func(_ *evaluate.Question, o *evaluate.Options) {
			o.Also = []string{"arn:aws:iam::111111111111:user/nobody"}
		}, new(*principal.NotFoundError)},
	} {
		q, o := good, evaluate.Options{}
		test.change(&q, &o)
		answer, err := r.WhoCan(t.Context(), q, o)
		if answer != nil || !errors.As(err, test.want) {
			t.Errorf("%s: %v, %v; want a %T", name, answer, err, test.want)
		}
	}
	if answer, err := new(evaluate.Review).WhoCan(t.Context(), good, evaluate.Options{}); err != nil || len(answer.Allowed)+len(answer.Undetermined) > 0 {
		t.Errorf("the zero Review: %v, %v; want an empty answer", answer, err)
	}
}

package evaluate

import (
	"errors"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// TestBadRequests: every input that asks nothing, and what the error says.
func TestBadRequests(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ü", 1000)
	for _, row := range []struct {
		action, resource, account string
		field, text               string
		reason                    string // part of it
	}{
		{"", queue, "", "action", "", "must be prefix:name"},
		{"SendMessage", queue, "", "action", "SendMessage", "must be prefix:name"},
		{":SendMessage", queue, "", "action", ":SendMessage", "must be prefix:name"},
		{"sqs:", queue, "", "action", "sqs:", "must be prefix:name"},
		{":sqs:SendMessage", queue, "", "action", ":sqs:SendMessage", "must be prefix:name"},
		{"?qs:SendMessage", queue, "", "action", "?qs:SendMessage", "holds a wildcard"},
		{":", queue, "", "action", ":", "must be prefix:name"},
		{"*", queue, "", "action", "*", "must be prefix:name"},
		{"sqs:*", queue, "", "action", "sqs:*", "holds a wildcard"},
		{"sqs:Send?essage", queue, "", "action", "sqs:Send?essage", "holds a wildcard"},
		{"s*s:SendMessage", queue, "", "action", "s*s:SendMessage", "holds a wildcard"},
		{"sqs:*", "nowhere", "", "action", "sqs:*", "holds a wildcard"}, // the action is looked at first

		{send, "", "", "resource", "", "must be"},
		{send, "jobs", account, "resource", "jobs", "must be"},
		{send, "**", account, "resource", "**", "must be"},
		{send, "arn:aws:sqs:eu-west-1:111122223333", account, "resource", "arn:aws:sqs:eu-west-1:111122223333", "must be"},
		{send, "ARN:aws:sqs:eu-west-1:111122223333:jobs", account, "resource", "ARN:aws:sqs:eu-west-1:111122223333:jobs", "must be"},
		{send, long, account, "resource", long, "must be"},

		{send, bucket, "", "resource", bucket, "give the account"},
		{send, "arn:aws:sqs:eu-west-1:*:jobs", "", "resource", "arn:aws:sqs:eu-west-1:*:jobs", "give the account"},
		{send, awsPolicy, "", "resource", awsPolicy, "give the account"},
		{send, "arn:aws:sqs:eu-west-1:11112222333:jobs", "", "resource", "arn:aws:sqs:eu-west-1:11112222333:jobs", "give the account"},
	} {
		r, err := NewRequest(row.action, row.resource, row.account)
		var wrong *RequestError
		if r != nil || !errors.As(err, &wrong) {
			t.Errorf("%q on %q: %v, %v", row.action, row.resource, r, err)
			continue
		}
		if wrong.Field != row.field || wrong.Text != row.text || !strings.Contains(wrong.Reason, row.reason) {
			t.Errorf("%q on %q: %#v", row.action, row.resource, wrong)
		}
		message := err.Error()
		if !strings.HasPrefix(message, "evaluate: "+row.field+" ") || !strings.HasSuffix(message, wrong.Reason) || len(message) > 500 || !strings.Contains(message, `"`) {
			t.Errorf("message %s", message)
		}
		if strings.ContainsRune(message, '\uFFFD') {
			t.Errorf("the text is cut within a character: %s", message)
		}
	}
}

// TestGoodRequests: what looks odd and can be asked.
func TestGoodRequests(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ action, resource, account string }{
		{send, queue, ""},
		{"SQS:sendmessage", queue, ""},
		{send, "*", ""},
		{send, "*", account},
		{send, bucket, account},
		{send, awsPolicy, "aws"},
		{send, queue, otherAccount},
		{"a:b:c", "arn:::::", account},
		{send, "arn:aws:sqs:eu-west-1:111122223333:*?", ""},
	} {
		r, err := NewRequest(row.action, row.resource, row.account)
		if err != nil {
			t.Error(err)
			continue
		}
		if r.Action() != row.action || r.ResourceName() != row.resource || r.Context == nil || r.Context.Len() != 0 {
			t.Errorf("%q on %q: %q on %q", row.action, row.resource, r.Action(), r.ResourceName())
		}
	}
}

// TestWildcardsOfARequestAreOrdinary: a resource with a star in its name is
// matched by what matches a star.
func TestWildcardsOfARequestAreOrdinary(t *testing.T) {
	t.Parallel()
	const exactly = `{"Sid": "Yes", "Effect": "Allow", "Action": "*", "Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs"}`
	scene{resource: "arn:aws:sqs:eu-west-1:111122223333:job*", identity: []string{exactly}}.wants(t, verdict{outcome: ImplicitlyDenied, layer: IdentityPolicy})
	scene{resource: "arn:aws:sqs:eu-west-1:111122223333:job?", identity: []string{exactly}}.wants(t, verdict{outcome: ImplicitlyDenied, layer: IdentityPolicy})
	scene{resource: "arn:aws:sqs:eu-west-1:111122223333:job*", identity: []string{yes}}.wants(t, verdict{Allowed, IdentityPolicy, "", "Yes"})
}

// TestFailedSetDenies: the request that was there before is gone.
func TestFailedSetDenies(t *testing.T) {
	t.Parallel()
	s := scene{identity: []string{yes}}
	e, r := s.evaluator(t), s.request(t)
	if !e.Evaluate(r).Allowed() {
		t.Fatal("not allowed to begin with")
	}
	for _, fail := range []func() error{
		func() error { return r.Set("sqs:*", queue, "") },
		func() error { return r.Set(send, "jobs", "") },
		func() error { return r.Set(send, bucket, "") },
		func() error { return r.SetFor(send, nil) },
		func() error { return r.SetFor(send, new(Resource)) },
	} {
		if fail() == nil {
			t.Fatal("no error")
		}
		if got := e.Evaluate(r); got != (Decision{}) {
			t.Errorf("%v", got)
		}
		if got := e.Explain(r); got.Decision != (Decision{}) || got.Layers != nil || got.Action != "" {
			t.Errorf("%+v", got)
		}
		r.Resource = nil
		if err := r.Set(send, queue, ""); err != nil || !e.Evaluate(r).Allowed() {
			t.Errorf("cannot be set again: %v, %v", err, e.Evaluate(r))
		}
	}
}

// TestReuse: nothing of a request stays when another is set, and what Set does
// not set does.
func TestReuse(t *testing.T) {
	t.Parallel()
	s := scene{context: new(condition.Context), identity: []string{
		yes, `{"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"}`,
		`{"Sid": "Photos", "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::photos", "Condition": {"StringEquals": {"aws:ResourceAccount": "111122223333"}}}`}}
	p := s.principal(t)
	p.Facts = new(condition.Context) // so that the account is derived
	e, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	r := s.request(t)
	r.Resource = nil
	context, endpoint := r.Context, r.Endpoint
	for range 2 {
		for _, step := range []struct {
			action, resource, account string
			want                      Outcome
			layer                     Layer
		}{
			{send, queue, "", Allowed, IdentityPolicy},
			{"sts:GetCallerIdentity", "*", "", Allowed, ServiceRule},
			{send, otherQueue, "", ImplicitlyDenied, ResourcePolicy},
			{"s3:ListBucket", bucket, account, Allowed, IdentityPolicy},
			{"s3:ListBucket", bucket, otherAccount, ImplicitlyDenied, ResourcePolicy},
			{"iam:DeletePolicy", awsPolicy, account, ImplicitlyDenied, ServiceRule},
			{"s3:ListBucket", "*", "", ImplicitlyDenied, IdentityPolicy},
		} {
			if err := r.Set(step.action, step.resource, step.account); err != nil {
				t.Fatal(err)
			}
			if got := e.Evaluate(r); got.Outcome != step.want || got.Layer != step.layer {
				t.Errorf("%s on %s of %q: %v", step.action, step.resource, step.account, got)
			}
		}
	}
	if r.Context != context || r.Endpoint != endpoint {
		t.Error("Set changes the context or the endpoint")
	}
}

// TestAccountOfTheResource: given, or field 5 of the ARN, or for "*" the
// caller's own.
//
// Source: SEMANTICS 11.5, "Resource account".
func TestAccountOfTheResource(t *testing.T) {
	t.Parallel()
	here := verdict{Allowed, IdentityPolicy, "", "Yes"}
	elsewhere := verdict{outcome: ImplicitlyDenied, layer: ResourcePolicy}
	for _, row := range []struct {
		resource, account string
		want              verdict
	}{
		{queue, "", here},
		{otherQueue, "", elsewhere},
		{queue, otherAccount, elsewhere}, // taken as it is
		{otherQueue, account, here},
		{"arn:aws:sqs:eu-west-1::jobs", account, here},
		{"arn:aws:sqs:eu-west-1::jobs", otherAccount, elsewhere},
		{queue, "nonsense", elsewhere},
		{"*", "", here},
		{"*", account, here},
		{"*", otherAccount, elsewhere},
	} {
		scene{identity: []string{yes}, resource: row.resource, account: row.account}.wants(t, row.want)
	}
}

// resourceOf makes the side of a resource whose policy allows everything to
// everybody.
func resourceOf(t *testing.T, arn, owner string) *Resource {
	t.Helper()
	resource, err := NewResource(&principal.Resource{ARN: arn, AccountID: owner,
		Policy: &principal.Attachment{Policy: loaded(t, policy.ResourceBased, to(everybody, everythingAllowed))}})
	if err != nil {
		t.Fatal(err)
	}
	return resource
}

// TestSetFor takes ARN and account from the resource.
func TestSetFor(t *testing.T) {
	t.Parallel()
	s := scene{identity: []string{yes}}
	e := s.evaluator(t)
	for _, row := range []struct {
		arn, owner string
		want       verdict
	}{
		{queue, account, verdict{Allowed, ResourcePolicy, "", "All"}},
		{queue, "", verdict{Allowed, ResourcePolicy, "", "All"}},
		{otherQueue, otherAccount, verdict{Allowed, IdentityPolicy, "", "Yes"}},
		{"*", account, verdict{Allowed, ResourcePolicy, "", "All"}},
		{"*", "", verdict{Allowed, ResourcePolicy, "", "All"}},
	} {
		var r Request
		if err := r.SetFor(send, resourceOf(t, row.arn, row.owner)); err != nil {
			t.Fatal(err)
		}
		if r.ResourceName() != row.arn {
			t.Errorf("asked about %q", r.ResourceName())
		}
		if got := verdictOf(e.Evaluate(&r)); got != row.want {
			t.Errorf("%s of %q: %+v, want %+v", row.arn, row.owner, got, row.want)
		}
	}
	var r Request
	var wrong *RequestError
	if err := r.SetFor(send, resourceOf(t, bucket, "")); !errors.As(err, &wrong) || wrong.Field != "resource" {
		t.Errorf("a bucket of nobody: %v", err)
	}
	for _, resource := range []*Resource{nil, new(Resource)} {
		if err := r.SetFor(send, resource); !errors.As(err, &wrong) || wrong.Field != "resource" {
			t.Errorf("a resource that was not made: %v", err)
		}
	}
}

// TestSideOfAnotherAccountDenies: a policy of somebody else's resource would
// grant what it must not.
func TestSideOfAnotherAccountDenies(t *testing.T) {
	t.Parallel()
	s := scene{identity: []string{yes}}
	e := s.evaluator(t)
	for _, row := range []struct {
		resource, account, owner string
		allowed                  bool
	}{
		{queue, "", account, true},
		{queue, "", "", true},
		{queue, "", otherAccount, false},
		{queue, otherAccount, account, false},
		{bucket, account, otherAccount, false},
		{otherQueue, "", otherAccount, true},
		{"*", "", account, true},
		{"*", "", otherAccount, false}, // "*" is of the caller's account
		{"*", otherAccount, otherAccount, true},
	} {
		var r Request
		if err := r.Set(send, row.resource, row.account); err != nil {
			t.Fatal(err)
		}
		r.Resource = resourceOf(t, row.resource, row.owner)
		got := e.Evaluate(&r)
		if got.Allowed() != row.allowed || !row.allowed && got != (Decision{}) {
			t.Errorf("%s of %q beside a side of %q: %v", row.resource, row.account, row.owner, got)
		}
		if explained := e.Explain(&r); explained.Decision != got || !row.allowed && explained.Layers != nil {
			t.Errorf("explained: %v", explained)
		}
	}
}

// TestNothingIsAsked: zero values deny and do not panic.
// TestSideOfAnotherRoleDenies: a trust policy or key policy that does not name
// what it is attached to must not speak for another one.
func TestSideOfAnotherRoleDenies(t *testing.T) {
	const role, key = "arn:aws:iam::111122223333:role/", "arn:aws:kms:eu-west-1:111122223333:key/"
	for _, row := range []struct {
		action, own, other, statement string
		kind                          policy.Kind
	}{
		{"sts:AssumeRole", role + "open", role + "closed", `{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}`, policy.RoleTrust},
		{"kms:Decrypt", key + "1", key + "2", `{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}`, policy.ResourceBased},
	} {
		side, err := NewResource(&principal.Resource{ARN: row.own, AccountID: account,
			Policy: &principal.Attachment{Policy: loaded(t, row.kind, row.statement)}})
		if err != nil {
			t.Fatal(err)
		}
		e := (&scene{}).evaluator(t)
		r := new(Request)
		if err := r.SetFor(row.action, side); err != nil {
			t.Fatal(err)
		}
		if got := e.Evaluate(r); !got.Allowed() {
			t.Errorf("%s on %s: %v", row.action, row.own, got)
		}
		if err := r.Set(row.action, row.other, ""); err != nil { // and leave the side as it is
			t.Fatal(err)
		}
		if got := e.Evaluate(r); got != (Decision{}) {
			t.Errorf("%s on %s with the policy of %s: %v", row.action, row.other, row.own, got)
		}
		if got := e.Explain(r); got.Decision.Allowed() {
			t.Errorf("Explain, %s on %s: %v", row.action, row.other, got.Decision)
		}
	}
}

func TestNothingIsAsked(t *testing.T) {
	t.Parallel()
	s := scene{caller: root}
	e, r := s.evaluator(t), s.request(t)
	if !e.Evaluate(r).Allowed() {
		t.Fatal("not allowed to begin with")
	}
	bare := Request{Resource: new(Resource)} // made by nobody
	if err := bare.Set(send, queue, ""); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name      string
		evaluator *Evaluator
		request   *Request
	}{
		{"no request", e, nil}, {"zero request", e, new(Request)}, {"zero evaluator", new(Evaluator), r}, {"no evaluator", nil, r},
		{"neither", new(Evaluator), nil}, {"zero resource", e, &bare},
	} {
		if got := row.evaluator.Evaluate(row.request); got != (Decision{}) || got.Allowed() {
			t.Errorf("%s: %v", row.name, got)
		}
		if got := row.evaluator.Explain(row.request); got.Decision != (Decision{}) || got.Layers != nil || got.Principal != "" {
			t.Errorf("%s, explained: %+v", row.name, got)
		}
	}
	// A zero Endpoint takes no part.
	r.Endpoint = new(Endpoint)
	if got := e.Evaluate(r); !got.Allowed() {
		t.Errorf("a zero endpoint: %v", got)
	}
	// The zero Principal is nobody.
	nobody, err := New(new(principal.Principal))
	if err != nil {
		t.Fatal(err)
	}
	if got := nobody.Evaluate(r); got.Allowed() {
		t.Errorf("nobody: %v", got)
	}
}

// TestEverythingBelongsToTheCaller: an action on "*" of which no account is
// given is asked in the caller's own account.
func TestEverythingBelongsToTheCaller(t *testing.T) {
	identity, err := principal.Identify("arn:aws:iam::111111111111:user/wren", "")
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := policy.Load(policy.IdentityBased, []byte(`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
		"Condition": {"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(&principal.Principal{Identity: identity, Facts: principal.FactsOf(identity), IdentityPolicies: []principal.Attachment{{Policy: compiled}}})
	if err != nil {
		t.Fatal(err)
	}
	for account, want := range map[string]Outcome{"": Allowed, "111111111111": Allowed, "222222222222": ImplicitlyDenied} {
		r, err := NewRequest("ec2:DescribeInstances", "*", account)
		if err != nil {
			t.Fatal(err)
		}
		r.Context.Set("aws:ResourceAccount", condition.String("111111111111")) // does not count
		if got := e.Evaluate(r); got.Outcome != want {
			t.Errorf("account %q: %v, want %v", account, got, want)
		}
	}
}

func TestNilIsNobodyAndNothing(t *testing.T) {
	e, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	side, err := NewResource(nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRequest("s3:GetObject", "arn:aws:s3:::b/k", "111111111111")
	if err != nil {
		t.Fatal(err)
	}
	r.Resource = side
	if got := e.Evaluate(r); got.Outcome != ImplicitlyDenied {
		t.Errorf("nobody: %v", got)
	}
}

// TestReuseForAnotherAccount: aws:ResourceAccount follows the account that was
// set last, also back to an earlier one.
func TestReuseForAnotherAccount(t *testing.T) {
	t.Parallel()
	s := scene{identity: []string{only(`{"StringEquals": {"aws:ResourceAccount": "`+account+`"}}`, everythingAllowed)}}
	p := s.principal(t)
	p.Facts = new(condition.Context)
	e, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	everyone, err := NewResource(&principal.Resource{Policy: &principal.Attachment{Policy: loaded(t, policy.ResourceBased, to(everybody, everythingAllowed))}})
	if err != nil {
		t.Fatal(err)
	}
	r := &Request{Resource: everyone}
	for at, of := range []string{account, account, otherAccount, account, "", otherAccount, "", account, otherAccount, otherAccount} {
		name := bucket
		if of == "" {
			name = "*" // of the caller's account
		}
		if err := r.Set("s3:ListBucket", name, of); err != nil {
			t.Fatal(err)
		}
		facts := e.Explain(r)
		if got := len(facts.Layers[len(facts.Layers)-1].Allows) > 0; got != (of != otherAccount) {
			t.Errorf("request %d, of account %q: the statement about %s applies: %v", at, of, account, got)
		}
	}
}

// TestACopyIsARequestOfItsOwn: neither sees what the other is set to.
func TestACopyIsARequestOfItsOwn(t *testing.T) {
	identity, err := principal.Identify("arn:aws:iam::111111111111:user/wren", "")
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := policy.Load(policy.IdentityBased, []byte(`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
		"Condition": {"StringEquals": {"aws:ResourceAccount": "111111111111"}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	everybody, err := policy.Load(policy.ResourceBased, []byte(`{"Statement": {"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "*"}}`))
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(&principal.Principal{Identity: identity, Facts: principal.FactsOf(identity), IdentityPolicies: []principal.Attachment{{Policy: compiled}}})
	if err != nil {
		t.Fatal(err)
	}
	side, err := NewResource(&principal.Resource{Policy: &principal.Attachment{Policy: everybody}})
	if err != nil {
		t.Fatal(err)
	}
	expect := func(name string, r *Request, want Outcome) {
		t.Helper()
		if got := e.Evaluate(r); got.Outcome != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	set := func(r *Request, account string) {
		t.Helper()
		if err := r.Set("s3:GetObject", "arn:aws:s3:::b/k", account); err != nil {
			t.Fatal(err)
		}
	}
	original := &Request{Resource: side}
	set(original, "111111111111")
	unset, copied := *original, *original
	set(&copied, "222222222222")
	expect("the original", original, Allowed)
	expect("a copy set to another account", &copied, ImplicitlyDenied)
	set(original, "222222222222")
	expect("the original set to another account", original, ImplicitlyDenied)
	expect("a copy that was not set again", &unset, Allowed)
	set(&unset, "111111111111")
	expect("a copy that was", &unset, Allowed)
}

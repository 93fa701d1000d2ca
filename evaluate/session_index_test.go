package evaluate

import (
	"fmt"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// largePolicy allows, or denies, one action on so many resources that there is an
// index of them.
func largePolicy(t *testing.T, effect, action, prefix string) *policy.Policy {
	t.Helper()
	resources := make([]string, 2*scanLimit)
	for at := range resources {
		resources[at] = fmt.Sprintf(`"arn:aws:sqs:eu-west-1:%s:%s%d"`, account, prefix, at)
	}
	return loaded(t, policy.Session, `{"Effect": "`+effect+`", "Action": "`+action+`", "Resource": [`+strings.Join(resources, ", ")+`]}`)
}

// TestSessionsDoNotShareAnIndexOfOtherPolicies: the index of session policies is
// taken over by a session with the same ones, which then stand in it as its own;
// a session with others is decided by those, as by an evaluator made from
// nothing.
func TestSessionsDoNotShareAnIndexOfOtherPolicies(t *testing.T) {
	t.Parallel()
	all := loaded(t, policy.Session, `{"Effect": "Allow", "Action": "*", "Resource": "*"}`)
	jobs, logs := largePolicy(t, "Allow", "sqs:*", "jobs"), largePolicy(t, "Allow", "sqs:*", "logs")
	noJobs, noLogs := largePolicy(t, "Deny", "sqs:*", "jobs"), largePolicy(t, "Deny", "sqs:*", "logs")
	s := scene{caller: session, issuer: sessionRole, identity: []string{`{"Effect": "Allow", "Action": "*", "Resource": "*"}`}}
	role := s.principal(t)
	evaluator, err := New(role)
	if err != nil {
		t.Fatal(err)
	}
	for at, policies := range [][]*policy.Policy{{jobs}, {jobs}, {logs}, {all, noJobs}, {all, noLogs}, {all, noLogs}, {noLogs, all}, nil, {jobs, logs}, {logs, jobs}, {all}} {
		someone := *role
		for _, one := range policies {
			someone.SessionPolicies = append(someone.SessionPolicies, principal.Attachment{Policy: one, Source: principal.Source{Name: fmt.Sprint("session ", at)}})
		}
		if evaluator, err = evaluator.WithPrincipal(&someone); err != nil {
			t.Fatal(err)
		}
		fresh, err := New(&someone)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"jobs1", "logs1", "other"} {
			r, err := NewRequest("sqs:SendMessage", "arn:aws:sqs:eu-west-1:"+account+":"+name, "")
			if err != nil {
				t.Fatal(err)
			}
			got, want := evaluator.Explain(r), fresh.Explain(r)
			if got.String() != want.String() {
				t.Errorf("session %d, %s:\n%v\nwant\n%v", at, name, got, want)
			}
		}
	}
}

// TestSessionUnderOtherControlPolicies: a principal under other service control
// policies than those that an evaluator was made for is decided by its own.
func TestSessionUnderOtherControlPolicies(t *testing.T) {
	t.Parallel()
	everything := `{"Effect": "Allow", "Action": "*", "Resource": "*"}`
	open := scene{caller: session, issuer: sessionRole, identity: []string{everything}, serviceControl: []string{everything}}
	evaluator, err := New(open.principal(t))
	if err != nil {
		t.Fatal(err)
	}
	someone := *evaluator.Principal()
	shut := scene{caller: session, issuer: sessionRole, serviceControl: []string{everything + "," + no}}
	someone.ServiceControlLevels = shut.principal(t).ServiceControlLevels
	if evaluator, err = evaluator.WithPrincipal(&someone); err != nil {
		t.Fatal(err)
	}
	if d := evaluator.Evaluate(open.request(t)); d.Outcome != ExplicitlyDenied || d.Layer != ServiceControlPolicy {
		t.Errorf("%v", d)
	}
}

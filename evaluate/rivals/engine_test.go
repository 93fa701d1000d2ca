package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/internal/workload"
)

func mustGenerate(t *testing.T, size workload.Size) (*workload.Set, [][]byte) {
	t.Helper()
	set, err := workload.Generate(workload.ProfileS3, size)
	if err != nil {
		t.Fatal(err)
	}
	documents, err := set.Documents()
	if err != nil {
		t.Fatal(err)
	}
	return set, documents
}

// Every engine must make every decision of W1 to W3; the program checks W4 before
// it measures it.
func TestDecisions(t *testing.T) {
	for _, size := range []workload.Size{workload.W1, workload.W2, workload.W3} {
		set, documents := mustGenerate(t, size)
		for _, engine := range engines() {
			t.Run(string(size)+"/"+engine.Name, func(t *testing.T) {
				prepare, err := engine.Compile(documents)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := newContender(engine, prepare, set); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// Shapes that the generator does not make for each engine: overlapping ends,
// characters that are special to a matcher, and both outcomes of each condition.
func TestTranslations(t *testing.T) {
	const documents = `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": "s3:Get*Object", "Resource": ["arn:aws:s3:::b*b", "arn:aws:s3:::{a,b}.[c]!/*.d"]},
		{"Effect": "Allow", "Action": ["s3:Put*", "s3:RestoreObject"], "Resource": "arn:aws:s3:::x/*",
			"Condition": {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "192.168.0.0/16"]}, "Bool": {"aws:SecureTransport": "true"}}},
		{"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*",
			"Condition": {"StringEquals": {"aws:PrincipalTag/team": ["red", "blue"]}}}]}`
	request := func(action, resource, team, sourceIP, secureTransport, expect string) workload.Request {
		return workload.Request{Name: action + " " + resource, Action: action, Resource: "arn:aws:s3:::" + resource, Expect: expect,
			Context: map[string]workload.Strings{keyTeam: {team}, keySourceIP: {sourceIP}, keySecureTransport: {secureTransport}}}
	}
	set := &workload.Set{Named: []workload.Request{
		request("s3:GetObject", "bb", "t", "8.8.8.8", "true", workload.Allow),
		request("s3:GetObject", "b", "t", "8.8.8.8", "true", workload.ImplicitDeny),
		request("s3:GetAnyObject", "b\nb", "t", "8.8.8.8", "true", workload.Allow),
		request("s3:GetAny", "bb", "t", "8.8.8.8", "true", workload.ImplicitDeny),
		request("s3:GetObject", "{a,b}.[c]!/x.d", "t", "8.8.8.8", "true", workload.Allow),
		request("s3:GetObject", "a.c!/x.d", "t", "8.8.8.8", "true", workload.ImplicitDeny),
		request("s3:GetObject", "{a,b}.[c]!/x-d", "t", "8.8.8.8", "true", workload.ImplicitDeny),
		request("s3:RestoreObject", "x/y", "t", "192.168.1.1", "true", workload.Allow),
		request("s3:RestoreObject", "x/y", "t", "192.169.1.1", "true", workload.ImplicitDeny),
		request("s3:RestoreObject", "x/y", "t", "10.1.1.1", "false", workload.ImplicitDeny),
		request("s3:PutObject", "x/y", "green", "10.1.1.1", "true", workload.Allow),
		request("s3:PutObject", "x/y", "blue", "10.1.1.1", "true", workload.ExplicitDeny),
		request("s3:PutObject", "y", "red", "10.1.1.1", "true", workload.ExplicitDeny),
	}}
	for _, engine := range engines() {
		t.Run(engine.Name, func(t *testing.T) {
			prepare, err := engine.Compile([][]byte{[]byte(documents)})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := newContender(engine, prepare, set); err != nil {
				t.Error(err)
			}
		})
	}
}

// What cannot be translated must not be left out.
func TestTranslationErrors(t *testing.T) {
	const statement = `{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {%}}]}`
	for _, condition := range []string{
		`"StringLike": {"aws:PrincipalTag/team": "a*"}`,
		`"StringEquals": {"aws:username": "alice"}`,
		`"IpAddress": {"aws:SourceIp": "10.0.0.0"}`,
		`"Bool": {"aws:SecureTransport": ["true", "false"]}`,
	} {
		if _, err := parseRules([][]byte{[]byte(strings.Replace(statement, "%", condition, 1))}); err == nil {
			t.Errorf("%s: no error", condition)
		}
	}
	if _, err := parseRules([][]byte{[]byte("{")}); err == nil {
		t.Error("a broken document: no error")
	}
	if _, err := factsOf(&workload.Request{}); err == nil {
		t.Error("a request without context: no error")
	}
}

// An engine that decides wrongly, or not at all, must not get into the tables.
func TestContenderErrors(t *testing.T) {
	set, _ := mustGenerate(t, workload.W2)
	for _, answer := range []string{workload.Allow, workload.ExplicitDeny, workload.ImplicitDeny, Denied, Failed} {
		engine := Engine{Name: "always " + answer}
		prepare := func(*workload.Request) (Decide, error) { return func() string { return answer }, nil }
		if _, err := newContender(engine, prepare, set); err == nil {
			t.Errorf("%s: no error", engine.Name)
		}
	}
	refuse := func(*workload.Request) (Decide, error) { return nil, errors.New("refused") }
	if _, err := newContender(Engine{Name: "refuses"}, refuse, set); err == nil {
		t.Error("an engine that takes no request: no error")
	}
}

func TestAgrees(t *testing.T) {
	for _, c := range []struct {
		answer, due string
		want        bool
	}{
		{workload.Allow, workload.Allow, true},
		{workload.ExplicitDeny, workload.ExplicitDeny, true},
		{workload.ExplicitDeny, workload.ImplicitDeny, false},
		{workload.ImplicitDeny, workload.Allow, false},
		{Denied, workload.ExplicitDeny, true},
		{Denied, workload.ImplicitDeny, true},
		{Denied, workload.Allow, false},
		{Failed, workload.ImplicitDeny, false},
	} {
		if got := agrees(c.answer, c.due); got != c.want {
			t.Errorf("agrees(%q, %q) = %v", c.answer, c.due, got)
		}
	}
}

package condition_test

import (
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
)

func TestClassOf(t *testing.T) {
	for key, class := range map[string]string{
		"aws:PrincipalArn": "principal", "AWS:PRINCIPALARN": "principal", "aws:PrincipalAccount": "principal", "aws:PrincipalOrgID": "principal",
		"aws:PrincipalOrgPaths": "principal", "aws:PrincipalTag/team": "principal", "aws:principaltag/": "principal", "aws:PrincipalIsAWSService": "principal",
		"aws:PrincipalServiceName": "principal", "aws:PrincipalServiceNamesList": "principal", "aws:PrincipalType": "principal", "aws:userid": "principal",
		"aws:username": "principal", "aws:ResourceAccount": "resource", "aws:ResourceOrgID": "resource", "aws:resourceorgpaths": "resource",
		"aws:ResourceTag/team": "resource tag", "iam:ResourceTag/a/b": "resource tag", "ec2:resourcetag/x": "resource tag",
		"aws:SourceIp": "request", "aws:RequestTag/team": "request", "aws:PrincipalTag": "request", "aws:ResourceTag": "request", "ResourceTag/x": "request",
		"x:PrincipalArn": "request", "aws:PrincipalArn/x": "request", "aws:SourceIdentity": "session", "saml:sub": "session", "": "request", "aws:": "request",
		"aws:TokenIssueTime": "session", "AWS:MULTIFACTORAUTHAGE": "session", "lambda:SourceFunctionArn": "session", "lambda:FunctionArn": "request",
		"token.actions.githubusercontent.com:sub": "session", "gitlab.example.com/group:aud": "session", "oidc.circleci.com/org/x:oidc.circleci.com/project-id": "session",
		"aws:RequestTag/a.b:c": "request", "a.b": "request", "a.b/c": "request", "samlet:sub": "request", "s3:x.y": "request", ".:": "session",
	} {
		if got := condition.ClassOf(key).String(); got != class {
			t.Errorf("%s is a %s key, want %s", key, got, class)
		}
	}
}

func TestView(t *testing.T) {
	context := func(origin string, keys ...string) *condition.Context {
		c := new(condition.Context)
		for _, key := range keys {
			c.Set(key, condition.String(origin))
		}
		return c
	}
	all := []string{"aws:PrincipalArn", "aws:PrincipalTag/a", "aws:ResourceAccount", "aws:ResourceTag/a", "ec2:ResourceTag/a", "aws:SourceIdentity", "aws:SourceIp"}
	tagsKnown := context("resource", "aws:ResourceAccount")
	tagsKnown.MarkTagsKnown()
	sealed := context("principal", "aws:SourceIdentity")
	sealed.SetAbsent("aws:SOURCEIP")
	session := context("principal", "aws:PrincipalArn")
	session.MarkSessionKnown()
	for name, one := range map[string]struct {
		view condition.View
		want []string // the origins of all, "" if absent
	}{
		"nothing":   {condition.View{}, []string{"", "", "", "", "", "", ""}},
		"supplied":  {condition.View{Supplied: context("supplied", all...)}, []string{"supplied", "supplied", "supplied", "supplied", "supplied", "supplied", "supplied"}},
		"principal": {condition.View{Supplied: context("supplied", all...), Principal: new(condition.Context)}, []string{"", "", "supplied", "supplied", "supplied", "supplied", "supplied"}},
		"principal with keys": {condition.View{Supplied: context("supplied", all...), Principal: context("principal", all...)},
			[]string{"principal", "principal", "supplied", "supplied", "supplied", "principal", "principal"}},
		"resource": {condition.View{Supplied: context("supplied", all...), Resource: new(condition.Context)}, []string{"supplied", "supplied", "", "supplied", "supplied", "supplied", "supplied"}},
		"resource with keys": {condition.View{Supplied: context("supplied", all...), Resource: context("resource", all...)},
			[]string{"supplied", "supplied", "resource", "resource", "resource", "supplied", "supplied"}},
		"known tags": {condition.View{Supplied: context("supplied", all...), Resource: tagsKnown}, []string{"supplied", "supplied", "resource", "", "", "supplied", "supplied"}},
		"sealed":     {condition.View{Supplied: context("supplied", all...), Principal: sealed}, []string{"", "", "supplied", "supplied", "supplied", "principal", ""}},
		"known session": {condition.View{Supplied: context("supplied", all...), Principal: session.Clone()},
			[]string{"principal", "", "supplied", "supplied", "supplied", "", "supplied"}},
		"derived alone": {condition.View{Principal: context("principal", all...), Resource: context("resource", all...)},
			[]string{"principal", "principal", "resource", "resource", "resource", "principal", "principal"}},
	} {
		for at, key := range all {
			value, found := one.view.Lookup(key)
			if found != (one.want[at] != "") || value.Text() != one.want[at] {
				t.Errorf("%s: %s is %q, %v; want %q", name, key, value.Text(), found, one.want[at])
			}
			// A block sees the same.
			block := condition.Compile([]condition.Test{test("StringEquals", key, "${"+key+"}"), test("StringEquals", key, one.want[at])}, true)
			want := condition.False
			if one.want[at] != "" {
				want = condition.True
			}
			if got := block.Evaluate(&one.view); got != want {
				t.Errorf("%s: a block on %s is %v, want %v", name, key, got, want)
			}
		}
	}
	if !tagsKnown.TagsKnown() {
		t.Error("the tags are not known")
	}
	tagsKnown.Reset()
	if tagsKnown.TagsKnown() {
		t.Error("the tags are known after Reset")
	}
}

// Of a session that is known no key can be supplied, also none of an identity
// provider, until the context is reset.
func TestKnownSession(t *testing.T) {
	keys := []string{"aws:SourceIdentity", "token.actions.githubusercontent.com:sub", "saml:sub", "lambda:SourceFunctionArn", "AWS:MultiFactorAuthPresent"}
	supplied, known := new(condition.Context), new(condition.Context)
	for _, key := range keys {
		supplied.Set(key, condition.String("forged"))
	}
	known.MarkSessionKnown()
	known.Set("saml:sub", condition.String("wren"))
	view := condition.View{Supplied: supplied, Principal: known}
	for _, key := range keys {
		value, found := view.Lookup(key)
		if found != (key == "saml:sub") || found && value.Text() != "wren" {
			t.Errorf("%s is %v, %v", key, value, found)
		}
	}
	known.Reset()
	for _, key := range keys {
		if value, _ := view.Lookup(key); value.Text() != "forged" {
			t.Errorf("after the reset %s is %v", key, value)
		}
	}
}

func TestGrow(t *testing.T) {
	keys := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p"}
	c := new(condition.Context)
	c.Set("z", condition.Bool(true))
	c.Grow(15)
	c.Grow(0)
	if allocations := testing.AllocsPerRun(1, func() {
		for _, key := range keys[:15] {
			c.Set(key, condition.Bool(true))
		}
	}); allocations != 0 {
		t.Errorf("%v allocations", allocations)
	}
	if c.Len() != 16 {
		t.Errorf("%d keys", c.Len())
	}
	if _, found := c.Lookup("Z"); !found {
		t.Error("what was there is gone")
	}
}

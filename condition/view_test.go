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

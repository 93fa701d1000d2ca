package compiled

import (
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

func query(t *testing.T, action, resource string, supplied *condition.Context) *Query {
	t.Helper()
	name, ok := wildcard.CutName(resource)
	if !ok {
		t.Fatalf("%q is no name", resource)
	}
	return &Query{Action: action, Name: &name, View: condition.View{Supplied: supplied}}
}

func statement(flags Flags, actions, resources []string) *Statement {
	s := &Statement{Flags: flags}
	for _, text := range actions {
		s.Actions = append(s.Actions, CompileAction(text))
	}
	for _, text := range resources {
		s.Resources = append(s.Resources, CompileResource(text, true, wildcard.AlwaysComplete))
	}
	return s
}

func TestApplies(t *testing.T) {
	unknown := new(condition.Context)
	unknown.SetUnknown("aws:username")
	wren := new(condition.Context)
	wren.Set("aws:username", condition.String("wren"))

	const home, mine, others = "arn:aws:s3:::home/wren/a", "arn:aws:s3:::home/${aws:username}/*", "arn:aws:s3:::other/*"
	get := []string{"s3:Get*"}
	for name, c := range map[string]struct {
		statement *Statement
		supplied  *condition.Context
		want      condition.Truth
	}{
		"all fits":                           {statement(0, get, []string{"*"}), nil, condition.True},
		"first action":                       {statement(0, []string{"S3:GETOBJECT", "sqs:*"}, []string{"*"}), nil, condition.True},
		"second action":                      {statement(0, []string{"sqs:*", "s3:GetObject"}, []string{"*"}), nil, condition.True},
		"no action":                          {statement(0, []string{"sqs:*"}, []string{"*"}), nil, condition.False},
		"excepted action":                    {statement(NotAction, get, []string{"*"}), nil, condition.False},
		"action that is not excepted":        {statement(NotAction, []string{"sqs:*"}, []string{"*"}), nil, condition.True},
		"an empty list":                      {statement(NoEffect, get, []string{"*"}), nil, condition.False},
		"own resource":                       {statement(OwnResource, get, nil), nil, condition.True},
		"no resource":                        {statement(0, get, nil), nil, condition.False},
		"other resource":                     {statement(0, get, []string{others}), nil, condition.False},
		"excepted resource":                  {statement(NotResource, get, []string{others, home}), nil, condition.False},
		"resource that is not excepted":      {statement(NotResource, get, []string{others}), nil, condition.True},
		"variable":                           {statement(0, get, []string{mine}), wren, condition.True},
		"variable without a value":           {statement(0, get, []string{mine}), nil, condition.False},
		"excepted variable without a value":  {statement(NotResource, get, []string{mine}), nil, condition.True},
		"unknown variable":                   {statement(0, get, []string{mine}), unknown, condition.Unknown},
		"excepted unknown variable":          {statement(NotResource, get, []string{mine}), unknown, condition.Unknown},
		"unknown variable, other prefix":     {statement(0, get, []string{"arn:aws:s3:::x/${aws:username}"}), unknown, condition.False},
		"unknown variable, other action":     {statement(0, []string{"sqs:*"}, []string{mine}), unknown, condition.False},
		"unknown variable, then a match":     {statement(0, get, []string{mine, home}), unknown, condition.True},
		"a match, then an unknown variable":  {statement(0, get, []string{home, mine}), unknown, condition.True},
		"unknown variable, then no match":    {statement(0, get, []string{mine, others}), unknown, condition.Unknown},
		"no match, then an unknown variable": {statement(0, get, []string{others, mine}), unknown, condition.Unknown},
		"excepted match behind an unknown":   {statement(NotResource, get, []string{mine, home}), unknown, condition.False},
	} {
		if got := c.statement.Applies(query(t, "s3:GetObject", home, c.supplied)); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestConditionsJoinResources: the answer of a statement is that of Kleene's
// conjunction over its resource and its condition.
func TestConditionsJoinResources(t *testing.T) {
	const home = "arn:aws:s3:::home/wren/a"
	equals, err := condition.ParseOperator("StringEquals")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ resource, condition, want condition.Truth }{
		{condition.True, condition.True, condition.True},
		{condition.True, condition.False, condition.False},
		{condition.True, condition.Unknown, condition.Unknown},
		{condition.False, condition.True, condition.False},
		{condition.False, condition.Unknown, condition.False},
		{condition.Unknown, condition.True, condition.Unknown},
		{condition.Unknown, condition.False, condition.False},
		{condition.Unknown, condition.Unknown, condition.Unknown},
	} {
		context := new(condition.Context)
		resource := map[condition.Truth]string{condition.True: home, condition.False: "arn:aws:s3:::x", condition.Unknown: "arn:aws:s3:::home/${aws:username}/a"}[c.resource]
		context.SetUnknown("aws:username")
		switch c.condition {
		case condition.True:
			context.Set("aws:SourceVpc", condition.String("vpc-1"))
		case condition.Unknown:
			context.SetUnknown("aws:SourceVpc")
		}
		s := statement(0, []string{"*"}, []string{resource})
		s.Condition = condition.Compile([]condition.Test{{Operator: equals, Key: "aws:SourceVpc", Values: []string{"vpc-1"}}}, true)
		if got := s.Applies(query(t, "s3:GetObject", home, context)); got != c.want {
			t.Errorf("resource %v, condition %v: %v, want %v", c.resource, c.condition, got, c.want)
		}
	}
}

func TestShortResourcesOfAPIGateway(t *testing.T) {
	for _, c := range []struct {
		entry, resource string
		want            condition.Truth
	}{
		{"execute-api:/stage/GET/pets", "arn:aws:execute-api:eu-west-1:111111111111:abc/stage/GET/pets", condition.True},
		{"execute-api:/stage/*", "arn:aws:execute-api:eu-west-1:111111111111:abc/stage/GET/pets", condition.True},
		{"execute-api:/stage/*", "arn:aws:execute-api:eu-west-1:111111111111:abc/other/GET/pets", condition.False},
		{"execute-api:/stage/*", "arn:aws:sqs:eu-west-1:111111111111:abc/stage/GET/pets", condition.False},
	} {
		r := CompileResource(c.entry, true, wildcard.CompleteWithStar)
		if got := r.Match(query(t, "execute-api:Invoke", c.resource, nil)); got != c.want {
			t.Errorf("%q on %q: %v, want %v", c.entry, c.resource, got, c.want)
		}
	}
}

func TestTemplatesOfResources(t *testing.T) {
	const text = "arn:aws:s3:::home/${aws:username}"
	with, without := CompileResource(text, true, wildcard.AlwaysComplete), CompileResource(text, false, wildcard.AlwaysComplete)
	if with.Template() == nil || without.Template() != nil {
		t.Errorf("templates %v and %v", with.Template(), without.Template())
	}
	if got := without.Match(query(t, "s3:GetObject", text, nil)); got != condition.True {
		t.Errorf("without variables %q does not match itself", text)
	}
	action := CompileAction("s3:Get*")
	if got := action.Pattern().Text(); got != "s3:Get*" {
		t.Errorf("the action is %q", got)
	}
}

package main

import (
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
)

// TestGoldenExplanations compares explanations, and answers that hang on unknown
// keys, with files in testdata.
func TestGoldenExplanations(t *testing.T) {
	metric := []string{account, "-principal", session, "-action", "cloudwatch:PutMetricData"}
	read := []string{account, "-principal", session, "-action", "s3:GetObject", "-resource", archive, "-resource-account", owner}
	for name, test := range map[string]struct {
		status int
		base   []string
		more   []string
	}{
		"explain":                  {statusNo, metric, []string{"-explain"}},
		"explain-json":             {statusNo, metric, []string{"-explain", "-json"}},
		"explain-allowed":          {statusYes, metric, []string{"-explain", "-context", "cloudwatch:namespace=Orders"}},
		"explain-several":          {statusNo, read, []string{"-explain", "-resource", stream, "-resource-policy", bucket}},
		"explain-boundary":         {statusNo, []string{account, "-principal", ada, "-action", "iam:CreateUser", "-resource", wren}, []string{"-explain"}},
		"unknown":                  {statusNo, metric, []string{"-unknown", "cloudwatch:namespace"}},
		"unknown-single":           {statusNo, read, []string{"-resource-policy", bucket, "-unknown", "aws:SourceIp=?"}},
		"unknown-list":             {statusNo, read, []string{"-resource-policy", bucket, "-unknown", "aws:TagKeys=[?]"}},
		"unknown-perhaps":          {statusNo, metric, []string{"-unknown", "cloudwatch:namespace?=Orders", "-explain"}},
		"unknown-json":             {statusNo, metric, []string{"-json", "-unknown", "cloudwatch:namespace"}},
		"unknown-two":              {statusNo, read, []string{"-resource-policy", bucket, "-unknown", "aws:SourceIp", "-unknown", "aws:TagKeys?=[team]"}},
		"unknown-matters-not":      {statusYes, read, []string{"-resource-policy", "testdata/either-policy.json", "-unknown", "aws:RequestedRegion=?"}},
		"unknown-matters-not-json": {statusYes, read, []string{"-json", "-resource-policy", "testdata/either-policy.json", "-unknown", "aws:RequestedRegion=?"}},
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, name, test.status, append(test.base[:len(test.base):len(test.base)], test.more...))
		})
	}
}

// TestUnknownForms reads each form of -unknown.
func TestUnknownForms(t *testing.T) {
	for argument, want := range map[string]condition.Value{
		"a:b":           condition.UnknownValue(),
		"a:b=?":         condition.UnknownSingle(),
		"a:b=[?]":       condition.UnknownList(),
		"a:b?=?":        condition.Perhaps(condition.UnknownSingle()),
		"a:b?=[?]":      condition.Perhaps(condition.UnknownList()),
		"a:b?=":         condition.Perhaps(condition.String("")),
		"a:b?=c":        condition.Perhaps(condition.String("c")),
		"a:b?=c=d?":     condition.Perhaps(condition.String("c=d?")),
		"a:b?=[]":       condition.Perhaps(condition.List()),
		"a:b?=[c,d]":    condition.Perhaps(condition.List("c", "d")),
		"a:b?=[?,?]":    condition.Perhaps(condition.List("?", "?")),
		"a:b?=[c":       condition.Perhaps(condition.String("[c")),
		"a:b?=\x00\xff": condition.Perhaps(condition.String("\x00\xff")),
	} {
		key, value, err := parseUnknown(argument)
		absent, single, list := value.Possible()
		wantAbsent, wantSingle, wantList := want.Possible()
		inner, known := value.IfPresent()
		wantInner, wantKnown := want.IfPresent()
		if err != nil || key != "a:b" || value.Kind() != condition.KindUnknown || absent != wantAbsent || single != wantSingle || list != wantList ||
			known != wantKnown || inner.String() != wantInner.String() {
			t.Errorf("%q: key %q, %v, error %v; want %v", argument, key, value, err, want)
		}
	}
}

// TestUnknownCovers sees that -unknown covers what the context file says.
func TestUnknownCovers(t *testing.T) {
	base := []string{account, "-principal", session, "-action", "cloudwatch:PutMetricData", "-context-file", "testdata/context.json"}
	for want, more := range map[string][]string{
		"ImplicitlyDenied": nil,
		"Undetermined":     {"-unknown", "CLOUDWATCH:Namespace"},
	} {
		status, stdout, stderr := invoke("", append(base[:len(base):len(base)], more...)...)
		if status != statusNo || stderr != "" || !strings.Contains(stdout, "\n"+want) {
			t.Errorf("%q: status %d, want %s\n%s%s", more, status, want, stdout, stderr)
		}
	}
}

// TestUnknownWithoutEffect sees that the program says so if a key cannot be
// unknown, because it follows from who asks.
func TestUnknownWithoutEffect(t *testing.T) {
	status, stdout, stderr := invoke("", account, "-principal", wren, "-action", "s3:ListAllMyBuckets", "-unknown", "aws:UserName", "-unknown", "aws:SourceIp")
	if status != statusYes || stdout == "" || stderr != "warning: -unknown aws:UserName changes nothing: the key follows from who asks\n" {
		t.Errorf("status %d, standard output: %q, standard error: %q", status, stdout, stderr)
	}
}

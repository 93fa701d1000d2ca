package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/policy/catalog"
)

const (
	kit      = "arn:aws:iam::111122223333:user/kit"
	engineer = "testdata/engineer-account.json"
	function = "arn:aws:lambda:eu-west-1:111122223333:function:orders-report"
	table    = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
	instance = "arn:aws:ec2:eu-west-1:111122223333:instance/i-0"
)

// TestGoldenWhatCan compares what callers may do with files in testdata.
func TestGoldenWhatCan(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		args   []string
	}{
		"what-can":           {statusYes, []string{engineer, "-what-can", kit}},
		"what-can-given":     {statusYes, []string{engineer, "-what-can", kit, "-context", "aws:MultiFactorAuthPresent=false"}},
		"what-can-json":      {statusYes, []string{account, "-what-can", role, "-json"}},
		"what-can-session":   {statusYes, []string{account, "-what-can", session, "-session-policy", "testdata/session-policy.json"}},
		"what-can-service":   {statusYes, []string{account, "-what-can", "lambda.amazonaws.com"}},
		"what-can-nothing":   {statusNo, []string{account, "-what-can", "anonymous"}},
		"what-can-on":        {statusYes, []string{account, "-what-can", wren, "-resource", function, "-resource", table}},
		"what-can-on-json":   {statusYes, []string{engineer, "-what-can", kit, "-resource", instance, "-json"}},
		"what-can-perhaps":   {statusNo, []string{account, "-what-can", session, "-resource", archive, "-resource-account", owner, "-resource-policy", bucket}},
		"what-can-unknown":   {statusNo, []string{account, "-what-can", session, "-resource", archive, "-resource-account", owner, "-resource-policy", bucket, "-unknown", "aws:SourceIp?=192.0.2.7"}},
		"what-can-on-role":   {statusYes, []string{account, "-what-can", wren, "-resource", role, "-resource-policy", "testdata/trust-policy.json"}},
		"what-can-on-either": {statusNo, []string{account, "-what-can", session, "-resource", archive, "-resource-account", owner, "-resource-policy", "testdata/either-policy.json"}},
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, test.status, test.args) })
	}
}

// TestWhatCanIsAskingEach compares what a caller may do on a resource with the
// answers about each action: what is allowed without a condition is allowed also
// where nothing is said about any key.
func TestWhatCanIsAskingEach(t *testing.T) {
	for _, test := range []struct{ file, caller, resource string }{
		{account, wren, function}, {account, wren, table}, {account, session, table}, {account, ada, role}, {account, "arn:aws:iam::111122223333:root", table},
		{engineer, kit, instance}, {engineer, kit, "arn:aws:sqs:eu-west-1:111122223333:jobs"}, {engineer, kit, "arn:aws:secretsmanager:eu-west-1:111122223333:secret:pass-123456"},
	} {
		_, stdout, stderr := invoke("", test.file, "-json", "-what-can", test.caller, "-resource", test.resource)
		var reports []report
		if err := json.Unmarshal([]byte(stdout), &reports); err != nil || stderr != "" || len(reports) != 1 {
			t.Fatalf("%v\n%s%s", err, stdout, stderr)
		}
		conditions, allowed, conditional := make(map[string]string), 0, 0
		for _, service := range reports[0].Services {
			for _, level := range service.AccessLevels {
				for _, p := range level.Permissions {
					conditions[p.Action] = p.Condition
					if p.Condition == "" {
						allowed++
					} else {
						conditional++
					}
				}
			}
		}
		if allowed != reports[0].Allowed || conditional != reports[0].Conditional {
			t.Errorf("%s: %d and %d are not %d and %d", test.resource, allowed, conditional, reports[0].Allowed, reports[0].Conditional)
		}
		args := []string{test.file, "-json", "-principal", test.caller, "-resource", test.resource}
		for _, action := range catalog.ActionsOn(test.resource) {
			args = append(args, "-action", action.String())
		}
		_, stdout, _ = invoke("", args...)
		var single response
		if err := json.Unmarshal([]byte(stdout), &single); err != nil || len(single.EvaluationResults) != reports[0].Of {
			t.Fatalf("%v\n%s", err, stdout)
		}
		for _, one := range single.EvaluationResults {
			condition, listed := conditions[one.EvalActionName]
			if sure := listed && condition == ""; sure && one.EvalDecision != "allowed" || !listed && one.EvalDecision == "allowed" {
				t.Errorf("%s on %s: %s; listed: %t, if %q", one.EvalActionName, test.resource, one.EvalDecision, listed, condition)
			}
		}
	}
}

// TestWhatCanCounts sees that the numbers of a report over everything add up.
func TestWhatCanCounts(t *testing.T) {
	for _, caller := range []string{ada, wren} {
		status, stdout, stderr := invoke("", account, "-json", "-what-can", caller)
		var reports []report
		if err := json.Unmarshal([]byte(stdout), &reports); err != nil || status != statusYes || stderr != "" || len(reports) != 1 {
			t.Fatalf("status %d, %v, standard error: %s", status, err, stderr)
		}
		r := reports[0]
		allowed, conditional := 0, 0
		for _, s := range r.Services {
			service, _ := catalog.LookupService(s.Prefix)
			of := 0
			for range service.Actions() {
				of++
			}
			own := 0
			for _, l := range s.AccessLevels {
				own += l.Allowed + l.Conditional
				if l.Allowed+l.Conditional > l.Of || l.Allowed+l.Conditional == 0 {
					t.Errorf("%s %s: %d and %d of %d", s.Prefix, l.AccessLevel, l.Allowed, l.Conditional, l.Of)
				}
			}
			if s.Of != of || own != s.Allowed+s.Conditional {
				t.Errorf("%s: %d and %d of %d, want %d of %d", s.Prefix, s.Allowed, s.Conditional, s.Of, own, of)
			}
			allowed, conditional = allowed+s.Allowed, conditional+s.Conditional
		}
		if r.Of != catalog.CountActions() || r.Allowed != allowed || r.Conditional != conditional || allowed < 5000 {
			t.Errorf("%s: %d and %d of %d; the services have %d and %d", caller, r.Allowed, r.Conditional, r.Of, allowed, conditional)
		}
	}
}

// TestShorten writes actions with patterns.
func TestShorten(t *testing.T) {
	among := strings.Fields("BatchGetItem DescribeTable DescribeTableReplica GetItem GetItems GetShard Query ListARNs ListTables")
	for names, want := range map[string]string{
		"GetItem":                            "GetItem",
		"GetItem GetItems":                   "GetItem*",
		"GetItem GetItems GetShard":          "Get*",
		"GetItem GetShard":                   "GetItem, GetShard",
		"DescribeTable DescribeTableReplica": "Describe*",
		"BatchGetItem Query":                 "BatchGetItem, Query",
		"DescribeTable GetItem GetItems GetShard ListARNs ListTables": "DescribeTable, Get*, List*",
		strings.Join(among, " "): "all",
	} {
		if got := shorten(strings.Fields(names), among); got != want {
			t.Errorf("%s: %s, want %s", names, got, want)
		}
	}
	if got := shorten([]string{"Query"}, []string{"Query"}); got != "Query" {
		t.Errorf("the only one is %s", got)
	}
}

// BenchmarkWhatCan loads the account and asks about all actions.
func BenchmarkWhatCan(b *testing.B) {
	for b.Loop() {
		if status, _, stderr := invoke("", account, "-what-can", ada); status != statusYes {
			b.Fatal(stderr)
		}
	}
}

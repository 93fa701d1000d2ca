package main

import (
	"encoding/json"
	"testing"
)

// TestGoldenWhoCan compares who may do what with files in testdata.
func TestGoldenWhoCan(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		args   []string
	}{
		"who-can":         {statusYes, []string{account, "-who-can", "dynamodb:Query", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"}},
		"who-can-role":    {statusYes, []string{"-who-can", "sts:AssumeRole", role, account, "-principal", "lambda.amazonaws.com"}},
		"who-can-nobody":  {statusNo, []string{account, "-who-can", "sts:AssumeRole", role}},
		"who-can-context": {statusYes, []string{"-who-can", "cloudwatch:PutMetricData", "-context", "cloudwatch:namespace=Orders", "*", account}},
		"who-can-unknown": {statusYes, []string{account, "-who-can", "cloudwatch:PutMetricData", "*", "-unknown", "cloudwatch:namespace"}},
		"who-can-json":    {statusYes, []string{account, "-who-can", "cloudwatch:PutMetricData", "*", "-unknown", "cloudwatch:namespace", "-json"}},
		"who-can-bucket":  {statusYes, []string{account, "-who-can", "s3:GetObject", archive, "-resource-account", owner, "-resource-policy", "testdata/either-policy.json", "-unknown", "aws:RequestedRegion=?"}},
		"who-can-session": {statusNo, []string{account, "-who-can", "s3:GetObject", archive, "-resource-account", owner, "-resource-policy", bucket, "-principal", session, "-unknown", "aws:SourceIp"}},
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, test.status, test.args) })
	}
}

// TestWhoCanIsAskingEach compares who may with what each caller is told.
func TestWhoCanIsAskingEach(t *testing.T) {
	table := "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
	for _, action := range []string{"dynamodb:Query", "dynamodb:PutItem", "dynamodb:ListTables"} {
		_, stdout, stderr := invoke("", account, "-json", "-who-can", action, table)
		var answer whoCanAnswer
		if err := json.Unmarshal([]byte(stdout), &answer); err != nil || stderr != "" {
			t.Fatalf("%v\n%s%s", err, stdout, stderr)
		}
		may := make(map[string]bool)
		for _, one := range answer.Allowed {
			may[one.Caller] = true
		}
		for _, caller := range []string{wren, ada, role, "arn:aws:iam::111122223333:root"} {
			status, _, _ := invoke("", account, "-principal", caller, "-action", action, "-resource", table)
			if may[caller] != (status == statusYes) {
				t.Errorf("%s %s: status %d, in the list: %t", caller, action, status, may[caller])
			}
			delete(may, caller)
		}
		if len(may) > 0 {
			t.Errorf("%s: %v are not in the account", action, may)
		}
	}
}

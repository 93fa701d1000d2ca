package iamtest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/portcullis-iam/portcullis/evaluate/iamtest"
)

var _ = iamtest.UpdateFlag()

const (
	report = "arn:aws:iam::111122223333:role/report"
	wide   = "arn:aws:iam::111122223333:role/wide"
	ada    = "arn:aws:iam::111122223333:user/ada"
	orders = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
	nest   = "arn:aws:s3:::reports/2026/may.csv"
	secret = "arn:aws:s3:::reports/secret/plans.csv"
)

// load gives a Tester that reports to t.
func load(t testing.TB) *iamtest.Tester { return iamtest.Load(t, "testdata/account.json") }

// golden compares what a test reports with a file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "failures", name+".txt")
	if os.Getenv("IAMTEST_GOLDEN") != "" {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the failure is not the one in %s (-want +got):\n%s", file, diff)
	}
}

// TestFailures holds the whole text of every sort of failure against a file, and
// tells that what is as it should be reports nothing. IAMTEST_GOLDEN=1 writes
// the files.
func TestFailures(t *testing.T) {
	reportRules := iamtest.Rules{
		iamtest.On(orders, "dynamodb:GetItem", "dynamodb:Query"),
		iamtest.On("*", "cloudwatch:PutMetricData").If("cloudwatch:namespace"),
		iamtest.On("arn:aws:s3:::reports/*", "s3:GetObject*"),
		iamtest.On(wide, "sts:AssumeRole"),
	}
	for _, test := range []struct {
		name string
		run  func(iam *iamtest.Tester)
		fine bool
	}{
		{"allowed is fine", func(iam *iamtest.Tester) { iam.Allowed(report, "dynamodb:GetItem", orders) }, true},
		{"allowed with a key is fine", func(iam *iamtest.Tester) {
			iam.Allowed(report, "cloudwatch:PutMetricData", "*", iamtest.With("cloudwatch:namespace", "Orders"))
		}, true},
		{"denied is fine", func(iam *iamtest.Tester) { iam.Denied(report, "dynamodb:PutItem", orders) }, true},
		{"explicitly denied is fine", func(iam *iamtest.Tester) { iam.ExplicitlyDenied(report, "s3:GetObject", secret) }, true},
		{"denied by a sid is fine", func(iam *iamtest.Tester) { iam.DeniedBy(report, "s3:GetObject", secret, "NoSecrets") }, true},
		{"denied by a line is fine", func(iam *iamtest.Tester) {
			iam.DeniedBy(report, "s3:GetObject", secret, "testdata/account.json:22")
		}, true},
		{"only allows is fine", func(iam *iamtest.Tester) {
			iam.OnlyAllows(report, append(reportRules[:2:2], iamtest.On("arn:aws:s3:::reports/*", "s3:GetObject", "s3:GetObject*"), reportRules[3]))
		}, true},
		{"given is fine", func(iam *iamtest.Tester) {
			rules := append(iamtest.Rules{}, reportRules...)
			rules[1] = iamtest.On("*", "cloudwatch:PutMetricData").Given(iamtest.With("cloudwatch:namespace", "Orders"))
			iam.OnlyAllows(report, rules)
		}, true},
		{"a stated key is fine", func(iam *iamtest.Tester) {
			rules := append(iamtest.Rules{}, reportRules...)
			rules[1] = iamtest.On("*", "cloudwatch:PutMetricData")
			iam.OnlyAllows(report, rules, iamtest.With("cloudwatch:namespace", "Orders"))
		}, true},
		{"an absent key is fine", func(iam *iamtest.Tester) {
			iam.OnlyAllows(report, append(reportRules[:1:1], reportRules[2:]...), iamtest.Absent("cloudwatch:namespace"))
		}, true},
		{"the snapshot is fine", func(iam *iamtest.Tester) { iam.Snapshot(report, "testdata/report.golden") }, true},
		{"the snapshot of a wide role is fine", func(iam *iamtest.Tester) { iam.Snapshot(wide, "testdata/wide.golden") }, true},
		{"the snapshot of an administrator is fine", func(iam *iamtest.Tester) { iam.Snapshot(ada, "testdata/ada.golden") }, true},

		{"allowed", func(iam *iamtest.Tester) { iam.Allowed(report, "dynamodb:PutItem", orders) }, false},
		{"allowed, a Deny", func(iam *iamtest.Tester) { iam.Allowed(report, "s3:GetObject", secret) }, false},
		{"denied", func(iam *iamtest.Tester) { iam.Denied(report, "s3:GetObject", nest) }, false},
		{"denied, unknown", func(iam *iamtest.Tester) {
			iam.Denied(report, "cloudwatch:PutMetricData", "*", iamtest.Unknown("cloudwatch:namespace"))
		}, false},
		{"explicitly denied", func(iam *iamtest.Tester) { iam.ExplicitlyDenied(report, "dynamodb:PutItem", orders) }, false},
		{"denied by another", func(iam *iamtest.Tester) { iam.DeniedBy(report, "s3:GetObject", secret, "NoPlans") }, false},
		{"nobody", func(iam *iamtest.Tester) { iam.Allowed("arn:aws:iam::111122223333:role/reprot", "s3:GetObject", nest) }, false},
		{"no action", func(iam *iamtest.Tester) { iam.Denied(report, "s3:Get*", nest) }, false},
		{"too much", func(iam *iamtest.Tester) { iam.OnlyAllows(report, reportRules[:1]) }, false},
		{"too wide", func(iam *iamtest.Tester) {
			iam.OnlyAllows(wide, iamtest.Rules{iamtest.On(orders, "dynamodb:GetItem"), iamtest.On("arn:aws:s3:::home/birds/nest", "s3:PutObject")})
		}, false},
		{"too little", func(iam *iamtest.Tester) {
			iam.OnlyAllows(report, append(iamtest.Rules{iamtest.On("*", "cloudwatch:PutMetricData"), iamtest.On(orders, "dynamodb:Scan")}, reportRules...))
		}, false},
		{"not conditional", func(iam *iamtest.Tester) {
			iam.OnlyAllows(report, append(iamtest.Rules{iamtest.On(orders, "dynamodb:GetItem").If("aws:SourceIp")}, reportRules[1:]...))
		}, false},
		{"mistakes", func(iam *iamtest.Tester) {
			iam.OnlyAllows(report, append(iamtest.Rules{
				iamtest.On(orders, "dynamodb:GetItme"), iamtest.On(orders), iamtest.On("orders", "dynamodb:GetItem"),
				iamtest.On(orders, "s3:GetObject"), iamtest.On(orders, "cloudwatch:PutMetricData"),
			}, reportRules...))
		}, false},
		{"everything", func(iam *iamtest.Tester) { iam.OnlyAllows(ada, nil) }, false},
		{"no snapshot", func(iam *iamtest.Tester) { iam.Snapshot(report, "testdata/nowhere.golden") }, false},
		{"another snapshot", func(iam *iamtest.Tester) { iam.Snapshot(report, "testdata/before.golden") }, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := reported(func(t testing.TB) { test.run(load(t)) })
			if test.fine {
				if got != "" {
					t.Errorf("reported:\n%s", got)
				}
				return
			}
			golden(t, test.name, got)
		})
	}
}

// TestLoadReportsFaults tells that an account that cannot be loaded ends the
// test.
func TestLoadReportsFaults(t *testing.T) {
	golden(t, "no account", reported(func(t testing.TB) {
		iamtest.Load(t, "testdata/cases.jsonl").Allowed(report, "s3:GetObject", nest)
	}))
}

// TestSnapshotUpdate tells that a snapshot is written if that is asked for, and
// holds then.
func TestSnapshotUpdate(t *testing.T) {
	file := filepath.Join(t.TempDir(), "new", "report.golden")
	t.Setenv("IAMTEST_UPDATE", "1")
	if got := reported(func(t testing.TB) { load(t).Snapshot(report, file) }); got != "" {
		t.Errorf("reported:\n%s", got)
	}
	t.Setenv("IAMTEST_UPDATE", "")
	if got := reported(func(t testing.TB) { load(t).Snapshot(report, file) }); got != "" {
		t.Errorf("reported:\n%s", got)
	}
	written, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile("testdata/report.golden")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(kept), string(written)); diff != "" {
		t.Errorf("the snapshot is another one (-want +got):\n%s", diff)
	}
}

// TestSnapshotOfWindows: a snapshot that an editor or git has given other line
// ends is the same snapshot, and so is one without its comments.
func TestSnapshotOfWindows(t *testing.T) {
	text, err := os.ReadFile("testdata/report.golden")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "report.golden")
	if err := os.WriteFile(file, []byte("\r\n"+strings.ReplaceAll(string(text), "\n", "\r\n")), 0o666); err != nil {
		t.Fatal(err)
	}
	if got := reported(func(t testing.TB) { load(t).Snapshot(report, file) }); got != "" {
		t.Errorf("reported:\n%s", got)
	}
}

// TestCases runs the cases of a file.
func TestCases(t *testing.T) { iamtest.Cases(t, "testdata/cases.jsonl") }

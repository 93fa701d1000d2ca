package leastprivilege_test

import (
	"os"
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate/iamtest"
	"github.com/portcullis-iam/portcullis/principal"
)

const (
	report     = "arn:aws:sts::111122223333:assumed-role/orders-report/orders-report"
	wren       = "arn:aws:iam::111122223333:user/wren"
	breakGlass = "arn:aws:iam::111122223333:role/break-glass"
	export     = "arn:aws:iam::111122223333:role/partner/orders-export"
	importer   = "arn:aws:iam::444455556666:role/importer"

	reportRole = "arn:aws:iam::111122223333:role/service/orders-report"
	orders     = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
	ordersLogs = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/orders-report:log-stream:today"
	function   = "arn:aws:lambda:eu-west-1:111122223333:function:orders-report"
	trail      = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"
	exports    = "arn:aws:s3:::orders-export/partner/2026-11.csv"
)

var _ = iamtest.UpdateFlag()

// The Lambda function.

func TestReportReadsItsTable(t *testing.T) {
	iam := account(t)
	iam.Allowed(report, "dynamodb:Query", orders)
	iam.Denied(report, "dynamodb:PutItem", orders)
}

func TestReportWritesItsLogs(t *testing.T) {
	iam := account(t)
	iam.Allowed(report, "logs:PutLogEvents", ordersLogs)
	iam.Denied(report, "ec2:RunInstances", "*")
}

func TestReportDoesNothingElse(t *testing.T) {
	account(t).OnlyAllows(report, iamtest.Rules{
		iamtest.On(orders, "dynamodb:GetItem", "dynamodb:Query"),
		iamtest.On(orders+"/index/*", "dynamodb:Query"),
		iamtest.On("arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/orders-report:*", "logs:CreateLogStream", "logs:PutLogEvents"),
	})
}

func TestOnlyLambdaBecomesReport(t *testing.T) {
	iam := account(t)
	iam.Allowed("lambda.amazonaws.com", "sts:AssumeRole", reportRole, iamtest.With("aws:SourceAccount", "111122223333"))
	iam.Denied("lambda.amazonaws.com", "sts:AssumeRole", reportRole, iamtest.With("aws:SourceAccount", "444455556666"))
	iam.Denied(wren, "sts:AssumeRole", reportRole)
}

// The engineer.

func TestEngineerDeploysHerTeamsFunctions(t *testing.T) {
	iam := account(t)
	iam.Allowed(wren, "lambda:UpdateFunctionCode", function)
	iam.Denied(wren, "lambda:UpdateFunctionCode", "arn:aws:lambda:eu-west-1:111122223333:function:billing-run")
}

func TestEngineerPassesRolesToLambdaOnly(t *testing.T) {
	iam := account(t)
	iam.Allowed(wren, "iam:PassRole", reportRole, iamtest.With("iam:PassedToService", "lambda.amazonaws.com"))
	iam.Denied(wren, "iam:PassRole", reportRole, iamtest.With("iam:PassedToService", "ec2.amazonaws.com"))
	iam.Denied(wren, "iam:PassRole", breakGlass, iamtest.With("iam:PassedToService", "lambda.amazonaws.com"))
}

func TestEngineer(t *testing.T) { account(t).Snapshot(wren, "testdata/wren.txt") }

// The break-glass administrator.

func TestBreakGlassWantsFreshMFA(t *testing.T) {
	iam := account(t)
	iam.Allowed(wren, "sts:AssumeRole", breakGlass, iamtest.With("aws:MultiFactorAuthPresent", true), iamtest.With("aws:MultiFactorAuthAge", 120))
	iam.Denied(wren, "sts:AssumeRole", breakGlass, iamtest.With("aws:MultiFactorAuthPresent", true), iamtest.With("aws:MultiFactorAuthAge", 7200))
	iam.Denied(wren, "sts:AssumeRole", breakGlass)
}

func TestBreakGlassKeepsTheTrail(t *testing.T) {
	iam := account(t)
	iam.Allowed(breakGlass, "ec2:RunInstances", "*")
	iam.DeniedBy(breakGlass, "cloudtrail:StopLogging", trail, "KeepTheTrail")
}

// The partner.

func TestPartnerNeedsItsExternalId(t *testing.T) {
	iam := account(t)
	iam.Allowed(importer, "sts:AssumeRole", export, iamtest.With("sts:ExternalId", "orders-7f3a"))
	iam.Denied(importer, "sts:AssumeRole", export)
}

func TestPartnerReadsExportsEncrypted(t *testing.T) {
	iam := account(t)
	iam.Allowed(export, "s3:GetObject", exports, iamtest.With("aws:SecureTransport", true))
	iam.ExplicitlyDenied(export, "s3:GetObject", exports, iamtest.With("aws:SecureTransport", false))
}

func TestPartnerDoesNothingElse(t *testing.T) {
	account(t).OnlyAllows(export, iamtest.Rules{
		iamtest.On("arn:aws:s3:::orders-export/partner/*", "s3:GetObject").Given(iamtest.With("aws:SecureTransport", true)),
	}, iamtest.Owner("111122223333"))
}

// account loads everything that the tests ask about. An account without
// resource policies needs only iamtest.Load(t, "account.json").
func account(t *testing.T) *iamtest.Tester {
	t.Helper()
	builder := principal.NewBuilder()
	for _, file := range []string{"account.json", "partner-account.json"} {
		builder.LoadAccountDetails(file, read(t, file))
	}
	builder.AddResource(principal.ResourceDetail{ARN: "arn:aws:s3:::orders-export", AccountID: "111122223333",
		Document: string(read(t, "orders-export-bucket.json")), File: "orders-export-bucket.json"})
	directory, err := builder.Build()
	if err != nil {
		t.Fatal(err)
	}
	return iamtest.New(t, directory)
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

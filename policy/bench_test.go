package policy_test

import (
	"testing"

	"github.com/portcullis-iam/portcullis/policy"
)

// tenStatements is an identity-based policy of 1.8 kB, of the shape that
// generated workloads have: object actions on prefixes of buckets, a few
// conditions.
const tenStatements = `{"Version":"2012-10-17","Statement":[` +
	`{"Sid":"S00000","Effect":"Allow","Action":["s3:GetObject","s3:PutObjectTagging"],"Resource":"arn:aws:s3:::acme-prod-alpha-0000/raw/tango/*"},` +
	`{"Sid":"S00001","Effect":"Allow","Action":"s3:Get*","Resource":["arn:aws:s3:::acme-dev-bravo-0006/*","arn:aws:s3:::acme-*/models/kilo/*.csv"]},` +
	`{"Sid":"S00002","Effect":"Allow","Action":["s3:PutObject","s3:DeleteObject","s3:AbortMultipartUpload"],"Resource":"arn:aws:s3:::acme-stage-echo-0017/year=*/month=*/logs-*.gz"},` +
	`{"Sid":"S00003","Effect":"Allow","Action":"s3:GetObjectVersion","Resource":"arn:aws:s3:::acme-prod-hotel-0028/inbox/mike/file-04711.json",` +
	`"Condition":{"StringEquals":{"aws:PrincipalTag/team":["alpha","golf-ops"]}}},` +
	`{"Sid":"S00004","Effect":"Deny","Action":"s3:Delete*","Resource":"arn:aws:s3:::acme-prod-*/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}},` +
	`{"Sid":"S00005","Effect":"Allow","Action":["s3:GetObjectTagging","s3:RestoreObject"],"Resource":["arn:aws:s3:::acme-test-india-0035/export/papa/*","arn:aws:s3:::acme-prod-oscar-0056/media/lima/*"]},` +
	`{"Sid":"S00006","Effect":"Allow","Action":"s3:*Tagging","Resource":"arn:aws:s3:::acme-stage-quebec-0065/*/backup/*.parquet"},` +
	`{"Sid":"S00007","Effect":"Allow","Action":["s3:GetObject","s3:GetObjectAttributes"],"Resource":"arn:aws:s3:::acme-dev-romeo-0070/curated/delta/*",` +
	`"Condition":{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.0/24"]},"StringEquals":{"aws:PrincipalTag/team":"zulu"}}},` +
	`{"Sid":"S00008","Effect":"Allow","Action":"s3:*Object","Resource":["arn:aws:s3:::acme-test-sierra-0075/invoices/november/*","arn:aws:s3:::acme-*/exports/uni/*.png"]},` +
	`{"Sid":"S00009","Effect":"Allow","Action":["s3:GetObject","s3:GetObjectRetention","s3:GetObjectLegalHold"],"Resource":"arn:aws:s3:::acme-prod-zulu-0001/*/late/*.csv"}]}`

func BenchmarkParse(b *testing.B) {
	text := []byte(tenStatements)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := policy.Parse(policy.IdentityBased, text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMarshal(b *testing.B) {
	d, err := policy.Parse(policy.IdentityBased, []byte(tenStatements))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.MarshalJSON(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkValidate(b *testing.B) {
	d, err := policy.Parse(policy.IdentityBased, []byte(tenStatements))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if all := d.Validate(); len(all) != 0 {
			b.Fatal(all)
		}
	}
}

// TestBenchmarkInput keeps the benchmarks on what they say they measure. It
// counts allocations, so it is not parallel.
func TestBenchmarkInput(t *testing.T) {
	d, err := policy.Parse(policy.IdentityBased, []byte(tenStatements))
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Statements) != 10 || len(tenStatements) < 1750 || len(tenStatements) > 1950 {
		t.Errorf("%d statements in %d bytes", len(d.Statements), len(tenStatements))
	}
	// A tree of this document is a matter of some slabs, not of each string.
	if got := testing.AllocsPerRun(20, func() { policy.Parse(policy.IdentityBased, []byte(tenStatements)) }); got > 30 {
		t.Errorf("%v allocations", got)
	}
}

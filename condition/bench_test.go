package condition_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/portcullis-iam/portcullis/condition"
)

// benchmarkView is a request as a service would build it.
func benchmarkView() *condition.View {
	var supplied, principal condition.Context
	supplied.Set("aws:SourceIp", condition.Addr(netip.MustParseAddr("203.0.113.77")))
	supplied.Set("aws:SecureTransport", condition.Bool(true))
	supplied.Set("aws:CurrentTime", condition.Time(time.Date(2026, 10, 1, 8, 30, 0, 0, time.UTC)))
	supplied.Set("aws:RequestedRegion", condition.String("eu-central-1"))
	supplied.Set("s3:prefix", condition.String("home/wren/notes"))
	supplied.Set("aws:MultiFactorAuthAge", condition.Int(240))
	supplied.SetTag("aws:RequestTag", "team", condition.String("birds"))
	supplied.Set("aws:TagKeys", condition.List("team", "stage"))
	principal.Set("aws:PrincipalArn", condition.String("arn:aws:iam::111111111111:role/service/Deployer"))
	principal.Set("aws:PrincipalAccount", condition.String("111111111111"))
	principal.Set("aws:username", condition.String("wren"))
	principal.SetTag("aws:PrincipalTag", "team", condition.String("birds"))
	return &condition.View{Supplied: &supplied, Principal: &principal}
}

// shapes are the conditions that real policies have most, and one of every
// matcher. All of them hold for benchmarkView.
var shapes = []struct {
	name  string
	tests []condition.Test
}{
	{"StringEquals", []condition.Test{test("StringEquals", "aws:RequestedRegion", "eu-central-1")}},
	{"StringEqualsTag", []condition.Test{test("StringEquals", "aws:PrincipalTag/team", "birds")}},
	{"StringEqualsTagAndIpAddress", []condition.Test{
		test("StringEquals", "aws:PrincipalTag/team", "birds"), test("IpAddress", "aws:SourceIp", "203.0.113.0/24")}},
	{"StringEqualsVariable", []condition.Test{test("StringEquals", "aws:RequestTag/team", "${aws:PrincipalTag/team}")}},
	{"StringLikePrefix", []condition.Test{test("StringLike", "s3:prefix", "home/*")}},
	{"StringLikeVariable", []condition.Test{test("StringLike", "s3:prefix", "", "home/", "home/${aws:username}/*")}},
	{"StringEqualsMany", []condition.Test{test("StringEquals", "aws:RequestedRegion", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
		"eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "eu-central-1", "eu-south-1", "ap-south-1", "sa-east-1")}},
	{"StringEqualsIgnoreCase", []condition.Test{test("StringEqualsIgnoreCase", "aws:RequestedRegion", "EU-Central-1")}},
	{"ArnLike", []condition.Test{test("ArnLike", "aws:PrincipalArn", "arn:aws:iam::111111111111:role/service/*")}},
	{"ArnLikeSegments", []condition.Test{test("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/service/*")}},
	{"Bool", []condition.Test{test("Bool", "aws:SecureTransport", "true")}},
	{"BoolIfExistsAbsent", []condition.Test{test("BoolIfExists", "aws:ViaAWSService", "true")}},
	{"Null", []condition.Test{test("Null", "aws:TokenIssueTime", "true")}},
	{"NumericLessThan", []condition.Test{test("NumericLessThan", "aws:MultiFactorAuthAge", "3600")}},
	{"DateGreaterThan", []condition.Test{test("DateGreaterThan", "aws:CurrentTime", "2026-01-01T00:00:00Z")}},
	{"ForAllValues", []condition.Test{test("ForAllValues:StringEquals", "aws:TagKeys", "team", "stage", "cost")}},
	{"NotIpAddress", []condition.Test{test("NotIpAddress", "aws:SourceIp", "10.0.0.0/8", "192.168.0.0/16", "2001:db8::/32")}},
}

func BenchmarkEvaluate(b *testing.B) {
	view := benchmarkView()
	for _, shape := range shapes {
		block := condition.Compile(shape.tests, true)
		b.Run(shape.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if block.Evaluate(view) != condition.True {
					b.Fatal("does not hold")
				}
			}
		})
	}
}

// BenchmarkEvaluateText is IpAddress and DateGreaterThan on values that the
// caller left as text.
func BenchmarkEvaluateText(b *testing.B) {
	var c condition.Context
	c.Set("aws:SourceIp", condition.String("203.0.113.77"))
	c.Set("aws:CurrentTime", condition.String("2026-10-01T08:30:00Z"))
	view := &condition.View{Supplied: &c}
	for _, one := range []condition.Test{
		test("IpAddress", "aws:SourceIp", "203.0.113.0/24"), test("DateGreaterThan", "aws:CurrentTime", "2026-01-01T00:00:00Z"),
	} {
		block := condition.Compile([]condition.Test{one}, true)
		b.Run(one.Operator.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if block.Evaluate(view) != condition.True {
					b.Fatal("does not hold")
				}
			}
		})
	}
}

// fillFourKeys is apart from the benchmark because testing.B.Loop keeps every
// value of its body alive, which costs more than setting a key.
func fillFourKeys(c *condition.Context, remote netip.Addr, now time.Time) {
	c.Reset()
	c.Set("aws:SourceIp", condition.Addr(remote))
	c.Set("aws:SecureTransport", condition.Bool(true))
	c.Set("aws:CurrentTime", condition.Time(now))
	c.SetTag("aws:RequestTag", "team", condition.String("birds"))
}

// BenchmarkBuild fills a context that is used again for every request.
func BenchmarkBuild(b *testing.B) {
	remote := netip.MustParseAddr("203.0.113.77")
	now := time.Date(2026, 10, 1, 8, 30, 0, 0, time.UTC)
	b.Run("FourKeys", func(b *testing.B) {
		var c condition.Context
		b.ReportAllocs()
		for b.Loop() {
			fillFourKeys(&c, remote, now)
		}
	})
	b.Run("SetTag", func(b *testing.B) {
		var c condition.Context
		b.ReportAllocs()
		for b.Loop() {
			c.SetTag("aws:RequestTag", "team", condition.String("birds"))
		}
	})
}

func BenchmarkCompile(b *testing.B) {
	for _, shape := range shapes {
		b.Run(shape.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				condition.Compile(shape.tests, true)
			}
		})
	}
}

func BenchmarkLookup(b *testing.B) {
	view := benchmarkView()
	b.ReportAllocs()
	for b.Loop() {
		if _, found := view.Lookup("aws:PrincipalTag/team"); !found {
			b.Fatal("not found")
		}
	}
}

func BenchmarkParseJSON(b *testing.B) {
	text := []byte(`{"aws:SourceIp": "203.0.113.77", "aws:SecureTransport": true, "aws:TagKeys": ["team", "stage"], "aws:MultiFactorAuthAge": 240}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := condition.ParseJSON(text); err != nil {
			b.Fatal(err)
		}
	}
}

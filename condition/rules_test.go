package condition_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/portcullis-iam/portcullis/condition"
)

// A rule is one operator on the key "k".
type rule struct {
	operator string
	values   []string
	context  string // JSON
	want     condition.Truth
}

const (
	no  = condition.False
	yes = condition.True
)

func values(texts ...string) []string { return texts }

func checkRules(t *testing.T, rules []rule) {
	t.Helper()
	for _, one := range rules {
		c, err := condition.ParseJSON([]byte(one.context))
		if err != nil {
			t.Fatal(err)
		}
		block := condition.Compile([]condition.Test{test(one.operator, "k", one.values...)}, true)
		if got := block.Evaluate(&condition.View{Supplied: c}); got != one.want {
			t.Errorf("%s %q on %s: got %v, want %v", one.operator, one.values, one.context, got, one.want)
		}
	}
}

func TestStringEquals(t *testing.T) {
	checkRules(t, []rule{
		{"StringEquals", values("a"), `{"k": "a"}`, yes},
		{"StringEquals", values("a"), `{"K": "a"}`, yes},
		{"StringEquals", values("a"), `{"k": "A"}`, no},
		{"StringEquals", values("a"), `{"k": "a "}`, no},
		{"StringEquals", values("a"), `{}`, no},
		{"StringEquals", values("a*"), `{"k": "ab"}`, no},
		{"StringEquals", values("a*"), `{"k": "a*"}`, yes},
		{"StringEquals", values("b", "a"), `{"k": "a"}`, yes},
		{"StringEquals", values(""), `{"k": ""}`, yes},
		{"StringEquals", values("10"), `{"k": 10}`, yes},
		{"StringEquals", values("1"), `{"k": 1.0}`, no},
		{"StringEquals", values("1.0"), `{"k": 1.0}`, yes},
		{"StringEquals", values("true"), `{"k": true}`, yes},
		{"StringEquals", strings.Split("abcdefghijkl", ""), `{"k": "h"}`, yes},
		{"StringEquals", strings.Split("abcdefghijkl", ""), `{"k": "z"}`, no},
		{"StringEquals", values("a", "${other}"), `{"k": "A", "other": "b"}`, no},
		{"StringNotEquals", values("a"), `{"k": "a"}`, no},
		{"StringNotEquals", values("a"), `{"k": "b"}`, yes},
		{"StringNotEquals", values("a"), `{}`, yes},
		{"StringNotEquals", values("a", "b"), `{"k": "b"}`, no}, // NOR
		{"StringNotEquals", values("a", "b"), `{"k": "c"}`, yes},
	})
}

func TestStringEqualsIgnoreCase(t *testing.T) {
	checkRules(t, []rule{
		{"StringEqualsIgnoreCase", values("straße"), `{"k": "STRAßE"}`, yes},
		{"StringEqualsIgnoreCase", values("straße"), `{"k": "STRASSE"}`, no}, // simple folding keeps the length
		{"StringEqualsIgnoreCase", values("k"), `{"k": "\u212a"}`, yes},
		{"StringEqualsIgnoreCase", values("É", "x"), `{"k": "é"}`, yes},
		{"StringEqualsIgnoreCase", values("a*"), `{"k": "AB"}`, no},
		{"StringEqualsIgnoreCase", values("x${other}y"), `{"k": "Xéy", "other": "É"}`, yes},
		{"StringEqualsIgnoreCase", values("x${other}"), `{"k": "Xéy", "other": "É"}`, no},
		{"StringEqualsIgnoreCase", values("x${other}yz"), `{"k": "Xéy", "other": "É"}`, no},
		{"StringEqualsIgnoreCase", values("x", "y"), `{"k": "Y"}`, yes},
		{"StringEqualsIgnoreCase", values("x", "y"), `{"k": "z"}`, no},
		{"StringEqualsIgnoreCase", values("${other}"), `{"k": "A", "other": "a"}`, yes},
		{"StringEqualsIgnoreCase", values("x", "${other}"), `{"k": "A", "other": "a"}`, yes},
		{"StringEqualsIgnoreCase", values("x${other}"), `{"k": "x\u212a", "other": "k"}`, yes}, // the Kelvin sign
		{"StringEqualsIgnoreCase", values("x${other}"), `{"k": "x\u212b", "other": "k"}`, no},
		{"StringNotEqualsIgnoreCase", values("A"), `{"k": "a"}`, no},
		{"StringNotEqualsIgnoreCase", values("A"), `{}`, yes},
	})
}

func TestStringLike(t *testing.T) {
	checkRules(t, []rule{
		{"StringLike", values("a*"), `{"k": "a/b:c\n"}`, yes},
		{"StringLike", values("a?c"), `{"k": "aéc"}`, yes},
		{"StringLike", values("a?c"), `{"k": "ac"}`, no},
		{"StringLike", values("A*"), `{"k": "ab"}`, no},
		{"StringLike", values("*"), `{"k": ""}`, yes},
		{"StringLike", values("*"), `{}`, no},
		{"StringLike", values("a", "b*"), `{"k": "bc"}`, yes},
		{"StringLike", values("a*", "b*"), `{"k": "c"}`, no},
		{"StringLike", values("a*", "b*", "c"), `{"k": "c"}`, yes},
		{"StringLike", values("a*", "b*", "c"), `{"k": "C"}`, no},
		{"StringLike", values("a*", "b*", "${other}"), `{"k": "c", "other": "c"}`, yes},
		{"StringLike", values("a${*}"), `{"k": "a*"}`, yes},
		{"StringLike", values("a${*}"), `{"k": "ab"}`, no},
		{"StringLike", values("${?}*"), `{"k": "?b"}`, yes},
		{"StringLike", values("${?}*"), `{"k": "ab"}`, no},
		{"StringLike", values("${$}{k}"), `{"k": "${k}"}`, yes},
		{"StringLike", values("home/${other}/*"), `{"k": "home/wren/x", "other": "wren"}`, yes},
		{"StringLike", values("home/${other}/*"), `{"k": "home/wren/x", "other": "*"}`, no}, // substituted text is literal
		{"StringLike", values("home/${other}/*"), `{"k": "home/*/x", "other": "*"}`, yes},
		{"StringLike", values("${other}"), `{"k": "${k}", "other": "${k}"}`, yes}, // and not expanded again
		{"StringNotLike", values("a*"), `{"k": "ab"}`, no},
		{"StringNotLike", values("a*"), `{"k": "b"}`, yes},
		{"StringNotLike", values("*"), `{}`, yes},
	})
}

func TestNumeric(t *testing.T) {
	checkRules(t, []rule{
		{"NumericEquals", values("10"), `{"k": 10}`, yes},
		{"NumericEquals", values("10"), `{"k": "+010.00"}`, yes},
		{"NumericEquals", values("0"), `{"k": "-0.0"}`, yes},
		{"NumericEquals", values("10"), `{"k": "10abc"}`, no},
		{"NumericEquals", values("10"), `{"k": "1e1"}`, no},
		{"NumericEquals", values("10abc", "10"), `{"k": 10}`, yes},
		{"NumericEquals", values("${other}"), `{"k": 10, "other": 10}`, no}, // variables are for text only
		{"NumericNotEquals", values("10"), `{"k": "10abc"}`, yes},
		{"NumericNotEquals", values("10abc"), `{"k": "10"}`, yes},
		{"NumericNotEquals", values("10"), `{}`, yes},
		{"NumericLessThan", values("10"), `{"k": 9}`, yes},
		{"NumericLessThan", values("10"), `{"k": 10}`, no},
		{"NumericLessThan", values("1", "10"), `{"k": 9}`, yes}, // the greatest decides
		{"NumericLessThan", values("10"), `{}`, no},
		{"NumericLessThanEquals", values("10"), `{"k": "10.000"}`, yes},
		{"NumericLessThanEquals", values("9007199254740992"), `{"k": 9007199254740993}`, no},
		{"NumericGreaterThan", values("-1.5"), `{"k": "-1.45"}`, yes},
		{"NumericGreaterThan", values("0.1"), `{"k": "0.09999999999999999999999999999"}`, no},
		{"NumericGreaterThanEquals", values("99999999999999999999"), `{"k": "99999999999999999999.0"}`, yes},
		{"NumericGreaterThanEquals", values("99999999999999999999"), `{"k": "99999999999999999998.9"}`, no},
	})
}

func TestDate(t *testing.T) {
	checkRules(t, []rule{
		{"DateEquals", values("2024"), `{"k": "2024-01-01T00:00:00Z"}`, yes},
		{"DateEquals", values("2024"), `{"k": 2024}`, yes}, // four digits are a year
		{"DateEquals", values("2024.0"), `{"k": "1970-01-01T00:33:44Z"}`, yes},
		{"DateEquals", values("2024-02-29"), `{"k": 1709164800}`, yes},
		{"DateEquals", values("2023-02-29"), `{"k": "2023-02-29"}`, no},
		{"DateEquals", values("2024-01-01T00:00"), `{"k": "2024-01-01T01:00+01:00"}`, yes}, // no zone is UTC
		{"DateEquals", values("2024-01-01T00:00:00.5Z"), `{"k": "1704067200.500"}`, yes},
		{"DateEquals", values("yesterday"), `{"k": "yesterday"}`, no},
		{"DateEquals", values("2023", "2024"), `{"k": "2024-01-01"}`, yes},
		{"DateEquals", values("2023", "2024"), `{"k": "2025"}`, no},
		{"DateNotEquals", values("2023", "2024"), `{"k": "2024-01-01"}`, no},
		{"DateNotEquals", values("2024"), `{"k": "yesterday"}`, yes},
		{"DateNotEquals", values("2024"), `{"k": "2024-01"}`, no},
		{"DateNotEquals", values("2024"), `{}`, yes},
		{"DateLessThan", values("2024-01-01T00:00:00Z"), `{"k": "2023-12-31T23:59:59.999Z"}`, yes},
		{"DateLessThan", values("2024-01-01T00:00:00Z"), `{"k": "2024"}`, no},
		{"DateLessThan", values("2024"), `{}`, no},
		{"DateLessThanEquals", values("2024"), `{"k": "2024-01-01"}`, yes},
		{"DateGreaterThan", values("2024"), `{"k": "2024-01-01T00:00:00.0000000001Z"}`, yes},
		{"DateGreaterThan", values("0"), `{"k": "-0.5"}`, no},
		{"DateGreaterThanEquals", values("9999-12-31T23:59:59Z"), `{"k": "99999999999999999999"}`, yes},
	})
}

func TestBool(t *testing.T) {
	checkRules(t, []rule{
		{"Bool", values("true"), `{"k": true}`, yes},
		{"Bool", values("true"), `{"k": "TRUE"}`, yes},
		{"Bool", values("False"), `{"k": false}`, yes},
		{"Bool", values("true"), `{"k": false}`, no},
		{"Bool", values("true"), `{"k": "1"}`, no},
		{"Bool", values("1"), `{"k": "1"}`, no},
		{"Bool", values("true", "false"), `{"k": false}`, yes},
		{"Bool", values("true"), `{}`, no},
		{"Bool", values("false"), `{}`, no},
		{"Bool", values("${other}"), `{"k": true, "other": "True"}`, yes},
		{"Bool", values("${other}"), `{"k": true, "other": "yes"}`, no},
		{"Bool", values("tr${other}"), `{"k": true, "other": "ue"}`, yes},
		{"Bool", values("${other}*"), `{"k": true, "other": "true"}`, no},
		{"Bool", values("${other}${other}"), `{"k": true, "other": "true"}`, no},
		{"Bool", values("${none, 'false'}"), `{"k": false}`, yes},
		{"BoolIfExists", values("false"), `{}`, yes},
		{"BoolIfExists", values("false"), `{"k": ""}`, no},
	})
}

func TestBinaryEquals(t *testing.T) {
	checkRules(t, []rule{
		{"BinaryEquals", values("QmluYXJ5"), `{"k": "QmluYXJ5"}`, yes},
		{"BinaryEquals", values("YQ=="), `{"k": "YR=="}`, yes}, // the padding leaves bits over
		{"BinaryEquals", values("YQ=="), `{"k": "YQ"}`, no},
		{"BinaryEquals", values("YQ"), `{"k": "YQ"}`, no},
		{"BinaryEquals", values("-_-_"), `{"k": "-_-_"}`, no},
		{"BinaryEquals", values(""), `{"k": ""}`, yes},
		{"BinaryEquals", values("x", "YQ=="), `{"k": "YQ=="}`, yes},
		{"BinaryEquals", values("YQ=="), `{}`, no},
	})
}

func TestIpAddress(t *testing.T) {
	checkRules(t, []rule{
		{"IpAddress", values("203.0.113.0/24"), `{"k": "203.0.113.255"}`, yes},
		{"IpAddress", values("203.0.113.77/24"), `{"k": "203.0.113.1"}`, yes}, // host bits are ignored
		{"IpAddress", values("203.0.113.0/24"), `{"k": "203.0.114.0"}`, no},
		{"IpAddress", values("203.0.113.1"), `{"k": "203.0.113.1"}`, yes},
		{"IpAddress", values("0.0.0.0/0"), `{"k": "::1"}`, no},
		{"IpAddress", values("::/0"), `{"k": "10.0.0.1"}`, no},
		{"IpAddress", values("0.0.0.0/0"), `{"k": "::ffff:10.0.0.1"}`, no},
		{"IpAddress", values("::ffff:0:0/96"), `{"k": "::ffff:10.0.0.1"}`, yes},
		{"IpAddress", values("2001:db8::/33"), `{"k": "2001:DB8:7fff:0:0:0:0:1"}`, yes},
		{"IpAddress", values("2001:db8::/33"), `{"k": "2001:db8:8000::1"}`, no},
		{"IpAddress", values("2001:db8::1"), `{"k": "2001:db8:0::1"}`, yes},
		{"IpAddress", values("10.0.0.0/8"), `{"k": "10.0.0.0/8"}`, no}, // a request carries no prefix
		{"IpAddress", values("10.0.0.0/8"), `{"k": "10.0.0.01"}`, no},
		{"IpAddress", values("10.0.0.0/33", "10.0.0.0/8"), `{"k": "10.0.0.1"}`, yes},
		{"IpAddress", values("fe80::/10"), `{"k": "fe80::1%eth0"}`, no},
		{"IpAddress", values("10.0.0.0/8"), `{}`, no},
		{"NotIpAddress", values("10.0.0.0/8", "11.0.0.0/8"), `{"k": "11.1.1.1"}`, no},
		{"NotIpAddress", values("10.0.0.0/8", "11.0.0.0/8"), `{"k": "12.1.1.1"}`, yes},
		{"NotIpAddress", values("10.0.0.0/8"), `{"k": "nowhere"}`, yes},
		{"NotIpAddress", values("nowhere"), `{"k": "10.0.0.1"}`, yes},
		{"NotIpAddress", values("10.0.0.0/8"), `{}`, yes},
	})
}

func TestArn(t *testing.T) {
	for _, like := range []string{"ArnLike", "ArnEquals"} {
		checkRules(t, []rule{
			{like, values("arn:aws:sns:eu-west-1:1:t"), `{"k": "arn:aws:sns:eu-west-1:1:t"}`, yes},
			{like, values("arn:aws:sns:eu-west-1:1:t"), `{"k": "arn:aws:sns:eu-west-1:1:T"}`, no},
			{like, values("arn:aws:sns:*:1:t*"), `{"k": "arn:aws:sns:eu-west-1:1:t:x/y"}`, yes},
			{like, values("arn:aws:sns:*:1:t"), `{"k": "arn:aws:sns:a:b:1:t"}`, no}, // a wildcard stays in its part
			{like, values("arn:aws:sns:*:1:t"), `{"k": "arn:aws:sns:eu-west-1:2:t"}`, no},
			{like, values("arn:aws:sns:*:1:t"), `{"k": "arn:aws:sns:eu-west-1"}`, no},
			{like, values("arn:aws:sns:eu-*:1:t"), `{"k": "arn:aws:sns:eu"}`, no},
			{like, values("arn:aws:sns:*:*:t"), `{"k": "arn:aws:sns:::t"}`, yes}, // of no length
			{like, values("arn:*:sns:eu-*-?:1:t"), `{"k": "arn:aws:sns:eu-west-1:1:t"}`, yes},
			{like, values("arn:*"), `{"k": "arn:aws:sns:eu-west-1:1:t"}`, no}, // nothing is padded
			{like, values("*"), `{"k": "arn:aws:sns:eu-west-1:1:t"}`, no},
			{like, values("*:*:*:*:*:*"), `{"k": "arn:aws:sns:eu-west-1:1:t"}`, yes},
			{like, values("*:*:*:*:*:*"), `{"k": "arm:aws:sns:eu-west-1:1:t"}`, no},
			{like, values("a:b:c:d:e:f"), `{"k": "a:b:c:d:e:f"}`, no}, // no ARN
			{like, values("arn:aws:sns"), `{"k": "arn:aws:sns"}`, no},
			{like, values("arn:aws:sns::1:${other}"), `{"k": "arn:aws:sns::1:a:b", "other": "a:b"}`, yes},
			{like, values("arn:aws:sns::1:${other}"), `{"k": "arn:aws:sns::1:a", "other": "*"}`, no},
			{like, values("arn:aws:sns::${other}"), `{"k": "arn:aws:sns::1:t", "other": "1:t"}`, yes}, // split after substitution
			{like, values("arn:aws:sns::*${other}"), `{"k": "arn:aws:sns::1:t", "other": ":t"}`, yes},
			{like, values("${other}*"), `{"k": "arn:aws:sns::1:t:u", "other": "arn:aws:sns::1:t"}`, yes},
			{like, values("${other}"), `{"k": "arn:aws:sns::1:t", "other": "arn:aws:sns::1:t"}`, yes},
			{like, values("arn:aws:sns:${other}"), `{"k": "arn:aws:sns:1:2:t", "other": "1"}`, no},
			{like, values("arn:aws:sns::${other}"), `{"k": "arn:aws:sns::2:t", "other": "1:t"}`, no},
			{like, values("arn:aws:s3::${other}"), `{"k": "arn:aws:s3::x", "other": "x"}`, no}, // five parts
			{like, values("arn:aws:s3:${other}"), `{"k": "arn:aws:s3:a:x", "other": "a:x"}`, no},
			{like, values("arn:aws:sns:*:1:${other}"), `{"k": "arn:aws:sns:eu:1:t", "other": "t"}`, yes},
			{like, values("arn:aws:sns:*:1:${other}"), `{"k": "arn:aws:sns:a:b:1:t", "other": "t"}`, no},
			{like, values("arn:aws:sns:*:${other}"), `{"k": "arn:aws:sns:a:b:1:t", "other": "1:t"}`, no},
			{like, values("arn:aws:sns:?:1:${other}"), `{"k": "arn:aws:sns:a:1:t", "other": "t"}`, yes},
			{like, values("arn:aws:sns:?:1:${other}"), `{"k": "arn:aws:sns:::1:t", "other": "t"}`, no},
			{like, values("arn:aws:s3:::?${other}*"), `{"k": "arn:aws:s3::::x:y", "other": "x"}`, yes}, // the sixth part has colons
			{like, values("arn:aws:s3:::${*}"), `{"k": "arn:aws:s3:::*"}`, yes},
			{like, values("arn:aws:s3:::${*}"), `{"k": "arn:aws:s3:::x"}`, no},
			{like, values("arn:aws:s3:::${*}*"), `{"k": "arn:aws:s3:::*x"}`, yes},
			{like, values("arn:aws:s3:::${*}*"), `{"k": "arn:aws:s3:::x"}`, no},
			{like, values("arn:aws:s3:::x"), `{}`, no},
			{like, values("x", "arn:aws:s3:::*", "arn:aws:sns:*:*:*"), `{"k": "arn:aws:s3:::x"}`, yes},
			{like, values("x", "arn:aws:s3:::*", "arn:aws:sns:*:*:*"), `{"k": "arn:aws:sns:::x"}`, yes},
			{like, values("x", "arn:aws:s3:::*", "arn:aws:sns:*:*:*"), `{"k": "arn:aws:sqs:::x"}`, no},
			{like, values("arn:aws:s3:::${other}", "arn:aws:sns:*:*:*"), `{"k": "arn:aws:sqs:::x", "other": "x"}`, no},
		})
	}
	for _, unlike := range []string{"ArnNotLike", "ArnNotEquals"} {
		checkRules(t, []rule{
			{unlike, values("arn:aws:sns:*:1:t"), `{"k": "arn:aws:sns:eu-west-1:1:t"}`, no},
			{unlike, values("arn:aws:sns:*:1:t"), `{"k": "arn:aws:sns:eu-west-1:1:u"}`, yes},
			{unlike, values("arn:aws:sns:*:1:t"), `{"k": "no ARN"}`, yes},
			{unlike, values("no ARN"), `{"k": "no ARN"}`, yes},
			{unlike, values("arn:aws:sns:*:1:t"), `{}`, yes},
		})
	}
}

func TestNull(t *testing.T) {
	checkRules(t, []rule{
		{"Null", values("true"), `{}`, yes},
		{"Null", values("true"), `{"k": "a"}`, no},
		{"Null", values("TRUE"), `{"k": []}`, yes},
		{"Null", values("true"), `{"k": ["", ""]}`, yes},
		{"Null", values("true"), `{"k": ""}`, no}, // a single empty text is present
		{"Null", values("false"), `{"k": ""}`, yes},
		{"Null", values("false"), `{"k": ["", "a"]}`, yes},
		{"Null", values("false"), `{"k": [""]}`, no},
		{"Null", values("False"), `{}`, no},
		{"Null", values("true", "false"), `{}`, yes},
		{"Null", values("maybe"), `{}`, no},
		{"Null", values(), `{}`, no},
		{"Null", values("${other}"), `{"k": "a", "other": "false"}`, no},
		{"ForAllValues:Null", values("true"), `{"k": "a"}`, yes},
		{"ForAllValues:Null", values(), `{"k": "a"}`, yes},
		{"ForAnyValue:Null", values("true"), `{}`, no},
		{"ForAnyValue:Null", values("false"), `{"k": ["a"]}`, no},
	})
}

func TestSetOperators(t *testing.T) {
	checkRules(t, []rule{
		{"ForAllValues:StringEquals", values("a", "b"), `{"k": ["a", "b", "a"]}`, yes},
		{"ForAllValues:StringEquals", values("a", "b"), `{"k": ["a", "c"]}`, no},
		{"ForAllValues:StringEquals", values("a"), `{"k": []}`, yes},
		{"ForAllValues:StringEquals", values("a"), `{}`, yes},
		{"ForAllValues:StringEquals", values("a"), `{"k": ["", ""]}`, yes}, // counts as empty
		{"ForAllValues:StringEquals", values("a"), `{"k": ["a", ""]}`, no}, // beside others "" is a value
		{"ForAllValues:StringEquals", values("a"), `{"k": "a"}`, yes},      // a single value is a list of one
		{"ForAllValues:StringEquals", values("a"), `{"k": "b"}`, no},
		{"ForAllValues:StringEquals", values("a"), `{"k": ""}`, yes},
		{"ForAllValues:StringNotEquals", values("a"), `{"k": ["b", "c"]}`, yes},
		{"ForAllValues:StringNotEquals", values("a"), `{"k": ["b", "a"]}`, no},
		{"ForAllValues:StringNotEquals", values("a"), `{}`, yes},
		{"ForAnyValue:StringEquals", values("a", "b"), `{"k": ["c", "b"]}`, yes},
		{"ForAnyValue:StringEquals", values("a", "b"), `{"k": ["c"]}`, no},
		{"ForAnyValue:StringEquals", values("a"), `{"k": []}`, no},
		{"ForAnyValue:StringEquals", values(""), `{"k": [""]}`, no},
		{"ForAnyValue:StringEquals", values(""), `{"k": ["", "a"]}`, yes},
		{"ForAnyValue:StringEquals", values("a"), `{}`, no},
		{"ForAnyValue:StringNotEquals", values("a"), `{"k": ["a", "b"]}`, yes},
		{"ForAnyValue:StringNotEquals", values("a"), `{"k": ["a", "a"]}`, no},
		{"ForAnyValue:StringNotEquals", values("a"), `{}`, no},
		{"ForAnyValue:StringNotEquals", values("a"), `{"k": []}`, no},
		{"ForAnyValue:StringLike", values("a*"), `{"k": ["b", "ab"]}`, yes},
		{"ForAnyValue:NumericLessThan", values("5"), `{"k": [7, 3]}`, yes},
		{"ForAllValues:NumericLessThan", values("5"), `{"k": ["x", 3]}`, no},
		{"ForAnyValue:StringEquals", values("${other}"), `{"k": ["a", "b"], "other": "b"}`, yes},
	})
}

func TestListsUnderPlainOperators(t *testing.T) {
	for _, name := range condition.Operators() {
		if name == "Null" {
			continue
		}
		for _, suffix := range []string{"", "IfExists"} {
			checkRules(t, []rule{
				{name + suffix, values("a"), `{"k": ["a"]}`, no},
				{name + suffix, values("a"), `{"k": []}`, no},
				{name + suffix, values("1"), `{"k": [1]}`, no},
			})
		}
	}
}

func TestIfExists(t *testing.T) {
	for _, name := range condition.Operators() {
		if name == "Null" {
			continue
		}
		for _, prefix := range []string{"", "ForAllValues:", "ForAnyValue:"} {
			checkRules(t, []rule{
				{prefix + name + "IfExists", values("a"), `{}`, yes},
				{prefix + name + "IfExists", values(), `{}`, yes},
				{prefix + name + "IfExists", values(), `{"k": "a"}`, no},
				{prefix + name + "IfExists", values(), `{"k": []}`, no},
			})
		}
	}
	checkRules(t, []rule{
		{"ForAnyValue:StringEqualsIfExists", values("a"), `{"k": []}`, no}, // present, so the operator decides
		{"ForAllValues:StringEqualsIfExists", values("a"), `{"k": []}`, yes},
		{"ForAllValues:StringNotLikeIfExists", values("a*"), `{"k": ["b"]}`, yes},
	})
}

func TestEmptyPolicyList(t *testing.T) {
	checkRules(t, []rule{
		{"StringEquals", values(), `{}`, no},
		{"StringEquals", values(), `{"k": "a"}`, no},
		{"StringNotEquals", values(), `{}`, no},
		{"StringNotEquals", values(), `{"k": "a"}`, no},
		{"ForAllValues:StringEquals", values(), `{}`, yes},
		{"ForAllValues:StringEquals", values(), `{"k": []}`, no},
		{"ForAllValues:StringNotEquals", values(), `{"k": ["a"]}`, no},
		{"ForAllValues:StringNotEquals", values(), `{}`, yes},
		{"ForAnyValue:StringEquals", values(), `{"k": ["a"]}`, no},
		{"ForAnyValue:StringNotEquals", values(), `{"k": ["a"]}`, no},
	})
}

func TestVariables(t *testing.T) {
	checkRules(t, []rule{
		{"StringEquals", values("${Other}"), `{"k": "a", "oTHER": "a"}`, yes},
		{"StringEquals", values("${other}"), `{"k": "a"}`, no},
		{"StringNotEquals", values("${other}"), `{"k": "a"}`, yes},
		{"StringNotEquals", values("${other}", "a"), `{"k": "a"}`, no}, // another value decides
		{"StringEquals", values("${other}"), `{"k": "", "other": ""}`, yes},
		{"StringEquals", values("${other, 'd e'}"), `{"k": "d e"}`, yes},
		{"StringEquals", values("${other, 'd'}"), `{"k": "", "other": ""}`, yes}, // present, so no default
		{"StringEquals", values("${other, 'd'}"), `{"k": "d", "other": []}`, no},
		{"StringEquals", values("${other}"), `{"k": "a", "other": ["a"]}`, no},
		{"StringEquals", values("${other}"), `{"k": "10", "other": 10}`, yes},
		{"StringEquals", values("${none}", "${other}"), `{"k": "a", "other": "a"}`, yes},
		{"StringEquals", values("${other}", "${none}"), `{"k": "a", "other": "a"}`, yes},
		{"StringEquals", values("${other}*"), `{"k": "ab", "other": "a"}`, no},
		{"StringEquals", values("${other}*"), `{"k": "a*", "other": "a"}`, yes},
		{"StringEquals", values("${a b}"), `{"k": "x", "a b": "x"}`, yes},
		{"StringEquals", values("${other,'d'}"), `{"k": "d"}`, no}, // a name without the space
		{"StringEquals", values("${}"), `{"k": "${}"}`, yes},
		{"StringEquals", values("${other"), `{"k": "${other"}`, yes},
		{"StringEquals", values("${other, 'd}"), `{"k": "${other, 'd}"}`, yes},
		{"StringEquals", values("${*}${?}${$}"), `{"k": "*?$"}`, yes},
		{"StringEquals", values("${$}{other}"), `{"k": "${other}", "other": "a"}`, yes},
		{"StringEquals", values("${other}${other}"), `{"k": "abab", "other": "ab"}`, yes},
		{"StringEquals", values(strings.Repeat("${other}", 70)), `{"k": "` + strings.Repeat("a", 70) + `", "other": "a"}`, yes},
		{"ArnEquals", values("arn:aws:s3:::" + strings.Repeat("${other}", 70)), `{"k": "arn:aws:s3:::` + strings.Repeat("a", 70) + `", "other": "a"}`, yes},
	})
}

func TestWithoutVariables(t *testing.T) {
	for _, one := range []struct {
		operator, value, text string
		want                  condition.Truth
	}{
		{"StringEquals", "${other}", "${other}", yes},
		{"StringEquals", "${other}", "a", no},
		{"StringEquals", "${*}", "${*}", yes},
		{"StringLike", "${*}", "${anything}", yes}, // its star is a wildcard
		{"StringLike", "${other}", "${other}", yes},
		{"ArnLike", "arn:aws:s3:::${other}*", "arn:aws:s3:::${other}x", yes},
		{"Bool", "${other}", "true", no},
		{"Bool", "${none, 'true'}", "true", no},
	} {
		var c condition.Context
		c.Set("k", condition.String(one.text))
		c.Set("other", condition.String("a"))
		block := condition.Compile([]condition.Test{test(one.operator, "k", one.value)}, false)
		if got := block.Evaluate(&condition.View{Supplied: &c}); got != one.want {
			t.Errorf("%s %q on %q: got %v, want %v", one.operator, one.value, one.text, got, one.want)
		}
	}
}

// Values that were not made from text mean their text, as the value of the key
// and as that of a variable.
func TestTypedValues(t *testing.T) {
	const most = 999_999_999_999_999_999 // seconds that fit into a word with room to spare
	for _, one := range []struct {
		operator, operand string
		value             condition.Value
		want              condition.Truth
	}{
		{"StringEquals", "120", condition.Int(120), yes},
		{"StringEquals", "12", condition.Int(120), no},
		{"StringEquals", "true", condition.Bool(true), yes},
		{"StringEquals", "false", condition.Bool(false), yes},
		{"StringLike", "10.*", condition.Addr(netip.MustParseAddr("10.0.0.1")), yes},
		{"StringEquals", "2024-01-01T00:00:00Z", condition.Time(time.Unix(1704067200, 0)), yes},
		{"NumericEquals", "120", condition.Int(120), yes},
		{"NumericEquals", "-120", condition.Int(-120), yes},
		{"NumericEquals", "121", condition.Int(120), no},
		{"NumericGreaterThan", "1.5", condition.Int(2), yes},
		{"NumericLessThan", "1.5", condition.Int(2), no},
		{"NumericLessThan", "-1.5", condition.Int(-2), yes},
		{"NumericLessThan", "12345678901234567890", condition.Int(2), yes},
		{"NumericGreaterThan", "-12345678901234567890", condition.Int(-2), yes},
		{"BinaryEquals", "1234", condition.Int(1234), yes},
		{"BinaryEquals", "YQ==", condition.Binary([]byte("a")), yes},
		{"IpAddress", "10.0.0.0/8", condition.Addr(netip.MustParseAddr("10.0.0.1")), yes},
		{"IpAddress", "0.0.0.0/0", condition.Addr(netip.MustParseAddr("::1")), no},
		{"DateEquals", "999999999999999999", condition.Time(time.Unix(most, 0)), yes},
		{"DateEquals", "1000000000000000000", condition.Time(time.Unix(most+1, 0)), yes},
		{"DateEquals", "-999999999999999999", condition.Time(time.Unix(-most, 0)), yes},
		{"DateEquals", "-1000000000000000000", condition.Time(time.Unix(-most-1, 0)), yes},
		{"DateLessThan", "-1000000000000000000.5", condition.Time(time.Unix(-most-1, 0)), no},
	} {
		var c condition.Context
		c.Set("k", one.value)
		block := condition.Compile([]condition.Test{test(one.operator, "k", one.operand)}, true)
		if got := block.Evaluate(&condition.View{Supplied: &c}); got != one.want {
			t.Errorf("%s %s on %v: got %v, want %v", one.operator, one.operand, one.value, got, one.want)
		}
		if one.operator != "StringEquals" {
			continue
		}
		c.Set("k", condition.String(one.operand))
		c.Set("other", one.value)
		block = condition.Compile([]condition.Test{test(one.operator, "k", "${other}")}, true)
		if got := block.Evaluate(&condition.View{Supplied: &c}); got != one.want {
			t.Errorf("%s with a variable that is %v: got %v, want %v", one.operator, one.value, got, one.want)
		}
	}
}

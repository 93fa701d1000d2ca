package reference

import "testing"

// TestConditions: 2.1 to 2.6 and 11.3, each a condition of the one Allow.
func TestConditions(t *testing.T) {
	const version = "2012-10-17"
	tests := []struct {
		condition, context string
		want               bool
	}{
		// 2.2 Missing key: positive false, negated true, IfExists true.
		{`{"StringEquals":{"k":"a"}}`, `{}`, false},
		{`{"StringNotEquals":{"k":"a"}}`, `{}`, true},
		{`{"StringNotEqualsIgnoreCase":{"k":"a"}}`, `{}`, true},
		{`{"StringNotLike":{"k":"a"}}`, `{}`, true},
		{`{"NumericNotEquals":{"k":"1"}}`, `{}`, true},
		{`{"DateNotEquals":{"k":"2020"}}`, `{}`, true},
		{`{"NotIpAddress":{"k":"192.0.2.1"}}`, `{}`, true},
		{`{"ArnNotEquals":{"k":"arn:aws:s3:::a"}}`, `{}`, true},
		{`{"ArnNotLike":{"k":"arn:aws:s3:::a"}}`, `{}`, true},
		{`{"ArnNotLike":{"k":"arn:aws:s3:::${none}"}}`, `{}`, true},
		{`{"NumericLessThan":{"k":"1"}}`, `{}`, false},
		{`{"NumericLessThanIfExists":{"k":"1"}}`, `{}`, true},
		{`{"NumericLessThanIfExists":{"k":"1"}}`, `{"k":"2"}`, false},
		// 2.1 OR, NOR, AND.
		{`{"StringEquals":{"k":["a","b"]}}`, `{"K":"b"}`, true},
		{`{"StringNotEquals":{"k":["a","b"]}}`, `{"k":"b"}`, false},
		{`{"StringNotEquals":{"k":["a","b"]}}`, `{"k":"c"}`, true},
		{`{"StringEquals":{"k":"a","m":"b"}}`, `{"k":"a"}`, false},
		{`{"StringEquals":{"k":"a"},"Bool":{"m":"true"}}`, `{"k":"a","m":"false"}`, false},
		// Null.
		{`{"Null":{"k":"TRUE"}}`, `{}`, true},
		{`{"Null":{"k":true}}`, `{"k":""}`, false},
		{`{"Null":{"k":false}}`, `{"k":""}`, true},
		{`{"Null":{"k":"false"}}`, `{"k":["",""]}`, false},
		{`{"Null":{"k":"false"}}`, `{"k":["","x"]}`, true},
		{`{"Null":{"k":["true","false"]}}`, `{}`, true},
		{`{"Null":{"k":[]}}`, `{}`, false},
		{`{"Null":{"k":"maybe"}}`, `{}`, false},
		{`{"Null":{"k":"${t}"}}`, `{"t":"true"}`, false},
		{`{"ForAllValues:Null":{"k":"true"}}`, `{"k":"x"}`, true},
		{`{"ForAllValues:Null":{"k":[]}}`, `{"k":"x"}`, true},
		{`{"ForAnyValue:Null":{"k":"true"}}`, `{}`, false},
		// IfExists: a present key, even [] or "", goes on to the operator.
		{`{"StringEqualsIfExists":{"k":"a"}}`, `{"k":""}`, false},
		{`{"StringEqualsIfExists":{"k":"a"}}`, `{"k":[]}`, false},
		{`{"StringNotEqualsIfExists":{"k":"a"}}`, `{"k":[]}`, false},
		{`{"ForAnyValue:StringEqualsIfExists":{"k":"a"}}`, `{"k":[""]}`, false},
		{`{"ForAllValues:StringEqualsIfExists":{"k":"a"}}`, `{"k":[""]}`, true},
		// An empty policy list.
		{`{"StringEqualsIfExists":{"k":[]}}`, `{}`, true},
		{`{"StringNotEqualsIfExists":{"k":[]}}`, `{"k":"a"}`, false},
		{`{"StringNotEquals":{"k":[]}}`, `{}`, false},
		{`{"ForAllValues:StringNotEquals":{"k":[]}}`, `{}`, true},
		{`{"ForAllValues:StringNotEquals":{"k":[]}}`, `{"k":["a"]}`, false},
		{`{"ForAllValues:StringEquals":{"k":[]}}`, `{"k":[]}`, false},
		{`{"ForAnyValue:StringNotEquals":{"k":[]}}`, `{"k":["a"]}`, false},
		{`{"ForAnyValue:StringEqualsIfExists":{"k":[]}}`, `{}`, true},
		{`{"ForAnyValue:StringEqualsIfExists":{"k":[]}}`, `{"k":[]}`, false},
		// Set operators.
		{`{"ForAllValues:StringEquals":{"k":["a","b"]}}`, `{"k":["a","b","a"]}`, true},
		{`{"ForAllValues:StringEquals":{"k":["a","b"]}}`, `{"k":["a","c"]}`, false},
		{`{"ForAllValues:StringEquals":{"k":"a"}}`, `{"k":"a"}`, true},
		{`{"ForAllValues:StringEquals":{"k":"a"}}`, `{"k":""}`, true},
		{`{"ForAllValues:StringNotEquals":{"k":"a"}}`, `{"k":["b","c"]}`, true},
		{`{"ForAllValues:StringNotEquals":{"k":"a"}}`, `{"k":["b","a"]}`, false},
		{`{"ForAllValues:StringNotEquals":{"k":"a"}}`, `{}`, true},
		{`{"ForAnyValue:StringEquals":{"k":"a"}}`, `{"k":"a"}`, true},
		{`{"ForAnyValue:StringEquals":{"k":""}}`, `{"k":""}`, false},
		{`{"ForAnyValue:StringEquals":{"k":""}}`, `{"k":["","a"]}`, true},
		{`{"ForAnyValue:StringNotEquals":{"k":"a"}}`, `{"k":["a","b"]}`, true},
		{`{"ForAnyValue:StringNotEquals":{"k":"a"}}`, `{"k":["a"]}`, false},
		{`{"ForAnyValue:StringNotEquals":{"k":"a"}}`, `{}`, false},
		{`{"ForAnyValue:StringNotEquals":{"k":"a"}}`, `{"k":[""]}`, false},
		// Strings.
		{`{"StringEquals":{"k":"a*"}}`, `{"k":"ab"}`, false},
		{`{"StringEquals":{"k":"a*"}}`, `{"k":"a*"}`, true},
		{`{"StringEquals":{"k":"a${*}"}}`, `{"k":"a*"}`, true},
		{`{"StringEquals":{"k":""}}`, `{"k":""}`, true},
		{`{"StringEqualsIgnoreCase":{"k":"STRASSE"}}`, `{"k":"straße"}`, false},
		{`{"StringEqualsIgnoreCase":{"k":"É"}}`, `{"k":"é"}`, true},
		{`{"StringEqualsIgnoreCase":{"k":"K"}}`, `{"k":"\u212a"}`, true},
		{`{"StringLike":{"k":"a:*/?"}}`, `{"k":"a:b:c/d/e"}`, true},
		{`{"StringLike":{"k":"A*"}}`, `{"k":"ab"}`, false},
		{`{"StringLike":{"k":"${v}*"}}`, `{"k":"*x","v":"*"}`, true},
		{`{"StringLike":{"k":"${v}*"}}`, `{"k":"ax","v":"*"}`, false},
		{`{"StringLike":{"k":"${?}"}}`, `{"k":"a"}`, false},
		{`{"StringNotLike":{"k":"${none}"}}`, `{"k":"a"}`, true},
		{`{"StringNotLike":{"k":["${none}","a"]}}`, `{"k":"a"}`, false},
		{`{"StringEquals":{"k":"${v}"}}`, `{"k":"${w}","v":"${w}","w":"x"}`, true},
		{`{"StringEquals":{"k":1.0}}`, `{"k":"1.0"}`, true},
		{`{"StringEquals":{"k":"1e2"}}`, `{"k":1e2}`, true},
		{`{"StringEquals":{"k":true}}`, `{"k":"true"}`, true},
		// Numbers.
		{`{"NumericEquals":{"k":"1.0"}}`, `{"k":1}`, true},
		{`{"NumericEquals":{"k":"0.1"}}`, `{"k":"0.10000000000000000000000000001"}`, false},
		{`{"NumericEquals":{"k":"-0"}}`, `{"k":"+0.0"}`, true},
		{`{"NumericEquals":{"k":".5"}}`, `{"k":"0.5"}`, false},
		{`{"NumericEquals":{"k":"5."}}`, `{"k":"5"}`, false},
		{`{"NumericEquals":{"k":"010"}}`, `{"k":"10"}`, true},
		{`{"NumericEquals":{"k":"08.50"}}`, `{"k":"8.5"}`, true},
		{`{"NumericEquals":{"k":"1/2"}}`, `{"k":"1/2"}`, false},
		{`{"NumericEquals":{"k":"1_0"}}`, `{"k":"1_0"}`, false},
		{`{"NumericEquals":{"k":""}}`, `{"k":""}`, false},
		{`{"NumericNotEquals":{"k":["x","5"]}}`, `{"k":"5"}`, false},
		{`{"NumericNotEquals":{"k":"5"}}`, `{"k":"5 "}`, true},
		{`{"NumericEquals":{"k":"${v}"}}`, `{"k":"5","v":"5"}`, false},
		{`{"NumericLessThan":{"k":["5","9"]}}`, `{"k":"7"}`, true},
		{`{"NumericLessThan":{"k":"10"}}`, `{"k":"9"}`, true},
		{`{"NumericLessThanEquals":{"k":"10"}}`, `{"k":"10.0"}`, true},
		{`{"NumericGreaterThan":{"k":"10"}}`, `{"k":"10"}`, false},
		{`{"NumericGreaterThanEquals":{"k":"10"}}`, `{"k":"10"}`, true},
		// Dates.
		{`{"DateEquals":{"k":"2024-02-29"}}`, `{"k":"2024-02-29T00:00:00Z"}`, true},
		{`{"DateEquals":{"k":"2023-02-29"}}`, `{"k":"2023-02-29"}`, false},
		{`{"DateEquals":{"k":"2024-03"}}`, `{"k":"2024-03-01T02:00+02:00"}`, true},
		{`{"DateEquals":{"k":"2024-03-01T01:30:00.5"}}`, `{"k":"2024-02-29T20:00:00.50-05:30"}`, true},
		{`{"DateEquals":{"k":"1970-01-02"}}`, `{"k":"86400"}`, true},
		{`{"DateEquals":{"k":"1970-01-01T00:00:00.25Z"}}`, `{"k":0.25}`, true},
		{`{"DateEquals":{"k":"1970"}}`, `{"k":"0"}`, true},
		{`{"DateEquals":{"k":"1970"}}`, `{"k":"01970"}`, false},
		{`{"DateEquals":{"k":"2024-01-01"}}`, `{"k":"2024-01-01T24:00Z"}`, false},
		{`{"DateEquals":{"k":"2024-01-01"}}`, `{"k":"2024-01-01 00:00Z"}`, false},
		{`{"DateEquals":{"k":"2024-01"}}`, `{"k":"2024-01T00:00Z"}`, false},
		{`{"DateEquals":{"k":"2024-01-01"}}`, `{"k":"2024-1-1"}`, false},
		{`{"DateGreaterThan":{"k":"2024-01-01"}}`, `{"k":"2024-01-01T00:00:60Z"}`, false},
		{`{"DateGreaterThan":{"k":"2024-01-01"}}`, `{"k":"2024-01-01T00:60Z"}`, false},
		{`{"DateEquals":{"k":"2024-01-01T00:00:08Z"}}`, `{"k":"1704067208"}`, true},
		{`{"DateEquals":{"k":"0000"}}`, `{"k":"-62167219200"}`, true},
		{`{"DateGreaterThan":{"k":"0000"}}`, `{"k":"2024-01-01T00:00Z-05:00"}`, false},
		{`{"DateGreaterThan":{"k":"0000"}}`, `{"k":"2024-01-01T00:00+24:00"}`, false},
		{`{"DateEquals":{"k":"2024-01-01"}}`, `{"k":"2024-01-01T00Z"}`, false},
		{`{"DateEquals":{"k":"2024-01-01"}}`, `{"k":"2024-01-01T00:00:00.Z"}`, false},
		{`{"DateEquals":{"k":"2024-01-01"}}`, `{"k":"2024-01-01T00:00:00+0000"}`, false},
		{`{"DateLessThan":{"k":"2024-01-01T00:00:00.000001Z"}}`, `{"k":"2024-01-01"}`, true},
		{`{"DateGreaterThanEquals":{"k":"2024"}}`, `{"k":"2024-01-01"}`, true},
		{`{"DateGreaterThan":{"k":"2024"}}`, `{"k":"2024-01-01"}`, false},
		{`{"DateLessThanEquals":{"k":"2024"}}`, `{"k":"2024-01-01"}`, true},
		{`{"DateNotEquals":{"k":"2024"}}`, `{"k":"yesterday"}`, true},
		// Bool.
		{`{"Bool":{"k":"TRUE"}}`, `{"k":true}`, true},
		{`{"Bool":{"k":"yes"}}`, `{"k":"yes"}`, false},
		{`{"Bool":{"k":"${v}"}}`, `{"k":"false","v":"False"}`, true},
		{`{"Bool":{"k":"fal\u017fe"}}`, `{"k":"false"}`, false},
		{`{"Bool":{"k":["true","false"]}}`, `{"k":"false"}`, true},
		// Binary.
		{`{"BinaryEquals":{"k":"QmluYXJ5"}}`, `{"k":"QmluYXJ5"}`, true},
		{`{"BinaryEquals":{"k":"QQ"}}`, `{"k":"QQ"}`, false},
		{`{"BinaryEquals":{"k":"QQ=="}}`, `{"k":"QQ=="}`, true},
		{`{"BinaryEquals":{"k":"_-_-"}}`, `{"k":"_-_-"}`, false},
		{`{"BinaryEquals":{"k":"QmluYXJ5"}}`, `{"k":"QmluYXJ5\n"}`, false},
		// IP.
		{`{"IpAddress":{"k":"192.0.2.77/24"}}`, `{"k":"192.0.2.1"}`, true},
		{`{"IpAddress":{"k":"192.0.2.0/24"}}`, `{"k":"192.0.3.0"}`, false},
		{`{"IpAddress":{"k":"192.0.2.0/24"}}`, `{"k":"192.0.2.0/32"}`, false},
		{`{"IpAddress":{"k":"0.0.0.0/0"}}`, `{"k":"::1"}`, false},
		{`{"IpAddress":{"k":"::/0"}}`, `{"k":"192.0.2.1"}`, false},
		{`{"IpAddress":{"k":"::/0"}}`, `{"k":"::ffff:192.0.2.1"}`, true},
		{`{"IpAddress":{"k":"::ffff:192.0.2.0/120"}}`, `{"k":"::ffff:192.0.2.1"}`, true},
		{`{"IpAddress":{"k":"2001:DB8::/33"}}`, `{"k":"2001:db8:7fff::1"}`, true},
		{`{"IpAddress":{"k":"2001:DB8::/33"}}`, `{"k":"2001:db8:8000::1"}`, false},
		{`{"IpAddress":{"k":"192.0.2.1"}}`, `{"k":"192.0.2.01"}`, false},
		{`{"IpAddress":{"k":"192.0.2.0/33"}}`, `{"k":"192.0.2.0"}`, false},
		{`{"NotIpAddress":{"k":["bad","192.0.2.0/24"]}}`, `{"k":"192.0.2.9"}`, false},
		{`{"NotIpAddress":{"k":"192.0.2.0/24"}}`, `{"k":"bad"}`, true},
		{`{"IpAddress":{"k":"${v}"}}`, `{"k":"192.0.2.9","v":"192.0.2.9"}`, false},
		// ARNs.
		{`{"ArnEquals":{"k":"arn:aws:s3:::q*"}}`, `{"k":"arn:aws:s3:::quarry:x"}`, true},
		{`{"ArnLike":{"k":"arn:aws:*:quarry"}}`, `{"k":"arn:aws:s3:::quarry"}`, false},
		{`{"ArnLike":{"k":"arn:aws:logs:*:g"}}`, `{"k":"arn:aws:logs:a:b:g"}`, false},
		{`{"ArnLike":{"k":"*:*:*:*:*:*"}}`, `{"k":"arn:aws:s3:::quarry"}`, true},
		{`{"ArnLike":{"k":"*"}}`, `{"k":"arn:aws:s3:::quarry"}`, false},
		{`{"ArnLike":{"k":"*:*:*:*:*:*"}}`, `{"k":"urn:aws:s3:::quarry"}`, false},
		{`{"ArnNotLike":{"k":"arn:aws:s3:::*"}}`, `{"k":"quarry"}`, true},
		{`{"ArnEquals":{"k":"arn:aws:s3:::Quarry"}}`, `{"k":"arn:aws:s3:::quarry"}`, false},
		{`{"ArnLike":{"k":"arn:${v}:quarry"}}`, `{"k":"arn:aws:s3:::quarry","v":"aws:s3::"}`, true},
		{`{"ArnLike":{"k":"arn:aws:s3:::${v}"}}`, `{"k":"arn:aws:s3:::quarry","v":"*"}`, false},
		{`{"ArnLike":{"k":"arn:aws:s3:::${*}"}}`, `{"k":"arn:aws:s3:::*"}`, true},
	}
	for _, test := range tests {
		want := implicitlyDenied
		if test.want {
			want = allowed
		}
		got := ask{identity: identityWith(version, test.condition), context: test.context}.decide(t)
		if got.Decision != want {
			t.Errorf("%s with %s: %+v, want %s", test.condition, test.context, got, want)
		}
	}
}

// TestConditionsWithoutVariables: 11.1 AMB-1.
func TestConditionsWithoutVariables(t *testing.T) {
	for context, want := range map[string]string{
		`{"k":"v","v":"v"}`:    implicitlyDenied,
		`{"k":"${v}","v":"v"}`: allowed,
	} {
		got := ask{identity: identityWith("2008-10-17", `{"StringEquals":{"k":"${v}"}}`), context: context}.decide(t)
		if got.Decision != want {
			t.Errorf("%s: %+v, want %s", context, got, want)
		}
	}
}

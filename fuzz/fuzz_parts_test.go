package fuzz_test

import "testing"

// The targets of this file aim at one part of a decision each, through a whole
// decision, so that the oracle is the reference evaluator.

// FuzzCondition compares one value of a request with values of a policy, by any
// operator; both are JSON.
func FuzzCondition(f *testing.F) {
	for _, seed := range [][4]string{
		{"StringEquals", "aws:username", `"alice"`, `"alice"`}, {"StringLike", "k", `["a*","?"]`, `"ab"`}, {"ForAllValues:StringNotLikeIfExists", "aws:TagKeys", `["a*"]`, `["ab","c"]`},
		{"NumericLessThan", "k", `["1e3","10.50",10]`, `9`}, {"NumericNotEquals", "k", `"+007.0"`, `"7"`}, {"NumericGreaterThanEquals", "k", `"-99999999999999999999.5"`, `-99999999999999999999.5`},
		{"DateLessThan", "k", `"2026-02-29T00:00:00Z"`, `"2026"`}, {"DateEquals", "k", `"2026-01-01T01:00:00+01:00"`, `1767225600.0`}, {"DateNotEquals", "k", `"1969-12-31T23:59:59.5Z"`, `"-0.5"`},
		{"IpAddress", "k", `["10.0.0.0/8","::1"]`, `"10.1.2.3"`}, {"NotIpAddress", "k", `"2001:db8::/32"`, `"2001:DB8:0::1"`}, {"IpAddress", "k", `"::ffff:1.2.3.4/96"`, `"1.2.3.4"`}, {"IpAddress", "k", `"0.0.0.0/0"`, `"01.0.0.0"`},
		{"ArnLike", "aws:PrincipalArn", `"arn:*:iam::*:role/${aws:username}*"`, `"arn:aws:iam::1:role/alice:x"`}, {"ArnNotEquals", "k", `["arn:aws:s3","x"]`, `"arn:aws:s3:::b"`},
		{"BinaryEquals", "k", `["QQ==","QR=="]`, `"QQ==\n"`}, {"Bool", "k", `"TRUE"`, `true`}, {"BoolIfExists", "k", `["${k}"]`, `"false"`}, {"Null", "k", `["true",false]`, `[""]`}, {"ForAnyValue:Null", "k", `"true"`, `[]`},
		{"StringEqualsIgnoreCase", "k", `"\u212aſ"`, `"ks"`}, {"stringequals", "K", `"${aws:PrincipalTag/team, 'x'}"`, `"birds"`}, {"StringEquals", "k", `"${aws:TagKeys}"`, `"a"`}, {"StringNotEquals", "k", `"${${*}${?}${$}${a, 'b}"`, `"*"`},
		{"StringEquals", "k", `[]`, `[]`}, {"ForAllValues:StringEqualsIfExists", "k", `[]`, `"x"`}, {"NullIfExists", "k", `"true"`, `"x"`}, {"StringIs", "k", `""`, `""`}, {"StringEquals", "k", `null`, `"x"`}, {"StringEquals", "k", `{"a":1}`, `{"a":1}`},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3], true)
		f.Add(seed[0], seed[1], seed[2], seed[3], false)
	}
	f.Fuzz(func(t *testing.T, operator, key, values, supplied string, variables bool) {
		if len(values)+len(supplied) > 1<<12 {
			return
		}
		version := "2008-10-17"
		if variables {
			version = "2012-10-17"
		}
		line := []byte(`{"id":"fuzz","identityPolicies":[{"Version":"` + version + `","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{` + quoted(operator) + `:{` + quoted(key) + `:` + values + `}}}}],` +
			`"request":{"principal":"arn:aws:iam::111111111111:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","resourceAccount":"111111111111",` +
			`"context":{"aws:username":"alice","aws:PrincipalTag/team":"birds","aws:TagKeys":["a"],` + quoted("x"+key) + `:"x",` + quoted(key) + `:` + supplied + `}}}`)
		if err := answersAsReference(line); err != nil {
			t.Fatalf("%v\n%s", err, line)
		}
	})
}

// FuzzResourcePattern matches any pattern with any resource, as each kind of
// policy does: they differ in how incomplete ARNs are completed. A value of the
// request stands in a variable.
func FuzzResourcePattern(f *testing.F) {
	for number, seed := range [][3]string{
		{"*", "*", ""}, {"arn:aws:s3:::b/*", "arn:aws:s3:::b/k", ""}, {"arn:aws:sqs", "arn:aws:sqs:eu-west-1:111111111111:q", ""}, {"arn:aws:logs:*:log-group:g*", "arn:aws:logs:eu-west-1:111111111111:log-group:g:x", ""},
		{"arn:aws:s3:::${v}/*", "arn:aws:s3:::a:b/k", "a:b"}, {"arn:aws:*:${v}:x", "arn:aws:sqs:r:a:x", "r:a"}, {"arn:*:iam::aws:policy/*", "arn:aws:iam::aws:policy/X", ""}, {"arn:aws:s3:::${*}", "arn:aws:s3:::*", ""},
		{"arn:aws:s3:::${missing, 'x'}", "arn:aws:s3:::x", ""}, {"arn:aws:s3:::${missing}", "arn:aws:s3:::", ""}, {"arn:aws:ec2:*", "arn:aws:ec2:r:111111111111:instance/i", ""}, {"arn:aws:s3::?:b", "arn:aws:s3:::b", ""}, {"arn:aws:sqs:eu*", "arn:aws:sqs:eu-west-1:111111111111:q", ""},
		{"execute-api:/*", "arn:aws:execute-api:r:111111111111:api/s/GET/p", ""}, {"arn:${v}", "arn:aws:s3:::b", "aws:s3:::b"}, {"arn:aws:s3:::*${v}*", "arn:aws:s3:::x*y", "*"}, {"arn:aws:s3:::${${v}", "arn:aws:s3:::${", ""}, {"arn:aws:s3:::?", "arn:aws:s3:::é", ""},
	} {
		for kind := range 3 {
			f.Add(uint8(number+kind*3), seed[0], seed[1], seed[2], kind != 1)
		}
	}
	f.Fuzz(func(t *testing.T, where uint8, pattern, resource, value string, variables bool) {
		if len(pattern)+len(resource)+len(value) > 1<<11 {
			return
		}
		p := places[int(where)%len(places)]
		version, effect, caller, action := "2008-10-17", "Allow", "", "*"
		if variables {
			version = "2012-10-17"
		}
		switch p.before {
		case places[5].before:
			effect, caller, action = "Deny", `"Principal":"*",`, "s3:*"
		case places[3].before, places[6].before:
			caller = `"Principal":"*",`
		}
		for _, element := range []string{"Resource", "NotResource"} {
			document := `{"Version":"` + version + `","Statement":{"Effect":"` + effect + `",` + caller + `"Action":"` + action + `",` + quoted(element) + `:` + quoted(pattern) + `}}`
			line := []byte(`{"id":"fuzz",` + p.before + document + p.after + `"request":{"principal":"` + p.caller + `","action":"s3:GetObject","resource":` + quoted(resource) +
				`,"resourceAccount":"111111111111","context":{"v":` + quoted(value) + `,"list":["x"]}}}`)
			if err := answersAsReference(line); err != nil {
				t.Fatalf("%v\n%s", err, line)
			}
		}
	})
}

// FuzzPrincipal lets any caller meet any Principal or NotPrincipal element, which
// is JSON, in an Allow and in a Deny, with a boundary and without.
func FuzzPrincipal(f *testing.F) {
	for _, seed := range [][3]string{
		{"arn:aws:iam::111111111111:user/alice", "", `"*"`}, {"arn:aws:iam::111111111111:user/dev/alice", "", `{"AWS":"arn:aws:iam::111111111111:user/alice"}`}, {"arn:aws:sts::111111111111:assumed-role/deploy/s1", "arn:aws:iam::111111111111:role/ops/deploy", `{"AWS":["arn:aws:iam::111111111111:role/deploy"]}`},
		{"arn:aws:sts::111111111111:federated-user/kiosk", "arn:aws:iam::111111111111:user/alice", `{"AWS":"111111111111"}`}, {"arn:aws:iam::111111111111:root", "", `{"AWS":"arn:aws:iam::111111111111:root"}`}, {"arn:aws-cn:iam::111111111111:root", "", `{"AWS":"arn:aws:iam::111111111111:root"}`},
		{"s3.amazonaws.com", "", `{"Service":["s3.amazonaws.com","*"]}`}, {"anonymous", "", `{"AWS":"*"}`}, {"accounts.google.com", "", `{"Federated":"accounts.google.com"}`}, {"arn:aws:iam::111111111111:saml-provider/corp", "", `{"Federated":"arn:aws:iam::111111111111:saml-provider/corp"}`},
		{"arn:aws:iam::111111111111:role/aws-service-role/x.amazonaws.com/R", "", `{"AWS":[],"Service":"s3.amazonaws.com"}`}, {"arn:aws:iam::111111111111:group/g", "", `{}`}, {"arn:aws:iam::111111111111:user/alice", "arn:aws:iam::111111111111:user/alice", `[]`},
		{"arn:aws:sts::111111111111:assumed-role/deploy/s1", "", `{"AWS":["arn:aws:sts::111111111111:assumed-role/deploy/s1","arn:aws:iam::111111111111:role/deploy","111111111111"]}`}, {"arn:aws:sts::111111111111:assumed-role/a/b/c", "", `["*"]`}, {"", "", `null`},
	} {
		for flags := range uint8(8) {
			f.Add(seed[0], seed[1], seed[2], flags)
		}
	}
	f.Fuzz(func(t *testing.T, caller, issuer, element string, flags uint8) {
		if len(caller)+len(issuer)+len(element) > 1<<11 {
			return
		}
		name, effect, members, owner := "Principal", "Allow", "", "111111111111"
		if flags&1 != 0 {
			name = "NotPrincipal"
		}
		if flags&2 != 0 {
			effect, members = "Deny", identity
		}
		if flags&4 != 0 {
			members += `"permissionsBoundaries":[` + allowAll + `],`
		}
		if flags&8 != 0 {
			owner = "222222222222"
		}
		line := []byte(`{"id":"fuzz",` + members + `"resourcePolicy":{"Statement":{"Effect":"` + effect + `",` + quoted(name) + `:` + element + `,"Action":"*","Resource":"*"}},` +
			`"request":{"principal":` + quoted(caller) + `,"principalIssuer":` + quoted(issuer) + `,"action":"s3:GetObject","resource":"arn:aws:s3:::b/k","resourceAccount":"` + owner + `"}}`)
		if err := answersAsReference(line); err != nil {
			t.Fatalf("%v\n%s", err, line)
		}
	})
}

// FuzzAction matches any pattern with any action, which may be one that a service
// has rules for.
func FuzzAction(f *testing.F) {
	for _, seed := range [][3]string{
		{"s3:GetObject", "s3:get*", "arn:aws:s3:::b/k"}, {"S3:GETOBJECT", "s?:*Object", "arn:aws:s3:::b/k"}, {"s3:ListAllMyBuckets", "s3:*", "arn:aws:s3:::*"}, {"sts:GetCallerIdentity", "ec2:*", "*"}, {"STS:getsessiontoken", "*", "*"},
		{"kms:Decrypt", "kms:*", "arn:aws:kms:r:111111111111:key/1"}, {"kms:CreateAlias", "kms:*", "arn:aws:kms:r:111111111111:alias/aws/s3"}, {"iam:DeleteRole", "*:*", "arn:aws:iam::111111111111:role/aws-reserved/x"}, {"iam:TagPolicy", "iam:*", "arn:aws:iam::aws:policy/X"},
		{"sts:AssumeRole", "sts:AssumeRole", "arn:aws:iam::111111111111:role/x"}, {"s3:Get*", "s3:Get*", "*"}, {"a:b:c", "a:*c", "*"}, {"é:ü", "É:Ü", "*"}, {"k:x", "\u212a:x", "*"}, {"s3:", "s3:", "*"}, {"x", "*", "*"},
	} {
		for flags := range uint8(4) {
			f.Add(seed[0], seed[1], seed[2], flags)
		}
	}
	f.Fuzz(func(t *testing.T, action, pattern, resource string, flags uint8) {
		if len(action)+len(pattern)+len(resource) > 1<<11 {
			return
		}
		name, caller := "Action", "arn:aws:iam::111111111111:user/alice"
		if flags&1 != 0 {
			name = "NotAction"
		}
		if flags&2 != 0 {
			caller = "arn:aws:iam::111111111111:root"
		}
		if flags&4 != 0 {
			caller = "arn:aws:sts::111111111111:federated-user/kiosk"
		}
		line := []byte(`{"id":"fuzz","identityPolicies":[{"Statement":{"Effect":"Allow",` + quoted(name) + `:` + quoted(pattern) + `,"Resource":"*"}}],"sessionPolicies":[` + allowAll + `],` +
			`"resourcePolicy":{"Statement":{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"*"}},` +
			`"request":{"principal":"` + caller + `","action":` + quoted(action) + `,"resource":` + quoted(resource) + `,"resourceAccount":"111111111111"}}`)
		if err := answersAsReference(line); err != nil {
			t.Fatalf("%v\n%s", err, line)
		}
	})
}

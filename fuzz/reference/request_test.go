package reference

import "testing"

// TestRequests: FORMAT.md, 11.2, 11.3 The context, 11.5 Resource account.
func TestRequests(t *testing.T) {
	runAsks(t, []askTest{
		{"action without prefix", ask{action: "GetObject", identity: allowAll}, refused, "", ""},
		{"action without name", ask{action: "s3:", identity: allowAll}, refused, "", ""},
		{"action without service", ask{action: ":GetObject", identity: allowAll}, refused, "", ""},
		{"action with star", ask{action: "s3:Get*", identity: allowAll}, refused, "", ""},
		{"action with question mark", ask{action: "s3:Get?", identity: allowAll}, refused, "", ""},
		{"action with two colons", ask{action: "s3:Get:Object", identity: allowAll}, allowed, "", ""},
		{"resource that is no ARN", ask{resource: "quarry", identity: allowAll}, refused, "", ""},
		{"resource of five parts", ask{resource: "arn:aws:s3::quarry", identity: allowAll}, refused, "", ""},
		{"account from the ARN", ask{resource: "arn:aws:sqs:eu-west-1:210987654321:q", account: "-", identity: allowAll}, allowed, "", ""},
		{"account from the ARN, other", ask{resource: "arn:aws:sqs:eu-west-1:345678901234:q", account: "-", identity: allowAll}, implicitlyDenied, layerResource, ""},
		{"account from the caller", ask{resource: "*", account: "-", identity: allowAll}, allowed, "", ""},
		{"account from nowhere", ask{account: "-", identity: allowAll}, refused, "", ""},
		{"account from no caller", ask{principal: "anonymous", resource: "*", account: "-"}, refused, "", ""},
		{"account aws in the ARN", ask{resource: "arn:aws:iam::aws:policy/x", account: "-", identity: allowAll}, refused, "", ""},
		{"account as it is", ask{resource: "arn:aws:sqs:eu-west-1:345678901234:q", identity: allowAll}, allowed, "", ""},
		{"context null", ask{context: `{"a":null}`}, refused, "", ""},
		{"context nested list", ask{context: `{"a":[[]]}`}, refused, "", ""},
		{"context object", ask{context: `{"a":{}}`}, refused, "", ""},
		{"context list with null", ask{context: `{"a":["x",null]}`}, refused, "", ""},
		{"context keys equal but for case", ask{context: `{"aws:x":"1","AWS:X":"1"}`}, refused, "", ""},
		{"context is a list", ask{context: `[]`}, refused, "", ""},
		{"context mixed list", ask{context: `{"a":["x",1,true]}`}, implicitlyDenied, layerIdentity, ""},
	})
	for _, line := range []string{
		``, `null`, `[]`, `{}`, `{"request":{}}`, `{"request":[]}`, `{"request":{}} x`, "\xff", `{"request":{}`,
		`{"request":{"principal":"anonymous","action":"s3:GetObject","resource":"arn:aws:sqs:r:210987654321:q"},"resourcePolicy":"{}"}`,
		`{"request":{"principal":"anonymous","action":"s3:GetObject","resource":"arn:aws:sqs:r:210987654321:q"},"scps":{}}`,
		`{"request":{"principal":"anonymous","action":"s3:GetObject","resource":"arn:aws:sqs:r:210987654321:q"},"scps":[[]]}`,
		`{"request":{"principal":"anonymous","principal":"anonymous","action":"s3:GetObject","resource":"arn:aws:sqs:r:210987654321:q"}}`,
		`{"request":{"principal":1,"action":"s3:GetObject","resource":"arn:aws:sqs:r:210987654321:q"}}`,
	} {
		if got := Decide([]byte(line)); got.Decision != refused || got.Error == "" {
			t.Errorf("%s: %+v", line, got)
		}
	}
	got := Decide([]byte(`{"id":"x","what":1,"request":{"principal":"anonymous","action":"s3:GetObject","resource":"arn:aws:sqs:r:210987654321:q"}}`))
	if got.Decision != implicitlyDenied || got.ID != "x" {
		t.Errorf("unknown member, no context: %+v", got)
	}
}

// TestCallers: FORMAT.md Principals, 11.4, section 6.
func TestCallers(t *testing.T) {
	tests := []struct {
		principal, issuer string
		ok                bool
		kind              callerKind
	}{
		{wren, "", true, userCaller},
		{"arn:aws-cn:iam::210987654321:user/team/wren", "", true, userCaller},
		{deploy, "", true, roleCaller},
		{deployS, "", true, roleCaller},
		{kiosk, "", true, federatedUserCaller},
		{root, "", true, rootCaller},
		{saml, "", true, providerCaller},
		{"arn:aws:iam::210987654321:oidc-provider/host/path", "", true, providerCaller},
		{"accounts.google.com", "", true, providerCaller},
		{"cognito-identity.amazonaws.com", "", true, providerCaller},
		{"token.actions.githubusercontent.com", "", true, serviceCaller},
		{"lambda.amazonaws.com", "", true, serviceCaller},
		{"anonymous", "", true, anonymousCaller},
		{deployS, deploy, true, roleCaller},
		{kiosk, wren, true, federatedUserCaller},

		{principal: ""},
		{principal: "a:b"},
		{principal: "arn:aws:iam::210987654321:group/x"},
		{principal: "arn:aws:iam::210987654321:policy/x"},
		{principal: "arn:aws:iam::210987654321:user/"},
		{principal: "arn:aws:iam::210987654321:user"},
		{principal: "arn:aws:iam::210987654321:role/a/"},
		{principal: "arn:aws:iam::210987654321:root/x"},
		{principal: "arn:aws:iam::21098765432:user/wren"},
		{principal: "arn:aws:iam::aws:user/wren"},
		{principal: "arn::iam::210987654321:user/wren"},
		{principal: "arn:aws:iam:eu-west-1:210987654321:user/wren"},
		{principal: "arn:aws:s3::210987654321:user/wren"},
		{principal: "arn:aws:sts::210987654321:assumed-role/deploy"},
		{principal: "arn:aws:sts::210987654321:assumed-role/deploy/"},
		{principal: "arn:aws:sts::210987654321:assumed-role/team/deploy/s1"},
		{principal: "arn:aws:sts::210987654321:federated-user/"},
		{principal: "arn:aws:iam::210987654321"},
		{principal: deployS, issuer: "arn:aws:iam::210987654321:role/another"},
		{principal: deployS, issuer: "arn:aws:iam::345678901234:role/deploy"},
		{principal: deployS, issuer: wren},
		{principal: kiosk, issuer: deploy},
		{principal: kiosk, issuer: "arn:aws-cn:iam::210987654321:user/wren"},
		{principal: wren, issuer: wren},
	}
	for _, test := range tests {
		c, err := parseCaller(test.principal, test.issuer)
		if (err == nil) != test.ok || test.ok && c.kind != test.kind {
			t.Errorf("%q behind it %q: %+v, %v", test.principal, test.issuer, c, err)
		}
	}
}

// TestDecideNeverPanics: whatever the line, the answer is one of the four.
func TestDecideNeverPanics(t *testing.T) {
	line := ask{
		principal: deployS, issuer: deploy, context: `{"k":["a",1],"aws:x":"v"}`, session: allowAll, boundary: allowAll,
		identity: identityWith("2012-10-17", `{"StringLike":{"k":["${aws:x, 'd'}*",1]},"Null":{"k":true}}`),
		policy:   allowEverybody, scps: allowAll, rcps: denyS3, endpoint: allowEverybody,
	}.line(t)
	check := func(line []byte) {
		switch got := Decide(line); got.Decision {
		case allowed, explicitlyDenied, implicitlyDenied:
		case refused:
			if got.Error == "" {
				t.Errorf("%s: an Error without text", line)
			}
		default:
			t.Errorf("%s: %+v", line, got)
		}
	}
	for i := range line {
		check(line[:i])
		for _, replacement := range []string{"", "0", `"`, ":", "*", "${", "null", "[]", "{}", "\\u0000"} {
			check([]byte(string(line[:i]) + replacement + string(line[i+1:])))
		}
	}
}

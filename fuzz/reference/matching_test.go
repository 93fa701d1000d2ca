package reference

import "testing"

// TestMatchAction: 1.6 and 11.2.
func TestMatchAction(t *testing.T) {
	tests := []struct {
		pattern, action string
		want            bool
	}{
		{"*", "s3:GetObject", true},
		{"S3:getobject", "s3:GetObject", true},
		{"s3:*Object", "s3:GetObject", true},
		{"s3:Get?bject", "s3:GetObject", true},
		{"s3:Get??bject", "s3:GetObject", false},
		{"s3:GetObject*", "s3:GetObject", true},
		{"s?:GetObject", "s3:GetObject", true},
		{"s*:GetObject", "s3:GetObject", true},
		{"s3:Get", "s3:GetObject", false},
		{"s3:*", "s3:a:b", true},
		{"s3:${*}", "s3:${x}", true}, // no variables in Action
		{"s3:K", "s3:\u212a", false}, // the Kelvin sign: ASCII case only
		{"s3:?", "s3:\u212a", true},
	}
	for _, test := range tests {
		if got := matchAction(test.pattern, test.action); got != test.want {
			t.Errorf("%q on %q: %v", test.pattern, test.action, got)
		}
	}
}

// TestMatchResource: 11.2. The context holds a=x, colon=b:c, star=*, empty="",
// list=[x].
func TestMatchResource(t *testing.T) {
	context := requestContext{
		"a": {values: []string{"x"}}, "colon": {values: []string{"b:c"}}, "star": {values: []string{"*"}},
		"empty": {values: []string{""}}, "list": {isList: true, values: []string{"x"}}, "long": {values: []string{"q:210987654321"}},
	}
	const queue = "arn:aws:sqs:eu-west-1:210987654321:inbox"
	const stream = "arn:aws:logs:eu-west-1:210987654321:log-group:g:log-stream:s"
	tests := []struct {
		kind              policyKind
		pattern, resource string
		want              bool
	}{
		{identityKind, "*", queue, true},
		{identityKind, "*", "*", true},
		{identityKind, "arn:aws:sqs:*:*:*", "*", false},
		{identityKind, queue, queue, true},
		{identityKind, "arn:aws:sqs:eu-west-1:210987654321:Inbox", queue, false},
		{identityKind, "arn:aws:sqs:eu-west-?:*:in*", queue, true},
		{identityKind, "arn:aws:sqs:*:in*", queue, true}, // last segment of five: as written, the first * runs on
		{identityKind, "arn:aws:sqs:*-1:inbox", queue, false},
		{identityKind, "arn:*:s*:*:*:*", queue, true},
		{identityKind, "arn:aws:s3:::q/*", "arn:aws:s3:::q/\n/é:*", true},
		{identityKind, "arn:aws:s3:::q/?", "arn:aws:s3:::q/é", true},
		{identityKind, "arn:aws:s3:::q/?", "arn:aws:s3:::q/", false},
		{identityKind, "arn:aws:s3:::q/*", "arn:aws:s3:::q", false},
		// A complete pattern's wildcards keep to their segments.
		{identityKind, "arn:aws:logs:*::log-group:*", stream, false},
		{identityKind, "arn:aws:logs:*:aws:log-group:*", stream, false},
		{identityKind, "arn:aws:logs:*:210987654321:log-group:g*", stream, true},
		{identityKind, "arn:aws:logs:*:*:g:*", stream, false},
		{identityKind, "arn:aws:logs:e*:?*:log-group:g:*", stream, true},
		// Six segments or more whose fifth is no account: not complete.
		{identityKind, "arn:aws:logs:*:log-group:g:*", stream, true},
		{identityKind, "arn:aws:logs:*:log-group:g:log-stream:s", stream, true},
		{identityKind, "arn:aws:logs:*1:log-group:g:*", stream, false},
		{identityKind, "arn:aws:logs:*:log-group?g:log-stream:s", stream, false}, // fifth holds a wildcard: complete
		{identityKind, "arn:aws:logs:*:12345:log-group:g", "arn:aws:logs:x:y:12345:log-group:g", true},
		// Variables.
		{identityKind, "arn:aws:s3:::${A}", "arn:aws:s3:::x", true},
		{identityKind, "arn:aws:s3:::${a}${empty}/*", "arn:aws:s3:::x/k", true},
		{identityKind, "arn:aws:s3:::${list}", "arn:aws:s3:::x", false},
		{identityKind, "arn:aws:s3:::${list, 'x'}", "arn:aws:s3:::x", false},
		{identityKind, "arn:aws:s3:::${none}", "arn:aws:s3:::", false},
		{identityKind, "arn:aws:s3:::${none, 'y z'}", "arn:aws:s3:::y z", true},
		{identityKind, "arn:aws:s3:::${star}", "arn:aws:s3:::x", false},
		{identityKind, "arn:aws:s3:::${star}", "arn:aws:s3:::*", true},
		{identityKind, "arn:aws:s3:::${*}", "arn:aws:s3:::*", true},
		{identityKind, "arn:aws:s3:::${*}", "arn:aws:s3:::x", false},
		{identityKind, "arn:aws:s3:::${$}{a}", "arn:aws:s3:::${a}", true},
		{identityKind, "arn:aws:s3:::${colon}", "arn:aws:s3:::b:c", true},
		{identityKind, "arn:aws:sqs:${a}:210987654321:${a}", "arn:aws:sqs:x:210987654321:x", true},
		{identityKind, "arn:aws:sqs:${long}:x", "arn:aws:sqs:q:210987654321:x", false},
		{identityKind, "arn:aws:sqs:*:${long}", "arn:aws:sqs:r:q:210987654321", false},
		{identityKind, "arn:aws:logs:*:${none, 'log-group'}:g", "arn:aws:logs:x:y:log-group:g", false}, // a variable in the fifth: complete
		// Incomplete ARNs.
		{identityKind, "arn:aws:sqs", queue, true},
		{boundaryKind, "arn:aws:sqs:eu-west-1", queue, true},
		{boundaryKind, "arn:aws:sqs:eu-west-2", queue, false},
		{identityKind, "arn:aws:sqs::", queue, false}, // an empty segment is not a missing one
		{identityKind, "arn:", queue, false},
		{identityKind, "arn:*", queue, true},
		{identityKind, "arn:aws:logs:*:log-group", "arn:aws:logs:x:y:log-group:g", true},
		{resourceKind, "arn:aws:sqs", queue, false},
		{resourceKind, "arn:aws:s*", queue, true},
		{resourceKind, "arn:*:sqs", queue, true},
		{resourceKind, "arn:aws:sq?", queue, false},
		{endpointKind, "arn:*:sqs", queue, true},
		{resourceKind, "arn:aws:sqs:${*}", queue, false},
		{serviceControlKind, "arn:*:sqs", queue, false},
		{serviceControlKind, "arn:aws:sq*", queue, true},
		{serviceControlKind, "arn:aws:sqs:${star}", queue, false},
		{resourceControlKind, "arn:aws:sqs:*", queue, false},
		{resourceControlKind, "arn:aws:sqs:*:*:*", queue, true},
		// API Gateway: the short form stands for arn:*:execute-api:*:*:*/X.
		{resourceKind, "execute-api:/prod/*", "arn:aws:execute-api:eu-west-1:210987654321:abc/prod/GET/x", true},
		{resourceKind, "execute-api:/abc/prod/*", "arn:aws:execute-api:eu-west-1:210987654321:abc/prod/GET/x", false},
		{resourceKind, "execute-api:/prod/*", "arn:aws:execute-api:eu-west-1:210987654321:abc/dev/GET/x", false},
		{resourceKind, "execute-api:/prod/*", queue, false},
	}
	for _, test := range tests {
		s := statement{kind: test.kind, variables: true}
		if got := s.matchResource(test.pattern, question{action: "a:B", resource: test.resource, context: context}); got != test.want {
			t.Errorf("kind %d, %q on %q: %v", test.kind, test.pattern, test.resource, got)
		}
	}
	// Without variables (11.1 AMB-1) the colon of ${...} separates and its * is live.
	old := statement{kind: identityKind}
	for pattern, want := range map[string]bool{
		"arn:aws:s3:::${a}":  false,
		"arn:aws:s3:::${*}":  true,
		"arn:aws:s3:::${*":   true,
		"arn:aws:s3:${a:${}": false,
	} {
		if got := old.matchResource(pattern, question{action: "a:B", resource: "arn:aws:s3:::${x}", context: context}); got != want {
			t.Errorf("2008, %q: %v", pattern, got)
		}
	}
}

// TestParseVariable: 11.3 Variables.
func TestParseVariable(t *testing.T) {
	context := requestContext{"k": {values: []string{"v"}}, "a b": {values: []string{"tag"}}, "k ": {values: []string{"space"}}}
	tests := []struct {
		text, want string
		resolved   bool
	}{
		{"x${k}y", "xvy", true},
		{"${K}", "v", true},
		{"${a b}", "tag", true},
		{"${k }", "space", true},
		{"${k, 'd'}", "v", true},
		{"${n, 'd'}", "d", true},
		{"${n, ''}", "", true},
		{"${n, '${k}'}", "${k}", true},
		{"${n, 'a}b'}", "a}b", true},
		{"${n}", "", false},
		{"${n,'d'}", "", false},
		{"${}", "${}", true},
		{"${, 'd'}", "${, 'd'}", true},
		{"${k", "${k", true},
		{"${n, 'd'", "${n, 'd'", true},
		{"${n, 'd}", "${n, 'd}", true},
		{"${n, 'd' }", "${n, 'd' }", true},
		{"${n, 'd${k}", "${n, 'dv", true},
		{"${*}${?}${$}", "*?$", true},
		{"$k{k}$", "$k{k}$", true},
		{"$${k}", "$v", true},
		{"${${k}", "", false}, // the name is "${k"
	}
	for _, test := range tests {
		symbols, resolved := substitute(parsePieces(test.text, true), context)
		if got := plainText(symbols); got != test.want || resolved != test.resolved {
			t.Errorf("%q: %q, %v", test.text, got, resolved)
		}
		symbols, _ = substitute(parsePieces(test.text, false), context)
		if got := plainText(symbols); got != test.text {
			t.Errorf("%q without variables: %q", test.text, got)
		}
	}
}

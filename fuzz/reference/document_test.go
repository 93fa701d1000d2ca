package reference

import (
	"strings"
	"testing"
)

// TestHardErrors: 1.1 to 1.8 and 11.1: which documents are refused, per kind.
// <S> stands for Effect Allow with Action s3:GetObject, <D> for the same with
// Deny, <R> for Resource * and <P> for Principal *.
func TestHardErrors(t *testing.T) {
	expand := strings.NewReplacer(
		"<S>", `"Effect":"Allow","Action":"s3:GetObject"`, "<R>", `"Resource":"*"`, "<P>", `"Principal":"*"`,
		"<D>", `"Effect":"Deny","Action":"s3:GetObject"`)
	tests := []struct {
		kind     policyKind
		document string
		ok       bool
	}{
		// Shape.
		{identityKind, `[]`, false},
		{identityKind, `"{}"`, false},
		{identityKind, `null`, false},
		{identityKind, `{}`, false},
		{identityKind, `{"Statement":[]}`, true},
		{identityKind, `{"Statement":{<S>,<R>}}`, true},
		{identityKind, `{"Statement":[{<S>,<R>}]}`, true},
		{identityKind, `{"Statement":"x"}`, false},
		{identityKind, `{"Statement":[[]]}`, false},
		{identityKind, `{"Statement":[],"Extra":1}`, false},
		{identityKind, `{"statement":[]}`, false},
		{identityKind, `{"Statement":[],"Statement":[]}`, false},
		{identityKind, `{"Statement":[],"Version":"2012-10-17","Version":"2012-10-17"}`, false},
		// Version, Id, Sid.
		{identityKind, `{"Version":"2008-10-17","Statement":[]}`, true},
		{identityKind, `{"Version":"2012-10-18","Statement":[]}`, false},
		{identityKind, `{"Version":2012,"Statement":[]}`, false},
		{identityKind, `{"Version":null,"Statement":[]}`, false},
		{identityKind, `{"Id":"a b","Statement":[]}`, true}, // soft
		{identityKind, `{"Id":1,"Statement":[]}`, false},
		{identityKind, `{"Statement":[{"Sid":"a b",<S>,<R>},{"Sid":"a b",<S>,<R>}]}`, true}, // soft
		{identityKind, `{"Statement":[{"Sid":1,<S>,<R>}]}`, false},
		// Effect.
		{identityKind, `{"Statement":{"Action":"s3:GetObject",<R>}}`, false},
		{identityKind, `{"Statement":{"Effect":"allow","Action":"s3:GetObject",<R>}}`, false},
		{identityKind, `{"Statement":{"Effect":["Allow"],"Action":"s3:GetObject",<R>}}`, false},
		// Action.
		{identityKind, `{"Statement":{"Effect":"Allow",<R>}}`, false},
		{identityKind, `{"Statement":{<S>,"NotAction":"s3:GetObject",<R>}}`, false},
		{identityKind, `{"Statement":{"Effect":"Allow","NotAction":[],<R>}}`, true},
		{identityKind, `{"Statement":{"Effect":"Allow","Action":"GetObject",<R>}}`, false},
		{identityKind, `{"Statement":{"Effect":"Allow","Action":["s3:GetObject","**"],<R>}}`, false},
		{identityKind, `{"Statement":{"Effect":"Allow","Action":":GetObject",<R>}}`, false},
		{identityKind, `{"Statement":{"Effect":"Allow","Action":"s3:",<R>}}`, false},
		{identityKind, `{"Statement":{"Effect":"Allow","Action":"*:*",<R>}}`, true},
		{identityKind, `{"Statement":{"Effect":"Allow","Action":"nothing:Known",<R>}}`, true}, // soft
		{identityKind, `{"Statement":{"Effect":"Allow","Action":1,<R>}}`, false},
		{identityKind, `{"Statement":{"Effect":"Allow","Action":[["s3:*"]],<R>}}`, false},
		{identityKind, `{"Statement":{"Effect":"Allow","Action":"s3:*","Action":"s3:*",<R>}}`, false},
		// Resource.
		{identityKind, `{"Statement":{<S>}}`, false},
		{identityKind, `{"Statement":{<S>,<R>,"NotResource":"*"}}`, false},
		{identityKind, `{"Statement":{<S>,"Resource":[]}}`, true},
		{identityKind, `{"Statement":{<S>,"Resource":"quarry"}}`, false},
		{identityKind, `{"Statement":{<S>,"NotResource":"quarry"}}`, false},
		{identityKind, `{"Statement":{<S>,"Resource":"**"}}`, false},
		{identityKind, `{"Statement":{<S>,"Resource":"ARN:aws:s3:::a"}}`, false},
		{identityKind, `{"Statement":{<S>,"Resource":"arn:aws:s3"}}`, true},
		{identityKind, `{"Statement":{<S>,"Resource":"arn:aws:s*:::a"}}`, true}, // soft
		{identityKind, `{"Statement":{<S>,"Resource":"execute-api:/x"}}`, false},
		{identityKind, `{"Statement":{<S>,"Resource":null}}`, false},
		{sessionKind, `{"Statement":{<S>,"Resource":"arn:aws:s3:::a"}}`, true},
		{sessionKind, `{"Statement":{<S>,"NotResource":"arn:aws:s3"}}`, false},
		{sessionKind, `{"Version":"2012-10-17","Statement":{<S>,"Resource":"arn:aws:s3::${aws:x}"}}`, false},
		{sessionKind, `{"Statement":{<S>,"Resource":"arn:aws:s3::${aws:x}"}}`, true}, // 2008: its colon separates
		{serviceControlKind, `{"Statement":{<S>}}`, false},
		{endpointKind, `{"Statement":{<S>,<P>}}`, false},
		{resourceKind, `{"Statement":{<S>,<P>}}`, true},
		{resourceKind, `{"Statement":{<S>,<P>,"Resource":"execute-api:/x"}}`, true},
		{resourceKind, `{"Statement":{<S>,<P>,"Resource":"execute-api:x"}}`, false},
		// Principal.
		{identityKind, `{"Statement":{<S>,<R>,<P>}}`, false},
		{identityKind, `{"Statement":{<S>,<R>,"NotPrincipal":"*"}}`, false},
		{boundaryKind, `{"Statement":{<S>,<R>,<P>}}`, false},
		{sessionKind, `{"Statement":{<S>,<R>,<P>}}`, false},
		{serviceControlKind, `{"Statement":{<S>,<R>,<P>}}`, false},
		{resourceKind, `{"Statement":{<S>,<R>}}`, false},
		{endpointKind, `{"Statement":{<S>,<R>}}`, false},
		{endpointKind, `{"Statement":{<S>,<R>,"NotPrincipal":"*"}}`, true},
		{resourceKind, `{"Statement":{<S>,<R>,"NotPrincipal":"*"}}`, true}, // soft
		{resourceKind, `{"Statement":{<S>,<R>,<P>,"NotPrincipal":"*"}}`, false},
		{resourceKind, `{"Statement":{<S>,<R>,"Principal":"210987654321"}}`, false},
		{resourceKind, `{"Statement":{<S>,<R>,"Principal":[]}}`, true},
		{resourceKind, `{"Statement":{<S>,<R>,"Principal":["*"]}}`, false},
		{resourceKind, `{"Statement":{<S>,<R>,"Principal":{}}}`, true},
		{resourceKind, `{"Statement":{<S>,<R>,"Principal":{"AWS":[]}}}`, true},
		{resourceKind, `{"Statement":{<S>,<R>,"Principal":{"aws":"*"}}}`, false},
		{resourceKind, `{"Statement":{<S>,<R>,"Principal":{"AWS":"*","AWS":"*"}}}`, false},
		{resourceKind, `{"Statement":{<S>,<R>,"Principal":{"AWS":1}}}`, false},
		{resourceKind, `{"Statement":{<S>,<R>,"Principal":{"AWS":"arn:aws:iam::1:role/x*","Federated":"x","CanonicalUser":"y"}}}`, true},
		// Trust.
		{trustKind, `{"Statement":{<S>,<P>}}`, true},
		{trustKind, `{"Statement":{<S>}}`, false},
		{trustKind, `{"Statement":{<S>,<P>,<R>}}`, false},
		{trustKind, `{"Statement":{<S>,<P>,"NotResource":[]}}`, false},
		{trustKind, `{"Statement":{<S>,"NotPrincipal":"*"}}`, false},
		{trustKind, `{"Statement":{"Effect":"Deny",<P>,"NotAction":"sts:AssumeRole"}}`, true},
		// RCP.
		{resourceControlKind, `{"Statement":{<D>,<P>,<R>}}`, true},
		{resourceControlKind, `{"Statement":{<D>,<P>,"NotResource":"*","Condition":{"Bool":{"a":"true"}}}}`, true},
		{resourceControlKind, `{"Statement":{<D>,<P>}}`, false},
		{resourceControlKind, `{"Statement":{<D>,<R>}}`, false},
		{resourceControlKind, `{"Statement":{<D>,<R>,"Principal":{"AWS":"*"}}}`, false},
		{resourceControlKind, `{"Statement":{<D>,<R>,"NotPrincipal":"*"}}`, false},
		{resourceControlKind, `{"Statement":{"Effect":"Deny","NotAction":"s3:*",<P>,<R>}}`, false},
		{resourceControlKind, `{"Statement":{"Effect":"Deny","Action":["s3:*","*"],<P>,<R>}}`, false},
		{resourceControlKind, `{"Statement":{"Effect":"Deny","Action":"nosuch:*",<P>,<R>}}`, true},
		{resourceControlKind, `{"Statement":{"Effect":"Allow","Action":["*"],<P>,<R>}}`, true},
		{resourceControlKind, `{"Statement":{"Effect":"Allow","Action":"*",<P>,<R>,"Condition":{"Bool":{"a":"true"}}}}`, false},
		{resourceControlKind, `{"Statement":{"Effect":"Allow","Action":"*",<P>,"Resource":"arn:aws:s3:::a"}}`, false},
		// Condition.
		{identityKind, `{"Statement":{<S>,<R>,"Condition":{}}}`, true},
		{identityKind, `{"Statement":{<S>,<R>,"Condition":{"Bool":{}}}}`, true},
		{identityKind, `{"Statement":{<S>,<R>,"Condition":[]}}`, false},
		{identityKind, `{"Statement":{<S>,<R>,"Condition":{"Bool":"a"}}}`, false},
		{identityKind, `{"Statement":{<S>,<R>,"Condition":{"Bool":{"a":null}}}}`, false},
		{identityKind, `{"Statement":{<S>,<R>,"Condition":{"Bool":{"a":{}}}}}`, false},
		{identityKind, `{"Statement":{<S>,<R>,"Condition":{"Bool":{"a":[["true"]]}}}}`, false},
		{identityKind, `{"Statement":{<S>,<R>,"Condition":{"Bool":{"a":["true",1,true,"zzz"]}}}}`, true}, // soft
		{identityKind, `{"Statement":{<S>,<R>,"Condition":{"Bool":{"a":1},"bOOl":{"b":1}}}}`, false},
		{identityKind, `{"Statement":{<S>,<R>,"Condition":{"Bool":{"a":1},"BoolIfExists":{"a":1}}}}`, true},
		{identityKind, `{"Statement":{<S>,<R>,"Condition":{"Bool":{"a":1,"A":1}}}}`, false},
		{identityKind, `{"Statement":{<S>,<R>,"Condition":{"Bool":{"a":1,"a":1}}}}`, false},
		{identityKind, `{"Statement":{<S>,<R>,"Condition":{"ForAllValues:NullIfExists":{}}}}`, false},
		{identityKind, `{"Statement":{<S>,<R>,"Condition":{"forallvalues:nULL":{}}}}`, true},
		{identityKind, `{"Statement":{<S>,<R>,"Condition":{"FORANYVALUE:stringnotlikeIFEXISTS":{}}}}`, true},
		{identityKind, `{"Statement":{<S>,<R>,"Condition":{"ForSome:StringLike":{}}}}`, false},
		{identityKind, `{"Statement":{<S>,<R>,"Condition":{"BinaryNotEquals":{}}}}`, false},
		{identityKind, `{"Statement":{<S>,<R>,"Condition":{"StringLikeIfExistsIfExists":{}}}}`, false},
		{identityKind, `{"Statement":{<S>,<R>,"Condition":{"IfExists":{}}}}`, false},
		{identityKind, `{"Statement":{<S>,<R>,"Condition":{"":{}}}}`, false},
	}
	for _, test := range tests {
		document := expand.Replace(test.document)
		value, err := decodeJSON([]byte(document))
		if err != nil {
			t.Fatalf("%s: %v", document, err)
		}
		if _, err := parseDocument(value, test.kind); (err == nil) != test.ok {
			t.Errorf("kind %d, %s: error %v, want accepted %v", test.kind, document, err, test.ok)
		}
	}
}

// TestEveryOperator: every operator of 2.2 is known, with both prefixes and
// IfExists.
func TestEveryOperator(t *testing.T) {
	names := strings.Fields(`StringEquals StringNotEquals StringEqualsIgnoreCase StringNotEqualsIgnoreCase
		StringLike StringNotLike NumericEquals NumericNotEquals NumericLessThan NumericLessThanEquals
		NumericGreaterThan NumericGreaterThanEquals DateEquals DateNotEquals DateLessThan DateLessThanEquals
		DateGreaterThan DateGreaterThanEquals Bool BinaryEquals IpAddress NotIpAddress
		ArnEquals ArnNotEquals ArnLike ArnNotLike`)
	for _, name := range names {
		for _, set := range []string{"", "ForAllValues:", "ForAnyValue:"} {
			for _, suffix := range []string{"", "IfExists"} {
				op, err := parseOperator(set + name + suffix)
				if err != nil {
					t.Error(err)
				}
				if op.negated != strings.Contains(name, "Not") || op.ifExists != (suffix != "") || op.set != foldASCII(strings.TrimSuffix(set, ":")) {
					t.Errorf("%s%s%s: %+v", set, name, suffix, op)
				}
			}
		}
	}
	if len(names) != len(operatorBases)+len(negatedOperators) {
		t.Errorf("%d names for %d operators", len(names), len(operatorBases)+len(negatedOperators))
	}
}

// TestUnusedPoliciesAreParsed: 11.1: a policy that applies to nobody of this
// kind is parsed, but otherwise ignored, Denies included.
func TestUnusedPoliciesAreParsed(t *testing.T) {
	runAsks(t, []askTest{
		{"user with session policy", ask{identity: allowAll, session: denyAll}, allowed, "", ""},
		{"user with bad session policy", ask{identity: allowAll, session: `{}`}, refused, "", ""},
		{"root with identity policy", ask{principal: root, identity: denyAll, boundary: denyAll, session: denyAll}, allowed, "", ""},
		{"root with bad boundary", ask{principal: root, boundary: `{}`}, refused, "", ""},
		{"anonymous with SCP", ask{principal: "anonymous", policy: allowEverybody, scps: denyAll, identity: denyAll}, allowed, "", ""},
		{"anonymous with bad SCP", ask{principal: "anonymous", policy: allowEverybody, scps: `{}`}, refused, "", ""},
		{"service with boundary", ask{principal: "sns.amazonaws.com", policy: allowEverybody, boundary: denyAll}, allowed, "", ""},
		{"provider with session", ask{principal: saml, policy: allowEverybody, session: denyAll}, allowed, "", ""},
		{"linked role", ask{principal: linked, identity: allowAll, boundary: denyAll, session: denyAll, scps: denyAll, rcps: denyS3}, allowed, "", ""},
		{"linked role, resource policy", ask{principal: linked, identity: allowAll, policy: denyEverybody}, explicitlyDenied, layerResource, ""},
		{"linked role, endpoint", ask{principal: linked, identity: allowAll, endpoint: denyEverybody}, explicitlyDenied, layerEndpoint, ""},
	})
}

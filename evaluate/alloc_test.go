package evaluate

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/policy/managed"
	"github.com/portcullis-iam/portcullis/principal"
)

// A ready is a question that is prepared, with the outcome that makes sure it goes the whole way.
type ready struct {
	name      string
	evaluator *Evaluator
	request   *Request
	want      Outcome
}

func readyOf(t *testing.T, name string, s scene, want Outcome) ready {
	t.Helper()
	return ready{name, s.evaluator(t), s.request(t), want}
}

// contextOf makes a context of keys and values in turn.
func contextOf(pairs ...any) *condition.Context {
	c := new(condition.Context)
	for at := 0; at < len(pairs); at += 2 {
		c.Set(pairs[at].(string), pairs[at+1].(condition.Value))
	}
	return c
}

// TestEvaluateAllocatesNothing goes through requests that have little in common
// but that. Testing.AllocsPerRun counts the same under the race detector.
func TestEvaluateAllocatesNothing(t *testing.T) {
	at := time.Date(2026, time.March, 1, 12, 30, 0, 0, time.UTC)
	var all []ready
	add := func(name string, s scene, want Outcome) { all = append(all, readyOf(t, name, s, want)) }

	// Every kind of caller, and every layer at once.
	for _, caller := range []struct {
		caller, issuer string
		want           Outcome
	}{
		{alice, "", Allowed}, {session, sessionRole, Allowed}, {sessionRole, "", Allowed}, {guest, alice, Allowed}, {root, "", Allowed},
		{linked, linkedRole, Allowed}, {notifier, "", Allowed}, {provider, "", Allowed}, {principal.AnonymousCaller, "", Allowed},
	} {
		everywhere := scene{caller: caller.caller, issuer: caller.issuer, identity: []string{yes}, boundary: []string{yes}, session: []string{yes},
			serviceControl: []string{yes, yes, yes}, resourceControl: []string{"", "", ""}, endpoint: []string{to(everybody, yes)},
			resourcePolicy: `{"NotPrincipal": {"AWS": "444455556666"}, ` + yes[1:] + "," + to(`{"AWS": ["`+sessionRole+`", "`+guest+`", "111122223333"], "Service": "s3.amazonaws.com"}`, yes)}
		add("all layers, "+caller.caller, everywhere, caller.want)
		everywhere.resource = otherQueue
		add("all layers across accounts, "+caller.caller, everywhere, caller.want)
	}
	for layer, s := range map[string]scene{
		"RCP":      {identity: []string{yes}, resourceControl: []string{"", to(everybody, no)}},
		"SCP":      {identity: []string{yes}, serviceControl: []string{yes, yes + "," + no}},
		"endpoint": {identity: []string{yes}, endpoint: []string{to(everybody, no)}},
		"resource": {identity: []string{yes}, resourcePolicy: to(aws(alice), no)},
		"identity": {identity: []string{yes + "," + no}},
		"boundary": {identity: []string{yes}, boundary: []string{no}},
		"session":  {caller: session, identity: []string{yes}, session: []string{no}},
	} {
		add("denied by "+layer, s, ExplicitlyDenied)
	}

	// Every family of operators, with values that are typed and that are text.
	for _, row := range []struct {
		when   string
		values []condition.Value // that satisfy it
	}{
		{`{"StringEquals": {"test:key": ["a", "b", "c", "d", "e", "f", "g", "h", "i", "b-12"]}}`, []condition.Value{condition.String("b-12")}},
		{`{"StringNotEquals": {"test:key": "x"}}`, []condition.Value{condition.String("b"), condition.Int(5), condition.Bool(true), condition.Time(at)}},
		{`{"StringEqualsIgnoreCase": {"test:key": ["MASSE", "GRÜSSE"]}}`, []condition.Value{condition.String("grüsse")}},
		{`{"StringLike": {"test:key": ["x*", "*b?c*d"]}}`, []condition.Value{condition.String("aabcc-bxcyyd")}},
		{`{"StringNotLike": {"test:key": "x*"}}`, []condition.Value{condition.String("aab")}},
		{`{"StringEqualsIfExists": {"test:absent": "x", "test:key": "b"}}`, []condition.Value{condition.String("b")}},
		{`{"StringEquals": {"test:key": "${test:text}"}}`, []condition.Value{condition.String("some text")}},
		{`{"StringLike": {"test:key": "${test:absent, 'some'} *"}}`, []condition.Value{condition.String("some text")}},
		{`{"NumericLessThan": {"test:key": "100.5"}}`, []condition.Value{condition.Int(-3), condition.Number("00100.49999999999999999999999"), condition.String("12")}},
		{`{"NumericEquals": {"test:key": ["1", "2", "12345678901234567890123.5"]}}`, []condition.Value{condition.Int(2), condition.Number("12345678901234567890123.50")}},
		{`{"DateGreaterThan": {"test:key": "2026-02-28T00:00:00Z"}}`, []condition.Value{condition.Time(at), condition.String("2026-03-01T00:00:00.5+02:00"), condition.Int(1893456000)}},
		{`{"Bool": {"test:key": "true"}}`, []condition.Value{condition.Bool(true), condition.String("TRUE")}},
		{`{"BinaryEquals": {"test:key": "aGVsbG8="}}`, []condition.Value{condition.Binary([]byte("hello")), condition.String("aGVsbG8=")}},
		{`{"IpAddress": {"test:key": ["10.0.0.0/8", "2001:db8::/32"]}}`, []condition.Value{condition.Addr(netip.MustParseAddr("10.1.2.3")), condition.Addr(netip.MustParseAddr("2001:db8::7")), condition.String("10.255.0.1"), condition.String("2001:DB8:0::1")}},
		{`{"NotIpAddress": {"test:key": "192.0.2.0/24"}}`, []condition.Value{condition.Addr(netip.MustParseAddr("10.1.2.3"))}},
		{`{"ArnLike": {"test:key": ["arn:aws:sns:*:*:x", "arn:*:sqs:eu-*-1:1111*:j?b*"]}}`, []condition.Value{condition.String(queue)}},
		{`{"ArnEquals": {"test:key": "arn:aws:sqs:${test:region}:*:${test:text, 'x'}"}}`, []condition.Value{condition.String("arn:aws:sqs:eu-west-1:111122223333:some text")}},
		{`{"ArnNotLike": {"test:key": "arn:aws:sns:*:*:*"}}`, []condition.Value{condition.String(queue)}},
		{`{"Null": {"test:key": "false", "test:absent": "true"}}`, []condition.Value{condition.String(""), condition.List("x")}},
		{`{"ForAllValues:StringLike": {"test:key": ["team-*", "cost"]}}`, []condition.Value{condition.List("team-a", "cost", "team-b"), condition.List(), condition.String("cost")}},
		{`{"ForAnyValue:StringEqualsIgnoreCase": {"test:key": ["Team", "COST"]}}`, []condition.Value{condition.List("a", "b", "cost")}},
		{`{"ForAnyValue:IpAddress": {"test:key": "10.0.0.0/8"}}`, []condition.Value{condition.List("192.0.2.1", "10.0.0.1")}},
		{`{"ForAllValues:NumericGreaterThan": {"test:key": "5"}}`, []condition.Value{condition.List("6", "7.25")}},
		{`{"ForAnyValue:ArnLike": {"test:key": "arn:aws:sqs:*:*:*"}}`, []condition.Value{condition.List("nothing", queue)}},
		{`{"StringEquals": {"aws:PrincipalTag/Team": "${aws:RequestTag/team}", "aws:ResourceTag/team": "birds"}, "Bool": {"test:key": "true"}}`, []condition.Value{condition.Bool(true)}},
	} {
		for number, value := range row.values {
			c := contextOf("test:key", value, "test:text", condition.String("some text"), "test:region", condition.String("eu-west-1"))
			for _, family := range []string{"aws:PrincipalTag", "aws:RequestTag", "aws:ResourceTag"} {
				c.SetTag(family, "team", condition.String("birds"))
			}
			add(fmt.Sprintf("%s, %d", row.when, number), scene{identity: []string{only(row.when, yes)}, context: c}, Allowed)
		}
		unknown := new(condition.Context)
		unknown.SetUnknown("test:key")
		for _, key := range []string{"aws:PrincipalTag/team", "aws:RequestTag/team", "aws:ResourceTag/team"} {
			unknown.SetUnknown(key)
		}
		add(row.when+", unknown", scene{identity: []string{only(row.when, yes)}, context: unknown}, Undetermined)
		add(row.when+", perhaps denied", scene{identity: []string{yes, only(row.when, no)}, context: unknown}, Undetermined)
	}

	// Variables in resources.
	variables := contextOf("aws:username", condition.String("alice"), "test:account", condition.String(account))
	variables.SetTag("aws:PrincipalTag", "cost center", condition.String("7"))
	for _, resource := range []string{
		"arn:aws:sqs:eu-west-1:*:${aws:username}-${aws:PrincipalTag/cost center}-*", "arn:aws:sqs:*:${test:account}:${aws:username}-7-?",
		"arn:aws:sqs:*:*:${test:absent, 'alice'}-*", "arn:*:s?s:eu-*:1111*:alice-*", "arn:aws:sqs:*", "arn:aws:sqs", "*",
	} {
		add("resource "+resource, scene{resource: "arn:aws:sqs:eu-west-1:111122223333:alice-7-a", context: variables,
			identity: []string{`{"Effect": "Allow", "Action": "sqs:Send*", "Resource": ["arn:aws:s3:::${aws:username}", "` + resource + `"]}`}}, Allowed)
	}
	add("resource that is unknown", scene{context: func() *condition.Context { c := new(condition.Context); c.SetUnknown("test:u"); return c }(),
		identity: []string{`{"Effect": "Allow", "Action": "sqs:Send*", "Resource": "arn:aws:sqs:*:*:${test:u}"}`}}, Undetermined)
	add("no resource", scene{action: "sqs:ListQueues", resource: "*", identity: []string{`{"Effect": "Allow", "NotAction": "sqs:Send*", "NotResource": "arn:aws:sqs:*"}`}}, Allowed)

	// Large sets.
	var many strings.Builder
	for number := range 300 {
		fmt.Fprintf(&many, `{"Effect": "Allow", "Action": ["sqs:Send%d", "sqs:Get*", "s3:GetObject"], "Resource": "arn:aws:sqs:*:*:q%d-*"},`, number, number)
		fmt.Fprintf(&many, `{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:*:*:same-*-%d-*"},`, number)
		fmt.Fprintf(&many, `{"Effect": "Deny", "Action": "*", "Resource": "arn:aws:sqs:*:*:secret-%d"},`, number)
	}
	many.WriteString(other)
	crowd := scene{identity: []string{many.String()}}
	for resource, want := range map[string]Outcome{
		"same-x-299-y": Allowed, "same-x-300-y": ImplicitlyDenied, "q17-a": ImplicitlyDenied, "secret-299": ExplicitlyDenied, "unheard-of": ImplicitlyDenied,
	} {
		crowd.resource = "arn:aws:sqs:eu-west-1:111122223333:" + resource
		add("large, "+resource, crowd, want)
	}
	crowd.action, crowd.resource = "sqs:GetQueueUrl", "arn:aws:sqs:eu-west-1:111122223333:q17-a"
	add("large, by a pattern of actions", crowd, Allowed)
	crowd.action = "tag:GetResources"
	add("large, of another service", crowd, ImplicitlyDenied)

	// Service rules.
	keyPolicy := to(aws(root), `{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}`)
	add("kms", scene{action: "kms:Decrypt", resource: kmsKey, identity: []string{everythingAllowed}, resourcePolicy: keyPolicy}, Allowed)
	add("kms, no key policy", scene{action: "kms:Decrypt", resource: kmsKey, identity: []string{everythingAllowed}}, ImplicitlyDenied)
	add("kms, alias", scene{action: "kms:DeleteAlias", resource: managedAlias, identity: []string{everythingAllowed}}, ImplicitlyDenied)
	add("sts, trust", scene{action: "sts:AssumeRole", resource: plainRole, resourcePolicy: to(aws(alice), `{"Effect": "Allow", "Action": "sts:AssumeRole"}`)}, Allowed)
	add("sts, always", scene{action: "sts:GetCallerIdentity", resource: "*"}, Allowed)
	add("iam, never", scene{action: "iam:DeletePolicy", resource: awsPolicy, account: account, identity: []string{everythingAllowed}}, ImplicitlyDenied)
	add("s3, on everything", scene{action: "s3:ListAllMyBuckets", resource: bucket, account: account, identity: []string{everythingAllowed}}, Allowed)
	add("another partition", scene{resource: "arn:aws-cn:sqs:cn-north-1:111122223333:jobs", identity: []string{yes}}, ImplicitlyDenied)

	// Policies of AWS, by the thousand of actions.
	for _, row := range []struct {
		policy, action, resource string
		want                     Outcome
	}{
		{"ReadOnlyAccess", "s3:GetObject", "arn:aws:s3:::photos/cat.png", Allowed},
		{"ReadOnlyAccess", "s3:PutObject", "arn:aws:s3:::photos/cat.png", ImplicitlyDenied},
		{"ReadOnlyAccess", "zebra:GetStripes", "*", ImplicitlyDenied},
		{"AWSSupportServiceRolePolicy", "ec2:DescribeInstances", "*", Allowed},
		{"AWSSupportServiceRolePolicy", "ec2:RunInstances", "*", ImplicitlyDenied},
	} {
		entry, found := managed.Lookup(row.policy)
		if !found {
			t.Fatalf("no policy %s", row.policy)
		}
		text, err := entry.JSON()
		if err != nil {
			t.Fatal(err)
		}
		compiled, err := policy.Load(policy.IdentityBased, text)
		if err != nil {
			t.Fatal(err)
		}
		e, err := New(&principal.Principal{Identity: identified(t, alice, ""), IdentityPolicies: []principal.Attachment{{Policy: compiled}}})
		if err != nil {
			t.Fatal(err)
		}
		r, err := NewRequest(row.action, row.resource, account)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, ready{row.policy + ", " + row.action, e, r, row.want})
	}

	// Nothing.
	all = append(all, ready{"nothing", new(Evaluator), nil, ImplicitlyDenied})

	for _, p := range all {
		if got := p.evaluator.Evaluate(p.request); got.Outcome != p.want {
			t.Errorf("%s: %v, want %v", p.name, got, p.want)
		}
		if allocations := testing.AllocsPerRun(100, func() { p.evaluator.Evaluate(p.request) }); allocations != 0 {
			t.Errorf("%s: %v allocations", p.name, allocations)
		}
	}
}

// TestRefillingAllocatesNothing: a request that is used again, with its
// context, costs no allocation either.
func TestRefillingAllocatesNothing(t *testing.T) {
	const when = `{"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "Bool": {"aws:SecureTransport": "true"}, "DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}, "NumericEquals": {"test:count": "2"}, "StringEquals": {"aws:RequestTag/team": "birds"}}`
	s := scene{identity: []string{only(when, `{"Effect": "Allow", "Action": "*", "Resource": "*"}`)}}
	e := s.evaluator(t)
	r := &Request{Context: new(condition.Context)}
	queues := resourceOf(t, queue, account)
	address := netip.MustParseAddr("10.1.2.3")
	at := time.Date(2026, time.March, 1, 12, 30, 0, 0, time.UTC)
	number := int64(0)
	fill := func() {
		number++
		r.Context.Reset()
		r.Context.Set("aws:SourceIp", condition.Addr(address))
		r.Context.Set("aws:SecureTransport", condition.Bool(true))
		r.Context.Set("aws:CurrentTime", condition.Time(at))
		r.Context.Set("test:count", condition.Int(2+number%2))
		r.Context.SetTag("aws:RequestTag", "team", condition.String("birds"))
		action, resource, owner := send, queue, ""
		if number%3 == 0 {
			action, resource, owner = "kms:Decrypt", bucket, account
		}
		if err := r.Set(action, resource, owner); err != nil {
			t.Error(err)
		}
	}
	fill() // the storage is made once
	if allocations := testing.AllocsPerRun(100, func() { fill(); e.Evaluate(r) }); allocations != 0 {
		t.Errorf("%v allocations for a request", allocations)
	}
	number = 1
	if fill(); !e.Evaluate(r).Allowed() {
		t.Errorf("%v", e.Evaluate(r))
	}
	if fill(); number%2 == 0 || e.Evaluate(r).Allowed() {
		t.Errorf("with the count of the request before: %v", e.Evaluate(r))
	}
	if allocations := testing.AllocsPerRun(100, func() {
		if err := r.SetFor(send, queues); err != nil {
			t.Error(err)
		}
		e.Evaluate(r)
	}); allocations != 0 {
		t.Errorf("%v allocations for a request about a prepared resource", allocations)
	}
}

package sts_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/sts"
	"github.com/portcullis-iam/portcullis/principal"
)

func TestGetFederationToken(t *testing.T) {
	t.Parallel()
	const guest = "arn:aws:sts::111122223333:federated-user/guest"
	const may = refusedToken + "sts:GetFederationToken on " + guest
	all := statements(allow("*", "*"))
	for _, test := range []struct {
		name   string
		own    []string // wren's statements, if not the usual ones
		caller func(*testing.T, *sts.STS) sts.Caller
		in     sts.FederationTokenInput
		want   string
	}{
		{name: "user", in: sts.FederationTokenInput{Policy: all}, want: "allowed"},
		{name: "this federated user alone", own: []string{allow("sts:GetFederationToken", guest)}, want: "allowed"},
		{name: "another federated user", own: []string{allow("sts:GetFederationToken", guest+"2")}, want: may + ": the caller's side refuses: ImplicitlyDenied: no identity-based policy allows it"},
		{name: "policy silent", own: []string{allow("s3:*", "*")}, want: may + ": the caller's side refuses: ImplicitlyDenied: no identity-based policy allows it"},
		{name: "policy denies", own: []string{allow("*", "*"), `{"Effect": "Deny", "Action": "sts:Get*", "Resource": "*"}`},
			want: may + ": the caller's side refuses: ExplicitlyDenied by an identity-based policy: statement 2 (1:94) of inline policy own of user wren"},
		{name: "tags", in: sts.FederationTokenInput{Tags: map[string]string{"floor": "2"}}, want: "allowed"},
		{name: "no sts:TagSession", own: []string{allow("sts:GetFederationToken", "*")}, in: sts.FederationTokenInput{Tags: map[string]string{"floor": "2"}},
			want: refusedToken + "sts:TagSession on " + guest + ": the caller's side refuses: ImplicitlyDenied: no identity-based policy allows it"},
		{name: "root user", caller: func(t *testing.T, s *sts.STS) sts.Caller { return callerOf(t, s, root) }, want: "allowed"},
		{name: "role session", caller: func(t *testing.T, s *sts.STS) sts.Caller { return assume(t, s, sts.AssumeRoleInput{}) },
			want: "sts: GetFederationToken: arn:aws:sts::111122223333:assumed-role/deploy/nightly may not sts:GetFederationToken on " + guest + ": AWS STS refuses: ImplicitlyDenied by a rule of the service: IAM User Guide: Compare AWS STS credentials"},
		{name: "session of GetSessionToken", caller: func(t *testing.T, s *sts.STS) sts.Caller {
			session, err := s.GetSessionToken(callerOf(t, s, wren), sts.SessionTokenInput{SerialNumber: device})
			if err != nil {
				t.Fatal(err)
			}
			return session
		}, want: may + ": AWS STS refuses: ImplicitlyDenied by a rule of the service: IAM User Guide: Compare AWS STS credentials (GetSessionToken)"},
		{name: "service", caller: func(t *testing.T, s *sts.STS) sts.Caller { return callerOf(t, s, lambda) }, want: "sts: GetFederationToken: caller: a service principal cannot call it"},
		{name: "name of 33", in: sts.FederationTokenInput{Name: strings.Repeat("a", 33)}, want: "sts: GetFederationToken: Name: it has 33 characters; from 2 to 32 are taken"},
		{name: "name out of its alphabet", in: sts.FederationTokenInput{Name: "a b"}, want: `sts: GetFederationToken: Name: "a b" has a character that is no letter, digit or one of _+=,.@-`},
		{name: "36 hours", in: sts.FederationTokenInput{DurationSeconds: 129600}, want: "allowed"},
		{name: "over 36 hours", in: sts.FederationTokenInput{DurationSeconds: 129601}, want: "sts: GetFederationToken: DurationSeconds: 129601 seconds are not between 900 and 129600, 36 hours"},
		{name: "session policy with errors", in: sts.FederationTokenInput{Policy: "{}"}, want: "sts: GetFederationToken: Policy: the session policy has errors: 1:1: the document has no Statement: add one, if only an empty array (MISSING_STATEMENT)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld()
			if test.own != nil {
				w.home.Users[0].Inline = inline(test.own...)
			}
			s := w.build(t)
			caller := callerOf(t, s, wren)
			if test.caller != nil {
				caller = test.caller(t, s)
			}
			in := test.in
			if in.Name == "" {
				in.Name = "guest"
			}
			session, err := s.GetFederationToken(caller, in)
			sameText(t, err, test.want)
			if (session == nil) != (err != nil) {
				t.Errorf("the session is %v", session)
			}
		})
	}
}

const refusedToken = "sts: GetFederationToken: arn:aws:iam::111122223333:user/staff/wren may not "

// A federated user may do what both the user and the session policies allow, and
// nothing of IAM and AWS STS.
func TestFederatedUser(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.home.Users[0].Inline = inline(allow("sts:*", "*"), allow("s3:*", "*"), allow("iam:*", "*"))
	w.resources = []principal.ResourceDetail{{ARN: "arn:aws:sqs:eu-west-1:111122223333:lobby", Document: statements(
		`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:sts::111122223333:federated-user/guest"}, "Action": "sqs:SendMessage", "Resource": "*"}`)}}
	s := w.build(t)
	user := callerOf(t, s, wren)
	narrow, err := s.GetFederationToken(user, sts.FederationTokenInput{Name: "guest", Policy: statements(allow("s3:Get*", "*"), allow("iam:*", "*"), allow("sts:*", "*"), allow("sqs:*", "*")),
		Tags: map[string]string{"Team": "visitors"}})
	if err != nil {
		t.Fatal(err)
	}
	bare, err := s.GetFederationToken(user, sts.FederationTokenInput{Name: "guest"})
	if err != nil {
		t.Fatal(err)
	}
	byRoot, err := s.GetFederationToken(callerOf(t, s, root), sts.FederationTokenInput{Name: "guest", DurationSeconds: 36 * 3600, Policy: statements(allow("sqs:*", "*"))})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name             string
		session          *sts.Session
		action, resource string
		want             string
	}{
		{"both allow", narrow, "s3:GetObject", report, "Allowed by an identity-based policy: statement 2 (1:98) of inline policy own of user wren"},
		{"the user alone", narrow, "s3:PutObject", report, "ImplicitlyDenied: no session policy allows it"},
		{"the session policy alone", narrow, "sqs:SendMessage", message, "ImplicitlyDenied: no identity-based policy allows it"},
		{"iam", narrow, "iam:GetUser", wren, "ImplicitlyDenied by a rule of the service: IAM User Guide: Compare AWS STS credentials (GetFederationToken)"},
		{"sts", narrow, "sts:GetAccessKeyInfo", "*", "ImplicitlyDenied by a rule of the service: IAM User Guide: Compare AWS STS credentials (GetFederationToken)"},
		{"sts:GetCallerIdentity", narrow, "sts:GetCallerIdentity", "*", "Allowed by a rule of the service: AWS STS API Reference: GetCallerIdentity (no permissions are required)"},
		{"no session policy", bare, "s3:GetObject", report, "ImplicitlyDenied: no session policy allows it"},
		{"made by the root user", byRoot, "sqs:SendMessage", message, "Allowed by an identity-based policy: statement 1 (1:38) of policy of what the root user may do attached to arn:aws:iam::111122223333:root"},
		{"made by the root user, not in the session policy", byRoot, "s3:GetObject", report, "ImplicitlyDenied: no session policy allows it"},
	} {
		got := may(t, test.session.Evaluator(), test.action, test.resource, home, nil).String()
		if got != test.want {
			t.Errorf("%s: got\n\t%s\nwant\n\t%s", test.name, got, test.want)
		}
	}
	// The queue names the session itself.
	request, err := evaluate.NewRequest("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:lobby", "")
	if err != nil {
		t.Fatal(err)
	}
	if request.Resource, err = s.Snapshot().Resource("arn:aws:sqs:eu-west-1:111122223333:lobby", ""); err != nil {
		t.Fatal(err)
	}
	if got := bare.Evaluator().Evaluate(request); !got.Allowed() {
		t.Error(got)
	}
	for key, want := range map[string]string{
		"aws:PrincipalArn": "arn:aws:sts::111122223333:federated-user/guest", "aws:userid": "111122223333:guest", "aws:username": "absent", "aws:PrincipalType": "FederatedUser",
		"aws:PrincipalTag/team": "visitors", "aws:TokenIssueTime": "2026-11-24T09:00:00Z", "aws:MultiFactorAuthPresent": "absent", "aws:MultiFactorAuthAge": "absent",
	} {
		if got := fact(narrow, key); got != want {
			t.Errorf("%s is %s, want %s", key, got, want)
		}
	}
	if !narrow.Expiration.Equal(moment.Add(12*time.Hour)) || !byRoot.Expiration.Equal(moment.Add(time.Hour)) {
		t.Errorf("they end at %v and %v", narrow.Expiration, byRoot.Expiration)
	}
	if id := byRoot.Principal.Identity; id.IssuerARN != root || id.IssuerName != "" {
		t.Errorf("the issuer is %q, %q", id.IssuerARN, id.IssuerName)
	}
}

func TestGetSessionToken(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.home.Users[0].Inline = inline(allow("iam:*", "*"), allow("sts:*", "*"), allow("s3:*", "*"), `{"Effect": "Deny", "Action": "sts:GetSessionToken", "Resource": "*"}`)
	s := w.build(t)
	token := func(caller string, in sts.SessionTokenInput) *sts.Session {
		t.Helper()
		session, err := s.GetSessionToken(callerOf(t, s, caller), in)
		if err != nil {
			t.Fatal(err)
		}
		return session
	}
	bare, proved := token(wren, sts.SessionTokenInput{}), token(wren, sts.SessionTokenInput{SerialNumber: device})
	rooted := token(root, sts.SessionTokenInput{DurationSeconds: 7200})
	const rule = "ImplicitlyDenied by a rule of the service: IAM User Guide: Compare AWS STS credentials (GetSessionToken)"
	for _, test := range []struct {
		name             string
		session          *sts.Session
		action, resource string
		want             string
	}{
		{"iam without MFA", bare, "iam:GetUser", wren, rule},
		{"IAM without MFA", bare, "IAM:GetUser", wren, rule},
		{"iam with MFA", proved, "iam:GetUser", wren, "Allowed"},
		{"s3", bare, "s3:GetObject", report, "Allowed"},
		{"sts:GetCallerIdentity", bare, "sts:GetCallerIdentity", "*", "Allowed"},
		{"sts:GetSessionToken", proved, "sts:GetSessionToken", "*", "ExplicitlyDenied"},
		{"sts:GetFederationToken", proved, "sts:GetFederationToken", "arn:aws:sts::111122223333:federated-user/guest", rule},
		{"sts:GetAccessKeyInfo", proved, "STS:GetAccessKeyInfo", "*", rule},
		{"root, iam without MFA", rooted, "iam:GetUser", wren, rule},
		{"root, s3", rooted, "s3:GetObject", report, "Allowed"},
		{"root, sts:GetSessionToken", rooted, "sts:GetSessionToken", "*", rule},
	} {
		got := may(t, test.session.Evaluator(), test.action, test.resource, home, nil)
		if !strings.HasPrefix(got.String(), test.want) {
			t.Errorf("%s: got\n\t%s\nwant\n\t%s", test.name, got, test.want)
		}
		if got.Outcome == evaluate.Allowed && test.want != "Allowed" {
			t.Errorf("%s is allowed", test.name)
		}
	}
	if !bare.Expiration.Equal(moment.Add(12*time.Hour)) || !rooted.Expiration.Equal(moment.Add(time.Hour)) {
		t.Errorf("they end at %v and %v", bare.Expiration, rooted.Expiration)
	}
	if got := fact(rooted, "aws:userid"); got != home {
		t.Errorf("aws:userid is %s", got)
	}
	// Nothing is needed, and an explicit deny does not count.
	if got := bare.Steps[0].String(); got != "sts:GetSessionToken: Allowed by a rule of the service: IAM User Guide: Permissions for GetSessionToken" {
		t.Error(got)
	}

	for _, test := range []struct {
		name   string
		caller sts.Caller
		in     sts.SessionTokenInput
		want   string
	}{
		{"role session", assume(t, s, sts.AssumeRoleInput{}), sts.SessionTokenInput{},
			"sts: GetSessionToken: arn:aws:sts::111122223333:assumed-role/deploy/nightly may not sts:GetSessionToken on *: AWS STS refuses: ImplicitlyDenied by a rule of the service: AWS STS API Reference: GetSessionToken (long-term credentials only)"},
		{"session token", rooted, sts.SessionTokenInput{}, "sts: GetSessionToken: " + root + " may not sts:GetSessionToken on *: AWS STS refuses: " + rule},
		{"service", callerOf(t, s, lambda), sts.SessionTokenInput{}, "sts: GetSessionToken: caller: a service principal cannot call it"},
		{"899 seconds", callerOf(t, s, wren), sts.SessionTokenInput{DurationSeconds: 899}, "sts: GetSessionToken: DurationSeconds: 899 seconds are not between 900 and 129600, 36 hours"},
		{"nobody", nil, sts.SessionTokenInput{}, "sts: GetSessionToken: caller: nobody has signed the call"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := s.GetSessionToken(test.caller, test.in)
			sameText(t, err, test.want)
		})
	}
}

// A service takes on the role that was passed to it.
func TestAssumeServiceRole(t *testing.T) {
	t.Parallel()
	const function = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
	w := newWorld()
	w.role("deploy").Trust = statements(trust(service(lambda), `{"StringEquals": {"aws:SourceAccount": "111122223333"}, "ArnLike": {"aws:SourceArn": "arn:aws:lambda:*:*:function:orders"}}`, "sts:AssumeRole"))
	w.role("audit").Trust = statements(trust(service("ec2.amazonaws.com"), "", "sts:AssumeRole"))
	s := w.build(t)
	session, err := s.LambdaFunction(deploy, function, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := session.Principal.Identity.ARN; got != "arn:aws:sts::111122223333:assumed-role/deploy/orders" {
		t.Error(got)
	}
	for key, want := range map[string]string{
		"lambda:SourceFunctionArn": function, "aws:PrincipalArn": deploy, "aws:userid": "AROADEPLOY:orders", "aws:PrincipalIsAWSService": "false",
		"ec2:SourceInstanceArn": "absent", "aws:FederatedProvider": "absent", "saml:sub": "absent", "graph.facebook.com:id": "absent",
	} {
		if got := fact(session, key); got != want {
			t.Errorf("%s is %s, want %s", key, got, want)
		}
	}
	if got := session.Steps[0].Caller; got != lambda {
		t.Error(got)
	}
	if got := may(t, session.Evaluator(), "sqs:SendMessage", message, home, nil); !got.Allowed() {
		t.Error(got)
	}
	if got := may(t, session.Evaluator(), "ec2:RunInstances", "*", home, nil); got.Allowed() {
		t.Error(got)
	}
	for _, qualified := range []string{function + ":7", function + ":live"} {
		again, err := s.LambdaFunction(deploy, qualified, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := fact(again, "lambda:SourceFunctionArn"); got != function || again.Principal.Identity != session.Principal.Identity {
			t.Errorf("%s acts as %v with %s", qualified, again.Principal.Identity, got)
		}
	}
	keys := new(condition.Context)
	keys.Set("ec2:SourceInstanceArn", condition.String("arn:aws:ec2:eu-west-1:111122223333:instance/i-1"))
	instance, err := s.AssumeServiceRole(sts.ServiceRoleInput{Service: "ec2.amazonaws.com", RoleARN: audit, RoleSessionName: "i-1", SessionKeys: keys, DurationSeconds: 6 * 3600})
	if err != nil {
		t.Fatal(err)
	}
	if got := fact(instance, "ec2:SourceInstanceArn"); got != "arn:aws:ec2:eu-west-1:111122223333:instance/i-1" {
		t.Error(got)
	}
	stolen := new(condition.Context)
	stolen.Set("aws:PrincipalArn", condition.String(root))
	forged := new(condition.Context)
	forged.Set("AWS:SourceIdentity", condition.String("wren"))
	for _, test := range []struct {
		name string
		in   sts.ServiceRoleInput
		want string
	}{
		{"a service that is not trusted", sts.ServiceRoleInput{Service: "ecs-tasks.amazonaws.com", RoleARN: deploy, RoleSessionName: "task"},
			"sts: AssumeRole: ecs-tasks.amazonaws.com may not sts:AssumeRole on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it"},
		{"another function", sts.ServiceRoleInput{Service: lambda, RoleARN: deploy, RoleSessionName: "other", SourceARN: function + "2", SourceAccount: home},
			"sts: AssumeRole: lambda.amazonaws.com may not sts:AssumeRole on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it"},
		{"another account", sts.ServiceRoleInput{Service: lambda, RoleARN: deploy, RoleSessionName: "orders", SourceARN: function, SourceAccount: partner},
			"sts: AssumeRole: lambda.amazonaws.com may not sts:AssumeRole on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it"},
		{"no service", sts.ServiceRoleInput{Service: wren, RoleARN: deploy, RoleSessionName: "orders"},
			`sts: AssumeRole: Service: "` + wren + `" is not the name of a service, such as lambda.amazonaws.com`},
		{"keys of the principal", sts.ServiceRoleInput{Service: "ec2.amazonaws.com", RoleARN: audit, RoleSessionName: "i-1", SessionKeys: stolen},
			`sts: AssumeRole: SessionKeys: the condition key "aws:PrincipalArn" does not follow from a session`},
		{"keys of AWS STS", sts.ServiceRoleInput{Service: "ec2.amazonaws.com", RoleARN: audit, RoleSessionName: "i-1", SessionKeys: forged},
			`principal: session "i-1" of "` + audit + `": the condition key "AWS:SourceIdentity" is stated by a field of its own`},
		{"no ARN, no account", sts.ServiceRoleInput{Service: lambda, RoleARN: deploy, RoleSessionName: "orders", SourceARN: "orders", SourceAccount: "1"},
			"sts: AssumeRole: SourceArn: the resource is named by its ARN: arn: \"orders\" does not begin with \"arn:\"\nsts: AssumeRole: SourceAccount: \"1\" is no account id"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := s.AssumeServiceRole(test.in)
			sameText(t, err, test.want)
		})
	}
	_, err = s.LambdaFunction(deploy, "arn:aws:lambda:eu-west-1:444455556666:function:orders", nil)
	sameText(t, err, `sts: AssumeRole: FunctionArn: the function is of account "444455556666", and its execution role must be so too`)
	_, err = s.LambdaFunction(deploy, "arn:aws-cn:lambda:cn-north-1:111122223333:function:orders", nil)
	sameText(t, err, `sts: AssumeRole: FunctionArn: the function is of account "111122223333", and its execution role must be so too`)
	for _, wrong := range []string{"orders", message, "arn:aws:lambda:eu-west-1:111122223333:layer:x", function + ":live:7", function + ":"} {
		_, err = s.LambdaFunction(deploy, wrong, nil)
		sameText(t, err, `sts: AssumeRole: FunctionArn: "`+wrong+`" is not the ARN of a Lambda function`)
	}
}

// Session policies narrow what a session may do, and never widen it.
func TestSessionPolicies(t *testing.T) {
	t.Parallel()
	s := newWorld().build(t)
	for _, test := range []struct {
		name string
		in   sts.AssumeRoleInput
		want []bool // s3:GetObject, s3:PutObject, sqs:SendMessage
	}{
		{"none", sts.AssumeRoleInput{}, []bool{true, false, true}},
		{"inline", sts.AssumeRoleInput{Policy: statements(allow("s3:*", "*"))}, []bool{true, false, false}},
		{"managed", sts.AssumeRoleInput{PolicyARNs: []string{"arn:aws:iam::111122223333:policy/QueueOnly"}}, []bool{false, false, true}},
		{"managed by AWS", sts.AssumeRoleInput{PolicyARNs: []string{"arn:aws:iam::aws:policy/AmazonS3FullAccess"}}, []bool{true, false, false}},
		{"both", sts.AssumeRoleInput{Policy: statements(allow("s3:*", "*")), PolicyARNs: []string{"arn:aws:iam::111122223333:policy/QueueOnly"}}, []bool{true, false, true}},
		{"deny", sts.AssumeRoleInput{Policy: statements(allow("*", "*"), `{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}`)}, []bool{false, false, true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for range 2 { // the second time out of the cache
				session := assume(t, s, test.in)
				got := []bool{
					may(t, session.Evaluator(), "s3:GetObject", report, home, nil).Allowed(),
					may(t, session.Evaluator(), "s3:PutObject", report, home, nil).Allowed(),
					may(t, session.Evaluator(), "sqs:SendMessage", message, home, nil).Allowed(),
				}
				if !slices.Equal(got, test.want) {
					t.Errorf("%v, want %v", got, test.want)
				}
			}
		})
	}
}

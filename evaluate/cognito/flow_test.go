package cognito_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/cognito"
	"github.com/portcullis-iam/portcullis/evaluate/sts"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/policy/managed"
	"github.com/portcullis-iam/portcullis/principal"
)

// trust is a trust policy for identities of the pool, with one more condition
// on amr.
func trust(actions, amr string) string {
	return `{"Version": "2012-10-17", "Statement": [{"Sid": "Pool", "Effect": "Allow", "Principal": {"Federated": "cognito-identity.amazonaws.com"},
		"Action": [` + actions + `], "Condition": {"StringEquals": {"cognito-identity.amazonaws.com:aud": "` + poolID + `"},
		"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "` + amr + `"}}}]}`
}

const (
	assume    = `"sts:AssumeRoleWithWebIdentity"`
	assumeTag = assume + `, "sts:TagSession"`
)

// security is an STS over an account with roles for the pool, and another
// account.
func security(t testing.TB) *sts.STS {
	t.Helper()
	everything := []principal.NamedDocument{{Name: "all", Document: `{"Statement": {"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}}`}}
	own := []principal.NamedDocument{{Name: "own", Document: `{"Version": "2012-10-17", "Statement": [
		{"Sid": "Own", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::files/${cognito-identity.amazonaws.com:sub}/*"},
		{"Sid": "Team", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::teams/${aws:PrincipalTag/team}/*"},
		{"Sid": "Rows", "Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*",
			"Condition": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "${cognito-identity.amazonaws.com:sub}"}}}]}`}}
	b := principal.NewBuilder()
	b.AddAccount(principal.AccountDetails{AccountID: account, Roles: []principal.RoleDetail{
		{Name: "signed-in", ID: "AROASIGNEDIN", Trust: trust(assumeTag, "authenticated"), Inline: own},
		{Name: "untagged", Trust: trust(assume, "authenticated"), Inline: own},
		{Name: "guest", Trust: trust(assume, "unauthenticated"), Inline: everything},
		{Name: "google", Trust: trust(assume, "accounts.google.com"), Inline: own},
		{Name: "elsewhere", Trust: strings.Replace(trust(assume, "authenticated"), poolID, "eu-west-1:other", 1), Inline: own},
		{Name: "saml-action", Trust: trust(`"sts:AssumeRoleWithSAML"`, "authenticated"), Inline: own},
	}})
	b.AddAccount(principal.AccountDetails{AccountID: "444455556666", Roles: []principal.RoleDetail{
		{Name: "checked", Trust: trust(assume, "*"), Inline: everything},
		{Name: "open", Trust: `{"Statement": {"Effect": "Allow", "Principal": {"Federated": "cognito-identity.amazonaws.com"}, "Action": "sts:AssumeRoleWithWebIdentity",
			"Condition": {"StringEquals": {"sts:RoleSessionName": "birds"}}}}`, Inline: everything},
		{Name: "any-audience", Trust: strings.Replace(trust(assume, "*"), `"StringEquals": {"cognito-identity.amazonaws.com:aud": "`+poolID+`"}`,
			`"StringLike": {"cognito-identity.amazonaws.com:aud": "*"}`, 1), Inline: everything},
	}})
	directory, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return sts.New(evaluate.NewSnapshot(directory)).WithClock(func() time.Time { return time.Unix(1_800_000_000, 0) })
}

// may decides what a session may do, on a resource of the account.
func may(t testing.TB, session *sts.Session, action, resource string) evaluate.Decision {
	t.Helper()
	r, err := evaluate.NewRequest(action, resource, account)
	if err != nil {
		t.Fatal(err)
	}
	return session.Evaluator().Evaluate(r)
}

func TestEnhancedFlow(t *testing.T) {
	pool := newPool()
	pool.PrincipalTags = map[string]cognito.TagMapping{userPool: {Tags: map[string]string{"team": "custom:team", "level": "level", "none": "custom:none"}}}
	got, err := pool.GetCredentialsForIdentity(security(t), cognito.CredentialsInput{IdentityID: guestID, Login: login("custom:team", "birds", "level", 7.0)})
	if err != nil {
		t.Fatal(err)
	}
	if got.Choice.RoleARN != roles+"signed-in" || got.ScopedDown || len(got.Session.Principal.SessionPolicies) != 0 {
		t.Errorf("%+v", got)
	}
	if who := got.Session.Principal.Identity; who.ARN != "arn:aws:sts::111122223333:assumed-role/signed-in/CognitoIdentityCredentials" || who.IssuerARN != roles+"signed-in" {
		t.Errorf("%+v", who)
	}
	var steps []string
	for _, step := range got.Session.Steps {
		steps = append(steps, step.Action)
		if !step.Allowed() || step.Caller != "cognito-identity.amazonaws.com" || step.Resource != roles+"signed-in" {
			t.Errorf("%+v", step)
		}
	}
	if !slices.Equal(steps, []string{"sts:AssumeRoleWithWebIdentity", "sts:TagSession"}) {
		t.Errorf("steps %v", steps)
	}
	if got.Session.Expiration.Sub(got.Session.IssuedAt) != time.Hour {
		t.Errorf("from %v to %v", got.Session.IssuedAt, got.Session.Expiration)
	}
	for key, want := range map[string]string{
		"cognito-identity.amazonaws.com:aud": poolID, "cognito-identity.amazonaws.com:sub": guestID,
		"cognito-identity.amazonaws.com:amr": "[authenticated " + userPool + "]",
		"aws:PrincipalTag/team":              "birds", "aws:PrincipalTag/level": "7", "aws:userid": "AROASIGNEDIN:CognitoIdentityCredentials",
	} {
		value, ok := got.Session.Evaluator().Principal().Facts.Lookup(key)
		if !ok || value.String() != want {
			t.Errorf("%s is %v, %v; want %s", key, value, ok, want)
		}
	}
	if _, ok := got.Session.Tags["none"]; ok || len(got.Session.Tags) != 2 {
		t.Errorf("tags %v", got.Session.Tags)
	}
	for resource, want := range map[string]bool{
		"arn:aws:s3:::files/" + guestID + "/a": true, "arn:aws:s3:::files/" + poolID + "/a": false,
		"arn:aws:s3:::teams/birds/a": true, "arn:aws:s3:::teams/fish/a": false,
	} {
		if d := may(t, got.Session, "s3:GetObject", resource); d.Allowed() != want {
			t.Errorf("%s: %v", resource, d)
		}
	}
	for leading, want := range map[string]bool{guestID: true, poolID: false} {
		r, err := evaluate.NewRequest("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/scores", "")
		if err != nil {
			t.Fatal(err)
		}
		r.Context.Set("dynamodb:LeadingKeys", condition.List(leading))
		r.Context.Set("cognito-identity.amazonaws.com:sub", condition.String(leading)) // not for the caller to say
		if d := got.Session.Evaluator().Evaluate(r); d.Allowed() != want {
			t.Errorf("rows of %s: %v", leading, d)
		}
	}
}

func TestFlowRefusals(t *testing.T) {
	tags := map[string]cognito.TagMapping{userPool: {Tags: map[string]string{"team": "custom:team"}}}
	for _, one := range []struct {
		name   string
		change func(p *cognito.Pool)
		in     cognito.CredentialsInput
		reason cognito.Reason
		step   string // the one that is refused, "" for none
		text   string
	}{
		{"no role", func(p *cognito.Pool) { p.AllowUnauthenticated = false }, cognito.CredentialsInput{IdentityID: guestID}, cognito.GuestsNotAllowed, "",
			"cognito: GetCredentialsForIdentity: no role: the pool does not let guests in"},
		{"custom role", nil, cognito.CredentialsInput{IdentityID: guestID, Login: login(), CustomRoleARN: roles + "guest"}, cognito.CustomRoleWithoutMapping, "", ""},
		{"role of another account", func(p *cognito.Pool) { p.AuthenticatedRole = "arn:aws:iam::444455556666:role/checked" },
			cognito.CredentialsInput{IdentityID: guestID, Login: login()}, cognito.RoleOfAnotherAccount, "", ""},
		{"no identity", nil, cognito.CredentialsInput{Login: login()}, cognito.NotAnIdentity, "", ""},
		{"identity of another Region", nil, cognito.CredentialsInput{IdentityID: "us-east-1:0a1b", Login: login()}, cognito.NotAnIdentity, "", ""},
		{"guest for the role of users", func(p *cognito.Pool) { p.UnauthenticatedRole = roles + "signed-in" },
			cognito.CredentialsInput{IdentityID: guestID}, cognito.DefaultUnauthenticatedRole, "sts:AssumeRoleWithWebIdentity", "no role trust policy allows it"},
		{"user for the role of guests", func(p *cognito.Pool) { p.AuthenticatedRole = roles + "guest" },
			cognito.CredentialsInput{IdentityID: guestID, Login: login()}, cognito.DefaultAuthenticatedRole, "sts:AssumeRoleWithWebIdentity", "no role trust policy allows it"},
		{"another provider than the role trusts", func(p *cognito.Pool) { p.AuthenticatedRole = roles + "google" },
			cognito.CredentialsInput{IdentityID: guestID, Login: login()}, cognito.DefaultAuthenticatedRole, "sts:AssumeRoleWithWebIdentity", ""},
		{"role of another pool", func(p *cognito.Pool) { p.AuthenticatedRole = roles + "elsewhere" },
			cognito.CredentialsInput{IdentityID: guestID, Login: login()}, cognito.DefaultAuthenticatedRole, "sts:AssumeRoleWithWebIdentity", ""},
		{"trust with the SAML action", func(p *cognito.Pool) { p.AuthenticatedRole = roles + "saml-action" },
			cognito.CredentialsInput{IdentityID: guestID, Login: login()}, cognito.DefaultAuthenticatedRole, "sts:AssumeRoleWithWebIdentity", ""},
		{"tags without sts:TagSession", func(p *cognito.Pool) { p.AuthenticatedRole, p.PrincipalTags = roles+"untagged", tags },
			cognito.CredentialsInput{IdentityID: guestID, Login: login("custom:team", "birds")}, cognito.DefaultAuthenticatedRole, "sts:TagSession", ""},
	} {
		t.Run(one.name, func(t *testing.T) {
			pool := newPool()
			if one.change != nil {
				one.change(pool)
			}
			got, err := pool.GetCredentialsForIdentity(security(t), one.in)
			var refused *cognito.RefusedError
			if got != nil || !errors.As(err, &refused) || refused.Choice.Reason != one.reason || !strings.Contains(err.Error(), one.text) {
				t.Fatalf("%+v, %v", got, err)
			}
			var below *sts.RefusedError
			if errors.As(err, &below) != (one.step != "") {
				t.Fatalf("%v", err)
			}
			if one.step != "" && (len(below.Refused()) != 1 || below.Refused()[0].Action != one.step || below.Refused()[0].Side() != sts.RoleSide) {
				t.Errorf("%v", err)
			}
		})
	}

	// Without the claim there is no tag, and no permission to set one is needed.
	pool := newPool()
	pool.AuthenticatedRole, pool.PrincipalTags = roles+"untagged", tags
	if _, err := pool.GetCredentialsForIdentity(security(t), cognito.CredentialsInput{IdentityID: guestID, Login: login()}); err != nil {
		t.Error(err)
	}
	var unknown *principal.NotFoundError
	pool.AuthenticatedRole = roles + "gone"
	if _, err := pool.GetCredentialsForIdentity(security(t), cognito.CredentialsInput{IdentityID: guestID, Login: login()}); !errors.As(err, &unknown) {
		t.Errorf("a role that is not there: %v", err)
	}
	// Tags that are none are an error, whatever the trust policy says.
	pool = newPool()
	pool.PrincipalTags = tags
	var refused *cognito.RefusedError
	if _, err := pool.GetCredentialsForIdentity(security(t), cognito.CredentialsInput{IdentityID: guestID, Login: login("custom:team", strings.Repeat("x", 300))}); !errors.As(err, &refused) || refused.Err == nil {
		t.Errorf("a tag of 300 characters: %v", err)
	}
}

func TestDefaultTags(t *testing.T) {
	saml := "arn:aws:iam::111122223333:saml-provider/corp"
	for _, one := range []struct {
		login *cognito.Login
		want  map[string]string
	}{
		{login(), map[string]string{"client": client, "username": "57e7b692"}},
		{&cognito.Login{Provider: saml, Claims: map[string]any{
			"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier": "auth0-1", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name": "wren"}},
			map[string]string{"client": "auth0-1", "username": "wren"}},
		{&cognito.Login{Provider: "www.amazon.com", Claims: map[string]any{"aud": "app", "user_id": "amzn1", "sub": "x"}}, map[string]string{"client": "app", "username": "amzn1"}},
	} {
		pool := newPool()
		pool.Providers = append(pool.Providers, cognito.Provider{Name: "www.amazon.com", ClientIDs: []string{"app"}})
		pool.PrincipalTags = map[string]cognito.TagMapping{one.login.Provider: {UseDefaults: true, Tags: map[string]string{"team": "sub"}}}
		got, err := pool.GetOpenIDToken(guestID, one.login)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Tags) != len(one.want) || got.Tags["client"] != one.want["client"] || got.Tags["username"] != one.want["username"] {
			t.Errorf("%s: %v", one.login.Provider, got.Tags)
		}
	}
}

func TestGuestsAreScopedDown(t *testing.T) {
	credentials, err := newPool().GetCredentialsForIdentity(security(t), cognito.CredentialsInput{IdentityID: guestID})
	if err != nil {
		t.Fatal(err)
	}
	if !credentials.ScopedDown || credentials.Choice.Reason != cognito.DefaultUnauthenticatedRole {
		t.Errorf("%+v", credentials)
	}
	if amr, _ := credentials.Session.Evaluator().Principal().Facts.Lookup("cognito-identity.amazonaws.com:amr"); amr.String() != "[unauthenticated]" {
		t.Errorf("amr is %v", amr)
	}
	// The role allows everything: what is denied is denied by the scope-down.
	for action, want := range map[string]bool{
		// One of each service that the guide lists.
		"firehose:PutRecord": true, "kinesisanalytics:DescribeApplication": true, "sqs:SendMessage": true, "sumerian:ViewRelease": true,
		"mobileanalytics:PutEvents": true, "ses:SendEmail": true, "lambda:InvokeFunction": true, "kms:Encrypt": true, "kms:Decrypt": true,
		"kms:ReEncryptFrom": true, "kms:ReEncryptTo": true, "kms:GenerateDataKey": true, "dynamodb:GetItem": true, "sdb:Select": true, "appsync:GraphQL": true,
		"geo:SearchPlaceIndexForText": true, "sns:Publish": true, "gamelift:CreateGameSession": true, "iot:Connect": true, "codewhisperer:GenerateRecommendations": true,
		"comprehend:DetectSentiment": true, "lex:PostText": true, "machinelearning:Predict": true, "personalize:GetRecommendations": true, "polly:SynthesizeSpeech": true,
		"rekognition:DetectLabels": true, "sagemaker:InvokeEndpoint": true, "textract:DetectDocumentText": true, "textract:AnalyzeDocument": true,
		"transcribe:StartStreamTranscription": true, "translate:TranslateText": true, "cloudwatch:PutMetricData": true, "logs:PutLogEvents": true,
		"execute-api:Invoke": true, "cognito-identity:GetId": true, "cognito-idp:ListUsers": true, "cognito-sync:ListRecords": true, "s3:GetObject": true,
		"rum:PutRumEvents": true, // the managed policy
		// Other actions of services of which the guide lists some, and other services.
		"sumerian:Login": false, "kms:CreateKey": false, "kms:GenerateDataKeyWithoutPlaintext": false, "kms:ScheduleKeyDeletion": false, "sagemaker:CreateEndpoint": false,
		"textract:StartDocumentAnalysis": false, "rum:GetAppMonitor": false, "ec2:RunInstances": false, "iam:CreateUser": false, "sts:AssumeRole": false,
		"kinesis:PutRecord": false, "secretsmanager:GetSecretValue": false, "apigateway:GET": false, "rds-db:connect": false, "sesv2:SendEmail": false,
	} {
		d := may(t, credentials.Session, action, "*")
		if d.Allowed() != want {
			t.Errorf("%s: %v", action, d)
		}
		if !want && d.Layer != evaluate.SessionPolicy && action != "sts:AssumeRole" {
			t.Errorf("%s is denied by %v", action, d)
		}
	}

	// In the basic flow nothing but the role limits a guest.
	classic, err := newPool().AssumeRoleWithClassicFlow(security(t), cognito.ClassicInput{IdentityID: guestID, RoleARN: roles + "guest", RoleSessionName: "app"})
	if err != nil {
		t.Fatal(err)
	}
	if d := may(t, classic.Session, "ec2:RunInstances", "*"); classic.ScopedDown || !d.Allowed() {
		t.Errorf("%v", d)
	}
}

// What a resource-based policy of the account gives: to the role it is limited
// by the scope-down, to everybody and to the session itself it is not
// (SEMANTICS 5.3). Across accounts the scope-down always limits.
func TestGuestsAndResourcePolicies(t *testing.T) {
	const session = "arn:aws:sts::111122223333:assumed-role/guest/CognitoIdentityCredentials"
	for _, one := range []struct {
		principal, owner string
		want             bool
	}{
		{`{"AWS": "` + roles + `guest"}`, account, false}, {`{"AWS": "111122223333"}`, account, false},
		{`"*"`, account, true}, {`{"AWS": "` + session + `"}`, account, true}, {`{"Federated": "cognito-identity.amazonaws.com"}`, account, false},
		{`"*"`, "444455556666", false}, {`{"AWS": "` + session + `"}`, "444455556666", false},
	} {
		secret := "arn:aws:secretsmanager:eu-west-1:" + one.owner + ":secret:eggs"
		b := principal.NewBuilder()
		b.AddAccount(principal.AccountDetails{AccountID: account, Roles: []principal.RoleDetail{{Name: "guest", Trust: trust(assume, "unauthenticated"),
			Inline: []principal.NamedDocument{{Name: "all", Document: `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`}}}}})
		b.AddResource(principal.ResourceDetail{ARN: secret, Document: `{"Statement": {"Effect": "Allow", "Principal": ` + one.principal + `, "Action": "secretsmanager:*", "Resource": "*"}}`})
		directory, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		security := sts.New(evaluate.NewSnapshot(directory))
		guest, err := newPool().GetCredentialsForIdentity(security, cognito.CredentialsInput{IdentityID: guestID})
		if err != nil {
			t.Fatal(err)
		}
		r, err := evaluate.NewRequest("secretsmanager:GetSecretValue", secret, "")
		if err != nil {
			t.Fatal(err)
		}
		if r.Resource, err = security.Snapshot().Resource(secret, ""); err != nil {
			t.Fatal(err)
		}
		if got := guest.Session.Evaluator().Evaluate(r); got.Allowed() != one.want {
			t.Errorf("%s on a secret of %s: %v", one.principal, one.owner, got)
		}
	}
}

// In other partitions the managed policy is not known; what it allows stands in
// the inline policy there.
func TestGuestsInAnotherPartition(t *testing.T) {
	b := principal.NewBuilder()
	b.AddAccount(principal.AccountDetails{AccountID: account, Partition: "aws-cn", Roles: []principal.RoleDetail{{Name: "guest", Trust: trust(assume, "unauthenticated"),
		Inline: []principal.NamedDocument{{Name: "all", Document: `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`}}}}})
	directory, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	pool := newPool()
	pool.Partition, pool.UnauthenticatedRole = "aws-cn", "arn:aws-cn:iam::111122223333:role/guest"
	got, err := pool.GetCredentialsForIdentity(sts.New(evaluate.NewSnapshot(directory)), cognito.CredentialsInput{IdentityID: guestID})
	if err != nil {
		t.Fatal(err)
	}
	for action, want := range map[string]bool{"rum:PutRumEvents": true, "dynamodb:GetItem": true, "ec2:RunInstances": false} {
		if d := may(t, got.Session, action, "*"); d.Allowed() != want {
			t.Errorf("%s: %v", action, d)
		}
	}
}

func TestClassicFlow(t *testing.T) {
	const theirs = "arn:aws:iam::444455556666:role/"
	for _, one := range []struct {
		name   string
		change func(p *cognito.Pool)
		in     cognito.ClassicInput
		reason cognito.Reason
		ok     bool
	}{
		{"any role that trusts the pool", nil, cognito.ClassicInput{Login: login(), RoleARN: roles + "untagged"}, cognito.RoleOfApplication, true},
		{"a role that the mapping would not give", func(p *cognito.Pool) {
			p.RoleMappings = map[string]cognito.RoleMapping{userPool + ":" + client: {Type: cognito.TokenMapping, AmbiguousRoleResolution: cognito.DenyResolution}}
		}, cognito.ClassicInput{Login: login(), RoleARN: roles + "signed-in"}, cognito.RoleOfApplication, true},
		{"not allowed", func(p *cognito.Pool) { p.AllowClassicFlow = false }, cognito.ClassicInput{Login: login(), RoleARN: roles + "signed-in"}, cognito.ClassicFlowNotAllowed, false},
		{"guests not allowed", func(p *cognito.Pool) { p.AllowUnauthenticated = false }, cognito.ClassicInput{RoleARN: roles + "guest"}, cognito.GuestsNotAllowed, false},
		{"wrong audience", nil, cognito.ClassicInput{Login: login("aud", "other"), RoleARN: roles + "signed-in"}, cognito.WrongAudience, false},
		{"role of guests", nil, cognito.ClassicInput{Login: login(), RoleARN: roles + "guest"}, cognito.RoleOfApplication, false},
		{"role of another pool", nil, cognito.ClassicInput{Login: login(), RoleARN: roles + "elsewhere"}, cognito.RoleOfApplication, false},
		{"another account with audience", nil, cognito.ClassicInput{Login: login(), RoleARN: theirs + "checked"}, cognito.RoleOfApplication, true},
		{"another account, guest", nil, cognito.ClassicInput{RoleARN: theirs + "checked"}, cognito.RoleOfApplication, true},
		{"another account without audience", nil, cognito.ClassicInput{Login: login(), RoleARN: theirs + "open"}, cognito.AudienceNotChecked, false},
		{"another account with any audience", nil, cognito.ClassicInput{Login: login(), RoleARN: theirs + "any-audience"}, cognito.AudienceNotChecked, false},
		{"no role", nil, cognito.ClassicInput{Login: login(), RoleARN: "signed-in"}, cognito.RoleOfApplication, false},
	} {
		t.Run(one.name, func(t *testing.T) {
			pool := newPool()
			if one.change != nil {
				one.change(pool)
			}
			one.in.IdentityID, one.in.RoleSessionName = guestID, "birds"
			got, err := pool.AssumeRoleWithClassicFlow(security(t), one.in)
			if one.ok {
				if err != nil || got.Choice.Reason != one.reason || got.Session.Principal.Identity.Session != "birds" || got.Identity.Audience != poolID {
					t.Fatalf("%+v, %v", got, err)
				}
				return
			}
			var refused *cognito.RefusedError
			if got != nil || !errors.As(err, &refused) || refused.Choice.Reason != one.reason || err.Error() == "" {
				t.Fatalf("%+v, %v", got, err)
			}
		})
	}
	// What the application passes reaches AWS STS.
	got, err := newPool().AssumeRoleWithClassicFlow(security(t), cognito.ClassicInput{IdentityID: guestID, RoleARN: roles + "guest", RoleSessionName: "app", DurationSeconds: 900,
		Policy: `{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}`, PolicyARNs: []string{"arn:aws:iam::aws:policy/AmazonSQSFullAccess"}, Context: new(condition.Context)})
	if err != nil {
		t.Fatal(err)
	}
	if got.Session.Expiration.Sub(got.Session.IssuedAt) != 15*time.Minute || len(got.Session.Principal.SessionPolicies) != 2 {
		t.Errorf("%+v", got.Session)
	}
}

// What a guest may do, its role allows and the scope-down allows; nothing
// allows more.
func TestGuestProperty(t *testing.T) {
	entry, ok := managed.Lookup(cognito.GuestManagedPolicyARN)
	if !ok {
		t.Fatal("the managed policy is not there")
	}
	rum, err := entry.Policy(policy.IdentityBased)
	if err != nil {
		t.Fatal(err)
	}
	scope, err := policy.Load(policy.IdentityBased, []byte(cognito.GuestSessionPolicy))
	if err != nil {
		t.Fatal(err)
	}
	// only is a user who has nothing but the policies.
	only := func(t *rapid.T, policies ...*policy.Policy) *evaluate.Evaluator {
		identity, err := principal.Identify("arn:aws:iam::"+account+":user/probe", "")
		if err != nil {
			t.Fatal(err)
		}
		p := &principal.Principal{Identity: identity}
		for _, one := range policies {
			p.IdentityPolicies = append(p.IdentityPolicies, principal.Attachment{Policy: one})
		}
		evaluator, err := evaluate.New(p)
		if err != nil {
			t.Fatal(err)
		}
		return evaluator
	}
	services := []string{"s3", "ec2", "kms", "iam", "rum", "textract", "sumerian", "dynamodb", "lambda", "sagemaker"}
	names := []string{"*", "Get*", "Encrypt", "GenerateDataKey", "GenerateDataKeyPair", "RunInstances", "PutRumEvents", "AnalyzeDocument", "ViewRelease", "InvokeEndpoint", "InvokeFunction"}
	action := rapid.Custom(func(t *rapid.T) string {
		return rapid.SampledFrom(services).Draw(t, "service") + ":" + rapid.SampledFrom(names).Draw(t, "name")
	})
	rapid.Check(t, func(t *rapid.T) {
		document := `{"Statement": [`
		for at, effect := range rapid.SliceOfN(rapid.SampledFrom([]string{"Allow", "Allow", "Allow", "Deny"}), 1, 4).Draw(t, "effects") {
			if at > 0 {
				document += ", "
			}
			document += `{"Effect": "` + effect + `", "` + rapid.SampledFrom([]string{"Action", "Action", "NotAction"}).Draw(t, "element") + `": "` + action.Draw(t, "action") + `", "Resource": "*"}`
		}
		document += `]}`
		b := principal.NewBuilder()
		b.AddAccount(principal.AccountDetails{AccountID: account, Roles: []principal.RoleDetail{{Name: "guest", Trust: trust(assume, "unauthenticated"),
			Inline: []principal.NamedDocument{{Name: "drawn", Document: document}}}}})
		directory, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		guest, err := newPool().GetCredentialsForIdentity(sts.New(evaluate.NewSnapshot(directory)), cognito.CredentialsInput{IdentityID: guestID})
		if err != nil {
			t.Fatal(err)
		}
		role, err := policy.Load(policy.IdentityBased, []byte(document))
		if err != nil {
			t.Fatal(err)
		}
		ofRole, ofScope := only(t, role), only(t, scope, rum)
		for _, service := range services {
			for _, name := range names {
				name = strings.ReplaceAll(name, "*", "Anything")
				r, err := evaluate.NewRequest(service+":"+name, "*", account)
				if err != nil {
					t.Fatal(err)
				}
				got := guest.Session.Evaluator().Evaluate(r)
				if want := ofRole.Evaluate(r).Allowed() && ofScope.Evaluate(r).Allowed(); got.Allowed() != want {
					t.Fatalf("%s: %v, want %v\n%s", r.Action(), got, want, document)
				}
			}
		}
	})
}

// A role of the same account number in another partition is one of another
// account.
func TestClassicFlowAcrossPartitions(t *testing.T) {
	b := principal.NewBuilder()
	b.AddAccount(principal.AccountDetails{AccountID: account, Partition: "aws-cn", Roles: []principal.RoleDetail{{Name: "open",
		Trust: `{"Statement": {"Effect": "Allow", "Principal": {"Federated": "cognito-identity.amazonaws.com"}, "Action": "sts:AssumeRoleWithWebIdentity"}}`}}})
	directory, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	in := cognito.ClassicInput{IdentityID: guestID, RoleARN: "arn:aws-cn:iam::111122223333:role/open", RoleSessionName: "birds"}
	security := sts.New(evaluate.NewSnapshot(directory))
	var refused *cognito.RefusedError
	if _, err := newPool().AssumeRoleWithClassicFlow(security, in); !errors.As(err, &refused) || refused.Choice.Reason != cognito.AudienceNotChecked {
		t.Errorf("%v", err)
	}
	pool := newPool()
	pool.Partition = "aws-cn"
	if _, err := pool.AssumeRoleWithClassicFlow(security, in); err != nil {
		t.Errorf("%v", err)
	}
}

package sts_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate/sts"
	"github.com/portcullis-iam/portcullis/principal"
	"github.com/portcullis-iam/portcullis/principal/federation"
)

const (
	githubIssuer  = "https://token.actions.githubusercontent.com"
	cognito       = "cognito-identity.amazonaws.com"
	pool          = "eu-west-1:11111111-2222-3333-4444-555555555555"
	who           = "eu-west-1:aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
	byGitHub      = "sts: AssumeRoleWithWebIdentity: " + github + " may not "
	trustIsSilent = ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it"
)

func TestAssumeRoleWithWebIdentity(t *testing.T) {
	t.Parallel()
	const web = "sts:AssumeRoleWithWebIdentity"
	job := `{"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}, "StringLike": {"token.actions.githubusercontent.com:sub": "repo:birds/nest:*"}}`
	trusted := []string{trust(federated(github), job, web)}
	tags := map[string]any{"principal_tags": map[string]any{"team": []any{"birds"}}, "transitive_tag_keys": []any{"team"}}
	forged := new(condition.Context)
	forged.Set("token.actions.githubusercontent.com:sub", condition.String("repo:birds/nest:ref:refs/heads/main"))
	forged.Set("accounts.google.com:sub", condition.String("wren"))
	forged.Set("aws:FederatedProvider", condition.String("accounts.google.com"))
	forged.Set("aws:MultiFactorAuthPresent", condition.Bool(true))

	for _, test := range []struct {
		name   string
		trust  []string
		issuer string // GitHub, if it is ""
		claims map[string]any
		in     sts.WebIdentityInput
		want   string
	}{
		{name: "sub by wildcard", trust: trusted, want: "allowed"},
		{name: "sub of another branch", trust: trusted, claims: map[string]any{"sub": "repo:birds/nest:ref:refs/heads/wild"}, want: "allowed"},
		{name: "sub of another repository", trust: trusted, claims: map[string]any{"sub": "repo:birds/nestling:ref:refs/heads/main"}, want: byGitHub + web + " on " + deploy + trustIsSilent},
		{name: "sub of another owner", trust: trusted, claims: map[string]any{"sub": "repo:cats/nest:ref:refs/heads/main"}, in: sts.WebIdentityInput{Context: forged}, want: byGitHub + web + " on " + deploy + trustIsSilent},
		{name: "claim missing", trust: trusted, claims: map[string]any{"sub": nil}, in: sts.WebIdentityInput{Context: forged}, want: byGitHub + web + " on " + deploy + trustIsSilent},
		{name: "another audience", trust: trusted, claims: map[string]any{"aud": "https://github.com/birds"}, want: byGitHub + web + " on " + deploy + trustIsSilent},
		{name: "azp is the audience", trust: trusted, claims: map[string]any{"aud": "other", "azp": "sts.amazonaws.com"}, want: "allowed"},
		{name: "audience registered", trust: trusted, in: sts.WebIdentityInput{ClientIDs: []string{"x", "sts.amazonaws.com"}}, want: "allowed"},
		{name: "audience not registered", trust: trusted, in: sts.WebIdentityInput{ClientIDs: []string{"x"}},
			want: `sts: AssumeRoleWithWebIdentity: WebIdentityToken: the provider was not registered for the audience "sts.amazonaws.com"`},
		{name: "no audience registered", trust: trusted, in: sts.WebIdentityInput{ClientIDs: []string{}},
			want: `sts: AssumeRoleWithWebIdentity: WebIdentityToken: the provider was not registered for the audience "sts.amazonaws.com"`},
		{name: "token of another issuer", trust: trusted, issuer: "https://gitlab.com",
			want: "sts: AssumeRoleWithWebIdentity: arn:aws:iam::111122223333:oidc-provider/gitlab.com may not " + web + " on " + deploy + trustIsSilent},
		{name: "provider of another account trusted", trust: []string{trust(federated(strings.Replace(github, home, partner, 1)), job, web)}, want: byGitHub + web + " on " + deploy + trustIsSilent},
		{name: "role of another account", trust: trusted, in: sts.WebIdentityInput{RoleARN: vendor},
			want: "sts: AssumeRoleWithWebIdentity: arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com may not " + web + " on " + vendor + trustIsSilent},
		{name: "trusted for sts:AssumeRole alone", trust: []string{trust(federated(github), "", "sts:AssumeRole")}, want: byGitHub + web + " on " + deploy + trustIsSilent},
		{name: "trusted for SAML alone", trust: []string{trust(federated(github), "", "sts:AssumeRoleWithSAML")}, want: byGitHub + web + " on " + deploy + trustIsSilent},
		{name: "account trusted", trust: []string{trust(aws(home), "", web)}, want: byGitHub + web + " on " + deploy + trustIsSilent},
		{name: "everybody trusted", trust: []string{trust(`"*"`, "", web)}, want: "allowed"},
		{name: "explicit deny", trust: append([]string{`{"Sid": "NoActor", "Effect": "Deny", "Principal": "*", "Action": "sts:*", "Condition": {"StringEquals": {"token.actions.githubusercontent.com:actor_id": "42"}}}`}, trusted...),
			want: byGitHub + web + " on " + deploy + `: the role's side refuses: ExplicitlyDenied by statement "NoActor" (1:41) of trust policy of role deploy`},
		{name: "claim of the provider", trust: []string{trust(federated(github), `{"StringEquals": {"token.actions.githubusercontent.com:repository": "birds/nest"}}`, web)}, want: "allowed"},
		{name: "claim without key", trust: []string{trust(federated(github), `{"StringEquals": {"token.actions.githubusercontent.com:run_id": "7"}}`, web)}, want: byGitHub + web + " on " + deploy + trustIsSilent},
		{name: "claim of another provider forged", trust: []string{trust(federated(github), `{"StringEquals": {"accounts.google.com:sub": "wren"}}`, web)}, in: sts.WebIdentityInput{Context: forged},
			want: byGitHub + web + " on " + deploy + trustIsSilent},
		{name: "MFA forged", trust: []string{trust(federated(github), `{"Bool": {"aws:MultiFactorAuthPresent": "true"}}`, web)}, in: sts.WebIdentityInput{Context: forged}, want: byGitHub + web + " on " + deploy + trustIsSilent},
		{name: "provider by condition", trust: []string{trust(`"*"`, `{"StringEquals": {"aws:FederatedProvider": "`+github+`"}}`, web)}, in: sts.WebIdentityInput{Context: forged}, want: "allowed"},
		{name: "session name", trust: []string{trust(federated(github), `{"StringEquals": {"sts:RoleSessionName": "nightly"}}`, web)}, want: "allowed"},
		{name: "tags", trust: []string{trust(federated(github), job, web, "sts:TagSession")}, claims: map[string]any{"https://aws.amazon.com/tags": tags}, want: "allowed"},
		{name: "no sts:TagSession", trust: trusted, claims: map[string]any{"https://aws.amazon.com/tags": tags}, want: byGitHub + "sts:TagSession on " + deploy + trustIsSilent},
		{name: "tag wanted", trust: []string{trust(federated(github), `{"StringEquals": {"aws:RequestTag/team": "birds"}}`, web, "sts:TagSession")}, claims: map[string]any{"https://aws.amazon.com/tags": tags}, want: "allowed"},
		{name: "transitive tag without tag", trust: trusted, claims: map[string]any{"https://aws.amazon.com/tags": map[string]any{"transitive_tag_keys": []any{"x"}}},
			want: `sts: AssumeRoleWithWebIdentity: TransitiveTagKeys: "x" is not the key of one of the Tags`},
		{name: "source identity", trust: []string{trust(federated(github), `{"StringEquals": {"sts:SourceIdentity": "wren"}}`, web, "sts:SetSourceIdentity")},
			claims: map[string]any{"https://aws.amazon.com/source_identity": "wren"}, want: "allowed"},
		{name: "no sts:SetSourceIdentity", trust: trusted, claims: map[string]any{"https://aws.amazon.com/source_identity": "wren"}, want: byGitHub + "sts:SetSourceIdentity on " + deploy + trustIsSilent},
		{name: "source identity out of its alphabet", trust: trusted, claims: map[string]any{"https://aws.amazon.com/source_identity": "a b"},
			want: `sts: AssumeRoleWithWebIdentity: SourceIdentity: "a b" has a character that is no letter, digit or one of _+=,.@-`},
		{name: "four hours", trust: trusted, in: sts.WebIdentityInput{DurationSeconds: 4 * 3600}, want: "allowed"},
		{name: "over four hours", trust: trusted, in: sts.WebIdentityInput{DurationSeconds: 4*3600 + 1},
			want: "sts: AssumeRoleWithWebIdentity: DurationSeconds: 14401 seconds are not between 900 and 14400, the MaxSessionDuration of the role"},
		{name: "session name out of its alphabet", trust: trusted, in: sts.WebIdentityInput{RoleSessionName: "a b"},
			want: `sts: AssumeRoleWithWebIdentity: RoleSessionName: "a b" has a character that is no letter, digit or one of _+=,.@-`},
		{name: "no role", trust: trusted, in: sts.WebIdentityInput{RoleARN: "deploy"}, want: `sts: AssumeRoleWithWebIdentity: RoleArn: "deploy" is not the ARN of a role`},
		{name: "role that is not there", trust: trusted, in: sts.WebIdentityInput{RoleARN: deploy + "2"}, want: `principal: "` + deploy + `2" is not in the directory`},

		// Cognito identity pools (SEMANTICS 7.3).
		{name: "authenticated member of the pool", trust: []string{cognitoTrust("authenticated")}, issuer: "https://" + cognito,
			claims: map[string]any{"aud": pool, "sub": who, "amr": []any{"authenticated", "login.example.com"}}, want: "allowed"},
		{name: "guest of the pool", trust: []string{cognitoTrust("unauthenticated")}, issuer: "https://" + cognito,
			claims: map[string]any{"aud": pool, "sub": who, "amr": []any{"unauthenticated"}}, want: "allowed"},
		{name: "guest in the role of members", trust: []string{cognitoTrust("authenticated")}, issuer: "https://" + cognito,
			claims: map[string]any{"aud": pool, "sub": who, "amr": []any{"unauthenticated"}},
			want:   "sts: AssumeRoleWithWebIdentity: " + cognito + " may not " + web + " on " + deploy + trustIsSilent},
		{name: "member of another pool", trust: []string{cognitoTrust("authenticated")}, issuer: "https://" + cognito,
			claims: map[string]any{"aud": "eu-west-1:other", "sub": who, "amr": []any{"authenticated"}},
			want:   "sts: AssumeRoleWithWebIdentity: " + cognito + " may not " + web + " on " + deploy + trustIsSilent},
		{name: "attributes for access control without sts:TagSession", trust: []string{cognitoTrust("authenticated")}, issuer: "https://" + cognito,
			claims: map[string]any{"aud": pool, "sub": who, "amr": []any{"authenticated"}, "https://aws.amazon.com/tags": tags},
			want:   "sts: AssumeRoleWithWebIdentity: " + cognito + " may not sts:TagSession on " + deploy + trustIsSilent},
		{name: "Google", trust: []string{trust(federated("accounts.google.com"), `{"StringEquals": {"accounts.google.com:aud": "client", "accounts.google.com:oaud": "backend", "accounts.google.com:sub": "7", "accounts.google.com:email": "wren@example.com"}}`, web)},
			issuer: "https://accounts.google.com", claims: map[string]any{"aud": "backend", "azp": "client", "sub": "7", "email": "wren@example.com"}, want: "allowed"},
		{name: "Login with Amazon", trust: []string{trust(federated("www.amazon.com"), `{"StringEquals": {"www.amazon.com:app_id": "amzn1.app"}}`, web)},
			issuer: "https://www.amazon.com", claims: map[string]any{"app_id": "amzn1.app", "user_id": "amzn1.account"}, want: "allowed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld()
			w.role("deploy").Trust = statements(test.trust...)
			s := w.build(t)
			in := test.in
			if in.RoleARN == "" {
				in.RoleARN = deploy
			}
			if in.RoleSessionName == "" {
				in.RoleSessionName = "nightly"
			}
			issuer := githubIssuer
			if test.issuer != "" {
				issuer = test.issuer
				claims := map[string]any{"iss": issuer}
				for name, value := range test.claims {
					claims[name] = value
				}
				in.Identity = webIdentity(t, issuer, claims)
			} else {
				in.Identity = webIdentity(t, issuer, githubClaims(test.claims))
			}
			session, err := s.AssumeRoleWithWebIdentity(in)
			sameText(t, err, test.want)
			if (session == nil) != (err != nil) {
				t.Errorf("the session is %v", session)
			}
		})
	}
	s := newWorld().build(t)
	for _, nothing := range []*federation.WebIdentity{nil, {}} {
		_, err := s.AssumeRoleWithWebIdentity(sts.WebIdentityInput{RoleARN: deploy, RoleSessionName: "nightly", Identity: nothing})
		sameText(t, err, "sts: AssumeRoleWithWebIdentity: WebIdentityToken: there is no token")
	}
}

func cognitoTrust(amr string) string {
	return trust(federated(cognito), `{"StringEquals": {"`+cognito+`:aud": "`+pool+`"}, "ForAnyValue:StringLike": {"`+cognito+`:amr": "`+amr+`"}}`, "sts:AssumeRoleWithWebIdentity")
}

// What stays with the session of a web identity.
func TestWebIdentitySession(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.role("deploy").Trust = statements(trust(federated(cognito), "", "sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity"))
	w.role("deploy").Inline = inline(allow("s3:GetObject", bucket+"/${"+cognito+":sub}/*"))
	s := w.build(t)
	session, err := s.AssumeRoleWithWebIdentity(sts.WebIdentityInput{RoleARN: deploy, RoleSessionName: "web", Identity: webIdentity(t, "https://"+cognito, map[string]any{
		"aud": pool, "sub": who, "amr": []any{"authenticated", "login.example.com"}, "email": "wren@example.com",
		"https://aws.amazon.com/tags": map[string]any{"principal_tags": map[string]any{"team": []any{"birds"}, "floor": []any{"2"}}, "transitive_tag_keys": []any{"team"}},
	})})
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		cognito + ":aud": pool, cognito + ":sub": who, cognito + ":amr": "[authenticated login.example.com]", cognito + ":oaud": "absent", cognito + ":email": "absent",
		"aws:FederatedProvider": cognito, "aws:MultiFactorAuthPresent": "absent", "aws:PrincipalTag/Team": "birds", "aws:TokenIssueTime": "2026-11-24T09:00:00Z",
		"aws:userid": "AROADEPLOY:web", "accounts.google.com:sub": "absent", "saml:sub": "absent", "aws:SourceIdentity": "absent",
	} {
		if got := fact(session, key); got != want {
			t.Errorf("%s is %s, want %s", key, got, want)
		}
	}
	if len(session.TransitiveTags) != 1 || session.TransitiveTags["team"] != "birds" {
		t.Errorf("the transitive tags are %v", session.TransitiveTags)
	}
	forged := new(condition.Context)
	forged.Set(cognito+":sub", condition.String("somebody"))
	for object, want := range map[string]bool{who + "/a": true, "somebody/a": false} {
		if got := may(t, session.Evaluator(), "s3:GetObject", bucket+"/"+object, home, forged); got.Allowed() != want {
			t.Errorf("%s: %v", object, got)
		}
	}
}

func assertion(changes func(*federation.SAMLAssertion)) federation.SAMLAssertion {
	const attributes = "https://aws.amazon.com/SAML/Attributes/"
	a := federation.SAMLAssertion{
		Issuer: "https://login.example.com/saml", Recipient: "https://signin.aws.amazon.com/saml", NameID: "wren", NameIDFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
		Attributes: map[string][]string{
			attributes + "Role": {deploy + "," + idp}, attributes + "RoleSessionName": {"wren@example.com"},
			"urn:oid:1.3.6.1.4.1.5923.1.1.1.1": {"staff", "birds"}, "urn:oid:0.9.2342.19200300.100.1.1": {"wren"},
		},
	}
	if changes != nil {
		changes(&a)
	}
	return a
}

// Calls that are not signed have the address that they come from, and are subject
// to the resource control policies of the role's account.
func TestWebIdentityBehindControlPolicies(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.role("deploy").Trust = statements(trust(federated(github), "", "sts:AssumeRoleWithWebIdentity"))
	w.organization = &principal.Organization{ID: "o-birds", ManagementAccount: "999999999999",
		ResourceControlPolicies: []principal.NamedDocument{{Name: "wall", Document: statements(
			`{"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRoleWithWebIdentity", "Resource": "*", "Condition": {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}`)}},
		Root: principal.OrganizationNode{ID: "r-1", ServiceControlPolicies: []string{principal.FullAWSAccess},
			Accounts: []principal.OrganizationAccount{{ID: "999999999999", ServiceControlPolicies: []string{principal.FullAWSAccess}},
				{ID: home, ServiceControlPolicies: []string{principal.FullAWSAccess}, ResourceControlPolicies: []string{"wall"}}, {ID: partner, ServiceControlPolicies: []string{principal.FullAWSAccess}}}}}
	s := w.build(t)
	for address, want := range map[string]string{
		"192.0.2.7": "allowed",
		"198.51.100.7": byGitHub + "sts:AssumeRoleWithWebIdentity on " + deploy +
			": the role's side refuses: ExplicitlyDenied by statement 1 (1:41) of resource control policy wall attached to " + home,
	} {
		context := new(condition.Context)
		context.Set("aws:SourceIp", condition.String(address))
		_, err := s.AssumeRoleWithWebIdentity(sts.WebIdentityInput{RoleARN: deploy, RoleSessionName: "ci", Identity: webIdentity(t, githubIssuer, githubClaims(nil)), Context: context})
		sameText(t, err, want)
	}
}

func TestAssumeRoleWithSAML(t *testing.T) {
	t.Parallel()
	const saml, attributes = "sts:AssumeRoleWithSAML", "https://aws.amazon.com/SAML/Attributes/"
	const by = "sts: AssumeRoleWithSAML: " + idp + " may not "
	console := `{"StringEquals": {"saml:aud": "https://signin.aws.amazon.com/saml"}}`
	trusted := []string{trust(federated(idp), console, saml)}
	set := func(name string, values ...string) func(*federation.SAMLAssertion) {
		return func(a *federation.SAMLAssertion) { a.Attributes[attributes+name] = values }
	}
	forged := new(condition.Context)
	forged.Set("saml:sub", condition.String("root"))
	for _, test := range []struct {
		name   string
		trust  []string
		change func(*federation.SAMLAssertion)
		in     sts.SAMLInput
		want   string
	}{
		{name: "audience", trust: trusted, want: "allowed"},
		{name: "another audience", trust: trusted, change: func(a *federation.SAMLAssertion) { a.Recipient = "https://evil.example.com" }, want: by + saml + " on " + deploy + trustIsSilent},
		{name: "web-identity action for the SAML provider", trust: []string{trust(federated(idp), "", "sts:AssumeRoleWithWebIdentity")}, want: by + saml + " on " + deploy + trustIsSilent},
		{name: "another provider trusted", trust: []string{trust(federated(idp+"2"), "", saml)}, want: by + saml + " on " + deploy + trustIsSilent},
		{name: "attribute", trust: []string{trust(federated(idp), `{"ForAnyValue:StringEquals": {"saml:edupersonaffiliation": "birds"}, "StringEquals": {"saml:uid": "wren", "saml:sub": "wren", "saml:sub_type": "persistent", "saml:doc": "111122223333/Corporate", "saml:iss": "https://login.example.com/saml"}}`, saml)}, want: "allowed"},
		{name: "another subject, forged", trust: []string{trust(federated(idp), `{"StringEquals": {"saml:sub": "root"}}`, saml)}, in: sts.SAMLInput{Context: forged}, want: by + saml + " on " + deploy + trustIsSilent},
		{name: "tags", trust: []string{trust(federated(idp), console, saml, "sts:TagSession")}, change: set("PrincipalTag:team", "birds"), want: "allowed"},
		{name: "no sts:TagSession", trust: trusted, change: set("PrincipalTag:team", "birds"), want: by + "sts:TagSession on " + deploy + trustIsSilent},
		{name: "no sts:SetSourceIdentity", trust: trusted, change: set("SourceIdentity", "wren"), want: by + "sts:SetSourceIdentity on " + deploy + trustIsSilent},
		{name: "role not in the assertion", trust: trusted, change: set("Role", audit+","+idp), want: "sts: AssumeRoleWithSAML: SAMLAssertion: the assertion does not name the role together with the provider"},
		{name: "provider of another account", trust: trusted, change: set("Role", deploy+",arn:aws:iam::444455556666:saml-provider/Corporate"), in: sts.SAMLInput{PrincipalARN: "arn:aws:iam::444455556666:saml-provider/Corporate"},
			want: "sts: AssumeRoleWithSAML: PrincipalArn: the SAML provider is of another account than the role"},
		{name: "OpenID Connect provider", trust: trusted, in: sts.SAMLInput{PrincipalARN: github}, want: `sts: AssumeRoleWithSAML: PrincipalArn: "` + github + `" is not the ARN of a SAML provider`},
		{name: "no session name", trust: trusted, change: set("RoleSessionName"), want: "sts: AssumeRoleWithSAML: RoleSessionName: it has 0 characters; from 2 to 64 are taken"},
		{name: "over", trust: trusted, change: func(a *federation.SAMLAssertion) { a.SessionNotOnOrAfter = moment }, want: "sts: AssumeRoleWithSAML: SAMLAssertion: the session of the assertion ended at 2026-11-24T09:00:00Z"},
		{name: "over by a part of a second", trust: trusted, change: func(a *federation.SAMLAssertion) { a.SessionNotOnOrAfter = moment.Add(time.Second / 2) },
			want: "sts: AssumeRoleWithSAML: SAMLAssertion: the session of the assertion ended at 2026-11-24T09:00:00Z"},
		{name: "provider of another partition", trust: []string{trust(`"*"`, "", saml)}, change: set("Role", deploy+",arn:aws-cn:iam::111122223333:saml-provider/Corporate"), in: sts.SAMLInput{PrincipalARN: "arn:aws-cn:iam::111122223333:saml-provider/Corporate"},
			want: "sts: AssumeRoleWithSAML: PrincipalArn: the SAML provider is of another account than the role"},
		{name: "provider in other letters", trust: []string{trust(`"*"`, "", saml)}, in: sts.SAMLInput{PrincipalARN: strings.ToLower(idp)}, want: "sts: AssumeRoleWithSAML: SAMLAssertion: the assertion does not name the role together with the provider"},
		{name: "tag without a key", trust: trusted, change: set("PrincipalTag:", "birds"), want: `sts: AssumeRoleWithSAML: Tags: the key "" has 0 characters; from 1 to 128 are taken`},
		{name: "tag of AWS", trust: trusted, change: set("PrincipalTag:Aws:x", "birds"), want: `sts: AssumeRoleWithSAML: Tags: the key "Aws:x" begins with aws:, which is kept for AWS`},
		{name: "two tags but for letter case", trust: trusted, change: func(a *federation.SAMLAssertion) {
			set("PrincipalTag:team", "birds")(a)
			set("PrincipalTag:Team", "cats")(a)
		},
			want: `sts: AssumeRoleWithSAML: Tags: the key "team" is there twice; tag keys ignore letter case`},
		{name: "over four hours", trust: trusted, in: sts.SAMLInput{DurationSeconds: 14401}, want: "sts: AssumeRoleWithSAML: DurationSeconds: 14401 seconds are not between 900 and 14400, the MaxSessionDuration of the role"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld()
			w.role("deploy").Trust = statements(test.trust...)
			s := w.build(t)
			identity, err := federation.NewSAMLIdentity(assertion(test.change))
			if err != nil {
				t.Fatal(err)
			}
			in := test.in
			in.Identity, in.RoleARN = identity, deploy
			if in.PrincipalARN == "" {
				in.PrincipalARN = idp
			}
			session, err := s.AssumeRoleWithSAML(in)
			sameText(t, err, test.want)
			if (session == nil) != (err != nil) {
				t.Errorf("the session is %v", session)
			}
		})
	}

	w := newWorld()
	w.role("deploy").Trust = statements(trusted...)
	s := w.build(t)
	identity, err := federation.NewSAMLIdentity(assertion(func(a *federation.SAMLAssertion) { a.SessionNotOnOrAfter = moment.Add(40 * time.Minute) }))
	if err != nil {
		t.Fatal(err)
	}
	session, err := s.AssumeRoleWithSAML(sts.SAMLInput{RoleARN: deploy, PrincipalARN: idp, Identity: identity})
	if err != nil {
		t.Fatal(err)
	}
	if !session.Expiration.Equal(moment.Add(40 * time.Minute)) {
		t.Errorf("it ends at %v", session.Expiration)
	}
	for key, want := range map[string]string{
		"saml:sub": "wren", "saml:sub_type": "persistent", "saml:namequalifier": federation.NameQualifier("https://login.example.com/saml", idp),
		"saml:aud": "absent", "saml:iss": "absent", "saml:doc": "absent", "saml:uid": "absent", "saml:edupersonaffiliation": "absent",
		"aws:FederatedProvider": "absent", "aws:MultiFactorAuthPresent": "absent", "aws:userid": "AROADEPLOY:wren@example.com",
	} {
		if got := fact(session, key); got != want {
			t.Errorf("%s is %s, want %s", key, got, want)
		}
	}
	_, err = s.AssumeRoleWithSAML(sts.SAMLInput{RoleARN: deploy, PrincipalARN: idp})
	sameText(t, err, "sts: AssumeRoleWithSAML: SAMLAssertion: there is no assertion")
	for _, side := range []sts.Side{sts.NoSide, sts.CallerSide, sts.RoleSide, sts.NetworkSide, sts.ServiceSide, 99} {
		if side.String() == "" {
			t.Errorf("side %d has no name", side)
		}
	}
	if !slices.Equal(refusedBy(nil), nil) {
		t.Error("nobody was refused")
	}
}

// Resource control policies of the role's account apply to users of identity
// providers, too.
func TestResourceControlOfWebIdentity(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.role("deploy").Trust = statements(trust(federated(github), "", "sts:AssumeRoleWithWebIdentity"))
	w.organization = &principal.Organization{ID: "o-birds", ManagementAccount: "999999999999",
		Root: principal.OrganizationNode{ID: "r-1", ResourceControlPolicies: []string{"github"}, Accounts: []principal.OrganizationAccount{{ID: home}, {ID: partner}}},
		ResourceControlPolicies: []principal.NamedDocument{{Name: "github", Document: statements(`{"Sid": "OwnRepositories", "Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRoleWithWebIdentity", "Resource": "*",
			"Condition": {"StringNotLikeIfExists": {"token.actions.githubusercontent.com:repository": "birds/*"}}}`)}}}
	s := w.build(t)
	in := sts.WebIdentityInput{RoleARN: deploy, RoleSessionName: "ci", Identity: webIdentity(t, githubIssuer, githubClaims(nil))}
	if _, err := s.AssumeRoleWithWebIdentity(in); err == nil {
		// IfExists is true of keys that are absent, not of this one.
		in.Identity = webIdentity(t, githubIssuer, githubClaims(map[string]any{"repository": "cats/nest"}))
		_, err = s.AssumeRoleWithWebIdentity(in)
		sameText(t, err, byGitHub+"sts:AssumeRoleWithWebIdentity on "+deploy+`: the role's side refuses: ExplicitlyDenied by statement "OwnRepositories" (1:41) of resource control policy github attached to r-1`)
	} else {
		t.Error(err)
	}
}

package sts_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/sts"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

const refused = "sts: AssumeRole: arn:aws:iam::111122223333:user/staff/wren may not "

// Who may assume a role, and which side refuses.
func TestAssumeRole(t *testing.T) {
	t.Parallel()
	address := new(condition.Context)
	address.Set("aws:SourceIp", condition.String("192.0.2.7"))
	forged := new(condition.Context)
	for key, value := range map[string]condition.Value{
		"sts:ExternalId": condition.String("right"), "aws:MultiFactorAuthPresent": condition.Bool(true), "sts:RoleSessionName": condition.String("wren"),
		"aws:RequestTag/team": condition.String("birds"), "aws:TagKeys": condition.List("team"), "aws:SourceIdentity": condition.String("wren"),
		"aws:PrincipalTag/team": condition.String("fish"), "accounts.google.com:sub": condition.String("wren"), "sts:SourceIdentity": condition.String("wren"),
		"aws:PrincipalArn": condition.String(root),
	} {
		forged.Set(key, value)
	}
	// own replaces what wren may do, trusting the trust policy of deploy.
	own := func(texts ...string) func(*world) {
		return func(w *world) { w.home.Users[0].Inline = inline(texts...) }
	}
	trusting := func(texts ...string) func(*world) {
		return func(w *world) { w.role("deploy").Trust = statements(texts...) }
	}
	both := func(changes ...func(*world)) func(*world) {
		return func(w *world) {
			for _, change := range changes {
				change(w)
			}
		}
	}
	when := func(condition string) func(*world) {
		return trusting(trust(aws(wren), condition, "sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"))
	}
	controlled := func(service, resource string) func(*world) {
		return func(w *world) {
			w.organization = &principal.Organization{ID: "o-birds", ManagementAccount: "999999999999", Root: principal.OrganizationNode{
				ID: "r-1", ServiceControlPolicies: []string{principal.FullAWSAccess},
				Accounts: []principal.OrganizationAccount{{ID: "999999999999", ServiceControlPolicies: []string{principal.FullAWSAccess}},
					{ID: home, ServiceControlPolicies: []string{"guard"}}, {ID: partner, ServiceControlPolicies: []string{principal.FullAWSAccess}, ResourceControlPolicies: []string{"wall"}}}}}
			w.organization.ServiceControlPolicies = []principal.NamedDocument{{Name: "guard", Document: statements(service)}}
			w.organization.ResourceControlPolicies = []principal.NamedDocument{{Name: "wall", Document: statements(resource)}}
		}
	}
	const denyNothing = `{"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*"}`

	for _, test := range []struct {
		name   string
		change func(*world)
		in     sts.AssumeRoleInput // of deploy, by wren, as "nightly"
		want   string
		sides  []sts.Side
	}{
		// Same account: who is named by the trust policy needs nothing else.
		{name: "user named, identity policy silent", change: own(allow("s3:*", "*")), want: "allowed"},
		{name: "account named, identity policy allows", change: trusting(trust(aws(home), "", "sts:AssumeRole")), want: "allowed"},
		{name: "account named, identity policy silent", change: both(own(allow("s3:*", "*")), trusting(trust(aws(home), "", "sts:AssumeRole"))),
			want: refused + "sts:AssumeRole on " + deploy + ": the caller's side refuses: ImplicitlyDenied: no identity-based policy allows it", sides: []sts.Side{sts.CallerSide}},
		{name: "trust policy silent", change: trusting(trust(aws(audit), "", "sts:AssumeRole")),
			want: refused + "sts:AssumeRole on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it", sides: []sts.Side{sts.RoleSide}},
		{name: "no trust policy", change: func(w *world) { w.role("deploy").Trust = "" },
			want: refused + "sts:AssumeRole on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it", sides: []sts.Side{sts.RoleSide}},
		{name: "identity policy denies", change: own(`{"Sid": "Not", "Effect": "Deny", "Action": "sts:AssumeRole", "Resource": "*"}`),
			want: refused + "sts:AssumeRole on " + deploy + `: the caller's side refuses: ExplicitlyDenied by an identity-based policy: statement "Not" (1:41) of inline policy own of user wren`, sides: []sts.Side{sts.CallerSide}},
		{name: "trust policy denies", change: trusting(trust(aws(wren), "", "sts:AssumeRole"), `{"Sid": "No", "Effect": "Deny", "Principal": "*", "Action": "sts:*"}`),
			want: refused + "sts:AssumeRole on " + deploy + `: the role's side refuses: ExplicitlyDenied by statement "No" (1:159) of trust policy of role deploy`, sides: []sts.Side{sts.RoleSide}},
		{name: "boundary denies", change: func(w *world) {
			w.home.Policies = append(w.home.Policies, principal.ManagedPolicyDetail{Name: "Edge", Document: statements(allow("s3:*", "*"))})
			w.home.Users[0].Boundary = "arn:aws:iam::111122223333:policy/Edge"
			w.role("deploy").Trust = statements(trust(aws(home), "", "sts:AssumeRole"))
		}, want: refused + "sts:AssumeRole on " + deploy + ": the caller's side refuses: ImplicitlyDenied: no permissions boundary allows it", sides: []sts.Side{sts.CallerSide}},
		{name: "SCP does not allow", change: controlled(allow("s3:*", "*"), denyNothing),
			want: refused + "sts:AssumeRole on " + deploy + ": the caller's side refuses: ImplicitlyDenied: no service control policy allows it at 111122223333", sides: []sts.Side{sts.CallerSide}},

		// Across accounts: both sides.
		{name: "across accounts, both allow", in: sts.AssumeRoleInput{RoleARN: vendor}, want: "allowed"},
		{name: "across accounts, identity policy silent", change: own(allow("s3:*", "*")), in: sts.AssumeRoleInput{RoleARN: vendor},
			want: refused + "sts:AssumeRole on " + vendor + ": the caller's side refuses: ImplicitlyDenied: no identity-based policy allows it", sides: []sts.Side{sts.CallerSide}},
		{name: "across accounts, user named, identity policy silent", change: both(own(allow("s3:*", "*")), func(w *world) { w.role("vendor").Trust = statements(trust(aws(wren), "", "sts:AssumeRole")) }),
			in:   sts.AssumeRoleInput{RoleARN: vendor},
			want: refused + "sts:AssumeRole on " + vendor + ": the caller's side refuses: ImplicitlyDenied: no identity-based policy allows it", sides: []sts.Side{sts.CallerSide}},
		{name: "across accounts, trust policy silent", change: func(w *world) { w.role("vendor").Trust = statements(trust(aws(partner), "", "sts:AssumeRole")) }, in: sts.AssumeRoleInput{RoleARN: vendor},
			want: refused + "sts:AssumeRole on " + vendor + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it", sides: []sts.Side{sts.RoleSide}},
		{name: "across accounts, RCP denies", change: controlled(allow("*", "*"), `{"Sid": "OwnOnly", "Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole", "Resource": "*"}`), in: sts.AssumeRoleInput{RoleARN: vendor},
			want: refused + "sts:AssumeRole on " + vendor + `: the role's side refuses: ExplicitlyDenied by statement "OwnOnly" (1:41) of resource control policy wall attached to 444455556666`, sides: []sts.Side{sts.RoleSide}},
		{name: "organization of the caller", change: both(controlled(allow("*", "*"), denyNothing), func(w *world) {
			w.role("vendor").Trust = statements(trust(`"*"`, `{"StringEquals": {"aws:PrincipalOrgID": "o-birds"}}`, "sts:AssumeRole"))
		}), in: sts.AssumeRoleInput{RoleARN: vendor}, want: "allowed"},
		{name: "no organization", change: func(w *world) {
			w.role("vendor").Trust = statements(trust(`"*"`, `{"StringEquals": {"aws:PrincipalOrgID": "o-birds"}}`, "sts:AssumeRole"))
		}, in: sts.AssumeRoleInput{RoleARN: vendor},
			want: refused + "sts:AssumeRole on " + vendor + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it", sides: []sts.Side{sts.RoleSide}},

		// Conditions of the trust policy.
		{name: "external id", change: when(`{"StringEquals": {"sts:ExternalId": "right"}}`), in: sts.AssumeRoleInput{ExternalID: "right"}, want: "allowed"},
		{name: "wrong external id", change: when(`{"StringEquals": {"sts:ExternalId": "right"}}`), in: sts.AssumeRoleInput{ExternalID: "wrong"},
			want: refused + "sts:AssumeRole on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it", sides: []sts.Side{sts.RoleSide}},
		{name: "no external id", change: when(`{"StringEquals": {"sts:ExternalId": "right"}}`),
			want: refused + "sts:AssumeRole on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it", sides: []sts.Side{sts.RoleSide}},
		{name: "external id forged", change: when(`{"StringEquals": {"sts:ExternalId": "right"}}`), in: sts.AssumeRoleInput{Context: forged},
			want: refused + "sts:AssumeRole on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it", sides: []sts.Side{sts.RoleSide}},
		{name: "session name", change: when(`{"StringLike": {"sts:RoleSessionName": "${aws:username}"}}`), in: sts.AssumeRoleInput{RoleSessionName: "wren"}, want: "allowed"},
		{name: "another session name", change: when(`{"StringLike": {"sts:RoleSessionName": "${aws:username}"}}`), in: sts.AssumeRoleInput{Context: forged},
			want: refused + "sts:AssumeRole on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it", sides: []sts.Side{sts.RoleSide}},
		{name: "address", change: when(`{"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}`), in: sts.AssumeRoleInput{Context: address}, want: "allowed"},
		{name: "no address", change: when(`{"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}`),
			want: refused + "sts:AssumeRole on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it", sides: []sts.Side{sts.RoleSide}},
		{name: "tags of the caller", change: when(`{"StringEquals": {"aws:PrincipalTag/team": "birds"}}`), in: sts.AssumeRoleInput{Context: forged}, want: "allowed"},
		{name: "tag of the role", change: when(`{"StringEquals": {"iam:ResourceTag/Team": "platform"}}`), want: "allowed"},

		// MFA.
		{name: "MFA required and there", change: when(`{"Bool": {"aws:MultiFactorAuthPresent": "true"}, "NumericLessThan": {"aws:MultiFactorAuthAge": "60"}}`),
			in: sts.AssumeRoleInput{SerialNumber: device}, want: "allowed"},
		{name: "MFA required and absent", change: when(`{"Bool": {"aws:MultiFactorAuthPresent": "true"}}`),
			want: refused + "sts:AssumeRole on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it", sides: []sts.Side{sts.RoleSide}},
		{name: "MFA forged", change: when(`{"Bool": {"aws:MultiFactorAuthPresent": "true"}}`), in: sts.AssumeRoleInput{Context: forged},
			want: refused + "sts:AssumeRole on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it", sides: []sts.Side{sts.RoleSide}},
		{name: "MFA keys are absent from long-term credentials", change: when(`{"Null": {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "true", "aws:TokenIssueTime": "true"}}`),
			in: sts.AssumeRoleInput{Context: forged}, want: "allowed"},

		// Tags and source identity are actions of their own.
		{name: "tags", in: sts.AssumeRoleInput{Tags: map[string]string{"ticket": "7"}}, want: "allowed"},
		{name: "no sts:TagSession", change: trusting(trust(aws(wren), "", "sts:AssumeRole", "sts:SetSourceIdentity")), in: sts.AssumeRoleInput{Tags: map[string]string{"ticket": "7"}},
			want: refused + "sts:TagSession on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it", sides: []sts.Side{sts.RoleSide}},
		{name: "no sts:TagSession in the identity policy, account trusted", change: both(own(allow("sts:AssumeRole", "*")), trusting(trust(aws(home), "", "sts:AssumeRole", "sts:TagSession"))),
			in:   sts.AssumeRoleInput{Tags: map[string]string{"ticket": "7"}},
			want: refused + "sts:TagSession on " + deploy + ": the caller's side refuses: ImplicitlyDenied: no identity-based policy allows it", sides: []sts.Side{sts.CallerSide}},
		{name: "no sts:SetSourceIdentity", change: trusting(trust(aws(wren), "", "sts:AssumeRole", "sts:TagSession")), in: sts.AssumeRoleInput{SourceIdentity: "wren"},
			want: refused + "sts:SetSourceIdentity on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it", sides: []sts.Side{sts.RoleSide}},
		{name: "neither", change: trusting(trust(aws(wren), "", "sts:AssumeRole")), in: sts.AssumeRoleInput{SourceIdentity: "wren", Tags: map[string]string{"ticket": "7"}},
			want: refused + "sts:TagSession on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it; " +
				"arn:aws:iam::111122223333:user/staff/wren may not sts:SetSourceIdentity on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it",
			sides: []sts.Side{sts.RoleSide, sts.RoleSide}},
		{name: "tag of the request", change: when(`{"StringEquals": {"aws:RequestTag/team": "${aws:PrincipalTag/team}"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["team"], "sts:TransitiveTagKeys": ["team"]}}`),
			in: sts.AssumeRoleInput{Tags: map[string]string{"team": "birds"}, TransitiveTagKeys: []string{"team"}}, want: "allowed"},
		{name: "another tag key", change: when(`{"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}`), in: sts.AssumeRoleInput{Tags: map[string]string{"ticket": "7"}},
			want: refused + "sts:AssumeRole on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it; " +
				"arn:aws:iam::111122223333:user/staff/wren may not sts:TagSession on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it",
			sides: []sts.Side{sts.RoleSide, sts.RoleSide}},
		{name: "tag must not be transitive", change: trusting(trust(aws(wren), "", "sts:AssumeRole"), trust(aws(wren), `{"Null": {"sts:TransitiveTagKeys": "true"}}`, "sts:TagSession")),
			in:   sts.AssumeRoleInput{Tags: map[string]string{"team": "birds"}, TransitiveTagKeys: []string{"team"}},
			want: refused + "sts:TagSession on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it", sides: []sts.Side{sts.RoleSide}},
		{name: "tag forged", change: when(`{"StringEquals": {"aws:RequestTag/team": "birds"}}`), in: sts.AssumeRoleInput{Context: forged},
			want: refused + "sts:AssumeRole on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it", sides: []sts.Side{sts.RoleSide}},
		{name: "source identity", change: when(`{"StringEquals": {"sts:SourceIdentity": "${aws:username}"}}`), in: sts.AssumeRoleInput{SourceIdentity: "wren"}, want: "allowed"},
		{name: "another source identity", change: when(`{"StringEquals": {"sts:SourceIdentity": "${aws:username}"}}`), in: sts.AssumeRoleInput{SourceIdentity: "owl", Context: forged},
			want: refused + "sts:AssumeRole on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it; " +
				"arn:aws:iam::111122223333:user/staff/wren may not sts:SetSourceIdentity on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it",
			sides: []sts.Side{sts.RoleSide, sts.RoleSide}},
		{name: "claims forged", change: when(`{"StringEquals": {"accounts.google.com:sub": "wren"}}`), in: sts.AssumeRoleInput{Context: forged},
			want: refused + "sts:AssumeRole on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it", sides: []sts.Side{sts.RoleSide}},
		{name: "provided contexts", change: trusting(trust(aws(wren), `{"ForAllValues:ArnEquals": {"sts:RequestContextProviders": "arn:aws:iam::aws:contextProvider/IdentityCenter"}}`, "sts:AssumeRole", "sts:SetContext")),
			in: sts.AssumeRoleInput{ProvidedContexts: []sts.ProvidedContext{{ProviderARN: "arn:aws:iam::aws:contextProvider/IdentityCenter", Context: map[string]string{"UserId": "7"}}}}, want: "allowed"},
		{name: "no sts:SetContext", in: sts.AssumeRoleInput{ProvidedContexts: []sts.ProvidedContext{{ProviderARN: "arn:aws:iam::aws:contextProvider/IdentityCenter"}}},
			want: refused + "sts:SetContext on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it", sides: []sts.Side{sts.RoleSide}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld()
			if test.change != nil {
				test.change(w)
			}
			s := w.build(t)
			in := test.in
			if in.RoleARN == "" {
				in.RoleARN = deploy
			}
			if in.RoleSessionName == "" {
				in.RoleSessionName = "nightly"
			}
			before := strings.Join(contextOf(in.Context), "\n")
			session, err := s.AssumeRole(callerOf(t, s, wren), in)
			sameText(t, err, test.want)
			if sides := refusedBy(err); !slices.Equal(sides, test.sides) {
				t.Errorf("refused by %v, want %v", sides, test.sides)
			}
			if (session == nil) != (err != nil) {
				t.Errorf("the session is %v", session)
			}
			if after := strings.Join(contextOf(in.Context), "\n"); after != before {
				t.Errorf("the context of the input was changed to\n%s", after)
			}
			if session != nil {
				for _, step := range session.Steps {
					if explained := step.Explain(); explained.Decision != step.Decision || explained.Action != step.Action || explained.Principal != wren {
						t.Errorf("%s is explained as %v", step, explained)
					}
				}
			}
		})
	}
}

func contextOf(c *condition.Context) []string {
	var all []string
	for key, value := range c.All() {
		all = append(all, key+" = "+value.String())
	}
	return all
}

// Who can never assume a role, and what a role that is not there says.
func TestAssumeRoleCallers(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.role("deploy").Trust = statements(trust(`"*"`, "", "sts:AssumeRole"))
	s := w.build(t)
	in := sts.AssumeRoleInput{RoleARN: deploy, RoleSessionName: "nightly"}

	_, err := s.AssumeRole(callerOf(t, s, root), in)
	sameText(t, err, "sts: AssumeRole: arn:aws:iam::111122223333:root may not sts:AssumeRole on "+deploy+": AWS STS refuses: ImplicitlyDenied by a rule of the service: AWS STS API Reference: AssumeRole (root users cannot assume roles)")
	if sides := refusedBy(err); !slices.Equal(sides, []sts.Side{sts.ServiceSide}) {
		t.Error(sides)
	}

	federatedUser, err := s.GetFederationToken(callerOf(t, s, wren), sts.FederationTokenInput{Name: "guest", Policy: statements(allow("*", "*"))})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.AssumeRole(federatedUser, in)
	sameText(t, err, "sts: AssumeRole: arn:aws:sts::111122223333:federated-user/guest may not sts:AssumeRole on "+deploy+": AWS STS refuses: ImplicitlyDenied by a rule of the service: IAM User Guide: Compare AWS STS credentials (GetFederationToken)")

	for _, nobody := range []sts.Caller{new(sts.LongTerm), new(sts.Session), (*sts.LongTerm)(nil), (*sts.Session)(nil)} {
		if _, err := s.AssumeRole(nobody, in); len(refusedBy(err)) != 1 {
			t.Errorf("%#v: %v", nobody, err)
		}
	}
	_, err = s.AssumeRole(nil, in)
	sameText(t, err, "sts: AssumeRole: caller: nobody has signed the call")

	in.RoleARN = "arn:aws:iam::111122223333:role/gone"
	_, err = s.AssumeRole(callerOf(t, s, wren), in)
	sameText(t, err, `principal: "arn:aws:iam::111122223333:role/gone" is not in the directory`)
}

// A role of another partition is assumed by nobody, however open it is and
// whatever the caller may do; a user of its own partition may.
func TestNobodyAssumesAcrossPartitions(t *testing.T) {
	t.Parallel()
	const theirs = "arn:aws-cn:iam::777788889999:role/open"
	w := newWorld()
	w.home.Users[0].Inline = inline(allow("*", "*"))
	b := principal.NewBuilder()
	b.AddAccount(w.home)
	b.AddAccount(principal.AccountDetails{AccountID: "777788889999", Partition: "aws-cn",
		Roles: []principal.RoleDetail{{Name: "open", ID: "AROAOPEN", Trust: statements(trust(`"*"`, "", "sts:AssumeRole"))}},
		Users: []principal.UserDetail{{Name: "owl", ID: "AIDAOWL"}}})
	directory, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	s := sts.New(evaluate.NewSnapshot(directory))
	in := sts.AssumeRoleInput{RoleARN: theirs, RoleSessionName: "nightly"}
	if _, err := s.AssumeRole(callerOf(t, s, wren), in); len(refusedBy(err)) != 1 {
		t.Errorf("%v", err)
	}
	session, err := s.AssumeRole(callerOf(t, s, "arn:aws-cn:iam::777788889999:user/owl"), in)
	if err != nil || session.Principal.Identity.ARN != "arn:aws-cn:sts::777788889999:assumed-role/open/nightly" {
		t.Errorf("%v", err)
	}
	in.PolicyARNs = []string{"arn:aws:iam::aws:policy/SecurityAudit"}
	_, err = s.AssumeRole(callerOf(t, s, "arn:aws-cn:iam::777788889999:user/owl"), in)
	sameText(t, err, `sts: AssumeRole: PolicyArns: "arn:aws:iam::aws:policy/SecurityAudit" is of another account than 777788889999`)
}

// A role assumes itself only if its own trust policy says so.
func TestSelfAssume(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, trust, want string }{
		{"not trusted", statements(trust(aws(wren), "", "sts:AssumeRole")),
			"sts: AssumeRole: arn:aws:sts::111122223333:assumed-role/deploy/nightly may not sts:AssumeRole on " + deploy + ": the role's side refuses: ImplicitlyDenied: no role trust policy allows it"},
		{"trusted", statements(trust(aws(wren), "", "sts:AssumeRole"), trust(aws(deploy), "", "sts:AssumeRole")), "allowed"},
		{"its account trusted", statements(trust(aws(home), "", "sts:AssumeRole")), "allowed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld()
			w.role("deploy").Trust = test.trust
			s := w.build(t)
			first := assume(t, s, sts.AssumeRoleInput{})
			_, err := s.AssumeRole(first, sts.AssumeRoleInput{RoleARN: deploy, RoleSessionName: "again"})
			sameText(t, err, test.want)
		})
	}
}

// What the parameters of AssumeRole must be.
func TestAssumeRoleInput(t *testing.T) {
	t.Parallel()
	w := newWorld()
	s := w.build(t)
	many := func(count int) map[string]string {
		tags := make(map[string]string)
		for at := range count {
			tags[fmt.Sprint("key", at)] = "x"
		}
		return tags
	}
	const prefix = "sts: AssumeRole: "
	for _, test := range []struct {
		name string
		in   sts.AssumeRoleInput
		want string
	}{
		{"session name of one", sts.AssumeRoleInput{RoleSessionName: "a"}, prefix + "RoleSessionName: it has 1 characters; from 2 to 64 are taken"},
		{"session name of 64", sts.AssumeRoleInput{RoleSessionName: strings.Repeat("a", 64)}, "allowed"},
		{"session name of 65", sts.AssumeRoleInput{RoleSessionName: strings.Repeat("a", 65)}, prefix + "RoleSessionName: it has 65 characters; from 2 to 64 are taken"},
		{"session name out of its alphabet", sts.AssumeRoleInput{RoleSessionName: "a/b"}, prefix + `RoleSessionName: "a/b" has a character that is no letter, digit or one of _+=,.@-`},
		{"session name with an umlaut", sts.AssumeRoleInput{RoleSessionName: "Zoë"}, prefix + `RoleSessionName: "Zoë" has a character that is no letter, digit or one of _+=,.@-`},
		{"session name of all sorts", sts.AssumeRoleInput{RoleSessionName: "Az09_+=,.@-"}, "allowed"},
		{"external id of one", sts.AssumeRoleInput{ExternalID: "a"}, prefix + "ExternalId: it has 1 characters; from 2 to 1224 are taken"},
		{"external id of 1224", sts.AssumeRoleInput{ExternalID: strings.Repeat("a", 1224)}, "allowed"},
		{"external id of 1225", sts.AssumeRoleInput{ExternalID: strings.Repeat("a", 1225)}, prefix + "ExternalId: it has 1225 characters; from 2 to 1224 are taken"},
		{"external id of all sorts", sts.AssumeRoleInput{ExternalID: "Az09_+=,.@:/-"}, "allowed"},
		{"external id with a space", sts.AssumeRoleInput{ExternalID: "a b"}, prefix + `ExternalId: "a b" has a character that is no letter, digit or one of _+=,.@:/-`},
		{"source identity of one", sts.AssumeRoleInput{SourceIdentity: "a"}, prefix + "SourceIdentity: it has 1 characters; from 2 to 64 are taken"},
		{"source identity of 65", sts.AssumeRoleInput{SourceIdentity: strings.Repeat("a", 65)}, prefix + "SourceIdentity: it has 65 characters; from 2 to 64 are taken"},
		{"shortest duration", sts.AssumeRoleInput{DurationSeconds: 900}, "allowed"},
		{"too short", sts.AssumeRoleInput{DurationSeconds: 899}, prefix + "DurationSeconds: 899 seconds are not between 900 and 14400, the MaxSessionDuration of the role"},
		{"longest duration", sts.AssumeRoleInput{DurationSeconds: 4 * 3600}, "allowed"},
		{"duration over the maximum", sts.AssumeRoleInput{DurationSeconds: 4*3600 + 1}, prefix + "DurationSeconds: 14401 seconds are not between 900 and 14400, the MaxSessionDuration of the role"},
		{"negative duration", sts.AssumeRoleInput{DurationSeconds: -1}, prefix + "DurationSeconds: -1 seconds are not between 900 and 14400, the MaxSessionDuration of the role"},
		{"duration over the default maximum", sts.AssumeRoleInput{RoleARN: vendor, DurationSeconds: 3601}, prefix + "DurationSeconds: 3601 seconds are not between 900 and 3600, the MaxSessionDuration of the role"},
		{"50 tags", sts.AssumeRoleInput{Tags: many(50)}, "allowed"},
		{"51 tags", sts.AssumeRoleInput{Tags: many(51)}, prefix + "Tags: the session would have 51 tags; 50 are taken"},
		{"key of 128", sts.AssumeRoleInput{Tags: map[string]string{strings.Repeat("ü", 128): ""}}, "allowed"},
		{"key of 129", sts.AssumeRoleInput{Tags: map[string]string{strings.Repeat("k", 129): ""}}, prefix + `Tags: the key "` + strings.Repeat("k", 129) + `" has 129 characters; from 1 to 128 are taken`},
		{"no key", sts.AssumeRoleInput{Tags: map[string]string{"": "x"}}, prefix + `Tags: the key "" has 0 characters; from 1 to 128 are taken`},
		{"value of 256", sts.AssumeRoleInput{Tags: map[string]string{"k": strings.Repeat("v", 256)}}, "allowed"},
		{"value of 257", sts.AssumeRoleInput{Tags: map[string]string{"k": strings.Repeat("v", 257)}}, prefix + `Tags: the value of "k" has 257 characters; at most 256 are taken`},
		{"key of AWS", sts.AssumeRoleInput{Tags: map[string]string{"AWS:team": "x"}}, prefix + `Tags: the key "AWS:team" begins with aws:, which is kept for AWS`},
		{"key out of its alphabet", sts.AssumeRoleInput{Tags: map[string]string{"a*": "x"}}, prefix + `Tags: the key "a*" has a character that is no letter, digit, space or one of _.:/=+-@`},
		{"value out of its alphabet", sts.AssumeRoleInput{Tags: map[string]string{"a": "${x}"}}, prefix + `Tags: the value of "a" has a character that is no letter, digit, space or one of _.:/=+-@`},
		{"value that is no UTF-8", sts.AssumeRoleInput{Tags: map[string]string{"a": "\xff"}}, prefix + `Tags: the value of "a" has a character that is no letter, digit, space or one of _.:/=+-@`},
		{"two keys but for letter case", sts.AssumeRoleInput{Tags: map[string]string{"a": "1", "A": "2"}}, prefix + `Tags: the key "a" is there twice; tag keys ignore letter case`},
		{"transitive key in other letters", sts.AssumeRoleInput{Tags: map[string]string{"a": "1"}, TransitiveTagKeys: []string{"A"}}, "allowed"},
		{"transitive key without tag", sts.AssumeRoleInput{Tags: map[string]string{"a": "1"}, TransitiveTagKeys: []string{"b"}}, prefix + `TransitiveTagKeys: "b" is not the key of one of the Tags`},
		{"transitive key without tags", sts.AssumeRoleInput{TransitiveTagKeys: []string{"b"}}, prefix + `TransitiveTagKeys: "b" is not the key of one of the Tags`},
		{"transitive key twice", sts.AssumeRoleInput{Tags: map[string]string{"a": "1"}, TransitiveTagKeys: []string{"a", "A"}}, prefix + `TransitiveTagKeys: the key "A" is there twice`},
		{"incomplete ARN in the session policy", sts.AssumeRoleInput{Policy: `{"Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs"}}`},
			prefix + `Policy: the session policy has errors: 1:66: Statement.Resource: "arn:aws:sqs" has fewer than the six segments of an ARN, which a session policy does not take: write the missing ones as * (MISSING_ARN_FIELD)`},
		{"session policy with Principal", sts.AssumeRoleInput{Policy: `{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}}`}, prefix + "Policy: the session policy has errors: "},
		{"session policies of 2049 characters", sts.AssumeRoleInput{Policy: `{"Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}}` + strings.Repeat(" ", 2000)},
			prefix + "Policy: the session policies have 2070 characters; at most 2048 are taken"},
		{"11 policy ARNs", sts.AssumeRoleInput{PolicyARNs: slices.Repeat([]string{"arn:aws:iam::aws:policy/SecurityAudit"}, 11)}, prefix + "PolicyArns: there are 11 policies; at most 10 are taken"},
		{"10 policy ARNs", sts.AssumeRoleInput{PolicyARNs: slices.Repeat([]string{"arn:aws:iam::aws:policy/SecurityAudit"}, 10)}, "allowed"},
		{"policy of another account", sts.AssumeRoleInput{PolicyARNs: []string{"arn:aws:iam::444455556666:policy/X"}}, prefix + `PolicyArns: "arn:aws:iam::444455556666:policy/X" is of another account than 111122223333`},
		{"policy that is not there", sts.AssumeRoleInput{PolicyARNs: []string{"arn:aws:iam::111122223333:policy/Gone"}},
			prefix + `PolicyArns: "arn:aws:iam::111122223333:policy/Gone" cannot be a session policy: principal: the session policy "arn:aws:iam::111122223333:policy/Gone" has no document in the directory`},
		{"policy by name", sts.AssumeRoleInput{PolicyARNs: []string{"SecurityAudit"}}, prefix + `PolicyArns: "SecurityAudit" is not the ARN of a managed policy`},
		{"short serial number", sts.AssumeRoleInput{SerialNumber: "12345678"}, prefix + "SerialNumber: it has 8 characters; from 9 to 256 are taken"},
		{"hardware device", sts.AssumeRoleInput{SerialNumber: "GAHT12345678"}, "allowed"},
		{"device of another account", sts.AssumeRoleInput{SerialNumber: "arn:aws:iam::444455556666:mfa/wren"}, prefix + `SerialNumber: the MFA device "arn:aws:iam::444455556666:mfa/wren" is of another account than the caller`},
		{"no role", sts.AssumeRoleInput{RoleARN: wren}, prefix + `RoleArn: "` + wren + `" is not the ARN of a role`},
		{"six contexts", sts.AssumeRoleInput{ProvidedContexts: make([]sts.ProvidedContext, 6)}, prefix + "ProvidedContexts: there are more than five"},
		{"several", sts.AssumeRoleInput{RoleSessionName: "a", DurationSeconds: 1, SourceIdentity: "aws:x"},
			prefix + "RoleSessionName: it has 1 characters; from 2 to 64 are taken\n" +
				prefix + "DurationSeconds: 1 seconds are not between 900 and 14400, the MaxSessionDuration of the role\n" +
				prefix + `SourceIdentity: "aws:x" has a character that is no letter, digit or one of _+=,.@-` + "\n" +
				prefix + "SourceIdentity: it begins with aws:, which is kept for AWS"},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := test.in
			if in.RoleARN == "" {
				in.RoleARN = deploy
			}
			if in.RoleSessionName == "" {
				in.RoleSessionName = "nightly"
			}
			_, err := s.AssumeRole(callerOf(t, s, wren), in)
			if strings.HasSuffix(test.want, "errors: ") && err != nil && strings.HasPrefix(err.Error(), test.want) {
				return
			}
			sameText(t, err, test.want)
		})
	}
}

// A call through a VPC endpoint is subject to its policy too.
func TestEndpoint(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.home.Users[0].Inline = inline(allow("*", "*"))
	s := w.build(t)
	endpoint := func(statement string) *evaluate.Endpoint {
		compiled, err := policy.Load(policy.VPCEndpoint, []byte(statements(statement)))
		if err != nil {
			t.Fatal(err)
		}
		made, err := evaluate.NewEndpoint([]principal.Attachment{{Policy: compiled, Source: principal.Source{Type: principal.EndpointPolicy, AttachedTo: "vpce-1"}}})
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	open, narrow := endpoint(`{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}`), endpoint(`{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Resource": "*"}`)
	user := callerOf(t, s, wren)
	in := sts.AssumeRoleInput{RoleARN: deploy, RoleSessionName: "nightly", Tags: map[string]string{"a": "1"}, Endpoint: open}
	if _, err := s.AssumeRole(user, in); err != nil {
		t.Error(err)
	}
	in.Endpoint = narrow
	_, err := s.AssumeRole(user, in)
	sameText(t, err, refused+"sts:TagSession on "+deploy+": the VPC endpoint refuses: ImplicitlyDenied: no VPC endpoint policy allows it")
	_, err = s.GetFederationToken(user, sts.FederationTokenInput{Name: "guest", Endpoint: narrow})
	sameText(t, err, refusedToken+"sts:GetFederationToken on arn:aws:sts::111122223333:federated-user/guest: the VPC endpoint refuses: ImplicitlyDenied: no VPC endpoint policy allows it")
	if sides := refusedBy(err); !slices.Equal(sides, []sts.Side{sts.NetworkSide}) {
		t.Error(sides)
	}
}

// Errors can be told apart, down to the policy that has them.
func TestErrors(t *testing.T) {
	t.Parallel()
	s := newWorld().build(t)
	_, err := s.AssumeRole(callerOf(t, s, wren), sts.AssumeRoleInput{RoleARN: deploy, RoleSessionName: "x", Policy: "{}"})
	var all sts.InputErrors
	var one *sts.InputError
	var document policy.Errors
	if !errors.As(err, &all) || len(all) != 2 || !errors.As(err, &one) || one.Field != "RoleSessionName" || one.Code != sts.ValidationError || !errors.As(err, &document) {
		t.Errorf("%v, %v, %v", all, one, document)
	}
	if all[1].Code != sts.MalformedPolicyDocument || all[1].Operation != "AssumeRole" {
		t.Errorf("%+v", all[1])
	}
	_, err = s.AssumeRole(callerOf(t, s, wren), sts.AssumeRoleInput{RoleARN: deploy, RoleSessionName: "nightly", Policy: strings.Repeat(" ", 2049)})
	if !errors.As(err, &one) || one.Code != sts.PackedPolicyTooLarge {
		t.Errorf("%v", err)
	}
	var missing *principal.NotFoundError
	if _, err = s.AssumeRole(callerOf(t, s, wren), sts.AssumeRoleInput{RoleARN: audit + "2", RoleSessionName: "nightly"}); !errors.As(err, &missing) {
		t.Errorf("%v", err)
	}
	_, err = s.GetFederationToken(new(sts.LongTerm), sts.FederationTokenInput{Name: "guest"})
	if len(refusedBy(err)) != 1 {
		t.Errorf("nobody: %v", err)
	}
	for _, provided := range []sts.ProvidedContext{{}, {ProviderARN: "IdentityCenter"}} {
		_, err = s.AssumeRole(callerOf(t, s, wren), sts.AssumeRoleInput{RoleARN: deploy, RoleSessionName: "nightly", ProvidedContexts: []sts.ProvidedContext{provided}})
		if !errors.As(err, &one) || one.Field != "ProvidedContexts" {
			t.Errorf("%v", err)
		}
	}
}

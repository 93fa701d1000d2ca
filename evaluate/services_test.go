package evaluate

import (
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
	"github.com/portcullis-iam/portcullis/principal"
)

// A service case is asked with everything allowed on both sides, the trust or
// resource policy aside, unless it says otherwise.
type serviceCase struct {
	name             string
	caller, issuer   string
	action, resource string
	without          string // "resource policy", or "" if everything allows
	denied           string // the layers that deny, by their letter: i(dentity), r(esource policy), c(ontrol of resources)
	want             Outcome
	layer            Layer
}

const (
	everythingAllowed = `{"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}`
	everythingDenied  = `{"Sid": "None", "Effect": "Deny", "Action": "*", "Resource": "*"}`

	plainRole    = "arn:aws:iam::111122223333:role/app"
	reservedRole = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"
	kmsKey       = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
	alias        = "arn:aws:kms:eu-west-1:111122223333:alias/jobs"
	managedAlias = "arn:aws:kms:eu-west-1:111122223333:alias/aws/s3"
	ownPolicy    = "arn:aws:iam::111122223333:policy/Read"
	awsPolicy    = "arn:aws:iam::aws:policy/ReadOnlyAccess"
	bucket       = "arn:aws:s3:::photos"
)

func (c *serviceCase) scene() scene {
	s := scene{caller: c.caller, issuer: c.issuer, action: c.action, resource: c.resource, account: account,
		identity: []string{everythingAllowed}, session: []string{everythingAllowed}}
	trust := strings.Contains(asksTrust, " "+strings.ToLower(c.action)+" ")
	if c.without != "resource policy" {
		s.resourcePolicy = to(everybody, everythingAllowed)
		if trust {
			s.resourcePolicy = strings.Replace(s.resourcePolicy, `, "Resource": "*"`, "", 1)
		}
	}
	for _, layer := range c.denied {
		switch layer {
		case 'i':
			s.identity[0] += "," + everythingDenied
		case 'r':
			s.resourcePolicy += "," + to(everybody, everythingDenied)
		case 'c':
			prefix, _, _ := strings.Cut(c.action, ":")
			s.resourceControl = []string{`{"Sid": "None", "Effect": "Deny", "Principal": "*", "Action": "` + prefix + `:*", "Resource": "*"}`}
		}
	}
	return s
}

// TestServiceRules hits every row of the table of service rules, and misses
// each narrowly: another action, another resource, another caller. Letters of
// actions are in whatever case.
func TestServiceRules(t *testing.T) {
	t.Parallel()
	rule, resource, identity := ServiceRule, ResourcePolicy, IdentityPolicy
	cases := []serviceCase{
		// The trust policy must allow, and no other kind of policy will do.
		{name: "AssumeRole without a trust policy", action: "sts:AssumeRole", resource: plainRole, without: "resource policy", layer: resource},
		{name: "AssumeRole", action: "STS:assumeROLE", resource: plainRole, want: Allowed, layer: resource},
		{name: "AssumeRoleWithSAML without a trust policy", caller: "arn:aws:iam::111122223333:saml-provider/idp", action: "sts:AssumeRoleWithSAML", resource: plainRole, without: "resource policy", layer: resource},
		{name: "AssumeRoleWithSAML", caller: "arn:aws:iam::111122223333:saml-provider/idp", action: "sts:AssumeRoleWithSAML", resource: plainRole, want: Allowed, layer: resource},
		{name: "AssumeRoleWithWebIdentity without a trust policy", caller: provider, action: "sts:AssumeRoleWithWebIdentity", resource: plainRole, without: "resource policy", layer: resource},
		{name: "AssumeRoleWithWebIdentity", caller: provider, action: "sts:assumerolewithwebidentity", resource: plainRole, want: Allowed, layer: resource},
		{name: "TagSession without a trust policy", action: "sts:TagSession", resource: plainRole, without: "resource policy", layer: resource},
		{name: "TagSession", action: "sts:TagSession", resource: plainRole, want: Allowed, layer: resource},
		{name: "SetSourceIdentity without a trust policy", action: "sts:SetSourceIdentity", resource: plainRole, without: "resource policy", layer: resource},
		{name: "SetSourceIdentity", action: "sts:SetSourceIdentity", resource: plainRole, want: Allowed, layer: resource},
		{name: "SetContext without a trust policy", action: "sts:SetContext", resource: plainRole, without: "resource policy", layer: resource},
		{name: "SetContext", action: "sts:SetContext", resource: plainRole, want: Allowed, layer: resource},
		{name: "another action of STS needs no resource policy", action: "sts:DecodeAuthorizationMessage", resource: "*", without: "resource policy", want: Allowed, layer: identity},
		{name: "the same name in another service", action: "sso:AssumeRole", resource: plainRole, without: "resource policy", want: Allowed, layer: identity},

		// Root users cannot assume roles.
		{name: "root AssumeRole", caller: root, action: "sts:AssumeRole", resource: plainRole, layer: rule},
		{name: "root AssumeRoleWithSAML", caller: root, action: "sts:AssumeRoleWithSAML", resource: plainRole, layer: rule},
		{name: "root AssumeRoleWithWebIdentity", caller: root, action: "STS:ASSUMEROLEWITHWEBIDENTITY", resource: plainRole, layer: rule},
		{name: "root AssumeRole, denied", caller: root, action: "sts:AssumeRole", resource: plainRole, denied: "c", want: ExplicitlyDenied, layer: ResourceControlPolicy},
		{name: "root TagSession", caller: root, action: "sts:TagSession", resource: plainRole, want: Allowed, layer: resource},
		{name: "role AssumeRole", caller: session, action: "sts:AssumeRole", resource: plainRole, want: Allowed, layer: resource},

		// Anybody who signs may ask who he is, whatever denies it.
		{name: "user GetCallerIdentity", action: "sts:GetCallerIdentity", resource: "*", denied: "irc", want: Allowed, layer: rule},
		{name: "role GetCallerIdentity", caller: session, action: "sts:GetCallerIdentity", resource: "*", denied: "i", want: Allowed, layer: rule},
		{name: "federated GetCallerIdentity", caller: guest, action: "sts:getcalleridentity", resource: "*", denied: "i", want: Allowed, layer: rule},
		{name: "root GetCallerIdentity", caller: root, action: "sts:GetCallerIdentity", resource: "*", denied: "c", want: Allowed, layer: rule},
		{name: "service GetCallerIdentity", caller: notifier, action: "sts:GetCallerIdentity", resource: "*", without: "resource policy", want: Allowed, layer: rule},
		{name: "anonymous GetCallerIdentity", caller: principal.AnonymousCaller, action: "sts:GetCallerIdentity", resource: "*", without: "resource policy", layer: resource},
		{name: "provider GetCallerIdentity", caller: provider, action: "sts:GetCallerIdentity", resource: "*", without: "resource policy", layer: resource},
		{name: "user GetAccessKeyInfo", action: "sts:GetAccessKeyInfo", resource: "*", denied: "i", want: ExplicitlyDenied, layer: identity},

		// Long-term credentials may get a session token, whatever denies it;
		// nobody else may.
		{name: "user GetSessionToken", action: "sts:GetSessionToken", resource: "*", denied: "irc", want: Allowed, layer: rule},
		{name: "root GetSessionToken", caller: root, action: "sts:GETSESSIONTOKEN", resource: "*", denied: "c", want: Allowed, layer: rule},
		{name: "role GetSessionToken", caller: session, action: "sts:GetSessionToken", resource: "*", layer: rule},
		{name: "role GetSessionToken, denied", caller: session, action: "sts:GetSessionToken", resource: "*", denied: "i", want: ExplicitlyDenied, layer: identity},
		{name: "federated GetSessionToken", caller: guest, action: "sts:GetSessionToken", resource: "*", layer: rule},
		{name: "service GetSessionToken", caller: notifier, action: "sts:GetSessionToken", resource: "*", layer: rule},
		{name: "provider GetSessionToken", caller: provider, action: "sts:GetSessionToken", resource: "*", layer: rule},
		{name: "anonymous GetSessionToken", caller: principal.AnonymousCaller, action: "sts:GetSessionToken", resource: "*", layer: rule},

		// Sessions of roles cannot make federated users.
		{name: "role GetFederationToken", caller: session, action: "sts:GetFederationToken", resource: guest, layer: rule},
		{name: "user GetFederationToken", action: "sts:GetFederationToken", resource: guest, want: Allowed, layer: resource},

		// Federated users can do nothing in STS and IAM.
		{name: "federated AssumeRole", caller: guest, action: "sts:AssumeRole", resource: plainRole, layer: rule},
		{name: "federated DecodeAuthorizationMessage", caller: guest, action: "sts:DecodeAuthorizationMessage", resource: "*", layer: rule},
		{name: "federated GetFederationToken", caller: guest, action: "STS:GetFederationToken", resource: guest, layer: rule},
		{name: "federated SQS", caller: guest, action: send, resource: queue, want: Allowed, layer: resource},
		{name: "federated GetUser", caller: guest, action: "iam:GetUser", resource: alice, layer: rule},
		{name: "federated GetUser, denied", caller: guest, action: "iam:GetUser", resource: alice, denied: "i", want: ExplicitlyDenied, layer: identity},
		{name: "federated list", caller: guest, action: "IAM:listroles", resource: "*", layer: rule},
		{name: "role GetUser", caller: session, action: "iam:GetUser", resource: alice, want: Allowed, layer: resource},

		// The key policy must allow.
		{name: "Decrypt without a key policy", action: "kms:Decrypt", resource: kmsKey, without: "resource policy", layer: resource},
		{name: "Decrypt without a key policy, root", caller: root, action: "KMS:decrypt", resource: kmsKey, without: "resource policy", layer: resource},
		{name: "Decrypt", action: "kms:Decrypt", resource: kmsKey, want: Allowed, layer: resource},
		{name: "ListKeys has no key", action: "kms:ListKeys", resource: "*", without: "resource policy", want: Allowed, layer: identity},
		{name: "an alias is no key", action: "kms:UpdateAlias", resource: alias, without: "resource policy", want: Allowed, layer: identity},
		{name: "a key of another service", action: "kms:Decrypt", resource: "arn:aws:payment-cryptography:eu-west-1:111122223333:key/abc", without: "resource policy", want: Allowed, layer: identity},
		{name: "another service on a key", action: "tag:TagResources", resource: kmsKey, without: "resource policy", want: Allowed, layer: identity},

		// Aliases of AWS managed keys are not the customer's.
		{name: "CreateAlias aws/", action: "kms:CreateAlias", resource: managedAlias, layer: rule},
		{name: "UpdateAlias aws/", action: "kms:UPDATEALIAS", resource: managedAlias, layer: rule},
		{name: "DeleteAlias aws/", caller: root, action: "kms:DeleteAlias", resource: managedAlias, layer: rule},
		{name: "DeleteAlias aws/, denied", action: "kms:DeleteAlias", resource: managedAlias, denied: "i", want: ExplicitlyDenied, layer: identity},
		{name: "CreateAlias", action: "kms:CreateAlias", resource: alias, want: Allowed, layer: resource},
		{name: "CreateAlias awsome", action: "kms:CreateAlias", resource: "arn:aws:kms:eu-west-1:111122223333:alias/awsome", want: Allowed, layer: resource},
		{name: "Decrypt aws/", action: "kms:Decrypt", resource: managedAlias, want: Allowed, layer: resource},

		// RCPs do not reach RetireGrant.
		{name: "RetireGrant, controlled", action: "kms:RetireGrant", resource: kmsKey, denied: "c", want: Allowed, layer: resource},
		{name: "RetireGrant, controlled, other case", action: "kms:retiregrant", resource: kmsKey, denied: "c", want: Allowed, layer: resource},
		{name: "RetireGrant, denied", action: "kms:RetireGrant", resource: kmsKey, denied: "r", want: ExplicitlyDenied, layer: resource},
		{name: "RetireGrant without a key policy", action: "kms:RetireGrant", resource: kmsKey, without: "resource policy", layer: resource},
		{name: "RevokeGrant, controlled", action: "kms:RevokeGrant", resource: kmsKey, denied: "c", want: ExplicitlyDenied, layer: ResourceControlPolicy},

		// Buckets are listed on "*", whatever is asked about.
		{name: "ListAllMyBuckets", action: "s3:ListAllMyBuckets", resource: "*", without: "resource policy", want: Allowed, layer: identity},
		{name: "ListAllMyBuckets on a bucket", action: "S3:listallmybuckets", resource: bucket, without: "resource policy", want: Allowed, layer: identity},

		// The root user can repair the policy of its own bucket.
		{name: "root GetBucketPolicy", caller: root, action: "s3:GetBucketPolicy", resource: bucket, denied: "r", want: Allowed, layer: resource},
		{name: "root PutBucketPolicy", caller: root, action: "s3:PUTbucketpolicy", resource: bucket, denied: "r", want: Allowed, layer: resource},
		{name: "root DeleteBucketPolicy", caller: root, action: "s3:DeleteBucketPolicy", resource: bucket, denied: "r", want: Allowed, layer: resource},
		{name: "root DeleteBucketPolicy, controlled", caller: root, action: "s3:DeleteBucketPolicy", resource: bucket, denied: "rc", want: ExplicitlyDenied, layer: ResourceControlPolicy},
		{name: "root DeleteBucket", caller: root, action: "s3:DeleteBucket", resource: bucket, denied: "r", want: ExplicitlyDenied, layer: resource},
		{name: "user DeleteBucketPolicy", action: "s3:DeleteBucketPolicy", resource: bucket, denied: "r", want: ExplicitlyDenied, layer: resource},
		{name: "another account's root", caller: "arn:aws:iam::444455556666:root", action: "s3:DeleteBucketPolicy", resource: bucket, denied: "r", want: ExplicitlyDenied, layer: resource},
	}
	// AWS-managed policies cannot be changed.
	for _, action := range []string{"CreatePolicy", "CreatePolicyVersion", "DeletePolicy", "DeletePolicyVersion", "SetDefaultPolicyVersion", "TagPolicy", "UntagPolicy"} {
		cases = append(cases,
			serviceCase{name: action + " of AWS", action: "iam:" + action, resource: awsPolicy, layer: rule},
			serviceCase{name: action + " of AWS, other case", caller: root, action: "IAM:" + strings.ToLower(action), resource: awsPolicy, layer: rule},
			serviceCase{name: action + " of AWS, denied", action: "iam:" + action, resource: awsPolicy, denied: "i", want: ExplicitlyDenied, layer: identity},
			serviceCase{name: action + " of one's own", action: "iam:" + action, resource: ownPolicy, want: Allowed, layer: resource})
	}
	cases = append(cases,
		serviceCase{name: "GetPolicy of AWS", action: "iam:GetPolicy", resource: awsPolicy, want: Allowed, layer: resource},
		serviceCase{name: "DeletePolicy elsewhere", action: "organizations:DeletePolicy", resource: awsPolicy, want: Allowed, layer: resource})
	// Roles that AWS keeps.
	for _, action := range []string{"AttachRolePolicy", "DetachRolePolicy", "PutRolePolicy", "DeleteRolePolicy",
		"PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary", "UpdateAssumeRolePolicy", "DeleteRole"} {
		cases = append(cases,
			serviceCase{name: action + " reserved", action: "iam:" + action, resource: reservedRole, layer: rule},
			serviceCase{name: action + " service-linked", action: "iam:" + strings.ToUpper(action), resource: linkedRole, layer: rule},
			serviceCase{name: action, action: "iam:" + action, resource: plainRole, want: Allowed, layer: resource})
	}
	for _, action := range []string{"CreateRole", "UpdateRole", "UpdateRoleDescription", "TagRole", "UntagRole"} {
		cases = append(cases,
			serviceCase{name: action + " reserved", action: "iam:" + action, resource: reservedRole, layer: rule},
			serviceCase{name: action + " service-linked", action: "iam:" + action, resource: linkedRole, want: Allowed, layer: resource},
			serviceCase{name: action, action: "iam:" + action, resource: plainRole, want: Allowed, layer: resource})
	}
	cases = append(cases,
		serviceCase{name: "GetRole reserved", action: "iam:GetRole", resource: reservedRole, want: Allowed, layer: resource},
		serviceCase{name: "a path that only contains it", action: "iam:DeleteRole", resource: "arn:aws:iam::111122223333:role/team/aws-reserved/x", want: Allowed, layer: resource})

	hit := map[*serviceRule]bool{}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := c.scene()
			decision := s.decide(t)
			if decision.Outcome != c.want || decision.Layer != c.layer {
				t.Errorf("%v, want %v by %v", decision, c.want, c.layer)
			}
			if (decision.Rule() != "") != (c.layer == rule) {
				t.Errorf("the rule is %q", decision.Rule())
			}
		})
		name, _ := wildcard.CutName(c.resource)
		_, action, _ := strings.Cut(c.action, ":")
		rules := rulesOf(c.action)
		for at := range rules {
			if kind := callerOf(identified(t, orElse(c.caller, alice), c.issuer)).Kind; rules[at].isAbout(kind) && rules[at].fits(action, &name) {
				hit[&rules[at]] = true
			}
		}
	}
	for _, name := range []string{"sts", "kms", "iam", "s3"} {
		rules := serviceRules(name)
		for at := range rules {
			if !hit[&rules[at]] {
				t.Errorf("no case hits the rule of %s about %q %v", name, rules[at].source, rules[at].actions)
			}
		}
	}
}

// TestTrustPolicyIsAsked: only a trust policy decides who may assume a role,
// and about nothing else.
func TestTrustPolicyIsAsked(t *testing.T) {
	t.Parallel()
	trust := scene{action: "sts:AssumeRole", resource: plainRole, resourcePolicy: to(everybody, `{"Sid": "Trust", "Effect": "Allow", "Action": "*"}`)}
	granting := scene{action: "iam:GetRole", resource: plainRole, resourcePolicy: to(everybody, everythingAllowed)}
	e := trust.evaluator(t)
	for _, row := range []struct {
		name         string
		side, action scene
		want         verdict
	}{
		{"trust policy for AssumeRole", trust, trust, verdict{Allowed, ResourcePolicy, "", "Trust"}},
		{"other policy for AssumeRole", granting, trust, verdict{ImplicitlyDenied, ResourcePolicy, "", ""}},
		{"other policy for GetRole", granting, granting, verdict{Allowed, ResourcePolicy, "", "All"}},
		{"trust policy for GetRole", trust, granting, verdict{ImplicitlyDenied, IdentityPolicy, "", ""}},
	} {
		r := row.side.request(t)
		if err := r.Set(row.action.action, plainRole, ""); err != nil {
			t.Fatal(err)
		}
		if got := verdictOf(e.Evaluate(r)); got != row.want {
			t.Errorf("%s: %+v, want %+v", row.name, got, row.want)
		}
	}
}

// TestListAllMyBucketsIsAskedOnEverything: an entry that is not "*" does not
// allow it, whatever resource the request names.
func TestListAllMyBucketsIsAskedOnEverything(t *testing.T) {
	t.Parallel()
	const list = `{"Sid": "List", "Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": `
	for _, resource := range []string{"*", bucket} {
		scene{action: "s3:ListAllMyBuckets", resource: resource, account: account, identity: []string{list + `"arn:aws:s3:::*"}`}}.wants(t, verdict{outcome: ImplicitlyDenied, layer: IdentityPolicy})
		scene{action: "s3:ListAllMyBuckets", resource: resource, account: account, identity: []string{list + `"*"}`}}.wants(t, verdict{Allowed, IdentityPolicy, "", "List"})
	}
	scene{action: "s3:ListBucket", resource: bucket, account: account, identity: []string{`{"Sid": "List", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::*"}`}}.
		wants(t, verdict{Allowed, IdentityPolicy, "", "List"})
}

// TestRulesNameTheirSource: the page comes from the row that decided.
func TestRulesNameTheirSource(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		serviceCase
		source string
	}{
		{serviceCase{action: "sts:GetCallerIdentity", resource: "*"}, "AWS STS API Reference: GetCallerIdentity (no permissions are required)"},
		{serviceCase{caller: session, action: "sts:GetSessionToken", resource: "*"}, "AWS STS API Reference: GetSessionToken (long-term credentials only)"},
		{serviceCase{action: "iam:DeletePolicy", resource: awsPolicy}, "IAM User Guide: Managed policies and inline policies (AWS managed policies)"},
	} {
		s := c.scene()
		if got := s.decide(t).Rule(); got != c.source {
			t.Errorf("%s: %q, want %q", c.action, got, c.source)
		}
	}
	name, _ := wildcard.CutName("*")
	if source := ruleSource("sqs:SendMessage", &name, compiled.User, neverAllowed); source != nil {
		t.Errorf("a service without rules has %q", *source)
	}
}

// TestWhetherThereAreServiceRules: only what a rule speaks of pays for looking
// at who asks.
func TestWhetherThereAreServiceRules(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		action, resource string
		want             bool
	}{
		{"sqs:SendMessage", queue, false}, {"s3:GetObject", bucket, false}, {"s3:ListAllMyBuckets", "*", true}, {"S3:putbucketpolicy", bucket, true},
		{"kms:Decrypt", kmsKey, true}, {"kms:ListKeys", "*", false}, {"kms:UpdateAlias", alias, false}, {"kms:UpdateAlias", managedAlias, true},
		{"iam:GetUser", alice, true}, {"STS:x", "*", true}, {"sts:GetCallerIdentity", "*", true}, {"sso:AssumeRole", plainRole, false}, {"ec2:RunInstances", "*", false},
	} {
		name, _ := wildcard.CutName(row.resource)
		if got := hasServiceRules(row.action, &name); got != row.want {
			t.Errorf("%s on %s has rules: %v", row.action, row.resource, got)
		}
	}
}

// TestServiceRulings: what all rows together say, also where one makes another
// idle.
func TestServiceRulings(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		action, resource string
		caller           compiled.CallerKind
		want             ruling
	}{
		{"sts:GetCallerIdentity", "*", compiled.FederatedUser, alwaysAllowed},
		{"sts:GETCALLERIDENTITY", "*", compiled.User, alwaysAllowed},
		{"sts:GetAccessKeyInfo", "*", compiled.FederatedUser, neverAllowed},
		{"sts:GetAccessKeyInfo", "*", compiled.User, 0},
		{"sts:AssumeRole", plainRole, compiled.Root, resourcePolicyDecides | trustPolicyIsAsked | neverAllowed},
		{"sts:TagSession", plainRole, compiled.Root, resourcePolicyDecides | trustPolicyIsAsked},
		{"kms:RetireGrant", kmsKey, compiled.User, resourcePolicyDecides | beyondResourceControl},
		{"s3:PutBucketPolicy", bucket, compiled.Root, ownerRepairs},
		{"s3:PutBucketPolicy", bucket, compiled.User, 0},
		{"s3:ListAllMyBuckets", "*", compiled.User, asksForEverything},
	} {
		name, _ := wildcard.CutName(row.resource)
		if got := serviceRuling(row.action, &name, row.caller); got != row.want {
			t.Errorf("%s by %v: %b, want %b", row.action, row.caller, got, row.want)
		}
	}
}

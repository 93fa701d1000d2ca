package evaluate_test

import (
	"errors"
	"testing"
	"time"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// A session that shares what was made ready of its role is decided as one that
// does not; so is one that has other policies, and shares nothing.
func TestWithPrincipal(t *testing.T) {
	t.Parallel()
	const document = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}, {"Effect": "Deny", "Action": "sqs:DeleteQueue", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}]}`
	identify := func(caller, issuer string) principal.Identity {
		identity, err := principal.Identify(caller, issuer)
		if err != nil {
			t.Fatal(err)
		}
		return identity
	}
	own := []principal.Attachment{attach(policy.IdentityBased, principal.Source{}, document)}
	other := []principal.Attachment{attach(policy.IdentityBased, principal.Source{}, `{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}`)}
	edge := []principal.Attachment{attach(policy.PermissionsBoundary, principal.Source{}, `{"Statement": {"Effect": "Allow", "Action": "sqs:Get*", "Resource": "*"}}`)}
	narrow := []principal.Attachment{attach(policy.Session, principal.Source{}, `{"Statement": {"Effect": "Allow", "Action": ["sqs:SendMessage", "s3:*"], "Resource": "*"}}`)}
	const roleARN, sessionARN, userARN = "arn:aws:iam::111122223333:role/app", "arn:aws:sts::111122223333:assumed-role/app/run", "arn:aws:iam::111122223333:user/wren"
	facts := func(identity principal.Identity, mfa bool) *condition.Context {
		c := principal.FactsOf(identity)
		c.Set("aws:MultiFactorAuthPresent", condition.Bool(mfa))
		return c
	}
	role := &principal.Principal{Identity: identify(roleARN, ""), IdentityPolicies: own}
	role.Facts = facts(role.Identity, true)
	user := &principal.Principal{Identity: identify(userARN, ""), IdentityPolicies: own}
	user.Facts = facts(user.Identity, true)
	session, guest := identify(sessionARN, roleARN), identify("arn:aws:sts::111122223333:federated-user/guest", userARN)

	for name, test := range map[string]struct {
		base, made *principal.Principal
	}{
		"session":                    {role, &principal.Principal{Identity: session, IdentityPolicies: own, Facts: facts(session, true)}},
		"session with other keys":    {role, &principal.Principal{Identity: session, IdentityPolicies: own, Facts: facts(session, false)}},
		"session with policies":      {role, &principal.Principal{Identity: session, IdentityPolicies: own, SessionPolicies: narrow, Facts: facts(session, true)}},
		"session without facts":      {role, &principal.Principal{Identity: session, IdentityPolicies: own}},
		"session of another role":    {role, &principal.Principal{Identity: session, IdentityPolicies: other, Facts: facts(session, true)}},
		"session with a boundary":    {role, &principal.Principal{Identity: session, IdentityPolicies: own, PermissionsBoundaries: edge, Facts: facts(session, true)}},
		"federated user":             {user, &principal.Principal{Identity: guest, IdentityPolicies: own, Facts: facts(guest, true)}},
		"federated user with policy": {user, &principal.Principal{Identity: guest, IdentityPolicies: own, SessionPolicies: narrow, Facts: facts(guest, true)}},
		"user, of a role":            {role, &principal.Principal{Identity: user.Identity, IdentityPolicies: own, SessionPolicies: narrow, Facts: user.Facts}},
		"nobody":                     {role, nil},
	} {
		base, err := evaluate.New(test.base)
		if err != nil {
			t.Fatal(err)
		}
		shared, err := base.WithPrincipal(test.made)
		if err != nil {
			t.Fatal(err)
		}
		// The base stays what it was, and can be the base of others.
		if again, err := base.WithPrincipal(test.base); err != nil || again.Principal() != test.base {
			t.Errorf("%s: %v, %v", name, again, err)
		}
		scratch, err := evaluate.New(test.made)
		if err != nil {
			t.Fatal(err)
		}
		for _, action := range []string{"sqs:SendMessage", "sqs:DeleteQueue", "sqs:GetQueueUrl", "s3:GetObject", "sts:GetCallerIdentity", "iam:GetUser"} {
			request, err := evaluate.NewRequest(action, "*", "")
			if err != nil {
				t.Fatal(err)
			}
			if got, want := shared.Evaluate(request), scratch.Evaluate(request); got.String() != want.String() {
				t.Errorf("%s, %s: got %v, want %v", name, action, got, want)
			}
		}
	}
	base, err := evaluate.New(role)
	if err != nil {
		t.Fatal(err)
	}
	var failure *evaluate.LayerError
	if _, err := base.WithPrincipal(&principal.Principal{Identity: session, IdentityPolicies: own, SessionPolicies: own, Facts: role.Facts}); !errors.As(err, &failure) {
		t.Errorf("a policy of another kind: %v", err)
	}
	if zero, err := new(evaluate.Evaluator).WithPrincipal(role); err != nil || zero.Principal() != role {
		t.Errorf("%v, %v", zero, err)
	}
}

// What an IAM user or a root user may never do with credentials of
// GetSessionToken.
func TestSessionToken(t *testing.T) {
	t.Parallel()
	all := []principal.Attachment{attach(policy.IdentityBased, principal.Source{}, `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`)}
	for _, caller := range []string{"arn:aws:iam::111122223333:user/wren", "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:role/app"} {
		identity, err := principal.Identify(caller, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range []string{"none", "without MFA", "with MFA"} {
			facts := principal.FactsOf(identity)
			if token != "none" {
				facts.Set("aws:TokenIssueTime", condition.Time(time.Unix(1700000000, 0)))
				facts.Set("aws:MultiFactorAuthPresent", condition.Bool(token == "with MFA"))
			}
			e, err := evaluate.New(&principal.Principal{Identity: identity, IdentityPolicies: all, Facts: facts})
			if err != nil {
				t.Fatal(err)
			}
			own := identity.Kind != principal.Role
			for action, want := range map[string]bool{
				"sqs:SendMessage": true, "sts:GetCallerIdentity": true,
				"iam:GetUser": !own || token != "without MFA", "IAM:getuser": !own || token != "without MFA",
				"sts:GetAccessKeyInfo": !own || token == "none", "STS:DecodeAuthorizationMessage": !own || token == "none",
				"sts:GetSessionToken": own && token == "none", "sts:GetFederationToken": own && token == "none",
			} {
				request, err := evaluate.NewRequest(action, "*", "")
				if err != nil {
					t.Fatal(err)
				}
				got := e.Evaluate(request)
				if got.Allowed() != want || !want && (got.Layer != evaluate.ServiceRule || got.Rule() == "") {
					t.Errorf("%s by %s, token %s: %v, want allowed %v", action, caller, token, got, want)
				}
				if explained := e.Explain(request).Decision; explained != got {
					t.Errorf("%s by %s, token %s: %v is explained as %v", action, caller, token, got, explained)
				}
			}
		}
	}
}

// The federated user that a user makes a session for has no policy of its own, so
// sts:TagSession on it is a matter of the user's policies.
func TestTagSessionOnFederatedUser(t *testing.T) {
	t.Parallel()
	identity, err := principal.Identify("arn:aws:iam::111122223333:user/wren", "")
	if err != nil {
		t.Fatal(err)
	}
	e, err := evaluate.New(&principal.Principal{Identity: identity, IdentityPolicies: []principal.Attachment{
		attach(policy.IdentityBased, principal.Source{}, `{"Statement": {"Effect": "Allow", "Action": "sts:TagSession", "Resource": "*"}}`)}})
	if err != nil {
		t.Fatal(err)
	}
	for resource, want := range map[string]bool{
		"arn:aws:sts::111122223333:federated-user/guest": true, "arn:aws:iam::111122223333:role/app": false, "arn:aws:iam::111122223333:role/federated-user/app": false,
	} {
		request, err := evaluate.NewRequest("sts:TagSession", resource, "")
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Evaluate(request); got.Allowed() != want {
			t.Errorf("%s: %v", resource, got)
		}
	}
}

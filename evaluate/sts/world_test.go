package sts_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/sts"
	"github.com/portcullis-iam/portcullis/principal"
	"github.com/portcullis-iam/portcullis/principal/federation"
)

// The accounts and who is in them. Most tests change the world a little.
const (
	home    = "111122223333"
	partner = "444455556666"

	wren   = "arn:aws:iam::111122223333:user/staff/wren"
	device = "arn:aws:iam::111122223333:mfa/wren"
	root   = "arn:aws:iam::111122223333:root"

	deploy  = "arn:aws:iam::111122223333:role/service/deploy"
	audit   = "arn:aws:iam::111122223333:role/audit"
	vendor  = "arn:aws:iam::444455556666:role/vendor"
	lambda  = "lambda.amazonaws.com"
	github  = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
	idp     = "arn:aws:iam::111122223333:saml-provider/Corporate"
	bucket  = "arn:aws:s3:::reports"
	report  = "arn:aws:s3:::reports/may.csv"
	message = "arn:aws:sqs:eu-west-1:111122223333:jobs"
)

// moment is when everything happens.
var moment = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// A world is what a directory is built of.
type world struct {
	home, partner principal.AccountDetails
	organization  *principal.Organization
	resources     []principal.ResourceDetail
}

// statements makes a document of statements.
func statements(texts ...string) string {
	return `{"Version": "2012-10-17", "Statement": [` + strings.Join(texts, ", ") + `]}`
}

// trust is a statement that lets somebody do actions of AWS STS; who is the value
// of Principal, when that of Condition or "".
func trust(who, when string, actions ...string) string {
	text := `{"Effect": "Allow", "Principal": ` + who + `, "Action": ["` + strings.Join(actions, `", "`) + `"]`
	if when != "" {
		text += `, "Condition": ` + when
	}
	return text + "}"
}

// aws, service and federated are values of Principal.
func aws(arn string) string       { return `{"AWS": "` + arn + `"}` }
func service(name string) string  { return `{"Service": "` + name + `"}` }
func federated(arn string) string { return `{"Federated": "` + arn + `"}` }

// allow is a statement that allows an action on a resource.
func allow(action, resource string) string {
	return `{"Effect": "Allow", "Action": "` + action + `", "Resource": "` + resource + `"}`
}

func inline(texts ...string) []principal.NamedDocument {
	return []principal.NamedDocument{{Name: "own", Document: statements(texts...)}}
}

// newWorld has a user who may assume every role of its account and of the
// partner, a role of each account that trusts the user and whatever tags it
// passes, and a role that trusts the role.
func newWorld() *world {
	return &world{
		home: principal.AccountDetails{
			AccountID: home,
			Users: []principal.UserDetail{{Name: "wren", Path: "/staff/", ID: "AIDAWREN", Tags: map[string]string{"team": "birds"},
				Inline: inline(allow("sts:*", "*"), allow("s3:*", "*"))}},
			Roles: []principal.RoleDetail{
				{Name: "deploy", Path: "/service/", ID: "AROADEPLOY", MaxSessionDuration: 4 * 3600, Tags: map[string]string{"Stage": "prod", "Team": "platform"},
					Trust:  statements(trust(aws(wren), "", "sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity")),
					Inline: inline(allow("s3:GetObject", bucket+"/*"), allow("sqs:*", message), allow("sts:*", "*"))},
				{Name: "audit", ID: "AROAAUDIT", MaxSessionDuration: 12 * 3600,
					Trust:  statements(trust(aws(deploy), "", "sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity")),
					Inline: inline(allow("s3:*", "*"))},
			},
			Policies: []principal.ManagedPolicyDetail{{Name: "QueueOnly", Document: statements(allow("sqs:*", "*"))}},
		},
		partner: principal.AccountDetails{
			AccountID: partner,
			Roles: []principal.RoleDetail{{Name: "vendor", ID: "AROAVENDOR",
				Trust:  statements(trust(aws(home), "", "sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity")),
				Inline: inline(allow("s3:*", "*"))}},
		},
	}
}

// role is a role of the home account, to be changed.
func (w *world) role(name string) *principal.RoleDetail {
	for at := range w.home.Roles {
		if w.home.Roles[at].Name == name {
			return &w.home.Roles[at]
		}
	}
	return &w.partner.Roles[0]
}

// A tester is what tests, benchmarks and rapid have in common.
type tester interface {
	Helper()
	Fatal(arguments ...any)
	Fatalf(format string, arguments ...any)
}

func (w *world) build(t tester) *sts.STS {
	t.Helper()
	b := principal.NewBuilder()
	b.AddAccount(w.home)
	b.AddAccount(w.partner)
	if w.organization != nil {
		b.SetOrganization(*w.organization)
	}
	for _, resource := range w.resources {
		b.AddResource(resource)
	}
	directory, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range directory.Problems() {
		t.Fatal(problem)
	}
	return sts.New(evaluate.NewSnapshot(directory)).WithClock(func() time.Time { return moment })
}

func callerOf(t tester, s *sts.STS, arn string) sts.Caller {
	t.Helper()
	caller, err := s.Caller(arn)
	if err != nil {
		t.Fatal(err)
	}
	return caller
}

// assume has wren assume a role.
func assume(t tester, s *sts.STS, in sts.AssumeRoleInput) *sts.Session {
	t.Helper()
	if in.RoleARN == "" {
		in.RoleARN = deploy
	}
	if in.RoleSessionName == "" {
		in.RoleSessionName = "nightly"
	}
	session, err := s.AssumeRole(callerOf(t, s, wren), in)
	if err != nil {
		t.Fatal(err)
	}
	return session
}

// githubClaims are those of a job.
func githubClaims(changes map[string]any) map[string]any {
	claims := map[string]any{
		"iss": "https://token.actions.githubusercontent.com", "aud": "sts.amazonaws.com",
		"sub": "repo:birds/nest:ref:refs/heads/main", "repository": "birds/nest", "actor_id": "42", "run_id": "7",
	}
	for name, value := range changes {
		if value == nil {
			delete(claims, name)
		} else {
			claims[name] = value
		}
	}
	return claims
}

func webIdentity(t tester, issuer string, claims map[string]any) *federation.WebIdentity {
	t.Helper()
	identity, err := federation.NewWebIdentity(issuer, claims)
	if err != nil {
		t.Fatal(err)
	}
	return identity
}

// may asks a session for an action on a resource, whose account is that of its
// role or the one given.
func may(t tester, evaluator *evaluate.Evaluator, action, resource, account string, context *condition.Context) evaluate.Decision {
	t.Helper()
	request, err := evaluate.NewRequest(action, resource, account)
	if err != nil {
		t.Fatal(err)
	}
	if context != nil {
		request.Context = context
	}
	return evaluator.Evaluate(request)
}

// fact is what a session's evaluator sees under a key when the request claims
// another value.
func fact(s *sts.Session, key string) string {
	forged := new(condition.Context)
	forged.Set(key, condition.String("forged"))
	view := condition.View{Supplied: forged, Principal: s.Principal.Facts}
	value, found := view.Lookup(key)
	if !found {
		return "absent"
	}
	return value.String()
}

// sameText fails if an error does not say exactly this.
func sameText(t *testing.T, err error, want string) {
	t.Helper()
	got := "allowed"
	if err != nil {
		got = err.Error()
	}
	if got != want {
		t.Errorf("got\n\t%s\nwant\n\t%s", got, want)
	}
}

// refusedBy gives the sides that refused.
func refusedBy(err error) []sts.Side {
	var refused *sts.RefusedError
	var sides []sts.Side
	if errors.As(err, &refused) {
		for _, step := range refused.Refused() {
			sides = append(sides, step.Side())
		}
	}
	return sides
}

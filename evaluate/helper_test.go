package evaluate

import (
	"strconv"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// The callers, and what most tests ask about.
const (
	account      = "111122223333"
	otherAccount = "444455556666"

	alice       = "arn:aws:iam::111122223333:user/staff/alice"
	session     = "arn:aws:sts::111122223333:assumed-role/app/run"
	sessionRole = "arn:aws:iam::111122223333:role/service/app"
	guest       = "arn:aws:sts::111122223333:federated-user/guest"
	root        = "arn:aws:iam::111122223333:root"
	linked      = "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForSupport/run"
	linkedRole  = "arn:aws:iam::111122223333:role/aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport"
	notifier    = "sns.amazonaws.com"
	provider    = "accounts.google.com"

	send       = "sqs:SendMessage"
	queue      = "arn:aws:sqs:eu-west-1:111122223333:jobs"
	otherQueue = "arn:aws:sqs:eu-west-1:444455556666:jobs"
)

// Statements that allow and deny [send], and one that says nothing about it.
const (
	yes   = `{"Sid": "Yes", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}`
	no    = `{"Sid": "No", "Effect": "Deny", "Action": "sqs:SendMessage", "Resource": "*"}`
	other = `{"Sid": "Other", "Effect": "Allow", "Action": "sqs:DeleteQueue", "Resource": "*"}`
)

// to is a statement with a Principal element, given as JSON.
func to(who, statement string) string {
	return strings.Replace(statement, `"Effect"`, `"Principal": `+who+`, "Effect"`, 1)
}

// only is a statement with a Condition element, given as JSON.
func only(when, statement string) string {
	return strings.TrimSuffix(statement, "}") + `, "Condition": ` + when + "}"
}

// everybody and ownAccount are values of Principal.
const (
	everybody  = `"*"`
	ownAccount = `{"AWS": "111122223333"}`
)

// aws is a value of Principal.
func aws(arn string) string { return `{"AWS": "` + arn + `"}` }

// A tester is what [testing.TB] and [rapid.T] have in common and helpers need.
type tester interface {
	Helper()
	Errorf(format string, arguments ...any)
	Fatal(arguments ...any)
	Fatalf(format string, arguments ...any)
}

// A scene is a question with everything around it. Policies are written as
// the JSON of their statements, with commas between them; layers with levels
// have one policy a level.
type scene struct {
	caller, issuer              string // the caller is alice if it is ""
	identity, boundary, session []string
	serviceControl              []string

	action, resource, account string // send and queue if they are ""
	resourcePolicy            string // or trust policy, as the action asks
	resourceControl           []string
	endpoint                  []string
	context                   *condition.Context
}

// document makes a policy document of statements.
func document(statements string) []byte {
	return []byte(`{"Version": "2012-10-17", "Statement": [` + statements + `]}`)
}

func loaded(tb tester, kind policy.Kind, statements string) *policy.Policy {
	tb.Helper()
	compiled, err := policy.Load(kind, document(statements))
	if err != nil {
		tb.Fatalf("%s: %v", statements, err)
	}
	return compiled
}

func attached(tb tester, kind policy.Kind, from principal.SourceType, policies []string) []principal.Attachment {
	tb.Helper()
	var list []principal.Attachment
	for at, statements := range policies {
		list = append(list, principal.Attachment{Policy: loaded(tb, kind, statements), Source: principal.Source{Type: from, Name: "p" + strconv.Itoa(at+1)}})
	}
	return list
}

// levelNames are the levels of the organization of every scene.
var levelNames = [...]string{"r-1", "ou-1", "account"}

func leveled(tb tester, kind policy.Kind, from principal.SourceType, policies []string) []principal.Level {
	tb.Helper()
	var list []principal.Level
	for at, attachment := range attached(tb, kind, from, policies) {
		list = append(list, principal.Level{OrgIdentifier: levelNames[at], Policies: []principal.Attachment{attachment}})
	}
	return list
}

func identified(tb tester, caller, issuer string) principal.Identity {
	tb.Helper()
	identity, err := principal.Identify(caller, issuer)
	if err != nil {
		tb.Fatal(err)
	}
	return identity
}

// orElse is the text, or otherwise if there is none.
func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func (s *scene) principal(tb tester) *principal.Principal {
	tb.Helper()
	return &principal.Principal{
		Identity:              identified(tb, orElse(s.caller, alice), s.issuer),
		IdentityPolicies:      attached(tb, policy.IdentityBased, principal.CustomerManaged, s.identity),
		PermissionsBoundaries: attached(tb, policy.PermissionsBoundary, principal.Boundary, s.boundary),
		SessionPolicies:       attached(tb, policy.Session, principal.SessionPolicy, s.session),
		ServiceControlLevels:  leveled(tb, policy.ServiceControl, principal.ServiceControl, s.serviceControl),
	}
}

func (s *scene) evaluator(tb tester) *Evaluator {
	tb.Helper()
	e, err := New(s.principal(tb))
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

// asksTrust are the actions that ask the trust policy of a role.
const asksTrust = " sts:assumerole sts:assumerolewithsaml sts:assumerolewithwebidentity sts:tagsession sts:setsourceidentity sts:setcontext "

func (s *scene) request(tb tester) *Request {
	tb.Helper()
	action := orElse(s.action, send)
	side := &principal.Resource{ControlLevels: leveled(tb, policy.ResourceControl, principal.ResourceControl, s.resourceControl)}
	if s.resourcePolicy != "" {
		kind, from := policy.ResourceBased, principal.ResourcePolicy
		if strings.Contains(asksTrust, " "+strings.ToLower(action)+" ") {
			kind, from = policy.RoleTrust, principal.TrustPolicy
		}
		side.Policy = &principal.Attachment{Policy: loaded(tb, kind, s.resourcePolicy), Source: principal.Source{Type: from}}
	}
	resource, err := NewResource(side)
	if err != nil {
		tb.Fatal(err)
	}
	endpoint, err := NewEndpoint(attached(tb, policy.VPCEndpoint, principal.EndpointPolicy, s.endpoint))
	if err != nil {
		tb.Fatal(err)
	}
	r := &Request{Context: s.context, Resource: resource, Endpoint: endpoint}
	if err := r.Set(action, orElse(s.resource, queue), s.account); err != nil {
		tb.Fatal(err)
	}
	return r
}

// decide decides the scene, and makes sure on the way that Explain agrees.
func (s *scene) decide(tb tester) Decision {
	tb.Helper()
	e, r := s.evaluator(tb), s.request(tb)
	decision := e.Evaluate(r)
	if explained := e.Explain(r).Decision; explained != decision {
		tb.Errorf("Explain decides %v, Evaluate %v", explained, decision)
	}
	return decision
}

// A verdict is what tests want to know of a decision.
type verdict struct {
	outcome Outcome
	layer   Layer
	level   string
	sid     string
}

func verdictOf(d Decision) verdict {
	v := verdict{outcome: d.Outcome, layer: d.Layer, level: d.OrgIdentifier()}
	if statement, found := d.Statement(); found {
		v.sid = statement.Sid()
	}
	return v
}

// wants decides the scene and compares.
func (s scene) wants(t *testing.T, want verdict) {
	t.Helper()
	if got := verdictOf(s.decide(t)); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/cognito"
	"github.com/portcullis-iam/portcullis/evaluate/sts"
)

// A Story is what the page tells a visitor: who they became, step by step, and
// what they called.
type Story struct {
	Name     string // of the user, "guest", or "" for nobody
	Became   string // the ARN of the session, "" if there is none
	Steps    []Step
	Calls    []Call // the latest first
	Policies string // what is wrong with the policies, or how many files there are
}

// A Step is one step from signing in to a session, or one call of a function.
type Step struct {
	Title    string
	Text     string    `json:",omitempty"`
	Decision *Decision `json:",omitempty"` // if policies decided
}

// A Call is one call of a route.
type Call struct {
	Request  string // "GET /prod/orders"
	Status   int
	Decision *Decision `json:",omitempty"`
	Refused  string    `json:",omitempty"` // why there is no decision
	Function []Step    `json:",omitempty"` // what the function behind the route was allowed to do
}

func (c *Call) copy() Call {
	copied := *c
	copied.Function = slices.Clone(c.Function)
	return copied
}

// A Decision is a decision in words.
type Decision struct {
	Principal, Action, Resource string
	Outcome                     string
	Allowed                     bool
	// Reason is what decided, with the statement if there is one.
	Reason string
	// Statement is the id of the deciding statement, Where its place in the files:
	// "roles/clerks/WorkAtTheCounter.json:14:5".
	Statement, Where string
	// AccessDenied is what AWS would say, Explanation the whole of it.
	AccessDenied string `json:",omitempty"`
	Explanation  string
}

// tell puts a decision into words.
func tell(decision evaluate.Decision, explanation evaluate.Explanation) *Decision {
	_, reason, _ := strings.Cut(decision.String(), " ")
	d := &Decision{
		Principal: explanation.Principal, Action: explanation.Action, Resource: explanation.Resource,
		Outcome: decision.Outcome.String(), Allowed: decision.Allowed(), Reason: reason,
		AccessDenied: explanation.AccessDenied(), Explanation: explanation.String(),
	}
	if statement, found := decision.Statement(); found {
		d.Statement, d.Where = statement.Sid(), statement.Location().String()
	}
	return d
}

func stepOf(step sts.Step) Step {
	return Step{Title: step.Action, Decision: tell(step.Decision, step.Explain())}
}

// story tells what is known about a visit.
func (a *app) story(v *visit) Story {
	last := a.policies.Last()
	s := Story{Policies: last.String()}
	if v == nil {
		return s
	}
	s.Name, s.Calls = v.person.name, v.latest()
	s.Steps = append(s.Steps, signedIn(v.person.login))
	credentials, _, err := a.credentials(v.person)
	if err != nil {
		s.Steps = append(s.Steps, refused(err)...)
		return s
	}
	session := credentials.Session
	s.Became = session.Principal.Identity.String()
	s.Steps = append(s.Steps, Step{Title: "Identity pool", Text: credentials.Choice.String()})
	for _, step := range session.Steps {
		s.Steps = append(s.Steps, stepOf(step))
	}
	s.Steps = append(s.Steps, sessionStep(credentials), directly(session))
	return s
}

// signedIn tells what the user pool says of a user.
func signedIn(login *cognito.Login) Step {
	if login == nil {
		return Step{Title: "Guest", Text: "no sign-in: the identity is unauthenticated"}
	}
	var parts []string
	for _, name := range []string{"cognito:username", "cognito:groups", "cognito:roles", "cognito:preferred_role", "custom:team"} {
		if value, found := login.Claims[name]; found {
			parts = append(parts, fmt.Sprintf("%s %v", name, value))
		}
	}
	return Step{Title: "User pool", Text: "the ID token is genuine and says: " + strings.Join(parts, ", ")}
}

// sessionStep tells what the session is.
func sessionStep(credentials *cognito.Credentials) Step {
	session := credentials.Session
	text := session.Principal.Identity.String()
	for key, value := range session.Tags { // there is one
		text += fmt.Sprintf(", session tag %s=%s", key, value)
	}
	if credentials.ScopedDown {
		text += ", limited by the session policies that Cognito puts on guests"
	}
	return Step{Title: "Session", Text: text}
}

// directly tells what would come of using the credentials for something else than
// the API.
func directly(session *sts.Session) Step {
	request, err := evaluate.NewRequest("ec2:RunInstances", "arn:aws:ec2:"+region+":"+account+":instance/*", "")
	if err != nil {
		return Step{Title: "ec2:RunInstances", Text: err.Error()}
	}
	request.Context.Set("aws:RequestedRegion", condition.String(region))
	explanation := session.Evaluator().Explain(request)
	return Step{Title: "ec2:RunInstances", Text: "if the credentials were used to launch an instance", Decision: tell(explanation.Decision, explanation)}
}

// refused tells why somebody has become nobody.
func refused(err error) []Step {
	var steps []Step
	var pool *cognito.RefusedError
	if errors.As(err, &pool) {
		steps = append(steps, Step{Title: "Identity pool", Text: pool.Choice.String()})
	}
	var security *sts.RefusedError
	if errors.As(err, &security) {
		for _, step := range security.Steps {
			steps = append(steps, stepOf(step))
		}
		return steps
	}
	return append(steps, Step{Title: "No session", Text: err.Error()})
}

package main

import (
	"fmt"
	"io"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/internal/neutral"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// simulate decides all pairs of an action and a resource. All of them are
// decided before anything is printed, so that bad input gives no half answer.
func simulate(o *options, stdout, stderr io.Writer) int {
	answers, err := answerAll(o, stderr)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return statusBad
	}
	status := statusYes
	for at := range answers {
		if answers[at].outcome() != evaluate.Allowed {
			status = statusNo
		}
	}
	if o.json {
		var r response
		for at := range answers {
			r.EvaluationResults = append(r.EvaluationResults, answers[at].result(o.explain))
		}
		return printJSON(stdout, stderr, r, status)
	}
	for at := range answers {
		if at > 0 {
			fmt.Fprintln(stdout)
		}
		answers[at].print(stdout, o.explain)
	}
	return status
}

func answerAll(o *options, stderr io.Writer) ([]answer, error) {
	s, err := newSubject(o, o.principal, stderr)
	if err != nil {
		return nil, err
	}
	var answers []answer
	for _, action := range o.actions {
		for _, name := range o.resources {
			resource, err := s.resource(action, name)
			if err != nil {
				return nil, err
			}
			request := &evaluate.Request{Context: s.context}
			if err := request.SetFor(action, resource); err != nil {
				return nil, err
			}
			answers = append(answers, answerOf(s.evaluator.Explain(request)))
		}
	}
	return answers, nil
}

// A subject is a caller who can be asked what it may do.
type subject struct {
	options   *options
	directory *principal.Directory
	caller    *principal.Principal
	evaluator *evaluate.Evaluator
	context   *condition.Context
}

// newSubject loads the accounts, finds the caller in them and reads the context.
func newSubject(o *options, name string, stderr io.Writer) (*subject, error) {
	directory, err := principal.LoadFiles(o.accounts...)
	if err != nil {
		return nil, err // it says which file, and where in it
	}
	s := &subject{options: o, directory: directory}
	if s.caller, err = findCaller(directory, name, o.sessionPolicies); err != nil {
		return nil, err
	}
	for _, problem := range s.caller.Problems {
		fmt.Fprintf(stderr, "warning: %v\n", problem)
	}
	if s.evaluator, err = evaluate.New(s.caller); err != nil {
		return nil, err
	}
	if s.context, err = o.readContext(); err != nil {
		return nil, err
	}
	s.warn(stderr)
	return s, nil
}

// warn tells which keys cannot be unknown, because the caller has them.
func (s *subject) warn(stderr io.Writer) {
	view := condition.View{Supplied: s.context, Principal: s.caller.Facts}
	for _, argument := range s.options.unknown {
		if key, _, err := parseUnknown(argument); err == nil && !view.FromRequest(key) {
			fmt.Fprintf(stderr, "warning: -unknown %s changes nothing: the key follows from who asks\n", key)
		}
	}
}

// findCaller finds a caller and gives its session the session policies in some
// files.
func findCaller(directory *principal.Directory, name string, sessionPolicies []string) (*principal.Principal, error) {
	caller, err := directory.Principal(name)
	if err != nil || len(sessionPolicies) == 0 {
		return caller, err
	}
	identity := caller.Identity
	if identity.Kind != principal.Role && identity.Kind != principal.FederatedUser {
		return nil, fmt.Errorf("-session-policy: %s is no session of a role and no federated user", name)
	}
	var facts principal.SessionFacts
	for _, path := range sessionPolicies {
		// The directory compiles it too, but does not know the file.
		_, text, err := loadPolicy(policy.Session, path)
		if err != nil {
			return nil, err
		}
		facts.Policies = append(facts.Policies, string(text))
	}
	switch {
	case identity.Kind == principal.FederatedUser:
		facts.SessionName = identity.Name
		return directory.FederatedUser(identity.IssuerARN, facts)
	case identity.Session == "":
		facts.SessionName = "simulate" // the caller is a bare role
	}
	return directory.Session(identity.ARN, facts)
}

// resource makes a resource ready for an action on it.
func (s *subject) resource(action, name string) (*evaluate.Resource, error) {
	account := s.options.resourceAccount
	if account == "" && name == "*" {
		account = s.caller.Identity.AccountID
	}
	resource, err := s.directory.Resource(name, account)
	if err != nil {
		return nil, err
	}
	if path := s.options.resourcePolicy; path != "" && s.concerns(action, name) {
		if resource.Policy, err = loadResourcePolicy(path, action, name); err != nil {
			return nil, err
		}
	}
	return evaluate.NewResource(resource)
}

// concerns tells whether -resource-policy is about an action. Of all that can be
// done to a role, its trust policy decides about assuming it only.
func (s *subject) concerns(action, name string) bool {
	entity, err := arn.ParseEntity(name)
	isRole := err == nil && entity.Kind == arn.Role
	return s.options.whatCan == "" || !isRole || neutral.AsksTrustPolicy(action)
}

// loadResourcePolicy loads the policy of a resource as the action looks at it.
func loadResourcePolicy(path, action, resource string) (*principal.Attachment, error) {
	kind, source := policy.ResourceBased, principal.Source{Type: principal.ResourcePolicy, Name: path, AttachedTo: resource}
	if neutral.AsksTrustPolicy(action) {
		kind, source.Type = policy.RoleTrust, principal.TrustPolicy
	}
	compiled, _, err := loadPolicy(kind, path)
	if err != nil {
		return nil, err
	}
	return &principal.Attachment{Policy: compiled, Source: source}, nil
}

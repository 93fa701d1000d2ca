package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/internal/neutral"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// A response has the shape of the answer of SimulatePrincipalPolicy.
type response struct {
	EvaluationResults []evaluate.EvaluationResult
	IsTruncated       bool
}

// simulate decides all pairs of an action and a resource. All of them are
// decided before anything is printed, so that bad input gives no half answer.
func simulate(o *options, stdout, stderr io.Writer) int {
	explanations, err := explainAll(o, stderr)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return statusBad
	}
	status := statusYes
	var answer response
	for at, explanation := range explanations {
		if !explanation.Decision.Allowed() {
			status = statusNo
		}
		if o.json {
			answer.EvaluationResults = append(answer.EvaluationResults, explanation.EvaluationResult())
			continue
		}
		if at > 0 {
			fmt.Fprintln(stdout)
		}
		fmt.Fprintf(stdout, "%s: %s on %s\n%s\n", explanation.Principal, explanation.Action, explanation.Resource, explanation.Summary())
	}
	if o.json {
		encoder := json.NewEncoder(stdout)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(answer); err != nil {
			fmt.Fprintln(stderr, err)
			return statusBad
		}
	}
	return status
}

func explainAll(o *options, stderr io.Writer) ([]evaluate.Explanation, error) {
	directory, err := principal.LoadFiles(o.accounts...)
	if err != nil {
		return nil, err // it says which file, and where in it
	}
	caller, err := findCaller(directory, o)
	if err != nil {
		return nil, err
	}
	for _, problem := range caller.Problems {
		fmt.Fprintf(stderr, "warning: %v\n", problem)
	}
	evaluator, err := evaluate.New(caller)
	if err != nil {
		return nil, err
	}
	context, err := readContext(o.contextFile, o.context)
	if err != nil {
		return nil, err
	}
	var explanations []evaluate.Explanation
	for _, action := range o.actions {
		for _, name := range o.resources {
			account := o.resourceAccount
			if account == "" && name == "*" {
				account = caller.Identity.AccountID
			}
			resource, err := directory.Resource(name, account)
			if err != nil {
				return nil, err
			}
			if o.resourcePolicy != "" {
				if resource.Policy, err = loadResourcePolicy(o.resourcePolicy, action, name); err != nil {
					return nil, err
				}
			}
			ready, err := evaluate.NewResource(resource)
			if err != nil {
				return nil, err
			}
			request := &evaluate.Request{Context: context, Resource: ready}
			if err := request.Set(action, name, resource.AccountID); err != nil {
				return nil, err
			}
			explanations = append(explanations, evaluator.Explain(request))
		}
	}
	return explanations, nil
}

// findCaller finds the caller and gives its session the policies of
// -session-policy.
func findCaller(directory *principal.Directory, o *options) (*principal.Principal, error) {
	caller, err := directory.Principal(o.principal)
	if err != nil || len(o.sessionPolicies) == 0 {
		return caller, err
	}
	identity := caller.Identity
	if identity.Kind != principal.Role && identity.Kind != principal.FederatedUser {
		return nil, fmt.Errorf("-session-policy: %s is no session of a role and no federated user", o.principal)
	}
	var facts principal.SessionFacts
	for _, path := range o.sessionPolicies {
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

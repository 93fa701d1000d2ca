package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/iamtest"
	"github.com/portcullis-iam/portcullis/internal/neutral"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/policy/catalog"
)

// whatCan tells what one caller may do: on each resource that is given, or else
// on what its policies speak of.
func whatCan(o *options, stdout, stderr io.Writer) int {
	reports, err := findWhatCan(o, stderr)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return statusBad
	}
	status := statusNo
	for at := range reports {
		if reports[at].Allowed > 0 {
			status = statusYes
		}
	}
	if o.json {
		return printJSON(stdout, stderr, reports, status)
	}
	for at := range reports {
		if at > 0 {
			fmt.Fprintln(stdout)
		}
		reports[at].print(stdout)
	}
	return status
}

func findWhatCan(o *options, stderr io.Writer) ([]report, error) {
	s, err := newSubject(o, o.whatCan, stderr)
	if err != nil {
		return nil, err
	}
	if len(o.resources) == 0 {
		all, err := iamtest.Permissions(s.directory, o.whatCan, iamtest.As(s.caller), iamtest.WithContext(s.context))
		if err != nil {
			return nil, err
		}
		return []report{newReport(o.whatCan, "", all, slices.Collect(catalog.Actions()))}, nil
	}
	var reports []report
	for _, name := range o.resources {
		actions := catalog.ActionsOn(name)
		if len(actions) == 0 {
			return nil, fmt.Errorf("-resource %s: AWS documents no action on such a resource", name)
		}
		all, err := s.permissions(name, actions)
		if err != nil {
			return nil, err
		}
		reports = append(reports, newReport(o.whatCan, name, all, actions))
	}
	return reports, nil
}

// permissions asks the caller about actions on one resource. Keys that the
// policies look at and that nothing is said about are taken for unknown.
func (s *subject) permissions(name string, actions []catalog.Action) ([]iamtest.Permission, error) {
	sides := make(map[bool]*evaluate.Resource) // by whether the trust policy is asked
	request := evaluate.Request{Context: s.context.Clone()}
	explain := func(action catalog.Action) (evaluate.Explanation, error) {
		trust := neutral.AsksTrustPolicy(action.String())
		if sides[trust] == nil {
			side, err := s.resource(action.String(), name)
			if err != nil {
				return evaluate.Explanation{}, err
			}
			sides[trust] = side
		}
		if err := request.SetFor(action.String(), sides[trust]); err != nil {
			return evaluate.Explanation{}, err
		}
		return s.evaluator.Explain(&request), nil
	}
	var missing []string
	for _, action := range actions {
		x, err := explain(action)
		if err != nil {
			return nil, err
		}
		missing = append(missing, x.MissingKeys()...)
	}
	for _, key := range missing {
		request.Context.SetUnknown(key)
	}
	var all []iamtest.Permission
	hangsOn := make(residuals)
	for _, action := range actions {
		x, err := explain(action)
		if err != nil {
			return nil, err
		}
		if p, given := hangsOn.permission(x); given {
			p.Action, p.Resource = action, name
			all = append(all, p)
		}
	}
	return all, nil
}

// residuals keeps what explanations about one resource hang on, which is the
// same wherever the same statements may apply.
type residuals map[string]evaluate.Residual

// permission makes a permission of an explanation. It is false if there is none,
// and if a rule of the service allows the action to everybody, whatever policies
// say.
func (r residuals) permission(x evaluate.Explanation) (p iamtest.Permission, given bool) {
	decision := x.Decision
	if decision.Outcome == evaluate.Undetermined {
		key := hangingOn(x)
		residual, known := r[key]
		if !known {
			residual = x.Residual()
			r[key] = residual
		}
		decision = residual.Decision
		if decision.Outcome == evaluate.Undetermined {
			p.Condition, p.Keys = residual.Condition.String(), residual.Keys
		}
	}
	if decision.Outcome != evaluate.Undetermined && !decision.Allowed() || decision.Layer == evaluate.ServiceRule {
		return p, false
	}
	p.By = givenBy(x, decision)
	return p, true
}

// givenBy names the statement that allows what a decision does; where that hangs
// on conditions, the first one that allows it or may.
func givenBy(x evaluate.Explanation, decision evaluate.Decision) string {
	by, found := decision.Statement()
	if decision.Outcome == evaluate.Undetermined {
		for _, layer := range x.Layers {
			if layer.Layer != evaluate.IdentityPolicy && layer.Layer != evaluate.ResourcePolicy {
				continue
			}
			all := slices.Concat(layer.Allows, layer.Unsure)
			if at := slices.IndexFunc(all, func(s evaluate.StatementRef) bool { return s.Effect() == policy.Allow }); at >= 0 {
				by, found = all[at], true
				break
			}
		}
	}
	if !found {
		return decision.String() // the root user needs none
	}
	if place := by.Location().String(); place != "" {
		return place + ": " + by.String()
	}
	return by.String()
}

// hangingOn names the statements of an explanation that may apply, and says
// which layers allow without them.
func hangingOn(x evaluate.Explanation) string {
	var key strings.Builder
	for _, layer := range x.Layers {
		fmt.Fprintf(&key, "%v %t %v", layer.Needed, len(layer.Allows) > 0, layer.Grant)
		for _, one := range layer.Unsure {
			fmt.Fprintf(&key, " %p %d %v", one.Policy(), one.Index(), one.Source())
		}
		key.WriteByte('\n')
	}
	return key.String()
}

package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"

	"github.com/portcullis-iam/portcullis/internal/workload"
)

// casbinModel has one policy row a statement. The effect is IAM's: some allow and
// no deny. Matching is by functions written in Go, the way that Casbin offers for
// what its own do not express.
const casbinModel = `
[request_definition]
r = action, resource, context

[policy_definition]
p = id, action, resource, condition, eft

[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))

[matchers]
m = iamMatch(p.resource, r.resource) && iamMatch(p.action, r.action) && iamCondition(p.condition, r.context)
`

// casbinSeparator stands between the patterns of one field of a row.
const casbinSeparator = "|"

// casbinEngine is Casbin with a model for IAM. Rows that deny come first, since
// Casbin stops at the first of them that matches.
func casbinEngine() Engine {
	return Engine{
		Name:    versioned("casbin", "github.com/casbin/casbin/v2", "iamMatch model"),
		Compile: compileCasbin,
	}
}

func compileCasbin(documents [][]byte) (Prepare, error) {
	rules, err := parseRules(documents)
	if err != nil {
		return nil, err
	}
	m, err := model.NewModelFromString(casbinModel)
	if err != nil {
		return nil, err
	}
	enforcer, err := casbin.NewEnforcer(m)
	if err != nil {
		return nil, err
	}
	conditions := map[string]*rule{}
	rows := make([][]string, 0, len(rules))
	for i, r := range deniesFirst(rules) {
		id, condition := fmt.Sprint(i), ""
		if len(r.teams) > 0 || len(r.networks) > 0 || r.secureTransport != nil {
			condition = id
			conditions[id] = &r
		}
		rows = append(rows, []string{id, casbinField(r.actions), casbinField(r.resources), condition, r.effect("allow", "deny")})
	}
	if added, err := enforcer.AddPolicies(rows); err != nil || !added {
		return nil, fmt.Errorf("adding %d rows: %v, %w", len(rows), added, err)
	}
	enforcer.AddFunction("iamMatch", casbinMatch)
	enforcer.AddFunction("iamCondition", casbinCondition(conditions))
	return func(q *workload.Request) (Decide, error) {
		f, err := factsOf(q)
		if err != nil {
			return nil, err
		}
		values := []any{q.Action, q.Resource, &f}
		return func() string {
			allowed, err := enforcer.Enforce(values...)
			switch {
			case err != nil:
				return Failed
			case allowed:
				return workload.Allow
			}
			return Denied
		}, nil
	}, nil
}

func casbinField(patterns []pattern) string {
	texts := make([]string, len(patterns))
	for i := range patterns {
		texts[i] = patterns[i].text
	}
	return strings.Join(texts, casbinSeparator)
}

var errCasbinArguments = errors.New("arguments that the model does not pass")

// casbinMatch reports whether one of the patterns in the first argument matches
// the second.
func casbinMatch(arguments ...any) (any, error) {
	patterns, ok1 := arguments[0].(string)
	s, ok2 := arguments[1].(string)
	if !ok1 || !ok2 {
		return nil, errCasbinArguments
	}
	for more := true; more; {
		var p string
		p, patterns, more = strings.Cut(patterns, casbinSeparator)
		if workload.Match(p, s) {
			return true, nil
		}
	}
	return false, nil
}

// casbinCondition returns the function that evaluates the condition of a row on
// the context of the request.
func casbinCondition(conditions map[string]*rule) func(arguments ...any) (any, error) {
	return func(arguments ...any) (any, error) {
		id, ok1 := arguments[0].(string)
		f, ok2 := arguments[1].(*facts)
		if !ok1 || !ok2 {
			return nil, errCasbinArguments
		}
		if id == "" {
			return true, nil
		}
		r := conditions[id]
		return r != nil && r.holds(f), nil
	}
}

// holds reports whether the conditions of the rule hold.
func (r *rule) holds(f *facts) bool {
	if len(r.teams) > 0 && !slices.Contains(r.teams, f.team) {
		return false
	}
	if r.secureTransport != nil && *r.secureTransport != f.secureTransport {
		return false
	}
	if len(r.networks) == 0 {
		return true
	}
	for _, network := range r.networks {
		if network.Contains(f.sourceIP) {
			return true
		}
	}
	return false
}

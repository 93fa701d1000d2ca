package main

import (
	"fmt"
	"net/netip"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/ast"
	"github.com/cedar-policy/cedar-go/types"

	"github.com/portcullis-iam/portcullis/internal/workload"
)

const cedarModule = "github.com/cedar-policy/cedar-go"

// cedarLikeEngine is cedar-go with action and resource as strings of the
// context, matched by == and like: the form in which cedar-go is fastest.
func cedarLikeEngine() Engine {
	return Engine{
		Name: versioned("cedar-go", cedarModule, "like on strings"),
		Compile: func(documents [][]byte) (Prepare, error) {
			return compileCedar(documents, cedarActionStrings)
		},
	}
}

// cedarGroupsEngine is cedar-go with actions as entities, each a member of a group
// for each action pattern that matches it: the form that Cedar recommends.
func cedarGroupsEngine() Engine {
	return Engine{
		Name: versioned("cedar-go", cedarModule, "action groups"),
		Compile: func(documents [][]byte) (Prepare, error) {
			return compileCedar(documents, cedarActionGroups)
		},
	}
}

// cedarScope restricts a policy to the actions of a rule.
type cedarScope func(policy *ast.Policy, actions []pattern) *ast.Policy

func cedarActionStrings(policy *ast.Policy, actions []pattern) *ast.Policy {
	return policy.When(cedarAny("action", actions))
}

func cedarActionGroups(policy *ast.Policy, actions []pattern) *ast.Policy {
	groups := make([]types.EntityUID, len(actions))
	for i := range actions {
		groups[i] = cedarAction(actions[i].text)
	}
	return policy.ActionInSet(groups...)
}

func cedarAction(id string) types.EntityUID {
	return types.NewEntityUID("Action", types.String(id))
}

func compileCedar(documents [][]byte, scope cedarScope) (Prepare, error) {
	rules, err := parseRules(documents)
	if err != nil {
		return nil, err
	}
	policies := cedar.NewPolicySet()
	groups := map[string]pattern{}
	for i := range rules {
		r := &rules[i]
		policy := ast.Permit()
		if r.deny {
			policy = ast.Forbid()
		}
		policy = scope(policy, r.actions).When(cedarAny("resource", r.resources))
		policies.Add(types.PolicyID(fmt.Sprintf("policy%d", i)), cedar.NewPolicyFromAST(cedarConditions(policy, r)))
		for _, a := range r.actions {
			groups[a.text] = a
		}
	}
	return func(q *workload.Request) (Decide, error) {
		f, err := factsOf(q)
		if err != nil {
			return nil, err
		}
		request := types.Request{
			Principal: types.NewEntityUID("Principal", "p"),
			Action:    cedarAction(q.Action),
			Resource:  types.NewEntityUID("Resource", types.String(q.Resource)),
			Context: types.NewRecord(types.RecordMap{
				"action":          types.String(q.Action),
				"resource":        types.String(q.Resource),
				"team":            types.String(f.team),
				"sourceIp":        types.IPAddr(netip.PrefixFrom(f.sourceIP, f.sourceIP.BitLen())),
				"secureTransport": types.Boolean(f.secureTransport),
			}),
		}
		entities := cedarEntities(q.Action, groups)
		return func() string {
			decision, diagnostic := cedar.Authorize(policies, entities, request)
			switch {
			case len(diagnostic.Errors) > 0:
				return Failed
			case decision == cedar.Allow:
				return workload.Allow
			case len(diagnostic.Reasons) > 0:
				return workload.ExplicitDeny
			}
			return workload.ImplicitDeny
		}, nil
	}, nil
}

// cedarEntities returns the action of a request with the groups that it is in.
func cedarEntities(action string, groups map[string]pattern) types.EntityMap {
	var parents []types.EntityUID
	for text, p := range groups {
		if !p.literal() && workload.Match(text, action) {
			parents = append(parents, cedarAction(text))
		}
	}
	uid := cedarAction(action)
	return types.EntityMap{uid: {UID: uid, Parents: types.NewEntityUIDSet(parents...)}}
}

// cedarAny says that an attribute of the context matches one of the patterns.
func cedarAny(attribute types.String, patterns []pattern) ast.Node {
	var either ast.Node
	for i := range patterns {
		p := &patterns[i]
		node := ast.Context().Access(attribute)
		if p.literal() {
			node = node.Equal(ast.String(p.text))
		} else {
			components := []any{p.head()}
			for _, literal := range p.literals[1:] {
				components = append(components, types.Wildcard{}, literal)
			}
			node = node.Like(types.NewPattern(components...))
		}
		if i == 0 {
			either = node
		} else {
			either = either.Or(node)
		}
	}
	return either
}

func cedarConditions(policy *ast.Policy, r *rule) *ast.Policy {
	if len(r.teams) > 0 {
		policy = policy.When(cedarAny("team", literalPatterns(r.teams)))
	}
	if len(r.networks) > 0 {
		var either ast.Node
		for i, network := range r.networks {
			node := ast.Context().Access("sourceIp").IsInRange(ast.IPAddr(network))
			if i == 0 {
				either = node
			} else {
				either = either.Or(node)
			}
		}
		policy = policy.When(either)
	}
	if r.secureTransport != nil {
		policy = policy.When(ast.Context().Access("secureTransport").Equal(ast.Boolean(*r.secureTransport)))
	}
	return policy
}

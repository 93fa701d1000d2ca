package policy_test

import (
	"strings"

	"pgregory.net/rapid"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/policy"
)

var kinds = []policy.Kind{policy.IdentityBased, policy.PermissionsBoundary, policy.Session, policy.ResourceBased,
	policy.RoleTrust, policy.ServiceControl, policy.ResourceControl, policy.VPCEndpoint}

// documents generates documents, built in code, that pass Check.
func documents() *rapid.Generator[*policy.Document] {
	return rapid.Custom(func(t *rapid.T) *policy.Document {
		d := &policy.Document{Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
		d.Version.Value = rapid.SampledFrom([]string{"", policy.Version2008, policy.Version2012}).Draw(t, "version")
		d.ID.Value = rapid.SampledFrom([]string{"", "x", "\"\\\n\x00é<&>\u2028😀"}).Draw(t, "id")
		d.Statements = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) policy.Statement { return drawStatement(t, d.Kind) }), 0, 4).Draw(t, "statements")
		d.SingleStatement = rapid.Bool().Draw(t, "single statement")
		return d
	})
}

func drawStatement(t *rapid.T, kind policy.Kind) policy.Statement {
	s := policy.Statement{Sid: policy.Text{Value: rapid.StringMatching(`[a-z]?`).Draw(t, "sid")}}
	s.Effect = rapid.SampledFrom([]policy.Effect{policy.Allow, policy.Deny}).Draw(t, "effect")
	actions := []string{"s3:GetObject", "s3:get*", "sqs:*", "*:x", "s3:${a}", "a::"}
	if kind == policy.ResourceControl {
		s.Effect = policy.Deny
		s.Principal = &policy.Principals{Everyone: true}
		s.Action = drawStrings(t, actions)
	} else {
		target := &s.Action
		if rapid.Bool().Draw(t, "not action") {
			target = &s.NotAction
		}
		*target = drawStrings(t, append(actions, "*"))
	}
	switch kind {
	case policy.ResourceBased, policy.VPCEndpoint, policy.RoleTrust:
		target := &s.Principal
		if kind != policy.RoleTrust && rapid.Bool().Draw(t, "not principal") {
			target = &s.NotPrincipal
		}
		*target = drawPrincipals(t)
	}
	switch {
	case kind == policy.RoleTrust:
	case kind == policy.ResourceBased && rapid.Bool().Draw(t, "no resource"):
	case rapid.Bool().Draw(t, "not resource"):
		s.NotResource = drawStrings(t, resources)
	default:
		s.Resource = drawStrings(t, resources)
	}
	if rapid.Bool().Draw(t, "condition") {
		s.Condition = drawCondition(t)
	}
	return s
}

var resources = []string{"*", "arn:aws:s3:::b/*", "arn:aws:s3:::B/*", "arn:aws:s3:::${aws:username}", "arn:aws:sqs:*:*:é?\"\t"}

func drawStrings(t *rapid.T, from []string) *policy.Strings {
	list := policy.StringsOf(rapid.SliceOfN(rapid.SampledFrom(from), 0, 4).Draw(t, "values")...)
	list.Single = rapid.Bool().Draw(t, "single")
	return list
}

func drawPrincipals(t *rapid.T) *policy.Principals {
	if rapid.Bool().Draw(t, "everyone") {
		return &policy.Principals{Everyone: true}
	}
	p := &policy.Principals{}
	for _, one := range []policy.PrincipalType{policy.PrincipalFederated, policy.PrincipalAWS, policy.PrincipalService, policy.PrincipalCanonicalUser} {
		if rapid.Bool().Draw(t, string(one)) {
			p.Entries = append(p.Entries, policy.PrincipalEntry{Type: one, Values: *drawStrings(t, []string{"*", "210987654321", "sqs.amazonaws.com"})})
		}
	}
	return p
}

func drawCondition(t *rapid.T) []policy.ConditionOperator {
	operators := []policy.ConditionOperator{}
	names := rapid.SliceOfNDistinct(rapid.SampledFrom(operatorNames()), 0, 3, strings.ToLower).Draw(t, "operators")
	for _, name := range names {
		operator := policy.ConditionOperator{Name: policy.Text{Value: name}}
		keys := []string{"aws:userid", "aws:UserId", "aws:PrincipalTag/a b", "s3:prefix", ""}
		for _, key := range rapid.SliceOfNDistinct(rapid.SampledFrom(keys), 0, 3, strings.ToLower).Draw(t, "keys") {
			operator.Keys = append(operator.Keys, policy.ConditionKey{
				Key:    policy.Text{Value: key},
				Values: rapid.SliceOfN(rapid.SampledFrom(values), 0, 3).Draw(t, "values"),
				Single: rapid.Bool().Draw(t, "single"),
			})
		}
		operators = append(operators, operator)
	}
	return operators
}

var values = []policy.ConditionValue{{Value: ""}, {Value: "a*"}, {Value: "10"}, {Value: "10", Type: policy.NumberValue},
	{Value: "-1.5e+7", Type: policy.NumberValue}, {Value: "true", Type: policy.BooleanValue}, {Value: "false", Type: policy.BooleanValue}}

// operatorNames gives each operator in several spellings.
func operatorNames() []string {
	var names []string
	for _, base := range condition.Operators() {
		names = append(names, base, strings.ToLower(base), "FORALLVALUES:"+base, "ForAnyValue:"+base)
		if base != "Null" {
			names = append(names, base+"IfExists")
		}
	}
	return names
}

// shuffled rewrites a document into another one that is Equal to it.
func shuffled(t *rapid.T, d *policy.Document) *policy.Document {
	made := *d
	made.ID.Value += "other"
	if made.Version.Value == "" {
		made.Version.Value = policy.Version2008
	}
	made.Statements = shuffle(t, d.Statements)
	if len(made.Statements) > 0 {
		made.Statements = append(made.Statements, made.Statements[0])
	}
	for i := range made.Statements {
		s := &made.Statements[i]
		s.Sid.Value += "other"
		s.Action, s.NotAction = shuffleStrings(t, s.Action, true), shuffleStrings(t, s.NotAction, true)
		s.Resource, s.NotResource = shuffleStrings(t, s.Resource, false), shuffleStrings(t, s.NotResource, false)
		if s.Principal != nil && s.Principal.Everyone && d.Kind != policy.ResourceControl {
			s.Principal = &policy.Principals{Entries: []policy.PrincipalEntry{{Type: policy.PrincipalAWS, Values: *policy.StringsOf("*")}}}
		}
		if s.NotPrincipal != nil {
			copied := *s.NotPrincipal
			copied.Entries = shuffle(t, copied.Entries)
			s.NotPrincipal = &copied
		}
		if len(s.Condition) == 0 {
			s.Condition = []policy.ConditionOperator{{Name: policy.Text{Value: "Bool"}}}
			continue
		}
		s.Condition = shuffle(t, s.Condition)
		for j := range s.Condition {
			operator := &s.Condition[j]
			operator.Name.Value = strings.ToUpper(operator.Name.Value)
			operator.Keys = shuffle(t, operator.Keys)
			for k := range operator.Keys {
				key := &operator.Keys[k]
				key.Key.Value = strings.ToUpper(key.Key.Value)
				key.Values = shuffle(t, key.Values)
				for l := range key.Values {
					key.Values[l].Type = policy.StringValue
				}
			}
		}
	}
	return &made
}

// shuffle copies a slice in another order.
func shuffle[T any](t *rapid.T, list []T) []T {
	if list == nil {
		return nil
	}
	return rapid.Permutation(append([]T{}, list...)).Draw(t, "order")
}

func shuffleStrings(t *rapid.T, list *policy.Strings, fold bool) *policy.Strings {
	if list == nil {
		return nil
	}
	made := &policy.Strings{Values: shuffle(t, list.Values), Single: !list.Single}
	if len(made.Values) > 0 {
		made.Values = append(made.Values, made.Values[0])
	}
	for i := range made.Values {
		if fold {
			made.Values[i].Value = strings.ToUpper(made.Values[i].Value)
		}
	}
	return made
}

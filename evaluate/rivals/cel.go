package main

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/portcullis-iam/portcullis/internal/workload"
)

// celEngine is cel-go with one program a statement. CEL only tells whether an
// expression holds, so the loop that combines them is ours: first the programs
// that deny, then those that allow, each until one holds.
func celEngine() Engine {
	return Engine{
		Name:    versioned("cel-go", "cel.dev/cel-go", "program per statement"),
		Compile: compileCEL,
	}
}

func compileCEL(documents [][]byte) (Prepare, error) {
	rules, err := parseRules(documents)
	if err != nil {
		return nil, err
	}
	environment, err := celEnvironment(celNetworks(rules))
	if err != nil {
		return nil, err
	}
	var denies, allows []cel.Program
	for i := range rules {
		expression := celExpression(&rules[i])
		checked, issues := environment.Compile(expression)
		if issues.Err() != nil {
			return nil, fmt.Errorf("%s: %w", expression, issues.Err())
		}
		program, err := environment.Program(checked, cel.EvalOptions(cel.OptOptimize))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", expression, err)
		}
		if rules[i].deny {
			denies = append(denies, program)
		} else {
			allows = append(allows, program)
		}
	}
	return func(q *workload.Request) (Decide, error) {
		f, err := factsOf(q)
		if err != nil {
			return nil, err
		}
		// CEL's own values: nothing is left to convert when it evaluates.
		activation, err := cel.NewActivation(map[string]any{
			"action":          types.String(q.Action),
			"resource":        types.String(q.Resource),
			"team":            types.String(f.team),
			"sourceIP":        types.String(f.sourceIP.String()),
			"secureTransport": types.Bool(f.secureTransport),
		})
		if err != nil {
			return nil, err
		}
		return func() string {
			if holds, err := celAny(denies, activation); err != nil {
				return Failed
			} else if holds {
				return workload.ExplicitDeny
			}
			if holds, err := celAny(allows, activation); err != nil {
				return Failed
			} else if holds {
				return workload.Allow
			}
			return workload.ImplicitDeny
		}, nil
	}, nil
}

func celAny(programs []cel.Program, activation cel.Activation) (bool, error) {
	for _, program := range programs {
		value, _, err := program.Eval(activation)
		if err != nil {
			return false, err
		}
		if value == types.True {
			return true, nil
		}
	}
	return false, nil
}

// celNetworks returns the networks of all rules by their text.
func celNetworks(rules []rule) map[string]netip.Prefix {
	networks := map[string]netip.Prefix{}
	for i := range rules {
		for _, network := range rules[i].networks {
			networks[network.String()] = network
		}
	}
	return networks
}

// celEnvironment declares the variables, and a function that tests whether an
// address is in a network. The networks are parsed when it is made: CEL's own
// function would parse them in each evaluation.
func celEnvironment(networks map[string]netip.Prefix) (*cel.Env, error) {
	inNetwork := func(address, network ref.Val) ref.Val {
		a, ok1 := address.(types.String)
		n, ok2 := network.(types.String)
		if !ok1 || !ok2 {
			return types.NewErr("inNetwork takes two strings")
		}
		parsed, err := netip.ParseAddr(string(a))
		if err != nil {
			return types.WrapErr(err)
		}
		return types.Bool(networks[string(n)].Contains(parsed))
	}
	return cel.NewEnv(
		cel.Variable("action", cel.StringType),
		cel.Variable("resource", cel.StringType),
		cel.Variable("team", cel.StringType),
		cel.Variable("sourceIP", cel.StringType),
		cel.Variable("secureTransport", cel.BoolType),
		cel.Function("inNetwork", cel.Overload("inNetwork_string_string",
			[]*cel.Type{cel.StringType, cel.StringType}, cel.BoolType, cel.BinaryBinding(inNetwork))),
	)
}

// celExpression writes the rule as an expression, cheap tests first.
func celExpression(r *rule) string {
	terms := []string{celMatches("action", r.actions), celMatches("resource", r.resources)}
	if len(r.teams) > 0 {
		terms = append(terms, celMatches("team", literalPatterns(r.teams)))
	}
	if r.secureTransport != nil {
		terms = append(terms, fmt.Sprintf("secureTransport == %v", *r.secureTransport))
	}
	if len(r.networks) > 0 {
		var tests []string
		for _, network := range r.networks {
			tests = append(tests, fmt.Sprintf("inNetwork(sourceIP, %q)", network))
		}
		terms = append(terms, celOr(tests))
	}
	return strings.Join(terms, " && ")
}

func celMatches(variable string, patterns []pattern) string {
	if texts, ok := literalTexts(patterns); ok && len(texts) > 1 {
		for i := range texts {
			texts[i] = strconv.Quote(texts[i])
		}
		return fmt.Sprintf("%s in [%s]", variable, strings.Join(texts, ", "))
	}
	var tests []string
	for i := range patterns {
		tests = append(tests, celMatch(variable, &patterns[i]))
	}
	return celOr(tests)
}

// celMatch writes the cheapest test that is exact. The regular expression is
// compiled with the program, and runs only where both ends already fit.
func celMatch(variable string, p *pattern) string {
	if p.literal() {
		return fmt.Sprintf("%s == %q", variable, p.text)
	}
	starts := fmt.Sprintf("%s.startsWith(%q)", variable, p.head())
	if p.prefixOnly() {
		return starts
	}
	quoted := make([]string, len(p.literals))
	for i, literal := range p.literals {
		quoted[i] = regexp.QuoteMeta(literal)
	}
	return fmt.Sprintf("(%s && %s.endsWith(%q) && %s.matches(%q))",
		starts, variable, p.tail(), variable, "(?s)^"+strings.Join(quoted, ".*")+"$")
}

func celOr(tests []string) string {
	if len(tests) == 1 {
		return tests[0]
	}
	return "(" + strings.Join(tests, " || ") + ")"
}

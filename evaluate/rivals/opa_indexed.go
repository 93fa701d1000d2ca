package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gobwas/glob"
	"github.com/open-policy-agent/opa/v1/rego"
)

// opaIndexedEngine is OPA with the policies as Rego: a rule for each resource of
// each statement, written so that OPA's rule index can pick the candidates by the
// resource (== or startswith) and the action (==, in, startswith).
func opaIndexedEngine() Engine {
	return Engine{
		Name: versioned("OPA", opaModule, "rule per resource, indexed"),
		Compile: func(documents [][]byte) (Prepare, error) {
			rules, err := parseRules(documents)
			if err != nil {
				return nil, err
			}
			return prepareOPA(rego.Module("iam.rego", opaIndexedModule(rules)))
		},
	}
}

// opaDecision combines the rules as IAM does.
const opaDecision = `package iam

default decision := "implicit_deny"

decision := "explicit_deny" if deny

else := "allow" if allow
`

func opaIndexedModule(rules []rule) string {
	var b strings.Builder
	b.WriteString(opaDecision)
	// A module without any deny would not compile: these two never hold.
	b.WriteString("\nallow if input.action == \"\"\n\ndeny if input.action == \"\"\n")
	for i := range rules {
		r := &rules[i]
		for j := range r.resources {
			for _, actions := range opaActions(r.actions) {
				fmt.Fprintf(&b, "\n%s if {\n%s%s%s}\n", r.effect("allow", "deny"), opaMatch("input.resource", &r.resources[j]), actions, opaConditions(r))
			}
		}
	}
	return b.String()
}

// opaActions returns the tests of which one must hold: the literals together,
// each pattern on its own, since an "or" is written as two rules.
func opaActions(actions []pattern) []string {
	if texts, ok := literalTexts(actions); ok {
		return []string{opaIn("input.action", texts)}
	}
	var out []string
	for i := range actions {
		out = append(out, opaMatch("input.action", &actions[i]))
	}
	return out
}

func opaIn(reference string, texts []string) string {
	if len(texts) == 1 {
		return fmt.Sprintf("\t%s == %q\n", reference, texts[0])
	}
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = strconv.Quote(text)
	}
	return fmt.Sprintf("\t%s in {%s}\n", reference, strings.Join(quoted, ", "))
}

// opaMatch writes the cheapest tests that are exact. The end is tested in a way
// that the index does not see, since it would take one end only.
func opaMatch(reference string, p *pattern) string {
	if p.literal() {
		return opaIn(reference, []string{p.text})
	}
	starts := fmt.Sprintf("\tstartswith(%s, %q)\n", reference, p.head())
	if p.prefixOnly() {
		return starts
	}
	return starts + fmt.Sprintf("\tendswith(%s, %q) == true\n\tglob.match(%q, null, %s)\n", reference, p.tail(), opaGlob(p), reference)
}

// opaGlob writes the pattern for glob.match, which has more special characters.
func opaGlob(p *pattern) string {
	quoted := make([]string, len(p.literals))
	for i, literal := range p.literals {
		quoted[i] = glob.QuoteMeta(literal)
	}
	return strings.Join(quoted, "*")
}

func opaConditions(r *rule) string {
	var b strings.Builder
	if len(r.teams) > 0 {
		b.WriteString(opaIn("input.team", r.teams))
	}
	if r.secureTransport != nil {
		fmt.Fprintf(&b, "\tinput.secure_transport == %v\n", *r.secureTransport)
	}
	switch len(r.networks) {
	case 0:
	case 1:
		fmt.Fprintf(&b, "\tnet.cidr_contains(%q, input.source_ip)\n", r.networks[0])
	default:
		quoted := make([]string, len(r.networks))
		for i, network := range r.networks {
			quoted[i] = strconv.Quote(network.String())
		}
		fmt.Fprintf(&b, "\tsome network in [%s]\n\tnet.cidr_contains(network, input.source_ip)\n", strings.Join(quoted, ", "))
	}
	return b.String()
}

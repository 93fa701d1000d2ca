package main

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/portcullis-iam/portcullis/internal/workload"
)

// The condition keys of profile s3.
const (
	keyTeam            = "aws:PrincipalTag/team"
	keySourceIP        = "aws:SourceIp"
	keySecureTransport = "aws:SecureTransport"
)

// rule is one statement in the form from which every rival is translated. Its
// lists of conditions are empty, or the pointer nil, where the statement does not
// have the condition.
type rule struct {
	deny            bool
	actions         []pattern
	resources       []pattern
	teams           []string
	networks        []netip.Prefix
	secureTransport *bool
}

// effect picks what an engine calls the effect of the rule.
func (r *rule) effect(allow, deny string) string {
	if r.deny {
		return deny
	}
	return allow
}

// parseRules parses documents of profile s3. Anything that the translations do not
// know is an error, so that no engine can be fast by leaving it out.
func parseRules(documents [][]byte) ([]rule, error) {
	policies, err := parsePolicies(documents)
	if err != nil {
		return nil, err
	}
	var rules []rule
	for i := range policies {
		for j := range policies[i].Statement {
			r, err := newRule(&policies[i].Statement[j])
			if err != nil {
				return nil, fmt.Errorf("document %d, statement %d: %w", i, j, err)
			}
			rules = append(rules, r)
		}
	}
	return rules, nil
}

// deniesFirst returns the rules with all that deny before all that allow. The
// order of statements decides nothing, and it lets a scanning engine stop early.
func deniesFirst(rules []rule) []rule {
	out := make([]rule, 0, len(rules))
	for _, deny := range []bool{true, false} {
		for i := range rules {
			if rules[i].deny == deny {
				out = append(out, rules[i])
			}
		}
	}
	return out
}

func newRule(st *workload.Statement) (rule, error) {
	r := rule{deny: st.Effect == workload.EffectDeny}
	for _, a := range st.Action {
		r.actions = append(r.actions, newPattern(a))
	}
	for _, a := range st.Resource {
		r.resources = append(r.resources, newPattern(a))
	}
	for operator, keys := range st.Condition {
		for key, values := range keys {
			if err := r.addCondition(operator, key, values); err != nil {
				return rule{}, err
			}
		}
	}
	return r, nil
}

func (r *rule) addCondition(operator, key string, values []string) error {
	switch operator + " " + key {
	case "StringEquals " + keyTeam:
		r.teams = values
	case "IpAddress " + keySourceIP:
		for _, v := range values {
			network, err := netip.ParsePrefix(v)
			if err != nil {
				return err
			}
			r.networks = append(r.networks, network)
		}
	case "Bool " + keySecureTransport:
		if len(values) != 1 {
			return fmt.Errorf("%d values of %s", len(values), key)
		}
		want := values[0] == "true"
		r.secureTransport = &want
	default:
		return fmt.Errorf("condition %s on %s has no translation", operator, key)
	}
	return nil
}

// facts is the context of a request of profile s3.
type facts struct {
	team            string
	sourceIP        netip.Addr
	secureTransport bool
}

// factsOf returns the context of q; a key that is missing is an error, since the
// translations rely on all of them.
func factsOf(q *workload.Request) (facts, error) {
	one := func(key string) (string, error) {
		if v := q.Context[key]; len(v) == 1 {
			return v[0], nil
		}
		return "", fmt.Errorf("the context has %d values of %s", len(q.Context[key]), key)
	}
	team, err := one(keyTeam)
	if err != nil {
		return facts{}, err
	}
	sourceIP, err := one(keySourceIP)
	if err != nil {
		return facts{}, err
	}
	address, err := netip.ParseAddr(sourceIP)
	if err != nil {
		return facts{}, err
	}
	secureTransport, err := one(keySecureTransport)
	if err != nil {
		return facts{}, err
	}
	return facts{team: team, sourceIP: address, secureTransport: secureTransport == "true"}, nil
}

// pattern is a pattern of an action or a resource, taken apart for engines that
// have cheaper operations than general matching. The only wildcard is '*'.
type pattern struct {
	text string
	// literals are the pieces between the stars: one for a literal, two for
	// "head*tail", and so on.
	literals []string
}

func newPattern(text string) pattern {
	return pattern{text: text, literals: strings.Split(text, "*")}
}

// literal reports whether the pattern matches only itself.
func (p *pattern) literal() bool { return len(p.literals) == 1 }

// prefixOnly reports whether the pattern is a literal followed by one star.
func (p *pattern) prefixOnly() bool { return len(p.literals) == 2 && p.literals[1] == "" }

func (p *pattern) head() string { return p.literals[0] }
func (p *pattern) tail() string { return p.literals[len(p.literals)-1] }

// literalTexts returns the texts of all patterns; ok is false unless all of them
// are literals.
func literalTexts(patterns []pattern) (texts []string, ok bool) {
	for i := range patterns {
		if !patterns[i].literal() {
			return nil, false
		}
		texts = append(texts, patterns[i].text)
	}
	return texts, true
}

// literalPatterns returns patterns that match only the texts.
func literalPatterns(texts []string) []pattern {
	out := make([]pattern, len(texts))
	for i, text := range texts {
		out[i] = pattern{text: text, literals: []string{text}}
	}
	return out
}

package workload

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Match reports whether s matches pattern: '*' stands for any sequence, '?' for
// one character. It takes time in proportion to the product of the lengths at
// most, and allocates nothing.
func Match(pattern, s string) bool {
	p, at, star, mark := 0, 0, -1, 0
	for at < len(s) {
		if p < len(pattern) {
			switch c := pattern[p]; {
			case c == '*':
				star, mark = p, at
				p++
				continue
			case c == '?':
				_, n := utf8.DecodeRuneInString(s[at:])
				at += n
				p++
				continue
			case c == s[at]:
				p++
				at++
				continue
			}
		}
		if star < 0 {
			return false
		}
		_, n := utf8.DecodeRuneInString(s[mark:])
		mark += n
		p, at = star+1, mark
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// Decide evaluates q under all policies by the simplest scan that is correct, and
// also reports how many statements match. It serves twice: it says which decision
// is due for a generated request, and it is what a competent programmer would
// write in an hour, so the line that every engine must beat. It knows the part of
// the language that [Generate] writes; a statement with another condition
// operator never allows, and denies when all else in it matches.
func Decide(policies []Policy, q *Request) (decision string, matched int) {
	allow, deny := false, false
	for i := range policies {
		for j := range policies[i].Statement {
			st := &policies[i].Statement[j]
			if !st.applies(q) {
				continue
			}
			matched++
			if st.Effect == EffectDeny {
				deny = true
			} else {
				allow = true
			}
		}
	}
	switch {
	case deny:
		return ExplicitDeny, matched
	case allow:
		return Allow, matched
	}
	return ImplicitDeny, matched
}

func (st *Statement) applies(q *Request) bool {
	if !anyAction(st.Action, q.Action) || !anyResource(st.Resource, q) {
		return false
	}
	for operator, keys := range st.Condition {
		for key, values := range keys {
			holds, known := conditionHolds(operator, values, q.Context[key])
			if !known {
				holds = st.Effect == EffectDeny
			}
			if !holds {
				return false
			}
		}
	}
	return true
}

func anyAction(patterns Strings, action string) bool {
	for _, p := range patterns {
		if p == action || Match(strings.ToLower(p), strings.ToLower(action)) {
			return true
		}
	}
	return false
}

func anyResource(patterns Strings, q *Request) bool {
	for _, p := range patterns {
		if v := q.Context[keyUsername]; len(v) > 0 && strings.Contains(p, "${") {
			p = strings.ReplaceAll(p, "${aws:username}", v[0])
		}
		if Match(p, q.Resource) {
			return true
		}
	}
	return false
}

// conditionHolds compares the values that a policy wants with those that the
// request has; known is false for an operator that the generator does not write.
func conditionHolds(operator string, want, have Strings) (holds, known bool) {
	if operator == "Null" {
		return (len(have) == 0) == (want[0] == "true"), true
	}
	operator, ifExists := strings.CutSuffix(operator, "IfExists")
	operator, _ = strings.CutPrefix(operator, "ForAnyValue:")
	negated := operator == "StringNotEquals"
	compare := comparison(operator)
	if compare == nil {
		return false, false
	}
	if len(have) == 0 {
		return ifExists || negated, true
	}
	one := slices.ContainsFunc(have, func(h string) bool {
		return slices.ContainsFunc(want, func(w string) bool { return compare(w, h) })
	})
	return one != negated, true
}

// comparison returns how the operator compares a value of the policy with one of
// the request, not negated; nil for an operator that is not known.
func comparison(operator string) func(want, have string) bool {
	switch operator {
	case "StringEquals", "StringNotEquals":
		return func(want, have string) bool { return want == have }
	case "StringLike", "ArnLike":
		return Match
	case "Bool":
		return strings.EqualFold
	case "NumericLessThanEquals":
		return func(want, have string) bool {
			limit, err1 := strconv.ParseFloat(want, 64)
			number, err2 := strconv.ParseFloat(have, 64)
			return err1 == nil && err2 == nil && number <= limit
		}
	case "IpAddress":
		return func(want, have string) bool {
			network, err1 := netip.ParsePrefix(want)
			address, err2 := netip.ParseAddr(have)
			return err1 == nil && err2 == nil && network.Contains(address)
		}
	}
	return nil
}

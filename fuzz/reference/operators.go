package reference

import (
	"bytes"
	"math/big"
	"net/netip"
	"strings"
)

// negatedOperators maps the negated operators of 2.2 to what they negate.
var negatedOperators = map[string]string{
	"stringnotequals":           "stringequals",
	"stringnotequalsignorecase": "stringequalsignorecase",
	"stringnotlike":             "stringlike",
	"numericnotequals":          "numericequals",
	"datenotequals":             "dateequals",
	"notipaddress":              "ipaddress",
	"arnnotequals":              "arnequals",
	"arnnotlike":                "arnlike",
}

// operatorBases are the positive operators of 2.2 but Null. The Boolean says
// whether variables are substituted in the policy value (11.3 AMB-6).
var operatorBases = map[string]bool{
	"stringequals":             true,
	"stringequalsignorecase":   true,
	"stringlike":               true,
	"arnequals":                true,
	"arnlike":                  true,
	"bool":                     true,
	"numericequals":            false,
	"numericlessthan":          false,
	"numericlessthanequals":    false,
	"numericgreaterthan":       false,
	"numericgreaterthanequals": false,
	"dateequals":               false,
	"datelessthan":             false,
	"datelessthanequals":       false,
	"dategreaterthan":          false,
	"dategreaterthanequals":    false,
	"binaryequals":             false,
	"ipaddress":                false,
}

// pairMatches compares one request value with one policy value by the positive
// form of the operator. A value that does not parse, or an unresolved variable,
// makes the pair not match (11.3 Values that do not parse).
func (o operator) pairMatches(request, policy string, context requestContext, variables bool) bool {
	symbols, resolved := substitute(parsePieces(policy, variables && operatorBases[o.base]), context)
	if !resolved {
		return false
	}
	text := plainText(symbols)
	switch o.base {
	case "stringequals":
		return request == text
	case "stringequalsignorecase":
		return strings.EqualFold(request, text) // Unicode simple folding (11.3)
	case "stringlike":
		return matchAtoms(freeAtoms(symbols), request)
	case "arnequals", "arnlike":
		return matchARNValue(symbols, request)
	case "bool":
		return boolEquals(request, text)
	case "binaryequals":
		return binaryEquals(request, text)
	case "ipaddress":
		return addressInRange(request, text)
	}
	if relation, found := strings.CutPrefix(o.base, "numeric"); found {
		return ordered(relation, request, text, parseNumber)
	}
	relation, _ := strings.CutPrefix(o.base, "date")
	return ordered(relation, request, text, parseDate)
}

// ordered: request RELATION policy, for numbers and dates (2.3).
func ordered(relation, request, policy string, parse func(string) (*big.Rat, bool)) bool {
	left, parses := parse(request)
	if !parses {
		return false
	}
	right, parses := parse(policy)
	if !parses {
		return false
	}
	comparison := left.Cmp(right)
	switch relation {
	case "equals":
		return comparison == 0
	case "lessthan":
		return comparison < 0
	case "lessthanequals":
		return comparison <= 0
	case "greaterthan":
		return comparison > 0
	}
	return comparison >= 0 // greaterthanequals
}

// boolEquals: 11.3 Bool.
func boolEquals(request, policy string) bool {
	left, leftParses := parseBool(request)
	right, rightParses := parseBool(policy)
	return leftParses && rightParses && left == right
}

// binaryEquals compares bytes of base64 text (2.3).
func binaryEquals(request, policy string) bool {
	left, leftParses := parseBinary(request)
	right, rightParses := parseBinary(policy)
	return leftParses && rightParses && bytes.Equal(left, right)
}

// addressInRange: 2.3 IpAddress and 11.3 IP. IPv4 and IPv6 never match each
// other, and an IPv4-mapped address is an IPv6 address.
func addressInRange(request, policy string) bool {
	address, parses := parseAddress(request)
	if !parses {
		return false
	}
	first, last, parses := parseRange(policy)
	if !parses || address.BitLen() != first.BitLen() {
		return false
	}
	return first.Compare(address) <= 0 && address.Compare(last) <= 0
}

// matchARNValue: 11.3 Arn operators. Variables are substituted first, then both
// sides are split at colons, those of substituted values too; six parts each,
// nothing is padded, and each part is compared by itself.
func matchARNValue(pattern []symbol, request string) bool {
	requestParts := strings.SplitN(request, ":", 6)
	patternParts := splitSymbols(pattern)
	if len(requestParts) != 6 || len(patternParts) != 6 || requestParts[0] != "arn" {
		return false
	}
	for i, part := range patternParts {
		if !matchAtoms(freeAtoms(part), requestParts[i]) {
			return false
		}
	}
	return true
}

// splitSymbols splits at the first five colons.
func splitSymbols(symbols []symbol) [][]symbol {
	parts := [][]symbol{nil}
	for _, s := range symbols {
		if s.char == ':' && len(parts) < 6 {
			parts = append(parts, nil)
			continue
		}
		last := len(parts) - 1
		parts[last] = append(parts[last], s)
	}
	return parts
}

// parseBool: true and false in any (ASCII) case; other text does not parse.
func parseBool(text string) (value, parses bool) {
	switch foldASCII(text) {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	return false, false
}

// parseAddress: 11.3 IP: a request's value carries no prefix; no leading zeros
// in octets; a zone does not parse.
func parseAddress(text string) (netip.Addr, bool) {
	address, err := netip.ParseAddr(text)
	return address, err == nil && address.Zone() == ""
}

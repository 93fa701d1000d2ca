package condition_test

import (
	"encoding/base64"
	"math/big"
	"net/netip"
	"regexp"
	"strings"
	"time"

	"github.com/portcullis-iam/portcullis/condition"
)

// This file is the readable evaluator that the compiled one is checked
// against: it is written from the rules, one after the other, with whatever the
// standard library has for the purpose, and without a thought for speed.

// A readableValue is what a key has in a context.
type readableValue struct {
	texts  []string
	isList bool
}

// A readableContext has its keys in lower case.
type readableContext map[string]readableValue

func (c readableContext) view() *condition.View {
	context := new(condition.Context)
	for key, value := range c {
		if value.isList {
			context.Set(key, condition.List(value.texts...))
		} else {
			context.Set(key, condition.String(value.texts[0]))
		}
	}
	return &condition.View{Supplied: context}
}

func readableHolds(tests []condition.Test, variables bool, c readableContext) bool {
	for _, one := range tests {
		if !readableTest(one, variables, c) {
			return false
		}
	}
	return true
}

func readableTest(test condition.Test, variables bool, c readableContext) bool {
	value, present := c[strings.ToLower(test.Key)]
	o := test.Operator
	filled := []string{}
	for _, text := range value.texts {
		if text != "" {
			filled = append(filled, text)
		}
	}

	// (1) Null.
	if o.Base() == "Null" {
		switch o.Qualifier() {
		case condition.ForAllValues:
			return true
		case condition.ForAnyValue:
			return false
		}
		absent := !present || (value.isList && len(filled) == 0)
		for _, want := range test.Values {
			if want = strings.ToLower(want); (want == "true" && absent) || (want == "false" && !absent) {
				return true
			}
		}
		return false
	}
	// (2) IfExists.
	if o.IfExists() && !present {
		return true
	}
	// (3) The policy's list is empty.
	if len(test.Values) == 0 {
		return (o.IfExists() || o.Qualifier() == condition.ForAllValues) && !present
	}
	matchesOne := func(text string) bool {
		for _, operand := range test.Values {
			if readablePair(o.Base(), operand, variables, text, c) {
				return true
			}
		}
		return false
	}
	// (4) Set operators.
	switch o.Qualifier() {
	case condition.ForAllValues:
		if !present || len(filled) == 0 {
			return true
		}
		for _, text := range value.texts {
			if matchesOne(text) == o.Negated() {
				return false
			}
		}
		return true
	case condition.ForAnyValue:
		if !present || len(filled) == 0 {
			return false
		}
		for _, text := range value.texts {
			if matchesOne(text) != o.Negated() {
				return true
			}
		}
		return false
	}
	// (5) Plain operators.
	switch {
	case !present:
		return o.Negated()
	case value.isList:
		return false
	}
	return matchesOne(value.texts[0]) != o.Negated()
}

// A readableRune is a character of a policy's value; live ones are wildcards.
type readableRune struct {
	r    rune
	live bool
}

// readableSubstitute replaces variables; ok is false if one is unresolved.
func readableSubstitute(operand string, variables bool, c readableContext) (result []readableRune, ok bool) {
	literal := func(text string) {
		for _, r := range text {
			result = append(result, readableRune{r: r})
		}
	}
	for rest := operand; rest != ""; {
		name, fallback, hasFallback, size := "", "", false, 0
		if variables {
			name, fallback, hasFallback, size = readableVariable(rest)
		}
		if size == 0 {
			for _, r := range rest {
				result = append(result, readableRune{r: r, live: r == '*' || r == '?'})
				rest = rest[len(string(r)):]
				break
			}
			continue
		}
		rest = rest[size:]
		value, present := c[strings.ToLower(name)]
		switch {
		case !hasFallback && strings.Contains("*?$", name):
			literal(name)
		case present && !value.isList:
			literal(value.texts[0])
		case !present && hasFallback:
			literal(fallback)
		default:
			return nil, false
		}
	}
	return result, true
}

var (
	plainVariable   = regexp.MustCompile(`^\$\{([^}]+)\}`)
	defaultVariable = regexp.MustCompile(`^\$\{([^}]+?), '([^']*)'\}`)
)

func readableVariable(text string) (name, fallback string, hasFallback bool, size int) {
	plain := plainVariable.FindStringSubmatch(text)
	if plain != nil && !strings.Contains(plain[1], ", '") {
		return plain[1], "", false, len(plain[0])
	}
	withDefault := defaultVariable.FindStringSubmatch(text)
	if withDefault == nil || strings.Contains(withDefault[1], ", '") {
		return "", "", false, 0
	}
	return withDefault[1], withDefault[2], true, len(withDefault[0])
}

func readableText(value []readableRune) string {
	var text strings.Builder
	for _, c := range value {
		text.WriteRune(c.r)
	}
	return text.String()
}

func readablePair(base, operand string, variables bool, text string, c readableContext) bool {
	switch family := strings.NewReplacer("Not", "").Replace(base); {
	case strings.HasPrefix(family, "String"), strings.HasPrefix(family, "Arn"), family == "Bool":
		value, ok := readableSubstitute(operand, variables, c)
		if !ok {
			return false
		}
		switch family {
		case "StringEquals":
			return readableText(value) == text
		case "StringEqualsIgnoreCase":
			return strings.EqualFold(readableText(value), text)
		case "StringLike":
			return readableLike(value, []rune(text))
		case "Bool":
			a, b := strings.ToLower(readableText(value)), strings.ToLower(text)
			return a == b && (a == "true" || a == "false")
		}
		return readableArn(value, text)
	case strings.HasPrefix(family, "Numeric"):
		a, ok := readableNumber(text)
		b, also := readableNumber(operand)
		return ok && also && readableRelation(strings.TrimPrefix(family, "Numeric"), a.Cmp(b))
	case strings.HasPrefix(family, "Date"):
		a, ok := readableDate(text)
		b, also := readableDate(operand)
		return ok && also && readableRelation(strings.TrimPrefix(family, "Date"), a.Cmp(b))
	case family == "BinaryEquals":
		a, err := base64.StdEncoding.DecodeString(text)
		b, alsoErr := base64.StdEncoding.DecodeString(operand)
		return err == nil && alsoErr == nil && !strings.ContainsAny(text+operand, "\r\n") && string(a) == string(b)
	}
	address, err := netip.ParseAddr(text)
	if err != nil || address.Zone() != "" {
		return false
	}
	if !strings.Contains(operand, "/") {
		single, err := netip.ParseAddr(operand)
		return err == nil && single == address
	}
	block, err := netip.ParsePrefix(operand)
	return err == nil && block.Contains(address)
}

func readableRelation(name string, order int) bool {
	switch name {
	case "Equals":
		return order == 0
	case "LessThan":
		return order < 0
	case "LessThanEquals":
		return order <= 0
	case "GreaterThan":
		return order > 0
	}
	return order >= 0
}

// readableLike matches with a table over all pairs of prefixes.
func readableLike(pattern []readableRune, text []rune) bool {
	fits := make([]bool, len(text)+1) // the pattern so far fits text[:at]
	fits[0] = true
	for _, p := range pattern {
		next := make([]bool, len(text)+1)
		for at := range next {
			switch {
			case p.live && p.r == '*':
				next[at] = fits[at] || (at > 0 && next[at-1])
			case at > 0:
				next[at] = fits[at-1] && (p.live || p.r == text[at-1])
			}
		}
		fits = next
	}
	return fits[len(text)]
}

func readableArn(pattern []readableRune, text string) bool {
	parts := strings.SplitN(text, ":", 6)
	var patterns [][]readableRune
	var part []readableRune
	for _, p := range pattern {
		if p.r == ':' && len(patterns) < 5 {
			patterns, part = append(patterns, part), nil
		} else {
			part = append(part, p)
		}
	}
	patterns = append(patterns, part)
	if len(parts) != 6 || len(patterns) != 6 || parts[0] != "arn" {
		return false
	}
	for at := range parts {
		if !readableLike(patterns[at], []rune(parts[at])) {
			return false
		}
	}
	return true
}

var numberForm = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?$`)

func readableNumber(text string) (*big.Rat, bool) {
	if !numberForm.MatchString(text) {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

var (
	dateForm = regexp.MustCompile(`^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?)?)?)?$`)
	fraction = regexp.MustCompile(`\.\d+`)
)

// readableDate gives the seconds since 1970.
func readableDate(text string) (*big.Rat, bool) {
	if !dateForm.MatchString(text) {
		return readableNumber(text)
	}
	digits := fraction.FindString(text) // time.Parse would cut it at the ninth digit
	whole := strings.Replace(text, digits, "", 1)
	for _, layout := range []string{
		"2006", "2006-01", "2006-01-02", "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z07:00",
	} {
		if at, err := time.Parse(layout, whole); err == nil {
			seconds := new(big.Rat).SetInt64(at.Unix())
			if digits != "" {
				part, _ := new(big.Rat).SetString("0" + digits)
				seconds.Add(seconds, part)
			}
			return seconds, true
		}
	}
	return nil, false
}

package condition

import (
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// linearTexts is the number of constants up to which comparing with each is as
// quick as a binary search.
const linearTexts = 8

// A Test is one operator with one key and the policy's values for it: one
// member of one operator object of a Condition element.
type Test struct {
	Operator Operator
	// Key is the condition key, in any case.
	Key string
	// Values are the policy's values as text: a JSON string's own, the source
	// text of a number, "true" and "false".
	Values []string
}

// Compile makes a Block that holds when all tests do. With variables, which is
// Version 2012-10-17, policy variables in the values are substituted; else
// they are ordinary text.
//
// Compile never fails: a value that does not parse for its operator matches
// nothing. Without tests the result is nil, which is a Block that always
// holds. The Block refers to the text of keys and values, and keeps no copy;
// the slices may be used again.
func Compile(tests []Test, variables bool) *Block {
	if len(tests) == 0 {
		return nil
	}
	b := &Block{clauses: make([]clause, len(tests))}
	for at := range tests {
		b.clauses[at].compile(&tests[at], variables)
		b.clauses[at].position = uint32(at)
	}
	slices.SortStableFunc(b.clauses, func(a, b clause) int { return a.cost() - b.cost() })
	return b
}

func (c *clause) compile(test *Test, variables bool) {
	row := &operatorTable[test.Operator.base]
	c.key = makeKey(test.Key)
	c.operator = test.Operator
	c.relation = row.relation
	if row.negated {
		c.flags |= isNegated
	}
	if variables {
		c.flags |= hasVariables
	}
	if row.compile != nil { // the zero Operator has none, and matches nothing
		row.compile(c, test.Values, variables)
	}
	if c.matcher == matchNothing && len(test.Values) > 0 {
		c.more = slices.Clone(test.Values) // for those who ask why
	}
	if len(test.Values) == 0 {
		c.flags |= emptyList
	} else if test.Operator.qualifier == NoQualifier && c.matcher != matchNull {
		c.flags |= isPlain
	}
	switch {
	case c.operator.ifExists, c.operator.qualifier == ForAllValues:
		c.flags |= trueIfAbsent
	case row.negated && c.operator.qualifier == NoQualifier && c.flags&emptyList == 0:
		c.flags |= trueIfAbsent
	}
}

// cost orders the clauses of a block: what is quick and selective goes first.
func (c *clause) cost() int {
	cost := 0
	switch c.matcher {
	case matchNothing, matchNull, matchBool:
		cost = 1
	case matchOneText, matchVariable:
		cost = 2
	case matchNumber, matchAddress, matchAddresses:
		cost = 3
	case matchTexts, matchSorted, matchPattern, matchNumbers, matchDate, matchDates, matchBinary:
		cost = 4
	case matchPatterns, matchOneFold, matchArn, matchBoolMixed:
		cost = 5
	case matchMixed:
		cost = 7
	}
	if c.operator.qualifier != NoQualifier {
		cost += 3
	}
	return cost
}

func compileEquals(c *clause, values []string, variables bool) {
	var m mixed
	for _, value := range values {
		m.addText(value, variables)
	}
	c.setMixed(&m)
}

func compileEqualsIgnoreCase(c *clause, values []string, variables bool) {
	m := mixed{fold: true}
	for _, value := range values {
		m.addText(value, variables)
	}
	c.setMixed(&m)
}

// addText adds a value in which wildcards are ordinary characters.
func (m *mixed) addText(value string, variables bool) {
	if !variables || !strings.Contains(value, "${") {
		m.constants = append(m.constants, value)
		return
	}
	template := ParseTemplate(value, false)
	if len(template.variables) == 0 {
		m.constants = append(m.constants, template.constant())
		return
	}
	m.templates = append(m.templates, template)
}

func compileLike(c *clause, values []string, variables bool) {
	var m mixed
	for _, value := range values {
		m.addPattern(value, variables)
	}
	c.setMixed(&m)
}

func (m *mixed) addPattern(value string, variables bool) {
	if variables && strings.Contains(value, "${") {
		template := ParseTemplate(value, true)
		if len(template.variables) == 0 && !template.hasWildcards() {
			m.constants = append(m.constants, template.constant())
			return
		}
		m.templates = append(m.templates, template)
		return
	}
	pattern := wildcard.Compile(value)
	if pattern.Literal() {
		m.constants = append(m.constants, value)
		return
	}
	m.patterns = append(m.patterns, pattern)
}

func compileArn(c *clause, values []string, variables bool) {
	var m mixed
	for _, value := range values {
		m.addArn(value, variables)
	}
	c.setMixed(&m)
}

func (m *mixed) addArn(value string, variables bool) {
	if variables && strings.Contains(value, "${") {
		template := ParseTemplate(value, true)
		switch {
		case len(template.variables) > 0:
			m.arnForms = append(m.arnForms, makeArnTemplate(template))
		case !template.hasWildcards():
			m.addArnText(template.constant())
		default:
			if a := makeArnTemplate(template); a.complete {
				m.arnForms = append(m.arnForms, a)
			}
		}
		return
	}
	first := strings.IndexAny(value, "*?")
	if first < 0 {
		m.addArnText(value)
		return
	}
	switch colons := strings.Count(value[:first], ":"); {
	case colons > 0 && !strings.HasPrefix(value, "arn:"): // no ARN begins like this
	case colons >= arnColons:
		m.patterns = append(m.patterns, wildcard.Compile(value))
	default:
		if a, ok := makeArnPattern(value, first); ok {
			m.arns = append(m.arns, a)
		}
	}
}

// addArnText adds an ARN without wildcards, which equals another part by part
// exactly if the texts are equal.
func (m *mixed) addArnText(text string) {
	if strings.HasPrefix(text, "arn:") && strings.Count(text, ":") >= arnColons {
		m.constants = append(m.constants, text)
	}
}

// setMixed picks the cheapest matcher for what the values turned out to be.
func (c *clause) setMixed(m *mixed) {
	sorts := 0
	for _, size := range [...]int{len(m.constants), len(m.patterns), len(m.arns), len(m.templates), len(m.arnForms)} {
		if size > 0 {
			sorts++
		}
	}
	switch {
	case sorts == 0:
		c.matcher = matchNothing
	case sorts == 1 && m.fold && len(m.constants) == 1:
		c.matcher, c.text = matchOneFold, m.constants[0]
	case sorts == 1 && !m.fold && len(m.constants) > 0:
		c.setTexts(m.constants)
	case sorts == 1 && len(m.patterns) == 1:
		c.matcher, c.more = matchPattern, &m.patterns[0]
	case sorts == 1 && len(m.patterns) > 1:
		c.matcher, c.more = matchPatterns, exact(m.patterns)
	case sorts == 1 && len(m.arns) == 1:
		c.matcher, c.more = matchArn, &m.arns[0]
	case sorts == 1 && !m.fold && len(m.templates) == 1 && m.templates[0].isVariable():
		c.matcher, c.more = matchVariable, m.templates[0]
	default:
		c.matcher = matchMixed
		c.more = &mixed{
			constants: exact(m.constants), patterns: exact(m.patterns), arns: exact(m.arns),
			templates: exact(m.templates), arnForms: exact(m.arnForms), fold: m.fold,
		}
	}
}

func (c *clause) setTexts(texts []string) {
	switch {
	case len(texts) == 1:
		c.matcher, c.text = matchOneText, texts[0]
	case len(texts) <= linearTexts:
		c.matcher, c.more = matchTexts, exact(texts)
	default:
		slices.Sort(texts)
		c.matcher, c.more = matchSorted, exact(slices.Compact(texts))
	}
}

func compileNumeric(c *clause, values []string, _ bool) {
	operands := parseAll(values, parseDecimal)
	setOperands(c, matchNumber, matchNumbers, operands)
	c.wanted = allSmall
	for at := range operands {
		if !operands[at].small {
			c.wanted = 0
		}
	}
}

func compileDate(c *clause, values []string, _ bool) {
	setOperands(c, matchDate, matchDates, parseAll(values, parseInstant))
}

func compileAddress(c *clause, values []string, _ bool) {
	setOperands(c, matchAddress, matchAddresses, parseAll(values, parseRange))
}

// setOperands picks the matcher for one operand or for several.
func setOperands[T any](c *clause, one, several matcher, operands []T) {
	switch len(operands) {
	case 0:
	case 1:
		c.matcher, c.more = one, &operands[0]
	default:
		c.matcher, c.more = several, operands
	}
}

func compileBinary(c *clause, values []string, _ bool) {
	operands := parseAll(values, func(text string) (string, bool) { return text, isBase64(text) })
	if len(operands) > 0 {
		c.matcher, c.more = matchBinary, operands
	}
}

// parseAll keeps the values that parse.
func parseAll[T any](values []string, parse func(string) (T, bool)) []T {
	operands := make([]T, 0, len(values))
	for _, value := range values {
		if operand, ok := parse(value); ok {
			operands = append(operands, operand)
		}
	}
	return exact(operands)
}

// exact is the slice without room for more; what is compiled is held for long.
func exact[T any](slice []T) []T {
	if len(slice) == cap(slice) {
		return slice
	}
	return append(make([]T, 0, len(slice)), slice...)
}

func compileBool(c *clause, values []string, variables bool) {
	var templates []*Template
	for _, value := range values {
		if !variables || !strings.Contains(value, "${") {
			c.wanted |= parseBool(value)
			continue
		}
		// Without variables it has a brace or an escape, and is no truth value.
		if template := ParseTemplate(value, false); len(template.variables) > 0 {
			templates = append(templates, template)
		}
	}
	switch {
	case len(templates) > 0:
		c.matcher, c.more = matchBoolMixed, templates
	case c.wanted != 0:
		c.matcher = matchBool
	}
}

func compileNull(c *clause, values []string, _ bool) {
	c.matcher = matchNull
	for _, value := range values {
		c.wanted |= parseBool(value)
	}
}

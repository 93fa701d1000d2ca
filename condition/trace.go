package condition

import (
	"math/big"
	"strings"

	"github.com/portcullis-iam/portcullis/internal/message"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// Tests are the tests of the block in their order, for people and for programs
// that reason about policies. What the block does with a value is what counts:
// the values of a test may stand in another order than in the policy, each once,
// numbers, dates, addresses and truth values in a spelling of their own, and
// values that do not parse for their operator are left out unless there is no
// other. Compiling the tests, with the given meaning of variables, makes an
// equal block. It costs allocations.
func (b *Block) Tests() (tests []Test, variables bool) {
	if b == nil {
		return nil, false
	}
	for _, c := range b.inOrder() {
		tests = append(tests, c.test())
		variables = variables || c.flags&hasVariables != 0
	}
	return tests, variables
}

func (c *clause) test() Test {
	return Test{Operator: c.operator, Key: c.key.text, Values: c.values()}
}

// values gives back the policy's values.
func (c *clause) values() (values []string) {
	truths := func(wanted uint8) {
		if wanted&wantsTrue != 0 {
			values = append(values, "true")
		}
		if wanted&wantsFalse != 0 {
			values = append(values, "false")
		}
	}
	switch c.matcher {
	case matchNothing:
		values, _ = c.more.([]string)
	case matchOneText, matchOneFold:
		values = append(values, c.quoteConstant(c.text))
	case matchVariable:
		values = append(values, c.more.(*Template).text)
	case matchTexts, matchSorted:
		for _, text := range c.more.([]string) {
			values = append(values, c.quoteConstant(text))
		}
	case matchPattern:
		values = append(values, c.more.(*wildcard.Pattern).Text())
	case matchPatterns:
		for _, p := range c.more.([]wildcard.Pattern) {
			values = append(values, p.Text())
		}
	case matchArn:
		values = append(values, c.more.(*arnPattern).text())
	case matchMixed:
		values = c.more.(*mixed).values(c)
	case matchAddress:
		values = append(values, c.more.(*addressRange).text())
	case matchAddresses:
		for _, r := range c.more.([]addressRange) {
			values = append(values, r.text())
		}
	case matchBool, matchNull:
		truths(c.wanted)
	case matchBoolMixed:
		truths(c.wanted)
		for _, template := range c.more.([]*Template) {
			values = append(values, template.text)
		}
	case matchNumber:
		values = append(values, c.more.(*decimal).text())
	case matchNumbers:
		for _, d := range c.more.([]decimal) {
			values = append(values, d.text())
		}
	case matchDate:
		values = append(values, c.more.(*instant).text())
	case matchDates:
		for _, i := range c.more.([]instant) {
			values = append(values, i.text())
		}
	case matchBinary:
		values = c.more.([]string)
	}
	return values
}

func (m *mixed) values(c *clause) (values []string) {
	for _, text := range m.constants {
		values = append(values, c.quoteConstant(text))
	}
	for at := range m.patterns {
		values = append(values, m.patterns[at].Text())
	}
	for at := range m.arns {
		values = append(values, m.arns[at].text())
	}
	for _, template := range m.templates {
		values = append(values, template.text)
	}
	for at := range m.arnForms {
		values = append(values, m.arnForms[at].template.text)
	}
	return values
}

// quoteConstant writes a text so that it stands for itself when it is compiled
// as a value of the clause.
func (c *clause) quoteConstant(text string) string {
	if c.flags&hasVariables == 0 {
		return text
	}
	return quoteText(text, c.operator.readsWildcards())
}

// quoteText writes a text so that it stands for itself in a policy of Version
// 2012-10-17.
func quoteText(text string, wildcards bool) string {
	text = strings.ReplaceAll(text, "${", "${$}{")
	if !wildcards || !strings.ContainsAny(text, "*?") {
		return text
	}
	return wildcardQuoter.Replace(text)
}

var wildcardQuoter = strings.NewReplacer("*", "${*}", "?", "${?}")

// readsWildcards tells whether '*' and '?' are wildcards in the operator's
// values.
func (o Operator) readsWildcards() bool {
	row := &operatorTable[o.base]
	return row.valueType == ArnType || row.valueType == StringType && strings.HasSuffix(row.name, "Like")
}

func (a *arnPattern) text() string { return a.head + a.middle + a.resource.Text() }

func (r *addressRange) text() string {
	most := uint8(128)
	if r.four {
		most = 32
	}
	a := address{high: r.high, low: r.low, four: r.four}
	text := a.append(nil)
	if r.bits < most {
		text = appendInt(append(text, '/'), int64(r.bits))
	}
	return string(text)
}

func (d *decimal) text() string {
	text := d.integer
	if text == "" {
		text = "0"
	}
	if d.negative && (d.integer != "" || d.fraction != "") {
		text = "-" + text
	}
	if d.fraction != "" {
		text += "." + d.fraction
	}
	return text
}

func (i *instant) text() string {
	switch {
	case i.huge != "":
		return (&decimal{integer: i.huge, fraction: i.rest, negative: i.negative}).text()
	case i.rest == "":
		return string(appendTime(nil, i.seconds, i.nanoseconds))
	}
	// Digits behind the nanoseconds: seconds since 1970 are as exact as need be.
	whole := new(big.Int).Mul(big.NewInt(i.seconds), big.NewInt(nanosecondsPerSecond))
	whole.Add(whole, big.NewInt(int64(i.nanoseconds)))
	sum, _ := new(big.Rat).SetString("0." + i.rest)
	if i.complement {
		sum.Sub(big.NewRat(1, 1), sum)
	}
	sum.Add(sum, new(big.Rat).SetInt(whole))
	sum.Quo(sum, big.NewRat(nanosecondsPerSecond, 1))
	return sum.FloatString(9 + len(i.rest))
}

// A TestTrace is what one test of a block came to, and why.
type TestTrace struct {
	// Test is the test, as [Block.Tests] gives it.
	Test Test
	// Resolved are its values with the policy variables substituted, in the same
	// order; nil if it has no variables. Where a variable has no value, or is
	// not known, Resolved holds the value as the policy has it.
	Resolved []string
	// Missing and Unknown are the keys of variables that have no value for
	// them, so that their policy value matches nothing, and of those that are
	// not known.
	Missing, Unknown []string
	// Value is that of the key in the context, the zero Value if it is absent.
	Value Value
	// Result tells whether the test holds.
	Result Truth
}

// Trace tells of each test what it comes to, in their order; [Block.Evaluate]
// is True if all are. It is for explanations, and allocates.
func (b *Block) Trace(v *View) []TestTrace {
	if b == nil {
		return nil
	}
	traces := make([]TestTrace, 0, len(b.clauses))
	for _, c := range b.inOrder() {
		value := v.find(&c.key)
		trace := TestTrace{Test: c.test(), Result: c.holds(v, value)}
		if value != nil {
			trace.Value = *value
		}
		if c.hasTemplates() {
			trace.resolve(v)
		}
		traces = append(traces, trace)
	}
	return traces
}

// hasTemplates tells whether there are policy variables in the values.
func (c *clause) hasTemplates() bool {
	switch more := c.more.(type) {
	case *Template, []*Template:
		return true
	case *mixed:
		return len(more.templates)+len(more.arnForms) > 0
	}
	return false
}

func (t *TestTrace) resolve(v *View) {
	wildcards := t.Test.Operator.readsWildcards()
	for _, value := range t.Test.Values {
		template := ParseTemplate(value, wildcards)
		resolved, missing, unknown := template.Substitute(v, wildcards)
		t.Missing, t.Unknown = append(t.Missing, missing...), append(t.Unknown, unknown...)
		t.Resolved = append(t.Resolved, resolved)
	}
}

// Substitute writes the text of the template with its variables replaced by
// their values, quoted so that they stand for themselves; wildcards says
// whether that concerns '*' and '?'. missing and unknown are the keys of
// variables that have no value, and of those that are not known yet; they stay
// in the text. It is for explanations.
func (t *Template) Substitute(v *View, wildcards bool) (text string, missing, unknown []string) {
	var b []byte
	write := func(piece string) {
		if len(b) > 0 && b[len(b)-1] == '$' && strings.HasPrefix(piece, "{") {
			b = append(b, "{$}"...) // two texts must not become a variable together
		}
		b = append(b, piece...)
	}
	for _, token := range t.tokens {
		switch token.Kind {
		case wildcard.Variable:
			r := &t.variables[token.Index]
			value, resolved := r.resolve(v)
			switch resolved {
			case True:
				write(quoteText(value, wildcards))
				continue
			case Unknown:
				unknown = appendKey(unknown, r.key.text)
			default:
				missing = appendKey(missing, r.key.text)
			}
			write(r.text())
		case wildcard.Any:
			write("*")
		case wildcard.One:
			write("?")
		default:
			write(quoteText(token.Text, wildcards))
		}
	}
	return string(b), missing, unknown
}

// text is the variable as policies write it.
func (r *variable) text() string {
	if r.hasFallback {
		return "${" + r.key.text + ", '" + r.fallback + "'}"
	}
	return "${" + r.key.text + "}"
}

// shownValues is how many of many values a sentence shows.
const shownValues = 4

// valueLength is how many bytes of a value a sentence shows.
const valueLength = 100

// String is the test as a policy has it, with its values alternatives of each
// other: StringEquals aws:PrincipalTag/team "birds" or "fish".
func (t Test) String() string {
	return t.Operator.String() + " " + t.Key + " " + listValues(t.Values)
}

func listValues(values []string) string {
	if len(values) == 0 {
		return "[]"
	}
	var b strings.Builder
	for at, value := range values {
		if at == shownValues && len(values) > shownValues+1 {
			b.WriteString(" or ")
			b.Write(appendInt(nil, int64(len(values)-at)))
			b.WriteString(" others")
			break
		}
		if at > 0 {
			b.WriteString(" or ")
		}
		b.WriteString(message.Quote(value, valueLength))
	}
	return b.String()
}

// String tells what was wanted, what was there, and what that came to:
//
//	StringEquals aws:PrincipalTag/team "birds": no, it is "fish"
//	Bool aws:MultiFactorAuthPresent "true": no, the key is missing
//	StringLike s3:prefix "home/${aws:username}/*": no, aws:username is missing
//	IpAddress aws:SourceIp "10.0.0.0/8": not known, the key is unknown
func (t TestTrace) String() string {
	text := t.Test.String()
	if t.Resolved != nil && len(t.Missing)+len(t.Unknown) == 0 {
		text += ", which is " + listValues(t.Resolved)
	}
	switch t.Result {
	case True:
		text += ": yes"
	case Unknown:
		text += ": not known"
	default:
		text += ": no"
	}
	return text + ", " + t.Reason()
}

// Reason says in half a sentence what the context had to offer: it is "fish",
// the key is missing, aws:username is missing.
func (t TestTrace) Reason() string {
	switch {
	case len(t.Unknown) > 0 && t.Result == Unknown && t.Value.form <= asList:
		return strings.Join(t.Unknown, " and ") + are(t.Unknown) + "unknown"
	case len(t.Missing) > 0 && t.Value.form != asNothing:
		return strings.Join(t.Missing, " and ") + are(t.Missing) + "missing"
	case t.Value.form == asNothing && t.Result == True && t.Test.Operator.Type() != NullType:
		return "the key is missing, which " + t.Test.Operator.String() + " accepts"
	case t.Value.form == asNothing:
		return "the key is missing"
	case t.Value.form == asUnknown && t.Value.high == maybeAbsent|maybeSingle|maybeList:
		return "the key is unknown"
	case t.Value.form > asList:
		return "the key is " + t.Value.String()
	case t.Value.form == asList:
		reason := "it is the list " + listTexts(t.Value.list)
		if t.Test.Operator.qualifier == NoQualifier && t.Test.Operator.Type() != NullType {
			reason += ", which only operators with ForAllValues or ForAnyValue compare"
		}
		return reason
	}
	return "it is " + message.Quote(t.Value.Text(), valueLength) + t.mistyped()
}

// mistyped says that the value of the key is not of the operator's type.
func (t *TestTrace) mistyped() string {
	text, parsed := t.Value.Text(), true
	noun := ""
	switch t.Test.Operator.Type() {
	case NumericType:
		noun = "a number"
		_, parsed = parseDecimal(text)
	case DateType:
		noun = "a date"
		_, parsed = parseInstant(text)
	case AddressType:
		noun = "an IP address"
		_, parsed = parseAddress(text)
	case BoolType:
		noun = "true or false"
		parsed = parseBool(text) != 0
	case BinaryType:
		noun = "base64"
		parsed = isBase64(text)
	case ArnType:
		noun = "an ARN"
		parsed = strings.HasPrefix(text, "arn:") && strings.Count(text, ":") >= arnColons
	}
	if parsed {
		return ""
	}
	return ", which is not " + noun
}

func are(of []string) string {
	if len(of) == 1 {
		return " is "
	}
	return " are "
}

func listTexts(values []string) string {
	if len(values) == 0 {
		return "[]"
	}
	return "[" + strings.ReplaceAll(listValues(values), " or ", ", ") + "]"
}

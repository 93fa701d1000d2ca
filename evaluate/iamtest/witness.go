package iamtest

import (
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// What cannot be told by listing all names is told by samples: names that
// nobody would give, in the account of the caller and in another one.
const (
	strangeName   = "nobody-listed-this"
	strangeRegion = "xx-nowhere-1"
	// strangeService stands where the format of an ARN leaves the service open.
	strangeService = "ec2"
)

// otherNames are tried where a Deny takes the strange name away: it may begin
// with a letter that the strange name happens to begin with.
var otherNames = [...]string{"zzz-k7", "7UQ"}

// The runes that stand for something else in patterns and formats.
const (
	anyRunes    rune = -1 - iota // '*' of a pattern
	oneRune                      // '?' of a pattern
	placeholder                  // ${Name} of a format: any text but the empty one
)

// A pattern is an entry of a Resource element, or an ARN.
type pattern struct {
	text string // as people read it
	// everything says that the pattern is "*".
	everything bool
	head       [4][]rune // partition, service, region and account
	tail       []rune
	begin      string // what every tail begins with
	// whole is all of an ARN with fewer than six segments in which a star may
	// stand for some of them, colons included.
	whole []rune
}

// newPattern makes a pattern of text, in which '*' and '?' are wildcards.
func newPattern(text string) pattern { return patternOf(text, wildcard.Wildcards(nil, text), nil) }

// newTemplate makes a pattern of a text with policy variables. It is false if
// one of them has no value, so that the text matches nothing. Where values are
// not known the variables stand for anything.
func newTemplate(template *condition.Template, view *condition.View) (pattern, bool) {
	values, resolved := template.Resolve(view, nil)
	if resolved == condition.False {
		return pattern{}, false
	}
	if resolved == condition.Unknown {
		values = nil
	}
	text, _, _ := template.Substitute(view, true)
	return patternOf(text, template.Tokens(), values), true
}

func patternOf(text string, tokens []wildcard.Token, values []string) pattern {
	p := pattern{text: text}
	var runes, whole []rune
	segment := 0 // 0 is "arn", 5 the tail
	end := func() {
		if 1 <= segment && segment <= 4 {
			p.head[segment-1] = runes
		}
		segment++
		whole = append(append(whole, runes...), ':')
		runes = nil
	}
	for _, token := range tokens {
		switch {
		case token.Kind == wildcard.Any || token.Kind == wildcard.Variable && values == nil:
			runes = append(runes, anyRunes)
		case token.Kind == wildcard.One:
			runes = append(runes, oneRune)
		case token.Kind == wildcard.Variable:
			runes = append(runes, []rune(values[token.Index])...)
		default:
			for _, r := range token.Text {
				if r == ':' && segment < 5 {
					end()
				} else {
					runes = append(runes, r)
				}
			}
		}
	}
	if segment == 0 {
		p.everything = len(runes) > 0
		for _, r := range runes {
			p.everything = p.everything && r == anyRunes
		}
	}
	if segment < 5 || !wholeAccount(p.head[3]) {
		p.whole = append(slices.Clone(whole), runes...)
		if !slices.Contains(p.whole, anyRunes) {
			p.whole = nil
		}
	}
	for segment < 5 { // an ARN that is not complete
		end()
		runes = []rune{anyRunes}
	}
	p.tail, p.begin = runes, literalRunes(runes)
	return p
}

// wholeAccount tells whether the account of a pattern can be one. Where it cannot
// the pattern is no complete ARN.
func wholeAccount(account []rune) bool {
	text := string(account)
	return text == "" || text == "aws" || isOpen(account) || arn.IsAccountID(text)
}

// literalRunes is the text in front of the first rune that stands for something
// else.
func literalRunes(runes []rune) string {
	for at, r := range runes {
		if r < 0 {
			return string(runes[:at])
		}
	}
	return string(runes)
}

// openRegion and openAccount tell whether the pattern leaves the choice of them.
func (p *pattern) openRegion() bool  { return isOpen(p.head[2]) }
func (p *pattern) openAccount() bool { return isOpen(p.head[3]) }

func isOpen(segment []rune) bool {
	for _, r := range segment {
		if r < 0 {
			return true
		}
	}
	return false
}

// formatRunes reads what the format of an ARN has behind its fifth colon.
func formatRunes(format string) []rune {
	var runes []rune
	for format != "" {
		start := strings.Index(format, "${")
		if star := strings.IndexByte(format, '*'); star >= 0 && (start < 0 || star < start) {
			runes = append(append(runes, []rune(format[:star])...), placeholder)
			format = format[star+1:]
			continue
		}
		end := strings.IndexByte(format[max(start, 0):], '}')
		if start < 0 || end < 0 {
			return append(runes, []rune(format)...)
		}
		runes = append(append(runes, []rune(format[:start])...), placeholder)
		format = format[start+end+1:]
	}
	return runes
}

// formatPattern writes the tail of a format as a pattern.
func formatPattern(tail []rune) string {
	var b strings.Builder
	for _, r := range tail {
		if r == placeholder {
			b.WriteString("?*")
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// A home is where the caller lives.
type home struct{ partition, account string }

// fill gives a text for one of the first segments of an ARN that both pattern
// and format match. A star that is all of a segment becomes strange. The text
// has at least so many characters.
func fill(segment []rune, format, own, strange string, length int) (string, bool) {
	variable := isVariable(format)
	if len(segment) == 1 && segment[0] == anyRunes {
		if !variable {
			return format, true
		}
		return strange, true
	}
	var b strings.Builder
	literal := true
	for at, r := range segment {
		switch r {
		case anyRunes:
			literal = false
			for b.Len()+len(segment)-at-1 < length {
				b.WriteByte('0')
			}
		case oneRune:
			literal = false
			b.WriteByte('0') // no region has one
		default:
			b.WriteRune(r)
		}
	}
	text := b.String()
	switch {
	case literal && (variable && text != "" || text == format):
		return text, true
	case literal:
		return "", false
	}
	if length > 0 {
		own = text // any account but the caller's
	}
	for _, candidate := range [...]string{strange, own, format, text + "-1", text} {
		if candidate != "" && (variable || candidate == format) && wildcard.Match(runesText(segment), candidate) {
			return candidate, true
		}
	}
	return "", false
}

// runesText writes runes as a pattern.
func runesText(runes []rune) string {
	var b strings.Builder
	for _, r := range runes {
		switch r {
		case anyRunes, placeholder:
			b.WriteByte('*')
		case oneRune:
			b.WriteByte('?')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// witness gives an ARN that a pattern matches and that names a resource of a
// type, with strange names where the pattern leaves the choice.
func (t *resourceType) witness(p *pattern, at home, region, account, name string) (string, bool) {
	if p.whole != nil {
		if whole, ok := t.wholeWitness(p, at, region, account, name); ok {
			return whole, true
		}
	}
	partition, ok := fill(p.head[0], t.head[0], at.partition, at.partition, 0)
	service, ok2 := fill(p.head[1], t.head[1], strangeService, strangeService, 0)
	if !ok || !ok2 {
		return "", false
	}
	where, ok := fill(p.head[2], t.head[2], region, region, 0)
	owner, ok2 := fill(p.head[3], t.head[3], account, account, accountDigits)
	if !ok || !ok2 {
		return "", false
	}
	m := meeting{name: name}
	tail, ok := m.meet(p.tail, t.tail)
	if !ok {
		return "", false
	}
	text := "arn:" + partition + ":" + service + ":" + where + ":" + owner + ":" + tail
	return text, t.isOf(text, tail)
}

// wholeWitness is witness for a pattern whose stars may stand for colons.
func (t *resourceType) wholeWitness(p *pattern, at home, region, account, name string) (string, bool) {
	var format []rune
	for _, r := range t.exampleHead(at.partition, region, account) {
		format = append(format, r)
	}
	m := meeting{name: name}
	text, ok := m.meet(p.whole, append(format, t.tail...))
	return text, ok && t.MatchesARN(text)
}

// isOf tells whether an ARN of the format, which ends in tail, is of the type.
func (t *resourceType) isOf(text, tail string) bool {
	for number := range t.rivals {
		if t.rivals[number].Match(tail) {
			return t.MatchesARN(text)
		}
	}
	return true
}

// accountDigits is the length of the id of an account.
const accountDigits = 12

// example gives an ARN of the type with strange names, in an account.
func (t *resourceType) example(partition, account, name string) string {
	head := t.exampleHead(partition, strangeRegion, account)
	if name == strangeName {
		return head + t.strange
	}
	return head + strings.ReplaceAll(runesText(t.tail), "*", name)
}

// exampleHead gives an example up to its fifth colon.
func (t *resourceType) exampleHead(partition, region, account string) string {
	segments := [...]struct{ format, own string }{
		{t.head[0], partition}, {t.head[1], strangeService}, {t.head[2], region}, {t.head[3], account},
	}
	text := "arn:"
	for _, one := range segments {
		if isVariable(one.format) {
			text += one.own + ":"
		} else {
			text += one.format + ":"
		}
	}
	return text
}

// isVariable tells whether the segment of a format is to be filled in.
func isVariable(format string) bool { return strings.Contains(format, "${") || format == "*" }

// A meeting looks for a text that a pattern and a format both match.
type meeting struct {
	name            string // a strange one
	pattern, format []rune
	text            []rune
	failed          map[[3]int]bool
}

func (m *meeting) meet(pattern, format []rune) (string, bool) {
	m.pattern, m.format = pattern, format
	if !m.from(0, 0, empty) {
		return "", false
	}
	return string(m.text), true
}

// What the placeholder at hand has got so far.
const (
	empty  = iota
	filled // something
	named  // a strange name, from the star at hand
)

// from looks for the rest of the text behind the given places. Each state is
// looked at once, so the cost is that of the product of both lengths.
func (m *meeting) from(i, j, state int) bool {
	key := [3]int{i, j, state}
	if m.failed[key] {
		return false
	}
	if m.step(i, j, state) {
		return true
	}
	if m.failed == nil {
		m.failed = make(map[[3]int]bool)
	}
	m.failed[key] = true
	return false
}

// step tries what can come next, the likeliest first.
func (m *meeting) step(i, j, state int) bool {
	length := len(m.text)
	with := func(text string, i, j, state int) bool {
		m.text = append(m.text[:length], []rune(text)...)
		return m.from(i, j, state)
	}
	if j == len(m.format) {
		for _, r := range m.pattern[i:] {
			if r != anyRunes {
				return false
			}
		}
		m.text = m.text[:length]
		return true
	}
	if f := m.format[j]; f != placeholder {
		switch {
		case i == len(m.pattern):
			return false
		case m.pattern[i] == anyRunes:
			return with(string(f), i, j+1, empty) || with("", i+1, j, empty)
		case m.pattern[i] == oneRune || m.pattern[i] == f:
			return with(string(f), i+1, j+1, empty)
		}
		return false
	}
	if i == len(m.pattern) {
		return state != empty && with("", i, j+1, empty)
	}
	switch p := m.pattern[i]; {
	case p == anyRunes && state == named:
		return with("", i+1, j, filled) || with("", i, j+1, empty)
	case p == anyRunes:
		return with(m.name, i, j, named) || state != empty && with("", i, j+1, empty) || with("", i+1, j, state)
	case p == oneRune:
		return with("~", i+1, j, filled) || state != empty && with("", i, j+1, empty)
	default:
		return state != empty && with("", i, j+1, empty) || with(string(p), i+1, j, filled)
	}
}

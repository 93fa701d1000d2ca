// Package sample proposes values of condition keys: enough of them that every
// combination of outcomes which the tests of a key can have together is led to
// by one. Who asks whether a decision can go both ways tries them.
//
// It is used where people ask why, never on the request path.
package sample

import (
	"slices"
	"strconv"
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
)

// A Question is what is to be found out about one key.
type Question struct {
	// Key is the condition key.
	Key string
	// Tests are those of the key, their values as [condition.Block.Tests] gives
	// them, with variables resolved as far as possible and quoted as for policies
	// of Version 2012-10-17.
	Tests []condition.Test
	// Texts are values that matter besides, such as those that a variable must
	// have for a resource to match. All of them are among the values.
	Texts []string
	// Single and List say whether the key may have one value, and a list.
	Single, List bool
	// Work is how much may be done, some five nanoseconds each; 0 stands for
	// [MostWork].
	Work int
}

// MostWork takes some ten milliseconds.
const MostWork = 2_000_000

// Values gives values for the key. complete says that there is no value under
// which the tests together come out as under none of these. work is what it took.
func Values(q Question) (values []condition.Value, complete bool, work int) {
	if q.Work == 0 {
		q.Work = MostWork
	}
	p := &proposer{question: q, seen: map[string]bool{}, complete: true}
	for _, text := range q.Texts {
		p.seen[keptMark+text] = true
	}
	for _, test := range q.Tests {
		p.blocks = append(p.blocks, condition.Compile([]condition.Test{test}, true))
	}
	texts := p.texts()
	if q.Single {
		for _, text := range texts {
			p.offer(condition.String(text))
		}
		for _, text := range slices.Compact(slices.Sorted(slices.Values(q.Texts))) {
			p.values = append(p.values, condition.String(text))
		}
	}
	if q.List {
		p.lists(texts)
	}
	return p.values, p.complete, p.work
}

// A proposer collects the values of one question.
type proposer struct {
	question Question
	blocks   []*condition.Block // one for each test
	values   []condition.Value
	seen     map[string]bool // the outcomes of the values, and the texts kept
	complete bool
	typed    bool // there are tests of other types than text
	work     int  // what it took
}

// tired tells whether there was work enough, which leaves the values incomplete.
func (p *proposer) tired() bool {
	if p.work > p.question.Work {
		p.complete = false
	}
	return p.work > p.question.Work
}

// outcomes are those of all tests for a value, a letter each.
func (p *proposer) outcomes(value condition.Value) string {
	const each = 16 // what a test costs by itself
	work := each
	for _, text := range value.Values() {
		work += len(text)
	}
	p.work += work * len(p.blocks)
	var supplied condition.Context
	supplied.Set(p.question.Key, value)
	view := condition.View{Supplied: &supplied}
	letters := make([]byte, len(p.blocks))
	for at, block := range p.blocks {
		letters[at] = 'a' + byte(block.Evaluate(&view))
	}
	return string(letters)
}

// keptMark begins the marks of texts that are taken in whatever the tests say of
// them.
const keptMark = "="

// offer takes in a value if the tests come out as for none so far.
func (p *proposer) offer(value condition.Value) {
	if p.tired() {
		return
	}
	if !value.IsList() && p.seen[keptMark+value.Text()] {
		p.complete = p.complete && !p.typed // no other value may stand for its outcomes
		return
	}
	outcomes := p.outcomes(value)
	if !p.seen[outcomes] {
		p.seen[outcomes] = true
		p.values = append(p.values, value)
	}
}

// fresh is a text that no policy has.
const fresh = "another value"

// texts are single values for all tests together.
func (p *proposer) texts() []string {
	var globs []glob
	kinds := map[string]bool{}
	texts := []string{fresh, ""}
	var numeric, dated []string // thresholds of all tests: what lies between two matters
	for _, test := range p.question.Tests {
		switch kind := test.Operator.Type(); kind {
		case condition.StringType, condition.ArnType:
			kinds["text"] = true
			for _, value := range test.Values {
				g, ok := newGlob(test.Operator, value)
				if !ok {
					p.complete = false // a variable whose value is not known
					continue
				}
				globs = append(globs, g)
			}
			if kind == condition.ArnType {
				globs = append(globs, arnHead)
			}
		case condition.NumericType:
			kinds["number"] = true
			numeric = append(numeric, test.Values...)
		case condition.DateType:
			kinds["date"] = true
			dated = append(dated, test.Values...)
		case condition.AddressType:
			kinds["address"] = true
			texts = append(texts, addresses(test.Values)...)
		case condition.BoolType:
			kinds["bool"] = true
			texts = append(texts, "true", "false")
			p.complete = p.complete && !hasVariables(test.Values)
		case condition.BinaryType:
			kinds["binary"] = true
			texts = append(texts, test.Values...)
		}
	}
	numbers, all := numbers(numeric)
	dates, also := dates(dated)
	texts, p.complete = append(append(texts, numbers...), dates...), p.complete && all && also
	// Values that several types read, such as a number that is also a date, are
	// not looked for.
	p.complete = p.complete && len(kinds) <= 1
	p.typed = len(kinds) > 1 || len(kinds) == 1 && !kinds["text"]
	// To be told apart from what else the patterns match.
	for _, text := range p.question.Texts {
		globs = append(globs, literalGlob(text, false))
	}
	if len(globs) > 0 {
		globs = append(globs, someText) // to set operators an empty value is none
	}
	found, exhausted := tellApart(globs, (p.question.Work-p.work)/2, &p.work) // the rest is for their outcomes
	p.complete = p.complete && exhausted
	return append(texts, found...)
}

func hasVariables(values []string) bool {
	for _, value := range values {
		if strings.Contains(value, "${") {
			return true
		}
	}
	return false
}

// mostElements is up to how many elements all lists of them are proposed.
const mostElements = 6

// lists proposes lists. What a set operator says of a list follows from which
// of its values match, so that of values which the tests do not tell apart one
// is enough.
func (p *proposer) lists(texts []string) {
	elements := []string{}
	seen := map[string]bool{}
	for _, text := range texts {
		if text == "" {
			continue
		}
		if p.tired() {
			break
		}
		// Beside an empty value, so that this one is not an empty list.
		outcomes := p.outcomes(condition.List(text))
		if !seen[outcomes] {
			seen[outcomes] = true
			elements = append(elements, text)
		}
	}
	p.offer(condition.List())
	if len(elements) > mostElements {
		p.complete = false
		for at, text := range elements {
			p.offer(condition.List(text))
			for _, other := range elements[at+1:] {
				p.offer(condition.List(text, other))
			}
		}
		p.offer(condition.List(elements...))
		return
	}
	for chosen := 1; chosen < 1<<len(elements); chosen++ {
		var list []string
		for at, text := range elements {
			if chosen&(1<<at) != 0 {
				list = append(list, text)
			}
		}
		p.offer(condition.List(list...))
		p.offer(condition.List(append(list, "")...))
	}
}

// Mark is a text that equal questions have in common.
func (q Question) Mark() string {
	var b strings.Builder
	write := func(text string) {
		b.WriteString(strconv.Itoa(len(text)))
		b.WriteByte(':')
		b.WriteString(text)
	}
	write(q.Key)
	for _, test := range q.Tests {
		write(test.Operator.String())
		for _, value := range test.Values {
			write(value)
		}
		b.WriteByte(';')
	}
	for _, text := range q.Texts {
		write(text)
	}
	b.WriteString(strconv.FormatBool(q.Single))
	b.WriteString(strconv.FormatBool(q.List))
	return b.String()
}

package evaluate

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/internal/fold"
	"github.com/portcullis-iam/portcullis/internal/sample"
)

// A trial puts a question again and again under other values of condition keys.
// Each answer is that of the engine.
type trial struct {
	inquiry    inquiry
	statements []StatementTrace // that may apply under some values
	proposals  map[string]proposal
	budget     int // the work that may still be done
}

// A proposal is what to try for one key.
type proposal struct {
	values   []condition.Value // the zero Value stands for an absent key
	complete bool              // every outcome is led to by one of them
}

// mostWork bounds what one trial may do, as work of some ten nanoseconds each:
// ten thousand questions and more where few statements speak of the action, and
// some tens of milliseconds in any case. The costs are what one thing takes.
const (
	mostWork = 2_000_000

	answerCost    = 20 // a question, and for each statement
	statementCost = 10
	traceCost     = 100 // the words for a test
	pieceCost     = 20  // a value that is tried for a variable
)

// trial makes a trial of the statements of the explanation that are about the
// caller.
func (x *Explanation) trial() *trial {
	t := &trial{inquiry: *x.asked.inquiry(), proposals: map[string]proposal{}, budget: mostWork}
	t.inquiry.search.query.View = x.asked.inquiry().search.query.View.Clone()
	for at := range x.Layers {
		for _, s := range x.Layers[at].Statements() {
			if s.Principal != condition.False {
				t.statements = append(t.statements, s)
			}
		}
	}
	return t
}

func (t *trial) view() *condition.View { return &t.inquiry.search.query.View }

// decide asks the engine.
func (t *trial) decide() Decision {
	t.budget -= answerCost + statementCost*len(t.statements)
	return t.inquiry.again()
}

// again decides a question that may have been decided before.
func (c *inquiry) again() Decision {
	c.denied, c.deniedPerhaps, c.short, c.unknown = Decision{}, false, Decision{}, false
	return c.decide()
}

// current is the value of a key, the zero Value if it is absent.
func (t *trial) current(key string) condition.Value {
	value, _ := t.view().Lookup(key)
	return value
}

// tests are the tests of a key in all statements, with the variables resolved
// that can be, once each.
func (t *trial) tests(key string) (tests []condition.Test) {
	seen := map[string]bool{}
	for at := range t.statements {
		block := t.statements[at].statement.Condition
		if block == nil {
			continue
		}
		if !looksAt(block, key) {
			continue
		}
		_, variables := block.Tests()
		for _, trace := range block.Trace(t.view()) {
			t.budget -= traceCost + len(trace.Test.Values)
			if !fold.Equal(trace.Test.Key, key) {
				continue
			}
			test := trace.Test
			test.Values = liveValues(&trace, variables)
			if text := test.String(); !seen[text] || len(test.Values) > 4 {
				seen[text] = true
				tests = append(tests, test)
			}
		}
	}
	return tests
}

// looksAt tells whether the block has to do with a key.
func looksAt(block *condition.Block, key string) bool {
	return slices.ContainsFunc(block.Keys(), func(other string) bool { return fold.Equal(other, key) })
}

// liveValues are the values of a test as a policy of Version 2012-10-17 would
// have them, without those that can match nothing.
func liveValues(trace *condition.TestTrace, variables bool) []string {
	switch {
	case trace.Resolved != nil:
		var live []string
		for _, value := range trace.Resolved {
			unresolved := false
			for _, key := range trace.Missing {
				unresolved = unresolved || strings.Contains(value, "${"+key+"}") || strings.Contains(value, "${"+key+", '")
			}
			if !unresolved {
				live = append(live, value)
			}
		}
		if live == nil {
			return trace.Resolved // a list without values means something else
		}
		return live
	case variables:
		return trace.Test.Values
	}
	quoted := make([]string, len(trace.Test.Values))
	for at, value := range trace.Test.Values {
		quoted[at] = strings.ReplaceAll(value, "${", "${$}{")
	}
	return quoted
}

// texts are values of a key that matter because it is a variable: in a resource,
// and in tests of other keys. complete says that there are no others.
func (t *trial) texts(key string) (texts []string, complete bool) {
	complete = true
	add := func(template *condition.Template, wanted string, outcome func() condition.Truth) {
		found, all := t.fill(key, template, wanted, outcome)
		texts, complete = append(texts, found...), complete && all
	}
	query := &t.inquiry.search.query
	for at := range t.statements {
		s := t.statements[at].statement
		for r := range s.Resources {
			resource := &s.Resources[r]
			if template := resource.Template(); template != nil && uses(template, key) {
				add(template, query.Name.Text, func() condition.Truth { return resource.Match(query) })
			}
		}
		if s.Condition == nil || !looksAt(s.Condition, key) {
			continue
		}
		tests, variables := s.Condition.Tests()
		for _, test := range tests {
			if !variables {
				break
			}
			t.budget -= traceCost + len(test.Values)
			for _, text := range test.Values {
				template := condition.ParseTemplate(text, true)
				if !uses(template, key) {
					continue
				}
				// The key in a text that the other key has, each for itself.
				one := condition.Test{Operator: positive(test.Operator), Key: probe, Values: []string{text}}
				block := condition.Compile([]condition.Test{one}, true)
				value := t.current(test.Key)
				free := isFree(value)
				if content, known := value.IfPresent(); known {
					value = content
				}
				for _, wanted := range value.Values() {
					t.view().Override(probe, condition.String(wanted))
					add(template, wanted, func() condition.Truth { return block.Evaluate(t.view()) })
				}
				if free && !equalsVariable(test.Operator, template) || ignoresCase(test.Operator) {
					complete = false
				}
			}
		}
	}
	return texts, complete
}

// isFree tells whether a value may turn out to be any.
func isFree(value condition.Value) bool {
	_, known := value.IfPresent()
	return value.Kind() == condition.KindUnknown && !known
}

// equalsVariable tells whether an operator holds if a text is that of a variable,
// or if it is not.
func equalsVariable(operator condition.Operator, template *condition.Template) bool {
	switch operator.Base() {
	case "StringEquals", "StringNotEquals", "StringLike", "StringNotLike":
		return len(template.Tokens()) == 1 && template.VariableCount() == 1
	}
	return false
}

// ignoresCase tells whether texts in other letters are alike to an operator.
func ignoresCase(operator condition.Operator) bool {
	return operator.Type() == condition.BoolType || strings.HasSuffix(operator.Base(), "IgnoreCase")
}

// compared are the tests of other unknown keys that may have to equal this one,
// directly or by way of others, as if they were its own, and the texts that matter
// of these: which of them hold says what the keys have in common.
func (t *trial) compared(key string) (tests []condition.Test, texts []string, complete bool) {
	linked := []string{key}
	complete = true
	for at := 0; at < len(linked); at++ {
		for _, other := range t.comparedWith(linked[at]) {
			if !slices.ContainsFunc(linked, func(known string) bool { return fold.Equal(known, other) }) {
				linked = append(linked, other)
			}
		}
	}
	for _, other := range linked[1:] {
		found, all := t.texts(other)
		texts, complete = append(texts, found...), complete && all
		for _, test := range t.tests(other) {
			test.Key = key
			test.Values = slices.DeleteFunc(slices.Clone(test.Values), func(value string) bool {
				template := condition.ParseTemplate(value, true)
				return equalsVariable(test.Operator, template) &&
					slices.ContainsFunc(linked, func(variable string) bool { return uses(template, variable) })
			})
			if len(test.Values) > 0 {
				tests = append(tests, test)
			}
		}
	}
	return tests, texts, complete
}

// comparedWith are the unknown keys that have tests in which a key is a variable.
func (t *trial) comparedWith(key string) (others []string) {
	for at := range t.statements {
		block := t.statements[at].statement.Condition
		if block == nil || !looksAt(block, key) {
			continue
		}
		tests, variables := block.Tests()
		t.budget -= traceCost * len(tests)
		for _, test := range tests {
			if variables && !fold.Equal(test.Key, key) && isFree(t.current(test.Key)) &&
				slices.ContainsFunc(test.Values, func(value string) bool { return uses(condition.ParseTemplate(value, true), key) }) {
				others = append(others, test.Key)
			}
		}
	}
	return others
}

// probe is a key that no policy has.
const probe = "\x00"

// positive is an operator with nothing around it, which holds if a value matches.
func positive(o condition.Operator) condition.Operator {
	bare, err := condition.ParseOperator(strings.Replace(o.Base(), "Not", "", 1))
	if err != nil {
		return o
	}
	return bare
}

func uses(template *condition.Template, key string) bool {
	for _, name := range template.Keys() {
		if fold.Equal(name, key) {
			return true
		}
	}
	return false
}

// The bounds of fill.
const (
	longestFilled = 160 // characters of the text that a variable is looked for in
	mostFilled    = 6   // values of each outcome
)

// fill finds values of a key, pieces of a text that a template with it should
// match, for each outcome of the match. all says that there are no others.
func (t *trial) fill(key string, template *condition.Template, text string, outcome func() condition.Truth) (values []string, all bool) {
	before := t.current(key)
	defer t.view().Override(key, before)
	head := template.Tokens()[0].Text // literal, and not in the variable
	start := 0
	if head != "" && strings.HasPrefix(text, head) {
		start = len(head)
	}
	if len(text)-start > longestFilled || t.budget <= 0 {
		return fields(text), false
	}
	all = true
	seen := map[string]bool{}
	readable := utf8.ValidString(text)
	var kept [3]int
	for from := start; from <= len(text); from++ {
		for to := len(text); to >= from; to-- {
			piece := text[from:to]
			if seen[piece] || readable && !utf8.ValidString(piece) {
				continue
			}
			seen[piece] = true
			if t.budget -= pieceCost + len(text)/4; t.budget <= 0 {
				return append(values, fields(text)...), false
			}
			t.view().Override(key, condition.String(piece))
			truth := outcome()
			if kept[truth]++; kept[truth] <= mostFilled {
				values = append(values, piece)
			} else if truth == condition.True {
				all = false
			}
		}
	}
	if kept[condition.Unknown] > 0 { // another variable has to fit as well
		return append(values, fields(text)...), false
	}
	return values, all
}

// mostFields is how many pieces of a long text are tried.
const mostFields = 50

// fields cuts a text where names end, and leaves out long pieces.
func fields(text string) (pieces []string) {
	for piece := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune("/:.-_", r) }) {
		if len(pieces) == mostFields {
			break
		}
		if len(piece) <= longestFilled {
			pieces = append(pieces, piece)
		}
	}
	return pieces
}

// propose gives the values to try for a key that may be absent, single or a list.
func (t *trial) propose(key string, possible condition.Value) proposal {
	if content, known := possible.IfPresent(); known && possible.Kind() == condition.KindUnknown {
		return proposal{values: []condition.Value{content, {}}, complete: true}
	}
	absent, single, list := possible.Possible()
	tests, others, linked := t.compared(key)
	texts, complete := t.texts(key)
	complete = complete && linked
	question := sample.Question{Key: key, Tests: append(t.tests(key), tests...), Texts: append(texts, others...), Single: single, List: list}
	mark := question.Mark()
	if known, found := t.proposals[mark]; found {
		return known
	}
	var p proposal
	var work int
	question.Work = max(t.budget, 1)
	p.values, p.complete, work = sample.Values(question)
	t.budget -= work / 2
	p.complete = p.complete && complete
	if absent {
		p.values = append(p.values, condition.Value{})
	}
	t.proposals[mark] = p
	return p
}

// A search for assignments tries values for keys until it has seen an outcome
// that allows and one that does not.
type assignments struct {
	trial  *trial
	keys   []string
	values []condition.Value // of the first keys, as far as they are assigned
	// exhaustive: whatever was not tried comes out like something that was.
	exhaustive bool
	allowed    *Example
	denied     *Example
	// outcomes seen so far, and one decision of each.
	seen  [Undetermined + 1]bool
	first [Undetermined + 1]Decision
}

// run assigns the keys from the given one on.
func (s *assignments) run(at int) (done bool) {
	d := s.trial.decide()
	if d.Outcome != Undetermined {
		return s.note(d, at)
	}
	if at == len(s.keys) {
		s.exhaustive = false // cannot be, as long as all unknown keys are there
		return false
	}
	key := s.keys[at]
	before := s.trial.current(key)
	if before.Kind() != condition.KindUnknown {
		s.values = append(s.values[:at], before)
		return s.run(at + 1)
	}
	p := s.trial.propose(key, before)
	s.exhaustive = s.exhaustive && p.complete
	for _, value := range p.values {
		if s.trial.budget <= 0 {
			s.exhaustive = false
			break
		}
		s.trial.view().Override(key, value)
		s.values = append(s.values[:at], value)
		if s.run(at + 1) {
			done = true
			break
		}
	}
	s.trial.view().Override(key, before)
	return done
}

// note takes in a decision under the first keys' values.
func (s *assignments) note(d Decision, assigned int) (done bool) {
	if !s.seen[d.Outcome] {
		s.seen[d.Outcome], s.first[d.Outcome] = true, d
	}
	example := &s.denied
	if d.Allowed() {
		example = &s.allowed
	}
	if *example == nil {
		made := &Example{Decision: d}
		for at := range assigned {
			made.Values = append(made.Values, Assignment{Key: s.keys[at], Value: s.values[at]})
		}
		*example = made
	}
	return s.allowed != nil && s.denied != nil
}

// unknownKeys are the keys that the statements look at and that are unknown,
// those before the others that are variables: when these have values, it is known
// what the others are compared with.
func (t *trial) unknownKeys() (keys []string) {
	for at := range t.statements {
		s := t.statements[at].statement
		for r := range s.Resources {
			if template := s.Resources[r].Template(); template != nil {
				keys = template.UnknownKeys(t.view(), keys)
			}
		}
		if s.Condition == nil {
			continue
		}
		for _, trace := range s.Condition.Trace(t.view()) {
			for _, key := range trace.Unknown {
				if !slices.ContainsFunc(keys, func(other string) bool { return fold.Equal(other, key) }) {
					keys = append(keys, key)
				}
			}
		}
	}
	for at := range t.statements {
		if block := t.statements[at].statement.Condition; block != nil {
			keys = block.UnknownKeys(t.view(), keys)
		}
	}
	return keys
}

// mayApply leaves the statements that are not known not to apply.
func (t *trial) mayApply() {
	var live []StatementTrace
	for _, s := range t.statements {
		if s.Applies == condition.Unknown || s.Applies == condition.True || s.statement.Flags.Has(compiled.Deny) && s.Applies != condition.False {
			live = append(live, s)
		}
	}
	t.statements = live
}

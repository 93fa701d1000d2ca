package generate

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
)

// The functions of this file change how a question is written and not what it means. All return a changed deep copy.
// Documents and statements that are overridden by Raw stay as they are, and so do members that are Extra. A question
// that must be refused must be refused afterwards too, though perhaps for a mistake at another place.

// eachDocument calls change for every document of a copy that is not overridden.
func (c Case) eachDocument(change func(*Document)) Case {
	copied := c.Clone()
	for _, document := range copied.AllDocuments() {
		if document.Raw == "" {
			change(document)
		}
	}
	return copied
}

// eachStatement calls change for every statement of a copy that is not overridden.
func (c Case) eachStatement(change func(*Document, *Statement)) Case {
	return c.eachDocument(func(d *Document) {
		for i := range d.Statements {
			if d.Statements[i].Raw == "" {
				change(d, &d.Statements[i])
			}
		}
	})
}

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0x5bd1e995)) }

func shuffle[T any](random *rand.Rand, list []T) {
	random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

// ShuffleStatements changes the order of the statements within every document.
func (c Case) ShuffleStatements(seed uint64) Case {
	random := seeded(seed)
	return c.eachDocument(func(d *Document) { shuffle(random, d.Statements) })
}

// ShufflePolicies changes the order of the documents within every layer, and within every level of an organization. The
// order of the levels stays.
func (c Case) ShufflePolicies(seed uint64) Case {
	random := seeded(seed)
	copied := c.Clone()
	for _, documents := range [][]Document{copied.IdentityPolicies, copied.PermissionsBoundaries, copied.SessionPolicies, copied.VPCEndpointPolicies} {
		shuffle(random, documents)
	}
	for _, levels := range [][]Level{copied.SCPs, copied.RCPs} {
		for i := range levels {
			shuffle(random, levels[i].Policies)
		}
	}
	return copied
}

// ShuffleValues changes the order of values in lists: actions, resources, principals, condition values, and the lists
// in the request's context.
func (c Case) ShuffleValues(seed uint64) Case {
	random := seeded(seed)
	copied := c.eachStatement(func(_ *Document, s *Statement) {
		for _, list := range s.lists() {
			if *list != nil {
				shuffle(random, (*list).Values)
			}
		}
		for _, principal := range []*Principal{s.Principal, s.NotPrincipal} {
			if principal == nil {
				continue
			}
			for i := range principal.Groups {
				shuffle(random, principal.Groups[i].Values.Values)
			}
		}
		s.eachTest(func(_ string, test *KeyTest) { shuffle(random, test.Values) })
	})
	for _, entry := range copied.Request.Context {
		shuffle(random, entry.Value.Items)
	}
	return copied
}

// ShuffleKeyOrder changes the order of the members of JSON objects: elements of documents and statements, types of
// principals, operators, condition keys, and the keys of the request's context.
func (c Case) ShuffleKeyOrder(seed uint64) Case {
	random := seeded(seed)
	copied := c.eachDocument(func(d *Document) { d.KeyOrder = random.Uint32() | 1 })
	copied = copied.eachStatement(func(_ *Document, s *Statement) {
		s.KeyOrder = random.Uint32() | 1
		for _, principal := range []*Principal{s.Principal, s.NotPrincipal} {
			if principal != nil {
				shuffle(random, principal.Groups)
			}
		}
		if s.Condition != nil {
			shuffle(random, s.Condition.Operators)
			for i := range s.Condition.Operators {
				shuffle(random, s.Condition.Operators[i].Keys)
			}
		}
	})
	shuffle(random, copied.Request.Context)
	return copied
}

// eachTest calls change for every key test of the condition, with the name of its operator.
func (s *Statement) eachTest(change func(operator string, test *KeyTest)) {
	if s.Condition == nil {
		return
	}
	for i := range s.Condition.Operators {
		block := &s.Condition.Operators[i]
		for j := range block.Keys {
			change(block.Name, &block.Keys[j])
		}
	}
}

// flipASCII changes the case of about half of the ASCII letters, and of nothing else.
func flipASCII(random *rand.Rand, text string) string {
	flipped := []byte(text)
	for i, b := range flipped {
		if random.IntN(2) == 0 {
			flipped[i] = flipByte(b)
		}
	}
	return string(flipped)
}

// FlipCase does everything that [Case.FlipActionCase], [Case.FlipKeyCase], [Case.FlipOperatorCase] and
// [Case.FlipVariableCase] do.
func (c Case) FlipCase(seed uint64) Case {
	return c.FlipActionCase(seed).FlipKeyCase(seed).FlipOperatorCase(seed).FlipVariableCase(seed)
}

// FlipActionCase changes the letter case of the request's action and of the actions in all documents.
func (c Case) FlipActionCase(seed uint64) Case {
	random := seeded(seed)
	copied := c.eachStatement(func(_ *Document, s *Statement) {
		for _, list := range []*Strings{s.Action, s.NotAction} {
			if list == nil {
				continue
			}
			for i := range list.Values {
				list.Values[i] = flipASCII(random, list.Values[i])
			}
		}
	})
	copied.Request.Action = flipASCII(random, copied.Request.Action)
	return copied
}

// FlipKeyCase changes the letter case of condition keys and of the keys of the request's context.
func (c Case) FlipKeyCase(seed uint64) Case {
	random := seeded(seed)
	copied := c.eachStatement(func(_ *Document, s *Statement) {
		s.eachTest(func(_ string, test *KeyTest) { test.Key = flipASCII(random, test.Key) })
	})
	for i := range copied.Request.Context {
		copied.Request.Context[i].Key = flipASCII(random, copied.Request.Context[i].Key)
	}
	return copied
}

// FlipOperatorCase changes the letter case of the names of condition operators with their prefixes and suffixes.
func (c Case) FlipOperatorCase(seed uint64) Case {
	random := seeded(seed)
	return c.eachStatement(func(_ *Document, s *Statement) {
		if s.Condition == nil {
			return
		}
		for i := range s.Condition.Operators {
			s.Condition.Operators[i].Name = flipASCII(random, s.Condition.Operators[i].Name)
		}
	})
}

// FlipVariableCase changes the letter case of the names of variables, in documents of the current version, where
// variables are substituted: in Resource and NotResource and under String, Arn and Bool operators.
func (c Case) FlipVariableCase(seed uint64) Case {
	random := seeded(seed)
	flip := func(name string) string { return flipASCII(random, name) }
	return c.eachStatement(func(d *Document, s *Statement) {
		if d.Version != currentVersion {
			return
		}
		for _, list := range []*Strings{s.Resource, s.NotResource} {
			if list == nil {
				continue
			}
			for i := range list.Values {
				list.Values[i] = renameVariables(list.Values[i], flip)
			}
		}
		s.eachTest(func(operator string, test *KeyTest) {
			op, _, known := findOperator(operator)
			if !known || !op.takesVariables() {
				return
			}
			for i := range test.Values {
				if !test.Values[i].Bare {
					test.Values[i].Text = renameVariables(test.Values[i].Text, flip)
				}
			}
		})
	})
}

// findOperator finds the operator that is written in any case of letters, with its form.
func findOperator(written string) (op operator, form string, known bool) {
	for _, op := range operators {
		if form, is := formOf(written, op.name); is {
			return op, form, true
		}
	}
	return operator{}, "", false
}

// renameVariables applies rename to the names of well-formed variables. Names with odd characters stay.
func renameVariables(text string, rename func(string) string) string {
	var renamed strings.Builder
	for {
		at := strings.Index(text, "${")
		if at < 0 {
			renamed.WriteString(text)
			return renamed.String()
		}
		renamed.WriteString(text[:at+2])
		text = text[at+2:]
		end := strings.IndexByte(text, '}')
		if cut := strings.Index(text, ", '"); cut >= 0 && cut < end {
			// The default ends at the next quote, and the brace must follow it; else this is no variable.
			end = cut
			if quote := strings.IndexByte(text[cut+3:], '\''); quote < 0 || !strings.HasPrefix(text[cut+3+quote+1:], "}") {
				continue
			}
		}
		if end <= 0 || strings.ContainsAny(text[:end], "${'") {
			continue
		}
		renamed.WriteString(rename(text[:end]))
		text = text[end:]
	}
}

// ScalarToList writes every single value of every document as a list of one, and every single statement as a list of
// one. Values of the request's context stay, because there a list is something else.
func (c Case) ScalarToList() Case { return c.writeSingle(false) }

// ListToScalar writes every list of one in every document as the single value, and every list of one statement as the
// statement.
func (c Case) ListToScalar() Case { return c.writeSingle(true) }

func (c Case) writeSingle(scalar bool) Case {
	copied := c.eachDocument(func(d *Document) { d.Object = scalar })
	return copied.eachStatement(func(_ *Document, s *Statement) {
		for _, list := range s.lists() {
			if *list != nil {
				(*list).Scalar = scalar
			}
		}
		for _, principal := range []*Principal{s.Principal, s.NotPrincipal} {
			if principal == nil {
				continue
			}
			for i := range principal.Groups {
				principal.Groups[i].Values.Scalar = scalar
			}
		}
		s.eachTest(func(_ string, test *KeyTest) { test.Scalar = scalar })
	})
}

// split replaces every statement of a copy by what parts returns.
func (c Case) split(parts func(Statement) []Statement) Case {
	return c.eachDocument(func(d *Document) {
		statements := make([]Statement, 0, len(d.Statements))
		for _, s := range d.Statements {
			if s.Raw != "" {
				statements = append(statements, s)
				continue
			}
			statements = append(statements, parts(s)...)
		}
		d.Statements = statements
	})
}

// SplitActions replaces every statement with several actions by one statement an action. NotAction stays.
func (c Case) SplitActions() Case {
	return c.split(func(s Statement) []Statement {
		return splitStrings(s, s.Action, func(part *Statement, list *Strings) { part.Action = list })
	})
}

// SplitResources replaces every statement with several resources by one statement a resource. NotResource stays.
func (c Case) SplitResources() Case {
	return c.split(func(s Statement) []Statement {
		return splitStrings(s, s.Resource, func(part *Statement, list *Strings) { part.Resource = list })
	})
}

func splitStrings(s Statement, list *Strings, set func(*Statement, *Strings)) []Statement {
	if list == nil || len(list.Values) < 2 {
		return []Statement{s}
	}
	parts := make([]Statement, len(list.Values))
	for i, value := range list.Values {
		parts[i] = s.Clone()
		set(&parts[i], one(value))
	}
	return parts
}

// SplitPrincipals replaces every statement with several principals by one statement a principal. NotPrincipal stays.
func (c Case) SplitPrincipals() Case {
	return c.split(func(s Statement) []Statement {
		if s.Principal == nil {
			return []Statement{s}
		}
		var parts []Statement
		for _, group := range s.Principal.Groups {
			for _, identifier := range group.Values.Values {
				part := s.Clone()
				part.Principal = &Principal{Groups: []PrincipalGroup{{group.Type, *one(identifier)}}}
				parts = append(parts, part)
			}
			if len(group.Values.Values) == 0 {
				return []Statement{s} // dropping the group could drop a mistake in its type
			}
		}
		if len(parts) == 0 {
			return []Statement{s}
		}
		return parts
	})
}

// SplitValues replaces every statement with several values of a condition key by one statement a value, where the
// values are alternatives: under a positive operator that is plain or has ForAnyValue. The first such key of a
// statement is split.
func (c Case) SplitValues() Case {
	return c.split(func(s Statement) []Statement {
		if s.Condition == nil {
			return []Statement{s}
		}
		for i, block := range s.Condition.Operators {
			op, form, known := findOperator(block.Name)
			if !known || op.negated || form == FormAllValues || form == FormAllValuesIfExists {
				continue
			}
			for j, test := range block.Keys {
				if len(test.Values) < 2 {
					continue
				}
				parts := make([]Statement, len(test.Values))
				for k, value := range test.Values {
					parts[k] = s.Clone()
					parts[k].Condition.Operators[i].Keys[j].Values = []Scalar{value}
				}
				return parts
			}
		}
		return []Statement{s}
	})
}

// MergeStatements is the way back from [Case.SplitActions] and [Case.SplitResources]: statements of a document that
// differ only in Action become one, and then those that differ only in Resource. Statements that are equal but for Sid
// and the order of elements become one too.
func (c Case) MergeStatements() Case {
	return c.eachDocument(func(d *Document) {
		mergeBy(d, func(s *Statement) **Strings { return &s.Action })
		mergeBy(d, func(s *Statement) **Strings { return &s.Resource })
	})
}

func mergeBy(d *Document, element func(*Statement) **Strings) {
	var merged []Statement
	for _, s := range d.Statements {
		list := *element(&s)
		at := -1
		if list != nil && s.Raw == "" {
			at = slices.IndexFunc(merged, func(other Statement) bool {
				return *element(&other) != nil && reflect.DeepEqual(without(s, element), without(other, element))
			})
		}
		if at < 0 {
			merged = append(merged, s)
			continue
		}
		into := *element(&merged[at])
		for _, value := range list.Values {
			if !slices.Contains(into.Values, value) {
				into.Values = append(into.Values, value)
			}
		}
	}
	if merged != nil {
		d.Statements = merged
	}
}

// without returns the statement without one element, Sid and order.
func without(s Statement, element func(*Statement) **Strings) Statement {
	s = s.Clone()
	*element(&s) = nil
	s.Sid, s.KeyOrder = nil, 0
	return s
}

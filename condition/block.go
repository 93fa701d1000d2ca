package condition

// A Block is a compiled Condition element: a predicate over a [View]. It is
// made by [Compile]. The nil Block always holds. A Block is immutable and safe
// for concurrent use.
type Block struct {
	clauses []clause // by cost, not in the order of the tests
}

// Evaluate tells whether all tests of the block hold. It is False as soon as
// one is, else Unknown if one hangs on an unknown key, else True.
//
// It allocates nothing, except where a variable stands within other text and
// its value was not made from text.
//
// Source: IAM User Guide, "Conditions with multiple context keys or values".
func (b *Block) Evaluate(v *View) Truth {
	result := True
	if b == nil {
		return result
	}
	for at := range b.clauses {
		c := &b.clauses[at]
		switch c.holds(v, v.find(&c.key)) {
		case False:
			return False
		case Unknown:
			result = Unknown
		}
	}
	return result
}

// Len is the number of tests.
func (b *Block) Len() int {
	if b == nil {
		return 0
	}
	return len(b.clauses)
}

// Keys are the keys that the tests and the variables in their values use, as
// they are spelled, in the order of the tests, each once (but for case).
func (b *Block) Keys() []string {
	var keys []string
	for _, k := range b.keys() {
		keys = appendKey(keys, k.text)
	}
	return keys
}

// MissingKeys appends to missing the keys that the block uses and v does not
// have, in the order of the tests, each once (but for case, and counting those
// that are in missing already). Unknown keys are not missing.
//
// Source: IAM API Reference, "EvaluationResult", MissingContextValues.
func (b *Block) MissingKeys(v *View, missing []string) []string {
	for _, k := range b.keys() {
		if v.find(k) == nil {
			missing = appendKey(missing, k.text)
		}
	}
	return missing
}

// UnknownKeys appends to unknown the keys that the block uses and that are
// unknown in v, in the order of the tests, each once (but for case, and
// counting those that are in unknown already).
func (b *Block) UnknownKeys(v *View, unknown []string) []string {
	for _, k := range b.keys() {
		if value := v.find(k); value != nil && value.form > asList {
			unknown = appendKey(unknown, k.text)
		}
	}
	return unknown
}

// keys are the keys in the order of the tests, that of a test before those of
// its variables.
func (b *Block) keys() []*key {
	if b == nil {
		return nil
	}
	keys := make([]*key, 0, len(b.clauses))
	for _, c := range b.inOrder() {
		keys = append(keys, &c.key)
		switch more := c.more.(type) {
		case *Template:
			keys = more.appendKeys(keys)
		case []*Template:
			for _, template := range more {
				keys = template.appendKeys(keys)
			}
		case *mixed:
			for _, template := range more.templates {
				keys = template.appendKeys(keys)
			}
			for at := range more.arnForms {
				keys = more.arnForms[at].template.appendKeys(keys)
			}
		}
	}
	return keys
}

// inOrder are the clauses in the order of the tests.
func (b *Block) inOrder() []*clause {
	ordered := make([]*clause, len(b.clauses))
	for at := range b.clauses {
		ordered[b.clauses[at].position] = &b.clauses[at]
	}
	return ordered
}

func (t *Template) appendKeys(keys []*key) []*key {
	for at := range t.variables {
		keys = append(keys, &t.variables[at].key)
	}
	return keys
}

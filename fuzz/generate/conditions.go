package generate

import "strings"

// want is the outcome that a statement, an element or a test is aimed at.
type want int

const (
	wantMatch want = iota
	wantMiss
	wantAny
)

// lookup finds a key of the request's context. known is true where the key has been decided on; the entry is then nil
// if it was decided to leave the key out.
func (b *builder) lookup(key string) (entry *ContextEntry, known bool) {
	context := b.made.Request.Context
	for i := range context {
		if strings.EqualFold(context[i].Key, key) {
			return &context[i], true
		}
	}
	for _, absent := range b.absent {
		if strings.EqualFold(absent, key) {
			return nil, true
		}
	}
	return nil, false
}

func (b *builder) setContext(key string, value Value) {
	b.made.Request.Context = append(b.made.Request.Context, ContextEntry{Key: key, Value: value})
}

func (b *builder) setAbsent(key string) { b.absent = append(b.absent, key) }

// resolve decides on a key, if that has not been done, and returns its entry, nil if it is absent.
func (b *builder) resolve(key string, of family) *ContextEntry {
	if entry, known := b.lookup(key); known {
		return entry
	}
	single, list := 64, 18
	if isListKey(key) {
		single, list = 14, 68
	}
	switch b.weighted(single, list, 18) {
	case 0:
		b.setContext(key, Value{Items: []Scalar{b.scalar(of, b.freshValue(of))}})
	case 1:
		value := Value{List: true, Items: []Scalar{}}
		for range b.weighted(7, 33, 35, 20, 5) {
			if b.chance(6) {
				value.Items = append(value.Items, Scalar{})
			} else {
				value.Items = append(value.Items, b.scalar(of, b.freshValue(of)))
			}
		}
		b.setContext(key, value)
	default:
		b.setAbsent(key)
		return nil
	}
	return &b.made.Request.Context[len(b.made.Request.Context)-1]
}

// scalar writes a value as a string, or sometimes as a JSON number or Boolean where it can be one.
func (b *builder) scalar(of family, text string) Scalar {
	switch of {
	case familyNumeric, familyDate:
		if isJSONNumber(text) && b.chance(30) {
			return Scalar{Text: text, Bare: true}
		}
	case familyBool, familyNull:
		if (text == "true" || text == "false") && b.chance(35) {
			return Scalar{Text: text, Bare: true}
		}
	}
	return Scalar{Text: text}
}

// isJSONNumber says whether JSON takes the text as a number.
func isJSONNumber(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	whole, rest, point := strings.Cut(digits, ".")
	if whole == "" || len(whole) > 1 && whole[0] == '0' {
		return text == "1e3"
	}
	if point && rest == "" {
		return false
	}
	for _, b := range []byte(whole + rest) {
		if b < '0' || b > '9' {
			return text == "1e3"
		}
	}
	return true
}

// condition makes a condition block whose tests all hold, or of which at least one fails.
func (b *builder) condition(aim want) *Condition {
	condition := &Condition{}
	if b.chance(2) {
		if b.chance(50) {
			condition.Operators = append(condition.Operators, OperatorBlock{Name: pick(b.chooser, operators).name})
		}
		if aim != wantMiss {
			return condition
		}
	}
	count := 1 + b.weighted(55, 28, 12, 5)
	failing := b.intn(count)
	for i := range count {
		testAim := wantMatch
		if aim == wantAny {
			testAim = wantAny
		} else if aim == wantMiss && i == failing {
			testAim = wantMiss
		}
		name, test := b.test(testAim)
		condition.add(name, test)
	}
	return condition
}

// add puts a test into the block of its operator. A key that the operator tests already, in any case of letters, is
// left out, because the document would be refused.
func (c *Condition) add(name string, test KeyTest) {
	for i := range c.Operators {
		block := &c.Operators[i]
		if !strings.EqualFold(block.Name, name) {
			continue
		}
		for _, other := range block.Keys {
			if strings.EqualFold(other.Key, test.Key) {
				return
			}
		}
		block.Keys = append(block.Keys, test)
		return
	}
	c.Operators = append(c.Operators, OperatorBlock{Name: name, Keys: []KeyTest{test}})
}

// test makes one test of one key.
func (b *builder) test(aim want) (string, KeyTest) {
	op := pick(b.chooser, operators)
	keys := contextKeys[op.family]
	if b.chance(6) {
		keys = contextKeys[b.intn(len(contextKeys))]
	}
	key := pick(b.chooser, keys)
	of := op.family
	if of == familyNull {
		of = familyString
	}
	entry := b.resolve(key, of)
	test := KeyTest{Key: key, Scalar: b.chance(70)}
	if b.chance(8) {
		test.Key = b.flipCase(key)
	}
	if op.family == familyNull {
		return b.nullTest(aim, entry, test)
	}

	prefix, ifExists := b.form(op, entry, aim)
	test.Values = b.policyValues(op, prefix, entry, aim)
	name := prefix + op.name
	if ifExists {
		name += suffixIfExists
	}
	if b.chance(4) {
		name = b.flipCase(name)
	}
	return name, test
}

// form chooses set qualifier and IfExists so that the aim can be reached with the value at hand.
func (b *builder) form(op operator, entry *ContextEntry, aim want) (prefix string, ifExists bool) {
	prefixes := [...]string{"", prefixAnyValue, prefixAllValues}
	switch {
	case entry == nil:
		prefix, ifExists = prefixes[b.weighted(60, 20, 20)], b.chance(35)
		holds := ifExists || prefix == prefixAllValues || prefix == "" && op.negated
		switch {
		case aim == wantMatch && !holds:
			ifExists = true
		case aim == wantMiss && holds:
			ifExists, prefix = false, prefixAnyValue
			if !op.negated && b.chance(60) {
				prefix = ""
			}
		}
	case entry.Value.List:
		prefix, ifExists = prefixes[b.weighted(10, 48, 42)], b.chance(18)
		if aim == wantMatch {
			if isEmptyList(entry) {
				prefix = prefixAllValues
			} else if prefix == "" {
				prefix = prefixAnyValue
			}
		} else if aim == wantMiss && isEmptyList(entry) && prefix == prefixAllValues {
			prefix = prefixAnyValue
		}
	default:
		prefix, ifExists = prefixes[b.weighted(72, 14, 14)], b.chance(18)
	}
	return prefix, ifExists
}

func isEmptyList(entry *ContextEntry) bool {
	for _, item := range entry.Value.Items {
		if item.Text != "" {
			return false
		}
	}
	return true
}

// policyValues chooses the values that a key is compared with.
func (b *builder) policyValues(op operator, prefix string, entry *ContextEntry, aim want) []Scalar {
	values := []Scalar{}
	if b.chance(2) && (aim != wantMatch || prefix == prefixAllValues && entry == nil) {
		return values // an empty list holds only by absence
	}
	if entry == nil || len(entry.Value.Items) == 0 {
		for range 1 + b.weighted(70, 20, 10) {
			values = append(values, b.scalar(op.family, b.related(op, b.freshValue(op.family), true)))
		}
		return values
	}
	items := entry.Value.Items
	matches := b.whichMatch(len(items), op.negated, prefix, aim)
	for i, item := range items {
		if matches>>i&1 == 1 {
			values = append(values, b.scalar(op.family, b.related(op, item.Text, true)))
		}
	}
	misses := b.weighted(70, 20, 10)
	if len(values) == 0 && misses == 0 {
		misses = 1
	}
	for range misses {
		values = append(values, b.scalar(op.family, b.related(op, pick(b.chooser, items).Text, false)))
	}
	if len(values) > 1 {
		last := len(values) - 1
		other := b.intn(len(values))
		values[last], values[other] = values[other], values[last]
	}
	return values
}

// whichMatch returns a set of bits: the values of the request that some policy value should match.
func (b *builder) whichMatch(count int, negated bool, prefix string, aim want) int {
	all := 1<<count - 1
	if aim == wantAny {
		return b.intn(all + 1)
	}
	holds := aim == wantMatch
	some := 1 << b.intn(count)
	switch {
	case prefix == prefixAllValues && !negated && holds, prefix == prefixAnyValue && negated && !holds:
		return all
	case prefix == prefixAllValues && !negated, prefix == prefixAnyValue && negated:
		return all &^ some
	case holds != negated:
		return some
	}
	return 0
}

// nullTest makes a test of presence.
func (b *builder) nullTest(aim want, entry *ContextEntry, test KeyTest) (string, KeyTest) {
	absent := entry == nil || entry.Value.List && isEmptyList(entry)
	truth := absent == (aim != wantMiss)
	if aim == wantAny && b.chance(50) {
		truth = !truth
	}
	text := "false"
	if truth {
		text = "true"
	}
	if b.chance(12) {
		text = b.flipCase(text)
	}
	test.Values = []Scalar{b.scalar(familyNull, text)}
	if aim != wantMiss && b.chance(8) {
		test.Values = append(test.Values, Scalar{Text: pick(b.chooser, []string{"false", "true", "maybe"})})
	}
	name := "Null"
	switch {
	case b.chance(4) && aim != wantMatch:
		name = prefixAnyValue + name
	case b.chance(4) && aim != wantMiss:
		name = prefixAllValues + name
	case b.chance(4):
		name = b.flipCase(name)
	}
	return name, test
}

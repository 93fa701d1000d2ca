package policy

import (
	"fmt"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/portcullis-iam/portcullis/internal/strictjson"
)

// Parse reads a policy document of the given kind. It is strict: a Document
// comes back only if the text is JSON and the document is a policy of that kind
// as [Document.Check] has it; otherwise there is no document, and the error is
// an [Errors] with everything that is wrong, in the order of the text. Of a text
// that is not JSON that is the one place where it stops being so.
//
// What AWS itself would save, and only warn about, parses: [Document.Validate]
// reports that.
//
// The text is the document itself, in UTF-8: not percent-encoded, nor in a JSON
// string. Parse copies it once and keeps nothing of text; the strings of the
// Document share that copy. It takes time in proportion to the length, some
// 10 µs for a document of ten statements, and bounded memory: see
// MaxDocumentBytes, MaxDepth, MaxStatements and MaxErrors.
//
// Source: IAM User Guide, "Grammar of the IAM JSON policy language".
func Parse(kind Kind, text []byte) (*Document, error) {
	if len(text) > MaxDocumentBytes {
		head := newCursor(string(text[:MaxDocumentBytes]))
		return nil, Errors{{Code: DocumentTooLarge, Position: head.position(MaxDocumentBytes),
			Message: fmt.Sprintf("the document has %d bytes, more than the %d that are read", len(text), MaxDocumentBytes)}}
	}
	return parse(kind, string(text))
}

func parse(kind Kind, text string) (*Document, error) {
	facts, fault := strictjson.Inspect(text, MaxDepth)
	if fault != nil {
		return nil, Errors{syntaxError(text, fault)}
	}
	b := builder{
		cursor:     newCursor(text),
		document:   &Document{Kind: kind, characters: len(text) - facts.Continuations},
		statements: facts.InnerObjects,
	}
	b.cursor.flat = facts.LineFeeds == 0 && facts.Continuations == 0
	b.build(gjson.Parse(text))
	check(b.document, &b.report)
	if err := b.report.err(); err != nil {
		return nil, err
	}
	return b.document, nil
}

// syntaxError says in the words of this package why a text is not JSON.
func syntaxError(text string, fault *strictjson.Fault) *Error {
	at := newCursor(text)
	e := &Error{Code: JSONSyntaxError, Position: at.position(fault.Offset), Message: fault.Message}
	switch fault.Code {
	case strictjson.Unicode:
		e.Code = InvalidUnicode
	case strictjson.Depth:
		e.Code = NestingTooDeep
		e.Message += ": a policy needs six levels"
	}
	return e
}

// A builder makes the tree from a text that passed the check of syntax. It reports what
// the tree cannot hold: wrong types, unknown elements, repeated ones. All other
// rules are those of check, which reads the tree.
type builder struct {
	report   report
	cursor   cursor
	document *Document
	// statements is how many there are, if the document is good.
	statements int
	place      place
	// texts and lists are slabs that the lists of the tree are cut from, so
	// that a document costs a few allocations and not one for each list.
	texts []Text
	lists []Strings
}

// at gives the place of a value.
func (b *builder) at(value gjson.Result) Position { return b.cursor.position(value.Index) }

// wrongType reports that a value is not what its place takes.
func (b *builder) wrongType(value gjson.Result, path, want string) {
	b.report.add(DataTypeMismatch, b.at(value), path,
		fmt.Sprintf("%s belongs here, not %s", want, typeName(value)))
}

func typeName(value gjson.Result) string {
	switch {
	case value.Type == gjson.String:
		return "a string"
	case value.Type == gjson.Number:
		return "a number"
	case value.Type == gjson.True || value.Type == gjson.False:
		return "a Boolean"
	case value.IsObject():
		return "an object"
	case value.IsArray():
		return "an array"
	}
	return "null"
}

func (b *builder) build(root gjson.Result) {
	if !root.IsObject() {
		b.report.add(DataTypeMismatch, b.at(root), "", fmt.Sprintf(
			"a policy document is an object, and this is %s: if it holds a document, take that out first", typeName(root)))
		b.document.elements = b.document.elements.with(elementStatement) // not missing besides
		return
	}
	d := b.document
	d.Start = b.at(root)
	root.ForEach(func(key, value gjson.Result) bool {
		switch e := b.element(key, &d.elements, false); e {
		case elementVersion:
			d.Version = b.text(value, e)
		case elementID:
			d.ID = b.text(value, e)
		case elementStatement:
			b.readStatements(value)
		}
		return !b.report.full()
	})
}

// element finds the element that a key names, and reports a key that names none
// or one that was there before, giving 0.
func (b *builder) element(key gjson.Result, seen *elements, inStatement bool) element {
	e := elementOf(key.Str)
	if e == 0 || e.inStatement() != inStatement {
		b.report.add(InvalidPolicyElement, b.at(key), b.place.name(key.Str), unknownElement(key.Str, e, inStatement))
		return 0
	}
	if seen.has(e) {
		b.report.add(DuplicateKey, b.at(key), b.place.name(key.Str),
			fmt.Sprintf("%s stands here a second time: keep one", e))
		return 0
	}
	*seen = seen.with(e)
	return e
}

// unknownElement says what to do about an element that does not belong.
func unknownElement(name string, e element, inStatement bool) string {
	owner := "a policy document"
	if inStatement {
		owner = "a statement"
	}
	switch {
	case e != 0 && inStatement:
		return fmt.Sprintf("%s is an element of the document, not of a statement: move it out", e)
	case e != 0:
		return fmt.Sprintf("%s is an element of a statement, not of the document: move it into Statement", e)
	}
	for e := elementVersion; e <= elementCondition; e++ {
		if e.inStatement() == inStatement && (strings.EqualFold(name, e.String()) || strings.EqualFold(name, e.String()+"s")) {
			return fmt.Sprintf("%s is not an element of %s: write %s", quote(name), owner, e)
		}
	}
	return fmt.Sprintf("%s is not an element of %s: remove it", quote(name), owner)
}

// text reads an element that is one string.
func (b *builder) text(value gjson.Result, e element) Text {
	if value.Type != gjson.String {
		b.wrongType(value, b.place.element(e), "a string")
		return Text{}
	}
	return Text{Value: value.Str, Position: b.at(value)}
}

func (b *builder) readStatements(value gjson.Result) {
	d := b.document
	switch {
	case value.IsObject():
		d.SingleStatement = true
		d.Statements = make([]Statement, 1)
		b.place = place{single: true, inStatement: true}
		b.statement(&d.Statements[0], value)
	case value.IsArray():
		d.Statements = make([]Statement, 0, min(b.statements, MaxStatements))
		value.ForEach(func(_, one gjson.Result) bool {
			if len(d.Statements) == MaxStatements {
				b.report.add(TooManyStatements, b.at(one), index(elementStatement.String(), MaxStatements),
					fmt.Sprintf("a document has at most %d statements here: split it", MaxStatements))
				return false
			}
			b.place = place{statement: len(d.Statements), inStatement: true}
			d.Statements = append(d.Statements, Statement{})
			if one.IsObject() {
				b.statement(&d.Statements[len(d.Statements)-1], one)
			} else {
				b.wrongType(one, b.place.statementPath(), "an object")
				d.Statements[len(d.Statements)-1].elements = refusedStatement
			}
			return !b.report.full()
		})
	default:
		b.wrongType(value, b.place.element(elementStatement), "an object or an array of objects")
	}
	b.place = place{}
}

// refusedStatement marks a statement that is not an object: it has no
// elements, and check says no more about it.
const refusedStatement elements = 1<<64 - 1

func (b *builder) statement(s *Statement, value gjson.Result) {
	s.Start = b.at(value)
	value.ForEach(func(key, value gjson.Result) bool {
		switch e := b.element(key, &s.elements, true); e {
		case elementSid:
			s.Sid = b.text(value, e)
		case elementEffect:
			effect := b.text(value, e)
			s.Effect, s.EffectPosition = Effect(effect.Value), effect.Position
		case elementPrincipal:
			s.Principal = b.principals(value, e)
		case elementNotPrincipal:
			s.NotPrincipal = b.principals(value, e)
		case elementAction:
			s.Action = b.list(value, e)
		case elementNotAction:
			s.NotAction = b.list(value, e)
		case elementResource:
			s.Resource = b.list(value, e)
		case elementNotResource:
			s.NotResource = b.list(value, e)
		case elementCondition:
			b.condition(s, value)
		}
		return !b.report.full()
	})
	s.End = b.cursor.position(value.Index + len(value.Raw))
}

// list reads an element that is a string or an array of strings.
func (b *builder) list(value gjson.Result, e element) *Strings {
	read, ok := b.strings(value, func() string { return b.place.element(e) })
	if !ok {
		return nil
	}
	if len(b.lists) == cap(b.lists) {
		b.lists = make([]Strings, 0, max(4, 2*min(len(b.document.Statements), 32)))
	}
	b.lists = append(b.lists, read)
	return &b.lists[len(b.lists)-1]
}

// strings reads a string or an array of strings. path is asked only for errors.
func (b *builder) strings(value gjson.Result, path func() string) (Strings, bool) {
	read := Strings{Position: b.at(value)}
	start := len(b.texts)
	switch {
	case value.Type == gjson.String:
		read.Single = true
		start = b.push(start, Text{Value: value.Str, Position: read.Position})
	case value.IsArray():
		i := 0
		value.ForEach(func(_, one gjson.Result) bool {
			if one.Type == gjson.String {
				start = b.push(start, Text{Value: one.Str, Position: b.at(one)})
			} else {
				b.wrongType(one, index(path(), i), "a string")
			}
			i++
			return !b.report.full()
		})
	default:
		b.wrongType(value, path(), "a string or an array of strings")
		return Strings{}, false
	}
	read.Values = b.texts[start:len(b.texts):len(b.texts)]
	if read.Values == nil {
		read.Values = []Text{} // the first list of the document is empty
	}
	return read, true
}

// push appends a string to the list that begins at start in the slab. If the
// slab is full it moves the list, and only that, to a new one. It gives the new
// start.
func (b *builder) push(start int, one Text) int {
	if len(b.texts) == cap(b.texts) {
		const slab = 32
		moved := b.texts[start:]
		b.texts = append(make([]Text, 0, max(slab, 2*len(moved))), moved...)
		start = 0
	}
	b.texts = append(b.texts, one)
	return start
}

func (b *builder) principals(value gjson.Result, e element) *Principals {
	p := &Principals{Position: b.at(value)}
	switch {
	case value.Type == gjson.String && value.Str == "*":
		p.Everyone = true
	case value.Type == gjson.String:
		b.report.add(InvalidPrincipalFormat, p.Position, b.place.element(e), fmt.Sprintf(
			`%s is not a principal by itself: only "*" is; write {"AWS": …} or another type before it`, quote(value.Str)))
		return nil
	case value.IsObject():
		value.ForEach(func(key, value gjson.Result) bool {
			entry := PrincipalEntry{Type: PrincipalType(key.Str), Position: b.at(key)}
			// A refused entry is dropped: check must not report it again.
			var ok bool
			if entry.Values, ok = b.strings(value, func() string { return member(b.place.element(e), key.Str) }); ok {
				p.Entries = append(p.Entries, entry)
			}
			return !b.report.full()
		})
	case value.IsArray() && isEmptyArray(value):
		p.emptyArray = true
	default:
		b.report.add(InvalidPrincipalFormat, p.Position, b.place.element(e), fmt.Sprintf(
			`"*" or an object such as {"AWS": "…"} belongs here, not %s`, typeName(value)))
		return nil
	}
	return p
}

func isEmptyArray(value gjson.Result) bool {
	empty := true
	value.ForEach(func(_, _ gjson.Result) bool {
		empty = false
		return false
	})
	return empty
}

func (b *builder) condition(s *Statement, value gjson.Result) {
	s.ConditionPosition = b.at(value)
	if !value.IsObject() {
		b.wrongType(value, b.place.element(elementCondition), "an object")
		return
	}
	s.Condition = []ConditionOperator{} // present, also when nothing follows
	value.ForEach(func(key, value gjson.Result) bool {
		operator := ConditionOperator{Name: Text{Value: key.Str, Position: b.at(key)}}
		if value.IsObject() {
			b.conditionKeys(&operator, value)
		} else {
			b.wrongType(value, b.place.operator(key.Str), "an object of context keys")
		}
		s.Condition = append(s.Condition, operator)
		return !b.report.full()
	})
}

func (b *builder) conditionKeys(operator *ConditionOperator, value gjson.Result) {
	value.ForEach(func(key, value gjson.Result) bool {
		read := ConditionKey{Key: Text{Value: key.Str, Position: b.at(key)}, Position: b.at(value)}
		switch {
		case value.IsArray():
			read.Values = make([]ConditionValue, 0, 1+min(strings.Count(value.Raw, ","), 63))
			value.ForEach(func(_, one gjson.Result) bool {
				typed, ok := conditionValue(one)
				if !ok {
					b.wrongType(one, index(b.place.key(operator.Name.Value, key.Str), len(read.Values)), "a string, number or Boolean")
				}
				typed.Position = b.at(one)
				read.Values = append(read.Values, typed)
				return !b.report.full()
			})
		default:
			typed, ok := conditionValue(value)
			if !ok {
				b.wrongType(value, b.place.key(operator.Name.Value, key.Str),
					"a string, number or Boolean, or an array of them,")
			}
			typed.Position = read.Position
			read.Single = true
			read.Values = []ConditionValue{typed}
		}
		operator.Keys = append(operator.Keys, read)
		return !b.report.full()
	})
}

// conditionValue reads a scalar, without its position.
func conditionValue(value gjson.Result) (ConditionValue, bool) {
	switch value.Type {
	case gjson.String:
		return ConditionValue{Value: value.Str}, true
	case gjson.Number:
		// Raw and not Num: a float cannot hold every number.
		return ConditionValue{Value: value.Raw, Type: NumberValue}, true
	case gjson.True, gjson.False:
		return ConditionValue{Value: value.Raw, Type: BooleanValue}, true
	}
	return ConditionValue{}, false
}

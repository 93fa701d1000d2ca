package policy

import (
	"fmt"
	"unicode/utf8"
)

// MarshalJSON writes the document as JSON without white space. What Parse makes
// of it is [Equal] to d, and more than that: elements, statements and values
// keep their order, what was one value without brackets stays one, numbers and
// Booleans stay without quotes as they were spelled. Condition operators are
// written in their canonical spelling.
//
// The elements of a document built in code come in the order of the fields.
//
// It does not check the document; see [Document.Check]. The error, an [Errors],
// is about what JSON cannot hold: a string that is not UTF-8, a number that is
// none. The Kind is not written.
func (d *Document) MarshalJSON() ([]byte, error) {
	// A value costs its text and about four characters; 128 is a guess.
	w := writer{text: make([]byte, 0, 128*(1+len(d.Statements)))}
	w.document(d)
	if err := w.report.err(); err != nil {
		return nil, err
	}
	return w.text, nil
}

type writer struct {
	text   []byte
	report report
	place  place
}

// open begins an object or array.
func (w *writer) open(b byte) { w.text = append(w.text, b) }

// close ends an object or array, taking back the comma behind its last member.
func (w *writer) close(b byte) {
	if last := len(w.text) - 1; w.text[last] == ',' {
		w.text = w.text[:last]
	}
	w.text = append(w.text, b)
}

func (w *writer) comma() { w.text = append(w.text, ',') }

// name writes the name of a member.
func (w *writer) name(name string, path func() string) {
	w.str(name, path)
	w.text = append(w.text, ':')
}

// str writes a string. Only what JSON cannot hold is escaped: no < > &, which
// are escaped elsewhere for the sake of HTML.
func (w *writer) str(value string, path func() string) {
	const hex = "0123456789abcdef"
	if !utf8.ValidString(value) {
		w.report.add(InvalidUnicode, Position{}, path(), fmt.Sprintf("%s is not UTF-8, which JSON cannot hold", quote(value)))
		return
	}
	w.text = append(w.text, '"')
	clean := 0
	for i := 0; i < len(value); i++ {
		b := value[i]
		if b >= ' ' && b != '"' && b != '\\' {
			continue
		}
		w.text = append(w.text, value[clean:i]...)
		clean = i + 1
		switch b {
		case '"', '\\':
			w.text = append(w.text, '\\', b)
		case '\n':
			w.text = append(w.text, '\\', 'n')
		case '\r':
			w.text = append(w.text, '\\', 'r')
		case '\t':
			w.text = append(w.text, '\\', 't')
		default:
			w.text = append(w.text, '\\', 'u', '0', '0', hex[b>>4], hex[b&15])
		}
	}
	w.text = append(w.text, value[clean:]...)
	w.text = append(w.text, '"')
}

// inOrder calls write for each element from first to last, in the order in
// which they were read, and then for those that were not read.
func inOrder(read elements, first, last element, write func(element)) {
	for rest := read; rest != 0; rest >>= 4 {
		write(element(rest & 15))
	}
	for e := first; e <= last; e++ {
		if !read.has(e) {
			write(e)
		}
	}
}

func (w *writer) document(d *Document) {
	w.open('{')
	inOrder(d.elements, elementVersion, elementStatement, func(e element) {
		switch e {
		case elementVersion:
			w.element(e, d.Version)
		case elementID:
			w.element(e, d.ID)
		case elementStatement:
			w.statements(d)
		}
	})
	w.close('}')
}

// element writes an element that is one string, if it is present.
func (w *writer) element(e element, value Text) {
	if value.Present() {
		path := func() string { return w.place.element(e) }
		w.name(e.String(), path)
		w.str(value.Value, path)
		w.comma()
	}
}

func (w *writer) statements(d *Document) {
	if d.Statements == nil {
		return
	}
	single := d.SingleStatement && len(d.Statements) == 1
	w.name(elementStatement.String(), nil)
	if !single {
		w.open('[')
	}
	for i := range d.Statements {
		w.place = place{statement: i, single: single, inStatement: true}
		w.statement(&d.Statements[i])
		w.comma()
	}
	if !single {
		w.close(']')
		w.comma()
	}
	w.place = place{}
}

func (w *writer) statement(s *Statement) {
	w.open('{')
	inOrder(s.elements, elementSid, elementCondition, func(e element) {
		switch e {
		case elementSid:
			w.element(e, s.Sid)
		case elementEffect:
			w.element(e, Text{Value: string(s.Effect), Position: s.EffectPosition})
		case elementPrincipal:
			w.principals(e, s.Principal)
		case elementNotPrincipal:
			w.principals(e, s.NotPrincipal)
		case elementAction:
			w.list(e, s.Action)
		case elementNotAction:
			w.list(e, s.NotAction)
		case elementResource:
			w.list(e, s.Resource)
		case elementNotResource:
			w.list(e, s.NotResource)
		case elementCondition:
			w.condition(s)
		}
	})
	w.close('}')
}

func (w *writer) list(e element, list *Strings) {
	if list != nil {
		w.name(e.String(), nil)
		w.strings(list, func() string { return w.place.element(e) })
		w.comma()
	}
}

func (w *writer) strings(list *Strings, path func() string) {
	if list.Single && len(list.Values) == 1 {
		w.str(list.Values[0].Value, path)
		return
	}
	w.open('[')
	for i := range list.Values {
		w.str(list.Values[i].Value, func() string { return index(path(), i) })
		w.comma()
	}
	w.close(']')
}

func (w *writer) principals(e element, p *Principals) {
	if p == nil {
		return
	}
	w.name(e.String(), nil)
	switch {
	case p.Everyone:
		w.str("*", nil)
	case p.emptyArray && len(p.Entries) == 0:
		w.open('[')
		w.close(']')
	default:
		w.open('{')
		for i := range p.Entries {
			entry := &p.Entries[i]
			path := func() string { return member(w.place.element(e), string(entry.Type)) }
			w.name(string(entry.Type), path)
			w.strings(&entry.Values, path)
			w.comma()
		}
		w.close('}')
	}
	w.comma()
}

func (w *writer) condition(s *Statement) {
	if s.Condition == nil {
		return
	}
	w.name(elementCondition.String(), nil)
	w.open('{')
	for i := range s.Condition {
		operator := &s.Condition[i]
		w.name(operator.canonical(), func() string { return w.place.operator(operator.Name.Value) })
		w.open('{')
		for j := range operator.Keys {
			w.conditionKey(operator, &operator.Keys[j])
			w.comma()
		}
		w.close('}')
		w.comma()
	}
	w.close('}')
	w.comma()
}

// canonical is the canonical spelling of the operator, or what stands there if
// there is no such operator.
func (o *ConditionOperator) canonical() string {
	operator, err := o.Operator()
	if err != nil {
		return o.Name.Value
	}
	return operator.String()
}

func (w *writer) conditionKey(operator *ConditionOperator, key *ConditionKey) {
	path := func() string { return w.place.key(operator.Name.Value, key.Key.Value) }
	w.name(key.Key.Value, path)
	if key.Single && len(key.Values) == 1 {
		w.value(&key.Values[0], path)
		return
	}
	w.open('[')
	for i := range key.Values {
		w.value(&key.Values[i], func() string { return index(path(), i) })
		w.comma()
	}
	w.close(']')
}

func (w *writer) value(value *ConditionValue, path func() string) {
	switch {
	case value.Type == StringValue:
		w.str(value.Value, path)
	case value.isLiteral():
		w.text = append(w.text, value.Value...)
	default:
		w.report.add(DataTypeMismatch, value.Position, path(), fmt.Sprintf("%s is not a JSON %s", quote(value.Value), value.Type))
	}
}

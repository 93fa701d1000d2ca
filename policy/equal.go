package policy

import (
	"encoding/binary"
	"slices"

	"github.com/portcullis-iam/portcullis/internal/fold"
)

// Equal tells whether a and b say the same in their form, so that they decide
// the same. Both must be of the same Kind, and hold the same statements but for:
//
//   - the order of statements, elements, values, operators and keys, and
//     repetitions of a statement or a value;
//   - whether one value stands in an array or by itself, and a number or Boolean
//     in quotes or without;
//   - Id and Sid, which decide nothing; Version 2008-10-17 or none;
//   - the letter case of actions, condition operators and condition keys;
//   - an empty Condition, or an operator without keys, which are true;
//   - "*" or {"AWS": "*"} as Principal; any way to write that Principal names
//     nobody.
//
// It does not reason: s3:* and s3:Get* beside s3:* are different, as are an
// account id and the ARN of its root user. Both documents should have passed
// [Document.Check]. Two nil documents are equal. It takes the time of sorting
// what they hold.
func Equal(a, b *Document) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Kind == b.Kind && a.Variables() == b.Variables() &&
		slices.Equal(statementForms(a), statementForms(b))
}

// A form is a text that two nodes share exactly when they are equal. Its parts
// are each preceded by their length, so that no two nodes are mistaken for each
// other, whatever characters they hold.
type form []byte

func (f form) str(text string) form {
	return append(binary.AppendUvarint(f, uint64(len(text))), text...)
}

// set appends texts without order and repetitions.
func (f form) set(texts []string) form {
	texts = sortedSet(texts)
	f = binary.AppendUvarint(f, uint64(len(texts)))
	for _, text := range texts {
		f = f.str(text)
	}
	return f
}

func sortedSet(texts []string) []string {
	slices.Sort(texts)
	return slices.Compact(texts)
}

func statementForms(d *Document) []string {
	forms := make([]string, len(d.Statements))
	for i := range d.Statements {
		forms[i] = statementForm(&d.Statements[i])
	}
	return sortedSet(forms)
}

func statementForm(s *Statement) string {
	f := form(nil).str(string(s.Effect))
	f = f.principals(s.Principal, true)
	f = f.principals(s.NotPrincipal, false)
	f = f.list(s.Action, fold.Text)
	f = f.list(s.NotAction, fold.Text)
	f = f.list(s.Resource, nil)
	f = f.list(s.NotResource, nil)
	return string(f.set(conditionForms(s.Condition)))
}

// absent is the form of an element that is not there.
const absent = "-"

// list appends a list, folding its values if fold is not nil.
func (f form) list(list *Strings, fold func(string) string) form {
	if list == nil {
		return f.str(absent)
	}
	texts := make([]string, len(list.Values))
	for i := range list.Values {
		texts[i] = list.Values[i].Value
		if fold != nil {
			texts[i] = fold(texts[i])
		}
	}
	return f.str("").set(texts)
}

// principals appends a Principal, or a NotPrincipal, in which "*" is apart: as
// an exception it is not what {"AWS": "*"} is.
func (f form) principals(p *Principals, everyone bool) form {
	if p == nil {
		return f.str(absent)
	}
	var texts []string
	switch {
	case p.Everyone && everyone:
		texts = append(texts, principalForm(PrincipalAWS, "*"))
	case p.Everyone:
		texts = append(texts, "*")
	}
	for i := range p.Entries {
		entry := &p.Entries[i]
		for j := range entry.Values.Values {
			texts = append(texts, principalForm(entry.Type, entry.Values.Values[j].Value))
		}
	}
	return f.str("").set(texts)
}

func principalForm(kind PrincipalType, value string) string {
	return string(form(nil).str(string(kind)).str(value))
}

// conditionForms gives a form for each operator and key.
func conditionForms(operators []ConditionOperator) []string {
	var forms []string
	for i := range operators {
		name := operators[i].canonical()
		for j := range operators[i].Keys {
			key := &operators[i].Keys[j]
			values := make([]string, len(key.Values))
			for k := range key.Values {
				values[k] = key.Values[k].Value
			}
			forms = append(forms, string(form(nil).str(name).str(fold.Text(key.Key.Value)).set(values)))
		}
	}
	return forms
}

package generate

import "slices"

// Document is one policy document. The zero value is a document without Version and without statements, written with
// an empty list of statements.
type Document struct {
	// Version is left out of the JSON when it is empty.
	Version string
	// ID is the Id element, left out when it is nil.
	ID         *string
	Statements []Statement
	// Object writes a single statement without the brackets of a list.
	Object bool
	// Extra members are written after the others. They are meant for documents that must be refused.
	Extra []Member
	// KeyOrder is the seed of the order of the document's elements; 0 is the usual order.
	KeyOrder uint32
	// Spaced writes blanks after commas and colons.
	Spaced bool
	// Escaped writes some letters of every string as \u escapes, which means the same.
	Escaped bool
	// Raw, if not empty, is written in place of the whole document.
	Raw string
}

// Member is a name with the JSON of a value.
type Member struct {
	Name string
	JSON string
}

// Statement is one statement. Elements that are nil, and an empty Effect, are left out.
type Statement struct {
	Sid          *string
	Effect       string
	Principal    *Principal
	NotPrincipal *Principal
	Action       *Strings
	NotAction    *Strings
	Resource     *Strings
	NotResource  *Strings
	Condition    *Condition
	// Extra members are written after the others. They are meant for statements that must be refused.
	Extra []Member
	// KeyOrder is the seed of the order of the elements; 0 is the usual order.
	KeyOrder uint32
	// Raw, if not empty, is written in place of the whole statement.
	Raw string
}

// Strings is one string, written without brackets when Scalar is true and there is exactly one, or a list.
type Strings struct {
	Values []string
	Scalar bool
}

// Principal is the value of Principal or NotPrincipal: the string "*", or alternatives by type.
type Principal struct {
	Everyone bool
	Groups   []PrincipalGroup
}

// PrincipalGroup is one member of a principal object, for example "AWS" with its identifiers.
type PrincipalGroup struct {
	Type   string
	Values Strings
}

// Condition is a condition block. Without operators it is an empty object.
type Condition struct {
	Operators []OperatorBlock
}

// OperatorBlock is one operator, as written with its set qualifier and IfExists, and the keys that it tests.
type OperatorBlock struct {
	Name string
	Keys []KeyTest
}

// KeyTest is one condition key with the values it is compared with, written without brackets when Scalar is true and
// there is exactly one.
type KeyTest struct {
	Key    string
	Values []Scalar
	Scalar bool
}

// Clone returns a deep copy.
func (d Document) Clone() Document {
	if d.ID != nil {
		id := *d.ID
		d.ID = &id
	}
	d.Extra = slices.Clone(d.Extra)
	d.Statements = slices.Clone(d.Statements)
	for i := range d.Statements {
		d.Statements[i] = d.Statements[i].Clone()
	}
	return d
}

// Clone returns a deep copy.
func (s Statement) Clone() Statement {
	if s.Sid != nil {
		sid := *s.Sid
		s.Sid = &sid
	}
	s.Principal = s.Principal.clone()
	s.NotPrincipal = s.NotPrincipal.clone()
	for _, list := range s.lists() {
		if *list != nil {
			copied := **list
			copied.Values = slices.Clone(copied.Values)
			*list = &copied
		}
	}
	if s.Condition != nil {
		condition := Condition{Operators: slices.Clone(s.Condition.Operators)}
		for i := range condition.Operators {
			block := &condition.Operators[i]
			block.Keys = slices.Clone(block.Keys)
			for j := range block.Keys {
				block.Keys[j].Values = slices.Clone(block.Keys[j].Values)
			}
		}
		s.Condition = &condition
	}
	s.Extra = slices.Clone(s.Extra)
	return s
}

// lists returns the four elements that are lists of strings.
func (s *Statement) lists() [4]**Strings {
	return [4]**Strings{&s.Action, &s.NotAction, &s.Resource, &s.NotResource}
}

func (p *Principal) clone() *Principal {
	if p == nil {
		return nil
	}
	copied := Principal{Everyone: p.Everyone, Groups: slices.Clone(p.Groups)}
	for i := range copied.Groups {
		copied.Groups[i].Values.Values = slices.Clone(copied.Groups[i].Values.Values)
	}
	return &copied
}

// one returns a single string written without brackets.
func one(value string) *Strings { return &Strings{Values: []string{value}, Scalar: true} }

// everyone returns the principal "*".
func everyone() *Principal { return &Principal{Everyone: true} }

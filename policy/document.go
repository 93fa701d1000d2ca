package policy

import "github.com/portcullis-iam/portcullis/condition"

// A Document is the syntax tree of a policy document: what stands in the text,
// in its order, with the place of every value. Parse makes one; one can be
// built in code as well, and [Document.Check] then tells whether it is a
// policy. Marshalling it writes it back.
//
// The zero Document is a policy of no kind, which Check refuses. A Document
// that nobody changes is safe for concurrent use.
//
//	Document ── Version, ID
//	 └─ Statement ── Sid, Effect
//	     ├─ Principals ── PrincipalEntry ── Strings ── Text
//	     ├─ Strings (Action, NotAction, Resource, NotResource) ── Text
//	     └─ ConditionOperator ── ConditionKey ── ConditionValue
//
// Source: IAM User Guide, "Grammar of the IAM JSON policy language".
type Document struct {
	// Kind is what the document is used as. It is not part of the text.
	Kind Kind
	// Version is "2012-10-17" or "2008-10-17". Absent means the same as the
	// latter: policy variables are ordinary text.
	Version Text
	// ID is the Id element. It decides nothing.
	ID Text
	// Statements are the statements in their order. None at all is legal: the
	// document then has no effect.
	Statements []Statement
	// SingleStatement says that the one statement was written as an object,
	// not in an array.
	SingleStatement bool
	// Start is where the document begins.
	Start Position

	elements   elements
	characters int // of the text, white space included; 0 without one
}

// Variables tells whether policy variables work in the document, which they do
// from Version 2012-10-17 on. Otherwise "${" is ordinary text.
//
// Source: IAM User Guide, "IAM JSON policy elements: Version".
func (d *Document) Variables() bool { return d.Version.Value == Version2012 }

// The values of the Version element.
const (
	// Version2012 is the current version of the language.
	Version2012 = "2012-10-17"
	// Version2008 is the earlier version, without policy variables.
	Version2008 = "2008-10-17"
)

// A Text is a string of the document, unescaped, and where it stands.
type Text struct {
	Value    string
	Position Position
}

// Present tells whether the element stands in the document. An empty Text is
// present if it has a position: AWS itself writes "Sid": "".
func (t Text) Present() bool { return t.Value != "" || t.Position.IsValid() }

// A Statement is one statement of a policy. A nil pointer or nil slice is an
// absent element; an empty one that is not nil is present and empty.
type Statement struct {
	// Sid is the statement id. It decides nothing.
	Sid Text
	// Effect is Allow or Deny.
	Effect Effect
	// EffectPosition is where the value of Effect stands.
	EffectPosition Position

	// At most one of Principal and NotPrincipal is present.
	Principal, NotPrincipal *Principals
	// Exactly one of Action and NotAction is present.
	Action, NotAction *Strings
	// At most one of Resource and NotResource is present.
	Resource, NotResource *Strings

	// Condition holds the operators in their order; all of them must hold. Nil
	// is an absent Condition, an empty one that is not nil is "Condition": {}.
	Condition []ConditionOperator
	// ConditionPosition is where the value of Condition stands.
	ConditionPosition Position

	// Start is where the statement begins, End where it ends, behind its last
	// character.
	Start, End Position

	elements elements
}

// An Effect is what a statement does when it applies. It is the text of the
// element; a document that passed Check holds no other than the two.
type Effect string

const (
	// Allow grants.
	Allow Effect = "Allow"
	// Deny refuses, whatever else allows.
	Deny Effect = "Deny"
)

// Strings is a list of strings that may be written as one string, as Action and
// Resource are. An empty list is legal and matches nothing.
type Strings struct {
	Values []Text
	// Single says that the one value was written as a string, not in an array.
	Single bool
	// Position is where the string or the array stands.
	Position Position
}

// StringsOf makes Strings for a document that is built in code: one value is
// written as a string, any other number as an array.
func StringsOf(values ...string) *Strings {
	made := &Strings{Values: make([]Text, len(values)), Single: len(values) == 1}
	for i, value := range values {
		made.Values[i].Value = value
	}
	return made
}

// Principals is the value of Principal or NotPrincipal.
type Principals struct {
	// Everyone says that it is the plain string "*". Entries is then empty.
	// {"AWS": "*"} means the same almost everywhere but is written, and kept,
	// as an entry.
	Everyone bool
	// Entries are the members of the map. None at all is legal: nobody.
	Entries []PrincipalEntry
	// Position is where the value stands.
	Position Position

	emptyArray bool // written as [], which is legal and means nobody
}

// A PrincipalEntry is one member of a Principal map: a type and its values.
type PrincipalEntry struct {
	Type     PrincipalType
	Position Position // of the type
	Values   Strings
}

// A PrincipalType is the key of a Principal map. It is the text of the key; a
// document that passed Check holds no other than these.
//
// Source: IAM User Guide, "AWS JSON policy elements: Principal".
type PrincipalType string

const (
	// PrincipalAWS names accounts, users, roles and sessions.
	PrincipalAWS PrincipalType = "AWS"
	// PrincipalService names AWS services.
	PrincipalService PrincipalType = "Service"
	// PrincipalFederated names identity providers.
	PrincipalFederated PrincipalType = "Federated"
	// PrincipalCanonicalUser names an account by its canonical id for Amazon S3.
	PrincipalCanonicalUser PrincipalType = "CanonicalUser"
)

// A ConditionOperator is one member of a Condition: an operator and the keys
// that it compares. All keys must hold. None at all is legal, and true.
type ConditionOperator struct {
	// Name is the operator as it is spelled, in whatever letter case, with set
	// prefix and IfExists.
	Name Text
	Keys []ConditionKey
}

// Operator gives the operator that Name spells. The error is that of
// [condition.ParseOperator]; in a document that passed Check there is none. It
// costs a look-up in a table.
func (o *ConditionOperator) Operator() (condition.Operator, error) {
	return condition.ParseOperator(o.Name.Value)
}

// A ConditionKey is a context key and the values it is compared with.
type ConditionKey struct {
	Key    Text
	Values []ConditionValue
	// Single says that the one value was not written in an array.
	Single bool
	// Position is where the value or the array stands.
	Position Position
}

// A ConditionValue is one value of a condition. Its Value is the string, or the
// source text of a number or Boolean, which means the same as in quotes.
type ConditionValue struct {
	Value    string
	Position Position
	Type     ValueType
}

// A ValueType is the JSON type of a condition value. The zero ValueType is
// StringValue.
type ValueType uint8

const (
	// StringValue is a value in quotes.
	StringValue ValueType = iota
	// NumberValue is a JSON number.
	NumberValue
	// BooleanValue is true or false without quotes.
	BooleanValue
)

// String names the JSON type: "string", "number" or "boolean".
func (t ValueType) String() string {
	switch t {
	case NumberValue:
		return "number"
	case BooleanValue:
		return "boolean"
	}
	return "string"
}

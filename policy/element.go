package policy

// An element is one of the named members of a document or a statement.
type element uint8

const (
	elementVersion element = iota + 1
	elementID
	elementStatement
	elementSid
	elementEffect
	elementPrincipal
	elementNotPrincipal
	elementAction
	elementNotAction
	elementResource
	elementNotResource
	elementCondition
)

// elementNames holds the exact spelling of the elements, indexed by them. Its
// order is also the order in which a document built in code is written.
var elementNames = [...]string{
	elementVersion:      "Version",
	elementID:           "Id",
	elementStatement:    "Statement",
	elementSid:          "Sid",
	elementEffect:       "Effect",
	elementPrincipal:    "Principal",
	elementNotPrincipal: "NotPrincipal",
	elementAction:       "Action",
	elementNotAction:    "NotAction",
	elementResource:     "Resource",
	elementNotResource:  "NotResource",
	elementCondition:    "Condition",
}

func (e element) String() string { return elementNames[e] }

// inStatement tells whether e is an element of a statement, and not of the
// document around it.
func (e element) inStatement() bool { return e >= elementSid }

// elementOf finds the element with exactly this name, or 0.
func elementOf(name string) element {
	// A switch is compiled to a search by length and then content, with no
	// map to build at start.
	switch name {
	case "Version":
		return elementVersion
	case "Id":
		return elementID
	case "Statement":
		return elementStatement
	case "Sid":
		return elementSid
	case "Effect":
		return elementEffect
	case "Principal":
		return elementPrincipal
	case "NotPrincipal":
		return elementNotPrincipal
	case "Action":
		return elementAction
	case "NotAction":
		return elementNotAction
	case "Resource":
		return elementResource
	case "NotResource":
		return elementNotResource
	case "Condition":
		return elementCondition
	}
	return 0
}

// elements is the order in which elements were read: four bits each, the first
// one lowest. A document or statement has at most nine different ones, so
// sixteen places are enough. The zero value is what a node built in code has.
type elements uint64

// has tells whether e was read, also when its value was refused.
func (s elements) has(e element) bool {
	for ; s != 0; s >>= 4 {
		if element(s&15) == e {
			return true
		}
	}
	return false
}

// with appends e, which must not be there yet.
func (s elements) with(e element) elements {
	shift := 0
	for rest := s; rest != 0; rest >>= 4 {
		shift += 4
	}
	return s | elements(e)<<shift
}

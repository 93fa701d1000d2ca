package policy

import (
	"strconv"
	"strings"
)

// A place says which statement, if any, is being read. Paths are made from it,
// only for errors and findings.
type place struct {
	statement   int
	single      bool // the statement is an object, not in an array
	inStatement bool
}

// statementPath gives Statement[2], or Statement for a single one.
func (p place) statementPath() string {
	if p.single {
		return elementStatement.String()
	}
	return index(elementStatement.String(), p.statement)
}

// element gives the path of an element at the place.
func (p place) element(e element) string { return p.name(e.String()) }

// name gives the path of a member at the place, whatever its name.
func (p place) name(name string) string {
	if p.inStatement {
		return member(p.statementPath(), name)
	}
	return member("", name)
}

func (p place) operator(name string) string { return member(p.element(elementCondition), name) }

func (p place) key(operator, key string) string {
	return p.operator(operator) + "[" + quote(key) + "]"
}

// index appends [i] to a path.
func index(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// member appends a member to a path: .Name, or ["name"] for what is not an
// identifier or an operator.
func member(path, name string) string {
	if !isWord(name) {
		return path + "[" + quote(name) + "]"
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

func isWord(name string) bool {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz:"
	return name != "" && len(name) <= 60 && strings.Trim(name, letters) == ""
}

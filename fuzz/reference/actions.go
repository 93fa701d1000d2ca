package reference

import (
	"fmt"
	"strings"
)

// checkActionPattern: an action that is neither * nor prefix:name is a hard
// error (11.1).
func checkActionPattern(action string) error {
	if action == "*" {
		return nil
	}
	prefix, name, found := strings.Cut(action, ":")
	if !found || prefix == "" || name == "" {
		return fmt.Errorf("action %q is neither * nor prefix:name", action)
	}
	return nil
}

// matchAction: 1.6 and 11.2: letter case does not count (ASCII), wildcards
// match anything, and there are no variables.
func matchAction(pattern, action string) bool {
	symbols, _ := substitute(parsePieces(foldASCII(pattern), false), nil)
	return matchAtoms(freeAtoms(symbols), foldASCII(action))
}

// matchActions: Action lists, NotAction is everything except the list (1.6).
func (s statement) matchActions(action string) bool {
	listed := false
	for _, pattern := range s.actions {
		listed = listed || matchAction(pattern, action)
	}
	return listed != s.notAction
}

// isAction compares an action of the request with one that this package knows
// by name (11.2 AMB-2: case-insensitive).
func isAction(action string, known ...string) bool {
	for _, name := range known {
		if foldASCII(action) == foldASCII(name) {
			return true
		}
	}
	return false
}

// actionService is the prefix of an action, in lower case.
func actionService(action string) string {
	prefix, _, _ := strings.Cut(action, ":")
	return foldASCII(prefix)
}

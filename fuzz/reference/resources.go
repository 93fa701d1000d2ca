package reference

import (
	"fmt"
	"strings"
)

// apiGatewayShort is what a resource of an API Gateway resource policy may
// begin with instead of arn: (11.1 Where Resource may be missing).
const apiGatewayShort = "execute-api:/"

// checkResourcePattern: a Resource that is neither * nor begins with arn: is a
// hard error (11.1), as is an incomplete ARN in a session policy (11.2).
func checkResourcePattern(resource string, kind policyKind, variables bool) error {
	switch {
	case resource == "*":
		return nil
	case kind == resourceKind && strings.HasPrefix(resource, apiGatewayShort):
		return nil
	case !strings.HasPrefix(resource, "arn:"):
		return fmt.Errorf("resource %q is neither * nor an ARN", resource)
	}
	if kind == sessionKind && isIncomplete(splitSegments(parsePieces(resource, variables))) {
		return fmt.Errorf("resource %q of a session policy is an incomplete ARN", resource)
	}
	return nil
}

// matchResources: Resource lists, NotResource matches every resource except
// the list (1.6). A statement without either covers the resource that the
// policy is attached to (11.1).
func (s statement) matchResources(q question) bool {
	if !s.hasResource {
		return true
	}
	listed := false
	for _, pattern := range s.resources {
		listed = listed || s.matchResource(pattern, q)
	}
	return listed != s.notResource
}

// matchResource: one entry against the request's resource (11.2).
func (s statement) matchResource(pattern string, q question) bool {
	if pattern == "*" {
		return true
	}
	resource := q.matchedResource()
	if resource == "*" {
		return false // only an entry that is exactly * matches (11.2)
	}
	if strings.HasPrefix(pattern, apiGatewayShort) {
		pattern = "arn:*:execute-api:*:*:*/" + strings.TrimPrefix(pattern, apiGatewayShort) // 11.1
	}
	segments := splitSegments(parsePieces(pattern, s.variables))
	if !isIncomplete(segments) {
		return matchARN(segments, resource, q.context)
	}
	return matchIncompleteARN(segments, s.kind, resource, q.context)
}

// matchIncompleteARN: 11.2 Incomplete ARNs. Compared as written, and, where
// the kind of policy has it so, also completed; in RCPs they match nothing.
func matchIncompleteARN(segments [][]piece, kind policyKind, resource string, context requestContext) bool {
	if kind == resourceControlKind {
		return false
	}
	if matchARN(segments, resource, context) {
		return true
	}
	return isCompleted(segments, kind) && matchARN(complete(segments), resource, context)
}

// isCompleted: in which kinds an incomplete ARN is also completed (11.2).
func isCompleted(segments [][]piece, kind policyKind) bool {
	switch kind {
	case identityKind, boundaryKind:
		return true
	case resourceKind, endpointKind:
		for _, segment := range segments {
			for _, p := range segment {
				if p.isWritten('*') {
					return true
				}
			}
		}
		return false
	case serviceControlKind:
		return endsInStar(segments[len(segments)-1])
	}
	return false
}

// complete puts * in every missing segment (1.6, 11.2).
func complete(segments [][]piece) [][]piece {
	completed := append([][]piece{}, segments...)
	for len(completed) < 6 {
		completed = append(completed, []piece{{char: '*'}})
	}
	return completed
}

// splitSegments splits a pattern at its own first five colons; colons inside
// ${...} do not separate, and everything after the fifth is one text (11.2).
func splitSegments(pieces []piece) [][]piece {
	segments := [][]piece{nil}
	for _, p := range pieces {
		if p.isWritten(':') && len(segments) < 6 {
			segments = append(segments, nil)
			continue
		}
		last := len(segments) - 1
		segments[last] = append(segments[last], p)
	}
	return segments
}

// isIncomplete: fewer than six segments; an empty one is not missing (11.2).
func isIncomplete(segments [][]piece) bool { return len(segments) < 6 }

// isCompletePattern: 11.2 AMB-21, -22: at least six segments, of which the
// fifth, the account, is empty, aws, twelve digits, or holds a wildcard or a
// variable.
func isCompletePattern(segments [][]piece) bool {
	if isIncomplete(segments) {
		return false
	}
	var account strings.Builder
	for _, p := range segments[partAccount] {
		if p.kind == variablePiece || p.isWritten('*') || p.isWritten('?') {
			return true
		}
		account.WriteRune(p.char)
	}
	return account.String() == "" || account.String() == "aws" || isAccountID(account.String())
}

// endsInStar: the last character of the segment is a live *.
func endsInStar(segment []piece) bool {
	return len(segment) > 0 && segment[len(segment)-1].isWritten('*')
}

// matchARN: 11.2 AMB-21, -22 and Variables in Resource.
func matchARN(segments [][]piece, resource string, context requestContext) bool {
	var atoms []atom
	for i, segment := range segments {
		if i > 0 {
			atoms = append(atoms, atom{accepts: exactly(':')})
		}
		symbols, resolved := substitute(segment, context)
		if !resolved {
			return false // AMB-12
		}
		if i == partResource {
			atoms = append(atoms, freeAtoms(symbols)...)
			continue
		}
		runsOn := !isCompletePattern(segments) && endsInStar(segment)
		atoms = append(atoms, segmentAtoms(symbols, runsOn)...)
	}
	return matchAtoms(atoms, resource)
}

// segmentAtoms is for the first five segments: wildcards do not match a colon,
// save, when runsOn, the * at the end; and a colon of a substituted value is
// an ordinary character of its segment, so that no colon of the request, all
// of which separate, is equal to it.
func segmentAtoms(symbols []symbol, runsOn bool) []atom {
	var atoms []atom
	for i, s := range symbols {
		switch {
		case s.isStar() && runsOn && i == len(symbols)-1:
			atoms = append(atoms, atom{repeats: true, accepts: anything})
		case s.isStar():
			atoms = append(atoms, atom{repeats: true, accepts: notColon})
		case s.isQuestion():
			atoms = append(atoms, atom{accepts: notColon})
		case s.char == ':':
			atoms = append(atoms, atom{accepts: func(rune) bool { return false }})
		default:
			atoms = append(atoms, atom{accepts: exactly(s.char)})
		}
	}
	return atoms
}

package policy

import (
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// A Policy is a compiled document: what decisions run on. Everything that can
// be known before a request arrives has been worked out, so that evaluating it
// parses and allocates nothing.
//
// A Policy is immutable and safe for any number of goroutines; one is meant to
// be shared by all principals that it is attached to. The zero Policy has no
// statements: it grants nothing and denies nothing.
type Policy compiled.Policy

// Load parses and compiles a document. The error is that of [Parse].
func Load(kind Kind, text []byte) (*Policy, error) {
	document, err := Parse(kind, text)
	if err != nil {
		return nil, err
	}
	return compile(document)
}

// Compile compiles a document, after checking it with [Document.Check], whose
// error it returns. The Policy keeps nothing of the document but its strings.
// Its cost is linear in the size of the document.
func Compile(document *Document) (*Policy, error) {
	if err := document.Check(); err != nil {
		return nil, err
	}
	return compile(document)
}

// Kind is what the policy was compiled to be used as. It is 0 for the zero
// Policy.
func (p *Policy) Kind() Kind { return Kind((*compiled.Policy)(p).Kind()) }

// Len counts the statements.
func (p *Policy) Len() int { return len((*compiled.Policy)(p).Statements()) }

// Sid is the id of the statement with the given index, which must be below
// Len. It is "" if the statement has none.
func (p *Policy) Sid(statement int) string { return (*compiled.Policy)(p).Statements()[statement].Sid }

// Span tells where the statement with the given index begins and where it
// ends, behind its last character. The index must be below Len. Both are zero
// if the document was built in code; the offsets always are, since a policy
// does not keep its text.
func (p *Policy) Span(statement int) (start, end Position) {
	s := &(*compiled.Policy)(p).Statements()[statement]
	place := func(at compiled.Place) Position { return Position{Line: at.Line, Column: at.Column} }
	return place(s.Start), place(s.End())
}

// Effect is that of the statement with the given index, which must be below
// Len.
func (p *Policy) Effect(statement int) Effect {
	if (*compiled.Policy)(p).Statements()[statement].Flags.Has(compiled.Deny) {
		return Deny
	}
	return Allow
}

func compile(document *Document) (*Policy, error) {
	texts := newArena(document)
	statements := make([]compiled.Statement, len(document.Statements))
	variables := document.Variables()
	completion := document.Kind.completion()
	actionCount, resourceCount := 0, 0
	for i := range document.Statements {
		s := &document.Statements[i]
		actionCount += s.Action.count() + s.NotAction.count()
		resourceCount += s.Resource.count() + s.NotResource.count()
	}
	// One array for all statements of the policy: they live and die together.
	actions := make([]compiled.Action, 0, actionCount)
	resources := make([]compiled.Resource, 0, resourceCount)
	for i := range document.Statements {
		s, into := &document.Statements[i], &statements[i]
		into.Sid = texts.keep(s.Sid.Value)
		into.Start = compiled.Place{Line: s.Start.Line, Column: s.Start.Column}
		into.SetEnd(compiled.Place{Line: s.End.Line, Column: s.End.Column})
		if s.Effect == Deny {
			into.Flags |= compiled.Deny
		}

		entries := s.Action
		if s.NotAction != nil {
			entries, into.Flags = s.NotAction, into.Flags|compiled.NotAction
		}
		first := len(actions)
		for at := range entries.Values {
			actions = append(actions, compiled.CompileAction(texts.keep(entries.Values[at].Value)))
		}
		into.Actions = actions[first:len(actions):len(actions)]

		entries = s.Resource
		if s.NotResource != nil {
			entries, into.Flags = s.NotResource, into.Flags|compiled.NotResource
		}
		if entries == nil {
			into.Flags |= compiled.OwnResource
		} else {
			first := len(resources)
			for at := range entries.Values {
				resources = append(resources, compiled.CompileResource(texts.keep(entries.Values[at].Value), variables, completion))
			}
			into.Resources = resources[first:len(resources):len(resources)]
		}

		names := s.Principal
		if s.NotPrincipal != nil {
			names, into.Flags = s.NotPrincipal, into.Flags|compiled.NotPrincipal
		}
		into.Principals = compilePrincipals(names, texts)

		// SEMANTICS 11.1, "Empty lists": a statement with one never applies,
		// not even where the list is of exceptions.
		if len(into.Actions) == 0 || len(into.Resources) == 0 && !into.Flags.Has(compiled.OwnResource) ||
			into.Principals != nil && !into.Principals.Everyone && len(into.Principals.Entries) == 0 {
			into.Flags |= compiled.NoEffect
		}
		block, err := compileCondition(s.Condition, variables, texts)
		if err != nil {
			return nil, err
		}
		into.Condition = block
	}
	return (*Policy)(compiled.New(uint8(document.Kind), statements)), nil
}

func (s *Strings) count() int {
	if s == nil {
		return 0
	}
	return len(s.Values)
}

// completion tells what an incomplete ARN means in a policy of the kind. See
// SEMANTICS 11.2.
func (k Kind) completion() wildcard.Completion {
	switch k {
	case IdentityBased, PermissionsBoundary:
		return wildcard.AlwaysComplete
	case ResourceBased, VPCEndpoint:
		return wildcard.CompleteWithStar
	case ServiceControl:
		return wildcard.CompleteFinalStar
	case ResourceControl:
		return wildcard.MatchNothing
	}
	return wildcard.NeverComplete
}

func compilePrincipals(names *Principals, texts *arena) *compiled.Principals {
	if names == nil {
		return nil
	}
	principals := &compiled.Principals{Everyone: names.Everyone}
	for at := range names.Entries {
		entry := &names.Entries[at]
		for value := range entry.Values.Values {
			principals.Add(string(entry.Type), texts.keep(entry.Values.Values[value].Value))
		}
	}
	return principals
}

func compileCondition(operators []ConditionOperator, variables bool, texts *arena) (*condition.Block, error) {
	if len(operators) == 0 {
		return nil, nil
	}
	tests := make([]condition.Test, 0, len(operators))
	for at := range operators {
		operator, err := operators[at].Operator()
		if err != nil {
			return nil, err // cannot be: the document was checked
		}
		for k := range operators[at].Keys {
			key := &operators[at].Keys[k]
			test := condition.Test{Operator: operator, Key: texts.keep(key.Key.Value), Values: make([]string, len(key.Values))}
			for v := range key.Values {
				test.Values[v] = texts.keep(key.Values[v].Value)
			}
			tests = append(tests, test)
		}
	}
	return condition.Compile(tests, variables), nil
}

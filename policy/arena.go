package policy

import "strings"

// An arena holds the strings of a compiled policy in one piece, so that the
// policy does not keep the whole text of its document alive for the half of it
// that decisions look at.
type arena struct{ texts strings.Builder }

// newArena makes room for everything that a document hands to its policy.
func newArena(document *Document) *arena {
	size := 0
	for i := range document.Statements {
		s := &document.Statements[i]
		size += len(s.Sid.Value) + s.Action.size() + s.NotAction.size() + s.Resource.size() + s.NotResource.size() +
			s.Principal.size() + s.NotPrincipal.size()
		for at := range s.Condition {
			for k := range s.Condition[at].Keys {
				key := &s.Condition[at].Keys[k]
				size += len(key.Key.Value)
				for v := range key.Values {
					size += len(key.Values[v].Value)
				}
			}
		}
	}
	a := new(arena)
	a.texts.Grow(size)
	return a
}

// keep copies a text into the arena. The copies before it stay where they
// are, since there is room for all.
func (a *arena) keep(text string) string {
	start := a.texts.Len()
	a.texts.WriteString(text)
	return a.texts.String()[start:]
}

// size is the length of the strings together.
func (s *Strings) size() int {
	if s == nil {
		return 0
	}
	size := 0
	for at := range s.Values {
		size += len(s.Values[at].Value)
	}
	return size
}

func (p *Principals) size() int {
	if p == nil {
		return 0
	}
	size := 0
	for at := range p.Entries {
		size += p.Entries[at].Values.size()
	}
	return size
}

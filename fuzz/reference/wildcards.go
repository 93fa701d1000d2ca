package reference

// atom is one step of a wildcard pattern: it takes exactly one code point, or
// any run of code points, each of which accepts must agree to.
type atom struct {
	repeats bool
	accepts func(rune) bool
}

func anything(rune) bool { return true }

func notColon(r rune) bool { return r != ':' }

func exactly(want rune) func(rune) bool {
	return func(r rune) bool { return r == want }
}

// matchAtoms reports whether the atoms, in order, can take all of text: * is
// any run, also empty, line breaks included, ? exactly one Unicode code point
// (11.2 Wildcards).
func matchAtoms(atoms []atom, text string) bool {
	runes := []rune(text)
	// reached[i]: the atoms so far can take exactly the first i runes.
	reached := make([]bool, len(runes)+1)
	reached[0] = true
	for _, a := range atoms {
		next := make([]bool, len(runes)+1)
		for i := range next {
			switch {
			case a.repeats && reached[i]:
				next[i] = true
			case a.repeats && i > 0:
				next[i] = next[i-1] && a.accepts(runes[i-1])
			case !a.repeats && i > 0:
				next[i] = reached[i-1] && a.accepts(runes[i-1])
			}
		}
		reached = next
	}
	return reached[len(runes)]
}

// freeAtoms turns symbols into atoms whose wildcards match anything: the rule
// of StringLike (2.3) and of a pattern after its fifth colon (11.2).
func freeAtoms(symbols []symbol) []atom {
	var atoms []atom
	for _, s := range symbols {
		switch {
		case s.isStar():
			atoms = append(atoms, atom{repeats: true, accepts: anything})
		case s.isQuestion():
			atoms = append(atoms, atom{accepts: anything})
		default:
			atoms = append(atoms, atom{accepts: exactly(s.char)})
		}
	}
	return atoms
}

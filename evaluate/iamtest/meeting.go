package iamtest

import (
	"slices"

	"github.com/portcullis-iam/portcullis/internal/compiled"
)

// maxMeetings bounds how many pairs of entries are tried. Each costs some
// hundred nanoseconds if they have nothing in common.
const maxMeetings = 1 << 16

// A met is what entries of several layers allow together, of a statement that
// grants.
type met struct {
	of      *statement
	pattern pattern
	known   bool // some entry says it by itself
}

// meetings gives what an entry that grants allows together with entries of the
// boundary, the session policies, control policies and exceptions of Deny
// statements, where no single entry says it: "app-*" and "*-prod" meet in
// "app-*-prod".
func (s *survey) meetings() []met {
	fences := s.fences()
	if len(fences) == 0 {
		return nil
	}
	var all []met
	for at := range s.statements {
		if one := &s.statements[at]; one.grants && !one.Flags.Has(compiled.NotResource) {
			for number := range one.patterns {
				all = append(all, met{one, one.patterns[number], true})
			}
		}
	}
	left := maxMeetings
	for _, fence := range fences {
		for _, one := range all {
			for _, other := range fence {
				if left--; left < 0 {
					break
				}
				if one.pattern.everything {
					all = append(all, met{one.of, *other, true})
				} else if p, ok := newMeeting(&one.pattern, other); ok {
					all = append(all, met{one.of, p, false})
				}
			}
		}
	}
	kept := all[:0]
	for _, one := range all {
		if !one.known {
			kept = append(kept, one)
		}
	}
	return kept
}

// fences gives the entries that narrow what identity-based policies grant: those
// of each layer, and those of each Deny that spares some resources.
func (s *survey) fences() [][]*pattern {
	var fences [][]*pattern
	last := -1
	for at := range s.statements {
		one := &s.statements[at]
		if one.grants || one.denies() != one.Flags.Has(compiled.NotResource) {
			continue
		}
		if one.denies() || last != one.layer {
			fences = append(fences, nil)
			last = one.layer
			if one.denies() {
				last = -1
			}
		}
		for number := range one.patterns {
			if p := &one.patterns[number]; !p.everything {
				fences[len(fences)-1] = append(fences[len(fences)-1], p)
			}
		}
	}
	return fences
}

// newMeeting makes a pattern of what two patterns both match: of some of it, if
// no one pattern says all. It is false if that is nothing, or if one of the two
// says it already.
func newMeeting(one, other *pattern) (pattern, bool) {
	if one.everything || other.everything || one.text == other.text {
		return pattern{}, false
	}
	p := pattern{}
	same, sameOther := true, true
	meet := func(a, b []rune) ([]rune, bool) {
		met, ok := overlap(a, b)
		same, sameOther = same && slices.Equal(met, a), sameOther && slices.Equal(met, b)
		return met, ok
	}
	for at := range p.head {
		var ok bool
		if p.head[at], ok = meet(one.head[at], other.head[at]); !ok {
			return pattern{}, false
		}
	}
	tail, ok := meet(one.tail, other.tail)
	if !ok || same || sameOther {
		return pattern{}, false
	}
	p.tail, p.begin = tail, literalRunes(tail)
	p.text = "arn"
	for _, segment := range p.head {
		p.text += ":" + runesText(segment)
	}
	p.text += ":" + runesText(tail)
	return p, true
}

// overlap gives a pattern of text that two patterns match: of those that there
// are the one that people would name, which has many stars and few delimiters.
// The cost is the product of their lengths.
func overlap(a, b []rune) ([]rune, bool) {
	for at := 0; at < len(a) && at < len(b) && a[at] != anyRunes && b[at] != anyRunes; at++ {
		if a[at] >= 0 && b[at] >= 0 && a[at] != b[at] {
			return nil, false // as with most
		}
	}
	// A way is what is best behind a place in both: what it costs, which rune is
	// next, 0 for none, and where it leads.
	type way struct {
		ok   bool
		cost int
		next rune
		i, j int
	}
	width := len(b) + 1
	ways := make([]way, (len(a)+1)*width)
	ways[len(ways)-1].ok = true
	for i := len(a); i >= 0; i-- {
		for j := len(b); j >= 0; j-- {
			best := &ways[i*width+j]
			try := func(next rune, toI, toJ int) {
				to := ways[toI*width+toJ]
				if !to.ok {
					return
				}
				to.next, to.i, to.j = next, toI, toJ
				switch next {
				case 0:
				case anyRunes:
					to.cost -= 3
				case '/', ':':
					to.cost += 4
				default:
					to.cost += 2
				}
				if !best.ok || to.cost < best.cost {
					*best = to
				}
			}
			starA, starB := i < len(a) && a[i] == anyRunes, j < len(b) && b[j] == anyRunes
			switch {
			case starA && starB:
				try(anyRunes, i+1, j+1)
				try(anyRunes, i+1, j)
				try(anyRunes, i, j+1)
			case starA:
				try(0, i+1, j)
				if j < len(b) {
					try(b[j], i, j+1)
				}
			case starB:
				try(0, i, j+1)
				if i < len(a) {
					try(a[i], i+1, j)
				}
			case i < len(a) && j < len(b) && (a[i] == b[j] || a[i] == oneRune || b[j] == oneRune):
				try(max(a[i], b[j]), i+1, j+1) // any literal is more than oneRune
			}
		}
	}
	if !ways[0].ok {
		return nil, false
	}
	var met []rune
	for at := ways[0]; at.i+at.j > 0; at = ways[at.i*width+at.j] {
		if at.next != 0 && !(at.next == anyRunes && len(met) > 0 && met[len(met)-1] == anyRunes) {
			met = append(met, at.next)
		}
	}
	return met, true
}

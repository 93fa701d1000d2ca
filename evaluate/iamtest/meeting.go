package iamtest

import "github.com/portcullis-iam/portcullis/internal/compiled"

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

package iamtest

import (
	"encoding/binary"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/internal/compiled"
)

// A residue is what a decision that is not determined comes to.
type residue struct {
	decision evaluate.Decision // the same whatever the keys are, or Undetermined
	keys     []string          // that it hangs on
	text     string            // " if " and the conditions
}

// residueOf finds out what an explained decision hangs on. Decisions that are
// not determined because of the same statements hang on the same, but for
// statements whose resources have policy variables.
func (s *survey) residueOf(x evaluate.Explanation, at *spot) residue {
	var key []byte
	for _, layer := range x.Layers {
		key = append(key, byte(len(layer.Unsure)), byte(len(layer.Unsure)>>8), byte(min(len(layer.Allows), 1)))
		for _, ref := range layer.Unsure {
			statement := &(*compiled.Policy)(ref.Policy()).Statements()[ref.Index()]
			number, known := s.numbers[statement]
			if !known {
				number = uint32(len(s.numbers))
				s.numbers[statement] = number
			}
			key = binary.BigEndian.AppendUint32(key, number)
			for entry := range statement.Resources {
				if statement.Resources[entry].Template() != nil {
					key = append(append(key, at.name...), 0)
					break
				}
			}
		}
	}
	known, found := s.residues[string(key)]
	if !found {
		residual := x.Residual()
		known = residue{decision: residual.Decision, keys: residual.Keys}
		if known.decision.Outcome == evaluate.Undetermined {
			known.text = " if " + residual.Condition.String()
		}
		s.residues[string(key)] = known
	}
	return known
}

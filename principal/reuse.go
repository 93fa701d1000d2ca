package principal

import (
	"crypto/sha256"

	"github.com/portcullis-iam/portcullis/policy"
)

// Reuse lets Build take the compiled policies of a previous directory for the
// documents that have not changed, so that reloading costs little more than
// reading the files. A document counts as unchanged if its text is the same,
// byte for byte, and serves as the same kind of policy; under which name, in
// which account and attached to whom does not matter.
//
// Nothing else is taken from the previous directory: what was not added again
// is not in the new one, and the new one does not keep the previous one alive.
// The last call counts; nil, and the zero Directory, offer nothing.
func (b *Builder) Reuse(previous *Directory) {
	b.reused = nil
	if previous != nil {
		b.reused = previous.compiled
	}
}

// A textKey finds a compiled policy by what it was compiled from in a directory
// that outlives the text. Two texts with one digest would be a policy in force
// under a false name, so the digest is a cryptographic one.
type textKey struct {
	kind   policy.Kind
	digest [sha256.Size]byte
}

// load compiles a text, or takes what an earlier directory made of it.
func (w *building) load(key compileKey) (*policy.Policy, error) {
	text := []byte(key.text)
	known := textKey{key.kind, sha256.Sum256(text)}
	compiled, found := w.reused[known]
	if !found {
		var err error
		if compiled, err = policy.Load(key.kind, text); err != nil {
			return nil, err
		}
	}
	w.directory.compiled[known] = compiled
	return compiled, nil
}

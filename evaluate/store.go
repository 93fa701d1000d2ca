package evaluate

import (
	"sync/atomic"

	"github.com/portcullis-iam/portcullis/principal"
)

// A Store holds the snapshot that is in force and lets it be replaced while
// requests are being decided. It is safe for any number of goroutines. The zero
// Store holds an empty directory.
//
// A request takes the snapshot once, with Load, and does everything with that
// one, so that it never sees half of a change:
//
//	decision, err := store.Load().Decide(caller, &request)
//
// Whoever follows changes builds a new directory, which can take over what has
// not changed ([principal.Builder.Reuse]), and calls Swap. Nobody waits for
// anybody: requests that have begun end with the snapshot that they took, which
// then is garbage.
type Store struct {
	current atomic.Pointer[Snapshot]
}

// NewStore makes a Store that holds a directory.
func NewStore(directory *principal.Directory) *Store {
	s := new(Store)
	s.current.Store(NewSnapshot(directory))
	return s
}

// Load gives the snapshot in force. It costs one load of a pointer.
func (s *Store) Load() *Snapshot {
	if current := s.current.Load(); current != nil {
		return current
	}
	return new(Snapshot)
}

// Swap puts a directory in force and gives the snapshot that was in force
// before. First it makes the users and roles ready that the previous snapshot
// was asked about, if they are still there, so that it is not the next requests
// that pay for it: some tens of microseconds for each of them, spent in the
// goroutine that swaps. What is being decided goes on meanwhile.
//
// Of several Swaps at the same time the last one counts.
func (s *Store) Swap(directory *principal.Directory) *Snapshot {
	next := NewSnapshot(directory)
	next.warm(s.Load())
	if previous := s.current.Swap(next); previous != nil {
		return previous
	}
	return new(Snapshot)
}

package evaluate

import (
	"sync"

	"github.com/portcullis-iam/portcullis/principal"
)

// A Snapshot is a directory with what has been made ready of it: evaluators and
// resources, each made when it is first asked for and kept. What it answers
// never changes. It is safe for any number of goroutines; once something has
// been made ready, getting it takes no lock and allocates nothing. The zero
// Snapshot is that of an empty directory.
//
// It keeps everybody in the directory who was asked about, and of the callers
// and resources of which there may be any number (sessions, objects in buckets)
// those of late: some ten thousand of each.
type Snapshot struct {
	directory *principal.Directory
	people    sync.Map // users and roles: string to *Evaluator
	callers   recent[string, *Evaluator]
	resources recent[resourceKey, *Resource]
	// What resources share: those of one bucket its policy, those of one
	// account its resource control policies.
	policies sync.Map // *principal.Attachment to *Resource
	control  sync.Map // account to *Resource

	reviewOnce  sync.Once
	review      *Review
	reviewError error
}

type resourceKey struct{ name, account string }

// NewSnapshot makes a Snapshot of a directory. It costs nothing; what is asked
// for is made ready then.
func NewSnapshot(directory *principal.Directory) *Snapshot {
	return &Snapshot{directory: directory}
}

// Directory is the directory of the snapshot.
func (s *Snapshot) Directory() *principal.Directory {
	if s.directory == nil {
		return new(principal.Directory)
	}
	return s.directory
}

// Evaluator gives the evaluator of a caller, written as for
// [principal.Directory.Principal], whose errors it returns; an error costs as
// much each time. The sessions of a role share what is made of its policies.
func (s *Snapshot) Evaluator(caller string) (*Evaluator, error) {
	if kept, found := s.people.Load(caller); found {
		return kept.(*Evaluator), nil
	}
	if kept, found := s.callers.get(caller); found {
		return kept, nil
	}
	someone, err := s.Directory().Principal(caller)
	if err != nil {
		return nil, err
	}
	id := &someone.Identity
	if id.Kind == principal.Role && id.Session != "" {
		role, err := s.Evaluator(id.IssuerARN)
		if err != nil {
			return nil, err
		}
		return s.callers.put(caller, role.ofSession(someone)), nil
	}
	made, err := New(someone)
	if err != nil {
		return nil, err
	}
	if id.Kind == principal.User || id.Kind == principal.Role {
		kept, _ := s.people.LoadOrStore(caller, made)
		return kept.(*Evaluator), nil
	}
	return s.callers.put(caller, made), nil
}

// ofSession gives the evaluator of a session of the role that e is the
// evaluator of. Nothing may be stated about the session that the role has not.
func (e *Evaluator) ofSession(session *principal.Principal) *Evaluator {
	made := *e
	made.principal, made.facts, made.caller = session, session.Facts, callerOf(session.Identity)
	made.caller.Bounded = e.caller.Bounded
	return &made
}

// Resource gives a resource with what the directory knows about it; arguments
// and errors are those of [principal.Directory.Resource].
func (s *Snapshot) Resource(name, account string) (*Resource, error) {
	key := resourceKey{name, account}
	if kept, found := s.resources.get(key); found {
		return kept, nil
	}
	described, err := s.Directory().Resource(name, account)
	if err != nil {
		return nil, err
	}
	made := &Resource{resource: described}
	if described.Policy != nil {
		from, err := shared(&s.policies, described.Policy, &principal.Resource{Policy: described.Policy})
		if err != nil {
			return nil, err
		}
		made.policy, made.kind = from.policy, from.kind
	}
	if len(described.ControlLevels) > 0 {
		from, err := shared(&s.control, described.AccountID, &principal.Resource{ControlLevels: described.ControlLevels})
		if err != nil {
			return nil, err
		}
		made.control = from.control
	}
	return s.resources.put(key, made), nil
}

// shared gives what is kept under a key, making it when first asked for.
func shared(kept *sync.Map, key any, from *principal.Resource) (*Resource, error) {
	if found, ok := kept.Load(key); ok {
		return found.(*Resource), nil
	}
	made, err := NewResource(from)
	if err != nil {
		return nil, err
	}
	found, _ := kept.LoadOrStore(key, made)
	return found.(*Resource), nil
}

// Decide decides a request of a caller. If the request has no Resource, the
// one in the directory takes part, with its policy and tags and the RCPs of its
// account; "*" is that of the caller's account.
//
// The error is one of [Snapshot.Evaluator] or [Snapshot.Resource], and the
// decision denies then. Once the caller and the resource are ready, Decide
// takes no lock and allocates nothing.
func (s *Snapshot) Decide(caller string, r *Request) (Decision, error) {
	e, err := s.Evaluator(caller)
	if err != nil {
		return Decision{}, err
	}
	if r == nil || !r.ready || r.Resource != nil {
		return e.Evaluate(r), nil
	}
	account := r.account
	if account == "" { // "*", or else it would be known
		account = e.caller.AccountID
	}
	if account == "" {
		return e.Evaluate(r), nil // a service owns no "*"
	}
	side, err := s.Resource(r.name.Text, account)
	if err != nil {
		return Decision{}, err
	}
	r.Resource = side
	decision := e.Evaluate(r)
	r.Resource = nil
	return decision, nil
}

// Review gives the review of the snapshot, see [NewReview]. It is made when it
// is first asked for; who asks meanwhile waits.
func (s *Snapshot) Review() (*Review, error) {
	s.reviewOnce.Do(func() { s.review, s.reviewError = NewReview(s.Directory()) })
	return s.review, s.reviewError
}

// warm makes the people ready whom another snapshot was asked about.
func (s *Snapshot) warm(previous *Snapshot) {
	for caller := range previous.people.Range {
		// Whoever is not there any more is found out about by who asks.
		_, _ = s.Evaluator(caller.(string))
	}
}

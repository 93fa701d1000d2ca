package evaluate

import (
	"context"
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/principal"
)

// A Review answers questions about everybody in a directory: who can do an
// action on a resource, and what of a list of actions can one do.
//
// It holds an inverted index, from actions and resources over statements and
// policies to the users and roles that have them, so that a question costs what
// those cost whom the policies speak of, and not the size of the directory.
// Those are decided one by one, each as [Evaluator.Evaluate] would, and nobody
// else can be allowed.
//
// A Review is safe for any number of goroutines. What it answers never changes.
// It keeps what it found out about each user or role that a question has led
// to, some 2 kB each, so the first question about somebody costs more than the
// next. The zero Review is that of an empty directory.
type Review struct {
	directory *principal.Directory
	people    []person           // sorted by ARN
	accounts  map[string][]int32 // the people of each account, ascending
	index     peopleIndex
	// control holds, for each account, an evaluator of its service control
	// policies, which are the same for all of its people.
	control map[string]*Evaluator
}

// NewReview makes a directory ready for questions. There is no error if
// [principal.Builder] or one of the Load functions made the directory.
//
// The cost is linear in the number of users and roles and, a little more than
// that, in the statements of their policies, of which equal ones count once:
// some 5 µs for each of either.
func NewReview(directory *principal.Directory) (*Review, error) {
	r := &Review{directory: directory, accounts: make(map[string][]int32), control: make(map[string]*Evaluator)}
	names := slices.Collect(directory.Principals())
	r.people = make([]person, len(names))
	index := newPeopleIndexBuilder()
	for at, name := range names {
		found, err := directory.Principal(name)
		if err != nil {
			return nil, err
		}
		account := found.Identity.AccountID
		r.accounts[account] = append(r.accounts[account], int32(at))
		if r.control[account] == nil && !found.Identity.ServiceLinked {
			control := &principal.Principal{Identity: found.Identity, ServiceControlLevels: found.ServiceControlLevels}
			if r.control[account], err = New(control); err != nil {
				return nil, err
			}
		}
		someone := &r.people[at]
		someone.name, someone.caller, someone.indexed = name, callerOf(found.Identity), true
		someone.identity = index.add(int32(at), found.IdentityPolicies)
		someone.boundary = index.numbersOf(found.PermissionsBoundaries)
	}
	r.index = index.build()
	return r, nil
}

// Directory is the directory that is reviewed.
func (r *Review) Directory() *principal.Directory {
	if r.directory == nil {
		return new(principal.Directory)
	}
	return r.directory
}

// A Question is a request whose caller is left open.
type Question struct {
	// Action is the action, "prefix:name", without wildcards.
	Action string
	// Resource is the ARN of the resource, or "*" for an action without
	// resource types. What the directory knows about it (its policy, its tags,
	// the RCPs of its account) takes part.
	Resource string
	// Account is the one that owns the resource. It may be left out where the
	// directory or the ARN tells it, and for "*", which then belongs to the
	// account of whoever is asked about.
	Account string
	// Context holds the condition keys of the request, see [Request.Context].
	// It must not change while the question is being answered.
	Context *condition.Context
	// Endpoint is the VPC endpoint that the request would come through, or nil.
	Endpoint *Endpoint
}

// Options say how a question to everybody is answered. The zero Options are
// fit for most purposes.
type Options struct {
	// Workers is how many goroutines decide at the same time; 0 means as many
	// as there are processors. The answer does not depend on it.
	Workers int
	// Progress, if set, is told how many of those who have to be decided are.
	// It is called after every thousand or so, by one goroutine at a time, with
	// done only growing, and with done equal to total once at the end of an
	// answer that is complete. While it runs others go on deciding.
	Progress func(done, total int)
	// Also names further callers to be decided, written as for
	// [principal.Identify]: root users of accounts, sessions, services,
	// "anonymous". Without it the answer is about the users and roles of the
	// directory. Root users matter: nothing but an explicit Deny and control
	// policies keeps one from what its account owns.
	Also []string
}

// An Access is one caller's part in an answer.
type Access struct {
	// Caller is the ARN of the user or role, or what stands in [Options.Also].
	Caller string
	// Decision is what [Evaluator.Evaluate] says.
	Decision Decision
}

// An Answer tells who can do what was asked, in the order of their ARNs.
type Answer struct {
	// Allowed are those who may.
	Allowed []Access
	// Undetermined are those of whom it is not known, because it hangs on
	// context keys that are unknown: those of the question, or aws:userid of a
	// role, whose session is not known. They are not allowed.
	Undetermined []Access
}

// WhoCan tells who may do an action on a resource. A role stands for all its
// sessions of which nothing is stated; one that is allowed by its own policies
// may yet be narrowed by session policies.
//
// The answer is that of asking everybody one by one. Whoever is in neither list
// is denied; an [Evaluator] explains why.
//
// If the context is cancelled, the error is that of the context and there is no
// answer, not even a partial one. Otherwise the error tells what is wrong with
// the question: a [*RequestError], a [*principal.ResourceError], or for one of
// [Options.Also] a [*principal.IdentityError] or [*principal.NotFoundError].
//
// Finding whom to decide costs what the statements cost that could speak of the
// action and the resource, usually some ten microseconds; deciding costs less
// than one for each person, and some five the first time.
func (r *Review) WhoCan(ctx context.Context, q Question, o Options) (*Answer, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	also, err := r.others(o.Also)
	if err != nil {
		return nil, err
	}
	asked, err := r.ask(q, also)
	if err != nil {
		return nil, err
	}
	candidates, err := r.candidates(asked)
	if err != nil {
		return nil, err
	}
	poll := poll{question: asked, candidates: candidates, progress: o.Progress}
	if len(also) > 0 {
		poll.candidates = append(poll.candidates, also...)
		slices.SortFunc(poll.candidates, func(x, y *person) int { return strings.Compare(x.name, y.name) })
	}
	if err := poll.run(ctx, r, o.Workers); err != nil {
		return nil, err
	}
	return poll.answer(), nil
}

// A prepared question has the resource's side of it made ready.
type prepared struct {
	question Question
	request  Request // without a caller's own side, for finding candidates
	// sides holds, for "*" without an account, the side of each account; it is
	// nil where everybody is asked about the same resource.
	sides map[string]*Resource
	// statements are those of the people's policies that speak of the question.
	statements numberSet
}

// ask makes a question ready for all callers of the directory, and for those of
// some more accounts.
func (r *Review) ask(q Question, also []*person) (*prepared, error) {
	a := &prepared{question: q}
	if err := a.request.Set(q.Action, "*", ""); err != nil || q.Resource != "*" || q.Account != "" {
		if err != nil {
			return nil, err
		}
		side, err := r.resource(q.Resource, q.Account)
		if err != nil {
			return nil, err
		}
		return a, a.request.SetFor(q.Action, side)
	}
	a.sides = make(map[string]*Resource, len(r.accounts))
	add := func(account string) (err error) {
		if account != "" && a.sides[account] == nil {
			a.sides[account], err = r.resource("*", account)
		}
		return err
	}
	for account := range r.accounts {
		if err := add(account); err != nil {
			return nil, err
		}
	}
	for at := range also {
		if err := add(also[at].caller.AccountID); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (r *Review) resource(name, account string) (*Resource, error) {
	found, err := r.Directory().Resource(name, account)
	if err != nil {
		return nil, err
	}
	return NewResource(found)
}

// fill makes a request of the question.
func (a *prepared) fill(r *Request) error {
	r.Context, r.Endpoint, r.Resource = a.question.Context, a.question.Endpoint, a.request.Resource
	return r.Set(a.question.Action, a.question.Resource, a.request.account)
}

// turnTo turns a request of the question to callers of an account.
func (a *prepared) turnTo(r *Request, account string) error {
	if a.sides == nil || r.account == account {
		return nil
	}
	r.Resource = a.sides[account] // nil for callers without an account, who own no "*"
	return r.Set(a.question.Action, "*", account)
}

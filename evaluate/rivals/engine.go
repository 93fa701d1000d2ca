package main

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/portcullis-iam/portcullis/internal/workload"
)

// Engine is one contestant.
type Engine struct {
	// Name is how the tables call it.
	Name string
	// Compile makes policies out of JSON documents, by whatever the engine calls
	// parsing, translating, compiling, preparing or loading.
	Compile func(documents [][]byte) (Prepare, error)
}

// Prepare turns a request into what the engine takes. That is done before the
// clock starts: every engine is given its own types, and parses no more than it
// has no type for.
type Prepare func(q *workload.Request) (Decide, error)

// Decide makes one decision on a prepared request. It returns [workload.Allow],
// [workload.ExplicitDeny] or [workload.ImplicitDeny]; an engine that only tells
// yes from no returns workload.Allow or [Denied]. Being a closure, it costs every
// engine the same indirect call.
type Decide func() string

const (
	// Denied is the answer of engines that do not tell the two denials apart.
	Denied = "deny"
	// Failed is the answer when the engine reported an error. It agrees with
	// no expectation.
	Failed = "error"
)

// agrees reports whether an answer is the decision that is due.
func agrees(answer, due string) bool {
	return answer == due || answer == Denied && (due == workload.ExplicitDeny || due == workload.ImplicitDeny)
}

// engines returns all contestants in the order of the tables.
func engines() []Engine {
	return append(portcullisEngines(),
		naiveEngine(),
		cedarLikeEngine(),
		cedarGroupsEngine(),
		opaIndexedEngine(),
		opaGenericEngine(),
		casbinEngine(),
		celEngine(),
	)
}

// versioned adds to a name the version of the module that this program was built
// with, so that no table can name another one.
func versioned(name, module, detail string) string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dependency := range info.Deps {
			if dependency.Path == module {
				name += " " + dependency.Version
			}
		}
	}
	return fmt.Sprintf("%s (%s)", name, detail)
}

// contender is an engine with the policies of one workload in it.
type contender struct {
	engine  Engine
	prepare Prepare
	rows    map[string][]Decide
}

// rowMix is the row that takes the requests of the mix in turn.
const rowMix = "mix"

// rowNames returns the rows of the table: the named requests, and the mix.
func rowNames() []string {
	return []string{
		workload.RequestAllow,
		workload.RequestExplicitDeny,
		workload.RequestImplicitDeny,
		workload.RequestImplicitDenyFar,
		rowMix,
	}
}

// newContender prepares all requests of the set and makes each decision once; the
// error names the first few that differ from the one that is due. An engine that
// decides wrongly is not measured.
func newContender(engine Engine, prepare Prepare, set *workload.Set) (*contender, error) {
	c := &contender{engine: engine, prepare: prepare, rows: map[string][]Decide{}}
	const shown = 3
	var wrong []string
	differ := 0
	add := func(row string, q *workload.Request) error {
		decide, err := prepare(q)
		if err != nil {
			return fmt.Errorf("%s: %s: %s: %w", engine.Name, set.Size, q.Name, err)
		}
		if answer := decide(); !agrees(answer, q.Expect) {
			if differ++; differ <= shown {
				wrong = append(wrong, fmt.Sprintf("%s (%s on %s): %s, due is %s", q.Name, q.Action, q.Resource, answer, q.Expect))
			}
		}
		c.rows[row] = append(c.rows[row], decide)
		return nil
	}
	for i := range set.Named {
		if err := add(set.Named[i].Name, &set.Named[i]); err != nil {
			return nil, err
		}
	}
	for i := range set.Mix {
		if err := add(rowMix, &set.Mix[i]); err != nil {
			return nil, err
		}
	}
	if differ > 0 {
		return nil, fmt.Errorf("%s: %s: %d of %d decisions differ, for example\n  %s",
			engine.Name, set.Size, differ, len(set.Named)+len(set.Mix), strings.Join(wrong, "\n  "))
	}
	return c, nil
}

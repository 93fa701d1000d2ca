package httpguard

import (
	"context"
	"log/slog"
	"sync"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/internal/message"
)

// A Result is what became of a request. It is read only, and safe for any number
// of goroutines.
type Result struct {
	// Principal is who made the request, an ARN or the name of a service; "" if
	// that is not known.
	Principal string
	// Action and Resource are what was asked for; "" if it did not come to that.
	Action, Resource string
	// Decision is the decision, the zero Decision, which denies, if it did not
	// come to one.
	Decision evaluate.Decision
	// Status is what the request is answered with, 0 if it is passed on.
	Status int
	// Err is why it did not come to a decision, or nil.
	Err error

	mu        sync.Mutex
	evaluator *evaluate.Evaluator
	request   *evaluate.Request
}

// Allowed tells whether the request was passed on. A nil Result was not.
func (r *Result) Allowed() bool { return r != nil && r.Status == 0 && r.Decision.Allowed() }

// Explain decides the request again and tells everything that went into the
// decision; see [evaluate.Evaluator.Explain]. It can be called until the request
// has been answered. Afterwards, and if it did not come to a decision, it gives
// the zero Explanation.
func (r *Result) Explain() evaluate.Explanation {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.request == nil {
		return evaluate.Explanation{}
	}
	return r.evaluator.Explain(r.request)
}

func (r *Result) begin(e *evaluate.Evaluator, q *evaluate.Request) { r.evaluator, r.request = e, q }

// end lets go of the request, which serves others from now on.
func (r *Result) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.evaluator, r.request = nil, nil
}

// maxLogged bounds each text in the log that comes from the request.
const maxLogged = 1024

// LogValue is the result as a group of attributes: principal, action, resource,
// outcome, layer, statement, status and error, without those that there are not.
// Headers, tokens, and the context of the request are not among them. Texts that
// the client can choose are bounded.
func (r *Result) LogValue() slog.Value {
	attributes := make([]slog.Attr, 0, 8)
	add := func(key, text string) {
		if len(text) > maxLogged {
			text = message.Quote(text, maxLogged)
		}
		if text != "" {
			attributes = append(attributes, slog.String(key, text))
		}
	}
	add("principal", r.Principal)
	add("action", r.Action)
	add("resource", r.Resource)
	if r.Err == nil {
		add("outcome", r.Decision.Outcome.String())
		if r.Decision.Layer != evaluate.NoLayer {
			add("layer", r.Decision.Layer.String())
		}
		if statement, found := r.Decision.Statement(); found {
			add("statement", statement.String())
		}
	}
	if r.Status != 0 {
		attributes = append(attributes, slog.Int("status", r.Status))
	}
	if r.Err != nil {
		add("error", r.Err.Error())
	}
	return slog.GroupValue(attributes...)
}

// A carrier is the context of a guarded request: that of the request, and the
// result.
type carrier struct {
	context.Context
	result Result
}

type resultKey struct{}

// Value gives the result under its key.
func (c *carrier) Value(key any) any {
	if key == (resultKey{}) {
		return &c.result
	}
	return c.Context.Value(key)
}

// FromContext gives the result of the guard that a request came through, of
// several the innermost, and whether there is one.
func FromContext(ctx context.Context) (*Result, bool) {
	result, found := ctx.Value(resultKey{}).(*Result)
	return result, found
}

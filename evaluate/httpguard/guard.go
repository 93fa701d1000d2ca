package httpguard

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
)

// A Guard says how requests are guarded. Only Caller and Target are required;
// without either, as in the zero Guard, every request is an internal error and
// none is passed on. All functions must be safe for the goroutines of the server. If
// one panics, the request is not passed on, and the panic goes up to the server.
type Guard struct {
	// Caller says who makes a request. The zero [Caller] is nobody: the request
	// is answered with 401. So is one whose error is a [*Refusal] with that
	// status, which is for credentials that are not accepted. Any other error is
	// an internal one.
	Caller func(*http.Request) (Caller, error)
	// Target says what a request asks for, with [evaluate.Request.Set] or SetFor.
	// It may add condition keys to the Context, which holds those of the
	// connection already, and set Resource and Endpoint. It must not keep the
	// request. If it sets nothing and returns no error, that is an internal
	// error.
	Target func(*http.Request, *evaluate.Request) error
	// TrustedProxies are the addresses of proxies whose headers X-Forwarded-For
	// and X-Forwarded-Proto are believed. From anybody else they are ignored. A
	// proxy in the list must write both headers itself: what it lets through from
	// its client is believed like what it writes, and without X-Forwarded-For the
	// request is from the proxy. Nor should a client have an address in the list:
	// it could claim any other. Prefixes of IPv4 addresses in IPv6 are those of
	// the IPv4 addresses.
	TrustedProxies []netip.Prefix
	// Logger gets a record for every request: at the level Debug if it is
	// allowed, Info if it is not, Error if the guard could not tell. Its
	// attributes are those of [Result.LogValue]. Nil logs nothing.
	Logger *slog.Logger
	// Observe is told of every request, before it is answered. Nil is nobody.
	Observe func(*http.Request, *Result)
	// Refuse answers requests that are not passed on, with a status; the Result
	// is in the context of the request. Nil is [Refuse]: a body that says
	// nothing.
	Refuse func(http.ResponseWriter, *http.Request, int)
	// Challenge is the header WWW-Authenticate of answers with 401, "Bearer" if
	// empty.
	Challenge string
	// Clock tells the time. Nil is [time.Now].
	Clock func() time.Time
}

// A Caller is who makes a request. The zero Caller is nobody, which is not the
// same as an anonymous caller: for that, give the evaluator of one.
type Caller struct {
	// Evaluator decides what the caller may do, such as that of a session that
	// package sts derived.
	Evaluator *evaluate.Evaluator
	// Snapshot, if it is not nil, tells the resource's side of the decision where
	// Target does not set one: its policy and tags, and the RCPs of its account.
	// It should be the one that the Evaluator came from, so that the request
	// never sees half of a change.
	Snapshot *evaluate.Snapshot
}

// A Refusal is the error of a Caller or Target function that lays the blame on
// the client: the request is answered with the status, and is not an internal
// error.
type Refusal struct {
	// Status is the one to answer with, from 400 to 499. With any other it is an
	// internal error after all.
	Status int
	// Err is the reason. It stands in the log and not in the answer; it should
	// not repeat a token.
	Err error
}

// Error gives the status and the reason.
func (e *Refusal) Error() string {
	switch {
	case e == nil:
		return "httpguard: a refusal that is nil"
	case e.Err == nil:
		return "httpguard: " + http.StatusText(e.Status)
	}
	return "httpguard: " + http.StatusText(e.Status) + ": " + e.Err.Error()
}

// Unwrap gives the reason.
func (e *Refusal) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}

// Wrap puts the guard in front of a handler. What the guard is changed to
// afterwards makes no difference.
//
// A decision allocates nothing and takes no lock. Around it the guard allocates
// the Result and, for a request that is passed on, the copy of the request that
// holds it.
func (g *Guard) Wrap(next http.Handler) http.Handler {
	h := &handler{Guard: *g, next: next}
	h.TrustedProxies = unmapped(g.TrustedProxies)
	if h.Clock == nil {
		h.Clock = time.Now
	}
	if h.Guard.Refuse == nil {
		h.Guard.Refuse = func(w http.ResponseWriter, _ *http.Request, status int) { Refuse(w, status) }
	}
	if h.Challenge == "" {
		h.Challenge = "Bearer"
	}
	h.questions.New = func() any { return new(question) }
	return h
}

// A handler is a guard in front of another handler.
type handler struct {
	Guard
	next      http.Handler
	questions sync.Pool
}

// A question is what is needed for a decision and used again and again.
type question struct {
	request evaluate.Request
	context condition.Context
}

// maxKeptKeys bounds the context of a question that is kept for another request.
const maxKeptKeys = 64

// nothing is the action of a question that Target has not set yet. No policy
// ever decides about it.
const nothing = "httpguard:Nothing"

// The internal errors that are the program's own.
var (
	errNoFunctions = errors.New("httpguard: the guard has no Caller or no Target")
	errNotSet      = errors.New("httpguard: Target has not set what the request asks for")
)

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := h.questions.Get().(*question)
	c := &carrier{Context: r.Context()}
	result := &c.result
	defer func() {
		result.end()
		q.request.Resource, q.request.Endpoint = nil, nil
		if q.context.Len() <= maxKeptKeys {
			h.questions.Put(q)
		}
	}()

	if err := h.decide(r, q, result); err != nil {
		result.Err, result.Status = err, statusOf(err)
	} else if !result.Decision.Allowed() {
		result.Status = http.StatusForbidden
	}
	if h.Observe != nil {
		h.Observe(r, result)
	}
	h.log(r, result)
	guarded := r.WithContext(c)
	if result.Status == 0 {
		h.next.ServeHTTP(w, guarded)
		return
	}
	if result.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", h.Challenge)
	}
	h.Guard.Refuse(w, guarded, result.Status)
}

// decide finds out who asks for what, and asks whether that is allowed. If there
// is an error, there is no decision.
func (h *handler) decide(r *http.Request, q *question, result *Result) error {
	if h.Guard.Caller == nil || h.Target == nil {
		return errNoFunctions
	}
	caller, err := h.Guard.Caller(r)
	switch {
	case err != nil:
		return err
	case caller.Evaluator == nil:
		return &Refusal{Status: http.StatusUnauthorized}
	}
	who := caller.Evaluator.Principal()
	if who != nil {
		result.Principal = who.Identity.String()
	}
	q.context.Reset()
	q.request.Context, q.request.Resource, q.request.Endpoint = &q.context, nil, nil
	if err := q.request.Set(nothing, "*", ""); err != nil {
		return err
	}
	if err := h.connection(r, &q.context); err != nil {
		return err
	}
	if err := h.Target(r, &q.request); err != nil {
		return err
	}
	if q.request.Action() == nothing {
		return errNotSet
	}
	result.Action, result.Resource = q.request.Action(), q.request.ResourceName()
	if q.request.Resource == nil && caller.Snapshot != nil {
		account := ""
		if result.Resource == "*" && who != nil {
			account = who.Identity.AccountID
		}
		if account != "" || result.Resource != "*" { // a service owns no "*"
			if q.request.Resource, err = caller.Snapshot.Resource(result.Resource, account); err != nil {
				return err
			}
		}
	}
	result.begin(caller.Evaluator, &q.request)
	result.Decision = caller.Evaluator.Evaluate(&q.request)
	return nil
}

// statusOf is the status to answer an error with.
func statusOf(err error) int {
	var refusal *Refusal
	if errors.As(err, &refusal) && refusal != nil && refusal.Status >= 400 && refusal.Status < 500 {
		return refusal.Status
	}
	return http.StatusInternalServerError
}

// log writes the record of a request.
func (h *handler) log(r *http.Request, result *Result) {
	if h.Logger == nil {
		return
	}
	level, text := slog.LevelInfo, "request denied"
	switch {
	case result.Status == 0:
		level, text = slog.LevelDebug, "request allowed"
	case result.Status == http.StatusInternalServerError:
		level, text = slog.LevelError, "request failed"
	case result.Err != nil:
		text = "request refused"
	}
	if h.Logger.Enabled(r.Context(), level) {
		h.Logger.LogAttrs(r.Context(), level, text, slog.Any("", result)) // a group without a name is inlined
	}
}

// Refuse answers a request with a status and a body that says no more than that:
//
//	{"message":"Forbidden"}
//
// as API Gateway does. The answer is not to be stored by caches.
func Refuse(w http.ResponseWriter, status int) {
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	fmt.Fprintf(w, "{\"message\":%q}\n", http.StatusText(status))
}

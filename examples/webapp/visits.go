package main

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"
)

// A visit is a session of the website: who it is, and what they have called.
type visit struct {
	person *person
	unseen bool // there is no page that shows it, as for a program with a token

	mu    sync.Mutex
	calls []*Call // the last ones, the latest first
}

// maxCalls is how many calls are remembered of each visit, maxVisits how many
// visits. The explanations of a visit's calls take some 40 kB; anybody can come in
// as a guest as often as they like.
const (
	maxCalls  = 12
	maxVisits = 2_000
)

// record remembers a call.
func (v *visit) record(call *Call) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.calls = append([]*Call{call}, v.calls[:min(len(v.calls), maxCalls-1)]...)
}

// latest gives copies of the calls, the latest first.
func (v *visit) latest() []Call {
	v.mu.Lock()
	defer v.mu.Unlock()
	calls := make([]Call, len(v.calls))
	for at, call := range v.calls {
		calls[at] = call.copy()
	}
	return calls
}

// visits are the sessions of the website by the value of their cookie.
type visits struct {
	mu  sync.Mutex
	all map[string]*visit
}

const cookieName = "shop-session"

// begin begins a visit under a new cookie. It never takes the value of a cookie
// that the browser had: somebody else may know that one.
func (s *visits) begin(w http.ResponseWriter, r *http.Request, p *person) {
	value := rand.Text()
	s.mu.Lock()
	if s.all == nil {
		s.all = map[string]*visit{}
	}
	for _, old := range r.CookiesNamed(cookieName) {
		delete(s.all, old.Value)
	}
	if len(s.all) >= maxVisits {
		s.makeRoom()
	}
	s.all[value] = &visit{person: p}
	s.mu.Unlock()
	http.SetCookie(w, cookie(r, value, int(time.Until(p.until).Seconds())))
}

// makeRoom takes out visits that have ended or, if it meets none, any other. It
// looks at some only, so that nobody can keep the program busy by coming in again
// and again.
func (s *visits) makeRoom() {
	const enough = 100
	now, looked := time.Now(), 0
	for value, one := range s.all { // in no order
		if len(s.all) < maxVisits && looked > enough {
			return
		}
		if looked++; now.After(one.person.until) || looked > enough {
			delete(s.all, value)
		}
	}
}

// end ends the visit of a request.
func (s *visits) end(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	for _, old := range r.CookiesNamed(cookieName) {
		delete(s.all, old.Value)
	}
	s.mu.Unlock()
	http.SetCookie(w, cookie(r, "", -1))
}

// cookie is out of reach of scripts, and browsers send it only from this site.
func cookie(r *http.Request, value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: cookieName, Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil,
	}
}

// of finds the visit of a request by its cookie, nil if there is none. Two cookies
// of that name are none: another program at this host, at another port, can have
// added one of its own visits, for the visitor to act in.
func (s *visits) of(r *http.Request) *visit {
	sent := r.CookiesNamed(cookieName)
	if len(sent) != 1 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.all[sent[0].Value]
	if found == nil || time.Now().After(found.person.until) {
		return nil
	}
	return found
}

// An arrival is what is known about who sent a request.
type arrival struct {
	visit *visit // nil for nobody
	err   error  // why the token was not accepted
	call  *Call  // what is recorded of the call, once it is decided
}

type arrivalKey struct{}

func arrivalOf(ctx context.Context) *arrival {
	found, _ := ctx.Value(arrivalKey{}).(*arrival)
	return found
}

var errScheme = errors.New("the Authorization is not a bearer token")

// identify finds out who sent a request: by the token in its header Authorization
// or, without one, by its cookie. A bad token is not made good by a cookie.
func (a *app) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := new(arrival)
		if sent, given := r.Header["Authorization"]; !given {
			from.visit = a.visits.of(r)
		} else if scheme, token, _ := strings.Cut(sent[0], " "); len(sent) > 1 || !strings.EqualFold(scheme, "Bearer") {
			from.err = errScheme
		} else if p, err := a.verify(r.Context(), token); err != nil {
			from.err = err
		} else {
			from.visit = &visit{person: p, unseen: true}
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), arrivalKey{}, from)))
	})
}

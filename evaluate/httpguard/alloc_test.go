//go:build !race

// Under the race detector a sync.Pool forgets at random, and so allocates.

package httpguard_test

import (
	"net/http"
	"testing"
)

// The guard allocates the result and, for what it passes on, the copy of the
// request; and nothing for the decision.
func TestAllocations(t *testing.T) {
	guard, r := benchGuard(t)
	wrapped := guard.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	w := &recorder{header: http.Header{}}
	got := testing.AllocsPerRun(200, func() { wrapped.ServeHTTP(w, r) })
	if got > 3 {
		t.Errorf("%v allocations for each allowed request, want at most 3", got)
	}
	guard.Refuse = func(http.ResponseWriter, *http.Request, int) {}
	wrapped = guard.Wrap(nil)
	r.Method = "POST"
	if got := testing.AllocsPerRun(200, func() { wrapped.ServeHTTP(w, r) }); got > 3 {
		t.Errorf("%v allocations for each denied request, want at most 3", got)
	}
}

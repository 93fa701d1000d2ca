package httpguard_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/httpguard"
	"github.com/portcullis-iam/portcullis/principal"
)

// Many requests at the same time, while the directory is swapped: each gets the
// answer of one of both directories, and what the result says is about it. Run it
// with the race detector.
func TestManyRequestsAtOnce(t *testing.T) {
	directories := [2]*principal.Directory{}
	for at := range directories {
		directories[at] = snapshot(t, statement("Deny", fmt.Sprintf("GET/closed%d", at), `, "Principal": "*"`), map[string]string{
			"wren": statement("Allow", "GET/*", `, "Condition": {"StringEquals": {"shop:Key": "right"}}`),
		}).Directory()
	}
	store := evaluate.NewStore(directories[0])
	guard := httpguard.Guard{
		Caller: func(*http.Request) (httpguard.Caller, error) {
			s := store.Load()
			e, err := s.Evaluator("arn:aws:iam::" + account + ":user/wren")
			return httpguard.Caller{Evaluator: e, Snapshot: s}, err
		},
		Target: func(r *http.Request, q *evaluate.Request) error {
			q.Context.Set("shop:Key", condition.String(r.Header.Get("Key")))
			return httpguard.Invoke(api)(r, q)
		},
	}
	wrapped := guard.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		result, _ := httpguard.FromContext(r.Context())
		if x := result.Explain(); !result.Allowed() || result.Resource != prod+"GET"+r.URL.Path || x.Resource != result.Resource || !x.Decision.Allowed() {
			t.Errorf("%s: the result is about %s, the explanation about %s", r.URL.Path, result.Resource, x.Resource)
		}
		go result.Explain() // which may come too late, but never explains another request
	}))
	stop := make(chan struct{})
	var swapping, asking sync.WaitGroup
	swapping.Go(func() {
		for at := 0; ; at++ {
			select {
			case <-stop:
				return
			default:
				store.Swap(directories[at%2])
			}
		}
	})
	for range 8 {
		asking.Go(func() {
			for n := range 300 {
				for path, want := range map[string][2]int{"/open": {200, 200}, "/closed0": {403, 200}, "/closed1": {403, 200}} {
					r := httptest.NewRequest("GET", path, nil)
					r.Header.Set("Key", "right")
					if n%3 == 0 {
						r.Header.Set("Key", "wrong")
						want = [2]int{403, 403}
					}
					w := httptest.NewRecorder()
					wrapped.ServeHTTP(w, r)
					if w.Code != want[0] && w.Code != want[1] {
						t.Errorf("%s: status %d", path, w.Code)
					}
				}
			}
		})
	}
	asking.Wait()
	close(stop)
	swapping.Wait()
}

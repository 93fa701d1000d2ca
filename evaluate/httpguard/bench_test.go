package httpguard_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/httpguard"
)

// benchGuard is a guard whose functions allocate nothing.
func benchGuard(t testing.TB) (*httpguard.Guard, *http.Request) {
	s := snapshot(t, statement("Deny", "POST/refunds", `, "Principal": "*"`), map[string]string{
		"wren": statement("Allow", "GET/*", `, "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}`),
	})
	resource := prod + "GET/orders"
	e := evaluator(t, s, "wren")
	guard := &httpguard.Guard{
		Caller: func(*http.Request) (httpguard.Caller, error) { return httpguard.Caller{Evaluator: e, Snapshot: s}, nil },
		Target: func(r *http.Request, q *evaluate.Request) error {
			if r.Method == "POST" {
				return q.Set("execute-api:Invoke", prod+"POST/refunds", "")
			}
			return q.Set("execute-api:Invoke", resource, "")
		},
	}
	r := httptest.NewRequest("GET", "/orders", nil)
	r.Header.Set("User-Agent", "curl/8")
	return guard, r
}

func BenchmarkGuard(b *testing.B) {
	b.Run("allowed", func(b *testing.B) {
		guard, r := benchGuard(b)
		wrapped := guard.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		w := &recorder{header: http.Header{}}
		b.ReportAllocs()
		for b.Loop() {
			wrapped.ServeHTTP(w, r)
		}
	})
	b.Run("denied", func(b *testing.B) {
		guard, r := benchGuard(b)
		r.Method = "POST"
		wrapped := guard.Wrap(nil)
		w := &recorder{header: http.Header{}}
		b.ReportAllocs()
		for b.Loop() {
			wrapped.ServeHTTP(w, r)
		}
	})
	b.Run("method ARN", func(b *testing.B) {
		guard, r := benchGuard(b)
		guard.Target = httpguard.Invoke(api)
		wrapped := guard.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		w := &recorder{header: http.Header{}}
		b.ReportAllocs()
		for b.Loop() {
			wrapped.ServeHTTP(w, r)
		}
	})
	b.Run("parallel", func(b *testing.B) {
		guard, r := benchGuard(b)
		wrapped := guard.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			w := &recorder{header: http.Header{}}
			for pb.Next() {
				wrapped.ServeHTTP(w, r)
			}
		})
	})
}

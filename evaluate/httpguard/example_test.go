package httpguard_test

import (
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/apigateway"
	"github.com/portcullis-iam/portcullis/evaluate/httpguard"
	"github.com/portcullis-iam/portcullis/principal"
)

// shop is an account with a clerk who may see orders, and nothing else.
func shop() *evaluate.Store {
	b := principal.NewBuilder()
	b.AddUser("111122223333", principal.UserDetail{Name: "wren", Inline: []principal.NamedDocument{{Name: "orders", Document: `{
		"Version": "2012-10-17",
		"Statement": [{"Sid": "SeeOrders", "Effect": "Allow", "Action": "execute-api:Invoke",
			"Resource": "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5/prod/GET/orders/*"}]
	}`}}})
	directory, err := b.Build()
	if err != nil {
		log.Fatal(err)
	}
	return evaluate.NewStore(directory)
}

// Routes are guarded as methods of an API. Who calls is, here, the user whose
// client certificate the server has checked.
func ExampleGuard() {
	store := shop()
	guard := httpguard.Guard{
		Caller: func(r *http.Request) (httpguard.Caller, error) {
			if r.TLS == nil || len(r.TLS.VerifiedChains) == 0 {
				return httpguard.Caller{}, nil // nobody: 401
			}
			snapshot := store.Load()
			evaluator, err := snapshot.Evaluator("arn:aws:iam::111122223333:user/" + r.TLS.VerifiedChains[0][0].Subject.CommonName)
			return httpguard.Caller{Evaluator: evaluator, Snapshot: snapshot}, err
		},
		Target: httpguard.Invoke(apigateway.Method{Region: "eu-west-1", AccountID: "111122223333", APIID: "a1b2c3d4e5", Stage: "prod"}),
		Logger: slog.Default(),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/{id}", func(w http.ResponseWriter, r *http.Request) {})
	server := &http.Server{Addr: "127.0.0.1:0", Handler: guard.Wrap(mux)}
	_ = server // server.ListenAndServeTLS(…)
}

// A request can be whatever the program says: here an object of a bucket, which
// the guard decides about before it is read. The log says who was denied what, and
// why; the answer does not.
func ExampleGuard_target() {
	store := shop()
	guard := httpguard.Guard{
		Caller: func(*http.Request) (httpguard.Caller, error) {
			evaluator, err := store.Load().Evaluator("arn:aws:iam::111122223333:user/wren")
			return httpguard.Caller{Evaluator: evaluator}, err
		},
		Target: func(r *http.Request, q *evaluate.Request) error {
			q.Context.Set("s3:authType", condition.String("REST-HEADER"))
			return q.Set("s3:GetObject", "arn:aws:s3:::reports"+r.URL.Path, "111122223333")
		},
		Logger: slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}})),
	}
	w := httptest.NewRecorder()
	guard.Wrap(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest("GET", "/2026/orders.csv", nil))
	fmt.Print(w.Code, " ", w.Body)
	// Output:
	// level=INFO msg="request denied" principal=arn:aws:iam::111122223333:user/wren action=s3:GetObject resource=arn:aws:s3:::reports/2026/orders.csv outcome=ImplicitlyDenied layer="identity-based policy" status=403
	// 403 {"message":"Forbidden"}
}

// Handlers behind the guard find out who was let through, and by what.
func ExampleFromContext() {
	store := shop()
	guard := httpguard.Guard{
		Caller: func(*http.Request) (httpguard.Caller, error) {
			evaluator, err := store.Load().Evaluator("arn:aws:iam::111122223333:user/wren")
			return httpguard.Caller{Evaluator: evaluator}, err
		},
		Target: httpguard.Invoke(apigateway.Method{Region: "eu-west-1", AccountID: "111122223333", APIID: "a1b2c3d4e5", Stage: "prod"}),
	}
	order := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		result, _ := httpguard.FromContext(r.Context())
		statement, _ := result.Decision.Statement()
		fmt.Println(result.Principal, "got here by", statement.Sid())
	})
	guard.Wrap(order).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/orders/7", nil))
	// Output:
	// arn:aws:iam::111122223333:user/wren got here by SeeOrders
}

package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"sync/atomic"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/portcullis-iam/portcullis/evaluate/apigateway"
	"github.com/portcullis-iam/portcullis/evaluate/cognito"
	"github.com/portcullis-iam/portcullis/evaluate/hotreload"
	"github.com/portcullis-iam/portcullis/evaluate/httpguard"
	"github.com/portcullis-iam/portcullis/evaluate/sts"
)

// An app holds the parts of the program together.
type app struct {
	users    *userPool
	tokenURL string // where users of the pool sign in
	verifier *oidc.IDTokenVerifier
	pool     *cognito.Pool
	policies *hotreload.Watcher
	kept     atomic.Pointer[sts.STS]
	visits   visits
	logger   *slog.Logger
}

// The API that the routes belong to.
var shopAPI = apigateway.Method{Region: region, AccountID: account, APIID: apiID, Stage: "prod"}

//go:embed page/style.css page/script.js
var pageFiles embed.FS

func newApp(url string, policies *hotreload.Watcher, logger *slog.Logger) (*app, error) {
	users, err := newUserPool()
	if err != nil {
		return nil, err
	}
	pool, err := loadIdentityPool()
	if err != nil {
		return nil, err
	}
	return &app{
		users: users, tokenURL: url + "/userpool/token",
		verifier: newVerifier(url + "/userpool/.well-known/jwks.json"),
		pool:     pool, policies: policies, logger: logger,
	}, nil
}

// handler is the whole website.
func (a *app) handler() http.Handler {
	guard := httpguard.Guard{
		Caller:  a.caller,
		Target:  httpguard.Invoke(shopAPI),
		Logger:  a.logger,
		Observe: a.recordCall,
	}
	static, err := fs.Sub(pageFiles, "page")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	mux := http.NewServeMux()
	// Routes of the API. The guard stands before their mux: it decides about
	// every path, also those that there are no routes for.
	mux.Handle("/prod/", a.identify(http.StripPrefix("/prod", guard.Wrap(a.routes()))))
	// The user pool.
	mux.HandleFunc("POST /userpool/token", a.users.serveToken)
	mux.HandleFunc("GET /userpool/.well-known/jwks.json", a.users.serveKeys)
	// The website.
	mux.HandleFunc("GET /{$}", a.servePage)
	mux.HandleFunc("GET /story", a.serveStory)
	mux.HandleFunc("POST /sign-in", a.serveSignIn)
	mux.HandleFunc("POST /sign-out", a.serveSignOut)
	mux.Handle("GET /style.css", http.FileServerFS(static))
	mux.Handle("GET /script.js", http.FileServerFS(static))
	// A page of another site can make no browser change anything here.
	return http.NewCrossOriginProtection().Handler(http.MaxBytesHandler(mux, maxBody))
}

// caller says who makes a request to the API: the session of the role that the
// person has become.
func (a *app) caller(r *http.Request) (httpguard.Caller, error) {
	from := arrivalOf(r.Context())
	if from == nil || from.visit == nil {
		refusal := &httpguard.Refusal{Status: http.StatusUnauthorized}
		if from != nil {
			refusal.Err = from.err
		}
		return httpguard.Caller{}, refusal
	}
	credentials, snapshot, err := a.credentials(from.visit.person)
	var refused *cognito.RefusedError
	switch {
	case errors.As(err, &refused):
		return httpguard.Caller{}, &httpguard.Refusal{Status: http.StatusForbidden, Err: err}
	case err != nil:
		return httpguard.Caller{}, err
	}
	return httpguard.Caller{Evaluator: credentials.Session.Evaluator(), Snapshot: snapshot}, nil
}

// recordCall remembers what the guard decided, for the page.
func (a *app) recordCall(r *http.Request, result *httpguard.Result) {
	from := arrivalOf(r.Context())
	if from == nil || from.visit == nil || from.visit.unseen {
		return
	}
	call := &Call{Request: r.Method + " /prod" + short(r.URL.Path), Status: http.StatusOK}
	if result.Status != 0 {
		call.Status = result.Status
	}
	if result.Err == nil {
		call.Decision = tell(result.Decision, result.Explain())
	} else {
		call.Refused = result.Err.Error()
	}
	from.call = call
	from.visit.record(call)
}

// addToCall remembers what the function behind a route was allowed to do.
func (from *arrival) addToCall(step Step) {
	if from == nil || from.visit == nil || from.call == nil {
		return
	}
	from.visit.mu.Lock()
	defer from.visit.mu.Unlock()
	from.call.Function = append(from.call.Function, step)
}

// short cuts a text that the client chose.
func short(text string) string {
	const enough = 80
	if len(text) <= enough {
		return text
	}
	return fmt.Sprintf("%.*s…", enough, text)
}

// routes are the routes of the API. Who comes here was let through.
func (a *app) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /catalog", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string][]string{"catalog": {"lantern", "portcullis", "drawbridge"}})
	})
	mux.HandleFunc("GET /orders", a.serveOrders)
	mux.HandleFunc("POST /refunds", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]string{"refund": "paid"})
	})
	return mux
}

package httpguard_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/apigateway"
	"github.com/portcullis-iam/portcullis/evaluate/httpguard"
	"github.com/portcullis-iam/portcullis/principal"
)

const (
	account = "111122223333"
	apiARN  = "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5"
	prod    = apiARN + "/prod/"
)

var api = apigateway.Method{Region: "eu-west-1", AccountID: account, APIID: "a1b2c3d4e5", Stage: "prod"}

// snapshot is an account with one user for each name, who has one inline policy,
// and an API, whose resource policy may be missing.
func snapshot(t testing.TB, resourcePolicy string, users map[string]string) *evaluate.Snapshot {
	t.Helper()
	b := principal.NewBuilder()
	details := principal.AccountDetails{AccountID: account}
	for name, document := range users {
		details.Users = append(details.Users, principal.UserDetail{Name: name, Inline: []principal.NamedDocument{{Name: "policy", Document: document}}})
	}
	b.AddAccount(details)
	if resourcePolicy != "" {
		b.AddResource(principal.ResourceDetail{ARN: apiARN, Document: resourcePolicy})
	}
	directory, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return evaluate.NewSnapshot(directory)
}

func evaluator(t testing.TB, s *evaluate.Snapshot, name string) *evaluate.Evaluator {
	t.Helper()
	e, err := s.Evaluator("arn:aws:iam::" + account + ":user/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// statement is a policy with one statement about an action on resources of the
// API, given without the API and the stage.
func statement(effect, resource, rest string) string {
	return `{"Version": "2012-10-17", "Statement": [{"Sid": "Only", "Effect": "` + effect + `", "Action": "execute-api:Invoke", "Resource": "` + prod + resource + `"` + rest + `}]}`
}

// always is a Caller function that always gives the same.
func always(e *evaluate.Evaluator) func(*http.Request) (httpguard.Caller, error) {
	return func(*http.Request) (httpguard.Caller, error) { return httpguard.Caller{Evaluator: e}, nil }
}

// reached is a handler that counts.
type reached int

func (n *reached) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	*n++
	io.WriteString(w, "secret")
}

func serve(g *httpguard.Guard, next http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	g.Wrap(next).ServeHTTP(w, r)
	return w
}

// What the guard answers, and that nothing gets through but what is allowed.
func TestGuardFailsClosed(t *testing.T) {
	s := snapshot(t, "", map[string]string{
		"reader": statement("Allow", "GET/orders", ""),
		"admin":  `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`,
		"tagged": statement("Allow", "GET/orders", `, "Condition": {"StringEquals": {"shop:Key": "v"}}`),
		"denied": `{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Sid": "No", "Effect": "Deny", "Action": "*", "Resource": "*"}]}`,
	})
	who := func(name string) func(*http.Request) (httpguard.Caller, error) { return always(evaluator(t, s, name)) }
	broken := errors.New("the database is down: password hunter2")
	for name, c := range map[string]struct {
		guard  httpguard.Guard
		path   string
		status int
	}{
		"allowed":            {httpguard.Guard{Caller: who("reader"), Target: httpguard.Invoke(api)}, "/orders", 200},
		"implicitly denied":  {httpguard.Guard{Caller: who("reader"), Target: httpguard.Invoke(api)}, "/refunds", 403},
		"explicitly denied":  {httpguard.Guard{Caller: who("denied"), Target: httpguard.Invoke(api)}, "/orders", 403},
		"the zero guard":     {httpguard.Guard{}, "/orders", 500},
		"no target function": {httpguard.Guard{Caller: who("admin")}, "/orders", 500},
		"no caller function": {httpguard.Guard{Target: httpguard.Invoke(api)}, "/orders", 500},
		"nobody":             {httpguard.Guard{Caller: always(nil), Target: httpguard.Invoke(api)}, "/orders", 401},
		"the zero evaluator": {httpguard.Guard{Caller: always(new(evaluate.Evaluator)), Target: httpguard.Invoke(api)}, "/orders", 403},
		"caller fails":       {httpguard.Guard{Caller: func(*http.Request) (httpguard.Caller, error) { return httpguard.Caller{}, broken }, Target: httpguard.Invoke(api)}, "/orders", 500},
		"caller fails but gives one": {httpguard.Guard{Caller: func(*http.Request) (httpguard.Caller, error) {
			return httpguard.Caller{Evaluator: evaluator(t, s, "admin")}, broken
		}, Target: httpguard.Invoke(api)}, "/orders", 500},
		"bad credentials": {httpguard.Guard{Caller: func(*http.Request) (httpguard.Caller, error) {
			return httpguard.Caller{}, &httpguard.Refusal{Status: 401, Err: broken}
		}, Target: httpguard.Invoke(api)}, "/orders", 401},
		"a refusal with a good status": {httpguard.Guard{Caller: func(*http.Request) (httpguard.Caller, error) {
			return httpguard.Caller{}, &httpguard.Refusal{Status: 200}
		}, Target: httpguard.Invoke(api)}, "/orders", 500},
		"a refusal without status": {httpguard.Guard{Caller: who("admin"), Target: func(*http.Request, *evaluate.Request) error { return new(httpguard.Refusal) }}, "/orders", 500},
		"a refusal that is nil": {httpguard.Guard{Caller: func(*http.Request) (httpguard.Caller, error) {
			var none *httpguard.Refusal
			return httpguard.Caller{Evaluator: evaluator(t, s, "admin")}, none
		}, Target: httpguard.Invoke(api)}, "/orders", 500},
		"target fails": {httpguard.Guard{Caller: who("admin"), Target: func(*http.Request, *evaluate.Request) error { return broken }}, "/orders", 500},
		"target fails behind its Set": {httpguard.Guard{Caller: who("admin"), Target: func(_ *http.Request, q *evaluate.Request) error {
			return errors.Join(q.Set("s3:ListBuckets", "*", ""), broken)
		}}, "/orders", 500},
		"target sets nothing":       {httpguard.Guard{Caller: who("admin"), Target: func(*http.Request, *evaluate.Request) error { return nil }}, "/orders", 500},
		"target swallows its error": {httpguard.Guard{Caller: who("admin"), Target: func(_ *http.Request, q *evaluate.Request) error { _ = q.Set("nonsense", "nonsense", ""); return nil }}, "/orders", 500},
		"target sets, then spoils": {httpguard.Guard{Caller: who("admin"), Target: func(_ *http.Request, q *evaluate.Request) error {
			_ = q.Set("s3:ListBuckets", "*", "")
			_ = q.Set("", "*", "")
			return nil
		}}, "/orders", 403},
		"target says the route is gone": {httpguard.Guard{Caller: who("admin"), Target: func(*http.Request, *evaluate.Request) error { return &httpguard.Refusal{Status: 404} }}, "/orders", 404},
		"undetermined": {httpguard.Guard{Caller: who("tagged"), Target: func(_ *http.Request, q *evaluate.Request) error {
			q.Context.SetUnknown("shop:Key")
			return q.Set("execute-api:Invoke", prod+"GET/orders", "")
		}}, "/orders", 403},
		"target takes the context away": {httpguard.Guard{Caller: who("tagged"), Target: func(_ *http.Request, q *evaluate.Request) error {
			q.Context = nil
			return q.Set("execute-api:Invoke", prod+"GET/orders", "")
		}}, "/orders", 403},
		"the API makes no ARN": {httpguard.Guard{Caller: who("admin"), Target: httpguard.Invoke(apigateway.Method{})}, "/orders", 500},
	} {
		var n reached
		var log bytes.Buffer
		c.guard.Logger = slog.New(slog.NewJSONHandler(&log, nil))
		w := serve(&c.guard, &n, httptest.NewRequest("GET", c.path, nil))
		if w.Code != c.status || (n == 1) != (c.status == 200) {
			t.Errorf("%s: status %d, want %d; the handler was reached %d times", name, w.Code, c.status, n)
		}
		if c.status == 200 {
			continue
		}
		want := `{"message":"` + http.StatusText(c.status) + "\"}\n"
		if got := w.Body.String(); got != want {
			t.Errorf("%s: body %q, want %q", name, got, want)
		}
		if challenge := w.Header().Get("WWW-Authenticate"); (challenge != "") != (c.status == 401) {
			t.Errorf("%s: WWW-Authenticate %q", name, challenge)
		}
		if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers %v", name, w.Header())
		}
		level := `"level":"INFO"`
		if c.status == 500 {
			level = `"level":"ERROR"`
		}
		if !strings.Contains(log.String(), level) || strings.Count(log.String(), "\n") != 1 {
			t.Errorf("%s: logged %s", name, log.String())
		}
	}
}

// What stands in the log: everything that tells who was denied what and why, and
// neither tokens nor cookies.
func TestLog(t *testing.T) {
	s := snapshot(t, "", map[string]string{"wren": statement("Deny", "GET/*", ""), "ada": statement("Allow", "GET/*", "")})
	for name, c := range map[string]struct {
		user, path string
		level      slog.Level
		want       string
	}{
		"denied": {"wren", "/orders", slog.LevelInfo, `{"level":"INFO","msg":"request denied","principal":"arn:aws:iam::111122223333:user/wren","action":"execute-api:Invoke",` +
			`"resource":"` + prod + `GET/orders","outcome":"ExplicitlyDenied","layer":"identity-based policy","statement":"statement \"Only\" (1:41) of inline policy policy of user wren","status":403}` + "\n"},
		"allowed": {"ada", "/orders", slog.LevelDebug, `{"level":"DEBUG","msg":"request allowed","principal":"arn:aws:iam::111122223333:user/ada","action":"execute-api:Invoke",` +
			`"resource":"` + prod + `GET/orders","outcome":"Allowed","layer":"identity-based policy","statement":"statement \"Only\" (1:41) of inline policy policy of user ada"}` + "\n"},
		"allowed at a level that is off": {"ada", "/orders", slog.LevelInfo, ""},
		"refused": {"ada", "/a//b", slog.LevelInfo,
			`{"level":"INFO","msg":"request refused","principal":"arn:aws:iam::111122223333:user/ada","status":400,"error":"httpguard: Bad Request: the path of the request has empty segments, or . or .. among them"}` + "\n"},
	} {
		var log bytes.Buffer
		guard := httpguard.Guard{
			Caller: always(evaluator(t, s, c.user)), Target: httpguard.Invoke(api),
			Logger: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: c.level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
				if a.Key == slog.TimeKey {
					return slog.Attr{}
				}
				return a
			}})),
		}
		r := httptest.NewRequest("GET", c.path, nil)
		r.Header.Set("Authorization", "Bearer TOKEN")
		r.Header.Set("Cookie", "session=COOKIE")
		serve(&guard, new(reached), r)
		if got := log.String(); got != c.want {
			t.Errorf("%s: logged\n%swant\n%s", name, got, c.want)
		}
	}
}

// A long path fills no log, and forges no lines in it.
func TestLogIsBounded(t *testing.T) {
	s := snapshot(t, "", map[string]string{"wren": statement("Deny", "GET/*", "")})
	var log bytes.Buffer
	guard := httpguard.Guard{
		Caller: always(evaluator(t, s, "wren")), Logger: slog.New(slog.NewTextHandler(&log, nil)),
		Target: func(_ *http.Request, q *evaluate.Request) error {
			return q.Set("execute-api:Invoke", prod+"GET/"+strings.Repeat("x\n", 100_000), "")
		},
	}
	serve(&guard, new(reached), httptest.NewRequest("GET", "/", nil))
	if got := log.String(); len(got) > 8000 || strings.Count(got, "\n") != 1 || !strings.Contains(got, "ExplicitlyDenied") {
		t.Errorf("logged %d bytes", len(got))
	}
}

// Behind the guard the result is in the context, and explains itself until the
// request has been answered.
func TestFromContext(t *testing.T) {
	s := snapshot(t, "", map[string]string{"wren": statement("Allow", "GET/orders", "")})
	if _, found := httpguard.FromContext(context.Background()); found {
		t.Error("there is a result in an empty context")
	}
	type key struct{}
	var kept *httpguard.Result
	guard := httpguard.Guard{Caller: always(evaluator(t, s, "wren")), Target: httpguard.Invoke(api)}
	next := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		result, found := httpguard.FromContext(r.Context())
		if !found || !result.Allowed() || result.Status != 0 || result.Err != nil || result.Resource != prod+"GET/orders" ||
			result.Principal != "arn:aws:iam::111122223333:user/wren" || result.Action != "execute-api:Invoke" {
			t.Errorf("the result is %+v", result)
		}
		if x := result.Explain(); x.Resource != result.Resource || x.Decision.Outcome != evaluate.Allowed {
			t.Errorf("the explanation is\n%s", x)
		}
		if r.Context().Value(key{}) != "value" {
			t.Error("the context of the request is lost")
		}
		kept = result
	})
	r := httptest.NewRequest("GET", "/orders", nil)
	serve(&guard, next, r.WithContext(context.WithValue(r.Context(), key{}, "value")))
	if x := kept.Explain(); x.Action != "" || len(x.Layers) > 0 {
		t.Errorf("a result explains itself after the request: %s", x)
	}
	if !kept.Allowed() || kept.Decision.Outcome != evaluate.Allowed {
		t.Error("the decision is lost after the request")
	}
	if (*httpguard.Result)(nil).Allowed() || new(httpguard.Result).Allowed() {
		t.Error("no result allows")
	}
}

// A handler that panics lets go of its question like any other.
func TestPanicBehindTheGuard(t *testing.T) {
	s := snapshot(t, "", map[string]string{"wren": statement("Allow", "GET/orders", "")})
	guard := httpguard.Guard{Caller: always(evaluator(t, s, "wren")), Target: httpguard.Invoke(api)}
	var kept *httpguard.Result
	defer func() {
		if recover() == nil {
			t.Error("the panic is lost")
		}
		if kept.Explain().Action != "" {
			t.Error("the result still has its request")
		}
	}()
	serve(&guard, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		kept, _ = httpguard.FromContext(r.Context())
		panic(http.ErrAbortHandler)
	}), httptest.NewRequest("GET", "/orders", nil))
}

// A function of the guard that panics lets nothing through, and leaves nothing
// behind for the next request.
func TestPanicInTheGuard(t *testing.T) {
	s := snapshot(t, "", map[string]string{"wren": statement("Allow", "GET/orders", `, "Condition": {"Null": {"shop:Key": "true"}}`)})
	spoil := false
	fail := func() {
		if spoil {
			panic("spoilt")
		}
	}
	for name, spoils := range map[string]func(*httpguard.Guard){
		"Caller": func(g *httpguard.Guard) {
			caller := g.Caller
			g.Caller = func(r *http.Request) (httpguard.Caller, error) { fail(); return caller(r) }
		},
		"Target": func(g *httpguard.Guard) {
			g.Target = func(r *http.Request, q *evaluate.Request) error {
				err := httpguard.Invoke(api)(r, q)
				if spoil {
					q.Context.Set("shop:Key", condition.String("left behind"))
				}
				fail()
				return err
			}
		},
		"Observe": func(g *httpguard.Guard) { g.Observe = func(*http.Request, *httpguard.Result) { fail() } },
		"Clock":   func(g *httpguard.Guard) { g.Clock = func() time.Time { fail(); return time.Now() } },
	} {
		guard := httpguard.Guard{Caller: always(evaluator(t, s, "wren")), Target: httpguard.Invoke(api)}
		spoils(&guard)
		var n reached
		wrapped := guard.Wrap(&n)
		serve := func() (status int, panicked bool) {
			defer func() { panicked = recover() != nil }()
			w := httptest.NewRecorder()
			wrapped.ServeHTTP(w, httptest.NewRequest("GET", "/orders", nil))
			return w.Code, false
		}
		spoil = true
		if _, panicked := serve(); !panicked || n != 0 {
			t.Errorf("%s: panicked %v, the handler was reached %d times", name, panicked, n)
		}
		spoil = false
		if status, panicked := serve(); panicked || status != 200 || n != 1 {
			t.Errorf("%s, afterwards: status %d, panicked %v", name, status, panicked)
		}
	}
}

// HEAD reaches the handler for GET, and is decided like it.
func TestHeadIsDecidedLikeGet(t *testing.T) {
	s := snapshot(t, "", map[string]string{"wren": `{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"},
		{"Effect": "Deny", "Action": "*", "Resource": "` + prod + `GET/orders"}]}`})
	guard := httpguard.Guard{Caller: always(evaluator(t, s, "wren")), Target: httpguard.Invoke(api)}
	var n reached
	mux := http.NewServeMux()
	mux.Handle("GET /orders", &n)
	if w := serve(&guard, mux, httptest.NewRequest("HEAD", "/orders", nil)); w.Code != 403 || n != 0 {
		t.Errorf("status %d; the handler was reached %d times", w.Code, n)
	}
}

// Observe and Refuse see the result, of every request and of those refused.
func TestObserveAndRefuse(t *testing.T) {
	s := snapshot(t, "", map[string]string{"wren": statement("Allow", "GET/orders", "")})
	var observed []string
	guard := httpguard.Guard{
		Caller: always(evaluator(t, s, "wren")), Target: httpguard.Invoke(api),
		Observe: func(r *http.Request, result *httpguard.Result) {
			observed = append(observed, r.URL.Path+" "+result.Explain().Decision.Outcome.String())
		},
		Refuse: func(w http.ResponseWriter, r *http.Request, status int) {
			result, found := httpguard.FromContext(r.Context())
			if !found || result.Status != status || result.Explain().Action != "execute-api:Invoke" {
				t.Errorf("the result is %+v", result)
			}
			w.WriteHeader(status)
			io.WriteString(w, "<h1>No</h1>")
		},
	}
	serve(&guard, new(reached), httptest.NewRequest("GET", "/orders", nil))
	w := serve(&guard, new(reached), httptest.NewRequest("GET", "/refunds", nil))
	if w.Code != 403 || w.Body.String() != "<h1>No</h1>" {
		t.Errorf("answered %d %s", w.Code, w.Body)
	}
	if got := strings.Join(observed, ", "); got != "/orders Allowed, /refunds ImplicitlyDenied" {
		t.Error(got)
	}
}

// The resource's side comes out of the caller's snapshot, unless Target sets one.
func TestSnapshotGivesTheResource(t *testing.T) {
	allow := statement("Allow", "*", "")
	deny := statement("Deny", "GET/orders", `, "Principal": "*"`)
	s := snapshot(t, deny, map[string]string{"wren": allow, "root": `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`})
	open := snapshot(t, "", map[string]string{"wren": allow})
	bare, err := open.Resource(prod+"GET/orders", "")
	if err != nil {
		t.Fatal(err)
	}
	target := httpguard.Invoke(api)
	for name, c := range map[string]struct {
		snapshot *evaluate.Snapshot
		target   func(*http.Request, *evaluate.Request) error
		status   int
	}{
		"with it":            {s, target, 403},
		"without":            {nil, target, 200},
		"no policy there":    {open, target, 200},
		"Target set another": {s, func(_ *http.Request, q *evaluate.Request) error { return q.SetFor("execute-api:Invoke", bare) }, 200},
		"*":                  {s, func(_ *http.Request, q *evaluate.Request) error { return q.Set("s3:ListAllMyBuckets", "*", "") }, 403},
		"whose account nobody knows": {s, func(_ *http.Request, q *evaluate.Request) error {
			return q.Set("s3:GetObject", "arn:aws:s3:::unknown/key", account)
		}, 500},
	} {
		var n reached
		guard := httpguard.Guard{Target: c.target, Caller: func(*http.Request) (httpguard.Caller, error) {
			return httpguard.Caller{Evaluator: evaluator(t, s, "wren"), Snapshot: c.snapshot}, nil
		}}
		if w := serve(&guard, &n, httptest.NewRequest("GET", "/orders", nil)); w.Code != c.status || (n == 1) != (c.status == 200) {
			t.Errorf("%s: status %d, want %d", name, w.Code, c.status)
		}
	}
	guard := httpguard.Guard{
		Target: func(_ *http.Request, q *evaluate.Request) error { return q.Set("s3:ListAllMyBuckets", "*", "") },
		Caller: func(*http.Request) (httpguard.Caller, error) {
			return httpguard.Caller{Evaluator: evaluator(t, s, "root"), Snapshot: s}, nil
		},
	}
	if w := serve(&guard, new(reached), httptest.NewRequest("GET", "/", nil)); w.Code != 200 {
		t.Errorf("* with a snapshot: status %d", w.Code)
	}
}

// A question that served one request says nothing of it to the next.
func TestQuestionsAreNotShared(t *testing.T) {
	s := snapshot(t, "", map[string]string{"wren": statement("Allow", "GET/orders", `, "Condition": {"StringEquals": {"shop:Key": "v"}}`)})
	side, err := s.Resource(prod+"GET/orders", "")
	if err != nil {
		t.Fatal(err)
	}
	first := true
	guard := httpguard.Guard{
		Caller: always(evaluator(t, s, "wren")),
		Target: func(_ *http.Request, q *evaluate.Request) error {
			if q.Resource != nil || q.Endpoint != nil {
				t.Error("the question has a resource already")
			}
			if _, found := q.Context.Lookup("shop:Key"); found {
				t.Error("the question has a key already")
			}
			if !first {
				return q.Set("execute-api:Invoke", prod+"GET/orders", "")
			}
			first = false
			q.Context.Set("shop:Key", condition.String("v"))
			return q.SetFor("execute-api:Invoke", side)
		},
	}
	wrapped := guard.Wrap(new(reached))
	for at, want := range []int{200, 403, 403} {
		w := httptest.NewRecorder()
		wrapped.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		if w.Code != want {
			t.Errorf("request %d: status %d, want %d", at, w.Code, want)
		}
	}
}

// What a Guard is changed to after Wrap makes no difference.
func TestWrapKeepsTheGuard(t *testing.T) {
	s := snapshot(t, "", map[string]string{"wren": statement("Deny", "GET/*", ""), "ada": statement("Allow", "GET/*", "")})
	guard := httpguard.Guard{Caller: always(evaluator(t, s, "wren")), Target: httpguard.Invoke(api)}
	wrapped := guard.Wrap(new(reached))
	guard.Caller = always(evaluator(t, s, "ada"))
	w := httptest.NewRecorder()
	wrapped.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 403 {
		t.Errorf("status %d", w.Code)
	}
}

func TestRefusal(t *testing.T) {
	reason := errors.New("expired")
	for _, c := range []struct {
		err  httpguard.Refusal
		want string
	}{
		{httpguard.Refusal{Status: 401, Err: reason}, "httpguard: Unauthorized: expired"},
		{httpguard.Refusal{Status: 404}, "httpguard: Not Found"},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	if !errors.Is(&httpguard.Refusal{Err: reason}, reason) {
		t.Error("the reason is not in the error")
	}
}

func TestClockAndChallenge(t *testing.T) {
	s := snapshot(t, "", map[string]string{"wren": statement("Allow", "GET/*", `, "Condition": {
		"DateEquals": {"aws:CurrentTime": "2026-11-24T10:00:00Z"}, "NumericEquals": {"aws:EpochTime": "1795514400"}}`)})
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	guard := httpguard.Guard{Caller: always(evaluator(t, s, "wren")), Target: httpguard.Invoke(api), Clock: func() time.Time { return at }}
	if w := serve(&guard, new(reached), httptest.NewRequest("GET", "/", nil)); w.Code != 200 {
		t.Errorf("status %d", w.Code)
	}
	at = at.Add(time.Second)
	if w := serve(&guard, new(reached), httptest.NewRequest("GET", "/", nil)); w.Code != 403 {
		t.Errorf("a second later: status %d", w.Code)
	}
	guard.Caller, guard.Challenge = always(nil), `Bearer realm="shop"`
	if got := serve(&guard, new(reached), httptest.NewRequest("GET", "/", nil)).Header().Get("WWW-Authenticate"); got != `Bearer realm="shop"` {
		t.Error(got)
	}
}

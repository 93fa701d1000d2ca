package httpguard_test

import (
	"bufio"
	"errors"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/apigateway"
	"github.com/portcullis-iam/portcullis/evaluate/httpguard"
)

// parse reads a request line as the server of net/http does, nil if it does not
// take it.
func parse(line string, headers ...string) *http.Request {
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(line + " HTTP/1.1\r\nHost: shop.example\r\n" + strings.Join(headers, "\r\n") + "\r\n\r\n")))
	if err != nil {
		return nil
	}
	r.RemoteAddr = "192.0.2.7:4711"
	return r
}

// What a request line becomes: the end of an ARN, or the status of a refusal.
// The server itself does not take those of status 0.
func TestMethodOf(t *testing.T) {
	for _, c := range []struct {
		line, want string
		status     int
	}{
		{"GET /", "GET/", 0},
		{"GET /orders", "GET/orders", 0},
		{"GET /orders/", "GET/orders/", 0},
		{"GET /orders/7?admin=true&x=/../y", "GET/orders/7", 0},
		{"POST /orders#x", "POST/orders#x", 0}, // a server gets no fragment: '#' is a character
		{"GET http://other.example/orders", "GET/orders", 0},
		{"GET http://other.example", "GET/", 0},
		{"HEAD /orders", "GET/orders", 0}, // the handler for GET answers it
		{"OPTIONS /orders", "OPTIONS/orders", 0},
		{"PROPFIND /orders", "PROPFIND/orders", 0},
		{"GET /a%20b%C3%A9", "GET/a bé", 0},
		{"GET /*", "GET/*", 0},
		{"GET /%2A", "GET/*", 0},
		{"GET /a%3Fb", "GET/a?b", 0},
		{"GET /${aws:username}", "GET/${aws:username}", 0},
		{"GET /a:b:c", "GET/a:b:c", 0},
		{"GET /...", "GET/...", 0},
		{"GET /.well-known/x", "GET/.well-known/x", 0},
		{"GET /100%25", "GET/100%", 0},
		{"GET /100%25x", "GET/100%x", 0},

		{"GET /a/../admin", "", 400},
		{"GET /a/%2e%2e/admin", "", 400},
		{"GET /a/.%2E/admin", "", 400},
		{"GET /..", "", 400},
		{"GET /a/..", "", 400},
		{"GET /./admin", "", 400},
		{"GET /admin/.", "", 400},
		{"GET //admin", "", 400},
		{"GET /a//admin", "", 400},
		{"GET /admin//", "", 400},
		{"GET //", "", 400},
		{"GET /a%2Fadmin", "", 400},
		{"GET /a%2fadmin", "", 400},
		{"GET /a/..%2fadmin", "", 400},
		{"GET /a%5Cadmin", "", 400},
		{`GET /a\admin`, "", 400},
		{"GET /a%252Fadmin", "", 400},
		{"GET /a%252fadmin", "", 400},
		{"GET /a/%252e%252e/admin", "", 400},
		{"GET /a%255cadmin", "", 400},
		{"GET /a%00", "", 400},
		{"GET /a%0d%0aX", "", 400},
		{"GET /a%7f", "", 400},
		{"GET /a%c2%85b", "", 400}, // a new line, to some
		{"GET /a%ff", "", 400},
		{"GET /%c0%ae%c0%ae/admin", "", 400}, // ".." in too many bytes
		{"get /orders", "", 400},
		{"Get /orders", "", 400},
		{"GET_ /orders", "", 400},
		{"G*T /orders", "", 400},
		{"OPTIONS *", "", 400},
		{"CONNECT shop.example:443", "CONNECT/", 0}, // no path at all
		{"GET /" + strings.Repeat("x", 1600), "", 414},
		{"GET /" + strings.Repeat("x/", 500_000), "", 414},
	} {
		r := parse(c.line)
		if r == nil {
			t.Errorf("%.80s: the server does not take it", c.line)
			continue
		}
		got, err := httpguard.MethodOf(api, r)
		var refusal *httpguard.Refusal
		switch {
		case c.status == 0:
			if err != nil || got.ARN() != prod+c.want {
				t.Errorf("%.80s: %s, %v; want %s", c.line, got, err, prod+c.want)
			}
		case !errors.As(err, &refusal) || refusal.Status != c.status:
			t.Errorf("%.80s: %.80s, %v; want status %d", c.line, got, err, c.status)
		case got != (apigateway.Method{}):
			t.Errorf("%.80s: %.80s comes with an error", c.line, got)
		}
	}
	// The longest path that API Gateway takes.
	longest := strings.Repeat("x", apigateway.MaxMethodARN-len(prod+"GET/"))
	if got, err := httpguard.MethodOf(api, parse("GET /"+longest)); err != nil || got.Path != longest {
		t.Errorf("the longest path: %v", err)
	}
	if _, err := httpguard.MethodOf(api, parse("GET /"+longest+"x")); err == nil {
		t.Error("one character longer is taken")
	}
}

// Nobody gets by a Deny with another spelling of a path, nor with headers that
// some programs obey.
func TestNoWayAroundDeny(t *testing.T) {
	s := snapshot(t, "", map[string]string{"wren": `{"Statement": [
		{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "` + prod + `GET/*"},
		{"Effect": "Deny", "Action": "execute-api:Invoke", "Resource": ["` + prod + `GET/admin", "` + prod + `GET/admin/*"]}]}`})
	guard := httpguard.Guard{Caller: always(evaluator(t, s, "wren")), Target: httpguard.Invoke(api)}
	// Behind the guard stands a handler that is as careless as can be.
	careless := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.ReplaceAll(r.URL.Path, `\`, "/")
		for strings.Contains(path, "//") {
			path = strings.ReplaceAll(path, "//", "/")
		}
		if strings.HasPrefix(path, "/admin") || strings.Contains(path, "../admin") || !strings.EqualFold(r.Method, "GET") {
			w.Header().Set("Reached", "admin")
		}
	})
	wrapped := guard.Wrap(careless)
	for _, line := range []string{
		"GET /admin", "GET /admin/", "GET /admin/x", "GET //admin", "GET /./admin", "GET /x/../admin", "GET /%61dmin", "GET /%2e/admin", "GET /%2Fadmin",
		`GET /\admin`, "GET /x/..%2fadmin", "GET /x/%2e%2e/admin", "GET /x/%2e%2e%5cadmin", "GET http://shop.example/admin", "GET http://evil.example//admin",
		"get /admin", "gEt /x", "POST /x", "DELETE /x", "GET /admin?x", "GET /admin#x/../y", "GET /admin%2F..%2Fx", "GET /admin/%2e%2e/x", "GET /admin%00",
	} {
		for _, header := range []string{"X: y", "X-HTTP-Method-Override: GET", "X-Original-URL: /x", "X-Rewrite-URL: /x", "X-Forwarded-Prefix: /x", "X-Forwarded-Host: evil.example"} {
			w := serveRaw(t, wrapped, line, header)
			if w == nil {
				continue
			}
			if w.Get("Reached") == "admin" {
				t.Errorf("%s, %s: got through", line, header)
			}
		}
	}
	if w := serveRaw(t, wrapped, "GET /x"); w == nil || w.Get("Content-Type") == "application/json" {
		t.Error("nothing gets through at all")
	}
}

func serveRaw(t *testing.T, h http.Handler, line string, headers ...string) http.Header {
	t.Helper()
	r := parse(line, headers...)
	if r == nil {
		return nil
	}
	w := &recorder{header: http.Header{}}
	h.ServeHTTP(w, r)
	return w.header
}

type recorder struct{ header http.Header }

func (w *recorder) Header() http.Header         { return w.header }
func (w *recorder) Write(p []byte) (int, error) { return len(p), nil }
func (w *recorder) WriteHeader(int)             {}

// '*' and '?' in a path are those characters, and are no wildcards.
func TestWildcardsInAPathAreText(t *testing.T) {
	s := snapshot(t, "", map[string]string{"wren": statement("Allow", "GET/files/a1", "")})
	guard := httpguard.Guard{Caller: always(evaluator(t, s, "wren")), Target: httpguard.Invoke(api)}
	for line, want := range map[string]int{
		"GET /files/a1": 200, "GET /files/*": 403, "GET /files/%2A": 403, "GET /files/a%3F": 403, "GET /*": 403, "GET /files/a1*": 403,
	} {
		if w := serve(&guard, new(reached), parse(line)); w.Code != want {
			t.Errorf("%s: status %d, want %d", line, w.Code, want)
		}
	}
}

// Host and query take no part.
func TestHostAndQueryTakeNoPart(t *testing.T) {
	s := snapshot(t, "", map[string]string{"wren": statement("Allow", "GET/orders", "")})
	guard := httpguard.Guard{Caller: always(evaluator(t, s, "wren")), Target: httpguard.Invoke(api)}
	for _, host := range []string{"", "localhost", "other0api.execute-api.eu-west-1.amazonaws.com", "a1b2c3d4e5/prod/GET", "*", "127.0.0.1:1"} {
		r := parse("GET /refunds?path=/orders")
		r.Host = host
		if w := serve(&guard, new(reached), r); w.Code != 403 {
			t.Errorf("host %q: status %d", host, w.Code)
		}
		r = parse("GET /orders?path=/refunds")
		r.Host = host
		if w := serve(&guard, new(reached), r); w.Code != 200 {
			t.Errorf("host %q: status %d", host, w.Code)
		}
	}
}

// Whatever the bytes of a request line: no panic, and a path that is taken is
// the one that the handler sees, without a second reading.
func FuzzMethodOf(f *testing.F) {
	for _, line := range []string{"GET /orders", "GET /a/../b", "GET /a%2Fb", "get /", "OPTIONS *", "HEAD /orders", "GET http://h/p", "GET /%252e", "GET /a//b", "X /\\"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		r := parse(line)
		if r == nil {
			return
		}
		method, err := httpguard.MethodOf(api, r)
		if err != nil {
			return
		}
		asked := r.Method
		if asked == "HEAD" {
			asked = "GET"
		}
		if "/"+method.Path != r.URL.Path && method.Path != r.URL.Path || method.HTTPMethod != asked {
			t.Errorf("%q became %q", line, method)
		}
		if !utf8.ValidString(method.Path) || strings.ContainsAny(method.Path, "\\\x00\r\n") || len(method.ARN()) > apigateway.MaxMethodARN {
			t.Errorf("%q was taken: %q", line, method)
		}
		for at, segment := range strings.Split(method.Path, "/") {
			last := at == strings.Count(method.Path, "/")
			if segment == "." || segment == ".." || segment == "" && !last {
				t.Errorf("%q was taken: %q", line, method)
			}
		}
		if back, err := apigateway.ParseMethodARN(method.ARN()); err != nil || back.Path != method.Path {
			t.Errorf("%q: the ARN %q is that of %q, %v", line, method, back, err)
		}
		var q evaluate.Request
		if err := q.Set(apigateway.Invoke, method.ARN(), ""); err != nil {
			t.Errorf("%q: %v", line, err)
		}
	})
}

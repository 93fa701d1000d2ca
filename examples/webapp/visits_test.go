package main

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// post posts a form without following redirections.
func post(t testing.TB, address string, form url.Values, header http.Header) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header.Clone()
	if request.Header == nil {
		request.Header = http.Header{}
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response
}

func sessionCookie(t testing.TB, response *http.Response) *http.Cookie {
	t.Helper()
	for _, c := range response.Cookies() {
		if c.Name == cookieName {
			return c
		}
	}
	t.Fatalf("status %s, no cookie", response.Status)
	return nil
}

// The cookie is out of reach of scripts and other sites, and signing in never
// takes over one that was there: that somebody else has put there to be signed in
// too.
func TestCookie(t *testing.T) {
	s := start(t, Options{})
	first := sessionCookie(t, post(t, s.URL+"/sign-in", url.Values{"user": {"guest"}}, nil))
	if !first.HttpOnly || first.SameSite != http.SameSiteStrictMode || first.Path != "/" || first.Domain != "" || first.Secure || len(first.Value) < 26 || first.MaxAge <= 0 {
		t.Errorf("the cookie is %+v", first)
	}
	for _, planted := range []string{first.Value, "planted", strings.Repeat("x", 26)} {
		header := http.Header{"Cookie": {cookieName + "=" + planted}}
		second := sessionCookie(t, post(t, s.URL+"/sign-in", url.Values{"user": {"ada"}}, header))
		if second.Value == planted {
			t.Errorf("signing in took over the cookie %q", planted)
		}
		if status := call(t, s, planted); status != 401 {
			t.Errorf("the cookie %q from before signing in: status %d", planted, status)
		}
		if status := call(t, s, second.Value); status != 200 {
			t.Errorf("the new cookie: status %d", status)
		}
		// Signing out ends the visit and not only the cookie.
		gone := sessionCookie(t, post(t, s.URL+"/sign-out", nil, http.Header{"Cookie": {cookieName + "=" + second.Value}}))
		if gone.MaxAge >= 0 || gone.Value != "" || call(t, s, second.Value) != 401 {
			t.Errorf("signed out, the cookie is %+v", gone)
		}
	}
	// With TLS, the cookie goes nowhere without.
	if secure := cookie(httptest.NewRequest("GET", "https://shop.example/", nil), "x", 1); !secure.Secure {
		t.Error("the cookie is not for TLS alone")
	}
}

// Two cookies are as good as none: one of them is somebody else's. Signing in or
// out ends both visits.
func TestTwoCookies(t *testing.T) {
	s := start(t, Options{})
	own := sessionCookie(t, post(t, s.URL+"/sign-in", url.Values{"user": {"ada"}}, nil))
	planted := sessionCookie(t, post(t, s.URL+"/sign-in", url.Values{"user": {"wren"}}, nil))
	both := cookieName + "=" + planted.Value + "; " + cookieName + "=" + own.Value
	if status := post(t, s.URL+"/prod/refunds", nil, http.Header{"Cookie": {both}}).StatusCode; status != 401 {
		t.Errorf("two cookies: status %d", status)
	}
	post(t, s.URL+"/sign-out", nil, http.Header{"Cookie": {both}})
	for _, value := range []string{own.Value, planted.Value} {
		if status := call(t, s, value); status != 401 {
			t.Errorf("signed out: status %d", status)
		}
	}
}

// A connection that a browser keeps ready does not keep the program from ending.
func TestCloseIsQuick(t *testing.T) {
	s, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	idle, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	signIn(t, s, "ada") // by now the server has taken the connection
	began := time.Now()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 3*grace {
		t.Errorf("it took %s", took)
	}
}

// A server that listens on all addresses has one to call it by.
func TestListenEverywhere(t *testing.T) {
	for _, address := range []string{":0", "0.0.0.0:0", "[::]:0"} {
		s, err := Start(Options{Listen: address})
		if err != nil {
			t.Logf("%s: %v", address, err) // without IPv6, perhaps
			continue
		}
		if !strings.HasPrefix(s.URL, "http://localhost:") {
			t.Errorf("%s is called %s", address, s.URL)
		}
		signIn(t, s, "ada")
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// call calls a route with a cookie.
func call(t testing.TB, s *Server, value string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/prod/catalog", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.AddCookie(&http.Cookie{Name: cookieName, Value: value})
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

// Pages of other sites can make no browser change anything.
func TestCrossSiteRequests(t *testing.T) {
	s := start(t, Options{})
	own := sessionCookie(t, post(t, s.URL+"/sign-in", url.Values{"user": {"ada"}}, nil))
	for what, c := range map[string]struct {
		header http.Header
		allow  bool
	}{
		"a browser, from this site":    {http.Header{"Sec-Fetch-Site": {"same-origin"}, "Origin": {s.URL}}, true},
		"a browser, from another site": {http.Header{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}}, false},
		"a browser, from a sibling":    {http.Header{"Sec-Fetch-Site": {"same-site"}, "Origin": {"http://127.0.0.1:1"}}, false},
		"an old browser":               {http.Header{"Origin": {"https://evil.example"}}, false},
		"a sandboxed page":             {http.Header{"Origin": {"null"}}, false},
		"a program":                    {http.Header{}, true},
	} {
		c.header.Set("Cookie", cookieName+"="+own.Value)
		for _, path := range []string{"/sign-in", "/prod/refunds"} {
			status := post(t, s.URL+path, url.Values{"user": {"guest"}}, c.header).StatusCode
			if path == "/sign-in" && status == http.StatusSeeOther { // which has ended the visit
				own = sessionCookie(t, post(t, s.URL+"/sign-in", url.Values{"user": {"ada"}}, nil))
				c.header.Set("Cookie", cookieName+"="+own.Value)
			}
			if (status == 403) == c.allow {
				t.Errorf("%s: POST %s: status %d", what, path, status)
			}
		}
	}
}

// The server does not wait for ever, nor take bodies and forms of any size.
func TestLimits(t *testing.T) {
	s := start(t, Options{})
	if s.http.ReadHeaderTimeout <= 0 || s.http.ReadTimeout <= 0 || s.http.WriteTimeout <= 0 || s.http.IdleTimeout <= 0 || s.http.MaxHeaderBytes <= 0 {
		t.Errorf("a limit is missing: %+v", s.http)
	}
	for _, path := range []string{"/sign-in", "/userpool/token"} {
		response := post(t, s.URL+path, url.Values{"user": {"ada"}, "padding": {strings.Repeat("x", maxBody)}}, nil)
		if response.StatusCode < 400 {
			t.Errorf("POST %s with a long body: status %d", path, response.StatusCode)
		}
	}
	for _, name := range []string{"", "nobody", "ADA", "ada ", "ada\x00", "../ada"} {
		if response := post(t, s.URL+"/sign-in", url.Values{"user": {name}}, nil); response.StatusCode != 401 || len(response.Cookies()) > 0 {
			t.Errorf("signing in as %q: status %d, cookies %v", name, response.StatusCode, response.Cookies())
		}
	}
	for path, want := range map[string]int{"/": 200, "/story": 200, "/style.css": 200, "/script.js": 200, "/nothing": 404, "/page.html": 404, "/prod/catalog": 401, "/prod/": 401, "/prod/nothing": 401} {
		response, err := http.Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("GET %s by nobody: status %d, want %d", path, response.StatusCode, want)
		}
	}
}

// What a client chooses comes back as text, and the page loads nothing from
// elsewhere.
func TestPage(t *testing.T) {
	s := start(t, Options{})
	client := signIn(t, s, "ada")
	if _, err := client.do(t.Context(), "GET /prod/%3Cscript%3Ealert(1)%3C/script%3E", nil); err != nil {
		t.Fatal(err)
	}
	response, err := client.http.Get(s.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	body := string(text)
	if strings.Contains(body, "<script>alert") || !strings.Contains(body, "&lt;script&gt;alert(1)") {
		t.Error("the path is not on the page as text")
	}
	if strings.Contains(body, "src=\"http") || strings.Contains(body, "href=\"http") || strings.Contains(body, "ZgotmplZ") {
		t.Error("the page refers to somewhere else")
	}
	for header, want := range map[string]string{"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"} {
		if got := response.Header.Get(header); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
	if got := response.Header.Get("Content-Security-Policy"); !strings.HasPrefix(got, "default-src 'none'") || strings.Contains(got, "unsafe") {
		t.Errorf("the content security policy is %s", got)
	}
	for _, want := range []string{`<b id="name">ada</b>`, "assumed-role/managers/CognitoIdentityCredentials", "SignedInWithOurPool", "SeeEverything"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// There is room for so many visits, and those that have ended go first.
func TestVisitsAreBounded(t *testing.T) {
	var v visits
	keep := &person{until: time.Now().Add(time.Hour)}
	ended := &person{until: time.Now().Add(-time.Second)}
	r := httptest.NewRequest("POST", "/sign-in", nil)
	first := httptest.NewRecorder()
	v.begin(first, r, keep)
	for range maxVisits - 1 {
		v.begin(httptest.NewRecorder(), r, ended)
	}
	v.begin(httptest.NewRecorder(), r, keep)
	if len(v.all) >= maxVisits || v.all[first.Result().Cookies()[0].Value] == nil {
		t.Errorf("%d visits are left, or a visit that goes on is not among them", len(v.all))
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range maxVisits / 2 {
				v.begin(httptest.NewRecorder(), r, keep)
			}
		})
	}
	all.Wait()
	if len(v.all) > maxVisits {
		t.Errorf("there are %d visits", len(v.all))
	}
	one := &visit{person: keep}
	for range 3 * maxCalls {
		one.record(&Call{})
	}
	if got := len(one.latest()); got != maxCalls {
		t.Errorf("%d calls are remembered, want %d", got, maxCalls)
	}
}

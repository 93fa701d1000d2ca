package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// start starts the program as its own listener serves it.
func start(t testing.TB, o Options) *Server {
	t.Helper()
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// signIn gives a client that has signed in.
func signIn(t testing.TB, s *Server, name string) *client {
	t.Helper()
	c, err := newClient(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	if status, err := c.do(t.Context(), "POST /sign-in", url.Values{"user": {name}}); err != nil || status != 200 {
		t.Fatalf("signing in as %s: status %d, %v", name, status, err)
	}
	return c
}

// The nine outcomes: the status that the caller sees, and what decided.
var outcomes = []struct {
	name, route string
	status      int
	outcome     string
	statement   string
	where       string // or what is to be read in the reason, if no statement decided
}{
	{"ada", "GET /prod/catalog", 200, "Allowed", "SeeEverything", "roles/managers/RunTheShop.json:4:5"},
	{"ada", "GET /prod/orders", 200, "Allowed", "SeeEverything", "roles/managers/RunTheShop.json:4:5"},
	{"ada", "POST /prod/refunds", 200, "Allowed", "RefundFromTheShop", "roles/managers/RunTheShop.json:10:5"},
	{"wren", "GET /prod/catalog", 200, "Allowed", "OwnTeam", "roles/clerks/WorkAtTheCounter.json:4:5"},
	{"wren", "GET /prod/orders", 200, "Allowed", "OwnTeam", "roles/clerks/WorkAtTheCounter.json:4:5"},
	{"wren", "POST /prod/refunds", 403, "ExplicitlyDenied", "NoRefunds", "roles/clerks/WorkAtTheCounter.json:13:5"},
	{"guest", "GET /prod/catalog", 200, "Allowed", "LookAround", "roles/guests/Browse.json:4:5"},
	{"guest", "GET /prod/orders", 403, "ImplicitlyDenied", "", "no identity-based policy allows it"},
	{"guest", "POST /prod/refunds", 403, "ExplicitlyDenied", "NoRefundsToGuests", "apis/shop42.json:4:5"},
}

func TestNineOutcomes(t *testing.T) {
	s := start(t, Options{})
	for _, c := range outcomes {
		t.Run(c.name+" "+c.route, func(t *testing.T) {
			client := signIn(t, s, c.name)
			status, err := client.do(t.Context(), c.route, nil)
			if err != nil || status != c.status {
				t.Errorf("status %d, %v; want %d", status, err, c.status)
			}
			story, err := client.story(t.Context())
			if err != nil || len(story.Calls) != 1 || story.Calls[0].Decision == nil {
				t.Fatalf("the story has calls %+v, %v", story.Calls, err)
			}
			call := story.Calls[0]
			d := call.Decision
			if call.Status != c.status || d.Outcome != c.outcome || d.Statement != c.statement || d.Allowed != (c.status == 200) {
				t.Errorf("call %d, decision %s by %q; want %d, %s by %q", call.Status, d.Outcome, d.Statement, c.status, c.outcome, c.statement)
			}
			if c.statement != "" && d.Where != c.where || c.statement == "" && d.Reason != c.where {
				t.Errorf("decided by %s %q, want %s", d.Where, d.Reason, c.where)
			}
			if !strings.Contains(d.Explanation, c.statement) || !strings.Contains(d.Explanation, "execute-api:Invoke") {
				t.Errorf("the explanation is\n%s", d.Explanation)
			}
		})
	}
}

// Who the callers became, by which decisions.
func TestWhoTheyBecame(t *testing.T) {
	s := start(t, Options{})
	for name, want := range map[string][]string{
		"ada": {"User pool", "Identity pool", "sts:AssumeRoleWithWebIdentity Allowed SignedInWithOurPool", "sts:TagSession Allowed SignedInWithOurPool", "Session",
			"ec2:RunInstances ImplicitlyDenied no identity-based policy allows it"},
		"wren": {"User pool", "Identity pool", "sts:AssumeRoleWithWebIdentity Allowed SignedInWithOurPool", "sts:TagSession Allowed SignedInWithOurPool", "Session",
			"ec2:RunInstances ImplicitlyDenied no identity-based policy allows it"},
		// The role of guests allows ec2:*; Cognito does not.
		"guest": {"Guest", "Identity pool", "sts:AssumeRoleWithWebIdentity Allowed GuestsOfOurPool", "Session", "ec2:RunInstances ImplicitlyDenied no session policy allows it"},
	} {
		story, err := signIn(t, s, name).story(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		role := map[string]string{"ada": "managers", "wren": "clerks", "guest": "guests"}[name]
		if story.Name != name || story.Became != "arn:aws:sts::111122223333:assumed-role/"+role+"/CognitoIdentityCredentials" {
			t.Errorf("%s is %s and became %s", name, story.Name, story.Became)
		}
		var got []string
		for _, step := range story.Steps {
			line := step.Title
			if d := step.Decision; d != nil {
				line += " " + d.Outcome + " " + d.Statement
				if d.Statement == "" {
					line += d.Reason
				}
			}
			got = append(got, line)
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: steps\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// What the function behind GET /prod/orders may do, whoever calls it.
func TestFunction(t *testing.T) {
	s := start(t, Options{})
	client := signIn(t, s, "wren")
	if _, err := client.do(t.Context(), "GET /prod/orders", nil); err != nil {
		t.Fatal(err)
	}
	story, err := client.story(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, step := range story.Calls[0].Function {
		got = append(got, fmt.Sprintf("%s by %s: %s %s", step.Title, step.Decision.Principal, step.Decision.Outcome, step.Decision.Statement))
	}
	const session = "arn:aws:sts::111122223333:assumed-role/orders-report/orders-report"
	want := []string{
		"sts:AssumeRole by lambda.amazonaws.com: Allowed Lambda",
		"dynamodb:Query by " + session + ": Allowed ReadOrders",
		"logs:PutLogEvents by " + session + ": Allowed WriteLogs",
		"ec2:RunInstances by " + session + ": ImplicitlyDenied ",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the function\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Answers to denied calls say nothing of policies.
func TestDenialsSayNothing(t *testing.T) {
	s := start(t, Options{})
	for name, want := range map[string]string{"guest": `{"message":"Forbidden"}`, "": `{"message":"Unauthorized"}`} {
		client, err := newClient(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		if name != "" {
			client = signIn(t, s, name)
		}
		response, err := client.http.Post(s.URL+"/prod/refunds", "text/plain", nil)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if got := strings.TrimSpace(string(body)); got != want {
			t.Errorf("%q gets %s, want %s", name, got, want)
		}
	}
}

// Paths in disguise, methods and hosts that are none: nothing of it reaches a
// route that wren may not call.
func TestPathsInDisguise(t *testing.T) {
	s := start(t, Options{})
	client := signIn(t, s, "wren")
	client.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, c := range []struct{ method, path, host string }{
		{"POST", "/prod//refunds", ""}, {"POST", "/prod/./refunds", ""}, {"POST", "/prod/catalog/../refunds", ""}, {"POST", "/prod/%72efunds", ""},
		{"POST", "/prod/catalog%2F..%2Frefunds", ""}, {"POST", "/prod%2Frefunds", ""}, {"POST", "/prod/%2e%2e/prod/refunds", ""}, {"POST", "/prod/refunds%00", ""},
		{"post", "/prod/refunds", ""}, {"PoSt", "/prod/refunds", ""}, {"POST", "/prod/refunds", "other.example"}, {"POST", "/prod/refunds?x=/catalog", ""},
		{"POST", "/prod/" + strings.Repeat("x", 2000), ""}, {"POST", "/prod/" + strings.Repeat("../", 200) + "refunds", ""}, {"POST", `/prod/\refunds`, ""},
	} {
		request, err := http.NewRequestWithContext(t.Context(), c.method, s.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.URL.Opaque = strings.TrimPrefix(s.URL, "http:") + c.path // as it stands
		request.Host = c.host
		response, err := client.http.Do(request)
		if err != nil {
			continue // the client itself does not send it
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode == 200 || bytes.Contains(body, []byte("paid")) {
			t.Errorf("%s %.60s at %q: status %d", c.method, c.path, c.host, response.StatusCode)
		}
	}
}

// An edit of a policy is in force without a restart, for sessions that there are
// already too.
func TestPoliciesAreFollowed(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "policies")
	s := start(t, Options{Policies: folder, Interval: -1})
	client := signIn(t, s, "wren")
	expect := func(want int) {
		t.Helper()
		if status, err := client.do(t.Context(), "POST /prod/refunds", nil); err != nil || status != want {
			t.Errorf("status %d, %v; want %d", status, err, want)
		}
	}
	expect(403)
	name := filepath.Join(folder, "roles", "clerks", "WorkAtTheCounter.json")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(name, strings.Replace(string(text), `"Effect": "Deny"`, `"Effect": "Allow"`, 1))
	if err := s.app.policies.Reload(); err != nil {
		t.Fatal(err)
	}
	expect(200)
	write(name, `{"Statement": {"Effect": "Deny", "Action": "*", "Resource": `)
	if err := s.app.policies.Reload(); err == nil {
		t.Error("nonsense is taken")
	}
	expect(200) // the last good set
	write(name, string(text))
	if err := s.app.policies.Reload(); err != nil {
		t.Fatal(err)
	}
	expect(403)
	// A role that trusts nobody any more.
	write(filepath.Join(folder, "roles", "clerks", "trust.json"), `{"Version": "2012-10-17", "Statement": [{"Sid": "Nobody", "Effect": "Deny", "Principal": "*", "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]}]}`)
	if err := s.app.policies.Reload(); err != nil {
		t.Fatal(err)
	}
	if status, err := client.do(t.Context(), "GET /prod/catalog", nil); err != nil || status != 403 {
		t.Errorf("with a role that trusts nobody: status %d, %v", status, err)
	}
	story, err := client.story(t.Context())
	if err != nil || story.Became != "" || len(story.Steps) != 4 {
		t.Errorf("the story is %+v, %v", story, err)
	}
	for _, step := range story.Steps {
		if d := step.Decision; d != nil && (d.Allowed || d.Statement != "Nobody" || d.Where != "roles/clerks/trust.json:1:41") {
			t.Errorf("the step is %+v", d)
		}
	}
}

// Sets that have no errors, but are only half there, are not put in force.
func TestHalfASetIsRefused(t *testing.T) {
	for _, gone := range []string{"roles/clerks", "roles/clerks/WorkAtTheCounter.json", "roles/guests/trust.json", "apis/shop42.json", "roles"} {
		folder := filepath.Join(t.TempDir(), "policies")
		s := start(t, Options{Policies: folder, Interval: -1})
		if err := os.RemoveAll(filepath.Join(folder, filepath.FromSlash(gone))); err != nil {
			t.Fatal(err)
		}
		if err := s.app.policies.Reload(); err == nil {
			t.Errorf("a set without %s is taken", gone)
		}
	}
}

var update = flag.Bool("update", false, "write testdata/walk.txt")

// The walk prints what it printed before, and the README shows its end.
func TestWalk(t *testing.T) {
	var out, diagnostics bytes.Buffer
	if err := run(t.Context(), []string{"-walk"}, &out, &diagnostics); err != nil {
		t.Fatal(err)
	}
	if diagnostics.Len() > 0 {
		t.Errorf("the walk complains: %s", &diagnostics)
	}
	golden := filepath.Join("testdata", "walk.txt")
	if *update {
		if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		t.Errorf("the walk prints\n%s\nand not what is in %s; if that is right, run the test with -update", &out, golden)
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(out.String(), "three routes each:\n\n")
	if table == "" || !strings.Contains(string(readme), table) {
		t.Errorf("the README does not show the table\n%s", table)
	}
}

// The program serves until it is told to end, and refuses what it does not know.
func TestRun(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	var out, diagnostics bytes.Buffer
	folder := filepath.Join(t.TempDir(), "p")
	if err := run(ctx, []string{"-policies", folder}, &out, &diagnostics); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.Contains(got, "http://127.0.0.1:") || !strings.Contains(got, folder) {
		t.Errorf("it prints %q", got)
	}
	if _, err := os.Stat(filepath.Join(folder, "apis", "shop42.json")); err != nil {
		t.Error(err)
	}
	for _, arguments := range [][]string{{"-nonsense"}, {"x"}, {"-listen", "nowhere:x"}, {"-policies", "go.mod"}} {
		if err := run(t.Context(), arguments, io.Discard, io.Discard); err == nil {
			t.Errorf("%v is taken", arguments)
		}
	}
}

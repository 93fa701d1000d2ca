package main

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/portcullis-iam/portcullis/evaluate/hotreload"
)

var (
	loadTime    = flag.Duration("load", 2*time.Second, "how long TestLoad goes on; 30s is thorough")
	loadClients = flag.Int("clients", 1000, "how many clients TestLoad has at the same time")
)

// A thousand clients call all routes as all callers, some with bad tokens, while
// the policies are edited into nonsense and back. Every single request is
// answered, and as it should be: nobody is let in who should not be, and nobody is
// turned away. Run it with the race detector.
func TestLoad(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "policies")
	var swapped, refused atomic.Int64
	s := start(t, Options{Policies: folder, Interval: 20 * time.Millisecond, Reloaded: func(event hotreload.Event) {
		if event.Swapped {
			swapped.Add(1)
		} else if event.Err != nil {
			refused.Add(1)
		}
	}})
	asks := questions(t, s)
	transport := &http.Transport{MaxIdleConnsPerHost: *loadClients, MaxIdleConns: *loadClients}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: time.Minute}

	stop := make(chan struct{})
	var asking, editing sync.WaitGroup
	editing.Go(func() { editPolicies(t, folder, stop) })
	var answered atomic.Int64
	began := time.Now()
	for at := range *loadClients {
		asking.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(at)))
			for {
				ask := asks[random.IntN(len(asks))]
				if err := ask.check(client, s.URL); err != nil {
					t.Errorf("after %s: %v", time.Since(began), err)
					return
				}
				answered.Add(1)
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	const enough = 3 // sets of either kind; a machine that is busy needs longer for them
	for time.Since(began) < *loadTime || swapped.Load() < enough || refused.Load() < enough {
		if time.Since(began) > *loadTime+time.Minute {
			t.Error("nothing is edited under load")
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	close(stop)
	asking.Wait()
	editing.Wait()
	if answered.Load() < int64(*loadClients) {
		t.Errorf("%d requests were answered, fewer than one for each client", answered.Load())
	}
	t.Logf("%d requests of %d clients in %s, all answered as they should be; %d sets of policies put in force, %d refused",
		answered.Load(), *loadClients, time.Since(began).Round(time.Millisecond), swapped.Load(), refused.Load())
}

// A loadQuestion is a request with the one answer that is right.
type loadQuestion struct {
	what, method, path string
	header             http.Header
	status             int
}

func (q loadQuestion) check(client *http.Client, address string) error {
	request, err := http.NewRequest(q.method, address+q.path, nil)
	if err != nil {
		return err
	}
	request.Header = q.header
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("%s: lost: %w", q.what, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("%s: lost: %w", q.what, err)
	}
	if response.StatusCode != q.status {
		return fmt.Errorf("%s: status %d, want %d: %s", q.what, response.StatusCode, q.status, body)
	}
	return nil
}

// questions are those of the nine outcomes, by cookie and by token, and those
// with bad tokens.
func questions(t *testing.T, s *Server) []loadQuestion {
	var asks []loadQuestion
	for range 5 { // visits
		headers := map[string][]http.Header{}
		for _, name := range walkers {
			own := sessionCookie(t, post(t, s.URL+"/sign-in", map[string][]string{"user": {name}}, nil))
			headers[name] = append(headers[name], http.Header{"Cookie": {cookieName + "=" + own.Value}})
			if u, found := s.app.users.user(name); found {
				token, err := s.app.users.sign(u.Alg, s.app.users.claims(u))
				if err != nil {
					t.Fatal(err)
				}
				headers[name] = append(headers[name], http.Header{"Authorization": {"Bearer " + token}})
			}
		}
		for _, c := range outcomes {
			method, path, _ := strings.Cut(c.route, " ")
			for _, header := range headers[c.name] {
				asks = append(asks, loadQuestion{c.name + " " + c.route, method, path, header, c.status})
			}
		}
	}
	for why, token := range badTokens(t, s) {
		asks = append(asks, loadQuestion{"a token " + why, "GET", "/prod/catalog", http.Header{"Authorization": {"Bearer " + token}}, 401})
	}
	return append(asks, loadQuestion{"nobody", "GET", "/prod/catalog", http.Header{}, 401},
		loadQuestion{"a made-up cookie", "GET", "/prod/catalog", http.Header{"Cookie": {cookieName + "=" + strings.Repeat("A", 26)}}, 401})
}

// editPolicies edits the policies into nonsense and back until it is told to
// stop. No state in between would be right to put in force, but for those that
// say the same in other words.
func editPolicies(t *testing.T, folder string, stop <-chan struct{}) {
	const everything = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]`
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, filepath.FromSlash(name)), []byte(text), 0o644); err != nil {
			t.Error(err)
		}
	}
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
		if err != nil {
			t.Error(err)
		}
		return string(text)
	}
	names := []string{"roles/clerks/WorkAtTheCounter.json", "roles/guests/Browse.json", "roles/clerks/trust.json", "apis/shop42.json"}
	original := map[string]string{}
	for _, name := range names {
		original[name] = read(name)
	}
	rest := func() bool {
		select {
		case <-stop:
			return false
		case <-time.After(30 * time.Millisecond):
			return true
		}
	}
	for round := 0; ; round++ {
		name := names[round%len(names)]
		good := original[name]
		for at, text := range []string{
			good + strings.Repeat(" ", round%7+1), // the same in other words: put in force
			everything,                            // without its end
			good[:len(good)/2],
			"",
			"\x00\xff nonsense",
			strings.Replace(good, `"Effect": "Deny"`, `"Effect": "deny"`, 1) + "x",
			strings.Replace(good, `"Action"`, `"Actions"`, 1),
			`{"Version": "2012-10-17", "Statement": ` + strings.Repeat("[", 100_000),
		} {
			write(name, text)
			if !rest() {
				return
			}
			if at == 0 {
				continue
			}
			write("unknown.json", "{}")
			if !rest() {
				return
			}
			if err := os.Remove(filepath.Join(folder, "unknown.json")); err != nil {
				t.Error(err)
			}
		}
		// A file, and a folder, that are gone for a while.
		for _, gone := range []string{filepath.Join(folder, filepath.FromSlash(name)), filepath.Join(folder, "roles"), folder} {
			write(name, good)
			if err := os.Rename(gone, gone+".gone"); err != nil {
				t.Error(err)
			}
			more := rest()
			if err := os.Rename(gone+".gone", gone); err != nil {
				t.Error(err)
			}
			if !more || !rest() {
				return
			}
		}
	}
}

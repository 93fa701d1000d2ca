package main

import (
	"bytes"
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// driver is added to the script of the page: it presses the buttons one after
// the other, as a visitor would, over the loads of the page that they cause.
const driver = `
{
  const buttons = ["button[value=wren]", "form[action='/prod/catalog'] button", "form[action='/prod/orders'] button", "form[action='/prod/refunds'] button"];
  const at = Number(sessionStorage.getItem("at") || 0);
  if (at < buttons.length) {
    sessionStorage.setItem("at", at + 1);
    document.querySelector(buttons[at]).click();
  } else {
    document.documentElement.dataset.pressed = at;
  }
}
`

// The page in a real browser: signing in and calling the routes by its buttons
// leads to a page that tells it all.
func TestBrowser(t *testing.T) {
	var browser string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless-shell"} {
		if found, err := exec.LookPath(name); err == nil {
			browser = found
			break
		}
	}
	if browser == "" {
		t.Skip("no chromium, chromium-browser or google-chrome is installed here")
	}
	s := start(t, Options{})
	script, err := fs.ReadFile(pageFiles, "page/script.js")
	if err != nil {
		t.Fatal(err)
	}
	site := s.app.handler()
	driven := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/script.js" {
			site.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write(append(script, driver...))
	}))
	defer driven.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
		"--user-data-dir="+t.TempDir(), "--virtual-time-budget=20000", "--dump-dom", driven.URL+"/")
	var complaints bytes.Buffer
	command.Stderr = &complaints
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", browser, err, &complaints)
	}
	dom := string(out)
	if !strings.Contains(dom, `data-pressed="4"`) {
		t.Fatalf("not all buttons were pressed; the page is\n%s", dom)
	}
	for _, want := range []string{
		`<b id="name">wren</b>`,
		`<code id="became">arn:aws:sts::111122223333:assumed-role/clerks/CognitoIdentityCredentials</code>`,
		"roles/clerks/trust.json:4:5",                // who let wren become a clerk
		"roles/clerks/WorkAtTheCounter.json:4:5",     // what let wren see the orders
		"roles/clerks/WorkAtTheCounter.json:13:5",    // what denied the refund
		"roles/orders-report/ReadOrdersTable.json:4", // what let the function read
		"POST /prod/refunds</code>",
		"answered 403",
	} {
		if !strings.Contains(dom, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	// Sheet and script count: nothing was kept back by the security policy.
	if calls := regexp.MustCompile(`<span class="status">answered \d+</span>`).FindAllString(dom, -1); len(calls) != 3 {
		t.Errorf("the page shows %d calls: %v", len(calls), calls)
	}
}

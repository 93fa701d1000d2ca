package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

//go:embed page/page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// servePage shows the page.
func (a *app) servePage(w http.ResponseWriter, r *http.Request) {
	var body bytes.Buffer
	if err := page.Execute(&body, a.story(a.visits.of(r))); err != nil {
		a.internal(w, err)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Frame-Options", "DENY")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	_, _ = w.Write(body.Bytes()) // the client may have gone
}

// serveStory gives what the page shows, for programs.
func (a *app) serveStory(w http.ResponseWriter, r *http.Request) {
	answer(w, a.story(a.visits.of(r)))
}

// serveSignIn begins a visit: POST user=NAME, or user=guest.
func (a *app) serveSignIn(w http.ResponseWriter, r *http.Request) {
	name := r.PostFormValue("user")
	p := a.guest()
	if name != "guest" {
		token, err := a.signIn(r.Context(), name)
		if err == nil {
			p, err = a.verify(r.Context(), token)
		}
		if err != nil {
			if a.logger != nil {
				a.logger.Info("sign-in refused", "error", err)
			}
			http.Error(w, "The sign-in was refused.", http.StatusUnauthorized)
			return
		}
	}
	a.visits.begin(w, r, p)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// signIn asks the user pool for a token.
func (a *app) signIn(ctx context.Context, name string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.tokenURL, strings.NewReader(url.Values{"user": {name}}.Encode()))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("the user pool answers %s", response.Status)
	}
	var signed struct {
		IDToken string `json:"id_token"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, 2*maxToken)).Decode(&signed); err != nil {
		return "", err
	}
	if signed.IDToken == "" {
		return "", errors.New("the user pool gives no token")
	}
	return signed.IDToken, nil
}

func (a *app) serveSignOut(w http.ResponseWriter, r *http.Request) {
	a.visits.end(w, r)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (a *app) internal(w http.ResponseWriter, err error) {
	if a.logger != nil {
		a.logger.Error("internal error", "error", err)
	}
	http.Error(w, "Something went wrong.", http.StatusInternalServerError)
}

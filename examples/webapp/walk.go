package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"
)

// The callers and the routes of the walk.
var (
	walkers = []string{"ada", "wren", "guest"}
	routes  = []string{"GET /prod/catalog", "GET /prod/orders", "POST /prod/refunds"}
)

// walk signs in as two users and as a guest, calls three routes as each, and
// prints what came of it and why. It does what a browser would do, over HTTP.
func walk(ctx context.Context, address string, out io.Writer) error {
	table := new(strings.Builder)
	columns := tabwriter.NewWriter(table, 0, 0, 2, ' ', 0)
	for _, name := range walkers {
		client, err := newClient(address)
		if err != nil {
			return err
		}
		if status, err := client.do(ctx, "POST /sign-in", url.Values{"user": {name}}); err != nil || status != http.StatusOK {
			return fmt.Errorf("signing in as %s: status %d, %w", name, status, err)
		}
		for _, route := range routes {
			if _, err := client.do(ctx, route, nil); err != nil {
				return err
			}
		}
		story, err := client.story(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s\n", name)
		for _, step := range story.Steps {
			printStep(out, "  ", step)
		}
		for at := len(story.Calls) - 1; at >= 0; at-- { // the latest is the first
			call := story.Calls[at]
			fmt.Fprintf(out, "  %s answered %d\n", call.Request, call.Status)
			if d := call.Decision; d != nil {
				printDecision(out, "    ", d)
				fmt.Fprintf(columns, "%s\t%s\t%d\t%s\t%s\n", name, call.Request, call.Status, d.Outcome, because(d))
			}
			if len(call.Function) > 0 {
				fmt.Fprintln(out, "    the function behind the route:")
			}
			for _, step := range call.Function {
				printStep(out, "      ", step)
			}
		}
		fmt.Fprintln(out)
	}
	if err := columns.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "Two users and a guest, three routes each:\n\n%s", table)
	return err
}

// because is the reason of a decision in a few words.
func because(d *Decision) string {
	if d.Statement == "" {
		return d.Reason
	}
	return d.Statement + ", " + d.Where
}

func printStep(out io.Writer, indent string, step Step) {
	line := step.Title
	if step.Decision != nil {
		line += " on " + step.Decision.Resource
	}
	if step.Text != "" {
		line += ": " + step.Text
	}
	fmt.Fprintf(out, "%s%s\n", indent, line)
	if step.Decision != nil {
		printDecision(out, indent+"  ", step.Decision)
	}
}

func printDecision(out io.Writer, indent string, d *Decision) {
	fmt.Fprintf(out, "%s%s %s", indent, d.Outcome, d.Reason)
	if d.Where != "" {
		fmt.Fprintf(out, " [%s]", d.Where)
	}
	fmt.Fprintln(out)
}

// A client is a browser without a window: it keeps cookies.
type client struct {
	address string
	http    *http.Client
}

func newClient(address string) (*client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	return &client{address, &http.Client{Jar: jar, Timeout: 30 * time.Second}}, nil
}

// do makes a request, written as METHOD PATH, with a form, and gives the status.
func (c *client) do(ctx context.Context, what string, form url.Values) (int, error) {
	method, path, _ := strings.Cut(what, " ")
	request, err := http.NewRequestWithContext(ctx, method, c.address+path, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := c.http.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return response.StatusCode, err
}

// story gets what the page would show.
func (c *client) story(ctx context.Context) (Story, error) {
	var story Story
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.address+"/story", nil)
	if err != nil {
		return story, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return story, err
	}
	defer response.Body.Close()
	return story, json.NewDecoder(response.Body).Decode(&story)
}

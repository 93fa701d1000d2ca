// Webapp is a small shop on the web in which access is decided as AWS would:
// users sign in to a user pool, an identity pool turns them into sessions of
// roles, an API's routes are guarded by execute-api:Invoke, and a function behind
// a route acts under its execution role. It needs no AWS account and no
// configuration:
//
//	go run .          serves, and prints the address
//	go run . -walk    walks through it over HTTP, prints what happened and why, and ends
//
// The user pool is part of the program, with real keys and real tokens; the
// tokens are verified with github.com/coreos/go-oidc. portcullis itself never
// verifies a signature.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "webapp:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string, out, diagnostics io.Writer) error {
	flags := flag.NewFlagSet("webapp", flag.ContinueOnError)
	flags.SetOutput(diagnostics)
	listen := flags.String("listen", "127.0.0.1:0", "`address` to listen on; port 0 is any free one")
	policies := flags.String("policies", "", "`directory` of the policies, followed while the program runs; if it is empty or does not exist, the built-in ones are copied there")
	interval := flags.Duration("interval", time.Second, "how often to look for changed policies")
	walking := flags.Bool("walk", false, "walk through the program over HTTP, print what happened and why, and end")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	logger := slog.New(slog.NewTextHandler(diagnostics, nil))
	if *walking {
		logger = nil // the walk says what was denied, and why
	}
	server, err := Start(Options{Listen: *listen, Policies: *policies, Interval: *interval, Logger: logger})
	if err != nil {
		return err
	}
	defer server.Close()
	if *walking {
		return walk(ctx, server.URL, out)
	}
	fmt.Fprintf(out, "The shop is open at %s (Ctrl-C closes it).\n", server.URL)
	if *policies != "" {
		fmt.Fprintf(out, "Edit the policies in %s and see what changes.\n", *policies)
	}
	<-ctx.Done()
	return nil
}

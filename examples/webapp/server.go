package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/portcullis-iam/portcullis/evaluate/hotreload"
)

// Options say how the program runs. The zero Options listen on any free local
// port and use the built-in policies.
type Options struct {
	Listen   string        // address; "" is 127.0.0.1:0
	Policies string        // directory of the policies; "" for the built-in ones
	Interval time.Duration // between looks at the policies; 0 is that of hotreload
	Logger   *slog.Logger  // nil logs nothing
	Reloaded func(hotreload.Event)
}

// A Server is the running program.
type Server struct {
	URL   string // without a slash at the end
	app   *app
	http  *http.Server
	ended chan struct{}
}

// maxBody bounds the body of every request; the largest is a form with one field.
const maxBody = 4 << 10

// Start starts the program and returns when it answers.
func Start(o Options) (*Server, error) {
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	policies, err := watchPolicies(o)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", o.Listen)
	if err != nil {
		policies.Close()
		return nil, err
	}
	url := "http://" + reachable(listener.Addr())
	app, err := newApp(url, policies, o.Logger)
	if err != nil {
		listener.Close()
		policies.Close()
		return nil, err
	}
	s := &Server{URL: url, app: app, ended: make(chan struct{}), http: &http.Server{
		Handler:           app.handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       20 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    32 << 10,
	}}
	if o.Logger != nil {
		s.http.ErrorLog = slog.NewLogLogger(o.Logger.Handler(), slog.LevelWarn)
	}
	go func() {
		defer close(s.ended)
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) && o.Logger != nil {
			o.Logger.Error("server ended", "error", err)
		}
	}()
	return s, nil
}

// reachable is an address under which a listener can be called from here, also if
// it listens on all addresses.
func reachable(listening net.Addr) string {
	address := listening.String()
	if at, err := netip.ParseAddrPort(address); err == nil && at.Addr().IsUnspecified() {
		return net.JoinHostPort("localhost", strconv.Itoa(int(at.Port())))
	}
	return address
}

// grace is how long requests that have begun are waited for.
const grace = time.Second

// Close answers the requests that have begun and ends. Connections without a
// request, which browsers keep ready, do not hold it up for longer than the grace.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.http.Close()
	}
	<-s.ended
	return errors.Join(err, s.app.policies.Close())
}

package iamtest_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// A fake is a test that keeps what is reported to it.
type fake struct {
	testing.TB
	text  strings.Builder
	ended bool
}

func (f *fake) Helper() {}

func (f *fake) Logf(format string, arguments ...any) { f.say("log", format, arguments) }

func (f *fake) Errorf(format string, arguments ...any) { f.say("error", format, arguments) }

func (f *fake) Fatalf(format string, arguments ...any) {
	f.say("fatal", format, arguments)
	f.ended = true
	runtime.Goexit()
}

func (f *fake) say(what, format string, arguments []any) {
	fmt.Fprintf(&f.text, what+": "+format+"\n", arguments...)
}

// reported runs a test and gives what it reported.
func reported(test func(t testing.TB)) string {
	f := new(fake)
	done := make(chan struct{})
	go func() {
		defer close(done)
		test(f)
	}()
	<-done
	return f.text.String()
}

//go:build !unix

package main

import "time"

// cpuTime is the time on the wall where there is no getrusage: figures are then
// good only on a machine that does nothing else.
func cpuTime() time.Duration { return time.Since(started) }

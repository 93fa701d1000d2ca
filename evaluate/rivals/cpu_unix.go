//go:build unix

package main

import (
	"syscall"
	"time"
)

// cpuTime is the CPU time that this process has used. Unlike the time on the wall
// it says something on a machine that others use too.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return time.Since(started) // no system that has getrusage refuses this call
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

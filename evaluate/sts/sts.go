package sts

import (
	"sync"
	"time"

	"github.com/portcullis-iam/portcullis/evaluate"
)

// An STS derives sessions from one [evaluate.Snapshot]. What it makes ready of
// roles and session policies it keeps, so that deriving the next session of a
// role compiles nothing.
//
// It is safe for any number of goroutines and takes no lock once a role is
// ready. When the snapshot is replaced, make another; sessions made before keep
// the policies that they were made with. The zero STS is that of an empty
// directory: it finds nobody.
type STS struct {
	snapshot *evaluate.Snapshot
	clock    func() time.Time
	kept     *kept
}

// kept is what is made ready once. STS of different clocks share it.
type kept struct {
	roles    sync.Map // role ARN to *role
	managed  sync.Map // ARN of a managed policy to principal.Attachment
	policies policyCache
}

// New makes an STS over a snapshot; nil means that of an empty directory. It
// costs nothing.
func New(snapshot *evaluate.Snapshot) *STS {
	if snapshot == nil {
		snapshot = new(evaluate.Snapshot)
	}
	return &STS{snapshot: snapshot, clock: time.Now, kept: new(kept)}
}

// WithClock gives an STS that takes the time from the function, which must be
// safe for the goroutines that call it. It shares what s has made ready. The
// time is asked for once for each session. Without a clock, or with nil, it is
// [time.Now].
func (s *STS) WithClock(clock func() time.Time) *STS {
	if clock == nil {
		clock = time.Now
	}
	other := *s.orEmpty()
	other.clock = clock
	return &other
}

// Snapshot is the snapshot that sessions are derived from.
func (s *STS) Snapshot() *evaluate.Snapshot { return s.orEmpty().snapshot }

// orEmpty is the STS of an empty directory in the place of a zero one.
func (s *STS) orEmpty() *STS {
	if s == nil || s.kept == nil {
		return New(nil)
	}
	return s
}

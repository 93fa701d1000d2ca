package evaluate_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/portcullis-iam/portcullis/evaluate"
)

// A meeting is a context that counts who asks it whether to go on: each worker
// of a poll does, before it decides some more. It has them wait for each other.
type meeting struct {
	context.Context
	expected             atomic.Int32 // workers
	present, most, calls atomic.Int32
	ends                 int32 // the call from which on it is cancelled, 0 if never
}

func (m *meeting) Err() error {
	call := m.calls.Add(1)
	if call == 1 {
		return nil // before there are workers
	}
	now := m.present.Add(1)
	for most := m.most.Load(); now > most && !m.most.CompareAndSwap(most, now); most = m.most.Load() {
	}
	const pause = 200 * time.Microsecond
	for waited := pause; m.most.Load() < m.expected.Load(); waited += pause {
		if time.Sleep(pause); waited > 2*time.Second {
			m.expected.Store(0) // they do not come
		}
	}
	time.Sleep(pause) // so that more would come too
	m.present.Add(-1)
	if m.ends > 0 && call >= m.ends {
		return context.Canceled
	}
	return nil
}

// TestWhoCanWorkers: as many as asked for decide at the same time, and not more
// than there is work for.
func TestWhoCanWorkers(t *testing.T) {
	t.Parallel()
	large, small := review(t, crowd(t, 1200)), review(t, crowd(t, 100)) // of whom 560 and 47 are to be decided
	before := runtime.GOMAXPROCS(0)
	if before == 1 { // it could not be told from one worker
		runtime.GOMAXPROCS(2)
		before = 2
		defer runtime.GOMAXPROCS(1)
	}
	for _, test := range []struct {
		review        *evaluate.Review
		workers, want int
	}{{large, 1, 1}, {large, 2, 2}, {large, 4, 4}, {large, 0, before}, {large, -1, before}, {small, 4, 2}, {small, 1, 1}} {
		m := &meeting{Context: t.Context()}
		m.expected.Store(int32(min(test.want, 18)))
		answer, err := test.review.WhoCan(m, crowdQuestion(), evaluate.Options{Workers: test.workers})
		if most := int(m.most.Load()); err != nil || most != min(test.want, 18) || len(answer.Allowed) == 0 {
			t.Errorf("%d workers: %d at the same time, error %v; want %d", test.workers, most, err, test.want)
		}
	}
	if after := runtime.GOMAXPROCS(0); after != before {
		t.Errorf("GOMAXPROCS went from %d to %d", before, after)
	}
}

// TestWhoCanEndsEarly: whatever the number of workers, a context that is
// cancelled ends all of them.
func TestWhoCanEndsEarly(t *testing.T) {
	t.Parallel()
	r := review(t, crowd(t, 1200))
	for _, workers := range []int{1, 2, 4} {
		m := &meeting{Context: t.Context(), ends: 4}
		answer, err := r.WhoCan(m, crowdQuestion(), evaluate.Options{Workers: workers})
		if calls := int(m.calls.Load()); answer != nil || !errors.Is(err, context.Canceled) || calls >= 4+workers {
			t.Errorf("%d workers, %d calls: %v, %v; want no answer and context.Canceled", workers, calls, answer, err)
		}
	}
}

// TestWhoCanReports: after every thousand or so and at the end, there once.
func TestWhoCanReports(t *testing.T) {
	t.Parallel()
	// 1024 of the users are to be decided, or a few more.
	exactly, more := 0, 0
	for people, candidates := 0, 0; candidates < 1100; people++ {
		if people%3 == 0 || people%5 == 0 {
			candidates++
		}
		if candidates == 1024 && exactly == 0 {
			exactly = people + 1
		}
		more = people + 1
	}
	for people, want := range map[int][]int{exactly: {1024}, more: {1024, 1100}} {
		r := review(t, crowd(t, people))
		// Who cancels when all are decided has the answer nevertheless.
		ctx, cancel := context.WithCancel(t.Context())
		var reports []int
		answer, err := r.WhoCan(ctx, crowdQuestion(), evaluate.Options{Workers: 1, Progress: func(done, total int) {
			if reports = append(reports, done); done == total {
				cancel()
			}
		}})
		cancel()
		if err != nil || answer == nil || !slices.Equal(reports, want) {
			t.Errorf("of %d people: reports %v, error %v; want %v", people, reports, err, want)
		}
	}
}

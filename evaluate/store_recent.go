package evaluate

import (
	"sync"
	"sync/atomic"
)

// A recent keeps values that were asked for of late, in two generations: when
// the young one is full it becomes the old one, and what is asked for out of
// the old one returns to the young. The zero recent is empty. Getting what the
// young generation has takes no lock and allocates nothing.
type recent[K comparable, V any] struct {
	young, old atomic.Pointer[generation]
}

// A generation maps keys to values.
type generation struct {
	entries sync.Map
	count   atomic.Int64
}

// generationSize bounds a generation: twice as many values of one or two
// kilobytes make some 20 MB at the most.
const generationSize = 1 << 13

func (r *recent[K, V]) get(key K) (value V, found bool) {
	young := r.young.Load()
	if young == nil {
		return value, false
	}
	if kept, found := young.entries.Load(key); found {
		return kept.(V), true
	}
	if old := r.old.Load(); old != nil {
		if kept, found := old.entries.Load(key); found {
			return r.put(key, kept.(V)), true
		}
	}
	return value, false
}

// put keeps a value, unless there is one under the key already, and gives the
// one that is kept.
func (r *recent[K, V]) put(key K, value V) V {
	young := r.young.Load()
	if young == nil {
		r.young.CompareAndSwap(nil, new(generation))
		young = r.young.Load()
	}
	kept, loaded := young.entries.LoadOrStore(key, value)
	if !loaded && young.count.Add(1) == generationSize && r.young.CompareAndSwap(young, new(generation)) {
		// Whoever looks just now finds neither, and makes the value anew.
		r.old.Store(young)
	}
	return kept.(V)
}

package hotreload

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/principal"
)

// DefaultInterval is how often files are read if Options do not say.
const DefaultInterval = 2 * time.Second

// Options say how files become a directory of principals. The zero Options are
// for files of account details, as aws iam get-account-authorization-details
// prints them.
type Options struct {
	// Interval is the time from one look at the files to the next:
	// DefaultInterval if 0. With a negative one there are none but by
	// [Watcher.Reload].
	Interval time.Duration
	// Add puts the files into a builder, which already knows the directory in
	// force, so that policies that have not changed are not compiled again. The
	// files are sorted by name. If nil, each is one of account details.
	Add func(*principal.Builder, []principal.File) error
	// Check, if it is not nil, has the last word about a directory that has been
	// built: with an error it is not used. It is the place to insist on there
	// being no Problems, or on the principals that a program needs.
	Check func(*principal.Directory) error
	// Observe, if it is not nil, is told of every change: of sets that are put in
	// force, of those that are not, each once, and of the return to the set in
	// force. It is called by one goroutine at a time, for the first set by Watch,
	// and holds up the next look meanwhile.
	//
	// None of the functions may call Close or Reload, which wait for them. A panic
	// in one is not caught: it is that of Watch, of Reload, or of the goroutine
	// that looks, and then of the program.
	Observe func(Event)
}

// An Event is what came of a set of files.
type Event struct {
	// Time is when it happened.
	Time time.Time
	// Files is how many there were.
	Files int
	// Swapped says that the set has been put in force. If it has not, and Err is
	// nil, the files are again those in force.
	Swapped bool
	// Err is why the set is not used, nil if it is.
	Err error
}

// String says what happened, in a line or, with several errors, in some.
func (e Event) String() string {
	switch {
	case e.Err != nil:
		return "policies not loaded, the last good ones stay in force: " + e.Err.Error()
	case e.Swapped:
		return "policies loaded: " + e.count()
	default:
		return "policies are good again, as they are in force: " + e.count()
	}
}

func (e Event) count() string {
	if e.Files == 1 {
		return "1 file"
	}
	return fmt.Sprint(e.Files, " files")
}

// A Watcher follows files. It is safe for any number of goroutines.
type Watcher struct {
	files   fs.FS
	options Options
	store   *evaluate.Store
	last    atomic.Pointer[Event]

	mu              sync.Mutex // one look at a time
	inForce, looked sum        // the sets in force, and last looked at
	failure         string     // of the last look, if the files could not even be read
	unsettled       int        // how often in a row they changed while being read

	close sync.Once
	stop  chan struct{}
	done  chan struct{}
}

// maxUnsettled is how many looks in a row may find the files changing, or a
// symbolic link that leads nowhere, before that is an error.
const maxUnsettled = 10

// A sum stands for the names and contents of a set of files.
type sum [sha256.Size]byte

// Watch reads the files and keeps following them until Close. Those that count
// are the regular files whose name ends in .json, in all folders, but for files
// and folders whose name begins with a dot. Symbolic links to files and folders
// are followed.
//
// The error is why the first set cannot be used. There is no Watcher then: a
// program should not start without policies. Three errors are this package's own,
// ErrNoFiles, ErrTooLarge and ErrChanging; the others are those of the file system, of the
// builder ([principal.Errors]), and of the functions in Options.
//
// A look costs reading all files, twice if they have changed; building a directory costs what
// [principal.Builder.Build] does.
func Watch(files fs.FS, options Options) (*Watcher, error) {
	if options.Add == nil {
		options.Add = addAccountDetails
	}
	if options.Interval == 0 {
		options.Interval = DefaultInterval
	}
	w := &Watcher{files: files, options: options, stop: make(chan struct{}), done: make(chan struct{})}
	set, err := readTwice(files)
	if err != nil {
		return nil, err
	}
	directory, err := w.build(set, nil)
	if err != nil {
		return nil, err
	}
	w.store = evaluate.NewStore(directory)
	w.inForce, w.looked = set.sum, set.sum
	w.tell(Event{Files: len(set.files), Swapped: true})
	if options.Interval < 0 {
		close(w.done)
	} else {
		go w.follow()
	}
	return w, nil
}

func addAccountDetails(b *principal.Builder, files []principal.File) error {
	for _, file := range files {
		b.LoadAccountDetails(file.Name, file.Text)
	}
	return nil
}

// Store holds the directory in force. It is always the same Store.
func (w *Watcher) Store() *evaluate.Store { return w.store }

// Last is the last event: what is wrong with the files now, if anything is.
func (w *Watcher) Last() Event { return *w.last.Load() }

// Reload looks at the files now. The error is why they are not used, whether it
// is new or not: it is nil exactly if the set in force is that of the files. It
// works after Close too.
func (w *Watcher) Reload() error { return w.look() }

// Close ends following the files, and returns when that has ended. The Store
// stays as it is. Close can be called again. The error is always nil; it makes a
// Watcher an io.Closer.
func (w *Watcher) Close() error {
	w.close.Do(func() { close(w.stop) })
	<-w.done
	return nil
}

func (w *Watcher) follow() {
	defer close(w.done)
	ticker := time.NewTicker(w.options.Interval)
	defer ticker.Stop()
	for {
		select {
		case <-w.stop:
			return
		case <-ticker.C:
			w.look()
		}
	}
}

// look reads the files, and puts them in force if they have changed and are
// good. The error is why they are not in force.
func (w *Watcher) look() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	set, err := read(w.files)
	if err == nil && set.sum != w.looked {
		set, err = confirmed(w.files, set.sum)
	}
	if errors.Is(err, ErrChanging) {
		if w.unsettled++; w.unsettled < maxUnsettled {
			return err // and tell nobody: whoever is writing will have finished at the next look
		}
	} else {
		w.unsettled = 0
	}
	if err != nil {
		w.looked = sum{} // whatever comes next is new
		if w.failure != err.Error() {
			w.failure = err.Error()
			w.tell(Event{Err: err})
		}
		return err
	}
	w.failure = ""
	if set.sum == w.looked {
		return w.Last().Err
	}
	if set.sum == w.inForce {
		w.looked = set.sum
		w.tell(Event{Files: len(set.files)})
		return nil
	}
	directory, err := w.build(set, w.store.Load().Directory())
	w.looked = set.sum // not earlier: if a function panics, the set has not been looked at
	if err != nil {
		w.tell(Event{Files: len(set.files), Err: err})
		return err
	}
	w.store.Swap(directory)
	w.inForce = set.sum
	w.tell(Event{Files: len(set.files), Swapped: true})
	return nil
}

// build makes a directory of files.
func (w *Watcher) build(set fileSet, previous *principal.Directory) (*principal.Directory, error) {
	b := principal.NewBuilder()
	b.Reuse(previous)
	if err := w.options.Add(b, set.files); err != nil {
		return nil, err
	}
	directory, err := b.Build()
	if err != nil {
		return nil, err
	}
	if w.options.Check != nil {
		if err := w.options.Check(directory); err != nil {
			return nil, err
		}
	}
	return directory, nil
}

func (w *Watcher) tell(event Event) {
	event.Time = time.Now()
	w.last.Store(&event)
	if w.options.Observe != nil {
		w.options.Observe(event)
	}
}

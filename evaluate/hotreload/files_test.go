package hotreload_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/portcullis-iam/portcullis/evaluate/hotreload"
	"github.com/portcullis-iam/portcullis/principal"
)

// nothing are account details without anybody.
const nothing = `{"RoleDetailList": []}`

// moving are files of which one is written whenever one is read.
type moving struct {
	fstest.MapFS
	change func()
}

func (f *moving) Open(name string) (fs.File, error) {
	file, err := f.MapFS.Open(name)
	if f.change != nil && strings.HasSuffix(name, ".json") {
		f.change()
	}
	return file, err
}

// Files that change while they are read make no set; nor do they hold up the
// report of it for ever.
func TestChangingFiles(t *testing.T) {
	files := &moving{MapFS: fstest.MapFS{"a.json": file(details("GetObject")), "b.json": file(nothing)}}
	var events journal
	watcher, err := hotreload.Watch(files, hotreload.Options{Interval: -1, Observe: events.add})
	if err != nil {
		t.Fatal(err)
	}
	events.take()
	now := time.Now()
	files.MapFS["a.json"] = file(details("PutObject"))
	for name, change := range map[string]func(){
		"written":  func() { now = now.Add(1); files.MapFS["b.json"] = &fstest.MapFile{Data: []byte(nothing), ModTime: now} },
		"longer":   func() { files.MapFS["b.json"] = &fstest.MapFile{Data: append(files.MapFS["b.json"].Data, ' ')} },
		"more":     func() { files.MapFS["c"+strings.Repeat("c", len(files.MapFS))+".json"] = file(nothing) },
		"vanished": func() { delete(files.MapFS, "b.json") },
	} {
		files.change = change
		if err := watcher.Reload(); !errors.Is(err, hotreload.ErrChanging) {
			t.Errorf("%s: %v", name, err)
		}
		if got := events.take() + may(t, watcher.Store()); got != "s3:GetObject" {
			t.Errorf("%s: %s", name, got)
		}
		files.change = nil
		files.MapFS["b.json"] = file(nothing)
	}
	// Once it ends, the set is read.
	if err := watcher.Reload(); err != nil || may(t, watcher.Store()) != "s3:PutObject" {
		t.Errorf("%v, wren may %s", err, may(t, watcher.Store()))
	}
	events.take()
	files.change = func() { now = now.Add(1); files.MapFS["b.json"] = &fstest.MapFile{Data: []byte(nothing), ModTime: now} }
	for range 20 {
		err = watcher.Reload()
	}
	if got := events.take(); got != "error 0" || err == nil || !strings.Contains(err.Error(), "changing") {
		t.Errorf("files that never stop changing: events %q, %v", got, err)
	}
	files.change = nil
	if err := watcher.Reload(); err != nil {
		t.Errorf("after that: %v", err)
	}
}

// A set that is swapped in the middle of reading, for one of equal sizes and
// times, is never put in force half and half; nor is it at the start.
func TestNoHalfSets(t *testing.T) {
	files := &moving{MapFS: fstest.MapFS{}}
	put := func(version string) {
		for _, name := range []string{"a.json", "b.json", "c.json"} {
			files.MapFS[name] = file(version)
		}
	}
	swapDuring := func(opened int, version string) {
		files.change = func() {
			if opened--; opened == 0 {
				put(version)
			}
		}
	}
	used := ""
	options := hotreload.Options{Interval: -1, Add: func(_ *principal.Builder, all []principal.File) error {
		used = ""
		for _, one := range all {
			used += string(one.Text)
		}
		return nil
	}}
	put("1")
	swapDuring(2, "2")
	if _, err := hotreload.Watch(files, options); !errors.Is(err, hotreload.ErrChanging) {
		t.Errorf("at the start: %v, used %q", err, used)
	}
	watcher, err := hotreload.Watch(files, options)
	if err != nil || used != "222" {
		t.Fatalf("%v, used %q", err, used)
	}
	for opened := 1; opened <= 6; opened++ { // in the first reading, and in the second
		put("3")
		swapDuring(opened, "4")
		err := watcher.Reload()
		switch { // 333 is in force if it is swapped when the last file has been opened
		case errors.Is(err, hotreload.ErrChanging) && used == "222":
		case err == nil && (used == "333" || used == "444"):
		default:
			t.Errorf("swapped at file %d: %v, used %q", opened, err, used)
		}
		files.change = nil
		if err := watcher.Reload(); err != nil || used != "444" {
			t.Errorf("after that: %v, used %q", err, used)
		}
		put("2")
		if err := watcher.Reload(); err != nil || used != "222" {
			t.Errorf("and back: %v, used %q", err, used)
		}
	}
}

// Links to folders are followed: Kubernetes makes one of each folder of a
// ConfigMap. One that leads round in a circle or nowhere is an error, since nobody
// knows what it should have led to.
func TestLinkedFolders(t *testing.T) {
	root := t.TempDir()
	for name, actions := range map[string]string{"..1": "GetObject", "..2": "PutObject"} {
		if err := os.MkdirAll(filepath.Join(root, name, "users", "birds"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name, "users", "birds", "wren.json"), []byte(details(actions)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	link := func(to, name string) {
		t.Helper()
		_ = os.Remove(filepath.Join(root, name))
		if err := os.Symlink(to, filepath.Join(root, name)); err != nil {
			t.Skip("this system has no symbolic links for us:", err)
		}
	}
	link("..1", "..data")
	link("..data/users", "users")
	watcher, err := hotreload.Watch(os.DirFS(root), hotreload.Options{Interval: -1})
	if err != nil {
		t.Fatal(err)
	}
	if got := may(t, watcher.Store()); got != "s3:GetObject" || watcher.Last().Files != 1 {
		t.Errorf("%d files, wren may %s", watcher.Last().Files, got)
	}
	link("..2", "..data")
	if err := watcher.Reload(); err != nil || may(t, watcher.Store()) != "s3:PutObject" {
		t.Errorf("%v, wren may %s", err, may(t, watcher.Store()))
	}
	link("..3", "..data")
	if err := watcher.Reload(); !errors.Is(err, hotreload.ErrChanging) || may(t, watcher.Store()) != "s3:PutObject" {
		t.Errorf("a link that leads nowhere: %v, wren may %s", err, may(t, watcher.Store()))
	}
	link("..1", "..data")
	for _, name := range []string{"round", "round2"} {
		link(".", name)
	}
	if err := watcher.Reload(); err == nil || errors.Is(err, hotreload.ErrChanging) || may(t, watcher.Store()) != "s3:PutObject" {
		t.Errorf("a circle: %v, wren may %s", err, may(t, watcher.Store()))
	}
	for _, name := range []string{"round", "round2"} {
		if err := os.Remove(filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := watcher.Reload(); err != nil || may(t, watcher.Store()) != "s3:GetObject" {
		t.Errorf("after that: %v, wren may %s", err, may(t, watcher.Store()))
	}
}

// A directory on disk: symbolic links are followed, as a ConfigMap of Kubernetes
// has them, and swapping the link swaps the set.
func TestDirectoryOnDisk(t *testing.T) {
	root := t.TempDir()
	for name, actions := range map[string]string{"..1": "GetObject", "..2": "PutObject"} {
		if err := os.Mkdir(filepath.Join(root, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name, "account.json"), []byte(details(actions)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	link := func(to, name string) {
		t.Helper()
		if err := os.Symlink(to, filepath.Join(root, name+".new")); err != nil {
			t.Skip("this system has no symbolic links for us:", err)
		}
		if err := os.Rename(filepath.Join(root, name+".new"), filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	link("..1", "..data")
	link("..data/account.json", "account.json")
	watcher, err := hotreload.Watch(os.DirFS(root), hotreload.Options{Interval: -1})
	if err != nil {
		t.Fatal(err)
	}
	if got := may(t, watcher.Store()); got != "s3:GetObject" {
		t.Error(got)
	}
	link("..2", "..data")
	if err := watcher.Reload(); err != nil || may(t, watcher.Store()) != "s3:PutObject" {
		t.Errorf("%v, wren may %s", err, may(t, watcher.Store()))
	}
	if err := os.RemoveAll(filepath.Join(root, "account.json")); err != nil {
		t.Fatal(err)
	}
	if err := watcher.Reload(); !errors.Is(err, hotreload.ErrNoFiles) || may(t, watcher.Store()) != "s3:PutObject" {
		t.Errorf("%v, wren may %s", err, may(t, watcher.Store()))
	}
	if err := os.RemoveAll(root); err != nil {
		t.Fatal(err)
	}
	if err := watcher.Reload(); !errors.Is(err, fs.ErrNotExist) || may(t, watcher.Store()) != "s3:PutObject" {
		t.Errorf("%v, wren may %s", err, may(t, watcher.Store()))
	}
}

// Requests are decided, by the old set or the new one, while a file is edited
// into nonsense and back. Run it with the race detector.
func TestEditedUnderLoad(t *testing.T) {
	name := filepath.Join(t.TempDir(), "account.json")
	write := func(text string) {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Error(err)
		}
	}
	write(details("GetObject"))
	var swaps, errs int
	watcher, err := hotreload.Watch(os.DirFS(filepath.Dir(name)), hotreload.Options{Interval: time.Millisecond, Observe: func(e hotreload.Event) {
		if e.Err != nil {
			errs++
		} else if e.Swapped {
			swaps++
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				// The two decisions of may can be by two sets; each is by a whole one.
				if got := may(t, watcher.Store()); strings.Contains(got, "directory") {
					t.Errorf("wren may %q", got)
					return
				}
			}
		})
	}
	for round := range 40 {
		write(details([]string{"PutObject", "GetObject"}[round%2]))
		time.Sleep(3 * time.Millisecond)
		write("nonsense")
		time.Sleep(3 * time.Millisecond)
	}
	close(stop)
	asking.Wait()
	watcher.Close()
	if swaps < 5 || errs < 5 {
		t.Errorf("%d swaps and %d errors: nothing was edited under load", swaps, errs)
	}
}

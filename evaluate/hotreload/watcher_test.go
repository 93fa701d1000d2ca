package hotreload_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/hotreload"
	"github.com/portcullis-iam/portcullis/principal"
)

const wren = "arn:aws:iam::111122223333:user/wren"

// details are account details in which wren may do some actions of Amazon S3.
func details(actions ...string) string {
	return `{"UserDetailList": [{"Path": "/", "UserName": "wren", "UserId": "AIDAEXAMPLEWREN000000", "Arn": "` + wren + `",
		"UserPolicyList": [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
			{"Effect": "Allow", "Action": ["s3:` + strings.Join(actions, `", "s3:`) + `"], "Resource": "*"}]}}],
		"GroupList": [], "AttachedManagedPolicies": []}], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}`
}

// An edited is files that are changed while a watcher reads them.
type edited struct {
	mu    sync.Mutex
	files fstest.MapFS
}

func (e *edited) Open(name string) (fs.File, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.files.Open(name)
}

func (e *edited) edit(change func(fstest.MapFS)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change(e.files)
}

func (e *edited) write(name, text string) {
	e.edit(func(files fstest.MapFS) { files[name] = file(text) })
}

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text), Mode: 0o644} }

// may tells which of the actions wren may do now.
func may(t testing.TB, store *evaluate.Store) string {
	t.Helper()
	var allowed []string
	for _, action := range []string{"s3:GetObject", "s3:PutObject"} {
		request, err := evaluate.NewRequest(action, "arn:aws:s3:::b/k", "111122223333")
		if err != nil {
			t.Fatal(err)
		}
		evaluator, err := store.Load().Evaluator(wren)
		if err != nil {
			return err.Error()
		}
		if evaluator.Evaluate(request).Allowed() {
			allowed = append(allowed, action)
		}
	}
	return strings.Join(allowed, " ")
}

// A journal gathers events.
type journal struct {
	mu     sync.Mutex
	events []hotreload.Event
}

func (l *journal) add(e hotreload.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, e)
}

// take gives the events so far, as "swapped 1", "back 1" or "error 1", and
// forgets them.
func (l *journal) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for _, e := range l.events {
		what := "back"
		switch {
		case e.Err != nil && e.Swapped:
			what = "an error that was put in force"
		case e.Err != nil:
			what = "error"
		case e.Swapped:
			what = "swapped"
		}
		all = append(all, fmt.Sprint(what, " ", e.Files))
	}
	l.events = nil
	return strings.Join(all, ", ")
}

// The life of a watcher, in the time of a fake clock: what is in force, and what
// is reported, after each change of the files.
func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		files := &edited{files: fstest.MapFS{"account.json": file(details("GetObject"))}}
		var events journal
		watcher, err := hotreload.Watch(files, hotreload.Options{Interval: time.Minute, Observe: events.add})
		if err != nil {
			t.Fatal(err)
		}
		defer watcher.Close()
		store := watcher.Store()
		good := watcher.Last().Time
		for _, step := range []struct {
			name       string
			change     func(fstest.MapFS)
			may, event string
			fails      bool // afterwards
		}{
			{"at the start", func(fstest.MapFS) {}, "s3:GetObject", "swapped 1", false},
			{"nothing changes", func(fstest.MapFS) {}, "s3:GetObject", "", false},
			{"written again", func(files fstest.MapFS) { files["account.json"] = file(details("GetObject")) }, "s3:GetObject", "", false},
			{"another policy", func(files fstest.MapFS) { files["account.json"] = file(details("GetObject", "PutObject")) }, "s3:GetObject s3:PutObject", "swapped 1", false},
			{"nonsense", func(files fstest.MapFS) { files["account.json"] = file("{") }, "s3:GetObject s3:PutObject", "error 1", true},
			{"still nonsense", func(fstest.MapFS) {}, "s3:GetObject s3:PutObject", "", true},
			{"other nonsense", func(files fstest.MapFS) { files["account.json"] = file("[") }, "s3:GetObject s3:PutObject", "error 1", true},
			{"empty", func(files fstest.MapFS) { files["account.json"] = file("") }, "s3:GetObject s3:PutObject", "error 1", true},
			{"as it was", func(files fstest.MapFS) { files["account.json"] = file(details("GetObject", "PutObject")) }, "s3:GetObject s3:PutObject", "back 1", false},
			{"an error in a policy", func(files fstest.MapFS) {
				files["account.json"] = file(strings.Replace(details("PutObject"), "Allow", "allow", 1))
			}, "s3:GetObject s3:PutObject", "error 1", true},
			{"mended", func(files fstest.MapFS) { files["account.json"] = file(details("PutObject")) }, "s3:PutObject", "swapped 1", false},
			{"a second file", func(files fstest.MapFS) { files["folder/other.json"] = file(`{"RoleDetailList": []}`) }, "s3:PutObject", "swapped 2", false},
			{"files that do not count", func(files fstest.MapFS) {
				files["README.md"] = file("{")
				files[".account.json"] = file("{")
				files[".git/x.json"] = file("{")
				files["..data/x.json"] = file("{")
				files["account.json~"] = file("{")
				files["pipe.json"] = &fstest.MapFile{Mode: fs.ModeNamedPipe}
			}, "s3:PutObject", "", false},
			{"one gone", func(files fstest.MapFS) { delete(files, "folder/other.json") }, "s3:PutObject", "swapped 1", false},
			{"all gone", func(files fstest.MapFS) { delete(files, "account.json") }, "s3:PutObject", "error 0", true},
			{"all gone still", func(fstest.MapFS) {}, "s3:PutObject", "", true},
			{"there again", func(files fstest.MapFS) { files["account.json"] = file(details("PutObject")) }, "s3:PutObject", "back 1", false},
			{"renamed", func(files fstest.MapFS) {
				files["other.json"] = files["account.json"]
				delete(files, "account.json")
			}, "s3:PutObject", "swapped 1", false},
			{"a set without wren", func(files fstest.MapFS) { files["other.json"] = file(`{"UserDetailList": []}`) },
				`principal: "` + wren + `" is not in the directory`, "swapped 1", false},
		} {
			files.edit(step.change)
			if step.event != "swapped 1" || step.name != "at the start" {
				time.Sleep(time.Minute)
				synctest.Wait()
			}
			if got := events.take(); got != step.event {
				t.Errorf("%s: events %q, want %q", step.name, got, step.event)
			}
			if got := may(t, store); !strings.HasPrefix(got, step.may) || len(got) != len(step.may) && !strings.Contains(step.may, "not in") {
				t.Errorf("%s: wren may %q, want %q", step.name, got, step.may)
			}
			last := watcher.Last()
			if (last.Err != nil) != step.fails {
				t.Errorf("%s: the last error is %v", step.name, last.Err)
			}
			if last.Time.Before(good) {
				t.Errorf("%s: the time of the last event went back", step.name)
			}
			good = last.Time
		}
		if watcher.Store() != store {
			t.Error("the store has been replaced")
		}
	})
}

// A change is seen within the interval, and not before; the default is two
// seconds.
func TestInterval(t *testing.T) {
	for _, c := range []struct{ given, want time.Duration }{{0, 2 * time.Second}, {time.Hour, time.Hour}} {
		synctest.Test(t, func(t *testing.T) {
			files := &edited{files: fstest.MapFS{"account.json": file(details("GetObject"))}}
			watcher, err := hotreload.Watch(files, hotreload.Options{Interval: c.given})
			if err != nil {
				t.Fatal(err)
			}
			defer watcher.Close()
			files.write("account.json", details("PutObject"))
			time.Sleep(c.want - 1)
			synctest.Wait()
			if got := may(t, watcher.Store()); got != "s3:GetObject" {
				t.Errorf("too early: %s", got)
			}
			time.Sleep(time.Nanosecond)
			synctest.Wait()
			if got := may(t, watcher.Store()); got != "s3:PutObject" {
				t.Errorf("too late: %s", got)
			}
		})
	}
}

// Close ends the goroutine: otherwise the bubble would not end. It can be called
// by many, and the store stays.
func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		files := &edited{files: fstest.MapFS{"account.json": file(details("GetObject"))}}
		watcher, err := hotreload.Watch(files, hotreload.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if err := watcher.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		files.write("account.json", details("PutObject"))
		time.Sleep(time.Hour)
		if got := may(t, watcher.Store()); got != "s3:GetObject" {
			t.Errorf("after Close: %s", got)
		}
		if err := watcher.Reload(); err != nil {
			t.Error(err)
		}
		if got := may(t, watcher.Store()); got != "s3:PutObject" {
			t.Errorf("after Reload: %s", got)
		}
	})
}

// Without an interval there is no goroutine, and Reload looks.
func TestReload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		files := fstest.MapFS{"account.json": file(details("GetObject"))}
		var events journal
		watcher, err := hotreload.Watch(files, hotreload.Options{Interval: -1, Observe: events.add})
		if err != nil {
			t.Fatal(err)
		} // not closed: nothing runs
		files["account.json"] = file("{")
		for range 2 {
			var broken *principal.Error
			if err := watcher.Reload(); !errors.As(err, &broken) || broken.File != "account.json" {
				t.Errorf("the error is %v", err)
			}
		}
		if got := events.take(); got != "swapped 1, error 1" {
			t.Error(got)
		}
		files["account.json"] = file(details("PutObject"))
		if err := watcher.Reload(); err != nil || may(t, watcher.Store()) != "s3:PutObject" {
			t.Errorf("%v, wren may %s", err, may(t, watcher.Store()))
		}
		if err := watcher.Close(); err != nil {
			t.Error(err)
		}
	})
}

// There is no watcher without a good first set.
func TestWatchNeedsPolicies(t *testing.T) {
	refuse := errors.New("refused")
	for name, c := range map[string]struct {
		files   fs.FS
		options hotreload.Options
		want    error
	}{
		"no files":    {fstest.MapFS{}, hotreload.Options{}, hotreload.ErrNoFiles},
		"no folder":   {os.DirFS(filepath.Join(t.TempDir(), "none")), hotreload.Options{}, fs.ErrNotExist},
		"Add refuses": {fstest.MapFS{"a.json": file("{}")}, hotreload.Options{Add: func(*principal.Builder, []principal.File) error { return refuse }}, refuse},
		"Check refuses": {fstest.MapFS{"a.json": file(details("GetObject"))},
			hotreload.Options{Check: func(*principal.Directory) error { return refuse }}, refuse},
		"nonsense":  {fstest.MapFS{"a.json": file("{")}, hotreload.Options{}, nil},
		"too large": {tooLarge{fstest.MapFS{"a.json": file("{}")}}, hotreload.Options{}, hotreload.ErrTooLarge},
	} {
		c.options.Observe = func(e hotreload.Event) { t.Errorf("%s: event %v", name, e) }
		watcher, err := hotreload.Watch(c.files, c.options)
		var errs principal.Errors
		if watcher != nil || c.want != nil && !errors.Is(err, c.want) || c.want == nil && !errors.As(err, &errs) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// tooLarge has a file that says that it is larger than any set may be.
type tooLarge struct{ fstest.MapFS }

type large struct{ fs.FileInfo }

func (large) Size() int64 { return hotreload.MaxBytes + 1 }

func (f tooLarge) Stat(name string) (fs.FileInfo, error) {
	info, err := f.MapFS.Stat(name)
	return large{info}, err
}

// Add gets the files sorted and under their names, and a builder that knows the
// directory in force; Check has the last word.
func TestAddAndCheck(t *testing.T) {
	files := fstest.MapFS{"b.json": file(details("GetObject")), "a/z.json": file("{}"), "a/b.json": file("{}")}
	var got []string
	var refuse error
	watcher, err := hotreload.Watch(files, hotreload.Options{
		Interval: -1,
		Add: func(b *principal.Builder, files []principal.File) error {
			got = nil
			for _, one := range files {
				got = append(got, one.Name)
				if one.Name == "b.json" {
					b.LoadAccountDetails(one.Name, one.Text)
				}
			}
			return nil
		},
		Check: func(*principal.Directory) error { return refuse },
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"a/b.json", "a/z.json", "b.json"}; !slices.Equal(got, want) {
		t.Errorf("files %v, want %v", got, want)
	}
	policyOf := func() *principal.Principal {
		p, err := watcher.Store().Load().Directory().Principal(wren)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	before := policyOf()
	files["a/z.json"] = file("{} ")
	if err := watcher.Reload(); err != nil {
		t.Fatal(err)
	}
	if after := policyOf(); after == before || after.IdentityPolicies[0].Policy != before.IdentityPolicies[0].Policy {
		t.Error("an unchanged policy was compiled again")
	}
	refuse = errors.New("half a set")
	files["b.json"] = file(details("PutObject"))
	if err := watcher.Reload(); !errors.Is(err, refuse) || may(t, watcher.Store()) != "s3:GetObject" {
		t.Errorf("%v, wren may %s", err, may(t, watcher.Store()))
	}
}

// A function that panics takes nothing with it: the old set stays, and the new
// one is looked at again.
func TestPanic(t *testing.T) {
	files := fstest.MapFS{"a.json": file(details("GetObject"))}
	spoil := false
	watcher, err := hotreload.Watch(files, hotreload.Options{Interval: -1, Check: func(*principal.Directory) error {
		if spoil {
			panic("spoilt")
		}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	files["a.json"] = file(details("PutObject"))
	spoil = true
	for range 2 {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic is lost")
				}
			}()
			t.Errorf("Reload gave %v", watcher.Reload())
		}()
		if got := may(t, watcher.Store()); got != "s3:GetObject" {
			t.Error(got)
		}
	}
	spoil = false
	if err := watcher.Reload(); err != nil || may(t, watcher.Store()) != "s3:PutObject" {
		t.Errorf("%v, wren may %s", err, may(t, watcher.Store()))
	}
}

func TestEventString(t *testing.T) {
	for _, c := range []struct {
		event hotreload.Event
		want  string
	}{
		{hotreload.Event{Files: 3, Swapped: true}, "policies loaded: 3 files"},
		{hotreload.Event{Files: 1, Swapped: true}, "policies loaded: 1 file"},
		{hotreload.Event{Files: 3}, "policies are good again, as they are in force: 3 files"},
		{hotreload.Event{Files: 3, Err: hotreload.ErrNoFiles}, "policies not loaded, the last good ones stay in force: hotreload: there is no .json file"},
	} {
		if got := c.event.String(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

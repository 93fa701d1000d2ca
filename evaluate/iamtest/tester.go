package iamtest

import (
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/principal"
)

// A Tester asserts what the callers of a directory may do. It reports to the
// test that it was made for: a wrong decision by Errorf, so that the test goes
// on, and a question that cannot be asked by Fatalf.
//
// A Tester can be used by any number of goroutines, as far as its test can.
type Tester struct {
	t testing.TB
	*subject
}

// A subject is what Testers of several tests have in common.
type subject struct {
	directory *principal.Directory
	snapshot  *evaluate.Snapshot // keeps evaluators and resources
}

// New makes a Tester for a directory. It costs nothing; a directory that many
// tests ask about is loaded once by the caller.
func New(t testing.TB, directory *principal.Directory) *Tester {
	return &Tester{t, &subject{directory, evaluate.NewSnapshot(directory)}}
}

// Load makes a Tester for the account details in files, see
// [principal.LoadFiles]. If they cannot be loaded the test ends, with every
// fault in them told by its place. References that lead nowhere
// ([principal.Directory.Problems]) are logged.
func Load(t testing.TB, files ...string) *Tester {
	t.Helper()
	directory, err := principal.LoadFiles(files...)
	if err != nil {
		t.Fatalf("the account details cannot be loaded:\n%v", err)
		return nil
	}
	for _, problem := range directory.Problems() {
		t.Logf("%v", problem)
	}
	return New(t, directory)
}

// In gives the Tester for another test, such as a subtest. It shares everything
// that has been made ready.
func (x *Tester) In(t testing.TB) *Tester { return &Tester{t, x.subject} }

// Directory is the directory that is asked about.
func (x *Tester) Directory() *principal.Directory { return x.directory }

package reference

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/internal/fold"
)

// Compare compares names as the tables are sorted: without regard to the case
// of ASCII letters.
func Compare(a, b string) int {
	for i := range min(len(a), len(b)) {
		if x, y := fold.Lower(a[i]), fold.Lower(b[i]); x != y {
			return cmp.Compare(x, y)
		}
	}
	return cmp.Compare(len(a), len(b))
}

// Check tells what of the tables is not as Reference says: names out of order
// or empty, and condition keys that their service does not have.
func (r *Reference) Check() error {
	var problems []error
	wrong := func(format string, values ...any) {
		problems = append(problems, fmt.Errorf("reference: "+format, values...))
	}
	previous := ""
	for i := range r.Keys {
		if name := r.Keys[i].Name; name == "" || i > 0 && Compare(name, previous) < 0 {
			wrong("condition key %q follows %q", name, previous)
		}
		previous = r.Keys[i].Name
	}
	for i := range r.Services {
		s := &r.Services[i]
		if s.Prefix == "" || s.Prefix != fold.Text(s.Prefix) || i > 0 && s.Prefix <= r.Services[i-1].Prefix {
			wrong("service %q is empty, not in lower case, or out of order", s.Prefix)
		}
		if !slices.IsSorted(s.Keys) {
			wrong("the condition keys of %s are not sorted", s.Prefix)
		}
		owned := func(of string, keys []uint16) {
			for _, key := range keys {
				if _, found := slices.BinarySearch(s.Keys, key); !found {
					wrong("%s of %s has the condition key %s, which the service does not have", of, s.Prefix, r.Keys[key].Name)
				}
			}
		}
		previous = ""
		for at := s.Actions.First; at < s.Actions.End; at++ {
			a := &r.Actions[at]
			if !strings.HasPrefix(a.Name, s.Prefix+":") || a.shortName() == "" || Compare(a.Name, previous) <= 0 {
				wrong("action %q follows %q", a.Name, previous)
			}
			previous = a.Name
			owned(a.Name, a.Keys)
			for _, t := range a.Types {
				owned(a.Name, t.Keys)
			}
		}
		previous = ""
		for at := s.ResourceTypes.First; at < s.ResourceTypes.End; at++ {
			t := &r.ResourceTypes[at]
			if Compare(t.Name, previous) <= 0 {
				wrong("resource type %q of %s follows %q", t.Name, s.Prefix, previous)
			}
			previous = t.Name
			if strings.Count(t.Format, ":") < 5 || !strings.HasPrefix(t.Format, "arn:") {
				wrong("resource type %s of %s has the format %q", t.Name, s.Prefix, t.Format)
			}
			owned(t.Name, t.Keys)
		}
	}
	return errors.Join(problems...)
}

// CheckFile tells whether the file is as Encode wrote it.
func CheckFile(file string) error {
	tables, err := stream(file, 0)
	if err != nil {
		return err
	}
	described, err := stream(file, 1)
	if err != nil {
		return err
	}
	header, body, _ := strings.Cut(tables, "\x00")
	if want, _, _ := strings.Cut(header, "\t"); want != fmt.Sprintf("%x", sha256.Sum256([]byte(body+described))) {
		return fmt.Errorf("%w: the checksum is wrong", ErrCorrupt)
	}
	r, err := Decode(file)
	if err != nil {
		return err
	}
	said, err := DecodeDescriptions(file)
	if err != nil {
		return err
	}
	if len(said.actions) != len(r.Actions) || len(said.keys) != len(r.Keys) {
		return fmt.Errorf("%w: %d actions with %d descriptions, %d keys with %d", ErrCorrupt, len(r.Actions), len(said.actions), len(r.Keys), len(said.keys))
	}
	return r.Check()
}

// equal compares all tables. It is for the generator, which may be slow.
func (r *Reference) equal(other *Reference) bool { return reflect.DeepEqual(r, other) }

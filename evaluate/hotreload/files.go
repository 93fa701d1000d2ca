package hotreload

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/portcullis-iam/portcullis/principal"
)

// MaxBytes and MaxFiles bound a set of files. The greatest account that the
// quotas of IAM allow is far below.
const (
	MaxBytes = 1 << 30
	MaxFiles = 100_000
)

// ErrNoFiles says that there is no file at all, which is rather a folder that has
// gone than policies that nobody needs any more.
var ErrNoFiles = errors.New("hotreload: there is no .json file")

// ErrTooLarge says that the files exceed MaxBytes or MaxFiles.
var ErrTooLarge = fmt.Errorf("hotreload: there are more than %d files, or they have more than %d bytes", MaxFiles, MaxBytes)

// errChanging says that files changed while they were being read.
var errChanging = errors.New("hotreload: the files are changing")

// A fileSet is a set of files that stood beside each other at one moment.
type fileSet struct {
	files []principal.File
	sum   sum
}

// read reads the files. It lists them before and after, so that it does not put
// together what never stood together.
//
// Contents are compared and not times of change: those have a coarse grain, and
// are kept by programs that copy files.
func read(files fs.FS) (fileSet, error) {
	before, err := list(files)
	if err != nil {
		return fileSet{}, err
	}
	var set fileSet
	hash := sha256.New()
	total := int64(0)
	for _, one := range before {
		if total += one.size; total > MaxBytes {
			return fileSet{}, ErrTooLarge
		}
		text, err := readFile(files, one.name)
		if errors.Is(err, fs.ErrNotExist) || err == nil && int64(len(text)) != one.size {
			return fileSet{}, fmt.Errorf("%w: %s", errChanging, one.name)
		}
		if err != nil {
			return fileSet{}, err
		}
		set.files = append(set.files, principal.File{Name: one.name, Text: text})
		for _, part := range [][]byte{[]byte(one.name), text} {
			var length [8]byte
			binary.BigEndian.PutUint64(length[:], uint64(len(part)))
			hash.Write(length[:])
			hash.Write(part)
		}
	}
	after, err := list(files)
	if err != nil {
		return fileSet{}, err
	}
	if len(before) != len(after) {
		return fileSet{}, errChanging
	}
	for at := range before {
		if before[at] != after[at] {
			return fileSet{}, errChanging
		}
	}
	if len(set.files) == 0 {
		return fileSet{}, ErrNoFiles
	}
	hash.Sum(set.sum[:0])
	return set, nil
}

// readFile reads a file, and not more than a set may have.
func readFile(files fs.FS, name string) ([]byte, error) {
	file, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, MaxBytes+1))
}

// A listed file is what a listing tells of a file.
type listed struct {
	name     string
	size     int64
	modified int64 // nanoseconds since 1970
}

// list lists the files that count, sorted by name.
func list(files fs.FS) ([]listed, error) {
	var all []listed
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name != "." && strings.HasPrefix(entry.Name(), ".") {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if entry.IsDir() || path.Ext(name) != ".json" {
			return nil
		}
		info, err := fs.Stat(files, name) // of what a symbolic link leads to
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%w: %s", errChanging, name)
		}
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return nil
		}
		if all = append(all, listed{name, info.Size(), info.ModTime().UnixNano()}); len(all) > MaxFiles {
			return ErrTooLarge
		}
		return nil
	})
	return all, err
}

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

// ErrTooLarge says that the files exceed MaxBytes or MaxFiles, or that there are
// more than 1,000 symbolic links to folders, as there are where they lead round in
// a circle.
var ErrTooLarge = fmt.Errorf("hotreload: there are more than %d files, they have more than %d bytes, or symbolic links lead round in a circle", MaxFiles, MaxBytes)

// maxLinks is how many symbolic links to folders are followed.
const maxLinks = 1000

// ErrChanging says that files changed while they were being read, or that a
// symbolic link leads nowhere.
var ErrChanging = errors.New("hotreload: the files are changing")

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
		text, err := readFile(files, one.name, one.size)
		if errors.Is(err, fs.ErrNotExist) || err == nil && int64(len(text)) != one.size {
			return fileSet{}, fmt.Errorf("%w: %s", ErrChanging, one.name)
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
		return fileSet{}, ErrChanging
	}
	for at := range before {
		if before[at] != after[at] {
			return fileSet{}, ErrChanging
		}
	}
	if len(set.files) == 0 {
		return fileSet{}, ErrNoFiles
	}
	hash.Sum(set.sum[:0])
	return set, nil
}

// readTwice reads the files twice, and they must be the same.
func readTwice(files fs.FS) (fileSet, error) {
	set, err := read(files)
	if err != nil {
		return fileSet{}, err
	}
	return confirmed(files, set.sum)
}

// confirmed reads the files again, and they must still be those of the first set. Sizes
// and times alone do not tell whether a link was swapped in the middle of the first
// reading: programs that unpack files often give all of them the same time.
func confirmed(files fs.FS, first sum) (fileSet, error) {
	again, err := read(files)
	if err == nil && again.sum != first {
		err = ErrChanging
	}
	return again, err
}

// readFile reads a file, and not much more than the size that it was listed
// with.
func readFile(files fs.FS, name string, size int64) ([]byte, error) {
	file, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, size+1))
}

// A listed file is what a listing tells of a file.
type listed struct {
	name     string
	size     int64
	modified int64 // nanoseconds since 1970
}

// list lists the files that count, sorted by name.
func list(files fs.FS) ([]listed, error) {
	l := lister{files: files}
	err := fs.WalkDir(files, ".", l.visit)
	return l.all, err
}

// A lister gathers files.
type lister struct {
	files fs.FS
	all   []listed
	links int // to folders
}

// visit is told of files and folders by [fs.WalkDir].
func (l *lister) visit(name string, entry fs.DirEntry, err error) error {
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) && name != "." {
			return fmt.Errorf("%w: %s", ErrChanging, name)
		}
		return err
	}
	if name != "." && strings.HasPrefix(path.Base(name), ".") {
		if entry.IsDir() {
			return fs.SkipDir
		}
		return nil
	}
	link := entry.Type()&fs.ModeSymlink != 0
	if entry.IsDir() || path.Ext(name) != ".json" && !link {
		return nil
	}
	info, err := fs.Stat(l.files, name) // of what a symbolic link leads to
	switch {
	case errors.Is(err, fs.ErrNotExist): // a link may have led to a folder with a Deny in it
		return fmt.Errorf("%w: %s", ErrChanging, name)
	case err != nil:
		return err
	case link && info.IsDir():
		if l.links++; l.links > maxLinks {
			return ErrTooLarge
		}
		return fs.WalkDir(l.files, name, l.visit)
	case !info.Mode().IsRegular() || path.Ext(name) != ".json":
		return nil
	}
	if l.all = append(l.all, listed{name, info.Size(), info.ModTime().UnixNano()}); len(l.all) > MaxFiles {
		return ErrTooLarge
	}
	return nil
}

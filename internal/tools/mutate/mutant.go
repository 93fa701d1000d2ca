package main

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A mutant is one change of a package.
type mutant struct {
	id         int
	pkg        string // the folder of the package in the module
	file       string // relative to the module
	start, end token.Position
	function   string // Type.Method for methods, "" outside of functions
	operator   string
	original   string // the text that changes, white space collapsed
	mutated    string
	occurrence int // which one of the same original and operator in the function, from 1
	line       string

	edits   []edit
	dropped bool // does not compile

	result result
	by     string // the test that killed it, or the steps that did not
	took   time.Duration
}

type result int

const (
	survived result = iota
	uncovered
	killed
	timedOut
	notCompiled
)

var resultNames = [...]string{"survived", "not covered", "killed", "timed out", "does not compile"}

func (m *mutant) String() string {
	return fmt.Sprintf("%d\t%s:%d:%d\t%s\t%s\t%s\t=>\t%s\t#%d", m.id, m.file, m.start.Line, m.start.Column, m.function, m.operator, m.original, m.mutated, m.occurrence)
}

// key names the mutant in the file of equivalent ones.
func (m *mutant) key() string {
	return fmt.Sprintf("%s\t%s\t%s\t%s\t%d", m.pkg, m.function, m.operator, m.original, m.occurrence)
}

// A source is a file of a package that is mutated.
type source struct {
	path    string // in the copy
	text    []byte
	clause  int // where the package clause ends
	mutants []*mutant
}

// findMutants lists the mutants of the packages in the given folders.
func (m *module) findMutants(folders []string) ([]*mutant, []*source, error) {
	var mutants []*mutant
	var sources []*source
	files := token.NewFileSet()
	exports := importer.ForCompiler(files, "gc", func(path string) (io.ReadCloser, error) {
		if m.exports[path] == "" {
			return nil, fmt.Errorf("no export data of %s", path)
		}
		return os.Open(m.exports[path])
	})
	for _, folder := range folders {
		p, err := m.find(folder)
		if err != nil {
			return nil, nil, err
		}
		var parsed []*ast.File
		var own []*source
		for _, name := range p.GoFiles {
			path := filepath.Join(p.Dir, name)
			text, err := os.ReadFile(path)
			if err != nil {
				return nil, nil, err
			}
			file, err := parser.ParseFile(files, path, text, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				return nil, nil, err
			}
			parsed = append(parsed, file)
			own = append(own, &source{path: path, text: text, clause: files.Position(file.Name.End()).Offset})
		}
		info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
		if _, err := (&types.Config{Importer: exports}).Check(p.ImportPath, files, parsed, info); err != nil {
			return nil, nil, err
		}
		seen := map[string]int{}
		for at, file := range parsed {
			name, err := filepath.Rel(m.folder, own[at].path)
			if err != nil {
				return nil, nil, err
			}
			f := &finder{files: files, info: info, text: own[at].text}
			f.walk(file)
			for _, found := range f.found {
				found.pkg, found.file = strings.Trim(filepath.ToSlash(folder), "/"), filepath.ToSlash(name)
				found.occurrence = 1
				key := found.key()
				seen[key]++
				found.occurrence = seen[key]
				found.id = len(mutants) + 1
				mutants = append(mutants, found)
			}
			own[at].mutants = f.found
			sources = append(sources, own[at])
		}
	}
	return mutants, sources, nil
}

// An edit puts text at an offset, in place of what stands up to end. Text that
// opens something goes to a front, what closes it to a back.
type edit struct {
	at, end int
	back    bool
	text    string // "#" stands for the number of the mutant
}

// rewrite gives the text of the source with all its mutants in it.
func (s *source) rewrite() []byte {
	type placed struct {
		edit
		order int
	}
	var edits []placed
	for _, m := range s.mutants {
		if m.dropped {
			continue
		}
		for _, e := range m.edits {
			e.text = strings.ReplaceAll(e.text, "#", fmt.Sprint(m.id))
			edits = append(edits, placed{e, len(edits)})
		}
	}
	if len(edits) > 0 {
		clause := edit{at: s.clause, end: s.clause, text: `; import mutant__ "` + modulePath + `/internal/mutant"`}
		edits = append(edits, placed{clause, len(edits)})
	}
	// Mutants are listed from the outside to the inside: at one place the inner
	// ones close first and open last.
	slices.SortFunc(edits, func(a, b placed) int {
		kind := func(e placed) int {
			switch {
			case e.back:
				return 0
			case e.at == e.end:
				return 1
			}
			return 2
		}
		switch {
		case a.at != b.at:
			return a.at - b.at
		case kind(a) != kind(b):
			return kind(a) - kind(b)
		case a.back:
			return b.order - a.order
		}
		return a.order - b.order
	})
	var out []byte
	at := 0
	for _, e := range edits {
		out = append(out, s.text[at:e.at]...)
		out = append(out, e.text...)
		at = e.end
	}
	return append(out, s.text[at:]...)
}

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A binary is the compiled tests of a package.
type binary struct {
	pkg, dir, path string
	rapid          bool
	tests          []*test
}

// build writes the mutants into the copy, drops those that do not compile, and
// builds the tests of every package that uses a mutated one. It gives the
// packages whose tests do not build.
func (m *module) build(o *options, mutants []*mutant, sources []*source) (binaries []*binary, broken []string, err error) {
	const turns = 20
	for turn := 0; ; turn++ {
		for _, s := range sources {
			if err := os.WriteFile(s.path, s.rewrite(), 0o644); err != nil {
				return nil, nil, err
			}
		}
		_, err := m.goCommand("build", "-gcflags=-e", "./...")
		if err == nil {
			break
		}
		if dropped := m.drop(mutants, err.Error()); dropped == 0 || turn == turns {
			return nil, nil, err
		}
	}
	targets := map[string]bool{}
	for _, folder := range o.packages {
		p, err := m.find(folder)
		if err != nil {
			return nil, nil, err
		}
		targets[p.ImportPath] = true
	}
	paths := []string{}
	for path := range m.packages {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	for number, path := range paths {
		p := m.packages[path]
		if len(p.TestGoFiles)+len(p.XTestGoFiles) == 0 {
			continue
		}
		relative, err := filepath.Rel(m.folder, p.Dir)
		if err != nil {
			return nil, nil, err
		}
		uses := false
		for dependency := range m.testDependencies(p) {
			uses = uses || targets[dependency]
		}
		if !uses || slices.Contains(o.without, filepath.ToSlash(relative)) {
			continue
		}
		b := &binary{pkg: filepath.ToSlash(relative), dir: p.Dir, rapid: m.usesRapid(p)}
		b.path = filepath.Join(m.folder, fmt.Sprintf("mutants%d.test", number))
		if _, err := m.goCommand("test", "-c", "-gcflags=-e", "-o", b.path, p.ImportPath); err != nil {
			broken = append(broken, b.pkg+": does not build")
			continue
		}
		binaries = append(binaries, b)
	}
	return binaries, broken, nil
}

var complaint = regexp.MustCompile(`(?m)^(\S+\.go):(\d+):\d+: `)

// drop marks the mutants that the compiler complains about, and gives their
// number.
func (m *module) drop(mutants []*mutant, complaints string) int {
	dropped := 0
	for _, match := range complaint.FindAllStringSubmatch(complaints, -1) {
		line, _ := strconv.Atoi(match[2])
		file := filepath.ToSlash(strings.TrimPrefix(match[1], "./"))
		var best *mutant
		for _, candidate := range mutants {
			if candidate.file != file || candidate.dropped || line < candidate.start.Line || line > candidate.end.Line {
				continue
			}
			if candidate.start.Line == line && candidate.end.Line == line {
				candidate.dropped = true
				dropped++
			} else if best == nil || candidate.end.Line-candidate.start.Line < best.end.Line-best.start.Line {
				best = candidate
			}
		}
		if dropped == 0 && best != nil {
			best.dropped = true
			dropped++
		}
	}
	return dropped
}

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A module is the copy of the module that is mutated.
type module struct {
	folder   string
	packages map[string]*listed // by import path, those of the module only
	exports  map[string]string  // export data of all packages, by import path
}

// listed is what go list tells of a package.
type listed struct {
	ImportPath, Dir, Export            string
	GoFiles, TestGoFiles, XTestGoFiles []string
	Deps, TestImports, XTestImports    []string
	Module                             *struct{ Path string }
}

// copyModule copies the module at root into folder, without the modules inside
// it, and adds the package that switches mutants on.
func copyModule(root, folder string) (*module, error) {
	root, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		return nil, err
	}
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if path != root {
				if entry.Name() == ".git" {
					return filepath.SkipDir
				}
				if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil {
					return filepath.SkipDir
				}
			}
			return os.MkdirAll(filepath.Join(folder, relative), 0o755)
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		return copyFile(path, filepath.Join(folder, relative))
	})
	if err != nil {
		return nil, err
	}
	m := &module{folder: folder, packages: map[string]*listed{}, exports: map[string]string{}}
	output, err := m.goCommand("list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,TestGoFiles,XTestGoFiles,Deps,TestImports,XTestImports,Module", "./...")
	if err != nil {
		return nil, err
	}
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		p := new(listed)
		if err := decoder.Decode(p); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		m.exports[p.ImportPath] = p.Export
		if p.Module != nil && strings.HasPrefix(p.Dir, folder) {
			m.packages[p.ImportPath] = p
		}
	}
	if err := os.MkdirAll(filepath.Join(folder, "internal", "mutant"), 0o755); err != nil {
		return nil, err
	}
	return m, os.WriteFile(filepath.Join(folder, "internal", "mutant", "mutant.go"), []byte(switchSource), 0o644)
}

func copyFile(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o644)
}

// goCommand runs the go command in the copy and gives its output. Where it
// fails, the error holds what it said.
func (m *module) goCommand(arguments ...string) ([]byte, error) {
	command := exec.Command("go", arguments...)
	command.Dir = m.folder
	command.Env = append(os.Environ(), "GOWORK=off")
	var output, complaints bytes.Buffer
	command.Stdout, command.Stderr = &output, &complaints
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s", arguments[0], err, complaints.String())
	}
	return output.Bytes(), nil
}

// find gives the package in the given folder of the module.
func (m *module) find(folder string) (*listed, error) {
	for _, p := range m.packages {
		if relative, err := filepath.Rel(m.folder, p.Dir); err == nil && filepath.ToSlash(relative) == strings.Trim(folder, "/") {
			return p, nil
		}
	}
	return nil, fmt.Errorf("there is no package in %q", folder)
}

// testDependencies gives the import paths that the tests of a package are
// built of, itself included.
func (m *module) testDependencies(p *listed) map[string]bool {
	all := map[string]bool{p.ImportPath: true}
	add := func(paths []string) {
		for _, path := range paths {
			all[path] = true
			if other := m.packages[path]; other != nil {
				for _, dependency := range other.Deps {
					all[dependency] = true
				}
			}
		}
	}
	add(p.Deps)
	add(p.TestImports)
	add(p.XTestImports)
	return all
}

// usesRapid tells whether the test binary of a package knows the flags of rapid.
func (m *module) usesRapid(p *listed) bool { return m.testDependencies(p)["pgregory.net/rapid"] }

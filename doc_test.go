package portcullis_test

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/portcullis-iam/portcullis/policy/catalog"
	"github.com/portcullis-iam/portcullis/policy/managed"
)

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// between gives the part of text between the first start and the next end.
func between(t *testing.T, text, start, end string) string {
	t.Helper()
	_, text, found := strings.Cut(text, start)
	text, _, closed := strings.Cut(text, end)
	if !found || !closed {
		t.Fatalf("nothing between %q and %q", start, end)
	}
	return text
}

// TestReadmeProgram sees that the program of the README is that of Example,
// which is compiled and run, and prints what the README says.
func TestReadmeProgram(t *testing.T) {
	readme, example := read(t, "README.md"), read(t, "example_test.go")
	program := "package main\n" + between(t, readme, "```go\npackage main\n", "```\n")
	example = between(t, example, "func Example() {\n", "\n}\n")
	body, output, _ := strings.Cut(example, "\n\n\t// Output: ")
	if diff := cmp.Diff(body, between(t, program, "func main() {\n", "\n}\n")); diff != "" {
		t.Errorf("main in the README is not Example (-example +README):\n%s", diff)
	}
	if said := between(t, readme, "It prints\n\n```\n", "\n```\n"); said != output {
		t.Errorf("the README says that it prints\n%s\nbut it is\n%s", said, output)
	}

	formatted, err := format.Source([]byte(program))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(formatted), program); diff != "" {
		t.Errorf("the program is not formatted (-gofmt +README):\n%s", diff)
	}
	file, err := parser.ParseFile(token.NewFileSet(), "README.md", program, 0)
	if err != nil {
		t.Fatal(err)
	}
	imported, used := map[string]bool{}, map[string]bool{}
	for _, spec := range file.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		imported[path.Base(name)] = true
	}
	ast.Inspect(file, func(node ast.Node) bool {
		if selector, ok := node.(*ast.SelectorExpr); ok {
			if of, ok := selector.X.(*ast.Ident); ok && of.Obj == nil { // not a variable
				used[of.Name] = true
			}
		}
		return true
	})
	if diff := cmp.Diff(used, imported); diff != "" {
		t.Errorf("the imports are not those that are used (-used +imported):\n%s", diff)
	}
}

// TestReadmeLinks sees that all files that the README refers to are there.
func TestReadmeLinks(t *testing.T) {
	readme := read(t, "README.md")
	paths := []string{}
	for _, link := range regexp.MustCompile(`\]\(([^)#]+)\)`).FindAllStringSubmatch(readme, -1) {
		paths = append(paths, link[1])
	}
	paths = append(paths, regexp.MustCompile(`\./examples/\w+|(?:examples|fuzz)/[\w/.]+\w|\.ci/run`).FindAllString(readme, -1)...)
	if len(paths) < 10 {
		t.Errorf("only %d files found: %q", len(paths), paths)
	}
	for _, path := range paths {
		if strings.Contains(path, "://") {
			continue
		}
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
}

// TestReadmeNumbers sees that the numbers in the README are true.
func TestReadmeNumbers(t *testing.T) {
	readme := read(t, "README.md")
	cases := 0
	for _, name := range []string{"documented", "rulings"} {
		cases += strings.Count(strings.TrimSpace(read(t, "fuzz/testdata/cases/"+name+".jsonl")), "\n") + 1
	}
	policies := managed.Count()
	for _, phrase := range []string{
		fmt.Sprintf("%d worked cases", cases),
		fmt.Sprintf("all %d,%03d of the partition", policies/1000, policies%1000),
		fmt.Sprintf("all %d,%03d actions", catalog.CountActions()/1000, catalog.CountActions()%1000),
	} {
		if !strings.Contains(readme, phrase) {
			t.Errorf("the README does not say %q", phrase)
		}
	}
}

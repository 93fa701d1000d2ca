package policy_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/policy"
)

// A documentedCode is a constant of type Code with the example of its comment.
type documentedCode struct {
	constant string
	code     policy.Code
	comment  string
	kind     policy.Kind
	example  string // empty if there is none
}

var exampleKinds = map[string]policy.Kind{
	"resource-based":   policy.ResourceBased,
	"role trust":       policy.RoleTrust,
	"session":          policy.Session,
	"service control":  policy.ServiceControl,
	"resource control": policy.ResourceControl,
}

// documentedCodes reads the codes out of the source, so that a comment cannot
// say what is not so.
func documentedCodes(t *testing.T, file string) []documentedCode {
	t.Helper()
	source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var codes []documentedCode
	ast.Inspect(source, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		one := documentedCode{constant: spec.Names[0].Name, code: policy.Code(value), comment: spec.Doc.Text(), kind: policy.IdentityBased}
		for line := range strings.Lines(one.comment) {
			if example, found := strings.CutPrefix(line, "\t"); found {
				one.example = strings.TrimSuffix(example, "\n")
			}
		}
		if kind, text, found := strings.Cut(one.example, ": {"); found && !strings.HasPrefix(kind, "{") {
			if one.kind, ok = exampleKinds[kind]; !ok {
				t.Errorf("%s: unknown kind %q", one.constant, kind)
			}
			one.example = "{" + text
		}
		codes = append(codes, one)
		return false
	})
	if len(codes) == 0 {
		t.Fatalf("%s has no codes", file)
	}
	return codes
}

// TestErrorExamples parses the example of each code of errors: it has that
// error and no other.
func TestErrorExamples(t *testing.T) {
	t.Parallel()
	for _, one := range documentedCodes(t, "code.go") {
		if one.example == "" {
			switch one.code {
			case policy.InvalidPolicyKind, policy.DocumentTooLarge, policy.NestingTooDeep, policy.TooManyStatements: // tested by name elsewhere
			default:
				t.Errorf("%s has no example", one.constant)
			}
			continue
		}
		_, err := policy.Parse(one.kind, []byte(one.example))
		var all policy.Errors
		if !errors.As(err, &all) || len(all) != 1 || all[0].Code != one.code {
			t.Errorf("%s: the example has %v", one.constant, err)
		}
	}
}

// TestFindingExamples validates the example of each code of findings.
func TestFindingExamples(t *testing.T) {
	t.Parallel()
	for _, one := range documentedCodes(t, "finding_code.go") {
		if one.example == "" {
			if !strings.HasPrefix(string(one.code), "POLICY_SIZE_EXCEEDS_") { // TestValidateSize
				t.Errorf("%s has no example", one.constant)
			}
			continue
		}
		d, err := policy.Parse(one.kind, []byte(one.example))
		if err != nil {
			t.Errorf("%s: the example does not parse: %v", one.constant, err)
			continue
		}
		count := 0
		for _, finding := range d.Validate() {
			switch finding.Code {
			case one.code:
				count++
			case policy.MissingVersion, policy.EmptyArrayStatement, policy.EmptyArrayPrincipal, policy.EmptyObjectPrincipal:
			default:
				t.Errorf("%s: the example also has %s", one.constant, finding.String())
			}
		}
		if count != 1 {
			t.Errorf("%s: the example has it %d times: %v", one.constant, count, d.Validate())
		}
	}
}

func TestCodeStyle(t *testing.T) {
	t.Parallel()
	style := regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`)
	seen := make(map[policy.Code]string)
	for _, one := range append(documentedCodes(t, "code.go"), documentedCodes(t, "finding_code.go")...) {
		if !style.MatchString(string(one.code)) {
			t.Errorf("%s: %q is not in the style of AWS", one.constant, one.code)
		}
		if other, again := seen[one.code]; again {
			t.Errorf("%s and %s are the same code", one.constant, other)
		}
		seen[one.code] = one.constant
		if !strings.HasPrefix(one.comment, one.constant+": ") {
			t.Errorf("%s: the comment begins with %.30q", one.constant, one.comment)
		}
	}
}

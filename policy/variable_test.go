package policy

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/portcullis-iam/portcullis/condition"
)

func TestNextVariable(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		want variable
	}{
		{"a${b}c", variable{start: 1, end: 5, name: "b"}},
		{"${b, 'c}d'}e", variable{start: 0, end: 11, name: "b"}},
		{"${b, ''}", variable{start: 0, end: 8, name: "b"}},
		{"${b,'c'}", variable{start: 0, end: 8, name: "b,'c'"}},
		{"${a b}", variable{start: 0, end: 6, name: "a b"}},
		{"$${b}", variable{start: 1, end: 5, name: "b"}},
		{"${a${b}", variable{start: 0, end: 7, name: "a${b"}},
		{"${}", variable{start: 0, end: 3, problem: EmptyVariable}},
		{"${, 'x'}", variable{start: 0, end: 5, problem: EmptyVariable}},
		{"${b", variable{start: 0, end: 3, problem: MissingBraceInVariable}},
		{"${b, 'c'", variable{start: 0, end: 6, name: "b", problem: MissingBraceInVariable}},
		{"${b, 'c}", variable{start: 0, end: 6, name: "b", problem: MissingQuoteInVariable}},
		{"${b, 'c' }", variable{start: 0, end: 6, name: "b", problem: MissingQuoteInVariable}},
	} {
		got, ok := nextVariable(tt.text, 0)
		if !ok || got != tt.want {
			t.Errorf("%q: got %+v, %v, want %+v", tt.text, got, ok, tt.want)
		}
	}
	for _, text := range []string{"", "$", "{a}", "$ {a}"} {
		if got, ok := nextVariable(text, 0); ok {
			t.Errorf("%q: got %+v, want none", text, got)
		}
	}
}

// TestVariablesAgree: what this package calls a variable is what decisions
// substitute.
func TestVariablesAgree(t *testing.T) {
	t.Parallel()
	piece := rapid.SampledFrom([]string{"${", "$", "{", "}", ", '", "'", ",", " ", "a", "b:c", "*", ":", "${a}", "${b, 'c'}", "${*}"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), "")
		got := []string{}
		for from := 0; ; {
			v, ok := nextVariable(text, from)
			if !ok {
				break
			}
			if v.end <= v.start || v.end > len(text) {
				t.Fatalf("%q: %+v", text, v)
			}
			from = v.end
			if escape := text[v.start:v.end]; v.problem == "" && escape != "${*}" && escape != "${?}" && escape != "${$}" {
				got = append(got, v.name)
			}
		}
		if diff := cmp.Diff(condition.ParseTemplate(text, true).Keys(), got); diff != "" {
			t.Fatalf("%q: names differ (-condition +policy):\n%s", text, diff)
		}
	})
}

func TestSplitARN(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text      string
		variables bool
		want      []string
		complete  bool
	}{
		{"arn:aws:s3:::b:c", true, []string{"arn", "aws", "s3", "", "", "b:c"}, true},
		{"arn:aws:s3::", true, []string{"arn", "aws", "s3", "", ""}, false},
		{"", true, []string{""}, false},
		{"arn:aws:s3::${a:b}", true, []string{"arn", "aws", "s3", "", "${a:b}"}, false},
		{"arn:aws:s3::${a:b}", false, []string{"arn", "aws", "s3", "", "${a", "b}"}, true},
		{"arn:aws:s3::${a:b", true, []string{"arn", "aws", "s3", "", "${a", "b"}, true},
		{"arn:aws:s3::${}${a:b}", true, []string{"arn", "aws", "s3", "", "${}${a:b}"}, false},
		{"arn:aws:s3:${a:b}:${c:d, ':'}x:${e:f}", true, []string{"arn", "aws", "s3", "${a:b}", "${c:d, ':'}x", "${e:f}"}, true},
	} {
		got, complete := splitARN(tt.text, tt.variables)
		if complete != tt.complete || !cmp.Equal(got, tt.want) {
			t.Errorf("%q, %v: got %q, %v, want %q, %v", tt.text, tt.variables, got, complete, tt.want, tt.complete)
		}
	}
}

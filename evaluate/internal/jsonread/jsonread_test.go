package jsonread_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/portcullis-iam/portcullis/evaluate/internal/jsonread"
)

// read reads a small shape with everything in it that a Reader can read.
func read(text string) (values []string, faults []string) {
	r, ok := jsonread.Open([]byte(text), 1000, 5)
	if ok {
		root := r.Root()
		if m, ok := r.Members(root, "", true, "Name", "Flag", "List", "Map", "Open"); ok {
			if name, ok := r.Required(root, m[0], "", "Name"); ok {
				values = append(values, name)
			}
			if r.Bool(m[1], "Flag") {
				values = append(values, "flag")
			}
			r.List(m[2], "List", func(v gjson.Result, path string) { values = append(values, path+"="+r.Text(v, path)) })
			r.Map(m[3], "Map", func(key string, v gjson.Result, path string) { values = append(values, path+"="+r.Text(v, path)) })
			if m[4].Exists() {
				r.Members(m[4], "Open", false, "A")
			}
		}
	}
	for _, f := range r.Faults {
		faults = append(faults, fmt.Sprintf("%v %s %s", f.Position, f.Path, f.Code))
	}
	return values, faults
}

func TestReader(t *testing.T) {
	for _, one := range []struct {
		text           string
		values, faults []string
	}{
		{`{"Name": "n", "Flag": true, "List": ["a", "b"], "Map": {"k": "v"}, "Open": {"B": 1}}`,
			[]string{"n", "flag", "List[0]=a", "List[1]=b", "Map.k=v"}, nil},
		{` {"Name": "n", "Flag": null, "List": null}`, []string{"n"}, nil},
		{``, nil, []string{"1:1  JSON_SYNTAX_ERROR"}},
		{`{"Name": "n"`, nil, []string{"1:13  JSON_SYNTAX_ERROR"}},
		{`[[[[[[]]]]]]`, nil, []string{"1:6  JSON_SYNTAX_ERROR"}},
		{strings.Repeat(" ", 1001), nil, []string{"-  FILE_TOO_LARGE"}},
		{"\n []", nil, []string{"2:2  DATA_TYPE_MISMATCH"}},
		{"\n {}", nil, []string{"2:2 Name MISSING_MEMBER"}},
		{`{"Name": ""}`, nil, []string{"1:10 Name MISSING_MEMBER"}},
		{`{"Name": 1}`, nil, []string{"1:10 Name DATA_TYPE_MISMATCH"}},
		{`{"Name": "n", "Flag": "true"}`, []string{"n"}, []string{"1:23 Flag DATA_TYPE_MISMATCH"}},
		{`{"Name": "n", "List": "a"}`, []string{"n"}, []string{"1:23 List DATA_TYPE_MISMATCH"}},
		{`{"Name": "n", "List": ["a", 1]}`, []string{"n", "List[0]=a", "List[1]="}, []string{"1:29 List[1] DATA_TYPE_MISMATCH"}},
		{`{"Name": "n", "Map": []}`, []string{"n"}, []string{"1:22 Map DATA_TYPE_MISMATCH"}},
		{`{"Name": "n", "Map": {"k": "v", "k": "w"}}`, []string{"n", "Map.k=v"}, []string{"1:33 Map.k DUPLICATE_MEMBER"}},
		{`{"Name": "n", "Name": "m"}`, nil, []string{"1:15 Name DUPLICATE_MEMBER"}},
		{`{"name": "n"}`, nil, []string{"1:2 name MISSPELLED_MEMBER"}},
		{`{"Name": "n", "More": 1}`, []string{"n"}, []string{"1:15 More UNKNOWN_MEMBER"}},
		{`{"Name": "n", "Open": {"a": 1}}`, []string{"n"}, []string{"1:24 Open.a MISSPELLED_MEMBER"}},
		{`{"Name": "n", "Open": {"A": 1, "A": null}}`, []string{"n"}, []string{"1:32 Open.A DUPLICATE_MEMBER"}},
	} {
		values, faults := read(one.text)
		if !slices.Equal(values, one.values) || !slices.Equal(faults, one.faults) {
			t.Errorf("%s: %q, %q\nwant %q, %q", one.text, values, faults, one.values, one.faults)
		}
	}
}

func TestFaultsAreBounded(t *testing.T) {
	r, _ := jsonread.Open([]byte("{"+strings.Repeat(`"a": 1,`, 500)+`"a": 1}`), 1<<20, 5)
	r.Members(r.Root(), "", true, "b")
	r.Map(r.Root(), "", func(string, gjson.Result, string) {})
	if len(r.Faults) != jsonread.MaxFaults {
		t.Errorf("%d faults", len(r.Faults))
	}
	if path := jsonread.Join("a", strings.Repeat("x", 1000)); len(path) > 300 {
		t.Errorf("a path of %d bytes", len(path))
	}
}

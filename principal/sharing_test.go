package principal

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/policy"
)

const (
	sharedPolicies = 200
	sharingRoles   = 10000
)

// sharingAccount is an account of roles that share 200 managed policies of
// some 4 kB, near what IAM allows, three for each role.
func sharingAccount(tb testing.TB, roles int) *Directory {
	tb.Helper()
	account := AccountDetails{AccountID: "111111111111"}
	for number := range sharedPolicies {
		var b strings.Builder
		b.WriteString(`{"Version":"2012-10-17","Statement":[`)
		for at := range 12 {
			if at > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"Sid":"S%d","Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:List*","dynamodb:GetItem","dynamodb:Query"],`, at)
			fmt.Fprintf(&b, `"Resource":["arn:aws:s3:::bucket-%d-%d/*","arn:aws:s3:::bucket-%d-%d","arn:aws:dynamodb:*:111111111111:table/table-%d-%d"],`, number, at, number, at, number, at)
			fmt.Fprintf(&b, `"Condition":{"StringEquals":{"aws:PrincipalTag/team":"team-%d"}}}`, at)
		}
		b.WriteString(`]}`)
		account.Policies = append(account.Policies, ManagedPolicyDetail{Name: fmt.Sprint("policy-", number), Version: "v1", Document: b.String()})
	}
	for number := range roles {
		role := RoleDetail{Name: fmt.Sprint("role-", number), Path: "/service/", ID: fmt.Sprintf("AROA%016d", number),
			Trust: fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"service-%d.amazonaws.com"},"Action":"sts:AssumeRole"}]}`, number%30),
			Tags:  map[string]string{"team": fmt.Sprint("team-", number%20)}}
		for at := range 3 {
			role.Attached = append(role.Attached, fmt.Sprint("arn:aws:iam::111111111111:policy/policy-", (number+at*67)%sharedPolicies))
		}
		account.Roles = append(account.Roles, role)
	}
	b := NewBuilder()
	b.AddAccount(account)
	d, err := b.Build()
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// heldBy measures the heap that a directory holds.
func heldBy(build func() *Directory) int64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&before)
	d := build()
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(d)
	return int64(after.HeapAlloc) - int64(before.HeapAlloc)
}

// TestSharedPolicies tells that ten thousand roles hold the 200 policies that
// they share once.
func TestSharedPolicies(t *testing.T) {
	t.Parallel()
	d := sharingAccount(t, sharingRoles)
	policies := make(map[*policy.Policy]bool)
	for caller := range d.Principals() {
		p, err := d.Principal(caller)
		if err != nil {
			t.Fatal(err)
		}
		for _, attached := range p.IdentityPolicies {
			policies[attached.Policy] = true
		}
	}
	if len(policies) != sharedPolicies {
		t.Errorf("%d roles hold %d compiled policies, want %d", sharingRoles, len(policies), sharedPolicies)
	}
}

// TestSharedPoliciesHeap bounds what such a directory holds: less than twice
// what the policies hold alone, and a kilobyte for each role.
func TestSharedPoliciesHeap(t *testing.T) {
	alone := heldBy(func() *Directory { return sharingAccount(t, 0) })
	all := heldBy(func() *Directory { return sharingAccount(t, sharingRoles) })
	t.Logf("200 policies hold %d kB, with 10,000 roles %d kB: %d bytes a role", alone>>10, all>>10, (all-alone)/sharingRoles)
	if bound := 2*alone + sharingRoles<<10; all >= bound {
		t.Errorf("10,000 roles that share 200 policies hold %d bytes, want less than %d", all, bound)
	}
}

// BenchmarkSharedPolicies reports the heap of such a directory.
func BenchmarkSharedPolicies(b *testing.B) {
	var alone, all int64
	for b.Loop() {
		alone = heldBy(func() *Directory { return sharingAccount(b, 0) })
		all = heldBy(func() *Directory { return sharingAccount(b, sharingRoles) })
	}
	b.ReportMetric(float64(alone)/1e6, "MB-policies")
	b.ReportMetric(float64(all)/1e6, "MB-held")
	b.ReportMetric(float64(all-alone)/sharingRoles, "B/role")
}

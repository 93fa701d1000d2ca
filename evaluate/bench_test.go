package evaluate

import (
	"flag"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/workload"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/policy/managed"
	"github.com/portcullis-iam/portcullis/principal"
)

// The flags of BenchmarkOwn, for policies and questions of the reader's own:
//
//	go test ./evaluate -run '^$' -bench Own -args -policies a.json,b.json -action s3:GetObject -resource arn:aws:s3:::b/k
var (
	ownPolicies = flag.String("policies", "", "comma-separated files of identity-based policies for BenchmarkOwn")
	ownAction   = flag.String("action", "s3:GetObject", "the action that BenchmarkOwn asks about")
	ownResource = flag.String("resource", "arn:aws:s3:::bucket/key", "the resource that BenchmarkOwn asks about")
)

// BenchmarkEvaluate decides prepared requests of the workload. Its s3 profile
// is the one that evaluate/rivals compares other engines on.
func BenchmarkEvaluate(b *testing.B) {
	for _, profile := range workload.Profiles() {
		for _, size := range workload.Sizes() {
			set, err := workload.Generate(profile, size)
			if err != nil {
				b.Fatal(err)
			}
			e := workloadEvaluator(b, set, indexLarge)
			for at := range set.Named {
				r := workloadRequest(b, &set.Named[at])
				b.Run(fmt.Sprintf("%s/%s/%s", profile, size, set.Named[at].Name), func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						e.Evaluate(r)
					}
				})
			}
			mix := workloadMix(b, set)
			b.Run(fmt.Sprintf("%s/%s/mix", profile, size), func(b *testing.B) {
				b.ReportAllocs()
				next := 0
				for b.Loop() {
					e.Evaluate(mix[next])
					if next++; next == len(mix) {
						next = 0
					}
				}
			})
		}
	}
}

func workloadMix(b *testing.B, set *workload.Set) []*Request {
	mix := make([]*Request, len(set.Mix))
	for at := range set.Mix {
		mix[at] = workloadRequest(b, &set.Mix[at])
	}
	return mix
}

// BenchmarkParallel decides the mix of W3 on as many goroutines as -cpu says:
// compare -cpu 1 with -cpu 2.
func BenchmarkParallel(b *testing.B) {
	set, err := workload.Generate(workload.ProfileS3, workload.W3)
	if err != nil {
		b.Fatal(err)
	}
	e, mix := workloadEvaluator(b, set, indexLarge), workloadMix(b, set)
	b.RunParallel(func(pb *testing.PB) {
		for next := 0; pb.Next(); next++ {
			e.Evaluate(mix[next%len(mix)])
		}
	})
}

// BenchmarkManaged decides with policies of AWS's own as they are: the two
// largest, the one that grants everything, and twenty of them on one role.
func BenchmarkManaged(b *testing.B) {
	var twenty []string
	for entry := range managed.All() {
		if strings.HasPrefix(entry.Name, "Amazon") && len(twenty) < 20 {
			twenty = append(twenty, entry.Name)
		}
	}
	for _, c := range []struct {
		name     string
		policies []string
		actions  []string
	}{
		{"ReadOnlyAccess", []string{"ReadOnlyAccess"}, []string{"s3:GetObject", "ec2:RunInstances", "nobody:Knows"}},
		{"AWSSupportServiceRolePolicy", []string{"AWSSupportServiceRolePolicy"}, []string{"ec2:DescribeInstances", "s3:GetObject"}},
		{"AdministratorAccess", []string{"AdministratorAccess"}, []string{"s3:GetObject"}},
		{"twenty", twenty, []string{"s3:GetObject", "ec2:RunInstances"}},
	} {
		e := managedEvaluator(b, c.policies...)
		for _, action := range c.actions {
			r, err := NewRequest(action, "arn:aws:ec2:eu-west-1:111122223333:instance/i-1", "")
			if err != nil {
				b.Fatal(err)
			}
			b.Run(c.name+"/"+action, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					e.Evaluate(r)
				}
			})
		}
	}
}

func managedEvaluator(b *testing.B, names ...string) *Evaluator {
	p := &principal.Principal{}
	var err error
	if p.Identity, err = principal.Identify("arn:aws:sts::111122223333:assumed-role/r/s", ""); err != nil {
		b.Fatal(err)
	}
	for _, name := range names {
		entry, found := managed.Lookup(name)
		if !found {
			b.Fatalf("AWS has no policy %s", name)
		}
		compiled, err := entry.Policy(policy.IdentityBased)
		if err != nil {
			b.Fatal(err)
		}
		p.IdentityPolicies = append(p.IdentityPolicies, principal.Attachment{Policy: compiled, Source: principal.Source{Name: name}})
	}
	e, err := New(p)
	if err != nil {
		b.Fatal(err)
	}
	return e
}

// BenchmarkOwnAccount is the commonest condition of AWS's own policies: the
// resource must belong to the caller's account.
func BenchmarkOwnAccount(b *testing.B) {
	identity, err := principal.Identify("arn:aws:iam::111122223333:user/alice", "")
	if err != nil {
		b.Fatal(err)
	}
	compiled, err := policy.Load(policy.IdentityBased, []byte(`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject",
		"Resource": "arn:aws:s3:::*", "Condition": {"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}}}`))
	if err != nil {
		b.Fatal(err)
	}
	facts := new(condition.Context)
	facts.Set("aws:PrincipalAccount", condition.String("111122223333"))
	e, err := New(&principal.Principal{Identity: identity, IdentityPolicies: []principal.Attachment{{Policy: compiled}}, Facts: facts})
	if err != nil {
		b.Fatal(err)
	}
	r, err := NewRequest("s3:GetObject", "arn:aws:s3:::bucket/key", "111122223333")
	if err != nil {
		b.Fatal(err)
	}
	if !e.Evaluate(r).Allowed() {
		b.Fatal("the request is denied")
	}
	b.ReportAllocs()
	for b.Loop() {
		e.Evaluate(r)
	}
}

// BenchmarkServiceControl decides for an administrator below a service control
// policy of the shape that organizations have: eight Deny statements, two of
// them with long NotAction lists, every one sparing some roles by
// aws:PrincipalArn.
func BenchmarkServiceControl(b *testing.B) {
	e := controlledEvaluator(b)
	r, err := NewRequest("ec2:RunInstances", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1", "")
	if err != nil {
		b.Fatal(err)
	}
	for region, want := range map[string]Outcome{"eu-west-1": Allowed, "us-east-1": ExplicitlyDenied} {
		b.Run(region, func(b *testing.B) {
			r.Context.Reset()
			r.Context.Set("aws:PrincipalArn", condition.String("arn:aws:iam::111122223333:role/app/worker"))
			r.Context.Set("aws:RequestedRegion", condition.String(region))
			if got := e.Evaluate(r); got.Outcome != want {
				b.Fatalf("%v, want %v", got, want)
			}
			b.ReportAllocs()
			for b.Loop() {
				e.Evaluate(r)
			}
		})
	}
}

func controlledEvaluator(b *testing.B) *Evaluator {
	services := func(from, count int) string {
		var list []string
		for at := range count {
			list = append(list, fmt.Sprintf(`"service%d:*"`, from+at))
		}
		return strings.Join(list, ",")
	}
	spare := `"ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/platform/*", "arn:aws:iam::*:role/aws-reserved/*"]}`
	statements := []string{
		`{"Effect": "Allow", "Action": "*", "Resource": "*"}`,
		`{"Effect": "Deny", "NotAction": [` + services(0, 52) + `], "Resource": "*", "Condition": {` + spare + `, "StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}}}`,
		`{"Effect": "Deny", "NotAction": [` + services(100, 22) + `], "Resource": "*", "Condition": {` + spare + `, "StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1", "us-east-1"]}}}`,
	}
	for _, action := range []string{"cloudtrail:Stop*", "config:Delete*", "guardduty:*Detector", "iam:CreateUser", "organizations:LeaveOrganization", "ec2:DeleteFlowLogs"} {
		statements = append(statements, `{"Effect": "Deny", "Action": "`+action+`", "Resource": "*", "Condition": {`+spare+`}}`)
	}
	control, err := policy.Load(policy.ServiceControl, []byte(`{"Version": "2012-10-17", "Statement": [`+strings.Join(statements, ",")+`]}`))
	if err != nil {
		b.Fatal(err)
	}
	administrator := managedEvaluator(b, "AdministratorAccess").Principal()
	level := []principal.Attachment{{Policy: control}}
	e, err := New(&principal.Principal{Identity: administrator.Identity, IdentityPolicies: administrator.IdentityPolicies,
		ServiceControlLevels: []principal.Level{{OrgIdentifier: "r-root", Policies: level}, {OrgIdentifier: "ou-1", Policies: level}, {OrgIdentifier: "111122223333", Policies: level}}})
	if err != nil {
		b.Fatal(err)
	}
	return e
}

// BenchmarkRequest fills a request again from what a service has in hand.
func BenchmarkRequest(b *testing.B) {
	r, err := NewRequest("s3:GetObject", "arn:aws:s3:::bucket/key", "111122223333")
	if err != nil {
		b.Fatal(err)
	}
	address, now := netip.MustParseAddr("192.0.2.1"), time.Now()
	b.ReportAllocs()
	for b.Loop() {
		refill(r, address, now)
	}
}

func refill(r *Request, address netip.Addr, now time.Time) {
	r.Context.Reset()
	r.Context.SetTag("aws:PrincipalTag", "team", condition.String("zulu"))
	r.Context.Set("aws:SourceIp", condition.Addr(address))
	r.Context.Set("aws:SecureTransport", condition.Bool(true))
	r.Context.Set("aws:CurrentTime", condition.Time(now))
	_ = r.Set("s3:GetObject", "arn:aws:s3:::acme-prod-zulu-0001/2024/09/late/report-17.csv", "111122223333")
}

// BenchmarkNew makes an evaluator of compiled policies, which is where the
// index is built.
func BenchmarkNew(b *testing.B) {
	for _, size := range workload.Sizes() {
		set, err := workload.Generate(workload.ProfileS3, size)
		if err != nil {
			b.Fatal(err)
		}
		p := workloadEvaluator(b, set, indexLarge).Principal()
		b.Run(string(size), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := New(p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkOwn decides with the policies that the flags name.
func BenchmarkOwn(b *testing.B) {
	if *ownPolicies == "" {
		b.Skip("no -policies given")
	}
	p := &principal.Principal{}
	var err error
	if p.Identity, err = principal.Identify("arn:aws:iam::111122223333:user/alice", ""); err != nil {
		b.Fatal(err)
	}
	for _, file := range strings.Split(*ownPolicies, ",") {
		text, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		compiled, err := policy.Load(policy.IdentityBased, text)
		if err != nil {
			b.Fatalf("%s: %v", file, err)
		}
		p.IdentityPolicies = append(p.IdentityPolicies, principal.Attachment{Policy: compiled, Source: principal.Source{Name: file}})
	}
	e, err := New(p)
	if err != nil {
		b.Fatal(err)
	}
	r, err := NewRequest(*ownAction, *ownResource, "111122223333")
	if err != nil {
		b.Fatal(err)
	}
	b.Log(e.Evaluate(r))
	b.ReportAllocs()
	for b.Loop() {
		e.Evaluate(r)
	}
}

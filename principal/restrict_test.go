package principal

import (
	"testing"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/policy"
)

// TestMissingControlPolicyDenies: nobody knows what a control policy without a
// document denies, so it denies everything, whatever else stands beside it.
func TestMissingControlPolicyDenies(t *testing.T) {
	b := NewBuilder()
	b.SetOrganization(Organization{
		ID: "o-x", ManagementAccount: "111111111111",
		Root: OrganizationNode{
			ID: "r-x", ServiceControlPolicies: []string{FullAWSAccess, "guard"}, ResourceControlPolicies: []string{RCPFullAWSAccess, "guard"},
			Accounts: []OrganizationAccount{{ID: "222222222222", ServiceControlPolicies: []string{FullAWSAccess}}, {ID: "111111111111"}},
		},
	})
	d := mustBuild(t, b)
	diff(t, "problems", problemsOf(d.Problems()), []string{"missing control policy: r-x: guard"})
	p, err := d.Principal("arn:aws:iam::222222222222:root")
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.Resource("*", "222222222222")
	if err != nil {
		t.Fatal(err)
	}
	for _, levels := range [][]Level{p.ServiceControlLevels, r.ControlLevels} {
		if len(levels) == 0 || len(levels[0].Policies) != 2 {
			t.Fatalf("levels %v", levels)
		}
		guard := levels[0].Policies[1]
		if guard.Source.Name != "guard" || guard.Source.AttachedTo != "r-x" || guard.Policy.Effect(0) != policy.Deny {
			t.Errorf("%v has effect %v", guard.Source, guard.Policy.Effect(0))
		}
	}
	if p, err = d.Principal("arn:aws:iam::111111111111:root"); err != nil || p.ServiceControlLevels != nil {
		t.Errorf("the management account is restricted: %v, %v", p.ServiceControlLevels, err)
	}
}

// TestPoliciesOfAnotherPartitionDangle: no entity can hold them.
func TestPoliciesOfAnotherPartitionDangle(t *testing.T) {
	const page = `{"UserDetailList":[{"UserName":"wren","Arn":"arn:aws:iam::111111111111:user/wren","GroupList":["g"],
	    "AttachedManagedPolicies":[{"PolicyArn":"arn:aws-cn:iam::aws:policy/P"}],
	    "PermissionsBoundary":{"PermissionsBoundaryArn":"arn:aws-cn:iam::aws:policy/P"}}],
	  "GroupDetailList":[{"GroupName":"g","Arn":"arn:aws-cn:iam::111111111111:group/g"}],
	  "Policies":[{"PolicyName":"P","Arn":"arn:aws-cn:iam::aws:policy/P","DefaultVersionId":"v1",
	    "PolicyVersionList":[{"VersionId":"v1","IsDefaultVersion":true,"Document":{"Statement":[]}}]}]}`
	d, err := Load(File{Text: []byte(page)})
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "problems", problemsOf(d.Problems()), []string{
		"missing policy: arn:aws:iam::111111111111:user/wren: arn:aws-cn:iam::aws:policy/P",
		"missing group: arn:aws:iam::111111111111:user/wren: g",
		"missing permissions boundary: arn:aws:iam::111111111111:user/wren: arn:aws-cn:iam::aws:policy/P",
	})
	p, err := d.Principal("arn:aws:iam::111111111111:user/wren")
	if err != nil || len(p.IdentityPolicies) != 0 || len(p.PermissionsBoundaries) != 1 {
		t.Errorf("%v, %v, %v", p.IdentityPolicies, p.PermissionsBoundaries, err)
	}
}

// TestContainersWithPrefix: only what the policy of the container covers is in
// it.
func TestContainersWithPrefix(t *testing.T) {
	const account = ":eu-west-1:111111111111:"
	for text, want := range map[string]string{
		"arn:aws:dynamodb" + account + "table/orders/index/by-day": "arn:aws:dynamodb" + account + "table/orders",
		"arn:aws:dynamodb" + account + "table/orders/stream/2026":  "",
		"arn:aws:dynamodb" + account + "table/orders":              "",
		"arn:aws:dynamodb" + account + "table//index/by-day":       "",
		"arn:aws:es" + account + "domain/logs/2026/_search":        "arn:aws:es" + account + "domain/logs",
		"arn:aws:es" + account + "domain/logs":                     "",
		"arn:aws:sqs" + account + "table/orders/index/by-day":      "",
	} {
		parsed, err := arn.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := containerOf(text, parsed); got != want {
			t.Errorf("%q is in %q, want %q", text, got, want)
		}
	}
}

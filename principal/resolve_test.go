package principal

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/policy"
)

// factsIn writes the keys of a context, one line each, sorted.
func factsIn(c *condition.Context) []string {
	var lines []string
	for key, value := range c.All() {
		text := value.Text()
		switch {
		case value.IsList():
			text = "[" + strings.Join(value.Values(), " ") + "]"
		case value.Kind() == condition.KindUnknown:
			text = "unknown"
		}
		lines = append(lines, key+" = "+text)
	}
	slices.Sort(lines)
	return lines
}

const (
	readBucket = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}`
	trustEC2   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
)

// buildTestDirectory has an organization of a management account, a member
// account in a unit, and an account outside of it.
func buildTestDirectory(t *testing.T) *Directory {
	t.Helper()
	b := NewBuilder()
	for _, account := range []string{"111111111111", "222222222222", "333333333333"} {
		b.AddAccount(AccountDetails{
			AccountID: account,
			Users: []UserDetail{
				{Name: "wren", Path: "/ops/", ID: "AIDAWREN", Groups: []string{"Engineers"}, Tags: map[string]string{"Team": "birds", "cost center": "7"}},
				{Name: "kiosk"},
			},
			Groups: []GroupDetail{{Name: "engineers", Inline: []NamedDocument{{Name: "read", Document: readBucket}}}},
			Roles: []RoleDetail{
				{Name: "checkout", Path: "/service/", ID: "AROACHECKOUT", Trust: trustEC2, Attached: []string{"arn:aws:iam::" + account + ":policy/P"},
					Boundary: "arn:aws:iam::aws:policy/ReadOnlyAccess", Tags: map[string]string{"team": "shop", "stage": "prod"}},
				{Name: "AWSServiceRoleForForge", Path: "/aws-service-role/forge.amazonaws.com/"},
			},
			Policies: []ManagedPolicyDetail{{Name: "P", Version: "v1", Document: readBucket}},
		})
	}
	b.AddAccount(AccountDetails{AccountID: "444444444444", Partition: "aws-cn", Users: []UserDetail{{Name: "wren"}}, Roles: []RoleDetail{{Name: "checkout"}}})
	b.SetOrganization(Organization{
		ID: "o-birds", ManagementAccount: "111111111111",
		Root: OrganizationNode{
			ID: "r-root", ServiceControlPolicies: []string{FullAWSAccess}, ResourceControlPolicies: []string{RCPFullAWSAccess},
			Accounts: []OrganizationAccount{{ID: "111111111111", ServiceControlPolicies: []string{FullAWSAccess}}},
			Units: []OrganizationNode{{
				ID: "ou-shop", ServiceControlPolicies: []string{FullAWSAccess, "only-europe", "gone"}, ResourceControlPolicies: []string{"own-buckets"},
				Accounts: []OrganizationAccount{{ID: "222222222222"}},
			}},
		},
		ServiceControlPolicies:  []NamedDocument{{Name: "only-europe", Document: `{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotLike":{"aws:RequestedRegion":"eu-*"}}}}`}},
		ResourceControlPolicies: []NamedDocument{{Name: "own-buckets", Document: `{"Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-birds"}}}}`}},
	})
	b.AddResource(ResourceDetail{ARN: "arn:aws:s3:::b", AccountID: "222222222222", Tags: map[string]string{"class": "secret"},
		Document: `{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}}`})
	b.AddResource(ResourceDetail{ARN: "arn:aws:sqs:eu-west-1:222222222222:q"})
	b.AddResource(ResourceDetail{ARN: "arn:aws:execute-api:eu-west-1:222222222222:abc",
		Document: `{"Statement":{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"execute-api:/*"}}`})
	b.AddResource(ResourceDetail{ARN: "arn:aws:iam::555555555555:role/outside", Document: trustEC2})
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestPrincipal(t *testing.T) {
	d := buildTestDirectory(t)
	scps := []string{"r-root", "ou-shop", "222222222222"}
	account := func(id string, org string, more ...string) []string {
		lines := append([]string{"aws:PrincipalAccount = " + id, "aws:PrincipalIsAWSService = false"}, more...)
		if org != "" {
			lines = append(lines, "aws:PrincipalOrgID = o-birds", "aws:PrincipalOrgPaths = ["+org+"]")
		}
		slices.Sort(lines)
		return lines
	}
	const member, management = "o-birds/r-root/ou-shop/", "o-birds/r-root/"
	tests := []struct {
		caller   string
		issuer   string // IssuerARN
		policies []string
		boundary []string
		levels   []string
		facts    []string
	}{
		{"arn:aws:iam::222222222222:user/ops/wren", "", []string{"inline policy read of group engineers"}, nil, scps,
			account("222222222222", member, "aws:PrincipalArn = arn:aws:iam::222222222222:user/ops/wren", "aws:PrincipalType = User", "aws:userid = AIDAWREN",
				"aws:username = wren", "aws:PrincipalTag/Team = birds", "aws:PrincipalTag/cost center = 7")},
		{"arn:aws:iam::222222222222:user/kiosk", "", nil, nil, scps,
			account("222222222222", member, "aws:PrincipalArn = arn:aws:iam::222222222222:user/kiosk", "aws:PrincipalType = User", "aws:userid = unknown", "aws:username = kiosk")},
		{"arn:aws:iam::111111111111:user/kiosk", "", nil, nil, nil, // the management account is exempt
			account("111111111111", management, "aws:PrincipalArn = arn:aws:iam::111111111111:user/kiosk", "aws:PrincipalType = User", "aws:userid = unknown", "aws:username = kiosk")},
		{"arn:aws:iam::333333333333:user/kiosk", "", nil, nil, nil, // outside of the organization
			account("333333333333", "", "aws:PrincipalArn = arn:aws:iam::333333333333:user/kiosk", "aws:PrincipalType = User", "aws:userid = unknown", "aws:username = kiosk")},
		{"arn:aws:iam::222222222222:role/service/checkout", "arn:aws:iam::222222222222:role/service/checkout",
			[]string{"managed policy P (arn:aws:iam::222222222222:policy/P) attached to role checkout"},
			[]string{"permissions boundary ReadOnlyAccess (arn:aws:iam::aws:policy/ReadOnlyAccess) of role checkout"}, scps,
			account("222222222222", member, "aws:PrincipalArn = arn:aws:iam::222222222222:role/service/checkout", "aws:PrincipalType = AssumedRole", "aws:userid = unknown",
				"aws:PrincipalTag/team = shop", "aws:PrincipalTag/stage = prod")},
		{"arn:aws:sts::222222222222:assumed-role/checkout/i-1", "arn:aws:iam::222222222222:role/service/checkout",
			[]string{"managed policy P (arn:aws:iam::222222222222:policy/P) attached to role checkout"},
			[]string{"permissions boundary ReadOnlyAccess (arn:aws:iam::aws:policy/ReadOnlyAccess) of role checkout"}, scps,
			account("222222222222", member, "aws:PrincipalArn = arn:aws:iam::222222222222:role/service/checkout", "aws:PrincipalType = AssumedRole", "aws:userid = AROACHECKOUT:i-1",
				"aws:PrincipalTag/team = shop", "aws:PrincipalTag/stage = prod")},
		{"arn:aws:sts::222222222222:assumed-role/AWSServiceRoleForForge/run", "arn:aws:iam::222222222222:role/aws-service-role/forge.amazonaws.com/AWSServiceRoleForForge",
			nil, nil, nil, // service-linked roles are exempt
			account("222222222222", member, "aws:PrincipalArn = arn:aws:iam::222222222222:role/aws-service-role/forge.amazonaws.com/AWSServiceRoleForForge",
				"aws:PrincipalType = AssumedRole", "aws:userid = unknown")},
		{"arn:aws:sts::222222222222:federated-user/kiosk", "arn:aws:iam::222222222222:user/kiosk", nil, nil, scps,
			account("222222222222", member, "aws:PrincipalArn = arn:aws:sts::222222222222:federated-user/kiosk", "aws:PrincipalType = FederatedUser", "aws:userid = 222222222222:kiosk")},
		{"arn:aws:iam::222222222222:root", "", nil, nil, scps,
			account("222222222222", member, "aws:PrincipalArn = arn:aws:iam::222222222222:root", "aws:PrincipalType = Account", "aws:userid = 222222222222")},
		{"arn:aws:iam::777777777777:root", "", nil, nil, nil, // of an account that is not in the directory
			account("777777777777", "", "aws:PrincipalArn = arn:aws:iam::777777777777:root", "aws:PrincipalType = Account", "aws:userid = 777777777777")},
		{"lambda.amazonaws.com", "", nil, nil, nil, []string{"aws:PrincipalIsAWSService = true", "aws:PrincipalServiceName = lambda.amazonaws.com",
			"aws:PrincipalServiceNamesList = [lambda.amazonaws.com]", "aws:userid = lambda.amazonaws.com"}},
		{"accounts.google.com", "", nil, nil, nil, []string{"aws:FederatedProvider = accounts.google.com"}},
		{"arn:aws:iam::222222222222:oidc-provider/example.com", "", nil, nil, nil, []string{"aws:FederatedProvider = arn:aws:iam::222222222222:oidc-provider/example.com"}},
		{"arn:aws:iam::222222222222:saml-provider/corp", "", nil, nil, nil, nil},
		{"anonymous", "", nil, nil, nil, []string{"aws:PrincipalAccount = anonymous", "aws:PrincipalType = Anonymous", "aws:userid = anonymous"}},
	}
	for _, test := range tests {
		t.Run(test.caller, func(t *testing.T) {
			p, err := d.Principal(test.caller)
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(test.facts)
			diff(t, "issuer", p.Identity.IssuerARN, test.issuer)
			diff(t, "identity policies", sourcesOf(p.IdentityPolicies), test.policies)
			diff(t, "boundary", sourcesOf(p.PermissionsBoundaries), test.boundary)
			diff(t, "levels", levelsOf(p.ServiceControlLevels), test.levels)
			diff(t, "facts", factsIn(p.Facts), test.facts)
			diff(t, "session policies", sourcesOf(p.SessionPolicies), []string(nil))
		})
	}
}

func levelsOf(levels []Level) []string {
	var ids []string
	for _, level := range levels {
		ids = append(ids, level.OrgIdentifier)
	}
	return ids
}

func TestPrincipalErrors(t *testing.T) {
	d := buildTestDirectory(t)
	for caller, similar := range map[string]string{
		"arn:aws:iam::222222222222:user/finch":                "",
		"arn:aws:iam::222222222222:user/wren":                 "arn:aws:iam::222222222222:user/ops/wren",
		"arn:aws:iam::222222222222:user/ops/Wren":             "arn:aws:iam::222222222222:user/ops/wren",
		"arn:aws-cn:iam::222222222222:user/ops/wren":          "arn:aws:iam::222222222222:user/ops/wren",
		"arn:aws:iam::222222222222:role/checkout":             "arn:aws:iam::222222222222:role/service/checkout",
		"arn:aws:sts::444444444444:assumed-role/checkout/run": "arn:aws-cn:iam::444444444444:role/checkout",
		"arn:aws:sts::222222222222:assumed-role/CHECKOUT/run": "arn:aws:iam::222222222222:role/service/checkout",
		"arn:aws:sts::222222222222:federated-user/Wren":       "arn:aws:iam::222222222222:user/ops/wren",
		"arn:aws:sts::222222222222:assumed-role/billing/run":  "",
		"arn:aws:sts::222222222222:federated-user/finch":      "",
		"arn:aws:iam::888888888888:user/wren":                 "",
	} {
		_, err := d.Principal(caller)
		var failure *NotFoundError
		if !errors.As(err, &failure) || failure.Caller != caller || failure.Similar != similar {
			t.Errorf("%s: got %v", caller, err)
		}
		if similar != "" && !strings.Contains(err.Error(), similar) {
			t.Errorf("%v does not name %s", err, similar)
		}
	}
	var failure *IdentityError
	if _, err := d.Principal("arn:aws:iam::222222222222:group/engineers"); !errors.As(err, &failure) {
		t.Errorf("got %v", err)
	}
	if _, err := new(Directory).Principal("arn:aws:iam::222222222222:root"); err != nil {
		t.Errorf("the zero Directory: %v", err)
	}
	var missing *NotFoundError
	if _, err := new(Directory).Principal("arn:aws:iam::222222222222:user/wren"); !errors.As(err, &missing) {
		t.Errorf("the zero Directory: %v", err)
	}
}

func TestOrganizationLevels(t *testing.T) {
	d := buildTestDirectory(t)
	p, err := d.Principal("arn:aws:iam::222222222222:root")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, level := range p.ServiceControlLevels {
		got = append(got, level.OrgIdentifier+": "+strings.Join(sourcesOf(level.Policies), ", "))
		for _, a := range level.Policies {
			if a.Policy.Kind() != policy.ServiceControl {
				t.Errorf("%s is a %s", a.Source, a.Policy.Kind())
			}
		}
	}
	diff(t, "service control policies", got, []string{
		"r-root: service control policy FullAWSAccess attached to r-root",
		"ou-shop: service control policy FullAWSAccess attached to ou-shop, service control policy only-europe attached to ou-shop, " +
			"service control policy gone attached to ou-shop",
		"222222222222: ", // nothing is attached and nothing is implied
	})
	diff(t, "problems", problemsOf(d.Problems()), []string{
		"no service control policy: 222222222222: ",
		"missing control policy: ou-shop: gone",
	})
	for _, p := range d.Problems() {
		if p.Error() == "" || !strings.Contains(p.Error(), p.Entity) {
			t.Errorf("the problem does not say whose it is: %v", p)
		}
	}

	// An organization that does not use service control policies.
	b := NewBuilder()
	b.SetOrganization(Organization{ID: "o-x", ManagementAccount: "111111111111",
		Root: OrganizationNode{ID: "r-x", Accounts: []OrganizationAccount{{ID: "222222222222"}}}})
	d, err = b.Build()
	if err != nil {
		t.Fatal(err)
	}
	if p, err = d.Principal("arn:aws:iam::222222222222:root"); err != nil || p.ServiceControlLevels != nil || d.Problems() != nil {
		t.Errorf("got %v, %v, %v", p.ServiceControlLevels, d.Problems(), err)
	}
	if p, err = d.Principal("arn:aws:iam::111111111111:root"); err != nil {
		t.Fatal(err)
	}
	if v, _ := p.Facts.Lookup("aws:PrincipalOrgID"); v.Text() != "o-x" {
		t.Errorf("the management account is in the organization: %v", factsIn(p.Facts))
	}
}

func TestResource(t *testing.T) {
	d := buildTestDirectory(t)
	org := func(account string, more ...string) []string {
		lines := append([]string{"aws:ResourceAccount = " + account, "aws:ResourceOrgID = o-birds"}, more...)
		switch account {
		case "111111111111":
			lines = append(lines, "aws:ResourceOrgPaths = [o-birds/r-root/]")
		default:
			lines = append(lines, "aws:ResourceOrgPaths = [o-birds/r-root/ou-shop/]")
		}
		slices.Sort(lines)
		return lines
	}
	member := []string{"r-root", "ou-shop"}
	tests := []struct {
		resource, account string
		policy            string
		levels            []string
		facts             []string
		tagsKnown         bool
	}{
		{"arn:aws:s3:::b", "", "resource-based policy of arn:aws:s3:::b", member, org("222222222222", "aws:ResourceTag/class = secret", "s3:ResourceTag/class = secret"), true},
		{"arn:aws:s3:::b/k/l", "", "resource-based policy of arn:aws:s3:::b", member, org("222222222222"), false},
		{"arn:aws:s3:::b/k/l", "222222222222", "resource-based policy of arn:aws:s3:::b", member, org("222222222222"), false},
		{"arn:aws:s3:::c/k", "222222222222", "", member, org("222222222222"), false},
		{"arn:aws:s3:::c/k", "333333333333", "", nil, []string{"aws:ResourceAccount = 333333333333"}, false},
		{"arn:aws:s3:eu-west-1:222222222222:accesspoint/b/object/k", "", "", member, org("222222222222"), false},
		{"arn:aws:sqs:eu-west-1:222222222222:q", "", "", member, org("222222222222"), true},
		{"arn:aws:execute-api:eu-west-1:222222222222:abc/prod/GET/x", "", "resource-based policy of arn:aws:execute-api:eu-west-1:222222222222:abc", member, org("222222222222"), false},
		{"arn:aws:iam::222222222222:role/service/checkout", "", "trust policy of role checkout", member,
			org("222222222222", "aws:ResourceTag/team = shop", "aws:ResourceTag/stage = prod", "iam:ResourceTag/team = shop", "iam:ResourceTag/stage = prod"), true},
		{"arn:aws:iam::222222222222:role/checkout", "", "", member, org("222222222222"), false}, // ARNs are compared exactly
		{"arn:aws:iam::222222222222:user/kiosk", "", "", member, org("222222222222"), true},
		{"arn:aws:iam::555555555555:role/outside", "", "trust policy of role outside", nil, []string{"aws:ResourceAccount = 555555555555"}, true},
		{"arn:aws:sqs:eu-west-1:111111111111:q", "", "", nil, org("111111111111"), false}, // the management account is exempt
		{"*", "222222222222", "", member, org("222222222222"), false},
	}
	for _, test := range tests {
		t.Run(test.resource, func(t *testing.T) {
			r, err := d.Resource(test.resource, test.account)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if r.Policy != nil {
				got = r.Policy.Source.String()
			}
			slices.Sort(test.facts)
			diff(t, "policy", got, test.policy)
			diff(t, "levels", levelsOf(r.ControlLevels), test.levels)
			diff(t, "facts", factsIn(r.Facts), test.facts)
			if r.Facts.TagsKnown() != test.tagsKnown {
				t.Errorf("tags known: %v", r.Facts.TagsKnown())
			}
			if r.ARN != test.resource || "aws:ResourceAccount = "+r.AccountID != test.facts[0] {
				t.Errorf("%s of %s", r.ARN, r.AccountID)
			}
		})
	}
	for _, test := range [][2]string{{"*", ""}, {"bucket", ""}, {"arn:aws:s3:::c/k", ""}, {"arn:aws:s3:::b", "111111111111"}, {"arn:aws:s3:::b", "x"}, {"", "111111111111"}} {
		var failure *ResourceError
		if r, err := d.Resource(test[0], test[1]); r != nil || !errors.As(err, &failure) || err.Error() == "" {
			t.Errorf("%q of %q: %+v, %v", test[0], test[1], r, err)
		}
	}
}

// "*" belongs to the caller's account, which need not be told where nothing
// hangs on it.
func TestResourceOfNoAccount(t *testing.T) {
	organization := func(attached ...string) *Directory {
		b := NewBuilder()
		b.SetOrganization(Organization{ID: "o-x", ManagementAccount: "111111111111",
			Root:                    OrganizationNode{ID: "r-x", ResourceControlPolicies: attached, Accounts: []OrganizationAccount{{ID: "222222222222"}}},
			ResourceControlPolicies: []NamedDocument{{Name: "own", Document: `{"Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}}`}}})
		d, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, d := range []*Directory{new(Directory), organization(), organization(RCPFullAWSAccess)} {
		if r, err := d.Resource("*", ""); err != nil || r.ARN != "*" || r.AccountID != "" || r.Facts != nil || r.Policy != nil {
			t.Errorf("got %+v, %v", r, err)
		}
	}
	var failure *ResourceError
	if r, err := organization(RCPFullAWSAccess, "own").Resource("*", ""); r != nil || !errors.As(err, &failure) {
		t.Errorf("a resource control policy goes unseen: %+v, %v", r, err)
	}
}

// However many roles share a text, it is compiled once.
func TestPoliciesAreShared(t *testing.T) {
	b := NewBuilder()
	for i := range 100 {
		b.AddRole("111111111111", RoleDetail{Name: fmt.Sprint("r", i), Trust: trustEC2, Inline: []NamedDocument{{Name: "p", Document: readBucket}}, Boundary: "arn:aws:iam::aws:policy/ReadOnlyAccess"})
	}
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[*policy.Policy]bool)
	for caller := range d.Principals() {
		p, err := d.Principal(caller)
		if err != nil {
			t.Fatal(err)
		}
		r, err := d.Resource(caller, "")
		if err != nil {
			t.Fatal(err)
		}
		seen[p.IdentityPolicies[0].Policy], seen[p.PermissionsBoundaries[0].Policy], seen[r.Policy.Policy] = true, true, true
	}
	if len(seen) != 3 {
		t.Errorf("%d compiled policies, want 3", len(seen))
	}
}

// What one caller appends to its principal does not reach another's.
func TestPrincipalsDoNotShareAppends(t *testing.T) {
	d := buildTestDirectory(t)
	const caller = "arn:aws:iam::222222222222:user/ops/wren"
	first, _ := d.Principal(caller)
	second, _ := d.Principal(caller)
	_ = append(first.IdentityPolicies, Attachment{Source: Source{Name: "first"}})
	added := append(second.IdentityPolicies, Attachment{Source: Source{Name: "second"}})
	_ = append(first.IdentityPolicies, Attachment{Source: Source{Name: "third"}})
	if got := added[len(added)-1].Source.Name; got != "second" {
		t.Errorf("got %q", got)
	}
}

// Any number of goroutines may ask; the race detector watches.
func TestDirectoryConcurrentUse(t *testing.T) {
	d := buildTestDirectory(t)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for caller := range d.Principals() {
				p, err := d.Principal(caller)
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := d.Resource(caller, ""); err != nil {
					t.Error(err)
				}
				p.Facts.Lookup("aws:userid")
			}
			if _, err := d.Session("arn:aws:iam::222222222222:role/service/checkout", SessionFacts{SessionName: "run", PolicyARNs: []string{"arn:aws:iam::222222222222:policy/P"}}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

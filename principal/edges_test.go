package principal

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/arn"
)

const loneAccount = "666666666666"

func mustBuild(t *testing.T, b *Builder) *Directory {
	t.Helper()
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestInlinePoliciesSayWhoseTheyAre: the source of an inline policy is that of
// the user, group or role that holds it.
func TestInlinePoliciesSayWhoseTheyAre(t *testing.T) {
	b := NewBuilder()
	inline := []NamedDocument{{Name: "read", Document: readBucket}}
	b.AddUser(loneAccount, UserDetail{Name: "wren", Groups: []string{"g"}, Inline: inline})
	b.AddGroup(loneAccount, GroupDetail{Name: "g", Inline: inline, Attached: []string{"arn:aws:iam::666666666666:policy/gone"}})
	b.AddRole(loneAccount, RoleDetail{Name: "r", Trust: trustEC2, Inline: inline})
	d := mustBuild(t, b)
	user, err := d.Principal("arn:aws:iam::666666666666:user/wren")
	if err != nil {
		t.Fatal(err)
	}
	role, err := d.Principal("arn:aws:iam::666666666666:role/r")
	if err != nil {
		t.Fatal(err)
	}
	var types []SourceType
	for _, a := range append(slices.Clone(user.IdentityPolicies), role.IdentityPolicies...) {
		types = append(types, a.Source.Type)
	}
	if want := []SourceType{UserInline, GroupInline, RoleInline}; !slices.Equal(types, want) {
		t.Errorf("types %v, want %v", types, want)
	}
	// What dangles from the group concerns the user too.
	if len(user.Problems) != 1 || user.Problems[0].Code != MissingPolicy {
		t.Errorf("problems %v", problemsOf(user.Problems))
	}
}

// TestAccountsAreThoseThatAreKnown from anything: an entity, a group, a policy,
// the organization.
func TestAccountsAreThoseThatAreKnown(t *testing.T) {
	b := NewBuilder()
	b.AddRole("444444444444", RoleDetail{Name: "r", Trust: trustEC2})
	b.AddGroup("333333333333", GroupDetail{Name: "g"})
	b.AddManagedPolicy("222222222222", ManagedPolicyDetail{Name: "p", Version: "v1", Document: readBucket})
	b.SetOrganization(Organization{ID: "o-x", ManagementAccount: "111111111111", Root: OrganizationNode{ID: "r-x"}})
	got := slices.Collect(mustBuild(t, b).Accounts())
	if want := []string{"111111111111", "222222222222", "333333333333", "444444444444"}; !slices.Equal(got, want) {
		t.Errorf("accounts %v, want %v", got, want)
	}
}

// TestServiceControlIsFoundAnywhere: one service control policy anywhere in the
// organization means that they are in use, and then a level without one allows
// nothing. Without any, they are not in use.
func TestServiceControlIsFoundAnywhere(t *testing.T) {
	attached := []string{FullAWSAccess}
	unit := func(inside func(*OrganizationNode)) OrganizationNode {
		node := OrganizationNode{ID: "ou-x"}
		inside(&node)
		return node
	}
	for name, c := range map[string]struct {
		units []OrganizationNode
		want  bool
	}{
		"nowhere, five deep": {[]OrganizationNode{{ID: "ou-1", Units: []OrganizationNode{{ID: "ou-2", Units: []OrganizationNode{{ID: "ou-3", Units: []OrganizationNode{{ID: "ou-4", Units: []OrganizationNode{{ID: "ou-5"}}}}}}}}}}, false},
		"nowhere":            {[]OrganizationNode{{ID: "ou-x", Accounts: []OrganizationAccount{{ID: loneAccount}}}}, false},
		"unit":               {[]OrganizationNode{unit(func(n *OrganizationNode) { n.ServiceControlPolicies = attached })}, true},
		"second unit":        {[]OrganizationNode{{ID: "ou-y"}, unit(func(n *OrganizationNode) { n.ServiceControlPolicies = attached })}, true},
		"unit in a unit":     {[]OrganizationNode{{ID: "ou-y", Units: []OrganizationNode{unit(func(n *OrganizationNode) { n.ServiceControlPolicies = attached })}}}, true},
		"account": {[]OrganizationNode{unit(func(n *OrganizationNode) {
			n.Accounts = []OrganizationAccount{{ID: loneAccount, ServiceControlPolicies: attached}}
		})}, true},
		"account far below": {[]OrganizationNode{{ID: "ou-1", Units: []OrganizationNode{{ID: "ou-2", Units: []OrganizationNode{{ID: "ou-3", Units: []OrganizationNode{{ID: "ou-4", Units: []OrganizationNode{{ID: "ou-5", Accounts: []OrganizationAccount{{ID: loneAccount, ServiceControlPolicies: attached}}}}}}}}}}}}, true},
	} {
		b := NewBuilder()
		b.SetOrganization(Organization{ID: "o-x", ManagementAccount: "111111111111", Root: OrganizationNode{ID: "r-x", Units: c.units}})
		d := mustBuild(t, b)
		found := slices.ContainsFunc(d.Problems(), func(p *Problem) bool { return p.Code == EmptyControlLevel && p.Entity == "r-x" })
		if found != c.want {
			t.Errorf("%s: problems %v", name, problemsOf(d.Problems()))
		}
	}
}

// TestOrderOfErrors: errors stand in the order of the files and of the places
// in them, whenever they were found; those of what was built in code are last.
func TestOrderOfErrors(t *testing.T) {
	const twice = `{"UserDetailList":[
		{"UserName":"a","Arn":"arn:aws:iam::111111111111:user/a","UserId":"1"},
		{"UserName":"a","Arn":"arn:aws:iam::111111111111:user/a","UserId":"2"},
		{"UserName":"b"}]}`
	b := NewBuilder()
	b.AddUser("111111111111", UserDetail{Name: "not a name"})
	b.LoadAccountDetails("z.json", []byte(twice))
	b.LoadAccountDetails("y.json", []byte(`{"UserDetailList":1,"GroupDetailList":2}`))
	_, err := b.Build()
	var all Errors
	if !errors.As(err, &all) {
		t.Fatal(err)
	}
	var got []string
	for _, e := range all {
		got = append(got, e.File+" "+string(e.Code))
	}
	want := []string{"z.json " + string(Conflict), "z.json " + string(MissingMember), "y.json " + string(WrongType), "y.json " + string(WrongType), " " + string(InvalidName)}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for at := 1; at < len(all); at++ {
		if all[at].File == all[at-1].File && all[at].Position.Offset < all[at-1].Position.Offset {
			t.Errorf("%v stands behind %v", all[at], all[at-1])
		}
	}
}

// TestPathsOfARNs: what IAM would not accept as a path is not one, though the
// text has the form of an ARN.
func TestPathsOfARNs(t *testing.T) {
	_, err := Load(File{Name: "f.json", Text: []byte(`{"UserDetailList":[{"UserName":"a","Arn":"arn:aws:iam::111111111111:user/x y/a"}]}`)})
	var all Errors
	if !errors.As(err, &all) || len(all) != 1 || all[0].Code != InvalidName || !strings.Contains(err.Error(), "path") {
		t.Errorf("got %v", err)
	}
	b := NewBuilder()
	b.AddUser("111111111111", UserDetail{Name: "a", Path: "/x y/"})
	if _, err := b.Build(); !errors.As(err, &all) || len(all) != 1 || all[0].Code != InvalidName {
		t.Errorf("got %v", err)
	}
}

// TestBrokenPercentEncoding names the place where either digit is none.
func TestBrokenPercentEncoding(t *testing.T) {
	for text, want := range map[string]string{
		"%7B%7D": "", "%7b%7d ": "", "%7G": "broken at", "%G7": "broken at", "%7": "ends early", "%": "ends early",
		"{": "", " \n{}": "", "": "JSON object", " ": "JSON object", "x": "JSON object", "%20": "JSON object", "%5B%5D": "JSON object",
	} {
		if _, reason := decodeDocument(text); (reason == "") != (want == "") || !strings.Contains(reason, want) {
			t.Errorf("%q: %q, want %q", text, reason, want)
		}
	}
}

// TestDefaultVersions: the version in force is the one that is flagged, or that
// DefaultVersionId names; both must agree.
func TestDefaultVersions(t *testing.T) {
	page := func(defaultID string, versions ...string) File {
		return File{Name: "f.json", Text: []byte(`{"Policies":[{"PolicyName":"p","Arn":"arn:aws:iam::111111111111:policy/p"` + defaultID + `,"PolicyVersionList":[` + strings.Join(versions, ",") + `]}],
			"UserDetailList":[{"UserName":"a","Arn":"arn:aws:iam::111111111111:user/a","AttachedManagedPolicies":[{"PolicyName":"p","PolicyArn":"arn:aws:iam::111111111111:policy/p"}]}]}`)}
	}
	version := func(id, flag, action string) string {
		text := `{"VersionId":"` + id + `"`
		if flag != "" {
			text += `,"IsDefaultVersion":` + flag
		}
		if action != "" {
			text += `,"Document":{"Statement":{"Effect":"Allow","Action":"` + action + `","Resource":"*"}}`
		}
		return text + "}"
	}
	for name, c := range map[string]struct {
		file    File
		version string
		code    Code
	}{
		"flagged":                    {page("", version("v1", "false", "a:A"), version("v2", "true", "b:B")), "v2", ""},
		"by id":                      {page(`,"DefaultVersionId":"v1"`, version("v1", "", "a:A"), version("v2", "", "b:B")), "v1", ""},
		"both":                       {page(`,"DefaultVersionId":"v2"`, version("v1", "false", "a:A"), version("v2", "true", "b:B")), "v2", ""},
		"both, not the same":         {page(`,"DefaultVersionId":"v1"`, version("v1", "false", "a:A"), version("v2", "true", "b:B")), "", InvalidVersions},
		"flagged without an id":      {page(`,"DefaultVersionId":"v1"`, `{"IsDefaultVersion":true,"Document":{"Statement":[]}}`), "", ""},
		"two flagged":                {page("", version("v1", "true", "a:A"), version("v2", "true", "b:B")), "", InvalidVersions},
		"flagged without a document": {page("", version("v1", "true", "")), "", MissingMember},
		"by id without a document":   {page(`,"DefaultVersionId":"v1"`, version("v1", "", ""), version("v2", "", "b:B")), "", MissingMember},
		"another without a document": {page(`,"DefaultVersionId":"v2"`, version("v1", "", ""), version("v2", "", "b:B")), "v2", ""},
		"another of an empty id":     {page(`,"DefaultVersionId":""`, version("", "", ""), version("v2", "true", "b:B")), "v2", ""},
	} {
		d, err := Load(c.file)
		if codeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", name, err, c.code)
			continue
		}
		if err != nil {
			continue
		}
		p, err := d.Principal("arn:aws:iam::111111111111:user/a")
		if err != nil || len(p.IdentityPolicies) != 1 || p.IdentityPolicies[0].Source.Version != c.version {
			t.Errorf("%s: %v (%v), want version %q", name, sourcesOf(p.IdentityPolicies), err, c.version)
		}
	}
}

// TestRolesDoNotShareAppends: the policies of a role are handed out as they are
// kept, without room for more.
func TestRolesDoNotShareAppends(t *testing.T) {
	b := NewBuilder()
	b.AddRole(loneAccount, RoleDetail{Name: "r", Trust: trustEC2, Inline: []NamedDocument{
		{Name: "a", Document: readBucket}, {Name: "b", Document: readBucket}, {Name: "c", Document: readBucket},
	}, Attached: []string{"arn:aws:iam::666666666666:policy/x", "arn:aws:iam::666666666666:policy/y", "arn:aws:iam::666666666666:policy/z"}})
	p, err := mustBuild(t, b).Principal("arn:aws:iam::666666666666:role/r")
	if err != nil {
		t.Fatal(err)
	}
	if cap(p.IdentityPolicies) != 3 || cap(p.Problems) != 3 {
		t.Errorf("room for %d policies and %d problems", cap(p.IdentityPolicies), cap(p.Problems))
	}
}

func TestContainers(t *testing.T) {
	for text, want := range map[string]string{
		"arn:aws:s3:::b/k/l":       "arn:aws:s3:::b",
		"arn:aws:s3:::b":           "",
		"arn:aws:s3:::/k":          "",
		"arn:aws:s3:eu:1:access/p": "",
		"arn:aws:execute-api:eu:111111111111:abc/stage/GET": "arn:aws:execute-api:eu:111111111111:abc",
		"arn:aws:iam::111111111111:role/r":                  "",
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

func TestNamesOfWhatDoesNotExist(t *testing.T) {
	for _, text := range []string{Kind(len(kindNames)).String(), SourceType(len(sourceTypeNames)).String(), ProblemCode(len(problemCodeNames)).String()} {
		if !strings.HasPrefix(text, "unknown") {
			t.Errorf("got %q", text)
		}
	}
}

// TestSamePolicyFromFileAndCode: what was read and what was added are one
// policy if they say the same.
func TestSamePolicyFromFileAndCode(t *testing.T) {
	const document = `{"Statement":[]}`
	for added, want := range map[string]Code{document: "", `{"Statement": [ ]}`: "", readBucket: Conflict} {
		b := NewBuilder()
		b.LoadAccountDetails("f.json", []byte(policyPage(`,"PolicyVersionList":[{"VersionId":"v1","IsDefaultVersion":true,"Document":`+document+`}]`)))
		b.AddManagedPolicy("111111111111", ManagedPolicyDetail{Name: "P", Version: "v1", Document: added})
		if _, err := b.Build(); codeOf(err) != want {
			t.Errorf("%s: %v, want %q", added, err, want)
		}
	}
}

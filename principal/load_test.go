package principal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/portcullis-iam/portcullis/policy"
)

func loadTestAccount(t *testing.T) *Directory {
	t.Helper()
	d, err := LoadFiles(filepath.Join("testdata", "account.json"))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// sourcesOf says where policies came from, one line each.
func sourcesOf(attachments []Attachment) []string {
	var lines []string
	for _, a := range attachments {
		lines = append(lines, a.Source.String())
	}
	return lines
}

func problemsOf(problems []*Problem) []string {
	var lines []string
	for _, p := range problems {
		lines = append(lines, p.Code.String()+": "+p.Entity+": "+p.Reference)
	}
	return lines
}

func diff(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func TestLoad(t *testing.T) {
	d := loadTestAccount(t)
	diff(t, "principals", slices.Collect(d.Principals()), []string{
		"arn:aws:iam::111111111111:role/aws-service-role/forge.amazonaws.com/AWSServiceRoleForForge",
		"arn:aws:iam::111111111111:role/service/checkout",
		"arn:aws:iam::111111111111:user/ops/wren",
		"arn:aws:iam::111111111111:user/robin",
	})
	diff(t, "accounts", slices.Collect(d.Accounts()), []string{"111111111111"})
	const (
		checkout = "arn:aws:iam::111111111111:role/service/checkout"
		robin    = "arn:aws:iam::111111111111:user/robin"
		wren     = "arn:aws:iam::111111111111:user/ops/wren"
	)
	diff(t, "problems", problemsOf(d.Problems()), []string{
		"missing default version: arn:aws:iam::111111111111:policy/Unwritten: ",
		"missing policy: " + checkout + ": arn:aws-cn:iam::aws:policy/ReadOnlyAccess",
		"missing policy: " + checkout + ": arn:aws:iam::111111111111:policy/Unwritten",
		"missing group: " + wren + ": poets",
		"missing permissions boundary: " + robin + ": arn:aws:iam::111111111111:policy/Gone",
	})

	p, err := d.Principal(wren)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "wren's policies", sourcesOf(p.IdentityPolicies), []string{
		"inline policy own-keys of user wren",
		"AWS managed policy SecurityAudit (arn:aws:iam::aws:policy/SecurityAudit) attached to user wren",
		"inline policy logs of group engineers",
		"managed policy ReadDynamoDB (arn:aws:iam::111111111111:policy/ReadDynamoDB) attached to group engineers",
	})
	diff(t, "wren's boundary", sourcesOf(p.PermissionsBoundaries), []string{
		"permissions boundary Limit (arn:aws:iam::111111111111:policy/limits/Limit) of user wren",
	})
	if got := p.PermissionsBoundaries[0].Policy.Kind(); got != policy.PermissionsBoundary {
		t.Errorf("the boundary is compiled as %v", got)
	}
	if got := p.PermissionsBoundaries[0].Policy.Len(); got != 1 {
		t.Errorf("the boundary has %d statements", got)
	}
	diff(t, "wren's problems", problemsOf(p.Problems), []string{"missing group: " + wren + ": poets"})
	if got := p.IdentityPolicies[2].Policy.Sid(0); got != "a+b" {
		t.Errorf("the Sid of the percent-encoded policy is %q", got)
	}
	if got := p.IdentityPolicies[3].Source.Version; got != "v2" {
		t.Errorf("version in force %q", got)
	}
	if got := p.IdentityPolicies[1].Source.Version; got == "" {
		t.Error("the AWS-managed policy has no version")
	}

	p, err = d.Principal(robin)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.PermissionsBoundaries) != 1 || p.PermissionsBoundaries[0].Policy == nil || p.PermissionsBoundaries[0].Policy.Len() != 1 ||
		p.PermissionsBoundaries[0].Policy.Effect(0) != policy.Deny {
		t.Errorf("a missing boundary must be one that denies everything: %+v", p.PermissionsBoundaries)
	}

	// The same document under the same ARN is compiled once.
	a, _ := d.Principal(wren)
	b, _ := d.Principal(checkout)
	if a.IdentityPolicies[3].Policy != b.IdentityPolicies[0].Policy {
		t.Error("ReadDynamoDB is compiled twice")
	}
}

func TestLoadPages(t *testing.T) {
	const (
		wren    = `{"UserDetailList":[{"UserName":"wren","Arn":"arn:aws:iam::111111111111:user/wren","GroupList":["g"]}],"IsTruncated":true,"Marker":"next"}`
		group   = `{"GroupDetailList":[{"GroupName":"g","Arn":"arn:aws:iam::111111111111:group/g"}],"IsTruncated":true,"Marker":"last"}`
		empty   = `{"UserDetailList":[],"IsTruncated":false}`
		ofAWS   = `{"Policies":[{"PolicyName":"SecurityAudit","Arn":"arn:aws:iam::aws:policy/SecurityAudit","PolicyVersionList":[{"IsDefaultVersion":true,"Document":{"Statement":[]}}]}]}`
		custom  = `{"Policies":[{"PolicyName":"P","Arn":"arn:aws:iam::111111111111:policy/P","PolicyVersionList":[{"IsDefaultVersion":true,"Document":{"Statement":[]}}]}],"IsTruncated":true,"Marker":"next"}`
		another = `{"UserDetailList":[{"UserName":"wren","Arn":"arn:aws:iam::222222222222:user/wren"}]}`
		spaced  = `{"UserDetailList": [ {"UserName": "wren", "Path": "/", "Arn": "arn:aws:iam::111111111111:user/wren", "GroupList": ["g"]} ]}`
	)
	good := map[string][]string{
		"three files":                           {wren, group, empty},
		"one file":                              {wren + group + "\n\n" + empty},
		"only policies of AWS on the last page": {wren, group, ofAWS},
		"the last page first":                   {spaced, wren, group},
		"the same user twice":                   {spaced, spaced},
		"two accounts":                          {wren, group, empty, another},
		"two accounts interleaved":              {another, wren, group, spaced},
	}
	for name, texts := range good {
		t.Run(name, func(t *testing.T) {
			d, err := Load(filesOf(texts...)...)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.Principal("arn:aws:iam::111111111111:user/wren"); err != nil {
				t.Error(err)
			}
		})
	}
	incomplete := map[string][]string{
		"one page":             {wren},
		"two pages":            {wren, group},
		"two accounts":         {another, wren},
		"one page of policies": {another, custom},
	}
	for name, texts := range incomplete {
		t.Run("incomplete "+name, func(t *testing.T) {
			d, err := Load(filesOf(texts...)...)
			var failure *IncompleteError
			if d != nil || !errors.As(err, &failure) {
				t.Fatalf("got %v", err)
			}
			want := IncompleteError{AccountID: "111111111111", File: failure.File, Marker: "next"}
			if strings.Contains(name, "pages") {
				want.Marker = "last"
			}
			diff(t, "error", *failure, want)
			if !strings.Contains(err.Error(), "of account 111111111111") || !strings.Contains(err.Error(), "Marker") {
				t.Errorf("the error does not say what is missing: %v", err)
			}
		})
	}
}

// Two accounts asked at different times have different versions of a policy of
// AWS. The newest is in force.
func TestLoadAWSManagedVersions(t *testing.T) {
	page := func(version, action string) string {
		return `{"Policies":[{"PolicyName":"SecurityAudit","Arn":"arn:aws:iam::aws:policy/SecurityAudit","DefaultVersionId":"` + version +
			`","PolicyVersionList":[{"VersionId":"` + version + `","IsDefaultVersion":true,"Document":{"Statement":{"Effect":"Allow","Action":"` + action + `","Resource":"*"}}}]}]}`
	}
	user := `{"UserDetailList":[{"UserName":"wren","Arn":"arn:aws:iam::111111111111:user/wren","AttachedManagedPolicies":[{"PolicyArn":"arn:aws:iam::aws:policy/SecurityAudit"}]}]}`
	for _, order := range [][]string{{page("v9", "a:A"), page("v10", "b:B")}, {page("v10", "b:B"), page("v9", "a:A")}} {
		d, err := Load(filesOf(append(order, user)...)...)
		if err != nil {
			t.Fatal(err)
		}
		p, err := d.Principal("arn:aws:iam::111111111111:user/wren")
		if err != nil {
			t.Fatal(err)
		}
		if got := p.IdentityPolicies[0].Source.Version; got != "v10" {
			t.Errorf("version %s is in force", got)
		}
	}
	if _, err := Load(filesOf(page("v9", "a:A"), page("v9", "b:B"))...); codeOf(err) != Conflict {
		t.Errorf("one version with two contents: %v", err)
	}
}

// A policy of AWS whose version in force is not there is missing: the document
// that this module has of it may be another one.
func TestLoadAWSManagedWithoutDocument(t *testing.T) {
	const page = `{"Policies":[{"PolicyName":"SecurityAudit","Arn":"arn:aws:iam::aws:policy/SecurityAudit","DefaultVersionId":"v9","PolicyVersionList":[]}],
		"UserDetailList":[{"UserName":"wren","Arn":"arn:aws:iam::111111111111:user/wren","AttachedManagedPolicies":[{"PolicyArn":"arn:aws:iam::aws:policy/SecurityAudit"}]}]}`
	d, err := Load(filesOf(page)...)
	if err != nil {
		t.Fatal(err)
	}
	p, err := d.Principal("arn:aws:iam::111111111111:user/wren")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range p.IdentityPolicies {
		if a.Source.Type == AWSManaged {
			t.Errorf("%s stands in, version %s", a.Source.ARN, a.Source.Version)
		}
	}
	if len(p.Problems) != 1 || p.Problems[0].Code != MissingPolicy {
		t.Errorf("problems %v", problemsOf(p.Problems))
	}
}

func TestLoadFilesUnreadable(t *testing.T) {
	_, err := LoadFiles(filepath.Join("testdata", "nothing.json"), filepath.Join("testdata", "account.json"))
	if codeOf(err) != Unreadable || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// The text may change after loading, and a Builder may build again.
func TestLoadKeepsNothing(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "account.json"))
	if err != nil {
		t.Fatal(err)
	}
	b := NewBuilder()
	b.LoadAccountDetails("account.json", text)
	clear(text)
	first, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	b.AddUser("222222222222", UserDetail{Name: "finch"})
	second, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	if got := slices.Collect(first.Accounts()); len(got) != 1 {
		t.Errorf("the first directory has changed: %v", got)
	}
	diff(t, "accounts", slices.Collect(second.Accounts()), []string{"111111111111", "222222222222"})
	diff(t, "problems", problemsOf(second.Problems()), problemsOf(first.Problems()))
}

// A small file must not make a large directory: a thousand users in one group
// with a thousand policies, each of them named a hundred times.
func TestLoadManyInOneGroup(t *testing.T) {
	b := NewBuilder()
	group, user := GroupDetail{Name: "g"}, UserDetail{}
	for i := range 1000 {
		group.Inline = append(group.Inline, NamedDocument{Name: fmt.Sprint("p", i), Document: `{"Statement":[]}`})
	}
	for range 100 {
		user.Groups = append(user.Groups, "g")
	}
	b.AddGroup("111111111111", group)
	for i := range 1000 {
		user.Name = fmt.Sprint("u", i)
		b.AddUser("111111111111", user)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	d, err := b.Build()
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 20e6 {
		t.Errorf("Build allocates %d MB", used/1e6)
	}
	p, err := d.Principal("arn:aws:iam::111111111111:user/u7")
	if err != nil || len(p.IdentityPolicies) != 1000 {
		t.Errorf("%d policies, %v", len(p.IdentityPolicies), err)
	}
}

func TestLoadGeneratedAccount(t *testing.T) {
	size := accountSize{users: 40, groups: 5, roles: 30, policies: 12}
	d, err := Load(File{Name: "account.json", Text: generateAccount(size)})
	if err != nil {
		t.Fatal(err)
	}
	if problems := d.Problems(); problems != nil {
		t.Errorf("problems: %v", problemsOf(problems))
	}
	number := 0
	for caller := range d.Principals() {
		number++
		p, err := d.Principal(caller)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range p.IdentityPolicies {
			if a.Policy == nil || a.Policy.Len() == 0 {
				t.Fatalf("%s has no statements", a.Source)
			}
		}
	}
	if number != size.users+size.roles {
		t.Errorf("%d users and roles", number)
	}
}

func filesOf(texts ...string) []File {
	var files []File
	for at, text := range texts {
		files = append(files, File{Name: "page" + string(rune('1'+at)) + ".json", Text: []byte(text)})
	}
	return files
}

// codeOf gives the code of the first error, "" if it is not one of ours.
func codeOf(err error) Code {
	var failure *Error
	if errors.As(err, &failure) {
		return failure.Code
	}
	return ""
}

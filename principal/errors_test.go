package principal

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/policy"
)

const arnOfWren = `"Arn":"arn:aws:iam::111111111111:user/wren"`

func userPage(members string) string {
	return `{"UserDetailList":[{"UserName":"wren",` + arnOfWren + members + `}]}`
}

func policyPage(members string) string {
	return `{"Policies":[{"PolicyName":"P","Arn":"arn:aws:iam::111111111111:policy/P"` + members + `}]}`
}

// Every fault of a file has its code, place and path.
func TestLoadErrors(t *testing.T) {
	tests := []struct {
		name, text string
		code       Code
		position   string
		path       string
		message    string
	}{
		{"empty", " \n", SyntaxError, "2:1", "", "empty"},
		{"trailing comma", "{\n  \"Policies\": [],\n}", SyntaxError, "2:17", "", "comma"},
		{"garbage behind the page", `{"Policies":[]} x`, SyntaxError, "1:17", "", "value cannot begin"},
		{"invalid UTF-8", "{\"Policies\":[\"é\xff\"]}", SyntaxError, "1:16", "", "UTF-8"},
		{"nested too deep", strings.Repeat(`{"Policies":`, 100000), SyntaxError, "1:769", "", "deep"},
		{"array", `[]`, NotAccountDetails, "1:1", "", "object"},
		{"policy document", `{"Version":"2012-10-17","Statement":[]}`, NotAccountDetails, "1:1", "", "get-account-authorization-details"},
		{"list is an object", `{"UserDetailList":{}}`, WrongType, "1:19", "UserDetailList", "array"},
		{"user is a string", `{"UserDetailList":["wren"]}`, WrongType, "1:20", "UserDetailList[0]", "object"},
		{"name is a number", `{"UserDetailList":[{"UserName":1,` + arnOfWren + `}]}`, WrongType, "1:32", "UserDetailList[0].UserName", "string"},
		{"IsTruncated is a string", `{"Policies":[],"IsTruncated":"false"}`, WrongType, "1:30", "IsTruncated", "true or false"},
		{"document is a number", userPage(`,"UserPolicyList":[{"PolicyName":"p","PolicyDocument":1}]`), WrongType, "", "UserDetailList[0].UserPolicyList[0].PolicyDocument", "JSON object"},
		{"no name", `{"UserDetailList":[{` + arnOfWren + `}]}`, MissingMember, "1:20", "UserDetailList[0].UserName", "UserName is missing"},
		{"no ARN", `{"RoleDetailList":[{"RoleName":"r"}]}`, MissingMember, "1:20", "RoleDetailList[0].Arn", "Arn is missing"},
		{"empty name", `{"GroupDetailList":[{"GroupName":"","Arn":"x"}]}`, MissingMember, "1:34", "GroupDetailList[0].GroupName", "empty"},
		{"null name", `{"GroupDetailList":[{"GroupName":null,"Arn":"x"}]}`, MissingMember, "1:21", "GroupDetailList[0].GroupName", "missing"},
		{"no document", userPage(`,"UserPolicyList":[{"PolicyName":"p"}]`), MissingMember, "", "UserDetailList[0].UserPolicyList[0].PolicyDocument", "missing"},
		{"no policy ARN", userPage(`,"AttachedManagedPolicies":[{"PolicyName":"p"}]`), MissingMember, "", "UserDetailList[0].AttachedManagedPolicies[0].PolicyArn", "missing"},
		{"no boundary ARN", userPage(`,"PermissionsBoundary":{}`), MissingMember, "", "UserDetailList[0].PermissionsBoundary.PermissionsBoundaryArn", "missing"},
		{"no document of the default version", policyPage(`,"PolicyVersionList":[{"VersionId":"v1","IsDefaultVersion":true}]`), MissingMember, "", "Policies[0].PolicyVersionList[0].Document", "no Document"},
		{"Marker is a number", `{"Policies":[],"Marker":1}`, WrongType, "1:25", "Marker", "string"},
		{"policy without a name", `{"Policies":[{"Arn":"arn:aws:iam::111111111111:policy/P"}]}`, MissingMember, "1:14", "Policies[0].PolicyName", "PolicyName is missing"},
		{"policy whose ARN is none", `{"Policies":[{"PolicyName":"P","Arn":"P"}]}`, InvalidARN, "1:38", "Policies[0].Arn", "not the ARN of a policy"},
		{"member twice, and a fault in another", userPage(`,"UserName":"Wren","GroupList":1`), DuplicateMember, "", "UserDetailList[0].UserName", "twice"},
		{"member in both letter cases, and a fault in another", `{"UserDetailList":[{"username":"w","UserName":"wren",` + arnOfWren + `,"GroupList":1}]}`, MisspelledMember, "1:21", "UserDetailList[0].username", "write \"username\" as UserName"},
		{"member twice", userPage(`,"UserName":"wren"`), DuplicateMember, "", "UserDetailList[0].UserName", "twice"},
		{"list twice", `{"Policies":[],"Polic\u0069es":[]}`, DuplicateMember, "1:16", "Policies", "twice"},
		{"member in another letter case", userPage(`,"permissionsBoundary":{"PermissionsBoundaryArn":"arn:aws:iam::111111111111:policy/P"}`), MisspelledMember, "", "UserDetailList[0].permissionsBoundary", "write \"permissionsBoundary\" as PermissionsBoundary"},
		{"cut short by --max-items", "{\"Policies\":[],\n\"NextToken\":\"t\"}", IncompleteDetails, "2:13", "NextToken", "not the last"},
		{"cut short, without IsTruncated", "{\"Policies\":[],\n\"Marker\":\"m\"}", IncompleteDetails, "2:10", "Marker", "not the last"},
		{"last page missing", "{\"Policies\":[],\n\"IsTruncated\":true}", IncompleteDetails, "2:15", "IsTruncated", "not the last"},
		{"ARN of another kind", `{"UserDetailList":[{"UserName":"r","Arn":"arn:aws:iam::111111111111:role/r"}]}`, InvalidARN, "1:42", "UserDetailList[0].Arn", "that of a role"},
		{"ARN of another name", `{"UserDetailList":[{"UserName":"Wren",` + arnOfWren + `}]}`, InvalidARN, "", "UserDetailList[0].Arn", "another name"},
		{"ARN that is none", `{"UserDetailList":[{"UserName":"wren","Arn":"wren"}]}`, InvalidARN, "", "UserDetailList[0].Arn", "not the ARN of a user"},
		{"path of another ARN", userPage(`,"Path":"/ops/"`), InvalidARN, "", "UserDetailList[0].Path", "not the one in the ARN"},
		{"attached by name", userPage(`,"AttachedManagedPolicies":[{"PolicyArn":"P"}]`), InvalidARN, "", "UserDetailList[0]", "named by its ARN"},
		{"attached user", userPage(`,"AttachedManagedPolicies":[{"PolicyArn":"arn:aws:iam::111111111111:user/wren"}]`), InvalidARN, "", "UserDetailList[0]", "that of a user"},
		{"attached policy of another account", userPage(`,"AttachedManagedPolicies":[{"PolicyArn":"arn:aws:iam::222222222222:policy/P"}]`), InvalidARN, "", "UserDetailList[0]", "of another account"},
		{"boundary of another account", userPage(`,"PermissionsBoundary":{"PermissionsBoundaryArn":"arn:aws:iam::222222222222:policy/P"}`), InvalidARN, "", "UserDetailList[0]", "of another account"},
		{"boundary by name", userPage(`,"PermissionsBoundary":{"PermissionsBoundaryArn":"P"}`), InvalidARN, "", "UserDetailList[0]", "named by its ARN"},
		{"name with a blank", `{"UserDetailList":[{"UserName":"a b","Arn":"arn:aws:iam::111111111111:user/a b"}]}`, InvalidName, "", "UserDetailList[0].Arn", "letters, digits"},
		{"inline name with a blank", userPage(`,"UserPolicyList":[{"PolicyName":"a b","PolicyDocument":{"Statement":[]}}]`), InvalidName, "", "UserDetailList[0].UserPolicyList[0].PolicyDocument", "letters, digits"},
		{"tag key twice", userPage(`,"Tags":[{"Key":"team","Value":"a"},{"Key":"Team","Value":"b"}]`), InvalidName, "", "UserDetailList[0]", "tag key"},
		{"document is prose", userPage(`,"UserPolicyList":[{"PolicyName":"p","PolicyDocument":"allow all"}]`), InvalidEncoding, "", "UserDetailList[0].UserPolicyList[0].PolicyDocument", "percent-encoded"},
		{"document is encoded prose", userPage(`,"UserPolicyList":[{"PolicyName":"p","PolicyDocument":"allow%20all"}]`), InvalidEncoding, "", "UserDetailList[0].UserPolicyList[0].PolicyDocument", "percent-encoded"},
		{"encoding ends early", userPage(`,"UserPolicyList":[{"PolicyName":"p","PolicyDocument":"%7B%2"}]`), InvalidEncoding, "", "UserDetailList[0].UserPolicyList[0].PolicyDocument", "ends early"},
		{"encoding is broken", userPage(`,"UserPolicyList":[{"PolicyName":"p","PolicyDocument":"%7B%zz"}]`), InvalidEncoding, "", "UserDetailList[0].UserPolicyList[0].PolicyDocument", "broken"},
		{"document with errors", userPage(`,"UserPolicyList":[{"PolicyName":"p","PolicyDocument":{"Statement":{"Effect":"allow","Action":"s3:*","Resource":"*"}}}]`), InvalidDocument, "", "UserDetailList[0].UserPolicyList[0].PolicyDocument", "not a valid identity-based policy"},
		{"plus is no blank", userPage(`,"UserPolicyList":[{"PolicyName":"p","PolicyDocument":"%7B+%22Statement%22:[]%7D"}]`), InvalidDocument, "", "UserDetailList[0].UserPolicyList[0].PolicyDocument", "not a valid"},
		{"two default versions", policyPage(`,"PolicyVersionList":[{"VersionId":"v1","IsDefaultVersion":true,"Document":{"Statement":[]}},{"VersionId":"v2","IsDefaultVersion":true,"Document":{"Statement":[]}}]`), InvalidVersions, "", "Policies[0].PolicyVersionList", "two versions"},
		{"default versions differ", policyPage(`,"DefaultVersionId":"v2","PolicyVersionList":[{"VersionId":"v1","IsDefaultVersion":true,"Document":{"Statement":[]}}]`), InvalidVersions, "", "Policies[0].PolicyVersionList", `"v2"`},
		{"same name, other path", `{"UserDetailList":[{"UserName":"wren",` + arnOfWren + `},{"UserName":"Wren","Arn":"arn:aws:iam::111111111111:user/ops/Wren"}]}`, Conflict, "", "UserDetailList[1]", "first time at details.json:1:20"},
		{"same user, other groups", userPage("") + userPage(`,"GroupList":["g"]`), Conflict, "", "UserDetailList[0]", "twice"},
		{"inline policy twice", userPage(`,"UserPolicyList":[{"PolicyName":"p","PolicyDocument":{"Statement":[]}},{"PolicyName":"p","PolicyDocument":{"Statement":[]}}]`), Conflict, "", "UserDetailList[0].UserPolicyList[1].PolicyDocument", "two inline policies"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d, err := Load(File{Name: "details.json", Text: []byte(test.text)})
			var all Errors
			if d != nil || !errors.As(err, &all) || len(all) != 1 {
				t.Fatalf("got %v, want one error", err)
			}
			e := all[0]
			if e.Code != test.code || e.Path != test.path || !strings.Contains(e.Error(), test.message) {
				t.Errorf("got %s at %s: %v\nwant %s at %s with %q", e.Code, e.Path, e, test.code, test.path, test.message)
			}
			if e.File != "details.json" || !e.Position.IsValid() || test.position != "" && e.Position.String() != test.position {
				t.Errorf("got %s:%s, want position %s", e.File, e.Position, test.position)
			}
		})
	}
}

// What was built in code has no position, but a name.
func TestBuildErrors(t *testing.T) {
	const document = `{"Statement":[]}`
	member := func(o *Organization) {
		o.Root.Accounts = []OrganizationAccount{{ID: "111111111111"}}
	}
	organization := func(change func(o *Organization)) func(b *Builder) {
		return func(b *Builder) {
			o := Organization{ID: "o-x", ManagementAccount: "999999999999", Root: OrganizationNode{ID: "r-x"}}
			member(&o)
			change(&o)
			b.SetOrganization(o)
		}
	}
	tests := []struct {
		name    string
		build   func(b *Builder)
		code    Code
		message string
	}{
		{"account", func(b *Builder) { b.AddUser("1", UserDetail{Name: "wren"}) }, InvalidAccount, "twelve digits"},
		{"name", func(b *Builder) { b.AddUser("111111111111", UserDetail{Name: "a/b"}) }, InvalidName, "letters, digits"},
		{"no name", func(b *Builder) { b.AddRole("111111111111", RoleDetail{}) }, InvalidName, "letters, digits"},
		{"path", func(b *Builder) { b.AddGroup("111111111111", GroupDetail{Name: "g", Path: "ops"}) }, InvalidName, "slash"},
		{"partition", func(b *Builder) {
			b.AddAccount(AccountDetails{AccountID: "111111111111", Partition: "aws:x", Users: []UserDetail{{Name: "wren"}}})
		}, InvalidARN, "partition"},
		{"inline document", func(b *Builder) {
			b.AddUser("111111111111", UserDetail{Name: "wren", Inline: []NamedDocument{{Name: "p", Document: "{"}}})
		}, InvalidDocument, "inline policy p of user wren"},
		{"trust policy", func(b *Builder) { b.AddRole("111111111111", RoleDetail{Name: "r", Trust: `{"Statement":{}}`}) }, InvalidDocument, "trust policy of role r"},
		{"managed policy twice", func(b *Builder) {
			b.AddManagedPolicy("111111111111", ManagedPolicyDetail{Name: "P", Document: document})
			b.AddManagedPolicy("111111111111", ManagedPolicyDetail{Name: "p", Document: document})
		}, Conflict, "twice"},
		{"resource", func(b *Builder) { b.AddResource(ResourceDetail{ARN: "bucket"}) }, InvalidARN, "named by its ARN"},
		{"resource without account", func(b *Builder) { b.AddResource(ResourceDetail{ARN: "arn:aws:s3:::b"}) }, InvalidAccount, "give AccountID"},
		{"resource of no account", func(b *Builder) { b.AddResource(ResourceDetail{ARN: "arn:aws:s3:::b", AccountID: "1"}) }, InvalidAccount, "twelve digits"},
		{"resource of two accounts", func(b *Builder) {
			b.AddResource(ResourceDetail{ARN: "arn:aws:sqs:eu-west-1:111111111111:q", AccountID: "222222222222"})
		}, InvalidAccount, "in the ARN"},
		{"resource twice", func(b *Builder) {
			b.AddResource(ResourceDetail{ARN: "arn:aws:s3:::b", AccountID: "111111111111"})
			b.AddResource(ResourceDetail{ARN: "arn:aws:s3:::b", AccountID: "222222222222"})
		}, Conflict, "twice"},
		{"resource policy", func(b *Builder) {
			b.AddResource(ResourceDetail{ARN: "arn:aws:s3:::b", AccountID: "111111111111", Document: `{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`})
		}, InvalidDocument, "resource-based policy of arn:aws:s3:::b"},
		{"resource tag", func(b *Builder) {
			b.AddResource(ResourceDetail{ARN: "arn:aws:s3:::b", AccountID: "111111111111", Tags: map[string]string{"a": "", "A": ""}})
		}, InvalidName, "tag key"},
		{"role as resource", func(b *Builder) {
			b.AddRole("111111111111", RoleDetail{Name: "r"})
			b.AddResource(ResourceDetail{ARN: "arn:aws:iam::111111111111:role/r"})
		}, Conflict, "there already"},
		{"organization id", organization(func(o *Organization) { o.ID = "x" }), InvalidOrganization, "o-"},
		{"management account", organization(func(o *Organization) { o.ManagementAccount = "" }), InvalidOrganization, "management account"},
		{"root id", organization(func(o *Organization) { o.Root.ID = "ou-x" }), InvalidOrganization, "r-"},
		{"unit id", organization(func(o *Organization) { o.Root.Units = []OrganizationNode{{ID: "x"}} }), InvalidOrganization, "ou-"},
		{"unit twice", organization(func(o *Organization) { o.Root.Units = []OrganizationNode{{ID: "ou-x"}, {ID: "ou-x"}} }), InvalidOrganization, "twice"},
		{"account of the organization", organization(func(o *Organization) { o.Root.Accounts[0].ID = "1" }), InvalidOrganization, "twelve digits"},
		{"account twice", organization(func(o *Organization) { o.Root.Units = []OrganizationNode{{ID: "ou-x", Accounts: o.Root.Accounts}} }), InvalidOrganization, "twice"},
		{"unit in itself", organization(func(o *Organization) {
			o.Root.Units = []OrganizationNode{{ID: "ou-x"}}
			o.Root.Units[0].Units = o.Root.Units
		}), InvalidOrganization, "twice"},
		{"six units deep", organization(func(o *Organization) {
			node := OrganizationNode{ID: "ou-6"}
			for i := 5; i > 0; i-- {
				node = OrganizationNode{ID: fmt.Sprintf("ou-%d", i), Units: []OrganizationNode{node}}
			}
			o.Root.Units = []OrganizationNode{node}
		}), InvalidOrganization, "five deep"},
		{"control policy", organization(func(o *Organization) {
			o.ResourceControlPolicies = []NamedDocument{{Name: "p", Document: `{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}}`}}
		}), InvalidDocument, "resource control policy p"},
		{"control policy twice", organization(func(o *Organization) {
			o.ServiceControlPolicies = []NamedDocument{{Name: "p", Document: document}, {Name: "p", Document: document}}
		}), Conflict, "twice"},
		{"control policy without name", organization(func(o *Organization) { o.ServiceControlPolicies = []NamedDocument{{Document: document}} }), InvalidOrganization, "no name"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := NewBuilder()
			test.build(b)
			d, err := b.Build()
			var all Errors
			if d != nil || !errors.As(err, &all) || len(all) != 1 {
				t.Fatalf("got %v, want one error", err)
			}
			if all[0].Code != test.code || !strings.Contains(err.Error(), test.message) || all[0].Position.IsValid() {
				t.Errorf("got %v, want %s with %q", err, test.code, test.message)
			}
		})
	}
}

// The errors of a document stand where they are in the file if the document is
// an object in it, and where they are in the document if it is a string; also
// if both are the same text, of which only one is compiled.
func TestPlacesOfDocuments(t *testing.T) {
	const document = "{\"Statement\": [{\"Effect\": \"Allow\", \"Sid\": \"é\", \"Action\": 1,\n  \"Resource\": true}]}"
	quoted := strings.NewReplacer(`"`, `\"`, "\n", `\n`).Replace(document)
	text := "\n{\"UserDetailList\": [{\"UserName\": \"wren\", " + arnOfWren + ", \"UserPolicyList\": [\n" +
		"{\"é\": \"😀\", \"PolicyName\": \"a\", \"PolicyDocument\": " + document + "},\n" +
		"{\"PolicyName\": \"b\", \"PolicyDocument\": \"" + quoted + "\"},\n\n" +
		"    {\"PolicyName\": \"c\", \"PolicyDocument\":\n" + document + "}]}]}"
	_, err := Load(File{Name: "a.json", Text: []byte(text)})
	var all Errors
	if !errors.As(err, &all) || len(all) != 3 {
		t.Fatalf("got %v, want three errors", err)
	}
	for at, inFile := range []bool{true, false, true} {
		var in policy.Errors
		if !errors.As(all[at], &in) || len(in) != 2 {
			t.Fatalf("got %v, want two errors", all[at])
		}
		for which, token := range []string{"1,", "true"} {
			around := document
			if inFile {
				around = text
			}
			// The first or last occurrence in the file, the only one in the document.
			offset := strings.Index(around, token)
			if inFile && at == 2 {
				offset = strings.LastIndex(around, token)
			}
			if want := (&file{text: around}).position(offset); in[which].Position != want {
				t.Errorf("error %d.%d is at %+v, want %+v", at, which, in[which].Position, want)
			}
			line := "\n\t" + in[which].Position.String() + ": "
			if inFile {
				line = "\n\ta.json:" + in[which].Position.String() + ": "
			}
			if !strings.Contains(all[at].Error(), line) || !strings.HasPrefix(all[at].Error(), "a.json:"+all[at].Position.String()+": ") {
				t.Errorf("no line %q in %v", line, all[at])
			}
		}
	}
}

func TestErrors(t *testing.T) {
	b := NewBuilder()
	b.AddUser("1", UserDetail{Name: "built"})
	b.LoadAccountDetails("a.json", []byte(userPage(`,"UserPolicyList":[{"PolicyName":"p","PolicyDocument":{"Statement":{"Effect":"allow"}}}]`)))
	b.LoadAccountDetails("", []byte("{"))
	_, err := b.Build()
	var all Errors
	if !errors.As(err, &all) || len(all) != 3 {
		t.Fatalf("got %v", err)
	}
	if all[0].File != "a.json" || all[1].File == "" || all[2].File != "" {
		t.Errorf("the order is not that of the files: %v", err)
	}
	// The errors of the document itself are below, all of them.
	var document policy.Errors
	if !errors.As(err, &document) || len(document) < 2 {
		t.Errorf("got %v, want the errors of the document", document)
	}
	if b.AddUser("111111111111", UserDetail{Name: "wren"}); len(b.report.errors) != 2 {
		t.Errorf("Build has changed the errors of the Builder: %v", b.report.errors)
	}

	// The size is looked at before anything else: nothing of this is touched.
	_, err = Load(File{Name: "large.json", Text: make([]byte, MaxFileBytes+1)})
	if codeOf(err) != TooLarge {
		t.Errorf("got %v, want %s", err, TooLarge)
	}

	// However many faults there are, so many are reported.
	many := `{"UserDetailList":[` + strings.Repeat(`1,`, 5000) + `1]}`
	_, err = Load(File{Name: "many.json", Text: []byte(many)})
	if !errors.As(err, &all) || len(all) != MaxErrors || !strings.HasSuffix(err.Error(), "and 90 more errors") {
		t.Errorf("got %d errors: %v", len(all), err)
	}
}

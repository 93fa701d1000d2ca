package catalog_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/policy/catalog"
	"github.com/portcullis-iam/portcullis/policy/managed"
)

func parse(t *testing.T, text string) *policy.Document {
	t.Helper()
	document, err := policy.Parse(policy.IdentityBased, []byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return document
}

// TestFindingExamples checks the example in the comment of each code.
func TestFindingExamples(t *testing.T) {
	t.Parallel()
	source, err := parser.ParseFile(token.NewFileSet(), "findings.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	ast.Inspect(source, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		seen++
		code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		name := spec.Names[0].Name
		if !strings.HasPrefix(spec.Doc.Text(), name+": ") {
			t.Errorf("%s: the comment begins with %.30q", name, spec.Doc.Text())
		}
		_, example, _ := strings.Cut(spec.Doc.Text(), "\n\t{")
		findings := catalog.Check(parse(t, "{"+example))
		if len(findings) != 1 || findings[0].Code != policy.Code(code) {
			t.Errorf("%s: the example has %v", name, findings)
		}
		return false
	})
	if seen != 8 {
		t.Errorf("%d codes were seen", seen)
	}
}

// document makes a policy of statements that allow an action on everything under
// a condition.
func document(action, condition string) string {
	return fmt.Sprintf(`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": %s, "Resource": "*", "Condition": {%s}}}`, action, condition)
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ action, condition, want string }{
		{`"*"`, ``, ""},
		{`["s3:GetObject", "S3:getobject", "s3:Get*", "s3:*", "*:Get*", "s?:*"]`, ``, ""},
		{`"s3:GetObjects"`, ``, `ERROR Statement.Action: AWS documents no action "s3:GetObjects" of Amazon S3: correct it (INVALID_ACTION)`},
		{`["s3:Nest*"]`, ``, `ERROR Statement.Action[0]: AWS documents no action like "s3:Nest*": correct it (INVALID_ACTION)`},
		{`"s*:Nest?"`, ``, `ERROR Statement.Action: AWS documents no action like "s*:Nest?": correct it (INVALID_ACTION)`},
		{`"ss3:*"`, ``, `ERROR Statement.Action: AWS documents no service with the prefix "ss3": correct it (INVALID_SERVICE_IN_ACTION)`},
		{`"ss3*:*"`, ``, `ERROR Statement.Action: AWS documents no service with a prefix like "ss3*": correct it (INVALID_SERVICE_IN_ACTION)`},

		{`"*"`, `"StringEquals": {"aws:PrincipalTag/team": "a", "s3:prefix": "b", "saml:aud": "c"}, "Bool": {"AWS:SECURETRANSPORT": true}`, ""},
		{`"*"`, `"StringEquals": {"oidc.example.com/id/1:sub": "a", "token.actions.githubusercontent.com:sub": "b"}`, ""},
		{`"*"`, `"StringEquals": {"saml:birds": "a"}`, `ERROR Statement.Condition.StringEquals["saml:birds"]: AWS documents no condition key "saml:birds": correct it (INVALID_SERVICE_CONDITION_KEY)`},
		{`"*"`, `"Null": {"aws:Nest": true}`, `ERROR Statement.Condition.Null["aws:Nest"]: AWS documents no global condition key "aws:Nest": correct it (INVALID_GLOBAL_CONDITION_KEY)`},
		{`"*"`, `"StringEquals": {"ec2:ResourceTag": "a"}`, `ERROR Statement.Condition.StringEquals["ec2:ResourceTag"]: "ec2:ResourceTag" names no tag: write ec2:ResourceTag/name (MISSING_TAG_KEY_IN_CONDITION)`},
		{`"*"`, `"StringEquals": {"ec2:ResourceTag/": "a"}`, `ERROR Statement.Condition.StringEquals["ec2:ResourceTag/"]: "ec2:ResourceTag/" names no tag: write ec2:ResourceTag/name (MISSING_TAG_KEY_IN_CONDITION)`},
		// What Document.Validate and Check report.
		{`"*"`, `"StringEquals": {"aws:RequestTag": "a", "aws:RequestTag/": "b", "nest": "c", ":x": "d", "x:": "e"}`, ""},

		// Types.
		{`"*"`, `"NumericLessThan": {"aws:EpochTime": 1, "s3:max-keys": 2}, "DateLessThan": {"aws:EpochTime": "2026-11-24T00:00:00Z"}`, ""},
		{`"*"`, `"StringEquals": {"aws:SourceArn": "a"}, "ArnLike": {"aws:SourceArn": "arn:aws:s3:::a", "aws:RequestTag/owner": "arn:aws:s3:::a"}`, ""},
		{`"*"`, `"StringLike": {"aws:SourceArn": "a"}`, `SECURITY_WARNING Statement.Condition.StringLike["aws:SourceArn"]: the values of "aws:SourceArn" are ARNs, over whose colons a wildcard of StringLike runs: use an Arn operator (STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS)`},
		{`"*"`, `"StringEquals": {"aws:SecureTransport": "true"}`, `WARNING Statement.Condition.StringEquals["aws:SecureTransport"]: "aws:SecureTransport" is a key of type Bool: use an operator of that type in place of StringEquals (TYPE_MISMATCH)`},
		{`"*"`, `"ArnLike": {"aws:username": "arn:aws:s3:::a"}`, `WARNING Statement.Condition.ArnLike["aws:username"]: "aws:username" is a key of type String: use an operator of that type in place of ArnLike (TYPE_MISMATCH)`},
		{`"*"`, `"NumericLessThan": {"aws:CurrentTime": 1}`, `WARNING Statement.Condition.NumericLessThan["aws:CurrentTime"]: "aws:CurrentTime" is a key of type Date: use an operator of that type in place of NumericLessThan (TYPE_MISMATCH)`},
		{`"*"`, `"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}, "Null": {"aws:SourceIp": false, "aws:TagKeys": true}`, ""},
		// A key of two types, one in several services.
		{`"*"`, `"StringEquals": {"identitystore:UserId": "a"}, "ForAllValues:StringLike": {"identitystore:UserId": "a"}`, ""},

		// Single-valued and multivalued keys.
		{`"*"`, `"ForAllValues:StringEquals": {"aws:TagKeys": "a"}, "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "a", "aws:username": "b"}`, ""},
		{`"*"`, `"StringLikeIfExists": {"dynamodb:LeadingKeys": "a"}`, `ERROR Statement.Condition.StringLikeIfExists["dynamodb:LeadingKeys"]: "dynamodb:LeadingKeys" can have several values: write ForAnyValue:StringLikeIfExists or ForAllValues:StringLikeIfExists (MISSING_QUALIFIER)`},
		{`"*"`, `"ForAllValues:StringEquals": {"aws:username": "a"}`, `SECURITY_WARNING Statement.Condition.ForAllValues:StringEquals["aws:username"]: "aws:username" has one value, and under ForAllValues a missing key makes the condition true: remove ForAllValues (FORALLVALUES_WITH_SINGLE_VALUED_KEY)`},
	} {
		var got []string
		for _, finding := range catalog.Check(parse(t, document(tt.action, tt.condition))) {
			finding.Position = policy.Position{} // TestCheckOrder has it
			got = append(got, finding.String())
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, "\n")); diff != "" {
			t.Errorf("%s, %s (-want +got):\n%s", tt.action, tt.condition, diff)
		}
	}
}

// TestCheckOrder sees that findings come in the order of the text, whatever the
// order of the elements.
func TestCheckOrder(t *testing.T) {
	t.Parallel()
	text := `{"Statement": [
		{"Condition": {"Bool": {"aws:Nest": true}}, "Effect": "Deny", "NotAction": ["*", "s4:*"], "Resource": "*"},
		{"Effect": "Allow", "Action": "s3:Nest", "Resource": "*"}
	]}`
	var got []string
	for _, finding := range catalog.Check(parse(t, text)) {
		got = append(got, finding.Position.String()+" "+finding.Path)
	}
	want := []string{
		`2:27 Statement[0].Condition.Bool["aws:Nest"]`,
		`2:84 Statement[0].NotAction[1]`,
		`3:33 Statement[1].Action`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestCheckPaths sees that paths and positions are those of package policy:
// each place here has a finding of both.
func TestCheckPaths(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s4*:x", "Resource": "*"}}`,
		`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s4*:x"], "Resource": "*"}]}`,
		`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "NotAction": ["*", "s4*:x"], "Resource": "*"}}`,
	} {
		d := parse(t, text)
		ours, theirs := catalog.Check(d), d.Validate()
		if len(ours) != 1 || len(theirs) != 1 || ours[0].Path != theirs[0].Path || ours[0].Position != theirs[0].Position {
			t.Errorf("%s: %v, but package policy says %v", text, ours, theirs)
		}
	}
	text := `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"bool": {"aws:\u0000\"Nest": true}}}]}`
	d := parse(t, text)
	ours, theirs := catalog.Check(d), d.Validate() // that the operator is spelt so
	if len(ours) != 1 || len(theirs) != 1 || ours[0].Path != theirs[0].Path+`["aws:\x00\"Nest"]` {
		t.Errorf("%v, but package policy says %v", ours, theirs)
	}
}

func TestCheckIncomplete(t *testing.T) {
	t.Parallel()
	if findings := catalog.Check(nil); findings != nil {
		t.Errorf("nil has %v", findings)
	}
	built := &policy.Document{Statements: []policy.Statement{
		{},
		{Action: policy.StringsOf("", "nest", ":", "s4:a"), Condition: []policy.ConditionOperator{{Name: policy.Text{Value: "Nest"}, Keys: []policy.ConditionKey{{}}}}},
	}}
	findings := catalog.Check(built)
	if len(findings) != 2 || findings[1].Path != "Statement[1].Action[3]" {
		t.Errorf("%v", findings)
	}
}

// TestCheckManaged checks the policies of AWS. What is found in them is what AWS
// has retired or does not document; a mistake in Check would find much more.
func TestCheckManaged(t *testing.T) {
	t.Parallel()
	found, policies := 0, 0
	for entry := range managed.All() {
		d, err := entry.Document(policy.IdentityBased)
		if err != nil {
			t.Fatal(err)
		}
		policies++
		for _, finding := range catalog.Check(d) {
			found++
			if finding.Message == "" || !finding.Position.IsValid() || finding.Severity == 0 {
				t.Errorf("%s: %v", entry.Name, finding)
			}
		}
	}
	if found == 0 || found > policies/5 {
		t.Errorf("%d findings in %d policies", found, policies)
	}
}

// TestCheckHostile checks documents that are as large as they may be.
func TestCheckHostile(t *testing.T) {
	t.Parallel()
	list := func(value string) string {
		return "[" + strings.TrimSuffix(strings.Repeat(value+",", (policy.MaxDocumentBytes-200)/(len(value)+1)), ",") + "]"
	}
	keys := func() string {
		var b strings.Builder
		for i := 0; b.Len() < policy.MaxDocumentBytes-1000; i++ {
			fmt.Fprintf(&b, `"a.%d:b": "c", `, i)
		}
		return b.String() + `"a.b:c": "d"`
	}
	start := time.Now()
	for _, text := range []string{
		document(list(`"*:*z*z"`), ``),
		document(list(`"*:?*a*a*"`), ``),
		document(list(`"ec2:*?*z*?s"`), ``),
		document(list(`"s4:x"`), ``),
		document(`"*:`+strings.Repeat("*a?", policy.MaxDocumentBytes/3-100)+`"`, ``),
		document(`"*"`, `"StringEquals": {`+keys()+`}`),
		document(`"*"`, `"StringEquals": {"events:metadata/`+strings.Repeat("/matcher", policy.MaxDocumentBytes/8-100)+`": "a"}`),
	} {
		if findings := catalog.Check(parse(t, text)); len(findings) > policy.MaxErrors {
			t.Errorf("%d findings", len(findings))
		}
	}
	if took := time.Since(start); took > 60*time.Second {
		t.Errorf("it took %v", took)
	}
}

// FuzzCheck looks for documents that break Check.
func FuzzCheck(f *testing.F) {
	f.Add(document(`"s3:Nest"`, `"StringLike": {"aws:SourceArn": "a", "aws:TagKeys": "b"}`))
	f.Add(document(`["s?:*", "*", "x*:y"]`, `"ForAllValues:Bool": {"ec2:ResourceTag/": "a", "x:y": "b"}`))
	f.Fuzz(func(t *testing.T, text string) {
		d, err := policy.Parse(policy.IdentityBased, []byte(text))
		if err != nil {
			return
		}
		previous := int32(0)
		for _, finding := range catalog.Check(d) {
			if !finding.Position.IsValid() || finding.Position.Offset < previous || finding.Path == "" || finding.Severity == 0 {
				t.Fatalf("%q: %+v", text, finding)
			}
			previous = finding.Position.Offset
		}
	})
}

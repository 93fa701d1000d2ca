package policy_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/portcullis-iam/portcullis/policy"
)

// wholeDocument holds every element of a resource-based policy.
const wholeDocument = `{
  "Version": "2012-10-17",
  "Id": "one \"é\" 😀",
  "Statement": [
    {"Sid": "", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::b/*"]},
    {
      "Effect": "Deny", "Sid": "second",
      "NotPrincipal": {"AWS": ["210987654321", "arn:aws:iam::210987654321:user/wren"], "Service": "s3.amazonaws.com"},
      "NotAction": ["s3:*", "sqs:*"], "NotResource": "*",
      "Condition": {"NumericLessThan": {"s3:max-keys": [10, "20", 1e1]}, "bool": {"aws:SecureTransport": false}}
    }
  ]
}`

func at(offset, line, column int32) policy.Position {
	return policy.Position{Offset: offset, Line: line, Column: column}
}

func TestParseTree(t *testing.T) {
	t.Parallel()
	got, err := policy.Parse(policy.ResourceBased, []byte(wholeDocument))
	if err != nil {
		t.Fatal(err)
	}
	want := &policy.Document{
		Kind:    policy.ResourceBased,
		Version: policy.Text{Value: "2012-10-17"},
		ID:      policy.Text{Value: `one "é" 😀`},
		Statements: []policy.Statement{{
			Effect:    policy.Allow,
			Principal: &policy.Principals{Everyone: true},
			Action:    policy.StringsOf("s3:GetObject"),
			Resource:  &policy.Strings{Values: []policy.Text{{Value: "arn:aws:s3:::b/*"}}},
		}, {
			Sid:    policy.Text{Value: "second"},
			Effect: policy.Deny,
			NotPrincipal: &policy.Principals{Entries: []policy.PrincipalEntry{
				{Type: policy.PrincipalAWS, Values: *policy.StringsOf("210987654321", "arn:aws:iam::210987654321:user/wren")},
				{Type: policy.PrincipalService, Values: *policy.StringsOf("s3.amazonaws.com")},
			}},
			NotAction:   policy.StringsOf("s3:*", "sqs:*"),
			NotResource: policy.StringsOf("*"),
			Condition: []policy.ConditionOperator{{
				Name: policy.Text{Value: "NumericLessThan"},
				Keys: []policy.ConditionKey{{
					Key: policy.Text{Value: "s3:max-keys"},
					Values: []policy.ConditionValue{
						{Value: "10", Type: policy.NumberValue}, {Value: "20"}, {Value: "1e1", Type: policy.NumberValue},
					},
				}},
			}, {
				Name: policy.Text{Value: "bool"},
				Keys: []policy.ConditionKey{{
					Key:    policy.Text{Value: "aws:SecureTransport"},
					Values: []policy.ConditionValue{{Value: "false", Type: policy.BooleanValue}},
					Single: true,
				}},
			}},
		}},
	}
	options := cmp.Options{
		cmpopts.IgnoreTypes(policy.Position{}),
		cmpopts.IgnoreUnexported(policy.Document{}, policy.Statement{}, policy.Principals{}),
	}
	if diff := cmp.Diff(want, got, options); diff != "" {
		t.Errorf("tree differs (-want +got):\n%s", diff)
	}
	if !got.Statements[0].Sid.Present() {
		t.Error(`"Sid": "" is taken for an absent one`)
	}
}

// TestParseEmptyLists: a list that is written and empty is not nil.
func TestParseEmptyLists(t *testing.T) {
	t.Parallel()
	d, err := policy.Parse(policy.IdentityBased, []byte(`{"Statement": {"Effect": "Allow", "Action": [], "Resource": [], "Condition": {"Null": {"a": []}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	s := &d.Statements[0]
	if s.Action.Values == nil || s.Resource.Values == nil || s.Condition[0].Keys[0].Values == nil {
		t.Errorf("a list is nil: %#v, %#v, %#v", s.Action.Values, s.Resource.Values, s.Condition[0].Keys[0].Values)
	}
}

// TestParsePlacesInOneLine: columns count code points also where the text is
// one line, with one code point that has several bytes or many.
func TestParsePlacesInOneLine(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{`{"Id": "e", "Statement": 1}`, "1:26"},
		{`{"Id": "é", "Statement": 1}`, "1:26"},
		{`{"Id": "éé", "Statement": 1}`, "1:27"},
		{`{"Id": "😀", "Statement": 1}`, "1:26"},
		{"\n" + `{"Id": "e", "Statement": 1}`, "2:26"},
	} {
		_, err := policy.Parse(policy.IdentityBased, []byte(tt.text))
		var first *policy.Error
		if !errors.As(err, &first) || first.Position.String() != tt.want {
			t.Errorf("%s: got %v, want an error at %s", tt.text, err, tt.want)
		}
	}
}

func TestParsePositions(t *testing.T) {
	t.Parallel()
	d, err := policy.Parse(policy.ResourceBased, []byte(wholeDocument))
	if err != nil {
		t.Fatal(err)
	}
	second := &d.Statements[1]
	for _, tt := range []struct {
		name string
		got  policy.Position
		text string // what stands there
	}{
		{"Document", d.Start, `{`},
		{"Version", d.Version.Position, `"2012-10-17"`},
		{"Id", d.ID.Position, `"one`},
		{"Statement", second.Start, "{\n      \"Effect\": \"Deny\""},
		{"Effect", second.EffectPosition, `"Deny"`},
		{"NotPrincipal", second.NotPrincipal.Position, `{"AWS"`},
		{"AWS", second.NotPrincipal.Entries[0].Position, `"AWS"`},
		{"AWS[1]", second.NotPrincipal.Entries[0].Values.Values[1].Position, `"arn:aws:iam`},
		{"NotAction", second.NotAction.Position, `["s3:*"`},
		{"NotAction[1]", second.NotAction.Values[1].Position, `"sqs:*"`},
		{"NotResource", second.NotResource.Position, `"*"`},
		{"Condition", second.ConditionPosition, `{"NumericLessThan"`},
		{"operator", second.Condition[1].Name.Position, `"bool"`},
		{"key", second.Condition[0].Keys[0].Key.Position, `"s3:max-keys"`},
		{"values", second.Condition[0].Keys[0].Position, `[10`},
		{"value", second.Condition[0].Keys[0].Values[2].Position, `1e1`},
	} {
		if !strings.HasPrefix(wholeDocument[tt.got.Offset:], tt.text) {
			t.Errorf("%s: at %v stands %.20q, want %q", tt.name, tt.got, wholeDocument[tt.got.Offset:], tt.text)
		}
		before := wholeDocument[:tt.got.Offset]
		line := strings.Count(before, "\n") + 1
		column := len([]rune(before[strings.LastIndexByte(before, '\n')+1:])) + 1
		if want := at(tt.got.Offset, int32(line), int32(column)); tt.got != want {
			t.Errorf("%s: position %+v, want %+v", tt.name, tt.got, want)
		}
	}
	if end := int(second.End.Offset); !strings.HasSuffix(wholeDocument[:end], "false}}\n    }") {
		t.Errorf("the statement ends behind %.20q", wholeDocument[end-20:end])
	}
}

// TestParseKeepsNothing proves that the caller may reuse the text.
func TestParseKeepsNothing(t *testing.T) {
	t.Parallel()
	text := []byte(wholeDocument)
	d, err := policy.Parse(policy.ResourceBased, text)
	if err != nil {
		t.Fatal(err)
	}
	for i := range text {
		text[i] = 'x'
	}
	if got := d.Statements[0].Action.Values[0].Value; got != "s3:GetObject" {
		t.Errorf("the document changed with the text: %q", got)
	}
}

// TestParseAccepts holds what AWS saves, if sometimes with a warning.
func TestParseAccepts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		kind policy.Kind
		text string
	}{
		{"no statements", policy.IdentityBased, `{"Statement": []}`},
		{"empty lists", policy.IdentityBased, `{"Statement": {"Effect": "Allow", "Action": [], "Resource": []}}`},
		{"empty principals", policy.ResourceBased, `{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Principal": []},
			{"Effect": "Allow", "Action": "s3:*", "Principal": {}}, {"Effect": "Allow", "Action": "s3:*", "Principal": {"AWS": []}}]}`},
		{"empty Condition", policy.IdentityBased, `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {}}}`},
		{"empty operator", policy.IdentityBased, `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {}}}}`},
		{"Id", policy.IdentityBased, `{"Id": "x", "Statement": []}`},
		{"same Sid", policy.IdentityBased, `{"Statement": [{"Sid": "a b", "Effect": "Allow", "Action": "*", "Resource": "*"}, {"Sid": "a b", "Effect": "Allow", "Action": "*", "Resource": "*"}]}`},
		{"mixed values", policy.IdentityBased, `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"numericequals": {"a": [1, "x", true]}}}}`},
		{"service wildcard", policy.IdentityBased, `{"Statement": {"Effect": "Allow", "Action": "*:Get*", "Resource": "arn:*:*:::x"}}`},
		{"short ARN", policy.IdentityBased, `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:sqs"}}`},
		{"variable with colons", policy.Session, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::${aws:username}"}}`},
		{"no Resource", policy.ResourceBased, `{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "ecr:*"}}`},
		{"execute-api", policy.ResourceBased, `{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/prod/*"}}`},
		{"Allow with NotPrincipal", policy.ResourceBased, `{"Statement": {"Effect": "Allow", "NotPrincipal": {"AWS": "*"}, "Action": "s3:*", "Resource": "*"}}`},
		{"trust everybody", policy.RoleTrust, `{"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}`},
		{"RCPFullAWSAccess", policy.ResourceControl, `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}`},
		{"RCP", policy.ResourceControl, `{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "NotResource": "*", "Condition": {"Bool": {"a": true}}}}`},
		{"SCP", policy.ServiceControl, `{"Statement": {"Effect": "Allow", "NotAction": "s3:*Object", "Resource": "arn:aws:s3:::x", "Condition": {}}}`},
		{"endpoint default", policy.VPCEndpoint, `{"Statement": [{"Action": "*", "Effect": "Allow", "Resource": "*", "Principal": "*"}]}`},
		{"escaped element", policy.IdentityBased, `{"\u0053tatement": []}`},
		{"white space", policy.IdentityBased, "\t\r\n {\n\"Statement\"\t:\r[ ] } \n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, err := policy.Parse(tt.kind, []byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Check(); err != nil {
				t.Errorf("Check refuses what Parse took: %v", err)
			}
		})
	}
}

// TestParseErrors says which errors a document has, all of them, in order. A
// mark § in the text stands before the place of each error.
func TestParseErrors(t *testing.T) {
	t.Parallel()
	const rest = `"Effect": "Allow", "Action": "*", "Resource": "*"`
	for _, tt := range []struct {
		name string
		kind policy.Kind
		text string
		want []string
	}{
		{"empty text", policy.IdentityBased, `§`, []string{"JSON_SYNTAX_ERROR"}},
		{"array", policy.IdentityBased, ` §[]`, []string{"DATA_TYPE_MISMATCH"}},
		{"string", policy.IdentityBased, `§"{}"`, []string{"DATA_TYPE_MISMATCH"}},
		{"empty object", policy.IdentityBased, `§{}`, []string{"MISSING_STATEMENT"}},
		{"null statement", policy.IdentityBased, `{"Statement": §null}`, []string{"Statement DATA_TYPE_MISMATCH"}},
		{"bad statements", policy.IdentityBased, `{"Statement": [§null, §1, {` + rest + `}]}`,
			[]string{"Statement[0] DATA_TYPE_MISMATCH", "Statement[1] DATA_TYPE_MISMATCH"}},
		{"empty statement", policy.IdentityBased, `{"Statement": §§§{}}`,
			[]string{"Statement MISSING_EFFECT", "Statement MISSING_ACTION", "Statement MISSING_RESOURCE"}},
		{"null elements", policy.IdentityBased, `{"Version": §null, "Id": §1, "Statement": {"Sid": §null, "Effect": §true, "Action": §null, "Resource": §{}, "Condition": §[]}}`,
			[]string{"Version DATA_TYPE_MISMATCH", "Id DATA_TYPE_MISMATCH", "Statement.Sid DATA_TYPE_MISMATCH",
				"Statement.Effect DATA_TYPE_MISMATCH", "Statement.Action DATA_TYPE_MISMATCH",
				"Statement.Resource DATA_TYPE_MISMATCH", "Statement.Condition DATA_TYPE_MISMATCH"}},
		{"all at once", policy.IdentityBased, "{\"Version\": §\"2012\",\n \"Statement\": [{\"Effect\": §\"allow\",\n  \"Action\": [§\"x\", §\"s3:\", §\":x\", §1], \"Resource\": §\"é\"}]}",
			[]string{"Version INVALID_VERSION", "Statement[0].Effect INVALID_EFFECT", "Statement[0].Action[0] INVALID_ACTION_FORMAT",
				"Statement[0].Action[1] INVALID_ACTION_FORMAT", "Statement[0].Action[2] INVALID_ACTION_FORMAT",
				"Statement[0].Action[3] DATA_TYPE_MISMATCH", "Statement[0].Resource INVALID_ARN_PREFIX"}},
		{"exceptions", policy.IdentityBased, `{"Statement": {"Effect": "Allow", "NotAction": [§"x"], "NotResource": [§"y"]}}`,
			[]string{"Statement.NotAction[0] INVALID_ACTION_FORMAT", "Statement.NotResource[0] INVALID_ARN_PREFIX"}},
		{"behind the statements", policy.IdentityBased, `{"Statement": [{` + rest + `}], "Id": §1}`, []string{"Id DATA_TYPE_MISMATCH"}},
		{"element case", policy.IdentityBased, `{"Statement": {` + rest + `, §"sid": ""}}`, []string{"Statement.sid INVALID_POLICY_ELEMENT"}},
		{"element of the document", policy.IdentityBased, `{"Statement": {` + rest + `, §"Version": ""}}`, []string{"Statement.Version INVALID_POLICY_ELEMENT"}},
		{"element of a statement", policy.IdentityBased, `{§"Effect": "Allow", "Statement": []}`, []string{"Effect INVALID_POLICY_ELEMENT"}},
		{"duplicate Effect", policy.IdentityBased, `{"Statement": {"Effect": "Deny", §` + rest + `}}`, []string{"Statement.Effect DUPLICATE_KEY"}},
		{"duplicate escaped", policy.IdentityBased, `{"Statement": {"Effec\u0074": "Deny", §` + rest + `}}`, []string{"Statement.Effect DUPLICATE_KEY"}},
		{"both resources", policy.IdentityBased, `{"Statement": {` + rest + `, "NotResource": §"*"}}`, []string{"Statement.NotResource UNSUPPORTED_ELEMENT_COMBINATION"}},
		{"two operators", policy.IdentityBased, `{"Statement": {` + rest + `, "Condition": {"Bool": {}, §"bool": {}}}}`,
			[]string{"Statement.Condition.bool DUPLICATE_KEYS_WITH_DIFFERENT_CASE"}},
		{"operators but for case", policy.IdentityBased, `{"Statement": {` + rest + `, "Condition": {"Bool": {}, §"bool": {}, §"Bool": {}}}}`,
			[]string{"Statement.Condition.bool DUPLICATE_KEYS_WITH_DIFFERENT_CASE", "Statement.Condition.Bool DUPLICATE_KEY"}},
		{"keys", policy.IdentityBased, `{"Statement": {` + rest + `, "Condition": {"Bool": {"a:b": true, §"A:b": true, §"a:b": []}}}}`,
			[]string{`Statement.Condition.Bool["A:b"] DUPLICATE_KEYS_WITH_DIFFERENT_CASE`, `Statement.Condition.Bool["a:b"] DUPLICATE_KEY`}},
		{"condition values", policy.IdentityBased, `{"Statement": {` + rest + `, "Condition": {"Bool": {"a": §null, "b": [§[]], "c": §{}}, "Null": §"x"}}}`,
			[]string{`Statement.Condition.Bool["a"] DATA_TYPE_MISMATCH`, `Statement.Condition.Bool["b"][0] DATA_TYPE_MISMATCH`,
				`Statement.Condition.Bool["c"] DATA_TYPE_MISMATCH`, `Statement.Condition.Null DATA_TYPE_MISMATCH`}},
		{"operators", policy.IdentityBased, `{"Statement": {` + rest + `, "Condition": {§"ForAllValues:NullIfExists": {}, §"": {}, §"String Equals": {}}}}`,
			[]string{`Statement.Condition.ForAllValues:NullIfExists NULL_WITH_IF_EXISTS`, `Statement.Condition[""] INVALID_CONDITION_OPERATOR`,
				`Statement.Condition["String Equals"] INVALID_CONDITION_OPERATOR`}},
		{"principals", policy.ResourceBased, `{"Statement": {` + rest + `, "Principal": {"AWS": §210987654321, §"Aws": "*", "Service": ["a", §null], §"Service": "b"}}}`,
			[]string{`Statement.Principal.AWS DATA_TYPE_MISMATCH`, `Statement.Principal.Aws INVALID_PRINCIPAL_KEY`,
				`Statement.Principal.Service[1] DATA_TYPE_MISMATCH`, `Statement.Principal.Service DUPLICATE_KEY`}},
		{"principals are refused once", policy.ResourceBased, `{"Statement": {` + rest + `, "Principal": {"Aws": §1, "AWS": §2, "AWS": "*"}}}`,
			[]string{`Statement.Principal.Aws DATA_TYPE_MISMATCH`, `Statement.Principal.AWS DATA_TYPE_MISMATCH`}},
		{"principal array", policy.ResourceBased, `{"Statement": {` + rest + `, "Principal": §["*"]}}`, []string{`Statement.Principal INVALID_PRINCIPAL_FORMAT`}},
		{"principal number", policy.ResourceBased, `{"Statement": {` + rest + `, "Principal": §1}}`, []string{`Statement.Principal INVALID_PRINCIPAL_FORMAT`}},
		{"both principals", policy.VPCEndpoint, `{"Statement": {` + rest + `, "Principal": "*", "NotPrincipal": §"*"}}`,
			[]string{`Statement.NotPrincipal UNSUPPORTED_ELEMENT_COMBINATION`}},
		{"boundary principal", policy.PermissionsBoundary, `{"Statement": {` + rest + `, "Principal": §"*"}}`, []string{`Statement.Principal UNSUPPORTED_PRINCIPAL`}},
		{"session NotPrincipal", policy.Session, `{"Statement": {` + rest + `, "NotPrincipal": §"*"}}`, []string{`Statement.NotPrincipal UNSUPPORTED_PRINCIPAL`}},
		{"endpoint without resource", policy.VPCEndpoint, `{"Statement": §{"Effect": "Allow", "Principal": "*", "Action": "*"}}`, []string{`Statement MISSING_RESOURCE`}},
		{"execute-api elsewhere", policy.IdentityBased, `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": §"execute-api:/a"}}`, []string{`Statement.Resource INVALID_ARN_PREFIX`}},
		{"session variable without version", policy.Session, `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": ["arn:aws:s3::${a:b:c}", §"arn:aws:s3::x"]}}`,
			[]string{`Statement.Resource[1] MISSING_ARN_FIELD`}},
		{"session variable", policy.Session, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": [§"arn:aws:s3::${a:b:c, ':'}", "arn:aws:s3::${a:b:c", "*"]}}`,
			[]string{`Statement.Resource[0] MISSING_ARN_FIELD`}},
		{"trust", policy.RoleTrust, `{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "NotPrincipal": §{§"aws": "*"}, "NotResource": §["x"]}}`,
			[]string{`Statement.NotPrincipal ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL`, `Statement.NotPrincipal.aws INVALID_PRINCIPAL_KEY`,
				`Statement.NotResource ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE`}},
		{"RCP Allow of one principal", policy.ResourceControl, `{"Statement": {"Effect": §"Allow", "Action": "*", "Resource": "*", "Principal": §{"AWS": "*"}}}`,
			[]string{`Statement.Effect RCP_SYNTAX_ERROR_ALLOW`, `Statement.Principal RCP_SYNTAX_ERROR_PRINCIPAL`}},
		{"RCP Allow of nothing", policy.ResourceControl, `{"Statement": §§§{"Effect": §"Allow"}}`,
			[]string{`Statement MISSING_PRINCIPAL`, `Statement MISSING_ACTION`, `Statement MISSING_RESOURCE`, `Statement.Effect RCP_SYNTAX_ERROR_ALLOW`}},
		{"RCP Allow with empty lists", policy.ResourceControl, `{"Statement": {"Effect": §"Allow", "Action": [], "Resource": [], "Principal": "*"}}`, []string{`Statement.Effect RCP_SYNTAX_ERROR_ALLOW`}},
		{"RCP Allow without action", policy.ResourceControl, `{"Statement": §{"Effect": §"Allow", "Resource": "*", "Principal": "*"}}`,
			[]string{`Statement MISSING_ACTION`, `Statement.Effect RCP_SYNTAX_ERROR_ALLOW`}},
		{"RCP Allow with condition", policy.ResourceControl, `{"Statement": {"Effect": §"Allow", "Action": "*", "Resource": "*", "Principal": "*", "Condition": {}}}`, []string{`Statement.Effect RCP_SYNTAX_ERROR_ALLOW`}},
		{"RCP NotPrincipal", policy.ResourceControl, `{"Statement": {"Effect": "Deny", "NotPrincipal": §"*", "Action": "s3:*", "Resource": "*"}}`,
			[]string{`Statement.NotPrincipal RCP_SYNTAX_ERROR_PRINCIPAL`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text, places := unmark(tt.text)
			d, err := policy.Parse(tt.kind, []byte(text))
			if d != nil {
				t.Error("a document comes with an error")
			}
			if diff := cmp.Diff(tt.want, brief(err)); diff != "" {
				t.Errorf("errors differ (-want +got):\n%s\n%v", diff, err)
			}
			if diff := cmp.Diff(places, offsets(err)); diff != "" {
				t.Errorf("places differ (-want +got):\n%s\n%v", diff, err)
			}
		})
	}
}

// unmark takes the marks out of a text and gives their offsets in what remains.
func unmark(text string) (string, []int32) {
	pieces := strings.Split(text, "§")
	var places []int32
	offset := 0
	for _, piece := range pieces[:len(pieces)-1] {
		offset += len(piece)
		places = append(places, int32(offset))
	}
	return strings.Join(pieces, ""), places
}

func offsets(err error) []int32 {
	var all policy.Errors
	errors.As(err, &all)
	var offsets []int32
	for _, one := range all {
		offsets = append(offsets, one.Position.Offset)
	}
	return offsets
}

// brief gives "path CODE" for each error.
func brief(err error) []string {
	var all policy.Errors
	errors.As(err, &all)
	var texts []string
	for _, one := range all {
		texts = append(texts, strings.TrimPrefix(one.Path+" "+string(one.Code), " "))
	}
	return texts
}

func TestErrorsText(t *testing.T) {
	t.Parallel()
	_, err := policy.Parse(policy.IdentityBased, []byte(`{"Statement": [`+strings.Repeat(`1,`, 200)+`1]}`))
	var all policy.Errors
	if !errors.As(err, &all) || len(all) != policy.MaxErrors {
		t.Fatalf("got %d errors, want %d", len(all), policy.MaxErrors)
	}
	var first *policy.Error
	if !errors.As(err, &first) || first != all[0] {
		t.Errorf("errors.As gives %v, want the first error", first)
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 11 || lines[10] != "and 90 more errors" {
		t.Errorf("text has %d lines, the last one %q", len(lines), lines[len(lines)-1])
	}
	want := "1:16: Statement[0]: an object belongs here, not a number (DATA_TYPE_MISMATCH)"
	if lines[0] != want {
		t.Errorf("first line %q, want %q", lines[0], want)
	}
}

func TestParseWithoutKind(t *testing.T) {
	t.Parallel()
	for _, kind := range []policy.Kind{0, policy.VPCEndpoint + 1} {
		_, err := policy.Parse(kind, []byte(`{"Statement": []}`))
		if diff := cmp.Diff([]string{"INVALID_POLICY_KIND"}, brief(err)); diff != "" {
			t.Errorf("kind %d: %s", kind, diff)
		}
	}
}

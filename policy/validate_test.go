package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/portcullis-iam/portcullis/policy"
)

// findings gives "SEVERITY path CODE" for each finding.
func findings(d *policy.Document) []string {
	var texts []string
	for _, one := range d.Validate() {
		texts = append(texts, strings.Join(strings.Fields(one.Severity.String()+" "+one.Path+" "+string(one.Code)), " "))
	}
	return texts
}

// clean is the beginning of a document without findings of its own.
const clean = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"`

func TestValidate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		kind policy.Kind
		text string
		want []string
	}{
		{"clean", policy.IdentityBased, clean + `}}`, nil},
		{"clean conditions", policy.IdentityBased, clean + `, "Condition": {
			"StringEquals": {"aws:PrincipalTag/team": ["a", "${aws:RequestTag/team, 'b'}"], "aws:userid": "${*}"},
			"StringLike": {"aws:username": "a*"}, "NumericLessThan": {"s3:max-keys": 10}, "Bool": {"aws:SecureTransport": "TRUE"},
			"DateGreaterThan": {"aws:CurrentTime": ["2026-10-01T00:00:00Z", "2026", "1790000000"]}, "BinaryEquals": {"a:b": "YWE="},
			"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::1", "2001:db8::/32", "203.0.113.9"]},
			"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/${aws:PrincipalTag/team}"}, "Null": {"aws:TokenIssueTime": false}}}}`, nil},
		{"clean trust", policy.RoleTrust, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "210987654321"}, "Action": "sts:AssumeRole"}}`, nil},
		{"clean resource policy", policy.ResourceBased, `{"Id": "x", "Version": "2012-10-17", "Statement": {"Sid": "all of it", "Effect": "Deny", "NotPrincipal": {"AWS": "210987654321"}, "Action": "s3:*"}}`, nil},
		{"deny everyone in a trust policy", policy.RoleTrust, `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole", "Condition": {"Bool": {"aws:SecureTransport": false}}}}`, nil},
		{"trust AWS star", policy.RoleTrust, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": ["*"]}, "Action": "sts:AssumeRole"}}`,
			[]string{"ERROR Statement.Principal.AWS[0] ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL"}},
		{"star under Service", policy.ResourceBased, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "*"}, "Action": "s3:*"}}`,
			[]string{"ERROR Statement.Principal.Service UNSUPPORTED_WILDCARD_IN_PRINCIPAL"}},
		{"old version", policy.IdentityBased, `{"Version": "2008-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::${a:b}${c:d}", "Condition": {"StringEquals": {"a:b": "${c:d}"}}}}`,
			[]string{"ERROR Statement.Resource VARIABLE_UNSUPPORTED_IN_VERSION", `ERROR Statement.Condition.StringEquals["a:b"] VARIABLE_UNSUPPORTED_IN_VERSION`}},
		{"variable in the account", policy.IdentityBased, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:sqs:*:${aws:PrincipalAccount}:q"}}`,
			[]string{"ERROR Statement.Resource VARIABLE_UNSUPPORTED_IN_ELEMENT"}},
		{"list of principals", policy.ResourceBased, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": ["*", "AROAX", "${a}"]}, "Action": "s3:*"}}`,
			[]string{"WARNING Statement.Principal.AWS[1] INVALID_ROLE_REFERENCE", "ERROR Statement.Principal.AWS[2] VARIABLE_UNSUPPORTED_IN_ELEMENT"}},
		{"empty operator", policy.IdentityBased, clean + `, "Condition": {"Bool": {}}}}`, []string{"SUGGESTION Statement.Condition.Bool EMPTY_OBJECT_CONDITION"}},
		{"a fault and a variable in the old version", policy.IdentityBased, `{"Version": "2008-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::${}${a}"}}`,
			[]string{"ERROR Statement.Resource VARIABLE_UNSUPPORTED_IN_VERSION"}},
		{"short ARN", policy.IdentityBased, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": ["arn:aws:sqs", "arn:aws:s*:::x"]}}`,
			[]string{"ERROR Statement.Resource[0] MISSING_ARN_FIELD", "SUGGESTION Statement.Resource[1] WILDCARD_IN_SERVICE_NAME"}},
		{"bad values", policy.IdentityBased, clean + `, "Condition": {
			"NumericEquals": {"a:b": ["1e3", "", "0x1", "1."]}, "DateEquals": {"a:b": ["2026-02-30", "now"]},
			"IpAddress": {"a:b": ["203.0.113.0/33", "203.0.113.01", "fe80::1%eth0", "10.0.0.0/8/8", "10.0.0.1/8", "2001:db8::1/32"]},
			"Null": {"a:b": "1"}, "ArnEquals": {"a:b": ["*", "${a:b}"]}, "BinaryEquals": {"a:b": "YWE"}}}}`,
			[]string{`WARNING Statement.Condition.NumericEquals["a:b"][0] TYPE_MISMATCH_NUMBER`, `WARNING Statement.Condition.NumericEquals["a:b"][1] TYPE_MISMATCH_NUMBER`,
				`WARNING Statement.Condition.NumericEquals["a:b"][2] TYPE_MISMATCH_NUMBER`, `WARNING Statement.Condition.NumericEquals["a:b"][3] TYPE_MISMATCH_NUMBER`,
				`WARNING Statement.Condition.DateEquals["a:b"][0] TYPE_MISMATCH_DATE`, `WARNING Statement.Condition.DateEquals["a:b"][1] TYPE_MISMATCH_DATE`,
				`ERROR Statement.Condition.IpAddress["a:b"][0] TYPE_MISMATCH_IP_RANGE`, `ERROR Statement.Condition.IpAddress["a:b"][1] TYPE_MISMATCH_IP_RANGE`,
				`ERROR Statement.Condition.IpAddress["a:b"][2] TYPE_MISMATCH_IP_RANGE`, `ERROR Statement.Condition.IpAddress["a:b"][3] TYPE_MISMATCH_IP_RANGE`,
				`SUGGESTION Statement.Condition.IpAddress["a:b"][4] IMPROVE_IP_RANGE`, `SUGGESTION Statement.Condition.IpAddress["a:b"][5] IMPROVE_IP_RANGE`,
				`WARNING Statement.Condition.Null["a:b"] TYPE_MISMATCH_BOOLEAN`, `WARNING Statement.Condition.ArnEquals["a:b"][0] TYPE_MISMATCH`,
				`WARNING Statement.Condition.BinaryEquals["a:b"] TYPE_MISMATCH_STRING`}},
		{"variables for no operator", policy.IdentityBased, clean + `, "Condition": {"DateEquals": {"a:b": "${c:d}"}, "IpAddress": {"a:b": "${c:d}"}}}}`,
			[]string{`ERROR Statement.Condition.DateEquals["a:b"] INVALID_VARIABLE_FOR_OPERATOR`, `ERROR Statement.Condition.IpAddress["a:b"] INVALID_VARIABLE_FOR_OPERATOR`}},
		{"wildcards", policy.IdentityBased, clean + `, "Condition": {"StringNotEqualsIgnoreCase": {"a:b": ["${*}${c:d, '?'}", "${c:d}?", "${*"]}}}}`,
			[]string{`WARNING Statement.Condition.StringNotEqualsIgnoreCase["a:b"][1] WILDCARD_WITHOUT_LIKE_OPERATOR`,
				`ERROR Statement.Condition.StringNotEqualsIgnoreCase["a:b"][2] MISSING_BRACE_IN_VARIABLE`,
				`WARNING Statement.Condition.StringNotEqualsIgnoreCase["a:b"][2] WILDCARD_WITHOUT_LIKE_OPERATOR`}},
		{"exceptions", policy.ResourceBased, `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "NotAction": ["*:x"], "NotResource": ["arn:aws:s*:::x"], "NotPrincipal": {"AWS": "a*"}}}`,
			[]string{"SUGGESTION Statement.NotAction[0] WILDCARD_IN_SERVICE_NAME", "SUGGESTION Statement.NotResource[0] WILDCARD_IN_SERVICE_NAME",
				"ERROR Statement.NotPrincipal.AWS UNSUPPORTED_WILDCARD_IN_PRINCIPAL"}},
		{"one statement in an array", policy.IdentityBased, `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*:x", "Resource": "*"}]}`,
			[]string{"SUGGESTION Statement[0].Action WILDCARD_IN_SERVICE_NAME"}},
		{"in the order of the text", policy.ResourceBased, `{"Statement": {"Resource": "arn:aws:sqs", "Action": ["*:x"], "Principal": {"AWS": "AROAX"}, "Sid": "", "Effect": "Allow"}, "Version": "2012-10-17"}`,
			[]string{"ERROR Statement.Resource MISSING_ARN_FIELD", "SUGGESTION Statement.Action[0] WILDCARD_IN_SERVICE_NAME",
				"WARNING Statement.Principal.AWS INVALID_ROLE_REFERENCE", "SUGGESTION Statement.Sid EMPTY_SID_VALUE"}},
		{"variable in a Sid", policy.ResourceBased, `{"Version": "2012-10-17", "Statement": {"Sid": "${aws:userid}", "Effect": "Deny", "Principal": "*", "Action": "s3:*"}}`,
			[]string{"ERROR Statement.Sid VARIABLE_UNSUPPORTED_IN_ELEMENT"}},
		{"repetitions", policy.IdentityBased, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["s3:a", "s3:b", "S3:A", "s3:c"], "Resource": ["arn:aws:sqs", "arn:aws:sqs"]}}`,
			[]string{"SUGGESTION Statement.Action[2] REDUNDANT_ACTION", "ERROR Statement.Resource[0] MISSING_ARN_FIELD", "SUGGESTION Statement.Resource[1] REDUNDANT_RESOURCE"}},
		{"variables in two segments", policy.IdentityBased, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:sqs:${a:b}:${a:c}:q"}}`,
			[]string{"ERROR Statement.Resource VARIABLE_UNSUPPORTED_IN_ELEMENT"}},
		{"segments of short ARNs", policy.IdentityBased, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": ["arn:aws", "arn:aws:S3", "arn:aws:s3:", "arn:aws:s3::1"]}}`,
			[]string{"ERROR Statement.Resource[0] MISSING_ARN_FIELD", "ERROR Statement.Resource[1] MISSING_ARN_FIELD", "ERROR Statement.Resource[1] INVALID_ARN_SERVICE_CASE",
				"ERROR Statement.Resource[2] MISSING_ARN_FIELD", "ERROR Statement.Resource[3] MISSING_ARN_FIELD", "ERROR Statement.Resource[3] INVALID_ARN_ACCOUNT"}},
		{"one value in an array", policy.IdentityBased, clean + `, "Condition": {"NumericEquals": {"a:b": ["x"]}}}}`,
			[]string{`WARNING Statement.Condition.NumericEquals["a:b"][0] TYPE_MISMATCH_NUMBER`}},
		{"values of three JSON types", policy.IdentityBased, clean + `, "Condition": {"StringEquals": {"a:b": [1, "a", true]}}}}`,
			[]string{`ERROR Statement.Condition.StringEquals["a:b"] INVALID_CONDITION_DATA_TYPE`}},
		{"escapes are no variables", policy.IdentityBased, clean + `, "Condition": {"ArnEquals": {"a:b": ["${*}", "${?}", "${$}"]}}}}`,
			[]string{`WARNING Statement.Condition.ArnEquals["a:b"][0] TYPE_MISMATCH`, `WARNING Statement.Condition.ArnEquals["a:b"][1] TYPE_MISMATCH`,
				`WARNING Statement.Condition.ArnEquals["a:b"][2] TYPE_MISMATCH`}},
		{"endpoint", policy.VPCEndpoint, `{"Statement": [{"Action": "*", "Effect": "Allow", "Resource": "*", "Principal": "*"}]}`, []string{"WARNING MISSING_VERSION"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, err := policy.Parse(tt.kind, []byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, findings(d)); diff != "" {
				t.Errorf("findings differ (-want +got):\n%s", diff)
			}
			for _, one := range d.Validate() {
				if !one.Position.IsValid() || int(one.Position.Offset) >= len(tt.text) {
					t.Errorf("%s: not in the text", one.String())
				}
			}
		})
	}
}

// TestValidateSize has for each kind a document of exactly its quota, and one
// that is a character longer.
func TestValidateSize(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind  policy.Kind
		quota int
		space bool // whether white space counts
		code  policy.Code
	}{
		{policy.IdentityBased, 6144, false, policy.PolicySizeExceedsIdentityPolicyQuota},
		{policy.PermissionsBoundary, 6144, false, policy.PolicySizeExceedsIdentityPolicyQuota},
		{policy.Session, 2048, false, policy.PolicySizeExceedsSessionPolicyQuota},
		{policy.ResourceBased, 20480, false, policy.PolicySizeExceedsResourcePolicyQuota},
		{policy.RoleTrust, 2048, false, policy.PolicySizeExceedsRoleTrustPolicyQuota},
		{policy.ServiceControl, 10240, true, policy.PolicySizeExceedsSCPQuota},
		{policy.ResourceControl, 5120, true, policy.PolicySizeExceedsRCPQuota},
		{policy.VPCEndpoint, 20480, true, policy.PolicySizeExceedsVPCEndpointPolicyQuota},
	} {
		const frame = `{"Version":"2012-10-17","Id":"","Statement":[]}`
		for _, space := range []int{0, 1} {
			for _, over := range []int{0, 1} {
				// Characters count, not bytes.
				id := strings.Repeat("é", tt.quota+over-len(frame))
				if tt.space && space == 1 {
					id = id[len("é"):]
				}
				text := strings.Replace(frame, `"Id":""`, `"Id":"`+id+`"`, 1) + strings.Repeat(" ", space)
				d, err := policy.Parse(tt.kind, []byte(text))
				if err != nil {
					t.Fatal(err)
				}
				got := strings.Contains(fmt.Sprint(findings(d)), string(tt.code))
				if got != (over == 1) {
					t.Errorf("%v, %d over, %d spaces: found %v", tt.kind, over, space, got)
				}
			}
		}
	}
}

// TestValidateSizeOfTwoForms: of a document that was built in code the form that
// it would be written in counts; a text within the quota is so however else it
// could be written.
func TestValidateSizeOfTwoForms(t *testing.T) {
	t.Parallel()
	const (
		frame = `{"Version":"2012-10-17","Id":"","Statement":[]}`
		quota = 2048
	)
	for over := range 2 {
		d := &policy.Document{Kind: policy.RoleTrust, Version: policy.Text{Value: policy.Version2012}, Statements: []policy.Statement{}}
		d.ID.Value = strings.Repeat("x", quota+over-len(frame))
		if got := strings.Contains(fmt.Sprint(findings(d)), "POLICY_SIZE_EXCEEDS"); got != (over == 1) {
			t.Errorf("built, %d over: found %v", over, got)
		}
	}
	text := strings.Replace(frame, `"Id":""`, `"Id":"\b`+strings.Repeat("x", quota-len(frame)-len(`\b`))+`"`, 1)
	d, err := policy.Parse(policy.RoleTrust, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(findings(d)); len(text) != quota || strings.Contains(got, "POLICY_SIZE_EXCEEDS") {
		t.Errorf("a text of %d characters: found %s", len(text), got)
	}
}

// TestValidateSid has every ASCII character in every place of a Sid.
func TestValidateSid(t *testing.T) {
	t.Parallel()
	const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	for character := range rune(128) {
		for _, sid := range []string{string(character), "a" + string(character), string(character) + "a"} {
			s := everything()
			s.Sid.Value = sid
			var want []string
			if !strings.ContainsRune(alphanumeric, character) {
				want = []string{"ERROR Statement[0].Sid UNSUPPORTED_SID"}
			}
			if diff := cmp.Diff(want, findings(statements(policy.IdentityBased, s))); diff != "" {
				t.Errorf("%q: findings differ (-want +got):\n%s", sid, diff)
			}
		}
	}
}

// TestValidateLeavesOperatorsToCheck: an operator that does not exist is no
// finding.
func TestValidateLeavesOperatorsToCheck(t *testing.T) {
	t.Parallel()
	s := everything()
	s.Condition = []policy.ConditionOperator{{Name: policy.Text{Value: "StringIs"}}}
	if got := findings(statements(policy.IdentityBased, s)); got != nil {
		t.Errorf("found %v", got)
	}
}

func TestValidateBounded(t *testing.T) {
	t.Parallel()
	d, err := policy.Parse(policy.IdentityBased, []byte(`{"Statement": {"Effect": "Allow", "Resource": "*", "Action": ["*:x"`+strings.Repeat(`,"*:x"`, 1000)+`]}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := len(d.Validate()); got != policy.MaxErrors {
		t.Errorf("got %d findings, want %d", got, policy.MaxErrors)
	}
}

func TestFindingString(t *testing.T) {
	t.Parallel()
	d, err := policy.Parse(policy.IdentityBased, []byte(clean+`, "Sid": ""}}`))
	if err != nil {
		t.Fatal(err)
	}
	const want = "SUGGESTION 1:125: Statement.Sid: the Sid is empty: remove it, or name the statement (EMPTY_SID_VALUE)"
	if all := d.Validate(); len(all) != 1 || all[0].String() != want {
		t.Errorf("got %v, want %q", all, want)
	}
	var names []string
	for severity := range policy.SeveritySuggestion + 2 {
		names = append(names, severity.String())
	}
	if diff := cmp.Diff([]string{"UNKNOWN", "ERROR", "SECURITY_WARNING", "WARNING", "SUGGESTION", "UNKNOWN"}, names); diff != "" {
		t.Errorf("the names differ (-want +got):\n%s", diff)
	}
}

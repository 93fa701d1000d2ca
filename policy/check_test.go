package policy_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/portcullis-iam/portcullis/policy"
)

// statements makes a document of a kind in code.
func statements(kind policy.Kind, all ...policy.Statement) *policy.Document {
	return &policy.Document{Kind: kind, Version: policy.Text{Value: policy.Version2012}, Statements: all}
}

// everything is the elements that most kinds want, for tests to add to.
func everything() policy.Statement {
	return policy.Statement{Effect: policy.Allow, Action: policy.StringsOf("*"), Resource: policy.StringsOf("*")}
}

// TestCheckBuilt checks documents that no text can hold, or that were changed.
func TestCheckBuilt(t *testing.T) {
	t.Parallel()
	operator := func(name string, keys ...policy.ConditionKey) policy.Statement {
		s := everything()
		s.Condition = []policy.ConditionOperator{{Name: policy.Text{Value: name}, Keys: keys}}
		return s
	}
	principal := func(p policy.Principals) policy.Statement {
		s := everything()
		s.Principal = &p
		return s
	}
	changed, err := policy.Parse(policy.IdentityBased, []byte(`{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`))
	if err != nil {
		t.Fatal(err)
	}
	changed.Statements[0].Effect = "Perhaps"
	for _, tt := range []struct {
		name     string
		document *policy.Document
		want     []string
	}{
		{"zero", &policy.Document{}, []string{"INVALID_POLICY_KIND"}},
		{"only a kind", &policy.Document{Kind: policy.Session}, []string{"MISSING_STATEMENT"}},
		{"empty list of statements", &policy.Document{Kind: policy.Session, Statements: []policy.Statement{}}, nil},
		{"zero statement", statements(policy.VPCEndpoint, policy.Statement{}),
			[]string{"Statement[0] MISSING_EFFECT", "Statement[0] MISSING_PRINCIPAL", "Statement[0] MISSING_ACTION", "Statement[0] MISSING_RESOURCE"}},
		{"empty statements, principals and operators", statements(policy.ResourceBased, principal(policy.Principals{})), nil},
		{"changed", changed, []string{"Statement.Effect INVALID_EFFECT"}},
		{"unknown operator", statements(policy.IdentityBased, operator("")), []string{`Statement[0].Condition[""] INVALID_CONDITION_OPERATOR`}},
		{"no JSON number", statements(policy.IdentityBased, operator("Bool", policy.ConditionKey{Values: []policy.ConditionValue{{Value: "1x", Type: policy.NumberValue}}})),
			[]string{`Statement[0].Condition.Bool[""][0] DATA_TYPE_MISMATCH`}},
		{"no JSON type", statements(policy.IdentityBased, operator("Bool", policy.ConditionKey{Values: []policy.ConditionValue{{Value: "1", Type: 9}}})),
			[]string{`Statement[0].Condition.Bool[""][0] DATA_TYPE_MISMATCH`}},
		{"a principal type that is none, twice", statements(policy.ResourceBased, principal(policy.Principals{Entries: []policy.PrincipalEntry{{Type: "aws"}, {Type: "aws"}}})),
			[]string{"Statement[0].Principal.aws INVALID_PRINCIPAL_KEY", "Statement[0].Principal.aws INVALID_PRINCIPAL_KEY"}},
		{"principal type three times", statements(policy.ResourceBased, principal(policy.Principals{Entries: []policy.PrincipalEntry{{Type: policy.PrincipalAWS}, {Type: policy.PrincipalAWS}, {Type: policy.PrincipalAWS}}})),
			[]string{"Statement[0].Principal.AWS DUPLICATE_KEY", "Statement[0].Principal.AWS DUPLICATE_KEY"}},
		{"several values that are not written in an array", statements(policy.IdentityBased, policy.Statement{
			Effect: policy.Allow, Action: &policy.Strings{Values: []policy.Text{{Value: "*"}, {Value: "x"}}, Single: true}, Resource: policy.StringsOf("*")}),
			[]string{"Statement[0].Action[1] INVALID_ACTION_FORMAT"}},
		{"principal type twice", statements(policy.ResourceBased, principal(policy.Principals{Entries: []policy.PrincipalEntry{{Type: policy.PrincipalAWS}, {Type: policy.PrincipalAWS}, {Type: ""}}})),
			[]string{"Statement[0].Principal.AWS DUPLICATE_KEY", `Statement[0].Principal[""] INVALID_PRINCIPAL_KEY`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := tt.document.Check()
			if diff := cmp.Diff(tt.want, brief(err)); diff != "" {
				t.Errorf("errors differ (-want +got):\n%s", diff)
			}
			if tt.want == nil && err != nil {
				t.Errorf("got %#v, want nil", err)
			}
			// Nothing else may stumble over what Check refuses.
			tt.document.Validate()
			policy.Equal(tt.document, tt.document)
			if _, err := tt.document.MarshalJSON(); err != nil && len(brief(err)) == 0 {
				t.Errorf("MarshalJSON gives %v", err)
			}
		})
	}
}

// TestMessagesAreShort: a long name is shortened, between code points.
func TestMessagesAreShort(t *testing.T) {
	t.Parallel()
	for shift := range 3 {
		name := strings.Repeat("x", shift) + strings.Repeat("€", 1000)
		s := everything()
		s.Action = policy.StringsOf(name)
		s.Condition = []policy.ConditionOperator{{Name: policy.Text{Value: name}}}
		text := statements(policy.IdentityBased, s).Check().Error()
		if len(text) > 800 || !utf8.ValidString(text) || strings.Contains(text, `\x`) || !strings.Contains(text, "…") {
			t.Errorf("the text is %q", text)
		}
	}
}

func TestValueTypeString(t *testing.T) {
	t.Parallel()
	got := []string{policy.StringValue.String(), policy.NumberValue.String(), policy.BooleanValue.String()}
	if diff := cmp.Diff([]string{"string", "number", "boolean"}, got); diff != "" {
		t.Error(diff)
	}
}

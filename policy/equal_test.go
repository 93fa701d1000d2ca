package policy_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/portcullis-iam/portcullis/policy"
)

func TestEqual(t *testing.T) {
	t.Parallel()
	const head = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": `
	for _, tt := range []struct {
		name string
		kind policy.Kind
		a, b string
		want bool
	}{
		{"scalar and array", policy.IdentityBased, head + `"s3:*", "Resource": "*"}}`, `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:*"], "Resource": ["*"]}]}`, true},
		{"case of actions", policy.IdentityBased, head + `"s3:getobject", "Resource": "*"}}`, head + `"S3:GetObject", "Resource": "*"}}`, true},
		{"case of resources", policy.IdentityBased, head + `"*", "Resource": "arn:aws:s3:::A"}}`, head + `"*", "Resource": "arn:aws:s3:::a"}}`, false},
		{"Action and NotAction", policy.IdentityBased, head + `"*", "Resource": "*"}}`, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "NotAction": "*", "Resource": "*"}}`, false},
		{"other exceptions of actions", policy.IdentityBased, `{"Statement": {"Effect": "Allow", "NotAction": "a:b", "Resource": "*"}}`, `{"Statement": {"Effect": "Allow", "NotAction": "a:c", "Resource": "*"}}`, false},
		{"other exceptions of resources", policy.IdentityBased, `{"Statement": {"Effect": "Allow", "Action": "*", "NotResource": "arn:a"}}`, `{"Statement": {"Effect": "Allow", "Action": "*", "NotResource": "arn:b"}}`, false},
		{"Effect", policy.IdentityBased, head + `"*", "Resource": "*"}}`, `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}`, false},
		{"no reasoning", policy.IdentityBased, head + `["s3:*", "s3:Get*"], "Resource": "*"}}`, head + `"s3:*", "Resource": "*"}}`, false},
		{"versions", policy.IdentityBased, `{"Version": "2012-10-17", "Statement": []}`, `{"Statement": []}`, false},
		{"no version", policy.IdentityBased, `{"Version": "2008-10-17", "Statement": []}`, `{"Statement": [], "Id": "x"}`, true},
		{"number and text", policy.IdentityBased, head + `"*", "Resource": "*", "Condition": {"NumericEquals": {"a": 10}}}}`, head + `"*", "Resource": "*", "Condition": {"numericequals": {"A": ["10"]}}}}`, true},
		{"other number", policy.IdentityBased, head + `"*", "Resource": "*", "Condition": {"NumericEquals": {"a": 10}}}}`, head + `"*", "Resource": "*", "Condition": {"NumericEquals": {"a": 10.0}}}}`, false},
		{"IfExists", policy.IdentityBased, head + `"*", "Resource": "*", "Condition": {"Bool": {"a": true}}}}`, head + `"*", "Resource": "*", "Condition": {"BoolIfExists": {"a": true}}}}`, false},
		{"empty condition", policy.IdentityBased, head + `"*", "Resource": "*", "Condition": {"Bool": {}}}}`, head + `"*", "Resource": "*"}}`, true},
		{"key without values", policy.IdentityBased, head + `"*", "Resource": "*", "Condition": {"Bool": {"a": []}}}}`, head + `"*", "Resource": "*"}}`, false},
		{"everyone", policy.ResourceBased, head + `"s3:*", "Principal": "*"}}`, head + `"s3:*", "Principal": {"AWS": ["*"], "Service": []}}}`, true},
		{"not everyone", policy.ResourceBased, head + `"s3:*", "NotPrincipal": "*"}}`, head + `"s3:*", "NotPrincipal": {"AWS": "*"}}}`, false},
		{"everyone but everyone and but nobody", policy.ResourceBased, head + `"s3:*", "NotPrincipal": "*"}}`, head + `"s3:*", "NotPrincipal": {}}}`, false},
		{"nobody", policy.ResourceBased, head + `"s3:*", "Principal": []}}`, head + `"s3:*", "Principal": {"AWS": []}}}`, true},
		{"nobody and everyone", policy.ResourceBased, head + `"s3:*", "Principal": []}}`, head + `"s3:*", "Principal": "*"}}`, false},
		{"types of principals", policy.ResourceBased, head + `"s3:*", "Principal": {"AWS": "a"}}}`, head + `"s3:*", "Principal": {"Service": "a"}}}`, false},
		{"account and root", policy.ResourceBased, head + `"s3:*", "Principal": {"AWS": "210987654321"}}}`, head + `"s3:*", "Principal": {"AWS": "arn:aws:iam::210987654321:root"}}}`, false},
		{"no resource", policy.ResourceBased, head + `"s3:*", "Principal": "*"}}`, head + `"s3:*", "Principal": "*", "Resource": []}}`, false},
		{"statement twice", policy.ResourceBased, `{"Statement": [{"Sid": "a", "Effect": "Deny", "Principal": "*", "Action": "*"}, {"Sid": "b", "Effect": "Deny", "Principal": "*", "Action": "*"}]}`,
			`{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*"}}`, true},
		{"values are not joined", policy.IdentityBased, head + `["a:b", "c:d"], "Resource": "*"}}`, head + `["a:bc:d"], "Resource": "*"}}`, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a, err := policy.Parse(tt.kind, []byte(tt.a))
			if err != nil {
				t.Fatal(err)
			}
			b, err := policy.Parse(tt.kind, []byte(tt.b))
			if err != nil {
				t.Fatal(err)
			}
			if policy.Equal(a, b) != tt.want || policy.Equal(b, a) != tt.want {
				t.Errorf("Equal gives %v and %v, want %v", policy.Equal(a, b), policy.Equal(b, a), tt.want)
			}
			if !policy.Equal(a, a) || !policy.Equal(b, b) {
				t.Error("a document is not equal to itself")
			}
			b.Kind++
			if policy.Equal(a, b) {
				t.Error("documents of different kinds are equal")
			}
		})
	}
}

func TestEqualNil(t *testing.T) {
	t.Parallel()
	if d := (&policy.Document{}); !policy.Equal(nil, nil) || policy.Equal(d, nil) || policy.Equal(nil, d) {
		t.Error("nil is equal to nil and to nothing else")
	}
}

// TestEqualTakesNoValueForAMark has values that Check refuses, since they look
// like what separates lists in a form.
func TestEqualTakesNoValueForAMark(t *testing.T) {
	t.Parallel()
	a := statements(policy.IdentityBased, policy.Statement{Action: policy.StringsOf("")})
	b := statements(policy.IdentityBased, policy.Statement{Action: policy.StringsOf(), NotAction: policy.StringsOf("-")})
	if policy.Equal(a, b) {
		t.Error("an empty value is taken for an empty list")
	}
}

func TestEqualShuffled(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := documents().Draw(t, "document")
		other := shuffled(t, d)
		if !policy.Equal(d, other) || !policy.Equal(other, d) {
			t.Fatalf("%v and %v are different", marshal(t, d), marshal(t, other))
		}
		if len(d.Statements) == 0 {
			return
		}
		// Any other effect, and any other value, makes another document.
		changed := *d
		changed.Statements = append([]policy.Statement{}, d.Statements...)
		changed.Statements[0].Condition = append([]policy.ConditionOperator{{
			Name: policy.Text{Value: "StringEquals"},
			Keys: []policy.ConditionKey{{Key: policy.Text{Value: "other:key"}}},
		}}, changed.Statements[0].Condition...)
		if len(d.Statements) == 1 && policy.Equal(d, &changed) {
			t.Fatalf("%v and %v are equal", marshal(t, d), marshal(t, &changed))
		}
	})
}

func marshal(t *rapid.T, d *policy.Document) string {
	text, err := d.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

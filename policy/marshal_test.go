package policy_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/portcullis-iam/portcullis/policy"
)

// TestMarshalKeeps has documents that come back exactly, white space and the
// spelling of operators aside.
func TestMarshalKeeps(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		kind policy.Kind
		text string
	}{
		{"everything", policy.ResourceBased, wholeDocument},
		{"order of elements", policy.RoleTrust, `{"Statement":{"Action":"sts:AssumeRole","Principal":{"Service":["b","a"],"AWS":"*"},"Effect":"Allow","Sid":""},"Id":"","Version":"2012-10-17"}`},
		{"statements and conditions first", policy.IdentityBased, `{"Statement":[{"Condition":{"Null":{"a":"true"}},"Effect":"Allow","Action":"*","Resource":"*"}],"Version":"2012-10-17"}`},
		{"scalars and arrays", policy.IdentityBased, `{"Statement":[{"Effect":"Allow","Action":["*"],"Resource":"*"},{"Effect":"Deny","Action":"*","Resource":["*"]}]}`},
		{"empty lists", policy.ResourceBased, `{"Statement":[{"Effect":"Allow","Principal":[],"Action":[],"Resource":[]},{"Effect":"Allow","Principal":{},"Action":[]}]}`},
		{"empty conditions", policy.IdentityBased, `{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{}},{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{},"Null":{"a":[]}}}]}`},
		{"values", policy.IdentityBased, `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NumericEquals":{"a":[1,"1",-0.10E+05,true,"true"],"b":1e400}}}}`},
		{"no statements", policy.IdentityBased, `{"Statement":[]}`},
		{"not HTML", policy.IdentityBased, `{"Id":"<a href=\"\\\">&</a>","Statement":[]}`},
		{"control characters", policy.IdentityBased, `{"Id":"\u0000\u001f\n\r\t` + "\x7f\u2028" + `","Statement":[]}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, err := policy.Parse(tt.kind, []byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			got, err := d.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			var want bytes.Buffer
			if err := json.Compact(&want, []byte(tt.text)); err != nil {
				t.Fatal(err)
			}
			wantText := bytes.Replace(want.Bytes(), []byte(`"bool"`), []byte(`"Bool"`), 1)
			if diff := cmp.Diff(string(wantText), string(got)); diff != "" {
				t.Errorf("text differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMarshalBuilt(t *testing.T) {
	t.Parallel()
	d := &policy.Document{
		Kind:       policy.ResourceBased,
		Version:    policy.Text{Value: policy.Version2012},
		Statements: []policy.Statement{{Effect: policy.Deny, Principal: &policy.Principals{Everyone: true}, NotAction: policy.StringsOf("s3:a", "s3:b")}},
	}
	d.Statements[0].Condition = []policy.ConditionOperator{{
		Name: policy.Text{Value: "foranyvalue:STRINGLIKEifexists"},
		Keys: []policy.ConditionKey{{Key: policy.Text{Value: "a:b"}, Values: []policy.ConditionValue{{Value: "c"}}}},
	}}
	const want = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","NotAction":["s3:a","s3:b"],"Condition":{"ForAnyValue:StringLikeIfExists":{"a:b":["c"]}}}]}`
	got, err := d.MarshalJSON()
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
	// A document that was parsed takes what is added behind what was there.
	parsed, err := policy.Parse(policy.ResourceBased, []byte(`{"Statement":[]}`))
	if err != nil {
		t.Fatal(err)
	}
	parsed.Version.Value, parsed.Statements = policy.Version2008, nil
	if got, err := parsed.MarshalJSON(); err != nil || string(got) != `{"Version":"2008-10-17"}` {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestMarshalErrors(t *testing.T) {
	t.Parallel()
	d := &policy.Document{Kind: policy.IdentityBased, ID: policy.Text{Value: "\xff"}, Statements: []policy.Statement{{
		Effect: policy.Allow, Action: policy.StringsOf("s3:\xc0\xaf"), Resource: policy.StringsOf("*"),
		Condition: []policy.ConditionOperator{{Name: policy.Text{Value: "Bool"}, Keys: []policy.ConditionKey{{
			Key:    policy.Text{Value: "a"},
			Values: []policy.ConditionValue{{Value: "01", Type: policy.NumberValue}, {Value: " 1", Type: policy.NumberValue}, {Value: "True", Type: policy.BooleanValue}},
		}}}},
	}}}
	want := []string{"Id INVALID_UNICODE", "Statement[0].Action INVALID_UNICODE", `Statement[0].Condition.Bool["a"][0] DATA_TYPE_MISMATCH`,
		`Statement[0].Condition.Bool["a"][1] DATA_TYPE_MISMATCH`, `Statement[0].Condition.Bool["a"][2] DATA_TYPE_MISMATCH`}
	text, err := d.MarshalJSON()
	if text != nil {
		t.Error("a text comes with an error")
	}
	if diff := cmp.Diff(want, brief(err)); diff != "" {
		t.Errorf("errors differ (-want +got):\n%s", diff)
	}
	var all policy.Errors
	if !errors.As(d.Check(), &all) || len(all) != 3 {
		t.Errorf("Check gives %v, want the three values", all)
	}
}

// TestMarshalErrorsSayWhere puts a string that is not UTF-8 into each place
// that takes one.
func TestMarshalErrorsSayWhere(t *testing.T) {
	t.Parallel()
	const bad = "\xff"
	for _, tt := range []struct {
		want   string
		change func(*policy.Document, *policy.Statement)
	}{
		{"Version", func(d *policy.Document, _ *policy.Statement) { d.Version.Value = bad }},
		{"Id", func(d *policy.Document, _ *policy.Statement) { d.ID.Value = bad }},
		{"Statement[0].Sid", func(_ *policy.Document, s *policy.Statement) { s.Sid.Value = bad }},
		{"Statement[0].Effect", func(_ *policy.Document, s *policy.Statement) { s.Effect = bad }},
		{"Statement[0].Action", func(_ *policy.Document, s *policy.Statement) { s.Action.Values[0].Value = bad }},
		{"Statement[0].Resource[1]", func(_ *policy.Document, s *policy.Statement) { s.Resource.Values[1].Value = bad }},
		{`Statement[0].Principal["\xff"]`, func(_ *policy.Document, s *policy.Statement) { s.Principal.Entries[0].Type = bad }},
		{"Statement[0].Principal.AWS", func(_ *policy.Document, s *policy.Statement) { s.Principal.Entries[0].Values.Values[0].Value = bad }},
		{`Statement[0].Condition["\xff"]`, func(_ *policy.Document, s *policy.Statement) { s.Condition[0].Name.Value = bad }},
		{`Statement[0].Condition.Null["\xff"]`, func(_ *policy.Document, s *policy.Statement) { s.Condition[0].Keys[0].Key.Value = bad }},
		{`Statement[0].Condition.Null["a"]`, func(_ *policy.Document, s *policy.Statement) { s.Condition[0].Keys[0].Values[0].Value = bad }},
	} {
		d, err := policy.Parse(policy.ResourceBased, []byte(`{"Statement": [{"Condition": {"Null": {"a": "true"}}, "Principal": {"AWS": "a"},
			"Sid": "a", "Effect": "Deny", "Action": "a:b", "Resource": ["*", "arn:a"]}], "Id": "a", "Version": "2012-10-17"}`))
		if err != nil {
			t.Fatal(err)
		}
		tt.change(d, &d.Statements[0])
		_, err = d.MarshalJSON()
		if diff := cmp.Diff([]string{tt.want + " INVALID_UNICODE"}, brief(err)); diff != "" {
			t.Errorf("errors differ (-want +got):\n%s", diff)
		}
	}
}

// TestMarshalKeepsAnUnknownOperator: writing a document does not check it.
func TestMarshalKeepsAnUnknownOperator(t *testing.T) {
	t.Parallel()
	d := statements(policy.IdentityBased, policy.Statement{Condition: []policy.ConditionOperator{{Name: policy.Text{Value: "stringis"}}}})
	const want = `{"Version":"2012-10-17","Statement":[{"Condition":{"stringis":{}}}]}`
	if got, err := d.MarshalJSON(); err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

// TestMarshalRoundTrip: what is marshalled parses to an equal document, whose
// text is the same.
func TestMarshalRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := documents().Draw(t, "document")
		if err := d.Check(); err != nil {
			t.Fatalf("the generator made what Check refuses: %v", err)
		}
		text, err := d.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := policy.Parse(d.Kind, text)
		if err != nil {
			t.Fatalf("%s does not parse: %v", text, err)
		}
		if !policy.Equal(d, parsed) {
			t.Fatalf("%s parses to another document", text)
		}
		again, err := parsed.MarshalJSON()
		if err != nil || !bytes.Equal(text, again) {
			t.Fatalf("%s becomes %s, %v", text, again, err)
		}
	})
}

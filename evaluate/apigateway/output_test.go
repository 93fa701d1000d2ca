package apigateway_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/apigateway"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

func TestParseOutput(t *testing.T) {
	api := newAPI(t, "")
	out, err := api.ParseOutput([]byte(`{
		"principalId": "user|7",
		"policyDocument": {"Version": "2012-10-17", "Statement": []},
		"context": {"name": "Wren", "age": 1.50, "admin": false, "empty": ""},
		"usageIdentifierKey": "key-7"
	}`))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"name": "Wren", "age": "1.50", "admin": "false", "empty": ""}
	if out.PrincipalID != "user|7" || out.UsageIdentifierKey != "key-7" || !maps.Equal(out.Context, want) || out.Policy.Len() != 0 {
		t.Errorf("%+v", out)
	}
	out, err = api.ParseOutput([]byte(`{"principalId": "x", "policyDocument": {"Statement": []}, "context": null, "usageIdentifierKey": null}`))
	if err != nil || out.Context != nil || out.UsageIdentifierKey != "" {
		t.Errorf("%+v, %v", out, err)
	}
	arnOf := func(length int) string {
		const head = "arn:aws:execute-api:*:*:a/"
		return head + strings.Repeat("é", length-len(head))
	}
	if _, err := api.ParseOutput(output(`{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "` + arnOf(apigateway.MaxResourceCharacters) + `"}}`)); err != nil {
		t.Errorf("a resource of %d characters: %v", apigateway.MaxResourceCharacters, err)
	}

	for _, one := range []struct {
		text string
		want []string // position path code
	}{
		{``, []string{"1:1  JSON_SYNTAX_ERROR"}},
		{`null`, []string{"1:1  DATA_TYPE_MISMATCH"}},
		{`"Unauthorized"`, []string{"1:1  DATA_TYPE_MISMATCH"}},
		{`{"principalId": "x", "policyDocument": {"Statement": []}} x`, []string{"1:59  JSON_SYNTAX_ERROR"}},
		{strings.Repeat(" ", apigateway.MaxOutputBytes+1), []string{"-  FILE_TOO_LARGE"}},
		{strings.Repeat("[", 100), []string{"1:34  JSON_SYNTAX_ERROR"}},
		{`{}`, []string{"1:1 principalId MISSING_MEMBER", "1:1 policyDocument MISSING_MEMBER"}},
		{`{"principalId": "", "policyDocument": {"Statement": []}}`, []string{"1:17 principalId MISSING_MEMBER"}},
		{`{"principalId": 7, "policyDocument": {"Statement": []}}`, []string{"1:17 principalId DATA_TYPE_MISMATCH"}},
		{`{"principalId": "x", "policyDocument": "{}"}`, []string{"1:40 policyDocument DATA_TYPE_MISMATCH"}},
		{`{"principalId": "x", "policyDocument": null}`, []string{"1:1 policyDocument MISSING_MEMBER"}},
		{`{"principalId": "x", "policyDocument": {"Statement": []}, "usageIdentifierKey": 1}`, []string{"1:81 usageIdentifierKey DATA_TYPE_MISMATCH"}},
		{`{"principalId": "x", "policyDocument": {"Statement": []}, "isAuthorized": true}`, []string{"1:59 isAuthorized UNKNOWN_MEMBER"}},
		{`{"principalId": "x", "PolicyDocument": {"Statement": []}}`, []string{"1:22 PolicyDocument MISSPELLED_MEMBER"}},
		{`{"principalId": "x", "policyDocument": {"Statement": []}, "policyDocument": {"Statement": []}}`, []string{"1:59 policyDocument DUPLICATE_MEMBER"}},
		{`{"principalId": "x", "policyDocument": {"Statement": []}, "context": [1]}`, []string{"1:70 context DATA_TYPE_MISMATCH"}},
		{`{"principalId": "x", "policyDocument": {"Statement": []}, "context": {"a": {}, "b": [], "c": null}}`,
			[]string{"1:76 context.a CONTEXT_NOT_FLAT", "1:85 context.b CONTEXT_NOT_FLAT", "1:94 context.c CONTEXT_NOT_FLAT"}},
		{`{"principalId": "x", "policyDocument": {"Statement": []}, "context": {"a": 1, "a": 2}}`, []string{"1:79 context.a DUPLICATE_MEMBER"}},
		{`{"principalId": "x", "policyDocument": {"statement": []}}`, []string{"1:40 policyDocument INVALID_DOCUMENT"}},
		{`{"principalId": "x", "policyDocument": {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}}}`, []string{"1:40 policyDocument INVALID_DOCUMENT"}},
		{`{"principalId": "x", "policyDocument": {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "execute-api:/a"}}}`, []string{"1:40 policyDocument INVALID_DOCUMENT"}},
		{`{"principalId": "x", "policyDocument": {"Statement": {"Effect": "Allow", "Action": "*", "NotResource": "` + arnOf(apigateway.MaxResourceCharacters+1) + `"}}}`,
			[]string{"1:40 policyDocument.Statement[0] RESOURCE_TOO_LONG"}},
	} {
		out, err := api.ParseOutput([]byte(one.text))
		var all apigateway.OutputErrors
		var first *apigateway.OutputError
		if out != nil || !errors.As(err, &all) || !errors.As(err, &first) || first != all[0] || err.Error() == "" {
			t.Errorf("%.100s: %v, %v", one.text, out, err)
			continue
		}
		var got []string
		for _, e := range all {
			got = append(got, fmt.Sprintf("%v %s %s", e.Position, e.Path, e.Code))
		}
		if !slices.Equal(got, one.want) {
			t.Errorf("%.100s: %q, want %q", one.text, got, one.want)
		}
	}
}

// The places of errors in the policy are those in the whole output.
func TestOutputErrorPositions(t *testing.T) {
	_, err := newAPI(t, "").ParseOutput([]byte("{\"principalId\": \"x\",\n  \"policyDocument\": {\"Statement\": [{\"Effect\": \"allow\",\n \"Action\": \"*\", \"Resource\": \"x\"}]}}"))
	var in policy.Errors
	if !errors.As(err, &in) || len(in) != 2 || in[0].Position.String() != "2:47" || in[1].Position.String() != "3:29" || in[1].Position.Offset != 104 {
		t.Errorf("%v", err)
	}
	if want := "2:21: policyDocument: this is no policy (INVALID_DOCUMENT)\n\t2:47: Statement[0].Effect: "; !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v\nwant %s…", err, want)
	}
}

// Whatever a Lambda authorizer returns: it is understood, or it denies; and a
// request that the resource policy denies is denied whatever it returns.
func FuzzParseOutput(f *testing.F) {
	f.Add(output(statement(allow, "")))
	f.Add(output(statement(deny, "")))
	f.Add(output(statement(allow, everybody)))
	f.Add([]byte(`{"principalId": "x", "policyDocument": {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}, "context": {"a": 1, "b": "c", "d": {}}, "usageIdentifierKey": "k"}`))
	f.Add([]byte(`{"principalId": "x", "principalId": "y", "policyDocument": null}`))
	f.Add([]byte(`{"isAuthorized": true}`))
	api, denying := newAPI(f, ""), newAPI(f, statement(deny, everybody))
	f.Fuzz(func(t *testing.T, text []byte) {
		out, err := api.ParseOutput(text)
		var all apigateway.OutputErrors
		if (out == nil) == (err == nil) || err != nil && (!errors.As(err, &all) || len(all) == 0 || err.Error() == "") {
			t.Fatalf("%v, %v", out, err)
		}
		invoke := func() (*apigateway.Output, error) { return out, err }
		r := &apigateway.Request{Method: getPets}
		if got := api.AuthorizeLambda(r, invoke); got.Allowed() && (err != nil || out.Policy.Len() == 0) {
			t.Errorf("%s let %v through", text, got)
		}
		if got := denying.AuthorizeLambda(r, invoke); got.Outcome != evaluate.ExplicitlyDenied {
			t.Errorf("%s: %v", text, got)
		}
	})
}

// What is determined stays what it is, whatever the unknown keys turn out to be.
func TestUnknownKeysProperty(t *testing.T) {
	conditions := rapid.Custom(func(t *rapid.T) string {
		key := rapid.SampledFrom([]string{"aws:UserAgent", "aws:SourceVpc"}).Draw(t, "key")
		operator := rapid.SampledFrom([]string{"StringEquals", "StringNotEquals", "StringEqualsIfExists"}).Draw(t, "operator")
		return `"Condition": {"` + operator + `": {"` + key + `": "a"}}, `
	})
	document := func(t *rapid.T, of, principal string) string {
		says := rapid.SampledFrom([]string{allow, deny, silent}).Draw(t, of)
		members := rapid.OneOf(rapid.Just(""), conditions).Draw(t, "condition of the "+of)
		return statement(says, members+principal)
	}
	values := []condition.Value{{}, condition.String("a"), condition.String("b")}
	rapid.Check(t, func(t *rapid.T) {
		api := mustAPI(t, document(t, "resource policy", everybody))
		invoke := authorizer(api, document(t, "authorizer", ""))
		unknown := new(condition.Context)
		unknown.SetUnknown("aws:UserAgent")
		unknown.SetUnknown("aws:SourceVpc")
		before := api.AuthorizeLambda(&apigateway.Request{Method: getPets, Context: unknown}, invoke)
		if before.Err != nil {
			t.Fatal(before.Err)
		}
		for _, agent := range values {
			for _, vpc := range values {
				known := new(condition.Context)
				known.Set("aws:UserAgent", agent)
				known.Set("aws:SourceVpc", vpc)
				after := api.AuthorizeLambda(&apigateway.Request{Method: getPets, Context: known}, invoke)
				if before.Outcome != evaluate.Undetermined && before.Allowed() != after.Allowed() {
					t.Fatalf("%v, but with %v and %v %v", before, agent, vpc, after)
				}
			}
		}
	})
}

// mustAPI is newAPI for properties.
func mustAPI(t *rapid.T, document string) *apigateway.API {
	compiled, err := policy.Load(policy.ResourceBased, []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	api, err := apigateway.New(&principal.Resource{ARN: apiARN, Policy: &principal.Attachment{Policy: compiled}})
	if err != nil {
		t.Fatal(err)
	}
	return api
}

package apigateway_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/evaluate/apigateway"
)

func TestParseMethodARN(t *testing.T) {
	const head = "arn:aws:execute-api:eu-west-1:111122223333:"
	for _, one := range []struct {
		text string
		want apigateway.Method
	}{
		{head + "a1b2c3d4e5/prod/GET/pets/7", apigateway.Method{"aws", "eu-west-1", owner, "a1b2c3d4e5", "prod", "GET", "pets/7"}},
		{head + "a1b2c3d4e5/prod/GET/", apigateway.Method{"aws", "eu-west-1", owner, "a1b2c3d4e5", "prod", "GET", ""}},
		{head + "a1/$default/POST//a:b/", apigateway.Method{"aws", "eu-west-1", owner, "a1", "$default", "POST", "/a:b/"}},
		{"arn:aws-cn:execute-api:cn-north-1:111122223333:a1/my-stage_2/PATCH/*", apigateway.Method{"aws-cn", "cn-north-1", owner, "a1", "my-stage_2", "PATCH", "*"}},
	} {
		got, err := apigateway.ParseMethodARN(one.text)
		if err != nil || got != one.want || got.ARN() != one.text || got.String() != one.text {
			t.Errorf("%s: %+v, %v", one.text, got, err)
		}
	}
	if got := (apigateway.Method{Region: "eu-west-1", AccountID: owner, APIID: "a1", Stage: "s", HTTPMethod: "GET"}).ARN(); got != head+"a1/s/GET/" {
		t.Error(got)
	}
	for _, text := range []string{
		"", "*", "a1/prod/GET/", head, head + "a1", head + "a1/prod", head + "a1/prod/GET", head + "/prod/GET/", head + "a1//GET/", head + "a1/prod//",
		head + "a1/prod/get/", head + "a1/prod/*/", head + "a1/*/GET/", head + "*/prod/GET/", head + "a1/pr od/GET/", head + "a1/$/GET/", head + "a1/$$x/GET/",
		"arn:aws:s3:eu-west-1:111122223333:a1/prod/GET/", "arn::execute-api:eu-west-1:111122223333:a1/prod/GET/", "arn:aws:execute-api:eu-west-1::a1/prod/GET/", "arn:aws:execute-api::111122223333:a1/prod/GET/",
		"arn:aws:execute-api:eu-*:111122223333:a1/prod/GET/", "arn:a*:execute-api:eu-west-1:111122223333:a1/prod/GET/", "arn:a/b:execute-api:eu-west-1:111122223333:a1/prod/GET/",
		head + "a1/prod/GET/" + strings.Repeat("x", apigateway.MaxMethodARN-len(head+"a1/prod/GET/")+1),
	} {
		got, err := apigateway.ParseMethodARN(text)
		var wrong *apigateway.MethodError
		if !errors.As(err, &wrong) || got != (apigateway.Method{}) || len(err.Error()) > 600 {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	if _, err := apigateway.ParseMethodARN(head + "a1/prod/GET/" + strings.Repeat("x", apigateway.MaxMethodARN-len(head+"a1/prod/GET/"))); err != nil {
		t.Errorf("an ARN of %d bytes: %v", apigateway.MaxMethodARN, err)
	}
	var below *arn.ParseError
	if _, err := apigateway.ParseMethodARN("x"); !errors.As(err, &below) {
		t.Errorf("%v has no *arn.ParseError", err)
	}
}

// Whatever the text: it is the ARN of a method, and no other, or an error.
func FuzzParseMethodARN(f *testing.F) {
	f.Add(getPets.ARN())
	f.Add("arn:aws:execute-api:eu-west-1:111122223333:a1/$default/POST//a:b/")
	f.Add("arn::execute-api:eu-west-1:111122223333:a1/prod/GET/")
	f.Add("arn:aws:execute-api:eu-west-1:111122223333:*/prod/GET/../%2e?*")
	f.Fuzz(func(t *testing.T, text string) {
		method, err := apigateway.ParseMethodARN(text)
		var wrong *apigateway.MethodError
		if (err != nil) != errors.As(err, &wrong) || err != nil && method != (apigateway.Method{}) {
			t.Fatalf("%+v, %v", method, err)
		}
		if err == nil && (method.ARN() != text || strings.ContainsAny(method.APIID+method.Stage+method.HTTPMethod, "/:*?")) {
			t.Errorf("%q is %+v", text, method)
		}
	})
}

func TestUserPoolAuthorizer(t *testing.T) {
	const issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_birds"
	id := &apigateway.UserPoolAuthorizer{Issuers: []string{"https://other", issuer}}
	access := &apigateway.UserPoolAuthorizer{Issuers: []string{issuer}, Scopes: []string{"pets/read", "pets/write"}}
	for _, one := range []struct {
		name       string
		authorizer *apigateway.UserPoolAuthorizer
		claims     map[string]any
		blame      string
		ok         bool
	}{
		{"identity token", id, map[string]any{"iss": issuer, "token_use": "id"}, "", true},
		{"access token without scopes", id, map[string]any{"iss": issuer, "token_use": "access"}, "token_use", false},
		{"no token_use", id, map[string]any{"iss": issuer}, "token_use", false},
		{"another issuer", id, map[string]any{"iss": issuer + "2", "token_use": "id"}, "iss", false},
		{"no issuer", id, map[string]any{"token_use": "id"}, "iss", false},
		{"issuer is no text", id, map[string]any{"iss": 1, "token_use": "id"}, "iss", false},
		{"nil claims", id, nil, "", false},
		{"nil authorizer", nil, map[string]any{"iss": issuer, "token_use": "id"}, "iss", false},
		{"zero authorizer", new(apigateway.UserPoolAuthorizer), map[string]any{"iss": "", "token_use": "id"}, "iss", false},
		{"a scope", access, map[string]any{"iss": issuer, "token_use": "access", "scope": "openid pets/write"}, "", true},
		{"another scope", access, map[string]any{"iss": issuer, "token_use": "access", "scope": "openid pets/writer"}, "scope", false},
		{"no scope", access, map[string]any{"iss": issuer, "token_use": "access"}, "scope", false},
		{"identity token with scopes", access, map[string]any{"iss": issuer, "token_use": "id", "scope": "pets/write"}, "token_use", false},
	} {
		err := one.authorizer.Check(one.claims)
		var wrong *apigateway.TokenError
		if (err == nil) != one.ok || err != nil && (!errors.As(err, &wrong) || wrong.Claim != one.blame || wrong.Error() == "") {
			t.Errorf("%s: %v", one.name, err)
		}
	}
}

package apigateway_test

import (
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/apigateway"
	"github.com/portcullis-iam/portcullis/principal"
)

func TestWords(t *testing.T) {
	for part, want := range map[apigateway.Part]string{apigateway.NoPart: "nothing", apigateway.ResourcePolicyPart: "resource policy", apigateway.IAMPart: "policies of the caller",
		apigateway.AuthorizerPart: "authorizer", apigateway.EndpointPart: "VPC endpoint policy", apigateway.OrganizationPart: "resource control policy", 99: "nothing"} {
		if part.String() != want {
			t.Errorf("%d is %q", part, part)
		}
	}
	api := newAPI(t, statement(silent, everybody))
	bare := newAPI(t, "")
	r := &apigateway.Request{Method: getPets}
	pool := &apigateway.UserPoolAuthorizer{Issuers: []string{"https://i"}}
	claims := map[string]any{"iss": "https://i", "token_use": "id"}
	root, err := principal.Identify("arn:aws:iam::111122223333:root", "")
	if err != nil {
		t.Fatal(err)
	}
	rootEvaluator, err := evaluate.New(&principal.Principal{Identity: root})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		got  apigateway.Result
		want string
	}{
		{apigateway.Result{}, "ImplicitlyDenied"},
		{bare.AuthorizeOpen(r), "Allowed: the API has no resource policy"},
		{bare.AuthorizeUserPool(r, pool, claims), "Allowed: the token is good, and the API has no resource policy"},
		{bare.AuthorizeUserPool(r, pool, nil), "ImplicitlyDenied: apigateway: the token is missing"},
		{api.AuthorizeOpen(r), "ImplicitlyDenied: the resource policy does not allow it"},
		{api.AuthorizeLambda(r, authorizer(api, statement(silent, ""))), "ImplicitlyDenied: neither the resource policy nor the policy of the authorizer allows it (Table A)"},
		{bare.AuthorizeLambda(r, authorizer(bare, statement(silent, ""))), "ImplicitlyDenied: the policy of the authorizer does not allow it (Table A)"},
		{bare.AuthorizeLambda(r, authorizer(bare, statement(allow, ""))),
			`Allowed by the authorizer: statement "S" (1:41) of policy policyDocument attached to the Lambda authorizer's output for principal "user|7" (Table A)`},
		{bare.AuthorizeIAM(caller(t, owner, statement(silent, "")), r), "ImplicitlyDenied: no identity-based policy allows it (Table A)"},
		{bare.AuthorizeIAM(caller(t, partner, statement(allow, "")), r), "ImplicitlyDenied: the resource policy does not allow it (Table B)"},
		{bare.AuthorizeIAM(rootEvaluator, r), "Allowed: nothing denies it to the root user (Table A)"},
	} {
		if one.got.String() != one.want {
			t.Errorf("%v\nwant %s", one.got, one.want)
		}
	}
}

package apigateway_test

import (
	"fmt"
	"log"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/apigateway"
	"github.com/portcullis-iam/portcullis/principal"
)

// exampleAPI is an API that denies callers from outside of an office.
func exampleAPI() (*apigateway.API, *principal.Directory) {
	b := principal.NewBuilder()
	b.AddAccount(principal.AccountDetails{
		AccountID: "111122223333",
		Users: []principal.UserDetail{{Name: "wren", Inline: []principal.NamedDocument{{Name: "invoke", Document: `{"Statement":
			{"Sid": "Pets", "Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "arn:aws:execute-api:*:*:a1b2c3d4e5/prod/GET/pets/*"}}`}}}},
	})
	b.AddResource(principal.ResourceDetail{
		ARN: "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5",
		Document: `{"Statement": {"Sid": "Office", "Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*",
			"Condition": {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}}`,
	})
	directory, err := b.Build()
	if err != nil {
		log.Fatal(err)
	}
	resource, err := directory.Resource("arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5", "")
	if err != nil {
		log.Fatal(err)
	}
	api, err := apigateway.New(resource)
	if err != nil {
		log.Fatal(err)
	}
	return api, directory
}

// from is a call of a method from an address.
func from(address, path string) *apigateway.Request {
	context := new(condition.Context)
	context.Set("aws:SourceIp", condition.String(address))
	return &apigateway.Request{Context: context, Method: apigateway.Method{
		Region: "eu-west-1", AccountID: "111122223333", APIID: "a1b2c3d4e5", Stage: "prod", HTTPMethod: "GET", Path: path}}
}

// A Lambda authorizer returns a policy. The resource policy is asked first, and
// may keep API Gateway from calling the function at all.
func ExampleAPI_AuthorizeLambda() {
	api, _ := exampleAPI()
	invoke := func() (*apigateway.Output, error) {
		return api.ParseOutput([]byte(`{
		  "principalId": "wren",
		  "policyDocument": {"Version": "2012-10-17", "Statement": [
		    {"Sid": "OnePet", "Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5/prod/GET/pets/7"}]},
		  "context": {"team": "birds"}}`))
	}
	for _, r := range []*apigateway.Request{from("192.0.2.1", "pets/7"), from("192.0.2.1", "pets/8"), from("198.51.100.1", "pets/7")} {
		result := api.AuthorizeLambda(r, invoke)
		fmt.Println(result.Outcome, "by the", result.Part, "invoked:", result.Invoked)
	}
	// Output:
	// Allowed by the authorizer invoked: true
	// ImplicitlyDenied by the authorizer invoked: true
	// ExplicitlyDenied by the resource policy invoked: false
}

// A caller who signs the request is an IAM principal; its policies and the
// resource policy decide together.
func ExampleAPI_AuthorizeIAM() {
	api, directory := exampleAPI()
	wren, err := directory.Principal("arn:aws:iam::111122223333:user/wren")
	if err != nil {
		log.Fatal(err)
	}
	evaluator, err := evaluate.New(wren)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(api.AuthorizeIAM(evaluator, from("192.0.2.1", "pets/7")))
	fmt.Println(api.AuthorizeIAM(evaluator, from("198.51.100.1", "pets/7")))
	// Output:
	// Allowed by the policies of the caller: statement "Pets" (2:4) of inline policy invoke of user wren (Table A)
	// ExplicitlyDenied by the resource policy: statement "Office" (1:15) of resource-based policy of arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5 (Table A)
}

// A method without authorization is open to everybody whom the resource policy
// allows, and so is one behind a user pool to everybody with a token of it.
func ExampleAPI_AuthorizeUserPool() {
	api, _ := exampleAPI()
	pool := &apigateway.UserPoolAuthorizer{Issuers: []string{"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"}}
	// The claims of a token that a library for tokens has verified.
	claims := map[string]any{"iss": pool.Issuers[0], "token_use": "id", "sub": "7"}
	fmt.Println(api.AuthorizeUserPool(from("192.0.2.1", "pets/7"), pool, claims))
	fmt.Println(api.AuthorizeUserPool(from("192.0.2.1", "pets/7"), pool, nil))
	// Output:
	// ImplicitlyDenied: the resource policy does not allow it
	// ImplicitlyDenied: apigateway: the token is missing
}

func ExampleParseMethodARN() {
	method, err := apigateway.ParseMethodARN("arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5/prod/GET/pets/7")
	fmt.Println(method.Stage, method.HTTPMethod, method.Path, err)
	_, err = apigateway.ParseMethodARN("arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5/prod/*/pets")
	fmt.Println(err)
	// Output:
	// prod GET pets/7 <nil>
	// apigateway: method "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5/prod/*/pets": the HTTP method is one word in capital letters
}

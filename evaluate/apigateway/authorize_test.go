package apigateway_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/apigateway"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

const (
	owner   = "111122223333"
	partner = "444455556666"
	apiARN  = "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5"
)

// getPets is the method that the tests call.
var getPets = apigateway.Method{Region: "eu-west-1", AccountID: owner, APIID: "a1b2c3d4e5", Stage: "prod", HTTPMethod: "GET", Path: "pets/7"}

// The three things that a policy can say of a request.
const (
	allow  = "Allow"
	deny   = "Deny"
	silent = "silent"
)

// statement is a policy about the API that says one of them. Principal is a
// member with its comma, or empty.
func statement(says, principal string) string {
	action := "execute-api:Invoke"
	if says == silent {
		says, action = "Allow", "execute-api:ManageConnections"
	}
	return `{"Version": "2012-10-17", "Statement": [{"Sid": "S", "Effect": "` + says + `", ` + principal + `"Action": "` + action + `",
		"Resource": "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5/prod/GET/pets/*"}]}`
}

// newAPI makes an API with a resource policy for everybody, or without one if
// the document is empty.
func newAPI(t testing.TB, document string) *apigateway.API {
	t.Helper()
	b := principal.NewBuilder()
	if document != "" {
		b.AddResource(principal.ResourceDetail{ARN: apiARN, Document: document})
	}
	return apiOf(t, b)
}

func apiOf(t testing.TB, b *principal.Builder) *apigateway.API {
	t.Helper()
	directory, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	resource, err := directory.Resource(apiARN, "")
	if err != nil {
		t.Fatal(err)
	}
	api, err := apigateway.New(resource)
	if err != nil {
		t.Fatal(err)
	}
	return api
}

const everybody = `"Principal": "*", `

// caller is an IAM user with one policy.
func caller(t testing.TB, account, document string) *evaluate.Evaluator {
	t.Helper()
	identity, err := principal.Identify("arn:aws:iam::"+account+":user/wren", "")
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := policy.Load(policy.IdentityBased, []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	evaluator, err := evaluate.New(&principal.Principal{Identity: identity, Facts: principal.FactsOf(identity),
		IdentityPolicies: []principal.Attachment{{Policy: compiled, Source: principal.Source{Type: principal.UserInline, Name: "invoke", AttachedTo: identity.ARN}}}})
	if err != nil {
		t.Fatal(err)
	}
	return evaluator
}

// output is what an authorizer returns with a policy.
func output(document string) []byte {
	return []byte(`{"principalId": "user|7", "policyDocument": ` + document + `}`)
}

// authorizer is one that returns a policy.
func authorizer(api *apigateway.API, document string) func() (*apigateway.Output, error) {
	return func() (*apigateway.Output, error) { return api.ParseOutput(output(document)) }
}

// The cells of Table A and Table B: what the caller's side says, what the
// resource policy says, and what comes out in one account and across accounts.
//
// Source: API Gateway Developer Guide, "How API Gateway resource policies affect
// authorization workflow", "Policy evaluation outcome tables".
var cells = []struct {
	caller, resource string
	tableA, tableB   evaluate.Outcome
	partA, partB     apigateway.Part
}{
	{allow, allow, evaluate.Allowed, evaluate.Allowed, apigateway.IAMPart, apigateway.IAMPart},
	{allow, silent, evaluate.Allowed, evaluate.ImplicitlyDenied, apigateway.IAMPart, apigateway.ResourcePolicyPart},
	{allow, deny, evaluate.ExplicitlyDenied, evaluate.ExplicitlyDenied, apigateway.ResourcePolicyPart, apigateway.ResourcePolicyPart},
	{silent, allow, evaluate.Allowed, evaluate.ImplicitlyDenied, apigateway.ResourcePolicyPart, apigateway.IAMPart},
	{silent, silent, evaluate.ImplicitlyDenied, evaluate.ImplicitlyDenied, apigateway.IAMPart, apigateway.ResourcePolicyPart},
	{silent, deny, evaluate.ExplicitlyDenied, evaluate.ExplicitlyDenied, apigateway.ResourcePolicyPart, apigateway.ResourcePolicyPart},
	{deny, allow, evaluate.ExplicitlyDenied, evaluate.ExplicitlyDenied, apigateway.IAMPart, apigateway.IAMPart},
	{deny, silent, evaluate.ExplicitlyDenied, evaluate.ExplicitlyDenied, apigateway.IAMPart, apigateway.IAMPart},
	{deny, deny, evaluate.ExplicitlyDenied, evaluate.ExplicitlyDenied, apigateway.ResourcePolicyPart, apigateway.ResourcePolicyPart},
}

func TestIAMByTables(t *testing.T) {
	for _, cell := range cells {
		api := newAPI(t, statement(cell.resource, everybody))
		for _, side := range []struct {
			account string
			table   apigateway.Table
			want    evaluate.Outcome
			part    apigateway.Part
		}{
			{owner, apigateway.TableA, cell.tableA, cell.partA},
			{partner, apigateway.TableB, cell.tableB, cell.partB},
		} {
			got := api.AuthorizeIAM(caller(t, side.account, statement(cell.caller, "")), &apigateway.Request{Method: getPets})
			// Where both allow in one account, either may be named.
			part := got.Part == side.part || cell.caller == allow && cell.resource == allow
			if got.Outcome != side.want || got.Table != side.table || !part || got.Err != nil {
				t.Errorf("%v, IAM %s, resource policy %s: %v by %v, %v, want %v by %v\n%v", side.table, cell.caller, cell.resource, got.Outcome, got.Part, got.Table, side.want, side.part, got)
			}
			if statement, found := got.Statement(); found != (side.want != evaluate.ImplicitlyDenied) || found && statement.Sid() != "S" {
				t.Errorf("%v, IAM %s, resource policy %s: statement %v, %v", side.table, cell.caller, cell.resource, statement, found)
			}
		}
	}
}

// A method with the authorization AWS_IAM wants a signature: what the resource
// policy allows to everybody is for those who have one.
func TestIAMWantsASignature(t *testing.T) {
	api := newAPI(t, statement(allow, everybody))
	for _, who := range []struct {
		caller string
		signed bool
	}{
		{principal.AnonymousCaller, false}, {"accounts.google.com", false}, {"arn:aws:iam::111122223333:saml-provider/corp", false}, {"", false},
		{"events.amazonaws.com", true}, {"arn:aws:iam::111122223333:root", true}, {"arn:aws:sts::111122223333:assumed-role/pets/7", true},
	} {
		someone := new(principal.Principal)
		if who.caller != "" {
			identity, err := principal.Identify(who.caller, "")
			if err != nil {
				t.Fatal(err)
			}
			someone.Identity, someone.Facts = identity, principal.FactsOf(identity)
		}
		evaluator, err := evaluate.New(someone)
		if err != nil {
			t.Fatal(err)
		}
		got := api.AuthorizeIAM(evaluator, &apigateway.Request{Method: getPets})
		if got.Allowed() != who.signed || errors.Is(got.Err, apigateway.ErrUnsigned) == who.signed || got.Part == apigateway.NoPart {
			t.Errorf("%q: %v by %v", who.caller, got, got.Part)
		}
	}
}

func TestLambdaByTableA(t *testing.T) {
	for _, cell := range cells {
		api := newAPI(t, statement(cell.resource, everybody))
		got := api.AuthorizeLambda(&apigateway.Request{Method: getPets}, authorizer(api, statement(cell.caller, "")))
		part := cell.partA
		if part == apigateway.IAMPart {
			part = apigateway.AuthorizerPart
		}
		if got.Outcome != cell.tableA || got.Part != part || got.Table != apigateway.TableA || got.Err != nil {
			t.Errorf("authorizer %s, resource policy %s: %v by %v, want %v by %v\n%v", cell.caller, cell.resource, got.Outcome, got.Part, cell.tableA, part, got)
		}
		if stops := cell.resource == deny; got.Invoked == stops || (got.Output == nil) != stops {
			t.Errorf("authorizer %s, resource policy %s: invoked %v", cell.caller, cell.resource, got.Invoked)
		}
	}
}

// A Deny of the resource policy keeps API Gateway from calling the function.
func TestExplicitDenyComesBeforeTheAuthorizer(t *testing.T) {
	api := newAPI(t, statement(deny, everybody))
	got := api.AuthorizeLambda(&apigateway.Request{Method: getPets}, func() (*apigateway.Output, error) {
		t.Error("the authorizer was invoked")
		return nil, nil
	})
	if want := `ExplicitlyDenied by the resource policy: statement "S" (1:41) of resource-based policy of ` + apiARN + ` (Table A)`; got.String() != want {
		t.Errorf("%v\nwant %s", got, want)
	}
}

func TestResourcePolicyAloneAndUserPool(t *testing.T) {
	pool := &apigateway.UserPoolAuthorizer{Issuers: []string{"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_birds"}}
	good := map[string]any{"iss": pool.Issuers[0], "token_use": "id", "sub": "7"}
	for _, one := range []struct {
		resource string // "" for no resource policy
		want     evaluate.Outcome
	}{
		{allow, evaluate.Allowed}, {silent, evaluate.ImplicitlyDenied}, {deny, evaluate.ExplicitlyDenied}, {"", evaluate.Allowed},
	} {
		document := ""
		if one.resource != "" {
			document = statement(one.resource, everybody)
		}
		api := newAPI(t, document)
		if api.HasPolicy() != (document != "") {
			t.Errorf("HasPolicy is %v", api.HasPolicy())
		}
		open := api.AuthorizeOpen(&apigateway.Request{Method: getPets})
		user := api.AuthorizeUserPool(&apigateway.Request{Method: getPets}, pool, good)
		bad := api.AuthorizeUserPool(&apigateway.Request{Method: getPets}, pool, nil)
		partOpen, partUser := apigateway.ResourcePolicyPart, apigateway.ResourcePolicyPart
		if one.resource == "" {
			partOpen, partUser = apigateway.NoPart, apigateway.AuthorizerPart
		}
		if open.Outcome != one.want || open.Part != partOpen || open.Table != apigateway.NoTable {
			t.Errorf("open, resource policy %q: %v by %v, want %v", one.resource, open, open.Part, one.want)
		}
		if user.Outcome != one.want || user.Part != partUser {
			t.Errorf("user pool, resource policy %q: %v by %v, want %v", one.resource, user, user.Part, one.want)
		}
		var refused *apigateway.TokenError
		if bad.Allowed() || bad.Part != apigateway.AuthorizerPart || !errors.As(bad.Err, &refused) {
			t.Errorf("no token, resource policy %q: %v", one.resource, bad)
		}
	}
}

// Callers whom IAM does not know are matched by "*" alone: an account as
// principal says nothing of them, and no condition takes them for an IAM user.
func TestNobodyIsTakenForAPrincipal(t *testing.T) {
	for _, one := range []struct {
		name, principal string
		open            evaluate.Outcome
	}{
		{"everybody", everybody, evaluate.Allowed},
		{"everybody in a map", `"Principal": {"AWS": "*"}, `, evaluate.Allowed},
		{"the account", `"Principal": {"AWS": "111122223333"}, `, evaluate.ImplicitlyDenied},
		{"the stand-in of authorizers", `"Principal": {"AWS": "arn:aws:iam::111122223333:user/lambda-authorizer"}, `, evaluate.ImplicitlyDenied},
		{"a service", `"Principal": {"Service": "lambda.amazonaws.com"}, `, evaluate.ImplicitlyDenied},
	} {
		api := newAPI(t, statement(allow, one.principal))
		if got := api.AuthorizeOpen(&apigateway.Request{Method: getPets}); got.Outcome != one.open {
			t.Errorf("open, %s: %v", one.name, got)
		}
		got := api.AuthorizeLambda(&apigateway.Request{Method: getPets}, authorizer(api, statement(silent, "")))
		if got.Outcome != one.open {
			t.Errorf("authorizer, %s: %v", one.name, got)
		}
	}
	api := newAPI(t, "")
	forged := new(condition.Context)
	forged.Set("aws:username", condition.String("lambda-authorizer"))
	forged.Set("aws:PrincipalAccount", condition.String(owner))
	for _, key := range []string{"aws:username", "aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalType"} {
		document := strings.Replace(statement(allow, ""), `"Resource"`, `"Condition": {"StringLike": {"`+key+`": "*"}}, "Resource"`, 1)
		got := api.AuthorizeLambda(&apigateway.Request{Method: getPets, Context: forged}, authorizer(api, document))
		if got.Allowed() {
			t.Errorf("a policy of an authorizer sees %s", key)
		}
	}
	document := strings.Replace(statement(allow, ""), `"Resource"`, `"Condition": {"StringEquals": {"aws:ResourceAccount": "111122223333", "aws:UserAgent": "curl"}}, "Resource"`, 1)
	agent := new(condition.Context)
	agent.Set("aws:UserAgent", condition.String("curl"))
	if got := api.AuthorizeLambda(&apigateway.Request{Method: getPets, Context: agent}, authorizer(api, document)); !got.Allowed() {
		t.Errorf("a policy of an authorizer does not see the request: %v", got)
	}
}

func TestLambdaWithoutAnswer(t *testing.T) {
	failed := errors.New("the function timed out")
	// The resource policy allows everything: it must not make up for an answer.
	for _, document := range []string{statement(allow, everybody), ""} {
		api := newAPI(t, document)
		var zero apigateway.API
		for _, one := range []struct {
			name   string
			invoke func() (*apigateway.Output, error)
			is     error
		}{
			{"failed", func() (*apigateway.Output, error) { return nil, failed }, failed},
			{"failed with an output", func() (*apigateway.Output, error) {
				out, err := api.ParseOutput(output(statement(allow, "")))
				return out, errors.Join(err, failed)
			}, failed},
			{"nothing", func() (*apigateway.Output, error) { return nil, nil }, apigateway.ErrNoOutput},
			{"zero", func() (*apigateway.Output, error) { return new(apigateway.Output), nil }, apigateway.ErrNoOutput},
			{"not understood", authorizer(api, `{"Statement": {"Effect": "allow"}}`), nil},
			{"a principal", authorizer(api, statement(allow, everybody)), nil},
			{"of no API", authorizer(&zero, statement(allow, "")), nil},
		} {
			got := api.AuthorizeLambda(&apigateway.Request{Method: getPets}, one.invoke)
			if got.Allowed() || got.Outcome != evaluate.ImplicitlyDenied || got.Err == nil || !got.Invoked || got.Output != nil || one.is != nil && !errors.Is(got.Err, one.is) {
				t.Errorf("%s: %+v", one.name, got)
			}
			if !strings.HasPrefix(got.String(), "ImplicitlyDenied: ") {
				t.Errorf("%s: %v", one.name, got)
			}
		}
	}
}

// The output of the authorizer of another account's API is no output.
func TestOutputOfAnotherAPI(t *testing.T) {
	other, err := apigateway.New(&principal.Resource{ARN: "arn:aws:execute-api:eu-west-1:444455556666:a1b2c3d4e5"})
	if err != nil {
		t.Fatal(err)
	}
	everything := `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`
	api := newAPI(t, "")
	if got := api.AuthorizeLambda(&apigateway.Request{Method: getPets}, authorizer(other, everything)); got.Allowed() {
		t.Errorf("%v", got)
	}
	if got := api.AuthorizeLambda(&apigateway.Request{Method: getPets}, authorizer(api, everything)); !got.Allowed() {
		t.Errorf("%v", got)
	}
}

func TestMethodsOfAnotherAPI(t *testing.T) {
	api := newAPI(t, statement(allow, everybody))
	everything := caller(t, owner, `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`)
	for _, change := range []func(m *apigateway.Method){
		func(m *apigateway.Method) { m.Partition = "aws-cn" },
		func(m *apigateway.Method) { m.Region = "eu-west-2" },
		func(m *apigateway.Method) { m.AccountID = partner },
		func(m *apigateway.Method) { m.APIID = "other" },
		func(m *apigateway.Method) { m.APIID = "a1b2c3d4e5/prod" },
		func(m *apigateway.Method) { m.Stage = "prod/GET" },
		func(m *apigateway.Method) { m.Stage = "" },
		func(m *apigateway.Method) { m.HTTPMethod = "*" },
		func(m *apigateway.Method) { m.HTTPMethod = "get" },
		func(m *apigateway.Method) { m.Path = strings.Repeat("x", apigateway.MaxMethodARN) },
	} {
		r := &apigateway.Request{Method: getPets}
		change(&r.Method)
		invoke := func() (*apigateway.Output, error) { t.Error("invoked"); return nil, nil }
		for _, got := range []apigateway.Result{api.AuthorizeOpen(r), api.AuthorizeIAM(everything, r), api.AuthorizeLambda(r, invoke), api.AuthorizeUserPool(r, nil, nil)} {
			var wrong *apigateway.MethodError
			if got.Allowed() || !errors.As(got.Err, &wrong) {
				t.Errorf("%+v: %v", r.Method, got)
			}
		}
	}
}

func TestActions(t *testing.T) {
	api := newAPI(t, `{"Statement": [
		{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/prod/GET/*"},
		{"Effect": "Deny", "Principal": "*", "Action": "execute-api:InvalidateCache", "Resource": "execute-api:/*"}]}`)
	for action, want := range map[string]evaluate.Outcome{
		"": evaluate.Allowed, apigateway.Invoke: evaluate.Allowed, "execute-api:invoke": evaluate.Allowed,
		"execute-api:InvalidateCache": evaluate.ExplicitlyDenied, "execute-api:ManageConnections": evaluate.ImplicitlyDenied,
		"execute-api:*": evaluate.ImplicitlyDenied, "Invoke": evaluate.ImplicitlyDenied,
	} {
		got := api.AuthorizeOpen(&apigateway.Request{Method: getPets, Action: action})
		var wrong *evaluate.RequestError
		if got.Outcome != want || (got.Err != nil) != (action == "execute-api:*" || action == "Invoke") || got.Err != nil && !errors.As(got.Err, &wrong) {
			t.Errorf("%q: %v", action, got)
		}
	}
	post := getPets
	post.HTTPMethod = "POST"
	if got := api.AuthorizeOpen(&apigateway.Request{Method: post}); got.Allowed() {
		t.Errorf("POST: %v", got)
	}
}

func TestZeroValuesDeny(t *testing.T) {
	var zero apigateway.API
	r := &apigateway.Request{Method: getPets}
	api := newAPI(t, statement(allow, everybody))
	invoke := func() (*apigateway.Output, error) { t.Error("invoked"); return nil, nil }
	for _, got := range []apigateway.Result{
		{}, zero.AuthorizeOpen(r), zero.AuthorizeIAM(caller(t, owner, statement(allow, "")), r), zero.AuthorizeLambda(r, invoke), zero.AuthorizeUserPool(r, nil, nil),
		api.AuthorizeOpen(nil), api.AuthorizeIAM(nil, r), api.AuthorizeIAM(new(evaluate.Evaluator), r), api.AuthorizeIAM(caller(t, owner, statement(allow, "")), nil),
		api.AuthorizeLambda(nil, invoke), api.AuthorizeLambda(r, nil), api.AuthorizeOpen(new(apigateway.Request)), api.AuthorizeUserPool(r, nil, map[string]any{"iss": ""}),
		api.AuthorizeUserPool(r, new(apigateway.UserPoolAuthorizer), map[string]any{"iss": ""}),
	} {
		if got.Allowed() || got.String() == "" {
			t.Errorf("%+v", got)
		}
	}
}

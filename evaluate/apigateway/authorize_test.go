package apigateway_test

import (
	"errors"
	"fmt"
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

// What limits a request whoever makes it: the VPC endpoint and the
// organization. Nothing that an authorizer or a resource policy allows avoids
// it.
func TestLimits(t *testing.T) {
	endpoint := func(document string) *evaluate.Endpoint {
		compiled, err := policy.Load(policy.VPCEndpoint, []byte(document))
		if err != nil {
			t.Fatal(err)
		}
		made, err := evaluate.NewEndpoint([]principal.Attachment{{Policy: compiled, Source: principal.Source{Type: principal.EndpointPolicy, AttachedTo: "vpce-1"}}})
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	controlled := func(document string) *principal.Builder {
		b := principal.NewBuilder()
		if document != "" {
			b.AddResource(principal.ResourceDetail{ARN: apiARN, Document: document})
		}
		b.SetOrganization(principal.Organization{ID: "o-1", ManagementAccount: partner,
			ResourceControlPolicies: []principal.NamedDocument{{Name: "no-prod", Document: `{"Statement": {"Sid": "R", "Effect": "Deny", "Principal": "*", "Action": "execute-api:*",
				"Resource": "*", "Condition": {"StringEquals": {"aws:UserAgent": "curl"}}}}`}},
			Root: principal.OrganizationNode{ID: "r-1", ResourceControlPolicies: []string{"no-prod"}, ServiceControlPolicies: []string{principal.FullAWSAccess},
				Accounts: []principal.OrganizationAccount{{ID: owner, ServiceControlPolicies: []string{principal.FullAWSAccess}}, {ID: partner}}}})
		return b
	}
	curl := new(condition.Context)
	curl.Set("aws:UserAgent", condition.String("curl"))
	unknown := new(condition.Context)
	unknown.SetUnknown("aws:UserAgent")
	pool := &apigateway.UserPoolAuthorizer{Issuers: []string{"https://i"}}
	claims := map[string]any{"iss": "https://i", "token_use": "id"}
	everything := `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`

	const allowEP = `{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}`
	for _, one := range []struct {
		name     string
		builder  func(document string) *principal.Builder
		endpoint *evaluate.Endpoint
		context  *condition.Context
		want     evaluate.Outcome
		part     apigateway.Part
	}{
		{"endpoint allows", nil, endpoint(allowEP), nil, evaluate.Allowed, 0},
		{"endpoint is silent", nil, endpoint(`{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}}`), nil, evaluate.ImplicitlyDenied, apigateway.EndpointPart},
		{"endpoint denies", nil, endpoint(`{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}`), nil, evaluate.ExplicitlyDenied, apigateway.EndpointPart},
		{"organization allows", controlled, nil, nil, evaluate.Allowed, 0},
		{"organization denies", controlled, nil, curl, evaluate.ExplicitlyDenied, apigateway.OrganizationPart},
		{"organization may deny", controlled, nil, unknown, evaluate.Undetermined, apigateway.OrganizationPart},
		{"organization may deny, endpoint allows", controlled, endpoint(allowEP), unknown, evaluate.Undetermined, apigateway.OrganizationPart},
	} {
		for _, document := range []string{statement(allow, everybody), ""} {
			b := principal.NewBuilder()
			if one.builder != nil {
				b = one.builder(document)
			} else if document != "" {
				b.AddResource(principal.ResourceDetail{ARN: apiARN, Document: document})
			}
			api := apiOf(t, b)
			r := &apigateway.Request{Method: getPets, Endpoint: one.endpoint, Context: one.context}
			for how, got := range map[string]apigateway.Result{
				"open":   api.AuthorizeOpen(r),
				"pool":   api.AuthorizeUserPool(r, pool, claims),
				"lambda": api.AuthorizeLambda(r, authorizer(api, everything)),
				"IAM":    api.AuthorizeIAM(caller(t, owner, everything), r),
			} {
				if got.Outcome != one.want || one.part != 0 && got.Part != one.part || got.Err != nil {
					t.Errorf("%s, %s: %v by %v; want %v by %v", one.name, how, got, got.Part, one.want, one.part)
				}
			}
		}
	}
}

// A key that is not known yet leaves the request undetermined wherever it could
// be the other way, and no authorizer is spared the question.
func TestUnknownKeys(t *testing.T) {
	conditional := func(effect, principal string) string {
		return strings.Replace(statement(effect, principal), `"Resource"`, `"Condition": {"StringEquals": {"aws:UserAgent": "curl"}}, "Resource"`, 1)
	}
	// both has a statement without the condition before the one with it.
	both := func(says, document string) string {
		plain := strings.Replace(document, `"Condition": {"StringEquals": {"aws:UserAgent": "curl"}}, `, "", 1)
		plain = strings.Replace(plain, `"Deny"`, `"`+says+`"`, 1)
		first := plain[strings.Index(plain, "[")+1 : strings.LastIndex(plain, "]")]
		return strings.Replace(document, "[", "["+strings.Replace(first, `"S"`, `"P"`, 1)+", ", 1)
	}
	unknown := new(condition.Context)
	unknown.SetUnknown("aws:UserAgent")
	r := &apigateway.Request{Method: getPets, Context: unknown}
	for _, one := range []struct {
		authorizer, resource string
		want                 evaluate.Outcome
	}{
		{statement(allow, ""), conditional(deny, everybody), evaluate.Undetermined},
		{statement(silent, ""), conditional(allow, everybody), evaluate.Undetermined},
		{statement(deny, ""), conditional(allow, everybody), evaluate.ExplicitlyDenied},
		{conditional(deny, ""), statement(allow, everybody), evaluate.Undetermined},
		{conditional(deny, ""), statement(deny, everybody), evaluate.ExplicitlyDenied},
		{conditional(deny, ""), conditional(deny, everybody), evaluate.ImplicitlyDenied},
		{conditional(allow, ""), conditional(deny, everybody), evaluate.Undetermined},
		// What an Allow hangs on does not matter if the other part allows.
		{conditional(allow, ""), statement(allow, everybody), evaluate.Allowed},
		{statement(allow, ""), conditional(allow, everybody), evaluate.Allowed},
		{both(allow, conditional(deny, "")), statement(allow, everybody), evaluate.Undetermined},
		{statement(allow, ""), both(allow, conditional(deny, everybody)), evaluate.Undetermined},
	} {
		api := newAPI(t, one.resource)
		if got := api.AuthorizeLambda(r, authorizer(api, one.authorizer)); got.Outcome != one.want {
			t.Errorf("%v, want %v\n%s\n%s", got, one.want, one.authorizer, one.resource)
		}
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

func TestNew(t *testing.T) {
	trust, err := policy.Load(policy.RoleTrust, []byte(`{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}`))
	if err != nil {
		t.Fatal(err)
	}
	var wrong *apigateway.APIError
	for _, one := range []struct {
		resource *principal.Resource
		target   any
	}{
		{nil, &wrong},
		{new(principal.Resource), &wrong},
		{&principal.Resource{ARN: "*"}, &wrong},
		{&principal.Resource{ARN: "arn:aws:s3:::a1b2c3d4e5", AccountID: owner}, &wrong},
		{&principal.Resource{ARN: "arn:aws:execute-api:eu-west-1::a1b2c3d4e5", AccountID: owner}, &wrong},
		{&principal.Resource{ARN: apiARN, AccountID: partner}, &wrong},
		{&principal.Resource{ARN: "arn:aws:execute-api:eu-west-1:111122223333:"}, &wrong},
		{&principal.Resource{ARN: "arn:aws:execute-api:eu-west-1:111122223333:*"}, &wrong},
		{&principal.Resource{ARN: apiARN, Policy: &principal.Attachment{Policy: trust}}, new(*evaluate.LayerError)},
		{&principal.Resource{ARN: apiARN, Policy: new(principal.Attachment)}, new(*evaluate.LayerError)},
		{&principal.Resource{ARN: apiARN, ControlLevels: []principal.Level{{Policies: []principal.Attachment{{Policy: trust}}}}}, new(*evaluate.LayerError)},
	} {
		if api, err := apigateway.New(one.resource); api != nil || !errors.As(err, one.target) || err.Error() == "" {
			t.Errorf("%+v: %v, %v", one.resource, api, err)
		}
	}
	// A method stands for its API.
	api, err := apigateway.New(&principal.Resource{ARN: getPets.ARN()})
	if err != nil {
		t.Fatal(err)
	}
	if got := api.AuthorizeOpen(&apigateway.Request{Method: apigateway.Method{Partition: "aws", Region: "eu-west-1", AccountID: owner, APIID: "a1b2c3d4e5", Stage: "dev", HTTPMethod: "POST"}}); !got.Allowed() {
		t.Error(got)
	}
}

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

// What authorizes is safe for any number of goroutines; run with -race.
func TestConcurrentUse(t *testing.T) {
	api := newAPI(t, statement(allow, everybody))
	out, err := api.ParseOutput(output(statement(allow, "")))
	if err != nil {
		t.Fatal(err)
	}
	user := caller(t, owner, statement(allow, ""))
	r := &apigateway.Request{Method: getPets, Context: new(condition.Context)}
	done := make(chan error)
	for range 8 {
		go func() {
			for range 100 {
				for _, got := range []apigateway.Result{api.AuthorizeOpen(r), api.AuthorizeIAM(user, r), api.AuthorizeLambda(r, func() (*apigateway.Output, error) { return out, nil })} {
					if !got.Allowed() {
						done <- fmt.Errorf("%v", got)
						return
					}
				}
			}
			done <- nil
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

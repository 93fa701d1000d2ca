package apigateway_test

import (
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/apigateway"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

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

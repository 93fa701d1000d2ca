package apigateway

import (
	"strings"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// An API is an API of API Gateway with its resource policy, made ready for many
// requests. It is immutable and safe for any number of goroutines. The zero API
// denies everything.
type API struct {
	arn     arn.ARN
	account string

	// whole is the resource's side as IAM takes it; policy is the resource
	// policy alone, or nil; bare is neither, only what is known of the API.
	whole, policy, bare *evaluate.Resource
	// gate is a resource policy that allows everything below the resource
	// control policies of the account.
	gate       *evaluate.Resource
	controlled bool
	// factsUnknown: something about the API is not known yet.
	factsUnknown bool

	anonymous *evaluate.Evaluator
}

// An APIError says why something is not an API.
type APIError struct {
	// ARN is the one that was given.
	ARN string
	// Reason is one sentence that says what is wrong.
	Reason string
}

// Error names the ARN and the reason.
func (e *APIError) Error() string { return "apigateway: API " + quote(e.ARN) + ": " + e.Reason }

// New makes an API ready. The resource is the API, or one of its methods, as
// [principal.Directory.Resource] gives it:
//
//	directory.Resource("arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5", "")
//
// Whether the API has a resource policy makes a difference; an API without one
// lets everybody through whom its methods authenticate. (A private API without
// one cannot be called at all; give it a policy that allows nothing.) The
// resource must not change afterwards.
//
// The error is an [*APIError], or the [*evaluate.LayerError] of a policy that
// was not compiled as resource-based.
func New(resource *principal.Resource) (*API, error) {
	if resource == nil {
		return nil, &APIError{Reason: "there is none"}
	}
	fail := func(reason string) (*API, error) { return nil, &APIError{ARN: resource.ARN, Reason: reason} }
	parsed, err := arn.Parse(resource.ARN)
	if err != nil || parsed.Service != "execute-api" {
		return fail("this is no ARN of the service execute-api")
	}
	parsed.Resource, _, _ = strings.Cut(parsed.Resource, "/")
	switch {
	case !arn.IsAccountID(parsed.AccountID):
		return fail("the ARN does not say which account owns the API")
	case resource.AccountID != "" && resource.AccountID != parsed.AccountID:
		return fail("the API belongs to account " + parsed.AccountID + ", not to " + quote(resource.AccountID))
	case !isWord(parsed.Resource, "-"):
		return fail("the ARN has no id of an API")
	}
	if at := resource.Policy; at != nil && at.Policy != nil && at.Policy.Kind() != policy.ResourceBased {
		return nil, &evaluate.LayerError{Layer: evaluate.ResourcePolicy, Source: at.Source, Kind: at.Policy.Kind()}
	}
	a := &API{arn: parsed, account: parsed.AccountID, controlled: len(resource.ControlLevels) > 0}

	whole := *resource
	whole.ARN, whole.AccountID = parsed.String(), parsed.AccountID
	if whole.Facts == nil {
		whole.Facts = new(condition.Context)
		whole.Facts.Set("aws:ResourceAccount", condition.String(parsed.AccountID))
	}
	a.factsUnknown = hasUnknown(whole.Facts)
	gate := whole
	if gate.Policy, err = everything(); err != nil {
		return nil, err
	}
	bare := principal.Resource{Facts: whole.Facts}
	for _, side := range []struct {
		of *principal.Resource
		to **evaluate.Resource
	}{{&whole, &a.whole}, {&gate, &a.gate}, {&bare, &a.bare}} {
		if *side.to, err = evaluate.NewResource(side.of); err != nil {
			return nil, err
		}
	}
	if resource.Policy != nil {
		alone := whole
		alone.ControlLevels = nil
		if a.policy, err = evaluate.NewResource(&alone); err != nil {
			return nil, err
		}
	}
	nobody, err := principal.Identify(principal.AnonymousCaller, "")
	if err != nil {
		return nil, err
	}
	a.anonymous, err = evaluate.New(&principal.Principal{Identity: nobody, Facts: principal.FactsOf(nobody)})
	return a, err
}

// everything is a resource policy that allows everybody everything.
func everything() (*principal.Attachment, error) {
	compiled, err := policy.Load(policy.ResourceBased, []byte(`{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}`))
	return &principal.Attachment{Policy: compiled}, err
}

// HasPolicy tells whether the API has a resource policy.
func (a *API) HasPolicy() bool { return a.policy != nil }

// A Request is a call of a method. It is read only.
type Request struct {
	// Method is what is called. It must be one of the API.
	Method Method
	// Action is "execute-api:Invoke" if empty. The others are
	// "execute-api:InvalidateCache", for a call that wants the cache renewed,
	// and "execute-api:ManageConnections".
	Action string
	// Context holds the condition keys of the request, such as aws:SourceIp,
	// aws:SourceVpce and aws:UserAgent. Nil means that there are none.
	Context *condition.Context
	// Endpoint is the VPC endpoint that the request comes through, nil if it
	// does not.
	Endpoint *evaluate.Endpoint
}

// Invoke is the action of calling a method.
const Invoke = "execute-api:Invoke"

// set fills a request to evaluate. The account is the one that counts as the
// owner of the resource.
func (a *API) set(into *evaluate.Request, r *Request, account string, side *evaluate.Resource) error {
	m := r.Method
	if m.Partition == "" {
		m.Partition = "aws"
	}
	if err := m.check(); err != nil {
		return err
	}
	if m.Partition != a.arn.Partition || m.Region != a.arn.Region || m.AccountID != a.arn.AccountID || m.APIID != a.arn.Resource {
		return &MethodError{Text: m.ARN(), Reason: "the method is not one of the API " + a.arn.String()}
	}
	action := r.Action
	if action == "" {
		action = Invoke
	}
	into.Context, into.Resource, into.Endpoint = r.Context, side, nil
	return into.Set(action, m.ARN(), account)
}

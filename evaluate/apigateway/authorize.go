package apigateway

import (
	"errors"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// AuthorizeOpen decides about a method without authorization. If the API has a
// resource policy it must allow the request; its callers are anonymous to it, so
// only statements for everybody ("*") are about them. If not, everybody is let
// through.
//
// Source: API Gateway Developer Guide, "How API Gateway resource policies affect
// authorization workflow", section "API Gateway resource policy only".
func (a *API) AuthorizeOpen(r *Request) Result {
	q, result := a.open(r)
	if q == nil {
		return result
	}
	return a.resourcePolicyMust(q, result, NoPart)
}

// AuthorizeUserPool decides about a method that a Cognito user pool authorizes.
// The claims are those of a token that was verified: its signature and its
// dates are good. The authorizer tells whether the token is one for this
// method; if so, the resource policy is asked for itself, and must allow. Without
// a resource policy a good token is enough.
//
// Source: as for [API.AuthorizeOpen], section "Amazon Cognito authentication and
// resource policy".
func (a *API) AuthorizeUserPool(r *Request, authorizer *UserPoolAuthorizer, claims map[string]any) Result {
	q, result := a.open(r)
	if q == nil {
		return result
	}
	if err := authorizer.Check(claims); err != nil {
		return Result{Part: AuthorizerPart, Err: err}
	}
	return a.resourcePolicyMust(q, result, AuthorizerPart)
}

// resourcePolicyMust asks the resource policy, which must allow if there is one.
func (a *API) resourcePolicyMust(q *evaluate.Request, result Result, without Part) Result {
	if a.policy == nil {
		return result.and(Result{Outcome: evaluate.Allowed, Part: without})
	}
	q.Resource = a.policy
	said := a.anonymous.Evaluate(q)
	return result.and(Result{Outcome: said.Outcome, Part: ResourcePolicyPart, Decision: said, ResourcePolicy: said})
}

// ErrNoOutput is why a request is denied whose Lambda authorizer returned
// nothing.
var ErrNoOutput = errors.New("apigateway: the Lambda authorizer returned nothing")

// AuthorizeLambda decides about a method with a Lambda authorizer. First the
// resource policy is asked; an explicit denial is final and invoke is not
// called. Otherwise invoke gives the output of the authorizer, which
// [API.ParseOutput] made, now or earlier, as API Gateway may cache it. Both
// policies then decide by Table A; without a resource policy that of the
// authorizer must allow.
//
// An error from invoke, no output, no invoke, and the output for another
// account's API deny the request; nothing of the resource policy can make up for
// it.
//
// Source: as for [API.AuthorizeOpen], section "Lambda authorizer and resource
// policy".
func (a *API) AuthorizeLambda(r *Request, invoke func() (*Output, error)) Result {
	q, gate := a.open(r)
	if q == nil {
		return gate
	}
	result := Result{Part: AuthorizerPart, Table: TableA}
	if a.policy != nil {
		q.Resource = a.policy
		said := a.anonymous.Evaluate(q)
		result.ResourcePolicy = said
		if said.Outcome == evaluate.ExplicitlyDenied {
			result.Outcome, result.Part, result.Decision = said.Outcome, ResourcePolicyPart, said
			return result
		}
	}
	if invoke != nil {
		result.Invoked = true
		result.Output, result.Err = invoke()
	}
	switch {
	case result.Err != nil:
		result.Output = nil
		return result
	case result.Output == nil || result.Output.evaluator == nil:
		result.Output, result.Err = nil, ErrNoOutput
		return result
	}
	q.Resource = a.bare
	result.Authorizer = result.Output.evaluator.Evaluate(q)
	result.Outcome, result.Part, result.Decision = tableA(result.Authorizer, result.ResourcePolicy)
	if result.Outcome == evaluate.Allowed {
		// A part that is not sure to allow is silent only if none of its Deny
		// statements could apply; the other one must not make up for those.
		if a.mayDeny(result.Output.evaluator, q, result.Authorizer) {
			result.Outcome, result.Part, result.Decision = evaluate.Undetermined, AuthorizerPart, result.Authorizer
		}
		if q.Resource = a.policy; a.policy != nil && a.mayDeny(a.anonymous, q, result.ResourcePolicy) {
			result.Outcome, result.Part, result.Decision = evaluate.Undetermined, ResourcePolicyPart, result.ResourcePolicy
		}
	}
	return gate.and(result)
}

// tableA puts the decisions of an authorizer and of a resource policy together.
func tableA(authorizer, resource evaluate.Decision) (evaluate.Outcome, Part, evaluate.Decision) {
	// The order in which an outcome of either side prevails. Beside an Allow, one
	// that is not determined matters only if it may be a Deny, see mayDeny.
	for _, outcome := range [...]evaluate.Outcome{evaluate.ExplicitlyDenied, evaluate.Allowed, evaluate.Undetermined} {
		switch outcome {
		case authorizer.Outcome:
			return outcome, AuthorizerPart, authorizer
		case resource.Outcome:
			return outcome, ResourcePolicyPart, resource
		}
	}
	return evaluate.ImplicitlyDenied, AuthorizerPart, authorizer
}

// mayDeny tells whether a part that is denied implicitly, or not determined,
// could be denied explicitly, because a Deny statement hangs on a key that is not
// known. Its decision does not tell: denied implicitly it is denied either way,
// and not determined it may hang on Allow statements alone.
func (a *API) mayDeny(who *evaluate.Evaluator, q *evaluate.Request, said evaluate.Decision) bool {
	if said.Outcome == evaluate.Allowed || !a.factsUnknown && !hasUnknown(q.Context) {
		return false
	}
	for _, layer := range who.Explain(q).Layers {
		for _, statement := range layer.Unsure {
			if statement.Effect() == policy.Deny {
				return true
			}
		}
	}
	return false
}

func hasUnknown(context *condition.Context) bool {
	for _, value := range context.All() {
		if value.Kind() == condition.KindUnknown {
			return true
		}
	}
	return false
}

// AuthorizeIAM decides about a method with the authorization AWS_IAM, which the
// caller of the evaluator signed. IAM looks at the caller's policies and at the
// resource policy together: by Table A if the caller belongs to the account of
// the API, by Table B if not.
//
// Table A is short for the rules of IAM, which the evaluator applies: a resource
// policy that names only the account lets that account's own policies decide,
// and one that names a role is limited by boundaries and session policies.
//
// A caller who cannot sign, anonymous or known only to an identity provider, is
// denied with [ErrUnsigned] whatever the resource policy allows to everybody.
//
// Source: as for [API.AuthorizeOpen], section "IAM authentication and resource
// policy"; IAM User Guide, "Policy evaluation logic".
func (a *API) AuthorizeIAM(caller *evaluate.Evaluator, r *Request) Result {
	if a.anonymous == nil || caller == nil || r == nil {
		return Result{}
	}
	var q evaluate.Request
	if err := a.set(&q, r, a.account, a.whole); err != nil {
		return Result{Err: err}
	}
	who := caller.Principal()
	if who == nil || !who.Identity.HasAccountSide() && who.Identity.Kind != principal.Service {
		return Result{Part: IAMPart, Err: ErrUnsigned}
	}
	q.Endpoint = r.Endpoint
	said := caller.Evaluate(&q)
	result := Result{Outcome: said.Outcome, Decision: said, Part: partOf(said, IAMPart), Table: TableB}
	if who.Identity.HasAccountSide() && who.Identity.AccountID == a.account {
		result.Table = TableA
	}
	return result
}

// ErrUnsigned is why a request is denied whose caller cannot have signed it.
var ErrUnsigned = errors.New("apigateway: nobody has signed the request")

// open begins the authorization of a caller whom IAM does not know: what limits
// the request whoever makes it must allow it, the policy of the VPC endpoint
// and the resource control policies above the API. The request to evaluate is
// nil if that settles the matter. Otherwise the result is allowed, or
// undetermined.
func (a *API) open(r *Request) (*evaluate.Request, Result) {
	if a.anonymous == nil || r == nil {
		return nil, Result{}
	}
	q := new(evaluate.Request)
	if err := a.set(q, r, a.account, a.gate); err != nil {
		return nil, Result{Err: err}
	}
	if r.Endpoint == nil && !a.controlled {
		return q, Result{Outcome: evaluate.Allowed}
	}
	q.Endpoint = r.Endpoint
	said := a.anonymous.Evaluate(q)
	q.Endpoint = nil
	result := Result{Outcome: said.Outcome, Part: partOf(said, NoPart), Decision: said}
	if said.Outcome != evaluate.Allowed && said.Outcome != evaluate.Undetermined {
		return nil, result
	}
	return q, result
}

// and adds what limits the request to what came out behind it: a denial wins,
// and what is not determined makes an Allow undetermined.
func (limit Result) and(result Result) Result {
	if limit.Outcome == evaluate.Undetermined && result.Outcome == evaluate.Allowed {
		result.Outcome, result.Part, result.Decision = limit.Outcome, limit.Part, limit.Decision
	}
	return result
}

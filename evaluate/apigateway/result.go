package apigateway

import "github.com/portcullis-iam/portcullis/evaluate"

// A Part is one of those that take part in the authorization of a request.
type Part uint8

const (
	// NoPart: nothing decided, since nothing has to allow the request, or since
	// it was not understood.
	NoPart Part = iota
	// ResourcePolicyPart is the resource policy of the API.
	ResourcePolicyPart
	// IAMPart is the side of the caller who signed the request: its policies,
	// and those that limit them.
	IAMPart
	// AuthorizerPart is the Cognito user pool or the Lambda authorizer.
	AuthorizerPart
	// EndpointPart is the policy of the VPC endpoint.
	EndpointPart
	// OrganizationPart are the resource control policies above the API.
	OrganizationPart
)

// String names the part in words.
func (p Part) String() string {
	switch p {
	case ResourcePolicyPart:
		return "resource policy"
	case IAMPart:
		return "policies of the caller"
	case AuthorizerPart:
		return "authorizer"
	case EndpointPart:
		return "VPC endpoint policy"
	case OrganizationPart:
		return "resource control policy"
	}
	return "nothing"
}

// partOf tells which part a decision of package evaluate was made in; other is
// that of the caller's side.
func partOf(d evaluate.Decision, other Part) Part {
	switch d.Layer {
	case evaluate.ResourcePolicy:
		return ResourcePolicyPart
	case evaluate.VPCEndpointPolicy:
		return EndpointPart
	case evaluate.ResourceControlPolicy:
		return OrganizationPart
	}
	return other
}

// A Table is the rule by which the parts decide together.
type Table uint8

const (
	// NoTable: one part decides alone, or each must allow for itself.
	NoTable Table = iota
	// TableA: one part that allows is enough, if none denies.
	TableA
	// TableB: both parts must allow.
	TableB
)

// String names the table as the API Gateway Developer Guide does.
func (t Table) String() string {
	switch t {
	case TableA:
		return "Table A"
	case TableB:
		return "Table B"
	}
	return "no table"
}

// A Result is the answer to a request: what came out, which part brought it
// about, and what each said. The zero Result denies.
type Result struct {
	// Outcome is the answer.
	Outcome evaluate.Outcome
	// Part is the one that decided: the first that denies, or that should allow
	// and does not; or, of a request that is let through, the one that allows.
	Part Part
	// Table is the rule that put the parts together.
	Table Table
	// Decision is that of the Part, the zero Decision if no policy decided, as
	// for a token that is refused. Its outcome is that of the result, except
	// where a part that allows nothing may yet deny, which leaves the result
	// undetermined and that part denied for itself.
	Decision evaluate.Decision

	// ResourcePolicy is what the resource policy says for itself, to a caller
	// whom IAM does not know. It is the zero Decision if the API has none, and
	// if the caller signed the request, because IAM then looks at all policies
	// together.
	ResourcePolicy evaluate.Decision
	// Authorizer is what the policy says that a Lambda authorizer returned.
	Authorizer evaluate.Decision
	// Invoked tells whether the Lambda authorizer was asked.
	Invoked bool
	// Output is what the Lambda authorizer returned, nil if nothing that was
	// understood.
	Output *Output
	// Err is why the request is denied without a decision: a [*MethodError], a
	// [*TokenError], [OutputErrors], [ErrNoOutput], [ErrUnsigned], the error of the call of the Lambda
	// authorizer, or an [*evaluate.RequestError] for an action that is none.
	Err error
}

// Allowed tells whether the request goes through to the method.
func (r Result) Allowed() bool { return r.Outcome == evaluate.Allowed }

// Statement names the statement that decided, and tells whether there is one.
func (r Result) Statement() (evaluate.StatementRef, bool) { return r.Decision.Statement() }

// String says in a line what came out and why.
func (r Result) String() string {
	text := r.Outcome.String()
	switch statement, found := r.Statement(); {
	case r.Err != nil:
		return text + ": " + r.Err.Error()
	case found:
		text += " by the " + r.Part.String() + ": " + statement.String()
	case r.Part == NoPart && r.Outcome == evaluate.Allowed:
		text += ": the API has no resource policy"
	case r.Part == NoPart:
	case r.Outcome == evaluate.Undetermined:
		text += ": the " + r.Part.String() + " may deny it"
	case r.Outcome == evaluate.Allowed && r.Part == AuthorizerPart:
		text += ": the token is good, and the API has no resource policy"
	case r.Outcome == evaluate.Allowed:
		text += ": nothing denies it to the root user"
	case r.Part == IAMPart:
		text = r.Decision.String()
	case r.Part == AuthorizerPart && r.Table == TableA && r.ResourcePolicy.Layer == evaluate.NoLayer:
		text += ": the policy of the authorizer does not allow it"
	case r.Table == TableA:
		text += ": neither the resource policy nor the policy of the authorizer allows it"
	default:
		text += ": the " + r.Part.String() + " does not allow it"
	}
	if r.Table != NoTable {
		text += " (" + r.Table.String() + ")"
	}
	return text
}

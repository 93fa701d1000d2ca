// Package apigateway decides whether Amazon API Gateway would let a request
// through to a method of an API: how the resource policy of the API, and what
// authenticates its callers, decide together.
//
//	authorization of the method   method on [API]            who must allow
//	none                          [API.AuthorizeOpen]        the resource policy, if there is one
//	AWS_IAM                       [API.AuthorizeIAM]         Table A or Table B
//	Cognito user pool             [API.AuthorizeUserPool]    the token, and the resource policy, if there is one
//	Lambda authorizer             [API.AuthorizeLambda]      Table A
//
// Table A, for callers of the account that owns the API: a Deny on either side
// denies, an Allow on either side is enough, and if both are silent the request
// is implicitly denied. Table B, for callers of other accounts: a Deny on either
// side denies, and both must allow.
//
// Every part is decided by package evaluate; this package knows in which order
// the parts are asked and what their answers make together. It verifies no
// token and calls no function: the claims of a token that somebody verified, and
// the output of a Lambda authorizer, are given to it.
//
// What is not understood never lets a request through. Not modelled are the
// simple responses and the scopes of JWT authorizers of HTTP APIs, mutual TLS
// and API keys.
//
// An authorization costs one or two microseconds and a few allocations: the ARN
// of the method, and the request to package evaluate.
//
// Source: API Gateway Developer Guide, "How API Gateway resource policies affect
// authorization workflow" with Table A and Table B, "Control access to a REST
// API with IAM permissions", "Use API Gateway Lambda authorizers" and "Control
// access to REST APIs using Amazon Cognito user pools as an authorizer".
package apigateway

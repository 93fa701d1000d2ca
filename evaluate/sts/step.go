package sts

import (
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
)

// A Step is one action that an operation of AWS STS asks permission for, with
// the decision about it: sts:AssumeRole, sts:TagSession, ….
type Step struct {
	// Action and Resource are what was asked, such as sts:TagSession on the ARN
	// of the role. Caller is who asked.
	Caller, Action, Resource string
	// Decision is the answer. Its Layer and Statement say what decided.
	Decision evaluate.Decision

	evaluator *evaluate.Evaluator
	account   string
	resource  *evaluate.Resource
	endpoint  *evaluate.Endpoint
	context   *condition.Context
}

// Allowed tells whether the step was allowed.
func (s Step) Allowed() bool { return s.Decision.Allowed() }

// Side tells which side decided: of a refused step the one that refused.
func (s Step) Side() Side { return sideOf(s.Decision.Layer) }

// Explain decides the step again and tells everything that went into it. The
// zero Step gives a zero Explanation.
func (s Step) Explain() evaluate.Explanation {
	if s.evaluator == nil {
		return evaluate.Explanation{}
	}
	request := evaluate.Request{Context: s.context, Resource: s.resource, Endpoint: s.endpoint}
	if err := request.Set(s.Action, s.Resource, s.account); err != nil {
		return evaluate.Explanation{Decision: s.Decision}
	}
	return s.evaluator.Explain(&request)
}

// String is the action and the decision:
//
//	sts:TagSession: ImplicitlyDenied: no role trust policy allows it
func (s Step) String() string { return s.Action + ": " + s.Decision.String() }

// A Side is whose policies decide.
type Side uint8

const (
	// NoSide is that of a decision that no policy made.
	NoSide Side = iota
	// CallerSide are the policies of the caller and its account: service control
	// policies, identity-based policies, boundary, session policies.
	CallerSide
	// RoleSide are the policies of the role that is to be assumed and of its
	// account: the trust policy, resource control policies.
	RoleSide
	// NetworkSide are the policies of the VPC endpoint that the call comes
	// through.
	NetworkSide
	// ServiceSide are rules of AWS STS itself, such as that root users cannot
	// assume roles.
	ServiceSide
)

// String names the side in a few words.
func (s Side) String() string {
	switch s {
	case CallerSide:
		return "the caller's side"
	case RoleSide:
		return "the role's side"
	case NetworkSide:
		return "the VPC endpoint"
	case ServiceSide:
		return "AWS STS"
	}
	return "no side"
}

func sideOf(layer evaluate.Layer) Side {
	switch layer {
	case evaluate.ServiceControlPolicy, evaluate.IdentityPolicy, evaluate.PermissionsBoundary, evaluate.SessionPolicy:
		return CallerSide
	case evaluate.ResourcePolicy, evaluate.ResourceControlPolicy:
		return RoleSide
	case evaluate.VPCEndpointPolicy:
		return NetworkSide
	case evaluate.ServiceRule:
		return ServiceSide
	}
	return NoSide
}

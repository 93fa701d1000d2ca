package evaluate

import "context"

// An ActionDecision is the answer for one of a list of actions.
type ActionDecision struct {
	// Action is the action as it was given.
	Action string
	// Decision is what [Evaluator.Evaluate] says.
	Decision Decision
}

// Can tells which of a list of actions the principal may do on the resource of
// a request, under its context and through its endpoint: one decision for each
// action, in the order of the list. The request must have been set, with any
// action; it is not changed.
//
// The error is that of the context if it was cancelled, and a [*RequestError]
// if the request was not set or if a member of the list is no action. There are
// no decisions then. The cost is that of as many calls of Evaluate.
func (e *Evaluator) Can(ctx context.Context, r *Request, actions []string) ([]ActionDecision, error) {
	if r == nil || !r.ready {
		return nil, &RequestError{Field: "action", Reason: "was not set, or could not be"}
	}
	one := Request{Context: r.Context, Resource: r.Resource, Endpoint: r.Endpoint}
	decisions := make([]ActionDecision, len(actions))
	for at, action := range actions {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := one.Set(action, r.name.Text, r.account); err != nil {
			return nil, err
		}
		decisions[at] = ActionDecision{action, e.Evaluate(&one)}
	}
	return decisions, nil
}

// WhatCan tells which of a list of actions a caller may do: one decision for
// each action, in the order of the list. The caller is written as for
// [principal.Identify]. The Action of the question is left aside.
//
// The error is that of the context if it was cancelled, and otherwise tells
// what is wrong with the question as in [Review.WhoCan].
func (r *Review) WhatCan(ctx context.Context, caller string, actions []string, q Question) ([]ActionDecision, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	found, err := r.Directory().Principal(caller)
	if err != nil {
		return nil, err
	}
	e, err := newEvaluator(found, neverIndex) // for a single list it would not pay
	if err != nil {
		return nil, err
	}
	if len(actions) == 0 {
		return nil, nil
	}
	q.Action = actions[0] // the resource's side is that of all of them
	account := found.Identity.AccountID
	prepared, err := r.ask(q, []*person{{caller: callerOf(found.Identity)}})
	if err != nil {
		return nil, err
	}
	var request Request
	if err := prepared.fill(&request); err != nil {
		return nil, err
	}
	if err := prepared.turnTo(&request, account); err != nil {
		return nil, err
	}
	return e.Can(ctx, &request, actions)
}

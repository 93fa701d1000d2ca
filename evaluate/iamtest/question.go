package iamtest

import (
	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/evaluate"
)

// evaluatorOf gives the evaluator of a caller.
func (x *subject) evaluatorOf(caller string, s *setting) (*evaluate.Evaluator, error) {
	if s.principal != nil {
		return evaluate.New(s.principal)
	}
	return x.snapshot.Evaluator(caller)
}

// resourceOf finds what comes with a resource. Its owner, where nothing else
// tells, is the account of the caller.
func (x *subject) resourceOf(name, owner, callerAccount string) (*evaluate.Resource, error) {
	if name == "*" {
		return x.snapshot.Resource(name, callerAccount)
	}
	side, err := x.snapshot.Resource(name, owner)
	if err == nil || owner != "" {
		return side, err
	}
	if parsed, broken := arn.Parse(name); broken != nil || arn.IsAccountID(parsed.AccountID) {
		return nil, err
	}
	return x.snapshot.Resource(name, callerAccount)
}

// ask decides one question and explains the decision.
func (x *subject) ask(caller, action, resource string, options []Option) (evaluate.Explanation, error) {
	setting, err := newSetting(options)
	if err != nil {
		return evaluate.Explanation{}, err
	}
	evaluator, err := x.evaluatorOf(caller, setting)
	if err != nil {
		return evaluate.Explanation{}, err
	}
	side, err := x.resourceOf(resource, setting.owner, evaluator.Principal().Identity.AccountID)
	if err != nil {
		return evaluate.Explanation{}, err
	}
	request := evaluate.Request{Context: &setting.context}
	if err := request.SetFor(action, side); err != nil {
		return evaluate.Explanation{}, err
	}
	return evaluator.Explain(&request), nil
}

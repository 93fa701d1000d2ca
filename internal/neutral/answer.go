package neutral

import (
	"errors"
	"strings"

	"github.com/portcullis-iam/portcullis/evaluate"
)

// trustActions are the actions whose resource policy is a role's trust policy.
const trustActions = " sts:assumerole sts:assumerolewithsaml sts:assumerolewithwebidentity sts:tagsession sts:setsourceidentity sts:setcontext "

// AsksTrustPolicy tells whether the resource policy of a case about the action
// is the trust policy of a role.
func AsksTrustPolicy(action string) bool {
	return strings.Contains(trustActions, " "+strings.ToLower(action)+" ")
}

// A Question is a case made ready to be decided.
type Question struct {
	Evaluator *evaluate.Evaluator
	Request   *evaluate.Request
}

// Prepare makes a case ready. The error is that of the parts of package
// evaluate that refuse it, or tells that an action on "*" belongs to nobody.
func (c *Case) Prepare() (*Question, error) {
	if c.Account == "" && c.Resource.ARN == "*" && c.Principal.Identity.AccountID == "" {
		return nil, errors.New("request.resourceAccount: is missing, and the caller has no account either")
	}
	evaluator, err := evaluate.New(&c.Principal)
	if err != nil {
		return nil, err
	}
	resource, err := evaluate.NewResource(&c.Resource)
	if err != nil {
		return nil, err
	}
	endpoint, err := evaluate.NewEndpoint(c.Endpoint)
	if err != nil {
		return nil, err
	}
	request := &evaluate.Request{Context: c.Context, Resource: resource, Endpoint: endpoint}
	if err := request.Set(c.Action, c.Resource.ARN, c.Account); err != nil {
		return nil, err
	}
	return &Question{evaluator, request}, nil
}

// An Answer is what a runner prints for a case.
type Answer struct {
	// ID is that of the case.
	ID string `json:"id"`
	// Decision is Allowed, ExplicitlyDenied, ImplicitlyDenied, or "Error: "
	// with the reason why the case was refused.
	Decision string `json:"decision"`
	// Expect is what the case expects, "" if nothing.
	Expect string `json:"-"`
}

// Run decodes and decides a case.
func Run(line []byte) Answer {
	c, err := Decode(line)
	answer := Answer{ID: c.ID, Expect: c.Expect}
	if err != nil {
		answer.Decision = "Error: " + err.Error()
		return answer
	}
	question, err := c.Prepare()
	if err != nil {
		answer.Decision = "Error: " + err.Error()
		return answer
	}
	answer.Decision = question.Evaluator.Evaluate(question.Request).Outcome.String()
	return answer
}

// AsExpected tells whether the decision is the one that the case expects. Any
// error is as good as another.
func (a Answer) AsExpected() bool {
	return a.Decision == a.Expect || a.Expect == "Error" && strings.HasPrefix(a.Decision, "Error: ")
}

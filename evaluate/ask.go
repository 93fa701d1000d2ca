package evaluate

import (
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/principal"
)

// Ask decides one question about a directory: may the caller do the action on
// the resource? It finds the caller with [principal.Directory.Principal], and
// what comes with the resource with [principal.Directory.Resource], whose owner
// must be known from its ARN or from the directory; "*" belongs to the caller's
// account. The context holds the other condition keys of the request; nil means
// that there are none.
//
// Ask is for tests and for questions that come one at a time: it makes
// everything ready for one decision and costs some microseconds and
// allocations. A service keeps an [Evaluator] for each caller, and a [Resource]
// and a [Request] to use again.
//
// The error is that of the part that refuses: an [*principal.IdentityError], a
// [*principal.NotFoundError], a [*principal.ResourceError] or a
// [*RequestError]. The Decision is then a denial.
func Ask(directory *principal.Directory, caller, action, resource string, context *condition.Context) (Decision, error) {
	who, err := directory.Principal(caller)
	if err != nil {
		return Decision{}, err
	}
	evaluator, err := New(who)
	if err != nil {
		return Decision{}, err
	}
	account := ""
	if resource == "*" {
		account = who.Identity.AccountID
	}
	what, err := directory.Resource(resource, account)
	if err != nil {
		return Decision{}, err
	}
	side, err := NewResource(what)
	if err != nil {
		return Decision{}, err
	}
	request := Request{Context: context}
	if err := request.SetFor(action, side); err != nil {
		return Decision{}, err
	}
	return evaluator.Evaluate(&request), nil
}

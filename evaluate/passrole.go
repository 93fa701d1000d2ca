package evaluate

import (
	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/principal"
)

// A PassRoleQuestion asks whether a caller may hand a role to a service, as a
// call such as lambda:CreateFunction or ec2:RunInstances does. There is no
// operation PassRole; the service asks IAM for this permission beside that for
// the call itself, which is a question of its own.
type PassRoleQuestion struct {
	// Caller makes the call, written as for [principal.Identify]. The session of
	// a role is taken to have all that the role has; of one that has session
	// policies or tags, give the Evaluator.
	Caller string
	// Evaluator is that of the caller, such as a session that package sts has
	// derived; nil finds the caller in the directory. Caller is then empty, or
	// the ARN of its principal.
	Evaluator *Evaluator
	// Role is the ARN of the role.
	Role string
	// Service is the one that will act with the role, such as
	// "lambda.amazonaws.com": the value of iam:PassedToService.
	Service string
	// AssociatedResource is the ARN of what the role will be attached to, such
	// as the function: the value of iam:AssociatedResourceArn. It may be left
	// empty, and the key is absent then.
	AssociatedResource string
	// Context holds the other condition keys of the call, see
	// [Request.Context]. Nil means that there are none.
	Context *condition.Context
	// ServiceContext holds the condition keys that the service brings along
	// when it assumes the role later. If nil, they are those by which a trust
	// policy guards against the confused deputy: aws:SourceAccount is the
	// account of the role, aws:SourceArn is AssociatedResource, or unknown
	// without it, and aws:SourceOrgID and aws:SourceOrgPaths are unknown.
	//
	// Source: IAM User Guide, "The confused deputy problem".
	ServiceContext *condition.Context
}

// A PassRoleRefusal is why a role cannot be passed whatever policies say.
type PassRoleRefusal uint8

const (
	// NoRefusal: policies decide.
	NoRefusal PassRoleRefusal = iota
	// RoleOfAnotherAccount: a role can be passed only within its account.
	RoleOfAnotherAccount
	// CallerWithoutAccount: a service, an identity provider or an anonymous
	// caller has no account and no identity policies that could let it pass a
	// role.
	CallerWithoutAccount
)

// String says why in words.
func (r PassRoleRefusal) String() string {
	switch r {
	case NoRefusal:
		return "policies decide"
	case RoleOfAnotherAccount:
		return "a role can be passed only by callers of its own account"
	case CallerWithoutAccount:
		return "the caller belongs to no account"
	}
	return "unknown refusal"
}

// A PassRoleAnswer holds two facts, which a call needs both to succeed: that
// the caller may pass the role, and that the service may assume it. The zero
// answer is a denial.
type PassRoleAnswer struct {
	// Caller, Role and Service are what was asked.
	Caller, Role, Service string
	// Refusal is why policies were not asked, or NoRefusal.
	Refusal PassRoleRefusal
	// Decision is about iam:PassRole on the role. With a Refusal it is the zero
	// Decision, which denies.
	Decision Decision
	// Trust is what the trust policy of the role says when the service assumes
	// it.
	Trust Decision
}

// Allowed tells whether the caller may pass the role to the service.
func (a PassRoleAnswer) Allowed() bool { return a.Refusal == NoRefusal && a.Decision.Allowed() }

// Trusted tells whether the service may assume the role.
func (a PassRoleAnswer) Trusted() bool { return a.Trust.Allowed() }

// Works tells whether both hold, so that the service ends up with the role.
func (a PassRoleAnswer) Works() bool { return a.Allowed() && a.Trusted() }

// String tells both facts, a line each.
func (a PassRoleAnswer) String() string {
	text := a.Caller + " passes " + a.Role + ": "
	if a.Refusal != NoRefusal {
		text += "Refused: " + a.Refusal.String()
	} else {
		text += a.Decision.String()
	}
	return text + "\n" + a.Service + " assumes " + a.Role + ": " + a.Trust.String()
}

// PassRole answers whether a caller may pass a role to a service, and whether
// the role trusts that service.
//
// The tags of the role are no ground for a decision about iam:PassRole: AWS says
// that they do not work reliably there. A decision that hangs on a tag which
// the role has is Undetermined.
//
// Like [Ask] it is for tests and for questions that come one at a time. The
// error is an [*principal.IdentityError] if one of caller, role and service is
// none, a [*principal.NotFoundError] if the directory does not have the caller
// or the role, and otherwise one of [New] and [NewResource]. The answer is then
// a denial. A nil directory is an empty one.
//
// Source: IAM User Guide, "Grant a user permissions to pass a role to an AWS
// service"; Service Authorization Reference, "Condition keys for AWS Identity
// and Access Management".
func PassRole(directory *principal.Directory, q PassRoleQuestion) (PassRoleAnswer, error) {
	answer := PassRoleAnswer{Caller: q.Caller, Role: q.Role, Service: q.Service}
	if directory == nil {
		directory = new(principal.Directory)
	}
	role, err := arn.ParseEntity(q.Role)
	if err != nil || role.Kind != arn.Role {
		return answer, &principal.IdentityError{Caller: q.Role, Reason: "the ARN of a role should be here", Err: err}
	}
	service, err := principal.Identify(q.Service, "")
	if err != nil {
		return answer, err
	}
	if service.Kind != principal.Service {
		return answer, &principal.IdentityError{Caller: q.Service, Reason: "the name of a service should be here"}
	}
	evaluator := q.Evaluator
	if evaluator == nil {
		caller, err := directory.Principal(q.Caller)
		if err != nil {
			return answer, err
		}
		if evaluator, err = New(caller); err != nil {
			return answer, err
		}
	}
	var identity principal.Identity
	if caller := evaluator.Principal(); caller != nil {
		identity = caller.Identity
	}
	if answer.Caller = identity.String(); q.Caller != "" && q.Caller != answer.Caller {
		return answer, &principal.IdentityError{Caller: q.Caller, Reason: "the evaluator is that of another caller"}
	}
	if _, err := directory.Principal(q.Role); err != nil {
		return answer, err // a role that is not there is passed by nobody
	}
	what, err := directory.Resource(q.Role, "")
	if err != nil {
		return answer, err
	}
	side, err := NewResource(what)
	if err != nil {
		return answer, err
	}
	if answer.Trust, err = trusts(directory, &q, role.AccountID, side); err != nil {
		return answer, err
	}
	switch {
	case !identity.HasAccountSide():
		answer.Refusal = CallerWithoutAccount
		return answer, nil
	case identity.AccountID != role.AccountID || identity.Partition != role.Partition:
		answer.Refusal = RoleOfAnotherAccount
		return answer, nil
	}
	if side, err = NewResource(withUnreliableTags(what)); err != nil {
		return answer, err
	}
	context := q.Context.Clone()
	context.Set("iam:PassedToService", condition.String(q.Service))
	context.Delete("iam:AssociatedResourceArn")
	if q.AssociatedResource != "" {
		context.Set("iam:AssociatedResourceArn", condition.String(q.AssociatedResource))
	}
	request := Request{Context: context}
	if err := request.SetFor("iam:PassRole", side); err != nil {
		return answer, err
	}
	answer.Decision = evaluator.Evaluate(&request)
	return answer, nil
}

// trusts decides whether the service may assume the role.
func trusts(directory *principal.Directory, q *PassRoleQuestion, account string, role *Resource) (Decision, error) {
	service, err := directory.Principal(q.Service)
	if err != nil {
		return Decision{}, err
	}
	evaluator, err := New(service)
	if err != nil {
		return Decision{}, err
	}
	context := q.ServiceContext
	if context == nil {
		context = new(condition.Context)
		context.Set("aws:SourceAccount", condition.String(account))
		context.SetUnknown("aws:SourceOrgID")
		context.SetUnknown("aws:SourceOrgPaths")
		if q.AssociatedResource != "" {
			context.Set("aws:SourceArn", condition.String(q.AssociatedResource))
		} else {
			context.SetUnknown("aws:SourceArn")
		}
	}
	request := Request{Context: context}
	if err := request.SetFor("sts:AssumeRole", role); err != nil {
		return Decision{}, err
	}
	return evaluator.Evaluate(&request), nil
}

// withUnreliableTags gives the role with every tag unknown that it has.
func withUnreliableTags(role *principal.Resource) *principal.Resource {
	unsure := *role
	unsure.Facts = role.Facts.Clone()
	for key := range role.Facts.All() {
		if condition.ClassOf(key) == condition.ResourceTagKey {
			unsure.Facts.SetUnknown(key)
		}
	}
	return &unsure
}

package sts

import "github.com/portcullis-iam/portcullis/internal/message"

// A RefusedError says that policies did not let a session be made. AWS STS
// answers AccessDenied.
type RefusedError struct {
	// Operation is the operation that was called, such as "AssumeRole".
	Operation string
	// Steps are all decisions, the allowed ones too, in the order in which they
	// were asked. At least one is refused.
	Steps []Step
}

// Refused are the steps that were not allowed. A zero error has none.
func (e *RefusedError) Refused() []Step {
	var refused []Step
	for _, step := range e.Steps {
		if !step.Allowed() {
			refused = append(refused, step)
		}
	}
	return refused
}

// Error says who was refused what, by which side, and why:
//
//	sts: AssumeRole: arn:aws:iam::111122223333:user/wren may not sts:AssumeRole on arn:aws:iam::444455556666:role/deploy: the role's side refuses: ImplicitlyDenied: no role trust policy allows it
func (e *RefusedError) Error() string {
	text := "sts: " + e.Operation + ": "
	for at, step := range e.Refused() {
		if at > 0 {
			text += "; "
		}
		text += step.Caller + " may not " + step.Action + " on " + step.Resource + ": " + step.Side().String() + " refuses: " + step.Decision.String()
	}
	return text
}

// A Code is the error that AWS STS gives for parameters that it does not take,
// before it looks at any policy.
type Code string

// The codes. Source: AWS STS API Reference, the errors of its operations and
// "Common errors".
const (
	// ValidationError: a parameter is missing or out of its bounds.
	ValidationError Code = "ValidationError"
	// MalformedPolicyDocument: a session policy has errors.
	MalformedPolicyDocument Code = "MalformedPolicyDocument"
	// PackedPolicyTooLarge: session policies and tags are too large together.
	PackedPolicyTooLarge Code = "PackedPolicyTooLarge"
	// InvalidParameterValue: parameters contradict each other or the caller's
	// session, such as an inherited tag that is set again.
	InvalidParameterValue Code = "InvalidParameterValue"
	// InvalidIdentityToken: the token is not one that the provider was
	// registered for.
	InvalidIdentityToken Code = "InvalidIdentityToken"
	// ExpiredToken: the credentials of the caller, or the assertion, have
	// expired.
	ExpiredToken Code = "ExpiredTokenException"
	// AccessDenied: a caller of this kind can never call the operation.
	AccessDenied Code = "AccessDenied"
)

// An InputError says what is wrong with one parameter of an operation.
type InputError struct {
	// Operation is the operation of AWS STS, such as "AssumeRole".
	Operation string
	// Field is the parameter, as AWS STS names it, such as "RoleSessionName".
	Field string
	// Code is the error that AWS STS gives.
	Code Code
	// Message is a sentence that says what is wrong.
	Message string
	// Err is the reason below, such as [policy.Errors], or nil.
	Err error
}

// Error names the operation and the parameter, and says what is wrong.
func (e *InputError) Error() string {
	text := "sts: " + e.Operation + ": " + e.Field + ": " + e.Message
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the reason below, if there is one.
func (e *InputError) Unwrap() error { return e.Err }

// InputErrors are all errors of the parameters of a call, in the order of the
// parameters. A call with errors is not decided.
type InputErrors []*InputError

// Error gives the first errors, each on a line of its own, and the number of
// the others.
func (e InputErrors) Error() string { return message.Lines(e) }

// Unwrap gives the errors one by one.
func (e InputErrors) Unwrap() []error { return message.Unwrap(e) }

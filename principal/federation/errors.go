package federation

import "github.com/portcullis-iam/portcullis/internal/message"

// A ClaimError says what is wrong with one claim, or with one attribute of an
// assertion.
type ClaimError struct {
	// Claim is the name of the claim or attribute.
	Claim string
	// Message is a sentence that says what is wrong.
	Message string
}

// Error names the claim and says what is wrong.
func (e *ClaimError) Error() string {
	return "federation: " + message.Quote(e.Claim, message.Enough) + ": " + e.Message
}

// ClaimErrors are all that is wrong with a token or assertion, sorted by claim.
type ClaimErrors []*ClaimError

// Error gives the first errors, each on a line of its own, and the number of
// the others.
func (e ClaimErrors) Error() string { return message.Lines(e) }

// Unwrap gives the errors one by one.
func (e ClaimErrors) Unwrap() []error { return message.Unwrap(e) }

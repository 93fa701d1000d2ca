package policy

import (
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/internal/message"
)

// An Error is one reason why a text is not a policy of its kind.
type Error struct {
	// Code tells the reasons apart; see the constants.
	Code Code
	// Position is where it stands, the zero Position in a document built in
	// code.
	Position Position
	// Path leads to it from the top of the document, such as
	// Statement[0].Condition.StringEquals["aws:PrincipalTag/team"][1]. It is
	// empty for the document as a whole and for a text that is not JSON.
	Path string
	// Message is a sentence that says what is wrong and what to do.
	Message string
}

// Error gives "line:column: path: message (CODE)", without the parts that are
// not known.
func (e *Error) Error() string {
	var text strings.Builder
	if e.Position.IsValid() {
		text.WriteString(e.Position.String())
		text.WriteString(": ")
	}
	if e.Path != "" {
		text.WriteString(e.Path)
		text.WriteString(": ")
	}
	text.WriteString(e.Message)
	text.WriteString(" (")
	text.WriteString(string(e.Code))
	text.WriteString(")")
	return text.String()
}

// Errors are the reasons why a text is not a policy, in the order in which they
// stand in the text; at most MaxErrors. Parse and Check return it, never empty,
// and errors.As finds both it and the first [*Error] in it.
type Errors []*Error

// Error gives the first ten errors, one a line, and the number of the others.
func (e Errors) Error() string { return message.Lines(e) }

// Unwrap gives the errors one by one to errors.Is and errors.As.
func (e Errors) Unwrap() []error { return message.Unwrap(e) }

// report collects errors up to MaxErrors.
type report struct {
	errors Errors
}

// full tells that nothing more will be taken, so that a document of a hundred
// thousand faults costs no more than one of a hundred.
func (r *report) full() bool { return len(r.errors) >= MaxErrors }

func (r *report) add(code Code, at Position, path, message string) {
	if !r.full() {
		r.errors = append(r.errors, &Error{Code: code, Position: at, Path: path, Message: message})
	}
}

// err gives the errors in the order of the text, or nil without any.
func (r *report) err() error {
	if len(r.errors) == 0 {
		return nil
	}
	slices.SortStableFunc(r.errors, func(a, b *Error) int {
		return int(a.Position.Offset) - int(b.Position.Offset)
	})
	return r.errors
}

// quote shows a piece of the document in a message, shortened if it is long.
func quote(text string) string { return message.Quote(text, 60) }

package cognito

import (
	"strings"

	"github.com/portcullis-iam/portcullis/evaluate/internal/jsonread"
	"github.com/portcullis-iam/portcullis/internal/message"
	"github.com/portcullis-iam/portcullis/policy"
)

// A Code tells apart why something is not an identity pool.
type Code string

// The codes. Each stands in a test with an input that provokes it.
const (
	// SyntaxError: a file is not JSON, or nests too deep.
	SyntaxError = Code(jsonread.Syntax)
	// TooLarge: a file exceeds MaxFileBytes.
	TooLarge = Code(jsonread.TooLarge)
	// WrongType: a member has another JSON type than it should.
	WrongType = Code(jsonread.WrongType)
	// MissingMember: a member that must be there is not, or is empty.
	MissingMember = Code(jsonread.Missing)
	// DuplicateMember: an object has a member twice.
	DuplicateMember = Code(jsonread.Duplicate)
	// MisspelledMember: the name of a member is right but for letter case.
	MisspelledMember = Code(jsonread.Misspelled)
	// Incomplete: a page is missing, or no file describes the pool itself.
	Incomplete Code = "INCOMPLETE_DETAILS"
	// NotAPool: a file is JSON of another sort.
	NotAPool Code = "NOT_AN_IDENTITY_POOL"
	// Conflict: two files are about different pools, or say different things.
	Conflict Code = "CONFLICTING_DEFINITIONS"
	// InvalidAccount: the account id is not twelve digits.
	InvalidAccount Code = "INVALID_ACCOUNT"
	// InvalidPoolID: the id of the pool is not REGION:UUID.
	InvalidPoolID Code = "INVALID_IDENTITY_POOL_ID"
	// InvalidRole: what should be the ARN of a role is none.
	InvalidRole Code = "INVALID_ARN"
	// InvalidMapping: a role mapping or a rule has a value that the API does
	// not know, or contradicts itself.
	InvalidMapping Code = "INVALID_ROLE_MAPPING"
	// TooManyRules: a role mapping has more than MaxRules.
	TooManyRules Code = "TOO_MANY_RULES"
	// InvalidTag: the key of a principal tag is none, or is there twice but for
	// letter case; or it has no claim.
	InvalidTag Code = "INVALID_PRINCIPAL_TAG"
	// InvalidGroup: a group has no name, or a Precedence that is none.
	InvalidGroup Code = "INVALID_GROUP"
)

// An Error is one reason why something is not an identity pool.
type Error struct {
	// Code tells the reasons apart.
	Code Code
	// File is the name of the file, "" for a pool that was built in code.
	File string
	// Position is where in the file it stands, if that is known.
	Position policy.Position
	// Path leads to it from the top of the file or of the [Pool], such as
	// RoleMappings.graph.facebook.com.RulesConfiguration.Rules[0].RoleARN.
	Path string
	// Message is a sentence that says what is wrong.
	Message string
}

// Error gives "file:line:column: path: message (CODE)", without the parts that
// are not known.
func (e *Error) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File + ":")
		if e.Position.IsValid() {
			b.WriteString(e.Position.String() + ":")
		}
		b.WriteByte(' ')
	}
	if e.Path != "" {
		b.WriteString(e.Path + ": ")
	}
	return b.String() + e.Message + " (" + string(e.Code) + ")"
}

// Errors are all reasons why something is not an identity pool, at most a
// hundred for each file. It is never empty, and errors.As finds it and the first
// [*Error] in it.
type Errors []*Error

// Error gives the first ten errors, each on a line of its own, and the number
// of the others.
func (e Errors) Error() string { return message.Lines(e) }

// Unwrap gives the errors one by one to errors.Is and errors.As.
func (e Errors) Unwrap() []error { return message.Unwrap(e) }

// err gives the errors as an error, nil if there are none.
func (e Errors) err() error {
	if len(e) == 0 {
		return nil
	}
	return e
}

// addFaults adds what a reader has found in a file.
func (e *Errors) addFaults(file string, r *jsonread.Reader) {
	for _, f := range r.Faults {
		*e = append(*e, &Error{Code(f.Code), file, f.Position, f.Path, f.Message})
	}
}

package principal

import (
	"math"
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/internal/message"
	"github.com/portcullis-iam/portcullis/policy"
)

// A Code tells the reasons apart for which a directory cannot be built.
type Code string

// The codes. Each stands in a test with an input that provokes it.
const (
	// SyntaxError: a file is not JSON, or is JSON that readers disagree about.
	SyntaxError Code = "JSON_SYNTAX_ERROR"
	// NotAccountDetails: a file is JSON of another sort.
	NotAccountDetails Code = "NOT_ACCOUNT_DETAILS"
	// TooLarge: a file exceeds MaxFileBytes.
	TooLarge Code = "FILE_TOO_LARGE"
	// Unreadable: a file cannot be read. The cause is in Err.
	Unreadable Code = "FILE_UNREADABLE"
	// WrongType: a member has another JSON type than it should.
	WrongType Code = "DATA_TYPE_MISMATCH"
	// MissingMember: a member that every such object has is not there.
	MissingMember Code = "MISSING_MEMBER"
	// DuplicateMember: an object has a member twice.
	DuplicateMember Code = "DUPLICATE_MEMBER"
	// MisspelledMember: the name of a member is right but for its letter case.
	MisspelledMember Code = "MISSPELLED_MEMBER"
	// IncompleteDetails: the last page of the details of an account is not
	// there. The missing page is described by an [*IncompleteError] in Err.
	IncompleteDetails Code = "INCOMPLETE_DETAILS"
	// InvalidAccount: an account id is not twelve digits.
	InvalidAccount Code = "INVALID_ACCOUNT"
	// InvalidName: a name, path or tag key is none that IAM would take.
	InvalidName Code = "INVALID_NAME"
	// InvalidARN: an ARN is malformed, names something else than it should, or
	// contradicts what stands beside it.
	InvalidARN Code = "INVALID_ARN"
	// InvalidEncoding: a policy document is neither an object nor a string that
	// holds one, plain or percent-encoded.
	InvalidEncoding Code = "INVALID_DOCUMENT_ENCODING"
	// InvalidDocument: a policy document has errors, which are in Err as
	// [policy.Errors]. Their positions are those in the file if the document
	// stands there as a JSON object. If it is a JSON string, plain or
	// percent-encoded, or was given in code, they are those in the decoded
	// document, and the Position of the [Error] tells where the string is. A
	// document given in code with a file is all of that file.
	InvalidDocument Code = "INVALID_DOCUMENT"
	// InvalidVersions: a managed policy has several default versions.
	InvalidVersions Code = "INVALID_POLICY_VERSIONS"
	// Conflict: the same user, group, role, policy or resource is given twice
	// with different content.
	Conflict Code = "CONFLICTING_DEFINITIONS"
	// InvalidOrganization: the organization contradicts itself or the limits
	// of AWS Organizations.
	InvalidOrganization Code = "INVALID_ORGANIZATION"
)

// MaxErrors bounds how many errors one directory reports. Nobody reads more,
// and a hostile file could hold one for each of its bytes.
const MaxErrors = 100

// An Error is one reason why a directory cannot be built.
type Error struct {
	// Code tells the reasons apart.
	Code Code
	// File is the name of the file, "" for what was built in code without one.
	File string
	// Position is where in the file it stands; the zero Position for what was
	// built in code without a file.
	Position policy.Position
	// Path leads to it from the top of its page of the file, such as
	// RoleDetailList[3].RolePolicyList[0].PolicyDocument.
	Path string
	// Entity is who or what has the fault, in words or as an ARN, if known.
	Entity string
	// Message is a sentence that says what is wrong and what to do.
	Message string
	// Err is the reason below, such as [policy.Errors], or nil.
	Err error

	order  int  // of the file among the files
	inFile bool // the positions in Err are those in the file
}

// Error gives "file:line:column: path: entity: message (CODE)", without the
// parts that are not known, and the reason below it on lines of its own, which
// begin with file and position too if they are about the file.
func (e *Error) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File + ":")
		if e.Position.IsValid() {
			b.WriteString(e.Position.String() + ":")
		}
		b.WriteByte(' ')
	}
	for _, part := range [...]string{e.Path, e.Entity} {
		if part != "" {
			b.WriteString(part + ": ")
		}
	}
	b.WriteString(e.Message + " (" + string(e.Code) + ")")
	if e.Err != nil {
		b.WriteString("\n\t" + strings.ReplaceAll(e.below(), "\n", "\n\t"))
	}
	return b.String()
}

func (e *Error) below() string {
	in, ok := e.Err.(policy.Errors)
	if !ok || !e.inFile {
		return e.Err.Error()
	}
	lines := make([]inFile, len(in))
	for at, one := range in {
		lines[at] = inFile{one, e.File}
	}
	return message.Lines(lines)
}

// inFile is an error of a document that tells the file as well.
type inFile struct {
	err  *policy.Error
	file string
}

func (e inFile) Error() string { return e.file + ":" + e.err.Error() }

// Unwrap gives the reason below, if there is one.
func (e *Error) Unwrap() error { return e.Err }

// Errors are the reasons why a directory cannot be built, in the order of the
// files and of the places in them, those of what was built in code last; at
// most MaxErrors. [Load] and [Builder.Build] return it, never empty, and
// errors.As finds it, the first [*Error], and what is below.
type Errors []*Error

// Error gives the first ten errors, each on lines of its own, and the number
// of the others.
func (e Errors) Error() string { return message.Lines(e) }

// Unwrap gives the errors one by one to errors.Is and errors.As.
func (e Errors) Unwrap() []error { return message.Unwrap(e) }

// An IncompleteError says that pages of an account's details are missing, so
// that users, groups, roles or policies may be. A directory without them would
// answer wrongly, hence it is not built.
type IncompleteError struct {
	// AccountID is the account, "" if no page says which.
	AccountID string
	// File holds the last page that is there.
	File string
	// Marker is what that page gives to ask for the next one, if it does.
	Marker string
	// NextToken is what the AWS CLI gives instead if --max-items cut its output
	// short, to go on with as --starting-token.
	NextToken string
}

// Error says which page is missing and how to get it.
func (e *IncompleteError) Error() string {
	text := "the details"
	if e.AccountID != "" {
		text += " of account " + e.AccountID
	}
	text += " end with a page that is not the last one"
	if e.File != "" {
		text += ", in " + e.File
	}
	if e.NextToken != "" {
		return text + ": get the rest with --starting-token " + quote(e.NextToken) + ", or all at once without --max-items"
	}
	if e.Marker != "" {
		return text + ": get the next page with the Marker " + quote(e.Marker)
	}
	return text + ": get the next page too"
}

// report collects errors.
type report struct{ errors Errors }

func (r *report) add(at place, code Code, entity, message string, cause error) {
	if r.full() {
		return
	}
	e := &Error{Code: code, Path: at.path, Entity: entity, Message: message, Err: cause, order: math.MaxInt}
	if at.file != nil {
		e.File, e.order = at.file.name, at.file.order
		e.Position = at.file.position(at.offset)
	}
	if in, ok := cause.(policy.Errors); ok && at.document {
		e.Err, e.inFile = behind(e.Position, in), true
	}
	r.errors = append(r.errors, e)
}

// full tells that nothing more will be taken.
func (r *report) full() bool { return len(r.errors) >= MaxErrors }

func (r *report) err() error {
	if len(r.errors) == 0 {
		return nil
	}
	slices.SortStableFunc(r.errors, func(a, b *Error) int {
		if a.order != b.order {
			if a.order < b.order {
				return -1
			}
			return 1
		}
		return int(a.Position.Offset) - int(b.Position.Offset)
	})
	return slices.Clone(r.errors)
}

// behind gives the errors of a document that begins at start with their places
// in the text around it. The errors themselves are shared by all documents of
// the same text and stay as they are.
func behind(start policy.Position, in policy.Errors) policy.Errors {
	moved := make(policy.Errors, len(in))
	for at, one := range in {
		e := *one
		e.Position.Offset += start.Offset
		if e.Position.Line == 1 {
			e.Position.Column += start.Column - 1
		}
		e.Position.Line += start.Line - 1
		moved[at] = &e
	}
	return moved
}

package apigateway

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/internal/jsonread"
	"github.com/portcullis-iam/portcullis/internal/message"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

const (
	// MaxOutputBytes bounds the output of a Lambda authorizer. API Gateway takes
	// far less; it leaves room for the largest policy that package policy reads.
	MaxOutputBytes = 2 << 20
	// MaxResourceCharacters is how long a resource in the policy of a Lambda
	// authorizer may be.
	//
	// Source: API Gateway Developer Guide, "Output from an API Gateway Lambda
	// authorizer".
	MaxResourceCharacters = 512
)

// maxOutputDepth is how deep an output nests: a policy in an object, whose own
// depth package policy checks.
const maxOutputDepth = policy.MaxDepth + 1

// An Output is what a Lambda authorizer returned, with its policy compiled. It
// may be kept and used again, as API Gateway caches it. It is immutable and safe
// for any number of goroutines.
//
// Source: API Gateway Developer Guide, "Output from an API Gateway Lambda
// authorizer".
type Output struct {
	// PrincipalID is who the authorizer says that the caller is. It decides
	// nothing.
	PrincipalID string
	// Context holds what the authorizer passes on to the integration, each
	// value as its text. It decides nothing.
	Context map[string]string
	// UsageIdentifierKey is the API key for the usage plan, "" if there is
	// none. It decides nothing here.
	UsageIdentifierKey string
	// Policy is the policy.
	Policy *policy.Policy

	evaluator *evaluate.Evaluator
}

// An OutputCode tells apart why an output was not understood.
type OutputCode string

// The codes.
const (
	// OutputTooLarge: the text exceeds MaxOutputBytes.
	OutputTooLarge = OutputCode(jsonread.TooLarge)
	// OutputSyntax: the text is not JSON, or nests too deep.
	OutputSyntax = OutputCode(jsonread.Syntax)
	// OutputWrongType: a member has another JSON type than it should.
	OutputWrongType = OutputCode(jsonread.WrongType)
	// OutputMissing: principalId or policyDocument is not there, or principalId
	// is empty.
	OutputMissing = OutputCode(jsonread.Missing)
	// OutputDuplicate: a member is there twice.
	OutputDuplicate = OutputCode(jsonread.Duplicate)
	// OutputMisspelled: the name of a member is right but for letter case.
	OutputMisspelled = OutputCode(jsonread.Misspelled)
	// OutputUnknown: a member has a name that API Gateway does not know.
	OutputUnknown = OutputCode(jsonread.Unknown)
	// OutputContextNotFlat: a value of context is an object, an array or null.
	OutputContextNotFlat OutputCode = "CONTEXT_NOT_FLAT"
	// OutputPolicy: policyDocument is no policy; the [policy.Errors] are in Err,
	// with their places in the output. A statement with a Principal is one of
	// the reasons.
	OutputPolicy OutputCode = "INVALID_DOCUMENT"
	// OutputResourceTooLong: a resource in the policy has more than
	// MaxResourceCharacters.
	OutputResourceTooLong OutputCode = "RESOURCE_TOO_LONG"
)

// An OutputError is one reason why the output of a Lambda authorizer is not
// understood.
type OutputError struct {
	// Code tells the reasons apart.
	Code OutputCode
	// Position is where it stands in the output.
	Position policy.Position
	// Path leads to it from the top, such as policyDocument.Statement[0].
	Path string
	// Message is a sentence that says what is wrong.
	Message string
	// Err is the reason below, such as [policy.Errors], or nil.
	Err error
}

// Error gives "line:column: path: message (CODE)" and what is below.
func (e *OutputError) Error() string {
	var b strings.Builder
	for _, part := range [...]string{e.Position.String(), e.Path} {
		if part != "" && part != "-" {
			b.WriteString(part + ": ")
		}
	}
	b.WriteString(e.Message + " (" + string(e.Code) + ")")
	if e.Err != nil {
		b.WriteString("\n\t" + strings.ReplaceAll(e.Err.Error(), "\n", "\n\t"))
	}
	return b.String()
}

// Unwrap gives the reason below, if there is one.
func (e *OutputError) Unwrap() error { return e.Err }

// OutputErrors are all reasons why the output of a Lambda authorizer is not
// understood, at most a hundred. It is never empty, and errors.As finds it and
// the first [*OutputError] in it.
type OutputErrors []*OutputError

// Error gives the first ten errors, each on lines of its own, and the number of
// the others.
func (e OutputErrors) Error() string { return message.Lines(e) }

// Unwrap gives the errors one by one to errors.Is and errors.As.
func (e OutputErrors) Unwrap() []error { return message.Unwrap(e) }

// ParseOutput reads the output of a Lambda authorizer of the API,
//
//	{"principalId": "…", "policyDocument": {…}, "context": {…}, "usageIdentifierKey": "…"}
//
// of which the last two may be missing. The policy is one without Principal, as
// if it were attached to the caller. Whatever is not understood, unknown members
// too, is an error: the request is denied then. The error is [OutputErrors].
//
// The cost is that of compiling the policy, some 20 µs.
//
// Source: API Gateway Developer Guide, "Output from an API Gateway Lambda
// authorizer".
func (a *API) ParseOutput(text []byte) (*Output, error) {
	r, ok := jsonread.Open(text, MaxOutputBytes, maxOutputDepth)
	if !ok {
		return nil, outputErrors(r)
	}
	root := r.Root()
	m, ok := r.Members(root, "", true, "principalId", "policyDocument", "context", "usageIdentifierKey")
	if !ok {
		return nil, outputErrors(r)
	}
	out := &Output{UsageIdentifierKey: r.Text(m[3], "usageIdentifierKey")}
	out.PrincipalID, _ = r.Required(root, m[0], "", "principalId")
	r.Map(m[2], "context", func(key string, v gjson.Result, path string) {
		switch v.Type {
		case gjson.String:
			out.set(key, v.String())
		case gjson.Number, gjson.True, gjson.False:
			out.set(key, v.Raw)
		default:
			r.Fail(v, path, jsonread.Code(OutputContextNotFlat), "a value of context is a string, a number or a Boolean", nil)
		}
	})
	out.Policy = readPolicy(r, root, m[1])
	if len(r.Faults) > 0 {
		return nil, outputErrors(r)
	}
	var err error
	if out.evaluator, err = a.evaluatorOf(out); err != nil {
		return nil, OutputErrors{{Code: OutputPolicy, Path: "policyDocument", Message: "the policy cannot be used", Err: err}}
	}
	return out, nil
}

func (o *Output) set(key, value string) {
	if o.Context == nil {
		o.Context = make(map[string]string)
	}
	o.Context[key] = value
}

// readPolicy reads the policyDocument.
func readPolicy(r *jsonread.Reader, root, v gjson.Result) *policy.Policy {
	const path = "policyDocument"
	switch {
	case !v.Exists():
		r.Fail(root, path, jsonread.Missing, path+" is missing", nil)
		return nil
	case !v.IsObject():
		r.Fail(v, path, jsonread.WrongType, "a policy is a JSON object", nil)
		return nil
	}
	document, err := policy.Parse(policy.IdentityBased, []byte(v.Raw))
	if err != nil {
		if in, ok := err.(policy.Errors); ok {
			err = behind(r.Position(v), in)
		}
		r.Fail(v, path, jsonread.Code(OutputPolicy), "this is no policy", err)
		return nil
	}
	for at := range document.Statements {
		s := &document.Statements[at]
		for _, list := range [...]*policy.Strings{s.Resource, s.NotResource} {
			if list == nil {
				continue
			}
			for _, resource := range list.Values {
				if utf8.RuneCountInString(resource.Value) > MaxResourceCharacters {
					r.Fail(v, path+".Statement["+strconv.Itoa(at)+"]", jsonread.Code(OutputResourceTooLong),
						"a resource in the policy of a Lambda authorizer has at most "+strconv.Itoa(MaxResourceCharacters)+" characters", nil)
				}
			}
		}
	}
	compiled, err := policy.Compile(document)
	if err != nil {
		r.Fail(v, path, jsonread.Code(OutputPolicy), "this is no policy", err)
	}
	return compiled
}

// behind gives the errors of a document that begins at start with their places
// in the text around it.
func behind(start policy.Position, in policy.Errors) policy.Errors {
	moved := make(policy.Errors, len(in))
	for at, one := range in {
		e := *one
		if e.Position.IsValid() {
			if e.Position.Line == 1 {
				e.Position.Column += start.Column - 1
			}
			e.Position.Line += start.Line - 1
			e.Position.Offset += start.Offset
		}
		moved[at] = &e
	}
	return moved
}

func outputErrors(r *jsonread.Reader) error {
	all := make(OutputErrors, len(r.Faults))
	for at, f := range r.Faults {
		all[at] = &OutputError{OutputCode(f.Code), f.Position, f.Path, f.Message, f.Err}
	}
	return all
}

// evaluatorOf makes the policy ready to be asked. It is evaluated as if it were
// attached to a user of the API's account, who has nothing else: no facts, so
// that no condition can take the caller for a principal of IAM.
func (a *API) evaluatorOf(out *Output) (*evaluate.Evaluator, error) {
	stand := "arn:" + a.arn.Partition + ":iam::" + a.account + ":user/lambda-authorizer"
	identity, err := principal.Identify(stand, "")
	if err != nil {
		return nil, err
	}
	return evaluate.New(&principal.Principal{
		Identity: identity,
		Facts:    new(condition.Context),
		IdentityPolicies: []principal.Attachment{{
			Policy: out.Policy,
			Source: principal.Source{Name: "policyDocument", AttachedTo: "the Lambda authorizer's output for principal " + quote(out.PrincipalID)},
		}},
	})
}

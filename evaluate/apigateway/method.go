package apigateway

import (
	"strings"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/internal/message"
)

// MaxMethodARN is how many bytes the ARN of a method may have. API Gateway
// answers a longer one with 414 Request URI too long.
//
// Source: API Gateway Developer Guide, "Output from an API Gateway Lambda
// authorizer".
const MaxMethodARN = 1600

// A Method is what a request asks for: one HTTP method on one path of one stage
// of an API. It is a small comparable value.
type Method struct {
	// Partition, Region and AccountID are those of the API. An empty Partition
	// stands for aws.
	Partition, Region, AccountID string
	// APIID is the id of the API, such as "a1b2c3d4e5".
	APIID string
	// Stage is the stage, such as "prod" or "$default".
	Stage string
	// HTTPMethod is the method in capital letters, such as "GET".
	HTTPMethod string
	// Path is the path of the request with values in the place of parameters,
	// without the slash at its beginning: "pets/7", "" for the root.
	Path string
}

// A MethodError says why a text or a [Method] is not one that can be decided
// about.
type MethodError struct {
	// Text is the ARN, as far as there is one.
	Text string
	// Reason is one sentence that says what is wrong.
	Reason string
	// Err is the reason below, an [*arn.ParseError], or nil.
	Err error
}

// Error names the ARN, shortened if it is long, and the reason.
func (e *MethodError) Error() string {
	text := "apigateway: method " + message.Quote(e.Text, message.Enough) + ": " + e.Reason
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the [*arn.ParseError] below, if there is one.
func (e *MethodError) Unwrap() error { return e.Err }

// ParseMethodARN reads the ARN of a method,
//
//	arn:aws:execute-api:REGION:ACCOUNT:API-ID/STAGE/METHOD/PATH
//
// which a Lambda authorizer gets as methodArn. The path may be empty, its slash
// may not. The error is a [*MethodError].
//
// Source: API Gateway Developer Guide, "Control access for invoking an API".
func ParseMethodARN(text string) (Method, error) {
	parsed, err := arn.Parse(text)
	if err != nil {
		return Method{}, &MethodError{Text: text, Reason: "this is no ARN", Err: err}
	}
	if parsed.Service != "execute-api" {
		return Method{}, &MethodError{Text: text, Reason: "the service of a method is execute-api"}
	}
	if parsed.Partition == "" { // in a Method it would stand for aws
		return Method{}, &MethodError{Text: text, Reason: "the partition is missing"}
	}
	parts := strings.SplitN(parsed.Resource, "/", 4)
	if len(parts) < 4 {
		return Method{}, &MethodError{Text: text, Reason: "a method is API-ID/STAGE/METHOD/PATH"}
	}
	m := Method{
		Partition: parsed.Partition, Region: parsed.Region, AccountID: parsed.AccountID,
		APIID: parts[0], Stage: parts[1], HTTPMethod: parts[2], Path: parts[3],
	}
	if err := m.check(); err != nil {
		return Method{}, err
	}
	return m, nil
}

// ARN is the ARN of the method. It is only an ARN of a method if the fields are
// as they should be; [ParseMethodARN] and [API] tell.
func (m Method) ARN() string {
	partition := m.Partition
	if partition == "" {
		partition = "aws"
	}
	return "arn:" + partition + ":execute-api:" + m.Region + ":" + m.AccountID + ":" + m.APIID + "/" + m.Stage + "/" + m.HTTPMethod + "/" + m.Path
}

// String is the ARN.
func (m Method) String() string { return m.ARN() }

// check tells what is wrong with the fields. A separator in one of them would
// make the ARN that of another method.
func (m Method) check() error {
	reason := ""
	switch {
	case !arn.IsAccountID(m.AccountID):
		reason = "the account has twelve digits"
	case !isWord(m.Region, "-"):
		reason = "the Region has small letters, digits and hyphens"
	case strings.ContainsAny(m.Partition, ":/*?"):
		reason = "the partition is none"
	case !isWord(m.APIID, "-"):
		reason = "the id of an API has letters and digits"
	case !isWord(strings.TrimPrefix(m.Stage, "$"), "-_"):
		reason = "the name of a stage has letters, digits, hyphens and underscores"
	case !isWord(m.HTTPMethod, "") || m.HTTPMethod != strings.ToUpper(m.HTTPMethod):
		reason = "the HTTP method is one word in capital letters"
	case m.lengthOfARN() > MaxMethodARN:
		reason = "the ARN is longer than API Gateway takes"
	default:
		return nil
	}
	return &MethodError{Text: m.ARN(), Reason: reason}
}

// lengthOfARN is the length of the ARN of a method that has a partition.
func (m Method) lengthOfARN() int {
	const separators = len("arn::execute-api:::///")
	return separators + len(m.Partition) + len(m.Region) + len(m.AccountID) + len(m.APIID) + len(m.Stage) + len(m.HTTPMethod) + len(m.Path)
}

// isWord tells whether text has letters, digits and some others, and at least
// one of them.
func isWord(text, others string) bool {
	for at := range len(text) {
		c := text[at]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && strings.IndexByte(others, c) < 0 {
			return false
		}
	}
	return text != ""
}

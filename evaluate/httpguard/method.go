package httpguard

import (
	"errors"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/apigateway"
)

// Invoke gives a function for [Guard.Target] by which a request asks for
// execute-api:Invoke on the method of an API; see [MethodOf].
func Invoke(api apigateway.Method) func(*http.Request, *evaluate.Request) error {
	return func(r *http.Request, q *evaluate.Request) error {
		method, err := MethodOf(api, r)
		if err != nil {
			return err
		}
		return q.Set(apigateway.Invoke, method.ARN(), "")
	}
}

// The reasons of refusals, without what the client sent.
var (
	errMethod   = errors.New("the method of the request is not one word in capital letters")
	errPath     = errors.New("the path of the request does not begin with a slash")
	errText     = errors.New("the path of the request holds control characters, or is not UTF-8")
	errSlashes  = errors.New("the path of the request holds a slash or a backslash in disguise")
	errSegments = errors.New("the path of the request has empty segments, or . or .. among them")
	errTooLong  = errors.New("the ARN of the method is longer than API Gateway takes")
)

// MethodOf gives the method of an API that a request calls: the API with the
// HTTP method and the path of the request, decoded. The Host plays no part, nor
// do query and headers. In the path '*' and '?' are ordinary characters, here and
// in the decision.
//
// HEAD asks for GET: [http.ServeMux] and many others answer it with the handler
// for GET, so that a Deny for GET would be worth nothing if HEAD were another
// method to policies.
//
// A policy must be about the path that the handler behind the guard will see.
// What several programs may take for different paths is therefore refused with
// 400: segments that are empty (but for the last), "." or "..", a slash or dot
// that is encoded twice, an encoded slash, a backslash, control characters, text
// that is not UTF-8; and so is a method that is not one word in capital letters,
// since handlers differ in what "get" means to them. An ARN of more than
// [apigateway.MaxMethodARN] bytes is refused with 414, as API Gateway does. The
// error is a [*Refusal]; an api whose own fields make no ARN is an internal error
// later.
//
// It does not know which routes there are: "/orders" and "/orders/" are
// different methods.
func MethodOf(api apigateway.Method, r *http.Request) (apigateway.Method, error) {
	refuse := func(err error) (apigateway.Method, error) {
		return apigateway.Method{}, &Refusal{Status: http.StatusBadRequest, Err: err}
	}
	path := r.URL.Path
	switch {
	case !isMethod(r.Method):
		return refuse(errMethod)
	case path != "" && path[0] != '/':
		return refuse(errPath)
	case !isText(path):
		return refuse(errText)
	case strings.IndexByte(path, '\\') >= 0 || hasEncoded(r.URL.EscapedPath(), "%2f") || hasEncoded(path, "%2f", "%5c", "%2e"):
		return refuse(errSlashes)
	}
	path = strings.TrimPrefix(path, "/")
	for rest, more := path, true; more; {
		var segment string
		segment, rest, more = strings.Cut(rest, "/")
		if more && segment == "" || segment == "." || segment == ".." {
			return refuse(errSegments)
		}
	}
	if api.HTTPMethod, api.Path = r.Method, path; api.HTTPMethod == http.MethodHead {
		api.HTTPMethod = http.MethodGet
	}
	if len(path) > apigateway.MaxMethodARN || len(api.ARN()) > apigateway.MaxMethodARN {
		return apigateway.Method{}, &Refusal{Status: http.StatusRequestURITooLong, Err: errTooLong}
	}
	return api, nil
}

func isMethod(method string) bool {
	for at := range len(method) {
		if method[at] < 'A' || method[at] > 'Z' {
			return false
		}
	}
	return method != ""
}

func isText(path string) bool {
	return utf8.ValidString(path) && strings.IndexFunc(path, unicode.IsControl) < 0
}

// hasEncoded tells whether a path holds one of some encoded bytes, which are in
// small letters, in any letter case.
func hasEncoded(path string, codes ...string) bool {
	for {
		at := strings.IndexByte(path, '%')
		if at < 0 || len(path)-at < 3 {
			return false
		}
		for _, code := range codes {
			if strings.EqualFold(path[at:at+3], code) {
				return true
			}
		}
		path = path[at+1:]
	}
}

package evaluate

import (
	"strings"
	"unsafe"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/fold"
	"github.com/portcullis-iam/portcullis/internal/message"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// A Request is one question: may the caller do this action on this resource?
// Who the caller is stands in the [Evaluator].
//
// The zero Request asks nothing and is denied; [Request.Set] fills it. A
// Request can be filled again and again, which allocates nothing. It is for
// one goroutine at a time. A copy is a request of its own; deciding one that was
// not set again after it was copied allocates.
type Request struct {
	// Context holds the condition keys of the request that the library cannot
	// know, such as aws:SourceIp. Nil means that there are none. Keys that
	// follow from the principal or the resource are taken from those, whatever
	// stands here.
	Context *condition.Context
	// Resource is the resource's side of the decision: its policy, the RCPs of
	// its account, its tags. Nil means that the resource has no policy and no
	// RCPs, so a Deny there is not seen either; [Request.SetFor] sets it
	// together with the name. A side that belongs to another account than the
	// request says, or to another role or KMS key, is a mistake that could grant:
	// such a request is denied.
	Resource *Resource
	// Endpoint holds the policies of the VPC endpoint that the request comes
	// through, nil if it does not.
	Endpoint *Endpoint

	action  string
	name    wildcard.Name
	account string
	facts   condition.Context // what follows from the resource when Resource is nil
	owner   uintptr           // the address of the Request that facts is for
	ready   bool
	special bool // a service rule may fit
	// actionHash and serviceHash are what an index looks for.
	actionHash, serviceHash uint64
	tail                    string // of the resource, behind the fifth colon
	ending                  uint64 // of the tail
}

// NewRequest makes a Request with an empty context. Its arguments and its
// error are those of [Request.Set].
func NewRequest(action, resource, account string) (*Request, error) {
	r := &Request{Context: new(condition.Context)}
	if err := r.Set(action, resource, account); err != nil {
		return nil, err
	}
	return r, nil
}

// Set says what is asked, and leaves Context, Resource and Endpoint as they
// are.
//
// The action is "prefix:name", in whatever letter case, without wildcards. The
// resource is an ARN, in which '*' and '?' are ordinary characters, or "*" for
// an action without resource types. A request that touches several resources
// is asked about once for each.
//
// The account is the one that owns the resource. It may be left out, as "",
// where the ARN holds an account of twelve digits, and for "*", which belongs
// to the caller's account. ARNs of Amazon S3 hold none.
//
// The error is a [*RequestError]; a Request that could not be set is denied.
func (r *Request) Set(action, resource, account string) error {
	r.ready = false
	if reason := checkAction(action); reason != "" {
		return &RequestError{Field: "action", Text: action, Reason: reason}
	}
	name, ok := wildcard.CutName(resource)
	if !ok {
		return &RequestError{Field: "resource", Text: resource, Reason: `must be "*" or an ARN of six parts, arn:partition:service:region:account:resource`}
	}
	if account == "" && !name.All() {
		account = name.Segment(4)
		if !arn.IsAccountID(account) {
			return &RequestError{Field: "resource", Text: resource, Reason: "does not say which account owns it: give the account of the resource"}
		}
	}
	if copied := r.own(); account != "" && (copied || account != r.account) { // they are not looked at without one
		r.facts.Set(resourceAccount, condition.String(account))
	}
	r.action, r.name, r.account, r.ready = action, name, account, true
	r.special = hasServiceRules(action, &r.name)
	r.actionHash, r.serviceHash = fold.Hash(action), fold.Hash(action[:strings.IndexByte(action, ':')])
	r.tail = name.Segment(5)
	r.ending = endingOf(r.tail)
	return nil
}

// own makes sure that the storage of facts is not that of the Request which this
// one is a copy of, and tells whether it was.
func (r *Request) own() bool {
	address := uintptr(unsafe.Pointer(r))
	if r.owner == address {
		return false
	}
	r.facts, r.owner = condition.Context{}, address
	return true
}

// derived gives what follows from the resource. A copy must not look into the
// facts of the original, which may have been set again meanwhile.
func (r *Request) derived() *condition.Context {
	if r.owner == uintptr(unsafe.Pointer(r)) {
		return &r.facts
	}
	facts := new(condition.Context)
	facts.Set(resourceAccount, condition.String(r.account))
	return facts
}

const resourceAccount = "aws:ResourceAccount"

// SetFor is Set with the ARN and the account of a resource, which becomes the
// Resource of the request.
func (r *Request) SetFor(action string, resource *Resource) error {
	r.Resource = resource
	if resource == nil || resource.resource == nil {
		r.ready = false
		return &RequestError{Field: "resource", Reason: "must be made by NewResource"}
	}
	return r.Set(action, resource.resource.ARN, resource.resource.AccountID)
}

func checkAction(action string) string {
	colon, wild := -1, false
	for at := 0; at < len(action); at++ {
		switch action[at] {
		case ':':
			if colon < 0 {
				colon = at
			}
		case '*', '?':
			wild = true
		}
	}
	switch {
	case colon <= 0 || colon == len(action)-1:
		return "must be prefix:name, as in s3:GetObject"
	case wild:
		return "holds a wildcard: ask about one action at a time"
	}
	return ""
}

// Action is the action that was set.
func (r *Request) Action() string { return r.action }

// ResourceName is the resource that was set, an ARN or "*".
func (r *Request) ResourceName() string { return r.name.Text }

// A RequestError tells why a request could not be understood.
type RequestError struct {
	// Field is the part of the request: "action" or "resource".
	Field string
	// Text is what was given.
	Text string
	// Reason completes the sentence "FIELD TEXT …".
	Reason string
}

// Error names the field, its text shortened if it is long, and the reason.
func (e *RequestError) Error() string {
	return "evaluate: " + e.Field + " " + message.Quote(e.Text, message.Enough) + " " + e.Reason
}

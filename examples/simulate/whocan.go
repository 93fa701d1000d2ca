package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/internal/neutral"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// A whoCanAnswer tells who may do an action on a resource, and of whom that
// hangs on unknown keys.
type whoCanAnswer struct {
	Action       string
	Resource     string
	Allowed      []access
	Undetermined []access
}

// An access is one caller's part in it.
type access struct {
	Caller    string
	Decision  string
	PolicyArn string        `json:",omitempty"`
	Location  string        `json:",omitempty"` // of the deciding statement, as file:line:column
	Residual  *residualJSON `json:",omitempty"` // what it hangs on
}

// whoCan asks everybody.
func whoCan(o *options, stdout, stderr io.Writer) int {
	found, err := findWhoCan(o, stderr)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return statusBad
	}
	status := statusYes
	if len(found.Allowed) == 0 {
		status = statusNo
	}
	if o.json {
		return printJSON(stdout, stderr, found, status)
	}
	fmt.Fprintf(stdout, "%s on %s: allowed to %d, undetermined for %d\n", found.Action, found.Resource, len(found.Allowed), len(found.Undetermined))
	for _, list := range [][]access{found.Allowed, found.Undetermined} {
		for at := range list {
			list[at].print(stdout)
		}
	}
	return status
}

func (a *access) print(out io.Writer) {
	place := ""
	if a.Location != "" {
		place = " [" + a.Location + "]"
	}
	fmt.Fprintf(out, "  %s: %s%s\n", a.Caller, a.Decision, place)
	if a.Residual != nil {
		fmt.Fprintf(out, "    allowed exactly if %s\n", a.Residual.Sentence)
	}
}

func findWhoCan(o *options, stderr io.Writer) (*whoCanAnswer, error) {
	directory, err := loadWithPolicy(o)
	if err != nil {
		return nil, err
	}
	for _, problem := range directory.Problems() {
		fmt.Fprintf(stderr, "warning: %v\n", problem)
	}
	q := evaluate.Question{Action: o.whoCan, Resource: o.whoCanResource, Account: o.resourceAccount}
	if q.Context, err = o.readContext(); err != nil {
		return nil, err
	}
	snapshot := evaluate.NewSnapshot(directory)
	review, err := snapshot.Review()
	if err != nil {
		return nil, err
	}
	also := rootUsers(directory)
	if o.principal != "" {
		also = append(also, o.principal)
	}
	who, err := review.WhoCan(context.Background(), q, evaluate.Options{Also: also})
	if err != nil {
		return nil, err
	}
	found := &whoCanAnswer{Action: q.Action, Resource: q.Resource, Allowed: []access{}, Undetermined: []access{}}
	for _, one := range who.Allowed {
		found.add(one.Caller, answer{Explanation: evaluate.Explanation{Decision: one.Decision}})
	}
	for _, one := range who.Undetermined {
		// What it hangs on takes an explanation.
		evaluator, err := snapshot.Evaluator(one.Caller)
		if err != nil {
			return nil, err
		}
		request, err := requestOf(snapshot, evaluator, q)
		if err != nil {
			return nil, err
		}
		found.add(one.Caller, answerOf(evaluator.Explain(request)))
	}
	return found, nil
}

// add puts a caller where it belongs: to those who may, to those of whom it is
// not known, or nowhere if it is denied whatever the unknown keys are.
func (w *whoCanAnswer) add(caller string, a answer) {
	decision, one := a.Decision, access{Caller: caller}
	if a.outcome() == evaluate.Undetermined {
		one.Residual = a.residualJSON()
	} else if a.residual != nil {
		decision = a.residual.Decision
	}
	one.Decision = decision.String()
	if by, found := decision.Statement(); found {
		one.Location, one.PolicyArn = by.Location().String(), by.Source().ARN
	}
	switch decision.Outcome {
	case evaluate.Allowed:
		w.Allowed = append(w.Allowed, one)
	case evaluate.Undetermined:
		w.Undetermined = append(w.Undetermined, one)
	}
}

// requestOf asks a question of one caller.
func requestOf(snapshot *evaluate.Snapshot, evaluator *evaluate.Evaluator, q evaluate.Question) (*evaluate.Request, error) {
	if q.Resource == "*" && q.Account == "" {
		q.Account = evaluator.Principal().Identity.AccountID
	}
	resource, err := snapshot.Resource(q.Resource, q.Account)
	if err != nil {
		return nil, err
	}
	request := &evaluate.Request{Context: q.Context}
	return request, request.SetFor(q.Action, resource)
}

// loadWithPolicy loads the accounts together with the policy of the resource.
func loadWithPolicy(o *options) (*principal.Directory, error) {
	if o.resourcePolicy == "" {
		return principal.LoadFiles(o.accounts...)
	}
	kind := policy.ResourceBased
	if neutral.AsksTrustPolicy(o.whoCan) {
		kind = policy.RoleTrust
	}
	_, text, err := loadPolicy(kind, o.resourcePolicy)
	if err != nil {
		return nil, err
	}
	b := principal.NewBuilder()
	for _, path := range o.accounts {
		account, err := readFile(path, principal.MaxFileBytes)
		if err != nil {
			return nil, err
		}
		b.LoadAccountDetails(path, account)
	}
	b.AddResource(principal.ResourceDetail{ARN: o.whoCanResource, AccountID: o.resourceAccount, Document: string(text), File: o.resourcePolicy})
	return b.Build()
}

// rootUsers gives the root users of all accounts of a directory, which nothing
// but an explicit denial keeps from what their account owns.
func rootUsers(directory *principal.Directory) (roots []string) {
	partitions := make(map[string]string)
	for name := range directory.Principals() {
		if parts := strings.SplitN(name, ":", 6); len(parts) == 6 {
			partitions[parts[4]] = parts[1]
		}
	}
	for account := range directory.Accounts() {
		partition := partitions[account]
		if partition == "" {
			partition = "aws"
		}
		roots = append(roots, "arn:"+partition+":iam::"+account+":root")
	}
	return roots
}

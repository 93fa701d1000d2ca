package main

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/httpguard"
	"github.com/portcullis-iam/portcullis/evaluate/sts"
)

// serveOrders is the function orders-report: it acts under its execution role,
// and not as the caller of the API.
func (a *app) serveOrders(w http.ResponseWriter, r *http.Request) {
	from := arrivalOf(r.Context())
	security := a.security()
	session, err := security.LambdaFunction(functionRole, functionARN, nil)
	if err != nil {
		var refused *sts.RefusedError
		if errors.As(err, &refused) {
			for _, step := range refused.Steps {
				from.addToCall(stepOf(step))
			}
		}
		httpguard.Refuse(w, http.StatusInternalServerError) // as a function without a role
		return
	}
	for _, step := range session.Steps {
		from.addToCall(stepOf(step))
	}
	aws := fakeAWS{security.Snapshot(), session.Evaluator(), from}
	orders, err := aws.query("orders")
	if err != nil {
		httpguard.Refuse(w, http.StatusInternalServerError)
		return
	}
	// Whether it may write logs makes no difference to the caller. That it may
	// not launch an instance does, if somebody has broken into the function.
	_ = aws.putLogEvents("/aws/lambda/orders-report", fmt.Sprintf("%d orders", len(orders)))
	_ = aws.runInstances(1)
	answer(w, map[string][]string{"orders": orders})
}

// fakeAWS is what the function calls: three operations of AWS, each of which asks
// whether the caller may, as AWS does, and then only pretends.
type fakeAWS struct {
	snapshot *evaluate.Snapshot
	caller   *evaluate.Evaluator
	from     *arrival // where decisions are shown
}

var errAccessDenied = errors.New("AccessDenied")

func (f fakeAWS) query(table string) ([]string, error) {
	if err := f.ask("dynamodb:Query", "arn:aws:dynamodb:"+region+":"+account+":table/"+table); err != nil {
		return nil, err
	}
	return []string{"1 lantern for ada", "2 drawbridges for wren"}, nil
}

func (f fakeAWS) putLogEvents(group, _ string) error {
	return f.ask("logs:PutLogEvents", "arn:aws:logs:"+region+":"+account+":log-group:"+group+":log-stream:1")
}

func (f fakeAWS) runInstances(int) error {
	return f.ask("ec2:RunInstances", "arn:aws:ec2:"+region+":"+account+":instance/*")
}

// ask decides an operation.
func (f fakeAWS) ask(action, resource string) error {
	side, err := f.snapshot.Resource(resource, "")
	if err != nil {
		return err
	}
	request := new(evaluate.Request)
	if err := request.SetFor(action, side); err != nil {
		return err
	}
	explanation := f.caller.Explain(request)
	f.from.addToCall(Step{Title: action, Decision: tell(explanation.Decision, explanation)})
	if !explanation.Decision.Allowed() {
		return errAccessDenied
	}
	return nil
}

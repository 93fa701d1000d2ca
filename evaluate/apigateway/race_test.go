package apigateway_test

import (
	"fmt"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate/apigateway"
)

// What authorizes is safe for any number of goroutines; run with -race.
func TestConcurrentUse(t *testing.T) {
	api := newAPI(t, statement(allow, everybody))
	out, err := api.ParseOutput(output(statement(allow, "")))
	if err != nil {
		t.Fatal(err)
	}
	user := caller(t, owner, statement(allow, ""))
	r := &apigateway.Request{Method: getPets, Context: new(condition.Context)}
	done := make(chan error)
	for range 8 {
		go func() {
			for range 100 {
				for _, got := range []apigateway.Result{api.AuthorizeOpen(r), api.AuthorizeIAM(user, r), api.AuthorizeLambda(r, func() (*apigateway.Output, error) { return out, nil })} {
					if !got.Allowed() {
						done <- fmt.Errorf("%v", got)
						return
					}
				}
			}
			done <- nil
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

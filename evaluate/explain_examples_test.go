package evaluate_test

import (
	"encoding/json"
	"fmt"
	"log"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
)

// explained explains whether wren may read a report.
func explained(object string, context *condition.Context) evaluate.Explanation {
	evaluator, err := evaluate.New(wren())
	if err != nil {
		log.Fatal(err)
	}
	request := evaluate.Request{Context: context}
	if err := request.Set("s3:GetObject", "arn:aws:s3:::reports/"+object, "111122223333"); err != nil {
		log.Fatal(err)
	}
	return evaluator.Explain(&request)
}

// What AWS would answer with, for users who know these sentences.
func ExampleExplanation_AccessDenied() {
	fmt.Println(explained("may.csv", nil).AccessDenied())
	fmt.Println(explained("pay/may.csv", nil).AccessDenied())

	// Output:
	// User: arn:aws:iam::111122223333:user/wren is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::reports/may.csv because no identity-based policy allows the s3:GetObject action
	// User: arn:aws:iam::111122223333:user/wren is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::reports/pay/may.csv with an explicit deny in an identity-based policy
}

// All that stands in the way, the explicit denials first.
func ExampleExplanation_Blockers() {
	for _, blocker := range explained("pay/may.csv", nil).Blockers() {
		fmt.Println(blocker)
	}

	// Output:
	// statement "NotPay" (6:5) of inline policy reports of user wren denies it
	// no identity-based policy allows it: statement "Read" (4:5) of inline policy reports of user wren would, but Bool aws:SecureTransport "true" does not hold, the key is missing
}

// What would have to be different in the request.
func ExampleExplanation_NearMisses() {
	context := new(condition.Context)
	context.Set("aws:SecureTransport", condition.Bool(false))
	denied := explained("may.csv", context)
	for _, near := range denied.NearMisses() {
		fmt.Println(near)
	}
	first := denied.NearMisses()[0]
	if first.Apply(context) { // it is the request's own key that has to change
		fmt.Println(explained("may.csv", context).Decision.Outcome)
	}

	// Output:
	// Allowed if aws:SecureTransport were "true"
	// Allowed if an identity-based policy allowed it
	// Allowed
}

// A question asked before all is known: what is left of it can be shown, stored,
// and answered later.
func ExampleExplanation_Residual() {
	context := new(condition.Context)
	context.SetUnknown("aws:SecureTransport")
	residual := explained("may.csv", context).Residual()
	fmt.Println(residual)

	condensed, err := json.Marshal(residual.Condition)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(condensed))

	known := new(condition.Context)
	known.Set("aws:SecureTransport", condition.Bool(true))
	fmt.Println(residual.Condition.Evaluate(known))

	// Output:
	// Undetermined: allowed exactly if Bool aws:SecureTransport "true"
	//   Allowed with aws:SecureTransport = "true"
	//   ImplicitlyDenied with aws:SecureTransport = "another value"
	// {"test":{"key":"aws:SecureTransport","operator":"Bool","values":["true"]}}
	// true
}

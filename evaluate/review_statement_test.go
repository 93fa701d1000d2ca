package evaluate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/principal"
)

// TestWhoCanStatements: whoever may, or perhaps may, has the own statement named,
// also if others are decided behind it.
func TestWhoCanStatements(t *testing.T) {
	t.Parallel()
	b := principal.NewBuilder()
	account := principal.AccountDetails{AccountID: "111122223333"}
	const people = 100 // more than a worker draws at once
	for number := range people {
		condition := ""
		if number%3 == 0 {
			condition = `,"Condition":{"StringEquals":{"test:a":"x"}}`
		}
		account.Users = append(account.Users, principal.UserDetail{Name: fmt.Sprintf("user%02d", number), Inline: []principal.NamedDocument{{
			Name:     "own",
			Document: fmt.Sprintf(`{"Version":"2012-10-17","Statement":{"Sid":"Own%02d","Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"%s}}`, number, condition),
		}}})
	}
	b.AddAccount(account)
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	q := evaluate.Question{Action: "sqs:SendMessage", Resource: "arn:aws:sqs:eu-west-1:111122223333:queue", Context: new(condition.Context)}
	q.Context.SetUnknown("test:a")
	answer, err := review(t, d).WhoCan(t.Context(), q, evaluate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	all := slices.Concat(answer.Allowed, answer.Undetermined)
	if len(all) != people || len(answer.Undetermined) != 34 {
		t.Fatalf("%d are allowed, %d undetermined", len(answer.Allowed), len(answer.Undetermined))
	}
	for _, one := range all {
		by, found := one.Decision.Statement()
		want := one.Caller[len(one.Caller)-len("00"):]
		if !found || by.Sid() != "Own"+want || !strings.HasSuffix(by.Source().AttachedTo, want) {
			t.Errorf("%s: %v", one.Caller, one.Decision)
		}
	}
}

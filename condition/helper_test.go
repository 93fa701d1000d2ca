package condition_test

import "github.com/portcullis-iam/portcullis/condition"

// test makes a condition.Test of canonical or other names.
func test(operator, key string, values ...string) condition.Test {
	o, err := condition.ParseOperator(operator)
	if err != nil {
		panic(err) // a mistake in the test itself
	}
	return condition.Test{Operator: o, Key: key, Values: values}
}

package condition_test

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/portcullis-iam/portcullis/condition"
)

// Compile a Condition element once, and evaluate it for every request.
func Example() {
	like, _ := condition.ParseOperator("StringLike")
	address, _ := condition.ParseOperator("IpAddress")
	block := condition.Compile([]condition.Test{
		{Operator: like, Key: "s3:prefix", Values: []string{"home/${aws:username}/*"}},
		{Operator: address, Key: "aws:SourceIp", Values: []string{"203.0.113.0/24"}},
	}, true)

	var request condition.Context
	request.Set("aws:SourceIp", condition.Addr(netip.MustParseAddr("203.0.113.77")))
	request.Set("aws:username", condition.String("wren"))
	for _, prefix := range []string{"home/wren/notes", "home/heron/notes"} {
		request.Set("s3:prefix", condition.String(prefix))
		fmt.Println(prefix, block.Evaluate(&condition.View{Supplied: &request}))
	}
	// Output:
	// home/wren/notes true
	// home/heron/notes false
}

// A context is reused from request to request; filling it again allocates
// nothing.
func ExampleContext() {
	var c condition.Context
	c.Set("aws:CurrentTime", condition.Time(time.Date(2026, 10, 1, 8, 30, 0, 0, time.UTC)))
	c.Set("aws:SecureTransport", condition.Bool(true))
	c.SetTag("aws:RequestTag", "team", condition.String("birds"))
	c.Set("aws:TagKeys", condition.List("team"))
	for key, value := range c.All() {
		fmt.Println(key, "=", value)
	}
	value, found := c.Lookup("AWS:requesttag/Team") // case does not matter
	fmt.Println(value, found)
	c.Reset()
	fmt.Println(c.Len(), "keys")
	// Output:
	// aws:CurrentTime = 2026-10-01T08:30:00Z
	// aws:SecureTransport = true
	// aws:RequestTag/team = birds
	// aws:TagKeys = [team]
	// birds true
	// 0 keys
}

// A key that is not known yet makes the answer unknown, unless something else
// decides.
func ExampleContext_SetUnknown() {
	equals, _ := condition.ParseOperator("StringEquals")
	boolean, _ := condition.ParseOperator("Bool")
	block := condition.Compile([]condition.Test{
		{Operator: equals, Key: "aws:ResourceTag/team", Values: []string{"birds"}},
		{Operator: boolean, Key: "aws:SecureTransport", Values: []string{"true"}},
	}, true)

	var c condition.Context
	view := &condition.View{Supplied: &c}
	c.SetUnknown("aws:ResourceTag/team")
	for _, secure := range []bool{true, false} {
		c.Set("aws:SecureTransport", condition.Bool(secure))
		fmt.Println(block.Evaluate(view), block.UnknownKeys(view, nil))
	}
	// Output:
	// unknown [aws:ResourceTag/team]
	// false [aws:ResourceTag/team]
}

// What the library knows of the principal wins over what the caller supplies.
func ExampleView() {
	var supplied, principal condition.Context
	supplied.SetTag("aws:PrincipalTag", "team", condition.String("root"))
	supplied.Set("aws:SourceIp", condition.String("203.0.113.77"))
	principal.SetTag("aws:PrincipalTag", "team", condition.String("birds"))
	view := &condition.View{Supplied: &supplied, Principal: &principal}
	for _, key := range []string{"aws:PrincipalTag/team", "aws:PrincipalTag/stage", "aws:SourceIp"} {
		value, found := view.Lookup(key)
		fmt.Printf("%s: %q %v\n", key, value.Text(), found)
	}
	// Output:
	// aws:PrincipalTag/team: "birds" true
	// aws:PrincipalTag/stage: "" false
	// aws:SourceIp: "203.0.113.77" true
}

func ExampleParseOperator() {
	o, err := condition.ParseOperator("forallvalues:stringnotlikeifexists")
	fmt.Println(o, err)
	fmt.Println(o.Base(), o.Qualifier(), o.IfExists(), o.Negated())
	_, err = condition.ParseOperator("NullIfExists")
	var wrong *condition.OperatorError
	fmt.Println(errors.As(err, &wrong), wrong.Reason == condition.NullIfExists)
	// Output:
	// ForAllValues:StringNotLikeIfExists <nil>
	// StringNotLike ForAllValues true true
	// true true
}

func ExampleFromMap() {
	c, err := condition.FromMap(map[string]any{
		"aws:SourceIp":           netip.MustParseAddr("203.0.113.77"),
		"aws:MultiFactorAuthAge": 240,
		"aws:TagKeys":            []string{"team", "stage"},
	})
	fmt.Println(c.Len(), err)
	_, err = condition.FromMap(map[string]any{"aws:TagKeys": nil})
	fmt.Println(err)
	// Output:
	// 3 <nil>
	// key "aws:TagKeys": null is no value; leave the key out to make it absent
}

func ExampleParseJSON() {
	c, err := condition.ParseJSON([]byte(`{"aws:SourceIp": "203.0.113.77", "aws:TagKeys": ["team"], "aws:MultiFactorAuthAge": 240}`))
	fmt.Println(c.Len(), err)
	_, err = condition.ParseJSON([]byte(`{"aws:SourceIp": "203.0.113.77",
  "AWS:sourceip": "203.0.113.78"}`))
	fmt.Println(err)
	// Output:
	// 3 <nil>
	// 2:3: key "AWS:sourceip": the key is there already; keys do not differ by case alone
}

// Context entries are what aws iam simulate-principal-policy takes.
func ExampleParseEntries() {
	c, err := condition.ParseEntries([]byte(`[
  {"ContextKeyName": "aws:MultiFactorAuthAge", "ContextKeyValues": ["240"], "ContextKeyType": "numeric"},
  {"ContextKeyName": "aws:TagKeys", "ContextKeyValues": ["team", "stage"], "ContextKeyType": "stringList"}]`))
	fmt.Println(c.Len(), err)
	// Output: 2 <nil>
}

// Which keys does a policy need, and which of them does a request lack?
func ExampleBlock_MissingKeys() {
	equals, _ := condition.ParseOperator("StringEquals")
	block := condition.Compile([]condition.Test{
		{Operator: equals, Key: "aws:ResourceTag/owner", Values: []string{"${aws:username}"}},
	}, true)
	var c condition.Context
	c.Set("aws:username", condition.String("wren"))
	fmt.Println(block.Keys())
	fmt.Println(block.MissingKeys(&condition.View{Supplied: &c}, nil))
	// Output:
	// [aws:ResourceTag/owner aws:username]
	// [aws:ResourceTag/owner]
}

func ExampleParseTemplate() {
	template := condition.ParseTemplate("home/${aws:username}/${aws:PrincipalTag/team, 'none'}/*", true)
	var c condition.Context
	c.Set("aws:username", condition.String("wren"))
	values, resolved := template.Resolve(&condition.View{Supplied: &c}, nil)
	fmt.Println(template.Keys(), values, resolved)
	// Output: [aws:username aws:PrincipalTag/team] [wren none] true
}

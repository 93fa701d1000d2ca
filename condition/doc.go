// Package condition holds what the Condition element of a policy is about:
// the context of a request as typed values under case-insensitive keys, the
// condition operators, policy variables, and condition blocks compiled to
// predicates.
//
// A [Context] is filled by the caller, once for every request:
//
//	var c condition.Context
//	c.Set("aws:SourceIp", condition.Addr(remote))
//	c.SetTag("aws:RequestTag", "team", condition.String("birds"))
//
// A [Block] is compiled once from the operators of one Condition element and
// evaluated any number of times against a [View], which is the supplied
// context covered by what the library knows of the principal and the resource:
//
//	block := condition.Compile(tests, true)
//	block.Evaluate(&condition.View{Supplied: &c})
//
// The answer is a [Truth]: true, false, or unknown, if it hangs on a key that
// was marked with [Context.SetUnknown].
//
// It is the second of the five packages that a decision flows through, and
// knows nothing of those to its right:
//
//	arn ◄── condition ◄── policy ◄── principal ◄── evaluate
//
// Compiled values are immutable and safe for concurrent use. Evaluation
// neither allocates nor locks nor, where the context holds values of the
// operator's type, parses.
//
// Where the documentation of AWS leaves a question open, the reading taken is
// stated at the place that implements it.
//
// Source: IAM User Guide, "IAM JSON policy elements: Condition", "Condition
// operators", "Conditions with multiple context keys or values",
// "Single-valued vs. multivalued context keys", "IAM policy elements:
// Variables and tags", "AWS global condition context keys".
package condition

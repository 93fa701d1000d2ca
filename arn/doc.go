// Package arn holds Amazon Resource Names: the six parts of an ARN, the ARNs
// of IAM's own entities, and the patterns that policies match ARNs with.
//
// It is the first of the five packages that a decision flows through, and
// knows nothing of the other four:
//
//	arn ◄── condition ◄── policy ◄── principal ◄── evaluate
//
// [Parse] takes any ARN apart without copying it. [ParseEntity] reads who or
// what an IAM or STS ARN names: a user, a role with its path, the session of a
// role. [CompilePattern] makes a matcher of what stands in the Resource
// element of a policy, with the rules that AWS applies to colons and
// wildcards.
//
// All values are immutable and safe for concurrent use.
//
// Source: IAM User Guide, "Identify AWS resources with Amazon Resource Names
// (ARNs)" and "IAM identifiers".
package arn

// Package evaluate decides: it puts a request before the policies of a
// principal and of a resource and tells whether AWS would allow it, and why.
//
// It is the last of the five packages that a decision flows through. An
// [Evaluator] is a principal made ready for many requests, a [Resource] the
// same for the other side, and a [Request] is what is asked, reusable. Two
// methods answer:
//
//	evaluator.Evaluate(&request)   // fast: no allocation, stops as early as precedence allows
//	evaluator.Explain(&request)    // slow: every layer, every statement that applies, missing keys
//
// They decide the same, always.
//
// # Whole directories
//
// A [Store] holds a [principal.Directory] for a service: it keeps what is ready
// of each caller and resource, and lets the directory be replaced under load,
// with one swap of a pointer. A [Snapshot] is one state of it:
//
//	decision, err := store.Load().Decide(caller, &request)
//
// A [Review] turns the question round: [Review.WhoCan] finds everybody in the
// directory who may do an action on a resource, by an inverted index and in
// parallel, and [Review.WhatCan] which of a list of actions a caller may do.
// [Ask] answers one question without any of it.
//
// # The decision
//
// A decision looks at up to seven layers of policies. First at their Deny
// statements: one that applies, in any layer, ends it. Then every layer that is
// needed must allow, in this order:
//
//  1. resource control policies, which only ever deny;
//  2. service control policies, at every level of the organization;
//  3. the policies of the VPC endpoint, if the request came through one;
//  4. the policy of the resource, which may grant on its own in one account,
//     must allow across accounts, and must allow for roles and KMS keys;
//  5. identity-based policies;
//  6. the permissions boundary;
//  7. session policies.
//
// Nothing is allowed by default, except to the root user of an account.
//
// Source: IAM User Guide, "Policy evaluation logic" and "How AWS enforcement
// code logic evaluates requests to allow or deny access".
package evaluate

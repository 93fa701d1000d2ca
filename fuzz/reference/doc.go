// Package reference is the judge for the fast engine: a second evaluator,
// written from the semantics text (SEMANTICS.md) alone, that shares no code
// with the engine and imports nothing but the standard library.
//
// It is meant to be held against the text line by line. Every rule is one
// small function whose comment names the section that it restates, every
// question is parsed, checked and answered from nothing, and nothing is
// compiled, indexed or cached. Where the text admits two readings,
// AMBIGUITIES.md beside this file says which one was taken and where.
//
// It is not an evaluator to use: it is slow, it explains little, it bounds
// neither the size nor the depth of its input beyond what encoding/json does,
// and it reports no soft findings. Its only users are tests that compare its
// answers with those of the engine.
//
// [Decide] reads the neutral case format (testdata/cases/FORMAT.md in the
// folder above). The work goes, in order, through
//
//	json.go        JSON that keeps duplicate keys and the text of numbers
//	request.go     the case: who asks what, with which documents
//	caller.go      who the caller is, and which identities it has
//	document.go    policy documents and the hard errors of 11.1
//	variables.go   ${...} in policy text
//	wildcards.go   * and ?
//	actions.go     Action and NotAction
//	resources.go   Resource and NotResource
//	principals.go  Principal and NotPrincipal, and the rows of table 5.3
//	conditions.go  the order of the rules for one condition key
//	operators.go   one pair of a request value and a policy value
//	values.go      numbers, dates, addresses, bytes
//	services.go    section 12
//	layers.go      which kind of policy applies to whom, and what it says
//	decision.go    the decision
package reference

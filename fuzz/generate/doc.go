// Package generate makes whole authorization questions for the fuzz suite: a request together with the documents of
// every layer that may decide it, in the neutral case format of the repository's conformance cases.
//
// A question is made structure first. A scenario (service, caller, relation of the accounts) and an aim (allowed,
// explicitly denied, implicitly denied, anything) are chosen, then statements are derived from the request so that
// they hold or miss by a hair. Nothing here knows what the right decision is: an aim is a bias, and the evaluators
// that are compared have the last word.
//
// The same code serves three sources of choices: a seed ([FromSeed]), the bytes of a native fuzz target ([FromBytes])
// and a property test's draws ([Cases]). Every source gives the simplest question when all its choices are zero, so
// that shrinking works.
package generate

// Package neutral answers questions in the neutral case format: one JSON
// object that states a request, all policies that bear on it, and, if it is a
// test, the answer. The format belongs to no tool; it is described in
// fuzz/testdata/cases/FORMAT.md.
//
// Answering a case, the decision takes the context as it is: nothing is
// derived from the principal or the resource.
package neutral

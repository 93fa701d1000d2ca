// Package compiled holds the form of a policy that decisions run on. Package
// policy fills it from a document and package evaluate reads it; users never
// name it.
//
// A [Statement] answers one question: does it apply to a [Query]? Everything
// that can be known before a request arrives is in its fields: folded action
// patterns, cut resource patterns, principals taken apart, conditions as
// predicates. All values are immutable once built and safe for concurrent use.
package compiled

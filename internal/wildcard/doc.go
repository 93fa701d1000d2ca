// Package wildcard matches text against the patterns of IAM policies: '*' is
// any run of characters, also an empty one, and '?' is exactly one Unicode
// code point.
//
// It has two forms. A [Pattern] is constant text; compiling finds out its
// shape, and matching runs the cheapest test for that shape on the text of the
// pattern itself, so a compiled pattern holds no copy of anything. A sequence
// of [Token]s is the form for patterns that hold policy variables, whose
// values are only known when a request arrives and are literal text even
// where they contain a '*', and for ARNs whose wildcards must stay within a
// segment.
//
// Matching never allocates, and its cost is linear, whoever wrote the pattern:
// a text of n code points takes some n steps for each 64 code points of a part
// between two stars that holds a '?', and some n steps in all otherwise.
package wildcard

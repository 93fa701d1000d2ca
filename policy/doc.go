// Package policy holds policy documents of AWS IAM: their syntax, what each
// kind of policy may hold, and the form that decisions are made from.
//
//	text ── Parse ──► Document ── Compile ──► Policy
//	                   │    ▲
//	                   │    └── built in code
//	                   ├── Check      what AWS would refuse
//	                   ├── Validate   what AWS would warn about
//	                   ├── Equal      what says the same
//	                   └── MarshalJSON
//
// [Parse] reads a document strictly. It gives a syntax tree in which every value
// knows its line and column, or all the reasons why there is none: a document
// that is not understood is never half a policy, for what is left out of a
// policy can be its Deny. The caller names the [Kind] of the policy, which says
// which elements are legal; the rules are those of [Document.Check].
//
// AWS saves documents that hold mistakes, such as an address that is none. They
// parse, and decide as AWS decides them; [Document.Validate] reports them, with
// the issue codes of IAM Access Analyzer.
//
// [Compile] makes of a document the [Policy] that decisions run on; [Load] parses
// and compiles at once.
//
// It is the third of the five packages that a decision flows through:
//
//	arn ◄── condition ◄── policy ◄── principal ◄── evaluate
//
// Source: IAM User Guide, "Grammar of the IAM JSON policy language" and "IAM
// JSON policy elements reference".
package policy

package policy

const (
	// MaxDocumentBytes bounds the text of a document. The largest quota for a
	// policy that customers write is 40,000 characters (delegation policies of
	// AWS Organizations), and the largest AWS-managed policy has 152,297 bytes;
	// a mebibyte leaves room and keeps every cost of parsing in milliseconds.
	//
	// Source: IAM User Guide, "IAM and AWS STS quotas"; AWS Organizations User
	// Guide, "Quotas for AWS Organizations".
	MaxDocumentBytes = 1 << 20

	// MaxDepth bounds how deep objects and arrays nest. A policy nests six
	// deep: document, statements, statement, Condition, operator, values. The
	// rest is for unknown elements, which deserve a better error than this one.
	MaxDepth = 32

	// MaxStatements bounds the statements of a document. AWS-managed policies
	// have up to 162; within MaxDocumentBytes there is room for 20,000 that are
	// complete, and for 300,000 that are empty, whose tree would take a hundred
	// times the memory of the text.
	MaxStatements = 4096

	// MaxErrors bounds how many errors are collected for one document. Nobody
	// reads more, and an attacker could make each of a million bytes one.
	MaxErrors = 100
)

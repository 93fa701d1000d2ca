package policy

const (
	EmptyVariable          Code = "EMPTY_VARIABLE"
	MissingBraceInVariable Code = "MISSING_BRACE_IN_VARIABLE"
	MissingQuoteInVariable Code = "MISSING_QUOTE_IN_VARIABLE"
)

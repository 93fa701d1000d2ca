package generate

// family is the type that an operator compares.
type family int

const (
	familyString family = iota
	familyNumeric
	familyDate
	familyBool
	familyBinary
	familyAddress
	familyARN
	familyNull
)

// comparison is what an operator asks about a pair of values, its negation aside.
type comparison int

const (
	compareEqual comparison = iota
	compareFold
	compareLike
	compareLess
	compareLessOrEqual
	compareGreater
	compareGreaterOrEqual
)

// operator is one condition operator without set qualifier and IfExists.
type operator struct {
	name       string
	family     family
	comparison comparison
	negated    bool
}

var operators = []operator{
	{"StringEquals", familyString, compareEqual, false},
	{"StringNotEquals", familyString, compareEqual, true},
	{"StringEqualsIgnoreCase", familyString, compareFold, false},
	{"StringNotEqualsIgnoreCase", familyString, compareFold, true},
	{"StringLike", familyString, compareLike, false},
	{"StringNotLike", familyString, compareLike, true},
	{"NumericEquals", familyNumeric, compareEqual, false},
	{"NumericNotEquals", familyNumeric, compareEqual, true},
	{"NumericLessThan", familyNumeric, compareLess, false},
	{"NumericLessThanEquals", familyNumeric, compareLessOrEqual, false},
	{"NumericGreaterThan", familyNumeric, compareGreater, false},
	{"NumericGreaterThanEquals", familyNumeric, compareGreaterOrEqual, false},
	{"DateEquals", familyDate, compareEqual, false},
	{"DateNotEquals", familyDate, compareEqual, true},
	{"DateLessThan", familyDate, compareLess, false},
	{"DateLessThanEquals", familyDate, compareLessOrEqual, false},
	{"DateGreaterThan", familyDate, compareGreater, false},
	{"DateGreaterThanEquals", familyDate, compareGreaterOrEqual, false},
	{"Bool", familyBool, compareEqual, false},
	{"BinaryEquals", familyBinary, compareEqual, false},
	{"IpAddress", familyAddress, compareEqual, false},
	{"NotIpAddress", familyAddress, compareEqual, true},
	{"ArnEquals", familyARN, compareLike, false},
	{"ArnNotEquals", familyARN, compareLike, true},
	{"ArnLike", familyARN, compareLike, false},
	{"ArnNotLike", familyARN, compareLike, true},
	{"Null", familyNull, compareEqual, false},
}

// Operators returns the names of all condition operators, without set qualifiers and IfExists.
func Operators() []string {
	names := make([]string, len(operators))
	for i, op := range operators {
		names[i] = op.name
	}
	return names
}

// takesVariables says whether variables are substituted in the operator's values.
func (op operator) takesVariables() bool {
	return op.family == familyString || op.family == familyARN || op.family == familyBool
}

// The set qualifiers as they are written.
const (
	prefixAnyValue  = "ForAnyValue:"
	prefixAllValues = "ForAllValues:"
	suffixIfExists  = "IfExists"
)

// contextKeys are the keys that are usual for a family; the last ones are usual as lists.
var contextKeys = [...][]string{
	familyString:  {"aws:PrincipalTag/team", "aws:ResourceTag/Project", "aws:RequestTag/env", "aws:username", "s3:prefix", "aws:PrincipalOrgID", "sts:ExternalId", "aws:SourceVpce", "aws:PrincipalTag/cost center", "aws:TagKeys", "aws:PrincipalOrgPaths", "aws:CalledVia"},
	familyNumeric: {"s3:max-keys", "aws:MultiFactorAuthAge", "sts:DurationSeconds", "app:Sizes"},
	familyDate:    {"aws:CurrentTime", "aws:TokenIssueTime", "aws:EpochTime", "app:Days"},
	familyBool:    {"aws:SecureTransport", "aws:MultiFactorAuthPresent", "aws:ViaAWSService", "app:Flags"},
	familyBinary:  {"app:Token", "app:Digest", "app:Digests"},
	familyAddress: {"aws:SourceIp", "aws:VpcSourceIp", "app:Addresses"},
	familyARN:     {"aws:PrincipalArn", "aws:SourceArn", "lambda:SourceFunctionArn", "iam:PolicyARN", "app:Arns"},
	familyNull:    {"aws:MultiFactorAuthAge", "aws:TokenIssueTime", "aws:SourceVpce", "aws:PrincipalTag/team", "aws:TagKeys"},
}

// isListKey says whether the key is usually a list.
func isListKey(key string) bool {
	switch key {
	case "aws:TagKeys", "aws:PrincipalOrgPaths", "aws:CalledVia", "app:Sizes", "app:Days", "app:Flags", "app:Digests", "app:Addresses", "app:Arns":
		return true
	}
	return false
}

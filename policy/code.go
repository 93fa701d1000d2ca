package policy

// A Code tells errors and findings apart. Where IAM Access Analyzer has an
// issue code for the same thing the Code is that one; the others are of this
// package, in the same style.
//
// Source: IAM User Guide, "IAM policy validation check reference".
type Code string

// The codes of errors, in the order in which a document is read. Each comment
// ends in a document that has this error and no other; the tests parse it.
const (
	// InvalidPolicyKind: Parse or Check was called without a valid Kind.
	InvalidPolicyKind Code = "INVALID_POLICY_KIND"
	// DocumentTooLarge: the text is longer than MaxDocumentBytes.
	DocumentTooLarge Code = "DOCUMENT_TOO_LARGE"
	// NestingTooDeep: objects and arrays nest deeper than MaxDepth.
	NestingTooDeep Code = "NESTING_TOO_DEEP"
	// JSONSyntaxError: the text is not JSON, from the position on.
	//
	//	{"Statement": [],}
	JSONSyntaxError Code = "JSON_SYNTAX_ERROR"
	// InvalidUnicode: the text is not UTF-8, or writes half of a surrogate
	// pair, so that its strings have no certain meaning.
	//
	//	{"Id": "\ud800", "Statement": []}
	InvalidUnicode Code = "INVALID_UNICODE"
	// DataTypeMismatch: a value has a JSON type that its place does not take.
	//
	//	{"Statement": "Allow"}
	DataTypeMismatch Code = "DATA_TYPE_MISMATCH"
	// InvalidPolicyElement: there is no such element. Names are exact, letter
	// case included.
	//
	//	{"Statement": [], "version": "2012-10-17"}
	InvalidPolicyElement Code = "INVALID_POLICY_ELEMENT"
	// DuplicateKey: an object has the same name twice.
	//
	//	{"Statement": [], "Statement": []}
	DuplicateKey Code = "DUPLICATE_KEY"
	// DuplicateKeysWithDifferentCase: an object has two condition operators, or
	// two context keys, that differ in nothing but letter case, and so are one.
	//
	//	{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Null": {"aws:userid": "true", "aws:UserId": "true"}}}}
	DuplicateKeysWithDifferentCase Code = "DUPLICATE_KEYS_WITH_DIFFERENT_CASE"
	// InvalidVersion: Version is neither 2012-10-17 nor 2008-10-17.
	//
	//	{"Version": "2012-10-18", "Statement": []}
	InvalidVersion Code = "INVALID_VERSION"
	// MissingStatement: the document has no Statement.
	//
	//	{"Version": "2012-10-17"}
	MissingStatement Code = "MISSING_STATEMENT"
	// TooManyStatements: the document has more than MaxStatements.
	TooManyStatements Code = "TOO_MANY_STATEMENTS"
	// MissingEffect: a statement has no Effect.
	//
	//	{"Statement": {"Action": "*", "Resource": "*"}}
	MissingEffect Code = "MISSING_EFFECT"
	// InvalidEffect: Effect is neither Allow nor Deny.
	//
	//	{"Statement": {"Effect": "allow", "Action": "*", "Resource": "*"}}
	InvalidEffect Code = "INVALID_EFFECT"
	// UnsupportedElementCombination: a statement has both an element and its
	// negation, of which it may have one.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "NotAction": "s3:*", "Resource": "*"}}
	UnsupportedElementCombination Code = "UNSUPPORTED_ELEMENT_COMBINATION"
	// MissingPrincipal: the kind of policy needs Principal or NotPrincipal.
	//
	//	resource-based: {"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
	MissingPrincipal Code = "MISSING_PRINCIPAL"
	// UnsupportedPrincipal: the kind of policy takes no Principal and no
	// NotPrincipal.
	//
	//	{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}
	UnsupportedPrincipal Code = "UNSUPPORTED_PRINCIPAL"
	// SCPSyntaxErrorPrincipal: the same in a service control policy.
	//
	//	service control: {"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}
	SCPSyntaxErrorPrincipal Code = "SCP_SYNTAX_ERROR_PRINCIPAL"
	// InvalidPrincipalFormat: Principal or NotPrincipal is neither "*" nor an
	// object.
	//
	//	resource-based: {"Statement": {"Effect": "Allow", "Principal": "210987654321", "Action": "s3:*"}}
	InvalidPrincipalFormat Code = "INVALID_PRINCIPAL_FORMAT"
	// InvalidPrincipalKey: a type of principal is none of AWS, Service,
	// Federated and CanonicalUser.
	//
	//	resource-based: {"Statement": {"Effect": "Allow", "Principal": {"aws": "*"}, "Action": "s3:*"}}
	InvalidPrincipalKey Code = "INVALID_PRINCIPAL_KEY"
	// RoleTrustNotPrincipal: a role trust policy has NotPrincipal.
	//
	//	role trust: {"Statement": {"Effect": "Deny", "NotPrincipal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}
	RoleTrustNotPrincipal Code = "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL"
	// RoleTrustResource: a role trust policy has Resource or NotResource.
	//
	//	role trust: {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Resource": "*"}}
	RoleTrustResource Code = "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE"
	// MissingAction: a statement has neither Action nor NotAction.
	//
	//	{"Statement": {"Effect": "Allow", "Resource": "*"}}
	MissingAction Code = "MISSING_ACTION"
	// InvalidActionFormat: an action is neither * nor prefix:name.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "GetObject", "Resource": "*"}}
	InvalidActionFormat Code = "INVALID_ACTION_FORMAT"
	// MissingResource: the kind of policy needs Resource or NotResource.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*"}}
	MissingResource Code = "MISSING_RESOURCE"
	// InvalidARNPrefix: a resource is neither * nor begins with "arn:".
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "my-bucket"}}
	InvalidARNPrefix Code = "INVALID_ARN_PREFIX"
	// MissingARNField: a session policy has an ARN of fewer than six segments.
	//
	//	session: {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3"}}
	MissingARNField Code = "MISSING_ARN_FIELD"
	// InvalidConditionOperator: there is no such operator.
	//
	//	{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringIs": {}}}}
	InvalidConditionOperator Code = "INVALID_CONDITION_OPERATOR"
	// NullWithIfExists: the operator Null has the suffix IfExists.
	//
	//	{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"NullIfExists": {}}}}
	NullWithIfExists Code = "NULL_WITH_IF_EXISTS"
	// RCPSyntaxErrorPrincipal: the principal of a resource control policy is
	// not the plain string "*".
	//
	//	resource control: {"Statement": {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "s3:*", "Resource": "*"}}
	RCPSyntaxErrorPrincipal Code = "RCP_SYNTAX_ERROR_PRINCIPAL"
	// RCPSyntaxErrorAllow: a resource control policy allows something other
	// than everything to everyone, which is RCPFullAWSAccess.
	//
	//	resource control: {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}}
	RCPSyntaxErrorAllow Code = "RCP_SYNTAX_ERROR_ALLOW"
	// RCPSyntaxErrorNotAction: a resource control policy has NotAction.
	//
	//	resource control: {"Statement": {"Effect": "Deny", "Principal": "*", "NotAction": "s3:*", "Resource": "*"}}
	RCPSyntaxErrorNotAction Code = "RCP_SYNTAX_ERROR_NOTACTION"
	// RCPSyntaxErrorAction: a resource control policy denies the action "*"
	// without naming a service.
	//
	//	resource control: {"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}
	RCPSyntaxErrorAction Code = "RCP_SYNTAX_ERROR_ACTION"
)

package policy

// The codes of findings, in the order of the elements. Each comment ends in a
// document that has this finding; the tests validate it.
const (
	// MissingVersion: the document has no Version, so that policy variables do
	// not work.
	//
	//	{"Statement": []}
	MissingVersion Code = "MISSING_VERSION"
	// UnsupportedID: a policy that is not attached to a resource has an Id.
	//
	//	{"Id": "x", "Statement": []}
	UnsupportedID Code = "UNSUPPORTED_ID"
	// EmptyArrayStatement: the document has no statements and no effect.
	//
	//	{"Statement": []}
	EmptyArrayStatement Code = "EMPTY_ARRAY_STATEMENT"
	// PolicySizeExceedsIdentityPolicyQuota: an identity-based policy or
	// permissions boundary is longer than a managed policy may be.
	PolicySizeExceedsIdentityPolicyQuota Code = "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA"
	// PolicySizeExceedsSessionPolicyQuota: a session policy is too long.
	PolicySizeExceedsSessionPolicyQuota Code = "POLICY_SIZE_EXCEEDS_SESSION_POLICY_QUOTA"
	// PolicySizeExceedsResourcePolicyQuota: a resource-based policy is longer
	// than most services take.
	PolicySizeExceedsResourcePolicyQuota Code = "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA"
	// PolicySizeExceedsRoleTrustPolicyQuota: a role trust policy is longer than
	// the default quota.
	PolicySizeExceedsRoleTrustPolicyQuota Code = "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA"
	// PolicySizeExceedsSCPQuota: a service control policy is too long.
	PolicySizeExceedsSCPQuota Code = "POLICY_SIZE_EXCEEDS_SCP_QUOTA"
	// PolicySizeExceedsRCPQuota: a resource control policy is too long.
	PolicySizeExceedsRCPQuota Code = "POLICY_SIZE_EXCEEDS_RCP_QUOTA"
	// PolicySizeExceedsVPCEndpointPolicyQuota: a VPC endpoint policy is too
	// long.
	PolicySizeExceedsVPCEndpointPolicyQuota Code = "POLICY_SIZE_EXCEEDS_VPC_ENDPOINT_POLICY_QUOTA"
	// RedundantStatement: a statement says what an earlier one says.
	//
	//	{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Allow", "Resource": ["*"], "Action": "*"}]}
	RedundantStatement Code = "REDUNDANT_STATEMENT"

	// EmptySidValue: a Sid is empty.
	//
	//	{"Statement": {"Sid": "", "Effect": "Allow", "Action": "*", "Resource": "*"}}
	EmptySidValue Code = "EMPTY_SID_VALUE"
	// UnsupportedSid: a Sid has characters other than letters and digits, where
	// IAM or Organizations keeps the policy.
	//
	//	{"Statement": {"Sid": "all of it", "Effect": "Allow", "Action": "*", "Resource": "*"}}
	UnsupportedSid Code = "UNSUPPORTED_SID"
	// UniqueSidsRequired: two statements have the same Sid.
	//
	//	{"Statement": [{"Sid": "a", "Effect": "Allow", "Action": "*", "Resource": "*"}, {"Sid": "a", "Effect": "Deny", "Action": "a:b", "Resource": "*"}]}
	UniqueSidsRequired Code = "UNIQUE_SIDS_REQUIRED"
	// UniqueSidsRecommended: the same where a service may take it.
	//
	//	resource-based: {"Statement": [{"Sid": "a", "Effect": "Allow", "Principal": "*", "Action": "*"}, {"Sid": "a", "Effect": "Deny", "Principal": "*", "Action": "a:b"}]}
	UniqueSidsRecommended Code = "UNIQUE_SIDS_RECOMMENDED"

	// AllowWithNotPrincipal: Allow with NotPrincipal grants to everybody else,
	// anonymous callers included.
	//
	//	resource-based: {"Statement": {"Effect": "Allow", "NotPrincipal": {"AWS": "210987654321"}, "Action": "s3:*"}}
	AllowWithNotPrincipal Code = "ALLOW_WITH_NOT_PRINCIPAL"
	// EmptyArrayPrincipal: a type of principal has no values.
	//
	//	resource-based: {"Statement": {"Effect": "Allow", "Principal": {"AWS": []}, "Action": "s3:*"}}
	EmptyArrayPrincipal Code = "EMPTY_ARRAY_PRINCIPAL"
	// EmptyObjectPrincipal: Principal names nobody, and the statement has no
	// effect.
	//
	//	resource-based: {"Statement": {"Effect": "Allow", "Principal": {}, "Action": "s3:*"}}
	EmptyObjectPrincipal Code = "EMPTY_OBJECT_PRINCIPAL"
	// UnsupportedWildcardInPrincipal: a wildcard is part of a principal, or
	// stands under a type other than AWS; it is no wildcard there.
	//
	//	resource-based: {"Statement": {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::210987654321:role/*"}, "Action": "s3:*"}}
	UnsupportedWildcardInPrincipal Code = "UNSUPPORTED_WILDCARD_IN_PRINCIPAL"
	// RoleTrustWildcardPrincipal: anybody may assume the role.
	//
	//	role trust: {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}
	RoleTrustWildcardPrincipal Code = "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL"
	// FederatedPrincipalNotSupported: Federated works in trust policies only.
	//
	//	resource-based: {"Statement": {"Effect": "Allow", "Principal": {"Federated": "accounts.google.com"}, "Action": "s3:*"}}
	FederatedPrincipalNotSupported Code = "FEDERATED_PRINCIPAL_NOT_SUPPORTED"
	// InvalidUserReference: the unique id of a user, mostly one that was
	// deleted.
	//
	//	resource-based: {"Statement": {"Effect": "Allow", "Principal": {"AWS": "AIDACKCEVSQ6C2EXAMPLE"}, "Action": "s3:*"}}
	InvalidUserReference Code = "INVALID_USER_REFERENCE"
	// InvalidRoleReference: the unique id of a role, mostly one that was
	// deleted.
	//
	//	resource-based: {"Statement": {"Effect": "Allow", "Principal": {"AWS": "AROACKCEVSQ6C2EXAMPLE"}, "Action": "s3:*"}}
	InvalidRoleReference Code = "INVALID_ROLE_REFERENCE"

	// EmptyArrayAction: Action or NotAction is empty, and the statement has no
	// effect.
	//
	//	{"Statement": {"Effect": "Allow", "Action": [], "Resource": "*"}}
	EmptyArrayAction Code = "EMPTY_ARRAY_ACTION"
	// WildcardInServiceName: the prefix of an action, or the service of an ARN,
	// has a wildcard.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "s*:GetObject", "Resource": "*"}}
	WildcardInServiceName Code = "WILDCARD_IN_SERVICE_NAME"
	// UnsupportedActionInPolicy: an action of a trust policy is not one of AWS
	// STS.
	//
	//	role trust: {"Statement": {"Effect": "Allow", "Principal": {"AWS": "210987654321"}, "Action": "s3:GetObject"}}
	UnsupportedActionInPolicy Code = "UNSUPPORTED_ACTION_IN_POLICY"
	// RedundantAction: an action stands in the list before.
	//
	//	{"Statement": {"Effect": "Allow", "Action": ["s3:GetObject", "s3:getobject"], "Resource": "*"}}
	RedundantAction Code = "REDUNDANT_ACTION"

	// EmptyArrayResource: Resource or NotResource is empty, and the statement
	// has no effect.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": []}}
	EmptyArrayResource Code = "EMPTY_ARRAY_RESOURCE"
	// RedundantResource: a resource stands in the list before.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": ["*", "*"]}}
	RedundantResource Code = "REDUNDANT_RESOURCE"
	// InvalidARNServiceCase: the service of an ARN has capital letters.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:S3:::b"}}
	InvalidARNServiceCase Code = "INVALID_ARN_SERVICE_CASE"
	// InvalidARNAccount: the account of an ARN is not twelve digits.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:sqs:eu-west-1:12345:q"}}
	InvalidARNAccount Code = "INVALID_ARN_ACCOUNT"

	// VariableUnsupportedInVersion: a policy variable in a document without
	// Version 2012-10-17 is ordinary text.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b/${aws:username}"}}
	VariableUnsupportedInVersion Code = "VARIABLE_UNSUPPORTED_IN_VERSION"
	// VariableUnsupportedInElement: a policy variable in a place that has none,
	// or before the fifth colon of a resource, where it is not documented.
	//
	//	{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:${aws:username}", "Resource": "*"}}
	VariableUnsupportedInElement Code = "VARIABLE_UNSUPPORTED_IN_ELEMENT"
	// EmptyVariable: a policy variable has no name and is ordinary text.
	//
	//	{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b/${}"}}
	EmptyVariable Code = "EMPTY_VARIABLE"
	// MissingBraceInVariable: a policy variable is not closed and is ordinary
	// text.
	//
	//	{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b/${aws:username"}}
	MissingBraceInVariable Code = "MISSING_BRACE_IN_VARIABLE"
	// MissingQuoteInVariable: the default of a policy variable is not closed,
	// and the whole is ordinary text.
	//
	//	{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b/${aws:username, 'x}"}}
	MissingQuoteInVariable Code = "MISSING_QUOTE_IN_VARIABLE"
	// UnsupportedSpaceInVariable: the name of a policy variable has a space. It
	// works here, for tag keys may have spaces, but AWS advises against it.
	//
	//	{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b/${aws:PrincipalTag/cost center}"}}
	UnsupportedSpaceInVariable Code = "UNSUPPORTED_SPACE_IN_VARIABLE"

	// EmptyObjectCondition: Condition or an operator in it is empty, and true.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {}}}
	EmptyObjectCondition Code = "EMPTY_OBJECT_CONDITION"
	// OperatorSpelling: a condition operator is not in its canonical letter
	// case, about which AWS promises nothing.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"bool": {"aws:SecureTransport": true}}}}
	OperatorSpelling Code = "OPERATOR_SPELLING"
	// NullWithQualifier: ForAllValues:Null is always true, ForAnyValue:Null
	// always false.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"ForAllValues:Null": {"aws:TagKeys": true}}}}
	NullWithQualifier Code = "NULL_WITH_QUALIFIER"
	// InvalidConditionKeyFormat: a condition key is not prefix:name.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"SecureTransport": true}}}}
	InvalidConditionKeyFormat Code = "INVALID_CONDITION_KEY_FORMAT"
	// MissingTagKeyInCondition: a condition key for tags names no tag.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag": "a"}}}}
	MissingTagKeyInCondition Code = "MISSING_TAG_KEY_IN_CONDITION"
	// EmptyArrayCondition: a condition key has no values, which is never true.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": []}}}}
	EmptyArrayCondition Code = "EMPTY_ARRAY_CONDITION"
	// EmptyArrayConditionForAllValues: the same under ForAllValues, which is
	// true exactly when the key is absent.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"ForAllValues:StringLike": {"aws:TagKeys": []}}}}
	EmptyArrayConditionForAllValues Code = "EMPTY_ARRAY_CONDITION_FORALLVALUES"
	// EmptyArrayConditionForAnyValue: the same under ForAnyValue, which is never
	// true.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"ForAnyValue:StringLike": {"aws:TagKeys": []}}}}
	EmptyArrayConditionForAnyValue Code = "EMPTY_ARRAY_CONDITION_FORANYVALUE"
	// EmptyArrayConditionIfExists: the same with IfExists, which is true exactly
	// when the key is absent.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"BoolIfExists": {"aws:SecureTransport": []}}}}
	EmptyArrayConditionIfExists Code = "EMPTY_ARRAY_CONDITION_IFEXISTS"
	// InvalidConditionDataType: the values of a key have several JSON types.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"NumericEquals": {"s3:max-keys": [1, "2"]}}}}
	InvalidConditionDataType Code = "INVALID_CONDITION_DATA_TYPE"
	// InvalidConditionMultipleBoolean: a Bool or Null has several values, and is
	// always true with both.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": [true, false]}}}}
	InvalidConditionMultipleBoolean Code = "INVALID_CONDITION_MULTIPLE_BOOLEAN"
	// InvalidVariableForOperator: a policy variable under an operator that AWS
	// does not document to take any.
	//
	//	{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"a:b": "${c:d}"}}}}
	InvalidVariableForOperator Code = "INVALID_VARIABLE_FOR_OPERATOR"
	// WildcardWithoutLikeOperator: a wildcard under an operator that compares
	// it as an ordinary character.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:username": "w*"}}}}
	WildcardWithoutLikeOperator Code = "WILDCARD_WITHOUT_LIKE_OPERATOR"
	// TypeMismatch: a value of an Arn operator is not an ARN, and matches
	// nothing.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": "wren"}}}}
	TypeMismatch Code = "TYPE_MISMATCH"
	// TypeMismatchBoolean: a value of Bool or Null is not true or false, and
	// matches nothing.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "yes"}}}}
	TypeMismatchBoolean Code = "TYPE_MISMATCH_BOOLEAN"
	// TypeMismatchDate: a value of a Date operator is not a date, and matches
	// nothing.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"DateLessThan": {"aws:CurrentTime": "tomorrow"}}}}
	TypeMismatchDate Code = "TYPE_MISMATCH_DATE"
	// TypeMismatchNumber: a value of a Numeric operator is not a number, and
	// matches nothing.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"NumericEquals": {"s3:max-keys": "ten"}}}}
	TypeMismatchNumber Code = "TYPE_MISMATCH_NUMBER"
	// TypeMismatchString: a value of BinaryEquals is not base64, and matches
	// nothing.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"BinaryEquals": {"a:b": "a"}}}}
	TypeMismatchString Code = "TYPE_MISMATCH_STRING"
	// TypeMismatchIPRange: a value of an IpAddress operator is not an address or
	// range, and matches nothing.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113"}}}}
	TypeMismatchIPRange Code = "TYPE_MISMATCH_IP_RANGE"
	// ImproveIPRange: a range has bits behind its prefix, which do not count.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.9/24"}}}}
	ImproveIPRange Code = "IMPROVE_IP_RANGE"
)

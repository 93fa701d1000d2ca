package catalog

import "github.com/portcullis-iam/portcullis/policy"

// The codes of the findings of [Check], in addition to
// [policy.MissingTagKeyInCondition] and [policy.TypeMismatch]. All are issue
// codes of IAM Access Analyzer. Each comment ends in a document that has this
// finding; the tests check it.
//
// Source: IAM User Guide, "IAM policy validation check reference".
const (
	// InvalidServiceInAction: the catalog has no service with the prefix of an
	// action.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "s4:GetObject", "Resource": "*"}}
	InvalidServiceInAction policy.Code = "INVALID_SERVICE_IN_ACTION"
	// InvalidAction: the service has no such action, or none that the pattern
	// matches.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "s3:GetObjekt*", "Resource": "*"}}
	InvalidAction policy.Code = "INVALID_ACTION"
	// InvalidService: the catalog has no service with the prefix of a condition
	// key, which is not that of an identity provider either.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"s4:prefix": "a"}}}}
	InvalidService policy.Code = "INVALID_SERVICE"
	// InvalidGlobalConditionKey: there is no such key that begins with aws:.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceIpAddress": "a"}}}}
	InvalidGlobalConditionKey policy.Code = "INVALID_GLOBAL_CONDITION_KEY"
	// InvalidServiceConditionKey: the service has no such condition key.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"s3:prefixes": "a"}}}}
	InvalidServiceConditionKey policy.Code = "INVALID_SERVICE_CONDITION_KEY"
	// MissingQualifier: an operator without ForAllValues or ForAnyValue compares
	// a key that can have several values.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:TagKeys": "team"}}}}
	MissingQualifier policy.Code = "MISSING_QUALIFIER"
	// ForAllValuesWithSingleValuedKey: ForAllValues compares a key that has one
	// value, so that the only effect of it is that an absent key makes the
	// condition true.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"ForAllValues:StringEquals": {"aws:RequestTag/team": "birds"}}}}
	ForAllValuesWithSingleValuedKey policy.Code = "FORALLVALUES_WITH_SINGLE_VALUED_KEY"
	// StringLikeOperatorWithARNConditionKeys: a StringLike operator compares a
	// key whose values are ARNs, so that a wildcard runs over the colons between
	// their parts.
	//
	//	{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/wren"}}}}
	StringLikeOperatorWithARNConditionKeys policy.Code = "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS"
)

// severity is that of IAM Access Analyzer.
func severity(code policy.Code) policy.Severity {
	switch code {
	case ForAllValuesWithSingleValuedKey, StringLikeOperatorWithARNConditionKeys:
		return policy.SeveritySecurityWarning
	case policy.TypeMismatch:
		return policy.SeverityWarning
	}
	return policy.SeverityError
}

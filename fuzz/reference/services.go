package reference

import "strings"

// trustActions are the actions for which the resource policy is the role's
// trust policy, and must allow (12 STS).
var trustActions = []string{
	"sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity",
	"sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext",
}

func isTrustAction(action string) bool { return isAction(action, trustActions...) }

// mustResourcePolicyAllow: 5.4: role trust policies, and key policies for a kms
// action on a key ARN (11.5 A missing input denies; 12 KMS keys).
func (q question) mustResourcePolicyAllow() bool {
	if isTrustAction(q.action) {
		return true
	}
	return actionService(q.action) == "kms" && q.isResource("kms", "key/")
}

// isResource reports whether the request's resource is an ARN of the service
// whose sixth part begins with prefix, in any partition and account.
func (q question) isResource(service, prefix string) bool {
	return arnPart(q.resource, partService) == service &&
		strings.HasPrefix(arnPart(q.resource, partResource), prefix)
}

// isAllowedInSpiteOfDenies: 12 STS: GetCallerIdentity for any signed caller,
// GetSessionToken for IAM users and root.
func (q question) isAllowedInSpiteOfDenies() bool {
	switch {
	case isAction(q.action, "sts:GetCallerIdentity"):
		// Unsigned are anonymous calls and the calls of providers (5.6).
		return q.caller.kind != anonymousCaller && q.caller.kind != providerCaller
	case isAction(q.action, "sts:GetSessionToken"):
		return q.caller.kind == userCaller || q.caller.kind == rootCaller
	}
	return false
}

// serviceRule is a question that section 12 implicitly denies whatever the
// policies say.
type serviceRule struct {
	name   string
	denies func(question) bool
}

var serviceRules = []serviceRule{
	{"12 STS: root users cannot assume roles", rootAssumesRole},
	{"12 STS: GetSessionToken is for IAM users and root", othersGetSessionToken},
	{"12 STS: federated users have no iam and sts actions", federatedUserOnIAM},
	{"12 STS: role sessions have no GetFederationToken", roleGetsFederationToken},
	{"12 KMS: aliases of AWS cannot be changed", changesAWSAlias},
	{"12 IAM: managed policies of AWS cannot be changed", changesAWSPolicy},
	{"12 IAM: reserved roles cannot be changed", changesReservedRole},
	{"12 IAM: roles under /aws-reserved/ cannot be made or tagged", changesAWSReservedRole},
}

func rootAssumesRole(q question) bool {
	return q.caller.kind == rootCaller &&
		isAction(q.action, "sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")
}

func othersGetSessionToken(q question) bool {
	return isAction(q.action, "sts:GetSessionToken") && !q.isAllowedInSpiteOfDenies()
}

func federatedUserOnIAM(q question) bool {
	service := actionService(q.action)
	return q.caller.kind == federatedUserCaller && (service == "iam" || service == "sts") &&
		!isAction(q.action, "sts:GetCallerIdentity")
}

func roleGetsFederationToken(q question) bool {
	return q.caller.kind == roleCaller && isAction(q.action, "sts:GetFederationToken")
}

func changesAWSAlias(q question) bool {
	return isAction(q.action, "kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias") &&
		q.isResource("kms", "alias/aws/")
}

func changesAWSPolicy(q question) bool {
	return isAction(q.action, "iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy",
		"iam:DeletePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:TagPolicy", "iam:UntagPolicy") &&
		q.isResource("iam", "policy/") && arnPart(q.resource, partAccount) == "aws"
}

func changesReservedRole(q question) bool {
	return isAction(q.action, "iam:AttachRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePolicy",
		"iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary", "iam:DeleteRolePermissionsBoundary",
		"iam:UpdateAssumeRolePolicy", "iam:DeleteRole") &&
		(q.isResource("iam", "role/aws-reserved/") || q.isResource("iam", "role/aws-service-role/"))
}

func changesAWSReservedRole(q question) bool {
	return isAction(q.action, "iam:CreateRole", "iam:UpdateRole", "iam:UpdateRoleDescription",
		"iam:TagRole", "iam:UntagRole") && q.isResource("iam", "role/aws-reserved/")
}

// matchedResource: 12 S3: s3:ListAllMyBuckets is asked on * and matched by *
// alone, whatever ARN the request names.
func (q question) matchedResource() string {
	if isAction(q.action, "s3:ListAllMyBuckets") {
		return "*"
	}
	return q.resource
}

// isRootRepairingBucketPolicy: 12 S3: for the root user of the bucket's own
// account, Deny statements of the bucket policy do not apply to these.
func (q question) isRootRepairingBucketPolicy() bool {
	return q.caller.kind == rootCaller && q.isSameAccount() &&
		isAction(q.action, "s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy")
}

// isExemptFromResourceControl: 12 KMS keys: kms:RetireGrant.
func (q question) isExemptFromResourceControl() bool {
	return isAction(q.action, "kms:RetireGrant")
}

// Package principal knows who asks: accounts with their users, groups, roles
// and managed policies, the resources that have policies of their own, and the
// organization above the accounts. It is the fourth of the five packages that
// a decision flows through:
//
//	arn ◄── condition ◄── policy ◄── principal ◄── evaluate
//
// A [Directory] is an immutable snapshot of all that. It comes from what people
// have at hand, the output of
//
//	aws iam get-account-authorization-details
//
// in one call of [Load]; or from a [Builder], which takes such files, plain
// structs built in code, resource policies and an [Organization]. Bad input is
// an [Errors] with every fault in it. A reference that leads nowhere is a
// [Problem]: it never grants, and it is reported.
//
// [Directory.Principal] finds the policies that apply to a caller, and
// [Directory.Resource] those that come with a resource. Each policy says where
// it came from. [Identify] reads who a caller is without any directory.
//
// Policies are compiled once for each text and kind: ten thousand roles with
// the same policy attached share one compiled policy.
//
// The names of the structs are those of the IAM API: UserDetail, GroupDetail,
// RoleDetail and ManagedPolicyDetail of GetAccountAuthorizationDetails.
//
// Source: IAM User Guide, "Policies and permissions in AWS Identity and Access
// Management" and "IAM identifiers"; IAM API Reference,
// "GetAccountAuthorizationDetails"; AWS Organizations User Guide, "Service
// control policies" and "Resource control policies".
package principal

// Package sts derives sessions as AWS Security Token Service does: who may
// become whom, through which policies, and what the session then is.
//
//	caller ──► AssumeRole, GetFederationToken, … ──► Session ──► Evaluator ──► Decision
//	             │ checks the parameters               │
//	             │ decides each step                   └── is a Caller again: role chaining
//	             └── RefusedError: which step, by which side
//
// An operation takes more than one action: session tags ask for sts:TagSession,
// a source identity for sts:SetSourceIdentity. Each is a [Step] with its own
// full decision, made by package evaluate from the caller's policies, the
// role's trust policy and the control policies of both accounts. A session comes
// out only if all of them are allowed; its condition keys (aws:PrincipalTag/…,
// aws:SourceIdentity, aws:TokenIssueTime, the claims of its token, …) win over
// what a request brings along, and those that it does not have are absent,
// whatever a request says.
//
//	security := sts.New(store.Load())
//	wren, err := security.Caller("arn:aws:iam::111122223333:user/wren")
//	session, err := security.AssumeRole(wren, sts.AssumeRoleInput{RoleARN: role, RoleSessionName: "deploy"})
//	decision := session.Evaluator().Evaluate(request)
//
// # What is not verified
//
// Nothing here reads a token, verifies a signature or checks a one-time code.
// The claims of a web identity and the attributes of a SAML assertion must come
// from a library that has verified them, see package federation; a serial number
// of an MFA device says that its code was right.
//
// # What is not modelled
//
// AssumeRoot, GetServiceBearerToken and the packed size of session policies and
// tags. Of the calls that ask for nothing (GetCallerIdentity and the like)
// package evaluate decides.
//
// Source: AWS STS API Reference; IAM User Guide, "Temporary security credentials
// in IAM", "Pass session tags in AWS STS" and "Monitor and control actions taken
// with assumed roles". Sections 5.4 to 5.7 of the semantics restate them.
package sts

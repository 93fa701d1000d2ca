package fuzz_test

import (
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/fuzz/generate"
)

// What a property needs to know of a question is read off its text here, in the
// plainest way, and not asked of the engine.

func segment(arn string, number int) string {
	segments := strings.SplitN(arn, ":", 6)
	if len(segments) < 6 {
		return ""
	}
	return segments[number]
}

// callerKind tells "user", "role", "federated", "root", or "" for callers
// without an account side.
func callerKind(c generate.Case) string {
	switch kind, _, _ := strings.Cut(segment(c.Request.Principal, 5), "/"); kind {
	case "user", "role", "root":
		return kind
	case "assumed-role":
		return "role"
	case "federated-user":
		return "federated"
	}
	return ""
}

func isServiceLinked(c generate.Case) bool {
	return strings.HasPrefix(segment(c.Request.Principal, 5), "role/aws-service-role/") || strings.HasPrefix(segment(c.Request.PrincipalIssuer, 5), "role/aws-service-role/")
}

func asks(c generate.Case, actions ...string) bool {
	return slices.ContainsFunc(actions, func(action string) bool { return strings.EqualFold(action, c.Request.Action) })
}

// asksTrust tells whether the resource policy of the question is a trust policy.
func asksTrust(c generate.Case) bool {
	return asks(c, "sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext")
}

// isSameAccount tells whether the resource belongs to the caller's account.
func isSameAccount(c generate.Case) bool {
	owner := c.Request.ResourceAccount
	if owner == "" && c.Request.Resource != "*" {
		owner = segment(c.Request.Resource, 4)
	}
	return callerKind(c) != "" && (owner == "" || owner == segment(c.Request.Principal, 4))
}

// isAlwaysAllowed tells whether nothing can deny the question (SEMANTICS 12).
func isAlwaysAllowed(c generate.Case) bool {
	kind := callerKind(c)
	isService := kind == "" && strings.HasSuffix(c.Request.Principal, ".amazonaws.com") && c.Request.Principal != "cognito-identity.amazonaws.com"
	return asks(c, "sts:GetCallerIdentity") && (kind != "" || isService) || asks(c, "sts:GetSessionToken") && (kind == "user" || kind == "root")
}

// denies tells whether a Deny of a layer counts for the question: table 5.2 of
// the semantics, and the exceptions of section 12.
func denies(c generate.Case, layer generate.Layer) bool {
	kind := callerKind(c)
	switch layer {
	case generate.LayerIdentity:
		return kind != "" && kind != "root"
	case generate.LayerBoundary:
		return kind != "" && kind != "root" && !isServiceLinked(c)
	case generate.LayerSession:
		return (kind == "role" || kind == "federated") && !isServiceLinked(c)
	case generate.LayerSCP:
		return kind != "" && !isServiceLinked(c)
	case generate.LayerRCP:
		return !isServiceLinked(c) && !asks(c, "kms:RetireGrant")
	case generate.LayerResource:
		return !(kind == "root" && isSameAccount(c) && asks(c, "s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"))
	}
	return true
}

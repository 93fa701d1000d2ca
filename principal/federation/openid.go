package federation

import (
	"strings"
)

// A claimKey is a claim that a condition key exists for.
type claimKey struct {
	claim string
	// list tells claims of several values.
	list bool
	// stays tells those that the session keeps.
	stays bool
}

// The claims that every OpenID Connect provider may have, but for aud, azp and
// oaud.
//
// Source: IAM User Guide, "IAM and AWS STS condition context keys", "Available
// keys for AWS OIDC federation".
var commonClaims = [...]claimKey{
	{claim: "sub", stays: true},
	{claim: "amr", list: true, stays: true},
	{claim: "email"},
}

// The claims of single providers. Those of Amazon and Facebook stay with the
// session: they say who the user is.
var (
	githubClaims = []string{"actor", "actor_id", "enterprise_id", "environment", "job_workflow_ref",
		"ref", "repository", "repository_id", "repository_owner_id", "workflow"}
	buildkiteClaims = []string{"build_branch", "cluster_id", "cluster_name", "organization_id", "organization_slug", "pipeline_id", "pipeline_slug"}
	gitlabClaims    = []string{"namespace_id", "pipeline_source", "project_id", "ref_protected", "runner_environment",
		"user_access_level", "user_email", "user_id", "user_login"}
	amazonClaims   = []string{"app_id", "user_id"}
	facebookClaims = []string{"app_id", "id"}
	googleClaims   = []string{"google/organization_number"}
	circleClaims   = []string{"oidc.circleci.com/project-id"}
	oracleClaims   = []string{"rpst_id"}
)

// claimsOf gives the claims that a provider has condition keys for besides the
// common ones.
//
// Source: Service Authorization Reference, "Actions, resources, and condition
// keys for AWS Security Token Service".
func claimsOf(provider string) []string {
	host, path, _ := strings.Cut(provider, "/")
	switch {
	case host == "token.actions.githubusercontent.com", host == "github.com" && strings.HasPrefix(path, "enterprises/"),
		path == "" && strings.HasPrefix(host, "token.actions.") && strings.HasSuffix(host, ".ghe.com"):
		return githubClaims
	case host == "agent.buildkite.com", strings.HasPrefix(host, "agent.") &&
		(strings.HasSuffix(host, ".buildkite.dev") || strings.HasSuffix(host, ".buildkite.site")):
		return buildkiteClaims
	case provider == "gitlab.com":
		return gitlabClaims
	case provider == "www.amazon.com":
		return amazonClaims
	case provider == "graph.facebook.com":
		return facebookClaims
	case provider == "accounts.google.com":
		return googleClaims
	case host == "oidc.circleci.com" && strings.HasPrefix(path, "org/"):
		return circleClaims
	case strings.HasPrefix(host, "idcs-") && strings.HasSuffix(host, ".identity.oraclecloud.com"):
		return oracleClaims
	}
	return nil
}

// isBare tells the providers that trust policies name without an ARN.
//
// Source: IAM User Guide, "AWS JSON policy elements: Principal".
func isBare(provider string) bool {
	switch provider {
	case "accounts.google.com", "www.amazon.com", "graph.facebook.com", "cognito-identity.amazonaws.com":
		return true
	}
	return false
}

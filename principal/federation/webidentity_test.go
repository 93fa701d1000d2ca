package federation_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/principal"
	"github.com/portcullis-iam/portcullis/principal/federation"
)

// keysIn lists the keys of a context with their values, sorted.
func keysIn(c *condition.Context) []string {
	var all []string
	for key, value := range c.All() {
		all = append(all, key+" = "+value.String())
	}
	slices.Sort(all)
	return all
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got\n\t%s\nwant\n\t%s", what, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

func TestNewWebIdentity(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, issuer, claims string
		trust, session       []string
	}{
		{"GitHub", "https://token.actions.githubusercontent.com",
			`{"iss": "https://token.actions.githubusercontent.com", "aud": "sts.amazonaws.com", "sub": "repo:birds/nest:ref:refs/heads/main", "ref": "refs/heads/main", "repository": "birds/nest",
			  "repository_id": "74", "repository_owner_id": "65", "actor": "wren", "actor_id": "12", "workflow": "ci", "job_workflow_ref": "birds/flow@main", "environment": "prod", "enterprise_id": 7,
			  "run_id": "1", "sha": "abc", "event_name": "push", "exp": 1700000000, "nested": {"a": [1]}}`,
			[]string{"token.actions.githubusercontent.com:actor = wren", "token.actions.githubusercontent.com:actor_id = 12", "token.actions.githubusercontent.com:aud = sts.amazonaws.com",
				"token.actions.githubusercontent.com:enterprise_id = 7", "token.actions.githubusercontent.com:environment = prod", "token.actions.githubusercontent.com:job_workflow_ref = birds/flow@main",
				"token.actions.githubusercontent.com:oaud = sts.amazonaws.com", "token.actions.githubusercontent.com:ref = refs/heads/main", "token.actions.githubusercontent.com:repository = birds/nest",
				"token.actions.githubusercontent.com:repository_id = 74", "token.actions.githubusercontent.com:repository_owner_id = 65",
				"token.actions.githubusercontent.com:sub = repo:birds/nest:ref:refs/heads/main", "token.actions.githubusercontent.com:workflow = ci"},
			[]string{"token.actions.githubusercontent.com:aud = sts.amazonaws.com", "token.actions.githubusercontent.com:sub = repo:birds/nest:ref:refs/heads/main"}},
		{"Cognito", "https://cognito-identity.amazonaws.com", `{"aud": "eu-west-1:pool", "sub": "eu-west-1:id", "amr": ["authenticated", "login.example.com"]}`,
			[]string{"cognito-identity.amazonaws.com:amr = [authenticated login.example.com]", "cognito-identity.amazonaws.com:aud = eu-west-1:pool",
				"cognito-identity.amazonaws.com:oaud = eu-west-1:pool", "cognito-identity.amazonaws.com:sub = eu-west-1:id"},
			[]string{"cognito-identity.amazonaws.com:amr = [authenticated login.example.com]", "cognito-identity.amazonaws.com:aud = eu-west-1:pool", "cognito-identity.amazonaws.com:sub = eu-west-1:id"}},
		{"Google, azp before aud", "https://accounts.google.com", `{"iss": "accounts.google.com", "aud": "backend", "azp": "app", "sub": "1", "email": "wren@example.com", "google/organization_number": 123456789012}`,
			[]string{"accounts.google.com:aud = app", "accounts.google.com:email = wren@example.com", "accounts.google.com:google/organization_number = 123456789012", "accounts.google.com:oaud = backend", "accounts.google.com:sub = 1"},
			[]string{"accounts.google.com:aud = app", "accounts.google.com:sub = 1"}},
		{"Login with Amazon", "https://www.amazon.com", `{"app_id": "amzn1.app", "user_id": "amzn1.account"}`,
			[]string{"www.amazon.com:app_id = amzn1.app", "www.amazon.com:user_id = amzn1.account"}, []string{"www.amazon.com:app_id = amzn1.app", "www.amazon.com:user_id = amzn1.account"}},
		{"Facebook", "https://graph.facebook.com", `{"app_id": "1", "id": "2", "user_id": "3"}`,
			[]string{"graph.facebook.com:app_id = 1", "graph.facebook.com:id = 2"}, []string{"graph.facebook.com:app_id = 1", "graph.facebook.com:id = 2"}},
		{"GitLab", "https://gitlab.com", `{"ref_protected": true, "user_login": "wren", "project_path": "x"}`, []string{"gitlab.com:ref_protected = true", "gitlab.com:user_login = wren"}, nil},
		{"CircleCI", "https://oidc.circleci.com/org/o1", `{"aud": "o1", "oidc.circleci.com/project-id": "p1", "oidc.circleci.com/vcs-ref": "x"}`,
			[]string{"oidc.circleci.com/org/o1:aud = o1", "oidc.circleci.com/org/o1:oaud = o1", "oidc.circleci.com/org/o1:oidc.circleci.com/project-id = p1"}, []string{"oidc.circleci.com/org/o1:aud = o1"}},
		{"Buildkite", "https://agent.buildkite.com", `{"pipeline_slug": "nest"}`, []string{"agent.buildkite.com:pipeline_slug = nest"}, nil},
		{"Oracle", "https://idcs-1.identity.oraclecloud.com", `{"rpst_id": "r"}`, []string{"idcs-1.identity.oraclecloud.com:rpst_id = r"}, nil},
		{"GitHub Enterprise", "https://token.actions.nest.ghe.com", `{"actor": "wren"}`, []string{"token.actions.nest.ghe.com:actor = wren"}, nil},
		{"any other, with a slash at the end", "https://login.example.com/realms/birds/", `{"iss": "https://login.example.com/realms/birds/", "sub": "wren", "actor": "no", "app_id": "no"}`,
			[]string{"login.example.com/realms/birds:sub = wren"}, []string{"login.example.com/realms/birds:sub = wren"}},
		{"several audiences", "https://login.example.com", `{"aud": ["a", "b"]}`, []string{"login.example.com:oaud = [a b]"}, nil},
		{"several audiences and azp", "https://login.example.com", `{"aud": ["a", "b"], "azp": "b"}`, []string{"login.example.com:aud = b", "login.example.com:oaud = [a b]"}, []string{"login.example.com:aud = b"}},
		{"one audience in a list", "https://login.example.com", `{"aud": ["a"]}`, []string{"login.example.com:aud = a", "login.example.com:oaud = a"}, []string{"login.example.com:aud = a"}},
		{"one method", "https://login.example.com", `{"amr": "pwd"}`, []string{"login.example.com:amr = [pwd]"}, []string{"login.example.com:amr = [pwd]"}},
		{"empty and null", "https://login.example.com", `{"sub": "", "aud": null, "azp": null, "amr": [], "email": null}`, nil, nil},
		{"nothing", "https://login.example.com", `{}`, nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var claims map[string]any
			if err := json.Unmarshal([]byte(test.claims), &claims); err != nil {
				t.Fatal(err)
			}
			w, err := federation.NewWebIdentity(test.issuer, claims)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "trust", keysIn(w.TrustKeys()), test.trust)
			same(t, "session", keysIn(w.SessionKeys()), test.session)
			for key := range w.TrustKeys().All() {
				if class := condition.ClassOf(key); class != condition.SessionKey {
					t.Errorf("%s is a %s key", key, class)
				}
			}
			caller := w.Caller("aws", "111122223333")
			identity, err := principal.Identify(caller, "")
			if err != nil || identity.Kind != principal.FederatedProvider {
				t.Errorf("%s is %v, %v", caller, identity, err)
			}
		})
	}
}

func TestWebIdentityFields(t *testing.T) {
	t.Parallel()
	w, err := federation.NewWebIdentity("https://login.example.com/realm", map[string]any{
		"sub": "wren", "aud": []string{"a", "b"}, "azp": "a", "amr": []string{"pwd"}, "https://aws.amazon.com/source_identity": "wren",
	})
	if err != nil {
		t.Fatal(err)
	}
	if w.Provider != "login.example.com/realm" || w.Subject != "wren" || w.Audience != "a" || !slices.Equal(w.TokenAudiences, []string{"a", "b"}) || w.SourceIdentity != "wren" {
		t.Errorf("%+v", w)
	}
	if got := w.Caller("aws-cn", "111122223333"); got != "arn:aws-cn:iam::111122223333:oidc-provider/login.example.com/realm" {
		t.Error(got)
	}
	google, err := federation.NewWebIdentity("accounts.google.com", map[string]any{"iss": "https://accounts.google.com"})
	if err != nil || google.Caller("aws", "111122223333") != "accounts.google.com" {
		t.Errorf("%v, %v", google, err)
	}
}

func TestWebIdentityTags(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, claims string
		tags         map[string]string
		transitive   []string
	}{
		{"nested", `{"https://aws.amazon.com/tags": {"principal_tags": {"team": ["birds"], "floor": ["2"]}, "transitive_tag_keys": ["team"]}}`, map[string]string{"team": "birds", "floor": "2"}, []string{"team"}},
		{"nested texts", `{"https://aws.amazon.com/tags": {"principal_tags": {"team": "birds"}, "transitive_tag_keys": "team"}}`, map[string]string{"team": "birds"}, []string{"team"}},
		{"flat", `{"https://aws.amazon.com/tags/principal_tags/team": "birds", "https://aws.amazon.com/tags/principal_tags/a/b": ["x"], "https://aws.amazon.com/tags/transitive_tag_keys": ["team"]}`,
			map[string]string{"team": "birds", "a/b": "x"}, []string{"team"}},
		{"empty value", `{"https://aws.amazon.com/tags": {"principal_tags": {"team": [""]}}}`, map[string]string{"team": ""}, nil},
		{"null", `{"https://aws.amazon.com/tags": null}`, nil, nil},
		{"none", `{"https://aws.amazon.com/tags": {}}`, nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var claims map[string]any
			if err := json.Unmarshal([]byte(test.claims), &claims); err != nil {
				t.Fatal(err)
			}
			w, err := federation.NewWebIdentity("https://login.example.com", claims)
			if err != nil {
				t.Fatal(err)
			}
			if !maps.Equal(w.Tags, test.tags) || !slices.Equal(w.TransitiveTagKeys, test.transitive) {
				t.Errorf("got %v, %v", w.Tags, w.TransitiveTagKeys)
			}
		})
	}
}

func TestClaimErrors(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 4097)
	many := make([]any, 257)
	for at := range many {
		many[at] = "x"
	}
	const issuer = "https://login.example.com"
	const wrongIssuer = `federation: "iss": the issuer must be the URL of an OpenID Connect provider, https://HOST or https://HOST/PATH`
	for _, test := range []struct {
		name, issuer string
		claims       map[string]any
		want         string
	}{
		{"no issuer", "", nil, wrongIssuer},
		{"no scheme", "login.example.com", nil, wrongIssuer},
		{"http", "http://login.example.com", nil, wrongIssuer},
		{"port", "https://login.example.com:8443", nil, wrongIssuer},
		{"user", "https://a@login.example.com", nil, wrongIssuer},
		{"query", "https://login.example.com?a", nil, wrongIssuer},
		{"fragment", "https://login.example.com#a", nil, wrongIssuer},
		{"wildcard", "https://login.example.com/*", nil, wrongIssuer},
		{"variable", "https://login.example.com/${x}", nil, wrongIssuer},
		{"capitals", "https://Login.example.com", nil, wrongIssuer},
		{"no dot", "https://localhost", nil, wrongIssuer},
		{"empty port", "https://login.example.com:", nil, wrongIssuer},
		{"empty fragment", "https://login.example.com#", nil, wrongIssuer},
		{"two slashes at the end", "https://login.example.com//", nil, wrongIssuer},
		{"two slashes", "https://login.example.com//realm", nil, wrongIssuer},
		{"a step up", "https://login.example.com/a/../b", nil, wrongIssuer},
		{"dots alone", "https://.", nil, wrongIssuer},
		{"dot at the end of the host", "https://login.example.com.", nil, wrongIssuer},
		{"umlaut", "https://lögin.example.com", nil, wrongIssuer},
		{"invisible letter", "https://login.example.com/\u202e", nil, wrongIssuer},
		{"IPv6", "https://[::1.2.3.4]", nil, wrongIssuer},
		{"colon in the path", "https://login.example.com/aws:PrincipalTag", nil, wrongIssuer},
		{"long", "https://login.example.com/" + strings.Repeat("x", 255), nil, `federation: "iss": the issuer has more than 255 characters`},
		{"another issuer in the token", issuer, map[string]any{"iss": "https://evil.example.com"}, `federation: "iss": the token is of another issuer than "https://login.example.com"`},
		{"issuer that is no text", issuer, map[string]any{"iss": 1.0}, `federation: "iss": the token is of another issuer than "https://login.example.com"`},
		{"subject that is a number", issuer, map[string]any{"sub": 7.0}, `federation: "sub": a text should be here, not a number`},
		{"subject that is a list", issuer, map[string]any{"sub": []any{"wren"}}, `federation: "sub": a text should be here, not a list`},
		{"subject that is an object", issuer, map[string]any{"sub": map[string]any{}}, `federation: "sub": a text should be here, not an object`},
		{"long subject", issuer, map[string]any{"sub": long}, `federation: "sub": it has 4097 bytes; at most 4096 are taken`},
		{"audience of numbers", issuer, map[string]any{"aud": []any{"a", 1.0}}, `federation: "aud": a text or a list of texts should be here, not a number`},
		{"audience that is true", issuer, map[string]any{"aud": true}, `federation: "aud": a text or a list of texts should be here, not true or false`},
		{"nested audience", issuer, map[string]any{"aud": []any{[]any{"a"}}}, `federation: "aud": a text or a list of texts should be here, not a list`},
		{"null in the audience", issuer, map[string]any{"aud": []any{nil}}, `federation: "aud": a text or a list of texts should be here, not null`},
		{"many audiences", issuer, map[string]any{"aud": many}, `federation: "aud": it has 257 values; at most 256 are taken`},
		{"long method", issuer, map[string]any{"amr": []any{long}}, `federation: "amr": a value has 4097 bytes; at most 4096 are taken`},
		{"a Go type", issuer, map[string]any{"sub": struct{}{}}, `federation: "sub": a text should be here, not a struct {}`},
		{"claim of the provider", "https://token.actions.githubusercontent.com", map[string]any{"actor": map[string]any{}}, `federation: "actor": a text should be here, not an object`},
		{"tags that are a text", issuer, map[string]any{"https://aws.amazon.com/tags": "x"}, `federation: "https://aws.amazon.com/tags": an object should be here, not a text`},
		{"principal tags that are a list", issuer, map[string]any{"https://aws.amazon.com/tags": map[string]any{"principal_tags": []any{}}}, `federation: "https://aws.amazon.com/tags": principal_tags should be an object, not a list`},
		{"tag of two values", issuer, map[string]any{"https://aws.amazon.com/tags": map[string]any{"principal_tags": map[string]any{"a": []any{"1", "2"}}}}, `federation: "https://aws.amazon.com/tags": a session tag has one value`},
		{"tag of no value", issuer, map[string]any{"https://aws.amazon.com/tags": map[string]any{"principal_tags": map[string]any{"a": []any{}}}}, `federation: "https://aws.amazon.com/tags": a session tag has one value`},
		{"tag of two values, of which one is empty", issuer, map[string]any{"https://aws.amazon.com/tags/principal_tags/a": []string{"", "1"}}, `federation: "https://aws.amazon.com/tags/principal_tags/a": a session tag has one value`},
		{"tag that is a number", issuer, map[string]any{"https://aws.amazon.com/tags": map[string]any{"principal_tags": map[string]any{"a": []any{1.0}}}}, `federation: "https://aws.amazon.com/tags": a text should be here, not a number`},
		{"long tag", issuer, map[string]any{"https://aws.amazon.com/tags/principal_tags/a": long}, `federation: "https://aws.amazon.com/tags/principal_tags/a": it has 4097 bytes; at most 4096 are taken`},
		{"tag that is null", issuer, map[string]any{"https://aws.amazon.com/tags": map[string]any{"principal_tags": map[string]any{"a": nil}}}, `federation: "https://aws.amazon.com/tags": a session tag has one value, not null`},
		{"tag twice", issuer, map[string]any{"https://aws.amazon.com/tags": map[string]any{"principal_tags": map[string]any{"a": "1"}}, "https://aws.amazon.com/tags/principal_tags/a": "1"},
			`federation: "https://aws.amazon.com/tags/principal_tags/a": the session tag is there twice`},
		{"source identity", issuer, map[string]any{"https://aws.amazon.com/source_identity": true}, `federation: "https://aws.amazon.com/source_identity": a text should be here, not true or false`},
		{"several", issuer, map[string]any{"sub": 1.0, "azp": false}, "federation: \"azp\": a text should be here, not true or false\nfederation: \"sub\": a text should be here, not a number"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w, err := federation.NewWebIdentity(test.issuer, test.claims)
			if w != nil || err == nil || err.Error() != test.want {
				t.Fatalf("got\n\t%v\nwant\n\t%s", err, test.want)
			}
			var one *federation.ClaimError
			var all federation.ClaimErrors
			if !errors.As(err, &one) || !errors.As(err, &all) || one.Claim == "" {
				t.Errorf("it is a %T", err)
			}
		})
	}
}

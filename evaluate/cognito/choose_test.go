package cognito_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate/cognito"
)

const (
	account  = "111122223333"
	roles    = "arn:aws:iam::111122223333:role/"
	poolID   = "eu-west-1:0a1b2c3d-0000-4000-8000-000000000001"
	guestID  = "eu-west-1:0a1b2c3d-0000-4000-8000-00000000000f"
	userPool = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"
	client   = "6jk8ltokc7ac9es6jrtg9q572f"
)

// newPool is a pool with a user pool, Google, and an OpenID Connect and a SAML
// provider, without any mappings.
func newPool() *cognito.Pool {
	return &cognito.Pool{
		ID: poolID, AccountID: account, AllowUnauthenticated: true, AllowClassicFlow: true,
		AuthenticatedRole: roles + "signed-in", UnauthenticatedRole: roles + "guest",
		Providers: []cognito.Provider{
			{Name: userPool, ClientIDs: []string{client, "second"}},
			{Name: "accounts.google.com", ClientIDs: []string{"app"}},
			{Name: "login.example.com/birds", ARN: "arn:aws:iam::111122223333:oidc-provider/login.example.com/birds"},
			{Name: "arn:aws:iam::111122223333:saml-provider/corp", ARN: "arn:aws:iam::111122223333:saml-provider/corp"},
		},
	}
}

// login is one with the user pool, with claims in pairs.
func login(claims ...any) *cognito.Login {
	all := map[string]any{"aud": client, "sub": "57e7b692"}
	for at := 0; at < len(claims); at += 2 {
		all[claims[at].(string)] = claims[at+1]
	}
	return &cognito.Login{Provider: userPool, Claims: all}
}

func TestChooseRole(t *testing.T) {
	token := func(resolution cognito.RoleResolution) cognito.RoleMapping {
		return cognito.RoleMapping{Type: cognito.TokenMapping, AmbiguousRoleResolution: resolution}
	}
	rules := func(resolution cognito.RoleResolution, rules ...cognito.MappingRule) cognito.RoleMapping {
		return cognito.RoleMapping{Type: cognito.RulesMapping, AmbiguousRoleResolution: resolution, Rules: rules}
	}
	rule := func(claim string, match cognito.MatchType, value, role string) cognito.MappingRule {
		return cognito.MappingRule{Claim: claim, MatchType: match, Value: value, RoleARN: roles + role}
	}
	const fallback, deny = cognito.AuthenticatedRoleResolution, cognito.DenyResolution
	both := []any{roles + "sales", roles + "audit"}
	sales, audit := rule("custom:dept", cognito.Equals, "Sales", "sales"), rule("custom:dept", cognito.StartsWith, "S", "audit")

	for _, one := range []struct {
		name    string
		mapping cognito.RoleMapping // zero for none
		login   *cognito.Login
		custom  string
		role    string // "" for none
		reason  cognito.Reason
		rule    int
		missing []string
	}{
		// Without mapping.
		{"no mapping", cognito.RoleMapping{}, login(), "", "signed-in", cognito.DefaultAuthenticatedRole, -1, nil},
		{"no mapping, roles in the token", cognito.RoleMapping{}, login("cognito:preferred_role", roles+"sales"), "", "signed-in", cognito.DefaultAuthenticatedRole, -1, nil},
		{"no mapping, custom role", cognito.RoleMapping{}, login("cognito:roles", both), "sales", "", cognito.CustomRoleWithoutMapping, -1, nil},
		{"no mapping, custom role is the default", cognito.RoleMapping{}, login(), "signed-in", "signed-in", cognito.DefaultAuthenticatedRole, -1, nil},
		{"guest", cognito.RoleMapping{}, nil, "", "guest", cognito.DefaultUnauthenticatedRole, -1, nil},
		{"guest, custom role", cognito.RoleMapping{}, nil, "signed-in", "", cognito.CustomRoleWithoutMapping, -1, nil},
		{"guest, mapping", token(deny), nil, "", "guest", cognito.DefaultUnauthenticatedRole, -1, nil},

		// Token.
		{"preferred role", token(deny), login("cognito:preferred_role", roles+"sales", "cognito:roles", both), "", "sales", cognito.PreferredRole, -1, nil},
		{"custom role in the token", token(deny), login("cognito:preferred_role", roles+"sales", "cognito:roles", both), "audit", "audit", cognito.CustomRoleOfToken, -1, nil},
		{"custom role in a text of roles", token(deny), login("cognito:roles", roles+"sales,"+roles+"audit"), "audit", "audit", cognito.CustomRoleOfToken, -1, nil},
		{"custom role in a list of texts", token(deny), login("cognito:roles", []string{roles + "audit"}), "audit", "audit", cognito.CustomRoleOfToken, -1, nil},
		{"custom role not in the token", token(deny), login("cognito:preferred_role", roles+"sales", "cognito:roles", both), "admin", "", cognito.CustomRoleNotInToken, -1, nil},
		{"custom role not in the token, fallback does not help", token(fallback), login("cognito:roles", both), "admin", "", cognito.CustomRoleNotInToken, -1, nil},
		{"custom role is the default, not in the token", token(fallback), login("cognito:roles", both), "signed-in", "", cognito.CustomRoleNotInToken, -1, nil},
		{"custom role is a part of one in the token", token(deny), login("cognito:roles", roles+"sales-admin"), "sales", "", cognito.CustomRoleNotInToken, -1, nil},
		{"custom role, preferred is not enough", token(deny), login("cognito:preferred_role", roles+"sales"), "sales", "", cognito.CustomRoleNotInToken, -1, []string{"cognito:roles"}},
		{"custom role, roles of another type", token(deny), login("cognito:roles", []any{roles + "sales", 7}), "sales", "", cognito.CustomRoleNotInToken, -1, []string{"cognito:roles"}},
		{"ambiguous, deny", token(deny), login("cognito:roles", both), "", "", cognito.AmbiguousRole, -1, []string{"cognito:preferred_role"}},
		{"ambiguous, fallback", token(fallback), login("cognito:roles", both), "", "signed-in", cognito.FallbackRole, -1, []string{"cognito:preferred_role"}},
		{"ambiguous, no resolution", token(""), login("cognito:roles", both), "", "", cognito.AmbiguousRole, -1, []string{"cognito:preferred_role"}},
		{"no roles, deny", token(deny), login(), "", "", cognito.NoRoleInToken, -1, []string{"cognito:preferred_role", "cognito:roles"}},
		{"no roles, fallback", token(fallback), login(), "", "signed-in", cognito.FallbackRole, -1, []string{"cognito:preferred_role", "cognito:roles"}},
		{"preferred role is no text", token(deny), login("cognito:preferred_role", []any{roles + "sales"}), "", "", cognito.NoRoleInToken, -1, []string{"cognito:preferred_role", "cognito:roles"}},
		{"preferred role of another account", token(deny), login("cognito:preferred_role", "arn:aws:iam::444455556666:role/theirs"), "", "", cognito.RoleOfAnotherAccount, -1, nil},
		{"preferred role of another partition", token(deny), login("cognito:preferred_role", "arn:aws-cn:iam::111122223333:role/sales"), "", "", cognito.RoleOfAnotherAccount, -1, nil},
		{"preferred role is no role", token(deny), login("cognito:preferred_role", "arn:aws:iam::111122223333:user/sales"), "", "", cognito.NotARole, -1, nil},

		// Rules: the four match types, order, missing claims.
		{"equals", rules(deny, sales), login("custom:dept", "Sales"), "", "sales", cognito.MatchingRule, 0, nil},
		{"equals, letter case", rules(deny, sales), login("custom:dept", "sales"), "", "", cognito.NoRuleMatches, -1, nil},
		{"equals, more text", rules(deny, sales), login("custom:dept", "Sales2"), "", "", cognito.NoRuleMatches, -1, nil},
		{"starts with", rules(deny, audit), login("custom:dept", "Support"), "", "audit", cognito.MatchingRule, 0, nil},
		{"starts with, not at the beginning", rules(deny, audit), login("custom:dept", "the Support"), "", "", cognito.NoRuleMatches, -1, nil},
		{"contains", rules(deny, rule("email", cognito.Contains, "@birds.", "sales")), login("email", "wren@birds.example"), "", "sales", cognito.MatchingRule, 0, nil},
		{"contains, not there", rules(deny, rule("email", cognito.Contains, "@birds.", "sales")), login("email", "wren@fish.example"), "", "", cognito.NoRuleMatches, -1, nil},
		{"not equal", rules(deny, rule("custom:dept", cognito.NotEqual, "Sales", "audit")), login("custom:dept", "HR"), "", "audit", cognito.MatchingRule, 0, nil},
		{"not equal, but equal", rules(deny, rule("custom:dept", cognito.NotEqual, "Sales", "audit")), login("custom:dept", "Sales"), "", "", cognito.NoRuleMatches, -1, nil},
		{"not equal, empty claim", rules(deny, rule("custom:dept", cognito.NotEqual, "Sales", "audit")), login("custom:dept", ""), "", "audit", cognito.MatchingRule, 0, nil},
		{"not equal, claim missing", rules(deny, rule("custom:dept", cognito.NotEqual, "Sales", "audit")), login(), "", "", cognito.NoRuleMatches, -1, []string{"custom:dept"}},
		{"not equal, claim null", rules(deny, rule("custom:dept", cognito.NotEqual, "Sales", "audit")), login("custom:dept", nil), "", "", cognito.NoRuleMatches, -1, []string{"custom:dept"}},
		{"not equal, claim is an object", rules(deny, rule("custom:dept", cognito.NotEqual, "Sales", "audit")), login("custom:dept", map[string]any{}), "", "", cognito.NoRuleMatches, -1, []string{"custom:dept"}},
		{"not equal, claim is an empty list", rules(deny, rule("custom:dept", cognito.NotEqual, "Sales", "audit")), login("custom:dept", []any{}), "", "", cognito.NoRuleMatches, -1, []string{"custom:dept"}},
		{"claim missing, fallback", rules(fallback, sales), login(), "", "signed-in", cognito.FallbackRole, -1, []string{"custom:dept"}},
		{"missing claims once each", rules(deny, sales, rule("a", cognito.Equals, "1", "x"), audit), login(), "", "", cognito.NoRuleMatches, -1, []string{"custom:dept", "a"}},
		{"unknown match type", rules(deny, rule("custom:dept", "Like", "Sales", "sales")), login("custom:dept", "Sales"), "", "", cognito.NoRuleMatches, -1, nil},
		{"first of two", rules(deny, sales, audit), login("custom:dept", "Sales"), "", "sales", cognito.MatchingRule, 0, nil},
		{"first of two, other order", rules(deny, audit, sales), login("custom:dept", "Sales"), "", "audit", cognito.MatchingRule, 0, nil},
		{"second of two", rules(deny, rule("a", cognito.Equals, "1", "x"), audit), login("custom:dept", "Sales"), "", "audit", cognito.MatchingRule, 1, []string{"a"}},
		{"custom role overrides the order", rules(deny, sales, audit), login("custom:dept", "Sales"), "audit", "audit", cognito.CustomRoleOfRule, 1, nil},
		{"custom role of a rule that does not match", rules(deny, sales, audit), login("custom:dept", "Support"), "sales", "", cognito.CustomRoleNotMatched, -1, nil},
		{"custom role of no rule, fallback does not help", rules(fallback, sales), login("custom:dept", "Sales"), "signed-in", "", cognito.CustomRoleNotMatched, -1, nil},
		{"groups as one text", rules(deny, rule("cognito:groups", cognito.Contains, "admins", "sales")), login("cognito:groups", []any{"staff", "admins"}), "", "sales", cognito.MatchingRule, 0, nil},
		{"number", rules(deny, rule("level", cognito.Equals, "7", "sales")), login("level", 7.0), "", "sales", cognito.MatchingRule, 0, nil},
		{"json.Number", rules(deny, rule("level", cognito.Equals, "7.50", "sales")), login("level", json.Number("7.50")), "", "sales", cognito.MatchingRule, 0, nil},
		{"int", rules(deny, rule("level", cognito.Equals, "7", "sales")), login("level", 7), "", "sales", cognito.MatchingRule, 0, nil},
		{"int64", rules(deny, rule("level", cognito.Equals, "7", "sales")), login("level", int64(7)), "", "sales", cognito.MatchingRule, 0, nil},
		{"Boolean", rules(deny, rule("email_verified", cognito.Equals, "true", "sales")), login("email_verified", true), "", "sales", cognito.MatchingRule, 0, nil},
		{"no rules at all", rules(deny), login(), "", "", cognito.NoRuleMatches, -1, nil},
		{"neither Token nor Rules", cognito.RoleMapping{Type: "token", AmbiguousRoleResolution: fallback}, login("cognito:preferred_role", roles+"sales"), "", "", cognito.NoMappingType, -1, nil},

		// Logins that the pool does not take.
		{"another provider", token(fallback), &cognito.Login{Provider: "graph.facebook.com"}, "", "", cognito.UnknownProvider, -1, nil},
		{"no provider", token(fallback), new(cognito.Login), "", "", cognito.UnknownProvider, -1, nil},
		{"another audience", token(fallback), login("aud", "other"), "", "", cognito.WrongAudience, -1, nil},
		{"no audience", token(fallback), login("aud", nil), "", "", cognito.WrongAudience, -1, nil},
		{"several audiences", token(fallback), login("aud", []any{client}), "", "", cognito.WrongAudience, -1, nil},
	} {
		t.Run(one.name, func(t *testing.T) {
			pool := newPool()
			want := one.role
			if want != "" {
				want = roles + want
			}
			if one.mapping.Type != "" {
				pool.RoleMappings = map[string]cognito.RoleMapping{userPool + ":" + client: one.mapping}
			}
			custom := one.custom
			if custom != "" {
				custom = roles + custom
			}
			got := pool.ChooseRole(one.login, custom)
			if got.RoleARN != want || got.OK() != (want != "") || got.Reason != one.reason || got.Rule != one.rule || !slices.Equal(got.MissingClaims, one.missing) {
				t.Errorf("%+v\n%v", got, got)
			}
			if wantRefused := custom != "" && want == ""; wantRefused && got.Refused != custom {
				t.Errorf("refused %q", got.Refused)
			}
			if got.String() == "" || got.Reason.String() == "no reason" {
				t.Errorf("no words: %v", got)
			}
		})
	}
}

// A mapping is that of the provider and the client of the login.
func TestMappingsByProvider(t *testing.T) {
	pool := newPool()
	to := func(role string) cognito.RoleMapping {
		return cognito.RoleMapping{Type: cognito.RulesMapping, AmbiguousRoleResolution: cognito.DenyResolution,
			Rules: []cognito.MappingRule{{Claim: "sub", MatchType: cognito.NotEqual, Value: "-", RoleARN: roles + role}}}
	}
	pool.RoleMappings = map[string]cognito.RoleMapping{
		userPool + ":second":  to("second"),
		"accounts.google.com": to("google"),
		"arn:aws:iam::111122223333:oidc-provider/login.example.com/birds": to("oidc"),
		"arn:aws:iam::111122223333:saml-provider/corp":                    to("saml"),
	}
	for _, one := range []struct {
		provider, audience, role, key string
	}{
		{userPool, client, "signed-in", ""},
		{userPool, "second", "second", userPool + ":second"},
		{"accounts.google.com", "app", "google", "accounts.google.com"},
		{"login.example.com/birds", "any", "oidc", "arn:aws:iam::111122223333:oidc-provider/login.example.com/birds"},
		{"arn:aws:iam::111122223333:oidc-provider/login.example.com/birds", "", "oidc", "arn:aws:iam::111122223333:oidc-provider/login.example.com/birds"},
		{"arn:aws:iam::111122223333:saml-provider/corp", "", "saml", "arn:aws:iam::111122223333:saml-provider/corp"},
	} {
		got := pool.ChooseRole(&cognito.Login{Provider: one.provider, Claims: map[string]any{"aud": one.audience, "sub": "7"}}, "")
		if got.RoleARN != roles+one.role || got.Provider != one.key {
			t.Errorf("%s: %+v", one.provider, got)
		}
	}
}

func TestChooseRoleWithoutDefaults(t *testing.T) {
	for _, one := range []struct {
		name   string
		change func(p *cognito.Pool)
		login  *cognito.Login
		want   cognito.Reason
	}{
		{"guests not allowed", func(p *cognito.Pool) { p.AllowUnauthenticated = false }, nil, cognito.GuestsNotAllowed},
		{"no role for guests", func(p *cognito.Pool) { p.UnauthenticatedRole = "" }, nil, cognito.NoRoleSet},
		{"no role for users", func(p *cognito.Pool) { p.AuthenticatedRole = "" }, login(), cognito.NoRoleSet},
		{"no fallback", func(p *cognito.Pool) {
			p.AuthenticatedRole = ""
			p.RoleMappings = map[string]cognito.RoleMapping{userPool: {Type: cognito.TokenMapping, AmbiguousRoleResolution: cognito.AuthenticatedRoleResolution}}
		}, login(), cognito.NoRoleSet},
		{"default role of another account", func(p *cognito.Pool) { p.AuthenticatedRole = "arn:aws:iam::444455556666:role/theirs" }, login(), cognito.RoleOfAnotherAccount},
		{"role of guests in another account", func(p *cognito.Pool) { p.AccountID = "444455556666" }, nil, cognito.RoleOfAnotherAccount},
		{"another partition", func(p *cognito.Pool) { p.Partition = "aws-cn" }, login(), cognito.RoleOfAnotherAccount},
		{"no role", func(p *cognito.Pool) { p.AuthenticatedRole = "*" }, login(), cognito.NotARole},
		{"a session is no role", func(p *cognito.Pool) { p.AuthenticatedRole = "arn:aws:sts::111122223333:assumed-role/a/b" }, login(), cognito.NotARole},
		{"no providers", func(p *cognito.Pool) { p.Providers = nil }, login(), cognito.UnknownProvider},
		{"no clients", func(p *cognito.Pool) { p.Providers[0].ClientIDs = []string{} }, login(), cognito.WrongAudience},
		{"zero", func(p *cognito.Pool) { *p = cognito.Pool{} }, nil, cognito.GuestsNotAllowed},
	} {
		pool := newPool()
		one.change(pool)
		if got := pool.ChooseRole(one.login, ""); got.OK() || got.Reason != one.want {
			t.Errorf("%s: %+v", one.name, got)
		}
	}
}

func TestChoiceWords(t *testing.T) {
	for _, one := range []struct {
		choice cognito.Choice
		want   string
	}{
		{cognito.Choice{}, "no role: no reason"},
		{cognito.Choice{RoleARN: "r", Reason: cognito.MatchingRule, Rule: 1, Provider: "p", MissingClaims: []string{"a"}}, `r: rule 2 of "p" matches`},
		{cognito.Choice{RoleARN: "r", Reason: cognito.CustomRoleOfRule, Rule: 0, Provider: "p"}, `r: rule 1 of "p" matches, and its role was asked for`},
		{cognito.Choice{Reason: cognito.NoRuleMatches, Rule: -1, MissingClaims: []string{"a", "b"}}, "no role: no rule matches, and AmbiguousRoleResolution is Deny; the token has no claim a, b"},
		{cognito.Choice{Reason: cognito.CustomRoleNotInToken, Rule: -1, Refused: "x"}, `no role: the role that was asked for is not in the claim cognito:roles ("x")`},
		{cognito.Choice{RoleARN: "r", Reason: cognito.PreferredRole, Rule: -1}, "r: the claim cognito:preferred_role names it"},
	} {
		if got := one.choice.String(); got != one.want {
			t.Errorf("%s\nwant %s", got, one.want)
		}
	}
	for reason := range cognito.NotAnIdentity {
		if words := (reason + 1).String(); words == "no reason" {
			t.Errorf("reason %d has no words", reason+1)
		}
	}
}

func TestGroupClaims(t *testing.T) {
	at := func(precedence int) *int { return &precedence }
	group := func(name, role string, precedence *int) cognito.Group {
		if role != "" {
			role = roles + role
		}
		return cognito.Group{Name: name, RoleARN: role, Precedence: precedence}
	}
	for _, one := range []struct {
		name         string
		groups       []cognito.Group
		names, roles string
		preferred    string
	}{
		{"none", nil, "", "", ""},
		{"one without role", []cognito.Group{group("a", "", at(1))}, "[a]", "", ""},
		{"one", []cognito.Group{group("a", "x", nil)}, "[a]", "[x]", "x"},
		{"the lowest wins", []cognito.Group{group("a", "x", at(5)), group("b", "y", at(1)), group("c", "z", at(3))}, "[a b c]", "[x y z]", "y"},
		{"zero is the lowest", []cognito.Group{group("a", "x", at(1)), group("b", "y", at(0))}, "[a b]", "[x y]", "y"},
		{"null is the last", []cognito.Group{group("a", "x", nil), group("b", "y", at(9))}, "[a b]", "[x y]", "y"},
		{"null is the last, other order", []cognito.Group{group("b", "y", at(9)), group("a", "x", nil)}, "[b a]", "[y x]", "y"},
		{"tie", []cognito.Group{group("a", "x", at(1)), group("b", "y", at(1))}, "[a b]", "[x y]", ""},
		{"tie of nulls", []cognito.Group{group("a", "x", nil), group("b", "y", nil)}, "[a b]", "[x y]", ""},
		{"tie with the same role", []cognito.Group{group("a", "x", at(1)), group("b", "x", at(1))}, "[a b]", "[x]", "x"},
		{"tie of three", []cognito.Group{group("a", "x", at(1)), group("b", "x", at(1)), group("c", "y", at(1))}, "[a b c]", "[x y]", ""},
		{"tie below the best", []cognito.Group{group("a", "x", at(2)), group("b", "y", at(2)), group("c", "z", at(1))}, "[a b c]", "[x y z]", "z"},
		{"tie behind the best", []cognito.Group{group("c", "z", at(1)), group("a", "x", at(2)), group("b", "y", at(2))}, "[c a b]", "[z x y]", "z"},
		{"the best has no role", []cognito.Group{group("a", "", at(1)), group("b", "y", at(2))}, "[a b]", "[y]", "y"},
	} {
		claims := cognito.GroupClaims(one.groups)
		text := func(claim string) string {
			if value, ok := claims[claim]; ok {
				return fmt.Sprint(value)
			}
			return ""
		}
		wantRoles, wantPreferred := one.roles, one.preferred
		got := slices.Collect(func(yield func(string) bool) {
			list, _ := claims["cognito:roles"].([]string)
			for _, role := range list {
				yield(role[len(roles):])
			}
		})
		gotRoles := ""
		if len(got) > 0 {
			gotRoles = fmt.Sprint(got)
		}
		if wantPreferred != "" {
			wantPreferred = roles + wantPreferred
		}
		if text("cognito:groups") != one.names || gotRoles != wantRoles || text("cognito:preferred_role") != wantPreferred {
			t.Errorf("%s: %v", one.name, claims)
		}
	}
}

package cognito_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate/cognito"
	"github.com/portcullis-iam/portcullis/principal"
)

// The answers of the API, with what Load ignores.
const (
	describePool = `{
  "IdentityPoolId": "` + poolID + `",
  "IdentityPoolName": "birds",
  "AllowUnauthenticatedIdentities": true,
  "AllowClassicFlow": false,
  "SupportedLoginProviders": {"accounts.google.com": "app", "www.amazon.com": "amzn1.app"},
  "DeveloperProviderName": "login.birds",
  "OpenIdConnectProviderARNs": ["arn:aws:iam::111122223333:oidc-provider/login.example.com/birds"],
  "CognitoIdentityProviders": [
    {"ProviderName": "` + userPool + `", "ClientId": "` + client + `", "ServerSideTokenCheck": true},
    {"ProviderName": "` + userPool + `", "ClientId": "second"}],
  "SamlProviderARNs": ["arn:aws:iam::111122223333:saml-provider/corp"],
  "IdentityPoolTags": {"team": "birds"}
}`
	getRoles = `{
  "IdentityPoolId": "` + poolID + `",
  "Roles": {"authenticated": "` + roles + `signed-in", "unauthenticated": "` + roles + `guest"},
  "RoleMappings": {
    "accounts.google.com": {"Type": "Token", "AmbiguousRoleResolution": "Deny"},
    "` + userPool + ":" + client + `": {"Type": "Rules", "AmbiguousRoleResolution": "AuthenticatedRole", "RulesConfiguration": {"Rules": [
      {"Claim": "custom:dept", "MatchType": "Equals", "Value": "Sales", "RoleARN": "` + roles + `sales"},
      {"Claim": "email", "MatchType": "Contains", "Value": "@", "RoleARN": "` + roles + `audit"}]}}}
}`
	getTags     = `{"IdentityPoolId": "` + poolID + `", "IdentityProviderName": "` + userPool + `", "UseDefaults": false, "PrincipalTags": {"team": "custom:team"}}`
	getDefaults = `{"IdentityPoolId": "` + poolID + `", "IdentityProviderName": "accounts.google.com", "UseDefaults": true}`
)

func files(texts ...string) []principal.File {
	var all []principal.File
	for at, text := range texts {
		all = append(all, principal.File{Name: fmt.Sprintf("f%d", at), Text: []byte(text)})
	}
	return all
}

func TestLoad(t *testing.T) {
	want := &cognito.Pool{
		ID: poolID, AccountID: account, AllowUnauthenticated: true,
		AuthenticatedRole: roles + "signed-in", UnauthenticatedRole: roles + "guest",
		Providers: []cognito.Provider{
			{Name: "accounts.google.com", ClientIDs: []string{"app"}},
			{Name: "www.amazon.com", ClientIDs: []string{"amzn1.app"}},
			{Name: "login.birds"},
			{Name: "login.example.com/birds", ARN: "arn:aws:iam::111122223333:oidc-provider/login.example.com/birds"},
			{Name: userPool, ClientIDs: []string{client, "second"}},
			{Name: "arn:aws:iam::111122223333:saml-provider/corp", ARN: "arn:aws:iam::111122223333:saml-provider/corp"},
		},
		RoleMappings: map[string]cognito.RoleMapping{
			"accounts.google.com": {Type: cognito.TokenMapping, AmbiguousRoleResolution: cognito.DenyResolution},
			userPool + ":" + client: {Type: cognito.RulesMapping, AmbiguousRoleResolution: cognito.AuthenticatedRoleResolution, Rules: []cognito.MappingRule{
				{Claim: "custom:dept", MatchType: cognito.Equals, Value: "Sales", RoleARN: roles + "sales"},
				{Claim: "email", MatchType: cognito.Contains, Value: "@", RoleARN: roles + "audit"},
			}},
		},
		PrincipalTags: map[string]cognito.TagMapping{
			userPool:              {Tags: map[string]string{"team": "custom:team"}},
			"accounts.google.com": {UseDefaults: true, Tags: map[string]string{}},
		},
	}
	for _, order := range [][]string{{describePool, getRoles, getTags, getDefaults}, {getDefaults, getTags, getRoles, describePool}} {
		got, err := cognito.Load(account, "", files(order...)...)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%+v\nwant %+v", got, want)
		}
	}
	// The roles are optional, as are their members.
	got, err := cognito.Load(account, "aws-cn", files(describePool, `{"IdentityPoolId": "`+poolID+`", "Roles": {"authenticated": "arn:aws-cn:iam::111122223333:role/a"}}`)...)
	if err != nil || got.Partition != "aws-cn" || got.UnauthenticatedRole != "" || got.AuthenticatedRole == "" {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := cognito.Load(account, "", files(describePool)...); err != nil || got.AuthenticatedRole != "" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestLoadErrors(t *testing.T) {
	const id = `"IdentityPoolId": "` + poolID + `"`
	change := func(text, old, new string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("%q is not there", old)
		}
		return strings.Replace(text, old, new, 1)
	}
	manyRules := strings.Repeat(`{"Claim": "a", "MatchType": "Equals", "Value": "b", "RoleARN": "`+roles+`x"},`, cognito.MaxRules)
	for _, one := range []struct {
		name  string
		files []string
		want  []string // file:position path code, without what is not known
	}{
		{"nothing", nil, []string{":-  INCOMPLETE_DETAILS"}},
		{"no JSON", []string{`{`}, []string{"f0:1:2  JSON_SYNTAX_ERROR"}},
		{"too large", []string{strings.Repeat(" ", cognito.MaxFileBytes+1)}, []string{"f0:-  FILE_TOO_LARGE"}},
		{"no object", []string{`[]`}, []string{"f0:1:1  DATA_TYPE_MISMATCH"}},
		{"no id", []string{`{"Roles": {}}`}, []string{"f0:1:1 IdentityPoolId MISSING_MEMBER"}},
		{"another sort", []string{`{` + id + `}`}, []string{"f0:1:1  NOT_AN_IDENTITY_POOL"}},
		{"not described", []string{getRoles}, []string{":-  INCOMPLETE_DETAILS"}},
		{"two pools", []string{describePool, change(getRoles, "0001", "0002")}, []string{"f1:2:21 IdentityPoolId CONFLICTING_DEFINITIONS"}},
		{"described twice", []string{describePool, describePool}, []string{"f1:1:1  CONFLICTING_DEFINITIONS"}},
		{"roles twice", []string{describePool, getRoles, getRoles}, []string{"f2:1:1  CONFLICTING_DEFINITIONS"}},
		{"tags twice", []string{describePool, getTags, getTags}, []string{"f2:1:94 IdentityProviderName CONFLICTING_DEFINITIONS"}},
		{"wrong type", []string{change(describePool, `"AllowUnauthenticatedIdentities": true`, `"AllowUnauthenticatedIdentities": "true"`)}, []string{"f0:4:37 AllowUnauthenticatedIdentities DATA_TYPE_MISMATCH"}},
		{"misspelt", []string{change(describePool, "AllowUnauthenticatedIdentities", "allowUnauthenticatedIdentities")}, []string{"f0:4:3 allowUnauthenticatedIdentities MISSPELLED_MEMBER"}},
		{"there twice", []string{describePool, change(getRoles, `"Type": "Token"`, `"Type": "Token", "Type": "Rules"`)}, []string{"f1:5:46 RoleMappings.accounts.google.com.Type DUPLICATE_MEMBER"}},
		{"mapping twice", []string{describePool, `{` + id + `, "RoleMappings": {"a": {"Type": "Token", "AmbiguousRoleResolution": "Deny"}, "a": {}}}`}, []string{"f1:1:146 RoleMappings.a DUPLICATE_MEMBER"}},
		{"roles of another type", []string{describePool, `{` + id + `, "Roles": []}`}, []string{"f1:1:79 Roles DATA_TYPE_MISMATCH"}},
		{"rules of another type", []string{describePool, `{` + id + `, "RoleMappings": {"a": {"Type": "Rules", "AmbiguousRoleResolution": "Deny", "RulesConfiguration": {"Rules": {}}}}}`},
			[]string{"f1:1:177 RoleMappings.a.RulesConfiguration.Rules DATA_TYPE_MISMATCH"}},
		{"no user pool", []string{change(describePool, `"ClientId": "second"`, `"ClientId": ""`)}, []string{"f0:11:93 CognitoIdentityProviders[1].ClientId MISSING_MEMBER"}},
		{"no OpenID Connect provider", []string{change(describePool, ":oidc-provider/login", ":user/login")}, []string{"f0:8:33 OpenIdConnectProviderARNs[0] INVALID_ARN"}},
		{"OpenID Connect provider without ARN", []string{change(describePool, "arn:aws:iam::111122223333:oidc-provider/login", "x:oidc-provider/login")}, []string{"f0:8:33 OpenIdConnectProviderARNs[0] INVALID_ARN"}},
		{"SAML provider without ARN", []string{change(describePool, "arn:aws:iam::111122223333:saml-provider/corp", "x:saml-provider/")}, []string{"f0:12:24 SamlProviderARNs[0] INVALID_ARN"}},
		{"no SAML provider", []string{change(describePool, ":saml-provider/corp", ":user/corp")}, []string{"f0:12:24 SamlProviderARNs[0] INVALID_ARN"}},

		// What Check finds.
		{"role", []string{describePool, change(getRoles, "role/signed-in", "user/signed-in")}, []string{":- AuthenticatedRole INVALID_ARN"}},
		{"type", []string{describePool, change(getRoles, `"Token"`, `"token"`)}, []string{":- RoleMappings.accounts.google.com.Type INVALID_ROLE_MAPPING"}},
		{"resolution", []string{describePool, change(getRoles, `"Deny"`, `""`)}, []string{":- RoleMappings.accounts.google.com.AmbiguousRoleResolution INVALID_ROLE_MAPPING"}},
		{"match type", []string{describePool, change(getRoles, `"Equals"`, `"Like"`)}, []string{":- RoleMappings." + userPool + ":" + client + ".RulesConfiguration.Rules[0].MatchType INVALID_ROLE_MAPPING"}},
		{"claim", []string{describePool, change(getRoles, `"email"`, `""`)}, []string{":- RoleMappings." + userPool + ":" + client + ".RulesConfiguration.Rules[1].Claim INVALID_ROLE_MAPPING"}},
		{"value", []string{describePool, change(getRoles, `"Sales"`, `"`+strings.Repeat("x", 129)+`"`)}, []string{":- RoleMappings." + userPool + ":" + client + ".RulesConfiguration.Rules[0].Value INVALID_ROLE_MAPPING"}},
		{"role of a rule", []string{describePool, change(getRoles, "role/sales", "sales")}, []string{":- RoleMappings." + userPool + ":" + client + ".RulesConfiguration.Rules[0].RoleARN INVALID_ARN"}},
		{"too many rules", []string{describePool, `{` + id + `, "RoleMappings": {"a": {"Type": "Rules", "AmbiguousRoleResolution": "Deny", "RulesConfiguration": {"Rules": [` + manyRules +
			`{"Claim": "a", "MatchType": "Equals", "Value": "b", "RoleARN": "` + roles + `x"}]}}}}`}, []string{":- RoleMappings.a TOO_MANY_RULES"}},
		{"no rules", []string{describePool, `{` + id + `, "RoleMappings": {"a": {"Type": "Rules", "AmbiguousRoleResolution": "Deny"}}}`}, []string{":- RoleMappings.a INVALID_ROLE_MAPPING"}},
		{"rules with Token", []string{describePool, change(getRoles, `"Rules",`, `"Token",`)}, []string{":- RoleMappings." + userPool + ":" + client + " INVALID_ROLE_MAPPING"}},
		{"tag without claim", []string{describePool, change(getTags, `"custom:team"`, `""`)}, []string{":- PrincipalTags." + userPool + ".team INVALID_PRINCIPAL_TAG"}},
		{"tag without key", []string{describePool, change(getTags, `"team"`, `""`)}, []string{":- PrincipalTags." + userPool + ". INVALID_PRINCIPAL_TAG"}},
		{"tag twice", []string{describePool, change(getTags, `{"team": "custom:team"}`, `{"team": "a", "Team": "b"}`)}, []string{":- PrincipalTags." + userPool + ".team INVALID_PRINCIPAL_TAG"}},
	} {
		got, err := cognito.Load(account, "", files(one.files...)...)
		if got != nil {
			t.Errorf("%s: %+v", one.name, got)
		}
		if have := describe(t, err); !slices.Equal(have, one.want) {
			t.Errorf("%s: %q\nwant %q", one.name, have, one.want)
		}
	}
	for _, wrong := range []string{"", "1111", "arn:aws:iam::111122223333:root"} {
		_, err := cognito.Load(wrong, "", files(describePool)...)
		if have := describe(t, err); !slices.Equal(have, []string{":- AccountID INVALID_ACCOUNT"}) {
			t.Errorf("%q: %q", wrong, have)
		}
	}
}

// describe tells what errors hold.
func describe(t *testing.T, err error) []string {
	t.Helper()
	var all cognito.Errors
	var first *cognito.Error
	if !errors.As(err, &all) || !errors.As(err, &first) || first != all[0] || err.Error() == "" {
		t.Errorf("%v", err)
	}
	var have []string
	for _, e := range all {
		have = append(have, fmt.Sprintf("%s:%v %s %s", e.File, e.Position, e.Path, e.Code))
	}
	return have
}

func TestCheckBuiltInCode(t *testing.T) {
	if err := newPool().Check(); err != nil {
		t.Error(err)
	}
	for id, want := range map[string]bool{poolID: true, "eu-west-1:a": true, "": false, "eu-west-1": false, "eu-west-1:": false, ":a": false, "a:b:c": false, "a:b c": false,
		"eu-west-1:" + strings.Repeat("x", 46): false} {
		pool := newPool()
		pool.ID = id
		if err := pool.Check(); (err == nil) != want {
			t.Errorf("%q: %v", id, err)
		}
	}
	pool := newPool()
	pool.Providers[0].Name = ""
	pool.PrincipalTags = map[string]cognito.TagMapping{"a": {Tags: map[string]string{}}}
	for at := range 51 {
		pool.PrincipalTags["a"].Tags[fmt.Sprint(at)] = "x"
	}
	err := pool.Check()
	if have := describe(t, err); !slices.Equal(have, []string{":- Providers[0].Name MISSING_MEMBER", ":- PrincipalTags.a INVALID_PRINCIPAL_TAG"}) {
		t.Errorf("%q", have)
	}
	if want := "Providers[0].Name: the name of the provider is missing (MISSING_MEMBER)"; !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v", err)
	}
	_, err = cognito.Load(account, "", files(`{`)...)
	if want := "f0:1:2: "; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v", err)
	}
}

func TestLoadGroups(t *testing.T) {
	const first = `{"Groups": [{"GroupName": "sales", "UserPoolId": "x", "Description": "d", "RoleArn": "` + roles + `sales", "Precedence": 10, "CreationDate": 1.5},
		{"GroupName": "staff"}], "NextToken": "more"}`
	const second = `{"Groups": [{"GroupName": "audit", "RoleArn": "` + roles + `audit", "Precedence": 0}]}`
	groups, err := cognito.LoadGroups(files(first, second)...)
	if err != nil || len(groups) != 3 || *groups[0].Precedence != 10 || groups[1].Precedence != nil || groups[1].RoleARN != "" || *groups[2].Precedence != 0 {
		t.Errorf("%+v, %v", groups, err)
	}
	if claims := cognito.GroupClaims(groups); claims["cognito:preferred_role"] != roles+"audit" {
		t.Errorf("%v", claims)
	}
	for _, one := range []struct {
		text, want string
	}{
		{first, "f0:2:41 NextToken INCOMPLETE_DETAILS"},
		{`{}`, "f0:1:1 Groups MISSING_MEMBER"},
		{``, "f0:1:1  JSON_SYNTAX_ERROR"},
		{`{"groups": []}`, "f0:1:2 groups MISSPELLED_MEMBER"},
		{`{"Groups": [{}]}`, "f0:1:13 Groups[0].GroupName MISSING_MEMBER"},
		{`{"Groups": [1]}`, "f0:1:13 Groups[0] DATA_TYPE_MISMATCH"},
		{`{"Groups": [{"GroupName": "a", "RoleArn": "b"}]}`, "f0:1:43 Groups[0].RoleArn INVALID_ARN"},
		{`{"Groups": [{"GroupName": "a", "Precedence": -1}]}`, "f0:1:46 Groups[0].Precedence INVALID_GROUP"},
		{`{"Groups": [{"GroupName": "a", "Precedence": 1.5}]}`, "f0:1:46 Groups[0].Precedence INVALID_GROUP"},
		{`{"Groups": [{"GroupName": "a", "Precedence": 1e30}]}`, "f0:1:46 Groups[0].Precedence INVALID_GROUP"},
		{`{"Groups": [{"GroupName": "a", "Precedence": "1"}]}`, "f0:1:46 Groups[0].Precedence INVALID_GROUP"},
	} {
		groups, err := cognito.LoadGroups(files(one.text)...)
		if have := describe(t, err); groups != nil || !slices.Equal(have, []string{one.want}) {
			t.Errorf("%s: %v, %q, want %s", one.text, groups, have, one.want)
		}
	}
}

// Whatever the file holds: it is a pool that Check takes, or it is an error; and
// the pool gives no role of another account, and none to a login that it does
// not know.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(describePool), []byte(getRoles), "Sales", roles+"sales")
	f.Add([]byte(describePool), []byte(getTags), "", "")
	f.Add([]byte(getRoles), []byte(getRoles), "x", "x")
	f.Add([]byte(`{"IdentityPoolId": "a:b", "AllowUnauthenticatedIdentities": null}`), []byte(`{"IdentityPoolId": "a:b", "Roles": null}`), "", "")
	f.Fuzz(func(t *testing.T, first, second []byte, dept, custom string) {
		pool, err := cognito.Load(account, "", principal.File{Name: "a", Text: first}, principal.File{Name: "b", Text: second})
		var all cognito.Errors
		if (pool == nil) == (err == nil) || err != nil && (!errors.As(err, &all) || len(all) == 0 || err.Error() == "") {
			t.Fatalf("%v, %v", pool, err)
		}
		if pool == nil {
			return
		}
		if err := pool.Check(); err != nil {
			t.Fatal(err)
		}
		for _, one := range []*cognito.Login{nil, login("custom:dept", dept), {Provider: "?"}} {
			got := pool.ChooseRole(one, custom)
			if got.OK() && !strings.HasPrefix(got.RoleARN, roles) || got.OK() && custom != "" && got.RoleARN != custom || got.String() == "" {
				t.Errorf("%+v", got)
			}
			if one != nil && one.Provider == "?" && got.OK() && !slices.ContainsFunc(pool.Providers, func(p cognito.Provider) bool { return p.Name == "?" || p.ARN == "?" }) {
				t.Errorf("a login that the pool does not know: %+v", got)
			}
		}
	})
}

// FuzzLoadGroups: groups, or an error; and the role that is preferred is one of
// the roles.
func FuzzLoadGroups(f *testing.F) {
	f.Add([]byte(`{"Groups": [{"GroupName": "sales", "RoleArn": "` + roles + `sales", "Precedence": 10}, {"GroupName": "staff"}]}`))
	f.Add([]byte(`{"Groups": [{"GroupName": "a", "Precedence": 1e9}, {"GroupName": "a", "Precedence": null}], "NextToken": null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		groups, err := cognito.LoadGroups(principal.File{Name: "g", Text: text})
		var all cognito.Errors
		if err != nil && (groups != nil || !errors.As(err, &all) || len(all) == 0) {
			t.Fatalf("%v, %v", groups, err)
		}
		claims := cognito.GroupClaims(groups)
		list, _ := claims["cognito:roles"].([]string)
		if preferred, ok := claims["cognito:preferred_role"].(string); ok && !slices.Contains(list, preferred) {
			t.Errorf("%v", claims)
		}
	})
}

package cognito

import (
	"github.com/tidwall/gjson"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/evaluate/internal/jsonread"
	"github.com/portcullis-iam/portcullis/principal"
)

// MaxFileBytes bounds one file of a pool. A pool with all the rules and tags
// that it may have is below 200 kB for each of its providers.
const MaxFileBytes = 4 << 20

// maxDepth is how deep the answers of the API nest, with some room.
const maxDepth = 16

// Load makes a Pool from what the AWS CLI prints, or what the API takes:
//
//	aws cognito-identity describe-identity-pool
//	aws cognito-identity get-identity-pool-roles             (or the input of set-identity-pool-roles)
//	aws cognito-identity get-principal-tag-attribute-map     (one for each provider)
//
// in any order, one JSON object a file. The first must be there: it tells which
// providers there are and whether guests are allowed. All must be about the same
// pool. Members that Load does not know are ignored, but one that it would know
// in another letter case is an error.
//
// The account is that of the pool, whose answers do not tell it, and so is the
// partition, "aws" if empty.
//
// The error is [Errors], and the pool is nil then: nothing is dropped in
// silence. What [Pool.Check] finds is part of it.
//
// Source: Amazon Cognito Federated Identities API Reference,
// "DescribeIdentityPool", "GetIdentityPoolRoles", "SetIdentityPoolRoles" and
// "GetPrincipalTagAttributeMap".
func Load(accountID, partition string, files ...principal.File) (*Pool, error) {
	l := loader{pool: &Pool{AccountID: accountID, Partition: partition}}
	for _, file := range files {
		r, ok := jsonread.Open(file.Text, MaxFileBytes, maxDepth)
		if ok {
			l.read(r)
		}
		l.errors.addFaults(file.Name, r)
	}
	if len(l.errors) == 0 && !l.described {
		l.errors = append(l.errors, &Error{Code: Incomplete, Message: "no file holds the answer of describe-identity-pool"})
	}
	if len(l.errors) == 0 {
		if err := l.pool.Check(); err != nil {
			return nil, err
		}
		return l.pool, nil
	}
	return nil, l.errors
}

// A loader puts the files of a pool together.
type loader struct {
	pool             *Pool
	errors           Errors
	described, roles bool
}

// read reads one file, whichever answer it holds.
func (l *loader) read(r *jsonread.Reader) {
	root := r.Root()
	m, ok := r.Members(root, "", false, "IdentityPoolId", "AllowUnauthenticatedIdentities", "AllowClassicFlow",
		"SupportedLoginProviders", "DeveloperProviderName", "OpenIdConnectProviderARNs", "CognitoIdentityProviders", "SamlProviderARNs",
		"Roles", "RoleMappings", "IdentityProviderName", "UseDefaults", "PrincipalTags")
	if !ok {
		return
	}
	id, ok := r.Required(root, m[0], "", "IdentityPoolId")
	switch {
	case !ok:
		return
	case l.pool.ID == "":
		l.pool.ID = id
	case l.pool.ID != id:
		r.Fail(m[0], "IdentityPoolId", jsonread.Code(Conflict), "another file is about the pool "+quote(l.pool.ID), nil)
		return
	}
	describes, roles, tags := m[1].Exists(), m[8].Exists() || m[9].Exists(), m[10].Exists()
	if !describes && !roles && !tags {
		r.Fail(root, "", jsonread.Code(NotAPool), "this is not the answer of describe-identity-pool, get-identity-pool-roles or get-principal-tag-attribute-map", nil)
	}
	if describes {
		l.once(r, root, &l.described)
		l.pool.AllowUnauthenticated = r.Bool(m[1], "AllowUnauthenticatedIdentities")
		l.pool.AllowClassicFlow = r.Bool(m[2], "AllowClassicFlow")
		l.providers(r, m[3], m[4], m[5], m[6], m[7])
	}
	if roles {
		l.once(r, root, &l.roles)
		l.defaults(r, m[8])
		r.Map(m[9], "RoleMappings", func(key string, v gjson.Result, path string) { l.mapping(r, key, v, path) })
	}
	if tags {
		l.tags(r, m[10], m[11], m[12])
	}
}

// once reports a second answer of a kind.
func (l *loader) once(r *jsonread.Reader, root gjson.Result, seen *bool) {
	if *seen {
		r.Fail(root, "", jsonread.Code(Conflict), "another file says the same of the pool", nil)
	}
	*seen = true
}

// providers reads the login providers. A client of a user pool is an audience of
// that provider.
func (l *loader) providers(r *jsonread.Reader, public, developer, oidc, userPools, saml gjson.Result) {
	r.Map(public, "SupportedLoginProviders", func(key string, v gjson.Result, path string) {
		l.addProvider(Provider{Name: key, ClientIDs: []string{r.Text(v, path)}})
	})
	if name := r.Text(developer, "DeveloperProviderName"); name != "" {
		l.addProvider(Provider{Name: name})
	}
	r.List(oidc, "OpenIdConnectProviderARNs", func(v gjson.Result, path string) {
		text := r.Text(v, path)
		if entity, err := arn.ParseEntity(text); err == nil && entity.Kind == arn.OIDCProvider {
			l.addProvider(Provider{Name: entity.Name, ARN: text})
		} else {
			r.Fail(v, path, jsonread.Code(InvalidRole), "the ARN of an OpenID Connect provider should be here", nil)
		}
	})
	r.List(userPools, "CognitoIdentityProviders", func(v gjson.Result, path string) {
		m, ok := r.Members(v, path, false, "ProviderName", "ClientId")
		if !ok {
			return
		}
		name, ok := r.Required(v, m[0], path, "ProviderName")
		client, ok2 := r.Required(v, m[1], path, "ClientId")
		if ok && ok2 {
			l.addProvider(Provider{Name: name, ClientIDs: []string{client}})
		}
	})
	r.List(saml, "SamlProviderARNs", func(v gjson.Result, path string) {
		text := r.Text(v, path)
		if entity, err := arn.ParseEntity(text); err == nil && entity.Kind == arn.SAMLProvider {
			l.addProvider(Provider{Name: text, ARN: text})
		} else {
			r.Fail(v, path, jsonread.Code(InvalidRole), "the ARN of a SAML provider should be here", nil)
		}
	})
}

func (l *loader) addProvider(one Provider) {
	for at := range l.pool.Providers {
		if known := &l.pool.Providers[at]; known.Name == one.Name {
			known.ClientIDs = append(known.ClientIDs, one.ClientIDs...)
			return
		}
	}
	l.pool.Providers = append(l.pool.Providers, one)
}

// defaults reads the default roles.
func (l *loader) defaults(r *jsonread.Reader, v gjson.Result) {
	if !v.Exists() {
		return
	}
	if m, ok := r.Members(v, "Roles", false, "authenticated", "unauthenticated"); ok {
		l.pool.AuthenticatedRole = r.Text(m[0], "Roles.authenticated")
		l.pool.UnauthenticatedRole = r.Text(m[1], "Roles.unauthenticated")
	}
}

// mapping reads the role mapping of a provider.
func (l *loader) mapping(r *jsonread.Reader, key string, v gjson.Result, path string) {
	m, ok := r.Members(v, path, false, "Type", "AmbiguousRoleResolution", "RulesConfiguration")
	if !ok {
		return
	}
	mapping := RoleMapping{
		Type:                    MappingType(r.Text(m[0], path+".Type")),
		AmbiguousRoleResolution: RoleResolution(r.Text(m[1], path+".AmbiguousRoleResolution")),
	}
	if m[2].Exists() {
		path := path + ".RulesConfiguration"
		if m, ok := r.Members(m[2], path, false, "Rules"); ok {
			r.List(m[0], path+".Rules", func(v gjson.Result, path string) {
				m, ok := r.Members(v, path, false, "Claim", "MatchType", "Value", "RoleARN")
				if !ok {
					return
				}
				mapping.Rules = append(mapping.Rules, MappingRule{
					Claim:     r.Text(m[0], path+".Claim"),
					MatchType: MatchType(r.Text(m[1], path+".MatchType")),
					Value:     r.Text(m[2], path+".Value"),
					RoleARN:   r.Text(m[3], path+".RoleARN"),
				})
			})
		}
	}
	if l.pool.RoleMappings == nil {
		l.pool.RoleMappings = make(map[string]RoleMapping)
	}
	l.pool.RoleMappings[key] = mapping
}

// tags reads the attributes for access control of a provider.
func (l *loader) tags(r *jsonread.Reader, name, defaults, tags gjson.Result) {
	provider := r.Text(name, "IdentityProviderName")
	if _, twice := l.pool.PrincipalTags[provider]; twice {
		r.Fail(name, "IdentityProviderName", jsonread.Code(Conflict), "another file holds the tags of this provider", nil)
		return
	}
	mapping := TagMapping{UseDefaults: r.Bool(defaults, "UseDefaults"), Tags: make(map[string]string)}
	r.Map(tags, "PrincipalTags", func(key string, v gjson.Result, path string) { mapping.Tags[key] = r.Text(v, path) })
	if l.pool.PrincipalTags == nil {
		l.pool.PrincipalTags = make(map[string]TagMapping)
	}
	l.pool.PrincipalTags[provider] = mapping
}

// LoadGroups reads the groups of a user pool, or those of a user, from what
//
//	aws cognito-idp list-groups
//	aws cognito-idp admin-list-groups-for-user
//
// print. Several files are pages of one answer, of which the last must be there.
// The groups are in the order of the files. The error is [Errors].
//
// Source: Amazon Cognito User Pools API Reference, "ListGroups" and
// "AdminListGroupsForUser".
func LoadGroups(files ...principal.File) ([]Group, error) {
	var errs Errors
	var groups []Group
	for at, file := range files {
		r, ok := jsonread.Open(file.Text, MaxFileBytes, maxDepth)
		if ok {
			groups = readGroups(r, groups, at == len(files)-1)
		}
		errs.addFaults(file.Name, r)
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return groups, nil
}

// readGroups reads a page.
func readGroups(r *jsonread.Reader, groups []Group, last bool) []Group {
	root := r.Root()
	m, ok := r.Members(root, "", false, "Groups", "NextToken")
	switch {
	case !ok:
		return groups
	case !m[0].Exists():
		r.Fail(root, "Groups", jsonread.Missing, "Groups is missing", nil)
	case last && r.Text(m[1], "NextToken") != "":
		r.Fail(m[1], "NextToken", jsonread.Code(Incomplete), "this is not the last page: ask for the next with the NextToken", nil)
	}
	r.List(m[0], "Groups", func(v gjson.Result, path string) {
		m, ok := r.Members(v, path, false, "GroupName", "RoleArn", "Precedence")
		if !ok {
			return
		}
		name, ok := r.Required(v, m[0], path, "GroupName")
		group := Group{Name: name, RoleARN: r.Text(m[1], path+".RoleArn")}
		if entity, err := arn.ParseEntity(group.RoleARN); group.RoleARN != "" && (err != nil || entity.Kind != arn.Role) {
			r.Fail(m[1], path+".RoleArn", jsonread.Code(InvalidRole), "the ARN of a role should be here", nil)
			return
		}
		if p := m[2]; p.Exists() {
			precedence := int(p.Int())
			if p.Type != gjson.Number || precedence < 0 || precedence > 1<<31-1 || float64(precedence) != p.Num {
				r.Fail(p, path+".Precedence", jsonread.Code(InvalidGroup), "Precedence is a whole number from 0", nil)
				return
			}
			group.Precedence = &precedence
		}
		if ok {
			groups = append(groups, group)
		}
	})
	return groups
}

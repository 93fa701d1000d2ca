package cognito

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/evaluate/internal/jsonread"
)

// Bounds of what stands in a pool.
//
// Source: Amazon Cognito Federated Identities API Reference, "MappingRule",
// "IdentityPool" and "SetPrincipalTagAttributeMap".
const (
	maxPoolID     = 55
	maxClaim      = 64
	maxValue      = 128
	maxTagKey     = 128
	maxAttribute  = 256
	maxMappedTags = 50
)

// Check tells whether the pool is one that Amazon Cognito would take. The error
// is [Errors], with paths but without positions. A pool with errors gives no
// roles that one without would not give; but it may not be the one that was
// meant.
func (p *Pool) Check() error {
	var c checker
	region, _, _ := strings.Cut(p.ID, ":")
	if !isIdentity(p.ID, region) {
		c.fail("ID", InvalidPoolID, "the id of an identity pool is REGION:UUID; this is "+quote(p.ID))
	}
	if !arn.IsAccountID(p.AccountID) {
		c.fail("AccountID", InvalidAccount, "an account id has twelve digits; this is "+quote(p.AccountID))
	}
	c.role(p.AuthenticatedRole, "AuthenticatedRole", true)
	c.role(p.UnauthenticatedRole, "UnauthenticatedRole", true)
	for at, one := range p.Providers {
		if one.Name == "" {
			c.fail("Providers["+strconv.Itoa(at)+"].Name", MissingMember, "the name of the provider is missing")
		}
	}
	for _, key := range slices.Sorted(maps.Keys(p.RoleMappings)) {
		mapping := p.RoleMappings[key]
		c.mapping(&mapping, jsonread.Join("RoleMappings", key))
	}
	for _, key := range slices.Sorted(maps.Keys(p.PrincipalTags)) {
		c.tags(p.PrincipalTags[key], jsonread.Join("PrincipalTags", key))
	}
	return c.errors.err()
}

// A checker collects what is wrong with a pool.
type checker struct{ errors Errors }

func (c *checker) fail(path string, code Code, message string) {
	if len(c.errors) < jsonread.MaxFaults {
		c.errors = append(c.errors, &Error{Code: code, Path: path, Message: message})
	}
}

func (c *checker) role(text, path string, optional bool) {
	if text == "" && optional {
		return
	}
	if entity, err := arn.ParseEntity(text); err != nil || entity.Kind != arn.Role {
		c.fail(path, InvalidRole, "the ARN of a role should be here; this is "+quote(text))
	}
}

func (c *checker) mapping(m *RoleMapping, path string) {
	switch m.Type {
	case TokenMapping:
		if len(m.Rules) > 0 {
			c.fail(path, InvalidMapping, "a mapping of the type Token has no rules")
		}
	case RulesMapping:
		if len(m.Rules) == 0 {
			c.fail(path, InvalidMapping, "a mapping of the type Rules has rules")
		}
	default:
		c.fail(path+".Type", InvalidMapping, "Type is Token or Rules; this is "+quote(string(m.Type)))
	}
	if m.AmbiguousRoleResolution != AuthenticatedRoleResolution && m.AmbiguousRoleResolution != DenyResolution {
		c.fail(path+".AmbiguousRoleResolution", InvalidMapping,
			"AmbiguousRoleResolution is AuthenticatedRole or Deny; this is "+quote(string(m.AmbiguousRoleResolution)))
	}
	if len(m.Rules) > MaxRules {
		c.fail(path, TooManyRules, "a provider has at most "+strconv.Itoa(MaxRules)+" rules; these are "+strconv.Itoa(len(m.Rules)))
	}
	for at := range m.Rules {
		rule := &m.Rules[at]
		path := path + ".RulesConfiguration.Rules[" + strconv.Itoa(at) + "]"
		if n := utf8.RuneCountInString(rule.Claim); n == 0 || n > maxClaim {
			c.fail(path+".Claim", InvalidMapping, "the name of a claim has 1 to "+strconv.Itoa(maxClaim)+" characters")
		}
		if n := utf8.RuneCountInString(rule.Value); n == 0 || n > maxValue {
			c.fail(path+".Value", InvalidMapping, "the value of a rule has 1 to "+strconv.Itoa(maxValue)+" characters")
		}
		switch rule.MatchType {
		case Equals, Contains, StartsWith, NotEqual:
		default:
			c.fail(path+".MatchType", InvalidMapping, "MatchType is Equals, Contains, StartsWith or NotEqual; this is "+quote(string(rule.MatchType)))
		}
		c.role(rule.RoleARN, path+".RoleARN", false)
	}
}

func (c *checker) tags(m TagMapping, path string) {
	if len(m.Tags) > maxMappedTags {
		c.fail(path, InvalidTag, "a session has at most "+strconv.Itoa(maxMappedTags)+" tags")
	}
	seen := make(map[string]string)
	for _, key := range slices.Sorted(maps.Keys(m.Tags)) {
		at := jsonread.Join(path, key)
		if n := utf8.RuneCountInString(key); n == 0 || n > maxTagKey {
			c.fail(at, InvalidTag, "the key of a tag has 1 to "+strconv.Itoa(maxTagKey)+" characters")
		}
		if n := utf8.RuneCountInString(m.Tags[key]); n == 0 || n > maxAttribute {
			c.fail(at, InvalidTag, "the name of an attribute has 1 to "+strconv.Itoa(maxAttribute)+" characters")
		}
		folded := strings.ToLower(key)
		if other, twice := seen[folded]; twice {
			c.fail(at, InvalidTag, "the tag key is there twice, as "+quote(other)+" too; tag keys ignore letter case")
		}
		seen[folded] = key
	}
}

// isIdentity tells whether text is an id of a pool or of an identity in a
// Region.
func isIdentity(text, region string) bool {
	rest, ok := strings.CutPrefix(text, region+":")
	if !ok || region == "" || len(text) > maxPoolID || rest == "" {
		return false
	}
	for at := range len(text) {
		c := text[at]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == ':') {
			return false
		}
	}
	return !strings.Contains(rest, ":")
}

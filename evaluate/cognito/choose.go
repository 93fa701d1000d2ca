package cognito

import (
	"slices"
	"strconv"
	"strings"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/internal/message"
)

// A Login is a user who has signed in with a provider.
type Login struct {
	// Provider is the name of the provider, see [Provider].
	Provider string
	// Claims are those of the token, or the attributes of the assertion, as
	// encoding/json decodes them into an any; []string and json.Number will do
	// too. The token must have been verified.
	Claims map[string]any
}

// A Choice is which role a pool gives, and why, or why it gives none. The zero
// Choice gives none.
type Choice struct {
	// RoleARN is the role, "" if there is none.
	RoleARN string
	// Reason says why.
	Reason Reason
	// Provider is the key of the role mapping that was asked, "" if none was.
	Provider string
	// Rule is the number of the rule that chose, from 0; -1 if none did.
	Rule int
	// Refused is the role that was asked for and not given, "" if none was.
	Refused string
	// MissingClaims are the claims that the mapping looked for and that the
	// token does not have, in the order of the rules, each once.
	MissingClaims []string
}

// OK tells whether there is a role.
func (c Choice) OK() bool { return c.RoleARN != "" }

// String says in a line what was chosen and why:
//
//	arn:aws:iam::111122223333:role/sales: rule 2 of cognito-idp.….com/pool:client matches
//	no role: no rule matches and AmbiguousRoleResolution is Deny; the token has no claim custom:dept
func (c Choice) String() string {
	text := "no role: "
	if c.OK() {
		text = c.RoleARN + ": "
	}
	if c.Rule >= 0 && c.Reason.matched() {
		text += "rule " + strconv.Itoa(c.Rule+1) + " of " + quote(c.Provider) + " matches"
		if c.Reason == CustomRoleOfRule {
			text += ", and its role was asked for"
		}
	} else {
		text += c.Reason.String()
	}
	if c.Refused != "" {
		text += " (" + quote(c.Refused) + ")"
	}
	if len(c.MissingClaims) > 0 && !c.Reason.matched() {
		text += "; the token has no claim " + strings.Join(c.MissingClaims, ", ")
	}
	return text
}

// ChooseRole chooses the role that the pool gives to a login in the enhanced
// flow. A nil login is a guest. The custom role is the parameter CustomRoleArn
// of GetCredentialsForIdentity, "" if it is not given.
//
//   - A guest gets the default unauthenticated role, if guests are allowed.
//   - A login without role mapping gets the default authenticated role.
//   - With a Token mapping, it gets the custom role if that is in the claim
//     cognito:roles, and none if it is not; without a custom role the one in
//     cognito:preferred_role.
//   - With a Rules mapping, it gets the role of the first rule that matches; with
//     a custom role, that one if a rule matches that gives it, and else none. A
//     rule whose claim is missing does not match, not even NotEqual.
//   - Where the mapping gives none, and no custom role was asked for,
//     AmbiguousRoleResolution decides between the default authenticated role and
//     none.
//
// A custom role where there is nothing to choose from must be the role that
// would be given anyway. The role must be in the account of the pool.
//
// It is a pure function: it says nothing of whether the role trusts the pool.
//
// Source: Amazon Cognito Developer Guide, "Using role-based access control";
// Amazon Cognito Federated Identities API Reference,
// "GetCredentialsForIdentity".
func (p *Pool) ChooseRole(login *Login, customRole string) Choice {
	choice := p.choose(login, customRole)
	if !choice.OK() {
		return choice
	}
	role, err := arn.ParseEntity(choice.RoleARN)
	switch {
	case err != nil || role.Kind != arn.Role:
		choice.Reason = NotARole
	case role.AccountID != p.AccountID || role.Partition != p.partition():
		choice.Reason = RoleOfAnotherAccount
	default:
		return choice
	}
	choice.RoleARN, choice.Refused = "", choice.RoleARN
	return choice
}

func (p *Pool) choose(login *Login, customRole string) Choice {
	if login == nil {
		if !p.AllowUnauthenticated {
			return refuse(GuestsNotAllowed)
		}
		return byDefault(p.UnauthenticatedRole, DefaultUnauthenticatedRole, customRole)
	}
	provider, reason := p.provider(login)
	if provider == nil {
		return refuse(reason)
	}
	key, mapping := p.mapping(provider, login)
	if mapping == nil {
		return byDefault(p.AuthenticatedRole, DefaultAuthenticatedRole, customRole)
	}
	var choice Choice
	switch mapping.Type {
	case TokenMapping:
		choice = byToken(login, customRole)
	case RulesMapping:
		choice = byRules(mapping.Rules, login, customRole)
	default:
		choice = refuse(NoMappingType)
	}
	if choice.Reason.ambiguous() && mapping.AmbiguousRoleResolution == AuthenticatedRoleResolution {
		missing := choice.MissingClaims
		choice = byDefault(p.AuthenticatedRole, FallbackRole, "")
		choice.MissingClaims = missing
	}
	choice.Provider = key
	return choice
}

// refuse is a choice of no role.
func refuse(reason Reason) Choice { return Choice{Reason: reason, Rule: -1} }

// byDefault gives a default role.
func byDefault(role string, reason Reason, customRole string) Choice {
	switch {
	case role == "":
		return refuse(NoRoleSet)
	case customRole != "" && customRole != role:
		return Choice{Reason: CustomRoleWithoutMapping, Rule: -1, Refused: customRole}
	}
	return Choice{RoleARN: role, Reason: reason, Rule: -1}
}

// provider finds the provider of a login, whose token must be for the pool. It
// is nil with a reason if the pool does not take the login.
func (p *Pool) provider(login *Login) (*Provider, Reason) {
	at := slices.IndexFunc(p.Providers, func(one Provider) bool {
		return login.Provider != "" && (one.Name == login.Provider || one.ARN == login.Provider)
	})
	if at < 0 {
		return nil, UnknownProvider
	}
	provider := &p.Providers[at]
	if provider.ClientIDs == nil {
		return provider, 0
	}
	if audience, _ := login.Claims["aud"].(string); audience == "" || !slices.Contains(provider.ClientIDs, audience) {
		return nil, WrongAudience
	}
	return provider, 0
}

// mapping finds the role mapping of a login, and the key that it stands under.
func (p *Pool) mapping(provider *Provider, login *Login) (string, *RoleMapping) {
	for _, key := range provider.keys(login) {
		if mapping, ok := p.RoleMappings[key]; ok {
			return key, &mapping
		}
	}
	return "", nil
}

// keys are the names under which things of the provider stand in a pool.
func (p *Provider) keys(login *Login) []string {
	keys := make([]string, 0, 3)
	if audience, _ := login.Claims["aud"].(string); p.ClientIDs != nil {
		keys = append(keys, p.Name+":"+audience)
	}
	keys = append(keys, p.Name)
	if p.ARN != "" {
		keys = append(keys, p.ARN)
	}
	return keys
}

// byToken takes the role from the token of a user pool.
func byToken(login *Login, customRole string) Choice {
	roles := claimList(login.Claims, rolesClaim)
	if customRole != "" {
		if slices.Contains(roles, customRole) {
			return Choice{RoleARN: customRole, Reason: CustomRoleOfToken, Rule: -1}
		}
		choice := Choice{Reason: CustomRoleNotInToken, Rule: -1, Refused: customRole}
		if len(roles) == 0 {
			choice.MissingClaims = []string{rolesClaim}
		}
		return choice
	}
	if preferred, _ := login.Claims[preferredRoleClaim].(string); preferred != "" {
		return Choice{RoleARN: preferred, Reason: PreferredRole, Rule: -1}
	}
	choice := refuse(AmbiguousRole)
	choice.MissingClaims = []string{preferredRoleClaim}
	if len(roles) == 0 {
		choice.Reason = NoRoleInToken
		choice.MissingClaims = append(choice.MissingClaims, rolesClaim)
	}
	return choice
}

// byRules takes the role from the first rule that matches.
func byRules(rules []MappingRule, login *Login, customRole string) Choice {
	var missing []string
	for at := range rules {
		rule := &rules[at]
		text, ok := claimText(login.Claims, rule.Claim)
		switch {
		case !ok && !slices.Contains(missing, rule.Claim):
			missing = append(missing, rule.Claim)
		case !ok || !rule.matches(text):
		case customRole == "":
			return Choice{RoleARN: rule.RoleARN, Reason: MatchingRule, Rule: at, MissingClaims: missing}
		case customRole == rule.RoleARN:
			return Choice{RoleARN: rule.RoleARN, Reason: CustomRoleOfRule, Rule: at, MissingClaims: missing}
		}
	}
	if customRole != "" {
		return Choice{Reason: CustomRoleNotMatched, Rule: -1, Refused: customRole, MissingClaims: missing}
	}
	choice := refuse(NoRuleMatches)
	choice.MissingClaims = missing
	return choice
}

func quote(text string) string { return message.Quote(text, message.Enough) }

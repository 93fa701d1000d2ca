package cognito

// A Reason says why a pool gives a role, or why it gives none.
type Reason uint8

// The reasons. Those up to RoleOfApplication give a role, the others none; the zero
// Reason is none.
const (
	// DefaultAuthenticatedRole: the provider has no role mapping.
	DefaultAuthenticatedRole Reason = iota + 1
	// DefaultUnauthenticatedRole: the identity is a guest.
	DefaultUnauthenticatedRole
	// PreferredRole: the claim cognito:preferred_role names it.
	PreferredRole
	// CustomRoleOfToken: it was asked for, and cognito:roles has it.
	CustomRoleOfToken
	// MatchingRule: it is that of the first rule that matches.
	MatchingRule
	// CustomRoleOfRule: it was asked for, and a rule that gives it matches.
	CustomRoleOfRule
	// FallbackRole: the mapping gives none, and AmbiguousRoleResolution is
	// AuthenticatedRole.
	FallbackRole
	// RoleOfApplication: the application named it, in the basic flow.
	RoleOfApplication

	// GuestsNotAllowed: the pool does not let guests in.
	GuestsNotAllowed
	// UnknownProvider: the login is with none of the providers of the pool.
	UnknownProvider
	// WrongAudience: the token is for another application than those of the
	// pool.
	WrongAudience
	// NoRoleSet: the pool has no default role for such an identity.
	NoRoleSet
	// CustomRoleNotInToken: it was asked for a role that cognito:roles does not
	// have.
	CustomRoleNotInToken
	// CustomRoleNotMatched: it was asked for a role that no rule which matches
	// gives.
	CustomRoleNotMatched
	// CustomRoleWithoutMapping: it was asked for another role than the default
	// one, and no mapping offers any.
	CustomRoleWithoutMapping
	// AmbiguousRole: the token has roles, but does not prefer one, and
	// AmbiguousRoleResolution is Deny.
	AmbiguousRole
	// NoRoleInToken: the token has no roles, and AmbiguousRoleResolution is
	// Deny.
	NoRoleInToken
	// NoRuleMatches: no rule matches, and AmbiguousRoleResolution is Deny.
	NoRuleMatches
	// NoMappingType: the role mapping is neither Token nor Rules.
	NoMappingType
	// NotARole: what was chosen is not the ARN of a role.
	NotARole
	// RoleOfAnotherAccount: the role is not in the account of the pool.
	RoleOfAnotherAccount
	// ClassicFlowNotAllowed: the pool does not allow the basic flow.
	ClassicFlowNotAllowed
	// AudienceNotChecked: the role is in another account, and its trust policy
	// would take the tokens of any pool.
	AudienceNotChecked
	// NotAnIdentity: the id of the identity is not one of the pool's Region.
	NotAnIdentity
)

var reasons = [...]string{
	DefaultAuthenticatedRole:   "the default role of authenticated identities",
	DefaultUnauthenticatedRole: "the default role of guests",
	PreferredRole:              "the claim cognito:preferred_role names it",
	CustomRoleOfToken:          "it was asked for, and the claim cognito:roles has it",
	MatchingRule:               "a rule matches",
	CustomRoleOfRule:           "it was asked for, and a rule matches",
	FallbackRole:               "the default role, since the role mapping gives none and AmbiguousRoleResolution is AuthenticatedRole",
	RoleOfApplication:          "the application asks for it, in the basic flow",
	GuestsNotAllowed:           "the pool does not let guests in",
	UnknownProvider:            "the login is with a provider that the pool does not have",
	WrongAudience:              "the token is for another application",
	NoRoleSet:                  "the pool has no default role for such an identity",
	CustomRoleNotInToken:       "the role that was asked for is not in the claim cognito:roles",
	CustomRoleNotMatched:       "no rule matches that gives the role which was asked for",
	CustomRoleWithoutMapping:   "there is no role mapping that could give the role which was asked for",
	AmbiguousRole:              "the token prefers none of its roles, and AmbiguousRoleResolution is Deny",
	NoRoleInToken:              "the token has no roles, and AmbiguousRoleResolution is Deny",
	NoRuleMatches:              "no rule matches, and AmbiguousRoleResolution is Deny",
	NoMappingType:              "the role mapping is neither Token nor Rules",
	NotARole:                   "what was chosen is not the ARN of a role",
	RoleOfAnotherAccount:       "the role is not in the account of the pool",
	ClassicFlowNotAllowed:      "the pool does not allow the basic flow",
	AudienceNotChecked:         "the role of another account would take the tokens of any pool: its trust policy needs a condition on cognito-identity.amazonaws.com:aud",
	NotAnIdentity:              "the id of the identity is not one of the pool's Region",
}

// String says why in words.
func (r Reason) String() string {
	if int(r) < len(reasons) && reasons[r] != "" {
		return reasons[r]
	}
	return "no reason"
}

// matched tells whether a rule chose.
func (r Reason) matched() bool { return r == MatchingRule || r == CustomRoleOfRule }

// ambiguous tells whether AmbiguousRoleResolution is to decide.
func (r Reason) ambiguous() bool {
	return r == AmbiguousRole || r == NoRoleInToken || r == NoRuleMatches
}

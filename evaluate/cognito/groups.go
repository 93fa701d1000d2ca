package cognito

// A Group is a group of a user pool.
//
// Source: Amazon Cognito User Pools API Reference, "GroupType".
type Group struct {
	// Name is the name of the group.
	Name string
	// RoleARN is the role that its members can have, "" for none.
	RoleARN string
	// Precedence ranks the group: the lowest wins. Nil is the last of all.
	Precedence *int
}

// GroupClaims gives the claims that a user pool puts into the tokens of a user
// who is a member of the groups:
//
//   - cognito:groups, the names of the groups;
//   - cognito:roles, their roles, each once;
//   - cognito:preferred_role, the role of the group with the lowest Precedence
//     of those that have a role. It is absent if two groups share that
//     Precedence (or have none) and have different roles.
//
// A claim that would be empty is absent. The first two are []string, in the
// order of the groups. Of no groups there are no claims.
//
// Source: Amazon Cognito User Pools API Reference, "CreateGroup", Precedence;
// Amazon Cognito Developer Guide, "Using role-based access control".
func GroupClaims(groups []Group) map[string]any {
	claims := make(map[string]any)
	var names, roles []string
	seen := make(map[string]bool)
	best, tied := (*Group)(nil), false
	for at := range groups {
		g := &groups[at]
		names = append(names, g.Name)
		if g.RoleARN == "" {
			continue
		}
		if !seen[g.RoleARN] {
			seen[g.RoleARN] = true
			roles = append(roles, g.RoleARN)
		}
		switch {
		case best == nil || g.before(best):
			best, tied = g, false
		case best.before(g):
		case g.RoleARN != best.RoleARN:
			tied = true
		}
	}
	if len(names) > 0 {
		claims[groupsClaim] = names
	}
	if len(roles) > 0 {
		claims[rolesClaim] = roles
	}
	if best != nil && !tied {
		claims[preferredRoleClaim] = best.RoleARN
	}
	return claims
}

// The claims that a user pool makes of groups.
const (
	groupsClaim        = "cognito:groups"
	rolesClaim         = "cognito:roles"
	preferredRoleClaim = "cognito:preferred_role"
)

// before tells whether the group takes precedence over another.
func (g *Group) before(other *Group) bool {
	if g.Precedence == nil || other.Precedence == nil {
		return g.Precedence != nil && other.Precedence == nil
	}
	return *g.Precedence < *other.Precedence
}

package generate

// caller is who asks.
type caller struct {
	kind      string
	principal string
	issuer    string
	partition string
	account   string
	// name is the name of the user or role that is behind the caller; path is its path.
	name, path string
	// session is the name of the session or of the federated user.
	session string
	// accountSide callers have identity policies, or at least SCPs.
	accountSide bool
}

// The kinds of caller.
const (
	callerUser               = "user"
	callerRoleSession        = "role session"
	callerRoleSessionNoRole  = "role session without issuer"
	callerRole               = "role"
	callerServiceLinked      = "service-linked role"
	callerFederated          = "federated user"
	callerFederatedNoIssuer  = "federated user without issuer"
	callerRoot               = "root"
	callerService            = "service"
	callerRegionalService    = "regional service"
	callerSAML               = "saml provider"
	callerOIDC               = "oidc provider"
	callerAnonymous          = "anonymous"
	callerBareProviderPrefix = "provider "
)

// CallerKinds returns the names of all kinds of caller that the generator knows, as [Labels] name them.
func CallerKinds() []string {
	kinds := []string{callerUser, callerRoleSession, callerRoleSessionNoRole, callerRole, callerServiceLinked, callerFederated, callerFederatedNoIssuer, callerRoot, callerService, callerRegionalService, callerSAML, callerOIDC, callerAnonymous}
	for _, name := range bareProviders {
		kinds = append(kinds, callerBareProviderPrefix+name)
	}
	return kinds
}

// isRoleBased says whether the caller is a role or a session of one.
func (c *caller) isRoleBased() bool {
	switch c.kind {
	case callerRole, callerRoleSession, callerRoleSessionNoRole, callerServiceLinked:
		return true
	}
	return false
}

func (c *caller) isFederated() bool {
	return c.kind == callerFederated || c.kind == callerFederatedNoIssuer
}

// hasPolicies says whether identity policies and boundaries apply to the caller.
func (c *caller) hasPolicies() bool { return c.accountSide && c.kind != callerRoot }

// takesSession says whether session policies apply to the caller.
func (c *caller) takesSession() bool {
	return c.isFederated() || c.isRoleBased() && c.kind != callerServiceLinked
}

// entity returns the ARN of the user or role behind the caller.
func (c *caller) entity() string {
	if c.isRoleBased() {
		return "arn:" + c.partition + ":iam::" + c.account + ":role" + c.path + c.name
	}
	return "arn:" + c.partition + ":iam::" + c.account + ":user" + c.path + c.name
}

// makeCaller makes a caller of the given kind; provider names the bare provider where the kind is one.
func (b *builder) makeCaller(kind string) caller {
	c := caller{kind: kind, partition: "aws", account: pick(b.chooser, accounts[:2]), accountSide: true}
	if b.chance(3) {
		c.partition = pick(b.chooser, partitions)
	}
	iam, sts := "arn:"+c.partition+":iam::"+c.account+":", "arn:"+c.partition+":sts::"+c.account+":"
	c.path, c.session = pick(b.chooser, paths), pick(b.chooser, sessionNames)
	switch kind {
	case callerUser:
		c.name = pick(b.chooser, userNames)
		c.principal = c.entity()
	case callerRoleSession, callerRole:
		c.name = pick(b.chooser, roleNames)
		c.principal = c.entity()
		if kind == callerRoleSession {
			c.principal, c.issuer = sts+"assumed-role/"+c.name+"/"+c.session, c.entity()
		}
	case callerRoleSessionNoRole:
		c.name, c.path = pick(b.chooser, roleNames), "/"
		c.principal = sts + "assumed-role/" + c.name + "/" + c.session
	case callerServiceLinked:
		c.name, c.path = "AWSServiceRoleForTrail", "/aws-service-role/cloudtrail.amazonaws.com/"
		c.principal = c.entity()
		if b.chance(70) {
			c.principal, c.issuer = sts+"assumed-role/"+c.name+"/"+c.session, c.entity()
		}
	case callerFederated, callerFederatedNoIssuer:
		c.name, c.session = pick(b.chooser, userNames), pick(b.chooser, []string{"kiosk", "alice", "Bob"})
		c.principal, c.issuer = sts+"federated-user/"+c.session, c.entity()
		if kind == callerFederatedNoIssuer {
			c.name, c.path, c.issuer = c.session, "/", ""
		}
	case callerRoot:
		c.principal = iam + "root"
	case callerService:
		c.principal, c.accountSide = pick(b.chooser, services), false
	case callerRegionalService:
		c.principal, c.accountSide = pick(b.chooser, regionalServices), false
	case callerSAML:
		c.principal, c.accountSide = iam+"saml-provider/"+pick(b.chooser, []string{"corp", "Corp"}), false
	case callerOIDC:
		c.principal, c.accountSide = iam+"oidc-provider/token.actions.githubusercontent.com", false
	case callerAnonymous:
		c.principal, c.accountSide = "anonymous", false
	default:
		c.principal, c.accountSide = kind[len(callerBareProviderPrefix):], false
	}
	return c
}

// callerWeights are the shares of the kinds in the order of CallerKinds.
var callerWeights = []int{180, 120, 60, 60, 42, 138, 36, 80, 55, 18, 16, 16, 55, 14, 14, 14, 14}

// anyCaller draws a caller of any kind.
func (b *builder) anyCaller() caller {
	return b.makeCaller(b.kinds[b.weighted(callerWeights...)])
}

// callerAmong draws a caller of one of the kinds.
func (b *builder) callerAmong(kinds ...string) caller { return b.makeCaller(pick(b.chooser, kinds)) }

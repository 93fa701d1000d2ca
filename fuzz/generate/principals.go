package generate

import "strings"

// principals fills in Principal or NotPrincipal.
func (b *builder) principals(s *Statement, kind documentKind, aim want) {
	if kind == kindRCP {
		s.Principal = everyone()
		return
	}
	not := 9
	if s.Effect == "Deny" {
		not = 18
	}
	if kind != kindTrust && b.chance(not) {
		s.NotPrincipal = b.notPrincipal(aim)
		return
	}
	everybody := b.everyoneShare(kind)
	if aim == wantMatch && b.chance(everybody) {
		s.Principal = everyone()
		if b.chance(30) {
			s.Principal = &Principal{Groups: []PrincipalGroup{{"AWS", Strings{Values: []string{"*"}, Scalar: b.chance(70)}}}}
		}
		return
	}
	if aim == wantMiss && b.chance(5) {
		s.Principal = &Principal{}
		if b.chance(50) {
			s.Principal.add("AWS", "")
			s.Principal.Groups[0].Values = Strings{}
		}
		return
	}
	s.Principal = &Principal{}
	if aim != wantMiss {
		group, identifier := b.matchingPrincipal(kind)
		s.Principal.add(group, identifier)
	}
	decoys := b.weighted(66, 22, 12)
	if aim == wantMiss && decoys == 0 {
		decoys = 1
	}
	for range decoys {
		group, identifier := b.otherPrincipal()
		s.Principal.add(group, identifier)
	}
	for i := range s.Principal.Groups {
		s.Principal.Groups[i].Values.Scalar = b.chance(60)
	}
}

func (b *builder) everyoneShare(kind documentKind) int {
	switch kind {
	case kindEndpoint:
		return 75
	case kindTrust:
		return 14
	}
	if b.caller.accountSide {
		return 20
	}
	return 45
}

// add adds an identifier to the group of its type.
func (p *Principal) add(group, identifier string) {
	for i := range p.Groups {
		if p.Groups[i].Type == group {
			p.Groups[i].Values.Values = append(p.Groups[i].Values.Values, identifier)
			return
		}
	}
	p.Groups = append(p.Groups, PrincipalGroup{Type: group, Values: Strings{Values: []string{identifier}}})
}

// identity returns the type and the exact identifier of the caller itself.
func (b *builder) identity() (group, identifier string) {
	switch c := &b.caller; c.kind {
	case callerAnonymous:
		return "AWS", "*"
	case callerService, callerRegionalService:
		return "Service", c.principal
	case callerSAML, callerOIDC:
		return "Federated", c.principal
	default:
		if !c.accountSide {
			return "Federated", c.principal
		}
		return "AWS", c.principal
	}
}

// matchingPrincipal returns an identifier that the caller has.
func (b *builder) matchingPrincipal(kind documentKind) (group, identifier string) {
	c := &b.caller
	if !c.accountSide {
		return b.identity()
	}
	account := "arn:" + c.partition + ":iam::" + c.account + ":root"
	if c.partition == "aws" && b.chance(40) {
		account = c.account
	}
	if c.kind == callerRoot {
		return "AWS", account
	}
	wholeAccount := 30
	if kind == kindKey {
		wholeAccount = 50
	}
	if b.chance(wholeAccount) {
		return "AWS", account
	}
	if c.kind != callerUser && c.kind != callerRole && b.chance(50) {
		entity := c.entity()
		if c.isRoleBased() && b.chance(20) {
			// A role is known by account and name, whatever path and letter case.
			entity = "arn:" + c.partition + ":iam::" + c.account + ":role" + pick(b.chooser, paths) + b.flipCase(c.name)
		}
		return "AWS", entity
	}
	return b.identity()
}

// otherPrincipal returns an identifier that the caller has not, or hardly has.
func (b *builder) otherPrincipal() (group, identifier string) {
	group, identifier = b.identity()
	switch b.intn(8) {
	case 0:
		if strings.HasPrefix(identifier, "arn:") {
			return group, b.nearPrincipal(identifier)
		}
	case 1:
		return "AWS", pick(b.chooser, []string{"111111111111", "222222222222", "333333333333", "arn:aws:iam::333333333333:root", "arn:aws-cn:iam::111111111111:root"})
	case 2:
		return "Service", pick(b.chooser, []string{"lambda.amazonaws.com", "s3.amazonaws.com", "lambda.eu-west-1.amazonaws.com", "logs.amazonaws.com", "*"})
	case 3:
		return "Federated", pick(b.chooser, []string{"accounts.google.com", "cognito-identity.amazonaws.com", "arn:aws:iam::111111111111:saml-provider/corp", "*"})
	case 4:
		return "AWS", pick(b.chooser, []string{"AIDA1234567890EXAMPLE", "AROA1234567890EXAMPLE"})
	case 5:
		return "CanonicalUser", "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
	case 6:
		c := b.caller
		c.kind = pick(b.chooser, []string{callerUser, callerRole})
		c.account = pick(b.chooser, accounts)
		c.name = pick(b.chooser, append(userNames[:3:3], roleNames...))
		return "AWS", c.entity()
	}
	return "AWS", "arn:aws:sts::111111111111:assumed-role/" + pick(b.chooser, roleNames) + "/" + pick(b.chooser, sessionNames)
}

// nearPrincipal changes the last part of an ARN, its account or its partition.
func (b *builder) nearPrincipal(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	switch b.intn(4) {
	case 0:
		parts[4] = pick(b.chooser, accounts)
	case 1:
		parts[1] = pick(b.chooser, partitions)
	case 2:
		cut := strings.LastIndexByte(parts[5], '/')
		parts[5] = parts[5][:cut+1] + b.flipCase(parts[5][cut+1:])
	default:
		parts[5] += pick(b.chooser, []string{"x", "1", "-"})
	}
	return strings.Join(parts, ":")
}

// notPrincipal makes a NotPrincipal; a match is a caller who is not spared.
func (b *builder) notPrincipal(aim want) *Principal {
	listed := &Principal{}
	c := &b.caller
	if aim == wantMiss {
		// To be spared, every identity of the caller must be listed.
		group, identifier := b.identity()
		listed.add(group, identifier)
		if c.accountSide {
			if c.kind != callerUser && c.kind != callerRoot && c.kind != callerRole && !b.chance(8) {
				listed.add("AWS", c.entity())
			}
			if !b.chance(8) {
				listed.add("AWS", "arn:"+c.partition+":iam::"+c.account+":root")
			}
		}
	} else if b.chance(35) {
		group, identifier := b.identity()
		listed.add(group, identifier)
	}
	for range b.weighted(40, 40, 20) {
		group, identifier := b.otherPrincipal()
		listed.add(group, identifier)
	}
	if len(listed.Groups) == 0 {
		if b.chance(15) {
			return everyone()
		}
		group, identifier := b.otherPrincipal()
		listed.add(group, identifier)
	}
	return listed
}

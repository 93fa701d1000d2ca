package iamtest

import (
	"strings"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// A spot is a resource that actions are asked on.
type spot struct {
	label string // the pattern that it is an example of, or its own name
	name  string // an ARN, or "*"
	side  *evaluate.Resource
	// elsewhere says that the resource is in another account, which would allow
	// everything.
	elsewhere bool
	number    uint32 // the same for spots of the same name
}

// A place is a type of resource with the spots on which its actions are asked.
type place struct {
	kind    int32
	pattern *pattern
	spots   []*spot // the first one decides; the others count where it does not allow
	others  []*spot // in other accounts, likewise
	// renamed are the first spot with the other names, made when needed.
	renamed [len(otherNames)]*spot
}

// first is the spot that stands for the place. There is one.
func (p *place) first() *spot {
	if len(p.spots) > 0 {
		return p.spots[0]
	}
	return p.others[0]
}

// places gives the places that a pattern speaks of. Equal patterns share them.
func (s *survey) places(p *pattern) []place {
	if known, ok := s.known[p.text]; ok {
		return known
	}
	var found []place
	s.kinds(p, func(kind int32) {
		if place, ok := s.place(p, kind); ok {
			found = append(found, place)
		}
	})
	s.known[p.text] = found
	return found
}

// kinds calls do for each type of resource whose ARNs have the service that a
// pattern names.
func (s *survey) kinds(p *pattern, do func(kind int32)) {
	service := runesText(p.head[1])
	if !strings.ContainsAny(service, "*?") {
		for _, kind := range s.typesOf[service] {
			do(kind)
		}
		return
	}
	for kind := range s.types {
		do(int32(kind))
	}
}

// place finds out what a pattern speaks of on a type.
func (s *survey) place(p *pattern, kind int32) (place, bool) {
	t := &s.types[kind]
	found := place{kind: kind}
	if p.whole == nil && !strings.HasPrefix(p.begin, t.begin) && !strings.HasPrefix(t.begin, p.begin) {
		return found, false
	}
	name, ok := t.witness(p, s.home, strangeRegion, s.home.account, strangeName)
	if !ok {
		return found, false
	}
	found.pattern = p
	found.add(s.spot(p.text, name))
	for _, region := range s.regions {
		if !p.openRegion() {
			break
		}
		if again, ok := t.witness(p, s.home, region, s.home.account, strangeName); ok && again != name {
			found.add(s.spot(p.text, again))
		}
	}
	switch {
	case p.openAccount():
		for _, account := range s.strangers {
			if other, ok := t.witness(p, s.home, strangeRegion, account, strangeName); ok && other != name {
				found.add(s.spot(p.text, other))
			}
		}
	case s.mindsOwner && s.ownerOpen(name):
		for _, account := range s.strangers {
			found.add(s.elsewhere(p.text, name, account))
		}
	}
	return found, len(found.spots)+len(found.others) > 0
}

// add notes a spot, if it is one.
func (p *place) add(at *spot) {
	switch {
	case at == nil:
	case at.elsewhere:
		p.others = append(p.others, at)
	default:
		p.spots = append(p.spots, at)
	}
}

// rename gives a spot of the place with another name, nil if there is none.
func (s *survey) rename(p *place, number int) *spot {
	if p.renamed[number] == nil {
		p.renamed[number] = new(spot)
		if name, ok := s.types[p.kind].witness(p.pattern, s.home, strangeRegion, s.home.account, otherNames[number]); ok {
			if at := s.spot(p.pattern.text, name); at != nil {
				p.renamed[number] = at
			}
		}
	}
	if p.renamed[number].side == nil {
		return nil
	}
	return p.renamed[number]
}

// ownerOpen tells whether nothing says which account owns a resource.
func (s *survey) ownerOpen(name string) bool {
	_, err := s.directory.Resource(name, "")
	return err != nil
}

// spot makes a resource ready that the caller's own account has, or the one that
// the directory or the ARN tells. What cannot be asked gives nil.
func (s *survey) spot(label, name string) *spot {
	parsed, broken := arn.Parse(name)
	if broken == nil && parsed.AccountID != s.home.account && arn.IsAccountID(parsed.AccountID) {
		if known, err := s.directory.Resource(name, ""); err == nil && known.Policy == nil {
			return s.elsewhere(label, name, parsed.AccountID)
		}
	}
	if s.registered || parsed.Service == "iam" {
		s.readResource(name)
	}
	side, err := s.resourceOf(name, "", s.home.account)
	if err == nil && broken == nil && ownPolicyDecides(parsed) {
		side, err = s.trusting(name, side)
	}
	if err != nil {
		return nil
	}
	return &spot{label: label, name: name, side: side, number: s.numberOf(name)}
}

// numberOf gives each name a number of its own.
func (s *survey) numberOf(name string) uint32 {
	number, known := s.spots[name]
	if !known {
		number = uint32(len(s.spots))
		s.spots[name] = number
	}
	return number
}

// ownPolicyDecides tells whether nobody may use a resource unless its own policy
// says so: a role, a key of AWS KMS.
func ownPolicyDecides(name arn.ARN) bool {
	return name.Service == "iam" && strings.HasPrefix(name.Resource, "role/") ||
		name.Service == "kms" && strings.HasPrefix(name.Resource, "key/")
}

// trusting gives a role or key that the directory does not know a policy that
// leaves the decision to the account, as the default policy of a key does. Or
// what the caller's policies allow on all of them could not be seen.
func (s *survey) trusting(name string, side *evaluate.Resource) (*evaluate.Resource, error) {
	resource, err := s.directory.Resource(name, "")
	if err != nil || resource.Policy != nil {
		return side, nil
	}
	document, kind := everythingToAccount, policy.ResourceBased
	if strings.Contains(name, ":role/") {
		document, kind = accountMayAssume, policy.RoleTrust
	}
	compiled := s.assume(kind, strings.Replace(document, "ACCOUNT", resource.AccountID, 1))
	resource.Policy = &principal.Attachment{Policy: compiled, Source: principal.Source{Name: "(assumed)"}}
	return evaluate.NewResource(resource)
}

// elsewhere makes a resource ready in an account of which nothing is known. That
// account is taken to allow everything, or nothing could be said of what the
// caller's own account leaves to others.
func (s *survey) elsewhere(label, name, account string) *spot {
	document := everythingToEverybody
	kind := policy.ResourceBased
	if entity, err := arn.ParseEntity(name); err == nil && entity.Kind == arn.Role {
		document, kind = everybodyMayAssume, policy.RoleTrust
	}
	compiled := s.assume(kind, document)
	facts := new(condition.Context)
	facts.Set("aws:ResourceAccount", condition.String(account))
	side, err := evaluate.NewResource(&principal.Resource{
		ARN: name, AccountID: account, Policy: &principal.Attachment{Policy: compiled}, Facts: facts,
	})
	if err != nil {
		return nil
	}
	return &spot{label: label, name: name, side: side, elsewhere: true, number: s.numberOf(name)}
}

const (
	everythingToEverybody = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`
	everythingToAccount   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"ACCOUNT"},"Action":"kms:*","Resource":"*"}]}`
	accountMayAssume      = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"ACCOUNT"},"Action":"sts:*"}]}`
	everybodyMayAssume    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:*"}]}`
)

// assume compiles a policy that is taken for granted, once. One that cannot be
// compiled would grant nothing.
func (s *survey) assume(kind policy.Kind, document string) *policy.Policy {
	known, found := s.assumed[document]
	if !found {
		known, _ = policy.Load(kind, []byte(document))
		if known == nil {
			known = new(policy.Policy)
		}
		s.assumed[document] = known
	}
	return known
}

// strangerOf gives an account that is not the caller's.
func strangerOf(account string) string {
	if account == "999999999999" {
		return "000000000000"
	}
	return "999999999999"
}

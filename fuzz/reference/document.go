package reference

import (
	"errors"
	"fmt"
)

// policyKind is the kind of a policy: the layer it stands in.
type policyKind int

const (
	identityKind policyKind = iota
	boundaryKind
	sessionKind
	resourceKind
	trustKind // the resource policy of a role
	endpointKind
	serviceControlKind
	resourceControlKind
)

// takesPrincipal: 1.4 and 1.8: forbidden in identity-based, boundary and
// session policies and SCPs, required in all others.
func (k policyKind) takesPrincipal() bool {
	switch k {
	case resourceKind, trustKind, endpointKind, resourceControlKind:
		return true
	}
	return false
}

// document is a policy that has passed the hard errors of 11.1.
type document struct {
	statements []statement
}

type statement struct {
	kind      policyKind
	variables bool // Version is 2012-10-17 (1.2, AMB-1)
	deny      bool
	noEffect  bool // one of its lists is empty (11.1 Empty lists)

	notAction bool
	actions   []string

	hasResource bool
	notResource bool
	resources   []string

	hasPrincipal bool
	notPrincipal bool
	principals   []principalEntry

	conditions []condition
}

// parseDocument reads one policy document and refuses what 11.1 calls a hard
// error for this kind of policy.
func parseDocument(value jsonValue, kind policyKind) (document, error) {
	if err := checkElements(value, "Version", "Id", "Statement"); err != nil {
		return document{}, err
	}
	variables, err := parseVersion(value)
	if err != nil {
		return document{}, err
	}
	// 1.3 wants no Id in identity policies; 11.1 makes that a soft finding.
	if _, _, err := optionalString(value, "Id"); err != nil {
		return document{}, err
	}
	list, found, _ := value.member("Statement")
	if !found {
		return document{}, errors.New("the document lacks Statement")
	}
	if list.kind != jsonArray {
		list = jsonValue{kind: jsonArray, items: []jsonValue{list}} // 1.1: one without brackets
	}
	var parsed document
	for i, item := range list.items {
		s, err := parseStatement(item, kind, variables)
		if err != nil {
			return document{}, fmt.Errorf("statement %d: %w", i+1, err)
		}
		parsed.statements = append(parsed.statements, s)
	}
	return parsed, nil
}

// checkElements: wrong type, unknown or duplicate elements (1.1, 11.1). Names
// are exact (AMB-3).
func checkElements(object jsonValue, known ...string) error {
	if object.kind != jsonObject {
		return fmt.Errorf("an object is needed, this is %v", object.kind)
	}
	seen := map[string]bool{}
	for _, member := range object.members {
		if seen[member.name] {
			return fmt.Errorf("element %q occurs twice", member.name)
		}
		seen[member.name] = true
		isKnown := false
		for _, name := range known {
			isKnown = isKnown || member.name == name
		}
		if !isKnown {
			return fmt.Errorf("unknown element %q", member.name)
		}
	}
	return nil
}

// parseVersion: 1.2 and 11.1 AMB-1; reports whether ${...} is a variable.
func parseVersion(object jsonValue) (bool, error) {
	version, found, err := optionalString(object, "Version")
	switch {
	case err != nil:
		return false, err
	case !found, version == "2008-10-17":
		return false, nil
	case version == "2012-10-17":
		return true, nil
	}
	return false, fmt.Errorf("unknown Version %q", version)
}

func parseStatement(object jsonValue, kind policyKind, variables bool) (statement, error) {
	s := statement{kind: kind, variables: variables}
	err := checkElements(object, "Sid", "Effect", "Principal", "NotPrincipal",
		"Action", "NotAction", "Resource", "NotResource", "Condition")
	if err != nil {
		return s, err
	}
	// A bad or duplicate Sid is a soft finding (11.1); its type is not.
	if _, _, err := optionalString(object, "Sid"); err != nil {
		return s, err
	}
	for _, parse := range []func(jsonValue) error{
		s.parseEffect, s.parseActions, s.parseResources, s.parsePrincipals, s.parseConditions,
	} {
		if err := parse(object); err != nil {
			return s, err
		}
	}
	if kind == resourceControlKind {
		return s, s.checkResourceControl(object)
	}
	return s, nil
}

// parseEffect: 1.3.
func (s *statement) parseEffect(object jsonValue) error {
	effect, err := requiredString(object, "Effect")
	if err != nil {
		return err
	}
	if effect != "Allow" && effect != "Deny" {
		return fmt.Errorf("unknown Effect %q", effect)
	}
	s.deny = effect == "Deny"
	return nil
}

// oneOf returns whichever of an element and its Not form is there, and refuses
// both (11.1 exclusive elements).
func oneOf(object jsonValue, name, notName string) (value jsonValue, found, negated bool, err error) {
	value, found, _ = object.member(name)
	notValue, notFound, _ := object.member(notName)
	if found && notFound {
		return value, false, false, fmt.Errorf("%s and %s exclude each other", name, notName)
	}
	if notFound {
		return notValue, true, true, nil
	}
	return value, found, false, nil
}

// stringList: 1.1: a single value is a list of one; the type must be string.
func stringList(name string, value jsonValue) ([]string, error) {
	items := value.items
	if value.kind != jsonArray {
		items = []jsonValue{value}
	}
	var list []string
	for _, item := range items {
		if item.kind != jsonString {
			return nil, fmt.Errorf("%s holds %v", name, item.kind)
		}
		list = append(list, item.text)
	}
	return list, nil
}

// parseActions: exactly one of Action and NotAction (1.1).
func (s *statement) parseActions(object jsonValue) error {
	value, found, negated, err := oneOf(object, "Action", "NotAction")
	if err != nil {
		return err
	}
	if !found {
		return errors.New("neither Action nor NotAction is there")
	}
	s.notAction = negated
	if s.actions, err = stringList("Action", value); err != nil {
		return err
	}
	for _, action := range s.actions {
		if err := checkActionPattern(action); err != nil {
			return err
		}
	}
	s.noEffect = s.noEffect || len(s.actions) == 0
	return nil
}

// parseResources: exactly one of Resource and NotResource; never in trust
// policies; other resource-based policies may lack both (11.1).
func (s *statement) parseResources(object jsonValue) error {
	value, found, negated, err := oneOf(object, "Resource", "NotResource")
	if err != nil {
		return err
	}
	if s.kind == trustKind && found {
		return errors.New("a role trust policy holds no Resource")
	}
	if !found {
		if s.kind == trustKind || s.kind == resourceKind {
			return nil
		}
		return errors.New("neither Resource nor NotResource is there")
	}
	s.hasResource = true
	s.notResource = negated
	if s.resources, err = stringList("Resource", value); err != nil {
		return err
	}
	for _, resource := range s.resources {
		if err := checkResourcePattern(resource, s.kind, s.variables); err != nil {
			return err
		}
	}
	s.noEffect = s.noEffect || len(s.resources) == 0
	return nil
}

// parsePrincipals: 1.4, 1.5, 1.8.
func (s *statement) parsePrincipals(object jsonValue) error {
	value, found, negated, err := oneOf(object, "Principal", "NotPrincipal")
	if err != nil {
		return err
	}
	switch {
	case found && !s.kind.takesPrincipal():
		return errors.New("this kind of policy holds no Principal")
	case !found && s.kind.takesPrincipal():
		return errors.New("there is no Principal")
	case !found:
		return nil
	case negated && (s.kind == trustKind || s.kind == resourceControlKind):
		return errors.New("this kind of policy holds no NotPrincipal")
	}
	s.hasPrincipal = true
	s.notPrincipal = negated
	if s.principals, err = parsePrincipalElement(value); err != nil {
		return err
	}
	s.noEffect = s.noEffect || len(s.principals) == 0
	return nil
}

// checkResourceControl: the RCP row of 1.8 with 11.1 RCPs. The service prefix
// is not looked at.
func (s *statement) checkResourceControl(object jsonValue) error {
	principal, _, _ := object.member("Principal")
	if principal.kind != jsonString || principal.text != "*" {
		return errors.New(`the Principal of an RCP is "*"`)
	}
	if s.notAction {
		return errors.New("an RCP holds no NotAction")
	}
	if !s.deny {
		return s.checkFullAWSAccess(object)
	}
	for _, action := range s.actions {
		if action == "*" {
			return errors.New("an RCP denies no bare *")
		}
	}
	return nil
}

// checkFullAWSAccess: the one Allow that an RCP may hold (11.1 RCPs).
func (s *statement) checkFullAWSAccess(object jsonValue) error {
	_, hasCondition, _ := object.member("Condition")
	if hasCondition || s.notResource || !isOnlyStar(s.actions) || !isOnlyStar(s.resources) {
		return errors.New("the one Allow of an RCP is RCPFullAWSAccess")
	}
	return nil
}

func isOnlyStar(list []string) bool { return len(list) == 1 && list[0] == "*" }

// applies reports whether everything in the statement but its Effect and its
// principals agrees with the request.
func (s statement) applies(q question) bool {
	return !s.noEffect && s.matchActions(q.action) && s.matchResources(q) && s.matchConditions(q.context)
}

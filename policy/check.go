package policy

import (
	"errors"
	"fmt"
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/strictjson"
)

// Check tells whether d is a policy of its Kind: whether AWS would save it. The
// error is an [Errors] with everything that is wrong, at most MaxErrors. Parse
// has done it already; it is for documents that were built or changed in code,
// whose errors have no position but a path.
//
// Errors are: a Version or Effect that does not exist; elements that are
// missing, that exclude each other, or that the Kind forbids; types of
// principals and operators that do not exist; two operators, or two keys under
// one operator, that are equal but for letter case; an action that is neither
// "*" nor prefix:name, a resource that is neither "*" nor begins with "arn:".
// Everything that AWS saves with a warning is left to [Document.Validate].
//
// Source: IAM User Guide, "IAM JSON policy elements reference" and "IAM policy
// validation check reference".
func (d *Document) Check() error {
	var r report
	check(d, &r)
	return r.err()
}

// check reports every break of the rules, without order.
func check(d *Document, r *report) {
	if !d.Kind.valid() {
		r.add(InvalidPolicyKind, Position{}, "", "the document has no kind of policy: name one of the constants of type Kind")
		return
	}
	if d.Version.Present() && d.Version.Value != Version2012 && d.Version.Value != Version2008 {
		r.add(InvalidVersion, d.Version.Position, elementVersion.String(),
			fmt.Sprintf("Version is %s: write %q, or %q for a document without policy variables", quote(d.Version.Value), Version2012, Version2008))
	}
	if d.Statements == nil && !d.elements.has(elementStatement) {
		r.add(MissingStatement, d.Start, "", "the document has no Statement: add one, if only an empty array")
	}
	for i := range d.Statements {
		if r.full() {
			return
		}
		s := &d.Statements[i]
		if s.elements == refusedStatement {
			continue
		}
		c := checker{report: r, document: d, statement: s,
			place: place{statement: i, single: d.SingleStatement && len(d.Statements) == 1, inStatement: true}}
		c.check()
	}
}

// A checker applies the rules to one statement.
type checker struct {
	report    *report
	document  *Document
	statement *Statement
	place     place
}

func (c *checker) check() {
	c.effect()
	c.principal()
	c.action()
	c.resource()
	c.condition()
	if c.document.Kind == ResourceControl {
		c.resourceControl()
	}
}

// missing tells whether an element is neither in the tree nor was it refused
// by the builder, which has then reported it.
func (c *checker) missing(e element) bool {
	s := c.statement
	if s.elements.has(e) {
		return false
	}
	switch e {
	case elementEffect:
		return s.Effect == "" && !s.EffectPosition.IsValid()
	case elementPrincipal:
		return s.Principal == nil
	case elementNotPrincipal:
		return s.NotPrincipal == nil
	case elementAction:
		return s.Action == nil
	case elementNotAction:
		return s.NotAction == nil
	case elementResource:
		return s.Resource == nil
	case elementNotResource:
		return s.NotResource == nil
	}
	return false
}

// lacks reports that the statement as a whole lacks something.
func (c *checker) lacks(code Code, message string) {
	c.report.add(code, c.statement.Start, c.place.statementPath(), message)
}

// exclusive reports an element together with its negation.
func (c *checker) exclusive(e, not element, at Position) {
	if !c.missing(e) && !c.missing(not) {
		c.report.add(UnsupportedElementCombination, at, c.place.element(not),
			fmt.Sprintf("a statement has %s or %s, not both: remove one", e, not))
	}
}

func (c *checker) effect() {
	switch s := c.statement; {
	case c.missing(elementEffect):
		c.lacks(MissingEffect, `the statement has no Effect: add "Allow" or "Deny"`)
	case s.Effect != Allow && s.Effect != Deny && s.EffectPosition.IsValid() == s.elements.has(elementEffect):
		c.report.add(InvalidEffect, s.EffectPosition, c.place.element(elementEffect),
			fmt.Sprintf(`Effect is %s: write "Allow" or "Deny"`, quote(string(s.Effect))))
	}
}

func (c *checker) principal() {
	s, kind := c.statement, c.document.Kind
	for _, one := range [...]struct {
		element element
		value   *Principals
	}{{elementPrincipal, s.Principal}, {elementNotPrincipal, s.NotPrincipal}} {
		if one.value == nil {
			continue
		}
		switch {
		case kind == ServiceControl:
			c.report.add(SCPSyntaxErrorPrincipal, one.value.Position, c.place.element(one.element),
				fmt.Sprintf("a service control policy takes no %s: it applies to the accounts it is attached to; remove it", one.element))
		case !kind.namesPrincipal():
			c.report.add(UnsupportedPrincipal, one.value.Position, c.place.element(one.element),
				fmt.Sprintf("%s takes no %s: it applies to whom it is attached to; remove it", kind.withArticle(), one.element))
		case kind == RoleTrust && one.element == elementNotPrincipal:
			c.report.add(RoleTrustNotPrincipal, one.value.Position, c.place.element(one.element),
				"a role trust policy takes no NotPrincipal: name in Principal who may assume the role")
		}
		c.principalTypes(one.value, one.element)
	}
	if s.NotPrincipal != nil {
		c.exclusive(elementPrincipal, elementNotPrincipal, s.NotPrincipal.Position)
	}
	if kind.namesPrincipal() && c.missing(elementPrincipal) && c.missing(elementNotPrincipal) {
		c.lacks(MissingPrincipal, fmt.Sprintf("a statement of %s needs Principal: say to whom it applies", kind.withArticle()))
	}
}

func (c *checker) principalTypes(p *Principals, e element) {
	for i := range p.Entries {
		entry := &p.Entries[i]
		switch entry.Type {
		case PrincipalAWS, PrincipalService, PrincipalFederated, PrincipalCanonicalUser:
		default:
			c.report.add(InvalidPrincipalKey, entry.Position, member(c.place.element(e), string(entry.Type)),
				fmt.Sprintf("%s is not a type of principal: write AWS, Service, Federated or CanonicalUser", quote(string(entry.Type))))
			if c.report.full() {
				return
			}
			continue
		}
		// At most four types get this far without a repetition.
		for j := range p.Entries[:i] {
			if p.Entries[j].Type == entry.Type {
				c.report.add(DuplicateKey, entry.Position, member(c.place.element(e), string(entry.Type)),
					fmt.Sprintf("%s stands here a second time: put all values in one array", entry.Type))
				if c.report.full() {
					return
				}
				break
			}
		}
	}
}

func (c *checker) action() {
	s := c.statement
	c.actions(s.Action, elementAction)
	c.actions(s.NotAction, elementNotAction)
	switch {
	case s.NotAction != nil:
		c.exclusive(elementAction, elementNotAction, s.NotAction.Position)
	case c.missing(elementAction) && c.missing(elementNotAction):
		c.lacks(MissingAction, "the statement has neither Action nor NotAction: add one")
	}
}

func (c *checker) actions(list *Strings, e element) {
	if list == nil {
		return
	}
	for i := range list.Values {
		value := &list.Values[i]
		if value.Value == "*" {
			continue
		}
		if colon := strings.IndexByte(value.Value, ':'); colon > 0 && colon+1 < len(value.Value) {
			continue
		}
		c.report.add(InvalidActionFormat, value.Position, c.inList(list, e, i), fmt.Sprintf(
			`%s is not an action: write "*" or the prefix of the service, a colon and a name, such as "s3:GetObject"`, quote(value.Value)))
		if c.report.full() {
			return
		}
	}
}

func (c *checker) resource() {
	s, kind := c.statement, c.document.Kind
	c.resources(s.Resource, elementResource)
	c.resources(s.NotResource, elementNotResource)
	if s.NotResource != nil {
		c.exclusive(elementResource, elementNotResource, s.NotResource.Position)
	}
	// Where a service attaches the policy to one resource, as Amazon ECR does,
	// a statement without Resource is about that one.
	needed := kind != RoleTrust && kind != ResourceBased
	if needed && c.missing(elementResource) && c.missing(elementNotResource) {
		c.lacks(MissingResource, fmt.Sprintf(`a statement of %s needs Resource or NotResource: add one, if only "*"`, kind.withArticle()))
	}
}

func (c *checker) resources(list *Strings, e element) {
	if list == nil {
		return
	}
	kind := c.document.Kind
	if kind == RoleTrust {
		c.report.add(RoleTrustResource, list.Position, c.place.element(e),
			fmt.Sprintf("a role trust policy takes no %s: the resource is the role; remove it", e))
		return
	}
	for i := range list.Values {
		value := &list.Values[i]
		switch {
		case value.Value == "*":
		case strings.HasPrefix(value.Value, "arn:"):
			if kind != Session {
				break
			}
			if _, complete := splitARN(value.Value, c.document.Variables()); !complete {
				c.report.add(MissingARNField, value.Position, c.inList(list, e, i), fmt.Sprintf(
					"%s has fewer than the six segments of an ARN, which a session policy does not take: write the missing ones as *", quote(value.Value)))
			}
		// Amazon API Gateway completes this form itself when it saves a policy.
		case kind == ResourceBased && strings.HasPrefix(value.Value, "execute-api:/"):
		default:
			c.report.add(InvalidARNPrefix, value.Position, c.inList(list, e, i),
				fmt.Sprintf(`%s is not a resource: write "*" or an ARN, which begins with "arn:"`, quote(value.Value)))
		}
		if c.report.full() {
			return
		}
	}
}

// inList gives the path of a value of a list.
func (c *checker) inList(list *Strings, e element, i int) string {
	if list.Single && len(list.Values) == 1 {
		return c.place.element(e)
	}
	return index(c.place.element(e), i)
}

func (c *checker) condition() {
	operators := c.statement.Condition
	seen := newNames(len(operators))
	for i := range operators {
		operator := &operators[i]
		if c.report.full() {
			return
		}
		if _, err := operator.Operator(); err != nil {
			c.operatorError(operator, err)
		}
		if len(operators) > 1 { // the common one has nothing to be compared with
			c.repeated(&seen, operator.Name, "operator", func() string { return c.place.operator(operator.Name.Value) })
		}
		c.conditionKeys(operator)
	}
}

func (c *checker) operatorError(operator *ConditionOperator, err error) {
	path := c.place.operator(operator.Name.Value)
	var known *condition.OperatorError
	if errors.As(err, &known) && known.Reason == condition.NullIfExists {
		c.report.add(NullWithIfExists, operator.Name.Position, path,
			`Null does not take IfExists, since it is about absent keys itself: write "Null"`)
		return
	}
	c.report.add(InvalidConditionOperator, operator.Name.Position, path,
		fmt.Sprintf("%s is not a condition operator", quote(operator.Name.Value)))
}

func (c *checker) conditionKeys(operator *ConditionOperator) {
	seen := newNames(len(operator.Keys))
	for i := range operator.Keys {
		key := &operator.Keys[i]
		if c.report.full() {
			return
		}
		if len(operator.Keys) > 1 {
			c.repeated(&seen, key.Key, "key", func() string { return c.place.key(operator.Name.Value, key.Key.Value) })
		}
		for j := range key.Values {
			value := &key.Values[j]
			if value.Type != StringValue && !value.isLiteral() {
				c.report.add(DataTypeMismatch, value.Position, index(c.place.key(operator.Name.Value, key.Key.Value), j),
					fmt.Sprintf("%s is not a JSON %s", quote(value.Value), value.Type))
			}
		}
	}
}

// isLiteral tells whether the value of a number or Boolean is one, which it
// need not be in a document built in code.
func (v *ConditionValue) isLiteral() bool {
	if v.Type == BooleanValue {
		return v.Value == "true" || v.Value == "false"
	}
	return v.Type == NumberValue && strictjson.IsNumber(v.Value)
}

// repeated reports a name that its object had before, exactly or but for case.
func (c *checker) repeated(seen *names, name Text, what string, path func() string) {
	earlier, again := seen.add(name.Value)
	switch {
	case !again:
	case earlier == name.Value:
		c.report.add(DuplicateKey, name.Position, path(),
			fmt.Sprintf("the %s %s stands here a second time: put all values in one place", what, quote(name.Value)))
	default:
		c.report.add(DuplicateKeysWithDifferentCase, name.Position, path(),
			fmt.Sprintf("the %s %s is the same as %s, since letter case does not count: keep one", what, quote(name.Value), quote(earlier)))
	}
}

// resourceControl applies what is special to resource control policies.
//
// Source: AWS Organizations User Guide, "RCP syntax".
func (c *checker) resourceControl() {
	s := c.statement
	if s.NotPrincipal != nil {
		c.report.add(RCPSyntaxErrorPrincipal, s.NotPrincipal.Position, c.place.element(elementNotPrincipal),
			`a resource control policy takes no NotPrincipal: write "Principal": "*" and a condition on aws:PrincipalArn`)
	}
	if s.Principal != nil && !s.Principal.Everyone {
		c.report.add(RCPSyntaxErrorPrincipal, s.Principal.Position, c.place.element(elementPrincipal),
			`the Principal of a resource control policy is exactly "*": write that and a condition on aws:PrincipalArn`)
	}
	if s.NotAction != nil {
		c.report.add(RCPSyntaxErrorNotAction, s.NotAction.Position, c.place.element(elementNotAction),
			"a resource control policy takes no NotAction: list the actions to deny in Action")
	}
	if s.Effect == Allow {
		if !s.isFullAWSAccess() {
			c.report.add(RCPSyntaxErrorAllow, s.EffectPosition, c.place.element(elementEffect),
				`a resource control policy only denies, and RCPFullAWSAccess is always there: write "Deny"`)
		}
		return
	}
	if s.Action == nil {
		return
	}
	for i := range s.Action.Values {
		if value := &s.Action.Values[i]; value.Value == "*" {
			c.report.add(RCPSyntaxErrorAction, value.Position, c.inList(s.Action, elementAction, i),
				`a resource control policy names the service of each action: write "s3:*" and the like`)
		}
	}
}

// isFullAWSAccess tells whether s is the statement of RCPFullAWSAccess.
func (s *Statement) isFullAWSAccess() bool {
	return s.Effect == Allow && s.Principal != nil && s.Principal.Everyone && s.NotPrincipal == nil &&
		s.Action.isStar() && s.NotAction == nil && s.Resource.isStar() && s.NotResource == nil && s.Condition == nil
}

// isStar tells whether the list is exactly "*".
func (s *Strings) isStar() bool {
	return s != nil && len(s.Values) == 1 && s.Values[0].Value == "*"
}

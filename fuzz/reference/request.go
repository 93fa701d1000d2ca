package reference

import (
	"errors"
	"fmt"
	"strings"
)

// question is one neutral case, parsed and checked: the request and all the
// documents that were given with it.
type question struct {
	caller          caller
	action          string
	resource        string
	resourceAccount string
	context         requestContext

	identityPolicies    []document
	permissionsBoundary []document
	sessionPolicies     []document
	resourcePolicy      *document // nil when the resource has none
	serviceControl      [][]document
	resourceControl     [][]document
	endpointPolicies    []document
}

// parseQuestion reads a case. Every error it returns makes the decision Error.
func parseQuestion(object jsonValue) (question, error) {
	var q question
	request, found, err := object.member("request")
	if err != nil {
		return q, err
	}
	if !found || request.kind != jsonObject {
		return q, errors.New("request: an object is required")
	}
	if err := q.parseRequest(request); err != nil {
		return q, fmt.Errorf("request: %w", err)
	}
	return q, q.parsePolicies(object)
}

func (q *question) parseRequest(request jsonValue) error {
	principal, err := requiredString(request, "principal")
	if err != nil {
		return err
	}
	issuer, _, err := optionalString(request, "principalIssuer")
	if err != nil {
		return err
	}
	if q.caller, err = parseCaller(principal, issuer); err != nil {
		return err
	}
	if q.action, err = requiredString(request, "action"); err != nil {
		return err
	}
	if err := checkRequestAction(q.action); err != nil {
		return err
	}
	if q.resource, err = requiredString(request, "resource"); err != nil {
		return err
	}
	if err := checkRequestResource(q.resource); err != nil {
		return err
	}
	account, _, err := optionalString(request, "resourceAccount")
	if err != nil {
		return err
	}
	if q.resourceAccount, err = resolveResourceAccount(account, q.resource, q.caller); err != nil {
		return err
	}
	q.context, err = parseContext(request)
	return err
}

// checkRequestAction: an action with a wildcard or without prefix in a request
// is an error (11.2 Wildcards).
func checkRequestAction(action string) error {
	prefix, name, found := strings.Cut(action, ":")
	if !found || prefix == "" || name == "" {
		return fmt.Errorf("action %q is not prefix:name", action)
	}
	if strings.ContainsAny(action, "*?") {
		return fmt.Errorf("action %q holds a wildcard", action)
	}
	return nil
}

// checkRequestResource: the resource is an ARN, or "*" for an action without
// resource types (FORMAT.md).
func checkRequestResource(resource string) error {
	if resource == "*" {
		return nil
	}
	if !strings.HasPrefix(resource, "arn:") || len(strings.Split(resource, ":")) < 6 {
		return fmt.Errorf("resource %q is neither * nor an ARN", resource)
	}
	return nil
}

// resolveResourceAccount: 11.5 Resource account. An empty text gives none.
func resolveResourceAccount(given, resource string, c caller) (string, error) {
	if given != "" {
		return given, nil
	}
	if resource != "*" {
		if account := arnPart(resource, partAccount); isAccountID(account) {
			return account, nil
		}
		return "", fmt.Errorf("resourceAccount is not given and %q does not say it", resource)
	}
	if c.account != "" {
		return c.account, nil
	}
	return "", errors.New("resourceAccount is not given and the caller has no account")
}

// The parts of an ARN: arn:partition:service:region:account:resource.
const (
	partPartition = 1
	partService   = 2
	partRegion    = 3
	partAccount   = 4
	partResource  = 5
)

// arnPart returns one of the six parts of an ARN, or "" where it has fewer.
func arnPart(arn string, part int) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return ""
	}
	return parts[part]
}

// isAccountID reports whether text is twelve digits.
func isAccountID(text string) bool {
	return len(text) == 12 && isDigits(text)
}

// contextValue is what the context holds under one key. Whether it is a list
// is its kind, not its length (11.3 AMB-7).
type contextValue struct {
	isList bool
	values []string // exactly one when it is not a list
}

// requestContext maps keys, in lower case, to values.
type requestContext map[string]contextValue

func (c requestContext) lookup(key string) (contextValue, bool) {
	value, found := c[foldASCII(key)]
	return value, found
}

// parseContext: FORMAT.md "Context values"; 11.3 The context: two keys equal
// but for case, null or nested values are an error.
func parseContext(request jsonValue) (requestContext, error) {
	context := requestContext{}
	object, found, err := request.member("context")
	if err != nil || !found {
		return context, err
	}
	if object.kind != jsonObject {
		return nil, fmt.Errorf("context is %v", object.kind)
	}
	for _, member := range object.members {
		key := foldASCII(member.name)
		if _, twice := context[key]; twice {
			return nil, fmt.Errorf("context key %q occurs twice", member.name)
		}
		value, err := parseContextValue(member.value)
		if err != nil {
			return nil, fmt.Errorf("context key %q: %w", member.name, err)
		}
		context[key] = value
	}
	return context, nil
}

func parseContextValue(value jsonValue) (contextValue, error) {
	if value.isScalar() {
		return contextValue{values: []string{value.text}}, nil
	}
	if value.kind != jsonArray {
		return contextValue{}, fmt.Errorf("the value is %v", value.kind)
	}
	list := contextValue{isList: true}
	for _, item := range value.items {
		if !item.isScalar() {
			return contextValue{}, fmt.Errorf("the list holds %v", item.kind)
		}
		list.values = append(list.values, item.text)
	}
	return list, nil
}

// parsePolicies parses all documents, also those that do not apply to this
// caller: a hard error in them is an error all the same (11.1).
func (q *question) parsePolicies(object jsonValue) error {
	var err error
	if q.identityPolicies, err = parseDocumentList(object, "identityPolicies", identityKind); err != nil {
		return err
	}
	if q.permissionsBoundary, err = parseDocumentList(object, "permissionsBoundaries", boundaryKind); err != nil {
		return err
	}
	if q.sessionPolicies, err = parseDocumentList(object, "sessionPolicies", sessionKind); err != nil {
		return err
	}
	if q.endpointPolicies, err = parseDocumentList(object, "vpcEndpointPolicies", endpointKind); err != nil {
		return err
	}
	if q.serviceControl, err = parseLevels(object, "scps", serviceControlKind); err != nil {
		return err
	}
	if q.resourceControl, err = parseLevels(object, "rcps", resourceControlKind); err != nil {
		return err
	}
	kind := resourceKind
	if isTrustAction(q.action) {
		kind = trustKind
	}
	value, found, err := object.member("resourcePolicy")
	if err != nil || !found {
		return err
	}
	parsed, err := parseDocument(value, kind)
	if err != nil {
		return fmt.Errorf("resourcePolicy: %w", err)
	}
	q.resourcePolicy = &parsed
	return nil
}

func parseDocumentList(object jsonValue, name string, kind policyKind) ([]document, error) {
	list, found, err := object.member(name)
	if err != nil || !found {
		return nil, err
	}
	if list.kind != jsonArray {
		return nil, fmt.Errorf("%s is %v", name, list.kind)
	}
	var documents []document
	for i, item := range list.items {
		parsed, err := parseDocument(item, kind)
		if err != nil {
			return nil, fmt.Errorf("%s[%d]: %w", name, i, err)
		}
		documents = append(documents, parsed)
	}
	return documents, nil
}

func parseLevels(object jsonValue, name string, kind policyKind) ([][]document, error) {
	list, found, err := object.member(name)
	if err != nil || !found {
		return nil, err
	}
	if list.kind != jsonArray {
		return nil, fmt.Errorf("%s is %v", name, list.kind)
	}
	var levels [][]document
	for i, item := range list.items {
		if item.kind != jsonObject {
			return nil, fmt.Errorf("%s[%d] is %v", name, i, item.kind)
		}
		if _, _, err := optionalString(item, "orgIdentifier"); err != nil {
			return nil, fmt.Errorf("%s[%d]: %w", name, i, err)
		}
		policies, err := parseDocumentList(item, "policies", kind)
		if err != nil {
			return nil, fmt.Errorf("%s[%d]: %w", name, i, err)
		}
		levels = append(levels, policies)
	}
	return levels, nil
}

func requiredString(object jsonValue, name string) (string, error) {
	text, found, err := optionalString(object, name)
	if err == nil && !found {
		err = fmt.Errorf("%s is missing", name)
	}
	return text, err
}

func optionalString(object jsonValue, name string) (string, bool, error) {
	value, found, err := object.member(name)
	if err != nil || !found {
		return "", false, err
	}
	if value.kind != jsonString {
		return "", false, fmt.Errorf("%s is %v", name, value.kind)
	}
	return value.text, true, nil
}

package generate

import "strings"

// documentKind is a kind of policy document.
type documentKind int

const (
	kindIdentity documentKind = iota
	kindBoundary
	kindSession
	kindResource
	kindTrust
	kindKey
	kindSCP
	kindRCP
	kindEndpoint
)

// hasPrincipal says whether statements of the kind name principals.
func (k documentKind) hasPrincipal() bool { return k >= kindResource && k != kindSCP }

// statement makes a statement of a document of the given kind that applies to the request, or misses it by one of its
// elements.
func (b *builder) statement(kind documentKind, effect string, aim want) Statement {
	s := Statement{Effect: effect}
	if kind == kindRCP {
		s.Effect = "Deny"
	}
	if b.chance(18) {
		id := pick(b.chooser, statementIDs)
		s.Sid = &id
	}
	if b.chance(10) {
		s.KeyOrder = uint32(1 + b.intn(1<<16))
	}
	action, resource, principal, condition := aim, aim, aim, aim
	if aim == wantMiss {
		action, resource, principal, condition = wantMatch, wantMatch, wantMatch, wantMatch
		switch b.missing(kind) {
		case 0:
			action = wantMiss
		case 1:
			resource = wantMiss
		case 2:
			condition = wantMiss
		default:
			principal = wantMiss
		}
	} else if aim == wantAny {
		action, resource, principal, condition = b.mostly(), b.mostly(), b.mostly(), wantAny
	}
	b.actions(&s, kind, action)
	if kind != kindTrust {
		b.resources(&s, kind, resource)
	}
	if kind.hasPrincipal() {
		b.principals(&s, kind, principal)
	}
	if condition == wantMiss || b.chance(b.conditionShare(kind)) {
		s.Condition = b.condition(condition)
	}
	return s
}

func (b *builder) conditionShare(kind documentKind) int {
	if kind == kindTrust || kind == kindResource {
		return 50
	}
	return 42
}

// missing draws the element by which a statement misses: 0 action, 1 resource, 2 condition, 3 principal.
func (b *builder) missing(kind documentKind) int {
	switch {
	case kind == kindTrust:
		return b.weighted(22, 0, 40, 38)
	case kind == kindRCP || kind == kindEndpoint:
		return b.weighted(25, 30, 40, 5)
	case kind.hasPrincipal():
		return b.weighted(15, 22, 33, 30)
	}
	return b.weighted(22, 36, 42)
}

// mostly returns wantMatch, or sometimes wantMiss.
func (b *builder) mostly() want {
	if b.chance(15) {
		return wantMiss
	}
	return wantMatch
}

// actions fills in Action or NotAction.
func (b *builder) actions(s *Statement, kind documentKind, aim want) {
	if aim == wantMiss && b.chance(4) {
		s.Action = &Strings{}
		return
	}
	list := &Strings{Scalar: b.chance(60)}
	if kind != kindRCP && b.chance(10) {
		s.NotAction = list
		if aim == wantMiss {
			list.Values = append(list.Values, b.actionPattern(kind, true))
		}
		for range b.weighted(20, 50, 30) {
			list.Values = append(list.Values, b.actionPattern(kind, false))
		}
		if len(list.Values) == 0 && aim == wantMatch {
			list.Values = append(list.Values, pick(b.chooser, strayActions))
		}
		return
	}
	s.Action = list
	if aim != wantMiss {
		list.Values = append(list.Values, b.actionPattern(kind, true))
	}
	decoys := b.weighted(64, 22, 10, 4)
	if len(list.Values) == 0 && decoys == 0 {
		decoys = 1
	}
	for range decoys {
		list.Values = append(list.Values, b.actionPattern(kind, false))
	}
	if len(list.Values) > 1 && b.chance(50) {
		list.Values[0], list.Values[len(list.Values)-1] = list.Values[len(list.Values)-1], list.Values[0]
	}
}

// actionPattern returns a pattern that matches the request's action, or does not.
func (b *builder) actionPattern(kind documentKind, match bool) string {
	action := b.made.Request.Action
	service, name, _ := strings.Cut(action, ":")
	if !match {
		switch b.intn(5) {
		case 0:
			return b.nearAction(service, name)
		case 1:
			return service + "x:" + b.wildcardOf(name)
		case 2:
			return service + ":" + name + "?"
		case 3:
			return service + ":" + b.wildcardOf("Z"+name+"Z")
		}
		return pick(b.chooser, strayActions)
	}
	switch b.weighted(24, 16, 24, 22, 10, 4) {
	case 0:
		if kind != kindRCP {
			return "*"
		}
		return service + ":*"
	case 1:
		return service + ":*"
	case 2:
		return action
	case 3:
		return service + ":" + b.wildcardOf(name)
	case 4:
		return b.flipCase(service + ":" + b.wildcardOf(name))
	}
	return b.wildcardOf(service) + ":" + b.wildcardOf(name)
}

// nearAction returns an action that is nearly the request's. It keeps the form of an action.
func (b *builder) nearAction(service, name string) string {
	near := strings.NewReplacer(":", "", "\n", "", " ", "").Replace(b.nearMiss(name))
	if near == "" {
		near = "x"
	}
	return service + ":" + near
}

// resources fills in Resource or NotResource.
func (b *builder) resources(s *Statement, kind documentKind, aim want) {
	if kind == kindResource || kind == kindKey {
		bare := 3
		if b.service == serviceRegistry {
			bare = 55
		}
		if aim != wantMiss && b.chance(bare) {
			return
		}
	}
	if aim == wantMiss && b.chance(4) {
		s.Resource = &Strings{}
		return
	}
	list := &Strings{Scalar: b.chance(60)}
	if b.chance(11) {
		s.NotResource = list
		if aim == wantMiss {
			list.Values = append(list.Values, b.resourcePattern(kind, true))
		}
		for range b.weighted(15, 55, 30) {
			list.Values = append(list.Values, b.resourcePattern(kind, false))
		}
		if len(list.Values) == 0 && aim == wantMatch {
			list.Values = append(list.Values, pick(b.chooser, strayResources))
		}
		return
	}
	s.Resource = list
	if aim != wantMiss {
		list.Values = append(list.Values, b.resourcePattern(kind, true))
	}
	decoys := b.weighted(64, 22, 10, 4)
	if len(list.Values) == 0 && decoys == 0 {
		decoys = 1
	}
	for range decoys {
		list.Values = append(list.Values, b.resourcePattern(kind, false))
	}
	if len(list.Values) > 1 && b.chance(50) {
		list.Values[0], list.Values[len(list.Values)-1] = list.Values[len(list.Values)-1], list.Values[0]
	}
}

// resourcePattern returns a pattern that matches the request's resource, or does not.
func (b *builder) resourcePattern(kind documentKind, match bool) string {
	pattern := b.anyResourcePattern(kind, match)
	if kind != kindSession || pattern == "*" || isComplete(pattern) || b.chance(1) {
		return pattern
	}
	// A session policy with an incomplete ARN is refused, which would be the end of nearly all of them.
	resource := b.made.Request.Resource
	switch {
	case match:
		return resource
	case resource == "*":
		return "arn:aws:s3:::*"
	}
	parts := strings.SplitN(resource, ":", 6)
	parts[5] = b.nearMiss(parts[5])
	return strings.Join(parts, ":")
}

// isComplete says whether a pattern has six segments, colons inside variables aside.
func isComplete(pattern string) bool {
	colons, variable := 0, false
	for i := range len(pattern) {
		switch {
		case pattern[i] == '$' && strings.HasPrefix(pattern[i:], "${"):
			variable = true
		case pattern[i] == '}':
			variable = false
		case pattern[i] == ':' && !variable:
			colons++
		}
	}
	return colons >= 5
}

func (b *builder) anyResourcePattern(kind documentKind, match bool) string {
	resource := b.made.Request.Resource
	if resource == "*" {
		if match {
			return "*"
		}
		return pick(b.chooser, []string{"arn:*", "arn:aws:s3:::*", "arn:*:*:*:*:*:*", "arn:aws:*", "arn:aws:iam::111111111111:user/alice"})
	}
	if b.service == serviceGateway && kind == kindResource && b.chance(60) {
		_, path, _ := strings.Cut(resource, "/")
		if !match {
			path = b.nearMiss(path)
		}
		return "execute-api:/" + b.wildcardOf(path)
	}
	if match {
		switch b.weighted(30, 12, 38, 10, 10) {
		case 0:
			return "*"
		case 1:
			if b.version == currentVersion {
				return escapeWildcards(resource)
			}
			return resource
		case 2:
			return b.resourceARN(resource)
		case 3:
			if b.version == currentVersion {
				parts := strings.SplitN(resource, ":", 6)
				parts[5] = b.withVariables(parts[5])
				return strings.Join(parts, ":")
			}
			return b.resourceARN(resource)
		}
		return b.shortARN(resource)
	}
	switch b.weighted(30, 25, 15, 10, 20) {
	case 0:
		return b.nearARN(resource)
	case 1:
		return b.resourceARN(b.nearARN(resource))
	case 2:
		return b.otherSegment(resource)
	case 3:
		return b.shortARN(b.nearARN(resource))
	}
	return pick(b.chooser, strayResources)
}

// resourceARN replaces parts of a resource by wildcards and variables, segment by segment.
func (b *builder) resourceARN(resource string) string {
	parts := strings.SplitN(resource, ":", 6)
	for i := 1; i < len(parts)-1; i++ {
		switch b.weighted(76, 14, 6, 4) {
		case 1:
			parts[i] = "*"
		case 2:
			parts[i] = b.wildcardOf(parts[i])
		case 3:
			if b.version == currentVersion && parts[i] != "" {
				parts[i] = b.withVariables(parts[i])
			}
		}
	}
	last := len(parts) - 1
	if b.chance(70) {
		parts[last] = b.wildcardOf(parts[last])
	}
	if b.version == currentVersion && b.chance(16) {
		parts[last] = b.withVariables(parts[last])
	}
	return strings.Join(parts, ":")
}

// nearARN changes an ARN a little, but not its first segment.
func (b *builder) nearARN(resource string) string {
	rest, isARN := strings.CutPrefix(resource, "arn:")
	if !isARN {
		return resource
	}
	parts := strings.SplitN(rest, ":", 5)
	if b.chance(65) && len(parts) == 5 {
		parts[4] = b.nearMiss(parts[4])
		return "arn:" + strings.Join(parts, ":")
	}
	return "arn:" + b.nearMiss(rest)
}

// otherSegment puts another text into one of the first segments.
func (b *builder) otherSegment(resource string) string {
	parts := strings.SplitN(resource, ":", 6)
	if len(parts) < 6 {
		return resource
	}
	at := 1 + b.intn(4)
	parts[at] = pick(b.chooser, [][]string{partitions, {"s3", "sqs", "s", ""}, regions, {"222222222222", "111111111111", "", "aws"}}[at-1])
	if b.chance(30) {
		parts[5] = "*"
	}
	return strings.Join(parts, ":")
}

// shortARN leaves out the end of a resource, or lets a wildcard run over the borders of segments.
func (b *builder) shortARN(resource string) string {
	parts := strings.Split(resource, ":")
	keep := 2 + b.intn(len(parts)-1)
	if keep > len(parts) {
		keep = len(parts)
	}
	short := strings.Join(parts[:keep], ":")
	switch b.intn(5) {
	case 0:
		return short
	case 1:
		return short + "*"
	case 2:
		return short + ":*"
	case 3: // a wildcard for some segments, and the end of the resource
		rest := keep + b.intn(len(parts)-keep+1)
		return short + ":*:" + strings.Join(parts[min(rest, len(parts)-1):], ":")
	}
	at := len("arn:") + b.intn(len(resource)-len("arn:")+1)
	for at < len(resource) && resource[at]&0xC0 == 0x80 {
		at++
	}
	return resource[:at] + "*"
}

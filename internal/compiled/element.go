package compiled

import (
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// An Action is a compiled entry of Action or NotAction. Actions ignore ASCII
// letter case; the entry keeps the spelling of the document, so that it need
// not be copied.
type Action struct{ pattern wildcard.Pattern }

// CompileAction compiles "*" or "prefix:name".
func CompileAction(text string) Action { return Action{wildcard.Compile(text)} }

// Match tells whether the entry matches an action, in whatever letter case.
func (a *Action) Match(action string) bool { return a.pattern.MatchFold(action) }

// Pattern is the entry as a pattern.
func (a *Action) Pattern() *wildcard.Pattern { return &a.pattern }

// A Resource is a compiled entry of Resource or NotResource.
type Resource struct {
	// Pattern does the matching.
	Pattern wildcard.Resource
}

// Template holds the policy variables of the entry, nil if it has none.
func (r *Resource) Template() *condition.Template {
	template, _ := r.Pattern.Variables().(*condition.Template)
	return template
}

// apiGatewayShort begins the short form of a resource in the policy of an API
// of Amazon API Gateway: execute-api:/stage/method/path.
const apiGatewayShort = "execute-api:/"

// CompileResource compiles an entry. variables says whether policy variables
// work in the document; without them, and in text that holds none, "${" is
// ordinary text.
func CompileResource(text string, variables bool, completion wildcard.Completion) Resource {
	if strings.HasPrefix(text, apiGatewayShort) {
		text = "arn:*:execute-api:*:*:*" + text[len(apiGatewayShort)-1:]
	}
	if !variables || !strings.Contains(text, "${") {
		return Resource{Pattern: wildcard.CompileResource(text, completion)}
	}
	template := condition.ParseTemplate(text, true)
	return Resource{Pattern: wildcard.CompileResourceTokens(template.Tokens(), template, completion)}
}

// variablesOnStack is how many policy variables of one entry are resolved
// without allocating. No policy of AWS's own has more than two in an entry.
const variablesOnStack = 16

// Match tells whether the entry matches the resource of q. An entry with a
// variable that cannot be resolved matches nothing.
func (r *Resource) Match(q *Query) condition.Truth {
	if r.Pattern.Variables() == nil {
		return truth(r.Pattern.Match(q.Name, nil))
	}
	return r.matchTemplate(q)
}

func (r *Resource) matchTemplate(q *Query) condition.Truth {
	if !strings.HasPrefix(q.Name.Text, r.Pattern.Prefix()) {
		return condition.False
	}
	var stack [variablesOnStack]string
	values, resolved := r.Template().Resolve(&q.View, stack[:0])
	switch {
	case resolved == condition.True:
		return truth(r.Pattern.Match(q.Name, values))
	case resolved == condition.Unknown && (q.Name.All() || !strings.HasPrefix(q.Name.Segment(5), r.Pattern.TailPrefix())):
		// Whatever the variables come to. An index sees it beforehand, and
		// nothing may depend on there being one.
		return condition.False
	}
	return resolved
}

func truth(holds bool) condition.Truth {
	if holds {
		return condition.True
	}
	return condition.False
}

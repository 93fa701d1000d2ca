package iamtest

import (
	"strconv"
	"strings"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/internal/message"
)

// Allowed asserts that a caller may do an action on a resource. The caller is
// written as for [principal.Directory.Principal], the resource as for
// [evaluate.Ask]; condition keys that no option states are absent.
func (x *Tester) Allowed(caller, action, resource string, options ...Option) {
	x.t.Helper()
	if explanation, ok := x.explain(caller, action, resource, options); ok && !explanation.Decision.Allowed() {
		x.t.Errorf("%s", report("should be allowed, and is not", caller, action, resource, explanation))
	}
}

// Denied asserts that a caller may not do an action on a resource, whether a
// Deny says so or nothing allows it. A decision that hangs on unknown keys is no
// denial.
func (x *Tester) Denied(caller, action, resource string, options ...Option) {
	x.t.Helper()
	explanation, ok := x.explain(caller, action, resource, options)
	if outcome := explanation.Decision.Outcome; ok && (outcome == evaluate.Allowed || outcome == evaluate.Undetermined) {
		x.t.Errorf("%s", report("should be denied, and is not", caller, action, resource, explanation))
	}
}

// ExplicitlyDenied asserts that a Deny statement keeps a caller from an action,
// so that no other policy can allow it.
func (x *Tester) ExplicitlyDenied(caller, action, resource string, options ...Option) {
	x.t.Helper()
	if explanation, ok := x.explain(caller, action, resource, options); ok && explanation.Decision.Outcome != evaluate.ExplicitlyDenied {
		x.t.Errorf("%s", report("should be denied by a Deny statement, and is not", caller, action, resource, explanation))
	}
}

// DeniedBy asserts that a certain Deny statement keeps a caller from an action;
// others may do so too. The statement is named by its Sid, or by its place as
// [evaluate.Location] writes it, with or without the column: guard.json:12.
func (x *Tester) DeniedBy(caller, action, resource, statement string, options ...Option) {
	x.t.Helper()
	explanation, ok := x.explain(caller, action, resource, options)
	if !ok {
		return
	}
	for _, layer := range explanation.Layers {
		for _, deny := range layer.Denies {
			if is(deny, statement) {
				return
			}
		}
	}
	x.t.Errorf("%s", report("should be denied by statement "+statement+", and is not", caller, action, resource, explanation))
}

// is tells whether a statement is the one that was named.
func is(ref evaluate.StatementRef, name string) bool {
	place := ref.Location().String()
	return name != "" && (ref.Sid() == name || place == name || strings.HasPrefix(place, name+":") && strings.Contains(name, ":"))
}

// explain asks a question. It is false, and the test is over, if that cannot be
// asked.
func (x *Tester) explain(caller, action, resource string, options []Option) (evaluate.Explanation, bool) {
	x.t.Helper()
	explanation, err := x.ask(caller, action, resource, options)
	if err != nil {
		x.t.Fatalf("%s on %s by %s cannot be decided: %v", action, resource, caller, err)
	}
	return explanation, err == nil
}

// report tells everything about a decision that is not as it should be.
func report(complaint, caller, action, resource string, explanation evaluate.Explanation) string {
	var b strings.Builder
	b.WriteString(action + " " + complaint)
	b.WriteString("\n  principal: " + caller)
	b.WriteString("\n  action:    " + action)
	b.WriteString("\n  resource:  " + resource)
	if statement, found := explanation.Decision.Statement(); found {
		b.WriteString("\n  statement: " + told(statement))
	}
	b.WriteString("\n  decision:  " + indent(explanation.String(), "  "))
	return b.String()
}

// told names a statement. Its place in the file comes first; where that is not
// known, the one in the document stands in the name.
func told(ref evaluate.StatementRef) string {
	place := ref.Location().String()
	if place == "" {
		return ref.String()
	}
	name := strconv.Itoa(ref.Index() + 1)
	if sid := ref.Sid(); sid != "" {
		name = message.Quote(sid, message.Enough)
	}
	return place + ": statement " + name + " of " + ref.Source().String()
}

// indent moves all lines but the first.
func indent(text, by string) string { return strings.ReplaceAll(text, "\n", "\n"+by) }

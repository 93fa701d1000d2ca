package catalog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/portcullis-iam/portcullis/internal/message"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
	"github.com/portcullis-iam/portcullis/policy"
)

// Check reports where the document and the catalog do not agree: services,
// actions and condition keys that the catalog does not have, and operators that
// are not for the type of their key. It is to [policy.Document.Validate], which
// needs no catalog, what a dictionary is to a grammar; neither reports what the
// other does.
//
// Findings are hints. AWS saves such a document, and decides by it: an action
// that is not in the catalog may be new, or one that AWS does not document, and
// for a condition key of an OpenID Connect provider that AWS does not list there
// is no finding at all. The findings come in the order of the text, at most
// policy.MaxErrors of them.
//
// The document may be one that [policy.Document.Check] refuses; what is not an
// action or an operator at all is passed over.
//
// The cost is a search for each action and key, and that of [Expand] for each
// action with wildcards. So that a hostile document cannot make that last, Check
// stops looking at actions with wildcards after some 16 million comparisons,
// about half a second; the largest policy of AWS's own needs a fiftieth of that.
//
// Source: IAM User Guide, "IAM policy validation check reference".
func Check(document *policy.Document) []policy.Finding {
	if document == nil {
		return nil
	}
	c := checker{comparisons: maxComparisons}
	for i := range document.Statements {
		s := &document.Statements[i]
		c.statement = "Statement"
		if !document.SingleStatement || len(document.Statements) != 1 {
			c.statement = index(c.statement, i)
		}
		c.actions(s.Action, "Action")
		c.actions(s.NotAction, "NotAction")
		c.condition(s)
	}
	slices.SortStableFunc(c.findings, func(a, b policy.Finding) int {
		return int(a.Position.Offset) - int(b.Position.Offset)
	})
	return c.findings
}

// maxComparisons bounds how many names are compared with patterns.
const maxComparisons = 1 << 24

// A checker collects findings.
type checker struct {
	findings    []policy.Finding
	statement   string // the path of the statement at hand
	comparisons int    // how many may still be made
}

func (c *checker) full() bool { return len(c.findings) >= policy.MaxErrors }

func (c *checker) add(code policy.Code, at policy.Position, path, format string, values ...any) {
	if !c.full() {
		c.findings = append(c.findings, policy.Finding{Code: code, Severity: severity(code), Position: at,
			Path: path, Message: fmt.Sprintf(format, values...)})
	}
}

// quote repeats a text of the document as package policy does.
func quote(text string) string { return message.Quote(text, 60) }

// index appends [i] to a path.
func index(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

func (c *checker) actions(list *policy.Strings, element string) {
	if list == nil {
		return
	}
	for i := range list.Values {
		if c.full() {
			return
		}
		path := c.statement + "." + element
		if !list.Single || len(list.Values) != 1 {
			path = index(path, i)
		}
		c.action(list.Values[i], path)
	}
}

func (c *checker) action(value policy.Text, path string) {
	prefix, _, found := strings.Cut(value.Value, ":")
	if !found {
		return // "*", or what is not an action
	}
	service, known := LookupService(prefix)
	if !strings.ContainsAny(prefix, "*?") && !known {
		c.add(InvalidServiceInAction, value.Position, path, "AWS documents no service with the prefix %s: correct it", quote(prefix))
		return
	}
	if !strings.ContainsAny(value.Value, "*?") {
		if _, found := LookupAction(value.Value); !found {
			c.add(InvalidAction, value.Position, path, "AWS documents no action %s of %s: correct it", quote(value.Value), service.Name())
		}
		return
	}
	if c.matchesAny(value.Value) || c.comparisons <= 0 {
		return
	}
	if !known && !matchesService(prefix) {
		c.add(InvalidServiceInAction, value.Position, path, "AWS documents no service with a prefix like %s: correct it", quote(prefix))
		return
	}
	c.add(InvalidAction, value.Position, path, "AWS documents no action like %s: correct it", quote(value.Value))
}

// matchesAny tells whether a pattern matches an action.
func (c *checker) matchesAny(text string) bool {
	pattern := wildcard.Compile(text)
	all := candidates(&pattern)
	for i := range all {
		// A long pattern costs more, in proportion.
		if c.comparisons -= 1 + len(text)/64; c.comparisons <= 0 {
			return false
		}
		if pattern.MatchFold(all[i].Name) {
			return true
		}
	}
	return false
}

func matchesService(text string) bool {
	pattern := wildcard.Compile(text)
	for service := range Services() {
		if pattern.MatchFold(service.Prefix()) {
			return true
		}
	}
	return false
}

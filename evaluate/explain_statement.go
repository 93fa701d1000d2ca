package evaluate

import (
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/internal/message"
)

// A StatementTrace is what came of one statement that speaks of the action.
type StatementTrace struct {
	// StatementRef says which statement it is.
	StatementRef
	// Applies tells whether the statement applies to the request: whether all
	// of its elements match.
	Applies condition.Truth
	// Principal, Resource and Condition are what its elements came to. An
	// element that it does not have matches. A statement names the action, or
	// it would not be here.
	Principal, Resource, Condition condition.Truth
	// Grant is what the statement gives the caller if it applies and allows,
	// in a policy that names principals; NoGrant otherwise.
	Grant Grant

	statement *compiled.Statement
	asked     *asked
}

// statement looks at one statement.
func (a *asked) statement(m *member) StatementTrace {
	query := &a.inquiry().search.query
	said := StatementTrace{
		StatementRef: StatementRef{m.attachment, int(m.index)}, statement: m.statement, asked: a,
		Principal: condition.True, Condition: condition.True,
	}
	if m.statement.Principals != nil {
		if m.statement.Flags.Has(compiled.Deny) {
			said.Principal = truthOf(hits(m.statement, query.Caller))
		} else {
			said.Grant = Grant(grants(m.statement, query.Caller))
			said.Principal = truthOf(said.Grant != NoGrant)
		}
	}
	said.Resource = m.statement.MatchesResource(query)
	if m.statement.Condition != nil {
		said.Condition = m.statement.Condition.Evaluate(&query.View)
	}
	said.Applies = said.Principal.And(said.Resource).And(said.Condition)
	return said
}

func truthOf(holds bool) condition.Truth {
	if holds {
		return condition.True
	}
	return condition.False
}

// Tests are the tests of the statement's Condition, with what each came to.
func (t StatementTrace) Tests() []condition.TestTrace {
	if t.statement == nil || t.statement.Condition == nil {
		return nil
	}
	return t.statement.Condition.Trace(&t.asked.inquiry().search.query.View)
}

// An ElementTrace is what one element of a statement came to, its Condition
// left aside.
type ElementTrace struct {
	// Name is Principal, NotPrincipal, Action, NotAction, Resource or
	// NotResource.
	Name string
	// Entries are the values of the element.
	Entries []EntryTrace
	// Matches tells whether the element as a whole speaks of the request: of a
	// Not… element, whether none of its entries does.
	Matches condition.Truth
}

// An EntryTrace is what one value of an element came to.
type EntryTrace struct {
	// Text is the value, in Resource with its policy variables.
	Text string
	// Resolved is the value with its variables substituted, "" if it has none
	// or one of them has no value.
	Resolved string
	// Missing and Unknown are the keys of variables without a value, and of
	// those that are not known. An entry with a missing one matches nothing.
	Missing, Unknown []string
	// Matches tells whether the entry matches the request.
	Matches condition.Truth
}

// Elements are the elements of the statement that say to whom, for what and on
// what it applies, in this order. An element that it does not have is left out.
func (t StatementTrace) Elements() []ElementTrace {
	if t.statement == nil {
		return nil
	}
	s, query := t.statement, &t.asked.inquiry().search.query
	var elements []ElementTrace
	if s.Principals != nil {
		element := ElementTrace{Name: "Principal", Matches: t.Principal}
		if s.Flags.Has(compiled.NotPrincipal) {
			element.Name = "NotPrincipal"
		}
		if s.Principals.Everyone {
			element.Entries = append(element.Entries, EntryTrace{Text: "*", Matches: condition.True})
		}
		for at := range s.Principals.Entries {
			one := compiled.Principals{Entries: s.Principals.Entries[at : at+1]}
			element.Entries = append(element.Entries, EntryTrace{
				Text: s.Principals.Entries[at].Text, Matches: truthOf(one.Grant(query.Caller) != compiled.NoGrant)})
		}
		elements = append(elements, element)
	}
	element := ElementTrace{Name: "Action", Matches: truthOf(s.MatchesAction(query.Action))}
	if s.Flags.Has(compiled.NotAction) {
		element.Name = "NotAction"
	}
	for at := range s.Actions {
		element.Entries = append(element.Entries, EntryTrace{
			Text: s.Actions[at].Pattern().Text(), Matches: truthOf(s.Actions[at].Match(query.Action))})
	}
	elements = append(elements, element)
	if s.Flags.Has(compiled.OwnResource) {
		return elements
	}
	element = ElementTrace{Name: "Resource", Matches: t.Resource}
	if s.Flags.Has(compiled.NotResource) {
		element.Name = "NotResource"
	}
	for at := range s.Resources {
		element.Entries = append(element.Entries, resourceEntry(&s.Resources[at], query))
	}
	return append(elements, element)
}

func resourceEntry(r *compiled.Resource, query *compiled.Query) EntryTrace {
	template := r.Template()
	if template == nil {
		return EntryTrace{Text: r.Pattern.Text(), Matches: r.Match(query)}
	}
	entry := EntryTrace{Text: template.Text(), Matches: r.Match(query)}
	resolved, missing, unknown := template.Substitute(&query.View, true)
	if entry.Missing, entry.Unknown = missing, unknown; len(missing)+len(unknown) == 0 {
		entry.Resolved = resolved
	}
	return entry
}

// String names the element and its values, those that match first, and says
// what that came to:
//
//	Action s3:Get*: yes
//	Resource "arn:aws:s3:::logs/${aws:username}/*", where aws:username is missing: no
func (e ElementTrace) String() string {
	var b strings.Builder
	b.WriteString(e.Name)
	b.WriteByte(' ')
	b.WriteString(e.values())
	switch e.Matches {
	case condition.True:
		b.WriteString(": yes")
	case condition.Unknown:
		b.WriteString(": not known")
	default:
		b.WriteString(": no")
	}
	return b.String()
}

// shownEntries is how many of many values of an element a line shows.
const shownEntries = 3

// values lists the values; where some match, those alone.
func (e ElementTrace) values() string {
	shown := make([]EntryTrace, 0, len(e.Entries))
	for _, want := range []condition.Truth{condition.True, condition.Unknown, condition.False} {
		for _, entry := range e.Entries {
			if entry.Matches == want {
				shown = append(shown, entry)
			}
		}
		if want == condition.True && len(shown) > 0 {
			break // the others decide nothing
		}
	}
	var b strings.Builder
	for at, entry := range shown {
		if at == shownEntries && len(shown) > shownEntries+1 {
			b.WriteString(" and ")
			b.WriteString(count(len(shown)-at, "other"))
			break
		}
		if at > 0 {
			b.WriteString(", ")
		}
		b.WriteString(entry.String())
	}
	return b.String()
}

// String is the value, and what its variables are.
func (e EntryTrace) String() string {
	text := message.Quote(e.Text, message.Enough)
	switch {
	case e.Resolved != "":
		text += ", which is " + message.Quote(e.Resolved, message.Enough)
	case len(e.Missing) > 0:
		text += ", where " + listKeys(e.Missing) + " missing"
	case len(e.Unknown) > 0:
		text += ", where " + listKeys(e.Unknown) + " unknown"
	}
	return text
}

// listKeys joins names and gives them their verb.
func listKeys(keys []string) string {
	if len(keys) == 1 {
		return keys[0] + " is"
	}
	return strings.Join(keys, " and ") + " are"
}

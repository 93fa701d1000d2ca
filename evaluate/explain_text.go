package evaluate

import (
	"strconv"
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/principal"
)

// AccessDenied is the sentence that AWS would answer with, "" if the request is
// not denied. It names one reason, as AWS does; [Explanation.Blockers] has all.
//
//	User: arn:aws:iam::111122223333:user/wren is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k because no identity-based policy allows the s3:GetObject action
//	User: arn:aws:iam::111122223333:user/wren is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k with an explicit deny in a service control policy
//
// AWS has no words for the rules of services; there the sentence has no reason.
// It may add the ARN of the policy, which is added where it is known.
//
// Source: IAM User Guide, "Troubleshoot access denied error messages".
func (x Explanation) AccessDenied() string {
	if x.Decision.Outcome == Allowed || x.Decision.Outcome == Undetermined || x.asked == nil {
		return ""
	}
	text := "User: " + x.Principal + " is not authorized to perform: " + x.Action + " on resource: " + x.Resource
	trust := x.Decision.detail == &trustPolicy
	name := layerName(x.Decision.Layer, trust)
	switch {
	case x.Decision.Layer == ServiceRule:
		return text
	case x.Decision.Outcome == ImplicitlyDenied:
		return text + " because no " + name + " allows the " + x.Action + " action"
	case trust:
		text += " with an explicit deny in the " + name
	default:
		text += " with an explicit deny in " + article(name)
	}
	if by, found := x.Decision.Statement(); found && by.Source().ARN != "" {
		text += ": " + by.Source().ARN
	}
	return text
}

// String is the explanation as a tree. First come the decision, the sentence of
// AWS if the request is denied, and all that stands in its way; then every layer
// in evaluation order, below it the statements that speak of the action, and
// below each of these what it looked at: of one that applies everything, of one
// that does not what kept it from doing so. Last are the keys that statements
// look at and that are missing or unknown.
func (x Explanation) String() string {
	var b strings.Builder
	b.WriteString(x.Decision.String())
	line := func(text string) {
		b.WriteString("\n  ")
		b.WriteString(text)
	}
	if sentence := x.AccessDenied(); sentence != "" {
		line(sentence)
	}
	if x.asked != nil {
		for _, blocker := range x.Blockers() {
			line("in the way: " + blocker.String())
		}
	}
	layers := branch{children: make([]branch, len(x.Layers))}
	for at := range x.Layers {
		layers.children[at] = x.Layers[at].branch()
	}
	layers.write(&b, "\n  ")
	x.writeKeys(line)
	return b.String()
}

// Summary is the short form of String: the decision, a line for each layer, and
// the keys that statements look at and that are missing or unknown.
func (x Explanation) Summary() string {
	var b strings.Builder
	b.WriteString(x.Decision.String())
	line := func(text string) {
		b.WriteString("\n  ")
		b.WriteString(text)
	}
	for _, layer := range x.Layers {
		line(layer.String())
	}
	x.writeKeys(line)
	return b.String()
}

func (x *Explanation) writeKeys(line func(string)) {
	if missing := x.MissingKeys(); len(missing) > 0 {
		line("keys that statements look at and the request does not have: " + strings.Join(missing, ", "))
	}
	if unknown := x.UnknownKeys(); len(unknown) > 0 {
		line("unknown keys: " + strings.Join(unknown, ", "))
	}
}

// A branch is a line of a tree with what stands below it.
type branch struct {
	text     string
	children []branch
}

// write writes what stands below the branch. indent begins a new line.
func (t *branch) write(b *strings.Builder, indent string) {
	for at := range t.children {
		mark, below := "├─ ", "│  "
		if at == len(t.children)-1 {
			mark, below = "└─ ", "   "
		}
		b.WriteString(indent + mark + t.children[at].text)
		t.children[at].write(b, indent+below)
	}
}

// shownStatements is how many statements of a layer the tree shows.
const shownStatements = 20

func (l *LayerTrace) branch() branch {
	tree := branch{text: l.name() + ": "}
	switch {
	case len(l.Denies) > 0:
		tree.text += "denied"
	case len(l.Allows) > 0 && l.Grant != NoGrant:
		tree.text += "allowed to " + l.Grant.String()
	case len(l.Allows) > 0:
		tree.text += "allowed"
	case len(l.Unsure) > 0:
		tree.text += "not known"
	case l.Needed:
		tree.text += "nothing allows it"
	default:
		tree.text += "says nothing"
	}
	statements, total := l.Statements(), l.Total()
	if total > len(statements) {
		tree.text += " (" + strconv.Itoa(len(statements)) + " of " + count(total, "statement") + " about the action)"
	}
	for at := range statements {
		if at == shownStatements && len(statements) > shownStatements+1 {
			tree.children = append(tree.children, branch{text: "… " + strconv.Itoa(len(statements)-at) + " more"})
			break
		}
		tree.children = append(tree.children, statements[at].branch(l))
	}
	return tree
}

func (t *StatementTrace) branch(layer *LayerTrace) branch {
	verb := "allow"
	if t.statement.Flags.Has(compiled.Deny) {
		verb = "deny"
	}
	tree := branch{text: t.statementText() + " of " + layer.source(t.StatementRef)}
	switch {
	case t.Applies == condition.Unknown:
		tree.text += " may " + verb + " it"
	case t.Applies == condition.False:
		tree.text += " does not " + verb + " it"
	case verb == "deny":
		tree.text += " denies it"
	default:
		tree.text += " allows it"
	}
	if place := t.Location().String(); place != "" {
		tree.text += " [" + place + "]"
	}
	for _, element := range t.Elements() {
		if t.Applies == condition.True || element.Matches != condition.True {
			tree.children = append(tree.children, branch{text: element.String()})
		}
	}
	for _, test := range t.Tests() {
		if t.Applies == condition.True || test.Result != condition.True {
			tree.children = append(tree.children, branch{text: test.String()})
		}
	}
	return tree
}

// String tells what the layer says in one line.
func (l LayerTrace) String() string {
	text := l.name() + ": "
	said := 0
	say := func(verb string, refs []StatementRef) {
		for _, ref := range refs {
			if said > 0 {
				text += "; "
			}
			said++
			text += verb + " by " + ref.statementText() + " of " + l.source(ref)
		}
	}
	say("denied", l.Denies)
	say("allowed", l.Allows)
	say("perhaps decided", l.Unsure)
	switch {
	case said > 0 && l.Grant != NoGrant:
		return text + ", which names " + l.Grant.String()
	case said > 0:
		return text
	case l.Needed:
		return text + "nothing allows it"
	}
	return text + "says nothing"
}

func (l *LayerTrace) name() string {
	text := layerName(l.Layer, l.trust)
	if l.OrgIdentifier != "" {
		text += " at " + l.OrgIdentifier
	}
	return text
}

// source says where a statement of the layer came from, without repeating what
// the line says already: the type of policy and the level.
func (l LayerTrace) source(ref StatementRef) string {
	source := ref.Source()
	if !named(source, l.Layer) {
		return source.String()
	}
	if source.AttachedTo == l.OrgIdentifier {
		source.AttachedTo = ""
	}
	if source.Name == "" && source.ARN == "" && source.AttachedTo == "" {
		return principal.Source{}.String()
	}
	return strings.TrimPrefix(strings.TrimPrefix(source.String(), source.Type.String()+" "), "of ")
}

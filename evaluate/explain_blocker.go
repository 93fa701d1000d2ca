package evaluate

import (
	"slices"
	"strconv"
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/internal/message"
)

// A Blocker is one thing that stands in the way of a request: a layer that
// denies it, one that is needed and does not allow it, or a rule of the service.
type Blocker struct {
	// Layer is the layer, OrgIdentifier the level of the organization where it
	// has levels.
	Layer         Layer
	OrgIdentifier string
	// Outcome is ExplicitlyDenied if the layer denies, ImplicitlyDenied if it
	// does not allow, and Undetermined if it may be either.
	Outcome Outcome
	// Statements are those that deny, or may. If none does they are the Allow
	// statements that speak of the action, the nearest first: those about the
	// resource, then those about the caller, then those of which fewest tests fail.
	Statements []StatementTrace
	// Rule is the AWS page of the rule, if Layer is ServiceRule.
	Rule string

	explanation *Explanation
	cause       string      // of the rule
	layer       *LayerTrace // nil for a rule
	grant       Grant       // what the resource policy of the same account gives
}

// Blockers are all things that stand in the way of the request, first the
// explicit denials, then what does not allow it, both in evaluation order. The
// first is what the Decision names. There are none exactly if the request is
// allowed. Where the decision is undetermined they include what may stand in the
// way.
func (x Explanation) Blockers() []Blocker {
	if x.asked == nil {
		if x.Decision.Outcome == Allowed {
			return nil
		}
		return []Blocker{{Outcome: x.Decision.Outcome, explanation: &x}}
	}
	c := x.asked.inquiry()
	if x.Decision.Outcome == Allowed {
		return nil
	}
	var blockers []Blocker
	perhaps := x.Decision.Outcome == Undetermined
	for at := range x.Layers {
		layer := &x.Layers[at]
		denying := slices.DeleteFunc(layer.Statements(), func(s StatementTrace) bool {
			return !s.statement.Flags.Has(compiled.Deny) || s.Applies == condition.False || s.Applies == condition.Unknown && len(layer.Denies) > 0
		})
		switch {
		case len(layer.Denies) > 0:
			blockers = append(blockers, x.blocker(layer, ExplicitlyDenied, denying))
		case perhaps && len(denying) > 0:
			blockers = append(blockers, x.blocker(layer, Undetermined, denying))
		}
	}
	if c.ruling.has(neverAllowed) {
		blockers = append(blockers, Blocker{Layer: ServiceRule, Outcome: ImplicitlyDenied, Rule: c.ruled(ImplicitlyDenied, neverAllowed).Rule(), cause: c.forbidden(), explanation: &x})
	}
	if c.ofAnotherPartition() {
		blockers = append(blockers, Blocker{Layer: ServiceRule, Outcome: ImplicitlyDenied, Rule: otherPartition, explanation: &x,
			cause: "the caller belongs to the partition " + c.evaluator.caller.Partition + " and the resource to " + c.request.name.Segment(1)})
	}
	certain, atMost := NoGrant, NoGrant
	for at := range x.Layers {
		layer := &x.Layers[at]
		if layer.Layer == ResourcePolicy {
			certain, atMost = layer.Grant, layer.mostGrant()
		}
		allows := layer.allowing()
		if layer.Layer > ResourcePolicy && c.sameAccount {
			want := DirectGrant
			if layer.Layer == IdentityPolicy {
				want = IssuerGrant
			}
			allows = allows.Or(reaches(certain, atMost, want))
		}
		if !c.sameAccount {
			certain, atMost = NoGrant, NoGrant
		}
		if !layer.Needed || allows == condition.True {
			continue
		}
		outcome := ImplicitlyDenied
		if allows == condition.Unknown {
			outcome = Undetermined
		}
		blocker := x.blocker(layer, outcome, layer.nearest())
		blocker.grant = certain
		blockers = append(blockers, blocker)
	}
	return blockers
}

func (x *Explanation) blocker(layer *LayerTrace, outcome Outcome, statements []StatementTrace) Blocker {
	return Blocker{Layer: layer.Layer, OrgIdentifier: layer.OrgIdentifier, Outcome: outcome, Statements: statements, explanation: x, layer: layer}
}

// unsure are the statements of which it is not known whether they apply.
func (l *LayerTrace) unsure() []StatementTrace {
	if len(l.Unsure) == 0 {
		return nil
	}
	return slices.DeleteFunc(l.Statements(), func(s StatementTrace) bool { return s.Applies != condition.Unknown })
}

// allowing tells whether the layer allows the request by itself.
func (l *LayerTrace) allowing() condition.Truth {
	if len(l.Allows) > 0 {
		return condition.True
	}
	for _, s := range l.unsure() {
		if s.Applies == condition.Unknown && !s.statement.Flags.Has(compiled.Deny) {
			return condition.Unknown
		}
	}
	return condition.False
}

// mostGrant is the greatest grant that the layer may give.
func (l *LayerTrace) mostGrant() Grant {
	most := l.Grant
	for _, s := range l.unsure() {
		most = max(most, s.Grant)
	}
	return most
}

func reaches(certain, atMost, want Grant) condition.Truth {
	switch {
	case certain >= want:
		return condition.True
	case atMost >= want:
		return condition.Unknown
	}
	return condition.False
}

// String says in one sentence what stands in the way and why:
//
//	statement "NoEC2" (4:5) of p-1 attached to r-1 denies it: StringNotEquals aws:RequestedRegion "eu-west-1" holds, it is "us-east-1"
//	no identity-based policy allows it: statement "Read" (3:5) of inline policy read of role app would, but Bool aws:MultiFactorAuthPresent "true" does not hold, the key is missing
//	no resource-based policy allows it: there is none; account 444455556666, which owns the resource, must allow it too
func (b Blocker) String() string {
	switch {
	case b.Layer == ServiceRule:
		return "no policy can allow it: " + b.cause + "; see " + b.Rule
	case b.explanation == nil:
		return "nothing is in the way"
	case b.layer == nil:
		return "it was not decided: " + orOther(b.explanation.refusal, "there is no request")
	case b.Outcome == ExplicitlyDenied:
		return b.denying() + " denies it" + b.as() + listAfter(": ", b.Statements[0].because(condition.True))
	case b.Outcome == Undetermined && len(b.Statements) > 0 && b.Statements[0].statement.Flags.Has(compiled.Deny):
		return b.denying() + " may deny it" + b.as() + listAfter(": ", b.Statements[0].because(condition.Unknown))
	}
	noun := b.layer.name()
	text := "no " + noun + " allows it: "
	if b.Outcome == Undetermined {
		text = "it is not known whether " + article(noun) + " allows it"
		for _, s := range b.Statements {
			if s.Applies == condition.Unknown {
				return text + ": " + s.String() + listAfter(", ", s.because(condition.Unknown))
			}
		}
		return text
	}
	return text + b.shortfall() + b.insufficient()
}

// denying names the statement that denies, with its level unless the source says
// that.
func (b *Blocker) denying() string {
	text := b.Statements[0].String()
	if b.OrgIdentifier != "" && b.Statements[0].Source().AttachedTo != b.OrgIdentifier {
		text += " at " + b.OrgIdentifier
	}
	return text
}

// as names the layer if neither the source does nor it goes without saying.
func (b *Blocker) as() string {
	if b.Layer == IdentityPolicy || named(b.Statements[0].Source(), b.Layer) {
		return ""
	}
	return " as " + article(layerName(b.Layer, b.layer.trust))
}

// refusal says why a request is not decided.
func (e *Evaluator) refusal(r *Request) string {
	switch {
	case e == nil || !e.decides:
		return "the Evaluator was not made by New"
	case r == nil || !r.ready:
		return "the Request was not set"
	case r.Resource.resource == nil:
		return "the Resource was not made by NewResource"
	}
	side, account := r.Resource.resource, r.account
	if account == "" {
		account = e.caller.AccountID // an action on "*"
	}
	if owner := side.AccountID; owner != "" && owner != account {
		return "the Resource belongs to account " + owner + ", the request is about account " + account
	}
	return "the Resource is " + message.Quote(side.ARN, message.Enough) + ", the request is about " + message.Quote(r.name.Text, message.Enough)
}

func orOther(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// shortfall says what comes nearest to allowing the request.
func (b *Blocker) shortfall() string {
	for at := range b.Statements {
		return b.Statements[at].wouldAllow()
	}
	c := b.explanation.asked.inquiry()
	if near := b.layer.nearAction(); near != nil {
		return near.wouldAllow()
	}
	allows := b.layer.allowCount()
	switch {
	case allows == 1:
		return "its one Allow statement is not about " + message.Quote(b.explanation.Action, message.Enough)
	case allows > 1:
		return "none of its " + count(allows, "Allow statement") + " is about " + message.Quote(b.explanation.Action, message.Enough)
	case b.layer.Total() > 0:
		return "it has no Allow statement"
	case b.Layer == SessionPolicy && c.evaluator.needsSession:
		return "none was passed, and a federated user may do nothing without one"
	}
	return "there is none"
}

// wouldAllow says why a statement that speaks for the request, or nearly, does
// not allow it.
func (t *StatementTrace) wouldAllow() string {
	return t.String() + " would, but " + strings.Join(t.because(condition.False), "; and ")
}

// insufficient says what makes the layer needed where that is not plain, and why
// what another layer allows does not make up for it.
func (b *Blocker) insufficient() string {
	x := b.explanation
	c := x.asked.inquiry()
	switch {
	case b.Layer == ResourcePolicy && c.evaluator.accountSide && !c.sameAccount:
		return "; account " + c.request.account + ", which owns the resource, must allow it too"
	case b.Layer == ResourcePolicy && c.ruling.has(resourcePolicyDecides) && !b.layer.trust:
		return "; the key policy of a KMS key must allow it, whatever other policies allow"
	case b.Layer == ResourcePolicy && !c.evaluator.accountSide && c.evaluator.caller.Kind == compiled.Anonymous:
		return "; an anonymous caller has no policies of its own"
	case b.Layer == ResourcePolicy && !c.evaluator.accountSide && c.evaluator.caller.Kind == compiled.Service:
		return "; a service has no policies of its own"
	case b.Layer <= ResourcePolicy:
		return ""
	}
	resource := x.resourceLayer()
	if resource == nil {
		return ""
	}
	noun := "; the " + layerName(ResourcePolicy, resource.trust)
	switch {
	case !c.sameAccount && resource.Grant != NoGrant:
		return noun + " allows it, but across accounts both sides must"
	case !c.sameAccount:
		return ""
	case b.grant == AccountGrant && b.Layer == IdentityPolicy:
		return noun + " names only the account, whose own policies must allow it too"
	case b.grant == IssuerGrant && c.evaluator.caller.Kind == compiled.FederatedUser:
		return noun + " names the user behind the federated user, which does not make up for this"
	case b.grant == IssuerGrant:
		return noun + " names the role and not this session of it, which does not make up for this"
	case b.grant == NoGrant && b.Layer == IdentityPolicy:
		for _, near := range resource.nearest() {
			return noun + " does not either: " + near.wouldAllow()
		}
	}
	return ""
}

// resourceLayer is the layer of the resource policy, nil if it has no part.
func (x *Explanation) resourceLayer() *LayerTrace {
	for at := range x.Layers {
		if x.Layers[at].Layer == ResourcePolicy {
			return &x.Layers[at]
		}
	}
	return nil
}

// because says which elements made the statement apply (True), kept it from
// applying (False), or leave it open (Unknown).
func (t *StatementTrace) because(want condition.Truth) (reasons []string) {
	for _, element := range t.Elements() {
		not := strings.HasPrefix(element.Name, "Not")
		if element.Matches != want || want == condition.True && !not {
			continue
		}
		switch want {
		case condition.True:
			reasons = append(reasons, "the "+subjectOf(element.Name)+" is not among its "+element.Name+" "+element.values())
		case condition.Unknown:
			reasons = append(reasons, element.Name+" "+element.values())
		default:
			reasons = append(reasons, t.fallsShort(&element))
		}
	}
	for _, test := range t.Tests() {
		if test.Result != want {
			continue
		}
		text := test.Test.String()
		if test.Resolved != nil && len(test.Missing)+len(test.Unknown) == 0 {
			text += ", which is " + listQuoted(test.Resolved) + ","
		}
		switch want {
		case condition.False:
			text += " does not hold"
		case condition.True:
			text += " holds"
		}
		reasons = append(reasons, text+", "+test.Reason())
	}
	return reasons
}

// subjectOf is what an element of a statement is about.
func subjectOf(element string) string {
	switch strings.TrimPrefix(element, "Not") {
	case "Principal":
		return "caller"
	case "Action":
		return "action"
	}
	return "resource"
}

// fallsShort says how an element keeps a statement from applying.
func (t *StatementTrace) fallsShort(element *ElementTrace) string {
	subject, values := subjectOf(element.Name), element.values()
	if strings.HasSuffix(values, " is missing") || strings.HasSuffix(values, " are missing") || len(element.Entries) == 1 && element.Entries[0].Resolved != "" {
		values += "," // ends the clause
	}
	switch {
	case strings.HasPrefix(element.Name, "Not"):
		return "its " + element.Name + " " + values + " leaves out the " + subject
	case subject == "resource" && len(element.Entries) == 1:
		return "its Resource " + values + " does not match " + message.Quote(t.asked.request.name.Text, message.Enough)
	case subject == "resource":
		return "none of its Resources " + values + " matches " + message.Quote(t.asked.request.name.Text, message.Enough)
	case subject == "action":
		return "its Action " + values + " is not " + message.Quote(t.asked.request.action, message.Enough)
	case len(element.Entries) == 1:
		return "its Principal " + values + " is not the caller"
	}
	return "none of its Principals " + values + " is the caller"
}

func listAfter(mark string, texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	return mark + strings.Join(texts, "; and ")
}

func listQuoted(texts []string) string {
	quoted := make([]string, len(texts))
	for at, text := range texts {
		quoted[at] = message.Quote(text, message.Enough)
	}
	return strings.Join(quoted, " or ")
}

// count writes a number and its noun.
func count(number int, noun string) string {
	if number == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(number) + " " + noun + "s"
}

package evaluate

import (
	"cmp"
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
	// statements that speak of the action, the nearest first: those that fall
	// short in the fewest elements.
	Statements []StatementTrace
	// Rule is the AWS page of the rule, if Layer is ServiceRule.
	Rule string

	explanation *Explanation
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
	c := &x.asked.inquiry
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
	for _, by := range [...]ruling{neverAllowed} {
		if c.ruling.has(by) {
			blockers = append(blockers, Blocker{Layer: ServiceRule, Outcome: ImplicitlyDenied, Rule: c.ruled(ImplicitlyDenied, by).Rule(), explanation: &x})
		}
	}
	if c.ofAnotherPartition() {
		blockers = append(blockers, Blocker{Layer: ServiceRule, Outcome: ImplicitlyDenied, Rule: otherPartition, explanation: &x})
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

// nearest are the Allow statements, those that fall short in the fewest elements
// first.
func (l *LayerTrace) nearest() []StatementTrace {
	var allowing []StatementTrace
	for _, s := range l.Statements() {
		if !s.statement.Flags.Has(compiled.Deny) {
			allowing = append(allowing, s)
		}
	}
	slices.SortStableFunc(allowing, func(a, b StatementTrace) int { return cmp.Compare(a.distance(), b.distance()) })
	return allowing
}

// distance orders statements by how far they are from applying.
func (t *StatementTrace) distance() int {
	const perElement = 1 << 20
	distance := 0
	for at, truth := range [...]condition.Truth{t.Condition, t.Principal, t.Resource} {
		if truth == condition.False {
			distance += perElement + at<<10
		}
	}
	if t.Condition == condition.False {
		for _, test := range t.Tests() {
			if test.Result == condition.False {
				distance++
			}
		}
	}
	return distance
}

// String says in one sentence what stands in the way and why:
//
//	statement "NoEC2" (4:5) of p-1 attached to r-1 denies it: StringNotEquals aws:RequestedRegion "eu-west-1", it is "us-east-1"
//	no identity-based policy allows it: statement "Read" (3:5) of inline policy read of role app would, but Bool aws:MultiFactorAuthPresent "true" does not hold, the key is missing
//	no resource-based policy allows it: there is none, and the resource belongs to account 444455556666
func (b Blocker) String() string {
	switch {
	case b.Layer == ServiceRule:
		return "a rule of the service: " + b.Rule
	case b.layer == nil:
		return "the request asks nothing"
	case b.Outcome == ExplicitlyDenied:
		return b.Statements[0].String() + " denies it" + listAfter(": ", b.Statements[0].because(condition.True))
	case b.Outcome == Undetermined && len(b.Statements) > 0 && b.Statements[0].statement.Flags.Has(compiled.Deny):
		return b.Statements[0].String() + " may deny it" + listAfter(": ", b.Statements[0].because(condition.Unknown))
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

// shortfall says what comes nearest to allowing the request.
func (b *Blocker) shortfall() string {
	c := &b.explanation.asked.inquiry
	for _, s := range b.Statements {
		return s.String() + " would, but " + strings.Join(s.because(condition.False), " and ")
	}
	switch {
	case b.layer.Total() == 1:
		return "its one statement is not about " + message.Quote(b.explanation.Action, message.Enough)
	case b.layer.Total() > 0:
		return "none of " + count(b.layer.Total(), "statement") + " is about " + message.Quote(b.explanation.Action, message.Enough)
	case b.Layer == ResourcePolicy && b.layer.trust:
		return "there is none"
	case b.Layer == ResourcePolicy && c.evaluator.accountSide && !c.sameAccount:
		return "there is none, and the resource belongs to account " + c.request.account
	case b.Layer == SessionPolicy && c.evaluator.needsSession:
		return "none was passed, and a federated user may do nothing without one"
	}
	return "there is none"
}

// insufficient says why what the resource policy allows does not make up for it.
func (b *Blocker) insufficient() string {
	switch {
	case b.Layer <= ResourcePolicy || b.grant == NoGrant:
		return ""
	case b.Layer == IdentityPolicy:
		return "; the resource-based policy names only the account, whose own policies must allow it too"
	case b.grant == AccountGrant:
		return ""
	}
	return "; the resource-based policy names the role or issuing user, and not the session itself"
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
			reasons = append(reasons, "it is not among its "+element.Name+" "+element.values())
		case condition.Unknown:
			reasons = append(reasons, element.Name+" "+element.values())
		default:
			reasons = append(reasons, "its "+element.Name+" "+element.values()+shortfallOf(element.Name))
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
		if want == condition.False {
			text += " does not hold"
		}
		reasons = append(reasons, text+", "+test.Reason())
	}
	return reasons
}

func shortfallOf(element string) string {
	switch element {
	case "Principal":
		return " is not the caller"
	case "NotPrincipal":
		return " leaves out the caller"
	case "NotResource":
		return " leaves out the resource"
	}
	return " is not the resource"
}

func listAfter(mark string, texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	return mark + strings.Join(texts, " and ")
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

package iamtest

import (
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/internal/fold"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// A survey finds out what one caller may do, of all actions of the catalogue.
//
// There are more resources than can be asked about, so it asks about examples:
// for each entry of a Resource element that could matter, whichever policy it
// stands in, one ARN of each type of resource that it matches, with names that
// nobody would give where the entry leaves the choice; and for each type of all
// an ARN with such a name, for the entry "*". Condition keys of which nothing is
// stated are unknown, so that what is allowed under some context is seen.
type survey struct {
	*universe
	*subject
	evaluator *evaluate.Evaluator
	setting   *setting
	home      home
	strangers []string // accounts of others: one that nobody names, and those that conditions do
	// mindsOwner says that it could matter to a statement which account owns a
	// resource, where the ARN does not tell.
	mindsOwner bool
	// registered says that the directory knows resources beside roles.
	registered bool
	// excepts says that a statement allows everything but some.
	excepts bool
	regions []string // those that policies and questions name
	context *condition.Context
	request evaluate.Request
	view    condition.View

	statements []statement
	byPolicy   map[*compiled.Statement]int32 // where in statements the first one is
	mayAllow   []bool                        // by the number of the action
	known      map[string][]place            // by the text of the pattern
	probes     map[probeKey]*spot            // made when needed
	homes      []*spot                       // the probes of each type in the caller's account
	star       *spot
	everybodys int               // how many actions are allowed to everybody by a rule of the service
	spots      map[string]uint32 // the numbers of their names
	asked      map[question]answer
	found      func(permission)
	partly     bool // see first
	assumed    map[string]*policy.Policy
	names      map[evaluate.StatementRef]string
	numbers    map[*compiled.Statement]uint32 // of statements that hang on unknown keys
	residues   map[string]residue
}

// An answer tells whether a question is a permission.
type answer uint8

const (
	notGiven answer = 1 + iota
	givenIf
	givenAlways
)

// A question is one that was asked and not simply denied.
type question struct {
	action int32
	spot   uint32
	away   bool
}

// A statement is one that could matter to the caller.
type statement struct {
	*compiled.Statement
	grants   bool // an Allow of an identity-based policy
	layer    int  // statements of one layer allow together
	patterns []pattern
}

func (s *statement) denies() bool { return s.Flags.Has(compiled.Deny) }

// A permission is an action that is allowed on a spot, or that may be.
type permission struct {
	action int32
	spot   *spot
	by     string // the statement that gives it, with its place
	// conditions are what it hangs on, and keys those that they look at.
	conditions string
	keys       []string
}

func (p *permission) conditional() bool { return p.conditions != "" }

// newSurvey makes a survey ready.
func (x *subject) newSurvey(caller string, options []Option) (*survey, error) {
	setting, err := newSetting(options)
	if err != nil {
		return nil, err
	}
	evaluator, err := x.evaluatorOf(caller, setting)
	if err != nil {
		return nil, err
	}
	who := evaluator.Principal()
	s := &survey{
		universe: theUniverse(), subject: x, evaluator: evaluator, setting: setting,
		home: home{who.Identity.Partition, who.Identity.AccountID}, strangers: []string{strangerOf(who.Identity.AccountID)},
		known: make(map[string][]place), spots: make(map[string]uint32, 1<<10), byPolicy: make(map[*compiled.Statement]int32), assumed: make(map[string]*policy.Policy),
		names: make(map[evaluate.StatementRef]string), numbers: make(map[*compiled.Statement]uint32), residues: make(map[string]residue),
	}
	if s.home.partition == "" {
		s.home.partition = "aws"
	}
	for range x.directory.Resources() {
		s.registered = true
		break
	}
	s.probes, s.homes = make(map[probeKey]*spot), make([]*spot, len(s.types))
	s.context = setting.context.Clone()
	s.request.Context = s.context
	s.view = condition.View{Supplied: s.context, Principal: who.Facts}
	s.read(who)
	star, err := x.resourceOf("*", "", s.home.account)
	if err != nil {
		return nil, err
	}
	s.star = &spot{label: "*", name: "*", side: star, number: s.numberOf("*")}
	return s, nil
}

// read gathers the statements of all policies on the side of the caller.
func (s *survey) read(who *principal.Principal) {
	number := 0
	layer := func(attachments []principal.Attachment, grants bool) {
		for at := range attachments {
			s.readPolicy(&attachments[at], number, grants)
		}
		number++
	}
	layer(who.IdentityPolicies, true)
	layer(who.PermissionsBoundaries, false)
	layer(who.SessionPolicies, false)
	for _, level := range who.ServiceControlLevels {
		layer(level.Policies, false)
	}
	if resource, err := s.directory.Resource("*", s.home.account); err == nil {
		for _, level := range resource.ControlLevels {
			layer(level.Policies, false)
		}
	}
	s.mayAllow = make([]bool, len(s.actions))
	for at := range s.statements {
		if one := &s.statements[at]; one.grants {
			s.mark(one)
		}
	}
	for len(s.mayAllow) < len(s.actions) {
		s.mayAllow = append(s.mayAllow, true) // the unlisted ones
	}
	switch who.Identity.Kind {
	case principal.User, principal.Role, principal.FederatedUser:
	default: // they need no policies of their own
		for at := range s.mayAllow {
			s.mayAllow[at] = true
		}
	}
}

func (s *survey) readPolicy(from *principal.Attachment, layer int, grants bool) {
	all := (*compiled.Policy)(from.Policy).Statements()
	for at := range all {
		one := statement{Statement: &all[at], layer: layer, grants: grants && !all[at].Flags.Has(compiled.Deny)}
		if one.Flags.Has(compiled.NoEffect) {
			continue
		}
		s.unknown(one.Statement)
		s.owners(&one)
		for number := range one.Resources {
			p, ok := s.patternOf(&one.Resources[number])
			if !ok {
				continue
			}
			one.patterns = append(one.patterns, p)
			if region := runesText(p.head[2]); region != "" && !strings.ContainsAny(region, "*?") && !slices.Contains(s.regions, region) {
				s.regions = append(s.regions, region)
			}
		}
		if _, twice := s.byPolicy[one.Statement]; !twice {
			s.byPolicy[one.Statement] = int32(len(s.statements))
		}
		s.statements = append(s.statements, one)
	}
}

// patternOf reads an entry of a Resource element as it is for the caller. It is
// false for one that matches nothing.
func (s *survey) patternOf(entry *compiled.Resource) (pattern, bool) {
	if template := entry.Template(); template != nil {
		return newTemplate(template, &s.view)
	}
	return newPattern(entry.Pattern.Text()), true
}

// unknown declares the keys unknown that a statement looks at and that no option
// has said anything about.
func (s *survey) unknown(one *compiled.Statement) {
	declare := func(keys []string) {
		for _, key := range keys {
			if !s.setting.stated[fold.Text(key)] {
				s.context.SetUnknown(key)
			}
		}
	}
	if one.Condition != nil {
		declare(one.Condition.Keys())
	}
	for at := range one.Resources {
		if template := one.Resources[at].Template(); template != nil {
			declare(template.Keys())
		}
	}
}

// owners notes whether a statement looks at the owners of resources, and at
// which.
func (s *survey) owners(one *statement) {
	if one.grants && one.Flags.Has(compiled.NotResource) {
		s.excepts, s.mindsOwner = true, true
	}
	if one.Condition == nil || !slices.ContainsFunc(one.Condition.Keys(), tellsOwner) {
		return
	}
	s.mindsOwner = true
	tests, _ := one.Condition.Tests()
	for _, test := range tests {
		if !tellsOwner(test.Key) {
			continue
		}
		for _, value := range test.Values {
			if arn.IsAccountID(value) && value != s.home.account && !slices.Contains(s.strangers, value) {
				s.strangers = append(s.strangers, value)
			}
		}
	}
}

// tellsOwner tells whether a condition key is about the owner of a resource.
func tellsOwner(key string) bool {
	key = fold.Text(key)
	return strings.HasSuffix(key, ":resourceaccount") || strings.HasSuffix(key, ":resourceorgid") || strings.HasSuffix(key, ":resourceorgpaths")
}

// mark notes the actions that a statement could allow, and which of its entries
// the catalogue does not have.
func (s *survey) mark(one *statement) {
	if one.Flags.Has(compiled.NotAction) {
		for action := range s.mayAllow {
			if !s.mayAllow[action] && one.MatchesAction(s.actions[action].name) {
				s.mayAllow[action] = true
			}
		}
		return
	}
	for at := range one.Actions {
		entry, listed := one.Actions[at].Pattern(), false
		s.matching(entry, func(action int32) {
			listed = true
			if int(action) < len(s.mayAllow) {
				s.mayAllow[action] = true
			}
		})
		if !listed {
			s.addUnlisted(entry)
		}
	}
}

// ask decides an action on a spot.
func (s *survey) ask(action int32, at *spot) evaluate.Decision {
	if s.request.SetFor(s.actions[action].asked, at.side) != nil {
		return evaluate.Decision{}
	}
	return s.evaluator.Evaluate(&s.request)
}

// explain explains an action on a spot.
func (s *survey) explain(action int32, at *spot) evaluate.Explanation {
	if s.request.SetFor(s.actions[action].asked, at.side) != nil {
		return evaluate.Explanation{}
	}
	return s.evaluator.Explain(&s.request)
}

// perhaps tells whether a decision may be a permission. What a service allows to
// everybody, such as sts:GetCallerIdentity, is none that anybody gave.
func perhaps(d evaluate.Decision) bool {
	return d.Outcome == evaluate.Allowed && d.Layer != evaluate.ServiceRule || d.Outcome == evaluate.Undetermined
}

// run hands over every permission that it finds, each once.
func (s *survey) run(resources []string, found func(permission)) {
	s.found = found
	might := 0
	for _, may := range s.mayAllow {
		if may {
			might++
		}
	}
	s.asked = make(map[question]answer, 2*might)
	see := s.see
	s.everything()
	s.askUnlisted(see)
	for _, met := range s.meetings() {
		s.each(s.places(&met.pattern), func(action int32) bool {
			return s.mayAllow[action] && met.of.MatchesAction(s.actions[action].name)
		}, see)
	}
	for at := range s.statements {
		one := &s.statements[at]
		// What is allowed but for some resources is asked about those too, since
		// another statement may deny the others.
		if one.denies() != one.Flags.Has(compiled.NotResource) {
			continue
		}
		for number := range one.patterns {
			if p := &one.patterns[number]; !p.everything {
				s.each(s.places(p), func(action int32) bool {
					return s.mayAllow[action] && (one.denies() || one.MatchesAction(s.actions[action].name))
				}, see)
			}
		}
	}
	s.given(resources, see)
}

// see asks an action on a spot. It tells whether it is given there.
func (s *survey) see(action int32, at *spot) bool { return s.judge(action, at, s.ask(action, at)) }

// judge is see for a decision that was made.
func (s *survey) judge(action int32, at *spot, decision evaluate.Decision) bool {
	if !perhaps(decision) {
		s.partly = s.partly || deniedPartly(decision)
		return false
	}
	key := question{action, at.number, at.elsewhere}
	if known := s.asked[key]; known != 0 {
		return known != notGiven
	}
	p, given := s.permission(action, at, decision)
	switch {
	case !given:
		s.asked[key] = notGiven
		return false
	case p.conditional():
		s.asked[key] = givenIf
	default:
		s.asked[key] = givenAlways
	}
	s.found(p)
	return true
}

// permission tells everything about a permission. It is false for one that is
// none, whatever the keys are that it hangs on.
func (s *survey) permission(action int32, at *spot, decision evaluate.Decision) (permission, bool) {
	p := permission{action: action, spot: at, by: s.allowedBy(decision)}
	if decision.Outcome == evaluate.Allowed {
		return p, true
	}
	explanation := s.explain(action, at)
	residue := s.residueOf(explanation, at)
	p.by, p.conditions, p.keys = s.givenBy(explanation), residue.text, residue.keys
	return p, perhaps(residue.decision)
}

// each asks the actions of places.
func (s *survey) each(places []place, wanted func(action int32) bool, see func(int32, *spot) bool) {
	for number := range places {
		at := &places[number]
		for _, action := range s.types[at.kind].actions {
			if !wanted(action) {
				continue
			}
			s.first(action, at.spots, see)
			for other := range otherNames {
				if !s.partly {
					break
				}
				if one := s.rename(at, other); one != nil {
					s.first(action, []*spot{one}, see)
				}
			}
			s.first(action, at.others, see)
		}
	}
}

// first asks an action on spots up to the first one where it is given. It notes
// whether it is given on none, and denied by statements about some only.
func (s *survey) first(action int32, spots []*spot, see func(int32, *spot) bool) {
	s.partly = false
	for _, one := range spots {
		if see(action, one) {
			s.partly = false
			return
		}
	}
}

// deniedPartly tells whether a decision is a Deny that is about some resources
// only, so that others may be spared.
func deniedPartly(d evaluate.Decision) bool {
	if d.Outcome != evaluate.ExplicitlyDenied {
		return false
	}
	by, found := d.Statement()
	if !found {
		return false
	}
	statement := &(*compiled.Policy)(by.Policy()).Statements()[by.Index()]
	for at := range statement.Resources {
		if statement.Resources[at].Pattern.Text() == "*" {
			return false
		}
	}
	return len(statement.Resources) > 0
}

package iamtest

import (
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/internal/fold"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
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
	star       *spot
	everybodys int               // how many actions are allowed to everybody by a rule of the service
	spots      map[string]uint32 // the numbers of their names
	asked      map[question]bool // whether it is a permission
	partly     bool              // see first
	assumed    map[string]*policy.Policy
	names      map[evaluate.StatementRef]string
	numbers    map[*compiled.Statement]uint32 // of statements that hang on unknown keys
	residues   map[string]residue
}

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
		known: make(map[string][]place), spots: make(map[string]uint32, 1<<10), asked: make(map[question]bool), byPolicy: make(map[*compiled.Statement]int32), assumed: make(map[string]*policy.Policy),
		names: make(map[evaluate.StatementRef]string), numbers: make(map[*compiled.Statement]uint32), residues: make(map[string]residue),
	}
	if s.home.partition == "" {
		s.home.partition = "aws"
	}
	s.probes = make(map[probeKey]*spot, len(s.types))
	s.view = condition.View{Supplied: &setting.context, Principal: who.Facts}
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

// mark notes the actions that a statement could allow.
func (s *survey) mark(one *statement) {
	if one.Flags.Has(compiled.NotAction) {
		for action := range s.actions {
			if !s.mayAllow[action] && one.MatchesAction(s.actions[action].name) {
				s.mayAllow[action] = true
			}
		}
		return
	}
	for at := range one.Actions {
		s.matching(one.Actions[at].Pattern(), func(action int32) { s.mayAllow[action] = true })
	}
}

// ask decides an action on a spot.
func (s *survey) ask(action int32, at *spot) evaluate.Decision {
	if s.request.SetFor(s.actions[action].name, at.side) != nil {
		return evaluate.Decision{}
	}
	return s.evaluator.Evaluate(&s.request)
}

// explain explains an action on a spot.
func (s *survey) explain(action int32, at *spot) evaluate.Explanation {
	if s.request.SetFor(s.actions[action].name, at.side) != nil {
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
	see := func(action int32, at *spot) bool {
		decision := s.ask(action, at)
		if !perhaps(decision) {
			s.partly = s.partly || deniedPartly(decision)
			return false
		}
		key := question{action, at.number, at.elsewhere}
		if given, known := s.asked[key]; known {
			return given
		}
		p, given := s.permission(action, at, decision)
		if s.asked[key] = given; given {
			found(p)
		}
		return given
	}
	s.everything(see)
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

// everything asks each action on an example of each type of resource that it
// takes, which finds what entries "*" allow.
func (s *survey) everything(see func(int32, *spot) bool) {
	for number := range s.actions {
		if !s.mayAllow[number] {
			continue
		}
		action := int32(number)
		if len(s.actions[action].types) == 0 {
			if !see(action, s.star) && s.ask(action, s.star).Outcome == evaluate.Allowed {
				s.everybodys++
			}
			continue
		}
		for _, kind := range s.actions[action].types {
			given, partly := s.everywhere(action, s.probe(kind), see)
			for _, name := range otherNames {
				if given || !partly && !s.excepts {
					break
				}
				given, _ = s.everywhere(action, s.probeOf(probeKey{kind, s.home.account, name}), see)
			}
			for _, account := range s.strangers {
				if given || !s.mindsOwner {
					break
				}
				given, _ = s.everywhere(action, s.probeOf(probeKey{kind, account, strangeName}), see)
			}
		}
	}
}

// everywhere asks an action on an example of everything. It tells whether it is
// given, and else whether it is denied on some only.
func (s *survey) everywhere(action int32, at *spot, see func(int32, *spot) bool) (given, partly bool) {
	if at == nil {
		return false, false
	}
	decision := s.ask(action, at)
	if !perhaps(decision) {
		return false, deniedPartly(decision)
	}
	label, ok := s.labelOf(action, at.name, decision)
	if !ok {
		return false, false // some other entry, which will be found by itself
	}
	if label != at.label {
		renamed := *at
		renamed.label = label
		at = &renamed
	}
	return see(action, at), false
}

// A probeKey says of which type an example is, in which account, and what stands
// for names.
type probeKey struct {
	kind          int32
	account, name string
}

// probe gives the example of a type in the account of the caller, nil if it can
// have none.
func (s *survey) probe(kind int32) *spot {
	return s.probeOf(probeKey{kind, s.home.account, strangeName})
}

func (s *survey) probeOf(key probeKey) *spot {
	known, found := s.probes[key]
	if !found {
		name := s.types[key.kind].example(s.home.partition, key.account, key.name)
		if key.account != s.home.account && s.ownerOpen(name) {
			known = s.elsewhere("*", name, key.account)
		} else {
			known = s.spot("*", name)
		}
		s.probes[key] = known
	}
	return known
}

// labelOf says which entry allows an action on an example of everything: "*", or
// everything but some. It is false if it is another entry.
func (s *survey) labelOf(action int32, name string, decision evaluate.Decision) (string, bool) {
	by, found := decision.Statement()
	if !found && decision.Outcome == evaluate.Allowed {
		return "*", true // the root user
	}
	if found {
		all := (*compiled.Policy)(by.Policy()).Statements()
		if at, known := s.byPolicy[&all[by.Index()]]; known && s.statements[at].grants {
			if label, ok := s.statements[at].wide(); ok {
				return label, true
			}
		}
	}
	cut, _ := wildcard.CutName(name)
	query := compiled.Query{Action: s.actions[action].name, Name: &cut, View: s.view}
	for at := range s.statements {
		one := &s.statements[at]
		if label, ok := one.wide(); ok && one.grants && one.MatchesAction(query.Action) && one.MatchesResource(&query) != condition.False {
			return label, true
		}
	}
	return "", false
}

// wide tells whether the statement is about everything, or everything but some.
func (s *statement) wide() (string, bool) {
	if s.Flags.Has(compiled.NotResource) {
		label := "* but"
		for at := range s.patterns {
			if at > 0 {
				label += ","
			}
			label += " " + s.patterns[at].text
		}
		return label, true
	}
	for at := range s.patterns {
		if s.patterns[at].everything {
			return "*", true
		}
	}
	return "", false
}

// given asks all actions on resources that were named, and on what they hold.
func (s *survey) given(resources []string, see func(int32, *spot) bool) {
	for _, name := range resources {
		granted := func(action int32) bool { return s.mayAllow[action] }
		if s.readResource(name) != nil {
			granted = func(int32) bool { return true }
		}
		texts := []string{name}
		if !strings.ContainsAny(name, "*?") {
			texts = append(texts, name+"/*", name+":*")
		}
		for _, text := range texts {
			p := newPattern(text)
			s.each(s.places(&p), granted, see)
		}
	}
	for name := range s.directory.Resources() {
		s.granted(name, see)
	}
	s.roles(see)
}

// granted asks what the policy of a resource may grant: the actions of its
// statements, on what these name, and on the resource and what it holds where
// they name everything.
func (s *survey) granted(name string, see func(int32, *spot) bool) {
	all := s.readResource(name)
	for at := range all {
		one := &all[at]
		if one.Flags.Has(compiled.Deny) || one.Flags.Has(compiled.NoEffect) {
			continue
		}
		texts := []string{name, name + "/*", name + ":*"}
		if !one.Flags.Has(compiled.NotResource) {
			for number := range one.Resources {
				if p, ok := s.patternOf(&one.Resources[number]); ok && !p.everything && !slices.Contains(texts, p.text) {
					texts = append(texts, p.text)
				}
			}
		}
		for _, text := range texts {
			p := newPattern(text)
			s.each(s.places(&p), func(action int32) bool { return one.MatchesAction(s.actions[action].name) }, see)
		}
	}
}

// readResource declares the keys unknown that the policy of a resource looks at,
// before anything is asked about it. It gives the statements of the policy, nil
// if there is none.
func (s *survey) readResource(name string) []compiled.Statement {
	found, err := s.directory.Resource(name, "")
	if err != nil || found.Policy == nil {
		return nil
	}
	all := (*compiled.Policy)(found.Policy.Policy).Statements()
	for at := range all {
		s.unknown(&all[at])
	}
	return all
}

// roles asks which roles of the directory the caller may assume, since trust
// policies may allow what its own do not.
func (s *survey) roles(see func(int32, *spot) bool) {
	assume, found := s.byName["sts:assumerole"]
	if !found {
		return
	}
	for name := range s.directory.Principals() {
		if !strings.Contains(name, ":role/") {
			continue
		}
		s.readResource(name)
		if at := s.spot(name, name); at != nil {
			see(assume, at)
		}
	}
}

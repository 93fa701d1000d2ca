package iamtest

import (
	"slices"
	"strings"

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
	stranger  string
	regions   []string // those that policies and questions name
	context   *condition.Context
	request   evaluate.Request
	view      condition.View

	statements []statement
	byPolicy   map[*compiled.Statement]int32 // where in statements the first one is
	mayAllow   []bool                        // by the number of the action
	known      map[string][]place            // by the text of the pattern
	probes     []*spot                       // by the number of the type, made when needed
	star       *spot
	everybodys int               // how many actions are allowed to everybody by a rule of the service
	spots      map[string]uint32 // the numbers of their names
	asked      map[question]bool // whether it is a permission
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
		home: home{who.Identity.Partition, who.Identity.AccountID}, stranger: strangerOf(who.Identity.AccountID),
		known: make(map[string][]place), spots: make(map[string]uint32, 1<<10), asked: make(map[question]bool), byPolicy: make(map[*compiled.Statement]int32), assumed: make(map[string]*policy.Policy),
		names: make(map[evaluate.StatementRef]string), numbers: make(map[*compiled.Statement]uint32), residues: make(map[string]residue),
	}
	if s.home.partition == "" {
		s.home.partition = "aws"
	}
	s.probes = make([]*spot, len(s.types))
	s.view = condition.View{Supplied: &setting.context, Principal: who.Facts}
	s.context = setting.context.Clone()
	s.request.Context = s.context
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
	layer := func(attachments []principal.Attachment, grants bool) {
		for at := range attachments {
			s.readPolicy(&attachments[at], grants)
		}
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

func (s *survey) readPolicy(from *principal.Attachment, grants bool) {
	all := (*compiled.Policy)(from.Policy).Statements()
	for at := range all {
		one := statement{Statement: &all[at], grants: grants && !all[at].Flags.Has(compiled.Deny)}
		if one.Flags.Has(compiled.NoEffect) {
			continue
		}
		s.unknown(one.Statement)
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
	for _, at := range places {
		for _, action := range s.types[at.kind].actions {
			if !wanted(action) {
				continue
			}
			for _, one := range at.spots {
				if see(action, one) {
					break
				}
			}
			if at.other != nil {
				see(action, at.other)
			}
		}
	}
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
			at := s.probe(kind)
			if at == nil {
				continue
			}
			decision := s.ask(action, at)
			if !perhaps(decision) {
				continue
			}
			label, ok := s.labelOf(action, at.name, decision)
			if !ok {
				continue // some other entry, which will be found by itself
			}
			if label != at.label {
				at = &spot{label: label, name: at.name, side: at.side, number: at.number}
			}
			see(action, at)
		}
	}
}

// probe gives the example of a type in the account of the caller, nil if it can
// have none.
func (s *survey) probe(kind int32) *spot {
	if s.probes[kind] == nil {
		s.probes[kind] = s.spot("*", s.types[kind].example(s.home))
		if s.probes[kind] == nil {
			s.probes[kind] = new(spot)
		}
	}
	if s.probes[kind].side == nil {
		return nil
	}
	return s.probes[kind]
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
		if s.readResource(name) {
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
	s.roles(see)
}

// readResource declares the keys unknown that the policy of a resource looks at,
// before anything is asked about it. It tells whether there is a policy.
func (s *survey) readResource(name string) bool {
	found, err := s.directory.Resource(name, "")
	if err != nil || found.Policy == nil {
		return false
	}
	all := (*compiled.Policy)(found.Policy.Policy).Statements()
	for at := range all {
		s.unknown(&all[at])
	}
	return true
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

package iamtest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/portcullis-iam/portcullis/evaluate"
)

// OnlyAllows asserts least privilege: the caller may do what the rules say, and
// nothing else of all that the catalogue of actions (package catalog) knows.
//
// A failure lists what is too much, by the statement that gives it and its place
// in the file, and what of the rules the caller may not do.
//
// Condition keys that the policies look at are unknown, unless an option states
// them: what is allowed under some context is a permission, and shown with what
// it hangs on. A rule made with [Rule.If] or [Rule.Given] expects that; to a rule
// without, what hangs on unknown keys is too little. Keys that follow from the
// caller and the resource are known as always. [With], [Unknown] and [Absent] say
// more about the context of all requests.
//
// No list of resources is complete, so examples stand for the others:
//
//   - for each entry of a Resource element in the caller's policies, boundaries,
//     session policies and control policies, and for what entries of several of
//     these allow together, one of each type of resource, with names that nobody
//     would give where the entry has wildcards;
//   - the same in an account of which nothing is known, if the entry names
//     another account or leaves it open, or if a condition looks at the owner of
//     the resource; it is taken to allow everything;
//   - one of each type of resource, for the entry "*";
//   - the resources of the rules and of [Resources];
//   - all resources of the directory that have a policy, on what its statements
//     name, and all its roles, for sts:AssumeRole.
//
// Roles and AWS KMS keys that the directory does not know are taken to trust
// their account, as new keys do. Entries of Action that match nothing in the
// catalogue are asked as they stand.
//
// What it cannot see: what two Deny statements with wildcards leave between them
// for certain names only; a permission that hangs on more than three names being
// as they are; actions that AWS has and the catalogue has not, where an entry
// such as "s3:*" gives them beside others, or the policy of a resource does; types
// of resources that an action takes and the catalogue does not say; and sessions
// with other tags, policies or names than the caller's, which [As] states.
//
// It takes some 20 ms for a role with 20 policies of ten statements, and some 50
// if the caller may do nearly everything; a thousand resources with policies take
// 20 more. The first use in a program reads the catalogue, which takes some tens.
func (x *Tester) OnlyAllows(caller string, rules Rules, options ...Option) {
	x.t.Helper()
	survey, err := x.newSurvey(caller, options)
	if err != nil {
		x.t.Fatalf("what %s may do cannot be found out: %v", caller, err)
		return
	}
	if text := survey.compare(rules); text != "" {
		x.t.Errorf("%s may do something else than it should:\n%s", caller, text)
	}
}

// compare tells what differs between the rules and what the caller may do, "" if
// nothing does.
func (s *survey) compare(list Rules) string {
	var rules []*rule
	var mistakes []string
	resources := slices.Clone(s.setting.resources)
	for _, one := range list {
		made, reason := newRule(s.universe, one)
		if reason != "" {
			mistakes = append(mistakes, one.String()+": "+reason)
			continue
		}
		rules = append(rules, made)
		if !made.pattern.everything && !slices.Contains(resources, one.resource) {
			resources = append(resources, one.resource)
		}
		if region := runesText(made.pattern.head[2]); region != "" && !strings.ContainsAny(region, "*?") && !slices.Contains(s.regions, region) {
			s.regions = append(s.regions, region)
		}
	}
	var tooMuch []finding
	s.run(resources, func(p permission) {
		if ok, but := covered(rules, p); !ok {
			f := findingOf(p)
			f.conditions += but
			tooMuch = append(tooMuch, f)
		}
	})
	var b strings.Builder
	s.writeTooMuch(&b, widest(tooMuch, true))
	if len(tooMuch) > 0 {
		b.WriteString("  narrow these statements, or add to the rules what is meant: iamtest.On(resource, actions…)\n")
	}
	s.writeTooLittle(&b, rules)
	for _, mistake := range mistakes {
		b.WriteString("  mistake in the rules: " + mistake + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// covered tells whether a rule speaks of a permission, and if not whether one
// would but for its conditions.
func covered(rules []*rule, p permission) (ok bool, but string) {
	for _, r := range rules {
		switch {
		case !r.speaksOf(p.action, p.spot.name):
		case !r.conditional() || p.conditional() && r.met(p.keys):
			return true, ""
		case len(r.keys) > 0:
			but = ", where the rule has: if " + strings.Join(r.keys, ", ")
		default:
			but = ", where the rule has: in a context only"
		}
	}
	return false, but
}

// shownLines is how many lines of one statement a failure shows.
const shownLines = 25

func (s *survey) writeTooMuch(b *strings.Builder, all []finding) {
	lines := s.lines(all)
	slices.SortStableFunc(lines, func(x, y line) int { return strings.Compare(x.by, y.by) })
	for at := 0; at < len(lines); {
		end := at
		for end < len(lines) && lines[end].by == lines[at].by {
			end++
		}
		b.WriteString("  too much, by " + lines[at].by + "\n")
		s.writeLines(b, lines[at:end])
		at = end
	}
}

// writeLines writes the lines of one statement. Where whole services are given,
// as by "*", they stand together.
func (s *survey) writeLines(b *strings.Builder, lines []line) {
	type group struct {
		where string
		texts []string
		count int
	}
	var groups []*group
	for at := range lines {
		l := &lines[at]
		where := l.where()
		texts := s.compress(l.actions, s.among(l.label, l.service))
		if s.isUnlisted(l.actions[0]) {
			where += ", of which the catalogue of actions knows nothing"
		}
		found := slices.IndexFunc(groups, func(g *group) bool { return g.where == where })
		if found < 0 {
			found = len(groups)
			groups = append(groups, &group{where: where})
		}
		groups[found].texts = append(groups[found].texts, texts...)
		groups[found].count += len(l.actions)
	}
	for at, g := range groups {
		if at == shownLines {
			b.WriteString("    … and on " + strconv.Itoa(len(groups)-at) + " more resources\n")
			break
		}
		text := enumerate(g.texts)
		if 10*g.count > 9*len(s.actions) {
			text = strconv.Itoa(g.count) + " of all " + strconv.Itoa(len(s.actions)) + " actions"
		} else if len(g.texts) > shownActions {
			text += " (" + strconv.Itoa(g.count) + " actions)"
		}
		b.WriteString("    + " + text + g.where + "\n")
	}
}

// A shortfall is what a rule says and the caller may not do.
type shortfall struct {
	resource, reason string
	actions          []int32
}

// writeTooLittle asks what the rules say.
func (s *survey) writeTooLittle(b *strings.Builder, rules []*rule) {
	for _, r := range rules {
		var short []*shortfall
		miss := func(action int32, resource, reason string) {
			for _, one := range short {
				if one.resource == resource && one.reason == reason {
					one.actions = append(one.actions, action)
					return
				}
			}
			short = append(short, &shortfall{resource, reason, []int32{action}})
		}
		s.check(r, miss)
		for _, one := range short {
			var names []string
			for _, action := range one.actions {
				names = append(names, s.actions[action].name)
			}
			b.WriteString("  too little, rule \"" + r.String() + "\"\n    - " + enumerate(names) + " on " + one.resource + ": " + one.reason + "\n")
		}
	}
}

// check asks the actions of a rule on the resources that it speaks of.
func (s *survey) check(r *rule, miss func(action int32, resource, reason string)) {
	setting, err := newSetting(r.options)
	if err != nil {
		miss(r.actions[0], r.resource, err.Error())
		return
	}
	if len(r.options) > 0 {
		context, residues := s.request.Context, s.residues
		defer func() { s.request.Context, s.residues = context, residues }()
		s.request.Context, s.residues = s.context.Clone(), make(map[string]residue)
		for key := range setting.stated {
			s.request.Context.Delete(key)
		}
		for key, value := range setting.context.All() {
			s.request.Context.Set(key, value)
		}
	}
	var places []place
	if !r.pattern.everything {
		places = s.places(&r.pattern)
	}
	for _, action := range r.actions {
		askable := false
		try := func(at *spot) {
			askable = true
			if reason := s.falls(r, action, at); reason != "" {
				miss(action, at.label, reason)
			}
		}
		if r.pattern.everything {
			if len(s.actions[action].types) == 0 {
				try(s.star)
			}
			for _, kind := range s.actions[action].types {
				if at := s.probe(kind); at != nil {
					try(at)
				}
			}
		}
		if s.isUnlisted(action) && !r.pattern.everything {
			if at := s.anything(&r.pattern); at != nil {
				try(at)
			}
		}
		for number := range places {
			at := &places[number]
			if slices.Contains(s.actions[action].types, at.kind) {
				try(at.first())
			}
		}
		if !askable && r.explicit[action] {
			reason := "the action cannot be asked on such a resource; it takes "
			if len(s.actions[action].types) == 0 {
				reason += "\"*\" only"
			}
			for at, kind := range s.actions[action].types {
				if at > 0 {
					reason += ", "
				}
				reason += s.types[kind].ARNFormat()
			}
			miss(action, r.resource, reason)
		}
	}
}

// falls says why the caller may not do what a rule says, "" if it may.
func (s *survey) falls(r *rule, action int32, at *spot) string {
	if len(r.options) == 0 && s.asked[question{action, at.number, at.elsewhere}] == givenAlways {
		return ""
	}
	decision := s.ask(action, at)
	switch decision.Outcome {
	case evaluate.Allowed:
		return ""
	case evaluate.Undetermined:
		p, given := s.permission(action, at, decision)
		switch {
		case given && p.conditional() && (len(r.keys) == 0 || len(r.options) > 0):
			return "allowed only" + p.conditions + ", by " + p.by
		case given:
			return ""
		}
	}
	reason := decision.String()
	if by, found := decision.Statement(); found {
		if place := by.Location().String(); place != "" {
			reason = place + ": " + reason
		}
	}
	return reason
}

package iamtest

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/portcullis-iam/portcullis/internal/compiled"
)

// updateVariable is the environment variable that does what the flag does.
const updateVariable = "IAMTEST_UPDATE"

// UpdateFlag defines the flag -update, unless the test binary has one of that
// name, and gives true so that it can stand at the top of a test file:
//
//	var _ = iamtest.UpdateFlag()
//
// Nothing else in this package defines a flag. [Tester.Snapshot] looks at any
// flag named update, whoever defined it, and at the environment variable
// IAMTEST_UPDATE, so a package with a flag of its own needs no call.
func UpdateFlag() bool {
	if flag.Lookup("update") == nil {
		flag.Bool("update", false, "write the golden files instead of comparing with them")
	}
	return true
}

// updating tells whether golden files are to be written, and how one says so.
func updating() (yes bool, how string) {
	yes, _ = strconv.ParseBool(os.Getenv(updateVariable))
	how = updateVariable + "=1"
	if f := flag.Lookup("update"); f != nil {
		asked, _ := strconv.ParseBool(f.Value.String())
		return yes || asked, "-update"
	}
	return yes, how
}

// Snapshot compares what a caller may do with a file, and fails if they differ:
// with a line for each permission gained (+), with the statement that gives it,
// and for each one lost (-). If the flag -update is set ([UpdateFlag]), or the
// environment variable IAMTEST_UPDATE is 1, it writes the file instead.
//
// The file is meant to be read, and its diff to be reviewed: by service and
// access level it has one line for each pattern of actions on each entry of a
// Resource element, with the exceptions that Deny statements make, and the
// conditions. A pattern stands for the actions of that service and access level
// that can be asked on such a resource. The text depends on nothing but the
// policies, the options and the catalogue.
//
// What is asked, and what the options mean, is told at [Tester.OnlyAllows].
func (x *Tester) Snapshot(caller, file string, options ...Option) {
	x.t.Helper()
	survey, err := x.newSurvey(caller, options)
	if err != nil {
		x.t.Fatalf("what %s may do cannot be found out: %v", caller, err)
		return
	}
	got := survey.permissions()
	yes, how := updating()
	if yes {
		if err := write(file, got.text(caller)); err != nil {
			x.t.Fatalf("the snapshot cannot be written: %v", err)
		}
		return
	}
	text, err := os.ReadFile(file)
	switch {
	case os.IsNotExist(err):
		x.t.Fatalf("there is no snapshot %s: run the test with %s to write it", file, how)
	case err != nil:
		x.t.Fatalf("the snapshot cannot be read: %v", err)
	default:
		if changes := compareSnapshots(string(text), got); changes != "" {
			x.t.Errorf("the permissions of %s are not those of %s (+ gained, - lost):\n%s\nIf this is as it should be, run the test with %s.", caller, file, changes, how)
		}
	}
}

func write(file, text string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o666)
}

// A permissionLine is one line of a snapshot.
type permissionLine struct {
	section string // service and access level
	text    string
	by      []string // the statements that give it
}

// permissionList is what a caller may do, in the order of a snapshot.
type permissionList []permissionLine

// text is the content of a snapshot.
func (l permissionList) text(caller string) string {
	var b strings.Builder
	b.WriteString("# What " + caller + "\n# may do, of all actions of the catalogue. A pattern stands for the actions\n" +
		"# of its section that can be asked on the resource.\n")
	section := ""
	for at := range l {
		if l[at].section != section {
			section = l[at].section
			b.WriteString("\n[" + section + "]\n")
		}
		b.WriteString(l[at].text + "\n")
	}
	if len(l) == 0 {
		b.WriteString("\n# Nothing.\n")
	}
	return b.String()
}

// permissions finds out what the caller may do.
func (s *survey) permissions() permissionList {
	var all []finding
	s.run(s.setting.resources, func(p permission) {
		f := findingOf(p)
		f.except = s.exceptions(p)
		all = append(all, f)
	})
	all = widest(all, false)
	givers := make(map[int32]map[string]string, len(all)) // by action and label
	for at := range all {
		f := &all[at]
		if givers[f.action] == nil {
			givers[f.action] = make(map[string]string)
		}
		givers[f.action][f.label] = f.by
		f.by = "" // lines are about what may be done
	}
	var list permissionList
	lines := s.lines(all)
	if l, ok := s.allOfThem(lines); ok {
		first := l.actions[0]
		return permissionList{{section: "all services", text: "*" + l.where(), by: []string{givers[first][l.label]}}}
	}
	for _, l := range lines {
		for _, part := range s.split(&l) {
			one := permissionLine{section: part.section, text: part.actions + l.where()}
			for _, action := range part.of {
				if by := givers[action][l.label]; !slices.Contains(one.by, by) {
					one.by = append(one.by, by)
				}
			}
			list = append(list, one)
		}
	}
	slices.SortStableFunc(list, func(x, y permissionLine) int {
		if x.section != y.section {
			return strings.Compare(x.section, y.section)
		}
		return strings.Compare(x.text, y.text)
	})
	return list
}

// allOfThem tells whether lines are about all actions there are, all on the same
// resources and under the same conditions.
func (s *survey) allOfThem(lines []line) (*line, bool) {
	count := 0
	for at := range lines {
		first, one := lines[0].lineKey, lines[at].lineKey
		first.service, one.service = 0, 0
		if first != one {
			return nil, false
		}
		count += len(lines[at].actions)
	}
	if count == 0 || count+s.everybodys != len(s.actions) {
		return nil, false
	}
	return &lines[0], true
}

// A part of a line is a pattern of actions of one access level.
type part struct {
	section, actions string
	of               []int32
}

// split makes lines of the snapshot of one that differs in its actions: one for
// all, if these are all that there are, else by access level.
func (s *survey) split(l *line) []part {
	prefix := s.services[l.service].prefix
	among := s.among(l.label, l.service)
	if len(l.actions) > 1 && len(l.actions) == len(among) {
		return []part{{prefix + " all access levels", prefix + ":*", l.actions}}
	}
	byLevel := func(all []int32, level int) (list []int32) {
		for _, action := range all {
			if int(s.actions[action].level) == level {
				list = append(list, action)
			}
		}
		return list
	}
	var parts []part
	for level := 0; level <= 5; level++ {
		own := byLevel(l.actions, level)
		for len(own) > 0 {
			// One line for each pattern, so that a change is a line of its own.
			texts := s.words(own, byLevel(among, level))
			one := part{section: prefix + " " + levelName(s.actions[own[0]].level), actions: texts[0]}
			rest := own[:0:0]
			for _, action := range own {
				if matches(texts[0], s.actions[action].name) {
					one.of = append(one.of, action)
				} else {
					rest = append(rest, action)
				}
			}
			parts = append(parts, one)
			if len(rest) == len(own) {
				return parts
			}
			own = rest
		}
	}
	return parts
}

// exceptions says on which resources Deny statements take a permission away
// that is given on more.
func (s *survey) exceptions(p permission) string {
	label := matcherOf(p.spot.label)
	if strings.HasPrefix(p.spot.label, "* but ") {
		label.everything = true
	}
	var texts []string
	for at := range s.statements {
		one := &s.statements[at]
		if !one.denies() || one.Flags.Has(compiled.NotResource) || !one.MatchesAction(s.actions[p.action].name) {
			continue
		}
		for number := range one.patterns {
			except := &one.patterns[number]
			if except.everything || except.text == p.spot.label {
				continue
			}
			for _, where := range s.places(except) {
				there := where.first()
				if !slices.Contains(s.actions[p.action].types, where.kind) || !label.covers(there.name) {
					continue
				}
				decision := s.ask(p.action, there)
				if !perhaps(decision) {
					texts = append(texts, except.text)
				} else if q, given := s.permission(p.action, there, decision); !given {
					texts = append(texts, except.text)
				} else if q.conditional() && q.conditions != p.conditions {
					texts = append(texts, except.text+" (there only"+q.conditions+")")
				}
			}
		}
	}
	if len(texts) == 0 {
		return ""
	}
	slices.Sort(texts)
	texts = slices.Compact(texts)
	return " except " + strings.Join(texts, ", ")
}

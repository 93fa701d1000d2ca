package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/portcullis-iam/portcullis/evaluate/iamtest"
	"github.com/portcullis-iam/portcullis/policy/catalog"
)

// A report tells what a caller may do, by service and access level.
type report struct {
	Caller   string
	Resource string `json:",omitempty"` // "" for all that the policies speak of
	// Allowed is how many actions are allowed, Conditional how many more are if
	// conditions are met, Of how many there are to ask about.
	Allowed, Conditional, Of int
	Services                 []serviceReport
}

type serviceReport struct {
	Prefix, Name             string
	Allowed, Conditional, Of int
	AccessLevels             []levelReport
}

type levelReport struct {
	AccessLevel              string
	Allowed, Conditional, Of int
	Permissions              []permissionReport

	among []string // the names of all actions to ask about, without prefix
}

type permissionReport struct {
	Action        string
	Resource      string
	OtherAccounts bool     `json:",omitempty"` // in which they are, and which must allow it too
	Condition     string   `json:",omitempty"`
	Keys          []string `json:",omitempty"` // of the condition
	Except        string   `json:",omitempty"` // the resources on which it is denied
	By            string   // the statement that gives it

	name string // of the action, without prefix
}

// levels are the access levels in the order of a report. Level 0 is that of
// actions for which AWS documents none.
var levels = []catalog.AccessLevel{catalog.List, catalog.Read, catalog.Write, catalog.Tagging, catalog.PermissionsManagement, 0}

// newReport sorts permissions, which are in the order of the catalogue, out of
// the actions that were asked about.
func newReport(caller, resource string, all []iamtest.Permission, asked []catalog.Action) report {
	r := report{Caller: caller, Resource: resource, Of: len(asked), Services: []serviceReport{}}
	for len(asked) > 0 {
		service := asked[0].Service()
		end := slices.IndexFunc(asked, func(a catalog.Action) bool { return a.Service() != service })
		if end < 0 {
			end = len(asked)
		}
		own := 0
		for own < len(all) && all[own].Action.Service() == service {
			own++
		}
		if one := newServiceReport(service, all[:own], asked[:end]); own > 0 {
			r.Allowed, r.Conditional = r.Allowed+one.Allowed, r.Conditional+one.Conditional
			r.Services = append(r.Services, one)
		}
		all, asked = all[own:], asked[end:]
	}
	return r
}

func newServiceReport(service catalog.Service, all []iamtest.Permission, asked []catalog.Action) serviceReport {
	r := serviceReport{Prefix: service.Prefix(), Name: service.Name(), Of: len(asked)}
	for _, level := range levels {
		one := levelReport{AccessLevel: levelName(level)}
		for _, action := range asked {
			if action.AccessLevel() == level {
				one.among = append(one.among, action.Name())
			}
		}
		for _, p := range all {
			if p.Action.AccessLevel() == level {
				one.Permissions = append(one.Permissions, permissionReport{
					p.Action.String(), p.Resource, p.OtherAccounts, p.Condition, p.Keys, p.Except, p.By, p.Action.Name(),
				})
			}
		}
		if len(one.Permissions) > 0 {
			one.count()
			r.Allowed, r.Conditional = r.Allowed+one.Allowed, r.Conditional+one.Conditional
			r.AccessLevels = append(r.AccessLevels, one)
		}
	}
	return r
}

func levelName(level catalog.AccessLevel) string {
	if level == 0 {
		return "No access level"
	}
	return level.String()
}

// count counts each action once.
func (l *levelReport) count() {
	l.Of = len(l.among)
	sure := make(map[string]bool)
	for _, p := range l.Permissions {
		sure[p.name] = sure[p.name] || p.Condition == ""
	}
	for _, yes := range sure {
		if yes {
			l.Allowed++
		} else {
			l.Conditional++
		}
	}
}

// print writes a report for people.
func (r *report) print(out io.Writer) {
	where := ""
	if r.Resource != "" {
		where = " on " + r.Resource
	}
	fmt.Fprintf(out, "%s%s: %s\n", r.Caller, where, counts(r.Allowed, r.Conditional, r.Of))
	for at := range r.Services {
		r.Services[at].print(out, r.Resource == "")
	}
}

// print writes a service in one line, if all that can be done with it is allowed
// in the same place, and else in one line or more for each access level.
func (s *serviceReport) print(out io.Writer, resources bool) {
	if place, uniform := s.place(resources); uniform && s.Of > 1 {
		fmt.Fprintf(out, "\n%s (%s): all %d actions%s\n", s.Prefix, s.Name, s.Of, place)
		return
	}
	fmt.Fprintf(out, "\n%s (%s): %s\n", s.Prefix, s.Name, counts(s.Allowed, s.Conditional, s.Of))
	for at := range s.AccessLevels {
		s.AccessLevels[at].print(out, resources)
	}
}

// place tells where and when all actions of a service are allowed, if they all
// are and that is the same for all.
func (s *serviceReport) place(resources bool) (place string, uniform bool) {
	if s.Allowed+s.Conditional < s.Of {
		return "", false
	}
	place = s.AccessLevels[0].Permissions[0].place(resources)
	for _, level := range s.AccessLevels {
		for at := range level.Permissions {
			if level.Permissions[at].place(resources) != place {
				return "", false
			}
		}
	}
	return place, true
}

func counts(allowed, conditional, of int) string {
	text := fmt.Sprintf("%d of %d actions", allowed, of)
	if conditional > 0 {
		text += fmt.Sprintf(", %d more under conditions", conditional)
	}
	return text
}

// print writes a level in one line, or in one line for each of several groups of
// actions that differ in where and when they are allowed.
func (l *levelReport) print(out io.Writer, resources bool) {
	var places []string
	names := make(map[string][]string)
	for at := range l.Permissions {
		p := &l.Permissions[at]
		place := p.place(resources)
		if names[place] == nil {
			places = append(places, place)
		}
		names[place] = append(names[place], p.name)
	}
	fmt.Fprintf(out, "  %s, %d of %d:", l.AccessLevel, l.Allowed+l.Conditional, l.Of)
	indent := " "
	if len(places) > 1 {
		indent = "\n    "
	}
	for _, place := range places {
		fmt.Fprint(out, indent+shorten(names[place], l.among)+place)
	}
	fmt.Fprintln(out)
}

// place tells where and when an action is allowed.
func (p *permissionReport) place(resource bool) (text string) {
	if resource {
		text = " on " + p.Resource
	}
	if p.OtherAccounts {
		text += " in other accounts, where these allow it"
	}
	if p.Except != "" {
		text += " except on " + p.Except
	}
	if p.Condition != "" {
		text += " if " + p.Condition
	}
	return text
}

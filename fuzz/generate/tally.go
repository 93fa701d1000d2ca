package generate

import (
	"fmt"
	"sort"
	"strings"
)

// The features that a [Tally] counts.
const (
	FeatureDecision  = "decision"
	FeatureExplicit  = "explicit deny by"
	FeatureImplicit  = "implicit deny by"
	FeatureAllow     = "allow by"
	FeatureGrant     = "grant row"
	FeatureDenies    = "layer with a deny"
	FeatureOperator  = "operator"
	FeatureForm      = "operator form"
	FeatureCaller    = "caller"
	FeatureService   = "service row"
	FeatureRelation  = "relation"
	FeatureAim       = "aim"
	FeatureBroken    = "broken"
	FeatureLayer     = "layer present"
	FeatureElement   = "element"
	FeatureVersion   = "version"
	FeatureVariables = "variables"
)

// The forms of operators that [FeatureForm] counts.
const (
	FormPlain             = "plain"
	FormIfExists          = "IfExists"
	FormAnyValue          = "ForAnyValue"
	FormAllValues         = "ForAllValues"
	FormAnyValueIfExists  = "ForAnyValue IfExists"
	FormAllValuesIfExists = "ForAllValues IfExists"
)

// Outcome is what an evaluator said about a case, in its own words.
type Outcome struct {
	Decision string
	// Layer is the layer that decided, and Grant the row of the grant table; both may be empty.
	Layer, Grant string
	// Denies are the layers in which a Deny matched.
	Denies []string
}

// Tally counts in how many cases each class of each feature occurs. The zero value is ready to use. It is not safe
// for concurrent use; let every goroutine have its own and [Tally.Merge] them.
type Tally struct {
	total    int
	counts   map[string]map[string]int
	required map[string][]string
}

// Require adds classes that [Tally.Starved] looks for even if none of them has been counted.
func (t *Tally) Require(feature string, classes ...string) {
	if t.required == nil {
		t.required = map[string][]string{}
	}
	t.required[feature] = append(t.required[feature], classes...)
}

// RequireInputs requires everything that every long enough run should hold whatever the evaluator's words are: all
// operators and their forms, callers, service rows, relations and layers.
func (t *Tally) RequireInputs() {
	t.Require(FeatureOperator, Operators()...)
	t.Require(FeatureForm, FormPlain, FormIfExists, FormAnyValue, FormAllValues, FormAnyValueIfExists, FormAllValuesIfExists)
	t.Require(FeatureCaller, CallerKinds()...)
	t.Require(FeatureService, ServiceRows()...)
	t.Require(FeatureRelation, Relations()...)
	for _, layer := range Layers() {
		t.Require(FeatureLayer, string(layer))
	}
	t.Require(FeatureElement, "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition")
	t.Require(FeatureVersion, currentVersion, earlierVersion, "absent")
}

func (t *Tally) count(feature, class string) {
	if t.counts == nil {
		t.counts = map[string]map[string]int{}
	}
	classes := t.counts[feature]
	if classes == nil {
		classes = map[string]int{}
		t.counts[feature] = classes
	}
	classes[class]++
}

// Add counts one case with what an evaluator said about it. A class counts once a case.
func (t *Tally) Add(c Case, said Outcome) {
	t.total++
	t.count(FeatureDecision, said.Decision)
	switch said.Decision {
	case "ExplicitlyDenied":
		t.count(FeatureExplicit, said.Layer)
	case "ImplicitlyDenied":
		t.count(FeatureImplicit, said.Layer)
	case "Allowed":
		t.count(FeatureAllow, said.Layer)
	}
	if said.Grant != "" {
		t.count(FeatureGrant, said.Grant)
	}
	for _, layer := range said.Denies {
		t.count(FeatureDenies, layer)
	}
	t.count(FeatureCaller, c.Labels.Caller)
	t.count(FeatureService, c.Labels.Service)
	t.count(FeatureRelation, c.Labels.Relation)
	t.count(FeatureAim, c.Labels.Aim)
	if c.Labels.Broken != "" {
		t.count(FeatureBroken, c.Labels.Broken)
	}
	seen := map[[2]string]bool{}
	once := func(feature, class string) {
		if !seen[[2]string{feature, class}] {
			seen[[2]string{feature, class}] = true
			t.count(feature, class)
		}
	}
	for _, layer := range Layers() {
		for _, document := range c.Documents(layer) {
			once(FeatureLayer, string(layer))
			if document.Raw == "" {
				documentFeatures(document, once)
			}
		}
	}
}

func documentFeatures(document *Document, once func(feature, class string)) {
	version := document.Version
	if version == "" {
		version = "absent"
	}
	once(FeatureVersion, version)
	for i := range document.Statements {
		s := &document.Statements[i]
		for name, present := range map[string]bool{"Principal": s.Principal != nil, "NotPrincipal": s.NotPrincipal != nil, "Action": s.Action != nil, "NotAction": s.NotAction != nil,
			"Resource": s.Resource != nil, "NotResource": s.NotResource != nil, "Condition": s.Condition != nil} {
			if present {
				once(FeatureElement, name)
			}
		}
		for _, list := range []*Strings{s.Resource, s.NotResource} {
			if list != nil && strings.Contains(strings.Join(list.Values, " "), "${") {
				once(FeatureVariables, "resource")
			}
		}
		if s.Condition == nil {
			continue
		}
		for _, block := range s.Condition.Operators {
			for _, op := range operators {
				if form, is := formOf(block.Name, op.name); is {
					once(FeatureOperator, op.name)
					once(FeatureForm, form)
				}
			}
			for _, key := range block.Keys {
				for _, value := range key.Values {
					if strings.Contains(value.Text, "${") {
						once(FeatureVariables, "condition")
					}
				}
			}
		}
	}
}

// formOf says in which form the written operator is the named one, if it is.
func formOf(written, name string) (form string, is bool) {
	prefix, rest := "", written
	if before, after, qualified := strings.Cut(written, ":"); qualified {
		prefix, rest = before, after
	}
	ifExists := false
	if len(rest) == len(name)+len(suffixIfExists) && strings.EqualFold(rest[len(name):], suffixIfExists) {
		rest, ifExists = rest[:len(name)], true
	}
	if !strings.EqualFold(rest, name) {
		return "", false
	}
	switch {
	case prefix == "":
		form = FormPlain
	case strings.EqualFold(prefix+":", prefixAnyValue):
		form = FormAnyValue
	case strings.EqualFold(prefix+":", prefixAllValues):
		form = FormAllValues
	default:
		return "", false
	}
	switch {
	case ifExists && form == FormPlain:
		form = FormIfExists
	case ifExists:
		form += " IfExists"
	}
	return form, true
}

// Merge adds the counts of another tally.
func (t *Tally) Merge(other *Tally) {
	t.total += other.total
	for feature, classes := range other.counts {
		for class, count := range classes {
			t.count(feature, class)
			t.counts[feature][class] += count - 1
		}
	}
}

// Share returns in which part of the cases, from 0 to 1, the class occurred.
func (t *Tally) Share(feature, class string) float64 {
	if t.total == 0 {
		return 0
	}
	return float64(t.counts[feature][class]) / float64(t.total)
}

// Starved returns the required classes that occurred in less than the given part of the cases, from 0 to 1, each as
// "feature: class: share", sorted.
func (t *Tally) Starved(minShare float64) []string {
	var starved []string
	for feature, classes := range t.required {
		for _, class := range classes {
			if share := t.Share(feature, class); share < minShare {
				starved = append(starved, fmt.Sprintf("%s: %s: %.2f %%", feature, class, 100*share))
			}
		}
	}
	sort.Strings(starved)
	return starved
}

// String returns a table of all counts: features by name, classes by falling count.
func (t *Tally) String() string {
	var table strings.Builder
	fmt.Fprintf(&table, "%d cases\n", t.total)
	features := make([]string, 0, len(t.counts))
	for feature := range t.counts {
		features = append(features, feature)
	}
	sort.Strings(features)
	for _, feature := range features {
		classes := make([]string, 0, len(t.counts[feature]))
		for class := range t.counts[feature] {
			classes = append(classes, class)
		}
		sort.Slice(classes, func(i, j int) bool {
			first, second := t.counts[feature][classes[i]], t.counts[feature][classes[j]]
			if first != second {
				return first > second
			}
			return classes[i] < classes[j]
		})
		fmt.Fprintf(&table, "%s\n", feature)
		for _, class := range classes {
			fmt.Fprintf(&table, "  %-45s %9d %6.2f %%\n", class, t.counts[feature][class], 100*t.Share(feature, class))
		}
	}
	return table.String()
}

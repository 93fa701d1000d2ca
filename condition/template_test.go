package condition_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// spell writes tokens one behind the other: literals in brackets.
func spell(template *condition.Template) string {
	var text strings.Builder
	keys := template.Keys()
	for _, token := range template.Tokens() {
		switch token.Kind {
		case wildcard.Literal:
			fmt.Fprintf(&text, "[%s]", token.Text)
		case wildcard.Variable:
			fmt.Fprintf(&text, "<%s>", keys[token.Index])
		case wildcard.Any:
			text.WriteByte('*')
		case wildcard.One:
			text.WriteByte('?')
		}
	}
	return text.String()
}

func TestParseTemplate(t *testing.T) {
	for _, one := range []struct{ text, wild, literal string }{
		{"", "", ""},
		{"a*b?", "[a]*[b]?", "[a*b?]"},
		{"${k}", "<k>", "<k>"},
		{"x${a:B/c d}y*", "[x]<a:B/c d>[y]*", "[x]<a:B/c d>[y*]"},
		{"${*}${?}${$}", "[*][?][$]", "[*][?][$]"},
		{"${k, 'x } y'}", "<k>", "<k>"},
		{"${k, '}'}", "<k>", "<k>"},
		{"${k, ''}z", "<k>[z]", "<k>[z]"},
		{"${k,'x'}", "<k,'x'>", "<k,'x'>"},
		{"${k, x}", "<k, x>", "<k, x>"},
		{"${k, 'x'y}", "[${k, 'x'y}]", "[${k, 'x'y}]"},
		{"${k, 'x}", "[${k, 'x}]", "[${k, 'x}]"},
		{"${k, 'x${j}'}", "<k>", "<k>"},
		{"${k, 'x} ${j}", "[${k, 'x} ]<j>", "[${k, 'x} ]<j>"},
		{"${, 'x'}", "[${, 'x'}]", "[${, 'x'}]"},
		{"${}*", "[${}]*", "[${}*]"},
		{"${*", "[${]*", "[${*]"},
		{"$${k}$", "[$]<k>[$]", "[$]<k>[$]"},
		{"${${k}}", "<${k>[}]", "<${k>[}]"},
		{"${a${b}", "<a${b>", "<a${b>"},
		{"${*, 'x'}", "<*>", "<*>"},
		{"${", "[${]", "[${]"},
		{"}${k}{", "[}]<k>[{]", "[}]<k>[{]"},
	} {
		if got := spell(condition.ParseTemplate(one.text, true)); got != one.wild {
			t.Errorf("%s with wildcards: %s, want %s", one.text, got, one.wild)
		}
		if got := spell(condition.ParseTemplate(one.text, false)); got != one.literal {
			t.Errorf("%s: %s, want %s", one.text, got, one.literal)
		}
	}
}

func TestTemplateResolve(t *testing.T) {
	var c condition.Context
	c.Set("text", condition.String("${a}*"))
	c.Set("empty", condition.String(""))
	c.Set("address", condition.Addr(netip.MustParseAddr("10.0.0.1")))
	c.Set("list", condition.List("a"))
	c.SetUnknown("unknown")
	view := &condition.View{Supplied: &c}
	for _, one := range []struct {
		text     string
		values   []string
		resolved condition.Truth
	}{
		{"none", nil, condition.True},
		{"${TEXT}-${Empty}-${address}", []string{"${a}*", "", "10.0.0.1"}, condition.True},
		{"${empty, 'x'}${absent, 'y z'}${absent, ''}", []string{"", "y z", ""}, condition.True},
		{"${text}${absent}", []string{"${a}*"}, condition.False},
		{"${list}", nil, condition.False},
		{"${list, 'x'}", nil, condition.False},
		{"${text}${unknown}", []string{"${a}*", ""}, condition.Unknown},
		{"${unknown, 'x'}${absent}", []string{""}, condition.False},
	} {
		template := condition.ParseTemplate(one.text, true)
		values, resolved := template.Resolve(view, nil)
		if diff := cmp.Diff(one.values, values); diff != "" || resolved != one.resolved {
			t.Errorf("%s: %v, want %v; values (-want +got)\n%s", one.text, resolved, one.resolved, diff)
		}
		if resolved == condition.True && len(values) != template.VariableCount() {
			t.Errorf("%s: %d values for %d variables", one.text, len(values), template.VariableCount())
		}
	}
	template := condition.ParseTemplate("${absent, 'x'}${unknown}${ABSENT}${Text}", true)
	if diff := cmp.Diff([]string{"absent", "unknown", "ABSENT", "Text"}, template.Keys()); diff != "" {
		t.Errorf("keys (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"absent"}, template.AbsentKeys(view, nil)); diff != "" {
		t.Errorf("absent keys (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"x", "unknown"}, template.UnknownKeys(view, []string{"x"})); diff != "" {
		t.Errorf("unknown keys (-want +got)\n%s", diff)
	}
	short := condition.ParseTemplate("${text}${absent, 'x'}", true)
	if allocated := testing.AllocsPerRun(100, func() {
		var array [2]string
		values, _ := short.Resolve(view, array[:0])
		if len(values) != 2 {
			t.Error("not resolved")
		}
	}); allocated != 0 {
		t.Errorf("%v allocations", allocated)
	}
}

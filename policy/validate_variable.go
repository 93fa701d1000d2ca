package policy

import "strings"

// hasVariable tells whether text has a policy variable that is well-formed.
func hasVariable(text string) bool {
	for from := 0; ; {
		one, ok := nextVariable(text, from)
		if !ok {
			return false
		}
		if one.problem == "" {
			return true
		}
		from = one.end
	}
}

// noVariable reports a policy variable in an element that takes none.
func (v *validator) noVariable(value Text, path string, e element) {
	if hasVariable(value.Value) {
		v.add(VariableUnsupportedInElement, value.Position, path, "a policy variable is ordinary text in %s: write it in Resource or Condition", e)
	}
}

// variables reports what is wrong with the policy variables of a text that may
// have some. It tells whether there are any that work, escapes aside.
func (v *validator) variables(text string, at Position, path string) bool {
	working := false
	for from := 0; !v.report.full(); {
		one, ok := nextVariable(text, from)
		if !ok {
			break
		}
		from = one.end
		if !v.document.Variables() {
			if one.problem == "" {
				v.add(VariableUnsupportedInVersion, at, path, "%s is ordinary text without Version %s: set that", quote(text[one.start:one.end]), Version2012)
				break
			}
			continue
		}
		switch {
		case one.problem == EmptyVariable:
			v.add(EmptyVariable, at, path, "a policy variable without a name is ordinary text: name a context key, or write ${$} for a dollar sign")
		case one.problem == MissingBraceInVariable:
			v.add(MissingBraceInVariable, at, path, "a policy variable without a closing brace is ordinary text: close it")
		case one.problem == MissingQuoteInVariable:
			v.add(MissingQuoteInVariable, at, path, "the default of a policy variable is not closed, which makes it ordinary text: end it with '}")
		case one.name == "*" || one.name == "?" || one.name == "$":
		default:
			working = true
			if strings.Contains(one.name, " ") {
				v.add(UnsupportedSpaceInVariable, at, path, "the name of the policy variable %s has a space: use a key without", quote(one.name))
			}
		}
	}
	return working
}

package generate

import "strings"

const (
	currentVersion = "2012-10-17"
	earlierVersion = "2008-10-17"
)

// variableKeys are the keys that variables name.
var variableKeys = []string{"app:Part", "aws:PrincipalTag/part", "app:Other", "aws:username", "aws:PrincipalTag/cost center", "aws:userid", "aws:PrincipalTag/team", "app:Third"}

// brokenVariables are texts that look like variables, and are plain text or unresolved.
var brokenVariables = []string{"${}", "${", "${app:Part", "${app:Part,'x'}", "${app:None, 'x}", "$app:Part", "${app:None}", "${ app:Part}", "${, 'x'}", "${aws:TagKeys, 'x'}", "${app:None, 'a}b'}", "${app:None, ''}", "${${app:Part}}", "$${app:Part}", "${app:Part}}"}

// escapeWildcards writes the characters that are special in patterns as the escapes for them.
func escapeWildcards(text string) string {
	if !strings.ContainsAny(text, "*?$") {
		return text
	}
	var escaped strings.Builder
	for i := range len(text) {
		switch text[i] {
		case '*', '?', '$':
			escaped.WriteString("${" + text[i:i+1] + "}")
		default:
			escaped.WriteByte(text[i])
		}
	}
	return escaped.String()
}

// withVariables replaces a part of the text by a variable that usually stands for that part. The request's context
// gets the key where it may still be chosen. Texts that hold a variable already stay as they are.
func (b *builder) withVariables(text string) string {
	if strings.Contains(text, "${") {
		return text
	}
	if b.chance(6) {
		at := b.runeStart(text)
		return text[:at] + pick(b.chooser, brokenVariables) + text[at:]
	}
	from, to := b.part(text)
	part := text[from:to]
	key := pick(b.chooser, variableKeys)
	name := key
	if b.chance(12) {
		name = b.flipCase(name)
	}
	entry, known := b.lookup(key)
	switch {
	case known && entry == nil: // absent for good
		if b.chance(80) && !strings.Contains(part, "'") {
			return text[:from] + "${" + name + ", '" + part + "'}" + text[to:]
		}
		return text[:from] + "${" + name + "}" + text[to:]
	case known:
		if entry.Raw == "" && !entry.Value.List {
			value := entry.Value.Items[0].Text
			if at := strings.Index(text, value); at >= 0 && value != "" {
				return text[:at] + "${" + name + b.uselessDefault() + "}" + text[at+len(value):]
			}
		}
		if b.chance(80) {
			return text
		}
		return text[:from] + "${" + name + b.uselessDefault() + "}" + text[to:]
	}
	if b.chance(30) && !strings.Contains(part, "'") {
		b.setAbsent(key)
		return text[:from] + "${" + name + ", '" + part + "'}" + text[to:]
	}
	b.setContext(key, Value{Items: []Scalar{{Text: part}}})
	return text[:from] + "${" + name + b.uselessDefault() + "}" + text[to:]
}

func (b *builder) uselessDefault() string {
	if b.chance(15) {
		return pick(b.chooser, []string{", 'other'", ", ''", ", '*'"})
	}
	return ""
}

// part returns the borders of a part of the text, usually one without a colon and without wildcards.
func (b *builder) part(text string) (from, to int) {
	from = b.runeStart(text)
	to = b.runeStart(text)
	if from > to {
		from, to = to, from
	}
	if b.chance(90) {
		if cut := strings.IndexAny(text[from:to], ":*?"); cut >= 0 {
			to = from + cut
		}
	}
	return from, to
}

package generate

import (
	"strconv"
	"unicode/utf8"
)

// JSON returns the case as one line of the neutral case format, without a line break at its end. The cost is linear
// in the size of the text.
func (c Case) JSON() []byte { return c.AppendJSON(make([]byte, 0, 4096)) }

// AppendJSON appends what [Case.JSON] returns.
func (c Case) AppendJSON(to []byte) []byte {
	plain := encoder{}
	to = append(to, `{"id":`...)
	to = plain.text(to, c.ID)
	to = append(to, `,"request":`...)
	to = c.Request.append(to)
	to = appendDocuments(to, "identityPolicies", c.IdentityPolicies)
	to = appendDocuments(to, "permissionsBoundaries", c.PermissionsBoundaries)
	to = appendDocuments(to, "sessionPolicies", c.SessionPolicies)
	if c.ResourcePolicy != nil {
		to = append(to, `,"resourcePolicy":`...)
		to = c.ResourcePolicy.AppendJSON(to)
	}
	to = appendLevels(to, "scps", c.SCPs)
	to = appendLevels(to, "rcps", c.RCPs)
	to = appendDocuments(to, "vpcEndpointPolicies", c.VPCEndpointPolicies)
	return append(to, '}')
}

func (r Request) append(to []byte) []byte {
	plain := encoder{}
	to = append(to, `{"principal":`...)
	to = plain.text(to, r.Principal)
	if r.PrincipalIssuer != "" {
		to = append(to, `,"principalIssuer":`...)
		to = plain.text(to, r.PrincipalIssuer)
	}
	to = append(to, `,"action":`...)
	to = plain.text(to, r.Action)
	to = append(to, `,"resource":`...)
	to = plain.text(to, r.Resource)
	if r.ResourceAccount != "" {
		to = append(to, `,"resourceAccount":`...)
		to = plain.text(to, r.ResourceAccount)
	}
	to = append(to, `,"context":{`...)
	for i, entry := range r.Context {
		to = plain.comma(to, i)
		to = plain.name(to, entry.Key)
		if entry.Raw != "" {
			to = append(to, entry.Raw...)
		} else {
			to = plain.scalars(to, entry.Value.Items, !entry.Value.List)
		}
	}
	return append(to, "}}"...)
}

func appendDocuments(to []byte, name string, documents []Document) []byte {
	if documents == nil {
		return to
	}
	to = append(to, `,"`...)
	to = append(to, name...)
	to = append(to, `":[`...)
	for i := range documents {
		if i > 0 {
			to = append(to, ',')
		}
		to = documents[i].AppendJSON(to)
	}
	return append(to, ']')
}

func appendLevels(to []byte, name string, levels []Level) []byte {
	if levels == nil {
		return to
	}
	to = append(to, `,"`...)
	to = append(to, name...)
	to = append(to, `":[`...)
	for i, level := range levels {
		if i > 0 {
			to = append(to, ',')
		}
		to = append(to, `{"orgIdentifier":`...)
		to = encoder{}.text(to, level.Identifier)
		to = append(to, `,"policies":[`...)
		for j := range level.Policies {
			if j > 0 {
				to = append(to, ',')
			}
			to = level.Policies[j].AppendJSON(to)
		}
		to = append(to, "]}"...)
	}
	return append(to, ']')
}

// JSON returns the document as JSON on one line.
func (d Document) JSON() []byte { return d.AppendJSON(nil) }

// AppendJSON appends what [Document.JSON] returns.
func (d Document) AppendJSON(to []byte) []byte {
	if d.Raw != "" {
		return append(to, d.Raw...)
	}
	e := encoder{spaced: d.Spaced, escaped: d.Escaped}
	to = append(to, '{')
	count := 0
	for _, element := range ordered([...]byte{0, 1, 2}, d.KeyOrder) {
		switch {
		case element == 0 && d.Version != "":
			to = e.name(e.comma(to, count), "Version")
			to = e.text(to, d.Version)
		case element == 1 && d.ID != nil:
			to = e.name(e.comma(to, count), "Id")
			to = e.text(to, *d.ID)
		case element == 2:
			to = e.name(e.comma(to, count), "Statement")
			to = e.statements(to, d.Statements, d.Object)
		default:
			continue
		}
		count++
	}
	to = e.members(to, d.Extra, count)
	return append(to, '}')
}

func (e encoder) statements(to []byte, statements []Statement, object bool) []byte {
	if object && len(statements) == 1 {
		return e.statement(to, &statements[0])
	}
	to = append(to, '[')
	for i := range statements {
		to = e.statement(e.comma(to, i), &statements[i])
	}
	return append(to, ']')
}

func (e encoder) statement(to []byte, s *Statement) []byte {
	if s.Raw != "" {
		return append(to, s.Raw...)
	}
	to = append(to, '{')
	count := 0
	for _, element := range ordered([...]byte{0, 1, 2, 3, 4, 5, 6, 7, 8}, s.KeyOrder) {
		before := len(to)
		switch element {
		case 0:
			if s.Sid != nil {
				to = e.name(e.comma(to, count), "Sid")
				to = e.text(to, *s.Sid)
			}
		case 1:
			if s.Effect != "" {
				to = e.name(e.comma(to, count), "Effect")
				to = e.text(to, s.Effect)
			}
		case 2:
			to = e.principal(to, "Principal", s.Principal, count)
		case 3:
			to = e.principal(to, "NotPrincipal", s.NotPrincipal, count)
		case 4:
			to = e.element(to, "Action", s.Action, count)
		case 5:
			to = e.element(to, "NotAction", s.NotAction, count)
		case 6:
			to = e.element(to, "Resource", s.Resource, count)
		case 7:
			to = e.element(to, "NotResource", s.NotResource, count)
		case 8:
			if s.Condition != nil {
				to = e.name(e.comma(to, count), "Condition")
				to = e.condition(to, s.Condition)
			}
		}
		if len(to) > before {
			count++
		}
	}
	to = e.members(to, s.Extra, count)
	return append(to, '}')
}

// encoder writes JSON text; the zero value writes it as short as possible.
type encoder struct{ spaced, escaped bool }

func (e encoder) comma(to []byte, count int) []byte {
	if count == 0 {
		return to
	}
	to = append(to, ',')
	if e.spaced {
		to = append(to, ' ')
	}
	return to
}

func (e encoder) name(to []byte, name string) []byte {
	to = append(e.text(to, name), ':')
	if e.spaced {
		to = append(to, ' ')
	}
	return to
}

func (e encoder) members(to []byte, members []Member, count int) []byte {
	for i, member := range members {
		to = e.name(e.comma(to, count+i), member.Name)
		to = append(to, member.JSON...)
	}
	return to
}

func (e encoder) element(to []byte, name string, list *Strings, count int) []byte {
	if list == nil {
		return to
	}
	return e.strings(e.name(e.comma(to, count), name), list)
}

func (e encoder) strings(to []byte, list *Strings) []byte {
	if list.Scalar && len(list.Values) == 1 {
		return e.text(to, list.Values[0])
	}
	to = append(to, '[')
	for i, value := range list.Values {
		to = e.text(e.comma(to, i), value)
	}
	return append(to, ']')
}

func (e encoder) principal(to []byte, name string, principal *Principal, count int) []byte {
	if principal == nil {
		return to
	}
	to = e.name(e.comma(to, count), name)
	if principal.Everyone {
		return e.text(to, "*")
	}
	to = append(to, '{')
	for i := range principal.Groups {
		to = e.name(e.comma(to, i), principal.Groups[i].Type)
		to = e.strings(to, &principal.Groups[i].Values)
	}
	return append(to, '}')
}

func (e encoder) condition(to []byte, condition *Condition) []byte {
	to = append(to, '{')
	for i, block := range condition.Operators {
		to = e.name(e.comma(to, i), block.Name)
		to = append(to, '{')
		for j, key := range block.Keys {
			to = e.name(e.comma(to, j), key.Key)
			to = e.scalars(to, key.Values, key.Scalar)
		}
		to = append(to, '}')
	}
	return append(to, '}')
}

func (e encoder) scalars(to []byte, values []Scalar, single bool) []byte {
	if single && len(values) == 1 {
		return e.scalar(to, values[0])
	}
	to = append(to, '[')
	for i, value := range values {
		to = e.scalar(e.comma(to, i), value)
	}
	return append(to, ']')
}

func (e encoder) scalar(to []byte, value Scalar) []byte {
	if value.Bare {
		return append(to, value.Text...)
	}
	return e.text(to, value.Text)
}

// text appends a JSON string. Invalid UTF-8 becomes U+FFFD, so that the line is always valid.
func (e encoder) text(to []byte, text string) []byte {
	const hex = "0123456789abcdef"
	to = append(to, '"')
	start := 0
	for i := 0; i < len(text); {
		b := text[i]
		switch {
		case b >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError && size == 1 {
				to = append(append(to, text[start:i]...), "\uFFFD"...)
				start = i + 1
			}
			i += size
			continue
		case b < 0x20 || b == 0x7f || e.escaped && b == 'e':
			to = append(append(to, text[start:i]...), '\\', 'u', '0', '0', hex[b>>4], hex[b&15])
			start = i + 1
		case b == '"' || b == '\\' || e.escaped && b == '/':
			to = append(append(to, text[start:i]...), '\\', b)
			start = i + 1
		}
		i++
	}
	return append(append(to, text[start:]...), '"')
}

func appendUint(to []byte, number uint64) []byte { return strconv.AppendUint(to, number, 10) }

// ordered returns the elements in the order that the seed stands for; seed 0 keeps them.
func ordered[T [3]byte | [9]byte](elements T, seed uint32) T {
	if seed == 0 {
		return elements
	}
	state := uint64(seed)
	for i := len(elements) - 1; i > 0; i-- {
		state = state*6364136223846793005 + 1442695040888963407
		j := int(state >> 33 % uint64(i+1))
		at, other := elements[i], elements[j]
		elements[i], elements[j] = other, at
	}
	return elements
}

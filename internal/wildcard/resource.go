package wildcard

import (
	"iter"
	"strings"
)

// A Name is the resource of a request, cut at its first five colons. The zero
// Name matches nothing.
type Name struct {
	// Text is the ARN, or "*" for an action without resource types.
	Text string
	cut  [5]int
	all  bool // Text is "*"
}

// CutName makes a Name. It tells whether text is "*" or begins with "arn:"
// and has at least six parts; other text makes no Name. It allocates nothing.
func CutName(text string) (Name, bool) {
	if text == "*" {
		return Name{Text: text, all: true}, true
	}
	name := Name{Text: text}
	ok := strings.HasPrefix(text, "arn:") && Colons(text, &name.cut)
	return name, ok
}

// All tells whether the request is about "*", an action without resource types.
func (n *Name) All() bool { return n.all }

// Segment is the part of the name with the given number: 0 is "arn", 5 the
// resource with everything behind it. It is empty if the name is "*".
func (n *Name) Segment(number int) string {
	if n.cut[0] == 0 {
		return ""
	}
	from, to := 0, len(n.Text)
	if number > 0 {
		from = n.cut[number-1] + 1
	}
	if number < 5 {
		to = n.cut[number]
	}
	return n.Text[from:to]
}

// Colons stores the offsets of the first five colons of text in cut, and
// tells whether there are that many.
func Colons(text string, cut *[5]int) bool {
	found := 0
	for at := 0; at < len(text); at++ {
		if text[at] == ':' {
			cut[found] = at
			if found++; found == len(cut) {
				return true
			}
		}
	}
	return false
}

// A Completion says what an incomplete ARN, one of fewer than six segments,
// means in a kind of policy. Completing puts "*" into every missing segment;
// the pattern as written goes on to be matched beside the completed one.
type Completion uint8

// The completions, see SEMANTICS 11.2, "Incomplete ARNs".
const (
	// AlwaysComplete: identity-based policies and boundaries.
	AlwaysComplete Completion = iota
	// CompleteWithStar completes those that hold a star: resource-based and
	// VPC endpoint policies.
	CompleteWithStar
	// CompleteFinalStar completes those that end in a star: service control
	// policies.
	CompleteFinalStar
	// MatchNothing: resource control policies.
	MatchNothing
	// NeverComplete compares as written only.
	NeverComplete
)

// A Resource is a compiled entry of a Resource or NotResource element. The
// zero Resource matches nothing. It is immutable and safe for concurrent use.
type Resource struct {
	// pattern is the whole text, for templates only up to the first variable.
	// Its rule says how the Resource matches.
	pattern Pattern
	parts   *parts // nil where the pattern alone decides
}

func newResource(pattern Pattern, rule resourceRule, parts *parts) Resource {
	pattern.rule = rule
	return Resource{pattern, parts}
}

type resourceRule uint8

const (
	matchesNothing resourceRule = iota
	everything                  // "*"
	plain                       // a complete ARN without wildcards in its head: text decides
	segmented                   // a complete ARN with wildcards in its head
	tokenHead                   // variables in the tail only: tokens decide
	tokenSegments               // a complete ARN with variables in its head
	asWritten                   // not a complete ARN: tokens that know segments decide
)

type parts struct {
	cut       [5]uint32 // segmented: the colons of the pattern
	any       uint8     // segmented: bit i is set if segment i is "*"
	wild      uint8     // segmented: bit i is set if segment i holds other wildcards
	tail      Pattern   // segmented
	tokens    []Token   // tokenHead, asWritten: everything; tokenSegments: the tail
	segments  [5][]Token
	completed *Resource // asWritten: the completed form, or nil
	variables any       // what the caller knows about the variables
}

// CompileResource compiles constant text.
func CompileResource(text string, completion Completion) Resource {
	if text == "*" {
		return newResource(Compile(text), everything, nil)
	}
	var cut [5]int
	if Colons(text, &cut) && completeAccount(text[cut[3]+1:cut[4]]) {
		pattern := Compile(text)
		text = pattern.text // stars are merged
		if Colons(pattern.Prefix(), &cut) {
			return newResource(pattern, plain, nil)
		}
		Colons(text, &cut)
		p := &parts{tail: Compile(text[cut[4]+1:])}
		from := 0
		for number, to := range cut {
			p.cut[number] = uint32(to)
			if segment := text[from:to]; segment == "*" {
				p.any |= 1 << number
			} else if strings.ContainsAny(segment, "*?") {
				p.wild |= 1 << number
			}
			from = to + 1
		}
		return newResource(pattern, segmented, p)
	}
	return CompileResourceTokens(Wildcards(nil, text), nil, completion)
}

func completeAccount(account string) bool {
	if account == "" || account == "aws" || strings.ContainsAny(account, "*?") {
		return true
	}
	if len(account) != 12 {
		return false
	}
	for at := range len(account) {
		if account[at] < '0' || account[at] > '9' {
			return false
		}
	}
	return true
}

// CompileResourceTokens compiles a pattern that holds variables, or that is
// not a complete ARN. The tokens are those of the whole pattern, with Any and
// One for its wildcards. The Resource keeps variables, which say where the
// values of the variables come from, and gives them back.
func CompileResourceTokens(tokens []Token, variables any, completion Completion) Resource {
	segments := splitSegments(tokens)
	resource := newResource(Compile(literalPrefix(tokens)), asWritten, &parts{variables: variables})
	if len(segments) == 6 && completeTokens(segments[4]) {
		if headIsLiteral(segments) {
			resource.pattern.rule, resource.parts.tokens = tokenHead, tokens
			return resource
		}
		resource.pattern.rule = tokenSegments
		copy(resource.parts.segments[:], segments)
		resource.parts.tokens = segments[5]
		return resource
	}
	if len(segments) < 6 {
		complete := false
		switch completion {
		case MatchNothing:
			return Resource{}
		case AlwaysComplete:
			complete = true
		case CompleteWithStar:
			complete = holdsStar(tokens)
		case CompleteFinalStar:
			last := segments[len(segments)-1]
			complete = len(last) > 0 && last[len(last)-1].Kind == Any
		}
		if complete {
			full := append([]Token(nil), tokens...)
			for range 6 - len(segments) {
				full = append(full, Token{Kind: Literal, Text: ":"}, Token{Kind: Any})
			}
			completed := CompileResourceTokens(full, nil, NeverComplete)
			resource.parts.completed = &completed
		}
	}
	for number, segment := range segments {
		if number > 0 {
			resource.parts.tokens = append(resource.parts.tokens, Token{Kind: Literal, Text: ":"})
		}
		for at, token := range segment {
			if number < 5 {
				switch {
				case token.Kind == One:
					token.Kind = OneInSegment
				case token.Kind == Variable:
					token.Kind = VariableInSegment
				case token.Kind == Any && at < len(segment)-1:
					token.Kind = AnyInSegment
				}
			}
			resource.parts.tokens = append(resource.parts.tokens, token)
		}
	}
	return resource
}

// splitSegments cuts tokens at the first five colons of the pattern itself:
// those in literal text. Colons in the values of variables do not separate.
func splitSegments(tokens []Token) [][]Token {
	segments := [][]Token{nil}
	for _, token := range tokens {
		last := len(segments) - 1
		for token.Kind == Literal && len(segments) < 6 {
			colon := strings.IndexByte(token.Text, ':')
			if colon < 0 {
				break
			}
			if colon > 0 {
				segments[last] = append(segments[last], Token{Kind: Literal, Text: token.Text[:colon]})
			}
			token.Text = token.Text[colon+1:]
			segments = append(segments, nil)
			last++
		}
		if token.Kind != Literal || token.Text != "" {
			segments[last] = append(segments[last], token)
		}
	}
	return segments
}

func completeTokens(account []Token) bool {
	text := ""
	for _, token := range account {
		if token.Kind != Literal {
			return true // a wildcard or a variable
		}
		text += token.Text
	}
	return !strings.ContainsAny(text, "*?") && completeAccount(text)
}

func headIsLiteral(segments [][]Token) bool {
	for _, segment := range segments[:5] {
		for _, token := range segment {
			if token.Kind != Literal {
				return false
			}
		}
	}
	return true
}

func holdsStar(tokens []Token) bool {
	for _, token := range tokens {
		if token.Kind == Any {
			return true
		}
	}
	return false
}

func literalPrefix(tokens []Token) string {
	text := ""
	for _, token := range tokens {
		if token.Kind != Literal || strings.ContainsAny(token.Text, "*?") {
			break
		}
		text += token.Text
	}
	return text
}

// Variables is what was given to CompileResourceTokens, nil for constant text.
func (r *Resource) Variables() any {
	if r.parts == nil {
		return nil
	}
	return r.parts.variables
}

// Everything tells whether the entry is exactly "*".
func (r *Resource) Everything() bool { return r.pattern.rule == everything }

// Prefix is literal text that every name which the entry matches begins with.
func (r *Resource) Prefix() string { return r.pattern.Prefix() }

// Suffix is literal text that every name which the entry matches ends with.
// It is empty for templates.
func (r *Resource) Suffix() string {
	if r.pattern.rule == plain || r.pattern.rule == segmented {
		return r.pattern.Suffix()
	}
	return ""
}

// TailPrefix is literal text that the part behind the fifth colon of every
// name which the entry matches begins with. It is "" where there is none, or
// where the entry may match in other ways.
func (r *Resource) TailPrefix() string {
	switch r.pattern.rule {
	case plain, tokenHead:
		var cut [5]int
		if prefix := r.pattern.Prefix(); Colons(prefix, &cut) {
			return prefix[cut[4]+1:]
		}
	case segmented:
		return r.parts.tail.Prefix()
	case tokenSegments:
		return literalPrefix(r.parts.tokens)
	}
	return ""
}

// TailSuffix is literal text that the part behind the fifth colon of every
// name which the entry matches ends with. It is "" where there is none, or
// where the entry may match in other ways.
func (r *Resource) TailSuffix() string {
	switch r.pattern.rule {
	case plain:
		if r.pattern.Literal() {
			return r.TailPrefix()
		}
		return r.pattern.Suffix()
	case segmented:
		if r.parts.tail.Literal() {
			return r.parts.tail.text
		}
		return r.parts.tail.Suffix()
	}
	return ""
}

// TailLiterals goes through the literal texts that the part behind the fifth
// colon of every name which the entry matches must hold.
func (r *Resource) TailLiterals() iter.Seq[string] {
	return func(yield func(string) bool) {
		tail := ""
		switch r.pattern.rule {
		case plain:
			var cut [5]int
			Colons(r.pattern.text, &cut)
			tail = r.pattern.text[cut[4]+1:]
		case segmented:
			tail = r.parts.tail.text
		}
		for tail != "" {
			literal := tail
			if at := strings.IndexAny(tail, "*?"); at >= 0 {
				literal, tail = tail[:at], tail[at+1:]
			} else {
				tail = ""
			}
			if literal != "" && !yield(literal) {
				return
			}
		}
	}
}

// Literal tells whether the entry matches exactly one name, which is Prefix.
func (r *Resource) Literal() bool { return r.pattern.rule == plain && r.pattern.Literal() }

// Match tells whether the name fits the entry. values stand for the variables
// of the pattern; there must be one for each.
func (r *Resource) Match(name *Name, values []string) bool {
	if name.all {
		return r.pattern.rule == everything
	}
	switch r.pattern.rule {
	case everything:
		return true
	case plain:
		return r.pattern.Match(name.Text)
	case segmented:
		return r.parts.matchSegments(r.pattern.text, name)
	case tokenHead:
		return strings.HasPrefix(name.Text, r.pattern.text) && MatchTokens(r.parts.tokens, values, name.Text)
	case tokenSegments:
		if !strings.HasPrefix(name.Text, r.pattern.text) {
			return false
		}
		for number := range r.parts.segments {
			if !MatchTokens(r.parts.segments[number], values, name.Segment(number)) {
				return false
			}
		}
		return MatchTokens(r.parts.tokens, values, name.Segment(5))
	case asWritten:
		return MatchTokens(r.parts.tokens, values, name.Text) ||
			r.parts.completed != nil && r.parts.completed.Match(name, values)
	}
	return false
}

func (p *parts) matchSegments(pattern string, name *Name) bool {
	from, nameFrom := 0, 0
	for number := range p.cut {
		to, nameTo := int(p.cut[number]), name.cut[number]
		switch bit := uint8(1) << number; {
		case p.any&bit != 0:
		case p.wild&bit != 0:
			if !Match(pattern[from:to], name.Text[nameFrom:nameTo]) {
				return false
			}
		case pattern[from:to] != name.Text[nameFrom:nameTo]:
			return false
		}
		from, nameFrom = to+1, nameTo+1
	}
	return p.tail.Match(name.Text[nameFrom:])
}

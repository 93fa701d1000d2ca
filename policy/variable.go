package policy

import "strings"

// A variable is one "${" of a text and what belongs to it.
type variable struct {
	// start and end are its offsets in the text. A variable with a problem ends
	// where the next one may begin.
	start, end int
	// name is what stands before the brace or the default.
	name string
	// problem is why it is ordinary text in spite of the "${"; empty for a
	// variable that works.
	problem Code
}

// nextVariable finds the first "${" of text at or after from: a policy variable,
// which is "${", a name, optionally a default ", 'text'", and "}"; or else text
// with a problem. ok is false if there is none.
//
// Called again with the end of what it gave, it takes linear time over a text,
// whatever the text: behind a fault it jumps over every "${" that ends in the
// same one.
//
// Source: IAM User Guide, "IAM policy elements: Variables and tags".
func nextVariable(text string, from int) (v variable, ok bool) {
	start := strings.Index(text[from:], "${")
	if start < 0 {
		return variable{}, false
	}
	v.start = from + start
	name := v.start + 2
	stop := name // the brace, or the comma of a default
	for stop < len(text) && text[stop] != '}' && !strings.HasPrefix(text[stop:], ", '") {
		stop++
	}
	if stop == len(text) {
		v.end, v.problem = stop, MissingBraceInVariable
		return v, true
	}
	v.name = text[name:stop]
	if text[stop] == '}' {
		v.end = stop + 1
		if v.name == "" {
			v.problem = EmptyVariable
		}
		return v, true
	}
	const comma = len(", '")
	quote := strings.IndexByte(text[stop+comma:], '\'')
	after := stop + comma + quote + 1
	switch {
	case quote < 0 || after < len(text) && text[after] != '}':
		v.end, v.problem = stop+comma, MissingQuoteInVariable
	case after == len(text):
		v.end, v.problem = stop+comma, MissingBraceInVariable
	case v.name == "":
		v.end, v.problem = stop+comma, EmptyVariable
	default:
		v.end = after + 1
	}
	return v, true
}

// splitARN cuts a text at its first five colons, not counting those inside
// policy variables if these work. It tells whether there are that many; if not
// it gives fewer than six segments.
func splitARN(text string, variables bool) (segments []string, complete bool) {
	const colons = 5
	start := 0 // of the segment
	for from := 0; ; {
		v, ok := variable{}, false
		if variables {
			v, ok = nextVariable(text, from)
		}
		ordinary := len(text)
		switch {
		case ok && v.problem == "":
			ordinary = v.start
		case ok:
			ordinary = v.end
		}
		for at := from; at < ordinary; at++ {
			if text[at] != ':' {
				continue
			}
			segments = append(segments, text[start:at])
			start = at + 1
			if len(segments) == colons {
				return append(segments, text[start:]), true
			}
		}
		if !ok {
			return append(segments, text[start:]), false
		}
		from = v.end
	}
}

package sample

import (
	"maps"
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// A glob is a value of a String or Arn operator, a step for each character.
type glob struct {
	steps []step
	fold  bool
}

// A step is one character, or a wildcard.
type step struct {
	rune rune
	kind wildcard.Kind // Literal, or one of the wildcards
}

// arnHead is what every value that an Arn operator matches begins with.
var arnHead = glob{steps: append(literalGlob("arn:", false).steps, step{kind: wildcard.Any})}

// someText is what every value matches that is not empty.
var someText = glob{steps: []step{{kind: wildcard.One}, {kind: wildcard.Any}}}

func literalGlob(text string, fold bool) glob {
	g := glob{fold: fold}
	for _, r := range text {
		g.steps = append(g.steps, step{rune: r})
	}
	return g
}

// newGlob reads a value; ok is false if it is not told apart from others, since it
// holds a variable.
func newGlob(operator condition.Operator, value string) (g glob, ok bool) {
	isArn := operator.Type() == condition.ArnType
	wildcards := isArn || strings.HasSuffix(operator.Base(), "Like")
	g.fold = strings.HasSuffix(operator.Base(), "IgnoreCase")
	if !utf8.ValidString(value) {
		return glob{}, false // is compared by bytes
	}
	template := condition.ParseTemplate(value, wildcards)
	if template.VariableCount() > 0 {
		return glob{}, false
	}
	colons := 0
	for _, token := range template.Tokens() {
		kind := token.Kind
		if kind == wildcard.Literal {
			g.steps = append(g.steps, literalGlob(token.Text, false).steps...)
			colons += strings.Count(token.Text, ":")
			continue
		}
		if isArn && colons < 5 { // a wildcard stays in its part
			switch kind {
			case wildcard.Any:
				kind = wildcard.AnyInSegment
			case wildcard.One:
				kind = wildcard.OneInSegment
			}
		}
		g.steps = append(g.steps, step{kind: kind})
	}
	return g, true
}

// takes tells whether a character fits the step.
func (g *glob) takes(s step, r rune) bool {
	switch s.kind {
	case wildcard.Literal:
		return s.rune == r || g.fold && equalFold(s.rune, r)
	case wildcard.AnyInSegment, wildcard.OneInSegment:
		return r != ':'
	}
	return true
}

func equalFold(a, b rune) bool {
	for r := unicode.SimpleFold(a); r != a; r = unicode.SimpleFold(r) {
		if r == b {
			return true
		}
	}
	return false
}

func (s step) repeats() bool { return s.kind == wildcard.Any || s.kind == wildcard.AnyInSegment }

// A position set holds, for each step of a glob and its end, whether the text so
// far leads there.
type positions []uint64

func (p positions) has(at int) bool { return p[at>>6]&(1<<(at&63)) != 0 }
func (p positions) add(at int)      { p[at>>6] |= 1 << (at & 63) }

// enter adds a position and those behind stars, which take nothing.
func (g *glob) enter(p positions, at int) {
	for p.add(at); at < len(g.steps) && g.steps[at].repeats(); {
		at++
		p.add(at)
	}
}

func (g *glob) words() int { return len(g.steps)/64 + 1 }

// each hands out the positions in ascending order.
func (p positions) each(do func(at int)) {
	for word, rest := range p {
		for ; rest != 0; rest &= rest - 1 {
			do(word<<6 + bits.TrailingZeros64(rest))
		}
	}
}

// advance gives the positions behind one more character. It tells how many
// positions it looked at.
func (g *glob) advance(from, to positions, r rune) (looked int) {
	clear(to)
	from.each(func(at int) {
		looked++
		switch {
		case at == len(g.steps) || !g.takes(g.steps[at], r):
		case g.steps[at].repeats():
			g.enter(to, at)
		default:
			g.enter(to, at+1)
		}
	})
	return looked
}

// letters adds the characters that lead to other positions than one does that
// the glob does not have.
func (g *glob) letters(from positions, letters map[rune]bool) {
	from.each(func(at int) {
		if at == len(g.steps) {
			return
		}
		switch s := g.steps[at]; s.kind {
		case wildcard.Literal:
			letters[s.rune] = true
			if g.fold {
				for r := unicode.SimpleFold(s.rune); r != s.rune; r = unicode.SimpleFold(r) {
					letters[r] = true
				}
			}
		case wildcard.AnyInSegment, wildcard.OneInSegment:
			letters[':'] = true
		}
	})
}

// The bounds of tellApart: how many characters of patterns, and states of the
// search it looks at before it gives up.
const (
	mostSteps  = 4096
	mostStates = 3000
)

// A state is what a text led to.
type state struct {
	positions positions // of all globs, one after another
	parent    int
	rune      rune
}

// tellApart finds texts for all combinations of globs that one text can match:
// of the texts that match the same globs, one of the shortest. exhausted says
// that there are no others. It runs through the product of the globs' automata,
// breadth first, and adds to work what it took, at most the budget.
func tellApart(globs []glob, budget int, work *int) (texts []string, exhausted bool) {
	if len(globs) == 0 {
		return nil, true
	}
	words, steps := 0, 0
	for at := range globs {
		words += globs[at].words()
		steps += len(globs[at].steps)
	}
	if steps > mostSteps {
		return guesses(globs), false
	}
	other := unused(globs)
	first, next := make(positions, words), make(positions, words)
	each := func(p positions, do func(g *glob, own positions)) {
		for at := range globs {
			size := globs[at].words()
			do(&globs[at], p[:size])
			p = p[size:]
		}
	}
	each(first, func(g *glob, own positions) { g.enter(own, 0) })
	states := []state{{positions: first, parent: -1}}
	known := map[string]bool{first.key(): true}
	found := map[string]bool{}
	looks := 0
	defer func() { *work += looks }()
	for at := 0; at < len(states); at++ {
		matched := make([]byte, 0, len(globs))
		used := map[rune]bool{other: true}
		each(states[at].positions, func(g *glob, own positions) {
			matched = append(matched, '0')
			if own.has(len(g.steps)) {
				matched[len(matched)-1] = '1'
			}
			g.letters(own, used)
		})
		if !found[string(matched)] {
			found[string(matched)] = true
			texts = append(texts, textOf(states, at))
		}
		for _, r := range slices.Sorted(maps.Keys(used)) {
			from, to := states[at].positions, next
			for g := range globs {
				size := globs[g].words()
				looks += 4 + 4*size + 4*globs[g].advance(from[:size], to[:size], r)
				from, to = from[size:], to[size:]
			}
			if looks > budget {
				return append(texts, guesses(globs)...), false
			}
			key := next.key()
			if known[key] {
				continue
			}
			if len(states) >= mostStates {
				return append(texts, guesses(globs)...), false
			}
			known[key] = true
			states = append(states, state{positions: slices.Clone(next), parent: at, rune: r})
		}
	}
	return texts, true
}

func (p positions) key() string {
	key := make([]byte, 0, 8*len(p))
	for _, word := range p {
		for shift := 0; shift < 64; shift += 8 {
			key = append(key, byte(word>>shift))
		}
	}
	return string(key)
}

func textOf(states []state, at int) string {
	var runes []rune
	for ; states[at].parent >= 0; at = states[at].parent {
		runes = append(runes, states[at].rune)
	}
	slices.Reverse(runes)
	return string(runes)
}

// unused is a character that no glob has, in any case.
func unused(globs []glob) rune {
	used := map[rune]bool{':': true}
	for at := range globs {
		for _, s := range globs[at].steps {
			for r := unicode.SimpleFold(s.rune); r != s.rune; r = unicode.SimpleFold(r) {
				used[r] = true
			}
			used[s.rune] = true
		}
	}
	for other := 'x'; ; other++ {
		if !used[other] {
			return other
		}
	}
}

// guesses is a text that matches each glob, for when there are too many to find
// out more.
func guesses(globs []glob) (texts []string) {
	for at := range globs {
		var b strings.Builder
		for _, s := range globs[at].steps {
			switch {
			case s.kind == wildcard.Literal:
				b.WriteRune(s.rune)
			case !s.repeats():
				b.WriteByte('x')
			}
		}
		texts = append(texts, b.String(), b.String()+"x")
	}
	return texts
}

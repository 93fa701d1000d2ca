package wildcard

import "github.com/portcullis-iam/portcullis/internal/fold"

// MatchFold tells whether the whole of text fits the pattern when ASCII
// letters are compared without their case.
func (p *Pattern) MatchFold(text string) bool {
	switch p.shape {
	case literal:
		return fold.Equal(text, p.text)
	case anything:
		return true
	case prefix:
		return fold.HasPrefix(text, p.text[:p.first])
	case suffix:
		return fold.HasSuffix(text, p.text[1:])
	case affix:
		return len(text) >= len(p.text)-1 && fold.HasPrefix(text, p.text[:p.first]) && fold.HasSuffix(text, p.text[p.first+1:])
	}
	if !fold.HasPrefix(text, p.text[:p.first]) {
		return false
	}
	return matchFold(p.text[p.first:], text[p.first:])
}

func matchFold(pattern, text string) bool {
	p, t := 0, 0
	star, mark := -1, 0
	for {
		switch {
		case p == len(pattern):
			if t == len(text) {
				return true
			}
		case pattern[p] == '*':
			p++
			if p == len(pattern) {
				return true
			}
			star, mark = p, t
			continue
		case t == len(text):
			return false
		case pattern[p] == '?':
			t += width(text, t)
			p++
			continue
		case fold.Lower(pattern[p]) == fold.Lower(text[t]):
			p++
			t++
			continue
		}
		if star < 0 || mark >= len(text) {
			return false
		}
		mark += width(text, mark)
		p, t = star, mark
	}
}

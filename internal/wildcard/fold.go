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
	return match(p.text, text, true)
}

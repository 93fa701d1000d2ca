package wildcard

// MatchFold tells whether the whole of text fits the pattern when ASCII
// letters are compared without their case.
func (p *Pattern) MatchFold(text string) bool {
	switch p.shape {
	case literal:
		return EqualFold(text, p.text)
	case anything:
		return true
	case prefix:
		return hasPrefixFold(text, p.text[:p.first])
	case suffix:
		return hasSuffixFold(text, p.text[1:])
	case affix:
		return len(text) >= len(p.text)-1 && hasPrefixFold(text, p.text[:p.first]) && hasSuffixFold(text, p.text[p.first+1:])
	}
	if !hasPrefixFold(text, p.text[:p.first]) {
		return false
	}
	return matchFold(p.text[p.first:], text[p.first:])
}

// EqualFold compares two texts, ASCII letters without their case.
func EqualFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	if a == b {
		return true
	}
	for at := 0; at < len(a); at++ {
		if a[at] != b[at] && Lower(a[at]) != Lower(b[at]) {
			return false
		}
	}
	return true
}

// Lower folds an ASCII capital.
func Lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + ('a' - 'A')
	}
	return c
}

func hasPrefixFold(text, prefix string) bool {
	return len(text) >= len(prefix) && EqualFold(text[:len(prefix)], prefix)
}

func hasSuffixFold(text, suffix string) bool {
	return len(text) >= len(suffix) && EqualFold(text[len(text)-len(suffix):], suffix)
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
		case Lower(pattern[p]) == Lower(text[t]):
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

package policy

// names is a set of names in which letter case does not count (ASCII, as AWS
// has it for condition keys). Up to a few names are compared one by one; more
// go into a map, so that an object of a hundred thousand keys costs no square.
type names struct {
	few  []string
	many map[string]string
}

const fewNames = 16

func newNames(size int) names {
	if size > fewNames {
		return names{many: make(map[string]string, size)}
	}
	return names{}
}

// add puts a name into the set. It gives the equal name that was there before,
// if one was, and then keeps that.
func (n *names) add(name string) (earlier string, again bool) {
	if n.many != nil {
		folded := lower(name)
		if earlier, again = n.many[folded]; !again {
			n.many[folded] = name
		}
		return earlier, again
	}
	for _, earlier := range n.few {
		if equalFold(earlier, name) {
			return earlier, true
		}
	}
	n.few = append(n.few, name)
	return "", false
}

// lower folds ASCII letters, and no others: strings.ToLower would take the
// Kelvin sign for a k.
func lower(text string) string {
	for i := 0; i < len(text); i++ {
		if isUpper(text[i]) {
			folded := []byte(text)
			for ; i < len(folded); i++ {
				if isUpper(folded[i]) {
					folded[i] += 'a' - 'A'
				}
			}
			return string(folded)
		}
	}
	return text
}

func isUpper(b byte) bool { return 'A' <= b && b <= 'Z' }

// equalFold tells whether a and b differ in nothing but the case of ASCII
// letters.
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 0; i < len(a); i++ {
		x, y := a[i], b[i]
		if x == y {
			continue
		}
		if x|0x20 != y|0x20 || x|0x20 < 'a' || x|0x20 > 'z' {
			return false
		}
	}
	return true
}

package policy

import "github.com/portcullis-iam/portcullis/internal/fold"

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
		folded := fold.Text(name)
		if earlier, again = n.many[folded]; !again {
			n.many[folded] = name
		}
		return earlier, again
	}
	for _, earlier := range n.few {
		if fold.Equal(earlier, name) {
			return earlier, true
		}
	}
	n.few = append(n.few, name)
	return "", false
}

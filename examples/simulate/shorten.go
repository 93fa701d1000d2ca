package main

import "strings"

// shorten writes names of actions with patterns where these say the same: "all"
// if they are all that there are, "Get*" if they are all that begin with that
// word. Both lists are sorted; the names are among the others.
func shorten(names, among []string) string {
	if len(names) == len(among) && len(names) > 1 {
		return "all"
	}
	var texts []string
	for len(names) > 0 {
		text, covered := names[0], 1
		for end := 0; end < len(names[0]); {
			end = wordEnd(names[0], end)
			own := countPrefix(names, names[0][:end])
			if own > 1 && own == countPrefix(among, names[0][:end]) {
				text, covered = names[0][:end]+"*", own
				break
			}
		}
		texts = append(texts, text)
		names = names[covered:]
	}
	return strings.Join(texts, ", ")
}

// wordEnd gives the end of the word of a name that begins at a place: the next
// capital letter behind a small one.
func wordEnd(name string, from int) int {
	for at := from + 1; at < len(name); at++ {
		if 'A' <= name[at] && name[at] <= 'Z' && (name[at-1] < 'A' || name[at-1] > 'Z') {
			return at
		}
	}
	return len(name)
}

func countPrefix(names []string, prefix string) (count int) {
	for _, name := range names {
		if strings.HasPrefix(name, prefix) {
			count++
		}
	}
	return count
}

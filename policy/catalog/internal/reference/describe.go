package reference

import (
	"strings"

	"github.com/portcullis-iam/portcullis/internal/fold"
)

// common begins nearly all descriptions of actions, and is left out. The others
// are kept as they are, behind an exclamation mark.
const common = "Grants permission to "

// Most words of "Grants permission to create an analyzer" are those of
// CreateAnalyzer. shorten writes one byte for each of them, which takes a
// quarter off the size of the file. The byte says which word of the name it
// is, and in what form it occurs in the description.
const (
	shortWords = 7 // of a name: the rest is written out
	shortForms = 4
	// The bytes from shortFirst on stand for words. They are control
	// characters, of which descriptions have none.
	shortFirst = '\x01'
	shortEnd   = shortFirst + shortWords*shortForms + 2 // tab and line feed are left out
)

// shortByte gives the byte for a form of a word of the name.
func shortByte(word, form int) byte {
	b := byte(shortFirst + word*shortForms + form)
	if b >= '\t' { // neither tab nor line feed, which separate lines and fields
		b += 2
	}
	return b
}

// shortOf is the reverse of shortByte. ok is false for the bytes of text.
func shortOf(b byte) (word, form int, ok bool) {
	if b < shortFirst || b >= shortEnd || b == '\t' || b == '\n' {
		return 0, 0, false
	}
	if b > '\n' {
		b -= 2
	}
	return int(b-shortFirst) / shortForms, int(b-shortFirst) % shortForms, true
}

// appendForm appends a form of a word of the name: in lower case or as it
// stands, without or with an s.
func appendForm(to []byte, word string, form int) []byte {
	if form&1 == 0 {
		for i := range len(word) {
			to = append(to, fold.Lower(word[i]))
		}
	} else {
		to = append(to, word...)
	}
	if form&2 != 0 {
		to = append(to, 's')
	}
	return to
}

// nameWords cuts a name where a new word begins: CreateVPCEndpoint is Create,
// VPC, Endpoint. It gives shortWords of them at most.
func nameWords(name string) (words [shortWords]string) {
	count := 0
	for start := 0; start < len(name) && count < shortWords; count++ {
		end := start + 1
		for end < len(name) && !(isUpper(name[end]) &&
			(!isUpper(name[end-1]) || end+1 < len(name) && !isUpper(name[end+1]))) {
			end++
		}
		words[count] = name[start:end]
		start = end
	}
	return words
}

func isUpper(b byte) bool { return 'A' <= b && b <= 'Z' }

// isLetter tells what belongs to a word of a description.
func isLetter(b byte) bool {
	return 'a' <= b && b <= 'z' || isUpper(b) || '0' <= b && b <= '9'
}

// shorten gives the short form of what is said about an action of that name,
// which is without its prefix.
func shorten(name, description string) string {
	rest, ok := strings.CutPrefix(description, common)
	if !ok || strings.HasPrefix(rest, "!") {
		return "!" + description
	}
	forms := map[string]byte{}
	for number, word := range nameWords(name) {
		for form := range shortForms {
			text := string(appendForm(nil, word, form))
			if _, taken := forms[text]; !taken && len(text) > 1 {
				forms[text] = shortByte(number, form)
			}
		}
	}
	var short strings.Builder
	for start := 0; start < len(rest); {
		end := start
		for end < len(rest) && isLetter(rest[end]) {
			end++
		}
		if b, found := forms[rest[start:end]]; found {
			short.WriteByte(b)
		} else {
			short.WriteString(rest[start:end])
		}
		if start = end; start < len(rest) && !isLetter(rest[start]) {
			short.WriteByte(rest[start])
			start++
		}
	}
	return short.String()
}

// lengthen is the reverse of shorten.
func lengthen(name, short string) string {
	if rest, ok := strings.CutPrefix(short, "!"); ok {
		return rest
	}
	words := nameWords(name)
	long := append(make([]byte, 0, 160), common...)
	for i := range len(short) {
		if word, form, ok := shortOf(short[i]); ok {
			long = appendForm(long, words[word], form)
		} else {
			long = append(long, short[i])
		}
	}
	return string(long)
}

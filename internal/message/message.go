// Package message puts errors into words: how a text from outside is repeated,
// and how many errors become one.
package message

import (
	"fmt"
	"strconv"
	"strings"
)

// Enough is how many bytes of a text tell a reader which one it is.
const Enough = 200

// Quote repeats a text from outside between quotation marks. At most limit of
// its bytes are shown, and what is not printable is escaped, so that a hostile
// text neither fills a log nor forges lines in it. Three dots behind the closing
// mark say that there is more.
func Quote(text string, limit int) string {
	if len(text) <= limit {
		return strconv.Quote(text)
	}
	cut := limit
	for cut > 0 && text[cut]&0xC0 == 0x80 { // not within a code point
		cut--
	}
	return strconv.Quote(text[:cut]) + "…"
}

// Shown is how many of many errors [Lines] shows.
const Shown = 10

// Lines gives the first errors, each on lines of its own, and the number of the
// others.
func Lines[E error](errors []E) string {
	var b strings.Builder
	for at, one := range errors {
		if at == Shown {
			noun := "errors"
			if len(errors) == Shown+1 {
				noun = "error"
			}
			fmt.Fprintf(&b, "\nand %d more %s", len(errors)-Shown, noun)
			break
		}
		if at > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(one.Error())
	}
	return b.String()
}

// Unwrap gives the errors one by one, as errors.Is and errors.As want them.
func Unwrap[E error](errors []E) []error {
	all := make([]error, len(errors))
	for at, one := range errors {
		all[at] = one
	}
	return all
}

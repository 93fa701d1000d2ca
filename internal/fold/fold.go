// Package fold compares and hashes text without regard to the case of ASCII
// letters: actions, condition keys and the names of variables.
package fold

import "math/bits"

const (
	// caseBits is the bit that tells 'a' from 'A', in each of eight bytes.
	caseBits   = 0x2020202020202020
	spreadSize = 0x9E3779B97F4A7C15
	spreadText = 0xD6E8FEB86659FD93
)

// Equal compares exactly but for the case of ASCII letters.
func Equal(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	// Actions and keys of one service begin alike and differ at their end.
	if last := len(a) - 1; last >= 0 && a[last] != b[last] && Lower(a[last]) != Lower(b[last]) {
		return false
	}
	return a == b || equalSlow(a, b)
}

func equalSlow(a, b string) bool {
	for at := 0; at < len(a); at++ {
		if x, y := a[at], b[at]; x != y && Lower(x) != Lower(y) {
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

// Text folds the ASCII capitals of a text, and no others: strings.ToLower would
// take the Kelvin sign for a k. It allocates only if there are any.
func Text(text string) string {
	for at := 0; at < len(text); at++ {
		if Lower(text[at]) != text[at] {
			folded := []byte(text)
			for ; at < len(folded); at++ {
				folded[at] = Lower(folded[at])
			}
			return string(folded)
		}
	}
	return text
}

// HasPrefix tells whether text begins with prefix but for case.
func HasPrefix(text, prefix string) bool {
	return len(text) >= len(prefix) && Equal(text[:len(prefix)], prefix)
}

// HasSuffix tells whether text ends with suffix but for case.
func HasSuffix(text, suffix string) bool {
	return len(text) >= len(suffix) && Equal(text[len(text)-len(suffix):], suffix)
}

// Hash is equal for texts that are Equal. It reads eight bytes at a time and
// sets the case bit of all of them; that it also confuses '@' with '`' does no
// harm, since a hit is always compared exactly.
//
// Anybody can construct texts with the same hash, so what is built on it must
// be bounded in another way: by comparing few texts, or by their number.
func Hash(s string) uint64 {
	hash := uint64(len(s)) * spreadSize
	switch {
	case len(s) >= 8:
		last := s[len(s)-8:] // may overlap with the word before it
		for len(s) > 8 {
			hash = Mix(hash ^ (load8(s) | caseBits))
			s = s[8:]
		}
		return Mix(hash ^ (load8(last) | caseBits))
	case len(s) >= 4:
		return Mix(hash ^ ((load4(s) | load4(s[len(s)-4:])<<32) | caseBits))
	case len(s) > 0:
		word := uint64(s[0]) | uint64(s[len(s)/2])<<8 | uint64(s[len(s)-1])<<16
		return Mix(hash ^ (word | caseBits))
	}
	return hash
}

// Mix spreads the bits of a word.
func Mix(word uint64) uint64 {
	high, low := bits.Mul64(word, spreadText)
	return high ^ low
}

func load8(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func load4(s string) uint64 {
	_ = s[3]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
}

package condition

import "math/bits"

// Keys are compared without regard to the case of ASCII letters, and looked up
// by a hash that does not see it either. The hash reads eight bytes at a time
// and sets the bit that tells 'a' from 'A' in all of them; that it also
// confuses '@' with '`' does no harm, since a hit is always compared exactly.
//
// Anybody can construct keys with the same hash. The harm is bounded by the
// number of keys that a context may hold ([MaxKeys] for parsed ones): a
// collision costs one comparison of two strings.
const (
	caseBits   = 0x2020202020202020
	spreadSize = 0x9E3779B97F4A7C15
	spreadText = 0xD6E8FEB86659FD93
	spreadTag  = 0xA0761D6478BD642F
)

func mix(word uint64) uint64 {
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

// hashPart hashes one side of a key.
func hashPart(s string) uint64 {
	hash := uint64(len(s)) * spreadSize
	switch {
	case len(s) >= 8:
		last := s[len(s)-8:] // may overlap with the word before it
		for len(s) > 8 {
			hash = mix(hash ^ (load8(s) | caseBits))
			s = s[8:]
		}
		return mix(hash ^ (load8(last) | caseBits))
	case len(s) >= 4:
		return mix(hash ^ ((load4(s) | load4(s[len(s)-4:])<<32) | caseBits))
	case len(s) > 0:
		word := uint64(s[0]) | uint64(s[len(s)/2])<<8 | uint64(s[len(s)-1])<<16
		return mix(hash ^ (word | caseBits))
	}
	return hash
}

// hashTagged hashes a key that has a slash from the hashes of its two sides.
func hashTagged(head, tag uint64) uint64 {
	return mix(head ^ bits.RotateLeft64(tag, 29) ^ spreadTag)
}

// equalFold compares as keys are compared: exactly but for ASCII case.
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	return a == b || equalFoldSlow(a, b)
}

func equalFoldSlow(a, b string) bool {
	for at := 0; at < len(a); at++ {
		if x, y := a[at], b[at]; x != y && lower(x) != lower(y) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + ('a' - 'A')
	}
	return c
}

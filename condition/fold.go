package condition

import (
	"math/bits"

	"github.com/portcullis-iam/portcullis/internal/fold"
)

const spreadTag = 0xA0761D6478BD642F

// hashTagged hashes a key that has a slash from the hashes of its two sides.
//
// Keys are compared without regard to the case of ASCII letters, and looked up
// by a hash that does not see it either. Anybody can construct keys with the
// same hash. The harm is bounded by the number of keys that a context may hold
// ([MaxKeys] for parsed ones): a collision costs one comparison of two strings.
func hashTagged(head, tag uint64) uint64 {
	return fold.Mix(head ^ bits.RotateLeft64(tag, 29) ^ spreadTag)
}

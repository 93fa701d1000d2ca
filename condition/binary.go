package condition

import (
	"encoding/base64"
	"strings"
)

// Bytes are kept as base64 text on both sides, so a policy holds no copy of
// them. Texts of the same bytes differ in the bits that padding leaves over, if
// at all: encoding/base64 lets those pass, and so does this package. The line
// breaks that encoding/base64 passes over are no base64 here.

// base64Digits are the characters of base64 by the six bits that they stand for.
const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// isBase64 tells whether text is standard base64 with padding, all of it.
func isBase64(text string) bool {
	if strings.ContainsAny(text, "\r\n") {
		return false
	}
	_, err := base64.StdEncoding.DecodeString(text)
	return err == nil
}

// sameBytes tells whether both texts are base64 of the same bytes; policy is
// known to be base64.
func sameBytes(policy, text string) bool {
	if policy == text {
		return true
	}
	padding := strings.IndexByte(policy, '=')
	if padding < 0 || len(text) != len(policy) {
		return false
	}
	last := padding - 1 // the digit with bits left over, two for each '='
	leftOver := 2 * (len(policy) - padding)
	// What is no digit stands at -1, and so shifted still.
	mine, other := strings.IndexByte(base64Digits, policy[last]), strings.IndexByte(base64Digits, text[last])
	return policy[:last] == text[:last] && policy[padding:] == text[padding:] && mine>>leftOver == other>>leftOver
}

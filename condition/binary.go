package condition

import (
	"encoding/base64"
	"strings"
)

// Bytes are kept as base64 text on both sides, so a policy holds no copy of
// them. They are compared by decoding both texts byte for byte, which is what
// makes texts equal that differ in the bits that padding leaves over:
// encoding/base64 lets those pass, and so does this package. The line breaks
// that encoding/base64 passes over are no base64 here.

// A decoder reads the bytes of base64 text.
type decoder struct {
	text   string
	at     int // the next character
	buffer [3]byte
	have   int8 // bytes in buffer
	given  int8 // bytes of buffer already read
	ended  bool // padding was met
	failed bool
}

// next gives the next byte; ok is false at the end and on failure.
func (d *decoder) next() (data byte, ok bool) {
	if d.given == d.have && !d.fill() {
		return 0, false
	}
	data = d.buffer[d.given]
	d.given++
	return data, true
}

// fill decodes the next four characters.
func (d *decoder) fill() bool {
	d.have, d.given = 0, 0
	if d.ended || d.failed {
		return false
	}
	var word uint32
	for count := 0; count < 4; count++ {
		c, ok := d.character()
		if !ok {
			d.failed = count > 0
			return false
		}
		if c == '=' {
			return d.pad(word, count)
		}
		six, ok := sixBits(c)
		if !ok {
			d.failed = true
			return false
		}
		word = word<<6 | uint32(six)
	}
	d.buffer = [3]byte{byte(word >> 16), byte(word >> 8), byte(word)}
	d.have = 3
	return true
}

// pad ends the text behind count characters of a group, at a '='.
func (d *decoder) pad(word uint32, count int) bool {
	d.failed = true
	if count < 2 {
		return false
	}
	if count == 2 {
		if c, ok := d.character(); !ok || c != '=' {
			return false
		}
	}
	if _, more := d.character(); more {
		return false
	}
	word <<= 6 * uint(4-count)
	d.buffer = [3]byte{byte(word >> 16), byte(word >> 8)}
	d.have = int8(count - 1)
	d.failed, d.ended = false, true
	return true
}

// character gives the next one.
func (d *decoder) character() (byte, bool) {
	if d.at == len(d.text) {
		return 0, false
	}
	d.at++
	return d.text[d.at-1], true
}

func sixBits(c byte) (byte, bool) {
	switch {
	case 'A' <= c && c <= 'Z':
		return c - 'A', true
	case 'a' <= c && c <= 'z':
		return c - 'a' + 26, true
	case '0' <= c && c <= '9':
		return c - '0' + 52, true
	case c == '+':
		return 62, true
	case c == '/':
		return 63, true
	}
	return 0, false
}

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
	a, b := decoder{text: policy}, decoder{text: text}
	for {
		x, more := a.next()
		y, also := b.next()
		if more != also || x != y {
			return false
		}
		if !more {
			return !b.failed
		}
	}
}

package condition

import (
	"net/netip"
	"strings"
)

// An address is an IP address in two words; an IPv4 address stands in the
// upper half of high, so that prefixes of both families are masked alike.
// net/netip is not used to parse because its errors allocate.
type address struct {
	high, low uint64
	four      bool
}

// fromBytes4 gives the word high of an IPv4 address.
func fromBytes4(b [4]byte) uint64 {
	return uint64(b[0])<<56 | uint64(b[1])<<48 | uint64(b[2])<<40 | uint64(b[3])<<32
}

func fromBytes16(b [16]byte) address {
	var a address
	for at := range 8 {
		a.high = a.high<<8 | uint64(b[at])
		a.low = a.low<<8 | uint64(b[at+8])
	}
	return a
}

func (a address) append(buffer []byte) []byte {
	if a.four {
		return netip.AddrFrom4([4]byte{byte(a.high >> 56), byte(a.high >> 48), byte(a.high >> 40), byte(a.high >> 32)}).AppendTo(buffer)
	}
	var b [16]byte
	for at := range 8 {
		b[at] = byte(a.high >> (56 - 8*at))
		b[at+8] = byte(a.low >> (56 - 8*at))
	}
	return netip.AddrFrom16(b).AppendTo(buffer)
}

// parseAddress reads an address without prefix and zone. Octets have no
// leading zeros.
func parseAddress(text string) (address, bool) {
	for at := 0; at < len(text); at++ {
		switch text[at] {
		case '.':
			four, ok := parseIPv4(text)
			return address{high: uint64(four) << 32, four: true}, ok
		case ':':
			return parseIPv6(text)
		}
	}
	return address{}, false
}

func parseIPv4(text string) (uint32, bool) {
	var whole, octet uint32
	digits, dots := 0, 0
	for at := 0; at < len(text); at++ {
		switch c := text[at]; {
		case '0' <= c && c <= '9':
			if digits > 0 && octet == 0 {
				return 0, false
			}
			octet = octet*10 + uint32(c-'0')
			digits++
			if octet > 255 {
				return 0, false
			}
		case c == '.' && digits > 0:
			whole, octet, digits = whole<<8|octet, 0, 0
			dots++
		default:
			return 0, false
		}
	}
	return whole<<8 | octet, digits > 0 && dots == 3
}

func parseIPv6(text string) (address, bool) {
	var groups [8]uint16
	count, gap := 0, -1 // gap: the group before which "::" stands
	if strings.HasPrefix(text, "::") {
		gap, text = 0, text[2:]
	}
	for text != "" {
		if count == len(groups) {
			return address{}, false
		}
		group, digits := uint16(0), 0
		for digits < len(text) {
			digit, ok := hexDigit(text[digits])
			if !ok {
				break
			}
			if digits == 4 {
				return address{}, false
			}
			group = group<<4 | uint16(digit)
			digits++
		}
		if digits == 0 {
			return address{}, false
		}
		if digits < len(text) && text[digits] == '.' { // the last two groups as IPv4
			four, ok := parseIPv4(text)
			if !ok || count > 6 {
				return address{}, false
			}
			groups[count], groups[count+1] = uint16(four>>16), uint16(four)
			count += 2
			break
		}
		groups[count] = group
		count++
		if text = text[digits:]; text == "" {
			break
		}
		if text[0] != ':' || len(text) == 1 {
			return address{}, false
		}
		if text = text[1:]; text[0] == ':' {
			if gap >= 0 {
				return address{}, false
			}
			gap, text = count, text[1:]
		}
	}
	if (count == len(groups)) != (gap < 0) {
		return address{}, false // "::" stands for one group at least
	}
	if gap >= 0 {
		moved := copy(groups[len(groups)-(count-gap):], groups[gap:count])
		clear(groups[gap : len(groups)-moved])
	}
	var a address
	for at := range 4 {
		a.high = a.high<<16 | uint64(groups[at])
		a.low = a.low<<16 | uint64(groups[at+4])
	}
	return a, true
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

// An addressRange is a CIDR block: the addresses that share its first bits.
type addressRange struct {
	high, low uint64 // only their first bits count
	bits      uint8
	four      bool
}

// parseRange reads a CIDR block or a single address. Bits behind the prefix
// are ignored.
func parseRange(text string) (addressRange, bool) {
	text, digits, hasSize := strings.Cut(text, "/")
	a, ok := parseAddress(text)
	if !ok {
		return addressRange{}, false
	}
	most := 128
	if a.four {
		most = 32
	}
	size := most
	if hasSize {
		size = 0
		if digits == "" || (len(digits) > 1 && digits[0] == '0') {
			return addressRange{}, false
		}
		for at := 0; at < len(digits); at++ {
			if digits[at] < '0' || digits[at] > '9' {
				return addressRange{}, false
			}
			if size = size*10 + int(digits[at]-'0'); size > most {
				return addressRange{}, false
			}
		}
	}
	return addressRange{high: a.high, low: a.low, bits: uint8(size), four: a.four}, true
}

// contains never finds an address of one family in a range of the other.
func (r *addressRange) contains(a address) bool {
	if r.bits <= 64 {
		return a.four == r.four && (a.high^r.high)>>(64-r.bits) == 0
	}
	return a.four == r.four && a.high == r.high && (a.low^r.low)>>(128-r.bits) == 0
}

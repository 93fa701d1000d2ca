package reference

import (
	"encoding/base64"
	"math/big"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// isDigits reports whether text is one or more of the digits 0 to 9.
func isDigits(text string) bool {
	for _, char := range text {
		if char < '0' || char > '9' {
			return false
		}
	}
	return text != ""
}

// parseNumber: 11.3 Numbers: [+-]?digits[.digits], exact.
func parseNumber(text string) (*big.Rat, bool) {
	unsigned := text
	if strings.HasPrefix(text, "+") || strings.HasPrefix(text, "-") {
		unsigned = text[1:]
	}
	whole, fraction, hasPoint := strings.Cut(unsigned, ".")
	if !isDigits(whole) || hasPoint && !isDigits(fraction) {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// parseDate: 11.3 Dates: the W3C forms of 2.3 or epoch seconds; four digits
// are a year. The result is in seconds since 1970.
func parseDate(text string) (*big.Rat, bool) {
	isYear := len(text) == 4 && isDigits(text)
	if seconds, parses := parseNumber(text); parses && !isYear {
		return seconds, true
	}
	date, clock, hasClock := strings.Cut(text, "T")
	days, isFullDate, parses := parseCalendarDate(date)
	if !parses || hasClock && !isFullDate {
		return nil, false
	}
	seconds := new(big.Rat).SetInt64(days * 24 * 60 * 60)
	if !hasClock {
		return seconds, true
	}
	ofDay, parses := parseClock(clock)
	if !parses {
		return nil, false
	}
	return seconds.Add(seconds, ofDay), true
}

// parseCalendarDate: YYYY, YYYY-MM or YYYY-MM-DD, real dates only. The result
// is in days since 1970.
func parseCalendarDate(text string) (days int64, isFullDate, parses bool) {
	parts := strings.Split(text, "-")
	numbers := []int{0, 1, 1}
	if len(parts) > 3 {
		return 0, false, false
	}
	for i, part := range parts {
		width := 2
		if i == 0 {
			width = 4
		}
		if len(part) != width || !isDigits(part) {
			return 0, false, false
		}
		numbers[i], _ = strconv.Atoi(part)
	}
	year, month, day := numbers[0], time.Month(numbers[1]), numbers[2]
	date := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if date.Year() != year || date.Month() != month || date.Day() != day {
		return 0, false, false // such as 30 February, which Date moves to March
	}
	return date.Unix() / (24 * 60 * 60), len(parts) == 3, true
}

// parseClock: hh:mm, hh:mm:ss or hh:mm:ss.s, then Z, +hh:mm, -hh:mm or
// nothing, which means UTC (11.3). The result is in seconds, UTC.
func parseClock(text string) (*big.Rat, bool) {
	clock, offset, parses := cutZone(text)
	if !parses {
		return nil, false
	}
	parts := strings.Split(clock, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return nil, false
	}
	minutes, parses := parseHourMinute(parts[0], parts[1])
	if !parses {
		return nil, false
	}
	total := new(big.Rat).SetInt64(int64(minutes-offset) * 60)
	if len(parts) == 2 {
		return total, true
	}
	whole, fraction, hasPoint := strings.Cut(parts[2], ".")
	if len(whole) != 2 || !isDigits(whole) || whole > "59" || hasPoint && !isDigits(fraction) {
		return nil, false
	}
	seconds, _ := parseNumber(parts[2])
	return total.Add(total, seconds), true
}

// cutZone takes the time zone off; offset is in minutes east of UTC.
func cutZone(text string) (clock string, offset int, parses bool) {
	if clock, found := strings.CutSuffix(text, "Z"); found {
		return clock, 0, true
	}
	sign := strings.IndexAny(text, "+-")
	if sign < 0 {
		return text, 0, true
	}
	hour, minute, _ := strings.Cut(text[sign+1:], ":")
	offset, parses = parseHourMinute(hour, minute)
	if text[sign] == '-' {
		offset = -offset
	}
	return text[:sign], offset, parses
}

func parseHourMinute(hour, minute string) (minutes int, parses bool) {
	if len(hour) != 2 || len(minute) != 2 || !isDigits(hour) || !isDigits(minute) || hour > "23" || minute > "59" {
		return 0, false
	}
	h, _ := strconv.Atoi(hour)
	m, _ := strconv.Atoi(minute)
	return h*60 + m, true
}

// parseBinary: 11.3 Binary: standard padded base64.
func parseBinary(text string) ([]byte, bool) {
	if strings.ContainsAny(text, "\r\n") {
		return nil, false // which the decoder would pass over
	}
	decoded, err := base64.StdEncoding.DecodeString(text)
	return decoded, err == nil
}

// parseRange: an address or a CIDR range; no prefix is the single address, and
// host bits beyond the mask are ignored (2.3). It returns the first and the
// last address of the range.
func parseRange(text string) (first, last netip.Addr, parses bool) {
	if !strings.Contains(text, "/") {
		address, parses := parseAddress(text)
		return address, address, parses
	}
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return first, last, false
	}
	low := prefix.Addr().AsSlice()
	high := prefix.Addr().AsSlice()
	for bit := prefix.Bits(); bit < prefix.Addr().BitLen(); bit++ {
		mask := byte(0x80) >> (bit % 8)
		low[bit/8] &^= mask
		high[bit/8] |= mask
	}
	first, _ = netip.AddrFromSlice(low)
	last, _ = netip.AddrFromSlice(high)
	return first, last, true
}

package condition

import "time"

// An instant is a point in time, exact whatever number of digits its text has:
//
//	seconds + nanoseconds/10⁹ (+ 10⁻⁹ × 0.rest), where rest counts down from
//	the next nanosecond if complement is set.
//
// Seconds of more digits than fit are in huge, and lie before or after
// everything else.
type instant struct {
	seconds     int64
	nanoseconds int32
	complement  bool
	negative    bool   // the sign of huge
	huge        string // digits of the seconds, no leading zeros
	rest        string // digits of the fraction behind the ninth (all of them with huge), no trailing zeros
}

// parseInstant reads the forms of W3C's "Date and Time Formats", and seconds
// since 1970 as a decimal number. Four digits alone are a year. A time without
// zone is UTC. Only dates of the calendar are dates, and a minute has sixty
// seconds.
//
// Source: IAM User Guide, "Condition operators", section "Date condition
// operators".
func parseInstant(text string) (instant, bool) {
	if len(text) >= 4 && digitsAt(text[:4], 0) == 4 && (len(text) == 4 || text[4] == '-') {
		return parseCalendar(text)
	}
	d, ok := parseDecimal(text)
	if !ok {
		return instant{}, false
	}
	if len(d.integer) > smallDigits {
		return instant{huge: d.integer, rest: d.fraction, negative: d.negative}, true
	}
	var i instant
	for at := 0; at < len(d.integer); at++ {
		i.seconds = i.seconds*10 + int64(d.integer[at]-'0')
	}
	i.nanoseconds, i.rest = splitFraction(d.fraction)
	if d.negative { // count the fraction up from the second before
		i.seconds = -i.seconds
		if i.rest != "" {
			i.seconds, i.nanoseconds, i.complement = i.seconds-1, nanosecondsPerSecond-1-i.nanoseconds, true
		} else if i.nanoseconds != 0 {
			i.seconds, i.nanoseconds = i.seconds-1, nanosecondsPerSecond-i.nanoseconds
		}
	}
	return i, true
}

const (
	nanosecondsPerSecond = 1_000_000_000
	nanosecondDigits     = 9
	secondsPerDay        = 24 * 60 * 60

	// mostSeconds is the largest number of smallDigits digits. What is beyond
	// is compared by its digits.
	mostSeconds = 1e18 - 1
)

// splitFraction takes the digits of a fraction, without trailing zeros.
func splitFraction(digits string) (nanoseconds int32, rest string) {
	for at := range nanosecondDigits {
		nanoseconds *= 10
		if at < len(digits) {
			nanoseconds += int32(digits[at] - '0')
		}
	}
	if len(digits) > nanosecondDigits {
		rest = digits[nanosecondDigits:]
	}
	return nanoseconds, rest
}

func parseCalendar(text string) (i instant, ok bool) {
	year := number(text, 0, 4)
	month, day := 1, 1
	rest := text[4:]
	if rest != "" {
		if month, rest, ok = field(rest, '-', 1, 12); !ok {
			return instant{}, false
		}
	}
	if rest != "" {
		if day, rest, ok = field(rest, '-', 1, daysIn(year, month)); !ok {
			return instant{}, false
		}
	}
	i.seconds = daysSince1970(year, month, day) * secondsPerDay
	if rest == "" {
		return i, true
	}
	var hour, minute, second int
	if hour, rest, ok = field(rest, 'T', 0, 23); !ok {
		return instant{}, false
	}
	if minute, rest, ok = field(rest, ':', 0, 59); !ok {
		return instant{}, false
	}
	if rest != "" && rest[0] == ':' {
		if second, rest, ok = field(rest, ':', 0, 59); !ok {
			return instant{}, false
		}
		if rest != "" && rest[0] == '.' {
			end := digitsAt(rest, 1)
			if end == 1 {
				return instant{}, false
			}
			i.nanoseconds, i.rest = splitFraction(trimZeros(rest[1:end]))
			rest = rest[end:]
		}
	}
	i.seconds += int64(hour*60*60 + minute*60 + second)
	switch {
	case rest == "" || rest == "Z":
		return i, true
	case rest[0] == '+' || rest[0] == '-':
		sign := rest[0]
		if hour, rest, ok = field(rest, sign, 0, 23); !ok {
			return instant{}, false
		}
		if minute, rest, ok = field(rest, ':', 0, 59); !ok || rest != "" {
			return instant{}, false
		}
		offset := int64(hour*60*60 + minute*60)
		if sign == '-' {
			offset = -offset
		}
		i.seconds -= offset
		return i, true
	}
	return instant{}, false
}

// field reads a separator and two digits between least and most.
func field(text string, separator byte, least, most int) (value int, rest string, ok bool) {
	if len(text) < 3 || text[0] != separator || digitsAt(text[:3], 1) != 3 {
		return 0, "", false
	}
	value = number(text, 1, 3)
	return value, text[3:], least <= value && value <= most
}

func number(digits string, from, to int) (value int) {
	for _, c := range []byte(digits[from:to]) {
		value = value*10 + int(c-'0')
	}
	return value
}

func isLeap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

func daysIn(year, month int) int {
	switch month {
	case 2:
		if isLeap(year) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// daysSince1970 counts days of the Gregorian calendar. Years are counted from
// March, so that the leap day is the last of its year and the months before it
// follow a line of 153 days to five months.
func daysSince1970(year, month, day int) int64 {
	y, m := int64(year), int64(month-3)
	if m < 0 {
		y, m = y-1, m+12
	}
	y += 400 // keeps the divisions below away from negative years
	const march1st1970BCE = 146_097 + 719_468
	return y*365 + y/4 - y/100 + y/400 + (153*m+2)/5 + int64(day-1) - march1st1970BCE
}

func (i *instant) compare(other *instant) int {
	switch {
	case i.huge != "" || other.huge != "":
		return i.compareHuge(other)
	case i.seconds != other.seconds:
		return compare(i.seconds, other.seconds)
	case i.nanoseconds != other.nanoseconds:
		return compare(int64(i.nanoseconds), int64(other.nanoseconds))
	}
	longest := max(len(i.rest), len(other.rest))
	for at := range longest {
		if a, b := i.restDigit(at), other.restDigit(at); a != b {
			return compare(int64(a), int64(b))
		}
	}
	return 0
}

// restDigit is a digit of what is left behind the nanoseconds.
func (i *instant) restDigit(at int) byte {
	if at >= len(i.rest) {
		return 0
	}
	digit := i.rest[at] - '0'
	switch {
	case !i.complement:
		return digit
	case at == len(i.rest)-1: // not zero, so no carry
		return 10 - digit
	}
	return 9 - digit
}

func (i *instant) compareHuge(other *instant) int {
	mine, others := i.side(), other.side()
	if mine != others {
		return compare(int64(mine), int64(others))
	}
	return mine * compareDigits(i.huge, i.rest, other.huge, other.rest)
}

// side tells whether the instant lies before (-1) or after (1) all that a word
// can count.
func (i *instant) side() int {
	switch {
	case i.huge == "":
		return 0
	case i.negative:
		return -1
	}
	return 1
}

// appendTime writes a point in time so that parseInstant reads the same.
func appendTime(buffer []byte, seconds int64, nanoseconds int32) []byte {
	const firstYear, lastYear = 0, 9999 // what four digits can say
	at := time.Unix(seconds, int64(nanoseconds)).UTC()
	if year := at.Year(); firstYear <= year && year <= lastYear {
		return at.AppendFormat(buffer, time.RFC3339Nano)
	}
	if nanoseconds == 0 {
		return appendInt(buffer, seconds)
	}
	if seconds < 0 {
		buffer = append(buffer, '-')
		// −seconds − 1 cannot overflow, and is the magnitude rounded down.
		seconds, nanoseconds = -(seconds + 1), nanosecondsPerSecond-nanoseconds
	}
	buffer = append(appendInt(buffer, seconds), '.')
	for unit := int32(nanosecondsPerSecond / 10); nanoseconds > 0; unit /= 10 {
		buffer = append(buffer, '0'+byte(nanoseconds/unit))
		nanoseconds %= unit
	}
	return buffer
}

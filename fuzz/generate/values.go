package generate

import (
	"math"
	"net/netip"
	"strings"
	"unicode/utf8"
)

// measure is a number or a date as it may be written, with its place on the line. The place only steers the
// generator: where two texts lie closer than a float64 can tell, the aim may be missed.
type measure struct {
	text  string
	place float64
}

var numbers = []measure{
	{"10", 10}, {"9", 9}, {"11", 11}, {"0", 0}, {"-1", -1}, {"+10", 10}, {"010", 10}, {"10.0", 10}, {"10.00000000000000000000000001", 10},
	{"10.5", 10.5}, {"-0", 0}, {"0.1", 0.1}, {"+00.10", 0.1}, {"100", 100}, {"3600", 3600}, {"-10", -10}, {"-10.50", -10.5}, {"9007199254740993", 9007199254740993},
	{"9007199254740992", 9007199254740992}, {"1000000000000000000000000000000", 1e30}, {"1000000000000000000000000000001", 1e30}, {"-99999999999999999999", -1e20}, {"9.99999999999999999999", 9.99999},
}

var badNumbers = []string{"", "10abc", "1e3", "0x10", ".5", "5.", "--1", "+", "-", " 10", "10 ", "\uff11\uff10", "1,000", "1_000", "NaN", "Infinity", "10\n", "${app:Part}"}

const newYear = 1767225600

var dates = []measure{
	{"2026-01-01T00:00:00Z", newYear}, {"2026", newYear}, {"2026-01", newYear}, {"2026-01-01", newYear}, {"2026-01-01T00:00Z", newYear}, {"2026-01-01T00:00:00.0Z", newYear},
	{"2026-01-01T01:00:00+01:00", newYear}, {"2025-12-31T19:00-05:00", newYear}, {"1767225600", newYear}, {"1767225600.0", newYear}, {"2026-01-01T00:00:00", newYear}, {"2026-01-01T00:00", newYear},
	{"2026-01-01T00:00:00.001Z", newYear + 0.001}, {"1767225600.001", newYear + 0.001}, {"2026-01-01T00:00:01Z", newYear + 1}, {"1767225601", newYear + 1}, {"2025-12-31T23:59:59Z", newYear - 1},
	{"2026-06-30T12:00:00Z", newYear + 15508800 + 43200}, {"2024-02-29", 1709164800}, {"2024-02-29T23:59:59.999999999Z", 1709251200}, {"1999-12-31T23:59:59Z", 946684799}, {"0", 0}, {"1970-01-01T00:00:00Z", 0}, {"20260101", 20260101}, {"99999999999", 99999999999},
}

var badDates = []string{"2026-02-29", "2026-13", "2026-00-10", "2026-1-1", "2026-01-01T24:00:00Z", "2026-01-01T00Z", "2026-01-01 00:00:00Z", "2026-01-01T00:00:60Z", "01/01/2026", "2026-01-01T00:00:00z", "2026-01-01t00:00:00Z", "", "now", "2026-01-01T00:00:00+0100", "2026-01-01T00:00:00+25:00", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Zulu", "2026-01-01Z", "2026-04-31", "2100-02-29", "${aws:CurrentTime}"}

var addresses = []string{"192.0.2.10", "203.0.113.255", "10.0.0.0", "0.0.0.0", "255.255.255.255", "192.0.2.11", "2001:db8::1", "2001:DB8:0:0:0:0:0:1", "fe80::1", "::1", "::", "::ffff:192.0.2.10"}

var badAddresses = []string{"", "192.0.2.10/32", "192.0.2", "192.0.2.010", "fe80::1%eth0", "256.1.1.1", "localhost", " 192.0.2.10", "2001:db8:::1", "::ffff:1.2.3", "192.0.2.10:443", "[::1]", "0xc0.0.2.10"}

var strayNetworks = []string{"198.51.100.0/24", "2001:db9::/32", "::ffff:192.0.2.0/120", "::ffff:0:0/96", "192.0.2.0/33", "192.0.2.0/", "/24", "192.0.2.0/-1", "192.0.2.0/024", "2001:db8::/129", "192.0.2.*", "", "192.0.2", "192.0.02.0/24", "fe80::%eth0/10"}

var booleans = []string{"true", "false", "True", "FALSE", "tRuE", "TRUE"}

var badBooleans = []string{"", "1", "0", "yes", "t", "truee", " true", "null"}

// binaries are texts of base64; neighbours of one row stand for the same bytes or nearly so.
var binaries = []string{"QmluYXJ5", "QQ==", "QR==", "AAE=", "/+8=", "3q2+7w==", "QmluYXJ5Cg=="}

var badBinaries = []string{"", "QQ", "QQ=", "Q", "QQ==\n", "-_8=", "QmluYXJ", "é===", "====", "QQ==QQ=="}

var arns = []string{"arn:aws:s3:::reports/2026/jan.csv", "arn:aws:iam::111111111111:role/dev/deploy", "arn:aws:lambda:us-east-1:111111111111:function:resize:live", "arn:aws:sns:eu-west-1:222222222222:alerts", "arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:sqs:us-east-1:111111111111:", "arn:aws:s3:::*", "arn:aws:s3:::a*b?", "arn:aws-cn:s3:::reports", "arn:aws:ec2:us-east-1:111111111111:instance/日本"}

var badARNs = []string{"", "arn:aws:s3", "arn:aws:s3::", "reports", "*", "ARN:aws:s3:::reports", "arn", "arn:", "aws:arn:s3:::reports", ":::::", "arn:::::"}

// freshValue returns a value for a context key of the family.
func (b *builder) freshValue(of family) string {
	odd := b.chance(9)
	switch of {
	case familyNumeric:
		if odd {
			return pick(b.chooser, badNumbers)
		}
		return pick(b.chooser, numbers).text
	case familyDate:
		if odd {
			return pick(b.chooser, badDates)
		}
		return pick(b.chooser, dates).text
	case familyBool:
		if odd {
			return pick(b.chooser, badBooleans)
		}
		if b.chance(75) {
			return pick(b.chooser, booleans[:2])
		}
		return pick(b.chooser, booleans)
	case familyBinary:
		if odd {
			return pick(b.chooser, badBinaries)
		}
		return pick(b.chooser, binaries)
	case familyAddress:
		if odd {
			return pick(b.chooser, badAddresses)
		}
		return pick(b.chooser, addresses)
	case familyARN:
		if odd {
			return pick(b.chooser, badARNs)
		}
		switch b.intn(5) {
		case 0:
			if b.caller.accountSide && b.caller.kind != callerRoot {
				return b.caller.entity()
			}
		case 1:
			if b.made.Request.Resource != "*" {
				return b.made.Request.Resource
			}
		}
		return pick(b.chooser, arns)
	}
	if b.chance(55) {
		return pick(b.chooser, plainWords)
	}
	return pick(b.chooser, words)
}

// related returns a policy value that matches the request's value under the operator's comparison, or does not.
func (b *builder) related(op operator, request string, match bool) string {
	switch op.family {
	case familyNumeric:
		return b.relatedMeasure(numbers, badNumbers, op.comparison, request, match)
	case familyDate:
		return b.relatedMeasure(dates, badDates, op.comparison, request, match)
	case familyBool:
		return b.relatedBool(request, match)
	case familyBinary:
		if match {
			return request
		}
		if b.chance(20) {
			return pick(b.chooser, badBinaries)
		}
		return pick(b.chooser, binaries)
	case familyAddress:
		return b.relatedNetwork(request, match)
	case familyARN:
		return b.relatedARN(request, match)
	}
	return b.relatedText(op, request, match)
}

func (b *builder) relatedMeasure(table []measure, bad []string, relation comparison, request string, match bool) string {
	place := math.NaN()
	for _, entry := range table {
		if entry.text == request {
			place = entry.place
			break
		}
	}
	if !match && b.chance(12) {
		return pick(b.chooser, bad)
	}
	start := b.intn(len(table))
	for i := range table {
		entry := table[(start+i)%len(table)]
		if holds(relation, place, entry.place) == match {
			return entry.text
		}
	}
	return table[start].text
}

// holds says how the request's place compares with the policy's.
func holds(relation comparison, request, policy float64) bool {
	switch relation {
	case compareLess:
		return request < policy
	case compareLessOrEqual:
		return request <= policy
	case compareGreater:
		return request > policy
	case compareGreaterOrEqual:
		return request >= policy
	}
	return request == policy
}

func (b *builder) relatedBool(request string, match bool) string {
	truth := strings.EqualFold(request, "true")
	if !match {
		truth = !truth
		if b.chance(10) {
			return pick(b.chooser, badBooleans)
		}
	}
	text := "false"
	if truth {
		text = "true"
	}
	if b.chance(20) {
		text = b.flipCase(text)
	}
	return text
}

func (b *builder) relatedNetwork(request string, match bool) string {
	address, err := netip.ParseAddr(request)
	if err != nil {
		if b.chance(50) {
			return request
		}
		return pick(b.chooser, []string{"0.0.0.0/0", "::/0"})
	}
	if !match {
		switch b.intn(4) {
		case 0:
			if next := address.Next(); next.IsValid() {
				return next.String()
			}
		case 1:
			if address.Is4() {
				return "::ffff:" + address.String()
			}
			return "0.0.0.0/0"
		case 2: // the neighbouring network
			if previous := address.Prev(); previous.IsValid() {
				return netip.PrefixFrom(previous, address.BitLen()).String()
			}
		}
		return pick(b.chooser, strayNetworks)
	}
	prefix := netip.PrefixFrom(address.WithZone(""), pick(b.chooser, []int{address.BitLen(), address.BitLen() - 1, address.BitLen() - 8, 17, 8, 1, 0}))
	switch b.intn(5) {
	case 0:
		return request
	case 1:
		return prefix.Addr().StringExpanded()
	case 2:
		return prefix.String() // host bits stay
	case 3:
		return strings.ToUpper(prefix.Masked().String())
	}
	return prefix.Masked().String()
}

func (b *builder) relatedARN(request string, match bool) string {
	if !match {
		switch b.intn(5) {
		case 0:
			return pick(b.chooser, badARNs)
		case 1:
			return pick(b.chooser, arns)
		case 2: // a wildcard in the first five parts must not run over a colon
			if cut := strings.IndexByte(request, ':'); cut >= 0 {
				return request[:cut+1] + "*"
			}
			return "arn:*"
		}
		request = b.nearMiss(request)
		if b.chance(50) {
			return request
		}
	}
	return b.arnPattern(request)
}

// arnPattern replaces parts of an ARN by wildcards, each within its segment.
func (b *builder) arnPattern(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return b.wildcardOf(arn)
	}
	for i := 1; i < 5; i++ {
		switch b.weighted(70, 15, 8, 7) {
		case 1:
			parts[i] = "*"
		case 2:
			parts[i] = b.wildcardOf(parts[i])
		case 3:
			parts[i] = b.questionMarks(parts[i])
		}
	}
	if b.chance(65) {
		parts[5] = b.wildcardOf(parts[5])
	}
	if b.chance(50) && b.version == currentVersion {
		parts[5] = b.withVariables(parts[5])
	}
	return strings.Join(parts, ":")
}

func (b *builder) relatedText(op operator, request string, match bool) string {
	text := request
	if !match {
		switch b.intn(3) {
		case 0:
			text = pick(b.chooser, words)
		case 1:
			text = pick(b.chooser, plainWords)
		default:
			text = b.nearMiss(text)
		}
	}
	switch op.comparison {
	case compareFold:
		if b.chance(60) {
			text = b.foldText(text)
		}
	case compareLike:
		if b.version == currentVersion && b.chance(40) {
			text = escapeWildcards(text)
		} else if b.chance(70) {
			text = b.wildcardOf(text)
		}
	}
	if b.version == currentVersion && b.chance(22) {
		text = b.withVariables(text)
	}
	return text
}

// foldText writes some letters in the other case, also beyond ASCII.
func (b *builder) foldText(text string) string {
	at := b.runeStart(text)
	if at < len(text) && text[at] >= utf8.RuneSelf {
		r, size := utf8.DecodeRuneInString(text[at:])
		return text[:at] + string(flipRune(r)) + text[at+size:]
	}
	if at < len(text) && b.chance(30) {
		return text[:at] + string(flipRune(rune(text[at]))) + text[at+1:]
	}
	return b.flipCase(text)
}

package condition

import (
	"encoding/base64"
	"math/big"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"
	"unsafe"

	"pgregory.net/rapid"

	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// Accounts hold clauses by the hundred thousand, and every request copies
// values. Growth is a decision, not an accident.
func TestSizes(t *testing.T) {
	// The sizes are those of 64-bit machines; on others everything is smaller.
	for name, size := range map[string][2]uintptr{
		"Value": {unsafe.Sizeof(Value{}), 64}, "entry": {unsafe.Sizeof(entry{}), 104},
		"clause": {unsafe.Sizeof(clause{}), 80}, "Block": {unsafe.Sizeof(Block{}), 24},
	} {
		if size[0] > size[1] {
			t.Errorf("%s takes %d bytes, at most %d are wanted", name, size[0], size[1])
		}
	}
}

var decimalForm = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?$`)

func checkDecimals(t *testing.T, a, b string) {
	t.Helper()
	x, ok := parseDecimal(a)
	if ok != decimalForm.MatchString(a) {
		t.Fatalf("%q parses: %v", a, ok)
	}
	y, also := parseDecimal(b)
	if !ok || !also {
		return
	}
	exactX, _ := new(big.Rat).SetString(a)
	exactY, _ := new(big.Rat).SetString(b)
	if got, want := x.compare(&y), exactX.Cmp(exactY); got != want {
		t.Fatalf("%s against %s: %d, want %d", a, b, got, want)
	}
}

func FuzzDecimal(f *testing.F) {
	f.Add("0", "-0.0")
	f.Add("123456789012345678", "1234567890123456789")
	f.Add("-999999999999999999999.5", "-999999999999999999999.05")
	f.Add("1.", ".1")
	f.Add("+1e5", "")
	f.Fuzz(func(t *testing.T, a, b string) { checkDecimals(t, a, b) })
}

func TestDecimalsAsBigRat(t *testing.T) {
	number := rapid.OneOf(rapid.StringMatching(`[+-]?[0-9]{1,3}(\.[0-9]{1,3})?`), rapid.StringMatching(`-?[09]{17,20}(\.[0-9]{0,2})?`), rapid.StringMatching(`[+-]?0*1(\.0*[01])?`))
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		x, ok := parseDecimal(a)
		y, also := parseDecimal(b)
		if ok != decimalForm.MatchString(a) || also != decimalForm.MatchString(b) {
			t.Fatalf("%q parses: %v, %q parses: %v", a, ok, b, also)
		}
		if !ok || !also {
			return
		}
		exactX, _ := new(big.Rat).SetString(a)
		exactY, _ := new(big.Rat).SetString(b)
		if got, want := x.compare(&y), exactX.Cmp(exactY); got != want {
			t.Fatalf("%s against %s: %d, want %d", a, b, got, want)
		}
	})
}

func TestDecimalForms(t *testing.T) {
	for _, text := range []string{"", "+", "-", ".", ".5", "1.", "1.5", "-1.5", "1.x", "1.5x", "1x5", "x", "+-1", "1e5", " 1"} {
		checkDecimals(t, text, "1")
	}
}

// checkOrder wants texts of one line to compare as equal, and as less than those
// of the lines below.
func checkOrder(t *testing.T, lines [][]string, compareTexts func(a, b string) (order int, ok bool)) {
	t.Helper()
	for at, texts := range lines {
		for other, others := range lines {
			for _, a := range texts {
				for _, b := range others {
					if got, ok := compareTexts(a, b); !ok || got != compare(int64(at), int64(other)) {
						t.Errorf("%s against %s: %d, %v", a, b, got, ok)
					}
				}
			}
		}
	}
}

func TestDecimalsInOrder(t *testing.T) {
	checkOrder(t, [][]string{
		{"-1234567890123456789"},
		{"-123456789012345678", "-0123456789012345678.0"},
		{"-1.5", "-01.50"},
		{"-1", "-1.0"},
		{"-0.5"},
		{"-0.05"},
		{"0", "-0", "+0.0", "-0.00", "00"},
		{"0.05"},
		{"0.5"},
		{"1", "+1.0"},
		{"9.99"},
		{"10"},
		{"123456789012345678"},
		{"123456789012345678.5"},
		{"1234567890123456789", "+1234567890123456789.0"},
	}, func(a, b string) (int, bool) {
		x, ok := parseDecimal(a)
		y, also := parseDecimal(b)
		return x.compare(&y), ok && also
	})
}

// calendarForm is what the operators' documentation links as W3C's profile of
// ISO 8601, apart from which digits make a date.
var calendarForm = regexp.MustCompile(`^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?)?)?)?$`)

var calendarLayouts = []string{
	"2006", "2006-01", "2006-01-02", "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z07:00",
}

func checkInstant(t interface{ Fatalf(string, ...any) }, text string) {
	got, ok := parseInstant(text)
	if !calendarForm.MatchString(text) {
		if ok != decimalForm.MatchString(text) {
			t.Fatalf("%q parses: %v", text, ok)
		}
		return
	}
	wanted := false
	for _, layout := range calendarLayouts {
		want, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		wanted = true
		if !ok || got.seconds != want.Unix() || int(got.nanoseconds) != want.Nanosecond() || got.huge != "" {
			t.Fatalf("%q: %+v, %v; want %d and %d", text, got, ok, want.Unix(), want.Nanosecond())
		}
	}
	if ok != wanted {
		t.Fatalf("%q parses: %v, want %v", text, ok, wanted)
	}
}

func FuzzInstant(f *testing.F) {
	for _, text := range []string{
		"2024", "2024-02", "2024-02-29", "2023-02-29", "2024-02-29T12:30", "2024-02-29T12:30Z", "2024-02-29T12:30:15+05:30", "2024-02-29T12:30:15.123456789123-23:59",
		"0000-01-01T00:00:00+23:59", "9999-12-31T23:59:59.9Z", "1900-02-29", "1709208000.5", "-1", "2024-02-29T24:00Z", "2024-02-29T12:30:60Z", "2024-W01", "12024-01-01", "24-01-01",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkInstant(t, text) })
}

func TestInstantsAsTimeParse(t *testing.T) {
	text := rapid.OneOf(
		rapid.StringMatching(`[0-9]{4}-[01][0-9]-[0-3][0-9]`),
		rapid.StringMatching(`[12][09][0-9]{2}-0[1-9]-[0-2][0-9]T[012][0-9]:[0-6][0-9](:[0-6][0-9](\.[0-9]{1,11})?)?(Z|[+-][012][0-9]:[0-6][0-9])?`),
		rapid.StringMatching(`[0-9]{4}(-[0-9]{2}){0,2}[TZ:.]{0,2}`),
	)
	rapid.Check(t, func(t *rapid.T) { checkInstant(t, text.Draw(t, "text")) })
	for day := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 10000; day = day.AddDate(0, 0, 17) {
		checkInstant(t, day.Format(time.DateOnly))
	}
}

// What is just within the calendar and the clock is a date, what is just
// outside is none.
func TestEdgesOfTheCalendar(t *testing.T) {
	for _, day := range []string{
		"2000-02-29", "2000-03-01", "2001-02-29", "2004-02-29", "2100-02-28", "2100-02-29", "2024-02-30", "2024-04-30", "2024-04-31", "2024-01-31", "2024-01-32", "2024-00", "2024-13", "2024-12-00",
		"2024-", "2024-0", "2024-x1", "2024-1x", "2024x01", "2024-01-", "2024-01-0", "2024-01x01", "2024-01-01x", "20240101", "024", "x024", "0000-02-29", "9999-12-31",
	} {
		checkInstant(t, day)
	}
	for _, clock := range []string{
		"", "0", "00", "00:", "00:0", "00:5Z", "00:00", "23:59", "24:00", "00:60", "00:60Z", "00x00", "00:00:", "00:00:0", "00:00:59", "00:00:60", "00:00:00.", "00:00:00.Z", "00:00:00.x", "00:00:00.xZ",
		"00:00:00.5", "00:00:00.123456789Z", "00:00:00.x5Z", "00:00Z", "00:00Zx", "00:00x", "00:00 ", "00:00:00x", "00:00+", "00:00+01", "00:00+01:", "00:00+01:0", "00:00+0100", "00:00+00:30", "00:00-00:30",
		"00:00+23:59", "00:00-23:59", "00:00+24:00", "00:00+01:59", "00:00+01:60", "00:00+01:00x", "00:00+x1:00", "00:00*01:00",
	} {
		checkInstant(t, "2024-01-01T"+clock)
	}
}

// Texts of one line are the same point in time, and lie before those of the
// lines below.
func TestInstantsInOrder(t *testing.T) {
	checkOrder(t, [][]string{
		{"-99999999999999999999.5"},
		{"-99999999999999999999", "-099999999999999999999.0"},
		{"-1000000000000000000"},
		{"-999999999999999999"},
		{"0000", "0000-01-01T00:00Z", "-62167219200"},
		{"-999", "1969-12-31T23:43:21Z"},
		{"1969-12-31T23:59:58.99999999985Z", "-1.00000000015"},
		{"-1.0000000001", "1969-12-31T23:59:58.9999999999Z"},
		{"-1", "1969-12-31T23:59:59"},
		{"-0.5000000001", "1969-12-31T23:59:59.4999999999Z"},
		{"-0.00000000012", "1969-12-31T23:59:59.99999999988Z"},
		{"-0.00000000011", "1969-12-31T23:59:59.99999999989Z"},
		{"0", "-0", "+0.0", "1970", "1970-01", "1970-01-01T01:00+01:00"},
		{"0.00000000011"},
		{"1970-01-01T00:00:00.00000000012", "0.000000000120"},
		{"2024.0", "+2024", "02024", "1970-01-01T00:33:44Z"},
		{"2024", "2024-01-01"},
		{"999999999999999999"},
		{"1000000000000000000"},
		{"99999999999999999999"},
		{"99999999999999999999.5"},
	}, func(a, b string) (int, bool) {
		x, ok := parseInstant(a)
		y, also := parseInstant(b)
		return x.compare(&y), ok && also
	})
}

// Seconds since 1970 compare as the numbers that they are.
func TestEpochSecondsAsBigRat(t *testing.T) {
	number := rapid.OneOf(rapid.StringMatching(`-?[0-9]{1,3}\.[0-9]{1,3}`), rapid.StringMatching(`-?[01]\.(0{9}|9{9})[0-9]{1,3}`), rapid.StringMatching(`-?[09]{18,20}(\.[0-9]{1,2})?`))
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		x, ok := parseInstant(a)
		y, also := parseInstant(b)
		exactX, _ := new(big.Rat).SetString(a)
		exactY, _ := new(big.Rat).SetString(b)
		if !ok || !also || x.compare(&y) != exactX.Cmp(exactY) {
			t.Fatalf("%s against %s: %d, want %d", a, b, x.compare(&y), exactX.Cmp(exactY))
		}
	})
}

// What appendTime writes, parseInstant reads.
func TestTimeText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seconds := rapid.OneOf(rapid.Int64Range(-mostSeconds, mostSeconds), rapid.Int64Range(-1e11, 1e12), rapid.Int64Range(-2, 2)).Draw(t, "seconds")
		nanoseconds := rapid.OneOf(rapid.Int32Range(0, 999_999_999), rapid.Just(int32(0)), rapid.Just(int32(500_000_000))).Draw(t, "nanoseconds")
		text := string(appendTime(nil, seconds, nanoseconds))
		want := instant{seconds: seconds, nanoseconds: nanoseconds}
		if got, ok := parseInstant(text); !ok || got.compare(&want) != 0 {
			t.Fatalf("%d and %d is %s, which is %+v, %v", seconds, nanoseconds, text, got, ok)
		}
		if len(text) > len(textBuffer{}) {
			t.Fatalf("%s does not fit into the buffer", text)
		}
	})
}

func checkAddress(t interface{ Fatalf(string, ...any) }, text string) {
	want, err := netip.ParseAddr(text)
	wanted := err == nil && want.Zone() == ""
	got, ok := parseAddress(text)
	if ok != wanted {
		t.Fatalf("%q parses: %v, want %v", text, ok, wanted)
	}
	if !ok {
		return
	}
	value := Addr(want)
	if made := (address{high: value.high, low: value.low, four: value.form == asAddress4}); made != got || got.four != want.Is4() {
		t.Fatalf("%q: %+v, want %+v", text, got, made)
	}
	if shown := string(got.append(nil)); shown != want.String() || len(shown) > len(textBuffer{}) {
		t.Fatalf("%q: text %s, want %s", text, shown, want)
	}
}

func checkRange(t interface{ Fatalf(string, ...any) }, text string) {
	if !strings.Contains(text, "/") {
		checkAddress(t, text)
		return
	}
	want, err := netip.ParsePrefix(text)
	got, ok := parseRange(text)
	if ok != (err == nil) {
		t.Fatalf("%q parses: %v, %v", text, ok, err)
	}
	if !ok {
		return
	}
	first := want.Masked().Addr()
	probes := []netip.Addr{want.Addr(), first, first.Prev(), netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("::ffff:10.0.0.1"), netip.MustParseAddr("::"), netip.MustParseAddr("0.0.0.0")}
	for _, probe := range probes {
		if !probe.IsValid() {
			continue
		}
		value := Addr(probe)
		if got.contains(address{high: value.high, low: value.low, four: value.form == asAddress4}) != want.Contains(probe) {
			t.Fatalf("%q contains %v: want %v", text, probe, want.Contains(probe))
		}
	}
}

func FuzzAddress(f *testing.F) {
	for _, text := range []string{
		"10.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "255.255.255.255/32", "01.0.0.0", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1..2.3", "::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::",
		"::2:3:4:5:6:7:8", "1::3:4:5:6:7:8", "1:2:3:4:5:6:1.2.3.4", "::ffff:1.2.3.4/96", "1::2::3", ":::", "fe80::1%eth0", "2001:db8::/129", "::/00", "::/+1", "g::", "00001::", "1:2", ":1:2:3:4:5:6:7:8",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkRange(t, text) })
}

// What is just an address or a block is one, what is just none is none.
func TestEdgesOfAddresses(t *testing.T) {
	for _, text := range []string{
		"", ".", ":", "10.0.0.0", "10.0.0.", "10.0.0", ".0.0.1", "10..0.1", "1.2.3.4.5", "1.2.3.255", "1.2.3.256", "1.2.3.00", "1.2.3.a",
		"::1.2.3", "::1.2.3.256", "::1.2.3.4.5", "1:2:3:4:5:1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "::2:3:4:5:6:1.2.3.4", "1.2.3.4:5", "1.2.3.4::",
		"::1::2", "::1::", "1::2::", ":::1", "::a:f", "::A:F", "::0:9", "::g", "::G", "::@", "::`", "::/", "1:2:3:4:5:6:7:8:9", "::12345", "1:",
		"/8", "10.0.0.0/", "10.0.0.0/0", "10.0.0.0/9", "10.0.0.0/32", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/8/", "10.0.0.0/8x", "10.0.0.0/-8",
		"::/0", "::/a", "::/:", "::/", "2001:db8::/63", "2001:db8::/64", "2001:db8::/65", "2001:db8::/66", "2001:db8::/127", "2001:db8::/128", "2001:db8::/129", "::/0128", "::/1000", "::/18446744073709551624",
	} {
		checkRange(t, text)
	}
}

func TestAddressesAsNetip(t *testing.T) {
	text := rapid.OneOf(
		rapid.StringMatching(`[0-2]?[0-9]{1,2}(\.[0-2]?[0-9]{1,2}){3}(/[0-9]{1,2})?`),
		rapid.StringMatching(`[0-9a-fA-F]{0,4}(:[0-9a-f]{0,4}){2,7}(:1\.2\.3\.[0-9]{1,3})?(/1?[0-9]{1,2})?`),
		rapid.StringMatching(`(::)?([0-9a-f]{1,2}:){0,4}(::)?([0-9a-f]{1,2}:){0,4}[0-9a-f]{0,2}`),
	)
	rapid.Check(t, func(t *rapid.T) { checkRange(t, text.Draw(t, "text")) })
}

func checkBase64(t interface{ Fatalf(string, ...any) }, a, b string) {
	decode := func(text string) ([]byte, error) {
		if strings.ContainsAny(text, "\r\n") {
			return nil, base64.CorruptInputError(strings.IndexAny(text, "\r\n"))
		}
		return base64.StdEncoding.DecodeString(text)
	}
	x, err := decode(a)
	if isBase64(a) != (err == nil) {
		t.Fatalf("%q is base64: %v", a, isBase64(a))
	}
	if err != nil {
		return
	}
	y, err := decode(b)
	if got, want := sameBytes(a, b), err == nil && string(x) == string(y); got != want {
		t.Fatalf("%q and %q are the same: %v, want %v", a, b, got, want)
	}
}

func FuzzBase64(f *testing.F) {
	for _, pair := range [][2]string{{"YQ==", "YR=="}, {"YWI=", "YWJ="}, {"YQ==", "Y\nQ=\r="}, {"YWJj", "YWJjZA=="}, {"", "\n"}, {"YQ==", "YQ="}, {"YQ==", "YQ==="}, {"YQ==", "YQ==YQ=="}, {"+/+/", "-_-_"}, {"YQ==", "YQ"}, {"YWJj", "YWJj="}} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) { checkBase64(t, a, b) })
}

// Of texts with the same bytes only the bits that padding leaves over differ.
func TestSameBytes(t *testing.T) {
	for policy, texts := range map[string][]string{
		"":         {"", "=", "A", "AA==", "AAAA"},
		"AA==":     {"AA==", "AB==", "AP==", "AQ==", "A-==", "A@==", "Aa==", "BA==", "BP==", "AA=", "AA", "AA=A", "AAA=", "AP=A", "AA==AA==", "AP=====", ""},
		"/w==":     {"//==", "/v==", "/g==", "/+==", "+w=="},
		"YWI=":     {"YWI=", "YWJ=", "YWK=", "YWL=", "YWM=", "YWH=", "YXJ=", "YWJA", "YWJ", "YW==", "Y-J="},
		"AAAAAA==": {"AAAAAP==", "AAABAP==", "AAAAAQ==", "AAAAAA=A"},
		"YWJj":     {"YWJj", "YWJk", "YWJi", "YWJ=", "YWJjYQ=="},
		"z9+/":     {"z9+/", "z9-_"},
		"zzz=":     {"zz0=", "zz3=", "zz4=", "zzw=", "zzv="},
	} {
		for _, text := range texts {
			checkBase64(t, policy, text)
		}
	}
}

func TestBase64AsEncodingBase64(t *testing.T) {
	text := rapid.OneOf(rapid.StringMatching(`(Y[WQ]J[jk]){0,2}(Y[QRS]=\n?=\r?|YW[IJ]=|Y|=)?`), rapid.StringMatching(`[YQ=\n/+\-]{0,6}`))
	rapid.Check(t, func(t *rapid.T) { checkBase64(t, text.Draw(t, "a"), text.Draw(t, "b")) })
}

// Folding piece by piece is strings.EqualFold of the whole, also where a code
// point begins in one piece and ends in the next, or is none.
func checkFold(t interface{ Fatalf(string, ...any) }, pieces []string, text string) {
	var tokens []wildcard.Token
	var values []string
	for at, piece := range pieces {
		if at%2 == 0 {
			tokens = append(tokens, wildcard.Token{Kind: wildcard.Literal, Text: piece})
		} else {
			tokens = append(tokens, wildcard.Token{Kind: wildcard.Variable, Index: int32(len(values))})
			values = append(values, piece)
		}
	}
	whole := strings.Join(pieces, "")
	if got, want := foldTokens(tokens, values, text), strings.EqualFold(whole, text); got != want {
		t.Fatalf("%q and %q: %v, want %v", pieces, text, got, want)
	}
}

func TestFoldTokens(t *testing.T) {
	piece := rapid.SampledFrom([]string{"", "a", "A", "é", "É", "\xc3", "\xa9", "\x89", "\xe2\x84", "\xaa", "k", "K", "\u212a", "ſ", "s", "\xff", "\ufffd", "😀", "\xf0\x9f", "ς", "Σ"})
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOfN(piece, 0, 5).Draw(t, "pieces")
		text := strings.Join(rapid.SliceOfN(piece, 0, 5).Draw(t, "text"), "")
		checkFold(t, pieces, text)
		checkFold(t, pieces, strings.ToUpper(strings.Join(pieces, "")))
		checkFold(t, pieces, strings.ToLower(strings.Join(pieces, ""))+"x")
	})
}

func FuzzFoldTokens(f *testing.F) {
	f.Add("a", "\xc3", "\xa9", "AÉ")
	f.Fuzz(func(t *testing.T, a, b, c, text string) { checkFold(t, []string{a, b, c}, text) })
}

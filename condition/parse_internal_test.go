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

// Texts of one line are the same point in time, and lie before those of the
// lines below.
func TestInstantsInOrder(t *testing.T) {
	lines := [][]string{
		{"-99999999999999999999.5"},
		{"-99999999999999999999", "-099999999999999999999.0"},
		{"-1000000000000000000"},
		{"-999999999999999999"},
		{"0000", "0000-01-01T00:00Z", "-62167219200"},
		{"1969-12-31T23:59:58.99999999985Z", "-1.00000000015"},
		{"-1.0000000001", "1969-12-31T23:59:58.9999999999Z"},
		{"-1", "1969-12-31T23:59:59"},
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
	}
	for at, texts := range lines {
		for other, others := range lines {
			for _, a := range texts {
				for _, b := range others {
					x, ok := parseInstant(a)
					y, also := parseInstant(b)
					if got, want := x.compare(&y), compare(int64(at), int64(other)); !ok || !also || got != want {
						t.Errorf("%s against %s: %d, want %d", a, b, got, want)
					}
				}
			}
		}
	}
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

// Equal keys have equal hashes, however they are cut, and no key that differs
// is equal.
func TestKeyHash(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-zA-Z:@\x60{\[/é]{0,30}`).Draw(t, "key")
		cut, hash := hashKey(text)
		otherCut, otherHash := hashKey(strings.ToUpper(strings.ReplaceAll(text, "é", "\xc3\xa9")))
		if strings.Contains(text, "é") {
			return // its upper case is another key
		}
		if cut != otherCut || hash != otherHash {
			t.Fatalf("%q: %d and %x, in upper case %d and %x", text, cut, hash, otherCut, otherHash)
		}
	})
	// A hash that does not spread would go unnoticed otherwise.
	seen := map[uint64]string{}
	for _, family := range []string{"aws:PrincipalTag/", "aws:RequestTag/", "aws:", "s3:", ""} {
		for first := 'a'; first <= 'z'; first++ {
			for second := 'a'; second <= 'z'; second++ {
				for _, end := range []string{"", "-name", "-environment"} {
					key := family + string(first) + string(second) + end
					_, hash := hashKey(key)
					if other, found := seen[hash]; found {
						t.Fatalf("%s and %s have the same hash", key, other)
					}
					seen[hash] = key
				}
			}
		}
	}
}

// Keys with the same hash are told apart.
func TestEqualHashes(t *testing.T) {
	var c Context
	_, hash := hashKey("a@b")
	if _, other := hashKey("a`b"); hash != other {
		t.Fatal("the hashes of a@b and a`b differ; choose keys that collide")
	}
	for n := range 40 {
		if n > 0 {
			c.Set(strings.Repeat("x", n), Int(int64(n)))
		}
		c.Set("a@b", String("at"))
		c.Set("a`b", String("grave"))
		at, _ := c.Lookup("A@B")
		grave, _ := c.Lookup("A`B")
		if at.Text() != "at" || grave.Text() != "grave" || c.Len() != n+2 {
			t.Fatalf("%v and %v among %d keys", at, grave, c.Len())
		}
	}
}

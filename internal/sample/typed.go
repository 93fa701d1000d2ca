package sample

import (
	"math/big"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// numbers are the thresholds, one number between each two, and one beyond each
// end. all says that no threshold is left out.
func numbers(values []string) (texts []string, all bool) {
	var points []*big.Rat
	all = true
	for _, value := range values {
		if point, ok := decimal(value); ok {
			points = append(points, point)
		}
		all = all && len(value) <= longest && len(points) <= mostPoints
	}
	return around(points, func(r *big.Rat) string {
		places, exact := r.FloatPrec()
		if !exact {
			places++
		}
		return r.FloatString(places)
	}), all
}

// The bounds of what is told apart: the digits of a threshold, and how many
// there are.
const (
	longest    = 1000
	mostPoints = 1000
)

// decimal reads [+-]digits[.digits].
func decimal(text string) (*big.Rat, bool) {
	if len(text) > longest || strings.ContainsAny(text, "eE/_xXpPbBoO") {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// around writes the points, sorted, with one between each two and one beyond
// each end.
func around(points []*big.Rat, write func(*big.Rat) string) []string {
	if len(points) == 0 {
		return nil
	}
	points = points[:min(len(points), mostPoints)]
	slices.SortFunc(points, (*big.Rat).Cmp)
	points = slices.CompactFunc(points, func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })
	one, half := big.NewRat(1, 1), big.NewRat(1, 2)
	texts := []string{write(new(big.Rat).Sub(points[0], one))}
	for at, point := range points {
		texts = append(texts, write(point))
		if at+1 < len(points) {
			between := new(big.Rat).Add(point, points[at+1])
			texts = append(texts, write(between.Mul(between, half)))
		}
	}
	return append(texts, write(new(big.Rat).Add(points[len(points)-1], one)))
}

// dates likewise, as seconds since 1970, which are as exact as need be; dates of
// the calendar where they are whole seconds.
func dates(values []string) (texts []string, all bool) {
	var points []*big.Rat
	all = true
	for _, value := range values {
		all = all && len(value) <= longest && len(points) <= mostPoints
		if at, err := time.Parse(time.RFC3339Nano, value); err == nil {
			nanoseconds := new(big.Int).Mul(big.NewInt(at.Unix()), big.NewInt(1e9))
			nanoseconds.Add(nanoseconds, big.NewInt(int64(at.Nanosecond())))
			points = append(points, new(big.Rat).SetFrac(nanoseconds, big.NewInt(1e9)))
		} else if point, ok := decimal(value); ok {
			points = append(points, point)
		}
	}
	return around(points, func(r *big.Rat) string {
		if r.IsInt() && r.Num().IsInt64() {
			const firstYear, lastYear = -62167219200, 253402300799 // the years 0 and 9999
			if seconds := r.Num().Int64(); firstYear <= seconds && seconds <= lastYear {
				return time.Unix(seconds, 0).UTC().Format(time.RFC3339)
			}
		}
		places, exact := r.FloatPrec()
		if !exact {
			places++
		}
		return r.FloatString(places)
	}), all
}

// addresses are the first address of each range and the one behind its last:
// between two of these no range begins or ends.
func addresses(values []string) (texts []string) {
	texts = append(texts, "203.0.113.77", "2001:db8::77", "0.0.0.0", "::")
	for _, value := range values {
		if !strings.Contains(value, "/") {
			if address, err := netip.ParseAddr(value); err == nil {
				value += "/" + strconv.Itoa(address.BitLen())
			}
		}
		block, err := netip.ParsePrefix(value)
		if err != nil {
			continue
		}
		block = block.Masked()
		texts = append(texts, block.Addr().String())
		if behind := last(block).Next(); behind.IsValid() {
			texts = append(texts, behind.String())
		}
	}
	return texts
}

// last is the last address of a range.
func last(block netip.Prefix) netip.Addr {
	bytes := block.Addr().AsSlice()
	for bit := block.Bits(); bit < len(bytes)*8; bit++ {
		bytes[bit/8] |= 1 << (7 - bit%8)
	}
	address, _ := netip.AddrFromSlice(bytes)
	return address
}

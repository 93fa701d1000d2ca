package condition_test

import (
	"math"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/portcullis-iam/portcullis/condition"
)

func TestValue(t *testing.T) {
	zone := time.FixedZone("", 3600)
	for _, one := range []struct {
		value condition.Value
		kind  condition.Kind
		text  string
	}{
		{condition.String(""), condition.KindString, ""},
		{condition.String("a"), condition.KindString, "a"},
		{condition.Bool(true), condition.KindBool, "true"},
		{condition.Bool(false), condition.KindBool, "false"},
		{condition.Int(math.MinInt64), condition.KindNumber, "-9223372036854775808"},
		{condition.Number("01.50"), condition.KindNumber, "01.50"},
		{condition.Number("x"), condition.KindNumber, "x"},
		{condition.Time(time.Date(2026, 1, 2, 3, 4, 5, 0, zone)), condition.KindTime, "2026-01-02T02:04:05Z"},
		{condition.Time(time.Date(2026, 1, 2, 3, 4, 5, 120_000_000, zone)), condition.KindTime, "2026-01-02T02:04:05.12Z"},
		{condition.Time(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)), condition.KindTime, "0000-01-01T00:00:00Z"},
		{condition.Time(time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)), condition.KindTime, "9999-12-31T23:59:59Z"},
		{condition.Time(time.Unix(253402300800, 0)), condition.KindTime, "253402300800"},
		{condition.Time(time.Unix(253402300800, 50_000_000)), condition.KindTime, "253402300800.05"},
		{condition.Time(time.Unix(-99999999999, 250_000_000)), condition.KindTime, "-99999999998.75"},
		{condition.Time(time.Unix(1e18, 1)), condition.KindTime, "1000000000000000000.000000001"},
		{condition.Addr(netip.MustParseAddr("10.0.0.1")), condition.KindAddr, "10.0.0.1"},
		{condition.Addr(netip.MustParseAddr("2001:DB8:0::1")), condition.KindAddr, "2001:db8::1"},
		{condition.Addr(netip.MustParseAddr("::ffff:10.0.0.1")), condition.KindAddr, "::ffff:10.0.0.1"},
		{condition.Addr(netip.MustParseAddr("fe80::1%eth0")), condition.KindString, "fe80::1%eth0"},
		{condition.Addr(netip.Addr{}), condition.KindString, "invalid IP"},
		{condition.Binary([]byte{0xfb, 0xff}), condition.KindBinary, "+/8="},
	} {
		if one.value.Kind() != one.kind || one.value.Text() != one.text || one.value.String() != one.text || one.value.IsList() {
			t.Errorf("%v %q, want %v %q", one.value.Kind(), one.value.Text(), one.kind, one.text)
		}
		if diff := cmp.Diff([]string{one.text}, one.value.Values()); diff != "" {
			t.Errorf("values of %q (-want +got)\n%s", one.text, diff)
		}
	}
	list := condition.List("a", "")
	if !list.IsList() || list.Kind() != condition.KindList || list.Text() != "" || list.String() != "[a ]" || len(list.Values()) != 2 {
		t.Errorf("list %v of %q with text %q", list, list.Values(), list.Text())
	}
	for name, value := range map[string]condition.Value{"invalid": {}, "unknown": condition.UnknownValue()} {
		if value.Kind().String() != name || value.String() != name || value.Text() != "" || value.Values() != nil || value.IsList() {
			t.Errorf("%s: %v with values %q", name, value, value.Values())
		}
	}
	if condition.Kind(200).String() != "invalid" || (condition.KindUnknown+1).String() != "invalid" {
		t.Error("a kind that does not exist has a name")
	}
}

func TestMakingValuesDoesNotAllocate(t *testing.T) {
	now, remote, texts := time.Now(), netip.MustParseAddr("2001:db8::1"), []string{"a", "b"}
	var c condition.Context
	c.Set("k", condition.Int(1))
	if allocated := testing.AllocsPerRun(100, func() {
		c.Set("k", condition.String("a"))
		c.Set("k", condition.Number("1.5"))
		c.Set("k", condition.Int(math.MaxInt64))
		c.Set("k", condition.Bool(true))
		c.Set("k", condition.Time(now))
		c.Set("k", condition.Addr(remote))
		c.Set("k", condition.List(texts...))
	}); allocated != 0 {
		t.Errorf("%v allocations", allocated)
	}
}

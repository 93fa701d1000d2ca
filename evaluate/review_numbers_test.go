package evaluate

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestNumberSet holds a numberSet against a sorted list.
func TestNumberSet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOf(rapid.Int32Range(0, 299)).Draw(t, "numbers")
		s := newNumberSet(300)
		for _, number := range numbers {
			s.add(number)
		}
		slices.Sort(numbers)
		numbers = slices.Compact(numbers)
		if got := slices.Collect(s.all); !slices.Equal(got, numbers) || s.count() != len(numbers) {
			t.Fatalf("the set of %v holds %d: %v", numbers, s.count(), got)
		}
		from := rapid.Int32Range(0, 300).Draw(t, "from")
		to := rapid.Int32Range(from, 300).Draw(t, "to")
		within := slices.DeleteFunc(slices.Clone(numbers), func(number int32) bool { return number < from || number >= to })
		if got := slices.Collect(s.between(from, to)); !slices.Equal(got, within) {
			t.Fatalf("between %d and %d of %v: %v, want %v", from, to, numbers, got, within)
		}
	})
}

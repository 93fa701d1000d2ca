package evaluate

import (
	"iter"
	"math/bits"
)

// A numberSet is a set of numbers below a bound, a bit for each.
type numberSet []uint64

func newNumberSet(bound int) numberSet { return make(numberSet, (bound+63)/64) }

func (s numberSet) add(number int32) { s[number>>6] |= 1 << (number & 63) }

func (s numberSet) count() int {
	count := 0
	for _, word := range s {
		count += bits.OnesCount64(word)
	}
	return count
}

// all gives the numbers in ascending order.
func (s numberSet) all(yield func(number int32) bool) {
	for number := range s.between(0, int32(len(s)<<6)) {
		if !yield(number) {
			return
		}
	}
}

// between gives the numbers from one number to before another, ascending.
func (s numberSet) between(from, to int32) iter.Seq[int32] {
	return func(yield func(number int32) bool) {
		for from < to {
			word := s[from>>6] >> (from & 63)
			if word == 0 {
				from = from&^63 + 64
				continue
			}
			if from += int32(bits.TrailingZeros64(word)); from >= to || !yield(from) {
				return
			}
			from++
		}
	}
}

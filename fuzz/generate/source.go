package generate

import (
	"math/bits"
	"math/rand/v2"

	"pgregory.net/rapid"
)

// source gives the choices that a question is made of: intn returns a number from 0 to n-1 for n >= 1. Zero is the
// simplest choice everywhere.
type source interface{ intn(n int) int }

// seededSource is a pseudo-random source.
type seededSource struct{ pcg *rand.PCG }

func (s seededSource) intn(n int) int {
	high, _ := bits.Mul64(s.pcg.Uint64(), uint64(n))
	return int(high)
}

// byteSource reads choices from bytes, and answers 0 when they are used up.
type byteSource struct{ data []byte }

func (s *byteSource) intn(n int) int {
	value := 0
	for limit := 1; limit < n; limit <<= 8 {
		if len(s.data) == 0 {
			return value % n
		}
		value = value<<8 | int(s.data[0])
		s.data = s.data[1:]
	}
	return value % n
}

// drawnSource draws single bits, because rapid's integer generators prefer small numbers and would spoil the shares
// that the generator aims at.
type drawnSource struct {
	t    *rapid.T
	coin *rapid.Generator[bool]
}

func (s *drawnSource) intn(n int) int {
	// Two bits more than needed keep the shares even to within a quarter of one choice.
	width := bits.Len(uint(n-1)) + 2
	value := 0
	for range width {
		value <<= 1
		if s.coin.Draw(s.t, "choice") {
			value |= 1
		}
	}
	return value * n >> width
}

// chooser adds the usual kinds of choice to a source.
type chooser struct{ src source }

// intn returns a number from 0 to n-1; for n <= 1 it returns 0 without asking the source.
func (c chooser) intn(n int) int {
	if n <= 1 {
		return 0
	}
	return c.src.intn(n)
}

// chance is true in the given share of the answers; it is false when the source says zero.
func (c chooser) chance(percent int) bool { return c.intn(100) >= 100-percent }

// weighted returns an index with a probability in proportion to its weight.
func (c chooser) weighted(weights ...int) int {
	total := 0
	for _, weight := range weights {
		total += weight
	}
	at := c.intn(total)
	for i, weight := range weights {
		if at < weight {
			return i
		}
		at -= weight
	}
	return len(weights) - 1
}

// pick returns one of the values, which must not be empty.
func pick[T any](c chooser, from []T) T { return from[c.intn(len(from))] }

// FromSeed returns the question that belongs to the seed, always the same one.
func FromSeed(seed uint64) Case {
	made := build(chooser{seededSource{rand.NewPCG(seed, 0x9e3779b97f4a7c15)}})
	made.ID = string(appendUint([]byte("seed-"), seed))
	return made
}

// FromBytes returns the question whose choices are the bytes: the same bytes give the same question, any bytes give
// one, and no bytes give the simplest one.
func FromBytes(data []byte) Case {
	made := build(chooser{&byteSource{data}})
	made.ID = "bytes"
	return made
}

// Cases returns a generator of questions for property tests. It makes them with the code of [FromSeed], choice by
// choice, so that rapid can shrink a failure; it is some ten times slower than FromSeed.
func Cases() *rapid.Generator[Case] {
	return rapid.Custom(func(t *rapid.T) Case {
		made := build(chooser{&drawnSource{t, rapid.Bool()}})
		made.ID = "property"
		return made
	})
}

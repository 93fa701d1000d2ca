package workload

import "slices"

// seed is where all workloads start. Changing it changes every workload.
const seed = 20240917

// random is splitmix64. The generators of the standard library would do as well,
// but nothing promises that two versions of Go draw the same numbers from them.
type random struct{ state uint64 }

// newRandom returns the generator of one workload, so that a workload does not
// depend on which others were made before it.
func newRandom(profile Profile, size Size) *random {
	r := &random{state: seed}
	for _, c := range string(profile) + "/" + string(size) {
		r.state = r.state*1099511628211 + uint64(c)
	}
	return r
}

func (r *random) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

// below returns a number in [0, n).
func (r *random) below(n int) int { return int(r.next() % uint64(n)) }

// percent is true in p of 100 cases.
func (r *random) percent(p int) bool { return r.below(100) < p }

func (r *random) pick(from []string) string { return from[r.below(len(from))] }

// distinct returns n different elements of from, which must have that many.
func (r *random) distinct(n int, from []string) Strings {
	out := Strings{}
	for len(out) < n {
		if s := r.pick(from); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

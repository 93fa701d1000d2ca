package workload

import "fmt"

// perPolicy is the number of statements of a policy in W2 to W4.
const perPolicy = 10

// mixSize is the number of requests in [Set.Mix] in W2 to W4.
const mixSize = 512

// dimensions is what tells one size from another.
type dimensions struct {
	policies        int
	buckets         int // how many buckets (or numbered resources of a service) the policies speak of
	denyPerThousand int // how many of a thousand random statements deny
}

func dimensionsOf(size Size) (d dimensions, ok bool) {
	switch size {
	case W2:
		return dimensions{policies: 10, buckets: 20}, true
	case W3:
		return dimensions{policies: 100, buckets: 120, denyPerThousand: 20}, true
	case W4:
		return dimensions{policies: 1000, buckets: 1200, denyPerThousand: 20}, true
	}
	return dimensions{}, false
}

// Generate makes one workload, always the same for the same arguments. The error
// is about a profile or a size that there is not. W4 takes a few seconds, nearly
// all of it spent on deciding the mix by [Decide].
func Generate(profile Profile, size Size) (*Set, error) {
	if profile != ProfileS3 && profile != ProfileMulti {
		return nil, fmt.Errorf("workload: no profile %q", profile)
	}
	if size == W1 {
		return generateW1(profile), nil
	}
	d, ok := dimensionsOf(size)
	if !ok {
		return nil, fmt.Errorf("workload: no size %q", size)
	}
	r := newRandom(profile, size)
	s := &Set{Profile: profile, Size: size}
	statements := r.statements(profile, d)
	for len(statements) > 0 {
		s.Policies = append(s.Policies, Policy{Version: "2012-10-17", Statement: statements[:perPolicy:perPolicy]})
		statements = statements[perPolicy:]
	}
	s.Named = namedRequests()
	for i := range mixSize {
		q := r.mixRequest(s.Policies)
		q.Name = fmt.Sprintf("mix-%03d", i)
		q.Expect, _ = Decide(s.Policies, &q)
		s.Mix = append(s.Mix, q)
	}
	return s, nil
}

// statements makes all statements of a workload, in order.
func (r *random) statements(profile Profile, d dimensions) []Statement {
	total := d.policies * perPolicy
	denyAt, overriddenAt, lastAt := total*2/5, total*3/10, total-1
	out := make([]Statement, total)
	for i := range out {
		var st Statement
		switch i {
		case denyAt:
			st = Statement{
				Effect:    EffectDeny,
				Action:    Strings{"s3:Delete*"},
				Resource:  Strings{"arn:aws:s3:::acme-prod-*/*"},
				Condition: Condition{"Bool": {keySecureTransport: {"false"}}},
			}
		case overriddenAt:
			st = Statement{
				Effect:   EffectAllow,
				Action:   Strings{"s3:*"},
				Resource: Strings{"arn:aws:s3:::acme-prod-zulu-0002/*"},
			}
		case lastAt:
			st = Statement{
				Effect:   EffectAllow,
				Action:   Strings{"s3:GetObject", "s3:GetObjectTagging"},
				Resource: Strings{"arn:aws:s3:::acme-prod-zulu-0001/*/late/*.csv"},
				Condition: Condition{
					"StringEquals": {keyTeam: {"zulu"}},
					"IpAddress":    {keySourceIP: {"10.0.0.0/8"}},
				},
			}
		default:
			st = r.statement(profile, d)
		}
		st.Sid = fmt.Sprintf("S%05d", i)
		out[i] = st
	}
	return out
}

// statement makes one random statement.
func (r *random) statement(profile Profile, d dimensions) Statement {
	var st Statement
	if profile == ProfileMulti {
		st = r.multiStatement(d.buckets)
	} else {
		st = r.s3Statement(d.buckets)
	}
	if r.below(1000) < d.denyPerThousand {
		st = Statement{
			Effect:    EffectDeny,
			Action:    r.s3Actions(),
			Resource:  Strings{r.s3Resource(d.buckets)},
			Condition: Condition{"StringEquals": {keyTeam: {r.pick(teams)}}},
		}
	}
	return st
}

// generateW1 makes the smallest workload: one statement, nothing random.
func generateW1(profile Profile) *Set {
	context := map[string]Strings{keyTeam: {"zulu"}, keySourceIP: {"10.1.2.3"}, keySecureTransport: {"true"}, keyUsername: {"alice"}}
	s := &Set{
		Profile: profile,
		Size:    W1,
		Policies: []Policy{{Version: "2012-10-17", Statement: []Statement{{
			Sid:      "S00000",
			Effect:   EffectAllow,
			Action:   Strings{"s3:GetObject"},
			Resource: Strings{"arn:aws:s3:::bucket/*"},
		}}}},
		Named: []Request{
			{Name: RequestAllow, Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket/some/dir/file-00042.json", Context: context, Expect: Allow},
			{Name: RequestImplicitDeny, Action: "s3:PutObject", Resource: "arn:aws:s3:::bucket/some/dir/file-00042.json", Context: context, Expect: ImplicitDeny},
			{Name: RequestImplicitDenyFar, Action: "s3:GetObject", Resource: "arn:aws:s3:::other/some/dir/file-00042.json", Context: context, Expect: ImplicitDeny},
		},
	}
	s.Mix = append(s.Mix, s.Named...)
	return s
}

package evaluate

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/workload"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// workloadEvaluator makes an evaluator of a user with all policies of a
// workload.
func workloadEvaluator(tb testing.TB, set *workload.Set, how indexing) *Evaluator {
	tb.Helper()
	user, err := principal.Identify("arn:aws:iam::111122223333:user/alice", "")
	if err != nil {
		tb.Fatal(err)
	}
	p := &principal.Principal{Identity: user}
	documents, err := set.Documents()
	if err != nil {
		tb.Fatal(err)
	}
	for at, document := range documents {
		compiled, err := policy.Load(policy.IdentityBased, document)
		if err != nil {
			tb.Fatal(err)
		}
		p.IdentityPolicies = append(p.IdentityPolicies, principal.Attachment{Policy: compiled, Source: principal.Source{Name: fmt.Sprint(at)}})
	}
	e, err := newEvaluator(p, how)
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

// workloadRequest prepares a request of a workload.
func workloadRequest(tb testing.TB, q *workload.Request) *Request {
	tb.Helper()
	r, err := NewRequest(q.Action, q.Resource, "111122223333")
	if err != nil {
		tb.Fatal(err)
	}
	if strings.HasPrefix(q.Action, "kms:") {
		// A key is governed by its key policy; the workload speaks of
		// identity-based policies only, so this one leaves it to them.
		keyPolicy, err := policy.Load(policy.ResourceBased, []byte(`{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
			"Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"}}`))
		if err != nil {
			tb.Fatal(err)
		}
		if r.Resource, err = NewResource(&principal.Resource{Policy: &principal.Attachment{Policy: keyPolicy}}); err != nil {
			tb.Fatal(err)
		}
	}
	for key, values := range q.Context {
		switch key {
		case "aws:TagKeys":
			r.Context.Set(key, condition.List(values...))
		case "aws:SourceIp": // as a service has it in hand
			r.Context.Set(key, condition.Addr(netip.MustParseAddr(values[0])))
		case "aws:SecureTransport":
			r.Context.Set(key, condition.Bool(values[0] == "true"))
		default:
			r.Context.Set(key, condition.String(values[0]))
		}
	}
	return r
}

var workloadOutcomes = map[string]Outcome{"allow": Allowed, "explicit_deny": ExplicitlyDenied, "implicit_deny": ImplicitlyDenied}

// TestWorkload decides every request of the workload, with an index and
// without, as its own linear scan expects.
func TestWorkload(t *testing.T) {
	for _, profile := range workload.Profiles() {
		for _, name := range workload.Sizes() {
			t.Run(string(profile)+"/"+string(name), func(t *testing.T) {
				set, err := workload.Generate(profile, name)
				if err != nil {
					t.Fatal(err)
				}
				indexed, scanned := workloadEvaluator(t, set, alwaysIndex), workloadEvaluator(t, set, neverIndex)
				for _, list := range [][]workload.Request{set.Named, set.Mix} {
					for at := range list {
						r := workloadRequest(t, &list[at])
						want := workloadOutcomes[list[at].Expect]
						if got := indexed.Evaluate(r); got.Outcome != want {
							t.Errorf("%s with an index: %v, want %v", list[at].Name, got, want)
						}
						if got := scanned.Evaluate(r); got.Outcome != want {
							t.Errorf("%s by a scan: %v, want %v", list[at].Name, got, want)
						}
					}
				}
			})
		}
	}
}

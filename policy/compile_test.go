package policy_test

import (
	"errors"
	"runtime"
	"testing"

	"github.com/portcullis-iam/portcullis/internal/workload"
	"github.com/portcullis-iam/portcullis/policy"
)

func TestCompileRefusesWhatCheckRefuses(t *testing.T) {
	document := &policy.Document{Kind: policy.IdentityBased, Statements: []policy.Statement{{Effect: "allow", Action: policy.StringsOf("s3:*"), Resource: policy.StringsOf("*")}}}
	_, err := policy.Compile(document)
	var documentError *policy.Error
	if !errors.As(err, &documentError) || documentError.Code != policy.InvalidEffect {
		t.Errorf("Compile: %v, want INVALID_EFFECT", err)
	}
	if _, err := policy.Load(policy.IdentityBased, []byte(`{}`)); err == nil {
		t.Error("Load compiles a document without statements")
	}
}

func TestPolicyDescribesItsStatements(t *testing.T) {
	p, err := policy.Load(policy.ResourceBased, []byte(`{
  "Statement": [
    {"Sid": "One", "Effect": "Allow", "Principal": "*", "Action": "s3:*"},
    {"Effect": "Deny", "Principal": "*", "Action": "s3:*"}
  ]
}`))
	if err != nil {
		t.Fatal(err)
	}
	if p.Kind() != policy.ResourceBased || p.Len() != 2 || p.Sid(0) != "One" || p.Sid(1) != "" || p.Effect(0) != policy.Allow || p.Effect(1) != policy.Deny {
		t.Errorf("%v, %d statements, %q %q, %v %v", p.Kind(), p.Len(), p.Sid(0), p.Sid(1), p.Effect(0), p.Effect(1))
	}
	if start, end := p.Span(1); start.String() != "4:5" || end.String() != "4:59" {
		t.Errorf("the second statement spans %v to %v", start, end)
	}
	var zero policy.Policy
	if zero.Len() != 0 || zero.Kind() != 0 {
		t.Error("the zero Policy is not empty")
	}
}

// TestEffectOfAStatementWithoutEffect: a Deny with an empty list stays one, if
// it never applies.
func TestEffectOfAStatementWithoutEffect(t *testing.T) {
	t.Parallel()
	p, err := policy.Load(policy.IdentityBased, []byte(`{"Statement": {"Effect": "Deny", "Action": [], "Resource": "*"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Effect(0); got != policy.Deny {
		t.Errorf("Effect is %s, want Deny", got)
	}
}

func workloadDocuments(b *testing.B) [][]byte {
	set, err := workload.Generate(workload.ProfileS3, workload.W3)
	if err != nil {
		b.Fatal(err)
	}
	documents, err := set.Documents()
	if err != nil {
		b.Fatal(err)
	}
	return documents
}

// BenchmarkLoad parses and compiles documents of ten statements.
func BenchmarkLoad(b *testing.B) {
	documents := workloadDocuments(b)
	b.ReportAllocs()
	next := 0
	for b.Loop() {
		if _, err := policy.Load(policy.IdentityBased, documents[next]); err != nil {
			b.Fatal(err)
		}
		if next++; next == len(documents) {
			next = 0
		}
	}
}

// BenchmarkHeap reports what a compiled policy of ten statements holds, beyond
// its text and with it.
func BenchmarkHeap(b *testing.B) {
	documents := workloadDocuments(b)
	text := 0
	for _, document := range documents {
		text += len(document)
	}
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	var held float64
	for b.Loop() {
		before := heap()
		compiled := make([]*policy.Policy, len(documents))
		for at, document := range documents {
			var err error
			if compiled[at], err = policy.Load(policy.IdentityBased, document); err != nil {
				b.Fatal(err)
			}
		}
		held = float64(heap()-before) / float64(len(documents))
		runtime.KeepAlive(compiled)
	}
	b.ReportMetric(held, "B/policy")
	b.ReportMetric(held-float64(text)/float64(len(documents)), "B/policy-beyond-text")
}

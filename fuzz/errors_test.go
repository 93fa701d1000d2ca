package fuzz_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/fuzz/generate"
	"github.com/portcullis-iam/portcullis/fuzz/reference"
	"github.com/portcullis-iam/portcullis/internal/neutral"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// brokenDocuments are refused in every layer.
var brokenDocuments = []string{
	`null`, `[]`, `5`, `"*"`, `{}`, `{"Statement":null}`, `{"Statement":"*"}`, `{"Statement":[null]}`, `{"Statement":[[]]}`,
	`{"Version":"2012-10-18","Statement":[]}`, `{"Version":null,"Statement":[]}`, `{"version":"2012-10-17","Statement":[]}`,
	`{"Statement":[],"Statement":[]}`, `{"Statement":[],"Extra":1}`, `{"Statement":[{}]}`,
	`{"Statement":{"Effect":"allow","Action":"s3:*","Resource":"*","Principal":"*"}}`,
	`{"Statement":{"Effect":"Allow","Effect":"Deny","Action":"s3:*","Resource":"*","Principal":"*"}}`,
	`{"Statement":{"Effect":"Deny","Action":"s3","Resource":"*","Principal":"*"}}`,
	`{"Statement":{"Effect":"Deny","Action":5,"Resource":"*","Principal":"*"}}`,
	`{"Statement":{"Effect":"Deny","Action":"s3:*","Resource":"bucket","Principal":"*"}}`,
	`{"Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*","Principal":"*","Condition":{"StringIs":{"a":"b"}}}}`,
	`{"Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*","Principal":"*","Condition":{"NullIfExists":{"a":"true"}}}}`,
	`{"Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*","Principal":"*","Condition":{"Bool":{"a":null}}}}`,
	`{"Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*","Principal":"*","Condition":{"Bool":{"a":"true","A":"true"}}}}`,
	`{"Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*","Principal":"*","Condition":{"Bool":{"a":"true"},"bool":{"b":"true"}}}}`,
}

// TestABrokenDocumentInAnyLayerIsAnError puts documents that must be refused
// into questions, also into layers that do not count for the caller.
func TestABrokenDocumentInAnyLayerIsAnError(t *testing.T) {
	for _, layer := range generate.Layers() {
		t.Run(string(layer), func(t *testing.T) {
			t.Parallel()
			check(t, 1000, 0.9, func(c generate.Case) error {
				if c.Labels.Broken != "" {
					return errVacuous
				}
				broken := generate.Document{Raw: brokenDocuments[len(c.JSON())%len(brokenDocuments)]}
				changed := c.Clone()
				switch layer {
				case generate.LayerResource:
					changed.ResourcePolicy = &broken
				default:
					changed, _ = changed.AddDeny(layer, broken)
				}
				if after := ask(changed); after.outcome != refused {
					return fmt.Errorf("%v with a broken document in the %s layer:\n%s", after, layer, changed.JSON())
				}
				return nil
			})
		})
	}
}

// TestABrokenDocumentIsAnErrorWhateverItIs goes through all of them.
func TestABrokenDocumentIsAnErrorWhateverItIs(t *testing.T) {
	for _, text := range brokenDocuments {
		for kind := policy.IdentityBased; kind <= policy.VPCEndpoint; kind++ {
			compiled, err := policy.Load(kind, []byte(text))
			var all policy.Errors
			if compiled != nil || !errors.As(err, &all) {
				t.Errorf("as %v: %s gives %v, %v", kind, text, compiled, err)
			}
		}
	}
}

// TestAnErrorNeverEndsInAnAllow: what the generator spoiled is refused, and so
// is what is spoiled in its bytes, unless it is still a question; then it is
// answered as the reference answers it.
func TestAnErrorNeverEndsInAnAllow(t *testing.T) {
	t.Parallel()
	t.Run("spoiled questions", func(t *testing.T) {
		t.Parallel()
		check(t, 10_000, 0.01, func(c generate.Case) error {
			if c.Labels.Broken == "" {
				return errVacuous
			}
			if after := ask(c); after.outcome != refused {
				return fmt.Errorf("%v although it was spoiled: %s", after, c.Labels.Broken)
			}
			return nil
		})
	})
	t.Run("spoiled bytes", func(t *testing.T) {
		t.Parallel()
		check(t, 3000, 0.9, func(c generate.Case) error {
			line := c.JSON()
			random := rand.New(rand.NewPCG(uint64(len(line)), 99))
			for range 4 {
				line := append([]byte(nil), line...)
				switch at := random.IntN(len(line)); random.IntN(4) {
				case 0:
					line = line[:at]
				case 1:
					line[at] = byte(random.IntN(256))
				case 2:
					line = append(line[:at], line[at+1:]...)
				case 3:
					from := random.IntN(len(line))
					line = append(line[:at:at], line[from:]...)
				}
				if err := answersAsReference(line); err != nil {
					return fmt.Errorf("%w\n%s", err, line)
				}
			}
			return nil
		})
	})
}

// answersAsReference holds the engine against the reference on any text. The
// engine may refuse more: it bounds size and depth, and takes no half of a
// surrogate pair.
func answersAsReference(line []byte) error {
	got, verdict := neutral.Run(line), reference.Decide(line)
	decision, reason, _ := strings.Cut(got.Decision, ":")
	switch {
	case decision == verdict.Decision:
		return nil
	case decision == refused && isBound(reason):
		return nil
	}
	return fmt.Errorf("the engine says %s, the reference %s %s", got.Decision, verdict.Decision, verdict.Error)
}

// isBound tells the errors by which the engine refuses what is legal and
// outside its bounds.
func isBound(reason string) bool {
	for _, bound := range []string{"half of a surrogate pair", "nest deeper than", "more than the", "larger than", "there are more than", "a document has at most"} {
		if strings.Contains(reason, bound) {
			return true
		}
	}
	return false
}

// TestWhatWasRefusedDecidesNothing goes past the errors, as careless code would.
func TestWhatWasRefusedDecidesNothing(t *testing.T) {
	everything, err := policy.Load(policy.IdentityBased, []byte(`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`))
	if err != nil {
		t.Fatal(err)
	}
	user, err := principal.Identify("arn:aws:iam::111111111111:user/alice", "")
	if err != nil {
		t.Fatal(err)
	}
	p := &principal.Principal{Identity: user, IdentityPolicies: []principal.Attachment{{Policy: everything}}}
	evaluator, err := evaluate.New(p)
	if err != nil {
		t.Fatal(err)
	}
	const bucket = "arn:aws:s3:::b/k"
	request, err := evaluate.NewRequest("s3:GetObject", bucket, "111111111111")
	if err != nil || !evaluator.Evaluate(request).Allowed() {
		t.Fatalf("the test allows nothing to begin with: %v", err)
	}
	for _, wrong := range []struct{ action, resource, account string }{
		{"GetObject", bucket, "111111111111"}, {"s3:Get*", bucket, "111111111111"}, {"s3:Get?bject", bucket, ""}, {"", bucket, "111111111111"},
		{"s3:GetObject", "b/k", "111111111111"}, {"s3:GetObject", "", "111111111111"}, {"s3:GetObject", "arn:aws:s3", ""}, {"s3:GetObject", bucket, ""},
	} {
		if err := request.Set(wrong.action, wrong.resource, wrong.account); err == nil {
			t.Errorf("%+v is taken", wrong)
		}
		if decision := evaluator.Evaluate(request); decision.Allowed() {
			t.Errorf("%+v, which was refused, is %v", wrong, decision)
		}
		if decision := evaluator.Explain(request).Decision; decision.Allowed() {
			t.Errorf("%+v, which was refused, is explained as %v", wrong, decision)
		}
	}
	if err := request.Set("s3:GetObject", bucket, "111111111111"); err != nil {
		t.Fatal(err)
	}
	for name, decision := range map[string]evaluate.Decision{
		"a zero evaluator": new(evaluate.Evaluator).Evaluate(request), "a zero request": evaluator.Evaluate(new(evaluate.Request)), "no request": evaluator.Evaluate(nil),
	} {
		if decision.Allowed() {
			t.Errorf("%s: %v", name, decision)
		}
	}
	for name, broken := range map[string]*principal.Principal{
		"an attachment without a policy": {Identity: user, IdentityPolicies: []principal.Attachment{{}, {Policy: everything}}},
		"a policy of another kind":       {Identity: user, SessionPolicies: []principal.Attachment{{Policy: everything}}, IdentityPolicies: p.IdentityPolicies},
		"a control policy of another kind": {Identity: user, IdentityPolicies: p.IdentityPolicies,
			ServiceControlLevels: []principal.Level{{Policies: []principal.Attachment{{Policy: everything}}}}},
	} {
		evaluator, err := evaluate.New(broken)
		var wrong *evaluate.LayerError
		if evaluator != nil || !errors.As(err, &wrong) {
			t.Errorf("%s: %v, %v", name, evaluator, err)
		}
	}
	if evaluator, err := evaluate.New(&principal.Principal{IdentityPolicies: p.IdentityPolicies}); err == nil && evaluator.Evaluate(request).Allowed() {
		t.Error("nobody may do something")
	}
	for _, text := range []string{`{"a":null}`, `{"a":{}}`, `{"a":"1","A":"1"}`, `[`, `{"a":[["x"]]}`} {
		if context, err := condition.ParseJSON([]byte(text)); context != nil || err == nil {
			t.Errorf("the context %s gives %v, %v", text, context, err)
		}
	}
	b := principal.NewBuilder()
	b.AddUser("111111111111", principal.UserDetail{Name: "alice", Inline: []principal.NamedDocument{{Name: "p", Document: `{"Statement":[{}]}`}}})
	if directory, err := b.Build(); directory != nil || err == nil {
		t.Errorf("a directory with a broken policy: %v, %v", directory, err)
	}
}

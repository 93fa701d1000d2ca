package policy_test

import (
	"encoding/json"
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/portcullis-iam/portcullis/policy"
)

var fuzzSeeds = []string{
	wholeDocument,
	`{"Statement": []}`,
	`{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": ["s3:*"], "Resource": "arn:aws:s3:::${aws:username, 'x'}/*", "Condition": {"ForAnyValue:StringLikeIfExists": {"aws:TagKeys": [1, true, "\ud83d\ude00"]}}}}`,
	`{"Statement": {"Effect": "Allow", "Principal": {"AWS": "*", "Service": []}, "Action": "sts:AssumeRole"}}`,
	`{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "NotResource": []}], "Statement": 1}`,
	"\uFEFF{}", `{"a": [1,]}`, `{"a": -0.0e+1}`, `["\u00"]`, "{\"\xff\": 1}", `[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]`, `{"a": "\ud800"}`, `// x`, `nul`,
}

// FuzzParse: no text makes Parse panic; an error has its place inside the text;
// a document passes Check, and comes back from its own JSON, equal; what is not
// JSON to encoding/json is not JSON here, and the other way round.
func FuzzParse(f *testing.F) {
	for i, seed := range fuzzSeeds {
		f.Add(uint8(kinds[i%len(kinds)]), []byte(seed))
	}
	f.Add(uint8(policy.ResourceBased), []byte(wholeDocument))
	f.Fuzz(func(t *testing.T, kind uint8, text []byte) {
		d, err := policy.Parse(policy.Kind(kind), text)
		if err != nil {
			checkErrors(t, err, text)
			return
		}
		if !json.Valid(text) || !utf8.Valid(text) {
			t.Fatal("the text parses and is not JSON")
		}
		if err := d.Check(); err != nil {
			t.Fatalf("Check refuses what Parse took: %v", err)
		}
		marshalled, err := d.MarshalJSON()
		if err != nil {
			t.Fatalf("what was parsed cannot be written: %v", err)
		}
		again, err := policy.Parse(d.Kind, marshalled)
		if err != nil {
			t.Fatalf("%s does not parse: %v", marshalled, err)
		}
		if !policy.Equal(d, again) {
			t.Fatalf("%s is another document", marshalled)
		}
		for _, finding := range d.Validate() {
			if finding.Severity == 0 || int(finding.Position.Offset) > len(text) || !finding.Position.IsValid() {
				t.Fatalf("%s: not in the text", finding.String())
			}
		}
	})
}

func checkErrors(t *testing.T, err error, text []byte) {
	t.Helper()
	var all policy.Errors
	if !errors.As(err, &all) || len(all) == 0 || len(all) > policy.MaxErrors {
		t.Fatalf("the error is %T of length %d", err, len(all))
	}
	offset := int32(0)
	for _, one := range all {
		switch one.Code {
		case policy.InvalidPolicyKind:
			continue
		case policy.JSONSyntaxError:
			if json.Valid(text) && utf8.Valid(text) {
				t.Fatalf("%v, but the text is JSON", one)
			}
		}
		if !one.Position.IsValid() || one.Position.Offset < offset || int(one.Position.Offset) > len(text) {
			t.Fatalf("%v: not in the text, or out of order", one)
		}
		offset = one.Position.Offset
	}
	switch all[0].Code {
	case policy.JSONSyntaxError, policy.InvalidUnicode, policy.NestingTooDeep, policy.DocumentTooLarge:
	default:
		if !json.Valid(text) {
			t.Fatalf("%v, but the text is not JSON", all[0])
		}
	}
}

// FuzzEqual: Equal is symmetric, and holds for a document and itself.
func FuzzEqual(f *testing.F) {
	for i, seed := range fuzzSeeds {
		f.Add(uint8(policy.ResourceBased), []byte(seed), []byte(fuzzSeeds[(i+1)%len(fuzzSeeds)]))
	}
	f.Fuzz(func(t *testing.T, kind uint8, first, second []byte) {
		a, err := policy.Parse(policy.Kind(kind), first)
		if err != nil {
			return
		}
		if !policy.Equal(a, a) {
			t.Fatal("a document is not equal to itself")
		}
		b, err := policy.Parse(policy.Kind(kind), second)
		if err != nil {
			return
		}
		if policy.Equal(a, b) != policy.Equal(b, a) {
			t.Fatal("Equal is not symmetric")
		}
	})
}

package fuzz_test

import (
	"fmt"
	"testing"

	"github.com/portcullis-iam/portcullis/fuzz/generate"
	"github.com/portcullis-iam/portcullis/policy"
)

// kindOf is the kind of the documents of a layer of the question.
func kindOf(c generate.Case, layer generate.Layer) policy.Kind {
	switch layer {
	case generate.LayerBoundary:
		return policy.PermissionsBoundary
	case generate.LayerSession:
		return policy.Session
	case generate.LayerResource:
		if asksTrust(c) {
			return policy.RoleTrust
		}
		return policy.ResourceBased
	case generate.LayerSCP:
		return policy.ServiceControl
	case generate.LayerRCP:
		return policy.ResourceControl
	case generate.LayerEndpoint:
		return policy.VPCEndpoint
	}
	return policy.IdentityBased
}

// TestMarshalThenParseDecidesTheSame writes every document of a question anew,
// twice, and asks again.
func TestMarshalThenParseDecidesTheSame(t *testing.T) {
	t.Parallel()
	check(t, 1500, 0.9, func(c generate.Case) error {
		before := ask(c)
		if before.outcome == refused {
			return errVacuous
		}
		changed := c.Clone()
		for _, layer := range generate.Layers() {
			for _, document := range changed.Documents(layer) {
				kind, text := kindOf(c, layer), document.JSON()
				for range 2 {
					parsed, err := policy.Parse(kind, text)
					if err != nil {
						return fmt.Errorf("%s does not parse: %w", text, err)
					}
					written, err := parsed.MarshalJSON()
					if err != nil {
						return fmt.Errorf("%s cannot be written: %w", text, err)
					}
					again, err := policy.Parse(kind, written)
					if err != nil || !policy.Equal(parsed, again) {
						return fmt.Errorf("%s became another document, %s (%v)", text, written, err)
					}
					text = written
				}
				document.Raw = string(text)
			}
		}
		if after := ask(changed); !before.same(after) {
			return fmt.Errorf("%v became %v in\n%s", before, after, changed.JSON())
		}
		return nil
	})
}

// TestSpellingOfJSONIsIrrelevant writes blanks and escapes where there were none
// and the other way round.
func TestSpellingOfJSONIsIrrelevant(t *testing.T) {
	t.Parallel()
	check(t, 1500, 0.9, unchanged(func(c generate.Case) generate.Case {
		changed := c.Clone()
		for _, document := range changed.AllDocuments() {
			document.Spaced, document.Escaped = !document.Spaced, !document.Escaped
		}
		return changed
	}))
}

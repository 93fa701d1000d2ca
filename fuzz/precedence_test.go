package fuzz_test

import (
	"fmt"
	"testing"

	"github.com/portcullis-iam/portcullis/fuzz/generate"
)

// TestExplicitDenyWinsInEveryLayer puts a Deny of everything into each layer in
// turn. Where the layer counts for the caller, nothing that allows can help;
// where it does not, the Deny changes nothing.
func TestExplicitDenyWinsInEveryLayer(t *testing.T) {
	for _, layer := range generate.Layers() {
		t.Run(string(layer), func(t *testing.T) {
			t.Parallel()
			check(t, 1500, 0.9, func(c generate.Case) error {
				before := ask(c)
				changed, ok := c.AddDeny(layer, c.Broad(layer, "Deny"))
				if before.outcome == refused || !ok {
					return errVacuous
				}
				want := explicitlyDenied
				switch {
				case isAlwaysAllowed(c):
					want = allowed
				case !denies(c, layer):
					want = before.outcome
				}
				if after := ask(changed); after.outcome != want {
					return fmt.Errorf("with a Deny in the %s layer it is %v, want %s:\n%s", layer, after, want, changed.JSON())
				}
				return nil
			})
		})
	}
}

// statementsOf gives the statements of one effect that another question has in
// a layer, as one document; false if it has none that fit there.
func statementsOf(effect string, layer generate.Layer, other, into generate.Case) (generate.Document, bool) {
	found := generate.Document{Version: "2012-10-17"}
	if other.Labels.Broken != "" || layer == generate.LayerResource && asksTrust(other) != asksTrust(into) {
		return found, false
	}
	for _, document := range other.Documents(layer) {
		if document.Raw != "" {
			continue
		}
		for i := range document.Statements {
			if s := document.Statements[i]; s.Raw == "" && s.Effect == effect {
				found.Statements = append(found.Statements, s.Clone())
			}
		}
	}
	return found, len(found.Statements) > 0
}

// additions gives documents with statements of one effect for a layer: those of
// two other questions, which sometimes apply, and one that always does.
func additions(effect string, layer generate.Layer, c generate.Case) []generate.Document {
	documents := []generate.Document{c.Broad(layer, effect)}
	seed := uint64(len(c.JSON())) * 7919
	for other := seed; other < seed+2; other++ {
		if document, found := statementsOf(effect, layer, generate.FromSeed(other), c); found {
			documents = append(documents, document)
		}
	}
	return documents
}

// TestAddingADenyNeverOpens: whatever Deny is added to whatever layer, what was
// not allowed still is not, and what was denied explicitly still is.
func TestAddingADenyNeverOpens(t *testing.T) {
	t.Parallel()
	check(t, 1500, 0.3, func(c generate.Case) error {
		before := ask(c)
		if before.outcome == allowed || before.outcome == refused {
			return errVacuous
		}
		for _, layer := range generate.Layers() {
			for _, document := range additions("Deny", layer, c) {
				changed, ok := c.AddDeny(layer, document)
				if !ok {
					continue
				}
				after := ask(changed)
				if after.outcome == allowed || before.outcome == explicitlyDenied && after.outcome == implicitlyDenied {
					return fmt.Errorf("it is %v, and %v with one more Deny in the %s layer:\n%s", before, after, layer, changed.JSON())
				}
			}
		}
		return nil
	})
}

// TestAddingAnAllowNeverCloses: whatever Allow is added to a layer that is
// there, what was allowed still is, and no denial becomes an explicit one.
func TestAddingAnAllowNeverCloses(t *testing.T) {
	t.Parallel()
	check(t, 1500, 0.3, func(c generate.Case) error {
		before := ask(c)
		if before.outcome == explicitlyDenied || before.outcome == refused {
			return errVacuous
		}
		for _, layer := range generate.Layers() {
			for _, document := range additions("Allow", layer, c) {
				changed, ok := c.AddAllow(layer, document)
				if !ok {
					continue
				}
				after := ask(changed)
				if after.outcome == explicitlyDenied || before.outcome == allowed && after.outcome != allowed {
					return fmt.Errorf("it is %v, and %v with one more Allow in the %s layer:\n%s", before, after, layer, changed.JSON())
				}
			}
		}
		return nil
	})
}

// TestRemovingAStatementNeverHelpsItsOwnEffect: without an Allow nothing opens,
// without a Deny nothing closes.
func TestRemovingAStatementNeverHelpsItsOwnEffect(t *testing.T) {
	t.Parallel()
	check(t, 1500, 0.8, func(c generate.Case) error {
		before := ask(c)
		if before.outcome == refused {
			return errVacuous
		}
		for _, place := range c.Places() {
			changed := c.RemoveStatement(place)
			after := ask(changed)
			opened := before.outcome != allowed && after.outcome == allowed
			closed := before.outcome == allowed && after.outcome != allowed
			if effect := c.At(place).Effect; effect == "Allow" && opened || effect == "Deny" && closed {
				return fmt.Errorf("it is %v, and %v without the %s at %+v:\n%s", before, after, effect, place, changed.JSON())
			}
		}
		return nil
	})
}

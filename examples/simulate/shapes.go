package main

import (
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
)

// The shapes of what SimulatePrincipalPolicy does not have, in JSON. The value
// of a key is a string or an array of them, and null if the key is absent.
type (
	residualJSON struct {
		// Outcome is Undetermined; or what the decision is after all, whatever
		// the unknown keys are.
		Outcome   string
		Keys      []string
		AllowedIf evaluate.Expression
		Sentence  string
		Examples  []exampleJSON `json:",omitempty"`
	}
	exampleJSON struct {
		Outcome string
		Values  map[string]any
	}
	nearMissJSON struct {
		Outcome  string
		Sentence string
		Changes  []any // keyJSON and layerJSON
	}
	// keyJSON is a key that would have to have another value.
	keyJSON struct {
		Key      string
		From, To any
	}
	// layerJSON is a layer that would have to allow.
	layerJSON struct {
		Layer         string
		OrgIdentifier string `json:",omitempty"`
	}
)

func (a *answer) residualJSON() *residualJSON {
	if a.residual == nil {
		return nil
	}
	r := &residualJSON{
		Outcome: a.outcome().String(), Keys: a.residual.Keys, AllowedIf: a.residual.Condition, Sentence: a.residual.Condition.String(),
	}
	if r.Keys == nil {
		r.Keys = []string{}
	}
	for _, example := range []*evaluate.Example{a.residual.Allowed, a.residual.Denied} {
		if example == nil {
			continue
		}
		values := make(map[string]any, len(example.Values))
		for _, one := range example.Values {
			values[one.Key] = valueJSON(one.Value)
		}
		r.Examples = append(r.Examples, exampleJSON{example.Decision.Outcome.String(), values})
	}
	return r
}

func nearMissesJSON(all []evaluate.NearMiss) []nearMissJSON {
	var list []nearMissJSON
	for _, near := range all {
		one := nearMissJSON{Outcome: near.Decision.Outcome.String(), Sentence: near.String()}
		for _, change := range near.Changes {
			if change.Layer != evaluate.NoLayer {
				one.Changes = append(one.Changes, layerJSON{change.Layer.String(), change.OrgIdentifier})
			} else {
				one.Changes = append(one.Changes, keyJSON{change.Key, valueJSON(change.From), valueJSON(change.To)})
			}
		}
		list = append(list, one)
	}
	return list
}

func valueJSON(value condition.Value) any {
	switch {
	case value.Kind() == condition.KindInvalid:
		return nil
	case value.IsList():
		return append([]string{}, value.Values()...)
	}
	return value.Text()
}

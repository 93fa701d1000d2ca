package evaluate

import (
	"encoding/json"

	"github.com/portcullis-iam/portcullis/condition"
)

// The shapes of explanations in JSON.
type (
	explanationJSON struct {
		Principal    string        `json:"principal"`
		Action       string        `json:"action"`
		Resource     string        `json:"resource"`
		Outcome      string        `json:"outcome"`
		Decision     string        `json:"decision"`
		AccessDenied string        `json:"accessDenied,omitempty"`
		Blockers     []blockerJSON `json:"blockers,omitempty"`
		Layers       []layerJSON   `json:"layers"`
		MissingKeys  []string      `json:"missingKeys,omitempty"`
		UnknownKeys  []string      `json:"unknownKeys,omitempty"`
	}
	blockerJSON struct {
		Layer         string `json:"layer"`
		OrgIdentifier string `json:"orgIdentifier,omitempty"`
		Outcome       string `json:"outcome"`
		Rule          string `json:"rule,omitempty"`
		Sentence      string `json:"sentence"`
	}
	layerJSON struct {
		Layer         string          `json:"layer"`
		OrgIdentifier string          `json:"orgIdentifier,omitempty"`
		Needed        bool            `json:"needed"`
		Grant         string          `json:"grant,omitempty"`
		Total         int             `json:"total"`
		Statements    []statementJSON `json:"statements,omitempty"`
	}
	statementJSON struct {
		Policy   string        `json:"policy"`
		ARN      string        `json:"policyArn,omitempty"`
		Index    int           `json:"index"`
		Sid      string        `json:"sid,omitempty"`
		Effect   string        `json:"effect"`
		Start    string        `json:"start,omitempty"`
		Location string        `json:"location,omitempty"`
		Applies  string        `json:"applies"`
		Elements []elementJSON `json:"elements,omitempty"`
		Tests    []testJSON    `json:"tests,omitempty"`
	}
	elementJSON struct {
		Name    string      `json:"name"`
		Matches string      `json:"matches"`
		Entries []entryJSON `json:"entries"`
	}
	entryJSON struct {
		Text     string   `json:"text"`
		Resolved string   `json:"resolved,omitempty"`
		Missing  []string `json:"missing,omitempty"`
		Unknown  []string `json:"unknown,omitempty"`
		Matches  string   `json:"matches"`
	}
	testJSON struct {
		Operator string   `json:"operator"`
		Key      string   `json:"key"`
		Values   []string `json:"values"`
		Resolved []string `json:"resolved,omitempty"`
		Missing  []string `json:"missing,omitempty"`
		Unknown  []string `json:"unknown,omitempty"`
		Value    any      `json:"value"`
		Result   string   `json:"result"`
	}
)

// MarshalJSON writes the whole explanation. Truths are "true", "false" and
// "unknown"; the value of a key is a string or an array of them, null if the key
// is absent, and {"unknown": "…"} if it is not known. Members may be added to the
// objects in later versions.
func (x Explanation) MarshalJSON() ([]byte, error) {
	written := explanationJSON{
		Principal: x.Principal, Action: x.Action, Resource: x.Resource,
		Outcome: x.Decision.Outcome.String(), Decision: x.Decision.String(), AccessDenied: x.AccessDenied(),
		Layers: []layerJSON{}, MissingKeys: x.MissingKeys(), UnknownKeys: x.UnknownKeys(),
	}
	for _, blocker := range x.Blockers() {
		written.Blockers = append(written.Blockers, blockerJSON{
			Layer: blocker.layerName(), OrgIdentifier: blocker.OrgIdentifier, Outcome: blocker.Outcome.String(), Rule: blocker.Rule, Sentence: blocker.String()})
	}
	for at := range x.Layers {
		layer := &x.Layers[at]
		one := layerJSON{Layer: layerName(layer.Layer, layer.trust), OrgIdentifier: layer.OrgIdentifier, Needed: layer.Needed, Total: layer.Total()}
		if layer.Grant != NoGrant {
			one.Grant = layer.Grant.String()
		}
		for _, said := range layer.Statements() {
			one.Statements = append(one.Statements, said.json())
		}
		written.Layers = append(written.Layers, one)
	}
	return json.Marshal(written)
}

func (b *Blocker) layerName() string {
	return layerName(b.Layer, b.layer != nil && b.layer.trust)
}

func (t *StatementTrace) json() statementJSON {
	written := statementJSON{
		Policy: t.Source().String(), ARN: t.Source().ARN, Index: t.Index(), Sid: t.Sid(), Effect: string(t.Effect()),
		Location: t.Location().String(), Applies: t.Applies.String(),
	}
	if start, _ := t.Span(); start.IsValid() {
		written.Start = start.String()
	}
	for _, element := range t.Elements() {
		one := elementJSON{Name: element.Name, Matches: element.Matches.String(), Entries: []entryJSON{}}
		for _, entry := range element.Entries {
			one.Entries = append(one.Entries, entryJSON{entry.Text, entry.Resolved, entry.Missing, entry.Unknown, entry.Matches.String()})
		}
		written.Elements = append(written.Elements, one)
	}
	for _, test := range t.Tests() {
		one := testJSON{
			Operator: test.Test.Operator.String(), Key: test.Test.Key, Values: test.Test.Values, Resolved: test.Resolved,
			Missing: test.Missing, Unknown: test.Unknown, Value: valueJSON(test.Value), Result: test.Result.String(),
		}
		if one.Values == nil {
			one.Values = []string{}
		}
		written.Tests = append(written.Tests, one)
	}
	return written
}

func valueJSON(value condition.Value) any {
	switch value.Kind() {
	case condition.KindInvalid:
		return nil
	case condition.KindUnknown:
		return map[string]string{"unknown": value.String()}
	case condition.KindList:
		if values := value.Values(); values != nil {
			return values
		}
		return []string{}
	}
	return value.Text()
}

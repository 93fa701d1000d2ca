package evaluate

import (
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

func checkKind(layer Layer, attachment *principal.Attachment, kinds ...policy.Kind) error {
	if attachment.Policy == nil {
		return &LayerError{Layer: layer, Source: attachment.Source}
	}
	for _, kind := range kinds {
		if attachment.Policy.Kind() == kind {
			return nil
		}
	}
	return &LayerError{Layer: layer, Source: attachment.Source, Kind: attachment.Policy.Kind()}
}

// A LayerError tells that a policy stands in a layer that it was not compiled
// for, or that an attachment has no policy.
type LayerError struct {
	// Layer is where the policy was put.
	Layer Layer
	// Source is where the policy came from.
	Source principal.Source
	// Kind is what it was compiled to be, 0 if there is no policy.
	Kind policy.Kind
}

// Error names the policy, what it is and where it was put.
func (e *LayerError) Error() string {
	if e.Kind == 0 {
		return "evaluate: " + e.Source.String() + ": the attachment holds no compiled policy"
	}
	return "evaluate: " + e.Source.String() + " was compiled as " + article(e.Kind.String()) + " and cannot serve as " + article(e.Layer.String())
}

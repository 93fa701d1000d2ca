package evaluate

import "github.com/portcullis-iam/portcullis/principal"

// Indexing says which sets of statements get an index, for tests outside the
// package.
type Indexing = indexing

// With an index wherever there is a statement, and nowhere.
const (
	AlwaysIndex = alwaysIndex
	NeverIndex  = neverIndex
)

// NewIndexed, NewIndexedResource and NewIndexedEndpoint are New, NewResource and
// NewEndpoint with a choice of indexing.
func NewIndexed(p *principal.Principal, how Indexing) (*Evaluator, error) {
	return newEvaluator(p, how)
}

func NewIndexedResource(r *principal.Resource, how Indexing) (*Resource, error) {
	return newResource(r, how)
}

func NewIndexedEndpoint(policies []principal.Attachment, how Indexing) (*Endpoint, error) {
	return newEndpoint(policies, how)
}

package principal_test

import (
	"slices"
	"testing"

	"github.com/portcullis-iam/portcullis/principal"
)

// TestResources tells that the directory lists what was registered, in order.
func TestResources(t *testing.T) {
	b := principal.NewBuilder()
	for _, name := range []string{"arn:aws:s3:::nest", "arn:aws:s3:::eggs"} {
		b.AddResource(principal.ResourceDetail{ARN: name, AccountID: "111122223333"})
	}
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := slices.Collect(d.Resources()), []string{"arn:aws:s3:::eggs", "arn:aws:s3:::nest"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for name := range new(principal.Directory).Resources() {
		t.Errorf("an empty directory has %s", name)
	}
}

package policy_test

import (
	"fmt"
	"testing"

	"github.com/portcullis-iam/portcullis/policy"
)

func TestKindString(t *testing.T) {
	t.Parallel()
	want := "[identity-based policy permissions boundary session policy resource-based policy role trust policy service control policy resource control policy VPC endpoint policy]"
	if got := fmt.Sprint(kinds); got != want {
		t.Errorf("got %s", got)
	}
	for _, kind := range []policy.Kind{0, policy.VPCEndpoint + 1, 255} {
		if got := kind.String(); got != "unknown kind of policy" {
			t.Errorf("%d is %q", uint8(kind), got)
		}
	}
}

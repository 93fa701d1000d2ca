package fuzz_test

import (
	"fmt"
	"testing"

	"github.com/portcullis-iam/portcullis/fuzz/generate"
)

// controls are the layers that only ever take away.
var controls = []generate.Layer{generate.LayerBoundary, generate.LayerSession, generate.LayerSCP, generate.LayerRCP, generate.LayerEndpoint}

// without gives the question as it would be if the layer did not exist. For a
// federated user, who needs a session policy, that is one that allows
// everything.
func without(c generate.Case, layer generate.Layer) generate.Case {
	changed := c.Clone()
	takeOut(&changed, layer)
	if layer == generate.LayerSession && callerKind(c) == "federated" {
		changed.SessionPolicies = []generate.Document{c.Broad(layer, "Allow")}
	}
	return changed
}

// TestControlsNeverGrant: a boundary, session policy, SCP, RCP or endpoint
// policy, whatever it says, allows nothing that would not be allowed without it.
func TestControlsNeverGrant(t *testing.T) {
	for _, layer := range controls {
		t.Run(string(layer), func(t *testing.T) {
			t.Parallel()
			check(t, 2000, 0.05, func(c generate.Case) error {
				if !hasLayer(c, layer) || ask(c).outcome != allowed {
					return errVacuous
				}
				bare := without(c, layer)
				if after := ask(bare); after.outcome != allowed {
					return fmt.Errorf("it is allowed, and %v without the %s layer:\n%s", after, layer, bare.JSON())
				}
				return nil
			})
		})
	}
}

// TestControlsAloneAllowNothing takes the identity and resource policies away
// and lets everything else allow everything. Only root users in their own
// account, and the actions that nothing denies, are left.
func TestControlsAloneAllowNothing(t *testing.T) {
	t.Parallel()
	check(t, 2000, 0.9, func(c generate.Case) error {
		if ask(c).outcome == refused {
			return errVacuous
		}
		open := c.Clone()
		open.IdentityPolicies, open.ResourcePolicy = nil, nil
		everything := func(layer generate.Layer) []generate.Document { return []generate.Document{c.Broad(layer, "Allow")} }
		open.PermissionsBoundaries, open.SessionPolicies, open.VPCEndpointPolicies = everything(generate.LayerBoundary), everything(generate.LayerSession), everything(generate.LayerEndpoint)
		open.SCPs = []generate.Level{{Identifier: "r-root", Policies: everything(generate.LayerSCP)}}
		open.RCPs = []generate.Level{{Identifier: "r-root", Policies: everything(generate.LayerRCP)}}
		after := ask(open)
		if after.outcome == allowed && !isAlwaysAllowed(c) && !(callerKind(c) == "root" && isSameAccount(c)) {
			return fmt.Errorf("%v with controls alone:\n%s", after, open.JSON())
		}
		if after.outcome == explicitlyDenied {
			return fmt.Errorf("%v although nothing denies:\n%s", after, open.JSON())
		}
		return nil
	})
}

package evaluate

import (
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// A Resource is the resource's side of decisions, made ready for many
// requests: its policy, the resource control policies of its account, and
// what is known about it. It is immutable and safe for any number of
// goroutines.
type Resource struct {
	resource *principal.Resource
	policy   sets
	kind     policy.Kind // of its policy, 0 if it has none
	control  sets        // resource control policies; only its deny is used
}

// NewResource makes a Resource ready. The error is a [*LayerError], if a
// policy was compiled for another use than the one it is put to here. The
// argument must not change afterwards; nil means the zero principal.Resource,
// which has no policies.
func NewResource(resource *principal.Resource) (*Resource, error) {
	return newResource(resource, indexLarge)
}

func newResource(resource *principal.Resource, how indexing) (*Resource, error) {
	if resource == nil {
		resource = new(principal.Resource)
	}
	r := &Resource{resource: resource}
	if attachment := resource.Policy; attachment != nil {
		if err := checkKind(ResourcePolicy, attachment, policy.ResourceBased, policy.RoleTrust); err != nil {
			return nil, err
		}
		r.kind = attachment.Policy.Kind()
		r.policy.add(attachment, 0)
	}
	for depth := range resource.ControlLevels {
		from := &resource.ControlLevels[depth]
		for at := range from.Policies {
			if err := checkKind(ResourceControlPolicy, &from.Policies[at], policy.ResourceControl); err != nil {
				return nil, err
			}
			r.control.add(&from.Policies[at], depth)
		}
	}
	finish(how, &r.policy.deny, &r.policy.allow, &r.control.deny)
	return r, nil
}

// An Endpoint is a VPC endpoint's part in decisions, made ready for many
// requests. Its policies add up. It is immutable and safe for any number of
// goroutines.
type Endpoint struct {
	policies sets
	count    int
}

// NewEndpoint makes the policies of a VPC endpoint ready. None at all means
// that the endpoint does not take part. The error is a [*LayerError].
//
// Source: AWS PrivateLink Guide, "Control access to VPC endpoints using
// endpoint policies".
func NewEndpoint(policies []principal.Attachment) (*Endpoint, error) {
	return newEndpoint(policies, indexLarge)
}

func newEndpoint(policies []principal.Attachment, how indexing) (*Endpoint, error) {
	e := &Endpoint{count: len(policies)}
	for at := range policies {
		if err := checkKind(VPCEndpointPolicy, &policies[at], policy.VPCEndpoint); err != nil {
			return nil, err
		}
		e.policies.add(&policies[at], 0)
	}
	finish(how, &e.policies.deny, &e.policies.allow)
	return e, nil
}

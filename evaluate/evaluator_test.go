package evaluate

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// kinds are all kinds of policy, each with a document that it takes.
var kinds = map[policy.Kind]string{
	policy.IdentityBased: yes, policy.PermissionsBoundary: yes, policy.Session: yes, policy.ServiceControl: yes,
	policy.ResourceBased: to(everybody, yes), policy.VPCEndpoint: to(everybody, yes), policy.ResourceControl: to(everybody, no),
	policy.RoleTrust: to(everybody, `{"Effect": "Allow", "Action": "sts:AssumeRole"}`),
}

// layerTakers put one attachment into each layer, for every constructor, with
// the kinds that the layer takes.
var layerTakers = []struct {
	layer Layer
	takes []policy.Kind
	put   func(principal.Identity, principal.Attachment) error
}{
	{IdentityPolicy, []policy.Kind{policy.IdentityBased, policy.PermissionsBoundary}, func(id principal.Identity, a principal.Attachment) error {
		_, err := New(&principal.Principal{Identity: id, IdentityPolicies: []principal.Attachment{a}})
		return err
	}},
	{PermissionsBoundary, []policy.Kind{policy.IdentityBased, policy.PermissionsBoundary}, func(id principal.Identity, a principal.Attachment) error {
		_, err := New(&principal.Principal{Identity: id, PermissionsBoundaries: []principal.Attachment{a}})
		return err
	}},
	{SessionPolicy, []policy.Kind{policy.Session}, func(id principal.Identity, a principal.Attachment) error {
		_, err := New(&principal.Principal{Identity: id, SessionPolicies: []principal.Attachment{a}})
		return err
	}},
	{ServiceControlPolicy, []policy.Kind{policy.ServiceControl}, func(id principal.Identity, a principal.Attachment) error {
		_, err := New(&principal.Principal{Identity: id, ServiceControlLevels: []principal.Level{{}, {Policies: []principal.Attachment{a}}}})
		return err
	}},
	{ResourcePolicy, []policy.Kind{policy.ResourceBased, policy.RoleTrust}, func(_ principal.Identity, a principal.Attachment) error {
		_, err := NewResource(&principal.Resource{Policy: &a})
		return err
	}},
	{ResourceControlPolicy, []policy.Kind{policy.ResourceControl}, func(_ principal.Identity, a principal.Attachment) error {
		_, err := NewResource(&principal.Resource{ControlLevels: []principal.Level{{}, {Policies: []principal.Attachment{a}}}})
		return err
	}},
	{VPCEndpointPolicy, []policy.Kind{policy.VPCEndpoint}, func(_ principal.Identity, a principal.Attachment) error {
		_, err := NewEndpoint([]principal.Attachment{a})
		return err
	}},
}

// TestLayerErrors: a policy of each kind in each layer; also where the layer
// does not apply to the caller.
func TestLayerErrors(t *testing.T) {
	t.Parallel()
	for _, caller := range []string{alice, session, guest, root, notifier, principal.AnonymousCaller} {
		id := identified(t, caller, "")
		for _, layer := range layerTakers {
			for kind, statements := range kinds {
				attachment := principal.Attachment{Policy: loaded(t, kind, statements), Source: principal.Source{Type: principal.CustomerManaged, Name: "Odd"}}
				fits := false
				for _, takes := range layer.takes {
					fits = fits || takes == kind
				}
				err := layer.put(id, attachment)
				if fits {
					if err != nil {
						t.Errorf("%v as %v: %v", kind, layer.layer, err)
					}
					continue
				}
				var wrong *LayerError
				if !errors.As(err, &wrong) || *wrong != (LayerError{Layer: layer.layer, Source: attachment.Source, Kind: kind}) {
					t.Errorf("%v as %v: %#v", kind, layer.layer, err)
				}
			}
			for name, attachment := range map[string]principal.Attachment{
				"no policy":   {Source: principal.Source{Type: principal.CustomerManaged, Name: "Gone"}},
				"zero policy": {Policy: new(policy.Policy), Source: principal.Source{Type: principal.CustomerManaged, Name: "Gone"}},
			} {
				var wrong *LayerError
				if err := layer.put(id, attachment); !errors.As(err, &wrong) || *wrong != (LayerError{Layer: layer.layer, Source: attachment.Source}) {
					t.Errorf("%s as %v: %#v", name, layer.layer, err)
				}
			}
		}
	}
}

func TestLayerErrorMessages(t *testing.T) {
	t.Parallel()
	source := principal.Source{Type: principal.CustomerManaged, Name: "Odd", AttachedTo: alice}
	for _, row := range []struct {
		err  LayerError
		want string
	}{
		{LayerError{SessionPolicy, source, policy.IdentityBased}, "evaluate: managed policy Odd attached to user alice was compiled as an identity-based policy and cannot serve as a session policy"},
		{LayerError{IdentityPolicy, source, policy.RoleTrust}, "evaluate: managed policy Odd attached to user alice was compiled as a role trust policy and cannot serve as an identity-based policy"},
		{LayerError{IdentityPolicy, source, 0}, "evaluate: managed policy Odd attached to user alice: the attachment holds no compiled policy"},
	} {
		if got := row.err.Error(); got != row.want {
			t.Errorf("got  %s\nwant %s", got, row.want)
		}
	}
}

// TestManagedPoliciesServeBothWays: a managed policy may be attached and be a
// boundary; it is compiled once.
func TestManagedPoliciesServeBothWays(t *testing.T) {
	t.Parallel()
	s := scene{}
	for _, kind := range []policy.Kind{policy.IdentityBased, policy.PermissionsBoundary} {
		both := []principal.Attachment{{Policy: loaded(t, kind, yes)}}
		e, err := New(&principal.Principal{Identity: identified(t, alice, ""), IdentityPolicies: both, PermissionsBoundaries: both})
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Evaluate(s.request(t)); !got.Allowed() {
			t.Errorf("%v: %v", kind, got)
		}
		// As a boundary alone it allows nothing.
		if e, err = New(&principal.Principal{Identity: identified(t, alice, ""), PermissionsBoundaries: both}); err != nil {
			t.Fatal(err)
		}
		if got := verdictOf(e.Evaluate(s.request(t))); got != (verdict{outcome: ImplicitlyDenied, layer: IdentityPolicy}) {
			t.Errorf("%v as a boundary: %+v", kind, got)
		}
	}
}

// TestEndpointWithoutPolicies takes no part; one with a policy that says
// nothing does.
func TestEndpointWithoutPolicies(t *testing.T) {
	t.Parallel()
	s := scene{identity: []string{yes}}
	e, r := s.evaluator(t), s.request(t)
	for _, row := range []struct {
		policies []principal.Attachment
		want     Outcome
	}{
		{nil, Allowed}, {[]principal.Attachment{}, Allowed}, {attached(t, policy.VPCEndpoint, principal.EndpointPolicy, []string{""}), ImplicitlyDenied},
	} {
		var err error
		if r.Endpoint, err = NewEndpoint(row.policies); err != nil {
			t.Fatal(err)
		}
		got := e.Evaluate(r)
		if got.Outcome != row.want {
			t.Errorf("%d policies: %v", len(row.policies), got)
		}
		shown := strings.Contains(e.Explain(r).String(), "VPC endpoint")
		if shown != (len(row.policies) > 0) {
			t.Errorf("%d policies: explained as\n%v", len(row.policies), e.Explain(r))
		}
	}
}

// TestPrincipalIsKept: the evaluator gives back what it was made for.
func TestPrincipalIsKept(t *testing.T) {
	t.Parallel()
	p := &principal.Principal{Identity: identified(t, alice, "")}
	e, err := New(p)
	if err != nil || e.Principal() != p {
		t.Errorf("%v, %v", e.Principal(), err)
	}
}

// TestCallerOf: what the Principal element sees of each kind of caller.
func TestCallerOf(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		caller, issuer string
		want           compiled.Caller
	}{
		{alice, "", compiled.Caller{Kind: compiled.User, ARN: alice, Partition: "aws", AccountID: account}},
		{session, sessionRole, compiled.Caller{Kind: compiled.RoleSession, ARN: session, Partition: "aws", AccountID: account, Issuer: "app"}},
		// A session of the role whose ARN is not known.
		{sessionRole, "", compiled.Caller{Kind: compiled.RoleSession, Partition: "aws", AccountID: account, Issuer: "app"}},
		{guest, alice, compiled.Caller{Kind: compiled.FederatedUser, ARN: guest, Partition: "aws", AccountID: account, Issuer: "alice"}},
		{root, "", compiled.Caller{Kind: compiled.Root, ARN: root, Partition: "aws", AccountID: account}},
		{notifier, "", compiled.Caller{Kind: compiled.Service, ARN: notifier}},
		{provider, "", compiled.Caller{Kind: compiled.FederatedProvider, ARN: provider}},
		{principal.AnonymousCaller, "", compiled.Caller{}},
	} {
		if diff := cmp.Diff(row.want, callerOf(identified(t, row.caller, row.issuer))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.caller, diff)
		}
	}
}

// TestFactsOfCallersWithoutAccount: for a service, "*" belongs to no account,
// also if something is known about the service.
func TestFactsOfCallersWithoutAccount(t *testing.T) {
	t.Parallel()
	const unowned = `{"Null": {"aws:ResourceAccount": "true"}}`
	s := scene{caller: notifier, action: "sqs:ListQueues", resource: "*", resourcePolicy: only(unowned, to(everybody, everythingAllowed))}
	p := s.principal(t)
	p.Facts = new(condition.Context)
	e, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	if got := e.Evaluate(s.request(t)); got.Outcome != Allowed {
		t.Errorf("%v, want Allowed: there is no aws:ResourceAccount", got)
	}
}

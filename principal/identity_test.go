package principal

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/portcullis-iam/portcullis/arn"
)

func TestIdentify(t *testing.T) {
	const (
		role    = "arn:aws:iam::111111111111:role/team/checkout"
		session = "arn:aws:sts::111111111111:assumed-role/checkout/i-1"
		linked  = "arn:aws:iam::111111111111:role/aws-service-role/forge.amazonaws.com/AWSServiceRoleForForge"
	)
	aws := func(i Identity) Identity {
		i.Partition, i.AccountID = "aws", "111111111111"
		return i
	}
	tests := []struct {
		name, caller, issuer string
		want                 Identity
		accountSide          bool
	}{
		{"user", "arn:aws:iam::111111111111:user/ops/wren", "",
			aws(Identity{Kind: User, ARN: "arn:aws:iam::111111111111:user/ops/wren", Name: "wren"}), true},
		{"bare role", role, "",
			aws(Identity{Kind: Role, ARN: role, Name: "checkout", IssuerARN: role, IssuerName: "checkout"}), true},
		{"bare role that names itself", role, role,
			aws(Identity{Kind: Role, ARN: role, Name: "checkout", IssuerARN: role, IssuerName: "checkout"}), true},
		{"session", session, "",
			aws(Identity{Kind: Role, ARN: session, Name: "checkout", Session: "i-1", IssuerName: "checkout"}), true},
		{"session with its role", session, role,
			aws(Identity{Kind: Role, ARN: session, Name: "checkout", Session: "i-1", IssuerARN: role, IssuerName: "checkout"}), true},
		{"service-linked role", linked, "",
			aws(Identity{Kind: Role, ARN: linked, Name: "AWSServiceRoleForForge", IssuerARN: linked,
				IssuerName: "AWSServiceRoleForForge", ServiceLinked: true}), true},
		{"session of a service-linked role", "arn:aws:sts::111111111111:assumed-role/AWSServiceRoleForForge/run1", linked,
			aws(Identity{Kind: Role, ARN: "arn:aws:sts::111111111111:assumed-role/AWSServiceRoleForForge/run1",
				Name: "AWSServiceRoleForForge", Session: "run1", IssuerARN: linked, IssuerName: "AWSServiceRoleForForge", ServiceLinked: true}), true},
		{"service role is not service-linked", "arn:aws:iam::111111111111:role/service-role/x", "",
			aws(Identity{Kind: Role, ARN: "arn:aws:iam::111111111111:role/service-role/x", Name: "x",
				IssuerARN: "arn:aws:iam::111111111111:role/service-role/x", IssuerName: "x"}), true},
		{"federated user", "arn:aws:sts::111111111111:federated-user/kiosk", "",
			aws(Identity{Kind: FederatedUser, ARN: "arn:aws:sts::111111111111:federated-user/kiosk", Name: "kiosk", IssuerName: "kiosk"}), true},
		{"federated user of another name", "arn:aws:sts::111111111111:federated-user/kiosk", "arn:aws:iam::111111111111:user/wren",
			aws(Identity{Kind: FederatedUser, ARN: "arn:aws:sts::111111111111:federated-user/kiosk", Name: "kiosk",
				IssuerARN: "arn:aws:iam::111111111111:user/wren", IssuerName: "wren"}), true},
		{"root", "arn:aws:iam::111111111111:root", "", aws(Identity{Kind: Root, ARN: "arn:aws:iam::111111111111:root"}), true},
		{"another partition", "arn:aws-cn:iam::111111111111:user/wren", "",
			Identity{Kind: User, ARN: "arn:aws-cn:iam::111111111111:user/wren", Partition: "aws-cn", AccountID: "111111111111", Name: "wren"}, true},
		{"OIDC provider", "arn:aws:iam::111111111111:oidc-provider/example.com/x", "",
			aws(Identity{Kind: FederatedProvider, ARN: "arn:aws:iam::111111111111:oidc-provider/example.com/x", Name: "example.com/x"}), false},
		{"SAML provider", "arn:aws:iam::111111111111:saml-provider/corp", "",
			aws(Identity{Kind: FederatedProvider, ARN: "arn:aws:iam::111111111111:saml-provider/corp", Name: "corp"}), false},
		{"bare provider", "accounts.google.com", "", Identity{Kind: FederatedProvider, ARN: "accounts.google.com", Name: "accounts.google.com"}, false},
		{"Cognito", "cognito-identity.amazonaws.com", "",
			Identity{Kind: FederatedProvider, ARN: "cognito-identity.amazonaws.com", Name: "cognito-identity.amazonaws.com"}, false},
		{"service", "lambda.amazonaws.com", "", Identity{Kind: Service, ARN: "lambda.amazonaws.com"}, false},
		{"regional service", "s3.eu-south-1.amazonaws.com", "", Identity{Kind: Service, ARN: "s3.eu-south-1.amazonaws.com"}, false},
		{"anonymous", "anonymous", "", Identity{Kind: Anonymous}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Identify(test.caller, test.issuer)
			if err != nil {
				t.Fatal(err)
			}
			if got != test.want {
				t.Errorf("Identify(%q, %q)\n got %+v\nwant %+v", test.caller, test.issuer, got, test.want)
			}
			if got.HasAccountSide() != test.accountSide {
				t.Errorf("HasAccountSide = %v", got.HasAccountSide())
			}
			if got.String() != test.caller {
				t.Errorf("String = %q", got.String())
			}
		})
	}
}

func TestIdentifyErrors(t *testing.T) {
	const session = "arn:aws:sts::111111111111:assumed-role/checkout/i-1"
	tests := []struct{ name, caller, issuer, reason string }{
		{"nobody", "", "", "must be given"},
		{"group", "arn:aws:iam::111111111111:group/engineers", "", "ARN of a group is not a principal"},
		{"managed policy", "arn:aws:iam::aws:policy/ReadOnlyAccess", "", "ARN of a policy is not a principal"},
		{"five parts", "arn:aws:iam:111111111111:root", "", "fewer than six parts"},
		{"account of eleven digits", "arn:aws:iam::11111111111:user/wren", "", "twelve digits"},
		{"session without a name", "arn:aws:sts::111111111111:assumed-role/checkout", "", "names no session"},
		{"unknown service prefix with colon", "lambda:amazonaws.com", "", `does not begin with "arn:"`},
		{"nothing before a colon", ":lambda.amazonaws.com", "", `does not begin with "arn:"`},
		{"instance profile", "arn:aws:iam::111111111111:instance-profile/x", "", "is no principal"},
		{"service with issuer", "lambda.amazonaws.com", "arn:aws:iam::111111111111:role/x", "only sessions"},
		{"anonymous with issuer", "anonymous", "arn:aws:iam::111111111111:role/x", "only sessions"},
		{"user with issuer", "arn:aws:iam::111111111111:user/wren", "arn:aws:iam::111111111111:user/wren", "only sessions"},
		{"issuer of another account", session, "arn:aws:iam::222222222222:role/checkout", "another account"},
		{"issuer of another partition", session, "arn:aws-cn:iam::111111111111:role/checkout", "another account or partition"},
		{"issuer of another name", session, "arn:aws:iam::111111111111:role/billing", "another role"},
		{"session whose role has other letters", session, "arn:aws:iam::111111111111:role/Checkout", "another role than the one"},
		{"session issued by a user", session, "arn:aws:iam::111111111111:user/checkout", "must be the ARN of a role, not of a user"},
		{"federated user issued by a role", "arn:aws:sts::111111111111:federated-user/kiosk", "arn:aws:iam::111111111111:role/kiosk", "must be the ARN of a user"},
		{"issuer is no ARN", session, "checkout", "issuer is no principal"},
		{"bare role of another path", "arn:aws:iam::111111111111:role/a/x", "arn:aws:iam::111111111111:role/b/x", "only be that role"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Identify(test.caller, test.issuer)
			var failure *IdentityError
			if !errors.As(err, &failure) {
				t.Fatalf("got %+v, %v, want an *IdentityError", got, err)
			}
			if got != (Identity{}) {
				t.Errorf("an identity comes with the error: %+v", got)
			}
			if failure.Caller != test.caller || failure.Issuer != test.issuer || !strings.Contains(err.Error(), test.reason) {
				t.Errorf("got %v, want something with %q", err, test.reason)
			}
		})
	}
	_, err := Identify("arn:aws:iam::1:user/wren", "")
	var below *arn.ParseError
	if !errors.As(err, &below) {
		t.Errorf("no *arn.ParseError below %v", err)
	}
}

// Whatever is given, the answer is an identity of a known kind that spells the
// caller, or a typed error.
func TestIdentifyTotal(t *testing.T) {
	texts := rapid.OneOf(
		rapid.StringMatching(`arn:(aws|aws-cn|):(iam|sts|s3):[a-z]?:([0-9]{12}|aws|1)?:(root|(user|role|group|assumed-role|federated-user|policy|oidc-provider)(/[a-z]{0,3}){0,3})`),
		rapid.String(),
		rapid.SampledFrom([]string{"", "anonymous", "*", "accounts.google.com", "ec2.amazonaws.com"}),
	)
	rapid.Check(t, func(t *rapid.T) {
		caller, issuer := texts.Draw(t, "caller"), rapid.OneOf(rapid.Just(""), texts).Draw(t, "issuer")
		id, err := Identify(caller, issuer)
		if err != nil {
			var failure *IdentityError
			if !errors.As(err, &failure) || id != (Identity{}) {
				t.Fatalf("error %v with %+v", err, id)
			}
			return
		}
		if id.Kind < User || id.Kind > Anonymous || id.String() != caller {
			t.Fatalf("%q gives %+v", caller, id)
		}
		if id.HasAccountSide() && !arn.IsAccountID(id.AccountID) {
			t.Fatalf("%q has an account side without account: %+v", caller, id)
		}
	})
}

func TestIdentifyNoAllocs(t *testing.T) {
	callers := []string{"arn:aws:sts::111111111111:assumed-role/checkout/i-1", "lambda.amazonaws.com", "anonymous", "arn:aws:iam::111111111111:user/wren"}
	if n := testing.AllocsPerRun(100, func() {
		for _, caller := range callers {
			if _, err := Identify(caller, ""); err != nil {
				t.Fatal(err)
			}
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestNames(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{Role.String(), "role session"},
		{Kind(0).String(), "unknown caller"},
		{Kind(200).String(), "unknown caller"},
		{SourceType(200).String(), "unknown policy"},
		{ProblemCode(0).String(), "unknown problem"},
		{ProblemCode(200).String(), "unknown problem"},
		{MissingGroup.String(), "missing group"},
		{Source{}.String(), "an unnamed policy"},
		{Source{Type: SessionPolicy, Name: "limits"}.String(), "session policy limits"},
		{Source{Type: AWSManaged, ARN: "arn:aws:iam::aws:policy/P"}.String(), "AWS managed policy (arn:aws:iam::aws:policy/P)"},
		{Source{Type: CustomerManaged, Name: "ReadDynamoDB", ARN: "arn:aws:iam::111111111111:policy/ReadDynamoDB",
			AttachedTo: "arn:aws:iam::111111111111:group/engineers"}.String(),
			"managed policy ReadDynamoDB (arn:aws:iam::111111111111:policy/ReadDynamoDB) attached to group engineers"},
		{Source{Type: RoleInline, Name: "queue", AttachedTo: "arn:aws:iam::111111111111:role/a/checkout"}.String(), "inline policy queue of role checkout"},
		{Source{Type: TrustPolicy, AttachedTo: "arn:aws:iam::111111111111:role/checkout"}.String(), "trust policy of role checkout"},
		{Source{Type: ServiceControl, Name: "FullAWSAccess", AttachedTo: "ou-ab12-x"}.String(), "service control policy FullAWSAccess attached to ou-ab12-x"},
		{Source{Type: ResourcePolicy, AttachedTo: "arn:aws:s3:::b"}.String(), "resource-based policy of arn:aws:s3:::b"},
		{Source{Type: SessionPolicy, AttachedTo: "arn:aws:sts::111111111111:assumed-role/checkout/i-1"}.String(), "session policy of session i-1 of role checkout"},
		{quote(strings.Repeat("é", 150)), `"` + strings.Repeat("é", 100) + `"…`},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

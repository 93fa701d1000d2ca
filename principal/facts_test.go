package principal

import "testing"

// FactsOf says of an identity what a directory says of somebody of whom it
// knows nothing more.
func TestFactsOf(t *testing.T) {
	d, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, caller := range []string{
		"arn:aws:iam::111111111111:root", "lambda.amazonaws.com", "accounts.google.com", AnonymousCaller,
		"arn:aws:iam::111111111111:oidc-provider/example.com", "arn:aws:iam::111111111111:saml-provider/corporate",
	} {
		p, err := d.Principal(caller)
		if err != nil {
			t.Fatal(err)
		}
		diff(t, caller, factsIn(FactsOf(p.Identity)), factsIn(p.Facts))
	}
	b := NewBuilder()
	b.AddAccount(AccountDetails{AccountID: "111111111111", Users: []UserDetail{{Name: "wren"}}, Roles: []RoleDetail{{Name: "checkout", Path: "/service/"}}})
	if d, err = b.Build(); err != nil {
		t.Fatal(err)
	}
	for _, caller := range []string{
		"arn:aws:iam::111111111111:user/wren", "arn:aws:iam::111111111111:role/service/checkout",
		"arn:aws:sts::111111111111:assumed-role/checkout/i-1", "arn:aws:sts::111111111111:federated-user/wren",
	} {
		p, err := d.Principal(caller)
		if err != nil {
			t.Fatal(err)
		}
		diff(t, caller, factsIn(FactsOf(p.Identity)), factsIn(p.Facts))
	}
	session, err := Identify("arn:aws:sts::111111111111:assumed-role/checkout/i-1", "")
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "session of a role whose path is not known", factsIn(FactsOf(session)), []string{
		"aws:PrincipalAccount = 111111111111", "aws:PrincipalArn = unknown", "aws:PrincipalIsAWSService = false",
		"aws:PrincipalType = AssumedRole", "aws:userid = unknown"})
	for _, nobody := range []Identity{{}, {Kind: 200}} {
		if FactsOf(nobody) == nil {
			t.Error("the context of nobody is nil, not empty")
		}
		diff(t, "nobody", factsIn(FactsOf(nobody)), []string(nil))
	}
}

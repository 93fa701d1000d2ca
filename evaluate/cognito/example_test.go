package cognito_test

import (
	"errors"
	"fmt"
	"log"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/cognito"
	"github.com/portcullis-iam/portcullis/evaluate/sts"
	"github.com/portcullis-iam/portcullis/principal"
)

// birds is an identity pool that sends the sales department of a user pool to a
// role of its own, and everybody else who has signed in to another.
func birds() *cognito.Pool {
	pool, err := cognito.Load("111122223333", "aws",
		principal.File{Name: "describe-identity-pool.json", Text: []byte(`{
		  "IdentityPoolId": "eu-west-1:0a1b2c3d-0000-4000-8000-000000000001",
		  "AllowUnauthenticatedIdentities": true,
		  "CognitoIdentityProviders": [{"ProviderName": "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI", "ClientId": "web"}]
		}`)},
		principal.File{Name: "get-identity-pool-roles.json", Text: []byte(`{
		  "IdentityPoolId": "eu-west-1:0a1b2c3d-0000-4000-8000-000000000001",
		  "Roles": {"authenticated": "arn:aws:iam::111122223333:role/reader", "unauthenticated": "arn:aws:iam::111122223333:role/guest"},
		  "RoleMappings": {"cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI:web": {
		    "Type": "Rules", "AmbiguousRoleResolution": "AuthenticatedRole",
		    "RulesConfiguration": {"Rules": [
		      {"Claim": "custom:dept", "MatchType": "Equals", "Value": "Sales", "RoleARN": "arn:aws:iam::111122223333:role/sales"}]}}}
		}`)})
	if err != nil {
		log.Fatal(err) // everything that is wrong, with file, line and column
	}
	return pool
}

// wren has signed in. The claims are those of a token that was verified.
func wren(department string) *cognito.Login {
	return &cognito.Login{
		Provider: "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI",
		Claims:   map[string]any{"aud": "web", "sub": "57e7b692", "custom:dept": department},
	}
}

// Which role a login gets, and why.
func ExamplePool_ChooseRole() {
	pool := birds()
	fmt.Println(pool.ChooseRole(wren("Sales"), ""))
	fmt.Println(pool.ChooseRole(wren("Support"), ""))
	fmt.Println(pool.ChooseRole(nil, "")) // a guest
	fmt.Println(pool.ChooseRole(wren("Support"), "arn:aws:iam::111122223333:role/sales"))
	// Output:
	// arn:aws:iam::111122223333:role/sales: rule 1 of "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI:web" matches
	// arn:aws:iam::111122223333:role/reader: the default role, since the role mapping gives none and AmbiguousRoleResolution is AuthenticatedRole
	// arn:aws:iam::111122223333:role/guest: the default role of guests
	// no role: no rule matches that gives the role which was asked for ("arn:aws:iam::111122223333:role/sales")
}

// The enhanced flow: who the user became, by which decisions, and what it may
// do. The role of guests allows everything, but a guest gets no more than
// Cognito lets guests have.
func ExamplePool_GetCredentialsForIdentity() {
	b := principal.NewBuilder()
	b.AddAccount(principal.AccountDetails{AccountID: "111122223333", Roles: []principal.RoleDetail{{
		Name: "guest",
		Trust: `{"Version": "2012-10-17", "Statement": [{"Sid": "Guests", "Effect": "Allow",
		  "Principal": {"Federated": "cognito-identity.amazonaws.com"}, "Action": "sts:AssumeRoleWithWebIdentity",
		  "Condition": {
		    "StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-west-1:0a1b2c3d-0000-4000-8000-000000000001"},
		    "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "unauthenticated"}}}]}`,
		Inline: []principal.NamedDocument{{Name: "everything", Document: `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`}},
	}}})
	directory, err := b.Build()
	if err != nil {
		log.Fatal(err)
	}
	security := sts.New(evaluate.NewSnapshot(directory))

	guest, err := birds().GetCredentialsForIdentity(security, cognito.CredentialsInput{
		IdentityID: "eu-west-1:0a1b2c3d-0000-4000-8000-00000000000f",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(guest.Session.Principal.Identity)
	for _, step := range guest.Session.Steps {
		fmt.Println(step)
	}
	for _, action := range []string{"dynamodb:Query", "ec2:DescribeInstances"} {
		request, err := evaluate.NewRequest(action, "*", "")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(action, guest.Session.Evaluator().Evaluate(request).Allowed())
	}

	// The role does not trust those who have signed in.
	pool := birds()
	pool.AuthenticatedRole = pool.UnauthenticatedRole
	_, err = pool.GetCredentialsForIdentity(security, cognito.CredentialsInput{
		IdentityID: "eu-west-1:0a1b2c3d-0000-4000-8000-00000000000f", Login: wren("Support"),
	})
	var refused *sts.RefusedError
	if errors.As(err, &refused) {
		fmt.Println(refused.Refused()[0])
	}
	// Output:
	// arn:aws:sts::111122223333:assumed-role/guest/CognitoIdentityCredentials
	// sts:AssumeRoleWithWebIdentity: Allowed by statement "Guests" (1:41) of trust policy of role guest
	// dynamodb:Query true
	// ec2:DescribeInstances false
	// sts:AssumeRoleWithWebIdentity: ImplicitlyDenied: no role trust policy allows it
}

// What a user pool puts into the token of a member of two groups.
func ExampleGroupClaims() {
	one, two := 1, 2
	claims := cognito.GroupClaims([]cognito.Group{
		{Name: "staff", RoleARN: "arn:aws:iam::111122223333:role/reader", Precedence: &two},
		{Name: "sales", RoleARN: "arn:aws:iam::111122223333:role/sales", Precedence: &one},
	})
	fmt.Println(claims["cognito:groups"])
	fmt.Println(claims["cognito:preferred_role"])
	// Output:
	// [staff sales]
	// arn:aws:iam::111122223333:role/sales
}

// A limit of Cognito, and what is wrong with a file, are errors with places.
func ExampleLoad() {
	_, err := cognito.Load("111122223333", "aws", principal.File{Name: "pool.json", Text: []byte(`{
  "IdentityPoolId": "eu-west-1:0a1b2c3d-0000-4000-8000-000000000001",
  "AllowUnauthenticatedIdentities": "no",
  "allowClassicFlow": true
}`)})
	fmt.Println(err)
	// Output:
	// pool.json:4:3: allowClassicFlow: write "allowClassicFlow" as AllowClassicFlow: letter case counts (MISSPELLED_MEMBER)
}

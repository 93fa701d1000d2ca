package principal_test

import (
	"errors"
	"fmt"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// Who is behind an ARN, without any directory.
func ExampleIdentify() {
	id, err := principal.Identify("arn:aws:sts::111111111111:assumed-role/checkout/i-0123", "arn:aws:iam::111111111111:role/service/checkout")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(id.Kind, id.Session, "of", id.IssuerARN)

	_, err = principal.Identify("arn:aws:iam::111111111111:group/engineers", "")
	fmt.Println(err)
	// Output:
	// role session i-0123 of arn:aws:iam::111111111111:role/service/checkout
	// principal: caller "arn:aws:iam::111111111111:group/engineers": the ARN of a group is not a principal: it cannot make requests
}

// From the output of "aws iam get-account-authorization-details" to all that
// applies to a user.
func ExampleLoadFiles() {
	directory, err := principal.LoadFiles("testdata/account.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	wren, err := directory.Principal("arn:aws:iam::111111111111:user/ops/wren")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, attached := range wren.IdentityPolicies {
		fmt.Println(attached.Source)
	}
	for _, boundary := range wren.PermissionsBoundaries {
		fmt.Println(boundary.Source)
	}
	for _, problem := range wren.Problems {
		fmt.Println(problem)
	}
	// Output:
	// inline policy own-keys of user wren
	// AWS managed policy SecurityAudit (arn:aws:iam::aws:policy/SecurityAudit) attached to user wren
	// inline policy logs of group engineers
	// managed policy ReadDynamoDB (arn:aws:iam::111111111111:policy/ReadDynamoDB) attached to group engineers
	// permissions boundary Limit (arn:aws:iam::111111111111:policy/limits/Limit) of user wren
	// principal: user wren belongs to the group "poets", which is not in the directory: it grants nothing
}

// Errors say where they are: in which file, in which member, in which policy of
// whom, and below that in which line of the file the document has its fault.
func ExampleLoad_errors() {
	_, err := principal.Load(principal.File{Name: "account.json", Text: []byte(`{
  "RoleDetailList": [
    {
      "RoleName": "checkout",
      "Arn": "arn:aws:iam::111111111111:role/checkout",
      "RolePolicyList": [
        {"PolicyName": "queue", "PolicyDocument": {"Statement": {"Effect": "allow", "Action": "sqs:*", "Resource": "*"}}}
      ]
    }
  ]
}`)})
	var all principal.Errors
	if errors.As(err, &all) {
		for _, one := range all {
			fmt.Println(one.Position, one.Path)
			fmt.Println(one.Entity)
		}
	}
	var document policy.Errors
	if errors.As(err, &document) {
		fmt.Println(document[0].Position, document[0].Path, document[0].Code)
	}
	// Output:
	// 7:51 RoleDetailList[0].RolePolicyList[0].PolicyDocument
	// inline policy queue of role checkout
	// 7:76 Statement.Effect INVALID_EFFECT
}

// The condition keys of somebody of whom only the ARN is at hand.
func ExampleFactsOf() {
	wren, err := principal.Identify("arn:aws:iam::111111111111:user/ops/wren", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	facts := principal.FactsOf(wren)
	facts.SetTag("aws:PrincipalTag", "team", condition.String("birds"))
	for key, value := range facts.All() {
		fmt.Println(key, "=", value)
	}
	// Output:
	// aws:PrincipalType = User
	// aws:PrincipalAccount = 111111111111
	// aws:PrincipalIsAWSService = false
	// aws:PrincipalArn = arn:aws:iam::111111111111:user/ops/wren
	// aws:username = wren
	// aws:userid = unknown
	// aws:PrincipalTag/team = birds
}

// An account that a test builds in code.
func ExampleBuilder() {
	b := principal.NewBuilder()
	b.AddAccount(principal.AccountDetails{
		AccountID: "111111111111",
		Users: []principal.UserDetail{{
			Name: "wren", ID: "AIDAWREN", Groups: []string{"engineers"}, Tags: map[string]string{"team": "birds"},
		}},
		Groups: []principal.GroupDetail{{
			Name: "engineers", Attached: []string{"arn:aws:iam::111111111111:policy/ReadDynamoDB"},
		}},
		Policies: []principal.ManagedPolicyDetail{{
			Name: "ReadDynamoDB",
			Document: `{"Version": "2012-10-17", "Statement": [
				{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}]}`,
		}},
	})
	directory, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	wren, err := directory.Principal("arn:aws:iam::111111111111:user/wren")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(wren.IdentityPolicies[0].Source)
	for key, value := range wren.Facts.All() {
		fmt.Println(key, "=", value)
	}
	// Output:
	// managed policy ReadDynamoDB (arn:aws:iam::111111111111:policy/ReadDynamoDB) attached to group engineers
	// aws:PrincipalType = User
	// aws:PrincipalAccount = 111111111111
	// aws:PrincipalIsAWSService = false
	// aws:PrincipalArn = arn:aws:iam::111111111111:user/wren
	// aws:username = wren
	// aws:userid = AIDAWREN
	// aws:PrincipalTag/team = birds
}

// An account in an organization, and what restricts it.
func ExampleBuilder_SetOrganization() {
	b := principal.NewBuilder()
	b.SetOrganization(principal.Organization{
		ID:                "o-exampleorgid",
		ManagementAccount: "111111111111",
		Root: principal.OrganizationNode{
			ID:                     "r-ab12",
			ServiceControlPolicies: []string{principal.FullAWSAccess},
			Units: []principal.OrganizationNode{{
				ID:                     "ou-ab12-shop",
				ServiceControlPolicies: []string{principal.FullAWSAccess, "keep-trails"},
				Accounts: []principal.OrganizationAccount{{
					ID: "222222222222", ServiceControlPolicies: []string{principal.FullAWSAccess},
				}},
			}},
		},
		ServiceControlPolicies: []principal.NamedDocument{{
			Name:     "keep-trails",
			Document: `{"Statement": {"Effect": "Deny", "Action": "cloudtrail:StopLogging", "Resource": "*"}}`,
		}},
	})
	directory, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	root, err := directory.Principal("arn:aws:iam::222222222222:root")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, level := range root.ServiceControlLevels {
		for _, attached := range level.Policies {
			fmt.Println(attached.Source)
		}
	}
	// Output:
	// service control policy FullAWSAccess attached to r-ab12
	// service control policy FullAWSAccess attached to ou-ab12-shop
	// service control policy keep-trails attached to ou-ab12-shop
	// service control policy FullAWSAccess attached to 222222222222
}

// A session with a session policy and a session tag.
func ExampleDirectory_Session() {
	directory, err := principal.LoadFiles("testdata/account.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	session, err := directory.Session("arn:aws:iam::111111111111:role/service/checkout", principal.SessionFacts{
		SessionName: "nightly",
		Policies:    []string{`{"Statement": {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "arn:aws:dynamodb:*:*:table/orders"}}`},
		Tags:        map[string]string{"stage": "test"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	stage, _ := session.Facts.Lookup("aws:PrincipalTag/stage")
	fmt.Println(session.Identity)
	fmt.Println(session.SessionPolicies[0].Source)
	fmt.Println(stage)
	// Output:
	// arn:aws:sts::111111111111:assumed-role/checkout/nightly
	// session policy of session nightly of role checkout
	// test
}

// The policy that covers an object is that of its bucket.
func ExampleDirectory_Resource() {
	b := principal.NewBuilder()
	b.AddResource(principal.ResourceDetail{
		ARN: "arn:aws:s3:::nests", AccountID: "111111111111",
		Document: `{"Version": "2012-10-17", "Statement": [
			{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::nests/public/*"}]}`,
	})
	directory, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	object, err := directory.Resource("arn:aws:s3:::nests/public/1.jpg", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(object.AccountID, object.Policy.Source)
	// Output:
	// 111111111111 resource-based policy of arn:aws:s3:::nests
}

package generate_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/portcullis-iam/portcullis/fuzz/generate"
	"github.com/portcullis-iam/portcullis/fuzz/reference"
)

// allow returns a document that allows an action on everything.
func allow(action string) generate.Document {
	single := func(value string) *generate.Strings { return &generate.Strings{Values: []string{value}, Scalar: true} }
	return generate.Document{Version: "2012-10-17", Statements: []generate.Statement{{Effect: "Allow", Action: single(action), Resource: single("*")}}}
}

// smallDirectory is written by hand, so that what Flatten makes of it can be said beforehand.
func smallDirectory() generate.Directory {
	base := generate.ManagedPolicy{Path: "/", Name: "Base", UniqueID: "ANPABASE", ARN: "arn:aws:iam::111111111111:policy/Base", DefaultVersion: "v2", Versions: []generate.PolicyVersion{{ID: "v1", Document: allow("sqs:*")}, {ID: "v2", Document: allow("s3:*")}}}
	trust := generate.Document{Statements: []generate.Statement{{Effect: "Allow", Principal: &generate.Principal{Everyone: true}, Action: &generate.Strings{Values: []string{"sts:AssumeRole"}}}}}
	bucket := allow("s3:GetObject")
	bucket.Statements[0].Principal = &generate.Principal{Everyone: true}
	account := generate.Account{
		ID: "111111111111",
		Users: []generate.User{{Groups: []string{"admins"}, Entity: generate.Entity{Path: "/dev/", Name: "alice", UniqueID: "AIDAALICE", ARN: "arn:aws:iam::111111111111:user/dev/alice", Boundary: base.ARN,
			Inline: []generate.InlinePolicy{{Name: "inline", Document: allow("ec2:*")}}, Tags: []generate.Tag{{Key: "team", Value: "alpha"}}}}},
		Groups: []generate.Group{{Entity: generate.Entity{Path: "/", Name: "admins", UniqueID: "AGPAADMINS", ARN: "arn:aws:iam::111111111111:group/admins", Attached: []string{base.ARN}}}},
		Roles: []generate.Role{
			{Entity: generate.Entity{Path: "/ops/", Name: "deploy", UniqueID: "AROADEPLOY", ARN: "arn:aws:iam::111111111111:role/ops/deploy", Tags: []generate.Tag{{Key: "team", Value: "beta"}, {Key: "part", Value: "x"}}}, Trust: trust},
			{Entity: generate.Entity{Path: "/aws-service-role/cloudtrail.amazonaws.com/", Name: "Linked", UniqueID: "AROALINKED", ARN: "arn:aws:iam::111111111111:role/aws-service-role/cloudtrail.amazonaws.com/Linked"}, Trust: trust},
		},
		Policies: []generate.ManagedPolicy{base},
	}
	team := generate.Unit{ID: "ou-team", SCPs: []generate.Document{allow("*")}, Accounts: []generate.MemberAccount{{ID: "111111111111", SCPs: []generate.Document{allow("s3:*")}}}}
	return generate.Directory{
		Accounts:     []generate.Account{account, {ID: "222222222222"}},
		Organization: &generate.Organization{ID: "o-x", Management: "222222222222", Root: generate.Unit{ID: "r-y", SCPs: []generate.Document{allow("*")}, Units: []generate.Unit{team}, Accounts: []generate.MemberAccount{{ID: "222222222222"}}}},
		Resources:    []generate.Resource{{ARN: "arn:aws:s3:::reports", Account: "111111111111", Policy: &bucket, Tags: []generate.Tag{{Key: "Project", Value: "gamma"}}}},
	}
}

// contextOf returns the context as JSON text by key.
func contextOf(t *testing.T, c generate.Case) map[string]string {
	t.Helper()
	var decoded neutralCase
	if err := json.Unmarshal(c.JSON(), &decoded); err != nil {
		t.Fatal(err)
	}
	context := map[string]string{}
	for key, value := range decoded.Request.Context {
		context[key] = string(value)
	}
	return context
}

func TestFlatten(t *testing.T) {
	t.Parallel()
	supplied := []generate.ContextEntry{{Key: "AWS:principaltype", Value: generate.Value{Items: []generate.Scalar{{Text: "forged"}}}}, {Key: "aws:SourceIp", Value: generate.Value{Items: []generate.Scalar{{Text: "192.0.2.1"}}}}}
	bucketKeys := map[string]string{"aws:SourceIp": `"192.0.2.1"`, "aws:ResourceAccount": `"111111111111"`, "aws:ResourceOrgID": `"o-x"`, "aws:ResourceTag/Project": `"gamma"`}
	memberKeys := map[string]string{"aws:PrincipalAccount": `"111111111111"`, "aws:PrincipalOrgID": `"o-x"`, "aws:PrincipalOrgPaths": `["o-x/r-y/ou-team/"]`}
	for _, test := range []struct {
		name                        string
		question                    generate.Question
		keys                        map[string]string
		identity, boundaries, level int
		issuer                      string
	}{
		{"user", generate.Question{Principal: "arn:aws:iam::111111111111:user/dev/alice"}, map[string]string{
			"aws:PrincipalArn": `"arn:aws:iam::111111111111:user/dev/alice"`, "aws:PrincipalType": `"User"`, "aws:userid": `"AIDAALICE"`, "aws:username": `"alice"`, "aws:PrincipalTag/team": `"alpha"`}, 2, 1, 3, ""},
		{"role session", generate.Question{Principal: "arn:aws:sts::111111111111:assumed-role/deploy/s1", SessionTags: []generate.Tag{{Key: "Team", Value: "gamma"}}}, map[string]string{
			"aws:PrincipalArn": `"arn:aws:iam::111111111111:role/ops/deploy"`, "aws:PrincipalType": `"AssumedRole"`, "aws:userid": `"AROADEPLOY:s1"`, "aws:PrincipalTag/Team": `"gamma"`, "aws:PrincipalTag/part": `"x"`}, 0, 0, 3, "arn:aws:iam::111111111111:role/ops/deploy"},
		{"federated user", generate.Question{Principal: "arn:aws:sts::111111111111:federated-user/kiosk", Issuer: "alice"}, map[string]string{
			"aws:PrincipalArn": `"arn:aws:sts::111111111111:federated-user/kiosk"`, "aws:PrincipalType": `"FederatedUser"`, "aws:userid": `"111111111111:kiosk"`, "aws:PrincipalTag/team": `"alpha"`}, 2, 1, 3, "arn:aws:iam::111111111111:user/dev/alice"},
		{"root", generate.Question{Principal: "arn:aws:iam::111111111111:root"}, map[string]string{
			"aws:PrincipalArn": `"arn:aws:iam::111111111111:root"`, "aws:PrincipalType": `"Account"`, "aws:userid": `"111111111111"`}, 0, 0, 3, ""},
		{"service-linked role is exempt", generate.Question{Principal: "arn:aws:iam::111111111111:role/aws-service-role/cloudtrail.amazonaws.com/Linked"}, map[string]string{
			"aws:PrincipalArn": `"arn:aws:iam::111111111111:role/aws-service-role/cloudtrail.amazonaws.com/Linked"`, "aws:PrincipalType": `"AssumedRole"`}, 0, 0, 0, ""},
		{"management account is exempt", generate.Question{Principal: "arn:aws:iam::222222222222:root"}, map[string]string{
			"aws:PrincipalArn": `"arn:aws:iam::222222222222:root"`, "aws:PrincipalType": `"Account"`, "aws:userid": `"222222222222"`, "aws:PrincipalAccount": `"222222222222"`, "aws:PrincipalOrgPaths": `["o-x/r-y/"]`}, 0, 0, 0, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.question.Action, test.question.Resource, test.question.Context = "s3:GetObject", "arn:aws:s3:::reports", supplied
			c, err := smallDirectory().Flatten(test.question)
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]string{}
			for _, keys := range []map[string]string{bucketKeys, memberKeys, test.keys} {
				for key, value := range keys {
					want[key] = value
				}
			}
			if diff := cmp.Diff(want, contextOf(t, c)); diff != "" {
				t.Errorf("context:\n%s", diff)
			}
			if len(c.IdentityPolicies) != test.identity || len(c.PermissionsBoundaries) != test.boundaries || len(c.SCPs) != test.level || c.ResourcePolicy == nil {
				t.Errorf("%d identity policies, %d boundaries, %d levels, resource policy %v", len(c.IdentityPolicies), len(c.PermissionsBoundaries), len(c.SCPs), c.ResourcePolicy)
			}
			if c.Request.PrincipalIssuer != test.issuer {
				t.Errorf("issuer %q", c.Request.PrincipalIssuer)
			}
			for _, document := range c.PermissionsBoundaries {
				if got := document.Statements[0].Action.Values[0]; got != "s3:*" {
					t.Errorf("the boundary allows %s, which is not its default version", got)
				}
			}
		})
	}
}

func TestFlattenUnknown(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ principal, issuer, kind string }{
		{"arn:aws:iam::111111111111:user/alice", "", "user"}, // the path is missing
		{"arn:aws:sts::111111111111:federated-user/kiosk", "bob", "user"},
		{"arn:aws:sts::111111111111:assumed-role/Nobody/s1", "", "role"},
		{"arn:aws:iam::333333333333:root", "", "account"},
	} {
		_, err := smallDirectory().Flatten(generate.Question{Principal: test.principal, Issuer: test.issuer, Action: "s3:GetObject", Resource: "arn:aws:s3:::reports"})
		var unknown *generate.UnknownError
		if !errors.As(err, &unknown) || unknown.Kind != test.kind {
			t.Errorf("%s: %v", test.principal, err)
		}
	}
}

func TestDirectoryFromSeed(t *testing.T) {
	t.Parallel()
	decisions := map[string]int{}
	for seed := range uint64(120) {
		directory := generate.DirectoryFromSeed(seed)
		if diff := cmp.Diff(directory, generate.DirectoryFromSeed(seed)); diff != "" {
			t.Fatalf("seed %d gives two directories:\n%s", seed, diff)
		}
		for _, account := range directory.Accounts {
			checkDetails(t, account)
		}
		for _, question := range directory.Questions(seed, 15) {
			c, err := directory.Flatten(question)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if err := checkCase(c.JSON(), false); err != nil {
				t.Fatalf("seed %d: %v\n%s", seed, err, c.JSON())
			}
			verdict := reference.Decide(c.JSON())
			if verdict.Decision == "Error" {
				t.Fatalf("seed %d: %s\n%s", seed, verdict.Error, c.JSON())
			}
			decisions[verdict.Decision]++
		}
	}
	for _, decision := range []string{"Allowed", "ExplicitlyDenied", "ImplicitlyDenied"} {
		if decisions[decision] < 180 {
			t.Errorf("decisions are badly mixed: %v", decisions)
		}
	}
}

// checkDetails checks that an account's JSON holds its entities.
func checkDetails(t *testing.T, account generate.Account) {
	t.Helper()
	text, err := account.AuthorizationDetails()
	if err != nil {
		t.Fatal(err)
	}
	var decoded struct {
		UserDetailList, GroupDetailList, RoleDetailList []map[string]json.RawMessage
		Policies                                        []struct {
			PolicyVersionList []struct{ IsDefaultVersion bool }
		}
	}
	if err := json.Unmarshal(text, &decoded); err != nil {
		t.Fatal(err)
	}
	if len(decoded.UserDetailList) != len(account.Users) || len(decoded.GroupDetailList) != len(account.Groups) || len(decoded.RoleDetailList) != len(account.Roles) || len(decoded.Policies) != len(account.Policies) {
		t.Fatalf("entities are missing:\n%s", text)
	}
	for _, policy := range decoded.Policies {
		inForce := 0
		for _, version := range policy.PolicyVersionList {
			if version.IsDefaultVersion {
				inForce++
			}
		}
		if inForce != 1 {
			t.Errorf("%d default versions", inForce)
		}
	}
}

func TestDangle(t *testing.T) {
	t.Parallel()
	kinds := map[string]bool{}
	for seed := range uint64(60) {
		sound := generate.DirectoryFromSeed(seed)
		dangling := sound.Dangle(seed)
		failed := 0
		for _, account := range dangling.Accounts {
			for _, user := range account.Users {
				question := generate.Question{Principal: user.ARN, Action: "s3:GetObject", Resource: "*"}
				if _, err := sound.Flatten(question); err != nil {
					t.Fatalf("seed %d: the sound directory was changed: %v", seed, err)
				}
				_, err := dangling.Flatten(question)
				var unknown *generate.UnknownError
				if errors.As(err, &unknown) {
					failed++
				}
			}
		}
		if failed == 0 {
			t.Errorf("seed %d: %q was not noticed", seed, dangling.Dangling)
		}
		kind, _, _ := strings.Cut(dangling.Dangling, " of ")
		kinds[kind] = true
	}
	if len(kinds) != 4 {
		t.Errorf("kinds of dangling references: %v", kinds)
	}
}

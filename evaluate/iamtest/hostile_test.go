package iamtest_test

import (
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate/iamtest"
	"github.com/portcullis-iam/portcullis/principal"
)

// A hostile is an account in which a role may do one thing too much.
type hostile struct {
	name       string
	statements string // of the policy read.json of role app
	boundary   string // statements; "" for none
	scp        string // statements of the policy of the account, beside FullAWSAccess at the root
	resources  []principal.ResourceDetail
	tags       map[string]string
	roles      []principal.RoleDetail
	group      string // statements of a policy of the group of user kit, who is then the caller
	rules      iamtest.Rules
	options    []iamtest.Option
	want       []string // in the report; none if it is fine
	not        []string // not in the report
}

const (
	hostileAccount = "111122223333"
	hostileRole    = "arn:aws:iam::111122223333:role/app"
	hostileUser    = "arn:aws:iam::111122223333:user/kit"
)

func (h *hostile) report(t *testing.T) string {
	t.Helper()
	document := func(statements string) string {
		return "{\"Version\":\"2012-10-17\",\"Statement\":[\n" + statements + "]}"
	}
	b := principal.NewBuilder()
	caller := hostileRole
	role := principal.RoleDetail{Name: "app", Tags: h.tags}
	if h.statements != "" {
		role.Inline = []principal.NamedDocument{{Name: "read", File: "read.json", Document: document(h.statements)}}
	}
	if h.boundary != "" {
		b.AddManagedPolicy(hostileAccount, principal.ManagedPolicyDetail{Name: "fence", File: "fence.json", Document: document(h.boundary)})
		role.Boundary = "arn:aws:iam::111122223333:policy/fence"
	}
	b.AddRole(hostileAccount, role)
	for _, other := range h.roles {
		b.AddRole(hostileAccount, other)
	}
	if h.group != "" {
		b.AddGroup(hostileAccount, principal.GroupDetail{Name: "staff", Inline: []principal.NamedDocument{{Name: "staff", File: "staff.json", Document: document(h.group)}}})
		b.AddUser(hostileAccount, principal.UserDetail{Name: "kit", Groups: []string{"staff"}})
		caller = hostileUser
	}
	if h.scp != "" {
		b.SetOrganization(principal.Organization{ID: "o-1", ManagementAccount: "999988887777",
			Root: principal.OrganizationNode{ID: "r-1", ServiceControlPolicies: []string{principal.FullAWSAccess},
				Accounts: []principal.OrganizationAccount{{ID: hostileAccount, ServiceControlPolicies: []string{"guard"}}}},
			ServiceControlPolicies: []principal.NamedDocument{{Name: "guard", File: "guard.json", Document: document(h.scp)}}})
	}
	for _, resource := range h.resources {
		b.AddResource(resource)
	}
	directory, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return reported(func(t testing.TB) { iamtest.New(t, directory).OnlyAllows(caller, h.rules, h.options...) })
}

// TestNothingIsMissed: roles that may do one thing too much, in ways that are
// easily overlooked, and roles that may not.
func TestNothingIsMissed(t *testing.T) {
	t.Parallel()
	const (
		readNest = `{"Sid":"Nest","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::nest/*"}`
		table    = "arn:aws:dynamodb:eu-west-1:111122223333:table/"
	)
	nestRule := iamtest.On("arn:aws:s3:::nest/*", "s3:GetObject")
	nest := iamtest.Rules{nestRule}
	allow := func(action, resource string) string {
		return `{"Sid":"More","Effect":"Allow","Action":"` + action + `","Resource":"` + resource + `"}`
	}
	more := func(action, resource string) string { return readNest + ",\n" + allow(action, resource) }
	when := func(action, resource, condition string) string {
		return readNest + ",\n" + `{"Sid":"More","Effect":"Allow","Action":"` + action + `","Resource":"` + resource + `","Condition":{` + condition + `}}`
	}
	bucket := func(file, statements string) principal.ResourceDetail {
		return principal.ResourceDetail{ARN: "arn:aws:s3:::nest", AccountID: hostileAccount, File: file, Document: `{"Version":"2012-10-17","Statement":[` + "\n" + statements + "]}"}
	}
	const line3 = `read.json:3:1: statement "More"`
	for _, test := range []hostile{
		{name: "exact", statements: readNest, rules: nest},
		{name: "a wildcard in a name", statements: allow("dynamodb:GetItem", table+"ord*s"), rules: iamtest.Rules{iamtest.On(table+"orders", "dynamodb:GetItem")},
			want: []string{"read.json:2:1", "dynamodb:GetItem on " + table + "ord*s"}},
		{name: "a question mark in a name", statements: allow("dynamodb:GetItem", table+"order?"), rules: iamtest.Rules{iamtest.On(table+"orders", "dynamodb:GetItem"), iamtest.On(table+"orderx", "dynamodb:GetItem")},
			want: []string{"read.json:2:1", table + "order?"}},
		{name: "a question mark in a region", statements: allow("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-?:111122223333:table/orders"), rules: iamtest.Rules{iamtest.On(table+"orders", "dynamodb:GetItem")},
			want: []string{"read.json:2:1", "eu-west-?"}},
		{name: "a question mark in the account", statements: allow("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:11112222333?:table/orders"), rules: iamtest.Rules{iamtest.On(table+"orders", "dynamodb:GetItem")},
			want: []string{"read.json:2:1", "11112222333?", "other accounts"}},
		{name: "NotAction", statements: readNest + `,{"Sid":"More","Effect":"Allow","NotAction":["iam:*","s3:*"],"Resource":"arn:aws:sqs:eu-west-1:111122223333:q"}`, rules: nest,
			want: []string{"read.json:2", "sqs:"}},
		{name: "NotResource", statements: readNest + ",\n" + `{"Sid":"More","Effect":"Allow","Action":"s3:GetObject","NotResource":"arn:aws:s3:::*nobody*/*"}`, rules: nest,
			want: []string{line3}},
		{name: "NotResource but this account", statements: readNest + ",\n" + `{"Sid":"More","Effect":"Allow","Action":"dynamodb:GetItem","NotResource":"arn:aws:dynamodb:*:111122223333:*"}`, rules: nest,
			want: []string{line3, "other accounts"}},
		{name: "the bucket policy grants part of the bucket", statements: readNest, rules: nest,
			resources: []principal.ResourceDetail{bucket("nest.json", `{"Sid":"Write","Effect":"Allow","Principal":{"AWS":"`+hostileRole+`"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::nest/drop/*"}`)},
			want:      []string{`nest.json:2:1: statement "Write"`, "s3:PutObject on arn:aws:s3:::nest/drop/*"}},
		{name: "the bucket policy grants one object", statements: readNest, rules: nest,
			resources: []principal.ResourceDetail{bucket("nest.json", `{"Sid":"Write","Effect":"Allow","Principal":{"AWS":"`+hostileRole+`"},"Action":"s3:DeleteObject","Resource":"arn:aws:s3:::nest/a/b.txt"}`)},
			want:      []string{`nest.json:2:1: statement "Write"`, "s3:DeleteObject on arn:aws:s3:::nest/a/b.txt"}},
		{name: "a queue policy that nobody named", statements: readNest, rules: nest,
			resources: []principal.ResourceDetail{{ARN: "arn:aws:sqs:eu-west-1:111122223333:jobs", AccountID: hostileAccount, File: "jobs.json",
				Document: `{"Version":"2012-10-17","Statement":[{"Sid":"Send","Effect":"Allow","Principal":{"AWS":"` + hostileRole + `"},"Action":"sqs:SendMessage","Resource":"*"}]}`}},
			want: []string{`jobs.json:1:38: statement "Send"`, "sqs:SendMessage on arn:aws:sqs:eu-west-1:111122223333:jobs"}},
		{name: "another role trusts it", statements: readNest, rules: nest,
			roles: []principal.RoleDetail{{Name: "admin", TrustFile: "trust.json", Trust: `{"Version":"2012-10-17","Statement":[{"Sid":"App","Effect":"Allow","Principal":{"AWS":"` + hostileRole + `"},"Action":"sts:AssumeRole"}]}`}},
			want:  []string{`trust.json:1:38: statement "App"`, "sts:AssumeRole on arn:aws:iam::111122223333:role/admin"}},
		{name: "another account's role", statements: more("sts:AssumeRole", "arn:aws:iam::444455556666:role/admin"), rules: nest,
			want: []string{line3, "sts:AssumeRole on arn:aws:iam::444455556666:role/admin"}},
		{name: "another account's table", statements: more("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:444455556666:table/orders"), rules: nest,
			want: []string{line3, "dynamodb:GetItem on arn:aws:dynamodb:eu-west-1:444455556666:table/orders in other accounts"}},
		{name: "accounts that begin so", statements: more("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:4444*:table/orders"), rules: nest,
			want: []string{line3, "4444*:table/orders in other accounts"}},
		{name: "another account's table is listed", statements: more("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:444455556666:table/orders"),
			rules: append(nest[:1:1], iamtest.On("arn:aws:dynamodb:eu-west-1:444455556666:table/orders", "dynamodb:GetItem"))},
		{name: "another region", statements: more("dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:111122223333:table/orders"),
			rules: append(nest[:1:1], iamtest.On(table+"orders", "dynamodb:GetItem")), want: []string{line3, "us-east-1"}},
		{name: "an action without resource types", statements: more("ec2:DescribeInstances", "*"), rules: nest, want: []string{line3, "ec2:DescribeInstances on *"}},
		{name: "a pattern in the prefix", statements: more("s?:*", "arn:aws:sqs:eu-west-1:111122223333:q"), rules: nest, not: []string{"More"}},
		{name: "a pattern in the prefix that fits", statements: more("sq?:*", "arn:aws:sqs:eu-west-1:111122223333:q"), rules: nest, want: []string{line3, "sqs:"}},
		{name: "an incomplete ARN", statements: more("sqs:SendMessage", "arn:aws:sqs"), rules: nest, want: []string{line3, "sqs:SendMessage on arn:aws:sqs"}},
		{name: "an incomplete ARN with a star", statements: more("sqs:SendMessage", "arn:aws:sqs*"), rules: nest, want: []string{line3}},
		{name: "an incomplete ARN that skips segments", statements: more("dynamodb:GetItem", "arn:aws:dynamodb:*:table/orders"), rules: nest, want: []string{line3}},
		{name: "an incomplete ARN of nothing", statements: more("dynamodb:GetItem", "arn:aws:*table/orders"), rules: nest},
		{name: "a star for region and account", statements: more("logs:PutLogEvents", "arn:aws:logs:*:log-group:app:*"), rules: nest, want: []string{line3}},
		{name: "a star over segments of nothing", statements: more("dynamodb:GetItem", "arn:aws:dynamodb:*/orders"), rules: nest},
		{name: "an ARN of stars", statements: more("dynamodb:GetItem", "arn:*"), rules: nest, want: []string{line3}},
		{name: "a condition that always holds", statements: when("sqs:SendMessage", "*", `"StringLike":{"aws:UserAgent":"*"}`), rules: nest, want: []string{line3, "aws:UserAgent"}},
		{name: "a condition that holds for the caller", statements: when("sqs:SendMessage", "*", `"StringEquals":{"aws:PrincipalAccount":"111122223333"}`), rules: nest, want: []string{line3, "sqs:SendMessage on *"}},
		{name: "a condition that never holds", statements: when("sqs:SendMessage", "*", `"StringEquals":{"aws:PrincipalAccount":"444455556666"}`), rules: nest},
		{name: "a condition for one value", statements: when("sqs:SendMessage", "*", `"StringEquals":{"aws:SourceVpce":"vpce-1"}`), rules: nest, want: []string{line3, `aws:SourceVpce "vpce-1"`}},
		{name: "ForAllValues on an absent key", statements: when("sqs:SendMessage", "*", `"ForAllValues:StringEquals":{"aws:TagKeys":"never"}`), rules: nest, want: []string{line3}},
		{name: "ForAllValues on a key stated absent", statements: when("sqs:SendMessage", "*", `"ForAllValues:StringEquals":{"aws:TagKeys":"never"}`), rules: nest, options: []iamtest.Option{iamtest.Absent("aws:TagKeys")}, want: []string{line3}},
		{name: "in another account only", statements: when("sqs:SendMessage", "*", `"StringEquals":{"aws:ResourceAccount":"444455556666"}`), rules: nest, want: []string{line3, "other accounts"}},
		{name: "in any other account", statements: when("sqs:SendMessage", "*", `"StringNotEquals":{"aws:ResourceAccount":"111122223333"}`), rules: nest, want: []string{line3, "other accounts"}},
		{name: "an object in another account", statements: when("s3:PutObject", "arn:aws:s3:::other/*", `"StringEquals":{"s3:ResourceAccount":"444455556666"}`), rules: nest, want: []string{line3}},
		{name: "an object in another account, by the global key", statements: when("s3:PutObject", "arn:aws:s3:::other/*", `"StringEquals":{"aws:ResourceAccount":"444455556666"}`), rules: nest, want: []string{line3}},
		{name: "tagged resources", statements: when("sqs:SendMessage", "*", `"StringEquals":{"aws:ResourceTag/team":"birds"}`), rules: nest, want: []string{line3}},
		{name: "a tag in a resource", statements: more("s3:PutObject", "arn:aws:s3:::home/${aws:PrincipalTag/team}/*"), tags: map[string]string{"team": "birds"}, rules: nest, want: []string{line3, "home/birds/*"}},
		{name: "a tag that is not there", statements: more("s3:PutObject", "arn:aws:s3:::home/${aws:PrincipalTag/team}/*"), rules: nest},
		{name: "a tag with a default", statements: more("s3:PutObject", "arn:aws:s3:::home/${aws:PrincipalTag/team, 'all'}/*"), rules: nest, want: []string{line3, "home/all/*"}},
		{name: "a user name that a role has not", statements: more("s3:PutObject", "arn:aws:s3:::home/${aws:username}/*"), rules: nest},
		{name: "a variable of the request", statements: more("s3:PutObject", "arn:aws:s3:::home/${aws:SourceVpce}/*"), rules: nest, want: []string{line3, "s3:PutObject on arn:aws:s3:::home/"}},
		{name: "through a group", group: readNest + ",\n" + allow("sqs:SendMessage", "*"), rules: nest, want: []string{`staff.json:3:1: statement "More"`}},
		{name: "boundary and identity meet", statements: more("s3:PutObject", "arn:aws:s3:::app-*/*"), boundary: readNest + "," + allow("s3:*", "arn:aws:s3:::*-prod/*"), rules: nest, want: []string{line3, "s3:PutObject"}},
		{name: "boundary and identity do not meet", statements: more("s3:PutObject", "arn:aws:s3:::app-*/*"), boundary: readNest + "," + allow("s3:*", "arn:aws:s3:::web-*/*"), rules: nest},
		{name: "boundary, SCP and identity meet", statements: more("s3:PutObject", "arn:aws:s3:::app-*/*"), boundary: readNest + "," + allow("s3:*", "arn:aws:s3:::*-prod/*"), scp: readNest + "," + allow("s3:*", "arn:aws:s3:::*/export*"), rules: nest,
			want: []string{line3, "app-*-prod"}},
		{name: "boundary and SCP meet", statements: more("s3:PutObject", "*"), boundary: readNest + "," + allow("s3:*", "arn:aws:s3:::app-*/*"), scp: readNest + "," + allow("s3:*", "arn:aws:s3:::*-prod/*"), rules: nest,
			want: []string{line3}},
		{name: "a Deny with exceptions", statements: more("s3:*", "arn:aws:s3:::app-*/*") + `,{"Effect":"Deny","Action":"s3:*","NotResource":["arn:aws:s3:::nest/*","arn:aws:s3:::*-prod/*"]}`, rules: nest, want: []string{line3}},
		{name: "a Deny but for some actions", statements: more("s3:*", "arn:aws:s3:::nest/*") + `,{"Effect":"Deny","NotAction":["s3:GetObject","s3:PutObjectAcl"],"Resource":"*"}`, rules: nest, want: []string{line3, "s3:PutObjectAcl on"}},
		{name: "a Deny of the letter n", statements: more("s3:PutObject", "arn:aws:s3:::drop/*") + `,{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::drop/n*"}`, rules: nest, want: []string{line3, "s3:PutObject on arn:aws:s3:::drop/*"}},
		{name: "a Deny of tables with the letter n", statements: more("dynamodb:PutItem", "*") + `,{"Effect":"Deny","Action":"dynamodb:*","Resource":"arn:aws:dynamodb:*:*:table/n*"}`, rules: nest, want: []string{line3, "dynamodb:PutItem on *"}},
		{name: "all but the letter n", statements: readNest + ",\n" + `{"Sid":"More","Effect":"Allow","Action":"dynamodb:PutItem","NotResource":"arn:aws:dynamodb:*:*:table/n*"}`, rules: nest, want: []string{line3}},
		{name: "a Deny under a condition", statements: more("s3:PutObject", "arn:aws:s3:::drop/*") + `,{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}}`,
			rules: iamtest.Rules{nestRule.If("aws:SourceVpce")}, want: []string{line3, "vpce-1"}},
		{name: "everything denied", statements: more("s3:PutObject", "arn:aws:s3:::drop/*") + `,{"Effect":"Deny","Action":"s3:Put*","Resource":"*"}`, rules: nest},
		{name: "an unknown action", statements: more("s3:GetObjectTelepathically", "arn:aws:s3:::drop/*"), rules: nest, want: []string{line3, "s3:GetObjectTelepathically on arn:aws:s3:::drop/*"}},
		{name: "an unknown service", statements: more("newservice:*", "*"), rules: nest, want: []string{line3, "newservice:* on *, of which the catalogue of actions knows nothing"}},
		{name: "an unknown action that is listed", statements: more("newservice:Fly", "*"), rules: append(nest[:1:1], iamtest.On("*", "newservice:Fly"))},
		{name: "an unknown action that is denied", statements: more("newservice:Fly", "*") + `,{"Effect":"Deny","Action":"newservice:*","Resource":"*"}`, rules: nest},
		{name: "a key of another account", statements: more("kms:Decrypt", "arn:aws:kms:eu-west-1:444455556666:key/1"), rules: nest, want: []string{line3, "kms:Decrypt on arn:aws:kms:eu-west-1:444455556666:key/1 in other accounts"}},
		{name: "the partition is open", statements: more("sqs:SendMessage", "arn:*:sqs:eu-west-1:111122223333:q"), rules: nest, want: []string{line3}},
		{name: "an SCP narrows to nothing too much", statements: more("sqs:SendMessage", "*"), scp: readNest, rules: nest},
		{name: "an SCP leaves a queue", statements: more("sqs:SendMessage", "*"), scp: readNest + "," + allow("sqs:*", "arn:aws:sqs:*:*:left"), rules: nest, want: []string{line3, "sqs:SendMessage on arn:aws:sqs:*:*:left"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := test.report(t)
			if again := test.report(t); again != got {
				t.Errorf("another time it says\n%s\ninstead of\n%s", again, got)
			}
			if len(test.want) == 0 && len(test.not) == 0 && got != "" {
				t.Errorf("reported:\n%s", got)
			}
			for _, part := range test.want {
				if !strings.Contains(got, part) {
					t.Errorf("%q is missing in:\n%s", part, got)
				}
			}
			for _, part := range test.not {
				if strings.Contains(got, part) {
					t.Errorf("%q is in:\n%s", part, got)
				}
			}
		})
	}
}

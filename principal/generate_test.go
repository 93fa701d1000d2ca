package principal

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
)

// An accountSize says how large a generated account is.
type accountSize struct{ users, groups, roles, policies int }

// generateAccount writes the account details of an account that exists nowhere,
// as get-account-authorization-details would. The same size gives the same
// text. Roughly half of the documents are objects, a third percent-encoded, the
// rest strings.
func generateAccount(size accountSize) []byte {
	g := &generator{random: rand.New(rand.NewPCG(1, 2))}
	b := &g.b
	b.WriteString("{\n  \"UserDetailList\": [")
	for i := range size.users {
		g.begin(i)
		fmt.Fprintf(b, `"Path": "/people/", "UserName": "user-%d", "UserId": "AIDA%016d", "Arn": "arn:aws:iam::111111111111:user/people/user-%d",`, i, i, i)
		fmt.Fprintf(b, ` "CreateDate": "2024-05-06T07:08:09+00:00", "GroupList": ["group-%d", "group-%d"],`, i%size.groups, (i*7+1)%size.groups)
		g.inline("UserPolicyList", i%10)
		g.attached(size.policies, 1)
		fmt.Fprintf(b, ` "Tags": [{"Key": "team", "Value": "team-%d"}, {"Key": "cost center", "Value": "%d"}]}`, i%20, i%7)
	}
	b.WriteString("\n  ],\n  \"GroupDetailList\": [")
	for i := range size.groups {
		g.begin(i)
		fmt.Fprintf(b, `"Path": "/", "GroupName": "group-%d", "GroupId": "AGPA%016d", "Arn": "arn:aws:iam::111111111111:group/group-%d",`, i, i, i)
		g.inline("GroupPolicyList", i%3)
		g.attached(size.policies, 3)
		b.WriteString(` "CreateDate": "2024-05-06T07:08:09+00:00"}`)
	}
	b.WriteString("\n  ],\n  \"RoleDetailList\": [")
	for i := range size.roles {
		g.begin(i)
		fmt.Fprintf(b, `"Path": "/service/", "RoleName": "role-%d", "RoleId": "AROA%016d", "Arn": "arn:aws:iam::111111111111:role/service/role-%d",`, i, i, i)
		b.WriteString(` "AssumeRolePolicyDocument": `)
		g.document(fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"service-%d.amazonaws.com"},"Action":"sts:AssumeRole"}]}`, i%30))
		b.WriteString(`, "InstanceProfileList": [],`)
		g.inline("RolePolicyList", i%3)
		g.attached(size.policies, 3)
		if i%5 == 0 {
			b.WriteString(` "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "arn:aws:iam::111111111111:policy/policy-0"},`)
		}
		fmt.Fprintf(b, ` "Tags": [{"Key": "team", "Value": "team-%d"}], "RoleLastUsed": {}}`, i%20)
	}
	b.WriteString("\n  ],\n  \"Policies\": [")
	for i := range size.policies {
		g.begin(i)
		fmt.Fprintf(b, `"PolicyName": "policy-%d", "PolicyId": "ANPA%016d", "Arn": "arn:aws:iam::111111111111:policy/policy-%d", "Path": "/", "DefaultVersionId": "v2",`, i, i, i)
		b.WriteString(` "PolicyVersionList": [{"VersionId": "v2", "IsDefaultVersion": true, "Document": `)
		g.document(g.policy(6))
		b.WriteString(`}, {"VersionId": "v1", "IsDefaultVersion": false, "Document": `)
		g.document(g.policy(2))
		b.WriteString(`}]}`)
	}
	b.WriteString("\n  ]\n}\n")
	return []byte(b.String())
}

type generator struct {
	random *rand.Rand
	b      strings.Builder
}

func (g *generator) begin(at int) {
	if at > 0 {
		g.b.WriteByte(',')
	}
	g.b.WriteString("\n    {")
}

func (g *generator) inline(member string, number int) {
	if number > 2 {
		number = 0
	}
	fmt.Fprintf(&g.b, ` "%s": [`, member)
	for i := range number {
		if i > 0 {
			g.b.WriteByte(',')
		}
		fmt.Fprintf(&g.b, `{"PolicyName": "inline-%d", "PolicyDocument": `, i)
		g.document(g.policy(3))
		g.b.WriteByte('}')
	}
	g.b.WriteString("],")
}

func (g *generator) attached(policies, number int) {
	g.b.WriteString(` "AttachedManagedPolicies": [`)
	for range number {
		name := fmt.Sprintf("policy-%d", g.random.IntN(policies))
		fmt.Fprintf(&g.b, `{"PolicyName": "%s", "PolicyArn": "arn:aws:iam::111111111111:policy/%s"},`, name, name)
	}
	g.b.WriteString(`{"PolicyName": "SecurityAudit", "PolicyArn": "arn:aws:iam::aws:policy/SecurityAudit"}],`)
}

// policy writes a document of some 300 bytes for each statement.
func (g *generator) policy(statements int) string {
	var b strings.Builder
	b.WriteString(`{"Version":"2012-10-17","Statement":[`)
	for i := range statements {
		if i > 0 {
			b.WriteByte(',')
		}
		n := g.random.IntN(10000)
		fmt.Fprintf(&b, `{"Sid":"S%d","Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:List*","dynamodb:GetItem","dynamodb:Query"],`, i)
		fmt.Fprintf(&b, `"Resource":["arn:aws:s3:::bucket-%d/*","arn:aws:s3:::bucket-%d","arn:aws:dynamodb:*:111111111111:table/table-%d"],`, n, n, n)
		fmt.Fprintf(&b, `"Condition":{"StringEquals":{"aws:PrincipalTag/team":"team-%d"}}}`, n%20)
	}
	b.WriteString(`]}`)
	return b.String()
}

func (g *generator) document(text string) {
	switch n := g.random.IntN(6); {
	case n < 3:
		g.b.WriteString(text)
	case n < 5:
		g.b.WriteString(`"` + percentEncode(text) + `"`)
	default:
		g.b.WriteString(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`)
	}
}

// percentEncode encodes as RFC 3986 says, the way the IAM API does.
func percentEncode(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}

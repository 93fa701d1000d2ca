package evaluate

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// A denial is a question that is denied, and what a developer is told about it.
type denial struct {
	name string
	scene
	// blockers are all sentences, in their order.
	blockers []string
	// aws is the sentence behind "User: CALLER is not authorized to perform:
	// ACTION on resource: RESOURCE".
	aws string
}

// The policies of the denials.
const (
	ownLogs  = `{"Sid": "Own", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/${aws:PrincipalTag/team}/*"}`
	logFile  = "arn:aws:s3:::logs/birds/1"
	readAll  = `{"Sid": "Read", "Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}`
	trustApp = `{"Sid": "Trust", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/ci"}, "Action": "sts:AssumeRole"}`
	useKey   = `{"Sid": "Use", "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}`
)

// with is a context with keys and values in turn.
func with(pairs ...string) *condition.Context {
	c := new(condition.Context)
	for at := 0; at < len(pairs); at += 2 {
		c.Set(pairs[at], condition.String(pairs[at+1]))
	}
	return c
}

func withList(key string, values ...string) *condition.Context {
	c := new(condition.Context)
	c.Set(key, condition.List(values...))
	return c
}

func denials() []denial {
	return []denial{
		// Nothing at all, or nothing about the action.
		{name: "no policies at all", scene: scene{},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: there is none`}},
		{name: "no policy about the action", scene: scene{identity: []string{other}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: its one Allow statement is not about "sqs:SendMessage"`}},
		{name: "several policies, none about the action", scene: scene{identity: []string{other, other + "," + other}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: none of its 3 Allow statements is about "sqs:SendMessage"`}},
		{name: "a misspelt action", scene: scene{identity: []string{`{"Sid": "Typo", "Effect": "Allow", "Action": "sqs:SendMesage", "Resource": "*"}`}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement "Typo" (1:41) of managed policy p1 would, but its Action "sqs:SendMesage" is not "sqs:SendMessage"`}},
		{name: "an action that does not exist", scene: scene{action: "sqs:SendMesage", identity: []string{yes}},
			aws:      `because no identity-based policy allows the sqs:SendMesage action`,
			blockers: []string{`no identity-based policy allows it: statement "Yes" (1:41) of managed policy p1 would, but its Action "sqs:SendMessage" is not "sqs:SendMesage"`}},
		{name: "another service", scene: scene{identity: []string{readAll}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: its one Allow statement is not about "sqs:SendMessage"`}},

		// Identity-based policies.
		{name: "identity, another resource", scene: scene{identity: []string{`{"Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:eu-west-1:111122223333:other"}`}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement 1 (1:41) of managed policy p1 would, but its Resource "arn:aws:sqs:eu-west-1:111122223333:other" does not match "arn:aws:sqs:eu-west-1:111122223333:jobs"`}},
		{name: "identity, several other resources", scene: scene{identity: []string{`{"Effect": "Allow", "Action": "sqs:*", "Resource": ["arn:aws:sqs:*:*:a", "arn:aws:sqs:*:*:b", "arn:aws:sqs:*:*:c", "arn:aws:sqs:*:*:d", "arn:aws:sqs:*:*:e"]}`}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement 1 (1:41) of managed policy p1 would, but none of its Resources "arn:aws:sqs:*:*:a", "arn:aws:sqs:*:*:b", "arn:aws:sqs:*:*:c" and 2 others matches "arn:aws:sqs:eu-west-1:111122223333:jobs"`}},
		{name: "identity, bucket instead of its objects", scene: scene{action: "s3:GetObject", resource: logFile, account: account, identity: []string{`{"Sid": "Bucket", "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::logs"}`}},
			aws:      `because no identity-based policy allows the s3:GetObject action`,
			blockers: []string{`no identity-based policy allows it: statement "Bucket" (1:41) of managed policy p1 would, but its Resource "arn:aws:s3:::logs" does not match "arn:aws:s3:::logs/birds/1"`}},
		{name: "identity, explicit", scene: scene{identity: []string{yes, no}},
			aws:      `with an explicit deny in an identity-based policy`,
			blockers: []string{`statement "No" (1:41) of managed policy p2 denies it`}},
		{name: "identity, explicit by NotResource", scene: scene{identity: []string{yes, `{"Sid": "OnlyLogs", "Effect": "Deny", "Action": "sqs:*", "NotResource": "arn:aws:sqs:*:*:logs"}`}},
			aws:      `with an explicit deny in an identity-based policy`,
			blockers: []string{`statement "OnlyLogs" (1:41) of managed policy p2 denies it: the resource is not among its NotResource "arn:aws:sqs:*:*:logs"`}},
		{name: "identity, explicit by NotAction", scene: scene{identity: []string{yes, `{"Sid": "OnlyReading", "Effect": "Deny", "NotAction": ["sqs:ReceiveMessage", "iam:*"], "Resource": "*"}`}},
			aws:      `with an explicit deny in an identity-based policy`,
			blockers: []string{`statement "OnlyReading" (1:41) of managed policy p2 denies it: the action is not among its NotAction "sqs:ReceiveMessage", "iam:*"`}},
		{name: "identity, left out by NotResource", scene: scene{identity: []string{`{"Sid": "AllButJobs", "Effect": "Allow", "Action": "sqs:*", "NotResource": "arn:aws:sqs:*:*:jobs"}`}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement "AllButJobs" (1:41) of managed policy p1 would, but its NotResource "arn:aws:sqs:*:*:jobs" leaves out the resource`}},
		{name: "identity, left out by NotAction", scene: scene{identity: []string{`{"Sid": "AllButSQS", "Effect": "Allow", "NotAction": "sqs:*", "Resource": "*"}`}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement "AllButSQS" (1:41) of managed policy p1 would, but its NotAction "sqs:*" leaves out the action`}},

		// Conditions.
		{name: "missing key", scene: scene{identity: []string{only(`{"Bool": {"aws:MultiFactorAuthPresent": "true"}}`, yes)}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement "Yes" (1:41) of managed policy p1 would, but Bool aws:MultiFactorAuthPresent "true" does not hold, the key is missing`}},
		{name: "wrong value", scene: scene{context: with("aws:RequestedRegion", "us-east-1"), identity: []string{only(`{"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}}`, yes)}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement "Yes" (1:41) of managed policy p1 would, but StringEquals aws:RequestedRegion "eu-west-1" or "eu-central-1" does not hold, it is "us-east-1"`}},
		{name: "wrong letter case", scene: scene{context: with("aws:RequestedRegion", "EU-WEST-1"), identity: []string{only(`{"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}`, yes)}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement "Yes" (1:41) of managed policy p1 would, but StringEquals aws:RequestedRegion "eu-west-1" does not hold, it is "EU-WEST-1"`}},
		{name: "wrong type", scene: scene{context: with("s3:max-keys", "ten"), identity: []string{only(`{"NumericLessThanEquals": {"s3:max-keys": "10"}}`, yes)}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement "Yes" (1:41) of managed policy p1 would, but NumericLessThanEquals s3:max-keys "10" does not hold, it is "ten", which is not a number`}},
		{name: "too large", scene: scene{context: with("s3:max-keys", "100"), identity: []string{only(`{"NumericLessThanEquals": {"s3:max-keys": "10"}}`, yes)}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement "Yes" (1:41) of managed policy p1 would, but NumericLessThanEquals s3:max-keys "10" does not hold, it is "100"`}},
		{name: "too late", scene: scene{context: with("aws:CurrentTime", "2026-07-01T00:00:00Z"), identity: []string{only(`{"DateLessThan": {"aws:CurrentTime": "2026-06-30T00:00:00Z"}}`, yes)}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement "Yes" (1:41) of managed policy p1 would, but DateLessThan aws:CurrentTime "2026-06-30T00:00:00Z" does not hold, it is "2026-07-01T00:00:00Z"`}},
		{name: "wrong address", scene: scene{context: with("aws:SourceIp", "192.0.2.7"), identity: []string{only(`{"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "172.16.0.0/12"]}}`, yes)}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement "Yes" (1:41) of managed policy p1 would, but IpAddress aws:SourceIp "10.0.0.0/8" or "172.16.0.0/12" does not hold, it is "192.0.2.7"`}},
		{name: "excluded address", scene: scene{context: with("aws:SourceIp", "192.0.2.7"), identity: []string{yes, only(`{"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}`, no)}},
			aws:      `with an explicit deny in an identity-based policy`,
			blockers: []string{`statement "No" (1:41) of managed policy p2 denies it: NotIpAddress aws:SourceIp "10.0.0.0/8" holds, it is "192.0.2.7"`}},
		{name: "list under a plain operator", scene: scene{context: withList("aws:TagKeys", "team", "cost"), identity: []string{only(`{"StringEquals": {"aws:TagKeys": "team"}}`, yes)}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement "Yes" (1:41) of managed policy p1 would, but StringEquals aws:TagKeys "team" does not hold, it is the list ["team", "cost"], which only operators with ForAllValues or ForAnyValue compare`}},
		{name: "a value of the list is not allowed", scene: scene{context: withList("aws:TagKeys", "team", "cost"), identity: []string{only(`{"ForAllValues:StringEquals": {"aws:TagKeys": ["team", "name"]}}`, yes)}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement "Yes" (1:41) of managed policy p1 would, but ForAllValues:StringEquals aws:TagKeys "team" or "name" does not hold, it is the list ["team", "cost"]`}},
		{name: "no value of the list matches", scene: scene{context: withList("aws:TagKeys", "cost"), identity: []string{only(`{"ForAnyValue:StringEquals": {"aws:TagKeys": ["team", "name"]}}`, yes)}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement "Yes" (1:41) of managed policy p1 would, but ForAnyValue:StringEquals aws:TagKeys "team" or "name" does not hold, it is the list ["cost"]`}},
		{name: "key must be absent", scene: scene{context: with("aws:TokenIssueTime", "2026-01-01T00:00:00Z"), identity: []string{only(`{"Null": {"aws:TokenIssueTime": "true"}}`, yes)}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement "Yes" (1:41) of managed policy p1 would, but Null aws:TokenIssueTime "true" does not hold, it is "2026-01-01T00:00:00Z"`}},
		{name: "key must be there", scene: scene{identity: []string{only(`{"Null": {"aws:TokenIssueTime": "false"}}`, yes)}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement "Yes" (1:41) of managed policy p1 would, but Null aws:TokenIssueTime "false" does not hold, the key is missing`}},
		{name: "two of three tests fail", scene: scene{context: with("aws:SecureTransport", "true", "aws:RequestedRegion", "us-east-1"), identity: []string{
			only(`{"Bool": {"aws:SecureTransport": "true", "aws:MultiFactorAuthPresent": "true"}, "StringEquals": {"aws:RequestedRegion": "eu-west-1"}}`, yes)}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement "Yes" (1:41) of managed policy p1 would, but Bool aws:MultiFactorAuthPresent "true" does not hold, the key is missing; and StringEquals aws:RequestedRegion "eu-west-1" does not hold, it is "us-east-1"`}},
		{name: "explicit by a missing key", scene: scene{identity: []string{yes, only(`{"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}`, no)}},
			aws:      `with an explicit deny in an identity-based policy`,
			blockers: []string{`statement "No" (1:41) of managed policy p2 denies it: BoolIfExists aws:MultiFactorAuthPresent "false" holds, the key is missing, which BoolIfExists accepts`}},
		{name: "explicit by an empty set", scene: scene{identity: []string{yes, only(`{"ForAllValues:StringEquals": {"aws:TagKeys": "team"}}`, no)}},
			aws:      `with an explicit deny in an identity-based policy`,
			blockers: []string{`statement "No" (1:41) of managed policy p2 denies it: ForAllValues:StringEquals aws:TagKeys "team" holds, the key is missing, which ForAllValues:StringEquals accepts`}},

		{name: "explicit by a negated operator and a missing key", scene: scene{identity: []string{yes, only(`{"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}`, no)}},
			aws:      `with an explicit deny in an identity-based policy`,
			blockers: []string{`statement "No" (1:41) of managed policy p2 denies it: StringNotEquals aws:RequestedRegion "eu-west-1" holds, the key is missing, which StringNotEquals accepts`}},
		{name: "not an ARN", scene: scene{context: with("aws:SourceArn", "topic"), identity: []string{only(`{"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:topic"}}`, yes)}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement "Yes" (1:41) of managed policy p1 would, but ArnLike aws:SourceArn "arn:aws:sns:*:*:topic" does not hold, it is "topic", which is not an ARN`}},
		{name: "not a truth value", scene: scene{context: with("aws:SecureTransport", "yes"), identity: []string{only(`{"Bool": {"aws:SecureTransport": "true"}}`, yes)}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement "Yes" (1:41) of managed policy p1 would, but Bool aws:SecureTransport "true" does not hold, it is "yes", which is not true or false`}},

		// Variables.
		{name: "unresolved variable in Resource", scene: scene{action: "s3:GetObject", resource: logFile, account: account, identity: []string{ownLogs}},
			aws:      `because no identity-based policy allows the s3:GetObject action`,
			blockers: []string{`no identity-based policy allows it: statement "Own" (1:41) of managed policy p1 would, but its Resource "arn:aws:s3:::logs/${aws:PrincipalTag/team}/*", where aws:PrincipalTag/team is missing, does not match "arn:aws:s3:::logs/birds/1"`}},
		{name: "variable in Resource of another value", scene: scene{action: "s3:GetObject", resource: logFile, account: account, context: with("aws:PrincipalTag/team", "fish"), identity: []string{ownLogs}},
			aws:      `because no identity-based policy allows the s3:GetObject action`,
			blockers: []string{`no identity-based policy allows it: statement "Own" (1:41) of managed policy p1 would, but its Resource "arn:aws:s3:::logs/${aws:PrincipalTag/team}/*", which is "arn:aws:s3:::logs/fish/*", does not match "arn:aws:s3:::logs/birds/1"`}},
		{name: "unresolved variable in Condition", scene: scene{context: with("aws:ResourceTag/team", "birds"), identity: []string{only(`{"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}`, yes)}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement "Yes" (1:41) of managed policy p1 would, but StringEquals aws:ResourceTag/team "${aws:PrincipalTag/team}" does not hold, aws:PrincipalTag/team is missing`}},
		{name: "variable in Condition of another value", scene: scene{context: with("aws:ResourceTag/team", "birds", "aws:PrincipalTag/team", "fish"), identity: []string{only(`{"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}`, yes)}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement "Yes" (1:41) of managed policy p1 would, but StringEquals aws:ResourceTag/team "${aws:PrincipalTag/team}", which is "fish", does not hold, it is "birds"`}},
		{name: "explicit by an unresolved variable", scene: scene{action: "s3:GetObject", resource: logFile, account: account, identity: []string{readAll,
			`{"Sid": "NotOwn", "Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::logs/${aws:PrincipalTag/team}/*"}`}},
			aws:      `with an explicit deny in an identity-based policy`,
			blockers: []string{`statement "NotOwn" (1:41) of managed policy p2 denies it: the resource is not among its NotResource "arn:aws:s3:::logs/${aws:PrincipalTag/team}/*", where aws:PrincipalTag/team is missing`}},

		// The nearest statement.
		{name: "the statement of the resource is the nearest", scene: scene{identity: []string{
			`{"Sid": "Elsewhere", "Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:us-east-1:*:*"}`,
			only(`{"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"aws:RequestedRegion": "eu-west-1"}}`, strings.Replace(yes, `"*"`, `"`+queue+`"`, 1))}},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: statement "Yes" (1:41) of managed policy p2 would, but Bool aws:SecureTransport "true" does not hold, the key is missing; and StringEquals aws:RequestedRegion "eu-west-1" does not hold, the key is missing`}},

		// Organizations.
		{name: "RCP, explicit", scene: scene{identity: []string{yes}, resourceControl: []string{"", to(everybody, only(`{"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}`, no))}, context: with("aws:PrincipalOrgID", "o-2")},
			aws:      `with an explicit deny in a resource control policy`,
			blockers: []string{`statement "No" (1:41) of resource control policy p2 at ou-1 denies it: StringNotEqualsIfExists aws:PrincipalOrgID "o-1" holds, it is "o-2"`}},
		{name: "SCP at the root, implicit", scene: scene{identity: []string{yes}, serviceControl: []string{other, yes}},
			aws:      `because no service control policy allows the sqs:SendMessage action`,
			blockers: []string{`no service control policy at r-1 allows it: its one Allow statement is not about "sqs:SendMessage"`}},
		{name: "SCP at an OU, implicit", scene: scene{identity: []string{yes}, serviceControl: []string{yes, other + "," + readAll, yes}},
			aws:      `because no service control policy allows the sqs:SendMessage action`,
			blockers: []string{`no service control policy at ou-1 allows it: none of its 2 Allow statements is about "sqs:SendMessage"`}},
		{name: "SCP at the account, no policy", scene: scene{identity: []string{yes}, serviceControl: []string{yes, yes, ""}},
			aws:      `because no service control policy allows the sqs:SendMessage action`,
			blockers: []string{`no service control policy at account allows it: there is none`}},
		{name: "SCP at the root, explicit", scene: scene{identity: []string{yes}, serviceControl: []string{yes + "," + no, yes}},
			aws:      `with an explicit deny in a service control policy`,
			blockers: []string{`statement "No" (1:121) of service control policy p1 at r-1 denies it`}},
		{name: "SCP at an OU, explicit by region", scene: scene{identity: []string{yes}, context: with("aws:RequestedRegion", "us-east-1"), serviceControl: []string{yes,
			yes + "," + only(`{"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}`, `{"Sid": "Region", "Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}`)}},
			aws:      `with an explicit deny in a service control policy`,
			blockers: []string{`statement "Region" (1:121) of service control policy p2 at ou-1 denies it: the action is not among its NotAction "iam:*"; and StringNotEquals aws:RequestedRegion "eu-west-1" holds, it is "us-east-1"`}},
		{name: "SCP at the account, explicit", scene: scene{identity: []string{yes}, serviceControl: []string{yes, yes, yes + "," + no}},
			aws:      `with an explicit deny in a service control policy`,
			blockers: []string{`statement "No" (1:121) of service control policy p3 at account denies it`}},
		{name: "SCP denies root too", scene: scene{caller: root, serviceControl: []string{yes + "," + no}},
			aws:      `with an explicit deny in a service control policy`,
			blockers: []string{`statement "No" (1:121) of service control policy p1 at r-1 denies it`}},

		// VPC endpoints.
		{name: "endpoint, implicit", scene: scene{identity: []string{yes}, endpoint: []string{to(everybody, other)}},
			aws:      `because no VPC endpoint policy allows the sqs:SendMessage action`,
			blockers: []string{`no VPC endpoint policy allows it: its one Allow statement is not about "sqs:SendMessage"`}},
		{name: "endpoint, another principal", scene: scene{identity: []string{yes}, endpoint: []string{to(aws(otherAccount), yes)}},
			aws:      `because no VPC endpoint policy allows the sqs:SendMessage action`,
			blockers: []string{`no VPC endpoint policy allows it: statement "Yes" (1:41) of VPC endpoint policy p1 would, but its Principal "444455556666" is not the caller`}},
		{name: "endpoint, explicit", scene: scene{identity: []string{yes}, endpoint: []string{to(everybody, yes) + "," + to(everybody, no)}},
			aws:      `with an explicit deny in a VPC endpoint policy`,
			blockers: []string{`statement "No" (1:139) of VPC endpoint policy p1 denies it`}},

		// Resource-based policies.
		{name: "resource policy, explicit", scene: scene{identity: []string{yes}, resourcePolicy: to(everybody, no)},
			aws:      `with an explicit deny in a resource-based policy`,
			blockers: []string{`statement "No" (1:41) of an unnamed resource-based policy denies it`}},
		{name: "resource policy, explicit by NotPrincipal", scene: scene{identity: []string{yes}, resourcePolicy: strings.Replace(to(aws("arn:aws:iam::111122223333:user/bob"), no), "Principal", "NotPrincipal", 1)},
			aws:      `with an explicit deny in a resource-based policy`,
			blockers: []string{`statement "No" (1:41) of an unnamed resource-based policy denies it: the caller is not among its NotPrincipal "arn:aws:iam::111122223333:user/bob"`}},
		{name: "resource policy, plain transport", scene: scene{identity: []string{yes}, context: with("aws:SecureTransport", "false"), resourcePolicy: to(everybody, only(`{"Bool": {"aws:SecureTransport": "false"}}`, no))},
			aws:      `with an explicit deny in a resource-based policy`,
			blockers: []string{`statement "No" (1:41) of an unnamed resource-based policy denies it: Bool aws:SecureTransport "false" holds, it is "false"`}},
		{name: "resource policy names another user", scene: scene{resourcePolicy: to(aws("arn:aws:iam::111122223333:user/bob"), yes)},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: there is none; the resource-based policy does not either: statement "Yes" (1:41) of an unnamed resource-based policy would, but its Principal "arn:aws:iam::111122223333:user/bob" is not the caller`}},
		{name: "resource policy names only the account", scene: scene{resourcePolicy: to(ownAccount, yes)},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: there is none; the resource-based policy names only the account, whose own policies must allow it too`}},
		{name: "cross-account, no resource policy", scene: scene{identity: []string{yes}, resource: otherQueue},
			aws:      `because no resource-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no resource-based policy allows it: there is none; account 444455556666, which owns the resource, must allow it too`}},
		{name: "cross-account, resource policy names somebody else", scene: scene{identity: []string{yes}, resource: otherQueue, resourcePolicy: to(aws("arn:aws:iam::111122223333:user/bob"), yes)},
			aws:      `because no resource-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no resource-based policy allows it: statement "Yes" (1:41) of an unnamed resource-based policy would, but its Principal "arn:aws:iam::111122223333:user/bob" is not the caller; account 444455556666, which owns the resource, must allow it too`}},
		{name: "cross-account, resource policy about another action", scene: scene{identity: []string{yes}, resource: otherQueue, resourcePolicy: to(aws(alice), other)},
			aws:      `because no resource-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no resource-based policy allows it: its one Allow statement is not about "sqs:SendMessage"; account 444455556666, which owns the resource, must allow it too`}},
		{name: "cross-account, condition of the resource policy", scene: scene{identity: []string{yes}, resource: otherQueue, resourcePolicy: to(ownAccount, only(`{"StringEquals": {"aws:PrincipalOrgID": "o-1"}}`, yes))},
			aws:      `because no resource-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no resource-based policy allows it: statement "Yes" (1:41) of an unnamed resource-based policy would, but StringEquals aws:PrincipalOrgID "o-1" does not hold, the key is missing; account 444455556666, which owns the resource, must allow it too`}},
		{name: "cross-account, explicit", scene: scene{identity: []string{yes}, resource: otherQueue, resourcePolicy: to(everybody, yes) + "," + to(aws(alice), no)},
			aws:      `with an explicit deny in a resource-based policy`,
			blockers: []string{`statement "No" (1:139) of an unnamed resource-based policy denies it`}},
		{name: "cross-account, own side missing", scene: scene{resource: otherQueue, resourcePolicy: to(aws(alice), yes)},
			aws:      `because no identity-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no identity-based policy allows it: there is none; the resource-based policy allows it, but across accounts both sides must`}},
		{name: "cross-account, both sides missing", scene: scene{resource: otherQueue},
			aws: `because no resource-based policy allows the sqs:SendMessage action`,
			blockers: []string{
				`no resource-based policy allows it: there is none; account 444455556666, which owns the resource, must allow it too`,
				`no identity-based policy allows it: there is none`}},
		{name: "cross-account, the other account is not known to own it", scene: scene{identity: []string{yes}, resource: "arn:aws:s3:::photos/1", action: "s3:GetObject", account: otherAccount},
			aws: `because no resource-based policy allows the s3:GetObject action`,
			blockers: []string{
				`no resource-based policy allows it: there is none; account 444455556666, which owns the resource, must allow it too`,
				`no identity-based policy allows it: its one Allow statement is not about "s3:GetObject"`}},
		{name: "another partition", scene: scene{identity: []string{yes}, resource: "arn:aws-cn:sqs:cn-north-1:111122223333:jobs"},
			aws:      ``,
			blockers: []string{`no policy can allow it: the caller belongs to the partition aws and the resource to aws-cn; see IAM User Guide: Cross-account policy evaluation logic (a principal of another partition)`}},

		// Who asks.
		{name: "anonymous", scene: scene{caller: "anonymous", resourcePolicy: to(aws(otherAccount), yes)},
			aws:      `because no resource-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no resource-based policy allows it: statement "Yes" (1:41) of an unnamed resource-based policy would, but its Principal "444455556666" is not the caller; an anonymous caller has no policies of its own`}},
		{name: "anonymous, no resource policy", scene: scene{caller: "anonymous"},
			aws:      `because no resource-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no resource-based policy allows it: there is none; an anonymous caller has no policies of its own`}},
		{name: "service caller not named", scene: scene{caller: notifier, resourcePolicy: to(`{"Service": "events.amazonaws.com"}`, yes)},
			aws:      `because no resource-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no resource-based policy allows it: statement "Yes" (1:41) of an unnamed resource-based policy would, but its Principal "events.amazonaws.com" is not the caller; a service has no policies of its own`}},
		{name: "service caller for another source", scene: scene{caller: notifier, context: with("aws:SourceArn", "arn:aws:sns:eu-west-1:444455556666:t"), resourcePolicy: to(`{"Service": "sns.amazonaws.com"}`, only(`{"ArnEquals": {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:t"}}`, yes))},
			aws:      `because no resource-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no resource-based policy allows it: statement "Yes" (1:41) of an unnamed resource-based policy would, but ArnEquals aws:SourceArn "arn:aws:sns:eu-west-1:111122223333:t" does not hold, it is "arn:aws:sns:eu-west-1:444455556666:t"; a service has no policies of its own`}},
		{name: "service caller, no resource policy", scene: scene{caller: notifier},
			aws:      `because no resource-based policy allows the sqs:SendMessage action`,
			blockers: []string{`no resource-based policy allows it: there is none; a service has no policies of its own`}},
		{name: "federated user without session policy", scene: scene{caller: guest, identity: []string{yes}},
			aws:      `because no session policy allows the sqs:SendMessage action`,
			blockers: []string{`no session policy allows it: none was passed, and a federated user may do nothing without one`}},
		{name: "federated user, its issuer is named", scene: scene{caller: guest, issuer: alice, resourcePolicy: to(aws(alice), yes)},
			aws:      `because no session policy allows the sqs:SendMessage action`,
			blockers: []string{`no session policy allows it: none was passed, and a federated user may do nothing without one; the resource-based policy names the user behind the federated user, which does not make up for this`}},

		// Boundaries and sessions.
		{name: "boundary, implicit", scene: scene{identity: []string{yes}, boundary: []string{other}},
			aws:      `because no permissions boundary allows the sqs:SendMessage action`,
			blockers: []string{`no permissions boundary allows it: its one Allow statement is not about "sqs:SendMessage"`}},
		{name: "boundary, explicit", scene: scene{identity: []string{yes}, boundary: []string{yes + "," + no}},
			aws:      `with an explicit deny in a permissions boundary`,
			blockers: []string{`statement "No" (1:121) of permissions boundary p1 denies it`}},
		{name: "boundary silent under a grant to the role", scene: scene{caller: session, issuer: sessionRole, boundary: []string{other}, resourcePolicy: to(aws(sessionRole), yes)},
			aws:      `because no permissions boundary allows the sqs:SendMessage action`,
			blockers: []string{`no permissions boundary allows it: its one Allow statement is not about "sqs:SendMessage"; the resource-based policy names the role and not this session of it, which does not make up for this`}},
		{name: "session policy, implicit", scene: scene{caller: session, issuer: sessionRole, identity: []string{yes}, session: []string{other}},
			aws:      `because no session policy allows the sqs:SendMessage action`,
			blockers: []string{`no session policy allows it: its one Allow statement is not about "sqs:SendMessage"`}},
		{name: "session policy, another resource", scene: scene{caller: session, issuer: sessionRole, identity: []string{yes}, session: []string{strings.Replace(yes, `"*"`, `"arn:aws:sqs:*:*:logs"`, 1)}},
			aws:      `because no session policy allows the sqs:SendMessage action`,
			blockers: []string{`no session policy allows it: statement "Yes" (1:41) of session policy p1 would, but its Resource "arn:aws:sqs:*:*:logs" does not match "arn:aws:sqs:eu-west-1:111122223333:jobs"`}},
		{name: "session policy, explicit", scene: scene{caller: session, issuer: sessionRole, identity: []string{yes}, session: []string{yes + "," + no}},
			aws:      `with an explicit deny in a session policy`,
			blockers: []string{`statement "No" (1:121) of session policy p1 denies it`}},
		{name: "session policy silent under a grant to the role", scene: scene{caller: session, issuer: sessionRole, session: []string{other}, resourcePolicy: to(aws(sessionRole), yes)},
			aws:      `because no session policy allows the sqs:SendMessage action`,
			blockers: []string{`no session policy allows it: its one Allow statement is not about "sqs:SendMessage"; the resource-based policy names the role and not this session of it, which does not make up for this`}},

		// Roles.
		{name: "trust, no policy", scene: scene{action: "sts:AssumeRole", resource: plainRole, identity: []string{everythingAllowed}},
			aws:      `because no role trust policy allows the sts:AssumeRole action`,
			blockers: []string{`no role trust policy allows it: there is none`}},
		{name: "trust names somebody else", scene: scene{action: "sts:AssumeRole", resource: plainRole, identity: []string{everythingAllowed}, resourcePolicy: trustApp},
			aws:      `because no role trust policy allows the sts:AssumeRole action`,
			blockers: []string{`no role trust policy allows it: statement "Trust" (1:41) of an unnamed trust policy would, but its Principal "arn:aws:iam::111122223333:role/ci" is not the caller`}},
		{name: "trust, wrong external id", scene: scene{action: "sts:AssumeRole", resource: "arn:aws:iam::444455556666:role/app", identity: []string{everythingAllowed}, context: with("sts:ExternalId", "guess"),
			resourcePolicy: to(ownAccount, only(`{"StringEquals": {"sts:ExternalId": "secret"}}`, `{"Sid": "Partner", "Effect": "Allow", "Action": "sts:AssumeRole"}`))},
			aws:      `because no role trust policy allows the sts:AssumeRole action`,
			blockers: []string{`no role trust policy allows it: statement "Partner" (1:41) of an unnamed trust policy would, but StringEquals sts:ExternalId "secret" does not hold, it is "guess"; account 444455556666, which owns the resource, must allow it too`}},
		{name: "trust, explicit", scene: scene{action: "sts:AssumeRole", resource: plainRole, identity: []string{everythingAllowed}, resourcePolicy: to(everybody, `{"Sid": "Trust", "Effect": "Allow", "Action": "sts:AssumeRole"}`) + "," + to(aws(alice), `{"Sid": "NotAlice", "Effect": "Deny", "Action": "sts:AssumeRole"}`)},
			aws:      `with an explicit deny in the role trust policy`,
			blockers: []string{`statement "NotAlice" (1:123) of an unnamed trust policy denies it`}},
		{name: "trust names the account, identity silent", scene: scene{action: "sts:AssumeRole", resource: plainRole, resourcePolicy: to(ownAccount, `{"Sid": "Trust", "Effect": "Allow", "Action": "sts:AssumeRole"}`)},
			aws:      `because no identity-based policy allows the sts:AssumeRole action`,
			blockers: []string{`no identity-based policy allows it: there is none; the role trust policy names only the account, whose own policies must allow it too`}},
		{name: "trust, TagSession missing", scene: scene{action: "sts:TagSession", resource: plainRole, identity: []string{everythingAllowed}, resourcePolicy: to(aws(alice), `{"Sid": "Trust", "Effect": "Allow", "Action": "sts:AssumeRole"}`)},
			aws:      `because no role trust policy allows the sts:TagSession action`,
			blockers: []string{`no role trust policy allows it: its one Allow statement is not about "sts:TagSession"`}},
		{name: "provider caller, another audience", scene: scene{caller: provider, action: "sts:AssumeRoleWithWebIdentity", resource: plainRole, context: with("accounts.google.com:aud", "other-app"),
			resourcePolicy: to(`{"Federated": "accounts.google.com"}`, only(`{"StringEquals": {"accounts.google.com:aud": "my-app"}}`, `{"Sid": "Google", "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity"}`))},
			aws:      `because no role trust policy allows the sts:AssumeRoleWithWebIdentity action`,
			blockers: []string{`no role trust policy allows it: statement "Google" (1:41) of an unnamed trust policy would, but StringEquals accounts.google.com:aud "my-app" does not hold, it is "other-app"`}},
		{name: "provider caller not named", scene: scene{caller: provider, action: "sts:AssumeRoleWithWebIdentity", resource: plainRole,
			resourcePolicy: to(`{"Federated": "graph.facebook.com"}`, `{"Sid": "Facebook", "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity"}`)},
			aws:      `because no role trust policy allows the sts:AssumeRoleWithWebIdentity action`,
			blockers: []string{`no role trust policy allows it: statement "Facebook" (1:41) of an unnamed trust policy would, but its Principal "graph.facebook.com" is not the caller`}},

		{name: "trust names one session of the role", scene: scene{caller: sessionRole, action: "sts:AssumeRole", resource: plainRole, identity: []string{everythingAllowed}, resourcePolicy: to(aws(session), `{"Sid": "Trust", "Effect": "Allow", "Action": "sts:AssumeRole"}`)},
			aws:      `because no role trust policy allows the sts:AssumeRole action`,
			blockers: []string{`no role trust policy allows it: statement "Trust" (1:41) of an unnamed trust policy would, but its Principal "arn:aws:sts::111122223333:assumed-role/app/run" is not the caller`}},
		{name: "trust, several principals", scene: scene{caller: session, issuer: sessionRole, action: "sts:AssumeRole", resource: plainRole, identity: []string{everythingAllowed}, resourcePolicy: to(`{"AWS": ["arn:aws:iam::111122223333:role/ci", "444455556666"], "Service": "lambda.amazonaws.com"}`, `{"Sid": "Trust", "Effect": "Allow", "Action": "sts:AssumeRole"}`)},
			aws:      `because no role trust policy allows the sts:AssumeRole action`,
			blockers: []string{`no role trust policy allows it: statement "Trust" (1:41) of an unnamed trust policy would, but none of its Principals "arn:aws:iam::111122223333:role/ci", "444455556666", "lambda.amazonaws.com" is the caller`}},

		// KMS keys.
		{name: "key policy, none", scene: scene{action: "kms:Decrypt", resource: kmsKey, identity: []string{useKey}},
			aws:      `because no resource-based policy allows the kms:Decrypt action`,
			blockers: []string{`no resource-based policy allows it: there is none; the key policy of a KMS key must allow it, whatever other policies allow`}},
		{name: "key policy without the account", scene: scene{action: "kms:Decrypt", resource: kmsKey, identity: []string{useKey}, resourcePolicy: to(aws("arn:aws:iam::111122223333:user/bob"), useKey)},
			aws:      `because no resource-based policy allows the kms:Decrypt action`,
			blockers: []string{`no resource-based policy allows it: statement "Use" (1:41) of an unnamed resource-based policy would, but its Principal "arn:aws:iam::111122223333:user/bob" is not the caller; the key policy of a KMS key must allow it, whatever other policies allow`}},
		{name: "key policy names the account, identity silent", scene: scene{action: "kms:Decrypt", resource: kmsKey, resourcePolicy: to(aws(root), useKey)},
			aws:      `because no identity-based policy allows the kms:Decrypt action`,
			blockers: []string{`no identity-based policy allows it: there is none; the resource-based policy names only the account, whose own policies must allow it too`}},
		{name: "key policy, explicit", scene: scene{action: "kms:Decrypt", resource: kmsKey, identity: []string{useKey}, resourcePolicy: to(everybody, everythingOf("kms"))},
			aws: `with an explicit deny in a resource-based policy`,
			blockers: []string{
				`statement "None" (1:41) of an unnamed resource-based policy denies it`,
				`no resource-based policy allows it: it has no Allow statement; the key policy of a KMS key must allow it, whatever other policies allow`}},
		{name: "key policy silent to root", scene: scene{caller: root, action: "kms:Decrypt", resource: kmsKey},
			aws:      `because no resource-based policy allows the kms:Decrypt action`,
			blockers: []string{`no resource-based policy allows it: there is none; the key policy of a KMS key must allow it, whatever other policies allow`}},

		// Rules of services.
		{name: "AWS-managed policy", scene: scene{action: "iam:DeletePolicy", resource: awsPolicy, account: account, identity: []string{everythingAllowed}},
			aws:      ``,
			blockers: []string{`no policy can allow it: AWS managed policies cannot be changed; see IAM User Guide: Managed policies and inline policies (AWS managed policies)`}},
		{name: "root assumes a role", scene: scene{caller: root, action: "sts:AssumeRole", resource: plainRole, resourcePolicy: to(ownAccount, `{"Effect": "Allow", "Action": "sts:AssumeRole"}`)},
			aws:      ``,
			blockers: []string{`no policy can allow it: a root user cannot assume roles; see AWS STS API Reference: AssumeRole (root users cannot assume roles)`}},
		{name: "alias of an AWS managed key", scene: scene{action: "kms:DeleteAlias", resource: "arn:aws:kms:eu-west-1:111122223333:alias/aws/s3", identity: []string{everythingAllowed}},
			aws:      ``,
			blockers: []string{`no policy can allow it: aliases of AWS managed keys cannot be changed; see AWS KMS Developer Guide: Aliases in AWS KMS (aliases of AWS managed keys)`}},
		{name: "federated user and IAM", scene: scene{caller: guest, action: "iam:ListUsers", resource: "*", identity: []string{everythingAllowed}, session: []string{everythingAllowed}},
			aws:      ``,
			blockers: []string{`no policy can allow it: a federated user can call nothing of IAM; see IAM User Guide: Compare AWS STS credentials (GetFederationToken)`}},

		// Several at once.
		{name: "several layers deny", scene: scene{caller: session, issuer: sessionRole, identity: []string{yes}, boundary: []string{yes + "," + no}, session: []string{no}, serviceControl: []string{no, other}},
			aws: `with an explicit deny in a service control policy`,
			blockers: []string{
				`statement "No" (1:41) of service control policy p1 at r-1 denies it`,
				`statement "No" (1:121) of permissions boundary p1 denies it`,
				`statement "No" (1:41) of session policy p1 denies it`,
				`no service control policy at r-1 allows it: it has no Allow statement`,
				`no service control policy at ou-1 allows it: its one Allow statement is not about "sqs:SendMessage"`,
				`no session policy allows it: it has no Allow statement`}},
		{name: "several layers do not allow", scene: scene{caller: session, issuer: sessionRole, identity: []string{other}, boundary: []string{other}, session: []string{other}, serviceControl: []string{yes, other}, endpoint: []string{to(everybody, other)}},
			aws: `because no service control policy allows the sqs:SendMessage action`,
			blockers: []string{
				`no service control policy at ou-1 allows it: its one Allow statement is not about "sqs:SendMessage"`,
				`no VPC endpoint policy allows it: its one Allow statement is not about "sqs:SendMessage"`,
				`no identity-based policy allows it: its one Allow statement is not about "sqs:SendMessage"`,
				`no permissions boundary allows it: its one Allow statement is not about "sqs:SendMessage"`,
				`no session policy allows it: its one Allow statement is not about "sqs:SendMessage"`}},
		{name: "one denies, another does not allow", scene: scene{boundary: []string{yes + "," + no}},
			aws: `with an explicit deny in a permissions boundary`,
			blockers: []string{
				`statement "No" (1:121) of permissions boundary p1 denies it`,
				`no identity-based policy allows it: there is none`}},
	}
}

// TestDenials: what is said of denials of every kind. Whoever reads nothing else
// must know from the first sentence what to change.
func TestDenials(t *testing.T) {
	t.Parallel()
	rows := denials()
	if len(rows) < 50 {
		t.Errorf("%d denials", len(rows))
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			e, r := row.scene.evaluator(t), row.scene.request(t)
			x := e.Explain(r)
			if x.Decision != e.Evaluate(r) {
				t.Errorf("Explain decides %v, Evaluate %v", x.Decision, e.Evaluate(r))
			}
			var sentences []string
			for _, blocker := range x.Blockers() {
				sentences = append(sentences, blocker.String())
			}
			if diff := cmp.Diff(row.blockers, sentences); diff != "" {
				t.Error("in the way (-want +got):\n" + diff)
			}
			want := "User: " + orElse(row.caller, alice) + " is not authorized to perform: " + r.Action() + " on resource: " + r.ResourceName()
			if row.aws != "" {
				want += " " + row.aws
			}
			if got := x.AccessDenied(); got != want {
				t.Errorf("AWS would say\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// TestNotDecided: a question that is not one is denied, and the sentence says
// what is wrong with it.
func TestNotDecided(t *testing.T) {
	t.Parallel()
	s := scene{}
	e := s.evaluator(t)
	of := func(side *principal.Resource) *Request {
		resource, err := NewResource(side)
		if err != nil {
			t.Fatal(err)
		}
		r := s.request(t)
		r.Resource = resource
		return r
	}
	role := scene{action: "sts:AssumeRole", resource: plainRole}
	otherRole := role.request(t)
	resource, err := NewResource(&principal.Resource{ARN: "arn:aws:iam::111122223333:role/other", AccountID: account,
		Policy: &principal.Attachment{Policy: loaded(t, policy.RoleTrust, trustApp)}})
	if err != nil {
		t.Fatal(err)
	}
	otherRole.Resource = resource
	everything := scene{action: "sqs:ListQueues", resource: "*"}
	ofAnother := everything.request(t)
	ofAnother.Resource = of(&principal.Resource{AccountID: otherAccount}).Resource
	zero := s.request(t)
	zero.Resource = new(Resource)
	for _, row := range []struct {
		e    *Evaluator
		r    *Request
		want string
	}{
		{e, nil, "it was not decided: the Request was not set"},
		{e, new(Request), "it was not decided: the Request was not set"},
		{nil, s.request(t), "it was not decided: the Evaluator was not made by New"},
		{new(Evaluator), s.request(t), "it was not decided: the Evaluator was not made by New"},
		{e, zero, "it was not decided: the Resource was not made by NewResource"},
		{e, of(&principal.Resource{ARN: queue, AccountID: otherAccount}), "it was not decided: the Resource belongs to account 444455556666, the request is about account 111122223333"},
		{e, ofAnother, "it was not decided: the Resource belongs to account 444455556666, the request is about account 111122223333"},
		{e, otherRole, `it was not decided: the Resource is "arn:aws:iam::111122223333:role/other", the request is about "arn:aws:iam::111122223333:role/app"`},
	} {
		x := row.e.Explain(row.r)
		blockers := x.Blockers()
		if len(blockers) != 1 || blockers[0].String() != row.want || blockers[0].Outcome != ImplicitlyDenied || x.Decision != (Decision{}) {
			t.Errorf("got %v, %v, want %s", x.Decision, blockers, row.want)
		}
		if x.AccessDenied() != "" || x.NearMisses() != nil || x.MissingKeys() != nil || x.UnknownKeys() != nil || x.Layers != nil {
			t.Errorf("%v: something is said of a question that is not decided", row.want)
		}
	}
	if got := (Explanation{}).Blockers(); len(got) != 1 || got[0].String() != "it was not decided: there is no request" {
		t.Errorf("the zero Explanation: %v", got)
	}
}

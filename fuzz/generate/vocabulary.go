package generate

// The vocabulary is small on purpose: what is drawn twice should often be the same.

var (
	accounts   = []string{"111111111111", "222222222222", "333333333333"}
	regions    = []string{"us-east-1", "eu-west-1", "ap-south-1"}
	partitions = []string{"aws", "aws-cn", "aws-us-gov"}

	userNames    = []string{"alice", "Bob", "wren", "team.a+x=1,@-_"}
	roleNames    = []string{"deploy", "Admin", "reader", "x"}
	paths        = []string{"/", "/", "/", "/dev/", "/dev/ops/"}
	sessionNames = []string{"s1", "i-0aa11bb22cc33dd44", "alice@example.com", "deploy"}

	services = []string{"lambda.amazonaws.com", "s3.amazonaws.com", "cloudtrail.amazonaws.com", "ec2.amazonaws.com"}
	// regionalServices are principals whose name holds a Region.
	regionalServices = []string{"lambda.eu-west-1.amazonaws.com", "logs.us-east-1.amazonaws.com"}
	bareProviders    = []string{"accounts.google.com", "www.amazon.com", "graph.facebook.com", "cognito-identity.amazonaws.com"}

	words = []string{"alpha", "beta", "Alpha", "alpha-1", "al", "zażółć", "日本", "a:b", "a/b/c", "*", "?", "a*", "$", "${x}", "", "kK", "k\u212A", "ſs", "STRASSE", "a b", "it's", "line\nbreak", "émile", "e\u0301mile", "😀"}
	// plainWords have nothing odd about them.
	plainWords = []string{"alpha", "beta", "gamma", "team-a", "prod", "Alpha"}
)

// offering is an action with the resource that it is asked on. In Resource, P, R and A stand in the place of partition,
// Region and account.
type offering struct {
	action   string
	resource string
	// bare offerings are asked on "*".
	bare bool
}

var ordinaryOfferings = []offering{
	{action: "s3:GetObject", resource: "arn:P:s3:::reports/2026/jan.csv"},
	{action: "s3:PutObject", resource: "arn:P:s3:::reports/home/alice/a.txt"},
	{action: "s3:ListBucket", resource: "arn:P:s3:::reports"},
	{action: "sqs:SendMessage", resource: "arn:P:sqs:R:A:inbox"},
	{action: "dynamodb:GetItem", resource: "arn:P:dynamodb:R:A:table/Board"},
	{action: "dynamodb:Query", resource: "arn:P:dynamodb:R:A:table/Board/index/byDate"},
	{action: "logs:PutLogEvents", resource: "arn:P:logs:R:A:log-group:app-a:log-stream:s1"},
	{action: "lambda:InvokeFunction", resource: "arn:P:lambda:R:A:function:resize:live"},
	{action: "secretsmanager:GetSecretValue", resource: "arn:P:secretsmanager:R:A:secret:db-AbCdEf"},
	{action: "sns:Publish", resource: "arn:P:sns:R:A:alerts"},
	{action: "ec2:StopInstances", resource: "arn:P:ec2:R:A:instance/i-0aa11bb22cc33dd44"},
	{action: "iam:PassRole", resource: "arn:P:iam::A:role/dev/deploy"},
	{action: "iam:GetUser", resource: "arn:P:iam::A:user/dev/alice"},
	{action: "ec2:DescribeInstances", bare: true},
}

// tails are odd ends of resources: colons, slashes, characters of several bytes, characters that are wildcards in a
// pattern, nothing at all.
var tails = []string{"", "/", ":", "a:b", "a/b", "a//b", "/a", "b:", "*", "a*b", "?", "${aws:username}", "$", "日本/語", "é", "a b", "x\ny", "A", "log-group:app-a", "key::v", "😀"}

var trustActions = []string{"sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"}

var managedPolicyActions = []string{"iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:TagPolicy", "iam:UntagPolicy", "iam:GetPolicy"}

var reservedRoleActions = []string{"iam:AttachRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary", "iam:DeleteRolePermissionsBoundary", "iam:UpdateAssumeRolePolicy", "iam:DeleteRole", "iam:CreateRole", "iam:UpdateRole", "iam:UpdateRoleDescription", "iam:TagRole", "iam:UntagRole", "iam:GetRole", "iam:PassRole"}

var (
	keyActions      = []string{"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:PutKeyPolicy"}
	aliasActions    = []string{"kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias"}
	keylessActions  = []string{"kms:ListKeys", "kms:ListAliases", "kms:CreateKey"}
	bucketPolicy    = []string{"s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"}
	registryActions = []string{"ecr:BatchGetImage", "ecr:PutImage", "ecr:GetDownloadUrlForLayer"}
)

// strayActions are patterns and actions that serve as decoys beside the one that matters.
var strayActions = []string{"ec2:RunInstances", "s3:DeleteObject", "s3:Put*", "iam:*", "kms:ReEncrypt*", "glue:GetTable", "sts:GetSessionToken", "sqs:Receive?essage", "nosuch:*"}

// strayResources are decoys beside the resource that matters.
var strayResources = []string{"arn:aws:s3:::elsewhere/*", "arn:aws:sqs:*:444444444444:*", "arn:aws:iam::*:group/*", "arn:aws:ec2:*:*:volume/vol-*", "arn:*:glue:*:*:*", "arn:aws:s3:::${aws:PrincipalTag/nobody}/*", "arn:aws:dynamodb:us-west-2:111111111111:table/Other?"}

var statementIDs = []string{"", "One", "One", "Two", "has space", "dash-ed", "S1"}

package workload

import (
	"fmt"
	"slices"
)

// The vocabulary of profile multi.
var (
	// services holds s3 three times, to make it that much more frequent.
	services     = []string{"s3", "s3", "s3", "ec2", "dynamodb", "lambda", "sqs", "sns", "kms", "logs", "secretsmanager", "iam"}
	multiActions = map[string][]string{
		"s3":             s3Actions,
		"ec2":            {"ec2:RunInstances", "ec2:StopInstances", "ec2:StartInstances", "ec2:DescribeInstances", "ec2:TerminateInstances", "ec2:CreateTags", "ec2:AttachVolume", "ec2:DescribeImages"},
		"dynamodb":       {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchGetItem", "dynamodb:DescribeTable"},
		"lambda":         {"lambda:InvokeFunction", "lambda:GetFunction", "lambda:UpdateFunctionCode", "lambda:ListFunctions", "lambda:CreateFunction"},
		"sqs":            {"sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:GetQueueAttributes"},
		"sns":            {"sns:Publish", "sns:Subscribe", "sns:GetTopicAttributes"},
		"kms":            {"kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"},
		"logs":           {"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:FilterLogEvents"},
		"secretsmanager": {"secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "secretsmanager:DescribeSecret"},
		"iam":            {"iam:PassRole", "iam:GetRole", "iam:ListRoles", "iam:CreateRole", "iam:AttachRolePolicy"},
	}
	multiActionPatterns = map[string][]string{
		"s3":             s3ActionPatterns,
		"ec2":            {"ec2:Describe*", "ec2:*Instances", "ec2:*", "ec2:St?*Instances"},
		"dynamodb":       {"dynamodb:Get*", "dynamodb:*Item", "dynamodb:Batch*", "dynamodb:*"},
		"lambda":         {"lambda:*Function", "lambda:Get*", "lambda:*"},
		"sqs":            {"sqs:*Message", "sqs:Get*", "sqs:*"},
		"sns":            {"sns:*", "sns:Get*"},
		"kms":            {"kms:*crypt", "kms:Generate*", "kms:*"},
		"logs":           {"logs:Create*", "logs:Put*", "logs:*"},
		"secretsmanager": {"secretsmanager:Get*", "secretsmanager:*"},
		"iam":            {"iam:Get*", "iam:List*", "iam:*Role"},
	}
	regions  = []string{"us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-south-1"}
	accounts = []string{"111122223333", "444455556666", "777788889999"}
)

func (r *random) multiStatement(buckets int) Statement {
	service := r.pick(services)
	st := Statement{Effect: EffectAllow}
	if r.percent(30) {
		st.Action = Strings{r.pick(multiActionPatterns[service])}
	} else {
		for range 1 + r.below(3) {
			if a := r.pick(multiActions[service]); !slices.Contains(st.Action, a) {
				st.Action = append(st.Action, a)
			}
		}
	}
	st.Resource = Strings{r.multiResource(service, buckets)}
	if r.percent(30) {
		st.Resource = append(st.Resource, r.multiResource(service, buckets))
	}
	if r.percent(20) {
		st.Condition = r.multiCondition()
	}
	return st
}

// multiResource returns a resource pattern of the service. Everything that any
// service needs is drawn for each.
func (r *random) multiResource(service string, buckets int) string {
	region, account, team, environment := r.pick(regions), r.pick(accounts), r.pick(teams), r.pick(environments)
	if r.percent(20) {
		region = "*"
	}
	n := r.below(buckets)
	switch service {
	case "s3":
		switch {
		case r.percent(6):
			return "arn:aws:s3:::" + r.bucket(buckets) + "/home/${aws:username}/*"
		case r.percent(5):
			return fmt.Sprintf("arn:aws:s3:::acme-%s-%s-????/%s/*", environment, team, r.pick(directories))
		}
		return r.s3Resource(buckets)
	case "ec2":
		return fmt.Sprintf("arn:aws:ec2:%s:%s:instance/i-%04d*", region, account, n)
	case "dynamodb":
		return fmt.Sprintf("arn:aws:dynamodb:%s:%s:table/%s-%s-%04d", region, account, environment, team, n)
	case "lambda":
		return fmt.Sprintf("arn:aws:lambda:%s:%s:function:%s-*-%04d", region, account, team, n)
	case "sqs":
		return fmt.Sprintf("arn:aws:sqs:%s:%s:%s-%s-%04d", region, account, environment, team, n)
	case "sns":
		return fmt.Sprintf("arn:aws:sns:%s:%s:%s-%s-*", region, account, environment, team)
	case "kms":
		return fmt.Sprintf("arn:aws:kms:%s:%s:key/%08x-*", region, account, n*2654435)
	case "logs":
		return fmt.Sprintf("arn:aws:logs:%s:%s:log-group:/aws/%s/%s-%04d:*", region, account, r.pick([]string{"lambda", "ecs", "eks"}), team, n)
	case "secretsmanager":
		return fmt.Sprintf("arn:aws:secretsmanager:%s:%s:secret:%s/%s/%04d-??????", region, account, environment, team, n)
	default:
		return fmt.Sprintf("arn:aws:iam::%s:role/%s-%s-%04d", account, environment, team, n)
	}
}

func (r *random) multiCondition() Condition {
	c := r.s3Condition()
	switch r.below(8) {
	case 0:
		c["StringLike"] = map[string]Strings{keyUsername: {r.pick(teams)[:2] + "*"}}
	case 1:
		c["ArnLike"] = map[string]Strings{"aws:PrincipalArn": {"arn:aws:iam::*:role/" + r.pick(teams) + "-*"}}
	case 2:
		c["StringNotEqualsIfExists"] = map[string]Strings{"aws:RequestedRegion": {r.pick(regions)}}
	case 3:
		c["Null"] = map[string]Strings{"aws:MultiFactorAuthAge": {"true"}}
	case 4:
		c["NumericLessThanEquals"] = map[string]Strings{"s3:max-keys": {"100"}}
	case 5:
		c["ForAnyValue:StringEquals"] = map[string]Strings{"aws:TagKeys": {r.pick(teams), r.pick(directories)}}
	}
	return c
}

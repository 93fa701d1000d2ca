package sts

import (
	"strings"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/principal"
)

// A ServiceRoleInput says how an AWS service takes on a role that was passed to
// it: a function its execution role, an instance its profile.
type ServiceRoleInput struct {
	// Service is the service principal, such as ec2.amazonaws.com.
	Service string
	// RoleARN and RoleSessionName are as in [AssumeRoleInput].
	RoleARN, RoleSessionName string
	// SourceARN and SourceAccount are the resource on whose behalf the service
	// acts, the values of aws:SourceArn and aws:SourceAccount in front of the
	// trust policy; "" for none.
	SourceARN, SourceAccount string
	// SessionKeys are the condition keys that the service adds to the session:
	// lambda:SourceFunctionArn, ec2:SourceInstanceArn, …. Keys that follow from
	// who the principal is, and those that AWS STS sets itself
	// (aws:TokenIssueTime, aws:SourceIdentity, …), cannot be among them. It is
	// not changed.
	SessionKeys *condition.Context
	// DurationSeconds and Context are as in [AssumeRoleInput].
	DurationSeconds int
	Context         *condition.Context
}

// AssumeServiceRole lets a service take on a role: the trust policy must allow
// sts:AssumeRole to the service. The errors are those of [STS.AssumeRole], and a
// [*principal.SessionError] for SessionKeys that AWS STS sets itself.
//
// Source: IAM User Guide, "IAM roles", on service roles.
func (s *STS) AssumeServiceRole(in ServiceRoleInput) (*Session, error) {
	c := s.open("AssumeRole")
	if service, err := principal.Identify(in.Service, ""); err != nil || service.Kind != principal.Service {
		c.fail("Service", ValidationError, quote(in.Service)+" is not the name of a service, such as lambda.amazonaws.com")
		return nil, c.err()
	}
	evaluator, err := c.sts.snapshot.Evaluator(in.Service)
	if err != nil {
		return nil, err
	}
	c.evaluator = evaluator
	if in.SourceARN != "" {
		if _, err := arn.Parse(in.SourceARN); err != nil {
			c.failBecause("SourceArn", ValidationError, "the resource is named by its ARN", err)
		}
	}
	if in.SourceAccount != "" && !arn.IsAccountID(in.SourceAccount) {
		c.fail("SourceAccount", ValidationError, quote(in.SourceAccount)+" is no account id")
	}
	for key := range in.SessionKeys.All() {
		if condition.ClassOf(key) != condition.SessionKey {
			c.fail("SessionKeys", ValidationError, "the condition key "+quote(key)+" does not follow from a session")
		}
	}
	context := in.Context.Clone()
	for key, value := range map[string]string{"aws:SourceArn": in.SourceARN, "aws:SourceAccount": in.SourceAccount} {
		context.Delete(key)
		if value != "" {
			context.Set(key, condition.String(value))
		}
	}
	return c.assumeRole(&AssumeRoleInput{
		RoleARN: in.RoleARN, RoleSessionName: in.RoleSessionName, DurationSeconds: in.DurationSeconds, Context: context,
	}, in.SessionKeys)
}

// LambdaFunction gives the session in which a Lambda function acts: that of its
// execution role, named after the function, with lambda:SourceFunctionArn. The
// function must be in the account of the role. The context is as in
// [AssumeRoleInput].
//
// Source: AWS Lambda Developer Guide, "Defining Lambda function permissions with
// an execution role" and "Using source function ARN to control function access
// behavior".
func (s *STS) LambdaFunction(roleARN, functionARN string, context *condition.Context) (*Session, error) {
	fail := func(message string) (*Session, error) {
		return nil, InputErrors{{Operation: "AssumeRole", Field: "FunctionArn", Code: ValidationError, Message: message}}
	}
	function, err := arn.Parse(functionARN)
	name, named := strings.CutPrefix(function.Resource, "function:")
	// A version or alias acts in the session of its function.
	name, qualifier, qualified := strings.Cut(name, ":")
	if err != nil || function.Service != "lambda" || !named || strings.Contains(qualifier, ":") || qualified && qualifier == "" {
		return fail(quote(functionARN) + " is not the ARN of a Lambda function")
	}
	function.Resource = "function:" + name
	functionARN = function.String()
	if role, err := arn.Parse(roleARN); err != nil || function.AccountID != role.AccountID || function.Partition != role.Partition {
		return fail("the function is of account " + quote(function.AccountID) + ", and its execution role must be so too")
	}
	keys := new(condition.Context)
	keys.Set("lambda:SourceFunctionArn", condition.String(functionARN))
	return s.AssumeServiceRole(ServiceRoleInput{
		Service: "lambda.amazonaws.com", RoleARN: roleARN, RoleSessionName: name,
		SourceARN: functionARN, SourceAccount: function.AccountID, SessionKeys: keys, Context: context,
	})
}

package catalog_test

import (
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/policy/catalog"
)

func TestLookupConditionKey(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in, name            string
		valueType           condition.ValueType
		multivalued, global bool
	}{
		{"aws:SourceIp", "aws:SourceIp", condition.AddressType, false, true},
		{"AWS:SOURCEIP", "aws:SourceIp", condition.AddressType, false, true},
		{"aws:SourceVpcArn", "aws:SourceVpcArn", condition.ArnType, false, true},
		{"aws:CurrentTime", "aws:CurrentTime", condition.DateType, false, true},
		{"aws:EpochTime", "aws:EpochTime", condition.DateType, false, true},
		{"aws:MultiFactorAuthAge", "aws:MultiFactorAuthAge", condition.NumericType, false, true},
		{"aws:securetransport", "aws:SecureTransport", condition.BoolType, false, true},
		{"aws:PrincipalOrgPaths", "aws:PrincipalOrgPaths", condition.StringType, true, true},
		{"aws:TagKeys", "aws:TagKeys", condition.StringType, true, true},
		{"aws:SignInSessionArn", "aws:SignInSessionArn", condition.ArnType, false, true},
		{"lambda:SourceFunctionArn", "lambda:SourceFunctionArn", condition.ArnType, false, true},
		{"ec2:SourceInstanceARN", "ec2:SourceInstanceArn", condition.ArnType, false, true},
		{"s3:prefix", "s3:prefix", condition.StringType, false, false},
		{"s3:max-keys", "s3:max-keys", condition.NumericType, false, false},
		{"iam:PassedToService", "iam:PassedToService", condition.StringType, false, false},
		{"dynamodb:LeadingKeys", "dynamodb:LeadingKeys", condition.StringType, true, false},
		{"saml:aud", "saml:aud", condition.StringType, false, false},
		{"token.actions.githubusercontent.com:actor", "token.actions.githubusercontent.com:actor", condition.StringType, false, false},

		// Families.
		{"aws:RequestTag/team", "aws:RequestTag/${TagKey}", condition.StringType, false, true},
		{"aws:requesttag/Team/a:b", "aws:RequestTag/${TagKey}", condition.StringType, false, true},
		{"aws:RequestTag/${TagKey}", "aws:RequestTag/${TagKey}", condition.StringType, false, true},
		{"aws:PrincipalTag/team", "aws:PrincipalTag/${TagKey}", condition.StringType, false, true},
		{"s3:ExistingObjectTag/team", "s3:ExistingObjectTag/<key>", condition.StringType, false, false},
		{"secretsmanager:ResourceTag/team", "secretsmanager:ResourceTag/tag-key", condition.StringType, false, false},
		{"glacier:ResourceTag/team", "glacier:ResourceTag/", condition.StringType, false, false},
		{"kms:EncryptionContext:aws:s3:arn", "kms:EncryptionContext:${EncryptionContextKey}", condition.StringType, false, false},
		{"codebuild:fileSystemLocations/a.b.type", "codebuild:fileSystemLocations/${identifier}.type", condition.StringType, false, false},
		{"token.actions.birds.ghe.com:actor", "token.actions.${Domain}.ghe.com:actor", condition.StringType, false, false},
		// The narrower family.
		{"events:Metadata/a/matcher", "events:Metadata/${MetadataKey}/Matcher", condition.StringType, false, false},
		{"events:Metadata/a", "events:Metadata/${MetadataKey}", condition.StringType, true, false},
		// One key of two types.
		{"identitystore:UserId", "identitystore:UserId", condition.StringType, false, true},

		{in: "aws:RequestTag"},
		{in: "aws:RequestTag/"},
		{in: "aws:SourceIpAddress"},
		{in: "aws:"},
		{in: "SourceIp"},
		{in: ""},
		{in: "*"},
		{in: "aws:Source*"},
		{in: "oidc.example.com:sub"},
		{in: "\xff"},
	} {
		key, found := catalog.LookupConditionKey(tt.in)
		if found != (tt.name != "") || key.Name() != tt.name || key.Type() != tt.valueType || key.Multivalued() != tt.multivalued || key.Global() != tt.global {
			t.Errorf("LookupConditionKey(%q) = %q of type %v, multivalued %t, global %t; want %q, %v, %t, %t",
				tt.in, key, key.Type(), key.Multivalued(), key.Global(), tt.name, tt.valueType, tt.multivalued, tt.global)
		}
	}
}

func TestConditionKeyDescription(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"iam:passedtoservice": "Filters access by the AWS service to which this role is passed",
		"sqs:none":            "",
		"aws:SourceIp":        "",
	} {
		if key, _ := catalog.LookupConditionKey(name); key.Description() != want {
			t.Errorf("%s is described as %q", name, key.Description())
		}
	}
	described := 0
	for service := range catalog.Services() {
		for key := range service.ConditionKeys() {
			if strings.ContainsAny(key.Description(), "\x00\n") {
				t.Errorf("%s: %q", key, key.Description())
			}
			if key.Description() != "" {
				described++
			}
		}
	}
	if described < 2500 {
		t.Errorf("only %d keys are described", described)
	}
}

// TestConditionKeysOf looks at the keys that come with an action, with a resource
// type, and with both.
func TestConditionKeysOf(t *testing.T) {
	t.Parallel()
	action, _ := catalog.LookupAction("ec2:RunInstances")
	names := func(keys func(func(catalog.ConditionKey) bool)) string {
		all := " "
		for key := range keys {
			all += key.Name() + " "
		}
		return all
	}
	found := false
	for taken := range action.ResourceTypes() {
		if taken.Type().Name() != "instance" {
			continue
		}
		found = true
		if !taken.Required() {
			t.Error("ec2:RunInstances does not require an instance")
		}
		if keys := names(taken.ConditionKeys()); !strings.Contains(keys, " ec2:InstanceType ") {
			t.Errorf("ec2:RunInstances on an instance has the keys %s", keys)
		}
		if keys := names(taken.Type().ConditionKeys()); !strings.Contains(keys, " aws:ResourceTag/${TagKey} ") {
			t.Errorf("an instance has the keys %s", keys)
		}
	}
	if !found {
		t.Error("ec2:RunInstances takes no instance")
	}
}

func BenchmarkLookupConditionKey(b *testing.B) {
	for _, name := range []string{"aws:SourceIp", "aws:RequestTag/team", "oidc.example.com:sub"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				catalog.LookupConditionKey(name)
			}
		})
	}
}

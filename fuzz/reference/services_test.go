package reference

import "testing"

// TestServiceRules: section 12.
func TestServiceRules(t *testing.T) {
	const role = "arn:aws:iam::210987654321:role/deploy"
	const key = "arn:aws:kms:eu-west-1:210987654321:key/1"
	const alias = "arn:aws:kms:eu-west-1:210987654321:alias/aws/s3"
	const managed = "arn:aws:iam::aws:policy/ReadOnlyAccess"
	const reserved = "arn:aws:iam::210987654321:role/aws-reserved/sso/x"
	trust := func(effect, element string) string {
		return `{"Version":"2012-10-17","Statement":{"Effect":"` + effect + `",` + element + `,"Action":"sts:*"}}`
	}
	runAsks(t, []askTest{
		// STS.
		{"trust policy kind", ask{action: "STS:assumerole", resource: role, policy: allowEverybody}, refused, "", ""},
		{"trust, TagSession", ask{action: "sts:TagSession", resource: role, policy: trust("Allow", `"Principal":"*"`)}, allowed, layerResource, "*"},
		{"no trust, SetContext", ask{action: "sts:SetContext", resource: role, identity: allowAll}, implicitlyDenied, layerResource, ""},
		{"no trust, SetSourceIdentity", ask{action: "sts:SetSourceIdentity", resource: role, identity: allowAll}, implicitlyDenied, layerResource, ""},
		{"trust the account", ask{action: "sts:AssumeRole", resource: role, identity: allowAll, policy: trust("Allow", `"Principal":{"AWS":"210987654321"}`)}, allowed, layerIdentity, "account"},
		{"trust the user", ask{action: "sts:AssumeRole", resource: role, policy: trust("Allow", `"Principal":{"AWS":"arn:aws:iam::210987654321:user/wren"}`)}, allowed, layerResource, "user ARN"},
		{"root assumes", ask{principal: root, action: "sts:AssumeRole", resource: role, policy: trust("Allow", `"Principal":"*"`)}, implicitlyDenied, layerService, ""},
		{"root assumes, denied", ask{principal: root, action: "sts:AssumeRole", resource: role, policy: trust("Deny", `"Principal":"*"`)}, explicitlyDenied, layerResource, ""},
		{"GetCallerIdentity, denied", ask{action: "sts:getcalleridentity", resource: "*", identity: denyAll}, allowed, layerService, ""},
		{"GetCallerIdentity, federated", ask{principal: kiosk, action: "sts:GetCallerIdentity", resource: "*", session: denyAll}, allowed, layerService, ""},
		{"GetCallerIdentity, service", ask{principal: "sns.amazonaws.com", action: "sts:GetCallerIdentity", resource: "*"}, allowed, layerService, ""},
		{"GetCallerIdentity, anonymous", ask{principal: "anonymous", action: "sts:GetCallerIdentity", resource: "*"}, implicitlyDenied, layerResource, ""},
		{"GetCallerIdentity, provider", ask{principal: saml, action: "sts:GetCallerIdentity", resource: "*"}, implicitlyDenied, layerResource, ""},
		{"GetCallerIdentity, bad document", ask{action: "sts:GetCallerIdentity", resource: "*", identity: `{}`}, refused, "", ""},
		{"GetSessionToken, denied", ask{action: "sts:GetSessionToken", resource: "*", scps: denyAll}, allowed, layerService, ""},
		{"GetSessionToken, root", ask{principal: root, action: "sts:GetSessionToken", resource: "*", scps: denyAll}, allowed, layerService, ""},
		{"GetSessionToken, role, denied", ask{principal: deploy, action: "sts:GetSessionToken", resource: "*", identity: denyAll}, explicitlyDenied, layerIdentity, ""},
		{"GetSessionToken, federated", ask{principal: kiosk, action: "sts:GetSessionToken", resource: "*", identity: allowAll, session: allowAll}, implicitlyDenied, layerService, ""},
		{"GetSessionToken, service", ask{principal: "sns.amazonaws.com", action: "sts:GetSessionToken", resource: "*", policy: allowEverybody}, implicitlyDenied, layerService, ""},
		{"GetFederationToken, user", ask{action: "sts:GetFederationToken", resource: "*", identity: allowAll}, allowed, layerIdentity, ""},
		{"GetFederationToken, role", ask{principal: deployS, action: "sts:GetFederationToken", resource: "*", identity: allowAll}, implicitlyDenied, layerService, ""},
		{"federated sts", ask{principal: kiosk, action: "sts:DecodeAuthorizationMessage", resource: "*", identity: allowAll, session: allowAll}, implicitlyDenied, layerService, ""},
		{"federated s3", ask{principal: kiosk, identity: allowAll, session: allowAll}, allowed, layerIdentity, ""},
		// KMS.
		{"key without policy", ask{action: "kms:Decrypt", resource: key, identity: allowAll}, implicitlyDenied, layerResource, ""},
		{"key, root", ask{principal: root, action: "kms:Decrypt", resource: key}, implicitlyDenied, layerResource, ""},
		{"key, role, boundary silent", ask{principal: deploy, action: "kms:Decrypt", resource: key, boundary: allowNothing, policy: policyFor("Allow", `"Principal":{"AWS":"arn:aws:iam::210987654321:role/deploy"}`)}, implicitlyDenied, layerBoundary, ""},
		{"key, account and identity", ask{action: "kms:Decrypt", resource: key, identity: allowAll, policy: policyFor("Allow", `"Principal":{"AWS":"210987654321"}`)}, allowed, layerIdentity, "account"},
		{"ListKeys", ask{action: "kms:ListKeys", resource: "*", identity: allowAll}, allowed, layerIdentity, ""},
		{"alias", ask{action: "kms:CreateAlias", resource: "arn:aws:kms:eu-west-1:210987654321:alias/mine", identity: allowAll}, allowed, layerIdentity, ""},
		{"create AWS alias", ask{action: "kms:CreateAlias", resource: alias, identity: allowAll}, implicitlyDenied, layerService, ""},
		{"delete AWS alias, root", ask{principal: root, action: "kms:DeleteAlias", resource: alias}, implicitlyDenied, layerService, ""},
		{"update AWS alias, denied", ask{action: "kms:UpdateAlias", resource: alias, identity: denyAll}, explicitlyDenied, layerIdentity, ""},
		{"s3 on a key ARN", ask{resource: key, identity: allowAll}, allowed, layerIdentity, ""},
		{"RetireGrant and RCP", ask{action: "kms:RetireGrant", resource: key, policy: allowEverybody, rcps: `{"Statement":{"Effect":"Deny","Principal":"*","Action":"kms:*","Resource":"*"}}`}, allowed, layerResource, "*"},
		{"CreateGrant and RCP", ask{action: "kms:CreateGrant", resource: key, policy: allowEverybody, rcps: `{"Statement":{"Effect":"Deny","Principal":"*","Action":"kms:*","Resource":"*"}}`}, explicitlyDenied, layerResourceControl, ""},
		// IAM.
		{"managed policy", ask{principal: root, action: "iam:TagPolicy", resource: managed}, implicitlyDenied, layerService, ""},
		{"managed policy, denied", ask{action: "iam:UntagPolicy", resource: managed, identity: denyAll}, explicitlyDenied, layerIdentity, ""},
		{"managed policy, other partition", ask{principal: "arn:aws-cn:iam::210987654321:user/wren", action: "iam:DeletePolicy", resource: "arn:aws-cn:iam::aws:policy/x", identity: allowAll}, implicitlyDenied, layerService, ""},
		{"managed policy, read", ask{action: "iam:GetPolicy", resource: managed, identity: allowAll}, allowed, layerIdentity, ""},
		{"own policy", ask{action: "iam:DeletePolicy", resource: "arn:aws:iam::210987654321:policy/x", identity: allowAll}, allowed, layerIdentity, ""},
		{"reserved role", ask{action: "iam:TagRole", resource: reserved, identity: allowAll}, implicitlyDenied, layerService, ""},
		{"reserved role, delete", ask{action: "iam:DeleteRole", resource: reserved, identity: allowAll}, implicitlyDenied, layerService, ""},
		{"reserved role, read", ask{action: "iam:GetRole", resource: reserved, identity: allowAll}, allowed, layerIdentity, ""},
		{"linked role, delete", ask{action: "iam:DeleteRole", resource: linked, identity: allowAll}, implicitlyDenied, layerService, ""},
		{"linked role, tag", ask{action: "iam:TagRole", resource: linked, identity: allowAll}, allowed, layerIdentity, ""},
		{"path further down", ask{action: "iam:DeleteRole", resource: "arn:aws:iam::210987654321:role/x/aws-reserved/y", identity: allowAll}, allowed, layerIdentity, ""},
		// S3.
		{"ListAllMyBuckets by ARN", ask{action: "s3:ListAllMyBuckets", resource: "arn:aws:s3:::*", identity: `{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::*"}}`}, implicitlyDenied, layerIdentity, ""},
		{"ListAllMyBuckets by star", ask{action: "s3:listallmybuckets", resource: "arn:aws:s3:::*", identity: allowAll}, allowed, layerIdentity, ""},
		{"ListAllMyBuckets, NotResource", ask{action: "s3:ListAllMyBuckets", resource: "*", identity: `{"Statement":{"Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::*"}}`}, allowed, layerIdentity, ""},
		{"root repairs, SCP", ask{principal: root, action: "s3:DeleteBucketPolicy", resource: "arn:aws:s3:::quarry", policy: denyEverybody, scps: denyAll}, explicitlyDenied, layerServiceControl, ""},
		{"root of another account", ask{principal: root, action: "s3:PutBucketPolicy", resource: "arn:aws:s3:::quarry", account: other, policy: denyEverybody}, explicitlyDenied, layerResource, ""},
		{"user repairs", ask{action: "s3:PutBucketPolicy", resource: "arn:aws:s3:::quarry", identity: allowAll, policy: denyEverybody}, explicitlyDenied, layerResource, ""},
	})
}

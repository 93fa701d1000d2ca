package cognito

// GuestSessionPolicy is the inline session policy that the enhanced flow puts
// on the sessions of guests, so that a role which was opened too wide gives them
// no more than these services. It limits; it grants nothing that the role does
// not grant. Guests in the basic flow do not have it.
//
// As every session policy it limits what the role is given, by its own policies
// and by resource-based policies that name the role or the account. It does not
// limit what a resource-based policy of the account gives to everybody ("*") or
// to the session itself: such a grant is the guest's whatever the session
// policies say (IAM User Guide, "Session policies").
//
// The guide lists the services; where it lists actions of a service, these are
// all. The actions behind the names are those of their prefix in the Service
// Authorization Reference.
//
// Source: Amazon Cognito Developer Guide, "IAM roles", section "Access policies":
// services that unauthenticated identities can access.
const GuestSessionPolicy = guestPolicyHead + guestPolicyTail

// guestSessionPolicyAlone is the same with what the managed policy allows, for
// partitions whose managed policies are not known here.
const guestSessionPolicyAlone = guestPolicyHead + `"rum:PutRumEvents",` + guestPolicyTail

const guestPolicyHead = `{"Version":"2012-10-17","Statement":[{"Sid":"Guests","Effect":"Allow","Resource":"*","Action":[`

// The actions, in the order of the guide's list.
const guestPolicyTail = `"firehose:*","kinesisanalytics:*","sqs:*",` +
	`"sumerian:View*",` +
	`"mobileanalytics:*","ses:*","lambda:*",` +
	`"kms:Encrypt","kms:Decrypt","kms:ReEncrypt*","kms:GenerateDataKey",` +
	`"dynamodb:*","sdb:*","appsync:*","geo:*","sns:*","gamelift:*","iot:*","codewhisperer:*",` +
	`"comprehend:*","lex:*","machinelearning:*","personalize:*","polly:*","rekognition:*",` +
	`"sagemaker:InvokeEndpoint",` +
	`"textract:DetectDocumentText","textract:AnalyzeDocument",` +
	`"transcribe:*","translate:*","cloudwatch:*","logs:*","execute-api:*",` +
	`"cognito-identity:*","cognito-idp:*","cognito-sync:*","s3:*"]}]}`

// GuestManagedPolicyARN is the managed policy that the enhanced flow passes for
// guests besides; what it allows is added to [GuestSessionPolicy].
//
// Source: AWS Managed Policy Reference Guide,
// "AmazonCognitoUnauthenticatedIdentities".
const GuestManagedPolicyARN = "arn:aws:iam::aws:policy/AmazonCognitoUnauthenticatedIdentities"

// guestPolicies gives the session policies of a guest in a partition.
func guestPolicies(partition string) (inline string, managed []string) {
	if partition == "aws" {
		return GuestSessionPolicy, []string{GuestManagedPolicyARN}
	}
	return guestSessionPolicyAlone, nil
}

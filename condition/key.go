package condition

import (
	"strings"

	"github.com/portcullis-iam/portcullis/internal/fold"
)

// A key is a condition key as a lookup needs it. The part behind the first
// slash is the tag in aws:PrincipalTag/team; contexts may hold the two parts
// apart.
type key struct {
	text  string
	hash  uint64
	cut   int32 // the offset of the first slash, or -1
	class Class
}

func makeKey(text string) key {
	k := key{text: text, class: ClassOf(text)}
	k.cut, k.hash = hashKey(text)
	return k
}

func hashKey(text string) (cut int32, hash uint64) {
	slash := strings.IndexByte(text, '/')
	if slash < 0 {
		return -1, fold.Hash(text)
	}
	return int32(slash), hashTagged(fold.Hash(text[:slash]), fold.Hash(text[slash+1:]))
}

// A Class says who knows a condition key, and so which part of a [View]
// answers for it.
type Class uint8

// The classes of keys.
const (
	// RequestKey is a key that describes the request or its network, and every
	// key that is none of the others.
	RequestKey Class = iota
	// PrincipalKey is a key that follows from who asks.
	PrincipalKey
	// ResourceKey is a key that follows from the resource's owner.
	ResourceKey
	// ResourceTagKey is aws:ResourceTag/… and what services call it,
	// for example iam:ResourceTag/….
	ResourceTagKey
	// SessionKey is a key that follows from the session of who asks: how it was
	// made, and what an identity provider said of the user. The keys of an
	// OpenID Connect provider are those that begin with a host, such as
	// token.actions.githubusercontent.com:sub.
	SessionKey
)

// String names the class in a word or two.
func (c Class) String() string {
	switch c {
	case PrincipalKey:
		return "principal"
	case ResourceKey:
		return "resource"
	case ResourceTagKey:
		return "resource tag"
	case SessionKey:
		return "session"
	}
	return "request"
}

// ClassOf tells the class of a key. Case does not matter.
//
// Source: IAM User Guide, "AWS global condition context keys", sections
// "Properties of the principal", "Properties of a role session" and "Properties
// of the resource"; "IAM and AWS STS condition context keys".
func ClassOf(key string) Class {
	if isFederationKey(key) {
		return SessionKey
	}
	if head, _, tagged := strings.Cut(key, "/"); tagged {
		if fold.Equal(head, "aws:PrincipalTag") {
			return PrincipalKey
		}
		if _, name, found := strings.Cut(head, ":"); found && fold.Equal(name, "ResourceTag") {
			return ResourceTagKey
		}
		return RequestKey
	}
	for at := range derivedKeys {
		if fold.Equal(key, derivedKeys[at].name) {
			return derivedKeys[at].class
		}
	}
	return RequestKey
}

var derivedKeys = [...]struct {
	name  string
	class Class
}{
	{"aws:PrincipalArn", PrincipalKey},
	{"aws:PrincipalAccount", PrincipalKey},
	{"aws:PrincipalOrgID", PrincipalKey},
	{"aws:PrincipalOrgPaths", PrincipalKey},
	{"aws:PrincipalIsAWSService", PrincipalKey},
	{"aws:PrincipalServiceName", PrincipalKey},
	{"aws:PrincipalServiceNamesList", PrincipalKey},
	{"aws:PrincipalType", PrincipalKey},
	{"aws:userid", PrincipalKey},
	{"aws:username", PrincipalKey},
	{"aws:ResourceAccount", ResourceKey},
	{"aws:ResourceOrgID", ResourceKey},
	{"aws:ResourceOrgPaths", ResourceKey},
	{"aws:AssumedRoot", SessionKey},
	{"aws:ChatbotSourceArn", SessionKey},
	{"aws:Ec2InstanceSourcePrivateIPv4", SessionKey},
	{"aws:Ec2InstanceSourceVpc", SessionKey},
	{"aws:FederatedProvider", SessionKey},
	{"aws:MultiFactorAuthAge", SessionKey},
	{"aws:MultiFactorAuthPresent", SessionKey},
	{"aws:SignInSessionArn", SessionKey},
	{"aws:SourceIdentity", SessionKey},
	{"aws:TokenIssueTime", SessionKey},
	{"aws:ViaCustomerDomain", SessionKey},
	{"codebuild:BuildArn", SessionKey},
	{"codebuild:ProjectArn", SessionKey},
	{"ec2:RoleDelivery", SessionKey},
	{"ec2:SourceInstanceArn", SessionKey},
	{"glue:CredentialIssuingService", SessionKey},
	{"glue:RoleAssumedBy", SessionKey},
	{"identitystore:UserId", SessionKey},
	{"lambda:SourceFunctionArn", SessionKey},
	{"ssm:SourceInstanceArn", SessionKey},
}

// isFederationKey tells the keys of identity providers: saml:… and those that
// begin with a host and perhaps a path. The prefixes of AWS's own keys have no
// dots.
func isFederationKey(key string) bool {
	if fold.HasPrefix(key, "saml:") {
		return true
	}
	end := strings.IndexAny(key, ":/")
	return end >= 0 && strings.IndexByte(key[:end], '.') >= 0 && strings.IndexByte(key[end:], ':') >= 0
}

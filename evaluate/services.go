package evaluate

import (
	"strings"

	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/internal/fold"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// A ruling says what a service does differently from the ordinary decision.
// The zero ruling is the ordinary decision.
type ruling uint8

const (
	// alwaysAllowed: nothing denies it, not even an explicit Deny.
	alwaysAllowed ruling = 1 << iota
	// neverAllowed: implicitly denied, whatever allows it.
	neverAllowed
	// resourcePolicyDecides: the policy of the resource must allow, also in
	// one account.
	resourcePolicyDecides
	// trustPolicyIsAsked: the policy of the resource is the trust policy of a
	// role, and no other kind of policy will do.
	trustPolicyIsAsked
	// beyondResourceControl: resource control policies do not apply.
	beyondResourceControl
	// ownerRepairs: a Deny in the policy of the resource does not apply to the
	// root user of the account that owns it.
	ownerRepairs
	// asksForEverything: the action is asked on "*", whatever resource is
	// given.
	asksForEverything
)

func (r ruling) has(want ruling) bool { return r&want != 0 }

// A serviceRule is one row of the table of section 12 of the semantics: for
// these actions on these resources by these callers the ruling holds. What a
// service does differently is a row here, never a branch in the decision.
type serviceRule struct {
	service string
	// actions without their prefix; none means all of the service.
	actions []string
	// resource is a prefix of the last part of the ARN; "" means any.
	resource string
	// federated spares the ARNs of federated users, which have no policy.
	federated bool
	// managed asks for an ARN whose account is "aws".
	managed bool
	// callers that the row is about; 0 means all.
	callers callerSet
	// except are callers' actions that the row spares.
	except string
	ruling ruling
	// cause says in half a sentence why nobody is allowed, of a row that is
	// neverAllowed.
	cause string
	// source is the AWS page that the row comes from.
	source string
}

// A callerSet is a set of kinds of caller, one bit each.
type callerSet uint8

const (
	signed = 1<<compiled.User | 1<<compiled.RoleSession | 1<<compiled.FederatedUser | 1<<compiled.Root | 1<<compiled.Service
	own    = 1<<compiled.User | 1<<compiled.Root
)

// serviceRules lists the rows of a service; all that fit a request hold
// together.
func serviceRules(service string) []serviceRule {
	switch service {
	case "sts":
		return stsRules[:]
	case "kms":
		return kmsRules[:]
	case "iam":
		return iamRules[:]
	case "s3":
		return s3Rules[:]
	}
	return nil
}

var stsRules = [...]serviceRule{
	{service: "sts", actions: []string{"assumerole", "assumerolewithsaml", "assumerolewithwebidentity", "tagsession", "setsourceidentity", "setcontext"}, federated: true,
		ruling: resourcePolicyDecides | trustPolicyIsAsked,
		source: "IAM User Guide: Policy evaluation for requests within a single account (role trust policies)"},
	{service: "sts", actions: []string{"assumerole", "assumerolewithsaml", "assumerolewithwebidentity"}, callers: 1 << compiled.Root,
		ruling: neverAllowed,
		cause:  "a root user cannot assume roles",
		source: "AWS STS API Reference: AssumeRole (root users cannot assume roles)"},
	{service: "sts", actions: []string{"getcalleridentity"}, callers: signed,
		ruling: alwaysAllowed,
		source: "AWS STS API Reference: GetCallerIdentity (no permissions are required)"},
	{service: "sts", actions: []string{"getsessiontoken"}, callers: own,
		ruling: alwaysAllowed,
		source: "IAM User Guide: Permissions for GetSessionToken"},
	{service: "sts", actions: []string{"getsessiontoken"}, callers: ^callerSet(own),
		ruling: neverAllowed,
		cause:  "only an IAM user or a root user gets a session token",
		source: "AWS STS API Reference: GetSessionToken (long-term credentials only)"},
	{service: "sts", actions: []string{"getfederationtoken"}, callers: 1 << compiled.RoleSession,
		ruling: neverAllowed,
		cause:  "a session of a role cannot call GetFederationToken",
		source: "IAM User Guide: Compare AWS STS credentials"},
	{service: "sts", except: "getcalleridentity", callers: 1 << compiled.FederatedUser,
		ruling: neverAllowed,
		cause:  "a federated user can call nothing of AWS STS but GetCallerIdentity",
		source: "IAM User Guide: Compare AWS STS credentials (GetFederationToken)"},
}

var kmsRules = [...]serviceRule{
	{service: "kms", resource: "key/",
		ruling: resourcePolicyDecides,
		source: "AWS KMS Developer Guide: Key policies in AWS KMS"},
	{service: "kms", actions: []string{"createalias", "updatealias", "deletealias"}, resource: "alias/aws/",
		ruling: neverAllowed,
		cause:  "aliases of AWS managed keys cannot be changed",
		source: "AWS KMS Developer Guide: Aliases in AWS KMS (aliases of AWS managed keys)"},
	{service: "kms", actions: []string{"retiregrant"},
		ruling: beyondResourceControl,
		source: "AWS Organizations User Guide: Resource control policies (RCPs)"},
}

var iamRules = [...]serviceRule{
	{service: "iam", callers: 1 << compiled.FederatedUser,
		ruling: neverAllowed,
		cause:  "a federated user can call nothing of IAM",
		source: "IAM User Guide: Compare AWS STS credentials (GetFederationToken)"},
	{service: "iam", resource: "policy/", managed: true,
		actions: []string{"createpolicy", "createpolicyversion", "deletepolicy", "deletepolicyversion", "setdefaultpolicyversion", "tagpolicy", "untagpolicy"},
		ruling:  neverAllowed,
		cause:   "AWS managed policies cannot be changed",
		source:  "IAM User Guide: Managed policies and inline policies (AWS managed policies)"},
	{service: "iam", resource: "role/aws-reserved/", actions: append([]string{"createrole", "updaterole", "updateroledescription", "tagrole", "untagrole"}, protectedRoleActions[:]...),
		ruling: neverAllowed,
		cause:  "only IAM Identity Center changes roles under /aws-reserved/",
		source: "IAM Identity Center User Guide: Referencing permission sets in resource policies (reserved roles)"},
	{service: "iam", resource: "role/aws-service-role/", actions: protectedRoleActions[:],
		ruling: neverAllowed,
		cause:  "only its service changes a service-linked role",
		source: "IAM User Guide: Create a service-linked role"},
}

var protectedRoleActions = [...]string{"attachrolepolicy", "detachrolepolicy", "putrolepolicy", "deleterolepolicy",
	"putrolepermissionsboundary", "deleterolepermissionsboundary", "updateassumerolepolicy", "deleterole"}

var s3Rules = [...]serviceRule{
	{service: "s3", actions: []string{"listallmybuckets"},
		ruling: asksForEverything,
		source: "IAM User Guide: IAM JSON policy elements: NotAction"},
	{service: "s3", actions: []string{"getbucketpolicy", "putbucketpolicy", "deletebucketpolicy"}, callers: 1 << compiled.Root,
		ruling: ownerRepairs,
		source: "Amazon S3 User Guide: Policies and permissions in Amazon S3 (root user of the bucket owner)"},
}

// rulesOf gives the rows of the service that an action names.
func rulesOf(action string) []serviceRule {
	colon := strings.IndexByte(action, ':')
	if colon != len("s3") && colon != len("iam") {
		return nil // no service with rules of its own has such a prefix
	}
	var folded [3]byte
	for at := range colon {
		folded[at] = fold.Lower(action[at])
	}
	return serviceRules(string(folded[:colon]))
}

// hasServiceRules tells whether there is a row that fits some caller.
func hasServiceRules(action string, name *wildcard.Name) bool {
	rules := rulesOf(action)
	for at := range rules {
		if rules[at].fits(action[strings.IndexByte(action, ':')+1:], name) {
			return true
		}
	}
	return false
}

// serviceRuling joins the rulings of all rows that fit.
func serviceRuling(action string, name *wildcard.Name, caller compiled.CallerKind) ruling {
	joined := ruling(0)
	rules := rulesOf(action)
	for at := range rules {
		if rules[at].isAbout(caller) && rules[at].fits(action[strings.IndexByte(action, ':')+1:], name) {
			joined |= rules[at].ruling
		}
	}
	return joined
}

// ruleSource is the source of the first row that fits and has the ruling.
func ruleSource(action string, name *wildcard.Name, caller compiled.CallerKind, by ruling) *string {
	if rule := ruleOf(action, name, caller, by); rule != nil {
		return &rule.source
	}
	return nil
}

// ruleOf is the first row that fits and has the ruling, nil if there is none.
func ruleOf(action string, name *wildcard.Name, caller compiled.CallerKind, by ruling) *serviceRule {
	rules := rulesOf(action)
	for at := range rules {
		if rules[at].ruling.has(by) && rules[at].isAbout(caller) && rules[at].fits(action[strings.IndexByte(action, ':')+1:], name) {
			return &rules[at]
		}
	}
	return nil
}

// forbidden says why nobody is allowed.
func (c *inquiry) forbidden() string {
	if rule := ruleOf(c.request.action, &c.request.name, c.evaluator.caller.Kind, neverAllowed); rule != nil {
		return rule.cause
	}
	return sessionTokenCause
}

func (r *serviceRule) isAbout(caller compiled.CallerKind) bool {
	return r.callers == 0 || r.callers&(1<<caller) != 0
}

// fits tells whether the row speaks of an action, given without its prefix, and
// a resource.
func (r *serviceRule) fits(action string, name *wildcard.Name) bool {
	if r.except != "" && fold.Equal(action, r.except) {
		return false
	}
	if r.resource != "" && (name.Segment(2) != r.service || !strings.HasPrefix(name.Segment(5), r.resource)) {
		return false
	}
	if r.federated && name.Segment(2) == "sts" && strings.HasPrefix(name.Segment(5), "federated-user/") {
		return false
	}
	if r.managed && name.Segment(4) != "aws" {
		return false
	}
	for _, listed := range r.actions {
		if fold.Equal(action, listed) {
			return true
		}
	}
	return len(r.actions) == 0
}

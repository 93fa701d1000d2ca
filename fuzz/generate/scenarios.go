package generate

import "strings"

// The rows of service rules, as Labels name them.
const (
	serviceOrdinary      = "ordinary"
	serviceTrust         = "sts trust"
	serviceIdentity      = "sts GetCallerIdentity"
	serviceSessionToken  = "sts GetSessionToken"
	serviceFederation    = "sts GetFederationToken"
	serviceFederatedDeny = "federated user asks iam or sts"
	serviceKey           = "kms key"
	serviceKeyless       = "kms without key"
	serviceAlias         = "kms alias"
	serviceAWSAlias      = "kms alias/aws"
	serviceRetireGrant   = "kms RetireGrant"
	serviceManagedPolicy = "iam AWS-managed policy"
	serviceReservedRole  = "iam reserved role"
	serviceBucketPolicy  = "s3 bucket policy repair"
	serviceListBuckets   = "s3 ListAllMyBuckets"
	serviceGateway       = "execute-api"
	serviceRegistry      = "ecr without Resource"
)

// ServiceRows returns the names of all rows of service rules that the generator knows, as [Labels] name them.
func ServiceRows() []string {
	return []string{serviceOrdinary, serviceTrust, serviceIdentity, serviceSessionToken, serviceFederation, serviceFederatedDeny, serviceKey, serviceKeyless, serviceAlias, serviceAWSAlias, serviceRetireGrant, serviceManagedPolicy, serviceReservedRole, serviceBucketPolicy, serviceListBuckets, serviceGateway, serviceRegistry}
}

// serviceWeights are the shares of the rows in the order of ServiceRows.
var serviceWeights = []int{530, 90, 12, 14, 14, 15, 90, 14, 16, 14, 15, 16, 30, 24, 17, 35, 30}

// The relations of the caller's account to the resource's.
const (
	relationSame      = "same account"
	relationCross     = "cross account"
	relationPartition = "other partition"
	relationDerived   = "resource account not given"
	relationNone      = "caller without account"
)

// Relations returns the names of all relations of accounts, as [Labels] name them.
func Relations() []string {
	return []string{relationSame, relationCross, relationPartition, relationDerived, relationNone}
}

// scenario chooses service, caller and accounts, and fills in the request but for its context.
func (b *builder) scenario() {
	row := b.rows[b.weighted(serviceWeights...)]
	b.service = row
	b.requiresResource = false
	b.resourceKind = kindResource
	b.chooseCaller(row)

	account, relation := b.caller.account, relationSame
	switch {
	case !b.caller.accountSide:
		account, relation = pick(b.chooser, accounts[:2]), relationNone
	case b.chance(b.crossShare(row)):
		relation = relationCross
		for account == b.caller.account {
			account = accounts[(b.intn(2)+1+indexOf(accounts, account))%len(accounts)]
		}
	}
	partition := b.caller.partition
	if b.chance(4) {
		if partition == "aws" {
			partition = "aws-cn"
		} else {
			partition = "aws"
		}
		if b.caller.accountSide {
			relation = relationPartition
		}
	}

	request := &b.made.Request
	request.Principal, request.PrincipalIssuer = b.caller.principal, b.caller.issuer
	b.chooseOffering(row, partition, account)
	request.ResourceAccount = account
	b.bucketAccount = account
	if b.chance(5) && b.caller.accountSide {
		// Left out, the account is read from the resource's ARN, or is the caller's for "*".
		if request.Resource == "*" || strings.Contains(request.Resource, ":"+account+":") {
			request.ResourceAccount, relation = "", relationDerived
		}
	}
	b.made.Labels.Caller = b.caller.kind
	b.made.Labels.Service = row
	b.made.Labels.Relation = relation
}

func indexOf(list []string, value string) int {
	for i, entry := range list {
		if entry == value {
			return i
		}
	}
	return 0
}

// crossShare is the percentage of questions across accounts.
func (b *builder) crossShare(row string) int {
	switch row {
	case serviceIdentity, serviceSessionToken, serviceFederation, serviceListBuckets, serviceKeyless, serviceBucketPolicy:
		return 4
	case serviceManagedPolicy, serviceReservedRole, serviceAWSAlias, serviceRetireGrant:
		return 12
	}
	if b.caller.isFederated() {
		return 12
	}
	return 24
}

func (b *builder) chooseCaller(row string) {
	switch row {
	case serviceTrust:
		switch b.weighted(58, 12, 15, 15) {
		case 0:
			b.caller = b.callerAmong(callerUser, callerRoleSession, callerRole, callerRoleSessionNoRole, callerUser)
		case 1:
			b.caller = b.callerAmong(callerService, callerRoot, callerRegionalService, callerAnonymous, callerServiceLinked)
		case 2:
			b.caller = b.makeCaller(callerSAML)
		default:
			b.caller = b.makeCaller(pick(b.chooser, b.webIdentityKinds()))
		}
	case serviceFederatedDeny:
		b.caller = b.callerAmong(callerFederated, callerFederated, callerFederatedNoIssuer)
	case serviceFederation:
		b.caller = b.callerAmong(callerUser, callerUser, callerRoot, callerRoleSession, callerRole, callerFederated)
	case serviceSessionToken:
		b.caller = b.callerAmong(callerUser, callerUser, callerRoot, callerRoleSession, callerService)
	case serviceBucketPolicy:
		b.caller = b.callerAmong(callerRoot, callerRoot, callerRoot, callerUser)
	case serviceManagedPolicy, serviceReservedRole, serviceKeyless, serviceListBuckets, serviceAlias, serviceAWSAlias:
		b.caller = b.callerAmong(callerUser, callerUser, callerRoleSession, callerRole, callerRoot, callerServiceLinked, callerFederated, callerService)
	default:
		b.caller = b.anyCaller()
	}
}

func (b *builder) webIdentityKinds() []string {
	return []string{callerOIDC, callerOIDC, callerBareProviderPrefix + bareProviders[0], callerBareProviderPrefix + bareProviders[1], callerBareProviderPrefix + bareProviders[2], callerBareProviderPrefix + bareProviders[3]}
}

// chooseOffering fills in action and resource.
func (b *builder) chooseOffering(row, partition, account string) {
	request := &b.made.Request
	region := pick(b.chooser, regions)
	iam := "arn:" + partition + ":iam::" + account + ":"
	kms := "arn:" + partition + ":kms:" + region + ":" + account + ":"
	request.Resource = "*"
	switch row {
	case serviceOrdinary:
		offered := pick(b.chooser, ordinaryOfferings)
		request.Action = offered.action
		if !offered.bare {
			request.Resource = b.fill(offered.resource, partition, region, account)
		}
	case serviceTrust:
		b.requiresResource, b.resourceKind = true, kindTrust
		request.Action = pick(b.chooser, trustActions)
		if b.chance(70) {
			switch {
			case b.caller.kind == callerSAML:
				request.Action = "sts:AssumeRoleWithSAML"
			case !b.caller.accountSide && b.caller.kind != callerService && b.caller.kind != callerRegionalService:
				request.Action = "sts:AssumeRoleWithWebIdentity"
			default:
				request.Action = "sts:AssumeRole"
			}
		}
		request.Resource = iam + "role" + pick(b.chooser, paths) + pick(b.chooser, roleNames)
		if b.caller.isRoleBased() && b.chance(25) {
			request.Resource = b.caller.entity()
		}
	case serviceIdentity:
		request.Action = "sts:GetCallerIdentity"
	case serviceSessionToken:
		request.Action = "sts:GetSessionToken"
	case serviceFederation:
		request.Action = "sts:GetFederationToken"
		request.Resource = "arn:" + partition + ":sts::" + account + ":federated-user/kiosk"
	case serviceFederatedDeny:
		offered := pick(b.chooser, []offering{{"iam:GetUser", iam + "user/alice", false}, {"iam:ListUsers", "*", false}, {"sts:AssumeRole", iam + "role/deploy", false}, {"sts:GetCallerIdentity", "*", false}, {"sts:GetSessionToken", "*", false}, {"sts:TagSession", iam + "role/deploy", false}})
		request.Action, request.Resource = offered.action, offered.resource
		if offered.action == "sts:AssumeRole" || offered.action == "sts:TagSession" {
			b.resourceKind = kindTrust
		}
	case serviceKey:
		b.requiresResource, b.resourceKind = true, kindKey
		request.Action, request.Resource = pick(b.chooser, keyActions), kms+"key/1234abcd-12ab-34cd-56ef-1234567890ab"
	case serviceRetireGrant:
		b.requiresResource, b.resourceKind = true, kindKey
		request.Action, request.Resource = "kms:RetireGrant", kms+"key/1234abcd-12ab-34cd-56ef-1234567890ab"
	case serviceKeyless:
		request.Action = pick(b.chooser, keylessActions)
	case serviceAlias, serviceAWSAlias:
		request.Action, request.Resource = pick(b.chooser, aliasActions), kms+"alias/app"
		if row == serviceAWSAlias {
			request.Resource = kms + "alias/aws/s3"
		}
	case serviceManagedPolicy:
		request.Action, request.Resource = pick(b.chooser, managedPolicyActions), "arn:"+partition+":iam::aws:policy/ReadOnlyAccess"
		if b.chance(15) {
			request.Resource = iam + "policy/aws/Mine"
		}
	case serviceReservedRole:
		request.Action = pick(b.chooser, reservedRoleActions)
		path := pick(b.chooser, []string{"/aws-reserved/", "/aws-reserved/sso.amazonaws.com/", "/aws-service-role/cloudtrail.amazonaws.com/", "/aws-reserve/", "/dev/aws-reserved/"})
		request.Resource = iam + "role" + path + "Reserved"
	case serviceBucketPolicy:
		request.Action, request.Resource = pick(b.chooser, bucketPolicy), "arn:"+partition+":s3:::reports"
	case serviceListBuckets:
		request.Action = "s3:ListAllMyBuckets"
	case serviceGateway:
		request.Action = "execute-api:Invoke"
		request.Resource = "arn:" + partition + ":execute-api:" + region + ":" + account + ":ab12cd34/" + pick(b.chooser, []string{"live/GET/pets/1", "live/POST/pets", "test/GET/", "live/GET/a:b"})
	case serviceRegistry:
		request.Action, request.Resource = pick(b.chooser, registryActions), "arn:"+partition+":ecr:"+region+":"+account+":repository/app"
	}
	if b.chance(9) && strings.HasPrefix(request.Resource, "arn:") {
		b.oddTail()
	}
	if b.chance(4) {
		request.Action = b.flipCase(request.Action)
	}
}

// fill puts partition, Region and account into the resource of an offering.
func (b *builder) fill(resource, partition, region, account string) string {
	parts := strings.SplitN(resource, ":", 6)
	parts[1] = partition
	if parts[3] == "R" {
		parts[3] = region
	}
	if parts[4] == "A" {
		parts[4] = account
	}
	return strings.Join(parts, ":")
}

// oddTail gives the request's resource an odd end.
func (b *builder) oddTail() {
	resource := b.made.Request.Resource
	parts := strings.SplitN(resource, ":", 6)
	switch b.intn(3) {
	case 0:
		parts[5] = pick(b.chooser, tails)
	case 1:
		parts[5] += pick(b.chooser, tails)
	default:
		if cut := strings.LastIndexAny(parts[5], "/:"); cut >= 0 {
			parts[5] = parts[5][:cut+1] + pick(b.chooser, tails)
		} else {
			parts[5] = pick(b.chooser, tails) + parts[5]
		}
	}
	b.made.Request.Resource = strings.Join(parts, ":")
}

package principal

import (
	"strings"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/condition"
)

// A resourceEntry is a resource that was given to the Builder.
type resourceEntry struct {
	account  string
	policy   *Attachment
	tags     []tag
	document document // to tell a second definition from a repetition
}

// registerResources takes the resources in.
func (w *building) registerResources(details []ResourceDetail) {
	for at := range details {
		detail := &details[at]
		parsed, err := arn.Parse(detail.ARN)
		if err != nil {
			w.report.add(place{}, InvalidARN, quote(detail.ARN), "a resource is named by its ARN", err)
			continue
		}
		account := detail.AccountID
		if account == "" {
			account = accountOf(detail.ARN)
		}
		switch {
		case account == "":
			w.report.add(place{}, InvalidAccount, detail.ARN, "the ARN does not say which account owns the resource: give AccountID", nil)
			continue
		case !arn.IsAccountID(account):
			w.report.add(place{}, InvalidAccount, detail.ARN, "an account id has twelve digits; this is "+quote(account), nil)
			continue
		case arn.IsAccountID(parsed.AccountID) && account != parsed.AccountID:
			w.report.add(place{}, InvalidAccount, detail.ARN, "AccountID "+account+" is not the account in the ARN", nil)
			continue
		}
		entry := &resourceEntry{account: account, tags: tagsOf(detail.Tags), document: document{text: detail.Document, at: wholeFile(detail.File, detail.Document)}}
		if twice, ok := sortedTags(entry.tags); !ok {
			w.report.add(place{}, InvalidName, detail.ARN, "the tag key "+quote(twice)+" is there twice; tag keys ignore letter case", nil)
			continue
		}
		source := Source{Type: ResourcePolicy, AttachedTo: detail.ARN}.at(entry.document)
		if entity, err := arn.ParseEntity(detail.ARN); err == nil {
			switch {
			case w.directory.entities[detail.ARN] != nil:
				w.report.add(place{}, Conflict, detail.ARN, "the "+entity.Kind.String()+" is there already, from the details of its account", nil)
				continue
			case entity.Kind == arn.Role:
				source.Type = TrustPolicy
			}
		}
		if other, twice := w.directory.resources[detail.ARN]; twice {
			if !other.same(entry) {
				w.conflict(place{}, detail.ARN, place{})
			}
			continue
		}
		if detail.Document != "" {
			entry.policy = &Attachment{Policy: w.compile(source, entry.document), Source: source}
		}
		w.directory.resources[detail.ARN] = entry
	}
}

func (r *resourceEntry) same(other *resourceEntry) bool {
	if r.account != other.account || !r.document.same(other.document) || len(r.tags) != len(other.tags) {
		return false
	}
	for at, t := range r.tags {
		if t != other.tags[at] {
			return false
		}
	}
	return true
}

// A ResourceError says why a text is not a resource that can be decided about.
type ResourceError struct {
	// Resource and AccountID are what was given.
	Resource, AccountID string
	// Reason is one sentence that says what is wrong.
	Reason string
	// Err is the reason below, an [*arn.ParseError], or nil.
	Err error
}

// Error names the resource and the reason.
func (e *ResourceError) Error() string {
	text := "principal: resource " + quote(e.Resource) + ": " + e.Reason
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the [*arn.ParseError] below, if there is one.
func (e *ResourceError) Unwrap() error { return e.Err }

// Resource finds what comes with a resource: its policy, the resource control
// policies of the account that owns it, and the condition keys that follow from
// it.
//
// The resource is an ARN, or "*" for an action without resource types. The
// policy is the one registered for the ARN, or else for the resource that
// contains it: the bucket of an object, the API of an API Gateway method, the
// table of a DynamoDB index, the domain of an OpenSearch path. Of a role it is the trust policy, which decides about the six actions of AWS STS
// that make sessions and about nothing else.
//
// The account is the owner. If it is "", it is the one that the resource was
// registered with, or else the one in the ARN. Give it for resources whose ARN
// does not say it. "*" belongs to the caller's own account, so that is to be
// given if the organization has resource control policies; otherwise it may be
// left out, and the request tells. The account must not contradict what the
// resource was registered with.
//
// A resource need not be registered. It then has no policy, and its tags are
// left to the context of the request. The tags of what is registered are known:
// a tag that is not among them is absent. The tags of a bucket are not those of
// its objects.
//
// The error is a [*ResourceError]. Each call gives a new Resource; it costs a
// few small allocations.
func (d *Directory) Resource(resource, account string) (*Resource, error) {
	fail := func(reason string, err error) (*Resource, error) {
		return nil, &ResourceError{Resource: resource, AccountID: account, Reason: reason, Err: err}
	}
	if account != "" && !arn.IsAccountID(account) {
		return fail("an account id has twelve digits; this is "+quote(account), nil)
	}
	found := &Resource{ARN: resource, AccountID: account}
	if resource == "*" {
		if account == "" {
			if d.restrictsResources() { // a Deny must not go unseen
				return fail("the account of the caller must be given, since the organization has resource control policies", nil)
			}
			return found, nil
		}
		d.completeResource(found, nil, "")
		return found, nil
	}
	parsed, err := arn.Parse(resource)
	if err != nil {
		return fail("a resource is an ARN or *", err)
	}
	owner, tags, known := "", []tag(nil), false
	if e := d.entities[resource]; e != nil {
		owner, tags, known = e.account, e.tags, true
		found.Policy = e.trust
	} else if entry := d.resources[resource]; entry != nil {
		owner, tags, known = entry.account, entry.tags, true
		found.Policy = entry.policy
	} else if entry := d.resources[containerOf(resource, parsed)]; entry != nil {
		owner = entry.account
		found.Policy = entry.policy
	}
	switch {
	case account == "" && owner != "":
		found.AccountID = owner
	case account == "":
		if found.AccountID = accountOf(resource); found.AccountID == "" {
			return fail("the ARN does not say which account owns the resource", nil)
		}
	case owner != "" && owner != account:
		return fail("the resource belongs to account "+owner+", not to "+account, nil)
	}
	if !known {
		d.completeResource(found, nil, "")
		return found, nil
	}
	d.completeResource(found, tags, parsed.Service)
	found.Facts.MarkTagsKnown()
	return found, nil
}

// restrictsResources tells whether a resource control policy that can deny
// applies to any account.
func (d *Directory) restrictsResources() bool {
	for _, m := range d.members {
		for _, level := range m.resourceControl {
			for _, attached := range level.Policies {
				if attached.Source.Name != RCPFullAWSAccess {
					return true
				}
			}
		}
	}
	return false
}

// completeResource fills in what follows from the account and the tags.
func (d *Directory) completeResource(r *Resource, tags []tag, service string) {
	r.Facts = new(condition.Context)
	r.Facts.Set("aws:ResourceAccount", condition.String(r.AccountID))
	if m := d.members[r.AccountID]; m != nil {
		r.Facts.Set("aws:ResourceOrgID", condition.String(m.organization))
		r.Facts.Set("aws:ResourceOrgPaths", condition.List(m.path))
		r.ControlLevels = m.resourceControl
	}
	for _, t := range tags {
		r.Facts.SetTag("aws:ResourceTag", t.key, condition.String(t.value))
		// Several services have the same key under their own name, such as
		// iam:ResourceTag and ec2:ResourceTag.
		r.Facts.SetTag(service+":ResourceTag", t.key, condition.String(t.value))
	}
}

// A container says how the ARN of a resource leads to that of the resource
// whose policy covers it: the part of the resource that begins with a prefix and
// goes up to the next separator. Services differ, so each has a row.
type container struct {
	service, prefix, separator string
}

var containers = [...]container{
	// An object is in the bucket before the first slash. Amazon S3 User Guide,
	// "Policy resources for Amazon S3".
	{"s3", "", "/"},
	// A method is of the API whose id stands before the first slash. API Gateway
	// Developer Guide, "Control access to an API with API Gateway resource
	// policies".
	{"execute-api", "", "/"},
	// An index is of a table. Amazon DynamoDB Developer Guide, "Using
	// resource-based policies for DynamoDB". Streams have policies of their own.
	{"dynamodb", "table/", "/index/"},
	// A path is in a domain. Amazon OpenSearch Service Developer Guide, "Identity
	// and Access Management in Amazon OpenSearch Service".
	{"es", "domain/", "/"},
}

// containerOf gives the ARN of the resource that contains another one, "" if
// there is none.
func containerOf(text string, parsed arn.ARN) string {
	for _, row := range containers {
		inside, ok := strings.CutPrefix(parsed.Resource, row.prefix)
		if row.service != parsed.Service || !ok {
			continue
		}
		// Access points have accounts in their ARNs and policies of their own.
		if row.service == "s3" && parsed.AccountID != "" {
			continue
		}
		if cut := strings.Index(inside, row.separator); cut > 0 {
			return text[:len(text)-len(inside)+cut]
		}
	}
	return ""
}

package neutral

import (
	"fmt"
	"strconv"

	"github.com/tidwall/gjson"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/strictjson"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// MaxDepth bounds how deep a case may nest: a policy document, which nests six
// deep, stands in a list in a level in a list in the case.
const MaxDepth = 64

// A Case is a decoded case.
type Case struct {
	// ID and Expect are those of the case, "" if it has none. They are also
	// there when decoding failed, if the text has them.
	ID, Expect string
	// Principal, Resource and Endpoint are the sides of the decision.
	Principal principal.Principal
	Resource  principal.Resource
	Endpoint  []principal.Attachment
	// Action and Account are those of the request; the resource's ARN stands
	// in Resource.
	Action, Account string
	// Context is that of the request.
	Context *condition.Context
}

// Decode reads one case. It gives an error for input that must be refused:
// what is not JSON, members of a wrong type, policies with hard errors,
// callers that are none. Unknown members are ignored. Of a wrong case it gives
// what it could read of ID and Expect.
func Decode(line []byte) (*Case, error) {
	text := string(line)
	c := &Case{}
	if fault := strictjson.Check(text, MaxDepth); fault != nil {
		return c, fmt.Errorf("column %d: %s", fault.Offset+1, fault.Message)
	}
	d := decoder{into: c}
	root := d.members("case", gjson.Parse(text), "id", "request", "identityPolicies", "permissionsBoundaries", "sessionPolicies",
		"resourcePolicy", "scps", "rcps", "vpcEndpointPolicies", "expect")
	c.ID, c.Expect = d.text("id", root["id"]), d.text("expect", root["expect"])
	if !root["request"].Exists() {
		d.fail("request", "is missing")
	}
	request := d.members("request", root["request"], "principal", "principalIssuer", "action", "resource", "resourceAccount", "context")
	for _, needed := range []string{"principal", "action", "resource"} {
		if root["request"].Exists() && !request[needed].Exists() {
			d.fail("request."+needed, "is missing")
		}
	}
	c.Action = d.text("request.action", request["action"])
	c.Resource.ARN = d.text("request.resource", request["resource"])
	c.Account = d.text("request.resourceAccount", request["resourceAccount"])
	d.identity(d.text("request.principal", request["principal"]), d.text("request.principalIssuer", request["principalIssuer"]))
	d.context(request["context"])

	p := &c.Principal
	p.IdentityPolicies = d.policies("identityPolicies", root["identityPolicies"], policy.IdentityBased)
	p.PermissionsBoundaries = d.policies("permissionsBoundaries", root["permissionsBoundaries"], policy.PermissionsBoundary)
	p.SessionPolicies = d.policies("sessionPolicies", root["sessionPolicies"], policy.Session)
	p.ServiceControlLevels = d.levels("scps", root["scps"], policy.ServiceControl)
	c.Resource.ControlLevels = d.levels("rcps", root["rcps"], policy.ResourceControl)
	c.Endpoint = d.policies("vpcEndpointPolicies", root["vpcEndpointPolicies"], policy.VPCEndpoint)
	if document := root["resourcePolicy"]; document.Exists() {
		kind := policy.ResourceBased
		if AsksTrustPolicy(c.Action) {
			kind = policy.RoleTrust
		}
		attachment := d.policy("resourcePolicy", document, kind)
		c.Resource.Policy = &attachment
	}
	return c, d.err
}

// A decoder reads a case and remembers the first thing that is wrong with it.
type decoder struct {
	into *Case
	err  error
}

func (d *decoder) fail(path, message string) {
	if d.err == nil {
		d.err = fmt.Errorf("%s: %s", path, message)
	}
}

// members reads the named members of an object. A named member that stands
// there twice is an error: readers of JSON disagree on which one counts.
func (d *decoder) members(path string, value gjson.Result, names ...string) map[string]gjson.Result {
	found := make(map[string]gjson.Result, len(names))
	if !value.Exists() {
		return found
	}
	if !value.IsObject() {
		d.fail(path, "must be an object")
		return found
	}
	value.ForEach(func(key, member gjson.Result) bool {
		for _, name := range names {
			if key.Str == name {
				if _, twice := found[name]; twice {
					d.fail(path, strconv.Quote(name)+" stands there twice")
				}
				found[name] = member
			}
		}
		return true
	})
	return found
}

func (d *decoder) text(path string, value gjson.Result) string {
	if value.Exists() && value.Type != gjson.String {
		d.fail(path, "must be a string")
	}
	return value.Str
}

func (d *decoder) identity(caller, issuer string) {
	if d.err != nil {
		return
	}
	identity, err := principal.Identify(caller, issuer)
	if err != nil {
		d.err = err
	}
	d.into.Principal.Identity = identity
}

func (d *decoder) context(value gjson.Result) {
	if !value.Exists() {
		return
	}
	context, err := condition.ParseJSON([]byte(value.Raw))
	if err != nil && d.err == nil {
		d.err = fmt.Errorf("request.context: %w", err)
	}
	d.into.Context = context
}

// list calls do for each element of an array that may be absent.
func (d *decoder) list(path string, value gjson.Result, do func(path string, element gjson.Result)) {
	if !value.Exists() {
		return
	}
	if !value.IsArray() {
		d.fail(path, "must be an array")
		return
	}
	at := 0
	value.ForEach(func(_, element gjson.Result) bool {
		do(path+"["+strconv.Itoa(at)+"]", element)
		at++
		return true
	})
}

func (d *decoder) policies(path string, value gjson.Result, kind policy.Kind) []principal.Attachment {
	var attachments []principal.Attachment
	d.list(path, value, func(path string, document gjson.Result) {
		attachments = append(attachments, d.policy(path, document, kind))
	})
	return attachments
}

// policy compiles a document, whose place in the case serves as its name.
func (d *decoder) policy(path string, document gjson.Result, kind policy.Kind) principal.Attachment {
	compiled, err := policy.Load(kind, []byte(document.Raw))
	if err != nil && d.err == nil {
		d.err = fmt.Errorf("%s: %w", path, err)
	}
	return principal.Attachment{Policy: compiled, Source: principal.Source{Type: sourceType(kind), Name: path}}
}

func sourceType(kind policy.Kind) principal.SourceType {
	switch kind {
	case policy.PermissionsBoundary:
		return principal.Boundary
	case policy.Session:
		return principal.SessionPolicy
	case policy.ResourceBased:
		return principal.ResourcePolicy
	case policy.RoleTrust:
		return principal.TrustPolicy
	case policy.ServiceControl:
		return principal.ServiceControl
	case policy.ResourceControl:
		return principal.ResourceControl
	case policy.VPCEndpoint:
		return principal.EndpointPolicy
	}
	return principal.Unnamed
}

func (d *decoder) levels(path string, value gjson.Result, kind policy.Kind) []principal.Level {
	var levels []principal.Level
	d.list(path, value, func(path string, element gjson.Result) {
		level := d.members(path, element, "orgIdentifier", "policies")
		levels = append(levels, principal.Level{
			OrgIdentifier: d.text(path+".orgIdentifier", level["orgIdentifier"]),
			Policies:      d.policies(path+".policies", level["policies"], kind),
		})
	})
	return levels
}

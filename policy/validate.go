package policy

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/internal/fold"
)

// A validator collects findings. It reads the tree as check does, with the
// current statement in it.
type validator struct {
	report    report
	document  *Document
	statement *Statement
	place     place
}

func (v *validator) add(code Code, at Position, path, format string, values ...any) {
	v.report.add(code, at, path, fmt.Sprintf(format, values...))
}

func (v *validator) validate() {
	d := v.document
	if !d.Version.Present() {
		v.add(MissingVersion, d.Start, "", `the document has no Version: add "Version": %q, without which policy variables are ordinary text`, Version2012)
	}
	if d.ID.Present() && (!d.Kind.namesPrincipal() || d.Kind == ResourceControl) {
		v.add(UnsupportedID, d.ID.Position, elementID.String(), "%s takes no Id: remove it", d.Kind.withArticle())
	}
	if len(d.Statements) == 0 {
		v.add(EmptyArrayStatement, d.Start, elementStatement.String(), "the document has no statements and no effect: add one")
	}
	v.size()
	sids := make(map[string]bool, len(d.Statements))
	forms := make(map[string]int, len(d.Statements))
	for i := range d.Statements {
		if v.report.full() {
			return
		}
		v.statement = &d.Statements[i]
		v.place = place{statement: i, single: d.SingleStatement && len(d.Statements) == 1, inStatement: true}
		v.sid(sids)
		v.repeatedStatement(forms)
		v.principals()
		v.actions(v.statement.Action, elementAction)
		v.actions(v.statement.NotAction, elementNotAction)
		v.resources(v.statement.Resource, elementResource)
		v.resources(v.statement.NotResource, elementNotResource)
		v.condition()
	}
}

// A quota is how many characters a kind of policy may have.
type quota struct {
	characters int
	code       Code
	// withSpace says that white space between tokens counts.
	withSpace bool
}

// quotas holds the quota of each kind. Where a kind has several the least one
// is here that is the default: the sums for inline policies depend on who has
// them, and services with room for more than 20 kB are few.
//
// Source: IAM User Guide, "IAM and AWS STS quotas"; AWS Organizations User
// Guide, "Quotas for AWS Organizations"; AWS PrivateLink Guide, "Control access
// to VPC endpoints using endpoint policies".
var quotas = [...]quota{
	IdentityBased:       {6_144, PolicySizeExceedsIdentityPolicyQuota, false},
	PermissionsBoundary: {6_144, PolicySizeExceedsIdentityPolicyQuota, false},
	Session:             {2_048, PolicySizeExceedsSessionPolicyQuota, false},
	ResourceBased:       {20_480, PolicySizeExceedsResourcePolicyQuota, false},
	RoleTrust:           {2_048, PolicySizeExceedsRoleTrustPolicyQuota, false},
	ServiceControl:      {10_240, PolicySizeExceedsSCPQuota, true},
	ResourceControl:     {5_120, PolicySizeExceedsRCPQuota, true},
	VPCEndpoint:         {20_480, PolicySizeExceedsVPCEndpointPolicyQuota, true},
}

// size compares the length of the document with its quota: that of its text
// where white space counts, otherwise, and for a document built in code, that
// of its shortest form.
func (v *validator) size() {
	d := v.document
	if !d.Kind.valid() {
		return
	}
	q := quotas[d.Kind]
	size := d.characters
	if size == 0 || size > q.characters && !q.withSpace {
		text, err := d.MarshalJSON()
		if err != nil {
			return // what cannot be written has no length
		}
		size = utf8.RuneCount(text)
	}
	if size > q.characters {
		v.add(q.code, d.Start, "", "%s has room for %d characters, and this has %d: split it or use wildcards",
			d.Kind.withArticle(), q.characters, size)
	}
}

func (v *validator) sid(seen map[string]bool) {
	sid, kind := v.statement.Sid, v.document.Kind
	path := v.place.element(elementSid)
	ofService := kind == ResourceBased || kind == VPCEndpoint
	switch {
	case !sid.Present():
		return
	case sid.Value == "":
		v.add(EmptySidValue, sid.Position, path, "the Sid is empty: remove it, or name the statement")
		return
	case !ofService && !isAlphanumeric(sid.Value):
		v.add(UnsupportedSid, sid.Position, path, "the Sid %s has characters other than A-Z, a-z and 0-9: remove them", quote(sid.Value))
	}
	switch {
	case !seen[sid.Value]:
		seen[sid.Value] = true
	case ofService:
		v.add(UniqueSidsRecommended, sid.Position, path, "the Sid %s stands here a second time, which some services refuse: change it", quote(sid.Value))
	default:
		v.add(UniqueSidsRequired, sid.Position, path, "the Sid %s stands here a second time: change it", quote(sid.Value))
	}
	v.noVariable(sid, path, elementSid)
}

func isAlphanumeric(text string) bool {
	for i := 0; i < len(text); i++ {
		if b := text[i]; (b|0x20 < 'a' || b|0x20 > 'z') && (b < '0' || b > '9') {
			return false
		}
	}
	return true
}

func (v *validator) repeatedStatement(seen map[string]int) {
	form := statementForm(v.statement)
	if earlier, again := seen[form]; again {
		v.add(RedundantStatement, v.statement.Start, v.place.statementPath(), "the statement says the same as %s: remove it",
			index(elementStatement.String(), earlier))
		return
	}
	seen[form] = v.place.statement
}

func (v *validator) actions(list *Strings, e element) {
	if list == nil {
		return
	}
	if len(list.Values) == 0 {
		v.add(EmptyArrayAction, list.Position, v.place.element(e), "%s is empty, so that the statement has no effect: add an action, or remove the statement", e)
	}
	seen := newNames(len(list.Values))
	for i := range list.Values {
		if v.report.full() {
			return
		}
		value := list.Values[i]
		prefix, _, found := strings.Cut(value.Value, ":")
		if found && strings.ContainsAny(prefix, "*?") {
			v.add(WildcardInServiceName, value.Position, v.inList(list, e, i), "the service of %s has a wildcard: name each service", quote(value.Value))
		}
		if v.document.Kind == RoleTrust && found && !fold.Equal(prefix, "sts") && !strings.ContainsAny(prefix, "*?") {
			v.add(UnsupportedActionInPolicy, value.Position, v.inList(list, e, i), "%s has no effect in a role trust policy: its actions are those of sts", quote(value.Value))
		}
		if earlier, again := seen.add(value.Value); again {
			v.add(RedundantAction, value.Position, v.inList(list, e, i), "the list has %s before: remove one", quote(earlier))
		}
		v.noVariable(value, v.inList(list, e, i), e)
	}
}

func (v *validator) resources(list *Strings, e element) {
	if list == nil {
		return
	}
	if len(list.Values) == 0 {
		v.add(EmptyArrayResource, list.Position, v.place.element(e), "%s is empty, so that the statement has no effect: add a resource, or remove the statement", e)
	}
	seen := make(map[string]bool, len(list.Values))
	for i := range list.Values {
		if v.report.full() {
			return
		}
		value := &list.Values[i]
		path := v.inList(list, e, i)
		if seen[value.Value] {
			v.add(RedundantResource, value.Position, path, "the list has %s before: remove one", quote(value.Value))
			continue
		}
		seen[value.Value] = true
		if strings.HasPrefix(value.Value, "arn:") {
			v.arn(value, path)
			v.variables(value.Value, value.Position, path)
		}
	}
}

// arn looks at the segments of a resource.
func (v *validator) arn(value *Text, path string) {
	segments, complete := splitARN(value.Value, v.document.Variables())
	if !complete && v.document.Kind != Session {
		v.add(MissingARNField, value.Position, path, "%s has fewer than the six segments of an ARN: write the missing ones as *", quote(value.Value))
	}
	for i, segment := range segments {
		if v.document.Variables() && i < 5 && hasVariable(segment) {
			v.add(VariableUnsupportedInElement, value.Position, path, "a policy variable before the fifth colon of %s is not documented to work: write it behind", quote(value.Value))
			break
		}
	}
	if len(segments) > 2 {
		service := segments[2]
		switch {
		case strings.ContainsAny(service, "*?"):
			v.add(WildcardInServiceName, value.Position, path, "the service of %s has a wildcard: name the service", quote(value.Value))
		case service != fold.Text(service) && !strings.Contains(service, "${"):
			v.add(InvalidARNServiceCase, value.Position, path, "the service of %s has capital letters: write %s", quote(value.Value), fold.Text(service))
		}
	}
	if len(segments) > 4 {
		account := segments[4]
		if account != "" && account != "aws" && !strings.ContainsAny(account, "*?$") && !arn.IsAccountID(account) {
			v.add(InvalidARNAccount, value.Position, path, "the account %s is not twelve digits: correct it", quote(account))
		}
	}
}

// inList gives the path of a value of a list.
func (v *validator) inList(list *Strings, e element, i int) string {
	if list.Single && len(list.Values) == 1 {
		return v.place.element(e)
	}
	return index(v.place.element(e), i)
}

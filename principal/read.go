package principal

import (
	"strconv"

	"github.com/tidwall/gjson"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/internal/fold"
)

// A reader reads one page of account details into a Builder. The page has been
// scanned: it is well-formed JSON.
type reader struct {
	builder *Builder
	file    *file
	base    int // offset of the page in the file
	account string
	texts   map[string]string
}

// readPage reads the page that is text[start:end] of the file.
func (b *Builder) readPage(f *file, start, end int) {
	r := &reader{builder: b, file: f, base: start, texts: make(map[string]string)}
	names := []string{"UserDetailList", "GroupDetailList", "RoleDetailList", "Policies", "IsTruncated", "Marker", "NextToken"}
	root := gjson.Parse(f.text[start:end])
	root.Index = 0
	if !root.IsObject() {
		r.fail(root, "", NotAccountDetails, "", "this is no page of account details: that is a JSON object")
		return
	}
	m, ok := r.members(root, "", names)
	if !ok {
		return
	}
	known := false
	for _, one := range m {
		known = known || one.Exists()
	}
	if !known {
		r.fail(root, "", NotAccountDetails, "",
			"this object has none of UserDetailList, GroupDetailList, RoleDetailList and Policies: it is not the output of get-account-authorization-details")
		return
	}
	r.list(m[0], names[0], func(v gjson.Result, path string) { r.entity(&userShape, v, path) })
	r.list(m[1], names[1], func(v gjson.Result, path string) { r.entity(&groupShape, v, path) })
	r.list(m[2], names[2], func(v gjson.Result, path string) { r.entity(&roleShape, v, path) })
	r.list(m[3], names[3], r.policy)
	truncated := r.boolean(m[4], names[4])
	marker, _ := r.text(m[5], names[5])
	token, _ := r.text(m[6], names[6])
	// The AWS CLI puts pages together. It then leaves IsTruncated out, and a
	// NextToken tells that --max-items kept it from the rest.
	last := 4
	switch {
	case token != "":
		truncated, last = true, 6
	case marker != "" && !m[4].Exists():
		truncated, last = true, 5
	}
	b.pages = append(b.pages, page{
		account: r.account, truncated: truncated, marker: r.keep(marker), token: r.keep(token),
		at: place{file: f, offset: start + max(m[last].Index, 0), path: names[last]},
	})
}

// A shape says how the members of a sort of entity are called.
type shape struct {
	kind arn.EntityKind
	word string
	// The members: the name, the ARN, then the optional ones.
	members []string
}

// Where shape.members has what.
const (
	memberName = iota
	memberARN
	memberPath
	memberID
	memberInline
	memberAttached
	memberBoundary
	memberTags
	memberGroups
	memberTrust
	memberMaxSession

	memberCount
)

var (
	userShape = shape{kind: arn.User, word: "user", members: []string{
		"UserName", "Arn", "Path", "UserId", "UserPolicyList", "AttachedManagedPolicies", "PermissionsBoundary", "Tags", "GroupList"}}
	groupShape = shape{kind: arn.Group, word: "group", members: []string{
		"GroupName", "Arn", "Path", "GroupId", "GroupPolicyList", "AttachedManagedPolicies"}}
	roleShape = shape{kind: arn.Role, word: "role", members: []string{
		"RoleName", "Arn", "Path", "RoleId", "RolePolicyList", "AttachedManagedPolicies", "PermissionsBoundary", "Tags", "", "AssumeRolePolicyDocument", "MaxSessionDuration"}}
)

// entity reads a user, group or role.
func (r *reader) entity(s *shape, v gjson.Result, path string) {
	found, ok := r.members(v, path, s.members)
	if !ok {
		return
	}
	// Those that the sort of entity does not have are left as if absent.
	var m [memberCount]gjson.Result
	copy(m[:], found)
	name, ok := r.required(v, m[memberName], path, s.members[memberName])
	entityARN, ok2 := r.required(v, m[memberARN], path, "Arn")
	if !ok || !ok2 {
		return
	}
	entity, ok := r.parseARN(m[memberARN], path, entityARN, s.kind, s.word, name)
	if !ok {
		return
	}
	if given, ok := r.text(m[memberPath], path+".Path"); !ok {
		return
	} else if given != "" && given != entity.Path {
		r.fail(m[memberPath], path+".Path", InvalidARN, entityARN, "the path "+quote(given)+" is not the one in the ARN")
		return
	}
	id, _ := r.text(m[memberID], path+"."+s.members[memberID])
	out := &record{
		kind: s.kind, arn: r.keep(entityARN), partition: r.keep(entity.Partition), account: r.keep(entity.AccountID),
		name: r.keep(name), path: r.keep(entity.Path), id: r.keep(id), at: r.place(v, path),
	}
	r.belongsTo(out.account)
	r.list(m[memberInline], path+"."+s.members[memberInline], func(v gjson.Result, path string) {
		m, ok := r.members(v, path, []string{"PolicyName", "PolicyDocument"})
		if !ok {
			return
		}
		policyName, ok := r.required(v, m[0], path, "PolicyName")
		if !m[1].Exists() {
			r.fail(v, path+".PolicyDocument", MissingMember, entityARN, "PolicyDocument is missing")
			return
		}
		if document, ok2 := r.document(m[1], path+".PolicyDocument", entityARN); ok && ok2 {
			document.name = r.keep(policyName)
			out.inline = append(out.inline, document)
		}
	})
	attached := func(v gjson.Result, path string) {
		m, ok := r.members(v, path, []string{"PolicyArn"})
		if !ok {
			return
		}
		if policyARN, ok := r.required(v, m[0], path, "PolicyArn"); ok {
			out.attached = append(out.attached, r.keep(policyARN))
		}
	}
	if list := m[memberAttached]; list.IsObject() {
		// A sample in the AWS CLI reference shows one object without brackets.
		attached(list, path+".AttachedManagedPolicies")
	} else {
		r.list(list, path+".AttachedManagedPolicies", attached)
	}
	if boundary := m[memberBoundary]; boundary.Exists() {
		path := path + ".PermissionsBoundary"
		if m, ok := r.members(boundary, path, []string{"PermissionsBoundaryArn"}); ok {
			policyARN, _ := r.required(boundary, m[0], path, "PermissionsBoundaryArn")
			out.boundary = r.keep(policyARN)
		}
	}
	r.list(m[memberTags], path+".Tags", func(v gjson.Result, path string) {
		m, ok := r.members(v, path, []string{"Key", "Value"})
		if !ok {
			return
		}
		key, ok := r.required(v, m[0], path, "Key")
		value, ok2 := r.text(m[1], path+".Value")
		if ok && ok2 {
			out.tags = append(out.tags, tag{r.keep(key), r.keep(value)})
		}
	})
	r.list(m[memberGroups], path+".GroupList", func(v gjson.Result, path string) {
		if group, ok := r.text(v, path); ok {
			out.groups = append(out.groups, r.keep(group))
		}
	})
	if trust := m[memberTrust]; trust.Exists() {
		out.trust, _ = r.document(trust, path+".AssumeRolePolicyDocument", entityARN)
	}
	if longest := m[memberMaxSession]; longest.Exists() {
		if longest.Type != gjson.Number || longest.Num != float64(int(longest.Num)) {
			r.fail(longest, path+".MaxSessionDuration", WrongType, entityARN, "a whole number of seconds should be here")
			return
		}
		out.maxSession = int(longest.Num)
	}
	r.builder.addRecord(out)
}

// policy reads a managed policy.
func (r *reader) policy(v gjson.Result, path string) {
	m, ok := r.members(v, path, []string{"PolicyName", "Arn", "DefaultVersionId", "PolicyVersionList"})
	if !ok {
		return
	}
	name, ok := r.required(v, m[0], path, "PolicyName")
	policyARN, ok2 := r.required(v, m[1], path, "Arn")
	if !ok || !ok2 {
		return
	}
	entity, ok := r.parseARN(m[1], path, policyARN, arn.ManagedPolicy, "policy", name)
	if !ok {
		return
	}
	r.belongsTo(entity.AccountID)
	out := &policyRecord{
		arn: r.keep(policyARN), account: r.keep(entity.AccountID), name: r.keep(name), at: r.place(v, path),
	}
	inForce, ok := r.text(m[2], path+".DefaultVersionId")
	if !ok {
		return
	}
	var byFlag, byID, flagged gjson.Result
	var byFlagPath, byIDPath, flaggedID string
	count := 0
	path2 := path + ".PolicyVersionList"
	r.list(m[3], path2, func(v gjson.Result, path string) {
		m, ok := r.members(v, path, []string{"VersionId", "IsDefaultVersion", "Document"})
		if !ok {
			return
		}
		id, _ := r.text(m[0], path+".VersionId")
		isDefault := r.boolean(m[1], path+".IsDefaultVersion")
		if (isDefault || id != "" && id == inForce) && !m[2].Exists() {
			r.fail(v, path+".Document", MissingMember, policyARN, "the default version has no Document")
			return
		}
		if isDefault {
			count++
			byFlag, byFlagPath, flagged, flaggedID = m[2], path+".Document", v, id
		}
		if id != "" && id == inForce {
			byID, byIDPath = m[2], path+".Document"
		}
	})
	switch {
	case count > 1:
		r.fail(flagged, path2, InvalidVersions, policyARN, "two versions are the default one: IsDefaultVersion is true for one of them only")
		return
	case count == 1 && inForce != "" && flaggedID != "" && flaggedID != inForce:
		r.fail(flagged, path2, InvalidVersions, policyARN,
			"DefaultVersionId is "+quote(inForce)+", but IsDefaultVersion is true for "+quote(flaggedID))
		return
	case count == 1:
		out.version = r.keep(flaggedID)
		out.document, ok = r.document(byFlag, byFlagPath, policyARN)
	case byID.Exists():
		out.version = r.keep(inForce)
		out.document, ok = r.document(byID, byIDPath, policyARN)
	}
	if ok {
		out.document.name = out.name
		r.builder.policies = append(r.builder.policies, out)
	}
}

// belongsTo notes the account that the page is about, which the first ARN in it
// tells. Policies of AWS are of none.
func (r *reader) belongsTo(account string) {
	if r.account == "" && account != "aws" {
		r.account = r.keep(account)
	}
}

// parseARN reads the ARN of an entity, which must be of a kind and bear the
// name that stands beside it.
func (r *reader) parseARN(v gjson.Result, path, text string, kind arn.EntityKind, word, name string) (arn.Entity, bool) {
	path += ".Arn"
	entity, err := arn.ParseEntity(text)
	switch {
	case err != nil:
		r.builder.report.add(r.place(v, path), InvalidARN, word+" "+quote(name), "Arn is not the ARN of a "+word, err)
	case entity.Kind != kind:
		r.fail(v, path, InvalidARN, text, "Arn is that of a "+entity.Kind.String()+", not of a "+word)
	case entity.Name != name:
		r.fail(v, path, InvalidARN, text, "Arn has another name than "+quote(name))
	case !validName(name):
		r.fail(v, path, InvalidName, text, "a name has letters, digits and _+=,.@- only")
	case !validPath(entity.Path):
		r.fail(v, path, InvalidName, text, "the path "+quote(entity.Path)+" is not one that IAM knows")
	default:
		return entity, true
	}
	return arn.Entity{}, false
}

// document reads a policy document: an object, or a string that holds one.
func (r *reader) document(v gjson.Result, path, entity string) (document, bool) {
	at := r.place(v, path)
	switch {
	case v.IsObject():
		at.document = true
		return document{text: v.Raw, at: at}, true
	case v.Type == gjson.String:
		text, reason := decodeDocument(v.String())
		if reason == "" {
			return document{text: text, at: at}, true
		}
		r.fail(v, path, InvalidEncoding, entity, reason)
	default:
		r.fail(v, path, WrongType, entity, "a policy document is a JSON object, or a string that holds one")
	}
	return document{}, false
}

// members finds the members of an object by their names. Those that are not
// there, or null, do not exist in the result. It reports what is no object, and
// members that are there twice or in another letter case.
func (r *reader) members(v gjson.Result, path string, names []string) ([]gjson.Result, bool) {
	if !v.IsObject() {
		r.fail(v, path, WrongType, "", "a JSON object should be here")
		return nil, false
	}
	found := make([]gjson.Result, len(names))
	seen, ok := uint64(0), true
	v.ForEach(func(key, value gjson.Result) bool {
		text := key.String()
		for at, name := range names {
			if name == "" || !fold.Equal(text, name) {
				continue
			}
			if text != name {
				// Ignored like a member that is not known, it could be a boundary.
				r.fail(key, join(path, text), MisspelledMember, "", "write "+quote(text)+" as "+name+": letter case counts")
				ok = false
				continue
			}
			if seen&(1<<at) != 0 {
				r.fail(key, join(path, name), DuplicateMember, "", "the member "+name+" is there twice")
				ok = false
			}
			seen |= 1 << at
			if value.Type != gjson.Null {
				found[at] = value
			}
		}
		return true
	})
	return found, ok
}

// list goes over an array, which may be absent.
func (r *reader) list(v gjson.Result, path string, each func(v gjson.Result, path string)) {
	if !v.Exists() {
		return
	}
	if !v.IsArray() {
		r.fail(v, path, WrongType, "", "a JSON array should be here")
		return
	}
	at := 0
	v.ForEach(func(_, value gjson.Result) bool {
		each(value, path+"["+strconv.Itoa(at)+"]")
		at++
		return true
	})
}

// text reads a string, "" if it is absent.
func (r *reader) text(v gjson.Result, path string) (string, bool) {
	if !v.Exists() {
		return "", true
	}
	if v.Type != gjson.String {
		r.fail(v, path, WrongType, "", "a string should be here")
		return "", false
	}
	return v.String(), true
}

// required reads a string that must be there and not be empty.
func (r *reader) required(object, v gjson.Result, path, name string) (string, bool) {
	path += "." + name
	text, ok := r.text(v, path)
	if ok && text == "" {
		if !v.Exists() {
			v = object
		}
		r.fail(v, path, MissingMember, "", name+" is missing or empty")
		return "", false
	}
	return text, ok
}

// boolean reads true or false, false if it is absent.
func (r *reader) boolean(v gjson.Result, path string) bool {
	if v.Exists() && v.Type != gjson.True && v.Type != gjson.False {
		r.fail(v, path, WrongType, "", "true or false should be here")
	}
	return v.Type == gjson.True
}

// keep gives a copy of a text that does not hold on to the file. Equal texts
// share one.
func (r *reader) keep(text string) string {
	if text == "" {
		return ""
	}
	kept, ok := r.texts[text]
	if !ok {
		kept = string([]byte(text))
		r.texts[kept] = kept
	}
	return kept
}

func (r *reader) place(v gjson.Result, path string) place {
	return place{file: r.file, offset: r.base + v.Index, path: path}
}

func (r *reader) fail(v gjson.Result, path string, code Code, entity, message string) {
	r.builder.report.add(r.place(v, path), code, entity, message, nil)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

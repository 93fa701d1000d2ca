package principal

import (
	"cmp"
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/internal/fold"
)

// A record is a user, group or role as it was given, before anything that it
// refers to has been looked up.
type record struct {
	kind      arn.EntityKind
	arn       string
	partition string
	account   string
	name      string
	path      string
	id        string
	groups    []string
	inline    []document
	attached  []string
	boundary  string
	trust     document // without text if there is none
	tags      []tag
	at        place
	// maxSession is the MaxSessionDuration of a role, 0 if not given.
	maxSession int
}

// A document is the text of a policy under its name.
type document struct {
	name string
	text string
	at   place
}

// A tag is a tag of a user, role, session or resource.
type tag struct{ key, value string }

// A policyRecord is a managed policy as it was given. Without a default version
// its document has no text.
type policyRecord struct {
	arn      string
	account  string // "aws" for policies of AWS
	name     string
	version  string
	document document
	at       place
}

// same tells whether two records say the same, wherever they stand.
func (r *record) same(other *record) bool {
	return r.kind == other.kind && r.arn == other.arn && r.id == other.id && r.boundary == other.boundary && r.maxSession == other.maxSession &&
		slices.Equal(r.groups, other.groups) && slices.Equal(r.attached, other.attached) && slices.Equal(r.tags, other.tags) &&
		slices.EqualFunc(r.inline, other.inline, document.same) && r.trust.same(other.trust)
}

func (p *policyRecord) same(other *policyRecord) bool {
	return p.arn == other.arn && p.version == other.version && p.document.same(other.document)
}

func (d document) same(other document) bool {
	return d.name == other.name && (d.text == other.text || compactJSON(d.text) == compactJSON(other.text))
}

// compactJSON takes the white space between the tokens of a JSON text away. It
// need not be JSON.
func compactJSON(text string) string {
	var b strings.Builder
	inString := false
	for at := 0; at < len(text); at++ {
		switch c := text[at]; {
		case inString && c == '\\' && at+1 < len(text):
			b.WriteByte(c)
			at++
			b.WriteByte(text[at])
			continue
		case c == '"':
			inString = !inString
		case !inString && (c == ' ' || c == '\t' || c == '\n' || c == '\r'):
			continue
		}
		b.WriteByte(text[at])
	}
	return b.String()
}

// nameKey finds users, groups, roles and policies by what makes them unique:
// the account and the name, whatever the path and the letter case.
//
// Source: IAM User Guide, "IAM and AWS STS quotas", on names.
type nameKey struct{ account, name string }

func keyOf(account, name string) nameKey { return nameKey{account, fold.Text(name)} }

// sortedTags puts tags in the order of their keys. It gives the key that is
// there twice but for letter case, if there is one: IAM allows each key once.
//
// Source: IAM User Guide, "Tags for AWS Identity and Access Management
// resources".
func sortedTags(tags []tag) (twice string, ok bool) {
	slices.SortStableFunc(tags, func(a, b tag) int {
		return cmp.Or(strings.Compare(fold.Text(a.key), fold.Text(b.key)), strings.Compare(a.key, b.key))
	})
	for at := 1; at < len(tags); at++ {
		if fold.Equal(tags[at-1].key, tags[at].key) {
			return tags[at].key, false
		}
	}
	return "", true
}

func tagsOf(tags map[string]string) []tag {
	if len(tags) == 0 {
		return nil
	}
	list := make([]tag, 0, len(tags))
	for key, value := range tags {
		list = append(list, tag{key, value})
	}
	return list
}

// validName tells whether a text can be the name of a user, group, role, policy
// or session. Lengths are left to AWS.
//
// Source: IAM API Reference, the patterns of UserName, RoleName and the like.
func validName(name string) bool {
	for at := 0; at < len(name); at++ {
		switch c := name[at]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case strings.IndexByte("_+=,.@-", c) >= 0:
		default:
			return false
		}
	}
	return name != ""
}

// validPath tells whether a text can be the path of a user, group, role or
// policy.
func validPath(path string) bool {
	if path == "" || path[0] != '/' || path[len(path)-1] != '/' {
		return false
	}
	for at := 0; at < len(path); at++ {
		if path[at] < '!' || path[at] > '~' {
			return false
		}
	}
	return true
}

package federation

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
)

// The bounds of claims. AWS takes tokens of 20,000 characters, so that a single
// claim can only be so long; the bounds are there so that whoever hands over
// claims of another origin is told.
//
// Source: AWS STS API Reference, "AssumeRoleWithWebIdentity", WebIdentityToken.
const (
	longestClaim  = 4096 // bytes of a text
	mostValues    = 256  // of a list
	longestIssuer = 255  // characters of the URL of a provider, with its scheme
)

// The claims that hold session tags and the source identity. Providers that
// cannot nest claims flatten them: the name of the tag follows a slash.
//
// Source: IAM User Guide, "Pass session tags in AWS STS", passing session tags
// using AssumeRoleWithWebIdentity; "Monitor and control actions taken with
// assumed roles".
const (
	tagsClaim           = "https://aws.amazon.com/tags"
	flatTags            = tagsClaim + "/principal_tags/"
	flatTransitive      = tagsClaim + "/transitive_tag_keys"
	sourceIdentityClaim = "https://aws.amazon.com/source_identity"
)

// A reader takes claims and collects what is wrong with them.
type reader struct {
	claims map[string]any
	errors ClaimErrors
}

func (r *reader) fail(claim, message string) {
	for _, other := range r.errors {
		if other.Claim == claim && other.Message == message {
			return // it was read twice
		}
	}
	r.errors = append(r.errors, &ClaimError{Claim: claim, Message: message})
}

func (r *reader) sorted() ClaimErrors {
	slices.SortFunc(r.errors, func(a, b *ClaimError) int {
		return cmp.Or(strings.Compare(a.Claim, b.Claim), strings.Compare(a.Message, b.Message))
	})
	return r.errors
}

// provider checks the issuer and takes its scheme away.
//
// Source: IAM API Reference, "CreateOpenIDConnectProvider", Url.
func (r *reader) provider(issuer string) string {
	provider, secure := strings.CutPrefix(issuer, "https://")
	switch {
	case issuer == "accounts.google.com":
		secure = true
	case len(issuer) > longestIssuer:
		r.fail("iss", fmt.Sprintf("the issuer has more than %d characters", longestIssuer))
		return ""
	}
	if claim, given := r.claims["iss"]; given {
		if text, ok := claim.(string); !ok || text != issuer && !(provider == "accounts.google.com" && strings.TrimPrefix(text, "https://") == provider) {
			r.fail("iss", "the token is of another issuer than "+strconv.Quote(issuer))
		}
	}
	// In keys and ARNs there is no slash at the end.
	provider = strings.TrimSuffix(provider, "/")
	if !secure || !isProvider(provider) {
		r.fail("iss", "the issuer must be the URL of an OpenID Connect provider, https://HOST or https://HOST/PATH")
		return ""
	}
	return provider
}

// isProvider tells HOST and HOST/PATH, in letters that mean nothing in an ARN,
// in a condition key or in a pattern: no port, no query, no colon. A host has a
// dot, by which its keys are told from those of AWS services.
func isProvider(text string) bool {
	for part := range strings.SplitSeq(text, "/") {
		if part == "" || part == "." || part == ".." || !hasOnly(part, "-._~%+=@,") {
			return false
		}
	}
	host, _, _ := strings.Cut(text, "/")
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || label != strings.ToLower(label) || !hasOnly(label, "-_") {
			return false
		}
	}
	return strings.Contains(host, ".")
}

// hasOnly tells texts of ASCII letters, digits and some others.
func hasOnly(text, others string) bool {
	for at := range len(text) {
		c := text[at]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && strings.IndexByte(others, c) < 0 {
			return false
		}
	}
	return true
}

// take reads a claim that a condition key exists for.
func (r *reader) take(w *WebIdentity, row claimKey) {
	if !row.list {
		w.set(row.claim, r.text(row.claim), row.stays)
		return
	}
	if values := r.list(row.claim); len(values) > 0 {
		w.put(row.claim, condition.List(values...), row.stays)
	}
}

// text reads a claim that is a text, "" if it is not there.
func (r *reader) text(claim string) string {
	value, found := r.claims[claim]
	if !found || value == nil {
		return ""
	}
	text, ok := value.(string)
	return r.bounded(claim, value, text, ok)
}

// scalar reads a claim that may be a number or a Boolean too.
func (r *reader) scalar(claim string) string {
	value, found := r.claims[claim]
	if !found || value == nil {
		return ""
	}
	text, ok := scalar(value)
	return r.bounded(claim, value, text, ok)
}

func (r *reader) bounded(claim string, value any, text string, ok bool) string {
	switch {
	case !ok:
		r.fail(claim, "a text should be here, not "+describe(value))
		return ""
	case len(text) > longestClaim:
		r.fail(claim, fmt.Sprintf("it has %d bytes; at most %d are taken", len(text), longestClaim))
		return ""
	}
	return text
}

// list reads a claim of one value or several.
func (r *reader) list(claim string) []string {
	return r.values(claim, r.claims[claim])
}

func (r *reader) values(claim string, value any) []string {
	var members []any
	switch value := value.(type) {
	case nil:
		return nil
	case []any:
		members = value
	case []string:
		for _, member := range value {
			members = append(members, member)
		}
	default:
		members = []any{value}
	}
	if len(members) > mostValues {
		r.fail(claim, fmt.Sprintf("it has %d values; at most %d are taken", len(members), mostValues))
		return nil
	}
	values := make([]string, 0, len(members))
	for _, member := range members {
		text, ok := member.(string)
		switch {
		case !ok:
			r.fail(claim, "a text or a list of texts should be here, not "+describe(member))
			return nil
		case len(text) > longestClaim:
			r.fail(claim, fmt.Sprintf("a value has %d bytes; at most %d are taken", len(text), longestClaim))
			return nil
		case text != "":
			values = append(values, text)
		}
	}
	return values
}

// tags reads the session tags, nested or flat.
func (r *reader) tags() (tags map[string]string, transitive []string) {
	put := func(claim, key string, value any) {
		switch list := value.(type) {
		case nil:
			r.fail(claim, "a session tag has one value, not null")
			return
		case []any:
			if len(list) != 1 {
				r.fail(claim, "a session tag has one value")
				return
			}
			value = list[0]
		case []string:
			if len(list) != 1 {
				r.fail(claim, "a session tag has one value")
				return
			}
			value = list[0]
		}
		text, ok := value.(string)
		text = r.bounded(claim, value, text, ok)
		if tags == nil {
			tags = make(map[string]string)
		}
		tags[key] = text // an empty text is a value here
	}
	if nested, given := r.claims[tagsClaim]; given && nested != nil {
		object, ok := nested.(map[string]any)
		if !ok {
			r.fail(tagsClaim, "an object should be here, not "+describe(nested))
		}
		switch principalTags := object["principal_tags"].(type) {
		case nil:
		case map[string]any:
			for key, value := range principalTags {
				put(tagsClaim, key, value)
			}
		default:
			r.fail(tagsClaim, "principal_tags should be an object, not "+describe(principalTags))
		}
		transitive = r.values(tagsClaim, object["transitive_tag_keys"])
	}
	for claim, value := range r.claims {
		key, found := strings.CutPrefix(claim, flatTags)
		if !found {
			continue
		}
		if _, twice := tags[key]; twice {
			r.fail(claim, "the session tag is there twice")
			continue
		}
		put(claim, key, value)
	}
	transitive = append(transitive, r.list(flatTransitive)...)
	return tags, transitive
}

// scalar gives the text of a JSON value that is no list, object or null.
func scalar(value any) (string, bool) {
	switch value := value.(type) {
	case string:
		return value, true
	case bool:
		return strconv.FormatBool(value), true
	case json.Number:
		return string(value), true
	case float64:
		if math.IsNaN(value) || math.IsInf(value, 0) {
			return "", false
		}
		if value == math.Trunc(value) && math.Abs(value) < 1<<53 {
			return strconv.FormatInt(int64(value), 10), true
		}
		return strconv.FormatFloat(value, 'g', -1, 64), true
	case int:
		return strconv.Itoa(value), true
	case int64:
		return strconv.FormatInt(value, 10), true
	}
	return "", false
}

// describe names the JSON type of a value.
func describe(value any) string {
	switch value.(type) {
	case map[string]any:
		return "an object"
	case []any, []string:
		return "a list"
	case bool:
		return "true or false"
	case float64, json.Number, int, int64:
		return "a number"
	case string:
		return "a text"
	case nil:
		return "null"
	}
	return fmt.Sprintf("a %T", value)
}

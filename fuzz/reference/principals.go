package reference

import (
	"fmt"
	"strings"
)

// principalEntry is one alternative of Principal or NotPrincipal.
type principalEntry struct {
	kind string // AWS, Service, Federated, CanonicalUser
	text string
}

// parsePrincipalElement: 1.4 and 11.1: "*", a map of the four types to a value
// or a list, or an empty list.
func parsePrincipalElement(value jsonValue) ([]principalEntry, error) {
	switch {
	case value.kind == jsonString && value.text == "*":
		return []principalEntry{{"AWS", "*"}}, nil // 1.4: the same as {"AWS": "*"}
	case value.kind == jsonString:
		return nil, fmt.Errorf("principal %q is a plain string other than *", value.text)
	case value.kind == jsonArray && len(value.items) == 0:
		return nil, nil
	}
	if err := checkElements(value, "AWS", "Service", "Federated", "CanonicalUser"); err != nil {
		return nil, fmt.Errorf("principal: %w", err)
	}
	var entries []principalEntry
	for _, member := range value.members {
		texts, err := stringList("principal "+member.name, member.value)
		if err != nil {
			return nil, err
		}
		for _, text := range texts {
			entries = append(entries, principalEntry{member.name, text})
		}
	}
	return entries, nil
}

// isEverybody: "*" and {"AWS": "*"} (1.4); * under another type matches nobody
// (11.4).
func (e principalEntry) isEverybody() bool { return e.kind == "AWS" && e.text == "*" }

// names reports whether the entry names this identity of a caller (11.4).
func (e principalEntry) names(i identity) bool {
	if e.isEverybody() {
		return true
	}
	switch e.kind {
	case "AWS":
		return !strings.ContainsAny(e.text, "*?") && e.namesAWS(i)
	case "Service":
		return e.text != "*" && i.class == serviceIdentity && e.text == i.text
	case "Federated":
		return e.text != "*" && i.class == providerIdentity && e.text == i.text
	}
	return false // canonical ids match nobody
}

// namesAWS: 11.4 AWS principals. AIDA and AROA ids fall through to false.
func (e principalEntry) namesAWS(i identity) bool {
	switch i.class {
	case userIdentity, sessionIdentity, federatedSessionIdentity:
		return e.text == i.text // by the exact ARN
	case roleIdentity:
		return e.namesByName("role/", i)
	case issuingUserIdentity:
		return e.namesByName("user/", i)
	case accountIdentity:
		return e.text == i.account || e.text == "arn:"+i.partition+":iam::"+i.account+":root"
	}
	return false
}

// namesByName: a role ARN matches by account and role name, whatever the path,
// a federated user's issuer likewise; partitions must be equal (11.4).
func (e principalEntry) namesByName(prefix string, i identity) bool {
	head := "arn:" + i.partition + ":iam::" + i.account + ":" + prefix
	if !strings.HasPrefix(e.text, head) {
		return false
	}
	return e.text[strings.LastIndex(e.text, "/")+1:] == i.name
}

// denyHits: whether a Deny with this Principal or NotPrincipal concerns the
// caller.
func (s statement) denyHits(q question) bool {
	if !s.hasPrincipal {
		return true
	}
	if s.notPrincipal {
		return s.denyNotPrincipalHits(q)
	}
	for _, entry := range s.principals {
		for _, i := range q.caller.identities() {
			if entry.names(i) {
				return true
			}
		}
	}
	return false
}

// denyNotPrincipalHits: 11.4 AMB-17. Spared only if every identity is listed;
// hit whenever it has a boundary; NotPrincipal "*" applies to nobody.
func (s statement) denyNotPrincipalHits(q question) bool {
	if s.listsEverybody() {
		return false
	}
	if q.hasBoundary() {
		return true
	}
	for _, i := range q.caller.identities() {
		if !s.lists(i) {
			return true
		}
	}
	return false
}

func (s statement) listsEverybody() bool {
	for _, entry := range s.principals {
		if entry.isEverybody() {
			return true
		}
	}
	return false
}

func (s statement) lists(i identity) bool {
	for _, entry := range s.principals {
		if entry.names(i) {
			return true
		}
	}
	return false
}

// grantRow is a row of table 5.3: what an Allow of a resource policy that
// names the caller in this way does without, in one account.
type grantRow struct {
	name            string
	withoutIdentity bool
	withoutBoundary bool
	withoutSession  bool
}

// grantRows is table 5.3, the rows that need least first. Where several rows
// fit, the first is reported.
var grantRows = []grantRow{
	{"user ARN", true, true, true},
	{"session ARN", true, true, true},
	{"federated session ARN", true, true, true},
	{"service", true, true, true},
	{"federated provider", true, true, true},
	{"*", true, true, true},
	{"anonymous *", true, true, true},
	{"NotPrincipal", true, true, true}, // 11.4 AMB-17: as by "*"
	{"account to root", true, true, true},
	{"role ARN", true, false, false},
	{"user ARN to federated session", true, false, false},
	{"account", false, false, false},
}

// allowRows names the rows of 5.3 by which an Allow with this Principal or
// NotPrincipal grants to the caller.
func (s statement) allowRows(c caller) map[string]bool {
	if s.notPrincipal {
		return s.allowNotPrincipalRows(c)
	}
	rows := map[string]bool{}
	for _, entry := range s.principals {
		if entry.isEverybody() {
			rows[everybodyRow(c)] = true
			continue
		}
		for _, i := range c.identities() {
			if entry.names(i) {
				rows[identityRow(c, i)] = true
			}
		}
	}
	return rows
}

// allowNotPrincipalRows: 11.4 AMB-17, Allow: granted as by "*", only if none
// of the caller's identities is listed.
func (s statement) allowNotPrincipalRows(c caller) map[string]bool {
	if s.listsEverybody() {
		return nil
	}
	for _, i := range c.identities() {
		if s.lists(i) {
			return nil
		}
	}
	return map[string]bool{"NotPrincipal": true}
}

func everybodyRow(c caller) string {
	if c.kind == anonymousCaller {
		return "anonymous *"
	}
	return "*"
}

func identityRow(c caller, i identity) string {
	switch i.class {
	case userIdentity:
		return "user ARN"
	case roleIdentity:
		return "role ARN"
	case sessionIdentity:
		return "session ARN"
	case federatedSessionIdentity:
		return "federated session ARN"
	case issuingUserIdentity:
		return "user ARN to federated session"
	case serviceIdentity:
		return "service"
	case providerIdentity:
		return "federated provider"
	}
	if c.kind == rootCaller {
		return "account to root"
	}
	return "account"
}

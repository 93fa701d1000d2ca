package catalog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/portcullis-iam/portcullis/policy/catalog"
)

func TestLookupService(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, name string }{
		{"s3", "Amazon S3"},
		{"S3", "Amazon S3"},
		{"iam", "AWS Identity and Access Management (IAM)"},
		{"xray", "AWS X-Ray"},
		{"a2c", "AWS App2Container"},
		{"", ""},
		{"s", ""},
		{"s33", ""},
		{"s*", ""},
		{"s3:", ""},
		{"\xff", ""},
		{"\u212aMS", ""}, // the Kelvin sign is not a k
	} {
		service, found := catalog.LookupService(tt.in)
		if service.Name() != tt.name || found != (tt.name != "") {
			t.Errorf("LookupService(%q) = %q, %t, want %q", tt.in, service.Name(), found, tt.name)
		}
	}
}

func TestLookupAction(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, want string }{
		{"s3:GetObject", "s3:GetObject"},
		{"s3:getobject", "s3:GetObject"},
		{"S3:GETOBJECT", "s3:GetObject"},
		{"vpc-lattice:associateviaawsservice-eventsandstates", "vpc-lattice:AssociateViaAWSService-EventsAndStates"},
		{"s3:GetObjects", ""},
		{"s3:GetObjec", ""},
		{"s3:Get*", ""},
		{"s3:", ""},
		{"s3", ""},
		{":GetObject", ""},
		{"", ""},
		{"*", ""},
		{"iam:GetObject", ""},
		{" s3:GetObject", ""},
		{"s3:GetObject\x00", ""},
	} {
		action, found := catalog.LookupAction(tt.in)
		if action.String() != tt.want || found != (tt.want != "") {
			t.Errorf("LookupAction(%q) = %q, %t, want %q", tt.in, action, found, tt.want)
		}
	}
}

// TestLookupEveryAction finds each action in any letter case.
func TestLookupEveryAction(t *testing.T) {
	t.Parallel()
	for action := range catalog.Actions() {
		for _, name := range []string{action.String(), strings.ToLower(action.String()), strings.ToUpper(action.String())} {
			if found, ok := catalog.LookupAction(name); !ok || found != action {
				t.Errorf("LookupAction(%q) = %q", name, found)
			}
		}
	}
}

func TestAction(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		action, description, level, types, keys string
	}{
		{
			"s3:PutObjectAcl", "Grants permission to set the access control list (ACL) permissions for new or existing objects in an S3 bucket",
			"Permissions management", "accesspointobject object", "",
		},
		{
			"dynamodb:Query", "Grants permission to use the primary key of a table or a secondary index to directly access items from that table or index",
			"Read", "index table!", "",
		},
		{"sts:GetCallerIdentity", "Grants permission to obtain details about the IAM identity whose credentials are used to call the API", "Read", "", ""},
		{
			"iam:PassRole", "Grants permission to pass a role to a service", "Write", "role!",
			"iam:AssociatedResourceArn iam:PassedToService",
		},
		{"sqs:TagQueue", "Grants permission to add tags to the specified SQS queue", "Tagging", "queue!", "aws:RequestTag/${TagKey} aws:TagKeys"},
		{"ec2:DescribeInstances", "Grants permission to describe one or more instances", "List", "", "ec2:Region"},
	} {
		action, _ := catalog.LookupAction(tt.action)
		if got := action.Description(); got != tt.description {
			t.Errorf("%s: description is %q", tt.action, got)
		}
		if got := action.AccessLevel().String(); got != tt.level {
			t.Errorf("%s: level is %q", tt.action, got)
		}
		var types []string
		for taken := range action.ResourceTypes() {
			name := taken.Type().Name()
			if taken.Required() {
				name += "!"
			}
			types = append(types, name)
		}
		if got := strings.Join(types, " "); got != tt.types {
			t.Errorf("%s: resource types are %q", tt.action, got)
		}
		if tt.keys == "" {
			continue
		}
		var keys []string
		for key := range action.ConditionKeys() {
			keys = append(keys, key.Name())
		}
		if got := strings.Join(keys, " "); got != tt.keys {
			t.Errorf("%s: condition keys are %q", tt.action, got)
		}
	}
}

// TestDescriptions sees that descriptions are sentences, not what they are kept
// as.
func TestDescriptions(t *testing.T) {
	t.Parallel()
	usual := 0
	for action := range catalog.Actions() {
		description := action.Description()
		if strings.HasPrefix(description, "Grants permission to ") {
			usual++
		}
		if !utf8.ValidString(description) || strings.ContainsFunc(description, func(r rune) bool { return r < ' ' }) {
			t.Errorf("%s: %q", action, description)
		}
	}
	if all := catalog.CountActions(); usual < all*95/100 {
		t.Errorf("%d of %d descriptions begin as usual", usual, all)
	}
}

func TestExpand(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pattern string
		want    []string
	}{
		{"sqs:SendMessage", []string{"sqs:SendMessage"}},
		{"SQS:sendmessage", []string{"sqs:SendMessage"}},
		{"sqs:send*", []string{"sqs:SendMessage"}},
		{"sqs:*Tag*", []string{"sqs:ListQueueTags", "sqs:TagQueue", "sqs:UntagQueue"}},
		{"sq?:?????Queue", []string{"sqs:PurgeQueue", "sqs:UntagQueue"}},
		{"s*:sendmessage", []string{"sms:SendMessage", "sqs:SendMessage"}},
		{"sqs:SendMessages", nil},
		{"sqs:", nil},
		{"sqs", nil},
		{"", nil},
		{"?", nil},
		{"none:*", nil},
	} {
		var got []string
		for _, action := range catalog.Expand(tt.pattern) {
			got = append(got, action.String())
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("Expand(%q) (-want +got):\n%s", tt.pattern, diff)
		}
	}
	all := slices.Collect(catalog.Actions())
	for _, pattern := range []string{"*", "**", "*:*", "?*:*?"} {
		if !slices.Equal(catalog.Expand(pattern), all) {
			t.Errorf("Expand(%q) is not all actions", pattern)
		}
	}
}

// matches is the definition of a match, without any thought of its cost.
func matches(pattern, text string) bool {
	switch {
	case pattern == "":
		return text == ""
	case pattern[0] == '*':
		return matches(pattern[1:], text) || text != "" && matches(pattern, text[1:])
	case text == "":
		return false
	case pattern[0] == '?':
		return matches(pattern[1:], text[1:]) // names are ASCII
	}
	return strings.EqualFold(pattern[:1], text[:1]) && matches(pattern[1:], text[1:])
}

// patterns generates patterns that are near to the name of an action.
func patterns() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		all := slices.Collect(catalog.Actions())
		pattern := []byte(all[rapid.IntRange(0, len(all)-1).Draw(t, "action")].String())
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			from := rapid.IntRange(0, len(pattern)).Draw(t, "from")
			to := min(len(pattern), from+rapid.SampledFrom([]int{0, 1, 1, 4, 100}).Draw(t, "length"))
			with := rapid.SampledFrom([]string{"*", "?", "*", "", ":", "x", "Tag", "**"}).Draw(t, "with")
			pattern = slices.Concat(pattern[:from], []byte(with), pattern[to:])
		}
		if rapid.Bool().Draw(t, "upper") {
			return strings.ToUpper(string(pattern))
		}
		return string(pattern)
	})
}

func TestExpandIsDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pattern := patterns().Draw(t, "pattern")
		var want []catalog.Action
		for action := range catalog.Actions() {
			if matches(pattern, action.String()) {
				want = append(want, action)
			}
		}
		if got := catalog.Expand(pattern); !slices.Equal(got, want) {
			t.Fatalf("Expand(%q) gives %v, want %v", pattern, got, want)
		}
	})
}

// FuzzExpand looks for patterns that break Expand, or whose result is not in
// order.
func FuzzExpand(f *testing.F) {
	for _, seed := range []string{"*", "s3:Get*", "s?:*Tag*", "S3:*", "", ":", "*:*:*", "s3:\xff*", "????", "iam:*?*?*"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		previous := ""
		for _, action := range catalog.Expand(pattern) {
			if found, ok := catalog.LookupAction(action.String()); !ok || found != action {
				t.Fatalf("Expand(%q) has %q", pattern, action)
			}
			if len(pattern) < 40 && !matches(pattern, action.String()) {
				t.Fatalf("Expand(%q) has %s", pattern, action)
			}
			if order := strings.ToLower(action.String()); action.Service().Prefix() == strings.Split(previous, ":")[0] && order <= previous {
				t.Fatalf("Expand(%q): %s is out of order", pattern, action)
			}
			previous = strings.ToLower(action.String())
		}
	})
}

func BenchmarkActions(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		length := 0
		for action := range catalog.Actions() {
			length += len(action.String())
		}
		if length == 0 {
			b.Fatal("no actions")
		}
	}
}

func BenchmarkExpand(b *testing.B) {
	hostile := strings.Repeat("*a?", 300) + "*"
	for _, pattern := range []string{"*", "s3:Get*", "*:*Tag*", "s3:GetObject", hostile} {
		name := pattern
		if len(name) > 20 {
			name = fmt.Sprintf("hostile %d", len(pattern))
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				catalog.Expand(pattern)
			}
		})
	}
}

func BenchmarkLookupAction(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := catalog.LookupAction("dynamodb:getitem"); !ok {
			b.Fatal("not found")
		}
	}
}

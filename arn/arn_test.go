package arn_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/portcullis-iam/portcullis/arn"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]arn.ARN{
		"arn:aws:s3:::quarry/a:b":                  {Partition: "aws", Service: "s3", Resource: "quarry/a:b"},
		"arn:aws-cn:sqs:cn-north-1:111111111111:q": {Partition: "aws-cn", Service: "sqs", Region: "cn-north-1", AccountID: "111111111111", Resource: "q"},
		"arn:::::":        {},
		"arn:*:*:*:*:*:*": {Partition: "*", Service: "*", Region: "*", AccountID: "*", Resource: "*:*"},
	} {
		got, err := arn.Parse(text)
		if err != nil || got != want {
			t.Errorf("Parse(%q) = %+v, %v; want %+v", text, got, err, want)
		}
		if got.String() != text {
			t.Errorf("Parse(%q).String() = %q", text, got.String())
		}
	}
	for _, text := range []string{"", "*", "arn", "arn:aws:s3", "arn:aws:s3::", "ARN:aws:s3:::b", "xarn:aws:s3:::b", "arn:aws:s3::b"} {
		_, err := arn.Parse(text)
		var parseError *arn.ParseError
		if !errors.As(err, &parseError) || parseError.Text != text || parseError.Reason == "" {
			t.Errorf("Parse(%q): %v, want a ParseError", text, err)
		}
	}
}

func TestParseEntity(t *testing.T) {
	const account = "111111111111"
	for text, want := range map[string]arn.Entity{
		"arn:aws:iam::111111111111:root":                       {Kind: arn.AccountRoot},
		"arn:aws:iam::111111111111:user/wren":                  {Kind: arn.User, Path: "/", Name: "wren"},
		"arn:aws:iam::111111111111:user/a/b/wren":              {Kind: arn.User, Path: "/a/b/", Name: "wren"},
		"arn:aws:iam::111111111111:group/ops/team":             {Kind: arn.Group, Path: "/ops/", Name: "team"},
		"arn:aws:iam::111111111111:role/aws-service-role/x/R":  {Kind: arn.Role, Path: "/aws-service-role/x/", Name: "R"},
		"arn:aws:iam::111111111111:policy/p":                   {Kind: arn.ManagedPolicy, Path: "/", Name: "p"},
		"arn:aws:iam::111111111111:saml-provider/Campus":       {Kind: arn.SAMLProvider, Name: "Campus"},
		"arn:aws:iam::111111111111:oidc-provider/host/path":    {Kind: arn.OIDCProvider, Name: "host/path"},
		"arn:aws:sts::111111111111:assumed-role/deploy/s1":     {Kind: arn.AssumedRole, Name: "deploy", Session: "s1"},
		"arn:aws:sts::111111111111:federated-user/kiosk":       {Kind: arn.FederatedUser, Name: "kiosk"},
		"arn:aws:iam::aws:policy/service-role/AWSLambdaBasic":  {Kind: arn.ManagedPolicy, AccountID: "aws", Path: "/service-role/", Name: "AWSLambdaBasic"},
		"arn:aws-us-gov:iam::111111111111:role/CrossPartition": {Kind: arn.Role, Partition: "aws-us-gov", Path: "/", Name: "CrossPartition"},
	} {
		if want.AccountID == "" {
			want.AccountID = account
		}
		if want.Partition == "" {
			want.Partition = "aws"
		}
		if got, err := arn.ParseEntity(text); err != nil || got != want {
			t.Errorf("ParseEntity(%q) = %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"arn:aws:iam::111111111111:user", "arn:aws:iam::111111111111:user/", "arn:aws:iam::111111111111:policy",
		"arn:aws:iam::111111111111:role/a/", "arn:aws:iam::11111111111:root", "arn:aws:iam::aws:root", "arn:aws:iam::aws:user/x",
		"arn:aws:iam:us-east-1:111111111111:root", "arn::iam::111111111111:root", "arn:aws:sts::111111111111:root",
		"arn:aws:sts::111111111111:assumed-role/deploy", "arn:aws:sts::111111111111:assumed-role/deploy/", "arn:aws:sts::111111111111:assumed-role//s",
		"arn:aws:s3:::b", "arn:aws:iam::111111111111:mfa/x", "anonymous", "",
		"arn:aws:sts::111111111111:assumed-role/service/deploy/s1", "arn:aws:sts::111111111111:federated-user/ops/wren",
		"arn:aws:iam::111111111111:federated-user/x", "arn:aws:sts::111111111111:session/x", "arn:aws:sts::111111111111:user/x",
		"arn:aws:sts::111111111111:assumed-role/deploy//s", "arn:aws:sts::111111111111:federated-user//x",
	} {
		_, err := arn.ParseEntity(text)
		var parseError *arn.ParseError
		if !errors.As(err, &parseError) {
			t.Errorf("ParseEntity(%q): %v, want a ParseError", text, err)
		}
	}
}

func TestKindNames(t *testing.T) {
	for kind := arn.AccountRoot; kind <= arn.FederatedUser; kind++ {
		if kind.String() == "unknown entity" {
			t.Errorf("kind %d has no name", kind)
		}
	}
	if got := (arn.FederatedUser + 1).String(); got != "unknown entity" {
		t.Errorf("a kind that does not exist is %q", got)
	}
	if got := arn.EntityKind(0).String(); got != "unknown entity" {
		t.Errorf("the zero kind is %q", got)
	}
}

func TestErrorsAreShort(t *testing.T) {
	_, err := arn.Parse(strings.Repeat("é", 1<<20))
	if len(err.Error()) > 500 || !strings.Contains(err.Error(), "…") {
		t.Errorf("an error of %d bytes", len(err.Error()))
	}
}

func TestSameName(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{{"wren", "Wren", true}, {"wren", "wren", true}, {"wren", "wrens", false}, {"a", "b", false}, {"k", "\u212a", false}, {"", "", true}, {"[", "{", false}} {
		if got := arn.SameName(c.a, c.b); got != c.want {
			t.Errorf("SameName(%q, %q) = %v", c.a, c.b, got)
		}
	}
}

func TestIsAccountID(t *testing.T) {
	for text, want := range map[string]bool{"111111111111": true, "000000000000": true, "11111111111": false, "1111111111111": false, "11111111111a": false, "11111111111 ": false, "": false, "/11111111111": false, "11111111111:": false} {
		if got := arn.IsAccountID(text); got != want {
			t.Errorf("IsAccountID(%q) = %v", text, got)
		}
	}
}

func TestPattern(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"*", "*", true},
		{"*", "arn:aws:s3:::b", true},
		{"*", "b", false},
		{"arn:*", "*", false},
		{"arn:aws:s3:::b/*", "arn:aws:s3:::b/a/c", true},
		{"arn:aws:s3:::b/?", "arn:aws:s3:::b/é", true},
		{"arn:aws:s3:::b/?", "arn:aws:s3:::b/", false},
		{"arn:aws:s3:::b/a", "arn:aws:s3:::b/?", false},
		{"arn:aws:logs:*:*:log-group:app*", "arn:aws:logs:eu-west-1:111111111111:log-group:app-a:log-stream:s1", true},
		{"arn:aws:sqs:*:q", "arn:aws:sqs:eu-west-1:111111111111:q", true},
		{"arn:aws:sqs:?:111111111111:q", "arn:aws:sqs:::111111111111:q", false},
		{"arn:aws:sqs", "arn:aws:sqs:eu-west-1:111111111111:q", true},
		{"arn:aws:sqs:eu-*-1", "arn:aws:sqs:eu-west-1:111111111111:q", true},
		{"arn:a*:sqs:::q", "arn:aws:sqs:::q", true},
		{"arn:a*:sqs:::q", "arn:aws:x:sqs:::q", false},
	} {
		pattern, err := arn.CompilePattern(c.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if pattern.String() != c.pattern {
			t.Errorf("%q is written back as %q", c.pattern, pattern)
		}
		if got := pattern.Match(c.text); got != c.want {
			t.Errorf("%q on %q: %v, want %v", pattern, c.text, got, c.want)
		}
	}
	for _, text := range []string{"", "b", "**", "Arn:aws:s3:::b"} {
		if _, err := arn.CompilePattern(text); err == nil {
			t.Errorf("CompilePattern(%q) succeeds", text)
		}
	}
	if (arn.Pattern{}).Match("arn:aws:s3:::b") {
		t.Error("the zero Pattern matches")
	}
}

// TestParseAllocatesNothing: a service may take ARNs apart on every request.
func TestParseAllocatesNothing(t *testing.T) {
	pattern, _ := arn.CompilePattern("arn:aws:*:*:111111111111:*/x")
	if n := testing.AllocsPerRun(100, func() {
		_, _ = arn.Parse("arn:aws:iam::111111111111:role/a/b")
		_, _ = arn.ParseEntity("arn:aws:iam::111111111111:role/a/b")
		pattern.Match("arn:aws:iam::111111111111:role/a/x")
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzParse: what parses is written back as it was, and an entity agrees with
// the ARN that it is read from.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"arn:aws:iam::111111111111:role/a/b", "arn:aws:s3:::b/k", "arn:aws:sts::111111111111:assumed-role/r/s", "arn:aws:iam::111111111111:policy", "arn:::::", "*"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := arn.Parse(text)
		if err == nil && a.String() != text {
			t.Fatalf("%q is written back as %q", text, a)
		}
		entity, entityErr := arn.ParseEntity(text)
		if entityErr != nil {
			return
		}
		if err != nil {
			t.Fatalf("%q is an entity but no ARN", text)
		}
		if entity.Kind == arn.AccountRoot {
			return
		}
		if entity.AccountID != a.AccountID || entity.Partition != a.Partition || entity.Name == "" ||
			!strings.HasSuffix(text, entity.Name) && !strings.HasSuffix(text, entity.Name+"/"+entity.Session) ||
			!strings.Contains(a.Resource, entity.Path+entity.Name) {
			t.Fatalf("%q: %+v", text, entity)
		}
	})
}

// FuzzPattern: a pattern without wildcards matches its own text only, and a
// match implies the literal text around the wildcards.
func FuzzPattern(f *testing.F) {
	f.Add("arn:aws:s3:::b/*", "arn:aws:s3:::b/k")
	f.Add("arn:*", "arn:aws:s3:::b/k")
	f.Add("arn:aws:sqs:?:1*:q", "arn:aws:sqs:e:12:q")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		compiled, err := arn.CompilePattern(pattern)
		if err != nil {
			return
		}
		matched := compiled.Match(text)
		if _, err := arn.Parse(text); err != nil && text != "*" && matched {
			t.Fatalf("%q matches %q, which is no ARN", pattern, text)
		}
		if head, _, wild := strings.Cut(strings.ReplaceAll(pattern, "?", "*"), "*"); matched && !strings.HasPrefix(text, head) || matched && !wild && text != pattern && strings.Count(pattern, ":") >= 5 {
			t.Fatalf("%q matches %q", pattern, text)
		}
		if _, err := arn.Parse(pattern); err == nil && !strings.ContainsAny(pattern, "*?") && !compiled.Match(pattern) {
			t.Fatalf("%q does not match itself", pattern)
		}
	})
}

// TestWideningAPatternKeepsItsMatches: a star in place of any text of the last
// part matches at least as much.
func TestWideningAPatternKeepsItsMatches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		resource := rapid.StringMatching(`[a-c:/]{1,8}`).Draw(t, "resource")
		cut := rapid.IntRange(0, len(resource)).Draw(t, "cut")
		pattern, err := arn.CompilePattern("arn:aws:s3:::" + resource[:cut] + "*")
		if err != nil {
			t.Fatal(err)
		}
		if text := "arn:aws:s3:::" + resource; !pattern.Match(text) {
			t.Fatalf("%q does not match %q", pattern, text)
		}
	})
}

func ExampleParse() {
	a, err := arn.Parse("arn:aws:sqs:eu-west-1:111111111111:inbox")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(a.Service, a.AccountID, a.Resource)
	// Output: sqs 111111111111 inbox
}

func ExampleParseEntity() {
	session, err := arn.ParseEntity("arn:aws:sts::111111111111:assumed-role/deploy/build-7")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(session.Kind, session.Name, session.Session)
	_, err = arn.ParseEntity("arn:aws:s3:::quarry")
	fmt.Println(err)
	// Output:
	// assumed-role session deploy build-7
	// arn: "arn:aws:s3:::quarry" has no account of twelve digits
}

func ExamplePattern() {
	pattern, err := arn.CompilePattern("arn:aws:s3:::quarry/*/report-????.csv")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(pattern.Match("arn:aws:s3:::quarry/2026/11/report-0024.csv"))
	fmt.Println(pattern.Match("arn:aws:s3:::quarry/2026/11/report-24.csv"))
	// Output:
	// true
	// false
}

package catalog_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/portcullis-iam/portcullis/policy/catalog"
)

func texts[T interface{ String() string }](list []T) []string {
	var all []string
	for _, one := range list {
		all = append(all, one.String())
	}
	return all
}

func TestResourceTypesOf(t *testing.T) {
	t.Parallel()
	const account = "eu-west-1:111122223333:"
	for _, tt := range []struct {
		arn  string
		want []string
	}{
		// What is behind the slash makes the bucket an object, in any service.
		{"arn:aws:s3:::nest", []string{"s3 bucket", "ssm bucket"}},
		{"arn:aws:s3:::nest/egg.jpg", []string{"s3 object"}},
		{"arn:aws:s3:::nest/2026/11/egg.jpg:1", []string{"s3 object"}},
		{"arn:aws-cn:s3:::nest/*", []string{"s3 object"}},
		{"arn:aws:s3:::*", []string{"s3 bucket", "ssm bucket"}},
		{"arn:aws:s3:::", nil},
		{"arn:aws:s3:" + account + "accesspoint/door", []string{"s3 accesspoint"}},
		{"arn:aws:s3:" + account + "accesspoint/door/object/egg", []string{"s3 accesspointobject"}},
		{"arn:aws:s3::111122223333:accesspoint/door.mrap", []string{"s3 multiregionaccesspoint"}},

		{"arn:aws:dynamodb:" + account + "table/orders", []string{"dynamodb table"}},
		{"arn:aws:dynamodb:" + account + "table/orders/index/by-date", []string{"dynamodb index"}},
		{"arn:aws:dynamodb:" + account + "table/orders/stream/2026-11-24T08:00:00.000", []string{"dynamodb stream"}},

		// Alias and version look alike.
		{"arn:aws:lambda:" + account + "function:report", []string{"lambda function"}},
		{"arn:aws:lambda:" + account + "function:report:1", []string{"lambda function alias", "lambda function version"}},

		// Names with slashes, where nothing else has one.
		{"arn:aws:iam::111122223333:user/aviary/wren", []string{"codestar user", "iam user"}},
		{"arn:aws:iam::111122223333:role/service/report", []string{"ec2 role", "iam role", "ssm iam-role", "sts role"}},
		{"arn:aws:logs:" + account + "log-group:/aws/lambda/report", []string{"logs log-group"}},
		{"arn:aws:logs:" + account + "log-group:/aws/lambda/report:*", []string{"logs log-group"}},
		{"arn:aws:logs:" + account + "log-group:/aws/lambda/report:log-stream:a/b", []string{"logs log-stream"}},
		{"arn:aws:secretsmanager:" + account + "secret:db/password-AbCdEf", []string{"secretsmanager Secret"}},

		{"arn:aws:elasticloadbalancing:" + account + "loadbalancer/classic", []string{"elasticloadbalancing loadbalancer"}},
		{"arn:aws:sqs:" + account + "queue", []string{"sqs queue"}},
		{"arn:aws:ec2:eu-west-1::image/ami-1", []string{"ec2 image"}},

		// A format that leaves the service open.
		{"arn:aws:none:" + account + "recovery-point:1", []string{"backup recoveryPoint"}},

		// Segments are exact, and hold something where the format does.
		{"arn:aws:sqs::111122223333:queue", nil},
		{"arn:aws:sqs:eu-west-1::queue", nil},
		{"arn::sqs:" + account + "queue", nil},
		{"arn:aws:SQS:" + account + "queue", nil},
		{"ARN:aws:sqs:" + account + "queue", nil},
		{"arn:aws:dynamodb:" + account + "tables/orders", nil},
		{"arn:aws:dynamodb:" + account + "Table/orders", nil},
		{"arn:aws:dynamodb:" + account + "table/", nil},

		{"arn:aws:none:" + account + "thing", nil},
		{"arn:aws:s3", nil},
		{"s3:::nest", nil},
		{"*", nil},
		{"", nil},
	} {
		got := texts(catalog.ResourceTypesOf(tt.arn))
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("ResourceTypesOf(%q) (-want +got):\n%s", tt.arn, diff)
		}
	}
}

var placeholder = regexp.MustCompile(`\$\{[^}]*\}`)

// TestEveryFormat makes an ARN of each format, and sees that it is of that type,
// or of one whose format is narrower.
func TestEveryFormat(t *testing.T) {
	t.Parallel()
	others := 0
	for service := range catalog.Services() {
		for resourceType := range service.ResourceTypes() {
			arn := strings.ReplaceAll(placeholder.ReplaceAllString(resourceType.ARNFormat(), "Zz9"), "*", "Zz9")
			types := catalog.ResourceTypesOf(arn)
			if len(types) == 0 {
				t.Errorf("%s is of no type, although it has the format of %s", arn, resourceType)
			}
			if !slices.Contains(types, resourceType) {
				others++
			}
			if !resourceType.MatchesARN(arn) && slices.Contains(types, resourceType) {
				t.Errorf("%s: %s does not match", arn, resourceType)
			}
		}
	}
	if others > 60 {
		t.Errorf("the ARNs of %d types are of other types only", others)
	}
}

// arns generates ARNs that are near to a format.
func arns() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		var formats []string
		for service := range catalog.Services() {
			for resourceType := range service.ResourceTypes() {
				formats = append(formats, resourceType.ARNFormat())
			}
		}
		format := rapid.SampledFrom(formats).Draw(t, "format")
		arn := placeholder.ReplaceAllStringFunc(format, func(string) string {
			return rapid.SampledFrom([]string{"a", "nest", "111122223333", "a/b", "a:b", "", "*"}).Draw(t, "value")
		})
		at := rapid.IntRange(0, len(arn)).Draw(t, "at")
		return arn[:at] + rapid.SampledFrom([]string{"", "", "", "/", ":", "x"}).Draw(t, "inserted") + arn[at:]
	})
}

// fits is what a format means, in a regular expression.
func fits(format, arn string) bool {
	parts := strings.SplitN(format, ":", 6)
	for i, part := range parts {
		anything := `[^:]`
		if i == 5 {
			anything = `(?s:.)`
		}
		var expression strings.Builder
		for part != "" {
			at := placeholder.FindStringIndex(part)
			switch {
			case at != nil && at[0] == 0:
				expression.WriteString(anything + "+")
				part = part[at[1]:]
			case part[0] == '*':
				expression.WriteString(anything + "*")
				part = part[1:]
			default:
				expression.WriteString(regexp.QuoteMeta(part[:1]))
				part = part[1:]
			}
		}
		parts[i] = expression.String()
	}
	return regexp.MustCompile("^" + strings.Join(parts, ":") + "$").MatchString(arn)
}

// TestResourceTypesFit checks what holds of every answer: a type is given only
// if its format fits, whoever's format fits is given unless another type is, and
// MatchesARN and ActionsOn say the same.
func TestResourceTypesFit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		arn := arns().Draw(t, "arn")
		types := catalog.ResourceTypesOf(arn)
		on := map[catalog.Action]bool{}
		_, rest, _ := strings.Cut(arn, ":")
		_, rest, _ = strings.Cut(rest, ":")
		named, _, _ := strings.Cut(rest, ":")
		for service := range catalog.Services() {
			for resourceType := range service.ResourceTypes() {
				given := slices.Contains(types, resourceType)
				if resourceType.MatchesARN(arn) != given {
					t.Fatalf("%s matches %q: %t, but ResourceTypesOf says %t", resourceType, arn, !given, given)
				}
				fit := strings.Contains(resourceType.ARNFormat(), ":"+named+":") && fits(resourceType.ARNFormat(), arn)
				if given && !fit && !strings.Contains(resourceType.ARNFormat(), "${Vendor}") {
					t.Fatalf("%q is given %s, whose format is %s", arn, resourceType, resourceType.ARNFormat())
				}
				if fit && !given && len(types) == 0 {
					t.Fatalf("%q fits %s, %s, but is of no type", arn, resourceType, resourceType.ARNFormat())
				}
			}
			for action := range service.Actions() {
				for taken := range action.ResourceTypes() {
					on[action] = on[action] || slices.Contains(types, taken.Type())
				}
			}
		}
		var want []catalog.Action
		for action := range catalog.Actions() {
			if on[action] {
				want = append(want, action)
			}
		}
		if got := catalog.ActionsOn(arn); !slices.Equal(got, want) {
			t.Fatalf("ActionsOn(%q) is %v, want %v", arn, got, want)
		}
	})
}

func TestActionsOn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		resource, has, hasNot string
	}{
		{"arn:aws:s3:::nest/egg.jpg", "s3:GetObject", "s3:ListBucket"},
		{"arn:aws:s3:::nest", "s3:ListBucket", "s3:GetObject"},
		{"*", "s3:ListAllMyBuckets", "s3:ListBucket"},
		{"*", "sts:GetCallerIdentity", "sts:AssumeRole"},
		{"arn:aws:iam::111122223333:role/report", "sts:AssumeRole", "iam:ListRoles"},
		{"arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/by-date", "dynamodb:Query", "dynamodb:PutItem"},
		{"arn:aws:logs:eu-west-1:111122223333:log-group:a:log-stream:b", "logs:PutLogEvents", "logs:DeleteLogGroup"},
	} {
		got := texts(catalog.ActionsOn(tt.resource))
		if !slices.Contains(got, tt.has) || slices.Contains(got, tt.hasNot) {
			t.Errorf("ActionsOn(%q) has no %s, or has %s: %v", tt.resource, tt.has, tt.hasNot, got)
		}
	}
	for _, resource := range []string{"", "nest", "arn:aws:s3", "arn:aws:none:::x", "**"} {
		if got := catalog.ActionsOn(resource); got != nil {
			t.Errorf("ActionsOn(%q) is %v", resource, got)
		}
	}
}

// TestHostileARNs matches long texts, which must cost no more than their length.
func TestHostileARNs(t *testing.T) {
	t.Parallel()
	const size = 1 << 18
	start := time.Now()
	for _, part := range []string{":", "/", "a", "/a:", "/index/", "\xff", ":log-stream:"} {
		long := strings.Repeat(part, size/len(part))
		for _, head := range []string{"", "arn:", "arn:aws:dynamodb:r:a:table/", "arn:aws:logs:r:a:log-group:", "arn:aws:s3:::", "arn:aws:ec2:r:a:"} {
			catalog.ResourceTypesOf(head + long)
			catalog.ActionsOn(head + long)
		}
	}
	for _, pattern := range []string{strings.Repeat("*", size), strings.Repeat("*a?", size/3), strings.Repeat("?", size), "s3:" + strings.Repeat("*?", size/2)} {
		catalog.Expand(pattern)
		catalog.LookupAction(pattern)
		catalog.LookupConditionKey("aws:RequestTag/" + pattern)
		catalog.LookupConditionKey("events:metadata/" + strings.Repeat("/matcher", size/8))
	}
	// A product of both lengths would take minutes.
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
}

// FuzzMatchesARN looks for ARNs that break the matching of formats.
func FuzzMatchesARN(f *testing.F) {
	for _, seed := range []string{
		"arn:aws:s3:::nest/egg", "arn:aws:dynamodb:r:a:table/t/index/i", "arn:aws:lambda:r:a:function:f:1",
		"*", "", "arn:::::", "arn:aws:iam::aws:policy/x", "arn:aws:ec2:r::snapshot/\xff", "arn:aws:health:*::event/a/b/",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, arn string) {
		types := catalog.ResourceTypesOf(arn)
		for _, resourceType := range types {
			if !resourceType.MatchesARN(arn) {
				t.Fatalf("%q: %s does not match", arn, resourceType)
			}
			if !fits(resourceType.ARNFormat(), arn) && len(arn) < 100 && strings.ToValidUTF8(arn, "") == arn {
				t.Fatalf("%q: %s does not fit", arn, resourceType.ARNFormat())
			}
		}
		if on := catalog.ActionsOn(arn); arn != "*" && len(on) > 0 && len(types) == 0 {
			t.Fatalf("%q: %v can be asked on no type", arn, on)
		}
	})
}

func BenchmarkActionsOn(b *testing.B) {
	for _, resource := range []string{"arn:aws:s3:::nest/egg.jpg", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1", "*"} {
		b.Run(resource, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				catalog.ActionsOn(resource)
			}
		})
	}
}

package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the outputs to testdata/*.txt")

const (
	wren     = "arn:aws:iam::111122223333:user/wren"
	ada      = "arn:aws:iam::111122223333:user/ada"
	role     = "arn:aws:iam::111122223333:role/service/orders-report"
	session  = "arn:aws:sts::111122223333:assumed-role/orders-report/nightly"
	archive  = "arn:aws:s3:::archive/2026.csv"
	stream   = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/orders-report:log-stream:1"
	owner    = "111122223333"
	account  = "../quickstart/account.json"
	bucket   = "testdata/bucket-policy.json"
	casesDir = "../../fuzz/testdata/cases/"
)

// invoke runs the program.
func invoke(stdin string, args ...string) (status int, stdout, stderr string) {
	var out, errs strings.Builder
	status = run(args, strings.NewReader(stdin), &out, &errs)
	return status, out.String(), errs.String()
}

// TestGolden compares whole answers with files in testdata.
func TestGolden(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		args   []string
	}{
		"allowed":        {statusYes, []string{"-account", account, "-principal", ada, "-action", "s3:GetObject", "-resource", archive, "-resource-account", owner}},
		"boundary":       {statusNo, []string{"-account", account, "-principal", ada, "-action", "iam:CreateUser", "-resource", wren}},
		"several":        {statusNo, []string{"-account", account, "-principal", session, "-action", "logs:PutLogEvents", "-action", "logs:GetLogEvents", "-resource", stream, "-resource", archive, "-resource-account", owner}},
		"bucket":         {statusYes, []string{"-account", account, "-principal", session, "-action", "s3:GetObject", "-resource", archive, "-resource-account", owner, "-resource-policy", bucket, "-context", "aws:SourceIp=192.0.2.7"}},
		"bucket-denies":  {statusNo, []string{"-account", account, "-principal", session, "-action", "s3:GetObject", "-resource", archive, "-resource-account", owner, "-resource-policy", bucket, "-context", "aws:SourceIp=198.51.100.7"}},
		"bucket-json":    {statusNo, []string{"-json", "-account", account, "-principal", session, "-action", "s3:GetObject", "-resource", archive, "-resource-account", owner, "-resource-policy", bucket}},
		"trust":          {statusYes, []string{account, "-principal", "lambda.amazonaws.com", "-action", "sts:AssumeRole", "-resource", role}},
		"trust-given":    {statusYes, []string{account, "-principal", wren, "-action", "sts:AssumeRole", "-resource", role, "-resource-policy", "testdata/trust-policy.json"}},
		"session":        {statusYes, []string{account, "-principal", session, "-session-policy", "testdata/session-policy.json", "-action", "logs:PutLogEvents", "-resource", stream}},
		"session-denies": {statusNo, []string{account, "-principal", role, "-session-policy", "testdata/session-policy.json", "-action", "cloudwatch:PutMetricData", "-context", "cloudwatch:namespace=Orders"}},
		"missing-key":    {statusNo, []string{account, "-principal", session, "-action", "cloudwatch:PutMetricData", "-json"}},
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, test.status, test.args) })
	}
}

// golden runs the program and compares its answer with a file in testdata.
func golden(t *testing.T, name string, want int, args []string) {
	t.Helper()
	status, stdout, stderr := invoke("", args...)
	if status != want || stderr != "" {
		t.Errorf("status %d, want %d; standard error: %s", status, want, stderr)
	}
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(stdout), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(text), stdout); diff != "" {
		t.Errorf("not what %s has (-want +got):\n%s", file, diff)
	}
}

// TestContext sees that each way to give context keys arrives.
func TestContext(t *testing.T) {
	metric := []string{account, "-principal", session, "-action", "cloudwatch:PutMetricData"}
	read := []string{account, "-principal", session, "-action", "s3:GetObject", "-resource", archive, "-resource-account", owner, "-resource-policy", bucket}
	for name, test := range map[string]struct {
		status int
		base   []string
		more   []string
	}{
		"value":                    {statusYes, metric, []string{"-context", "cloudwatch:namespace=Orders"}},
		"key in another case":      {statusYes, metric, []string{"-context", "CloudWatch:Namespace=Orders"}},
		"value with =":             {statusNo, metric, []string{"-context", "cloudwatch:namespace=Orders="}},
		"list of one":              {statusNo, metric, []string{"-context", "cloudwatch:namespace=[Orders]"}},
		"bracket left open":        {statusNo, metric, []string{"-context", "cloudwatch:namespace=[Orders"}},
		"file":                     {statusNo, metric, []string{"-context-file", "testdata/context.json"}},
		"command line covers file": {statusYes, metric, []string{"-context-file", "testdata/context.json", "-context", "CLOUDWATCH:namespace=Orders"}},
		"entries":                  {statusYes, read, []string{"-context-file", "testdata/entries.json"}},
		"list without values":      {statusNo, read, []string{"-context", "aws:TagKeys=[]"}},
		"list of two":              {statusYes, read, []string{"-context", "aws:TagKeys=[a,b]"}},
	} {
		t.Run(name, func(t *testing.T) {
			status, stdout, stderr := invoke("", append(test.base, test.more...)...)
			if status != test.status || stderr != "" {
				t.Errorf("status %d, want %d\n%s%s", status, test.status, stdout, stderr)
			}
		})
	}
}

// TestBadInput gives the program what it must refuse, with status 2, nothing
// on standard output, and a message that says what and where.
func TestBadInput(t *testing.T) {
	ask := []string{"-principal", wren, "-action", "s3:GetObject"}
	about := func(more ...string) []string { return append(append([]string{account}, ask...), more...) }
	archived := []string{"-resource", archive, "-resource-account", owner}
	for name, test := range map[string]struct {
		args    []string
		message []string
	}{
		"unknown without key":                   {about("-unknown", "=?"), []string{`"=?"`, "KEY"}},
		"unknown, a doubt and no value":         {about("-unknown", "a:b?"), []string{`"a:b?"`, "KEY?=VALUE"}},
		"unknown, two doubts":                   {about("-unknown", "a:b??=c"), []string{`"a:b??=c"`, "KEY?=VALUE"}},
		"nothing unknown":                       {about("-unknown", "a:b=c"), []string{`"a:b=c"`, "a:b?=c", "-context"}},
		"empty unknown":                         {about("-unknown", ""), []string{"-unknown", "empty"}},
		"unknown twice":                         {about("-unknown", "a:b", "-unknown", "A:B=?"), []string{"A:B", "twice"}},
		"known and unknown":                     {about("-context", "a:b=c", "-unknown", "A:B"), []string{"A:B", "-context"}},
		"unknown in cases":                      {[]string{"-cases", "x.jsonl", "-unknown", "a:b"}, []string{"-unknown does not go with -cases"}},
		"explain cases":                         {[]string{"-cases", "x.jsonl", "-explain"}, []string{"-explain does not go with -cases"}},
		"who can in cases":                      {[]string{"-cases", "x.jsonl", "-who-can", "s3:GetObject", archive}, []string{"-who-can does not go with -cases"}},
		"who can, no resource":                  {[]string{account, "-who-can", "s3:GetObject"}, []string{"-who-can s3:GetObject", "resource is missing"}},
		"who can, empty":                        {[]string{account, "-who-can", "", archive}, []string{"-who-can", "empty"}},
		"who can, empty resource":               {[]string{account, "-who-can", "s3:GetObject", ""}, []string{"resource is missing"}},
		"who can twice":                         {[]string{account, "-who-can", "s3:GetObject", archive, "-who-can", "s3:PutObject", archive}, []string{"-who-can", "twice"}},
		"who can, with action":                  {[]string{account, "-who-can", "s3:GetObject", archive, "-action", "s3:PutObject"}, []string{"-action does not go with -who-can"}},
		"who can, with resource":                {[]string{account, "-who-can", "s3:GetObject", archive, "-resource", archive}, []string{"-resource does not go with -who-can"}},
		"who can, explained":                    {[]string{account, "-who-can", "s3:GetObject", archive, "-explain"}, []string{"-explain does not go with -who-can", "-principal"}},
		"who can, with session policy":          {[]string{account, "-who-can", "s3:GetObject", archive, "-session-policy", "testdata/session-policy.json"}, []string{"-session-policy does not go with -who-can", "everybody"}},
		"who can and what can":                  {[]string{account, "-who-can", "s3:GetObject", archive, "-what-can", wren}, []string{"-what-can does not go with -who-can"}},
		"who can, check":                        {[]string{account, "-who-can", "s3:GetObject", archive, "-check"}, []string{"-check does not go with -who-can"}},
		"who can, pattern":                      {[]string{account, "-who-can", "s3:*", archive, "-resource-account", owner}, []string{`"s3:*"`}},
		"who can, no ARN":                       {[]string{"-who-can", "s3:GetObject", account}, []string{account}},
		"who can, no owner":                     {[]string{account, "-who-can", "s3:GetObject", archive}, []string{archive, "account"}},
		"who can, nobody":                       {[]string{account, "-who-can", "iam:ListUsers", "*", "-principal", "arn:aws:iam::111122223333:user/Wren"}, []string{"user/Wren", wren}},
		"who can, no account file":              {[]string{"testdata/nowhere.json", "-who-can", "iam:ListUsers", "*"}, []string{"testdata/nowhere.json"}},
		"who can, no policy":                    {[]string{account, "-who-can", "s3:GetObject", archive, "-resource-policy", "testdata/nowhere.json"}, []string{"testdata/nowhere.json"}},
		"who can, policy but no account file":   {[]string{"testdata/nowhere.json", "-who-can", "s3:GetObject", archive, "-resource-policy", bucket}, []string{"testdata/nowhere.json"}},
		"who can, bad policy":                   {[]string{account, "-who-can", "s3:GetObject", archive, "-resource-account", owner, "-resource-policy", "testdata/bad-policy.json"}, []string{"\ntestdata/bad-policy.json:4:15: "}},
		"who can, another trust policy":         {[]string{account, "-who-can", "sts:AssumeRole", role, "-resource-policy", "testdata/trust-policy.json"}, []string{role, "already"}},
		"who can, known and unknown":            {[]string{account, "-who-can", "iam:ListUsers", "*", "-context", "a:b=c", "-unknown", "a:b"}, []string{"a:b", "-context"}},
		"who can, context without =":            {[]string{account, "-who-can", "iam:ListUsers", "*", "-context", "a:b"}, []string{`"a:b"`, "KEY=VALUE"}},
		"what can, nobody":                      {[]string{account, "-what-can", "arn:aws:iam::111122223333:user/Wren"}, []string{"user/Wren", "has", wren}},
		"what can, empty":                       {[]string{account, "-what-can", ""}, []string{"-what-can", "empty"}},
		"what can twice":                        {[]string{account, "-what-can", wren, "-what-can", ada}, []string{"-what-can", "twice"}},
		"what can, with principal":              {[]string{account, "-what-can", wren, "-principal", ada}, []string{"-principal does not go with -what-can"}},
		"what can, with action":                 {[]string{account, "-what-can", wren, "-action", "s3:GetObject"}, []string{"-action does not go with -what-can"}},
		"what can, explained":                   {[]string{account, "-what-can", wren, "-explain"}, []string{"-explain does not go with -what-can", "-action"}},
		"what can, check":                       {[]string{account, "-what-can", wren, "-check"}, []string{"-check does not go with -what-can"}},
		"what can, owner of nothing":            {[]string{account, "-what-can", wren, "-resource-account", owner}, []string{"-resource-account needs -resource"}},
		"what can, policy of nothing":           {[]string{account, "-what-can", wren, "-resource-policy", bucket}, []string{"-resource-policy needs -resource"}},
		"what can, resource of no service":      {[]string{account, "-what-can", wren, "-resource", "arn:aws:nest:::egg"}, []string{"arn:aws:nest:::egg", "no action"}},
		"what can, resource is no ARN":          {[]string{account, "-what-can", wren, "-resource", "archive"}, []string{"archive"}},
		"what can, no owner":                    {[]string{account, "-what-can", wren, "-resource", archive}, []string{archive, "account"}},
		"what can, bad policy":                  {[]string{account, "-what-can", wren, "-resource", archive, "-resource-account", owner, "-resource-policy", "testdata/bad-policy.json"}, []string{"\ntestdata/bad-policy.json:4:15: "}},
		"what can, session policy of a user":    {[]string{account, "-what-can", wren, "-session-policy", "testdata/session-policy.json"}, []string{"-session-policy", wren}},
		"what can, nothing unknown":             {[]string{account, "-what-can", wren, "-unknown", "a:b=c"}, []string{`"a:b=c"`}},
		"no arguments":                          {nil, []string{"-principal is missing"}},
		"no action":                             {[]string{"-principal", wren}, []string{"-action is missing"}},
		"unknown flag":                          {about("-frobnicate"), []string{"-frobnicate"}},
		"flag without value":                    {about("-resource"), []string{"-resource"}},
		"empty value":                           {about("-resource", ""), []string{"-resource", "empty"}},
		"check without cases":                   {about("-check"), []string{"-check needs -cases"}},
		"cases and principal":                   {[]string{"-cases", "x.jsonl", "-principal", wren}, []string{"-principal does not go with -cases"}},
		"context without =":                     {about("-context", "aws:SourceIp"), []string{`"aws:SourceIp"`, "KEY=VALUE"}},
		"context without key":                   {about("-context", "=x"), []string{`"=x"`, "KEY=VALUE"}},
		"context twice":                         {about("-context", "a:b=1", "-context", "A:B=2"), []string{"A:B", "twice"}},
		"action with wildcard":                  {[]string{account, "-principal", wren, "-action", "s3:*"}, []string{`"s3:*"`}},
		"action without prefix":                 {[]string{account, "-principal", wren, "-action", "GetObject"}, []string{`"GetObject"`}},
		"resource is no ARN":                    {about("-resource", "archive"), []string{`"archive"`}},
		"resource without owner":                {about("-resource", archive), []string{archive, "account"}},
		"owner is no account":                   {about("-resource", archive, "-resource-account", "me"), []string{`"me"`}},
		"nobody":                                {[]string{account, "-principal", "arn:aws:iam::111122223333:group/engineers", "-action", "s3:GetObject"}, []string{"group/engineers"}},
		"not in the account":                    {[]string{account, "-principal", "arn:aws:iam::111122223333:user/Wren", "-action", "s3:GetObject"}, []string{"user/Wren", "has", wren}},
		"no account file":                       {append([]string{"-account", "testdata/nowhere.json"}, ask...), []string{"testdata/nowhere.json"}},
		"account is a folder":                   {append([]string{"-account", "testdata"}, ask...), []string{"testdata:"}},
		"broken account":                        {append([]string{"-account", "testdata/broken-account.json"}, ask...), []string{"\ntestdata/broken-account.json:3:70: "}},
		"truncated pages":                       {append([]string{"-account", "testdata/truncated-account.json"}, ask...), []string{"\ntestdata/truncated-account.json:6:18: ", "next-page-please"}},
		"unknown operator":                      {append([]string{"-account", "testdata/operator-account.json"}, ask...), []string{"\ntestdata/operator-account.json:8:27: ", "policy Guess of user wren", "\n\ttestdata/operator-account.json:12:27: ", "StringSimilar"}},
		"two bad accounts":                      {append([]string{"testdata/operator-account.json", "testdata/broken-account.json"}, ask...), []string{"operator-account.json:8:27: ", "broken-account.json:3:70: "}},
		"bad resource policy":                   {about(append(archived, "-resource-policy", "testdata/bad-policy.json")...), []string{"\ntestdata/bad-policy.json:4:15: ", "\ntestdata/bad-policy.json:8:19: "}},
		"bucket policy as trust policy":         {[]string{account, "-principal", wren, "-action", "sts:AssumeRole", "-resource", role, "-resource-policy", bucket}, []string{"\n" + bucket + ":9:19: ", "\n" + bucket + ":16:19: "}},
		"no resource policy":                    {about(append(archived, "-resource-policy", "testdata/nowhere.json")...), []string{"testdata/nowhere.json"}},
		"session policy of a user":              {about("-session-policy", "testdata/session-policy.json"), []string{"-session-policy", wren}},
		"bad session policy":                    {[]string{account, "-principal", session, "-action", "s3:GetObject", "-session-policy", "testdata/bad-policy.json"}, []string{"\ntestdata/bad-policy.json:4:15: "}},
		"bad context":                           {about("-context-file", "testdata/bad-context.json"), []string{"\ntestdata/bad-context.json:3:19: ", "\ntestdata/bad-context.json:4:3: "}},
		"context is no object":                  {about("-context-file", account), []string{account + ":"}},
		"no context file":                       {about("-context-file", "testdata/nowhere.json"), []string{"testdata/nowhere.json"}},
		"no case file":                          {[]string{"-cases", "testdata/nowhere.jsonl"}, []string{"testdata/nowhere.jsonl"}},
		"case file is a folder":                 {[]string{"-cases", "testdata"}, []string{"testdata"}},
		"no cases to check":                     {[]string{"-check", "-cases", "-"}, []string{"no case"}},
		"wrong account, no matter what follows": {append([]string{"testdata/broken-account.json"}, append(ask, "-resource-policy", "testdata/bad-policy.json")...), []string{"broken-account.json:3:70: "}},
	} {
		t.Run(name, func(t *testing.T) {
			status, stdout, stderr := invoke("", test.args...)
			if status != statusBad || stdout != "" || stderr == "" {
				t.Errorf("status %d, want %d; standard output: %q, standard error: %q", status, statusBad, stdout, stderr)
			}
			for _, part := range test.message {
				if !strings.Contains("\n"+stderr, part) {
					t.Errorf("standard error does not have %q:\n%s", part, stderr)
				}
			}
		})
	}
}

// TestWarning sees that a policy whose document is not there is reported, and
// that the answer comes all the same.
func TestWarning(t *testing.T) {
	status, stdout, stderr := invoke("", "-account", "testdata/dangling-account.json", "-principal", wren, "-action", "s3:GetObject")
	if status != statusNo || stdout == "" || !strings.HasPrefix(stderr, "warning: ") || !strings.Contains(stderr, "policy/Lost") {
		t.Errorf("status %d, standard output: %q, standard error: %q", status, stdout, stderr)
	}
}

// TestWithoutAccount asks about callers that need not be in an account file.
func TestWithoutAccount(t *testing.T) {
	for caller, want := range map[string]int{"arn:aws:iam::111122223333:root": statusYes, "anonymous": statusNo, "lambda.amazonaws.com": statusNo} {
		if status, stdout, stderr := invoke("", "-principal", caller, "-action", "s3:ListAllMyBuckets"); status != want || stderr != "" {
			t.Errorf("%s: status %d, want %d\n%s%s", caller, status, want, stdout, stderr)
		}
	}
}

func TestHelp(t *testing.T) {
	status, stdout, stderr := invoke("", "-h")
	if status != statusYes || stdout != usage || stderr != "" {
		t.Errorf("status %d, standard output: %q, standard error: %q", status, stdout, stderr)
	}
}

// TestUsage sees that the usage names every flag.
func TestUsage(t *testing.T) {
	flags := newFlags(new(options))
	count := 0
	flags.VisitAll(func(f *flag.Flag) {
		count++
		if !strings.Contains(usage, "\n  -"+f.Name+" ") {
			t.Errorf("the usage does not explain -%s", f.Name)
		}
	})
	if count == 0 {
		t.Error("there are no flags")
	}
	for _, line := range strings.Split(usage, "\n") {
		if len(line) > 100 {
			t.Errorf("more than 100 columns: %s", line)
		}
	}
}

// TestBrokenPipe sees that an answer that cannot be written is no success.
func TestBrokenPipe(t *testing.T) {
	var errs strings.Builder
	status := run([]string{"-principal", "arn:aws:iam::111122223333:root", "-action", "s3:ListAllMyBuckets"}, strings.NewReader(""), full{}, &errs)
	if status != statusBad || !strings.Contains(errs.String(), "disk full") {
		t.Errorf("status %d, standard error: %q", status, errs.String())
	}
}

// full is a writer that takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, fmt.Errorf("disk full") }

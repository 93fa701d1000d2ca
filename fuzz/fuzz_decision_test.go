package fuzz_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/fuzz/generate"
	"github.com/portcullis-iam/portcullis/fuzz/reference"
	"github.com/portcullis-iam/portcullis/internal/neutral"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/policy/managed"
)

// caseLines gives the worked cases, one line each.
func caseLines(tb testing.TB) [][]byte {
	tb.Helper()
	var lines [][]byte
	for _, name := range []string{"documented.jsonl", "rulings.jsonl"} {
		file, err := os.Open("testdata/cases/" + name)
		if err != nil {
			tb.Fatal(err)
		}
		defer file.Close()
		scanner := bufio.NewScanner(file)
		scanner.Buffer(nil, 1<<20)
		for scanner.Scan() {
			lines = append(lines, bytes.Clone(scanner.Bytes()))
		}
		if err := scanner.Err(); err != nil {
			tb.Fatal(err)
		}
	}
	if len(lines) == 0 {
		tb.Fatal("no cases")
	}
	return lines
}

// FuzzDecision makes a question of the bytes, choice by choice, so that nearly
// every input is one that gets far. The engine must say what the reference says,
// and its explanation must imply it.
func FuzzDecision(f *testing.F) {
	f.Add([]byte(nil))
	for seed := range uint64(16) {
		// Any bytes will do; those of another question are as good as others.
		f.Add(generate.FromSeed(seed).JSON())
		f.Add(bytes.Repeat([]byte{byte(seed * 37), byte(seed*101 + 7), 0xff ^ byte(seed)}, 300))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c := generate.FromBytes(data)
		if err := agrees(c, reference.Decide(c.JSON())); err != nil {
			t.Fatalf("%v\n%s", err, c.JSON())
		}
		if err := explained(c); err != nil && err != errVacuous {
			t.Fatalf("%v\n%s", err, c.JSON())
		}
	})
}

// hostileLines are no questions, or hardly.
var hostileLines = []string{
	"", "null", "[]", "{", `{"id":"x"}`, `{"request":{}}`, `{"id":1,"request":{"principal":"anonymous","action":"s3:GetObject","resource":"*","resourceAccount":"1"}}`,
	`{"request":{"principal":"anonymous","action":"a:b","resource":"*","resourceAccount":"1","context":{"a":null}}}`,
	`{"request":{"principal":"s3.amazonaws.com","action":"a:b","resource":"*"}}`,
	`{"request":{"principal":"\ud800","action":"a:b","resource":"arn:aws:s3:::\u0000"}}`, "{\"request\":\"\xff\"}",
	`{"request":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}`, `{"request":{"principal":"anonymous"},"request":{"principal":"anonymous"}}`,
}

// FuzzCase answers any line of text. What the reference refuses is refused, and
// what both take is decided alike.
func FuzzCase(f *testing.F) {
	for number, line := range caseLines(f) {
		// TestCases of package neutral runs them all; a fuzzer that begins with
		// all of them needs long to begin.
		if number%5 == 0 {
			f.Add(line)
		}
	}
	for _, line := range hostileLines {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		if err := answersAsReference(line); err != nil {
			t.Fatalf("%v\n%s", err, line)
		}
		if first, again := neutral.Run(line), neutral.Run(line); first != again {
			t.Fatalf("first %v, then %v\n%s", first, again, line)
		}
	})
}

// documentSeeds gives documents of every kind: some of the worked cases, some that
// AWS manages, and hostile ones. They are few because a fuzzer tries them all
// before it begins.
func documentSeeds(tb testing.TB) []string {
	tb.Helper()
	seeds := append([]string(nil), brokenDocuments...)
	for number, line := range caseLines(tb) {
		if number%8 != 0 {
			continue
		}
		var c struct {
			IdentityPolicies []json.RawMessage
			ResourcePolicy   json.RawMessage
		}
		if err := json.Unmarshal(line, &c); err != nil {
			continue // a case that must be refused
		}
		for _, document := range append(c.IdentityPolicies, c.ResourcePolicy) {
			if len(document) > 0 {
				seeds = append(seeds, string(document))
			}
		}
	}
	count := 0
	for entry := range managed.All() {
		if count++; count%60 != 0 {
			continue
		}
		document, err := entry.JSON()
		if err != nil {
			tb.Fatal(err)
		}
		if len(document) < 2000 {
			seeds = append(seeds, string(document))
		}
	}
	return seeds
}

// A place is where a document stands in a case: the members before and behind
// it, the caller, and what the others say.
type place struct {
	kind          policy.Kind
	before, after string
	caller        string
}

var places = []place{
	{policy.IdentityBased, `"identityPolicies":[`, `],`, "arn:aws:iam::111111111111:user/alice"},
	{policy.PermissionsBoundary, `"identityPolicies":[` + allowAll + `],"permissionsBoundaries":[`, `],`, "arn:aws:iam::111111111111:user/alice"},
	{policy.Session, `"identityPolicies":[` + allowAll + `],"sessionPolicies":[`, `],`, "arn:aws:sts::111111111111:assumed-role/deploy/s1"},
	{policy.ResourceBased, `"resourcePolicy":`, `,`, "arn:aws:iam::111111111111:user/alice"},
	{policy.ServiceControl, `"identityPolicies":[` + allowAll + `],"scps":[{"orgIdentifier":"r","policies":[`, `]}],`, "arn:aws:iam::111111111111:user/alice"},
	{policy.ResourceControl, `"identityPolicies":[` + allowAll + `],"rcps":[{"orgIdentifier":"r","policies":[`, `]}],`, "arn:aws:iam::111111111111:user/alice"},
	{policy.VPCEndpoint, `"identityPolicies":[` + allowAll + `],"vpcEndpointPolicies":[`, `],`, "arn:aws:iam::111111111111:user/alice"},
	{policy.ResourceBased, `"resourcePolicy":`, `,`, "lambda.amazonaws.com"},
}

// quoted writes a text as JSON, in which what is no UTF-8 is replaced.
func quoted(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		return `""`
	}
	return string(quoted)
}

// usual is a context with something of each kind.
const usual = `"context":{"aws:username":"alice","aws:PrincipalTag/team":"birds","aws:SourceIp":"203.0.113.7","aws:CurrentTime":"2026-10-01T08:30:00Z","aws:SecureTransport":true,"aws:TagKeys":["a","b"],"s3:max-keys":10,"aws:PrincipalArn":"arn:aws:iam::111111111111:user/alice","empty":""},`

func (p place) line(document, action, resource string) []byte {
	return []byte(`{"id":"fuzz",` + p.before + document + p.after + `"request":{"principal":"` + p.caller + `",` + usual +
		`"action":` + quoted(action) + `,"resource":` + quoted(resource) + `,"resourceAccount":"111111111111"}}`)
}

// FuzzDocument puts any text as a document into any layer. The engine must
// refuse what the reference refuses, decide as it decides, and decide the same of
// the document that comes out of parsing and writing it.
func FuzzDocument(f *testing.F) {
	for number, seed := range documentSeeds(f) {
		f.Add(uint8(number), seed, "s3:GetObject", "arn:aws:s3:::reports/2026/jan.csv")
		if number%4 == 0 {
			f.Add(uint8(number/len(places)), seed, "ec2:DescribeInstances", "*")
		}
	}
	f.Fuzz(func(t *testing.T, where uint8, document, action, resource string) {
		if len(document) > 1<<14 {
			return // the reference takes too long
		}
		p := places[int(where)%len(places)]
		line := p.line(document, action, resource)
		if err := answersAsReference(line); err != nil {
			t.Fatalf("%v\n%s", err, line)
		}
		parsed, err := policy.Parse(p.kind, []byte(document))
		if err != nil {
			return
		}
		written, err := parsed.MarshalJSON()
		if err != nil {
			t.Fatalf("%v\n%s", err, document)
		}
		again := p.line(string(written), action, resource)
		if before, after := neutral.Run(line), neutral.Run(again); before.Decision != after.Decision && json.Valid(line) {
			t.Fatalf("%s became %s\n%s\n%s", before.Decision, after.Decision, line, again)
		}
	})
}

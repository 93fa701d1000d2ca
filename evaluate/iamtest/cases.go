package iamtest

import (
	"bufio"
	"bytes"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/internal/neutral"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// maxCase bounds one line of a file of cases.
const maxCase = 16 << 20

// Cases runs the cases of files in the neutral case format, one JSON object a
// line with a question, all policies that bear on it, and the decision that is
// expected, each as a subtest. Empty lines, and lines that begin with //, are
// skipped. The format is described in fuzz/testdata/cases/FORMAT.md; other tools
// can run the same files.
//
// A subtest is named after principal, action and resource, such as
//
//	TestCases/role_orders-report/dynamodb:GetItem/table_orders
//
// with slashes and spaces within a part replaced, so that test runners and
// JUnit converters show it as a path of three; go test -run selects by it. Where
// several cases ask the same, the later ones have their id behind the name, and a
// line that is no case is named after its number. A failure tells the case's id
// and its place in the file.
//
// A file that cannot be read, or that holds no case, ends the test.
func Cases(t *testing.T, files ...string) {
	t.Helper()
	named := make(map[string]bool)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatalf("the cases cannot be read: %v", err)
		}
		lines := bufio.NewScanner(bytes.NewReader(text))
		lines.Buffer(nil, maxCase)
		count := 0
		for number := 1; lines.Scan(); number++ {
			line := bytes.TrimSpace(lines.Bytes())
			if len(line) == 0 || bytes.HasPrefix(line, []byte("//")) {
				continue
			}
			count++
			c := newCase(file, number, line)
			if named[c.name] && c.id != "" {
				c.name += "_" + namePart(c.id)
			}
			named[c.name] = true
			t.Run(c.name, func(t *testing.T) { c.check(t) })
		}
		if err := lines.Err(); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if count == 0 {
			t.Fatalf("%s: the file holds no case", file)
		}
	}
}

// A testCase is a case and what came of it.
type testCase struct {
	name, place string
	id, expect  string
	decision    string // an outcome, or "Error: " and the reason
	failure     func(complaint string) string
	broken      error // the line is no case
}

func newCase(file string, number int, line []byte) *testCase {
	decoded, err := neutral.Decode(line)
	placed(decoded, file, number)
	place := file + ":" + strconv.Itoa(number)
	c := &testCase{place: place, id: decoded.ID, expect: decoded.Expect, name: caseName(decoded)}
	if c.broken = err; err != nil && c.expect == "" {
		c.name = "line_" + strconv.Itoa(number)
	}
	var question *neutral.Question
	if err == nil {
		question, err = decoded.Prepare()
	}
	if err != nil {
		c.decision = "Error: " + err.Error()
		c.failure = func(complaint string) string { return complaint + "\n  decision:  " + c.decision }
		return c
	}
	explanation := question.Evaluator.Explain(question.Request)
	c.decision = explanation.Decision.Outcome.String()
	c.failure = func(complaint string) string {
		return report(complaint, decoded.Principal.Identity.String(), decoded.Action, decoded.Resource.ARN, explanation)
	}
	return c
}

// placed tells the policies of a case which line they stand in.
func placed(c *neutral.Case, file string, line int) {
	set := func(attachments []principal.Attachment) {
		for at := range attachments {
			source := &attachments[at].Source
			source.File, source.Position, source.Encoded = file, policy.Position{Line: int32(line), Column: 1}, true
		}
	}
	set(c.Principal.IdentityPolicies)
	set(c.Principal.PermissionsBoundaries)
	set(c.Principal.SessionPolicies)
	set(c.Endpoint)
	for _, levels := range [...][]principal.Level{c.Principal.ServiceControlLevels, c.Resource.ControlLevels} {
		for _, level := range levels {
			set(level.Policies)
		}
	}
	if resourcePolicy := c.Resource.Policy; resourcePolicy != nil {
		one := []principal.Attachment{*resourcePolicy}
		set(one)
		*resourcePolicy = one[0]
	}
}

// check reports if the decision is not the one that is expected.
func (c *testCase) check(t testing.TB) {
	t.Helper()
	switch {
	case c.expect == "" && c.broken != nil:
		t.Errorf("%s: this is no case: %v", c.place, c.broken)
	case c.expect == "":
		t.Errorf("%s: case %q expects nothing: give it \"expect\"", c.place, c.id)
	case !(neutral.Answer{Decision: c.decision, Expect: c.expect}).AsExpected():
		t.Errorf("%s: case %q: %s", c.place, c.id, c.failure("should be "+c.expect+", and is not"))
	}
}

// caseName names a case after what it asks.
func caseName(c *neutral.Case) string {
	return namePart(principalName(c.Principal.Identity)) + "/" + namePart(c.Action) + "/" + namePart(resourceName(c.Resource.ARN))
}

// principalName says who a caller is, shortly: role orders-report.
func principalName(id principal.Identity) string {
	entity, err := arn.ParseEntity(id.ARN)
	switch {
	case err != nil:
		return id.ARN
	case entity.Kind == arn.AssumedRole:
		return "session " + entity.Session + " of role " + entity.Name
	case entity.Kind == arn.AccountRoot:
		return "root of " + entity.AccountID
	}
	return entity.Kind.String() + " " + entity.Name
}

// resourceName is an ARN without what most have in common.
func resourceName(name string) string {
	if parsed, err := arn.Parse(name); err == nil {
		return parsed.Resource
	}
	return name
}

// namePart makes a text one part of the name of a subtest.
func namePart(text string) string {
	if text == "" {
		return "none"
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '/' || r == ' ':
			return '_'
		case r < ' ' || r == '"':
			return -1
		}
		return r
	}, text)
}

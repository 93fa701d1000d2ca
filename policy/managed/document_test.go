package managed_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/policy/managed"
	"github.com/portcullis-iam/portcullis/principal"
)

// TestEveryPolicy takes each policy that AWS manages through the library: it
// parses, is written back to an equal document, compiles, and is evaluated for
// an action and a resource of its own.
func TestEveryPolicy(t *testing.T) {
	user, err := principal.Identify("arn:aws:iam::111111111111:user/wren", "")
	if err != nil {
		t.Fatal(err)
	}
	evaluated, allowed := 0, 0
	for entry := range managed.All() {
		document, err := entry.Document(policy.IdentityBased)
		if err != nil {
			t.Errorf("%s: %v", entry.Name, err)
			continue
		}
		written, err := document.MarshalJSON()
		if err != nil {
			t.Errorf("%s is not written back: %v", entry.Name, err)
			continue
		}
		again, err := policy.Parse(policy.IdentityBased, written)
		if err != nil || !policy.Equal(document, again) {
			t.Errorf("%s is written back to another document (%v)", entry.Name, err)
		}
		compiled, err := entry.Policy(policy.IdentityBased)
		if err != nil {
			t.Errorf("%s does not compile: %v", entry.Name, err)
			continue
		}
		e, err := evaluate.New(&principal.Principal{Identity: user, IdentityPolicies: []principal.Attachment{{Policy: compiled, Source: principal.Source{Type: principal.AWSManaged, Name: entry.Name}}}})
		if err != nil {
			t.Fatal(err)
		}
		for at := range document.Statements {
			action, resource := aQuestionFor(&document.Statements[at])
			r, err := evaluate.NewRequest(action, resource, "111111111111")
			if err != nil {
				t.Fatalf("%s: %v", entry.Name, err)
			}
			for _, key := range variables(document) {
				r.Context.Set(key, condition.String(variableValue))
			}
			decision := e.Evaluate(r)
			if explained := e.Explain(r); explained.Decision != decision {
				t.Errorf("%s: %s on %s is %v, explained as %v", entry.Name, action, resource, decision, explained.Decision)
			}
			unconditional := document.Statements[at].Effect == policy.Allow && document.Statements[at].Condition == nil &&
				document.Statements[at].Action != nil && document.Statements[at].Resource != nil &&
				action != "s3:ListAllMyBuckets" // is matched by "*" alone, though some of AWS's policies name arn:aws:s3:::*
			if decision.Outcome == evaluate.ImplicitlyDenied && unconditional && decision.Layer == evaluate.IdentityPolicy {
				t.Errorf("%s, statement %d: %s on %s is %v", entry.Name, at, action, resource, decision)
			}
			evaluated++
			if decision.Allowed() {
				allowed++
			}
		}
	}
	if managed.Count() != 1594 || evaluated < 8853 || allowed < evaluated/2 {
		t.Errorf("%d policies, %d statements evaluated, %d allowed", managed.Count(), evaluated, allowed)
	}
}

// aQuestionFor makes up an action and a resource that the statement speaks of.
func aQuestionFor(s *policy.Statement) (action, resource string) {
	action, resource = "unheard:Of", "*"
	if s.Action != nil {
		action = fill(s.Action.Values[0].Value)
		if action == "x" {
			action = "s3:GetObject"
		}
	}
	if s.Resource != nil {
		if pattern := s.Resource.Values[0].Value; pattern != "*" {
			resource = fill(pattern)
		}
	}
	for cut := 0; resource != "*" && cut < 6; cut++ {
		if _, err := evaluate.NewRequest(action, resource, "1"); err == nil {
			break
		}
		resource += ":x" // the pattern was an incomplete ARN
	}
	return action, resource
}

// variableValue stands for every policy variable.
const variableValue = "111111111111"

// variables lists the keys of the policy variables in the resources.
func variables(document *policy.Document) []string {
	var keys []string
	for at := range document.Statements {
		for _, resources := range []*policy.Strings{document.Statements[at].Resource, document.Statements[at].NotResource} {
			if resources == nil {
				continue
			}
			for _, pattern := range resources.Values {
				keys = append(keys, condition.ParseTemplate(pattern.Value, true).Keys()...)
			}
		}
	}
	return keys
}

// fill puts an x in place of every wildcard and the account in place of every
// variable.
func fill(pattern string) string {
	text := ""
	for at := 0; at < len(pattern); at++ {
		switch {
		case pattern[at] == '*' || pattern[at] == '?':
			text += "x"
		case pattern[at] == '$' && at+1 < len(pattern) && pattern[at+1] == '{':
			text += variableValue
			for at < len(pattern) && pattern[at] != '}' {
				at++
			}
		default:
			text += pattern[at : at+1]
		}
	}
	return text
}

func TestZeroEntryHasNoDocument(t *testing.T) {
	var zero managed.Entry
	if _, err := zero.Document(policy.IdentityBased); !errors.Is(err, managed.ErrZeroEntry) {
		t.Errorf("Document: %v", err)
	}
	if _, err := zero.Policy(policy.IdentityBased); !errors.Is(err, managed.ErrZeroEntry) {
		t.Errorf("Policy: %v", err)
	}
	entry, _ := managed.Lookup("AdministratorAccess")
	if _, err := entry.Policy(policy.RoleTrust); err == nil {
		t.Error("AdministratorAccess compiles as a trust policy")
	}
}

func ExampleEntry_Policy() {
	entry, _ := managed.Lookup("AmazonS3ReadOnlyAccess")
	compiled, err := entry.Policy(policy.IdentityBased)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(compiled.Kind(), compiled.Len(), compiled.Effect(0))
	// Output: identity-based policy 1 Allow
}

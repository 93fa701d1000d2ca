package fuzz_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/fuzz/generate"
	"github.com/portcullis-iam/portcullis/principal"
)

// derivedKeys follow from the principal or the resource. IAM User Guide, "AWS
// global condition context keys", properties of the principal and of the
// resource.
var derivedKeys = []string{
	"aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalIsAWSService", "aws:PrincipalServiceName",
	"aws:PrincipalServiceNamesList", "aws:PrincipalType", "aws:userid", "aws:username", "aws:PrincipalTag/team", "aws:PrincipalTag/cost center", "aws:PrincipalTag/part",
	"aws:ResourceAccount", "aws:ResourceOrgID", "aws:ResourceOrgPaths",
}

// forgeries are values that somebody would like to have: those of others, and
// those that the generator's conditions ask for.
func forgeries(d generate.Directory) []condition.Value {
	values := []condition.Value{condition.String(""), condition.String("true"), condition.List(), condition.List("alpha", "*"), condition.Bool(true)}
	for _, word := range []string{"alpha", "beta", "team-a", "prod", "111111111111", "222222222222", "anonymous", "Account", "AssumedRole", "s3.amazonaws.com", "o-a1b2c3d4e5"} {
		values = append(values, condition.String(word))
	}
	for _, account := range d.Accounts {
		for _, user := range account.Users {
			values = append(values, condition.String(user.ARN), condition.String(user.Name))
		}
		for _, role := range account.Roles {
			values = append(values, condition.String(role.ARN))
		}
	}
	return values
}

// TestDerivedKeysCannotBeSpoofed: whatever a request says about keys that follow
// from the principal and the resource, in whatever letter case, the decision
// stays, also where the key has no value for this caller.
func TestDerivedKeysCannotBeSpoofed(t *testing.T) {
	t.Parallel()
	each(uint64(budget(250)), func(seed uint64) bool {
		d := generate.DirectoryFromSeed(seed)
		loaded, err := load(d)
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
			return false
		}
		values := forgeries(d)
		for number, q := range d.Questions(seed, 10) {
			question, err := resolve(loaded, q)
			if err != nil {
				t.Errorf("seed %d: %v", seed, err)
				return false
			}
			honest := question.request.Context
			want := question.evaluator.Evaluate(question.request)
			keys := derivedKeys
			if q.Resource != "*" {
				keys = append(append([]string(nil), keys...), "aws:ResourceTag/team", "aws:ResourceTag/cost center", "aws:ResourceTag/part")
			}
			for shift := range 6 {
				forged := honest.Clone()
				for at, key := range keys {
					if shift%2 == 1 {
						key = strings.ToUpper(key)
					}
					forged.Set(key, values[(at*5+shift*7+number)%len(values)])
				}
				question.request.Context = forged
				if got := question.evaluator.Evaluate(question.request); got != want {
					t.Errorf("seed %d, question %d: %v, and %v with forged keys", seed, number, want, got)
					return false
				}
				if got := question.evaluator.Explain(question.request).Decision; got != want {
					t.Errorf("seed %d, question %d: %v, and explained as %v with forged keys", seed, number, want, got)
					return false
				}
			}
		}
		return true
	})
}

// TestDerivedKeysWin: the library knows who alice is; a request that calls her
// somebody else is not believed, and neither is one that gives her tags or an
// organization, which she does not have.
func TestDerivedKeysWin(t *testing.T) {
	for key, test := range map[string]struct{ derived, forged string }{
		"aws:username":          {"alice", "root"},
		"AWS:USERNAME":          {"alice", "root"},
		"aws:PrincipalArn":      {"arn:aws:iam::111111111111:user/alice", "arn:aws:iam::111111111111:user/bob"},
		"aws:PrincipalAccount":  {"111111111111", "222222222222"},
		"aws:PrincipalType":     {"User", "Account"},
		"aws:userid":            {"AIDAALICE", "AIDABOB"},
		"aws:PrincipalTag/team": {"birds", "admins"},
		"aws:principaltag/TEAM": {"birds", "admins"},
		"aws:PrincipalTag/role": {"", "admin"},
		"aws:PrincipalOrgID":    {"", "o-example"},
		"aws:ResourceAccount":   {"111111111111", "222222222222"},
	} {
		decide := func(value string) evaluate.Decision {
			b := principal.NewBuilder()
			b.AddUser("111111111111", principal.UserDetail{Name: "alice", ID: "AIDAALICE", Tags: map[string]string{"team": "birds"}, Inline: []principal.NamedDocument{{Name: "p",
				Document: `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"` + key + `":"` + value + `"}}}}`}}})
			d, err := b.Build()
			if err != nil {
				t.Fatal(err)
			}
			question, err := resolve(d, generate.Question{Principal: "arn:aws:iam::111111111111:user/alice", Action: "sqs:SendMessage", Resource: "arn:aws:sqs:eu-west-1:111111111111:inbox",
				Context: []generate.ContextEntry{{Key: key, Value: generate.Value{Items: []generate.Scalar{{Text: test.forged}}}}}})
			if err != nil {
				t.Fatal(err)
			}
			return question.evaluator.Evaluate(question.request)
		}
		if decision := decide(test.forged); decision.Allowed() {
			t.Errorf("%s: what the request claims is believed: %v", key, decision)
		}
		if decision := decide(test.derived); test.derived != "" && !decision.Allowed() {
			t.Errorf("%s: what follows from the principal does not count: %v", key, decision)
		}
	}
}

// TestResourceAccountCannotBeSpoofed: it is derived from the request, too, if
// there is no resource's side.
func TestResourceAccountCannotBeSpoofed(t *testing.T) {
	b := principal.NewBuilder()
	b.AddUser("111111111111", principal.UserDetail{Name: "alice", Inline: []principal.NamedDocument{{Name: "p", Document: `{"Version":"2012-10-17","Statement":{
		"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceAccount":"222222222222"}}}}`}}})
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	caller, err := d.Principal("arn:aws:iam::111111111111:user/alice")
	if err != nil {
		t.Fatal(err)
	}
	evaluator, err := evaluate.New(caller)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"aws:ResourceAccount", "AWS:RESOURCEACCOUNT"} {
		request, err := evaluate.NewRequest("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111111111111:inbox", "")
		if err != nil {
			t.Fatal(err)
		}
		request.Context.Set(key, condition.String("222222222222"))
		if decision := evaluator.Evaluate(request); decision.Outcome != evaluate.ImplicitlyDenied {
			t.Error(fmt.Errorf("with a forged %s: %v", key, decision))
		}
	}
}

package fuzz_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/fuzz/generate"
	"github.com/portcullis-iam/portcullis/fuzz/reference"
	"github.com/portcullis-iam/portcullis/principal"
)

// load has the engine read a generated directory: accounts from the JSON of
// get-account-authorization-details, the rest from structs.
func load(d generate.Directory) (*principal.Directory, error) {
	b := principal.NewBuilder()
	for _, account := range d.Accounts {
		text, err := account.AuthorizationDetails()
		if err != nil {
			return nil, err
		}
		b.LoadAccountDetails(account.ID+".json", text)
	}
	for _, resource := range d.Resources {
		detail := principal.ResourceDetail{ARN: resource.ARN, AccountID: resource.Account, Tags: tagMap(resource.Tags)}
		if resource.Policy != nil {
			detail.Document = string(resource.Policy.JSON())
		}
		b.AddResource(detail)
	}
	if d.Organization != nil {
		b.SetOrganization(organizationOf(d.Organization))
	}
	return b.Build()
}

func tagMap(tags []generate.Tag) map[string]string {
	found := map[string]string{}
	for _, tag := range tags {
		found[tag.Key] = tag.Value
	}
	return found
}

// organizationOf names every document by its number.
func organizationOf(o *generate.Organization) principal.Organization {
	into := principal.Organization{ID: o.ID, ManagementAccount: o.Management}
	named := func(list *[]principal.NamedDocument, documents []generate.Document) []string {
		var names []string
		for _, document := range documents {
			name := fmt.Sprintf("p-%d", len(*list))
			*list = append(*list, principal.NamedDocument{Name: name, Document: string(document.JSON())})
			names = append(names, name)
		}
		return names
	}
	var node func(unit generate.Unit) principal.OrganizationNode
	node = func(unit generate.Unit) principal.OrganizationNode {
		made := principal.OrganizationNode{ID: unit.ID,
			ServiceControlPolicies: named(&into.ServiceControlPolicies, unit.SCPs), ResourceControlPolicies: named(&into.ResourceControlPolicies, unit.RCPs)}
		for _, account := range unit.Accounts {
			made.Accounts = append(made.Accounts, principal.OrganizationAccount{ID: account.ID,
				ServiceControlPolicies: named(&into.ServiceControlPolicies, account.SCPs), ResourceControlPolicies: named(&into.ResourceControlPolicies, account.RCPs)})
		}
		for _, child := range unit.Units {
			made.Units = append(made.Units, node(child))
		}
		return made
	}
	into.Root = node(o.Root)
	return into
}

// inDirectory prepares a question about a directory.
type inDirectory struct {
	principal *principal.Principal
	evaluator *evaluate.Evaluator
	request   *evaluate.Request
}

// resolve finds caller and resource in the engine's directory.
func resolve(d *principal.Directory, q generate.Question) (*inDirectory, error) {
	caller, err := resolvePrincipal(d, q)
	if err != nil {
		return nil, err
	}
	owner := ""
	if q.Resource == "*" {
		owner = caller.Identity.AccountID
	}
	resource, err := d.Resource(q.Resource, owner)
	if err != nil {
		return nil, err
	}
	made := &inDirectory{principal: caller, request: new(evaluate.Request)}
	if made.evaluator, err = evaluate.New(caller); err != nil {
		return nil, err
	}
	if made.request.Resource, err = evaluate.NewResource(resource); err != nil {
		return nil, err
	}
	if made.request.Context, err = contextOf(q.Context); err != nil {
		return nil, err
	}
	if err := made.request.Set(q.Action, q.Resource, resource.AccountID); err != nil {
		return nil, err
	}
	return made, nil
}

func resolvePrincipal(d *principal.Directory, q generate.Question) (*principal.Principal, error) {
	id, err := principal.Identify(q.Principal, "")
	if err != nil {
		return nil, err
	}
	facts := principal.SessionFacts{SessionName: id.Session, Tags: tagMap(q.SessionTags)}
	for _, document := range q.SessionPolicies {
		facts.Policies = append(facts.Policies, string(document.JSON()))
	}
	named := func(kind, name string) (string, error) {
		for entity := range d.Principals() {
			if strings.HasPrefix(entity, "arn:aws:iam::"+id.AccountID+":"+kind+"/") && strings.HasSuffix(entity, "/"+name) {
				return entity, nil
			}
		}
		return "", fmt.Errorf("no %s %s", kind, name)
	}
	switch {
	case id.Kind == principal.Role && id.Session != "":
		role, err := named("role", id.Name)
		if err != nil {
			return nil, err
		}
		return d.Session(role, facts)
	case id.Kind == principal.FederatedUser:
		user, err := named("user", q.Issuer)
		if err != nil {
			return nil, err
		}
		facts.SessionName = id.Name
		return d.FederatedUser(user, facts)
	}
	return d.Principal(q.Principal)
}

func contextOf(entries []generate.ContextEntry) (*condition.Context, error) {
	c := generate.Case{Request: generate.Request{Context: entries}}
	text := string(c.JSON())
	_, text, _ = strings.Cut(text, `"context":`)
	return condition.ParseJSON([]byte(strings.TrimSuffix(text, "}}")))
}

// TestDirectoriesResolveAsFlattened: whole accounts, with groups, managed
// policies, boundaries, an organization and resources, resolved by the engine
// and flattened by hand for the reference, decide the same.
func TestDirectoriesResolveAsFlattened(t *testing.T) {
	t.Parallel()
	outcomes := [4]atomic.Int64{}
	each(uint64(budget(400)), func(seed uint64) bool {
		d := generate.DirectoryFromSeed(seed)
		loaded, err := load(d)
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
			return false
		}
		if problems := loaded.Problems(); len(problems) > 0 {
			t.Errorf("seed %d: a sound directory has problems: %v", seed, problems)
		}
		for number, question := range d.Questions(seed, 15) {
			outcome, err := sameAsFlattened(d, loaded, question)
			if err != nil {
				t.Errorf("seed %d, question %d: %v", seed, number, err)
				return false
			}
			outcomes[outcome].Add(1)
		}
		return true
	})
	if t.Failed() {
		return
	}
	total := int64(0)
	for at := range outcomes {
		total += outcomes[at].Load()
	}
	for _, outcome := range []evaluate.Outcome{evaluate.Allowed, evaluate.ExplicitlyDenied, evaluate.ImplicitlyDenied} {
		if count := outcomes[outcome].Load(); count < total/20 {
			t.Errorf("%d of %d questions are %v", count, total, outcome)
		}
	}
}

// sameAsFlattened decides one question both ways.
func sameAsFlattened(d generate.Directory, loaded *principal.Directory, q generate.Question) (evaluate.Outcome, error) {
	flat, err := d.Flatten(q)
	if err != nil {
		return 0, err
	}
	question, err := resolve(loaded, q)
	if err != nil {
		return 0, fmt.Errorf("%w\n%s", err, flat.JSON())
	}
	verdict := reference.Decide(flat.JSON())
	decision := question.evaluator.Evaluate(question.request)
	// Denied either way, it may be unknown whether explicitly.
	maybe := decision.Outcome == evaluate.ImplicitlyDenied && verdict.Decision == explicitlyDenied
	if (decision.Outcome == evaluate.Undetermined || maybe) && hangsOnSessionName(question, q) {
		return decision.Outcome, nil
	}
	if decision.Outcome.String() != verdict.Decision {
		return 0, fmt.Errorf("the engine says %v, the reference %s %s %s\n%v\n%s", decision, verdict.Decision, verdict.Layer, verdict.Error, question.evaluator.Explain(question.request), flat.JSON())
	}
	return decision.Outcome, nil
}

// hangsOnSessionName tells whether all that is unknown is aws:userid of a bare
// role: it ends in the name of the session, and no session was named.
func hangsOnSessionName(question *inDirectory, q generate.Question) bool {
	unknown := question.evaluator.Explain(question.request).UnknownKeys()
	return strings.Contains(q.Principal, ":role/") && len(unknown) > 0 &&
		!slices.ContainsFunc(unknown, func(key string) bool { return !strings.EqualFold(key, "aws:userid") })
}

// defaultVersionOfAWS begins the description of a reference that need not be
// reported, because the policy is the same in all accounts: another account may
// have the version.
const defaultVersionOfAWS = "default version of arn:aws:iam::aws:"

// TestDanglingReferencesNeverGrant: a reference that leads nowhere is reported
// and nothing is allowed that was not allowed with it; a boundary that is not
// there allows nothing.
func TestDanglingReferencesNeverGrant(t *testing.T) {
	t.Parallel()
	each(uint64(budget(300)), func(seed uint64) bool {
		sound := generate.DirectoryFromSeed(seed)
		dangling := sound.Dangle(seed)
		before, err := load(sound)
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
			return false
		}
		after, err := load(dangling)
		if err != nil {
			t.Errorf("seed %d: %s: %v", seed, dangling.Dangling, err)
			return false
		}
		if len(after.Problems()) == 0 {
			if strings.HasPrefix(dangling.Dangling, defaultVersionOfAWS) {
				return true // it is there after all, and one more user has it
			}
			t.Errorf("seed %d: %s is not reported", seed, dangling.Dangling)
		}
		kind, who, _ := strings.Cut(dangling.Dangling, " of ")
		for _, q := range sound.Questions(seed, 15) {
			with, err := resolve(before, q)
			if err != nil {
				t.Errorf("seed %d: %v", seed, err)
				return false
			}
			bare, err := resolve(after, q)
			if err != nil {
				t.Errorf("seed %d: %v", seed, err)
				return false
			}
			was, is := with.evaluator.Evaluate(with.request), bare.evaluator.Evaluate(bare.request)
			// A default version that is gone may have denied, which its
			// principals are told.
			if is.Allowed() && !was.Allowed() && (kind != "default version" || len(bare.principal.Problems) == 0) {
				t.Errorf("seed %d: %s: %s was %v and is %v", seed, dangling.Dangling, q.Principal, was, is)
				return false
			}
			concerned := q.Principal == who || q.Issuer != "" && strings.HasSuffix(who, "/"+q.Issuer) && segment(who, 4) == segment(q.Principal, 4)
			if kind == "boundary" && concerned && (len(bare.principal.Problems) == 0 || bare.principal.IdentityPolicies != nil && len(bare.principal.PermissionsBoundaries) != 1) {
				t.Errorf("seed %d: %s: %+v", seed, dangling.Dangling, bare.principal)
				return false
			}
			if kind != "default version" && concerned && !slices.ContainsFunc(bare.principal.Problems, func(p *principal.Problem) bool { return p.Entity == who }) {
				t.Errorf("seed %d: %s is not among the problems of %s: %v", seed, dangling.Dangling, q.Principal, bare.principal.Problems)
				return false
			}
		}
		return true
	})
}

// TestAMissingBoundaryLetsNothingThrough: not even what a resource grants to the
// user directly, which a boundary that is only silent would not stop.
func TestAMissingBoundaryLetsNothingThrough(t *testing.T) {
	const user, bucket = "arn:aws:iam::111111111111:user/alice", "arn:aws:s3:::reports"
	for boundary, want := range map[string]evaluate.Outcome{
		"": evaluate.Allowed, "arn:aws:iam::111111111111:policy/Silent": evaluate.Allowed, "arn:aws:iam::111111111111:policy/Gone": evaluate.ExplicitlyDenied,
	} {
		b := principal.NewBuilder()
		b.AddManagedPolicy("111111111111", principal.ManagedPolicyDetail{Name: "Silent", Document: `{"Statement":[]}`})
		b.AddUser("111111111111", principal.UserDetail{Name: "alice", Boundary: boundary})
		b.AddResource(principal.ResourceDetail{ARN: bucket, AccountID: "111111111111",
			Document: `{"Statement":{"Effect":"Allow","Principal":{"AWS":"` + user + `"},"Action":"s3:*","Resource":"` + bucket + `"}}`})
		d, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		decision, err := evaluate.Ask(d, user, "s3:ListBucket", bucket, nil)
		if err != nil || decision.Outcome != want {
			t.Errorf("boundary %q: %v, %v, want %v", boundary, decision, err, want)
		}
	}
}

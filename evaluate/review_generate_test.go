package evaluate_test

import (
	"fmt"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/fuzz/generate"
	"github.com/portcullis-iam/portcullis/principal"
)

// generatedDirectory builds the directory that the generator describes.
func generatedDirectory(tb testing.TB, described generate.Directory) *principal.Directory {
	tb.Helper()
	b := principal.NewBuilder()
	for _, account := range described.Accounts {
		details, err := account.AuthorizationDetails()
		if err != nil {
			tb.Fatal(err)
		}
		b.LoadAccountDetails(account.ID, details)
	}
	for _, resource := range described.Resources {
		detail := principal.ResourceDetail{ARN: resource.ARN, AccountID: resource.Account, Tags: map[string]string{}}
		for _, tag := range resource.Tags {
			detail.Tags[tag.Key] = tag.Value
		}
		if resource.Policy != nil {
			detail.Document = string(resource.Policy.JSON())
		}
		b.AddResource(detail)
	}
	if described.Organization != nil {
		b.SetOrganization(generatedOrganization(described.Organization))
	}
	d, err := b.Build()
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func generatedOrganization(described *generate.Organization) principal.Organization {
	o := principal.Organization{ID: described.ID, ManagementAccount: described.Management}
	name := func(into *[]principal.NamedDocument, documents []generate.Document) []string {
		var names []string
		for _, document := range documents {
			one := principal.NamedDocument{Name: fmt.Sprintf("p-%d", len(*into)), Document: string(document.JSON())}
			*into = append(*into, one)
			names = append(names, one.Name)
		}
		return names
	}
	var node func(u *generate.Unit) principal.OrganizationNode
	node = func(u *generate.Unit) principal.OrganizationNode {
		made := principal.OrganizationNode{ID: u.ID,
			ServiceControlPolicies: name(&o.ServiceControlPolicies, u.SCPs), ResourceControlPolicies: name(&o.ResourceControlPolicies, u.RCPs)}
		for _, account := range u.Accounts {
			made.Accounts = append(made.Accounts, principal.OrganizationAccount{ID: account.ID,
				ServiceControlPolicies: name(&o.ServiceControlPolicies, account.SCPs), ResourceControlPolicies: name(&o.ResourceControlPolicies, account.RCPs)})
		}
		for at := range u.Units {
			made.Units = append(made.Units, node(&u.Units[at]))
		}
		return made
	}
	o.Root = node(&described.Root)
	return o
}

// generatedContext gives the context of a question; every key for which unknown
// says so is one of which nothing is known.
func generatedContext(entries []generate.ContextEntry, unknown func() bool) *condition.Context {
	c := new(condition.Context)
	for _, entry := range entries {
		var texts []string
		for _, item := range entry.Value.Items {
			texts = append(texts, item.Text)
		}
		switch {
		case unknown():
			c.SetUnknown(entry.Key)
		case entry.Value.List:
			c.Set(entry.Key, condition.List(texts...))
		case len(texts) == 1:
			c.Set(entry.Key, condition.String(texts[0]))
		}
	}
	return c
}

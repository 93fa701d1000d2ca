package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/portcullis-iam/portcullis/evaluate/hotreload"
	"github.com/portcullis-iam/portcullis/principal"
)

// The names of things in AWS.
const (
	region  = "eu-west-1"
	account = "111122223333"

	apiID        = "shop42"
	apiARN       = "arn:aws:execute-api:" + region + ":" + account + ":" + apiID
	functionARN  = "arn:aws:lambda:" + region + ":" + account + ":function:orders-report"
	functionRole = "arn:aws:iam::" + account + ":role/orders-report"
)

//go:embed policies
var builtIn embed.FS

// watchPolicies loads the policies and, if they are in a directory, follows them.
func watchPolicies(o Options) (*hotreload.Watcher, error) {
	embedded, err := fs.Sub(builtIn, "policies")
	if err != nil {
		return nil, err
	}
	options := hotreload.Options{Add: addPolicies, Check: checkPolicies, Interval: -1, Observe: func(event hotreload.Event) {
		if o.Reloaded != nil {
			o.Reloaded(event)
		}
		switch {
		case o.Logger == nil:
		case event.Err != nil:
			o.Logger.Error("policies not loaded, the last good ones stay in force", "error", event.Err)
		default:
			o.Logger.Info(event.String())
		}
	}}
	if o.Policies == "" {
		return hotreload.Watch(embedded, options)
	}
	there, err := os.ReadDir(o.Policies)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if len(there) == 0 {
		if err := os.CopyFS(o.Policies, embedded); err != nil {
			return nil, err
		}
	}
	options.Interval = o.Interval
	return hotreload.Watch(os.DirFS(o.Policies), options)
}

// addPolicies puts the files into an account:
//
//	roles/NAME/trust.json     the trust policy of a role
//	roles/NAME/POLICY.json    its inline policies
//	apis/ID.json              the resource policy of an API
func addPolicies(b *principal.Builder, files []principal.File) error {
	var roles []principal.RoleDetail
	for _, file := range files {
		folder, name := path.Split(file.Name)
		name = strings.TrimSuffix(name, ".json")
		kind, entity, _ := strings.Cut(strings.TrimSuffix(folder, "/"), "/")
		switch {
		case kind == "roles" && entity != "":
			if len(roles) == 0 || roles[len(roles)-1].Name != entity { // files are sorted
				roles = append(roles, principal.RoleDetail{Name: entity})
			}
			role := &roles[len(roles)-1]
			if name == "trust" {
				role.Trust, role.TrustFile = string(file.Text), file.Name
			} else {
				role.Inline = append(role.Inline, principal.NamedDocument{Name: name, Document: string(file.Text), File: file.Name})
			}
		case kind == "apis" && entity == "":
			b.AddResource(principal.ResourceDetail{
				ARN:      "arn:aws:execute-api:" + region + ":" + account + ":" + name,
				Document: string(file.Text), File: file.Name,
			})
		default:
			return fmt.Errorf("%s: policies are roles/NAME/POLICY.json and apis/ID.json", file.Name)
		}
	}
	b.AddAccount(principal.AccountDetails{AccountID: account, Roles: roles})
	return nil
}

// checkPolicies refuses a set that is half of one: it has no errors, but a Deny
// may be missing in it.
func checkPolicies(directory *principal.Directory) error {
	if problems := directory.Problems(); len(problems) > 0 {
		return problems[0]
	}
	for _, name := range []string{"managers", "clerks", "guests", "orders-report"} {
		arn := "arn:aws:iam::" + account + ":role/" + name
		role, err := directory.Principal(arn)
		if err != nil {
			return err
		}
		if len(role.IdentityPolicies) == 0 {
			return fmt.Errorf("the role %s has no policies", name)
		}
		side, err := directory.Resource(arn, "")
		if err != nil {
			return err
		}
		if side.Policy == nil {
			return fmt.Errorf("the role %s has no trust policy", name)
		}
	}
	api, err := directory.Resource(apiARN, "")
	if err != nil {
		return err
	}
	if api.Policy == nil {
		return fmt.Errorf("the API %s has no resource policy", apiID)
	}
	return nil
}

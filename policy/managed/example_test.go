package managed_test

import (
	"fmt"
	"strings"

	"github.com/portcullis-iam/portcullis/policy/managed"
)

func ExampleLookup() {
	entry, ok := managed.Lookup("arn:aws:iam::aws:policy/AdministratorAccess")
	if !ok {
		fmt.Println("AWS has no such policy")
		return
	}
	document, err := entry.JSON()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(entry.Name, entry.VersionID)
	fmt.Println(string(document))
	// Output:
	// AdministratorAccess v1
	// {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}
}

// A name finds a policy whatever its path; the ARN says which it is.
func ExampleLookup_name() {
	entry, ok := managed.Lookup("AWSLambdaBasicExecutionRole")
	fmt.Println(ok, entry.ARN)
	// Output:
	// true arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
}

// The policies for job functions have a path of their own.
func ExampleAll() {
	for entry := range managed.All() {
		if strings.Contains(entry.ARN, ":policy/job-function/D") {
			fmt.Println(entry.Name, entry.Created.Format("2006-01-02"))
		}
	}
	// Output:
	// DataScientist 2016-11-10
	// DatabaseAdministrator 2016-11-10
}

package hotreload_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/portcullis-iam/portcullis/evaluate/hotreload"
	"github.com/portcullis-iam/portcullis/principal"
)

// A program follows the account details in a directory. A file that is broken
// changes nothing but the report.
func ExampleWatch() {
	directory, err := os.MkdirTemp("", "policies")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(directory)
	account := filepath.Join(directory, "account.json")
	write := func(text string) {
		if err := os.WriteFile(account, []byte(text), 0o644); err != nil {
			log.Fatal(err)
		}
	}

	write(details("GetObject"))
	watcher, err := hotreload.Watch(os.DirFS(directory), hotreload.Options{
		Interval: -1, // look when Reload says so
		Observe:  func(event hotreload.Event) { fmt.Println(event) },
		Check: func(directory *principal.Directory) error {
			if problems := directory.Problems(); len(problems) > 0 {
				return problems[0] // a policy that is attached is missing: half a set?
			}
			return nil
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer watcher.Close()

	write(`{"UserDetailList": {}}`)
	_ = watcher.Reload() // reported to Observe
	write(details("PutObject"))
	_ = watcher.Reload()
	// Output:
	// policies loaded: 1 file
	// policies not loaded, the last good ones stay in force: account.json:1:20: UserDetailList: a JSON array should be here (DATA_TYPE_MISMATCH)
	// policies loaded: 1 file
}

package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Names of the header lines that Encode writes by itself.
const (
	HeaderPolicies = "policies" // the number of policies
	HeaderSHA256   = "sha256"   // of every policy's line, document and another newline, in order
)

// Verify checks all that New does not, and decompresses every document: that
// lines are sorted and complete, that rows and lines agree, that documents are
// JSON, and that the header's count and hash are those of what is stored. The
// error joins everything that is wrong.
func (c Catalog) Verify() error {
	var problems []error
	wrong := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("%w: "+format, append([]any{ErrCorrupt}, args...)...))
	}

	if got := c.Header(HeaderPolicies); got != strconv.Itoa(c.Len()) {
		wrong("the header says %q policies, the table has %d", got, c.Len())
	}
	body, _, _ := strings.Cut(c.index, "\n"+arnPrefix)
	if c.Len() > 0 && int64(c.row(0).line) != int64(len(body)+1) {
		wrong("the first row points at byte %d, the first policy is at %d", c.row(0).line, len(body)+1)
	}
	if lines := strings.Count(c.index[min(len(c.index), len(body)+1):], "\n"); lines != c.Len() {
		wrong("the index has %d lines of policies, the table has %d", lines, c.Len())
	}

	hash := sha256.New()
	previous := ""
	for i := range c.Len() {
		r := c.Record(i)
		if !strings.HasPrefix(r.ARN, arnPrefix) || r.Name() == "" {
			wrong("policy %d has the ARN %q", i, r.ARN)
		}
		if r.Name() <= previous {
			wrong("policy %d: %q does not follow %q", i, r.Name(), previous)
		}
		previous = r.Name()
		if number, ok := strings.CutPrefix(r.VersionID, "v"); !ok || !isDecimal(number) {
			wrong("%s has the version ID %q", r.Name(), r.VersionID)
		}
		for _, when := range []string{r.Created, r.Updated} {
			if _, err := time.Parse(time.RFC3339, when); err != nil {
				wrong("%s: %w", r.Name(), err)
			}
		}
		document, err := c.Document(i)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		if !json.Valid(document) {
			wrong("the document of %s is not JSON", r.Name())
		}
		fmt.Fprintf(hash, "%s%s\n", r.line(), document)
	}
	if got, want := hex.EncodeToString(hash.Sum(nil)), c.Header(HeaderSHA256); got != want {
		wrong("the policies have the SHA-256 %s, the header says %q", got, want)
	}
	if c.documents != "" {
		if end := c.row(c.Len()); uint64(end.line) != uint64(len(c.index)) || uint64(end.document) != uint64(len(c.documents)) {
			wrong("the last row does not point at the ends of the files")
		}
	}
	return errors.Join(problems...)
}

func isDecimal(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}

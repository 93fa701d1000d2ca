package evaluate

import (
	"fmt"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// indexSize counts what an index holds for each entry and each action.
func indexSize(ix *index) (size int) {
	parts := ix.services
	if ix.every != nil {
		parts = append(parts[:len(parts):len(parts)], *ix.every)
	}
	for at := range parts {
		p := &parts[at]
		size += len(p.classes) + len(p.matrix) + len(p.always) + len(p.tree.nodes) + len(p.tree.entries)
		for _, c := range p.tree.crowds {
			size += len(c.rows) + len(c.list)
		}
	}
	return size
}

// TestIndexIsLinear: an index may not cost the product of patterns and actions,
// whatever the policy: hundreds of patterns under one prefix or under
// a few, thousands of actions, of which each speaks of all or of one.
func TestIndexIsLinear(t *testing.T) {
	t.Parallel()
	sizes := map[string][2]int{}
	for at, count := range [2]int{200, 1600} {
		for _, shape := range []struct{ name, action, resource string }{
			{"a crowd with all actions", `"s3:*"`, "a*%[1]d"},
			{"a crowd with one action each", `"s3:Do%[1]d"`, "a*%[1]d"},
			{"many crowds", `"s3:Do%[2]d"`, "b%[3]d/*/%[1]d"},
			{"no crowd", `"s3:*"`, "%[1]d/*"},
		} {
			var document strings.Builder
			document.WriteString(`{"Statement":[{"Effect":"Allow","Resource":"*","Action":["s3:x"`)
			for number := range count * 5 {
				fmt.Fprintf(&document, `,"s3:Do%d"`, number)
			}
			document.WriteString(`]}`)
			for number := range count {
				fmt.Fprintf(&document, `,{"Effect":"Allow","Action":`+shape.action+`,"Resource":"arn:aws:s3:::`+shape.resource+`"}`,
					number, number%3, number/crowdLimit)
			}
			document.WriteString(`]}`)
			loaded, err := policy.Load(policy.IdentityBased, []byte(document.String()))
			if err != nil {
				t.Fatal(err)
			}
			user, err := principal.Identify("arn:aws:iam::111111111111:user/alice", "")
			if err != nil {
				t.Fatal(err)
			}
			e, err := New(&principal.Principal{Identity: user, IdentityPolicies: []principal.Attachment{{Policy: loaded}}})
			if err != nil {
				t.Fatal(err)
			}
			size := sizes[shape.name]
			size[at] = indexSize(e.identity.allow.index)
			sizes[shape.name] = size
		}
	}
	for name, size := range sizes {
		t.Logf("%s: %d, then %d", name, size[0], size[1])
		if size[1] > 9*size[0] {
			t.Errorf("%s: eight times the policy makes the index grow from %d to %d", name, size[0], size[1])
		}
	}
}

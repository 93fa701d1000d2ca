package condition_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/portcullis-iam/portcullis/condition"
)

// A key is cut at its first slash, wherever that stands and however the key was
// given.
func TestKeysWithSlashes(t *testing.T) {
	for _, others := range []int{0, 40} {
		for _, one := range []struct{ family, tag, key string }{{"", "x", "/X"}, {"/a", "b", "/A/B"}, {"a", "/", "A//"}, {"a", "", "A/"}, {"a/b", "c/d", "A/B/C/D"}} {
			var c condition.Context
			for n := range others {
				c.Set(fmt.Sprint(n), condition.Int(1))
			}
			c.SetTag(one.family, one.tag, condition.String("apart"))
			if value, found := c.Lookup(one.key); !found || value.Text() != "apart" {
				t.Errorf("%d others: %q with %q: %s is %v, %v", others, one.family, one.tag, one.key, value, found)
			}
			view := &condition.View{Supplied: &c}
			if got := condition.Compile([]condition.Test{test("StringEquals", one.key, "apart")}, true).Evaluate(view); got != condition.True {
				t.Errorf("%d others: a test of %s is %v", others, one.key, got)
			}
			c.Set(one.key, condition.String("whole"))
			c.SetTag(one.family, one.tag, condition.String("apart again"))
			if value, _ := c.Lookup(one.key); value.Text() != "apart again" || c.Len() != others+1 {
				t.Errorf("%d others: %s is %v among %d keys", others, one.key, value, c.Len())
			}
			c.SetTag(one.family, one.tag, condition.Value{})
			if _, found := c.Lookup(one.key); found || c.Len() != others || len(dump(&c)) != others {
				t.Errorf("%d others: %s is there after it was deleted", others, one.key)
			}
			c.SetAbsent(one.key)
			c.SetTag(one.family, one.tag, condition.String("present"))
			if value, _ := c.Lookup(one.key); value.Text() != "present" || c.Len() != others+1 {
				t.Errorf("%d others: %s is %v among %d keys after it was absent", others, one.key, value, c.Len())
			}
		}
	}
}

// A context that is used again is as good as a new one, whatever was in it.
func TestReset(t *testing.T) {
	var c condition.Context
	for _, size := range []int{100, 40, 20, 19, 18, 17, 16, 15, 1, 0, 17, 33, 64, 65, 66} {
		c.SetAbsent("absent")
		c.Reset()
		if c.Len() != 0 {
			t.Fatalf("%d keys after Reset", c.Len())
		}
		clone := c.Clone()
		for n := range size {
			c.Set(fmt.Sprintf("Key%d", 100-n), condition.Int(int64(n)))
		}
		clone.Set("key99", condition.Int(-1))
		if value, found := clone.Lookup("KEY99"); !found || value.Text() != "-1" || clone.Len() != 1 {
			t.Fatalf("before %d keys: the clone has %v, %v, and %d keys", size, value, found, clone.Len())
		}
		for n := range 100 {
			value, found := c.Lookup(fmt.Sprintf("kEY%d", 100-n))
			if found != (n < size) || (found && value.Text() != fmt.Sprint(n)) {
				t.Fatalf("%d keys: the one with the number %d is %v, %v", size, n, value, found)
			}
		}
		if c.Len() != size {
			t.Fatalf("%d keys, want %d", c.Len(), size)
		}
	}
}

// A clone has all that the original had, and changes of one do not reach the
// other.
func TestClone(t *testing.T) {
	for _, size := range []int{1, 3, 16, 17, 40} {
		var c condition.Context
		c.MarkTagsKnown()
		c.SetAbsent("absent")
		for n := range size {
			c.Set(fmt.Sprintf("key%d", n), condition.Int(int64(n)))
		}
		want := dump(&c)
		clone := c.Clone()
		c.Delete("key0")
		c.Set("more", condition.Bool(true))
		c.Set("absent", condition.Bool(true))
		if !clone.TagsKnown() || clone.Len() != size {
			t.Errorf("%d keys: the clone has %d; tags known %v", size, clone.Len(), clone.TagsKnown())
		}
		if diff := cmp.Diff(want, dump(clone)); diff != "" {
			t.Errorf("%d keys (-want +got)\n%s", size, diff)
		}
		for n := range size {
			if value, found := clone.Lookup(fmt.Sprintf("KEY%d", n)); !found || value.Text() != fmt.Sprint(n) {
				t.Errorf("%d keys: key%d of the clone is %v, %v", size, n, value, found)
			}
		}
		if _, found := clone.Lookup("more"); found {
			t.Errorf("%d keys: a new key reached the clone", size)
		}
		clone.Set("more", condition.Int(1))
		clone.Delete("key0")
		for n := 1; n < size; n++ {
			if value, found := c.Lookup(fmt.Sprintf("KEY%d", n)); !found || value.Text() != fmt.Sprint(n) {
				t.Errorf("%d keys: key%d is %v, %v", size, n, value, found)
			}
		}
		if value, _ := c.Lookup("more"); value.Text() != "true" {
			t.Errorf("%d keys: a key of the clone reached the original: %v", size, value)
		}
	}
	var none *condition.Context
	clone := none.Clone()
	if clone == nil {
		t.Fatal("the clone of nil is nil")
	}
	clone.Set("k", condition.Int(1))
	if clone.Len() != 1 {
		t.Error("the clone of nil takes no keys")
	}
}

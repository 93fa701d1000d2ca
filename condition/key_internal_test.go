package condition

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Equal keys have equal hashes, however they are cut, and no key that differs
// is equal.
func TestKeyHash(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-zA-Z:@\x60{\[/é]{0,30}`).Draw(t, "key")
		cut, hash := hashKey(text)
		otherCut, otherHash := hashKey(strings.ToUpper(strings.ReplaceAll(text, "é", "\xc3\xa9")))
		if strings.Contains(text, "é") {
			return // its upper case is another key
		}
		if cut != otherCut || hash != otherHash {
			t.Fatalf("%q: %d and %x, in upper case %d and %x", text, cut, hash, otherCut, otherHash)
		}
	})
	// A hash that does not spread would go unnoticed otherwise.
	seen := map[uint64]string{}
	for _, family := range []string{"aws:PrincipalTag/", "aws:RequestTag/", "aws:", "s3:", ""} {
		for first := 'a'; first <= 'z'; first++ {
			for second := 'a'; second <= 'z'; second++ {
				for _, end := range []string{"", "-name", "-environment"} {
					key := family + string(first) + string(second) + end
					_, hash := hashKey(key)
					if other, found := seen[hash]; found {
						t.Fatalf("%s and %s have the same hash", key, other)
					}
					seen[hash] = key
				}
			}
		}
	}
}

// Keys with the same hash are told apart.
func TestEqualHashes(t *testing.T) {
	var c Context
	_, hash := hashKey("a@b")
	if _, other := hashKey("a`b"); hash != other {
		t.Fatal("the hashes of a@b and a`b differ; choose keys that collide")
	}
	for n := range 40 {
		if n > 0 {
			c.Set(strings.Repeat("x", n), Int(int64(n)))
		}
		c.Set("a@b", String("at"))
		c.Set("a`b", String("grave"))
		at, _ := c.Lookup("A@B")
		grave, _ := c.Lookup("A`B")
		if at.Text() != "at" || grave.Text() != "grave" || c.Len() != n+2 {
			t.Fatalf("%v and %v among %d keys", at, grave, c.Len())
		}
	}
}

// An entry is the key that it was made of, in any case and whether its tag was
// given apart or not, and no other: equal hashes alone prove nothing.
func TestEntryIsItsKey(t *testing.T) {
	keys := []string{"", "/", "a", "A", "/a", "a/", "a/b", "A/B", "ab/b", "b/a", "a/b/c", "ab"}
	for _, key := range keys {
		k := makeLookup(key)
		entries := []entry{{text: key, cut: k.cut}}
		if k.cut >= 0 {
			entries[0].tag = key[k.cut+1:]
			entries = append(entries, entry{text: key[:k.cut], tag: key[k.cut+1:], cut: k.cut})
		}
		for _, other := range keys {
			o := makeLookup(other)
			head, tag := other, ""
			if o.cut >= 0 {
				head, tag = other[:o.cut], other[o.cut+1:]
			}
			want := strings.EqualFold(key, other)
			for at := range entries {
				e := &entries[at]
				if e.key() != key || e.is(other, o.cut, tag) != want || e.is(head, o.cut, tag) != want || e.isKey(&o) != want {
					t.Errorf("entry %+v is %q: want %v", *e, other, want)
				}
			}
		}
	}
}

// A table finds keys, and that others are not there, however their places
// crowd.
func TestCrowdedTable(t *testing.T) {
	var keys []string
	for n := 0; len(keys) < 180; n++ {
		key := "key" + strconv.Itoa(n)
		if _, hash := hashKey(key); hash&0xFF == 0 {
			keys = append(keys, key)
		}
	}
	var c Context
	for at := 0; at < len(keys); at += 2 {
		c.Set(keys[at], String(keys[at]))
	}
	for at, key := range keys {
		if value, found := c.Lookup(key); found != (at%2 == 0) || (found && value.Text() != key) {
			t.Errorf("%s is %v, %v", key, value, found)
		}
	}
}

package condition

import (
	"iter"
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/internal/fold"
)

// A Context is the context of a request: values under keys whose ASCII case
// does not matter, also behind the slash of a tag key.
//
// The zero Context is empty and ready to use. Pass it by pointer. One
// goroutine may build it; when it is built, any number may read it. [Context.Reset]
// makes it ready for the next request and keeps its storage, so that a context
// in a pool is filled without allocation.
//
// Setting and finding a key costs one hash of it and a scan of the hashes
// (up to sixteen keys) or a probe of a table (beyond).
type Context struct {
	hashes       []uint64 // of entries, apart from them so that a scan stays in a cache line or two
	entries      []entry
	table        []int32 // open addressing, index into entries + 1; in use beyond linearLimit entries
	filter       uint64  // the bits of all hashes, see filterBit
	sealed       int     // how many entries say that their key is absent
	tagsKnown    bool
	sessionKnown bool
}

// linearLimit is the number of keys up to which scanning their hashes is as
// quick as probing a table. Real requests have four to a dozen.
const linearLimit = 16

// filterBit is the bit of a hash in a set of hashes. Most lookups are of keys
// that are not there: keys not yet set when a context is filled, and keys of the
// request in what is known of the principal. The set answers nearly all of them.
func filterBit(hash uint64) uint64 { return 1 << (hash >> 58) }

// An entry is a key with its value. The key is text, or text + "/" + tag if
// the tag was given apart.
type entry struct {
	text  string
	tag   string // the key behind its first slash
	value Value
	cut   int32 // the offset of the first slash, or where it would be; -1 without
}

func (e *entry) key() string {
	if e.cut >= 0 && int(e.cut) == len(e.text) {
		return e.text + "/" + e.tag
	}
	return e.text
}

// is tells whether the entry's key is the one with these parts. Text without
// slash has cut -1 and no tag; else the part up to cut is its head.
func (e *entry) is(text string, cut int32, tag string) bool {
	if e.cut != cut {
		return false
	}
	if cut < 0 {
		return fold.Equal(e.text, text)
	}
	return fold.Equal(e.tag, tag) && fold.Equal(e.text[:cut], text[:cut])
}

// Set puts a value under a key, in place of the value that an equal key has.
// It keeps the key without copying it. Setting the zero Value deletes the key.
// It allocates only to enlarge the storage.
func (c *Context) Set(key string, value Value) {
	cut, hash := hashKey(key)
	tag := ""
	if cut >= 0 {
		tag = key[cut+1:]
	}
	*c.slot(key, cut, tag, hash) = value
	if value.form == asNothing || c.sealed > 0 {
		c.settle(key)
	}
}

// SetTag is Set of the key family/tag, for example aws:PrincipalTag/team,
// without building the text of that key.
func (c *Context) SetTag(family, tag string, value Value) {
	if strings.IndexByte(family, '/') >= 0 { // the key is cut within the family
		c.Set(family+"/"+tag, value)
		return
	}
	*c.slot(family, int32(len(family)), tag, hashTagged(fold.Hash(family), fold.Hash(tag))) = value
	if value.form == asNothing || c.sealed > 0 {
		c.settle(family + "/" + tag)
	}
}

// Grow makes room for as many more keys, so that setting them allocates nothing.
// Beyond sixteen keys it still allocates a table.
func (c *Context) Grow(keys int) {
	c.hashes = slices.Grow(c.hashes, keys)
	c.entries = slices.Grow(c.entries, keys)
}

// SetUnknown says that nothing is known about a key yet: neither whether it is
// present nor with what value. What hangs on it is then [Unknown].
func (c *Context) SetUnknown(key string) { c.Set(key, UnknownValue()) }

// SetAbsent says that a key is known to be absent. In the Principal or
// Resource context of a [View] that seals the key: one that the caller
// supplies does not count. Elsewhere it is the same as never setting it.
func (c *Context) SetAbsent(key string) {
	c.Set(key, Value{form: asAbsent})
	c.settle(key)
}

// MarkTagsKnown says, of the Resource context of a [View], that it holds all
// tags of the resource, so that a tag which is not in it is absent whatever the
// caller supplied.
func (c *Context) MarkTagsKnown() { c.tagsKnown = true }

// MarkSessionKnown says, of the Principal context of a [View], that it holds all
// keys of the session ([SessionKey]), so that one which is not in it is absent
// whatever the caller supplied.
func (c *Context) MarkSessionKnown() { c.sessionKnown = true }

// TagsKnown tells whether the context was marked by [Context.MarkTagsKnown].
func (c *Context) TagsKnown() bool { return c != nil && c.tagsKnown }

// settle brings the bookkeeping up to date after a key was set to something
// that is not a value, or may have been before.
func (c *Context) settle(key string) {
	c.sealed = 0
	for at := range c.entries {
		if c.entries[at].value.form == asAbsent {
			c.sealed++
		}
	}
	k := key
	cut, hash := hashKey(k)
	tag := ""
	if cut >= 0 {
		tag = k[cut+1:]
	}
	if at := c.index(k, cut, tag, hash); at >= 0 && c.entries[at].value.form == asNothing {
		c.remove(at)
	}
}

// slot gives the place for the value of a key, a new one if need be.
func (c *Context) slot(text string, cut int32, tag string, hash uint64) *Value {
	at := c.index(text, cut, tag, hash)
	if at < 0 {
		at = len(c.entries)
		if at < cap(c.entries) && at < cap(c.hashes) {
			c.entries = c.entries[:at+1]
			c.hashes = c.hashes[:at+1]
		} else {
			c.entries = append(c.entries, entry{})
			c.hashes = append(c.hashes, 0)
		}
		c.hashes[at] = hash
		c.filter |= filterBit(hash)
		if at >= linearLimit {
			c.enter(at)
		}
	}
	e := &c.entries[at]
	e.text, e.tag, e.cut = text, tag, cut
	return &e.value
}

// index finds a key; -1 if it is not there.
func (c *Context) index(text string, cut int32, tag string, hash uint64) int {
	if c.filter&filterBit(hash) == 0 {
		return -1
	}
	if len(c.hashes) > linearLimit {
		return c.probe(text, cut, tag, hash)
	}
	for at, other := range c.hashes {
		if other == hash && c.entries[at].is(text, cut, tag) {
			return at
		}
	}
	return -1
}

func (c *Context) probe(text string, cut int32, tag string, hash uint64) int {
	mask := uint64(len(c.table) - 1)
	for place := hash & mask; ; place = (place + 1) & mask {
		at := int(c.table[place]) - 1
		if at < 0 {
			return -1
		}
		if c.hashes[at] == hash && c.entries[at].is(text, cut, tag) {
			return at
		}
	}
}

// enter puts the last entry into the table, which is made when the scan
// becomes too long, and is at most half full.
func (c *Context) enter(at int) {
	if at > linearLimit && len(c.table) >= 2*(at+1) {
		c.place(at)
		return
	}
	c.rebuild()
}

func (c *Context) rebuild() {
	size := 4 * linearLimit
	for size < 2*len(c.entries) {
		size *= 2
	}
	if size <= len(c.table) {
		clear(c.table)
	} else {
		c.table = make([]int32, 2*size)
	}
	for at := range c.entries {
		c.place(at)
	}
}

func (c *Context) place(at int) {
	mask := uint64(len(c.table) - 1)
	place := c.hashes[at] & mask
	for c.table[place] != 0 {
		place = (place + 1) & mask
	}
	c.table[place] = int32(at + 1)
}

// remove takes an entry out and closes the gap, so that the order stays.
func (c *Context) remove(at int) {
	last := len(c.entries) - 1
	copy(c.entries[at:], c.entries[at+1:])
	copy(c.hashes[at:], c.hashes[at+1:])
	c.entries[last] = entry{}
	c.entries = c.entries[:last]
	c.hashes = c.hashes[:last]
	if last > linearLimit {
		c.rebuild()
	}
}

// Delete takes a key out, if it is there. It costs time in proportion to the
// number of keys.
func (c *Context) Delete(key string) { c.Set(key, Value{}) }

// Reset takes everything out and keeps the storage. The storage refers to the
// old keys and values until new ones overwrite them.
func (c *Context) Reset() {
	c.entries = c.entries[:0]
	c.hashes = c.hashes[:0]
	c.filter = 0
	c.sealed = 0
	c.tagsKnown = false
	c.sessionKnown = false
}

// Lookup gives the value of a key, and whether the key is present or unknown.
// A nil Context has no keys.
func (c *Context) Lookup(key string) (Value, bool) {
	if c == nil {
		return Value{}, false
	}
	k := makeLookup(key)
	if value := c.find(&k); value != nil && value.form != asAbsent {
		return *value, true
	}
	return Value{}, false
}

// makeLookup is makeKey without the class.
func makeLookup(text string) key {
	cut, hash := hashKey(text)
	return key{text: text, hash: hash, cut: cut}
}

// find gives the value of a key, also one of the form asAbsent; nil if the
// context does not know the key.
func (c *Context) find(k *key) *Value {
	if c.filter&filterBit(k.hash) == 0 {
		return nil
	}
	return c.search(k)
}

func (c *Context) search(k *key) *Value {
	if len(c.hashes) > linearLimit {
		return c.findProbing(k)
	}
	for at, hash := range c.hashes {
		if hash == k.hash && c.entries[at].isKey(k) {
			return &c.entries[at].value
		}
	}
	return nil
}

func (c *Context) findProbing(k *key) *Value {
	tag := ""
	if k.cut >= 0 {
		tag = k.text[k.cut+1:]
	}
	if at := c.probe(k.text, k.cut, tag, k.hash); at >= 0 {
		return &c.entries[at].value
	}
	return nil
}

// isKey is the method is for a compiled key.
func (e *entry) isKey(k *key) bool {
	if e.cut != k.cut {
		return false
	}
	if e.text == k.text { // both whole: the usual spelling
		return true
	}
	if k.cut < 0 {
		return fold.Equal(e.text, k.text)
	}
	return fold.Equal(e.tag, k.text[k.cut+1:]) && fold.Equal(e.text[:k.cut], k.text[:k.cut])
}

// Len is the number of keys that are present or unknown. A nil Context has
// none.
func (c *Context) Len() int {
	if c == nil {
		return 0
	}
	return len(c.entries) - c.sealed
}

// All goes through the keys and values in the order in which they were first
// set. The context must not be modified meanwhile.
func (c *Context) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if c == nil {
			return
		}
		for at := range c.entries {
			e := &c.entries[at]
			if e.value.form != asAbsent && !yield(e.key(), e.value) {
				return
			}
		}
	}
}

// Clone gives a copy that can be modified apart from the original. Values are
// shared, since they are immutable. The clone of a nil Context is empty.
func (c *Context) Clone() *Context {
	clone := new(Context)
	c.CopyTo(clone)
	return clone
}

// CopyTo makes other a copy of the context, as Clone would, in place of what it
// held. A nil Context makes it empty.
func (c *Context) CopyTo(other *Context) {
	if c == nil {
		*other = Context{}
		return
	}
	*other = *c
	other.hashes = append([]uint64(nil), c.hashes...)
	other.entries = append([]entry(nil), c.entries...)
	other.table = append([]int32(nil), c.table...)
}

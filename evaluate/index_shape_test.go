package evaluate

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/internal/fold"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
	"github.com/portcullis-iam/portcullis/policy"
)

// checkIndex holds everything that an index has worked out against the
// statements themselves: nothing may be left out, and nothing that could have
// been told apart may be left in, since both its answers and its speed come
// from there.
func checkIndex(t *testing.T, ix *index) {
	t.Helper()
	checkTable(t, ix.actions)
	heads := uint64(0)
	check := func(service int32, p *part) {
		entries := map[int32]int{}
		for _, e := range p.always {
			entries[e.member]++
			heads = ^uint64(0)
			if e.resource != nil && e.resource.Pattern.TailPrefix() != "" {
				t.Errorf("%q is not in the tree", e.resource.Pattern.TailPrefix())
			}
		}
		for _, e := range p.tree.entries {
			entries[e.member]++
			heads |= headOf(e.resource.Pattern.TailPrefix())
		}
		for at := range ix.members {
			statement, want := ix.members[at].statement, 0
			if slices.Contains(ix.actions.servicesOf(nil, statement), service) {
				want = max(1, len(statement.Resources))
				if statement.Flags.Has(compiled.NotResource) {
					want = 1
				}
			}
			if entries[int32(at)] != want {
				t.Errorf("statement %d has %d entries in the part of service %d, want %d", at, entries[int32(at)], service, want)
			}
		}
		for _, e := range slices.Concat(p.always, p.tree.entries) {
			checkEntry(t, ix, service, p, &e)
		}
		checkMatrixSize(t, ix, service, p)
		checkTree(t, p)
	}
	for service := range ix.services {
		check(int32(service), &ix.services[service])
	}
	if ix.every != nil {
		check(everyService, ix.every)
	}
	if ix.heads != heads {
		t.Errorf("heads are %x, want %x", ix.heads, heads)
	}
}

func checkTable(t *testing.T, table *actionTable) {
	t.Helper()
	for number, name := range table.names {
		service := table.serviceNumber[number]
		prefix, _, _ := strings.Cut(name, ":")
		if table.number(strings.ToUpper(name)) != int32(number) || table.serviceOf(strings.ToLower(name)) != service || strings.ContainsAny(name, "*?") {
			t.Errorf("action %d, %s, is number %d of service %d", number, name, table.number(name), table.serviceOf(name))
		}
		if !fold.Equal(table.services[service].prefix, prefix) || table.services[service].actions[table.local[number]] != int32(number) {
			t.Errorf("%s is not the action that it is within its service", name)
		}
	}
	for number := range table.services {
		if prefix := table.services[number].prefix; table.serviceOf(prefix+":*") != int32(number) || table.serviceOf(prefix+":none") != int32(number) {
			t.Errorf("service %d, %s, is number %d", number, prefix, table.serviceOf(prefix+":*"))
		}
	}
	if cap(table.names) != len(table.names) || cap(table.local) != len(table.local) || cap(table.services) != len(table.services) {
		t.Error("the table keeps what was reserved for growth")
	}
}

// checkEntry holds what can be tested of an entry before its statement against
// the statement.
func checkEntry(t *testing.T, ix *index, service int32, p *part, e *entry) {
	t.Helper()
	statement, c := ix.members[e.member].statement, &p.classes[e.class]
	suffix := ""
	if e.resource != nil {
		suffix = e.resource.Pattern.TailSuffix()
		suffix = suffix[max(0, len(suffix)-8):]
	}
	if e.ending != endingOf(suffix) || int(e.unused) != 64-8*len(suffix) {
		t.Errorf("the ending %q is %x without %d bits", suffix, e.ending, e.unused)
	}
	for action, name := range ix.actions.names {
		of := ix.actions.serviceNumber[action]
		if service != everyService && service != of {
			continue
		}
		want := statement.MatchesAction(name)
		if got := c.speaks(int32(action), of, name); got != want {
			t.Errorf("the class of statement %d in the part of service %d speaks of %s: %v", e.member, service, name, got)
		}
		if row := p.row(int32(action)); (row == nil) != (p.matrix == nil) || row != nil && (row[e.class/64]>>(e.class%64)&1 != 0) != want {
			t.Errorf("in the part of service %d the bit of statement %d for %s is not %v", service, e.member, name, want)
		}
	}
	for of := range ix.actions.services {
		if service != everyService && service != int32(of) {
			continue
		}
		for _, name := range []string{"gut", "getting", "lot", "unheard"} {
			name = ix.actions.services[of].prefix + ":" + name
			if got := c.speaks(-1, int32(of), name); got != statement.MatchesAction(name) {
				t.Errorf("the class of statement %d speaks of %s, which no statement names: %v", e.member, name, got)
			}
		}
	}
	if got := c.speaks(-1, -1, "new:Get"); service == everyService && got != statement.MatchesAction("new:Get") {
		t.Errorf("the class of statement %d speaks of a service that no statement names: %v", e.member, got)
	}
}

func checkMatrixSize(t *testing.T, ix *index, service int32, p *part) {
	t.Helper()
	rows := len(ix.actions.names)
	if service != everyService {
		rows = len(ix.actions.services[service].actions)
	}
	words := (len(p.classes) + 63) / 64
	if p.classes != nil && p.words != words || p.matrix != nil && len(p.matrix) != rows*words {
		t.Errorf("%d classes and %d actions make a matrix of %d words, %d a row", len(p.classes), rows, len(p.matrix), p.words)
	}
	if entries := len(p.always) + len(p.tree.entries); p.matrix == nil && rows*words <= 64+matrixWordsPerStatement*entries && rows*words > 0 {
		t.Errorf("%d classes of %d entries and %d actions have no matrix", len(p.classes), entries, rows)
	}
}

// checkTree goes through all nodes with the text that leads to each.
func checkTree(t *testing.T, p *part) {
	t.Helper()
	tree, nodes, entries, crowds, texts := &p.tree, 0, 0, 0, 0
	var check func(at int32, path string)
	check = func(at int32, path string) {
		n := &tree.nodes[at]
		nodes, entries, path = nodes+1, entries+int(n.count), path+tree.text[n.label:n.labelEnd]
		texts += int(n.childrenEnd - n.label)
		for number := n.first; number < n.first+n.count; number++ {
			if prefix := tree.entries[number].resource.Pattern.TailPrefix(); prefix != path {
				t.Errorf("%q stands at the node for %q", prefix, path)
			}
		}
		if (n.crowd != noCrowd) != (n.count >= crowdLimit && p.matrix != nil) {
			t.Errorf("%d entries at a node: is a crowd: %v", n.count, n.crowd != noCrowd)
		}
		if n.crowd != noCrowd {
			crowds++
			checkCrowd(t, p, n)
		}
		children := tree.text[n.labelEnd:n.childrenEnd]
		for number := range children {
			child := &tree.nodes[int(n.child)+number]
			if label := tree.text[child.label:child.labelEnd]; label == "" || label[0] != children[number] || strings.Count(children, children[number:number+1]) != 1 {
				t.Errorf("below %q child %d of %q begins with %q", path, number, children, label)
			}
			check(n.child+int32(number), path)
		}
	}
	if len(tree.nodes) > 0 {
		check(0, "")
	}
	if texts != len(tree.text) || nodes != cap(tree.nodes) || entries != len(tree.entries) || entries != cap(tree.entries) || crowds != len(tree.crowds) {
		t.Errorf("there are %d nodes in %d, %d entries in %d, %d crowds in %d", nodes, cap(tree.nodes), entries, cap(tree.entries), crowds, len(tree.crowds))
	}
}

// checkCrowd wants each entry that speaks of an action in the list of that
// action, and no other; or each entry once.
func checkCrowd(t *testing.T, p *part, n *node) {
	t.Helper()
	c, rows := &p.tree.crowds[n.crowd], len(p.matrix)/p.words
	if cap(c.list) != len(c.list) {
		t.Error("a crowd keeps what was reserved for growth")
	}
	for _, signed := range c.list {
		if pattern := &p.tree.entries[signed.entry].resource.Pattern; signed.signature != signatureOf(pattern) {
			t.Errorf("an entry of a crowd has the signature %x", signed.signature)
		}
	}
	var lists [][]signedEntry
	if c.rows == nil {
		lists = append(lists, c.list)
	} else {
		for row := range rows {
			lists = append(lists, c.list[c.rows[row]:c.rows[row+1]])
		}
	}
	for row, list := range lists {
		var got, want []int32
		for _, signed := range list {
			got = append(got, signed.entry)
		}
		for number := n.first; number < n.first+n.count; number++ {
			class := p.tree.entries[number].class
			if c.rows == nil || p.matrix[row*p.words+int(class/64)]>>(class%64)&1 != 0 {
				want = append(want, number)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("list %d of a crowd is %v, want %v", row, got, want)
		}
	}
}

// TestCrowdLists: a crowd has a list for each action up to so many lists, and
// so many entries in them.
func TestCrowdLists(t *testing.T) {
	t.Parallel()
	const size = crowdLimit
	for _, row := range []struct {
		name       string
		rows, full int // rows of the matrix, and those in which all speak
		lists      bool
	}{
		{"few actions", 3, 2, true},
		{"as many lists as there may be", crowdShare * size, 1, true},
		{"one list more", crowdShare*size + 1, 1, false},
		{"lists as long as they may be", crowdShare, crowdShare, true},
		{"one longer", crowdShare + 1, crowdShare, false},
	} {
		// Two words a row, so that classes above 63 take part.
		p := &part{words: 2, matrix: make([]uint64, 2*row.rows)}
		var leaves []leaf
		for number := range size {
			leaves = append(leaves, leaf{signature: uint64(number), entry: entry{class: int32(number * 5)}})
		}
		for at := range row.full {
			p.matrix[2*at], p.matrix[2*at+1] = ^uint64(0), ^uint64(0)
		}
		if row.rows > row.full && row.full > 1 {
			p.matrix[2*row.full+1] = 1 << (5*14 - 64) // one of them speaks of one more
		}
		c := newCrowd(leaves, 100, p)
		if (c.rows != nil) != row.lists || !row.lists && len(c.list) != size {
			t.Errorf("%s: %d lists of %d entries", row.name, len(c.rows), len(c.list))
			continue
		}
		for at, signed := range c.list[:size] {
			if signed != (signedEntry{uint64(at), int32(100 + at)}) {
				t.Errorf("%s: entry %d is %v", row.name, at, signed)
			}
		}
		if last := len(c.rows) - 1; row.lists && (last != row.rows || c.rows[0] != 0 || int(c.rows[1]) != size || int(c.rows[last]) != len(c.list)) {
			t.Errorf("%s: lists begin at %v", row.name, c.rows)
		}
	}
}

// TestMatrixIsBounded: at the bound there is one, beyond it there is none.
func TestMatrixIsBounded(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		actions   int
		resources string
		want      bool
	}{
		{64 + matrixWordsPerStatement, `"*"`, true},
		{64 + matrixWordsPerStatement + 1, `"*"`, false},
		{64 + 2*matrixWordsPerStatement, `["*", "arn:aws:s3:::b"]`, true},
		{64 + 2*matrixWordsPerStatement + 1, `["*", "arn:aws:s3:::b"]`, false},
	} {
		var actions []string
		for number := range row.actions {
			actions = append(actions, fmt.Sprint("s3:Do", number))
		}
		ix := indexOf(membersOf(t, policy.IdentityBased, `{"Effect": "Allow", "Action": `+list(actions)+`, "Resource": `+row.resources+`}`))
		checkIndex(t, ix)
		if got := ix.services[0].matrix != nil; got != row.want {
			t.Errorf("%d actions on %s have a matrix: %v", row.actions, row.resources, got)
		}
	}
}

// TestClasses: statements share a class if their lists of actions come to the
// same in the part, and only then.
func TestClasses(t *testing.T) {
	t.Parallel()
	many := []string{"s3:Do0"}
	for number := 1; number < 300; number++ {
		many = append(many, fmt.Sprint("s3:Do", number))
	}
	thousands := slices.Clone(many)
	for number := len(many); number <= 14890; number++ { // 0x3a2a, the bytes of ":*"
		thousands = append(thousands, fmt.Sprint("s3:Do", number))
	}
	for _, row := range []struct {
		name  string
		lists []string // of actions, "!" in front of exceptions
		want  int      // classes
	}{
		{"the same", []string{`"s3:Get"`, `"s3:Get"`, `"s3:Get"`}, 1},
		{"letter case, order and repetition", []string{`["s3:Get", "s3:Put"]`, `["S3:PUT", "s3:get", "s3:Get"]`}, 1},
		{"one more", []string{`["s3:Get", "s3:Put"]`, `["s3:Get"]`}, 2},
		{"the same patterns", []string{`["s3:Get*", "s3:Put"]`, `["s3:Put", "s3:Get*"]`}, 1},
		{"other patterns", []string{`"s3:Get*"`, `"s3:Put*"`}, 2},
		{"patterns cut elsewhere", []string{`["s3:a*", "s3:b*"]`, `["s3:a*s3:b*"]`}, 2},
		{"exceptions", []string{`"*:Get"`, `!"*:Get"`}, 2},
		{"everything and more", []string{`"*:Get"`, `["*:Get", "*"]`}, 2},
		{"numbers of two bytes", []string{list(many), `"s3:Do1"`, `"s3:Do257"`}, 3},
		{"a pattern that reads like numbers", []string{list(thousands), `!["s3:Do8", "s3:Do9", "s3:Do14890"]`, `!"\u0000\u0000\u0000\t\u0000\u0000:*"`}, 2},
		{"what is of other services", []string{`["s3:Get", "ec2:Run"]`, `["s3:Get", "ec2:Stop"]`}, 1},
	} {
		var statements []string
		for _, list := range row.lists {
			exceptions, negated := strings.CutPrefix(list, "!")
			element := `"Action": ` + list
			if negated {
				element = `"NotAction": ` + exceptions
			}
			statements = append(statements, `{"Effect": "Allow", `+element+`, "Resource": "*"}`)
		}
		ix := indexOf(membersOf(t, policy.IdentityBased, statements...))
		if len(ix.actions.names) < len(thousands) { // else it takes its time
			checkIndex(t, ix)
		}
		p := ix.every
		if p == nil {
			p = &ix.services[0]
		}
		if len(p.classes) != row.want {
			t.Errorf("%s: %d classes, want %d", row.name, len(p.classes), row.want)
		}
	}
}

// TestEndings: the last eight bytes, the last one highest.
func TestEndings(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]uint64{
		"": 0, "\x01": 0x01 << 56, "\x01\x02": 0x0201 << 48, "\x01\x02\x03\x04\x05\x06\x07": 0x07060504030201 << 8,
		"\x01\x02\x03\x04\x05\x06\x07\x08": 0x0807060504030201, "\xff\xff\x01\x02\x03\x04\x05\x06\x07\x08": 0x0807060504030201,
	} {
		if got := endingOf(text); got != want {
			t.Errorf("the ending of %q is %x, want %x", text, got, want)
		}
	}
}

// TestHeads: two bytes make one bit, fewer could be any.
func TestHeads(t *testing.T) {
	t.Parallel()
	if headOf("") != ^uint64(0) || headOf("a") != ^uint64(0) {
		t.Error("a text of less than two bytes has less than all bits")
	}
	if head := headOf("ab"); bits.OnesCount64(head) != 1 || headOf("abc") != head || headOf("ac") == head || headOf("bb") == head {
		t.Errorf("the head of ab is %x", head)
	}
}

// TestSignatures: a bit for each run of four bytes, each of which counts.
func TestSignatures(t *testing.T) {
	t.Parallel()
	if signature("") != 1 || signature("abc") != 1 {
		t.Errorf("texts of less than four bytes have the signatures %x and %x", signature(""), signature("abc"))
	}
	if got, want := signature("abcdef"), 1|gram("abcd")|gram("bcde")|gram("cdef"); got != want {
		t.Errorf("the signature of abcdef is %x, want %x", got, want)
	}
	for at := range 4 {
		all := uint64(0)
		for letter := byte('a'); letter <= 'z'; letter++ {
			text := []byte("mnop")
			text[at] = letter
			all |= gram(string(text))
		}
		if count := bits.OnesCount64(all); count < 10 {
			t.Errorf("26 letters in place %d make %d bits", at, count)
		}
	}
	resource := wildcard.CompileResource("arn:aws:s3:::acme-*/raw/*ab*.csv", wildcard.NeverComplete)
	if got, want := signatureOf(&resource), gram("acme")|gram("cme-")|gram("/raw")|gram("raw/")|gram(".csv"); got != want {
		t.Errorf("the signature of a pattern is %x, want %x", got, want)
	}
}

// TestActionTable: what is a number is written out, whatever stands beside it.
func TestActionTable(t *testing.T) {
	t.Parallel()
	table := new(actionTable)
	members := membersOf(t, policy.IdentityBased,
		`{"Effect": "Allow", "Action": ["s3:Get", "S3:GET", "s3:Put*", "*", "e*:Run", "?:x"], "Resource": "*"}`,
		`{"Effect": "Allow", "NotAction": ["ec2:Run", "s3:Put", "a:b"], "Resource": "*"}`)
	for at := range members {
		table.add(members[at].statement)
	}
	table.seal()
	checkTable(t, table)
	var services []string
	for _, service := range table.services {
		services = append(services, service.prefix)
	}
	if !slices.Equal(table.names, []string{"s3:Get", "ec2:Run", "s3:Put", "a:b"}) || !slices.Equal(services, []string{"s3", "ec2", "a"}) {
		t.Errorf("actions %q, services %q", table.names, services)
	}
	for text, want := range map[string]int32{"*": everyService, "*:Get": everyService, "s?:Get": everyService, "S3:x": 0, "s3:*": 0, "a:b:c*": 2} {
		if got := table.serviceOf(text); got != want {
			t.Errorf("the service of %s is %d, want %d", text, got, want)
		}
	}
	for at, want := range [][]int32{{everyService}, {everyService}} {
		if got := table.servicesOf(nil, members[at].statement); !slices.Equal(got, want) {
			t.Errorf("the services of statement %d are %v, want %v", at, got, want)
		}
	}
	// That a hash is the same does not make an action or a service the same.
	for _, row := range []struct {
		action, hashOf  string
		number, service int32
	}{
		{"s3:Get", "s3:Get", 0, 0}, {"S3:gEt", "s3:Get", 0, 0}, {"s3:List", "s3:List", -1, 0}, {"sqs:Get", "sqs:Get", -1, -1},
		{"s3:List", "s3:Get", -1, 0}, {"sqs:Get", "s3:Get", -1, -1}, {"ec2:Run", "s3:Get", -1, -1},
	} {
		f := &search{action: fold.Hash(row.hashOf), service: fold.Hash(row.hashOf[:strings.IndexByte(row.hashOf, ':')])}
		f.query.Action = row.action
		if number, service := table.find(f); number != row.number || service != row.service {
			t.Errorf("%s with the hash of %s is action %d of service %d", row.action, row.hashOf, number, service)
		}
	}
	if number := table.byHash.find(fold.Hash("s3:Get"), func(int32) bool { return false }); number >= 0 {
		t.Errorf("a search for something else with the same hash finds action %d", number)
	}
}

// TestActionTableOfMany: whatever collides is found.
func TestActionTableOfMany(t *testing.T) {
	t.Parallel()
	var actions []string
	for number := range 1000 {
		actions = append(actions, fmt.Sprintf("s%d:Do%d", number%90, number))
	}
	members := membersOf(t, policy.IdentityBased, `{"Effect": "Allow", "Action": `+list(actions)+`, "Resource": "*"}`)
	table := new(actionTable)
	table.add(members[0].statement)
	table.seal()
	checkTable(t, table)
	for number, action := range actions {
		for _, other := range []string{"", "x"} {
			f := searchFor(t, action+other, "*")
			want := int32(number)
			if other != "" {
				want = -1
			}
			if got, service := table.find(f); got != want || service != int32(number%90) {
				t.Errorf("%s is action %d of service %d, want %d of %d", f.query.Action, got, service, want, number%90)
			}
		}
	}
	if got, service := table.find(searchFor(t, "none:Do1", "*")); got != -1 || service != -1 {
		t.Errorf("what no statement names is action %d of service %d", got, service)
	}
}

// TestHashTableGrows: it is at most half full, and no larger than that takes.
func TestHashTableGrows(t *testing.T) {
	t.Parallel()
	var table hashTable
	for number, want := range []int{8, 8, 8, 8, 16, 16, 16, 16, 32} {
		table.add(uint64(number), int32(number))
		if len(table.slots) != want {
			t.Errorf("%d numbers take %d slots, want %d", number+1, len(table.slots), want)
		}
	}
}

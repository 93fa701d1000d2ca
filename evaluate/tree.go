package evaluate

import (
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// A tree finds the entries whose literal prefix a text begins with: a radix
// tree in one slice, the children of a node side by side.
type tree struct {
	nodes   []node
	entries []entry
	// text holds the labels and the first bytes of the children of all nodes,
	// side by side: the texts of the policies lie far apart in memory.
	text string
	// crowds hold, for nodes with many entries, those that speak of each
	// action.
	crowds []crowd
}

// A node takes half a cache line.
type node struct {
	// label and labelEnd bound what a text must go on with to come here, and
	// childrenEnd the first bytes of the labels of the children behind it.
	label, labelEnd, childrenEnd uint32
	child                        int32 // the first of the children
	first                        int32 // of the entries whose prefix ends here
	count                        int32
	crowd                        int32 // in crowds, or noCrowd
}

const noCrowd = -1

// fewChildren is the number of children up to which looking at them one by one
// is quicker than asking for a byte in a string.
const fewChildren = 8

// crowdLimit is the number of entries of one node from which on they are
// sorted by action and looked at by signature.
const crowdLimit = 24

// A crowd is the entries of a node, listed for each action of the part. AWS
// has no bucket in "arn:aws:s3:::acme-*/raw/*.csv", so hundreds of such
// patterns may share one prefix.
type crowd struct {
	// rows say where the list of each action begins; one more at the end. They
	// are nil if the lists together would be too long: then list holds all
	// entries once.
	rows []int32
	list []signedEntry
}

// crowdShare bounds the lists of a crowd, and their number: for each entry there
// are no more. Where hundreds of patterns with the action "s3:*" meet thousands
// of actions, the lists would cost the product of both.
const crowdShare = 32

// A signedEntry is an entry with the signature of its pattern: only texts
// whose signature holds all of its bits can match.
type signedEntry struct {
	signature uint64
	entry     int32
}

// A leaf is an entry on its way into a tree.
type leaf struct {
	prefix    string
	signature uint64
	entry     entry
}

func newTree(leaves []leaf, p *part) tree {
	if len(leaves) == 0 {
		return tree{}
	}
	slices.SortStableFunc(leaves, func(x, y leaf) int { return strings.Compare(x.prefix, y.prefix) })
	t := tree{entries: make([]entry, 0, len(leaves)), nodes: make([]node, 1, len(leaves)+1)}
	var text strings.Builder
	t.grow(0, leaves, 0, p, &text)
	t.nodes, t.text = slices.Clip(t.nodes), strings.Clone(text.String())
	return t
}

// grow fills the node with the leaves, which are ordered and agree in their
// first depth bytes.
func (t *tree) grow(at int32, leaves []leaf, depth int, p *part, text *strings.Builder) {
	// The label goes on as long as all leaves do.
	first, last := leaves[0].prefix, leaves[len(leaves)-1].prefix
	end := depth
	for end < len(first) && end < len(last) && first[end] == last[end] {
		end++
	}
	n := node{label: uint32(text.Len()), first: int32(len(t.entries)), crowd: noCrowd}
	text.WriteString(first[depth:end])
	n.labelEnd = uint32(text.Len())
	here := 0
	for here < len(leaves) && len(leaves[here].prefix) == end {
		t.entries = append(t.entries, leaves[here].entry)
		here++
	}
	n.count = int32(here)
	if here >= crowdLimit && p.matrix != nil {
		n.crowd = t.addCrowd(leaves[:here], n.first, p)
	}
	rest := leaves[here:]
	var starts []int
	for from := range rest {
		if from == 0 || rest[from].prefix[end] != rest[from-1].prefix[end] {
			starts = append(starts, from)
			text.WriteByte(rest[from].prefix[end])
		}
	}
	n.childrenEnd, n.child = uint32(text.Len()), int32(len(t.nodes))
	t.nodes[at] = n
	t.nodes = append(t.nodes, make([]node, len(starts))...)
	for number, from := range starts {
		to := len(rest)
		if number+1 < len(starts) {
			to = starts[number+1]
		}
		t.grow(n.child+int32(number), rest[from:to], end, p, text)
	}
}

func (t *tree) addCrowd(leaves []leaf, first int32, p *part) int32 {
	t.crowds = append(t.crowds, newCrowd(leaves, first, p))
	return int32(len(t.crowds) - 1)
}

func newCrowd(leaves []leaf, first int32, p *part) crowd {
	rows, limit := len(p.matrix)/p.words, crowdShare*len(leaves)
	var c crowd
	if rows <= limit {
		c.rows = make([]int32, rows+1)
		for row := range rows {
			if len(c.list) > limit {
				break
			}
			c.rows[row] = int32(len(c.list))
			bits := p.matrix[row*p.words : (row+1)*p.words]
			for at := range leaves {
				if class := leaves[at].entry.class; bits[class>>6]&(1<<(class&63)) != 0 {
					c.list = append(c.list, signedEntry{leaves[at].signature, first + int32(at)})
				}
			}
		}
	}
	if rows > limit || len(c.list) > limit {
		c = crowd{list: make([]signedEntry, len(leaves))}
		for at := range leaves {
			c.list[at] = signedEntry{leaves[at].signature, first + int32(at)}
		}
		return c
	}
	c.rows[rows] = int32(len(c.list))
	c.list = slices.Clip(c.list)
	return c
}

// runTree tries the entries of the tree whose prefix the tail of the resource
// begins with.
func (p *part) runTree(f *search, row []uint64) (done bool) {
	t := &p.tree
	rest := f.tail
	n := &t.nodes[0]
	for {
		label := t.text[n.label:n.labelEnd]
		if !strings.HasPrefix(rest, label) {
			return false
		}
		rest = rest[len(label):]
		if n.crowd != noCrowd && row != nil {
			if p.runCrowd(f, row, &t.crowds[n.crowd]) {
				return true
			}
		} else {
			entries := t.entries[n.first : n.first+n.count]
			for number := range entries {
				if p.try(f, row, &entries[number]) {
					return true
				}
			}
		}
		if rest == "" {
			return false
		}
		children, child := t.text[n.labelEnd:n.childrenEnd], 0
		for child < len(children) && children[child] != rest[0] {
			if child++; child == fewChildren {
				child = strings.IndexByte(children, rest[0])
				break
			}
		}
		if uint(child) >= uint(len(children)) {
			return false
		}
		n = &t.nodes[int(n.child)+child]
	}
}

func (p *part) runCrowd(f *search, bits []uint64, c *crowd) (done bool) {
	if f.signature == 0 {
		f.signature = signature(f.tail)
	}
	missing := ^f.signature
	if c.rows == nil {
		for at := range c.list {
			if c.list[at].signature&missing == 0 && p.try(f, bits, &p.tree.entries[c.list[at].entry]) {
				return true
			}
		}
		return false
	}
	row := p.rowNumber(f.actionNumber)
	list := c.list[c.rows[row]:c.rows[row+1]]
	for at := range list {
		if list[at].signature&missing == 0 {
			if e := &p.tree.entries[list[at].entry]; (e.ending^f.ending)>>e.unused == 0 && p.tryResource(f, e) {
				return true
			}
		}
	}
	return false
}

// A signature has a bit for each run of four bytes in a text, by its hash. It
// is never 0.
func signature(text string) uint64 {
	bits := uint64(1)
	for at := 0; at+4 <= len(text); at++ {
		bits |= gram(text[at:])
	}
	return bits
}

func gram(s string) uint64 {
	_ = s[3]
	word := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
	return 1 << (word * 0x9E3779B97F4A7C15 >> 58)
}

// signatureOf is the signature of the text that every name which fits a
// pattern holds behind its fifth colon.
func signatureOf(pattern *wildcard.Resource) uint64 {
	bits := uint64(0)
	for literal := range pattern.TailLiterals() {
		for at := 0; at+4 <= len(literal); at++ {
			bits |= gram(literal[at:])
		}
	}
	return bits
}

package evaluate

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
)

// An index finds the statements of a set that speak of an action and a
// resource without looking at the others, so that the cost of a decision
// follows the statements that could apply and not the size of the set.
//
// It first asks for the service: nine statements in ten name actions of one
// service only, and stand in the [part] of that service; the rest stand in the
// part for all services. A part sorts its statements into classes with the
// same list of actions, so that whether they speak of an action is one bit, and
// keeps their resource patterns in a tree by the literal text that they begin
// with behind the ARN's fifth colon.
type index struct {
	members  []member
	actions  *actionTable
	services []part // by the number of the service in actions
	every    *part  // statements whose actions do not name their service; nil if there are none
	// heads has a bit for the first two bytes of every literal text in the
	// trees; all bits are set if there is an entry that none tells apart. A
	// resource whose bit is not set is none that the set speaks of.
	heads uint64
}

// newIndex makes an index of the members, which it keeps. The table must hold
// their actions and be sealed; several indexes may share one. The cost grows a
// little faster than linearly with the number of patterns.
func newIndex(members []member, actions *actionTable) *index {
	ix := &index{members: members, actions: actions}
	builders := map[int32]*partBuilder{}
	builder := func(service int32) *partBuilder {
		b := builders[service]
		if b == nil {
			b = &partBuilder{index: ix, service: service, classes: map[string]int32{}}
			builders[service] = b
		}
		return b
	}
	var services, named []int32
	for at := range members {
		statement := members[at].statement
		// Found once for all parts: there are policies that name every service.
		named = named[:0]
		for entry := range statement.Actions {
			named = append(named, ix.actions.serviceOf(statement.Actions[entry].Pattern().Text()))
		}
		services = ix.actions.servicesOf(services[:0], statement)
		for _, service := range services {
			builder(service).add(int32(at), named)
		}
	}
	ix.services = make([]part, len(ix.actions.services))
	for service, b := range builders {
		if service == everyService {
			every := b.build()
			ix.every = &every
		} else {
			ix.services[service] = b.build()
		}
	}
	return ix
}

// about gives an index of other members with the same statements, attached
// otherwise. Nil stays nil.
func (ix *index) about(members []member) *index {
	if ix == nil {
		return nil
	}
	made := *ix
	made.members = members
	return &made
}

// run hands the search every statement that speaks of its action and resource.
func (ix *index) run(f *search) {
	if headOf(f.tail)&ix.heads == 0 {
		return
	}
	if f.table != ix.actions {
		f.table = ix.actions
		f.actionNumber, f.serviceNumber = ix.actions.find(f)
	}
	f.index = ix
	if f.serviceNumber >= 0 {
		if p := &ix.services[f.serviceNumber]; p.classes != nil && p.run(f) {
			return
		}
	}
	if ix.every != nil {
		ix.every.run(f)
	}
}

// headOf gives the bit for the first two bytes of a text, all bits if it is
// shorter.
func headOf(text string) uint64 {
	if len(text) < 2 {
		return ^uint64(0)
	}
	return 1 << ((uint(text[0])*31 + uint(text[1])) % 64)
}

// A part is the statements of an index that speak of one service, or those
// that speak of any.
type part struct {
	// local numbers the actions within the service; nil in the part for all
	// services, where they keep their own numbers.
	local   []int32
	classes []class
	// byClass are the members, those of one class after those of another;
	// class c has those from starts[c] to starts[c+1].
	byClass, starts []int32
	// matrix holds a row of bits for each known action, a bit for each class;
	// nil where it would be too large.
	matrix []uint64
	words  int // of a row
	// always are entries that no literal text tells apart.
	always []entry
	tree   tree
}

// An entry is one resource pattern of one statement, with what can be tested
// before the statement itself is looked at.
type entry struct {
	// resource is the pattern, nil for an entry that stands for NotResource or
	// for a statement without a resource.
	resource *compiled.Resource
	// ending holds the last bytes, eight at the most, that the resource must
	// end with, the very last one highest; the lowest unused bits do not count.
	ending uint64
	member int32
	class  int32
	unused uint8 // how many bits of ending
}

// endingOf gives the last eight bytes of a text, the very last one highest.
// Of a shorter text the lowest bytes are 0.
func endingOf(text string) uint64 {
	if len(text) >= 8 {
		last := text[len(text)-8:]
		return uint64(last[0]) | uint64(last[1])<<8 | uint64(last[2])<<16 | uint64(last[3])<<24 |
			uint64(last[4])<<32 | uint64(last[5])<<40 | uint64(last[6])<<48 | uint64(last[7])<<56
	}
	ending := uint64(0)
	for at := range len(text) {
		ending = ending>>8 | uint64(text[at])<<56
	}
	return ending
}

// rowNumber is the number of the row of an action in the matrix.
func (p *part) rowNumber(action int32) int {
	if p.local != nil {
		return int(p.local[action])
	}
	return int(action)
}

// row gives the bits of the classes that speak of an action, nil if they have
// to be asked one by one.
func (p *part) row(action int32) []uint64 {
	if p.matrix == nil || action < 0 {
		return nil
	}
	row := p.rowNumber(action)
	return p.matrix[row*p.words : (row+1)*p.words]
}

func (p *part) run(f *search) (done bool) {
	row := p.row(f.actionNumber)
	if f.query.Name.All() {
		// "*" is matched by "*", which stands in always. It ends in no text.
		for at := range p.always {
			if e := &p.always[at]; e.unused == 64 && p.try(f, row, e) {
				return true
			}
		}
		return false
	}
	for at := range p.always {
		if p.try(f, row, &p.always[at]) {
			return true
		}
	}
	return len(p.tree.nodes) > 0 && p.runTree(f, row)
}

// try hands the statement of an entry to the search, if the entry speaks of
// its action and resource.
func (p *part) try(f *search, row []uint64, e *entry) (done bool) {
	if (e.ending^f.ending)>>e.unused != 0 {
		return false
	}
	if row != nil {
		if row[e.class>>6]&(1<<(e.class&63)) == 0 {
			return false
		}
	} else if !p.classes[e.class].speaks(f.actionNumber, f.serviceNumber, f.query.Action) {
		return false
	}
	return p.tryResource(f, e)
}

func (p *part) tryResource(f *search, e *entry) (done bool) {
	var resource condition.Truth
	if e.resource == nil {
		resource = f.index.members[e.member].statement.MatchesResource(&f.query)
	} else {
		resource = e.resource.Match(&f.query)
	}
	f.number = e.member
	return resource != condition.False && f.consider(&f.index.members[e.member], resource)
}

// A class is the statements of a part with the same list of actions.
type class struct {
	literals []int32 // numbers of the actions, ascending
	patterns []classPattern
	all      bool // "*" stands in the list
	negated  bool // the list is of exceptions
}

// A classPattern is a pattern of actions with the service that it names, or
// everyService; they are ordered by it.
type classPattern struct {
	service int32
	pattern *wildcard.Pattern
}

// speaks tells whether the class speaks of an action. action and service are
// -1 if they are not known.
func (c *class) speaks(action, service int32, text string) bool {
	return (c.all || c.lists(action, service, text)) != c.negated
}

func (c *class) lists(action, service int32, text string) bool {
	if action >= 0 && len(c.literals) > 0 {
		if _, found := slices.BinarySearch(c.literals, action); found {
			return true
		}
	}
	for at := range c.patterns {
		if c.patterns[at].service != everyService {
			break
		}
		if c.patterns[at].pattern.MatchFold(text) {
			return true
		}
	}
	if service < 0 {
		return false
	}
	first, _ := slices.BinarySearchFunc(c.patterns, service, func(p classPattern, service int32) int { return int(p.service) - int(service) })
	for _, p := range c.patterns[first:] {
		if p.service != service {
			return false
		}
		if p.pattern.MatchFold(text) {
			return true
		}
	}
	return false
}

// A partBuilder collects the statements of a part.
type partBuilder struct {
	index   *index
	service int32
	part    part
	classes map[string]int32
	leaves  []leaf
	// memberClass is the class of each member of the part, in their order.
	memberClass []int32
	key         strings.Builder
}

// add takes in a statement that speaks of the part's service. Its entries of
// Action name the given services.
func (b *partBuilder) add(number int32, named []int32) {
	statement := b.index.members[number].statement
	class := b.classOf(statement, named)
	b.part.byClass = append(b.part.byClass, number)
	b.memberClass = append(b.memberClass, class)
	if statement.Flags.Has(compiled.NotResource) || statement.Flags.Has(compiled.OwnResource) {
		b.always(entry{member: number, class: class, unused: 64})
		return
	}
	for at := range statement.Resources {
		resource := &statement.Resources[at]
		suffix := resource.Pattern.TailSuffix()
		suffix = suffix[max(0, len(suffix)-8):]
		e := entry{resource: resource, ending: endingOf(suffix), member: number, class: class, unused: uint8(64 - 8*len(suffix))}
		if prefix := resource.Pattern.TailPrefix(); prefix != "" {
			b.leaves = append(b.leaves, leaf{prefix, signatureOf(&resource.Pattern), e})
			b.index.heads |= headOf(prefix)
		} else {
			b.always(e)
		}
	}
}

// always takes in an entry that no literal text tells apart.
func (b *partBuilder) always(e entry) {
	b.part.always = append(b.part.always, e)
	b.index.heads = ^uint64(0)
}

// classOf finds or makes the class of a statement's actions, as far as they
// bear on the service of the part.
func (b *partBuilder) classOf(statement *compiled.Statement, named []int32) int32 {
	c := class{negated: statement.Flags.Has(compiled.NotAction)}
	table := b.index.actions
	for at, service := range named {
		if b.service != everyService && service != b.service && service != everyService {
			continue
		}
		switch pattern := statement.Actions[at].Pattern(); {
		case pattern.Text() == "*":
			c.all = true
		case pattern.Literal():
			c.literals = append(c.literals, table.number(pattern.Text()))
		default:
			c.patterns = append(c.patterns, classPattern{service, pattern})
		}
	}
	slices.Sort(c.literals)
	c.literals = slices.Compact(c.literals)
	slices.SortStableFunc(c.patterns, func(x, y classPattern) int { return int(x.service) - int(y.service) })

	// Every text has its length in front: a document may hold any character, so
	// none could separate them.
	b.key.Reset()
	b.key.WriteByte(flagByte(c.all) | flagByte(c.negated)<<1)
	b.writeNumber(int32(len(c.literals)))
	for _, literal := range c.literals {
		b.writeNumber(literal)
	}
	for _, p := range c.patterns {
		b.writeNumber(int32(len(p.pattern.Text())))
		b.key.WriteString(p.pattern.Text())
	}
	key := b.key.String()
	if number, found := b.classes[key]; found {
		return number
	}
	number := int32(len(b.part.classes))
	b.classes[key] = number
	b.part.classes = append(b.part.classes, c)
	return number
}

func (b *partBuilder) writeNumber(number int32) {
	var bytes [4]byte
	binary.BigEndian.PutUint32(bytes[:], uint32(number))
	b.key.Write(bytes[:])
}

func flagByte(set bool) byte {
	if set {
		return 1
	}
	return 0
}

// sortByClass brings the members of each class together, in their order.
func (b *partBuilder) sortByClass() {
	p := &b.part
	p.starts = make([]int32, len(p.classes)+1)
	for _, class := range b.memberClass {
		p.starts[class+1]++
	}
	for class := range p.classes {
		p.starts[class+1] += p.starts[class]
	}
	next := slices.Clone(p.starts)
	sorted := make([]int32, len(p.byClass))
	for at, number := range p.byClass {
		class := b.memberClass[at]
		sorted[next[class]] = number
		next[class]++
	}
	p.byClass = sorted
}

// speaking appends the numbers of the members that speak of the action of a
// search, whatever their resources.
func (ix *index) speaking(f *search, numbers []int32) []int32 {
	if f.table != ix.actions {
		f.table = ix.actions
		f.actionNumber, f.serviceNumber = ix.actions.find(f)
	}
	if f.serviceNumber >= 0 {
		numbers = ix.services[f.serviceNumber].speaking(f, numbers)
	}
	if ix.every != nil {
		numbers = ix.every.speaking(f, numbers)
	}
	slices.Sort(numbers)
	return numbers
}

func (p *part) speaking(f *search, numbers []int32) []int32 {
	row := p.row(f.actionNumber)
	for class := range p.classes {
		speaks := false
		if row != nil {
			speaks = row[class>>6]&(1<<(class&63)) != 0
		} else {
			speaks = p.classes[class].speaks(f.actionNumber, f.serviceNumber, f.query.Action)
		}
		if speaks {
			numbers = append(numbers, p.byClass[p.starts[class]:p.starts[class+1]]...)
		}
	}
	return numbers
}

// matrixWordsPerStatement bounds the matrix of a part: the bits must not cost
// more than the statements themselves do.
const matrixWordsPerStatement = 16

func (b *partBuilder) build() part {
	p := &b.part
	table := b.index.actions
	b.sortByClass()
	rows := len(table.names)
	if b.service != everyService {
		p.local = table.local
		rows = len(table.services[b.service].actions)
	}
	p.words = (len(p.classes) + 63) / 64
	if rows*p.words <= 64+matrixWordsPerStatement*(len(p.always)+len(b.leaves)) {
		p.matrix = make([]uint64, rows*p.words)
		for number := range p.classes {
			b.fillColumn(int32(number))
		}
	}
	p.tree = newTree(b.leaves, p)
	return *p
}

// fillColumn sets the bits of a class in the rows of the actions it speaks of.
func (b *partBuilder) fillColumn(number int32) {
	p, table := &b.part, b.index.actions
	c := &p.classes[number]
	set := func(action int32, on bool) {
		if b.service != everyService {
			action = table.local[action]
		}
		word, bit := &p.matrix[int(action)*p.words+int(number>>6)], uint64(1)<<(number&63)
		if on {
			*word |= bit
		} else {
			*word &^= bit
		}
	}
	actions := func(service int32, do func(action int32)) {
		if service == everyService {
			for action := range table.names {
				do(int32(action))
			}
			return
		}
		for _, action := range table.services[service].actions {
			do(action)
		}
	}
	if c.all || c.negated {
		actions(b.service, func(action int32) { set(action, true) })
	}
	if c.all {
		if c.negated { // everything is excepted
			actions(b.service, func(action int32) { set(action, false) })
		}
		return
	}
	for _, literal := range c.literals {
		set(literal, !c.negated)
	}
	for _, listed := range c.patterns { // in the part of a service, of that service
		actions(listed.service, func(action int32) {
			if listed.pattern.MatchFold(table.names[action]) {
				set(action, !c.negated)
			}
		})
	}
}

package evaluate

import (
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/internal/fold"
)

// everyService is the service of actions that do not name one.
const everyService = -1

// An actionTable numbers the actions and the services that the statements of
// an index name.
type actionTable struct {
	names []string // of the actions, as first spelled
	local []int32  // the number of the action within its service
	// serviceNumber is the number of the action's service.
	serviceNumber []int32
	services      []service
	byHash        hashTable // actions
	byPrefix      hashTable // services
}

type service struct {
	prefix  string
	actions []int32
}

// add numbers what a statement names.
func (t *actionTable) add(statement *compiled.Statement) {
	for at := range statement.Actions {
		pattern := statement.Actions[at].Pattern()
		text := pattern.Text()
		colon := strings.IndexByte(text, ':')
		if colon < 0 || strings.ContainsAny(text[:colon], "*?") {
			continue
		}
		prefix := text[:colon]
		number := t.byPrefix.find(fold.Hash(prefix), func(number int32) bool { return fold.Equal(t.services[number].prefix, prefix) })
		if number < 0 {
			number = int32(len(t.services))
			t.services = append(t.services, service{prefix: prefix})
			t.byPrefix.add(fold.Hash(prefix), number)
		}
		if !pattern.Literal() || t.number(text) >= 0 {
			continue
		}
		action := int32(len(t.names))
		t.names = append(t.names, text)
		t.local = append(t.local, int32(len(t.services[number].actions)))
		t.serviceNumber = append(t.serviceNumber, number)
		t.services[number].actions = append(t.services[number].actions, action)
		t.byHash.add(fold.Hash(text), action)
	}
}

// seal gives back what was reserved for growth.
func (t *actionTable) seal() {
	t.names, t.local, t.services = slices.Clip(t.names), slices.Clip(t.local), slices.Clip(t.services)
}

// number is that of an action, -1 if no statement names it literally.
func (t *actionTable) number(text string) int32 {
	return t.byHash.find(fold.Hash(text), func(number int32) bool { return fold.Equal(t.names[number], text) })
}

// serviceOf is the number of the service that an action or a pattern names, or
// everyService.
func (t *actionTable) serviceOf(text string) int32 {
	colon := strings.IndexByte(text, ':')
	if colon < 0 || strings.ContainsAny(text[:colon], "*?") {
		return everyService
	}
	return t.byPrefix.find(fold.Hash(text[:colon]), func(number int32) bool { return fold.Equal(t.services[number].prefix, text[:colon]) })
}

// servicesOf appends the services whose parts a statement belongs to: those
// that it names, or everyService alone.
func (t *actionTable) servicesOf(services []int32, statement *compiled.Statement) []int32 {
	if statement.Flags.Has(compiled.NotAction) {
		return append(services, everyService)
	}
	for at := range statement.Actions {
		service := t.serviceOf(statement.Actions[at].Pattern().Text())
		if service == everyService {
			return append(services[:0], everyService)
		}
		if !slices.Contains(services, service) {
			services = append(services, service)
		}
	}
	return services
}

// find looks up the action of a search and its service, -1 for what no
// statement names.
func (t *actionTable) find(f *search) (action, service int32) {
	text := f.query.Action
	action, service = -1, -1
	for place := t.byHash.start(f.action); ; place++ {
		slot := t.byHash.slot(place)
		if slot.number < 0 {
			break
		}
		if slot.hash == f.action && fold.Equal(t.names[slot.number], text) {
			action = slot.number
			return action, t.serviceNumber[action]
		}
	}
	prefix := text[:strings.IndexByte(text, ':')]
	for place := t.byPrefix.start(f.service); ; place++ {
		slot := t.byPrefix.slot(place)
		if slot.number < 0 {
			return action, service
		}
		if slot.hash == f.service && fold.Equal(t.services[slot.number].prefix, prefix) {
			return action, slot.number
		}
	}
}

// A hashTable finds numbers by hash, with open addressing; it is at most half
// full. Whoever asks compares what the number stands for.
type hashTable struct {
	slots []slot
	mask  uint64
	used  int
}

// A slot is free if its number is negative.
type slot struct {
	hash   uint64
	number int32
}

// noSlot ends every search in a table without slots.
var noSlot = slot{number: -1}

// start is the place where a search begins; it goes on with the next ones.
func (t *hashTable) start(hash uint64) uint64 { return hash }

func (t *hashTable) slot(place uint64) *slot {
	if len(t.slots) == 0 {
		return &noSlot
	}
	return &t.slots[place&t.mask]
}

func (t *hashTable) find(hash uint64, is func(number int32) bool) int32 {
	for place := t.start(hash); ; place++ {
		s := t.slot(place)
		if s.number < 0 || s.hash == hash && is(s.number) {
			return s.number
		}
	}
}

// add enters a number that is not in the table yet.
func (t *hashTable) add(hash uint64, number int32) {
	if 2*(t.used+1) > len(t.slots) {
		old := t.slots
		t.slots = make([]slot, max(8, 2*len(old)))
		t.mask = uint64(len(t.slots) - 1)
		for at := range t.slots {
			t.slots[at].number = -1
		}
		for _, s := range old {
			if s.number >= 0 {
				t.enter(s)
			}
		}
	}
	t.used++
	t.enter(slot{hash, number})
}

func (t *hashTable) enter(s slot) {
	place := s.hash
	for t.slots[place&t.mask].number >= 0 {
		place++
	}
	t.slots[place&t.mask] = s
}

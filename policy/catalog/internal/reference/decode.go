package reference

import (
	"compress/flate"
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
)

// stream decompresses one of the two texts of a file.
func stream(file string, number int) (string, error) {
	if len(file) < headerSize || file[:len(magic)] != magic {
		return "", fmt.Errorf("%w: the file does not begin with %q", ErrCorrupt, magic)
	}
	var sizes [4]uint32
	for i := range sizes {
		sizes[i] = binary.BigEndian.Uint32([]byte(file[len(magic)+4*i:][:4]))
	}
	if uint64(sizes[0])+uint64(sizes[2]) != uint64(len(file)-headerSize) || sizes[1] > maxTextSize || sizes[3] > maxTextSize {
		return "", fmt.Errorf("%w: the sizes in the header are not those of the file", ErrCorrupt)
	}
	packed := file[headerSize:][:sizes[0]]
	if number == 1 {
		packed = file[headerSize+int(sizes[0]):]
	}
	r := flate.NewReader(strings.NewReader(packed))
	var text strings.Builder
	text.Grow(int(sizes[2*number+1]))
	// One byte more than there should be shows that the stream ends.
	n, err := io.Copy(&text, io.LimitReader(r, int64(sizes[2*number+1])+1))
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	if n != int64(sizes[2*number+1]) {
		return "", fmt.Errorf("%w: a text does not have the size that the header says", ErrCorrupt)
	}
	return text.String(), nil
}

// sectionsOf cuts a text into its sections.
func sectionsOf(text string, count int) ([]string, error) {
	if strings.Count(text, "\x00") != count || !strings.HasSuffix(text, "\x00") {
		return nil, fmt.Errorf("%w: there must be %d sections", ErrCorrupt, count)
	}
	return strings.Split(text[:len(text)-1], "\x00"), nil
}

// Decode reads the tables of a file. Their strings are parts of one text, so
// that the whole takes a few allocations. Every number in the result is that of
// something in it, whatever the file holds; Check looks at the rest.
func Decode(file string) (*Reference, error) {
	text, err := stream(file, 0)
	if err != nil {
		return nil, err
	}
	return decodeTables(text)
}

func decodeTables(text string) (*Reference, error) {
	sections, err := sectionsOf(text, sectionCount)
	if err != nil {
		return nil, err
	}
	d := decoder{reference: &Reference{}}
	copy(d.sections[:], sections)
	d.keys()
	d.services()
	_, d.reference.SourceVersion, _ = strings.Cut(strings.TrimSuffix(d.sections[sectionHeader], "\n"), "\t")
	if d.bad {
		return nil, fmt.Errorf("%w: the tables do not fit together", ErrCorrupt)
	}
	return d.reference, nil
}

type decoder struct {
	reference *Reference
	// sections are what is still to be read.
	sections [sectionCount]string
	bad      bool

	keySlab  []uint16
	typeSlab []ActionType
	sets     [][]uint16 // of the service at hand
}

// line takes the next line of a section.
func (d *decoder) line(section int) string {
	line, rest, found := strings.Cut(d.sections[section], "\n")
	if !found {
		d.bad = true
	}
	d.sections[section] = rest
	return line
}

// letter takes the next byte of a section and gives its place in letters.
func (d *decoder) letter(section int, letters string) int {
	if d.sections[section] == "" {
		d.bad = true
		return 0
	}
	at := strings.IndexByte(letters, d.sections[section][0])
	d.sections[section] = d.sections[section][1:]
	if at < 0 {
		d.bad = true
		return 0
	}
	return at
}

// number takes a decimal number below limit, and the byte behind it, off text.
func (d *decoder) number(text string, limit int) (n int, end byte, rest string) {
	at := 0
	for at < len(text) && at < 6 && '0' <= text[at] && text[at] <= '9' {
		n = n*10 + int(text[at]-'0')
		at++
	}
	if at == 0 || n >= limit {
		d.bad = true
		return 0, 0, ""
	}
	if at == len(text) {
		return n, 0, ""
	}
	return n, text[at], text[at+1:]
}

// wholeNumber reads a field that is a number below limit.
func (d *decoder) wholeNumber(text string, limit int) int {
	n, end, _ := d.number(text, limit)
	if end != 0 {
		d.bad = true
	}
	return n
}

// keyList reads numbers that spaces separate. With within, they are positions in
// that list, and the result is what stands there.
func (d *decoder) keyList(text string, within []uint16, limit int) []uint16 {
	first := len(d.keySlab)
	for text != "" {
		n, end, rest := d.number(text, limit)
		if d.bad || end != 0 && (end != ' ' || rest == "") {
			d.bad = true
			return nil
		}
		key := uint16(n)
		if within != nil {
			key = within[n]
		}
		d.keySlab = append(d.keySlab, key)
		text = rest
	}
	if first == len(d.keySlab) {
		return nil
	}
	// Nothing can be appended to the result without copying it.
	return d.keySlab[first:len(d.keySlab):len(d.keySlab)]
}

func (d *decoder) keys() {
	d.reference.Keys = make([]Key, strings.Count(d.sections[sectionKeyNames], "\n"))
	for i := range d.reference.Keys {
		flags := d.letter(sectionKeyFlags, "0123"[:flagEnd])
		d.reference.Keys[i] = Key{
			Name:        d.line(sectionKeyNames),
			Type:        condition.ValueType(d.letter(sectionKeyTypes, keyTypes) + 1),
			Multivalued: flags&flagMultivalued != 0,
			Global:      flags&flagGlobal != 0,
		}
	}
}

const maxCount = 1 << 16 // of anything: numbers have 16 bits

func (d *decoder) services() {
	r := d.reference
	r.Services = make([]Service, strings.Count(d.sections[sectionServices], "\n"))
	r.Actions = make([]Action, 0, strings.Count(d.sections[sectionActionNames], "\n"))
	r.ResourceTypes = make([]ResourceType, 0, strings.Count(d.sections[sectionTypeNames], "\n"))
	if max(len(r.Services), cap(r.Actions), cap(r.ResourceTypes), len(r.Keys)) >= maxCount {
		d.bad = true
		return
	}
	// One type an action is about what there is.
	d.typeSlab = make([]ActionType, 0, cap(r.Actions))
	d.keySlab = make([]uint16, 0, cap(r.Actions))
	for i := range r.Services {
		s := &r.Services[i]
		var field, rest string
		s.Prefix, rest, _ = strings.Cut(d.line(sectionServices), "\t")
		s.Name, rest, _ = strings.Cut(rest, "\t")
		field, rest, _ = strings.Cut(rest, "\t")
		s.Actions.First = int32(len(r.Actions))
		s.Actions.End = s.Actions.First + int32(d.wholeNumber(field, cap(r.Actions)-len(r.Actions)+1))
		field, rest, _ = strings.Cut(rest, "\t")
		s.ResourceTypes.First = int32(len(r.ResourceTypes))
		s.ResourceTypes.End = s.ResourceTypes.First + int32(d.wholeNumber(field, cap(r.ResourceTypes)-len(r.ResourceTypes)+1))
		s.Keys = d.keyList(d.line(sectionServiceKeys), nil, len(r.Keys))
		d.sets = d.sets[:0]
		for range d.wholeNumber(rest, maxCount) {
			if d.bad {
				return
			}
			d.sets = append(d.sets, d.keyList(d.line(sectionKeySets), s.Keys, len(s.Keys)))
		}
		d.actions(uint16(i), s)
		d.resourceTypes(uint16(i), s)
		if d.bad {
			return
		}
	}
	d.bad = d.bad || len(r.Actions) != cap(r.Actions) || len(r.ResourceTypes) != cap(r.ResourceTypes)
	for _, rest := range d.sections[sectionHeader+1:] {
		d.bad = d.bad || rest != ""
	}
}

// set reads the number of a key set of the service at hand.
func (d *decoder) set(text string) []uint16 {
	if n := d.wholeNumber(text, len(d.sets)); n < len(d.sets) {
		return d.sets[n]
	}
	return nil
}

func (d *decoder) actions(number uint16, s *Service) {
	// The full names of a service's actions are parts of one string.
	names, length := d.sections[sectionActionNames], 0
	for range s.Actions.End - s.Actions.First {
		length += strings.IndexByte(names[length:], '\n') + 1
	}
	var full strings.Builder
	full.Grow(length + int(s.Actions.End-s.Actions.First)*len(s.Prefix))
	for range s.Actions.End - s.Actions.First {
		start := full.Len()
		full.WriteString(s.Prefix)
		full.WriteByte(':')
		full.WriteString(d.line(sectionActionNames))
		d.reference.Actions = append(d.reference.Actions, Action{
			Name:    full.String()[start:],
			Service: number,
			Level:   Level(d.letter(sectionAccessLevels, levels) + 1),
			Types:   d.actionTypes(d.line(sectionActionTypes), s),
			Keys:    d.set(d.line(sectionActionKeySets)),
		})
	}
}

// actionTypes reads the resource types of an action: for each its position in
// those of the service, "!" if it is required, ":" and its key set if it has
// one.
func (d *decoder) actionTypes(text string, s *Service) []ActionType {
	first := len(d.typeSlab)
	for text != "" {
		n, end, rest := d.number(text, int(s.ResourceTypes.End-s.ResourceTypes.First))
		one := ActionType{Type: uint16(int(s.ResourceTypes.First) + n)}
		if end == '!' {
			one.Required = true
			if end = 0; rest != "" {
				end, rest = rest[0], rest[1:]
			}
		}
		if end == ':' {
			if n, end, rest = d.number(rest, len(d.sets)); n < len(d.sets) {
				one.Keys = d.sets[n]
			}
		}
		if d.bad || end != 0 && (end != ' ' || rest == "") {
			d.bad = true
			return nil
		}
		d.typeSlab = append(d.typeSlab, one)
		text = rest
	}
	if first == len(d.typeSlab) {
		return nil
	}
	return d.typeSlab[first:len(d.typeSlab):len(d.typeSlab)]
}

func (d *decoder) resourceTypes(number uint16, s *Service) {
	for range s.ResourceTypes.End - s.ResourceTypes.First {
		d.reference.ResourceTypes = append(d.reference.ResourceTypes, ResourceType{
			Name:    d.line(sectionTypeNames),
			Format:  d.line(sectionFormats),
			Service: number,
			Keys:    d.set(d.line(sectionTypeKeySets)),
		})
	}
}

// Texts are the descriptions of a file as they are kept in it.
type Texts struct{ actions, keys []string }

// DecodeDescriptions reads the descriptions of a file.
func DecodeDescriptions(file string) (*Texts, error) {
	text, err := stream(file, 1)
	if err != nil {
		return nil, err
	}
	return decodeTexts(text)
}

func decodeTexts(text string) (*Texts, error) {
	sections, err := sectionsOf(text, sectionDescriptionCount)
	if err != nil {
		return nil, err
	}
	return &Texts{actions: lines(sections[sectionActionDescriptions]), keys: lines(sections[sectionKeyDescriptions])}, nil
}

func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// Action gives the description of the action with that number of r, "" if it has
// none. It allocates the result.
func (t *Texts) Action(r *Reference, number int) string {
	if number >= len(t.actions) {
		return ""
	}
	return lengthen(r.Actions[number].shortName(), t.actions[number])
}

// Key gives the description of the key with that number, "" if it has none.
func (t *Texts) Key(number int) string {
	if number >= len(t.keys) {
		return ""
	}
	return t.keys[number]
}

// shortName is the name without the prefix.
func (a *Action) shortName() string {
	return a.Name[strings.IndexByte(a.Name, ':')+1:]
}

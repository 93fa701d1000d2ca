package reference

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Descriptions are the texts that go with a Reference: one for each of its
// actions and one for each of its keys, empty where there is none.
type Descriptions struct{ Actions, Keys []string }

// Encode writes the file. It changes neither argument. The result depends only
// on them, and on the compressor of the Go release. What cannot be decoded to
// the same again, such as names that are not sorted or that hold a tab, is an
// error.
func Encode(r *Reference, d *Descriptions) ([]byte, error) {
	e := encoder{reference: r}
	e.services()
	e.actions()
	e.resourceTypes()
	e.keys()
	sections, err := e.descriptions(d)
	if err != nil {
		return nil, err
	}
	described := endSections(sections)
	body := endSections(e.sections[sectionHeader+1:])
	e.line(sectionHeader, fmt.Sprintf("%x", sha256.Sum256([]byte(body+described))), r.SourceVersion)
	tables := endSections(e.sections[:sectionHeader+1]) + body

	packedTables, err := compress(tables)
	if err != nil {
		return nil, err
	}
	packedDescriptions, err := compress(described)
	if err != nil {
		return nil, err
	}
	file := []byte(magic)
	for _, size := range []int{len(packedTables), len(tables), len(packedDescriptions), len(described)} {
		file = binary.BigEndian.AppendUint32(file, uint32(size))
	}
	file = slices.Concat(file, packedTables, packedDescriptions)
	if err := verify(file, r, d); err != nil {
		return nil, err
	}
	return file, nil
}

// verify sees that the file holds what was to be written.
func verify(file []byte, r *Reference, d *Descriptions) error {
	again, err := Decode(string(file))
	if err != nil {
		return err
	}
	if err := again.Check(); err != nil {
		return err
	}
	if !again.equal(r) {
		return fmt.Errorf("reference: the tables cannot be written: what is read back is not the same")
	}
	said, err := DecodeDescriptions(string(file))
	if err != nil {
		return err
	}
	for i := range r.Actions {
		if got := said.Action(again, i); got != d.Actions[i] {
			return fmt.Errorf("reference: the description of %s cannot be written: %q is read back as %q", r.Actions[i].Name, d.Actions[i], got)
		}
	}
	for i := range r.Keys {
		if got := said.Key(i); got != d.Keys[i] {
			return fmt.Errorf("reference: the description of %s cannot be written: %q is read back as %q", r.Keys[i].Name, d.Keys[i], got)
		}
	}
	return nil
}

func endSections(sections []strings.Builder) string {
	var text strings.Builder
	for i := range sections {
		text.WriteString(sections[i].String())
		text.WriteByte(0)
	}
	return text.String()
}

func compress(text string) ([]byte, error) {
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write([]byte(text)); err != nil {
		return nil, err
	}
	err = w.Close()
	return packed.Bytes(), err
}

type encoder struct {
	reference *Reference
	sections  [sectionCount]strings.Builder
	// sets number the key sets of the service at hand, by their text.
	sets map[string]int
}

// line appends a line to a section.
func (e *encoder) line(section int, fields ...string) {
	b := &e.sections[section]
	for i, field := range fields {
		if i > 0 {
			b.WriteByte('\t')
		}
		b.WriteString(field)
	}
	b.WriteByte('\n')
}

// services goes first over everything that a service has, so that its key sets
// are numbered in the order in which actions and resource types use them.
func (e *encoder) services() {
	r := e.reference
	for i := range r.Services {
		s := &r.Services[i]
		e.sets = map[string]int{}
		for _, a := range r.Actions[s.Actions.First:s.Actions.End] {
			e.line(sectionActionKeySets, e.set(s, a.Keys))
			types := make([]string, len(a.Types))
			for at, t := range a.Types {
				text := strconv.Itoa(int(t.Type) - int(s.ResourceTypes.First))
				if t.Required {
					text += "!"
				}
				if len(t.Keys) > 0 {
					text += ":" + e.set(s, t.Keys)
				}
				types[at] = text
			}
			e.line(sectionActionTypes, strings.Join(types, " "))
		}
		for _, t := range r.ResourceTypes[s.ResourceTypes.First:s.ResourceTypes.End] {
			e.line(sectionTypeKeySets, e.set(s, t.Keys))
		}
		e.line(sectionServices, s.Prefix, s.Name, strconv.Itoa(int(s.Actions.End-s.Actions.First)),
			strconv.Itoa(int(s.ResourceTypes.End-s.ResourceTypes.First)), strconv.Itoa(len(e.sets)))
		e.line(sectionServiceKeys, numbers(s.Keys))
	}
}

// set gives the number of a key set in its service, of a new one if need be.
func (e *encoder) set(s *Service, keys []uint16) string {
	positions := make([]uint16, len(keys))
	for i, key := range keys {
		at, _ := slices.BinarySearch(s.Keys, key) // verify notices what is not there
		positions[i] = uint16(at)
	}
	text := numbers(positions)
	number, found := e.sets[text]
	if !found {
		number = len(e.sets)
		e.sets[text] = number
		e.line(sectionKeySets, text)
	}
	return strconv.Itoa(number)
}

func numbers(list []uint16) string {
	texts := make([]string, len(list))
	for i, number := range list {
		texts[i] = strconv.Itoa(int(number))
	}
	return strings.Join(texts, " ")
}

func (e *encoder) actions() {
	for i := range e.reference.Actions {
		a := &e.reference.Actions[i]
		e.line(sectionActionNames, a.shortName())
		e.letter(sectionAccessLevels, levels, int(a.Level)-1)
	}
}

// letter appends a letter to a section. There is none for a number that is out
// of range; verify notices that.
func (e *encoder) letter(section int, letters string, number int) {
	if number < 0 || number >= len(letters) {
		number = 0
	}
	e.sections[section].WriteByte(letters[number])
}

func (e *encoder) resourceTypes() {
	for i := range e.reference.ResourceTypes {
		t := &e.reference.ResourceTypes[i]
		e.line(sectionTypeNames, t.Name)
		e.line(sectionFormats, t.Format)
	}
}

func (e *encoder) keys() {
	for i := range e.reference.Keys {
		k := &e.reference.Keys[i]
		e.line(sectionKeyNames, k.Name)
		e.letter(sectionKeyTypes, keyTypes, int(k.Type)-1)
		flags := byte('0')
		if k.Multivalued {
			flags += flagMultivalued
		}
		if k.Global {
			flags += flagGlobal
		}
		e.sections[sectionKeyFlags].WriteByte(flags)
	}
}

func (e *encoder) descriptions(d *Descriptions) ([]strings.Builder, error) {
	r := e.reference
	if len(d.Actions) != len(r.Actions) || len(d.Keys) != len(r.Keys) {
		return nil, fmt.Errorf("reference: %d descriptions of %d actions, %d of %d keys", len(d.Actions), len(r.Actions), len(d.Keys), len(r.Keys))
	}
	sections := make([]strings.Builder, sectionDescriptionCount)
	for i, text := range d.Actions {
		sections[sectionActionDescriptions].WriteString(shorten(r.Actions[i].shortName(), text) + "\n")
	}
	for _, text := range d.Keys {
		sections[sectionKeyDescriptions].WriteString(text + "\n")
	}
	return sections, nil
}

package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/fold"
	"github.com/portcullis-iam/portcullis/policy/catalog/internal/reference"
)

// accessLevels are the numbers of the access levels. The package says which of
// the properties of an action hold; the more special one is the level.
var accessLevels = map[string]reference.Level{
	"List":                          1,
	"Read":                          2,
	"Write":                         3,
	"Permissions management, Write": 4,
	"Tagging, Write":                5,
}

var keyTypes = map[string]condition.ValueType{
	"String":    condition.StringType,
	"ARN":       condition.ArnType,
	"Bool":      condition.BoolType,
	"Date":      condition.DateType,
	"Numeric":   condition.NumericType,
	"IPAddress": condition.AddressType,
	"Binary":    condition.BinaryType,
}

// A keyIdentity tells condition keys apart: a few have another type in another
// service.
type keyIdentity struct {
	name        string // in lower case
	valueType   condition.ValueType
	multivalued bool
}

// A keyTable collects the different condition keys.
type keyTable struct {
	keys         []reference.Key
	descriptions []string
	owners       []string // the services that the descriptions are of
	numbers      map[keyIdentity]int
}

// identify reads the type of a key.
func identify(key sourceKey) (keyIdentity, error) {
	name, multivalued := strings.CutPrefix(key.Type, "ArrayOf")
	valueType, ok := keyTypes[name]
	if !ok {
		return keyIdentity{}, fmt.Errorf("condition key %s has the type %q", key.Key, key.Type)
	}
	return keyIdentity{fold.Text(key.Key), valueType, multivalued}, nil
}

// add puts a key into the table, or finds it there. Of its spellings that of the
// global key is kept, and of its descriptions that of the service whose prefix
// it has; else the first.
func (t *keyTable) add(key sourceKey, service string) error {
	identity, err := identify(key)
	if err != nil {
		return err
	}
	number, found := t.numbers[identity]
	if !found {
		number = len(t.keys)
		t.numbers[identity] = number
		t.keys = append(t.keys, reference.Key{Name: key.Key, Type: identity.valueType, Multivalued: identity.multivalued})
		t.descriptions = append(t.descriptions, key.Description)
		t.owners = append(t.owners, service)
	}
	if service == "" {
		t.keys[number].Global = true
		return nil
	}
	prefix, _, _ := strings.Cut(key.Key, ":")
	if t.owners[number] == "" || prefix == service && t.owners[number] != service {
		t.descriptions[number], t.owners[number] = key.Description, service
		if !t.keys[number].Global {
			t.keys[number].Name = key.Key
		}
	}
	return nil
}

// sorted sorts the keys, and numbers them anew.
func (t *keyTable) sorted() *keyTable {
	order := make([]keyIdentity, 0, len(t.numbers))
	for identity := range t.numbers {
		order = append(order, identity)
	}
	slices.SortFunc(order, func(a, b keyIdentity) int {
		order := cmp.Or(strings.Compare(a.name, b.name), cmp.Compare(a.valueType, b.valueType))
		switch {
		case order != 0 || a.multivalued == b.multivalued:
			return order
		case b.multivalued:
			return -1
		}
		return 1
	})
	s := &keyTable{numbers: map[keyIdentity]int{}}
	for _, identity := range order {
		old := t.numbers[identity]
		s.numbers[identity] = len(s.keys)
		s.keys = append(s.keys, t.keys[old])
		s.descriptions = append(s.descriptions, t.descriptions[old])
	}
	return s
}

// reference makes the tables.
func (s *source) reference() (*reference.Reference, *reference.Descriptions, error) {
	all := &keyTable{numbers: map[keyIdentity]int{}}
	for _, key := range s.globals {
		if err := all.add(key, ""); err != nil {
			return nil, nil, err
		}
	}
	for i := range s.services {
		for _, key := range s.services[i].keys {
			if err := all.add(key, s.services[i].prefix); err != nil {
				return nil, nil, err
			}
		}
	}
	all = all.sorted()
	for i := range all.descriptions {
		all.descriptions[i] = oneLine(all.descriptions[i])
	}
	m := maker{
		keys:         all,
		reference:    &reference.Reference{SourceVersion: s.version, Keys: all.keys},
		descriptions: &reference.Descriptions{Keys: all.descriptions},
	}
	for i := range s.services {
		if err := m.service(&s.services[i]); err != nil {
			return nil, nil, fmt.Errorf("service %s: %w", s.services[i].prefix, err)
		}
	}
	return m.reference, m.descriptions, nil
}

// oneLine makes every white space of a description one space: a few of them have
// line breaks within.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// A maker adds service by service to the tables.
type maker struct {
	keys         *keyTable
	reference    *reference.Reference
	descriptions *reference.Descriptions
	// ofService are the numbers of the condition keys of the service at hand, by
	// their names in lower case, and types those of its resource types.
	ofService, types map[string]uint16
}

func (m *maker) service(from *sourceService) error {
	r := m.reference
	number := uint16(len(r.Services))
	m.ofService, m.types = map[string]uint16{}, map[string]uint16{}
	one := reference.Service{Prefix: from.prefix, Name: from.name}
	for _, key := range from.keys {
		identity, err := identify(key)
		if err != nil {
			return err
		}
		m.ofService[identity.name] = uint16(m.keys.numbers[identity])
		one.Keys = append(one.Keys, m.ofService[identity.name])
	}
	slices.Sort(one.Keys)

	one.ResourceTypes.First = int32(len(r.ResourceTypes))
	for _, t := range from.types {
		keys, err := m.keySet(t.Key, t.ConditionKeys)
		if err != nil {
			return err
		}
		m.types[fold.Text(t.Key)] = uint16(len(r.ResourceTypes))
		r.ResourceTypes = append(r.ResourceTypes, reference.ResourceType{Name: t.Key, Format: t.ARN, Service: number, Keys: keys})
	}
	one.ResourceTypes.End = int32(len(r.ResourceTypes))

	one.Actions.First = int32(len(r.Actions))
	for i := range from.actions {
		action, err := m.action(&from.actions[i])
		if err != nil {
			return err
		}
		action.Name, action.Service = from.prefix+":"+action.Name, number
		r.Actions = append(r.Actions, action)
		m.descriptions.Actions = append(m.descriptions.Actions, oneLine(from.actions[i].Description))
	}
	one.Actions.End = int32(len(r.Actions))
	r.Services = append(r.Services, one)
	return nil
}

func (m *maker) action(from *sourceAction) (reference.Action, error) {
	level, ok := accessLevels[from.AccessLevel]
	if !ok {
		return reference.Action{}, fmt.Errorf("%s has the access level %q", from.Name, from.AccessLevel)
	}
	if len(from.DependentActions) > 0 {
		return reference.Action{}, fmt.Errorf("%s has dependent actions, for which the catalog has no place", from.Name)
	}
	keys, err := m.keySet(from.Name, from.ConditionKeys)
	if err != nil {
		return reference.Action{}, err
	}
	action := reference.Action{Name: from.Name, Level: level, Keys: keys}
	for _, t := range from.ResourceTypes {
		number, ok := m.types[fold.Text(t.Name)]
		if !ok {
			return reference.Action{}, fmt.Errorf("%s takes resource type %q, which there is not", from.Name, t.Name)
		}
		if len(t.DependentActions) > 0 {
			return reference.Action{}, fmt.Errorf("%s has dependent actions, for which the catalog has no place", from.Name)
		}
		keys, err := m.keySet(from.Name, t.ConditionKeys)
		if err != nil {
			return reference.Action{}, err
		}
		action.Types = append(action.Types, reference.ActionType{Type: number, Required: t.Required, Keys: keys})
	}
	slices.SortFunc(action.Types, func(a, b reference.ActionType) int { return cmp.Compare(a.Type, b.Type) })
	return action, nil
}

// keySet gives the numbers of condition keys, ascending.
func (m *maker) keySet(of string, names []string) ([]uint16, error) {
	var set []uint16
	for _, name := range names {
		number, ok := m.ofService[fold.Text(name)]
		if !ok {
			return nil, fmt.Errorf("%s has condition key %q, which there is not", of, name)
		}
		set = append(set, number)
	}
	slices.Sort(set)
	return slices.Compact(set), nil
}

// Package reference is the storage format of AWS's service authorization
// reference: the tables that package catalog answers from, and the one
// compressed file that they are kept in.
//
// The file is binary; its integers are 32 bits, big endian:
//
//	magic    8 bytes
//	sizes    compressed and plain size of the tables,
//	         compressed and plain size of the descriptions
//	streams  the two texts, each a DEFLATE stream (RFC 1951)
//
// Each text consists of sections that a NUL byte ends. A section is a list of
// lines, one for each of its rows, or, where rows are one byte, those bytes.
// That keeps what is alike together, which is what makes the file small. The
// constants of this package name the sections in their order.
//
// The descriptions are a stream of their own because they are more than half
// of it all and few programs ask for them. They are further shortened by words
// that stand in the name of what they describe; see shorten.
package reference

import (
	"errors"

	"github.com/portcullis-iam/portcullis/condition"
)

const (
	magic = "IAMREF01"

	// headerSize counts the magic and the four sizes.
	headerSize = len(magic) + 4*4

	// maxTextSize bounds what the header can make Decode allocate. The tables
	// had 1.1 MB in 2026.
	maxTextSize = 16 << 20
)

// The sections of the tables.
const (
	sectionHeader        = iota // SHA-256 of both texts without this section, source version
	sectionServices             // prefix, name, numbers of actions, resource types and key sets
	sectionServiceKeys          // of each service: the numbers of its condition keys
	sectionKeySets              // of each set: positions in the keys of its service
	sectionActionNames          // without prefix
	sectionAccessLevels         // one byte for each action
	sectionActionTypes          // of each action: the resource types that it takes
	sectionActionKeySets        // of each action: the number of its key set
	sectionTypeNames            // of resource types
	sectionFormats              // of their ARNs
	sectionTypeKeySets          // of each resource type: the number of its key set
	sectionKeyNames             // of condition keys
	sectionKeyTypes             // one byte for each key
	sectionKeyFlags             // one byte for each key
	sectionCount
)

// The sections of the descriptions.
const (
	sectionActionDescriptions = iota
	sectionKeyDescriptions
	sectionDescriptionCount
)

// ErrCorrupt is wrapped by every error about data that Encode did not write.
var ErrCorrupt = errors.New("reference: corrupt data")

// A Reference is the service authorization reference. Its slices refer to one
// another by number: a service has a range of the actions and of the resource
// types, and whatever has condition keys has a list of their numbers, which
// must not be changed, since many things share one.
type Reference struct {
	// SourceVersion is the version of the package that it was made from.
	SourceVersion string
	// Services are sorted by prefix.
	Services []Service
	// Actions are sorted by service, then by name in which case does not count.
	Actions []Action
	// ResourceTypes are sorted by service, then by name in the same way.
	ResourceTypes []ResourceType
	// Keys are sorted by name in the same way, then by type. A name that has
	// several types in several services occurs several times.
	Keys []Key
}

// A Range is the numbers from First up to, and without, End.
type Range struct{ First, End int32 }

// A Service is a service prefix.
type Service struct {
	Prefix, Name  string
	Actions       Range
	ResourceTypes Range
	// Keys are the numbers of the service's condition keys, ascending.
	Keys []uint16
}

// A Level is an access level. The zero Level is none.
type Level uint8

// levels are the letters of the access levels 1, 2, …: List, Read, Write,
// Permissions management and Tagging.
const levels = "LRWPT"

// An Action is an action.
type Action struct {
	// Name has the service prefix.
	Name    string
	Service uint16
	Level   Level
	Types   []ActionType
	Keys    []uint16
}

// An ActionType is a resource type that an action takes.
type ActionType struct {
	// Type is the number of the resource type among all.
	Type     uint16
	Required bool
	Keys     []uint16
}

// A ResourceType is a resource type.
type ResourceType struct {
	Name, Format string
	Service      uint16
	Keys         []uint16
}

// A Key is a condition key.
type Key struct {
	Name        string
	Type        condition.ValueType
	Multivalued bool
	// Global says that the key is one of the global condition keys.
	Global bool
}

// keyTypes are the letters of the types of condition keys, in the order of
// their constants: String, Numeric, Date, Bool, Binary, Address, Arn.
const keyTypes = "SNDBXIA"

// The flags of a condition key, added to '0'.
const (
	flagMultivalued = 1 << iota
	flagGlobal
	flagEnd
)

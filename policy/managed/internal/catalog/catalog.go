// Package catalog is the storage format of AWS-managed policies: a sorted,
// readable index of all policies beside compressed documents, each of which can
// be decompressed alone.
//
// The index is text, so that a diff of it shows what changed between two
// versions of the source. It begins with header lines "# name<TAB>value" and
// then has one line for each policy, sorted by policy name (the last part of
// the ARN):
//
//	ARN<TAB>version ID<TAB>time of creation<TAB>time of the last update
//
// The documents file is binary; integers are 32 bits, big endian:
//
//	magic            8 bytes
//	count            number of policies
//	dictionary size  bytes of the preset dictionary
//	count+1 rows     offset of the policy's line in the index,
//	                 offset of its compressed document in the documents file,
//	                 size of its document
//	dictionary       text that many documents share
//	documents        each a DEFLATE stream (RFC 1951) with that dictionary
//
// The last row marks the ends: the sizes of both files, and zero.
//
// One policy is most often smaller than a kilobyte, too small to compress well
// by itself; the preset dictionary is what keeps the whole as small as if many
// policies were compressed together.
package catalog

import (
	"cmp"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
)

const (
	magic = "IAMPOL01"

	// headerSize counts the magic, the number of policies and the dictionary size.
	headerSize = len(magic) + 4 + 4

	// rowSize counts the three integers of a row.
	rowSize = 3 * 4

	// maxDocumentSize bounds what one row can make Document allocate. The
	// largest AWS-managed policy has about 150 KB.
	maxDocumentSize = 1 << 20
)

// ErrCorrupt is wrapped by every error about data that Encode did not write.
var ErrCorrupt = errors.New("catalog: corrupt data")

// A Catalog is a set of policies in the format that the package comment
// describes. It holds only the two strings it was made from, is immutable, and
// is safe for concurrent use. The zero Catalog has no policies.
type Catalog struct {
	index     string
	documents string
}

// New returns the catalog that the two files hold. It checks no more than the
// lengths of the fixed parts, in constant time; Verify checks everything.
func New(index, documents string) (Catalog, error) {
	if len(documents) < headerSize || documents[:len(magic)] != magic {
		return Catalog{}, fmt.Errorf("%w: the documents file does not begin with %q", ErrCorrupt, magic)
	}
	c := Catalog{index: index, documents: documents}
	need := uint64(headerSize) + (uint64(c.uint32(len(magic)))+1)*uint64(rowSize) + uint64(c.uint32(len(magic)+4))
	if uint64(len(documents)) < need {
		return Catalog{}, fmt.Errorf("%w: the documents file has %d bytes, needs at least %d", ErrCorrupt, len(documents), need)
	}
	return c, nil
}

// Len returns the number of policies, in constant time.
func (c Catalog) Len() int {
	if c.documents == "" {
		return 0
	}
	return int(c.uint32(len(magic)))
}

// Header returns the value of the index's header line of that name, or "" if
// there is none.
func (c Catalog) Header(name string) string {
	for line := range strings.Lines(c.index) {
		line, isHeader := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "# ")
		if !isHeader {
			break
		}
		if key, value, ok := strings.Cut(line, "\t"); ok && key == name {
			return value
		}
	}
	return ""
}

// A Record is what the index says about one policy.
type Record struct {
	ARN       string
	VersionID string // of the document that is in force
	Created   string // RFC 3339
	Updated   string // RFC 3339, when that version became the one in force
}

// Name returns the policy's name: what follows the last slash of its ARN.
func (r Record) Name() string {
	return r.ARN[strings.LastIndexByte(r.ARN, '/')+1:]
}

// line returns the policy's line in the index, with its newline.
func (r Record) line() string {
	return r.ARN + "\t" + r.VersionID + "\t" + r.Created + "\t" + r.Updated + "\n"
}

// Record returns the record of policy i, 0 <= i < Len(). Its strings are parts
// of the index; nothing is allocated. Out of range, or where the data is
// corrupt, the record is zero.
func (c Catalog) Record(i int) Record {
	if i < 0 || i >= c.Len() {
		return Record{}
	}
	from, to := c.row(i).line, c.row(i+1).line
	if from > to || uint64(to) > uint64(len(c.index)) {
		return Record{}
	}
	arn, rest, _ := strings.Cut(strings.TrimSuffix(c.index[from:to], "\n"), "\t")
	version, rest, _ := strings.Cut(rest, "\t")
	created, updated, _ := strings.Cut(rest, "\t")
	return Record{ARN: arn, VersionID: version, Created: created, Updated: updated}
}

// Search finds the policy of that name by binary search, without allocating.
func (c Catalog) Search(name string) (i int, found bool) {
	return sort.Find(c.Len(), func(i int) int {
		return cmp.Compare(name, c.Record(i).Name())
	})
}

// Document decompresses the document of policy i, 0 <= i < Len(), and no other.
// The caller owns the result. Out of range, or where the data is corrupt, the
// error wraps ErrCorrupt.
func (c Catalog) Document(i int) ([]byte, error) {
	if i < 0 || i >= c.Len() {
		return nil, fmt.Errorf("%w: no document %d among %d", ErrCorrupt, i, c.Len())
	}
	row, next := c.row(i), c.row(i+1)
	if row.document > next.document || uint64(next.document) > uint64(len(c.documents)) || row.size > maxDocumentSize {
		return nil, fmt.Errorf("%w: row %d", ErrCorrupt, i)
	}
	compressed := c.documents[row.document:next.document]
	r := flate.NewReaderDict(strings.NewReader(compressed), []byte(c.dictionary()))
	document := make([]byte, row.size)
	if _, err := io.ReadFull(r, document); err != nil {
		return nil, fmt.Errorf("%w: document %d: %w", ErrCorrupt, i, err)
	}
	// The stream must end where the document does.
	if n, err := r.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		return nil, fmt.Errorf("%w: document %d is longer than its row says", ErrCorrupt, i)
	}
	return document, nil
}

// row is one row of the table in the documents file.
type row struct{ line, document, size uint32 }

// row returns row i, 0 <= i <= Len().
func (c Catalog) row(i int) row {
	at := headerSize + i*rowSize
	return row{
		line:     c.uint32(at),
		document: c.uint32(at + 4),
		size:     c.uint32(at + 8),
	}
}

func (c Catalog) dictionary() string {
	from := headerSize + (c.Len()+1)*rowSize
	return c.documents[from : from+int(c.uint32(len(magic)+4))]
}

func (c Catalog) uint32(at int) uint32 {
	// The conversion of a short string does not escape, so it does not allocate.
	return binary.BigEndian.Uint32([]byte(c.documents[at : at+4]))
}
